//! The strands of a tree on rings around its root: each strand has one angle on each ring, branches are packed edge to edge, and
//! no two strands ever change their order, so that no two ever cross.
//!
//! Branches are bent as little as that allows: on each ring they move to where the rings within and without want
//! them, and are then pushed apart by weighted isotonic regression (pool adjacent violators; Barlow et al. 1972), wide ones least.

use std::f64::consts::TAU;

use crate::tree::{Leaf, SpiralTree, signed};

/// Rings of each pass, as a share of those of the last, and how often the pass bends each of them. Bends on few rings straighten
/// long trunks, bends on many round what is left.
const PASSES: [(f64, usize); 4] = [(0.125, 40), (0.25, 30), (0.5, 30), (1.0, 24)];
/// Largest ratio of the radii of neighbouring rings in the last pass, less 1.
const STEP: f64 = 0.03;
/// Most rings.
const MOST: f64 = 240.0;
/// Share of the bending that pulls towards spirals instead of keeping the curvature even.
const TAUT: f64 = 0.15;
/// Weight of a place over that of a branch as wide as the tree.
const PIN: f64 = 1e7;
/// Largest tangent of the angle between a strand and its ray for which widths are made up for.
const STEEPEST: f64 = 1.5;
/// Largest share of a ring that strands and places may fill.
const FULLEST: f64 = 0.6;

/// The strands of a tree.
pub(crate) struct Rings {
    /// The strands in their order around the root.
    strands: Vec<Strand>,
    /// Radii of the rings, from the innermost.
    radii: Vec<f64>,
    /// Logarithm of the ratio of neighbouring radii.
    step: f64,
    /// Radius within which strands close up towards the root.
    fan: f64,
    /// Width of all strands.
    total: f64,
}

struct Strand {
    leaf: Leaf,
    /// Position of its leaf among those given.
    index: usize,
    /// The ring of its place.
    last: usize,
    /// On each ring up to the last: its angle, unwrapped so that angles grow with the order of the strands.
    angle: Vec<f64>,
    /// On each ring up to the last: the knot at the outer end of its branch.
    branch: Vec<usize>,
}

impl Strand {
    /// Its angle on a ring; beyond its ends as if it ran on straight to the root and straight through its place.
    fn at(&self, ring: isize) -> f64 {
        let last = self.last as isize;
        if ring < 0 {
            self.angle[((-1 - ring) as usize).min(self.last)]
        } else if ring > last {
            2.0 * self.angle[self.last] - self.angle[(2 * last - ring).max(0) as usize]
        } else {
            self.angle[ring as usize]
        }
    }

    /// The angle that the rings around want it to have on one.
    fn wanted(&self, ring: usize) -> f64 {
        let k = ring as isize;
        let (near, far) = (self.at(k - 1) + self.at(k + 1), self.at(k - 2) + self.at(k + 2));
        (1.0 - TAUT) * (4.0 * near - far) / 6.0 + TAUT * near / 2.0
    }

    /// Half the width that it needs on a ring if it is alone in its branch.
    fn half(&self, radius: f64) -> f64 {
        let before = self.leaf.radius - radius;
        let share = 1.0 - (before - self.leaf.own) / (self.leaf.alone - self.leaf.own).max(1e-9);
        let own = self.leaf.half * share.clamp(0.0, 1.0);
        let room = (self.leaf.room * self.leaf.room - before * before).max(0.0).sqrt();
        (self.leaf.width / 2.0).max(own).max(room)
    }
}

/// A branch, or a place, on a ring: a run of strands that move as one.
struct Item {
    /// The first strand and the one after the last.
    strands: (usize, usize),
    centre: f64,
    half: f64,
    weight: f64,
    /// True for a place that strands pass.
    shield: bool,
}

/// Lays the strands of a tree on rings and bends them. Strands close up towards the root within the radius `fan`.
pub(crate) fn rings(leaves: &[Leaf], tree: &SpiralTree, fan: f64) -> Rings {
    let nearest = leaves.iter().map(|l| l.radius).fold(f64::INFINITY, f64::min);
    let farthest = leaves.iter().map(|l| l.radius).fold(0.0, f64::max);
    let first = (0.4 * fan).min(0.5 * nearest).max(1e-4 * farthest);
    let span = libm::log(farthest / first);
    let most = (span / STEP).min(MOST);
    let total = leaves.iter().map(|l| l.width).sum();
    let mut rings = Rings { strands: Vec::new(), radii: Vec::new(), step: 1.0, fan, total };
    for (share, rounds) in PASSES {
        let count = (share * most).ceil().max(8.0);
        let step = span / count;
        let radii: Vec<f64> = (0..=count as usize).map(|k| first * libm::exp(step * k as f64)).collect();
        let strands = tree.order.iter().map(|&i| strand(leaves[i], i, tree, &radii, step)).collect();
        let coarse = std::mem::replace(&mut rings, Rings { strands, radii, step, fan, total });
        rings.unwrap();
        rings.follow(&coarse);
        for _ in 0..rounds {
            (0..rings.radii.len()).for_each(|k| rings.settle(k));
        }
    }
    rings
}

/// A strand along the spirals of its branches.
fn strand(leaf: Leaf, index: usize, tree: &SpiralTree, radii: &[f64], step: f64) -> Strand {
    let last = ((libm::log(leaf.radius / radii[0]) / step).round() as usize).clamp(1, radii.len() - 1);
    let (mut angle, mut branch) = (vec![leaf.angle; last + 1], vec![index; last + 1]);
    let (mut k, mut outer) = (index, leaf.angle);
    for ring in (0..=last).rev() {
        let knots = &tree.knots;
        while let Some(p) = knots[k].parent.filter(|&p| ring < last && radii[ring] <= knots[p].radius) {
            outer += signed(knots[p].angle - knots[k].angle);
            k = p;
        }
        branch[ring] = k;
        angle[ring] = match knots[k].parent {
            None => outer,
            Some(p) => {
                let share =
                    libm::log(knots[k].radius / radii[ring]) / libm::log(knots[k].radius / knots[p].radius).max(1e-12);
                outer + share.clamp(0.0, 1.0) * signed(knots[p].angle - knots[k].angle)
            }
        };
    }
    Strand { leaf, index, last, angle, branch }
}

impl Rings {
    /// Turns strands by whole turns so that angles on the innermost ring grow with their order.
    fn unwrap(&mut self) {
        let start = self.strands.first().map_or(0.0, |s| s.angle[0]);
        for strand in &mut self.strands {
            // A hair less than the start is the start, not a turn later.
            let turned = start + (strand.angle[0] - start + 1e-6).rem_euclid(TAU) - 1e-6;
            let turn = turned - strand.angle[0];
            strand.angle.iter_mut().for_each(|a| *a += turn);
        }
    }

    /// Takes the angles of a coarser pass.
    fn follow(&mut self, coarse: &Rings) {
        for (strand, before) in self.strands.iter_mut().zip(&coarse.strands) {
            for k in 0..strand.last {
                let x = k as f64 * self.step / coarse.step;
                let inner = x.floor() as isize;
                let share = x - x.floor();
                strand.angle[k] = before.at(inner) * (1.0 - share) + before.at(inner + 1) * share;
            }
            strand.angle[strand.last] = before.angle[before.last];
        }
    }

    /// Moves the branches of one ring to where they are wanted and apart from each other.
    fn settle(&mut self, ring: usize) {
        let mut items = self.items(ring);
        let used: f64 = items.iter().map(|i| 2.0 * i.half).sum();
        let squeeze = (FULLEST * TAU / used.max(1e-12)).min(1.0);
        items.iter_mut().for_each(|i| i.half *= squeeze);
        push_apart(&mut items);
        for item in items.iter().filter(|i| !i.shield) {
            let mut at = item.centre - item.half;
            let widths: f64 = self.strands[item.strands.0..item.strands.1].iter().map(|s| s.leaf.width).sum();
            for s in item.strands.0..item.strands.1 {
                let strand = &mut self.strands[s];
                if strand.last >= ring {
                    let half = item.half * strand.leaf.width / widths;
                    strand.angle[ring] = at + half;
                    at += 2.0 * half;
                }
            }
        }
    }

    /// The branches and places of a ring in order.
    fn items(&self, ring: usize) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut s = 0;
        while s < self.strands.len() {
            let strand = &self.strands[s];
            let mut next = s + 1;
            if strand.last >= ring {
                while self.strands.get(next).is_some_and(|t| t.last >= ring && t.branch[ring] == strand.branch[ring]) {
                    next += 1;
                }
                items.push(self.branch(ring, s, next));
            } else {
                items.extend(self.shield(ring, s));
            }
            s = next;
        }
        items
    }

    fn branch(&self, ring: usize, first: usize, end: usize) -> Item {
        let strands = &self.strands[first..end];
        let radius = self.radii[ring];
        let width: f64 = strands.iter().map(|s| s.leaf.width).sum();
        let alone = strands.len() == 1;
        if alone && strands[0].last == ring {
            let half = strands[0].half(radius) / radius;
            return Item { strands: (first, end), centre: strands[0].angle[ring], half, weight: PIN, shield: false };
        }
        let k = ring as isize;
        let mean =
            |value: &dyn Fn(&Strand) -> f64| strands.iter().map(|s| s.leaf.width * value(s)).sum::<f64>() / width;
        let slope = mean(&|s| s.at(k + 1) - s.at(k - 1)) / (2.0 * self.step);
        let slant = libm::hypot(1.0, slope.clamp(-STEEPEST, STEEPEST));
        let half = slant * width / 2.0 * self.closing(radius) / radius;
        let mut centre = 0.0;
        let mut before = -half;
        for strand in strands {
            let own = half * strand.leaf.width / width;
            centre += strand.leaf.width / width * (strand.wanted(ring) - (before + own));
            before += 2.0 * own;
        }
        let half = if alone { half.max(strands[0].half(radius) * self.closing(radius) / radius) } else { half };
        Item { strands: (first, end), centre, half, weight: width / self.total, shield: false }
    }

    /// A place that ended within a ring, where its room reaches the ring.
    fn shield(&self, ring: usize, s: usize) -> Option<Item> {
        let strand = &self.strands[s];
        let (room, beyond) = (strand.leaf.room, self.radii[ring] - strand.leaf.radius);
        (beyond < room && beyond > 0.0).then(|| {
            let half = libm::sqrt(room * room - beyond * beyond) / self.radii[ring];
            Item { strands: (s, s + 1), centre: strand.angle[strand.last], half, weight: PIN, shield: true }
        })
    }

    /// The share of their widths that strands keep at a radius: all of it outside of the fan, and in proportion to
    /// the radius within, where they overlap on their way to the root.
    fn closing(&self, radius: f64) -> f64 {
        let x = radius / self.fan;
        x / libm::pow(1.0 + libm::pow(x, 8.0), 0.125)
    }

    /// Points of each strand from the innermost ring to its place, as radius and angle, with the position of its leaf.
    pub(crate) fn courses(&self) -> impl Iterator<Item = (usize, Vec<(f64, f64)>)> {
        self.strands.iter().map(|strand| {
            let on_rings = (0..strand.last).map(|k| (self.radii[k], strand.angle[k]));
            (strand.index, on_rings.chain([(strand.leaf.radius, strand.leaf.angle)]).collect())
        })
    }
}

/// Moves items as little as possible so that none overlaps the next around the ring, in their given order.
fn push_apart(items: &mut [Item]) {
    let count = items.len();
    if count < 2 {
        return;
    }
    let room = |items: &[Item], j: usize| {
        let next = (j + 1) % count;
        let turn = if next == 0 { TAU } else { 0.0 };
        items[next].centre + turn - items[j].centre - items[j].half - items[next].half
    };
    // One cut ring is a line; where a line closes up over its own ends, it is cut elsewhere.
    for _ in 0..4 {
        let widest = (0..count).reduce(|a, b| if room(items, b) > room(items, a) { b } else { a });
        let cut = widest.expect("there are items") + 1;
        pool(items, cut % count);
        if (0..count).all(|j| room(items, j) > -1e-9) {
            return;
        }
    }
}

/// Items pooled because they would overlap: mean and weight of where their line begins, and the first of them.
struct Pool {
    mean: f64,
    weight: f64,
    first: usize,
}

/// Pool adjacent violators on the line of items that begins at `cut`.
fn pool(items: &mut [Item], cut: usize) {
    let count = items.len();
    let turned = |j: usize| ((cut + j) % count, if cut + j >= count { TAU } else { 0.0 });
    let mut behind = vec![0.0; count];
    let mut pools: Vec<Pool> = Vec::new();
    for j in 0..count {
        let (at, turn) = turned(j);
        if j > 0 {
            behind[j] = behind[j - 1] + items[turned(j - 1).0].half + items[at].half;
        }
        let mut pool = Pool { mean: items[at].centre + turn - behind[j], weight: items[at].weight, first: j };
        while let Some(last) = pools.pop_if(|last| last.mean > pool.mean) {
            let weight = last.weight + pool.weight;
            pool =
                Pool { mean: (last.mean * last.weight + pool.mean * pool.weight) / weight, weight, first: last.first };
        }
        pools.push(pool);
    }
    for (p, pool) in pools.iter().enumerate() {
        let end = pools.get(p + 1).map_or(count, |next| next.first);
        for (j, behind) in behind.iter().enumerate().take(end).skip(pool.first) {
            let (at, turn) = turned(j);
            items[at].centre = pool.mean + behind - turn;
        }
    }
}
