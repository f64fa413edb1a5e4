//! The optimised layout of origins and destinations: a search over the shapes of courses for the least cost.
//!
//! Simulated annealing from the best of a lattice of shapes, course by course, several times over with other random numbers and
//! prices; the cheapest results are refined and polished, and the one with the best score and clearance is kept. Every decision
//! about a course depends on what lies near it and on random numbers of its own, so that what happens far away does not matter.

use std::ops::Range;
use std::time::{Duration, Instant};

use flowatlas_model::planar::{PlanarLayout, PlanarProblem};
use rayon::prelude::*;

use crate::canon::Canon;
use crate::cost::{Marks, Spot, State, World};
use crate::course::{Course, Shape, courses};
use crate::draw;
use crate::polish::Polish;
use crate::random::Random;
use crate::weights::Weights;
use crate::{Options, Score, drawn, score};

/// Distances of the control point aside of the middle of the chord, in chords, that a scan tries on both sides.
const ASIDE: [f64; 8] = [0.0, 0.05, 0.11, 0.17, 0.24, 0.32, 0.42, 0.52];
/// Distances along the chord that a scan tries.
const ALONG: [f64; 5] = [0.0, 0.12, -0.12, 0.24, -0.24];
/// Temperature, in crossings, at which the search ends.
const COLD: f64 = 0.05;
/// Share of the sweeps in which worse shapes may be accepted; the rest only improves.
const ANNEALED: f64 = 0.9;

/// Share of the sweeps after which the best searches go on alone, and look closer.
const ROUGH: f64 = 0.8;
/// Share of the sweeps within which eased prices rise to the full ones.
const EASED: f64 = 0.6;

/// Crossings per course, as straight lines, from which a map is crowded: no search takes many of them away, and more starts and sweeps
/// gain little.
const CROWDED: f64 = 4.0;

/// Most sweeps of a search for lanes.
const MOST_SWEEPS: usize = 100;

/// Factor on the price of uneven departures when the searches that are kept go on: sides are taken, bends may still change.
const SPACED: f64 = 1.2;

/// Points that the choice between searches gives for crossings at right angles.
const WIDE: f64 = 1.0;
/// Points that it gives where no flow comes near a place that it does not serve.
const CLEAR: f64 = 10.0;
/// Points that it takes for each per cent of the ink that lies along other flows: the composite counts lengths, and would let one wide
/// flow hide another where both are few among many.
const HIDDEN: f64 = 0.5;
/// Clearance beyond which it gives no more.
const CLEAR_ENOUGH: f64 = 0.963;

/// How hard to search.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Independent searches.
    starts: usize,
    /// Searches that go on to the end.
    kept: usize,
    /// Times that every course is looked at while cooling.
    sweeps: usize,
    /// Shapes tried for a course at each look.
    moves: usize,
    /// Scans of the lattice before the cooling; one follows it unless this is 0.
    scans: usize,
    /// Temperature, in crossings, at which the search starts to cool.
    heat: f64,
    /// Factors on the prices of faults, for even and odd searches; those kept go on with the first.
    stern: [f64; 2],
    /// Factor on the prices of the gravest faults at first, so that courses can pass through each other.
    ease: f64,
    /// Length in px of the pieces in which courses are looked at, at first and by the searches that are kept.
    grain: [f64; 2],
    /// Rounds of last touches.
    touches: u64,
}

impl Effort {
    /// The effort for some courses: less per course where there are more, so that time grows slower than their square. Where a
    /// course carries several lanes, each of its crossings counts as often as lanes cross: the search starts so much hotter and takes
    /// longer, and a single crossing matters less against other faults.
    fn of(all: &[Course], flows: usize) -> Effort {
        let courses = all.len();
        let few = Effort {
            starts: 4,
            kept: 4,
            sweeps: 40,
            moves: 10,
            scans: 2,
            heat: 1.5,
            stern: [1.0, 1.0],
            ease: 0.2,
            grain: [24.0, 10.0],
            touches: 2,
        };
        // A search among few courses takes little, and may end with wide lanes on the wrong sides of each other.
        let few = match courses {
            0..11 => Effort { starts: 16, kept: 8, sweeps: 50, ..few },
            11..21 => Effort { starts: 12, kept: 6, sweeps: 50, ..few },
            21..36 => Effort { starts: 8, kept: 4, sweeps: 50, ..few },
            _ => few,
        };
        let (kept, touches) = if courses < 36 { (few.kept, 4) } else { (2, few.touches) };
        let paired = Effort { kept, touches, sweeps: 50, heat: 5.0, stern: [1.0, 0.6], ..few };
        let some = Effort { starts: 2, kept: 2, heat: 10.0, stern: [4.0, 1.6], ease: 1.0, touches: 1, ..few };
        let crowded = Effort { sweeps: 20, scans: 1, ..some };
        let many = Effort { kept: 1, scans: 1, touches: 0, ..some };
        let lanes = (flows as f64 / courses.max(1) as f64).clamp(1.0, 2.0);
        let effort = match courses {
            0..75 if crowding(all) > CROWDED => crowded,
            0..75 if lanes > 1.5 => paired,
            0..75 => few,
            75..150 => some,
            150..400 => Effort { grain: [24.0, 16.0], touches: 1, ..many },
            400..1500 => Effort { sweeps: 20, moves: 8, grain: [24.0, 22.0], ..many },
            1500..3000 => Effort { sweeps: 8, moves: 6, scans: 0, grain: [24.0, 22.0], ..many },
            _ => Effort { sweeps: 3, moves: 4, scans: 0, grain: [24.0, 22.0], ..many },
        };
        Effort {
            sweeps: effort.sweeps.max(MOST_SWEEPS.min((effort.sweeps as f64 * lanes) as usize)),
            heat: effort.heat * lanes * lanes,
            stern: effort.stern.map(|s| s * lanes),
            ..effort
        }
    }

    /// Rounds of the rough search, scans included.
    fn rough(&self) -> usize {
        self.scans + (ROUGH * self.sweeps as f64) as usize
    }

    /// Rounds in all.
    fn rounds(&self) -> usize {
        self.scans + self.sweeps + self.scans.min(1)
    }

    /// The prices of a search in one of its rounds.
    fn weights(&self, start: usize, round: usize) -> Weights {
        let risen = (round as f64 / (EASED * self.rounds() as f64)).min(1.0);
        Weights::stern(self.stern[start % 2]).eased(self.ease + (1.0 - self.ease) * risen)
    }

    /// The prices of the searches that are kept.
    fn last_weights(&self) -> Weights {
        let weights = Weights::stern(self.stern[0]);
        Weights { spacing: SPACED * weights.spacing, ..weights }
    }
}

/// How many others the chord of a course crosses, in the mean; those that share a place with it do not count.
fn crowding(courses: &[Course]) -> f64 {
    let sides = |c: &Course, d: &Course| c.chord().cross(d.from - c.from) * c.chord().cross(d.to - c.from) < 0.0;
    let shares = |c: &Course, d: &Course| c.ends.iter().any(|end| d.ends.contains(end));
    let cross = |c: &Course, d: &Course| sides(c, d) && sides(d, c) && !shares(c, d);
    let count: usize = courses.iter().map(|c| courses.iter().filter(|d| cross(c, d)).count()).sum();
    count as f64 / 2.0 / courses.len().max(1) as f64
}

/// The optimised layout.
pub(crate) fn od(problem: &PlanarProblem, options: &Options) -> PlanarLayout {
    let world = world(problem);
    let effort = Effort::of(&world.courses, problem.flows.len());
    let deadline = options.seconds.and_then(|s| Instant::now().checked_add(Duration::try_from_secs_f64(s).ok()?));
    let search = |start: usize| Search { world: &world, seed: options.seed, start, effort, deadline, options };
    let mut found: Vec<Found> = (0..effort.starts).into_par_iter().map(|start| search(start).rough()).collect();
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.start.cmp(&b.start)));
    found.truncate(effort.kept);
    let lead = found[0].start;
    let finish = |f: Found| {
        let search = search(f.start);
        search.touched(search.refined(f, lead), problem)
    };
    let found: Vec<Found> = found.into_par_iter().map(finish).collect();
    let finished = found.iter().all(|f| f.finished);
    let laid: Vec<PlanarLayout> = found.par_iter().map(|f| drawn_as(problem, &world, f)).collect();
    let best = if laid.len() > 1 && finished { best(problem, &world, &found, &laid) } else { 0 };
    PlanarLayout { finished, ..laid.into_iter().nth(best).expect("the best is among them") }
}

/// What a search has found so far.
struct Found {
    start: usize,
    state: State,
    /// Sum of what all courses cost.
    cost: f64,
    /// False where the time ran out.
    finished: bool,
}

fn drawn_as(problem: &PlanarProblem, world: &World, found: &Found) -> PlanarLayout {
    let curves = draw::curves(problem, world, &found.state.shapes());
    PlanarLayout { curves, finished: found.finished, ..PlanarLayout::default() }
}

/// The layout of the greatest merit; the first of equals.
fn best(problem: &PlanarProblem, world: &World, found: &[Found], laid: &[PlanarLayout]) -> usize {
    let merit =
        |k: usize| merit(&score(&drawn(problem, &laid[k], |i| i.to_string())), world.clearance(&found[k].state));
    let merits: Vec<f64> = (0..laid.len()).into_par_iter().map(merit).collect();
    (1..laid.len()).fold(0, |best, k| if merits[k] > merits[best] { k } else { best })
}

/// What the best search is chosen by: the composite, points for wide crossings and for keeping clear of places, and points off for ink
/// along other flows, which it leaves out.
fn merit(score: &Score, clearance: f64) -> f64 {
    score.fmq + WIDE * score.crossing_angle_mean / 90.0 + CLEAR * clearance.min(CLEAR_ENOUGH)
        - HIDDEN * score.overlap_ink_pct
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
    /// Scans and cools from straight lines or the cartographer's curves.
    fn rough(&self) -> Found {
        let world = self.world;
        let straight = world.courses.iter().map(|c| c.fixed.map_or(Shape::STRAIGHT, |p| c.shape_of(p)));
        let weights = self.effort.weights(self.start, 0);
        let mut state = world.state(&straight.collect::<Vec<_>>(), weights, self.effort.grain[0]);
        let finished = self.rounds(&mut state, 0..self.effort.rough(), self.start == 0);
        let state = world.state(&state.shapes(), self.effort.last_weights(), self.effort.grain[1]);
        Found { start: self.start, cost: world.total(&state), state, finished }
    }

    /// Cools to the end, looking closer, and scans once more where it scanned before. The lead tells how far it is.
    fn refined(&self, found: Found, lead: usize) -> Found {
        let mut state = found.state;
        let rounds = self.effort.rough()..self.effort.rounds();
        let finished = found.finished && self.rounds(&mut state, rounds, self.start == lead);
        Found { state, finished, ..found }
    }

    /// Moves every course a little more, judged by what is drawn.
    fn touched(&self, found: Found, problem: &PlanarProblem) -> Found {
        if !found.finished || self.effort.touches == 0 {
            return found;
        }
        let mut polish = Polish::of(problem, self.world, found.state, self.effort.last_weights().last());
        let mut rounds = (0..self.effort.touches).map(|round| [self.seed, self.start as u64, round]);
        let finished = rounds.all(|keys| polish.round(keys, &|| self.is_late()));
        Found { state: polish.state(), finished, ..found }
    }

    /// Looks at every course once in each of some rounds. False where the time ran out.
    fn rounds(&self, state: &mut State, rounds: Range<usize>, tells: bool) -> bool {
        let cooling = self.effort.scans..self.effort.scans + self.effort.sweeps;
        let free: Vec<usize> =
            (0..self.world.courses.len()).filter(|&i| self.world.courses[i].fixed.is_none()).collect();
        let mut marks = Marks::new(self.world);
        for round in rounds {
            if round < self.effort.rough() {
                state.weights = self.effort.weights(self.start, round);
            }
            for &i in &free {
                if self.is_late() {
                    return false;
                }
                if cooling.contains(&round) {
                    self.anneal(state, i, round - self.effort.scans, &mut marks);
                } else {
                    self.scan(state, i, &mut marks);
                }
            }
            self.tell(tells, (round + 1) as f64 / self.effort.rounds() as f64);
        }
        true
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|end| Instant::now() >= end)
    }

    /// Tells how far one search is; the others run beside it.
    fn tell(&self, tells: bool, share: f64) {
        if let (true, Some(progress)) = (tells, self.options.progress) {
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
            let shape = now.1.moved(share, &mut random);
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
            let laid = self.world.laid(i, shape, state.grain, marks);
            self.world.lay(state, i, laid);
        }
    }
}

/// Shapes with two control points that a scan tries: round ones flatter than a half circle, and S-shapes.
const DOUBLE: [[f64; 2]; 8] =
    [[0.3, 0.15], [0.15, 0.3], [-0.3, -0.15], [-0.15, -0.3], [0.2, -0.2], [-0.2, 0.2], [0.35, -0.1], [-0.35, 0.1]];
