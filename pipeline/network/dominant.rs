//! The largest eigenvalue of a matrix without negative entries, and its vector.

/// Vectors that span the space in which each round looks for the answer.
const SPAN: usize = 12;
/// Rounds at most. A gravity model with 200,000 places takes 9, weights all along one long ring never end.
const ROUNDS: usize = 300;
/// Rounds at most once the matrix is scaled.
const FURTHER_ROUNDS: usize = 20;
/// A vector is found when no more than this part of it is not in its direction.
const RESIDUAL: f64 = 1e-13;
/// Below this part of the first vector, what a new vector adds to the span is rounding.
const NOTHING_NEW: f64 = 1e-13;
/// Squarings of the small matrix: powers up to 2^40 part eigenvalues that differ by 1e-10 of their size.
const SQUARINGS: usize = 40;

/// Rounds of scaling; weights that span twenty powers of ten take four.
const SCALINGS: usize = 20;
/// Largest part by which the ratios of a found vector to its image may differ, over the entries that are more than rounding.
const UNEVEN: f64 = 1e-6;
/// Part of the largest entry from which an entry is more than rounding; the smallest factor by which a round scales.
const TRUSTED: f64 = 1e-6;

/// Returns the largest eigenvalue of an irreducible matrix without negative entries, and its vector with the largest entry 1 and all above
/// 0; `None` if the search does not end.
///
/// Where weights differ widely, a vector can be right as a whole and wrong in its small entries, and the value with them. The ratios of
/// a vector's image to the vector bound the value from both sides; while they disagree, the matrix is scaled by what is known of the
/// vector, whose entries become alike, and searched again.
///
/// # Source
/// Collatz 1942, Math. Z. 48(1), for the bounds.
pub(crate) fn dominant_of_irreducible(size: usize, apply: impl Fn(&[f64]) -> Vec<f64>) -> Option<(f64, Vec<f64>)> {
    let mut scales = vec![1.0; size];
    for round in 0..SCALINGS {
        let scaled = |x: &[f64]| -> Vec<f64> {
            let image = apply(&x.iter().zip(&scales).map(|(x, s)| x * s).collect::<Vec<_>>());
            image.iter().zip(&scales).map(|(x, s)| x / s).collect()
        };
        let rounds = if round == 0 { ROUNDS } else { FURTHER_ROUNDS };
        let Nearest { value, vector, found } = nearest(vec![1.0; size], &scaled, rounds)?;
        let image = scaled(&vector);
        let ratios = vector.iter().zip(&image).filter(|(x, _)| **x >= TRUSTED).map(|(x, image)| image / x);
        let (least, most) = ratios.fold((f64::INFINITY, 0.0_f64), |(a, b), ratio| (a.min(ratio), b.max(ratio)));
        if found && most <= least * (1.0 + UNEVEN) {
            let entries: Vec<f64> = vector.iter().zip(&scales).map(|(x, s)| x * s).collect();
            return polished(&entries).map(|vector| (value, vector));
        }
        let largest = scales.iter().zip(&vector).map(|(s, x)| s * x.max(TRUSTED)).fold(0.0, f64::max);
        scales.iter_mut().zip(&vector).for_each(|(s, x)| *s *= x.max(TRUSTED) / largest);
    }
    None
}

/// Returns the largest eigenvalue of a matrix without negative entries, and its vector with the largest entry 1 and none
/// below 0; `None` if the matrix is 0 or the search does not end, because another eigenvalue is too near.
///
/// `apply` multiplies a vector by the matrix. Where several vectors have the eigenvalue, as in separate parts that are alike,
/// the one nearest to `start` is found.
///
/// # Source
/// Arnoldi 1951, Q. Appl. Math. 9(1), restarted with the Ritz vector of the largest Ritz value.
pub(crate) fn dominant(start: Vec<f64>, apply: impl Fn(&[f64]) -> Vec<f64>) -> Option<(f64, Vec<f64>)> {
    nearest(start, &apply, ROUNDS).filter(|nearest| nearest.found).map(|nearest| (nearest.value, nearest.vector))
}

/// What comes nearest to the largest eigenvalue and its vector.
struct Nearest {
    value: f64,
    vector: Vec<f64>,
    /// False where the search did not end.
    found: bool,
}

/// Searches for some rounds, fewer where rounding drowns the value; nothing if the matrix is 0.
fn nearest(mut start: Vec<f64>, apply: &impl Fn(&[f64]) -> Vec<f64>, rounds: usize) -> Option<Nearest> {
    scale(&mut start);
    let (mut value, mut found) = (0.0, false);
    for _ in 0..rounds {
        let mut span = Span::grow(start, apply);
        let Some((next, parts)) = perron(&span.matrix) else {
            // Rounding drowns the value: multiplication alone comes nearer, without a sign to lose.
            start = (0..SPAN).fold(span.basis.swap_remove(0), |vector, _| {
                let mut next = apply(&vector);
                scale(&mut next);
                next
            });
            break;
        };
        start = span.combine(&parts);
        value = next;
        found = span.beyond * parts.last()?.abs() <= RESIDUAL * value;
        if found {
            break;
        }
    }
    // One more multiplication makes small entries as exact as large ones.
    polished(&apply(&start)).map(|vector| Nearest { value, vector, found })
}

/// Returns a vector with the largest entry 1 and none below 0; nothing if none is above.
fn polished(vector: &[f64]) -> Option<Vec<f64>> {
    let largest = vector.iter().copied().fold(0.0, f64::max);
    (largest > 0.0).then(|| vector.iter().map(|x| (x / largest).max(0.0)).collect())
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
    fn small_entries_are_exact_where_weights_differ_by_many_powers_of_ten() {
        // x_1 = 1e9 x_0 / λ, all others hand on what they get, λ⁶ = 1e9.
        let ring =
            |x: &[f64]| -> Vec<f64> { (0..6).map(|k| if k == 1 { 1e9 * x[0] } else { x[(k + 5) % 6] }).collect() };
        let (value, vector) = dominant_of_irreducible(6, ring).unwrap();
        let exact = libm::pow(1e9, 1.0 / 6.0);
        assert!((value / exact - 1.0).abs() < 1e-12, "{value}");
        for (step, place) in [1, 2, 3, 4, 5, 0].into_iter().enumerate() {
            let entry = libm::pow(exact, -(step as f64));
            assert!((vector[place] / entry - 1.0).abs() < 1e-9, "{place}: {} for {entry}", vector[place]);
        }
    }

    #[test]
    fn nothing_has_no_direction() {
        assert_eq!(of(&[&[0.0, 0.0], &[0.0, 0.0]]), None);
    }
}
