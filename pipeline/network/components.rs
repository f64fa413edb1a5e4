//! Weakly and strongly connected components.

use crate::rows::Rows;

/// Returns the number of weakly connected components; an isolated place is one of its own.
///
/// Union by smaller index with path halving; time O(cells log places) at worst.
pub fn weak(rows: &Rows) -> usize {
    let mut parent: Vec<u32> = (0..rows.places() as u32).collect();
    let mut count = rows.places();
    for (place, row) in rows.iter().enumerate() {
        for cell in row {
            let (a, b) = (root(&mut parent, place as u32), root(&mut parent, cell.place));
            if a != b {
                parent[a.max(b) as usize] = a.min(b);
                count -= 1;
            }
        }
    }
    count
}

fn root(parent: &mut [u32], mut place: u32) -> u32 {
    while parent[place as usize] != place {
        parent[place as usize] = parent[parent[place as usize] as usize];
        place = parent[place as usize];
    }
    place
}

/// Returns the number of strongly connected components; an isolated place is one of its own.
///
/// Time O(places + cells), without recursion: a chain of 200,000 places would exhaust the stack.
///
/// # Source
/// Tarjan 1972, SIAM J. Comput. 1(2).
pub fn strong(rows: &Rows) -> usize {
    let mut tarjan = Tarjan::new(rows);
    for place in 0..rows.places() as u32 {
        if tarjan.low[place as usize] == UNSEEN {
            tarjan.walk(place);
        }
    }
    tarjan.components
}

const UNSEEN: u32 = u32::MAX;
/// The low link of a place whose component is complete.
const DONE: u32 = u32::MAX - 1;

struct Tarjan<'a> {
    rows: &'a Rows,
    low: Vec<u32>,
    /// Places whose component is open, in the order of discovery.
    open: Vec<u32>,
    /// The current path: place, its discovery number, and the next cell of its row.
    path: Vec<(u32, u32, usize)>,
    discovered: u32,
    components: usize,
}

impl<'a> Tarjan<'a> {
    fn new(rows: &'a Rows) -> Self {
        let low = vec![UNSEEN; rows.places()];
        Tarjan { rows, low, open: Vec::new(), path: Vec::new(), discovered: 0, components: 0 }
    }

    fn walk(&mut self, start: u32) {
        self.enter(start);
        while let Some((place, _, next)) = self.path.last_mut() {
            let place = *place;
            let Some(cell) = self.rows.row(place as usize).get(*next) else {
                self.leave();
                continue;
            };
            *next += 1;
            match self.low[cell.place as usize] {
                UNSEEN => self.enter(cell.place),
                DONE => {}
                seen => self.lower(place, seen),
            }
        }
    }

    fn enter(&mut self, place: u32) {
        self.low[place as usize] = self.discovered;
        self.open.push(place);
        self.path.push((place, self.discovered, 0));
        self.discovered += 1;
    }

    fn lower(&mut self, place: u32, to: u32) {
        let low = &mut self.low[place as usize];
        *low = (*low).min(to);
    }

    fn leave(&mut self) {
        let (place, number, _) = self.path.pop().expect("walk leaves only a place on the path");
        let low = self.low[place as usize];
        if low == number {
            self.close(place);
        } else if let Some(&(parent, ..)) = self.path.last() {
            self.lower(parent, low);
        }
    }

    fn close(&mut self, first: u32) {
        self.components += 1;
        while let Some(place) = self.open.pop() {
            self.low[place as usize] = DONE;
            if place == first {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    #[test]
    fn a_cycle_is_one_strong_component_and_its_tail_is_another() {
        let f = frozen(5, &[(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0)]);
        assert_eq!((weak(&f.out), strong(&f.out)), (2, 3));
    }

    #[test]
    fn a_chain_of_two_hundred_thousand_places_does_not_exhaust_the_stack() {
        let n = 200_000;
        let chain: Vec<_> = (1..n).map(|i| (i - 1, i, 1.0)).collect();
        let f = frozen(n as usize, &chain);
        assert_eq!((weak(&f.out), strong(&f.out)), (1, n as usize));
    }

    #[test]
    fn two_cycles_that_share_a_place_are_one_component() {
        let f = frozen(5, &[(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 1, 1.0), (4, 0, 1.0)]);
        assert_eq!((weak(&f.out), strong(&f.out)), (1, 2));
    }
}
