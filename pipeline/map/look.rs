//! The look of a finished map for programs that draw it again from its layers: the same scales, colours and roles.

use flowatlas_model::{
    Link, PlaceIndex, WeightKind,
    look::{
        FlowColors, KindLook, LineLook, Look, NeutralShade, NumberlessLook, PanelLook, PlaceLook, PlaceRole, Shades,
        Symbols, UncertainLook, Widths,
    },
    style::LookStyle,
};
use geo::Coord;
use kurbo::Point;

use crate::{
    arrange::{drawn_range, numberless, uncertain_widths},
    choropleth::Shading,
    compose::in_link_order,
    flows::inbound,
    frame::{FlowLine, Framed, Node, Role, foot_paragraphs},
    furniture::capitalised,
    palette::{EDGE, HOLLOW_FROM, Message, PALER, Palette},
    panel::Panel,
    ribbon::Course,
    scale::{CircleScale, WidthScale},
    spec::{Circles, MapInput},
    trunks::{Tree, least_in_trunks},
    words::Words,
};

/// Radius of the ring at a hub and of the circles around it, in multiples of the smallest radius.
pub const HUB_RADIUS: f64 = 1.9;
/// As [`HUB_RADIUS`], for the other places of the map.
pub const SPOKE_RADIUS: f64 = 1.15;

/// Returns the look of a map whose flows have these courses and form these trees.
pub fn look(
    input: &MapInput<'_>,
    framed: &Framed,
    palette: &Palette<'_>,
    (courses, trees): (&[Vec<Course>], &[Tree]),
) -> Look {
    let spec = input.spec;
    Look {
        header: [spec.title.clone(), spec.subtitle.clone()],
        footer: foot_paragraphs(input, framed.main().projection().name()),
        measure: capitalised(if spec.measure.is_empty() { &spec.unit } else { &spec.measure }),
        language: spec.language.to_string(),
        page: [framed.page.width, framed.page.height],
        panels: panels(input, framed),
        legend: None,
        scale_bar: None,
        widths: widths(&framed.widths),
        samples: samples(input, &framed.widths),
        trunks: trunks(input, framed, trees),
        colors: colors(input, palette),
        grouped_by: grouped_by(palette),
        unknown: unknown(input, palette),
        numberless: numberless_look(input, framed, palette),
        uncertain: uncertain(input, framed),
        symbols: symbols(input, &framed.circles),
        sized_by: input.spec.size.as_ref().map(|size| size.title.clone()),
        places: places(input, framed, palette),
        lines: lines(input, framed, palette, courses),
        subject: framed.subject.clone(),
        highlight: spec.highlight.clone(),
        numbered: numbered(input),
        second_name: spec.second_name.clone(),
        shades: framed.shading.as_ref().map(|shading| shades(input, shading)),
        bordered: input.has_borders(),
    }
}

fn panels(input: &MapInput<'_>, framed: &Framed) -> Vec<PanelLook> {
    let look = |(k, panel): (usize, &Panel)| PanelLook {
        title: input.title_of(k).to_owned(),
        region_labels: input.region_labels_of(k).to_vec(),
        rect: panel.rect,
        crs: panel.projection().definition().to_owned(),
        bounds: panel.bounds(),
        degrees: panel.degrees().map(|span| [span.west, span.south, span.east, span.north]),
        cut: panel.projection().cut(),
    };
    framed.panels.iter().enumerate().map(look).collect()
}

fn widths(scale: &WidthScale) -> Widths {
    match scale {
        WidthScale::Proportional { per_unit, min, largest } => {
            Widths::Proportional { per_unit: *per_unit, min: *min, largest: *largest }
        }
        WidthScale::Classes(widths) => Widths::Classes(widths.clone()),
        WidthScale::Uniform(width) => Widths::Uniform(*width),
    }
}

fn samples(input: &MapInput<'_>, scale: &WidthScale) -> Vec<(String, f64)> {
    let spec = input.spec;
    let words = Words::of(input.spec.language);
    match scale {
        WidthScale::Uniform(_) => Vec::new(),
        WidthScale::Classes(widths) => {
            let word = |k: usize| input.spec.classes.get(k).cloned().unwrap_or_else(|| words.rank(k + 1));
            let told = input.spec.classes.len().max(1);
            widths.iter().enumerate().take(told).map(|(k, width)| (word(k), *width)).collect()
        }
        WidthScale::Proportional { .. } => {
            let weights = input.shown.links().filter_map(|(_, _, link)| link.weight);
            let smallest = weights.fold(f64::INFINITY, f64::min);
            let unit = if spec.measure.is_empty() { "" } else { spec.unit.as_str() };
            let told = |(k, value): (usize, f64)| {
                let words = format!("{} {}", words.number(value), if k == 0 { unit } else { "" });
                (words.trim().to_owned(), scale.width(Some(value)))
            };
            let thinnest = scale.thinnest(smallest);
            let thinnest = thinnest.map(|most| (words.at_most(most), scale.width(Some(0.0))));
            scale.told(smallest).into_iter().enumerate().map(told).chain(thinnest).collect()
        }
    }
}

fn trunks(input: &MapInput<'_>, framed: &Framed, trees: &[Tree]) -> Option<String> {
    let least = least_in_trunks(framed, trees)?;
    let [smallest, _] = drawn_range(input.shown.links().filter_map(|(_, _, link)| link.weight));
    Some(Words::of(input.spec.language).trunks(framed.widths.up_to(least, smallest)))
}

fn grouped_by(palette: &Palette<'_>) -> Option<String> {
    match palette.message() {
        Message::Groups(groups) => Some(capitalised(&groups.title)),
        _ => None,
    }
}

fn numberless_look(input: &MapInput<'_>, framed: &Framed, palette: &Palette<'_>) -> Option<NumberlessLook> {
    let label = Words::of(input.spec.language).no_number().to_owned();
    let look = |width| NumberlessLook { label, width, color: palette.numberless().color };
    numberless(input, framed, palette).map(look)
}

fn colors(input: &MapInput<'_>, palette: &Palette<'_>) -> FlowColors {
    let words = Words::of(input.spec.language);
    let (from, to) = palette.directions();
    match palette.message() {
        Message::None => FlowColors::One(from),
        Message::Groups(groups) => grouped(groups.names.clone(), words.between_groups(), palette),
        Message::Roots(roots) => {
            let name = |(root, outwards): &(PlaceIndex, bool)| {
                let name = &input.atlas.place(*root).name;
                if *outwards { words.from_place(name) } else { words.to_place(name) }
            };
            grouped(roots.iter().map(name).collect(), words.other_kind(), palette)
        }
        Message::Kinds(kinds) => FlowColors::Kinds(kinds.iter().map(|k| kind(k.as_deref(), palette, words)).collect()),
        Message::Directions(hub) => {
            let place = input.atlas.place(*hub);
            let hub = place.id.clone();
            FlowColors::Ends { hub, from: (words.from_place(&place.name), from), to: (words.to_place(&place.name), to) }
        }
    }
}

fn grouped(names: Vec<String>, rest: &str, palette: &Palette<'_>) -> FlowColors {
    let look = |color| LookStyle { color, dash: Vec::new() };
    let own = names.into_iter().zip(palette.hues()).filter_map(|(name, hue)| Some((name, hue?)));
    let own = own.map(|(name, hue)| KindLook { kind: Some(name.clone()), label: name, look: look(hue) });
    let rest = KindLook { kind: None, label: rest.to_owned(), look: look(palette.hue(None)) };
    FlowColors::Groups(own.chain([rest]).collect())
}

fn kind(kind: Option<&str>, palette: &Palette<'_>, words: Words) -> KindLook {
    // Dashes of a line one point wide are their multiples.
    let paint = palette.paint_kind(kind, 1.0);
    KindLook {
        kind: kind.map(str::to_owned),
        label: kind.unwrap_or(words.other_kind()).to_owned(),
        look: LookStyle { color: paint.color, dash: paint.dash },
    }
}

fn unknown(input: &MapInput<'_>, palette: &Palette<'_>) -> Option<flowatlas_model::style::Color> {
    let (origin, destination, link) = input.shown.links().find(|(_, _, link)| link.weight.is_none())?;
    let told = matches!(palette.message(), Message::Kinds(_)) || input.shown.weights == WeightKind::Ordinal;
    (!told).then(|| palette.paint([origin, destination], link, 0.0).color)
}

fn uncertain(input: &MapInput<'_>, framed: &Framed) -> Option<UncertainLook> {
    let uncertain = input.spec.uncertain.as_ref().filter(|_| uncertain_widths(input, framed).next().is_some())?;
    let label = uncertain.told(Words::of(input.spec.language)).to_owned();
    Some(UncertainLook { label, paler: PALER, hollow_from: HOLLOW_FROM, edge: EDGE })
}

fn symbols(input: &MapInput<'_>, circles: &CircleScale) -> Symbols {
    let places = &input.style.places;
    match input.spec.sizes.place_radius {
        Some(radius) => Symbols::Fixed(radius.to_pt()),
        None if input.hub().is_some() && input.spec.size.is_none() => Symbols::Fixed(SPOKE_RADIUS * places.radius_min),
        None if circles.largest() > 0.0 => {
            let halves = (circles.shows() == Circles::InOut).then(|| inbound(input.style));
            let (largest, max) = circles.ends();
            Symbols::ByTotal { max, min: circles.min(), largest, halves }
        }
        None => Symbols::Fixed(places.radius_min),
    }
}

fn places(input: &MapInput<'_>, framed: &Framed, palette: &Palette<'_>) -> Vec<Option<PlaceLook>> {
    let mut looks = vec![None; input.atlas.places.len()];
    for node in &framed.nodes {
        let total = framed.circles.total(node.place);
        let group = palette.group_of(node.place);
        let halves = node.halves.map(|_| framed.circles.sums(node.place));
        looks[node.place.index()] =
            Some(PlaceLook { role: role(node.role), radius: node.radius, total, halves, group });
    }
    looks
}

fn role(role: Role) -> PlaceRole {
    match role {
        Role::Circle => PlaceRole::Circle,
        Role::Ring => PlaceRole::Hub,
        Role::Area => PlaceRole::Area,
        Role::Exit => PlaceRole::Exit,
    }
}

fn lines(input: &MapInput<'_>, framed: &Framed, palette: &Palette<'_>, courses: &[Vec<Course>]) -> Vec<LineLook> {
    in_link_order(framed, |k| line((input, framed, palette), &framed.lines[k], &courses[k]))
}

/// A flow between two panels is drawn from place to place by whoever draws it again, and so begins and ends at their
/// symbols; one off the map runs on to its place.
fn line(
    (input, framed, palette): (&MapInput<'_>, &Framed, &Palette<'_>),
    line: &FlowLine,
    pieces: &[Course],
) -> LineLook {
    let (from, to) = (&framed.nodes[line.origin], &framed.nodes[line.destination]);
    let apart = from.panel != to.panel;
    let first = pieces.first().and_then(|course| course.points().first());
    let last = pieces.last().and_then(|course| course.points().last());
    let reach = |node: &Node, end: Option<&Point>| match end {
        Some(end) if !apart && node.role != Role::Exit => (*end - node.at).hypot(),
        _ if node.radius > 0.0 => node.radius + framed.problem().gap,
        _ => 0.0,
    };
    let length = pieces.iter().map(Course::length).sum();
    let group = palette.group([from.place, to.place]);
    let (start, end, uncertain) = (reach(from, first), reach(to, last), input.spec.doubts(line.link));
    LineLook { width: line.width, start, end, length, group, uncertain }
}

/// Returns the weight from which on flows carry their number.
fn numbered(input: &MapInput<'_>) -> Option<f64> {
    let mut weights: Vec<f64> = input.shown.links().filter_map(|(_, _, Link { weight, .. })| *weight).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    let last = input.spec.values.min(weights.len()).checked_sub(1)?;
    (input.shown.weights == WeightKind::Measured).then(|| weights[last])
}

fn shades(input: &MapInput<'_>, shading: &Shading) -> Shades {
    let wish = input.spec.choropleth.as_ref();
    let numbers = wish.map_or(&[][..], |wish| &wish.numbers);
    Shades {
        title: wish.map_or_else(String::new, |wish| wish.title.clone()),
        unit: wish.map_or_else(String::new, |wish| wish.unit.clone()),
        breaks: shading.classes.breaks.clone(),
        range: shading.classes.range,
        colors: shading.colors.clone(),
        neutral: neutral_shade(shading),
        missing: input.style.shades.missing,
        missing_label: Words::of(input.spec.language).no_data().to_owned(),
        numbers: numbers.iter().map(|at| (at.region.clone(), at.number)).collect(),
    }
}

fn neutral_shade(shading: &Shading) -> Option<NeutralShade> {
    let (below, at) = (shading.classes.neutral?, shading.classes.centre?);
    Some(NeutralShade { at, below, color: shading.neutral })
}

impl Panel {
    /// Returns the west, south, east and north edge in units of the projection.
    fn bounds(&self) -> [f64; 4] {
        let Coord { x, y } = self.centre();
        let (across, up) = (self.rect.width() / 2.0 / self.scale(), self.rect.height() / 2.0 / self.scale());
        [x - across, y - up, x + across, y + up]
    }
}
