//! The optimised layout of origins and destinations: a search over the shapes of courses for the least cost.
//!
//! Simulated annealing from the best of a lattice of shapes, course by course, several times over with other random numbers and
//! prices; the result with the best score and clearance is kept. Every decision about a course depends on what lies near it and on
//! random numbers of its own, so that what happens far away does not matter.

use std::time::{Duration, Instant};

use flowatlas_model::planar::{PlanarLayout, PlanarProblem};
use rayon::prelude::*;

use crate::canon::Canon;
use crate::cost::{Marks, Spot, State, World};
use crate::course::{Shape, courses};
use crate::draw;
use crate::random::Random;
use crate::weights::Weights;
use crate::{Options, Score, drawn, score};

/// Distances of the control point aside of the middle of the chord, in chords, that a scan tries on both sides.
const ASIDE: [f64; 8] = [0.0, 0.05, 0.11, 0.17, 0.24, 0.32, 0.42, 0.52];
/// Distances along the chord that a scan tries.
const ALONG: [f64; 5] = [0.0, 0.12, -0.12, 0.24, -0.24];
/// Temperature, in crossings, at which the search ends.
const COLD: f64 = 0.1;
/// Share of the sweeps in which worse shapes may be accepted; the rest only improves.
const ANNEALED: f64 = 0.9;

/// Points that the choice between searches gives for crossings at right angles.
const WIDE: f64 = 10.0;
/// Points that it gives where no flow comes near a place that it does not serve.
const CLEAR: f64 = 40.0;

/// How hard to search.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Independent searches.
    starts: usize,
    /// Times that every course is looked at while cooling.
    sweeps: usize,
    /// Shapes tried for a course at each look.
    moves: usize,
    /// Scans of the lattice before the cooling; one follows it unless this is 0.
    scans: usize,
    /// Temperature, in crossings, at which the search starts to cool.
    heat: f64,
    /// Factors on the prices of faults, for even and odd searches.
    stern: [f64; 2],
}

impl Effort {
    /// The effort for so many courses: less per course where there are more, so that time grows slower than their square. Where a
    /// course carries several lanes, each of its crossings counts as often as lanes cross: the search starts so much hotter and takes
    /// longer, and a single crossing matters less against other faults.
    fn of(courses: usize, flows: usize) -> Effort {
        let (starts, sweeps, moves, scans, heat, stern) = match courses {
            0..75 => (4, 50, 10, 2, 5.0, [1.0, 0.4]),
            75..150 => (4, 50, 10, 2, 10.0, [4.0, 1.6]),
            150..400 => (2, 40, 10, 1, 10.0, [4.0, 1.6]),
            400..1500 => (2, 20, 8, 1, 10.0, [4.0, 4.0]),
            1500..3000 => (2, 8, 6, 0, 10.0, [4.0, 4.0]),
            _ => (2, 3, 4, 0, 10.0, [4.0, 4.0]),
        };
        let lanes = (flows as f64 / courses.max(1) as f64).clamp(1.0, 2.0);
        let sweeps = (sweeps as f64 * lanes) as usize;
        Effort { starts, sweeps, moves, scans, heat: heat * lanes * lanes, stern: stern.map(|s| s * lanes) }
    }
}

/// The optimised layout.
pub(crate) fn od(problem: &PlanarProblem, options: &Options) -> PlanarLayout {
    let world = world(problem);
    let effort = Effort::of(world.courses.len(), problem.flows.len());
    let deadline = options.seconds.and_then(|s| Instant::now().checked_add(Duration::try_from_secs_f64(s).ok()?));
    let run = |start: usize| {
        let search = Search { world: &world, seed: options.seed, start, effort, deadline, options };
        let (state, finished) = search.run();
        let shapes: Vec<Shape> = state.laid.iter().map(|l| l.shape).collect();
        let layout = PlanarLayout { curves: draw::curves(problem, &world, &shapes), finished, trees: Vec::new() };
        let merit = merit(&score(&drawn(problem, &layout, |i| i.to_string())), world.clearance(&state));
        (layout, merit)
    };
    let found: Vec<(PlanarLayout, f64)> = (0..effort.starts).into_par_iter().map(run).collect();
    let finished = found.iter().all(|(layout, _)| layout.finished);
    let best = found.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a }).expect("there is a search");
    PlanarLayout { finished, ..best.0 }
}

/// What the best search is chosen by: the composite, and points for wide crossings and for keeping clear of places,
/// which it leaves out.
fn merit(score: &Score, clearance: f64) -> f64 {
    score.fmq + WIDE * score.crossing_angle_mean / 90.0 + CLEAR * clearance
}

/// The problem as the search sees it.
fn world(problem: &PlanarProblem) -> World {
    let canon = Canon::of(problem);
    let courses = courses(problem, &canon);
    let mut incident = vec![Vec::new(); problem.nodes.len()];
    for (i, course) in courses.iter().enumerate() {
        for (end, &node) in course.ends.iter().enumerate() {
            incident[node].push((i, end));
        }
    }
    let spots = problem.nodes.iter().map(|n| Spot { at: canon.enter(n.at), radius: n.radius / canon.px }).collect();
    World { canon, spots, incident, courses, obstacles: problem.obstacles.clone(), frame: problem.frame }
}

/// One search.
struct Search<'a> {
    world: &'a World,
    seed: u64,
    start: usize,
    effort: Effort,
    deadline: Option<Instant>,
    options: &'a Options<'a>,
}

impl Search<'_> {
    /// The courses as laid in the end, and true where the time sufficed.
    fn run(&self) -> (State, bool) {
        let world = self.world;
        let straight = world.courses.iter().map(|c| c.fixed.map_or(Shape::STRAIGHT, |p| c.shape_of(p)));
        let weights = Weights::stern(self.effort.stern[self.start % 2]);
        let mut state = world.state(&straight.collect::<Vec<_>>(), weights);
        let mut marks = Marks::new(world);
        let finished = self.sweeps(&mut state, &mut marks);
        (state, finished)
    }

    /// Scans, cools, and scans once more where it scanned before. False where the time ran out.
    fn sweeps(&self, state: &mut State, marks: &mut Marks) -> bool {
        let (scans, sweeps) = (self.effort.scans, self.effort.sweeps);
        let free: Vec<usize> =
            (0..self.world.courses.len()).filter(|&i| self.world.courses[i].fixed.is_none()).collect();
        let rounds = scans + sweeps + scans.min(1);
        for round in 0..rounds {
            for &i in &free {
                if self.is_late() {
                    return false;
                }
                if (scans..scans + sweeps).contains(&round) {
                    self.anneal(state, i, round - scans, marks);
                } else {
                    self.scan(state, i, marks);
                }
            }
            self.tell((round + 1) as f64 / rounds as f64);
        }
        true
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|end| Instant::now() >= end)
    }

    /// Tells how far the first search is; the others run beside it.
    fn tell(&self, share: f64) {
        if let (0, Some(progress)) = (self.start, self.options.progress) {
            progress(share);
        }
    }

    /// Lays a course in the best shape of the lattice, or leaves it. The straight line is tried first, then flatter before
    /// rounder, and the first of equals wins.
    fn scan(&self, state: &mut State, i: usize, marks: &mut Marks) {
        let world = self.world;
        let hubs = world.hubs(state, i);
        let now = state.laid[i].shape;
        let mut best = (world.cost(state, i, now, &hubs, marks, f64::INFINITY), now);
        let arcs = ASIDE.iter().flat_map(|&a| [a, -a]).skip(1);
        let arcs = arcs.flat_map(|aside| ALONG.map(|along| Shape::Arc { aside, along }));
        let doubles = DOUBLE.into_iter().map(|aside| Shape::Double { aside });
        for shape in arcs.chain(doubles) {
            let cost = world.cost(state, i, shape, &hubs, marks, best.0);
            if cost < best.0 {
                best = (cost, shape);
            }
        }
        self.lay(state, i, best.1, marks);
    }

    /// Moves a course about at the temperature of the sweep (Metropolis et al. 1953).
    fn anneal(&self, state: &mut State, i: usize, sweep: usize, marks: &mut Marks) {
        let world = self.world;
        let share = sweep as f64 / self.effort.sweeps as f64;
        let start = self.effort.heat;
        let heat = if share > ANNEALED { 0.0 } else { start * libm::pow(COLD / start, share / ANNEALED) };
        let hubs = world.hubs(state, i);
        let mut random = Random::keyed(&[self.seed, self.start as u64, world.courses[i].key, sweep as u64]);
        let shape = state.laid[i].shape;
        let mut now = (world.cost(state, i, shape, &hubs, marks, f64::INFINITY), shape);
        for _ in 0..self.effort.moves {
            let shape = moved(now.1, share, &mut random);
            let limit = now.0 - heat * libm::log(random.even().max(1e-12));
            let cost = world.cost(state, i, shape, &hubs, marks, limit);
            if cost < limit {
                now = (cost, shape);
            }
        }
        self.lay(state, i, now.1, marks);
    }

    fn lay(&self, state: &mut State, i: usize, shape: Shape, marks: &mut Marks) {
        if shape != state.laid[i].shape {
            let laid = self.world.laid(i, shape, marks);
            self.world.lay(state, i, laid);
        }
    }
}

/// Shapes with two control points that a scan tries: round ones flatter than a half circle, and S-shapes.
const DOUBLE: [[f64; 2]; 8] =
    [[0.3, 0.15], [0.15, 0.3], [-0.3, -0.15], [-0.15, -0.3], [0.2, -0.2], [-0.2, 0.2], [0.35, -0.1], [-0.35, 0.1]];

/// A shape near another one: mirrored, elsewhere on the bisector, symmetric, straight, or a step away. Steps get shorter as
/// the search cools.
fn moved(shape: Shape, share: f64, random: &mut Random) -> Shape {
    let step = 0.25 * (1.0 - share) * (1.0 - share) + 0.015;
    match shape {
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
