//! The Gini family: how unequal the flows of a system, of its rows and of its columns are.
//!
//! M is the total, n the number of places, K = n(n-1) the number of cells. Cells without a flow count as 0 and are never
//! listed: with the others in ascending order, the sum of |x_a - x_b| over all ordered pairs of K cells is
//! 2 Σ (2r - K - 1) x_r with r the rank, so that every index takes O(E log E) instead of O(K²).
//!
//! # Source
//! Plane & Mulligan 1997, Demography 34(2), 251–262; the corrected denominators are those of Bell et al. 2002,
//! J. R. Stat. Soc. A 165(3), 435–464.

use crate::{
    rows::{Cell, Frozen, Rows},
    strengths::{percent, ratio},
};

/// The indices of a whole system. All but the standardised ones are uncorrected, so that they share a denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct System {
    /// Total flows index with the denominator 2 (K - 1) M: 1 if one cell has everything.
    pub corrected: Option<f64>,
    /// Total flows index with the denominator 2 K M.
    pub total: Option<f64>,
    /// Rows index: Σ within rows / (2 K M).
    pub rows: Option<f64>,
    /// Columns index: Σ within columns / (2 K M).
    pub columns: Option<f64>,
    /// Exchange index: Σ |M_ij - M_ji| / (2 K M).
    pub exchange: Option<f64>,
}

impl System {
    /// Computes the indices of a system; all are `None` where M is 0.
    pub fn new(frozen: &Frozen) -> Self {
        let (cells, sum) = (frozen.possible_cells(), total(&frozen.out));
        let all = differences(positive(frozen.out.cells()), cells);
        let per_cell = |differences: f64| ratio(differences / sum, 2.0 * cells).filter(|_| sum > 0.0);
        System {
            corrected: ratio(all / sum, 2.0 * (cells - 1.0)).filter(|_| sum > 0.0),
            total: per_cell(all),
            rows: per_cell(within(&frozen.out).sum()),
            columns: per_cell(within(&frozen.into).sum()),
            exchange: per_cell(exchanged(frozen)),
        }
    }

    /// Returns a part of the total index in percent of it.
    pub fn standardised(&self, part: Option<f64>) -> Option<f64> {
        percent(part?, self.total?)
    }
}

/// Returns the field index of every row: Σ |x_a - x_b| / (2 (n - 2) Σ x), the corrected form, 0 where all cells are
/// equal and 1 where one has everything; `None` where the row is empty or n below 3.
pub fn fields(rows: &Rows) -> Vec<Option<f64>> {
    let cells = rows.places() as f64 - 1.0;
    let of = |(differences, row): (f64, &[Cell])| {
        let sum: f64 = positive(row).iter().sum();
        ratio(differences / sum, 2.0 * (cells - 1.0)).filter(|_| sum > 0.0 && cells > 1.0)
    };
    within(rows).zip(rows.iter()).map(of).collect()
}

/// Returns the mean of the values of rows, weighted by the totals of the rows; rows without a value have no weight.
/// `None` where no row has one.
pub fn weighted_mean(rows: &Rows, values: &[Option<f64>]) -> Option<f64> {
    let weighed =
        rows.iter().zip(values).filter_map(|(row, value)| Some((positive(row).iter().sum::<f64>(), (*value)?)));
    let (sum, weight) = weighed.fold((0.0, 0.0), |(sum, weight), (w, value)| (sum + w * value, weight + w));
    ratio(sum, weight)
}

/// Returns Σ|x_a - x_b| over all ordered pairs of `count` cells, of which all but the given ones are 0.
fn differences(mut cells: Vec<f64>, count: f64) -> f64 {
    cells.sort_by(f64::total_cmp);
    let first = count - cells.len() as f64 + 1.0;
    let term = |(k, x): (usize, &f64)| (2.0 * (first + k as f64) - count - 1.0) * x;
    2.0 * cells.iter().enumerate().map(term).sum::<f64>()
}

/// Returns Σ|x_a - x_b| over the ordered pairs of cells of each row.
fn within(rows: &Rows) -> impl Iterator<Item = f64> {
    let cells = rows.places() as f64 - 1.0;
    rows.iter().map(move |row| differences(positive(row), cells))
}

/// Returns Σ|M_ij - M_ji| over all ordered pairs: a pair of which one direction has no cell is met once, and counts twice.
fn exchanged(frozen: &Frozen) -> f64 {
    let rows = frozen.out.iter().enumerate();
    rows.flat_map(|(place, row)| row.iter().map(move |cell| (place, cell)))
        .map(|(from, cell)| match frozen.out.weight(cell.place as usize, from as u32) {
            Some(back) => (cell.weight - back).abs(),
            None => 2.0 * cell.weight,
        })
        .sum()
}

fn positive(cells: &[Cell]) -> Vec<f64> {
    cells.iter().map(|c| c.weight).filter(|&w| w > 0.0).collect()
}

fn total(rows: &Rows) -> f64 {
    positive(rows.cells()).iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;
    use proptest::prelude::*;

    /// Room for the last digit of published numbers.
    const PUBLISHED: f64 = 5e-9;

    /// The first hypothetical system of Plane & Mulligan 1997: equal flows within each row.
    fn rows_alike() -> Frozen {
        frozen(3, &[(0, 1, 10.0), (0, 2, 10.0), (1, 0, 20.0), (1, 2, 20.0), (2, 0, 30.0), (2, 1, 30.0)])
    }

    /// Their second one.
    fn mixed() -> Frozen {
        frozen(3, &[(0, 1, 20.0), (0, 2, 20.0), (1, 0, 30.0), (1, 2, 50.0), (2, 0, 20.0), (2, 1, 20.0)])
    }

    fn near(ours: Option<f64>, published: f64) -> bool {
        (ours.unwrap() - published).abs() < PUBLISHED
    }

    #[test]
    fn the_indices_of_plane_and_mulligan_are_as_the_r_package_migration_indices_prints_them() {
        let expected = [
            (rows_alike(), [0.26666667, 0.22222222, 0.0, 0.05555556, 0.05555556], [0.0, 25.0]),
            (mixed(), [0.225, 0.1875, 0.02083333, 0.04166667, 0.04166667], [11.11111111, 22.22222222]),
        ];
        for (system, indices, standardised) in expected {
            let s = System::new(&system);
            let ours = [s.corrected, s.total, s.rows, s.columns, s.exchange];
            assert!(ours.into_iter().zip(indices).all(|(a, b)| near(a, b)), "{s:?}");
            assert!(near(s.standardised(s.rows), standardised[0]) && near(s.standardised(s.columns), standardised[1]));
        }
    }

    #[test]
    fn field_indices_are_as_published() {
        for (system, rows, columns) in [
            (rows_alike(), [0.0, 0.0, 0.0], [0.2, 0.5, 0.33333333333]),
            (mixed(), [0.0, 0.25, 0.0], [0.2, 0.0, 0.42857142857]),
        ] {
            assert!(fields(&system.out).into_iter().zip(rows).all(|(a, b)| near(a, b)));
            assert!(fields(&system.into).into_iter().zip(columns).all(|(a, b)| near(a, b)));
        }
        // Out: (40 · 0 + 80 · 0.25 + 40 · 0) / 160; in: (50 · 0.2 + 40 · 0 + 70 · 3/7) / 160.
        let mean = |rows: &Rows| weighted_mean(rows, &fields(rows));
        assert_eq!((mean(&mixed().out), mean(&mixed().into)), (Some(0.125), Some(0.25)));
    }

    #[test]
    fn one_flow_alone_is_as_unequal_as_can_be() {
        let f = frozen(4, &[(0, 1, 7.0)]);
        assert_eq!(System::new(&f).corrected, Some(1.0));
        assert_eq!((fields(&f.out)[0], fields(&f.out)[1]), (Some(1.0), None));
        assert_eq!(fields(&frozen(2, &[(0, 1, 7.0)]).out), [None, None]);
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_indices_equal_the_sums_over_all_pairs_of_cells(weights in prop::collection::vec(0u32..9, 20)) {
            let n = 5usize;
            let m = |i: usize, j: usize| f64::from(weights[i * 4 + j - usize::from(j > i)]);
            let cells: Vec<_> = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j).collect();
            let sum: f64 = cells.iter().map(|&(i, j)| m(i, j)).sum();
            prop_assume!(sum > 0.0);
            let flows: Vec<_> = cells.iter().map(|&(i, j)| (i as u32, j as u32, m(i, j))).collect();
            let f = frozen(n, &flows);
            let pairs = |alike: &dyn Fn((usize, usize), (usize, usize)) -> bool| -> f64 {
                let of = |&a: &(usize, usize)| cells.iter().filter(move |&&b| alike(a, b)).map(move |&b| (m(a.0, a.1) - m(b.0, b.1)).abs());
                cells.iter().flat_map(of).sum()
            };
            let ours = System::new(&f);
            for (ours, slow) in [
                (ours.total, pairs(&|_, _| true)),
                (ours.rows, pairs(&|a, b| a.0 == b.0)),
                (ours.columns, pairs(&|a, b| a.1 == b.1)),
                (ours.exchange, pairs(&|a, b| a == (b.1, b.0))),
            ] {
                prop_assert!((ours.unwrap() - slow / (2.0 * 20.0 * sum)).abs() < 1e-12);
            }
        }
    }
}
