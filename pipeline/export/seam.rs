//! Areas and lines parted along the meridian at which a projection has two edges: GIS programs project every vertex by itself, and what
//! goes on beyond one edge is torn across the whole map to the other.

use geo::{
    BooleanOps, BoundingRect, Coord, Densify, Euclidean, LineString, MultiLineString, MultiPolygon, Rect, coord,
};

/// Half the width in degrees of the gap between both sides: about 11 m at the equator, so that neither is taken to lie at the other edge.
const HALF_GAP: f64 = 1e-4;
/// Degrees within which a cut is the antimeridian, where longitudes end anyway.
const AT_ANTIMERIDIAN: f64 = 1e-3;
/// Longest straight step of what is parted, in degrees: the edge of the map is a curve.
const STEP: f64 = 1.0;

/// Returns the area parted at this longitude, with a small gap; as it is where it does not reach there.
pub(crate) fn parted(area: MultiPolygon<f64>, cut: Option<f64>) -> MultiPolygon<f64> {
    let Some(cut) = cut.filter(|cut| 180.0 - cut.abs() > AT_ANTIMERIDIAN) else { return area };
    let reaches = |bounds: Rect<f64>| bounds.min().x < cut + HALF_GAP && bounds.max().x > cut - HALF_GAP;
    if !area.bounding_rect().is_some_and(reaches) {
        return area;
    }
    let (low, high) = (coord! { x: cut - HALF_GAP, y: -91.0 }, coord! { x: cut + HALF_GAP, y: 91.0 });
    let gap = MultiPolygon::from(Rect::new(low, high).to_polygon());
    Euclidean.densify(&area.difference(&gap), STEP)
}

/// Returns the lines parted where they cross this longitude, as [`parted()`] parts areas: a piece on each side.
pub(crate) fn parted_lines(lines: MultiLineString<f64>, cut: Option<f64>) -> MultiLineString<f64> {
    let Some(cut) = cut.filter(|cut| 180.0 - cut.abs() > AT_ANTIMERIDIAN) else { return lines };
    lines.into_iter().flat_map(|line| pieces(&line, cut)).collect()
}

fn pieces(line: &LineString<f64>, cut: f64) -> Vec<LineString<f64>> {
    let beside = |at: Coord<f64>, east: bool| {
        let x = if east { at.x.max(cut + HALF_GAP) } else { at.x.min(cut - HALF_GAP) };
        coord! { x: x, y: at.y }
    };
    let is_east = |at: Coord<f64>| at.x > cut;
    let mut pieces: Vec<Vec<Coord<f64>>> = vec![line.0.iter().take(1).map(|at| beside(*at, is_east(*at))).collect()];
    for step in line.lines() {
        let (from, to) = (step.start, step.end);
        if is_east(from) != is_east(to) {
            let across = coord! { x: cut, y: from.y + (to.y - from.y) * (cut - from.x) / (to.x - from.x) };
            pieces.last_mut().expect("there is a first piece").push(beside(across, is_east(from)));
            pieces.push(vec![beside(across, is_east(to))]);
        }
        pieces.last_mut().expect("there is a first piece").push(beside(to, is_east(to)));
    }
    pieces.into_iter().map(LineString).collect()
}

#[cfg(test)]
mod tests {
    use geo::{Area, CoordsIter, line_string, polygon};

    use super::*;

    fn land() -> MultiPolygon<f64> {
        MultiPolygon::from(polygon![(x: 80.0, y: 0.0), (x: 100.0, y: 0.0), (x: 100.0, y: 20.0), (x: 80.0, y: 20.0)])
    }

    #[test]
    fn land_on_both_sides_of_the_cut_is_two_polygons_with_points_along_it() {
        let parts = parted(land(), Some(91.0));
        assert_eq!(parts.0.len(), 2);
        let sides: Vec<(f64, f64)> =
            parts.iter().map(|part| part.bounding_rect().unwrap()).map(|r| (r.min().x, r.max().x)).collect();
        assert!(sides.iter().all(|(west, east)| *east < 91.0 || *west > 91.0), "{sides:?}");
        assert!((parts.unsigned_area() - 400.0).abs() < 0.01, "little is lost");
        let along = parts.coords_iter().filter(|at| (at.x - 91.0).abs() < 0.001).count();
        assert!(along >= 40, "{along} points on the curved edge");
    }

    #[test]
    fn a_line_over_the_cut_is_two_that_end_beside_it() {
        let line = line_string![(x: 80.0, y: 0.0), (x: 90.0, y: 10.0), (x: 92.0, y: 20.0), (x: 99.0, y: 30.0)];
        let MultiLineString(parts) = parted_lines(MultiLineString(vec![line]), Some(91.0));
        let [west, east] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!((west.0.len(), east.0.len()), (3, 3));
        assert_eq!((west.0[2], east.0[0]), (coord! { x: 91.0 - 1e-4, y: 15.0 }, coord! { x: 91.0 + 1e-4, y: 15.0 }));
        assert_eq!((west.0[0].x, east.0[2].x), (80.0, 99.0));
    }

    #[test]
    fn what_does_not_reach_the_cut_stays_as_it_is() {
        let line = || MultiLineString(vec![line_string![(x: 80.0, y: 0.0), (x: 100.0, y: 20.0)]]);
        for cut in [None, Some(180.0), Some(-180.0), Some(79.0), Some(-91.0)] {
            assert_eq!(parted_lines(line(), cut), line(), "{cut:?}");
            assert_eq!(parted(land(), cut), land(), "{cut:?}");
        }
    }
}
