use std::path::Path;

use flowatlas_model::Problem;

use super::*;
use crate::{csv_rows, geojson_rows};

fn from_json(text: &str) -> Result<Intake<Atlas>, Error> {
    let mut places = PlaceCollector::new(&Source::parse("p.json", Path::new("d")), &PlaceColumns::default());
    geojson_rows::read("d/p.json", text.as_bytes(), &mut places)?;
    places.finish()
}

fn from_csv(text: &str, columns: &PlaceColumns) -> Result<Intake<Atlas>, Error> {
    let mut places = PlaceCollector::new(&Source::parse("p.csv", Path::new("d")), columns);
    csv_rows::read("d/p.csv", text.as_bytes(), b',', &mut places)?;
    places.finish()
}

fn csv(text: &str) -> Intake<Atlas> {
    from_csv(text, &PlaceColumns::default()).unwrap()
}

fn point(members: &str) -> String {
    format!(r#"{{"type":"Feature",{members},"geometry":{{"type":"Point","coordinates":[-75,-12]}}}}"#)
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn summary(problems: &[Problem]) -> Vec<(&str, &str, &str)> {
    problems.iter().map(|p| (p.code, p.feature.as_str(), p.field.as_str())).collect()
}

#[test]
fn places_have_their_id_name_position_and_population() {
    let text = collection(&[point(r#""properties":{"id":"hvca","name":"Huancavelica","population":41284}"#)]);
    let atlas = from_json(&text).unwrap().value;
    let place = &atlas.places[0];
    assert_eq!((place.id.as_str(), place.name.as_str()), ("hvca", "Huancavelica"));
    assert_eq!((place.at, place.population), (Coord { x: -75.0, y: -12.0 }, Some(41284.0)));
    assert_eq!(atlas.coordinates, Coordinates::Geographic);
}

#[test]
fn the_id_of_the_feature_serves_where_no_property_has_one() {
    let text = collection(&[point(r#""id":7,"properties":{}"#), point(r#""id":8,"properties":{"id":"eight"}"#)]);
    let ids: Vec<_> = from_json(&text).unwrap().value.places.into_iter().map(|p| p.id).collect();
    assert_eq!(ids, ["7", "eight"]);
}

#[test]
fn a_place_without_a_name_goes_by_its_id() {
    let text = collection(&[point(r#""properties":{"id":7,"name":" "}"#)]);
    assert_eq!(from_json(&text).unwrap().value.places[0].name, "7");
}

#[test]
fn of_duplicate_ids_the_first_is_kept_however_they_are_written() {
    let features = [r#"1"#, r#""1""#, "1.0"].map(|id| point(&format!(r#""properties":{{"id":{id}}}"#)));
    let intake = from_json(&collection(&features)).unwrap();
    assert_eq!(intake.value.places.len(), 1);
    assert_eq!(summary(&intake.problems), [("duplicate-id", "feature 1", "id"), ("duplicate-id", "feature 2", "id")]);
    assert_eq!(intake.problems[0].hint, "the place at feature 0 is used, not this at feature 1");
    assert_eq!(intake.value.attributes.rows(), 1);
}

#[test]
fn a_geojson_file_without_ids_is_an_error_with_the_nearest_column() {
    let error = from_json(&collection(&[point(r#""properties":{"idd":1,"name":"a"}"#)])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "d/p.json: expected a column `id`, found `idd`, `name`; did you mean `idd`? name the column, with --id COLUMN or as id in the study"
    );
}

#[test]
fn standard_names_may_be_written_in_capitals_where_that_is_clear() {
    let intake = csv("ID,Name,LON,Lat\na,Lima,-77,-12\n");
    assert_eq!(intake.value.places[0].name, "Lima");
    let intake = csv("ID,id,name,lon,lat\nx,a,Lima,-77,-12\n");
    assert_eq!(intake.value.places[0].id.to_string(), "a", "the exact name comes first");
    assert!(from_csv("ID,Id,lon,lat\nx,a,-77,-12\n", &PlaceColumns::default()).is_err(), "two are alike");
    let given = PlaceColumns { id: Some("code".into()), ..PlaceColumns::default() };
    assert!(from_csv("CODE,lon,lat\nx,-77,-12\n", &given).is_err(), "a name that is given is taken as it is");
}

#[test]
fn degrees_may_be_spelled_out_and_stand_back_behind_the_short_names() {
    let intake = csv("id,name,longitude,latitude\na,Lima,-77,-12\n");
    assert_eq!(intake.value.places[0].at, Coord { x: -77.0, y: -12.0 });
    let intake = csv("id,name,longitude,latitude,lon,lat\na,Lima,1,2,-77,-12\n");
    assert_eq!(intake.value.places[0].at, Coord { x: -77.0, y: -12.0 });
}

#[test]
fn lines_collections_and_missing_geometries_are_dropped() {
    let feature = |id: &str, g: &str| format!(r#"{{"type":"Feature","properties":{{"id":"{id}"}},"geometry":{g}}}"#);
    let text = collection(&[
        feature("a", r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#),
        feature("b", r#"{"type":"GeometryCollection","geometries":[]}"#),
        feature("c", "null"),
    ]);
    let intake = from_json(&text).unwrap();
    let expected = [
        ("unfit-geometry", "feature 0", "geometry"),
        ("unfit-geometry", "feature 1", "geometry"),
        ("no-position", "feature 2", "geometry"),
    ];
    assert_eq!(summary(&intake.problems), expected);
    assert_eq!((intake.tally.read, intake.tally.dropped), (3, 3));
}

#[test]
fn csv_with_degrees_is_geographic_and_csv_with_x_and_y_is_planar() {
    assert_eq!(csv("id,lon,lat\na,-75,-12\n").value.coordinates, Coordinates::Geographic);
    let planar = csv("id,name,x,y\n11,DC,1615.485,318.582\n").value;
    assert_eq!((planar.coordinates, planar.places[0].at.x), (Coordinates::Planar, 1615.485));
}

#[test]
fn columns_that_are_named_go_before_those_that_are_there() {
    let columns = PlaceColumns { x: Some("e".into()), y: Some("n".into()), ..PlaceColumns::default() };
    let atlas = from_csv("id,lon,lat,e,n\na,-75,-12,500000,8600000\n", &columns).unwrap().value;
    assert_eq!((atlas.coordinates, atlas.places[0].at.y), (Coordinates::Planar, 8_600_000.0));
}

#[test]
fn missing_position_columns_are_an_error_with_the_nearest() {
    let error = from_csv("id,long,latit\n", &PlaceColumns::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "d/p.csv: expected a column `lon` or `longitude` or `lng`, found `id`, `long`, `latit`; \
         did you mean `long`? name the column, with --lon COLUMN or as lon in the study"
    );
}

#[test]
fn a_named_column_that_is_not_there_is_an_error_even_where_it_could_be_missed() {
    let columns = PlaceColumns { population: Some("pop".into()), ..PlaceColumns::default() };
    let error = from_csv("id,lon,lat,popn\na,1,2,3\n", &columns).unwrap_err();
    assert!(error.to_string().contains("there is no column `pop` for population; did you mean `popn`?"), "{error}");
}

#[test]
fn swapped_and_impossible_positions_are_dropped_with_a_hint() {
    let intake =
        csv("id,lon,lat\nswapped,-12,-175\nfar,500000,8600000\nnan,NaN,1\nempty,,1\ntext,\"12,5\",1\ngood,1,2\n");
    let expected = [
        ("out-of-range", "line 2", "coordinates"),
        ("out-of-range", "line 3", "coordinates"),
        ("not-finite", "line 4", "lon"),
        ("no-position", "line 5", "lon"),
        ("not-a-number", "line 6", "lon"),
    ];
    assert_eq!(summary(&intake.problems), expected);
    assert_eq!(intake.problems[0].hint, "longitude and latitude look swapped: longitude comes first");
    assert_eq!((intake.tally.read, intake.tally.kept, intake.tally.dropped), (6, 1, 5));
}

#[test]
fn a_population_that_cannot_be_read_leaves_the_place() {
    let intake = csv("id,lon,lat,population\na,1,2,many\nb,1,2,-3\nc,1,2,\n");
    assert_eq!(intake.tally.kept, 3);
    assert!(intake.value.places.iter().all(|p| p.population.is_none()));
    assert_eq!(
        summary(&intake.problems),
        [("not-a-number", "line 2", "population"), ("negative", "line 3", "population")]
    );
    assert!(intake.problems.iter().all(|p| !p.dropped));
}

#[test]
fn problems_and_tallies_name_the_file_without_its_folders() {
    let intake = csv("id,lon,lat\na,,\n");
    assert_eq!((intake.tally.file.as_str(), intake.problems[0].file.as_str()), ("p.csv", "p.csv"));
}
