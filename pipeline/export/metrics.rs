//! Metrics as plain tables and as JSON with everything needed to cite them inside.

use flowatlas_model::{Atlas, Coordinates, Link, MetricInfo, MetricTable, OdGraph, PlaceIndex, WeightKind};
use serde_json::{Map, Value, json};

use crate::number;

/// Metrics with what a reader needs to understand them.
#[derive(Debug, Clone, Copy)]
pub struct MetricsSheet<'a> {
    /// What the numbers are about: the title of the map or of the files.
    pub title: &'a str,
    /// Unit of the weights, plural (`persons`); empty where unknown.
    pub unit: &'a str,
    /// The places, for their ids and names.
    pub atlas: &'a Atlas,
    /// The graph that was measured.
    pub graph: &'a OdGraph,
    /// The metrics of that graph.
    pub metrics: &'a MetricTable,
}

impl MetricsSheet<'_> {
    /// Returns the unit of a metric in the words of the data.
    pub(crate) fn unit_of<'b>(&'b self, info: &'b MetricInfo) -> &'b str {
        match info.unit {
            "weight" if !self.unit.is_empty() => self.unit,
            "km" if self.atlas.coordinates == Coordinates::Planar => "planar units",
            unit => unit,
        }
    }

    /// Returns what the weights are, as the outputs spell it.
    pub(crate) fn weights(&self) -> &'static str {
        match self.graph.weights {
            WeightKind::Measured => "measured",
            WeightKind::Ordinal => "ordinal",
        }
    }
}

/// Returns one row per place: `id`, `name`, then one column per metric. Undefined is an empty cell.
pub fn places_csv(sheet: &MetricsSheet) -> Vec<u8> {
    let metrics = &sheet.metrics.places;
    let mut table = CsvTable::new();
    table.row(["id", "name"].into_iter().chain(metrics.iter().map(|m| m.info.id)));
    for (row, place) in sheet.atlas.places.iter().enumerate() {
        table.text(&place.id);
        table.text(&place.name);
        metrics.iter().for_each(|m| table.number(m.values[row]));
        table.end_row();
    }
    table.into_bytes()
}

/// Returns one row per metric of the whole network: `metric`, `value`, `unit`. Undefined is an empty cell.
pub fn network_csv(sheet: &MetricsSheet) -> Vec<u8> {
    let header = ["metric", "value", "unit"].map(String::from).to_vec();
    let rows = sheet
        .metrics
        .network
        .iter()
        .map(|m| vec![m.info.id.to_string(), number::cell(m.value), sheet.unit_of(&m.info).to_string()]);
    table(std::iter::once(header).chain(rows))
}

/// Returns one row per link, in link order: `origin`, `dest`, `kind`, `weight`, then one column per metric. Unknown and undefined
/// is an empty cell.
pub fn flow_metrics_csv(sheet: &MetricsSheet) -> Vec<u8> {
    let metrics = &sheet.metrics.flows;
    let own = ["origin", "dest", "kind", "weight"].into_iter();
    let mut table = CsvTable::new();
    table.row(own.chain(metrics.iter().map(|m| m.info.id)));
    for (row, (origin, destination, link)) in sheet.graph.links().enumerate() {
        table.text(&sheet.atlas.place(origin).id);
        table.text(&sheet.atlas.place(destination).id);
        table.text(link.kind.as_deref().unwrap_or_default());
        table.number(link.weight);
        metrics.iter().for_each(|m| table.number(m.values[row]));
        table.end_row();
    }
    table.into_bytes()
}

/// A table as CSV that is written cell by cell.
struct CsvTable {
    writer: csv::Writer<Vec<u8>>,
    /// Where numbers become text.
    cell: String,
}

impl CsvTable {
    fn new() -> CsvTable {
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        CsvTable { writer, cell: String::new() }
    }

    fn row<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        texts.into_iter().for_each(|text| self.text(text.as_ref()));
        self.end_row();
    }

    fn text(&mut self, text: &str) {
        self.writer.write_field(text).expect("written to memory");
    }

    /// Adds a number; undefined is an empty cell.
    fn number(&mut self, value: Option<f64>) {
        self.cell.clear();
        number::append_cell(&mut self.cell, value);
        self.writer.write_field(&self.cell).expect("written to memory");
    }

    fn end_row(&mut self) {
        self.writer.write_record(None::<&[u8]>).expect("rows of equal length, written to memory");
    }

    fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("memory can always be flushed")
    }
}

/// Returns rows of texts as CSV; the first one is the header.
pub(crate) fn table(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut table = CsvTable::new();
    rows.for_each(|row| table.row(row));
    table.into_bytes()
}

/// Returns all metrics as JSON: title, unit, conventions, the definition of each metric, and the values.
pub fn metrics_json(sheet: &MetricsSheet) -> Vec<u8> {
    let mut value = json!({
        "title": sheet.title,
        "weights": sheet.weights(),
        "unit": sheet.unit,
        "conventions": sheet.metrics.conventions,
        "network": sheet.metrics.network.iter().map(|m| {
            let mut entry = definition(sheet, &m.info);
            entry.insert("value".into(), number::json_or_null(m.value));
            Value::Object(entry)
        }).collect::<Vec<_>>(),
        "place_metrics": sheet.metrics.places.iter().map(|m| Value::Object(definition(sheet, &m.info))).collect::<Vec<_>>(),
        "places": (0..sheet.atlas.places.len()).map(|row| place(sheet, row)).collect::<Vec<_>>(),
    });
    if !sheet.metrics.flows.is_empty() {
        let definitions = sheet.metrics.flows.iter().map(|m| Value::Object(definition(sheet, &m.info)));
        value["flow_metrics"] = definitions.collect();
        value["flows"] = flows(sheet);
    }
    pretty(&value)
}

pub(crate) fn definition(sheet: &MetricsSheet, info: &MetricInfo) -> Map<String, Value> {
    let facts = [
        ("id", info.id),
        ("title", info.title),
        ("unit", sheet.unit_of(info)),
        ("formula", info.formula),
        ("source", info.source),
    ];
    facts.into_iter().map(|(key, text)| (key.to_string(), Value::from(text))).collect()
}

fn place(sheet: &MetricsSheet, row: usize) -> Value {
    let place = &sheet.atlas.places[row];
    let mut entry = Map::new();
    entry.insert("id".into(), Value::from(place.id.as_str()));
    entry.insert("name".into(), Value::from(place.name.as_str()));
    for metric in &sheet.metrics.places {
        entry.insert(metric.info.id.into(), number::json_or_null(metric.values[row]));
    }
    Value::Object(entry)
}

fn flows(sheet: &MetricsSheet) -> Value {
    let flow = |(row, (origin, destination, link)): (usize, (PlaceIndex, PlaceIndex, &Link))| {
        let mut entry = Map::new();
        entry.insert("origin".into(), Value::from(sheet.atlas.place(origin).id.as_str()));
        entry.insert("dest".into(), Value::from(sheet.atlas.place(destination).id.as_str()));
        entry.insert("kind".into(), link.kind.as_deref().map_or(Value::Null, Value::from));
        entry.insert("weight".into(), number::json_or_null(link.weight));
        for metric in &sheet.metrics.flows {
            entry.insert(metric.info.id.into(), number::json_or_null(metric.values[row]));
        }
        Value::Object(entry)
    };
    sheet.graph.links().enumerate().map(flow).collect()
}

/// Returns indented JSON that ends in a line break.
pub(crate) fn pretty(value: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("values with text keys, written to memory");
    bytes.push(b'\n');
    bytes
}
