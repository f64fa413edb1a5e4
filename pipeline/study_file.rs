//! `study.toml` and `sources.toml` as they are written: the keys and their types, nothing checked yet.
//!
//! `geodata/README.md` documents every key; it and this file list the same ones.

use std::collections::BTreeMap;

use flowatlas_network::Part;
use serde::{Deserialize, Serialize};
use toml::{Spanned, Value};

use crate::{
    figure_file::{DataTable, FigureTable},
    options::DEFAULT_DPI,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudyFile {
    pub(crate) title: String,
    pub(crate) language: Option<Spanned<String>>,
    pub(crate) base: Option<Vec<Spanned<String>>>,
    pub(crate) sources: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) fonts: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) output: OutputTable,
    #[serde(default)]
    pub(crate) places: BTreeMap<String, PlacesTable>,
    #[serde(default)]
    pub(crate) flows: BTreeMap<String, FlowsTable>,
    #[serde(default)]
    pub(crate) tables: BTreeMap<String, DataTable>,
    #[serde(default)]
    pub(crate) map: Vec<Spanned<MapTable>>,
    #[serde(default)]
    pub(crate) figure: Vec<Spanned<FigureTable>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OutputTable {
    pub(crate) images: Vec<ImageFormat>,
    pub(crate) metrics: Vec<TableFormat>,
    pub(crate) layers: Vec<LayerFormat>,
    pub(crate) dpi: Spanned<f64>,
    pub(crate) measures: Option<Spanned<Vec<String>>>,
    pub(crate) by: Vec<PartWord>,
    pub(crate) distance: Option<Spanned<String>>,
    pub(crate) text: LetteringWord,
    pub(crate) transparent: bool,
    pub(crate) world_files: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PartWord {
    Time,
    Kind,
}

impl From<PartWord> for Part {
    fn from(word: PartWord) -> Part {
        match word {
            PartWord::Time => Part::Time,
            PartWord::Kind => Part::Kind,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LetteringWord {
    #[default]
    Live,
    Outlines,
}

impl Default for OutputTable {
    fn default() -> Self {
        OutputTable {
            images: vec![ImageFormat::Png, ImageFormat::Svg, ImageFormat::Html],
            metrics: vec![TableFormat::Csv, TableFormat::Json],
            layers: LayerFormat::usual(),
            dpi: Spanned::new(0..0, DEFAULT_DPI),
            text: LetteringWord::Live,
            transparent: false,
            world_files: false,
            measures: None,
            by: Vec::new(),
            distance: None,
        }
    }
}

/// A format of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// Pixels, with their resolution recorded in the file.
    Png,
    /// Vectors, with text kept as text.
    Svg,
    /// Vectors on a page for print, with text kept as text and fonts inside.
    Pdf,
    /// A page for the browser, to explore.
    Html,
    /// The map frame as GeoTIFF, in the coordinate system of the map.
    Tif,
    /// The same, cloud-optimised: in tiles, with overviews.
    Cog,
}

/// A format of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    /// Plain tables, with their description beside.
    Csv,
    /// One file with everything inside.
    Json,
    /// Tables of typed columns, with their description inside.
    Parquet,
}

/// A format of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayerFormat {
    /// RFC 7946.
    Geojson,
    /// The network with all attributes, for NetworkX, igraph and other programs for graphs.
    Graphml,
    /// The network with all attributes, for Gephi.
    Gexf,
    /// One GeoPackage a map with all layers, styled, and the QGIS project beside it.
    Gpkg,
    /// FlatGeobuf, one file a layer.
    Fgb,
    /// Shapefiles; names and texts that are too long for them are cut.
    Shp,
    /// KML, one file a layer, in degrees.
    Kml,
    /// Tables with positions, or lines as well-known text.
    Csv,
    /// GeoParquet, one file a layer.
    Parquet,
    /// Styles for GeoServer, one file a layer.
    Sld,
    /// A style for web maps with the layers in it.
    Maplibre,
}

impl LayerFormat {
    /// Returns the formats of a study that asks for none: what this build can write.
    fn usual() -> Vec<Self> {
        if cfg!(feature = "gdal") { vec![LayerFormat::Geojson, LayerFormat::Gpkg] } else { vec![LayerFormat::Geojson] }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlacesTable {
    pub(crate) file: Spanned<String>,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) lon: Option<String>,
    pub(crate) lat: Option<String>,
    pub(crate) x: Option<String>,
    pub(crate) y: Option<String>,
    pub(crate) population: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowsTable {
    pub(crate) file: Spanned<String>,
    pub(crate) origin: Option<String>,
    pub(crate) dest: Option<String>,
    pub(crate) weight: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) tolerance: Option<Spanned<f64>>,
    #[serde(default)]
    pub(crate) weights: Weights,
    pub(crate) measure: String,
    pub(crate) unit: String,
    pub(crate) basis: String,
    pub(crate) period: Option<String>,
    pub(crate) classes: Option<Spanned<Vec<String>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Weights {
    #[default]
    Measured,
    Ordinal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MapTable {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) subtitle: String,
    pub(crate) places: Option<Spanned<String>>,
    pub(crate) second_name: Option<String>,
    pub(crate) flows: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) filter: BTreeMap<String, Spanned<Value>>,
    pub(crate) cluster: Option<Spanned<usize>>,
    pub(crate) cluster_within: Option<Spanned<String>>,
    pub(crate) view: Option<Spanned<String>>,
    pub(crate) top: Option<usize>,
    pub(crate) share: Option<Spanned<f64>>,
    pub(crate) threshold: Option<Spanned<f64>>,
    pub(crate) extent: Option<Spanned<Value>>,
    pub(crate) projection: Option<String>,
    pub(crate) style: Option<Spanned<String>>,
    pub(crate) layout: Option<Spanned<String>>,
    pub(crate) width_mm: Option<Spanned<f64>>,
    pub(crate) height_mm: Option<Spanned<f64>>,
    pub(crate) flow_width_mm: Option<Spanned<f64>>,
    pub(crate) place_radius_mm: Option<Spanned<f64>>,
    #[serde(default)]
    pub(crate) highlight: Vec<String>,
    #[serde(default)]
    pub(crate) subject: Vec<String>,
    #[serde(default)]
    pub(crate) region_labels: Vec<String>,
    #[serde(default)]
    pub(crate) areas: Vec<String>,
    #[serde(default)]
    pub(crate) exits: Vec<String>,
    #[serde(default)]
    pub(crate) kinds: Vec<String>,
    pub(crate) uncertain: Option<UncertainTable>,
    pub(crate) circles: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) values: usize,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    pub(crate) cite: Vec<Spanned<String>>,
    pub(crate) seed: Option<u64>,
    #[serde(default)]
    pub(crate) window: Vec<WindowTable>,
    #[serde(default)]
    pub(crate) magnify: bool,
    pub(crate) locator: Option<LocatorTable>,
    pub(crate) choropleth: Option<Spanned<ChoroplethTable>>,
    #[serde(default)]
    pub(crate) symbols: SymbolsTable,
    #[serde(default)]
    pub(crate) annotation: Vec<AnnotationTable>,
    #[serde(default)]
    pub(crate) course: Vec<CourseTable>,
    #[serde(default)]
    pub(crate) self_flows: SelfFlowsWord,
    pub(crate) layout_seconds: Option<Spanned<f64>>,
    pub(crate) multiples: Option<Spanned<String>>,
    pub(crate) columns: Option<Spanned<usize>>,
    #[serde(default = "yes")]
    pub(crate) page: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SelfFlowsWord {
    #[default]
    Count,
    Rings,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CourseTable {
    pub(crate) origin: String,
    pub(crate) dest: Spanned<String>,
    pub(crate) kind: Option<String>,
    pub(crate) bow: Option<f64>,
    pub(crate) through: Option<[f64; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowTable {
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) extent: Spanned<[f64; 4]>,
    #[serde(rename = "box")]
    pub(crate) place: Option<Spanned<[f64; 4]>>,
    #[serde(default)]
    pub(crate) base: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) region_labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UncertainTable {
    pub(crate) rows: BTreeMap<String, Spanned<Value>>,
    #[serde(default)]
    pub(crate) label: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocatorTable {
    pub(crate) extent: Spanned<[f64; 4]>,
    pub(crate) width_mm: Option<Spanned<f64>>,
}

/// `[map.symbols]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SymbolsTable {
    pub(crate) size: Option<String>,
    #[serde(default)]
    pub(crate) size_title: String,
    pub(crate) color: Option<String>,
    #[serde(default)]
    pub(crate) color_title: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoroplethTable {
    pub(crate) value: String,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) unit: String,
    pub(crate) region: Option<String>,
    pub(crate) method: Option<ClassingWord>,
    pub(crate) classes: Option<Spanned<usize>>,
    pub(crate) breaks: Option<Spanned<Vec<f64>>>,
    #[serde(default)]
    pub(crate) scale: ScaleWord,
    pub(crate) centre: Option<Spanned<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClassingWord {
    Jenks,
    Quantile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ScaleWord {
    #[default]
    Auto,
    Sequential,
    Diverging,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnnotationTable {
    pub(crate) origin: String,
    pub(crate) dest: String,
    pub(crate) kind: Option<String>,
    pub(crate) text: Spanned<String>,
}

/// A source as `sources.toml` describes it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CitedSource {
    /// The title as cited.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// The year as cited.
    #[serde(deserialize_with = "text_or_number")]
    pub year: String,
    /// Where it stands; empty where it is not on the web.
    #[serde(default)]
    pub url: String,
    /// Terms of use.
    pub licence: String,
    /// The short form printed on maps.
    pub cite: String,
    /// Anything a critical reader should know; may be empty.
    #[serde(default)]
    pub note: String,
}

/// A year is often written without quotation marks.
fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Integer(number) => Ok(number.to_string()),
        other => Err(serde::de::Error::custom(format!("expected a year, found a {}", other.type_str()))),
    }
}
