//! All metrics of one graph, put together in a fixed order.

mod centrality;
mod indicators;
mod models;
mod paths;
mod structure;

use flowatlas_model::{Atlas, FlowMetric, MetricInfo, MetricTable, NetworkMetric, OdGraph, PlaceMetric, WeightKind};

use crate::{choice::Choice, distance::Distance, paths::Watch, rows::Frozen};

/// What to compute, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// Which metrics to compute.
    pub metrics: Choice,
    /// The length of a step in path metrics. Ordinal graphs count hops where it needs weights.
    pub distance: Distance,
    /// Path metrics are exact and take a search from every place: with more places than this they are left out,
    /// and the conventions say so.
    pub paths_up_to: usize,
    /// Places whose shortest paths estimate betweenness, where that is asked for; more than there are stand for all.
    pub sources: usize,
    /// Random networks that metrics are compared with, where that is asked for.
    pub random_networks: usize,
    /// The seed of what is drawn at random: sources and random networks.
    pub seed: u64,
}

impl Default for Measures {
    /// The default metrics; distance 1/weight; paths up to 20,000 places; 256 sources; 100 random networks; seed 1.
    fn default() -> Self {
        Measures {
            metrics: Choice::default(),
            distance: Distance::Inverse,
            paths_up_to: 20_000,
            sources: 256,
            random_networks: 100,
            seed: 1,
        }
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
    measure_watched(atlas, graph, options, &|_, _| {})
}

/// Returns the same as [`measure`], and tells `watch` how many of the searches for shortest paths, which take longest, are
/// done, and of how many.
///
/// # Panics
/// As [`measure`].
pub fn measure_watched(atlas: &Atlas, graph: &OdGraph, options: &Measures, watch: Watch) -> MetricTable {
    assert_eq!(atlas.places.len(), graph.graph.node_count(), "the graph belongs to another atlas");
    let mut sheet = Sheet::new((atlas, graph), options, watch);
    match graph.weights {
        WeightKind::Measured => sheet.measured(),
        WeightKind::Ordinal => sheet.ordinal(),
    }
    sheet.table
}

/// The table as it is filled in, metric by metric.
struct Sheet<'a> {
    atlas: &'a Atlas,
    graph: &'a OdGraph,
    options: &'a Measures,
    watch: Watch<'a>,
    frozen: Frozen,
    table: MetricTable,
    /// Which cells are on the metric backbone, where the paths are known; `None` for those without a length.
    backbone: Option<Vec<Option<bool>>>,
}

impl<'a> Sheet<'a> {
    fn new((atlas, graph): (&'a Atlas, &'a OdGraph), options: &'a Measures, watch: Watch<'a>) -> Self {
        let (frozen, table) = (Frozen::new(graph), MetricTable::default());
        Sheet { atlas, graph, options, watch, frozen, table, backbone: None }
    }

    fn measured(&mut self) {
        self.say_what_was_counted();
        self.say_what_was_unknown();
        self.counts();
        self.indicators();
        self.degrees();
        self.paths(self.options.distance);
        self.sampled_paths(self.options.distance);
        self.structure();
        self.weighted_structure();
        self.weighted_centralities();
        self.mixing();
        self.weighted_mixing();
        self.rich_club();
        self.weighted_rich_club();
        self.cores();
        self.strength_cores();
        self.communities();
        self.metric_backbone();
        self.weighted_backbones();
        self.chance();
        self.models();
    }

    fn ordinal(&mut self) {
        self.say_what_was_counted();
        self.say("The weights are ranks: they are neither summed nor used as strengths or distances.");
        let distance = if self.options.distance.needs_weights() { Distance::Hops } else { self.options.distance };
        self.counts();
        self.flow_distances();
        self.degrees();
        self.paths(distance);
        self.sampled_paths(distance);
        self.structure();
        self.mixing();
        self.rich_club();
        self.cores();
        self.communities();
        self.metric_backbone();
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

    fn wants(&self, metrics: &[&MetricInfo]) -> bool {
        metrics.iter().any(|metric| self.options.metrics.wants(metric))
    }

    fn place(&mut self, info: MetricInfo, values: impl IntoIterator<Item = Option<f64>>) {
        if self.wants(&[&info]) {
            let values = values.into_iter().map(finite).collect();
            self.table.places.push(PlaceMetric { info, values });
        }
    }

    fn flow(&mut self, info: MetricInfo, values: Vec<Option<f64>>) {
        if self.wants(&[&info]) {
            let values = values.into_iter().map(finite).collect();
            self.table.flows.push(FlowMetric { info, values });
        }
    }

    fn network(&mut self, info: MetricInfo, value: Option<f64>) {
        if self.wants(&[&info]) {
            self.table.network.push(NetworkMetric { info, value: finite(value) });
        }
    }

    /// Returns for each link the value of its cell; `None` for a flow of weight 0, which has no cell.
    fn by_link(&self, value: impl Fn(usize) -> Option<f64>) -> Vec<Option<f64>> {
        self.frozen.cell_of_link.iter().map(|cell| cell.and_then(|cell| value(cell as usize))).collect()
    }
}

/// Sums of numbers near the largest that can be written are undefined, not infinite.
fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}
