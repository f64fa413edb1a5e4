//! QGIS expressions for what the figure computes: widths, radii, colours. Lengths are millimetres.

use std::borrow::Cow;

use flowatlas_model::{
    look::{Symbols, Widths},
    style::{Color, FlowStyle},
    units::Mm,
};

/// Returns a length in points as millimetres, without needless digits.
pub(crate) fn mm(points: f64) -> String {
    number((Mm::from_pt(points).0 * 1e4).round() / 1e4)
}

/// Returns a number as expressions take it.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// Returns a text as expressions take it.
pub(crate) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Returns text as it must stand where QGIS looks for expressions between `[%` and `%]`, in labels and legends of layouts, to show as it
/// is.
pub(crate) fn literal(text: &str) -> Cow<'_, str> {
    match text.contains("[%") {
        true => text.replace("[%", "[% '[' %]%").into(),
        false => text.into(),
    }
}

/// Returns the name of a column as expressions take it.
pub(crate) fn column(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns a colour as symbols take it.
pub(crate) fn color(color: Color) -> String {
    let Color { r, g, b, a } = color;
    format!("{r},{g},{b},{a}")
}

/// Returns the width of a flow.
pub(crate) fn width(widths: &Widths) -> String {
    match widths {
        Widths::Uniform(width) => mm(*width),
        Widths::Proportional { min, largest, .. } => {
            let (largest, widest) = (number(*largest), mm(widths.widest()));
            format!("max({}, coalesce(\"weight\", 0) / {largest} * {widest})", mm(*min))
        }
        Widths::Classes(widths) => {
            let last = mm(widths.last().copied().unwrap_or(1.0));
            let class = |(k, width): (usize, &f64)| format!("WHEN \"weight\" < {} THEN {} ", k + 2, mm(*width));
            let classes: String = widths.iter().enumerate().take(widths.len().saturating_sub(1)).map(class).collect();
            if classes.is_empty() { last } else { format!("CASE {classes}ELSE {last} END") }
        }
    }
}

/// Returns the length and the width of a head; no head is longer than its share of the flow.
pub(crate) fn head(style: &FlowStyle, width: &str) -> (String, String) {
    let arrow = &style.arrow;
    let full = format!("({} + {} * {width})", mm(arrow.length_base), number(arrow.length_factor));
    let length = format!("min({full}, {} * coalesce(\"length_mm\", 1000))", number(arrow.max_share));
    let barbs = format!("({} + {} * {width})", mm(2.0 * arrow.barb_base), number(2.0 * arrow.barb_factor));
    let across = format!("{width} + {barbs} * {length} / {full}");
    (length, across)
}

/// Which flows are paler than others, and by what share of the casing.
pub(crate) struct Paler {
    pub(crate) condition: String,
    pub(crate) share: f64,
}

/// Returns the shade of a colour, with opacity; `None` where all flows have one shade.
pub(crate) fn shade(
    style: &FlowStyle,
    widths: &Widths,
    base: Color,
    (unknown, paler): (Option<Color>, Option<&Paler>),
) -> Option<String> {
    let opaque = |c: Color| format!("'{},{},{}'", c.r, c.g, c.b);
    let with_alpha = |rgb: String| format!("set_color_part({rgb}, 'alpha', {})", (style.opacity * 255.0).round());
    let shaded = format!(
        "color_mix_rgb({}, {}, {} * (1 - sqrt(min(1, ({}) / {}))))",
        opaque(base),
        opaque(style.casing),
        number(style.fade),
        width(widths),
        mm(widths.widest())
    );
    let known = if style.fade > 0.0 { shaded } else { opaque(base) };
    if unknown.is_none() && paler.is_none() && style.fade == 0.0 {
        return None;
    }
    let full = match unknown {
        None => known,
        Some(unknown) => format!("if(\"weight\" IS NULL, {}, {known})", opaque(unknown)),
    };
    Some(with_alpha(match paler {
        None => full,
        Some(Paler { condition, share }) => {
            format!("if({condition}, color_mix_rgb({full}, {}, {}), {full})", opaque(style.casing), number(*share))
        }
    }))
}

/// Returns the diameter of the whole circle of a place.
pub(crate) fn diameter(symbols: Symbols) -> String {
    match symbols {
        Symbols::Fixed(radius) => mm(2.0 * radius),
        Symbols::ByTotal { max, min, largest, .. } => grown("\"total\"", [min, max], largest),
    }
}

/// Returns the diameter of a circle or half whose area grows with a value, between these radii.
pub(crate) fn grown(value: &str, [min, max]: [f64; 2], largest: f64) -> String {
    let (min, max) = (mm(2.0 * min), mm(2.0 * max));
    format!("max({min}, {max} * sqrt(coalesce({value}, 0) / {}))", number(largest))
}
