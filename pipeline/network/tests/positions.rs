//! What must hold for every metric that is computed on request, as for those that are by default.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use flowatlas_model::{Atlas, MetricTable, Table, WeightKind};
use flowatlas_network::{
    Choice, Distance, Measures, build, flow_metrics, measure, measure_watched, network_metrics, place_metrics,
};
use proptest::prelude::*;
use support::{Row, atlas, table, value, values};

/// Room for sums in another order, and for eigenvectors whose eigenvalues lie close together.
const ROUNDING: f64 = 1e-7;
const PLACES: usize = 14;
/// Numbers that more of everything makes larger or smaller by more than a factor, because they weigh evidence.
const OF_COUNTS: [&str; 3] = ["noise_corrected", "noise_corrected_share", "noise_corrected_weight"];
/// Numbers that depend on a draw, which goes by the order of places and flows.
const DRAWN: [&str; 8] = [
    "weighted_reciprocity_expected",
    "weighted_reciprocity_z",
    "concentration_expected",
    "concentration_z",
    "mean_clustering_expected",
    "mean_clustering_z",
    "weighted_rich_club_expected",
    "weighted_rich_club_z",
];

const DISTANCES: [Distance; 5] =
    [Distance::Inverse, Distance::Power(0.5), Distance::Surprise, Distance::Kilometres, Distance::Hops];

/// Flows between 12 of 14 places, so that two are isolated: whole weights that tie, zeros, gaps and self-flows. None is so
/// large that two parts of the network are eigenvectors of nearly the same value: those are not determined.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let weight = prop_oneof![
        8 => prop::sample::select(vec![1.0, 2.0, 3.0, 4.0, 6.0, 12.0]).prop_map(Some),
        1 => Just(Some(0.0)),
        1 => Just(None),
    ];
    prop::collection::vec((0..12u32, 0..12u32, weight), 0..70)
}

/// The same rows with weights of which no sums and products are the same.
fn uneven(rows: &[Row]) -> Vec<Row> {
    let factor = |k: usize| 1.0 + 0.01 * (k as f64).sqrt();
    rows.iter().enumerate().map(|(k, &(o, d, w))| (o, d, w.map(|w| w * factor(k)))).collect()
}

/// Groups of positions, structure and single flows; indicators and models have laws of their own.
const GROUPS: [&str; 13] = [
    "degrees",
    "paths",
    "pagerank",
    "structure",
    "flow-paths",
    "sampled",
    "influence",
    "triangles",
    "cores",
    "mixing",
    "communities",
    "backbones",
    "chance",
];

fn all(distance: Distance) -> Measures {
    let metrics = Choice::of(&GROUPS.map(str::to_owned)).unwrap();
    Measures { metrics, distance, random_networks: 5, sources: 9, ..Measures::default() }
}

fn of(atlas: &Atlas, rows: &[Row], distance: Distance) -> MetricTable {
    measure(atlas, &build(atlas, &table(rows), WeightKind::Measured), &all(distance))
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= ROUNDING * (1.0 + a.abs().max(b.abs())),
        (None, None) => true,
        _ => false,
    }
}

/// Returns every number of a table with its name.
fn numbers(table: &MetricTable) -> Vec<(&'static str, &'static str, Vec<Option<f64>>)> {
    let places = table.places.iter().map(|m| (m.info.id, m.info.unit, m.values.clone()));
    let flows = table.flows.iter().map(|m| (m.info.id, m.info.unit, m.values.clone()));
    let network = table.network.iter().map(|m| (m.info.id, m.info.unit, vec![m.value]));
    places.chain(flows).chain(network).collect()
}

fn assert_same(one: &MetricTable, other: &MetricTable, factor: impl Fn(&str, &str) -> f64) {
    let (one, other) = (numbers(one), numbers(other));
    assert_eq!(one.len(), other.len());
    for ((id, unit, a), (_, _, b)) in one.iter().zip(&other) {
        assert_eq!(a.len(), b.len(), "{id}");
        for (x, y) in a.iter().zip(b) {
            assert!(near(x.map(|x| factor(id, unit) * x), *y), "{id}: {x:?} {y:?}");
        }
    }
}

/// How a number changes when all weights double.
fn doubling(distance: Distance) -> impl Fn(&str, &str) -> f64 {
    move |id, unit| match unit {
        "weight^alpha" | "1/weight^alpha" => {
            let Distance::Power(alpha) = distance else { panic!("{id} has the unit {unit}") };
            libm::pow(2.0, if unit.starts_with('1') { -alpha } else { alpha })
        }
        "weight" => 2.0,
        "1/weight" => 0.5,
        _ => 1.0,
    }
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn doubled_weights_change_amounts_alone(rows in rows()) {
        let doubled: Vec<Row> = rows.iter().map(|&(o, d, w)| (o, d, w.map(|w| 2.0 * w))).collect();
        let atlas = atlas(PLACES);
        for distance in DISTANCES {
            let without = |mut t: MetricTable| {
                t.flows.retain(|m| !OF_COUNTS.contains(&m.info.id));
                t.network.retain(|m| !OF_COUNTS.contains(&m.info.id));
                t
            };
            let [one, two] = [&rows, &doubled].map(|rows| without(of(&atlas, rows, distance)));
            assert_same(&one, &two, doubling(distance));
        }
    }

    #[test]
    fn the_order_of_places_moves_numbers_with_their_places(
        (rows, moved) in (rows(), Just((0..PLACES as u32).collect::<Vec<_>>()).prop_shuffle())
    ) {
        let plain = atlas(PLACES);
        let mut places = vec![plain.places[0].clone(); PLACES];
        moved.iter().enumerate().for_each(|(from, to)| places[*to as usize] = plain.places[from].clone());
        let other = Atlas { places, attributes: Table::with_rows(PLACES), ..Atlas::default() };
        let turned: Vec<Row> = rows.iter().map(|&(o, d, w)| (moved[o as usize], moved[d as usize], w)).collect();
        for distance in DISTANCES {
            let [mut one, mut two] = [of(&plain, &rows, distance), of(&other, &turned, distance)];
            for table in [&mut one, &mut two] {
                table.network.retain(|m| !DRAWN.contains(&m.info.id));
                // Of two equal components the first place decides which one counts.
                table.places.retain(|m| m.info.id != "eigenvector");
            }
            for metric in &mut two.places {
                metric.values = moved.iter().map(|to| metric.values[*to as usize]).collect();
            }
            assert_same(&one, &two, |_, _| 1.0);
        }
    }

    #[test]
    fn an_isolated_place_leaves_what_does_not_count_places(rows in rows()) {
        let [with, without] = [13, 12].map(|places| of(&atlas(places), &rows, Distance::Inverse));
        let places =
            ["eigenvector", "hub", "authority", "katz", "clustering", "core", "core_in", "strength_core"];
        for id in places {
            let pairs = values(&with, id).iter().zip(values(&without, id));
            prop_assert!(pairs.into_iter().all(|(a, b)| near(*a, *b)), "{}", id);
        }
        for id in ["mean_distance", "diameter", "rich_club", "weighted_rich_club", "disparity_share",
            "metric_backbone_share", "degree_assortativity_out_in", "mean_clustering"] {
            prop_assert!(near(value(&with, id), value(&without, id)), "{}", id);
        }
    }

    #[test]
    fn reversed_flows_exchange_in_and_out(rows in rows()) {
        let reversed: Vec<Row> = rows.iter().map(|&(o, d, w)| (d, o, w)).collect();
        let atlas = atlas(PLACES);
        let [one, two] = [&rows, &reversed].map(|rows| of(&atlas, rows, Distance::Inverse));
        for (a, b) in [("core_in", "core_out"), ("clustering_in", "clustering_out"), ("clustering", "clustering"),
            ("closeness_in", "closeness_out"), ("strength_core", "strength_core")] {
            let pairs = values(&one, a).iter().zip(values(&two, b));
            prop_assert!(pairs.into_iter().all(|(x, y)| near(*x, *y)), "{}", a);
        }
        // Where parts of the network have the same singular value, as they may with few whole weights, no scores are determined.
        let [one, two] = [&rows, &reversed].map(|rows| of(&atlas, &uneven(rows), Distance::Inverse));
        let pairs = values(&one, "hub").iter().zip(values(&two, "authority"));
        prop_assert!(pairs.into_iter().all(|(x, y)| near(*x, *y)), "hub");
        for (a, b) in [("degree_assortativity_in_out", "degree_assortativity_in_out"), ("diameter", "diameter"),
            ("strength_assortativity_in_in", "strength_assortativity_out_out"), ("efficiency", "efficiency")] {
            prop_assert!(near(value(&one, a), value(&two, b)), "{}", a);
        }
        for (a, b) in one.flows.iter().zip(&two.flows) {
            prop_assert!(a.values.iter().zip(&b.values).all(|(x, y)| near(*x, *y)), "{}", a.info.id);
        }
    }

    #[test]
    fn shares_stay_within_their_bounds_and_nothing_is_infinite(rows in rows()) {
        for distance in DISTANCES {
            let table = of(&atlas(PLACES), &rows, distance);
            for (id, _, values) in numbers(&table) {
                prop_assert!(values.iter().flatten().all(|v| v.is_finite()), "{}", id);
                let share = ["betweenness", "hub", "authority", "eigenvector", "clustering", "disparity", "rich_club",
                    "community_stability", "metric_backbone", "flow_betweenness", "reachable_pairs"].contains(&id);
                prop_assert!(!share || values.iter().flatten().all(|v| (0.0..=1.0 + ROUNDING).contains(v)), "{}", id);
            }
        }
    }
}

#[test]
fn every_metric_comes_in_the_order_of_the_catalogue() {
    for weights in [WeightKind::Measured, WeightKind::Ordinal] {
        let atlas = atlas(4);
        let rows = [(0, 1, Some(1.0)), (1, 0, Some(2.0)), (1, 2, Some(3.0))];
        let table = measure(&atlas, &build(&atlas, &table(&rows), weights), &all(Distance::Inverse));
        let mut catalogue = place_metrics();
        assert!(table.places.iter().all(|m| catalogue.any(|known| *known == m.info)), "{weights:?}");
        let mut catalogue = flow_metrics();
        assert!(table.flows.iter().all(|m| catalogue.any(|known| *known == m.info)), "{weights:?}");
        let mut catalogue = network_metrics();
        assert!(table.network.iter().all(|m| catalogue.any(|known| *known == m.info)), "{weights:?}");
    }
}

#[test]
fn a_flow_without_a_length_is_on_no_backbone_nor_off_it() {
    let rows = [(0, 1, Some(5.0)), (1, 2, None)];
    let backbone = |distance| {
        let table = of(&atlas(3), &rows, distance);
        table.flows.into_iter().find(|metric| metric.info.id == "metric_backbone").unwrap().values
    };
    assert_eq!(backbone(Distance::Inverse), [Some(1.0), None]);
    assert_eq!(backbone(Distance::Hops), [Some(1.0), Some(1.0)], "a step is as long whatever flows");
}

#[test]
fn only_what_is_chosen_is_in_the_table() {
    let atlas = atlas(3);
    let graph = build(&atlas, &table(&[(0, 1, Some(2.0)), (1, 2, Some(1.0))]), WeightKind::Measured);
    let metrics = Choice::of(&["katz".into(), "metric_backbone".into(), "density".into()]).unwrap();
    let table = measure(&atlas, &graph, &Measures { metrics, ..Measures::default() });
    let ids: Vec<&str> = numbers(&table).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, ["katz", "metric_backbone", "density"]);
}

#[test]
fn one_thread_and_three_give_the_same_bits_of_everything() {
    let rows: Vec<Row> = (0..4000u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 8, i.wrapping_mul(2_246_822_519) >> 7, i))
        .map(|(o, d, i)| (o % 200, d % 200, Some(1.0 / f64::from(1 + i % 97))))
        .collect();
    let bits = |threads: usize| -> Vec<_> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let table = pool.install(|| of(&atlas(200), &rows, Distance::Surprise));
        numbers(&table).into_iter().flat_map(|(_, _, values)| values).map(|v| v.map(f64::to_bits)).collect()
    };
    assert_eq!(bits(1), bits(3));
}

#[test]
fn places_without_flows_have_no_influence_and_no_triangles() {
    for places in [0, 1, 3] {
        let table = of(&atlas(places), &[], Distance::Inverse);
        for id in ["eigenvector", "hub", "katz", "clustering"] {
            assert!(values(&table, id).iter().all(Option::is_none), "{id}");
        }
        for id in ["mean_distance", "diameter", "rich_club", "modularity", "weighted_rich_club_z"] {
            assert_eq!(value(&table, id), None, "{id}");
        }
        assert!(values(&table, "core").iter().all(|core| *core == Some(0.0)));
    }
}

#[test]
fn a_likely_path_is_short() {
    // From 0, 1 takes 9 of 10 and sends 9 of 10 on to 2: 0.81, against 0.1 on the direct way.
    let rows = [(0, 1, Some(9.0)), (0, 2, Some(1.0)), (1, 2, Some(9.0)), (1, 0, Some(1.0))];
    let table = of(&atlas(3), &rows, Distance::Surprise);
    let [to_1, to_2] = [0.9, 0.81].map(|share: f64| -libm::log(share));
    assert!(near(values(&table, "harmonic_out")[0], Some((1.0 / to_1 + 1.0 / to_2) / 2.0)));
    assert_eq!(values(&table, "betweenness"), [Some(0.0), Some(0.5), Some(0.0)]);
}

#[test]
fn kilometres_are_those_between_places_whatever_flows() {
    // Places stand at 0, 1, 2, … degrees on the equator.
    let rows = [(0, 1, Some(9.0)), (1, 2, None), (0, 2, Some(0.5))];
    let table = of(&atlas(3), &rows, Distance::Kilometres);
    let degree = 6_371.008_771_4 * std::f64::consts::PI / 180.0;
    assert!(near(value(&table, "diameter"), Some(2.0 * degree)));
    assert!(near(value(&table, "mean_distance"), Some(4.0 / 3.0 * degree)));
    assert_eq!(values(&table, "betweenness"), [Some(0.0), Some(0.25), Some(0.0)]);
}

#[test]
fn ranks_get_kilometres_but_no_distance_by_weight() {
    let atlas = atlas(3);
    let graph = build(&atlas, &table(&[(0, 1, Some(1.0)), (1, 2, Some(2.0))]), WeightKind::Ordinal);
    let names =
        |distance| numbers(&measure(&atlas, &graph, &all(distance))).into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
    assert!(names(Distance::Kilometres).contains(&"betweenness"));
    assert!(names(Distance::Surprise).contains(&"hop_betweenness"));
    assert!(!names(Distance::Surprise).contains(&"katz"));
}

#[test]
fn parallel_kinds_share_the_numbers_of_their_pair() {
    let atlas = atlas(3);
    let mut flows = table(&[(0, 1, Some(2.0)), (0, 1, Some(3.0)), (0, 2, Some(1.0)), (0, 2, Some(0.0))]);
    for (flow, kind) in flows.flows.iter_mut().zip(["a", "b", "a", "c"]) {
        flow.kind = Some(kind.into());
    }
    let table = measure(&atlas, &build(&atlas, &flows, WeightKind::Measured), &all(Distance::Inverse));
    let disparity = &table.flows.iter().find(|m| m.info.id == "disparity").unwrap().values;
    // 5 of 6 and 1 of 6, of two destinations each.
    assert!(near(disparity[0], Some(1.0 / 6.0)) && disparity[0] == disparity[1]);
    assert!(near(disparity[2], Some(5.0 / 6.0)) && disparity[3].is_none());
}

#[test]
fn whoever_watches_is_told_of_every_search() {
    let atlas = atlas(40);
    let ring: Vec<Row> = (0..40).map(|i| (i, (i + 1) % 40, Some(1.0))).collect();
    let last = std::cell::Cell::new((0, 0));
    let graph = build(&atlas, &table(&ring), WeightKind::Measured);
    measure_watched(&atlas, &graph, &Measures::default(), &|done, of| last.set((done, of)));
    assert_eq!(last.get(), (40, 40));
}

#[test]
fn clustering_counts_flows_of_known_weight_alone_and_says_so() {
    let known = [(0, 1, Some(4.0)), (1, 2, Some(2.0)), (2, 0, Some(3.0)), (0, 3, Some(1.0))];
    let more = [&known[..], &[(3, 1, None), (1, 0, None)]].concat();
    let ids = ["clustering", "clustering_cycle", "clustering_middleman", "clustering_in", "clustering_out"];
    let measured = |rows: &[Row]| {
        let options = Measures { metrics: Choice::of(&["all".to_owned()]).unwrap(), ..Measures::default() };
        measure(&atlas(4), &build(&atlas(4), &table(rows), WeightKind::Measured), &options)
    };
    let [alone, beside] = [measured(&known), measured(&more)];
    for id in ids {
        assert_eq!(values(&alone, id), values(&beside, id), "{id}");
        let info = &beside.places.iter().find(|m| m.info.id == id).unwrap().info;
        assert!(!info.formula.contains("_degree"), "degrees count unknown flows: {}", info.formula);
    }
    let defined = &beside.places.iter().find(|m| m.info.id == "clustering").unwrap().info.formula;
    assert!(defined.contains("over flows of known weight"), "{defined}");
}

#[test]
fn flows_between_places_at_one_position_are_counted_where_kilometres_matter() {
    let mut atlas = atlas(4);
    atlas.places[1].at = atlas.places[0].at;
    let rows = [(0, 1, Some(4.0)), (1, 0, None), (1, 2, Some(2.0)), (2, 3, Some(3.0))];
    let said = |atlas: &Atlas, distance: Distance| {
        let options = Measures { distance, ..Measures::default() };
        let table = measure(atlas, &build(atlas, &table(&rows), WeightKind::Measured), &options);
        table.conventions.into_iter().find(|c| c.contains("at the same position or nearly so"))
    };
    // Two degrees along the equator are 222.4 km.
    let told = said(&atlas, Distance::Kilometres).unwrap();
    assert!(told.contains("(2)") && told.contains("2.224e-4"), "{told}");
    assert_eq!(said(&atlas, Distance::Inverse), None);
    atlas.places[1].at.y = 1.0;
    assert_eq!(said(&atlas, Distance::Kilometres), None);
}
