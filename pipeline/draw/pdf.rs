//! Writes a scene as a page of PDF: words stay words in embedded subsets of their fonts, all else is vectors.
//!
//! The page is tagged: what is drawn is one figure, described by the title and the description of the scene, and every
//! line of text is a paragraph in paint order. Nothing in the file depends on the clock.

use std::{ops::Range, sync::Arc};

use flowatlas_model::{
    direction::is_right_to_left,
    scene::{Font, GlyphRun, Raster, Scene, Shape, Stroke, Text},
    style::Color,
};
use krilla::{
    Data, Document, SerializeSettings,
    color::rgb,
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint,
    surface::Surface,
    tagging::{Artifact, BBox, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagTree},
    text::{GlyphId, KrillaGlyph},
};
use kurbo::{BezPath, PathEl};

use crate::{
    Error,
    check::check,
    glyphs::Outlines,
    number::rounded,
    walk::{Step, walk},
};

/// Mitred corners longer than this many line widths are cut, as in SVG and PNG; PDF's own limit is 10.
const MITER_LIMIT: f32 = 4.0;

/// Returns the scene as a PDF file of one page, as large as the scene.
///
/// Colours are sRGB and say so. Text can be selected and searched: a halo is a stroked outline, so that the words stand
/// in the file once. Title, description and language of the scene are metadata of the file, and the title is its
/// bookmark. The same scene gives the same bytes.
///
/// # Errors
/// Fails if the scene holds a number that cannot be drawn, or if a font is missing or unreadable.
pub fn pdf(scene: &Scene) -> Result<Vec<u8>, Error> {
    check(scene)?;
    let settings = SerializeSettings { no_device_cs: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let size =
        Size::from_wh(rounded(scene.width), rounded(scene.height)).ok_or_else(|| refused("the page is empty"))?;
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut sheet = Sheet::new(scene, page.surface())?;
    if scene.background.a > 0 {
        sheet.paper(scene);
    }
    for step in walk(scene) {
        match step {
            Step::Open(_) | Step::Close => {}
            Step::Path(shape) => sheet.shape(shape),
            Step::Text(text) => sheet.text(text)?,
            Step::Raster(raster) => sheet.raster(raster),
        }
    }
    let tags = sheet.finish(scene);
    page.finish();
    document.set_tag_tree(tags);
    document.set_metadata(metadata(scene));
    document.set_outline(bookmarks(scene));
    document.finish().map_err(|e| refused(&e.to_string()))
}

fn refused(reason: &str) -> Error {
    Error::Pdf { reason: reason.to_owned() }
}

fn metadata(scene: &Scene) -> Metadata {
    let mut metadata = Metadata::new().language(scene.language.clone()).creator("flowatlas".to_owned());
    if !scene.title.is_empty() {
        metadata = metadata.title(scene.title.clone());
    }
    if !scene.description.is_empty() {
        metadata = metadata.description(scene.description.clone());
    }
    metadata
}

fn bookmarks(scene: &Scene) -> Outline {
    let mut outline = Outline::new();
    if !scene.title.is_empty() {
        outline.push_child(OutlineNode::new(scene.title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    }
    outline
}

/// The page while it is painted, and what becomes its tags.
struct Sheet<'a> {
    surface: Surface<'a>,
    fonts: Vec<krilla::text::Font>,
    outlines: Outlines<'a>,
    /// Height of the page.
    height: f64,
    /// True while paths are being added to a part of the figure.
    drawing: bool,
    /// The parts of the figure: lines of text lie between them.
    figure: Vec<Identifier>,
    /// One part for each line of text.
    lines: Vec<Identifier>,
}

impl<'a> Sheet<'a> {
    fn new(scene: &'a Scene, surface: Surface<'a>) -> Result<Self, Error> {
        Ok(Sheet {
            surface,
            fonts: scene.fonts.iter().map(open).collect::<Result<_, _>>()?,
            outlines: Outlines::open(scene)?,
            height: scene.height,
            drawing: false,
            figure: Vec::new(),
            lines: Vec::new(),
        })
    }

    fn paper(&mut self, scene: &Scene) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::default()));
        let sheet = kurbo::Rect::new(0.0, 0.0, scene.width, scene.height);
        self.fill(&kurbo::Shape::to_path(&sheet, 0.1), scene.background);
        self.surface.end_tagged();
    }

    /// Begins a part of the figure, if none is being drawn.
    fn set_pen(&mut self) {
        if !self.drawing {
            self.figure.push(self.surface.start_tagged(ContentTag::Other));
            self.drawing = true;
        }
    }

    fn raster(&mut self, raster: &Raster) {
        self.set_pen();
        let [width, height] = raster.size.map(|side| side as u32);
        let image = Image::from_rgba8(raster.rgba.to_vec(), width, height);
        let b = raster.bounds;
        if let Some(size) = Size::from_wh(rounded(b.width()), rounded(b.height())) {
            self.surface.push_transform(&Transform::from_translate(rounded(b.x0), rounded(b.y0)));
            self.surface.draw_image(image, size);
            self.surface.pop();
        }
    }

    fn shape(&mut self, shape: &Shape) {
        self.set_pen();
        if let Some(color) = shape.fill {
            self.fill(&shape.path, color);
        }
        if let Some(stroke) = &shape.stroke {
            self.stroke(&shape.path, stroke);
        }
    }

    /// Ends the part of the figure that is being drawn, if there is one: parts of a page do not nest.
    fn lift_pen(&mut self) {
        if std::mem::take(&mut self.drawing) {
            self.surface.end_tagged();
        }
    }

    fn text(&mut self, text: &Text) -> Result<(), Error> {
        self.lift_pen();
        self.halo(text)?;
        // The space keeps one line from running into the next.
        let words = needs_words(text).then(|| format!("{} ", text.content));
        let written = if words.is_some() { self.mirrored(text.origin) } else { text.origin };
        let words = SpanTag::empty().with_actual_text(words.as_deref());
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(text.color)));
        self.surface.push_transform(&carried(written, text.origin, text.rotation));
        self.lines.push(self.surface.start_tagged(ContentTag::Span(words)));
        for run in &text.runs {
            self.run(text, run, written);
        }
        self.surface.end_tagged();
        self.surface.pop();
        Ok(())
    }

    /// Returns the position upside down. Readers that take the words given in place of letters for letters forget that
    /// the page was turned to have its origin at the top: letters written there are found where they stand.
    fn mirrored(&self, at: kurbo::Point) -> kurbo::Point {
        kurbo::Point::new(at.x, self.height - at.y)
    }

    fn run(&mut self, text: &Text, run: &GlyphRun, written: kurbo::Point) {
        let Some(first) = run.glyphs.first() else { return };
        let start = Point::from_xy(rounded(written.x + first.x), rounded(written.y));
        let font = self.fonts[run.font].clone();
        self.surface.draw_glyphs(start, &glyphs(text, run), font, &text.content, text.size as f32, false);
    }

    fn halo(&mut self, text: &Text) -> Result<(), Error> {
        let Some((color, reach)) = text.halo.filter(|(_, reach)| *reach > 0.0) else { return Ok(()) };
        let path = self.outlines.line(text)?;
        self.surface.start_tagged(ContentTag::Artifact(Artifact::default()));
        self.stroke(&path, &Stroke { color, width: 2.0 * reach, dash: Vec::new(), round: true });
        self.surface.end_tagged();
        Ok(())
    }

    fn fill(&mut self, path: &BezPath, color: Color) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(color)));
        self.draw(path);
    }

    fn stroke(&mut self, path: &BezPath, stroke: &Stroke) {
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(line(stroke)));
        self.draw(path);
    }

    fn draw(&mut self, path: &BezPath) {
        if let Some(path) = outline(path) {
            self.surface.draw_path(&path);
        }
    }

    /// Ends the page and returns the tags of what is on it.
    fn finish(mut self, scene: &Scene) -> TagTree {
        self.lift_pen();
        self.surface.finish();
        let mut tree = TagTree::new().with_lang(Some(scene.language.clone()));
        let bounds = Rect::from_xywh(0.0, 0.0, rounded(scene.width), rounded(scene.height));
        let figure = Tag::Figure(Some(described(scene))).with_bbox(bounds.map(|page| BBox::new(0, page)));
        if !self.figure.is_empty() {
            tree.push(group(figure, self.figure));
        }
        for line in self.lines {
            tree.push(group(Tag::P, vec![line]));
        }
        tree
    }
}

fn group(tag: impl Into<krilla::tagging::TagKind>, parts: Vec<Identifier>) -> TagGroup {
    TagGroup::with_children(tag, parts.into_iter().map(Node::Leaf).collect())
}

/// Returns what a reader hears in place of the figure.
fn described(scene: &Scene) -> String {
    [&scene.title, &scene.description].into_iter().filter(|w| !w.is_empty()).cloned().collect::<Vec<_>>().join(". ")
}

fn open(font: &Font) -> Result<krilla::text::Font, Error> {
    let data: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(font.data.clone());
    let axes: Vec<_> = font.variations.iter().map(|(axis, at)| (krilla::text::Tag::new(axis), *at)).collect();
    krilla::text::Font::new_variable(Data::from(data), font.index, &axes)
        .ok_or_else(|| Error::Font { family: font.family.clone(), reason: "the file cannot be read".to_owned() })
}

/// Tells whether readers of the file could not put the words together from the letters: where room between the letters
/// looks like spaces, where fonts change within a line, and where it is turned. Right-to-left letters are left to the readers, all of which
/// put them in order themselves; some would turn the words given here about once more.
fn needs_words(text: &Text) -> bool {
    let scattered = text.letter_spacing != 0.0 || text.rotation != 0.0 || text.runs.len() > 1;
    scattered && !text.content.chars().any(is_right_to_left)
}

/// Returns the turn of a line about its start, which also carries `written`, where its letters are written, to `at`.
fn carried(written: kurbo::Point, at: kurbo::Point, degrees: f64) -> Transform {
    let (sin, cos) = libm::sincos(degrees.to_radians());
    let turned = kurbo::Vec2::new(cos * written.x - sin * written.y, sin * written.x + cos * written.y);
    let [sin, cos] = [sin as f32, cos as f32];
    Transform::from_row(cos, sin, -sin, cos, rounded(at.x - turned.x), rounded(at.y - turned.y))
}

/// Returns the glyphs of a run with the letters that each stands for, in units of the font size.
fn glyphs(text: &Text, run: &GlyphRun) -> Vec<KrillaGlyph> {
    let end = run.glyphs.last().map_or(text.advance, |last| last.x);
    let next = run.glyphs.iter().skip(1).map(|g| g.x).chain([end]);
    run.glyphs
        .iter()
        .zip(next)
        .map(|(glyph, next)| KrillaGlyph {
            glyph_id: GlyphId::new(glyph.id),
            text_range: letters(text, glyph.start),
            x_advance: ((next - glyph.x) / text.size) as f32,
            x_offset: 0.0,
            y_offset: (-glyph.y / text.size) as f32,
            y_advance: 0.0,
            location: None,
        })
        .collect()
}

/// Returns the bytes of the letters from `start` to where those of another glyph begin.
fn letters(text: &Text, start: usize) -> Range<usize> {
    let starts = text.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.start);
    start..starts.filter(|other| *other > start).min().unwrap_or(text.content.len())
}

fn fill(color: Color) -> paint::Fill {
    paint::Fill { paint: ink(color).into(), opacity: opacity(color), rule: paint::FillRule::NonZero }
}

fn line(stroke: &Stroke) -> paint::Stroke {
    let (line_cap, line_join) = if stroke.round {
        (paint::LineCap::Round, paint::LineJoin::Round)
    } else {
        (paint::LineCap::Butt, paint::LineJoin::Miter)
    };
    paint::Stroke {
        paint: ink(stroke.color).into(),
        width: rounded(stroke.width),
        miter_limit: MITER_LIMIT,
        line_cap,
        line_join,
        opacity: opacity(stroke.color),
        dash: dash(&stroke.dash),
    }
}

/// Returns the dashes, read as SVG reads them: all zeros make a solid line.
fn dash(lengths: &[f64]) -> Option<paint::StrokeDash> {
    let array: Vec<f32> = lengths.iter().map(|length| rounded(*length)).collect();
    array.iter().any(|length| *length > 0.0).then_some(paint::StrokeDash { array, offset: 0.0 })
}

fn ink(color: Color) -> rgb::Color {
    rgb::Color::new(color.r, color.g, color.b)
}

fn opacity(color: Color) -> NormalizedF32 {
    NormalizedF32::new(color.opacity() as f32).expect("opacity lies from 0 to 1")
}

/// Returns the path; `None` where it has no extent that could be painted.
fn outline(path: &BezPath) -> Option<Path> {
    let mut out = PathBuilder::new();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => out.move_to(rounded(p.x), rounded(p.y)),
            PathEl::LineTo(p) => out.line_to(rounded(p.x), rounded(p.y)),
            PathEl::QuadTo(c, p) => out.quad_to(rounded(c.x), rounded(c.y), rounded(p.x), rounded(p.y)),
            PathEl::CurveTo(c, d, p) => {
                out.cubic_to(rounded(c.x), rounded(c.y), rounded(d.x), rounded(d.y), rounded(p.x), rounded(p.y));
            }
            PathEl::ClosePath => out.close(),
        }
    }
    out.finish()
}
