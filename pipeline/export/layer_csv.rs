//! Layers as plain tables: positions in columns of their own, lines and areas as well-known text.

use std::fmt::Write;

use flowatlas_model::{Atlas, Coordinates, Field, Layer, OdGraph, Shapes, Value};
use geo::{Coord, LineString, Polygon};

use crate::{metrics::table, number};

/// Returns a layer as CSV. Points have the columns `lon` and `lat`, or `x` and `y` where they are planar; lines and areas have
/// `wkt`. A column of the source that has such a name is written as `source_NAME`.
pub fn layer_csv(layer: &Layer) -> Vec<u8> {
    let own = own_columns(layer);
    let named = |field: &Field| {
        if own.contains(&field.name.as_str()) { format!("source_{}", field.name) } else { field.name.clone() }
    };
    let header: Vec<String> = layer.fields.iter().map(named).chain(own.iter().map(|name| (*name).to_owned())).collect();
    let rows = (0..layer.rows()).map(|row| {
        let cells = layer.fields.iter().map(|field| cell(&field.values[row]));
        cells.chain(shape(layer, row)).collect()
    });
    table(std::iter::once(header).chain(rows))
}

fn own_columns(layer: &Layer) -> &'static [&'static str] {
    match (&layer.shapes, layer.coordinates) {
        (Shapes::None(_), _) => &[],
        (Shapes::Points(_), Coordinates::Geographic) => &["lon", "lat"],
        (Shapes::Points(_), Coordinates::Planar) => &["x", "y"],
        _ => &["wkt"],
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Real(real) => number::cell(Some(*real)),
        other => other.to_text(),
    }
}

fn shape(layer: &Layer, row: usize) -> Vec<String> {
    match &layer.shapes {
        Shapes::None(_) => Vec::new(),
        Shapes::Points(points) => vec![number::cell(Some(points[row].x)), number::cell(Some(points[row].y))],
        Shapes::Lines(lines) => {
            let parts: Vec<String> = lines[row].0.iter().map(ring).collect();
            vec![if parts.is_empty() { String::new() } else { format!("MULTILINESTRING ({})", parts.join(", ")) }]
        }
        Shapes::Areas(areas) => {
            let parts: Vec<String> = areas[row].0.iter().map(polygon).collect();
            vec![format!("MULTIPOLYGON ({})", parts.join(", "))]
        }
    }
}

fn polygon(polygon: &Polygon<f64>) -> String {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    format!("({})", rings.map(ring).collect::<Vec<_>>().join(", "))
}

fn ring(line: &LineString<f64>) -> String {
    let mut out = String::from("(");
    for (k, Coord { x, y }) in line.coords().enumerate() {
        let comma = if k == 0 { "" } else { ", " };
        // Six decimals are a tenth of a metre on the Earth.
        write!(out, "{comma}{} {}", short(*x), short(*y)).expect("written to memory");
    }
    out + ")"
}

fn short(value: f64) -> String {
    number::cell(Some((value * 1e6).round() / 1e6))
}

/// Returns the two sheets that flowmap.blue reads: `locations` (`id`, `name`, `lat`, `lon`) and `flows` (`origin`, `dest`,
/// `count`). Flows without a number are left out: the page takes no other ones.
pub fn flowmap_sheets(atlas: &Atlas, graph: &OdGraph) -> [Vec<u8>; 2] {
    let words = |texts: [&str; 4]| texts.map(str::to_owned).to_vec();
    let places = atlas.places.iter().map(|place| {
        vec![place.id.clone(), place.name.clone(), number::cell(Some(place.at.y)), number::cell(Some(place.at.x))]
    });
    let flows = graph.links().filter(|(_, _, link)| link.weight.is_some()).map(|(origin, dest, link)| {
        vec![atlas.place(origin).id.clone(), atlas.place(dest).id.clone(), number::cell(link.weight)]
    });
    let header = ["origin", "dest", "count"].map(str::to_owned).to_vec();
    [
        table(std::iter::once(words(["id", "name", "lat", "lon"])).chain(places)),
        table(std::iter::once(header).chain(flows)),
    ]
}
