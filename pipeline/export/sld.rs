//! Styles of the layers as OGC Styled Layer Descriptors 1.0.0, in the dialect of GeoServer.
//!
//! Colours, widths and classes are those of the [`Look`] of the figure, in pixels of 0.28 mm (OGC 02-070, 11.3.2), at every scale. Three
//! things of GeoServer's are asked for beyond the standard: expressions for widths and sizes with its functions `max` and `sqrt`,
//! `endPoint` and `endAngle` for the heads of flows, and the mark `shape://carrow`.

use std::fmt::Write;

use flowatlas_model::{
    Layer, Look, Style,
    look::{FlowColors, KindLook, Symbols, Widths},
    style::{Color, LookStyle},
};

use crate::qgis::escaped;

/// OGC pixels in a point.
const PIXELS: f64 = 25.4 / 72.0 / 0.28;
/// The column of the geometry in a GeoPackage of ours, and in PostGIS once it has been loaded there.
const GEOMETRY: &str = "geom";

/// Returns the descriptor of a layer of [`crate::map_layers()`]; `None` for plain tables.
pub fn sld(look: &Look, style: &Style, layer: &Layer) -> Option<String> {
    let sheet = Sheet { look, style };
    let rules = match layer.name.as_str() {
        "flows" => sheet.flows(),
        "places" => sheet.places(),
        "areas" => sheet.areas(),
        name if name.starts_with("regions") => sheet.regions(layer),
        _ => return None,
    };
    let rules: String = rules.into_iter().map(|rule| rule.written()).collect();
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <StyledLayerDescriptor version=\"1.0.0\" xmlns=\"http://www.opengis.net/sld\" \
         xmlns:ogc=\"http://www.opengis.net/ogc\">\n\
         <NamedLayer><Name>{}</Name><UserStyle><Title>{}</Title><FeatureTypeStyle>\n{rules}\
         </FeatureTypeStyle></UserStyle></NamedLayer>\n</StyledLayerDescriptor>\n",
        escaped(&layer.name),
        escaped(&layer.title),
    ))
}

/// Some features and how they look.
struct Rule {
    title: String,
    /// A condition on the feature; empty for all.
    filter: String,
    symbolizers: String,
}

impl Rule {
    fn new(title: &str, filter: String, symbolizers: String) -> Rule {
        Rule { title: title.to_owned(), filter, symbolizers }
    }

    fn written(&self) -> String {
        let Rule { title, filter, symbolizers } = self;
        let filter = if filter.is_empty() { String::new() } else { format!("<ogc:Filter>{filter}</ogc:Filter>") };
        format!("<Rule><Title>{}</Title>{filter}\n{symbolizers}</Rule>\n", escaped(title))
    }
}

struct Sheet<'a> {
    look: &'a Look,
    style: &'a Style,
}

impl Sheet<'_> {
    fn flows(&self) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (title, filter, look) in self.looks() {
            for (known, width) in widths(&self.look.widths) {
                let missing = known.starts_with("<ogc:PropertyIsNull>");
                let color = self.look.unknown.filter(|_| missing).unwrap_or(look.color);
                for (doubt, words, paler) in self.doubts() {
                    let filter = all(&[&filter, &known, &doubt]);
                    let color = color.mix(self.style.flows.casing, paler);
                    rules.push(Rule::new(&format!("{title}{words}"), filter, self.flow(color, &look.dash, &width)));
                }
            }
        }
        rules
    }

    /// The rules by what the data doubt: condition, words, share of the casing in the colour.
    fn doubts(&self) -> Vec<(String, String, f64)> {
        let Some(doubt) = &self.look.uncertain else { return vec![(String::new(), String::new(), 0.0)] };
        let doubted = |is: &str| compare(is, "uncertain", "true");
        vec![
            (doubted("NotEqualTo"), String::new(), 0.0),
            (doubted("EqualTo"), format!(", {}", doubt.label), doubt.paler),
        ]
    }

    /// The looks of flows: words, condition, colour and dashes.
    fn looks(&self) -> Vec<(String, String, LookStyle)> {
        let solid = |color: Color| LookStyle { color, dash: Vec::new() };
        let (column, kinds) = match &self.look.colors {
            FlowColors::One(color) => return vec![(self.look.measure.clone(), String::new(), solid(*color))],
            FlowColors::Ends { hub, from, to } => {
                return vec![
                    (from.0.clone(), compare("EqualTo", "origin", hub), solid(from.1)),
                    (to.0.clone(), compare("NotEqualTo", "origin", hub), solid(to.1)),
                ];
            }
            FlowColors::Kinds(kinds) => ("kind", kinds),
            FlowColors::Groups(groups) => ("group", groups),
        };
        let one = |kind: &KindLook| {
            let filter = kind.kind.as_deref().map_or_else(|| null(column), |k| compare("EqualTo", column, k));
            (kind.label.clone(), filter, kind.look.clone())
        };
        let unsorted = (String::new(), null(column), self.style.flows.unsorted.clone());
        let rest = kinds.iter().all(|kind| kind.kind.is_some()).then_some(unsorted);
        kinds.iter().map(one).chain(rest).collect()
    }

    /// Casing, line and head of a flow of a width that is an expression.
    fn flow(&self, color: Color, dash: &[f64], width: &Expression) -> String {
        let style = &self.style.flows;
        let mut out = String::new();
        if style.casing_width > 0.0 {
            let wider = width.plus(pixels(2.0 * style.casing_width));
            out += &line(style.casing, 1.0, &wider, "");
        }
        let dashes: Vec<String> = dash.iter().map(|part| pixels(part.max(1.0)).to_string()).collect();
        out += &line(color, style.opacity, width, &parameter("stroke-dasharray", &dashes.join(" ")));
        let arrow = &style.arrow;
        let size = width.times(1.0 + 2.0 * arrow.barb_factor).plus(pixels(2.0 * arrow.barb_base));
        let end = |name: &str| {
            format!("<ogc:Function name=\"{name}\"><ogc:PropertyName>{GEOMETRY}</ogc:PropertyName></ogc:Function>")
        };
        let mark = format!(
            "<Mark><WellKnownName>shape://carrow</WellKnownName><Fill>{}</Fill></Mark>",
            parameter("fill", &color.to_hex())
        );
        writeln!(
            out,
            "<PointSymbolizer><Geometry>{}</Geometry><Graphic>{mark}<Opacity>{}</Opacity><Size>{}</Size>\
             <Rotation>{}</Rotation></Graphic></PointSymbolizer>",
            end("endPoint"),
            style.opacity,
            size.0,
            end("endAngle"),
        )
        .expect("written to memory");
        out
    }

    fn places(&self) -> Vec<Rule> {
        let (style, text) = (&self.style.places, &self.style.text);
        let diameter = match self.look.symbols.whole() {
            Symbols::Fixed(radius) => literal(pixels(2.0 * radius)),
            Symbols::ByTotal { max, min, largest, .. } => {
                let share = function("sqrt", &[property("total").times(1.0 / largest)]);
                function("max", &[literal(pixels(2.0 * min)), share.times(pixels(2.0 * max))])
            }
        };
        let stroke = stroke(style.outline, 1.0, &literal(pixels(style.outline_width)), "");
        let circle = |fill: Color| {
            format!(
                "<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill>{}</Fill>{stroke}</Mark>\
                 <Size>{}</Size></Graphic></PointSymbolizer>\n",
                parameter("fill", &fill.to_hex()),
                diameter.0
            )
        };
        let name = format!(
            "<TextSymbolizer><Label><ogc:PropertyName>name</ogc:PropertyName></Label><Font>{}{}</Font>\
             <LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0</AnchorPointX><AnchorPointY>0.5</AnchorPointY>\
             </AnchorPoint><Displacement><DisplacementX>5</DisplacementX><DisplacementY>0</DisplacementY></Displacement>\
             </PointPlacement></LabelPlacement><Halo><Radius>{}</Radius><Fill>{}</Fill></Halo><Fill>{}</Fill>\
             <Priority>{}</Priority></TextSymbolizer>\n",
            parameter("font-family", "Noto Sans"),
            parameter("font-size", &pixels(text.place[1]).to_string()),
            pixels(text.halo),
            parameter("fill", &self.style.land.subject.to_hex()),
            parameter("fill", &text.color.to_hex()),
            property("total").0,
        );
        let of = |role: &str, symbolizers: String| Rule::new(role, compare("EqualTo", "role", role), symbolizers);
        let mut rules = vec![of("area", name.clone())];
        for role in ["place", "hub"] {
            let FlowColors::Groups(groups) = &self.look.colors else {
                rules.push(of(role, circle(style.fill) + &name));
                continue;
            };
            for KindLook { kind, label, look } in groups {
                let group = kind.as_deref().map_or_else(|| null("group"), |k| compare("EqualTo", "group", k));
                let filter = all(&[&compare("EqualTo", "role", role), &group]);
                rules.push(Rule::new(label, filter, circle(look.color) + &name));
            }
        }
        rules
    }

    fn areas(&self) -> Vec<Rule> {
        let land = &self.style.land;
        let edge = (land.division, land.division_width);
        let mut rules = Vec::new();
        if let Some(shades) = &self.look.shades {
            for (k, color) in shades.colors.iter().enumerate() {
                let from = k.checked_sub(1).map(|j| number("GreaterThanOrEqualTo", "value", shades.breaks[j]));
                let to = shades.breaks.get(k).map(|bound| number("LessThan", "value", *bound));
                let bounds = [&[shades.range[0]], shades.breaks.as_slice(), &[shades.range[1]]].concat();
                let title = format!("{} – {}", rounded(bounds[k]), rounded(bounds[k + 1]));
                let known = format!("<ogc:Not>{}</ogc:Not>", null("value"));
                let filter = all(&[&known, from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default()]);
                rules.push(Rule::new(&title, filter, area(Some(*color), edge)));
            }
            // After the classes, over one of which it is painted.
            rules.extend(shades.neutral.map(|neutral| {
                let filter = number("EqualTo", "value", neutral.at);
                Rule::new(&rounded(neutral.at).to_string(), filter, area(Some(neutral.color), edge))
            }));
            let missing = all(&[&compare("EqualTo", "shaded", "true"), &null("value")]);
            rules.push(Rule::new(&shades.missing_label, missing, area(Some(shades.missing), edge)));
        }
        rules.push(Rule::new("", compare("EqualTo", "role", "area"), area(Some(land.area), (land.area, 0.0))));
        if self.look.bordered {
            let others = format!("<ogc:Not>{}</ogc:Not>", compare("EqualTo", "role", "area"));
            rules.push(Rule::new("", others, area(None, edge)));
        }
        rules
    }

    fn regions(&self, layer: &Layer) -> Vec<Rule> {
        let land = &self.style.land;
        let (border, division) = ((land.border, land.border_width), (land.division, land.division_width));
        let looks = [
            ("context", Some(land.context), border),
            ("subject", Some(land.subject), border),
            ("land", Some(land.subject), division),
            ("highlight", Some(land.highlight), division),
            ("lake", Some(land.water), (land.border, land.division_width)),
            ("division", None, division),
        ];
        let has = |role: &str| layer.field("role").is_some_and(|f| f.values.iter().any(|v| v.reads(role)));
        let rule = |(role, fill, edge): (&str, Option<Color>, (Color, f64))| {
            Rule::new(role, compare("EqualTo", "role", role), area(fill, edge))
        };
        looks.into_iter().filter(|(role, ..)| has(role)).map(rule).collect()
    }
}

/// An expression of the filter language.
#[derive(Clone)]
struct Expression(String);

impl Expression {
    fn plus(&self, constant: f64) -> Expression {
        Expression(format!("<ogc:Add>{}{}</ogc:Add>", self.0, literal(constant).0))
    }

    fn times(&self, factor: f64) -> Expression {
        Expression(format!("<ogc:Mul>{}<ogc:Literal>{factor}</ogc:Literal></ogc:Mul>", self.0))
    }
}

fn literal(value: f64) -> Expression {
    Expression(format!("<ogc:Literal>{}</ogc:Literal>", rounded(value)))
}

fn property(name: &str) -> Expression {
    Expression(format!("<ogc:PropertyName>{name}</ogc:PropertyName>"))
}

fn function(name: &str, arguments: &[Expression]) -> Expression {
    let arguments: String = arguments.iter().map(|argument| argument.0.as_str()).collect();
    Expression(format!("<ogc:Function name=\"{name}\">{arguments}</ogc:Function>"))
}

/// Widths of flows, each with the condition on those that have it.
fn widths(widths: &Widths) -> Vec<(String, Expression)> {
    let unknown = null("weight");
    match widths {
        Widths::Uniform(width) => vec![(String::new(), literal(pixels(*width)))],
        Widths::Proportional { min, largest, .. } => {
            let share = property("weight").times(pixels(widths.widest()) / largest);
            let known = format!("<ogc:Not>{unknown}</ogc:Not>");
            let least = literal(pixels(*min));
            vec![(known, function("max", &[least.clone(), share])), (unknown, least)]
        }
        Widths::Classes(widths) => {
            let last = widths.len().saturating_sub(1);
            let class = |(k, width): (usize, &f64)| {
                let rank = if k == last { "GreaterThanOrEqualTo" } else { "EqualTo" };
                (number(rank, "weight", (k + 1) as f64), literal(pixels(*width)))
            };
            let least = literal(pixels(widths.last().copied().unwrap_or(1.0)));
            widths.iter().enumerate().map(class).chain([(unknown, least)]).collect()
        }
    }
}

fn null(column: &str) -> String {
    format!("<ogc:PropertyIsNull><ogc:PropertyName>{column}</ogc:PropertyName></ogc:PropertyIsNull>")
}

fn compare(how: &str, column: &str, value: &str) -> String {
    format!(
        "<ogc:PropertyIs{how}><ogc:PropertyName>{column}</ogc:PropertyName><ogc:Literal>{}</ogc:Literal></ogc:PropertyIs{how}>",
        escaped(value)
    )
}

fn number(how: &str, column: &str, value: f64) -> String {
    compare(how, column, &value.to_string())
}

/// Returns the condition that all of some hold; empty ones do.
fn all(conditions: &[&str]) -> String {
    match conditions.iter().filter(|c| !c.is_empty()).copied().collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        // The standard's And has two or more.
        many => format!("<ogc:And>{}</ogc:And>", many.concat()),
    }
}

fn parameter(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("<CssParameter name=\"{name}\">{value}</CssParameter>") }
}

fn stroke(color: Color, opacity: f64, width: &Expression, more: &str) -> String {
    format!(
        "<Stroke>{}{}{}{more}</Stroke>",
        parameter("stroke", &color.to_hex()),
        parameter("stroke-opacity", &rounded(opacity * color.opacity()).to_string()),
        parameter("stroke-width", &width.0),
    )
}

fn line(color: Color, opacity: f64, width: &Expression, more: &str) -> String {
    format!("<LineSymbolizer>{}</LineSymbolizer>\n", stroke(color, opacity, width, more))
}

fn area(fill: Option<Color>, (edge, width): (Color, f64)) -> String {
    let opacity = |color: Color| rounded(color.opacity()).to_string();
    let fill = fill.map_or_else(String::new, |color| {
        format!("<Fill>{}{}</Fill>", parameter("fill", &color.to_hex()), parameter("fill-opacity", &opacity(color)))
    });
    let edge = if width > 0.0 { stroke(edge, 1.0, &literal(pixels(width)), "") } else { String::new() };
    format!("<PolygonSymbolizer>{fill}{edge}</PolygonSymbolizer>\n")
}

fn pixels(points: f64) -> f64 {
    rounded(points * PIXELS)
}

fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}
