//! The search for communities on one level: places, or groups of places merged into one node each.

use std::{borrow::Cow, collections::VecDeque};

use flowatlas_model::PlaceIndex;

use crate::{
    random::scattered,
    rows::{Frozen, partners},
};

/// A gain below this share of the total is rounding.
const LEAST_GAIN: f64 = 1e-12;

/// Rounds that gain less modularity than this are not worth another one.
const LEAST_ROUND: f64 = 1e-3;

/// A graph as far as modularity reads it.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// Where in `near` the row of each node starts, and where the last one ends.
    starts: Vec<usize>,
    /// The other nodes that each node exchanges with, ascending.
    near: Vec<u32>,
    /// The weight of both directions together, of each of `near`.
    weights: Vec<f64>,
    /// What leaves and arrives at the places of each node.
    ends: Vec<Ends>,
    total: f64,
}

/// Weights that leave and arrive.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    out: f64,
    into: f64,
}

impl Ends {
    fn change(&mut self, by: Ends, sign: f64) {
        self.out += sign * by.out;
        self.into += sign * by.into;
    }
}

impl Level {
    /// Returns the level of single places; node `i` is the place `order[i]`.
    pub(crate) fn of(graph: &Frozen, order: &[PlaceIndex]) -> Level {
        let mut rank = vec![0; order.len()];
        for (k, place) in order.iter().enumerate() {
            rank[place.index()] = k as u32;
        }
        let mut level = Level::empty(order.len());
        let mut row = Vec::new();
        for (node, place) in order.iter().enumerate() {
            for pair in partners(&graph.out, &graph.into, place.index()) {
                row.push((rank[pair.place as usize], pair.to + pair.from));
                level.ends[node].change(Ends { out: pair.to, into: pair.from }, 1.0);
            }
            row.sort_unstable_by_key(|(other, _)| *other);
            level.end_row(row.drain(..));
        }
        level.total = level.ends.iter().map(|ends| ends.out).sum();
        level
    }

    fn empty(nodes: usize) -> Level {
        Level { starts: vec![0], near: Vec::new(), weights: Vec::new(), ends: vec![Ends::default(); nodes], total: 0.0 }
    }

    /// Adds the row of the next node.
    fn end_row(&mut self, row: impl Iterator<Item = (u32, f64)>) {
        for (other, weight) in row {
            self.near.push(other);
            self.weights.push(weight);
        }
        self.starts.push(self.near.len());
    }

    fn nodes(&self) -> usize {
        self.ends.len()
    }

    /// Returns the other nodes that a node exchanges with.
    fn near(&self, node: usize) -> &[u32] {
        &self.near[self.starts[node]..self.starts[node + 1]]
    }

    /// Returns them with the weights.
    fn row(&self, node: usize) -> impl Iterator<Item = (u32, f64)> {
        let weights = &self.weights[self.starts[node]..self.starts[node + 1]];
        self.near(node).iter().copied().zip(weights.iter().copied())
    }

    /// Returns what leaves and arrives at each community.
    fn sums(&self, of: &[u32]) -> Vec<Ends> {
        let mut sums = vec![Ends::default(); self.nodes()];
        for (ends, community) in self.ends.iter().zip(of) {
            sums[*community as usize].change(*ends, 1.0);
        }
        sums
    }

    /// Returns the directed modularity of a partition; labels are below the number of nodes.
    fn modularity(&self, of: &[u32]) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        // Nothing is added rather than skipped: no branch to be guessed.
        let shared = |node: usize| -> f64 {
            self.row(node).map(|(other, weight)| if of[other as usize] == of[node] { weight } else { 0.0 }).sum()
        };
        // Both directions stand in the rows of both ends.
        let inside = (0..self.nodes()).map(shared).sum::<f64>() / 2.0;
        let expected: f64 = self.sums(of).iter().map(|ends| ends.out * ends.into).sum();
        (inside - expected / self.total) / self.total
    }

    /// Returns the communities of the nodes, each connected, found from one order of nodes, by number for `start` 0; and
    /// their modularity.
    pub(crate) fn search(&self, start: u64) -> (Vec<u32>, f64) {
        let mut order: Vec<u32> = (0..self.nodes() as u32).collect();
        if start > 0 {
            order.sort_by_key(|node| scattered(u64::from(*node), start));
        }
        let mut best = self.round((0..self.nodes() as u32).collect(), &order);
        let mut reached = self.modularity(&best);
        loop {
            let next = self.round(best.clone(), &order);
            let (before, after) = (reached, self.modularity(&next));
            if after > before {
                (best, reached) = (next, after);
            }
            if after <= before + LEAST_ROUND {
                return (best, reached);
            }
        }
    }

    /// Moves, refines and merges from a partition up to the level where nothing merges any more.
    fn round(&self, mut of: Vec<u32>, order: &[u32]) -> Vec<u32> {
        let mut level = Cow::Borrowed(self);
        let mut order = order.to_vec();
        let mut node_of: Vec<u32> = (0..self.nodes() as u32).collect();
        loop {
            level.settle(&mut of, &order);
            let mut parts: Vec<u32> = (0..level.nodes() as u32).collect();
            level.within(&of).settle(&mut parts, &order);
            let count = compact(&mut parts);
            if count == level.nodes() {
                let of = node_of.iter().map(|node| of[*node as usize]).collect::<Vec<_>>();
                return self.connected(&of);
            }
            level = Cow::Owned(level.merged(&parts, count));
            compact(&mut of);
            of = of_parts(&of, &parts, count);
            node_of.iter_mut().for_each(|node| *node = parts[*node as usize]);
            order = (0..count as u32).collect();
        }
    }

    /// Returns the level without what passes between communities: there, nodes only join nodes of their community.
    fn within(&self, of: &[u32]) -> Level {
        let mut level = Level { ends: self.ends.clone(), total: self.total, ..Level::empty(0) };
        level.near.reserve(self.near.len());
        level.weights.reserve(self.near.len());
        let mut kept = 0;
        for node in 0..self.nodes() {
            let end = kept + self.near(node).len();
            level.near.resize(end, 0);
            level.weights.resize(end, 0.0);
            for (other, weight) in self.row(node) {
                // Written always and kept if within: no branch to be guessed.
                (level.near[kept], level.weights[kept]) = (other, weight);
                kept += usize::from(of[other as usize] == of[node]);
            }
            level.near.truncate(kept);
            level.weights.truncate(kept);
            level.starts.push(kept);
        }
        level
    }

    /// Moves nodes to the community where they gain most until no move gains.
    fn settle(&self, of: &mut [u32], order: &[u32]) {
        let mut sums = self.sums(of);
        let mut meeting = Meeting::new(self.nodes());
        let mut waiting: VecDeque<u32> = order.iter().copied().collect();
        let mut waits = vec![true; self.nodes()];
        while let Some(node) = waiting.pop_front() {
            let node = node as usize;
            waits[node] = false;
            meeting.meet(self.row(node).map(|(other, weight)| (of[other as usize], weight)));
            let left = of[node];
            sums[left as usize].change(self.ends[node], -1.0);
            let joined = self.best((node, left), &meeting, &sums);
            sums[joined as usize].change(self.ends[node], 1.0);
            if joined == left {
                continue;
            }
            of[node] = joined;
            for &other in self.near(node) {
                if !waits[other as usize] && of[other as usize] != joined {
                    waits[other as usize] = true;
                    waiting.push_back(other);
                }
            }
        }
    }

    /// Returns the community that a node gains most by joining: one of those that it meets, or the one it comes from.
    fn best(&self, (node, from): (usize, u32), meeting: &Meeting, sums: &[Ends]) -> u32 {
        let (out, into) = (self.ends[node].out / self.total, self.ends[node].into / self.total);
        // What flows to and from a community, less what chance would put there.
        let gain = |c: u32| {
            let sums = sums[c as usize];
            meeting.towards[c as usize] - (out * sums.into + into * sums.out)
        };
        let stay = (from, gain(from) + LEAST_GAIN * self.total);
        let better = |best: (u32, f64), next: &u32| match gain(*next) {
            more if more > best.1 => (*next, more),
            _ => best,
        };
        meeting.met().iter().fold(stay, better).0
    }

    /// Returns the level whose nodes are the parts of this one.
    fn merged(&self, parts: &[u32], count: usize) -> Level {
        let mut level = Level { total: self.total, ..Level::empty(count) };
        let mut meeting = Meeting::new(count);
        for (part, nodes) in grouped(parts, count).into_iter().enumerate() {
            nodes.iter().for_each(|node| level.ends[part].change(self.ends[*node as usize], 1.0));
            let rows = nodes.iter().flat_map(|node| self.row(*node as usize));
            let known = rows.filter(|(_, weight)| *weight > 0.0);
            meeting.meet(known.map(|(other, weight)| (parts[other as usize], weight)));
            meeting.met[..meeting.count].sort_unstable();
            let others = meeting.met().iter().map(|other| (*other, meeting.towards[*other as usize]));
            level.end_row(others.filter(|(other, _)| *other as usize != part));
        }
        level
    }

    /// Splits communities into their connected parts, numbered by their first nodes.
    fn connected(&self, of: &[u32]) -> Vec<u32> {
        const UNSEEN: u32 = u32::MAX;
        let mut part = vec![UNSEEN; self.nodes()];
        let mut count = 0;
        for start in 0..self.nodes() {
            if part[start] != UNSEEN {
                continue;
            }
            let mut open = vec![start];
            part[start] = count;
            while let Some(node) = open.pop() {
                for &other in self.near(node) {
                    let b = other as usize;
                    if part[b] == UNSEEN && of[b] == of[node] {
                        part[b] = count;
                        open.push(b);
                    }
                }
            }
            count += 1;
        }
        part
    }
}

/// What one node exchanges with each group that it meets.
struct Meeting {
    /// The weight by group; 0 for those that are not met.
    towards: Vec<f64>,
    /// The groups in the order in which they are met, then space for more.
    met: Vec<u32>,
    /// How many groups are met.
    count: usize,
}

impl Meeting {
    fn new(groups: usize) -> Self {
        Meeting { towards: vec![0.0; groups], met: vec![0; groups + 1], count: 0 }
    }

    /// Forgets the groups that were met and meets others. Weights may be 0, as where they are unknown, only if no more
    /// others come than there are groups: until something is known of a group it counts as met anew.
    fn meet(&mut self, others: impl Iterator<Item = (u32, f64)>) {
        for group in &self.met[..self.count] {
            self.towards[*group as usize] = 0.0;
        }
        let (towards, met) = (&mut self.towards[..], &mut self.met[..]);
        let mut count = 0;
        others.for_each(|(group, weight)| {
            let towards = &mut towards[group as usize];
            // Written always and kept if new: no branch to be guessed.
            met[count] = group;
            count += usize::from(*towards == 0.0);
            *towards += weight;
        });
        self.count = count;
    }

    fn met(&self) -> &[u32] {
        &self.met[..self.count]
    }
}

/// Returns the nodes of every part, ascending.
fn grouped(parts: &[u32], count: usize) -> Vec<Vec<u32>> {
    let mut nodes = vec![Vec::new(); count];
    parts.iter().enumerate().for_each(|(node, part)| nodes[*part as usize].push(node as u32));
    nodes
}

/// Renumbers labels from 0 by their first nodes and returns how many there are.
fn compact(labels: &mut [u32]) -> usize {
    let mut number = vec![u32::MAX; labels.len()];
    let mut count = 0;
    for label in labels {
        let slot = &mut number[*label as usize];
        if *slot == u32::MAX {
            *slot = count;
            count += 1;
        }
        *label = *slot;
    }
    count as usize
}

/// Returns the communities of parts: those of the nodes that each was merged from.
fn of_parts(of: &[u32], parts: &[u32], count: usize) -> Vec<u32> {
    let mut merged = vec![0; count];
    for (node, part) in parts.iter().enumerate() {
        merged[*part as usize] = of[node];
    }
    merged
}
