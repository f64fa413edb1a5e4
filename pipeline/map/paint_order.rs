//! In which order flows are painted: thin over thick, but never so many thin ones that a thick one or its head vanishes beneath.

use flowatlas_model::style::ArrowStyle;
use kurbo::{Point, Rect};

use crate::ribbon::{Course, head_size};

/// A flow that thinner ones would cover on more than this share is painted over them instead.
const MOST_COVERED: f64 = 0.4;
/// One whose head they would cover on more than this share, too, unless it would cover more than this area of their heads, in square points.
const MOST_OF_HEAD: f64 = 0.25;
const LEAST_OF_HEADS: f64 = 5.0;
/// Flows of at most this share of a flow's width count as thinner.
const THINNER: f64 = 0.5;
/// Least side of a cell of the raster in points, and most cells along a side.
const CELL: f64 = 0.5;
const MOST_CELLS: f64 = 2000.0;
/// Distance in points between samples along a flow, and where they lie across it, in half widths.
const STEP: f64 = 1.0;
const ACROSS: [f64; 5] = [-0.8, -0.4, 0.0, 0.4, 0.8];

/// Returns the positions of the flows in the order in which they are painted: the thick before the thin, and then, again
/// thick before thin, those that thinner ones would cover for the most part, or their heads, with lines and casings.
///
/// `widths`, `courses` and `arrows` are those of the flows, `casing` is the reach of a casing on each side, all in points.
pub fn paint_order(widths: &[f64], courses: &[Vec<Course>], (arrows, casing): (&[ArrowStyle], f64)) -> Vec<usize> {
    let mut order: Vec<usize> = (0..widths.len()).collect();
    order.sort_by(|a, b| widths[*b].total_cmp(&widths[*a]).then(a.cmp(b)));
    let mut cover = Cover::over(courses);
    let mut heads = cover.clone();
    let mut thinner = order.iter().rev().peekable();
    let mut hidden = vec![false; widths.len()];
    for &k in order.iter().rev() {
        while let Some(&thin) = thinner.next_if(|thin| widths[**thin] <= THINNER * widths[k]) {
            courses[thin].iter().for_each(|piece| cover.stamp(piece, widths[thin] / 2.0 + casing));
            if let Some((head, half_width)) = head(&courses[thin], widths[thin], &arrows[thin]) {
                heads.stamp(&head, half_width);
            }
        }
        let line = |_: f64| widths[k] / 2.0;
        let head_is_hidden = || {
            let head = head(&courses[k], widths[k], &arrows[k]);
            head.is_some_and(|(head, half_width)| {
                cover.share(&[head], |part| 2.0 * half_width * (1.0 - part)) > MOST_OF_HEAD
            })
        };
        let hides_heads = || heads.area(&courses[k], widths[k]) > LEAST_OF_HEADS;
        hidden[k] = cover.share(&courses[k], line) > MOST_COVERED || head_is_hidden() && !hides_heads();
    }
    order.sort_by_key(|k| hidden[*k]);
    order
}

/// Returns the middle line of the head of a flow, and half its width in its middle; nothing for a flow without one.
fn head(pieces: &[Course], width: f64, arrow: &ArrowStyle) -> Option<(Course, f64)> {
    let last = pieces.last()?;
    let (length, head_width) = head_size(arrow, width, last.length());
    (length > 0.0).then(|| (last.part(last.length() - length, last.length()), head_width / 4.0))
}

/// What flows cover of the page.
#[derive(Clone)]
struct Cover {
    origin: Point,
    cell: f64,
    columns: usize,
    rows: usize,
    covered: Vec<bool>,
}

impl Cover {
    /// Returns a raster, empty as yet, over all courses.
    fn over(courses: &[Vec<Course>]) -> Cover {
        let points = courses.iter().flatten().flat_map(|course| course.points());
        let bounds = points.map(|p| Rect::from_points(*p, *p)).reduce(|a, b| a.union(b)).unwrap_or(Rect::ZERO);
        let cell = CELL.max(bounds.width().max(bounds.height()) / MOST_CELLS);
        let cells = |length: f64| (length / cell) as usize + 1;
        let (columns, rows) = (cells(bounds.width()), cells(bounds.height()));
        Cover { origin: bounds.origin(), cell, columns, rows, covered: vec![false; columns * rows] }
    }

    /// Covers everything within `reach` of a course, and at least the cells that it runs through.
    fn stamp(&mut self, course: &Course, reach: f64) {
        let cells = (reach / self.cell).max(0.5);
        for at in course.samples(self.cell) {
            let (x, y) = ((at.x - self.origin.x) / self.cell, (at.y - self.origin.y) / self.cell);
            for row in span(y, cells, self.rows) {
                for column in span(x, cells, self.columns) {
                    let (dx, dy) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
                    self.covered[row * self.columns + column] |= dx * dx + dy * dy <= cells * cells;
                }
            }
        }
    }

    /// Returns which share of a flow is covered that has this half width after each part of its way; 0 for one without length.
    fn share(&self, pieces: &[Course], half_width: impl Fn(f64) -> f64) -> f64 {
        let (covered, all) = self.samples(pieces, half_width);
        covered / all.max(1.0)
    }

    /// Returns how large a part of a flow of this width is covered, in square points.
    fn area(&self, pieces: &[Course], width: f64) -> f64 {
        self.samples(pieces, |_| width / 2.0).0 * STEP * width / ACROSS.len() as f64
    }

    /// Returns the samples of a flow that are covered, and all.
    fn samples(&self, pieces: &[Course], half_width: impl Fn(f64) -> f64) -> (f64, f64) {
        let (mut covered, mut all) = (0_usize, 0_usize);
        for piece in pieces.iter().filter(|piece| piece.length() > 0.0) {
            for k in 0..(piece.length() / STEP).ceil() as usize {
                let way = k as f64 * STEP;
                let aside = piece.direction(way).turn_90() * half_width(way / piece.length());
                covered += ACROSS.iter().filter(|share| self.covers(piece.at(way) + aside * **share)).count();
                all += ACROSS.len();
            }
        }
        (covered as f64, all as f64)
    }

    fn covers(&self, at: Point) -> bool {
        let (x, y) = ((at.x - self.origin.x) / self.cell, (at.y - self.origin.y) / self.cell);
        let inside = x >= 0.0 && y >= 0.0 && x < self.columns as f64 && y < self.rows as f64;
        inside && self.covered[y as usize * self.columns + x as usize]
    }
}

/// Returns the cells within `reach` of a position, among so many.
fn span(at: f64, reach: f64, count: usize) -> std::ops::Range<usize> {
    let first = (at - reach).max(0.0) as usize;
    first..((at + reach) as usize + 1).min(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARROW: ArrowStyle =
        ArrowStyle { length_base: 3.0, length_factor: 1.0, barb_base: 1.0, barb_factor: 0.5, max_share: 0.34 };

    fn order(widths: &[f64], courses: &[Vec<Course>]) -> Vec<usize> {
        paint_order(widths, courses, (&vec![ARROW; widths.len()], 0.6))
    }

    fn line(from: (f64, f64), to: (f64, f64)) -> Vec<Course> {
        vec![Course::through(vec![from.into(), to.into()])]
    }

    #[test]
    fn thin_flows_lie_over_a_thick_one_that_they_cross() {
        let courses =
            [line((0.0, 0.0), (100.0, 0.0)), line((50.0, -40.0), (50.0, 40.0)), line((20.0, -9.0), (30.0, 9.0))];
        assert_eq!(order(&[8.0, 0.5, 2.0], &courses), [0, 2, 1]);
    }

    #[test]
    fn a_thick_flow_that_thin_ones_would_hide_lies_over_them() {
        let mut courses = vec![line((0.0, 0.0), (100.0, 0.0))];
        courses.extend((0..70).map(|k| line((1.5 * f64::from(k), -20.0), (1.5 * f64::from(k), 20.0))));
        let mut widths = vec![0.5; courses.len()];
        widths[0] = 8.0;
        let order = order(&widths, &courses);
        assert_eq!(order.last(), Some(&0));
        assert_eq!(order.len(), courses.len());
    }

    #[test]
    fn a_thick_flow_whose_head_thin_ones_would_hide_lies_over_them_unless_it_would_hide_theirs() {
        let thick = line((0.0, 0.0), (100.0, 0.0));
        let across = |end: f64| [0.0, 3.0, 6.0].map(|x| line((90.0 + x, -40.0), (90.0 + x, end)));
        let with = |end: f64| [thick.clone()].into_iter().chain(across(end)).collect::<Vec<_>>();
        assert_eq!(order(&[8.0, 0.5, 0.5, 0.5], &with(40.0)).last(), Some(&0));
        assert_eq!(order(&[8.0, 0.5, 0.5, 0.5], &with(2.0)).first(), Some(&0));
    }

    #[test]
    fn flows_of_one_width_keep_their_order_however_they_lie() {
        let courses = [line((0.0, 0.0), (9.0, 0.0)), line((0.0, 0.0), (9.0, 0.0)), Vec::new()];
        assert_eq!(order(&[2.0, 2.0, 2.0], &courses), [0, 1, 2]);
    }
}
