//! Flows as rows: what the source says, one row per feature or record.

use std::sync::Arc;

use crate::{atlas::PlaceIndex, table::Table};

/// What the weights of a flow table are, and so what may be done with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightKind {
    /// Persons, documents, money: may be summed, widths are proportional.
    #[default]
    Measured,
    /// Ranks or classes, 1 first: never summed, never proportional, drawn in classes.
    Ordinal,
}

/// One row of a flow table.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Where the flow starts.
    pub origin: PlaceIndex,
    /// Where it ends; equal to `origin` for a self-flow.
    pub destination: PlaceIndex,
    /// The weight, finite and not negative; `None` where the source has none. Missing is not 0.
    pub weight: Option<f64>,
    /// The kind of movement, where the source names one.
    pub kind: Option<Arc<str>>,
    /// The period, as the source writes it.
    pub time: Option<Arc<str>>,
}

/// The flows of one layer, with what the source says about each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowTable {
    /// The rows, in the order of the source.
    pub flows: Vec<Flow>,
    /// Every attribute of the source, one row per flow.
    pub attributes: Table,
}
