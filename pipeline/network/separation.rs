//! How far apart places are, and how far people move.

use flowatlas_model::{
    Atlas, Coordinates,
    positions::{self, Vector},
};

use crate::{rows::Frozen, strengths::ratio};

/// Metres in a kilometre.
const KILOMETRE: f64 = 1000.0;

/// The positions of all places, ready to be measured: kilometres along great circles, or planar units.
pub struct Separation {
    coordinates: Coordinates,
    at: Vec<Vector>,
}

impl Separation {
    /// Returns the positions of an atlas.
    pub fn new(atlas: &Atlas) -> Self {
        let at = atlas.places.iter().map(|place| positions::vector(atlas.coordinates, place.at)).collect();
        Separation { coordinates: atlas.coordinates, at }
    }

    /// Returns the distance between two places; 0 where they stand at the same position.
    pub fn between(&self, a: usize, b: usize) -> f64 {
        let apart = positions::distance(self.coordinates, self.at[a], self.at[b]);
        match self.coordinates {
            Coordinates::Geographic => apart / KILOMETRE,
            Coordinates::Planar => apart,
        }
    }

    /// Returns the distance of every cell, row by row.
    pub fn of_cells(&self, frozen: &Frozen) -> Vec<f64> {
        let rows = frozen.out.iter().enumerate();
        rows.flat_map(|(from, row)| row.iter().map(move |c| self.between(from, c.place as usize))).collect()
    }
}

/// Distances with the weights that move over them, ascending, equal distances joined; weights of 0 are left out.
pub struct Moves {
    distances: Vec<f64>,
    weights: Vec<f64>,
    total: f64,
}

impl Moves {
    /// Sorts moves of a distance and a weight.
    pub fn new(mut moves: Vec<(f64, f64)>) -> Self {
        moves.retain(|&(_, weight)| weight > 0.0);
        moves.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let (mut distances, mut weights) = (Vec::new(), Vec::new());
        for same in moves.chunk_by(|a, b| a.0 == b.0) {
            distances.push(same[0].0);
            weights.push(same.iter().map(|m| m.1).sum());
        }
        let total = weights.iter().sum();
        Moves { distances, weights, total }
    }

    /// Returns the mean distance of a move; `None` without moves.
    pub fn mean(&self) -> Option<f64> {
        let sum: f64 = self.distances.iter().zip(&self.weights).map(|(d, w)| d * w).sum();
        ratio(sum, self.total)
    }

    /// Returns the least distance within which at least half of all moves stay; `None` without moves.
    pub fn median(&self) -> Option<f64> {
        let mut within = 0.0;
        let reached = self.weights.iter().position(|w| {
            within += w;
            2.0 * within >= self.total
        });
        reached.map(|k| self.distances[k])
    }

    /// Returns the median interpolated between distances: each stands at the middle of its weight; beyond the first
    /// and the last middle the distance itself holds. `None` without moves.
    ///
    /// # Source
    /// `weightedMedian(interpolate = TRUE)` of the R package matrixStats, with equal distances joined.
    pub fn interpolated_median(&self) -> Option<f64> {
        let half = self.total / 2.0;
        let mut before = (*self.distances.first()?, 0.0);
        let mut passed = 0.0;
        for (k, (&distance, &weight)) in self.distances.iter().zip(&self.weights).enumerate() {
            let middle = passed + weight / 2.0;
            if middle >= half {
                let part = if k == 0 { 1.0 } else { (half - before.1) / (middle - before.1) };
                return Some(before.0 + part * (distance - before.0));
            }
            passed += weight;
            before = (distance, middle);
        }
        Some(before.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_distance_at_which_half_is_reached() {
        let moves = Moves::new(vec![(30.0, 1.0), (10.0, 2.0), (20.0, 1.0), (99.0, 0.0)]);
        assert_eq!((moves.mean(), moves.median()), (Some(17.5), Some(10.0)));
        // Middles of 10, 20 and 30 stand at 1, 2.5 and 3.5 of 4: half is two thirds of the way from 10 to 20.
        assert!((moves.interpolated_median().unwrap() - (10.0 + 10.0 / 1.5)).abs() < 1e-12);
    }

    #[test]
    fn a_single_distance_is_its_own_median_and_none_has_none() {
        let one = Moves::new(vec![(5.0, 3.0), (5.0, 4.0)]);
        assert_eq!((one.median(), one.interpolated_median()), (Some(5.0), Some(5.0)));
        let none = Moves::new(Vec::new());
        assert_eq!((none.mean(), none.median(), none.interpolated_median()), (None, None, None));
    }
}
