//! Spiral trees: the flows of one place share trunks that part towards their places (Buchin, Speckmann and Verbeek 2011,
//! "Flow map layout via spiral trees", IEEE TVCG 17(12)).
//!
//! The greedy sweep of the paper: a circle shrinks towards the root, branches follow logarithmic spirals inwards and join where
//! they meet. Where the paper's branches may run through a place, ours step aside of it, so that every place stays a leaf.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::f64::consts::{PI, TAU};

/// A place to be reached, seen from the root.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf {
    /// Distance from the root; greater than 0.
    pub radius: f64,
    /// Direction from the root in radians.
    pub angle: f64,
    /// Room that the edges of branches keep from the place.
    pub room: f64,
    /// Width of its flow.
    pub width: f64,
}

/// A point of a tree: a leaf, a join, or a step aside of a leaf.
#[derive(Debug, Clone)]
pub(crate) struct Knot {
    pub radius: f64,
    pub angle: f64,
    /// The next knot towards the root; none for those at the root.
    pub parent: Option<usize>,
    /// Width of all flows through it.
    pub width: f64,
    /// True where it must stay where it is.
    pub pinned: bool,
}

/// The knots of the spiral tree of some leaves: the leaves first, in order, then those made.
///
/// `alpha` is the largest angle in radians between a branch and the ray to the root, within 0 and a right angle; `least` the
/// radius within which branches go straight to the root.
///
/// # Complexity
/// Joins are found in logarithmic time; keeping the circle sorted moves memory for each.
pub(crate) fn spiral_tree(leaves: &[Leaf], alpha: f64, least: f64) -> Vec<Knot> {
    let mut sweep =
        Sweep { knots: Vec::new(), circle: Vec::new(), events: BinaryHeap::new(), slope: libm::tan(alpha), least };
    for (i, leaf) in leaves.iter().enumerate() {
        let angle = leaf.angle.rem_euclid(TAU);
        sweep.knots.push(Knot { radius: leaf.radius, angle, parent: None, width: leaf.width, pinned: true });
        sweep.events.push(Event { log_radius: libm::log(leaf.radius), order: i, pair: [i, i], angle });
    }
    while let Some(event) = sweep.events.pop() {
        if event.pair[0] == event.pair[1] {
            sweep.meet_leaf(event.pair[0], leaves[event.pair[0]].room);
        } else {
            sweep.join(&event);
        }
    }
    sweep.knots
}

/// A leaf that the circle reaches (twice the same knot), or two branches that meet.
#[derive(Debug, Clone, Copy)]
struct Event {
    log_radius: f64,
    /// Breaks ties, so that equal radii are met in one order.
    order: usize,
    pair: [usize; 2],
    angle: f64,
}

impl Ord for Event {
    fn cmp(&self, other: &Event) -> Ordering {
        self.log_radius.total_cmp(&other.log_radius).then(other.order.cmp(&self.order))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Event) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

struct Sweep {
    knots: Vec<Knot>,
    /// Knots on the circle without a parent yet, by angle.
    circle: Vec<usize>,
    events: BinaryHeap<Event>,
    /// Tangent of alpha.
    slope: f64,
    least: f64,
}

impl Sweep {
    fn place_of(&self, knot: usize) -> usize {
        let key = (self.knots[knot].angle, knot);
        self.circle.partition_point(|&k| (self.knots[k].angle, k) < key)
    }

    fn insert(&mut self, knot: usize) {
        let place = self.place_of(knot);
        self.circle.insert(place, knot);
        let count = self.circle.len();
        let (before, after) = (self.circle[(place + count - 1) % count], self.circle[(place + 1) % count]);
        self.expect(before, knot);
        self.expect(knot, after);
    }

    fn remove(&mut self, knot: usize) {
        let place = self.place_of(knot);
        self.circle.remove(place);
        if self.circle.len() > 1 {
            let count = self.circle.len();
            self.expect(self.circle[(place + count - 1) % count], self.circle[place % count]);
        }
    }

    /// Angle from one knot to the next, in the sense of growing angles.
    fn gap(&self, a: usize, b: usize) -> f64 {
        (self.knots[b].angle - self.knots[a].angle).rem_euclid(TAU)
    }

    /// Foresees where the spirals of two neighbours meet: `a` turns to growing angles and `b` to falling ones.
    fn expect(&mut self, a: usize, b: usize) {
        let gap = self.gap(a, b);
        if a == b || gap >= PI {
            return;
        }
        let (ra, rb) = (libm::log(self.knots[a].radius), libm::log(self.knots[b].radius));
        let meeting = (ra + rb) / 2.0 - gap / (2.0 * self.slope);
        let log_radius = meeting.min(ra).min(rb);
        let angle = if meeting <= ra.min(rb) {
            self.knots[a].angle + self.slope * (ra - meeting)
        } else if ra < rb {
            self.knots[a].angle
        } else {
            self.knots[b].angle
        };
        if log_radius > libm::log(self.least) {
            let order = self.knots.len() + self.events.len();
            self.events.push(Event { log_radius, order, pair: [a, b], angle: angle.rem_euclid(TAU) });
        }
    }

    /// The circle reaches a leaf: neighbours whose branches would run through it step aside first.
    fn meet_leaf(&mut self, leaf: usize, room: f64) {
        let Knot { radius, angle, width, .. } = self.knots[leaf];
        if !self.circle.is_empty() {
            let count = self.circle.len();
            let place = self.place_of(leaf);
            let before = self.circle[(place + count - 1) % count];
            let after = self.circle[place % count];
            let aside = |knot: usize| ((room + (self.knots[knot].width + width) / 2.0) / radius).min(0.3);
            let (left, right) = (angle - aside(before), angle + aside(after));
            if before != after || self.gap(before, leaf) <= self.gap(leaf, before) {
                self.step_aside(before, leaf, left, self.gap(before, leaf));
            }
            if before != after || self.gap(before, leaf) > self.gap(leaf, before) {
                self.step_aside(after, leaf, right, self.gap(leaf, after));
            }
        }
        self.insert(leaf);
    }

    /// Leads a branch past a leaf at a given angle where its spiral would touch the leaf's room.
    fn step_aside(&mut self, knot: usize, leaf: usize, angle: f64, gap: f64) {
        let inwards = libm::log(self.knots[knot].radius / self.knots[leaf].radius);
        let room = PI - ((angle - self.knots[leaf].angle).rem_euclid(TAU) - PI).abs();
        if gap >= (self.slope * inwards).max(room) {
            return;
        }
        let step = Knot {
            radius: self.knots[leaf].radius,
            angle: angle.rem_euclid(TAU),
            parent: None,
            width: self.knots[knot].width,
            pinned: true,
        };
        self.knots.push(step);
        let step = self.knots.len() - 1;
        self.remove(knot);
        self.knots[knot].parent = Some(step);
        self.insert(step);
    }

    /// Two branches meet, unless one of them has joined another before.
    fn join(&mut self, event: &Event) {
        let [a, b] = event.pair;
        if self.knots[a].parent.is_some() || self.knots[b].parent.is_some() {
            return;
        }
        let radius = libm::exp(event.log_radius);
        let width = self.knots[a].width + self.knots[b].width;
        self.knots.push(Knot { radius, angle: event.angle, parent: None, width, pinned: false });
        let join = self.knots.len() - 1;
        for child in event.pair {
            self.remove(child);
            self.knots[child].parent = Some(join);
        }
        self.insert(join);
    }
}

/// Rounds of smoothing.
const ROUNDS: usize = 12;

/// Turns joins towards the spiral between their parent and the flow-weighted mean of their children, so that trunks run on
/// smoothly. Joins move by no more than half the way to a neighbour, which keeps branches from crossing.
pub(crate) fn smoothed(knots: &mut [Knot]) {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); knots.len()];
    for (k, knot) in knots.iter().enumerate() {
        if let Some(parent) = knot.parent {
            children[parent].push(k);
        }
    }
    for _ in 0..ROUNDS {
        for k in (0..knots.len()).rev() {
            if !knots[k].pinned {
                let turn = wanted_turn(knots, &children[k], k);
                let tightest = children[k].iter().map(|&c| signed(knots[c].angle - knots[k].angle));
                let (low, high) = tightest.fold((0.0_f64, 0.0_f64), |(l, h), t| (l.min(t), h.max(t)));
                knots[k].angle += (0.3 * turn).clamp(0.5 * low, 0.5 * high);
            }
        }
    }
}

fn wanted_turn(knots: &[Knot], children: &[usize], k: usize) -> f64 {
    let knot = &knots[k];
    let total: f64 = children.iter().map(|&c| knots[c].width).sum();
    let mean = |value: &dyn Fn(usize) -> f64| {
        children.iter().map(|&c| knots[c].width * value(c)).sum::<f64>() / total.max(1e-300)
    };
    let outer = mean(&|c| signed(knots[c].angle - knot.angle));
    let rise = mean(&|c| libm::log(knots[c].radius / knot.radius));
    match knot.parent {
        // At the root a trunk has no direction to keep: it points to its children.
        None => outer,
        Some(p) => {
            let inner = signed(knots[p].angle - knot.angle);
            let fall = libm::log(knot.radius / knots[p].radius);
            (inner * rise + outer * fall) / (rise + fall).max(1e-12)
        }
    }
}

/// An angle between -pi and pi.
pub(crate) fn signed(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}
