//! The radiation model: flows from populations and from the opportunities that lie nearer, without a parameter to fit.

use flowatlas_model::Atlas;

use crate::{goodness::Goodness, rows::Frozen, separation::Separation, strengths::Strengths};

/// Compares the flows with T_ij = O_i P_i P_j / ((P_i + s_ij) (P_i + P_j + s_ij)) over all pairs of different places,
/// where s_ij is the population no farther from i than j is, without those of i and j.
///
/// Places as far as j count into s_ij, so that nothing depends on the order of places. Flows without a weight are left out; of what leaves
/// their origin then only a part is known, and O_i is that divided by the part that the model expects to be known. `None` unless every
/// place has a population, and without flows. Time O(places² log places).
///
/// # Source
/// Simini, González, Maritan & Barabási 2012, Nature 484, 96–100, equation 2; not normalised for finite systems.
pub fn radiation(atlas: &Atlas, frozen: &Frozen, separation: &Separation) -> Option<Goodness> {
    let people: Vec<f64> = atlas.places.iter().map(|p| p.population).collect::<Option<_>>()?;
    let outgoing = Strengths::new(frozen).outgoing;
    let (mut observed, mut expected) = (Vec::new(), Vec::new());
    for (origin, known) in outgoing.iter().enumerate() {
        let shares = shares(origin, &people, separation);
        let flows: Vec<_> = shares.iter().map(|&(place, _)| frozen.flow(origin, place)).collect();
        let leaving = all_that_leaves(known.unwrap_or(0.0), &shares, &flows);
        for (flow, (_, share)) in flows.into_iter().zip(shares) {
            if let Some(flow) = flow {
                observed.push(flow);
                expected.push(leaving * share);
            }
        }
    }
    let moved = observed.iter().any(|&flow| flow > 0.0);
    moved.then(|| Goodness::new(observed.iter().copied(), &expected))
}

/// Returns every other place with the part of what leaves the origin that is expected to go there, nearest first.
fn shares(origin: usize, people: &[f64], separation: &Separation) -> Vec<(u32, f64)> {
    let around = nearest_first(origin, people.len(), separation);
    let nearer = people_within(&around, people);
    let share = |(&(_, place), within): (&(f64, u32), f64)| {
        let (own, theirs) = (people[origin], people[place as usize]);
        let between = within - theirs;
        let share = own * theirs / ((own + between) * (own + theirs + between));
        (place, if own > 0.0 { share } else { 0.0 })
    };
    around.iter().zip(nearer).map(share).collect()
}

/// Returns what leaves an origin with the flows of unknown weight, of what is known to leave it.
fn all_that_leaves(known: f64, shares: &[(u32, f64)], flows: &[Option<f64>]) -> f64 {
    if flows.iter().all(Option::is_some) {
        return known;
    }
    let all: f64 = shares.iter().map(|s| s.1).sum();
    let of_known: f64 = shares.iter().zip(flows).filter(|(_, flow)| flow.is_some()).map(|(s, _)| s.1).sum();
    if of_known > 0.0 { known * all / of_known } else { known }
}

/// Returns the distance and index of every other place, nearest first.
fn nearest_first(origin: usize, places: usize, separation: &Separation) -> Vec<(f64, u32)> {
    let others = (0..places).filter(|&place| place != origin);
    let mut around: Vec<_> = others.map(|place| (separation.between(origin, place), place as u32)).collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    around
}

/// Returns for each place the people in all places that are no farther, itself included.
fn people_within(around: &[(f64, u32)], people: &[f64]) -> Vec<f64> {
    let (mut within, mut sums) = (0.0, Vec::with_capacity(around.len()));
    for alike in around.chunk_by(|a, b| a.0 == b.0) {
        within += alike.iter().map(|&(_, place)| people[place as usize]).sum::<f64>();
        sums.extend(alike.iter().map(|_| within));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_leave_grows_by_what_is_expected_of_the_unknown() {
        // 3 of the 5 parts that are expected to arrive somewhere go where flows are known.
        let shares = [(1, 0.1), (2, 0.2), (3, 0.2)];
        assert_eq!(all_that_leaves(6.0, &shares, &[Some(6.0), Some(0.0), Some(0.0)]), 6.0);
        assert!((all_that_leaves(6.0, &shares, &[Some(4.0), Some(2.0), None]) - 10.0).abs() < 1e-12);
        assert_eq!(all_that_leaves(0.0, &shares, &[None, None, None]), 0.0);
    }
}
