//! Every metric with its formula, conventions, unit and source, as they are printed beside the numbers.

mod centrality;
mod groups;
mod indicators;
mod paths;
mod structure;

use flowatlas_model::MetricInfo;

pub(crate) use centrality::*;
pub use groups::{GROUPS, Group};
pub(crate) use indicators::*;
pub(crate) use paths::*;
pub(crate) use structure::*;

/// Returns every metric of a place: indicators, then centralities.
pub fn place_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    let centralities = [DEGREES, PLACE_PATHS, SAMPLED_PATHS, WALKS, INFLUENCE, CLUSTERINGS, CORES, PLACE_COMMUNITIES];
    PLACE_INDICATORS.iter().copied().chain(centralities.into_iter().flatten().copied())
}

/// Returns every metric of a flow.
pub fn flow_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    [FLOW_PATHS, FLOW_BACKBONES].into_iter().flatten().copied()
}

/// Returns every metric of a whole network: indicators, then structure.
pub fn network_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    let structure =
        [NETWORK_PATHS, STRUCTURE, MEAN_CLUSTERINGS, MIXING, NETWORK_COMMUNITIES, NETWORK_BACKBONES, CHANCE];
    NETWORK_INDICATORS.iter().copied().chain(structure.into_iter().flatten().copied())
}
