//! Centre lines of flows: built through the centres of two symbols, shifted sideways, cut at the symbols' edges.

use flowatlas_model::planar::{PlanarFlow, PlanarProblem};
use kurbo::{BezPath, Line, ParamCurve, PathEl, PathSeg, Point, QuadBez, Vec2};

/// Shortest part of the distance between two places that stays visible between their symbols.
const VISIBLE: f64 = 1.0 / 3.0;

/// A disc that a curve starts or ends at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disc {
    pub at: Point,
    pub radius: f64,
}

/// Distance between two points, by the same arithmetic on every machine.
pub(crate) fn distance(a: Point, b: Point) -> f64 {
    length(b - a)
}

/// Length of a vector, by the same arithmetic on every machine.
pub(crate) fn length(v: Vec2) -> f64 {
    (v.x * v.x + v.y * v.y).sqrt()
}

/// The unit vector to the right of a direction, seen with y downwards; zero for a zero vector.
pub(crate) fn right_of(v: Vec2) -> Vec2 {
    let size = length(v);
    if size > 0.0 { Vec2::new(-v.y / size, v.x / size) } else { Vec2::ZERO }
}

/// The discs that a flow's curve runs between: its places' symbols with the problem's gap, made smaller where
/// they would hide more than two thirds of the distance.
pub(crate) fn end_discs(problem: &PlanarProblem, flow: &PlanarFlow) -> (Disc, Disc) {
    let (a, b) = (&problem.nodes[flow.origin], &problem.nodes[flow.destination]);
    let (ra, rb) = (a.radius + problem.gap, b.radius + problem.gap);
    let room = distance(a.at, b.at) * (1.0 - VISIBLE);
    let scale = if ra + rb > room { room / (ra + rb) } else { 1.0 };
    (Disc { at: a.at, radius: ra * scale }, Disc { at: b.at, radius: rb * scale })
}

/// A quadratic curve moved sideways as a whole, `offset` to the right of its course.
///
/// The control point is where the moved end tangents meet, so that the moved curve runs parallel to the first within
/// a small part of the offset (Tiller and Hanson 1984).
pub(crate) fn shifted(curve: QuadBez, offset: f64) -> QuadBez {
    let (first, last) = (right_of(curve.p1 - curve.p0), right_of(curve.p2 - curve.p1));
    let cosine = first.dot(last);
    let corner = if cosine > -0.5 { (first + last) / (1.0 + cosine) } else { right_of(curve.p2 - curve.p0) };
    QuadBez::new(curve.p0 + offset * first, curve.p1 + offset * corner, curve.p2 + offset * last)
}

/// A polyline moved sideways, `offset` to the right of its course.
pub(crate) fn shifted_line(line: &[Point], offset: f64) -> Vec<Point> {
    let side = |i: usize| {
        let before = line[i.saturating_sub(1)];
        let after = line[(i + 1).min(line.len() - 1)];
        line[i] + offset * right_of(after - before)
    };
    (0..line.len()).map(side).collect()
}

/// The part of a course between two discs: from where it first leaves `start` to where it enters `end` for good.
///
/// A course that lies beside a disc starts or ends at its own end. Where nothing remains, the straight line
/// between the discs' edges; an empty path where the discs share their centre.
pub(crate) fn trimmed(course: &[PathSeg], start: Disc, end: Disc) -> BezPath {
    if distance(start.at, end.at) == 0.0 {
        return BezPath::new();
    }
    let backwards: Vec<PathSeg> = course.iter().rev().map(PathSeg::reverse).collect();
    match (leaving(course, start), leaving(&backwards, end)) {
        (Some((i, t)), Some((k, s))) => {
            let (j, u) = (course.len() - 1 - k, 1.0 - s);
            if (i, t) < (j, u) { cut(course, (i, t), (j, u)) } else { between(start, end) }
        }
        _ => between(start, end),
    }
}

/// Samples per segment in which a course is searched for the edge of a disc.
const EDGE_SAMPLES: usize = 24;

/// Segment and parameter at which a course first leaves a disc.
fn leaving(course: &[PathSeg], disc: Disc) -> Option<(usize, f64)> {
    let outside = |seg: &PathSeg, t: f64| distance(seg.eval(t), disc.at) >= disc.radius;
    for (i, seg) in course.iter().enumerate() {
        if let PathSeg::Line(line) = seg {
            match line_leaving(*line, disc) {
                Some(t) => return Some((i, t)),
                None => continue,
            }
        }
        for k in 0..=EDGE_SAMPLES {
            let t = k as f64 / EDGE_SAMPLES as f64;
            if outside(seg, t) {
                let inside = (k as f64 - 1.0).max(0.0) / EDGE_SAMPLES as f64;
                return Some((i, bisected(inside, t, |t| outside(seg, t))));
            }
        }
    }
    None
}

/// Parameter at which a straight line first leaves a disc: the greater root of (from + t way − centre)² = radius².
fn line_leaving(line: Line, disc: Disc) -> Option<f64> {
    let (from, way) = (line.p0 - disc.at, line.p1 - line.p0);
    let inside = |v: Vec2| length(v) < disc.radius;
    if !inside(from) {
        return Some(0.0);
    }
    if inside(line.p1 - disc.at) {
        return None;
    }
    let (a, b, c) = (way.hypot2(), from.dot(way), from.hypot2() - disc.radius * disc.radius);
    Some((((b * b - a * c).max(0.0).sqrt() - b) / a).clamp(0.0, 1.0))
}

/// The parameter between `low` and `high` from which on `beyond` holds.
fn bisected(mut low: f64, mut high: f64, beyond: impl Fn(f64) -> bool) -> f64 {
    if beyond(low) {
        return low;
    }
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if beyond(middle) { high = middle } else { low = middle }
    }
    high
}

/// The straight line between the edges of two discs.
fn between(start: Disc, end: Disc) -> BezPath {
    let way = end.at - start.at;
    let size = length(way);
    let mut path = BezPath::new();
    path.move_to(start.at + way * (start.radius / size).min(0.5));
    path.line_to(end.at - way * (end.radius / size).min(0.5));
    path
}

/// The course from one (segment, parameter) to a later one.
fn cut(course: &[PathSeg], from: (usize, f64), to: (usize, f64)) -> BezPath {
    let mut path = BezPath::new();
    for (i, seg) in course.iter().enumerate().take(to.0 + 1).skip(from.0) {
        let t = if i == from.0 { from.1 } else { 0.0 };
        let u = if i == to.0 { to.1 } else { 1.0 };
        push(&mut path, seg.subsegment(t..u));
    }
    path
}

fn push(path: &mut BezPath, seg: PathSeg) {
    if path.elements().is_empty() {
        path.move_to(seg.start());
    }
    path.push(match seg {
        PathSeg::Line(s) => PathEl::LineTo(s.p1),
        PathSeg::Quad(s) => PathEl::QuadTo(s.p1, s.p2),
        PathSeg::Cubic(s) => PathEl::CurveTo(s.p1, s.p2, s.p3),
    });
}

/// The segments of a polyline.
pub(crate) fn segments(line: &[Point]) -> Vec<PathSeg> {
    line.windows(2).map(|w| PathSeg::Line(Line::new(w[0], w[1]))).collect()
}
