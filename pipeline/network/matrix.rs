//! Rows as a matrix that is multiplied again and again.

use rayon::prelude::*;

use crate::rows::Rows;

/// Rows that one thread multiplies at least: fewer are not worth another thread.
const ROWS_AT_ONCE: usize = 512;
/// Cells that are multiplied sooner than other threads wake up.
const CELLS_OF_ONE: usize = 1 << 20;

/// The weights of rows, packed: multiplying waits for memory, and counts need but half of it.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    /// Where each row starts, and where the last one ends.
    starts: Vec<usize>,
    places: Vec<u32>,
    weights: Weights,
}

#[derive(Debug, Clone)]
enum Weights {
    /// All weights are exact in 32 bits, as counts up to 16 million are.
    Short(Vec<f32>),
    Long(Vec<f64>),
}

impl Matrix {
    /// Packs rows.
    pub fn of(rows: &Rows) -> Matrix {
        let weights = || rows.cells().iter().map(|c| c.weight);
        let packed = match weights().all(|w| f64::from(w as f32) == w) {
            true => Weights::Short(weights().map(|w| w as f32).collect()),
            false => Weights::Long(weights().collect()),
        };
        let places = rows.cells().iter().map(|c| c.place).collect();
        Matrix { starts: rows.starts().to_vec(), places, weights: packed }
    }

    /// Returns the matrix times a vector. Each sum runs over one row in a fixed order, so the bits do not depend on
    /// threads.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        match &self.weights {
            Weights::Short(weights) => self.product(weights, x),
            Weights::Long(weights) => self.product(weights, x),
        }
    }

    /// Returns one row times a vector.
    pub fn row_times(&self, row: usize, x: &[f64]) -> f64 {
        let cells = self.starts[row]..self.starts[row + 1];
        match &self.weights {
            Weights::Short(weights) => sum(&self.places[cells.clone()], &weights[cells], x),
            Weights::Long(weights) => sum(&self.places[cells.clone()], &weights[cells], x),
        }
    }

    fn product<W: Copy + Into<f64> + Sync>(&self, weights: &[W], x: &[f64]) -> Vec<f64> {
        let row = |place: usize| {
            let row = self.starts[place]..self.starts[place + 1];
            sum(&self.places[row.clone()], &weights[row], x)
        };
        let rows = 0..self.starts.len() - 1;
        if self.places.len() < CELLS_OF_ONE {
            return rows.map(row).collect();
        }
        rows.into_par_iter().with_min_len(ROWS_AT_ONCE).map(row).collect()
    }
}

/// Returns the sum of weights, each times the number of its place. Four sums run side by side, because one would wait for
/// each addition before the next.
fn sum<W: Copy + Into<f64>>(places: &[u32], weights: &[W], x: &[f64]) -> f64 {
    let term = |(place, weight): (&u32, &W)| -> f64 { x[*place as usize] * (*weight).into() };
    let mut sums = [0.0; 4];
    let ((place_fours, places), (weight_fours, weights)) = (places.as_chunks::<4>(), weights.as_chunks::<4>());
    for (four_places, four_weights) in place_fours.iter().zip(weight_fours) {
        for (sum, pair) in sums.iter_mut().zip(four_places.iter().zip(four_weights)) {
            *sum += term(pair);
        }
    }
    let rest: f64 = places.iter().zip(weights).map(term).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    #[test]
    fn counts_and_fractions_are_multiplied_alike() {
        for unit in [1.0, 0.1] {
            let flows: Vec<_> = (1..12).map(|k| (0, k, unit * f64::from(k))).collect();
            let f = frozen(12, &flows);
            let x: Vec<f64> = (0..12).map(f64::from).collect();
            let product = Matrix::of(&f.out).times(&x);
            // 1² + … + 11² = 506.
            assert!((product[0] - 506.0 * unit).abs() < 1e-12 && product[1..].iter().all(|p| *p == 0.0));
        }
    }
}
