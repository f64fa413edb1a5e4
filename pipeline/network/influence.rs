//! Centralities that follow from those of the places next to one: eigenvector, hubs and authorities, Katz.
//!
//! A_ij is the known weight of the flow from i to j.

use rayon::prelude::*;

use crate::{
    components::{self, Parts},
    dominant::dominant,
    rows::Rows,
};

/// How far the influence of a path falls with every step, as a part of what would let it grow without bound.
const ATTENUATION: f64 = 0.85;
/// The iteration for Katz ends when no value moves by more than this part of the largest.
const MOVED: f64 = 1e-14;
/// More rounds than a graph needs whose eigenvectors are not nearly parallel.
const ROUNDS: usize = 2000;

/// Returns the eigenvector centrality of the places in the largest strongly connected component by flows of known weight,
/// from 0 to 1 for the most central one; `None` for all others, and for all if no places exchange flows both ways.
///
/// `x_j = 1/λ Σ_i A_ij x_i` with the largest λ: a place is central if it receives from central places. Outside of one
/// strongly connected component the vector is not unique, or 0.
///
/// # Source
/// Bonacich 1972, J. Math. Sociol. 2(1); Perron & Frobenius for its being unique.
pub(crate) fn eigenvector(out: &Rows, into: &Rows) -> Vec<Option<f64>> {
    let mut values = vec![None; out.places()];
    let parts = components::strong(out);
    let members = parts.members().into_iter().next().unwrap_or_default();
    if let Some((_, vector)) = perron(into, &parts, &members) {
        members.iter().zip(vector).for_each(|(place, x)| values[*place as usize] = Some(x));
    }
    values
}

/// Returns the largest eigenvalue and its vector of the flows into the places of one component.
fn perron(into: &Rows, parts: &Parts, members: &[u32]) -> Option<(f64, Vec<f64>)> {
    if members.len() < 2 {
        return None;
    }
    let within = parts.rows_within(into, members);
    dominant(members.len(), |x| within.times(x))
}

/// Returns hub and authority scores of every place, each from 0 to 1 for the highest; `None` without flows of known weight.
///
/// A hub sends to good authorities, an authority receives from good hubs: `h = A a`, `a = Aᵀ h`, the first singular
/// vectors of A.
///
/// # Source
/// Kleinberg 1999, J. ACM 46(5).
pub(crate) fn hubs_and_authorities(out: &Rows, into: &Rows) -> [Vec<Option<f64>>; 2] {
    let Some((_, authorities)) = dominant(out.places(), |a| into.times(&out.times(a))) else {
        return [vec![None; out.places()], vec![None; out.places()]];
    };
    let hubs = out.times(&authorities);
    let largest = hubs.iter().copied().fold(0.0, f64::max);
    [hubs.into_iter().map(|h| Some(h / largest)).collect(), authorities.into_iter().map(Some).collect()]
}

/// Returns the Katz centrality of every place, 1 for one where nothing arrives; `None` for all if no places exchange flows both
/// ways, where no attenuation suggests itself.
///
/// `x_j = 1 + α Σ_i A_ij x_i` with α = 0.85/λ, λ the largest eigenvalue of A: all paths that end at the place, each step
/// counting α times its weight.
///
/// # Source
/// Katz 1953, Psychometrika 18(1).
pub(crate) fn katz(out: &Rows, into: &Rows) -> Vec<Option<f64>> {
    let parts = components::strong(out);
    let largest = parts.members().into_iter().take_while(|places| places.len() > 1);
    let largest = largest.filter_map(|places| perron(into, &parts, &places).map(|(value, _)| value));
    let Some(lambda) = largest.reduce(f64::max) else {
        return vec![None; out.places()];
    };
    let alpha = ATTENUATION / lambda;
    let mut x = vec![1.0; out.places()];
    for _ in 0..ROUNDS {
        let next: Vec<f64> = into.times(&x).into_iter().map(|sum| 1.0 + alpha * sum).collect();
        let moved = next.iter().zip(&x).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let largest = next.iter().copied().fold(0.0, f64::max);
        x = next;
        if moved <= MOVED * largest {
            return x.into_iter().map(Some).collect();
        }
    }
    vec![None; out.places()]
}

impl Rows {
    /// Returns the matrix of these rows times a vector. Each sum runs over one row in order, so the bits do not depend on
    /// threads.
    pub(crate) fn times(&self, x: &[f64]) -> Vec<f64> {
        (0..self.places())
            .into_par_iter()
            .with_min_len(256)
            .map(|place| self.row(place).iter().map(|c| c.weight * x[c.place as usize]).sum())
            .collect()
    }
}
