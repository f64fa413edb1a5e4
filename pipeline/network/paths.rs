//! What follows from the shortest paths between all places, exact, in one pass over all sources: betweenness of places and
//! of flows, closeness, the distances of the network, and its metric backbone.
//!
//! A step that is longer than the distance between its ends lies on no shortest path. In dense flow tables that is
//! nearly every step, so the pass removes steps as soon as it can prove that they are of no use: before it starts,
//! those that are longer than the way through one of a few hubs; then, from the row of each source, those that are longer
//! than the distances just found.
//!
//! # Source
//! Brandes 2001 for the counts; Simas, Correia & Rocha 2021, J. Complex Netw. 9(6) for the distance backbone.

use rayon::prelude::*;

use crate::{
    distance::{Ruler, Step, Steps},
    rows::Frozen,
    search::{Search, TIE},
};

/// How much longer than the distance, as a part of the longest distance, a step must be to be of no use. It must be
/// more than 2 [`TIE`], or a tolerated tie could be lost; more than that keeps steps for nothing.
const SLACK: f64 = 1e-9;
/// Places with the most steps, through which ways are tried before the pass. Four leave 8 % of the steps of a gravity
/// model with 3,143 places and 350,306 flows; more leave little less.
const HUBS: usize = 4;
/// Blocks whose sources are searched at the same time. Steps are removed between such rounds alone, and blocks do
/// not depend on threads, so the bits do not either. Bounds the memory at this many sets of vectors.
const BLOCKS: usize = 16;
/// Sources in a block at most. The first rounds have fewer, so that the removal starts early.
const BLOCK_SOURCES: usize = 16;

/// What to count on the shortest paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// Paths through places.
    Places,
    /// Paths through places and through flows, at about a third more time.
    PlacesAndFlows,
}

/// Is told, from time to time, how many of how many searches are done.
pub type Watch<'a> = &'a dyn Fn(usize, usize);

/// What follows from all shortest paths.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PathMetrics {
    /// Pairs of other places whose shortest paths lead through the place, each pair counting 1 in all.
    pub betweenness: Vec<f64>,
    /// Pairs of places whose shortest paths lead along the cell, in the order of the cells by origin; empty unless asked for.
    pub flow_betweenness: Vec<f64>,
    /// Whether a cell is itself a shortest path, in the order of the cells by origin.
    pub backbone: Vec<bool>,
    /// From the place to all others.
    pub out: Vec<Near>,
    /// From all others to the place.
    pub into: Vec<Near>,
    /// The longest of all finite distances.
    pub longest: f64,
}

/// How near other places are to one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Near {
    /// Sum of 1/distance; unreachable places add 0.
    pub inverse: f64,
    /// Sum of the distances to those that can be reached.
    pub distance: f64,
    /// Number of those that can be reached.
    pub reached: u32,
}

impl Near {
    fn add(&mut self, other: Near) {
        self.inverse += other.inverse;
        self.distance += other.distance;
        self.reached += other.reached;
    }
}

/// Returns the path metrics of all places.
///
/// Time O(places · (useful steps + places · log places)), memory O(places + steps). The bits are the same at any number of
/// threads.
pub(crate) fn all_paths(frozen: &Frozen, ruler: &Ruler, count: Count, watch: Watch) -> PathMetrics {
    let guess = SLACK * reach_of_hub(&Steps::new(frozen, ruler));
    let metrics = sweep(frozen, ruler, (count, guess), watch);
    if 2.0 * TIE * metrics.longest <= guess {
        return metrics;
    }
    sweep(frozen, ruler, (count, SLACK * metrics.longest), watch)
}

/// Returns the longest distance from the place with the most steps, a cheap guess at the longest of all.
fn reach_of_hub(steps: &Steps) -> f64 {
    let Some(&hub) = by_steps(steps).first() else {
        return 0.0;
    };
    let mut search = Search::new(steps.places());
    search.run(steps, hub);
    search.settled().next_back().map_or(0.0, |(_, distance)| distance)
}

/// Returns the places with the most steps first: their rows have the most to lose.
fn by_steps(steps: &Steps) -> Vec<u32> {
    let mut places: Vec<u32> = (0..steps.places() as u32).collect();
    places.sort_by_key(|&p| std::cmp::Reverse(steps.row(p).len()));
    places
}

fn sweep(frozen: &Frozen, ruler: &Ruler, (count, slack): (Count, f64), watch: Watch) -> PathMetrics {
    let mut sweep = Sweep::new(Steps::new(frozen, ruler), (count, slack), frozen.out.cells().len());
    let sources = by_steps(&sweep.steps);
    sweep.try_hubs(&Steps::reversed(frozen, ruler), &sources[..HUBS.min(sources.len())]);
    sweep.run(&sources, watch)
}

/// What one source contributes to its own place.
struct Source {
    place: u32,
    out: Near,
    kept: Vec<Step>,
    backbone: Vec<u32>,
}

/// What the sources of one block contribute.
struct Block {
    betweenness: Vec<f64>,
    /// By slot of the steps as they were in this round.
    flow_betweenness: Vec<f64>,
    into: Vec<Near>,
    longest: f64,
    sources: Vec<Source>,
}

struct Sweep {
    steps: Steps,
    count: Count,
    slack: f64,
    sum: PathMetrics,
}

impl Sweep {
    fn new(steps: Steps, (count, slack): (Count, f64), cells: usize) -> Self {
        let n = steps.places();
        let near = vec![Near::default(); n];
        let flow_betweenness = match count {
            Count::Places => Vec::new(),
            Count::PlacesAndFlows => vec![0.0; cells],
        };
        let sum = PathMetrics {
            betweenness: vec![0.0; n],
            flow_betweenness,
            backbone: vec![false; cells],
            out: near.clone(),
            into: near,
            longest: 0.0,
        };
        Sweep { steps, count, slack, sum }
    }

    /// Removes the steps that are longer than the way through a hub.
    fn try_hubs(&mut self, reversed: &Steps, hubs: &[u32]) {
        let places = self.steps.places();
        let (mut to_hub, mut from_hub) = (Search::new(places), Search::new(places));
        for &hub in hubs {
            to_hub.run(reversed, hub);
            from_hub.run(&self.steps, hub);
            let (first, second) = (to_hub.distances(), from_hub.distances());
            let slack = self.slack;
            self.steps.retain(|from, s| s.length <= first[from as usize] + second[s.to as usize] + slack);
        }
    }

    /// Searches from all sources in turn, round by round.
    fn run(mut self, sources: &[u32], watch: Watch) -> PathMetrics {
        let mut rest = sources;
        let mut size = 1;
        while !rest.is_empty() {
            let (round, later) = rest.split_at(rest.len().min(size * BLOCKS));
            let blocks: Vec<Block> = round.par_chunks(size).map(|block| self.search(block)).collect();
            blocks.iter().for_each(|block| self.add(block));
            blocks
                .iter()
                .flat_map(|block| &block.sources)
                .for_each(|source| self.steps.shrink(source.place, &source.kept));
            self.steps.compact();
            rest = later;
            size = BLOCK_SOURCES.min(2 * size);
            watch(sources.len() - rest.len(), sources.len());
        }
        self.sum
    }

    fn search(&self, places: &[u32]) -> Block {
        let mut search = Search::new(self.steps.places());
        let mut block = Block::new(&self.steps, self.count);
        for &place in places {
            search.run(&self.steps, place);
            block.add_dependencies(&mut search, &self.steps);
            let out = block.add_closeness(&search);
            let row = self.steps.row(place);
            let kept = row.iter().filter(|s| search.needs(s, self.slack)).copied().collect();
            let backbone = row.iter().filter(|s| search.is_shortest(s)).map(|s| s.cell).collect();
            block.sources.push(Source { place, out, kept, backbone });
        }
        block
    }

    fn add(&mut self, block: &Block) {
        let sum = &mut self.sum;
        sum.betweenness.iter_mut().zip(&block.betweenness).for_each(|(s, b)| *s += b);
        sum.into.iter_mut().zip(&block.into).for_each(|(s, b)| s.add(*b));
        for (slot, pairs) in self.steps.slots().iter().zip(&block.flow_betweenness) {
            sum.flow_betweenness[slot.cell as usize] += pairs;
        }
        sum.longest = sum.longest.max(block.longest);
        for source in &block.sources {
            sum.out[source.place as usize] = source.out;
            source.backbone.iter().for_each(|cell| sum.backbone[*cell as usize] = true);
        }
    }
}

impl Block {
    fn new(steps: &Steps, count: Count) -> Self {
        let slots = match count {
            Count::Places => 0,
            Count::PlacesAndFlows => steps.slots().len(),
        };
        let n = steps.places();
        Block {
            betweenness: vec![0.0; n],
            flow_betweenness: vec![0.0; slots],
            into: vec![Near::default(); n],
            longest: 0.0,
            sources: Vec::new(),
        }
    }

    fn add_dependencies(&mut self, search: &mut Search, steps: &Steps) {
        let (places, flows) = (&mut self.betweenness, &mut self.flow_betweenness);
        let place = |at: u32, pairs: f64| places[at as usize] += pairs;
        if flows.is_empty() {
            search.dependencies(place, |_, _, _| {});
        } else {
            search.dependencies(place, |from, to, pairs| flows[steps.slot(from, to)] += pairs);
        }
    }

    /// Adds what the source brings to the places it reaches, and returns what they bring to the source.
    fn add_closeness(&mut self, search: &Search) -> Near {
        let mut out = Near::default();
        for (place, distance) in search.settled().skip(1) {
            let near = Near { inverse: 1.0 / distance, distance, reached: 1 };
            self.into[place as usize].add(near);
            out.add(near);
            self.longest = self.longest.max(distance);
        }
        out
    }
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;
