//! More flows than can be drawn one by one: they are added up on the map, and each still reaches a file of layers.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use std::{fmt::Write as _, fs, path::Path};

use program::run_in;

/// Places on a grid, and how many of them a flow may lead on.
const PLACES: usize = 120;
const STEPS: usize = 55;

/// Writes 6,600 flows of two kinds between places on a grid.
fn written(folder: &Path) {
    let place = |k: usize| format!("p{k},Place {k},{},{}\n", 10 * (k % 12), 9 * (k / 12));
    let places: String = (0..PLACES).map(place).collect();
    fs::write(folder.join("places.csv"), format!("id,name,x,y\n{places}")).unwrap();
    let mut flows = "origin,dest,count,kind\n".to_owned();
    for (o, step) in (0..PLACES).flat_map(|o| (1..=STEPS).map(move |step| (o, step))) {
        let kind = if o % 12 < 6 { "work" } else { "study" };
        writeln!(flows, "p{o},p{},{},{kind}", (o + step) % PLACES, 1 + o * step % 90).unwrap();
    }
    fs::write(folder.join("flows.csv"), flows).unwrap();
}

fn map_in(folder: &Path, more: &[&str]) {
    let args = [&["map", "places.csv", "flows.csv", "--projection", "none"], more].concat();
    run_in(folder, &args).expect(0);
}

#[test]
fn very_many_flows_are_added_up_on_the_map_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let map = |more: &[&str]| map_in(folder.path(), more);
    map(&["-o", "one.svg", "--threads", "1"]);
    map(&["-o", "two.svg", "--threads", "2"]);
    map(&["-o", "map.png", "--dpi", "60"]);
    map(&["-o", "map.pdf"]);
    let svg = fs::read_to_string(folder.path().join("one.svg")).unwrap();
    assert_eq!(svg, fs::read_to_string(folder.path().join("two.svg")).unwrap());
    assert_eq!(svg.matches("<image ").count(), 1);
    assert_eq!(svg.matches("data-origin=").count(), 0, "no flow is drawn by itself");
    assert!(svg.contains("Sum of all flows through a") && svg.contains("6,600 of 6,600 flows"));
    assert!(fs::read(folder.path().join("map.pdf")).unwrap().windows(14).any(|w| w == b"/Subtype/Image"));
}

#[test]
fn a_picture_of_very_many_flows_is_the_same_where_each_of_them_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let map = |more: &[&str]| map_in(folder.path(), more);
    map(&["-o", "alone.svg"]);
    map(&["-o", "told.svg", "--layout-report", "told.json"]);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("alone.svg"), read("told.svg"));
    let report: serde_json::Value = serde_json::from_str(&read("told.json")).unwrap();
    assert_eq!(report["flows"].as_array().unwrap().len(), PLACES * STEPS);
}

#[test]
fn very_many_flows_that_pass_nowhere_are_a_map_of_places() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let places: String = (0..PLACES).map(|k| format!("p{k},Place {k},0,0\n")).collect();
    fs::write(folder.path().join("places.csv"), format!("id,name,x,y\n{places}")).unwrap();
    map_in(folder.path(), &["-o", "alone.svg", "--values", "3"]);
    map_in(folder.path(), &["-o", "told.svg", "--values", "3", "--layout-report", "told.json"]);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("alone.svg"), read("told.svg"));
}

#[test]
fn very_many_flows_form_no_trunks_and_none_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    map_in(folder.path(), &["-o", "map.svg", "--layout", "tree"]);
    let svg = fs::read_to_string(folder.path().join("map.svg")).unwrap();
    assert!(svg.contains("Sum of all flows through a") && !svg.contains("Trunks are as wide"));
}

/// The features of a GeoJSON file.
fn features(file: &Path) -> Vec<serde_json::Value> {
    let layer: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    layer["features"].as_array().unwrap().clone()
}

#[test]
fn every_one_of_very_many_flows_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    run_in(folder.path(), &["export", "places.csv", "flows.csv", "-o", "flows.geojson"]).expect(0);
    let features = features(&folder.path().join("flows.geojson"));
    assert_eq!(features.len(), PLACES * STEPS);
    assert!(features.iter().all(|f| f["geometry"]["type"] == "LineString"));
}

/// A study of one map whose flows are too many to be drawn one by one.
const STUDY: &str = "title = \"Very many\"\n[output]\nimages = [\"png\"]\nlayers = [\"geojson\"]\nmetrics = []\n\
    [places.p]\nfile = \"places.csv\"\n\
    [flows.f]\nfile = \"flows.csv\"\nmeasure = \"people\"\nunit = \"persons\"\nbasis = \"invented\"\n\
    [[map]]\nid = \"many\"\ntitle = \"Very many\"\ncite = []\n";

#[test]
fn the_layers_of_very_many_flows_are_the_same_with_and_without_their_picture() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    fs::write(folder.path().join("study.toml"), STUDY).unwrap();
    run_in(folder.path(), &["run", "study.toml", "--out", "out"]).expect(0);
    run_in(folder.path(), &["export", "places.csv", "flows.csv", "-o", "alone.geojson"]).expect(0);
    let beside = fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap().path());
    let study = beside.into_iter().find(|path| path.is_dir()).unwrap();
    assert_eq!(features(&study.join("many-flows.geojson")), features(&folder.path().join("alone.geojson")));
}
