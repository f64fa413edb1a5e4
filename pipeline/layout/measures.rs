//! The figures of the score, each computed on the strokes of a page.

use std::sync::atomic::{AtomicUsize, Ordering};

use kurbo::{Point, Vec2};
use rayon::prelude::*;

use crate::curve::distance;
use crate::score::LabelScore;
use crate::strokes::{Extent, Page, Stroke, apart, extent, extent_at};

/// Angle in degrees below which a crossing is acute.
const ACUTE: f64 = 30.0;
/// Tangent of the angle below which flows run along each other: 15 degrees.
const ALONG_TANGENT: f64 = 0.267_949_192_431_122_7;

/// Where two centre lines cross.
pub(crate) struct Crossing {
    /// Angle in degrees, at most 90.
    pub degrees: f64,
    /// True where the two flows share a place.
    pub sibling: bool,
}

impl Crossing {
    pub(crate) fn is_acute(&self) -> bool {
        self.degrees < ACUTE
    }
}

/// All crossings, pair by pair.
pub(crate) fn crossings(page: &Page) -> Vec<Crossing> {
    let of = |i: usize| {
        let later = &page.strokes[i + 1..];
        later.iter().flat_map(|q| pair_crossings(page, &page.strokes[i], q)).collect::<Vec<_>>()
    };
    (0..page.strokes.len()).into_par_iter().flat_map_iter(of).collect()
}

/// How many crossings there are; `None` where there are more than `most`, without looking for all of them.
pub(crate) fn count_crossings(page: &Page, most: usize) -> Option<usize> {
    let found = AtomicUsize::new(0);
    let count = |i: usize| {
        for q in &page.strokes[i + 1..] {
            if found.load(Ordering::Relaxed) > most {
                return;
            }
            found.fetch_add(pair_crossings(page, &page.strokes[i], q).len(), Ordering::Relaxed);
        }
    };
    (0..page.strokes.len()).into_par_iter().for_each(count);
    Some(found.into_inner()).filter(|&count| count <= most)
}

/// The crossings of two strokes.
pub(crate) fn pair_crossings(page: &Page, p: &Stroke, q: &Stroke) -> Vec<Crossing> {
    let mut found = Vec::new();
    let hidden = |hit: Point| p.shared(q).any(|s| distance(hit, page.centres[s]) < page.radii[s] + 1.0);
    let sibling = p.shared(q).next().is_some();
    for (_, run, near) in p.meetings(q, 0.0) {
        for w in run.windows(2) {
            let piece = extent(w);
            for v in near.iter().flat_map(|other| other.windows(2)) {
                if apart(&piece, &extent(v), 0.0) {
                    continue;
                }
                match crossing(w[0], w[1], v[0], v[1]) {
                    Some((hit, degrees)) if !hidden(hit) => found.push(Crossing { degrees, sibling }),
                    _ => {}
                }
            }
        }
    }
    found
}

/// Point and angle in degrees where the piece from `a` to `b` meets that from `c` to `d`; ends excluded.
fn crossing(a: Point, b: Point, c: Point, d: Point) -> Option<(Point, f64)> {
    let (r, s, q) = (b - a, d - c, c - a);
    let denominator = r.cross(s);
    if denominator.abs() < 1e-12 {
        return None;
    }
    let (t, u) = (q.cross(s) / denominator, q.cross(r) / denominator);
    let within = (0.0..1.0).contains(&t) && (0.0..1.0).contains(&u);
    within.then(|| (a + t * r, libm::atan2(denominator.abs(), r.dot(s).abs()).to_degrees()))
}

/// Distance of a point from a piece.
pub(crate) fn from_piece(p: Point, a: Point, b: Point) -> f64 {
    let d = b - a;
    let square = d.dot(d);
    let t = if square == 0.0 { 0.0 } else { ((p - a).dot(d) / square).clamp(0.0, 1.0) };
    distance(p, a + t * d)
}

/// (flow, place) pairs where a stroke touches a symbol that it does not serve.
pub(crate) fn on_nodes(page: &Page) -> usize {
    let touched = |s: &Stroke| {
        let others = page.used.iter().filter(|&&i| i != s.origin && i != s.destination);
        others.filter(|&&i| covers(s, page.centres[i], page.radii[i] + s.width / 2.0)).count()
    };
    page.strokes.par_iter().map(touched).sum()
}

/// True where a line comes within `reach` of a point.
fn covers(stroke: &Stroke, p: Point, reach: f64) -> bool {
    let at = extent_at(p);
    !apart(&stroke.extent, &at, reach) && stroke.near(&at, reach).any(|(a, b)| from_piece(p, a, b) < reach)
}

/// Share of the length of all flows, in per cent, that runs along another flow; and share of their ink, in which a wide flow along
/// another wide one weighs more than two hairlines.
pub(crate) fn overlap_pct(page: &Page) -> [f64; 2] {
    let of = |i: usize| {
        let stroke = &page.strokes[i];
        let others = page.strokes.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other);
        let along = widths_along(page, stroke, others);
        let pieces = (0..along.len()).map(|p| (stroke.piece(p), along[p]));
        pieces.fold([0.0; 4], |sum, (length, shared)| {
            let over = if shared.is_some() { length } else { 0.0 };
            let ink = length * shared.unwrap_or(0.0);
            [sum[0] + length, sum[1] + over, sum[2] + length * stroke.width, sum[3] + ink]
        })
    };
    let parts: Vec<[f64; 4]> = (0..page.strokes.len()).into_par_iter().map(of).collect();
    let sum = |k: usize| parts.iter().map(|part| part[k]).sum::<f64>();
    [100.0 * sum(1) / sum(0).max(1e-9), 100.0 * sum(3) / sum(2).max(1e-9)]
}

/// The length of a stroke that runs along some others.
pub(crate) fn length_along<'a>(page: &Page, stroke: &Stroke, others: impl Iterator<Item = &'a Stroke>) -> f64 {
    let along = widths_along(page, stroke, others);
    (0..along.len()).filter(|&p| along[p].is_some()).map(|p| stroke.piece(p)).sum()
}

/// Per piece of a stroke the width of the widest of some others that it runs along, at most its own; none where it runs alone.
fn widths_along<'a>(page: &Page, stroke: &Stroke, others: impl Iterator<Item = &'a Stroke>) -> Vec<Option<f64>> {
    let mut along = vec![None; stroke.line.len() - 1];
    for other in others {
        let width = stroke.width.min(other.width);
        pieces_along(page, stroke, other).for_each(|p| along[p] = Some(along[p].map_or(width, |w: f64| w.max(width))));
    }
    along
}

/// The pieces of a stroke that run along another one: whose middle it passes within touching distance at under 15 degrees, away from
/// places that both share.
pub(crate) fn pieces_along<'a>(
    page: &'a Page,
    stroke: &'a Stroke,
    other: &'a Stroke,
) -> impl Iterator<Item = usize> + 'a {
    let reach = (stroke.width + other.width) / 2.0;
    let at_shared = move |p: Point| stroke.shared(other).any(|s| distance(p, page.centres[s]) < 6.0 * page.radii[s]);
    stroke.meetings(other, reach).flat_map(move |(first, run, near)| {
        let pieces = run.windows(2).enumerate().filter(move |(_, w)| {
            let middle = Point::new((w[0].x + w[1].x) / 2.0, (w[0].y + w[1].y) / 2.0);
            let passes = |v: &[Point]| is_along(middle, w[1] - w[0], (v[0], v[1]), reach);
            near.iter().any(|other| other.windows(2).any(passes)) && !at_shared(middle)
        });
        pieces.map(move |(p, _)| first + p)
    })
}

/// True where a piece passes within `reach` of a point at under 15 degrees to a direction.
fn is_along(middle: Point, way: Vec2, (c, d): (Point, Point), reach: f64) -> bool {
    let (limit, e) = (reach + 7.0, d - c);
    (c.x - middle.x).abs() <= limit
        && (c.y - middle.y).abs() <= limit
        && way.cross(e).abs() <= ALONG_TANGENT * way.dot(e).abs()
        && from_piece(middle, c, d) < reach
}

/// Per place its smallest gap over the gap of equal spacing, and the number of gaps under 5 degrees.
pub(crate) fn angular(page: &Page) -> (Vec<f64>, usize) {
    let mut bearings = vec![Vec::new(); page.centres.len()];
    for s in &page.strokes {
        for ((node, bearing), joins) in [s.origin, s.destination].into_iter().zip(departures(page, s)).zip(s.joins) {
            bearings[node].extend(joins.then_some(bearing));
        }
    }
    let gaps: Vec<Vec<f64>> = bearings.into_iter().filter(|b| b.len() > 1).map(gaps).collect();
    let pinched = gaps.iter().flatten().filter(|g| g.to_degrees() < 5.0).count();
    (gaps.iter().map(|g| evenness(g)).collect(), pinched)
}

/// The smallest gap over the gap of equal spacing.
pub(crate) fn evenness(gaps: &[f64]) -> f64 {
    gaps.iter().copied().fold(f64::INFINITY, f64::min) / (std::f64::consts::TAU / gaps.len() as f64)
}

/// Directions in which a stroke leaves its origin and its destination.
pub(crate) fn departures(page: &Page, s: &Stroke) -> [f64; 2] {
    [bearing(page, s.origin, s.line.iter()), bearing(page, s.destination, s.line.iter().rev())]
}

/// Direction in which a line has left a symbol by 8 px.
fn bearing<'a>(page: &Page, node: usize, mut line: impl DoubleEndedIterator<Item = &'a Point> + Clone) -> f64 {
    let centre = page.centres[node];
    let clear = line.clone().find(|q| distance(**q, centre) > page.radii[node] + 8.0);
    let way = *clear.or_else(|| line.next_back()).expect("a line has two points") - centre;
    libm::atan2(way.y, way.x)
}

/// The gaps between directions, all the way round.
pub(crate) fn gaps(mut angles: Vec<f64>) -> Vec<f64> {
    angles.sort_by(f64::total_cmp);
    let next = |k: usize| angles[(k + 1) % angles.len()];
    (0..angles.len()).map(|k| (next(k) - angles[k]).rem_euclid(std::f64::consts::TAU)).collect()
}

/// Crossings that straight lines between the places would have, or between a place and the edge at which its flow leaves the map; those
/// of flows that share a place not counted.
pub(crate) fn straight_crossings(page: &Page) -> usize {
    let line = |s: &Stroke| {
        let (first, last) = (s.line[0], s.line[s.line.len() - 1]);
        let from = if s.joins[0] { page.centres[s.origin] } else { first };
        (from, if s.joins[1] { page.centres[s.destination] } else { last })
    };
    let of = |i: usize| {
        let p = &page.strokes[i];
        let (a, b) = line(p);
        let meets = |q: &&Stroke| p.shared(q).next().is_none() && crossing(a, b, line(q).0, line(q).1).is_some();
        page.strokes[i + 1..].iter().filter(meets).count()
    };
    (0..page.strokes.len()).into_par_iter().map(of).sum()
}

/// The figures about labels; none where there are no labels.
pub(crate) fn labels(page: &Page) -> Option<LabelScore> {
    let boxes = &page.labels;
    if boxes.is_empty() {
        return None;
    }
    let touching = |i: usize| boxes[i + 1..].iter().filter(|(_, b)| !apart(&boxes[i].1, b, 0.0)).count();
    let covered: f64 = boxes.iter().map(|(_, b)| area(b) * covered_share(page, b)).sum();
    Some(LabelScore {
        labels: boxes.len(),
        labels_on_labels: (0..boxes.len()).map(touching).sum(),
        labels_on_nodes: boxes.iter().map(|(node, b)| symbols_under(page, *node, b)).sum(),
        labels_on_flows_pct: 100.0 * covered / boxes.iter().map(|(_, b)| area(b)).sum::<f64>().max(1e-9),
    })
}

fn area(b: &Extent) -> f64 {
    (b[2] - b[0]).max(0.0) * (b[3] - b[1]).max(0.0)
}

fn symbols_under(page: &Page, node: usize, b: &Extent) -> usize {
    let symbol = |i: usize| {
        let (p, r) = (page.centres[i], page.radii[i]);
        [p.x - r, p.y - r, p.x + r, p.y + r]
    };
    page.used.iter().filter(|&&i| i != node && !apart(b, &symbol(i), 0.0)).count()
}

/// Share of a box, on a grid of 12 by 4 cells, that strokes cover.
fn covered_share(page: &Page, b: &Extent) -> f64 {
    let centre = |gx: usize, gy: usize| {
        let (x, y) = ((gx as f64 + 0.5) / 12.0, (gy as f64 + 0.5) / 4.0);
        Point::new(b[0] + x * (b[2] - b[0]), b[1] + y * (b[3] - b[1]))
    };
    let cells = (0..12).flat_map(|gx| (0..4).map(move |gy| centre(gx, gy)));
    cells.filter(|&p| page.strokes.iter().any(|s| covers(s, p, s.width / 2.0))).count() as f64 / 48.0
}
