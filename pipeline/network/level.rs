//! The search for communities on one level: places, or groups of places merged into one node each.

use std::collections::VecDeque;

use flowatlas_model::PlaceIndex;

use crate::{random::scattered, rows::Frozen};

/// A gain below this share of the total is rounding.
const LEAST_GAIN: f64 = 1e-12;

/// A graph as far as modularity reads it.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// The other nodes that each node exchanges with, ascending, and the weight of both directions together.
    near: Vec<Vec<(u32, f64)>>,
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
        let (mut out, mut into) = (vec![0.0; order.len()], vec![0.0; order.len()]);
        let mut both = Vec::with_capacity(2 * graph.out.cells().len());
        for (a, place) in order.iter().enumerate() {
            for cell in graph.out.row(place.index()) {
                let b = rank[cell.place as usize];
                out[a] += cell.weight;
                into[b as usize] += cell.weight;
                both.extend([(a as u32, b, cell.weight), (b, a as u32, cell.weight)]);
            }
        }
        let total = out.iter().sum();
        Level { near: gathered(order.len(), both), out, into, total }
    }

    fn nodes(&self) -> usize {
        self.near.len()
    }

    /// Returns the directed modularity of a partition; labels are below the number of nodes.
    pub(crate) fn modularity(&self, of: &[u32]) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let shared = |(node, near): (usize, &Vec<(u32, f64)>)| -> f64 {
            near.iter().filter(|(other, _)| of[*other as usize] == of[node]).map(|(_, weight)| weight).sum()
        };
        // Both directions stand in the rows of both ends.
        let inside = self.near.iter().enumerate().map(shared).sum::<f64>() / 2.0;
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
            if self.modularity(&next) <= self.modularity(&best) + LEAST_GAIN {
                return best;
            }
            best = next;
        }
    }

    /// Moves, refines and merges from a partition up to the level where nothing merges any more.
    fn round(&self, mut of: Vec<u32>, order: &[u32]) -> Vec<u32> {
        let mut level = self.clone();
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
            level = level.merged(&parts, count);
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
        let mut towards = vec![0.0; self.nodes()];
        let mut waiting: VecDeque<u32> = order.iter().copied().collect();
        let mut queued = vec![true; self.nodes()];
        while let Some(node) = waiting.pop_front() {
            let node = node as usize;
            queued[node] = false;
            let within = |other: &u32| fences.is_none_or(|f| f[*other as usize] == f[node]);
            let near = || self.near[node].iter().filter(|(other, _)| within(other));
            near().for_each(|(other, weight)| towards[of[*other as usize] as usize] += weight);
            let left = of[node];
            sums.change(self, node, left, -1.0);
            let joined = self.best(node, left, near().map(|(other, _)| of[*other as usize]), (&towards, &sums));
            near().for_each(|(other, _)| towards[of[*other as usize] as usize] = 0.0);
            sums.change(self, node, joined, 1.0);
            of[node] = joined;
            for (other, _) in near().filter(|(other, _)| joined != left && of[*other as usize] != joined) {
                if !std::mem::replace(&mut queued[*other as usize], true) {
                    waiting.push_back(*other);
                }
            }
        }
    }

    /// Returns the community that a node gains most by joining: one of `others`, or the one it comes from.
    fn best(&self, node: usize, from: u32, others: impl Iterator<Item = u32>, (towards, sums): (&[f64], &Sums)) -> u32 {
        let gain = |c: u32| towards[c as usize] - sums.expected(self, node, c);
        let stay = (from, gain(from) + LEAST_GAIN * self.total);
        let better = |best: (u32, f64), next: u32| if gain(next) > best.1 { (next, gain(next)) } else { best };
        others.fold(stay, better).0
    }

    /// Returns the level whose nodes are the parts of this one.
    fn merged(&self, parts: &[u32], count: usize) -> Level {
        let (mut out, mut into) = (vec![0.0; count], vec![0.0; count]);
        let mut both = Vec::new();
        for (node, near) in self.near.iter().enumerate() {
            let part = parts[node];
            out[part as usize] += self.out[node];
            into[part as usize] += self.into[node];
            let outward = near.iter().map(|(other, weight)| (part, parts[*other as usize], *weight));
            both.extend(outward.filter(|(part, other, _)| part != other));
        }
        Level { near: gathered(count, both), out, into, total: self.total }
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
                for &(b, _) in &self.near[node] {
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

    /// Returns the weight that chance would put between a node and a community without it.
    fn expected(&self, level: &Level, node: usize, community: u32) -> f64 {
        let community = community as usize;
        (level.out[node] * self.into[community] + level.into[node] * self.out[community]) / level.total
    }
}

/// Returns the rows of entries, those of one pair added up.
fn gathered(nodes: usize, mut entries: Vec<(u32, u32, f64)>) -> Vec<Vec<(u32, f64)>> {
    entries.sort_by_key(|e| (e.0, e.1));
    let mut rows = vec![Vec::new(); nodes];
    for same in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        rows[same[0].0 as usize].push((same[0].1, same.iter().map(|e| e.2).sum()));
    }
    rows
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
