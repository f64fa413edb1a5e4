//! Positions, structure and backbones against igraph, NetworkX, leidenalg and numpy, as recorded in
//! `tests/oracles/positions` at the top of the repository.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::{collections::BTreeMap, fs, path::Path};

use flowatlas_model::{MetricTable, WeightKind};
use flowatlas_network::{Choice, Distance, Measures, build, measure};
use serde::{Deserialize, de::DeserializeOwned};
use support::{atlas, table};

/// Room for different orders of summation.
const ROUNDING: f64 = 1e-11;
/// Room for programs that iterate until their own limit.
const ITERATION: f64 = 1e-7;
/// Room for distances that tie: of lengths that differ by less than 1e-10 of their sum any one may be taken.
const TIE: f64 = 2e-10;
const ITERATED: [&str; 3] = ["eigenvector", "hub", "authority"];
/// The least share of the best modularity of ten runs of leidenalg that is good enough.
const QUALITY: f64 = 0.99;

#[derive(Deserialize)]
struct Flows {
    places: usize,
    flows: Vec<(u32, u32, f64)>,
}

#[derive(Deserialize)]
struct Record {
    name: String,
    leiden_modularity: f64,
    answers: BTreeMap<String, BTreeMap<String, Answer>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Many(Vec<Option<f64>>),
    One(Option<f64>),
}

fn read<T: DeserializeOwned>(path: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles");
    serde_json::from_slice(&fs::read(folder.join(path)).unwrap()).unwrap()
}

fn records() -> [(Flows, Record); 4] {
    ["ties", "gravity", "scattered", "even"]
        .map(|name| (read(&format!("{name}.json")), read(&format!("positions/{name}.json"))))
}

fn measured(flows: &Flows, distance: Distance) -> MetricTable {
    let rows: Vec<_> = flows.flows.iter().map(|&(o, d, w)| (o, d, Some(w))).collect();
    let atlas = atlas(flows.places);
    let metrics = Choice::of(&["all".to_owned()]).unwrap();
    let options = Measures { metrics, distance, random_networks: 2, ..Measures::default() };
    measure(&atlas, &build(&atlas, &table(&rows), WeightKind::Measured), &options)
}

/// Returns the numbers of a metric, whatever it is of.
fn ours(table: &MetricTable, id: &str) -> Option<Vec<Option<f64>>> {
    let place = table.places.iter().find(|m| m.info.id == id).map(|m| m.values.clone());
    let flow = || table.flows.iter().find(|m| m.info.id == id).map(|m| m.values.clone());
    let network = || table.network.iter().find(|m| m.info.id == id).map(|m| vec![m.value]);
    place.or_else(flow).or_else(network)
}

/// A name may say which distance it is by: `surprise.betweenness`.
fn distance(name: &str) -> (Distance, &str) {
    match name.split_once('.') {
        Some(("power", id)) => (Distance::Power(0.5), id),
        Some(("surprise", id)) => (Distance::Surprise, id),
        Some(("kilometres", id)) => (Distance::Kilometres, id),
        _ if name.starts_with("hop_") => (Distance::Hops, name),
        _ => (Distance::Inverse, name),
    }
}

fn assert_agrees_with(program: &str) {
    for (flows, record) in records() {
        let mut tables: Vec<(Distance, MetricTable)> = Vec::new();
        for (name, answer) in &record.answers[program] {
            let (distance, id) = distance(name);
            if !tables.iter().any(|(known, _)| *known == distance) {
                tables.push((distance, measured(&flows, distance)));
            }
            let table = &tables.iter().find(|(known, _)| *known == distance).unwrap().1;
            let ours = ours(table, id).unwrap_or_else(|| panic!("no metric {id}"));
            let theirs = match answer {
                Answer::Many(values) => values.clone(),
                Answer::One(value) => vec![*value],
            };
            assert_eq!(ours.len(), theirs.len(), "{name} of {}", record.name);
            let room = match id {
                _ if ITERATED.contains(&id) => ITERATION,
                _ if distance == Distance::Surprise => TIE,
                _ => ROUNDING,
            };
            for (k, (a, b)) in ours.iter().zip(&theirs).enumerate() {
                let near = match (a, b) {
                    (Some(a), Some(b)) => (a - b).abs() <= room * b.abs().max(1.0),
                    (None, None) => true,
                    _ => false,
                };
                assert!(near, "{name} of {}, number {k}: ours {a:?}, theirs {b:?}", record.name);
            }
        }
    }
}

#[test]
fn influence_cores_and_distances_agree_with_igraph() {
    assert_agrees_with("igraph");
}

#[test]
fn katz_clustering_closeness_and_assortativity_agree_with_networkx() {
    assert_agrees_with("networkx");
}

#[test]
fn backbones_and_clubs_agree_with_their_formulas_in_numpy() {
    assert_agrees_with("numpy");
}

#[test]
fn modularity_is_as_good_as_the_best_of_ten_runs_of_leidenalg() {
    for (flows, record) in records() {
        let table = measured(&flows, Distance::Inverse);
        let share = ours(&table, "modularity").unwrap()[0].unwrap() / record.leiden_modularity;
        assert!(share >= QUALITY, "{}: {share} of theirs", record.name);
    }
}

#[test]
fn the_noise_corrected_backbone_agrees_with_netbone() {
    #[derive(Deserialize)]
    struct Backbone {
        places: usize,
        flows: Vec<(u32, u32, f64)>,
        noise_corrected: Vec<f64>,
    }
    let Backbone { places, flows, noise_corrected } = read("backbone/senders.json");
    let table = measured(&Flows { places, flows }, Distance::Inverse);
    let ours = ours(&table, "noise_corrected").unwrap();
    assert_eq!(ours.len(), noise_corrected.len());
    for (k, (ours, theirs)) in ours.iter().zip(&noise_corrected).enumerate() {
        let ours = ours.unwrap();
        assert!((ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0), "flow {k}: ours {ours}, theirs {theirs}");
    }
}
