//! Arrowheads that would lie on each other at a place are pulled back along their curves.

use flowatlas_model::planar::{PlanarCurve, PlanarFlow, PlanarProblem};
use kurbo::{BezPath, ParamCurve, PathSeg, Point};

use crate::curve::distance;
use crate::score::polyline;

/// Farthest that a tip is pulled back, in lengths of its head.
const FARTHEST: f64 = 2.5;
/// Farthest that it is pulled back in px, so that no wide flow ends away from its place.
pub(crate) const FARTHEST_PX: f64 = 28.0;
/// Largest share of a curve that pulling back may take.
const SHARE: f64 = 0.25;
/// Steps in which a tip is pulled back.
const STEPS: usize = 10;
/// Neighbours around a place, on each side, that a head is kept clear of.
const NEIGHBOURS: usize = 6;

/// A disc that a stroke or a head covers.
type Cover = (Point, f64);

/// Pulls arrow tips back from the edges of symbols until no head lies on another head or stroke of the same place. The widest flows
/// keep their places; a head that finds none within reach, at most `farthest` away, keeps its own. Flows with a fixed control
/// point stay as they are.
pub(crate) fn pull_back(problem: &PlanarProblem, curves: &mut [PlanarCurve], farthest: f64) {
    let mut at_node: Vec<Vec<usize>> = vec![Vec::new(); problem.nodes.len()];
    for (i, flow) in problem.flows.iter().enumerate().filter(|(i, _)| !curves[*i].path.is_empty()) {
        at_node[flow.origin].push(i);
        at_node[flow.destination].push(i);
    }
    for (node, flows) in at_node.iter().enumerate().filter(|(_, flows)| flows.len() > 1) {
        clear_node(problem, (node, flows), curves, farthest);
    }
}

/// A flow at a place.
struct Visit {
    flow: usize,
    /// Points of its curve, from the place outwards.
    line: Vec<Point>,
    bearing: f64,
    arrives: bool,
    covers: Vec<Cover>,
}

fn clear_node(problem: &PlanarProblem, (node, flows): (usize, &[usize]), curves: &mut [PlanarCurve], farthest: f64) {
    let mut visits: Vec<Visit> = flows.iter().map(|&i| visit(problem, node, i, &curves[i].path)).collect();
    visits.sort_by(|a, b| a.bearing.total_cmp(&b.bearing).then(a.flow.cmp(&b.flow)));
    let mut order: Vec<usize> = (0..visits.len()).filter(|&k| visits[k].arrives).collect();
    let width = |k: usize| problem.flows[visits[k].flow].width;
    order.sort_by(|&a, &b| width(b).total_cmp(&width(a)).then(a.cmp(&b)));
    for (rank, &k) in order.iter().enumerate().skip(1) {
        let flow = &problem.flows[visits[k].flow];
        if flow.head_length <= 0.0 || flow.control.is_some() {
            continue;
        }
        let waiting = &order[rank + 1..];
        let rivals: Vec<&Cover> =
            neighbours(k, visits.len()).filter(|j| !waiting.contains(j)).flat_map(|j| &visits[j].covers).collect();
        let back = place_for(flow, &visits[k].line, &rivals, farthest);
        if back > 0.0 {
            let path = shortened(&curves[visits[k].flow].path, back);
            visits[k] = visit(problem, node, visits[k].flow, &path);
            curves[visits[k].flow].path = path;
        }
    }
}

/// Positions next to `k` in a circle of `count`, itself left out.
fn neighbours(k: usize, count: usize) -> impl Iterator<Item = usize> {
    let reach = NEIGHBOURS.min((count - 1) / 2);
    let rest = if count <= 2 * NEIGHBOURS && count.is_multiple_of(2) { Some((k + count / 2) % count) } else { None };
    (1..=reach).flat_map(move |d| [(k + d) % count, (k + count - d) % count]).chain(rest)
}

/// How far to pull a tip back: the least of the steps at which the head is clear, or 0 where none is.
fn place_for(flow: &PlanarFlow, line: &[Point], rivals: &[&Cover], farthest: f64) -> f64 {
    let total: f64 = line.windows(2).map(|w| distance(w[0], w[1])).sum();
    let most = (FARTHEST * flow.head_length).min(SHARE * total).min(farthest);
    let clear = |back: f64| {
        let head = head_covers(flow, line, back);
        head.iter().all(|(p, r)| rivals.iter().all(|(q, s)| distance(*p, *q) >= r + s))
    };
    (0..=STEPS).map(|k| most * k as f64 / STEPS as f64).find(|&back| clear(back)).unwrap_or(0.0)
}

fn visit(problem: &PlanarProblem, node: usize, i: usize, path: &BezPath) -> Visit {
    let flow = &problem.flows[i];
    let arrives = flow.destination == node;
    let mut line = polyline(path.segments());
    if arrives {
        line.reverse();
    }
    let reach = 4.0 * flow.head_length.max(2.0 * flow.width).max(1.0);
    let out = along(&line, reach / 2.0) - problem.nodes[node].at;
    let mut covers = if arrives { head_covers(flow, &line, 0.0) } else { Vec::new() };
    let start = if arrives { flow.head_length } else { 0.0 };
    let step = flow.width.max(reach / 24.0);
    let mut s = start;
    while s < start + reach {
        covers.push((along(&line, s), flow.width / 2.0));
        s += step;
    }
    Visit { flow: i, bearing: libm::atan2(out.y, out.x), line, arrives, covers }
}

/// Discs that fill an arrowhead whose tip lies `back` along a line that begins at the place.
fn head_covers(flow: &PlanarFlow, line: &[Point], back: f64) -> Vec<Cover> {
    let half = flow.head_width / 2.0;
    [0.35, 0.65, 0.95].map(|s| (along(line, back + s * flow.head_length), 0.85 * s * half)).to_vec()
}

/// The point a distance along a line, at most its end.
fn along(line: &[Point], s: f64) -> Point {
    let mut rest = s;
    for w in line.windows(2) {
        let piece = distance(w[0], w[1]);
        if rest <= piece && piece > 0.0 {
            return w[0] + (w[1] - w[0]) * (rest / piece);
        }
        rest -= piece;
    }
    line[line.len() - 1]
}

/// Pieces of a segment by which its length is measured.
const MEASURE: usize = 64;

/// A path without the last `by` of its length.
fn shortened(path: &BezPath, by: f64) -> BezPath {
    let segs: Vec<PathSeg> = path.segments().collect();
    let mut rest = by;
    for (i, seg) in segs.iter().enumerate().rev() {
        let at = |k: usize| seg.eval(k as f64 / MEASURE as f64);
        for k in (0..MEASURE).rev() {
            let piece = distance(at(k), at(k + 1));
            if rest <= piece {
                let t = (k as f64 + 1.0 - rest / piece.max(1e-12)) / MEASURE as f64;
                let kept = segs[..i].iter().copied().chain([seg.subsegment(0.0..t)]);
                return BezPath::from_path_segments(kept);
            }
            rest -= piece;
        }
    }
    path.clone()
}
