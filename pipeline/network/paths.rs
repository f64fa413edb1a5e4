//! Betweenness and harmonic closeness of all places, exact, in one pass over all sources.
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
    distance::{Distance, Step, Steps},
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
/// not depend on threads, so the bits do not either. Bounds the memory at this many pairs of vectors.
const BLOCKS: usize = 16;
/// Sources in a block at most. The first rounds have fewer, so that the removal starts early.
const BLOCK_SOURCES: usize = 16;

/// What follows from all shortest paths.
#[derive(Debug, Clone, PartialEq)]
pub struct PathMetrics {
    /// Pairs of other places whose shortest paths lead through the place, each pair counting 1 in all.
    pub betweenness: Vec<f64>,
    /// Sum of 1/distance from the place to all others; unreachable ones add 0.
    pub harmonic_out: Vec<f64>,
    /// Sum of 1/distance from all others to the place.
    pub harmonic_in: Vec<f64>,
    /// The longest of all finite distances.
    pub longest: f64,
}

/// Returns the path metrics of all places.
///
/// Time O(places · (useful steps + places · log places)), memory O(places + steps). The bits are the same at any number of
/// threads.
pub fn all_paths(frozen: &Frozen, distance: Distance) -> PathMetrics {
    let guess = SLACK * reach_of_hub(&Steps::new(frozen, distance));
    let metrics = sweep(frozen, distance, guess);
    if 2.0 * TIE * metrics.longest <= guess {
        return metrics;
    }
    sweep(frozen, distance, SLACK * metrics.longest)
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

fn sweep(frozen: &Frozen, distance: Distance, slack: f64) -> PathMetrics {
    let mut sweep = Sweep::new(Steps::new(frozen, distance), slack);
    let sources = by_steps(&sweep.steps);
    sweep.try_hubs(&Steps::reversed(frozen, distance), &sources[..HUBS.min(sources.len())]);
    sweep.run(&sources)
}

/// What one source contributes to its own place.
struct Source {
    place: u32,
    harmonic_out: f64,
    kept: Vec<Step>,
}

/// What the sources of one block contribute.
struct Block {
    betweenness: Vec<f64>,
    harmonic_in: Vec<f64>,
    longest: f64,
    sources: Vec<Source>,
}

struct Sweep {
    steps: Steps,
    slack: f64,
    sum: PathMetrics,
}

impl Sweep {
    fn new(steps: Steps, slack: f64) -> Self {
        let zeros = vec![0.0; steps.places()];
        let sum =
            PathMetrics { betweenness: zeros.clone(), harmonic_out: zeros.clone(), harmonic_in: zeros, longest: 0.0 };
        Sweep { steps, slack, sum }
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
    fn run(mut self, sources: &[u32]) -> PathMetrics {
        let mut rest = sources;
        let mut size = 1;
        while !rest.is_empty() {
            let (round, later) = rest.split_at(rest.len().min(size * BLOCKS));
            let blocks: Vec<Block> = round.par_chunks(size).map(|block| self.search(block)).collect();
            blocks.into_iter().for_each(|block| self.take(block));
            self.steps.compact();
            rest = later;
            size = BLOCK_SOURCES.min(2 * size);
        }
        self.sum
    }

    fn kept(&self, search: &Search, source: u32) -> Vec<Step> {
        self.steps.row(source).iter().filter(|s| search.needs(s, self.slack)).copied().collect()
    }

    fn search(&self, places: &[u32]) -> Block {
        let n = self.steps.places();
        let mut search = Search::new(n);
        let mut block =
            Block { betweenness: vec![0.0; n], harmonic_in: vec![0.0; n], longest: 0.0, sources: Vec::new() };
        for &place in places {
            search.run(&self.steps, place);
            search.add_dependencies(&mut block.betweenness);
            let harmonic_out = block.add_closeness(&search);
            block.sources.push(Source { place, harmonic_out, kept: self.kept(&search, place) });
        }
        block
    }

    fn take(&mut self, block: Block) {
        add(&mut self.sum.betweenness, &block.betweenness);
        add(&mut self.sum.harmonic_in, &block.harmonic_in);
        self.sum.longest = self.sum.longest.max(block.longest);
        for source in &block.sources {
            self.sum.harmonic_out[source.place as usize] = source.harmonic_out;
            self.steps.shrink(source.place, &source.kept);
        }
    }
}

impl Block {
    /// Adds what the source brings to the places it reaches, and returns what they bring to the source.
    fn add_closeness(&mut self, search: &Search) -> f64 {
        let mut sum = 0.0;
        for (place, distance) in search.settled().skip(1) {
            self.harmonic_in[place as usize] += 1.0 / distance;
            sum += 1.0 / distance;
            self.longest = self.longest.max(distance);
        }
        sum
    }
}

fn add(sum: &mut [f64], part: &[f64]) {
    for (s, p) in sum.iter_mut().zip(part) {
        *s += p;
    }
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;
