//! Indicators and models against statsmodels, SciPy and plain sums, as recorded in `tests/oracles` at the top of the
//! repository.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::{collections::BTreeMap, fs, path::Path};

use flowatlas_model::{Atlas, Coordinates, MetricTable, Place, Table, WeightKind};
use flowatlas_network::{Choice, Measures, build, measure};
use serde::Deserialize;
use support::{table, value, values};

/// Room for different orders of summation.
const ROUNDING: f64 = 1e-11;
/// Room for regressions, which both programs iterate until their own limit.
const ITERATION: f64 = 1e-8;

#[derive(Deserialize)]
struct Record {
    at: Vec<(f64, f64)>,
    people: Vec<f64>,
    flows: Vec<(u32, u32, f64)>,
    answers: BTreeMap<String, Answer>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Network(f64),
    Places(Vec<f64>),
}

fn record() -> Record {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles/migration.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

fn measured(record: &Record) -> MetricTable {
    let place = |(k, (&(x, y), &people)): (usize, (&(f64, f64), &f64))| Place {
        id: format!("p{k}"),
        name: String::new(),
        at: geo::coord! { x: x, y: y },
        area: None,
        population: Some(people),
    };
    let places: Vec<Place> = record.at.iter().zip(&record.people).enumerate().map(place).collect();
    let attributes = Table::with_rows(places.len());
    let atlas = Atlas { coordinates: Coordinates::Planar, places, attributes, ..Atlas::default() };
    let rows: Vec<_> = record.flows.iter().map(|&(o, d, w)| (o, d, Some(w))).collect();
    let metrics = Choice::of(&["default", "models"].map(str::to_owned)).unwrap();
    let graph = build(&atlas, &table(&rows), WeightKind::Measured);
    measure(&atlas, &graph, &Measures { metrics, ..Measures::default() })
}

fn assert_near(ours: f64, theirs: f64, id: &str) {
    let fitted = ["gravity", "distance_decay", "inequality_expected"].iter().any(|start| id.starts_with(start));
    let room = if fitted { ITERATION } else { ROUNDING };
    assert!((ours - theirs).abs() <= room * theirs.abs().max(1.0), "{id}: ours {ours}, theirs {theirs}");
}

#[test]
fn indicators_and_models_agree_with_what_other_programs_say() {
    let record = record();
    let metrics = measured(&record);
    for (id, answer) in &record.answers {
        match answer {
            Answer::Network(theirs) => assert_near(value(&metrics, id).unwrap(), *theirs, id),
            Answer::Places(theirs) => {
                let ours = values(&metrics, id);
                assert_eq!(ours.len(), theirs.len());
                ours.iter().zip(theirs).for_each(|(a, b)| assert_near(a.unwrap(), *b, id));
            }
        }
    }
}

#[test]
fn the_recorded_system_has_pairs_without_flows() {
    // Were every pair to have a flow, wrong zeros would not show.
    let Answer::Network(connectivity) = record().answers["connectivity"] else { panic!("one value") };
    assert!(connectivity < 0.95, "{connectivity}");
}
