//! The tree layout: every flow is a strand of its own inside the trunks of a spiral tree, so that trunks are exactly as wide as
//! what they carry, and painting the flows paints the tree.

use flowatlas_model::planar::{PlanarCurve, PlanarLayout, PlanarProblem};
use kurbo::{BezPath, PathSeg, Point, QuadBez, Vec2};
use rayon::prelude::*;

use crate::curve::{distance, end_discs, length, right_of, trimmed};
use crate::flare::smooth;
use crate::tree::{Knot, Leaf, signed, smoothed, spiral_tree};

/// Angles in degrees among which the best is chosen.
const ALPHAS: [f64; 7] = [15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0];
/// Length over which a strand passes from its place in the trunk to its place in a branch, in widths of the trunk.
const BLEND: f64 = 6.0;
/// Longest piece of a strand between two of its points, as a share of the distance from the root to its farthest place.
const PIECE: f64 = 0.02;

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

/// A tree with what the strands need to know about it.
struct Tree {
    knots: Vec<Knot>,
    /// Where each branch begins within its parent's width, from the side of falling angles.
    start: Vec<f64>,
    alpha_cost: f64,
}

fn grow(problem: &PlanarProblem, group: &Group) -> Vec<(usize, BezPath)> {
    let root = problem.nodes[group.root].at;
    let leaf = |&i: &usize| {
        let node = &problem.nodes[group.far_end(problem, i)];
        let arm = node.at - root;
        let room = node.radius + 2.0 * problem.gap;
        Leaf { radius: length(arm), angle: libm::atan2(arm.y, arm.x), room, width: problem.flows[i].width }
    };
    let leaves: Vec<Leaf> = group.flows.iter().map(leaf).collect();
    let best = ALPHAS.iter().map(|alpha| tree(problem, group, &leaves, alpha.to_radians()));
    let best = best.reduce(|a, b| if b.alpha_cost < a.alpha_cost { b } else { a }).expect("there are angles");
    let strand = |k: usize| {
        let i = group.flows[k];
        (i, strand(problem, group, &best, k))
    };
    (0..leaves.len()).map(strand).collect()
}

fn tree(problem: &PlanarProblem, group: &Group, leaves: &[Leaf], alpha: f64) -> Tree {
    let least = (problem.nodes[group.root].radius + problem.gap) * 1.5;
    let mut knots = spiral_tree(leaves, alpha, least.max(1e-6));
    smoothed(&mut knots);
    let start = starts(&knots);
    let reach: f64 = leaves.iter().map(|l| l.radius).sum();
    let ink: f64 = (0..knots.len()).map(|k| branch_length(&knots, k)).sum();
    let way = |k: usize| {
        let mut sum = 0.0;
        let mut at = Some(k);
        while let Some(knot) = at {
            sum += branch_length(&knots, knot);
            at = knots[knot].parent;
        }
        sum
    };
    let stretch: f64 = (0..leaves.len()).map(way).sum::<f64>() / reach;
    Tree { alpha_cost: ink / reach + 2.0 * stretch, knots, start }
}

/// Length of the branch from a knot to its parent, or to the root, nearly.
fn branch_length(knots: &[Knot], k: usize) -> f64 {
    let knot = &knots[k];
    match knot.parent {
        None => knot.radius,
        Some(p) => distance(polar(knot.radius, knot.angle), polar(knots[p].radius, knots[p].angle)),
    }
}

fn polar(radius: f64, angle: f64) -> Point {
    let (sin, cos) = libm::sincos(angle);
    Point::new(radius * cos, radius * sin)
}

/// Where each branch begins within the width of its parent: branches side by side in the order of their angles.
fn starts(knots: &[Knot]) -> Vec<f64> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); knots.len()];
    for (k, knot) in knots.iter().enumerate() {
        if let Some(p) = knot.parent {
            children[p].push(k);
        }
    }
    let mut start = vec![0.0; knots.len()];
    for (p, branch) in children.iter_mut().enumerate() {
        let turn = |k: usize| signed(knots[k].angle - knots[p].angle);
        branch.sort_by(|&a, &b| turn(a).total_cmp(&turn(b)).then(a.cmp(&b)));
        let mut at = 0.0;
        for &k in branch.iter() {
            start[k] = at;
            at += knots[k].width;
        }
    }
    start
}

/// The curve of one flow: its place in every branch on its way, cut at the symbols.
fn strand(problem: &PlanarProblem, group: &Group, tree: &Tree, leaf: usize) -> BezPath {
    let i = group.flows[leaf];
    let flow = &problem.flows[i];
    let mut way = vec![leaf];
    while let Some(parent) = tree.knots[way[way.len() - 1]].parent {
        way.push(parent);
    }
    way.reverse();
    let offsets = offsets(tree, &way, flow.width);
    let root = problem.nodes[group.root].at;
    let piece = PIECE * tree.knots.iter().map(|k| k.radius).fold(0.0, f64::max);
    let mut centre = vec![(root, offsets[0])];
    for (step, &k) in way.iter().enumerate() {
        let before = if step == 0 { None } else { Some((way[step - 1], offsets[step - 1])) };
        branch_points(root, tree, (k, offsets[step]), before, piece, &mut centre);
    }
    let direction = |j: usize| -> Vec2 { centre[(j + 1).min(centre.len() - 1)].0 - centre[j.saturating_sub(1)].0 };
    let points: Vec<Point> = (0..centre.len()).map(|j| centre[j].0 + right_of(direction(j)) * centre[j].1).collect();
    let mut segs = smooth(&points);
    if !group.outwards {
        segs = segs.iter().rev().map(PathSeg::reverse).collect();
    }
    let (start, end) = end_discs(problem, flow);
    trimmed(&segs, start, end)
}

/// How far from the middle of each branch on its way a strand runs, to the side of growing angles.
fn offsets(tree: &Tree, way: &[usize], width: f64) -> Vec<f64> {
    let mut within = width / 2.0;
    let mut offsets = vec![0.0; way.len()];
    for (step, &k) in way.iter().enumerate().rev() {
        offsets[step] = within - tree.knots[k].width / 2.0;
        within += tree.start[k];
    }
    offsets
}

/// Points of the branch that ends at a knot, with the strand's offset at each; the branch begins where the last one ended.
fn branch_points(
    root: Point,
    tree: &Tree,
    (k, offset): (usize, f64),
    before: Option<(usize, f64)>,
    piece: f64,
    out: &mut Vec<(Point, f64)>,
) {
    let knot = &tree.knots[k];
    let total = branch_length(&tree.knots, k);
    let count = (total / piece.max(1e-9)).ceil().clamp(1.0, 60.0) as usize;
    let (old, blend) = match before {
        Some((p, old)) => (old, (BLEND * tree.knots[p].width).min(total)),
        None => (offset, 1e-9),
    };
    for j in 1..=count {
        let t = j as f64 / count as f64;
        let at = match before {
            None => polar(knot.radius * t, knot.angle),
            Some((p, _)) => {
                let inner = &tree.knots[p];
                let log = libm::log(inner.radius) * (1.0 - t) + libm::log(knot.radius) * t;
                polar(libm::exp(log), inner.angle + t * signed(knot.angle - inner.angle))
            }
        };
        let x = (t * total / blend.max(1e-9)).min(1.0);
        let eased = x * x * (3.0 - 2.0 * x);
        out.push((root + at.to_vec2(), old + (offset - old) * eased));
    }
}
