//! The harness is tested too: each fault planted here must be rejected, by every layer that can see it.

use std::fs;

use flowatlas_draw::{Lettering, PngOptions, describe, png, svg};
use flowatlas_model::{
    scene::{Item, Scene, Shape, Stroke},
    style::Color,
};
use kurbo::{Affine, BezPath, Rect, Shape as _};
use tempfile::TempDir;

use crate::{
    golden::{Fault, Golden, MAX_BYTES, pixel_fault, text_fault},
    picture::Picture,
};

const GREY: Color = Color { r: 120, g: 130, b: 140, a: 255 };
const RED: Color = Color { r: 200, g: 40, b: 20, a: 255 };

fn square(at: f64, fill: Color) -> Item {
    Item::Path(Shape { path: Rect::new(at, at, at + 40.0, at + 40.0).to_path(0.1), fill: Some(fill), stroke: None })
}

fn hairline() -> Item {
    let mut path = BezPath::new();
    path.move_to((5.0, 90.0));
    path.line_to((95.0, 85.0));
    let stroke = Stroke { color: GREY, width: 0.1, dash: Vec::new(), round: false };
    Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
}

/// Returns two overlapping squares and a hairline on a page of 100 × 100 points, which is drawn at 2 pixels per point.
fn good() -> Scene {
    Scene {
        width: 100.0,
        height: 100.0,
        background: Color { r: 255, g: 255, b: 255, a: 255 },
        title: "Two squares".into(),
        description: String::new(),
        language: "en".into(),
        fonts: Vec::new(),
        items: vec![square(10.0, GREY), square(30.0, RED), hairline()],
    }
}

fn harness(bless: bool) -> (TempDir, Golden) {
    let folder = tempfile::tempdir().unwrap();
    let golden = Golden { references: folder.path().join("references"), reports: folder.path().join("reports"), bless };
    (folder, golden)
}

/// Returns a harness whose reference `world` is the good scene.
fn blessed() -> (TempDir, Golden) {
    let (folder, golden) = harness(true);
    assert_eq!(golden.compare("world", &good()), Err(vec![Fault::Blessed]));
    (folder, Golden { bless: false, ..golden })
}

fn picture(scene: &Scene) -> Picture {
    Picture::decode(&png(scene, &PngOptions { dpi: 144.0 }).unwrap())
}

/// Asserts that each of the three layers alone rejects the scene, and that the whole harness reports all three.
fn assert_each_layer_rejects(bad: &Scene) {
    assert!(text_fault("scene.txt", &describe(&good()), &describe(bad)).is_some());
    assert!(
        text_fault("map.svg", &svg(&good(), Lettering::Live).unwrap(), &svg(bad, Lettering::Live).unwrap()).is_some()
    );
    assert!(pixel_fault(&picture(&good()), &picture(bad)).is_some());
    let (_folder, golden) = blessed();
    assert_eq!(golden.compare("world", bad).unwrap_err().len(), 3);
}

#[test]
fn the_same_scene_passes() {
    let (_folder, golden) = blessed();
    assert_eq!(golden.compare("world", &good()), Ok(()));
    assert!(!golden.reports.exists(), "a pass leaves no report");
}

#[test]
fn a_missing_reference_fails_and_writes_nothing() {
    let (folder, golden) = harness(false);
    assert_eq!(golden.compare("world", &good()), Err(vec![Fault::Missing("map.png")]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_reference_without_one_of_its_files_fails() {
    for file in ["scene.txt", "map.svg", "map.png"] {
        let (_folder, golden) = blessed();
        fs::remove_file(golden.references.join("world").join(file)).unwrap();
        assert_eq!(golden.compare("world", &good()), Err(vec![Fault::Missing(file)]));
    }
}

#[test]
fn a_shift_by_one_pixel_is_rejected() {
    let mut bad = good();
    for item in &mut bad.items {
        if let Item::Path(shape) = item {
            shape.path = Affine::translate((0.5, 0.0)) * shape.path.clone();
        }
    }
    assert_each_layer_rejects(&bad);
}

#[test]
fn a_colour_off_by_two_is_rejected() {
    let bad = Scene { items: vec![square(10.0, Color { g: 132, ..GREY }), square(30.0, RED), hairline()], ..good() };
    assert_each_layer_rejects(&bad);
}

#[test]
fn a_missing_hairline_is_rejected() {
    assert_each_layer_rejects(&Scene { items: vec![square(10.0, GREY), square(30.0, RED)], ..good() });
}

#[test]
fn a_swapped_order_is_rejected() {
    assert_each_layer_rejects(&Scene { items: vec![square(30.0, RED), square(10.0, GREY), hairline()], ..good() });
}

#[test]
fn another_size_is_rejected() {
    let (_folder, golden) = blessed();
    let faults = golden.compare("world", &Scene { height: 101.0, ..good() }).unwrap_err();
    assert!(faults.contains(&Fault::Size { expected: (200, 200), actual: (200, 202) }), "{faults:?}");
}

#[test]
fn a_different_svg_of_equal_length_is_rejected() {
    let (_folder, golden) = blessed();
    let file = golden.references.join("world/map.svg");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("M10 10", "M10 11", 1)).unwrap();
    let faults = golden.compare("world", &good()).unwrap_err();
    assert!(matches!(faults[..], [Fault::Text { file: "map.svg", .. }]), "{faults:?}");
}

#[test]
fn a_text_that_only_grew_at_its_end_is_rejected() {
    assert!(text_fault("scene.txt", "page", "page\n").is_some());
    assert!(text_fault("scene.txt", "page\n", "page").is_some());
}

#[test]
fn one_pixel_off_by_two_is_rejected_and_off_by_one_is_not() {
    let mut bad = picture(&good());
    bad.rgb[30_000] -= 1;
    assert_eq!(pixel_fault(&picture(&good()), &bad), None);
    bad.rgb[30_000] -= 1;
    let fault = pixel_fault(&picture(&good()), &bad);
    assert!(matches!(fault, Some(Fault::Pixels(d)) if d.count == 1 && d.max == 2 && d.bounds == [0, 50, 0, 50]));
}

#[test]
fn a_heavy_picture_is_rejected_and_not_blessed() {
    let speck = |k: u32| {
        let (x, y) = (f64::from(k % 160) / 1.6, f64::from(k / 160) / 1.6);
        let [r, g, b] = [7919, 104_729, 1_299_709].map(|prime: u32| (k.wrapping_mul(prime) >> 8) as u8);
        let path = Rect::new(x, y, x + 0.625, y + 0.625).to_path(0.1);
        Item::Path(Shape { path, fill: Some(Color { r, g, b, a: 255 }), stroke: None })
    };
    let (_folder, golden) = harness(true);
    let faults = golden.compare("noise", &Scene { items: (0..25_600).map(speck).collect(), ..good() }).unwrap_err();
    assert!(matches!(faults[..], [Fault::Heavy(bytes)] if bytes > MAX_BYTES), "{faults:?}");
    assert!(!golden.references.exists());
}

#[test]
fn a_failure_leaves_pictures_and_numbers() {
    let (_folder, golden) = blessed();
    golden.compare("world", &Scene { items: Vec::new(), ..good() }).unwrap_err();
    for file in ["expected.png", "actual.png", "diff.png", "actual.txt", "actual.svg", "report.json"] {
        assert!(golden.reports.join("world").join(file).exists(), "{file} is missing");
    }
    let report = fs::read_to_string(golden.reports.join("world/report.json")).unwrap();
    assert!(report.contains("\"pixels\""), "{report}");
}
