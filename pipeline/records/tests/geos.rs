//! Every point lies in the zone that GEOS finds, asked through GDAL.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use flowatlas_records::Zones;
use gdal::vector::Geometry;
use geo::{LineString, MultiPolygon, Polygon};

const N: usize = 24;
/// Points on each side of a square that covers the zones and a margin.
const POINTS: u32 = 170;

/// A square of four corners, closed.
type Ring = [(f64, f64); 5];

/// A corner of the field, shaken: no border runs along the grid.
fn corner(i: usize, j: usize) -> (f64, f64) {
    let shake = |a: usize, b: usize| ((i * a + j * b) % 19) as f64 / 45.0;
    (i as f64 + shake(37, 61), j as f64 + shake(53, 29))
}

#[test]
fn zones_of_points_are_those_of_geos() {
    let cells: Vec<Ring> = (0..N * N)
        .map(|k| (k / N, k % N))
        .map(|(i, j)| [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1), corner(i, j)])
        .collect();
    let area = |ring: &Ring| MultiPolygon::new(vec![Polygon::new(LineString::from(ring.to_vec()), vec![])]);
    let areas: Vec<MultiPolygon<f64>> = cells.iter().map(area).collect();
    let zones = Zones::new(areas.iter().enumerate().map(|(k, area)| (k.to_string(), area)));
    let wkt = |ring: &Ring| {
        let corners = ring.map(|(x, y)| format!("{x} {y}")).join(",");
        Geometry::from_wkt(&format!("POLYGON(({corners}))")).unwrap()
    };
    let shapes: Vec<(&Ring, Geometry)> = cells.iter().map(|ring| (ring, wkt(ring))).collect();
    let mut inside = 0;
    for k in 0..POINTS * POINTS {
        let at = |k: u32| f64::from(k) * (N as f64 + 2.0) / f64::from(POINTS) - 1.0;
        let (x, y) = (at(k / POINTS), at(k % POINTS));
        let near = |ring: &Ring| ring.iter().any(|c| (c.0 - x).abs() < 2.0 && (c.1 - y).abs() < 2.0);
        let point = Geometry::from_wkt(&format!("POINT({x} {y})")).unwrap();
        let geos = shapes.iter().position(|(ring, shape)| near(ring) && shape.contains(&point)).map(|zone| zone as u32);
        inside += u32::from(geos.is_some());
        assert_eq!(zones.find(x, y), geos, "at {x} {y}");
    }
    assert!(inside > POINTS * POINTS / 2, "most points lie in a zone: {inside}");
}
