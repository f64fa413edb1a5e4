//! Places joined two by two, the cheapest pair first.

use std::{cmp::Ordering, collections::BinaryHeap};

use flowatlas_model::{
    Coordinates,
    positions::{self, Vector},
};

/// A place to be grouped. Places are numbered in the order of their ids, which decides between equals.
#[derive(Debug, Clone, Copy)]
pub struct Particle {
    /// Where it lies.
    pub at: Vector,
    /// What moves in and out; not negative.
    pub weight: f64,
    /// The region that it shares with others; `None` for one that joins nobody.
    pub region: Option<u32>,
}

/// Places that stand for one.
#[derive(Debug, Clone)]
pub struct Group {
    /// The mean of the members by weight; where none has weight, the plain mean.
    pub at: Vector,
    /// The heaviest member.
    pub head: usize,
    /// All members, in no order.
    pub members: Vec<usize>,
    head_weight: f64,
    weight: f64,
    weighted: Vector,
    plain: Vector,
}

impl Group {
    fn of_one(place: usize, particle: &Particle) -> Group {
        let Particle { at, weight, .. } = *particle;
        let weighted = at.map(|part| part * weight);
        Group { at, head: place, members: vec![place], head_weight: weight, weight, weighted, plain: at }
    }

    fn is_ahead_of(&self, other: &Group) -> bool {
        self.head_weight.total_cmp(&other.head_weight).then(other.head.cmp(&self.head)) == Ordering::Greater
    }

    fn join(self, other: Group, coordinates: Coordinates) -> Group {
        let (first, second) = if self.is_ahead_of(&other) { (self, other) } else { (other, self) };
        let weighted = positions::sum(first.weighted, second.weighted);
        let plain = positions::sum(first.plain, second.plain);
        let weight = first.weight + second.weight;
        let mut members = first.members;
        members.extend(second.members);
        let mean = match weight > 0.0 {
            true => positions::mean(coordinates, weighted, weight),
            false => positions::mean(coordinates, plain, members.len() as f64),
        };
        Group { at: mean.unwrap_or(first.at), members, weight, weighted, plain, ..first }
    }
}

/// Joins particles until `wanted` groups are left, or more where regions keep them apart.
///
/// The pair with the smallest cost is joined first: distance × √(w₁ w₂ / (w₁ + w₂)), the root of what the weighted sum of
/// squares grows by (Ward). Among equal costs, as where a place has no weight, the nearest pair goes first, then the one
/// whose heads sort first.
///
/// Every pair is watched by the group that was made later, which keeps its cheapest partner among the earlier ones in
/// the queue and looks for another when that partner is gone. Memory O(places); time O(places²) as a rule, as few groups
/// lose their partner more than a few times.
///
/// # Source
/// Ward 1963, J. Am. Stat. Assoc. 58, 236–244; the lazy queue after Müllner 2011, arXiv:1109.2378, section 3.1.
pub fn agglomerate(particles: &[Particle], coordinates: Coordinates, wanted: usize) -> Vec<Group> {
    let mut merging = Merging::new(particles, coordinates);
    let mut left = particles.len();
    while left > wanted {
        let Some(pair) = merging.queue.pop() else { break };
        left -= usize::from(merging.settle(&pair));
    }
    merging.groups.into_iter().flatten().collect()
}

struct Merging {
    coordinates: Coordinates,
    /// Groups by the order in which they were made; `None` for one that was joined to another.
    groups: Vec<Option<Group>>,
    /// The region of each group, by the order in which the groups were made.
    regions: Vec<Option<u32>>,
    /// The groups that are left of each region, earlier ones first.
    alive: Vec<Vec<usize>>,
    queue: BinaryHeap<Pair>,
}

impl Merging {
    fn new(particles: &[Particle], coordinates: Coordinates) -> Self {
        let regions = particles.iter().filter_map(|p| p.region).max().map_or(0, |r| r as usize + 1);
        let mut merging = Merging {
            coordinates,
            groups: Vec::with_capacity(2 * particles.len()),
            regions: Vec::with_capacity(2 * particles.len()),
            alive: vec![Vec::new(); regions],
            queue: BinaryHeap::with_capacity(particles.len()),
        };
        for (place, particle) in particles.iter().enumerate() {
            merging.admit(Group::of_one(place, particle), particle.region);
        }
        merging
    }

    fn admit(&mut self, group: Group, region: Option<u32>) {
        let made = self.groups.len();
        self.groups.push(Some(group));
        self.regions.push(region);
        if let Some(region) = region {
            self.alive[region as usize].push(made);
            self.queue.extend(self.cheapest(made));
        }
    }

    /// Joins a pair if both are left, or else looks for another partner for the later one. Returns whether it joined.
    fn settle(&mut self, pair: &Pair) -> bool {
        let Pair { later, earlier, .. } = *pair;
        if self.groups[later].is_none() {
            return false;
        }
        let Some(other) = self.groups[earlier].take() else {
            self.queue.extend(self.cheapest(later));
            return false;
        };
        let group = self.groups[later].take().expect("looked at above");
        let region = self.regions[later];
        let alive = &mut self.alive[region.expect("only groups of a region are queued") as usize];
        alive.retain(|&made| made != later && made != earlier);
        self.admit(group.join(other, self.coordinates), region);
        true
    }

    /// Returns the pair of a group with the cheapest of the earlier ones that are left.
    fn cheapest(&self, later: usize) -> Option<Pair> {
        let alive = &self.alive[self.regions[later]? as usize];
        let earlier = alive.iter().copied().take_while(|&made| made < later);
        earlier.filter_map(|earlier| self.pair(later, earlier)).max()
    }

    fn pair(&self, later: usize, earlier: usize) -> Option<Pair> {
        let (a, b) = (self.groups[later].as_ref()?, self.groups[earlier].as_ref()?);
        let distance = positions::distance(self.coordinates, a.at, b.at);
        let both = a.weight + b.weight;
        let pull = if both > 0.0 { a.weight.sqrt() * b.weight.sqrt() / both.sqrt() } else { 0.0 };
        let heads = [a.head.min(b.head), a.head.max(b.head)];
        Some(Pair { cost: distance * pull, distance, heads, later, earlier })
    }
}

/// Two groups that could be joined. The greatest pair is the one to join first.
#[derive(Debug, Clone, Copy)]
struct Pair {
    cost: f64,
    distance: f64,
    heads: [usize; 2],
    later: usize,
    earlier: usize,
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_cost = other.cost.total_cmp(&self.cost);
        by_cost.then(other.distance.total_cmp(&self.distance)).then(other.heads.cmp(&self.heads))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}
