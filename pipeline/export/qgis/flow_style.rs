//! Flows: lines as wide as their weight, with slim heads at the edge of their destination's symbol.

use flowatlas_model::{
    Look, Style,
    look::{FlowColors, KindLook},
    style::{Color, LookStyle},
};

use super::{
    Drawn,
    expression::{self, Paler},
    symbol::{Category, Order, SymbolLayer, categorized_in, symbol, symbol_in_passes},
};

/// The last piece of a line that the antimeridian cuts carries the head.
const LAST: &str = "@geometry_part_num = @geometry_part_count";
/// The first piece begins at the origin's symbol.
const FIRST: &str = "@geometry_part_num = 1";

/// Width in points of the lines that legends show for a colour.
const SAMPLE: f64 = 1.8;

/// Returns the renderer of the flows. Those of trees lie side by side in trunks: all casings are drawn beneath all flows.
pub(crate) fn renderer(drawn: Drawn<'_>) -> String {
    if drawn.look.trunks.is_none() {
        return ordered(drawn, Order::Features);
    }
    let (look, style) = unseamed(drawn);
    ordered(Drawn { look: &look, style: &style }, Order::Passes)
}

/// Returns the look and the style in which flows are opaque and of one shade, so that those side by side leave no trace of where
/// they touch.
fn unseamed(drawn: Drawn<'_>) -> (Look, Style) {
    let (mut look, mut style) = (drawn.look.clone(), drawn.style.clone());
    let (casing, pale) = (style.flows.casing, 1.0 - style.flows.opacity);
    let mixed = |color: &mut Color| *color = color.mix(casing, pale);
    match &mut look.colors {
        FlowColors::One(color) => mixed(color),
        FlowColors::Ends { from, to, .. } => [from, to].into_iter().for_each(|end| mixed(&mut end.1)),
        FlowColors::Kinds(kinds) | FlowColors::Groups(kinds) => {
            kinds.iter_mut().for_each(|kind| mixed(&mut kind.look.color));
        }
    }
    look.unknown.iter_mut().for_each(mixed);
    mixed(&mut style.flows.unsorted.color);
    (style.flows.opacity, style.flows.fade) = (1.0, 0.0);
    (look, style)
}

fn ordered(drawn: Drawn<'_>, order: Order) -> String {
    let solid = |color: Color| LookStyle { color, dash: Vec::new() };
    let category = |k: usize, value: &str, label: &str, look: &LookStyle| Category {
        value: value.to_owned(),
        label: label.to_owned(),
        render: "true",
        symbol: line(drawn, &k.to_string(), (look, order)),
    };
    let (column, kinds) = match &drawn.look.colors {
        FlowColors::One(color) => {
            let symbol = line(drawn, "0", (&solid(*color), order));
            return format!(
                "<renderer-v2 type=\"singleSymbol\" {} forceraster=\"0\" enableorderby=\"0\">\n\
                 <symbols>\n{symbol}</symbols>\n</renderer-v2>\n",
                order.attribute()
            );
        }
        FlowColors::Ends { hub, from, to } => {
            let out = format!("if(\"origin\" = {}, 'from', 'to')", expression::text(hub));
            return categorized_in(
                order,
                &out,
                &[category(0, "from", &from.0, &solid(from.1)), category(1, "to", &to.0, &solid(to.1))],
            );
        }
        FlowColors::Kinds(kinds) => ("kind", kinds),
        FlowColors::Groups(groups) => ("group", groups),
    };
    let known =
        |(k, kind): (usize, &KindLook)| category(k, kind.kind.as_deref().unwrap_or_default(), &kind.label, &kind.look);
    let mut categories: Vec<Category> = kinds.iter().enumerate().map(known).collect();
    // What a user adds later, or leaves empty, is drawn too.
    if kinds.iter().all(|kind| kind.kind.is_some()) {
        categories.push(category(kinds.len(), "", "", &drawn.style.flows.unsorted));
    }
    categorized_in(order, column, &categories)
}

/// Returns the symbol of a flow: casing of line and head beneath, then line and head.
fn line(drawn: Drawn<'_>, name: &str, (look, order): (&LookStyle, Order)) -> String {
    let style = &drawn.style.flows;
    let mut beneath = Vec::new();
    if style.casing_width > 0.0 {
        beneath.push(casing(drawn));
        beneath.push(head(drawn, style.casing, 2.0 * style.casing_width));
    }
    let mut flow: Vec<SymbolLayer> = edge(drawn, look).into_iter().collect();
    flow.push(shaft(drawn, look));
    flow.push(head(drawn, look.color.with_opacity(style.opacity), 0.0));
    let (beneath, flow): (Vec<_>, Vec<_>) = (beneath.iter().collect(), flow.iter().collect());
    match order {
        Order::Features => symbol(name, "line", &[beneath, flow].concat()),
        Order::Passes => symbol_in_passes(name, "line", &[&beneath, &flow]),
    }
}

fn width(drawn: Drawn<'_>) -> String {
    expression::width(&drawn.look.widths)
}

/// The flows that the data doubt.
const UNCERTAIN: &str = "coalesce(\"uncertain\", false)";

/// Which flows are hollow, and the width in points of the line around them.
struct Hollow {
    condition: String,
    edge: f64,
}

/// Returns which flows are hollow; none where colours and dashes tell kinds.
fn hollow(drawn: Drawn<'_>) -> Option<Hollow> {
    let look = drawn.look.uncertain.as_ref().filter(|_| !matches!(drawn.look.colors, FlowColors::Kinds(_)))?;
    let condition = format!("{UNCERTAIN} AND ({}) >= {}", width(drawn), expression::mm(look.hollow_from));
    Some(Hollow { condition, edge: look.edge })
}

/// Returns which flows are pale: the hollow ones, or all uncertain ones among kinds.
fn paler(drawn: Drawn<'_>) -> Option<Paler> {
    let share = drawn.look.uncertain.as_ref()?.paler;
    Some(Paler { condition: hollow(drawn).map_or_else(|| UNCERTAIN.to_owned(), |hollow| hollow.condition), share })
}

/// Returns the line that shows around a hollow flow.
fn edge(drawn: Drawn<'_>, look: &LookStyle) -> Option<SymbolLayer> {
    let color = edge_color(drawn, &hollow(drawn)?, look.color);
    let mut expressions = trims(drawn);
    expressions.extend([("outlineWidth", width(drawn)), ("outlineColor", color)]);
    let clear = Color { a: 0, ..look.color };
    Some(SymbolLayer { class: "SimpleLine", options: plain(clear, SAMPLE), expressions, inner: None })
}

/// Returns the colour of the line around a hollow flow, that of a flow which is not pale; around others it is not seen.
fn edge_color(drawn: Drawn<'_>, hollow: &Hollow, color: Color) -> String {
    let flows = &drawn.style.flows;
    let shade = expression::shade(flows, &drawn.look.widths, color, (unknown(drawn), None));
    let full = shade.unwrap_or_else(|| format!("'{}'", expression::color(color.with_opacity(flows.opacity))));
    format!("if({}, {full}, '0,0,0,0')", hollow.condition)
}

fn trims(drawn: Drawn<'_>) -> Vec<(&'static str, String)> {
    let (length, _) = expression::head(&drawn.style.flows, &format!("({})", width(drawn)));
    vec![
        ("trimStart", format!("if({FIRST}, coalesce(\"start_mm\", 0), 0)")),
        ("trimEnd", format!("if({LAST}, coalesce(\"end_mm\", 0) + {length} * 0.98, 0)")),
    ]
}

fn plain(color: Color, width: f64) -> Vec<(&'static str, String)> {
    vec![
        ("line_color", expression::color(color)),
        ("line_width", expression::mm(width)),
        ("line_width_unit", "MM".to_owned()),
        ("capstyle", "flat".to_owned()),
        ("joinstyle", "round".to_owned()),
    ]
}

fn casing(drawn: Drawn<'_>) -> SymbolLayer {
    let style = &drawn.style.flows;
    let mut expressions = trims(drawn);
    expressions.push(("outlineWidth", format!("{} + {}", width(drawn), expression::mm(2.0 * style.casing_width))));
    let options = plain(style.casing, SAMPLE + 2.0 * style.casing_width);
    SymbolLayer { class: "SimpleLine", options, expressions, inner: None }
}

fn shaft(drawn: Drawn<'_>, look: &LookStyle) -> SymbolLayer {
    let style = &drawn.style.flows;
    let mut options = plain(look.color.with_opacity(style.opacity), SAMPLE);
    let mut expressions = trims(drawn);
    expressions.extend(shade(drawn, look.color).map(|shade| ("outlineColor", shade)));
    match hollow(drawn) {
        None => expressions.push(("outlineWidth", width(drawn))),
        Some(Hollow { condition, edge }) => {
            let narrower = format!("{} - if({condition}, {}, 0)", width(drawn), expression::mm(2.0 * edge));
            // What is too thin to be hollow is dashed.
            let dashed = format!("if({UNCERTAIN} AND NOT ({condition}), 'dash', 'solid')");
            expressions.extend([("outlineWidth", narrower), ("outlineStyle", dashed)]);
        }
    }
    if !look.dash.is_empty() {
        // Dashes of hairlines stay long enough to be seen, as in the figure.
        let unit = format!("max({}, {})", width(drawn), expression::mm(0.8));
        let parts: Vec<String> = look.dash.iter().map(|d| format!("{} * {unit}", expression::number(*d))).collect();
        let fixed: Vec<String> = look.dash.iter().map(|d| expression::mm(*d)).collect();
        options.extend([
            ("use_custom_dash", "1".to_owned()),
            ("customdash", fixed.join(";")),
            ("customdash_unit", "MM".to_owned()),
        ]);
        expressions.push(("customDash", format!("concat({})", parts.join(", ';', "))));
    }
    SymbolLayer { class: "SimpleLine", options, expressions, inner: None }
}

fn shade(drawn: Drawn<'_>, color: Color) -> Option<String> {
    expression::shade(&drawn.style.flows, &drawn.look.widths, color, (unknown(drawn), paler(drawn).as_ref()))
}

fn unknown(drawn: Drawn<'_>) -> Option<Color> {
    drawn.look.unknown.filter(|_| matches!(drawn.look.colors, FlowColors::One(_)))
}

/// Returns the head, with its tip at the edge of the destination's symbol. `line` is the width in points of the line
/// around it, in its own colour.
fn head(drawn: Drawn<'_>, color: Color, line: f64) -> SymbolLayer {
    let (length, across) = expression::head(&drawn.style.flows, &format!("({})", width(drawn)));
    let mut expressions =
        vec![("width", format!("if({LAST}, {across}, 0)")), ("height", format!("if({LAST}, {length}, 0)"))];
    if line == 0.0 {
        let opaque = Color { a: 255, ..color };
        expressions.extend(shade(drawn, opaque).map(|shade| ("fillColor", shade)));
    }
    let hollow = hollow(drawn).filter(|_| line == 0.0);
    let edge = hollow.as_ref().map_or(line, |hollow| hollow.edge);
    let opaque = Color { a: 255, ..color };
    expressions.extend(hollow.map(|hollow| ("outlineColor", edge_color(drawn, &hollow, opaque))));
    let triangle = SymbolLayer {
        class: "EllipseMarker",
        options: vec![
            ("symbol_name", "triangle".to_owned()),
            // Triangles point up and turn against the clock; lines run to the right.
            ("angle", "270".to_owned()),
            ("color", expression::color(color)),
            ("outline_color", expression::color(color)),
            ("outline_style", if edge > 0.0 { "solid" } else { "no" }.to_owned()),
            ("outline_width", expression::mm(edge)),
            ("outline_width_unit", "MM".to_owned()),
            ("joinstyle", "round".to_owned()),
            ("symbol_width", "2".to_owned()),
            ("symbol_width_unit", "MM".to_owned()),
            ("symbol_height", "3".to_owned()),
            ("symbol_height_unit", "MM".to_owned()),
        ],
        expressions,
        inner: None,
    };
    SymbolLayer {
        class: "MarkerLine",
        options: vec![
            ("placement", "lastvertex".to_owned()),
            ("rotate", "1".to_owned()),
            ("average_angle_length", "0".to_owned()),
            ("offset_along_line_unit", "MM".to_owned()),
        ],
        expressions: vec![("offsetAlongLine", format!("coalesce(\"end_mm\", 0) + {length} / 2"))],
        inner: Some(("marker", Box::new(triangle))),
    }
}
