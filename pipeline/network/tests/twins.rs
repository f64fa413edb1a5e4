//! Path metrics and PageRank against slow programs that are right at first sight.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use flowatlas_model::{MetricTable, WeightKind};
use flowatlas_network::{Measures, build, measure};
use proptest::prelude::*;
use support::{Row, atlas, table, values};

const PLACES: usize = 11;
/// Two lengths are equal if they differ by less than this part of their sum.
const TIE: f64 = 1e-10;

type Matrix = Vec<Vec<f64>>;

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let weight = prop::sample::select(vec![0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0]);
    prop::collection::vec((0..10u32, 0..10u32, weight.prop_map(Some)), 0..60)
}

fn metrics(rows: &[Row]) -> MetricTable {
    let atlas = atlas(PLACES);
    measure(&atlas, &build(&atlas, &table(rows), WeightKind::Measured), &Measures::default())
}

/// Weights as a matrix, self-flows left out.
fn weights(rows: &[Row]) -> Matrix {
    let mut matrix = vec![vec![0.0; PLACES]; PLACES];
    for &(o, d, w) in rows.iter().filter(|r| r.0 != r.1) {
        matrix[o as usize][d as usize] += w.unwrap();
    }
    matrix
}

fn lengths(weights: &Matrix) -> Matrix {
    weights.iter().map(|row| row.iter().map(|w| 1.0 / w).collect()).collect()
}

/// Floyd and Warshall.
fn distances(lengths: &Matrix) -> Matrix {
    let mut d = lengths.clone();
    (0..PLACES).for_each(|i| d[i][i] = 0.0);
    for k in 0..PLACES {
        for i in 0..PLACES {
            for j in 0..PLACES {
                d[i][j] = d[i][j].min(d[i][k] + d[k][j]);
            }
        }
    }
    d
}

fn equal(a: f64, b: f64) -> bool {
    a.is_finite() && b.is_finite() && (a - b).abs() <= TIE * (a + b)
}

/// Numbers of shortest paths between all pairs: those to `t` are those to each place right before it.
fn path_counts(lengths: &Matrix, d: &Matrix) -> Matrix {
    let mut counts = vec![vec![0.0; PLACES]; PLACES];
    for s in 0..PLACES {
        let mut nearest: Vec<usize> = (0..PLACES).collect();
        nearest.sort_by(|&a, &b| d[s][a].total_cmp(&d[s][b]));
        counts[s][s] = 1.0;
        for &t in nearest.iter().filter(|&&t| t != s) {
            let before = (0..PLACES).filter(|&v| equal(d[s][v] + lengths[v][t], d[s][t]));
            counts[s][t] = before.map(|v| counts[s][v]).sum();
        }
    }
    counts
}

/// For every triple of places, the share of shortest paths that lead through the middle one.
fn betweenness(lengths: &Matrix) -> Vec<f64> {
    let d = distances(lengths);
    let counts = path_counts(lengths, &d);
    let through = |s: usize, v: usize, t: usize| match equal(d[s][v] + d[v][t], d[s][t]) {
        true if s != v && v != t && s != t => counts[s][v] * counts[v][t] / counts[s][t],
        _ => 0.0,
    };
    let all = |v| (0..PLACES).map(|s| (0..PLACES).map(|t| through(s, v, t)).sum::<f64>()).sum();
    (0..PLACES).map(all).collect()
}

/// PageRank by many rounds over the dense matrix.
fn pagerank(weights: &Matrix) -> Vec<f64> {
    let n = PLACES as f64;
    let mut rank = vec![1.0 / n; PLACES];
    for _ in 0..400 {
        let mut next = vec![0.15 / n; PLACES];
        for (from, row) in weights.iter().enumerate() {
            let sum: f64 = row.iter().sum();
            for (to, w) in row.iter().enumerate() {
                next[to] += 0.85 * rank[from] * if sum > 0.0 { w / sum } else { 1.0 / n };
            }
        }
        rank = next;
    }
    rank
}

fn all_near(ours: &[Option<f64>], theirs: impl IntoIterator<Item = f64>) -> bool {
    ours.iter().zip(theirs).all(|(a, b)| (a.unwrap() - b).abs() <= 1e-11 * (1.0 + b.abs()))
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn betweenness_is_the_share_of_shortest_paths_over_all_triples(rows in rows()) {
        let pairs = ((PLACES - 1) * (PLACES - 2)) as f64;
        let slow = betweenness(&lengths(&weights(&rows)));
        prop_assert!(all_near(values(&metrics(&rows), "betweenness"), slow.into_iter().map(|b| b / pairs)));
    }

    #[test]
    fn harmonic_closeness_is_the_mean_of_inverse_distances(rows in rows()) {
        let d = distances(&lengths(&weights(&rows)));
        let mean = |distance: &dyn Fn(usize) -> f64, own: usize| {
            let others = (0..PLACES).filter(|&j| j != own);
            others.map(|j| 1.0 / distance(j)).sum::<f64>() / (PLACES - 1) as f64
        };
        let m = metrics(&rows);
        prop_assert!(all_near(values(&m, "harmonic_out"), (0..PLACES).map(|i| mean(&|j| d[i][j], i))));
        prop_assert!(all_near(values(&m, "harmonic_in"), (0..PLACES).map(|i| mean(&|j| d[j][i], i))));
    }

    #[test]
    fn pagerank_is_the_long_run_of_the_walk(rows in rows()) {
        prop_assert!(all_near(values(&metrics(&rows), "pagerank"), pagerank(&weights(&rows))));
    }
}
