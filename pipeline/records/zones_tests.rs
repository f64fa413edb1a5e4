//! Laws first, then `geo` as an oracle, then by hand.

use flowatlas_model::{Atlas, Place};
use geo::{Coord, Intersects, LineString, MultiPolygon, Point, Polygon, Relate, Translate};
use proptest::prelude::*;

use crate::zones::Zones;

fn ring(points: &[(f64, f64)]) -> LineString<f64> {
    LineString::from(points.to_vec())
}

fn square(x: f64, y: f64, side: f64) -> Polygon<f64> {
    Polygon::new(ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)]), vec![])
}

fn zones(areas: Vec<MultiPolygon<f64>>) -> Zones {
    Zones::new(areas.iter().enumerate().map(|(k, area)| (format!("z{k}"), area)))
}

/// A field of n × n cells with shaken corners: it covers a square without gaps or overlaps, but for the shaken outer border.
fn field(n: usize, shakes: &[(f64, f64)]) -> Vec<MultiPolygon<f64>> {
    let corner = |i: usize, j: usize| {
        let (dx, dy) = shakes[i * (n + 1) + j];
        (i as f64 + dx, j as f64 + dy)
    };
    let cell = |i: usize, j: usize| {
        let corners = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
        MultiPolygon::new(vec![Polygon::new(ring(&corners), vec![])])
    };
    (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| cell(i, j)).collect()
}

const N: usize = 4;

fn shakes() -> impl Strategy<Value = Vec<(f64, f64)>> {
    // Eighths make many points lie exactly on borders and corners.
    let eighth = || (-3_i32..=3).prop_map(|k| f64::from(k) / 8.0);
    proptest::collection::vec((eighth(), eighth()), (N + 1) * (N + 1))
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let on_grid = || (-8_i32..=40).prop_map(|k| f64::from(k) / 8.0);
    let anywhere = || -1.0..5.0_f64;
    let point = prop_oneof![(on_grid(), on_grid()), (anywhere(), anywhere()), (on_grid(), anywhere())];
    proptest::collection::vec(point, 1..60)
}

proptest! {
    #[test]
    fn a_point_lies_in_the_zone_that_geo_finds_and_on_a_border_in_one_of_them(shakes in shakes(), points in points()) {
        let areas = field(N, &shakes);
        let zones = zones(areas.clone());
        for (x, y) in points {
            let point = Point::new(x, y);
            let touched: Vec<u32> = (0..areas.len()).filter(|k| areas[*k].intersects(&point)).map(|k| k as u32).collect();
            let found = zones.find(x, y);
            prop_assert_eq!(found.is_some(), !touched.is_empty(), "{:?}: {:?} of {:?}", point, found, &touched);
            prop_assert!(found.is_none_or(|zone| touched.contains(&zone)), "{:?}: {:?} of {:?}", point, found, &touched);
            let within = touched.iter().find(|k| areas[**k as usize].relate(&point).is_contains());
            prop_assert!(within.is_none() || within == found.as_ref(), "{:?}: {:?}, within {:?}", point, found, within);
        }
    }

    #[test]
    fn the_order_of_zones_without_overlaps_changes_nothing_inside(shakes in shakes(), points in points()) {
        let areas = field(N, &shakes);
        let reversed = zones(areas.iter().rev().cloned().collect());
        let straight = zones(areas.clone());
        let last = areas.len() as u32 - 1;
        for (x, y) in points {
            // Only where a point is on the outer border alone does the order of zones decide.
            let on_outer = areas.iter().filter(|area| area.intersects(&Point::new(x, y))).count() == 2;
            if !on_outer {
                prop_assert_eq!(straight.find(x, y).is_some(), reversed.find(x, y).is_some());
            }
            let inside = areas.iter().any(|area| area.relate(&Point::new(x, y)).is_contains());
            if inside {
                prop_assert_eq!(straight.find(x, y), reversed.find(x, y).map(|zone| last - zone));
            }
        }
    }
}

#[test]
fn a_border_belongs_to_the_zone_east_or_north_of_it_and_an_outer_one_to_its_own() {
    let zones = zones(vec![square(0.0, 0.0, 1.0).into(), square(1.0, 0.0, 1.0).into(), square(0.0, 1.0, 1.0).into()]);
    assert_eq!(zones.find(1.0, 0.5), Some(1), "east");
    assert_eq!(zones.find(0.5, 1.0), Some(2), "north");
    assert_eq!(zones.find(2.0, 0.5), Some(1), "the eastern edge of all");
    assert_eq!(zones.find(0.5, 2.0), Some(2), "the northern edge of all");
    assert_eq!(zones.find(0.0, 0.0), Some(0), "a corner of all");
    assert_eq!(zones.find(1.0, 2.0), Some(2), "a corner of one");
    assert_eq!(zones.find(1.5, 1.5), None, "the missing quarter");
    assert_eq!(zones.find(1.0 + 1e-15, 1.5), None, "a hair beyond");
    assert_eq!(zones.find(f64::NAN, 0.5), None);
    assert_eq!(zones.find(f64::INFINITY, 0.5), None);
}

#[test]
fn holes_are_outside_and_may_hold_another_zone() {
    let hole = square(1.0, 1.0, 1.0);
    let frame = Polygon::new(square(0.0, 0.0, 3.0).exterior().clone(), vec![hole.exterior().clone()]);
    let alone = zones(vec![frame.clone().into()]);
    assert_eq!(alone.find(1.5, 1.5), None);
    assert_eq!(alone.find(0.5, 1.5), Some(0));
    let filled = zones(vec![frame.into(), hole.into()]);
    assert_eq!(filled.find(1.5, 1.5), Some(1));
    assert_eq!(filled.find(1.0, 1.5), Some(1), "the hole's western border has the inner zone east of it");
    assert_eq!(filled.find(2.0, 1.5), Some(0));
}

#[test]
fn a_zone_of_several_polygons_holds_points_of_each() {
    let islands = MultiPolygon::new(vec![square(0.0, 0.0, 1.0), square(5.0, 5.0, 1.0)]);
    let zones = zones(vec![islands]);
    assert_eq!((zones.find(0.5, 0.5), zones.find(5.5, 5.5), zones.find(3.0, 3.0)), (Some(0), Some(0), None));
}

#[test]
fn where_zones_overlap_the_first_is_taken() {
    let (wide, narrow) = (MultiPolygon::from(square(0.0, 0.0, 10.0)), MultiPolygon::from(square(4.0, 4.0, 2.0)));
    assert_eq!(zones(vec![wide.clone(), narrow.clone()]).find(5.0, 5.0), Some(0));
    assert_eq!(zones(vec![narrow, wide]).find(5.0, 5.0), Some(0));
}

#[test]
fn places_without_an_area_and_zones_without_extent_hold_what_they_can() {
    let place = Place { id: "p".into(), name: "p".into(), at: Coord { x: 0.5, y: 0.5 }, area: None, population: None };
    assert_eq!(Zones::of_places(&Atlas { places: vec![place], ..Atlas::default() }).find(0.5, 0.5), None);
    assert_eq!(zones(vec![]).find(0.0, 0.0), None);
    let flat = MultiPolygon::from(Polygon::new(ring(&[(0.0, 1.0), (4.0, 1.0)]), vec![]));
    assert_eq!(zones(vec![flat]).find(2.0, 1.0), Some(0));
}

#[test]
fn the_digest_tells_a_moved_corner_and_another_name() {
    let area = MultiPolygon::from(square(0.0, 0.0, 1.0));
    let digest = |id: &str, area: &MultiPolygon<f64>| Zones::new([(id.to_owned(), area)]).digest().to_owned();
    assert_eq!(digest("one", &area), digest("one", &area.clone()));
    assert_ne!(digest("one", &area), digest("other", &area));
    assert_ne!(digest("one", &area), digest("one", &area.translate(1e-12, 0.0)));
}
