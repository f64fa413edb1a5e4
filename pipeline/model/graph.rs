//! The weighted origin-destination graph.

use std::sync::Arc;

use petgraph::graph::DiGraph;

use crate::{atlas::PlaceIndex, flow::WeightKind};

/// The flow of one kind from one place to another: what an edge of the graph carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Sum of the merged weights, or for ordinal weights the best (smallest) rank.
    /// `None` where no merged row had a weight.
    pub weight: Option<f64>,
    /// The kind of movement; parallel flows of different kinds are different links.
    pub kind: Option<Arc<str>>,
    /// The rows of the flow table that were merged into this link, ascending; never empty.
    pub rows: Vec<u32>,
}

/// The weighted origin-destination graph of one flow table.
///
/// Node `i` of the graph is place `i` of the atlas: isolated places are nodes too. Links are in the order in
/// which their first row stands in the table. Self-flows are kept apart, because most indicators leave them out.
#[derive(Debug, Clone)]
pub struct OdGraph {
    /// The graph proper, without self-flows.
    pub graph: DiGraph<PlaceIndex, Link>,
    /// Flows from a place to itself, with the place, merged like the others.
    pub self_flows: Vec<(PlaceIndex, Link)>,
    /// What the weights are.
    pub weights: WeightKind,
    /// Rows that were merged into a link that an earlier row had opened.
    pub merged_rows: usize,
}

impl OdGraph {
    /// Returns the origin, the destination and the link of every edge, in link order.
    pub fn links(&self) -> impl Iterator<Item = (PlaceIndex, PlaceIndex, &Link)> {
        self.graph
            .raw_edges()
            .iter()
            .map(|e| (PlaceIndex(e.source().index() as u32), PlaceIndex(e.target().index() as u32), &e.weight))
    }

    /// Returns the sum of all measured weights between different places; `None` for ordinal weights.
    pub fn total(&self) -> Option<f64> {
        match self.weights {
            WeightKind::Ordinal => None,
            WeightKind::Measured => Some(self.links().filter_map(|(_, _, l)| l.weight).sum()),
        }
    }
}
