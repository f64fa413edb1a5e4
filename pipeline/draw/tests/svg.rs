//! What an SVG file promises: it reads back as what the scene said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use flowatlas_draw::{Lettering, describe, png, svg};
use flowatlas_model::{
    scene::{Group, Item, Scene, Shape, Stroke, Text},
    style::Color,
};
use kurbo::BezPath;
use proptest::prelude::*;
use roxmltree::{Document, Node};

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

fn group(name: &str, items: Vec<Item>) -> Item {
    Item::Group(Group { name: name.into(), items, ..Group::default() })
}

fn line(stroke: Stroke) -> Item {
    let mut path = BezPath::new();
    path.move_to((10.0, 20.0));
    path.line_to((30.123, -0.001));
    Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
}

fn red(width: f64) -> Stroke {
    Stroke { color: RED, width, dash: Vec::new(), round: false }
}

fn elements<'a>(document: &'a Document<'a>, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

#[test]
fn the_page_is_in_millimetres_and_its_content_in_points() {
    let text = svg(&page(Vec::new()), Lettering::Live).unwrap();
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("width"), root.attribute("height")), (Some("175mm"), Some("130mm")));
    assert_eq!(root.attribute("viewBox"), Some("0 0 496.06 368.5"));
    assert_eq!(root.attribute("lang"), Some("es"));
    assert_eq!(elements(&document, "title")[0].text(), Some("Where people went"));
    assert_eq!(elements(&document, "desc")[0].text(), Some("23 flows"));
}

#[test]
fn named_groups_at_the_top_are_layers_and_inner_groups_are_not() {
    let text = svg(
        &page(vec![group("flows", vec![group("", vec![line(red(1.0))])]), group("labels", vec![])]),
        Lettering::Live,
    )
    .unwrap();
    let document = Document::parse(&text).unwrap();
    let inkscape = "http://www.inkscape.org/namespaces/inkscape";
    let layers: Vec<_> = elements(&document, "g").iter().map(|g| g.attribute((inkscape, "label"))).collect();
    assert_eq!(layers, [Some("flows"), None, Some("labels")]);
    let ids: Vec<_> = elements(&document, "g").iter().map(|g| g.attribute("id")).collect();
    assert_eq!(ids, [Some("flows"), None, Some("labels")]);
}

#[test]
fn data_and_tooltips_stay_with_their_group() {
    let data = vec![("origin", "Jerez".to_owned()), ("value", "1,200 \"or so\" & <more>".to_owned())];
    let flow = Group { data, title: "Jerez → Napa".into(), items: vec![line(red(1.0))], ..Group::default() };
    let text = svg(&page(vec![Item::Group(flow)]), Lettering::Live).unwrap();
    let document = Document::parse(&text).unwrap();
    let group = elements(&document, "g")[0];
    assert_eq!(group.attribute("data-origin"), Some("Jerez"));
    assert_eq!(group.attribute("data-value"), Some("1,200 \"or so\" & <more>"));
    assert_eq!(group.first_element_child().unwrap().text(), Some("Jerez → Napa"));
}

#[test]
fn a_stroke_keeps_its_paint_and_its_rounded_coordinates() {
    let stroke = Stroke { color: RED.with_opacity(0.5), width: 1.25, dash: vec![3.0, 1.5], round: true };
    let text = svg(&page(vec![line(stroke)]), Lettering::Live).unwrap();
    assert!(text.contains(
        "<path fill=\"none\" stroke=\"#c81e0a\" stroke-opacity=\"0.5\" stroke-width=\"1.25\" stroke-dasharray=\"3 1.5\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M10 20L30.12 0\"/>"
    ));
}

#[test]
fn text_stays_text_with_its_font_and_its_width() {
    let mut words =
        Text { rotation: -30.0, letter_spacing: 0.5, ..lettering::line("Junín & Pasco", (10.0, 20.0), 8.0) };
    words.runs[0].font = 1;
    let text = svg(&page(vec![Item::Text(words.clone())]), Lettering::Live).unwrap();
    let document = Document::parse(&text).unwrap();
    let node = elements(&document, "text")[0];
    let expected = [
        ("transform", "rotate(-30 10 20)"),
        ("x", "10"),
        ("y", "20"),
        ("font-family", "'Noto Sans', sans-serif"),
        ("font-size", "8"),
        ("font-weight", "700"),
        ("letter-spacing", "0.5"),
        ("fill", "#222222"),
    ];
    for (name, value) in expected {
        assert_eq!(node.attribute(name), Some(value), "{name}");
    }
    assert_eq!(node.text(), Some("Junín & Pasco"));
    let length: f64 = node.attribute("textLength").unwrap().parse().unwrap();
    assert!((length - words.advance).abs() <= 0.005);
}

#[test]
fn a_halo_is_a_stroked_clone_under_its_words_which_stand_in_the_file_once() {
    let words = Text { halo: Some((RED, 1.2)), ..lettering::line("Lima", (10.0, 20.0), 8.0) };
    let text = svg(&page(vec![Item::Text(words)]), Lettering::Live).unwrap();
    let document = Document::parse(&text).unwrap();
    let (clone, label) = (elements(&document, "use")[0], elements(&document, "text")[0]);
    assert_eq!(clone.next_sibling_element(), Some(label));
    assert_eq!(clone.attribute(("http://www.w3.org/1999/xlink", "href")), Some("#text-1"));
    assert_eq!((clone.attribute("stroke"), clone.attribute("stroke-width")), (Some("#c81e0a"), Some("2.4")));
    assert_eq!((label.attribute("id"), label.attribute("stroke")), (Some("text-1"), None));
    assert_eq!(text.matches("Lima").count(), 1);
}

#[test]
fn words_that_read_from_right_to_left_end_where_their_line_starts() {
    let mut words = lettering::line("Lima", (10.0, 20.0), 8.0);
    for (content, direction) in
        [("المغرب", Some("rtl")), ("12 المغرب", Some("rtl")), ("Rabat الرباط", None), ("2021", None)]
    {
        words.content = content.into();
        let text = svg(&page(vec![Item::Text(words.clone())]), Lettering::Live).unwrap();
        let document = Document::parse(&text).unwrap();
        let node = elements(&document, "text")[0];
        assert_eq!(node.attribute("direction"), direction, "{content}");
        assert_eq!(node.attribute("text-anchor"), direction.map(|_| "end"), "{content}");
    }
}

#[test]
fn a_number_that_is_not_finite_is_refused() {
    assert!(svg(&page(vec![line(red(f64::INFINITY))]), Lettering::Live).is_err());
}

#[test]
fn groups_may_nest_deeper_than_a_call_stack() {
    let mut item = line(red(1.0));
    for _ in 0..20_000 {
        item = group("", vec![item]);
    }
    let scene = page(vec![item]);
    assert_eq!(svg(&scene, Lettering::Live).unwrap().matches("<g>").count(), 20_000);
    assert!(png(&scene, &flowatlas_draw::PngOptions { dpi: 20.0 }).is_ok());
    // Dropping such a scene would recurse in the model; the test ends with the process.
    std::mem::forget(scene);
}

#[test]
fn a_description_has_one_line_per_item_indented_by_group() {
    let stroke = Stroke { dash: vec![4.0, 2.0], round: true, ..red(1.5) };
    let words = Text { halo: Some((RED, 1.0)), ..lettering::line("Li", (10.0, 20.004), 10.0) };
    let scene = page(vec![group("flows", vec![line(stroke)]), Item::Text(words)]);
    let expected = "page 496.06 368.5 paper #ffffff\n\
        title \"Where people went\"\n\
        description \"23 flows\"\n\
        language \"es\"\n\
        group \"flows\"\n  \
          path stroke #c81e0a width 1.5 round dash 4 2 box 10 0 30.12 20 d M10 20L30.12 0\n\
        text \"Li\" color #222222 halo #c81e0a 1 at 10 20 turn 0 size 10 spacing 0 advance 7.82 \
        font \"Noto Sans\" 400 47@0,0 76@5.24,0\n";
    assert_eq!(describe(&scene), expected);
}

proptest! {
    /// Whatever words a data owner writes, the file is XML and gives the words back, but for control characters.
    #[test]
    fn any_words_read_back(words in any::<String>(), title in "\\PC{0,20}|]]>|<!--|&amp;|\u{1}\u{fffe}\"'") {
        let mut text = lettering::line("x", (0.0, 0.0), 5.0);
        text.content = format!("x{words}");
        let group = Group { data: vec![("name", words.clone())], title: title.clone(), items: vec![Item::Text(text)], ..Group::default() };
        let file = svg(&Scene { title, ..page(vec![Item::Group(group)]) }, Lettering::Live).unwrap();
        let document = Document::parse(&file).unwrap();
        let kept: String = words.chars()
            .map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c })
            .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
            .collect();
        prop_assert_eq!(elements(&document, "g")[0].attribute("data-name"), Some(kept.as_str()));
        let expected = format!("x{kept}");
        prop_assert_eq!(elements(&document, "text")[0].text(), Some(expected.as_str()));
    }
}

#[test]
fn outlined_words_need_no_font_and_say_what_they_are() {
    let words = Text { halo: Some((RED, 1.2)), ..lettering::line("Junín", (10.0, 20.0), 8.0) };
    let text = svg(&page(vec![Item::Text(words)]), Lettering::Outlines).unwrap();
    let document = Document::parse(&text).unwrap();
    assert!(elements(&document, "text").is_empty() && !text.contains("font-"));
    let (clone, letters) = (elements(&document, "use")[0], elements(&document, "path")[0]);
    assert_eq!((letters.attribute("aria-label"), letters.attribute("role")), (Some("Junín"), Some("img")));
    assert_eq!(clone.attribute(("http://www.w3.org/1999/xlink", "href")), Some("#text-1"));
    assert_eq!(letters.attribute("id"), Some("text-1"));
    assert!(letters.attribute("d").unwrap().matches('Z').count() >= 6, "six closed outlines: J u n í (two) n");
}

#[test]
fn a_page_without_paper_shows_what_it_is_laid_on() {
    let clear = Scene { background: RED.with_opacity(0.0), ..page(vec![line(red(1.0))]) };
    assert!(!svg(&clear, Lettering::Live).unwrap().contains("paper"));
    let file = png(&clear, &flowatlas_draw::PngOptions { dpi: 20.0 }).unwrap();
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    assert_eq!(reader.next_frame(&mut pixels).unwrap().color_type, ::png::ColorType::Rgba);
    let last = &pixels[pixels.len() - 4..];
    assert_eq!(last[3], 0, "the far corner is clear: {last:?}");
}
