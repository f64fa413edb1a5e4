//! Seats places that trunks run over between the strands of the trunk: it parts in two there, and no strand crosses another to reach
//! the place.

use crate::rings::Rings;
use crate::spirals::{Knot, Leaf, SLIMMEST, SpiralTree, signed};

/// Moves every place that strands of others separate from its own strand to where it lies among them, from the outermost inwards.
/// True where there was one.
pub(crate) fn seat(tree: &mut SpiralTree, leaves: &[Leaf], rings: &Rings) -> bool {
    let mut ranks: Vec<usize> = (0..rings.order.len()).collect();
    ranks.sort_by(|&a, &b| leaves[rings.order[b]].radius.total_cmp(&leaves[rings.order[a]].radius).then(a.cmp(&b)));
    let mut moved = false;
    for rank in ranks {
        if let Some(between) = misplaced(leaves, rings, rank) {
            tree.reseat(rings.order[rank], between.map(|rank| rings.order[rank]));
            moved = true;
        }
    }
    if moved {
        tree.weigh();
    }
    moved
}

/// The ranks of the strands on both sides of a place, where they are not the ones next to it in the order.
fn misplaced(leaves: &[Leaf], rings: &Rings, rank: usize) -> Option<[usize; 2]> {
    let radius = leaves[rings.order[rank]].radius;
    let place = rings.cells[*rings.chains[rank].last()?].angle;
    let count = rings.order.len();
    let passing: Vec<(usize, f64)> = (1..count)
        .map(|k| (rank + k) % count)
        .filter(|&k| leaves[rings.order[k]].radius > radius)
        .map(|k| (k, signed(rings.strand_at(k, radius) - place)))
        .collect();
    // From the place on in growing order; those that lie before it come last.
    let (next, previous) = (passing.first()?, passing.last()?);
    if passing.len() < 3 || (previous.1 < 0.0 && next.1 > 0.0) {
        return None;
    }
    let after = passing.iter().filter(|p| p.1 > 0.0).min_by(|a, b| a.1.total_cmp(&b.1))?;
    let before = passing.iter().filter(|p| p.1 <= 0.0).max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some([before.0, after.0])
}

impl SpiralTree {
    /// Moves a leaf between two others. Joins outside its own that hold both are parted.
    fn reseat(&mut self, leaf: usize, [before, after]: [usize; 2]) {
        self.detach(leaf);
        self.seated[leaf] = true;
        let parents = self.parents();
        let (mut own, other) = (path(&parents, before), path(&parents, after));
        let Some(mut at) = own.iter().position(|knot| other.contains(knot)) else {
            let trunk = own.last().and_then(|t| self.trunks.iter().position(|k| k == t));
            if let Some(trunk) = trunk {
                self.turn_towards(leaf, self.trunks[trunk]);
            }
            self.trunks.insert(trunk.map_or(0, |t| t + 1), leaf);
            return;
        };
        // Where strands lie in another order than their leaves, the cut is behind the one that comes first.
        let turn = other.iter().position(|k| *k == own[at]).unwrap_or(0);
        let place = |k: usize| self.knots[own[at]].children.iter().position(|&c| c == k);
        if place(other[turn - 1]) < place(own[at - 1]) {
            (own, at) = (other, turn);
        }
        let free = self.knots[leaf].free;
        let outer = own[at..].iter().take_while(|&&k| self.knots[k].radius >= free).count();
        if outer == 0 {
            let children = &mut self.knots[own[at]].children;
            let place = children.iter().position(|&k| k == own[at - 1]).map_or(0, |p| p + 1);
            children.insert(place, leaf);
            return;
        }
        let mut left = self.parted(own[at], own[at - 1], None);
        for pair in own[at..at + outer].windows(2) {
            left = self.parted(pair[1], pair[0], Some(left));
        }
        let top = own[at + outer - 1];
        self.replace(parents[top], top, vec![left, leaf, top]);
    }

    /// Parts a knot behind one of its children, or through it where the child's left part is given. The knot keeps what lies right;
    /// the new one is what lies left.
    fn parted(&mut self, knot: usize, child: usize, left: Option<usize>) -> usize {
        let children = &self.knots[knot].children;
        let at = children.iter().position(|&k| k == child).unwrap_or(0);
        let right = children[at + usize::from(left.is_none())..].to_vec();
        let mut kept = children[..at].to_vec();
        kept.push(left.unwrap_or(child));
        let width = |of: &[usize]| of.iter().map(|&k| self.knots[k].width).sum::<f64>();
        let (l, r) = (width(&kept), width(&right));
        let own = &self.knots[knot];
        let parts = [(kept, l, -r), (right, r, l)].map(|(children, width, aside)| Knot {
            angle: own.angle + aside / 2.0 / own.radius,
            width,
            children,
            ..own.clone()
        });
        let [left, right] = parts;
        self.knots[knot] = right;
        self.knots.push(left);
        self.knots.len() - 1
    }

    /// Puts three branches in the place of one, joined where they are narrow enough for that.
    fn replace(&mut self, parent: Option<usize>, knot: usize, branches: Vec<usize>) {
        self.turn_towards(branches[1], branches[2]);
        let leaf = &self.knots[branches[1]];
        let width: f64 = branches.iter().map(|&k| self.knots[k].width).sum();
        let (radius, angle) = (leaf.free, leaf.angle);
        let within = parent.map_or(0.0, |p| self.knots[p].radius);
        let joined = radius > within && radius > SLIMMEST * width;
        let branches = if joined {
            self.knots.push(Knot { radius, angle, width, children: branches, ..leaf.clone() });
            vec![self.knots.len() - 1]
        } else {
            branches
        };
        let list = parent.map_or(&mut self.trunks, |p| &mut self.knots[p].children);
        let at = list.iter().position(|&k| k == knot).unwrap_or(0);
        list.splice(at..=at, branches);
    }

    /// Counts the angle of a knot in the same turn as that of another: those of trunks grow around the root.
    fn turn_towards(&mut self, knot: usize, other: usize) {
        let from = self.knots[other].angle;
        self.knots[knot].angle = from + signed(self.knots[knot].angle - from);
    }

    /// Takes a leaf off the tree, with the steps aside that only it made.
    fn detach(&mut self, leaf: usize) {
        let parents = self.parents();
        let mut gone = leaf;
        while let Some(parent) = parents[gone] {
            self.knots[parent].children.retain(|&k| k != gone);
            if !self.knots[parent].children.is_empty() {
                return;
            }
            gone = parent;
        }
        self.trunks.retain(|&k| k != gone);
    }

    fn parents(&self) -> Vec<Option<usize>> {
        let mut parents = vec![None; self.knots.len()];
        for (k, knot) in self.knots.iter().enumerate() {
            knot.children.iter().for_each(|&child| parents[child] = Some(k));
        }
        parents
    }

    /// Gives every knot the width of what lies behind it.
    fn weigh(&mut self) {
        let parents = self.parents();
        let leaves = self.seated.len();
        let widths: Vec<f64> = self.knots[..leaves].iter().map(|k| k.width).collect();
        self.knots[leaves..].iter_mut().for_each(|k| k.width = 0.0);
        for (leaf, width) in widths.into_iter().enumerate() {
            path(&parents, leaf)[1..].iter().for_each(|&k| self.knots[k].width += width);
        }
    }
}

/// A knot and those between it and the root.
fn path(parents: &[Option<usize>], knot: usize) -> Vec<usize> {
    std::iter::successors(Some(knot), |&k| parents[k]).collect()
}
