//! Shapes as RFC 7946 geometry objects.

use flowatlas_model::Place;
use geo::{
    Coord, LineString, MultiLineString, MultiPolygon, Polygon,
    orient::{Direction, Orient},
};
use serde_json::{Value, json};

use crate::number;

/// Decimals of a coordinate: 0.11 m on the Earth, as RFC 7946 section 11.2 advises.
const COORDINATE_SCALE: f64 = 1e6;

/// Returns the area of the place where it has one, else its point.
pub(crate) fn place(place: &Place) -> Value {
    match &place.area {
        Some(area) => polygons(area),
        None => point(place.at),
    }
}

/// Returns a position as Point.
pub(crate) fn point(at: Coord<f64>) -> Value {
    json!({"type": "Point", "coordinates": position(at)})
}

/// Returns a course as LineString, as MultiLineString where it is cut, and as `null` where there is none.
pub(crate) fn course(lines: &MultiLineString<f64>) -> Value {
    match lines.0.as_slice() {
        [] => Value::Null,
        [line] => json!({"type": "LineString", "coordinates": positions(line)}),
        many => {
            let lines: Vec<Value> = many.iter().map(positions).collect();
            json!({"type": "MultiLineString", "coordinates": lines})
        }
    }
}

/// Returns an area with its rings wound as RFC 7946 section 3.1.6 asks: outer rings counter-clockwise.
pub(crate) fn polygons(area: &MultiPolygon<f64>) -> Value {
    match area.orient(Direction::Default).0.as_slice() {
        [polygon] => json!({"type": "Polygon", "coordinates": rings(polygon)}),
        many => {
            let polygons: Vec<Value> = many.iter().map(rings).collect();
            json!({"type": "MultiPolygon", "coordinates": polygons})
        }
    }
}

fn rings(polygon: &Polygon<f64>) -> Value {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
}

fn positions(line: &LineString<f64>) -> Value {
    line.coords().map(|&c| position(c)).collect()
}

fn position(at: Coord<f64>) -> Value {
    let rounded = |v: f64| number::json((v * COORDINATE_SCALE).round() / COORDINATE_SCALE);
    Value::Array(vec![rounded(at.x), rounded(at.y)])
}
