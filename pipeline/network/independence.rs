//! What would move between places if destinations did not depend on origins, without flows of a place to itself.

use crate::{rows::Frozen, strengths::Strengths};

/// Rounds before the expectation counts as undefined: where one place takes part in nearly every move, it hardly settles.
const ROUNDS: usize = 1_000;
/// The expectation has settled when no total is off by more than this part of itself.
const SETTLED: f64 = 1e-12;

/// Factors a and b such that a_i b_j, summed over all pairs of different places, gives the totals of every place: the
/// Poisson regression of flows on their origins and destinations, zero flows included.
pub struct QuasiIndependence {
    senders: Vec<f64>,
    receivers: Vec<f64>,
}

impl QuasiIndependence {
    /// Fits the factors in O(places · rounds); `None` without flows and where they do not settle.
    pub fn new(strengths: &Strengths) -> Option<Self> {
        let known = |values: &[Option<f64>]| -> Vec<f64> { values.iter().map(|v| v.unwrap_or(0.0)).collect() };
        let (outgoing, incoming) = (known(&strengths.outgoing), known(&strengths.incoming));
        let total: f64 = outgoing.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mut receivers: Vec<f64> = incoming.iter().map(|d| d / total).collect();
        for _ in 0..ROUNDS {
            let senders = factors(&outgoing, &receivers);
            let next = factors(&incoming, &senders);
            let off = |(new, old): (&f64, &f64)| if *new > 0.0 { (old / new - 1.0).abs() } else { 0.0 };
            let worst = next.iter().zip(&receivers).map(off).fold(0.0, f64::max);
            receivers = next;
            if worst <= SETTLED {
                return Some(QuasiIndependence { senders, receivers });
            }
        }
        None
    }

    /// Returns the expected flow between two different places.
    pub fn expected(&self, from: usize, to: usize) -> f64 {
        self.senders[from] * self.receivers[to]
    }

    /// Returns ½ Σ|M_ij - E_ij| / M over all pairs of different places. Pairs without a flow are not visited: what is
    /// expected between them is the total less what is expected of the others.
    pub fn inequality(&self, frozen: &Frozen) -> f64 {
        let (mut total, mut met, mut off) = (0.0, 0.0, 0.0);
        for (from, row) in frozen.out.iter().enumerate() {
            for cell in row {
                let expected = self.expected(from, cell.place as usize);
                total += cell.weight;
                met += expected;
                off += (cell.weight - expected).abs();
            }
        }
        0.5 * (off + (total - met).max(0.0)) / total
    }
}

/// Returns the factor of each place that makes its total, given those of all others.
fn factors(totals: &[f64], others: &[f64]) -> Vec<f64> {
    let all: f64 = others.iter().sum();
    let of = |(total, own): (&f64, &f64)| if *total > 0.0 { total / (all - own) } else { 0.0 };
    totals.iter().zip(others).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    #[test]
    fn flows_that_follow_from_their_totals_are_not_unequal() {
        // a = (1, 2, 3), b = (4, 5, 6).
        let f = frozen(3, &[(0, 1, 5.0), (0, 2, 6.0), (1, 0, 8.0), (1, 2, 12.0), (2, 0, 12.0), (2, 1, 15.0)]);
        let q = QuasiIndependence::new(&Strengths::new(&f)).unwrap();
        assert!(q.inequality(&f) < 1e-12, "{}", q.inequality(&f));
        assert!((q.expected(2, 1) - 15.0).abs() < 1e-9);
    }

    #[test]
    fn flows_within_two_blocks_only_are_two_thirds_from_what_is_expected() {
        // Every total is 4, so that 4/3 is expected of each of 12 pairs: ½ (4 |4 - 4/3| + 8 · 4/3) / 16.
        let f = frozen(4, &[(0, 1, 4.0), (1, 0, 4.0), (2, 3, 4.0), (3, 2, 4.0)]);
        let q = QuasiIndependence::new(&Strengths::new(&f)).unwrap();
        assert!((q.inequality(&f) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn without_flows_nothing_is_expected() {
        assert!(QuasiIndependence::new(&Strengths::new(&frozen(3, &[]))).is_none());
    }
}
