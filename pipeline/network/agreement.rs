//! How far partitions of the same places agree.

use std::collections::BTreeMap;

/// How far other partitions agree with one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Agreement {
    /// For every place the mean overlap of its group there and here: places in both / places in either.
    pub of_places: Vec<f64>,
    /// The mean adjusted Rand index.
    pub of_all: f64,
}

/// Compares one partition with others; labels are below the number of places. Without others, all agree.
///
/// # Source
/// Jaccard 1901 for places; Hubert & Arabie 1985, J. Classif. 2(1), equation 5, for all.
pub(crate) fn agreement(one: &[u32], others: &[&[u32]]) -> Agreement {
    if others.is_empty() {
        return Agreement { of_places: vec![1.0; one.len()], of_all: 1.0 };
    }
    let mut mean = Agreement { of_places: vec![0.0; one.len()], of_all: 0.0 };
    for other in others {
        let table = Table::new(one, other);
        for (place, sum) in mean.of_places.iter_mut().enumerate() {
            *sum += table.overlap(one[place], other[place]) / others.len() as f64;
        }
        mean.of_all += table.rand() / others.len() as f64;
    }
    mean
}

/// The sizes of the groups of two partitions, and of what they share.
struct Table {
    shared: BTreeMap<(u32, u32), f64>,
    one: Vec<f64>,
    other: Vec<f64>,
}

impl Table {
    fn new(one: &[u32], other: &[u32]) -> Self {
        let mut table = Table { shared: BTreeMap::new(), one: vec![0.0; one.len()], other: vec![0.0; one.len()] };
        for (a, b) in one.iter().zip(other) {
            *table.shared.entry((*a, *b)).or_insert(0.0) += 1.0;
            table.one[*a as usize] += 1.0;
            table.other[*b as usize] += 1.0;
        }
        table
    }

    fn overlap(&self, one: u32, other: u32) -> f64 {
        let shared = self.shared[&(one, other)];
        shared / (self.one[one as usize] + self.other[other as usize] - shared)
    }

    /// Returns the share of pairs on which the partitions agree, so that chance gives 0; 1 where both are all one or all apart.
    fn rand(&self) -> f64 {
        let pairs = |sizes: &mut dyn Iterator<Item = &f64>| sizes.map(|n| n * (n - 1.0) / 2.0).sum::<f64>();
        let [together, one, other, all] = [
            pairs(&mut self.shared.values()),
            pairs(&mut self.one.iter()),
            pairs(&mut self.other.iter()),
            pairs(&mut [self.one.len() as f64].iter()),
        ];
        let (expected, most) = (one * other / all, (one + other) / 2.0);
        if most == expected || all == 0.0 { 1.0 } else { (together - expected) / (most - expected) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_groups_under_other_labels_agree() {
        let found = agreement(&[0, 0, 1, 1, 2], &[&[3, 3, 0, 0, 1]]);
        assert_eq!(found, Agreement { of_places: vec![1.0; 5], of_all: 1.0 });
    }

    #[test]
    fn a_place_that_moved_lowers_the_overlap_of_both_its_groups() {
        let found = agreement(&[0, 0, 0, 1, 1], &[&[0, 0, 1, 1, 1]]);
        assert_eq!(found.of_places, [2.0 / 3.0, 2.0 / 3.0, 0.2, 2.0 / 3.0, 2.0 / 3.0]);
        // Two pairs are together in both; 4 and 4 of 10 in each; expected 1.6.
        assert!((found.of_all - (2.0 - 1.6) / (4.0 - 1.6)).abs() < 1e-15);
    }

    #[test]
    fn one_place_or_none_agrees_with_itself() {
        assert_eq!(agreement(&[0], &[&[0]]).of_all, 1.0);
        assert_eq!(agreement(&[], &[&[]]).of_all, 1.0);
    }
}
