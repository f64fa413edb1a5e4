use super::*;

fn parse(json: &str) -> Shape {
    serde_json::from_str(json).unwrap()
}

fn located(json: &str) -> Result<(Coord<f64>, Option<MultiPolygon<f64>>), Fault> {
    parse(json).locate(Coordinates::Geographic)
}

#[test]
fn points_are_read_with_members_in_any_order_and_without_height() {
    let at = Coord { x: -75.0, y: -12.5 };
    assert_eq!(parse(r#"{"type":"Point","coordinates":[-75,-12.5,3600]}"#), Shape::Point(at));
    assert_eq!(parse(r#"{"coordinates":[-75,-12.5],"bbox":[1],"type":"Point"}"#), Shape::Point(at));
    assert_eq!(parse(r#"{"type":"MultiPoint","coordinates":[[-75,-12.5]]}"#), Shape::Point(at));
}

#[test]
fn polygons_keep_their_area_and_give_a_point_inside() {
    let (at, area) = located(r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,2],[0,0]]]}"#).unwrap();
    assert_eq!(at, Coord { x: 2.0, y: 1.0 });
    assert_eq!(area.unwrap().0.len(), 1);
}

#[test]
fn an_open_ring_is_closed() {
    let Shape::Area(area) = parse(r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,2]]]]}"#) else {
        panic!("not an area")
    };
    assert!(area.0[0].exterior().is_closed());
}

#[test]
fn null_and_empty_geometries_are_missing() {
    for json in ["null", r#"{"type":"Point","coordinates":[]}"#, r#"{"type":"Polygon","coordinates":[]}"#] {
        assert_eq!(parse(json), Shape::Missing, "{json}");
    }
    assert_eq!(located("null").unwrap_err().code, "no-position");
}

#[test]
fn lines_collections_and_broken_rings_are_named_for_what_they_are() {
    let cases = [
        (r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#, "a LineString"),
        (r#"{"type":"GeometryCollection","geometries":[{"type":"Point"}]}"#, "a GeometryCollection"),
        (r#"{"type":"MultiPoint","coordinates":[[0,0],[1,1]]}"#, "a MultiPoint of 2 points"),
        (r#"{"type":"Point","coordinates":[[0,0]]}"#, "a Point whose coordinates are nested otherwise"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}"#, "a polygon with a ring of fewer than four positions"),
        (r#"{"type":"Blob"}"#, "a geometry of no known type"),
    ];
    for (json, found) in cases {
        let fault = located(json).unwrap_err();
        assert_eq!((fault.code, fault.found.as_str()), ("unfit-geometry", found), "{json}");
    }
}

#[test]
fn positions_out_of_range_come_with_the_likely_reason() {
    let hint = |x: f64, y: f64| in_range(Coord { x, y }, Coordinates::Geographic).unwrap_err().hint;
    assert_eq!(hint(-12.0, -175.0), "longitude and latitude look swapped: longitude comes first");
    assert_eq!(hint(285.0, -12.0), "longitudes run from -180 to 180: subtract 360");
    assert!(hint(500_000.0, 8_600_000.0).starts_with("these look like metres"));
    for (x, y) in [(5.0, 200.0), (190.0, 95.0), (5.0, -120.5)] {
        assert!(!hint(x, y).contains("metres"), "{x}, {y}");
    }
}

#[test]
fn dust_beyond_the_antimeridian_is_brushed_off() {
    let at = in_range(Coord { x: 180.000_000_000_1, y: -90.0 }, Coordinates::Geographic).unwrap();
    assert_eq!(at, Coord { x: 180.0, y: -90.0 });
}

#[test]
fn planar_positions_are_limited_to_what_can_be_drawn() {
    assert!(in_range(Coord { x: 8.6e6, y: -5e5 }, Coordinates::Planar).is_ok());
    assert_eq!(in_range(Coord { x: 1e300, y: 0.0 }, Coordinates::Planar).unwrap_err().code, "out-of-range");
}

#[test]
fn a_vertex_out_of_range_drops_the_area() {
    let fault = located(r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[400,2],[0,0]]]}"#).unwrap_err();
    assert_eq!(fault.found, "400, 2");
}
