//! Communities: laws, and their modularity against NetworkX as recorded in `tests/oracles` at the top of the repository.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::{collections::BTreeSet, fs, path::Path};

use flowatlas_model::{Atlas, PlaceIndex, Table, WeightKind};
use flowatlas_network::{Communities, build, communities, matrix_order};
use proptest::prelude::*;
use serde::Deserialize;
use support::{Row, atlas, table};

/// The least share of the best of ten Louvain runs that is good enough.
const QUALITY: f64 = 0.98;

#[derive(Deserialize)]
struct Record {
    name: String,
    places: usize,
    flows: Vec<(u32, u32, f64)>,
    louvain_modularity: f64,
}

fn record(name: &str) -> Record {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles");
    serde_json::from_slice(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap()
}

fn found(places: usize, rows: &[Row]) -> Communities {
    let atlas = atlas(places);
    communities(&atlas, &build(&atlas, &table(rows), WeightKind::Measured))
}

fn measured(flows: &[(u32, u32, f64)]) -> Vec<Row> {
    flows.iter().map(|&(o, d, w)| (o, d, Some(w))).collect()
}

/// Returns directed modularity by its definition: every pair of places, one after the other.
fn modularity(places: usize, rows: &[Row], of: &[u32]) -> f64 {
    let mut weight = vec![vec![0.0; places]; places];
    rows.iter().filter(|r| r.0 != r.1).for_each(|r| weight[r.0 as usize][r.1 as usize] += r.2.unwrap_or(0.0));
    let out: Vec<f64> = weight.iter().map(|row| row.iter().sum()).collect();
    let into: Vec<f64> = (0..places).map(|j| weight.iter().map(|row| row[j]).sum()).collect();
    let total: f64 = out.iter().sum();
    let pairs = (0..places).flat_map(|i| (0..places).map(move |j| (i, j))).filter(|(i, j)| of[*i] == of[*j]);
    pairs.map(|(i, j)| (weight[i][j] - out[i] * into[j] / total) / total).sum()
}

/// Returns three rings of four places, joined by thin links.
fn rings() -> Vec<Row> {
    let mut rows = Vec::new();
    for ring in 0..3 {
        rows.extend((0..4).map(|k| (4 * ring + k, 4 * ring + (k + 1) % 4, Some(10.0 * f64::from(3 - ring)))));
        rows.push((4 * ring, (4 * ring + 4) % 12, Some(1.0)));
    }
    rows
}

#[test]
fn modularity_is_as_good_as_the_best_of_ten_louvain_runs() {
    for record in ["ties", "gravity", "scattered", "even"].map(record) {
        let rows = measured(&record.flows);
        let ours = found(record.places, &rows);
        let defined = modularity(record.places, &rows, &ours.of);
        assert!((ours.modularity - defined).abs() < 1e-12, "{}: {} is {defined}", record.name, ours.modularity);
        let share = ours.modularity / record.louvain_modularity;
        assert!(share >= QUALITY, "{}: {} is {share} of theirs", record.name, ours.modularity);
    }
}

#[test]
fn rings_joined_by_thin_links_are_communities_by_falling_total() {
    assert_eq!(found(13, &rings()).of, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3]);
}

#[test]
fn rows_of_a_matrix_stand_by_community_then_total_then_id_and_leave_out_places_without_flows() {
    let atlas = atlas(13);
    let mut rows = rings();
    rows.extend([(3, 3, Some(500.0)), (12, 12, None)]);
    let order = matrix_order(&atlas, &build(&atlas, &table(&rows), WeightKind::Measured));
    let numbers: Vec<Vec<u32>> = order.iter().map(|group| group.iter().map(|p| p.0).collect()).collect();
    assert_eq!(numbers, [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 10, 11, 9], vec![12]]);
}

#[test]
fn flows_without_a_weight_leave_communities_as_they_are() {
    let mut rows = rings();
    rows.extend((0..12).flat_map(|o| (0..12).map(move |d| (o, d, None))));
    assert_eq!(found(13, &rows).of, found(13, &rings()).of);
}

#[test]
fn ranks_count_as_links_alone() {
    let atlas = atlas(4);
    let rows = [(0, 1, Some(7.0)), (1, 0, None), (2, 3, Some(1.0)), (3, 2, Some(2.0))];
    let ranked = communities(&atlas, &build(&atlas, &table(&rows), WeightKind::Ordinal));
    assert_eq!((ranked.of, ranked.modularity), (vec![0, 0, 1, 1], 0.5));
}

#[test]
fn without_flows_every_place_is_alone() {
    let alone = found(3, &[(1, 1, Some(5.0))]);
    assert_eq!((alone.of, alone.modularity), (vec![0, 1, 2], 0.0));
}

#[test]
fn a_chain_of_ten_thousand_places_is_cut_without_recursion() {
    let chain: Vec<Row> = (1..10_000).map(|i| (i - 1, i, Some(1.0))).collect();
    assert!(found(10_000, &chain).modularity > 0.98);
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn communities_are_connected_and_no_worse_than_one_or_than_none(
        rows in prop::collection::vec((0..16u32, 0..16u32, (0..9u32).prop_map(|w| Some(f64::from(w)))), 1..60)
    ) {
        let ours = found(16, &rows);
        let real: Vec<_> = rows.iter().filter(|r| r.0 != r.1 && r.2 != Some(0.0)).collect();
        if !real.is_empty() {
            let alone: Vec<u32> = (0..16).collect();
            prop_assert!(ours.modularity >= modularity(16, &rows, &alone).max(0.0) - 1e-12);
        }
        for community in 0..16 {
            let members: BTreeSet<u32> = (0..16).filter(|p| ours.of[*p as usize] == community).collect();
            let mut reached: BTreeSet<u32> = members.iter().take(1).copied().collect();
            for _ in 0..16 {
                for r in real.iter().filter(|r| members.contains(&r.0) && members.contains(&r.1)) {
                    if reached.contains(&r.0) || reached.contains(&r.1) {
                        reached.extend([r.0, r.1]);
                    }
                }
            }
            prop_assert_eq!(reached, members);
        }
    }

    #[test]
    fn neither_the_order_of_places_nor_that_of_rows_matters(
        (rows, places) in (
            prop::collection::vec((0..12u32, 0..12u32, (1..9u32).prop_map(|w| Some(f64::from(w)))), 1..50),
            Just((0..12u32).collect::<Vec<_>>()).prop_shuffle(),
        )
    ) {
        let plain = atlas(12);
        let mut moved = vec![plain.places[0].clone(); 12];
        places.iter().enumerate().for_each(|(from, to)| moved[*to as usize] = plain.places[from].clone());
        let moved = Atlas { places: moved, attributes: Table::with_rows(12), ..Atlas::default() };
        let mut turned: Vec<Row> = rows.iter().map(|r| (places[r.0 as usize], places[r.1 as usize], r.2)).collect();
        turned.reverse();
        let ids = |atlas: &Atlas, rows: &[Row]| -> Vec<Vec<String>> {
            let order = matrix_order(atlas, &build(atlas, &table(rows), WeightKind::Measured));
            let id = |p: &PlaceIndex| atlas.place(*p).id.clone();
            order.iter().map(|group| group.iter().map(id).collect()).collect()
        };
        prop_assert_eq!(ids(&plain, &rows), ids(&moved, &turned));
    }
}

#[test]
fn modularity_is_that_of_the_same_flows_of_any_size() {
    let rows = |size: f64| -> Vec<Row> {
        let flows = [(0, 1, 5.0), (1, 2, 4.0), (2, 0, 6.0), (3, 4, 5.0), (4, 5, 7.0), (5, 3, 4.0), (2, 3, 1.0)];
        flows.map(|(o, d, w)| (o, d, Some(w * size))).to_vec()
    };
    let found = |size: f64| communities(&atlas(6), &build(&atlas(6), &table(&rows(size)), WeightKind::Measured));
    let usual = found(1.0);
    for size in [1e-300, 1e-170, 1e170, 1e300] {
        let sized = found(size);
        assert_eq!(sized.of, usual.of, "{size}");
        assert!((sized.modularity - usual.modularity).abs() < 1e-12, "{size}: {}", sized.modularity);
    }
}
