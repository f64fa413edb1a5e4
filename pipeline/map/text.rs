//! Type: words become shaped lines of known size, with the fonts that are given and no others.

use std::{collections::BTreeMap, sync::Arc};

use flowatlas_model::{
    scene::{Font, Glyph, GlyphRun, Item, Text},
    style::Color,
};
use kurbo::{Point, Size, Vec2};
use parley::{
    FontContext, FontData, FontFamily, FontFamilyName, FontWeight, Layout, LayoutContext, PositionedLayoutItem,
    StyleProperty,
    fontique::{Collection, CollectionOptions, SourceCache},
};

use crate::fonts::blob;

/// The cut of the text face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Upright, normal weight.
    #[default]
    Regular,
    /// Upright, bold.
    Bold,
}

impl Cut {
    /// Returns the weight on the CSS scale.
    fn weight(self) -> u16 {
        match self {
            Cut::Regular => 400,
            Cut::Bold => 700,
        }
    }
}

/// How words are set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Size in points.
    pub size: f64,
    /// The cut of the face.
    pub cut: Cut,
    /// Room added between letters in points.
    pub spacing: f64,
}

impl Type {
    /// Returns the regular cut at `size` points.
    pub fn regular(size: f64) -> Self {
        Type { size, cut: Cut::Regular, spacing: 0.0 }
    }

    /// Returns the bold cut at `size` points.
    pub fn bold(size: f64) -> Self {
        Type { size, cut: Cut::Bold, spacing: 0.0 }
    }
}

/// A shaped line of text that has not been placed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    content: String,
    kind: Type,
    advance: f64,
    runs: Vec<GlyphRun>,
}

/// Height of capital letters and figures as a share of the font size; the optical top of a line.
pub const CAP_HEIGHT: f64 = 0.714;
/// Depth of descenders as a share of the font size.
const DESCENT: f64 = 0.22;
/// Faces from this weight on, on the CSS scale, serve as bold: semi-bold is the lightest that stands out.
const BOLD_FROM: u16 = 600;
/// Spaces at which no line breaks, as those within numbers.
const UNBROKEN: [char; 3] = ['\u{a0}', '\u{2007}', '\u{202f}'];

impl Line {
    /// Returns the words of the line.
    pub fn words(&self) -> &str {
        &self.content
    }

    /// Returns width and height of the line in points, from the top of capitals to the foot of descenders.
    pub fn size(&self) -> Size {
        Size::new(self.advance, (CAP_HEIGHT + DESCENT) * self.kind.size)
    }

    /// Returns the length of the line and the height of its capitals in points.
    pub fn capitals(&self) -> Size {
        Size::new(self.advance, CAP_HEIGHT * self.kind.size)
    }

    /// Places the line with its top left corner (top of capitals) at `corner`.
    pub fn place(self, corner: Point, ink: Ink) -> Item {
        let baseline = Point::new(corner.x, corner.y + CAP_HEIGHT * self.kind.size);
        self.turned(baseline, 0.0, ink)
    }

    /// Places the line so that the middle of its capitals runs through `at`, from there on, turned clockwise by so
    /// many degrees.
    pub fn through(self, at: Point, degrees: f64, ink: Ink) -> Item {
        let (sin, cos) = libm::sincos(degrees.to_radians());
        let half = CAP_HEIGHT * self.kind.size / 2.0;
        self.turned(at + Vec2::new(-sin, cos) * half, degrees, ink)
    }

    fn turned(self, origin: Point, rotation: f64, ink: Ink) -> Item {
        Item::Text(Text {
            origin,
            content: self.content,
            rotation,
            size: self.kind.size,
            letter_spacing: self.kind.spacing,
            color: ink.color,
            halo: ink.halo,
            advance: self.advance,
            runs: self.runs,
        })
    }
}

/// The colours of a line of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Colour of the letters.
    pub color: Color,
    /// Colour and reach in points of the halo, if any.
    pub halo: Option<(Color, f64)>,
}

impl Ink {
    /// Returns letters of this colour without a halo.
    pub fn plain(color: Color) -> Self {
        Ink { color, halo: None }
    }
}

/// Shapes text. Holds caches, so one is used for a whole map.
pub struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    faces: Vec<Face>,
    families: Vec<String>,
    bold_families: Vec<String>,
}

/// How the shaper names a font of the scene.
struct Face {
    blob: u64,
    index: u32,
    weight: u16,
}

impl Typesetter {
    /// Returns a typesetter that knows these fonts and no others.
    ///
    /// Families are tried in the order of `fonts`; for bold words, those that have a bold face come first.
    pub fn new(fonts: &[Font]) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut set = Typesetter {
            fonts: FontContext::default(),
            layouts: LayoutContext::new(),
            faces: Vec::new(),
            families: Vec::new(),
            bold_families: Vec::new(),
        };
        for (k, font) in fonts.iter().enumerate() {
            let known = fonts[..k].iter().position(|other| Arc::ptr_eq(&other.data, &font.data));
            let blob = match known {
                Some(same) => set.faces[same].blob,
                None => register(&mut collection, font),
            };
            set.faces.push(Face { blob, index: font.index, weight: font.weight });
            push_new(&mut set.families, &font.family);
            if font.weight >= BOLD_FROM {
                push_new(&mut set.bold_families, &font.family);
            }
        }
        for family in &set.families {
            push_new(&mut set.bold_families, family);
        }
        set.fonts = FontContext { collection, source_cache: SourceCache::default() };
        set
    }

    /// Returns the position of the font that the shaper used: of a variable one, the face of the nearest weight.
    fn font(&self, used: &FontData, cut: Cut) -> usize {
        let (blob, wanted) = (used.data.id(), cut.weight());
        let same = self.faces.iter().enumerate().filter(|(_, face)| face.blob == blob && face.index == used.index);
        same.min_by_key(|(_, face)| face.weight.abs_diff(wanted)).map_or(0, |(position, _)| position)
    }

    /// Shapes `words` as one line; line breaks in it count as spaces, and the narrow spaces within numbers stay.
    pub fn line(&mut self, words: &str, kind: Type) -> Line {
        let breaks = |c: char| c.is_whitespace() && !UNBROKEN.contains(&c);
        let flat = words.split(breaks).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.wrap(&flat, kind, f64::INFINITY).into_iter().next().unwrap_or(Line {
            content: String::new(),
            kind,
            advance: 0.0,
            runs: Vec::new(),
        })
    }

    /// Shapes `words` as lines no longer than `width` points, broken between words; no words are no lines.
    pub fn wrap(&mut self, words: &str, kind: Type, width: f64) -> Vec<Line> {
        // The shaper would set a space in place of an empty text, and name a range of letters that is not there.
        if words.is_empty() {
            return Vec::new();
        }
        let layout = self.shape(words, kind, width);
        layout.lines().map(|line| self.take_line(words, kind, &line)).collect()
    }

    /// Shapes `words` as [`Typesetter::wrap`] does, in as many lines of about equal length: no word stands alone.
    pub fn wrap_balanced(&mut self, words: &str, kind: Type, width: f64) -> Vec<Line> {
        let width = self.balanced_width(words, kind, width);
        self.wrap(words, kind, width)
    }

    /// Returns the least width, within a point, at which `words` take no more lines than at `width`.
    pub fn balanced_width(&mut self, words: &str, kind: Type, width: f64) -> f64 {
        let least = self.wrap(words, kind, width).len();
        if least < 2 {
            return width;
        }
        let (mut narrow, mut wide) = (width / least as f64, width);
        while wide - narrow > 1.0 {
            let middle = (narrow + wide) / 2.0;
            if self.wrap(words, kind, middle).len() > least { narrow = middle } else { wide = middle }
        }
        wide
    }

    fn shape(&mut self, words: &str, kind: Type, width: f64) -> Layout<()> {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, words, 1.0, false);
        let families = if kind.cut == Cut::Bold { &self.bold_families } else { &self.families };
        let names = families.iter().map(|name| FontFamilyName::Named(name.as_str().into())).collect::<Vec<_>>();
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(names.into())));
        builder.push_default(StyleProperty::FontSize(kind.size as f32));
        builder.push_default(StyleProperty::LetterSpacing(kind.spacing as f32));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(f32::from(kind.cut.weight()))));
        let mut layout = builder.build(words);
        layout.break_all_lines(width.is_finite().then_some(width as f32));
        layout
    }

    fn take_line(&self, words: &str, kind: Type, line: &parley::Line<'_, ()>) -> Line {
        let mut runs = Vec::new();
        for item in line.items() {
            let PositionedLayoutItem::GlyphRun(run) = item else { continue };
            let font = self.font(run.run().font(), kind.cut);
            let letters = run.run().visual_clusters();
            let starts = letters.flat_map(|c| c.glyphs().map(move |_| c.text_range().start - line.text_range().start));
            let glyphs: Vec<Glyph> = run
                .positioned_glyphs()
                .zip(starts)
                .map(|(g, start)| Glyph { id: g.id, x: f64::from(g.x), y: f64::from(g.y - run.baseline()), start })
                .collect();
            runs.push(GlyphRun { font, glyphs });
        }
        let metrics = line.metrics();
        let advance = f64::from(metrics.advance - metrics.hanging_advance) - kind.spacing.max(0.0);
        let content = words[line.text_range()].trim_end().to_owned();
        Line { content, kind, advance: advance.max(0.0), runs }
    }
}

/// Registers all faces of a font's file and returns how the shaper names the file.
fn register(collection: &mut Collection, font: &Font) -> u64 {
    let blob = blob(&font.data);
    let id = blob.id();
    collection.register_fonts(blob, None);
    id
}

fn push_new(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Returns the letters on the page that no font has a glyph for, with how often each stands there.
pub fn missing_letters(items: &[Item]) -> BTreeMap<char, usize> {
    let mut missing = BTreeMap::new();
    let mut open: Vec<&Item> = items.iter().collect();
    while let Some(item) = open.pop() {
        match item {
            Item::Group(group) => open.extend(&group.items),
            Item::Path(_) | Item::Raster(_) => {}
            Item::Text(text) => {
                let glyphs = text.runs.iter().flat_map(|run| &run.glyphs).filter(|glyph| glyph.id == 0);
                for letter in glyphs.filter_map(|glyph| text.content[glyph.start..].chars().next()) {
                    *missing.entry(letter).or_insert(0) += 1;
                }
            }
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_are_no_lines() {
        let mut set = Typesetter::new(&[]);
        assert_eq!(set.wrap("", Type::regular(8.0), 100.0), []);
        assert_eq!(set.wrap_balanced("", Type::regular(8.0), 100.0), []);
        assert_eq!(set.line(" \n ", Type::regular(8.0)).words(), "");
    }
}
