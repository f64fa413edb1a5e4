//! A priority queue of places in which a key can be lowered.

/// No position: the place is not in the queue.
const ABSENT: u32 = u32::MAX;
/// Children of a node. Four are shallower than two, and share a cache line.
const ARITY: usize = 4;

/// A 4-ary heap of places by distance, nearest first, that knows where each place stands.
#[derive(Debug)]
pub struct Heap {
    entries: Vec<(f64, u32)>,
    position: Vec<u32>,
}

impl Heap {
    /// Returns an empty queue for places below `places`.
    pub fn new(places: usize) -> Self {
        Heap { entries: Vec::new(), position: vec![ABSENT; places] }
    }

    /// Returns whether the place waits in the queue.
    pub fn contains(&self, place: u32) -> bool {
        self.position[place as usize] != ABSENT
    }

    /// Puts a place in, or lowers its key. The key must not be above the one it has.
    pub fn offer(&mut self, place: u32, key: f64) {
        let at = match self.position[place as usize] {
            ABSENT => {
                self.entries.push((key, place));
                self.entries.len() - 1
            }
            at => at as usize,
        };
        self.rise(at, (key, place));
    }

    /// Takes the place with the smallest key out.
    pub fn pop(&mut self) -> Option<(u32, f64)> {
        let last = self.entries.pop()?;
        let (key, place) = match self.entries.first() {
            Some(&first) => {
                self.sink(last);
                first
            }
            None => last,
        };
        self.position[place as usize] = ABSENT;
        Some((place, key))
    }

    fn put(&mut self, at: usize, entry: (f64, u32)) {
        self.entries[at] = entry;
        self.position[entry.1 as usize] = at as u32;
    }

    fn rise(&mut self, mut at: usize, entry: (f64, u32)) {
        while at > 0 {
            let parent = (at - 1) / ARITY;
            if self.entries[parent].0 <= entry.0 {
                break;
            }
            self.put(at, self.entries[parent]);
            at = parent;
        }
        self.put(at, entry);
    }

    /// Fills the root with `entry` and lets it sink to where it belongs.
    fn sink(&mut self, entry: (f64, u32)) {
        let mut at = 0;
        while let Some(child) = self.smallest_child(at) {
            if self.entries[child].0 >= entry.0 {
                break;
            }
            self.put(at, self.entries[child]);
            at = child;
        }
        self.put(at, entry);
    }

    fn smallest_child(&self, at: usize) -> Option<usize> {
        let first = ARITY * at + 1;
        // Nearly every node has all its children; a fixed tournament of four takes no branch.
        if let Some(&[a, b, c, d]) = self.entries.get(first..first + ARITY) {
            let (left, lower) = if b.0 < a.0 { (1, b.0) } else { (0, a.0) };
            let (right, other) = if d.0 < c.0 { (3, d.0) } else { (2, c.0) };
            return Some(first + if other < lower { right } else { left });
        }
        (first..self.entries.len()).reduce(|a, b| if self.entries[b].0 < self.entries[a].0 { b } else { a })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn places_leave_by_their_lowest_key(offers in prop::collection::vec((0u32..40, 0u32..100), 0..200)) {
            let mut heap = Heap::new(40);
            let mut lowest = [u32::MAX; 40];
            for (place, key) in offers {
                lowest[place as usize] = lowest[place as usize].min(key);
                heap.offer(place, f64::from(lowest[place as usize]));
            }
            let mut expected: Vec<_> = lowest.into_iter().filter(|&k| k != u32::MAX).map(f64::from).collect();
            expected.sort_by(f64::total_cmp);
            let left: Vec<f64> = std::iter::from_fn(|| heap.pop()).map(|(_, key)| key).collect();
            prop_assert_eq!(left, expected);
        }
    }
}
