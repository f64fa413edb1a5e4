//! Weighted PageRank.

use rayon::prelude::*;

use crate::rows::{Frozen, Rows};

/// The part of the rank that follows flows; the rest is spread evenly.
const DAMPING: f64 = 0.85;
/// The iteration ends when no more than this moves in one round, summed over all places; the error left is at
/// most DAMPING / (1 - DAMPING) = 5.7 times that.
const MOVED: f64 = 1e-12;
/// More rounds than 0.85^k needs to fall below [`MOVED`], whatever the graph.
const ROUNDS: usize = 250;

/// Returns the PageRank of every place; the sum is 1.
///
/// The rank of a place goes out in proportion to the known weights of its flows; the rank of a place without any goes
/// to all places alike. Each sum runs over one row in order, so the bits do not depend on threads.
///
/// # Source
/// Brin & Page 1998, Comput. Netw. ISDN Syst. 30; weighted, uniform teleport and dangling mass, as in igraph.
pub fn pagerank(frozen: &Frozen) -> Vec<f64> {
    let n = frozen.places() as f64;
    let sent: Vec<f64> = frozen.out.iter().map(|row| row.iter().map(|c| c.weight).sum()).collect();
    let shares = shares(&frozen.into, &sent);
    let mut rank = vec![1.0 / n; frozen.places()];
    for _ in 0..ROUNDS {
        let dangling: f64 = rank.iter().zip(&sent).filter(|(_, s)| **s == 0.0).map(|(r, _)| r).sum();
        let base = (1.0 - DAMPING + DAMPING * dangling) / n;
        let next = follow(&shares, &rank, base);
        let moved: f64 = next.iter().zip(&rank).map(|(a, b)| (a - b).abs()).sum();
        rank = next;
        if moved < MOVED {
            break;
        }
    }
    rank
}

/// Returns, for every destination, the part of each origin's flows that goes there.
fn shares(into: &Rows, sent: &[f64]) -> Rows {
    into.map(|_, cell| match sent[cell.place as usize] {
        0.0 => 0.0,
        sum => cell.weight / sum,
    })
}

fn follow(shares: &Rows, rank: &[f64], base: f64) -> Vec<f64> {
    let received = |row: &[crate::rows::Cell]| -> f64 { row.iter().map(|c| c.weight * rank[c.place as usize]).sum() };
    (0..shares.places())
        .into_par_iter()
        .with_min_len(256)
        .map(|place| base + DAMPING * received(shares.row(place)))
        .collect()
}
