//! Laws of breaks, worked examples, and what another program says.

use super::*;
use proptest::prelude::*;
use serde::Deserialize;

/// Returns the sum of squared deviations from the means of the classes that these cuts make.
fn deviation(sorted: &[f64], cuts: &[usize]) -> f64 {
    let ends = [&[0][..], cuts, &[sorted.len()]].concat();
    let class = |pair: &[usize]| {
        let values = &sorted[pair[0]..pair[1]];
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>()
    };
    ends.windows(2).map(class).sum()
}

fn ascending(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// Returns the least deviation of all ways to cut, tried one by one.
fn least_deviation(sorted: &[f64], classes: usize) -> f64 {
    let mut best = vec![(Vec::new(), deviation(sorted, &[]))];
    for _ in 1..classes {
        let longer: Vec<_> = best
            .iter()
            .flat_map(|(cuts, _): &(Vec<usize>, f64)| {
                let from = cuts.last().copied().unwrap_or(0) + 1;
                (from..sorted.len()).map(move |cut| [cuts.clone(), vec![cut]].concat())
            })
            .map(|cuts| (cuts.clone(), deviation(sorted, &cuts)))
            .collect();
        best.extend(longer);
    }
    best.into_iter().map(|(_, sum)| sum).fold(f64::INFINITY, f64::min)
}

#[test]
fn classes_fall_into_the_gaps() {
    let values = [1.0, 2.0, 2.0, 10.0, 11.0, 50.0];
    assert_eq!(jenks(&values, 3), [3, 5]);
    assert!(jenks(&values, 1).is_empty());
    assert!(jenks(&[], 4).is_empty());
    assert!(jenks(&[4.0; 9], 3).is_empty());
    assert_eq!(jenks(&values, 9), [1, 3, 4, 5], "no more classes than different values");
}

#[test]
fn quantiles_part_equal_numbers_of_values_but_no_equal_values() {
    let values: Vec<f64> = (0..12).map(f64::from).collect();
    assert_eq!(quantiles(&values, 4), [3, 6, 9]);
    assert_eq!(quantiles(&[1.0, 1.0, 1.0, 1.0, 2.0, 3.0], 3), [4]);
    assert!(quantiles(&[], 3).is_empty());
    assert!(quantiles(&[5.0; 4], 3).is_empty());
}

#[test]
fn breaks_are_the_roundest_numbers_in_the_gap() {
    assert_eq!(round_between(17.3, 24.9), 20.0);
    assert_eq!(round_between(-3.2, 8.0), 0.0);
    assert_eq!(round_between(1.0, 2.0), 1.5);
    assert_eq!(round_between(0.12, 0.144), 0.14);
    assert_eq!(round_between(0.29, 0.31), 0.3);
    assert_eq!(round_between(101.0, 149.0), 120.0);
    let next = f64::from_bits(1.0_f64.to_bits() + 1);
    assert_eq!(round_between(1.0, next), next, "where nothing lies between, the upper end");
}

/// What mapclassify says of one list of values.
#[derive(Deserialize)]
struct Answer {
    name: String,
    values: Vec<f64>,
    classes: usize,
    /// Sum of squared deviations from the class means of the optimal classes.
    fisher_jenks: f64,
    /// How many values lie in each class.
    quantiles: Vec<usize>,
}

#[test]
fn mapclassify_finds_the_same_classes() {
    let file = include_str!("../../tests/oracles/classes/classes.json");
    let answers: Vec<Answer> = serde_json::from_str(file).unwrap();
    assert!(answers.len() >= 20);
    for answer in answers {
        let sorted = ascending(answer.values);
        let ours = deviation(&sorted, &jenks(&sorted, answer.classes));
        assert!((ours - answer.fisher_jenks).abs() <= 1e-9 * answer.fisher_jenks.max(1.0), "{}: {ours}", answer.name);
        let cuts = [vec![0], quantiles(&sorted, answer.classes), vec![sorted.len()]].concat();
        let counts: Vec<usize> = cuts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(counts, answer.quantiles, "{}", answer.name);
    }
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_other_cuts_deviate_less(values in prop::collection::vec(-20i32..20, 1..9), classes in 1usize..5) {
        let sorted = ascending(values.into_iter().map(f64::from).collect());
        let cuts = jenks(&sorted, classes);
        prop_assert!(cuts.len() < classes);
        prop_assert!(cuts.iter().all(|cut| sorted[cut - 1] < sorted[*cut]), "equal values are not parted");
        prop_assert!((deviation(&sorted, &cuts) - least_deviation(&sorted, classes)).abs() < 1e-9);
    }

    #[test]
    fn random_cuts_of_many_values_deviate_no_less(
        values in prop::collection::vec(-1e6f64..1e6, 40..200), at in prop::collection::btree_set(1usize..40, 1..6)
    ) {
        let sorted = ascending(values);
        let random: Vec<usize> = at.into_iter().collect();
        let ours = deviation(&sorted, &jenks(&sorted, random.len() + 1));
        prop_assert!(ours <= deviation(&sorted, &random) * (1.0 + 1e-9));
    }

    #[test]
    fn a_break_lies_in_its_gap(low in -1e9f64..1e9, width in 1e-6f64..1e6) {
        let round = round_between(low, low + width);
        prop_assert!(low < round && round < low + width, "{round}");
    }
}
