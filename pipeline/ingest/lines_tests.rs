use std::path::Path;

use flowatlas_model::{FlowTable, Place, WeightKind};

use super::*;
use crate::{Error, FlowColumns, Intake, Source, flows::FlowCollector, geojson_rows};

fn place(id: &str, x: f64, y: f64) -> Place {
    Place { id: id.into(), name: id.into(), at: Coord { x, y }, area: None, population: None }
}

fn atlas() -> Atlas {
    let mut zone = place("zone", 20.0, 0.0);
    zone.area = Some(geo::MultiPolygon(vec![geo::Rect::new((15.0, -5.0), (25.0, 5.0)).to_polygon()]));
    Atlas { places: vec![place("a", 0.0, 0.0), place("b", 10.0, 0.0), zone], ..Atlas::default() }
}

fn read(atlas: &Atlas, columns: &FlowColumns, features: &[&str]) -> Result<Intake<FlowTable>, Error> {
    let mut flows =
        FlowCollector::new(&Source::parse("f.geojson", Path::new("")), columns, atlas, WeightKind::Measured);
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    geojson_rows::read("f.geojson", text.as_bytes(), &mut flows)?;
    flows.finish()
}

fn line(coordinates: &str, properties: &str) -> String {
    let kind = if coordinates.starts_with("[[[") { "MultiLineString" } else { "LineString" };
    format!(
        r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
    )
}

fn ends(intake: &Intake<FlowTable>) -> Vec<(u32, u32)> {
    intake.value.flows.iter().map(|f| (f.origin.0, f.destination.0)).collect()
}

#[test]
fn a_line_leads_from_the_place_at_its_first_position_to_that_at_its_last() {
    // The third ends within the area of a place, far from its point.
    let features = [
        line("[[0,0],[5,3],[10.001,0]]", r#""count":3"#),
        line("[[[10,0],[12,1]],[[12,1],[0.001,0.001]]]", r#""count":4"#),
        line("[[0,0],[24,4]]", r#""count":5"#),
    ];
    let intake = read(&atlas(), &FlowColumns::default(), &features.each_ref().map(String::as_str)).unwrap();
    assert_eq!(ends(&intake), [(0, 1), (1, 0), (0, 2)]);
    assert_eq!(intake.tally.weight_kept, 12.0);
    assert_eq!(intake.problems.len(), 1);
    assert_eq!(intake.problems[0].code, "ends-of-lines");
    assert!(intake.problems[0].found.contains("3 lines, at most 0.157 km away"), "{}", intake.problems[0].found);
}

#[test]
fn a_line_that_ends_nowhere_is_counted_and_the_tolerance_decides() {
    let far = line("[[0,0],[10.02,0]]", r#""count":1"#);
    let features = [line("[[0,0],[10,0]]", ""), far];
    let features = features.each_ref().map(String::as_str);
    let intake = read(&atlas(), &FlowColumns::default(), &features).unwrap();
    assert_eq!((intake.tally.kept, intake.tally.dropped, intake.tally.weight_dropped), (1, 1, 1.0));
    let problem = &intake.problems[0];
    assert_eq!((problem.code, problem.dropped), ("line-without-place", true));
    assert_eq!(problem.found, "`b` as the nearest place, 2.224 km away, at the end 10.02, 0 of a line");
    let alone = read(&atlas(), &FlowColumns::default(), &features[1..]).unwrap();
    assert_eq!((alone.tally.dropped, alone.problems[0].code), (1, "line-without-place"), "no column is missing");
    let wide = FlowColumns { tolerance: Some(3.0), ..FlowColumns::default() };
    assert_eq!(ends(&read(&atlas(), &wide, &features).unwrap()), [(0, 1), (0, 1)]);
}

#[test]
fn an_end_between_places_that_coincide_belongs_to_none() {
    let mut atlas = atlas();
    atlas.places.push(place("twin", 10.0, 0.0));
    let features = [line("[[0,0],[10,0]]", ""), line("[[0,0],[20,0]]", "")];
    let intake = read(&atlas, &FlowColumns::default(), &features.each_ref().map(String::as_str)).unwrap();
    assert_eq!(ends(&intake), [(0, 2)]);
    assert!(intake.problems[0].found.starts_with("`b` and `twin`, as near as each other"));
}

#[test]
fn columns_come_first_and_features_that_are_no_lines_have_no_ends() {
    let named = line("[[0,0],[10,0]]", r#""origin":"zone","dest":"a","count":1"#);
    assert_eq!(ends(&read(&atlas(), &FlowColumns::default(), &[&named]).unwrap()), [(2, 0)]);
    let broken = named.replace("[[0,0],[10,0]]", "[[0],[null,{}]]");
    assert_eq!(ends(&read(&atlas(), &FlowColumns::default(), &[&broken]).unwrap()), [(2, 0)], "nobody needs it");
    let point = r#"{"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[0,0]}}"#;
    let intake = read(&atlas(), &FlowColumns::default(), &[point, &line("[[0,0],[10,0]]", "")]).unwrap();
    assert_eq!(intake.problems[0].code, "no-ends");
    let error = read(&atlas(), &FlowColumns::default(), &[point]).unwrap_err().to_string();
    assert!(error.contains("expected a column `origin`"), "{error}");
}
