//! Laws first (bytes do not depend on the order of anything but the rows, everything read comes out), then by hand.

use std::sync::Arc;

use flowatlas_model::{
    Atlas, Column, Flow, FlowMetric, FlowTable, Link, MetricInfo, MetricTable, NetworkMetric, OdGraph, Place,
    PlaceIndex, PlaceMetric, Problem, Table, Tally, Value, WeightKind,
};
use geo::{Coord, LineString, MultiLineString, MultiPolygon, Polygon, Winding};
use petgraph::graph::DiGraph;
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::{
    FlowLayer, MetricsSheet, PlaceLayer, flow_metrics_csv, flows_geojson, metrics_json, network_csv, network_csvw,
    number, places_csv, places_csvw, places_geojson,
    report::{LISTED_PER_CODE, LayerReport},
};

fn text(words: &str) -> Value {
    Value::Text(words.into())
}

fn column(name: &str, values: Vec<Value>) -> Column {
    Column { name: name.into(), values }
}

fn place(id: &str, x: f64) -> Place {
    Place { id: id.into(), name: id.to_uppercase(), at: Coord { x, y: 0.0 }, area: None, population: None }
}

fn atlas() -> Atlas {
    let mut attributes = Table::with_rows(3);
    attributes.push(column("id", vec![text("a"), text("b"), text("c")]));
    attributes.push(column("name", vec![text("Other"), text("B"), text("C")]));
    attributes.push(column("height", vec![Value::Integer(7), Value::Missing, Value::Real(2.5)]));
    Atlas { places: vec![place("a", 0.0), place("b", 1.0), place("c", 2.0)], attributes, ..Atlas::default() }
}

fn table() -> FlowTable {
    let flow = |weight: f64| Flow {
        origin: PlaceIndex(0),
        destination: PlaceIndex(1),
        weight: Some(weight),
        kind: Some(Arc::from("work")),
        time: Some(Arc::from("2020")),
    };
    let mut attributes = Table::with_rows(2);
    attributes.push(column("count", vec![Value::Integer(3), Value::Integer(4)]));
    attributes.push(column("page", vec![Value::Integer(11), Value::Integer(12)]));
    attributes.push(column("source", vec![text("census"), text("census")]));
    attributes.push(column("kind", vec![text("work"), text("work")]));
    FlowTable { flows: vec![flow(3.0), flow(4.0)], attributes }
}

fn graph() -> OdGraph {
    let mut graph = DiGraph::new();
    let nodes: Vec<_> = (0..3).map(|k| graph.add_node(PlaceIndex(k))).collect();
    graph.add_edge(nodes[0], nodes[1], Link { weight: Some(7.0), kind: Some("work".into()), rows: vec![0, 1].into() });
    OdGraph { graph, self_flows: vec![], weights: WeightKind::Measured, merged_rows: 1 }
}

fn info(id: &'static str) -> MetricInfo {
    MetricInfo { id, title: "In", unit: "weight", formula: "sum of weights", source: "by definition" }
}

fn metrics() -> MetricTable {
    MetricTable {
        places: vec![PlaceMetric { info: info("in"), values: vec![Some(0.0), Some(7.0), None] }],
        flows: Vec::new(),
        network: vec![
            NetworkMetric { info: info("total"), value: Some(7.0) },
            NetworkMetric { info: info("gini"), value: None },
        ],
        conventions: vec!["distance = 1 / weight".into()],
    }
}

fn line(points: &[(f64, f64)]) -> MultiLineString<f64> {
    MultiLineString(vec![LineString::from(points.to_vec())])
}

fn parsed(bytes: &[u8]) -> Json {
    serde_json::from_slice(bytes).expect("every output is JSON")
}

fn flows_with(courses: &[MultiLineString<f64>]) -> Json {
    let (atlas, table, graph) = (atlas(), table(), graph());
    parsed(&flows_geojson(&FlowLayer { name: "f", atlas: &atlas, table: &table, graph: &graph, courses, look: None }))
}

fn places_of(atlas: &Atlas) -> Json {
    parsed(&places_geojson(&PlaceLayer { name: "p", atlas, graph: &graph(), metrics: &metrics(), look: None }))
}

fn with_sheet<T>(write: impl Fn(&MetricsSheet) -> T) -> T {
    let (atlas, graph, metrics) = (atlas(), graph(), metrics());
    write(&MetricsSheet { title: "T", unit: "persons", atlas: &atlas, graph: &graph, metrics: &metrics })
}

#[test]
fn every_place_and_every_attribute_comes_out() {
    let features = places_of(&atlas());
    let features = features["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    assert_eq!(features[0]["properties"]["height"], 7);
    assert_eq!(features[1]["properties"]["height"], Json::Null);
    assert_eq!(features[2]["properties"]["height"], 2.5);
}

#[test]
fn an_undefined_metric_is_null_and_a_zero_is_zero() {
    let places = places_of(&atlas());
    assert_eq!(places["features"][2]["properties"]["in"], Json::Null);
    assert_eq!(places["features"][0]["properties"]["in"], 0);
}

#[test]
fn flows_within_a_place_are_counted_and_summed_at_the_place() {
    let own = |place: u32, weight| (PlaceIndex(place), Link { weight, kind: None, rows: vec![0].into() });
    let (atlas, mut graph) = (atlas(), graph());
    let told = |graph: &OdGraph| {
        let layer = PlaceLayer { name: "p", atlas: &atlas, graph, metrics: &metrics(), look: None };
        let rows: Vec<_> = crate::places::place_properties(layer).collect();
        rows.iter().map(|row| [row.get("self_flows").cloned(), row.get("self_total").cloned()]).collect::<Vec<_>>()
    };
    assert_eq!(told(&graph), vec![[None, None]; 3], "no columns where there are none");
    graph.self_flows = vec![own(0, Some(5.0)), own(0, Some(2.5)), own(2, None)];
    let some = |count: u32, sum: Json| [Some(Json::from(count)), Some(sum)];
    assert_eq!(told(&graph), [some(2, 7.5.into()), some(0, 0.into()), some(1, Json::Null)]);
    graph.weights = WeightKind::Ordinal;
    assert_eq!(told(&graph)[0], [Some(2.into()), None], "ranks are not summed");
}

#[test]
fn an_attribute_that_repeats_a_property_is_written_once_and_one_that_differs_gets_a_prefix() {
    let places = places_of(&atlas());
    let first = places["features"][0]["properties"].as_object().unwrap();
    assert_eq!(first["name"], "A");
    assert_eq!(first["source_name"], "Other");
    assert!(!first.contains_key("source_id"));
}

#[test]
fn a_place_with_an_area_is_written_as_its_area_with_the_outer_ring_counter_clockwise() {
    let mut atlas = atlas();
    let clockwise = LineString::from(vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]);
    assert!(clockwise.is_cw());
    atlas.places[0].area = Some(MultiPolygon(vec![Polygon::new(clockwise, vec![])]));
    let geometry = &places_of(&atlas)["features"][0]["geometry"];
    assert_eq!(geometry["type"], "Polygon");
    let ring: Vec<(f64, f64)> = geometry["coordinates"][0]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c[0].as_f64().unwrap(), c[1].as_f64().unwrap()))
        .collect();
    assert!(LineString::from(ring).is_ccw());
}

#[test]
fn a_flow_keeps_the_attributes_that_its_rows_agree_on_and_leaves_the_others_empty() {
    let flows = flows_with(&[line(&[(0.0, 0.0), (1.0, 0.0)])]);
    let properties = &flows["features"][0]["properties"];
    assert_eq!(properties["weight"], 7);
    assert_eq!(properties["rows"], 2);
    assert_eq!(properties["source"], "census");
    assert_eq!(properties["time"], "2020");
    assert_eq!(properties["page"], Json::Null);
}

#[test]
fn the_column_that_the_weight_was_read_from_is_not_written_beside_the_weight() {
    let flows = flows_with(&[line(&[(0.0, 0.0), (1.0, 0.0)])]);
    assert!(!flows["features"][0]["properties"].as_object().unwrap().contains_key("count"));
}

#[test]
fn flows_without_weights_keep_their_columns_of_words() {
    let (atlas, mut table, graph) = (atlas(), table(), graph());
    table.flows.iter_mut().for_each(|flow| flow.weight = None);
    let courses = [line(&[(0.0, 0.0), (1.0, 0.0)])];
    let layer = FlowLayer { name: "f", atlas: &atlas, table: &table, graph: &graph, courses: &courses, look: None };
    assert_eq!(parsed(&flows_geojson(&layer))["features"][0]["properties"]["source"], "census");
}

#[test]
fn a_course_is_a_line_several_lines_or_nothing() {
    let two = MultiLineString(vec![
        LineString::from(vec![(179.0, 0.0), (180.0, 0.0)]),
        LineString::from(vec![(-180.0, 0.0), (-179.0, 0.0)]),
    ]);
    let kind = |course| flows_with(&[course])["features"][0]["geometry"]["type"].clone();
    assert_eq!(kind(line(&[(0.0, 0.0), (1.0, 0.0)])), "LineString");
    assert_eq!(kind(two), "MultiLineString");
    assert_eq!(flows_with(&[MultiLineString(vec![])])["features"][0]["geometry"], Json::Null);
}

#[test]
fn coordinates_have_six_decimals_at_most_and_no_negative_zero() {
    let flows = flows_with(&[line(&[(-0.000_000_01, 1.234_567_89), (1.0, 2.0)])]);
    assert_eq!(flows["features"][0]["geometry"]["coordinates"].to_string(), "[[0,1.234568],[1,2]]");
}

#[test]
fn tables_leave_undefined_cells_empty() {
    assert_eq!(String::from_utf8(with_sheet(places_csv)).unwrap(), "id,name,in\na,A,0\nb,B,7\nc,C,\n");
    assert_eq!(
        String::from_utf8(with_sheet(network_csv)).unwrap(),
        "metric,value,unit\ntotal,7,persons\ngini,,persons\n"
    );
}

#[test]
fn the_description_names_every_column_of_the_table_in_order() {
    let table = with_sheet(places_csv);
    let header = String::from_utf8(table).unwrap().lines().next().unwrap().to_string();
    let description = parsed(&with_sheet(|sheet| places_csvw(sheet, "m.csv")));
    let columns = description["tableSchema"]["columns"].as_array().unwrap();
    let names: Vec<&str> = columns.iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(","), header);
    assert!(columns.iter().all(|c| c["titles"][0] == c["name"]));
    assert_eq!(columns[2]["schema:unitText"], "persons");
    assert_eq!(description["url"], "m.csv");
}

#[test]
fn the_description_of_the_network_table_defines_every_metric() {
    let description = parsed(&with_sheet(|sheet| network_csvw(sheet, "n.csv")));
    assert_eq!(description["notes"].as_array().unwrap().len(), 2);
    assert_eq!(description["notes"][0]["formula"], "sum of weights");
}

#[test]
fn metrics_of_flows_stand_in_link_order_under_the_ids_of_their_ends() {
    let (atlas, graph) = (atlas(), graph());
    let links = graph.graph.edge_count();
    let values: Vec<Option<f64>> = (0..links).map(|k| (k > 0).then_some(k as f64)).collect();
    let metrics = MetricTable { flows: vec![FlowMetric { info: info("disparity"), values }], ..metrics() };
    let sheet = MetricsSheet { title: "T", unit: "persons", atlas: &atlas, graph: &graph, metrics: &metrics };
    let text = String::from_utf8(flow_metrics_csv(&sheet)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (origin, destination, _) = graph.links().next().unwrap();
    assert_eq!((lines[0], lines.len()), ("origin,dest,kind,weight,disparity", links + 1));
    assert!(lines[1].starts_with(&format!("{},{},", atlas.place(origin).id, atlas.place(destination).id)));
    assert!(lines[1].ends_with(','), "undefined is empty: {}", lines[1]);
    let json = parsed(&metrics_json(&sheet));
    assert_eq!(json["flows"].as_array().unwrap().len(), links);
    assert_eq!(
        (&json["flow_metrics"][0]["id"], &json["flows"][0]["disparity"]),
        (&Json::from("disparity"), &Json::Null)
    );
}

#[test]
fn metrics_as_json_carry_their_conventions_and_definitions() {
    let metrics = parsed(&with_sheet(metrics_json));
    assert_eq!(metrics["conventions"][0], "distance = 1 / weight");
    assert_eq!(metrics["network"][0]["value"], 7);
    assert_eq!(metrics["network"][1]["value"], Json::Null);
    assert_eq!(metrics["places"][1]["in"], 7);
    assert_eq!(metrics["place_metrics"][0]["unit"], "persons");
}

#[test]
fn problems_are_all_counted_and_the_first_of_each_code_listed() {
    let problem = |dropped| Problem {
        code: "unknown-place",
        file: "f.csv".into(),
        feature: "1".into(),
        field: "dest".into(),
        found: "x".into(),
        expected: "the id of a place".into(),
        hint: String::new(),
        dropped,
    };
    let problems: Vec<Problem> = (0..LISTED_PER_CODE + 5).map(|k| problem(k % 2 == 0)).collect();
    let report = LayerReport::new("flows", "f", Tally::default(), &problems);
    assert_eq!(report.problems[0].count, 105);
    assert_eq!(report.problems[0].dropped, 53);
    assert_eq!(report.problems[0].first.len(), LISTED_PER_CODE);
}

#[test]
fn a_tally_that_lost_a_feature_does_not_reconcile() {
    let whole = Tally { read: 3, kept: 2, dropped: 1, ..Tally::default() };
    let lost = Tally { read: 3, kept: 2, dropped: 0, ..Tally::default() };
    assert!(LayerReport::new("flows", "", whole, &[]).reconciles);
    assert!(!LayerReport::new("flows", "", lost, &[]).reconciles);
}

proptest! {
    #[test]
    fn a_written_number_reads_back_as_the_same_number(value in any::<f64>()) {
        let cell = number::cell(Some(value));
        if value.is_finite() {
            prop_assert_eq!(cell.parse::<f64>().unwrap(), value);
        } else {
            prop_assert_eq!(cell, "");
        }
    }
}
