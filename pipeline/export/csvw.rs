//! The description that stands beside a table: W3C "Metadata Vocabulary for Tabular Data" (CSVW, 2015).
//!
//! The file is named after the table with `-metadata.json` added, which is where CSVW readers look for it.
//! `titles` names the header cell first, because readers match headers against titles, then the words for people.

use flowatlas_model::MetricInfo;
use serde_json::{Value, json};

use crate::metrics::{MetricsSheet, pretty};

/// Returns the description of [`crate::places_csv`]; `url` is the file name of the table.
pub fn places_csvw(sheet: &MetricsSheet, url: &str) -> Vec<u8> {
    let mut columns = vec![
        text_column("id", "Place", "The identifier of the place in the source"),
        text_column("name", "Name", "The name of the place"),
    ];
    columns.extend(sheet.metrics.places.iter().map(|m| metric_column(sheet, &m.info)));
    pretty(&description(sheet, url, json!({"columns": columns, "primaryKey": "id"})))
}

/// Returns the description of [`crate::flow_metrics_csv`]; `url` is the file name of the table.
pub fn flow_metrics_csvw(sheet: &MetricsSheet, url: &str) -> Vec<u8> {
    let mut kind = text_column("kind", "Kind", "The kind of movement; empty where the source has none");
    kind["required"] = Value::Bool(false);
    let weight = json!({"name": "weight", "titles": ["weight", "Weight"], "datatype": "number", "null": "",
        "schema:unitText": sheet.unit, "dc:description": "Sum of the merged rows; empty where unknown"});
    let mut columns = vec![
        text_column("origin", "Origin", "The identifier of the place where the flow starts"),
        text_column("dest", "Destination", "The identifier of the place where the flow ends"),
        kind,
        weight,
    ];
    columns.extend(sheet.metrics.flows.iter().map(|m| metric_column(sheet, &m.info)));
    pretty(&description(sheet, url, json!({"columns": columns})))
}

/// Returns the description of [`crate::network_csv`]; `url` is the file name of the table.
///
/// The table is long: one metric per row. What each row means is listed under `notes`.
pub fn network_csvw(sheet: &MetricsSheet, url: &str) -> Vec<u8> {
    let value = json!({"name": "value", "titles": ["value", "Value"], "datatype": "number", "null": "",
        "dc:description": "The value of the metric; empty where it is undefined"});
    let columns = [
        text_column("metric", "Metric", "The metric; its definition is in the notes"),
        value,
        text_column("unit", "Unit", "The unit of the value; 1 for a plain number"),
    ];
    let mut table = description(sheet, url, json!({"columns": columns, "primaryKey": "metric"}));
    table["notes"] = sheet
        .metrics
        .network
        .iter()
        .map(|m| {
            json!({"metric": m.info.id, "title": m.info.title,
        "formula": m.info.formula, "source": m.info.source})
        })
        .collect();
    pretty(&table)
}

fn description(sheet: &MetricsSheet, url: &str, schema: Value) -> Value {
    json!({
        "@context": ["http://www.w3.org/ns/csvw", {"language": "en"}],
        "url": url,
        "dc:title": sheet.title,
        "dc:description": sheet.metrics.conventions.join(" "),
        "dc:subject": format!("{} weights{}", sheet.weights(), unit_words(sheet.unit)),
        "dialect": {"header": true, "delimiter": ",", "encoding": "utf-8"},
        "tableSchema": schema,
    })
}

fn unit_words(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" in {unit}") }
}

fn text_column(name: &str, title: &str, meaning: &str) -> Value {
    json!({"name": name, "titles": [name, title], "datatype": "string", "required": true, "dc:description": meaning})
}

fn metric_column(sheet: &MetricsSheet, info: &MetricInfo) -> Value {
    json!({
        "name": info.id, "titles": [info.id, info.title], "datatype": "number", "null": "",
        "schema:unitText": sheet.unit_of(info), "dc:description": info.formula, "dc:source": info.source,
    })
}
