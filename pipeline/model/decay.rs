//! How flows fall with distance, class by class.

use crate::atlas::Coordinates;

/// Pairs of places at about one distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceClass {
    /// Least distance, and the distance from which pairs are in the next class.
    pub bounds: [f64; 2],
    /// Mean distance of what moves; the mean of the pairs where nothing does.
    pub distance: f64,
    /// Ordered pairs of places.
    pub pairs: usize,
    /// What moves.
    pub observed: f64,
    /// What would move over the geometric mean distance of all that moves; never 0.
    pub expected: f64,
}

impl DistanceClass {
    /// Returns how many times as much moves as over the geometric mean distance.
    pub fn ratio(&self) -> f64 {
        self.observed / self.expected
    }
}

/// Flows between different places against their distance, the totals of places taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct DistanceDecay {
    /// Whether distances are kilometres or planar units.
    pub coordinates: Coordinates,
    /// The classes with pairs in them, from near to far.
    pub classes: Vec<DistanceClass>,
    /// The metric `distance_decay`: flows change as distance to the power of its negative.
    pub exponent: f64,
    /// Mean distance of what moves (geometric), over which as much moves as expected.
    pub middle: f64,
}
