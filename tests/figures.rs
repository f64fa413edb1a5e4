//! Figures of several panels: maps at locked scales, small multiples, charts and tables, and how wrong ones are answered.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use std::collections::BTreeSet;

use flowatlas::{
    graph,
    layers::Layers,
    multiples::{Multiple, multiples},
    study::Study,
    styles,
};
use flowatlas_map::{
    BarRow, Bars, Block, Grid, IndicatorRow, Indicators, Language, Look, Panel, SheetSpec, Sides, sheet,
};
use flowatlas_model::{Scene, units::Mm};
use golden::check;
use program::{Bench, STUDY};
use words::texts;

#[path = "support/golden.rs"]
mod golden;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/program.rs"]
mod program;
#[path = "support/words.rs"]
mod words;

/// Flows of two periods: the largest of the first is twice that of the second.
const PERIODS: &str = "origin,dest,count,time\nhyo,lim,400,1990\naqp,lim,100,1990\nhyo,lim,200,2000\nlim,aqp,50,2000\n";

/// A study whose only map has flows of two periods, with more keys for the map and more tables behind it.
fn periods(keys: &str, behind: &str) -> Bench {
    let bench = Bench::with_study();
    bench.write("study/flows.csv", PERIODS);
    bench.write("study/numbers.csv", "id,name,in,out,net\na,Ayr,3,5,-2\nb,Bute,9.5,1,8.5\nc,Coll,,4,\n");
    let study = STUDY.replace("cite = [", &format!("{keys}\ncite = ["));
    bench
        .write("study/study.toml", format!("{study}\n[tables.numbers]\nfile = \"numbers.csv\"\nid = \"id\"\n{behind}"));
    bench
}

/// A figure of one map and this panel.
fn with_panel(panel: &str) -> Bench {
    let figure =
        "[[figure]]\nid = \"page\"\ntitle = \"Page\"\ncite = [\"census\"]\n[[figure.panel]]\nmap = \"towns\"\n";
    periods("", &format!("{figure}[[figure.panel]]\n{panel}\n"))
}

#[track_caller]
fn answered(panel: &str, words: &[&str]) {
    with_panel(panel).run("run study").expect(2).says(words);
}

/// Draws the only map of a study as small multiples and hands it to `look`.
fn draw(bench: &Bench, look: impl Fn(&Multiple)) {
    let study = Study::load(&bench.path("study")).unwrap();
    let layers = Layers::read(&study).unwrap();
    let plan = &study.maps[0];
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials).unwrap();
    look(&multiples(plan, plan.multiples.unwrap(), (&materials, &graphed)).unwrap());
}

#[test]
fn a_weight_is_as_wide_and_a_place_stands_as_it_does_on_every_map_of_a_period() {
    draw(&periods("multiples = \"time\"\nflow_width_mm = 4", ""), |made| {
        assert_eq!(made.members.len(), 2);
        let maps: Vec<_> = made.members.iter().map(|member| &member.picture.composition.drawn).collect();
        let width = |map: usize, flow: usize| maps[map].flows[flow].width;
        let widest = |map: usize| (0..maps[map].flows.len()).map(|flow| width(map, flow)).fold(0.0, f64::max);
        assert!((widest(0) - 4.0).abs() < 1e-9, "the widest of all is as wide as asked");
        assert!((widest(1) - 2.0).abs() < 1e-9, "half the weight is half as wide");
        assert_eq!(maps[0].nodes.len(), 3);
        for (one, other) in maps[0].nodes.iter().zip(&maps[1].nodes) {
            assert_eq!((&one.id, one.x, one.y), (&other.id, other.x, other.y));
        }
    });
}

#[test]
fn each_of_small_multiples_names_the_places_that_its_own_flows_join() {
    let bench = periods("multiples = \"time\"", "");
    bench.write("study/flows.csv", "origin,dest,count,time\nhyo,lim,400,1990\naqp,lim,100,1990\nhyo,lim,200,2000\n");
    draw(&bench, |made| {
        let named = |map: usize| {
            let drawn = &made.members[map].picture.composition.drawn;
            let mut ids: Vec<&str> = drawn.labels.iter().map(|label| label.node.as_str()).collect();
            ids.sort_unstable();
            (drawn.nodes.len(), ids.join(" "), made.members[map].picture.composition.dropped_labels.len())
        };
        assert_eq!(named(0), (3, "aqp hyo lim".into(), 0));
        assert_eq!(named(1), (3, "hyo lim".into(), 0), "Arequipa stands there without a name");
    });
}

#[test]
fn circles_of_small_multiples_have_one_scale() {
    draw(&periods("multiples = \"time\"", ""), |made| {
        let radius = |map: usize| {
            let nodes = &made.members[map].picture.composition.drawn.nodes;
            nodes.iter().find(|node| node.id == "lim").unwrap().r
        };
        let (first, second) = (radius(0), radius(1));
        assert!((first * first / (second * second) - 2.0).abs() < 1e-6, "500 and 250 people: {first}, {second}");
    });
}

#[test]
fn circles_of_small_multiples_have_sizes_where_the_flows_of_one_map_alone_are_of_one_place() {
    let bench = periods("multiples = \"time\"", "");
    let first = "hyo,lim,400,1990\nhyo,aqp,200,1990\nhyo,tru,200,1990\n";
    bench.write("study/flows.csv", format!("origin,dest,count,time\n{first}tru,lim,100,2000\nlim,aqp,300,2000\n"));
    draw(&bench, |made| {
        let radius = |map: usize, id: &str| {
            let nodes = &made.members[map].picture.composition.drawn.nodes;
            nodes.iter().find(|node| node.id == id).unwrap().r
        };
        let share = |one: f64, other: f64| one * one / (other * other);
        assert!((share(radius(0, "lim"), radius(0, "aqp")) - 2.0).abs() < 1e-6, "400 and 200 people");
        assert!((share(radius(0, "lim"), radius(1, "lim")) - 1.0).abs() < 1e-6, "400 people on both maps");
    });
}

#[test]
fn small_multiples_are_one_picture_with_tables_of_each_map() {
    let bench = periods("multiples = \"time\"", "");
    bench.run("run study").expect(0);
    let files = bench.list("out/study");
    for file in ["towns.png", "towns.txt", "towns-1990-flows.geojson", "towns-2000-metrics.json"] {
        assert!(files.iter().any(|known| known == file), "{file} in {files:?}");
    }
    assert!(!files.iter().any(|file| file == "towns-metrics.json"), "periods are not added");
    let report = bench.json("out/study/report.json");
    assert_eq!((report["maps"].as_array().unwrap().len(), report["figures"][0]["id"].as_str()), (2, Some("towns")));
    assert!(report["figures"][0]["scales"]["points_per_unit"].as_f64().unwrap() > 0.0);
    let words = bench.text("out/study/towns.txt");
    assert!(words.contains("1990: ") && words.contains("2000: "), "{words}");
    let picture = bench.text("out/study/towns.svg");
    assert_eq!(picture.matches("id=\"panel-1-flows\"").count(), 1);
    assert_eq!(picture.matches("scale-bar").count(), 1, "they show the same ground");
}

#[test]
fn the_command_line_draws_small_multiples_too() {
    let bench = periods("", "");
    bench.run("map study/places.csv study/flows.csv --by time --base none -o m.svg").expect(0);
    assert!(bench.text("m.svg").contains("id=\"panel-2\""));
    bench
        .run("map study/places.csv study/flows.csv --by kind --base none -o m.svg")
        .expect(2)
        .says(&["two kinds", "found 0"]);
    bench.run("map study/places.csv study/flows.csv --by tims -o m.svg").expect(2).says(&["time"]);
}

#[test]
fn small_multiples_of_wide_maps_stand_in_fewer_columns() {
    let columns = |east: f64, keys: &str| {
        let bench = periods(&format!("multiples = \"time\"\n{keys}"), "");
        bench.write(
            "study/places.csv",
            format!("id,name,lon,lat\nlim,Lima,-77,2\nhyo,Huancayo,{east},0\naqp,Arequipa,-76,-2\n"),
        );
        let counted = std::cell::Cell::new(0);
        draw(&bench, |made| counted.set(made.report.options["columns"].as_u64().unwrap()));
        counted.get()
    };
    assert_eq!((columns(-72.0, ""), columns(-50.0, "")), (2, 1));
    assert_eq!((columns(-50.0, "columns = 2"), columns(-50.0, "height_mm = 50")), (2, 2), "as it was asked");
}

#[test]
fn small_multiples_leave_out_flows_between_places_beyond_their_extent() {
    let bench = periods("multiples = \"time\"\nextent = [-78.0, -13.0, -74.0, -11.0]", "");
    bench.write("study/flows.csv", format!("{PERIODS}tru,aqp,70,1990\n"));
    draw(&bench, |made| {
        let shown: Vec<_> = made.members.iter().map(|m| (m.picture.selected.shown, m.picture.omitted.beyond)).collect();
        assert_eq!(shown, [(2, 1), (2, 0)]);
        let ids = |map: usize| {
            made.members[map].picture.composition.drawn.nodes.iter().map(|n| n.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            (ids(0), ids(1)),
            (["aqp", "hyo", "lim"].map(String::from).to_vec(), ids(0)),
            "no name without a flow"
        );
        assert!(texts(&made.scene).iter().any(|text| text.content.contains("not drawn (1)")), "said on the page");
    });
}

#[test]
fn one_thread_and_three_draw_the_same_figure() {
    let bench = with_panel("table = \"numbers\"\nbars = [\"in\"]");
    bench.run("run study --threads 1 --out one").expect(0);
    bench.run("run study --threads 3 --out three").expect(0);
    for file in ["page.png", "page.svg", "report.json"] {
        assert!(bench.read(&format!("one/study/{file}")) == bench.read(&format!("three/study/{file}")), "{file}");
    }
}

#[test]
fn a_missing_number_is_said_and_the_largest_row_stands_first() {
    let bench = with_panel(
        "title = \"Rates\"\ntable = \"numbers\"\nbars = [\"in\", \"out\"]\nnames = [\"in\", \"out\"]\ndecimals = 1",
    );
    bench.run("run study").expect(0);
    let table = bench.json("out/study/report.json")["figures"][0]["panels"][1]["table"].clone();
    let labels: Vec<&str> =
        table["rows"].as_array().unwrap().iter().map(|row| row["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["Bute", "Ayr", "Coll"]);
    assert_eq!(table["rows"][2]["numbers"], serde_json::json!([null, 4.0]));
    let svg = bench.text("out/study/page.svg");
    assert!(svg.contains("no data") && svg.contains("9.5"));
    assert!(bench.text("out/study/page.txt").contains("Rates: "));
}

#[test]
fn a_chart_says_of_how_many_rows_it_shows_the_first() {
    let foot = |panel: &str, language: &str| {
        let bench = with_panel(panel);
        let study = bench.text("study/study.toml");
        bench.write("study/study.toml", format!("language = \"{language}\"\n{study}"));
        bench.run("run study").expect(0);
        bench.text("out/study/page.svg").replace(['\u{202f}', '\u{a0}'], " ")
    };
    let rates = "title = \"Rates\"\ntable = \"numbers\"\nbars = [\"in\"]";
    assert!(foot(&format!("{rates}\ntop = 2"), "en").contains("Rates: Shown: 2 of 3 rows."));
    assert!(!foot(&format!("{rates}\ntop = 3"), "en").contains("of 3 rows"), "nothing is left out");
    let places = "title = \"Net\"\nmap = \"towns\"\nbars = [\"in_strength\"]\ntop = 1";
    assert!(foot(places, "es").contains("Net: Se muestran 1 de 4 lugares."));
    assert!(foot("title = \"Flux\"\nmap = \"towns\"\nflows = 2", "fr").contains("Flux : Représentés : 2 flux sur 3."));
}

#[test]
fn indicators_are_sums_shares_metrics_and_given_numbers() {
    let row = |label: &str, keys: &str| format!("[[figure.panel.row]]\nlabel = \"{label}\"\n{keys}\n");
    let rows = [
        row("all", "sum = \"count\""),
        row("first", "sum = \"count\"\nfilter = { time = 1990 }"),
        row("part", "sum = \"count\"\nfilter = { time = 1990 }\nof = \"count\"\nof_filter = {}\ndecimals = 1"),
        row("none", "sum = \"count\"\nfilter = { time = 1800 }"),
        row("top", "largest_share = 1"),
        row("flows", "metric = \"flows\""),
        row("born", "values = [1234567]\ncite = \"census\""),
    ];
    let bench = with_panel(&format!("indicators = [\"towns\"]\nnames = [\"Towns\"]\n{}", rows.concat()));
    bench.run("run study").expect(0);
    let table = bench.json("out/study/report.json")["figures"][0]["panels"][1]["table"].clone();
    let cells: Vec<&str> =
        table["rows"].as_array().unwrap().iter().map(|row| row["cells"][0].as_str().unwrap()).collect();
    assert_eq!(cells, ["750", "500", "66.7", "–", "80", "3", "1,234,567"]);
}

#[test]
fn what_a_panel_cannot_show_is_answered() {
    answered("title = \"Empty\"", &["study.toml:", "a panel shows one thing"]);
    answered("map = \"town\"", &["there is no map \"town\"", "did you mean \"towns\"?"]);
    answered("table = \"number\"\nbars = [\"in\"]", &["[tables.number]", "did you mean \"numbers\"?"]);
    answered("table = \"numbers\"\nbars = [\"inn\"]", &["panel", "no column \"inn\"", "did you mean \"in\"?"]);
    answered("table = \"numbers\"\nbars = [\"name\"]", &["\"Ayr\", expected a number"]);
    answered("table = \"numbers\"\nbars = [\"in\"]\nhighlight = [\"z\"]", &["no row of the chart"]);
    answered("table = \"numbers\"\nbars = [\"in\", \"out\"]", &["two \"names\""]);
    let row =
        |keys: &str| format!("indicators = [\"towns\"]\nnames = [\"T\"]\n[[figure.panel.row]]\nlabel = \"L\"\n{keys}");
    answered(&row("values = [1]"), &["\"cite\", a key of sources.toml"]);
    answered(&row("metric = \"ginni\""), &["did you mean \"gini\"?"]);
    answered(&row("sum = \"cont\""), &["did you mean \"count\"?"]);
    answered(&row(""), &["a row has one of"]);
    answered(&row("metric = \"gini\"\nfilter = { kind = \"work\" }"), &["a metric is of all flows of a map"]);
    answered(&row("sum = \"count\"\nof_filter = { kind = \"work\" }"), &["\"of_filter\" needs \"of\""]);
    answered(&row("largest = 0"), &["\"largest\" is 0, expected a number of at least 1"]);
    answered("map = \"towns\"\nflows = 0", &["\"flows\" is 0, expected a number of at least 1"]);
    answered("table = \"numbers\"\nbars = [\"in\"]\ntop = 0", &["\"top\" is 0"]);
}

#[test]
fn a_key_that_changes_nothing_in_its_panel_is_refused_with_the_panels_that_take_it() {
    let (map, flows) = ("map = \"towns\"", "map = \"towns\"\nflows = 2");
    let (bars, balance) = ("table = \"numbers\"\nbars = [\"in\"]", "table = \"numbers\"\nbalance = \"net\"");
    let table = "indicators = [\"towns\"]\nnames = [\"T\"]";
    let row = "[[figure.panel.row]]\nlabel = \"L\"\nmetric = \"gini\"\n";
    let charts = "bars, two series of bars, a balance";
    for (panel, key, value, shown, takers) in [
        (map, "unit", "\"u\"", "a map", charts),
        (map, "decimals", "1", "a map", charts),
        (map, "top", "2", "a map", charts),
        (map, "highlight", "[\"lim\"]", "a map", charts),
        (map, "names", "[\"T\"]", "a map", "two series of bars, indicators"),
        (flows, "top", "2", "flows", charts),
        (bars, "height_mm", "50", "bars", "a map"),
        (bars, "names", "[\"T\"]", "bars", "two series of bars, indicators"),
        (balance, "names", "[\"T\", \"U\"]", "a balance", "two series of bars, indicators"),
        (table, "unit", "\"u\"", "indicators", charts),
        (table, "height_mm", "50", "indicators", "a map"),
    ] {
        let told = format!("panel \"P\": \"{key}\" changes nothing where a panel shows {shown}; it goes with {takers}");
        let rows = if shown == "indicators" { row } else { "" };
        answered(&format!("title = \"P\"\n{panel}\n{key} = {value}\n{rows}"), &["study.toml:", &told]);
    }
    answered(&format!("{map}\n{row}"), &["study.toml:", "\"row\" changes nothing where a panel shows a map"]);
}

#[test]
fn small_multiples_are_no_panel_but_their_numbers_are() {
    let figure =
        "[[figure]]\nid = \"page\"\ntitle = \"Page\"\ncite = [\"census\"]\n[[figure.panel]]\nmap = \"towns\"\n";
    let words =
        ["study.toml:", "the map \"towns\" is small multiples by time", "a map of each of its periods, by a filter"];
    periods("multiples = \"time\"", figure).run("check study").expect(2).says(&words);
    periods("multiples = \"time\"", &format!("{figure}flows = 2\n")).run("check study").expect(0);
}

#[test]
fn scales_are_locked_only_for_maps_that_mean_the_same() {
    let other = "[flows.cards]\nfile = \"flows.csv\"\nmeasure = \"cards\"\nunit = \"documents\"\nbasis = \"count\"\n\
                 [[map]]\nid = \"cards\"\ntitle = \"Cards\"\nflows = \"cards\"\ncite = []\n\
                 [[figure]]\nid = \"page\"\ntitle = \"Page\"\ncite = []\nscales = \"locked\"\n\
                 [[figure.panel]]\nmap = \"towns\"\n[[figure.panel]]\nmap = \"cards\"\n";
    let bench = periods("flows = \"moves\"", other);
    bench.run("check study").expect(2).says(&["study.toml:", "one measure", "documents", "persons"]);
    bench.write("study/study.toml", bench.text("study/study.toml").replace("\"locked\"", "\"own\""));
    bench.run("check study").expect(0).says(&["2 maps, 1 figure,"]);
    let halves = other.replace("flows = \"cards\"", "flows = \"moves\"\ncircles = \"in-out\"");
    let bench = periods("flows = \"moves\"", &halves);
    bench.run("check study").expect(2).says(&["study.toml:", "\"towns\" and \"cards\" differ in circles"]);
}

#[test]
fn a_figure_takes_maps_of_other_studies() {
    let bench = with_panel("map = \"../other#towns\"");
    for file in ["places.csv", "flows.csv", "sources.toml", "study.toml"] {
        let content = bench.text(&format!("study/{file}"));
        bench.write(&format!("other/{file}"), content.split("[tables.numbers]").next().unwrap());
    }
    bench.run("run study").expect(0);
    let panels = bench.json("out/study/report.json")["figures"][0]["panels"].clone();
    assert_eq!(panels[1]["map"]["flows"]["shown"], panels[0]["map"]["flows"]["shown"]);
    bench.write("study/study.toml", bench.text("study/study.toml").replace("../other#towns", "../other#town"));
    bench.run("check study").expect(2).says(&["did you mean \"towns\"?"]);
}

#[test]
fn small_multiples_need_two_periods() {
    let bench = periods("multiples = \"time\"", "");
    bench.write("study/flows.csv", PERIODS.replace("2000", "1990"));
    bench.run("run study").expect(2).says(&["at least two periods, found 1"]);
    let bench = periods("multiples = \"times\"", "");
    bench.run("check study").expect(2).says(&["study.toml:", "did you mean \"time\"?"]);
    let bench = periods("columns = 2", "");
    bench.run("check study").expect(2).says(&["\"columns\" needs \"multiples\""]);
}

fn row(label: &str, numbers: &[Option<f64>], lit: bool) -> BarRow {
    BarRow { label: label.into(), numbers: numbers.to_vec(), lit, ..BarRow::default() }
}

fn indicator(label: &str, unit: &str, cells: [&str; 2]) -> IndicatorRow {
    IndicatorRow { label: label.into(), unit: unit.into(), cells: cells.map(String::from).to_vec() }
}

/// A panel: its title, how many columns it takes, and what it shows.
type Part = (&'static str, usize, Block);

/// Draws panels of half a page of 110 mm.
fn page(title: &str, blocks: &dyn Fn(Look<'_>, f64) -> Vec<Part>) -> Scene {
    let spec = SheetSpec {
        title: title.into(),
        subtitle: String::new(),
        notes: vec!["A note.".into()],
        facts: String::new(),
        sources: vec!["Office 2007".into()],
        basis: String::new(),
        period: String::new(),
        language: Language::English,
        width: Mm(110.0),
        columns: 2,
    };
    let style = styles::style(styles::DEFAULT, std::path::Path::new(".")).unwrap();
    let look = Look { style: &style, fonts: styles::bundled_fonts(), language: Language::English };
    let panels = blocks(look, Grid::of(&spec, &style).width(1)).into_iter();
    let panels =
        panels.map(|(title, span, content)| Panel { title: title.into(), span, words: String::new(), content });
    sheet(&spec, look, panels.collect())
}

#[test]
fn bars_start_at_zero_and_carry_their_numbers() {
    let scene = page("Two series with a gap, and a balance", &|look, width| {
        let rates = Bars {
            series: vec!["left".into(), "came".into()],
            unit: "per 1,000".into(),
            rows: vec![
                row("Ayr", &[Some(127.3), Some(54.5)], false),
                row("Bute", &[Some(97.3), Some(27.0)], true),
                row("Coll", &[None, Some(12.0)], false),
            ],
            sides: Sides::Alike,
            decimals: 1,
            ..Bars::default()
        };
        let net = Bars {
            rows: vec![
                row("Ayr", &[Some(3840.0)], false),
                row("Coll", &[Some(0.0)], false),
                row("Bute", &[Some(-1350.0)], true),
            ],
            sides: Sides::Balance,
            ..Bars::default()
        };
        vec![("Rates", 1, rates.block(look, width)), ("Net", 1, net.block(look, width))]
    });
    check("figure-bars", &scene);
}

#[test]
fn names_of_bars_that_are_too_long_for_one_line_are_whole_in_several() {
    let long = ["Northern Coast to Alder", "Northern Coast to Birch"];
    let scene = page("Two names alike at their heads", &|look, width| {
        let rows = [long[0], long[1], "Ayr"].map(|name| row(name, &[Some(20.0)], false)).to_vec();
        let endless = vec![row(&"Northern Coast to Alder and ".repeat(9), &[Some(20.0)], false)];
        let bars = |rows| Bars { series: vec!["moved".into()], rows, ..Bars::default() };
        vec![("Whole", 1, bars(rows).block(look, width)), ("Cut", 1, bars(endless).block(look, width))]
    });
    let mut lines = texts(&scene);
    lines.sort_by(|a, b| a.origin.y.total_cmp(&b.origin.y));
    let column = |is_inside: &dyn Fn(f64) -> bool| {
        let names = lines.iter().filter(|line| is_inside(line.origin.x) && line.content != "20");
        names.map(|line| line.content.as_str()).collect::<Vec<_>>().join(" ")
    };
    let (left, right) = (column(&|x| x < Mm(55.0).to_pt()), column(&|x| x > Mm(55.0).to_pt()));
    assert!(long.iter().all(|name| left.contains(name)), "{left}");
    assert!(right.contains('…') && right.matches("Northern").count() <= 3, "three lines at most: {right}");
}

#[test]
fn a_table_has_its_numbers_at_the_right_edges_of_its_columns() {
    let scene = page("Two systems, four rows", &|look, width| {
        let table = Indicators {
            heads: vec!["North".into(), "South".into()],
            rows: vec![
                indicator("People who moved", "persons", ["1,635,815", "635,181"]),
                indicator("Effectiveness", "", ["7.6", "–"]),
                indicator("Largest flows", "", ["Ayr 12 (60 %)\nBute 8 (40 %)", "Coll 3 (100 %)"]),
            ],
        };
        vec![("", 2, table.block(look, 2.0 * width))]
    });
    check("figure-table", &scene);
}

#[test]
fn cells_that_a_narrow_table_would_break_to_pieces_stand_below_their_label() {
    let flows = ["Ayr to Northern Bute 292,482 (41 %)", "Coll to Ayr 8 (1 %)"];
    let scene = page("One table in half a page", &|look, width| {
        let table = Indicators {
            heads: vec!["2005".into(), "2021".into()],
            rows: vec![
                indicator("Persons", "", ["1,635,815", "635,181"]),
                indicator("Effectiveness", "%", ["7.6", "–"]),
                indicator("Largest flows", "", [&flows.join("\n"), "Coll to Northern Bute 30 (100 %)"]),
            ],
        };
        vec![("", 1, table.block(look, width))]
    });
    let words: Vec<String> = texts(&scene).into_iter().map(|text| text.content.clone()).collect();
    assert!(words.iter().any(|word| word == "1,635,815"), "{words:?}");
    assert_eq!(
        words.iter().filter(|word| *word == "2021").count(),
        2,
        "above the columns and beside the flows: {words:?}"
    );
    assert!(words.iter().any(|word| word == flows[1]), "{words:?}");
    check("figure-table-narrow", &scene);
}

#[test]
fn nothing_on_a_page_is_smaller_than_can_be_printed_or_leaves_the_page() {
    draw(&periods("multiples = \"time\"\nwidth_mm = 120", ""), |made| {
        for text in texts(&made.scene) {
            assert!(text.size >= 5.5, "{} is {} pt", text.content, text.size);
            let end = text.origin.x + text.advance;
            assert!(text.rotation != 0.0 || (text.origin.x >= 0.0 && end <= made.scene.width), "{}", text.content);
            assert!(text.origin.y >= 0.0 && text.origin.y <= made.scene.height, "{}", text.content);
        }
    });
}

#[test]
fn groups_have_one_legend_and_the_same_colours_on_small_multiples() {
    let bench = Bench::new();
    bench.write("p.csv", "id,name,lon,lat,zone\na,Ada,0,0,north\nb,Bo,4,3,north\nc,Cy,0,6,south\nd,Dot,4,9,south\n");
    bench.write("f.csv", "origin,dest,count,time\na,b,900,1990\nb,c,300,1990\nc,d,800,2000\nd,a,200,2000\n");
    bench.run("map p.csv f.csv -o m.svg --by time --color-by zone").expect(0);
    let svg = bench.text("m.svg");
    for word in ["north", "south", "between them, and others"] {
        assert_eq!(svg.matches(&format!(">{word}<")).count(), 1, "{word}");
    }
}

#[test]
fn kinds_have_one_legend_and_looks_of_their_own_on_small_multiples() {
    let bench = Bench::new();
    bench.write("p.csv", "id,name,lon,lat\na,Ada,0,0\nb,Bo,4,3\nc,Cy,0,6\n");
    let flows = "a,b,900,1990,return\nb,c,300,1990,trade\nc,a,800,2000,exile\nb,a,200,2000,return\n";
    bench.write("f.csv", format!("origin,dest,count,time,kind\n{flows}"));
    for (part, times) in [("kind", 2), ("time", 1)] {
        bench.run(&format!("map p.csv f.csv -o m.svg --by {part}")).expect(0);
        let svg = bench.text("m.svg");
        let look = |kind: &str| {
            let flow = svg.split_once(&format!("data-kind=\"{kind}\"")).unwrap().1;
            let colors = flow[..flow.find("</g>").unwrap()].split("=\"#").skip(1);
            colors.map(|color| &color[..6]).collect::<Vec<_>>().join(" ")
        };
        let kinds = ["return", "trade", "exile"];
        let looks: BTreeSet<String> = kinds.map(look).into();
        assert_eq!(looks.len(), 3, "{looks:?}");
        for kind in kinds {
            assert_eq!(
                svg.matches(&format!(">{kind}<")).count(),
                times,
                "{kind} as a title and in the legend, by {part}"
            );
        }
    }
}

#[test]
fn entries_of_a_legend_of_several_maps_stand_beside_one_another_where_that_is_lower() {
    let bench = Bench::new();
    bench.write("p.csv", "id,name,lon,lat\na,Ada,0,0\nb,Bo,4,3\nc,Cy,0,6\n");
    let flows = "a,b,900,1990,return\nb,c,300,1990,trade\nc,a,800,2000,exile\nb,a,20,2000,return\n";
    bench.write("f.csv", format!("origin,dest,count,time,kind\n{flows}"));
    bench.run("map p.csv f.csv -o m.svg --by time --place-radius-mm 1").expect(0);
    let svg = bench.text("m.svg");
    let height = |kind: &str| {
        let before = svg.split_once(&format!(">{kind}<")).unwrap().0;
        let text = &before[before.rfind("<text").unwrap()..];
        text.split_once(" y=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!([height("return"), height("trade")], [height("exile"), height("exile")]);
}

#[test]
fn roots_of_trees_have_one_legend_and_the_same_colours_on_small_multiples() {
    let bench = Bench::new();
    bench.write("p.csv", "id,name,lon,lat\na,Ada,0,0\nb,Bo,4,3\nc,Cy,0,6\nd,Dot,4,9\n");
    let flows = "a,b,900,1990\na,c,300,1990\na,d,300,1990\nd,b,500,2000\nd,c,800,2000\n";
    bench.write("f.csv", format!("origin,dest,count,time\n{flows}"));
    bench.run("map p.csv f.csv -o m.svg --by time --layout tree").expect(0);
    let svg = bench.text("m.svg");
    for word in ["from Ada", "from Dot"] {
        assert_eq!(svg.matches(&format!(">{word}<")).count(), 1, "{word}");
    }
}

/// Flows both ways between a hub and all others in the first period, between others too in the second.
const HUB_AND_NOT: &str = "origin,dest,count,time\na,b,900,1990\nb,a,300,1990\na,c,500,1990\nc,a,200,1990\n\
    a,b,800,2000\nb,a,400,2000\na,c,100,2000\nb,c,700,2000\nc,b,60,2000\n";
const HUB_PLACES: &str = "id,name,lon,lat\na,Ada,0,0\nb,Bo,4,3\nc,Cy,0,6\n";

#[test]
fn directions_of_a_place_are_told_only_where_the_flows_of_all_maps_join_it() {
    let bench = Bench::new();
    bench.write("p.csv", HUB_PLACES);
    bench.write("f.csv", HUB_AND_NOT);
    bench.run("map p.csv f.csv -o m.svg --by time").expect(0);
    assert!(!bench.text("m.svg").contains(">to Ada<"));
    bench.write("f.csv", HUB_AND_NOT.split("b,c").next().unwrap());
    bench.run("map p.csv f.csv -o m.svg --by time").expect(0);
    assert!(bench.text("m.svg").contains(">to Ada<"));
}

#[test]
fn maps_with_one_legend_tell_directions_and_sizes_all_or_none() {
    let bench = Bench::new();
    bench.write("study/p.csv", HUB_PLACES);
    bench.write("study/f.csv", HUB_AND_NOT);
    let map = |year: u32| {
        format!(
            "[[map]]\nid = \"m{year}\"\ntitle = \"{year}\"\npage = false\ncite = []\nfilter = {{ time = \"{year}\" }}\n"
        )
    };
    let study = format!(
        "title = \"Hubs\"\n[output]\nimages = [\"svg\"]\nmetrics = []\n[places.p]\nfile = \"p.csv\"\n[flows.f]\n\
         file = \"f.csv\"\nmeasure = \"people\"\nunit = \"persons\"\nbasis = \"invented\"\n{}{}[[figure]]\nid = \"f\"\n\
         title = \"Both\"\ncite = []\nscales = \"locked\"\n[[figure.panel]]\nmap = \"m1990\"\n[[figure.panel]]\nmap = \"m2000\"\n",
        map(1990),
        map(2000)
    );
    bench.write("study/study.toml", study);
    bench.run("run study --out out").expect(0);
    let svg = bench.text("out/study/f.svg");
    assert!(!svg.contains(">to Ada<") && svg.contains("Circle area"));
    // Symbols are curves around their middle, which start at their right edge.
    let width = |map: &str, place: &str| {
        let (_, symbol) = map.split_once(&format!("data-place=\"{place}\"")).unwrap();
        let (_, path) = symbol.split_once(" d=\"M").unwrap();
        let numbers = path.split('"').next().unwrap().split(|c: char| !(c.is_ascii_digit() || c == '.'));
        let numbers: Vec<f64> = numbers.filter_map(|number| number.parse().ok()).collect();
        let across = numbers.iter().step_by(2);
        across.clone().fold(0.0, |a: f64, b| a.max(*b)) - across.fold(f64::INFINITY, |a, b| a.min(*b))
    };
    assert!(width(&svg, "b") > width(&svg, "c"), "around the hub of the first map");
}

#[test]
fn a_map_that_only_figures_show_leaves_its_layers_and_tables_once() {
    let map = "[[figure.panel]]\nmap = \"towns\"\n";
    let figure = |id: &str| format!("[[figure]]\nid = \"{id}\"\ntitle = \"{id}\"\ncite = [\"census\"]\n{map}{map}");
    let bench = periods("page = false", &(figure("one") + &figure("two")));
    bench.run("run study --out out").expect(0);
    let report = bench.json("out/study/report.json");
    let outputs = |figure: usize, panel: usize| {
        let files = report["figures"][figure]["panels"][panel]["map"]["outputs"].as_array().unwrap().clone();
        files.iter().map(|file| file.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let files = outputs(0, 0);
    assert!(files.contains(&"towns-flows.geojson".to_owned()) && files.contains(&"towns-metrics.json".to_owned()));
    assert!(files.iter().all(|file| bench.path(&format!("out/study/{file}")).exists()), "{files:?}");
    assert!([(0, 1), (1, 0), (1, 1)].iter().all(|&(figure, panel)| outputs(figure, panel).is_empty()));
    assert!(!bench.path("out/study/towns.svg").exists());
}

#[test]
fn a_remark_on_a_panel_names_its_figure() {
    let bench = with_panel("map = \"towns\"");
    let words = "cite = [\"census\"]\n[[map.annotation]]\norigin = \"tru\"\ndest = \"aqp\"\ntext = \"lost\"\n";
    let study = bench.text("study/study.toml").replacen("cite = [\"census\"]\n", words, 1);
    assert!(study.contains("lost"));
    bench.write("study/study.toml", study);
    let told = ["note: map towns: the map shows no flow", "note: figure page, map towns: the map shows no flow"];
    bench.run("run study").expect(0).says(&told);
}

#[test]
fn check_finds_what_the_maps_of_a_page_lack() {
    // Of the second period no flow joins a place near Huancayo.
    let bench = periods("multiples = \"time\"\nextent = [-75.5, -12.3, -75, -12]", "");
    bench.write("study/flows.csv", "origin,dest,count,time\nhyo,lim,400,1990\naqp,lim,50,2000\n");
    for command in ["check study", "run study"] {
        bench.run(command).expect(1).says(&["study.toml:17: map \"towns-2000\": there is no place to draw"]);
    }
    let bench = periods("multiples = \"time\"\nthreshold = 200", "");
    bench.write("study/flows.csv", PERIODS.replace("200,2000", "100,2000"));
    let told = "note: map towns-2000: there is no flow to draw: the map shows places alone";
    for command in ["check study", "run study"] {
        bench.run(command).expect(0).says(&[told]);
    }
    let bench = with_panel("map = \"towns\"");
    let study = bench.text("study/study.toml").replacen("cite = ", "page = false\ntop = 0\ncite = ", 1);
    bench.write("study/study.toml", study);
    for command in ["check study", "run study"] {
        let ended = bench.run(command).expect(0).says(&["note: figure page, map towns: there is no flow to draw"]);
        assert!(!ended.stderr.contains("note: map towns"), "it has no page: {}", ended.stderr);
    }
}

#[test]
fn a_map_that_nothing_draws_is_told() {
    let bench = Bench::with_study();
    bench.write("study/study.toml", bench.text("study/study.toml").replace("cite = ", "page = false\ncite = "));
    let told = "note: map towns: it has page = false, and no figure of this study shows it: nothing draws it";
    bench.run("check study").expect(0).says(&[told]);
    bench.run("run study").expect(0).says(&[told]);
}

#[test]
fn pages_of_several_panels_are_written_in_the_formats_that_can_show_them_and_others_are_told() {
    let figure =
        "[[figure]]\nid = \"page\"\ntitle = \"Page\"\ncite = [\"census\"]\n[[figure.panel]]\nmap = \"towns\"\n";
    let of = |keys: &str, figure: &str, images: &str| periods(keys, &format!("{figure}[output]\nimages = {images}\n"));
    let bench = of("", figure, "[\"html\", \"svg\"]");
    let run = bench
        .run("run study")
        .expect(0)
        .says(&["note: figure page: not written as html, for it is a page of several panels"]);
    assert!(!run.stderr.contains("map towns: not written"), "{}", run.stderr);
    assert!(bench.path("out/study/page.svg").exists() && !bench.path("out/study/page.html").exists());
    for (keys, figure, page) in [("", figure, "figure \"page\""), ("multiples = \"time\"", "", "map \"towns\"")] {
        let words = [page, "study.toml:", "is a page of several panels", "expected one of png, svg, pdf"];
        of(keys, figure, "[\"html\"]").run("check study").expect(2).says(&words);
    }
    let usual = periods("", figure).run("check study").expect(0);
    assert!(
        !usual.stderr.contains("not written as"),
        "formats that nobody asked for are missed by nobody: {}",
        usual.stderr
    );
}

#[test]
fn a_figure_has_as_many_pixels_as_it_asks_for_and_maps_those_of_the_study() {
    let width_of = |png: &[u8]| u32::from_be_bytes(png[16..20].try_into().unwrap());
    let figure = "[[figure]]\nid = \"page\"\ntitle = \"Page\"\ncite = [\"census\"]\nwidth_mm = 127\ndpi = 40\n";
    let bench = periods("width_mm = 127", &format!("{figure}[[figure.panel]]\nmap = \"towns\"\n"));
    bench.run("run study --out out").expect(0);
    assert_eq!(width_of(&bench.read("out/study/page.png")), 200);
    assert_eq!(width_of(&bench.read("out/study/towns.png")), 1500);
}
