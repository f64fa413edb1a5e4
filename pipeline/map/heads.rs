//! How far the barbs of arrowheads reach where flows crowd each other at a place.

use flowatlas_model::style::ArrowStyle;
use kurbo::Point;

use crate::{
    frame::{FlowLine, Node},
    ribbon::{Course, head_size},
};

/// Least share of their reach that barbs keep, and least reach in points: with less a line has no arrowhead but a point.
const LEAST: f64 = 0.35;
const LEAST_REACH: f64 = 1.0;
/// Neighbours on each side that may be in the way of a head, in the order in which flows leave a place.
const NEIGHBORS: usize = 4;
/// Way in points from a place after which that order is taken.
const ORDERED_AT: f64 = 12.0;

/// The end of a flow at a place.
struct End<'a> {
    line: usize,
    course: &'a Course,
    /// Whether the flow starts here.
    out: bool,
    bearing: f64,
}

impl End<'_> {
    /// Returns where the flow is at a distance from the place, and how far it is from there; nothing where it does not come as near.
    fn at(&self, place: Point, away: f64) -> Option<Point> {
        let length = self.course.length();
        let gap = (self.course.at(if self.out { 0.0 } else { length }) - place).hypot();
        let way = away - gap;
        (0.0..=length).contains(&way).then(|| self.course.at(if self.out { way } else { length - way }))
    }
}

/// Returns the arrowhead of each flow: its barbs reach as far as its neighbours at the place where it ends leave room for, with their
/// casings, and no further than those of the style.
pub fn arrows(
    (lines, nodes): (&[FlowLine], &[Node]),
    courses: &[Vec<Course>],
    (arrow, casing): (&ArrowStyle, f64),
) -> Vec<ArrowStyle> {
    let mut arrows = vec![arrow.clone(); lines.len()];
    for (node, ends) in nodes.iter().zip(ends((lines, nodes), courses)) {
        for (k, end) in ends.iter().enumerate().filter(|(_, end)| !end.out) {
            let width = lines[end.line].width;
            let (length, full) = head_size(arrow, width, end.course.length());
            let base = end.course.at(end.course.length() - length);
            let away = (base - node.at).hypot();
            let room = neighbors(&ends, k).filter_map(|other| {
                let gap = (other.at(node.at, away)? - base).hypot();
                Some(gap - lines[other.line].width / 2.0 - casing)
            });
            let (barb, room) = ((full - width) / 2.0, room.fold(f64::INFINITY, f64::min) - width / 2.0);
            if barb > room {
                arrows[end.line] = slim(arrow, (room / barb).max(LEAST).max(LEAST_REACH / barb).min(1.0));
            }
        }
    }
    arrows
}

/// Returns the ends of flows at each place, in the order in which they leave it.
fn ends<'a>((lines, nodes): (&[FlowLine], &[Node]), courses: &'a [Vec<Course>]) -> Vec<Vec<End<'a>>> {
    let mut ends: Vec<Vec<End>> = nodes.iter().map(|_| Vec::new()).collect();
    // A flow between places at one position has no course.
    for (line, pieces) in courses.iter().enumerate().filter(|(_, pieces)| pieces.iter().all(|c| c.length() > 0.0)) {
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { continue };
        for (node, course, out) in [(lines[line].origin, first, true), (lines[line].destination, last, false)] {
            let length = course.length();
            let way = course.at(if out { ORDERED_AT.min(length) } else { (length - ORDERED_AT).max(0.0) });
            let way = way - nodes[node].at;
            ends[node].push(End { line, course, out, bearing: libm::atan2(way.y, way.x) });
        }
    }
    ends.iter_mut().for_each(|ends| ends.sort_by(|a, b| a.bearing.total_cmp(&b.bearing).then(a.line.cmp(&b.line))));
    ends
}

/// Returns the nearest ends on both sides of one.
fn neighbors<'a, 'b>(ends: &'b [End<'a>], k: usize) -> impl Iterator<Item = &'b End<'a>> {
    let count = ends.len();
    let steps = 1..=NEIGHBORS.min(count / 2);
    steps.flat_map(move |step| [k + step, k + count - step]).map(move |other| &ends[other % count])
}

/// Returns the style of an arrowhead whose barbs keep this share of their reach.
fn slim(arrow: &ArrowStyle, share: f64) -> ArrowStyle {
    ArrowStyle { barb_base: share * arrow.barb_base, barb_factor: share * arrow.barb_factor, ..arrow.clone() }
}

#[cfg(test)]
mod tests {
    use flowatlas_model::PlaceIndex;

    use super::*;
    use crate::frame::Role;

    const ARROW: ArrowStyle =
        ArrowStyle { length_base: 3.0, length_factor: 1.0, barb_base: 1.0, barb_factor: 0.5, max_share: 0.34 };
    const CASING: f64 = 0.5;

    /// Returns how far the barbs reach of flows of these widths that come to one place, each from a bearing in degrees.
    fn reach(flows: &[(f64, f64)]) -> Vec<f64> {
        let at = |(bearing, _): &(f64, f64), away: f64| {
            let (sine, cosine) = libm::sincos(bearing.to_radians());
            Point::new(away * cosine, away * sine)
        };
        let node = |at: Point| Node {
            place: PlaceIndex(0),
            panel: 0,
            at,
            radius: 2.0,
            ring: 0.0,
            halves: None,
            role: Role::Circle,
        };
        let nodes = std::iter::once(Point::ZERO).chain(flows.iter().map(|flow| at(flow, 100.0))).map(node);
        let line = |(link, (_, width)): (usize, &(f64, f64))| FlowLine {
            link,
            origin: link + 1,
            destination: 0,
            width: *width,
            adds: *width,
            cut: None,
        };
        let lines: Vec<FlowLine> = flows.iter().enumerate().map(line).collect();
        let course = |flow| vec![Course::through(vec![at(flow, 98.0), at(flow, 4.0)])];
        let courses: Vec<Vec<Course>> = flows.iter().map(course).collect();
        let arrows = arrows((&lines, &nodes.collect::<Vec<_>>()), &courses, (&ARROW, CASING));
        let reach = |(arrow, (_, width)): (&ArrowStyle, &(f64, f64))| arrow.barb_base + arrow.barb_factor * width;
        arrows.iter().zip(flows).map(reach).collect()
    }

    #[test]
    fn barbs_reach_as_far_as_the_style_has_it_where_there_is_room() {
        assert_eq!(reach(&[(0.0, 4.0)]), [3.0]);
        assert_eq!(reach(&[(0.0, 4.0), (90.0, 2.0), (180.0, 4.0)]), [3.0, 2.0, 3.0]);
    }

    #[test]
    fn barbs_end_at_the_casings_of_neighbors() {
        let [first, second] = reach(&[(0.0, 4.0), (30.0, 1.0)])[..] else { unreachable!("two flows") };
        // The base of the first head is 4 + 3 + 4 from the place, where the other flow is 2 · 11 · sin 15° away.
        let room = 22.0 * libm::sin(15_f64.to_radians()) - 0.5 - CASING - 2.0;
        assert!((first - room).abs() < 1e-9 && second < 1.5, "{first} {second}");
    }

    #[test]
    fn no_head_is_but_a_point_and_the_order_of_flows_changes_nothing() {
        let flows: Vec<(f64, f64)> = (0..12).map(|k| (3.0 * f64::from(k), 1.0 + f64::from(k % 4))).collect();
        let found = reach(&flows);
        assert!(found.iter().all(|reach| *reach >= LEAST_REACH - 1e-9), "{found:?}");
        let backwards: Vec<f64> = reach(&flows.iter().rev().copied().collect::<Vec<_>>()).into_iter().rev().collect();
        assert_eq!(found, backwards);
    }
}
