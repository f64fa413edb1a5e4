//! Numbers of places that add up what arrives with every flow, nearly right after few steps.

use crate::matrix::Matrix;

/// The steps end when what is lacking, summed over all places, is no more than this part of all.
const LACKING: f64 = 1e-12;
/// Steps at most; groups of places take about a dozen.
const STEPS: usize = 40;

/// Returns x with `x_j = 1 + Σ_i A_ij p_i x_i`, nearly, where `into` holds A by destination and `per_weight` p; where the
/// steps break down, 1 for all.
///
/// BiCGSTAB comes close in a few steps where places form groups, which ordinary iteration takes long to level out.
/// What converges from anywhere has to finish and to prove it. Time O(flows) a step.
///
/// # Source
/// van der Vorst 1992, SIAM J. Sci. Stat. Comput. 13(2).
pub(crate) fn approach(into: &Matrix, per_weight: &[f64]) -> Vec<f64> {
    let lacking = |x: &[f64]| -> Vec<f64> {
        let sent: Vec<f64> = x.iter().zip(per_weight).map(|(x, p)| x * p).collect();
        x.iter().zip(into.times(&sent)).map(|(x, got)| x - got).collect()
    };
    let mut found = vec![1.0; per_weight.len()];
    let mut rest: Vec<f64> = lacking(&found).iter().map(|l| 1.0 - l).collect();
    let shadow = rest.clone();
    let (mut way, mut along) = (rest.clone(), lacking(&rest));
    let mut before = dot(&shadow, &rest);
    for _ in 0..STEPS {
        if rest.iter().map(|r| r.abs()).sum::<f64>() <= LACKING * found.iter().sum::<f64>() {
            break;
        }
        let first = before / dot(&shadow, &along);
        let half = plus(&rest, -first, &along);
        let turned = lacking(&half);
        let second = dot(&turned, &half) / dot(&turned, &turned);
        found = plus(&plus(&found, first, &way), second, &half);
        rest = plus(&half, -second, &turned);
        let now = dot(&shadow, &rest);
        way = plus(&rest, now / before * first / second, &plus(&way, -second, &along));
        along = lacking(&way);
        before = now;
    }
    if found.iter().all(|x| x.is_finite()) { found } else { vec![1.0; per_weight.len()] }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Returns `a + factor b`.
fn plus(a: &[f64], factor: f64, b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + factor * b).collect()
}
