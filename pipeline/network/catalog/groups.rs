//! Metrics that are computed together, which is how they are asked for.

use flowatlas_model::MetricInfo;

use super::*;

/// Metrics that come from one computation.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// The name by which all of them are asked for.
    pub name: &'static str,
    /// What they tell, and what they cost, in a few words.
    pub about: &'static str,
    /// Whether they are computed without being asked for: those that take no longer than reading the flows.
    pub by_default: bool,
    metrics: &'static [&'static [&'static MetricInfo]],
}

impl Group {
    /// Returns the metrics of the group: of places, of flows, of the network.
    pub fn metrics(&self) -> impl Iterator<Item = &'static MetricInfo> + use<> {
        self.metrics.iter().copied().flatten().copied()
    }
}

const fn default(name: &'static str, about: &'static str, metrics: &'static [&'static [&'static MetricInfo]]) -> Group {
    Group { name, about, by_default: true, metrics }
}

const fn asked(name: &'static str, about: &'static str, metrics: &'static [&'static [&'static MetricInfo]]) -> Group {
    Group { name, about, by_default: false, metrics }
}

/// Every group; every metric is in one of them.
pub const GROUPS: &[Group] = &[
    default("indicators", "strengths, rates and indices of migration", &[PLACE_INDICATORS, NETWORK_INDICATORS]),
    default("focus", "inequality, concentration and distance of flows", &[PLACE_FOCUS, NETWORK_FOCUS]),
    default("degrees", "numbers of origins and destinations", &[DEGREES]),
    default("paths", "betweenness, closeness, efficiency, by shortest paths", &[PLACE_PATHS, NETWORK_PATHS]),
    default("pagerank", "PageRank", &[WALKS]),
    default("structure", "density, reciprocity, components", &[STRUCTURE]),
    asked("affinity", "shares, intensities and distances of single flows", &[FLOW_INDICATORS]),
    asked("models", "gravity and radiation models, distance decay; of up to 1000 places", &[MODELS]),
    asked("flow-paths", "betweenness of flows; somewhat slower than that of places", &[FLOW_PATHS]),
    asked("sampled", "estimated betweenness with a bound of its error, for very many places", &[SAMPLED_PATHS]),
    asked("influence", "eigenvector, hubs and authorities, Katz", &[INFLUENCE]),
    asked("triangles", "clustering", &[CLUSTERINGS, MEAN_CLUSTERINGS]),
    asked("cores", "cores by number and weight of flows", &[CORES]),
    asked("mixing", "assortativity and rich clubs", &[MIXING]),
    asked("communities", "communities, their modularity and stability", &[PLACE_COMMUNITIES, NETWORK_COMMUNITIES]),
    asked("backbones", "flows that matter: metric, disparity, noise-corrected", &[FLOW_BACKBONES, NETWORK_BACKBONES]),
    asked("chance", "numbers beside those of random networks with the same totals; slow", &[CHANCE]),
];
