//! Rows of a flow table become the links of a graph.

use std::{collections::HashMap, sync::Arc};

use flowatlas_model::{Atlas, Flow, FlowTable, Link, OdGraph, PlaceIndex, WeightKind};
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};

/// Returns the graph of the flows: one node per place, isolated places included, and one link for each origin,
/// destination and kind.
///
/// Rows that agree in all three are merged: measured weights are summed, of ordinal ones the best (smallest)
/// rank stays, and a missing weight adds nothing. Links and self-flows stand in the order of their first rows.
/// Time O(places + rows).
///
/// # Panics
/// Panics if a flow names a place that is not in the atlas.
pub fn build(atlas: &Atlas, flows: &FlowTable, weights: WeightKind) -> OdGraph {
    let mut builder = Builder::new(atlas, flows.flows.len(), weights);
    for (row, flow) in flows.flows.iter().enumerate() {
        builder.add(row as u32, flow);
    }
    builder.graph
}

/// Where the link of an origin, a destination and a kind stands.
#[derive(Clone, Copy)]
enum Slot {
    Link(EdgeIndex),
    SelfFlow(usize),
}

struct Builder {
    graph: OdGraph,
    slots: HashMap<(PlaceIndex, PlaceIndex, u32), Slot>,
    kinds: HashMap<Arc<str>, u32>,
}

impl Builder {
    fn new(atlas: &Atlas, rows: usize, weights: WeightKind) -> Self {
        let mut graph = DiGraph::with_capacity(atlas.places.len(), rows);
        for place in atlas.indices() {
            graph.add_node(place);
        }
        Builder {
            graph: OdGraph { graph, self_flows: Vec::new(), weights, merged_rows: 0 },
            slots: HashMap::with_capacity(rows),
            kinds: HashMap::new(),
        }
    }

    fn add(&mut self, row: u32, flow: &Flow) {
        let key = (flow.origin, flow.destination, self.kind_number(flow.kind.as_ref()));
        match self.slots.get(&key) {
            Some(&slot) => self.merge(slot, row, flow.weight),
            None => {
                let slot = self.open(row, flow);
                self.slots.insert(key, slot);
            }
        }
    }

    /// Returns a small number for the kind, so that the text is hashed on its own only; 0 stands for no kind.
    fn kind_number(&mut self, kind: Option<&Arc<str>>) -> u32 {
        let Some(kind) = kind else { return 0 };
        let next = self.kinds.len() as u32 + 1;
        match self.kinds.get(kind) {
            Some(&number) => number,
            None => *self.kinds.entry(kind.clone()).or_insert(next),
        }
    }

    fn open(&mut self, row: u32, flow: &Flow) -> Slot {
        let link = Link { weight: flow.weight, kind: flow.kind.clone(), rows: vec![row] };
        if flow.origin == flow.destination {
            self.graph.self_flows.push((flow.origin, link));
            return Slot::SelfFlow(self.graph.self_flows.len() - 1);
        }
        let node = |place: PlaceIndex| NodeIndex::new(place.index());
        Slot::Link(self.graph.graph.add_edge(node(flow.origin), node(flow.destination), link))
    }

    fn merge(&mut self, slot: Slot, row: u32, weight: Option<f64>) {
        let link = match slot {
            Slot::Link(edge) => &mut self.graph.graph[edge],
            Slot::SelfFlow(index) => &mut self.graph.self_flows[index].1,
        };
        link.rows.push(row);
        link.weight = merged(self.graph.weights, link.weight, weight);
        self.graph.merged_rows += 1;
    }
}

fn merged(weights: WeightKind, a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) if weights == WeightKind::Ordinal => Some(a.min(b)),
        (Some(a), Some(b)) => Some(a + b),
        (known, None) | (None, known) => known,
    }
}
