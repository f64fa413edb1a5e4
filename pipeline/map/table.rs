//! A table as a panel: indicators by rows, what they are of by columns.

use flowatlas_model::scene::{Item, Shape, Stroke};
use kurbo::{BezPath, Point, Size};

use crate::{
    block::{Block, LEADING},
    land::append,
    sheet::Look,
    text::{Ink, Line, Type, Typesetter},
};

/// Share of the width that the words of rows take; columns share the rest evenly.
const LABELS: f64 = 0.42;
/// Room above and below the words of a row as a multiple of their size.
const PAD: f64 = 0.4;
/// Room between columns in points.
const BETWEEN: f64 = 10.0;

/// What a table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Indicators {
    /// The head of each column.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<IndicatorRow>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IndicatorRow {
    /// What it is.
    pub label: String,
    /// Its unit; empty for none.
    pub unit: String,
    /// One text for each column.
    pub cells: Vec<String>,
}

impl Indicators {
    /// Returns the table as a panel of this width in points.
    pub fn block(&self, look: Look<'_>, width: f64) -> Block {
        let mut ruler = Ruler { look, set: Typesetter::new(look.fonts), width, columns: self.heads.len().max(1) };
        let mut block = Block::default();
        let bold = Type::bold(look.style.text.legend);
        ruler.row(&mut block, [&[][..], &self.heads], bold);
        ruler.rule(&mut block, 0.7);
        for (k, row) in self.rows.iter().enumerate() {
            if k > 0 {
                ruler.rule(&mut block, 0.25);
            }
            let label = [row.label.clone(), row.unit.clone()];
            ruler.row(&mut block, [&label, &row.cells], Type::regular(look.style.text.legend));
        }
        ruler.rule(&mut block, 0.7);
        block
    }

    /// Returns the table in words, a sentence each row.
    pub fn words(&self) -> String {
        let cell = |(head, cell): (&String, &String)| format!("{head} {}", cell.replace('\n', ", "));
        let sentence = |row: &IndicatorRow| {
            let unit = if row.unit.is_empty() { String::new() } else { format!(" ({})", row.unit) };
            let cells: Vec<String> = self.heads.iter().zip(&row.cells).map(cell).collect();
            format!("{}{unit}: {}.", row.label, cells.join("; "))
        };
        self.rows.iter().map(sentence).collect::<Vec<_>>().join(" ")
    }
}

struct Ruler<'a> {
    look: Look<'a>,
    set: Typesetter,
    width: f64,
    columns: usize,
}

impl Ruler<'_> {
    /// Adds a row: label and unit at the left, the cells at the right edges of their columns.
    fn row(&mut self, block: &mut Block, [label, cells]: [&[String]; 2], kind: Type) {
        let pad = PAD * kind.size;
        let column = (1.0 - LABELS) * self.width / self.columns as f64;
        let (mut items, mut lines) = self.label(label, kind);
        for (k, cell) in cells.iter().enumerate() {
            let right = LABELS * self.width + column * (k + 1) as f64;
            let wrapped = self.set.wrap(cell, kind, column - BETWEEN);
            lines = lines.max(wrapped.len());
            let ink = Ink::plain(self.look.style.text.color);
            items.extend(placed(wrapped, 0, |line| right - line.size().width, ink));
        }
        let height = LEADING * kind.size * lines as f64 - (LEADING - 0.934) * kind.size;
        block.push_items(items, Size::new(self.width, height + pad), pad);
    }

    /// Returns what a row is, its unit behind it where the line has room, else in lines below, and the number of lines.
    fn label(&mut self, label: &[String], kind: Type) -> (Vec<Item>, usize) {
        let (text, room) = (&self.look.style.text, LABELS * self.width - BETWEEN);
        let [name, unit] = label else { return (Vec::new(), 1) };
        let name = self.set.wrap(name, kind, room);
        let unit = if unit.is_empty() { Vec::new() } else { self.set.wrap(unit, kind, room) };
        let behind = name.last().map_or(0.0, |line| line.size().width + 0.8 * kind.size);
        let fits = unit.len() == 1 && behind + unit[0].size().width <= room;
        let first = if fits { name.len() - 1 } else { name.len() };
        let lines = first + unit.len().max(usize::from(first == 0));
        let left = if fits { behind } else { 0.0 };
        let mut items = placed(name, 0, |_| 0.0, Ink::plain(text.color));
        items.extend(placed(unit, first, |_| left, Ink::plain(text.quiet)));
        (items, lines)
    }

    fn rule(&self, block: &mut Block, width: f64) {
        let mut path = BezPath::new();
        append(&mut path, &[Point::ZERO, Point::new(self.width, 0.0)]);
        let stroke = Stroke { color: self.look.style.text.quiet, width, dash: Vec::new(), round: false };
        block.push_items(
            vec![Item::Path(Shape { path, fill: None, stroke: Some(stroke) })],
            Size::new(self.width, 0.0),
            0.0,
        );
    }
}

/// Places lines below one another from the line `first` on.
fn placed(lines: Vec<Line>, first: usize, left: impl Fn(&Line) -> f64, ink: Ink) -> Vec<Item> {
    let place = |(k, line): (usize, Line)| {
        let pitch = LEADING * line.size().height / 0.934;
        let corner = Point::new(left(&line), pitch * (first + k) as f64);
        line.place(corner, ink)
    };
    lines.into_iter().enumerate().map(place).collect()
}
