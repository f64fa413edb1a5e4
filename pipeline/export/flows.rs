//! Flows as a GeoJSON layer: the lines that the map drew, with everything the source says about them.

use std::sync::Arc;

use flowatlas_model::{
    Atlas, Column, Coordinates, FlowTable, Link, Look, OdGraph, PlaceIndex, look::FlowColors, table, units::Mm,
};
use geo::MultiLineString;
use serde_json::{Map, Value};

use crate::{geometry, number, properties};

/// The names of the product's own properties, in the order in which they are written.
const OWN: [&str; 8] = ["origin", "dest", "origin_name", "dest_name", "weight", "kind", "time", "rows"];

/// The names of those that say how a line lies on paper.
const DRAWN: [&str; 3] = ["start_mm", "end_mm", "length_mm"];

/// What a layer of flows is made of.
#[derive(Debug, Clone, Copy)]
pub struct FlowLayer<'a> {
    /// The name of the layer.
    pub name: &'a str,
    /// The places that the flows join.
    pub atlas: &'a Atlas,
    /// The rows that were merged into links.
    pub table: &'a FlowTable,
    /// The links as shown.
    pub graph: &'a OdGraph,
    /// The course of each link in link order: WGS84 degrees, or planar coordinates for a planar atlas.
    /// An empty course is written as `null` geometry.
    pub courses: &'a [MultiLineString<f64>],
    /// How the lines lie on paper, for the properties that styles of the layer ask for; `None` for none of them.
    pub look: Option<&'a Look>,
}

/// Returns the links as GeoJSON (RFC 7946), one feature per link in link order.
///
/// Properties: `origin`, `dest`, `origin_name`, `dest_name`, `weight` (`null` where the source has none), `kind`,
/// `time`, `rows` (how many rows of the source were merged), then the source's attributes but for those that say the
/// same as `origin`, `dest` or `weight`. Where merged rows
/// disagree about an attribute it is `null`: nothing is picked, joined or added up but the weight.
///
/// # Panics
/// Panics if there are not as many courses as links.
pub fn flows_geojson(layer: &FlowLayer) -> Vec<u8> {
    assert_eq!(layer.courses.len(), layer.graph.graph.edge_count(), "one course per link");
    let courses = layer.courses.iter().map(geometry::course);
    let planar = layer.atlas.coordinates == Coordinates::Planar;
    properties::collection(layer.name, planar, courses.zip(flow_properties(*layer)))
}

/// Returns what is said about every link, in link order.
pub(crate) fn flow_properties(layer: FlowLayer<'_>) -> impl Iterator<Item = Map<String, Value>> + '_ {
    let drawn = layer.look.map_or(&[][..], |_| &DRAWN);
    let grouped = layer.look.and_then(|look| group(look, None)).map(|_| "group");
    let doubted = layer.look.and_then(|look| look.uncertain.as_ref()).map(|_| "uncertain");
    let own: Vec<&str> = OWN.iter().chain(drawn).copied().chain(grouped).chain(doubted).collect();
    let columns = properties::source_columns(&layer.table.attributes, &own, |column| repeats(column, &layer));
    layer.graph.links().enumerate().map(move |(k, (origin, destination, link))| {
        let mut properties = own_properties(&layer, (origin, destination), link);
        properties.extend(layer.look.into_iter().flat_map(|look| lengths(look, k)));
        properties.extend(layer.look.and_then(|look| group(look, look.lines[k].group)));
        let uncertain = layer.look.is_some_and(|look| look.lines[k].uncertain);
        properties.extend(doubted.map(|name| (name.to_owned(), Value::Bool(uncertain))));
        properties.extend(columns.iter().map(|c| (c.name.clone(), properties::cell(agreed(c.column, &link.rows)))));
        properties
    })
}

/// Returns the group that gives a flow or a place its colour; nothing where colour tells no groups.
pub(crate) fn group(look: &Look, group: Option<usize>) -> Option<(String, Value)> {
    let told = matches!(look.colors, FlowColors::Groups(_));
    told.then(|| ("group".to_owned(), look.colors.group(group).map_or(Value::Null, Value::from)))
}

/// Returns where a line begins and ends on paper, in millimetres.
fn lengths(look: &Look, k: usize) -> [(String, Value); 3] {
    let line = look.lines[k];
    let mm = |points: f64| number::json((Mm::from_pt(points).0 * 1e3).round() / 1e3);
    let [start, end, length] = DRAWN.map(str::to_owned);
    [(start, mm(line.start)), (end, mm(line.end)), (length, mm(line.length))]
}

fn own_properties(layer: &FlowLayer, ends: (PlaceIndex, PlaceIndex), link: &Link) -> Map<String, Value> {
    let (origin, destination) = (layer.atlas.place(ends.0), layer.atlas.place(ends.1));
    let values = [
        Value::from(origin.id.as_str()),
        Value::from(destination.id.as_str()),
        Value::from(origin.name.as_str()),
        Value::from(destination.name.as_str()),
        number::json_or_null(link.weight),
        link.kind.as_deref().map_or(Value::Null, Value::from),
        agreed_time(layer.table, &link.rows).map_or(Value::Null, |time| Value::from(time.as_ref())),
        Value::from(link.rows.len()),
    ];
    OWN.iter().map(|name| name.to_string()).zip(values).collect()
}

/// Returns the value that all rows share, or a missing one where they differ.
pub(crate) fn agreed<'a>(column: &'a Column, rows: &[u32]) -> &'a table::Value {
    let mut values = rows.iter().map(|&row| &column.values[row as usize]);
    let first = values.next().unwrap_or(&table::Value::Missing);
    if values.all(|v| v == first) { first } else { &table::Value::Missing }
}

pub(crate) fn agreed_time<'a>(table: &'a FlowTable, rows: &[u32]) -> Option<&'a Arc<str>> {
    let mut times = rows.iter().map(|&row| table.flows[row as usize].time.as_ref());
    let first = times.next().flatten();
    if times.all(|t| t == first) { first } else { None }
}

/// Returns the names of the columns that the flows themselves were read from.
pub(crate) fn repeated<'a>(layer: &FlowLayer<'a>) -> Vec<&'a str> {
    let columns = layer.table.attributes.columns().iter();
    columns.filter(|column| repeats(column, layer)).map(|column| column.name.as_str()).collect()
}

/// Says whether a column is one of those that the flow itself was read from.
///
/// Ends and weight are recognised under any name: a column `count` beside a property `weight` would be taken for the
/// weight by whoever reads the layer, and is empty where rows were merged. Other columns are recognised by name.
fn repeats(column: &Column, layer: &FlowLayer) -> bool {
    let rows = || column.values.iter().zip(&layer.table.flows);
    let place = |index: PlaceIndex| layer.atlas.place(index);
    let same = |value: &table::Value, kept: &Option<Arc<str>>| value.reads(kept.as_deref().unwrap_or_default());
    match column.name.as_str() {
        "origin_name" => rows().all(|(value, flow)| value.reads(&place(flow.origin).name)),
        "dest_name" => rows().all(|(value, flow)| value.reads(&place(flow.destination).name)),
        "kind" => rows().all(|(value, flow)| same(value, &flow.kind)),
        "time" => rows().all(|(value, flow)| same(value, &flow.time)),
        _ => {
            rows().all(|(value, flow)| value.reads(&place(flow.origin).id))
                || rows().all(|(value, flow)| value.reads(&place(flow.destination).id))
                || repeats_weight(column, layer)
        }
    }
}

/// A column of words beside flows without any weight says nothing about weights.
fn repeats_weight(column: &Column, layer: &FlowLayer) -> bool {
    let mut rows = column.values.iter().zip(&layer.table.flows);
    layer.table.flows.iter().any(|flow| flow.weight.is_some())
        && rows.all(|(value, flow)| match flow.weight {
            Some(weight) => number_in(value) == Some(weight),
            None => number_in(value).is_none(),
        })
}

/// Numbers of CSV files may have been kept as text.
fn number_in(value: &table::Value) -> Option<f64> {
    match value {
        table::Value::Text(text) => text.trim().parse().ok(),
        other => other.as_number(),
    }
}
