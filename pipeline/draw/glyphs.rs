//! Glyph outlines of the scene's own fonts, unhinted, each read once.

use std::collections::HashMap;

use flowatlas_model::scene::{Font, Scene, Text};
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlineGlyphCollection, OutlinePen},
};
use tiny_skia::{Path, PathBuilder, Transform};

use crate::Error;

/// The outlines of the fonts of one scene.
pub(crate) struct Outlines<'a> {
    faces: Vec<Face<'a>>,
    /// In font units, y upwards; `None` for a glyph without ink, such as the space.
    read: HashMap<(usize, u32), Option<Path>>,
}

struct Face<'a> {
    font: &'a Font,
    outlines: OutlineGlyphCollection<'a>,
    units_per_em: f64,
}

impl<'a> Outlines<'a> {
    /// Opens the fonts of the scene.
    pub(crate) fn open(scene: &'a Scene) -> Result<Self, Error> {
        let faces = scene.fonts.iter().map(Face::open).collect::<Result<_, _>>()?;
        Ok(Outlines { faces, read: HashMap::new() })
    }

    /// Returns the outlines of a whole line in pixels at `scale` pixels per point; `None` where nothing has ink.
    pub(crate) fn line(&mut self, text: &Text, scale: f64) -> Result<Option<Path>, Error> {
        let (sin, cos) = libm::sincos(text.rotation.to_radians());
        let mut line = PathBuilder::new();
        for run in &text.runs {
            let unit = text.size * scale / self.faces[run.font].units_per_em;
            for glyph in &run.glyphs {
                let x = (text.origin.x + glyph.x * cos - glyph.y * sin) * scale;
                let y = (text.origin.y + glyph.x * sin + glyph.y * cos) * scale;
                // Font units have y upwards, the page downwards: the second column is turned about.
                let [a, b] = [(unit * cos) as f32, (unit * sin) as f32];
                let place = Transform::from_row(a, b, b, -a, x as f32, y as f32);
                if let Some(path) = self.glyph(run.font, glyph.id)?.and_then(|path| path.transform(place)) {
                    line.push_path(&path);
                }
            }
        }
        Ok(line.finish())
    }

    fn glyph(&mut self, font: usize, id: u32) -> Result<Option<Path>, Error> {
        if let Some(path) = self.read.get(&(font, id)) {
            return Ok(path.clone());
        }
        let path = self.faces[font].outline(id)?;
        self.read.insert((font, id), path.clone());
        Ok(path)
    }
}

impl<'a> Face<'a> {
    fn open(font: &'a Font) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Font { family: font.family.clone(), reason };
        let file = FontRef::new(&font.data).map_err(|e| wrong(format!("the file cannot be read: {e}")))?;
        let metrics = file.metrics(Size::unscaled(), LocationRef::default());
        if metrics.units_per_em == 0 {
            return Err(wrong("the file has no units per em".to_owned()));
        }
        Ok(Face { font, outlines: file.outline_glyphs(), units_per_em: f64::from(metrics.units_per_em) })
    }

    fn outline(&self, id: u32) -> Result<Option<Path>, Error> {
        let wrong = |reason: String| Error::Font { family: self.font.family.clone(), reason };
        let glyph = self.outlines.get(GlyphId::new(id)).ok_or_else(|| wrong(format!("there is no glyph {id}")))?;
        let mut pen = Pen(PathBuilder::new());
        glyph
            .draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), &mut pen)
            .map_err(|e| wrong(format!("glyph {id} cannot be drawn: {e}")))?;
        Ok(pen.0.finish())
    }
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, cy0, cx1, cy1, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
