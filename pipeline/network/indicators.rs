//! Indicators of the whole network. M is the total, M_ij the flow of a cell, K = n(n-1) the number of cells
//! there could be, E the number of those that there are. Cells of unknown weight weigh 0 here.

use crate::{
    rows::Frozen,
    strengths::{Strengths, percent, ratio},
};

/// Returns the share of possible cells whose weight is known and above 0.
pub fn connectivity(frozen: &Frozen) -> Option<f64> {
    ratio(positive(frozen).count() as f64, frozen.possible_cells())
}

/// Returns 100 Σ|D_i - O_i| / Σ(D_i + O_i).
pub fn migration_effectiveness(strengths: &Strengths) -> Option<f64> {
    let (net, turnover) = strengths.absolute_net_and_turnover();
    percent(net, turnover)
}

/// Returns ½ Σ|M_ij/M - 1/K| over all possible cells.
pub fn inequality(frozen: &Frozen) -> Option<f64> {
    let (sum, even) = (total(frozen), 1.0 / frozen.possible_cells());
    let present: f64 = positive(frozen).map(|w| (w / sum - even).abs()).sum();
    let absent = (frozen.possible_cells() - positive(frozen).count() as f64) * even;
    (sum > 0.0).then_some(0.5 * (present + absent))
}

fn positive(frozen: &Frozen) -> impl Iterator<Item = f64> {
    frozen.out.cells().iter().map(|c| c.weight).filter(|&w| w > 0.0)
}

fn total(frozen: &Frozen) -> f64 {
    positive(frozen).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;
    use proptest::prelude::*;

    #[test]
    fn a_place_that_only_sends_is_fully_effective() {
        let f = frozen(3, &[(0, 1, 6.0), (0, 2, 2.0)]);
        assert_eq!(migration_effectiveness(&Strengths::new(&f)), Some(100.0));
        // ½ (|3/4 - 1/6| + |1/4 - 1/6| + 4/6).
        assert!((inequality(&f).unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(connectivity(&f), Some(2.0 / 6.0));
    }

    #[test]
    fn without_flows_shares_are_undefined() {
        let f = frozen(3, &[]);
        assert_eq!((inequality(&f), connectivity(&f)), (None, Some(0.0)));
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn inequality_equals_the_sum_over_all_cells(
            weights in prop::collection::vec(0u32..9, 12)
        ) {
            let cells: Vec<(u32, u32)> = (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).filter(|(i, j)| i != j).collect();
            let x: Vec<f64> = weights.iter().map(|&w| f64::from(w)).collect();
            let m: f64 = x.iter().sum();
            prop_assume!(m > 0.0);
            let flows: Vec<_> = cells.iter().zip(&x).map(|(&(i, j), &w)| (i, j, w)).collect();
            let f = frozen(4, &flows);
            let uneven: f64 = x.iter().map(|a| (a / m - 1.0 / 12.0).abs()).sum();
            prop_assert!((inequality(&f).unwrap() - uneven / 2.0).abs() < 1e-12);
        }
    }
}
