//! Betweenness from the shortest paths of some sources, where those of all would take too long.

use rayon::prelude::*;

use crate::{
    distance::{Ruler, Steps},
    paths::Watch,
    rows::Frozen,
    search::Search,
};

/// Sources in a block. Blocks do not depend on threads, so the bits do not either.
const BLOCK_SOURCES: usize = 4;
/// Blocks searched at the same time; bounds the memory at this many pairs of vectors.
const BLOCKS: usize = 8;
/// The share of places whose error may exceed the bound.
const RISK: f64 = 0.05;

/// Estimated shares of shortest paths through places.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampled {
    /// The estimate for every place, as a share of the (n-1)(n-2) ordered pairs of other places.
    pub betweenness: Vec<f64>,
    /// How far the estimate may be off.
    pub error: Vec<f64>,
}

/// Estimates betweenness from the shortest paths of these sources, drawn at random without repetition.
///
/// What a source brings to a place, as a share of the n-2 other ends, lies between 0 and 1; its mean over the sources
/// estimates the mean over all places. With probability 0.95 a place is off by no more than the smaller of two bounds, that of
/// Hoeffding and Serfling and, better where few paths lead, the empirical one of Bernstein and Serfling. With all
/// places as sources the result is exact and the error 0. Time O(sources · (steps + places · log places)).
///
/// # Source
/// Brandes & Pich 2007, Int. J. Bifurcat. Chaos 17(7) for the estimate; Bardenet & Maillard 2015, Bernoulli 21(3),
/// corollary 2.5 and theorem 4.3 for the bounds.
pub(crate) fn sampled(frozen: &Frozen, ruler: &Ruler, sources: &[u32], watch: Watch) -> Sampled {
    let steps = Steps::new(frozen, ruler);
    let n = frozen.places();
    let mut sum = Sums::new(n);
    for (round, chunk) in sources.chunks(BLOCKS * BLOCK_SOURCES).enumerate() {
        let blocks: Vec<Sums> = chunk.par_chunks(BLOCK_SOURCES).map(|block| searched(&steps, block)).collect();
        blocks.iter().for_each(|block| sum.add(block));
        watch((round * BLOCKS * BLOCK_SOURCES + chunk.len()).min(sources.len()), sources.len());
    }
    let (bound, scale) = (Bound::new(n, sources.len()), n as f64 / (n as f64 - 1.0));
    let k = sources.len() as f64;
    let mean = |total: &f64| total / k;
    let error = sum.first.iter().zip(&sum.second).map(|(x, xx)| scale * bound.error(x / k, xx / k)).collect();
    Sampled { betweenness: sum.first.iter().map(|total| scale * mean(total)).collect(), error }
}

fn searched(steps: &Steps, sources: &[u32]) -> Sums {
    let mut search = Search::new(steps.places());
    let mut sums = Sums::new(steps.places());
    let others = steps.places() as f64 - 2.0;
    for &source in sources {
        search.run(steps, source);
        search.dependencies(|place, pairs| sums.count(place, pairs / others), |_, _, _| {});
    }
    sums
}

/// Sums of what the sources bring to every place, and of its squares.
struct Sums {
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn new(places: usize) -> Self {
        Sums { first: vec![0.0; places], second: vec![0.0; places] }
    }

    fn count(&mut self, place: u32, share: f64) {
        self.first[place as usize] += share;
        self.second[place as usize] += share * share;
    }

    fn add(&mut self, other: &Sums) {
        let pairs = self.first.iter_mut().zip(&other.first).chain(self.second.iter_mut().zip(&other.second));
        pairs.for_each(|(sum, part)| *sum += part);
    }
}

/// How far the mean of `sample` of `all` numbers between 0 and 1 may be off.
struct Bound {
    sample: f64,
    /// ρ of Bardenet & Maillard: what is gained because no number is drawn twice.
    left: f64,
    exact: bool,
}

impl Bound {
    fn new(all: usize, sample: usize) -> Self {
        let (n, k) = (all as f64, sample as f64);
        let left = if 2.0 * k <= n { 1.0 - (k - 1.0) / n } else { (1.0 - k / n) * (1.0 + 1.0 / k) };
        Bound { sample: k, left, exact: sample >= all }
    }

    /// Half of the risk goes to each bound, half of that to each side; the second bound holds with 1 - 5δ.
    fn error(&self, mean: f64, mean_of_squares: f64) -> f64 {
        if self.exact {
            return 0.0;
        }
        let first = libm::log(4.0 / RISK);
        let hoeffding = (self.left * first / (2.0 * self.sample)).sqrt();
        let variance = (mean_of_squares - mean * mean).max(0.0);
        let second = libm::log(20.0 / RISK);
        let kappa = 7.0 / 3.0 + 3.0 / std::f64::consts::SQRT_2;
        let bernstein = (2.0 * variance * self.left * second / self.sample).sqrt() + kappa * second / self.sample;
        hoeffding.min(bernstein)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        paths::{Count, all_paths},
        random::scattered,
        rows::tests::frozen,
    };

    /// A network of 300 places with a few hubs.
    fn network() -> Frozen {
        let flows: Vec<_> = (0..2400u64)
            .map(|k| (scattered(k, 1), scattered(k, 2), scattered(k, 3)))
            .map(|(a, b, w)| ((a % 300) as u32, ((b % 300) * (b % 300) / 300) as u32, 1.0 + (w % 50) as f64))
            .filter(|(o, d, _)| o != d)
            .collect();
        frozen(300, &flows)
    }

    #[test]
    fn all_sources_give_the_exact_answer_without_error() {
        let network = network();
        let sources: Vec<u32> = (0..300).collect();
        let exact = all_paths(&network, &Ruler::Inverse, Count::Places, &|_, _| {}).betweenness;
        let found = sampled(&network, &Ruler::Inverse, &sources, &|_, _| {});
        let off = exact.iter().zip(&found.betweenness).map(|(e, f)| (e / (299.0 * 298.0) - f).abs());
        assert!(off.fold(0.0, f64::max) < 1e-12);
        assert!(found.error.iter().all(|e| *e == 0.0));
    }

    #[test]
    fn the_error_stays_within_its_bound_and_falls_with_more_sources() {
        let network = network();
        let exact = all_paths(&network, &Ruler::Inverse, Count::Places, &|_, _| {}).betweenness;
        let mut order: Vec<u32> = (0..300).collect();
        order.sort_by_key(|p| scattered(u64::from(*p), 7));
        let mut last = f64::MAX;
        for sample in [20, 80, 200] {
            let found = sampled(&network, &Ruler::Inverse, &order[..sample], &|_, _| {});
            let within = exact.iter().zip(&found.betweenness).zip(&found.error);
            let within = within.filter(|((e, f), bound)| (*e / (299.0 * 298.0) - *f).abs() <= **bound).count();
            assert!(within >= 285, "{within} of 300 places from {sample} sources");
            let widest = found.error.iter().copied().fold(0.0, f64::max);
            assert!(widest < last && widest < 1.0, "{widest} after {last}");
            last = widest;
        }
    }
}
