//! What the distance along a flow is, for every metric that follows paths.

use flowatlas_model::{
    Atlas, Coordinates,
    positions::{self, Vector},
};

use crate::rows::{Cell, Frozen, Rows};

/// How a flow becomes the length of a step. Parallel kinds are merged first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Distance {
    /// 1 / weight: strong flows bring places close. Flows without a weight have no length and are not followed.
    ///
    /// # Source
    /// Newman 2001, Phys. Rev. E 64, 016132.
    #[default]
    Inverse,
    /// 1 / weight^α for an exponent α above 0, which says how much weights count against steps: near 0 hardly at all, 1 is
    /// [`Distance::Inverse`].
    ///
    /// # Source
    /// Opsahl, Agneessens & Skvoretz 2010, Soc. Networks 32(3), equation 8.
    Power(f64),
    /// −ln of the share of the origin's flows, so that the shortest path is the likeliest: the sum of −ln is −ln of the
    /// product. The only flow of an origin has the share 1 and would have no length: it gets 1e-6.
    ///
    /// # Source
    /// Shannon 1948, Bell Syst. Tech. J. 27(3) for −ln of a probability as its information.
    Surprise,
    /// Kilometres along the great circle, or the unit of planar coordinates, whatever the weight. Places at the same
    /// position are 1e-6 of the longest step apart.
    Kilometres,
    /// 1 for every flow, whatever its weight: the only choice besides kilometres for ordinal graphs.
    Hops,
}

/// Steps that would have no length get this one, or this part of the longest: without length a path could go in circles.
pub const SHORTEST: f64 = 1e-6;

/// Metres in a kilometre.
const KILOMETRE: f64 = 1000.0;

impl Distance {
    /// Returns whether ranks, which are no amounts, can be measured like this.
    pub fn needs_weights(self) -> bool {
        !matches!(self, Distance::Kilometres | Distance::Hops)
    }

    /// Returns the sentence that states the transform beside the numbers.
    pub fn convention(self) -> String {
        let length = match self {
            Distance::Hops => {
                return "Path metrics count every flow as one step, whatever its weight.".to_owned();
            }
            Distance::Inverse => "1/weight as the distance along a flow".to_owned(),
            Distance::Power(alpha) => format!("1/weight^{alpha} as the distance along a flow"),
            Distance::Surprise => {
                format!("-ln(weight / all that leaves the origin) as the distance along a flow, at least {SHORTEST:e}")
            }
            Distance::Kilometres => format!(
                "kilometres (planar: units) between its ends as the distance along a flow, at least {SHORTEST:e} of \
                 the longest"
            ),
        };
        format!(
            "Path metrics take {length}; paths whose lengths differ by less than 1e-10 of their sum are equally short."
        )
    }

    /// Returns the unit of 1/distance, in the manner of [`flowatlas_model::MetricInfo::unit`].
    pub fn closeness_unit(self) -> &'static str {
        match self {
            Distance::Inverse => "weight",
            Distance::Power(_) => "weight^alpha",
            Distance::Surprise | Distance::Hops => "1",
            Distance::Kilometres => "1/km",
        }
    }

    /// Returns the unit of distances.
    pub fn unit(self) -> &'static str {
        match self {
            Distance::Inverse => "1/weight",
            Distance::Power(_) => "1/weight^alpha",
            Distance::Surprise | Distance::Hops => "1",
            Distance::Kilometres => "km",
        }
    }

    /// Returns what measures the steps of a graph.
    pub(crate) fn ruler(self, atlas: &Atlas, frozen: &Frozen) -> Ruler {
        match self {
            Distance::Inverse => Ruler::Inverse,
            Distance::Hops => Ruler::Hops,
            Distance::Power(alpha) => Ruler::Power(alpha),
            Distance::Surprise => Ruler::Surprise(frozen.out.sums()),
            Distance::Kilometres => Ruler::Apart(Apart::new(atlas, frozen)),
        }
    }
}

/// A [`Distance`] with what it needs to know of the graph.
#[derive(Debug, Clone)]
pub(crate) enum Ruler {
    Inverse,
    Hops,
    Power(f64),
    /// With all that leaves each place.
    Surprise(Vec<f64>),
    Apart(Apart),
}

impl Ruler {
    /// Returns how many flows join places at the same position or nearly so, and the length that stands in for theirs.
    pub fn raised(&self, frozen: &Frozen) -> Option<(usize, f64)> {
        let Ruler::Apart(apart) = self else { return None };
        let near =
            |(from, row): (usize, &[Cell])| row.iter().filter(|c| apart.is_raised(from, c.place as usize)).count();
        let count = frozen.out.iter().enumerate().map(near).sum();
        (count > 0).then_some((count, apart.least))
    }

    fn length(&self, from: usize, to: usize, weight: f64) -> f64 {
        match self {
            Ruler::Inverse => 1.0 / weight,
            Ruler::Hops => 1.0,
            Ruler::Power(alpha) => libm::pow(weight, -alpha),
            Ruler::Surprise(sent) => (-libm::log(weight / sent[from])).max(SHORTEST),
            Ruler::Apart(apart) => apart.length(from, to),
        }
    }
}

/// Positions of all places.
#[derive(Debug, Clone)]
pub(crate) struct Apart {
    coordinates: Coordinates,
    at: Vec<Vector>,
    /// What stands in for no distance.
    least: f64,
}

impl Apart {
    fn new(atlas: &Atlas, frozen: &Frozen) -> Self {
        let at = atlas.places.iter().map(|p| positions::vector(atlas.coordinates, p.at)).collect();
        let mut apart = Apart { coordinates: atlas.coordinates, at, least: 0.0 };
        let of = |(from, row): (usize, &[Cell])| {
            row.iter().fold(0.0_f64, |far, cell| far.max(apart.length(from, cell.place as usize)))
        };
        let longest = frozen.out.iter().enumerate().map(of).fold(0.0, f64::max);
        // Where all flows join places at one position, any length will do.
        apart.least = if longest > 0.0 { SHORTEST * longest } else { SHORTEST };
        apart
    }

    fn length(&self, from: usize, to: usize) -> f64 {
        self.measured(from, to).max(self.least)
    }

    fn is_raised(&self, from: usize, to: usize) -> bool {
        self.measured(from, to) < self.least
    }

    fn measured(&self, from: usize, to: usize) -> f64 {
        let apart = positions::distance(self.coordinates, self.at[from], self.at[to]);
        match self.coordinates {
            Coordinates::Geographic => apart / KILOMETRE,
            Coordinates::Planar => apart,
        }
    }
}

/// Steps are shorter than this, so that the length of any path can be written as a number.
const LONGEST: f64 = 1e290;

/// A step that can be taken from a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    /// Above 0 and below [`LONGEST`].
    pub length: f64,
    /// Where it leads.
    pub to: u32,
    /// Its cell among all cells of the rows that the steps were made from.
    pub cell: u32,
}

/// The steps from every place, each row ascending by where they lead. They can become fewer, because most flows of a
/// dense network lie on no shortest path.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    starts: Vec<usize>,
    ends: Vec<usize>,
    steps: Vec<Step>,
}

impl Steps {
    /// Returns the steps of a graph. Unknown weights make no step where length depends on weight, nor do lengths above
    /// [`LONGEST`].
    pub fn new(frozen: &Frozen, ruler: &Ruler) -> Steps {
        Steps::from_rows(&frozen.out, |from, to, weight| ruler.length(from, to, weight))
    }

    /// Returns the steps of a graph, each the other way round.
    pub fn reversed(frozen: &Frozen, ruler: &Ruler) -> Steps {
        Steps::from_rows(&frozen.into, |to, from, weight| ruler.length(from, to, weight))
    }

    fn from_rows(rows: &Rows, length: impl Fn(usize, usize, f64) -> f64) -> Steps {
        let mut all = Steps { starts: Vec::new(), ends: Vec::new(), steps: Vec::with_capacity(rows.cells().len()) };
        let mut cell = 0;
        for (place, row) in rows.iter().enumerate() {
            all.starts.push(all.steps.len());
            for c in row {
                let step = Step { length: length(place, c.place as usize, c.weight), to: c.place, cell };
                cell += 1;
                if step.length > 0.0 && step.length < LONGEST {
                    all.steps.push(step);
                }
            }
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

    /// Returns every step in memory. Between rows that were shrunk there are steps that are no longer taken.
    pub fn slots(&self) -> &[Step] {
        &self.steps
    }

    /// Returns where among [`Steps::slots`] a step stands.
    ///
    /// # Panics
    /// Panics if no such step is left.
    pub fn slot(&self, from: u32, to: u32) -> usize {
        let at = self.row(from).binary_search_by_key(&to, |s| s.to).expect("a step that was taken is left");
        self.starts[from as usize] + at
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
