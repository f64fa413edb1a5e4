//! What the distance along a flow is, for every metric that follows paths.

use crate::rows::{Frozen, Rows};

/// How the weight of a flow becomes the length of a step. Parallel kinds are merged first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Distance {
    /// 1 / weight: strong flows bring places close. Flows without a weight have no length and are not followed.
    ///
    /// # Source
    /// Newman 2001, Phys. Rev. E 64, 016132.
    #[default]
    Inverse,
    /// 1 for every flow, whatever its weight: the only choice for ordinal graphs.
    Hops,
}

impl Distance {
    /// Returns the sentence that states the transform beside the numbers.
    pub fn convention(self) -> &'static str {
        match self {
            Distance::Inverse => {
                "Path metrics take 1/weight as the distance along a flow; paths whose lengths differ by less than \
                 1e-10 of their sum are equally short."
            }
            Distance::Hops => "Path metrics count every flow as one step, whatever its weight.",
        }
    }

    fn length(self, weight: f64) -> f64 {
        match self {
            Distance::Inverse => 1.0 / weight,
            Distance::Hops => 1.0,
        }
    }
}

/// Steps are shorter than this, so that the length of any path can be written as a number.
const LONGEST: f64 = 1e290;

/// A step that can be taken from a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Above 0 and below [`LONGEST`].
    pub length: f64,
    /// Where it leads.
    pub to: u32,
}

/// The steps from every place. They can become fewer, because most flows of a dense network lie on no shortest path.
#[derive(Debug, Clone)]
pub struct Steps {
    starts: Vec<usize>,
    ends: Vec<usize>,
    steps: Vec<Step>,
}

impl Steps {
    /// Returns the steps of a graph. A weight of 0 makes no step, nor does one below 1/[`LONGEST`].
    pub fn new(frozen: &Frozen, distance: Distance) -> Steps {
        Steps::from_rows(&frozen.out, distance)
    }

    /// Returns the steps of a graph, each the other way round.
    pub fn reversed(frozen: &Frozen, distance: Distance) -> Steps {
        Steps::from_rows(&frozen.into, distance)
    }

    fn from_rows(rows: &Rows, distance: Distance) -> Steps {
        let mut all = Steps { starts: Vec::new(), ends: Vec::new(), steps: Vec::new() };
        for row in rows.iter() {
            all.starts.push(all.steps.len());
            let steps = row.iter().map(|c| Step { length: distance.length(c.weight), to: c.place });
            all.steps.extend(steps.filter(|s| s.length > 0.0 && s.length < LONGEST));
            all.ends.push(all.steps.len());
        }
        all
    }

    /// Returns the number of places.
    pub fn places(&self) -> usize {
        self.starts.len()
    }

    /// Returns the steps from a place that are left.
    pub fn row(&self, place: u32) -> &[Step] {
        &self.steps[self.starts[place as usize]..self.ends[place as usize]]
    }

    /// Replaces the steps from a place by some of them.
    pub fn shrink(&mut self, place: u32, kept: &[Step]) {
        let start = self.starts[place as usize];
        assert!(start + kept.len() <= self.ends[place as usize], "a row can only shrink");
        self.steps[start..start + kept.len()].copy_from_slice(kept);
        self.ends[place as usize] = start + kept.len();
    }

    /// Keeps the steps that pass, given with the place that they start from, and closes the gaps between rows.
    pub fn retain(&mut self, pass: impl Fn(u32, &Step) -> bool) {
        let mut next = 0;
        for place in 0..self.places() {
            let row = self.starts[place]..self.ends[place];
            self.starts[place] = next;
            for index in row {
                let step = self.steps[index];
                if pass(place as u32, &step) {
                    self.steps[next] = step;
                    next += 1;
                }
            }
            self.ends[place] = next;
        }
        self.steps.truncate(next);
    }

    /// Closes the gaps that shrunken rows left: what is searched again and again should lie together in the cache.
    pub fn compact(&mut self) {
        self.retain(|_, _| true);
    }
}
