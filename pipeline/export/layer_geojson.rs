//! Layers as plain GeoJSON (RFC 7946).

use flowatlas_model::{Coordinates, Layer, Shapes};
use serde_json::{Map, Value};

use crate::{geometry, properties};

/// Returns a layer as GeoJSON, one feature per row; a feature without a shape has `null` for one.
pub fn layer_geojson(layer: &Layer) -> Vec<u8> {
    let shape = |row: usize| match &layer.shapes {
        Shapes::None(_) => Value::Null,
        Shapes::Points(points) => geometry::point(points[row]),
        Shapes::Lines(lines) => geometry::course(&lines[row]),
        Shapes::Areas(areas) if areas[row].0.is_empty() => Value::Null,
        Shapes::Areas(areas) => geometry::polygons(&areas[row]),
    };
    let cells = |row: usize| -> Map<String, Value> {
        layer.fields.iter().map(|field| (field.name.clone(), properties::cell(&field.values[row]))).collect()
    };
    let features = (0..layer.rows()).map(|row| (shape(row), cells(row)));
    properties::collection(&layer.name, layer.coordinates == Coordinates::Planar, features)
}
