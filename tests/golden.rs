//! What a scene looks like: one subject per picture, drawn by hand from paths and letters.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::Path};

use flowatlas_model::{
    scene::{Group, Item, Scene, Shape, Stroke, Text},
    style::Color,
};
use golden::check;
use kurbo::{BezPath, Rect, Shape as _};

#[path = "support/golden.rs"]
mod golden;
#[path = "support/golden_faults.rs"]
mod golden_faults;
#[path = "support/lettering.rs"]
mod lettering;
#[path = "support/picture.rs"]
mod picture;

const PAPER: Color = Color { r: 0xfa, g: 0xf8, b: 0xf2, a: 255 };
const BLUE: Color = Color { r: 0x2f, g: 0x5d, b: 0x8a, a: 255 };
const RED: Color = Color { r: 0xb0, g: 0x44, b: 0x2e, a: 255 };

/// Returns a page of 160 × 100 points.
fn page(title: &str, items: Vec<Item>) -> Scene {
    Scene {
        width: 160.0,
        height: 100.0,
        background: PAPER,
        title: title.into(),
        description: String::new(),
        language: "en".into(),
        fonts: lettering::fonts(),
        items,
    }
}

fn curve(from: (f64, f64), bend: (f64, f64), to: (f64, f64)) -> BezPath {
    let mut path = BezPath::new();
    path.move_to(from);
    path.quad_to(bend, to);
    path
}

fn solid(color: Color, width: f64) -> Stroke {
    Stroke { color, width, dash: Vec::new(), round: false }
}

fn line(path: BezPath, stroke: Stroke) -> Item {
    Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
}

fn area(path: BezPath, fill: Color) -> Item {
    Item::Path(Shape { path, fill: Some(fill), stroke: None })
}

fn stripes() -> Vec<Item> {
    let stripe = |k: u32| Rect::new(0.0, f64::from(k) * 10.0, 160.0, f64::from(k) * 10.0 + 5.0).to_path(0.1);
    (0..10).map(|k| area(stripe(k), BLUE)).collect()
}

fn with_halo(text: Text) -> Item {
    Item::Text(Text { halo: Some((PAPER, 1.5)), ..text })
}

#[test]
fn a_cased_thin_line_passes_over_a_thick_one() {
    let thick = curve((10.0, 80.0), (80.0, 10.0), (150.0, 70.0));
    let thin = curve((20.0, 10.0), (70.0, 60.0), (140.0, 95.0));
    let items = vec![line(thick, solid(BLUE, 8.0)), line(thin.clone(), solid(PAPER, 3.5)), line(thin, solid(RED, 1.5))];
    check("casing", &page("The red line has a light casing where it crosses the blue one", items));
}

#[test]
fn dashes_keep_their_lengths_and_hairlines_stay_visible() {
    let straight = |y: f64| curve((10.0, y), (80.0, y), (150.0, y));
    let items = vec![
        line(straight(20.0), Stroke { dash: vec![8.0, 4.0], ..solid(BLUE, 3.0) }),
        line(straight(40.0), Stroke { dash: vec![0.01, 6.0], round: true, ..solid(BLUE, 3.0) }),
        line(straight(60.0), Stroke { dash: vec![6.0], ..solid(RED, 3.0) }),
        line(straight(80.0), solid(RED, 0.1)),
    ];
    check("dashes", &page("Dashes, dots, an odd dash list that is repeated, a hairline", items));
}

#[test]
fn holes_stay_open_and_overlaps_of_one_path_do_not_darken() {
    let mut ring = Rect::new(10.0, 15.0, 75.0, 85.0).to_path(0.1);
    ring.extend(Rect::new(25.0, 30.0, 60.0, 70.0).to_path(0.1).reverse_subpaths());
    let mut overlap = Rect::new(85.0, 15.0, 130.0, 60.0).to_path(0.1);
    overlap.extend(Rect::new(105.0, 40.0, 150.0, 85.0).to_path(0.1));
    let items = vec![area(ring, BLUE), area(overlap, RED.with_opacity(0.5))];
    check("holes", &page("A square with a hole; two squares of one path, half clear and even", items));
}

#[test]
fn a_halo_lies_under_all_letters_of_its_line() {
    let mut items = stripes();
    items.push(with_halo(lettering::line("Zacatecas", (12.0, 56.0), 28.0)));
    check("halo", &page("A dark word with a light halo over stripes; no letter is cut by a halo", items));
}

#[test]
fn words_turn_clockwise_about_the_start_of_their_baseline() {
    let word = |rotation, origin| Text { rotation, ..lettering::line("Junín", origin, 16.0) };
    let items = vec![
        with_halo(word(0.0, (90.0, 90.0))),
        with_halo(word(-30.0, (60.0, 60.0))),
        with_halo(word(90.0, (20.0, 20.0))),
    ];
    check("rotation", &page("One word level, one rising by 30 degrees, one downwards", items));
}

#[test]
fn groups_carry_names_data_and_tooltips() {
    let data = vec![("origin", "Jerez".into()), ("dest", "Napa \"Valley\" & <beyond>".into()), ("value", "120".into())];
    let path = line(curve((20.0, 80.0), (80.0, 10.0), (140.0, 80.0)), solid(RED, 4.0));
    let flow = Group { data, title: "Jerez → Napa: 120".into(), items: vec![path], ..Group::default() };
    let flows = Group { name: "flows".into(), items: vec![Item::Group(flow)], ..Group::default() };
    let empty = Group { name: "labels".into(), ..Group::default() };
    check("groups", &page("One flow in its group, and an empty group", vec![Item::Group(flows), Item::Group(empty)]));
}

/// A reference that nobody compares would seem to protect something.
#[test]
fn every_reference_is_claimed_by_a_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let sources: String = fs::read_dir(&tests)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| fs::read_to_string(path).unwrap().split_whitespace().collect::<String>())
        .collect();
    let mut unclaimed: Vec<_> = fs::read_dir(tests.join("golden"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !sources.contains(&format!("check(\"{name}\"")))
        .collect();
    unclaimed.sort();
    assert!(unclaimed.is_empty(), "no test compares {unclaimed:?}");
}
