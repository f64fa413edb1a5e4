//! Places: circles whose area grows with in and out together or with each by itself, a ring for a hub.

use flowatlas_model::{
    look::{FlowColors, KindLook, PlaceRole, Symbols},
    style::Color,
};

use super::{
    Drawn, expression,
    symbol::{Category, Circle, SymbolLayer, categorized, circle, half, symbol},
};

/// Width of a ring as a share of its radius.
const RING: f64 = 0.34;

/// Returns the renderer of the places, by their role.
pub(crate) fn renderer(drawn: Drawn<'_>) -> String {
    let style = &drawn.style.places;
    let clear = Color { a: 0, ..style.fill };
    let plain = Circle { inside: style.fill, line: style.outline, width: style.outline_width, diameter: widest(drawn) };
    let whole = || circle(&plain, Some(expression::diameter(drawn.look.symbols)), grouped(&drawn.look.colors));
    let small = Circle { diameter: 2.0 * style.radius_min, ..plain };
    let area = Circle { inside: clear, line: clear, width: 0.0, diameter: style.radius_min };
    let unused = Circle { inside: clear, line: drawn.style.text.quiet, width: 0.5, diameter: 2.0 * style.radius_min };
    let hub = ring(drawn);
    let looks = [
        (PlaceRole::Circle.word(), "Place", "true", halves(drawn, &plain).unwrap_or_else(|| vec![whole()])),
        (PlaceRole::Hub.word(), "Hub", "true", vec![circle(&hub, None, None)]),
        (PlaceRole::Area.word(), "Area", "true", vec![circle(&area, None, None)]),
        (PlaceRole::Exit.word(), "Beyond the figure", "true", vec![circle(&small, None, grouped(&drawn.look.colors))]),
        ("", "Without a flow on the map", "false", vec![circle(&unused, None, None)]),
    ];
    let categories: Vec<Category> = looks
        .iter()
        .enumerate()
        .map(|(k, (value, label, render, layers))| Category {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            render,
            symbol: symbol(&k.to_string(), "marker", &layers.iter().collect::<Vec<_>>()),
        })
        .collect();
    categorized("role", &categories)
}

/// The left half for out and the right half for in, where circles have halves.
fn halves(drawn: Drawn<'_>, whole: &Circle) -> Option<Vec<SymbolLayer>> {
    let Symbols::ByTotal { max, min, largest, halves: Some(inbound) } = drawn.look.symbols else { return None };
    let one = |inside, angle, column: &str| {
        let column = expression::column(column);
        let drawn = format!("coalesce({column}, 0) > 0");
        half(&Circle { inside, ..*whole }, angle, expression::grown(&column, [min, max], largest), drawn)
    };
    Some(vec![one(whole.inside, 270.0, "total_out"), one(inbound, 90.0, "total_in")])
}

/// The colour of a place by its group, where colour tells groups of places.
fn grouped(colors: &FlowColors) -> Option<String> {
    let FlowColors::Groups(groups) = colors else { return None };
    let [known @ .., rest] = groups.as_slice() else { return None };
    let when = |group: &KindLook| {
        let name = expression::text(group.kind.as_deref().unwrap_or_default());
        format!("WHEN \"group\" = {name} THEN '{}' ", expression::color(group.look.color))
    };
    let known: String = known.iter().map(when).collect();
    (!known.is_empty()).then(|| format!("CASE {known}ELSE '{}' END", expression::color(rest.look.color)))
}

fn ring(drawn: Drawn<'_>) -> Circle {
    let style = &drawn.style.places;
    let hub = drawn.look.places.iter().flatten().find(|place| place.role == PlaceRole::Hub);
    let radius = hub.map_or(2.0 * style.radius_min, |hub| hub.radius);
    let width = RING * radius;
    Circle { inside: style.outline, line: style.fill, width, diameter: 2.0 * radius - width }
}

fn widest(drawn: Drawn<'_>) -> f64 {
    match drawn.look.symbols {
        Symbols::Fixed(radius) => 2.0 * radius,
        Symbols::ByTotal { max, .. } => 2.0 * max,
    }
}
