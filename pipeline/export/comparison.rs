//! Networks side by side as long tables, one number per row, and as JSON.

use std::borrow::Cow;

use flowatlas_model::{MetricInfo, NetworkMetric, comparison::Comparison};
use serde_json::{Map, Value, json};

use crate::{
    metrics::{pretty, table},
    number,
    parquet::{Cells, Column, bytes},
};

/// A table of a comparison with its description.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonTable {
    /// What it holds: `networks`, `places`, `flows` or `overlap`.
    pub name: &'static str,
    /// Its cells as texts, row by row; empty where undefined.
    rows: Vec<Vec<String>>,
    /// What each column means.
    columns: &'static [ColumnInfo],
    /// The metrics that occur in it.
    metrics: Vec<MetricInfo>,
}

/// Name, title, CSVW datatype and meaning of a column.
type ColumnInfo = (&'static str, &'static str, &'static str, &'static str);

const NETWORK: ColumnInfo = ("network", "Network", "string", "The name of the network: a period, a kind or a study");
const METRIC: ColumnInfo = ("metric", "Metric", "string", "The metric; its definition is in the notes");
const VALUE: ColumnInfo = ("value", "Value", "number", "The value; empty where it is undefined");
const UNIT: ColumnInfo = ("unit", "Unit", "string", "The unit of the value; 1 for a plain number");
const CHANGE: ColumnInfo = (
    "change",
    "Change",
    "number",
    "The value less that of the network before; empty for the first network, for amounts of different units and where either value is undefined",
);
const NETWORK_COLUMNS: &[ColumnInfo] = &[METRIC, NETWORK, VALUE, UNIT, CHANGE];
const PLACE_COLUMNS: &[ColumnInfo] = &[
    METRIC,
    ("id", "Place", "string", "The identifier of the place"),
    ("name", "Name", "string", "The name of the place"),
    NETWORK,
    VALUE,
    UNIT,
    CHANGE,
    (
        "rank",
        "Rank",
        "number",
        "The rank of the value among the places of the network, 1 for the largest; equal values share the better rank",
    ),
    (
        "rank_change",
        "Change of rank",
        "number",
        "The rank in the network before less the rank here, both counted among the places that have a value in both networks: positive where the place rose",
    ),
];
const FLOW_COLUMNS: &[ColumnInfo] = &[
    ("origin", "Origin", "string", "The identifier of the place where the flow starts"),
    ("dest", "Destination", "string", "The identifier of the place where it ends"),
    NETWORK,
    (
        "value",
        "Weight",
        "number",
        "The weight, kinds together: 0 where the network has both places but no flow, empty where it lacks one of them or does not say how much, and for ranks",
    ),
    UNIT,
    CHANGE,
];
const OVERLAP_COLUMNS: &[ColumnInfo] =
    &[("before", "Network before", "string", "The network that is compared"), NETWORK, METRIC, VALUE, UNIT];

/// Returns the four tables of a comparison: of networks, places, flows, and of what networks share.
pub fn comparison_tables(comparison: &Comparison) -> [ComparisonTable; 4] {
    let infos = |infos: &mut dyn Iterator<Item = &MetricInfo>| infos.cloned().collect();
    [
        ComparisonTable {
            name: "networks",
            rows: networks(comparison).collect(),
            columns: NETWORK_COLUMNS,
            metrics: infos(&mut comparison.network_metrics.iter().map(|m| &m.info)),
        },
        ComparisonTable {
            name: "places",
            rows: places(comparison).collect(),
            columns: PLACE_COLUMNS,
            metrics: infos(&mut comparison.place_metrics.iter().map(|m| &m.info)),
        },
        ComparisonTable {
            name: "flows",
            rows: flows(comparison).collect(),
            columns: FLOW_COLUMNS,
            metrics: Vec::new(),
        },
        ComparisonTable {
            name: "overlap",
            rows: overlaps(comparison).collect(),
            columns: OVERLAP_COLUMNS,
            metrics: infos(&mut comparison.overlaps.iter().take(1).flatten().map(|m| &m.info)),
        },
    ]
}

impl ComparisonTable {
    /// Returns the name of its file without extension: that of the comparison for networks, with the name of the table added
    /// for the others.
    pub fn file_stem(&self, comparison: &str) -> String {
        match self.name {
            "networks" => comparison.to_owned(),
            other => format!("{comparison}-{other}"),
        }
    }

    /// Returns the table as CSV with a header.
    pub fn csv(&self) -> Vec<u8> {
        let header = self.columns.iter().map(|column| column.0.to_owned()).collect();
        table(std::iter::once(header).chain(self.rows.iter().cloned()))
    }

    /// Returns the table as Parquet, with what each metric is at the foot. An empty cell is a missing one.
    pub fn parquet(&self) -> Vec<u8> {
        let columns: Vec<Column> = (0..self.columns.len()).map(|column| self.column(column)).collect();
        let definitions = Value::from(self.metrics.iter().map(definition).collect::<Vec<_>>());
        bytes(&columns, &[("flowatlas", definitions.to_string())])
    }

    fn column(&self, column: usize) -> Column<'_> {
        let (name, _, datatype, _) = self.columns[column];
        let cells = self.rows.iter().map(|row| row[column].as_str());
        let cells = match datatype {
            "number" => Cells::Real(cells.map(|cell| cell.parse().ok()).collect()),
            _ => Cells::Text(cells.map(|cell| (!cell.is_empty()).then_some(Cow::Borrowed(cell))).collect()),
        };
        Column { name, cells }
    }
}

/// Returns the CSVW description of a table of a comparison; `url` is the file name of the table.
pub fn comparison_csvw(comparison: &Comparison, table: &ComparisonTable, url: &str) -> Vec<u8> {
    let column = |&(name, title, datatype, meaning): &ColumnInfo| json!({"name": name, "titles": [name, title], "datatype": datatype, "null": "", "dc:description": meaning});
    pretty(&json!({
        "@context": ["http://www.w3.org/ns/csvw", {"language": "en"}],
        "url": url,
        "dc:title": title(comparison),
        "dc:description": comparison.conventions.join(" "),
        "dialect": {"header": true, "delimiter": ",", "encoding": "utf-8"},
        "tableSchema": {"columns": table.columns.iter().map(column).collect::<Vec<_>>()},
        "notes": table.metrics.iter().map(definition).collect::<Vec<_>>(),
    }))
}

/// Returns the whole comparison as JSON; values and changes stand in the order of the networks.
pub fn comparison_json(comparison: &Comparison) -> Vec<u8> {
    let networks = comparison.networks.iter();
    pretty(&json!({
        "title": title(comparison),
        "networks": networks.map(|n| json!({"label": n.label, "unit": n.unit})).collect::<Vec<_>>(),
        "conventions": comparison.conventions,
        "network": comparison.network_metrics.iter().map(|m| with(definition(&m.info), series(comparison, &m.info, &m.values))).collect::<Vec<_>>(),
        "overlap": comparison.overlaps.iter().enumerate().map(|(k, shared)| overlap_json(comparison, k, shared)).collect::<Vec<_>>(),
        "place_metrics": comparison.place_metrics.iter().map(|m| definition(&m.info)).collect::<Vec<_>>(),
        "places": (0..comparison.places.len()).map(|place| place_json(comparison, place)).collect::<Vec<_>>(),
        "flows": comparison.flows.iter().map(|flow| json!({
            "origin": comparison.places[flow.origin].id, "dest": comparison.places[flow.destination].id,
            "values": numbers(&flow.weights),
        })).collect::<Vec<_>>(),
    }))
}

fn title(comparison: &Comparison) -> String {
    let labels: Vec<&str> = comparison.networks.iter().map(|n| n.label.as_str()).collect();
    format!("Comparison of {}", labels.join(", "))
}

fn definition(info: &MetricInfo) -> Value {
    json!({"metric": info.id, "title": info.title, "unit": info.unit, "formula": info.formula, "source": info.source})
}

fn with(mut value: Value, more: Map<String, Value>) -> Value {
    value.as_object_mut().expect("definitions are objects").extend(more);
    value
}

fn numbers(values: &[Option<f64>]) -> Vec<Value> {
    values.iter().map(|v| number::json_or_null(*v)).collect()
}

fn series(comparison: &Comparison, info: &MetricInfo, values: &[Option<f64>]) -> Map<String, Value> {
    let changes: Vec<_> = (0..values.len()).map(|k| comparison.change(info, values, k)).collect();
    let [values, changes] = [values, &changes].map(|v| Value::from(numbers(v)));
    [("values".to_owned(), values), ("changes".to_owned(), changes)].into_iter().collect()
}

fn overlap_json(comparison: &Comparison, before: usize, shared: &[NetworkMetric]) -> Value {
    let labels = (&comparison.networks[before].label, &comparison.networks[before + 1].label);
    let one = |m: &NetworkMetric| {
        with(definition(&m.info), Map::from_iter([("value".to_owned(), number::json_or_null(m.value))]))
    };
    json!({"before": labels.0, "network": labels.1, "metrics": shared.iter().map(one).collect::<Vec<_>>()})
}

fn place_json(comparison: &Comparison, place: usize) -> Value {
    let mut entry = Map::new();
    entry.insert("id".into(), Value::from(comparison.places[place].id.as_str()));
    entry.insert("name".into(), Value::from(comparison.places[place].name.as_str()));
    for metric in &comparison.place_metrics {
        let [values, ranks, rank_changes] = [&metric.values, &metric.ranks, &metric.rank_changes]
            .map(|all| all.iter().map(|v| v[place]).collect::<Vec<_>>());
        let mut told = series(comparison, &metric.info, &values);
        told.insert("ranks".into(), Value::from(numbers(&ranks)));
        told.insert("rank_changes".into(), Value::from(numbers(&rank_changes)));
        entry.insert(metric.info.id.into(), Value::Object(told));
    }
    Value::Object(entry)
}

/// Returns the unit of a metric in the words of the network.
fn unit(comparison: &Comparison, info: &MetricInfo, network: usize) -> String {
    match (info.unit, comparison.networks[network].unit.as_str()) {
        ("weight", unit) if !unit.is_empty() => unit.to_owned(),
        (unit, _) => unit.to_owned(),
    }
}

fn networks(comparison: &Comparison) -> impl Iterator<Item = Vec<String>> {
    comparison.network_metrics.iter().flat_map(move |metric| {
        comparison.networks.iter().enumerate().map(move |(k, network)| {
            let change = comparison.change(&metric.info, &metric.values, k);
            let unit = unit(comparison, &metric.info, k);
            vec![
                metric.info.id.to_owned(),
                network.label.clone(),
                number::cell(metric.values[k]),
                unit,
                number::cell(change),
            ]
        })
    })
}

fn places(comparison: &Comparison) -> impl Iterator<Item = Vec<String>> {
    let rows = move |metric: usize, place: usize| {
        let series = &comparison.place_metrics[metric];
        let values: Vec<_> = series.values.iter().map(|v| v[place]).collect();
        comparison.networks.iter().enumerate().map(move |(k, network)| {
            vec![
                series.info.id.to_owned(),
                comparison.places[place].id.clone(),
                comparison.places[place].name.clone(),
                network.label.clone(),
                number::cell(values[k]),
                unit(comparison, &series.info, k),
                number::cell(comparison.change(&series.info, &values, k)),
                number::cell(series.ranks[k][place]),
                number::cell(series.rank_changes[k][place]),
            ]
        })
    };
    (0..comparison.place_metrics.len())
        .flat_map(move |metric| (0..comparison.places.len()).flat_map(move |place| rows(metric, place)))
}

fn flows(comparison: &Comparison) -> impl Iterator<Item = Vec<String>> {
    comparison.flows.iter().flat_map(move |flow| {
        comparison.networks.iter().enumerate().map(move |(k, network)| {
            let change = k.checked_sub(1).filter(|&before| comparison.same_unit(before, k));
            let change = change.and_then(|before| Some(flow.weights[k]? - flow.weights[before]?));
            vec![
                comparison.places[flow.origin].id.clone(),
                comparison.places[flow.destination].id.clone(),
                network.label.clone(),
                number::cell(flow.weights[k]),
                network.unit.clone(),
                number::cell(change),
            ]
        })
    })
}

fn overlaps(comparison: &Comparison) -> impl Iterator<Item = Vec<String>> {
    comparison.overlaps.iter().enumerate().flat_map(move |(k, shared)| {
        let (before, after) = (&comparison.networks[k].label, &comparison.networks[k + 1].label);
        shared.iter().map(move |metric| {
            let info = &metric.info;
            vec![before.clone(), after.clone(), info.id.to_owned(), number::cell(metric.value), info.unit.to_owned()]
        })
    })
}
