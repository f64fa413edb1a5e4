//! The key of shaded areas: a stack of colours with the numbers that part them, and the colour of missing numbers.

use std::cmp::Ordering;

use flowatlas_model::{
    Style,
    scene::{Item, Shape, Stroke},
    style::Color,
};
use kurbo::{Point, Rect, Shape as _, Size};

use crate::{
    block::{Block, Paragraph},
    choropleth::{Choropleth, ShadeClasses, Shading},
    furniture::capitalised,
    text::{Ink, Type, Typesetter},
    words::Words,
};

/// Width of a colour of the stack in points.
const SWATCH: f64 = 16.0;
/// Its height as a multiple of the letters' size.
const TALL: f64 = 1.35;
/// Room between colours and words in points.
const GUTTER: f64 = 5.0;
/// Room between heading, stack and the colour of missing numbers in points.
const GAP: f64 = 4.0;
/// Most decimals that a break is printed with.
const MOST_DECIMALS: usize = 6;

/// What the key explains, and how.
pub struct ShadeKey<'a> {
    /// What the areas are shaded by.
    pub wish: &'a Choropleth,
    /// The classes.
    pub shading: &'a Shading,
    /// The look.
    pub style: &'a Style,
    /// The language.
    pub words: Words,
    /// Greatest width of the heading in points.
    pub width: f64,
}

impl ShadeKey<'_> {
    /// Returns the key.
    pub fn block(&self, set: &mut Typesetter) -> Block {
        let text = &self.style.text;
        let mut block = Block::default();
        let heading = capitalised(&self.wish.title);
        let bold = Paragraph {
            words: &heading,
            kind: Type::bold(text.legend),
            ink: Ink::plain(text.color),
            width: self.width,
        };
        block.push_balanced(set, bold, 0.0);
        if !self.wish.unit.is_empty() {
            let kind = Type::regular(text.note);
            let unit = Paragraph { words: &self.wish.unit, kind, ink: Ink::plain(text.quiet), width: self.width };
            block.push_paragraph(set, unit, 0.3 * GAP);
        }
        let (items, size) = self.stack(set);
        block.push_items(items, size, GAP);
        if self.shading.missing > 0 {
            let (items, size) = self.missing(set);
            block.push_items(items, size, GAP);
        }
        block
    }

    /// Returns the colours, the largest numbers on top, with the numbers at their edges; that of the centre, where numbers are exactly
    /// that, stands beside the middle of its colour.
    fn stack(&self, set: &mut Typesetter) -> (Vec<Item>, Size) {
        let (classes, tall) = (&self.shading.classes, self.tall());
        let overhang = self.style.text.legend / 2.0;
        let colors = self.colors();
        let at = |rows: f64| overhang + tall * (colors.len() as f64 - rows);
        let edge = |k: usize| at(k as f64 + classes.neutral.map_or(0.0, |below| halves_below(below, k)));
        let swatches = colors.iter().enumerate();
        let mut items: Vec<Item> = swatches.map(|(k, color)| self.swatch(at(k as f64 + 1.0), *color)).collect();
        let mut right: f64 = 0.0;
        let labels = edge_labels(classes, self.words);
        let lines: Vec<_> = labels.iter().map(|label| set.line(label, Type::regular(self.style.text.legend))).collect();
        let widest = lines.iter().map(|line| line.size().width).fold(0.0, f64::max);
        for (k, line) in lines.into_iter().enumerate() {
            // Numbers end below one another, so that their sizes can be compared.
            let left = SWATCH + GUTTER + widest - line.size().width;
            right = right.max(left + line.size().width);
            let corner = Point::new(left, edge(k) - 0.36 * self.style.text.legend);
            items.push(line.place(corner, Ink::plain(self.style.text.color)));
        }
        (items, Size::new(right, 2.0 * overhang + tall * colors.len() as f64))
    }

    /// Returns the colours of the stack from its foot: those of the classes, and of numbers that are exactly the centre.
    fn colors(&self) -> Vec<Color> {
        let mut colors = self.shading.colors.clone();
        if let Some(below) = self.shading.classes.neutral {
            colors.insert(below, self.shading.neutral);
        }
        colors
    }

    fn missing(&self, set: &mut Typesetter) -> (Vec<Item>, Size) {
        let legend = self.style.text.legend;
        let line = set.line(self.words.no_data(), Type::regular(legend));
        let size = Size::new(SWATCH + GUTTER + line.size().width, self.tall());
        let words = line
            .place(Point::new(SWATCH + GUTTER, self.tall() / 2.0 - 0.36 * legend), Ink::plain(self.style.text.color));
        (vec![self.swatch(0.0, self.style.shades.missing), words], size)
    }

    fn tall(&self) -> f64 {
        TALL * self.style.text.legend
    }

    fn swatch(&self, top: f64, color: Color) -> Item {
        let path = Rect::from_origin_size((0.0, top), (SWATCH, self.tall())).to_path(0.1);
        let land = &self.style.land;
        let stroke = Stroke { color: land.border, width: land.division_width, dash: Vec::new(), round: false };
        Item::Path(Shape { path, fill: Some(color), stroke: Some(stroke) })
    }
}

/// Returns by how many rows the edge above so many classes is raised for a row above `below` of them: by half of it where it is its own.
fn halves_below(below: usize, edge: usize) -> f64 {
    match edge.cmp(&below) {
        Ordering::Less => 0.0,
        Ordering::Equal => 0.5,
        Ordering::Greater => 1.0,
    }
}

/// Returns the numbers at the edges of the classes, from below the first to above the last, with as many decimals as
/// the breaks have. The ends are the smallest and the largest number, rounded outwards; empty where a given break lies
/// beyond them.
fn edge_labels(classes: &ShadeClasses, words: Words) -> Vec<String> {
    let [low, high] = classes.range;
    let decimals = decimals(if classes.breaks.is_empty() { &classes.range } else { &classes.breaks });
    let ten = libm::exp10(decimals as f64);
    let outwards = |end: f64, round: fn(f64) -> f64| {
        let near = (end * ten).round();
        // A number that has no more decimals stays as it is, whatever the product's last bit.
        if (near - end * ten).abs() < 1e-6 { near / ten } else { round(end * ten) / ten }
    };
    let (bottom, top) = (outwards(low, f64::floor), outwards(high, f64::ceil));
    let first = classes.breaks.first().is_none_or(|b| low < *b).then_some(bottom);
    let last = classes.breaks.last().is_none_or(|b| high >= *b).then_some(top);
    let edges = [first].into_iter().chain(classes.breaks.iter().copied().map(Some)).chain([last]);
    edges.map(|edge| edge.map_or_else(String::new, |n| words.decimal(n, decimals))).collect()
}

/// Returns how many decimals these numbers have, at most [`MOST_DECIMALS`].
fn decimals(numbers: &[f64]) -> usize {
    let exact = |n: f64, places: usize| {
        let scaled = n * libm::exp10(places as f64);
        (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
    };
    let enough = |n: &f64| (0..MOST_DECIMALS).find(|places| exact(*n, *places)).unwrap_or(MOST_DECIMALS);
    numbers.iter().map(enough).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn labels(breaks: &[f64], range: [f64; 2]) -> Vec<String> {
        let classes = ShadeClasses { breaks: breaks.to_vec(), range, centre: None, neutral: None };
        edge_labels(&classes, Words::of(Language::English))
    }

    #[test]
    fn ends_are_the_extremes_rounded_outwards() {
        assert_eq!(labels(&[-5.0, 10.0], [-12.3, 44.01]), ["–13", "–5", "10", "45"]);
        assert_eq!(labels(&[0.25], [0.1, 0.3]), ["0.10", "0.25", "0.30"]);
        assert_eq!(labels(&[1500.0], [1000.0, 20_000.0]), ["1,000", "1,500", "20,000"]);
    }

    #[test]
    fn given_breaks_beyond_the_numbers_have_open_ends() {
        assert_eq!(labels(&[10.0, 20.0], [12.0, 15.0]), ["", "10", "20", ""]);
    }
}
