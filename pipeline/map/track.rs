//! The way over the Earth between two places, as a line on the page.

use geo::{
    Coord, Point as GeoPoint, coord,
    line_measures::{Haversine, InterpolatePoint},
};
use kurbo::Point;

use crate::{panel::Panel, projection::wrap_longitude};

/// Steps along the way.
const STEPS: usize = 48;
/// Distance kept from the cut at the far side of the globe, in degrees.
const CUT_MARGIN: f64 = 1e-6;

/// Returns the way between two positions in degrees in pieces, where the shorter way round the globe crosses the edge of the map.
pub fn cut(panel: &Panel, ends: [Coord<f64>; 2]) -> Option<Vec<Vec<Point>>> {
    // Most ways cross nothing, and the way itself takes long to find.
    crosses_edge(panel, ends).then(|| pieces(panel, ends)).filter(|pieces| pieces.len() > 1)
}

/// Returns the way between two positions in degrees in one piece that starts and ends at these positions on the page; empty where the
/// edge of the map cuts it.
pub fn whole(panel: &Panel, ends: [Coord<f64>; 2], [from, to]: [Point; 2]) -> Vec<Point> {
    let mut pieces = pieces(panel, ends);
    if pieces.len() != 1 {
        return Vec::new();
    }
    let mut line = pieces.remove(0);
    if let Some(first) = line.first_mut() {
        *first = from;
    }
    if let Some(last) = line.last_mut() {
        *last = to;
    }
    line
}

/// Returns the way between two positions in degrees as the panel draws it, in as many pieces as the map's edge cuts it into: the great
/// circle, or, where the shorter way round the globe crosses the edge of the map, the line that leaves it on one side and returns on
/// the other.
///
/// Such a line runs evenly in longitude and latitude: a great circle would climb over the pole, where most
/// projections of the world stretch it along the edge.
fn pieces(panel: &Panel, ends: [Coord<f64>; 2]) -> Vec<Vec<Point>> {
    let centre = panel.projection().central_longitude();
    let on_map = |c: Coord<f64>| coord! { x: centre + wrap_longitude(c.x - centre), y: c.y };
    let [from, to] = ends.map(on_map);
    let share = |k: usize| k as f64 / STEPS as f64;
    let way: Vec<Coord<f64>> = if crosses_edge(panel, ends) {
        let turn = if to.x < from.x { 360.0 } else { -360.0 };
        let run = coord! { x: to.x + turn - from.x, y: to.y - from.y };
        (0..=STEPS).map(|k| on_map(from + run * share(k))).collect()
    } else {
        let [a, b] = ends.map(GeoPoint::from);
        (0..=STEPS).map(|k| on_map(Haversine.point_at_ratio_between(a, b, share(k)).0)).collect()
    };
    let pieces = if panel.projection().is_cut() { cut_at_edge(&way, centre) } else { vec![way] };
    let on_page = pieces.iter().map(|piece| piece.iter().filter_map(|c| panel.to_page(*c)).collect());
    on_page.filter(|p: &Vec<Point>| p.len() > 1).collect()
}

/// Tells whether the shorter way round the globe between two positions in degrees crosses the edge of the map.
fn crosses_edge(panel: &Panel, ends: [Coord<f64>; 2]) -> bool {
    let centre = panel.projection().central_longitude();
    let [from, to] = ends.map(|c| centre + wrap_longitude(c.x - centre));
    panel.projection().is_cut() && (from - to).abs() > 180.0
}

/// Lets a line that runs off the map, or ends beside its edge, end on the edge.
pub fn end_on_edge(panel: &Panel, line: &mut Vec<Point>) {
    let centre = panel.projection().central_longitude();
    let Some(middle) = panel.to_page(coord! { x: centre, y: 0.0 }).map(|p| p.x) else { return };
    let edge = |beside: Point| {
        let level = panel.unproject(Point::new(middle, beside.y))?;
        let turn = if beside.x > middle { 180.0 - CUT_MARGIN } else { CUT_MARGIN - 180.0 };
        panel.to_page(coord! { x: centre + turn, y: level.y })
    };
    let is_within = |p: &Point| edge(*p).is_some_and(|edge| (p.x - middle).abs() < (edge.x - middle).abs());
    // The first point beyond the edge is the one nearest to where the line crosses it.
    let beyond = line.iter().rposition(is_within).map_or(0, |last| last + 1);
    let crossing = line.get(beyond).or(line.last());
    if let Some(end) = crossing.and_then(|beside| edge(*beside)) {
        line.truncate(beyond);
        line.push(end);
    }
}

/// Splits a way where it jumps from one edge of the map to the other.
fn cut_at_edge(way: &[Coord<f64>], centre: f64) -> Vec<Vec<Coord<f64>>> {
    let mut pieces: Vec<Vec<Coord<f64>>> = vec![Vec::new()];
    let mut before: Option<Coord<f64>> = None;
    for &here in way {
        if let Some(last) = before.filter(|last| (here.x - last.x).abs() > 180.0) {
            let (leave, enter) = cut_points(last, here, centre);
            pieces.last_mut().expect("there is always a piece").push(leave);
            pieces.push(vec![enter]);
        }
        pieces.last_mut().expect("there is always a piece").push(here);
        before = Some(here);
    }
    pieces
}

/// Returns where the way from `last` to `here` leaves the map at one edge and enters it at the other.
fn cut_points(last: Coord<f64>, here: Coord<f64>, centre: f64) -> (Coord<f64>, Coord<f64>) {
    let eastward = here.x < last.x;
    let turn = if eastward { 360.0 } else { -360.0 };
    let edge = if eastward { centre + 180.0 - CUT_MARGIN } else { centre - 180.0 + CUT_MARGIN };
    let run = here.x + turn - last.x;
    let part = if run == 0.0 { 0.0 } else { ((edge - last.x) / run).clamp(0.0, 1.0) };
    let latitude = last.y + part * (here.y - last.y);
    (coord! { x: edge, y: latitude }, coord! { x: 2.0 * centre - edge, y: latitude })
}
