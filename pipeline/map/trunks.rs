//! Trees of flows on the page: which flows read as one body, and the heads that flows side by side share at a place.

use std::ops::Range;

use flowatlas_model::{
    planar::{PlanarLayout, PlanarTree},
    style::ArrowStyle,
};
use kurbo::{BezPath, Point};

use crate::{
    frame::{FlowLine, Framed},
    ribbon::{Course, Girth, Growth, closed_head, head_between, head_size},
};

/// Largest width of the line that covers the joint of two neighbours, in points, and its share of the thinner one's width.
const JOINT: f64 = 1.2;
const JOINT_SHARE: f64 = 1.4;
/// How far from its flow's edge a joint may begin, in points: flows that are cut short leave none behind.
const ASTRAY: f64 = 0.5;

/// The flows of one place, whose trunks are as wide as their flows together.
pub struct Tree {
    /// The flow lines, in their order around the place.
    pub lines: Vec<usize>,
    /// Those of them that run to the place; the others leave it.
    pub arriving: Vec<usize>,
    /// Width that a flow takes in its trunks at least.
    pub hair: f64,
    /// Radius around the place within which trunks narrow.
    fan: f64,
    /// Distance from the place's centre at which flows start.
    start: f64,
    seams: Vec<([usize; 2], Vec<Point>)>,
}

/// Flows that run to one place side by side and share an arrowhead: a trunk at the root, or a branch of several kinds.
pub struct Trunk {
    /// The flow lines in it, from the left of their way to the right.
    pub lines: Vec<usize>,
    /// Length of its arrowhead, by which its flows end before the symbol.
    pub length: f64,
    /// Left barb, tip and right barb.
    head: [Point; 3],
    /// Where the part of each flow ends on the way from the left barb to the right one.
    ends: Vec<f64>,
}

impl Trunk {
    /// Returns the arrowhead.
    pub fn head(&self) -> BezPath {
        closed_head(&self.head)
    }

    /// Returns the part of the arrowhead that belongs to neighbouring flows, by their positions among its lines.
    pub fn part_of_head(&self, flows: Range<usize>) -> BezPath {
        let [left, tip, right] = self.head;
        let before = |k: usize| k.checked_sub(1).map_or(0.0, |k| self.ends[k]);
        closed_head(&[left.lerp(right, before(flows.start)), tip, left.lerp(right, before(flows.end))])
    }
}

/// Returns the trees of a layout.
pub fn trees(framed: &Framed, layout: &PlanarLayout) -> Vec<Tree> {
    let laid: Vec<usize> = (0..framed.lines.len()).filter(|k| framed.lines[*k].cut.is_none()).collect();
    let tree = |tree: &PlanarTree| {
        let node = &framed.nodes[tree.root];
        let lines: Vec<usize> = tree.flows.iter().map(|flow| laid[*flow]).collect();
        Tree {
            arriving: lines.iter().copied().filter(|k| framed.lines[*k].destination == tree.root).collect(),
            lines,
            hair: tree.hair,
            fan: tree.fan,
            start: node.radius + framed.problem().gap,
            seams: tree.seams.iter().map(|seam| (seam.flows.map(|f| laid[f]), seam.line.clone())).collect(),
        }
    };
    layout.trees.iter().map(tree).collect()
}

/// Returns the width that a flow takes in the trunks of a map at least; nothing where there are none.
pub fn least_in_trunks(framed: &Framed, trees: &[Tree]) -> Option<f64> {
    let hair = trees.iter().map(|tree| tree.hair).reduce(f64::max);
    hair.map(|hair| framed.least_in_trunks(hair))
}

impl Tree {
    /// Returns the girth of one of its flows: as wide everywhere as its share of the trunk.
    pub fn girth(&self, line: usize, width: f64) -> Girth {
        let fan = Growth::Fan { radius: self.fan, start: self.start };
        Girth { width, growth: if self.arriving.contains(&line) { fan.at_end() } else { fan } }
    }

    /// Returns the line that covers the joint between a flow and its next neighbour, and its width; nothing where they part at once.
    pub fn joint(&self, line: usize, course: &Course, widths: [f64; 2]) -> Option<(Vec<Point>, f64)> {
        let (_, points) = self.seams.iter().find(|(pair, _)| pair[0] == line)?;
        let reach = widths[0] / 2.0 + ASTRAY;
        let near = |p: &Point| course.points().windows(2).any(|w| distance(*p, w[0], w[1]) <= reach);
        let covered: Vec<Point> = points.iter().copied().filter(near).collect();
        (covered.len() > 1).then_some((covered, (JOINT_SHARE * widths[0].min(widths[1])).min(JOINT)))
    }

    /// Returns the ways between which a flow runs alone; nothing for one of another tree.
    pub fn alone(&self, line: usize, course: &Course) -> Option<[f64; 2]> {
        self.lines.contains(&line).then_some(())?;
        let ends = self.seams.iter().filter(|(pair, _)| pair.contains(&line)).filter_map(|(_, points)| points.last());
        let ways = ends.map(|end| course.way_to(*end));
        Some(if self.arriving.contains(&line) {
            [0.0, ways.fold(course.length(), f64::min)]
        } else {
            [ways.fold(0.0, f64::max), course.length()]
        })
    }

    /// Returns the next neighbour of a flow in its trunk.
    pub fn neighbour(&self, line: usize) -> Option<usize> {
        self.seams.iter().find(|(pair, _)| pair[0] == line).map(|(pair, _)| pair[1])
    }

    /// Returns what shares an arrowhead: trunks in which flows run to the root, and branches of several flows to another place.
    pub fn trunks(&self, courses: &[Vec<Course>], lines: &[FlowLine], arrow: &ArrowStyle) -> Vec<Trunk> {
        let arrives = |line: usize| self.arriving.contains(&line);
        let share = |before: usize, line: usize| {
            let ends = [before, line].map(|k| (arrives(k), lines[k].destination));
            ends[0] == ends[1] && self.neighbour(before) == Some(line)
        };
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for &line in &self.lines {
            match runs.last_mut().filter(|run| run.last().is_some_and(|before| share(*before, line))) {
                Some(run) => run.push(line),
                None => runs.push(vec![line]),
            }
        }
        runs.retain(|run| run.len() > 1 || arrives(run[0]));
        runs.into_iter().filter_map(|run| self.trunk(run, (courses, lines), arrow)).collect()
    }

    /// Returns the trunk of flows that run to their place side by side; nothing where they have no length.
    fn trunk(
        &self,
        mut run: Vec<usize>,
        (courses, lines): (&[Vec<Course>], &[FlowLine]),
        arrow: &ArrowStyle,
    ) -> Option<Trunk> {
        let widest = run.iter().map(|k| lines[*k].width).fold(0.0, f64::max);
        let width = run.iter().map(|k| lines[*k].adds).sum::<f64>().max(widest);
        let ends: Vec<(&Course, f64)> =
            run.iter().filter_map(|k| Some((courses[*k].last()?, lines[*k].width))).collect();
        let longest = ends.iter().map(|(course, _)| course.length()).fold(0.0, f64::max);
        let (length, barbs) = head_size(arrow, width, longest);
        let middle = |before: f64| {
            let sum = ends.iter().fold(kurbo::Vec2::ZERO, |sum, (course, w)| {
                sum + course.at((course.length() - before).max(0.0)).to_vec2() * *w
            });
            (sum / ends.iter().map(|(_, w)| w).sum::<f64>().max(1e-9)).to_point()
        };
        let head = head_between(middle(length), middle(0.0), barbs);
        let across = head[2] - head[0];
        let aside = |k: usize| {
            let end = courses[k].last().map(|course| course.at((course.length() - length).max(0.0)) - head[0]);
            end.map_or(0.0, |end| end.dot(across))
        };
        run.sort_by(|a, b| aside(*a).total_cmp(&aside(*b)));
        let parts: Vec<f64> = run.iter().map(|k| lines[*k].adds.max(self.hair)).collect();
        let whole: f64 = parts.iter().sum();
        let ends = parts.iter().scan(0.0, |sum, part| {
            *sum += part;
            Some(*sum / whole)
        });
        (longest > 0.0).then_some(Trunk { lines: run, length, head, ends: ends.collect() })
    }
}

/// Returns the distance of a point from a piece of a line.
fn distance(p: Point, a: Point, b: Point) -> f64 {
    let way = b - a;
    let square = way.hypot2();
    let share = if square > 0.0 { ((p - a).dot(way) / square).clamp(0.0, 1.0) } else { 0.0 };
    (p - a.lerp(b, share)).hypot()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARROW: ArrowStyle =
        ArrowStyle { length_base: 3.0, length_factor: 1.0, barb_base: 1.0, barb_factor: 0.25, max_share: 0.34 };

    /// Two flows of one place to the right of the origin, which touch along y = 0 until x = 60.
    fn pair(outwards: bool) -> (Tree, Vec<Vec<Course>>) {
        let seam = (1..=6).map(|x| Point::new(10.0 * f64::from(x), 0.0)).collect();
        let tree = Tree {
            lines: vec![0, 1],
            arriving: if outwards { Vec::new() } else { vec![0, 1] },
            hair: 0.1,
            fan: 5.0,
            start: 2.0,
            seams: vec![([0, 1], seam)],
        };
        let course = |y: f64| {
            let mut way = vec![Point::new(2.0, y), Point::new(60.0, y), Point::new(100.0, 20.0 * y)];
            if !outwards {
                way.reverse();
            }
            vec![Course::through(way)]
        };
        (tree, vec![course(-1.0), course(1.0)])
    }

    #[test]
    fn a_flow_runs_alone_from_where_it_leaves_its_neighbours() {
        let (tree, courses) = pair(true);
        let [from, to] = tree.alone(0, &courses[0][0]).unwrap();
        assert!((from - 58.0).abs() < 1e-9 && to == courses[0][0].length(), "{from} to {to}");
        let (tree, courses) = pair(false);
        let [from, to] = tree.alone(1, &courses[1][0]).unwrap();
        assert!(from == 0.0 && (to - (courses[1][0].length() - 58.0)).abs() < 1e-9, "{from} to {to}");
        assert_eq!(tree.alone(7, &courses[0][0]), None);
    }

    #[test]
    fn flows_that_run_to_one_place_share_the_arrowhead_of_their_trunk() {
        let (tree, courses) = pair(false);
        let lines = [0, 1].map(|link| FlowLine { link, origin: 1, destination: 0, width: 2.0, adds: 2.0, cut: None });
        let trunks = tree.trunks(&courses, &lines, &ARROW);
        assert_eq!((trunks.len(), &trunks[0].lines), (1, &vec![1, 0]));
        let (length, width) = head_size(&ARROW, 4.0, courses[0][0].length());
        let bounds = kurbo::Shape::bounding_box(&trunks[0].head());
        assert!((bounds.x0 - 2.0).abs() < 1e-9 && (bounds.height() - width).abs() < 1e-9, "{bounds:?}");
        assert_eq!(trunks[0].length, length);
        let apart = [1, 2].map(|destination| FlowLine { origin: 0, destination, ..lines[0].clone() });
        assert!(pair(true).0.trunks(&courses, &apart, &ARROW).is_empty());
    }

    #[test]
    fn flows_of_two_kinds_to_one_place_share_an_arrowhead_by_their_widths() {
        let (tree, courses) = pair(true);
        let line = |width: f64| FlowLine { link: 0, origin: 0, destination: 1, width, adds: width, cut: None };
        let trunks = tree.trunks(&courses, &[3.0, 1.0].map(line), &ARROW);
        // On a page, where y grows downwards, the flow above the other lies left of it on the way to the right.
        assert_eq!((trunks.len(), &trunks[0].lines), (1, &vec![0, 1]));
        let area = |path: BezPath| kurbo::Shape::area(&path).abs();
        let whole = area(trunks[0].head());
        let [wide, narrow] = [0..1, 1..2].map(|flows| trunks[0].part_of_head(flows));
        let at = |path: &BezPath| kurbo::Shape::bounding_box(path).center().y;
        assert!(at(&wide) < at(&narrow));
        let [wide, narrow] = [wide, narrow].map(|part| area(part) / whole);
        assert!((wide - 0.75).abs() < 1e-9 && (narrow - 0.25).abs() < 1e-9, "{wide} and {narrow}");
    }

    #[test]
    fn joints_are_covered_only_as_far_as_the_flow_is_drawn() {
        let (tree, courses) = pair(true);
        let (covered, width) = tree.joint(0, &courses[0][0], [2.0, 2.0]).unwrap();
        assert_eq!((covered.len(), width), (6, JOINT));
        let short = courses[0][0].part(0.0, 30.0);
        assert_eq!(tree.joint(0, &short, [2.0, 2.0]).unwrap().0.len(), 3);
    }
}
