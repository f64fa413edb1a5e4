//! Bends the branches of a tree as little as their places and neighbours allow.
//!
//! The bending of a strand is the change of its direction per unit of the logarithm of the radius, so that branches bend alike at every
//! distance from the root. Its sum over all strands is a convex function of the angles of the cells, and the order of cells on each
//! ring is a convex constraint; we minimise ring by ring, first on few rings, then on more and more of them. No move ever
//! changes the order on a ring, so that no two strands cross.

use flowatlas_model::planar::narrowing;

use crate::packing::{Branch, Post, pack_around, pack_between};
use crate::rings::{Item, Rings};
use crate::spirals::{Crowd, Leaf, Shield, SpiralTree};

/// Share of all rings of each pass, and how often it visits them. Few rings straighten long trunks, many round what is left.
const PASSES: [(f64, usize); 4] = [(0.125, 30), (0.25, 20), (0.5, 16), (1.0, 12)];
/// Largest ratio of the radii of neighbouring rings in the last pass, less 1.
const STEP: f64 = 0.035;
/// Smallest and largest distance of neighbouring rings there, in distances of the farthest leaf.
const STEPS: [f64; 2] = [1.0 / 500.0, 1.0 / 80.0];
/// Factor by which a move overshoots, which speeds up convergence (successive over-relaxation).
const OVERSHOOT: f64 = 1.5;
/// Largest tangent of the angle between a branch and its ray for which widths are made up for, while it bends and at last.
const STEEPEST: [f64; 2] = [0.7, 3.0];
/// Rounds in which branches take their true widths.
const TRUE_ROUNDS: usize = 2;
/// Share of its room that a place keeps at least.
const DRY: f64 = 0.7;
/// Weight of a branch without width, in widths of all flows: it keeps thin branches from being pushed at no cost.
const HAIR: f64 = 0.01;

/// The tree on rings, bent as little as possible: with true widths, and as it was before branches took them. Strands close up towards the
/// root within the radius `fan`. With `fine` below 1 only the passes up to that share of the rings are made.
pub(crate) fn relaxed(
    leaves: &[Leaf],
    shields: &[Shield],
    tree: &SpiralTree,
    (fan, crowd, fine): (f64, Crowd, f64),
) -> [Rings; 2] {
    let mut last: Option<Relaxation> = None;
    for (share, rounds) in PASSES.into_iter().filter(|(share, _)| *share <= fine) {
        let rings = Rings::new(leaves, shields, tree, (radii(leaves, fan, share), fan));
        let mut next = Relaxation::new(leaves, rings);
        next.flood(shields, crowd, &tree.seated);
        if let Some(coarse) = &last {
            next.follow(&coarse.rings);
        }
        for round in 0..rounds {
            if round % 4 == 0 {
                next.widen();
            }
            next.visit(if round + 2 < rounds { OVERSHOOT } else { 1.0 });
        }
        last = Some(next);
    }
    let mut last = last.expect("there are passes");
    last.rings.bending = last.bending();
    let bent = last.rings.clone();
    last.true_widths();
    [last.rings, bent]
}

/// Radii of rings, a share of those of the last pass.
fn radii(leaves: &[Leaf], fan: f64, share: f64) -> Vec<f64> {
    let nearest = leaves.iter().map(|l| l.radius).fold(f64::INFINITY, f64::min);
    let farthest = leaves.iter().map(|l| l.radius).fold(0.0, f64::max);
    let mut radii = vec![(0.4 * fan).min(0.5 * nearest).max(1e-4 * farthest)];
    while radii[radii.len() - 1] < farthest {
        let last = radii[radii.len() - 1];
        radii.push(last + (STEP * last).clamp(STEPS[0] * farthest, STEPS[1] * farthest) / share);
    }
    radii
}

/// The bending of the strands of a cell `outer` between the two cells within it: the sum of `factors` times where they lie in the cells.
struct Bend {
    cells: [usize; 3],
    factors: [f64; 3],
    /// Where the strands' middle lies in each cell: -1 at its first edge, 1 at its last.
    shares: [f64; 3],
    weight: f64,
}

struct Relaxation<'a> {
    leaves: &'a [Leaf],
    rings: Rings,
    bends: Vec<Bend>,
    /// Per cell the bends that it takes part in, and as which of the three.
    parts: Vec<Vec<(usize, usize)>>,
    /// Per cell half the width that it needs, in radians.
    needs: Vec<f64>,
    /// Per cell half the width of its flows alone, in radians.
    least: Vec<f64>,
    /// Per place, leaves first: true where branches are too wide to pass it and run over it.
    flooded: Vec<bool>,
    /// Per place, leaves first: true where trunks part around it, however little room there is.
    seated: Vec<bool>,
}

impl<'a> Relaxation<'a> {
    fn new(leaves: &'a [Leaf], rings: Rings) -> Relaxation<'a> {
        let bends: Vec<Bend> = (0..rings.cells.len()).filter_map(|cell| bend(&rings, cell)).collect();
        let mut parts = vec![Vec::new(); rings.cells.len()];
        for (k, bend) in bends.iter().enumerate() {
            for (role, &cell) in bend.cells.iter().enumerate() {
                parts[cell].push((k, role));
            }
        }
        let (needs, least) = (vec![0.0; rings.cells.len()], vec![0.0; rings.cells.len()]);
        Relaxation { leaves, rings, bends, parts, needs, least, flooded: Vec::new(), seated: Vec::new() }
    }

    /// Takes the angles of a coarser pass.
    fn follow(&mut self, coarse: &Rings) {
        for (rank, chain) in self.rings.chains.iter().enumerate() {
            let course: Vec<(f64, f64)> = coarse.chains[rank]
                .iter()
                .map(|&c| (coarse.cells[c].log_radius, coarse.angle_of((rank, rank + 1), c)))
                .collect();
            for &cell in &chain[..chain.len() - 1] {
                let own = &self.rings.cells[cell];
                let (weight, at) = (self.rings.share_of(rank, cell), between(&course, own.log_radius));
                let own = &mut self.rings.cells[cell];
                own.angle = if own.leaves.0 == rank { weight * at } else { own.angle + weight * at };
            }
        }
    }

    /// Sets what each cell needs for its width, which takes more of a ring where the branch crosses it at a slant.
    fn widen(&mut self) {
        let slopes = self.slopes();
        for (cell, slope) in slopes.into_iter().enumerate() {
            let own = &self.rings.cells[cell];
            let radius = own.radius;
            let mut half = aslant(slope, STEEPEST[0]) * self.rings.covered(cell) / 2.0;
            if own.leaves.1 == own.leaves.0 + 1 && !self.flooded[own.leaves.0] {
                half = half.max(self.leaves[self.rings.order[own.leaves.0]].need(radius));
            }
            self.least[cell] = aslant(slope, STEEPEST[0]) * self.rings.covered(cell) / 2.0
                * narrowing(radius / self.rings.fan)
                / radius;
            self.needs[cell] = half * narrowing(radius / self.rings.fan) / radius;
            if own.place {
                self.rings.cells[cell].half = self.needs[cell];
            }
        }
    }

    /// Gives every branch the width of its flows, measured across it, and moves its neighbours aside as far as that takes.
    fn true_widths(&mut self) {
        for _ in 0..TRUE_ROUNDS {
            for (cell, slope) in self.slopes().into_iter().enumerate() {
                let radius = self.rings.cells[cell].radius;
                let width = aslant(slope, STEEPEST[1]) * self.rings.covered(cell) * narrowing(radius / self.rings.fan);
                self.rings.cells[cell].half = width / 2.0 / radius;
            }
            self.needs = self.rings.cells.iter().map(|cell| cell.half).collect();
            self.least.clone_from(&self.needs);
            for ring in 0..self.rings.radii.len() {
                self.settle(ring, 0.0);
            }
        }
        // Strands lie in the middle of what they cover.
        for cell in 0..self.rings.cells.len() {
            self.rings.cells[cell].half *= self.rings.width(cell) / self.rings.covered(cell);
        }
    }

    /// Gives up the places between which branches are too wide to pass, as few as possible on each ring.
    fn flood(&mut self, shields: &[Shield], crowd: Crowd, seated: &[bool]) {
        let order = &self.rings.order;
        let of_leaves = order.iter().map(|&leaf| self.leaves[leaf].radius);
        self.flooded = of_leaves.chain(shields.iter().map(|s| s.radius)).map(|radius| radius < crowd.radius).collect();
        self.seated = order.iter().map(|&leaf| seated[leaf]).chain(shields.iter().map(|_| false)).collect();
        let (flooded, seated) = (&self.flooded, &self.seated);
        for items in &mut self.rings.items {
            let over = |place: usize| crowd.over && flooded[place] && !seated[place];
            items.retain(|item| !matches!(item, Item::Shield { place, .. } if over(*place)));
            for item in items {
                match item {
                    Item::Shield { half, place, .. } if flooded[*place] || seated[*place] => *half = 0.0,
                    _ => {}
                }
            }
        }
        for ring in 0..self.rings.radii.len() {
            while let Some(place) = self.drowning(ring) {
                self.flooded[place] = true;
                for items in &mut self.rings.items {
                    items.retain(|item| !matches!(item, Item::Shield { place: p, .. } if *p == place));
                }
            }
        }
    }

    /// The place on a ring next to the narrowest gap that is too narrow for the branches in it: the one of the two that has the less room
    /// on its other side.
    fn drowning(&self, ring: usize) -> Option<usize> {
        let items = &self.rings.items[ring];
        let is_post = |item: &Item| matches!(item, Item::Shield { place, .. } if !self.seated[*place]);
        let posts: Vec<usize> = (0..items.len()).filter(|&k| is_post(&items[k])).collect();
        let count = posts.len();
        let lack = |p: usize| {
            let (a, b) = (posts[p], posts[(p + 1) % count]);
            let (Item::Shield { angle: from, half: f, .. }, Item::Shield { angle: to, half: t, .. }) =
                (items[a], items[b])
            else {
                return 0.0;
            };
            let turn = if p + 1 == count { std::f64::consts::TAU } else { 0.0 };
            let between = (a + 1..if p + 1 == count { b + items.len() } else { b }).map(|k| items[k % items.len()]);
            let needed: f64 = between.map(|item| self.least(item)).sum();
            if needed > 0.0 { needed + DRY * (f + t) - (to + turn - from) } else { 0.0 }
        };
        let worst =
            (0..count).map(|p| (p, lack(p))).filter(|l| l.1 > 0.0).reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let (before, after) = ((worst.0 + count - 1) % count, (worst.0 + 1) % count);
        let post = if lack(before) > lack(after) { posts[worst.0] } else { posts[after] };
        match items[post] {
            Item::Shield { place, .. } => Some(place),
            Item::Cell(_) => None,
        }
    }

    /// The angle that a branch takes on a ring where it crosses it straight.
    fn least(&self, item: Item) -> f64 {
        let Item::Cell(cell) = item else { return 0.0 };
        let radius = self.rings.cells[cell].radius;
        self.rings.covered(cell) * narrowing(radius / self.rings.fan) / radius
    }

    /// Tangent of the angle between each branch and its ray, over the cells on both sides.
    fn slopes(&self) -> Vec<f64> {
        let cells = &self.rings.cells;
        let mut sums = vec![(0.0, 0.0); cells.len()];
        for (k, cell) in cells.iter().enumerate() {
            let Some(inner) = cell.inner else { continue };
            let weight = self.rings.width(k);
            let turn = weight * (cell.angle - self.rings.angle_of(cell.leaves, inner));
            let way = weight * (cell.log_radius - cells[inner].log_radius);
            for end in [k, inner] {
                sums[end] = (sums[end].0 + turn, sums[end].1 + way);
            }
        }
        sums.into_iter().map(|(turn, way)| if way > 0.0 { turn / way } else { 0.0 }).collect()
    }

    /// Moves the cells of all rings once.
    fn visit(&mut self, overshoot: f64) {
        self.rings.squeezed = 0.0;
        for ring in 0..self.rings.radii.len() {
            self.settle(ring, overshoot);
        }
        self.rings.squeezed /= self.rings.cells.len() as f64;
    }

    /// Moves the cells of one ring to where the rings within and without want them, as far as they do not overlap.
    fn settle(&mut self, ring: usize, overshoot: f64) {
        let items = std::mem::take(&mut self.rings.items[ring]);
        let posts: Vec<usize> = (0..items.len()).filter(|&k| matches!(items[k], Item::Shield { .. })).collect();
        let post = |k: usize| match items[k] {
            Item::Shield { angle, half, .. } => (angle, half),
            Item::Cell(_) => unreachable!("only shields are posts"),
        };
        if posts.is_empty() {
            let mut branches = self.branches(&items, overshoot);
            if !branches.is_empty() {
                pack_around(&mut branches);
            }
            self.take(&branches);
        }
        for (p, &from) in posts.iter().enumerate() {
            let turn = std::f64::consts::TAU;
            if p + 1 < posts.len() {
                let to = posts[p + 1];
                self.fill(&items[from + 1..to], (post(from), post(to)), (0.0, overshoot), 0);
            } else {
                let to = posts[0];
                let wrapped: Vec<Item> = items[from + 1..].iter().chain(&items[..to]).copied().collect();
                let end = post(to);
                self.fill(&wrapped, (post(from), (end.0 + turn, end.1)), (turn, overshoot), items.len() - from - 1);
            }
        }
        self.rings.items[ring] = items;
    }

    /// Packs the cells between two posts; those from `wrapped` on are taken a turn on.
    fn fill(&mut self, items: &[Item], (from, to): (Post, Post), (turn, overshoot): (f64, f64), wrapped: usize) {
        if items.is_empty() {
            return;
        }
        let mut branches = self.branches(items, overshoot);
        branches.iter_mut().skip(wrapped).for_each(|b| b.at += turn);
        pack_between(&mut branches, from, to);
        branches.iter_mut().skip(wrapped).for_each(|b| b.at -= turn);
        self.take(&branches);
    }

    fn take(&mut self, branches: &[Branch]) {
        for b in branches {
            if b.half < 0.999 * self.needs[b.cell] {
                self.rings.squeezed += 1.0;
            }
            (self.rings.cells[b.cell].angle, self.rings.cells[b.cell].half) = (b.at, b.half);
        }
    }

    /// The cells among some items, where the rings around want them.
    fn branches(&self, items: &[Item], overshoot: f64) -> Vec<Branch> {
        let cells = items.iter().filter_map(|item| match item {
            Item::Cell(cell) => Some(*cell),
            Item::Shield { .. } => None,
        });
        let branch = |cell: usize| {
            let at = self.rings.cells[cell].angle;
            let (wanted, weight) = self.wanted(cell);
            Branch { cell, at: at + overshoot * (wanted - at), half: self.needs[cell], least: self.least[cell], weight }
        };
        cells.map(branch).collect()
    }

    /// The angle of least bending for a cell, all others kept, and how much a move away from it costs.
    fn wanted(&self, cell: usize) -> (f64, f64) {
        let own = self.rings.cells[cell].angle;
        let (mut sum, mut weight) = (0.0, 0.0);
        for &(k, role) in &self.parts[cell] {
            let bend = &self.bends[k];
            let factor = bend.factors[role];
            sum += bend.weight * factor * self.value(bend);
            weight += bend.weight * factor * factor;
        }
        if weight > 0.0 { (own - sum / weight, weight) } else { (own, 1.0) }
    }

    fn bending(&self) -> f64 {
        let of = |bend: &Bend| {
            let value = self.value(bend);
            bend.weight * value * value
        };
        self.bends.iter().map(of).sum::<f64>() / (1.0 + HAIR * self.rings.order.len() as f64)
    }

    fn value(&self, bend: &Bend) -> f64 {
        let at = |k: usize| {
            let cell = &self.rings.cells[bend.cells[k]];
            cell.angle + bend.shares[k] * cell.half
        };
        bend.factors[0] * at(0) + bend.factors[1] * at(1) + bend.factors[2] * at(2)
    }
}

/// How much more of a ring a branch takes than its width, where the angle between it and its ray has this tangent.
fn aslant(slope: f64, steepest: f64) -> f64 {
    let slope = slope.clamp(-steepest, steepest);
    (1.0 + slope * slope).sqrt()
}

/// The bending at the cell within a cell. It is measured from a straight line: one that crosses its rays at a small angle
/// crosses them at an angle that falls with the radius. Where there is no second cell within, from the ray to the root.
fn bend(rings: &Rings, outer: usize) -> Option<Bend> {
    let own = &rings.cells[outer];
    let middle = own.inner?;
    let weight = rings.width(outer) / rings.total() + HAIR;
    let at = |cell: usize| rings.cells[cell].log_radius;
    let beyond = at(outer) - at(middle);
    let share = |cell: usize| rings.share(own.leaves, cell);
    let Some(inner) = rings.cells[middle].inner else {
        let factor = 2.0 / (beyond * beyond);
        let factors = [0.0, -factor, factor];
        return Some(Bend {
            cells: [middle, middle, outer],
            factors,
            shares: [0.0, share(middle), 0.0],
            weight: weight * beyond,
        });
    };
    let within = at(middle) - at(inner);
    let span = within + beyond;
    let factors = [2.0 / (within * span) - 1.0 / span, -2.0 / (within * beyond), 2.0 / (beyond * span) + 1.0 / span];
    let shares = [share(inner), share(middle), 0.0];
    Some(Bend { cells: [inner, middle, outer], factors, shares, weight: weight * span / 2.0 })
}

/// The value of a line through points of growing x; beyond its ends that of the end.
fn between(points: &[(f64, f64)], x: f64) -> f64 {
    let next = points.partition_point(|p| p.0 < x);
    if next == 0 {
        return points[0].1;
    }
    let Some(&(b, to)) = points.get(next) else { return points[points.len() - 1].1 };
    let (a, from) = points[next - 1];
    from + (to - from) * (x - a) / (b - a)
}
