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

/// Returns Σ(M_ij/M)², the Herfindahl-Hirschman index of the cells.
pub fn concentration(frozen: &Frozen) -> Option<f64> {
    let sum = total(frozen);
    (sum > 0.0).then(|| positive(frozen).map(|w| (w / sum) * (w / sum)).sum())
}

/// Returns Σ|x_a - x_b| / (2 (K - 1) M) over all ordered pairs of possible cells, in O(E log E): with the cells in
/// ascending order the sum is 2 Σ (2r - K - 1) x_r, to which the absent cells, first in rank, add nothing.
pub fn gini(frozen: &Frozen) -> Option<f64> {
    let (k, sum) = (frozen.possible_cells(), total(frozen));
    let mut cells: Vec<f64> = positive(frozen).collect();
    cells.sort_by(f64::total_cmp);
    let first = k - cells.len() as f64 + 1.0;
    let term = |(i, x): (usize, &f64)| (2.0 * (first + i as f64) - k - 1.0) * (x / sum);
    (sum > 0.0 && k > 1.0).then(|| cells.iter().enumerate().map(term).sum::<f64>() / (k - 1.0))
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

    /// The hypothetical system of Plane & Mulligan 1997: three places, equal flows within each row.
    fn plane_mulligan() -> Frozen {
        frozen(3, &[(0, 1, 10.0), (0, 2, 10.0), (1, 0, 20.0), (1, 2, 20.0), (2, 0, 30.0), (2, 1, 30.0)])
    }

    #[test]
    fn the_gini_of_plane_and_mulligan_is_as_published() {
        let gini = gini(&plane_mulligan()).unwrap();
        assert!((gini - 0.2667).abs() < 5e-5, "corrected: {gini}");
        assert!((gini * 5.0 / 6.0 - 0.2222).abs() < 5e-5, "uncorrected");
    }

    #[test]
    fn a_place_that_only_sends_is_fully_effective() {
        let f = frozen(3, &[(0, 1, 6.0), (0, 2, 2.0)]);
        assert_eq!(migration_effectiveness(&Strengths::new(&f)), Some(100.0));
        // ½ (|3/4 - 1/6| + |1/4 - 1/6| + 4/6) and (3/4)² + (1/4)².
        assert!((inequality(&f).unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!((concentration(&f), connectivity(&f)), (Some(0.625), Some(2.0 / 6.0)));
    }

    #[test]
    fn without_flows_shares_are_undefined() {
        let f = frozen(3, &[]);
        let undefined = [inequality(&f), concentration(&f), gini(&f)];
        assert_eq!((undefined, connectivity(&f)), ([None; 3], Some(0.0)));
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gini_and_inequality_equal_the_sums_over_all_pairs_of_cells(
            weights in prop::collection::vec(0u32..9, 12)
        ) {
            let cells: Vec<(u32, u32)> = (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).filter(|(i, j)| i != j).collect();
            let x: Vec<f64> = weights.iter().map(|&w| f64::from(w)).collect();
            let m: f64 = x.iter().sum();
            prop_assume!(m > 0.0);
            let flows: Vec<_> = cells.iter().zip(&x).map(|(&(i, j), &w)| (i, j, w)).collect();
            let f = frozen(4, &flows);
            let pairs: f64 = x.iter().map(|a| x.iter().map(|b| (a - b).abs()).sum::<f64>()).sum();
            prop_assert!((gini(&f).unwrap() - pairs / (2.0 * 11.0 * m)).abs() < 1e-12);
            let uneven: f64 = x.iter().map(|a| (a / m - 1.0 / 12.0).abs()).sum();
            prop_assert!((inequality(&f).unwrap() - uneven / 2.0).abs() < 1e-12);
        }
    }
}
