//! Every metric with its formula, conventions, unit and source, as they are printed beside the numbers.

mod centrality;
mod indicators;

use flowatlas_model::MetricInfo;

pub(crate) use centrality::*;
pub(crate) use indicators::*;

/// Returns every metric of a place: indicators, then centralities.
pub fn place_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    PLACE_INDICATORS.iter().chain(PLACE_CENTRALITIES).copied()
}

/// Returns every metric of a whole network: indicators, then structure.
pub fn network_metrics() -> impl Iterator<Item = &'static MetricInfo> {
    NETWORK_INDICATORS.iter().chain(STRUCTURE).copied()
}
