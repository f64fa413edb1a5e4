//! The score agrees with recorded figures of an independent program, figure by figure.

use std::path::Path;

use flowatlas_layout::score;
use flowatlas_model::planar::{Drawn, DrawnFlow, DrawnNode};
use serde_json::Value;

#[test]
fn every_figure_agrees_with_the_recorded_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/scores");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 6, "the recorded cases are there");
    for path in paths {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let drawn: Drawn = serde_json::from_value(case["drawn"].clone()).unwrap();
        let ours = serde_json::to_value(score(&drawn)).unwrap();
        for (figure, recorded) in case["figures"].as_object().unwrap() {
            assert_eq!(ours[figure].as_f64(), recorded.as_f64(), "{figure} of {}", path.display());
        }
    }
}

#[test]
fn a_flow_that_leaves_the_map_at_one_edge_crosses_nothing_on_its_way_to_the_other() {
    let node = |id: &str, x: f64, y: f64| DrawnNode { id: id.into(), x, y, r: 1.0 };
    let flow = |origin: &str, destination: &str, points: Vec<[f64; 2]>, breaks: Vec<usize>| DrawnFlow {
        origin: origin.into(),
        destination: destination.into(),
        width: 1.0,
        points,
        breaks,
    };
    let nodes =
        vec![node("west", 10.0, 50.0), node("east", 90.0, 50.0), node("north", 50.0, 10.0), node("south", 50.0, 90.0)];
    let round = vec![[11.0, 50.0], [0.0, 50.0], [100.0, 50.0], [91.0, 50.0]];
    let between = flow("north", "south", vec![[50.0, 11.0], [50.0, 89.0]], vec![]);
    let whole =
        Drawn { nodes, flows: vec![flow("west", "east", round.clone(), vec![]), between.clone()], labels: vec![] };
    let broken = Drawn { flows: vec![flow("west", "east", round, vec![2]), between], ..whole.clone() };
    let (whole, broken) = (score(&whole), score(&broken));
    assert_eq!((whole.crossings, whole.crossings_straight), (1, 1), "a line right across the map crosses the other");
    assert_eq!((broken.flows, broken.crossings, broken.crossings_straight), (2, 0, 0));
    assert_eq!(broken.stretch_max, 1.0, "each part is straight");
}

#[test]
fn a_flow_without_width_still_lies_along_another() {
    let node = |id: &str, x: f64, y: f64| DrawnNode { id: id.into(), x, y, r: 0.1 };
    let nodes = vec![node("a", 0.0, 0.0), node("b", 1000.0, 0.0), node("c", 300.0, 1.0), node("d", 700.0, 1.0)];
    let flow = |origin: &str, destination: &str, width: f64, ends: [[f64; 2]; 2]| DrawnFlow {
        origin: origin.into(),
        destination: destination.into(),
        width,
        points: ends.to_vec(),
        breaks: vec![],
    };
    let wide = flow("a", "b", 10.0, [[0.0, 0.0], [1000.0, 0.0]]);
    let hairline = flow("c", "d", 0.0, [[300.0, 1.0], [700.0, 1.0]]);
    let score = score(&Drawn { nodes, flows: vec![wide, hairline], labels: vec![] });
    // 800 of 1400 and the half pieces at the ends, as the independent program has it.
    assert_eq!(score.overlap_pct, 58.08);
    assert_eq!(score.overlap_ink_pct, 0.0, "a hairline hides nothing");
}

#[test]
fn a_drawing_without_flows_has_no_faults() {
    let score = score(&Drawn::default());
    assert_eq!((score.flows, score.crossings, score.flow_on_node), (0, 0, 0));
    assert!(score.summary().starts_with("0 flows"));
}
