//! The last touches to a layout, judged by what is drawn.
//!
//! The search looks at courses: all flows between two places as one broken line. What the score sees are the strokes: each flow on
//! its own lane, cut at the symbols. Here every course is moved once more by small steps, at the prices
//! of the search, but paid for faults of the strokes.

use flowatlas_model::planar::PlanarProblem;
use kurbo::BezPath;

use crate::cost::{Marks, State, World};
use crate::course::Shape;
use crate::draw::Pen;
use crate::ledger::Ledger;
use crate::random::Random;
use crate::score::polyline;
use crate::strokes::{Page, Stroke};
use crate::weights::Weights;

/// How far the search has cooled, for the length of its steps.
const COOLED: f64 = 0.7;
/// Steps tried for a course in each round.
const MOVES: usize = 10;
/// Sets the random numbers of this stage apart from those of the search.
const STREAM: u64 = 0x706f_6c69_7368;

/// A layout under its last touches. Arrowheads are pulled back only when all is drawn at the end.
pub(crate) struct Polish<'a> {
    problem: &'a PlanarProblem,
    world: &'a World,
    /// The courses, at the prices of what strokes do not tell.
    state: State,
    /// The stroke of each flow in the ledger; none where it is not drawn.
    strokes: Vec<Option<usize>>,
    ledger: Ledger,
    marks: Marks,
    pen: Pen<'a>,
}

impl<'a> Polish<'a> {
    /// The layout that a search has found.
    pub(crate) fn of(problem: &'a PlanarProblem, world: &'a World, mut state: State, weights: Weights) -> Polish<'a> {
        let pen = Pen::new(problem, world, &state.shapes());
        let lanes = (0..state.laid.len()).flat_map(|i| pen.lanes(i, state.laid[i].shape));
        let lanes: Vec<(usize, BezPath)> = lanes.filter(|(_, path)| !path.is_empty()).collect();
        let mut strokes = vec![None; problem.flows.len()];
        lanes.iter().enumerate().for_each(|(k, (flow, _))| strokes[*flow] = Some(k));
        let px = world.canon.px;
        let page = Page {
            centres: problem.nodes.iter().map(|n| (n.at.to_vec2() / px).to_point()).collect(),
            radii: problem.nodes.iter().map(|n| n.radius / px).collect(),
            strokes: lanes.iter().map(|(flow, path)| stroke(problem, *flow, path, px)).collect(),
            labels: Vec::new(),
            scale: 1.0 / px,
            used: (0..problem.nodes.len()).filter(|&n| !world.incident[n].is_empty()).collect(),
        };
        state.weights = weights.unscored();
        Polish { problem, world, state, strokes, ledger: Ledger::of(page, weights), marks: Marks::new(world), pen }
    }

    /// Moves every course that is free once. False where the time ran out.
    pub(crate) fn round(&mut self, keys: [u64; 3], is_late: &dyn Fn() -> bool) -> bool {
        for i in (0..self.state.laid.len()).filter(|&i| self.world.courses[i].fixed.is_none()) {
            if is_late() {
                return false;
            }
            let mut random = Random::keyed(&[STREAM, keys[0], keys[1], keys[2], self.world.courses[i].key]);
            let (shape, left_out) = self.best_near(i, &mut random);
            if shape != self.state.laid[i].shape {
                self.try_out(i, shape, left_out);
            }
        }
        true
    }

    /// The courses as they lie now.
    pub(crate) fn state(self) -> State {
        self.state
    }

    /// The shape of the least cost within some steps of that of a course, and by how much it changes the cost that strokes do not
    /// tell.
    fn best_near(&mut self, i: usize, random: &mut Random) -> (Shape, f64) {
        let lanes: Vec<usize> = self.world.courses[i].lanes.iter().filter_map(|l| self.strokes[l.flow]).collect();
        lanes.iter().for_each(|&k| self.ledger.take(k));
        let hubs = self.world.hubs(&self.state, i);
        let mut cost = |shape: Shape, limit: f64| {
            let mut cost = 0.0;
            for (flow, path) in self.pen.lanes(i, shape) {
                if cost < limit {
                    cost += self.ledger.cost(&stroke(self.problem, flow, &path, self.world.canon.px), limit - cost);
                }
            }
            let rest = if cost < limit {
                self.world.cost(&self.state, i, shape, &hubs, &mut self.marks, limit - cost)
            } else {
                0.0
            };
            (cost + rest, rest)
        };
        let start = self.state.laid[i].shape;
        let first = cost(start, f64::INFINITY);
        let mut best = (first, start);
        for _ in 0..MOVES {
            let shape = best.1.moved(COOLED, random);
            let found = cost(shape, best.0.0);
            if found.0 < best.0.0 {
                best = (found, shape);
            }
        }
        lanes.iter().for_each(|&k| self.ledger.put_back(k));
        (best.1, best.0.1 - first.1)
    }

    /// Lays a course in a shape if that pays with the lanes of its neighbours, which part as far as it leaves them room.
    fn try_out(&mut self, i: usize, shape: Shape, left_out: f64) {
        let before = self.state.laid[i].shape;
        self.pen.lay(i, shape);
        let mut changed = self.drawn(i, shape);
        let ends = self.world.courses[i].ends;
        for &(j, _) in ends.iter().flat_map(|&n| &self.world.incident[n]) {
            if j != i && self.world.courses[j].lanes.len() > 1 {
                changed.extend(self.drawn(j, self.state.laid[j].shape));
            }
        }
        let (change, old) = self.ledger.replace(changed);
        if change + left_out < 0.0 {
            let laid = self.world.laid(i, shape, self.state.grain, &mut self.marks);
            self.world.lay(&mut self.state, i, laid);
        } else {
            self.ledger.replace(old);
            self.pen.lay(i, before);
        }
    }

    /// The strokes of a course in a shape that differ from those of the ledger.
    fn drawn(&self, i: usize, shape: Shape) -> Vec<(usize, Stroke)> {
        let lanes = self.pen.lanes(i, shape).into_iter();
        let numbered = lanes.filter_map(|(flow, path)| self.strokes[flow].map(|k| (k, flow, path)));
        let strokes = numbered.map(|(k, flow, path)| (k, stroke(self.problem, flow, &path, self.world.canon.px)));
        strokes.filter(|(k, stroke)| !self.ledger.holds(*k, stroke)).collect()
    }
}

/// The stroke of a flow, in px of the search.
fn stroke(problem: &PlanarProblem, flow: usize, path: &BezPath, px: f64) -> Stroke {
    let points: Vec<_> = polyline(path.segments()).into_iter().map(|p| (p.to_vec2() / px).to_point()).collect();
    let flow = &problem.flows[flow];
    Stroke::along((flow.origin, flow.destination), flow.width / px, &points)
}
