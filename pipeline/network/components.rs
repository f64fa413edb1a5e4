//! Weakly and strongly connected components.

use crate::rows::Rows;

/// The places of a graph in parts, none in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The part of every place, from 0 without gaps.
    of: Vec<u32>,
    /// The number of every place within its part, by rising place.
    number: Vec<u32>,
    /// The number of places in every part.
    sizes: Vec<u32>,
}

impl Parts {
    fn new(of: Vec<u32>) -> Self {
        let count = of.iter().max().map_or(0, |last| *last as usize + 1);
        let mut sizes = vec![0; count];
        let number = of.iter().map(|part| {
            sizes[*part as usize] += 1;
            sizes[*part as usize] - 1
        });
        Parts { number: number.collect(), of, sizes }
    }

    /// Returns the number of parts.
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// Returns the places of every part, ascending; the parts by falling size, those of one size by their first place.
    pub fn members(&self) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.count()];
        self.of.iter().enumerate().for_each(|(place, part)| members[*part as usize].push(place as u32));
        members.sort_by_key(|places| (std::cmp::Reverse(places.len()), places[0]));
        members
    }

    /// Returns the cells between the places of one part, renumbered in their order.
    pub fn rows_within(&self, rows: &Rows, members: &[u32]) -> Rows {
        let part = |place: u32| self.of[place as usize];
        rows.within(members, |place| (part(place) == part(members[0])).then(|| self.number[place as usize]))
    }

    /// Returns the share of the places that are in the largest part; `None` without places.
    pub fn largest_share(&self) -> Option<f64> {
        let largest = self.sizes.iter().max()?;
        Some(f64::from(*largest) / self.of.len() as f64)
    }
}

/// Returns the weakly connected components; an isolated place is one of its own.
///
/// Union by smaller index with path halving; time O(cells log places) at worst.
pub(crate) fn weak(rows: &Rows) -> Parts {
    let mut parent: Vec<u32> = (0..rows.places() as u32).collect();
    for (place, row) in rows.iter().enumerate() {
        for cell in row {
            let (a, b) = (root(&mut parent, place as u32), root(&mut parent, cell.place));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    let mut number = vec![0; parent.len()];
    let mut count = 0;
    let of = (0..parent.len() as u32).map(|place| {
        let root = root(&mut parent, place);
        if root == place {
            number[place as usize] = count;
            count += 1;
        }
        number[root as usize]
    });
    Parts::new(of.collect())
}

fn root(parent: &mut [u32], mut place: u32) -> u32 {
    while parent[place as usize] != place {
        parent[place as usize] = parent[parent[place as usize] as usize];
        place = parent[place as usize];
    }
    place
}

/// Returns the strongly connected components; an isolated place is one of its own.
///
/// Time O(places + cells), without recursion: a chain of 200,000 places would exhaust the stack.
///
/// # Source
/// Tarjan 1972, SIAM J. Comput. 1(2).
pub(crate) fn strong(rows: &Rows) -> Parts {
    let mut tarjan = Tarjan::new(rows);
    for place in 0..rows.places() as u32 {
        if tarjan.low[place as usize] == UNSEEN {
            tarjan.walk(place);
        }
    }
    Parts::new(tarjan.part)
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
    /// The component of every place, as far as they are complete.
    part: Vec<u32>,
    components: u32,
}

impl<'a> Tarjan<'a> {
    fn new(rows: &'a Rows) -> Self {
        let low = vec![UNSEEN; rows.places()];
        let part = vec![0; rows.places()];
        Tarjan { rows, low, open: Vec::new(), path: Vec::new(), discovered: 0, part, components: 0 }
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
        while let Some(place) = self.open.pop() {
            self.low[place as usize] = DONE;
            self.part[place as usize] = self.components;
            if place == first {
                break;
            }
        }
        self.components += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    #[test]
    fn a_cycle_is_one_strong_component_and_its_tail_is_another() {
        let f = frozen(5, &[(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0)]);
        assert_eq!((weak(&f.out).count(), strong(&f.out).count()), (2, 3));
    }

    #[test]
    fn a_chain_of_two_hundred_thousand_places_does_not_exhaust_the_stack() {
        let n = 200_000;
        let chain: Vec<_> = (1..n).map(|i| (i - 1, i, 1.0)).collect();
        let f = frozen(n as usize, &chain);
        assert_eq!((weak(&f.out).count(), strong(&f.out).count()), (1, n as usize));
    }

    #[test]
    fn the_largest_part_comes_first_and_its_members_are_known() {
        let f = frozen(6, &[(0, 1, 1.0), (2, 3, 1.0), (3, 4, 1.0), (4, 2, 1.0), (1, 0, 1.0)]);
        let parts = strong(&f.out);
        assert_eq!(parts.members(), [vec![2, 3, 4], vec![0, 1], vec![5]]);
        assert_eq!((parts.largest_share(), weak(&frozen(0, &[]).out).largest_share()), (Some(0.5), None));
    }

    #[test]
    fn two_cycles_that_share_a_place_are_one_component() {
        let f = frozen(5, &[(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 1, 1.0), (4, 0, 1.0)]);
        assert_eq!((weak(&f.out).count(), strong(&f.out).count()), (1, 2));
    }
}
