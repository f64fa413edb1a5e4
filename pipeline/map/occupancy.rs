//! What already stands on the page: a raster of one-point cells that tells how much of a box is covered.

use kurbo::{Point, Rect, Shape};

/// Size of a cell in points.
const CELL: f64 = 1.0;

/// How much ink lies where. Boxes are asked in constant time after [`Occupancy::seal`].
pub struct Occupancy {
    origin: Point,
    columns: usize,
    rows: usize,
    cells: Vec<f32>,
    sums: Vec<f64>,
}

impl Occupancy {
    /// Returns an empty raster over `area`.
    pub fn over(area: Rect) -> Self {
        let columns = (area.width() / CELL).ceil().max(1.0) as usize;
        let rows = (area.height() / CELL).ceil().max(1.0) as usize;
        Occupancy { origin: area.origin(), columns, rows, cells: vec![0.0; columns * rows], sums: Vec::new() }
    }

    /// Covers a disc with ink of this weight; overlapping ink counts once, by the heaviest.
    pub fn disc(&mut self, centre: Point, radius: f64, weight: f32) {
        let reach = radius.max(CELL * 0.6);
        let (x0, x1) = self.column_range(centre.x - reach, centre.x + reach);
        let (y0, y1) = self.row_range(centre.y - reach, centre.y + reach);
        for row in y0..y1 {
            for column in x0..x1 {
                let at = self.origin + ((column as f64 + 0.5) * CELL, (row as f64 + 0.5) * CELL);
                if (at - centre).hypot() <= reach {
                    let cell = &mut self.cells[row * self.columns + column];
                    *cell = cell.max(weight);
                }
            }
        }
    }

    /// Covers the inside of a closed path with ink of this weight.
    pub fn path(&mut self, path: &kurbo::BezPath, weight: f32) {
        let bounds = path.bounding_box();
        let (x0, x1) = self.column_range(bounds.x0, bounds.x1);
        let (y0, y1) = self.row_range(bounds.y0, bounds.y1);
        for row in y0..y1 {
            for column in x0..x1 {
                let at = self.origin + ((column as f64 + 0.5) * CELL, (row as f64 + 0.5) * CELL);
                if path.contains(at) {
                    let cell = &mut self.cells[row * self.columns + column];
                    *cell = cell.max(weight);
                }
            }
        }
    }

    /// Covers what lies within an odd number of these rings with ink of this weight.
    pub fn rings(&mut self, rings: &[Vec<Point>], weight: f32) {
        let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); self.rows];
        for ring in rings {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (top, foot) = if a.y < b.y { (a, b) } else { (b, a) };
                // The middles of the rows from the upper end on and before the lower one, so that a corner counts once.
                let row = |y: f64| ((y - self.origin.y) / CELL - 0.5).ceil().clamp(0.0, self.rows as f64) as usize;
                for (k, across) in crossings.iter_mut().enumerate().take(row(foot.y)).skip(row(top.y)) {
                    let y = self.origin.y + (k as f64 + 0.5) * CELL;
                    across.push(top.x + (foot.x - top.x) * (y - top.y) / (foot.y - top.y));
                }
            }
        }
        for (row, mut across) in crossings.into_iter().enumerate() {
            across.sort_by(f64::total_cmp);
            for pair in across.chunks_exact(2) {
                let column =
                    |x: f64| ((x - self.origin.x) / CELL - 0.5).ceil().clamp(0.0, self.columns as f64) as usize;
                for cell in &mut self.cells[row * self.columns..][column(pair[0])..column(pair[1])] {
                    *cell = cell.max(weight);
                }
            }
        }
    }

    /// Makes boxes answerable; call again after more ink.
    pub fn seal(&mut self) {
        let width = self.columns + 1;
        self.sums = vec![0.0; width * (self.rows + 1)];
        for row in 0..self.rows {
            let mut line = 0.0;
            for column in 0..self.columns {
                line += f64::from(self.cells[row * self.columns + column]);
                self.sums[(row + 1) * width + column + 1] = self.sums[row * width + column + 1] + line;
            }
        }
    }

    /// Returns the mean weight of ink in a box: 0 for bare, 1 for full of ink of weight 1.
    ///
    /// # Panics
    /// Panics before [`Occupancy::seal`].
    pub fn covered(&self, area: Rect) -> f64 {
        assert!(!self.sums.is_empty(), "the raster is sealed before it is asked");
        let (x0, x1) = self.column_range(area.x0, area.x1);
        let (y0, y1) = self.row_range(area.y0, area.y1);
        let cells = (x1 - x0) * (y1 - y0);
        if cells == 0 {
            return 0.0;
        }
        let at = |row: usize, column: usize| self.sums[row * (self.columns + 1) + column];
        (at(y1, x1) - at(y0, x1) - at(y1, x0) + at(y0, x0)) / cells as f64
    }

    fn column_range(&self, from: f64, to: f64) -> (usize, usize) {
        range(from - self.origin.x, to - self.origin.x, self.columns)
    }

    fn row_range(&self, from: f64, to: f64) -> (usize, usize) {
        range(from - self.origin.y, to - self.origin.y, self.rows)
    }
}

fn range(from: f64, to: f64, count: usize) -> (usize, usize) {
    let start = (from / CELL).floor().clamp(0.0, count as f64) as usize;
    let end = (to / CELL).ceil().clamp(0.0, count as f64) as usize;
    (start, end.max(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covered_is_the_share_of_ink_in_the_box() {
        let mut page = Occupancy::over(Rect::new(0.0, 0.0, 100.0, 50.0));
        page.path(&Rect::new(10.0, 10.0, 20.0, 20.0).to_path(0.1), 1.0);
        page.path(&Rect::new(10.0, 10.0, 15.0, 20.0).to_path(0.1), 1.0);
        page.seal();
        assert!((page.covered(Rect::new(10.0, 10.0, 20.0, 20.0)) - 1.0).abs() < 1e-9);
        assert!((page.covered(Rect::new(0.0, 10.0, 20.0, 20.0)) - 0.5).abs() < 1e-9);
        assert_eq!(page.covered(Rect::new(60.0, 10.0, 80.0, 20.0)), 0.0);
        assert_eq!(page.covered(Rect::new(200.0, 200.0, 210.0, 210.0)), 0.0);
    }
    #[test]
    fn rings_cover_what_their_path_covers() {
        let ring: Vec<Point> = [(5.0, 3.0), (60.0, 10.0), (40.0, 44.0), (33.0, 12.0)].map(Point::from).into();
        let hole: Vec<Point> = [(40.0, 12.0), (50.0, 12.0), (45.0, 20.0)].map(Point::from).into();
        let area = Rect::new(0.0, 0.0, 100.0, 50.0);
        let (mut by_rings, mut by_path) = (Occupancy::over(area), Occupancy::over(area));
        by_rings.rings(&[ring.clone(), hole.clone()], 0.5);
        let mut path = crate::land::closed(&ring);
        path.extend(crate::land::closed(&hole).reverse_subpaths());
        by_path.path(&path, 0.5);
        assert_eq!(by_rings.cells, by_path.cells);
    }
}
