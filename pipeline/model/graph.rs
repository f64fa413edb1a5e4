//! The weighted origin-destination graph.

use std::{fmt, ops::Deref, sync::Arc};

use petgraph::graph::{DiGraph, Edge};

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
    pub rows: MergedRows,
}

/// Rows of a flow table, ascending; read as a slice. Most links have one, which takes no memory of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct MergedRows(Held);

#[derive(Clone, PartialEq, Eq)]
enum Held {
    One([u32; 1]),
    Several(Box<[u32]>),
}

impl Deref for MergedRows {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        match &self.0 {
            Held::One(row) => row,
            Held::Several(rows) => rows,
        }
    }
}

impl From<Vec<u32>> for MergedRows {
    fn from(rows: Vec<u32>) -> Self {
        match rows[..] {
            [row] => MergedRows(Held::One([row])),
            _ => MergedRows(Held::Several(rows.into_boxed_slice())),
        }
    }
}

impl FromIterator<u32> for MergedRows {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        let mut rows = rows.into_iter();
        match (rows.next(), rows.next()) {
            (Some(row), None) => MergedRows(Held::One([row])),
            (first, second) => first.into_iter().chain(second).chain(rows).collect::<Vec<u32>>().into(),
        }
    }
}

impl fmt::Debug for MergedRows {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self[..].fmt(f)
    }
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
        self.graph.raw_edges().iter().map(ends)
    }

    /// Returns the origin, the destination and the link of the edge at a position in link order, in constant time; `None` beyond
    /// the last.
    pub fn link(&self, position: usize) -> Option<(PlaceIndex, PlaceIndex, &Link)> {
        self.graph.raw_edges().get(position).map(ends)
    }

    /// Returns the sum of all measured weights between different places; `None` for ordinal weights.
    pub fn total(&self) -> Option<f64> {
        match self.weights {
            WeightKind::Ordinal => None,
            WeightKind::Measured => Some(self.links().filter_map(|(_, _, l)| l.weight).sum()),
        }
    }
}

/// Returns the two places of an edge, and its link.
fn ends(edge: &Edge<Link>) -> (PlaceIndex, PlaceIndex, &Link) {
    (PlaceIndex(edge.source().index() as u32), PlaceIndex(edge.target().index() as u32), &edge.weight)
}
