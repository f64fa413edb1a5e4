//! Cores: what is left when the least connected places are peeled off.

use crate::{
    heap::Heap,
    rows::{Cell, Rows},
};

/// Which flows count for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Those that arrive.
    In,
    /// Those that leave.
    Out,
    /// Both: a pair of places with flows both ways counts 2.
    Both,
}

/// Returns for every place the largest k such that it belongs to a group in which every place has at least k flows with the
/// others of the group.
///
/// Time O(places + cells), without recursion.
///
/// # Source
/// Seidman 1983, Soc. Networks 5(3); Batagelj & Zaveršnik 2003, arXiv:cs/0310049, for the algorithm; by direction as in
/// Giatsidis, Thilikos & Vazirgiannis 2011, ICDM.
pub(crate) fn cores(out: &Rows, into: &Rows, ends: Ends) -> Vec<u32> {
    let mut degree: Vec<u32> = (0..out.places()).map(|p| counted(out, into, ends, p).count() as u32).collect();
    let mut peel = Peel::new(&degree);
    for at in 0..degree.len() {
        let place = peel.order[at];
        // Peeling a place takes its arrivals from where it sends, and the other way round.
        for other in counted(into, out, ends, place as usize) {
            if degree[other as usize] > degree[place as usize] {
                peel.lower(other, &mut degree);
            }
        }
    }
    degree
}

/// Returns the other ends of the flows that count for a place.
fn counted<'a>(out: &'a Rows, into: &'a Rows, ends: Ends, place: usize) -> impl Iterator<Item = u32> + 'a {
    let (sent, received): (&[Cell], &[Cell]) = match ends {
        Ends::In => (&[], into.row(place)),
        Ends::Out => (out.row(place), &[]),
        Ends::Both => (out.row(place), into.row(place)),
    };
    sent.iter().chain(received).map(|c| c.place)
}

/// The places by rising degree, in an order that can be mended when a degree falls by 1.
struct Peel {
    order: Vec<u32>,
    position: Vec<usize>,
    /// Where the places of each degree start in `order`.
    starts: Vec<usize>,
}

impl Peel {
    fn new(degree: &[u32]) -> Self {
        let mut order: Vec<u32> = (0..degree.len() as u32).collect();
        order.sort_by_key(|p| degree[*p as usize]);
        let mut position = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, p)| position[*p as usize] = at);
        let most = degree.iter().max().map_or(0, |most| *most as usize);
        let starts = (0..=most).map(|d| order.partition_point(|p| (degree[*p as usize] as usize) < d)).collect();
        Peel { order, position, starts }
    }

    /// Moves a place to the front of those of its degree and takes it down into the next lower ones.
    fn lower(&mut self, place: u32, degree: &mut [u32]) {
        let start = &mut self.starts[degree[place as usize] as usize];
        let (at, front) = (self.position[place as usize], *start);
        let other = self.order[front];
        self.order.swap(at, front);
        self.position[place as usize] = front;
        self.position[other as usize] = at;
        *start += 1;
        degree[place as usize] -= 1;
    }
}

/// Returns for every place the largest s such that it belongs to a group in which every place exchanges at least s, in and out
/// together, with the others of the group.
///
/// Time O((places + cells) log places).
///
/// # Source
/// Eidsæter & Almaas 2013, Phys. Rev. E 88, 062819.
pub(crate) fn strength_cores(out: &Rows, into: &Rows) -> Vec<f64> {
    let mut left: Vec<f64> = out.sums().iter().zip(into.sums()).map(|(o, i)| o + i).collect();
    let mut heap = Heap::new(left.len());
    left.iter().enumerate().for_each(|(place, strength)| heap.offer(place as u32, *strength));
    let mut core = vec![0.0; left.len()];
    let mut threshold = 0.0_f64;
    while let Some((place, strength)) = heap.pop() {
        threshold = threshold.max(strength);
        core[place as usize] = threshold;
        for cell in out.row(place as usize).iter().chain(into.row(place as usize)) {
            if heap.contains(cell.place) {
                left[cell.place as usize] -= cell.weight;
                heap.offer(cell.place, left[cell.place as usize]);
            }
        }
    }
    core
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;
    use proptest::prelude::*;

    /// Takes places away one by one for every threshold.
    fn slow(out: &Rows, into: &Rows, weight: impl Fn(usize, &[bool]) -> f64, thresholds: &[f64]) -> Vec<f64> {
        let mut core = vec![0.0; out.places()];
        for &threshold in thresholds {
            let mut stays = vec![true; into.places()];
            while let Some(place) = (0..stays.len()).find(|p| stays[*p] && weight(*p, &stays) < threshold) {
                stays[place] = false;
            }
            (0..stays.len()).filter(|p| stays[*p]).for_each(|p| core[p] = threshold);
        }
        core
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn cores_are_what_peeling_by_every_threshold_leaves(
            flows in prop::collection::vec((0u32..9, 0u32..9, 1u32..6), 0..50)
        ) {
            let flows: Vec<_> = flows.into_iter().filter(|f| f.0 != f.1).map(|(o, d, w)| (o, d, f64::from(w))).collect();
            let f = frozen(9, &flows);
            let within = |row: &[Cell], stays: &[bool], weight: fn(&Cell) -> f64| -> f64 {
                row.iter().filter(|c| stays[c.place as usize]).map(weight).sum()
            };
            let thresholds: Vec<f64> = (1..400).map(f64::from).collect();
            for ends in [Ends::In, Ends::Out, Ends::Both] {
                let degree = |p: usize, stays: &[bool]| {
                    let one = |rows: &Rows| within(rows.row(p), stays, |_| 1.0);
                    match ends {
                        Ends::In => one(&f.into),
                        Ends::Out => one(&f.out),
                        Ends::Both => one(&f.into) + one(&f.out),
                    }
                };
                let expected = slow(&f.out, &f.into, degree, &thresholds[..20]);
                let found: Vec<f64> = cores(&f.out, &f.into, ends).into_iter().map(f64::from).collect();
                prop_assert_eq!(found, expected, "{:?}", ends);
            }
            let strength = |p: usize, stays: &[bool]| {
                within(f.out.row(p), stays, |c| c.weight) + within(f.into.row(p), stays, |c| c.weight)
            };
            prop_assert_eq!(strength_cores(&f.out, &f.into), slow(&f.out, &f.into, strength, &thresholds));
        }
    }
}
