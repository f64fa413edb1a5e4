//! What a PDF file promises of itself: its page, its words, its fonts, its tags.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use flowatlas_draw::{Error, pdf};
use flowatlas_model::{
    scene::{Font, Group, Item, Scene, Shape, Stroke, Text},
    style::Color,
};
use kurbo::BezPath;

#[path = "../../../tests/support/lettering.rs"]
mod lettering;

const RED: Color = Color { r: 200, g: 30, b: 10, a: 255 };

fn page(items: Vec<Item>) -> Scene {
    Scene {
        width: 496.063,
        height: 368.504,
        background: Color { r: 255, g: 255, b: 255, a: 255 },
        title: "Where people went".into(),
        description: "23 flows".into(),
        language: "es".into(),
        fonts: lettering::fonts(),
        items,
    }
}

fn line() -> Item {
    let mut path = BezPath::new();
    path.move_to((10.0, 20.0));
    path.line_to((30.0, 40.0));
    let stroke = Stroke { color: RED.with_opacity(0.5), width: 1.25, dash: vec![3.0, 1.5], round: true };
    Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
}

fn words(content: &str) -> Text {
    Text { halo: Some((RED, 1.0)), ..lettering::line(content, (10.0, 20.0), 8.0) }
}

/// Returns what can be read of the file without unpacking its streams.
fn plain(scene: &Scene) -> String {
    String::from_utf8_lossy(&pdf(scene).unwrap()).into_owned()
}

#[test]
fn the_page_is_as_large_as_the_scene() {
    assert!(plain(&page(Vec::new())).contains("/MediaBox[0 0 496.06 368.5]"), "175 mm are 496.06 points");
}

#[test]
fn title_description_and_language_are_in_the_file_and_no_date() {
    let file = plain(&page(vec![line()]));
    for part in ["/Title(Where people went)", "/Subject(23 flows)", "/Lang(es)", "/Creator(flowatlas)"] {
        assert!(file.contains(part), "{part} is not in the file");
    }
    for date in ["/CreationDate", "/ModDate", "CreateDate", "ModifyDate"] {
        assert!(!file.contains(date), "{date} is in the file");
    }
}

#[test]
fn the_same_scene_gives_the_same_bytes() {
    let scene = page(vec![line(), Item::Text(words("Zacatecas"))]);
    assert_eq!(pdf(&scene).unwrap(), pdf(&scene).unwrap());
}

#[test]
fn only_the_fonts_that_words_use_are_embedded_and_only_their_letters() {
    let none = plain(&page(vec![line()]));
    assert!(!none.contains("/FontFile"));
    let one = plain(&page(vec![Item::Text(words("Lima")), Item::Text(words("Junín"))]));
    assert_eq!(one.matches("/Type/FontDescriptor").count(), 1, "one face");
    assert!(one.contains("+NotoSans-Regular") && !one.contains("NotoSans-Bold"));
    assert!(one.len() < 40_000, "a subset of a font of 500 kB: {} bytes", one.len());
}

#[test]
fn what_is_drawn_is_a_figure_with_words_for_it_and_every_line_is_a_paragraph() {
    let flows = Group { name: "flows".into(), items: vec![line(), line()], ..Group::default() };
    let file = plain(&page(vec![Item::Group(flows), Item::Text(words("Lima")), line(), Item::Text(words("Ica"))]));
    assert!(file.contains("/Marked true"), "the file says that it is tagged");
    assert_eq!(file.matches("/S/Figure").count(), 1);
    assert!(file.contains("/Alt(Where people went. 23 flows)"));
    assert_eq!(file.matches("/S/P/").count(), 2);
}

#[test]
fn empty_scenes_and_words_without_ink_are_pages_too() {
    let blank = Scene { title: String::new(), description: String::new(), ..page(Vec::new()) };
    assert!(pdf(&blank).unwrap().starts_with(b"%PDF-1."));
    let silent = Text { runs: Vec::new(), ..words("") };
    assert!(pdf(&page(vec![Item::Text(silent), Item::Text(words(" "))])).is_ok());
}

#[test]
fn dashes_of_zeros_and_paths_without_extent_are_no_errors() {
    let dot = Shape { path: BezPath::new(), fill: Some(RED), stroke: None };
    let Item::Path(mut solid) = line() else { unreachable!("a line is a path") };
    solid.stroke.as_mut().unwrap().dash = vec![0.0, 0.0];
    assert!(pdf(&page(vec![Item::Path(dot), Item::Path(solid)])).is_ok());
}

#[test]
fn numbers_that_cannot_be_written_and_broken_fonts_are_named() {
    let text = Text { size: f64::NAN, ..words("Lima") };
    assert!(pdf(&page(vec![Item::Text(text)])).unwrap_err().to_string().starts_with("text \"Lima\": size is NaN"));
    let broken = Font { data: b"not a font".as_slice().into(), ..lettering::fonts().remove(0) };
    let scene = Scene { fonts: vec![broken], ..page(vec![Item::Text(words("Lima"))]) };
    assert!(matches!(pdf(&scene), Err(Error::Font { .. })));
}
