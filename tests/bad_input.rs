//! Bad input, each kind with the message that a data owner gets. The data are mended in place: nothing panics, nothing
//! is dropped in silence.

#[path = "support/program.rs"]
mod program;

use program::{Bench, FLOWS, PLACES};

/// Draws the map of these two files and expects this exit code and these words.
#[track_caller]
fn drawn(places: (&str, &[u8]), flows: (&str, &[u8]), code: i32, words: &[&str]) {
    let bench = Bench::new();
    bench.write(places.0, places.1);
    bench.write(flows.0, flows.1);
    let ended = bench.run(&format!("map {} {} -o a.svg", places.0, flows.0)).expect(code).says(words);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    assert_eq!(bench.path("a.svg").exists(), code == 0);
}

#[track_caller]
fn with_places(name: &str, places: impl AsRef<[u8]>, code: i32, words: &[&str]) {
    drawn((name, places.as_ref()), ("f.csv", FLOWS.as_bytes()), code, words);
}

#[track_caller]
fn with_flows(name: &str, flows: impl AsRef<[u8]>, code: i32, words: &[&str]) {
    drawn(("p.csv", PLACES.as_bytes()), (name, flows.as_ref()), code, words);
}

/// The places of the bench with one more row.
fn places_and(row: &str) -> String {
    format!("{PLACES}{row}\n")
}

/// The flows of the bench with one more row.
fn flows_and(row: &str) -> String {
    format!("{FLOWS}{row}\n")
}

#[test]
fn a_geojson_file_that_is_not_json_ends_with_1_and_its_line() {
    with_flows("f.geojson", "{\"type\": \"FeatureCollection\",\n\"features\": [,]}", 1, &["f.geojson", "line 2"]);
    with_flows("f.geojson", "origin,dest,count\n", 1, &["f.geojson"]);
}

#[test]
fn json_of_another_type_ends_with_1() {
    with_flows("f.geojson", "{\"type\": \"Topology\", \"objects\": {}}", 1, &["FeatureCollection"]);
    with_flows("f.geojson", "[1, 2, 3]", 1, &["FeatureCollection"]);
}

#[test]
fn an_empty_file_ends_with_1() {
    with_flows("f.csv", "", 1, &["f.csv", "empty"]);
    with_flows("f.geojson", "", 1, &["f.geojson", "empty"]);
    with_places("p.csv", "", 1, &["p.csv", "empty"]);
}

#[test]
fn unknown_places_are_counted_and_named() {
    with_flows("f.csv", flows_and("hyo,limaa,5,x"), 0, &["unknown-place", "1 left out", "limaa"]);
}

#[test]
fn when_no_flow_can_be_used_the_first_problem_is_the_answer() {
    with_flows("f.csv", "origin,dest,count\nx,y,5\n", 1, &["none of its 1 flows could be used", "x"]);
    with_places("p.csv", "id,name,lon,lat\n", 1, &["flows could be used", "There are no places in p.csv"]);
}

#[test]
fn a_second_place_of_one_id_is_left_out() {
    with_places("p.csv", places_and("lim,Lima again,-77,-12"), 0, &["duplicate-id", "lim"]);
}

#[test]
fn weights_that_are_not_finite_or_negative_are_left_out() {
    with_flows("f.csv", flows_and("aqp,tru,NaN,x"), 0, &["not-finite", "NaN"]);
    with_flows("f.csv", flows_and("aqp,tru,inf,x"), 0, &["not-finite", "inf"]);
    with_flows("f.csv", flows_and("aqp,tru,1e999,x"), 0, &["not-finite", "1e999"]);
    with_flows("f.csv", flows_and("aqp,tru,-5,x"), 0, &["negative", "-5"]);
    with_flows("f.csv", flows_and("aqp,tru,many,x"), 0, &["not-a-number", "many"]);
}

#[test]
fn a_flow_to_a_place_whose_row_could_not_be_used_is_told_which_row() {
    let bench = Bench::new();
    bench.write("places.csv", places_and("hyc,Huancayo two,-75,135"));
    bench.write("flows.csv", flows_and("hyc,lim,7,census"));
    let told = "line 7, origin: found hyc, expected the id of a place; this place is there, but its row could not be used: \
                places.csv, line 6\n";
    bench.run("map places.csv flows.csv -o m.svg --base none").expect(0).says(&[told]);
    let points = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"id":"lim"},"geometry":{"type":"Point","coordinates":[-77,-12]}},
        {"type":"Feature","properties":{"id":"hyo"},"geometry":null}]}"#;
    bench.write("places.geojson", points);
    bench.write("flows.csv", "origin,dest,count\nlim,hyo,5\n");
    let told = "its row could not be used: places.geojson, feature 1";
    bench.run("map places.geojson flows.csv -o m.svg --base none").expect(1).says(&[told]);
}

#[test]
fn coordinates_out_of_range_are_left_out() {
    with_places("p.csv", places_and("far,Far,-200,-12"), 0, &["out-of-range", "-200"]);
    with_places("p.csv", places_and("nan,Nan,NaN,-12"), 0, &["not-finite", "NaN"]);
}

#[test]
fn latitude_and_longitude_swapped_are_recognised() {
    with_places("p.csv", places_and("ist,Far east,12.0,135.0"), 0, &["out-of-range", "swapped"]);
}

#[test]
fn huge_weights_are_drawn() {
    with_flows("f.csv", flows_and("aqp,tru,1e300,x"), 0, &[]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_make_no_difference() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let plain = Bench::new();
    plain.run("metrics places.csv flows.csv -o m.csv").expect(0);
    let bench = Bench::new();
    bench.write("places.csv", windows(PLACES));
    bench.write("flows.csv", windows(FLOWS));
    bench.run("metrics places.csv flows.csv -o m.csv").expect(0);
    assert_eq!(bench.text("m.csv"), plain.text("m.csv"));
}

#[test]
fn another_delimiter_is_recognised_and_remarked_on() {
    with_flows("f.csv", FLOWS.replace(',', ";"), 0, &["other-delimiter"]);
}

#[test]
fn a_missing_column_is_answered_with_those_that_are_there() {
    with_flows("f.csv", "from,dest,count\nlim,hyo,3\n", 1, &["`origin`", "`from`"]);
}

#[test]
fn weights_that_add_up_to_infinity_are_an_error() {
    with_flows("f.csv", "origin,dest,count\nlim,hyo,1e308\nhyo,aqp,1e308\n", 1, &["f.csv", "expected a finite total"]);
}

#[test]
fn files_in_the_wrong_order_are_noticed() {
    Bench::new().run("map flows.csv places.csv -o m.png").expect(1).says(&["are these flows? places come first"]);
    Bench::new().run("map places.csv places.csv -o m.png").expect(1).says(&["are these places?"]);
}

#[test]
fn flows_without_places_are_told_why_these_are_missing() {
    let bench = Bench::new();
    bench.write("places.csv", PLACES.replace("-12.", "-12o"));
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,120\n");
    let words = ["origin: found hyo", "2 of 4 places were left out", "places.csv, line 2, lat: found -12o05"];
    bench.run("map places.csv flows.csv -o m.png").expect(1).says(&words);
}

#[test]
fn a_place_that_is_a_geometry_collection_is_left_out() {
    let point = |id: &str, lon: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},-12]}}}}"
        )
    };
    let collection = "{\"type\":\"Feature\",\"properties\":{\"id\":\"gc\"},\"geometry\":{\"type\":\"GeometryCollection\",\"geometries\":[]}}";
    let places = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{},{},{},{},{collection}]}}",
        point("lim", -77.0),
        point("hyo", -75.0),
        point("aqp", -72.0),
        point("tru", -79.0)
    );
    with_places("p.geojson", places, 0, &["unfit-geometry", "GeometryCollection"]);
}

#[test]
fn ten_megabytes_on_one_line_are_read() {
    let note = "x".repeat(100);
    let feature = format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"origin\":\"lim\",\"dest\":\"hyo\",\"count\":1,\"note\":\"{note}\"}},\"geometry\":null}}"
    );
    let features = vec![feature.as_str(); 10 * 1024 * 1024 / feature.len() + 1].join(",");
    with_flows("f.geojson", format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}"), 0, &[]);
}

#[test]
fn bytes_that_are_no_text_end_with_1() {
    with_flows("f.csv", [&b"origin,dest,count\nlim,hyo,"[..], &[0xff, 0xfe], b"\n"].concat(), 1, &["UTF-8"]);
}

#[test]
fn a_row_of_another_length_is_left_out() {
    with_flows("f.csv", flows_and("lim,hyo"), 0, &["ragged-row"]);
}

#[test]
fn a_format_that_nothing_reads_ends_with_1() {
    with_flows("f.xyz", "hello", 1, &["f.xyz"]);
}

#[test]
fn what_symbols_show_is_a_column_or_a_metric() {
    let bench = Bench::new();
    bench.run("map places.csv flows.csv -o m.png --size-by betweeness").expect(2).says(&["betweeness", "betweenness"]);
    bench.run("map places.csv flows.csv -o m.png --color-by communities").expect(2).says(&["communities"]);
    bench.run("map places.csv flows.csv -o m.png --size-by net").expect(2).says(&["negative"]);
    assert!(!bench.path("m.png").exists());
}
