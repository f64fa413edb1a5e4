//! Cutting rings and lines to a rectangle, and adding points so that straight degrees bend on the page.

use kurbo::{Point, Rect};

/// The four half-planes of a rectangle: the distance of a point inside each, negative outside.
const SIDES: [fn(&Rect, Point) -> f64; 4] =
    [|r, p| p.x - r.x0, |r, p| r.x1 - p.x, |r, p| p.y - r.y0, |r, p| r.y1 - p.y];

/// Returns the part of a closed ring that lies in the rectangle; empty where nothing does.
///
/// A concave ring that leaves the rectangle several times stays one ring that runs along the border, which is
/// right for filling (Sutherland and Hodgman 1974, doi 10.1145/360767.360802).
pub fn clip_ring(ring: &[Point], rect: Rect) -> Vec<Point> {
    let mut kept = ring.to_vec();
    for side in SIDES {
        let Some(&last) = kept.last() else { break };
        let mut next = Vec::with_capacity(kept.len() + 8);
        let mut from = last;
        for &to in &kept {
            let (a, b) = (side(&rect, from), side(&rect, to));
            if (a < 0.0) != (b < 0.0) {
                next.push(from.lerp(to, a / (a - b)));
            }
            if b >= 0.0 {
                next.push(to);
            }
            from = to;
        }
        kept = next;
    }
    kept
}

/// Returns the pieces of an open line that lie in the rectangle, in order.
pub fn clip_line(line: &[Point], rect: Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for pair in line.windows(2) {
        let Some((a, b)) = clip_segment(pair[0], pair[1], rect) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&a) => piece.push(b),
            _ => pieces.push(vec![a, b]),
        }
    }
    pieces
}

/// Returns the part of a segment inside the rectangle (Liang and Barsky 1984, doi 10.1145/357332.357333).
fn clip_segment(a: Point, b: Point, rect: Rect) -> Option<(Point, Point)> {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for side in SIDES {
        let (from, to) = (side(&rect, a), side(&rect, b));
        if from < 0.0 && to < 0.0 {
            return None;
        }
        if from < 0.0 {
            enter = enter.max(from / (from - to));
        } else if to < 0.0 {
            leave = leave.min(from / (from - to));
        }
    }
    let start = if enter > 0.0 { a.lerp(b, enter) } else { a };
    let end = if leave < 1.0 { a.lerp(b, leave) } else { b };
    (enter < leave).then_some((start, end))
}

/// Returns the line with points added so that no step is longer than `step`.
pub fn densify(line: &[Point], step: f64) -> Vec<Point> {
    let mut out = Vec::with_capacity(line.len());
    out.extend(line.first());
    for pair in line.windows(2) {
        let parts = ((pair[1] - pair[0]).hypot() / step).ceil().max(1.0) as usize;
        out.extend((1..=parts).map(|k| pair[0].lerp(pair[1], k as f64 / parts as f64)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect::new(0.0, 0.0, 10.0, 10.0);

    #[test]
    fn a_ring_around_the_rectangle_becomes_the_rectangle() {
        let ring = [(-5.0, -5.0), (20.0, -5.0), (20.0, 20.0), (-5.0, 20.0)].map(Point::from);
        let clipped = clip_ring(&ring, UNIT);
        let area: f64 =
            clipped.iter().zip(clipped.iter().cycle().skip(1)).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs()
                / 2.0;
        assert!((area - 100.0).abs() < 1e-9, "area {area}");
    }

    #[test]
    fn a_ring_elsewhere_vanishes() {
        let ring = [(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)].map(Point::from);
        assert!(clip_ring(&ring, UNIT).is_empty());
    }

    #[test]
    fn a_line_that_leaves_and_returns_gives_two_pieces() {
        let line = [(5.0, 5.0), (15.0, 5.0), (15.0, 8.0), (5.0, 8.0)].map(Point::from);
        let pieces = clip_line(&line, UNIT);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0], vec![Point::new(5.0, 5.0), Point::new(10.0, 5.0)]);
        assert_eq!(pieces[1], vec![Point::new(10.0, 8.0), Point::new(5.0, 8.0)]);
    }

    #[test]
    fn densified_lines_keep_their_points_and_their_length() {
        let line = [(0.0, 0.0), (3.0, 4.0)].map(Point::from);
        let dense = densify(&line, 1.0);
        assert_eq!(dense.len(), 6);
        assert_eq!(dense[5], line[1]);
    }
}
