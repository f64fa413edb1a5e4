//! Distances and weighted means of positions, on the Earth and on a plane.

use crate::Coordinates;
use geo::Coord;

/// Mean radius of the Earth in metres: (2a + b) / 3 of WGS84.
const EARTH_RADIUS: f64 = 6_371_008.771_4;

/// Unit vectors that add up to less than this per unit of weight, as those of antipodes do, point nowhere.
const SHORTEST_MEAN: f64 = 1e-9;

/// A position as a vector: from the centre of the Earth with length 1, or planar x, y and 0.
pub type Vector = [f64; 3];

/// Returns the vector of a position.
pub fn vector(coordinates: Coordinates, at: Coord<f64>) -> Vector {
    match coordinates {
        Coordinates::Planar => [at.x, at.y, 0.0],
        Coordinates::Geographic => {
            let (sin_lon, cos_lon) = libm::sincos(at.x.to_radians());
            let (sin_lat, cos_lat) = libm::sincos(at.y.to_radians());
            [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
        }
    }
}

/// Returns the position of a vector.
pub fn position(coordinates: Coordinates, [x, y, z]: Vector) -> Coord<f64> {
    match coordinates {
        Coordinates::Planar => Coord { x, y },
        Coordinates::Geographic => {
            Coord { x: libm::atan2(y, x).to_degrees(), y: libm::atan2(z, libm::hypot(x, y)).to_degrees() }
        }
    }
}

/// Returns the distance between two positions: along the great circle in metres, or in planar units.
///
/// # Source
/// The haversine formula; half the chord between unit vectors is the root of its haversine.
pub fn distance(coordinates: Coordinates, a: Vector, b: Vector) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|k| a[k] - b[k]);
    let chord = (x * x + y * y + z * z).sqrt();
    match coordinates {
        Coordinates::Planar => chord,
        Coordinates::Geographic => 2.0 * EARTH_RADIUS * libm::asin((chord / 2.0).min(1.0)),
    }
}

/// Returns the mean of positions from the sum of their weighted vectors; `None` where they have no mean, as antipodes.
///
/// # Source
/// On the Earth the mean of the n-vectors: Gade 2010, J. Navigation 63, 395–417, equation 17.
pub fn mean(coordinates: Coordinates, sum: Vector, weight: f64) -> Option<Vector> {
    let [x, y, z] = sum;
    let length = match coordinates {
        Coordinates::Planar => weight,
        Coordinates::Geographic => (x * x + y * y + z * z).sqrt(),
    };
    (length > SHORTEST_MEAN * weight).then(|| sum.map(|part| part / length))
}

/// Returns the sum of two vectors.
pub fn sum(a: Vector, b: Vector) -> Vector {
    [0, 1, 2].map(|k| a[k] + b[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARTH: Coordinates = Coordinates::Geographic;
    /// Room for rounding in metres.
    const NEAR: f64 = 1e-3;

    fn at(x: f64, y: f64) -> Vector {
        vector(EARTH, Coord { x, y })
    }

    #[test]
    fn a_quarter_of_the_equator_is_a_quarter_of_the_way_round() {
        let quarter = std::f64::consts::FRAC_PI_2 * EARTH_RADIUS;
        assert!((distance(EARTH, at(0.0, 0.0), at(90.0, 0.0)) - quarter).abs() < NEAR);
        assert!((distance(EARTH, at(12.0, 90.0), at(0.0, 0.0)) - quarter).abs() < NEAR);
    }

    #[test]
    fn the_distance_from_lima_to_madrid_is_that_of_the_haversine_formula() {
        use geo::line_measures::{Distance, Haversine};
        let (lima, madrid) = ((-77.03, -12.05), (-3.70, 40.42));
        let expected = Haversine.distance(geo::Point::from(lima), geo::Point::from(madrid));
        let found = distance(EARTH, at(lima.0, lima.1), at(madrid.0, madrid.1));
        assert!((found / expected - 1.0).abs() < 1e-7, "{found} and {expected} differ by more than the radii do");
    }

    #[test]
    fn the_mean_of_places_beside_the_antimeridian_lies_on_it() {
        let mean = mean(EARTH, sum(at(179.0, 0.0), at(-179.0, 0.0)), 2.0).unwrap();
        assert!((position(EARTH, mean).x.abs() - 180.0).abs() < 1e-9);
    }

    #[test]
    fn antipodes_have_no_mean() {
        assert_eq!(mean(EARTH, sum(at(10.0, 20.0), at(-170.0, -20.0)), 2.0), None);
    }
}
