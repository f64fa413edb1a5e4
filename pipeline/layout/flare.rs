//! Lanes of one course: they part after leaving a place and run side by side from there.

use kurbo::{CubicBez, PathSeg, Point, Vec2};

use crate::curve::{distance, length, right_of};

/// Largest angle in radians between an outer lane and its course at a place.
pub(crate) const WIDEST: f64 = 0.4;
/// Share of the free angle to the neighbouring course that lanes may take on their side.
pub(crate) const SHARE: f64 = 0.33;
/// Largest share of the course within which lanes part: wide lanes of a short course then part and meet as two arcs.
const LONGEST: f64 = 0.5;

/// The lane that runs `offset` to the right of a course given by its points.
///
/// It starts and ends at the course's own ends, leaves them by at most the given angles to the course, and has reached its offset
/// at the latest half way; smooth throughout.
pub(crate) fn lane(course: &[Point], offset: f64, angles: [f64; 2]) -> Vec<PathSeg> {
    let mut run = vec![0.0];
    for w in course.windows(2) {
        run.push(run[run.len() - 1] + distance(w[0], w[1]));
    }
    let total = run[run.len() - 1];
    // The profile 1.5 x - 0.5 x^3 starts with a slope of 1.5.
    let [start, end] = angles.map(|a| (1.5 * offset.abs() / a.max(0.01)).clamp(1e-9, LONGEST * total.max(1e-9)));
    let aside = |i: usize| offset * parted(run[i] / start) * parted((total - run[i]) / end);
    let direction = |i: usize| course[(i + 1).min(course.len() - 1)] - course[i.saturating_sub(1)];
    let points: Vec<Point> = (0..course.len()).map(|i| course[i] + right_of(direction(i)) * aside(i)).collect();
    smooth(&points)
}

fn parted(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    1.5 * x - 0.5 * x * x * x
}

/// The smooth curve through points: cubics whose tangents are the means of the neighbouring chords' slopes, the nearer neighbour
/// counting more, so that uneven spacing makes no waves (Catmull and Rom 1974, non-uniform).
pub(crate) fn smooth(points: &[Point]) -> Vec<PathSeg> {
    let last = points.len() - 1;
    let slope = |i: usize| -> Vec2 {
        let (before, after) = (points[i] - points[i.saturating_sub(1)], points[(i + 1).min(last)] - points[i]);
        let (h, k) = (length(before), length(after));
        match (h > 0.0, k > 0.0) {
            (true, true) => (before * (k / h) + after * (h / k)) / (h + k),
            (true, false) => before / h,
            (false, true) => after / k,
            (false, false) => Vec2::ZERO,
        }
    };
    let piece = |i: usize| {
        let (p, q) = (points[i], points[i + 1]);
        let third = distance(p, q) / 3.0;
        PathSeg::Cubic(CubicBez::new(p, p + slope(i) * third, q - slope(i + 1) * third, q))
    };
    (0..last).map(piece).collect()
}
