//! The legend of a matrix: a bar of shades with the bounds of the classes under it, and what else a cell may be.

use flowatlas_model::scene::{Item, Shape, Stroke};
use kurbo::{Point, Rect, Size};

use crate::{
    block::{Block, Paragraph},
    classes::Classes,
    crosstab::{Cell, Crosstab},
    furniture::capitalised,
    land::{closed, corners},
    matrix::{between_places, within_place},
    spec::{Directions, MapInput},
    text::{Ink, Line, Type, Typesetter},
    words::Words,
};

/// Height of a shade in points.
const SHADE: f64 = 8.0;
/// Width of a sample cell in points.
const SAMPLE: f64 = 12.0;
/// Least width of a shade in the bar in points.
const LEAST_WIDTH: f64 = 26.0;
/// Room between two bounds in points.
const BOUND_GAP: f64 = 4.0;
/// Room between a sample and its words, and between two entries, in points.
const ENTRY_GAPS: [f64; 2] = [3.5, 12.0];
/// Room between the parts of the legend in points.
const PART_GAP: f64 = 4.5;

/// The legend of a matrix.
pub struct Key<'a> {
    /// The map.
    pub input: &'a MapInput<'a>,
    /// What is in the cells.
    pub table: &'a Crosstab,
    /// How they are shaded.
    pub classes: &'a Classes,
}

/// A cell in the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sample {
    /// Between two places.
    Between(Cell),
    /// Within one.
    Within(Cell),
}

impl Key<'_> {
    /// Returns the legend as a block of at most this width.
    pub fn block(&self, set: &mut Typesetter, width: f64) -> Block {
        let mut block = Block::default();
        let spec = self.input.spec;
        let told = if spec.measure.is_empty() { &spec.unit } else { &spec.measure };
        if !told.is_empty() {
            let kind = Type::bold(self.input.style.text.legend);
            let heading = Paragraph { words: &capitalised(told), kind, ink: self.ink(), width };
            block.push_balanced(set, heading, 0.0);
        }
        if let Classes::Amounts(bounds) = self.classes {
            let lines = bounds.iter().map(|b| set.line(&self.words().number(*b), self.kind())).collect();
            self.bar(&mut block, lines, width);
        }
        self.samples(&mut block, set, width);
        block
    }

    fn words(&self) -> Words {
        Words::of(self.input.spec.language)
    }

    fn kind(&self) -> Type {
        Type::regular(self.input.style.text.legend)
    }

    fn ink(&self) -> Ink {
        Ink::plain(self.input.style.text.color)
    }

    /// Appends the shades side by side with the bounds under their edges: the first flush left, the last flush right,
    /// the others centred. Where `width` is too little for all of them, bounds without room are left out.
    fn bar(&self, block: &mut Block, lines: Vec<Line>, width: f64) {
        let last = lines.len() - 1;
        let back = |k: usize| match k {
            0 => 0.0,
            k if k == last => 1.0,
            _ => 0.5,
        };
        let widths: Vec<f64> = lines.iter().map(|line| line.size().width).collect();
        let need = |k: usize| (1.0 - back(k)) * widths[k] + back(k + 1) * widths[k + 1] + BOUND_GAP;
        let step = (0..last).map(need).fold(LEAST_WIDTH, f64::max).min(width / last as f64);
        let (color, paper) = (self.input.style.flows.color, self.input.style.page.background);
        let shade = |class: usize| {
            let rect = Rect::new(step * class as f64, 0.0, step * (class + 1) as f64 - 0.4, SHADE);
            let fill = Some(self.classes.color(class, color, paper));
            Item::Path(Shape { path: closed(&corners(rect)), fill, stroke: None })
        };
        let mut items: Vec<Item> = (0..last).map(shade).collect();
        let top = SHADE + 2.5;
        let size = Size::new(step * last as f64, top + lines[0].size().height);
        let left = |k: usize| step * k as f64 - back(k) * widths[k];
        let mut free = f64::NEG_INFINITY;
        for (k, line) in lines.into_iter().enumerate() {
            let right = left(k) + widths[k];
            if k == last || (left(k) >= free && right + BOUND_GAP <= left(last) + 1e-6) {
                items.push(line.place(Point::new(left(k), top), self.ink()));
                free = right + BOUND_GAP - 1e-6;
            }
        }
        block.push_items(items, size, PART_GAP);
    }

    /// Appends sample cells with their words, in rows no longer than `width`.
    fn samples(&self, block: &mut Block, set: &mut Typesetter, width: f64) {
        let (mut items, mut x) = (Vec::new(), 0.0);
        for (sample, words) in self.entries() {
            let line = set.line(&words, self.kind());
            let wide = SAMPLE + ENTRY_GAPS[0] + line.size().width;
            if x > 0.0 && x + wide > width {
                block.push_items(std::mem::take(&mut items), Size::new(x, SHADE), PART_GAP);
                x = 0.0;
            }
            items.extend(self.swatch(sample, Point::new(x, 0.0)));
            items.push(line.through(Point::new(x + SAMPLE + ENTRY_GAPS[0], SHADE / 2.0), 0.0, self.ink()));
            x += wide + ENTRY_GAPS[1];
        }
        if !items.is_empty() {
            block.push_items(items, Size::new(x - ENTRY_GAPS[1], SHADE), PART_GAP);
        }
    }

    /// Returns a sample cell with a thin line around it, since many cells are paper.
    fn swatch(&self, sample: Sample, corner: Point) -> Vec<Item> {
        let rect = Rect::from_origin_size(corner, (SAMPLE, SHADE));
        let color = self.input.style.page.frame;
        let stroke = Some(Stroke { color, width: 0.4, dash: Vec::new(), round: false });
        let mut items = match sample {
            Sample::Between(cell) => between_places(rect, cell, (self.classes, self.input)),
            Sample::Within(Cell::Absent) => within_place(rect, Cell::Absent, self.input),
            Sample::Within(cell) => return within_place(rect, cell, self.input),
        };
        items.push(Item::Path(Shape { path: closed(&corners(rect)), fill: None, stroke }));
        items
    }

    /// Returns what cells there are beside those with an amount, each with its words.
    fn entries(&self) -> Vec<(Sample, String)> {
        let words = self.words();
        let mut entries: Vec<(Sample, String)> = self.ranks();
        let mut add = |cell: Cell, told: &str| {
            if self.table.between().any(|found| found == cell) {
                entries.push((Sample::Between(cell), told.to_owned()));
            }
        };
        add(Cell::Weight(0.0), &words.number(0.0));
        let alike = *self.classes == Classes::Alike;
        add(Cell::Unknown, if alike { words.some_flow() } else { words.no_number() });
        add(Cell::Absent, self.absent());
        let within = words.within_place();
        if self.table.within().any(|cell| cell != Cell::Absent) {
            entries.push((Sample::Within(Cell::Weight(1.0)), within.to_owned()));
        }
        if self.table.within().any(|cell| cell == Cell::Absent) {
            let told = format!("{within}{}{}", words.colon(), self.absent_within());
            entries.push((Sample::Within(Cell::Absent), told));
        }
        entries
    }

    /// Returns what cells without a flow within a place are: no view and no net leaves such flows out.
    fn absent_within(&self) -> &'static str {
        let partial = self.input.shown.self_flows.len() < self.input.all.self_flows.len();
        if partial { self.words().not_shown() } else { self.words().no_entry() }
    }

    /// Returns what cells without a flow are.
    fn absent(&self) -> &'static str {
        let partial = self.input.shown.graph.edge_count() < self.input.all.graph.edge_count();
        match (self.input.spec.directions, partial) {
            (Directions::Net, true) => self.words().net_flow_not_shown(),
            (Directions::Net, false) => self.words().no_net_flow(),
            (_, true) => self.words().not_shown(),
            (_, false) => self.words().no_entry(),
        }
    }

    fn ranks(&self) -> Vec<(Sample, String)> {
        let Classes::Ranks(count) = *self.classes else { return Vec::new() };
        let told = &self.input.spec.classes;
        let entry = |rank: usize| {
            let word = told.get(rank - 1).cloned().unwrap_or_else(|| self.words().rank(rank));
            let open = rank == count && told.len() > count;
            let word = if open { self.words().and_following(&word) } else { word };
            (Sample::Between(Cell::Weight(rank as f64)), word)
        };
        (1..=count).map(entry).collect()
    }
}
