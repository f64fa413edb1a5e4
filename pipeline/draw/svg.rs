//! Writes a scene as SVG that can be edited: text stays text, groups are layers in Inkscape.

use flowatlas_model::{
    direction::reads_right_to_left,
    scene::{Font, Group, Raster, Scene, Shape, Stroke, Text},
    style::Color,
    units::Mm,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kurbo::BezPath;

use crate::{
    Error,
    check::check,
    encode::rgba_file,
    glyphs::Outlines,
    number::{number, numbers, path_data},
    walk::{Step, walk},
};

/// What words are in an SVG file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lettering {
    /// Text that can be searched and edited, in fonts that the reader's machine must have.
    #[default]
    Live,
    /// The outlines of the letters, which look the same everywhere.
    Outlines,
}

/// Returns the scene as an SVG document, its size in millimetres and its coordinates in points.
///
/// Named groups become layers, data becomes `data-…` attributes, titles become tooltips. Live words name the fonts of
/// the scene and the width they were laid out for, so that they keep their room where those fonts are not installed;
/// outlined words carry their text as a label for screen readers. The same scene gives the same text.
///
/// # Errors
/// Fails if the scene holds a number that cannot be drawn, a text without its font, or words to be outlined in a font
/// that cannot be read.
pub fn svg(scene: &Scene, lettering: Lettering) -> Result<String, Error> {
    check(scene)?;
    let outlines = match lettering {
        Lettering::Live => None,
        Lettering::Outlines => Some(Outlines::open(scene)?),
    };
    let mut svg = Svg { fonts: &scene.fonts, outlines, out: String::new(), open_groups: 0, halos: 0 };
    svg.head(scene);
    for step in walk(scene) {
        match step {
            Step::Open(group) => svg.open(group),
            Step::Close => svg.close(),
            Step::Path(shape) => svg.path(shape),
            Step::Text(text) => svg.text(text)?,
            Step::Raster(raster) => svg.raster(raster)?,
        }
    }
    svg.out.push_str("</svg>\n");
    Ok(svg.out)
}

struct Svg<'a> {
    fonts: &'a [Font],
    /// The letters, where words are to be outlines.
    outlines: Option<Outlines<'a>>,
    out: String,
    open_groups: usize,
    /// Lines with a halo so far; they are numbered, because the halo refers to its line.
    halos: usize,
}

impl Svg<'_> {
    fn head(&mut self, scene: &Scene) {
        let (width, height) = (number(scene.width), number(scene.height));
        self.out.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
        self.out.push_str(" xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\"");
        self.attribute("width", &format!("{}mm", number(Mm::from_pt(scene.width).0)));
        self.attribute("height", &format!("{}mm", number(Mm::from_pt(scene.height).0)));
        self.attribute("viewBox", &format!("0 0 {width} {height}"));
        self.attribute("lang", &scene.language);
        self.attribute("xml:lang", &scene.language);
        self.attribute("role", "graphics-document document");
        self.out.push_str(">\n");
        self.words("title", &scene.title);
        self.words("desc", &scene.description);
        if scene.background.a > 0 {
            self.paper(scene);
        }
    }

    fn paper(&mut self, scene: &Scene) {
        self.out.push_str("<rect id=\"paper\"");
        self.attribute("width", &number(scene.width));
        self.attribute("height", &number(scene.height));
        self.paint(["fill", "fill-opacity"], scene.background);
        self.out.push_str("/>\n");
    }

    fn open(&mut self, group: &Group) {
        self.out.push_str("<g");
        if !group.name.is_empty() {
            self.attribute("id", &group.name.replace(char::is_whitespace, "-"));
        }
        if !group.name.is_empty() && self.open_groups == 0 {
            self.attribute("inkscape:groupmode", "layer");
            self.attribute("inkscape:label", &group.name);
        }
        for (key, value) in &group.data {
            self.attribute(&format!("data-{key}"), value);
        }
        self.out.push_str(">\n");
        self.words("title", &group.title);
        self.open_groups += 1;
    }

    fn close(&mut self) {
        self.out.push_str("</g>\n");
        self.open_groups -= 1;
    }

    fn path(&mut self, shape: &Shape) {
        self.out.push_str("<path");
        match shape.fill {
            Some(color) => self.paint(["fill", "fill-opacity"], color),
            None => self.attribute("fill", "none"),
        }
        if let Some(stroke) = &shape.stroke {
            self.stroke(stroke);
        }
        self.attribute("d", &path_data(&shape.path));
        self.out.push_str("/>\n");
    }

    fn raster(&mut self, raster: &Raster) -> Result<(), Error> {
        let b = raster.bounds;
        let file = rgba_file(raster.size.map(|side| side as u32), &raster.rgba)?;
        self.out.push_str("<image preserveAspectRatio=\"none\"");
        for (name, value) in [("x", b.x0), ("y", b.y0), ("width", b.width()), ("height", b.height())] {
            self.attribute(name, &number(value));
        }
        self.attribute("xlink:href", &format!("data:image/png;base64,{}", STANDARD.encode(file)));
        self.out.push_str("/>\n");
        Ok(())
    }

    fn stroke(&mut self, stroke: &Stroke) {
        self.paint(["stroke", "stroke-opacity"], stroke.color);
        self.attribute("stroke-width", &number(stroke.width));
        if !stroke.dash.is_empty() {
            self.attribute("stroke-dasharray", &numbers(&stroke.dash));
        }
        if stroke.round {
            self.attribute("stroke-linecap", "round");
            self.attribute("stroke-linejoin", "round");
        }
    }

    fn text(&mut self, text: &Text) -> Result<(), Error> {
        if text.content.trim().is_empty() {
            return Ok(());
        }
        let letters = self.outlines.as_mut().map(|outlines| outlines.line(text)).transpose()?;
        let halo = text.halo.filter(|(_, reach)| *reach > 0.0).map(|halo| self.halo(halo));
        self.out.push_str(if letters.is_some() { "<path" } else { "<text" });
        if let Some(id) = halo {
            self.attribute("id", &id);
        }
        match letters {
            Some(letters) => self.outlined(text, &letters),
            None => self.live(text),
        }
        Ok(())
    }

    fn outlined(&mut self, text: &Text, letters: &BezPath) {
        self.out.push_str(" role=\"img\"");
        self.attribute("aria-label", &text.content);
        self.paint(["fill", "fill-opacity"], text.color);
        self.attribute("d", &path_data(letters));
        self.out.push_str("/>\n");
    }

    fn live(&mut self, text: &Text) {
        self.position(text);
        self.font(text);
        self.paint(["fill", "fill-opacity"], text.color);
        self.out.push('>');
        push_escaped(&mut self.out, &text.content);
        self.out.push_str("</text>\n");
    }

    /// Writes the halo and returns the id that the line must carry.
    ///
    /// The halo is a stroked clone under its line, not `paint-order`: programs that ignore that property would
    /// paint the halo over the letters. A clone follows when the words are edited, and they are found only once.
    fn halo(&mut self, (color, reach): (Color, f64)) -> String {
        self.halos += 1;
        let id = format!("text-{}", self.halos);
        self.out.push_str("<use");
        self.attribute("xlink:href", &format!("#{id}"));
        self.paint(["stroke", "stroke-opacity"], color);
        self.attribute("stroke-width", &number(2.0 * reach));
        self.out.push_str(" stroke-linejoin=\"round\" aria-hidden=\"true\"/>\n");
        id
    }

    fn position(&mut self, text: &Text) {
        let (x, y) = (number(text.origin.x), number(text.origin.y));
        if text.rotation != 0.0 {
            self.attribute("transform", &format!("rotate({} {x} {y})", number(text.rotation)));
        }
        self.attribute("x", &x);
        self.attribute("y", &y);
        if reads_right_to_left(&text.content) {
            self.out.push_str(" direction=\"rtl\" text-anchor=\"end\"");
        }
        if text.content.starts_with(' ') || text.content.ends_with(' ') || text.content.contains("  ") {
            self.attribute("xml:space", "preserve");
        }
    }

    fn font(&mut self, text: &Text) {
        self.attribute("font-family", &self.families(text));
        self.attribute("font-size", &number(text.size));
        if let Some(font) = text.runs.first().map(|run| &self.fonts[run.font]) {
            if font.weight != 400 {
                self.attribute("font-weight", &font.weight.to_string());
            }
            if font.italic {
                self.attribute("font-style", "italic");
            }
        }
        if text.letter_spacing != 0.0 {
            self.attribute("letter-spacing", &number(text.letter_spacing));
        }
        // Squeezing the glyphs too, and not only the room between them, keeps Arabic letters joined.
        if text.advance > 0.0 {
            self.attribute("textLength", &number(text.advance));
            self.attribute("lengthAdjust", "spacingAndGlyphs");
        }
    }

    /// Returns the families of the line's runs in order, each once, and a last resort.
    fn families(&self, text: &Text) -> String {
        let mut families: Vec<String> = Vec::new();
        for run in &text.runs {
            let family = format!("'{}'", self.fonts[run.font].family.replace(['\'', '\\'], ""));
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families.push("sans-serif".to_owned());
        families.join(", ")
    }

    fn paint(&mut self, [property, opacity]: [&str; 2], color: Color) {
        self.attribute(property, &color.to_hex());
        if color.a != 255 {
            self.attribute(opacity, &number(color.opacity()));
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        push_escaped(&mut self.out, value);
        self.out.push('"');
    }

    /// Writes an element that holds words alone; nothing where there are no words.
    fn words(&mut self, element: &str, words: &str) {
        if words.is_empty() {
            return;
        }
        self.out.push_str(&format!("<{element}>"));
        push_escaped(&mut self.out, words);
        self.out.push_str(&format!("</{element}>\n"));
    }
}

/// Appends text that is safe in elements and in attributes. Line ends and tabs become spaces; other control
/// characters and the two code points that XML forbids are left out.
fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}
