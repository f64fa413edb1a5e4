//! `flowatlas compare`: which networks it takes, what it writes, how it answers what cannot be meant.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use program::Bench;

const PLACES: &str = "id,name,lon,lat\na,Ada,-75,-12\nb,Ben,-74,-12\nc,Cid,-75,-13\n";
const FLOWS: &str = "origin,dest,count,kind,time\na,b,6,work,1981\nb,c,2,study,1981\nc,a,2,work,1981\n\
                     a,b,3,work,1993\nb,c,5,study,1993\na,c,2,work,1993\n";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("p.csv", PLACES);
    bench.write("f.csv", FLOWS);
    bench.write("g.csv", FLOWS.replace(",6,", ",60,"));
    bench
}

#[test]
fn periods_of_one_network_become_tables_with_descriptions_and_a_figure() {
    let bench = bench();
    bench.run("compare p.csv f.csv --by time --unit persons -o c.csv -o c.json -o c.svg").expect(0);
    let networks = bench.text("c.csv");
    assert!(networks.starts_with("metric,network,value,unit,change\n"), "{networks}");
    assert!(networks.contains("\ntotal,1981,10,persons,\ntotal,1993,10,persons,0\n"), "{networks}");
    assert!(bench.text("c-places.csv").contains("turnover,a,Ada,1993,5,persons,-3,3,-2\n"));
    assert!(bench.text("c-flows.csv").contains("a,c,1981,0,persons,\na,c,1993,2,persons,2\n"));
    assert!(bench.text("c-overlap.csv").contains("1981,1993,jaccard,0.5,1\n"));
    for table in ["c", "c-places", "c-flows", "c-overlap"] {
        let description = bench.json(&format!("{table}.csv-metadata.json"));
        let header = bench.text(&format!("{table}.csv"));
        let columns = description["tableSchema"]["columns"].as_array().unwrap().clone();
        let names: Vec<&str> = columns.iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(header.lines().next().unwrap(), names.join(","));
        assert!(columns.iter().all(|c| !c["dc:description"].as_str().unwrap().is_empty()));
    }
    assert_eq!(bench.json("c.json")["networks"][1]["label"], "1993");
    assert!(bench.text("c.svg").contains("1981"));
}

#[test]
fn rows_that_name_no_period_or_kind_are_counted() {
    let bench = bench();
    bench.write("f.csv", format!("{FLOWS}a,b,500,work,\n"));
    let told = "1 row without a period, 500 persons, is in no part";
    bench.run("compare p.csv f.csv --by time --unit persons -o c.json").expect(0).says(&[told]);
    assert!(bench.json("c.json")["conventions"].to_string().contains(told));
    bench.run("metrics p.csv f.csv --by time --unit persons -o m.csv").expect(0).says(&[told]);
    assert!(bench.text("m-methods.md").contains(told) && bench.text("m-by-time.csv-metadata.json").contains(told));
    bench.run("map p.csv f.csv --by time --unit persons -o m.svg").expect(0).says(&[told]);
    let whole = bench.run("compare p.csv f.csv --by kind -o c.csv").expect(0).stderr;
    assert!(!whole.contains("in no part"), "{whole}");
    bench.write("f.csv", format!("{FLOWS}a,b,1.5,,1981\nb,c,,,1981\n"));
    let told = "2 rows without a kind, weight 1.5 together, are in no part";
    bench.run("compare p.csv f.csv --by kind -o c.csv").expect(0).says(&[told]);
}

#[test]
fn the_key_of_many_periods_names_the_first_the_middle_and_the_last() {
    let bench = bench();
    let words = |periods: usize| {
        let flows: String = (0..periods).map(|k| format!("a,b,{},wave {k}\nb,a,4,wave {k}\n", k + 1)).collect();
        bench.write("waves.csv", format!("origin,dest,count,time\n{flows}"));
        bench.run("compare p.csv waves.csv --by time -o c.svg").expect(0);
        let picture = bench.text("c.svg");
        let times = |k: usize| picture.matches(&format!(">wave {k}<")).count();
        (0..periods).map(times).collect::<Vec<_>>()
    };
    // The first and the last stand over the ranks as well.
    assert_eq!(words(12), [2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2]);
    assert!(words(8).iter().all(|times| *times > 0));
}

#[test]
fn two_pairs_of_files_are_two_networks_with_names_of_their_own() {
    let bench = bench();
    bench.run("compare p.csv f.csv p.csv g.csv -o c.csv").expect(0);
    assert!(bench.text("c.csv").contains("\ntotal,f,20,weight,\ntotal,g,74,weight,54\n"));
    bench.run("compare p.csv f.csv p.csv f.csv -o same.csv").expect(0);
    assert!(bench.text("same-overlap.csv").contains("f,f (2),common_part,1,1\n"));
    bench.run("compare p.csv f.csv p.csv g.csv --label old --label new -o c.csv").expect(0);
    assert!(bench.text("c-overlap.csv").contains("old,new,shared_places,3,1\n"));
}

#[test]
fn a_place_that_is_new_moves_no_other_in_the_ranks() {
    let bench = bench();
    bench.write("q.csv", format!("{PLACES}d,Dan,-74,-13\n"));
    bench.write("h.csv", format!("{FLOWS}d,a,500,work,1993\nd,b,500,work,1993\nd,c,500,work,1993\n"));
    bench.run("compare p.csv f.csv q.csv h.csv -o c.csv -o c.svg").expect(0);
    let places = bench.text("c-places.csv");
    for row in ["out_strength,b,Ben,h,7,weight,0,3,0\n", "out_strength,d,Dan,h,1500,weight,,1,\n"] {
        assert!(places.contains(row), "{row}: {places}");
    }
    assert!(bench.text("c.svg").contains("among those that the first and the last network share"));
    assert!(bench.json("c-places.csv-metadata.json").to_string().contains("in both networks"));
}

#[test]
fn one_id_with_two_names_is_told() {
    let bench = bench();
    bench.write("q.csv", PLACES.replace("Ben", "Bob").replace("Cid", "Cyd"));
    let told = "2 × one id and another name: b is Ben in f and Bob in g";
    bench.run("compare p.csv f.csv q.csv g.csv -o c.csv").expect(0).says(&[told]);
    assert!(!bench.run("compare p.csv f.csv p.csv g.csv -o c.csv").expect(0).stderr.contains("×"));
}

#[test]
fn maps_of_studies_are_networks_by_their_id() {
    let bench = Bench::with_study();
    bench.run("compare study study/study.toml#towns -o c.csv").expect(0);
    assert!(bench.text("c-overlap.csv").contains("towns,towns (2),jaccard,1,1\n"));
    bench.run("compare study study#town -o c.csv").expect(2).says(&["#", "towns"]);
}

#[test]
fn what_cannot_be_compared_is_answered() {
    let bench = bench();
    bench.run("compare p.csv f.csv -o c.csv").expect(2).says(&["one network only", "--by"]);
    bench.run("compare p.csv f.csv p.csv -o c.csv").expect(2).says(&["pairs"]);
    bench.run("compare p.csv f.csv --by time -o c.xlsx").expect(2).says(&["csv, json, parquet, png, svg or pdf"]);
    bench.run("compare p.csv f.csv --by time -o f.csv").expect(2).says(&["written over"]);
    bench.run("compare p.csv f.csv --by time --metrics ginny -o c.csv").expect(2).says(&["ginny", "gini"]);
    bench.write("f.csv", FLOWS.replace("1993", "1981"));
    bench.run("compare p.csv f.csv --by time -o c.csv").expect(2).says(&["one period only", "1981"]);
}

#[test]
fn a_figure_shows_what_it_can_of_the_metrics_asked_for_and_is_refused_where_that_is_nothing() {
    let bench = bench();
    bench.run("compare p.csv f.csv --by time --metrics betweenness -o b.svg").expect(0);
    let ranks = bench.text("b.svg");
    assert!(ranks.contains("by betweenness") && !ranks.contains("Indices from 0 to 1"), "{ranks}");
    bench.run("compare p.csv f.csv --by time --metrics density -o d.svg").expect(0);
    let indices = bench.text("d.svg");
    assert!(indices.contains("Indices from 0 to 1") && !indices.contains("Ranks of"), "{indices}");
    let refused = bench.run("compare p.csv f.csv --by time --metrics total -o t.svg").expect(2);
    refused.says(&["drawn", "density", "--metrics"]);
    assert!(!bench.path("t.svg").exists());
}

#[test]
fn one_thread_and_three_write_the_same_bytes() {
    let bench = bench();
    let metrics = "--metrics default,models";
    bench.run(&format!("compare p.csv f.csv --by time {metrics} --threads 1 -o a.json -o a.svg")).expect(0);
    bench.run(&format!("compare p.csv f.csv --by time {metrics} --threads 3 -o b.json -o b.svg")).expect(0);
    assert_eq!((bench.read("a.json"), bench.read("a.svg")), (bench.read("b.json"), bench.read("b.svg")));
}
