//! The metrics against igraph, NetworKit and NetworkX, as recorded in `tests/oracles` at the top of the repository.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::{collections::BTreeMap, fs, path::Path};

use flowatlas_model::{MetricTable, WeightKind};
use flowatlas_network::{Distance, Measures, build, measure};
use serde::Deserialize;
use support::{atlas, table, value, values};

/// Room for different orders of summation.
const ROUNDING: f64 = 1e-12;
/// Room for programs that iterate until their own limit.
const ITERATION: f64 = 1e-10;

#[derive(Deserialize)]
struct Record {
    name: String,
    places: usize,
    flows: Vec<(u32, u32, f64)>,
    answers: BTreeMap<String, BTreeMap<String, Answer>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Network(f64),
    Places(Vec<f64>),
}

fn records() -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles");
    ["ties", "gravity", "scattered", "even", "uneven"]
        .map(|name| fs::read(folder.join(format!("{name}.json"))).unwrap())
        .map(|bytes| serde_json::from_slice(&bytes).unwrap())
        .into()
}

/// Returns the metrics by weight and by hops; names of hop metrics differ, the others agree.
fn measured(record: &Record) -> [MetricTable; 2] {
    let rows: Vec<_> = record.flows.iter().map(|&(o, d, w)| (o, d, Some(w))).collect();
    let atlas = atlas(record.places);
    let graph = build(&atlas, &table(&rows), WeightKind::Measured);
    [Distance::Inverse, Distance::Hops]
        .map(|distance| measure(&atlas, &graph, &Measures { distance, ..Measures::default() }))
}

/// Returns our values of a metric in the units of the record: betweenness is recorded as pairs.
fn ours(record: &Record, [by_weight, by_hops]: &[MetricTable; 2], id: &str) -> Vec<f64> {
    let table = if id.starts_with("hop_") { by_hops } else { by_weight };
    let n = record.places as f64;
    let scale = if id.ends_with("betweenness") { (n - 1.0) * (n - 2.0) } else { 1.0 };
    values(table, id).iter().map(|v| v.unwrap() * scale).collect()
}

fn assert_near(ours: f64, theirs: f64, id: &str, of: &str) {
    let tolerance = if id == "pagerank" { ITERATION } else { ROUNDING };
    let near = (ours - theirs).abs() <= tolerance * theirs.abs().max(1.0);
    assert!(near, "{id} of {of}: ours {ours}, theirs {theirs}");
}

fn assert_agrees_with(program: &str) {
    let mut asked = 0;
    for record in records() {
        let Some(answers) = record.answers.get(program) else { continue };
        asked += 1;
        let tables = measured(&record);
        for (id, answer) in answers {
            match answer {
                Answer::Network(theirs) => {
                    assert_near(value(&tables[0], id).unwrap(), *theirs, id, &record.name);
                }
                Answer::Places(theirs) => {
                    let ours = ours(&record, &tables, id);
                    assert_eq!(ours.len(), theirs.len());
                    for (place, (a, b)) in ours.iter().zip(theirs).enumerate() {
                        assert_near(*a, *b, id, &format!("{} place {place}", record.name));
                    }
                }
            }
        }
    }
    assert!(asked > 0, "{program} says nothing");
}

#[test]
fn betweenness_agrees_with_networkit_where_lengths_do_not_tie() {
    assert_agrees_with("networkit");
}

#[test]
fn metrics_agree_with_igraph() {
    assert_agrees_with("igraph");
}

#[test]
fn metrics_agree_with_networkx() {
    assert_agrees_with("networkx");
}

#[test]
fn the_recorded_betweenness_tells_ties_from_near_ties() {
    // Were all answers 0 or all lengths distinct, agreement would mean little.
    let ties = &records()[0];
    let Answer::Places(pairs) = &ties.answers["igraph"]["betweenness"] else { panic!("one value per place") };
    assert!(pairs.iter().any(|p| p.fract() > 0.1 && p.fract() < 0.9), "no pair is shared between paths");
}
