//! The legend: only what is on the map, with round numbers inside the drawn range, drawn exactly as on the map.

use flowatlas_model::{
    Atlas, PlaceIndex, Style,
    scene::{Item, Shape, Stroke},
    style::Color,
};
use kurbo::{BezPath, Circle, Point, Rect, Shape as _, Size, Vec2};

use crate::{
    block::{Block, LEADING, Paragraph, moved},
    choropleth::Shading,
    circle_key::CircleKey,
    density::Passing,
    flows::edge,
    furniture::capitalised,
    palette::{Message, Paint, Palette},
    place_groups::PlaceGroups,
    ribbon::{Course, Girth, ribbon},
    scale::{CircleScale, WidthScale},
    shade_key::ShadeKey,
    spec::MapSpec,
    text::{Ink, Type, Typesetter},
    words::Words,
};

/// Size of the words that the lengths below are made for, in points; larger words enlarge all of them.
const WORDS_SIZE: f64 = 7.2;
/// Length of a sample flow in points.
const SAMPLE: f64 = 30.0;
/// Room between a sample and its words in points.
const GUTTER: f64 = 5.0;
/// Room between two entries in points.
const ENTRY_GAP: f64 = 3.6;
/// Room between two entries beside one another in points.
const BESIDE: f64 = 13.0;
/// Room between two parts of the legend in points.
const PART_GAP: f64 = 7.0;
/// Greatest width of the legend's words as a share of the page width, and the bounds of that in points.
const WORDS_SHARE: f64 = 0.26;
const WORDS_WIDTH: [f64; 2] = [72.0, 128.0];
/// Width of samples where width tells nothing.
const PLAIN_WIDTH: f64 = 1.8;

/// What the legend explains.
pub struct LegendInput<'a> {
    /// The map.
    pub spec: &'a MapSpec,
    /// The look.
    pub style: &'a Style,
    /// The places, for the name of a hub.
    pub atlas: &'a Atlas,
    /// Widths of flows.
    pub widths: &'a WidthScale,
    /// The smallest weight drawn.
    pub smallest: f64,
    /// The largest weight drawn: of ranks the last.
    pub largest: f64,
    /// Whether flows are drawn: where none is, no line is explained.
    pub flows: bool,
    /// Circles of places, and the smallest and the largest value that one on the map stands for; `None` where all are alike.
    pub circles: Option<(&'a CircleScale, [f64; 2])>,
    /// What tones mean, where flows are added up.
    pub passing: Option<&'a Passing>,
    /// Width of the widest uncertain flow of each look that such flows have; empty where none is uncertain.
    pub uncertain: Vec<f64>,
    /// Width of the flows without a number, where these look otherwise than those that have one.
    pub numberless: Option<f64>,
    /// Colours of flows.
    pub palette: &'a Palette<'a>,
    /// Width that a flow takes in the trunks of trees at least; `None` where there are none.
    pub trunks: Option<f64>,
    /// True where rings stand for flows within a place.
    pub rings: bool,
    /// Shaded areas.
    pub shading: Option<&'a Shading>,
}

type MakePart<'a> = fn(&mut Maker<'a>, &mut Typesetter);

/// Returns the parts of the legend, in the order in which they follow each other.
fn parts<'a>() -> [MakePart<'a>; 7] {
    [Maker::weights, Maker::trunks, Maker::colours, Maker::exceptions, Maker::circles, Maker::rings, Maker::shades]
}

/// Returns the legend, its parts below one another.
pub fn legend(input: &LegendInput<'_>, set: &mut Typesetter) -> Block {
    let mut maker = Maker::new(input);
    parts().into_iter().for_each(|part| part(&mut maker, set));
    maker.block
}

/// How the entries of a part of the legend follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entries {
    /// Below one another.
    Stacked,
    /// Beside one another as far as they fit this width in points, then in a new row.
    InRows(f64),
}

/// Returns the parts of the legend that say anything, for a place where they stand beside one another.
pub fn legend_parts(input: &LegendInput<'_>, entries: Entries, set: &mut Typesetter) -> Vec<Block> {
    let made = parts().into_iter().map(|part| {
        let mut maker = Maker { entries, ..Maker::new(input) };
        part(&mut maker, set);
        maker.block
    });
    made.filter(|block| !block.items.is_empty()).collect()
}

struct Maker<'a> {
    input: &'a LegendInput<'a>,
    block: Block,
    words: Words,
    entries: Entries,
    /// The row of entries that was begun last: where the next one starts, and the height of the first one.
    row: Option<(Point, f64)>,
}

impl<'a> Maker<'a> {
    fn new(input: &'a LegendInput<'a>) -> Self {
        let words = Words::of(input.spec.language);
        Maker { input, block: Block::default(), words, entries: Entries::Stacked, row: None }
    }

    /// Adds what is counted, and the widths that stand for it.
    fn weights(&mut self, set: &mut Typesetter) {
        if let Some(passing) = self.input.passing {
            return self.passing(passing, set);
        }
        if !self.input.flows {
            return;
        }
        self.heading(set);
        match self.input.widths {
            WidthScale::Proportional { .. } => self.widths(set),
            WidthScale::Classes(widths) => self.classes(widths, set),
            WidthScale::Uniform(_) => {}
        }
    }

    fn kind(&self) -> Type {
        Type::regular(self.input.style.text.legend)
    }

    fn ink(&self) -> Ink {
        Ink::plain(self.input.style.text.color)
    }

    /// Returns a length in proportion to the words.
    fn scaled(&self, length: f64) -> f64 {
        length * self.input.style.text.legend / WORDS_SIZE
    }

    fn part_gap(&self, k: usize) -> f64 {
        self.scaled(if k == 0 { PART_GAP } else { ENTRY_GAP })
    }

    /// Returns the greatest width of words that stand alone on their lines.
    fn line_width(&self) -> f64 {
        match self.entries {
            Entries::Stacked => self.words_width(),
            Entries::InRows(room) => room,
        }
    }

    fn words_width(&self) -> f64 {
        let [least, most] = WORDS_WIDTH.map(|width| self.scaled(width));
        (WORDS_SHARE * self.input.spec.width.to_pt()).clamp(least, most)
    }

    fn heading(&mut self, set: &mut Typesetter) {
        let MapSpec { measure, unit, .. } = self.input.spec;
        let told = match self.input.widths {
            WidthScale::Proportional { .. } if measure.is_empty() => unit.clone(),
            _ => measure.clone(),
        };
        if !told.is_empty() {
            let kind = Type::bold(self.input.style.text.legend);
            let heading = Paragraph { words: &capitalised(&told), kind, ink: self.ink(), width: self.line_width() };
            self.block.push_balanced(set, heading, 0.0);
        }
    }

    /// Adds a sample and its words beside it, wrapped like the notes.
    fn entry(&mut self, sample: Vec<Item>, height: f64, words: &str, gap: f64, set: &mut Typesetter) {
        let left = self.scaled(SAMPLE + GUTTER);
        let lines = set.wrap(words, self.kind(), self.words_width());
        let pitch = LEADING * self.kind().size;
        let below = pitch * lines.len().saturating_sub(1) as f64;
        let wide = lines.iter().map(|line| line.size().width).fold(0.0, f64::max);
        let tall = height.max(below + lines.first().map_or(0.0, |line| line.size().height));
        let drop = tall / 2.0;
        let first = drop - below / 2.0 - 0.36 * self.kind().size;
        // Samples are drawn about y = 0 and moved to the middle of the entry here.
        let mut items: Vec<Item> = sample
            .into_iter()
            .map(|item| match item {
                Item::Path(s) => Item::Path(Shape { path: kurbo::Affine::translate((0.0, drop)) * s.path, ..s }),
                other => other,
            })
            .collect();
        let placed = lines.into_iter().enumerate();
        items.extend(placed.map(|(k, line)| line.place(Point::new(left, first + k as f64 * pitch), self.ink())));
        self.push_entry(items, Size::new(left + wide, tall), gap);
    }

    /// Puts an entry below the one before, or beside it, its middle at the height of that of the first in the row.
    fn push_entry(&mut self, items: Vec<Item>, size: Size, gap: f64) {
        let beside = match (self.entries, self.row) {
            (Entries::InRows(room), Some((at, first))) if at.x + size.width <= room => Some((at, first)),
            _ => None,
        };
        let between = self.scaled(BESIDE);
        let Some((at, first)) = beside else {
            self.block.push_items(items, size, gap);
            let top = self.block.size.height - size.height;
            self.row = Some((Point::new(size.width + between, top), size.height));
            return;
        };
        let top = at.y + (first - size.height).max(0.0) / 2.0;
        self.block.items.extend(moved(items, Vec2::new(at.x, top)));
        let whole = self.block.size;
        self.block.size = Size::new(whole.width.max(at.x + size.width), whole.height.max(top + size.height));
        self.row = Some((at + (size.width + between, 0.0), first));
    }

    /// Adds a paint, where width tells nothing, and its words.
    fn plain_entry(&mut self, paint: &Paint, words: &str, gap: f64, set: &mut Typesetter) {
        let width = self.scaled(PLAIN_WIDTH);
        self.entry(self.sample(width, paint), width, words, gap, set);
    }

    fn sample(&self, width: f64, paint: &Paint) -> Vec<Item> {
        if self.input.passing.is_some() {
            return vec![self.tone(paint.color)];
        }
        let course = Course::through(vec![Point::ZERO, Point::new(self.scaled(SAMPLE), 0.0)]);
        let color = paint.color.with_opacity(self.input.style.flows.opacity);
        let Some(ink) = ribbon(&course, Girth::even(width), &self.input.style.flows.arrow) else { return Vec::new() };
        if paint.dash.is_empty() {
            return vec![Item::Path(Shape { path: ink.outline, fill: Some(color), stroke: paint.edge.map(edge) })];
        }
        let mut shaft = BezPath::new();
        crate::land::append(&mut shaft, ink.shaft.points());
        let stroke = Stroke { color, width, dash: paint.dash.clone(), round: false };
        vec![
            Item::Path(Shape { path: shaft, fill: None, stroke: Some(stroke) }),
            Item::Path(Shape { path: ink.head, fill: Some(color), stroke: None }),
        ]
    }

    fn widths(&mut self, set: &mut Typesetter) {
        for (k, value) in self.input.widths.told(self.input.smallest).iter().enumerate() {
            let width = self.input.widths.width(Some(*value));
            let unit = if k == 0 && !self.input.spec.measure.is_empty() { self.input.spec.unit.as_str() } else { "" };
            let words = format!("{} {unit}", self.words.number(*value));
            self.entry(self.sample(width, &self.plain_paint(width)), width, words.trim(), self.scaled(ENTRY_GAP), set);
        }
        if let Some(most) = self.input.widths.thinnest(self.input.smallest) {
            let told = self.words.at_most(most);
            let width = self.input.widths.width(Some(0.0));
            self.entry(self.sample(width, &self.plain_paint(width)), width, &told, self.scaled(ENTRY_GAP), set);
        }
    }

    /// Adds tones and what passes where they lie.
    fn passing(&mut self, passing: &Passing, set: &mut Typesetter) {
        if !passing.counted {
            self.heading(set);
        }
        let color = self.plain_paint(0.0).color;
        let height = self.kind().size;
        for (k, (value, opacity)) in passing.key.iter().enumerate() {
            let told = k == 0 && !passing.counted && !self.input.spec.measure.is_empty();
            let unit = if told { self.input.spec.unit.as_str() } else { "" };
            let words = format!("{} {unit}", self.words.number(*value));
            let gap = self.scaled(if k == 0 { ENTRY_GAP } else { 0.2 * ENTRY_GAP });
            self.entry(vec![self.tone(color.with_opacity(*opacity))], height, words.trim(), gap, set);
        }
        self.note(if passing.counted { self.words.passing_count() } else { self.words.passing_sum() }, set);
    }

    /// Returns a swatch of a tone, as tall as the letters.
    fn tone(&self, color: Color) -> Item {
        let half = self.kind().size / 2.0;
        let path = Rect::new(0.0, -half, self.scaled(SAMPLE), half).to_path(0.01);
        Item::Path(Shape { path, fill: Some(color), stroke: None })
    }

    /// Returns the paint of the sample of a width.
    fn plain_paint(&self, width: f64) -> Paint {
        let color = match self.input.palette.message() {
            Message::None => self.input.style.flows.color,
            // Where colour tells something, widths are shown in the colour of no kind.
            _ => self.input.style.text.quiet,
        };
        self.input.palette.shade(Paint::solid(color), width)
    }

    fn classes(&mut self, widths: &[f64], set: &mut Typesetter) {
        let told = self.input.spec.classes.len().max(self.input.largest as usize).max(1);
        for (k, width) in widths.iter().enumerate().take(told) {
            let word = self.input.spec.classes.get(k).cloned().unwrap_or_else(|| self.words.rank(k + 1));
            let last = k + 1 == widths.len() && told > widths.len();
            let word = if last { self.words.and_following(&word) } else { word };
            self.entry(self.sample(*width, &self.plain_paint(*width)), *width, &word, self.scaled(ENTRY_GAP), set);
        }
    }

    fn colours(&mut self, set: &mut Typesetter) {
        match self.input.palette.message() {
            Message::None => {}
            Message::Directions(hub) => {
                let name = &self.input.atlas.place(*hub).name;
                let (out, into) = self.input.palette.directions();
                for (k, (color, words)) in
                    [(out, self.words.from_place(name)), (into, self.words.to_place(name))].into_iter().enumerate()
                {
                    self.plain_entry(&Paint::solid(color), &words, self.part_gap(k), set);
                }
            }
            Message::Roots(roots) => self.roots(roots, set),
            Message::Groups(groups) => self.groups(groups, set),
            Message::Kinds(kinds) => {
                for (k, kind) in kinds.iter().enumerate() {
                    let paint = self.input.palette.paint_kind(kind.as_deref(), self.scaled(PLAIN_WIDTH));
                    let words = kind.as_deref().unwrap_or(self.words.other_kind());
                    self.plain_entry(&paint, words, self.part_gap(k), set);
                }
            }
        }
    }

    /// Names the roots of trees by their colours; those that share one are told together.
    fn roots(&mut self, roots: &[(PlaceIndex, bool)], set: &mut Typesetter) {
        let mut told = Vec::new();
        for ((root, outwards), hue) in roots.iter().zip(self.input.palette.hues()) {
            let name = &self.input.atlas.place(*root).name;
            let words = if *outwards { self.words.from_place(name) } else { self.words.to_place(name) };
            told.push(
                hue.map_or((self.input.style.flows.unsorted.color, self.words.other_kind().to_owned()), |h| (h, words)),
            );
        }
        told.dedup();
        for (k, (color, words)) in told.into_iter().enumerate() {
            self.plain_entry(&Paint::solid(color), &words, self.part_gap(k), set);
        }
    }

    /// Names groups of places by their colours, and that of the flows between them; groups without a colour of their own share it.
    fn groups(&mut self, groups: &PlaceGroups, set: &mut Typesetter) {
        if groups.names.is_empty() && !groups.crossed {
            return;
        }
        let heading = Paragraph {
            words: &capitalised(&groups.title),
            kind: Type::bold(self.input.style.text.legend),
            ink: self.ink(),
            width: self.line_width(),
        };
        self.block.push_balanced(set, heading, if self.block.items.is_empty() { 0.0 } else { self.scaled(PART_GAP) });
        let hues = self.input.palette.hues();
        let own: Vec<(Color, &str)> =
            groups.names.iter().zip(hues).filter_map(|(name, hue)| Some((hue?, name.as_str()))).collect();
        let width = self.scaled(PLAIN_WIDTH);
        for (color, name) in &own {
            let line = self.input.flows.then(|| self.sample(width, &Paint::solid(*color)));
            let mut sample = line.unwrap_or_default();
            let radius = 0.32 * self.kind().size;
            let path = Circle::new((radius, 0.0), radius).to_path(0.01);
            sample.push(Item::Path(Shape { path, fill: Some(*color), stroke: None }));
            self.entry(sample, 2.0 * radius, name, self.scaled(ENTRY_GAP), set);
        }
        if groups.crossed || !groups.rest.is_empty() {
            let paint = Paint::solid(self.input.palette.hue(None));
            self.plain_entry(&paint, self.words.between_groups(), self.scaled(ENTRY_GAP), set);
        }
    }

    /// Says how widths add up in the trunks of trees.
    fn trunks(&mut self, set: &mut Typesetter) {
        let Some(least) = self.input.trunks else { return };
        let LegendInput { widths, smallest, .. } = self.input;
        self.note(&self.words.trunks(widths.up_to(least, *smallest)), set);
    }

    fn note(&mut self, words: &str, set: &mut Typesetter) {
        let note = Paragraph {
            words,
            kind: Type::regular(self.input.style.text.note),
            ink: Ink::plain(self.input.style.text.quiet),
            width: self.line_width(),
        };
        self.block.push_paragraph(set, note, self.scaled(ENTRY_GAP));
    }

    fn rings(&mut self, set: &mut Typesetter) {
        if !self.input.rings {
            return;
        }
        let style = self.input.style;
        let path = Circle::new((self.scaled(SAMPLE) / 2.0, 0.0), 2.0 * style.places.radius_min).to_path(0.01);
        let color = style.flows.color.with_opacity(style.flows.opacity);
        let stroke = Stroke { color, width: self.scaled(PLAIN_WIDTH), dash: Vec::new(), round: true };
        let sample = vec![Item::Path(Shape { path, fill: None, stroke: Some(stroke) })];
        let tall = 4.0 * style.places.radius_min + self.scaled(PLAIN_WIDTH);
        self.entry(sample, tall, self.words.ring(), self.scaled(PART_GAP), set);
    }

    fn shades(&mut self, set: &mut Typesetter) {
        let (Some(shading), Some(wish)) = (self.input.shading, &self.input.spec.choropleth) else { return };
        let key = ShadeKey { wish, shading, style: self.input.style, words: self.words, width: self.words_width() }
            .block(set);
        let gap = if self.block.items.is_empty() { 0.0 } else { 1.4 * PART_GAP };
        self.block.push_items(key.items, key.size, gap);
    }

    fn circles(&mut self, set: &mut Typesetter) {
        let Some((circles, range)) = self.input.circles else { return };
        let columns = [self.scaled(SAMPLE + GUTTER), self.words_width()];
        let MapSpec { size, directions, .. } = self.input.spec;
        let title = size.as_ref().map(|size| size.title.as_str());
        let (style, words) = (self.input.style, self.words);
        let key = CircleKey { circles, range, title, directions: *directions, style, words, columns }.block(set);
        let gap = if self.block.items.is_empty() { 0.0 } else { self.scaled(PART_GAP) };
        self.block.push_items(key.items, key.size, gap);
    }

    /// Explains flows that look otherwise because less is known of them.
    fn exceptions(&mut self, set: &mut Typesetter) {
        let uncertain = self.input.spec.uncertain.as_ref().filter(|_| !self.input.uncertain.is_empty());
        if let Some(uncertain) = uncertain {
            let (samples, height) = self.uncertain_samples();
            self.entry(samples, height, uncertain.told(self.words), self.part_gap(0), set);
        }
        if let Some(width) = self.input.numberless {
            let gap = self.part_gap(usize::from(uncertain.is_some()));
            self.entry(self.sample(width, &self.input.palette.numberless()), width, self.words.no_number(), gap, set);
        }
    }

    /// Returns a sample of each look of uncertain flows, below one another about y = 0, and how tall they are together.
    fn uncertain_samples(&self) -> (Vec<Item>, f64) {
        let (widths, gap) = (&self.input.uncertain, self.scaled(PART_GAP));
        let height = widths.iter().sum::<f64>() + gap * (widths.len() as f64 - 1.0);
        let (mut samples, mut top) = (Vec::new(), -height / 2.0);
        for &width in widths {
            let paint = self.input.palette.uncertain(self.plain_paint(width), width);
            samples.extend(moved(self.sample(width, &paint), Vec2::new(0.0, top + width / 2.0)));
            top += width + gap;
        }
        (samples, height)
    }
}
