//! Where the number of a flow may stand: on the flow where it is wide enough, else along its side.

use flowatlas_model::style::Color;
use kurbo::{Point, Size, Vec2};

use crate::{
    labels::{Candidate, NEAR, Slant},
    ribbon::Course,
};

/// Shares of the way at which a number may stand, best first.
const SHARES: [f64; 13] = [0.5, 0.55, 0.45, 0.6, 0.4, 0.65, 0.35, 0.7, 0.3, 0.75, 0.25, 0.8, 0.2];
/// Price of each step down that list.
const STEP_PRICE: f64 = 0.5;
/// Price of standing beside the flow rather than on it.
const SIDE_PRICE: f64 = 3.0;
/// Price of words on their own flow that lie wholly under other flows.
const CROSSED_PRICE: f64 = 45.0;
/// Points along words at which other flows are looked for.
const PROBES: usize = 12;
/// Colour of the flow that must be left above and below words on it, in points.
const RIM: f64 = 0.7;

/// The flow that a number belongs to, as drawn.
pub struct Bearer<'a> {
    /// Its course.
    pub course: &'a Course,
    /// Its full width.
    pub width: f64,
    /// The ways between which it runs alone: numbers stand there.
    pub alone: [f64; 2],
    /// Length of its arrowhead, on which no number stands.
    pub head: f64,
    /// Colour of letters that can be read on it.
    pub letters: Color,
}

/// Returns the positions for words of this size (their length by the height of capitals), those on the flow first.
/// `others` are the courses and half widths of the flows that may run across it.
pub fn along(bearer: &Bearer<'_>, words: Size, others: &[(&Course, f64)]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (rank, share) in SHARES.into_iter().enumerate() {
        let Some(stretch) = Stretch::of(bearer, share, words.width) else { continue };
        let price = STEP_PRICE * rank as f64;
        if words.height / 2.0 + stretch.bulge / 2.0 + RIM <= bearer.width / 2.0 {
            let slant = stretch.slant(stretch.bulge / 2.0 * stretch.side, words, Some(bearer.letters));
            found.push(Candidate::aslant(slant, price + CROSSED_PRICE * share_crossed(&slant, others)));
        }
        let away = bearer.width / 2.0 + NEAR + words.height / 2.0;
        for side in [stretch.side, -stretch.side] {
            let bulge = if side == stretch.side { stretch.bulge } else { 0.0 };
            let slant = stretch.slant((away + bulge) * side, words, None);
            found.push(Candidate::aslant(slant, price + SIDE_PRICE + bulge));
        }
    }
    found
}

/// The stretch of a course that words accompany: its chord from left to right, and how far and to which side of the
/// chord it bulges.
struct Stretch {
    middle: Point,
    way: Vec2,
    bulge: f64,
    side: f64,
}

impl Stretch {
    /// Returns the stretch of this length about this share of the way, or nothing where it does not fit on the shaft
    /// or bends back.
    fn of(bearer: &Bearer<'_>, share: f64, length: f64) -> Option<Self> {
        let [start, end] = bearer.alone;
        let centre = start + (end - start) * share;
        let (from, to) = (centre - length / 2.0, centre + length / 2.0);
        if from <= start || to >= end.min(bearer.course.length() - bearer.head) {
            return None;
        }
        let (first, last) = (bearer.course.at(from), bearer.course.at(to));
        let (left, right) = if last.x >= first.x { (first, last) } else { (last, first) };
        let chord = right - left;
        if chord.hypot() < 0.8 * length {
            return None;
        }
        let way = chord.normalize();
        let offset = |p: Point| way.cross(p - left);
        let part = bearer.course.part(from, to);
        let farthest = part.points().iter().map(|p| offset(*p)).max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
        let side = if farthest > 0.0 { 1.0 } else { -1.0 };
        Some(Stretch { middle: left.midpoint(right), way, bulge: farthest.abs(), side })
    }

    /// Returns words whose middle lies this far to the right of the chord's middle, looking along it.
    fn slant(&self, aside: f64, words: Size, on_flow: Option<Color>) -> Slant {
        let middle = self.middle + Vec2::new(-self.way.y, self.way.x) * aside;
        let half = self.way * (words.width / 2.0);
        Slant { start: middle - half, end: middle + half, height: words.height, on_flow }
    }
}

/// Returns the share of the words over which other flows run.
fn share_crossed(words: &Slant, others: &[(&Course, f64)]) -> f64 {
    let probe = |k: usize| words.start.lerp(words.end, k as f64 / PROBES as f64);
    let mut crossed = [false; PROBES + 1];
    for (course, half) in others {
        for at in course.samples(2.0) {
            for (k, hit) in crossed.iter_mut().enumerate() {
                *hit |= (at - probe(k)).hypot() < half + words.height / 2.0;
            }
        }
    }
    crossed.iter().filter(|hit| **hit).count() as f64 / crossed.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Color = Color { r: 255, g: 255, b: 255, a: 255 };
    const ALL: [f64; 2] = [0.0, 100.0];
    const WORDS: Size = Size::new(24.0, 5.0);

    fn straight() -> Course {
        Course::through(vec![Point::new(100.0, 0.0), Point::ZERO])
    }

    #[test]
    fn words_stand_on_a_wide_flow_and_read_from_left_to_right() {
        let found =
            along(&Bearer { course: &straight(), width: 8.0, alone: ALL, head: 10.0, letters: WHITE }, WORDS, &[]);
        let slant = found[0].slant.unwrap();
        assert!(
            slant.on_flow == Some(WHITE) && slant.start == Point::new(38.0, 0.0) && slant.end == Point::new(62.0, 0.0)
        );
    }

    #[test]
    fn words_stand_beside_a_narrow_flow() {
        let found =
            along(&Bearer { course: &straight(), width: 2.0, alone: ALL, head: 10.0, letters: WHITE }, WORDS, &[]);
        assert!(found.iter().all(|c| c.slant.is_some_and(|s| s.on_flow.is_none())));
        assert!((found[0].slant.unwrap().start.y.abs() - (1.0 + NEAR + 2.5)).abs() < 1e-9);
    }

    #[test]
    fn words_avoid_the_stretch_that_another_flow_crosses() {
        let other = Course::through(vec![Point::new(50.0, -50.0), Point::new(50.0, 50.0)]);
        let found = along(
            &Bearer { course: &straight(), width: 8.0, alone: ALL, head: 10.0, letters: WHITE },
            WORDS,
            &[(&other, 1.0)],
        );
        let best = found.iter().min_by(|a, b| a.price.total_cmp(&b.price)).unwrap().slant.unwrap();
        assert!(best.start.x > 51.0 || best.end.x < 49.0 || best.on_flow.is_none(), "{best:?}");
    }

    #[test]
    fn a_flow_shorter_than_the_words_bears_none() {
        let short = Course::through(vec![Point::ZERO, Point::new(30.0, 0.0)]);
        assert_eq!(
            along(&Bearer { course: &short, width: 8.0, alone: ALL, head: 10.0, letters: WHITE }, WORDS, &[]),
            []
        );
    }
}
