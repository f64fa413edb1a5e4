//! The key of the place circles: nested, with round values, as large as on the map.

use flowatlas_model::{
    Style,
    scene::{Item, Shape, Stroke},
};
use kurbo::{BezPath, Circle, Point, Shape as _, Size};

use crate::{
    block::{Block, LEADING, Paragraph},
    flows::half_circles,
    land::append,
    scale::{CircleScale, clear_of, round_values},
    spec::{Circles, Directions},
    text::{Ink, Line, Type, Typesetter},
    words::Words,
};

/// Most circles of the key.
const MOST: usize = 3;
/// About how many times each value is the next.
const RATIO: f64 = 4.0;
/// Width of the lines from circles to their values in points.
const TIE: f64 = 0.3;
/// Room between such a line and what it joins in points.
const TIE_GAP: f64 = 1.5;

/// What the key is made from.
pub struct CircleKey<'a> {
    /// Sizes of circles.
    pub circles: &'a CircleScale,
    /// The smallest and the largest value that a circle, or a half of one, stands for on the map.
    pub range: [f64; 2],
    /// What circles stand for, where it is not the flows of their places.
    pub title: Option<&'a str>,
    /// What the flows of their places are.
    pub directions: Directions,
    /// The look.
    pub style: &'a Style,
    /// The language.
    pub words: Words,
    /// Left edge of the values in points, and greatest width of the remark.
    pub columns: [f64; 2],
}

impl CircleKey<'_> {
    /// Returns the key.
    pub fn block(&self, set: &mut Typesetter) -> Block {
        let mut block = Block::default();
        let entries = self.entries();
        if entries.is_empty() {
            return block;
        }
        let kind = Type::regular(self.style.text.legend);
        let lines: Vec<Line> = entries.iter().map(|(words, _)| set.line(words, kind)).collect();
        let radii: Vec<f64> = entries.iter().map(|(_, radius)| *radius).collect();
        let (items, size) = self.nested(&radii, lines);
        block.push_items(items, size, 0.0);
        let net = self.directions == Directions::Net;
        let remark = match (self.title, self.circles.shows()) {
            (Some(title), _) => self.words.circle_area(title),
            (None, Circles::Total) if net => self.words.place_net_totals().to_owned(),
            (None, Circles::Total) => self.words.place_totals().to_owned(),
            (None, Circles::InOut) if net => self.words.net_half_circles().to_owned(),
            (None, Circles::InOut) => self.words.half_circles().to_owned(),
        };
        let [_, width] = self.columns;
        let (kind, ink) = (Type::regular(self.style.text.note), Ink::plain(self.style.text.quiet));
        block.push_paragraph(set, Paragraph { words: &remark, kind, ink, width }, 0.5 * self.style.text.note);
        block
    }

    /// Returns values in words with the radii of their circles, falling: round ones, and the limit of the smallest circles where the map
    /// has such.
    fn entries(&self) -> Vec<(String, f64)> {
        let [smallest, largest] = self.range;
        let limit = self.circles.smallest_told(smallest);
        let most = MOST - usize::from(limit.is_some());
        let values = round_values(largest, self.circles.least_told(), most, RATIO);
        let told = |v: f64| (self.words.decimal(v, decimals(v)), self.circles.radius_of(v));
        let mut entries: Vec<(String, f64)> = clear_of(limit, values).into_iter().map(told).collect();
        if !entries.is_empty() {
            entries.extend(limit.map(|limit| (self.words.at_most(limit), self.circles.min())));
        }
        entries
    }

    /// Returns circles that stand on one foot, and beside them their values, each tied to the top of its circle.
    fn nested(&self, radii: &[f64], lines: Vec<Line>) -> (Vec<Item>, Size) {
        let [left, _] = self.columns;
        let leading = LEADING * self.style.text.legend;
        let last = lines.len() as f64 - 1.0;
        let height = (2.0 * radii[0]).max(leading * last + lines[0].size().height);
        let foot = Point::new((left / 2.0).max(radii[0]), height / 2.0 + radii[0]);
        let mut items: Vec<Item> = radii.iter().flat_map(|r| self.circle(foot, *r)).collect();
        let mut width = 0.0_f64;
        for (k, (line, radius)) in lines.into_iter().zip(radii).enumerate() {
            let middle = height / 2.0 + (k as f64 - last / 2.0) * leading;
            let top = Point::new(foot.x, foot.y - 2.0 * radius);
            if last > 0.0 {
                items.push(self.tie(top, Point::new(left - TIE_GAP, middle)));
            }
            width = width.max(left + line.size().width);
            let half = line.capitals().height / 2.0;
            items.push(line.place(Point::new(left, middle - half), Ink::plain(self.style.text.color)));
        }
        (items, Size::new(width, height))
    }

    fn circle(&self, foot: Point, radius: f64) -> Vec<Item> {
        let places = &self.style.places;
        let at = Point::new(foot.x, foot.y - radius);
        if self.circles.shows() == Circles::InOut {
            return half_circles(at, [radius, radius], self.style);
        }
        let stroke = Stroke { color: places.outline, width: places.outline_width, dash: Vec::new(), round: true };
        let path = Circle::new(at, radius).to_path(0.01);
        vec![Item::Path(Shape { path, fill: Some(places.fill), stroke: Some(stroke) })]
    }

    fn tie(&self, from: Point, to: Point) -> Item {
        let mut path = BezPath::new();
        append(&mut path, &[from, to]);
        let stroke = Stroke { color: self.style.text.quiet, width: TIE, dash: Vec::new(), round: false };
        Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
    }
}

/// Decimals that a round value has.
fn decimals(value: f64) -> usize {
    let magnitude = (libm::log10(value) + 1e-9).floor();
    if magnitude < 0.0 { -magnitude as usize } else { 0 }
}
