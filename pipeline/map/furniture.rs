//! What stands around the map: title and subtitle above, notes and sources below, the scale bar in a corner.

use flowatlas_model::{
    Coordinates, Style,
    scene::{Item, Shape, Stroke},
    units::Mm,
};
use geo::line_measures::{Distance, Haversine};
use kurbo::{BezPath, Point, Rect, Size};

use crate::{
    block::{Block, Paragraph},
    panel::Panel,
    spec::MapSpec,
    text::{Ink, Type, Typesetter},
    words::Words,
};

/// Variation of the scale across the frame above which a scale bar would lie.
const SCALE_TOLERANCE: f64 = 0.05;
/// Desired length of the scale bar as a share of the panel's width.
const BAR_SHARE: f64 = 0.16;

/// Returns title and subtitle as a block of this width.
pub fn header(spec: &MapSpec, style: &Style, set: &mut Typesetter, width: f64) -> Block {
    let mut block = Block::default();
    let text = &style.text;
    if !spec.title.is_empty() {
        let ink = Ink::plain(text.color);
        block.push_balanced(set, Paragraph { words: &spec.title, kind: Type::bold(text.title), ink, width }, 0.0);
    }
    if !spec.subtitle.is_empty() {
        let gap = if block.items.is_empty() { 0.0 } else { 0.45 * text.subtitle };
        let ink = Ink::plain(text.quiet);
        block.push_balanced(
            set,
            Paragraph { words: &spec.subtitle, kind: Type::regular(text.subtitle), ink, width },
            gap,
        );
    }
    block
}

/// Returns the paragraphs at the foot as a block of this width.
pub fn footer(paragraphs: &[String], style: &Style, set: &mut Typesetter, width: f64) -> Block {
    let mut block = Block::default();
    let kind = Type::regular(style.text.note);
    let ink = Ink::plain(style.text.quiet);
    for (k, words) in paragraphs.iter().filter(|p| !p.is_empty()).enumerate() {
        let gap = if k == 0 { 0.0 } else { 0.55 * style.text.note };
        block.push_paragraph(set, Paragraph { words, kind, ink, width }, gap);
    }
    block
}

/// Returns the source line: citations, basis and period.
pub fn source_line(spec: &MapSpec, words: Words) -> String {
    let facts: Vec<&str> =
        [&spec.basis, &spec.period].into_iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    match (spec.sources.is_empty(), facts.is_empty()) {
        (true, true) => String::new(),
        (true, false) => sentence(&facts.join(", ")),
        (false, true) => format!("{} {}", words.source(spec.sources.len()), sentence(&spec.sources.join("; "))),
        (false, false) => format!(
            "{} {} {}",
            words.source(spec.sources.len()),
            sentence(&spec.sources.join("; ")),
            sentence(&facts.join(", "))
        ),
    }
}

/// Returns the words with a capital and a full stop.
fn sentence(words: &str) -> String {
    let stop = if words.trim_end().ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{stop}", capitalised(words.trim()))
}

/// Returns the words with a capital at their head.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// Returns a scale bar, or `None` where no one length holds across the panel.
pub fn scale_bar(
    panel: &Panel,
    coordinates: Coordinates,
    style: &Style,
    set: &mut Typesetter,
    words: Words,
) -> Option<Block> {
    if coordinates == Coordinates::Planar {
        return None;
    }
    let metres_per_point = constant_scale(panel)?;
    let wished = BAR_SHARE * panel.rect.width() * metres_per_point / 1000.0;
    let kilometres = crate::scale::round_values(wished, 0.0, 1, 1.0).first().copied()?;
    let length = kilometres * 1000.0 / metres_per_point;
    let mut block = Block::default();
    let told = match kilometres < 1.0 {
        true => format!("{} m", words.number(1000.0 * kilometres)),
        false => format!("{} km", words.number(kilometres)),
    };
    let line = set.line(&told, Type::regular(style.text.note));
    block.push_line(line, Ink { color: style.text.quiet, halo: None }, 0.0);
    let mut path = BezPath::new();
    crate::land::append(&mut path, &[(0.0, 0.0), (0.0, 3.0), (length, 3.0), (length, 0.0)].map(Point::from));
    let stroke = Stroke { color: style.text.quiet, width: 0.6, dash: Vec::new(), round: false };
    block.push_items(vec![Item::Path(Shape { path, fill: None, stroke: Some(stroke) })], Size::new(length, 3.3), 1.6);
    Some(block)
}

/// Returns metres on the ground for one point on the page, where it is the same across the panel to within 5 %.
fn constant_scale(panel: &Panel) -> Option<f64> {
    const GRID: usize = 5;
    const PROBE: f64 = 6.0;
    let (mut least, mut most, mut sum) = (f64::INFINITY, 0.0_f64, 0.0);
    for row in 0..GRID {
        for column in 0..GRID {
            let part = |k: usize| (k as f64 + 0.5) / GRID as f64;
            let at = Point::new(
                panel.rect.x0 + part(column) * panel.rect.width(),
                panel.rect.y0 + part(row) * panel.rect.height(),
            );
            for to in [at + (PROBE, 0.0), at + (0.0, PROBE)] {
                let (a, b) = (panel.unproject(at)?, panel.unproject(to)?);
                let metres = Haversine.distance(a.into(), b.into()) / PROBE;
                least = least.min(metres);
                most = most.max(metres);
                sum += metres;
            }
        }
    }
    (most <= least * (1.0 + 2.0 * SCALE_TOLERANCE)).then_some(sum / (2 * GRID * GRID) as f64)
}

/// Returns the page margin in points.
pub fn margin(style: &Style) -> f64 {
    Mm(style.page.margin_mm).to_pt()
}

/// Returns the line around a frame or window.
pub fn frame_line(rect: Rect, style: &Style) -> Option<Item> {
    if style.page.frame_width <= 0.0 {
        return None;
    }
    let stroke = Stroke { color: style.page.frame, width: style.page.frame_width, dash: Vec::new(), round: false };
    Some(Item::Path(Shape { path: crate::land::closed(&crate::land::corners(rect)), fill: None, stroke: Some(stroke) }))
}
