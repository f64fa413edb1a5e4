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
    /// Length in front of the place, within which its branch needs more room than its width.
    pub own: f64,
    /// Half the width that its branch needs there.
    pub half: f64,
    /// Length in front of the place within which its branch joins no other; no less than `own`.
    pub alone: f64,
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
    /// Radius within which it may join another.
    free: f64,
}

/// A spiral tree.
pub(crate) struct SpiralTree {
    /// The leaves first, as they were given, then the knots made.
    pub knots: Vec<Knot>,
    /// The leaves in the order in which their branches lie around the root, from the ray at angle 0; it is the same at every radius.
    pub order: Vec<usize>,
}

/// The spiral tree of some leaves.
///
/// `alpha` is the largest angle in radians between a branch and the ray to the root, within 0 and a right angle; `least` the
/// radius within which branches go straight to the root.
///
/// # Complexity
/// Joins are found in logarithmic time; keeping the circle sorted moves memory for each.
pub(crate) fn spiral_tree(leaves: &[Leaf], alpha: f64, least: f64) -> SpiralTree {
    let mut sweep = Sweep {
        knots: Vec::new(),
        carried: Vec::new(),
        circle: Vec::new(),
        events: BinaryHeap::new(),
        slope: libm::tan(alpha),
        least,
    };
    for (i, leaf) in leaves.iter().enumerate() {
        let angle = leaf.angle.rem_euclid(TAU);
        let free = (leaf.radius - leaf.alone).max(least * 1e-3);
        sweep.knots.push(Knot { radius: leaf.radius, angle, parent: None, width: leaf.width, free });
        sweep.carried.push(vec![i]);
        sweep.events.push(Event { log_radius: libm::log(leaf.radius), order: i, pair: [i, i], angle });
    }
    while let Some(event) = sweep.events.pop() {
        if event.pair[0] == event.pair[1] {
            sweep.meet_leaf(event.pair[0], leaves[event.pair[0]].room);
        } else {
            sweep.join(&event);
        }
    }
    let order = sweep.circle.iter().flat_map(|&k| sweep.carried[k].clone()).collect();
    SpiralTree { knots: sweep.knots, order }
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
    /// The leaves behind each knot on the circle, in their order.
    carried: Vec<Vec<usize>>,
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
        let free = self.knots[a].free.min(self.knots[b].free);
        let log_radius = meeting.min(libm::log(free));
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
        let place = self.place_of(leaf);
        let count = self.circle.len();
        if count > 0 {
            let (before, after) = (self.circle[(place + count - 1) % count], self.circle[place % count]);
            let (left, right) = (self.gap(before, leaf), self.gap(leaf, after));
            if before != after || left <= right {
                self.step_aside(before, leaf, room, -1.0);
            }
            if before != after || left > right {
                self.step_aside(after, leaf, room, 1.0);
            }
        }
        self.insert(leaf);
    }

    /// Leads a branch past a leaf on the side where it is (-1 for falling angles) if its spiral may touch the leaf's room. It never
    /// passes its other neighbour.
    fn step_aside(&mut self, knot: usize, leaf: usize, room: f64, side: f64) {
        let Knot { radius, angle, width, .. } = self.knots[leaf];
        let aside = (room + (self.knots[knot].width + width) / 2.0) / radius;
        let gap = signed(angle - self.knots[knot].angle).abs();
        let inwards = libm::log(self.knots[knot].radius / radius);
        if gap >= (self.slope * inwards).max(aside) {
            return;
        }
        let (place, count) = (self.place_of(knot), self.circle.len());
        let beyond = self.circle[if side < 0.0 { place + count - 1 } else { place + 1 } % count];
        let free = if beyond == knot { PI } else { (self.knots[beyond].angle - angle) * side };
        let aside = aside.min(0.5 * (gap + free.rem_euclid(TAU)));
        let carried = std::mem::take(&mut self.carried[knot]);
        let step = Knot {
            radius,
            angle: (angle + side * aside).rem_euclid(TAU),
            parent: None,
            width: self.knots[knot].width,
            free: radius,
        };
        self.remove(knot);
        let step = self.push(step, carried);
        self.knots[knot].parent = Some(step);
        self.insert(step);
    }

    fn push(&mut self, knot: Knot, carried: Vec<usize>) -> usize {
        self.knots.push(knot);
        self.carried.push(carried);
        self.knots.len() - 1
    }

    /// Two neighbouring branches meet, unless one of them has joined another before.
    fn join(&mut self, event: &Event) {
        let [a, b] = event.pair;
        if self.knots[a].parent.is_some() || self.knots[b].parent.is_some() {
            return;
        }
        // A place between them may still keep its branch for itself; they are met again once it has joined one of them.
        if self.circle[(self.place_of(a) + 1) % self.circle.len()] != b {
            return;
        }
        let radius = libm::exp(event.log_radius);
        let width = self.knots[a].width + self.knots[b].width;
        let mut carried = std::mem::take(&mut self.carried[a]);
        carried.append(&mut std::mem::take(&mut self.carried[b]));
        let join = self.push(Knot { radius, angle: event.angle, parent: None, width, free: radius }, carried);
        for child in event.pair {
            self.remove(child);
            self.knots[child].parent = Some(join);
        }
        self.insert(join);
    }
}

/// An angle between -pi and pi.
pub(crate) fn signed(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}
