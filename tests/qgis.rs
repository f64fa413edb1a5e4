//! Our files open in the real QGIS as they were meant: every layer valid, styled and labelled, the project and its
//! print layout like our figure. `make clients` installs QGIS and runs these; `make test` passes them over.

#![cfg(feature = "gdal")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/hostile.rs"]
mod hostile;
#[allow(dead_code, reason = "this file compares blocks, not pixels")]
#[path = "support/picture.rs"]
mod picture;
#[path = "support/program.rs"]
mod program;

use std::{path::Path, process::Command};

use picture::Picture;
use program::Bench;
use serde_json::{Value, json};

/// Opens files of the bench in QGIS and returns what it saw, one value a file; pictures go to `pictures`.
fn seen(bench: &Bench, files: &[&str]) -> Vec<Value> {
    told_by("look.py", bench, "pictures", files)
}

/// Runs a script in the folder of the bench and returns what it prints, one value a file.
fn told_by(script: &str, bench: &Bench, first: &str, files: &[&str]) -> Vec<Value> {
    let output = Command::new("/usr/bin/python3")
        .arg(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/qgis/{}"), script))
        .arg(first)
        .args(files)
        .current_dir(bench.path(""))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = String::from_utf8(output.stdout).unwrap();
    let seen: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(seen.len(), files.len(), "QGIS said:\n{told}");
    seen
}

fn layer<'a>(seen: &'a Value, name: &str) -> &'a Value {
    seen["layers"].as_array().unwrap().iter().find(|layer| layer["name"] == name).unwrap()
}

/// The greatest mean difference of a channel, of 255, over squares of a fiftieth of the page: words and legends of
/// QGIS stand elsewhere, land and flows do not.
const MEAN: f64 = 12.0;

fn assert_alike(ours: &Path, theirs: &Path) {
    let [ours, theirs] = [ours, theirs].map(|path| Picture::decode(&std::fs::read(path).unwrap()));
    let mean = coarse_difference(&ours, &theirs);
    assert!(mean < MEAN, "the pictures differ by {mean:.1} on average");
}

/// Returns the mean difference of the mean colours of 50 by 50 parts of both pictures, whatever their sizes.
fn coarse_difference(a: &Picture, b: &Picture) -> f64 {
    const PARTS: u32 = 50;
    let mean = |p: &Picture, x: u32, y: u32| -> [f64; 3] {
        let range = |k: u32, side: u32| (k * side / PARTS)..((k + 1) * side / PARTS);
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        for row in range(y, p.size.1) {
            for column in range(x, p.size.0) {
                let at = 3 * (row * p.size.0 + column) as usize;
                (0..3).for_each(|k| sum[k] += f64::from(p.rgb[at + k]));
                count += 1.0;
            }
        }
        sum.map(|s| s / count)
    };
    let mut total = 0.0;
    for y in 0..PARTS {
        for x in 0..PARTS {
            let (one, other) = (mean(a, x, y), mean(b, x, y));
            total += (0..3).map(|k| (one[k] - other[k]).abs()).sum::<f64>() / 3.0;
        }
    }
    total / f64::from(PARTS * PARTS)
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn a_geopackage_opens_styled_and_labelled() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o m.gpkg --unit persons --values 2").expect(0);
    let seen = &seen(&bench, &["m.gpkg"])[0];
    assert_eq!(seen["log"], Value::Array(vec![]), "QGIS warns of nothing");
    let (places, flows, regions) = (layer(seen, "places"), layer(seen, "flows"), layer(seen, "regions"));
    assert_eq!([&places["features"], &flows["features"]], [4, 4]);
    assert_eq!(flows["geometry"], "MultiLineString");
    assert_eq!([&places["renderer"], &regions["renderer"]], ["categorizedSymbol"; 2]);
    assert_eq!([&places["labels"], &flows["labels"]], [true, true]);
    assert!(seen["layers"].as_array().unwrap().iter().all(|layer| layer["valid"] == true));
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn the_project_beside_and_inside_opens_in_the_system_of_the_figure() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o m.gpkg --unit persons").expect(0);
    let inside = format!("geopackage:{}?projectName=m", bench.path("m.gpkg").display());
    for seen in seen(&bench, &["m.qgz", &inside]) {
        assert_eq!([&seen["read"], &seen["in_tree"]], [true, true], "{seen}");
        assert!(seen["crs"].as_str().unwrap().starts_with("+proj="), "{}", seen["crs"]);
        assert!(seen["layers"].as_array().unwrap().iter().all(|layer| layer["valid"] == true));
        assert_eq!(seen["layouts"][0]["exported"], true);
        assert_eq!(seen["log"], Value::Array(vec![]));
    }
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn the_print_layout_looks_like_the_figure() {
    let bench = Bench::new();
    let study = concat!(env!("CARGO_MANIFEST_DIR"), "/geodata/huancavelica/study.toml");
    bench.run_with(&["run", study]).expect(0);
    for map in ["departments-1981", "destinations-2005"] {
        let folder = format!("out/huancavelica/{map}");
        seen(&bench, &[&format!("{folder}.qgz")]);
        let theirs = bench.path(&format!("pictures/{map}_qgz-layout.png"));
        assert_alike(&bench.path(&format!("{folder}.png")), &theirs);
    }
}

/// Writes sixteen places in rows and flows of these kinds between most of them, which leave the legend no room on the map.
fn crowded(bench: &Bench, kinds: [&str; 3]) {
    let place = |k: usize| format!("p{k},P{k},{},{}\n", -68.0 + 2.0 * (k % 4) as f64, -22.0 + 2.0 * (k / 4) as f64);
    bench.write("grid.csv", format!("id,name,lon,lat\n{}", (0..16).map(place).collect::<String>()));
    let flow = |k: usize| format!("p{},p{},{},{}\n", k % 16, (k * 7 + k / 16 + 1) % 16, 50 * k + 5, kinds[k % 3]);
    bench.write("crowd.csv", format!("origin,dest,count,kind\n{}", (0..80).map(flow).collect::<String>()));
}

/// Returns left, top, right and bottom of an item of the print layout in millimetres.
fn standing(seen: &Value, item: &str) -> [f64; 4] {
    let sides = seen["layouts"][0]["boxes"][item].as_array().unwrap();
    [0, 1, 2, 3].map(|side| sides[side].as_f64().unwrap())
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn a_legend_below_the_map_stands_above_the_notes_of_the_print_layout() {
    let bench = Bench::new();
    crowded(&bench, ["study", "work", "family"]);
    bench
        .run_with(&["export", "grid.csv", "crowd.csv", "-o", "m.gpkg", "--measure", "Moves", "--width-mm", "120"])
        .expect(0);
    let seen = &seen(&bench, &["m.qgz"])[0];
    let (map, notes) = (standing(seen, "map-0"), standing(seen, "notes and sources"));
    for item in ["legend", "measure", "sample 1", "sample 2 in words"] {
        let [_, top, _, bottom] = standing(seen, item);
        assert!(map[3] < top && bottom < notes[1], "{item}: {top} to {bottom}, the notes begin at {}", notes[1]);
    }
    assert!(notes[3] <= standing(seen, "page")[3] + 0.01, "notes on the page");
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn the_legend_of_the_print_layout_says_what_that_of_the_figure_says() {
    let bench = Bench::new();
    let place = |k: usize| format!("p{k},P{k},{},{},{}\n", 10 + k % 4, 3 * (k / 4), ["north", "south"][k / 4]);
    bench.write("zones.csv", format!("id,name,lon,lat,zone\n{}", (0..8).map(place).collect::<String>()));
    bench.write("some.csv", "origin,dest,count\np0,p1,9\np0,p2,5\np0,p6,4\np0,p7,\n");
    let measure = "People who were born in one of the places and lived in another one when they were counted";
    let told = |name: &str, more: &[&str]| {
        let words = [
            "export",
            "zones.csv",
            "some.csv",
            "-o",
            name,
            "--measure",
            measure,
            "--unit",
            "persons, of whom many moved",
        ];
        bench.run_with(&[&words[..], more].concat()).expect(0);
    };
    told("tree.gpkg", &["--layout", "tree"]);
    told("zones.gpkg", &["--color-by", "zone"]);
    let seen = seen(&bench, &["tree.qgz", "zones.qgz"]);
    let words = |seen: &Value, item: &str| seen["layouts"][0]["words"][item].to_string();
    assert!(words(&seen[0], "trunks").contains("as wide as what they carry"), "{}", seen[0]["layouts"]);
    assert!(words(&seen[0], "without a number in words").contains("without a number"), "{}", seen[0]["layouts"]);
    assert!(words(&seen[1], "legend").contains("Zone"), "{}", seen[1]["layouts"]);
    for seen in &seen {
        let (map, page) = (standing(seen, "map-0"), standing(seen, "page"));
        let below = standing(seen, "without a number in words");
        assert!(below[2] <= page[2] && below[3] <= map[3], "{below:?} within {map:?}");
        // Words that are too long for a line beside their sample stand in several.
        let first = standing(seen, "sample 1 in words");
        assert!(first[3] - first[1] > 1.5 * (below[3] - below[1]), "{first:?}, {below:?}");
    }
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn the_scale_bar_of_the_print_layout_stands_on_the_map() {
    let bench = Bench::new();
    crowded(&bench, ["study", "work", "family"]);
    bench.run_with(&["export", "grid.csv", "crowd.csv", "-o", "left.gpkg", "--width-mm", "120"]).expect(0);
    bench.run("export places.csv flows.csv -o right.gpkg").expect(0);
    for seen in seen(&bench, &["left.qgz", "right.qgz"]) {
        let (map, bar) = (standing(&seen, "map-0"), standing(&seen, "scale bar"));
        assert!(map[0] <= bar[0] && bar[2] <= map[2], "{bar:?} on {map:?}");
        assert!(map[1] <= bar[1] && bar[3] <= map[3], "{bar:?} on {map:?}");
    }
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn no_text_of_the_print_layout_is_an_expression() {
    let bench = Bench::new();
    let text = "[% 1+1 %] & [%";
    crowded(&bench, [text, "[[%2%]]", "plain"]);
    let named = ["--title", text, "--measure", text, "--unit", text, "--note", text, "--width-mm", "120"];
    bench.run_with(&[["export", "grid.csv", "crowd.csv", "-o", "m.gpkg"].as_slice(), &named].concat()).expect(0);
    let seen = &seen(&bench, &["m.qgz"])[0];
    let words = &seen["layouts"][0]["words"];
    assert_eq!([&words["title"][0], &words["measure"][0]], [text, text]);
    for item in ["sample 1 in words", "notes and sources"] {
        assert!(words[item][0].as_str().unwrap().contains(text), "{words}");
    }
    let legend: Vec<&str> = words["legend"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!([text, "[[%2%]]", "plain"].iter().all(|kind| legend.contains(kind)), "{legend:?}");
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn every_flow_is_drawn_by_one_rule_of_the_style_for_geoserver() {
    let bench = Bench::new();
    // Places p0, p2, p4 … are of one group, which has a hostile name; the others are of none.
    let group = |(k, row): (usize, &str)| match k {
        0 => format!("{row},zone\n"),
        k if k % 2 == 1 => format!("{row},a's \\ zone\n"),
        _ => format!("{row},\n"),
    };
    let places = hostile::places().replace("two\nlines", "two lines");
    bench.write("places.csv", places.lines().enumerate().map(group).collect::<String>());
    // One flow lacks a weight, one a kind.
    let flows = format!("{}p1,p2,,work,0,0,g\np2,p1,5,,0,0,g\n", hostile::flows());
    bench.write("flows.csv", flows);
    for colors in [&[][..], &["--color-by", "zone"]] {
        for name in ["m.gpkg", "m.sld"] {
            bench.run_with(&[&["export", "places.csv", "flows.csv", "-o", name][..], colors].concat()).expect(0);
        }
        let told = told_by("sld.py", &bench, "m.gpkg", &["m-flows.sld", "m-places.sld", "m-regions.sld"]);
        for (style, features) in told.iter().zip([11, 10]) {
            assert_eq!(style["read"], true, "{style}");
            let drawn = style["drawn"].as_array().unwrap();
            assert_eq!(drawn.len(), features, "{style}");
            assert!(drawn.iter().all(|rules| rules == 1), "{style}");
        }
        assert!(told[2]["drawn"].as_array().unwrap().iter().all(|rules| rules == 1), "{}", told[2]);
    }
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn the_borders_of_places_are_drawn_by_one_rule_and_as_in_the_figure() {
    let bench = Bench::new();
    let area = |(id, x): (&str, i32)| {
        let ring = format!("[[{x},0],[{},0],[{},3],[{x},3],[{x},0]]", x + 4, x + 4);
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","name":"{id}"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
        )
    };
    let areas = [("west", 10), ("middle", 14), ("east", 18)].map(area).join(",");
    bench.write("p.geojson", format!(r#"{{"type":"FeatureCollection","features":[{areas}]}}"#));
    bench.write("f.csv", "origin,dest,count\nwest,east,5\neast,middle,3\n");
    for name in ["m.gpkg", "m.sld"] {
        bench.run_with(&["export", "p.geojson", "f.csv", "-o", name]).expect(0);
    }
    let told = told_by("sld.py", &bench, "m.gpkg", &["m-areas.sld"]);
    assert_eq!((&told[0]["read"], &told[0]["drawn"]), (&json!(true), &json!([1, 1, 1])), "{}", told[0]);
    bench.run_with(&["map", "p.geojson", "f.csv", "-o", "m.png"]).expect(0);
    assert_eq!(seen(&bench, &["m.qgz"])[0]["log"], Value::Array(vec![]));
    assert_alike(&bench.path("m.png"), &bench.path("pictures/m_qgz-layout.png"));
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn a_plane_has_no_water() {
    let bench = Bench::new();
    bench.write("pp.csv", "id,name,x,y\na,A,10,10\nb,B,60,20\n");
    bench.write("pf.csv", "origin,dest,count\na,b,3\n");
    bench.run("export pp.csv pf.csv -o m.gpkg").expect(0);
    seen(&bench, &["m.qgz"]);
    let page = Picture::decode(&bench.read("pictures/m_qgz-layout.png"));
    let is_watery = |pixel: &&[u8]| pixel[0] > 200 && pixel[2].saturating_sub(pixel[0]) > 3;
    let watery = page.rgb.chunks(3).filter(is_watery).count();
    assert!(watery < page.rgb.len() / 3 / 100, "{watery} pixels are pale blue");
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn groups_have_the_colours_of_the_figure() {
    let bench = Bench::new();
    let names = [("a", "north"), ("b", "north"), ("c", "south"), ("d", "south"), ("e", "")];
    let place = |(k, (id, zone)): (usize, &(&str, &str))| format!("{id},{id},{},{},{zone}\n", k % 2 * 4, k * 3);
    let places: String = names.iter().enumerate().map(place).collect();
    bench.write("places.csv", format!("id,name,lon,lat,zone\n{places}"));
    bench.write("flows.csv", "origin,dest,count\na,b,900\nb,c,300\nc,d,800\nd,a,200\ne,d,100\n");
    for name in ["m.gpkg", "m.png"] {
        let verb = if name == "m.png" { "map" } else { "export" };
        bench
            .run_with(&[verb, "places.csv", "flows.csv", "-o", name, "--color-by", "zone", "--unit", "persons"])
            .expect(0);
    }
    let seen = seen(&bench, &["m.qgz"]);
    assert_eq!(seen[0]["log"], Value::Array(vec![]));
    assert_alike(&bench.path("m.png"), &bench.path("pictures/m_qgz-layout.png"));
}

/// Returns the share of pixels that differ clearly.
fn changed([a, b]: [&Path; 2]) -> f64 {
    let [a, b] = [a, b].map(|path| Picture::decode(&std::fs::read(path).unwrap()));
    assert_eq!(a.size, b.size);
    let differs = |(a, b): (&[u8], &[u8])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > 40);
    let pixels = a.rgb.chunks(3).zip(b.rgb.chunks(3));
    pixels.filter(|pixel| differs(*pixel)).count() as f64 / f64::from(a.size.0 * a.size.1)
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn uncertain_flows_are_hollow_or_dashed_as_in_the_figure() {
    let bench = Bench::new();
    bench.write("flows.csv", "origin,dest,count,basis\nhyo,lim,900,guess\naqp,lim,300,count\nlim,tru,3,guess\n");
    for (name, doubt) in [("sure", "basis=none"), ("doubt", "basis=guess")] {
        for (verb, ending) in [("map", "png"), ("export", "gpkg")] {
            let file = format!("{name}.{ending}");
            let width = ["--flow-width-mm", "5", "--unit", "persons"];
            let doubt = ["--uncertain", doubt, "-o", &file];
            bench.run_with(&[&[verb, "places.csv", "flows.csv"][..], &width, &doubt].concat()).expect(0);
        }
    }
    let seen = seen(&bench, &["sure.qgz", "doubt.qgz"]);
    assert!(seen.iter().all(|one| one["log"] == Value::Array(vec![])), "{seen:?}");
    let ours = changed(["sure.png", "doubt.png"].map(|name| bench.path(name)).each_ref().map(|p| p.as_path()));
    let theirs = ["sure", "doubt"].map(|name| bench.path(&format!("pictures/{name}_qgz-layout.png")));
    let theirs = changed(theirs.each_ref().map(|p| p.as_path()));
    assert!(ours > 0.002 && (0.6..1.6).contains(&(theirs / ours)), "{ours} of the figure changes, {theirs} in QGIS");
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn circles_have_halves_as_in_the_figure() {
    let bench = Bench::new();
    // All from one side to the other: the halves tell it, whole circles do not.
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,900\naqp,lim,300\ntru,lim,500\nhyo,tru,100\n");
    for circles in ["total", "in-out"] {
        for (verb, ending) in [("map", "png"), ("export", "gpkg")] {
            let file = format!("{circles}.{ending}");
            let look = ["--circles", circles, "--unit", "persons", "--seed", "3", "-o", &file];
            bench.run_with(&[&[verb, "places.csv", "flows.csv"][..], &look].concat()).expect(0);
        }
    }
    let seen = seen(&bench, &["total.qgz", "in-out.qgz"]);
    assert!(seen.iter().all(|one| one["log"] == Value::Array(vec![])), "{seen:?}");
    let theirs = ["total", "in-out"].map(|name| bench.path(&format!("pictures/{name}_qgz-layout.png")));
    assert_alike(&bench.path("in-out.png"), &theirs[1]);
    assert!(changed(theirs.each_ref().map(|p| p.as_path())) > 0.002, "halves look like whole circles");
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn hostile_text_arrives_in_qgis_as_it_was() {
    let bench = Bench::new();
    bench.write("places.csv", hostile::places());
    bench.write("flows.csv", hostile::flows());
    bench.run_with(&["export", "places.csv", "flows.csv", "-o", hostile::FILE]).expect(0);
    let project = hostile::FILE.replace("gpkg", "qgz");
    let seen = seen(&bench, &[hostile::FILE, &project]);
    let places = layer(&seen[0], "places");
    assert_eq!([&places["features"], &layer(&seen[0], "flows")["features"]], [10, 9]);
    let column = places["fields"].as_array().unwrap().iter().position(|field| field == "name").unwrap();
    for (row, name) in places["first"].as_array().unwrap().iter().zip(hostile::NAMES) {
        assert_eq!(row[column], name);
    }
    assert!(seen[1]["layers"].as_array().unwrap().iter().all(|layer| layer["valid"] == true), "{}", seen[1]);
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn pictures_lie_where_the_map_is() {
    let bench = Bench::new();
    let files = ["m.png", "m.tif", "m.cog.tif"];
    for name in files {
        bench.run(&format!("map places.csv flows.csv -o {name} --dpi 50 --world-files")).expect(0);
    }
    let seen = seen(&bench, &files);
    for seen in &seen {
        let raster = &seen["layers"][0];
        assert_eq!(raster["valid"], true, "{seen}");
        assert!(raster["crs"].as_str().unwrap().contains("+proj=laea"), "{raster}");
        let extent: Vec<f64> = raster["extent"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        // The projection is centred on the map, and Peru is some 2,000 km across.
        assert!(extent[0] < 0.0 && extent[2] > 0.0 && extent[3] - extent[1] < 4e6, "{extent:?}");
    }
}

#[test]
#[ignore = "needs QGIS: make clients"]
fn a_geojson_file_takes_the_style_beside_it() {
    let bench = Bench::with_study();
    bench.run("run study/study.toml").expect(0);
    let seen = seen(&bench, &["out/study/towns-flows.geojson", "out/study/towns-places.geojson"]);
    assert_eq!(seen[1]["layers"][0]["renderer"], "categorizedSymbol", "{}", seen[1]);
    assert_eq!(seen[1]["layers"][0]["labels"], true);
}
