//! Which lane each flow takes where several flows join the same two places.

use std::collections::BTreeMap;

use flowatlas_model::planar::{PlanarCut, PlanarFlow, PlanarProblem};
use kurbo::Point;

use crate::curve::shifted_line;

/// Which flows share a course, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Flows of one direction.
    SameDirection,
    /// Flows of both directions.
    BothDirections,
}

/// Least room between strokes side by side, as a share of the thinner one's width: a visible slit.
const SLIT: f64 = 0.4;

/// Least room between strokes side by side, in the gaps between symbols and curves.
const GAPS: f64 = 1.0;

/// How far to the right of the common course each flow runs, in its own direction of travel.
///
/// The two directions keep right of each other, and the bundle of lanes is centred on the course. Lanes are so far
/// apart that no arrowhead touches a neighbour.
pub(crate) fn offsets(problem: &PlanarProblem, sharing: Sharing) -> Vec<f64> {
    let mut offsets = vec![0.0; problem.flows.len()];
    for lanes in bundles(problem, sharing) {
        place(problem, &lanes, &mut offsets);
    }
    offsets
}

/// The pieces of flows that the edge of the map cuts, each on its lane.
pub(crate) fn cut(problem: &PlanarProblem) -> Vec<Vec<Vec<Point>>> {
    let flows = problem.cut.iter().map(|cut| cut.flow.clone()).collect();
    let alone = PlanarProblem { flows, gap: problem.gap, ..PlanarProblem::default() };
    let lane = |(cut, offset): (&PlanarCut, f64)| cut.pieces.iter().map(|piece| shifted_line(piece, offset)).collect();
    problem.cut.iter().zip(offsets(&alone, Sharing::BothDirections)).map(lane).collect()
}

/// Flows that share a course, from left to right as seen from the lower-numbered place; bundles of one left out.
fn bundles(problem: &PlanarProblem, sharing: Sharing) -> Vec<Vec<usize>> {
    let mut bundles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, flow) in problem.flows.iter().enumerate() {
        let ends = (flow.origin, flow.destination);
        let key = match sharing {
            Sharing::SameDirection => ends,
            Sharing::BothDirections => (ends.0.min(ends.1), ends.0.max(ends.1)),
        };
        if flow.control.is_none() {
            bundles.entry(key).or_default().push(i);
        }
    }
    let mut bundles: Vec<_> = bundles.into_values().filter(|b| b.len() > 1).collect();
    for bundle in &mut bundles {
        bundle.sort_by_key(|&i| (is_forward(&problem.flows[i]), i));
    }
    bundles
}

fn is_forward(flow: &PlanarFlow) -> bool {
    flow.origin < flow.destination
}

fn place(problem: &PlanarProblem, lanes: &[usize], offsets: &mut [f64]) {
    let flows: Vec<&PlanarFlow> = lanes.iter().map(|&i| &problem.flows[i]).collect();
    let mut at = vec![0.0];
    for pair in flows.windows(2) {
        at.push(at[at.len() - 1] + spacing(pair[0], pair[1], GAPS * problem.gap));
    }
    let left = -flows[0].width / 2.0;
    let right = at[at.len() - 1] + flows[flows.len() - 1].width / 2.0;
    for ((&lane, flow), position) in lanes.iter().zip(&flows).zip(at) {
        let offset = position - (left + right) / 2.0;
        offsets[lane] = if is_forward(flow) { offset } else { -offset };
    }
}

/// Distance between the centre lines of two neighbours whose strokes keep at least so far apart.
fn spacing(a: &PlanarFlow, b: &PlanarFlow, least: f64) -> f64 {
    let slit = (SLIT * a.width.min(b.width)).max(least);
    let strokes = (a.width + b.width) / 2.0;
    let heads = if is_forward(a) == is_forward(b) {
        (a.head_width.max(a.width) + b.head_width.max(b.width)) / 2.0
    } else {
        (a.head_width + b.width).max(b.head_width + a.width) / 2.0
    };
    strokes.max(heads) + slit
}
