//! The problem in a frame of its own, so that the search sees the same thing however the page is turned, mirrored or ordered.

use flowatlas_model::planar::PlanarProblem;
use kurbo::{Point, Rect, Vec2};

use crate::curve::length;

/// Where the search happens: centred on the places, turned to their main axes, scaled to about 1000 across.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Canon {
    centre: Point,
    x_axis: Vec2,
    y_axis: Vec2,
    /// Length on the page of one px of the search.
    pub px: f64,
}

/// Width of an even cloud of places of the shape of a landscape page, in radii of gyration.
const WIDTH_IN_GYRATIONS: f64 = 3.0;

/// Widest stroke, head or symbol in px of the search: where places lie closer than their symbols, a px is more than a
/// thousandth of their cloud.
const WIDEST: f64 = 100.0;

impl Canon {
    /// The frame of a problem. Its axes point to the longer tails of the cloud, so that a mirrored problem has mirrored axes.
    pub(crate) fn of(problem: &PlanarProblem) -> Canon {
        let count = problem.nodes.len().max(1) as f64;
        let sum = problem.nodes.iter().fold(Vec2::ZERO, |s, n| s + n.at.to_vec2());
        let centre = (sum / count).to_point();
        let arms: Vec<Vec2> = problem.nodes.iter().map(|n| n.at - centre).collect();
        let moment = |f: fn(&Vec2) -> f64| arms.iter().map(f).sum::<f64>() / count;
        let (xx, yy, xy) = (moment(|a| a.x * a.x), moment(|a| a.y * a.y), moment(|a| a.x * a.y));
        let (sin, cos) = libm::sincos(0.5 * libm::atan2(2.0 * xy, xx - yy));
        let px = WIDTH_IN_GYRATIONS * (xx + yy).sqrt() / 1000.0;
        let widths = problem.flows.iter().map(|f| f.width.max(f.head_width));
        let coarsest = widths.chain(problem.nodes.iter().map(|n| n.radius)).fold(0.0, f64::max) / WIDEST;
        Canon {
            centre,
            x_axis: towards_tail(Vec2::new(cos, sin), &arms),
            y_axis: towards_tail(Vec2::new(-sin, cos), &arms),
            px: if px.max(coarsest) > 0.0 { px.max(coarsest) } else { 1.0 },
        }
    }

    /// From the page into the frame.
    pub(crate) fn enter(&self, p: Point) -> Point {
        let arm = (p - self.centre) / self.px;
        Point::new(arm.dot(self.x_axis), arm.dot(self.y_axis))
    }

    /// The box in the frame around a box of the page.
    pub(crate) fn enter_box(&self, b: Rect) -> Rect {
        let [first, rest @ ..] = corners(b).map(|p| self.enter(p));
        rest.into_iter().fold(Rect::from_points(first, first), |around, p| around.union_pt(p))
    }

    /// From the frame to the page.
    pub(crate) fn leave(&self, p: Point) -> Point {
        self.centre + (self.x_axis * p.x + self.y_axis * p.y) * self.px
    }
}

/// The corners of a box.
pub(crate) fn corners(b: Rect) -> [Point; 4] {
    [(b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)].map(Point::from)
}

/// The axis or its opposite, whichever side the cloud has its longer tail on.
fn towards_tail(axis: Vec2, arms: &[Vec2]) -> Vec2 {
    let skewness: f64 = arms
        .iter()
        .map(|a| {
            let d = a.dot(axis);
            d * d * d
        })
        .sum();
    let axis = axis / length(axis);
    if skewness < 0.0 { -axis } else { axis }
}
