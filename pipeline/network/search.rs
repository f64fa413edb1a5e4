//! All shortest paths from one place.

use crate::{
    distance::{Step, Steps},
    heap::Heap,
};

/// Two lengths are a tie if they differ by less than this part of their sum, as in igraph. With 1/weight as length,
/// exact comparison would lose ties such as 1/3 + 1/6 = 1/2.
pub const TIE: f64 = 1e-10;

/// The distance of a place that was not reached. Finite, so that differences to it are numbers.
const UNREACHED: f64 = f64::MAX;
const NONE: u32 = u32::MAX;

/// Dijkstra's algorithm with the counts of Brandes, in memory that serves one source after another.
///
/// # Source
/// Brandes 2001, J. Math. Sociol. 25(2), algorithm 1; `paths` is his sigma, `dependency` his delta.
#[derive(Debug)]
pub struct Search {
    distance: Vec<f64>,
    paths: Vec<f64>,
    dependency: Vec<f64>,
    /// The first place before each on a shortest path, and the list of those that tie with it.
    before: Vec<u32>,
    ties: Vec<u32>,
    /// Lists of tied places before: the place, and the next entry.
    tied: Vec<(u32, u32)>,
    settled: Vec<u32>,
    heap: Heap,
}

impl Search {
    /// Returns a search over this many places.
    pub fn new(places: usize) -> Self {
        Search {
            distance: vec![UNREACHED; places],
            paths: vec![0.0; places],
            dependency: vec![0.0; places],
            before: vec![NONE; places],
            ties: vec![NONE; places],
            tied: Vec::new(),
            settled: Vec::new(),
            heap: Heap::new(places),
        }
    }

    /// Finds the shortest paths from the source to every place that can be reached.
    pub fn run(&mut self, steps: &Steps, source: u32) {
        self.distance.fill(UNREACHED);
        self.settled.clear();
        self.tied.clear();
        self.reach(source, 0.0, NONE);
        while let Some((place, distance)) = self.heap.pop() {
            self.settled.push(place);
            for step in steps.row(place) {
                self.relax(place, distance + step.length, step.to);
            }
        }
    }

    /// Returns the places that were reached, nearest first and so from the source on, with their distances.
    pub fn settled(&self) -> impl DoubleEndedIterator<Item = (u32, f64)> {
        self.settled.iter().map(|&place| (place, self.distance[place as usize]))
    }

    /// Returns the distance of every place; the largest number that there is where no path leads.
    pub fn distances(&self) -> &[f64] {
        &self.distance
    }

    /// Returns whether a step from the source exceeds the distance of its end by no more than `slack`.
    pub fn needs(&self, step: &Step, slack: f64) -> bool {
        step.length <= self.distance[step.to as usize] + slack
    }

    /// Returns whether a step from the source is itself a shortest path to its end.
    pub fn is_shortest(&self, step: &Step) -> bool {
        let distance = self.distance[step.to as usize];
        step.length <= distance + TIE * (step.length + distance)
    }

    /// Gives, farthest first, the number of shortest paths from the source that lead through each place, ends excluded,
    /// and through each step, every pair counting 1: `place` is called with the place, `step` with both ends.
    pub fn dependencies(&mut self, mut place: impl FnMut(u32, f64), mut step: impl FnMut(u32, u32, f64)) {
        for &settled in &self.settled {
            self.dependency[settled as usize] = 0.0;
        }
        for index in (1..self.settled.len()).rev() {
            let to = self.settled[index];
            let at = to as usize;
            place(to, self.dependency[at]);
            let per_path = (1.0 + self.dependency[at]) / self.paths[at];
            step(self.before[at], to, self.credit(self.before[at], per_path));
            let mut next = self.ties[at];
            while next != NONE {
                let (before, after_next) = self.tied[next as usize];
                step(before, to, self.credit(before, per_path));
                next = after_next;
            }
        }
    }

    fn credit(&mut self, place: u32, per_path: f64) -> f64 {
        let through = self.paths[place as usize] * per_path;
        self.dependency[place as usize] += through;
        through
    }

    fn relax(&mut self, from: u32, length: f64, to: u32) {
        let known = self.distance[to as usize];
        let tolerance = TIE * (length + known);
        if length < known - tolerance {
            self.reach(to, length, from);
        } else if length <= known + tolerance && self.heap.contains(to) {
            self.tie(to, from);
        }
    }

    fn reach(&mut self, place: u32, distance: f64, before: u32) {
        let at = place as usize;
        self.distance[at] = distance;
        self.paths[at] = if before == NONE { 1.0 } else { self.paths[before as usize] };
        self.before[at] = before;
        self.ties[at] = NONE;
        self.heap.offer(place, distance);
    }

    /// Places that are settled take no further ties: a step shorter than the tolerance would lead in a circle.
    fn tie(&mut self, place: u32, before: u32) {
        let at = place as usize;
        self.paths[at] += self.paths[before as usize];
        self.tied.push((before, self.ties[at]));
        self.ties[at] = (self.tied.len() - 1) as u32;
    }
}
