//! Data that break layouts: places in one spot, one giant flow, nothing at all, far too much. Whatever the data, a run
//! ends well, draws or counts every flow, and says where lines cannot show them.
//!
//! The pictures stay in `target/tmp/hard-cases/CASE/out/CASE/LAYOUT.png`, to be looked at.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use program::{Ended, run_in};
use serde_json::Value;

/// The layouts that draw a line per flow.
const LINES: [&str; 5] = ["od", "tree", "bundle", "straight", "arc"];

/// Overlap in per cent above which a map of separate lines must come with advice.
const MOST_OVERLAP_PCT: f64 = 15.0;

/// A loop round two symbols that overlap is many times as long as the way between their middles.
const ROUND_SYMBOLS: f64 = 20.0;

/// Places and flows by number: (x, y) and (origin, destination, weight).
struct Case {
    name: &'static str,
    places: Vec<(f64, f64)>,
    flows: Vec<(usize, usize, u32)>,
    /// More keys of every map.
    keys: &'static str,
    /// Times its straight way that no flow may be longer.
    most_stretch: f64,
}

impl Case {
    fn new(name: &'static str, places: &[(f64, f64)], flows: &[(usize, usize, u32)]) -> Case {
        Case { name, places: places.to_vec(), flows: flows.to_vec(), keys: "", most_stretch: 10.0 }
    }

    /// Writes the study with a map per layout and returns its folder.
    fn write(&self, layouts: &[&str]) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hard-cases").join(self.name);
        fs::create_dir_all(&folder).unwrap();
        let rows = self.places.iter().enumerate();
        let places: String = rows.map(|(k, (x, y))| format!("p{k},Place {k},{x},{y}\n")).collect();
        let flows: String = self.flows.iter().map(|(o, d, weight)| format!("p{o},p{d},{weight}\n")).collect();
        fs::write(folder.join("places.csv"), format!("id,name,x,y\n{places}")).unwrap();
        fs::write(folder.join("flows.csv"), format!("origin,dest,count\n{flows}")).unwrap();
        fs::write(folder.join("study.toml"), self.study(layouts)).unwrap();
        folder
    }

    fn study(&self, layouts: &[&str]) -> String {
        let mut study = String::from(
            "title = \"A hard case\"\n[output]\nmetrics = []\ndpi = 110\n[places.p]\nfile = \"places.csv\"\n\
             [flows.f]\nfile = \"flows.csv\"\nmeasure = \"people\"\nunit = \"persons\"\nbasis = \"invented\"\n",
        );
        for layout in layouts {
            let (name, keys) = (self.name, self.keys);
            writeln!(study, "[[map]]\nid = \"{layout}\"\ntitle = \"{name}: {layout}\"\nlayout = \"{layout}\"").unwrap();
            writeln!(study, "width_mm = 120\ncite = []\n{keys}").unwrap();
        }
        study
    }

    fn run(&self, layouts: &[&str], out: &str) -> (PathBuf, Ended) {
        let folder = self.write(layouts);
        let ended = run_in(&folder, &["run", "study.toml", "--out", out]);
        (folder.join(out).join(self.name), ended)
    }

    /// Draws every layout and checks what must hold for each; `lineless` flows have no line.
    fn holds(&self, layouts: &[&str], lineless: usize) -> Vec<Value> {
        let (out, ended) = self.run(layouts, "out");
        ended.expect(0);
        let report: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
        let maps = report["maps"].as_array().unwrap().clone();
        for map in &maps {
            every_flow_is_drawn_or_counted(map, &out, lineless);
            every_figure_is_a_number(map, self.most_stretch);
            crowded_lines_come_with_advice(map);
        }
        maps
    }

    /// Draws once more on one thread and expects the same bytes; of the report there is but one, of all layouts.
    fn holds_again(&self, layouts: &[&str]) {
        let folder = self.write(layouts);
        run_in(&folder, &["run", "study.toml", "--out", "again", "--threads", "1"]).expect(0);
        let (first, again) = (folder.join("out").join(self.name), folder.join("again").join(self.name));
        for file in fs::read_dir(&again).unwrap() {
            let name = file.unwrap().file_name();
            assert!(
                name == "report.json" || fs::read(first.join(&name)).unwrap() == fs::read(again.join(&name)).unwrap(),
                "{name:?}"
            );
        }
    }
}

fn every_flow_is_drawn_or_counted(map: &Value, out: &Path, lineless: usize) {
    let (id, account) = (map["id"].as_str().unwrap(), &map["flows"]);
    let number = |key: &str| account[key].as_u64().unwrap() as usize;
    assert_eq!(number("rows"), number("merged") + number("links") + number("self_links"), "{id}: {account}");
    assert_eq!(number("shown") + number("zero"), number("links"), "{id}");
    let layer: Value = serde_json::from_slice(&fs::read(out.join(format!("{id}-flows.geojson"))).unwrap()).unwrap();
    let features = layer["features"].as_array().unwrap();
    let drawn = features.iter().filter(|feature| !feature["geometry"].is_null()).count();
    assert_eq!((features.len(), drawn), (number("shown"), number("shown") - lineless), "{id}");
    assert_eq!(map["score"]["flows"], drawn, "{id}");
}

/// A number that is none would be `null` in the report and `NaN` in the picture.
fn every_figure_is_a_number(map: &Value, most_stretch: f64) {
    let figures = map["score"].as_object().unwrap();
    assert!(figures.values().all(Value::is_number), "{}: {figures:?}", map["id"]);
    let stretch = figures["stretch_max"].as_f64().unwrap();
    assert!((0.99..most_stretch).contains(&stretch), "{}: a flow {stretch} times as long as its way", map["id"]);
}

fn crowded_lines_come_with_advice(map: &Value) {
    let overlap = map["score"]["overlap_pct"].as_f64().unwrap();
    let separate = ["od", "straight", "arc"].contains(&map["id"].as_str().unwrap());
    let notes = map["notes"].to_string();
    assert!(!separate || overlap <= MOST_OVERLAP_PCT || notes.contains("--top"), "{}: {overlap} %, {notes}", map["id"]);
}

/// Even numbers from 0 to 1 (splitmix64).
fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    (1..).map(move |k: u64| {
        let mut z = seed.wrapping_add(k).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    })
}

fn scattered(count: usize) -> Vec<(f64, f64)> {
    let mut numbers = numbers(7);
    let mut next = |most: f64| (numbers.next().unwrap() * most * 10.0).round() / 10.0;
    (0..count).map(|_| (next(1000.0), next(600.0))).collect()
}

/// So many pairs of different places, spread over all pairs, with small weights.
fn tiny_flows(places: usize, count: usize) -> Vec<(usize, usize, u32)> {
    let pairs = places * (places - 1);
    let pair = |k: usize| (k / (places - 1), k % (places - 1));
    let flow = |(o, d): (usize, usize), weight| (o, if d >= o { d + 1 } else { d }, weight);
    (0..count).map(|k| flow(pair(k * pairs / count), 1 + (k % 5) as u32)).collect()
}

#[test]
fn flows_between_coincident_places_have_no_line_and_are_counted() {
    let case = Case::new(
        "coincident",
        &[(0.0, 0.0), (0.0, 0.0), (9.0, 4.0), (5.0, 9.0)],
        &[(0, 1, 50), (0, 2, 80), (1, 2, 30), (2, 1, 20), (3, 0, 40), (3, 1, 10)],
    );
    case.holds(&LINES, 1);
    case.holds_again(&LINES);
}

#[test]
fn places_closer_than_their_symbols_still_have_a_line_each() {
    let places = [(0.0, 0.0), (0.3, 0.1), (0.1, 0.4), (60.0, 20.0), (60.2, 20.4), (30.0, -25.0)];
    let flows = [(0, 1, 900), (1, 0, 700), (1, 2, 400), (0, 3, 500), (3, 4, 800), (4, 2, 300), (5, 0, 200)];
    let case = Case { most_stretch: ROUND_SYMBOLS, ..Case::new("closer-than-symbols", &places, &flows) };
    case.holds(&LINES, 0);
    case.holds_again(&LINES);
}

#[test]
fn one_giant_among_a_thousand_tiny_flows_is_the_widest_and_all_are_drawn() {
    let mut flows = tiny_flows(50, 1000);
    flows[500].2 = 1_000_000;
    let case = Case { keys: "layout_seconds = 2", ..Case::new("giant", &scattered(50), &flows) };
    for map in case.holds(&["od", "bundle", "straight", "arc"], 0) {
        let advised = map["notes"].to_string().contains("--top");
        assert_eq!(advised, map["id"] != "bundle", "a thousand separate lines are too many: {}", map["notes"]);
    }
    case.holds_again(&["bundle", "straight", "arc"]);
}

#[test]
fn all_flows_from_one_place_fan_out_and_no_branch_of_their_tree_crosses_another() {
    let flows: Vec<_> = (1..40).map(|k| (0, k, 1 + (k * k) as u32)).collect();
    let case = Case::new("one-origin", &scattered(40), &flows);
    let maps = case.holds(&LINES, 0);
    let tree = maps.iter().find(|map| map["id"] == "tree").unwrap();
    assert_eq!(tree["score"]["crossings"], 0);
    case.holds_again(&LINES);
}

#[test]
fn two_places_with_flows_both_ways_have_two_lines_that_do_not_meet() {
    let case = Case::new("both-ways", &[(0.0, 0.0), (8.0, 3.0)], &[(0, 1, 70), (1, 0, 40)]);
    for map in case.holds(&["od"], 0) {
        assert_eq!(
            (&map["score"]["crossings"], &map["score"]["overlap_pct"]),
            (&0.into(), &0.0.into()),
            "{}",
            map["id"]
        );
    }
    case.holds(&LINES, 0);
    case.holds_again(&LINES);
}

#[test]
fn flows_of_a_place_to_itself_are_counted_or_rings() {
    let flows = [(0, 0, 90), (0, 1, 60), (1, 1, 30), (1, 2, 50), (2, 0, 20)];
    let case = Case::new("self-flows", &[(0.0, 0.0), (8.0, 3.0), (3.0, 7.0)], &flows);
    assert!(case.holds(&LINES, 0).iter().all(|map| map["flows"]["self_links"] == 2));
    let rings = Case { name: "rings", keys: "self_flows = \"rings\"", ..case };
    assert!(rings.holds(&LINES, 0).iter().all(|map| map["flows"]["self_links"] == 2));
    rings.holds_again(&LINES);
}

#[test]
fn a_flow_of_nobody_is_counted_and_has_no_line() {
    let places = [(0.0, 0.0), (8.0, 3.0), (3.0, 7.0)];
    for map in Case::new("weight-zero", &places, &[(0, 1, 0), (1, 2, 5)]).holds(&LINES, 0) {
        assert_eq!((&map["flows"]["zero"], &map["flows"]["shown"]), (&1.into(), &1.into()), "{}", map["id"]);
        assert!(map["notes"].to_string().contains("flows of 0 have no line (1)"), "{}", map["notes"]);
    }
    let all = Case::new("weights-zero", &places, &[(0, 1, 0), (1, 2, 0)]);
    let said = ["map od: there is no flow to draw", "map tree: flows of 0 have no line (2)"];
    all.run(&LINES, "out").1.expect(0).says(&said);
}

#[test]
fn places_above_one_another_are_a_map() {
    let exactly = Case::new("one-meridian", &[(5.0, 0.0), (5.0, 5.0), (5.0, 9.0)], &[(0, 1, 3), (1, 2, 40), (2, 0, 7)]);
    let nearly = Case::new("nearly-one-meridian", &[(5.0, 0.0), (5.000_01, 5.0)], &[(0, 1, 3)]);
    for case in [exactly, nearly] {
        case.holds(&LINES, 0);
    }
}

#[test]
fn one_flow_is_a_map() {
    let case = Case::new("one-flow", &[(0.0, 0.0), (8.0, 3.0)], &[(0, 1, 70)]);
    for map in case.holds(&LINES, 0) {
        assert_eq!(map["score"]["crossings"], 0, "{}", map["id"]);
    }
    case.holds_again(&LINES);
}

#[test]
fn no_flow_at_all_is_a_map_of_places_and_said_in_words() {
    let places = [(0.0, 0.0), (8.0, 3.0)];
    let none = Case::new("no-flow", &places, &[]);
    let itself = Case::new("only-a-self-flow", &places, &[(0, 0, 5)]);
    let below = Case { keys: "threshold = 1000", ..Case::new("below-threshold", &places, &[(0, 1, 5)]) };
    for case in [none, itself, below] {
        case.run(&LINES, "out").1.expect(0).says(&["map od: there is no flow to draw", "map tree: there is no flow"]);
    }
}

#[test]
fn five_thousand_flows_end_in_time_and_in_advice() {
    let case = Case {
        keys: "layout_seconds = 2\nplace_radius_mm = 0.5",
        most_stretch: ROUND_SYMBOLS, // two of 200 symbols overlap
        ..Case::new("five-thousand", &scattered(200), &tiny_flows(200, 5000))
    };
    let maps = case.holds(&["od"], 0);
    assert!(maps[0]["notes"].to_string().contains("matrix"), "{}", maps[0]["notes"]);
    assert_eq!(maps[0]["layout_finished"], false, "two seconds are too few, and the report says so");
}
