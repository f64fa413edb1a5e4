//! A grid of square cells that knows which pieces of courses and which places are near.

use kurbo::{Point, Rect};

/// Side of a cell in px.
const CELL: f64 = 32.0;

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
    pieces: Vec<Vec<Piece>>,
    nodes: Vec<Vec<u32>>,
}

impl Grid {
    /// An empty grid over a box.
    pub(crate) fn over(bounds: Rect) -> Grid {
        let columns = (bounds.width() / CELL).ceil().max(1.0) as usize;
        let rows = (bounds.height() / CELL).ceil().max(1.0) as usize;
        let cells = columns * rows;
        Grid { origin: bounds.origin(), columns, rows, pieces: vec![Vec::new(); cells], nodes: vec![Vec::new(); cells] }
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

    /// The cells that a box touches.
    pub(crate) fn cells(&self, b: Rect) -> impl Iterator<Item = usize> + use<> {
        let (left, right, columns) = (self.column(b.x0), self.column(b.x1), self.columns);
        (self.row(b.y0)..=self.row(b.y1)).flat_map(move |y| (left..=right).map(move |x| y * columns + x))
    }

    /// Pieces near a cell.
    pub(crate) fn pieces(&self, cell: usize) -> &[Piece] {
        &self.pieces[cell]
    }

    /// Places near a cell.
    pub(crate) fn nodes(&self, cell: usize) -> &[u32] {
        &self.nodes[cell]
    }

    /// Makes a place known within `reach` of it.
    pub(crate) fn add_node(&mut self, node: u32, at: Point, reach: f64) {
        for cell in self.cells(Rect::from_center_size(at, (2.0 * reach, 2.0 * reach))) {
            self.nodes[cell].push(node);
        }
    }

    /// Makes a piece known within `pad` of its stroke.
    pub(crate) fn add(&mut self, piece: Piece, pad: f64) {
        for cell in self.cells(piece.bounds(piece.half + pad)) {
            self.pieces[cell].push(piece);
        }
    }

    /// Takes a piece out again; `pad` as when it was added.
    pub(crate) fn remove(&mut self, piece: &Piece, pad: f64) {
        for cell in self.cells(piece.bounds(piece.half + pad)) {
            let pieces = &mut self.pieces[cell];
            let found = pieces.iter().position(|p| p.course == piece.course && p.a == piece.a && p.b == piece.b);
            pieces.swap_remove(found.expect("a piece is where it was added"));
        }
    }
}
