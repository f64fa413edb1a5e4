//! Who is joined to whom: whether large places exchange with large ones.

use crate::{rows::Rows, strengths::ratio};

/// Returns the correlation (Pearson), over all cells, of a number of the origin with a number of the destination; `None` where
/// either does not vary.
///
/// # Source
/// Newman 2003, Phys. Rev. E 67, 026126, equation 25; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24) for the four
/// pairs of directions.
pub(crate) fn assortativity(out: &Rows, of_origin: &[f64], of_destination: &[f64]) -> Option<f64> {
    let n = out.cells().len() as f64;
    let pairs = || {
        let rows = out.iter().enumerate();
        rows.flat_map(|(from, row)| row.iter().map(move |c| (of_origin[from], of_destination[c.place as usize])))
    };
    let mean = |sum: f64| sum / n;
    let (x0, y0) = (mean(pairs().map(|p| p.0).sum()), mean(pairs().map(|p| p.1).sum()));
    let moments = pairs()
        .map(|(x, y)| (x - x0, y - y0))
        .fold([0.0; 3], |[xy, xx, yy], (x, y)| [xy + x * y, xx + x * x, yy + y * y]);
    let [xy, xx, yy] = moments;
    // Means of equal numbers can miss them by rounding.
    let varies = |squares: f64, mean: f64| squares > n * (1e-12 * mean) * (1e-12 * mean);
    (varies(xx, x0) && varies(yy, y0)).then(|| xy / (xx.sqrt() * yy.sqrt()))
}

/// The part of the places that counts as rich.
const RICH: f64 = 0.1;

/// Returns which places are rich: the tenth of all places with flows that has most, without those that have as much as the first
/// one left out.
fn rich(wealth: &[f64]) -> Vec<bool> {
    let mut falling: Vec<f64> = wealth.iter().copied().filter(|w| *w > 0.0).collect();
    falling.sort_by(|a, b| b.total_cmp(a));
    let tenth = (RICH * falling.len() as f64) as usize;
    let poorer = falling.get(tenth).copied().unwrap_or(0.0);
    wealth.iter().map(|w| *w > poorer).collect()
}

/// Returns the share of the ordered pairs of rich places, those with the most flows, that have a flow; `None` with fewer than
/// two rich places.
///
/// # Source
/// Zhou & Mondragón 2004, IEEE Commun. Lett. 8(3), for directed networks; the tenth of the places with the highest degrees.
pub(crate) fn rich_club(out: &Rows, into: &Rows) -> Option<f64> {
    let degrees: Vec<f64> = out.iter().zip(into.iter()).map(|(o, i)| (o.len() + i.len()) as f64).collect();
    let rich = rich(&degrees);
    let members = rich.iter().filter(|r| **r).count() as f64;
    ratio(among(out, &rich).count() as f64, members * (members - 1.0))
}

/// Returns what flows among rich places, those with the largest turnover, as a part of what as many of the largest flows
/// of the network carry; `None` if nothing flows among them.
///
/// # Source
/// Opsahl, Colizza, Panzarasa & Ramasco 2008, Phys. Rev. Lett. 101, 168702, for the tenth of the places with the largest
/// turnover.
pub(crate) fn weighted_rich_club(out: &Rows, into: &Rows) -> Option<f64> {
    let turnover: Vec<f64> = out.sums().iter().zip(into.sums()).map(|(o, i)| o + i).collect();
    let rich = rich(&turnover);
    let (count, weight) = among(out, &rich).fold((0, 0.0), |(count, sum), w| (count + 1, sum + w));
    let mut largest: Vec<f64> = out.cells().iter().map(|c| c.weight).collect();
    if count == 0 {
        return None;
    }
    largest.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
    largest.truncate(count);
    // In one order, whatever the selection left: the same bits for any order of places.
    largest.sort_by(f64::total_cmp);
    ratio(weight, largest.iter().sum())
}

/// Returns the weights of the cells among rich places.
fn among<'a>(out: &'a Rows, rich: &'a [bool]) -> impl Iterator<Item = f64> + 'a {
    let rows = out.iter().enumerate().filter(|(place, _)| rich[*place]);
    rows.flat_map(|(_, row)| row.iter().filter(|c| rich[c.place as usize]).map(|c| c.weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;

    #[test]
    fn the_two_largest_of_twenty_places_are_a_club() {
        // A ring of flows of 1; 0 and 1 exchange 10 and 5, and no pair of others does.
        let mut flows: Vec<_> = (0..20).map(|i| (i, (i + 1) % 20, 1.0)).collect();
        flows.extend([(0, 1, 9.0), (1, 0, 5.0), (0, 10, 4.0), (11, 1, 3.0)]);
        let f = frozen(20, &flows);
        assert_eq!(rich_club(&f.out, &f.into), Some(1.0));
        // Among them 10 and 5; the two largest flows are these.
        assert_eq!(weighted_rich_club(&f.out, &f.into), Some(1.0));
    }

    #[test]
    fn degrees_that_do_not_vary_have_no_correlation() {
        let f = frozen(3, &[(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)]);
        assert_eq!(assortativity(&f.out, &[0.1; 3], &[0.1; 3]), None);
        assert_eq!(assortativity(&frozen(2, &[]).out, &[1.0, 2.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn a_star_joins_large_with_small() {
        let f = frozen(4, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0), (1, 0, 1.0)]);
        let [out, into] = [[3.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]];
        assert_eq!(assortativity(&f.out, &out, &into), None);
        assert!((assortativity(&f.out, &out, &out).unwrap() + 5.0 / 27.0_f64.sqrt()).abs() < 1.0);
        assert!(assortativity(&f.out, &out, &out).unwrap() < 0.0);
    }
}
