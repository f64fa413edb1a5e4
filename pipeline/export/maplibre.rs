//! The map as a MapLibre style: one JSON file with the layers in it, which web maps take as it is.
//!
//! Colours, widths and classes are those of the [`Look`] of the figure, in CSS pixels of 1/96 inch, at every zoom. The style has no
//! glyphs and no sprite, so that nothing is loaded from elsewhere: MapLibre GL JS 5.11 and later letters it in local fonts. Heads are
//! letters too, set at the end of each line and turned with it.

use flowatlas_model::{
    Coordinates, Layer, Look, Shapes, Style,
    look::{FlowColors, Symbols, Widths},
    style::{Color, LookStyle},
};
use geo::{Coord, MultiLineString};
use serde_json::{Map, Value, json};

use crate::{geometry, number, properties};

/// CSS pixels in a point.
const PIXELS: f64 = 96.0 / 72.0;
/// Height of the head as a letter, in lengths of the font size.
const LETTER: f64 = 0.73;
/// Latitude where the Mercator map ends.
const NORTHERNMOST: f64 = 85.0;
/// The fonts that MapLibre looks for, in turn.
const FONTS: [&str; 2] = ["Noto Sans", "sans-serif"];

/// What a style is made of.
#[derive(Debug, Clone, Copy)]
pub struct WebMap<'a> {
    /// How the figure looks.
    pub look: &'a Look,
    /// The style that it was drawn in.
    pub style: &'a Style,
    /// The layers of the map, those that lie on top first.
    pub layers: &'a [Layer],
    /// What the data come from, for the corner of the map; empty for nothing.
    pub attribution: &'a str,
}

/// Returns the style document, version 8; `None` for planar coordinates, which no web map has.
pub fn maplibre(map: &WebMap<'_>) -> Option<Vec<u8>> {
    let flows = map.layer("flows")?;
    if flows.coordinates != Coordinates::Geographic {
        return None;
    }
    let mut sources = Map::new();
    for layer in map.layers.iter().filter(|layer| SHOWN.contains(&layer.name.as_str())) {
        sources.insert(layer.name.clone(), source(collection(layer), map.attribution));
    }
    sources.insert("heads".into(), source(heads(flows), ""));
    let mut layers = vec![json!({
        "id": "water", "type": "background", "paint": { "background-color": color(map.style.land.water) },
    })];
    layers.extend(map.regions());
    layers.extend(map.areas());
    layers.extend(map.flows());
    layers.extend(map.places());
    let mut document = json!({ "version": 8, "name": map.look.header[0] });
    let [west, south, east, north] = map.look.panels.first()?.degrees?;
    document["center"] = json!([rounded((west + east) / 2.0), rounded((south + north) / 2.0)]);
    document["zoom"] = json!(rounded(zoom([west, south, east, north])));
    document["sources"] = Value::Object(sources);
    document["layers"] = Value::Array(layers);
    Some(document.to_string().into_bytes())
}

/// The layers that a web map shows.
const SHOWN: [&str; 4] = ["regions", "areas", "flows", "places"];

impl WebMap<'_> {
    fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.name == name)
    }

    fn regions(&self) -> Vec<Value> {
        let Some(regions) = self.layer("regions") else { return Vec::new() };
        let land = &self.style.land;
        let has = |role: &str| {
            let roles = regions.field("role");
            roles.is_some_and(|field| field.values.iter().any(|value| value.reads(role)))
        };
        // Lines within the land are drawn after all fills.
        let fills = [
            ("context", land.context),
            ("subject", land.subject),
            ("land", land.subject),
            ("highlight", land.highlight),
            ("lake", land.water),
        ];
        let edges = [("division", land.division, land.division_width), ("", land.border, land.border_width)];
        let fill = |(role, color): &(&str, Color)| {
            json!({
                "id": format!("land-{role}"), "type": "fill", "source": "regions", "filter": is("role", role),
                "paint": { "fill-color": self::color(*color) },
            })
        };
        let edge = |(role, color, width): &(&str, Color, f64)| {
            let filter = if role.is_empty() { json!(["!=", ["get", "role"], "division"]) } else { is("role", role) };
            json!({
                "id": if role.is_empty() { "borders".to_owned() } else { format!("borders-{role}") },
                "type": "line", "source": "regions", "filter": filter,
                "paint": { "line-color": self::color(*color), "line-width": pixels(*width) },
            })
        };
        fills.iter().filter(|(role, _)| has(role)).map(fill).chain(edges.iter().map(edge)).collect()
    }

    fn areas(&self) -> Vec<Value> {
        if self.layer("areas").is_none() {
            return Vec::new();
        }
        let land = &self.style.land;
        let soft = json!({
            "id": "areas", "type": "fill", "source": "areas", "filter": is("role", "area"),
            "paint": { "fill-color": color(land.area) },
        });
        let shaded = self.look.shades.as_ref().map(|shades| {
            let mut steps = vec![json!("step"), json!(["get", "value"]), json!(color(shades.colors[0]))];
            for (bound, shade) in shades.breaks.iter().zip(&shades.colors[1..]) {
                steps.extend([json!(bound), json!(color(*shade))]);
            }
            let known = json!(["==", ["typeof", ["get", "value"]], "number"]);
            let neutral = shades.neutral.map(|n| [json!(["==", ["get", "value"], n.at]), json!(color(n.color))]);
            let mut fill = vec![json!("case")];
            fill.extend(neutral.into_iter().flatten().chain([known, json!(steps), json!(color(shades.missing))]));
            json!({
                "id": "shaded", "type": "fill", "source": "areas", "filter": ["==", ["get", "shaded"], true],
                "paint": {
                    "fill-color": fill,
                    "fill-outline-color": color(land.division),
                },
            })
        });
        let borders = json!({
            "id": "area-borders", "type": "line", "source": "areas", "filter": ["!=", ["get", "role"], "area"],
            "paint": { "line-color": color(land.division), "line-width": pixels(land.division_width) },
        });
        shaded.into_iter().chain([soft]).chain(self.look.bordered.then_some(borders)).collect()
    }

    fn flows(&self) -> Vec<Value> {
        let style = &self.style.flows;
        let width = width(&self.look.widths);
        let mut layers = Vec::new();
        if style.casing_width > 0.0 {
            layers.push(json!({
                "id": "flows-casing", "type": "line", "source": "flows",
                "layout": { "line-cap": "butt", "line-join": "round" },
                "paint": {
                    "line-color": color(style.casing),
                    "line-width": ["+", width, pixels(2.0 * style.casing_width)],
                },
            }));
        }
        // Dashes cannot follow the data: each look has a layer of its own.
        for (k, (filter, look)) in self.looks().into_iter().enumerate() {
            let mut line = json!({
                "id": if k == 0 { "flows".to_owned() } else { format!("flows-{k}") },
                "type": "line", "source": "flows",
                "layout": { "line-cap": "butt", "line-join": "round" },
                "paint": {
                    "line-color": self.colored(look.color),
                    "line-opacity": style.opacity, "line-width": width,
                },
            });
            let mut head = json!({
                "id": if k == 0 { "heads".to_owned() } else { format!("heads-{k}") },
                "type": "symbol", "source": "heads",
                "layout": {
                    "text-field": "\u{25b2}", "text-font": FONTS, "text-size": self.head_size(),
                    "text-rotate": ["get", "bearing"], "text-rotation-alignment": "map",
                    "text-allow-overlap": true, "text-ignore-placement": true,
                },
                "paint": { "text-color": self.colored(look.color), "text-opacity": style.opacity },
            });
            if !look.dash.is_empty() {
                line["paint"]["line-dasharray"] = json!(look.dash);
            }
            if let Some(filter) = filter {
                line["filter"] = filter.clone();
                head["filter"] = filter;
            }
            layers.extend([line, head]);
        }
        layers
    }

    /// The looks of flows, each with what the flows of that look are.
    fn looks(&self) -> Vec<(Option<Value>, LookStyle)> {
        let solid = |color: Color| LookStyle { color, dash: Vec::new() };
        let (column, kinds) = match &self.look.colors {
            FlowColors::One(color) => return vec![(None, solid(*color))],
            FlowColors::Ends { hub, from, to } => {
                return vec![
                    (Some(is("origin", hub)), solid(from.1)),
                    (Some(json!(["!=", ["get", "origin"], hub])), solid(to.1)),
                ];
            }
            FlowColors::Kinds(kinds) => ("kind", kinds),
            FlowColors::Groups(groups) => ("group", groups),
        };
        let named: Vec<&str> = kinds.iter().filter_map(|kind| kind.kind.as_deref()).collect();
        let other = json!(["!", ["in", ["coalesce", ["get", column], ""], ["literal", named]]]);
        let unsorted = kinds.iter().find(|kind| kind.kind.is_none()).map(|kind| &kind.look);
        let rest = (Some(other), unsorted.unwrap_or(&self.style.flows.unsorted).clone());
        let known = kinds.iter().filter_map(|kind| Some((kind.kind.as_deref()?, &kind.look)));
        known.map(|(kind, look)| (Some(is(column, kind)), look.clone())).chain([rest]).collect()
    }

    /// A colour, with that of unknown weights where there is one, paler where a flow is uncertain.
    fn colored(&self, base: Color) -> Value {
        let full = |color_of: &dyn Fn(Color) -> Color| match self.look.unknown {
            Some(unknown) => json!(["case", known_weight(), color(color_of(base)), color(color_of(unknown))]),
            None => json!(color(color_of(base))),
        };
        match &self.look.uncertain {
            Some(doubt) => {
                let pale = full(&|color| color.mix(self.style.flows.casing, doubt.paler));
                json!(["case", ["==", ["get", "uncertain"], true], pale, full(&|color| color)])
            }
            None => full(&|color| color),
        }
    }

    /// Font size of a head, so that the letter is as wide as the head of the figure.
    fn head_size(&self) -> Value {
        let arrow = &self.style.flows.arrow;
        json!([
            "/",
            [
                "+",
                pixels(2.0 * arrow.barb_base),
                ["*", rounded(1.0 + 2.0 * arrow.barb_factor), width(&self.look.widths)]
            ],
            LETTER,
        ])
    }

    /// The colour of places, by their groups where colour tells these.
    fn place_color(&self) -> Value {
        let FlowColors::Groups(groups) = &self.look.colors else { return json!(color(self.style.places.fill)) };
        let [known @ .., rest] = groups.as_slice() else { return json!(color(self.style.places.fill)) };
        if known.is_empty() {
            return json!(color(rest.look.color));
        }
        let mut by_group = vec![json!("match"), json!(["coalesce", ["get", "group"], ""])];
        known.iter().for_each(|group| by_group.extend([json!(group.kind), json!(color(group.look.color))]));
        by_group.push(json!(color(rest.look.color)));
        json!(by_group)
    }

    fn places(&self) -> Vec<Value> {
        let (style, text) = (&self.style.places, &self.style.text);
        let radius = match self.look.symbols.whole() {
            Symbols::Fixed(radius) => json!(pixels(radius)),
            Symbols::ByTotal { max, min, largest, .. } => json!([
                "max",
                pixels(min),
                ["*", pixels(max), ["sqrt", ["/", ["coalesce", ["get", "total"], 0], largest]]],
            ]),
        };
        let circle = json!({
            "id": "places", "type": "circle", "source": "places",
            "filter": ["in", ["get", "role"], ["literal", ["place", "hub"]]],
            "paint": {
                "circle-radius": radius, "circle-color": self.place_color(),
                "circle-stroke-color": color(style.outline), "circle-stroke-width": pixels(style.outline_width),
            },
        });
        let name = json!({
            "id": "names", "type": "symbol", "source": "places", "filter": ["has", "role"],
            "layout": {
                "text-field": ["get", "name"], "text-font": FONTS, "text-size": pixels(text.place[1]),
                "text-variable-anchor": ["left", "right", "bottom", "top", "bottom-left", "top-left"],
                "text-radial-offset": 0.6, "text-justify": "auto",
                "symbol-sort-key": ["-", 0, ["coalesce", ["get", "total"], 0]],
            },
            "paint": {
                "text-color": color(text.color), "text-halo-color": color(self.style.land.subject),
                "text-halo-width": pixels(text.halo),
            },
        });
        vec![circle, name]
    }
}

fn is(column: &str, value: &str) -> Value {
    json!(["==", ["get", column], value])
}

fn known_weight() -> Value {
    json!(["==", ["typeof", ["get", "weight"]], "number"])
}

fn width(widths: &Widths) -> Value {
    match widths {
        Widths::Uniform(width) => json!(pixels(*width)),
        Widths::Proportional { min, largest, .. } => json!([
            "max",
            pixels(*min),
            ["*", pixels(widths.widest()), ["/", ["coalesce", ["get", "weight"], 0], largest]],
        ]),
        Widths::Classes(widths) => {
            let Some((first, rest)) = widths.split_first() else { return json!(1.0) };
            let last = pixels(*widths.last().unwrap_or(first));
            let mut steps = vec![json!("step"), json!(["get", "weight"]), json!(pixels(*first))];
            rest.iter().enumerate().for_each(|(k, width)| steps.extend([json!(k + 2), json!(pixels(*width))]));
            json!(["case", known_weight(), if rest.is_empty() { json!(last) } else { json!(steps) }, last])
        }
    }
}

fn source(data: Value, attribution: &str) -> Value {
    let mut source = json!({ "type": "geojson", "data": data });
    if !attribution.is_empty() {
        source["attribution"] = json!(attribution);
    }
    source
}

fn collection(layer: &Layer) -> Value {
    let features = (0..layer.rows()).map(|row| feature(shape(layer, row), properties_of(layer, row)));
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() })
}

fn feature(geometry: Value, properties: Map<String, Value>) -> Value {
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

/// What there is to tell; what is missing is left out, so that `has` finds what is there.
fn properties_of(layer: &Layer, row: usize) -> Map<String, Value> {
    let cells = layer.fields.iter().map(|field| (field.name.clone(), properties::cell(&field.values[row])));
    cells.filter(|(_, value)| !value.is_null()).collect()
}

fn shape(layer: &Layer, row: usize) -> Value {
    match &layer.shapes {
        Shapes::None(_) => Value::Null,
        Shapes::Points(points) => geometry::point(points[row]),
        Shapes::Lines(lines) => geometry::course(&lines[row]),
        Shapes::Areas(areas) => geometry::polygons(&areas[row]),
    }
}

/// The ends of flows as points, each with the direction in which the flow arrives, clockwise from north.
fn heads(flows: &Layer) -> Value {
    let Shapes::Lines(lines) = &flows.shapes else { return collection(flows) };
    let head = |(row, line): (usize, &MultiLineString<f64>)| {
        let last = &line.0.last()?.0;
        let [.., from, to] = last.as_slice() else { return None };
        let [from_y, to_y] = [from, to].map(|c| mercator(c.y));
        let bearing = libm::atan2(to.x - from.x, to_y - from_y).to_degrees();
        let mut properties = properties_of(flows, row);
        properties.insert("bearing".into(), number::json(rounded(bearing)));
        Some(feature(geometry::point(Coord { x: to.x, y: to.y }), properties))
    };
    json!({ "type": "FeatureCollection", "features": lines.iter().enumerate().filter_map(head).collect::<Vec<_>>() })
}

/// The northing of a latitude on the Mercator map, in degrees of the equator.
fn mercator(latitude: f64) -> f64 {
    let latitude = latitude.clamp(-NORTHERNMOST, NORTHERNMOST).to_radians();
    libm::asinh(libm::tan(latitude)).to_degrees()
}

/// The zoom at which an extent in degrees fills a window of 800 by 600 pixels; the Earth is 512 pixels wide at zoom 0.
fn zoom([west, south, east, north]: [f64; 4]) -> f64 {
    let share = ((east - west) / 800.0).max((mercator(north) - mercator(south)) / 600.0);
    libm::log2(360.0 / 512.0 / share.max(1e-6)).max(0.0)
}

fn pixels(points: f64) -> f64 {
    rounded(points * PIXELS)
}

fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

fn color(color: Color) -> String {
    let Color { r, g, b, .. } = color;
    if color.a == 255 { color.to_hex() } else { format!("rgba({r},{g},{b},{})", rounded(color.opacity())) }
}
