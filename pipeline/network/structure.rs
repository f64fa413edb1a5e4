//! How the network hangs together: density and reciprocity. Cells of unknown weight weigh 0 here.

use crate::{rows::Frozen, strengths::ratio};

/// Returns E / K, counting cells of unknown weight.
pub fn density(frozen: &Frozen) -> Option<f64> {
    ratio(frozen.out.cells().len() as f64, frozen.possible_cells())
}

/// Returns the share of cells whose opposite exists too.
pub fn reciprocity(frozen: &Frozen) -> Option<f64> {
    ratio(opposites(frozen).flatten().count() as f64, frozen.out.cells().len() as f64)
}

/// Returns Σ min(M_ij, M_ji) / M.
pub fn weighted_reciprocity(frozen: &Frozen) -> Option<f64> {
    let total = frozen.out.cells().iter().map(|c| c.weight).sum();
    let returned = frozen.out.cells().iter().zip(opposites(frozen));
    ratio(returned.map(|(cell, back)| cell.weight.min(back.unwrap_or(0.0))).sum(), total)
}

/// Returns for each cell, in order, the weight of its opposite where there is one.
fn opposites(frozen: &Frozen) -> impl Iterator<Item = Option<f64>> {
    let rows = frozen.out.iter().enumerate();
    rows.flat_map(|(place, row)| row.iter().map(move |c| (place, c.place)))
        .map(|(from, to)| frozen.out.weight(to as usize, from as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    #[test]
    fn a_place_that_only_sends_gets_nothing_back() {
        let f = frozen(3, &[(0, 1, 6.0), (0, 2, 2.0)]);
        assert_eq!((reciprocity(&f), weighted_reciprocity(&f)), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn without_flows_reciprocity_is_undefined() {
        let f = frozen(3, &[]);
        assert_eq!((reciprocity(&f), weighted_reciprocity(&f), density(&f)), (None, None, Some(0.0)));
        assert_eq!(density(&frozen(1, &[])), None);
    }
}
