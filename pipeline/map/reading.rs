//! Whether words beside a flow are read with it: nothing else that they could belong to is about as near.

use kurbo::{Line, ParamCurveNearest as _, Point, Rect};

use crate::{
    labels::{CLEARLY, Candidate, NEAR, distance},
    ribbon::Course,
};

/// How many times as far other flows about as wide must be from words as their own flow is, not to be taken for it.
const APART: f64 = 1.5;
/// Distance in points at which points of a flow stand for it.
const STEP: f64 = 2.0;
/// Error of the distance from a line in points, which is exact in any case.
const SURE: f64 = 1e-6;

/// A flow as drawn.
pub struct Way {
    points: Vec<Point>,
    half_width: f64,
    bounds: Rect,
}

/// A flow that words beside another might belong to.
pub struct Rival<'a> {
    /// The flow.
    pub way: &'a Way,
    /// How likely it is to be taken for theirs.
    pub likeness: Likeness,
}

/// How likely a flow is to be taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// About as wide.
    Alike,
    /// Narrower: words along the wide flow are read with that, level ones with the nearer.
    Narrow,
    /// The flow the other way between the same places, which is told by its side: words only do not lie on it.
    Opposite,
}

impl Way {
    /// Returns the flow of these pieces and this width.
    pub fn of(pieces: &[Course], width: f64) -> Self {
        let points: Vec<Point> = pieces.iter().flat_map(|piece| piece.samples(STEP)).collect();
        let spots = points.iter().map(|at| Rect::from_points(*at, *at));
        let bounds = spots.reduce(|a, b| a.union(b)).unwrap_or(Rect::ZERO).inset(width / 2.0);
        Way { points, half_width: width / 2.0, bounds }
    }

    /// Returns the distance of words from the edge of the flow, negative where they lie on it.
    fn gap(&self, words: &Candidate) -> f64 {
        let distances = self.points.iter().map(|at| distance_of_words(words, *at));
        distances.fold(f64::INFINITY, f64::min) - self.half_width
    }

    /// Tells whether words are nearer to the flow than this.
    fn is_within(&self, reach: f64, words: &Candidate) -> bool {
        self.bounds.inset(reach).overlaps(words.bounds) && self.gap(words) < reach
    }
}

/// What words beside a flow might belong to instead.
pub struct Rivals<'a> {
    /// Other flows that are wide enough to be taken for it.
    pub flows: Vec<Rival<'a>>,
    /// Middle and radius of the symbols of places that it does not join.
    pub symbols: Vec<(Point, f64)>,
}

impl Rivals<'_> {
    /// Returns the words, which are to stand clearly farther from other words than from their own flow, and level ones at least `lines`
    /// from them, or a name above would be read with them. `None` where a rival is about as near as their flow; words on it have none.
    pub fn leave(&self, words: Candidate, (own, lines): (&Way, f64)) -> Option<Candidate> {
        if words.slant.is_some_and(|slant| slant.on_flow.is_some()) {
            return Some(words);
        }
        let gap = own.gap(&words).max(NEAR);
        let is_level = words.slant.is_none();
        let near = |(at, radius): &(Point, f64)| distance_of_words(&words, *at) - radius < CLEARLY * gap;
        let taken = |rival: &Rival<'_>| match rival.likeness {
            Likeness::Alike => rival.way.is_within(APART * gap, &words),
            Likeness::Narrow => is_level && rival.way.is_within(gap, &words),
            Likeness::Opposite => rival.way.is_within(0.0, &words),
        };
        let apart = f64::max(CLEARLY * gap, if is_level { lines } else { 0.0 });
        let misread = self.symbols.iter().any(near) || self.flows.iter().any(taken);
        (!misread).then_some(Candidate { apart, ..words })
    }
}

/// Returns the distance of a point from words, 0 within them.
fn distance_of_words(words: &Candidate, at: Point) -> f64 {
    let Some(slant) = words.slant else { return distance(words.bounds, at) };
    let line = Line::new(slant.start, slant.end);
    (line.nearest(at, SURE).distance_sq.sqrt() - slant.height / 2.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use kurbo::Size;

    use super::*;

    /// Returns a level flow at this height, two points wide.
    fn level(y: f64) -> Way {
        Way::of(&[Course::through(vec![Point::new(0.0, y), Point::new(100.0, y)])], 2.0)
    }

    /// Returns words as far as this above the edge of the flow at 0.
    fn above(gap: f64) -> Candidate {
        Candidate::level(Rect::from_origin_size((40.0, -1.0 - gap - 8.0), Size::new(20.0, 8.0)), 0.0)
    }

    /// Returns these words beside the flow at 0, with another one at a height.
    fn read(gap: f64, other: f64, likeness: Likeness) -> Option<Candidate> {
        let other = level(other);
        let flows = vec![Rival { way: &other, likeness }];
        Rivals { flows, symbols: Vec::new() }.leave(above(gap), (&level(0.0), 0.0))
    }

    #[test]
    fn words_as_near_to_another_flow_as_to_their_own_are_not_read_with_it() {
        let left = |gap: f64, other: f64| read(gap, other, Likeness::Alike);
        // The words end 10.8 above the middle of their flow: the other one begins 1 below its own middle.
        assert_eq!(left(1.8, -13.8), None, "2 points to the other");
        assert_eq!(read(1.8, -13.3, Likeness::Narrow), None, "1.5 points to a narrow one");
        assert!(read(1.8, -13.8, Likeness::Narrow).is_some(), "2 points to a narrow one");
        assert!(read(1.8, -12.0, Likeness::Opposite).is_some(), "beside the flow the other way");
        assert_eq!(read(1.8, -11.0, Likeness::Opposite), None, "on it");
        let apart = left(1.8, -16.8).unwrap().apart;
        assert!((apart - CLEARLY * 1.8).abs() < 1e-9, "5 points to the other, {apart} to other words");
        assert_eq!(left(7.0, -22.0), None, "5 points, and 7 to their own");
        assert_eq!(left(1.8, -5.0), None, "under the words");
    }

    #[test]
    fn words_as_near_to_a_place_of_other_flows_as_to_their_own_are_not_read_with_it() {
        let left = |symbol: (f64, f64)| {
            let symbols = vec![(Point::from(symbol), 3.0)];
            Rivals { flows: Vec::new(), symbols }.leave(above(1.8), (&level(0.0), 0.0)).is_some()
        };
        assert_eq!([(50.0, -15.0), (65.0, -6.0), (50.0, -20.0)].map(left), [false, false, true]);
    }
}
