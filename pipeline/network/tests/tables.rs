//! Filtering, merging and selecting rows.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::sync::Arc;

use flowatlas_model::{Column, FlowTable, OdGraph, Table, Value, WeightKind};
use flowatlas_network::{Error, Selection, build, filter, select};
use proptest::prelude::*;
use support::{Row, atlas, flow, table};

fn text(t: &str) -> Value {
    Value::Text(Arc::from(t))
}

/// Four flows with a year that is a number here and a text there, a sex, and a gap in each.
fn census() -> FlowTable {
    let mut flows = table(&[(0, 1, Some(5.0)), (1, 0, Some(6.0)), (0, 2, Some(7.0)), (2, 0, None)]);
    flows.flows[0].kind = Some(Arc::from("seasonal"));
    flows.flows[2].time = Some(Arc::from("1981"));
    let mut column = |name: &str, values: [Value; 4]| {
        flows.attributes.push(Column { name: name.to_owned(), values: values.into() });
    };
    column("year", [Value::Integer(1981), text("1981"), Value::Real(1981.5), Value::Missing]);
    column("sex", [text("female"), text("male"), Value::Missing, text("Male")]);
    flows
}

/// Returns the origins and destinations that a filter keeps.
fn kept(name: &str, wanted: &[Value]) -> Vec<(u32, u32)> {
    let found = filter(&census(), &[(name.to_owned(), wanted.to_vec())]).unwrap().into_owned();
    assert_eq!(found.attributes.rows(), found.flows.len());
    found.flows.iter().map(|f| (f.origin.0, f.destination.0)).collect()
}

fn graph(rows: &[Row], weights: WeightKind) -> OdGraph {
    build(&atlas(6), &table(rows), weights)
}

fn ends(graph: &OdGraph) -> Vec<(u32, u32)> {
    graph.links().map(|(o, d, _)| (o.0, d.0)).collect()
}

#[test]
fn numbers_are_found_as_numbers_and_as_text() {
    let both = vec![(0, 1), (1, 0)];
    assert_eq!(kept("year", &[Value::Integer(1981)]), both);
    assert_eq!(kept("year", &[Value::Real(1981.0)]), both);
    assert_eq!(kept("year", &[text("1981")]), both);
    assert_eq!(kept("year", &[text("1981.5"), Value::Missing]), [(0, 2), (2, 0)]);
}

#[test]
fn text_is_compared_letter_by_letter() {
    assert_eq!(kept("sex", &[text("male")]), [(1, 0)]);
    assert_eq!(kept("sex", &[Value::Integer(1)]), []);
}

#[test]
fn kind_and_time_address_the_fields_of_flows() {
    assert_eq!(kept("kind", &[text("seasonal")]), [(0, 1)]);
    assert_eq!(kept("time", &[Value::Integer(1981)]), [(0, 2)]);
}

#[test]
fn a_row_must_pass_every_filter() {
    let keep = [("year".to_owned(), vec![Value::Integer(1981)]), ("sex".to_owned(), vec![text("male")])];
    assert_eq!(filter(&census(), &keep).unwrap().attributes.get("sex", 0), &text("male"));
    assert_eq!(filter(&census(), &[]).unwrap().into_owned(), census());
}

#[test]
fn an_unknown_column_is_answered_with_the_nearest_one() {
    let Error::UnknownColumn { nearest, .. } = filter(&census(), &[("Yaer".to_owned(), vec![])]).unwrap_err() else {
        panic!("the column is not there");
    };
    assert_eq!(nearest.as_deref(), Some("year"));
    let message = filter(&census(), &[("zzz".to_owned(), vec![])]).unwrap_err().to_string();
    assert_eq!(message, "no column `zzz` in the flows; the columns are `year`, `sex`, `kind`, `time`");
}

#[test]
fn flows_of_one_kind_between_the_same_places_are_merged_and_counted() {
    let rows = [(3, 1, Some(2.0)), (0, 0, Some(1.0)), (1, 3, Some(4.0)), (3, 1, Some(5.0)), (0, 0, None), (2, 4, None)];
    let g = graph(&rows, WeightKind::Measured);
    assert_eq!(ends(&g), [(3, 1), (1, 3), (2, 4)]);
    let first = g.links().next().unwrap().2;
    assert_eq!((first.weight, &first.rows[..], g.merged_rows), (Some(7.0), &[0, 3][..], 2));
    assert_eq!((g.self_flows.len(), g.self_flows[0].1.weight), (1, Some(1.0)));
    assert_eq!((g.graph.node_count(), g.links().nth(2).unwrap().2.weight), (6, None));
}

#[test]
fn kinds_are_kept_apart() {
    let kinds = [Some("permanent"), None, Some("seasonal"), Some("permanent")];
    let flows = kinds.map(|kind| flow((0, 1, Some(1.0)), kind)).into();
    let g = build(&atlas(2), &FlowTable { flows, attributes: Table::with_rows(4) }, WeightKind::Measured);
    let found: Vec<_> = g.links().map(|(_, _, l)| (l.kind.as_deref(), l.weight)).collect();
    assert_eq!(found, [(Some("permanent"), Some(2.0)), (None, Some(1.0)), (Some("seasonal"), Some(1.0))]);
}

#[test]
fn of_merged_ranks_the_best_stays() {
    let g = graph(&[(0, 1, Some(3.0)), (0, 1, None), (0, 1, Some(2.0))], WeightKind::Ordinal);
    assert_eq!(g.links().next().unwrap().2.weight, Some(2.0));
}

const FIVE: [Row; 5] = [(0, 1, Some(10.0)), (2, 1, Some(40.0)), (1, 0, Some(10.0)), (3, 4, None), (4, 3, Some(40.0))];

fn selected(selection: Selection) -> Vec<(u32, u32)> {
    ends(&select(&graph(&FIVE, WeightKind::Measured), &selection).graph)
}

#[test]
fn the_largest_flows_are_kept_and_equal_ones_by_their_ends() {
    let top = |top| selected(Selection { top: Some(top), ..Selection::default() });
    assert_eq!(top(1), [(2, 1)]);
    assert_eq!(top(3), [(0, 1), (2, 1), (4, 3)]);
    assert_eq!(top(9), ends(&graph(&FIVE, WeightKind::Measured)));
}

#[test]
fn a_share_keeps_as_few_of_the_largest_as_carry_it() {
    let share = |share| selected(Selection { share: Some(share), ..Selection::default() });
    assert_eq!(share(0.0), []);
    assert_eq!(share(0.8), [(2, 1), (4, 3)]);
    assert_eq!(share(0.81), [(0, 1), (2, 1), (4, 3)]);
    assert_eq!(share(1.0).len(), 5);
}

#[test]
fn a_threshold_leaves_out_what_is_less_and_what_is_unknown() {
    let least = |threshold| selected(Selection { threshold: Some(threshold), ..Selection::default() });
    assert_eq!(least(10.0).len(), 4);
    assert_eq!(least(10.5), [(2, 1), (4, 3)]);
    assert_eq!(least(0.0).len(), 5);
}

#[test]
fn a_selection_says_what_part_of_the_whole_it_is() {
    let s = select(&graph(&FIVE, WeightKind::Measured), &Selection { top: Some(2), ..Selection::default() });
    assert_eq!((s.shown, s.of, s.weight_shown, s.weight_total), (2, 5, 80.0, 100.0));
    assert_eq!(s.graph.graph.node_count(), 6);
}

#[test]
fn of_ranks_the_best_are_kept_and_nothing_is_summed() {
    let selection = Selection { top: Some(2), share: Some(0.1), threshold: Some(99.0) };
    let s = select(&graph(&FIVE, WeightKind::Ordinal), &selection);
    assert_eq!(ends(&s.graph), [(0, 1), (1, 0)]);
    assert_eq!((s.shown, s.of, s.weight_shown, s.weight_total), (2, 5, 0.0, 0.0));
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merging_keeps_every_row_and_the_whole_weight(
        rows in prop::collection::vec((0..6u32, 0..6u32, prop::option::of((0..100u32).prop_map(f64::from))), 0..80)
    ) {
        let g = graph(&rows, WeightKind::Measured);
        let links = || g.links().map(|l| l.2).chain(g.self_flows.iter().map(|s| &s.1));
        let mut seen: Vec<u32> = links().flat_map(|l| l.rows.to_vec()).collect();
        prop_assert_eq!(g.merged_rows, rows.len() - links().count());
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..rows.len() as u32).collect::<Vec<_>>());
        let weight: f64 = links().filter_map(|l| l.weight).sum();
        prop_assert_eq!(weight, rows.iter().filter_map(|r| r.2).sum::<f64>());
        let firsts: Vec<u32> = g.links().map(|l| l.2.rows[0]).collect();
        prop_assert!(firsts.is_sorted());
    }

    #[test]
    fn the_selected_flows_do_not_depend_on_the_order_of_rows(
        (rows, shuffled) in prop::collection::vec((0..6u32, 0..6u32, (1..5u32).prop_map(|w| Some(f64::from(w)))), 0..40)
            .prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        top in 0..20usize,
        share in 0.0..1.2f64,
    ) {
        let of = |rows: &[Row]| {
            let selection = Selection { top: Some(top), share: Some(share), threshold: None };
            let mut found = ends(&select(&graph(rows, WeightKind::Measured), &selection).graph);
            found.sort_unstable();
            found
        };
        prop_assert_eq!(of(&rows), of(&shuffled));
    }
}
