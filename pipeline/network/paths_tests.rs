//! The pruned pass against the plain one.

use super::*;
use crate::rows::tests::frozen;
use proptest::prelude::*;

/// Few different weights, so that lengths such as 1/3 + 1/6 and 1/2 tie, and some weights of 0.
const WEIGHTS: [f64; 7] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0];

/// The same sums without any removal of steps, one source after another.
fn plain(steps: &Steps) -> PathMetrics {
    let n = steps.places();
    let mut search = Search::new(n);
    let mut block = Block { betweenness: vec![0.0; n], harmonic_in: vec![0.0; n], longest: 0.0, sources: Vec::new() };
    let mut harmonic_out = vec![0.0; n];
    for place in 0..n as u32 {
        search.run(steps, place);
        search.add_dependencies(&mut block.betweenness);
        harmonic_out[place as usize] = block.add_closeness(&search);
    }
    let Block { betweenness, harmonic_in, longest, .. } = block;
    PathMetrics { betweenness, harmonic_out, harmonic_in, longest }
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-12 * (1.0 + x.abs()))
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn removing_useless_steps_changes_no_metric(
        flows in prop::collection::vec((0u32..60, 0u32..60, 0usize..7), 0..900)
    ) {
        let flows: Vec<_> =
            flows.into_iter().filter(|f| f.0 != f.1).map(|(o, d, w)| (o, d, WEIGHTS[w])).collect();
        for distance in [Distance::Inverse, Distance::Hops] {
            let frozen = frozen(60, &flows);
            let (fast, slow) = (all_paths(&frozen, distance), plain(&Steps::new(&frozen, distance)));
            prop_assert!(near(&fast.betweenness, &slow.betweenness));
            prop_assert!(near(&fast.harmonic_in, &slow.harmonic_in));
            prop_assert!(near(&fast.harmonic_out, &slow.harmonic_out));
            prop_assert_eq!(fast.longest, slow.longest);
        }
    }
}

#[test]
fn most_steps_of_a_dense_network_are_removed() {
    let flows: Vec<_> = (0..40u32)
        .flat_map(|o| (0..40).map(move |d| (o, d, f64::from(1 + (o * 7 + d * 13) % 29).powi(3))))
        .filter(|f| f.0 != f.1)
        .collect();
    let frozen = frozen(40, &flows);
    let steps = Steps::new(&frozen, Distance::Inverse);
    let mut sweep = Sweep::new(steps.clone(), 1e-9);
    sweep.try_hubs(&Steps::reversed(&frozen, Distance::Inverse), &by_steps(&steps)[..HUBS]);
    let left = |s: &Steps| (0..40).map(|p| s.row(p).len()).sum::<usize>();
    let (before, after) = (left(&steps), left(&sweep.steps));
    assert!(after * 2 < before, "{after} of {before} are left");
}

#[test]
fn a_hub_that_sees_little_of_the_network_loses_no_tie() {
    // The place with the most steps reaches distance 1e-6 only, while ties of length near 1 lie elsewhere:
    // the first guess at the slack is too small, and the second pass must mend it.
    let mut flows = vec![(0, 1, 1e6), (0, 2, 1e6), (0, 3, 1e6)];
    flows.extend([(4, 5, 3.0), (5, 6, 6.0), (4, 6, 2.0 * (1.0 - 1e-11)), (6, 7, 1.0)]);
    let metrics = all_paths(&frozen(8, &flows), Distance::Inverse);
    // 4 -> 6 is 1/3 + 1/6 or, within the tolerance, 1/2: half of the pairs (4, 6) and (4, 7) go through 5.
    assert!((metrics.betweenness[5] - 1.0).abs() < 1e-12, "{:?}", metrics.betweenness);
}

#[test]
fn steps_shorter_than_the_tolerance_lead_in_no_circle() {
    // From 0, the way 1 -> 2 -> 1 adds 2e-12 to a length of 1: a tie with the place that it comes from.
    let metrics = all_paths(&frozen(3, &[(0, 1, 1.0), (1, 2, 1e12), (2, 1, 1e12)]), Distance::Inverse);
    assert_eq!(metrics.betweenness, [0.0, 1.0, 0.0]);
}
