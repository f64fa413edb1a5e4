//! Symbols and their layers.

use flowatlas_model::style::Color;

use super::{
    expression::{color, mm},
    xml::{expressions, options},
};

/// A layer of a symbol: its class, its fixed options, its expressions, and the symbol inside it, if any.
pub(crate) struct SymbolLayer {
    pub(crate) class: &'static str,
    pub(crate) options: Vec<(&'static str, String)>,
    pub(crate) expressions: Vec<(&'static str, String)>,
    pub(crate) inner: Option<(&'static str, Box<SymbolLayer>)>,
}

impl SymbolLayer {
    fn xml(&self, name: &str, pass: usize) -> String {
        let inner = self.inner.as_ref().map(|(kind, layer)| symbol(&format!("@{name}"), kind, &[layer.as_ref()]));
        format!(
            "<layer class=\"{}\" enabled=\"1\" locked=\"0\" pass=\"{pass}\">\n{}{}{}</layer>\n",
            self.class,
            options(&self.options),
            expressions("data_defined_properties", &self.expressions),
            inner.unwrap_or_default()
        )
    }
}

/// Returns a symbol of these layers, from bottom to top; `kind` is `marker`, `line` or `fill`.
pub(crate) fn symbol(name: &str, kind: &str, layers: &[&SymbolLayer]) -> String {
    symbol_in_passes(name, kind, &[layers])
}

/// As [`symbol()`], of layers by the pass in which QGIS draws them where a renderer draws by [`Order::Passes`].
pub(crate) fn symbol_in_passes(name: &str, kind: &str, passes: &[&[&SymbolLayer]]) -> String {
    let layers = passes.iter().enumerate().flat_map(|(pass, layers)| layers.iter().map(move |layer| (pass, layer)));
    let layers: String = layers.enumerate().map(|(k, (pass, layer))| layer.xml(&format!("{name}@{k}"), pass)).collect();
    let name = super::xml::escaped(name);
    format!(
        "<symbol name=\"{name}\" type=\"{kind}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n{layers}</symbol>\n"
    )
}

/// Returns a filled area; a line of no width is none.
pub(crate) fn fill(inside: Option<Color>, line: Color, width: f64) -> SymbolLayer {
    let outline = if width > 0.0 { "solid" } else { "no" };
    SymbolLayer {
        class: "SimpleFill",
        options: vec![
            ("color", color(inside.unwrap_or(line))),
            ("style", if inside.is_some() { "solid" } else { "no" }.to_owned()),
            ("outline_color", color(line)),
            ("outline_style", outline.to_owned()),
            ("outline_width", mm(width)),
            ("outline_width_unit", "MM".to_owned()),
            ("joinstyle", "round".to_owned()),
        ],
        expressions: Vec::new(),
        inner: None,
    }
}

/// A circle.
pub(crate) struct Circle {
    pub(crate) inside: Color,
    pub(crate) line: Color,
    /// Width of the line in points.
    pub(crate) width: f64,
    /// Diameter in points where it is fixed.
    pub(crate) diameter: f64,
}

/// Returns a circle, of the diameter and the colour that expressions give, where there are any.
pub(crate) fn circle(circle: &Circle, diameter: Option<String>, fill: Option<String>) -> SymbolLayer {
    SymbolLayer {
        class: "SimpleMarker",
        options: vec![
            ("name", "circle".to_owned()),
            ("color", color(circle.inside)),
            ("outline_color", color(circle.line)),
            ("outline_width", mm(circle.width)),
            ("outline_width_unit", "MM".to_owned()),
            ("size", mm(circle.diameter)),
            ("size_unit", "MM".to_owned()),
        ],
        expressions: diameter.map(|d| ("size", d)).into_iter().chain(fill.map(|f| ("fillColor", f))).collect(),
        inner: None,
    }
}

/// Returns a half of a circle that fills the side which this angle from the north looks to, where the expression `drawn` is true.
pub(crate) fn half(circle: &Circle, angle: f64, diameter: String, drawn: String) -> SymbolLayer {
    let whole = self::circle(circle, Some(diameter), None);
    let options = whole.options.into_iter().map(|(key, value)| match key {
        "name" => (key, "semi_circle".to_owned()),
        _ => (key, value),
    });
    SymbolLayer {
        options: options.chain([("angle", angle.to_string())]).collect(),
        expressions: whole.expressions.into_iter().chain([("enabled", drawn)]).collect(),
        ..whole
    }
}

/// In which order features and the layers of their symbols are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// One feature after the other, each with all layers of its symbol.
    Features,
    /// One pass after the other, each with its layers of the symbols of all features.
    Passes,
}

impl Order {
    /// Returns the attribute of a renderer that says so.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Order::Features => "symbollevels=\"0\"",
            Order::Passes => "symbollevels=\"1\"",
        }
    }
}

/// Returns a renderer of categories: value, label, whether it is drawn, and the symbol of each.
pub(crate) struct Category {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) render: &'static str,
    pub(crate) symbol: String,
}

/// Returns the renderer that draws each feature as the category of this attribute or expression says.
pub(crate) fn categorized(attribute: &str, categories: &[Category]) -> String {
    categorized_in(Order::Features, attribute, categories)
}

/// As [`categorized()`], drawn in an order.
pub(crate) fn categorized_in(order: Order, attribute: &str, categories: &[Category]) -> String {
    let escaped = super::xml::escaped;
    let list: String = categories
        .iter()
        .enumerate()
        .map(|(k, c)| {
            format!(
                "<category value=\"{}\" symbol=\"{k}\" label=\"{}\" render=\"{}\"/>\n",
                escaped(&c.value),
                escaped(&c.label),
                c.render
            )
        })
        .collect();
    let symbols: String = categories.iter().map(|c| c.symbol.as_str()).collect();
    format!(
        "<renderer-v2 type=\"categorizedSymbol\" attr=\"{}\" {} forceraster=\"0\" enableorderby=\"0\">\n\
         <categories>\n{list}</categories>\n<symbols>\n{symbols}</symbols>\n</renderer-v2>\n",
        escaped(attribute),
        order.attribute()
    )
}
