//! Courses: what the search moves. One course carries all flows between two places, side by side.

use std::collections::BTreeMap;

use flowatlas_model::planar::PlanarProblem;
use kurbo::{Point, Vec2};

use crate::canon::Canon;
use crate::curve::{distance, length};
use crate::lanes::{self, Sharing};
use crate::random::Random;

/// A flow on a course.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lane {
    /// Index of the flow in the problem.
    pub flow: usize,
    /// True where it runs from the course's first place to its second.
    pub forward: bool,
}

/// A course between two places, in px of the search.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// First and second place.
    pub ends: [usize; 2],
    pub from: Point,
    pub to: Point,
    /// Length of its chord.
    pub size: f64,
    pub lanes: Vec<Lane>,
    /// Half the width of all lanes together.
    pub half: f64,
    /// Half the distance between the outermost centre lines.
    pub spread: f64,
    /// Half width of the widest arrowhead at each end; half the course's width where there is none.
    pub head_half: [f64; 2],
    /// Distance from each place's centre to the base of its arrowheads.
    pub head_reach: [f64; 2],
    /// Control point set by the cartographer.
    pub fixed: Option<Point>,
    /// A number that stays the same for this course whatever other flows there are.
    pub key: u64,
}

/// The shape of a course, relative to its chord.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    /// One control point, so far along and aside of the middle of the chord, in chords.
    Arc { aside: f64, along: f64 },
    /// Two control points, so far aside of a third and of two thirds of the chord.
    Double { aside: [f64; 2] },
}

impl Shape {
    /// The straight line.
    pub(crate) const STRAIGHT: Shape = Shape::Arc { aside: 0.0, along: 0.0 };

    /// A shape near this one: mirrored, elsewhere on the bisector, symmetric, straight, or a step away. Steps get shorter as the
    /// search cools, of which `share` is done.
    pub(crate) fn moved(self, share: f64, random: &mut Random) -> Shape {
        let step = 0.25 * (1.0 - share) * (1.0 - share) + 0.015;
        match self {
            Shape::Arc { aside, along } => match random.even() {
                k if k < 0.08 => Shape::Arc { aside: -aside, along },
                k if k < 0.2 => Shape::Arc { aside: 1.2 * (random.even() - 0.5), along: 0.0 },
                k if k < 0.35 => Shape::Arc { aside, along: 0.0 },
                k if k < 0.4 => Shape::STRAIGHT,
                k if k < 0.7 => Shape::Arc { aside: aside + step * random.bell(), along },
                _ => Shape::Arc {
                    aside: aside + step * random.bell(),
                    along: (along + 0.4 * step * random.bell()).clamp(-0.3, 0.3),
                },
            },
            Shape::Double { aside: [a, b] } => match random.even() {
                k if k < 0.5 => Shape::Arc { aside: 0.75 * (a + b), along: 0.0 },
                _ => Shape::Double { aside: [a + step * random.bell(), b + step * random.bell()] },
            },
        }
    }
}

impl Course {
    pub(crate) fn chord(&self) -> Vec2 {
        self.to - self.from
    }

    /// The control points of a shape: one, or two different ones.
    pub(crate) fn controls(&self, shape: Shape) -> (Point, Option<Point>) {
        let chord = self.chord();
        let normal = Vec2::new(-chord.y, chord.x);
        match shape {
            Shape::Arc { aside, along } => (self.from + chord * (0.5 + along) + normal * aside, None),
            Shape::Double { aside: [a, b] } => {
                (self.from + chord / 3.0 + normal * a, Some(self.from + chord * (2.0 / 3.0) + normal * b))
            }
        }
    }

    /// The shape that has a given single control point.
    pub(crate) fn shape_of(&self, control: Point) -> Shape {
        let chord = self.chord();
        let (square, arm) = (chord.dot(chord).max(1e-12), control - self.from);
        Shape::Arc { aside: chord.cross(arm) / square, along: chord.dot(arm) / square - 0.5 }
    }

    /// Points of the course at equal parameters into `out`, `pieces` pieces.
    pub(crate) fn sample(&self, shape: Shape, pieces: usize, out: &mut Vec<Point>) {
        out.clear();
        let (a, b) = self.controls(shape);
        let [p, q, r] = [a, b.unwrap_or(a), self.to].map(|c| c - self.from);
        out.push(self.from);
        for k in 1..pieces {
            let t = k as f64 / pieces as f64;
            let s = 1.0 - t;
            let arm = match b {
                None => p * (2.0 * s * t) + r * (t * t),
                Some(_) => p * (3.0 * s * s * t) + q * (3.0 * s * t * t) + r * (t * t * t),
            };
            out.push(self.from + arm);
        }
        out.push(self.to);
    }

    /// Pieces of about `grain` px in which a course is looked at.
    pub(crate) fn pieces(&self, grain: f64) -> usize {
        ((self.size / grain).ceil() as usize).clamp(6, 96)
    }
}

/// The courses of a problem, the widest first, then the longest. Flows between coincident places have none.
pub(crate) fn courses(problem: &PlanarProblem, canon: &Canon) -> Vec<Course> {
    let mut groups: BTreeMap<(usize, usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, flow) in problem.flows.iter().enumerate() {
        let apart = distance(problem.nodes[flow.origin].at, problem.nodes[flow.destination].at) > 0.0;
        let own = if flow.control.is_some() { i + 1 } else { 0 };
        if apart {
            let ends = (flow.origin.min(flow.destination), flow.origin.max(flow.destination));
            groups.entry((own, ends.0, ends.1)).or_default().push(i);
        }
    }
    let offsets = lanes::offsets(problem, Sharing::BothDirections);
    let mut courses: Vec<Course> = groups.values().map(|flows| course(problem, canon, flows, &offsets)).collect();
    let rank = |c: &Course| [-c.half, -length(c.chord()), c.from.x + c.to.x, c.from.y + c.to.y].map(rounded);
    courses.sort_by_key(rank);
    courses
}

/// A length in whole thousandths: what a turned page may change in the last digits.
fn rounded(v: f64) -> i64 {
    (v * 1000.0).round() as i64
}

fn course(problem: &PlanarProblem, canon: &Canon, flows: &[usize], offsets: &[f64]) -> Course {
    let at = |n: usize| canon.enter(problem.nodes[n].at);
    let first = &problem.flows[flows[0]];
    let mut ends = [first.origin.min(first.destination), first.origin.max(first.destination)];
    ends.sort_by_key(|&n| (rounded(at(n).x), rounded(at(n).y), n));
    let px = canon.px;
    let edge = |i: &usize| offsets[*i].abs() + problem.flows[*i].width / 2.0;
    let half = flows.iter().map(edge).fold(0.0, f64::max) / px;
    let spread = flows.iter().map(|&i| offsets[i].abs()).fold(0.0, f64::max) / px;
    let arriving =
        |end: usize| flows.iter().map(|&i| (i, &problem.flows[i])).filter(move |(_, f)| f.destination == end);
    let head_half =
        ends.map(|n| arriving(n).map(|(i, f)| (offsets[i].abs() + f.head_width / 2.0) / px).fold(half, f64::max));
    let head_reach = ends.map(|n| {
        let longest = arriving(n).map(|(_, f)| f.head_length).fold(0.0, f64::max);
        (problem.nodes[n].radius + problem.gap + longest) / px
    });
    let key = ends
        .iter()
        .flat_map(|&n| [at(n).x, at(n).y])
        .fold(0_u64, |key, v| key.wrapping_mul(0x0100_0000_01B3).wrapping_add(rounded(v) as u64));
    Course {
        ends,
        from: at(ends[0]),
        to: at(ends[1]),
        size: distance(at(ends[0]), at(ends[1])),
        lanes: flows.iter().map(|&flow| Lane { flow, forward: problem.flows[flow].origin == ends[0] }).collect(),
        half,
        spread,
        head_half,
        head_reach,
        fixed: first.control.map(|c| canon.enter(c)),
        key,
    }
}
