//! Clustering: how often the partners of a place are partners of each other.

use crate::rows::{Pair, Rows, partners};

/// Clustering coefficients of every place; `None` where a place has too few partners for a triangle of the kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clustering {
    /// All triangles.
    pub all: Vec<Option<f64>>,
    /// Triangles that lead round: i → j → k → i.
    pub cycle: Vec<Option<f64>>,
    /// Triangles in which the place passes on what also goes directly: k → i → j and k → j.
    pub middleman: Vec<Option<f64>>,
    /// Triangles in which the place receives from both others.
    pub inward: Vec<Option<f64>>,
    /// Triangles in which the place sends to both others.
    pub outward: Vec<Option<f64>>,
}

/// Returns the clustering of the flows of known weight.
///
/// A triangle counts the geometric mean of its weights, each as a part of the largest weight; the sum is divided by the number
/// of triangles that the flows of the place could form. Triangles are found once, at their place with the fewest partners: time
/// O(cells · √cells), memory O(places + cells).
///
/// # Source
/// Fagiolo 2007, Phys. Rev. E 76, 026107, equations 9, 10 and table I.
pub(crate) fn clustering(out: &Rows, into: &Rows) -> Clustering {
    let partners = Partners::new(out, into);
    let mut counts = vec![Counts::default(); out.places()];
    partners.each_triangle(|triangle| count(&mut counts, triangle));
    let of = |number: fn(&Counts, &Possible) -> Option<f64>| -> Vec<Option<f64>> {
        counts.iter().enumerate().map(|(p, c)| number(c, &Possible::new(out, into, p))).collect()
    };
    Clustering {
        all: of(|c, p| ratio(c.cycle + c.middleman + c.inward + c.outward, p.all)),
        cycle: of(|c, p| ratio(c.cycle, p.through)),
        middleman: of(|c, p| ratio(c.middleman, p.through)),
        inward: of(|c, p| ratio(c.inward, p.inward)),
        outward: of(|c, p| ratio(c.outward, p.outward)),
    }
}

/// Returns the mean of what is defined.
pub(crate) fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known = values.iter().flatten();
    let count = known.clone().count();
    (count > 0).then(|| known.sum::<f64>() / count as f64)
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Numbers of triangles that the flows of a place could form.
struct Possible {
    all: f64,
    through: f64,
    inward: f64,
    outward: f64,
}

impl Possible {
    fn new(out: &Rows, into: &Rows, place: usize) -> Self {
        let (sent, received) = (out.row(place), into.row(place));
        let both = sent.iter().filter(|c| into.weight(place, c.place).is_some()).count() as f64;
        let (out, into) = (sent.len() as f64, received.len() as f64);
        let through = out * into - both;
        let [inward, outward] = [into * (into - 1.0), out * (out - 1.0)];
        Possible { all: 2.0 * through + inward + outward, through, inward, outward }
    }
}

/// Sums over the triangles of a place.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    cycle: f64,
    middleman: f64,
    inward: f64,
    outward: f64,
}

/// Three places and the pairs (first, second), (second, third) and (first, third), seen from the one named first.
struct Triangle {
    places: [u32; 3],
    pairs: [Pair; 3],
}

/// Adds the eight ways in which flows close one triangle to its three places.
fn count(counts: &mut [Counts], Triangle { places, pairs: [ab, bc, ac] }: Triangle) {
    let rounds = ab.to * bc.to * ac.from + ab.from * bc.from * ac.to;
    // Seen from each place: what goes to and comes from its partners j and k, and between them.
    let seen = [
        (places[0], (ab.to, ab.from), (ac.to, ac.from), (bc.to, bc.from)),
        (places[1], (ab.from, ab.to), (bc.to, bc.from), (ac.to, ac.from)),
        (places[2], (ac.from, ac.to), (bc.from, bc.to), (ab.to, ab.from)),
    ];
    for (place, (to_j, from_j), (to_k, from_k), (j_to_k, k_to_j)) in seen {
        let at = &mut counts[place as usize];
        at.cycle += rounds;
        at.middleman += from_k * to_j * k_to_j + from_j * to_k * j_to_k;
        at.inward += from_j * from_k * (j_to_k + k_to_j);
        at.outward += to_j * to_k * (j_to_k + k_to_j);
    }
}

/// The pairs of partners, each once, at the one with fewer partners: cube roots of the weights as parts of the largest.
struct Partners {
    offsets: Vec<usize>,
    pairs: Vec<Pair>,
}

impl Partners {
    fn new(out: &Rows, into: &Rows) -> Self {
        let largest = out.cells().iter().map(|c| c.weight).fold(0.0, f64::max);
        let roots = |rows: &Rows| rows.map(|_, c| libm::cbrt(c.weight / largest));
        let (out, into) = (roots(out), roots(into));
        let degrees: Vec<usize> = (0..out.places()).map(|p| partners(&out, &into, p).count()).collect();
        let mut found = Partners { offsets: vec![0], pairs: Vec::new() };
        for place in 0..out.places() {
            let later = |pair: &Pair| {
                let other = pair.place as usize;
                (degrees[other], other) > (degrees[place], place)
            };
            found.pairs.extend(partners(&out, &into, place).filter(later));
            found.offsets.push(found.pairs.len());
        }
        found
    }

    fn row(&self, place: usize) -> &[Pair] {
        &self.pairs[self.offsets[place]..self.offsets[place + 1]]
    }

    fn each_triangle(&self, mut found: impl FnMut(Triangle)) {
        const NONE: u32 = u32::MAX;
        let mut slot = vec![NONE; self.offsets.len() - 1];
        for place in 0..slot.len() {
            let row = self.row(place);
            row.iter().enumerate().for_each(|(at, pair)| slot[pair.place as usize] = at as u32);
            for ab in row {
                for bc in self.row(ab.place as usize) {
                    let at = slot[bc.place as usize];
                    if at != NONE {
                        let places = [place as u32, ab.place, bc.place];
                        found(Triangle { places, pairs: [*ab, *bc, row[at as usize]] });
                    }
                }
            }
            row.iter().for_each(|pair| slot[pair.place as usize] = NONE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::frozen;
    use proptest::prelude::*;

    const PLACES: usize = 8;

    type Matrix = Vec<Vec<f64>>;

    fn product(a: &Matrix, b: &Matrix) -> Matrix {
        let entry = |i: usize, j: usize| (0..PLACES).map(|k| a[i][k] * b[k][j]).sum();
        (0..PLACES).map(|i| (0..PLACES).map(|j| entry(i, j)).collect()).collect()
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn clustering_is_what_the_cubes_of_the_matrix_say(
            flows in prop::collection::vec((0u32..8, 0u32..8, 1u32..30), 0..50)
        ) {
            let flows: Vec<_> = flows.into_iter().filter(|f| f.0 != f.1).map(|(o, d, w)| (o, d, f64::from(w))).collect();
            let f = frozen(PLACES, &flows);
            let largest = f.out.cells().iter().map(|c| c.weight).fold(0.0, f64::max);
            let entry = |i: usize, j: usize| f.out.weight(i, j as u32).map_or(0.0, |w| libm::cbrt(w / largest));
            let w: Matrix = (0..PLACES).map(|i| (0..PLACES).map(|j| entry(i, j)).collect()).collect();
            let t: Matrix = (0..PLACES).map(|i| (0..PLACES).map(|j| entry(j, i)).collect()).collect();
            let found = clustering(&f.out, &f.into);
            for i in 0..PLACES {
                let [sent, received] = [&w, &t].map(|m| m[i].iter().filter(|x| **x > 0.0).count() as f64);
                let both = (0..PLACES).filter(|j| w[i][*j] > 0.0 && w[*j][i] > 0.0).count() as f64;
                let kinds = [
                    (&found.cycle, [&w, &w, &w], sent * received - both),
                    (&found.middleman, [&w, &t, &w], sent * received - both),
                    (&found.inward, [&t, &w, &w], received * (received - 1.0)),
                    (&found.outward, [&w, &w, &t], sent * (sent - 1.0)),
                ];
                let mut all = (0.0, 0.0);
                for (found, [a, b, c], possible) in kinds {
                    let triangles = product(&product(a, b), c)[i][i];
                    all = (all.0 + triangles, all.1 + possible);
                    let expected = (possible > 0.0).then(|| triangles / possible);
                    prop_assert_eq!(found[i].is_some(), expected.is_some());
                    prop_assert!((found[i].unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12);
                }
                let expected = if all.1 > 0.0 { all.0 / all.1 } else { 0.0 };
                prop_assert!((found.all[i].unwrap_or(0.0) - expected).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_full_network_of_equal_flows_is_fully_clustered() {
        let flows: Vec<_> = (0..4).flat_map(|o| (0..4).map(move |d| (o, d, 7.0))).filter(|f| f.0 != f.1).collect();
        let f = frozen(5, &flows);
        let found = clustering(&f.out, &f.into);
        assert_eq!(found.all, [Some(1.0), Some(1.0), Some(1.0), Some(1.0), None]);
        assert_eq!(mean(&found.all), Some(1.0));
    }
}
