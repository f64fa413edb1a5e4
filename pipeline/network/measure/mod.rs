//! All metrics of one graph, put together in a fixed order.

mod centrality;
mod indicators;

use flowatlas_model::{Atlas, MetricInfo, MetricTable, NetworkMetric, OdGraph, PlaceMetric, WeightKind};

use crate::{distance::Distance, rows::Frozen};

/// What to compute, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// The length of a step in path metrics. Ordinal graphs always count hops.
    pub distance: Distance,
    /// Path metrics are exact and take a search from every place: with more places than this they are left out,
    /// and the conventions say so.
    pub paths_up_to: usize,
}

impl Default for Measures {
    /// Distance 1/weight; paths up to 20,000 places.
    fn default() -> Self {
        Measures { distance: Distance::Inverse, paths_up_to: 20_000 }
    }
}

/// Returns the metrics of every place and of the whole network, with the conventions that hold for them.
///
/// Self-flows are left out, parallel kinds are merged into one flow first, flows of weight 0 count as none. Undefined
/// values are `None`. Ordinal graphs get the metrics that need no weights; rates need populations in the atlas.
/// The result is the same at any number of threads and, but for the last bits of sums of fractions, for any order of
/// the rows.
///
/// # Panics
/// Panics if the graph was built on another atlas and has another number of places.
pub fn measure(atlas: &Atlas, graph: &OdGraph, options: &Measures) -> MetricTable {
    assert_eq!(atlas.places.len(), graph.graph.node_count(), "the graph belongs to another atlas");
    let mut sheet = Sheet::new(graph, options);
    match graph.weights {
        WeightKind::Measured => sheet.measured(atlas),
        WeightKind::Ordinal => sheet.ordinal(),
    }
    sheet.table
}

/// The table as it is filled in, metric by metric.
struct Sheet<'a> {
    graph: &'a OdGraph,
    options: &'a Measures,
    frozen: Frozen,
    table: MetricTable,
}

impl<'a> Sheet<'a> {
    fn new(graph: &'a OdGraph, options: &'a Measures) -> Self {
        Sheet { graph, options, frozen: Frozen::new(graph), table: MetricTable::default() }
    }

    fn measured(&mut self, atlas: &Atlas) {
        self.say_what_was_counted();
        self.say_what_was_unknown();
        self.counts();
        self.indicators(atlas);
        self.centralities(self.options.distance);
        self.weighted_centralities();
    }

    fn ordinal(&mut self) {
        self.say_what_was_counted();
        self.say("The weights are ranks: they are neither summed nor used as strengths or distances.");
        self.counts();
        self.centralities(Distance::Hops);
    }

    fn say_what_was_counted(&mut self) {
        let own = self.graph.self_flows.len();
        let zero = self.frozen.zero_links;
        self.say(&format!("Self-flows ({own}) are left out of every metric but self_flows and self_total."));
        self.say("Flows of different kinds between the same two places count as one flow, except in `flows`.");
        if zero > 0 {
            self.say(&format!("Flows of weight 0 ({zero}) count as no flow."));
        }
    }

    fn say_what_was_unknown(&mut self) {
        let unknown = self.frozen.unknown_links;
        if unknown > 0 {
            self.say(&format!(
                "Flows without a weight ({unknown}) count in degrees, density, reciprocity and components, \
                 and add nothing to strengths, totals and distances."
            ));
        }
    }

    fn say(&mut self, convention: &str) {
        self.table.conventions.push(convention.to_owned());
    }

    fn place(&mut self, info: MetricInfo, values: impl IntoIterator<Item = Option<f64>>) {
        let values = values.into_iter().map(finite).collect();
        self.table.places.push(PlaceMetric { info, values });
    }

    fn network(&mut self, info: MetricInfo, value: Option<f64>) {
        self.table.network.push(NetworkMetric { info, value: finite(value) });
    }
}

/// Sums of numbers near the largest that can be written are undefined, not infinite.
fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}
