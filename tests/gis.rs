//! Layers for GIS programs: what is written can be read back as the same network, whatever stands in it.

#![cfg(feature = "gdal")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/program.rs"]
mod program;

use program::Bench;

/// Returns the metrics of two sources as a table of places, by their ids: formats with a spatial index change the order.
fn metrics(bench: &Bench, places: &str, flows: &str) -> Vec<String> {
    bench.run_with(&["metrics", places, flows, "-o", "m.csv"]).expect(0);
    let mut rows: Vec<String> = bench.text("m.csv").lines().map(str::to_owned).collect();
    rows.sort();
    rows
}

#[test]
fn a_geopackage_read_back_is_the_same_network() {
    let bench = Bench::new();
    let before = metrics(&bench, "places.csv", "flows.csv");
    bench.run("export places.csv flows.csv -o m.gpkg").expect(0);
    assert!(before == metrics(&bench, "m.gpkg|places", "m.gpkg|flows"));
    assert!(bench.path("m.qgz").is_file(), "the project lies beside");
}

#[test]
fn a_geopackage_holds_its_style_and_its_project() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o m.gpkg").expect(0);
    let bytes = bench.read("m.gpkg");
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert_eq!(&bytes[68..72], b"GPKG");
    for text in ["layer_styles", "qgis_projects", "gpkg_data_columns", "rtree_flows_geom", "outlineWidth"] {
        assert!(has(text), "{text}");
    }
    assert!(has("1970-01-01T00:00:00.000Z"), "no clock");
}

#[test]
fn days_are_dates_in_a_geopackage_and_in_parquet_and_come_back_as_they_were() {
    let bench = Bench::new();
    let places = "id,name,lon,lat,founded\nlim,Lima,-77,-12,1535-01-18\nhyo,Huancayo,-75,-12,1572-06-01\n\
                  aqp,Arequipa,-71,-16,\ntru,Trujillo,-79,-8,1535-03-05\n";
    bench.write("places.csv", places);
    bench.run("export places.csv flows.csv -o m.gpkg").expect(0);
    let bytes = bench.read("m.gpkg");
    let text = b"\"founded\" DATE";
    assert!(bytes.windows(text.len()).any(|window| window == text), "a column of dates");
    bench.run("export places.csv flows.csv -o m.parquet --layer places").expect(0);
    for source in ["m.gpkg|places", "m.parquet"] {
        bench.run_with(&["export", source, "flows.csv", "-o", "m.geojson", "--layer", "places"]).expect(0);
        let features = bench.json("m.geojson")["features"].as_array().unwrap().clone();
        let mut days: Vec<String> = features.iter().map(|f| f["properties"]["founded"].to_string()).collect();
        days.sort();
        assert_eq!(days, ["\"1535-01-18\"", "\"1535-03-05\"", "\"1572-06-01\"", "null"], "{source}");
    }
}

#[test]
fn base_maps_are_read_from_addresses_with_leave_and_from_layers() {
    let land = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"PE","name":"Peru",
        "kind":"country"},"geometry":{"type":"Polygon","coordinates":[[[-82,-19],[-68,-19],[-68,0],[-82,0],[-82,-19]]]}}]}"#;
    let bench = Bench::new();
    bench.write("land.geojson", land);
    let map = |base: &str| format!("map places.csv flows.csv -o map.svg --base {base}");
    bench.run(&map("land.geojson")).expect(0);
    let drawn = bench.text("map.svg");
    let address = format!("/vsisubfile/0_{},{}", land.len(), bench.path("land.geojson").display());
    bench.run(&map(&address)).expect(1).says(&["--allow-remote"]);
    bench.run(&format!("{} --allow-remote", map(&address))).expect(0);
    assert!(bench.text("map.svg") == drawn);
    bench.run("export places.csv flows.csv -o m.gpkg --base land.geojson").expect(0);
    bench.run(&map("m.gpkg|regions")).expect(0);
    assert!(bench.text("map.svg") == drawn);
}

#[test]
fn hostile_names_arrive_as_they_were() {
    let bench = Bench::new();
    bench.write("places.csv", hostile::places());
    bench.write("flows.csv", hostile::flows());
    let before = metrics(&bench, "places.csv", "flows.csv");
    bench.run_with(&["export", "places.csv", "flows.csv", "-o", hostile::FILE]).expect(0);
    let layer = |name: &str| format!("{}|{name}", hostile::FILE);
    assert!(before == metrics(&bench, &layer("places"), &layer("flows")));
}

#[test]
fn planar_layers_read_back_are_planar() {
    let bench = Bench::new();
    bench.write("pp.csv", "id,name,x,y\na,A,10,10\nb,B,60,20\n");
    bench.write("pf.csv", "origin,dest,count\na,b,3\n");
    let before = metrics(&bench, "pp.csv", "pf.csv");
    bench.run("export pp.csv pf.csv -o m.gpkg").expect(0);
    assert!(before == metrics(&bench, "m.gpkg|places", "m.gpkg|flows"));
    let bytes = bench.read("m.gpkg");
    let system = b"Undefined Cartesian SRS";
    assert!(bytes.windows(system.len()).any(|window| window == system));
    for extension in ["fgb", "shp", "parquet"] {
        let name = format!("places-out.{extension}");
        bench.run_with(&["export", "pp.csv", "pf.csv", "-o", &name, "--layer", "places"]).expect(0);
        assert!(before == metrics(&bench, &name, "pf.csv"), "{extension}");
    }
}

#[test]
fn planar_places_are_not_written_where_only_degrees_are_read() {
    let bench = Bench::new();
    bench.write("pp.csv", "id,name,x,y\na,A,10,10\nb,B,60,20\n");
    bench.write("pf.csv", "origin,dest,count\na,b,3\n");
    for arguments in ["m.kml", "m.kml --layer places", "m.csv --layer sheets", "m.style.json"] {
        bench.run(&format!("export pp.csv pf.csv -o {arguments}")).expect(2).says(&["planar", "write geojson or gpkg"]);
    }
    assert!(!bench.path("m.kml").exists());
}

#[test]
fn a_matrix_has_layers_but_no_project() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o m.gpkg --layout matrix").expect(0);
    assert!(!bench.path("m.qgz").exists());
}

/// Writes places and flows in a format of one layer and returns the metrics of what is read back.
fn there_and_back(bench: &Bench, extension: &str) -> Vec<String> {
    let names = ["places", "flows"].map(|layer| format!("{layer}-out.{extension}"));
    for (layer, name) in ["places", "flows"].iter().zip(&names) {
        bench.run_with(&["export", "places.csv", "flows.csv", "-o", name, "--layer", layer]).expect(0);
    }
    metrics(bench, &names[0], &names[1])
}

#[test]
fn every_format_of_one_layer_read_back_is_the_same_network() {
    let bench = Bench::new();
    let before = metrics(&bench, "places.csv", "flows.csv");
    for extension in ["geojson", "fgb", "shp", "kml", "csv", "parquet"] {
        let after = there_and_back(&bench, extension);
        assert!(before == after, "{extension}:\n{}", after.join("\n"));
    }
}

#[test]
fn hostile_names_pass_through_text_formats() {
    let bench = Bench::new();
    bench.write("places.csv", hostile::places());
    bench.write("flows.csv", hostile::flows());
    let before = metrics(&bench, "places.csv", "flows.csv");
    for extension in ["geojson", "csv", "parquet"] {
        assert!(before == there_and_back(&bench, extension), "{extension}");
    }
}

/// FlatGeobuf keeps features in an order of its own, so that sums of real numbers differ in their last digits.
#[test]
fn hostile_names_pass_through_flatgeobuf() {
    let bench = Bench::new();
    bench.write("places.csv", hostile::places());
    bench.write("flows.csv", hostile::flows());
    let before = metrics(&bench, "places.csv", "flows.csv");
    let after = there_and_back(&bench, "fgb");
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert!(alike(before, after), "{before}\n{after}");
    }
}

/// True where two rows of a table hold the same words, and numbers that agree to a relative 1e-12.
fn alike(a: &str, b: &str) -> bool {
    let same = |(a, b): (&str, &str)| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
        _ => a == b,
    };
    a.split(',').count() == b.split(',').count() && a.split(',').zip(b.split(',')).all(same)
}

#[test]
fn lines_without_columns_for_their_ends_are_the_same_network() {
    let bench = Bench::new();
    let before = metrics(&bench, "places.csv", "flows.csv");
    bench.run("export places.csv flows.csv -o flows.geojson").expect(0);
    let mut lines = bench.json("flows.geojson");
    for feature in lines["features"].as_array_mut().unwrap() {
        feature["properties"] = serde_json::json!({ "count": feature["properties"]["weight"] });
    }
    bench.write("lines.geojson", lines.to_string());
    assert!(before == metrics(&bench, "places.csv", "lines.geojson"));
    bench.run("metrics places.csv lines.geojson -o m.csv --tolerance 1e-9").expect(0);
}

#[test]
fn land_is_parted_where_the_projection_is_cut() {
    let land = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"X","name":"X",
        "kind":"country"},"geometry":{"type":"Polygon","coordinates":[[[80,0],[100,0],[100,20],[80,20],[80,0]]]}}]}"#;
    let bench = Bench::new();
    bench.write("land.geojson", land);
    let export = |lon_0: &str| {
        let projection = format!("+proj=eqearth +lon_0={lon_0}");
        let typed = ["export", "places.csv", "flows.csv", "-o", "m.style.json", "--base", "land.geojson"];
        bench.run_with(&[&typed[..], &["--extent", "-179,-60,179,80", "--projection", &projection]].concat()).expect(0);
        bench.text("m.style.json")
    };
    let parted = export("-89");
    assert!(
        parted.contains("[90.9999,") && parted.contains("[91.0001,"),
        "91 degrees east is opposite of 89 degrees west"
    );
    assert!(!export("0").contains("[91.0001,"));
}

#[test]
fn flows_within_a_place_are_told_at_the_place_in_every_format() {
    let bench = Bench::new();
    bench.write("own.csv", format!("{}lim,lim,77,census\n", program::FLOWS));
    for name in ["m.geojson", "m.csv", "m.gpkg", "m.fgb", "m.shp", "m.graphml", "m.gexf", "m.style.json"] {
        let ended = bench.run(&format!("export places.csv own.csv -o {name} --layer places")).expect(0);
        ended.says(&["note: 1 flow within a place"]);
        let file = if name == "m.shp" { "m.dbf" } else { name };
        let bytes = bench.read(file);
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(has("self_flows") && has("self_total"), "{name}");
    }
    bench.run("export places.csv flows.csv -o m.geojson --layer places").expect(0);
    assert!(!bench.text("m.geojson").contains("self_flows"));
}

#[test]
fn what_a_shapefile_cuts_is_told() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o f.shp").expect(0);
    assert!(bench.text("f.shp.txt").contains("column origin_name is named origin_nam"));
}

#[test]
fn the_sheets_of_a_flow_map_page_have_its_columns() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o m.csv --layer sheets").expect(0);
    assert!(bench.text("m-locations.csv").starts_with("id,name,lat,lon\nlim,Lima,-12.05,-77.03\n"));
    assert!(bench.text("m-flows.csv").starts_with("origin,dest,count\nhyo,lim,140\n"));
    bench.run("export places.csv flows.csv -o m.gpkg --layer sheets").expect(2).says(&[".csv"]);
}

#[test]
fn a_picture_knows_its_place() {
    let bench = Bench::new();
    bench.run("map places.csv flows.csv -o m.png --dpi 50 --world-files").expect(0);
    assert_eq!(bench.text("m.pgw").lines().count(), 6);
    assert!(bench.text("m.png.aux.xml").contains("+proj=laea"));
    for name in ["m.tif", "m.cog.tif"] {
        bench.run(&format!("map places.csv flows.csv -o {name} --dpi 50")).expect(0);
        assert_eq!(&bench.read(name)[..2], b"II", "{name}");
    }
    bench.run("map places.csv flows.csv -o m.tif --layout matrix").expect(2).says(&["matrix"]);
    for arguments in ["m.svg", "m.png --layout matrix"] {
        let told = "note: no world file: only a PNG of a map can have one";
        bench.run(&format!("map places.csv flows.csv -o {arguments} --world-files")).expect(0).says(&[told]);
    }
}

#[test]
fn a_second_run_gives_the_same_bytes_in_every_format() {
    let bench = Bench::new();
    for extension in ["gpkg", "fgb", "shp", "kml"] {
        let made = ["one", "two"].map(|folder| {
            bench.run_with(&["export", "places.csv", "flows.csv", "-o", &format!("{folder}/m.{extension}")]).expect(0);
            bench.read(&format!("{folder}/m.{extension}"))
        });
        assert!(made[0] == made[1], "{extension}");
    }
}
