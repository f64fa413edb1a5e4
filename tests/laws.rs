//! What must hold whatever the data: no reference files, only two ways to the same thing.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use program::{Bench, FLOWS, PLACES};
use serde_json::Value;

const OUTPUTS: [&str; 5] = ["a.png", "a.svg", "m.csv", "m.json", "flows.geojson"];

/// Makes a picture, tables and a layer of the flows in the folder.
fn make(bench: &Bench, options: &str) {
    bench.run(&format!("map places.csv flows.csv -o a.png --dpi 60 --layout-report a.json {options}")).expect(0);
    bench.run(&format!("map places.csv flows.csv -o a.svg {options}")).expect(0);
    bench.run(&format!("metrics places.csv flows.csv -o m.csv {options}")).expect(0);
    bench.run(&format!("metrics places.csv flows.csv -o m.json {options}")).expect(0);
}

fn made_with(flows: &str) -> Bench {
    let bench = Bench::new();
    bench.write("flows.csv", flows);
    make(&bench, "");
    bench
}

fn flows(bench: &Bench) -> Vec<Value> {
    bench.json("a.json")["flows"].as_array().unwrap().clone()
}

/// Returns the same rows, the last one first.
fn reversed(table: &str) -> String {
    let mut lines: Vec<&str> = table.lines().collect();
    lines[1..].reverse();
    lines.join("\n") + "\n"
}

fn doubled(flows: &str) -> String {
    let mut lines = flows.lines();
    let header = lines.next().unwrap().to_owned() + "\n";
    let rows = lines.map(|line| {
        let mut cells: Vec<String> = line.split(',').map(String::from).collect();
        cells[2] = (cells[2].parse::<f64>().unwrap() * 2.0).to_string();
        cells.join(",") + "\n"
    });
    header + &rows.collect::<String>()
}

fn sorted(mut flows: Vec<Value>) -> Vec<Value> {
    flows.sort_by_key(|flow| format!("{} {}", flow["origin"], flow["destination"]));
    flows
}

#[test]
fn the_order_of_rows_changes_neither_the_picture_nor_the_numbers() {
    let (a, b) = (made_with(FLOWS), made_with(&reversed(FLOWS)));
    for name in ["a.png", "a.svg", "m.csv", "m.json"] {
        assert!(a.read(name) == b.read(name), "{name}");
    }
    assert_eq!(sorted(flows(&a)), sorted(flows(&b)));
}

#[test]
fn the_order_of_places_changes_no_picture() {
    let (a, b) = (made_with(FLOWS), Bench::new());
    b.write("places.csv", reversed(PLACES));
    make(&b, "");
    for name in ["a.png", "a.svg"] {
        assert!(a.read(name) == b.read(name), "{name}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let bench = Bench::new();
    let mut all = Vec::new();
    for threads in ["--threads 1", "--threads 8"] {
        make(&bench, threads);
        bench.run(&format!("export places.csv flows.csv -o flows.geojson {threads}")).expect(0);
        all.push(OUTPUTS.map(|name| bench.read(name)));
    }
    assert!(all[0] == all[1]);
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let bench = Bench::with_study();
    bench.run("run study/study.toml --out a").expect(0);
    bench.run("run study/study.toml --out b --threads 1").expect(0);
    for name in bench.list("a/study") {
        assert_eq!(bench.read(&format!("a/study/{name}")), bench.read(&format!("b/study/{name}")), "{name}");
    }
}

#[test]
fn doubled_weights_leave_every_curve_and_width_where_it_was() {
    let (a, b) = (made_with(FLOWS), made_with(&doubled(FLOWS)));
    assert_eq!(flows(&a), flows(&b));
}

#[test]
fn doubled_weights_double_the_totals_and_leave_the_shares() {
    let network = |bench: &Bench| -> Vec<(String, Option<f64>, String)> {
        let metrics = bench.json("m.json");
        let network = metrics["network"].as_array().unwrap().iter();
        network
            .map(|m| (m["id"].as_str().unwrap().into(), m["value"].as_f64(), m["unit"].as_str().unwrap().into()))
            .collect()
    };
    let (a, b) = (network(&made_with(FLOWS)), network(&made_with(&doubled(FLOWS))));
    let mut doubled_ones = 0;
    for ((id, before, unit), (_, after, _)) in a.iter().zip(&b) {
        let factor = match unit.as_str() {
            "weight" => 2.0,
            "1/weight" => 0.5,
            _ => 1.0,
        };
        doubled_ones += usize::from(unit == "weight");
        match (before, after) {
            (Some(before), Some(after)) => assert!((before * factor - after).abs() <= 1e-9 * after.abs(), "{id}"),
            (None, None) => {}
            _ => panic!("{id} is defined for one of the two only"),
        }
    }
    assert!(doubled_ones > 0, "at least the total is a sum of weights");
}

#[test]
fn widths_grow_with_the_weight() {
    let bench = made_with(FLOWS);
    let width = |origin: &str, destination: &str| {
        let found = flows(&bench).into_iter().find(|f| f["origin"] == origin && f["destination"] == destination);
        found.unwrap()["width"].as_f64().unwrap()
    };
    assert!(width("hyo", "lim") > width("aqp", "lim"));
    assert!(width("aqp", "lim") > width("tru", "lim"));
}

#[test]
fn without_one_flow_exactly_its_line_is_gone_from_the_layer() {
    let features = |flows: &str| {
        let bench = Bench::new();
        bench.write("flows.csv", flows);
        bench.run("export places.csv flows.csv -o f.geojson --layout straight").expect(0);
        bench.json("f.geojson")["features"].as_array().unwrap().clone()
    };
    let (all, without) = (features(FLOWS), features(&FLOWS.replace("aqp,lim,60,census\n", "")));
    let ends = |feature: &Value| (feature["properties"]["origin"].clone(), feature["properties"]["dest"].clone());
    let rest: Vec<_> = all.iter().map(ends).filter(|(origin, _)| origin != "aqp").collect();
    assert_eq!(without.iter().map(ends).collect::<Vec<_>>(), rest);
}

#[test]
fn rows_of_one_pair_count_as_one_flow_of_their_sum() {
    let merged = FLOWS.replace("hyo,lim,120,census\n", "hyo,lim,140,census\n").replace("hyo,lim,20,census\n", "");
    let (a, b) = (made_with(FLOWS), made_with(&merged));
    assert_eq!(a.read("a.png"), b.read("a.png"));
    assert_eq!(a.read("m.csv"), b.read("m.csv"));
}

#[test]
fn layers_read_back_give_the_same_metrics() {
    let bench = Bench::new();
    make(&bench, "");
    bench.run("export places.csv flows.csv -o f.geojson").expect(0);
    bench.run("export places.csv flows.csv -o p.geojson --layer places").expect(0);
    bench.run("metrics p.geojson f.geojson -o again.csv").expect(0);
    assert_eq!(bench.text("m.csv"), bench.text("again.csv"));
}
