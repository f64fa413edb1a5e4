//! Networks side by side.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::sync::Arc;

use flowatlas_model::{Atlas, FlowTable, MetricTable, OdGraph, WeightKind, comparison::Comparison};
use flowatlas_network::{Measures, Member, Part, build, compare, measure, parts};
use proptest::prelude::*;
use support::{Row, atlas, flow, table};

/// Room for sums in another order.
const ROUNDING: f64 = 1e-12;

/// Returns the comparison of networks named `n0`, `n1`, … and counted in these units.
fn compared(networks: &[(&Atlas, &[Row], &str)]) -> Comparison {
    let of = |&(atlas, rows, _): &(&Atlas, &[Row], &str)| -> (OdGraph, MetricTable) {
        let graph = build(atlas, &table(rows), WeightKind::Measured);
        let metrics = measure(atlas, &graph, &Measures::default());
        (graph, metrics)
    };
    let measured: Vec<_> = networks.iter().map(of).collect();
    let labels: Vec<String> = (0..networks.len()).map(|k| format!("n{k}")).collect();
    let members: Vec<Member> = (0..networks.len())
        .map(|k| {
            let (graph, metrics) = &measured[k];
            Member { label: &labels[k], unit: networks[k].2, atlas: networks[k].0, graph, metrics }
        })
        .collect();
    compare(&members)
}

fn overlap(comparison: &Comparison, id: &str) -> Option<f64> {
    comparison.overlaps[0].iter().find(|m| m.info.id == id).unwrap().value
}

const BEFORE: [Row; 3] = [(0, 1, Some(6.0)), (1, 2, Some(2.0)), (2, 0, Some(2.0))];
const AFTER: [Row; 3] = [(0, 1, Some(3.0)), (1, 2, Some(5.0)), (0, 2, Some(2.0))];

#[test]
fn changes_and_overlap_are_as_counted_by_hand() {
    let c = compared(&[(&atlas(3), &BEFORE, "persons"), (&atlas(3), &AFTER, "persons")]);
    let count = |id| overlap(&c, id).unwrap();
    assert_eq!([count("shared_places"), count("pairs_only_before"), count("pairs_in_both")], [3.0, 1.0, 2.0]);
    assert_eq!((count("pairs_only_after"), count("jaccard")), (1.0, 0.5));
    // 2 (3 + 2) / 20, and with equal totals the same of shares.
    assert!((count("common_part") - 0.5).abs() < ROUNDING && (count("common_part_of_shares") - 0.5).abs() < ROUNDING);
    let turnover = c.place_metrics.iter().find(|m| m.info.id == "turnover").unwrap();
    assert_eq!(turnover.values, [vec![Some(8.0), Some(8.0), Some(4.0)], vec![Some(5.0), Some(8.0), Some(7.0)]]);
    assert_eq!(turnover.ranks, [vec![Some(1.0), Some(1.0), Some(3.0)], vec![Some(3.0), Some(1.0), Some(2.0)]]);
    let new = c.flows.iter().find(|f| (f.origin, f.destination) == (0, 2)).unwrap();
    assert_eq!((new.weights.clone(), new.listed.clone()), (vec![Some(0.0), Some(2.0)], vec![false, true]));
}

#[test]
fn pairs_without_a_weight_say_nothing_of_what_networks_have_in_common() {
    // Of (0, 1), (1, 2), (2, 0) and (0, 2) with 6 3, 2 5, 2 0 and 0 2 the second is unknown in one network: 2 · 3 of 8 + 5 are common.
    let unknown = AFTER.map(|row| if row.0 == 1 { (row.0, row.1, None) } else { row });
    let c = compared(&[(&atlas(3), &BEFORE, ""), (&atlas(3), &unknown, "")]);
    assert_eq!((overlap(&c, "pairs_in_both"), overlap(&c, "common_part")), (Some(2.0), Some(6.0 / 13.0)));
    // 3 of 5 is less than 6 of 8, and nothing else is in both.
    assert_eq!(overlap(&c, "common_part_of_shares"), Some(0.6));
    // (6, 3), (2, 0), (0, 2) less their means 8/3 and 5/3: 18 less 8 · 5 / 3 over the roots of 40 - 64/3 and 13 - 25/3.
    let correlation = (18.0 - 40.0 / 3.0) / ((40.0 - 64.0 / 3.0) * (13.0 - 25.0 / 3.0_f64)).sqrt();
    assert!((overlap(&c, "flow_correlation").unwrap() - correlation).abs() < ROUNDING);
    let nothing = BEFORE.map(|row| (row.0, row.1, None));
    let c = compared(&[(&atlas(3), &BEFORE, ""), (&atlas(3), &nothing, "")]);
    for id in ["common_part", "common_part_of_shares", "flow_correlation"] {
        assert_eq!(overlap(&c, id), None, "{id}");
    }
    assert_eq!(overlap(&c, "jaccard"), Some(1.0));
}

#[test]
fn ranks_change_among_the_places_of_both_networks() {
    // A new place larger than all takes the first rank; the three others keep their order.
    let new = [(0, 1, Some(6.0)), (1, 2, Some(2.0)), (2, 0, Some(3.0)), (3, 0, Some(90.0)), (3, 1, Some(90.0))];
    let c = compared(&[(&atlas(3), &[new[0], new[1], new[2]], ""), (&atlas(4), &new, "")]);
    let out = c.place_metrics.iter().find(|m| m.info.id == "out_strength").unwrap();
    assert_eq!(out.ranks[1], [Some(2.0), Some(4.0), Some(3.0), Some(1.0)]);
    assert_eq!(out.rank_changes, [vec![None; 4], vec![Some(0.0), Some(0.0), Some(0.0), None]]);
    assert_eq!(out.lasting_ranks[0], [Some(1.0), Some(3.0), Some(2.0), None]);
    assert_eq!(out.lasting_ranks[1], out.lasting_ranks[0]);
    assert!(c.conventions.iter().any(|said| said.contains("in both networks")));
}

#[test]
fn networks_without_shared_places_are_set_side_by_side_and_nothing_more() {
    let mut elsewhere = atlas(3);
    elsewhere.places.iter_mut().for_each(|p| p.id = format!("far {}", p.id));
    let c = compared(&[(&atlas(3), &BEFORE, "persons"), (&elsewhere, &AFTER, "persons")]);
    assert_eq!((c.places.len(), overlap(&c, "shared_places"), overlap(&c, "jaccard")), (6, Some(0.0), None));
    assert_eq!(c.flows[0].weights, [Some(6.0), None]);
    let gini = c.network_metrics.iter().find(|m| m.info.id == "gini").unwrap();
    assert!(c.change(&gini.info, &gini.values, 1).is_some());
}

#[test]
fn amounts_of_different_units_are_not_subtracted() {
    let c = compared(&[(&atlas(3), &BEFORE, "persons"), (&atlas(3), &AFTER, "documents")]);
    let change = |id: &str| {
        let series = c.network_metrics.iter().find(|m| m.info.id == id).unwrap();
        c.change(&series.info, &series.values, 1)
    };
    assert_eq!((change("total"), overlap(&c, "common_part")), (None, None));
    assert!(change("gini").is_some() && overlap(&c, "common_part_of_shares").is_some());
    assert!(c.conventions.iter().any(|said| said.contains("different units")));
}

#[test]
fn periods_come_in_the_order_of_their_years_and_flows_without_one_in_none() {
    let times = [Some("1993"), Some("981"), None, Some("1993"), Some("later")];
    let mut flows = FlowTable { flows: times.map(|_| flow((0, 1, Some(1.0)), None)).into(), ..table(&[]) };
    flows.attributes = flowatlas_model::Table::with_rows(5);
    flows.flows.iter_mut().zip(times).for_each(|(flow, time)| flow.time = time.map(Arc::from));
    let found = parts(&atlas(2), &flows, (WeightKind::Measured, Part::Time));
    let told: Vec<_> = found.iter().map(|(name, graph)| (name.as_str(), graph.total())).collect();
    assert_eq!(told, [("981", Some(1.0)), ("1993", Some(2.0)), ("later", Some(1.0))]);
    assert!(parts(&atlas(2), &flows, (WeightKind::Measured, Part::Kind)).is_empty());
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_network_beside_itself_overlaps_wholly_and_does_not_change(
        rows in prop::collection::vec((0..6u32, 0..6u32, (1..9u32).prop_map(|w| Some(f64::from(w)))), 2..30)
    ) {
        prop_assume!(rows.iter().any(|r| r.0 != r.1));
        let c = compared(&[(&atlas(6), &rows, ""), (&atlas(6), &rows, "")]);
        for id in ["jaccard", "common_part", "common_part_of_shares", "flow_correlation", "rank_correlation"] {
            prop_assert!(overlap(&c, id).is_none_or(|v| (v - 1.0).abs() < ROUNDING), "{id}");
        }
        for series in &c.network_metrics {
            prop_assert!(c.change(&series.info, &series.values, 1).is_none_or(|change| change == 0.0));
        }
        prop_assert!(c.place_metrics.iter().all(|m| m.values[0] == m.values[1] && m.ranks[0] == m.ranks[1]));
    }

    #[test]
    fn overlap_is_the_same_from_either_side(
        a in prop::collection::vec((0..6u32, 0..6u32, (1..9u32).prop_map(|w| Some(f64::from(w)))), 1..30),
        b in prop::collection::vec((0..6u32, 0..6u32, (1..9u32).prop_map(|w| Some(f64::from(w)))), 1..30),
    ) {
        let (atlas, of) = (atlas(6), |c: &Comparison, id: &str| overlap(c, id));
        let one = compared(&[(&atlas, &a, ""), (&atlas, &b, "")]);
        let other = compared(&[(&atlas, &b, ""), (&atlas, &a, "")]);
        for (from, back) in [("jaccard", "jaccard"), ("common_part", "common_part"), ("pairs_only_before", "pairs_only_after")] {
            prop_assert_eq!(of(&one, from), of(&other, back));
        }
    }
}
