//! Paints a scene on a grid of pixels.

use flowatlas_model::{
    scene::{Raster, Scene, Shape, Stroke, Text},
    style::Color,
};
use kurbo::{BezPath, PathEl, Rect};
use tiny_skia::{
    ColorU8, FillRule, FilterQuality, IntSize, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PixmapPaint,
    StrokeDash, Transform,
};

use crate::{
    Error, Pixels,
    check::check,
    glyphs::Outlines,
    walk::{Step, walk},
};

/// The most pixels that a side of a picture may have.
pub const MAX_SIDE: u32 = 20_000;

/// The most pixels that a picture may have; 400 million take 1.6 GB while they are painted.
pub const MAX_PIXELS: u64 = 400_000_000;

/// Points in an inch.
const PT_PER_INCH: f64 = 72.0;

/// No line is painted thinner than this many pixels: below it, coverage alone would bleach a border away on screens.
const HAIRLINE_PX: f64 = 0.5;

/// Returns the scene as pixels at `dpi` pixels per inch; all of them are opaque where the paper is.
pub(crate) fn rasterise(scene: &Scene, dpi: f64) -> Result<Pixmap, Error> {
    check(scene)?;
    let (width, height) = pixel_size(scene, dpi)?;
    let too_large = || Error::PixelSize { width: f64::from(width), height: f64::from(height) };
    let pixmap = Pixmap::new(width, height).ok_or_else(too_large)?;
    let mut canvas = Canvas { pixmap, scale: dpi / PT_PER_INCH, outlines: Outlines::open(scene)? };
    canvas.pixmap.fill(tiny(scene.background));
    for step in walk(scene) {
        match step {
            Step::Open(_) | Step::Close => {}
            Step::Path(shape) => canvas.shape(shape),
            Step::Text(text) => canvas.text(text)?,
            Step::Raster(raster) => canvas.raster(raster),
        }
    }
    Ok(canvas.pixmap)
}

/// Returns width and height in whole pixels, at least 1 each.
pub(crate) fn pixel_size(scene: &Scene, dpi: f64) -> Result<(u32, u32), Error> {
    if !(dpi.is_finite() && dpi > 0.0) {
        return Err(Error::Resolution { dpi });
    }
    let pixels = |pt: f64| (pt * dpi / PT_PER_INCH).round().max(1.0);
    let (width, height) = (pixels(scene.width), pixels(scene.height));
    if width.max(height) > f64::from(MAX_SIDE) || width * height > MAX_PIXELS as f64 {
        return Err(Error::PixelSize { width, height });
    }
    Ok((width as u32, height as u32))
}

/// Returns a part of a picture, at the whole pixels nearest to the window.
pub(crate) fn cut(picture: &Pixmap, dpi: f64, window: Rect) -> Pixels {
    let scale = dpi / PT_PER_INCH;
    let side = |at: f64, most: u32| (at * scale).round().clamp(0.0, f64::from(most)) as usize;
    let (x, y) = (side(window.x0, picture.width()), side(window.y0, picture.height()));
    let (right, bottom) = (side(window.x1, picture.width()), side(window.y1, picture.height()));
    let row = |y: usize| &picture.pixels()[y * picture.width() as usize..][x..right];
    let plain = (y..bottom).flat_map(row).map(|pixel| pixel.demultiply());
    Pixels {
        size: [right - x, bottom - y],
        rgba: plain.flat_map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect(),
        window: Rect::new(x as f64 / scale, y as f64 / scale, right as f64 / scale, bottom as f64 / scale),
    }
}

struct Canvas<'a> {
    pixmap: Pixmap,
    /// Pixels per point.
    scale: f64,
    outlines: Outlines<'a>,
}

impl Canvas<'_> {
    fn shape(&mut self, shape: &Shape) {
        let Some(path) = scaled(&shape.path, self.scale) else { return };
        if let Some(color) = shape.fill {
            self.fill(&path, color);
        }
        if let Some(stroke) = &shape.stroke {
            self.stroke(&path, stroke.color, &pixel_stroke(stroke, self.scale));
        }
    }

    /// The halo lies under the whole line: a letter never loses an edge to the halo of its neighbour.
    fn text(&mut self, text: &Text) -> Result<(), Error> {
        let Some(path) = scaled(&self.outlines.line(text)?, self.scale) else { return Ok(()) };
        if let Some((color, reach)) = text.halo.filter(|(_, reach)| *reach > 0.0) {
            let stroke = Stroke { color, width: 2.0 * reach, dash: Vec::new(), round: true };
            self.stroke(&path, color, &pixel_stroke(&stroke, self.scale));
        }
        self.fill(&path, text.color);
        Ok(())
    }

    fn raster(&mut self, raster: &Raster) {
        let [width, height] = raster.size;
        let plain = raster.rgba.chunks_exact(4).map(|p| ColorU8::from_rgba(p[0], p[1], p[2], p[3]).premultiply());
        let data = plain.flat_map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect();
        let size = IntSize::from_wh(width as u32, height as u32);
        let Some(pixels) = size.and_then(|size| Pixmap::from_vec(data, size)) else { return };
        let (bounds, scale) = (raster.bounds, self.scale);
        let [across, down] =
            [bounds.width() * scale / width as f64, bounds.height() * scale / height as f64].map(|s| s as f32);
        let place = Transform::from_row(across, 0.0, 0.0, down, (bounds.x0 * scale) as f32, (bounds.y0 * scale) as f32);
        let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        self.pixmap.draw_pixmap(0, 0, pixels.as_ref(), &paint, place, None);
    }

    fn fill(&mut self, path: &Path, color: Color) {
        self.pixmap.fill_path(path, &paint(color), FillRule::Winding, Transform::identity(), None);
    }

    fn stroke(&mut self, path: &Path, color: Color, stroke: &tiny_skia::Stroke) {
        self.pixmap.stroke_path(path, &paint(color), stroke, Transform::identity(), None);
    }
}

/// Returns the stroke in pixels.
fn pixel_stroke(stroke: &Stroke, scale: f64) -> tiny_skia::Stroke {
    let (line_cap, line_join) =
        if stroke.round { (LineCap::Round, LineJoin::Round) } else { (LineCap::Butt, LineJoin::Miter) };
    tiny_skia::Stroke {
        width: (stroke.width * scale).max(HAIRLINE_PX) as f32,
        line_cap,
        line_join,
        dash: pixel_dash(&stroke.dash, scale),
        ..Default::default()
    }
}

/// Returns the dashes in pixels, read as SVG reads them: an odd list is repeated, all zeros make a solid line.
fn pixel_dash(dash: &[f64], scale: f64) -> Option<StrokeDash> {
    let repeats = if dash.len().is_multiple_of(2) { 1 } else { 2 };
    StrokeDash::new(dash.repeat(repeats).iter().map(|length| (length * scale) as f32).collect(), 0.0)
}

/// Returns the path in pixels; `None` where it has no extent that could be painted.
fn scaled(path: &BezPath, scale: f64) -> Option<Path> {
    let at = |p: kurbo::Point| ((p.x * scale) as f32, (p.y * scale) as f32);
    let mut out = PathBuilder::new();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                let (x, y) = at(p);
                out.move_to(x, y);
            }
            PathEl::LineTo(p) => {
                let (x, y) = at(p);
                out.line_to(x, y);
            }
            PathEl::QuadTo(c, p) => {
                let ((cx, cy), (x, y)) = (at(c), at(p));
                out.quad_to(cx, cy, x, y);
            }
            PathEl::CurveTo(c, d, p) => {
                let ((cx, cy), (dx, dy), (x, y)) = (at(c), at(d), at(p));
                out.cubic_to(cx, cy, dx, dy, x, y);
            }
            PathEl::ClosePath => out.close(),
        }
    }
    out.finish()
}

fn paint(color: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(tiny(color));
    paint
}

fn tiny(color: Color) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(color.r, color.g, color.b, color.a)
}

#[cfg(test)]
mod tests {
    use flowatlas_model::scene::Item;
    use kurbo::{Rect, Shape as _};

    use super::*;

    #[test]
    fn paint_that_is_half_clear_leaves_the_paper_opaque() {
        let white = Color { r: 255, g: 255, b: 255, a: 255 };
        let veil = |a| {
            let path = Rect::new(-5.0, 3.3, 12.7, 30.1).to_path(0.1);
            Item::Path(Shape { path, fill: Some(Color { r: 200, g: 10, b: 90, a }), stroke: None })
        };
        let scene = Scene {
            width: 20.0,
            height: 20.0,
            background: white,
            title: String::new(),
            description: String::new(),
            language: "en".into(),
            fonts: Vec::new(),
            items: (0..=255).map(veil).collect(),
        };
        let pixmap = rasterise(&scene, 100.0).unwrap();
        assert!(pixmap.data().chunks_exact(4).all(|rgba| rgba[3] == 255));
    }
}
