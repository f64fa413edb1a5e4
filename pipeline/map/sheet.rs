//! A page of panels: maps, charts and tables under one title, with the notes and sources of all of them at the foot.

use flowatlas_model::{
    Scene, Style,
    scene::{Font, Group, Item},
    units::Mm,
};
use kurbo::{Point, Size};

use crate::{
    block::{Block, Paragraph},
    compose::group,
    frame::BLOCK_GAP,
    furniture::{footer, header, margin, source_line},
    spec::MapSpec,
    text::{Ink, Type, Typesetter},
    words::{Language, Words},
};

/// Room between panels side by side in points.
const GUTTER: f64 = 14.0;
/// Room between rows of panels in points.
const ROW_GAP: f64 = 13.0;
/// Room between the title of a panel and what it shows in points.
const TITLE_GAP: f64 = 4.0;
/// Size of the titles of panels as a multiple of the words of legends.
const TITLE_SIZE: f64 = 1.12;

/// What a page of panels says and how wide it is.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetSpec {
    /// The title as printed; empty for none.
    pub title: String,
    /// The subtitle as printed; empty for none.
    pub subtitle: String,
    /// Sentences at the foot.
    pub notes: Vec<String>,
    /// What must be said of its maps: what they leave out, their projections; may be empty.
    pub facts: String,
    /// The source line: short citations, in order.
    pub sources: Vec<String>,
    /// How the numbers came about; empty where unknown.
    pub basis: String,
    /// When; empty where unknown.
    pub period: String,
    /// Language of the words that the product adds.
    pub language: Language,
    /// Page width.
    pub width: Mm,
    /// Columns of equal width that panels stand in, at least 1.
    pub columns: usize,
}

/// How everything on the page looks.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Colours and sizes.
    pub style: &'a Style,
    /// The fonts.
    pub fonts: &'a [Font],
    /// The language.
    pub language: Language,
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What stands above it; empty for nothing.
    pub title: String,
    /// How many columns it takes.
    pub span: usize,
    /// What it shows, in words, for readers who cannot see it; may be empty.
    pub words: String,
    /// What it shows.
    pub content: Block,
}

/// The columns of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    columns: usize,
    column: f64,
    gutter: f64,
}

impl Grid {
    /// Returns the columns of a page in this style.
    pub fn of(spec: &SheetSpec, style: &Style) -> Self {
        let columns = spec.columns.max(1);
        let room = spec.width.to_pt() - 2.0 * margin(style);
        let gutter = style.text.grown(GUTTER);
        Grid { columns, column: (room - gutter * (columns - 1) as f64) / columns as f64, gutter }
    }

    /// Returns the width in points of a panel that takes so many columns; never more than there are.
    pub fn width(&self, span: usize) -> f64 {
        let span = span.clamp(1, self.columns);
        span as f64 * self.column + self.gutter * (span - 1) as f64
    }

    /// Returns the positions of panels of these spans, row by row: each stands in the first row with room for it that
    /// is not above the one before.
    pub fn rows(&self, spans: &[usize]) -> Vec<Vec<usize>> {
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut taken = self.columns;
        for (k, span) in spans.iter().map(|span| (*span).clamp(1, self.columns)).enumerate() {
            if taken + span > self.columns {
                rows.push(Vec::new());
                taken = 0;
            }
            taken += span;
            rows.last_mut().expect("a row was opened").push(k);
        }
        rows
    }

    /// Returns how many columns are free in the last row of panels of these spans.
    pub fn free(&self, spans: &[usize]) -> usize {
        let last = self.rows(spans).pop().unwrap_or_default();
        self.columns - last.iter().map(|k| spans[*k].clamp(1, self.columns)).sum::<usize>()
    }
}

/// Returns the page.
pub fn sheet(spec: &SheetSpec, look: Look<'_>, panels: Vec<Panel>) -> Scene {
    let (edge, width) = (margin(look.style), spec.width.to_pt());
    let room = width - 2.0 * edge;
    let mut set = Typesetter::new(look.fonts);
    let said = said(spec);
    let head = header(&said, look.style, &mut set, room);
    let foot = footer(
        &[spec.notes.join(" "), spec.facts.clone(), source_line(&said, Words::of(spec.language))],
        look.style,
        &mut set,
        room,
    );
    let description = description(&panels, spec.language);
    let top = edge + if head.items.is_empty() { 0.0 } else { head.size.height + look.style.text.grown(BLOCK_GAP) };
    let mut layout = Layout { grid: Grid::of(spec, look.style), look, set, at: Point::new(edge, top) };
    let mut items = layout.place(panels);
    let bottom = layout.at.y + if foot.items.is_empty() { 0.0 } else { look.style.text.grown(BLOCK_GAP) };
    let height = bottom + foot.size.height + edge;
    let mut around = head.place(Point::new(edge, edge));
    around.extend(foot.place(Point::new(edge, bottom)));
    items.push(group("furniture", around));
    Scene {
        width,
        height,
        background: look.style.page.background,
        title: spec.title.clone(),
        description,
        language: spec.language.to_string(),
        fonts: look.fonts.to_vec(),
        items,
    }
}

/// Returns what the page says as if it were a map, for title and source line.
fn said(spec: &SheetSpec) -> MapSpec {
    MapSpec {
        title: spec.title.clone(),
        subtitle: spec.subtitle.clone(),
        sources: spec.sources.clone(),
        basis: spec.basis.clone(),
        period: spec.period.clone(),
        ..MapSpec::default()
    }
}

fn description(panels: &[Panel], language: Language) -> String {
    let colon = Words::of(language).colon();
    let told = panels.iter().filter(|panel| !panel.words.is_empty());
    let sentence = |panel: &Panel| match panel.title.trim_end_matches('.') {
        "" => panel.words.clone(),
        title => format!("{title}{colon}{}", panel.words),
    };
    told.map(sentence).collect::<Vec<_>>().join(" ")
}

/// Panels on their way to their places.
struct Layout<'a> {
    grid: Grid,
    look: Look<'a>,
    set: Typesetter,
    /// The left edge, and the top of the next row.
    at: Point,
}

impl Layout<'_> {
    fn place(&mut self, panels: Vec<Panel>) -> Vec<Item> {
        let spans: Vec<usize> = panels.iter().map(|panel| panel.span).collect();
        let mut panels = panels.into_iter().enumerate();
        let mut items = Vec::new();
        for (k, row) in self.grid.rows(&spans).into_iter().enumerate() {
            self.at.y += if k == 0 { 0.0 } else { self.look.style.text.grown(ROW_GAP) };
            items.extend(self.row(panels.by_ref().take(row.len()).collect()));
        }
        items
    }

    /// Places one row: titles start at one height, and so does what they stand over.
    fn row(&mut self, panels: Vec<(usize, Panel)>) -> Vec<Item> {
        let titles: Vec<Block> = panels.iter().map(|(_, panel)| self.title(panel)).collect();
        let tall = titles.iter().map(|title| title.size.height).fold(0.0, f64::max);
        let below = if tall > 0.0 { tall + self.look.style.text.grown(TITLE_GAP) } else { 0.0 };
        let (mut left, mut height) = (self.at.x, 0.0_f64);
        let mut items = Vec::new();
        for ((k, panel), title) in panels.into_iter().zip(titles) {
            height = height.max(panel.content.size.height);
            let corner = Point::new(left, self.at.y);
            let name = format!("panel-{}", k + 1);
            let mut inside = title.place(corner);
            inside.extend(prefixed(panel.content.place(corner + (0.0, below)), &name));
            items.push(group(&name, inside));
            left += self.grid.width(panel.span) + self.grid.gutter;
        }
        self.at.y += below + height;
        items
    }

    fn title(&mut self, panel: &Panel) -> Block {
        let mut block = Block::default();
        if !panel.title.is_empty() {
            let text = &self.look.style.text;
            let (kind, ink) = (Type::bold(TITLE_SIZE * text.legend), Ink::plain(text.color));
            let width = self.grid.width(panel.span);
            block.push_balanced(&mut self.set, Paragraph { words: &panel.title, kind, ink, width }, 0.0);
        }
        block
    }
}

/// Returns the items with the name of their panel before those of their groups, so that every name stays unique.
fn prefixed(items: Vec<Item>, panel: &str) -> Vec<Item> {
    let named = |item| match item {
        Item::Group(inner) if !inner.name.is_empty() => {
            Item::Group(Group { name: format!("{panel}-{}", inner.name), items: prefixed(inner.items, panel), ..inner })
        }
        other => other,
    };
    items.into_iter().map(named).collect()
}

/// Returns a finished map as what a panel shows.
pub fn as_content(scene: Scene) -> Block {
    Block { items: scene.items, size: Size::new(scene.width, scene.height) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(columns: usize) -> Grid {
        Grid { columns, column: 100.0, gutter: GUTTER }
    }

    #[test]
    fn panels_fill_rows_in_order_and_wide_ones_take_more_columns() {
        assert_eq!(grid(2).rows(&[1, 1, 2, 1]), [vec![0, 1], vec![2], vec![3]]);
        assert_eq!(grid(3).rows(&[2, 2, 1]), [vec![0], vec![1, 2]]);
        assert_eq!(grid(2).rows(&[9]), [vec![0]]);
        assert_eq!(grid(3).free(&[1, 1, 1, 1]), 2);
        assert_eq!(grid(3).free(&[3]), 0);
    }

    #[test]
    fn panels_and_the_room_between_them_fill_the_page_exactly() {
        assert_eq!(grid(3).width(3), 3.0 * grid(3).width(1) + 2.0 * GUTTER);
        assert_eq!(grid(2).width(7), grid(2).width(2));
    }
}
