//! Flows from a place to itself, which are no lines: what is said of them at their places.

use flowatlas_model::{OdGraph, WeightKind};

/// The column that counts them, and what it is. Names and conventions are those of the metrics of the network.
pub(crate) const COUNT: (&str, &str, &str) = (
    "self_flows",
    "Self-flows",
    "Number of flows from the place to itself; they are drawn as no line and in no other number.",
);
/// As [`COUNT`], of the column of their sum.
pub(crate) const TOTAL: (&str, &str, &str) = (
    "self_total",
    "Total of self-flows",
    "Sum of the weights of flows from the place to itself; empty if there are some but none has a weight.",
);

/// The flows from places to themselves, a value for every place in atlas order.
pub(crate) struct Within {
    pub(crate) counts: Vec<u32>,
    /// What they weigh together, where weights are measured: a rank is never summed.
    pub(crate) totals: Option<Vec<Option<f64>>>,
}

/// Returns the flows from places to themselves, if there are any.
pub(crate) fn within(graph: &OdGraph, places: usize) -> Option<Within> {
    let (mut counts, mut sums, mut known) = (vec![0; places], vec![0.0; places], vec![false; places]);
    for (place, link) in &graph.self_flows {
        let k = place.index();
        counts[k] += 1;
        sums[k] += link.weight.unwrap_or(0.0);
        known[k] |= link.weight.is_some();
    }
    let total = |k: usize| (counts[k] == 0 || known[k]).then_some(sums[k]);
    let totals = (graph.weights == WeightKind::Measured).then(|| (0..places).map(total).collect());
    (!graph.self_flows.is_empty()).then_some(Within { counts, totals })
}
