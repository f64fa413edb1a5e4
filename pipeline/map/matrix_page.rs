//! Where everything of a matrix stands on its page: sizes of cells, angle of the column heads, sizes of type.

use flowatlas_model::units::Mm;
use kurbo::{Point, Rect, Size};

use crate::text::{Line, Type, Typesetter};

/// No letter is smaller than this, in points.
pub const LEAST_TYPE: f64 = 5.5;
/// Distance that names in parallel need, as a multiple of their size.
const NAME_PITCH: f64 = 1.12;
/// Room between heads, cells and totals in points.
pub const GAP: f64 = 3.5;
/// Greatest width and height of a cell in points.
const MOST_CELL: Size = Size::new(64.0, 26.0);
/// Heights of cells where the page may be as tall as it likes, in points.
const FREE_HEIGHTS: [f64; 2] = [7.4, 15.0];
/// The tallest page that is not asked for, in widths: a sheet of the A series on end.
const TALLEST: f64 = std::f64::consts::SQRT_2;
/// Names take no more than this share of the page's width.
const MOST_NAMES: f64 = 0.34;
/// Room of a mark that points along rows or columns, beside their word, in sizes of type.
pub const POINTER_ROOM: f64 = 0.9;
/// Least side of a cell in points.
const LEAST_CELL: f64 = 1.2;

/// What a matrix needs room for.
pub struct Contents<'a> {
    /// Names of rows and columns, in order.
    pub names: [&'a [String]; 2],
    /// Totals of rows and columns as written, and of all; empty where there are none.
    pub totals: [&'a [String]; 2],
    /// The words over the totals, and the total of all as written.
    pub total: [&'a str; 2],
    /// The words for rows and columns in the corner between them.
    pub sides: [&'a str; 2],
    /// The largest type of names in points.
    pub type_size: f64,
}

/// The room that a matrix has.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Left, top and right; the bottom is free where `height` is.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height; `None` for what the matrix needs.
    pub height: Option<f64>,
    /// Height of what stands above and below on the same page.
    pub taken: f64,
    /// Width of the page.
    pub page: Mm,
}

/// Where cells, heads and totals stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// All cells together.
    pub cells: Rect,
    /// One cell.
    pub cell: Size,
    /// Clockwise turn of the column heads in degrees: 0, -45 or -90.
    pub turn: f64,
    /// Sizes of the names of rows and columns.
    pub sizes: [f64; 2],
    /// True where the totals of columns are turned.
    pub totals_turned: bool,
    /// The foot of everything.
    pub bottom: f64,
}

impl Plan {
    /// Returns the plan, or `None` where cells would be too small to be seen.
    pub fn of(contents: &Contents<'_>, room: Room, set: &mut Typesetter) -> Option<Plan> {
        let wish = [contents.type_size; 2];
        let first = Plan::with_sizes(contents, room, wish, set)?;
        let fitting = |pitch: f64, wish: f64| (pitch / NAME_PITCH).clamp(LEAST_TYPE.min(wish), wish);
        let across = if first.turn < -60.0 { first.cell.width } else { f64::INFINITY };
        let sizes = [fitting(first.cell.height, wish[0]), fitting(across, wish[1])];
        Plan::with_sizes(contents, room, sizes, set)
    }

    fn with_sizes(contents: &Contents<'_>, room: Room, sizes: [f64; 2], set: &mut Typesetter) -> Option<Plan> {
        let mut widest = |words: &[String], size: f64| {
            words.iter().map(|w| set.line(w, Type::regular(size)).size().width).fold(0.0, f64::max)
        };
        let names = widest(contents.names[0], sizes[0]).min(MOST_NAMES * room.width);
        let sums = [widest(contents.totals[0], sizes[0]), widest(contents.totals[1], sizes[1])];
        let mut bold = |words: [&str; 2]| words.map(|w| set.line(w, Type::bold(sizes[0])).size().width);
        let ([total, all], sides) = (bold(contents.total), bold(contents.sides));
        let side = sides[0].max(sides[1]) + POINTER_ROOM * sizes[0];
        let (head, aside) = match contents.totals[0].is_empty() {
            true => (names.max(side), 0.0),
            false => (names.max(side).max(total), sums[0].max(all).max(total) + 2.0 * GAP),
        };
        let head = head + GAP;
        let names: Vec<f64> =
            contents.names[1].iter().map(|n| set.line(n, Type::regular(sizes[1])).size().width).collect();
        let (rows, columns) = (contents.names[0].len() as f64, names.len() as f64);
        let width = ((room.width - head - aside) / columns).min(MOST_CELL.width);
        let left = room.left + head;
        let end = |k: usize, turn: f64| {
            left + (k as f64 + 0.5) * width + libm::cos(turn.to_radians()) * names[k].min(room.width)
        };
        let fits = |turn: f64| match turn {
            0.0 => names.iter().all(|n| n + GAP <= width),
            _ => {
                width * libm::sin(-turn.to_radians()) >= NAME_PITCH * sizes[1]
                    && (0..names.len()).all(|k| end(k, turn) <= room.left + room.width)
            }
        };
        let turn = [0.0, -45.0].into_iter().find(|turn| fits(*turn)).unwrap_or(-90.0);
        let longest = names.iter().copied().fold(0.0, f64::max).min(MOST_NAMES * room.width);
        let (sin, cos) = libm::sincos(f64::abs(turn).to_radians());
        let above = (longest * sin + sizes[1] * cos).max(2.8 * sizes[0]) + GAP;
        let totals_turned = sums[1] + 1.0 > width;
        let below = match (contents.totals[1].is_empty(), totals_turned) {
            (true, _) => 0.0,
            (false, true) => sums[1] + 2.0 * GAP,
            (false, false) => sizes[1] + 2.0 * GAP,
        };
        let most = |height: f64| ((height - above - below) / rows).min(MOST_CELL.height);
        let height = match room.height {
            Some(height) => most(height),
            None => width
                .clamp(FREE_HEIGHTS[0], FREE_HEIGHTS[1])
                .min(most(TALLEST * room.page.to_pt() - room.taken).max(LEAST_CELL)),
        };
        let cell = Size::new(width, height);
        let corner = Point::new(left, room.top + above);
        let cells = Rect::from_origin_size(corner, (columns * width, rows * height));
        let plan = Plan { cells, cell, turn, sizes, totals_turned, bottom: cells.y1 + below };
        (cell.min_side() >= LEAST_CELL).then_some(plan)
    }

    /// Returns the box of a cell.
    pub fn rect(&self, row: usize, column: usize) -> Rect {
        let corner = self.cells.origin() + (column as f64 * self.cell.width, row as f64 * self.cell.height);
        Rect::from_origin_size(corner, self.cell)
    }

    /// Returns the middle of a row and of a column.
    pub fn middle(&self, row: usize, column: usize) -> Point {
        self.rect(row, column).center()
    }

    /// Returns the greatest length of a name of a row, and of a column.
    pub fn name_room(&self, room: Room) -> [f64; 2] {
        [self.cells.x0 - room.left - GAP, (MOST_NAMES * room.width).max(self.cell.width)]
    }

    /// Returns which rows have room for their names, the important ones first.
    pub fn named_rows(&self, importance: &[f64]) -> Vec<bool> {
        thinned(self.cell.height, NAME_PITCH * self.sizes[0], importance)
    }

    /// Returns which columns have room for their names, the important ones first.
    pub fn named_columns(&self, importance: &[f64]) -> Vec<bool> {
        let need = if self.turn < -60.0 { NAME_PITCH * self.sizes[1] } else { 0.0 };
        thinned(self.cell.width, need, importance)
    }
}

/// Returns which of the names at equal distances stay where each needs so much room; equal ones in order.
fn thinned(pitch: f64, need: f64, importance: &[f64]) -> Vec<bool> {
    let apart = (need / pitch - 1e-9).ceil().max(1.0) as usize;
    let mut order: Vec<usize> = (0..importance.len()).collect();
    order.sort_by(|a, b| importance[*b].total_cmp(&importance[*a]));
    let mut kept = vec![false; importance.len()];
    for k in order {
        let near = k.saturating_sub(apart - 1)..(k + apart).min(kept.len());
        kept[k] = !kept[near].contains(&true);
    }
    kept
}

/// Returns the words as one line no longer than `room`, cut with an ellipsis where they are longer.
pub fn shortened(words: &str, kind: Type, room: f64, set: &mut Typesetter) -> Line {
    let mut line = set.line(words, kind);
    let mut letters: Vec<char> = words.chars().collect();
    while line.size().width > room + 0.01 && letters.len() > 1 {
        letters.pop();
        let cut: String = letters.iter().collect();
        line = set.line(&format!("{}…", cut.trim_end()), kind);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_names_too_close_the_important_ones_stay() {
        assert_eq!(thinned(3.0, 6.0, &[1.0, 5.0, 2.0, 2.0]), [false, true, false, true]);
        assert_eq!(thinned(6.0, 6.0, &[1.0, 5.0]), [true, true]);
        assert_eq!(thinned(1.0, 3.0, &[0.0; 7]), [true, false, false, true, false, false, true]);
    }
}
