//! Describes a scene in lines of text: what a reviewer reads when a map has changed.

use flowatlas_model::{
    scene::{Font, Group, Raster, Scene, Shape, Text},
    style::Color,
};
use kurbo::Shape as _;

use crate::{
    number::{number, numbers, path_data},
    walk::{Step, walk},
};

/// Returns the page and then one line per item in paint order, indented by group, rounded to 1/100 point.
///
/// A path gives its paint, its bounding box (left, top, right, bottom) and its data; a text its paint, its place,
/// its words and its glyphs. Two scenes with equal descriptions look the same.
pub fn describe(scene: &Scene) -> String {
    let mut lines = page(scene);
    let mut depth = 0;
    for step in walk(scene) {
        let line = match step {
            Step::Open(group) => describe_group(group),
            Step::Path(shape) => describe_path(shape),
            Step::Text(text) => describe_text(text, &scene.fonts),
            Step::Raster(raster) => describe_raster(raster),
            Step::Close => {
                depth -= 1;
                continue;
            }
        };
        lines.push(format!("{}{line}", "  ".repeat(depth)));
        depth += usize::from(matches!(step, Step::Open(_)));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn page(scene: &Scene) -> Vec<String> {
    vec![
        format!("page {} {} paper {}", number(scene.width), number(scene.height), color(scene.background)),
        format!("title {}", quoted(&scene.title)),
        format!("description {}", quoted(&scene.description)),
        format!("language {}", quoted(&scene.language)),
    ]
}

fn describe_group(group: &Group) -> String {
    let mut line = format!("group {}", quoted(&group.name));
    for (key, value) in &group.data {
        line.push_str(&format!(" {key}={}", quoted(value)));
    }
    if !group.title.is_empty() {
        line.push_str(&format!(" title {}", quoted(&group.title)));
    }
    line
}

fn describe_path(shape: &Shape) -> String {
    let mut line = "path".to_owned();
    if let Some(fill) = shape.fill {
        line.push_str(&format!(" fill {}", color(fill)));
    }
    if let Some(stroke) = &shape.stroke {
        line.push_str(&format!(" stroke {} width {}", color(stroke.color), number(stroke.width)));
        line.push_str(if stroke.round { " round" } else { "" });
        if !stroke.dash.is_empty() {
            line.push_str(&format!(" dash {}", numbers(&stroke.dash)));
        }
    }
    let bounds = shape.path.bounding_box();
    line.push_str(&format!(" box {}", numbers(&[bounds.x0, bounds.y0, bounds.x1, bounds.y1])));
    line + " d " + &path_data(&shape.path)
}

fn describe_text(text: &Text, fonts: &[Font]) -> String {
    let mut line = format!("text {} color {}", quoted(&text.content), color(text.color));
    if let Some((halo, reach)) = text.halo {
        line.push_str(&format!(" halo {} {}", color(halo), number(reach)));
    }
    line.push_str(&format!(" at {} turn {}", numbers(&[text.origin.x, text.origin.y]), number(text.rotation)));
    line.push_str(&format!(" size {} spacing {}", number(text.size), number(text.letter_spacing)));
    line.push_str(&format!(" advance {}", number(text.advance)));
    for run in &text.runs {
        line.push_str(&format!(" font {}", fonts.get(run.font).map_or("missing".to_owned(), font_name)));
        for glyph in &run.glyphs {
            line.push_str(&format!(" {}@{},{}", glyph.id, number(glyph.x), number(glyph.y)));
        }
    }
    line
}

/// Returns the place and the size of a raster, and the sum of its bytes in place of its pixels.
fn describe_raster(raster: &Raster) -> String {
    let b = raster.bounds;
    let sum: u64 = raster.rgba.iter().map(|byte| u64::from(*byte)).sum();
    let [width, height] = raster.size;
    format!("raster box {} pixels {width} {height} sum {sum}", numbers(&[b.x0, b.y0, b.x1, b.y1]))
}

fn font_name(font: &Font) -> String {
    format!("{} {}{}", quoted(&font.family), font.weight, if font.italic { " italic" } else { "" })
}

fn color(color: Color) -> String {
    color.into()
}

/// Returns the words in quotation marks on one line.
fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace(['\n', '\r'], " "))
}
