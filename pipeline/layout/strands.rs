//! The tree layout: every flow is a strand of its own inside the trunks of a spiral tree, so that trunks are exactly as wide as
//! what they carry, and painting the flows paints the tree.

use flowatlas_model::planar::{PlanarCurve, PlanarLayout, PlanarProblem};
use kurbo::{BezPath, PathSeg, Point, QuadBez};
use rayon::prelude::*;

use crate::curve::{distance, end_discs, length, trimmed};
use crate::flare::smooth;
use crate::score::{self, score};
use crate::tree::{Knot, Leaf, spiral_tree};
use crate::tree_rings::rings;

/// Angles in degrees among which the best is chosen.
const ALPHAS: [f64; 7] = [15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0];
/// Length in front of a place within which its branch joins no other, in lengths of the arrowhead and the place's room.
const ALONE: f64 = 3.0;
/// Width that a strand has in a trunk at least, in gaps at symbols, so that hairlines stay apart.
const HAIR: f64 = 0.3;
/// Radius of the fan at the root in widths of all flows, at least: room for all of them side by side.
const FAN: f64 = 0.3;
/// Radius of the fan at the root in widths of the widest trunk, at least.
const WIDEST: f64 = 0.9;
/// Cost of a crossing, a place under a flow or a sharp bend, in stretch of all flows times their number.
const FAULT: f64 = 5.0;
/// Cost of all branches being as long as straight lines to all places.
const INK: f64 = 0.5;

/// Trees, one per place that most flows share, until every flow is on one. Flows with a control point of their own stay apart.
pub(crate) fn trees(problem: &PlanarProblem) -> PlanarLayout {
    let mut curves = vec![PlanarCurve { path: BezPath::new() }; problem.flows.len()];
    for (i, flow) in problem.flows.iter().enumerate() {
        if let Some(control) = flow.control {
            let [from, to] = [flow.origin, flow.destination].map(|n| problem.nodes[n].at);
            let (start, end) = end_discs(problem, flow);
            curves[i].path = trimmed(&[PathSeg::Quad(QuadBez::new(from, control, to))], start, end);
        }
    }
    let grown: Vec<Vec<(usize, BezPath)>> = groups(problem).par_iter().map(|group| grow(problem, group)).collect();
    for (i, path) in grown.into_iter().flatten() {
        curves[i].path = path;
    }
    PlanarLayout { curves, finished: true }
}

/// The flows of one tree.
struct Group {
    root: usize,
    /// True where the flows leave the root.
    outwards: bool,
    flows: Vec<usize>,
}

impl Group {
    fn far_end(&self, problem: &PlanarProblem, flow: usize) -> usize {
        let flow = &problem.flows[flow];
        if self.outwards { flow.destination } else { flow.origin }
    }
}

/// Takes the place with the most flows out or in, then the place with the most of the rest, until none is left.
fn groups(problem: &PlanarProblem) -> Vec<Group> {
    let apart = |i: &usize| {
        let flow = &problem.flows[*i];
        flow.control.is_none() && distance(problem.nodes[flow.origin].at, problem.nodes[flow.destination].at) > 0.0
    };
    let mut rest: Vec<usize> = (0..problem.flows.len()).filter(apart).collect();
    let mut groups = Vec::new();
    while !rest.is_empty() {
        let mut counts = vec![[0_usize; 2]; problem.nodes.len()];
        for &i in &rest {
            counts[problem.flows[i].origin][0] += 1;
            counts[problem.flows[i].destination][1] += 1;
        }
        let sides = (0..counts.len()).flat_map(|n| [(n, 0), (n, 1)]);
        let best = sides.reduce(|a, b| if counts[b.0][b.1] > counts[a.0][a.1] { b } else { a });
        let (root, side) = best.expect("there are places where there are flows");
        let outwards = side == 0;
        let at_root =
            |i: &usize| (if outwards { problem.flows[*i].origin } else { problem.flows[*i].destination }) == root;
        let (flows, others) = rest.into_iter().partition(at_root);
        groups.push(Group { root, outwards, flows });
        rest = others;
    }
    groups
}

fn grow(problem: &PlanarProblem, group: &Group) -> Vec<(usize, BezPath)> {
    let leaves: Vec<Leaf> = group.flows.iter().map(|&i| leaf(problem, group, i)).collect();
    let drawn = |alpha: &f64| drawn(problem, group, &leaves, alpha.to_radians());
    let trees: Vec<Drawing> = ALPHAS.par_iter().map(drawn).collect();
    let best = trees.into_iter().reduce(|a, b| if b.cost < a.cost { b } else { a });
    best.expect("there are angles").paths
}

fn leaf(problem: &PlanarProblem, group: &Group, i: usize) -> Leaf {
    let (node, flow) = (&problem.nodes[group.far_end(problem, i)], &problem.flows[i]);
    let arm = node.at - problem.nodes[group.root].at;
    let head = if group.outwards { (flow.head_length, flow.head_width) } else { (0.0, 0.0) };
    let room = node.radius + 2.0 * problem.gap;
    let half = room.max(head.1 / 2.0 + problem.gap);
    let own = head.0 + room;
    let angle = libm::atan2(arm.y, arm.x);
    Leaf { radius: length(arm), angle, room, own, half, alone: ALONE * own, width: flow.width.max(HAIR * problem.gap) }
}

/// A tree as drawn at one angle.
struct Drawing {
    paths: Vec<(usize, BezPath)>,
    cost: f64,
}

fn drawn(problem: &PlanarProblem, group: &Group, leaves: &[Leaf], alpha: f64) -> Drawing {
    let root = &problem.nodes[group.root];
    let total: f64 = leaves.iter().map(|l| l.width).sum();
    let least = (FAN * total).max(2.0 * (root.radius + problem.gap)).max(1e-6);
    let tree = spiral_tree(leaves, alpha, least);
    let trunks = tree.knots.iter().filter(|k| k.parent.is_none());
    let fan = trunks.map(|k| WIDEST * k.width).fold(least, f64::max);
    let on_page = |(k, course): (usize, Vec<(f64, f64)>)| {
        let points = course.iter().map(|&(r, a)| root.at + polar(r, a).to_vec2());
        let points: Vec<Point> = std::iter::once(root.at).chain(points).collect();
        (group.flows[k], path(problem, group, group.flows[k], &points))
    };
    let paths: Vec<(usize, BezPath)> = rings(leaves, &tree, fan).courses().map(on_page).collect();
    Drawing { cost: cost(problem, &paths) + INK * ink(&tree.knots, leaves), paths }
}

/// The curve through the points of a strand, from the flow's origin to its destination, cut at the symbols.
fn path(problem: &PlanarProblem, group: &Group, i: usize, points: &[Point]) -> BezPath {
    let mut segs = smooth(points);
    if !group.outwards {
        segs = segs.iter().rev().map(PathSeg::reverse).collect();
    }
    let (start, end) = end_discs(problem, &problem.flows[i]);
    trimmed(&segs, start, end)
}

/// What is wrong with a tree: faults of its score per flow, and its mean stretch.
fn cost(problem: &PlanarProblem, paths: &[(usize, BezPath)]) -> f64 {
    let part = PlanarProblem {
        flows: paths.iter().map(|(i, _)| problem.flows[*i].clone()).collect(),
        nodes: problem.nodes.clone(),
        ..PlanarProblem::default()
    };
    let curves = paths.iter().map(|(_, path)| PlanarCurve { path: path.clone() }).collect();
    let layout = PlanarLayout { curves, ..PlanarLayout::default() };
    let score = score(&score::drawn(&part, &layout, |i| i.to_string()));
    FAULT * (score.crossings + score.flow_on_node + score.sharp) as f64 / paths.len() as f64 + score.stretch_mean
}

/// Length of all branches over the distances of all places.
fn ink(knots: &[Knot], leaves: &[Leaf]) -> f64 {
    let branch = |knot: &Knot| match knot.parent {
        None => knot.radius,
        Some(p) => distance(polar(knot.radius, knot.angle), polar(knots[p].radius, knots[p].angle)),
    };
    knots.iter().map(branch).sum::<f64>() / leaves.iter().map(|l| l.radius).sum::<f64>()
}

fn polar(radius: f64, angle: f64) -> Point {
    let (sin, cos) = libm::sincos(angle);
    Point::new(radius * cos, radius * sin)
}
