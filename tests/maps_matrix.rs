//! What a matrix looks like, and what must hold for it, on invented flows small enough to be checked by eye.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use flowatlas::styles;
use flowatlas_map::{Composition, Directions, Error, Language, MapInput, MapSpec, matrix};
use flowatlas_model::{Atlas, BaseMap, Flow, FlowTable, Place, PlaceIndex, Table, WeightKind, scene::Item, units::Mm};
use flowatlas_network::{build, matrix_order};
use geo::coord;
use golden::check;
use words::texts;

#[path = "support/golden.rs"]
mod golden;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/words.rs"]
mod words;

/// Flows between places that are known by their names.
type Rows<'a> = &'a [(&'a str, &'a str, Option<f64>)];

fn spec(title: &str) -> MapSpec {
    MapSpec { title: title.into(), unit: "persons".into(), width: Mm(150.0), ..MapSpec::default() }
}

fn draw(rows: Rows, spec: &MapSpec) -> Result<Composition, Error> {
    let mut names: Vec<&str> = rows.iter().flat_map(|row| [row.0, row.1]).collect();
    names.sort();
    names.dedup();
    let place = |(k, name): (usize, &&str)| Place {
        id: name.to_lowercase(),
        name: (*name).into(),
        at: coord! { x: k as f64, y: 0.0 },
        area: None,
        population: None,
    };
    let places: Vec<Place> = names.iter().enumerate().map(place).collect();
    let atlas = Atlas { attributes: Table::with_rows(places.len()), places, ..Atlas::default() };
    let index = |name: &str| PlaceIndex(names.iter().position(|n| *n == name).unwrap() as u32);
    let flow = |row: &(&str, &str, Option<f64>)| Flow {
        origin: index(row.0),
        destination: index(row.1),
        weight: row.2,
        kind: None,
        time: None,
    };
    let flows = FlowTable { flows: rows.iter().map(flow).collect(), attributes: Table::with_rows(rows.len()) };
    let graph = build(&atlas, &flows, spec.weights);
    let style = styles::style(styles::DEFAULT, std::path::Path::new(".")).unwrap();
    let input = MapInput {
        spec,
        atlas: &atlas,
        all: &graph,
        circled: &graph,
        shown: &graph,
        base: &BaseMap::default(),
        style: &style,
        fonts: styles::bundled_fonts(),
    };
    matrix(&input, &matrix_order(&atlas, &graph))
}

/// Returns flows between so many places with long names, every pair with a number.
fn everybody(places: usize) -> Vec<(String, String, Option<f64>)> {
    let name = |k: usize| format!("Province number {k}");
    let pairs = (0..places).flat_map(|a| (0..places).map(move |b| (a, b))).filter(|(a, b)| a != b);
    pairs.map(|(a, b)| (name(a), name(b), Some((1 + (a * 7919 + b * 104_729) % 4999) as f64))).collect()
}

fn borrowed(rows: &[(String, String, Option<f64>)]) -> Vec<(&str, &str, Option<f64>)> {
    rows.iter().map(|(a, b, weight)| (a.as_str(), b.as_str(), *weight)).collect()
}

#[test]
fn communities_stand_together_and_every_kind_of_cell_is_told_apart() {
    let rows: Rows = &[
        ("North", "South", Some(1200.0)),
        ("South", "North", Some(800.0)),
        ("North", "Harbour", Some(90.0)),
        ("Harbour", "North", Some(310.0)),
        ("South", "Harbour", Some(0.0)),
        ("East", "West", Some(450.0)),
        ("West", "East", Some(60.0)),
        ("East", "Hill", None),
        ("Hill", "West", Some(25.0)),
        ("Hill", "North", Some(4.0)),
        ("North", "North", Some(7000.0)),
    ];
    check(
        "map-matrix",
        &draw(rows, &spec("Two groups, five shades, one zero, one hatched, one outlined")).unwrap().scene,
    );
}

#[test]
fn flows_of_0_are_told_apart_and_the_diagonal_is_explained() {
    let rows: Rows = &[
        ("A", "B", Some(3.0)),
        ("B", "A", Some(0.0)),
        ("B", "C", Some(4.0)),
        ("C", "A", Some(5.0)),
        ("A", "C", Some(0.0)),
        ("C", "C", Some(9.0)),
    ];
    let map = draw(rows, &spec("Zeros")).unwrap();
    assert!(!map.dropped_numbers);
    let told: String = texts(&map.scene).iter().map(|t| format!("{} ", t.content)).collect();
    for words in ["Shown: 3 of 3 flows, 100", "Flows of 0: 2.", "within a place ", "within a place: no entry"] {
        assert!(told.contains(words), "{words} in {told}");
    }
}

#[test]
fn origins_that_receive_nothing_are_rows_alone_and_their_totals_are_told() {
    let map = draw(&[("A", "X", Some(3.0)), ("B", "X", Some(4.0)), ("B", "Y", Some(5.0))], &spec("Disjoint")).unwrap();
    let told: Vec<&str> = texts(&map.scene).iter().map(|t| t.content.as_str()).collect();
    for (word, times) in [("A", 1), ("B", 1), ("X", 1), ("Y", 1), ("9", 1), ("7", 1), ("12", 1), ("Total", 2)] {
        assert_eq!(told.iter().filter(|t| **t == word).count(), times, "{word} in {told:?}");
    }
    assert_eq!(map.courses.len(), 3);
    assert!(map.drawn.flows.is_empty());
}

#[test]
fn heads_and_totals_stay_within_the_margins_however_short_the_names_and_large_the_sums() {
    let rows: Rows = &[("A", "B", Some(9e9)), ("B", "C", Some(9e9)), ("C", "A", Some(9e9)), ("D", "A", Some(1.0))];
    for language in [Language::English, Language::Spanish, Language::French] {
        let map = draw(rows, &MapSpec { language, ..spec("Margins") }).unwrap();
        let lines = texts(&map.scene);
        let title = lines.iter().find(|t| t.content == "Margins").unwrap();
        for text in lines.iter().filter(|t| t.rotation == 0.0) {
            let end = text.origin.x + text.advance;
            let within = text.origin.x > title.origin.x - 2.0 && end < map.scene.width - title.origin.x + 2.0;
            assert!(within, "{} from {} to {end}", text.content, text.origin.x);
        }
    }
}

#[test]
fn ranks_are_never_added_up() {
    let spec =
        MapSpec { weights: WeightKind::Ordinal, classes: vec!["first".into(), "second".into()], ..spec("Ranks") };
    let map = draw(&[("A", "X", Some(1.0)), ("A", "Y", Some(2.0))], &spec).unwrap();
    let texts = texts(&map.scene);
    assert!(texts.iter().all(|t| t.content != "Total" && t.content != "3"));
    assert!(texts.iter().any(|t| t.content == "second"));
}

#[test]
fn a_hundred_and_fifty_places_fit_a_page_and_names_without_room_are_reported() {
    let rows = everybody(150);
    let map =
        draw(&borrowed(&rows), &MapSpec { width: Mm(297.0), height: Some(Mm(210.0)), ..spec("Crowded") }).unwrap();
    assert!(!map.dropped_labels.is_empty() && map.dropped_labels.len() < 150);
    for text in texts(&map.scene) {
        assert!(text.size >= 5.5, "{} is {} pt", text.content, text.size);
        let end = text.origin + kurbo::Vec2::from_angle(text.rotation.to_radians()) * text.advance;
        for at in [text.origin, end] {
            let inside = at.x >= 0.0 && at.y >= 0.0 && at.x <= map.scene.width && at.y <= map.scene.height;
            assert!(inside, "{} leaves the page at {at:?}", text.content);
        }
    }
}

#[test]
fn pages_too_small_and_maps_without_flows_are_refused() {
    let rows = everybody(150);
    let tiny = MapSpec { width: Mm(40.0), ..spec("Tiny") };
    assert!(matches!(draw(&borrowed(&rows), &tiny), Err(Error::PageTooSmall { .. })));
    assert!(matches!(draw(&[], &spec("Nothing")), Err(Error::NoFlowToShow)));
}

#[test]
fn numbers_stand_in_all_cells_or_in_none() {
    let mut rows = everybody(13);
    rows[0].2 = Some(123_456_789.0);
    let drawn = draw(&borrowed(&rows), &MapSpec { width: Mm(148.0), ..MapSpec::default() }).unwrap();
    let cells = drawn.scene.items.iter().find_map(|item| match item {
        Item::Group(group) if group.name == "cells" => Some(format!("{:?}", group.items)),
        _ => None,
    });
    assert!(!cells.unwrap().contains("Text("), "blank cells would be the largest");
    assert!(drawn.dropped_numbers);
    assert!(drawn.scene.description.starts_with("A matrix of 156 flows"), "{}", drawn.scene.description);
}

#[test]
fn sums_of_both_directions_stand_in_the_cells_of_both_and_count_once() {
    let rows = [("A", "B", Some(30.0)), ("A", "C", Some(12.0)), ("B", "C", Some(5.0))];
    let spec = MapSpec { directions: Directions::Gross, ..spec("Sums") };
    let drawn = draw(&rows, &spec).unwrap();
    let picture = format!("{:?}", drawn.scene.items);
    for told in
        ["A – B: 30", "B – A: 30", "C – A: 12", "C – B: 5", "\"47\"", "\"42\"", "\"35\"", "\"17\"", "\"Between\""]
    {
        assert!(picture.contains(told), "{told} is missing in {picture}");
    }
    let words = &drawn.scene.description;
    assert!(words.contains("between A and B, 30") && words.contains("The place with the largest sum is A"), "{words}");
    assert!(!words.contains("origin") && !words.contains("A to B"), "{words}");
}
