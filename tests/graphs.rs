//! Our networks open in NetworkX and igraph with every node, edge and attribute. `make clients` installs both and runs this;
//! `make test` passes it over.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[allow(dead_code, reason = "networks need no path")]
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/program.rs"]
mod program;

use std::process::Command;

use program::Bench;
use serde_json::Value;

/// Returns what each program read, one value a program and file.
fn read(bench: &Bench, files: &[&str]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/graphs/read.py");
    let output = Command::new("/usr/bin/python3").arg(script).args(files).current_dir(bench.path("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// True for one number or one text, whatever kind of number a program keeps it as.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-14 * a.abs().max(b.abs()),
        _ => a == b,
    }
}

#[test]
#[ignore = "needs NetworkX and igraph: make clients"]
fn networkx_and_igraph_read_every_node_edge_and_attribute() {
    let bench = Bench::new();
    bench.write("places.csv", hostile::places());
    // One flow lacks a weight, one a kind.
    bench.write("flows.csv", format!("{}p1,p2,,work,0,0,g\np2,p1,5,,0,0,g\n", hostile::flows()));
    for file in ["n.graphml", "n.gexf"] {
        bench.run_with(&["export", "places.csv", "flows.csv", "-o", file]).expect(0);
    }
    bench.run("metrics places.csv flows.csv -o n.json").expect(0);
    let metrics = bench.json("n.json");
    let places = metrics["places"].as_array().unwrap();
    let networks = read(&bench, &["n.graphml", "n.gexf"]);
    assert_eq!(networks.len(), 3);
    for network in &networks {
        let told = format!("{} of {}", network["program"], network["file"]);
        assert_eq!(network["directed"], true, "{told}");
        let nodes = network["nodes"].as_object().unwrap();
        assert_eq!(nodes.len(), places.len(), "{told}");
        for place in places {
            let node = &nodes[place["id"].as_str().unwrap()];
            for (name, value) in place.as_object().unwrap().iter().filter(|(name, _)| *name != "id") {
                // What is undefined is left out, or null where a program keeps a column for all.
                let found = node.get(name).unwrap_or(&Value::Null);
                assert!(same(found, value), "{told}: {name} is {found}, not {value}");
            }
        }
        let edges = network["edges"].as_array().unwrap();
        let weight = |edge: &Value| edge[2]["weight"].as_f64();
        assert_eq!(edges.len(), 11, "{told}");
        assert_eq!(edges.iter().filter_map(weight).sum::<f64>(), 10.0 * 45.0 + 5.0, "{told}");
        let kind = |edge: &Value| edge[2]["kind"].as_str().filter(|kind| !kind.is_empty()).map(str::to_owned);
        let kinds: Vec<String> = edges.iter().filter_map(kind).collect();
        assert_eq!(kinds.len(), 10, "{told}: {kinds:?}");
        assert!(
            hostile::NAMES.iter().all(|name| kinds.iter().any(|kind| kind.trim() == name.trim())),
            "{told}: {kinds:?}"
        );
    }
}
