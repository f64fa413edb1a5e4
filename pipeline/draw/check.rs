//! Refuses scenes whose numbers cannot be drawn, before a writer turns them into a wrong picture.

use flowatlas_model::scene::{Raster, Scene, Shape, Text};
use kurbo::{PathEl, Point};

use crate::{
    Error,
    walk::{Step, walk},
};

const FINITE: &str = "a finite number";
const POSITIVE: &str = "a finite number above 0";
const NOT_NEGATIVE: &str = "a finite number, at least 0";

/// Checks every number and font reference of the scene.
pub(crate) fn check(scene: &Scene) -> Result<(), Error> {
    let page = || "page".to_owned();
    positive(scene.width, "width", &page)?;
    positive(scene.height, "height", &page)?;
    let mut group = "";
    for (position, step) in walk(scene).enumerate() {
        match step {
            Step::Open(g) if !g.name.is_empty() => group = &g.name,
            Step::Open(_) | Step::Close => {}
            Step::Path(shape) => check_shape(shape, &|| format!("path at step {position}, group \"{group}\""))?,
            Step::Text(text) => check_text(text, scene.fonts.len())?,
            Step::Raster(raster) => check_raster(raster)?,
        }
    }
    Ok(())
}

fn check_shape(shape: &Shape, name: &dyn Fn() -> String) -> Result<(), Error> {
    for element in shape.path.elements() {
        check_element(*element, name)?;
    }
    let Some(stroke) = &shape.stroke else { return Ok(()) };
    not_negative(stroke.width, "stroke width", name)?;
    stroke.dash.iter().try_for_each(|length| not_negative(*length, "dash length", name))
}

fn check_element(element: PathEl, name: &dyn Fn() -> String) -> Result<(), Error> {
    let points: &[Point] = match element {
        PathEl::MoveTo(a) | PathEl::LineTo(a) => &[a],
        PathEl::QuadTo(a, b) => &[a, b],
        PathEl::CurveTo(a, b, c) => &[a, b, c],
        PathEl::ClosePath => &[],
    };
    points.iter().try_for_each(|p| point(*p, name))
}

fn check_raster(raster: &Raster) -> Result<(), Error> {
    let name = || "raster".to_owned();
    point(raster.bounds.origin(), &name)?;
    positive(raster.bounds.width(), "width", &name)?;
    positive(raster.bounds.height(), "height", &name)?;
    let [width, height] = raster.size.map(|side| side as f64);
    positive(width.min(height), "pixels of a side", &name)?;
    let bytes = raster.rgba.len() as f64;
    holds(bytes == 4.0 * width * height, bytes, ("bytes", "four for each pixel"), &name)
}

fn check_text(text: &Text, fonts: usize) -> Result<(), Error> {
    let name = || format!("text \"{}\"", text.content);
    point(text.origin, &name)?;
    finite(text.rotation, "rotation", &name)?;
    positive(text.size, "size", &name)?;
    finite(text.letter_spacing, "letter spacing", &name)?;
    not_negative(text.advance, "advance", &name)?;
    not_negative(text.halo.map_or(0.0, |(_, reach)| reach), "halo", &name)?;
    for run in &text.runs {
        if run.font >= fonts {
            return Err(Error::NoSuchFont { text: text.content.clone(), font: run.font, count: fonts });
        }
        run.glyphs.iter().try_for_each(|glyph| point(Point::new(glyph.x, glyph.y), &name))?;
    }
    Ok(())
}

fn point(p: Point, name: &dyn Fn() -> String) -> Result<(), Error> {
    finite(p.x, "x", name)?;
    finite(p.y, "y", name)
}

fn finite(found: f64, field: &'static str, name: &dyn Fn() -> String) -> Result<(), Error> {
    holds(found.is_finite(), found, (field, FINITE), name)
}

fn positive(found: f64, field: &'static str, name: &dyn Fn() -> String) -> Result<(), Error> {
    holds(found.is_finite() && found > 0.0, found, (field, POSITIVE), name)
}

fn not_negative(found: f64, field: &'static str, name: &dyn Fn() -> String) -> Result<(), Error> {
    holds(found.is_finite() && found >= 0.0, found, (field, NOT_NEGATIVE), name)
}

fn holds(
    good: bool,
    found: f64,
    (field, expected): (&'static str, &'static str),
    name: &dyn Fn() -> String,
) -> Result<(), Error> {
    if good { Ok(()) } else { Err(Error::Number { item: name(), field, found, expected }) }
}
