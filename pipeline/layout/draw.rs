//! From the shapes of courses to the curves of flows on the page.

use flowatlas_model::planar::{PlanarCurve, PlanarProblem};
use kurbo::{CubicBez, ParamCurve, PathSeg, QuadBez};

use crate::cost::World;
use crate::course::{Course, Lane, Shape};
use crate::curve::{end_discs, segments, shifted, shifted_line, trimmed};
use crate::lanes::{self, Sharing};

/// The curves of all flows; empty for flows without a course.
pub(crate) fn curves(problem: &PlanarProblem, world: &World, shapes: &[Shape]) -> Vec<PlanarCurve> {
    let offsets = lanes::offsets(problem, Sharing::BothDirections);
    let mut curves = vec![PlanarCurve { path: kurbo::BezPath::new() }; problem.flows.len()];
    for (course, shape) in world.courses.iter().zip(shapes) {
        for lane in &course.lanes {
            let flow = &problem.flows[lane.flow];
            let segs = lane_course(problem, world, course, *shape, *lane, offsets[lane.flow]);
            let (start, end) = end_discs(problem, flow);
            curves[lane.flow].path = trimmed(&segs, start, end);
        }
    }
    curves
}

fn lane_course(
    problem: &PlanarProblem,
    world: &World,
    course: &Course,
    shape: Shape,
    lane: Lane,
    offset: f64,
) -> Vec<PathSeg> {
    let flow = &problem.flows[lane.flow];
    let (from, to) = (problem.nodes[flow.origin].at, problem.nodes[flow.destination].at);
    let (a, b) = course.controls(shape);
    let a = world.canon.leave(a);
    match b.map(|b| world.canon.leave(b)) {
        None => vec![PathSeg::Quad(shifted(QuadBez::new(from, a, to), offset))],
        Some(b) => {
            let (a, b) = if lane.forward { (a, b) } else { (b, a) };
            let seg = CubicBez::new(from, a, b, to);
            if offset == 0.0 {
                return vec![PathSeg::Cubic(seg)];
            }
            let line: Vec<_> = (0..=40).map(|k| seg.eval(f64::from(k) / 40.0)).collect();
            segments(&shifted_line(&line, offset))
        }
    }
}
