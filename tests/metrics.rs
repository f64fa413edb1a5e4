//! What the program says about metrics on the command line, and that every format says the same numbers.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use std::{collections::BTreeMap, process::Command};

use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use program::Bench;
use roxmltree::Document;
use serde_json::Value;

const GEXF: &str = "http://gexf.net/1.3";
/// Flows of two kinds and three years, some without a weight, one from a place to itself.
const DATED: &str = "\
origin,dest,count,kind,time,remark
hyo,lim,120,work,1999,\"sure & \"\"safe\"\" <1>\"
hyo,lim,20,study,1999,
hyo,lim,100,work,2007,
aqp,lim,60,work,2007,
lim,tru,30,study,2007,
tru,lim,,work,2007,unknown
tru,lim,45,work,2017,
tru,tru,9,work,2017,
";

fn dated() -> Bench {
    let bench = Bench::new();
    bench.write("flows.csv", DATED);
    bench
}

/// Returns what the program prints.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_flowatlas")).args(arguments).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_list_tells_every_group_and_metric_with_unit_and_source() {
    let list = printed(&["metrics", "--list"]);
    for words in
        ["indicators (default)", "chance (on request)", "  pagerank [1]: ", "Brin & Page 1998", "  net [weight]: "]
    {
        assert!(list.contains(words), "{words} is not in\n{list}");
    }
}

#[test]
fn metrics_are_picked_by_name_and_by_group() {
    let bench = Bench::new();
    bench.run("metrics places.csv flows.csv -o m.csv --metrics pagerank,structure").expect(0);
    assert!(bench.text("m.csv").starts_with("id,name,pagerank\n"));
    assert!(bench.text("m-network.csv").contains("density,"));
    bench.run("metrics places.csv flows.csv -o m.csv --metrics pagerang").expect(2).says(&["did you mean `pagerank`?"]);
}

#[test]
fn what_was_asked_for_by_name_and_cannot_be_computed_is_told() {
    let bench = Bench::new();
    let told = "not computed: hop_diameter, in_rate;";
    bench.run("metrics places.csv flows.csv -o m.csv --metrics pagerank,in_rate,hop_diameter").expect(0).says(&[
        told,
        "population",
        "--distance steps",
    ]);
    let groups = bench.run("metrics places.csv flows.csv -o m.csv").expect(0).stderr;
    assert!(!groups.contains("not computed"), "of a group comes what can be: {groups}");
}

#[test]
fn the_methods_note_defines_every_number_and_numbers_every_source() {
    let bench = Bench::new();
    bench.run("metrics places.csv flows.csv -o m.json --unit persons --metrics default,backbones").expect(0);
    let (note, metrics) = (bench.text("m-methods.md"), bench.json("m.json"));
    for list in ["network", "place_metrics", "flow_metrics"] {
        for metric in metrics[list].as_array().unwrap() {
            let (id, formula) = (metric["id"].as_str().unwrap(), metric["formula"].as_str().unwrap());
            let line = note.lines().find(|line| line.contains(&format!("(`{id}`"))).unwrap_or_else(|| panic!("{id}"));
            assert!(line.contains(formula), "{line}");
            let number = line.rsplit(" [").next().unwrap().trim_end_matches(']');
            let source = note.lines().find(|line| line.starts_with(&format!("{number}. "))).unwrap();
            assert!(source.ends_with(metric["source"].as_str().unwrap()), "{source}");
        }
    }
    assert!(note.contains("The weights of flows are persons."));
}

fn rows(bench: &Bench, file: &str) -> Vec<Vec<(String, Field)>> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bench.read(file))).unwrap();
    let row = |row: Result<parquet::record::Row, _>| row.unwrap().into_columns();
    reader.get_row_iter(None).unwrap().map(row).collect()
}

/// Says whether a cell is that of the CSV tables.
fn is_written(field: &Field, cell: &str) -> bool {
    match field {
        Field::Null => cell.is_empty(),
        Field::Str(text) => text == cell,
        Field::Double(number) => cell.parse() == Ok(*number),
        other => panic!("{other}"),
    }
}

#[test]
fn parquet_says_what_csv_says() {
    let bench = dated();
    for extension in ["csv", "parquet"] {
        let arguments = format!("metrics places.csv flows.csv -o m.{extension} --metrics default,backbones --by time");
        bench.run(&arguments).expect(0);
    }
    for table in ["m", "m-network", "m-flows", "m-by-time", "m-by-time-places", "m-by-time-flows", "m-by-time-overlap"]
    {
        let found = rows(&bench, &format!("{table}.parquet"));
        let csv = bench.text(&format!("{table}.csv"));
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        assert_eq!(found.len(), lines.clone().count(), "{table}");
        assert!(!found.is_empty(), "{table}");
        for (row, line) in found.iter().zip(lines) {
            assert_eq!(row.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), header);
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len());
            assert!(row.iter().zip(cells).all(|((_, field), cell)| is_written(field, cell)), "{table}: {row:?} {line}");
        }
    }
}

#[test]
fn periods_are_set_side_by_side_and_one_alone_is_refused() {
    let bench = dated();
    bench.run("metrics places.csv flows.csv -o m.csv --by time").expect(0);
    let table = bench.text("m-by-time.csv");
    let total = |year: &str| table.lines().find(|line| line.starts_with(&format!("total,{year},"))).unwrap().to_owned();
    assert_eq!(total("1999"), "total,1999,140,weight,");
    assert_eq!(total("2007"), "total,2007,190,weight,50");
    let places = bench.text("m-by-time-places.csv");
    let rank = "in_strength,lim,Lima,2017,45,weight,-115,1,0";
    assert!(places.contains(rank), "{places}");
    bench.run("metrics places.csv flows.csv -o k.csv --by kind").expect(0);
    assert!(bench.text("k-by-kind.csv").contains("total,study,50,"), "{}", bench.text("k-by-kind.csv"));
    bench.write("flows.csv", program::FLOWS);
    bench.run("metrics places.csv flows.csv -o n.csv --by time").expect(2).says(&["name no period"]);
}

#[test]
fn a_study_sets_periods_side_by_side_and_says_where_there_are_none() {
    let bench = Bench::with_study();
    bench.write("study/study.toml", format!("{}\n[output]\nimages = []\nlayers = [\"graphml\", \"gexf\"]\nmetrics = [\"parquet\"]\nby = [\"time\", \"kind\"]\n", program::STUDY));
    bench.write(
        "study/flows.csv",
        format!("{}\n", DATED.replace(",work,", ",,").replace(",study,", ",,").replace("remark", "source")),
    );
    bench.run("run study/study.toml --out out").expect(0).says(&["no table by-kind"]);
    let report = bench.text("out/study/report.json");
    assert!(!report.contains("in no part"), "every row names a period: {report}");
    let written = bench.list("out/study");
    for name in [
        "towns-by-time.parquet",
        "towns-by-time-places.parquet",
        "towns-methods.md",
        "towns-network.gexf",
        "towns-network.graphml",
    ] {
        assert!(written.contains(&name.to_owned()), "{written:?}");
    }
}

type Attributes = BTreeMap<String, String>;
/// Nodes by id, and edges with their ends.
type Network = (BTreeMap<String, Attributes>, Vec<(String, String, Attributes)>);

/// Returns nodes by id, and edges with their ends, each with its attributes by name.
fn graphml(text: &str) -> Network {
    let document = Document::parse(text).unwrap();
    let keys: BTreeMap<&str, &str> = document
        .descendants()
        .filter(|n| n.has_tag_name(("http://graphml.graphdrawing.org/xmlns", "key")))
        .map(|n| (n.attribute("id").unwrap(), n.attribute("attr.name").unwrap()))
        .collect();
    let data = |node: roxmltree::Node| -> Attributes {
        let data = node.children().filter(|n| n.tag_name().name() == "data");
        data.map(|n| (keys[n.attribute("key").unwrap()].to_owned(), n.text().unwrap_or_default().to_owned())).collect()
    };
    let (mut nodes, mut edges) = (BTreeMap::new(), Vec::new());
    for node in document.descendants() {
        let attribute = |name| node.attribute(name).unwrap_or_default().to_owned();
        match node.tag_name().name() {
            "node" => drop(nodes.insert(attribute("id"), data(node))),
            "edge" => edges.push((attribute("source"), attribute("target"), data(node))),
            _ => {}
        }
    }
    (nodes, edges)
}

fn gexf(text: &str) -> Network {
    let document = Document::parse(text).unwrap();
    let titles: BTreeMap<&str, &str> = document
        .descendants()
        .filter(|n| n.has_tag_name((GEXF, "attribute")))
        .map(|n| (n.attribute("id").unwrap(), n.attribute("title").unwrap()))
        .collect();
    let data = |node: roxmltree::Node| -> Attributes {
        let values = node.descendants().filter(|n| n.has_tag_name((GEXF, "attvalue")));
        let value = |n: roxmltree::Node| {
            (titles[n.attribute("for").unwrap()].to_owned(), n.attribute("value").unwrap().to_owned())
        };
        let own = ["weight"].iter().filter_map(|name| Some(((*name).to_owned(), node.attribute(*name)?.to_owned())));
        values.map(value).chain(own).collect()
    };
    let (mut nodes, mut edges) = (BTreeMap::new(), Vec::new());
    for node in document.descendants() {
        let attribute = |name| node.attribute(name).unwrap_or_default().to_owned();
        if node.has_tag_name((GEXF, "node")) {
            nodes.insert(attribute("id"), data(node));
        } else if node.has_tag_name((GEXF, "edge")) {
            edges.push((attribute("source"), attribute("target"), data(node)));
        }
    }
    (nodes, edges)
}

/// Says whether an attribute is this value of JSON: absent for null, numbers to the last bits that reading JSON may lose.
fn says(attribute: Option<&String>, value: &Value) -> bool {
    let number = || attribute.and_then(|text| text.parse::<f64>().ok());
    match value {
        Value::Null => attribute.is_none(),
        Value::String(text) => attribute == Some(text),
        _ => value.as_f64().zip(number()).is_some_and(|(a, b)| (a - b).abs() <= 1e-15 * a.abs()),
    }
}

#[test]
fn graphml_and_gexf_say_what_json_says_and_the_source() {
    let bench = dated();
    for file in ["n.graphml", "n.gexf"] {
        bench.run(&format!("export places.csv flows.csv -o {file} --metrics default,communities,backbones")).expect(0);
    }
    bench.run("metrics places.csv flows.csv -o m.json --metrics default,communities,backbones").expect(0);
    let metrics = bench.json("m.json");
    let found = graphml(&bench.text("n.graphml"));
    assert_eq!(found, gexf(&bench.text("n.gexf")), "both formats hold the same");
    let (nodes, edges) = found;
    assert_eq!(nodes.len(), 4);
    for place in metrics["places"].as_array().unwrap() {
        let node = &nodes[place["id"].as_str().unwrap()];
        for (name, value) in place.as_object().unwrap().iter().filter(|(name, _)| *name != "id") {
            assert!(says(node.get(name), value), "{name}: {node:?} {value}");
        }
    }
    assert_eq!(nodes["lim"]["lon"], "-77.03");
    for (edge, flow) in edges.iter().zip(metrics["flows"].as_array().unwrap()) {
        assert_eq!([&edge.0, &edge.1], [flow["origin"].as_str().unwrap(), flow["dest"].as_str().unwrap()]);
        for (name, value) in
            flow.as_object().unwrap().iter().filter(|(name, _)| !matches!(name.as_str(), "origin" | "dest"))
        {
            assert!(says(edge.2.get(name), value), "{name}: {edge:?} {value}");
        }
    }
    let time = |edge: usize| edges[edge].2.get("time").map(String::as_str);
    assert_eq!((edges.len(), time(0), time(1)), (5, None, Some("1999")), "rows of two years agree on none");
}

#[test]
fn edges_without_a_weight_are_told_from_edges_of_1() {
    let bench = Bench::new();
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,1\nlim,tru,\ntru,lim,\n");
    let told = "2 edges of the GEXF file have no weight, which programs take as 1";
    bench.run("export places.csv flows.csv -o n.gexf").expect(0).says(&[told]);
    let graphml_told = bench.run("export places.csv flows.csv -o n.graphml").expect(0).stderr;
    assert!(!graphml_told.contains("take as 1"), "{graphml_told}");
    let (_, edges) = gexf(&bench.text("n.gexf"));
    let known: Vec<_> = edges.iter().map(|edge| edge.2["weight_known"].as_str()).collect();
    assert_eq!((known.iter().filter(|k| **k == "true").count(), known.len()), (1, 3));
    assert_eq!(graphml(&bench.text("n.graphml")), gexf(&bench.text("n.gexf")));
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,1\n");
    bench.run("export places.csv flows.csv -o n.gexf").expect(0);
    assert!(!bench.text("n.gexf").contains("weight_known"));
}

#[test]
fn ranks_are_no_weights_of_edges() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o n.graphml --weights ordinal").expect(0);
    let (_, edges) = graphml(&bench.text("n.graphml"));
    assert!(edges.iter().all(|(.., data)| data.contains_key("rank") && !data.contains_key("weight")));
}

/// Flows between the four towns that fall with distance, in both directions.
const NEAR_AND_FAR: &str = "origin,dest,count\nhyo,lim,120\nlim,hyo,110\naqp,lim,40\nlim,aqp,45\nlim,tru,60\ntru,lim,55\nhyo,aqp,20\naqp,hyo,25\ntru,aqp,9\naqp,tru,7\ntru,hyo,15\nhyo,tru,11\n";

#[test]
fn flows_are_drawn_against_distance() {
    let bench = Bench::new();
    bench.write("flows.csv", NEAR_AND_FAR);
    bench.run_with(&["metrics", "places.csv", "flows.csv", "-o", "d.svg", "--title", "Near & far"]).expect(0);
    bench.run("metrics places.csv flows.csv -o m.csv --metrics distance_decay").expect(0);
    let network = bench.text("m-network.csv");
    let row = network.lines().find(|line| line.contains("distance_decay")).unwrap();
    let exponent: f64 = row.split(',').find_map(|cell| cell.parse().ok()).unwrap();
    let svg = bench.text("d.svg");
    let page = Document::parse(&svg).unwrap();
    let words: String = page.descendants().filter_map(|node| node.text()).collect::<Vec<_>>().join(" ");
    assert!(words.contains("Near & far") && words.contains("12 pairs"), "{words}");
    assert!(words.contains(&format!("power of –{exponent:.2}")), "{exponent}: {words}");
    let others = words.replace("geometric mean distance", "").contains("mean distance");
    assert!(words.contains("over the geometric mean distance") && !others, "{words}");
    let discs = page.descendants().filter(|node| node.attribute("fill").is_some_and(|fill| fill != "none")).count();
    assert!(discs >= 3, "a disc for each class of distance");
    for name in ["d.png", "d.pdf"] {
        bench.run_with(&["metrics", "places.csv", "flows.csv", "-o", name]).expect(0);
    }
}

#[test]
fn flows_that_do_not_tell_of_distance_are_not_drawn_against_it() {
    let bench = Bench::new();
    bench.write("flows.csv", "origin,dest,count\nlim,hyo,5\nlim,aqp,3\n");
    bench.run("metrics places.csv flows.csv -o d.png").expect(1).says(&["2 flows", "several origins"]);
    bench.run("metrics places.csv flows.csv -o d.png --weights ordinal").expect(1).says(&["several origins"]);
    bench.run("metrics places.csv flows.csv -o d.png --by time").expect(2).says(&["flowatlas compare"]);
    bench.run("metrics places.csv flows.csv -o d.html").expect(2).says(&["png, svg or pdf"]);
    assert!(!bench.path("d.png").exists());
}
