//! Centralities that follow from those of the places next to one: eigenvector, hubs and authorities, Katz.
//!
//! A_ij is the known weight of the flow from i to j.

use crate::{
    approach::approach,
    components,
    dominant::{dominant, dominant_of_irreducible},
    matrix::Matrix,
    rows::Frozen,
};

/// How far the influence of a path falls with every step, as a part of what would let it grow without bound.
const ATTENUATION: f64 = 0.85;
/// The iteration for Katz ends when no value moves by more than this part of the largest.
const MOVED: f64 = 1e-14;
/// More rounds than a graph needs whose eigenvectors are not nearly parallel.
const ROUNDS: usize = 2000;

/// Centralities of every place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Influence {
    /// Eigenvector centrality in the largest strongly connected component, from 0 to 1 for the most central place; `None` for
    /// all others, and for all if no places exchange flows both ways.
    ///
    /// `x_j = 1/λ Σ_i A_ij x_i` with the largest λ: a place is central if it receives from central places. Outside of one
    /// strongly connected component the vector is not unique, or 0.
    ///
    /// # Source
    /// Bonacich 1972, J. Math. Sociol. 2(1); Perron & Frobenius for its being unique.
    pub eigenvector: Vec<Option<f64>>,
    /// Hub scores from 0 to 1 for the highest; `None` without flows.
    ///
    /// A hub sends to good authorities, an authority receives from good hubs: `h = A a`, `a = Aᵀ h`, the first singular
    /// vectors of A.
    ///
    /// # Source
    /// Kleinberg 1999, J. ACM 46(5).
    pub hubs: Vec<Option<f64>>,
    /// Authority scores, likewise.
    pub authorities: Vec<Option<f64>>,
    /// Katz centrality, 1 for a place where nothing arrives; `None` for all if no places exchange flows both ways, where no
    /// attenuation suggests itself.
    ///
    /// `x_j = 1 + α Σ_i A_ij x_i` with α = 0.85/λ, λ the largest eigenvalue of A: all paths that end at the place, each
    /// step counting α times its weight.
    ///
    /// # Source
    /// Katz 1953, Psychometrika 18(1).
    pub katz: Vec<Option<f64>>,
}

/// Returns the influence of all places; every flow must have a known weight.
///
/// Time O(cells) for each of a few dozen to some hundred multiplications, as many as it takes.
pub(crate) fn influence(graph: &Frozen) -> Influence {
    let parts = components::strong(&graph.out);
    let mut eigenvector = vec![None; graph.places()];
    let mut largest_value: Option<f64> = None;
    for (rank, members) in parts.members().into_iter().take_while(|members| members.len() > 1).enumerate() {
        let within = Matrix::of(&parts.rows_within(&graph.into, &members));
        let Some((value, vector)) = dominant_of_irreducible(members.len(), |x| within.times(x)) else { continue };
        largest_value = Some(largest_value.map_or(value, |largest| largest.max(value)));
        if rank == 0 {
            members.iter().zip(vector).for_each(|(place, x)| eigenvector[*place as usize] = Some(x));
        }
    }
    let (out, into) = (Matrix::of(&graph.out), Matrix::of(&graph.into));
    let [hubs, authorities] = hubs_and_authorities(graph.places(), &out, &into);
    let katz = largest_value.and_then(|value| katz(graph.places(), &into, ATTENUATION / value));
    let katz = katz.map_or_else(|| vec![None; graph.places()], |x| x.into_iter().map(Some).collect());
    Influence { eigenvector, hubs, authorities, katz }
}

fn hubs_and_authorities(places: usize, out: &Matrix, into: &Matrix) -> [Vec<Option<f64>>; 2] {
    // Places where nothing arrives have no part in it from the start, so that more of them change no digit.
    let arrives = into.times(&vec![1.0; places]).into_iter().map(|sum| if sum > 0.0 { 1.0 } else { 0.0 });
    let Some((_, authorities)) = dominant(arrives.collect(), |a| into.times(&out.times(a))) else {
        return [vec![None; places], vec![None; places]];
    };
    let hubs = out.times(&authorities);
    let largest = hubs.iter().copied().fold(0.0, f64::max);
    [hubs.into_iter().map(|h| Some(h / largest)).collect(), authorities.into_iter().map(Some).collect()]
}

/// Solves `x = 1 + α Aᵀ x` by repetition from near by; `None` if that does not settle.
fn katz(places: usize, into: &Matrix, alpha: f64) -> Option<Vec<f64>> {
    let mut x = approach(into, &vec![alpha; places]);
    for _ in 0..ROUNDS {
        let next: Vec<f64> = into.times(&x).into_iter().map(|sum| 1.0 + alpha * sum).collect();
        let moved = next.iter().zip(&x).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let largest = next.iter().copied().fold(0.0, f64::max);
        x = next;
        if moved <= MOVED * largest {
            return Some(x);
        }
    }
    None
}
