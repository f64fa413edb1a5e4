//! Shapes as well-known binary (OGC 06-103r4, section 8), little endian, two dimensions.

use flowatlas_model::Shapes;
use gdal::vector::{Geometry, OGRwkbGeometryType};
use geo::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_LINE: u32 = 5;
const MULTI_POLYGON: u32 = 6;

/// Returns the type of the shapes of a layer.
pub(crate) fn kind(shapes: &Shapes) -> OGRwkbGeometryType::Type {
    match shapes {
        Shapes::None(_) => OGRwkbGeometryType::wkbNone,
        Shapes::Points(_) => OGRwkbGeometryType::wkbPoint,
        Shapes::Lines(_) => OGRwkbGeometryType::wkbMultiLineString,
        Shapes::Areas(_) => OGRwkbGeometryType::wkbMultiPolygon,
    }
}

/// Returns the shape of one feature; `None` where it has none.
pub(crate) fn shape(shapes: &Shapes, row: usize) -> Option<gdal::errors::Result<Geometry>> {
    let bytes = match shapes {
        Shapes::None(_) => return None,
        Shapes::Points(points) => point(points[row]),
        Shapes::Lines(lines) => lines_of(&lines[row])?,
        Shapes::Areas(areas) => areas_of(&areas[row])?,
    };
    Some(Geometry::from_wkb(&bytes))
}

fn point(at: Coord<f64>) -> Vec<u8> {
    let mut out = head(POINT, None);
    position(&mut out, at);
    out
}

fn lines_of(lines: &MultiLineString<f64>) -> Option<Vec<u8>> {
    let mut out = head(MULTI_LINE, Some(lines.0.len()));
    for line in &lines.0 {
        out.extend(head(LINE, Some(line.0.len())));
        line.0.iter().for_each(|at| position(&mut out, *at));
    }
    (!lines.0.is_empty()).then_some(out)
}

fn areas_of(areas: &MultiPolygon<f64>) -> Option<Vec<u8>> {
    let mut out = head(MULTI_POLYGON, Some(areas.0.len()));
    areas.0.iter().for_each(|polygon| ring_list(&mut out, polygon));
    (!areas.0.is_empty()).then_some(out)
}

fn ring_list(out: &mut Vec<u8>, polygon: &Polygon<f64>) {
    let rings: Vec<&LineString<f64>> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    out.extend(head(POLYGON, Some(rings.len())));
    for ring in rings {
        count(out, ring.0.len());
        ring.0.iter().for_each(|at| position(out, *at));
    }
}

fn head(kind: u32, parts: Option<usize>) -> Vec<u8> {
    let mut out = vec![1];
    out.extend(kind.to_le_bytes());
    if let Some(parts) = parts {
        count(&mut out, parts);
    }
    out
}

fn count(out: &mut Vec<u8>, number: usize) {
    out.extend((number as u32).to_le_bytes());
}

fn position(out: &mut Vec<u8>, at: Coord<f64>) {
    out.extend(at.x.to_le_bytes());
    out.extend(at.y.to_le_bytes());
}
