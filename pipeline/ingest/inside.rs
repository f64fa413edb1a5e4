//! A point inside a polygon.

use geo::{Area, Coord, LineString, MultiPolygon, Polygon};

/// Returns a point inside the polygon of the largest area (of degrees, where it is in degrees), or a vertex where no
/// polygon has an inside; `None` where there is no vertex.
///
/// The polygon is cut by the horizontal line half way up; the middle of its longest stretch inside is taken (as
/// PostGIS does for `ST_PointOnSurface`). The rule is even-odd, so holes count as outside. O(n log n) in vertices.
pub(crate) fn point_inside(area: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let mut largest: Option<(f64, &Polygon<f64>)> = None;
    for part in area {
        let size = part.unsigned_area();
        if largest.is_none_or(|(most, _)| size > most) {
            largest = Some((size, part));
        }
    }
    let point = largest.and_then(|(_, part)| middle_of_longest_stretch(part));
    point.or_else(|| area.iter().find_map(|p| p.exterior().0.first().copied()))
}

/// Returns the middle of the longest stretch of the cut inside the polygon.
fn middle_of_longest_stretch(polygon: &Polygon<f64>) -> Option<Coord<f64>> {
    let y = cut_height(polygon)?;
    let mut crossings: Vec<f64> = rings(polygon).flat_map(|ring| ring_crossings(ring, y)).collect();
    crossings.sort_by(f64::total_cmp);
    let mut best: Option<(f64, Coord<f64>)> = None;
    for pair in crossings.chunks_exact(2) {
        let length = pair[1] - pair[0];
        if length > best.map_or(0.0, |(l, _)| l) {
            best = Some((length, Coord { x: pair[0] + length / 2.0, y }));
        }
    }
    best.map(|(_, point)| point)
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// Returns a height half way between the two neighbouring vertex heights around the middle, so that the cut passes
/// through no vertex.
fn cut_height(polygon: &Polygon<f64>) -> Option<f64> {
    let heights = || rings(polygon).flat_map(|ring| ring.0.iter().map(|c| c.y));
    let low = heights().min_by(f64::total_cmp)?;
    let high = heights().max_by(f64::total_cmp)?;
    let middle = low + (high - low) / 2.0;
    let below = heights().filter(|&y| y <= middle).max_by(f64::total_cmp)?;
    let above = heights().filter(|&y| y > middle).min_by(f64::total_cmp)?;
    Some(below + (above - below) / 2.0)
}

/// Returns where the ring crosses the height; an edge counts from its lower end up to, not including, its upper.
fn ring_crossings(ring: &LineString<f64>, y: f64) -> impl Iterator<Item = f64> {
    ring.lines().filter_map(move |line| {
        let (a, b) = (line.start, line.end);
        ((a.y <= y) != (b.y <= y)).then(|| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
    })
}

#[cfg(test)]
mod tests {
    use geo::{Contains, Point, polygon};
    use proptest::prelude::*;

    use super::*;

    fn inside(p: Polygon<f64>) -> Coord<f64> {
        point_inside(&MultiPolygon(vec![p])).unwrap()
    }

    #[test]
    fn the_point_of_a_ring_shaped_area_avoids_its_hole() {
        let square = |r: f64| LineString::from(vec![(-r, -r), (r, -r), (r, r), (-r, r), (-r, -r)]);
        let ring = Polygon::new(square(3.0), vec![square(2.0)]);
        assert!(ring.contains(&Point(inside(ring.clone()))));
    }

    #[test]
    fn the_larger_of_two_islands_is_taken() {
        let small = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        let large = polygon![(x: 9., y: 0.), (x: 19., y: 0.), (x: 9., y: 9.)];
        assert!(point_inside(&MultiPolygon(vec![small, large])).unwrap().x > 9.0);
    }

    #[test]
    fn the_larger_of_two_islands_is_taken_not_the_wider_one() {
        // As Svalbard beside the rest of Norway.
        let wide = polygon![(x: 0., y: 90.), (x: 12., y: 90.), (x: 12., y: 93.), (x: 0., y: 93.)];
        let large = polygon![(x: 20., y: 0.), (x: 25., y: 0.), (x: 25., y: 40.), (x: 20., y: 40.)];
        assert!(point_inside(&MultiPolygon(vec![wide, large])).unwrap().x > 20.0);
    }

    #[test]
    fn an_area_without_inside_gives_a_vertex() {
        let flat = polygon![(x: 0., y: 1.), (x: 2., y: 1.), (x: 4., y: 1.)];
        assert_eq!(inside(flat), Coord { x: 0.0, y: 1.0 });
        assert_eq!(point_inside(&MultiPolygon(vec![])), None);
    }

    proptest! {
        #[test]
        fn the_point_lies_inside_every_star_shaped_area(radii in prop::collection::vec(1.0f64..100.0, 3..40)) {
            let step = std::f64::consts::TAU / radii.len() as f64;
            let ring: Vec<_> = radii.iter().enumerate()
                .map(|(k, r)| (r * libm::cos(k as f64 * step), r * libm::sin(k as f64 * step)))
                .collect();
            let star = Polygon::new(LineString::from(ring), vec![]);
            prop_assert!(star.contains(&Point(inside(star.clone()))));
        }
    }
}
