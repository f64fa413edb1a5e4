//! A grid of square cells that knows which pieces of courses and which places are near.
//!
//! Most pairs of pieces are looked at for nothing, and a wide stroke reaches many cells: so each cell holds the pieces whose centre
//! lines run through it, for crossings, apart from those whose strokes reach it, for overlaps.

use std::ops::Range;

use kurbo::{Point, Rect, Vec2};

/// Side of a cell in px.
const CELL: f64 = 32.0;
/// Room in px around centre lines, so that rounding leaves no crossing between two cells.
const HAIR: f64 = 1e-6;

/// A piece of a course.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub a: Point,
    pub b: Point,
    /// Half the width that is drawn here, arrowheads included.
    pub half: f64,
    /// Its length squared.
    pub square: f64,
    /// Half the distance between the outermost lanes of its course.
    pub spread: f64,
    /// The course that it belongs to.
    pub course: u32,
    /// True where an arrowhead lies on it.
    pub head: bool,
}

impl Piece {
    /// The box of the piece, `pad` larger on every side.
    pub(crate) fn bounds(&self, pad: f64) -> Rect {
        Rect::new(
            self.a.x.min(self.b.x) - pad,
            self.a.y.min(self.b.y) - pad,
            self.a.x.max(self.b.x) + pad,
            self.a.y.max(self.b.y) + pad,
        )
    }
}

/// The grid. What lies beyond its edge counts to the cells at the edge.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    origin: Point,
    columns: usize,
    rows: usize,
    /// Per cell the pieces whose centre lines run through its columns and rows.
    lines: Vec<Vec<Piece>>,
    /// Per cell the pieces whose strokes reach it.
    strokes: Vec<Vec<Piece>>,
    nodes: Vec<Vec<u32>>,
    /// Cells where the page matters too.
    watched: Vec<bool>,
}

impl Grid {
    /// An empty grid over a box.
    pub(crate) fn over(bounds: Rect) -> Grid {
        let columns = (bounds.width() / CELL).ceil().max(1.0) as usize;
        let rows = (bounds.height() / CELL).ceil().max(1.0) as usize;
        let cells = columns * rows;
        let (lines, strokes, nodes) = (vec![Vec::new(); cells], vec![Vec::new(); cells], vec![Vec::new(); cells]);
        Grid { origin: bounds.origin(), columns, rows, lines, strokes, nodes, watched: vec![false; cells] }
    }

    fn column(&self, x: f64) -> usize {
        (((x - self.origin.x) / CELL).max(0.0) as usize).min(self.columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        (((y - self.origin.y) / CELL).max(0.0) as usize).min(self.rows - 1)
    }

    /// The cell of a point.
    pub(crate) fn cell(&self, p: Point) -> usize {
        self.row(p.y) * self.columns + self.column(p.x)
    }

    /// The cells that a box touches, row by row.
    pub(crate) fn cells(&self, b: Rect) -> impl Iterator<Item = Range<usize>> + use<> {
        let (left, right, columns) = (self.column(b.x0), self.column(b.x1) + 1, self.columns);
        (self.row(b.y0)..self.row(b.y1) + 1).map(move |y| y * columns + left..y * columns + right)
    }

    /// The cells that the centre line of a piece may run through.
    pub(crate) fn along(&self, piece: &Piece) -> impl Iterator<Item = Range<usize>> + use<> {
        self.cells(piece.bounds(HAIR))
    }

    /// Pieces whose centre lines may run through a cell.
    pub(crate) fn lines(&self, cell: usize) -> &[Piece] {
        &self.lines[cell]
    }

    /// Pieces whose strokes, and the room around them, may reach a cell.
    pub(crate) fn strokes(&self, cell: usize) -> &[Piece] {
        &self.strokes[cell]
    }

    /// Places near a cell.
    pub(crate) fn nodes(&self, cell: usize) -> &[u32] {
        &self.nodes[cell]
    }

    /// True where the stroke of a piece may run over an obstacle or leave the frame.
    pub(crate) fn is_watched(&self, piece: &Piece) -> bool {
        self.along(piece).any(|cells| self.watched[cells].contains(&true))
    }

    /// Watches the cells that a box touches.
    pub(crate) fn watch(&mut self, b: Rect) {
        self.cells(b).for_each(|cells| self.watched[cells].fill(true));
    }

    /// Watches all cells but those that are `safe`; cells at the edge, to which all that lies beyond counts, never are.
    pub(crate) fn watch_unless(&mut self, safe: impl Fn(Rect) -> bool) {
        for (row, column) in (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (row, column))) {
            let at_edge = row == 0 || column == 0 || row + 1 == self.rows || column + 1 == self.columns;
            let corner = self.origin + CELL * Vec2::new(column as f64, row as f64);
            let cell = Rect::from_origin_size(corner, (CELL, CELL));
            self.watched[row * self.columns + column] |= at_edge || !safe(cell);
        }
    }

    /// Makes a place known within `reach` of it.
    pub(crate) fn add_node(&mut self, node: u32, at: Point, reach: f64) {
        for cell in self.cells(Rect::from_center_size(at, (2.0 * reach, 2.0 * reach))).flatten() {
            self.nodes[cell].push(node);
        }
    }

    /// Makes a piece known along its centre line and within `room` of its stroke.
    pub(crate) fn add(&mut self, piece: Piece, room: f64) {
        for cell in self.along(&piece).flatten() {
            self.lines[cell].push(piece);
        }
        for cell in self.cells(piece.bounds(piece.half + room)).flatten() {
            self.strokes[cell].push(piece);
        }
    }

    /// Takes a piece out again; `room` as when it was added.
    pub(crate) fn remove(&mut self, piece: &Piece, room: f64) {
        let out = |pieces: &mut Vec<Piece>| {
            let found = pieces.iter().position(|p| p.course == piece.course && p.a == piece.a && p.b == piece.b);
            pieces.swap_remove(found.expect("a piece is where it was added"));
        };
        self.along(piece).flatten().for_each(|cell| out(&mut self.lines[cell]));
        self.cells(piece.bounds(piece.half + room)).flatten().for_each(|cell| out(&mut self.strokes[cell]));
    }
}
