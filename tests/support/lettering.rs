//! Lines of text without a shaper: one glyph per letter at its own advance, from the bundled fonts.

use flowatlas_model::{
    scene::{Font, Glyph, GlyphRun, Text},
    style::Color,
};
use kurbo::Point;
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
};

/// Returns the fonts that [`line`] takes its letters from: Noto Sans Regular and Bold.
pub fn fonts() -> Vec<Font> {
    let font = |weight, data: &[u8]| Font {
        family: "Noto Sans".into(),
        weight,
        italic: false,
        data: data.into(),
        index: 0,
        variations: Vec::new(),
    };
    vec![
        font(400, include_bytes!("../../styles/fonts/NotoSans-Regular.ttf")),
        font(700, include_bytes!("../../styles/fonts/NotoSans-Bold.ttf")),
    ]
}

/// Returns a dark line of regular text without halo whose baseline starts at `origin`.
pub fn line(words: &str, origin: impl Into<Point>, size: f64) -> Text {
    let font = FontRef::new(include_bytes!("../../styles/fonts/NotoSans-Regular.ttf")).unwrap();
    let widths = font.glyph_metrics(Size::new(size as f32), LocationRef::default());
    let mut advance = 0.0;
    let mut glyphs = Vec::new();
    for (start, letter) in words.char_indices() {
        let id = font.charmap().map(letter).unwrap_or_default();
        glyphs.push(Glyph { id: id.to_u32(), x: advance, y: 0.0, start });
        advance += f64::from(widths.advance_width(id).unwrap());
    }
    Text {
        content: words.into(),
        origin: origin.into(),
        rotation: 0.0,
        size,
        letter_spacing: 0.0,
        color: Color { r: 0x22, g: 0x22, b: 0x22, a: 255 },
        halo: None,
        advance,
        runs: vec![GlyphRun { font: 0, glyphs }],
    }
}
