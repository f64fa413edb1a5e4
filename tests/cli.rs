//! What the command line promises: commands, flags, exit codes, messages.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;

use program::{Bench, run_in};

const MAP: &str = "map places.csv flows.csv";

/// Width and height in pixels from the header of a PNG.
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_map_is_drawn_as_png_and_as_svg() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.png")).expect(0);
    bench.run(&format!("{MAP} -o a.svg")).expect(0);
    png_size(&bench.read("a.png"));
    assert!(bench.text("a.svg").contains("<svg"));
}

#[test]
fn dpi_changes_the_number_of_pixels_and_width_mm_the_page() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.png --dpi 100 --width-mm 127")).expect(0);
    bench.run(&format!("{MAP} -o b.png --dpi 200 --width-mm 127")).expect(0);
    let (a, b) = (png_size(&bench.read("a.png")), png_size(&bench.read("b.png")));
    assert_eq!(a.0, 500);
    assert_eq!(b.0, 1000);
}

#[test]
fn a_bundled_map_says_that_single_widths_cannot_be_read() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.svg --layout bundle")).expect(0);
    bench.run(&format!("{MAP} -o b.svg")).expect(0);
    assert!(bench.text("a.svg").contains("Lines are bundled to show structure"));
    assert!(!bench.text("b.svg").contains("bundled"));
}

#[test]
fn height_mm_sets_the_page_height() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.png --dpi 100 --width-mm 127 --height-mm 152.4")).expect(0);
    assert_eq!(png_size(&bench.read("a.png")), (500, 600));
}

#[test]
fn sizes_of_symbols_in_millimetres_hold_exactly_on_a_crowded_map_too() {
    let bench = Bench::new();
    let sizes = "--flow-width-mm 12.6 --place-radius-mm 1.2";
    bench.run(&format!("{MAP} -o a.png --dpi 50 --width-mm 80 {sizes} --layout-report a.json")).expect(0);
    let report = bench.json("a.json");
    let near = |found: &serde_json::Value, wanted: f64| (found.as_f64().unwrap() - wanted).abs() < 0.01;
    let flows = report["flows"].as_array().unwrap();
    let flow = |origin: &str| flows.iter().find(|f| f["origin"] == origin && f["destination"] == "lim").unwrap();
    assert!(near(&flow("hyo")["width"], 12.6), "140 people, the most: {}", flow("hyo")["width"]);
    assert!(near(&flow("aqp")["width"], 5.4), "60 people: {}", flow("aqp")["width"]);
    assert!(report["nodes"].as_array().unwrap().iter().all(|node| near(&node["r"], 1.2)), "{}", report["nodes"]);
}

#[test]
fn the_layout_report_names_every_place_and_flow_in_millimetres_on_the_page() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.png --dpi 50 --width-mm 150 --layout-report a.json")).expect(0);
    let report = bench.json("a.json");
    let flows = report["flows"].as_array().unwrap();
    assert_eq!(flows.len(), 4, "two rows of one pair are one flow");
    assert!(report["nodes"].as_array().unwrap().len() >= 4);
    for flow in flows {
        assert!(flow["width"].as_f64().unwrap() > 0.0);
        for point in flow["points"].as_array().unwrap() {
            let x = point[0].as_f64().unwrap();
            assert!((0.0..=150.0).contains(&x), "{x} mm on a page of 150 mm");
        }
    }
    let widest = flows.iter().max_by(|a, b| a["width"].as_f64().unwrap().total_cmp(&b["width"].as_f64().unwrap()));
    assert_eq!(widest.unwrap()["origin"], "hyo");
}

#[test]
fn planar_places_are_drawn_as_they_are() {
    let bench = Bench::new();
    bench.write("p.csv", "id,name,x,y\na,A,0,0\nb,B,1000,500\n");
    bench.write("f.csv", "origin,dest,count\na,b,5\n");
    bench.run("map p.csv f.csv --projection none --layout straight -o a.png --layout-report a.json").expect(0);
    let report = bench.json("a.json");
    let node = |id: &str| report["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap().clone();
    let (a, b) = (node("a"), node("b"));
    let (dx, dy) =
        (b["x"].as_f64().unwrap() - a["x"].as_f64().unwrap(), b["y"].as_f64().unwrap() - a["y"].as_f64().unwrap());
    assert!(dx > 0.0 && dy < 0.0, "y grows upwards in the data and downwards on the page");
    assert!((dx / -dy - 2.0).abs() < 0.01, "both axes have one scale");
}

/// GeoJSON of two squares on a plan, each 100 units wide, far below the range of degrees.
const PLAN: &str = r#"{"type":"FeatureCollection","crs":null,"features":[
{"type":"Feature","properties":{"id":"a","name":"A"},"geometry":{"type":"Polygon","coordinates":[[[0,-400],[100,-400],[100,-300],[0,-300],[0,-400]]]}},
{"type":"Feature","properties":{"id":"b","name":"B"},"geometry":{"type":"Polygon","coordinates":[[[300,-400],[400,-400],[400,-300],[300,-300],[300,-400]]]}}]}"#;

/// Counts the lines in the colour of divisions.
fn borders(svg: &str) -> usize {
    svg.matches("stroke=\"#d6d0c3\"").count()
}

#[test]
fn coasts_that_are_too_coarse_for_the_scale_are_told() {
    const COARSE: &str = "note: map map: the bundled coasts and borders are made for 1:4,000,000";
    let bench = Bench::new();
    let far = bench.run(&format!("{MAP} -o m.svg")).expect(0);
    assert!(!far.stderr.contains(COARSE), "{}", far.stderr);
    bench.write("near.csv", "id,name,lon,lat\na,A,-77.0,-12.0\nb,B,-77.0,-11.0\n");
    bench.write("pair.csv", "origin,dest,count\na,b,5\n");
    // A degree of 110.6 km, measured on the page.
    bench
        .run("map near.csv pair.csv -o m.svg --layout-report m.json")
        .expect(0)
        .says(&[COARSE, "are coarse at 1:1,200,000:"]);
    let nodes = &bench.json("m.json")["nodes"];
    let [a, b] = [0, 1].map(|k| nodes[k]["y"].as_f64().unwrap());
    assert!((110.6e6 / (a - b) / 1.2e6 - 1.0).abs() < 0.04, "{a} {b}");
    let bare = bench.run("map near.csv pair.csv -o m.svg --base none").expect(0);
    assert!(!bare.stderr.contains("coarse"), "{}", bare.stderr);
}

#[test]
fn the_borders_of_places_that_are_polygons_are_drawn_where_there_is_no_base_map() {
    let bench = Bench::new();
    bench.write("plan.geojson", PLAN);
    bench.write("f.csv", "origin,dest,count\na,b,5\n");
    let drawn = |options: &str| {
        bench.run(&format!("map plan.geojson f.csv --projection none -o m.svg {options}")).expect(0);
        borders(&bench.text("m.svg"))
    };
    assert_eq!([drawn(""), drawn("--base none")], [2, 0]);
    let round = "export plan.geojson f.csv --projection none -o flows.geojson";
    bench.run(round).expect(0);
    bench.run("map plan.geojson flows.geojson --projection none -o m.svg").expect(0);
    assert!(bench.text("flows.geojson").contains("\"crs\":null"));
}

#[test]
fn areas_of_places_are_whole_unless_they_would_push_the_places_together() {
    let bench = Bench::new();
    bench.write("f.csv", "origin,dest,count\na,b,5\n");
    let drawn = |plan: &str| -> [f64; 2] {
        bench.write("plan.geojson", plan);
        bench.run("map plan.geojson f.csv --projection none --width-mm 175 -o m.svg --layout-report m.json").expect(0);
        ["a", "b"].map(|id| {
            let nodes = bench.json("m.json")["nodes"].as_array().unwrap().clone();
            nodes.iter().find(|n| n["id"] == id).unwrap()["x"].as_f64().unwrap()
        })
    };
    // The middles are 300 units apart, the outer sides 50 farther out.
    let [a, b] = drawn(PLAN);
    let beside = 50.0 * (b - a) / 300.0;
    assert!(a - beside > 0.0 && b + beside < 175.0, "{a} and {b} leave no room for {beside}");
    // Of several parts the largest one is whole, in which the place has its point, however many corners another one has.
    let islet: Vec<String> =
        (0..=12).map(|k| format!("[{},{}]", 150 + [0, 2, 3, 2][k % 12 / 3], -350 + k as i32 % 12)).collect();
    let parted = PLAN.replace(
        "\"Polygon\",\"coordinates\":[[[300,-400],[400,-400],[400,-300],[300,-300],[300,-400]]]",
        &format!(
            "\"MultiPolygon\",\"coordinates\":[[[{}]],[[[300,-400],[400,-400],[400,-300],[300,-300],[300,-400]]]]",
            islet.join(",")
        ),
    );
    let [a, b] = drawn(&parted);
    let beside = 50.0 * (b - a) / 300.0;
    assert!(parted.contains("MultiPolygon") && b + beside < 175.0, "{a} and {b} leave no room for {beside}");
    let strip = PLAN.replace(
        "[[[300,-400],[400,-400],[400,-300],[300,-300],[300,-400]]]",
        "[[[300,-9000],[400,-9000],[400,8300],[300,8300],[300,-9000]]]",
    );
    let [a, b] = drawn(&strip);
    assert!(b - a > 80.0, "{a} and {b} lie too near for a strip of 17,300 units");
}

#[test]
fn words_set_as_one_line_keep_the_spaces_of_numbers_and_lose_nothing_at_line_breaks() {
    let bench = Bench::new();
    bench.write("p.csv", "id,name,lon,lat\na,Upper\u{2028}Valley,0,0\nb,Coast\u{b}Town,4,3\n");
    bench.write("f.csv", "origin,dest,count\na,b,152309\nb,a,91000\n");
    bench.run("map p.csv f.csv -o m.svg --layout matrix").expect(0);
    let matrix = bench.text("m.svg");
    assert!(matrix.contains("Upper Valley") && matrix.contains("Coast Town"), "{matrix}");
    bench.run("map p.csv f.csv -o m.svg --language es").expect(0);
    let map = bench.text("m.svg");
    assert!(map.contains("200\u{202f}000") && !map.contains("200 000"), "{map}");
}

#[test]
fn a_matrix_says_what_of_a_map_it_does_not_have() {
    let bench = Bench::new();
    let told = bench.run(&format!("{MAP} -o m.svg --layout matrix --magnify --values 3")).expect(0).stderr;
    assert!(told.contains("a matrix has neither lines nor symbols; what changes nothing: magnify, values"), "{told}");
    let told = bench.run(&format!("{MAP} -o m.svg --layout matrix")).expect(0).stderr;
    assert!(!told.contains("changes nothing"), "{told}");
}

#[test]
fn a_matrix_whose_numbers_have_no_room_says_so_and_what_would_give_it_them() {
    let bench = Bench::new();
    let matrix = format!("{MAP} -o m.svg --layout matrix");
    let words = ["the numbers of the cells are left out", "a wider page (--width-mm) or fewer places"];
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,1234567890\naqp,tru,12345678901\n");
    bench.run(&format!("{matrix} --width-mm 60")).expect(0).says(&words);
    let wide = bench.run(&format!("{matrix} --width-mm 300")).expect(0);
    assert!(!wide.stderr.contains("numbers of the cells"), "{}", wide.stderr);
}

#[test]
fn flows_between_places_beyond_an_extent_are_left_out_and_counted() {
    let bench = Bench::new();
    // Huancayo and Lima lie within, Arequipa and Trujillo beyond.
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,120\naqp,lim,60\naqp,tru,30\ntru,aqp,45\n");
    bench.run(&format!("{MAP} -o m.svg --layout-report m.json --extent=-78,-13,-74,-11")).expect(0);
    assert!(bench.text("m.svg").contains("beyond the map are not drawn (2)"));
    assert!(bench.text("m.svg").contains("2 of 4 flows"));
    let flows = bench.json("m.json")["flows"].as_array().unwrap().clone();
    let ends: Vec<_> =
        flows.iter().map(|f| (f["origin"].as_str().unwrap(), f["destination"].as_str().unwrap())).collect();
    assert_eq!(ends, [("hyo", "lim"), ("aqp", "lim")]);
    bench.run(&format!("{MAP} -o m.svg --extent=20,40,30,50")).expect(1).says(&["none lies in the extent"]);
    bench.run(&format!("{MAP} -o m.svg --extent=-12,-780,-11,-76")).expect(2).says(&["not on the Earth"]);
}

#[test]
fn a_wish_that_changes_nothing_is_answered() {
    let bench = Bench::new();
    let words = ["no flow is shown as uncertain: none has source = guess"];
    bench.run(&format!("{MAP} -o m.svg --uncertain source=guess")).expect(0).says(&words);
    let sure = bench.run(&format!("{MAP} -o m.svg --uncertain source=register")).expect(0);
    assert!(!sure.stderr.contains("uncertain"), "{}", sure.stderr);
    bench.run(&format!("{MAP} -o m.svg --cluster 10")).expect(0).says(&["no places were joined: there are 4"]);
}

#[test]
fn a_net_map_says_that_circles_and_cells_are_of_net_flows_and_subtracts_no_unknown_number() {
    let bench = Bench::new();
    bench.write(
        "flows.csv",
        "origin,dest,count\nhyo,lim,120\nlim,hyo,50\naqp,lim,60\ntru,aqp,30\ntru,lim,5\nlim,tru,\n",
    );
    bench.run(&format!("{MAP} -o m.svg --view net --layout-report m.json")).expect(0);
    let map = bench.text("m.svg");
    assert!(map.contains("Circle area: net flows"), "{map}");
    assert!(map.contains("2 flows without a number"), "the difference of 5 and an unknown number is unknown");
    assert_eq!(bench.json("m.json")["flows"].as_array().unwrap().len(), 5);
    bench.run(&format!("{MAP} -o x.svg --view net --layout matrix")).expect(0);
    bench.run(&format!("{MAP} -o y.svg --view net --layout matrix --top 3")).expect(0);
    assert!(bench.text("x.svg").contains(">no net flow this way<"));
    assert!(bench.text("y.svg").contains("not shown or no net flow this way"));
}

#[test]
fn a_map_of_ranks_lists_every_rank_and_says_that_they_have_no_share() {
    let bench = Bench::new();
    bench.write("flows.csv", "origin,dest,rank\nhyo,lim,1\naqp,lim,2\nlim,tru,3\ntru,lim,4\n");
    let map = format!("{MAP} -o m.svg --weights ordinal --weight rank");
    let told = bench.run(&map).expect(0).stderr;
    assert!(!told.contains("changes nothing"), "{told}");
    let picture = bench.text("m.svg");
    for rank in ["rank 1", "rank 2", "rank 3", "rank 4"] {
        assert!(picture.contains(rank), "{rank}");
    }
    let told = ["ranks are no amounts; what changes nothing: share, threshold"];
    bench.run(&format!("{map} --share 0.5 --threshold 3")).expect(0).says(&told);
}

#[test]
fn a_matrix_of_each_kind_is_refused() {
    let bench = Bench::new();
    for part in ["kind", "time"] {
        let told = ["a matrix is not drawn as small multiples"];
        bench.run(&format!("{MAP} -o m.svg --layout matrix --by {part}")).expect(2).says(&told);
    }
}

#[test]
fn moves_inside_clusters_are_not_told_as_moves_within_a_place() {
    let bench = Bench::new();
    let joined = format!("{MAP} -o m.svg --cluster 3");
    bench.run(&joined).expect(0);
    let picture = bench.text("m.svg");
    assert!(picture.contains("moves inside clusters: 140") && !picture.contains("Moves within a place"), "{picture}");
    bench.write("flows.csv", format!("{}tru,tru,9,census\n", program::FLOWS));
    bench.run(&joined).expect(0);
    assert!(bench.text("m.svg").contains("Moves within a place are not drawn (1)"));
}

#[test]
fn metrics_have_titles_in_the_language_of_the_map() {
    let bench = Bench::new();
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,120\nlim,tru,60\ntru,aqp,30\n");
    let metrics = "--color-by community --size-by betweenness";
    for (language, titles) in [("es", ["Comunidad", "Intermediación"]), ("fr", ["Communauté", "Intermédiarité"])] {
        bench.run(&format!("{MAP} -o m.svg --language {language} {metrics}")).expect(0);
        let picture = bench.text("m.svg");
        assert!(titles.iter().all(|title| picture.contains(title)), "{titles:?}");
    }
}

#[test]
fn flows_that_symbols_hide_are_named_with_what_they_carry() {
    let bench = Bench::new();
    bench.write("places.csv", "id,name,lon,lat\na,Alpha,0,0\nb,Beta,0.05,0\nc,Gamma,5,3\n");
    bench.write("flows.csv", "origin,dest,count\na,b,9000\na,c,500\n");
    let told = bench.run(&format!("{MAP} -o m.svg")).expect(0).stderr;
    assert!(told.contains("hide the flows between them: Alpha – Beta (9000);"), "{told}");
}

#[test]
fn where_colours_run_out_the_groups_of_most_flow_have_them_and_the_others_are_told() {
    let bench = Bench::new();
    let row = |k: usize| format!("{k},Town {k},{}.5,{},region {}\n", k, k % 3, k / 2);
    bench.write("places.csv", format!("id,name,lon,lat,zone\n{}", (0..40).map(row).collect::<String>()));
    let flow = |k: usize| format!("{},{},{}\n", 2 * k, 2 * k + 1, 10 * k + 10);
    bench.write("flows.csv", format!("origin,dest,count\n{}", (0..20).map(flow).collect::<String>()));
    let told = bench.run(&format!("{MAP} -o m.svg --color-by zone")).expect(0).stderr;
    assert!(told.contains("too few colours") && told.contains("grey"), "{told}");
    let legend = bench.text("m.svg");
    assert!(legend.contains(">region 19<") && !legend.contains(">region 0<"), "{legend}");
    bench.write("flows.csv", "origin,dest,count\n");
    bench.run(&format!("{MAP} -o m.svg --color-by zone")).expect(0);
    assert!(bench.text("m.svg").contains("and others"), "places without a flow are grey too");
}

#[test]
fn an_extent_of_planar_places_is_in_their_units() {
    let bench = Bench::new();
    let places = "id,x,y\nlim,500000,8600000\nhyo,600000,8650000\naqp,900000,8200000\ntru,300000,9100000\n";
    bench.write("places.csv", places);
    bench.run(&format!("{MAP} -o m.svg --projection none --layout-report all.json")).expect(0);
    let extent = "--extent=450000,8500000,650000,8700000";
    bench.run(&format!("{MAP} -o m.svg --projection none --layout-report part.json {extent}")).expect(0);
    let apart = |file: &str| {
        let nodes = bench.json(file)["nodes"].as_array().unwrap().clone();
        let x = |id: &str| nodes.iter().find(|n| n["id"] == id).unwrap()["x"].as_f64().unwrap();
        x("hyo") - x("lim")
    };
    assert!(apart("part.json") > 2.0 * apart("all.json"), "{} {}", apart("part.json"), apart("all.json"));
}

#[test]
fn top_share_and_threshold_limit_what_is_shown() {
    let shown = |option: &str| {
        let bench = Bench::new();
        bench.run(&format!("{MAP} -o a.png --dpi 50 --layout-report a.json {option}")).expect(0);
        bench.json("a.json")["flows"].as_array().unwrap().len()
    };
    assert_eq!(shown("--top 2"), 2);
    assert_eq!(shown("--threshold 50"), 2);
    assert_eq!(shown("--share 0.5"), 1);
    assert_eq!(shown("--filter source=register"), 1);
}

#[test]
fn columns_of_other_names_are_mapped() {
    let bench = Bench::new();
    bench.write("p.csv", "code,town,east,north\na,A,-77,-12\nb,B,-75,-13\n");
    bench.write("f.csv", "from,to,people\na,b,5\n");
    let columns = "--id code --name town --lon east --lat north --origin from --dest to --weight people";
    bench.run(&format!("map p.csv f.csv -o a.svg {columns}")).expect(0);
    bench.run(&format!("metrics p.csv f.csv -o m.csv {columns}")).expect(0);
    assert!(bench.text("m.csv").starts_with("id,name,"));
}

#[test]
fn metrics_are_written_as_tables_with_their_description_and_as_json() {
    let bench = Bench::new();
    bench.run("metrics places.csv flows.csv -o m.csv --unit persons").expect(0);
    bench.run("metrics places.csv flows.csv -o m.json --unit persons").expect(0);
    let names =
        ["m-methods.md", "m-network.csv", "m-network.csv-metadata.json", "m.csv", "m.csv-metadata.json", "m.json"];
    let written = bench.list("");
    assert!(names.iter().all(|name| written.contains(&name.to_string())), "{written:?}");
    assert_eq!(bench.text("m.csv").lines().count(), 5);
    let metrics = bench.json("m.json");
    assert_eq!(metrics["unit"], "persons");
    let network = metrics["network"].as_array().unwrap();
    assert!(network.iter().any(|m| m["value"] == 275), "the total of all flows");
}

#[test]
fn layers_are_written_as_geojson_in_degrees() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o flows.geojson").expect(0);
    bench.run("export places.csv flows.csv -o places.geojson --layer places").expect(0);
    let flows = bench.json("flows.geojson");
    let features = flows["features"].as_array().unwrap();
    assert_eq!(features.len(), 4);
    assert_eq!(features[0]["properties"]["weight"], 140);
    assert_eq!(features[0]["properties"]["source"], "census");
    for point in features[0]["geometry"]["coordinates"].as_array().unwrap() {
        let (lon, lat) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
        assert!((-80.0..-70.0).contains(&lon) && (-20.0..-5.0).contains(&lat), "{point}");
    }
    let places = bench.json("places.geojson");
    assert_eq!(places["features"][0]["geometry"]["coordinates"].to_string(), "[-77.03,-12.05]");
    for (style, column) in [("flows.qml", "weight"), ("places.qml", "role")] {
        assert!(bench.text(style).contains(column), "{style} styles by {column}");
    }
}

#[test]
fn qgis_draws_the_casings_of_trees_beneath_all_their_flows_and_those_of_others_with_each() {
    let bench = Bench::new();
    bench.write("kinds.csv", "origin,dest,count,kind\nlim,hyo,9,a\nlim,aqp,8,b\nlim,tru,3,\n");
    for flows in ["flows.csv", "kinds.csv"] {
        for (layout, levels) in [("tree", 1), ("arc", 0)] {
            bench.run(&format!("export places.csv {flows} -o m.geojson --layout {layout}")).expect(0);
            let style = bench.text("m.qml").replace("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>", "");
            let style = roxmltree::Document::parse(&style).unwrap();
            let named = |name: &'static str| style.descendants().filter(move |node| node.has_tag_name(name));
            let renderer = named("renderer-v2").next().unwrap();
            assert_eq!(renderer.attribute("symbollevels"), Some(&*levels.to_string()), "{layout} of {flows}");
            let lines = named("symbol").filter(|symbol| symbol.attribute("type") == Some("line"));
            let own = lines.map(|symbol| symbol.children().filter_map(|layer| layer.attribute("pass")).collect());
            let passes: Vec<Vec<&str>> = own.collect();
            let expected = if levels == 1 { ["0", "0", "1", "1"] } else { ["0"; 4] };
            assert!(!passes.is_empty() && passes.iter().all(|own| own == &expected), "{layout}: {passes:?}");
        }
    }
}

#[test]
fn qgis_writes_numbers_on_wide_flows_and_beside_others() {
    let bench = Bench::new();
    bench.write("flows.csv", "origin,dest,count\nhyo,lim,120\naqp,tru,60\n");
    bench.run("export places.csv flows.csv -o m.geojson --values 2 --unit persons").expect(0);
    let style = bench.text("m.qml");
    assert!(style.contains("LinePlacementFlags") && style.contains("&apos;OL&apos;, &apos;AL,BL&apos;"), "{style}");
    // On the blue of flows white can be read.
    assert!(style.contains("&apos;255,255,255,255&apos;"), "{style}");
}

#[test]
fn a_format_that_is_not_written_ends_with_2_and_names_those_that_are() {
    let bench = Bench::new();
    bench.run(&format!("{MAP} -o a.gif")).expect(2).says(&[
        "gif",
        "not written by this version",
        "png, svg, pdf, html or tif",
    ]);
    bench.run("metrics places.csv flows.csv -o m.xlsx").expect(2).says(&["csv, json or parquet"]);
    bench.run("export places.csv flows.csv -o m.dxf").expect(2).says(&["dxf", "geojson"]);
}

#[cfg(not(feature = "gdal"))]
#[test]
fn without_gdal_a_geopackage_is_refused_in_words() {
    let bench = Bench::new();
    bench.run("export places.csv flows.csv -o m.gpkg").expect(2).says(&["m.gpkg", "lacks GDAL", "geojson"]);
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let bench = Bench::new();
    for wrong in
        ["", "mapp", "map places.csv", &format!("{MAP} -o a.png --layot arc"), &format!("{MAP} -o a.png --dpi 5")]
    {
        bench.run(wrong).expect(2);
    }
    bench.run(&format!("{MAP} -o a.png --layout strait")).expect(2).says(&["possible values", "similar", "'straight'"]);
    bench.run(&format!("{MAP} -o a.png --style raport")).expect(2).says(&["raport", "report"]);
    bench.run(&format!("{MAP} -o a.png --projection +proj=nonsense")).expect(2).says(&["nonsense"]);
    bench.run(&format!("{MAP} -o a.png --extent 1,2,3")).expect(2).says(&["west, south, east and north"]);
    bench.run(&format!("{MAP} -o a.png --flow-width-mm 0")).expect(2).says(&["from 0.05 to 100"]);
}

#[test]
fn a_file_that_is_not_there_is_answered_with_the_nearest_one() {
    let bench = Bench::new();
    bench.run("map place.csv flows.csv -o a.png").expect(2).says(&["place.csv", "did you mean \"places.csv\"?"]);
}

#[test]
fn an_input_is_never_written_over() {
    let bench = Bench::new();
    bench.run("metrics places.csv flows.csv -o flows.csv").expect(2).says(&["flows.csv", "written over"]);
    assert_eq!(bench.text("flows.csv"), program::FLOWS);
}

#[test]
fn help_teaches_with_examples() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_flowatlas")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for words in ["Examples:", "flowatlas run", "flowatlas map", "Exit codes"] {
        assert!(help.contains(words), "{words} is not in\n{help}");
    }
}

/// Returns the words of a command, quoted ones whole, without the remark behind it.
fn arguments(command: &str) -> Vec<String> {
    let parts = command.split(" #").next().unwrap_or_default().split('"').enumerate();
    let words = parts.flat_map(|(k, part)| match k % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.skip(1).collect()
}

#[test]
fn every_command_of_the_five_minutes_works() {
    let page = include_str!("../README.md");
    let section = page.split("## Five minutes").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks: Vec<String> = section
        .split("\n\n")
        .filter(|block| block.starts_with("       "))
        .map(|block| block.lines().map(|line| format!("{}\n", line.trim())).collect())
        .collect();
    let bench = Bench::new();
    bench.write("places.csv", blocks.iter().find(|block| block.starts_with("id,")).unwrap());
    bench.write("flows.csv", blocks.iter().find(|block| block.starts_with("origin,")).unwrap());
    let shown = blocks.iter().flat_map(|block| block.lines()).filter(|line| line.starts_with("flowatlas "));
    let told = section.split('`').filter(|code| code.starts_with("flowatlas ") && code.contains('…'));
    let commands: Vec<String> =
        shown.map(str::to_owned).chain(told.map(|code| code.replace('…', "places.csv flows.csv"))).collect();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in commands.iter().filter(|command| cfg!(feature = "gdal") || !command.contains("gpkg")) {
        let mut words = arguments(command);
        if !words.contains(&"-o".to_owned()) {
            words.extend(["-o", "more.png"].map(str::to_owned));
        }
        run_in(&bench.path(""), &words.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
    }
}

#[test]
fn a_reader_that_stops_early_stops_nothing() {
    let bench = Bench::new();
    let closed = || std::io::pipe().unwrap().1;
    let run = |arguments: &str| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_flowatlas"));
        program.args(arguments.split(' ')).current_dir(bench.path("")).stdout(closed()).stderr(closed());
        program.status().unwrap()
    };
    assert!(run("metrics --list").success());
    assert!(run("metrics places.csv flows.csv -o m.json").success());
    assert!(bench.json("m.json").is_object());
    assert_eq!(run("metrics places.csv nowhere.csv -o n.json").code(), Some(2));
}

#[test]
fn a_failed_command_leaves_the_earlier_output_whole() {
    let bench = Bench::new();
    bench.write("a.png", "earlier");
    bench.write("flows.csv", "origin,dest,count\nnobody,nowhere,1\n");
    bench.run(&format!("{MAP} -o a.png")).expect(1);
    assert_eq!(bench.text("a.png"), "earlier");
    assert!(bench.list("").iter().all(|name| !name.starts_with('.')), "nothing is left lying about");
}

#[test]
fn where_flows_run_over_crowded_places_a_window_is_advised() {
    let bench = Bench::new();
    let village = |k: usize| (k, -75.0 + 0.02 * (k % 3) as f64, -12.0 + 0.02 * (k / 3) as f64);
    let crowd: String = (0..6).map(village).map(|(k, x, y)| format!("v{k},Village {k},{x},{y}\n")).collect();
    bench.write("places.csv", format!("id,name,lon,lat\nlim,Lima,-77.03,-12.05\naqp,Arequipa,-71.54,-16.40\n{crowd}"));
    let rows = (0..6).flat_map(|k| [("lim", k), ("aqp", k)]).map(|(to, k)| format!("v{k},{to},{}\n", 50 + k));
    bench.write("flows.csv", "origin,dest,count\n".to_owned() + &rows.collect::<String>());
    bench.run("map places.csv flows.csv -o map.svg").expect(0).says(&["window (--magnify)"]);
    let magnified = bench.run("map places.csv flows.csv -o map.svg --magnify").expect(0);
    assert!(!magnified.stderr.contains("window (--magnify)"), "{}", magnified.stderr);
    assert!(!magnified.stderr.contains("nothing is magnified"), "{}", magnified.stderr);
    let sparse = Bench::new();
    sparse.run(&format!("{MAP} -o map.svg --magnify")).expect(0).says(&["nothing is magnified"]);
}

/// The picture of a tree from one place to nine far from it, one wide flow and eight thin ones, of these kinds in turn.
fn thin_branches(bench: &Bench, kinds: &[&str]) -> String {
    let place = |k: usize| format!("{k},S{k},{},{}\n", 5 + 2 * k, 10 - k);
    bench.write("p.csv", format!("id,name,x,y\n0,Root,0,0\n{}", (1..=9).map(place).collect::<String>()));
    let flow = |k: usize| format!("0,{k},{},{}\n", if k == 1 { 9000 } else { 1 }, kinds[k % kinds.len()]);
    bench.write("f.csv", format!("origin,dest,count,kind\n{}", (1..=9).map(flow).collect::<String>()));
    bench.run("map p.csv f.csv -o m.svg --layout tree --projection none").expect(0);
    String::from_utf8(bench.read("m.svg")).unwrap()
}

/// As how much the thinnest lines count in the trunks of a picture.
fn counted_as(svg: &str) -> f64 {
    let (_, told) = svg.split_once("branches").expect("the legend tells of trunks");
    let (_, limit) = told.split_once("fewer as").expect("thin lines take more room than what they carry");
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(limit.trim_start().split([' ', '<']).next().unwrap()).parse().unwrap()
}

#[test]
fn trunks_are_as_wide_as_what_they_carry_but_where_kinds_lie_beside_each_other() {
    let bench = Bench::new();
    let [alike, kinds] = [&["work"][..], &["work", "study"]].map(|kinds| counted_as(&thin_branches(&bench, kinds)));
    assert!(alike > 0.0 && 3.0 * alike < kinds, "{alike} and {kinds}");
}

#[test]
fn trees_that_hide_each_other_are_advised_to_be_lines() {
    let bench = Bench::new();
    let spokes = (1..=9).filter(|k| *k != 7);
    let place = |k: usize| format!("{k},S{k},{},{}\n", 3 * k % 10, 7 * k % 10);
    bench.write("p.csv", format!("id,name,lon,lat\n{}", (0..=9).map(place).collect::<String>()));
    let both = |k: usize| format!("0,{k},{k}00\n7,{k},{}00\n", 10 - k);
    bench.write("f.csv", format!("origin,dest,count\n{}", spokes.map(both).collect::<String>()));
    bench
        .run("map p.csv f.csv -o m.png --layout tree")
        .expect(0)
        .says(&["overlap", "draw one line per flow (--layout od)"]);
}

#[test]
fn no_file_that_is_read_is_written_over_whatever_names_the_output() {
    let places = "id,name,lon,lat\na,A,1,2\nb,B,3,4\nc,C,5,2\n";
    let flows = "origin,dest,count,time\na,b,5,1990\nb,c,0,2000\nc,a,2,2000\n";
    for (read, command) in [
        (["o-places.csv", "o-flows.csv"], "metrics o-places.csv o-flows.csv -o o.csv --metrics all"),
        (["p.csv", "o-network.csv"], "metrics p.csv o-network.csv -o o.csv"),
        (["p.csv", "o-flows.csv"], "compare p.csv o-flows.csv --by time -o o.csv"),
        (["o-locations.csv", "f.csv"], "export o-locations.csv f.csv --layer sheets -o o.csv"),
        (["p.csv", "o.csv"], "export p.csv o.csv -o o.CSV"),
    ] {
        let bench = Bench::new();
        bench.write(read[0], places);
        bench.write(read[1], flows);
        let before = std::fs::read_dir(bench.path("")).unwrap().count();
        bench.run(command).expect(2).says(&["is read and would be written over"]);
        assert_eq!((bench.text(read[0]), bench.text(read[1])), (places.to_owned(), flows.to_owned()), "{command}");
        assert_eq!(std::fs::read_dir(bench.path("")).unwrap().count(), before, "{command}: nothing is written");
    }
    let bench = Bench::new();
    bench.write("in.csv", flows);
    bench.write("p.csv", places);
    bench.run("metrics p.csv in.csv -o in.CSV").expect(0);
    assert_eq!(bench.text("in.csv"), flows);
    assert!(bench.text("in.CSV").starts_with("id,"));
    bench.run("export p.csv in.csv -o lines.geojson").expect(0).says(&["flows of 0 have no line (1)"]);
}

#[test]
fn numbers_out_of_bounds_are_told_with_their_bounds() {
    let bench = Bench::new();
    for (option, bounds) in [
        ("--top -1", "from 0"),
        ("--tolerance -5", "at least 0"),
        ("--threshold -1", "at least 0"),
        ("--threads 999999", "from 0 to 1024"),
    ] {
        bench.run(&format!("{MAP} -o a.svg {option}")).expect(2).says(&[bounds]);
    }
}
