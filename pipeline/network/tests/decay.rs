//! Flows against distance: laws, an example by hand, and a network made by a known law.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use flowatlas_model::{Atlas, Coordinates, OdGraph, Place, Table, WeightKind};
use flowatlas_network::{Choice, Measures, build, distance_decay, measure};
use support::{table, value};

fn network(at: &[(f64, f64)], flows: &[(u32, u32, f64)]) -> (Atlas, OdGraph) {
    let place = |(k, &(x, y)): (usize, &(f64, f64))| Place {
        id: format!("p{k}"),
        name: String::new(),
        at: geo::coord! { x: x, y: y },
        area: None,
        population: None,
    };
    let places: Vec<Place> = at.iter().enumerate().map(place).collect();
    let attributes = Table::with_rows(places.len());
    let atlas = Atlas { coordinates: Coordinates::Planar, places, attributes, ..Atlas::default() };
    let rows: Vec<_> = flows.iter().map(|&(o, d, w)| (o, d, Some(w))).collect();
    let graph = build(&atlas, &table(&rows), WeightKind::Measured);
    (atlas, graph)
}

/// Places on a spiral, whose flows fall with a power of their distance, with populations that differ.
fn gravity(power: f64) -> (Atlas, OdGraph) {
    let at: Vec<(f64, f64)> = (0..60)
        .map(f64::from)
        .map(|k| (libm::sqrt(k) * 40.0 * libm::cos(2.4 * k), libm::sqrt(k) * 40.0 * libm::sin(2.4 * k)))
        .collect();
    let size = |k: usize| 1.0 + (k * 7 % 11) as f64;
    let flow = |o: usize, d: usize| {
        let distance = libm::hypot(at[o].0 - at[d].0, at[o].1 - at[d].1);
        (o as u32, d as u32, 1e6 * size(o) * size(d) * libm::pow(distance, -power))
    };
    let pairs = (0..60).flat_map(|o| (0..60).map(move |d| (o, d))).filter(|(o, d)| o != d);
    let flows: Vec<_> = pairs.map(|(o, d)| flow(o, d)).collect();
    let (mut atlas, graph) = network(&at, &flows);
    (0..).zip(&mut atlas.places).for_each(|(k, place)| place.population = Some(size(k)));
    (atlas, graph)
}

#[test]
fn all_that_moves_is_in_a_class_and_what_is_expected_of_the_pairs_sums_to_the_totals() {
    let (atlas, graph) = gravity(1.3);
    let decay = distance_decay(&atlas, &graph).unwrap();
    let total: f64 = graph.links().filter_map(|(_, _, link)| link.weight).sum();
    assert!((decay.classes.iter().map(|c| c.observed).sum::<f64>() / total - 1.0).abs() < 1e-12);
    assert_eq!(decay.classes.iter().map(|c| c.pairs).sum::<usize>(), 60 * 59);
    assert!(decay.classes.iter().all(|c| c.bounds[0] <= c.distance && c.distance < c.bounds[1]));
    assert!(decay.classes.windows(2).all(|w| w[0].bounds[1] <= w[1].bounds[0]));
}

#[test]
fn a_network_made_by_a_power_lies_on_its_line() {
    let (atlas, graph) = gravity(1.5);
    let decay = distance_decay(&atlas, &graph).unwrap();
    assert!((decay.exponent - 1.5).abs() < 1e-6);
    for class in &decay.classes {
        // What would move at the least and at the most distance of the class bounds what does.
        let [most, least] = class.bounds.map(|d| libm::pow(d / decay.middle, -1.5));
        let ratio = class.ratio();
        assert!(least * (1.0 - 1e-6) <= ratio && ratio <= most * (1.0 + 1e-6), "{least} {ratio} {most}");
    }
}

#[test]
fn models_take_no_unknown_flow_for_0() {
    let (atlas, mut graph) = gravity(1.3);
    let options = Measures { metrics: Choice::of(&["models".to_owned()]).unwrap(), ..Measures::default() };
    graph.graph.edge_weights_mut().step_by(3).for_each(|link| link.weight = None);
    let part = measure(&atlas, &graph, &options);
    for model in ["free", "origins", "destinations", "both"] {
        let told = |what: &str| value(&part, &format!("gravity_{model}_power_{what}")).unwrap();
        assert!((told("decay") - 1.3).abs() < 1e-6, "{model}: {}", told("decay"));
        assert!(told("cpc") > 1.0 - 1e-6 && told("srmse") < 1e-6, "{model}: {}", told("cpc"));
    }
    assert!(part.conventions.iter().any(|c| c.contains("leave out flows without a weight")));
}

#[test]
fn the_radiation_model_leaves_unknown_flows_out() {
    // Half of what leaves a place is expected at another one as large, and nothing lies between: 2.5 of the 5 that are known.
    let (mut atlas, mut graph) = network(&[(0.0, 0.0), (1.0, 0.0)], &[(0, 1, 9.0), (1, 0, 5.0)]);
    atlas.places.iter_mut().for_each(|place| place.population = Some(10.0));
    let unknown = graph.graph.edge_weights_mut().filter(|link| link.weight == Some(9.0));
    unknown.for_each(|link| link.weight = None);
    let options = Measures { metrics: Choice::of(&["models".to_owned()]).unwrap(), ..Measures::default() };
    let table = measure(&atlas, &graph, &options);
    assert_eq!((value(&table, "radiation_cpc"), value(&table, "radiation_srmse")), (Some(5.0 / 7.5), Some(0.5)));
}

#[test]
fn four_places_by_hand() {
    // Two pairs of neighbours, 1 apart within and 10 apart between: all totals are alike, so that A and B are, and the factors of the two
    // distances are as 8 to 1, which is 10 to the power of 0.903.
    let at = [(0.0, 0.0), (0.0, 1.0), (10.0, 0.0), (10.0, 1.0)];
    let far = [(0, 2), (1, 3)].map(|(a, b)| [(a, b, 1.0), (b, a, 1.0)]);
    let near = [(0, 1), (2, 3)].map(|(a, b)| [(a, b, 8.0), (b, a, 8.0)]);
    let flows: Vec<_> = far.into_iter().chain(near).flatten().collect();
    let (atlas, graph) = network(&at, &flows);
    let decay = distance_decay(&atlas, &graph).unwrap();
    assert!((decay.exponent - libm::log10(8.0)).abs() < 1e-9, "{}", decay.exponent);
    // 32 of the 36 move over 1, 4 over 10.
    assert!((decay.middle - libm::pow(10.0, 4.0 / 36.0)).abs() < 1e-9, "{}", decay.middle);
    let told: Vec<_> = decay.classes.iter().map(|c| (c.bounds, c.distance, c.pairs, c.observed)).collect();
    assert_eq!(told, [([1.0, 1.5], 1.0, 4, 32.0), ([10.0, 15.0], 10.0, 4, 4.0)]);
    assert!((decay.classes[0].ratio() / decay.classes[1].ratio() - 8.0).abs() < 1e-9);
}

#[test]
fn where_the_totals_tell_all_there_is_nothing() {
    let (atlas, graph) = network(&[(0.0, 0.0), (0.0, 0.0)], &[(0, 1, 5.0)]);
    assert_eq!(distance_decay(&atlas, &graph), None, "one position");
    let (atlas, graph) = network(&[(0.0, 0.0), (1.0, 0.0)], &[]);
    assert_eq!(distance_decay(&atlas, &graph), None, "no flows");
    let (atlas, graph) = network(&[(0.0, 0.0), (1.0, 0.0), (5.0, 0.0)], &[(0, 1, 5.0), (0, 2, 3.0)]);
    assert_eq!(distance_decay(&atlas, &graph), None, "one origin");
}
