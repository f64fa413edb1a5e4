//! Concentration and spread: shares squared, entropies, and coefficients of variation.
//!
//! p is the share of a cell in the total of its row or of the system; cells without a flow count as 0.

use crate::{
    rows::{Cell, Rows},
    strengths::ratio,
};

/// How the flows of one row, or of a whole system, are spread over its cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Number of cells, those without a flow included.
    cells: f64,
    /// Sum of the flows; above 0.
    sum: f64,
    /// Σ p².
    squares: f64,
    /// Σ (p - 1/cells)² over all cells.
    deviations: f64,
    /// -Σ p ln p, with 0 ln 0 as 0.
    entropy: f64,
}

impl Spread {
    /// Measures flows over `cells` cells; `None` where they add up to 0.
    pub fn new(flows: &[Cell], cells: f64) -> Option<Self> {
        let sum: f64 = flows.iter().map(|c| c.weight).sum();
        let shares = || flows.iter().map(|c| c.weight / sum).filter(|&p| p > 0.0);
        let squares = shares().map(|p| p * p).sum();
        let even = 1.0 / cells;
        let absent = cells - shares().count() as f64;
        let deviations = shares().map(|p| (p - even) * (p - even)).sum::<f64>() + absent * even * even;
        // One cell with everything has the entropy 0, not -0.
        let entropy = shares().map(|p| -p * libm::log(p)).sum::<f64>() + 0.0;
        (sum > 0.0).then_some(Spread { cells, sum, squares, deviations, entropy })
    }

    /// Measures every row.
    pub fn of_rows(rows: &Rows) -> Vec<Option<Self>> {
        let others = rows.places() as f64 - 1.0;
        rows.iter().map(|row| Spread::new(row, others)).collect()
    }

    /// Returns the Herfindahl-Hirschman index: 1 / cells where all are equal, 1 where one has everything.
    pub fn concentration(&self) -> f64 {
        self.squares
    }

    /// Returns Shannon's entropy in nats: 0 where one cell has everything, ln cells where all are equal.
    pub fn entropy(&self) -> f64 {
        self.entropy
    }

    /// Returns the entropy as a share of the most it could be; `None` for a single cell.
    pub fn evenness(&self) -> Option<f64> {
        ratio(self.entropy, libm::log(self.cells)).filter(|_| self.cells > 1.0)
    }

    /// Returns Theil's index: by how many nats the entropy falls short of ln cells.
    pub fn theil(&self) -> f64 {
        (libm::log(self.cells) - self.entropy).max(0.0)
    }

    /// Returns the standard deviation of the cells, with their number as the divisor, over their mean.
    pub fn variation(&self) -> f64 {
        (self.cells * self.deviations).sqrt()
    }

    /// Returns the sum of the flows.
    pub fn sum(&self) -> f64 {
        self.sum
    }
}

/// Returns the coefficients of variation of rows, each weighted by the share of its row in the total; `None` where the
/// total is 0.
///
/// # Source
/// Rogers & Sweeney 1998, Prof. Geogr. 50(2), 232–242.
pub fn aggregate_variation(rows: &[Option<Spread>]) -> Option<f64> {
    let total: f64 = rows.iter().flatten().map(Spread::sum).sum();
    ratio(rows.iter().flatten().map(|s| s.sum() * s.variation()).sum(), total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    /// Room for sums in another order.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn coefficients_of_variation_are_as_the_r_package_migration_indices_prints_them() {
        let f = frozen(3, &[(0, 1, 20.0), (0, 2, 20.0), (1, 0, 30.0), (1, 2, 50.0), (2, 0, 20.0), (2, 1, 20.0)]);
        let (out, into) = (Spread::of_rows(&f.out), Spread::of_rows(&f.into));
        let variations =
            |rows: &[Option<Spread>]| -> Vec<f64> { rows.iter().map(|s| s.unwrap().variation()).collect() };
        let near = |ours: Vec<f64>, theirs: [f64; 3]| ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-7);
        assert!(near(variations(&out), [0.0, 0.25, 0.0]), "{out:?}");
        assert!(near(variations(&into), [0.2, 0.0, 0.42857143]), "{into:?}");
        assert!((aggregate_variation(&out).unwrap() - 0.125).abs() < ROUNDING);
        assert!((aggregate_variation(&into).unwrap() - 0.25).abs() < ROUNDING);
    }

    #[test]
    fn one_cell_with_everything_has_no_entropy_and_even_cells_have_all_of_it() {
        let one = Spread::new(frozen(5, &[(0, 1, 3.0)]).out.row(0), 4.0).unwrap();
        assert_eq!((one.concentration(), one.entropy(), one.evenness()), (1.0, 0.0, Some(0.0)));
        assert!((one.theil() - libm::log(4.0)).abs() < ROUNDING && (one.variation() - 3f64.sqrt()).abs() < ROUNDING);
        let even = Spread::new(frozen(3, &[(0, 1, 3.0), (0, 2, 3.0)]).out.row(0), 2.0).unwrap();
        assert!((even.evenness().unwrap() - 1.0).abs() < ROUNDING && even.theil() < ROUNDING);
        assert_eq!((even.concentration(), even.variation()), (0.5, 0.0));
    }

    #[test]
    fn a_row_without_flows_has_no_spread_and_a_single_cell_no_evenness() {
        assert_eq!(Spread::new(&[], 4.0), None);
        assert_eq!(Spread::new(frozen(2, &[(0, 1, 3.0)]).out.row(0), 1.0).unwrap().evenness(), None);
    }
}
