//! Blocks of the page: things drawn together at a corner that is found later.

use flowatlas_model::scene::{Group, Item, Raster, Shape, Text};
use kurbo::{Affine, Point, Rect, Size, Vec2};

use crate::text::{Ink, Line, Type, Typesetter};

/// Distance between baselines as a multiple of the font size.
pub const LEADING: f64 = 1.32;

/// Items drawn relative to a top left corner at the origin.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// The items.
    pub items: Vec<Item>,
    /// Width and height in points.
    pub size: Size,
}

impl Block {
    /// Appends a line of text below what is there, `gap` points further down.
    pub fn push_line(&mut self, line: Line, ink: Ink, gap: f64) {
        let top = self.size.height + gap;
        let size = line.size();
        self.items.push(line.place(Point::new(0.0, top), ink));
        self.size = Size::new(self.size.width.max(size.width), top + size.height);
    }

    /// Appends a paragraph wrapped at `width` points, `gap` points further down.
    pub fn push_paragraph(&mut self, set: &mut Typesetter, paragraph: Paragraph<'_>, gap: f64) {
        let Paragraph { words, kind, ink, width } = paragraph;
        for (k, line) in set.wrap(words, kind, width).into_iter().enumerate() {
            let below = LEADING * kind.size - line.size().height;
            self.push_line(line, ink, if k == 0 { gap } else { below });
        }
    }

    /// Appends a paragraph as [`Block::push_paragraph`] does, in lines of about equal length: no word stands alone.
    pub fn push_balanced(&mut self, set: &mut Typesetter, paragraph: Paragraph<'_>, gap: f64) {
        let width = set.balanced_width(paragraph.words, paragraph.kind, paragraph.width);
        self.push_paragraph(set, Paragraph { width, ..paragraph }, gap);
    }

    /// Appends items that occupy `size` below what is there, `gap` points further down.
    pub fn push_items(&mut self, items: Vec<Item>, size: Size, gap: f64) {
        let top = self.size.height + gap;
        self.items.extend(moved(items, Vec2::new(0.0, top)));
        self.size = Size::new(self.size.width.max(size.width), top + size.height);
    }

    /// Returns the box of the block with its top left corner at `corner`.
    pub fn bounds(&self, corner: Point) -> Rect {
        Rect::from_origin_size(corner, self.size)
    }

    /// Returns the items with the block's top left corner at `corner`.
    pub fn place(self, corner: Point) -> Vec<Item> {
        moved(self.items, corner.to_vec2())
    }
}

/// Words to be wrapped.
#[derive(Debug, Clone, Copy)]
pub struct Paragraph<'a> {
    /// The words.
    pub words: &'a str,
    /// How they are set.
    pub kind: Type,
    /// Their colours.
    pub ink: Ink,
    /// Greatest line length in points.
    pub width: f64,
}

/// Returns the items moved by `offset`.
pub fn moved(items: Vec<Item>, offset: Vec2) -> Vec<Item> {
    let by = Affine::translate(offset);
    items
        .into_iter()
        .map(|item| match item {
            Item::Path(shape) => Item::Path(Shape { path: by * shape.path, ..shape }),
            Item::Text(text) => Item::Text(Text { origin: text.origin + offset, ..text }),
            Item::Group(group) => Item::Group(Group { items: moved(group.items, offset), ..group }),
            Item::Raster(raster) => Item::Raster(Raster { bounds: raster.bounds + offset, ..raster }),
        })
        .collect()
}

/// Returns the height at which the topmost of these items begins; 0 where there is none.
pub fn top_of(items: &[Item]) -> f64 {
    let top = |item: &Item| match item {
        Item::Group(group) => top_of(&group.items),
        Item::Path(shape) => {
            let reach = shape.stroke.as_ref().map_or(0.0, |stroke| stroke.width / 2.0);
            kurbo::Shape::bounding_box(&shape.path).y0 - reach
        }
        Item::Text(text) => text.origin.y - crate::text::CAP_HEIGHT * text.size,
        Item::Raster(raster) => raster.bounds.y0,
    };
    items.iter().map(top).reduce(f64::min).unwrap_or(0.0)
}
