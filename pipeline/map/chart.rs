//! Bars as a panel: one or two numbers for each row, or one on both sides of zero. Lengths are proportional to the numbers
//! and start at zero; every bar carries its number.

use flowatlas_model::{
    scene::{Item, Shape},
    style::Color,
};
use kurbo::{Point, Rect, Shape as _, Size};

use crate::{
    block::{Block, LEADING, Paragraph},
    matrix_page::shortened,
    sheet::Look,
    text::{Ink, Line, Type, Typesetter},
    words::Words,
};

/// Distance of rows with one bar, and of those with two, as a multiple of the size of their words.
const PITCH: [f64; 2] = [1.42, 2.05];
/// Height of a bar as a share of the room that a row gives it.
const THICK: f64 = 0.74;
/// Greatest share of the width that labels take, and how many lines one has at most.
const LABELS: f64 = 0.4;
const LABEL_LINES: usize = 3;
/// Room that a row with a label of several lines has beyond these, in sizes of the words, so that they read as one label.
const SEVERAL_LINES: f64 = 0.4;
/// Room between labels, bars and numbers in points.
const GAP: f64 = 4.0;
/// How far bars that are not lit fade into the paper where some are.
const FADE: f64 = 0.5;
/// Length of the samples of the key in points.
const SAMPLE: f64 = 9.0;

/// What a chart of bars shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// The name of each series, for the key; one or two.
    pub series: Vec<String>,
    /// Unit of the numbers; empty for none.
    pub unit: String,
    /// The rows, from top to bottom.
    pub rows: Vec<BarRow>,
    /// What the sides of zero mean.
    pub sides: Sides,
    /// Decimals of the numbers.
    pub decimals: usize,
    /// How many of all rows these are, in a sentence for the foot of the page; empty where they are all.
    pub completeness: String,
}

/// What the sides of zero mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sides {
    /// Nothing: colour tells the series apart.
    #[default]
    Alike,
    /// Loss and gain, in two colours.
    Balance,
}

/// One row of bars.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarRow {
    /// What it is.
    pub label: String,
    /// A number for each series; `None` where it is missing, which is said and never drawn as 0.
    pub numbers: Vec<Option<f64>>,
    /// What follows the first number; empty for nothing.
    pub remark: String,
    /// True where the row is what the chart is about.
    pub lit: bool,
}

impl Bars {
    /// Returns the chart as a panel of this width in points.
    pub fn block(&self, look: Look<'_>, width: f64) -> Block {
        let mut set = Typesetter::new(look.fonts);
        let mut block = Block::default();
        if self.series.len() > 1 {
            let (items, size) = self.key(look, &mut set);
            block.push_items(items, size, 0.0);
        }
        if !self.unit.is_empty() {
            let (kind, ink) = (Type::regular(look.style.text.note), Ink::plain(look.style.text.quiet));
            block.push_paragraph(
                &mut set,
                Paragraph { words: &self.unit, kind, ink, width },
                look.style.text.grown(GAP) / 2.0,
            );
        }
        let chart = Chart::new(self, look, (&mut set, width));
        let (items, size) = chart.draw();
        let gap = if block.items.is_empty() { 0.0 } else { look.style.text.grown(GAP) };
        block.push_items(items, size, gap);
        block
    }

    /// Returns the chart in words: its ends, and the rows that it is about.
    pub fn words(&self, language: crate::Language) -> String {
        let words = Words::of(language);
        let told = |row: &BarRow| {
            let numbers: Vec<String> = row.numbers.iter().map(|n| self.number(*n, words)).collect();
            format!("{} {}", row.label, numbers.join(" / "))
        };
        let ends = [self.rows.first(), self.rows.last().filter(|_| self.rows.len() > 1)].into_iter().flatten();
        let lit = self.rows.iter().filter(|row| row.lit);
        let mut named: Vec<String> = ends.chain(lit).map(told).collect();
        let mut seen = Vec::new();
        named.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        let series = if self.series.len() > 1 { format!("{}; ", self.series.join(" / ")) } else { String::new() };
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        format!("{}: {series}{}{unit}.", words.bars(self.rows.len()), named.join("; "))
    }

    fn number(&self, number: Option<f64>, words: Words) -> String {
        number.map_or_else(|| words.no_data().to_owned(), |n| words.decimal(n, self.decimals))
    }

    /// Returns samples of the colours with the names of their series.
    fn key(&self, look: Look<'_>, set: &mut Typesetter) -> (Vec<Item>, Size) {
        let size = look.style.text.legend;
        let (sample_size, gap) = (look.style.text.grown(SAMPLE), look.style.text.grown(GAP));
        let (mut items, mut left) = (Vec::new(), 0.0);
        for (k, name) in self.series.iter().enumerate() {
            let sample = Rect::new(left, 0.1 * size, left + sample_size, 0.7 * size);
            items.push(filled(sample, self.color(look, (k, 1.0))));
            let line = set.line(name, Type::regular(size));
            let corner = Point::new(left + sample_size + gap, 0.04 * size);
            left = corner.x + line.size().width + 3.0 * gap;
            items.push(line.place(corner, Ink::plain(look.style.text.color)));
        }
        (items, Size::new(left, size))
    }

    /// Returns the colour of a bar of this series and number.
    fn color(&self, look: Look<'_>, (series, number): (usize, f64)) -> Color {
        let style = look.style;
        match (self.sides, series) {
            (Sides::Balance, _) if number < 0.0 => style.shades.diverging[0],
            (Sides::Balance, _) => style.shades.diverging[2],
            (Sides::Alike, 0) => style.flows.color,
            (Sides::Alike, _) => style.flows.reverse,
        }
    }
}

/// A number ready to be written, with its bar.
struct Bar {
    number: Option<f64>,
    line: Line,
}

/// The bars on their axis.
struct Chart<'a> {
    bars: &'a Bars,
    look: Look<'a>,
    labels: Vec<Vec<Line>>,
    rows: Vec<Vec<Bar>>,
    width: f64,
    /// Where zero stands, and how long one unit is.
    zero: f64,
    unit: f64,
}

impl<'a> Chart<'a> {
    fn new(bars: &'a Bars, look: Look<'a>, (set, width): (&mut Typesetter, f64)) -> Self {
        let size = look.style.text.legend;
        let kind = |row: &BarRow| if row.lit { Type::bold(size) } else { Type::regular(size) };
        let labels = bars.rows.iter().map(|row| label(&row.label, kind(row), LABELS * width, set)).collect();
        let rows: Vec<Vec<Bar>> = bars.rows.iter().map(|row| written(bars, row, (look, set))).collect();
        let mut chart = Chart { bars, look, labels, rows, width, zero: 0.0, unit: 0.0 };
        chart.scale();
        chart
    }

    /// Finds zero and the unit: the longest bars reach as far as leaves room for their numbers.
    fn scale(&mut self) {
        let gap = self.look.style.text.grown(GAP);
        let left = self.labels.iter().flatten().map(|l| l.size().width).fold(0.0, f64::max) + 2.0 * gap;
        let room = self.width - left;
        let ends = || self.rows.iter().flatten().filter_map(|bar| Some((bar.number?, bar.line.size().width + gap)));
        // The unit is as long as every pair of a bar to the left and one to the right allows.
        let side = |sign: f64| {
            let mut ends: Vec<(f64, f64)> =
                ends().map(|(n, wide)| ((sign * n).max(0.0), if sign * n >= 0.0 { wide } else { 0.0 })).collect();
            ends.push((0.0, 0.0));
            ends
        };
        let (below, above) = (side(-1.0), side(1.0));
        let mut unit = f64::INFINITY;
        for (n, wide) in &below {
            for (m, high) in &above {
                if n + m > 0.0 {
                    unit = unit.min((room - wide - high).max(1.0) / (n + m));
                }
            }
        }
        self.unit = if unit.is_finite() { unit } else { 0.0 };
        let reach =
            below.iter().map(|(n, wide)| n * self.unit + if *n > 0.0 { *wide } else { 0.0 }).fold(0.0, f64::max);
        self.zero = left + reach;
    }

    fn draw(self) -> (Vec<Item>, Size) {
        let size = self.look.style.text.legend;
        let several = usize::from(self.bars.series.len() > 1);
        let pitch = PITCH[several] * size;
        let height_of = |lines: &Vec<Line>| match lines.len() as f64 - 1.0 {
            more if more > 0.0 => pitch.max(size * (PITCH[0] + LEADING * more + SEVERAL_LINES)),
            _ => pitch,
        };
        let heights: Vec<f64> = self.labels.iter().map(height_of).collect();
        let height = heights.iter().sum();
        let axis = Rect::new(self.zero - 0.25, 0.0, self.zero + 0.25, height);
        let (bars, zero, unit, look) = (self.bars, self.zero, self.unit, self.look);
        let gap = look.style.text.grown(GAP);
        let any_lit = bars.rows.iter().any(|row| row.lit);
        let mut items = Vec::new();
        let mut foot = 0.0;
        for (k, (label, row)) in self.labels.into_iter().zip(self.rows).enumerate() {
            let middle = foot + heights[k] / 2.0;
            foot += heights[k];
            let first = middle - LEADING * size * (label.len() as f64 - 1.0) / 2.0;
            items.extend(label.into_iter().enumerate().map(|(line, words)| {
                let at = Point::new(0.0, first + LEADING * size * line as f64);
                words.through(at, 0.0, Ink::plain(look.style.text.color))
            }));
            let room = pitch * if several > 0 { 0.9 } else { 1.0 } / row.len().max(1) as f64;
            let top = middle - room * row.len() as f64 / 2.0;
            for (series, bar) in row.into_iter().enumerate() {
                let y = top + room * (series as f64 + 0.5);
                let number = bar.number.unwrap_or(0.0);
                let color = bars.color(look, (series, number));
                let faded = if any_lit && !bars.rows[k].lit { FADE } else { 0.0 };
                let color = color.mix(look.style.page.background, faded);
                let reach = zero + number * unit;
                let shape = Rect::new(zero.min(reach), y - THICK * room / 2.0, zero.max(reach), y + THICK * room / 2.0);
                items.extend((number != 0.0).then(|| filled(shape, color)));
                let ink = Ink::plain(if bar.number.is_some() { look.style.text.color } else { look.style.text.quiet });
                let start = if number < 0.0 { reach - gap - bar.line.size().width } else { reach + gap };
                items.push(bar.line.through(Point::new(start, y), 0.0, ink));
            }
        }
        items.push(filled(axis, look.style.text.quiet));
        (items, Size::new(self.width, height))
    }
}

/// Returns a label in lines no longer than `room`; what would take more than [`LABEL_LINES`] is cut with an ellipsis.
fn label(words: &str, kind: Type, room: f64, set: &mut Typesetter) -> Vec<Line> {
    let mut lines = set.wrap_balanced(words, kind, room);
    let rest = lines.split_off(lines.len().min(LABEL_LINES - 1));
    let rest: Vec<&str> = rest.iter().map(Line::words).collect();
    let parts: Vec<String> = lines.iter().map(|line| line.words().to_owned()).chain([rest.join(" ")]).collect();
    parts.iter().filter(|part| !part.is_empty()).map(|part| shortened(part, kind, room, set)).collect()
}

/// Returns the numbers of a row as they are written beside their bars.
fn written(bars: &Bars, row: &BarRow, (look, set): (Look<'_>, &mut Typesetter)) -> Vec<Bar> {
    let words = Words::of(look.language);
    let several = row.numbers.len() > 1;
    let size = if several { look.style.text.note.min(look.style.text.legend) } else { look.style.text.legend };
    let kind = if row.lit { Type::bold(size) } else { Type::regular(size) };
    let bar = |(k, number): (usize, &Option<f64>)| {
        let remark = if k == 0 && !row.remark.is_empty() { format!("  {}", row.remark) } else { String::new() };
        Bar { number: *number, line: set.line(&format!("{}{remark}", bars.number(*number, words)), kind) }
    };
    row.numbers.iter().enumerate().map(bar).collect()
}

fn filled(rect: Rect, color: Color) -> Item {
    Item::Path(Shape { path: rect.to_path(0.1), fill: Some(color), stroke: None })
}
