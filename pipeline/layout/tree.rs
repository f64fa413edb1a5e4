//! The tree layout: every flow is a strand of its own inside the trunks of a spiral tree, so that trunks are exactly as wide as
//! what they carry, and painting the flows paints the tree.

use std::f64::consts::TAU;

use flowatlas_model::planar::{
    PlanarCurve, PlanarLayout, PlanarNode, PlanarProblem, PlanarSeam, PlanarStar, PlanarTree,
};
use kurbo::{BezPath, CubicBez, ParamCurve, PathSeg, Point, QuadBez, Shape, Vec2};
use rayon::prelude::*;

use crate::curve::{distance, end_discs, length, trimmed};
use crate::measures::{count_crossings, on_nodes};
use crate::relax::relaxed;
use crate::rings::Rings;
use crate::seats::seat;
use crate::spirals::{Crowd, Leaf, Shield, SpiralTree, spiral_tree};
use crate::strokes::{Page, Stroke};

/// Angles in degrees among which the best is chosen.
const ALPHAS: [f64; 7] = [15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0];
/// The crowds that are tried in turn until no strands cross, their radii in those of a circle that all flows fill side by side, and how
/// often places are seated in each among the strands that run over them, on a share of the rings.
const CROWDS: [(Crowd, usize); 5] = [
    (Crowd { radius: 0.0, over: false }, 0),
    (Crowd { radius: 4.0, over: false }, 0),
    (Crowd { radius: 4.0, over: true }, 1),
    (Crowd { radius: 1e9, over: false }, 0),
    (Crowd { radius: 1e9, over: true }, 6),
];
/// How often strands are bent on all rings at most, with places seated in between.
const SEATS: usize = 4;
/// Faults per strand from which seating places does not help.
const HOPELESS: f64 = 0.5;
/// Faults that a strand over a place counts where trees of strands of several widths are left to choose among.
const COVERED: f64 = 0.05;
/// Share of the rings on which angles are compared.
const SKETCH: f64 = 0.25;
/// Pieces of a strand between two rings for which crossings are counted.
const SAMPLES: usize = 2;
/// Length in front of a place within which its branch joins no other, in lengths of the arrowhead and the place's room.
const ALONE: f64 = 2.0;
/// Widths that a strand takes in a trunk at least, in gaps at symbols. Strands that are closer can hardly be told apart: a score, which
/// samples them, may find that they cross; then they take the next of these widths.
const HAIRS: [f64; 3] = [0.08, 0.16, 0.3];
/// Radius of the fan at the root in widths of all flows, at least: room for all of them side by side.
const FAN: f64 = 0.3;
/// Radius of the fan at the root in widths of the widest trunk, at least.
const WIDEST: f64 = 0.9;
/// Length of a strand in distances between its places that is no fault; the shipped trees stay below 1.1.
const MOST_STRETCH: f64 = 1.35;
/// What a detour of a whole distance more counts, in crossings.
const DETOUR: f64 = 20.0;
/// Cost of all cells being squeezed between places, in stretch of all flows.
const SQUEEZED: f64 = 10.0;
/// Cost of all branches being as long as straight lines to all places.
const INK: f64 = 0.5;
/// Cost of the bending of all strands, per square radian and unit of the logarithm of the radius.
const BENDING: f64 = 0.02;

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
    let grown: Vec<Grown> = problem.stars().par_iter().map(|star| grow(problem, star)).collect();
    let mut trees = Vec::new();
    for Grown { paths, tree } in grown {
        paths.into_iter().for_each(|(i, path)| curves[i].path = path);
        trees.push(tree);
    }
    PlanarLayout { curves, finished: true, trees, ..PlanarLayout::default() }
}

/// The curves of one tree's flows, and the tree.
struct Grown {
    paths: Vec<(usize, BezPath)>,
    tree: PlanarTree,
}

/// Grows a tree whose trunks are as narrow as what they carry, as far as its strands can be told apart.
fn grow(problem: &PlanarProblem, star: &PlanarStar) -> Grown {
    let [narrower @ .., widest] = HAIRS;
    let mut found: Vec<(f64, Grown)> = Vec::new();
    for hair in narrower {
        let (on_rings, grown) = grow_hairs(problem, star, (hair, &CROWDS[..1], crossings_on_rings));
        let faults = faults(problem, &grown.paths, (hopeless(star), scored_crossings));
        if faults == 0.0 {
            return grown;
        }
        found.push((faults, grown));
        if on_rings > 0.0 {
            // Places are too close for any width of strands.
            break;
        }
    }
    found.push(grow_hairs(problem, star, (widest, &CROWDS, scored_crossings)));
    let all = found.into_iter().map(|(faults, grown)| {
        let covered = on_nodes(&page(problem, &grown.paths));
        (faults + COVERED * covered as f64, grown)
    });
    all.reduce(|best, next| if next.0 < best.0 { next } else { best }).expect("there are widths").1
}

/// Faults of a tree from which seating places does not help.
fn hopeless(star: &PlanarStar) -> f64 {
    HOPELESS * star.flows.len() as f64
}

/// Counts the crossings of strands; `None` where there are more than some number.
type Count = fn(&PlanarProblem, &[(usize, BezPath)], usize) -> Option<usize>;

/// Grows a tree with all places kept clear, or, where strands would cross because branches are too wide for that, with branches that
/// run close to or over the places near the root, as far as such crowds are given; tells its faults. Strands are no narrower than `hair`
/// in trunks.
fn grow_hairs(
    problem: &PlanarProblem,
    star: &PlanarStar,
    (hair, crowds, count): (f64, &[(Crowd, usize)], Count),
) -> (f64, Grown) {
    let hair = hair * problem.gap;
    // Flows to one place, as of several kinds, and flows back from it share its branch.
    let bundles: Vec<&[usize]> =
        star.flows.chunk_by(|i, j| problem.far_end(star, *i) == problem.far_end(star, *j)).collect();
    let site = Site {
        root: &problem.nodes[star.root],
        gap: problem.gap,
        leaves: bundles.iter().map(|flows| leaf(problem, star, (flows, hair))).collect(),
        strands: bundles.iter().map(|flows| strands(problem, flows, hair)).collect(),
        shields: shields(problem, star),
        hair,
    };
    let mut best: Option<(f64, Grown)> = None;
    for &(crowd, sketches) in crowds {
        let mut tree = site.tree(site.angle(crowd), crowd);
        // Where most places belong shows on few rings already.
        for _ in 0..sketches {
            let [_, sketch] = site.relaxed(&tree, crowd, SKETCH);
            if !seat(&mut tree, &site.leaves, &sketch) {
                break;
            }
        }
        let mut before = f64::INFINITY;
        for _ in 0..SEATS {
            let bent = site.relaxed(&tree, crowd, 1.0);
            let hopeless = hopeless(star);
            let mut least = f64::INFINITY;
            for (k, rings) in bent.iter().enumerate() {
                let grown = on_page(problem, star, &site, rings);
                // What is worse need not be counted; but one must be, for there to be a choice.
                let known = best.as_ref().map_or(f64::INFINITY, |(faults, _)| *faults);
                let most = if best.is_none() && k == 0 { hopeless } else { known.max(hopeless) };
                let faults = faults(problem, &grown.paths, (most, count));
                least = least.min(faults);
                if faults < known {
                    best = Some((faults, grown));
                }
                if faults == 0.0 {
                    return best.expect("there is a tree");
                }
            }
            let [_, bent] = &bent;
            if least > hopeless.min(before) || !seat(&mut tree, &site.leaves, bent) {
                break;
            }
            before = least;
        }
    }
    best.expect("there are crowds")
}

fn on_page(problem: &PlanarProblem, star: &PlanarStar, site: &Site, rings: &Rings) -> Grown {
    let start = site.root.radius + problem.gap;
    let seam = |flows: [usize; 2], controls: Vec<(f64, f64)>| {
        let first = controls.first().map(|c| site.root.at + polar(start, c.1).to_vec2());
        let joints = spline(site.root.at, &controls);
        // The last of them is no joint of the flows, which part there.
        let joints = joints[..joints.len().saturating_sub(1)].iter().map(|seg| seg.eval(1.0));
        let line = first.into_iter().chain(joints.filter(|p| distance(*p, site.root.at) > start)).collect();
        PlanarSeam { flows, line }
    };
    let (mut paths, mut seams, mut before) = (Vec::new(), Vec::new(), None);
    for (rank, chain) in rings.chains.iter().enumerate() {
        for (k, strand) in site.strands[rings.order[rank]].iter().enumerate() {
            let (a, b) = strand.part;
            seams.extend(before.map(|before| {
                let line = if k == 0 { rings.seam(rank - 1) } else { rings.seam_within(rank, a) };
                seam([before, strand.flow], line)
            }));
            before = Some(strand.flow);
            let on_ring = |&cell: &usize| (rings.cells[cell].radius, rings.angle_within(rank, (a, b), cell));
            let controls: Vec<(f64, f64)> = chain.iter().map(on_ring).collect();
            paths.push((strand.flow, path(problem, star, strand.flow, spline(site.root.at, &controls))));
        }
    }
    seams.retain(|seam| seam.line.len() > 1);
    let flows = paths.iter().map(|(flow, _)| *flow).collect();
    Grown { paths, tree: PlanarTree { root: star.root, fan: rings.fan, hair: site.hair, flows, seams } }
}

/// Crossings of strands and their detours, which count as crossings; infinite where there are more than `most`.
fn faults(problem: &PlanarProblem, paths: &[(usize, BezPath)], (most, count): (f64, Count)) -> f64 {
    let detours = DETOUR * detours(problem, paths);
    if detours > most {
        return f64::INFINITY;
    }
    let crossings = count(problem, paths, (most - detours) as usize);
    crossings.map_or(f64::INFINITY, |crossings| crossings as f64 + detours)
}

/// By how many distances between their places strands are longer than they may be, together.
fn detours(problem: &PlanarProblem, paths: &[(usize, BezPath)]) -> f64 {
    let excess = |(i, path): &(usize, BezPath)| {
        let flow = &problem.flows[*i];
        let apart = distance(problem.nodes[flow.origin].at, problem.nodes[flow.destination].at);
        (path.perimeter(0.1) / apart - MOST_STRETCH).max(0.0)
    };
    paths.iter().map(excess).sum()
}

/// Crossings of strands; `None` where there are more than `most`.
///
/// Strands are sampled where they pass the rings: hairlines beside one another keep their order there, which chords between other points
/// of them need not.
fn crossings_on_rings(problem: &PlanarProblem, paths: &[(usize, BezPath)], most: usize) -> Option<usize> {
    let mut page = page(problem, paths);
    let scale = page.scale;
    let line = |path: &BezPath| {
        let first = path.segments().take(1).map(|seg| seg.eval(0.0));
        let parts = path.segments().flat_map(|seg| (1..=SAMPLES).map(move |k| seg.eval(k as f64 / SAMPLES as f64)));
        first.chain(parts).map(|p| (p.to_vec2() * scale).to_point()).collect()
    };
    let stroke = |(i, path): &(usize, BezPath)| {
        let flow = &problem.flows[*i];
        Stroke::through((flow.origin, flow.destination), flow.width * scale, line(path))
    };
    page.strokes = paths.iter().filter(|(_, path)| !path.is_empty()).map(stroke).collect();
    count_crossings(&page, most)
}

/// Crossings of strands as a score finds them; `None` where there are more than `most`.
fn scored_crossings(problem: &PlanarProblem, paths: &[(usize, BezPath)], most: usize) -> Option<usize> {
    count_crossings(&page(problem, paths), most)
}

/// Strands as they are drawn.
fn page(problem: &PlanarProblem, paths: &[(usize, BezPath)]) -> Page {
    let part = PlanarProblem {
        flows: paths.iter().map(|(i, _)| problem.flows[*i].clone()).collect(),
        nodes: problem.nodes.clone(),
        ..PlanarProblem::default()
    };
    let curves = paths.iter().map(|(_, path)| PlanarCurve { path: path.clone() }).collect();
    let layout = PlanarLayout { curves, ..PlanarLayout::default() };
    Page::of(&crate::score::drawn(&part, &layout, |i| i.to_string()))
}

/// The place that some flows of a star lead to.
fn leaf(problem: &PlanarProblem, star: &PlanarStar, (flows, hair): (&[usize], f64)) -> Leaf {
    let node = &problem.nodes[problem.far_end(star, flows[0])];
    let arm = node.at - problem.nodes[star.root].at;
    let heads = || flows.iter().filter(|i| problem.leaves(star, **i)).map(|&i| &problem.flows[i]);
    let head_length = heads().map(|flow| flow.head_length).fold(0.0, f64::max);
    let head_width: f64 = heads().map(|flow| flow.head_width).sum();
    let room = node.radius + 2.0 * problem.gap;
    let half = room.max(head_width / 2.0 + problem.gap);
    let own = head_length + room;
    let angle = libm::atan2(arm.y, arm.x);
    let width = flows.iter().map(|&i| problem.flows[i].adds.max(hair)).sum();
    let drawn = flows.iter().map(|&i| problem.flows[i].width).fold(width, f64::max);
    Leaf { radius: length(arm), angle, room, own, half, alone: ALONE * own, width, drawn }
}

/// A flow in the branch of its place.
struct Strand {
    flow: usize,
    /// The shares of the branch's width between which it lies.
    part: (f64, f64),
}

/// The flows of one place side by side.
fn strands(problem: &PlanarProblem, flows: &[usize], hair: f64) -> Vec<Strand> {
    let width = |flow: usize| problem.flows[flow].adds.max(hair);
    let total: f64 = flows.iter().map(|&i| width(i)).sum();
    let mut end = 0.0;
    let strand = |(k, &flow): (usize, &usize)| {
        let start = end;
        end = if k + 1 < flows.len() { start + width(flow) / total } else { 1.0 };
        Strand { flow, part: (start, end) }
    };
    flows.iter().enumerate().map(strand).collect()
}

/// The places that other flows serve.
fn shields(problem: &PlanarProblem, star: &PlanarStar) -> Vec<Shield> {
    let mut other = vec![false; problem.nodes.len()];
    problem.flows.iter().for_each(|flow| (other[flow.origin], other[flow.destination]) = (true, true));
    other[star.root] = false;
    star.flows.iter().for_each(|&i| other[problem.far_end(star, i)] = false);
    let root = problem.nodes[star.root].at;
    let others = problem.nodes.iter().zip(other).filter(|(node, other)| *other && distance(node.at, root) > 0.0);
    let shield = |node: &PlanarNode| {
        let arm = node.at - root;
        let room = node.radius + 2.0 * problem.gap;
        Shield { radius: length(arm), angle: libm::atan2(arm.y, arm.x), room }
    };
    others.map(|(node, _)| shield(node)).collect()
}

/// What one tree has to reach and to pass.
struct Site<'a> {
    root: &'a PlanarNode,
    gap: f64,
    leaves: Vec<Leaf>,
    /// The flows of each leaf.
    strands: Vec<Vec<Strand>>,
    shields: Vec<Shield>,
    /// Width of a strand in a trunk, at least.
    hair: f64,
}

impl Site<'_> {
    /// The tree at an angle, bent on a share of the rings.
    fn relaxed(&self, tree: &SpiralTree, crowd: Crowd, fine: f64) -> [Rings; 2] {
        let fan = tree.trunks.iter().map(|&k| WIDEST * tree.knots[k].width).fold(self.least(), f64::max);
        relaxed(&self.leaves, &self.shields, tree, (fan, self.on_page(crowd), fine))
    }

    fn tree(&self, alpha: f64, crowd: Crowd) -> SpiralTree {
        spiral_tree(&self.leaves, &self.shields, alpha, (self.least(), self.on_page(crowd)))
    }

    /// Width of all flows.
    fn total(&self) -> f64 {
        self.leaves.iter().map(|l| l.width).sum()
    }

    /// Radius within which branches go straight to the root.
    fn least(&self) -> f64 {
        (FAN * self.total()).max(2.0 * (self.root.radius + self.gap)).max(1e-6)
    }

    /// A crowd with its radius on the page.
    fn on_page(&self, crowd: Crowd) -> Crowd {
        Crowd { radius: crowd.radius * self.total() / TAU, ..crowd }
    }

    /// The angle in radians of the best sketch: one that is good where all places are kept clear may lead trunks around the world where
    /// they run over some.
    fn angle(&self, crowd: Crowd) -> f64 {
        let alphas = ALPHAS.map(f64::to_radians);
        let costs: Vec<f64> = alphas.par_iter().map(|alpha| self.sketched(*alpha, crowd)).collect();
        let best = (0..alphas.len()).reduce(|a, b| if costs[b] < costs[a] { b } else { a });
        alphas[best.expect("there are angles")]
    }

    /// What is wrong with a sketch of a tree: branches squeezed between places, detours, and the length of its branches.
    fn sketched(&self, alpha: f64, crowd: Crowd) -> f64 {
        let [_, rings] = self.relaxed(&self.tree(alpha, crowd), crowd, SKETCH);
        let at = |cell: usize, angle: f64| polar(rings.cells[cell].radius, angle);
        let stretch = |(rank, chain): (usize, &Vec<usize>)| {
            let on_page = |cell: usize| at(cell, rings.angle_of((rank, rank + 1), cell));
            let way: f64 = chain.windows(2).map(|w| distance(on_page(w[0]), on_page(w[1]))).sum();
            let inner = rings.cells[chain[0]].radius;
            (way + inner) / self.leaves[rings.order[rank]].radius
        };
        let ink = |k: usize| {
            let cell = &rings.cells[k];
            cell.inner.map_or(0.0, |i| distance(at(k, cell.angle), at(i, rings.angle_of(cell.leaves, i))))
        };
        let count = self.leaves.len() as f64;
        let stretches: f64 = rings.chains.iter().enumerate().map(stretch).sum();
        let inks: f64 = (0..rings.cells.len()).map(ink).sum();
        let straight: f64 = self.leaves.iter().map(|l| l.radius).sum();
        SQUEEZED * rings.squeezed + BENDING * rings.bending + stretches / count + INK * inks / straight
    }
}

/// The curve of a flow, from its origin to its destination, cut at the symbols.
fn path(problem: &PlanarProblem, star: &PlanarStar, i: usize, mut segs: Vec<PathSeg>) -> BezPath {
    if !problem.leaves(star, i) {
        segs = segs.iter().rev().map(PathSeg::reverse).collect();
    }
    let (start, end) = end_discs(problem, &problem.flows[i]);
    trimmed(&segs, start, end)
}

/// The smooth curve from the root towards some radii and angles, which ends at the last of them: a quadratic B-spline of radius and angle.
///
/// Curves that pass the same rings in an order keep it all the way, because each is a mean of its controls with the same weights
/// at the same radius. A curve through the controls, or one that is a spline on the page, would make waves of its own.
fn spline(root: Point, controls: &[(f64, f64)]) -> Vec<PathSeg> {
    let Some((&first, rest)) = controls.split_first() else { return Vec::new() };
    let mut from = Joint { at: (0.0, first.1), way: (first.0, 0.0) };
    let mut segs = Vec::with_capacity(controls.len());
    let mut before = first;
    for (k, &control) in rest.iter().enumerate() {
        let at = if k + 1 == rest.len() { control } else { mean(before, control) };
        let way = ((at.0 - before.0), (at.1 - before.1));
        let to = Joint { at, way };
        segs.push(from.cubic(&to, root));
        from = Joint { at, way: if k + 1 < rest.len() { (control.0 - at.0, control.1 - at.1) } else { way } };
        before = control;
    }
    if segs.is_empty() {
        segs.push(from.cubic(&Joint { at: first, way: (first.0, 0.0) }, root));
    }
    segs
}

fn mean(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
}

/// Radius and angle where two pieces of a spline meet, and half their derivative there.
struct Joint {
    at: (f64, f64),
    way: (f64, f64),
}

impl Joint {
    /// The piece to the next joint, on the page.
    fn cubic(&self, to: &Joint, root: Point) -> PathSeg {
        let [(p, u), (q, v)] = [self, to].map(|joint| {
            let (sin, cos) = libm::sincos(joint.at.1);
            let (radius, (out, turn)) = (joint.at.0, joint.way);
            let way = Vec2::new(out * cos - radius * turn * sin, out * sin + radius * turn * cos);
            (root + Vec2::new(radius * cos, radius * sin), way * (2.0 / 3.0))
        });
        PathSeg::Cubic(CubicBez::new(p, p + u, q - v, q))
    }
}

fn polar(radius: f64, angle: f64) -> Point {
    let (sin, cos) = libm::sincos(angle);
    Point::new(radius * cos, radius * sin)
}
