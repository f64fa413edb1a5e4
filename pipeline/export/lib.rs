//! Writes what was computed and drawn for other programs: GeoJSON layers, tables with their description, the report.
//!
//! Every function takes values and returns bytes; nothing here computes a number, reads a file or knows the time.
//! Same input, same bytes: columns and features come in the order of their sources, numbers are written by one
//! function, undefined is an empty cell or `null`.

mod comparison;
mod csvw;
mod flows;
mod geo_parquet;
mod geometry;
mod gexf;
mod graphml;
mod layer_csv;
mod layer_geojson;
mod map_layers;
mod maplibre;
mod methods;
mod metrics;
mod metrics_parquet;
mod network_file;
mod number;
pub mod parquet;
mod places;
mod properties;
pub mod qgis;
pub mod report;
mod seam;
mod sld;
mod within;
mod world_file;

pub use comparison::{ComparisonTable, comparison_csvw, comparison_json, comparison_tables};
pub use csvw::{flow_metrics_csvw, network_csvw, places_csvw};
pub use flows::{FlowLayer, flows_geojson};
pub use geo_parquet::layer_parquet;
pub use gexf::gexf;
pub use graphml::graphml;
pub use layer_csv::{flowmap_sheets, layer_csv};
pub use layer_geojson::layer_geojson;
pub use map_layers::{MapLayers, map_layers};
pub use maplibre::{WebMap, maplibre};
pub use methods::methods_note;
pub use metrics::{MetricsSheet, flow_metrics_csv, metrics_json, network_csv, places_csv};
pub use metrics_parquet::{flow_metrics_parquet, network_parquet, places_parquet};
pub use network_file::{NetworkFile, unknown_weights};
pub use places::{PlaceLayer, places_geojson};
pub use report::Report;
pub use sld::sld;
pub use world_file::PagePicture;

#[cfg(test)]
mod tests;
