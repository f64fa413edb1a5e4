use std::path::Path;

use flowatlas_model::{Atlas, Value};
use proptest::prelude::*;

use super::*;
use crate::{Intake, PlaceColumns, Source, places::PlaceCollector};

fn parse(bytes: &[u8]) -> Result<Intake<Atlas>, Error> {
    let mut places = PlaceCollector::new(&Source::parse("p.csv", Path::new("")), &PlaceColumns::default());
    read("p.csv", bytes, b',', &mut places)?;
    places.finish()
}

const PLAIN: &str = "id,name,lon,lat\na,\"Lima, Callao\",-77,-12.05\nb,Junín,-75,-11.5\n";

#[test]
fn quoted_fields_may_hold_the_separator() {
    let intake = parse(PLAIN.as_bytes()).unwrap();
    assert_eq!(intake.value.places[0].name, "Lima, Callao");
    assert_eq!(intake.problems, []);
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let marked = format!("\u{feff}{}", PLAIN.replace('\n', "\r\n"));
    assert_eq!(parse(marked.as_bytes()).unwrap(), parse(PLAIN.as_bytes()).unwrap());
}

#[test]
fn well_known_text_gives_positions_where_no_columns_do() {
    for name in ["wkt", "WKT", "geometry", "the_geom"] {
        let text = format!("id,{name}\na,POINT (-77 -12.05)\nb,\"POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))\"\nc,7\n");
        let intake = parse(text.as_bytes()).unwrap();
        let places = &intake.value.places;
        assert_eq!((places[0].at.x, places[0].at.y, places[1].area.is_some()), (-77.0, -12.05, true), "{name}");
        assert_eq!((intake.problems.len(), intake.problems[0].code), (1, "unfit-geometry"));
    }
    let both = parse(b"id,lon,lat,wkt\na,1,2,POINT (3 4)\n").unwrap();
    assert_eq!(both.value.places[0].at.x, 1.0, "columns of coordinates come first");
}

#[test]
fn another_separator_is_found_and_remarked_on() {
    for (mark, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
        let text = "id,name,lon,lat\na,Lima,-77,-12.05\n".replace(',', mark);
        let intake = parse(text.as_bytes()).unwrap();
        assert_eq!(intake.value.places[0].name, "Lima");
        let problem = &intake.problems[0];
        assert_eq!(
            (problem.code, problem.found.as_str(), problem.expected.as_str()),
            ("other-delimiter", name, "commas")
        );
        assert!(!problem.dropped);
    }
}

#[test]
fn decimal_commas_are_read_where_semicolons_separate_fields() {
    let text = "id;lon;lat;population;share;label\na;-77,035;-12,5;1,234;0,5;1,5 km\nb;-75;-11.5;8,5;12,25;2\n";
    let intake = parse(text.as_bytes()).unwrap();
    let places = &intake.value.places;
    assert_eq!((places[0].at.x, places[0].at.y, places[1].at.y), (-77.035, -12.5, -11.5));
    assert_eq!((places[0].population, places[1].population), (None, Some(8.5)));
    assert_eq!(intake.value.attributes.get("share", 1), &Value::Real(12.25));
    assert_eq!(intake.value.attributes.get("label", 0), &Value::Text("1,5 km".into()));
    let codes: Vec<&str> = intake.problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["other-delimiter", "not-a-number"]);
    assert_eq!(intake.problems[0].hint, "the file was read so, and 12,5 in it as 12.5");
}

#[test]
fn a_population_whose_point_may_part_thousands_is_doubted() {
    let text = "id;lon;lat;population\na;-77,035;-12.035;1.234\nb;-75;-11,5;8.5\n";
    let intake = parse(text.as_bytes()).unwrap();
    let told: Vec<_> = intake.problems.iter().map(|p| (p.code, &*p.field, &*p.found)).collect();
    assert_eq!(told[1..], [("point-in-doubt", "population", "1.234")]);
    assert_eq!(intake.value.places[0].population, Some(1.234));
}

#[test]
fn lines_are_counted_alike_with_windows_line_ends() {
    let text = "id,lon,lat\na,1,2\n\"b\nc\",x,2\nd,1,y\n";
    let lines =
        |text: &str| parse(text.as_bytes()).unwrap().problems.into_iter().map(|p| p.feature).collect::<Vec<_>>();
    assert_eq!(lines(text), ["lines 3 to 4", "line 5"]);
    assert_eq!(lines(&text.replace('\n', "\r\n")), ["lines 3 to 4", "line 5"]);
    let error = parse(b"id,name,lon,lat\r\na,Jun\xEDn,1,2\r\n").unwrap_err().to_string();
    assert!(error.starts_with("p.csv: line 2"), "{error}");
}

#[test]
fn a_quote_that_nothing_closes_is_an_error_with_the_line_on_which_it_opens() {
    for end in ["", "\n", "\r\n", "\nc,3,4\n"] {
        let error = parse(format!("id,lon,lat\na,1,2\nb,\"3,4{end}").as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("p.csv: line 3: found a quote that nothing closes"), "{error}");
    }
    let opened = parse(b"id,lon,lat,note\n\"a\nb\",1,2,\"open\n\n").unwrap_err().to_string();
    assert!(opened.starts_with("p.csv: line 3:"), "{opened}");
    assert!(parse(b"id,lon,\"lat\na,1,2\n").unwrap_err().to_string().starts_with("p.csv: line 1:"));
    for closed in ["id,lon,lat\n\"a\",1,\"2\"", "id,lon,lat\n\"a\",1,\"2\"\r\n", "id,lon,lat\na,1,2\n\n\n"] {
        assert_eq!(parse(closed.as_bytes()).unwrap().tally.read, 1, "{closed:?}");
    }
}

#[test]
fn a_faulty_row_of_several_lines_tells_which_lines_it_swallowed() {
    let intake = parse(b"id,lon,lat\na,\"1,2\nb,3,4\nc,\"5,6\nd,7,8\n").unwrap();
    let problem = &intake.problems[0];
    assert_eq!(problem.feature, "lines 2 to 4");
    assert_eq!(problem.hint, "lines 2 to 4 were read as one row: is a quote missing?");
    let intake = parse(b"id,lon,lat\na,\"x\ny\",2\n").unwrap();
    assert_eq!((&*intake.problems[0].found, intake.tally.dropped), ("x⏎y", 1));
}

#[test]
fn an_empty_file_is_named_as_such() {
    for text in ["", "\u{feff}", "\r\n\n"] {
        let message = parse(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(message, "p.csv: the file is empty, expected a header and records");
    }
}

#[test]
fn a_row_with_fields_too_few_or_too_many_is_dropped() {
    let intake = parse(b"id,lon,lat\na,1\nb,1,2,3\nc,1,2,\nd,1,2\n").unwrap();
    let problems: Vec<_> = intake.problems.iter().map(|p| (p.code, p.feature.as_str(), p.found.as_str())).collect();
    assert_eq!(problems, [("ragged-row", "line 2", "2 fields"), ("ragged-row", "line 3", "4 fields")]);
    assert_eq!(intake.tally.kept, 2);
}

#[test]
fn text_that_is_not_utf8_is_an_error_with_its_line() {
    let error = parse(b"id,name,lon,lat\na,Jun\xEDn,1,2\n").unwrap_err();
    let expected =
        "p.csv: line 2: found a byte that is not UTF-8 in field 2, expected text in UTF-8; save the file as UTF-8";
    assert_eq!(error.to_string(), expected);
    assert!(parse(b"\xFF\xFEi\0d\0").unwrap_err().to_string().contains("found UTF-16"));
}

#[test]
fn columns_without_a_name_of_their_own_go_by_their_number() {
    let intake = parse(b",id,id,lon,lat\n0,a,b,1,2\n").unwrap();
    assert_eq!(intake.value.places[0].id, "a");
    assert_eq!(intake.value.attributes.get("column 1", 0), &Value::Integer(0));
    assert_eq!(intake.value.attributes.get("column 3", 0), &Value::Text("b".into()));
    assert_eq!(intake.problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["column-name", "column-name"]);
}

#[test]
fn ten_megabytes_in_one_field_are_read_like_any_other() {
    let long = "x".repeat(10 << 20);
    let intake = parse(format!("id,lon,lat,note\na,1,2,{long}\n").as_bytes()).unwrap();
    assert_eq!(intake.value.attributes.get("note", 0).to_text().len(), 10 << 20);
}

proptest! {
    #[test]
    fn fields_survive_the_round_trip(notes in prop::collection::vec("[^0-9]{1,12}", 1..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "lon", "lat", "note"]).unwrap();
        for (k, note) in notes.iter().enumerate() {
            writer.write_record([&k.to_string(), "1", "2", note]).unwrap();
        }
        let table = parse(&writer.into_inner().unwrap()).unwrap().value.attributes;
        for (k, note) in notes.iter().enumerate() {
            prop_assert_eq!(table.get("note", k).to_text(), note.as_str());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
        let _ = parse(&[b"id,lon,lat\n".as_slice(), &bytes].concat());
    }
}
