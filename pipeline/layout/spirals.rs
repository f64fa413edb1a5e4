//! Spiral trees: branches that join on their way to one place (Buchin, Speckmann and Verbeek 2011, "Flow map layout via
//! spiral trees", IEEE TVCG 17(12)).
//!
//! The greedy sweep of the paper: a circle shrinks towards the root, branches follow logarithmic spirals inwards and join where
//! they meet. Ours have widths and meet edge to edge; and where the paper's branches may run through a place, ours step aside
//! of it, so that every place stays a leaf.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::f64::consts::{PI, TAU};

/// Rounds in which the radius is found where the edges of two branches meet.
const EDGE_ROUNDS: usize = 4;

/// Least radius at which branches join, in widths of the branch that they become: at the root, trunks leave side by side.
pub(crate) const SLIMMEST: f64 = 4.0;

/// Cost of an angle that a branch lacks between a place and its neighbour, in angles that it is turned.
const CROWDED: f64 = 3.0;

/// Angle in radians that a branch may turn around a place to change sides, even where its spirals do not reach so far.
const WIDEST_TURN: f64 = 0.8;

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
    /// Width of its flows in a trunk; greater than 0.
    pub width: f64,
    /// Width of its flows where they are drawn alone; no less than `width`.
    pub drawn: f64,
}

impl Leaf {
    /// Half the width that its branch needs at a radius where it has joined no other.
    pub(crate) fn need(&self, radius: f64) -> f64 {
        let before = self.radius - radius;
        let share = 1.0 - (before - self.own) / (self.alone - self.own).max(1e-9);
        let room = (self.room * self.room - before * before).max(0.0).sqrt();
        (self.drawn / 2.0).max(self.half * share.clamp(0.0, 1.0)).max(room)
    }
}

/// A place that branches pass without serving it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shield {
    pub radius: f64,
    pub angle: f64,
    /// Room that the edges of branches keep from the place.
    pub room: f64,
}

/// The surroundings of the root, where branches are too wide to keep their distance from places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crowd {
    /// Radius around the root; 0 for none.
    pub radius: f64,
    /// True where branches run over the places there, false where they touch them.
    pub over: bool,
}

/// A point of a tree: a leaf, a join, or a step aside of a place.
#[derive(Debug, Clone)]
pub(crate) struct Knot {
    pub radius: f64,
    pub angle: f64,
    /// Width of all flows through it.
    pub width: f64,
    /// The next knots away from the root, in the order of growing angles; none for a leaf.
    pub children: Vec<usize>,
    /// Mean angle of the leaves behind it by width, relative to its own.
    pub home: f64,
    /// Radius within which it may join another.
    pub free: f64,
    pub joined: bool,
}

/// A spiral tree.
pub(crate) struct SpiralTree {
    /// The leaves first, as they were given, then the knots made.
    pub knots: Vec<Knot>,
    /// The knots that run straight to the root, in the order of growing angles.
    pub trunks: Vec<usize>,
    /// Per shield the knot after which it lies, in the order of growing angles; none where no branch passes it.
    pub after: Vec<Option<usize>>,
    /// Per leaf true where trunks part around it, however little room there is.
    pub seated: Vec<bool>,
}

/// The spiral tree of some leaves.
///
/// `alpha` is the largest angle in radians between a branch and the ray to the root, within 0 and a right angle; `least` the
/// radius within which branches go straight to the root.
///
/// # Complexity
/// Each leaf, shield and join is found in logarithmic time; keeping the circle sorted moves memory for each.
pub(crate) fn spiral_tree(leaves: &[Leaf], shields: &[Shield], alpha: f64, (least, crowd): (f64, Crowd)) -> SpiralTree {
    let knot = |leaf: &Leaf| Knot {
        radius: leaf.radius,
        angle: leaf.angle.rem_euclid(TAU),
        width: leaf.width,
        children: Vec::new(),
        home: 0.0,
        free: (leaf.radius - leaf.alone).max(least * 1e-3),
        joined: false,
    };
    let mut sweep = Sweep {
        knots: leaves.iter().map(knot).collect(),
        circle: Vec::new(),
        events: BinaryHeap::new(),
        slope: libm::tan(alpha),
        least,
        crowd,
    };
    let mut after = vec![None; shields.len()];
    let arrivals = (0..leaves.len()).map(|i| (leaves[i].radius, Kind::Leaf(i)));
    let passings = (0..shields.len()).map(|i| (shields[i].radius, Kind::Shield(i)));
    arrivals.chain(passings).for_each(|(radius, kind)| sweep.schedule(libm::log(radius), kind));
    while let Some(event) = sweep.events.pop() {
        match event.kind {
            Kind::Leaf(leaf) => sweep.meet_leaf(leaf, leaves[leaf].room),
            Kind::Shield(i) => after[i] = sweep.meet_shield(&shields[i]),
            Kind::Join { pair, angle } => sweep.join(pair, event.log_radius, angle),
        }
    }
    SpiralTree { knots: sweep.knots, trunks: sweep.circle, after, seated: vec![false; leaves.len()] }
}

/// What the circle meets as it shrinks.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Leaf(usize),
    Shield(usize),
    /// Two neighbouring branches, the one at the smaller angle first, and where they meet.
    Join {
        pair: [usize; 2],
        angle: f64,
    },
}

#[derive(Debug, Clone, Copy)]
struct Event {
    log_radius: f64,
    /// Breaks ties, so that equal radii are met in one order.
    order: usize,
    kind: Kind,
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
    /// Knots on the circle that have joined no other yet, by angle.
    circle: Vec<usize>,
    events: BinaryHeap<Event>,
    /// Tangent of alpha.
    slope: f64,
    least: f64,
    crowd: Crowd,
}

impl Sweep {
    fn schedule(&mut self, log_radius: f64, kind: Kind) {
        let order = self.knots.len() + self.events.len();
        self.events.push(Event { log_radius, order, kind });
    }

    fn place_of(&self, angle: f64, knot: usize) -> usize {
        self.circle.partition_point(|&k| (self.knots[k].angle, k) < (angle, knot))
    }

    /// The knots before and after a place on the circle; they may be the same.
    fn around(&self, place: usize) -> (usize, usize) {
        let count = self.circle.len();
        (self.circle[(place + count - 1) % count], self.circle[place % count])
    }

    fn insert(&mut self, knot: usize) {
        let place = self.place_of(self.knots[knot].angle, knot);
        self.circle.insert(place, knot);
        let (before, _) = self.around(place);
        let (_, after) = self.around(place + 1);
        self.expect(before, knot);
        self.expect(knot, after);
    }

    fn remove(&mut self, knot: usize) {
        let place = self.place_of(self.knots[knot].angle, knot);
        self.circle.remove(place);
        if self.circle.len() > 1 {
            let (before, after) = self.around(place);
            self.expect(before, after);
        }
    }

    /// Angle from one knot to the next, in the sense of growing angles.
    fn gap(&self, a: usize, b: usize) -> f64 {
        (self.knots[b].angle - self.knots[a].angle).rem_euclid(TAU)
    }

    /// Foresees where the edges of two neighbours meet: `a` turns to growing angles and `b` to falling ones.
    fn expect(&mut self, a: usize, b: usize) {
        let gap = self.gap(a, b);
        if a == b || gap >= PI {
            return;
        }
        let (first, second) = (&self.knots[a], &self.knots[b]);
        let (ua, ub) = (libm::log(first.radius), libm::log(second.radius));
        let latest = libm::log(first.free.min(second.free));
        let both = (first.width + second.width) / 2.0;
        let mut meeting = latest.min(ua.min(ub));
        for _ in 0..EDGE_ROUNDS {
            let open = (gap - both / libm::exp(meeting)).max(0.0);
            meeting = latest.min((ua + ub) / 2.0 - open / (2.0 * self.slope));
        }
        if meeting > libm::log(self.least.max(SLIMMEST * (first.width + second.width))) {
            // How far each of them can have turned, and where in between the wider one is turned least.
            let (turned, other) = (self.slope * (ua - meeting).max(0.0), gap - self.slope * (ub - meeting).max(0.0));
            let even = gap * second.width / (first.width + second.width);
            let at = if other <= turned { even.clamp(other, turned) } else { (turned + other) / 2.0 };
            let angle = (first.angle + at.clamp(0.0, gap)).rem_euclid(TAU);
            self.schedule(meeting, Kind::Join { pair: [a, b], angle });
        }
    }

    /// The circle reaches a leaf: neighbours whose branches would run through it step aside first.
    fn meet_leaf(&mut self, leaf: usize, room: f64) {
        let Knot { radius, angle, width, .. } = self.knots[leaf];
        self.part(&Shield { radius, angle, room: room + width / 2.0 }, leaf);
        self.insert(leaf);
    }

    /// The circle reaches a shield: neighbours whose branches would run through it step aside. Returns the one before it.
    fn meet_shield(&mut self, shield: &Shield) -> Option<usize> {
        let shield = Shield { angle: shield.angle.rem_euclid(TAU), ..*shield };
        self.part(&shield, usize::MAX);
        (!self.circle.is_empty()).then(|| self.around(self.place_of(shield.angle, usize::MAX)).0)
    }

    /// Leads the branches on both sides of a place past it. A branch may change sides once, where it has more room there.
    fn part(&mut self, shield: &Shield, knot: usize) {
        let crowded = shield.radius < self.crowd.radius;
        if crowded && self.crowd.over {
            return;
        }
        let shield = &Shield { room: if crowded { 0.0 } else { shield.room }, ..*shield };
        for side in [-1.0, 1.0, -1.0] {
            let Some(neighbour) = self.beside(shield, knot, side) else { return };
            let away = ((shield.angle - self.knots[neighbour].angle) * -side).rem_euclid(TAU);
            if away < PI {
                self.step_aside(neighbour, shield, (side, away));
            }
        }
    }

    /// The knot next to a place on one side of it (-1 for falling angles).
    fn beside(&self, shield: &Shield, knot: usize, side: f64) -> Option<usize> {
        let (before, after) = (!self.circle.is_empty()).then(|| self.around(self.place_of(shield.angle, knot)))?;
        Some(if side < 0.0 { before } else { after })
    }

    /// Leads a branch past a place if its spiral may touch the place's room: on the side where it is (-1 for falling angles), an angle
    /// away, or on the other side where its neighbour leaves it more room. It never passes a neighbour.
    fn step_aside(&mut self, knot: usize, shield: &Shield, (side, away): (f64, f64)) {
        let width = self.knots[knot].width;
        let aside = (shield.room + width / 2.0) / shield.radius;
        let reach = self.slope * libm::log(self.knots[knot].radius / shield.radius);
        if away >= reach.max(aside) {
            return;
        }
        let place = self.place_of(self.knots[knot].angle, knot);
        let (before, after) = (self.around(place).0, self.around(place + 1).1);
        let (beyond, opposite) = if side < 0.0 { (before, after) } else { (after, before) };
        let free = [(beyond, side), (opposite, -side)].map(|(k, side)| self.free(knot, k, shield, side));
        let lack = free.map(|(gap, needed)| (aside + needed - gap).max(0.0));
        // How far from home the branch would be on each side, to its own side positive.
        let astray = [away.max(aside), -aside].map(|at| (at - away).abs());
        let over =
            aside + away <= reach.max(WIDEST_TURN) && astray[1] + CROWDED * lack[1] < astray[0] + CROWDED * lack[0];
        let (side, gap) = if over { (-side, free[1].0) } else { (side, free[0].0) };
        let within = if over { gap } else { away + gap };
        let angle = (shield.angle + side * aside.min(0.5 * within)).rem_euclid(TAU);
        let home = self.knots[knot].home + signed(self.knots[knot].angle - angle);
        let radius = shield.radius;
        let step = Knot { radius, angle, width, children: vec![knot], home, free: radius, joined: false };
        self.remove(knot);
        self.knots[knot].joined = true;
        self.knots.push(step);
        self.insert(self.knots.len() - 1);
    }

    /// The angle from a place to a neighbour of a branch on one side, and what of it the edges of the two need.
    fn free(&self, knot: usize, neighbour: usize, shield: &Shield, side: f64) -> (f64, f64) {
        if neighbour == knot {
            return (PI, 0.0);
        }
        let gap = ((self.knots[neighbour].angle - shield.angle) * side).rem_euclid(TAU);
        (gap, (self.knots[knot].width + self.knots[neighbour].width) / 2.0 / shield.radius)
    }

    /// Two neighbouring branches meet, unless one of them has joined another before.
    fn join(&mut self, pair: [usize; 2], log_radius: f64, angle: f64) {
        let [a, b] = pair;
        if self.knots[a].joined || self.knots[b].joined {
            return;
        }
        // A place between them may still keep its branch for itself; they are met again once it has joined one of them.
        if self.around(self.place_of(self.knots[a].angle, a) + 1).1 != b {
            return;
        }
        for child in pair {
            self.remove(child);
            self.knots[child].joined = true;
        }
        let radius = libm::exp(log_radius);
        let width = self.knots[a].width + self.knots[b].width;
        let homes = pair.map(|k| self.knots[k].width * (signed(self.knots[k].angle - angle) + self.knots[k].home));
        let home = (homes[0] + homes[1]) / width;
        self.knots.push(Knot { radius, angle, width, children: pair.to_vec(), home, free: radius, joined: false });
        self.insert(self.knots.len() - 1);
    }
}

/// An angle between -pi and pi.
pub(crate) fn signed(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}
