//! The flows that a map shows, and what part of the whole they are.

use std::{borrow::Cow, cmp::Ordering, collections::BTreeSet};

use flowatlas_model::{Link, OdGraph, PlaceIndex, WeightKind};
use petgraph::graph::DiGraph;

/// Which links to keep. All limits hold together; none of them keeps everything.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Selection {
    /// Keep this many of the largest links; of ordinal ones the best ranks.
    pub top: Option<usize>,
    /// Keep the largest links that together carry at least this share of the total, 0 to 1; from 1 on, all.
    /// Does not concern ordinal links.
    pub share: Option<f64>,
    /// Keep links of at least this weight; one above 0 also leaves out links without a weight.
    /// Does not concern ordinal links.
    pub threshold: Option<f64>,
}

/// The selected links, and how much of the whole they are.
#[derive(Debug, Clone)]
pub struct Selected {
    /// All places and the selected links, in the order of the full graph. Totals of places belong to the full
    /// graph, not to this one.
    pub graph: OdGraph,
    /// Number of selected links.
    pub shown: usize,
    /// Number of links in the full graph.
    pub of: usize,
    /// Sum of the selected weights; 0 for ordinal ones.
    pub weight_shown: f64,
    /// Sum of all weights; 0 for ordinal ones.
    pub weight_total: f64,
}

impl Selected {
    /// Returns the selection without the links at these positions.
    #[must_use]
    pub fn without(&self, left_out: &BTreeSet<usize>) -> Selected {
        let kept: Vec<usize> = (0..self.shown).filter(|k| !left_out.contains(k)).collect();
        let graph = subgraph(&self.graph, &kept);
        Selected { shown: kept.len(), weight_shown: measured_sum(&graph), graph, ..*self }
    }
}

/// A share counts as reached when this part of the total is still wanting, which is more than rounding takes from a
/// sum of millions of weights and less than anybody reads.
const SHARE_TOLERANCE: f64 = 1e-12;

/// Returns the largest links of a graph.
///
/// Links of equal weight follow each other by origin, destination and kind, so that the choice does not depend on
/// the order of rows; links without a weight come last. Self-flows stay as they are. Time O(links log links).
pub fn select(graph: &OdGraph, selection: &Selection) -> Selected {
    let all = *selection == Selection::default();
    let kept = if all { graph.clone() } else { subgraph(graph, &chosen(graph, selection)) };
    Selected {
        shown: kept.graph.edge_count(),
        of: graph.graph.edge_count(),
        weight_shown: measured_sum(&kept),
        weight_total: measured_sum(graph),
        graph: kept,
    }
}

fn measured_sum(graph: &OdGraph) -> f64 {
    graph.total().unwrap_or(0.0)
}

/// Returns a graph without the links of weight 0, for which nobody moves, and how many these are; ranks are no amounts.
/// Time O(links).
pub fn moving(graph: Cow<'_, OdGraph>) -> (Cow<'_, OdGraph>, usize) {
    let moves = |link: &Link| graph.weights == WeightKind::Ordinal || link.weight != Some(0.0);
    let kept: Vec<usize> = graph.links().enumerate().filter(|(_, l)| moves(l.2)).map(|(k, _)| k).collect();
    let zero = graph.graph.edge_count() - kept.len();
    if zero == 0 { (graph, 0) } else { (Cow::Owned(subgraph(&graph, &kept)), zero) }
}

/// Returns the positions of the links that stay, in order.
fn chosen(graph: &OdGraph, selection: &Selection) -> Vec<usize> {
    let links: Vec<_> = graph.links().collect();
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by(|&a, &b| largest_first(graph.weights, links[a], links[b]));
    order.truncate(count(graph, selection, order.iter().map(|&i| links[i].2)));
    order.sort_unstable();
    order
}

type Placed<'a> = (PlaceIndex, PlaceIndex, &'a Link);

fn largest_first(weights: WeightKind, a: Placed<'_>, b: Placed<'_>) -> Ordering {
    let by_weight = match (a.2.weight, b.2.weight) {
        (Some(x), Some(y)) if weights == WeightKind::Ordinal => x.total_cmp(&y),
        (Some(x), Some(y)) => y.total_cmp(&x),
        (x, y) => y.is_some().cmp(&x.is_some()),
    };
    by_weight.then_with(|| (a.0, a.1, &a.2.kind).cmp(&(b.0, b.1, &b.2.kind)))
}

/// Returns how many of the links, given from the largest on, stay within every limit.
fn count<'a>(graph: &OdGraph, selection: &Selection, largest: impl Iterator<Item = &'a Link>) -> usize {
    let top = selection.top.unwrap_or(usize::MAX);
    if graph.weights == WeightKind::Ordinal {
        return top;
    }
    let least = selection.threshold.unwrap_or(0.0);
    let enough = match selection.share {
        Some(share) if share < 1.0 => share * graph.total().unwrap_or(0.0) * (1.0 - SHARE_TOLERANCE),
        _ => f64::INFINITY,
    };
    let mut carried = 0.0;
    largest
        .take(top)
        .take_while(|link| {
            let weight = link.weight.unwrap_or(0.0);
            let wanted = weight >= least && carried < enough;
            carried += weight;
            wanted
        })
        .count()
}

fn subgraph(full: &OdGraph, links: &[usize]) -> OdGraph {
    let mut graph = DiGraph::with_capacity(full.graph.node_count(), links.len());
    for &place in full.graph.node_weights() {
        graph.add_node(place);
    }
    let edges = full.graph.raw_edges();
    for edge in links.iter().map(|&i| &edges[i]) {
        graph.add_edge(edge.source(), edge.target(), edge.weight.clone());
    }
    OdGraph { graph, self_flows: full.self_flows.clone(), weights: full.weights, merged_rows: full.merged_rows }
}
