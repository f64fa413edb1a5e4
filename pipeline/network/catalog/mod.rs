//! Every metric with its formula, conventions, unit and source, as they are printed beside the numbers.

mod centrality;
mod focus;
mod groups;
mod indicators;
mod models;
mod overlap;
mod paths;
mod structure;

use flowatlas_model::MetricInfo;

pub(crate) use centrality::*;
pub(crate) use focus::*;
pub use groups::{GROUPS, Group};
pub(crate) use indicators::*;
pub(crate) use models::*;
pub(crate) use overlap::*;
pub(crate) use paths::*;
pub(crate) use structure::*;

/// Returns every metric of a place: indicators, then centralities.
pub fn place_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    let centralities = [DEGREES, PLACE_PATHS, SAMPLED_PATHS, WALKS, INFLUENCE, CLUSTERINGS, CORES, PLACE_COMMUNITIES];
    [PLACE_INDICATORS, PLACE_FOCUS].into_iter().chain(centralities).flatten().copied()
}

/// Returns every metric of a flow.
pub fn flow_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    [FLOW_INDICATORS, FLOW_PATHS, FLOW_BACKBONES].into_iter().flatten().copied()
}

/// Returns every metric of a whole network: indicators, then structure, then models.
pub fn network_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    let structure =
        [NETWORK_PATHS, STRUCTURE, MEAN_CLUSTERINGS, MIXING, NETWORK_COMMUNITIES, NETWORK_BACKBONES, CHANCE];
    [NETWORK_INDICATORS, NETWORK_FOCUS].into_iter().chain(structure).chain([MODELS]).flatten().copied()
}

/// Returns a definition from its id, title and unit, its formula and its source.
const fn metric([id, title, unit]: [&'static str; 3], formula: &'static str, source: &'static str) -> MetricInfo {
    MetricInfo { id, title, unit, formula, source }
}
