//! Glyph outlines of the scene's own fonts, unhinted, each read once.

use std::collections::{HashMap, hash_map::Entry};

use flowatlas_model::scene::{Font, Scene, Text};
use kurbo::{Affine, BezPath, Point};
use skrifa::{
    FontRef, GlyphId, MetadataProvider, Tag,
    instance::{Location, LocationRef, Size},
    outline::{DrawSettings, OutlineGlyphCollection, OutlinePen},
};

use crate::Error;

/// The outlines of the fonts of one scene.
pub(crate) struct Outlines<'a> {
    faces: Vec<Face<'a>>,
    /// In font units, y upwards; empty for a glyph without ink, such as the space.
    read: HashMap<(usize, u32), BezPath>,
}

struct Face<'a> {
    font: &'a Font,
    outlines: OutlineGlyphCollection<'a>,
    units_per_em: f64,
    location: Location,
}

impl<'a> Outlines<'a> {
    /// Opens the fonts of the scene.
    pub(crate) fn open(scene: &'a Scene) -> Result<Self, Error> {
        let faces = scene.fonts.iter().map(Face::open).collect::<Result<_, _>>()?;
        Ok(Outlines { faces, read: HashMap::new() })
    }

    /// Returns the outlines of a whole line on the page in points; empty where nothing has ink.
    pub(crate) fn line(&mut self, text: &Text) -> Result<BezPath, Error> {
        let (sin, cos) = libm::sincos(text.rotation.to_radians());
        let turn = Affine::new([cos, sin, -sin, cos, text.origin.x, text.origin.y]);
        let mut line = BezPath::new();
        for run in &text.runs {
            let unit = text.size / self.faces[run.font].units_per_em;
            for glyph in &run.glyphs {
                // Font units have y upwards, the page downwards.
                let place = turn * Affine::new([unit, 0.0, 0.0, -unit, glyph.x, glyph.y]);
                line.extend(place * self.glyph(run.font, glyph.id)?);
            }
        }
        Ok(line)
    }

    fn glyph(&mut self, font: usize, id: u32) -> Result<&BezPath, Error> {
        match self.read.entry((font, id)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(self.faces[font].outline(id)?)),
        }
    }
}

impl<'a> Face<'a> {
    fn open(font: &'a Font) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Font { family: font.family.clone(), reason };
        let file =
            FontRef::from_index(&font.data, font.index).map_err(|e| wrong(format!("the file cannot be read: {e}")))?;
        let metrics = file.metrics(Size::unscaled(), LocationRef::default());
        if metrics.units_per_em == 0 {
            return Err(wrong("the file has no units per em".to_owned()));
        }
        let location = file.axes().location(font.variations.iter().map(|(axis, at)| (Tag::new(axis), *at)));
        Ok(Face { font, outlines: file.outline_glyphs(), units_per_em: f64::from(metrics.units_per_em), location })
    }

    fn outline(&self, id: u32) -> Result<BezPath, Error> {
        let wrong = |reason: String| Error::Font { family: self.font.family.clone(), reason };
        let glyph = self.outlines.get(GlyphId::new(id)).ok_or_else(|| wrong(format!("there is no glyph {id}")))?;
        let mut pen = Pen(BezPath::new());
        glyph
            .draw(DrawSettings::unhinted(Size::unscaled(), &self.location), &mut pen)
            .map_err(|e| wrong(format!("glyph {id} cannot be drawn: {e}")))?;
        Ok(pen.0)
    }
}

struct Pen(BezPath);

fn at(x: f32, y: f32) -> Point {
    Point::new(f64::from(x), f64::from(y))
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(at(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(at(cx, cy), at(x, y));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.curve_to(at(cx0, cy0), at(cx1, cy1), at(x, y));
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}
