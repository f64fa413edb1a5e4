//! Where the legend and the scale bar stand: where the map is emptiest, or beside it where nothing is empty.

use flowatlas_model::{scene::Item, style::TextStyle};
use kurbo::{Line, Point, Rect, Size, Vec2};

use crate::{block::Block, frame::Framed, leaders::enters, occupancy::Occupancy, ribbon::Course};

/// Room kept free around legend and scale bar in points.
pub const CLEARANCE: f64 = 4.0;
/// Distance of legend and scale bar from the frame in points.
const CORNER: f64 = 7.0;
/// Steps of the grids on which the legend and the locator look for room.
pub const LEGEND_GRID: usize = 12;
pub const LOCATOR_GRID: usize = 24;
/// Steps along the foot and the head of the map on which the scale bar looks for room.
const STEPS: usize = 10;
/// Share of ink from which on a place counts as crowded, and that for a scale bar, which a border may cross.
pub const CROWDED: f64 = 0.02;
pub const CROWDED_BAR: f64 = 0.06;

/// Price of each flow that runs through a block, however thin, and how many are counted: a block that many run through is no better
/// off elsewhere.
const CROSSING: f64 = 10.0;
const MOST_CROSSINGS: usize = 3;

/// A block that found a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What to draw.
    pub items: Vec<Item>,
    /// Its box.
    pub bounds: Rect,
    /// True where it lies on flows or symbols, or does not fit the frame.
    pub crowded: bool,
}

/// What a block must respect.
pub struct Ground<'a> {
    /// The map.
    pub framed: &'a Framed,
    /// Ink of flows, arrowheads and borders.
    pub ink: &'a Occupancy,
    /// The courses of the flows, in pieces.
    pub courses: &'a [Vec<Course>],
    /// Boxes that are taken.
    pub taken: &'a [Rect],
    /// Share of ink from which on a place counts as crowded.
    pub crowded: f64,
    /// Words, whose size the room around blocks goes by.
    pub text: &'a TextStyle,
    /// Room at both sides of a symbol that its name may want, in points.
    pub names: f64,
}

/// Places a block at this corner, outside the frame.
pub fn beside(block: Block, corner: Point) -> Found {
    let bounds = block.bounds(corner);
    Found { items: block.place(corner), bounds, crowded: false }
}

/// Places a block where the map is emptiest, on a grid of some steps; corners and edges are preferred.
pub fn emptiest(block: Block, grid: usize, ground: &Ground<'_>) -> Found {
    cheapest(block, steps(grid), ground)
}

/// Places a block where the map is emptiest, of the places where it covers no symbol and nothing that is taken; `None` without any.
pub fn uncovering(block: Block, grid: usize, ground: &Ground<'_>) -> Option<Found> {
    let spots = Spots::of(&block, ground);
    let free = |share: &(f64, f64)| spots.fit() && !ground.covers(block.bounds(spots.corner(*share)));
    let shares: Vec<(f64, f64)> = steps(grid).filter(free).collect();
    (!shares.is_empty()).then(|| cheapest(block, shares.into_iter(), ground))
}

/// Places a block at the foot or the head of the map, corners first; `None` where all of it is taken.
pub fn free_corner(block: Block, ground: &Ground<'_>) -> Option<Found> {
    let part = |k: usize| k as f64 / STEPS as f64;
    let shares = [1.0, 0.0].into_iter().flat_map(|row| (0..=STEPS).map(move |column| (part(column), row)));
    Some(cheapest(block, shares, ground)).filter(|found| !found.crowded)
}

/// Returns the shares of the free width and height on a grid of so many steps.
fn steps(grid: usize) -> impl Iterator<Item = (f64, f64)> {
    let part = move |k: usize| k as f64 / grid as f64;
    (0..=grid).flat_map(move |row| (0..=grid).map(move |column| (part(column), part(row))))
}

/// Where the corner of a block may be.
struct Spots {
    origin: Point,
    free: Size,
}

impl Spots {
    fn of(block: &Block, ground: &Ground<'_>) -> Self {
        let frame = ground.framed.main().rect.inset(-ground.text.grown(CORNER));
        Spots { origin: frame.origin(), free: frame.size() - block.size }
    }

    fn fit(&self) -> bool {
        self.free.width >= 0.0 && self.free.height >= 0.0
    }

    fn corner(&self, (x, y): (f64, f64)) -> Point {
        self.origin + Vec2::new(self.free.width * x, self.free.height * y)
    }
}

/// Places a block at the cheapest of these shares of the free width and height.
fn cheapest(block: Block, shares: impl Iterator<Item = (f64, f64)>, ground: &Ground<'_>) -> Found {
    let spots = Spots::of(&block, ground);
    let price = |(x, y): (f64, f64)| {
        let bounds = block.bounds(spots.corner((x, y))).inset(ground.text.grown(CLEARANCE));
        let off_edge = x.min(1.0 - x) + y.min(1.0 - y) + 0.4 * x.min(1.0 - x).min(y.min(1.0 - y));
        // The foot of the map is a quieter place than its head.
        ground.trouble(bounds) + 8.0 * off_edge + 0.5 * (1.0 - y)
    };
    let best = shares.min_by(|a, b| price(*a).total_cmp(&price(*b))).unwrap_or((0.0, 1.0));
    let bounds = block.bounds(spots.corner(best));
    let crowded = !spots.fit() || ground.is_crowded(bounds);
    Found { items: block.place(spots.corner(best)), bounds, crowded }
}

impl Ground<'_> {
    fn symbols_in(&self, bounds: Rect) -> usize {
        self.framed.nodes.iter().filter(|n| bounds.inset(n.radius.max(3.0)).contains(n.at)).count()
    }

    fn taken_share(&self, bounds: Rect) -> f64 {
        self.taken.iter().map(|t| t.intersect(bounds).area().max(0.0)).sum::<f64>() / bounds.area()
    }

    fn trouble(&self, bounds: Rect) -> f64 {
        let within = self.symbols_in(bounds) as f64;
        let beside = self.symbols_in(bounds.inflate(self.names, 0.0)) as f64 - within;
        600.0 * self.ink.covered(bounds)
            + CROSSING * crossings(self.courses, bounds) as f64
            + 40.0 * within
            + 15.0 * beside
            + 900.0 * self.taken_share(bounds)
    }

    fn is_crowded(&self, bounds: Rect) -> bool {
        self.ink.covered(bounds) > self.crowded || self.covers(bounds)
    }

    fn covers(&self, bounds: Rect) -> bool {
        self.symbols_in(bounds) > 0 || self.taken_share(bounds) > 0.0
    }
}

/// Returns how many flows run through a box, of those that count.
pub fn crossings(courses: &[Vec<Course>], bounds: Rect) -> usize {
    let crosses = |pieces: &&Vec<Course>| {
        let mut steps = pieces.iter().flat_map(|piece| piece.points().windows(2));
        steps.any(|step| enters(Line::new(step[0], step[1]), bounds))
    };
    courses.iter().filter(crosses).take(MOST_CROSSINGS).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_through_a_block_counts_once_and_no_more_than_three_do() {
        let flow = |pieces: &[[(f64, f64); 2]]| -> Vec<Course> {
            pieces.iter().map(|piece| Course::through(piece.map(Point::from).into())).collect()
        };
        let block = Rect::new(10.0, 10.0, 30.0, 20.0);
        let (past, through) = (flow(&[[(0.0, 0.0), (40.0, 9.0)]]), flow(&[[(0.0, 0.0), (40.0, 30.0)]]));
        // Cut by the edge of the map, it runs through in both pieces.
        let twice = flow(&[[(0.0, 12.0), (40.0, 12.0)], [(0.0, 18.0), (40.0, 18.0)]]);
        assert_eq!(crossings(&[past.clone(), through.clone(), twice], block), 2);
        assert_eq!(crossings(&[past], block), 0);
        assert_eq!(crossings(&vec![through; 9], block), MOST_CROSSINGS);
    }
}
