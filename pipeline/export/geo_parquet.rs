//! Layers as GeoParquet 1.1: typed columns, and shapes as well-known binary in a column that the file's metadata describe.

use std::borrow::Cow;

use flowatlas_model::{Coordinates, Field, FieldKind, Layer, Shapes, Value, epoch_day};
use geo::{Coord, LineString, Polygon};
use serde_json::json;

use crate::parquet::{Cells, Column, bytes};

/// The name of the column of shapes. A column of the source that has it is written as `source_geometry`.
const GEOMETRY: &str = "geometry";

/// Returns a layer as a GeoParquet file: longitude and latitude in degrees (OGC:CRS84), or planar coordinates without a
/// reference system. Features without a shape have none.
pub fn layer_parquet(layer: &Layer) -> Vec<u8> {
    let name = |field: &Field| match field.name.as_str() {
        GEOMETRY => format!("source_{GEOMETRY}"),
        own => own.to_owned(),
    };
    let names: Vec<String> = layer.fields.iter().map(name).collect();
    let mut columns: Vec<Column> =
        names.iter().zip(&layer.fields).map(|(name, field)| Column { name, cells: cells(field) }).collect();
    let Some((kind, shapes)) = shapes(&layer.shapes) else { return bytes(&columns, &[]) };
    columns.push(Column { name: GEOMETRY, cells: Cells::Bytes(shapes) });
    bytes(&columns, &[("geo", description(kind, layer.coordinates))])
}

/// Returns what GeoParquet wants to know of the column of shapes. Without a word on the reference system it is OGC:CRS84.
fn description(kind: &str, coordinates: Coordinates) -> String {
    let mut column = json!({"encoding": "WKB", "geometry_types": [kind]});
    if coordinates == Coordinates::Planar {
        column["crs"] = serde_json::Value::Null;
    }
    json!({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}).to_string()
}

fn cells(field: &Field) -> Cells<'_> {
    let values = &field.values;
    match field.kind {
        FieldKind::Flag => {
            Cells::Flag(values.iter().map(|v| if let Value::Flag(f) = v { Some(*f) } else { None }).collect())
        }
        FieldKind::Integer => {
            Cells::Whole(values.iter().map(|v| if let Value::Integer(n) = v { Some(*n) } else { None }).collect())
        }
        FieldKind::Real => Cells::Real(values.iter().map(real).collect()),
        FieldKind::Day => {
            Cells::Day(values.iter().map(|v| if let Value::Text(text) = v { epoch_day(text) } else { None }).collect())
        }
        FieldKind::Text => Cells::Text(values.iter().map(text).collect()),
    }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Real(real) => Some(*real),
        Value::Integer(whole) => Some(*whole as f64),
        _ => None,
    }
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Missing => None,
        Value::Text(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_text())),
    }
}

/// Returns the kind of the shapes and each as well-known binary (OGC 06-103r4), little-endian; `None` for a plain table.
fn shapes(shapes: &Shapes) -> Option<(&'static str, Vec<Option<Vec<u8>>>)> {
    Some(match shapes {
        Shapes::None(_) => return None,
        Shapes::Points(points) => ("Point", points.iter().map(|at| Some(shape(1, &position(at)))).collect()),
        Shapes::Lines(lines) => ("MultiLineString", lines.iter().map(|l| many(5, l.0.iter().map(line))).collect()),
        Shapes::Areas(areas) => ("MultiPolygon", areas.iter().map(|a| many(6, a.0.iter().map(polygon))).collect()),
    })
}

/// Returns a shape of a kind from its body: byte order, kind, body.
fn shape(kind: u32, body: &[u8]) -> Vec<u8> {
    [&[1], &kind.to_le_bytes()[..], body].concat()
}

/// Returns a collection of shapes; `None` where it is empty.
fn many(kind: u32, parts: impl Iterator<Item = Vec<u8>>) -> Option<Vec<u8>> {
    let parts: Vec<Vec<u8>> = parts.collect();
    (!parts.is_empty()).then(|| shape(kind, &counted(&parts)))
}

fn counted(parts: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(parts.len()).expect("a shape has fewer than 4 billion parts");
    [&count.to_le_bytes()[..], &parts.concat()].concat()
}

fn position(at: &Coord<f64>) -> Vec<u8> {
    [at.x.to_le_bytes(), at.y.to_le_bytes()].concat()
}

fn positions(line: &LineString<f64>) -> Vec<u8> {
    counted(&line.coords().map(position).collect::<Vec<_>>())
}

fn line(line: &LineString<f64>) -> Vec<u8> {
    shape(2, &positions(line))
}

fn polygon(polygon: &Polygon<f64>) -> Vec<u8> {
    let rings: Vec<Vec<u8>> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect();
    shape(3, &counted(&rings))
}

#[cfg(test)]
mod tests {
    use geo::{MultiLineString, line_string};

    use super::*;

    #[test]
    fn shapes_are_well_known_binary() {
        // Byte order 1, kind 1, then 2.0 and -1.0 as doubles: worked by hand.
        let at = [0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf];
        let point = shapes(&Shapes::Points(vec![Coord { x: 2.0, y: -1.0 }])).unwrap();
        assert_eq!(point, ("Point", vec![Some([&[1, 1, 0, 0, 0][..], &at].concat())]));
        let two = MultiLineString(vec![line_string![(x: 2.0, y: -1.0), (x: 2.0, y: -1.0)]]);
        let lines = shapes(&Shapes::Lines(vec![two, MultiLineString(vec![])])).unwrap();
        let wkb = [&[1, 5, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2, 0, 0, 0][..], &at, &at].concat();
        assert_eq!(lines, ("MultiLineString", vec![Some(wkb), None]));
    }

    #[test]
    fn planar_shapes_claim_no_place_on_the_earth() {
        assert!(!description("Point", Coordinates::Geographic).contains("crs"));
        assert!(description("Point", Coordinates::Planar).contains("\"crs\":null"));
    }
}
