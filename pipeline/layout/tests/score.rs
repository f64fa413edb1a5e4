//! The score agrees with recorded figures of an independent program, figure by figure.

use std::path::Path;

use flowatlas_layout::score;
use flowatlas_model::planar::Drawn;
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
fn a_drawing_without_flows_has_no_faults() {
    let score = score(&Drawn::default());
    assert_eq!((score.flows, score.crossings, score.flow_on_node), (0, 0, 0));
    assert!(score.summary().starts_with("0 flows"));
}
