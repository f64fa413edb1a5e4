//! What sets a flow apart from chance, given what leaves its origin and arrives at its destination.
//!
//! Every function gives one number per cell, in the order of the cells by origin; `None` where a weight is unknown.

use crate::rows::{Cell, Rows};

/// Returns how likely a share as large as that of each flow would be by chance, the smaller of the two at its ends, from 0 to 1:
/// flows below a level such as 0.05 are the backbone.
///
/// At the origin `(1 − w/s)^(k − 1)` with the k flows that leave and their sum s, at the destination likewise with those that
/// arrive; where a flow is the only one, 1, so that the other end decides.
///
/// # Source
/// Serrano, Boguñá & Vespignani 2009, Proc. Natl. Acad. Sci. 106(16), equation 2, for directed networks.
///
/// Flows of unknown weight have a number without meaning.
pub(crate) fn disparity(out: &Rows, into: &Rows) -> Vec<f64> {
    let mut least = Vec::with_capacity(out.cells().len());
    chances(out, |_, chance| least.push(chance));
    let mut next: Vec<usize> = out.starts().to_vec();
    // Destinations come in rising order, and so do the cells of every origin.
    chances(into, |cell, chance| {
        let slot = &mut next[cell.place as usize];
        least[*slot] = chance.min(least[*slot]);
        *slot += 1;
    });
    least
}

/// Cells of a row that are raised side by side, because one would wait for each multiplication before the next.
const AT_ONCE: usize = 8;

/// Calls `each` with every cell and its `(1 − w/s)^(k − 1)`, row by row.
fn chances(rows: &Rows, mut each: impl FnMut(&Cell, f64)) {
    for row in rows.iter() {
        let sum: f64 = row.iter().map(|c| c.weight).sum();
        let others = row.iter().filter(|c| c.weight > 0.0).count().saturating_sub(1);
        for cells in row.chunks(AT_ONCE) {
            let mut rests = [1.0; AT_ONCE];
            cells.iter().zip(&mut rests).for_each(|(cell, rest)| *rest = 1.0 - cell.weight / sum);
            cells.iter().zip(raised(rests, others)).for_each(|(cell, chance)| each(cell, chance));
        }
    }
}

/// Returns powers with a whole exponent, by squaring: the same bits everywhere.
fn raised(mut bases: [f64; AT_ONCE], mut exponent: usize) -> [f64; AT_ONCE] {
    let mut powers = [1.0; AT_ONCE];
    while exponent > 0 {
        if exponent % 2 == 1 {
            powers.iter_mut().zip(bases).for_each(|(power, base)| *power *= base);
        }
        bases.iter_mut().for_each(|base| *base *= *base);
        exponent /= 2;
    }
    powers
}

/// Returns by how many standard deviations each flow exceeds what the sizes of its ends let expect; above 1.28, 1.64 or 2.32
/// it does so with a confidence of 90, 95 or 99 %.
///
/// The score (κ w − 1)/(κ w + 1) with κ = W/(s_out s_in), from −1 over 0, as expected, to 1, is divided by its standard
/// deviation from the posterior of the share of the flow in all W. Weights are counts: W must be above 1, else all are
/// `None`; twice the counts are twice as certain.
///
/// # Source
/// Coscia & Neffke 2017, IEEE ICDE, section IV, equations 2 to 7, with the prior of their program.
pub(crate) fn noise_corrected(out: &Rows, into: &Rows) -> Vec<Option<f64>> {
    let (sent, received) = (out.sums(), into.sums());
    let total: f64 = sent.iter().sum();
    let rows = out.iter().enumerate();
    let score = |from: usize, c: &Cell| {
        let known = c.weight > 0.0 && total > 1.0;
        known.then(|| lift(c.weight, (sent[from], received[c.place as usize]), total)).flatten()
    };
    rows.flat_map(|(from, row)| row.iter().map(move |c| (from, c))).map(|(from, c)| score(from, c)).collect()
}

/// Returns the score of one flow over its standard deviation; `None` if the flow is all there is.
fn lift(weight: f64, (sent, received): (f64, f64), total: f64) -> Option<f64> {
    let product = sent * received;
    let kappa = total / product;
    let score = (kappa * weight - 1.0) / (kappa * weight + 1.0);
    // The prior of the share: mean and variance of a hypergeometric draw.
    let mean = product / (total * total);
    let variance = product * (total - sent) * (total - received) / (total.powi(4) * (total - 1.0));
    let alpha = mean * mean / variance * (1.0 - mean) - mean;
    let beta = mean / variance * (1.0 - mean * mean) - (1.0 - mean);
    let share = (alpha + weight) / (alpha + beta + total);
    let variance_of_weight = share * (1.0 - share) * total;
    let slope_of_kappa = 1.0 / product - total * (sent + received) / (product * product);
    let slope = 2.0 * (kappa + weight * slope_of_kappa) / ((kappa * weight + 1.0) * (kappa * weight + 1.0));
    let deviation = variance_of_weight.sqrt() * slope.abs();
    (variance > 0.0 && deviation > 0.0).then(|| score / deviation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;
    use proptest::prelude::*;

    #[test]
    fn equal_flows_are_as_likely_as_can_be_and_one_large_flow_is_not() {
        let f = frozen(5, &[(0, 1, 97.0), (0, 2, 1.0), (0, 3, 1.0), (0, 4, 1.0)]);
        let found = disparity(&f.out, &f.into);
        assert!((found[0] - 0.03_f64.powi(3)).abs() < 1e-15);
        assert!((found[1] - 0.99_f64.powi(3)).abs() < 1e-15);
    }

    #[test]
    fn the_only_flow_of_both_its_ends_is_no_surprise() {
        let f = frozen(4, &[(0, 1, 5.0), (2, 3, 1.0)]);
        assert_eq!(disparity(&f.out, &f.into), [1.0, 1.0]);
    }

    #[test]
    fn one_flow_alone_can_not_exceed_what_is_expected() {
        let f = frozen(2, &[(0, 1, 5.0)]);
        assert_eq!(noise_corrected(&f.out, &f.into), [None]);
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn disparity_is_a_probability_and_does_not_depend_on_the_unit(
            flows in prop::collection::vec((0u32..9, 0u32..9, 1u32..50), 0..50)
        ) {
            let of = |factor: f64| {
                let flows: Vec<_> =
                    flows.iter().filter(|f| f.0 != f.1).map(|&(o, d, w)| (o, d, factor * f64::from(w))).collect();
                let f = frozen(9, &flows);
                disparity(&f.out, &f.into)
            };
            let (one, four) = (of(1.0), of(4.0));
            prop_assert!(one.iter().all(|a| (0.0..=1.0).contains(a)));
            prop_assert_eq!(one, four);
        }

        #[test]
        fn flows_that_exceed_what_is_expected_score_above_0(
            flows in prop::collection::vec((0u32..9, 0u32..9, 1u32..50), 2..50)
        ) {
            let flows: Vec<_> = flows.iter().filter(|f| f.0 != f.1).map(|&(o, d, w)| (o, d, f64::from(w))).collect();
            let f = frozen(9, &flows);
            let (sent, received) = (f.out.sums(), f.into.sums());
            let total: f64 = sent.iter().sum();
            let mut scores = noise_corrected(&f.out, &f.into).into_iter();
            for (from, row) in f.out.iter().enumerate() {
                for cell in row {
                    let above = cell.weight * total - sent[from] * received[cell.place as usize];
                    if let Some(score) = scores.next().unwrap() {
                        prop_assert!(above == 0.0 || (score > 0.0) == (above > 0.0));
                    }
                }
            }
        }
    }
}
