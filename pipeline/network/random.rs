//! Chance that is the same everywhere: numbers that follow from a seed alone.

/// Returns a number that scatters the keys, another one for each seed (SplitMix64, Steele et al. 2014).
pub(crate) fn scattered(key: u64, seed: u64) -> u64 {
    let mut z = key.wrapping_add(seed.wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A sequence of numbers that look drawn by chance.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// Returns the sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Random { state: scattered(seed, 1) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        scattered(self.state, 0)
    }

    /// Returns a number from 0 to below `end`; every one is as likely, but for 1 in 2^64 / `end`.
    ///
    /// # Panics
    /// Panics if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        assert!(end > 0, "no number is below 0");
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Puts items in an order where each is as likely as any other (Fisher & Yates 1938; Durstenfeld 1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_three_comes_about_as_often() {
        let mut random = Random::new(5);
        let mut counts = [0; 6];
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            random.shuffle(&mut items);
            counts[2 * items[0] + usize::from(items[1] > items[2])] += 1;
        }
        // The standard deviation of each count is 29.
        assert!(counts.iter().all(|c| (900..1100).contains(c)), "{counts:?}");
    }
}
