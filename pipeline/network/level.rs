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
    /// The other nodes that each node exchanges with, ascending, and the weight of both directions together.
    near: Vec<(u32, f64)>,
    /// Where in `near` each node starts, and where the last one ends.
    starts: Vec<usize>,
    /// Weight that leaves the places of each node.
    out: Vec<f64>,
    /// Weight that arrives at the places of each node.
    into: Vec<f64>,
    total: f64,
}

impl Level {
    /// Returns the level of single places; node `i` is the place `order[i]`.
    pub(crate) fn of(graph: &Frozen, order: &[PlaceIndex]) -> Level {
        let mut rank = vec![0; order.len()];
        for (k, place) in order.iter().enumerate() {
            rank[place.index()] = k as u32;
        }
        let mut level = Level::empty(order.len());
        for (node, place) in order.iter().enumerate() {
            for pair in partners(&graph.out, &graph.into, place.index()) {
                level.near.push((rank[pair.place as usize], pair.to + pair.from));
                level.out[node] += pair.to;
                level.into[node] += pair.from;
            }
            level.end_row();
        }
        level.total = level.out.iter().sum();
        level
    }

    fn empty(nodes: usize) -> Level {
        Level { near: Vec::new(), starts: vec![0], out: vec![0.0; nodes], into: vec![0.0; nodes], total: 0.0 }
    }

    /// Completes the row of a node.
    fn end_row(&mut self) {
        let start = *self.starts.last().expect("the first row starts at 0");
        self.near[start..].sort_unstable_by_key(|(other, _)| *other);
        self.starts.push(self.near.len());
    }

    fn nodes(&self) -> usize {
        self.out.len()
    }

    fn row(&self, node: usize) -> &[(u32, f64)] {
        &self.near[self.starts[node]..self.starts[node + 1]]
    }

    /// Returns the directed modularity of a partition; labels are below the number of nodes.
    pub(crate) fn modularity(&self, of: &[u32]) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let shared = |node: usize| -> f64 {
            self.row(node).iter().filter(|(other, _)| of[*other as usize] == of[node]).map(|(_, weight)| weight).sum()
        };
        // Both directions stand in the rows of both ends.
        let inside = (0..self.nodes()).map(shared).sum::<f64>() / 2.0;
        let sums = Sums::of(self, of);
        let expected: f64 = sums.out.iter().zip(&sums.into).map(|(out, into)| out * into).sum();
        (inside - expected / self.total) / self.total
    }

    /// Returns the communities of the nodes, each connected, found from one order of nodes: by number for `start` 0.
    pub(crate) fn search(&self, start: u64) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.nodes() as u32).collect();
        if start > 0 {
            order.sort_by_key(|node| scattered(u64::from(*node), start));
        }
        let mut best = self.round((0..self.nodes() as u32).collect(), &order);
        loop {
            let next = self.round(best.clone(), &order);
            let (gained, reached) = (self.modularity(&next), self.modularity(&best));
            if gained > reached {
                best = next;
            }
            if gained <= reached + LEAST_ROUND {
                return best;
            }
        }
    }

    /// Moves, refines and merges from a partition up to the level where nothing merges any more.
    fn round(&self, mut of: Vec<u32>, order: &[u32]) -> Vec<u32> {
        let mut level = Cow::Borrowed(self);
        let mut order = order.to_vec();
        let mut node_of: Vec<u32> = (0..self.nodes() as u32).collect();
        loop {
            level.settle(&mut of, &order, None);
            let mut parts: Vec<u32> = (0..level.nodes() as u32).collect();
            level.settle(&mut parts, &order, Some(&of));
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

    /// Moves nodes to the community where they gain most until no move gains. With fences, nodes only join nodes of
    /// the same fence.
    fn settle(&self, of: &mut [u32], order: &[u32], fences: Option<&[u32]>) {
        let mut sums = Sums::of(self, of);
        let (mut towards, mut met) = (vec![0.0; self.nodes()], Vec::new());
        let mut waiting: VecDeque<u32> = order.iter().copied().collect();
        let mut queued = vec![true; self.nodes()];
        while let Some(node) = waiting.pop_front() {
            let node = node as usize;
            queued[node] = false;
            let within = |other: u32| fences.is_none_or(|f| f[other as usize] == f[node]);
            for &(other, weight) in self.row(node).iter().filter(|(other, _)| within(*other)) {
                let community = of[other as usize];
                if towards[community as usize] == 0.0 {
                    met.push(community);
                }
                towards[community as usize] += weight;
            }
            let left = of[node];
            sums.change(self, node, left, -1.0);
            let joined = self.best((node, left), &met, (&towards, &sums));
            met.drain(..).for_each(|community| towards[community as usize] = 0.0);
            sums.change(self, node, joined, 1.0);
            of[node] = joined;
            if joined != left {
                for &(other, _) in self.row(node) {
                    if of[other as usize] != joined && within(other) && !queued[other as usize] {
                        queued[other as usize] = true;
                        waiting.push_back(other);
                    }
                }
            }
        }
    }

    /// Returns the community that a node gains most by joining: one of those that it meets, or the one it comes from.
    fn best(&self, (node, from): (usize, u32), met: &[u32], (towards, sums): (&[f64], &Sums)) -> u32 {
        let (out, into) = (self.out[node] / self.total, self.into[node] / self.total);
        // What flows to and from a community, less what chance would put there.
        let gain = |c: u32| towards[c as usize] - (out * sums.into[c as usize] + into * sums.out[c as usize]);
        let stay = (from, gain(from) + LEAST_GAIN * self.total);
        let better = |best: (u32, f64), next: &u32| match gain(*next) {
            more if more > best.1 => (*next, more),
            _ => best,
        };
        met.iter().fold(stay, better).0
    }

    /// Returns the level whose nodes are the parts of this one.
    fn merged(&self, parts: &[u32], count: usize) -> Level {
        let mut level = Level::empty(count);
        level.total = self.total;
        let (mut towards, mut met) = (vec![0.0; count], Vec::new());
        for (part, nodes) in grouped(parts, count).into_iter().enumerate() {
            for node in nodes {
                level.out[part] += self.out[node as usize];
                level.into[part] += self.into[node as usize];
                for (other, weight) in self.row(node as usize) {
                    let other = parts[*other as usize];
                    if towards[other as usize] == 0.0 {
                        met.push(other);
                    }
                    towards[other as usize] += weight;
                }
            }
            for other in met.drain(..) {
                let weight = std::mem::replace(&mut towards[other as usize], 0.0);
                if other as usize != part && weight > 0.0 {
                    level.near.push((other, weight));
                }
            }
            level.end_row();
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
                for &(b, _) in self.row(node) {
                    let b = b as usize;
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

/// Weights that leave and arrive at each community.
struct Sums {
    out: Vec<f64>,
    into: Vec<f64>,
}

impl Sums {
    fn of(level: &Level, of: &[u32]) -> Sums {
        let mut sums = Sums { out: vec![0.0; level.nodes()], into: vec![0.0; level.nodes()] };
        for (node, community) in of.iter().enumerate() {
            sums.change(level, node, *community, 1.0);
        }
        sums
    }

    fn change(&mut self, level: &Level, node: usize, community: u32, sign: f64) {
        self.out[community as usize] += sign * level.out[node];
        self.into[community as usize] += sign * level.into[node];
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
