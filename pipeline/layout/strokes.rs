//! Drawn flows as evenly sampled lines with boxes, at 1000 px across.

use std::collections::BTreeSet;

use flowatlas_model::planar::{Drawn, DrawnFlow};
use kurbo::Point;

use crate::curve::{distance, length};
use crate::score::index;

/// Distance in px between the samples of a line.
const STEP: f64 = 6.0;
/// Height in widths up to which places are 1000 px across; those above one another have no width.
const TALLEST: f64 = 20.0;
/// Turn in degrees within a step from which a stroke is sharp.
const SHARP: f64 = 25.0;
/// Pieces of a line that share a box.
const CHUNK: usize = 8;

/// A box: smallest x and y, then largest x and y.
pub(crate) type Extent = [f64; 4];

/// True where two boxes keep more than `pad` apart.
pub(crate) fn apart(p: &Extent, q: &Extent, pad: f64) -> bool {
    p[2] + pad < q[0] || q[2] + pad < p[0] || p[3] + pad < q[1] || q[3] + pad < p[1]
}

/// The box of some points.
pub(crate) fn extent(points: &[Point]) -> Extent {
    let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    points.iter().fold(none, |e, p| [e[0].min(p.x), e[1].min(p.y), e[2].max(p.x), e[3].max(p.y)])
}

/// The box of a point.
pub(crate) fn extent_at(p: Point) -> Extent {
    [p.x, p.y, p.x, p.y]
}

/// A drawn flow, or a part of one.
#[derive(Clone)]
pub(crate) struct Stroke {
    pub origin: usize,
    pub destination: usize,
    /// Whether it starts at its origin and ends at its destination: a part of a flow may do so at an edge of the map.
    pub joins: [bool; 2],
    pub width: f64,
    pub line: Vec<Point>,
    pub extent: Extent,
    /// Box of every run of `CHUNK` pieces.
    chunks: Vec<Extent>,
}

impl Stroke {
    /// A flow drawn along some points.
    pub(crate) fn along(ends: (usize, usize), width: f64, points: &[Point]) -> Stroke {
        Stroke::through(ends, width, resampled(points))
    }

    /// A flow drawn along a line of at least two points.
    pub(crate) fn through(ends: (usize, usize), width: f64, line: Vec<Point>) -> Stroke {
        let starts = (0..line.len() - 1).step_by(CHUNK);
        let chunks = starts.map(|i| extent(&line[i..(i + CHUNK + 1).min(line.len())])).collect();
        let (origin, destination) = ends;
        Stroke { origin, destination, joins: [true; 2], width, extent: extent(&line), chunks, line }
    }

    /// Places that this flow and another both serve; the second equals the first where there is one.
    pub(crate) fn shared(&self, other: &Stroke) -> impl Iterator<Item = usize> + Clone + use<> {
        let serves = |n: usize| n == other.origin || n == other.destination;
        [self.origin, self.destination].map(|n| serves(n).then_some(n)).into_iter().flatten()
    }

    /// The pieces whose box comes within `pad` of a box, in order.
    pub(crate) fn near<'a>(&'a self, to: &'a Extent, pad: f64) -> impl Iterator<Item = (Point, Point)> + 'a {
        let close = self.chunks.iter().enumerate().filter(move |(_, c)| !apart(c, to, pad));
        close.flat_map(move |(k, _)| self.run(k).windows(2).map(|w| (w[0], w[1])))
    }

    /// The runs of this stroke that come within `pad` of another, in order: the number of the first piece, the points, and the
    /// points of the other's runs that are near.
    pub(crate) fn meetings<'a>(
        &'a self,
        other: &'a Stroke,
        pad: f64,
    ) -> impl Iterator<Item = (usize, &'a [Point], Vec<&'a [Point]>)> + 'a {
        let meet = !apart(&self.extent, &other.extent, pad);
        let chunks = self.chunks.iter().enumerate().filter(move |(_, own)| meet && !apart(own, &other.extent, pad));
        chunks.filter_map(move |(k, own)| {
            let near = other.chunks.iter().enumerate().filter(|(_, theirs)| !apart(own, theirs, pad));
            let near: Vec<&[Point]> = near.map(|(j, _)| other.run(j)).collect();
            (!near.is_empty()).then(|| (k * CHUNK, self.run(k), near))
        })
    }

    /// The points of a run of `CHUNK` pieces, or of fewer at the end.
    fn run(&self, k: usize) -> &[Point] {
        &self.line[k * CHUNK..(k * CHUNK + CHUNK + 1).min(self.line.len())]
    }

    /// Length of a piece.
    pub(crate) fn piece(&self, p: usize) -> f64 {
        distance(self.line[p], self.line[p + 1])
    }

    /// Drawn length over straight distance between the drawn ends.
    pub(crate) fn stretch(&self) -> f64 {
        let drawn: f64 = self.line.windows(2).map(|w| distance(w[0], w[1])).sum();
        drawn / distance(self.line[0], self.line[self.line.len() - 1]).max(1e-9)
    }

    /// How far the apex lies from the middle of the chord, in half chords; none where it rises no more than 2 px.
    pub(crate) fn skew(&self) -> Option<f64> {
        let (first, last) = (self.line[0], self.line[self.line.len() - 1]);
        let chord = last - first;
        let size = length(chord);
        let place = |q: &Point| {
            let v = *q - first;
            (chord.cross(v).abs() / size.max(1e-9), chord.dot(v) / (size * size).max(1e-9))
        };
        let apex = self.line.iter().map(place).fold((0.0, 0.5), |best, next| if next > best { next } else { best });
        (apex.0 > 2.0).then(|| (apex.1 - 0.5).abs() * 2.0)
    }

    /// True where it turns by more than `SHARP` from one piece to the next.
    pub(crate) fn is_sharp(&self) -> bool {
        self.sharpest_turn() > SHARP
    }

    /// The largest turn between one piece and the next, in degrees.
    fn sharpest_turn(&self) -> f64 {
        let turn = |w: &[Point]| {
            let (u, v) = (w[1] - w[0], w[2] - w[1]);
            libm::atan2(u.cross(v).abs(), u.dot(v)).to_degrees()
        };
        self.line.windows(3).map(turn).fold(0.0, f64::max)
    }
}

/// All that was drawn, scaled to 1000 px across the places in use.
pub(crate) struct Page {
    pub centres: Vec<Point>,
    pub radii: Vec<f64>,
    pub strokes: Vec<Stroke>,
    /// Node and box of every label.
    pub labels: Vec<(usize, Extent)>,
    /// Places that a flow serves.
    pub used: Vec<usize>,
    /// Px per unit of what was drawn.
    pub scale: f64,
}

impl Page {
    /// Scales what was drawn and samples its lines.
    pub(crate) fn of(drawn: &Drawn) -> Page {
        let nodes = index(drawn);
        let at = |id: &str| *nodes.get(id).expect("every flow and label names a node that is drawn");
        let ends = |f: &DrawnFlow| (at(&f.origin), at(&f.destination));
        let used: BTreeSet<usize> = drawn.flows.iter().flat_map(|f| <[usize; 2]>::from(ends(f))).collect();
        let [left, top, right, bottom] =
            extent(&used.iter().map(|&i| Point::new(drawn.nodes[i].x, drawn.nodes[i].y)).collect::<Vec<_>>());
        let scale = 1000.0 / (right - left).max((bottom - top) / TALLEST).max(1e-9);
        let line = |part: &[[f64; 2]]| part.iter().map(|p| Point::new(p[0] * scale, p[1] * scale)).collect::<Vec<_>>();
        let strokes = |f| -> Vec<Stroke> {
            let parts: Vec<&[[f64; 2]]> = DrawnFlow::parts(f).collect();
            let stroke = |(k, part): (usize, &&[[f64; 2]])| Stroke {
                joins: [k == 0, k + 1 == parts.len()],
                ..Stroke::along(ends(f), f.width * scale, &line(part))
            };
            parts.iter().enumerate().filter(|(_, part)| part.len() > 1).map(stroke).collect()
        };
        let scored = drawn.flows.iter().filter(|f| f.origin != f.destination);
        Page {
            centres: drawn.nodes.iter().map(|n| Point::new(n.x * scale, n.y * scale)).collect(),
            radii: drawn.nodes.iter().map(|n| n.r * scale).collect(),
            strokes: scored.flat_map(strokes).collect(),
            labels: drawn.labels.iter().map(|l| (at(&l.node), l.bounds.map(|v| v * scale))).collect(),
            used: used.into_iter().collect(),
            scale,
        }
    }
}

/// A line sampled at equal lengths of at most `STEP`, at least two pieces.
fn resampled(line: &[Point]) -> Vec<Point> {
    let total: f64 = line.windows(2).map(|w| distance(w[0], w[1])).sum();
    let pieces = (total / STEP).ceil().max(2.0);
    let (mut out, mut done, mut k) = (vec![line[0]], 0.0, 1.0);
    for w in line.windows(2) {
        let piece = distance(w[0], w[1]);
        while piece > 0.0 && k < pieces && done + piece >= k * (total / pieces) - 1e-9 {
            out.push(w[0] + (k * (total / pieces) - done) / piece * (w[1] - w[0]));
            k += 1.0;
        }
        done += piece;
    }
    out.push(line[line.len() - 1]);
    out
}
