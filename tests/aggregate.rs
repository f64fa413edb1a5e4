//! From records to a map: `flowatlas aggregate` and the commands that read what it writes. Needs a build with records (`make records`).

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use program::Bench;
use serde_json::json;

const MOVES: &str = "\
from,to,lon1,lat1,lon2,lat2,weight,year
a,b,0.5,0.5,1.5,0.5,1.5,2001
a,b,0.4,0.4,1.4,0.4,2.25,2001
a,b,0.3,0.3,1.3,0.3,4,2002
b,a,1.5,0.5,0.5,0.5,1,2001
b,c,1.5,0.5,9,9,1,2001
,b,,,1.5,0.5,1,2001
";

/// Two squares beside each other, `a` and `b`.
fn squares() -> String {
    let square = |id: &str, x: i32| {
        let ring = [(x, 0), (x + 1, 0), (x + 1, 1), (x, 1), (x, 0)].map(|(x, y)| format!("[{x},{y}]")).join(",");
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","name":"Zone {id}"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
        )
    };
    format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, square("a", 0), square("b", 1))
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("moves.csv", MOVES);
    bench.write("zones.geojson", squares());
    bench
}

const POINTS: &str = "aggregate moves.csv --origin lon1,lat1 --dest lon2,lat2 --places zones.geojson -o f/moves.csv";

#[test]
fn records_with_coordinates_become_a_map() {
    let bench = bench();
    let ended = bench.run(&format!("{POINTS} --weight weight")).expect(0);
    ended.says(&[
        "4 of 6 records make 2 flows",
        "1 records have an end outside of all zones",
        "wrote f/moves-places.csv",
    ]);
    assert_eq!(bench.text("f/moves.csv"), "origin,dest,count,records\na,b,7.75,3\nb,a,1,1\n");
    assert_eq!(bench.text("f/moves-places.csv"), "id,name,lon,lat\na,Zone a,0.5,0.5\nb,Zone b,1.5,0.5\n");
    bench.run("map f/moves-places.csv f/moves.csv -o map.svg --layout-report drawn.json").expect(0);
    bench.write("zones.geojson", bench.text("zones.geojson").replace("[1,0]", "[1,99]"));
    bench.run(POINTS).expect(0).says(&["note: zones.geojson: 2 × out-of-range, 2 left out", "6 records"]);
    assert_eq!(bench.json("f/report.json")["zones"]["tally"]["dropped"], json!(2));
    bench.write("zones.geojson", squares());
    bench.run(&format!("{POINTS} --weight weight")).expect(0);
    assert_eq!(bench.json("drawn.json")["flows"].as_array().unwrap().len(), 2);
    bench.run("metrics f/moves-places.csv f/moves.csv -o m.csv").expect(0);
}

#[test]
fn the_report_accounts_for_every_record_in_number_and_weight() {
    let bench = bench();
    bench.run(&format!("{POINTS} --weight weight")).expect(0);
    let report = bench.json("f/report.json");
    let expected = json!({
        "read": 6, "assigned": 4, "suppressed": 0, "outside_zones": 1, "unknown_place": 0, "without_end": 1, "unreadable_weight": 0
    });
    assert_eq!(report["records"], expected);
    let expected = json!({
        "read": 10.75, "assigned": 8.75, "suppressed": 0.0, "outside_zones": 1.0, "unknown_place": 0.0, "without_end": 1.0,
        "unreadable_weight": 0.0
    });
    assert_eq!(report["weight"], expected);
    assert_eq!(report["reconciles"], json!(true));
}

#[test]
fn few_records_are_blank_in_the_table_and_missing_on_the_map() {
    let bench = bench();
    let told = bench.run(&format!("{POINTS} --suppress-below 2 --period year")).expect(0);
    told.says(&["2 flows of fewer than 2 records are not told, 2 in all"]);
    assert_eq!(bench.text("f/moves.csv"), "origin,dest,count,time\na,b,2,2001\nb,a,,2001\na,b,,2002\n");
    let report = bench.json("f/report.json");
    assert_eq!((&report["records"]["suppressed"], &report["suppressed_flows"]), (&json!(2), &json!(2)));
    bench.run("metrics f/moves-places.csv f/moves.csv -o m.csv").expect(0);
    let hidden = bench.run(&format!("{POINTS} --suppress-below 2 --suppressed-total hide")).expect(0);
    assert!(!hidden.stderr.contains("of 6 records"), "{}", hidden.stderr);
    let report = bench.json("f/report.json");
    for part in ["read", "suppressed", "held"] {
        assert!(report["records"].get(part).is_none() && report["weight"].get(part).is_none(), "{part} tells the rest");
    }
}

#[test]
fn geojson_has_lines_between_the_zones_and_their_areas_beside() {
    let bench = bench();
    bench.run(&POINTS.replace("f/moves.csv", "f/moves.geojson")).expect(0);
    let flows = bench.json("f/moves.geojson");
    assert_eq!(
        flows["features"][0]["geometry"],
        json!({"type": "LineString", "coordinates": [[0.5, 0.5], [1.5, 0.5]]})
    );
    assert_eq!(flows["features"][0]["properties"], json!({"origin": "a", "dest": "b", "count": 3}));
    assert_eq!(bench.json("f/moves-places.geojson")["features"][1]["geometry"]["type"], json!("Polygon"));
    bench.run("map f/moves-places.geojson f/moves.geojson -o map.svg").expect(0);
}

#[test]
fn ids_need_no_zones_and_a_wrong_command_says_what_is_wrong() {
    let bench = bench();
    bench
        .run_with(&["aggregate", "moves.csv", "--origin", "\"from\"", "--dest", "\"to\"", "-o", "flows.csv"])
        .expect(0);
    assert_eq!(bench.text("flows.csv"), "origin,dest,count\na,b,3\nb,a,1\nb,c,1\n");
    assert!(!bench.path("flows-places.csv").exists());
    bench.run("aggregate moves.csv -o flows.csv").expect(2).says(&["no origin", "from, to, lon1", "--origin"]);
    bench.run("aggregate moves.csv -o flows.xls").expect(2).says(&["csv, parquet or geojson"]);
    bench.run("aggregate nowhere.csv -o flows.csv").expect(1).says(&["nowhere.csv", "no such file"]);
    bench
        .run("aggregate moves.csv --origin year --dest yeer -o flows.csv")
        .expect(2)
        .says(&["--dest \"yeer\"", "year"]);
    bench.run("aggregate moves.csv --memory much -o flows.csv").expect(2).says(&["500M"]);
}

#[test]
fn neither_records_nor_zones_are_written_over() {
    let bench = bench();
    let files = ["moves.csv", "zones.geojson"].map(|name| bench.text(name));
    let over = |output: &str| POINTS.replace("f/moves.csv", output);
    bench.run(&over("moves.csv")).expect(2).says(&["moves.csv is read and would be written over"]);
    bench.run(&over("zones.geojson")).expect(2).says(&["zones.geojson is read and would be written over"]);
    bench.run(&over("moves.csv").replacen("moves.csv", "*ves.csv", 1)).expect(2).says(&["moves.csv is read"]);
    assert_eq!(files, ["moves.csv", "zones.geojson"].map(|name| bench.text(name)));
}

#[test]
fn a_run_that_fails_leaves_the_files_as_they_were() {
    let bench = bench();
    bench.write("f/moves.csv", "old");
    bench.write("moves.csv", "lon1,lat1,lon2,lat2\n0.5,0.5,1.5,0.5\n0.5,0.5");
    bench.run(POINTS).expect(1);
    assert_eq!((bench.text("f/moves.csv").as_str(), bench.list("f")), ("old", vec!["moves.csv".to_owned()]));
}

#[test]
fn columns_can_be_derived_and_a_wrong_one_is_told() {
    let bench = bench();
    let moves = "aggregate moves.csv --origin from --dest to";
    let derived = ["--column", "early = year < 2002", "--kind", "early", "-o", "f.csv"];
    let arguments: Vec<&str> = moves.split_whitespace().chain(derived).collect();
    bench.run_with(&arguments).expect(0);
    assert_eq!(bench.text("f.csv"), "origin,dest,count,kind\na,b,1,false\na,b,2,true\nb,a,1,true\nb,c,1,true\n");
    let columns = json!([{ "name": "early", "expression": "year < 2002" }]);
    assert_eq!(bench.json("report.json")["wish"]["columns"], columns);
    bench.run(&format!("{moves} --column early -o f.csv")).expect(2).says(&["NAME=EXPR", "early"]);
    bench.run(&format!("{moves} --column year=1 -o f.csv")).expect(2).says(&["a column year already"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_and_leaves_the_files_as_they_were() {
    use std::{process::Command, time::Duration};

    let bench = bench();
    let rows = (0..200_000).map(|k| format!("{0}.{k},0.5,1.{k},0.5\n", k % 2));
    bench.write("records/0.csv", "lon1,lat1,lon2,lat2\n".to_owned() + &rows.collect::<String>());
    for k in 1..200 {
        std::fs::hard_link(bench.path("records/0.csv"), bench.path(&format!("records/{k}.csv"))).unwrap();
    }
    bench.write("f/moves.csv", "old");
    let arguments = POINTS.replace("moves.csv --origin", "records --origin");
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let mut run = program::start_in(&bench.path(""), &arguments);
    std::thread::sleep(Duration::from_millis(700));
    assert!(run.try_wait().unwrap().is_none(), "40 million records take longer");
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(130), "as shells call an interrupt");
    assert_eq!((bench.text("f/moves.csv").as_str(), bench.list("f")), ("old", vec!["moves.csv".to_owned()]));
}
