//! Computed numbers with what is needed to cite them.

use serde::Serialize;

/// What a metric is: enough for a column description and a methods note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricInfo {
    /// The column name, for example `in_strength`.
    pub id: &'static str,
    /// A short title for people.
    pub title: &'static str,
    /// The unit: `weight` stands for the unit of the flows, `1` for a plain number.
    pub unit: &'static str,
    /// Formula and conventions in one or two sentences, including what is left empty.
    pub formula: &'static str,
    /// Author, year and place of the definition.
    pub source: &'static str,
}

/// One metric for every place; undefined values are `None`, never 0 or NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceMetric {
    /// What it is.
    pub info: MetricInfo,
    /// One value per place, in atlas order.
    pub values: Vec<Option<f64>>,
}

/// One metric for every flow; undefined values are `None`, never 0 or NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowMetric {
    /// What it is.
    pub info: MetricInfo,
    /// One value per link of the graph, in link order; parallel kinds share the value of their pair of places.
    pub values: Vec<Option<f64>>,
}

/// One metric of the whole network.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkMetric {
    /// What it is.
    pub info: MetricInfo,
    /// The value; `None` where it is undefined.
    pub value: Option<f64>,
}

/// All metrics of one graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricTable {
    /// Per place, in a fixed order.
    pub places: Vec<PlaceMetric>,
    /// Per flow, in a fixed order.
    pub flows: Vec<FlowMetric>,
    /// Of the whole network, in a fixed order.
    pub network: Vec<NetworkMetric>,
    /// The conventions that hold for the whole table, one sentence each (for example the distance transform).
    pub conventions: Vec<String>,
}
