//! The pruned pass against the plain one.

use super::*;
use crate::rows::tests::frozen;
use proptest::prelude::*;

/// Few different weights, so that lengths such as 1/3 + 1/6 and 1/2 tie, and some weights of 0.
const WEIGHTS: [f64; 7] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0];

fn all(frozen: &Frozen, ruler: &Ruler) -> PathMetrics {
    all_paths(frozen, ruler, Count::PlacesAndFlows, &|_, _| {})
}

/// The same sums without any removal of steps, one source after another.
fn plain(frozen: &Frozen, ruler: &Ruler) -> PathMetrics {
    let steps = Steps::new(frozen, ruler);
    let cells = frozen.out.cells().len();
    let mut sum = Sweep::new(steps.clone(), (Count::PlacesAndFlows, f64::MAX), cells);
    let mut block = Block::new(&steps, Count::PlacesAndFlows);
    let mut search = Search::new(steps.places());
    for place in 0..steps.places() as u32 {
        search.run(&steps, place);
        block.add_dependencies(&mut search, &steps);
        let out = block.add_closeness(&search);
        let backbone = steps.row(place).iter().filter(|s| search.is_shortest(s)).map(|s| s.cell).collect();
        block.sources.push(Source { place, out, kept: Vec::new(), backbone });
    }
    sum.add(&block);
    sum.sum
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-12 * (1.0 + x.abs()))
}

fn all_near(a: &[Near], b: &[Near]) -> bool {
    let of = |near: &[Near]| -> Vec<f64> {
        near.iter().flat_map(|n| [n.inverse, n.distance, f64::from(n.reached)]).collect()
    };
    near(&of(a), &of(b))
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
        for ruler in [Ruler::Inverse, Ruler::Hops, Ruler::Power(0.5)] {
            let frozen = frozen(60, &flows);
            let (fast, slow) = (all(&frozen, &ruler), plain(&frozen, &ruler));
            prop_assert!(near(&fast.betweenness, &slow.betweenness));
            prop_assert!(near(&fast.flow_betweenness, &slow.flow_betweenness));
            prop_assert!(all_near(&fast.into, &slow.into));
            prop_assert!(all_near(&fast.out, &slow.out));
            prop_assert_eq!(&fast.backbone, &slow.backbone);
            prop_assert_eq!(fast.longest, slow.longest);
        }
    }

    #[test]
    fn paths_through_the_flows_that_leave_a_place_start_there_or_lead_through_it(
        flows in prop::collection::vec((0u32..20, 0u32..20, 1usize..7), 0..120)
    ) {
        let flows: Vec<_> =
            flows.into_iter().filter(|f| f.0 != f.1).map(|(o, d, w)| (o, d, WEIGHTS[w])).collect();
        let frozen = frozen(20, &flows);
        let found = all(&frozen, &Ruler::Inverse);
        let mut next = found.flow_betweenness.iter();
        for (place, row) in frozen.out.iter().enumerate() {
            let leaving: f64 = next.by_ref().take(row.len()).sum();
            let expected = found.betweenness[place] + f64::from(found.out[place].reached);
            prop_assert!((leaving - expected).abs() < 1e-9);
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
    let steps = Steps::new(&frozen, &Ruler::Inverse);
    let mut sweep = Sweep::new(steps.clone(), (Count::Places, 1e-9), flows.len());
    sweep.try_hubs(&Steps::reversed(&frozen, &Ruler::Inverse), &by_steps(&steps)[..HUBS]);
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
    let metrics = all(&frozen(8, &flows), &Ruler::Inverse);
    // 4 -> 6 is 1/3 + 1/6 or, within the tolerance, 1/2: half of the pairs (4, 6) and (4, 7) go through 5.
    assert!((metrics.betweenness[5] - 1.0).abs() < 1e-12, "{:?}", metrics.betweenness);
}

#[test]
fn steps_shorter_than_the_tolerance_lead_in_no_circle() {
    // From 0, the way 1 -> 2 -> 1 adds 2e-12 to a length of 1: a tie with the place that it comes from.
    let metrics = all(&frozen(3, &[(0, 1, 1.0), (1, 2, 1e12), (2, 1, 1e12)]), &Ruler::Inverse);
    assert_eq!(metrics.betweenness, [0.0, 1.0, 0.0]);
}

#[test]
fn a_long_pass_says_how_far_it_is() {
    let told = std::cell::RefCell::new(Vec::new());
    let ring: Vec<_> = (0..100).map(|i| (i, (i + 1) % 100, 1.0)).collect();
    all_paths(&frozen(100, &ring), &Ruler::Inverse, Count::Places, &|done, of| told.borrow_mut().push((done, of)));
    let told = told.into_inner();
    assert!(told.len() > 2 && told.is_sorted() && told.last() == Some(&(100, 100)), "{told:?}");
}
