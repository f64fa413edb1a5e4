//! Which colour and dash a flow takes: by kind, by direction at a hub, or one for all.

use std::{collections::BTreeSet, sync::Arc};

use flowatlas_model::{
    Link, OdGraph, PlaceIndex, WeightKind,
    names::in_order,
    style::{Color, FlowStyle, KindStyle, LookStyle},
};

use crate::{place_groups::PlaceGroups, scale::WidthScale, spec::MapInput};

/// Least share of black, or of white on dark ground, in the colour of words that stand beside their flow, and by how
/// much it grows until they can be read.
const WORDS_MIXED: f64 = 0.35;
const WORDS_STEP: f64 = 0.05;

/// Dashes of thinner ones in points.
const THIN_DASH: [f64; 2] = [2.4, 1.7];
/// Share of the casing in the colour of uncertain flows.
pub const PALER: f64 = 0.55;
/// Width in points from which on an uncertain flow is hollow.
pub const HOLLOW_FROM: f64 = 1.5;
/// Width of the line around a hollow flow in points.
pub const EDGE: f64 = 0.5;

/// Widths in points at which flows are dashed that are thinner, and that are wider.
const DASHED_AS: [f64; 2] = [0.8, 2.2];

/// Contrast at which words can be read (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

/// How one flow is coloured.
#[derive(Debug, Clone, PartialEq)]
pub struct Paint {
    /// Opaque colour of the line.
    pub color: Color,
    /// Dashes and gaps in points; empty for solid.
    pub dash: Vec<f64>,
    /// Colour of the line around a hollow flow; `None` for a full one.
    pub edge: Option<Color>,
}

impl Paint {
    /// Returns a full line of this colour.
    pub fn solid(color: Color) -> Self {
        Paint { color, dash: Vec::new(), edge: None }
    }

    /// Returns a look at this width; the dashes of hairlines stay long enough to be seen, those of wide flows short enough that
    /// the flow is seen as one.
    fn dashed(look: &LookStyle, width: f64) -> Self {
        let unit = width.clamp(DASHED_AS[0], DASHED_AS[1]);
        Paint { color: look.color, dash: look.dash.iter().map(|d| d * unit).collect(), edge: None }
    }

    /// Returns the colour for words that belong to the flow, on this ground: that of the flow, darker (on dark ground
    /// lighter) as far as it takes to read them.
    pub fn for_words(&self, ground: Color) -> Color {
        let ink = if ground.contrast(BLACK) > ground.contrast(WHITE) { BLACK } else { WHITE };
        let mut share = WORDS_MIXED;
        while share < 1.0 && self.color.mix(ink, share).contrast(ground) < READABLE {
            share += WORDS_STEP;
        }
        self.color.mix(ink, share.min(1.0))
    }

    /// Returns white where it can be read on the flow, else black, which then can.
    pub fn for_words_on_it(&self) -> Color {
        if self.color.contrast(WHITE) >= READABLE { WHITE } else { BLACK }
    }
}

/// What colour tells on this map.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Nothing: one colour for all.
    None,
    /// The kinds of movement, in the order of the legend.
    Kinds(Vec<Option<Arc<str>>>),
    /// Out of one place and into it.
    Directions(PlaceIndex),
    /// The roots of trees, and whether flows leave them, in the order in which the trees took their flows.
    Roots(Vec<(PlaceIndex, bool)>),
    /// Groups of places, and the flows within them.
    Groups(PlaceGroups),
}

/// Colours of the flows of one map.
pub struct Palette<'a> {
    style: &'a FlowStyle,
    message: Message,
    weights: WeightKind,
    widest: f64,
}

impl<'a> Palette<'a> {
    /// Returns the palette for these flows: groups of places where they are asked for, kinds where there are several or a known one, else
    /// the two directions of a place that all flows start or end at, else one colour. Kinds stand in the order given, then in that of the
    /// style, then by name.
    ///
    /// A map that is a part of a figure goes by the flows of the whole figure.
    pub fn of(input: &MapInput<'a>) -> Self {
        let (style, shown) = (&input.style.flows, input.shown);
        if let Some(message) = input.message() {
            return Palette { style, message: message.clone(), weights: shown.weights, widest: 0.0 };
        }
        if let Some(wish) = &input.spec.groups {
            let message = Message::Groups(PlaceGroups::new(wish, input.atlas, &[shown], hues(style).len()));
            return Palette { style, message, weights: shown.weights, widest: 0.0 };
        }
        let undirected = input.spec.part.as_ref().is_some_and(|part| part.accord.undirected);
        let directions = || two_way_hub(shown).filter(|_| !undirected).map(Message::Directions);
        let message = told_kinds(&[*input]).or_else(directions);
        Palette { style, message: message.unwrap_or(Message::None), weights: shown.weights, widest: 0.0 }
    }

    /// Returns the palette with the shades that belong to these widths: where the style fades light flows, and widths
    /// tell weights or ranks.
    pub fn shaded(self, widths: &WidthScale) -> Self {
        Palette { widest: widths.widest().unwrap_or(0.0), ..self }
    }

    /// Returns the palette for trees of these roots, whose flows leave or reach them, as it is where there are none. Where colour tells
    /// nothing else, it tells several roots. No tree fades, since its trunks carry more than each of their flows.
    pub fn for_trees(self, roots: Vec<(PlaceIndex, bool)>) -> Self {
        let message =
            if self.message == Message::None && roots.len() > 1 { Message::Roots(roots) } else { self.message };
        Palette { message, ..self }
    }

    /// Returns the colours of roots or of groups, in their order; `None` where colours have run out and they share that of no kind.
    pub fn hues(&self) -> impl Iterator<Item = Option<Color>> + use<'a> {
        hues(self.style).into_iter().map(Some).chain(std::iter::repeat(None))
    }

    /// Returns the number of the root or of the group that gives a flow its colour; `None` where it is on none, or colours have run out.
    pub fn group(&self, [origin, destination]: [PlaceIndex; 2]) -> Option<usize> {
        let found = match &self.message {
            Message::Groups(groups) => groups.within([origin, destination]),
            Message::Roots(roots) => {
                roots.iter().position(|(root, out)| *root == if *out { origin } else { destination })
            }
            _ => None,
        };
        found.filter(|k| self.own_hue(*k).is_some())
    }

    /// Returns the number of the group of a place that gives it its colour.
    pub fn group_of(&self, place: PlaceIndex) -> Option<usize> {
        match &self.message {
            Message::Groups(groups) => groups.of(place).filter(|k| self.own_hue(*k).is_some()),
            _ => None,
        }
    }

    /// Returns what the groups of places are called that share the colour of no group.
    pub fn uncolored_groups(&self) -> &[String] {
        match &self.message {
            Message::Groups(groups) => &groups.rest,
            _ => &[],
        }
    }

    /// Returns the colour of a root or of a group; that of no kind where it has none.
    pub fn hue(&self, number: Option<usize>) -> Color {
        number.and_then(|k| self.own_hue(k)).unwrap_or(self.style.unsorted.color)
    }

    fn own_hue(&self, number: usize) -> Option<Color> {
        self.hues().nth(number).flatten()
    }

    /// Returns the colour of the symbol of a place, where its group has one.
    pub fn place(&self, place: PlaceIndex) -> Option<Color> {
        matches!(self.message, Message::Groups(_)).then(|| self.hue(self.group_of(place)))
    }

    /// Returns a paint in the shade of a flow of this width.
    pub fn shade(&self, paint: Paint, width: f64) -> Paint {
        let share = if self.widest > 0.0 { width / self.widest } else { 1.0 };
        Paint { color: self.style.shade(paint.color, share), ..paint }
    }

    /// Returns a paint as it looks on an uncertain flow of this width: hollow, dashed where there is no room for that,
    /// and paler where dashes tell the kind.
    pub fn uncertain(&self, paint: Paint, width: f64) -> Paint {
        let pale = paint.color.mix(self.style.casing, PALER);
        match self.message {
            Message::Kinds(_) => Paint { color: pale, ..paint },
            _ if width < HOLLOW_FROM => Paint { dash: THIN_DASH.to_vec(), ..paint },
            _ => Paint { color: pale, edge: Some(paint.color), ..paint },
        }
    }

    /// Returns, for each look that uncertain flows of these widths have, the greatest of its widths.
    pub fn uncertain_looks(&self, widths: impl Iterator<Item = f64>) -> Vec<f64> {
        let alike = matches!(self.message, Message::Kinds(_));
        let (wide, thin): (Vec<f64>, Vec<f64>) = widths.partition(|width| alike || *width >= HOLLOW_FROM);
        [wide, thin].into_iter().filter_map(|look| look.into_iter().reduce(f64::max)).collect()
    }

    /// Returns what colour tells on this map.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// Returns the paint of a flow of this width between these two places.
    pub fn paint(&self, [origin, destination]: [PlaceIndex; 2], link: &Link, width: f64) -> Paint {
        let unknown = link.weight.is_none() && self.weights == WeightKind::Measured;
        let paint = match &self.message {
            Message::Kinds(_) => self.paint_kind(link.kind.as_deref(), width),
            _ if unknown => self.numberless(),
            Message::Directions(hub) if *hub != origin => Paint::solid(self.style.reverse),
            Message::Groups(_) | Message::Roots(_) => Paint::solid(self.hue(self.group([origin, destination]))),
            _ => Paint::solid(self.style.color),
        };
        self.shade(paint, width)
    }

    /// Returns the paint of a flow without a number among others that have one.
    pub fn numberless(&self) -> Paint {
        Paint::solid(self.style.color.mix(self.style.unsorted.color, 0.75))
    }

    /// Returns the paint of a kind at this width, unshaded. Kinds that the style does not know take its spare looks; flows of no kind have
    /// a look of their own.
    pub fn paint_kind(&self, kind: Option<&str>, width: f64) -> Paint {
        let Some(name) = kind else { return Paint::dashed(&self.style.unsorted, width) };
        if let Some(KindStyle { color, dash, .. }) = known(self.style, name) {
            return Paint::dashed(&LookStyle { color: *color, dash: dash.clone() }, width);
        }
        let Message::Kinds(kinds) = &self.message else { return Paint::solid(self.style.color) };
        let mut unknown = kinds.iter().flatten().filter(|k| known(self.style, k).is_none());
        let turn = unknown.position(|k| &**k == name).unwrap_or(0);
        Paint::dashed(&spare_look(self.style, kinds, turn), width)
    }

    /// Returns the colours of the flows out of a hub and into it.
    pub fn directions(&self) -> (Color, Color) {
        (self.style.color, self.style.reverse)
    }
}

/// Returns the colours of a style that tell roots or groups apart: that of flows, then those of kinds, of the way back and of spare looks
/// that differ enough.
pub fn hues(style: &FlowStyle) -> Vec<Color> {
    let mut hues: Vec<Color> = vec![style.color];
    let (kinds, spare) = (style.kinds.iter().map(|kind| kind.color), style.spare.iter().map(|look| look.color));
    for color in kinds.chain([style.reverse]).chain(spare) {
        if hues.iter().all(|hue| apart(*hue, color)) {
            hues.push(color);
        }
    }
    hues
}

/// Returns the kinds of movement that these maps of one figure tell apart; `None` where there is but one that the style does not know.
pub fn told_kinds(inputs: &[MapInput<'_>]) -> Option<Message> {
    let MapInput { spec, style, .. } = inputs.first()?;
    let (known, order) = (&style.flows.kinds, &spec.kinds);
    let own = inputs.iter().flat_map(|input| input.shown.links().map(|(_, _, link)| &link.kind));
    let all: BTreeSet<_> = own.chain(spec.part.iter().flat_map(|part| &part.accord.kinds)).collect();
    let mut kinds: Vec<Option<Arc<str>>> = all.into_iter().cloned().collect();
    let in_style = |kind: &Option<Arc<str>>| {
        known.iter().position(|k| kind.as_deref() == Some(k.kind.as_str())).unwrap_or(known.len())
    };
    let given =
        |kind: &Option<Arc<str>>| order.iter().position(|k| kind.as_deref() == Some(k.as_str())).unwrap_or(order.len());
    kinds.sort_by(|a, b| {
        let names = || in_order(a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default());
        given(a).cmp(&given(b)).then(in_style(a).cmp(&in_style(b))).then(b.is_some().cmp(&a.is_some())).then_with(names)
    });
    let tells = kinds.len() > 1 || kinds.iter().any(|kind| in_style(kind) < known.len());
    tells.then_some(Message::Kinds(kinds))
}

fn known<'a>(style: &'a FlowStyle, name: &str) -> Option<&'a KindStyle> {
    style.kinds.iter().find(|kind| kind.kind == name)
}

/// Returns the look of one of the kinds that the style does not know, by its turn among them: the colours of no kind and the spare looks,
/// or, beside known kinds and where these are too few, the spare looks and those of kinds that the map does not have. Where all are
/// taken, their colours come again with each other's dashes.
fn spare_look(style: &FlowStyle, kinds: &[Option<Arc<str>>], turn: usize) -> LookStyle {
    let has = |name: &str| kinds.iter().flatten().any(|kind| **kind == *name);
    let unknown = kinds.iter().flatten().filter(|kind| known(style, kind).is_none()).count();
    let plain = [style.color, style.reverse].map(|color| LookStyle { color, dash: Vec::new() });
    let fits = unknown <= plain.len() + style.spare.len() && !style.kinds.iter().any(|kind| has(&kind.kind));
    let free = style.kinds.iter().filter(|kind| !has(&kind.kind));
    let free = free.map(|kind| LookStyle { color: kind.color, dash: kind.dash.clone() });
    let spare = style.spare.iter().cloned();
    let looks: Vec<LookStyle> =
        if fits { plain.into_iter().chain(spare).collect() } else { spare.chain(free).collect() };
    let count = looks.len().max(1);
    let look = |k: usize| looks.get(k % count).unwrap_or(&style.unsorted);
    LookStyle { color: look(turn).color, dash: look(turn + turn / count).dash.clone() }
}

/// Least difference of two colours in one of red, green and blue, of 255.
const LEAST_APART: u8 = 70;

const BLACK: Color = Color { r: 0, g: 0, b: 0, a: 255 };
const WHITE: Color = Color { r: 255, g: 255, b: 255, a: 255 };

/// Returns true for colours that two trees can have: they differ clearly in one of red, green and blue.
fn apart(a: Color, b: Color) -> bool {
    let differ = |x: u8, y: u8| x.abs_diff(y) >= LEAST_APART;
    differ(a.r, b.r) || differ(a.g, b.g) || differ(a.b, b.b)
}

/// Returns the place that every flow starts or ends at, where flows run both ways.
pub fn two_way_hub(shown: &OdGraph) -> Option<PlaceIndex> {
    let mut ends = shown.links().map(|(o, d, _)| [o, d]);
    let candidates = ends.next()?;
    let hub = candidates.into_iter().find(|c| shown.links().all(|(o, d, _)| o == *c || d == *c))?;
    let out = shown.links().any(|(o, _, _)| o == hub);
    let into = shown.links().any(|(_, d, _)| d == hub);
    (out && into).then_some(hub)
}

/// Fewest flows that make a place the hub of others.
pub const FEWEST: usize = 3;

/// Returns the one place that every flow starts at, or every flow ends at, of at least three flows.
pub fn hub_of(shown: &OdGraph) -> Option<PlaceIndex> {
    let first = shown.links().next()?;
    if shown.graph.edge_count() < FEWEST {
        return None;
    }
    [first.0, first.1].into_iter().find(|c| shown.links().all(|(o, d, _)| o == *c || d == *c))
}
