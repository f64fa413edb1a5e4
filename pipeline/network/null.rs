//! Networks by chance, with what leaves and what arrives at every place as it is.

use crate::{
    random::{Random, scattered},
    rows::Rows,
};

/// Draws after which it is given up to find a flow that a flow to its own origin can change ends with.
const DRAWS: usize = 10_000;

/// What is left of a flow below this part of all weights is rounding.
const NOTHING: f64 = 1e-13;

/// Returns a network in which every place sends and receives as much as in the given one, and chance says where to; by destination
/// and by origin. `None` if flows of places to themselves could not be avoided.
///
/// The flows arrive as the parcels that they are, in a random order, and leave from the places one after the other, so that a
/// parcel is cut where what leaves a place ends: without regard to self-flows each pair expects the product of its totals
/// over all. Parcels that would go back to where they came from then change ends, as far as both reach, with others drawn
/// at random. Weights need not be whole. Time O(cells log cells).
///
/// # Source
/// The configuration model (Newman 2010, Networks, chapter 13) with flows for stubs; the exchange of ends of Maslov &
/// Sneppen 2002, Science 296.
pub(crate) fn by_chance(into: &Rows, sent: &[f64], seed: u64) -> Option<Rows> {
    let mut random = Random::new(seed);
    let mut parcels: Vec<(u32, f64)> = into
        .iter()
        .enumerate()
        .flat_map(|(place, row)| row.iter().map(move |c| (place as u32, c.weight)))
        .filter(|p| p.1 > 0.0)
        .collect();
    random.shuffle(&mut parcels);
    let nothing = NOTHING * sent.iter().sum::<f64>();
    let mut flows = cut(&parcels, sent, nothing);
    part_loops(&mut flows, nothing, &mut random)?;
    flows.sort_by_key(|f| (f.0, f.1));
    Some(Rows::from_sorted(sent.len(), flows.into_iter()))
}

/// Lays what leaves and what arrives side by side and cuts where either ends.
fn cut(parcels: &[(u32, f64)], sent: &[f64], nothing: f64) -> Vec<(u32, u32, f64)> {
    let mut flows = Vec::with_capacity(parcels.len() + sent.len());
    let mut origins = sent.iter().enumerate().filter(|o| *o.1 > 0.0);
    let Some((mut origin, mut left)) = origins.next().map(|(place, weight)| (place, *weight)) else {
        return flows;
    };
    for &(destination, weight) in parcels {
        let mut rest = weight;
        while rest > nothing {
            if left <= nothing {
                let Some((place, weight)) = origins.next() else { break };
                (origin, left) = (place, *weight);
            }
            let part = rest.min(left);
            flows.push((origin as u32, destination, part));
            (rest, left) = (rest - part, left - part);
        }
    }
    flows
}

/// Lets flows from a place to itself change ends with others until there are none; `None` if that does not succeed.
fn part_loops(flows: &mut Vec<(u32, u32, f64)>, nothing: f64, random: &mut Random) -> Option<()> {
    let mut loops: Vec<usize> = (0..flows.len()).filter(|f| flows[*f].0 == flows[*f].1).collect();
    while let Some(at) = loops.pop() {
        let (place, _, weight) = flows[at];
        if flows[at].0 != flows[at].1 {
            continue;
        }
        let fits = |f: &(u32, u32, f64)| f.0 != place && f.1 != place && f.2 > nothing;
        let other = (0..DRAWS).map(|_| random.below(flows.len())).find(|k| fits(&flows[*k]))?;
        let (from, to, reach) = flows[other];
        let part = weight.min(reach);
        flows[at] = (place, to, part);
        flows[other] = (from, place, part);
        if weight - part > nothing {
            loops.push(flows.len());
            flows.push((place, place, weight - part));
        }
        if reach - part > nothing {
            if from == to {
                loops.push(flows.len());
            }
            flows.push((from, to, reach - part));
        }
    }
    Some(())
}

/// Returns the seed of a sample: those of different seeds and numbers have nothing in common.
pub(crate) fn seed_of_sample(seed: u64, number: usize) -> u64 {
    scattered(number as u64, seed)
}

/// A number beside what chance makes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Compared {
    /// The mean of the samples.
    pub expected: f64,
    /// By how many of their standard deviations the number exceeds it; `None` where the samples do not differ.
    pub z: Option<f64>,
}

/// Compares a number with those of the samples that have one; `None` if these are fewer than two, or not more than half.
pub(crate) fn compare(value: Option<f64>, samples: &[Option<f64>]) -> Option<Compared> {
    let (value, all) = (value?, samples.len());
    let samples: Vec<f64> = samples.iter().copied().flatten().collect();
    if 2 * samples.len() <= all {
        return None;
    }
    let n = samples.len() as f64;
    let expected = samples.iter().sum::<f64>() / n;
    let variance = samples.iter().map(|x| (x - expected) * (x - expected)).sum::<f64>() / (n - 1.0);
    // The same number every time can miss its own mean by rounding.
    let varies = variance.sqrt() > 1e-12 * expected.abs();
    (n > 1.0).then(|| Compared { expected, z: varies.then(|| (value - expected) / variance.sqrt()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;
    use proptest::prelude::*;

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn chance_leaves_all_totals_as_they_are_and_sends_nothing_home(
            flows in prop::collection::vec((0u32..12, 0u32..12, 1u32..50), 0..60),
            seed in 0u64..1000,
        ) {
            let flows: Vec<_> =
                flows.iter().filter(|f| f.0 != f.1).map(|&(o, d, w)| (o, d, f64::from(w))).collect();
            let f = frozen(12, &flows);
            if let Some(found) = by_chance(&f.into, &f.out.sums(), seed) {
                // Weights are whole, so all sums are exact.
                prop_assert_eq!(found.sums(), f.out.sums());
                prop_assert_eq!(found.transposed().sums(), f.into.sums());
                prop_assert!(found.iter().enumerate().all(|(p, row)| row.iter().all(|c| c.place as usize != p)));
            }
        }
    }

    #[test]
    fn no_seed_has_a_sample_of_another() {
        let seeds = (0..60).flat_map(|seed| (0..60).map(move |number| seed_of_sample(seed, number)));
        assert_eq!(seeds.collect::<std::collections::BTreeSet<_>>().len(), 3600);
    }

    #[test]
    fn a_star_can_only_be_a_star() {
        let flows: Vec<_> = (1..30).flat_map(|k| [(0, k, f64::from(k)), (k, 0, 2.0)]).collect();
        let f = frozen(30, &flows);
        assert_eq!(by_chance(&f.into, &f.out.sums(), 3).unwrap(), f.out);
    }

    #[test]
    fn two_places_that_exchange_unequally_can_not_be_shuffled_otherwise() {
        let f = frozen(2, &[(0, 1, 5.5), (1, 0, 2.25)]);
        assert_eq!(by_chance(&f.into, &f.out.sums(), 1).unwrap(), f.out);
    }

    #[test]
    fn the_mean_of_many_samples_is_the_product_of_the_totals() {
        // 40 places with equal totals: a pair expects 39 · 10 / 39 in the long run.
        let flows: Vec<_> = (0..40).flat_map(|i| (1..=10).map(move |k| (i, (i + k) % 40, 1.0))).collect();
        let f = frozen(40, &flows);
        let sent = f.out.sums();
        let weight = |seed| by_chance(&f.into, &sent, seed).unwrap().weight(3, 7).unwrap_or(0.0);
        let mean = (0..2000).map(weight).sum::<f64>() / 2000.0;
        // The standard error is 0.011.
        assert!((mean - 10.0 / 39.0).abs() < 0.045, "{mean}");
    }

    #[test]
    fn a_number_is_compared_with_mean_and_deviation() {
        let found = compare(Some(5.0), &[Some(1.0), Some(2.0), Some(3.0)]).unwrap();
        assert_eq!((found.expected, found.z), (2.0, Some(3.0)));
        assert_eq!(compare(Some(1.0), &[Some(2.0), Some(2.0)]).unwrap().z, None);
        assert_eq!(compare(Some(1.0), &[Some(2.0), None]), None);
        let without = [Some(1.0), None, Some(2.0), Some(3.0)];
        assert_eq!(compare(Some(5.0), &without), Some(found), "one without a number is left out");
        assert_eq!(compare(Some(5.0), &[Some(1.0), None, Some(2.0), None]), None, "half of them tell too little");
    }
}
