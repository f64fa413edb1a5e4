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
    let offsets = lanes::offsets(problem, Sharing::BothDirections);
    let room = free_angles(world, shapes);
    let mut curves = vec![PlanarCurve { path: BezPath::new() }; problem.flows.len()];
    for (i, course) in world.courses.iter().enumerate() {
        for lane in &course.lanes {
            let flow = &problem.flows[lane.flow];
            let offset = if lane.forward { offsets[lane.flow] } else { -offsets[lane.flow] };
            let segs = lane_course(problem, world, course, shapes[i], (*lane, offset, room[i]));
            let (start, end) = end_discs(problem, flow);
            curves[lane.flow].path = trimmed(&segs, start, end);
        }
    }
    ends::pull_back(problem, &mut curves, ends::FARTHEST_PX * world.canon.px);
    curves
}

/// The angle that the lanes of each course may take on one side at its two ends.
fn free_angles(world: &World, shapes: &[Shape]) -> Vec<[f64; 2]> {
    let mut marks = Marks::new(world);
    let bearings: Vec<[f64; 2]> =
        shapes.iter().enumerate().map(|(i, s)| world.laid(i, *s, GRAIN, &mut marks).bearings).collect();
    let nearest = |i: usize, end: usize| {
        let own = bearings[i][end];
        let others = world.incident[world.courses[i].ends[end]].iter().filter(|(j, _)| *j != i);
        let turns = others.map(|&(j, e)| PI - ((own - bearings[j][e]).rem_euclid(TAU) - PI).abs());
        (SHARE * turns.fold(PI, f64::min)).min(WIDEST)
    };
    (0..shapes.len())
        .map(|i| if world.courses[i].lanes.len() > 1 { [nearest(i, 0), nearest(i, 1)] } else { [WIDEST; 2] })
        .collect()
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
