//! The types that cross a boundary between stages.
//!
//! Every stage imports this crate and no other stage. There is no input, output or algorithm here:
//! only what a place, a flow, a graph, a metric, a planar layout, a style and a finished picture are.

pub mod atlas;
mod bounds;
pub mod comparison;
pub mod day;
pub mod decay;
pub mod direction;
pub mod flow;
pub mod graph;
pub mod layer;
pub mod look;
pub mod metric;
pub mod names;
pub mod planar;
pub mod positions;
pub mod problem;
pub mod scene;
pub mod style;
pub mod table;
pub mod units;

pub use atlas::{Atlas, BaseMap, Coordinates, Place, PlaceIndex, Region};
pub use day::epoch_day;
pub use flow::{Flow, FlowTable, WeightKind};
pub use graph::{Link, MergedRows, OdGraph};
pub use layer::{Field, FieldKind, Layer, Shapes};
pub use look::Look;
pub use metric::{FlowMetric, MetricInfo, MetricTable, NetworkMetric, PlaceMetric};
pub use problem::{Problem, Tally};
pub use scene::Scene;
pub use style::Style;
pub use table::{Column, Table, Value};
