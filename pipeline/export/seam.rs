//! Areas parted along the meridian at which a projection has two edges: GIS programs project every vertex by itself, and what goes on
//! beyond one edge is torn across the whole map to the other.

use geo::{BooleanOps, BoundingRect, Densify, Euclidean, MultiPolygon, Rect, coord};

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

#[cfg(test)]
mod tests {
    use geo::{Area, CoordsIter, polygon};

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
    fn what_does_not_reach_the_cut_stays_as_it_is() {
        for cut in [None, Some(180.0), Some(-180.0), Some(79.0), Some(-91.0)] {
            assert_eq!(parted(land(), cut), land(), "{cut:?}");
        }
    }
}
