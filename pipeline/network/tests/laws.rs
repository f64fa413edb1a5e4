//! What must hold for every flow table.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use flowatlas_model::{Atlas, MetricTable, Place, WeightKind};
use flowatlas_network::{Choice, Measures, build, flow_metrics, measure, network_metrics, place_metrics};
use proptest::prelude::*;
use support::{Row, atlas, flow, table, value, values};

/// Room for sums in another order, relative.
const ROUNDING: f64 = 1e-12;
const PLACES: usize = 14;

/// Flows between 12 of 14 places, so that two are isolated: whole weights that tie, zeros, gaps and self-flows.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let weight = prop_oneof![
        8 => prop::sample::select(vec![1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 600.0]).prop_map(Some),
        1 => Just(Some(0.0)),
        1 => Just(None),
    ];
    prop::collection::vec((0..12u32, 0..12u32, weight), 0..70)
}

fn metrics_of(atlas: &Atlas, rows: &[Row], weights: WeightKind) -> MetricTable {
    measure(atlas, &build(atlas, &table(rows), weights), &measures())
}

/// Returns what is computed unasked, and the indicators and models that must be asked for.
fn measures() -> Measures {
    let names = ["default", "affinity", "models"].map(str::to_owned);
    Measures { metrics: Choice::of(&names).unwrap(), ..Measures::default() }
}

fn metrics(rows: &[Row]) -> MetricTable {
    metrics_of(&atlas(PLACES), rows, WeightKind::Measured)
}

fn sum(values: &[Option<f64>]) -> f64 {
    values.iter().flatten().sum()
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= ROUNDING * (1.0 + a.abs()),
        (None, None) => true,
        _ => false,
    }
}

fn threads(count: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap()
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(
        (rows, shuffled) in rows().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))
    ) {
        // All weights are whole, so that even sums are exact. Flows stand in the order of their rows.
        let (one, other) = (metrics(&rows), metrics(&shuffled));
        let by_ends = |rows: &[Row], m: &MetricTable| {
            let graph = build(&atlas(PLACES), &table(rows), WeightKind::Measured);
            let line = |(k, (o, d, _))| (o, d, m.flows.iter().map(|f| f.values[k]).collect::<Vec<_>>());
            let mut lines: Vec<_> = graph.links().enumerate().map(line).collect();
            lines.sort_by_key(|line| (line.0, line.1));
            lines
        };
        prop_assert_eq!(by_ends(&rows, &one), by_ends(&shuffled, &other));
        prop_assert!(one.places == other.places && one.network == other.network);
    }

    #[test]
    fn all_that_arrives_has_left_somewhere(rows in rows()) {
        let m = metrics(&rows);
        let total = value(&m, "total").unwrap_or(0.0);
        prop_assert_eq!(sum(values(&m, "in_strength")), total);
        prop_assert_eq!(sum(values(&m, "out_strength")), total);
        prop_assert_eq!(sum(values(&m, "in_degree")), sum(values(&m, "out_degree")));
        if rows.iter().all(|r| r.2.is_some()) {
            prop_assert_eq!(sum(values(&m, "net")), 0.0);
        }
    }

    #[test]
    fn pagerank_sums_to_one(rows in rows()) {
        prop_assert!((sum(values(&metrics(&rows), "pagerank")) - 1.0).abs() < 1e-11);
    }

    #[test]
    fn doubled_weights_double_amounts_and_leave_shares(rows in rows()) {
        let doubled: Vec<Row> = rows.iter().map(|&(o, d, w)| (o, d, w.map(|w| 2.0 * w))).collect();
        let (one, two) = (metrics(&rows), metrics(&doubled));
        for (a, b) in one.places.iter().zip(&two.places) {
            let factor = if matches!(a.info.unit, "weight" | "per 1000") { 2.0 } else { 1.0 };
            for (x, y) in a.values.iter().zip(&b.values) {
                prop_assert!(near(x.map(|x| factor * x), *y), "{}: {x:?} {y:?}", a.info.id);
            }
        }
        for (a, b) in one.network.iter().zip(&two.network) {
            let rates = ["crude_intensity", "aggregate_net_rate", "courgeau_k", "velocity_sum"];
            let factor = match a.info.unit {
                "weight" => 2.0,
                "1/weight" => 0.5,
                _ if rates.contains(&a.info.id) => 2.0,
                _ => 1.0,
            };
            prop_assert!(near(a.value.map(|x| factor * x), b.value), "{}", a.info.id);
        }
    }

    #[test]
    fn parts_of_the_gini_index_are_no_more_than_the_whole(rows in rows()) {
        let m = metrics(&rows);
        let whole = value(&m, "gini_uncorrected").unwrap_or(0.0) + ROUNDING;
        for part in ["gini_rows", "gini_columns", "gini_exchange"] {
            prop_assert!(value(&m, part).unwrap_or(0.0) <= whole, "{part}");
        }
    }

    #[test]
    fn entropy_and_theil_add_up_to_the_logarithm_of_the_cells(rows in rows()) {
        let m = metrics(&rows);
        let sum = value(&m, "entropy").zip(value(&m, "theil")).map(|(entropy, theil)| entropy + theil);
        prop_assert!(sum.is_none_or(|s| (s - libm::log((PLACES * (PLACES - 1)) as f64)).abs() < ROUNDING * 10.0));
    }

    #[test]
    fn shares_of_an_origin_add_up_to_one(rows in rows()) {
        let atlas = atlas(PLACES);
        let graph = build(&atlas, &table(&rows), WeightKind::Measured);
        let m = measure(&atlas, &graph, &measures());
        let shares = &m.flows.iter().find(|f| f.info.id == "origin_share").unwrap().values;
        let mut sums = [0.0; PLACES];
        graph.links().zip(shares).for_each(|((origin, _, _), share)| sums[origin.index()] += share.unwrap_or(0.0));
        prop_assert!(sums.iter().all(|s| *s == 0.0 || (s - 1.0).abs() < ROUNDING));
    }

    #[test]
    fn net_migration_is_intensity_times_effectiveness(rows in rows()) {
        let m = metrics(&rows);
        let product = value(&m, "crude_intensity")
            .zip(value(&m, "migration_effectiveness"))
            .map(|(intensity, effectiveness)| intensity * effectiveness / 100.0);
        if product.is_some() {
            prop_assert!(near(value(&m, "aggregate_net_rate"), product));
        }
    }

    #[test]
    fn shares_stay_within_their_bounds(rows in rows()) {
        let m = metrics(&rows);
        let unit = [
            "density", "reciprocity", "weighted_reciprocity", "connectivity", "inequality", "inequality_expected",
            "concentration", "evenness", "gini", "gini_uncorrected", "gini_rows", "gini_columns", "gini_exchange",
            "gini_in_weighted", "gini_out_weighted", "gravity_both_power_cpc", "radiation_cpc",
        ];
        for id in unit {
            prop_assert!(value(&m, id).is_none_or(|v| (-ROUNDING..=1.0 + ROUNDING).contains(&v)), "{id}");
        }
        prop_assert!(values(&m, "betweenness").iter().flatten().all(|b| (0.0..=1.0 + ROUNDING).contains(b)));
        prop_assert!(values(&m, "effectiveness").iter().flatten().all(|e| e.abs() <= 100.0));
    }

    #[test]
    fn an_isolated_place_is_all_that_its_removal_removes(rows in rows()) {
        let with = metrics_of(&atlas(13), &rows, WeightKind::Measured);
        let without = metrics_of(&atlas(12), &rows, WeightKind::Measured);
        for id in ["in_strength", "out_degree", "net", "effectiveness", "net_rate"] {
            prop_assert_eq!(&values(&with, id)[..12], values(&without, id));
        }
        for id in ["total", "flows", "reciprocity", "migration_effectiveness", "concentration"] {
            prop_assert_eq!(value(&with, id), value(&without, id));
        }
        for id in ["places", "isolated_places", "weak_components", "strong_components"] {
            prop_assert_eq!(value(&with, id), value(&without, id).map(|v| v + 1.0));
        }
    }

    #[test]
    fn reversed_flows_exchange_in_and_out(rows in rows()) {
        let reversed: Vec<Row> = rows.iter().map(|&(o, d, w)| (d, o, w)).collect();
        let (one, two) = (metrics(&rows), metrics(&reversed));
        for (a, b) in [("in_strength", "out_strength"), ("in_degree", "out_degree"), ("betweenness", "betweenness"), ("harmonic_in", "harmonic_out"), ("gini_in", "gini_out"), ("cv_in", "cv_out"), ("evenness_in", "evenness_out"), ("distance_mean_in", "distance_mean_out")] {
            let pairs = values(&one, a).iter().zip(values(&two, b));
            prop_assert!(pairs.into_iter().all(|(x, y)| near(*x, *y)), "{a}");
        }
        for (a, b) in [("gini_rows", "gini_columns"), ("gini_exchange", "gini_exchange"), ("gini_in_weighted", "gini_out_weighted"), ("acv_in", "acv_out"), ("distance_median", "distance_median"), ("theil", "theil")] {
            prop_assert!(near(value(&one, a), value(&two, b)), "{a}");
        }
    }

    #[test]
    fn splitting_a_flow_into_kinds_changes_only_their_number(rows in rows()) {
        let atlas = atlas(PLACES);
        let mut split = table(&[]);
        for &(o, d, w) in &rows {
            let half = w.map(|w| w / 2.0);
            split.flows.extend(["permanent", "seasonal"].map(|kind| flow((o, d, half), Some(kind))));
        }
        let of = |flows| measure(&atlas, &build(&atlas, flows, WeightKind::Measured), &Measures::default());
        let (whole, parts) = (of(&table(&rows)), of(&split));
        prop_assert_eq!(&whole.places, &parts.places);
        prop_assert_eq!(value(&whole, "flows").map(|v| 2.0 * v), value(&parts, "flows"));
        prop_assert_eq!(value(&whole, "gini"), value(&parts, "gini"));
    }

    #[test]
    fn ordinal_metrics_do_not_depend_on_the_ranks(rows in rows()) {
        let other: Vec<Row> = rows.iter().map(|&(o, d, w)| (o, d, w.map(|w| 7.0 - w))).collect();
        let of = |rows: &[Row]| metrics_of(&atlas(PLACES), rows, WeightKind::Ordinal);
        prop_assert_eq!(of(&rows), of(&other));
    }
}

#[test]
fn one_thread_and_three_give_the_same_bits() {
    let rows: Vec<Row> = (0..6000u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 8, i.wrapping_mul(2_246_822_519) >> 7, i))
        .map(|(o, d, i)| (o % 300, d % 300, Some(1.0 / f64::from(1 + i % 97))))
        .collect();
    let of = |pool: rayon::ThreadPool| pool.install(|| metrics_of(&atlas(300), &rows, WeightKind::Measured));
    let bits = |m: MetricTable| -> Vec<_> {
        let places = m.places.into_iter().flat_map(|p| p.values);
        let flows = m.flows.into_iter().flat_map(|f| f.values);
        places.chain(flows).chain(m.network.into_iter().map(|n| n.value)).map(|v| v.map(f64::to_bits)).collect()
    };
    assert_eq!(bits(of(threads(1))), bits(of(threads(3))));
}

#[test]
fn tables_come_in_the_order_of_the_catalogue() {
    for weights in [WeightKind::Measured, WeightKind::Ordinal] {
        let m = metrics_of(&atlas(3), &[(0, 1, Some(1.0))], weights);
        let mut catalogue = place_metrics();
        assert!(m.places.iter().all(|p| catalogue.any(|known| *known == p.info)), "{weights:?}");
        let mut catalogue = flow_metrics();
        assert!(m.flows.iter().all(|f| catalogue.any(|known| *known == f.info)), "{weights:?}");
        let mut catalogue = network_metrics();
        assert!(m.network.iter().all(|n| catalogue.any(|known| *known == n.info)), "{weights:?}");
    }
}

#[test]
fn no_number_is_infinite_or_not_a_number() {
    let extreme = [f64::MAX, f64::MIN_POSITIVE, 5e-324, 1e300, 1.0].map(Some);
    let rows: Vec<Row> =
        (0..5u32).flat_map(|o| (0..5u32).map(move |d| (o, d, extreme[((o + d) % 5) as usize]))).collect();
    let m = metrics_of(&atlas(5), &rows, WeightKind::Measured);
    assert!(m.places.iter().flat_map(|p| &p.values).flatten().all(|v| v.is_finite()));
    assert!(m.flows.iter().flat_map(|f| &f.values).flatten().all(|v| v.is_finite()));
    assert!(m.network.iter().filter_map(|n| n.value).all(f64::is_finite));
}

#[test]
fn an_empty_atlas_and_a_single_place_have_metrics() {
    for places in [0, 1] {
        let m = metrics_of(&atlas(places), &[], WeightKind::Measured);
        assert_eq!((value(&m, "places"), value(&m, "total")), (Some(places as f64), Some(0.0)));
        assert_eq!((value(&m, "density"), value(&m, "gini")), (None, None));
        assert!(values(&m, "harmonic_in").iter().all(Option::is_none));
    }
}

#[test]
fn a_place_whose_flows_lack_weights_has_degrees_but_no_strength() {
    let m = metrics_of(&atlas(3), &[(0, 1, None), (1, 2, Some(5.0))], WeightKind::Measured);
    assert_eq!(values(&m, "out_strength"), [None, Some(5.0), Some(0.0)]);
    assert_eq!(values(&m, "out_degree"), [Some(1.0), Some(1.0), Some(0.0)]);
    assert_eq!(values(&m, "net"), [None, None, Some(5.0)]);
    assert_eq!((value(&m, "total"), value(&m, "flows")), (Some(5.0), Some(2.0)));
    assert!(m.conventions.iter().any(|c| c.starts_with("Flows without a weight (1)")));
}

#[test]
fn ordinal_networks_get_no_metric_that_needs_weights() {
    let m = metrics_of(&atlas(3), &[(0, 1, Some(1.0)), (1, 2, Some(2.0))], WeightKind::Ordinal);
    assert!(m.places.iter().all(|p| p.info.unit == "1"));
    assert!(m.network.iter().all(|n| n.info.unit == "1" && n.info.id != "concentration"));
    assert!(m.flows.iter().all(|f| f.info.id == "distance"));
    assert_eq!(values(&m, "hop_betweenness"), [Some(0.0), Some(0.5), Some(0.0)]);
    assert_eq!(values(&m, "hop_harmonic_out"), [Some(0.75), Some(0.5), Some(0.0)]);
}

#[test]
fn rates_are_absent_without_populations_and_empty_where_one_is_missing() {
    let rows = [(0, 1, Some(11.0))];
    let one = |population| {
        let mut atlas = atlas(2);
        atlas.places.iter_mut().zip(population).for_each(|(p, n): (&mut Place, _)| p.population = n);
        metrics_of(&atlas, &rows, WeightKind::Measured)
    };
    assert!(one([None, None]).places.iter().all(|p| p.info.unit != "per 1000"));
    let partly = one([None, Some(1100.0)]);
    assert_eq!(values(&partly, "in_rate"), [None, Some(10.0)]);
    assert_eq!(value(&partly, "crude_intensity"), None);
}

#[test]
fn path_metrics_of_too_many_places_are_left_out_and_said_to_be() {
    let atlas = atlas(3);
    let graph = build(&atlas, &table(&[]), WeightKind::Measured);
    let m = measure(&atlas, &graph, &Measures { paths_up_to: 2, ..Measures::default() });
    assert!(m.places.iter().all(|p| p.info.id != "betweenness"));
    assert!(m.conventions.iter().any(|c| c.contains("3 places are more than the limit of 2")));
}

#[test]
fn the_sum_of_no_flows_is_not_minus_zero() {
    let m = metrics_of(&atlas(2), &[(0, 1, Some(3.0))], WeightKind::Measured);
    assert!(m.places.iter().flat_map(|p| &p.values).flatten().all(|v| *v != 0.0 || v.is_sign_positive()));
}

#[test]
fn where_no_weight_is_known_velocities_have_no_sum() {
    let m = metrics_of(&atlas(3), &[(0, 1, None), (1, 2, None)], WeightKind::Measured);
    assert_eq!((value(&m, "total"), value(&m, "velocity_sum"), value(&m, "preference_sum")), (None, None, None));
}
