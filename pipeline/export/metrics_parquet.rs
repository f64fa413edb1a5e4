//! Metrics as Parquet: the tables of the CSV files, with the definitions at the foot of each file.

use std::borrow::Cow;

use flowatlas_model::MetricInfo;
use serde_json::Value;

use crate::{
    metrics::{MetricsSheet, definition},
    parquet::{Cells, Column, bytes},
};

/// The name under which the definitions stand at the foot of a file.
const DEFINITIONS: &str = "flowatlas";

/// Returns one row per place: `id`, `name`, then one column per metric. Undefined is a missing cell.
pub fn places_parquet(sheet: &MetricsSheet) -> Vec<u8> {
    let places = || sheet.atlas.places.iter();
    let mut columns =
        vec![text("id", places().map(|p| Some(p.id.as_str()))), text("name", places().map(|p| Some(p.name.as_str())))];
    columns.extend(sheet.metrics.places.iter().map(|m| real(m.info.id, &m.values)));
    let infos: Vec<_> = sheet.metrics.places.iter().map(|m| &m.info).collect();
    bytes(&columns, &[(DEFINITIONS, definitions(sheet, &infos))])
}

/// Returns one row per metric of the whole network: `metric`, `value`, `unit`. Undefined is a missing cell.
pub fn network_parquet(sheet: &MetricsSheet) -> Vec<u8> {
    let metrics = || sheet.metrics.network.iter();
    let values: Vec<Option<f64>> = metrics().map(|m| m.value).collect();
    let columns = [
        text("metric", metrics().map(|m| Some(m.info.id))),
        real("value", &values),
        text("unit", metrics().map(|m| Some(sheet.unit_of(&m.info)))),
    ];
    let infos: Vec<_> = metrics().map(|m| &m.info).collect();
    bytes(&columns, &[(DEFINITIONS, definitions(sheet, &infos))])
}

/// Returns one row per link, in link order: `origin`, `dest`, `kind`, `weight`, then one column per metric. Unknown and
/// undefined is a missing cell.
pub fn flow_metrics_parquet(sheet: &MetricsSheet) -> Vec<u8> {
    let links = || sheet.graph.links();
    let weights: Vec<Option<f64>> = links().map(|(.., link)| link.weight).collect();
    let mut columns = vec![
        text("origin", links().map(|(origin, ..)| Some(sheet.atlas.place(origin).id.as_str()))),
        text("dest", links().map(|(_, destination, _)| Some(sheet.atlas.place(destination).id.as_str()))),
        text("kind", links().map(|(.., link)| link.kind.as_deref())),
        real("weight", &weights),
    ];
    columns.extend(sheet.metrics.flows.iter().map(|m| real(m.info.id, &m.values)));
    let infos: Vec<_> = sheet.metrics.flows.iter().map(|m| &m.info).collect();
    bytes(&columns, &[(DEFINITIONS, definitions(sheet, &infos))])
}

fn text<'a>(name: &'a str, cells: impl Iterator<Item = Option<&'a str>>) -> Column<'a> {
    Column { name, cells: Cells::Text(cells.map(|cell| cell.map(Cow::Borrowed)).collect()) }
}

fn real<'a>(name: &'a str, cells: &'a [Option<f64>]) -> Column<'a> {
    Column { name, cells: Cells::Real(Cow::Borrowed(cells)) }
}

/// Returns title, unit, conventions and what each metric is, as JSON.
fn definitions(sheet: &MetricsSheet, metrics: &[&MetricInfo]) -> String {
    let metrics = metrics.iter().map(|info| Value::Object(definition(sheet, info))).collect::<Vec<_>>();
    let facts = serde_json::json!({
        "title": sheet.title, "weights": sheet.weights(), "unit": sheet.unit,
        "conventions": sheet.metrics.conventions, "metrics": metrics,
    });
    facts.to_string()
}
