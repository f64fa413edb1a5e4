//! The finished picture: paths, text and groups in points on a page, in paint order, everything resolved.
//!
//! Whatever is hard happens before a scene exists; every writer is a short `match` over [`Item`].
//! The origin is the top left corner of the page, y grows downwards.

use std::sync::Arc;

use kurbo::{BezPath, Point, Rect};

use crate::style::Color;

/// A page ready to be written as PNG, SVG or PDF.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Page width in points.
    pub width: f64,
    /// Page height in points.
    pub height: f64,
    /// The colour of the paper; clear for none.
    pub background: Color,
    /// The title, for document metadata and screen readers.
    pub title: String,
    /// A description in words, for document metadata and screen readers; may be empty.
    pub description: String,
    /// The language of the words on the page, as a BCP 47 tag (`en`, `es`, `fr`).
    pub language: String,
    /// The fonts that text items refer to by position.
    pub fonts: Vec<Font>,
    /// What is drawn, from bottom to top.
    pub items: Vec<Item>,
}

/// A font file that the scene's glyph numbers refer to.
#[derive(Debug, Clone, PartialEq)]
pub struct Font {
    /// The family name, for SVG and PDF.
    pub family: String,
    /// The weight on the CSS scale: 400 regular, 700 bold.
    pub weight: u16,
    /// True for italic.
    pub italic: bool,
    /// The bytes of the TrueType or OpenType file.
    pub data: Arc<[u8]>,
    /// Position of the face in the file: 0 unless the file is a collection.
    pub index: u32,
    /// Where the face stands on the axes of a variable font (`wght`, 700); empty for any other.
    pub variations: Vec<([u8; 4], f32)>,
}

/// One thing on the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Things that belong together.
    Group(Group),
    /// A filled or stroked path.
    Path(Shape),
    /// One line of text.
    Text(Text),
    /// Pixels.
    Raster(Raster),
}

/// Things that belong together, such as all labels, or the strokes of one flow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// The name of the group in vector output (`base`, `flows`, `places`, `labels`, `legend`); unique in a scene
    /// at the top level, empty for an inner group that only carries data.
    pub name: String,
    /// Facts that travel with the picture, written as `data-…` attributes in SVG (`origin`, `dest`, `value`).
    pub data: Vec<(&'static str, String)>,
    /// A tooltip for vector viewers; may be empty.
    pub title: String,
    /// What is in the group, from bottom to top.
    pub items: Vec<Item>,
}

/// A filled or stroked path.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The outline or centre line.
    pub path: BezPath,
    /// The colour inside (non-zero rule), if any.
    pub fill: Option<Color>,
    /// The line along the path, if any; painted over the fill.
    pub stroke: Option<Stroke>,
}

/// A picture made of pixels, for what no lines can show.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// The part of the page that it covers.
    pub bounds: Rect,
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// Red, green, blue and opacity of each pixel, not premultiplied, rows from the top; four bytes a pixel.
    pub rgba: Arc<[u8]>,
}

/// How a line is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its full width in points.
    pub width: f64,
    /// Lengths of dashes and gaps in turn, in points; empty for a solid line.
    pub dash: Vec<f64>,
    /// True for round ends and joins, false for butt ends and mitred joins.
    pub round: bool,
}

/// One shaped line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The words, for output that keeps text as text.
    pub content: String,
    /// Where the baseline starts (left end, also for right-to-left text).
    pub origin: Point,
    /// Clockwise turn about `origin` in degrees.
    pub rotation: f64,
    /// Font size in points.
    pub size: f64,
    /// Room added between letters in points.
    pub letter_spacing: f64,
    /// Colour of the letters.
    pub color: Color,
    /// Colour of the halo behind the letters and how far it reaches beyond them in points.
    pub halo: Option<(Color, f64)>,
    /// Length of the line along the baseline in points.
    pub advance: f64,
    /// The glyphs, in visual order from left to right, in runs of one font.
    pub runs: Vec<GlyphRun>,
}

/// Glyphs of one font in a line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct GlyphRun {
    /// Position in `Scene::fonts`.
    pub font: usize,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}

/// A glyph and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The number of the glyph in its font; 0 is a missing glyph.
    pub id: u32,
    /// Offset from the origin of the line along the baseline in points.
    pub x: f64,
    /// Offset from the baseline in points, downwards.
    pub y: f64,
    /// The byte of [`Text::content`] where the letters begin that the glyph stands for. They end where those of the
    /// next glyph in reading order begin; glyphs of one cluster begin at the same byte.
    pub start: usize,
}
