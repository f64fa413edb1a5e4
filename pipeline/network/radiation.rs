//! The radiation model: flows from populations and from the opportunities that lie nearer, without a parameter to fit.

use flowatlas_model::Atlas;

use crate::{goodness::Goodness, rows::Frozen, separation::Separation, strengths::Strengths};

/// Compares the flows with T_ij = O_i P_i P_j / ((P_i + s_ij) (P_i + P_j + s_ij)) over all pairs of different places,
/// where s_ij is the population no farther from i than j is, without those of i and j.
///
/// Places as far as j count into s_ij, so that nothing depends on the order of places. `None` unless every place has a
/// population, and without flows. Time O(places² log places).
///
/// # Source
/// Simini, González, Maritan & Barabási 2012, Nature 484, 96–100, equation 2; not normalised for finite systems.
pub fn radiation(atlas: &Atlas, frozen: &Frozen, separation: &Separation) -> Option<Goodness> {
    let people: Vec<f64> = atlas.places.iter().map(|p| p.population).collect::<Option<_>>()?;
    let outgoing = Strengths::new(frozen).outgoing;
    let (mut observed, mut expected) = (Vec::new(), Vec::new());
    for (origin, leaving) in outgoing.iter().enumerate() {
        let around = nearest_first(origin, people.len(), separation);
        let nearer = people_within(&around, &people);
        for (&(_, place), within) in around.iter().zip(nearer) {
            let (own, theirs) = (people[origin], people[place as usize]);
            let between = within - theirs;
            let share = own * theirs / ((own + between) * (own + theirs + between));
            observed.push(frozen.out.weight(origin, place).unwrap_or(0.0));
            expected.push(if own > 0.0 { leaving.unwrap_or(0.0) * share } else { 0.0 });
        }
    }
    let moved = observed.iter().any(|&flow| flow > 0.0);
    moved.then(|| Goodness::new(observed.iter().copied(), &expected))
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
