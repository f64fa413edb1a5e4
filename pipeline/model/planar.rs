//! The planar problem that the layout solves, and its answer. Lengths are points on the page, y downwards.

use std::collections::BTreeMap;

use kurbo::{BezPath, Point, Rect};
use serde::{Deserialize, Serialize};

/// A place on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarNode {
    /// The centre of its symbol.
    pub at: Point,
    /// The radius of its symbol; 0 where it has none.
    pub radius: f64,
}

/// A flow to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarFlow {
    /// Index of the origin in `PlanarProblem::nodes`.
    pub origin: usize,
    /// Index of the destination.
    pub destination: usize,
    /// Full stroke width; greater than 0.
    pub width: f64,
    /// Width that it adds to a trunk in which it runs with others: its own, or less where it is drawn wider than what it carries, so
    /// that it can be seen; within 0 and `width`.
    pub adds: f64,
    /// Length of the arrowhead for this width; 0 for none. The tip is the end of the curve.
    pub head_length: f64,
    /// Full width of the arrowhead at its base.
    pub head_width: f64,
    /// A course that this flow should follow where the layout has one of its own (the great circle, for arcs);
    /// empty for none. From origin centre to destination centre.
    pub guide: Vec<Point>,
    /// A control point fixed by the cartographer: the curve is drawn with it and not optimised.
    pub control: Option<Point>,
}

impl PlanarFlow {
    /// Returns a flow of which the ends alone are known: it is as wide as any and has no arrowhead.
    pub fn bare(origin: usize, destination: usize) -> Self {
        let guide = Vec::new();
        PlanarFlow {
            origin,
            destination,
            width: 1.0,
            adds: 1.0,
            head_length: 0.0,
            head_width: 0.0,
            guide,
            control: None,
        }
    }
}

/// A flow that the edge of the map cuts. Its way is given; the layout only sets it beside others of its two places.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarCut {
    /// The flow; its guide and control point are not looked at.
    pub flow: PlanarFlow,
    /// The pieces of its way, from origin centre to destination centre.
    pub pieces: Vec<Vec<Point>>,
}

/// Places, flows and what they must keep clear of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanarProblem {
    /// The places.
    pub nodes: Vec<PlanarNode>,
    /// The flows; self-flows are not among them.
    pub flows: Vec<PlanarFlow>,
    /// The flows that the edge of the map cuts; they are not among `flows`.
    pub cut: Vec<PlanarCut>,
    /// Boxes to keep clear of, such as labels and windows, but for flows to places in them.
    pub obstacles: Vec<Rect>,
    /// Where curves may go; the map frame.
    pub frame: Rect,
    /// Room between the edge of a symbol and the end of a curve.
    pub gap: f64,
}

/// Flows that leave or reach one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanarStar {
    /// Index of that place.
    pub root: usize,
    /// The flows, by the place at their other end; of those with the same, the ones that reach the root come first.
    pub flows: Vec<usize>,
}

impl PlanarProblem {
    /// Returns the flows by the places that they share: of the place that most flows leave or reach, then of that of most of the rest,
    /// until none is left. Flows both ways between two places are on one of them together. Flows with a control point of their own and
    /// those between coincident places are on none.
    pub fn stars(&self) -> Vec<PlanarStar> {
        let is_free = |i: &usize| {
            let flow = &self.flows[*i];
            flow.control.is_none() && self.nodes[flow.origin].at != self.nodes[flow.destination].at
        };
        let mut rest: Vec<usize> = (0..self.flows.len()).filter(is_free).collect();
        let mut stars = Vec::new();
        while !rest.is_empty() {
            let mut counts = vec![0_usize; self.nodes.len()];
            for &i in &rest {
                counts[self.flows[i].origin] += 1;
                counts[self.flows[i].destination] += 1;
            }
            let Some(root) = (0..counts.len()).reduce(|a, b| if counts[b] > counts[a] { b } else { a }) else { break };
            let is_at = |i: &usize| self.flows[*i].origin == root || self.flows[*i].destination == root;
            let (flows, others) = rest.into_iter().partition(is_at);
            let mut star = PlanarStar { root, flows };
            self.sort(&mut star);
            stars.push(star);
            rest = others;
        }
        stars
    }

    /// Returns true where a flow of a star leaves its root.
    pub fn leaves(&self, star: &PlanarStar, flow: usize) -> bool {
        self.flows[flow].origin == star.root
    }

    /// Returns the place at the other end of a flow of a star.
    pub fn far_end(&self, star: &PlanarStar, flow: usize) -> usize {
        if self.leaves(star, flow) { self.flows[flow].destination } else { self.flows[flow].origin }
    }

    /// Returns the roots of all stars, and whether flows leave them: twice where flows leave and reach one.
    pub fn roots(&self) -> Vec<(usize, bool)> {
        let sides = |star: &PlanarStar| {
            let held = [true, false].into_iter().filter(|out| star.flows.iter().any(|i| self.leaves(star, *i) == *out));
            held.map(|out| (star.root, out)).collect::<Vec<_>>()
        };
        self.stars().iter().flat_map(sides).collect()
    }

    /// Sorts the flows of a star by where they lead, so that their order in the problem changes nothing.
    fn sort(&self, star: &mut PlanarStar) {
        let mut flows = std::mem::take(&mut star.flows);
        flows.sort_by(|&i, &j| {
            let side = |i| (self.far_end(star, i), self.leaves(star, i));
            side(i).cmp(&side(j)).then(self.flows[j].width.total_cmp(&self.flows[i].width))
        });
        star.flows = flows;
    }
}

/// A laid-out flow.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarCurve {
    /// The centre line from the edge of the origin's symbol to the arrow tip at the edge of the destination's.
    /// One subpath of lines, quadratic or cubic curves. Empty only for a flow between coincident places.
    pub path: BezPath,
}

/// The answer: one curve per flow, in the order of the flows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanarLayout {
    /// The curves.
    pub curves: Vec<PlanarCurve>,
    /// The pieces of each flow that the edge of the map cuts, from centre to centre.
    pub cut: Vec<Vec<Vec<Point>>>,
    /// False where a time budget ended the search early and the best so far was used.
    pub finished: bool,
    /// The trees, where the layout is made of trees.
    pub trees: Vec<PlanarTree>,
}

/// Flows of one place that share trunks: on their common way they run edge to edge, and read as one body.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarTree {
    /// Index of the place that all flows share.
    pub root: usize,
    /// Radius around the root within which trunks narrow; greater than 0.
    pub fan: f64,
    /// Width that a flow takes in a trunk at least, whatever it adds.
    pub hair: f64,
    /// The flows, in their order around the place.
    pub flows: Vec<usize>,
    /// The lines along which neighbouring flows touch.
    pub seams: Vec<PlanarSeam>,
}

/// The share of their widths that the flows of a tree keep at a distance from the root, given in radii of the fan: all of it outside,
/// and in proportion to the distance within, where they would not find room side by side.
pub fn narrowing(distance: f64) -> f64 {
    let square = distance * distance;
    let fourth = square * square;
    distance / (1.0 + fourth * fourth).sqrt().sqrt().sqrt()
}

/// The line along which two flows of a tree touch.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarSeam {
    /// The two flows.
    pub flows: [usize; 2],
    /// The line, as points.
    pub line: Vec<Point>,
}

/// What was drawn, in millimetres on the page, y downwards: what `--layout-report` writes and what a score reads.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Drawn {
    /// Every place on the page.
    pub nodes: Vec<DrawnNode>,
    /// Every flow on the page, in link order.
    pub flows: Vec<DrawnFlow>,
    /// The boxes of the place names.
    pub labels: Vec<DrawnLabel>,
}

/// A place as drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnNode {
    /// The id of the place.
    pub id: String,
    /// Centre, from the left edge of the page.
    pub x: f64,
    /// Centre, from the top edge of the page.
    pub y: f64,
    /// Radius of the symbol; 0 where it has none.
    pub r: f64,
}

/// A flow as drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnFlow {
    /// The id of the place where it starts.
    pub origin: String,
    /// The id of the place where it ends.
    pub destination: String,
    /// Full stroke width.
    pub width: f64,
    /// The centre line from origin to destination, flattened.
    pub points: Vec<[f64; 2]>,
    /// Positions among the points at which the line begins anew: it left the map at one edge and goes on from another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<usize>,
}

impl DrawnFlow {
    /// Returns the points of each part of the line, from the origin on: one part where nothing interrupts it.
    ///
    /// # Panics
    /// Panics where the breaks are not in order or exceed the points.
    pub fn parts(&self) -> impl Iterator<Item = &[[f64; 2]]> {
        let starts = std::iter::once(0).chain(self.breaks.iter().copied());
        let ends = self.breaks.iter().copied().chain([self.points.len()]);
        starts.zip(ends).map(|(start, end)| &self.points[start..end])
    }
}

/// Share of a flow that the symbols of its places cover from which nothing of it can be read.
const HIDDEN: f64 = 0.6;
/// Where a flow is looked at: so many times along its line, and across it in half widths.
const LOOKS: usize = 24;
const ACROSS: [f64; 3] = [-0.8, 0.0, 0.8];

impl Drawn {
    /// Returns the positions of the flows that the symbols of their places cover for the most part.
    pub fn hidden_flows(&self) -> Vec<usize> {
        let symbols: BTreeMap<&str, &DrawnNode> = self.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let is_hidden = |flow: &DrawnFlow| {
            let ends = [&flow.origin, &flow.destination].map(|id| symbols.get(id.as_str()).copied());
            let covers = |at: Point, node: &DrawnNode| (at - Point::new(node.x, node.y)).hypot() < node.r;
            let looks = looks(flow);
            let hidden = looks.iter().filter(|at| ends.into_iter().flatten().any(|node| covers(**at, node))).count();
            hidden as f64 > HIDDEN * looks.len() as f64
        };
        (0..self.flows.len()).filter(|k| is_hidden(&self.flows[*k])).collect()
    }
}

/// Returns points all over a flow; none for one without a line.
fn looks(flow: &DrawnFlow) -> Vec<Point> {
    let at = |[x, y]: [f64; 2]| Point::new(x, y);
    let lines = || flow.parts().flat_map(|part| part.windows(2)).map(|w| (at(w[0]), at(w[1])));
    let step = lines().map(|(a, b)| a.distance(b)).sum::<f64>() / LOOKS as f64;
    let mut looks = Vec::new();
    for (a, b) in lines().filter(|(a, b)| a.distance(*b) > 0.0) {
        let aside = (b - a).normalize().turn_90() * (flow.width / 2.0);
        let count = (a.distance(b) / step).ceil();
        let along = (0..count as usize).map(|k| a.lerp(b, (k as f64 + 0.5) / count));
        looks.extend(along.flat_map(|at| ACROSS.map(|share| at + aside * share)));
    }
    looks
}

/// The name of a place as drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnLabel {
    /// The id of the place.
    pub node: String,
    /// Left, top, right, bottom.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_that_the_symbols_of_their_places_cover_are_hidden() {
        let node = |id: &str, x: f64, r: f64| DrawnNode { id: id.to_owned(), x, y: 0.0, r };
        let flow = |origin: &str, destination: &str, points: &[[f64; 2]]| DrawnFlow {
            origin: origin.to_owned(),
            destination: destination.to_owned(),
            width: 1.0,
            points: points.to_vec(),
            breaks: Vec::new(),
        };
        let flows = vec![
            flow("a", "b", &[[1.0, 0.0], [2.0, 0.0]]),
            flow("b", "a", &[[2.0, 0.0], [1.5, 4.0], [1.0, 0.0]]),
            flow("a", "c", &[[1.0, 0.0], [29.0, 0.0]]),
            flow("a", "a", &[]),
        ];
        let nodes = vec![node("a", 0.0, 2.0), node("b", 3.0, 2.0), node("c", 30.0, 1.0)];
        assert_eq!(Drawn { nodes, flows, labels: Vec::new() }.hidden_flows(), [0]);
    }

    #[test]
    fn stars_take_every_flow_once_the_largest_first_and_the_order_of_flows_changes_nothing() {
        let node = |k: usize| PlanarNode { at: Point::new(10.0 * k as f64, (k * k) as f64), radius: 1.0 };
        let flow = |(origin, destination): (usize, usize)| PlanarFlow {
            origin,
            destination,
            width: 1.0 + destination as f64,
            adds: 1.0 + destination as f64,
            head_length: 0.0,
            head_width: 0.0,
            guide: Vec::new(),
            control: None,
        };
        let ends = [(0, 1), (4, 3), (0, 2), (2, 3), (0, 3), (3, 4)];
        let problem =
            PlanarProblem { nodes: (0..5).map(node).collect(), flows: ends.map(flow).to_vec(), ..Default::default() };
        let told = |problem: &PlanarProblem| {
            let ends = |&k: &usize| (problem.flows[k].origin, problem.flows[k].destination);
            let star = |s: &PlanarStar| (s.root, s.flows.iter().map(ends).collect::<Vec<_>>());
            problem.stars().iter().map(star).collect::<Vec<_>>()
        };
        let stars = told(&problem);
        assert_eq!(stars[0], (3, vec![(0, 3), (2, 3), (4, 3), (3, 4)]));
        assert_eq!(stars[1], (0, vec![(0, 1), (0, 2)]));
        assert_eq!(problem.roots(), [(3, true), (3, false), (0, true)]);
        let reversed = PlanarProblem { flows: problem.flows.iter().rev().cloned().collect(), ..problem };
        assert_eq!(told(&reversed), stars);
    }
}
