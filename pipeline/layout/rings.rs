//! A tree on rings around its root.
//!
//! Every branch has one cell on each ring between its two ends: an angle, and half the room that it takes there. On a ring, cells
//! lie in the order of the leaves around the root, and inside a cell the strands of its leaves lie edge to edge in that order.

use std::f64::consts::TAU;

use crate::spirals::{Leaf, Shield, SpiralTree, signed};

/// Rings on each side of a place that count as running through it: rings may lie farther apart than a place is wide.
const NEAREST: f64 = 1.0;
/// Distance in rings from a place within which its branch has no cell.
const CLOSE: f64 = 0.6;
/// Turn back from the branch before it that a shield may have, in radians; anything more is a turn forwards.
const BACK: f64 = 0.5;

/// A branch on a ring, or the place of a leaf.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    /// The next cell towards the root.
    pub inner: Option<usize>,
    /// The first leaf behind it and the one after the last, in the order of leaves.
    pub leaves: (usize, usize),
    /// Distance from the root.
    pub radius: f64,
    /// Its logarithm.
    pub log_radius: f64,
    /// Angle of the branch's middle, unwrapped: it grows with the order of leaves.
    pub angle: f64,
    /// Half the angle that the branch takes.
    pub half: f64,
    /// Width of the widest of its leaves where it is drawn alone.
    pub drawn: f64,
    /// True for the place of a leaf.
    pub place: bool,
    /// The outer end of the branch.
    knot: usize,
}

/// What lies on a ring.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item {
    /// A branch.
    Cell(usize),
    /// A place that keeps an angle on both sides of it free; leaves come first, in their order, then the shields as they were given.
    Shield { angle: f64, half: f64, place: usize },
}

/// A tree on rings.
#[derive(Clone)]
pub(crate) struct Rings {
    /// The leaves in their order around the root, as positions among those given.
    pub order: Vec<usize>,
    /// Width of all flows before each leaf in that order, and of all at the end.
    before: Vec<f64>,
    /// The cells, of each branch from the innermost.
    pub cells: Vec<Cell>,
    /// Radii of the rings, from the innermost.
    pub radii: Vec<f64>,
    /// Radius within which strands close up towards the root.
    pub fan: f64,
    /// What lies on each ring, in order.
    pub items: Vec<Vec<Item>>,
    /// Per leaf in order its cells: those on the innermost rings, then its place.
    pub chains: Vec<Vec<usize>>,
    /// Share of the cells that have less room than they need.
    pub squeezed: f64,
    /// Bending of all strands, by width.
    pub bending: f64,
}

impl Rings {
    /// A tree on rings of the given radii, of which the first lies within all leaves. Branches follow their spirals.
    pub(crate) fn new(leaves: &[Leaf], shields: &[Shield], tree: &SpiralTree, (radii, fan): (Vec<f64>, f64)) -> Rings {
        let visited = Visited::all(tree);
        let mut before = vec![0.0];
        before.extend(visited.order.iter().scan(0.0, |sum, &leaf| {
            *sum += leaves[leaf].width;
            Some(*sum)
        }));
        let items = vec![Vec::new(); radii.len()];
        let mut rings = Rings {
            order: visited.order.clone(),
            before,
            cells: Vec::new(),
            radii,
            fan,
            items,
            chains: Vec::new(),
            squeezed: 0.0,
            bending: 0.0,
        };
        for (rank, &leaf) in visited.order.iter().enumerate() {
            rings.add_chain(rank, &leaves[leaf], tree, &visited);
        }
        rings.fill(leaves, shields, tree, &visited);
        rings
    }

    /// Width of all flows in a cell.
    pub(crate) fn width(&self, cell: usize) -> f64 {
        let (a, b) = self.cells[cell].leaves;
        self.before[b] - self.before[a]
    }

    /// Width that the flows in a cell cover: theirs together, or that of one of them that is drawn wider, so that it can be seen.
    pub(crate) fn covered(&self, cell: usize) -> f64 {
        self.width(cell).max(self.cells[cell].drawn)
    }

    /// The share of a leaf in the width of a cell.
    pub(crate) fn share_of(&self, rank: usize, cell: usize) -> f64 {
        (self.before[rank + 1] - self.before[rank]) / self.width(cell)
    }

    /// Width of all flows.
    pub(crate) fn total(&self) -> f64 {
        self.before[self.order.len()]
    }

    /// Where the middle of some neighbouring leaves lies in a cell that holds them: -1 at its first edge, 1 at its last.
    pub(crate) fn share(&self, (a, b): (usize, usize), cell: usize) -> f64 {
        self.share_between((self.before[a], self.before[b]), cell)
    }

    /// The same of what lies between two widths, counted from the first leaf in the order.
    fn share_between(&self, (a, b): (f64, f64), cell: usize) -> f64 {
        let (from, to) = self.cells[cell].leaves;
        (a + b - self.before[from] - self.before[to]) / (self.before[to] - self.before[from])
    }

    /// The angle of the middle of a strand that takes the part between two shares of a leaf's width, which run from 0 to 1. Strands of
    /// one leaf stay as far apart at its place as they are before it.
    pub(crate) fn angle_within(&self, rank: usize, (a, b): (f64, f64), k: usize) -> f64 {
        let (before, width) = (self.before[rank], self.before[rank + 1] - self.before[rank]);
        let part = |share: f64| if share < 1.0 { before + share * width } else { self.before[rank + 1] };
        let cell = &self.cells[k];
        let half = if cell.place { width / 2.0 / cell.radius } else { cell.half };
        cell.angle + half * self.share_between((part(a), part(b)), k)
    }

    /// The angle of the middle of some neighbouring leaves in a cell that holds them.
    pub(crate) fn angle_of(&self, leaves: (usize, usize), cell: usize) -> f64 {
        self.cells[cell].angle + self.cells[cell].half * self.share(leaves, cell)
    }

    /// The angle of a leaf's strand at a radius, or at its outermost ring.
    pub(crate) fn strand_at(&self, rank: usize, radius: f64) -> f64 {
        let chain = &self.chains[rank];
        let next = self.radii.partition_point(|r| *r < radius).min(chain.len().saturating_sub(2));
        let [(r, a), (s, b)] = [next.saturating_sub(1), next].map(|ring| {
            let cell = chain[ring];
            (self.cells[cell].radius, self.angle_of((rank, rank + 1), cell))
        });
        a + (b - a) * ((radius - r) / (s - r).max(1e-12)).clamp(0.0, 1.0)
    }

    /// The line between two strands of a leaf, which part at a share of its width, as radius and angle from the innermost ring.
    pub(crate) fn seam_within(&self, rank: usize, share: f64) -> Vec<(f64, f64)> {
        let on_ring = |&k: &usize| (self.cells[k].radius, self.angle_within(rank, (share, share), k));
        self.chains[rank].iter().map(on_ring).collect()
    }

    /// The line between a leaf and the next one in the order on their common way, as radius and angle from the innermost ring.
    pub(crate) fn seam(&self, rank: usize) -> Vec<(f64, f64)> {
        let common = self.chains[rank].iter().zip(&self.chains[rank + 1]).take_while(|(a, b)| a == b);
        let on_ring = |(&k, _): (&usize, &usize)| {
            let cell = &self.cells[k];
            (cell.radius, cell.angle + cell.half * self.share((rank + 1, rank + 1), k))
        };
        common.map(on_ring).collect()
    }

    /// Adds the cells of a leaf; where its branch is that of the leaf before it, they share theirs.
    fn add_chain(&mut self, rank: usize, leaf: &Leaf, tree: &SpiralTree, visited: &Visited) {
        let mut chain = Vec::new();
        for (ring, (knot, angle)) in visited.course(self.order[rank], tree, &self.radii).into_iter().enumerate() {
            let shared = rank.checked_sub(1).and_then(|r| self.chains[r].get(ring)).copied();
            let shared = shared.filter(|&cell| self.cells[cell].knot == knot && !self.cells[cell].place);
            let cell = shared.unwrap_or(self.cells.len());
            if shared.is_some() {
                let cell = &mut self.cells[cell];
                (cell.leaves.1, cell.drawn) = (rank + 1, cell.drawn.max(leaf.drawn));
            } else {
                self.add_cell(&chain, (rank, knot, leaf.drawn), self.radii[ring], angle);
            }
            chain.push(cell);
        }
        let knot = self.order[rank];
        self.add_cell(&chain, (rank, knot, leaf.drawn), leaf.radius, visited.angle[knot]);
        chain.push(self.cells.len() - 1);
        self.cells[chain[chain.len() - 1]].place = true;
        self.chains.push(chain);
    }

    fn add_cell(&mut self, chain: &[usize], (rank, knot, drawn): (usize, usize, f64), radius: f64, angle: f64) {
        let inner = chain.last().copied();
        let leaves = (rank, rank + 1);
        let log_radius = libm::log(radius);
        self.cells.push(Cell { inner, leaves, radius, log_radius, angle, half: 0.0, drawn, place: false, knot });
    }

    /// Puts cells and shields on their rings, in order.
    fn fill(&mut self, leaves: &[Leaf], shields: &[Shield], tree: &SpiralTree, visited: &Visited) {
        let mut found: Vec<Vec<(f64, Item)>> = vec![Vec::new(); self.radii.len()];
        for (rank, chain) in self.chains.iter().enumerate() {
            let (place, on_rings) = chain.split_last().expect("every leaf has its place");
            for (ring, &cell) in on_rings.iter().enumerate().filter(|(_, cell)| self.cells[**cell].leaves.0 == rank) {
                found[ring].push((rank as f64, Item::Cell(cell)));
            }
            let Leaf { radius, room, .. } = leaves[self.order[rank]];
            for (ring, half) in self.shaded(radius, room).filter(|(ring, _)| *ring >= on_rings.len()) {
                found[ring].push((rank as f64, Item::Shield { angle: self.cells[*place].angle, half, place: rank }));
            }
        }
        for (k, (shield, after)) in shields.iter().zip(&tree.after).enumerate() {
            let Some(knot) = *after else { continue };
            let turn = (shield.angle - visited.angle[knot] + BACK).rem_euclid(TAU) - BACK;
            let angle = visited.angle[knot] + turn;
            for (ring, half) in self.shaded(shield.radius, shield.room) {
                let end = visited.end[knot];
                if !self.is_inside(end, ring) {
                    found[ring].push((end as f64 - 0.5, Item::Shield { angle, half, place: leaves.len() + k }));
                }
            }
        }
        for (items, mut found) in self.items.iter_mut().zip(found) {
            found.sort_by(|a, b| a.0.total_cmp(&b.0));
            *items = found.into_iter().map(|(_, item)| item).collect();
        }
    }

    /// True where a branch on a ring holds both the leaf before a position in the order and the leaf there.
    fn is_inside(&self, position: usize, ring: usize) -> bool {
        let cell = |rank: usize| self.chains.get(rank).and_then(|chain| chain[..chain.len() - 1].get(ring));
        position > 0 && cell(position - 1).is_some_and(|before| cell(position) == Some(before))
    }

    /// The rings that come near a place, with half the angle of its room there.
    fn shaded(&self, radius: f64, room: f64) -> impl Iterator<Item = (usize, f64)> + use<'_> {
        let next = self.radii.partition_point(|r| *r < radius).clamp(1, self.radii.len() - 1);
        let step = NEAREST * (self.radii[next] - self.radii[next - 1]);
        let from = self.radii.partition_point(|r| *r <= radius - room - step);
        let near = self.radii.iter().enumerate().skip(from).take_while(move |(_, r)| **r < radius + room + step);
        near.map(move |(ring, r)| {
            let aside = ((r - radius).abs() - step).max(0.0);
            (ring, (room * room - aside * aside).max(0.0).sqrt() / r)
        })
    }
}

/// What is known of the knots once all have been visited from the root.
struct Visited {
    /// The leaves in order.
    order: Vec<usize>,
    /// Per knot the position in the order after the last leaf behind it.
    end: Vec<usize>,
    /// Per knot its unwrapped angle.
    angle: Vec<f64>,
    /// Per knot the next one towards the root.
    parent: Vec<Option<usize>>,
}

impl Visited {
    fn all(tree: &SpiralTree) -> Visited {
        let count = tree.knots.len();
        let mut visited =
            Visited { order: Vec::new(), end: vec![0; count], angle: vec![0.0; count], parent: vec![None; count] };
        for &trunk in &tree.trunks {
            visited.angle[trunk] = tree.knots[trunk].angle;
        }
        let mut waiting: Vec<usize> = tree.trunks.iter().rev().copied().collect();
        let mut met = Vec::with_capacity(count);
        while let Some(knot) = waiting.pop() {
            met.push(knot);
            if tree.knots[knot].children.is_empty() {
                visited.order.push(knot);
                visited.end[knot] = visited.order.len();
            }
            for &child in tree.knots[knot].children.iter().rev() {
                visited.parent[child] = Some(knot);
                visited.angle[child] = visited.angle[knot] + signed(tree.knots[child].angle - tree.knots[knot].angle);
                waiting.push(child);
            }
        }
        for &knot in met.iter().rev() {
            if let Some(parent) = visited.parent[knot] {
                visited.end[parent] = visited.end[parent].max(visited.end[knot]);
            }
        }
        visited
    }

    /// The knot at the outer end of a leaf's branch and the branch's angle, on each ring from the innermost that lies clearly within
    /// the leaf.
    fn course(&self, leaf: usize, tree: &SpiralTree, radii: &[f64]) -> Vec<(usize, f64)> {
        let radius = |knot: usize| tree.knots[knot].radius;
        let mut knot = leaf;
        let count = radii.partition_point(|r| *r < radius(leaf));
        // A ring that the leaf almost touches would bend its branch sharply.
        let close = count > 1 && radius(leaf) - radii[count - 1] < CLOSE * (radii[count - 1] - radii[count - 2]);
        let mut course = Vec::with_capacity(count);
        for &r in radii[..if close { count - 1 } else { count }].iter().rev() {
            while let Some(parent) = self.parent[knot].filter(|&p| r <= radius(p)) {
                knot = parent;
            }
            let share = |p: usize| libm::log(radius(knot) / r) / libm::log(radius(knot) / radius(p)).max(1e-12);
            let turned = |p: usize| share(p).clamp(0.0, 1.0) * (self.angle[p] - self.angle[knot]);
            course.push((knot, self.angle[knot] + self.parent[knot].map_or(0.0, turned)));
        }
        course.reverse();
        course
    }
}
