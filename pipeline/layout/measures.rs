//! The figures of the score, each computed on the strokes of a page.

use kurbo::{Point, Vec2};
use rayon::prelude::*;

use crate::curve::distance;
use crate::score::LabelScore;
use crate::strokes::{Extent, Page, Stroke, apart, extent, extent_at};

/// Angle in degrees below which a crossing is acute.
const ACUTE: f64 = 30.0;

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

/// The crossings of two strokes.
pub(crate) fn pair_crossings(page: &Page, p: &Stroke, q: &Stroke) -> Vec<Crossing> {
    let mut found = Vec::new();
    if apart(&p.extent, &q.extent, 0.0) {
        return found;
    }
    let hidden = |hit: Point| p.shared(q).any(|s| distance(hit, page.centres[s]) < page.radii[s] + 1.0);
    let sibling = p.shared(q).next().is_some();
    for (a, b) in p.near(&q.extent, 0.0) {
        let piece = extent(&[a, b]);
        for (c, d) in q.near(&piece, 0.0) {
            if apart(&piece, &extent(&[c, d]), 0.0) {
                continue;
            }
            match crossing(a, b, c, d) {
                Some((hit, degrees)) if !hidden(hit) => found.push(Crossing { degrees, sibling }),
                _ => {}
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

/// Share of the length of all flows, in per cent, that runs along another flow.
pub(crate) fn overlap_pct(page: &Page) -> f64 {
    let of = |i: usize| {
        let pieces = page.strokes[i].line.windows(2);
        let overlaid = |w: &[Point]| {
            if is_overlaid(page, i, w[0], w[1]) { distance(w[0], w[1]) } else { 0.0 }
        };
        pieces.map(|w| (distance(w[0], w[1]), overlaid(w))).fold((0.0, 0.0), |s, n| (s.0 + n.0, s.1 + n.1))
    };
    let parts: Vec<(f64, f64)> = (0..page.strokes.len()).into_par_iter().map(of).collect();
    let (total, overlap) = parts.iter().fold((0.0, 0.0), |s, n| (s.0 + n.0, s.1 + n.1));
    100.0 * overlap / f64::max(total, 1e-9)
}

/// True where the piece from `a` to `b` of stroke `i` runs along another stroke.
fn is_overlaid(page: &Page, i: usize, a: Point, b: Point) -> bool {
    let mut others = page.strokes.iter().enumerate().filter(|(j, _)| *j != i);
    others.any(|(_, other)| overlays(page, &page.strokes[i], (a, b), other))
}

/// True where a piece of a stroke runs along another stroke.
pub(crate) fn overlays(page: &Page, stroke: &Stroke, (a, b): (Point, Point), other: &Stroke) -> bool {
    let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    let reach = (stroke.width + other.width) / 2.0;
    !apart(&other.extent, &extent_at(middle), reach)
        && !stroke.shared(other).any(|s| distance(middle, page.centres[s]) < 6.0 * page.radii[s])
        && runs_along(middle, b - a, other, reach)
}

/// True where a stroke passes within `reach` of a point at under 15 degrees to a direction.
fn runs_along(middle: Point, way: Vec2, stroke: &Stroke, reach: f64) -> bool {
    let limit = reach + 7.0;
    stroke.near(&extent_at(middle), reach).any(|(c, d)| {
        let e = d - c;
        (c.x - middle.x).abs() <= limit
            && (c.y - middle.y).abs() <= limit
            && from_piece(middle, c, d) < reach
            && libm::atan2(way.cross(e).abs(), way.dot(e).abs()).to_degrees() < 15.0
    })
}

/// Per place its smallest gap over the gap of equal spacing, and the number of gaps under 5 degrees.
pub(crate) fn angular(page: &Page) -> (Vec<f64>, usize) {
    let mut bearings = vec![Vec::new(); page.centres.len()];
    for s in &page.strokes {
        let [out, back] = departures(page, s);
        bearings[s.origin].push(out);
        bearings[s.destination].push(back);
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

/// Crossings that straight lines between the places would have; those of flows that share a place not counted.
pub(crate) fn straight_crossings(page: &Page) -> usize {
    let line = |s: &Stroke| (page.centres[s.origin], page.centres[s.destination]);
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
