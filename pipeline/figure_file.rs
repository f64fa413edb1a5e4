//! `[[figure]]` and `[tables.NAME]` as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DataTable {
    pub(crate) file: Spanned<String>,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FigureTable {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) subtitle: String,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    pub(crate) cite: Vec<Spanned<String>>,
    pub(crate) style: Option<Spanned<String>>,
    pub(crate) width_mm: Option<Spanned<f64>>,
    pub(crate) dpi: Option<Spanned<f64>>,
    pub(crate) columns: Option<Spanned<usize>>,
    #[serde(default)]
    pub(crate) scales: ScalesWord,
    pub(crate) flow_width_mm: Option<Spanned<f64>>,
    #[serde(default)]
    pub(crate) panel: Vec<Spanned<PanelTable>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ScalesWord {
    #[default]
    Own,
    Locked,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PanelTable {
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) span: Option<Spanned<usize>>,
    pub(crate) height_mm: Option<Spanned<f64>>,
    pub(crate) map: Option<Spanned<String>>,
    pub(crate) table: Option<Spanned<String>>,
    pub(crate) bars: Option<Spanned<Vec<String>>>,
    pub(crate) balance: Option<Spanned<String>>,
    pub(crate) flows: Option<Spanned<usize>>,
    pub(crate) indicators: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(crate) names: Vec<String>,
    #[serde(default)]
    pub(crate) unit: String,
    pub(crate) top: Option<Spanned<usize>>,
    pub(crate) decimals: Option<usize>,
    #[serde(default)]
    pub(crate) highlight: Vec<String>,
    #[serde(default)]
    pub(crate) row: Vec<Spanned<RowTable>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowTable {
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) unit: String,
    pub(crate) decimals: Option<usize>,
    pub(crate) metric: Option<Spanned<String>>,
    pub(crate) sum: Option<String>,
    pub(crate) filter: Option<Spanned<BTreeMap<String, Spanned<Value>>>>,
    pub(crate) of: Option<String>,
    pub(crate) of_filter: Option<Spanned<BTreeMap<String, Spanned<Value>>>>,
    pub(crate) largest: Option<Spanned<usize>>,
    pub(crate) largest_share: Option<Spanned<usize>>,
    pub(crate) values: Option<Vec<f64>>,
    pub(crate) cite: Option<Spanned<String>>,
}
