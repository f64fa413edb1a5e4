//! The layers of a map for GIS programs: places, flows as drawn, areas, the base map, metrics and sources, with every
//! column described.

use std::{collections::BTreeMap, sync::Arc};

use flowatlas_model::{
    Atlas, BaseMap, Coordinates, Field, Layer, Link, Look, MetricInfo, MetricTable, Place, PlaceIndex, Region, Shapes,
    Table, Value,
    look::{FlowColors, PlaceLook, Shades},
    units::Mm,
};
use geo::{BoundingRect, MultiLineString, MultiPolygon, Rect};

use crate::{
    FlowLayer, MetricsSheet, flows, properties,
    seam::{parted, parted_lines},
    within,
};

/// Room around what a map shows within which regions of the base map are kept, as a share of its span.
const AROUND: f64 = 0.5;
/// Names that a GeoPackage gives to columns of its own.
const KEYS: [&str; 2] = ["fid", "geom"];

/// What the layers of a map are made of.
#[derive(Debug, Clone, Copy)]
pub struct MapLayers<'a> {
    /// The flows as drawn.
    pub flows: FlowLayer<'a>,
    /// How the figure looks; `None` for a matrix.
    pub look: Option<&'a Look>,
    /// The metrics.
    pub sheet: MetricsSheet<'a>,
    /// The base map, and that of each window that has one of its own.
    pub bases: &'a [&'a BaseMap],
    /// The sources by key, each with its facts: `title`, `publisher`, `year`, `url`, `licence`, `cite`, `note`.
    pub sources: &'a BTreeMap<String, serde_json::Value>,
}

/// What is said of a source.
pub const SOURCE: [&str; 7] = ["title", "publisher", "year", "url", "licence", "cite", "note"];

/// Returns the layers, those that lie on top first; tables last. Layers without a feature are left out, but for
/// `places` and `flows`.
pub fn map_layers(input: &MapLayers<'_>) -> Vec<Layer> {
    let mut layers = vec![places(input), flow_lines(input)];
    let bases = input.bases.iter().enumerate().rev().map(|(k, base)| regions(input, k, base));
    let tables = [network(input), flow_metrics(input), definitions(input), sources(input)];
    layers.extend([areas(input)].into_iter().chain(bases).chain(tables).filter(|layer| layer.rows() > 0));
    layers
}

/// Returns the places as points, with their role on the map and their metrics.
pub fn places(input: &MapLayers<'_>) -> Layer {
    let (atlas, sheet) = (input.sheet.atlas, &input.sheet);
    let mut fields = identity(atlas);
    if let Some(look) = input.look {
        fields.extend(place_look(look, sheet.unit));
        fields.extend(halves(look, sheet.unit));
        let group = |place: &Option<PlaceLook>| {
            look.colors.group(place.and_then(|place| place.group)).map_or(Value::Missing, words)
        };
        fields.extend(grouped(look, look.places.iter().map(group).collect()));
    }
    fields.extend(own_flows(sheet));
    for metric in &sheet.metrics.places {
        fields.push(measured(metric.values.iter().copied(), &metric.info, sheet));
    }
    let rows: Vec<[u32; 1]> = (0..atlas.places.len() as u32).map(|row| [row]).collect();
    add_source_columns(&mut fields, &atlas.attributes, &rows, |name| name == "id" || name == "name");
    Layer {
        name: "places".to_owned(),
        title: "Places".to_owned(),
        description: "The places that flows join, as points, with their metrics".to_owned(),
        coordinates: atlas.coordinates,
        shapes: Shapes::Points(atlas.places.iter().map(|place| place.at).collect()),
        fields,
    }
}

/// Returns the columns of flows from places to themselves, where there are any.
fn own_flows(sheet: &MetricsSheet<'_>) -> Vec<Field> {
    let Some(own) = within::within(sheet.graph, sheet.atlas.places.len()) else { return Vec::new() };
    let counts = own.counts.iter().map(|count| Value::Integer((*count).into())).collect();
    let count = Field::new(within::COUNT.0, counts).described(within::COUNT.1, "1", within::COUNT.2);
    let total = |totals: &Vec<Option<f64>>| {
        let sums = totals.iter().map(|sum| sum.map_or(Value::Missing, Value::Real)).collect();
        Field::new(within::TOTAL.0, sums).real().described(within::TOTAL.1, sheet.unit, within::TOTAL.2)
    };
    std::iter::once(count).chain(own.totals.as_ref().map(total)).collect()
}

fn identity(atlas: &Atlas) -> Vec<Field> {
    vec![
        Field::new("id", place_words(atlas, |place| &place.id)).described(
            "Place",
            "",
            "The identifier of the place in the source.",
        ),
        Field::new("name", place_words(atlas, |place| &place.name)).described("Name", "", "The name of the place."),
    ]
}

fn place_look(look: &Look, unit: &str) -> [Field; 2] {
    let role = look.places.iter().map(|place| place.map_or(Value::Missing, |p| words(p.role.word()))).collect();
    let total = look.places.iter().map(|place| place.map_or(Value::Missing, |p| Value::Real(p.total))).collect();
    [
        Field::new("role", role).described(
            "Role on the map",
            "",
            "place, hub (all flows start or end there), area (drawn as one) or exit (beyond the figure); empty where no \
             flow of the map starts or ends.",
        ),
        match &look.sized_by {
            Some(title) => {
                Field::new("total", total).real().described(title, "", "The area of the circle grows with it.")
            }
            None => Field::new("total", total).real().described(
                "In and out together",
                unit,
                "The sum of all flows of the map to and from the place; the area of its circle grows with it.",
            ),
        },
    ]
}

/// Returns what halves of circles stand for, where circles have halves.
fn halves(look: &Look, unit: &str) -> Vec<Field> {
    if !look.symbols.has_halves() {
        return Vec::new();
    }
    let field = |name, title, side: usize, words| {
        let of = |place: &Option<PlaceLook>| place.and_then(|place| Some(place.halves?[side]));
        let values = look.places.iter().map(|place| of(place).map_or(Value::Missing, Value::Real)).collect();
        Field::new(name, values).real().described(title, unit, words)
    };
    vec![
        field(
            "total_out",
            "Out",
            0,
            "The sum of all flows of the map from the place; the area of its left half grows with it.",
        ),
        field(
            "total_in",
            "In",
            1,
            "The sum of all flows of the map to the place; the area of its right half grows with it.",
        ),
    ]
}

/// Returns the flows as lines from origin to destination, wide ones first, so that thin ones lie on top.
pub fn flow_lines(input: &MapLayers<'_>) -> Layer {
    let FlowLayer { atlas, graph, courses, .. } = input.flows;
    let links: Vec<(PlaceIndex, PlaceIndex, &Link)> = graph.links().collect();
    let order = paint_order(input.look, &links);
    let mut fields = flow_fields(input, &links, &order);
    if let Some(look) = input.look {
        fields.extend(line_look(look, &order));
        fields.extend(line_groups(look, &order));
        fields.extend(doubts(look, &order));
    }
    let rows: Vec<&[u32]> = order.iter().map(|k| &links[*k].2.rows[..]).collect();
    let repeated = flows::repeated(&input.flows);
    let cut = cut(input.look, 0);
    let line = |k: &usize| parted_lines(courses.get(*k).cloned().unwrap_or(NO_LINE), cut);
    add_source_columns(&mut fields, &input.flows.table.attributes, &rows, |name| repeated.contains(&name));
    Layer {
        name: "flows".to_owned(),
        title: "Flows".to_owned(),
        description: "The flows of the map as drawn, from origin to destination, cut at the antimeridian and where the projection is"
            .to_owned(),
        coordinates: atlas.coordinates,
        shapes: Shapes::Lines(order.iter().map(line).collect()),
        fields,
    }
}

const NO_LINE: MultiLineString<f64> = MultiLineString(Vec::new());

fn paint_order(look: Option<&Look>, links: &[(PlaceIndex, PlaceIndex, &Link)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..links.len()).collect();
    if let Some(look) = look {
        order.sort_by(|a, b| look.lines[*b].width.total_cmp(&look.lines[*a].width).then(a.cmp(b)));
    }
    order
}

fn flow_fields(input: &MapLayers<'_>, links: &[(PlaceIndex, PlaceIndex, &Link)], order: &[usize]) -> Vec<Field> {
    let FlowLayer { atlas, table, .. } = input.flows;
    type End<'a> = (PlaceIndex, PlaceIndex, &'a Link);
    let column = |name: &str, cell: &dyn Fn(&End<'_>) -> Value| {
        Field::new(name, order.iter().map(|k| cell(&links[*k])).collect())
    };
    let time = |(_, _, link): &End<'_>| flows::agreed_time(table, &link.rows).map_or(Value::Missing, shared);
    let (ids, names) = (place_words(atlas, |place| &place.id), place_words(atlas, |place| &place.name));
    vec![
        column("origin", &|end| ids[end.0.index()].clone()).described("Origin", "", "Id of the place of departure."),
        column("dest", &|end| ids[end.1.index()].clone()).described("Destination", "", "Id of the place of arrival."),
        column("origin_name", &|end| names[end.0.index()].clone()).described("Origin, name", "", ""),
        column("dest_name", &|end| names[end.1.index()].clone()).described("Destination, name", "", ""),
        column("weight", &|end| end.2.weight.map_or(Value::Missing, Value::Real)).real().described(
            "Weight",
            input.sheet.unit,
            "What the width of the line shows; empty where the source has no number.",
        ),
        column("kind", &|end| kind_of(end.2)).described("Kind of movement", "", "Empty where the source names none."),
        column("time", &time).described("Period", "", "Empty where merged rows disagree."),
        column("rows", &|end| Value::Integer(end.2.rows.len() as i64)).described(
            "Rows",
            "",
            "How many rows of the source were merged.",
        ),
    ]
}

fn line_look(look: &Look, order: &[usize]) -> [Field; 3] {
    let lengths = |name: &str, of: fn(&flowatlas_model::look::LineLook) -> f64, title: &str, told: &str| {
        let mm = |k: &usize| Value::Real((Mm::from_pt(of(&look.lines[*k])).0 * 1e3).round() / 1e3);
        Field::new(name, order.iter().map(mm).collect()).real().described(title, "mm", told)
    };
    [
        lengths(
            "start_mm",
            |line| line.start,
            "Gap at the origin",
            "How far from its origin the flow begins on paper.",
        ),
        lengths(
            "end_mm",
            |line| line.end,
            "Gap at the destination",
            "How far before its destination the tip ends on paper.",
        ),
        lengths(
            "length_mm",
            |line| line.length,
            "Length on paper",
            "Length of what the figure draws; heads of short flows are shorter.",
        ),
    ]
}

fn line_groups(look: &Look, order: &[usize]) -> Option<Field> {
    let group = |k: &usize| look.colors.group(look.lines[*k].group).map_or(Value::Missing, words);
    grouped(look, order.iter().map(group).collect())
}

/// The column of uncertain flows, where there are any.
fn doubts(look: &Look, order: &[usize]) -> Option<Field> {
    let values = order.iter().map(|k| Value::Flag(look.lines[*k].uncertain)).collect();
    look.uncertain.as_ref().map(|doubt| Field::new("uncertain", values).described(&doubt.label, "", ""))
}

/// The column of groups, where colour tells them.
fn grouped(look: &Look, groups: Vec<Value>) -> Option<Field> {
    let told = "What gives the flow or the place its colour on the map; empty for none of the legend's groups.";
    matches!(look.colors, FlowColors::Groups(_)).then(|| Field::new("group", groups).described("Group", "", told))
}

fn areas(input: &MapLayers<'_>) -> Layer {
    let atlas = input.sheet.atlas;
    let shades = input.look.and_then(|look| look.shades.as_ref());
    let cut = cut(input.look, 0);
    let found: Vec<(usize, MultiPolygon<f64>)> =
        (0..atlas.places.len()).filter_map(|k| Some((k, parted(area(input, shades, k)?, cut)))).collect();
    let pick = |field: &Field| Field {
        values: found.iter().map(|(k, _)| field.values[*k].clone()).collect(),
        ..field.clone()
    };
    let mut fields: Vec<Field> = identity(atlas).iter().map(pick).collect();
    fields.extend(input.look.map(|look| pick(&place_look(look, input.sheet.unit)[0])));
    fields.extend(shades.into_iter().flat_map(|shades| shade_fields(shades, &found)));
    Layer {
        name: "areas".to_owned(),
        title: "Areas".to_owned(),
        description: "The areas of places, and regions that stand for them, with the number that shades them"
            .to_owned(),
        coordinates: atlas.coordinates,
        shapes: Shapes::Areas(found.into_iter().map(|(_, area)| area).collect()),
        fields,
    }
}

fn shade_fields(shades: &Shades, found: &[(usize, MultiPolygon<f64>)]) -> [Field; 2] {
    let number = |(k, _): &(usize, MultiPolygon<f64>)| shades.numbers.get(*k).and_then(|(_, number)| *number);
    let values = found.iter().map(|one| number(one).map_or(Value::Missing, Value::Real)).collect();
    [
        Field::new("value", values).real().described(&shades.title, &shades.unit, "Empty where there is no number."),
        Field::new("shaded", vec![Value::Flag(true); found.len()]).described("Shaded by the figure", "", ""),
    ]
}

/// Returns the area of a place: its own, else, where the map shades areas, that of its region.
fn area(input: &MapLayers<'_>, shades: Option<&Shades>, k: usize) -> Option<MultiPolygon<f64>> {
    let own = input.sheet.atlas.places[k].area.clone();
    let region = || {
        let (id, _) = shades?.numbers.get(k)?;
        let base = input.bases.first()?;
        let region = base.divisions.iter().chain(&base.countries).find(|region| region.id == *id)?;
        Some(region.shape.clone())
    };
    own.or_else(region)
}

fn regions(input: &MapLayers<'_>, panel: usize, base: &BaseMap) -> Layer {
    let name = if panel == 0 { "regions".to_owned() } else { format!("regions_window_{panel}") };
    let about = |region: &&Region| near(input.look, panel, region);
    let of = |regions: &'_ [Region], kind: &'static str| -> Vec<(Region, &'static str)> {
        regions.iter().filter(about).map(|region| (region.clone(), kind)).collect()
    };
    let found = [of(&base.countries, "country"), of(&base.divisions, "division"), of(&base.lakes, "lake")].concat();
    let roles = found.iter().map(|(region, kind)| words(role(input.look, base, region, kind))).collect();
    let texts = |of: &dyn Fn(&(Region, &'static str)) -> String| found.iter().map(|one| words(&of(one))).collect();
    let cut = cut(input.look, panel);
    Layer {
        title: if panel == 0 { "Base map".to_owned() } else { format!("Base map of window {panel}") },
        description: "Countries, divisions and lakes beneath the flows".to_owned(),
        coordinates: Coordinates::Geographic,
        fields: vec![
            Field::new("id", texts(&|(region, _)| region.id.clone())).described("Identifier", "", ""),
            Field::new("name", texts(&|(region, _)| region.name.clone())).described("Name", "", ""),
            Field::new("kind", texts(&|(_, kind)| (*kind).to_owned())).described(
                "Kind",
                "",
                "country, division or lake.",
            ),
            Field::new("role", roles).described(
                "Role on the map",
                "",
                "subject (what the map is about), highlight, context, land, division or lake.",
            ),
        ],
        shapes: Shapes::Areas(found.into_iter().map(|(region, _)| parted(region.shape, cut)).collect()),
        name,
    }
}

fn role(look: Option<&Look>, base: &BaseMap, region: &Region, kind: &'static str) -> &'static str {
    let lit = |ids: fn(&Look) -> &Vec<String>| look.is_some_and(|look| ids(look).contains(&region.id));
    match kind {
        "lake" => "lake",
        _ if lit(|look| &look.highlight) => "highlight",
        "country" if lit(|look| &look.subject) => "subject",
        "country" => "context",
        _ if base.countries.is_empty() => "land",
        _ => "division",
    }
}

/// Returns the longitude at which a panel, or else the map, is cut.
fn cut(look: Option<&Look>, panel: usize) -> Option<f64> {
    look.and_then(|look| look.panels.get(panel).or(look.panels.first())?.cut)
}

/// Regions far from the map are left out: projections made for its extent tear them apart.
fn near(look: Option<&Look>, panel: usize, region: &Region) -> bool {
    let panel = look.and_then(|look| look.panels.get(panel).or(look.panels.first()));
    let Some([west, south, east, north]) = panel.and_then(|panel| panel.degrees) else { return true };
    let Some(bounds) = region.shape.bounding_rect() else { return false };
    let (across, up) = (AROUND * (east - west), AROUND * (north - south));
    let seen = |turn: f64| {
        let x = [west - across + turn, east + across + turn];
        bounds.max().x >= x[0] && bounds.min().x <= x[1]
    };
    let tall = |bounds: Rect<f64>| bounds.max().y >= south - up && bounds.min().y <= north + up;
    tall(bounds) && (seen(0.0) || seen(360.0) || seen(-360.0))
}

fn network(input: &MapLayers<'_>) -> Layer {
    let sheet = &input.sheet;
    let facts: Vec<(&MetricInfo, Option<f64>)> = sheet.metrics.network.iter().map(|m| (&m.info, m.value)).collect();
    let value = facts.iter().map(|(_, value)| value.map_or(Value::Missing, Value::Real)).collect();
    let mut fields = definition_fields(sheet, &facts.iter().map(|(info, _)| *info).collect::<Vec<_>>());
    fields.insert(2, Field::new("value", value).real().described("Value", "", "Empty where it is undefined."));
    table("metrics_network", "Metrics of the network", facts.len(), fields)
}

fn flow_metrics(input: &MapLayers<'_>) -> Layer {
    let sheet = &input.sheet;
    let metrics = &sheet.metrics.flows;
    let title = "Metrics of all flows, shown or not";
    if metrics.is_empty() {
        return table("metrics_flows", title, 0, Vec::new());
    }
    let links: Vec<(PlaceIndex, PlaceIndex, &Link)> = sheet.graph.links().collect();
    let ids = place_words(sheet.atlas, |place| &place.id);
    let column = |name: &str, cell: &dyn Fn(&(PlaceIndex, PlaceIndex, &Link)) -> Value| {
        Field::new(name, links.iter().map(cell).collect())
    };
    let mut fields = vec![
        column("origin", &|(origin, ..)| ids[origin.index()].clone()),
        column("dest", &|(_, dest, _)| ids[dest.index()].clone()),
        column("kind", &|(.., link)| kind_of(link)),
        column("weight", &|(.., link)| link.weight.map_or(Value::Missing, Value::Real)).real(),
    ];
    fields.extend(metrics.iter().map(|metric| measured(metric.values.iter().copied(), &metric.info, sheet)));
    table("metrics_flows", title, links.len(), fields)
}

fn definitions(input: &MapLayers<'_>) -> Layer {
    let metrics: &MetricTable = input.sheet.metrics;
    let places = metrics.places.iter().map(|metric| ("places", &metric.info));
    let flows = metrics.flows.iter().map(|metric| ("metrics_flows", &metric.info));
    let all: Vec<(&str, &MetricInfo)> = places.chain(flows).collect();
    let mut fields = definition_fields(&input.sheet, &all.iter().map(|(_, info)| *info).collect::<Vec<_>>());
    let of = all.iter().map(|(of, _)| words(of)).collect();
    fields.insert(0, Field::new("layer", of).described("Layer", "", "The layer whose column this is."));
    table("metrics_definitions", "What the metrics are", all.len(), fields)
}

fn definition_fields(sheet: &MetricsSheet<'_>, infos: &[&MetricInfo]) -> Vec<Field> {
    let column = |name: &str, text: &dyn Fn(&MetricInfo) -> String| {
        Field::new(name, infos.iter().map(|info| words(&text(info))).collect())
    };
    vec![
        column("metric", &|info| info.id.to_owned()).described("Metric", "", ""),
        column("title", &|info| info.title.to_owned()).described("Title", "", ""),
        column("unit", &|info| sheet.unit_of(info).to_owned()).described("Unit", "", "1 for a plain number."),
        column("formula", &|info| info.formula.to_owned()).described("Formula and conventions", "", ""),
        column("source", &|info| info.source.to_owned()).described("Source of the definition", "", ""),
    ]
}

fn sources(input: &MapLayers<'_>) -> Layer {
    let column = |name: &str| {
        let fact =
            |source: &serde_json::Value| source.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        Field::new(name, input.sources.values().map(|source| words(&fact(source))).collect())
    };
    let mut fields = vec![Field::new("key", input.sources.keys().map(|key| words(key)).collect())];
    fields.extend(SOURCE.map(column));
    table("sources", "Sources of the data", input.sources.len(), fields)
}

fn table(name: &str, title: &str, rows: usize, fields: Vec<Field>) -> Layer {
    Layer {
        name: name.to_owned(),
        title: title.to_owned(),
        description: title.to_owned(),
        coordinates: Coordinates::Planar,
        shapes: Shapes::None(rows),
        fields,
    }
}

fn measured(values: impl Iterator<Item = Option<f64>>, info: &MetricInfo, sheet: &MetricsSheet<'_>) -> Field {
    let values = values.map(|value| value.map_or(Value::Missing, Value::Real)).collect();
    Field::new(info.id, values).real().described(info.title, sheet.unit_of(info), info.formula)
}

fn words(text: &str) -> Value {
    if text.is_empty() { Value::Missing } else { Value::Text(text.into()) }
}

/// As [`words`], without another copy of a text that many cells have.
fn shared(text: &Arc<str>) -> Value {
    if text.is_empty() { Value::Missing } else { Value::Text(Arc::clone(text)) }
}

fn kind_of(link: &Link) -> Value {
    link.kind.as_ref().map_or(Value::Missing, shared)
}

/// Returns a text of every place, by its index, to be shared by the cells of all its flows.
fn place_words(atlas: &Atlas, text: fn(&Place) -> &str) -> Vec<Value> {
    atlas.places.iter().map(|place| words(text(place))).collect()
}

/// Adds the columns of the source that say something new. Letters of either case are one name to databases: a name
/// that is taken gets a prefix.
fn add_source_columns(
    fields: &mut Vec<Field>,
    source: &Table,
    rows: &[impl AsRef<[u32]>],
    is_repeated: impl Fn(&str) -> bool,
) {
    for column in source.columns().iter().filter(|column| !is_repeated(&column.name)) {
        let taken = |name: &str| {
            let own = fields.iter().map(|field| field.name.as_str()).chain(KEYS);
            own.into_iter().any(|taken| taken.to_lowercase() == name.to_lowercase())
        };
        let mut name = column.name.clone();
        while taken(&name) || name.is_empty() {
            name.insert_str(0, properties::PREFIX);
        }
        let values = rows.iter().map(|rows| flows::agreed(column, rows.as_ref()).clone()).collect();
        let told = format!("Column \u{201c}{}\u{201d} of the source.", column.name);
        fields.push(Field::new(name.clone(), values).described(column.name.as_str(), "", told));
    }
}
