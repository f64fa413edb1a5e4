//! The gallery page: its table and pictures are those of its study as it is drawn now.
//!
//! `make gallery` (`BLESS=1`) writes both and fails, so that writing is never mistaken for passing.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use std::{
    fs,
    path::{Path, PathBuf},
};

use program::run_in;
use serde_json::Value;

/// The heaviest that all pictures of the page may be together, in bytes.
const MOST_BYTES: u64 = 1_600_000;

/// The page as it stands in the repository.
fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("geodata/gallery")
}

/// Draws the study into a folder and returns what its report says about each map.
fn draw(out: &Path) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    run_in(root, &["run", "geodata/gallery", "--out", out.to_str().unwrap()]).expect(0);
    let report: Value = serde_json::from_slice(&fs::read(out.join("gallery/report.json")).unwrap()).unwrap();
    report["maps"].as_array().unwrap().clone()
}

/// How the table row of a map begins.
fn row_start(map: &Value) -> String {
    let id = map["id"].as_str().unwrap();
    format!("| [{id}]({id}.png) |")
}

/// The table row of a map; a matrix has no lines to score.
fn row(map: &Value) -> String {
    let columns = ["crossings", "sibling_crossings", "acute_crossings", "flow_on_node", "overlap_pct"];
    let columns = columns.into_iter().chain(["angular_resolution", "stretch_mean", "stretch_max", "fmq"]);
    let cell = |column: &str| match &map["score"][column] {
        Value::Null => " – |".to_owned(),
        figure => format!(" {figure} |"),
    };
    row_start(map) + &columns.map(cell).collect::<String>()
}

/// The page with the rows of these maps in the place of those that it has.
fn with_rows(page: &str, maps: &[Value]) -> String {
    let fresh = |line: &str| maps.iter().find(|map| line.starts_with(&row_start(map))).map(row);
    page.lines().map(|line| fresh(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

fn bless(maps: &[Value], page: &str, out: &Path) {
    assert!(std::env::var_os("CI").is_none(), "pictures are blessed by people, not by CI");
    fs::write(gallery().join("README.md"), page).unwrap();
    for map in maps {
        let picture = format!("{}.png", map["id"].as_str().unwrap());
        fs::copy(out.join("gallery").join(&picture), gallery().join(&picture)).unwrap();
    }
    panic!("the gallery was written as it is drawn now; look at it");
}

#[test]
fn the_table_of_the_gallery_is_that_of_a_fresh_run() {
    let out = tempfile::tempdir().unwrap();
    let maps = draw(out.path());
    let page = fs::read_to_string(gallery().join("README.md")).unwrap();
    let fresh = with_rows(&page, &maps);
    if std::env::var_os("BLESS").is_some_and(|v| v == "1") {
        bless(&maps, &fresh, out.path());
    }
    for map in &maps {
        assert!(page.contains(&row_start(map)), "the table lacks {}", map["id"]);
    }
    assert_eq!(page, fresh, "the layouts changed: `make gallery` draws them again; look at them, then commit");
}

#[test]
fn every_map_of_the_gallery_has_its_picture_on_the_page_and_all_are_small() {
    let page = fs::read_to_string(gallery().join("README.md")).unwrap();
    let study = fs::read_to_string(gallery().join("study.toml")).unwrap();
    let mut wanted: Vec<String> = study
        .lines()
        .filter_map(|line| Some(format!("{}.png", line.strip_prefix("id = \"")?.strip_suffix('"')?)))
        .collect();
    wanted.sort();
    let files = fs::read_dir(gallery()).unwrap().map(|entry| entry.unwrap());
    let mut pictures: Vec<(String, u64)> = files
        .map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().len()))
        .filter(|(name, _)| name.ends_with(".png"))
        .collect();
    pictures.sort();
    assert_eq!(pictures.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), wanted);
    for name in &wanted {
        assert!(page.contains(&format!("src=\"{name}\"")), "{name} is not shown");
    }
    let bytes: u64 = pictures.iter().map(|(_, bytes)| bytes).sum();
    assert!(bytes <= MOST_BYTES, "{bytes} bytes of pictures");
}
