use std::path::{Path, PathBuf};

use flowatlas_model::{Atlas, WeightKind};
use gdal::vector::{Geometry as Shape, LayerOptions, OGRFieldType, OGRwkbGeometryType};

use super::*;
use crate::{FlowColumns, Intake, PlaceColumns, read_flows, read_places};

/// A GeoPackage in a folder that lasts as long as the test.
struct Package {
    folder: tempfile::TempDir,
    dataset: Dataset,
}

impl Package {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let driver = DriverManager::get_driver_by_name("GPKG").unwrap();
        let dataset = driver.create_vector_only(folder.path().join("p.gpkg")).unwrap();
        Package { folder, dataset }
    }

    /// Adds a layer with the text column `id`, one feature for each id and geometry.
    fn layer(self, name: &str, epsg: Option<u32>, rows: &[(&str, &str)]) -> Self {
        let system = epsg.map(|code| {
            let mut system = SpatialRef::from_epsg(code).unwrap();
            system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            system
        });
        self.layer_in(name, system.as_ref(), rows)
    }

    fn layer_in(mut self, name: &str, srs: Option<&SpatialRef>, rows: &[(&str, &str)]) -> Self {
        let ty = OGRwkbGeometryType::wkbUnknown;
        let options = LayerOptions { name, srs, ty, ..LayerOptions::default() };
        let layer = self.dataset.create_layer(options).unwrap();
        layer.create_defn_fields(&[("id", OGRFieldType::OFTString)]).unwrap();
        for (id, wkt) in rows {
            let mut feature = Feature::new(layer.defn()).unwrap();
            feature.set_field_string(0, id).unwrap();
            if !wkt.is_empty() {
                feature.set_geometry(Shape::from_wkt(wkt).unwrap()).unwrap();
            }
            feature.create(&layer).unwrap();
        }
        self
    }

    /// Adds a table of flows without geometry.
    fn flows(mut self, rows: &[(&str, &str, f64)]) -> Self {
        let ty = OGRwkbGeometryType::wkbNone;
        let layer = self.dataset.create_layer(LayerOptions { name: "flows", ty, ..LayerOptions::default() }).unwrap();
        let text = OGRFieldType::OFTString;
        layer.create_defn_fields(&[("origin", text), ("dest", text), ("count", OGRFieldType::OFTReal)]).unwrap();
        for (origin, dest, count) in rows {
            let mut feature = Feature::new(layer.defn()).unwrap();
            feature.set_field_string(0, origin).unwrap();
            feature.set_field_string(1, dest).unwrap();
            feature.set_field_double(2, *count).unwrap();
            feature.create(&layer).unwrap();
        }
        self
    }

    fn close(self) -> (tempfile::TempDir, PathBuf) {
        self.dataset.close().unwrap();
        let path = self.folder.path().join("p.gpkg");
        (self.folder, path)
    }
}

fn places(path: &Path, layer: Option<&str>) -> Result<Intake<Atlas>, Error> {
    let source = Source { path: path.to_owned(), layer: layer.map(str::to_owned), remote: false };
    read_places(&source, &PlaceColumns::default())
}

#[test]
fn a_projected_layer_is_brought_to_degrees() {
    // UTM zone 18 south: the central meridian is 75° west at 500 km, and the equator at 10,000 km.
    let (_folder, path) = Package::new().layer("p", Some(32718), &[("a", "POINT (500000 10000000)")]).close();
    let intake = places(&path, None).unwrap();
    let at = intake.value.places[0].at;
    assert!((at.x + 75.0).abs() < 1e-9 && at.y.abs() < 1e-9, "{at:?}");
    assert_eq!(intake.value.coordinates, Coordinates::Geographic);
    assert_eq!(intake.problems, []);
}

#[test]
fn longitude_comes_first_in_a_layer_in_degrees() {
    let (_folder, path) = Package::new().layer("p", Some(4326), &[("a", "POINT Z (-75 -12 3600)")]).close();
    let at = places(&path, None).unwrap().value.places[0].at;
    assert_eq!((at.x, at.y), (-75.0, -12.0));
}

#[test]
fn polygons_are_places_and_lines_and_empty_geometries_are_not() {
    let rows = [
        ("area", "POLYGON ((0 0, 4 0, 4 2, 0 2, 0 0))"),
        ("line", "LINESTRING (0 0, 1 1)"),
        ("none", ""),
        ("empty", "POINT EMPTY"),
        ("group", "GEOMETRYCOLLECTION (POINT (0 0))"),
    ];
    let (_folder, path) = Package::new().layer("p", Some(4326), &rows).close();
    let intake = places(&path, None).unwrap();
    assert!(intake.value.places[0].area.is_some());
    let found: Vec<_> = intake.problems.iter().map(|p| (p.feature.as_str(), p.found.as_str())).collect();
    let expected = [
        ("feature 1", "a LineString"),
        ("feature 2", "no geometry"),
        ("feature 3", "no geometry"),
        ("feature 4", "a GeometryCollection"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn of_several_layers_one_must_be_named_and_styles_are_none() {
    let one: &[(&str, &str)] = &[("a", "POINT (1 2)")];
    let (_folder, path) = Package::new().layer("towns", Some(4326), one).layer("layer_styles", None, one).close();
    assert_eq!(places(&path, None).unwrap().value.places.len(), 1);
    let (_folder, path) = Package::new().layer("towns", Some(4326), one).layer("states", Some(4326), one).close();
    let message = places(&path, None).unwrap_err().to_string();
    assert!(
        message.ends_with("found layers `towns`, `states`, expected the name of one; write file|layer"),
        "{message}"
    );
    assert_eq!(places(&path, Some("states")).unwrap().tally.file, "p.gpkg|states");
    let message = places(&path, Some("town")).unwrap_err().to_string();
    assert!(message.contains("expected `town`"), "{message}");
}

#[test]
fn a_layer_without_coordinate_system_is_taken_for_degrees_where_it_can_be() {
    let shapefile = |wkt: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.shp");
        let driver = DriverManager::get_driver_by_name("ESRI Shapefile").unwrap();
        let mut dataset = driver.create_vector_only(&path).unwrap();
        let ty = OGRwkbGeometryType::wkbPoint;
        let layer = dataset.create_layer(LayerOptions { name: "p", ty, ..LayerOptions::default() }).unwrap();
        layer.create_defn_fields(&[("id", OGRFieldType::OFTInteger)]).unwrap();
        let mut feature = Feature::new(layer.defn()).unwrap();
        feature.set_field_integer(0, 7).unwrap();
        feature.set_geometry(Shape::from_wkt(wkt).unwrap()).unwrap();
        feature.create(&layer).unwrap();
        drop(feature);
        dataset.close().unwrap();
        places(&path, None).unwrap()
    };
    let degrees = shapefile("POINT (-75 -12)");
    assert_eq!((degrees.value.coordinates, degrees.problems[0].code), (Coordinates::Geographic, "no-crs"));
    assert_eq!(degrees.value.places[0].id, "7");
    assert_eq!(shapefile("POINT (500000 8600000)").value.coordinates, Coordinates::Planar);
}

#[test]
fn a_geopackage_without_coordinate_system_is_taken_as_a_shapefile_without_one() {
    let read = |wkt: &str| {
        let (_folder, path) = Package::new().layer("p", None, &[("a", wkt)]).close();
        places(&path, None).unwrap()
    };
    for (wkt, coordinates) in
        [("POINT (-75 -12)", Coordinates::Geographic), ("POINT (500000 8600000)", Coordinates::Planar)]
    {
        let intake = read(wkt);
        assert_eq!((intake.value.coordinates, intake.problems[0].code), (coordinates, "no-crs"));
    }
}

#[test]
fn a_layer_in_a_local_system_is_planar_however_small_its_coordinates() {
    let room = SpatialRef::from_definition(r#"LOCAL_CS["my room",UNIT["metre",1]]"#).unwrap();
    let (_folder, path) = Package::new().layer_in("p", Some(&room), &[("a", "POINT (10 20)")]).close();
    let intake = places(&path, None).unwrap();
    assert_eq!((intake.value.coordinates, intake.problems), (Coordinates::Planar, vec![]));
}

#[test]
fn geojson_that_names_a_coordinate_system_is_brought_to_degrees() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.geojson");
    let read = |code: &str, at: &str| {
        let crs = format!(r#"{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{code}"}}}}"#);
        let place = format!(
            r#"{{"type":"Feature","properties":{{"id":"a"}},"geometry":{{"type":"Point","coordinates":{at}}}}}"#
        );
        std::fs::write(&path, format!(r#"{{"type":"FeatureCollection","crs":{crs},"features":[{place}]}}"#)).unwrap();
        places(&path, None).unwrap()
    };
    let (utm, degrees) = (read("32718", "[500000, 8673600]"), read("4326", "[-75, -12]"));
    assert_eq!((utm.value.coordinates, degrees.value.coordinates), (Coordinates::Geographic, Coordinates::Geographic));
    let [a, b] = [&utm, &degrees].map(|intake| intake.value.places[0].at);
    // The central meridian of zone 18 lies at 75 degrees west.
    assert!((a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 0.01, "{a:?} {b:?}");
    assert!(utm.problems.is_empty() && degrees.problems.is_empty(), "{:?}", utm.problems);
}

#[test]
fn a_coordinate_system_is_found_behind_the_features_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.geojson");
    let read = |properties: &str, end: &str| {
        let at = r#"{"type":"Point","coordinates":[500000, 8673600]}"#;
        let place = format!(r#"{{"type":"Feature","geometry":{at},"properties":{properties}}}"#);
        std::fs::write(&path, format!(r#"{{"type":"FeatureCollection","features":[{place}]{end}}}"#)).unwrap();
        places(&path, None).unwrap().value.places.first().map(|place| place.at)
    };
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32718"}}"#;
    let at = read(r#"{"id":"a"}"#, &format!(",{crs}, \"name\": \"p\"\n")).unwrap();
    assert!((at.x + 75.0).abs() < 1e-6 && (at.y + 12.0).abs() < 0.01, "{at:?}");
    assert_eq!(read(&format!(r#"{{"id":"a",{crs}}}"#), ""), None, "a property of that name is none");
}

#[test]
fn text_of_a_shapefile_that_names_no_encoding_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.shp");
    let mut dataset = DriverManager::get_driver_by_name("ESRI Shapefile").unwrap().create_vector_only(&path).unwrap();
    let ty = OGRwkbGeometryType::wkbPoint;
    let layer = dataset.create_layer(LayerOptions { name: "p", ty, ..LayerOptions::default() }).unwrap();
    layer.create_defn_fields(&[("id", OGRFieldType::OFTString)]).unwrap();
    let mut feature = Feature::new(layer.defn()).unwrap();
    feature.set_field_string(0, "Val#ncia").unwrap();
    feature.set_geometry(Shape::from_wkt("POINT (1 2)").unwrap()).unwrap();
    feature.create(&layer).unwrap();
    drop(feature);
    dataset.close().unwrap();
    let _ = std::fs::remove_file(path.with_extension("cpg"));
    let table = path.with_extension("dbf");
    let mut bytes = std::fs::read(&table).unwrap();
    let at = bytes.iter().rposition(|byte| *byte == b'#').unwrap();
    (bytes[at], bytes[29]) = (0xE8, 0);
    std::fs::write(&table, bytes).unwrap();
    let intake = places(&path, None).unwrap();
    assert_eq!(intake.value.places[0].id, "València");
    let told = intake.problems.iter().find(|problem| problem.code == "no-encoding").unwrap();
    assert_eq!(told.found, "1 records that are not UTF-8");
}

#[test]
fn flows_come_from_a_table_without_geometry_and_nan_is_refused() {
    let rows = [("a", "b", 12.5), ("b", "a", f64::NAN), ("a", "c", 1.0)];
    let points: &[(&str, &str)] = &[("a", "POINT (1 2)"), ("b", "POINT (3 4)")];
    let (_folder, path) = Package::new().layer("places", Some(4326), points).flows(&rows).close();
    let atlas = places(&path, Some("places")).unwrap().value;
    let source = Source { path, layer: Some("flows".to_owned()), remote: false };
    let intake = read_flows(&source, &FlowColumns::default(), &atlas, WeightKind::Measured).unwrap();
    // SQLite has no NaN: it stores the number as missing.
    assert_eq!(intake.value.flows.iter().map(|f| f.weight).collect::<Vec<_>>(), [Some(12.5), None]);
    assert_eq!(intake.problems[0].code, "unknown-place");
    assert_eq!(cell(FieldValue::RealValue(f64::NAN), || false), Value::Text("NaN".into()));
}

#[test]
fn a_time_without_a_zone_stays_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.fgb");
    let mut dataset = DriverManager::get_driver_by_name("FlatGeobuf").unwrap().create_vector_only(&path).unwrap();
    let system = SpatialRef::from_epsg(4326).unwrap();
    let ty = OGRwkbGeometryType::wkbPoint;
    let options = LayerOptions { name: "p", srs: Some(&system), ty, options: Some(&["SPATIAL_INDEX=NO"]) };
    let layer = dataset.create_layer(options).unwrap();
    layer.create_defn_fields(&[("id", OGRFieldType::OFTString), ("at", OGRFieldType::OFTDateTime)]).unwrap();
    let times = ["2021/03/04 12:30:00", "2021/03/04 12:30:00+00", "2021/03/04 12:30:00-05"];
    for time in times {
        let mut feature = Feature::new(layer.defn()).unwrap();
        feature.set_field_string(0, time).unwrap();
        feature.set_field_string(1, time).unwrap();
        feature.set_geometry(Shape::from_wkt("POINT (1 2)").unwrap()).unwrap();
        feature.create(&layer).unwrap();
    }
    dataset.close().unwrap();
    let atlas = places(&path, None).unwrap().value;
    let read: Vec<String> = atlas.attributes.column("at").unwrap().values.iter().map(Value::to_text).collect();
    assert_eq!(read, ["2021-03-04T12:30:00", "2021-03-04T12:30:00+00:00", "2021-03-04T12:30:00-05:00"]);
}

#[test]
fn lines_of_a_layer_lead_from_place_to_place_in_its_own_system() {
    let points: &[(&str, &str)] = &[("a", "POINT (1 2)"), ("b", "POINT (3 4)")];
    // A degree is 111,319.49 m on the equator of the Mercator map of the web.
    let lines: &[(&str, &str)] = &[("x", "LINESTRING (333958.5 445640.1, 111319.5 222684.2)")];
    let (_folder, path) = Package::new().layer("places", Some(4326), points).layer("lines", Some(3857), lines).close();
    let atlas = places(&path, Some("places")).unwrap().value;
    let source = Source { path, layer: Some("lines".to_owned()), remote: false };
    let intake = read_flows(&source, &FlowColumns::default(), &atlas, WeightKind::Measured).unwrap();
    let ends: Vec<_> = intake.value.flows.iter().map(|f| (f.origin.0, f.destination.0)).collect();
    assert_eq!(ends, [(1, 0)]);
}

#[test]
fn paths_into_networks_and_archives_are_refused() {
    for path in ["/vsicurl/https://example.org/a.gpkg", "/vsizip/a.zip/a.shp", "https://example.org/a.gpkg"] {
        let message = places(Path::new(path), None).unwrap_err().to_string();
        assert!(message.contains("expected a file on disk; allow it with --allow-remote"), "{message}");
    }
}

#[test]
fn a_part_of_an_archive_is_read_where_that_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("p.csv");
    let table = "id,name,lon,lat\na,A,1,2\nb,B,3,4\n";
    std::fs::write(&archive, format!("header{table}")).unwrap();
    let address = format!("/vsisubfile/6_{},{}", table.len(), archive.display());
    let mut source = Source::parse(&address, Path::new(""));
    assert!(matches!(read_places(&source, &PlaceColumns::default()), Err(Error::NotAFile { .. })));
    source.remote = true;
    let atlas = read_places(&source, &PlaceColumns::default()).unwrap().value;
    assert_eq!(atlas.places.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
}

#[test]
fn files_that_are_missing_empty_or_of_no_format_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.gpkg");
    assert!(places(&path, None).unwrap_err().to_string().contains("p.gpkg: cannot be read: "));
    std::fs::write(&path, "").unwrap();
    assert!(places(&path, None).unwrap_err().to_string().contains("the file is empty"));
    std::fs::write(&path, "no format at all").unwrap();
    let message = places(&path, None).unwrap_err().to_string();
    assert!(message.contains("p.gpkg: GDAL cannot open the file: "), "{message}");
    let vrt = folder.path().join("p.vrt");
    std::fs::write(&vrt, "<OGRVRTDataSource><OGRVRTLayer name=\"p\"/></OGRVRTDataSource>").unwrap();
    assert!(matches!(places(&vrt, None), Err(Error::Gdal { .. })));
}

#[test]
fn a_file_that_no_driver_knows_is_answered_with_what_to_try() {
    let folder = tempfile::tempdir().unwrap();
    let answer = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "neither one nor the other").unwrap();
        places(&path, None).unwrap_err().to_string()
    };
    assert!(answer("towns.abc").contains("none of its drivers for files knows this format"));
    assert!(answer("towns.zip").contains("/vsizip/"));
    assert!(answer("towns.csv.GZ").contains("the file is packed; unpack it first"));
}
