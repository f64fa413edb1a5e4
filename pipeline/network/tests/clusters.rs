//! What must hold for the clusters of any places and flows.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use flowatlas_model::{Atlas, Column, Coordinates, FlowTable, Place, PlaceIndex, Table, Value, WeightKind};
use flowatlas_network::{Clustered, Error, Grouping, cluster};
use geo::Area;
use proptest::prelude::*;
use support::{Row, table};

const PLACES: usize = 14;
const REGION: &str = "region";

/// A place by its position, and the number of its region.
type Site = ((f64, f64), u8);

/// Whole degrees, so that many distances tie.
fn sites() -> impl Strategy<Value = Vec<Site>> {
    let degrees = (-180i32..180, -80i32..80).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    prop::collection::vec((degrees, 0..4u8), PLACES)
}

/// Any degrees, so that no distances tie.
fn scattered_sites() -> impl Strategy<Value = Vec<Site>> {
    prop::collection::vec(((-180.0..180.0, -80.0..80.0), 0..4u8), PLACES)
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let weight = prop_oneof![6 => (0.0..9.0).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((0..12u32, 0..12u32, weight), 0..60)
}

/// Returns places `p00`, `p01`, … on the Earth; a region of number 0 is missing.
fn atlas(sites: &[Site]) -> Atlas {
    let place = |(k, &((x, y), _)): (usize, &Site)| Place {
        id: format!("p{k:02}"),
        name: format!("Place {k}"),
        at: geo::coord! { x: x, y: y },
        area: None,
        population: Some(100.0),
    };
    let region = |&(_, region): &Site| if region == 0 { Value::Missing } else { Value::Integer(region.into()) };
    let mut attributes = Table::with_rows(sites.len());
    attributes.push(Column { name: REGION.into(), values: sites.iter().map(region).collect() });
    Atlas { places: sites.iter().enumerate().map(place).collect(), attributes, ..Atlas::default() }
}

fn clustered(atlas: &Atlas, flows: &FlowTable, places: usize, within: Option<&str>) -> Clustered {
    let grouping = Grouping { places, within: within.map(String::from) };
    cluster(atlas, flows, WeightKind::Measured, &grouping).unwrap()
}

/// Sum of the weights between different places.
fn total(flows: &FlowTable) -> f64 {
    flows.flows.iter().filter(|f| f.origin != f.destination).filter_map(|f| f.weight).sum()
}

/// The ids of the members of each cluster, and where it is.
fn told(atlas: &Atlas, clustered: &Clustered) -> Vec<String> {
    let members = clustered.clustering.members.iter().zip(&clustered.atlas.places);
    let mut told: Vec<String> = members
        .map(|(members, place)| {
            let ids: Vec<&str> = members.iter().map(|&m| atlas.place(m).id.as_str()).collect();
            format!("{} {:?} {:?}", place.name, place.at, ids)
        })
        .collect();
    told.sort();
    told
}

proptest! {
    // Failures are printed, not kept: the file would stand among the crates.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_moves_between_clusters_and_inside_them_is_what_moved(sites in sites(), rows in rows(), n in 1..PLACES) {
        let flows = table(&rows);
        let made = clustered(&atlas(&sites), &flows, n, None);
        let inside = made.clustering.internal_weight.unwrap();
        let all = total(&flows);
        prop_assert!((total(&made.flows) + inside - all).abs() <= 1e-12 * all);
        prop_assert_eq!(made.flows.flows.len(), flows.flows.len());
    }

    #[test]
    fn as_many_clusters_as_places_change_nothing(sites in sites(), rows in rows()) {
        let (atlas, flows) = (atlas(&sites), table(&rows));
        let made = clustered(&atlas, &flows, PLACES, None);
        prop_assert_eq!(&made.atlas, &atlas);
        prop_assert_eq!(&made.flows, &flows);
        prop_assert_eq!(made.clustering.internal_weight, Some(0.0));
    }

    #[test]
    fn every_place_is_in_one_cluster_and_there_are_as_many_as_asked_for(sites in sites(), rows in rows(), n in 1..PLACES) {
        let made = clustered(&atlas(&sites), &table(&rows), n, None);
        prop_assert_eq!(made.atlas.places.len(), n);
        let mut members: Vec<PlaceIndex> = made.clustering.members.concat();
        members.sort();
        prop_assert_eq!(members, (0..PLACES as u32).map(PlaceIndex).collect::<Vec<_>>());
    }

    #[test]
    fn no_cluster_crosses_a_region_and_places_without_one_stay_alone(sites in sites(), rows in rows(), n in 1..PLACES) {
        let made = clustered(&atlas(&sites), &table(&rows), n, Some(REGION));
        for members in made.clustering.members.iter().filter(|members| members.len() > 1) {
            let regions: Vec<u8> = members.iter().map(|m| sites[m.index()].1).collect();
            prop_assert!(regions[0] > 0 && regions.iter().all(|r| *r == regions[0]), "{:?}", regions);
        }
        let alone = sites.iter().filter(|(_, region)| *region == 0).count();
        let regions = (1..4).filter(|r| sites.iter().any(|(_, region)| region == r)).count();
        prop_assert_eq!(made.atlas.places.len(), n.max(alone + regions));
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        sites in sites(),
        (rows, shuffled) in rows().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        n in 1..PLACES,
    ) {
        let atlas = atlas(&sites);
        let (a, b) = (clustered(&atlas, &table(&rows), n, None), clustered(&atlas, &table(&shuffled), n, None));
        prop_assert_eq!(a.atlas, b.atlas);
        prop_assert_eq!(a.clustering, b.clustering);
    }

    #[test]
    fn the_order_of_places_changes_no_cluster(sites in sites(), rows in rows(), n in 1..PLACES) {
        let forwards = atlas(&sites);
        let mut backwards = forwards.clone();
        backwards.places.reverse();
        let last = PLACES as u32 - 1;
        let mirrored: Vec<Row> = rows.iter().map(|&(o, d, w)| (last - o, last - d, w)).collect();
        let a = clustered(&forwards, &table(&rows), n, None);
        let b = clustered(&backwards, &table(&mirrored), n, None);
        prop_assert_eq!(told(&forwards, &a), told(&backwards, &b));
    }

    #[test]
    fn the_cheapest_pair_of_all_is_joined_each_time(sites in scattered_sites(), rows in rows(), n in 1..PLACES) {
        let (atlas, flows) = (atlas(&sites), table(&rows));
        let mut names: Vec<String> = clustered(&atlas, &flows, n, None).clustering.members.iter().map(|m| sorted(&atlas, m)).collect();
        names.sort();
        prop_assert_eq!(names, twin(&atlas, &rows, n));
    }
}

fn sorted(atlas: &Atlas, members: &[PlaceIndex]) -> String {
    let mut ids: Vec<&str> = members.iter().map(|&m| atlas.place(m).id.as_str()).collect();
    ids.sort_unstable();
    ids.join(" ")
}

/// The slow and obvious way: every pair is looked at before every join.
fn twin(atlas: &Atlas, rows: &[Row], n: usize) -> Vec<String> {
    let weights: Vec<f64> = (0..PLACES as u32).map(|place| turnover(rows, place)).collect();
    let mut groups: Vec<Vec<usize>> = (0..PLACES).map(|place| vec![place]).collect();
    while groups.len() > n {
        let pairs = (0..groups.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let key = |&(i, j): &(usize, usize)| cost(atlas, &weights, &groups[i], &groups[j]);
        let (i, j) = pairs.min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap()).unwrap();
        let joined = groups.swap_remove(i);
        groups[j].extend(joined);
    }
    let index = |group: &Vec<usize>| group.iter().map(|&place| PlaceIndex(place as u32)).collect::<Vec<_>>();
    let mut names: Vec<String> = groups.iter().map(|group| sorted(atlas, &index(group))).collect();
    names.sort();
    names
}

fn turnover(rows: &[Row], place: u32) -> f64 {
    let ends = rows.iter().filter(|(o, d, _)| o != d && (*o == place || *d == place));
    ends.map(|(_, _, weight)| weight.unwrap_or(0.0)).sum()
}

/// What joining two groups costs, and how far they are apart.
fn cost(atlas: &Atlas, weights: &[f64], a: &[usize], b: &[usize]) -> (f64, f64) {
    use geo::line_measures::{Distance, Haversine};
    let distance = Haversine.distance(centre(atlas, weights, a), centre(atlas, weights, b));
    let [w, v] = [a, b].map(|group| group.iter().map(|&place| weights[place]).sum::<f64>());
    (if w + v > 0.0 { distance * (w * v / (w + v)).sqrt() } else { 0.0 }, distance)
}

fn centre(atlas: &Atlas, weights: &[f64], group: &[usize]) -> geo::Point {
    let still = group.iter().all(|&place| weights[place] == 0.0);
    let mut sum = [0.0; 3];
    for &place in group {
        let at = atlas.places[place].at;
        let ((sin_x, cos_x), (sin_y, cos_y)) = (libm::sincos(at.x.to_radians()), libm::sincos(at.y.to_radians()));
        let weight = if still { 1.0 } else { weights[place] };
        sum = [sum[0] + weight * cos_y * cos_x, sum[1] + weight * cos_y * sin_x, sum[2] + weight * sin_y];
    }
    let [x, y, z] = sum;
    geo::Point::new(libm::atan2(y, x).to_degrees(), libm::atan2(z, libm::hypot(x, y)).to_degrees())
}

/// Four places of a line: two near each other in the west, two in the east.
fn line() -> (Atlas, FlowTable) {
    let mut atlas = atlas(&[((0.0, 0.0), 1), ((1.0, 0.0), 1), ((10.0, 0.0), 1), ((11.0, 0.0), 2)]);
    atlas.coordinates = Coordinates::Planar;
    (atlas, table(&[(0, 1, Some(1.0)), (1, 2, Some(3.0)), (2, 3, Some(2.0)), (3, 3, Some(9.0))]))
}

#[test]
fn a_cluster_has_the_name_of_its_heaviest_member_and_the_mean_position_by_weight() {
    let (atlas, flows) = line();
    let made = clustered(&atlas, &flows, 2, None);
    // Weights 1, 4, 5, 2: the west lies at (0·1 + 1·4) / 5, the east at (10·5 + 11·2) / 7.
    let west = &made.atlas.places[0];
    assert_eq!((west.id.as_str(), west.name.as_str()), ("p01", "Place 1 + 1"));
    assert!((west.at.x - 0.8).abs() < 1e-12);
    assert_eq!(west.population, Some(200.0));
    assert!((made.atlas.places[1].at.x - 72.0 / 7.0).abs() < 1e-12);
    assert_eq!(made.clustering.members, [vec![PlaceIndex(1), PlaceIndex(0)], vec![PlaceIndex(2), PlaceIndex(3)]]);
    assert_eq!((made.clustering.internal_rows, made.clustering.internal_weight), (2, Some(3.0)));
}

#[test]
fn the_area_of_a_cluster_is_that_of_its_members_without_the_borders_between_them() {
    let (mut atlas, flows) = line();
    for place in &mut atlas.places {
        let corner = place.at - geo::coord! { x: 0.5, y: 0.5 };
        place.area = Some(geo::Rect::new(corner, corner + geo::coord! { x: 1.0, y: 1.0 }).to_polygon().into());
    }
    let area = |atlas: &Atlas, cluster: usize| clustered(atlas, &flows, 2, None).atlas.places[cluster].area.clone();
    let west = area(&atlas, 0).unwrap();
    assert_eq!(west.0.len(), 1, "one part without a border inside: {west:?}");
    assert!((west.unsigned_area() - 2.0).abs() < 1e-9);
    let apart = geo::MultiPolygon::new(vec![
        geo::Rect::new((20.0, 0.0), (22.0, 1.0)).to_polygon(),
        geo::Rect::new((24.0, 0.0), (25.0, 1.0)).to_polygon(),
    ]);
    atlas.places[3].area = Some(apart);
    let east = area(&atlas, 1).unwrap();
    assert!(east.0.len() == 3 && (east.unsigned_area() - 4.0).abs() < 1e-9, "parts that lie apart stay so: {east:?}");
    atlas.places[3].area = None;
    assert_eq!(area(&atlas, 1), None, "half a cluster is no area of it");
    assert_eq!(area(&atlas, 0), Some(west));
}

#[test]
fn attributes_on_which_members_disagree_are_missing() {
    let (atlas, flows) = line();
    let made = clustered(&atlas, &flows, 2, None);
    assert_eq!(made.atlas.attributes.get(REGION, 0), &Value::Integer(1));
    assert_eq!(made.atlas.attributes.get(REGION, 1), &Value::Missing);
}

#[test]
fn of_ordinal_flows_each_counts_as_one_and_no_ranks_are_summed() {
    let (atlas, flows) = line();
    let made = cluster(&atlas, &flows, WeightKind::Ordinal, &Grouping { places: 2, within: None }).unwrap();
    assert_eq!(made.clustering.members[0], [PlaceIndex(1), PlaceIndex(0)]);
    assert_eq!(made.clustering.internal_weight, None);
}

#[test]
fn a_column_that_is_not_there_is_answered_with_the_nearest_one() {
    let (atlas, flows) = line();
    let grouping = Grouping { places: 2, within: Some("regoin".into()) };
    let error = cluster(&atlas, &flows, WeightKind::Measured, &grouping).unwrap_err();
    assert!(matches!(&error, Error::UnknownRegions { nearest: Some(n), .. } if n == REGION));
    assert!(error.to_string().contains("did you mean `region`?"), "{error}");
}

#[test]
fn no_places_and_no_flows_make_no_clusters() {
    let made = clustered(&Atlas::default(), &FlowTable::default(), 3, None);
    assert_eq!(made.atlas.places.len(), 0);
}
