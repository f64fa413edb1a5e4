//! From the shapes of courses to the curves of flows on the page.

use std::f64::consts::{PI, TAU};

use flowatlas_model::planar::{PlanarCurve, PlanarProblem};
use kurbo::{BezPath, CubicBez, ParamCurve, PathSeg, Point, QuadBez};

use crate::cost::{Marks, World};
use crate::course::{Course, Lane, Shape};
use crate::curve::{end_discs, trimmed};
use crate::ends;
use crate::flare::{self, SHARE, WIDEST};
use crate::lanes::{self, Sharing};

/// Length in px of the pieces in which a course leaves its places.
const GRAIN: f64 = 22.0;
/// Pieces of a course that carries lanes.
const PIECES: usize = 24;

/// The curves of all flows; empty for flows without a course. Arrowheads are pulled back from each other.
pub(crate) fn curves(problem: &PlanarProblem, world: &World, shapes: &[Shape]) -> Vec<PlanarCurve> {
    let pen = Pen::new(problem, world, shapes);
    let mut curves = vec![PlanarCurve { path: BezPath::new() }; problem.flows.len()];
    for (i, shape) in shapes.iter().enumerate() {
        for (flow, path) in pen.lanes(i, *shape) {
            curves[flow].path = path;
        }
    }
    ends::pull_back(problem, &mut curves, ends::FARTHEST_PX * world.canon.px);
    curves
}

/// Draws the flows of one course among the others.
pub(crate) struct Pen<'a> {
    problem: &'a PlanarProblem,
    world: &'a World,
    /// Distance of each flow from its course.
    offsets: Vec<f64>,
    /// Directions in which each course leaves its places.
    bearings: Vec<[f64; 2]>,
}

impl Pen<'_> {
    /// A pen for courses in given shapes.
    pub(crate) fn new<'a>(problem: &'a PlanarProblem, world: &'a World, shapes: &[Shape]) -> Pen<'a> {
        let offsets = lanes::offsets(problem, Sharing::BothDirections);
        let mut pen = Pen { problem, world, offsets, bearings: Vec::new() };
        pen.bearings = shapes.iter().enumerate().map(|(i, shape)| pen.bearings(i, *shape)).collect();
        pen
    }

    /// Draws the others from now on as neighbours of a course in this shape.
    pub(crate) fn lay(&mut self, i: usize, shape: Shape) {
        self.bearings[i] = self.bearings(i, shape);
    }

    /// The flows of a course in a shape, with their curves from edge to edge of the symbols.
    pub(crate) fn lanes(&self, i: usize, shape: Shape) -> Vec<(usize, BezPath)> {
        let course = &self.world.courses[i];
        let room = self.free_angles(i, shape);
        let path = |lane: &Lane| {
            let flow = &self.problem.flows[lane.flow];
            let offset = if lane.forward { self.offsets[lane.flow] } else { -self.offsets[lane.flow] };
            let segs = lane_course(self.problem, self.world, course, shape, (*lane, offset, room));
            let (start, end) = end_discs(self.problem, flow);
            (lane.flow, trimmed(&segs, start, end))
        };
        course.lanes.iter().map(path).collect()
    }

    fn bearings(&self, i: usize, shape: Shape) -> [f64; 2] {
        self.world.laid(i, shape, GRAIN, &mut Marks::new(self.world)).bearings
    }

    /// The angle that the lanes of a course may take on one side at its two ends.
    fn free_angles(&self, i: usize, shape: Shape) -> [f64; 2] {
        let course = &self.world.courses[i];
        if course.lanes.len() < 2 {
            return [WIDEST; 2];
        }
        let own = self.bearings(i, shape);
        [0, 1].map(|end| {
            let others = self.world.incident[course.ends[end]].iter().filter(|(j, _)| *j != i);
            let turns = others.map(|&(j, e)| PI - ((own[end] - self.bearings[j][e]).rem_euclid(TAU) - PI).abs());
            (SHARE * turns.fold(PI, f64::min)).min(WIDEST)
        })
    }
}

/// The uncut centre line of a flow; its offset and the free angles are those of the course.
fn lane_course(
    problem: &PlanarProblem,
    world: &World,
    course: &Course,
    shape: Shape,
    (lane, offset, angles): (Lane, f64, [f64; 2]),
) -> Vec<PathSeg> {
    let [from, to] = course.ends.map(|n| problem.nodes[n].at);
    let (a, b) = course.controls(shape);
    let a = world.canon.leave(a);
    let common = match b.map(|b| world.canon.leave(b)) {
        None => PathSeg::Quad(QuadBez::new(from, a, to)),
        Some(b) => PathSeg::Cubic(CubicBez::new(from, a, b, to)),
    };
    let segs = if course.lanes.len() > 1 {
        let points: Vec<Point> = (0..=PIECES).map(|k| common.eval(k as f64 / PIECES as f64)).collect();
        flare::lane(&points, offset, angles)
    } else {
        vec![common]
    };
    if lane.forward { segs } else { segs.iter().rev().map(PathSeg::reverse).collect() }
}
