//! What the flows of two networks have in common.

use flowatlas_model::{
    MetricInfo, NetworkMetric, WeightKind,
    comparison::{Comparison, FlowSeries},
};

use crate::{
    catalog::{
        COMMON_PART, COMMON_PART_OF_SHARES, FLOW_CORRELATION, JACCARD, PAIRS_AFTER, PAIRS_BEFORE, PAIRS_BOTH,
        RANK_CORRELATION, SHARED_PLACES, TURNOVER,
    },
    strengths::ratio,
};

/// Returns what the network `after` shares with the one before it; `shared` are the places that both have. Where these are
/// fewer than two there is no pair that both could have, and everything else is undefined.
pub fn overlap(comparison: &Comparison, shared: &[usize], after: usize) -> Vec<NetworkMetric> {
    let before = after - 1;
    let count = |kept: &dyn Fn(bool, bool) -> bool| {
        comparison.flows.iter().filter(|f| kept(f.listed[before], f.listed[after])).count() as f64
    };
    let [left, both, new] = [count(&|a, b| a && !b), count(&|a, b| a && b), count(&|a, b| !a && b)];
    let measured = [before, after].iter().all(|&n| comparison.networks[n].weights == WeightKind::Measured);
    let weights = Weights::new(comparison, before, after);
    let of_weights = |value: Option<f64>| value.filter(|_| measured);
    let metric =
        |info: MetricInfo, value: Option<f64>| NetworkMetric { info, value: value.filter(|_| shared.len() > 1) };
    vec![
        NetworkMetric { info: SHARED_PLACES, value: Some(shared.len() as f64) },
        metric(PAIRS_BEFORE, Some(left)),
        metric(PAIRS_BOTH, Some(both)),
        metric(PAIRS_AFTER, Some(new)),
        metric(JACCARD, ratio(both, left + both + new)),
        metric(COMMON_PART, of_weights(weights.common_part()).filter(|_| comparison.same_unit(before, after))),
        metric(COMMON_PART_OF_SHARES, of_weights(weights.common_part_of_shares())),
        metric(FLOW_CORRELATION, of_weights(correlation(&weights.before, &weights.after))),
        metric(RANK_CORRELATION, of_weights(turnovers(comparison, shared, after))),
    ]
}

/// The weights of the pairs that either network lists, 0 where one has no such flow. A pair that one of them lists without a weight says
/// nothing of what both have in common, and is left out.
struct Weights {
    before: Vec<f64>,
    after: Vec<f64>,
}

impl Weights {
    fn new(comparison: &Comparison, before: usize, after: usize) -> Self {
        let is_unknown = |f: &FlowSeries, network: usize| f.listed[network] && f.weights[network].is_none();
        let either = comparison.flows.iter().filter(|f| f.listed[before] || f.listed[after]);
        let either = either.filter(|f| !is_unknown(f, before) && !is_unknown(f, after));
        let weights = |network: usize| either.clone().map(|f| f.weights[network].unwrap_or(0.0)).collect();
        Weights { before: weights(before), after: weights(after) }
    }

    fn totals(&self) -> (f64, f64) {
        (self.before.iter().sum(), self.after.iter().sum())
    }

    fn common_part(&self) -> Option<f64> {
        let shared: f64 = self.before.iter().zip(&self.after).map(|(a, b)| a.min(*b)).sum();
        let (before, after) = self.totals();
        ratio(2.0 * shared, before + after)
    }

    fn common_part_of_shares(&self) -> Option<f64> {
        let (before, after) = self.totals();
        let share = |(a, b): (&f64, &f64)| (a / before).min(b / after);
        (before > 0.0 && after > 0.0).then(|| self.before.iter().zip(&self.after).map(share).sum())
    }
}

/// Returns Spearman's correlation of the turnovers of shared places.
fn turnovers(comparison: &Comparison, shared: &[usize], after: usize) -> Option<f64> {
    let turnover = comparison.place_metrics.iter().find(|m| m.info.id == TURNOVER.id)?;
    let known = |place: &&usize| [after - 1, after].iter().all(|&n| turnover.values[n][**place].is_some());
    let places: Vec<usize> = shared.iter().filter(known).copied().collect();
    let ranks = |network: usize| {
        mean_ranks(&places.iter().filter_map(|&place| turnover.values[network][place]).collect::<Vec<_>>())
    };
    correlation(&ranks(after - 1), &ranks(after))
}

/// Returns the rank of each value from the smallest on; equal values share the mean of their ranks.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = |value: &f64| {
        let below = sorted.partition_point(|other| other < value) as f64;
        let up_to = sorted.partition_point(|other| other <= value) as f64;
        (below + up_to + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// Returns Pearson's correlation; `None` below 2 values and where one side does not vary.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b).map(|(x, y)| (x - mean_a, y - mean_b)) {
        (aa, bb, ab) = (aa + x * x, bb + y * y, ab + x * y);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa.sqrt() * bb.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        assert_eq!(mean_ranks(&[5.0, 1.0, 5.0, 9.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[2.0, 2.0, 2.0]), None);
        assert!((correlation(&[1.0, 2.0, 3.0], &[9.0, 7.0, 5.0]).unwrap() + 1.0).abs() < 1e-15);
        assert_eq!((correlation(&[], &[]), correlation(&[1.0], &[2.0])), (None, None));
    }
}
