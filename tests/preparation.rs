//! What happens to places and flows before they are drawn: clusters and views, as the command line and studies ask for them.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use program::{Bench, STUDY};
use serde_json::Value;

const MAP: &str = "map places.csv flows.csv --dpi 50";

/// Returns the flows as drawn, `origin destination`, and the words of the map.
fn drawn(options: &str) -> (Vec<String>, String) {
    let bench = Bench::new();
    bench.run(&format!("{MAP} --unit persons -o a.svg --layout-report a.json {options}")).expect(0);
    let report = bench.json("a.json");
    let ends = |flow: &Value| format!("{} {}", flow["origin"], flow["destination"]).replace('"', "");
    let mut flows: Vec<String> = report["flows"].as_array().unwrap().iter().map(ends).collect();
    flows.sort();
    (flows, bench.text("a.svg"))
}

/// Returns the study with a line in its map.
fn study_with(line: &str) -> Bench {
    let bench = Bench::with_study();
    bench.write("study/study.toml", STUDY.replace("cite = ", &format!("{line}\ncite = ")));
    bench
}

#[test]
fn a_net_map_shows_differences_and_says_so_in_its_totals() {
    // lim→tru 30 against tru→lim 45 leaves 15 towards Lima: 140 + 60 + 15.
    let (flows, svg) = drawn("--view net");
    assert_eq!(flows, ["aqp lim", "hyo lim", "tru lim"]);
    assert!(svg.contains("3 of 3 flows") && svg.contains("215 persons, net"), "{svg}");
    assert!(svg.contains("the net flow"), "{svg}");
}

#[test]
fn a_gross_map_shows_sums_without_arrowheads() {
    let (flows, svg) = drawn("--view gross --values 3");
    assert_eq!(flows, ["aqp lim", "hyo lim", "tru lim"], "all lines of a star lead to its centre");
    assert!(svg.contains("275 persons, both ways") && svg.contains("no arrowhead"), "{svg}");
    assert!(!svg.contains("from Lima"), "sums have no direction that a colour could tell: {svg}");
}

#[test]
fn the_two_way_view_is_what_a_map_shows_unasked() {
    assert_eq!(drawn("--view two-way"), drawn(""));
}

#[test]
fn clusters_stand_for_their_members_and_the_program_names_them() {
    let bench = Bench::new();
    let asked = format!("{MAP} -o a.svg --layout-report a.json --cluster 3");
    bench.run(&asked).expect(0).says(&["4 places became 3: Lima + 1 (lim, hyo)", "2 flows of weight 140 are inside"]);
    assert_eq!(bench.json("a.json")["nodes"].as_array().unwrap().len(), 3);
    let svg = bench.text("a.svg");
    assert!(svg.contains("4 places are shown as 3; moves inside clusters: 140"), "{svg}");
}

#[test]
fn clusters_stay_within_their_regions() {
    let bench = Bench::new();
    bench.write(
        "places.csv",
        "id,name,lon,lat,part\nlim,Lima,-77.03,-12.05,coast\nhyo,Huancayo,-75.21,-12.07,andes\n\
         aqp,Arequipa,-71.54,-16.40,andes\ntru,Trujillo,-79.03,-8.11,coast\n",
    );
    let words = ["4 places became 2 and not 1, as regions keep them apart", "(lim, tru)", "(hyo, aqp)"];
    bench.run(&format!("{MAP} -o a.svg --cluster 1 --cluster-within part")).expect(0).says(&words);
    let wrong = format!("{MAP} -o a.svg --cluster 1 --cluster-within prat");
    bench.run(&wrong).expect(2).says(&["no column `prat` in the places", "did you mean `part`?"]);
}

#[test]
fn layers_and_metrics_of_a_clustered_study_are_those_of_the_clusters() {
    let bench = study_with("cluster = 3");
    bench.run("run study").expect(0);
    let places = bench.json("out/study/towns-places.geojson");
    let names: Vec<&str> =
        places["features"].as_array().unwrap().iter().map(|f| f["properties"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Lima + 1", "Arequipa", "Trujillo"]);
    assert_eq!(bench.text("out/study/towns-metrics-places.csv").lines().count(), 4);
}

#[test]
fn the_report_names_members_and_accounts_for_every_row() {
    for (line, viewed, balanced) in [("cluster = 3", 3, 0), ("view = \"net\"", 3, 0), ("view = \"gross\"", 3, 0)] {
        let bench = study_with(line);
        bench.run("run study").expect(0);
        let map = bench.json("out/study/report.json")["maps"][0].clone();
        let number = |key: &str| map["flows"][key].as_u64().unwrap();
        let spent = number("filtered_out") + number("merged") + number("links") + number("self_links");
        assert_eq!(number("rows"), spent, "{line}");
        assert_eq!((number("viewed"), number("balanced"), number("shown")), (viewed, balanced, viewed), "{line}");
        let clusters = &map["clusters"];
        assert_eq!(clusters.is_null(), !line.starts_with("cluster"), "{line}");
        if !clusters.is_null() {
            assert_eq!(clusters["joined"][0]["members"], serde_json::json!(["lim", "hyo"]));
            let inside = clusters["internal_weight"].as_f64().unwrap();
            assert_eq!(inside + map["flows"]["weight_total"].as_f64().unwrap(), 275.0);
        }
    }
}

#[test]
fn pairs_in_balance_are_counted_on_the_map_and_in_the_report() {
    let bench = study_with("view = \"net\"");
    bench.write("study/flows.csv", "origin,dest,count\nhyo,lim,5\nlim,tru,4\ntru,lim,4\n");
    bench.run("run study").expect(0);
    assert_eq!(bench.json("out/study/report.json")["maps"][0]["flows"]["balanced"], 1);
    assert!(bench.text("out/study/towns.svg").contains("Pairs in balance have no line (1)"));
}

#[test]
fn ranks_have_a_two_way_view_only() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.svg --weights ordinal --view net")).expect(2).says(&["net view", "ordinal weights"]);
    let bench = study_with("view = \"gross\"");
    let ordinal = bench.text("study/study.toml").replace("unit = ", "weights = \"ordinal\"\nunit = ");
    bench.write("study/study.toml", ordinal);
    bench.run("check study").expect(2).says(&["study.toml:17:", "\"view\" is \"gross\"", "two-way"]);
}

#[test]
fn wishes_that_cannot_be_meant_are_refused() {
    for (line, words) in [
        ("view = \"nett\"", "did you mean \"net\"?"),
        ("cluster = 0", "\"cluster\" is 0"),
        ("cluster_within = \"part\"", "needs \"cluster\""),
    ] {
        study_with(line).run("check study").expect(2).says(&["study.toml:16:", words]);
    }
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.svg --cluster 0")).expect(2).says(&["whole number from 1"]);
    bench.run(&format!("{MAP} -o a.svg --cluster-within part")).expect(2).says(&["--cluster"]);
    bench.run(&format!("{MAP} -o a.svg --view nett")).expect(2).says(&["two-way", "gross"]);
}

#[test]
fn a_flow_of_nobody_has_no_line_but_stays_a_0_in_a_matrix() {
    let bench = study_with("");
    bench.write("study/flows.csv", "origin,dest,count\nhyo,lim,5\nlim,tru,0\ntru,lim,\n");
    bench.run("run study").expect(0).says(&["flows of 0 have no line (1)"]);
    let flows = bench.json("out/study/report.json")["maps"][0]["flows"].clone();
    let number = |key: &str| flows[key].as_u64().unwrap();
    assert_eq!((number("links"), number("zero"), number("viewed"), number("shown")), (3, 1, 2, 2));
    let bench = study_with("layout = \"matrix\"");
    bench.write("study/flows.csv", "origin,dest,count\nhyo,lim,5\nlim,tru,0\ntru,lim,\n");
    bench.run("run study").expect(0);
    assert_eq!(bench.json("out/study/report.json")["maps"][0]["flows"]["shown"], 3);
}
