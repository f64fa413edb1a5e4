//! Rows of a flow table become the links of a graph.

use std::collections::HashMap;

use flowatlas_model::{Atlas, Flow, FlowTable, Link, OdGraph, WeightKind};
use petgraph::graph::{DiGraph, NodeIndex};

/// Returns the graph of the flows: one node per place, isolated places included, and one link for each origin,
/// destination and kind.
///
/// Rows that agree in all three are merged: measured weights are summed, of ordinal ones the best (smallest)
/// rank stays, and a missing weight adds nothing. Links and self-flows stand in the order of their first rows.
/// Time O(places + rows · log rows), less where rows come sorted by their ends.
///
/// # Panics
/// Panics if a flow names a place that is not in the atlas.
pub fn build(atlas: &Atlas, flows: &FlowTable, weights: WeightKind) -> OdGraph {
    let keys = sorted_keys(flows);
    let mut groups: Vec<&[Key]> = keys.chunk_by(|a, b| (a.pair, a.kind) == (b.pair, b.kind)).collect();
    // Rows rise within a group, so its first one is the first of all.
    groups.sort_unstable_by_key(|group| group[0].row);
    let mut graph = empty(atlas, groups.len(), weights);
    graph.merged_rows = keys.len() - groups.len();
    for group in groups {
        let Flow { origin, destination, .. } = flows.flows[group[0].row as usize];
        let link = link(flows, group, weights);
        if origin == destination {
            graph.self_flows.push((origin, link));
        } else {
            graph.graph.add_edge(NodeIndex::new(origin.index()), NodeIndex::new(destination.index()), link);
        }
    }
    graph
}

/// By what rows are merged, and where they stand. Sorted, these take a fraction of the memory of a map.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// Origin and destination.
    pair: u64,
    /// A number for the kind; 0 stands for no kind.
    kind: u32,
    row: u32,
}

fn sorted_keys(flows: &FlowTable) -> Vec<Key> {
    let mut kinds: HashMap<&str, u32> = HashMap::new();
    let mut keys = Vec::with_capacity(flows.flows.len());
    for (row, flow) in (0u32..).zip(&flows.flows) {
        let next = kinds.len() as u32 + 1;
        let kind = flow.kind.as_deref().map_or(0, |kind| *kinds.entry(kind).or_insert(next));
        keys.push(Key { pair: u64::from(flow.origin.0) << 32 | u64::from(flow.destination.0), kind, row });
    }
    keys.sort_unstable();
    keys
}

fn empty(atlas: &Atlas, links: usize, weights: WeightKind) -> OdGraph {
    let mut graph = DiGraph::with_capacity(atlas.places.len(), links);
    for place in atlas.indices() {
        graph.add_node(place);
    }
    OdGraph { graph, self_flows: Vec::new(), weights, merged_rows: 0 }
}

fn link(flows: &FlowTable, group: &[Key], weights: WeightKind) -> Link {
    let row = |key: &Key| &flows.flows[key.row as usize];
    let weight = group[1..].iter().fold(row(&group[0]).weight, |sum, key| merged(weights, sum, row(key).weight));
    Link { weight, kind: row(&group[0]).kind.clone(), rows: group.iter().map(|key| key.row).collect() }
}

fn merged(weights: WeightKind, a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) if weights == WeightKind::Ordinal => Some(a.min(b)),
        (Some(a), Some(b)) => Some(a + b),
        (known, None) | (None, known) => known,
    }
}
