//! Weighted PageRank.

use crate::{approach::approach, matrix::Matrix, rows::Frozen};

/// The part of the rank that follows flows; the rest is spread evenly.
const DAMPING: f64 = 0.85;
/// The iteration ends when no more than this part of all moves in one sweep, summed over all places; the error left is at
/// most DAMPING / (1 - DAMPING) = 5.7 times that, below 1e-11.
const MOVED: f64 = 1e-12;
/// More sweeps than 0.85^k needs to fall below [`MOVED`], whatever the graph.
const SWEEPS: usize = 250;

/// Returns the PageRank of every place; the sum is 1.
///
/// The rank of a place goes out in proportion to the known weights of its flows; the rank of a place without any goes
/// to all places alike. What is spread evenly only scales the result, so the system `y = 1 + d Pᵀ y` is solved and divided by
/// its sum. A few steps come close; Gauss-Seidel sweeps, which always converge, finish and prove it. Time O(flows) a step.
///
/// # Source
/// Brin & Page 1998, Comput. Netw. ISDN Syst. 30; weighted, uniform teleport and dangling mass, as in igraph. The linear
/// system: Gleich 2015, SIAM Rev. 57(3), section 2.
pub fn pagerank(frozen: &Frozen) -> Vec<f64> {
    // One unit of weight brings the rank of its origin over all that the origin sends.
    let per_weight = frozen.out.sums().into_iter().map(|sent| if sent > 0.0 { DAMPING / sent } else { 0.0 });
    let per_weight: Vec<f64> = per_weight.collect();
    let into = Matrix::of(&frozen.into);
    let mut rank = approach(&into, &per_weight);
    let mut sent: Vec<f64> = rank.iter().zip(&per_weight).map(|(r, p)| r * p).collect();
    for _ in 0..SWEEPS {
        let (moved, all) = sweep(&into, &mut rank, (&mut sent, &per_weight));
        if moved <= MOVED * all {
            break;
        }
    }
    let all: f64 = rank.iter().sum();
    rank.iter().map(|r| r / all).collect()
}

/// Solves for one place after another; returns how much moved, and how much there is.
fn sweep(into: &Matrix, rank: &mut [f64], (sent, per_weight): (&mut [f64], &[f64])) -> (f64, f64) {
    let (mut moved, mut all) = (0.0, 0.0);
    for place in 0..rank.len() {
        let next = 1.0 + into.row_times(place, sent);
        moved += (next - rank[place]).abs();
        all += next;
        rank[place] = next;
        sent[place] = next * per_weight[place];
    }
    (moved, all)
}
