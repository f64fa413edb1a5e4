//! Studies: what a run leaves behind, what the report says, what a wrong study file is answered with.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use std::path::Path;

use program::{Bench, STUDY, run_in, start_in};

/// Runs `check` on the study with one change and expects exit code 2 with these words.
#[track_caller]
fn mended(from: &str, to: &str, words: &[&str]) {
    assert!(STUDY.contains(from), "the change starts from something that is there");
    let bench = Bench::with_study();
    bench.write("study/study.toml", STUDY.replace(from, to));
    bench.run("check study/study.toml").expect(2).says(words);
}

#[test]
fn a_run_leaves_pictures_tables_layers_and_a_report() {
    let bench = Bench::with_study();
    bench.run("run study/study.toml").expect(0);
    let mut expected = vec![
        "report.json",
        "towns-flows.geojson",
        "towns-methods.md",
        "towns-flows.qml",
        "towns-metrics-network.csv",
        "towns-metrics-network.csv-metadata.json",
        "towns-metrics-places.csv",
        "towns-metrics-places.csv-metadata.json",
        "towns-metrics.json",
        "towns-places.geojson",
        "towns-places.qml",
        "towns.html",
        "towns.png",
        "towns.svg",
        "towns.txt",
    ];
    if cfg!(feature = "gdal") {
        expected.extend(["towns.gpkg", "towns.qgz"]);
    }
    expected.sort();
    assert_eq!(bench.list("out/study"), expected);
    let atlas = bench.text("out/index.html");
    for file in expected {
        assert!(atlas.contains(&format!("href=\"study/{file}\"")), "the atlas leads to {file}");
    }
}

#[test]
fn a_study_writes_only_what_it_asks_for() {
    let bench = Bench::with_study();
    bench.write("study/study.toml", format!("{STUDY}\n[output]\nimages = [\"svg\"]\nmetrics = []\nlayers = []\n"));
    bench.run("run study --out o").expect(0);
    assert_eq!(bench.list("o/study"), ["report.json", "towns.svg", "towns.txt"]);
}

/// Runs and checks a study whose first map is a matrix and whose second, where there is one, is a map, with these picture formats.
#[track_caller]
fn pictures_of_a_matrix(images: &str, behind: &str, code: i32, words: &[&str]) -> Bench {
    let bench = Bench::with_study();
    let output = format!("layout = \"matrix\"\n{behind}[output]\nimages = {images}\nmetrics = []\nlayers = []\n");
    bench.write("study/study.toml", format!("{STUDY}{output}"));
    bench.run("check study").expect(code).says(words);
    bench.run("run study").expect(code).says(words);
    bench
}

#[test]
fn a_matrix_has_no_world_file_and_says_so() {
    let told = "note: map towns: no world file beside it, for it is a matrix, which has no place on the Earth";
    let bench = pictures_of_a_matrix("[\"png\"]\nworld_files = true", "", 0, &[told]);
    assert!(!bench.list("out/study").iter().any(|name| name.ends_with(".pgw")));
}

#[test]
fn a_matrix_is_written_in_the_formats_that_can_show_it_and_the_others_are_told() {
    let told = "note: map towns: not written as tif, for it is a matrix, which has no place on the Earth";
    let second = "[[map]]\nid = \"lines\"\ntitle = \"Lines\"\ncite = []\n";
    let images = if cfg!(feature = "gdal") { "[\"png\", \"html\", \"tif\"]" } else { "[\"png\", \"html\"]" };
    let words: &[&str] = if cfg!(feature = "gdal") { &[told] } else { &[] };
    let bench = pictures_of_a_matrix(images, second, 0, words);
    assert_eq!(bench.path("out/study/lines.tif").exists(), cfg!(feature = "gdal"));
    assert!(bench.path("out/study/towns.png").exists() && bench.path("out/study/towns.html").exists());
    assert!(!bench.path("out/study/towns.tif").exists());
}

#[test]
fn a_matrix_without_a_format_that_can_show_it_is_refused_with_those_that_can() {
    let words = "study.toml:19: map \"towns\" is a matrix, which has no place on the Earth; \"images\" has no format of it, expected \
                 one of png, svg, pdf, html";
    pictures_of_a_matrix("[\"tif\", \"cog\"]", "", 2, &[words]);
    pictures_of_a_matrix("[]", "", 0, &[]);
}

#[test]
fn the_report_accounts_for_every_row() {
    let bench = Bench::with_study();
    bench.write("study/flows.csv", "origin,dest,count\nhyo,lim,5\nhyo,lim,7\nlim,lim,3\nhyo,nowhere,2\naqp,lim,\n");
    bench.run("run study").expect(0).says(&["unknown-place", "nowhere"]);
    let report = bench.json("out/study/report.json");
    let flows = report["layers"].as_array().unwrap().iter().find(|l| l["role"] == "flows").unwrap().clone();
    assert_eq!(flows["tally"]["read"], 5);
    assert_eq!(flows["tally"]["kept"], 4);
    assert_eq!(flows["tally"]["dropped"], 1);
    assert_eq!(flows["tally"]["weight_read"], 17.0);
    assert_eq!(flows["reconciles"], true);
    let account = &report["maps"][0]["flows"];
    let number = |key: &str| account[key].as_u64().unwrap();
    assert_eq!(number("rows"), number("filtered_out") + number("merged") + number("links") + number("self_links"));
    assert_eq!(account["weight_total"], 12.0);
    assert_eq!(report["sources"]["census"]["cite"], "Office 2007");
}

#[test]
fn the_report_names_no_folder_of_this_machine() {
    let bench = Bench::with_study();
    let study = bench.path("study/study.toml");
    bench.run_with(&["run", study.to_str().unwrap()]).expect(0);
    let report = bench.text("out/study/report.json");
    assert!(!report.contains(bench.path("").to_str().unwrap()), "{report}");
}

#[test]
fn check_draws_nothing() {
    let bench = Bench::with_study();
    let before = bench.list("");
    bench.run("check study/study.toml").expect(0).says(&["1 map", "the data were read, nothing was drawn"]);
    assert_eq!(bench.list(""), before);
}

#[test]
fn check_reads_the_data() {
    let bench = Bench::with_study();
    bench.write("study/flows.csv", "origin,dest,count\nlim,hyo,3\nlim,zzz,4\n");
    bench.run("check study").expect(0).says(&["note: flows.csv: 1 × unknown-place", "zzz"]);
    bench.write("study/flows.csv", "from,to\nlim,hyo\n");
    bench.run("check study").expect(1).says(&["expected a column `origin`"]);
}

#[test]
fn an_unknown_key_is_answered_with_file_line_table_and_nearest_spelling() {
    mended(
        "cite = ",
        "subtitel = \"x\"\ncite = ",
        &["study/study.toml:16: unknown key \"subtitel\" in [[map]]", "\"subtitle\""],
    );
    mended("unit = ", "units = ", &["study/study.toml:9: unknown key \"units\" in [flows.moves]", "\"unit\""]);
}

#[test]
fn a_wrong_type_is_answered_with_what_was_found_and_expected() {
    mended(
        "cite = ",
        "width_mm = \"wide\"\ncite = ",
        &["study.toml:16:", "\"width_mm\": found \"wide\", expected a number in [[map]]"],
    );
}

#[test]
fn a_missing_key_is_named() {
    mended("unit = \"persons\"\n", "", &["study.toml:6:", "\"unit\"", "missing", "[flows.moves]"]);
}

#[test]
fn a_missing_file_is_answered_with_the_nearest_one() {
    mended("\"places.csv\"", "\"place.csv\"", &["study.toml:4:", "\"place.csv\"", "did you mean \"places.csv\"?"]);
}

#[test]
fn names_that_lead_nowhere_are_answered_with_those_that_do() {
    mended("cite = [\"census\"]", "cite = [\"censos\"]", &["study.toml:16:", "\"censos\"", "did you mean \"census\"?"]);
    mended("cite = ", "places = \"town\"\ncite = ", &["[places.town]", "did you mean \"towns\"?"]);
    mended("cite = ", "style = \"raport\"\ncite = ", &["study.toml:16:", "\"raport\"", "report"]);
    mended("cite = ", "layout = \"strait\"\ncite = ", &["study.toml:16:", "did you mean \"straight\"?"]);
    mended("title = \"Four towns\"", "language = \"de\"\ntitle = \"Four towns\"", &["study.toml:1:", "en, es or fr"]);
}

#[test]
fn a_study_without_a_base_map_has_the_countries_of_the_world_and_one_with_none_has_none() {
    let bench = Bench::with_study();
    let countries = |study: &str| {
        bench.write("study/study.toml", study);
        bench.run("run study").expect(0);
        bench.text("out/study/towns.svg").matches("fill=\"#efebe1\"").count()
    };
    assert_eq!(countries(&STUDY.replace("title = \"Four", "base = []\ntitle = \"Four")), 0);
    assert!(countries(STUDY) > 0);
}

#[test]
fn numbers_out_of_range_are_refused() {
    mended("cite = ", "share = 1.5\ncite = ", &["study.toml:16:", "\"share\" is 1.5", "from 0 to 1"]);
    mended("cite = ", "flow_width_mm = 0\ncite = ", &["study.toml:16:", "\"flow_width_mm\" is 0", "from 0.05 to 100"]);
    mended("cite = ", "threshold = -3\ncite = ", &["\"threshold\" is -3, expected a number of at least 0\n"]);
    mended(
        "unit = ",
        "tolerance = -1\nunit = ",
        &["study.toml:9: \"tolerance\" is -1, expected a number of at least 0\n"],
    );
    mended("cite = ", "extent = [0, 10, 20, 5]\ncite = ", &["study.toml:16:", "south must be below north"]);
    mended("cite = ", "extent = \"flow\"\ncite = ", &["\"extent\" is \"flows\", \"places\""]);
    mended("id = \"towns\"", "id = \"../towns\"", &["study.toml:14:", "names files"]);
}

#[test]
fn an_annotation_without_words_is_refused() {
    let annotation = "cite = [\"census\"]\n[[map.annotation]]\norigin = \"hyo\"\ndest = \"lim\"\ntext = \" \"\n";
    mended("cite = [\"census\"]\n", annotation, &["study.toml:20:", "\"text\" is empty", "[[map.annotation]]"]);
}

#[test]
fn areas_are_shaded_by_what_the_places_have_or_the_message_says_what_they_have() {
    let bench = Bench::with_study();
    bench.write(
        "study/places.csv",
        "id,name,lon,lat,iso,share\nlim,Lima,-77,-12,PER,40\nquito,Quito,-78.5,-0.2,ECU,60.5\n",
    );
    bench.write("study/flows.csv", "origin,dest,count\nlim,quito,5\n");
    let world = concat!(env!("CARGO_MANIFEST_DIR"), "/geodata/base/world.geojson");
    let study = STUDY.replace("title = \"Four", &format!("base = [\"{world}\"]\ntitle = \"Four"));
    let with = |keys: &str| format!("{study}\n[map.choropleth]\ntitle = \"Share\"\n{keys}\n");
    bench.write("study/study.toml", with("value = \"share\"\nregion = \"iso\"\nunit = \"%\""));
    bench.run("run study").expect(0);
    let shading = bench.json("out/study/report.json")["maps"][0]["shading"].clone();
    assert_eq!(
        (shading["breaks"].clone(), shading["areas"].clone()),
        (serde_json::json!([50.0]), serde_json::json!([1, 1]))
    );
    bench.write("study/places.csv", bench.text("study/places.csv").replace("ECU", "XXX"));
    let told = "note: map towns: places with a number have no area to shade (1): Quito";
    bench.run("run study").expect(0).says(&[told]);
    bench.write("study/places.csv", bench.text("study/places.csv").replace("XXX", "ECU"));
    for (keys, words) in [
        ("value = \"shares\"", "did you mean \"share\"?"),
        ("value = \"share\"", "no place has both a number for \"Share\" and an area"),
        ("value = \"name\"\nregion = \"iso\"", "place \"lim\": the column \"name\" is \"Lima\", expected a number"),
        ("value = \"share\"\nregion = \"is\"", "\"region\" is \"is\""),
        ("value = \"net_rate\"\nregion = \"iso\"", "rates need the population"),
        ("value = \"share\"\nbreaks = [2, 1]", "in ascending order"),
        ("value = \"share\"\nbreaks = [1]\nclasses = 2", "leave out \"method\" and \"classes\""),
        ("value = \"share\"\nclasses = 1", "\"classes\" is 1, expected a number from 2 to 9"),
        ("value = \"share\"\nscale = \"sequential\"\ncentre = 3", "a diverging scale parts at"),
    ] {
        bench.write("study/study.toml", with(keys));
        bench.run("run study").expect(2).says(&[words]);
    }
}

/// Runs the study with these keys for its map, or tables behind it, and expects exit code 2 with the line and these words.
#[track_caller]
fn refused_by_the_data(keys: &str, line: usize, words: &[&str]) {
    let bench = Bench::with_study();
    bench.write("study/study.toml", format!("{STUDY}{keys}\n"));
    let line = format!("study.toml:{line}: map \"towns\": ");
    for command in ["check study", "run study"] {
        bench.run(command).expect(2).says(&[&line]).says(words);
    }
}

#[test]
fn what_the_data_do_not_have_is_answered_with_file_line_and_nearest_spelling() {
    refused_by_the_data("projection = \"EPSG:99\"", 17, &["projection \"EPSG:99\" is not known"]);
    refused_by_the_data(
        "highlight = [\"PEX\"]",
        17,
        &["\"highlight\" names the region \"PEX\"", "did you mean \"PER\"?"],
    );
    refused_by_the_data(
        "subject = [\"peru\"]",
        17,
        &["\"subject\" names the region \"peru\"", "did you mean \"PER\"?"],
    );
    refused_by_the_data("region_labels = [\"QQQ\"]", 17, &["\"QQQ\"", "name a region of the base map by its id"]);
    refused_by_the_data("areas = [\n  \"lmi\"]", 17, &["\"areas\" names the place \"lmi\"", "did you mean \"lim\"?"]);
    refused_by_the_data("values = 1\nexits = [\"Lima\"]", 18, &["\"exits\"", "did you mean \"lim\"?"]);
    refused_by_the_data("second_name = \"nam\"", 17, &["did you mean \"name\"?"]);
    refused_by_the_data("filter = { sorce = \"census\" }", 17, &["no column `sorce`", "did you mean `source`?"]);
    refused_by_the_data("filter.source = \"Census\"", 17, &["passes the filter"]);
    refused_by_the_data("[map.uncertain]\nrows = { sorce = \"census\" }", 18, &["no column `sorce`"]);
    refused_by_the_data("[map.symbols]\nsize = \"latt\"", 18, &["did you mean \"lat\"?"]);
    refused_by_the_data("[map.symbols]\nsize = \"in_strength\"\ncolor = \"nam\"", 19, &["did you mean \"name\"?"]);
    let shaded = "[map.choropleth]\ntitle = \"T\"";
    refused_by_the_data(&format!("{shaded}\nvalue = \"latt\""), 19, &["did you mean \"lat\"?"]);
    refused_by_the_data(&format!("{shaded}\nvalue = \"lat\"\nregion = \"nam\""), 20, &["did you mean \"name\"?"]);
    refused_by_the_data("multiples = \"time\"", 17, &["small multiples need flows of at least two periods"]);
}

/// Checks and runs the study with these keys for its map, or tables behind it, and expects one answer of both.
#[track_caller]
fn told_by_both(keys: &str, code: i32, words: &[&str]) {
    let bench = Bench::with_study();
    bench.write("study/study.toml", format!("{STUDY}{keys}\n"));
    bench.run("check study").expect(code).says(words);
    bench.run("run study").expect(code).says(words);
}

#[test]
fn what_a_run_finds_before_it_draws_is_found_by_check_too() {
    told_by_both("extent = [0, 0, 10, 10]", 1, &["study.toml:17: map \"towns\": there is no place to draw"]);
    told_by_both("layout = \"matrix\"\ntop = 0", 1, &["study.toml:17: map \"towns\": there is no flow to draw"]);
    let alone = "note: map towns: there is no flow to draw: the map shows places alone";
    for keys in ["top = 0", "share = 0", "threshold = 1000", "filter = { count = 20 }\nthreshold = 100"] {
        told_by_both(keys, 0, &[alone]);
    }
    told_by_both("cluster = 100", 0, &["note: map towns: no places were joined: there are 4, and 100 were asked for"]);
    told_by_both("layout = \"matrix\"\nvalues = 3", 0, &["what changes nothing: values"]);
    let points = "note: map towns: \"areas\" names places that have no polygon and are drawn as circles: lim, aqp\n";
    told_by_both("areas = [\"aqp\", \"lim\"]", 0, &[points]);
    told_by_both("areas = [\"aqp\"]\nlayout = \"matrix\"", 0, &["what changes nothing: areas"]);
    let parts =
        ["note: map towns: no table by-time: the flows name", "note: map towns: no table by-kind: the flows name"];
    told_by_both("[output]\nby = [\"time\", \"kind\"]", 0, &parts);
}

#[test]
fn a_column_that_a_study_names_and_a_layer_lacks_is_answered_with_its_line_and_the_nearest() {
    let bench = Bench::with_study();
    let named = |from: &str, key: &str| bench.write("study/study.toml", STUDY.replace(from, &format!("{key}\n{from}")));
    named("\n[flows.moves]", "name = \"nam\"");
    let words =
        "study.toml:5: study/places.csv: there is no column `nam` for name; did you mean `name`? its columns are `id`";
    bench.run("check study").expect(2).says(&[words]);
    named("unit = ", "weight = \"people\"");
    bench.run("run study").expect(2).says(&["study.toml:9: study/flows.csv: there is no column `people` for weight"]);
    bench.run("map places.csv flows.csv -o m.svg --weight cuont").expect(2).says(&["did you mean `count`?"]);
}

#[test]
fn words_and_courses_of_places_kinds_and_positions_that_are_not_there_are_refused() {
    let ends = "origin = \"hyo\"\ndest = \"lmi\"";
    refused_by_the_data(
        &format!("[[map.annotation]]\n{ends}\ntext = \"T\""),
        19,
        &["\"dest\" names the place \"lmi\"", "did you mean \"lim\"?"],
    );
    refused_by_the_data(&format!("[[map.course]]\n{ends}\nbow = 0.3"), 19, &["did you mean \"lim\"?"]);
    let course = "[[map.course]]\norigin = \"hyo\"\ndest = \"lim\"\n";
    refused_by_the_data(
        &format!("{course}through = [-800, -10]"),
        20,
        &["\"through\" is [-800.0, -10.0]", "-180 to 180"],
    );
    refused_by_the_data("kinds = [\"work\"]", 17, &["\"kinds\" names the kind \"work\"", "layer of flows"]);
    let window = "[[map.window]]\nextent = [-78, -13, -75, -11]\n";
    refused_by_the_data(&format!("{window}region_labels = [\"PEX\"]"), 19, &["\"PEX\"", "did you mean \"PER\"?"]);
}

#[test]
fn words_and_courses_of_flows_that_a_map_does_not_show_are_told() {
    let bench = Bench::with_study();
    let words = "[[map.annotation]]\norigin = \"lim\"\ndest = \"hyo\"\ntext = \"lost\"\n";
    let course = "[[map.course]]\norigin = \"aqp\"\ndest = \"lim\"\nkind = \"work\"\nbow = 0.3\n";
    bench.write("study/study.toml", format!("{STUDY}{words}{course}[output]\nimages = [\"svg\"]\n"));
    let told = "2 of its words and courses: [[map.annotation]] lim to hyo, [[map.course]] aqp to lim (work)";
    bench.run("run study").expect(0).says(&[told]);
}

#[test]
fn a_course_through_a_position_off_the_map_is_laid_like_the_others_and_told() {
    let bench = Bench::with_study();
    let drawn = |course: &str| {
        bench.write("study/study.toml", format!("{STUDY}{course}[output]\nimages = [\"svg\"]\n"));
        bench.run("run study").expect(0).stderr
    };
    let course = |at: &str| format!("[[map.course]]\norigin = \"hyo\"\ndest = \"lim\"\nthrough = {at}\n");
    let told = "[[map.course]] 1 from \"hyo\" to \"lim\" changes nothing: through [-40.0, 40.0] lies off the map";
    assert!(drawn(&course("[-40, 40]")).contains(told));
    assert!(!drawn(&course("[-76.3, -12.3]")).contains("changes nothing"));
}

#[test]
fn windows_without_a_place_or_off_the_map_are_told() {
    let bench = Bench::with_study();
    let windows =
        "[[map.window]]\ntitle = \"Ten\"\nextent = [0, 0, 10, 10]\n[[map.window]]\nextent = [-78, -13, -75, -11]\n";
    bench.write("study/study.toml", format!("{STUDY}{windows}[output]\nimages = [\"svg\"]\n"));
    let told =
        "[[map.window]] 1 \"Ten\" lies off the main map and shows no place: its extent is [0.0, 0.0, 10.0, 10.0]";
    let run = bench.run("run study");
    assert!(!run.stderr.contains("[[map.window]] 2"), "{}", run.stderr);
    run.expect(0).says(&[told]);
}

#[test]
fn flows_between_places_off_the_map_are_left_out_and_counted_whoever_says_that_they_lie_off_it() {
    let bench = Bench::with_study();
    let named = "exits = [\"aqp\", \"lim\"]";
    let within = format!("extent = [-77.5, -13, -74, -11]\n{named}");
    for (keys, beyond, shown) in [(named, 1, 3), (&within, 3, 1)] {
        bench.write("study/study.toml", format!("{STUDY}{keys}\n[output]\nimages = [\"svg\"]\n"));
        bench.run("run study").expect(0);
        let flows = &bench.json("out/study/report.json")["maps"][0]["flows"];
        assert_eq!((&flows["beyond"], &flows["shown"]), (&beyond.into(), &shown.into()), "{keys}: {flows}");
    }
}

#[test]
fn two_maps_of_one_id_are_refused() {
    let again =
        format!("cite = []\n\n{}", STUDY.split_once("[[map]]").map(|(_, map)| format!("[[map]]{map}")).unwrap());
    mended("cite = [\"census\"]\n", &again, &["two maps \"towns\""]);
}

#[test]
fn a_filter_for_a_column_that_is_not_there_ends_with_2() {
    let bench = Bench::with_study();
    bench.write("study/study.toml", STUDY.replace("cite = ", "filter = { sorce = \"census\" }\ncite = "));
    bench.run("run study").expect(2).says(&["sorce"]);
}

#[test]
fn a_filter_that_keeps_no_flow_ends_with_2() {
    let bench = Bench::with_study();
    bench.write("study/study.toml", STUDY.replace("cite = ", "filter = { source = \"Census\" }\ncite = "));
    bench.run("run study").expect(2).says(&["\"towns\"", "none of the 5 flows passes the filter"]);
}

#[test]
fn a_run_that_fails_leaves_the_earlier_outputs_whole() {
    let bench = Bench::with_study();
    bench.run("run study").expect(0);
    let names = bench.list("out/study");
    let before: Vec<_> = names.iter().map(|name| bench.read(&format!("out/study/{name}"))).collect();
    let second = "\n[[map]]\nid = \"more\"\ntitle = \"More\"\nhighlight = [\"nowhere\"]\nprojection = \"+proj=nonsense\"\ncite = []\n";
    bench.write("study/study.toml", format!("{}{second}", STUDY.replace("Most people", "Nearly all people")));
    bench.run("run study").expect(2);
    assert_eq!(bench.list("out/study"), names);
    for (name, bytes) in names.iter().zip(before) {
        assert_eq!(bench.read(&format!("out/study/{name}")), bytes, "{name}");
    }
}

#[test]
fn a_run_that_is_killed_leaves_every_output_as_it_was_or_as_it_is_to_be() {
    let bench = Bench::with_study();
    bench.run("run study").expect(0);
    let names = bench.list("out/study");
    let read = |folder: &str| -> Vec<_> { names.iter().map(|name| bench.read(&format!("{folder}/{name}"))).collect() };
    let before = read("out/study");
    bench.write("study/study.toml", STUDY.replace("Most people", "Nearly all people"));
    bench.run("run study --out new").expect(0);
    let after = read("new/study");
    for delay_ms in [5, 20, 60, 120, 200, 300] {
        let mut run = start_in(&bench.path(""), &["run", "study"]);
        std::thread::sleep(std::time::Duration::from_millis(delay_ms));
        run.kill().unwrap();
        run.wait().unwrap();
        for (k, bytes) in read("out/study").iter().enumerate() {
            assert!(*bytes == before[k] || *bytes == after[k], "{} after {delay_ms} ms", names[k]);
        }
    }
}

#[test]
fn a_mistake_in_the_last_study_shows_before_the_first_one_runs() {
    let bench = Bench::with_study();
    bench.write("other/study.toml", "title = 1\n");
    bench.run("run study other").expect(2).says(&["other/study.toml:1:"]);
    assert!(!bench.path("out").exists());
}

/// Returns the keys that the page of studies documents under this heading.
fn documented(heading: &str) -> Vec<String> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/geodata/README.md")).unwrap();
    let section = page.split_once(heading).unwrap_or_else(|| panic!("{heading}")).1;
    let section = section.split("\n#").next().unwrap();
    let first_cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let mut keys: Vec<String> = first_cells
        .flat_map(|cell| cell.replace('`', "").split(',').map(|k| k.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    keys.sort();
    keys
}

/// Keys that are tables of their own, documented under headings of their own. As keys of a panel, `map` and `table` are texts.
const TABLES: [&str; 12] = [
    "output",
    "tables",
    "figure",
    "map",
    "window",
    "locator",
    "choropleth",
    "symbols",
    "uncertain",
    "annotation",
    "course",
    "panel",
];

/// Returns the keys that the program knows where `file` has been given an unknown one, but for names of tables.
fn known(file: &str, content: &str) -> Vec<String> {
    let bench = Bench::with_study();
    bench.write(file, content);
    let stderr = bench.run("check study").expect(2).says(&["known are "]).stderr;
    let list = stderr.split_once("known are ").unwrap().1;
    let names = list.trim().split(", ").map(String::from);
    let mut keys: Vec<String> = names.filter(|n| !TABLES.contains(&n.as_str())).collect();
    keys.sort();
    keys
}

#[test]
fn every_key_is_documented_and_every_documented_key_is_known() {
    let unknown = "qqqqqqqq = 1\n";
    let in_study = |table: &str| known("study/study.toml", &format!("{STUDY}\n{table}\n{unknown}"));
    let top = known("study/study.toml", &format!("{unknown}{STUDY}"));
    let top: Vec<String> = top.into_iter().filter(|key| key != "places" && key != "flows").collect();
    assert_eq!(top, documented("## study.toml, key by key"));
    assert_eq!(in_study("[output]"), documented("### `[output]`"));
    assert_eq!(in_study("[places.more]"), documented("### `[places.NAME]`"));
    assert_eq!(in_study("[flows.more]"), documented("### `[flows.NAME]`"));
    assert_eq!(in_study("[[map]]"), documented("### `[[map]]`"));
    assert_eq!(in_study("[[map.window]]"), documented("### `[[map.window]]`"));
    assert_eq!(in_study("[map.locator]"), documented("### `[map.locator]`"));
    let choropleth = "[map.choropleth]\nvalue = \"net\"\ntitle = \"Net\"";
    assert_eq!(in_study(choropleth), documented("### `[map.choropleth]`"));
    assert_eq!(in_study("[map.symbols]"), documented("### `[map.symbols]`"));
    assert_eq!(in_study("[map.uncertain]"), documented("### `[map.uncertain]`"));
    assert_eq!(in_study("[[map.annotation]]"), documented("### `[[map.annotation]]`"));
    assert_eq!(in_study("[[map.course]]"), documented("### `[[map.course]]`"));
    assert_eq!(in_study("[tables.more]"), documented("### `[tables.NAME]`"));
    let figure = "[[figure]]\nid = \"f\"\ntitle = \"F\"\ncite = []";
    assert_eq!(in_study(figure), documented("### `[[figure]]`"));
    let panel = format!("{figure}\n[[figure.panel]]");
    let mut panel_keys = in_study(&panel);
    panel_keys.push("map".to_owned());
    panel_keys.sort();
    panel_keys.retain(|key| key != "row");
    assert_eq!(panel_keys, documented("### `[[figure.panel]]`"));
    let row = format!("{panel}\n[[figure.panel.row]]");
    assert_eq!(in_study(&row), documented("### `[[figure.panel.row]]`"));
    assert_eq!(known("study/sources.toml", &format!("[s]\n{unknown}")), documented("## sources.toml"));
}

/// The studies that ship with the product.
const SHIPPED: [&str; 4] = ["comparison", "huancavelica", "morocco-eu", "zacatecas"];

#[test]
fn every_shipped_study_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for study in SHIPPED {
        run_in(root, &["check", &format!("geodata/{study}")]).expect(0);
    }
}

/// The most of the names' area that flows may cover, in per cent.
const MOST_UNDER_FLOWS: f64 = 5.0;

/// Panics where a name is missing, lies on another one or on a symbol, or too much of the names lies under flows.
fn names_can_be_read(map: &serde_json::Value) {
    let (id, score) = (&map["id"], &map["score"]);
    assert_eq!(map["dropped_labels"], serde_json::json!([]), "{id}");
    assert_eq!((score["labels_on_labels"].as_u64(), score["labels_on_nodes"].as_u64()), (Some(0), Some(0)), "{id}");
    let covered = score["labels_on_flows_pct"].as_f64().unwrap();
    assert!(covered <= MOST_UNDER_FLOWS, "{id}: {covered} % of the names lie under flows");
}

#[test]
fn every_shipped_study_runs_and_no_row_is_lost() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = tempfile::tempdir().unwrap();
    for study in SHIPPED {
        run_in(root, &["run", &format!("geodata/{study}"), "--out", out.path().to_str().unwrap()]).expect(0);
        let report = std::fs::read(out.path().join(study).join("report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
        for layer in report["layers"].as_array().unwrap() {
            assert_eq!(layer["reconciles"], true, "{study}: {layer}");
            assert_eq!(layer["tally"]["dropped"], 0, "{study}: {layer}");
        }
        for map in report["maps"].as_array().unwrap() {
            assert!(map["flows"]["shown"].as_u64().unwrap() > 0, "{study}: {}", map["id"]);
            assert_eq!(map["missing_glyphs"], 0, "{study}: {}", map["id"]);
            names_can_be_read(map);
        }
        for figure in report["figures"].as_array().unwrap() {
            assert_eq!(figure["missing_glyphs"], 0, "{study}: {}", figure["id"]);
        }
    }
}
