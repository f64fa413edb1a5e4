//! Flows against distance, for a figure: what is left of them when the totals of places are taken out.

use std::collections::BTreeMap;

use flowatlas_model::{
    Atlas, OdGraph, WeightKind,
    decay::{DistanceClass, DistanceDecay},
};

use crate::{gravity::Field, separation::Separation};

/// Lower bounds of the classes within a power of ten.
const STEPS: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];
/// First and last power of ten; what is nearer or farther is in the first or last class.
const DECADES: [i32; 2] = [-12, 12];

/// Returns the pairs of places that the table lists in classes of distance; `None` where their totals leave the fall with distance
/// undetermined, as for one origin alone, and for ranks, which are never summed.
///
/// What is expected of a pair is A_i O_i B_j D_j of the gravity model that keeps all totals (metric `distance_decay`: Flowerdew & Aitkin
/// 1982, J. Reg. Sci. 22(2)), times d^-γ at the geometric mean distance, so that the ratio of a class is its factor of deterrence
/// (Fotheringham & O'Kelly 1989, Spatial Interaction Models), and γ a line through them. Pairs at one position are left out.
pub fn distance_decay(atlas: &Atlas, graph: &OdGraph) -> Option<DistanceDecay> {
    if graph.weights == WeightKind::Ordinal {
        return None;
    }
    let (exponent, middle, pairs) = Field::of_listed(graph, &Separation::new(atlas)).without_distance()?;
    let bounds = bounds();
    let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
    for [distance, observed, expected] in pairs {
        let class = bounds.partition_point(|&bound| bound <= distance);
        sums.entry(class).or_default().add(distance, (observed, expected));
    }
    let class = |(&k, sum): (&usize, &Sum)| sum.class([bounds[k.saturating_sub(1)], bounds[k.min(bounds.len() - 1)]]);
    let classes: Vec<DistanceClass> = sums.iter().map(class).filter(|class| class.expected > 0.0).collect();
    Some(DistanceDecay { coordinates: atlas.coordinates, classes, exponent, middle })
}

/// A class in the making.
#[derive(Default)]
struct Sum {
    pairs: usize,
    observed: f64,
    expected: f64,
    /// Distances, and distances times what moves over them.
    ways: [f64; 2],
}

impl Sum {
    fn add(&mut self, distance: f64, (observed, expected): (f64, f64)) {
        self.pairs += 1;
        self.observed += observed;
        self.expected += expected;
        self.ways[0] += distance;
        self.ways[1] += observed * distance;
    }

    fn class(&self, bounds: [f64; 2]) -> DistanceClass {
        let Sum { pairs, observed, expected, ways } = *self;
        let distance = if observed > 0.0 { ways[1] / observed } else { ways[0] / pairs as f64 };
        DistanceClass { bounds, distance, pairs, observed, expected }
    }
}

/// Returns the bounds of all classes, as written numbers, so that 0.3 is 0.3 on every machine.
fn bounds() -> Vec<f64> {
    let bound = |decade: i32, step: f64| format!("{step}e{decade}").parse().expect("a number as it is written");
    (DECADES[0]..=DECADES[1]).flat_map(|decade| STEPS.map(|step| bound(decade, step))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_round_and_rise() {
        let bounds = bounds();
        assert!(bounds.is_sorted_by(|a, b| a < b));
        let tenths: Vec<f64> = bounds.iter().copied().filter(|b| (0.1..1.0).contains(b)).collect();
        assert_eq!(tenths, [0.1, 0.15, 0.2, 0.3, 0.5, 0.7]);
    }
}
