//! Leader lines: a name that finds no room beside what it names stands further off, and a thin line joins the two.

use flowatlas_model::{
    scene::{Item, Shape, Stroke},
    style::{Color, TextStyle},
};
use kurbo::{BezPath, Line, Point, Rect, Size, Vec2};

use crate::{labels::Candidate, land::append, occupancy::Occupancy};

/// Directions in which a leader may leave its symbol.
const BEARINGS: usize = 24;
/// Lengths of leaders in points.
const REACHES: [f64; 8] = [9.0, 15.0, 23.0, 33.0, 46.0, 62.0, 80.0, 100.0];
/// Price of any leader: more than any position beside the symbol that lies on bare ground.
const PRICE: f64 = 26.0;
/// Price of a point of a leader's length.
const LENGTH_PRICE: f64 = 0.36;
/// Price of a leader that lies wholly on flows.
const ON_FLOWS_PRICE: f64 = 40.0;
/// Room between the leader and what it joins in points.
pub const GAP: f64 = 1.2;
/// Room between a leader and the symbols that it passes in points.
const PASSING_ROOM: f64 = 1.0;
/// Width of a leader in points.
const WIDTH: f64 = 0.35;
/// Width of the pale line beneath it in points, which parts it from flows.
const CASING: f64 = 1.1;
/// Share of the direction from which on a label hangs off the side of its leader rather than off its head or foot.
const SIDEWAYS: f64 = 0.4;

/// What a leader starts at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// The middle of the symbol.
    pub at: Point,
    /// How far the symbol reaches from there.
    pub radius: f64,
}

/// Returns the positions for words of this size that a leader joins to what they name, the leaders so many times longer
/// than beside the words of reports.
pub fn led(anchor: Anchor, size: Size, longer: f64) -> Vec<Candidate> {
    let ways = (0..BEARINGS).map(|k| {
        let (sin, cos) = libm::sincos(std::f64::consts::TAU * k as f64 / BEARINGS as f64);
        Vec2::new(cos, sin)
    });
    let reaches = move |way| REACHES.into_iter().map(move |reach| at_the_end(anchor, way, (reach, longer), size));
    ways.flat_map(reaches).collect()
}

/// Returns words at the end of a leader that leaves the symbol in this direction.
fn at_the_end(anchor: Anchor, way: Vec2, (reach, longer): (f64, f64), size: Size) -> Candidate {
    let end = anchor.radius + reach * longer;
    let line = Line::new(anchor.at + way * (anchor.radius + GAP), anchor.at + way * end);
    let hung = if way.x.abs() > SIDEWAYS {
        Vec2::new(way.x.signum() * (size.width / 2.0 + GAP), 0.0)
    } else {
        Vec2::new(0.0, way.y.signum() * (size.height / 2.0 + GAP))
    };
    let bounds = Rect::from_center_size(line.p1 + hung, size);
    Candidate { leader: Some(line), ..Candidate::level(bounds, PRICE + LENGTH_PRICE * reach) }
}

/// Returns the price of where a leader runs: none on bare ground, infinite over other symbols and through boxes.
pub fn price(leader: Line, ink: &Occupancy, symbols: impl Iterator<Item = (Point, f64)>, taken: &[Rect]) -> f64 {
    let mut symbols = symbols;
    let passes = |(at, radius): (Point, f64)| distance(leader, at) < radius + PASSING_ROOM;
    if symbols.any(passes) || taken.iter().any(|area| enters(leader, *area)) {
        return f64::INFINITY;
    }
    let steps = leader_length(leader).ceil().max(1.0) as usize;
    let spots = (0..=steps).map(|k| leader.p0.lerp(leader.p1, k as f64 / steps as f64));
    let covered: f64 = spots.map(|at| ink.covered(Rect::from_center_size(at, (0.5, 0.5))).min(1.0)).sum();
    ON_FLOWS_PRICE * covered / (steps + 1) as f64
}

fn leader_length(leader: Line) -> f64 {
    (leader.p1 - leader.p0).hypot()
}

fn distance(line: Line, at: Point) -> f64 {
    let way = line.p1 - line.p0;
    let share = ((at - line.p0).dot(way) / way.hypot2().max(1e-12)).clamp(0.0, 1.0);
    (at - line.p0.lerp(line.p1, share)).hypot()
}

/// Returns whether two lines meet.
pub fn cross(a: Line, b: Line) -> bool {
    let side = |line: Line, at: Point| (line.p1 - line.p0).cross(at - line.p0) > 0.0;
    side(a, b.p0) != side(a, b.p1) && side(b, a.p0) != side(b, a.p1)
}

/// Returns whether a line runs into a box or lies within it.
pub fn enters(line: Line, area: Rect) -> bool {
    let falling = Line::new((area.x0, area.y0), (area.x1, area.y1));
    let rising = Line::new((area.x0, area.y1), (area.x1, area.y0));
    area.contains(line.p0) || area.contains(line.p1) || cross(line, falling) || cross(line, rising)
}

/// Returns the leader as drawn: a thin line on a pale one.
pub fn drawn(leader: Line, text: &TextStyle, beneath: Color) -> Vec<Item> {
    let stroke = |color, width| Stroke { color, width, dash: Vec::new(), round: false };
    let line = |stroke| {
        let mut path = BezPath::new();
        append(&mut path, &[leader.p0, leader.p1]);
        Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
    };
    vec![line(stroke(beneath, text.grown(CASING))), line(stroke(text.quiet, text.grown(WIDTH)))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: (f64, f64), to: (f64, f64)) -> Line {
        Line::new(from, to)
    }

    #[test]
    fn leaders_join_the_symbol_and_the_words_and_enter_neither() {
        let anchor = Anchor { at: Point::new(50.0, 50.0), radius: 4.0 };
        for candidate in led(anchor, Size::new(30.0, 7.0), 1.0) {
            let leader = candidate.leader.unwrap();
            assert!((leader.p0 - anchor.at).hypot() >= 4.0 && !enters(leader, candidate.bounds), "{candidate:?}");
            let near = candidate.bounds.inset(GAP + 1e-9);
            assert!(near.contains(leader.p1), "{candidate:?}");
        }
    }

    #[test]
    fn lines_that_touch_no_box_and_no_other_line_are_free() {
        let area = Rect::new(10.0, 10.0, 20.0, 15.0);
        assert!(enters(line((0.0, 12.0), (30.0, 13.0)), area));
        assert!(enters(line((12.0, 0.0), (12.0, 30.0)), area));
        assert!(!enters(line((0.0, 9.0), (30.0, 9.0)), area));
        assert!(cross(line((0.0, 0.0), (10.0, 10.0)), line((0.0, 10.0), (10.0, 0.0))));
        assert!(!cross(line((0.0, 0.0), (10.0, 10.0)), line((0.0, 1.0), (10.0, 11.0))));
    }

    #[test]
    fn a_leader_over_a_symbol_or_a_taken_box_is_out_of_the_question() {
        let mut ink = Occupancy::over(Rect::new(0.0, 0.0, 100.0, 100.0));
        ink.seal();
        let leader = line((10.0, 10.0), (50.0, 10.0));
        let free = |symbols: &[(Point, f64)], taken: &[Rect]| price(leader, &ink, symbols.iter().copied(), taken);
        assert_eq!(free(&[(Point::new(30.0, 20.0), 5.0)], &[]), 0.0);
        assert_eq!(free(&[(Point::new(30.0, 14.0), 5.0)], &[]), f64::INFINITY);
        assert_eq!(free(&[], &[Rect::new(20.0, 5.0, 30.0, 30.0)]), f64::INFINITY);
    }
}
