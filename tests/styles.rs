//! The pictures of the styles' page: one map in every style, as the program draws it now.
//!
//! `make style-pictures` (`BLESS=1`) writes them and fails, so that writing is never mistaken for passing.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use std::{
    fs,
    path::{Path, PathBuf},
};

use flowatlas::styles;
use program::run_in;

/// Every style with the page width in millimetres that it is made for, and pixels per inch that give a small picture.
const PICTURES: [(&str, u32, u32); 5] =
    [("report", 120, 100), ("screen", 254, 47), ("dark", 254, 47), ("grayscale", 120, 100), ("poster", 841, 30)];

/// The heaviest that all pictures of the page may be together, in bytes.
const MOST_BYTES: u64 = 500_000;

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("styles")
}

/// Draws moves between Morocco and the European Union in a style.
fn draw((style, width, dpi): (&str, u32, u32), out: &Path) {
    let data = "geodata/morocco-eu";
    let (places, flows) = (format!("{data}/places-eu.geojson"), format!("{data}/flows-2015-2020.geojson"));
    let (width, height) = (width.to_string(), (width * 3 / 4).to_string());
    let (dpi, output) = (dpi.to_string(), out.to_str().unwrap());
    let mut arguments = vec!["map", &places, &flows, "-o", output, "--style", style, "--top", "16", "--values", "2"];
    arguments.extend(["--width-mm", &width, "--height-mm", &height, "--dpi", &dpi, "--extent=-14,27,22,58"]);
    arguments.extend(["--base", "geodata/base/mediterranean.geojson", "--unit", "persons"]);
    arguments.extend(["--title", "Morocco and the European Union, 2015–2020", "--source", "Abel and Cohen"]);
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &arguments).expect(0);
}

#[test]
fn the_pictures_of_the_styles_are_those_of_a_fresh_run() {
    let out = tempfile::tempdir().unwrap();
    let blesses = std::env::var_os("BLESS").is_some_and(|v| v == "1");
    let mut changed = Vec::new();
    for picture in PICTURES {
        let file = format!("{}.png", picture.0);
        draw(picture, &out.path().join(&file));
        let (fresh, kept) = (fs::read(out.path().join(&file)).unwrap(), fs::read(page().join(&file)).ok());
        if kept.as_ref() != Some(&fresh) {
            changed.push(file.clone());
        }
        if blesses {
            assert!(std::env::var_os("CI").is_none(), "pictures are blessed by people, not by CI");
            fs::write(page().join(&file), fresh).unwrap();
        }
    }
    assert!(!blesses, "the pictures were written as they are drawn now; look at them: {changed:?}");
    assert!(
        changed.is_empty(),
        "{changed:?} changed: `make style-pictures` draws them again; look at them, then commit"
    );
}

#[test]
fn the_style_that_the_page_teaches_passes_the_check_and_the_page_shows_what_it_says() {
    let page = include_str!("../styles/README.md");
    let mine = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has a style");
    let told = page.lines().map(str::trim).find(|line| line.starts_with("style mine.toml, ")).expect("what is told");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("mine.toml"), mine.replace("\n   ", "\n")).expect("the folder is there");
    run_in(folder.path(), &["check", "--style", "mine.toml"]).expect(0).says(&[told]);
}

#[test]
fn every_style_has_its_picture_on_the_page_and_all_are_small() {
    let text = fs::read_to_string(page().join("README.md")).unwrap();
    let mut bytes = 0;
    for name in styles::names() {
        assert!(PICTURES.iter().any(|(known, ..)| *known == name), "{name} has no picture");
        assert!(text.contains(&format!("src=\"{name}.png\"")), "{name}.png is not shown");
        bytes += fs::metadata(page().join(format!("{name}.png"))).unwrap().len();
    }
    assert!(bytes <= MOST_BYTES, "{bytes} bytes of pictures");
}
