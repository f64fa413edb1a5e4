//! Type: words become shaped lines of known size, with the bundled fonts only.

use std::sync::Arc;

use flowatlas_model::{
    scene::{Font, Glyph, GlyphRun, Item, Text},
    style::Color,
};
use kurbo::{Point, Size, Vec2};
use parley::{
    FontContext, FontFamily, FontWeight, Layout, LayoutContext, PositionedLayoutItem, StyleProperty,
    fontique::{Blob, Collection, CollectionOptions, SourceCache},
};

/// The cut of the text face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Upright, normal weight.
    #[default]
    Regular,
    /// Upright, bold.
    Bold,
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
const CAP_HEIGHT: f64 = 0.714;
/// Depth of descenders as a share of the font size.
const DESCENT: f64 = 0.22;

impl Line {
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
    blobs: Vec<u64>,
    families: String,
    missing: usize,
}

impl Typesetter {
    /// Returns a typesetter that knows these fonts and no others. Families are tried in the order of `fonts`.
    pub fn new(fonts: &[Font]) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut families: Vec<String> = Vec::new();
        let mut blobs = Vec::new();
        for font in fonts {
            let data: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(font.data.clone());
            let blob = Blob::new(data);
            blobs.push(blob.id());
            for (family, _) in collection.register_fonts(blob, None) {
                let name = format!("\"{}\"", collection.family_name(family).unwrap_or(&font.family));
                if !families.contains(&name) {
                    families.push(name);
                }
            }
        }
        let fonts = FontContext { collection, source_cache: SourceCache::default() };
        Typesetter { fonts, layouts: LayoutContext::new(), blobs, families: families.join(", "), missing: 0 }
    }

    /// Returns how many letters so far had no glyph in any font.
    pub fn missing_glyphs(&self) -> usize {
        self.missing
    }

    /// Shapes `words` as one line; line breaks in it count as spaces.
    pub fn line(&mut self, words: &str, kind: Type) -> Line {
        let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
        self.wrap(&flat, kind, f64::INFINITY).into_iter().next().unwrap_or(Line {
            content: String::new(),
            kind,
            advance: 0.0,
            runs: Vec::new(),
        })
    }

    /// Shapes `words` as lines no longer than `width` points, broken between words.
    pub fn wrap(&mut self, words: &str, kind: Type, width: f64) -> Vec<Line> {
        let layout = self.shape(words, kind, width);
        layout.lines().map(|line| self.take_line(words, kind, &line)).collect()
    }

    fn shape(&mut self, words: &str, kind: Type, width: f64) -> Layout<()> {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, words, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::Source(self.families.as_str().into())));
        builder.push_default(StyleProperty::FontSize(kind.size as f32));
        builder.push_default(StyleProperty::LetterSpacing(kind.spacing as f32));
        builder.push_default(match kind.cut {
            Cut::Bold => StyleProperty::FontWeight(FontWeight::BOLD),
            Cut::Regular => StyleProperty::FontWeight(FontWeight::NORMAL),
        });
        let mut layout = builder.build(words);
        layout.break_all_lines(width.is_finite().then_some(width as f32));
        layout
    }

    fn take_line(&mut self, words: &str, kind: Type, line: &parley::Line<'_, ()>) -> Line {
        let mut runs = Vec::new();
        for item in line.items() {
            let PositionedLayoutItem::GlyphRun(run) = item else { continue };
            let blob = run.run().font().data.id();
            let font = self.blobs.iter().position(|b| *b == blob).unwrap_or(0);
            let glyphs: Vec<Glyph> = run
                .positioned_glyphs()
                .map(|g| Glyph { id: g.id, x: f64::from(g.x), y: f64::from(g.y - run.baseline()) })
                .collect();
            self.missing += glyphs.iter().filter(|g| g.id == 0).count();
            runs.push(GlyphRun { font, glyphs });
        }
        let metrics = line.metrics();
        let advance = f64::from(metrics.advance - metrics.hanging_advance) - kind.spacing.max(0.0);
        let content = words[line.text_range()].trim_end().to_owned();
        Line { content, kind, advance: advance.max(0.0), runs }
    }
}
