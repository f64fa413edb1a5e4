//! What must hold for the net and the gross view of every flow table.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::collections::HashSet;

use flowatlas_model::{Atlas, Flow, FlowTable, Link, OdGraph, PlaceIndex, Table, WeightKind};
use flowatlas_network::{Error, View, build, turned_to_hubs, view};
use proptest::prelude::*;
use support::{Row, atlas, flow, table};

const PLACES: usize = 12;

/// Rows with the number of their kind.
fn rows() -> impl Strategy<Value = Vec<(Row, u8)>> {
    let weight = prop_oneof![
        6 => (1u8..6).prop_map(|w| Some(f64::from(w))),
        1 => Just(Some(0.0)),
        1 => Just(None),
    ];
    prop::collection::vec(((0..PLACES as u32, 0..PLACES as u32, weight), 0..3u8), 0..60)
}

fn flows(rows: &[(Row, u8)]) -> FlowTable {
    let kinds = [None, Some("work"), Some("study")];
    let flows: Vec<Flow> = rows.iter().map(|&(row, kind)| flow(row, kinds[usize::from(kind)])).collect();
    FlowTable { attributes: Table::with_rows(flows.len()), flows }
}

fn graph(rows: &[(Row, u8)]) -> OdGraph {
    build(&atlas(PLACES), &flows(rows), WeightKind::Measured)
}

fn viewed(graph: &OdGraph, how: View) -> OdGraph {
    view(&atlas(PLACES), graph, how).unwrap().graph.into_owned()
}

/// Arrivals minus departures of each place, by the pairs all of whose links have weights.
fn balances(graph: &OdGraph) -> Vec<f64> {
    let pair = |(a, b, link): &(PlaceIndex, PlaceIndex, &Link)| (*a.min(b), *a.max(b), link.kind.clone());
    let unknown: HashSet<_> =
        graph.links().filter(|(.., link)| link.weight.is_none()).map(|link| pair(&link)).collect();
    let mut balances = vec![0.0; PLACES];
    for (origin, destination, link) in graph.links().filter(|link| !unknown.contains(&pair(link))) {
        balances[origin.index()] -= link.weight.unwrap_or(0.0);
        balances[destination.index()] += link.weight.unwrap_or(0.0);
    }
    balances
}

/// Origin, destination, kind and weight of every link, sorted.
fn told(graph: &OdGraph) -> Vec<String> {
    let mut links: Vec<String> =
        graph.links().map(|(o, d, link)| format!("{} {} {:?} {:?}", o.0, d.0, link.kind, link.weight)).collect();
    links.sort();
    links
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_two_way_view_is_the_graph_itself(rows in rows()) {
        let graph = graph(&rows);
        prop_assert_eq!(told(&viewed(&graph, View::TwoWay)), told(&graph));
    }

    #[test]
    fn net_of_net_is_net_and_gross_of_gross_is_gross(rows in rows()) {
        for how in [View::Net, View::Gross] {
            let once = viewed(&graph(&rows), how);
            prop_assert_eq!(told(&viewed(&once, how)), told(&once));
        }
    }

    #[test]
    fn the_net_flows_of_a_place_add_up_to_what_arrives_less_what_leaves(rows in rows()) {
        let graph = graph(&rows);
        prop_assert_eq!(balances(&viewed(&graph, View::Net)), balances(&graph));
    }

    #[test]
    fn the_gross_total_is_the_total(rows in rows()) {
        let graph = graph(&rows);
        prop_assert_eq!(viewed(&graph, View::Gross).total(), graph.total());
    }

    #[test]
    fn gross_links_lead_from_the_id_that_sorts_first_and_name_every_row_once(rows in rows()) {
        let (graph, places) = (graph(&rows), atlas(PLACES));
        let gross = viewed(&graph, View::Gross);
        prop_assert!(gross.links().all(|(o, d, _)| places.place(o).id < places.place(d).id));
        let named = |g: &OdGraph| {
            let mut rows: Vec<u32> = g.links().flat_map(|(_, _, link)| link.rows.to_vec()).collect();
            rows.sort_unstable();
            rows
        };
        prop_assert_eq!(named(&gross), named(&graph));
        prop_assert_eq!(rows.len(), gross.merged_rows + gross.graph.edge_count() + gross.self_flows.len());
    }

    #[test]
    fn self_flows_stay_as_they_are(rows in rows()) {
        let graph = graph(&rows);
        for how in [View::Net, View::Gross] {
            prop_assert_eq!(&viewed(&graph, how).self_flows, &graph.self_flows);
        }
    }

    #[test]
    fn the_order_of_rows_changes_no_view((rows, shuffled) in rows().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))) {
        for how in [View::Net, View::Gross] {
            prop_assert_eq!(told(&viewed(&graph(&rows), how)), told(&viewed(&graph(&shuffled), how)));
        }
    }
}

fn measured(rows: &[Row]) -> OdGraph {
    build(&atlas(PLACES), &table(rows), WeightKind::Measured)
}

#[test]
fn a_net_flow_goes_the_way_of_the_larger_one_and_balanced_pairs_are_counted() {
    // 0→1 5 against 2 leaves 3 towards 1; 2→3 4 against 4 leaves nothing; 5→4 alone stays.
    let rows = [(0, 1, 2.0), (1, 0, 5.0), (2, 3, 4.0), (3, 2, 4.0), (5, 4, 1.0)].map(|(o, d, w)| (o, d, Some(w)));
    let (places, graph) = (atlas(PLACES), measured(&rows));
    let net = view(&places, &graph, View::Net).unwrap();
    assert_eq!(told(&net.graph), ["1 0 None Some(3.0)", "5 4 None Some(1.0)"]);
    assert_eq!(net.balanced, 1);
}

#[test]
fn sums_that_differ_by_rounding_balance() {
    let rows = [(0, 1, Some(0.1)), (0, 1, Some(0.2)), (1, 0, Some(0.3))];
    assert_eq!(viewed(&measured(&rows), View::Net).graph.edge_count(), 0);
}

#[test]
fn pairs_of_which_a_direction_has_no_weight_have_no_net_flow_and_stay() {
    let graph = measured(&[(0, 1, None), (1, 0, None), (2, 3, None), (3, 2, Some(1.0))]);
    assert_eq!(told(&viewed(&graph, View::Net)), ["0 1 None None", "1 0 None None", "2 3 None None", "3 2 None None"]);
    assert_eq!(told(&viewed(&graph, View::Gross)), ["0 1 None None", "2 3 None Some(1.0)"]);
}

#[test]
fn the_gross_links_of_a_star_all_lead_to_its_centre() {
    let gross = viewed(&measured(&[(4, 0, Some(1.0)), (4, 7, Some(2.0)), (9, 4, Some(3.0))]), View::Gross);
    let turned = turned_to_hubs(&gross);
    assert!(turned.links().all(|(_, destination, _)| destination.0 == 4));
    assert_eq!(turned.total(), gross.total());
}

#[test]
fn ranks_are_neither_subtracted_nor_added() {
    let places: Atlas = atlas(PLACES);
    let graph = build(&places, &table(&[(0, 1, Some(1.0))]), WeightKind::Ordinal);
    assert!(view(&places, &graph, View::TwoWay).is_ok());
    let error = view(&places, &graph, View::Net).unwrap_err();
    assert_eq!(error, Error::OrdinalView { view: "net" });
    assert!(error.to_string().contains("ordinal weights"), "{error}");
    assert_eq!(view(&places, &graph, View::Gross).unwrap_err(), Error::OrdinalView { view: "gross" });
}
