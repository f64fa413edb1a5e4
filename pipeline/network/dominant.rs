//! The largest eigenvalue of a matrix without negative entries, and its vector.

/// Vectors that span the space in which each round looks for the answer.
const SPAN: usize = 12;
/// Rounds at most. A gravity model with 200,000 places takes 9, weights all along one long ring never end.
const ROUNDS: usize = 300;
/// A vector is found when no more than this part of it is not in its direction.
const RESIDUAL: f64 = 1e-13;
/// Below this part of the first vector, what a new vector adds to the span is rounding.
const NOTHING_NEW: f64 = 1e-13;
/// Squarings of the small matrix: powers up to 2^40 part eigenvalues that differ by 1e-10 of their size.
const SQUARINGS: usize = 40;

/// Returns the largest eigenvalue of a matrix without negative entries, and its vector with the largest entry 1 and none
/// below 0; `None` if the matrix is 0 or the search does not end, because another eigenvalue is too near.
///
/// `apply` multiplies a vector by the matrix. Where several vectors have the eigenvalue, as in separate parts that are alike,
/// the one nearest to `start` is found.
///
/// # Source
/// Arnoldi 1951, Q. Appl. Math. 9(1), restarted with the Ritz vector of the largest Ritz value.
pub(crate) fn dominant(mut start: Vec<f64>, apply: impl Fn(&[f64]) -> Vec<f64>) -> Option<(f64, Vec<f64>)> {
    scale(&mut start);
    for _ in 0..ROUNDS {
        let span = Span::grow(start, &apply);
        let (value, parts) = perron(&span.matrix)?;
        start = span.combine(&parts);
        if span.beyond * parts.last()?.abs() <= RESIDUAL * value {
            return polished(value, &apply(&start));
        }
    }
    None
}

/// Returns the vector after one more multiplication, which makes its small entries as exact as its large ones.
fn polished(value: f64, vector: &[f64]) -> Option<(f64, Vec<f64>)> {
    let largest = vector.iter().copied().fold(0.0, f64::max);
    (largest > 0.0).then(|| (value, vector.iter().map(|x| (x / largest).max(0.0)).collect()))
}

/// An orthonormal basis of the vectors that repeated multiplication leads to, and the matrix seen in it.
struct Span {
    basis: Vec<Vec<f64>>,
    matrix: Vec<Vec<f64>>,
    /// What the last multiplication led to beyond the span.
    beyond: f64,
}

impl Span {
    fn grow(start: Vec<f64>, apply: &impl Fn(&[f64]) -> Vec<f64>) -> Span {
        let mut span = Span { basis: vec![start], matrix: vec![vec![0.0; SPAN]; SPAN], beyond: 0.0 };
        for column in 0..SPAN {
            let mut next = apply(&span.basis[column]);
            let before = norm(&next);
            span.project(&mut next, column);
            span.beyond = norm(&next);
            if span.beyond <= NOTHING_NEW * before || column + 1 == SPAN {
                span.cut(column + 1);
                break;
            }
            span.matrix[column + 1][column] = span.beyond;
            scale(&mut next);
            span.basis.push(next);
        }
        span
    }

    /// Takes what lies in the span out of a vector; twice, because once leaves rounding behind.
    fn project(&mut self, vector: &mut [f64], column: usize) {
        for _ in 0..2 {
            for (row, known) in self.basis.iter().enumerate() {
                let part = dot(known, vector);
                self.matrix[row][column] += part;
                vector.iter_mut().zip(known).for_each(|(v, k)| *v -= part * k);
            }
        }
    }

    fn cut(&mut self, size: usize) {
        self.matrix.truncate(size);
        self.matrix.iter_mut().for_each(|row| row.truncate(size));
        if size < SPAN {
            self.beyond = 0.0;
        }
    }

    /// Returns the vector with these parts, of length 1 and with a sum that is not negative.
    fn combine(&self, parts: &[f64]) -> Vec<f64> {
        let mut vector = vec![0.0; self.basis[0].len()];
        for (part, known) in parts.iter().zip(&self.basis) {
            vector.iter_mut().zip(known).for_each(|(v, k)| *v += part * k);
        }
        if vector.iter().sum::<f64>() < 0.0 {
            vector.iter_mut().for_each(|v| *v = -*v);
        }
        scale(&mut vector);
        vector
    }
}

/// Returns the rightmost eigenvalue of a small matrix and its vector of length 1; `None` if it is not above 0.
///
/// The matrix is moved to the right by its norm, so that the rightmost eigenvalue is the largest in modulus too, and
/// raised to a high power, of which every column points its way.
fn perron(matrix: &[Vec<f64>]) -> Option<(f64, Vec<f64>)> {
    let size = matrix.len();
    let shift = matrix.iter().map(|row| norm(row)).fold(0.0, f64::max);
    let mut power = matrix.to_vec();
    (0..size).for_each(|k| power[k][k] += shift);
    for _ in 0..SQUARINGS {
        power = squared(&power);
    }
    let column = |k: usize| -> Vec<f64> { power.iter().map(|row| row[k]).collect() };
    let mut vector = (0..size).map(column).max_by(|a, b| norm(a).total_cmp(&norm(b)))?;
    scale(&mut vector);
    let image: Vec<f64> = matrix.iter().map(|row| dot(row, &vector)).collect();
    let value = dot(&vector, &image);
    (value > 0.0).then_some((value, vector))
}

/// Returns the square of a matrix, divided by its largest entry.
fn squared(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let entry = |i: usize, j: usize| (0..size).map(|k| matrix[i][k] * matrix[k][j]).sum::<f64>();
    let mut square: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
    let largest = square.iter().flatten().fold(0.0_f64, |m, x| m.max(x.abs()));
    if largest > 0.0 {
        square.iter_mut().flatten().for_each(|x| *x /= largest);
    }
    square
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn scale(vector: &mut [f64]) {
    let length = norm(vector);
    if length > 0.0 {
        vector.iter_mut().for_each(|v| *v /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(matrix: &[&[f64]]) -> Option<(f64, Vec<f64>)> {
        dominant(vec![1.0; matrix.len()], |x| matrix.iter().map(|row| dot(row, x)).collect())
    }

    fn assert_is(found: Option<(f64, Vec<f64>)>, value: f64, vector: &[f64]) {
        let (root, entries) = found.unwrap();
        assert!((root - value).abs() < 1e-12, "{root}");
        assert!(entries.iter().zip(vector).all(|(a, b)| (a - b).abs() < 1e-11), "{entries:?}");
    }

    #[test]
    fn a_matrix_of_rank_one_is_solved_at_once() {
        assert_is(of(&[&[2.0, 1.0], &[4.0, 2.0]]), 4.0, &[0.5, 1.0]);
    }

    #[test]
    fn a_cycle_whose_eigenvalues_all_lie_on_a_circle_has_one_answer() {
        // 2 · 4 · 1 = 2³, and with 2 x = (2 z, 4 x, y) the entries are x = z, y = 2 x, z = x.
        assert_is(of(&[&[0.0, 0.0, 2.0], &[4.0, 0.0, 0.0], &[0.0, 1.0, 0.0]]), 2.0, &[0.5, 1.0, 0.5]);
    }

    #[test]
    fn nothing_has_no_direction() {
        assert_eq!(of(&[&[0.0, 0.0], &[0.0, 0.0]]), None);
    }
}
