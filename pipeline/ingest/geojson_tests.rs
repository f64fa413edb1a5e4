use std::path::Path;

use flowatlas_model::{Atlas, Place, PlaceIndex, WeightKind};
use geo::Coord;
use proptest::prelude::*;

use super::*;
use crate::{FlowColumns, Intake, PlaceColumns, Source, flows::FlowCollector, places::PlaceCollector};

fn atlas() -> Atlas {
    let place = |id: &str| Place {
        id: id.to_owned(),
        name: id.to_owned(),
        at: Coord { x: 0.0, y: 0.0 },
        area: None,
        population: None,
    };
    Atlas { places: vec![place("a"), place("b"), place("1")], ..Atlas::default() }
}

/// Hands out its bytes a few at a time, so that a window ends within every kind of token.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn flows_dripped(bytes: &[u8], step: usize) -> Result<Intake<flowatlas_model::FlowTable>, Error> {
    let (atlas, source) = (atlas(), Source::parse("f.json", Path::new("")));
    let mut collector = FlowCollector::new(&source, &FlowColumns::default(), &atlas, WeightKind::Measured);
    read("f.json", Drip(bytes, step), &mut collector)?;
    collector.finish()
}

fn flows(text: &str) -> Result<Intake<flowatlas_model::FlowTable>, Error> {
    flows_dripped(text.as_bytes(), usize::MAX)
}

fn places(text: &str) -> Result<Intake<Atlas>, Error> {
    let mut collector = PlaceCollector::new(&Source::parse("p.json", Path::new("")), &PlaceColumns::default());
    read("p.json", text.as_bytes(), &mut collector)?;
    collector.finish()
}

fn collection(features: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

fn flow(properties: &str) -> String {
    collection(&format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":null}}"#))
}

const THREE: &str = r#"{"name":"n","features":[
  {"type":"Feature","geometry":{"type":"LineString","coordinates":[[0.5,-1e1],[1,1]]},"properties":{"origin":"a","dest":"b","count":-0.0,"note":"\"{\u00e9}"}},
  {"type":"Feature","geometry":null,"properties":{"origin":"b","dest":1,"count":12.25,"extra":{"k":[1,{"l":null}]}}},
  {"type":"Feature","properties":{"origin":"b","dest":1.0,"count":null}}
 ],"bbox":[0,0,1,1],"type":"FeatureCollection"} "#;

#[test]
fn flows_are_read_with_root_members_in_any_order() {
    let intake = flows(THREE).unwrap();
    let weights: Vec<_> = intake.value.flows.iter().map(|f| f.weight).collect();
    assert_eq!(weights, [Some(0.0), Some(12.25), None]);
    assert_eq!(intake.value.flows[2].destination, PlaceIndex(2));
    assert_eq!((intake.tally.read, intake.tally.weight_read), (3, 12.25));
    assert_eq!(intake.problems, []);
}

#[test]
fn attributes_keep_every_property_in_order_of_appearance() {
    let table = flows(THREE).unwrap().value.attributes;
    let names: Vec<_> = table.columns().iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["origin", "dest", "count", "note", "extra"]);
    assert_eq!(table.get("note", 0), &Value::Text("\"{é}".into()));
    assert_eq!(table.get("extra", 1), &Value::Text(r#"{"k":[1,{"l":null}]}"#.into()));
    assert_eq!(table.get("extra", 0), &Value::Missing);
}

#[test]
fn where_the_window_ends_makes_no_difference() {
    let whole = flows(THREE).unwrap();
    for step in 1..40 {
        assert_eq!(flows_dripped(THREE.as_bytes(), step).unwrap(), whole, "{step} bytes at a time");
    }
}

#[test]
fn a_truncated_file_is_an_error_wherever_it_is_cut() {
    let end = THREE.trim_end().len();
    for cut in 1..end {
        let error = flows_dripped(&THREE.as_bytes()[..cut], 7).unwrap_err();
        assert!(matches!(error, Error::Syntax { .. }), "cut at {cut}: {error}");
    }
}

#[test]
fn the_message_of_a_truncated_file_says_where_it_ends() {
    let error = flows(&THREE[..200]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "f.json: line 3, byte 200, feature 1: the file ends in the middle of a value; was it copied or downloaded whole?"
    );
}

#[test]
fn what_is_not_a_feature_collection_is_named() {
    let cases = [
        ("[1,2]", "found a JSON array"),
        (r#"{"type":"Feature","properties":{}}"#, "found a Feature"),
        (r#"{"type":"Topology","objects":{}}"#, "found a TopoJSON Topology"),
        (r#"{"type":7}"#, "found a `type` that is not text"),
        (r#"{"type":"FeatureCollection"}"#, "found a FeatureCollection without `features`"),
        (r#"{"features":[]}"#, "found a JSON object without `type`"),
        ("{}", "found a JSON object without `type`"),
        ("<html>", "found XML or HTML"),
        ("id,name", "found no JSON object but a file that begins with \"id,name\""),
    ];
    for (text, found) in cases {
        let message = flows(text).unwrap_err().to_string();
        assert!(message.contains(&format!("{found}, expected a GeoJSON FeatureCollection")), "{text}: {message}");
    }
}

#[test]
fn an_empty_file_is_named_as_such() {
    for text in ["", "  \r\n", "\u{feff}"] {
        let message = flows(text).unwrap_err().to_string();
        assert_eq!(message, "f.json: the file is empty, expected a GeoJSON FeatureCollection");
    }
}

#[test]
fn an_empty_collection_has_no_places_and_no_problems() {
    let intake = places(&collection("")).unwrap();
    assert_eq!((intake.value.places.len(), intake.tally.read), (0, 0));
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let marked = format!("\u{feff}{}", THREE.replace('\n', "\r\n"));
    assert_eq!(flows(&marked).unwrap(), flows(THREE).unwrap());
}

#[test]
fn nan_is_an_error_that_says_what_to_write_instead() {
    for word in ["NaN", "Infinity", "-Infinity"] {
        let message = flows(&flow(&format!(r#""origin":"a","dest":"b","count":{word}"#))).unwrap_err().to_string();
        assert!(message.contains("line 1, byte "), "{message}");
        assert!(message.ends_with("JSON has no NaN and no Infinity: write null for a missing number"), "{message}");
    }
}

#[test]
fn a_number_too_large_drops_its_feature_alone() {
    let huge = r#"{"type":"Feature","properties":{"origin":"a","dest":"b","count":1e999}}"#;
    let good = r#"{"type":"Feature","properties":{"origin":"a","dest":"b","count":1}}"#;
    let intake = flows(&collection(&format!("{huge},{good}"))).unwrap();
    assert_eq!((intake.tally.read, intake.tally.kept, intake.tally.dropped), (2, 1, 1));
    let problem = &intake.problems[0];
    assert_eq!((problem.code, problem.found.as_str()), ("unreadable-feature", "number out of range"));
    assert_eq!(problem.feature, "feature 0");
}

#[test]
fn members_of_the_collection_that_are_no_features_are_dropped_with_a_reason() {
    let intake =
        places(&collection(r#"null, 12, "x", [], {"type":"Point"}, {"type":"Feature","properties":[]}"#)).unwrap_err();
    assert!(matches!(intake, Error::Column { .. }));
    let good = r#"{"type":"Feature","id":1,"properties":null,"geometry":{"type":"Point","coordinates":[1,2]}}"#;
    let intake = places(&collection(&format!(r#"null, 12, {good}, {{"type":"Point"}}"#))).unwrap();
    assert_eq!((intake.tally.kept, intake.tally.dropped), (1, 3));
    let found: Vec<_> = intake.problems.iter().map(|p| p.found.as_str()).collect();
    let invalid = |what: &str| format!("invalid type: {what}, expected a feature");
    assert_eq!(found, [&invalid("null"), &invalid("integer `12`"), "an object of another type"]);
}

#[test]
fn text_that_is_not_utf8_is_an_error_with_its_line() {
    let latin = [
        b"{\"type\":\"FeatureCollection\",\n\"features\":[{\"properties\":{\"name\":\"Caj".as_slice(),
        b"\xE1marca\"}}]}",
    ]
    .concat();
    let error = flows_dripped(&latin, 9).unwrap_err();
    assert_eq!(
        error.to_string(),
        "f.json: line 2: found the byte 0xE1, expected text in UTF-8; save the file as UTF-8"
    );
    let utf16 = flows_dripped(b"\xFF\xFE{\0", 9).unwrap_err();
    assert!(utf16.to_string().contains("found UTF-16"));
}

#[test]
fn ten_megabytes_on_one_line_are_read_like_any_other() {
    let long = "x".repeat(10 << 20);
    let intake = flows(&flow(&format!(r#""origin":"a","dest":"b","count":1,"note":"{long}""#))).unwrap();
    assert_eq!(intake.value.attributes.get("note", 0).to_text().len(), 10 << 20);
    let padded = THREE.replace('\n', &" ".repeat(3 << 20));
    assert_eq!(flows(&padded).unwrap(), flows(THREE).unwrap());
}

#[test]
fn deep_nesting_neither_overflows_nor_passes_unseen() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let ignored = format!(r#"{{"deep":{deep},"type":"FeatureCollection","features":[]}}"#);
    assert!(flows(&ignored).is_ok());
    let good = r#"{"type":"Feature","properties":{"origin":"a","dest":"b"}}"#;
    let bad = format!(r#"{{"type":"Feature","properties":{{"p":{deep}}}}}"#);
    let intake = flows(&collection(&format!("{good},{bad}"))).unwrap();
    assert_eq!(intake.problems[0].found, "recursion limit exceeded");
}

#[test]
fn text_after_the_document_is_an_error() {
    let message = flows(&format!("{}{{}}", collection(""))).unwrap_err().to_string();
    assert!(message.contains("found `{`, expected the end of the file"), "{message}");
}

#[test]
fn an_outdated_coordinate_system_is_remarked_on() {
    let text = r#"{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32718"}},"type":"FeatureCollection","features":[]}"#;
    let intake = places(text).unwrap();
    assert_eq!((intake.problems[0].code, intake.problems[0].dropped), ("crs-ignored", false));
    assert!(places(&text.replace("EPSG::32718", "OGC:1.3:CRS84")).unwrap().problems.is_empty());
}

/// A property value in JSON and the cell it should become.
fn value() -> impl Strategy<Value = (serde_json::Value, Value)> {
    prop_oneof![
        Just((serde_json::Value::Null, Value::Missing)),
        any::<bool>().prop_map(|b| (b.into(), Value::Flag(b))),
        any::<i64>().prop_map(|i| (i.into(), Value::Integer(i))),
        (-1e300..1e300f64).prop_map(|r| (r.into(), Value::Real(r))),
        any::<String>().prop_map(|t| (t.as_str().into(), Value::Text(t.into()))),
    ]
}

proptest! {
    #[test]
    fn properties_survive_the_round_trip(cells in prop::collection::vec(value(), 1..20), step in 1usize..50) {
        let features: Vec<_> = cells.iter().map(|(json, _)| {
            serde_json::json!({"type": "Feature", "properties": {"origin": "a", "dest": "b", "p": json}})
        }).collect();
        let text = serde_json::json!({"type": "FeatureCollection", "features": features}).to_string();
        let table = flows_dripped(text.as_bytes(), step).unwrap().value.attributes;
        for (row, (_, cell)) in cells.iter().enumerate() {
            match (table.get("p", row), cell) {
                (Value::Real(a), Value::Real(b)) => prop_assert!((a - b).abs() <= b.abs() * 1e-15),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), step in 1usize..20) {
        let _ = flows_dripped(&bytes, step);
        let _ = places(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_damage_to_a_document_makes_the_reader_panic(
        damage in prop::collection::vec((0..THREE.len(), any::<u8>()), 1..6),
        step in 1usize..60,
    ) {
        let mut bytes = THREE.as_bytes().to_vec();
        for (at, byte) in damage {
            bytes[at] = byte;
        }
        if let Ok(intake) = flows_dripped(&bytes, step) {
            prop_assert_eq!(intake.tally.read, intake.tally.kept + intake.tally.dropped);
            let dropped = intake.problems.iter().filter(|p| p.dropped).count() as u64;
            prop_assert_eq!(intake.tally.dropped, dropped);
        }
    }
}

#[test]
fn rows_arrive_in_order_however_many_travel_together() {
    let feature = |k: usize| match k % 5 {
        4 => "7".to_owned(),
        _ => format!(
            r#"{{"type":"Feature","properties":{{"origin":"a","dest":"b","count":{k},"c{}":"n{k}"}},"geometry":null}}"#,
            k / 400
        ),
    };
    let features: Vec<_> = (0..1000).map(feature).collect();
    let intake = flows(&collection(&features.join(","))).unwrap();
    let kept: Vec<_> = (0..1000).filter(|k| k % 5 != 4).collect();
    let weights: Vec<_> = intake.value.flows.iter().map(|f| f.weight.unwrap() as usize).collect();
    assert_eq!(weights, kept);
    let rejected: Vec<_> = intake.problems.iter().map(|p| p.feature.clone()).collect();
    assert_eq!(rejected, (0..200).map(|k| format!("feature {}", 5 * k + 4)).collect::<Vec<_>>());
    for (row, k) in kept.into_iter().enumerate() {
        let own = intake.value.attributes.get(&format!("c{}", k / 400), row);
        assert_eq!(own, &Value::Text(format!("n{k}").into()));
    }
}
