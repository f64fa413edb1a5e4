//! The bundle layout: long flows run along short ones of their own direction, to show the structure of many flows at once.
//!
//! Edge-path bundling on a greedy spanner (Wallinger, Archambault, Auber, Nöllenburg, Peltonen: Edge-path bundling, IEEE TVCG 28,
//! 2022; Wallinger, Archambault, Auber, Nöllenburg, Peltonen: Faster edge-path bundling through graph spanners, Computer
//! Graphics Forum 42, 2023). The variant: directed, so that no bundle holds flows that meet head on; shortest paths
//! find the spanner, which is not divided into biconnected components. A flow follows other flows all the way from its
//! origin to its destination, hence no bundle suggests a link that is not there. Its width, though, cannot be read
//! where it shares its course.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use flowatlas_model::planar::{PlanarLayout, PlanarProblem};
use kurbo::{CubicBez, PathSeg, Point, QuadBez, Vec2};
use rayon::prelude::*;

use crate::baseline::drawn;
use crate::canon::Canon;
use crate::curve::{distance, segments, shifted_line};
use crate::lanes::{self, Sharing};

/// Longest way of a bundled flow, in straight lengths; a flow with no way so short stays straight. The papers' `k`. 1 bundles
/// nothing; larger values bundle more and make larger detours.
const LONGEST: u64 = 2;

/// Unit of lengths in the search, as a share of a px of the canonical frame: lengths are whole numbers, so that ways
/// that are equally long on paper are equally long here, however the page is turned.
const UNIT: f64 = 0.01;

/// Most cubic pieces that a curve is drawn with.
const MOST_PIECES: usize = 24;

/// One curve per flow: straight where it is short or alone, else one Bézier curve whose control points are the
/// places along its way. Flows between the same two places run side by side.
pub(crate) fn bundles(problem: &PlanarProblem) -> PlanarLayout {
    let lanes = lanes::offsets(problem, Sharing::BothDirections);
    let ways = ways(problem);
    drawn(problem, |i| {
        let flow = &problem.flows[i];
        let ends = (flow.origin, flow.destination);
        let stops = ways.get(&ends).cloned().unwrap_or_else(|| vec![ends.0, ends.1]);
        let polygon: Vec<Point> = stops.iter().map(|&n| problem.nodes[n].at).collect();
        bezier(&shifted_line(&polygon, lanes[i]))
    })
}

/// The places along the way of each pair of origin and destination that is bundled.
fn ways(problem: &PlanarProblem) -> BTreeMap<(usize, usize), Vec<usize>> {
    let (names, at) = ranked(problem);
    let mut rank = vec![0; names.len()];
    for (r, &node) in names.iter().enumerate() {
        rank[node] = r;
    }
    let (spanner, rest) = spanner(pairs(problem, &rank, &at), names.len());
    let routed: Vec<_> = rest.par_iter().map(|pair| spanner.bundled(pair)).collect();
    let named = |way: Vec<usize>| way.into_iter().map(|r| names[r]).collect::<Vec<_>>();
    let ends = |pair: &Pair| (names[pair.from], names[pair.to]);
    rest.iter().zip(routed).filter_map(|(pair, way)| Some((ends(pair), named(way?)))).collect()
}

/// The places from left to right in the canonical frame, and where they are there, in units of the search. Ranks
/// decide between equal ways, and are the same for a turned, mirrored or shuffled problem.
fn ranked(problem: &PlanarProblem) -> (Vec<usize>, Vec<Point>) {
    let canon = Canon::of(problem);
    let at: Vec<Point> =
        problem.nodes.iter().map(|n| (canon.enter(n.at).to_vec2() / UNIT).round().to_point()).collect();
    let mut names: Vec<usize> = (0..at.len()).collect();
    names.sort_by(|&a, &b| at[a].x.total_cmp(&at[b].x).then(at[a].y.total_cmp(&at[b].y)).then(a.cmp(&b)));
    let at = names.iter().map(|&n| at[n]).collect();
    (names, at)
}

/// An origin and a destination that flows join, as ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    length: u64,
    from: usize,
    to: usize,
}

/// The pairs that flows join, the shortest first. Flows with a course of their own carry nobody, for they are not where
/// the straight line is.
fn pairs(problem: &PlanarProblem, rank: &[usize], at: &[Point]) -> Vec<Pair> {
    let free = problem.flows.iter().filter(|f| f.control.is_none());
    let ends = free.filter(|f| problem.nodes[f.origin].at != problem.nodes[f.destination].at);
    let length = |from: usize, to: usize| (distance(at[from], at[to]).round() as u64).max(1);
    let pair = |(from, to)| Pair { length: length(from, to), from, to };
    let mut pairs: Vec<Pair> = ends.map(|f| pair((rank[f.origin], rank[f.destination]))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The greedy spanner of the pairs, and the pairs that are not in it. A pair is in it unless shorter ones already lead
/// from its origin to its destination within the longest way allowed (Althöfer et al. 1993).
fn spanner(pairs: Vec<Pair>, places: usize) -> (Streets, Vec<Pair>) {
    let mut streets = Streets { exits: vec![Vec::new(); places] };
    let mut rest = Vec::new();
    for pair in pairs {
        if streets.way(&pair, |length| length, LONGEST * pair.length).is_some() {
            rest.push(pair);
        } else {
            streets.exits[pair.from].push((pair.to, pair.length));
        }
    }
    (streets, rest)
}

/// One-way streets between places.
struct Streets {
    /// Where each place's streets lead, and how long they are.
    exits: Vec<Vec<(usize, u64)>>,
}

impl Streets {
    /// The way of a pair that is to be bundled, none where it is too long. The price of a street is the square of its length
    /// (the papers' kappa of 2), so that many short streets win over few long ones.
    fn bundled(&self, pair: &Pair) -> Option<Vec<usize>> {
        let most = LONGEST * pair.length;
        // The sum of squares is at most the square of the sum: dearer ways are longer than allowed.
        let way = self.way(pair, |length| length * length, most * most)?;
        let street = |w: &[usize]| self.exits[w[0]].iter().find(|(to, _)| *to == w[1]).map_or(0, |(_, length)| *length);
        (way.windows(2).map(street).sum::<u64>() <= most).then_some(way)
    }

    /// The cheapest way of a pair by a price per street of this length; none that costs more than `most`. Of equally
    /// cheap ways the one whose last places have the lowest ranks (Dijkstra 1959).
    fn way(&self, pair: &Pair, price: impl Fn(u64) -> u64, most: u64) -> Option<Vec<usize>> {
        let mut reached: Vec<(u64, usize)> = vec![(u64::MAX, usize::MAX); self.exits.len()];
        let mut queue = BinaryHeap::from([Reverse((0, pair.from))]);
        reached[pair.from] = (0, pair.from);
        while let Some(Reverse((cost, at))) = queue.pop() {
            if at == pair.to {
                return Some(back(&reached, pair));
            }
            if cost > reached[at].0 {
                continue;
            }
            for &(next, length) in &self.exits[at] {
                let offer = (cost + price(length), at);
                if offer.0 <= most && offer < reached[next] {
                    reached[next] = offer;
                    queue.push(Reverse((offer.0, next)));
                }
            }
        }
        None
    }
}

/// The places from the origin to the destination of a pair, read from each place's predecessor.
fn back(reached: &[(u64, usize)], pair: &Pair) -> Vec<usize> {
    let mut way = vec![pair.to];
    let mut at = pair.to;
    while at != pair.from {
        at = reached[at].1;
        way.push(at);
    }
    way.reverse();
    way
}

/// The Bézier curve of a control polygon of two points or more: exactly up to four, else as cubic pieces that meet it in points
/// and tangents.
fn bezier(polygon: &[Point]) -> Vec<PathSeg> {
    match *polygon {
        [a, b, c] => vec![PathSeg::Quad(QuadBez::new(a, b, c))],
        [a, b, c, d] => vec![PathSeg::Cubic(CubicBez::new(a, b, c, d))],
        [_, _, ..] if polygon.len() > 4 => pieces(polygon),
        _ => segments(polygon),
    }
}

fn pieces(polygon: &[Point]) -> Vec<PathSeg> {
    let count = polygon.len().min(MOST_PIECES);
    let knots: Vec<(Point, Vec2)> = (0..=count).map(|k| at(polygon, k as f64 / count as f64)).collect();
    let arm = 1.0 / (3.0 * count as f64);
    let piece = |w: &[(Point, Vec2)]| CubicBez::new(w[0].0, w[0].0 + w[0].1 * arm, w[1].0 - w[1].1 * arm, w[1].0);
    knots.windows(2).map(|w| PathSeg::Cubic(piece(w))).collect()
}

/// Point and derivative of a Bézier curve at a parameter, by the corners cut by de Casteljau.
fn at(polygon: &[Point], t: f64) -> (Point, Vec2) {
    let degree = (polygon.len() - 1) as f64;
    let mut left = polygon.to_vec();
    while left.len() > 2 {
        left = left.windows(2).map(|w| w[0].lerp(w[1], t)).collect();
    }
    (left[0].lerp(left[1], t), (left[1] - left[0]) * degree)
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
