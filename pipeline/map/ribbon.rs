//! A flow as ink: its centre line widened to a ribbon that runs into an arrowhead, as one outline.

use flowatlas_model::{planar::narrowing, style::ArrowStyle};
use kurbo::{BezPath, PathEl, Point, Vec2};

/// Greatest distance between a curve and the line that stands for it, in points.
const FLATTENING: f64 = 0.04;
/// Distance in points below which two points are one: rounding sets the end of a curve beside the start of the next, and the way from
/// one to the other leads anywhere.
const ONE: f64 = 1e-6;
/// How far the barbs are swept back behind the base of the head, as a share of its length.
const SWEEP: f64 = 0.14;

/// Returns length and full width in points of the head of a line of this width on a flow of this length.
pub fn head_size(style: &ArrowStyle, width: f64, flow_length: f64) -> (f64, f64) {
    let full = style.length_base + style.length_factor * width;
    let length = full.min(style.max_share * flow_length);
    let shrink = if full > 0.0 { length / full } else { 0.0 };
    let barb = (style.barb_base + style.barb_factor * width) * shrink;
    (length, width + 2.0 * barb)
}

/// A centre line as a chain of points with the way run so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    points: Vec<Point>,
    run: Vec<f64>,
}

impl Course {
    /// Returns the course of a path; a path of several subpaths is followed as if they were joined.
    pub fn of(path: &BezPath) -> Self {
        let mut points: Vec<Point> = Vec::new();
        kurbo::flatten(path.iter(), FLATTENING, |el| match el {
            PathEl::MoveTo(p) | PathEl::LineTo(p) => points.push(p),
            _ => {}
        });
        Course::through(points)
    }

    /// Returns the course through these points.
    pub fn through(mut points: Vec<Point>) -> Self {
        points.dedup_by(|next, kept| (*next - *kept).hypot() < ONE);
        let mut run = Vec::with_capacity(points.len());
        let mut so_far = 0.0;
        for (k, point) in points.iter().enumerate() {
            if k > 0 {
                so_far += (*point - points[k - 1]).hypot();
            }
            run.push(so_far);
        }
        Course { points, run }
    }

    /// Returns the points of the course.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Returns the length in points.
    pub fn length(&self) -> f64 {
        self.run.last().copied().unwrap_or(0.0)
    }

    /// Returns the position after `way` points, clamped to the ends.
    ///
    /// # Panics
    /// Panics on a course without points.
    pub fn at(&self, way: f64) -> Point {
        let k = self.run.partition_point(|r| *r < way).min(self.points.len() - 1);
        if k == 0 {
            return self.points[0];
        }
        let part = (way - self.run[k - 1]) / (self.run[k] - self.run[k - 1]);
        self.points[k - 1].lerp(self.points[k], part.clamp(0.0, 1.0))
    }

    /// Returns the unit direction after `way` points.
    pub fn direction(&self, way: f64) -> Vec2 {
        let k = self.run.partition_point(|r| *r < way).clamp(1, self.points.len().max(2) - 1);
        let step = self.points.get(k).map_or(Vec2::new(1.0, 0.0), |p| *p - self.points[k - 1]);
        if step.hypot() > 0.0 { step.normalize() } else { Vec2::new(1.0, 0.0) }
    }

    /// Returns the way run where the course's points come nearest to a position.
    pub fn way_to(&self, at: Point) -> f64 {
        let ways = self.points.iter().zip(&self.run).map(|(p, way)| ((*p - at).hypot2(), *way));
        ways.reduce(|a, b| if b.0 < a.0 { b } else { a }).map_or(0.0, |(_, way)| way)
    }

    /// Returns the part between two ways.
    pub fn part(&self, from: f64, to: f64) -> Course {
        if self.points.is_empty() || to <= from {
            return Course::through(Vec::new());
        }
        let inner = self.points.iter().zip(&self.run).filter(|(_, r)| **r > from && **r < to).map(|(p, _)| *p);
        let mut points = vec![self.at(from)];
        points.extend(inner);
        points.push(self.at(to));
        Course::through(points)
    }

    /// Returns positions every `step` points, both ends among them.
    pub fn samples(&self, step: f64) -> Vec<Point> {
        if self.points.is_empty() {
            return Vec::new();
        }
        let parts = (self.length() / step).ceil().max(1.0) as usize;
        (0..=parts).map(|k| self.at(self.length() * k as f64 / parts as f64)).collect()
    }
}

/// The ink of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Ribbon {
    /// The line without its head: from the start to the base of the head.
    pub shaft: Course,
    /// The head, closed; empty for a flow without one.
    pub head: BezPath,
    /// Line and head as one closed outline.
    pub outline: BezPath,
}

/// How long a wide flow takes to grow out of a small symbol, in multiples of its width.
const GROWTH: f64 = 2.4;
/// Largest share of a flow's length within which it grows.
const LONGEST_GROWTH: f64 = 0.4;

/// How wide a ribbon is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Girth {
    /// Full width in points.
    pub width: f64,
    /// Where it is less wide than that.
    pub growth: Growth,
}

/// Where a ribbon is less wide than further on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Growth {
    /// Nowhere.
    Even,
    /// At its start, where it has this width and leaves a smaller symbol.
    From(f64),
    /// Near a place that it starts at `start` points from: within `radius`, as the trunks of a tree do.
    Fan {
        /// Radius of the fan.
        radius: f64,
        /// Distance of the start from the place.
        start: f64,
    },
    /// Near a place that it ends at, in the same way.
    FanAtEnd {
        /// Radius of the fan.
        radius: f64,
        /// Distance of the end from the place.
        start: f64,
    },
}

impl Growth {
    /// Returns the same growth seen from the other end.
    pub fn at_end(self) -> Self {
        match self {
            Growth::Fan { radius, start } => Growth::FanAtEnd { radius, start },
            other => other,
        }
    }
}

impl Girth {
    /// Returns the girth of a line that is as wide at its start as further on.
    pub fn even(width: f64) -> Self {
        Girth { width, growth: Growth::Even }
    }

    /// Returns the girth of a line that ends so much earlier.
    pub fn cut_at_end(self, by: f64) -> Self {
        match self.growth {
            Growth::FanAtEnd { radius, start } => {
                Girth { growth: Growth::FanAtEnd { radius, start: start + by }, ..self }
            }
            _ => self,
        }
    }

    /// Returns half the width after `way` of `length` points.
    fn half_at(&self, way: f64, length: f64) -> f64 {
        let half = self.width / 2.0;
        match self.growth {
            Growth::Even => half,
            Growth::From(start) => {
                let reach = (GROWTH * self.width).min(LONGEST_GROWTH * length);
                let part = if reach > 0.0 { (way / reach).clamp(0.0, 1.0) } else { 1.0 };
                let eased = part * part * (3.0 - 2.0 * part);
                (start + (self.width - start) * eased) / 2.0
            }
            Growth::Fan { radius, start } => half * narrowing((start + way) / radius),
            Growth::FanAtEnd { radius, start } => half * narrowing((start + length - way) / radius),
        }
    }
}

/// Returns the ink of a flow of this course and girth; nothing for a course without length.
pub fn ribbon(course: &Course, girth: Girth, arrow: &ArrowStyle) -> Option<Ribbon> {
    let width = girth.width;
    let length = course.length();
    if length <= 0.0 {
        return None;
    }
    let (head_length, head_width) = head_size(arrow, width, length);
    let shaft = course.part(0.0, length - head_length);
    let finer = if girth.growth == Growth::Even { shaft.clone() } else { refined(&shaft) };
    let (left, right) = sides(&finer, |way| girth.half_at(way, length));
    let points = head_points(course, head_length, head_width);
    let head = if head_length > 0.0 { points.as_slice() } else { &[] };
    let mut outline = BezPath::new();
    let around = left.iter().chain(head).copied().chain(right.iter().rev().copied());
    for (k, point) in around.enumerate() {
        if k == 0 { outline.move_to(point) } else { outline.line_to(point) }
    }
    outline.close_path();
    Some(Ribbon { shaft, head: closed_head(head), outline })
}

/// Returns left barb, tip and right barb.
fn head_points(course: &Course, length: f64, width: f64) -> [Point; 3] {
    let base = course.at(course.length() - length);
    let tip = course.at(course.length());
    let chord = tip - base;
    let straight = if chord.hypot() > 0.0 { chord.normalize() } else { course.direction(course.length()) };
    // A bent line comes in askew to the straight way from base to tip: barbs square to either alone would stand out unevenly.
    let both = straight + course.direction(course.length() - length);
    let axis = if both.hypot() > 0.0 { both.normalize() } else { straight };
    let across = Vec2::new(axis.y, -axis.x) * (width / 2.0);
    let back = base - axis * (SWEEP * length);
    [back + across, tip, back - across]
}

/// Returns left barb, tip and right barb of an arrowhead from the middle of its base to its tip, of this full width.
pub fn head_between(base: Point, tip: Point, width: f64) -> [Point; 3] {
    let line = Course::through(vec![base, tip]);
    head_points(&line, line.length(), width)
}

/// Returns the closed path of an arrowhead.
pub fn closed_head(points: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    for (k, point) in points.iter().enumerate() {
        if k == 0 { path.move_to(*point) } else { path.line_to(*point) }
    }
    if !points.is_empty() {
        path.close_path();
    }
    path
}

/// Returns the course with points close enough to show how its width grows.
fn refined(course: &Course) -> Course {
    Course::through(course.samples(1.0))
}

/// Returns the two sides of a line widened on each by what `half` gives for the way run: left of the way first.
fn sides(course: &Course, half: impl Fn(f64) -> f64) -> (Vec<Point>, Vec<Point>) {
    let points = course.points();
    let normal = |a: Point, b: Point| {
        let way = b - a;
        let length = way.hypot();
        if length > 0.0 { Vec2::new(way.y, -way.x) / length } else { Vec2::ZERO }
    };
    let mut left = Vec::with_capacity(points.len());
    let mut right = Vec::with_capacity(points.len());
    for k in 0..points.len() {
        let before = k.checked_sub(1).map(|j| normal(points[j], points[k]));
        let after = points.get(k + 1).map(|next| normal(points[k], *next));
        let sum = before.unwrap_or(Vec2::ZERO) + after.unwrap_or(Vec2::ZERO);
        let across = if sum.hypot() > 1e-9 { sum.normalize() * half(course.run[k]) } else { Vec2::ZERO };
        left.push(points[k] + across);
        right.push(points[k] - across);
    }
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kurbo::Shape;

    const ARROW: ArrowStyle =
        ArrowStyle { length_base: 3.0, length_factor: 1.0, barb_base: 1.0, barb_factor: 0.25, max_share: 0.34 };

    fn line(length: f64) -> Course {
        Course::through(vec![Point::ZERO, Point::new(length, 0.0)])
    }

    #[test]
    fn thin_lines_have_larger_heads_in_proportion() {
        let (thin_length, thin_width) = head_size(&ARROW, 0.5, 1000.0);
        let (thick_length, thick_width) = head_size(&ARROW, 10.0, 1000.0);
        assert!(thin_length / 0.5 > thick_length / 10.0);
        assert!(thin_width / 0.5 > thick_width / 10.0);
    }

    #[test]
    fn heads_are_capped_on_short_flows() {
        let (length, _) = head_size(&ARROW, 10.0, 12.0);
        assert!((length - 0.34 * 12.0).abs() < 1e-9);
    }

    #[test]
    fn the_head_of_a_bent_line_leans_as_far_to_its_line_as_to_its_tip() {
        let bent = Course::through(vec![Point::ZERO, Point::new(10.0, 0.0), Point::new(13.0, 2.0)]);
        let (length, base) = (1.0 + libm::sqrt(13.0), Point::new(9.0, 0.0));
        let [left, tip, right] = head_points(&bent, length, 6.0);
        let across = (left - right).normalize();
        let (to_line, to_tip) = (across.x, across.dot((tip - base).normalize()));
        assert!((to_line + to_tip).abs() < 1e-9 && to_line.abs() > 0.1, "{to_line} {to_tip}");
    }

    #[test]
    fn the_outline_reaches_from_the_start_to_the_tip() {
        let ink = ribbon(&line(100.0), Girth::even(4.0), &ARROW).expect("the line has a length");
        let bounds = ink.outline.bounding_box();
        assert!((bounds.x0 - 0.0).abs() < 1e-9 && (bounds.x1 - 100.0).abs() < 1e-9, "{bounds:?}");
        assert!((ink.shaft.length() - 93.0).abs() < 1e-9);
    }

    #[test]
    fn points_that_rounding_sets_beside_each_other_leave_no_notch() {
        let points = [(0.0, 0.0), (10.0, 0.0), (10.0 - 7e-15, 1e-14), (20.0, 0.0), (20.0 + 4e-15, 0.0), (30.0, 0.0)];
        let course = Course::through(points.map(Point::from).to_vec());
        let (left, right) = sides(&course, |_| 2.0);
        assert!(left.iter().all(|p| (p.y + 2.0).abs() < 1e-6) && right.iter().all(|p| (p.y - 2.0).abs() < 1e-6));
        assert!((course.length() - 30.0).abs() < 1e-9);
    }

    #[test]
    fn a_course_without_length_has_no_ink() {
        assert_eq!(ribbon(&line(0.0), Girth::even(4.0), &ARROW), None);
        assert_eq!(ribbon(&Course::through(Vec::new()), Girth::even(4.0), &ARROW), None);
    }
}
