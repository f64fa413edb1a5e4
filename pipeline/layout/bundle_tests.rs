use std::time::Instant;

use flowatlas_model::planar::{PlanarFlow, PlanarNode, PlanarProblem};
use kurbo::{BezPath, ParamCurve, ParamCurveArclen, Point, Shape};

use super::*;
use crate::baseline::straight;

/// Half a millionth of a page: curves that are the same but for rounding.
const SAME: f64 = 1e-6;

/// How far the pieces may lie from a curve of high degree, as a share of its extent: less than is seen in print.
const ASTRAY: f64 = 1e-3;

/// Share by which the cubic pieces of a curve of high degree may be longer than it.
const PIECED: f64 = 1e-3;

fn flow(origin: usize, destination: usize) -> PlanarFlow {
    PlanarFlow {
        origin,
        destination,
        width: 2.0,
        adds: 2.0,
        head_length: 5.0,
        head_width: 5.0,
        guide: Vec::new(),
        control: None,
    }
}

fn problem(at: &[(f64, f64)], pairs: &[(usize, usize)]) -> PlanarProblem {
    PlanarProblem {
        nodes: at.iter().map(|&p| PlanarNode { at: p.into(), radius: 3.0 }).collect(),
        flows: pairs.iter().map(|&(o, d)| flow(o, d)).collect(),
        gap: 1.0,
        ..PlanarProblem::default()
    }
}

/// Flows that join each two of many places at most once, in one direction.
fn random(places: usize, flows: usize) -> PlanarProblem {
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let at: Vec<(f64, f64)> = (0..places).map(|_| (next(5000) as f64 / 10.0, next(3000) as f64 / 10.0)).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    while pairs.len() < flows {
        let (o, d) = (next(places), next(places));
        if at[o] != at[d] && !pairs.contains(&(o, d)) && !pairs.contains(&(d, o)) {
            pairs.push((o, d));
        }
    }
    problem(&at, &pairs)
}

fn length(path: &BezPath) -> f64 {
    path.segments().map(|s| s.arclen(1e-4)).sum()
}

/// Places in a row with a flow from each to the next, and one from the first to the last.
fn row(bend: f64) -> PlanarProblem {
    let at: Vec<(f64, f64)> = (0..7).map(|k| (40.0 * f64::from(k), if k % 2 == 1 { bend } else { 0.0 })).collect();
    problem(&at, &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (0, 6)])
}

fn ends(path: &BezPath) -> (Point, Point) {
    let segs: Vec<PathSeg> = path.segments().collect();
    (segs[0].start(), segs[segs.len() - 1].end())
}

fn assert_same(a: &BezPath, b: &BezPath, what: usize) {
    assert_eq!(a.elements().len(), b.elements().len(), "flow {what} has other pieces");
    for (p, q) in a.segments().zip(b.segments()) {
        for t in [0.0, 0.3, 0.7, 1.0] {
            assert!(distance(p.eval(t), q.eval(t)) < SAME, "flow {what}: {:?} or {:?}", p.eval(t), q.eval(t));
        }
    }
}

#[test]
fn no_flows_are_no_curves() {
    assert!(bundles(&PlanarProblem::default()).curves.is_empty());
    assert!(bundles(&problem(&[(0.0, 0.0)], &[])).curves.is_empty());
}

#[test]
fn one_flow_is_straight() {
    let one = problem(&[(0.0, 0.0), (100.0, 40.0), (50.0, 21.0)], &[(0, 1)]);
    assert_eq!(bundles(&one), straight(&one));
}

#[test]
fn a_flow_between_coincident_places_has_no_curve() {
    let twins = problem(&[(5.0, 5.0), (5.0, 5.0), (80.0, 5.0)], &[(0, 1), (0, 2), (1, 2)]);
    let layout = bundles(&twins);
    assert!(layout.curves[0].path.is_empty());
    assert!(!layout.curves[1].path.is_empty() && !layout.curves[2].path.is_empty());
}

#[test]
fn a_long_flow_takes_the_way_of_the_short_ones() {
    assert_eq!(ways(&row(10.0)), BTreeMap::from([((0, 6), vec![0, 1, 2, 3, 4, 5, 6])]));
    assert_eq!(bundles(&row(10.0)).curves[..6], straight(&row(10.0)).curves[..6]);
}

#[test]
fn a_flow_takes_no_way_longer_than_twice_its_length() {
    // Each short flow is 40 wide and 80 high, so that the way is 89.4 / 40 = 2.2 times as long as the long flow.
    assert!(ways(&row(80.0)).is_empty());
    assert_eq!(bundles(&row(80.0)), straight(&row(80.0)));
}

#[test]
fn no_flow_runs_against_the_others() {
    let mut against = row(10.0);
    against.flows[6] = flow(6, 0);
    assert_eq!(bundles(&against), straight(&against));
}

#[test]
fn nobody_follows_a_flow_with_a_course_of_its_own() {
    let mut fixed = row(10.0);
    fixed.flows[3].control = Some(Point::new(140.0, 90.0));
    assert!(ways(&fixed).is_empty());
    assert_eq!(bundles(&fixed), straight(&fixed));
}

#[test]
fn every_curve_runs_from_its_origin_to_its_destination() {
    let problem = random(60, 400);
    for (flow, curve) in problem.flows.iter().zip(bundles(&problem).curves) {
        let (start, end) = ends(&curve.path);
        let reach = 4.0 + SAME;
        assert!(distance(start, problem.nodes[flow.origin].at) <= reach);
        assert!(distance(end, problem.nodes[flow.destination].at) <= reach);
    }
}

#[test]
fn no_curve_is_longer_than_twice_the_straight_line() {
    let problem = random(60, 400);
    for (flow, curve) in problem.flows.iter().zip(bundles(&problem).curves) {
        let straight = distance(problem.nodes[flow.origin].at, problem.nodes[flow.destination].at);
        let most = LONGEST as f64 * straight * (1.0 + PIECED);
        assert!(length(&curve.path) <= most, "{} instead of at most {most}", length(&curve.path));
    }
}

#[test]
fn ways_lead_along_flows_and_are_the_cheapest_there_are() {
    // The slow twin: the squares of lengths between all pairs of places, by Floyd and Warshall, over the spanner.
    let problem = random(40, 300);
    let (names, at) = ranked(&problem);
    let mut rank = vec![0; names.len()];
    names.iter().enumerate().for_each(|(r, &n)| rank[n] = r);
    let (streets, rest) = spanner(pairs(&problem, &rank, &at), names.len());
    let mut cost = vec![vec![u64::MAX / 4; 40]; 40];
    for (from, exits) in streets.exits.iter().enumerate() {
        exits.iter().for_each(|&(to, length)| cost[from][to] = length * length);
    }
    for via in 0..40 {
        for from in 0..40 {
            for to in 0..40 {
                cost[from][to] = cost[from][to].min(cost[from][via] + cost[via][to]);
            }
        }
    }
    let price = |w: &[usize]| streets.exits[w[0]].iter().find(|(to, _)| *to == w[1]).expect("a street").1.pow(2);
    let found: Vec<_> = rest.iter().filter_map(|pair| Some((pair, streets.bundled(pair)?))).collect();
    assert!(found.len() > 20, "only {} flows are bundled", found.len());
    for (pair, way) in found {
        assert_eq!((way[0], way[way.len() - 1]), (pair.from, pair.to));
        assert_eq!(way.windows(2).map(price).sum::<u64>(), cost[pair.from][pair.to]);
    }
}

#[test]
fn a_mirrored_problem_has_the_mirrored_layout() {
    let problem = random(50, 300);
    let mirror = |p: Point| Point::new(613.7 - p.x, p.y);
    let mut mirrored = problem.clone();
    mirrored.nodes.iter_mut().for_each(|n| n.at = mirror(n.at));
    let layouts = bundles(&problem).curves.into_iter().zip(bundles(&mirrored).curves);
    for (i, (a, b)) in layouts.enumerate() {
        let back = kurbo::Affine::new([-1.0, 0.0, 0.0, 1.0, 613.7, 0.0]) * b.path;
        assert_same(&a.path, &back, i);
    }
}

#[test]
fn equal_ways_are_chosen_alike_in_the_mirror() {
    // On a lattice nearly every way has an equal.
    let at: Vec<(f64, f64)> = (0..6)
        .flat_map(|i| (0..6).map(move |j| (f64::from(i) * 41.3 + f64::from(i * i), f64::from(j * j) * 7.7)))
        .collect();
    let pairs: Vec<(usize, usize)> = (0..36).flat_map(|a| (a + 1..36).map(move |b| (a, b))).collect();
    let lattice = problem(&at, &pairs);
    let mut mirrored = lattice.clone();
    mirrored.nodes.iter_mut().for_each(|n| n.at.y = 100.1 - n.at.y);
    assert_eq!(ways(&lattice), ways(&mirrored));
    assert!(ways(&lattice).len() > 300);
}

#[test]
fn the_order_of_flows_and_places_is_irrelevant() {
    let problem = random(50, 300);
    let last = problem.nodes.len() - 1;
    let mut shuffled = problem.clone();
    shuffled.nodes.reverse();
    shuffled.flows.reverse();
    for flow in &mut shuffled.flows {
        (flow.origin, flow.destination) = (last - flow.origin, last - flow.destination);
    }
    let layouts = bundles(&problem).curves.into_iter().zip(bundles(&shuffled).curves.into_iter().rev());
    for (i, (a, b)) in layouts.enumerate() {
        assert_same(&a.path, &b.path, i);
    }
}

#[test]
fn the_pieces_of_a_curve_lie_on_it() {
    let polygon: Vec<Point> = [(0, 0), (10, 30), (40, 35), (50, 0), (80, -20), (90, 30), (120, 0)]
        .map(|(x, y)| Point::new(f64::from(x), f64::from(y)))
        .to_vec();
    let segs = bezier(&polygon);
    let count = segs.len() as f64;
    for (k, seg) in segs.iter().enumerate() {
        for t in [0.25, 0.5, 0.75] {
            let astray = distance(seg.eval(t), at(&polygon, (k as f64 + t) / count).0);
            assert!(astray < ASTRAY * 120.0, "piece {k} at {t}: {astray}");
        }
    }
}

#[test]
fn a_thousand_flows_take_seconds_at_most() {
    // Measured far below; this guards against a search that grows with the square of the flows.
    let problem = random(200, 1000);
    let start = Instant::now();
    let layout = bundles(&problem);
    assert!(start.elapsed().as_secs_f64() < 5.0, "{:?}", start.elapsed());
    assert!(layout.curves.iter().filter(|c| c.path.elements().len() > 2).count() > 0);
    assert!(layout.curves.iter().all(|c| c.path.bounding_box().is_finite()));
}
