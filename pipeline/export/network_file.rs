//! A network with all its attributes, as it is handed to programs for graphs.
//!
//! Nodes are the places, by their ids; edges are the links, directed, parallel where there are kinds. Flows from a place to
//! itself are no edges, because the metrics leave them out: they stand in `self_flows` and `self_total` of the place.
//! A rank is no weight: edges of ordinal networks have a `rank` instead, and every one counts alike.

use std::collections::BTreeMap;

use flowatlas_model::{Atlas, Coordinates, FlowTable, OdGraph, Place, WeightKind};
use serde_json::{Map, Value};

use crate::{
    FlowLayer, MetricsSheet, PlaceLayer, flows::flow_properties, number, places::place_properties, properties,
};

/// A network to be written.
#[derive(Debug, Clone, Copy)]
pub struct NetworkFile<'a> {
    /// The places, the graph and its metrics.
    pub sheet: MetricsSheet<'a>,
    /// The rows that were merged into links.
    pub table: &'a FlowTable,
}

impl NetworkFile<'_> {
    /// Returns what the numbers are about, with their conventions.
    pub(crate) fn description(&self) -> String {
        let title =
            std::iter::once(self.sheet.title).filter(|title| !title.is_empty()).map(|title| format!("{title}."));
        let conventions = self.sheet.metrics.conventions.iter().cloned();
        title.chain(conventions).collect::<Vec<_>>().join(" ")
    }
}

/// Returns how many links of a measured network have no weight.
pub fn unknown_weights(graph: &OdGraph) -> usize {
    let unknown = graph.graph.edge_weights().filter(|link| link.weight.is_none());
    if graph.weights == WeightKind::Measured { unknown.count() } else { 0 }
}

/// What a program can do with the values of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Boolean,
    Long,
    Double,
    Text,
}

impl Kind {
    /// Returns its name in GraphML and GEXF.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Boolean => "boolean",
            Kind::Long => "long",
            Kind::Double => "double",
            Kind::Text => "string",
        }
    }

    fn of(value: &Value) -> Kind {
        match value {
            Value::Bool(_) => Kind::Boolean,
            Value::Number(number) if number.is_i64() => Kind::Long,
            Value::Number(_) => Kind::Double,
            _ => Kind::Text,
        }
    }

    /// Returns what holds values of both.
    fn and(self, other: Kind) -> Kind {
        match (self, other) {
            (a, b) if a == b => a,
            (Kind::Long, Kind::Double) | (Kind::Double, Kind::Long) => Kind::Double,
            _ => Kind::Text,
        }
    }
}

/// An attribute of nodes or of edges.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    /// Its name.
    pub(crate) name: String,
    /// What its values are.
    pub(crate) kind: Kind,
}

/// Nodes or edges: their attributes, and what each has of them. What is missing is left out.
#[derive(Debug)]
pub(crate) struct Items {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) rows: Vec<Map<String, Value>>,
}

impl Items {
    fn of(rows: Vec<Map<String, Value>>) -> Items {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, value) in rows.iter().flatten().filter(|(_, value)| !value.is_null()) {
            let kind = Kind::of(value);
            let at = *known.entry(name).or_insert_with(|| {
                attributes.push(Attribute { name: name.clone(), kind });
                attributes.len() - 1
            });
            attributes[at].kind = attributes[at].kind.and(kind);
        }
        Items { attributes, rows }
    }

    /// Returns the attributes, each with the id that stands for it and the text of its value in a row that has one.
    pub(crate) fn present<'a>(
        &'a self,
        row: &'a Map<String, Value>,
    ) -> impl Iterator<Item = (usize, &'a Attribute, String)> + 'a {
        let value = |attribute: &Attribute| row.get(&attribute.name).filter(|value| !value.is_null()).map(text);
        self.attributes.iter().enumerate().filter_map(move |(id, a)| Some((id, a, value(a)?)))
    }
}

/// Returns a value as it stands in a file.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the places: `id`, `name`, metrics, where they are, and the columns of the source.
pub(crate) fn nodes(file: &NetworkFile) -> Items {
    let MetricsSheet { atlas, graph, metrics, .. } = file.sheet;
    let rows = place_properties(PlaceLayer { name: "", atlas, graph, metrics, look: None }).zip(&atlas.places);
    Items::of(rows.map(|(row, place)| located(row, atlas, place)).collect())
}

fn located(mut row: Map<String, Value>, atlas: &Atlas, place: &Place) -> Map<String, Value> {
    let names = match atlas.coordinates {
        Coordinates::Planar => ["x", "y"],
        Coordinates::Geographic => ["lon", "lat"],
    };
    for (name, value) in names.into_iter().zip([place.at.x, place.at.y]) {
        put(&mut row, name, number::json(value));
    }
    row
}

/// Returns the links: `origin`, `dest`, `weight` or `rank`, `kind`, `time`, `rows`, metrics, and the columns of the source; where weights
/// are unknown also `weight_known`.
pub(crate) fn edges(file: &NetworkFile) -> Items {
    let MetricsSheet { atlas, graph, metrics, .. } = file.sheet;
    let some_unknown = unknown_weights(graph) > 0;
    let layer = FlowLayer { name: "", atlas, table: file.table, graph, courses: &[], look: None };
    let measured = |(link, mut row): (usize, Map<String, Value>)| {
        // Names stand at the nodes.
        row.retain(|name, _| !matches!(name.as_str(), "origin_name" | "dest_name"));
        if graph.weights == WeightKind::Ordinal {
            let rank = row.shift_remove("weight").unwrap_or(Value::Null);
            put(&mut row, "rank", rank);
        }
        if some_unknown {
            let is_known = row.get("weight").is_some_and(|weight| !weight.is_null());
            put(&mut row, "weight_known", Value::Bool(is_known));
        }
        for metric in &metrics.flows {
            put(&mut row, metric.info.id, number::json_or_null(metric.values[link]));
        }
        row
    };
    Items::of(flow_properties(layer).enumerate().map(measured).collect())
}

/// Sets a property of the product's own; what the source says under its name is kept under another, unless it is the same.
fn put(row: &mut Map<String, Value>, name: &str, value: Value) {
    let written = text(&value);
    let Some(source) = row.insert(name.to_owned(), value) else { return };
    if text(&source) != written {
        row.insert(properties::free_name(name, &row.keys().cloned().collect::<Vec<_>>()), source);
    }
}

/// Returns text as it may stand in XML, between quotes too. Characters that XML cannot hold become U+FFFD.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push_str(&format!("&#{};", u32::from(c))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(c),
        }
    }
    safe
}
