//! The two plain layouts: straight lines, and arcs of one bow or along a guide.

use flowatlas_model::planar::{PlanarCurve, PlanarFlow, PlanarLayout, PlanarProblem};
use kurbo::{Line, PathSeg, Point, QuadBez};
use rayon::prelude::*;

use crate::curve::{end_discs, right_of, segments, shifted, shifted_line, trimmed};
use crate::lanes::{self, Sharing};

/// Distance of the control point of a plain arc from its chord, as a share of the chord. The arc itself bows half as far.
/// 0 is a straight line; beyond 0.4 arcs stretch by more than a tenth.
const BOW: f64 = 0.18 * 2.0;

/// Straight lines; flows between the same two places run side by side.
pub(crate) fn straight(problem: &PlanarProblem) -> PlanarLayout {
    let lanes = lanes::offsets(problem, Sharing::BothDirections);
    let course = |i: usize| {
        let flow = &problem.flows[i];
        let (from, to) = ends(problem, flow);
        let aside = lanes[i] * right_of(to - from);
        vec![PathSeg::Line(Line::new(from + aside, to + aside))]
    };
    drawn(problem, course)
}

/// Arcs that all bow to the left of their travel, so that the two directions of a pair part; along the guide where a flow has one.
pub(crate) fn arcs(problem: &PlanarProblem) -> PlanarLayout {
    let same = lanes::offsets(problem, Sharing::SameDirection);
    let both = lanes::offsets(problem, Sharing::BothDirections);
    let course = |i: usize| {
        let flow = &problem.flows[i];
        if flow.guide.len() > 1 {
            segments(&shifted_line(&flow.guide, both[i]))
        } else {
            vec![PathSeg::Quad(shifted(arc(problem, flow), same[i]))]
        }
    };
    drawn(problem, course)
}

fn arc(problem: &PlanarProblem, flow: &PlanarFlow) -> QuadBez {
    let (from, to) = ends(problem, flow);
    let chord = to - from;
    let left = -right_of(chord);
    QuadBez::new(from, from.midpoint(to) + left * (BOW * crate::curve::length(chord)), to)
}

fn ends(problem: &PlanarProblem, flow: &PlanarFlow) -> (Point, Point) {
    (problem.nodes[flow.origin].at, problem.nodes[flow.destination].at)
}

/// The layout of a course per flow, cut at the symbols. A control point set by the cartographer wins over the course.
pub(crate) fn drawn(problem: &PlanarProblem, course: impl Fn(usize) -> Vec<PathSeg> + Sync) -> PlanarLayout {
    let curve = |i: usize| {
        let flow = &problem.flows[i];
        let (start, end) = end_discs(problem, flow);
        let (from, to) = ends(problem, flow);
        let course = match flow.control {
            Some(control) => vec![PathSeg::Quad(QuadBez::new(from, control, to))],
            None => course(i),
        };
        PlanarCurve { path: trimmed(&course, start, end) }
    };
    PlanarLayout {
        curves: (0..problem.flows.len()).into_par_iter().map(curve).collect(),
        finished: true,
        ..PlanarLayout::default()
    }
}
