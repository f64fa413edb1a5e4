//! What a candidate course costs among the others.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use kurbo::{Point, Rect};

use crate::canon::{Canon, corners};
use crate::course::{Course, Shape};
use crate::curve::{distance, length};
use crate::flare::WIDEST;
use crate::grid::{Grid, Piece};
use crate::measures::from_piece;
use crate::weights::Weights;

/// Gap in px from a symbol's edge to a centre line below which the line counts as near.
pub(crate) const NEAR_NODE: f64 = 24.0;
/// Room in px that is wanted between a stroke and the frame.
const INSIDE: f64 = 1.0;
/// Room in px that is wanted between two strokes that run along each other.
const ROOM: f64 = 3.0;
/// Longest drawn length over straight distance.
pub(crate) const MAX_STRETCH: f64 = 1.22;
/// Distance in px from a symbol's edge at which departures are told apart.
const DEPARTURE: f64 = 13.0;
/// Angle that the lanes of two courses want between them, in angles that their offsets span at the distance of departure.
const LANE_ROOM: f64 = 1.2;
/// Distance between courses that share a place below which their lanes are taken to cross, in distances at which the outermost touch.
const LANES_APART: f64 = 1.15;
/// Length in px along which lanes that cross cost as much as a crossing of siblings.
const LANES_LENGTH: f64 = 22.0;
/// Share of the shorter chord within which the lanes of two courses that share a place have parted.
const PARTING: f64 = 0.2;
/// Sine of the angle below which flows run along each other: 16 degrees, the score's 15 and a margin.
const ALONG_SINE: f64 = 0.276;
/// Sine of the angle below which a crossing is acute: 33 degrees, the score's 30 and a margin.
const ACUTE_SINE: f64 = 0.545;

/// A place, in px of the search.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub at: Point,
    pub radius: f64,
}

/// All that does not move.
pub(crate) struct World {
    pub canon: Canon,
    pub courses: Vec<Course>,
    pub spots: Vec<Spot>,
    /// Courses at each place, with the end that they have there.
    pub incident: Vec<Vec<(usize, usize)>>,
    /// On the page.
    pub obstacles: Vec<Rect>,
    /// On the page; empty for no frame.
    pub frame: Rect,
}

/// A course as it is laid now.
#[derive(Debug, Clone)]
pub(crate) struct Laid {
    pub shape: Shape,
    pub pieces: Vec<Piece>,
    /// Direction in which it leaves each of its places.
    pub bearings: [f64; 2],
}

/// All courses as they are laid now.
#[derive(Clone)]
pub(crate) struct State {
    /// Prices at this stage of the search.
    pub weights: Weights,
    /// Length in px of the pieces in which courses are looked at.
    pub grain: f64,
    pub grid: Grid,
    pub laid: Vec<Laid>,
}

impl State {
    /// The shapes of all courses.
    pub(crate) fn shapes(&self) -> Vec<Shape> {
        self.laid.iter().map(|l| l.shape).collect()
    }
}

/// The departures of all other courses at one end of a course.
pub(crate) struct Hub {
    /// Bearing, half width, half spread and chord of each.
    others: Vec<(f64, f64, f64, f64)>,
    /// Free angle between neighbours among the others, beginning at each, and the two smallest of them.
    gaps: Vec<f64>,
    smallest: [f64; 2],
    /// Angle of equal spacing with this course.
    ideal: f64,
    /// Smallest angle between the lanes within a course here.
    within: f64,
}

/// Marks of what has been counted for a candidate, kept between candidates to save their allocation.
pub(crate) struct Marks {
    courses: Vec<u32>,
    piece: u32,
    gaps: Vec<f64>,
    touched: Vec<u32>,
    points: Vec<Point>,
}

impl Marks {
    pub(crate) fn new(world: &World) -> Marks {
        Marks {
            courses: vec![0; world.courses.len()],
            piece: 0,
            gaps: vec![f64::INFINITY; world.spots.len()],
            touched: Vec::new(),
            points: Vec::new(),
        }
    }
}

impl World {
    /// The pieces of a course in a shape.
    fn pieces(&self, i: usize, shape: Shape, grain: f64, marks: &mut Marks) -> Vec<Piece> {
        let course = &self.courses[i];
        course.sample(shape, course.pieces(grain), &mut marks.points);
        marks.points.windows(2).map(|w| self.piece(i, w[0], w[1])).collect()
    }

    fn piece(&self, i: usize, a: Point, b: Point) -> Piece {
        let course = &self.courses[i];
        let middle = a.midpoint(b);
        let square = (b - a).hypot2();
        let mut piece = Piece { a, b, half: course.half, square, spread: course.spread, course: i as u32, head: false };
        for end in 0..2 {
            let reach = course.head_reach[end];
            if course.head_half[end] > course.half && distance(middle, self.spots[course.ends[end]].at) < reach {
                piece.half = course.head_half[end];
                piece.head = true;
            }
        }
        piece
    }

    /// A course as laid in a shape.
    pub(crate) fn laid(&self, i: usize, shape: Shape, grain: f64, marks: &mut Marks) -> Laid {
        let pieces = self.pieces(i, shape, grain, marks);
        Laid { shape, bearings: self.bearings(i, &pieces), pieces }
    }

    /// Directions in which pieces leave the places of their course.
    fn bearings(&self, i: usize, pieces: &[Piece]) -> [f64; 2] {
        let [a, b] = self.courses[i].ends.map(|n| &self.spots[n]);
        let start = departure(a, pieces.iter().map(|p| (p.a, p.b)));
        let end = departure(b, pieces.iter().rev().map(|p| (p.b, p.a)));
        [start, end]
    }

    /// Puts a course into the state.
    pub(crate) fn lay(&self, state: &mut State, i: usize, laid: Laid) {
        for piece in &state.laid[i].pieces {
            state.grid.remove(piece, ROOM);
        }
        for piece in &laid.pieces {
            state.grid.add(*piece, ROOM);
        }
        state.laid[i] = laid;
    }

    /// All courses in given shapes.
    pub(crate) fn state(&self, shapes: &[Shape], weights: Weights, grain: f64) -> State {
        let mut marks = Marks::new(self);
        let laid: Vec<Laid> = shapes.iter().enumerate().map(|(i, s)| self.laid(i, *s, grain, &mut marks)).collect();
        let mut span = Rect::ZERO;
        for spot in &self.spots {
            span = span.union_pt(spot.at);
        }
        let mut grid = Grid::over(span.inflate(100.0, 100.0));
        for (n, spot) in self.spots.iter().enumerate() {
            grid.add_node(n as u32, spot.at, spot.radius + NEAR_NODE);
        }
        for piece in laid.iter().flat_map(|l| &l.pieces) {
            grid.add(*piece, ROOM);
        }
        self.watch(&mut grid);
        State { weights, grain, grid, laid }
    }

    /// Watches where a stroke may run over an obstacle or leave the frame.
    fn watch(&self, grid: &mut Grid) {
        let widest = self.courses.iter().flat_map(|c| [c.half, c.head_half[0], c.head_half[1]]).fold(0.0, f64::max);
        let pad = (widest + INSIDE) * self.canon.px;
        for obstacle in &self.obstacles {
            grid.watch(self.canon.enter_box(obstacle.inflate(pad, pad)));
        }
        if !self.frame.is_zero_area() {
            let inside = self.frame.inflate(-pad, -pad);
            grid.watch_unless(|cell| corners(cell).iter().all(|&p| inside.contains(self.canon.leave(p))));
        }
    }

    /// 1 where no course comes near a place that it does not serve, 0 where all of them touch one.
    pub(crate) fn clearance(&self, state: &State) -> f64 {
        let near: f64 = (0..self.courses.len()).map(|i| nearness(self.nearest(i, &state.laid[i].pieces))).sum();
        1.0 - near / self.courses.len().max(1) as f64
    }

    /// Gap in px between pieces of a course and the nearest symbol that it does not serve, at most `NEAR_NODE`.
    fn nearest(&self, i: usize, pieces: &[Piece]) -> f64 {
        let others = self.spots.iter().enumerate().filter(|(n, _)| !self.courses[i].ends.contains(n));
        let gaps = others.flat_map(|(_, s)| pieces.iter().map(|p| from_piece(s.at, p.a, p.b) - s.radius));
        gaps.fold(NEAR_NODE, f64::min).max(0.0)
    }

    /// The departures of all others at both ends of a course.
    pub(crate) fn hubs(&self, state: &State, i: usize) -> [Hub; 2] {
        [0, 1].map(|end| self.hub(state, i, self.courses[i].ends[end]))
    }

    fn hub(&self, state: &State, i: usize, node: usize) -> Hub {
        let incident = &self.incident[node];
        let others = incident.iter().filter(|(j, _)| *j != i);
        let mut others: Vec<(f64, f64, f64, f64)> = others
            .map(|&(j, end)| {
                (
                    state.laid[j].bearings[end],
                    self.courses[j].head_half[end],
                    self.courses[j].spread,
                    self.courses[j].size,
                )
            })
            .collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        let reach = self.spots[node].radius + DEPARTURE;
        let free = |k: usize| {
            let (a, b) = (&others[k], &others[(k + 1) % others.len()]);
            let turn = if others.len() == 1 { TAU } else { (b.0 - a.0).rem_euclid(TAU) };
            turn - fan(a.2, reach) - fan(b.2, reach)
        };
        let gaps: Vec<f64> = (0..others.len()).map(free).collect();
        let mut sorted = gaps.clone();
        sorted.sort_by(f64::total_cmp);
        let lanes: usize = incident.iter().map(|(j, _)| self.courses[*j].lanes.len()).sum();
        let within = |&(j, _): &(usize, usize)| {
            let course = &self.courses[j];
            if course.lanes.len() > 1 { 2.0 * fan(course.spread, reach) / (course.lanes.len() - 1) as f64 } else { TAU }
        };
        Hub {
            smallest: [0, 1].map(|k| sorted.get(k).copied().unwrap_or(TAU)),
            ideal: TAU / lanes as f64,
            within: incident.iter().map(within).fold(TAU, f64::min),
            others,
            gaps,
        }
    }

    /// The sum of what all courses cost as they are laid; what two of them cost each other counts for both.
    pub(crate) fn total(&self, state: &State) -> f64 {
        let mut marks = Marks::new(self);
        let cost = |i: usize| self.cost(state, i, state.laid[i].shape, &self.hubs(state, i), &mut marks, f64::INFINITY);
        (0..self.courses.len()).map(cost).filter(|cost| cost.is_finite()).sum()
    }

    /// What a course costs in a shape, or anything above `limit` once the cost is known to exceed it.
    pub(crate) fn cost(
        &self,
        state: &State,
        i: usize,
        shape: Shape,
        hubs: &[Hub; 2],
        marks: &mut Marks,
        limit: f64,
    ) -> f64 {
        let mut cost = self.own_cost(state, i, shape);
        if cost > limit {
            return cost;
        }
        let course = &self.courses[i];
        course.sample(shape, course.pieces(state.grain), &mut marks.points);
        let points = std::mem::take(&mut marks.points);
        cost += self.line_cost(state, i, &points, hubs, marks, limit - cost);
        marks.points = points;
        cost
    }

    fn line_cost(
        &self,
        state: &State,
        i: usize,
        points: &[Point],
        hubs: &[Hub; 2],
        marks: &mut Marks,
        limit: f64,
    ) -> f64 {
        let course = &self.courses[i];
        let drawn: f64 = points.windows(2).map(|w| distance(w[0], w[1])).sum();
        let stretch = drawn / course.size;
        if stretch > MAX_STRETCH {
            return f64::INFINITY;
        }
        let lanes = course.lanes.len() as f64;
        let mut cost = state.weights.stretch * (stretch - 1.0) * lanes;
        let [a, b] = course.ends.map(|n| &self.spots[n]);
        let start = departure(a, points.windows(2).map(|w| (w[0], w[1])));
        let end = departure(b, points.windows(2).rev().map(|w| (w[1], w[0])));
        cost += self.departure_cost(state, i, 0, start, &hubs[0]) + self.departure_cost(state, i, 1, end, &hubs[1]);
        for w in points.windows(2) {
            if cost > limit {
                break;
            }
            let piece = self.piece(i, w[0], w[1]);
            cost += self.piece_cost(state, &piece, marks);
        }
        cost + self.node_cost(state, i, marks)
    }

    /// What a shape costs whatever lies around it.
    fn own_cost(&self, state: &State, i: usize, shape: Shape) -> f64 {
        let course = &self.courses[i];
        let lanes = course.lanes.len() as f64;
        let short = (1.0 - course.size / 60.0).max(0.0);
        match shape {
            Shape::Arc { aside, along } => lanes * (state.weights.skew * along.abs() + 3.0 * short * aside.abs()),
            Shape::Double { aside } => {
                state.weights.double + lanes * state.weights.skew * 0.5 * (aside[0] - aside[1]).abs()
            }
        }
    }

    fn departure_cost(&self, state: &State, i: usize, end: usize, bearing: f64, hub: &Hub) -> f64 {
        if hub.others.is_empty() {
            return state.weights.spacing * (1.0 - (hub.within / hub.ideal).min(1.0));
        }
        let course = &self.courses[i];
        let reach = self.spots[course.ends[end]].radius + DEPARTURE;
        let mut cost = 0.0;
        for (other, half, spread, size) in &hub.others {
            let turn = PI - ((bearing - other).rem_euclid(TAU) - PI).abs();
            let wanted = 0.2_f64.max(0.7 * (half + course.head_half[end]) / (reach + 7.0));
            let x = turn / wanted;
            if x < 2.0 {
                let close = 1.0 - 0.25 * x * x;
                cost += state.weights.pinch * close * close * close;
            }
            let lanes = (spread + course.spread) * LANE_ROOM / reach.max(PARTING * size.min(course.size));
            if turn < lanes {
                cost += state.weights.sibling * (1.0 - turn / lanes);
            }
        }
        let count = hub.others.len();
        let after = hub.others.partition_point(|o| o.0 <= bearing);
        let (before, after) = ((after + count - 1) % count, after % count);
        let free = |k: usize| {
            let turn = (bearing - hub.others[k].0).rem_euclid(TAU);
            let turn = if k == before { turn } else { TAU - turn };
            turn - fan(hub.others[k].2, reach) - fan(course.spread, reach)
        };
        let sides = if count == 1 {
            let turn = PI - ((bearing - hub.others[0].0).rem_euclid(TAU) - PI).abs();
            turn - fan(hub.others[0].2, reach) - fan(course.spread, reach)
        } else {
            free(before).min(free(after))
        };
        let rest = if hub.gaps[before] <= hub.smallest[0] { hub.smallest[1] } else { hub.smallest[0] };
        let gap = sides.min(rest).min(hub.within).max(0.0);
        cost + state.weights.spacing * (1.0 - (gap / hub.ideal).min(1.0))
    }

    fn piece_cost(&self, state: &State, piece: &Piece, marks: &mut Marks) -> f64 {
        marks.piece += 1;
        let mut cost = if state.grid.is_watched(piece) { self.page_cost(state, piece) } else { 0.0 };
        for cells in state.grid.along(piece) {
            for cell in cells {
                for other in state.grid.lines(cell) {
                    cost += self.crossing_cost(state, cell, piece, other);
                }
                self.note_places(state.grid.nodes(cell), piece, marks);
            }
        }
        let around = 2.0 * piece.half;
        for cells in state.grid.cells(Rect::from_center_size(piece.a.midpoint(piece.b), (around, around))) {
            for cell in cells {
                for other in state.grid.strokes(cell) {
                    cost += self.overlap_cost(state, piece, other, marks);
                }
            }
        }
        cost
    }

    /// Keeps the gap between a piece and each place near it, where it is the smallest so far.
    fn note_places(&self, nodes: &[u32], piece: &Piece, marks: &mut Marks) {
        let middle = piece.a.midpoint(piece.b);
        let half_size = 0.5 * piece.square.sqrt();
        for &node in nodes {
            let spot = &self.spots[node as usize];
            let known = &mut marks.gaps[node as usize];
            let way = middle - spot.at;
            let far = spot.radius + NEAR_NODE.min(*known) + half_size;
            if way.dot(way) > far * far {
                continue;
            }
            let gap = from_piece(spot.at, piece.a, piece.b) - spot.radius;
            if gap < NEAR_NODE.max(*known) && gap < *known {
                if *known == f64::INFINITY {
                    marks.touched.push(node);
                }
                *known = gap;
            }
        }
    }

    /// Costs of leaving the frame and of running over obstacles. A flow to a place at the frame may come as near to it, or it could not
    /// get there but straight across, and one to a place in an obstacle runs over that.
    fn page_cost(&self, state: &State, piece: &Piece) -> f64 {
        let size = distance(piece.a, piece.b);
        let (a, b) = (self.canon.leave(piece.a), self.canon.leave(piece.b));
        let ends = self.courses[piece.course as usize].ends.map(|node| self.canon.leave(self.spots[node].at));
        let pad = (piece.half + INSIDE) * self.canon.px;
        let inside = self.frame.inflate(-pad, -pad);
        let room = if ends.iter().all(|&end| inside.contains(end)) { inside } else { self.frame };
        let outside = !self.frame.is_zero_area() && !room.contains(b);
        let pad = piece.half * self.canon.px;
        let box_of_piece = Rect::from_points(a, b);
        let near = |o: &Rect| {
            o.x0 <= box_of_piece.x1 && box_of_piece.x0 <= o.x1 && o.y0 <= box_of_piece.y1 && box_of_piece.y0 <= o.y1
        };
        let foreign = |o: &Rect| !ends.iter().any(|&end| o.contains(end));
        let obstacles = self.obstacles.iter().map(|o| (o, o.inflate(pad, pad))).filter(|(_, o)| near(o));
        let covered: f64 = obstacles.filter(|(o, _)| foreign(o)).map(|(_, o)| inside_share(a, b, o)).sum();
        size * (state.weights.outside * f64::from(u8::from(outside)) + state.weights.obstacle * covered)
    }

    /// What a crossing of two pieces in a cell costs; most pairs do not cross, which is seen at once.
    #[inline]
    fn crossing_cost(&self, state: &State, cell: usize, piece: &Piece, other: &Piece) -> f64 {
        let r = piece.b - piece.a;
        let (start, end) = (r.cross(other.a - piece.a), r.cross(other.b - piece.a));
        if start * end > 0.0 || other.course == piece.course {
            return 0.0;
        }
        let (s, q) = (other.b - other.a, other.a - piece.a);
        let denominator = r.cross(s);
        let (t, u) = (q.cross(s), q.cross(r));
        let (t, u) = if denominator < 0.0 { (-t, -u) } else { (t, u) };
        let size = denominator.abs();
        if size < 1e-12 || t < 0.0 || u < 0.0 || t >= size || u >= size {
            return 0.0;
        }
        let at = piece.a + r * (t / size);
        if state.grid.cell(at) != cell {
            return 0.0;
        }
        self.crossing_price(state, piece, other, at, size / (length(r) * length(s)))
    }

    fn crossing_price(&self, state: &State, piece: &Piece, other: &Piece, at: Point, sine: f64) -> f64 {
        let (p, o) = (&self.courses[piece.course as usize], &self.courses[other.course as usize]);
        let mut price = state.weights.crossing + state.weights.slant * (1.0 - arcsine(sine.min(1.0)) / FRAC_PI_2);
        for node in p.ends {
            if o.ends.contains(&node) {
                if distance(at, self.spots[node].at) < self.spots[node].radius + 1.0 {
                    return 0.0;
                }
                price += state.weights.sibling;
            }
        }
        if sine < ACUTE_SINE {
            price += state.weights.acute;
        }
        price * (p.lanes.len() * o.lanes.len()) as f64
    }

    /// What a piece costs that runs along another, or through an arrowhead; most pairs do neither, which is seen at once.
    #[inline]
    fn overlap_cost(&self, state: &State, piece: &Piece, other: &Piece, marks: &mut Marks) -> f64 {
        let cross = (piece.b - piece.a).cross(other.b - other.a);
        let parallel = cross * cross < ALONG_SINE * ALONG_SINE * piece.square * other.square;
        if !(parallel || piece.head || other.head || piece.spread + other.spread > 0.0) {
            return 0.0;
        }
        let reach = piece.half + other.half + ROOM;
        let middle = piece.a.midpoint(piece.b);
        let counted = &mut marks.courses[other.course as usize];
        if *counted == marks.piece || other.course == piece.course || !other.bounds(reach).contains(middle) {
            return 0.0;
        }
        let away = from_piece(middle, other.a, other.b);
        let (p, o) = (&self.courses[piece.course as usize], &self.courses[other.course as usize]);
        let lanes = LANES_APART * (piece.spread + other.spread);
        let shared = || p.ends.iter().filter(|n| o.ends.contains(n)).map(|&n| &self.spots[n]);
        let parting = PARTING * p.size.min(o.size);
        if away < lanes && shared().any(|s| distance(middle, s.at) > parting.max(s.radius + DEPARTURE)) {
            *counted = marks.piece;
            return state.weights.sibling * (2.0 - away / lanes) * piece.square.sqrt() / LANES_LENGTH;
        }
        let is_head = piece.head || other.head;
        if away >= reach || !(is_head || parallel) {
            return 0.0;
        }
        *counted = marks.piece;
        if shared().any(|s| distance(middle, s.at) < 6.0 * s.radius) {
            return 0.0;
        }
        let depth = ((reach - away) / ROOM).min(1.0);
        let price = if parallel { state.weights.overlap } else { 0.0 };
        let price = if is_head { price + state.weights.head } else { price };
        price * depth * piece.square.sqrt() * p.lanes.len().max(o.lanes.len()) as f64
    }

    /// Cost of the places touched and of the nearest one passed, and a clean slate for the next candidate.
    fn node_cost(&self, state: &State, i: usize, marks: &mut Marks) -> f64 {
        let course = &self.courses[i];
        let (mut cost, mut nearest) = (0.0, NEAR_NODE);
        for &node in &marks.touched {
            let gap = std::mem::replace(&mut marks.gaps[node as usize], f64::INFINITY);
            if course.ends.contains(&(node as usize)) {
                continue;
            }
            nearest = nearest.min(gap.max(0.0));
            let edge = gap - course.half - 1.0;
            if edge < 0.0 {
                cost += state.weights.on_node * (1.0 + 0.1 * -edge);
            }
        }
        marks.touched.clear();
        cost += state.weights.near_node * nearness(nearest);
        cost * course.lanes.len() as f64
    }
}

/// How much a place is in the way of a flow that passes it at a gap in px: 1 where it touches, 0 from `NEAR_NODE` on.
pub(crate) fn nearness(gap: f64) -> f64 {
    let near = 1.0 - gap / NEAR_NODE;
    near * near * near
}

/// Angle between a course and its outermost lane at a distance from a place.
fn fan(spread: f64, reach: f64) -> f64 {
    (spread / reach).min(WIDEST)
}

/// The angle with a given sine from 0 to 1, within 0.0001 (Abramowitz and Stegun 1964, 4.4.45).
fn arcsine(sine: f64) -> f64 {
    let series = 1.570_728_8 + sine * (-0.212_114_4 + sine * (0.074_261 - 0.018_729_3 * sine));
    FRAC_PI_2 - (1.0 - sine).sqrt() * series
}

/// Direction from a place to where a line has left it by `DEPARTURE`.
fn departure(spot: &Spot, pieces: impl Iterator<Item = (Point, Point)>) -> f64 {
    let reach = spot.radius + DEPARTURE;
    let mut last = spot.at;
    for (a, b) in pieces {
        let (near, far) = (distance(a, spot.at), distance(b, spot.at));
        last = b;
        if far > reach {
            last = a + (b - a) * ((reach - near).max(0.0) / (far - near).max(1e-9)).min(1.0);
            break;
        }
    }
    let way = last - spot.at;
    libm::atan2(way.y, way.x)
}

/// The share of the piece from `a` to `b` that lies in a box (Liang and Barsky 1984).
fn inside_share(a: Point, b: Point, area: Rect) -> f64 {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (start, step, low, high) in [(a.x, b.x - a.x, area.x0, area.x1), (a.y, b.y - a.y, area.y0, area.y1)] {
        if step.abs() < 1e-12 {
            if start < low || start > high {
                return 0.0;
            }
        } else {
            let (enter, exit) = ((low - start) / step, (high - start) / step);
            from = from.max(enter.min(exit));
            to = to.min(enter.max(exit));
        }
    }
    (to - from).max(0.0)
}
