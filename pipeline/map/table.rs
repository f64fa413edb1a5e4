//! A table as a panel: indicators by rows, what they are of by columns.

use flowatlas_model::scene::{Item, Shape, Stroke};
use kurbo::{BezPath, Point, Size};

use crate::{
    block::{Block, LEADING},
    land::append,
    sheet::Look,
    text::{Ink, Line, Type, Typesetter},
};

/// Share of the width that the words of rows take where there is room for the cells; columns share the rest evenly.
const LABELS: f64 = 0.42;
/// Lines of a cell for each that it has of its own from which on its row stands in full width instead of in columns.
const BROKEN: usize = 2;
/// Room above and below the words of a row as a multiple of their size.
const PAD: f64 = 0.4;
/// Room between a label and its unit, in sizes of the words.
const UNIT_GAP: f64 = 0.8;
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
        let mut ruler = Ruler::for_table(self, look, width);
        let mut block = Block::default();
        ruler.heads(&mut block);
        ruler.rule(&mut block, 0.7);
        for (k, row) in self.rows.iter().enumerate() {
            if k > 0 {
                ruler.rule(&mut block, 0.25);
            }
            ruler.row(&mut block, row);
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
    heads: &'a [String],
    width: f64,
    /// Width of the column of labels.
    labels: f64,
    /// Room between columns.
    between: f64,
}

impl<'a> Ruler<'a> {
    fn for_table(table: &'a Indicators, look: Look<'a>, width: f64) -> Self {
        let (set, between) = (Typesetter::new(look.fonts), look.style.text.grown(BETWEEN));
        let mut ruler = Ruler { look, set, heads: &table.heads, width, labels: LABELS * width, between };
        ruler.labels = ruler.label_width(table);
        ruler
    }

    /// Returns the width of the column of labels: as much less than its share as the cells need and the labels spare.
    fn label_width(&mut self, table: &Indicators) -> f64 {
        let kind = self.kind();
        let labels = table.rows.iter().map(|row| self.widest(&row.label, kind) + self.unit_room(row));
        let labels = labels.fold(0.0, f64::max) + self.between;
        let heads = table.heads.iter().map(|head| (head, Type::bold(kind.size)));
        let cells = table.rows.iter().flat_map(|row| &row.cells).map(|cell| (cell, kind));
        let columns = heads.chain(cells).map(|(words, kind)| self.widest(words, kind));
        let column = columns.fold(0.0, f64::max) + self.between;
        let spared = self.width - column * table.heads.len() as f64;
        let share = LABELS * self.width;
        spared.clamp(labels.min(share), share)
    }

    /// Returns the room that a unit takes behind the last line of its label.
    fn unit_room(&mut self, row: &IndicatorRow) -> f64 {
        let kind = self.kind();
        if row.unit.is_empty() { 0.0 } else { UNIT_GAP * kind.size + self.widest(&row.unit, kind) }
    }

    fn widest(&mut self, words: &str, kind: Type) -> f64 {
        let lines = self.set.wrap(words, kind, f64::INFINITY);
        lines.iter().map(|line| line.size().width).fold(0.0, f64::max)
    }

    fn kind(&self) -> Type {
        Type::regular(self.look.style.text.legend)
    }

    /// Adds what each column is of.
    fn heads(&mut self, block: &mut Block) {
        let heads = self.in_columns(self.heads, Type::bold(self.look.style.text.legend));
        self.place_cells(block, (Vec::new(), 1), heads);
    }

    /// Adds a row: label and unit at the left, the cells at the right edges of their columns, or below the label where the
    /// columns would break them to pieces.
    fn row(&mut self, block: &mut Block, row: &IndicatorRow) {
        let cells = self.in_columns(&row.cells, self.kind());
        let in_pieces = |(cell, lines): (&String, &Vec<Line>)| lines.len() > BROKEN * cell.lines().count().max(1);
        if row.cells.iter().zip(&cells).any(in_pieces) {
            self.stacked(block, row);
        } else {
            let label = self.label(row, self.labels - self.between);
            self.place_cells(block, label, cells);
        }
    }

    fn in_columns(&mut self, cells: &[String], kind: Type) -> Vec<Vec<Line>> {
        let room = self.column() - self.between;
        cells.iter().map(|cell| self.set.wrap(cell, kind, room)).collect()
    }

    /// Returns the width of a column of cells.
    fn column(&self) -> f64 {
        (self.width - self.labels) / self.heads.len().max(1) as f64
    }

    fn place_cells(&self, block: &mut Block, (mut items, label_lines): (Vec<Item>, usize), cells: Vec<Vec<Line>>) {
        let lines = cells.iter().map(Vec::len).fold(label_lines, usize::max);
        let ink = Ink::plain(self.look.style.text.color);
        for (k, cell) in cells.into_iter().enumerate() {
            let right = self.labels + self.column() * (k + 1) as f64;
            items.extend(placed(cell, 0, |line| right - line.size().width, ink));
        }
        self.push(block, items, lines);
    }

    /// Adds a row in full width: what it is, and below it each cell behind the head of its column, what does
    /// not fit on a line indented.
    fn stacked(&mut self, block: &mut Block, row: &IndicatorRow) {
        let (text, kind) = (&self.look.style.text, self.kind());
        let (mut items, mut lines) = self.label(row, self.width);
        let heads = self.heads.iter().map(|head| self.set.line(head, kind)).collect::<Vec<_>>();
        let left =
            heads.iter().map(|head| head.size().width).fold(0.0, f64::max).min(LABELS * self.width) + self.between;
        for (head, cell) in heads.into_iter().zip(&row.cells) {
            items.extend(placed(vec![head], lines, |_| 0.0, Ink::plain(text.quiet)));
            for part in cell.lines() {
                let mut words = self.set.wrap(part, kind, self.width - left - self.between);
                let rest = words.split_off(1);
                let count = 1 + rest.len();
                items.extend(placed(words, lines, |_| left, Ink::plain(text.color)));
                items.extend(placed(rest, lines + 1, |_| left + self.between, Ink::plain(text.color)));
                lines += count;
            }
        }
        self.push(block, items, lines);
    }

    fn push(&self, block: &mut Block, items: Vec<Item>, lines: usize) {
        let (size, pad) = (self.look.style.text.legend, PAD * self.look.style.text.legend);
        let height = LEADING * size * lines as f64 - (LEADING - 0.934) * size;
        block.push_items(items, Size::new(self.width, height + pad), pad);
    }

    /// Returns what a row is, its unit behind it where the line has room, else in lines below, and the number of lines.
    fn label(&mut self, row: &IndicatorRow, room: f64) -> (Vec<Item>, usize) {
        let (text, kind) = (&self.look.style.text, self.kind());
        let name = self.set.wrap(&row.label, kind, room);
        let unit = if row.unit.is_empty() { Vec::new() } else { self.set.wrap(&row.unit, kind, room) };
        let behind = name.last().map_or(0.0, |line| line.size().width + UNIT_GAP * kind.size);
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
