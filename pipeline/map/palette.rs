//! Which colour and dash a flow takes: by kind, by direction at a hub, or one for all.

use std::sync::Arc;

use flowatlas_model::{
    Link, OdGraph, PlaceIndex, WeightKind,
    style::{Color, FlowStyle},
};

/// Share of black in the colour of a number that stands beside its flow.
const NUMBER_DARKENING: f64 = 0.35;

/// Contrast at which bold white words are preferred to black ones (WCAG 2.2, 1.4.3, large or bold text).
const READABLE: f64 = 3.0;

/// How one flow is coloured.
#[derive(Debug, Clone, PartialEq)]
pub struct Paint {
    /// Opaque colour of the line.
    pub color: Color,
    /// Dashes and gaps in points; empty for solid.
    pub dash: Vec<f64>,
}

impl Paint {
    /// Returns the colour for words that belong to the flow.
    pub fn for_words(&self) -> Color {
        self.color.mix(BLACK, NUMBER_DARKENING)
    }

    /// Returns black or white, whichever is easier to read on the flow.
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
}

/// Colours of the flows of one map.
pub struct Palette<'a> {
    style: &'a FlowStyle,
    message: Message,
    weights: WeightKind,
}

impl<'a> Palette<'a> {
    /// Returns the palette for these flows: kinds where there are several or a known one, else the two directions
    /// of a place that all flows start or end at, else one colour. Kinds stand in the order given, then in that of
    /// the style, then by name.
    pub fn for_flows(shown: &OdGraph, style: &'a FlowStyle, order: &[String]) -> Self {
        let mut kinds: Vec<Option<Arc<str>>> = shown.links().map(|(_, _, l)| l.kind.clone()).collect();
        let in_style = |kind: &Option<Arc<str>>| {
            style.kinds.iter().position(|k| kind.as_deref() == Some(k.kind.as_str())).unwrap_or(style.kinds.len())
        };
        let given = |kind: &Option<Arc<str>>| {
            order.iter().position(|k| kind.as_deref() == Some(k.as_str())).unwrap_or(order.len())
        };
        kinds.sort_by(|a, b| {
            given(a)
                .cmp(&given(b))
                .then(in_style(a).cmp(&in_style(b)))
                .then(b.is_some().cmp(&a.is_some()))
                .then(a.cmp(b))
        });
        kinds.dedup();
        let known = kinds.iter().any(|k| in_style(k) < style.kinds.len());
        let message = if kinds.len() > 1 || known {
            Message::Kinds(kinds)
        } else {
            two_way_hub(shown).map_or(Message::None, Message::Directions)
        };
        Palette { style, message, weights: shown.weights }
    }

    /// Returns what colour tells on this map.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// Returns the paint of a flow of this width.
    pub fn paint(&self, origin: PlaceIndex, link: &Link, width: f64) -> Paint {
        let unknown = link.weight.is_none() && self.weights == WeightKind::Measured;
        match &self.message {
            Message::Kinds(_) => self.paint_kind(link.kind.as_deref(), width),
            _ if unknown => Paint { color: self.style.color.mix(GREY, 0.75), dash: Vec::new() },
            Message::Directions(hub) if *hub != origin => Paint { color: self.style.reverse, dash: Vec::new() },
            _ => Paint { color: self.style.color, dash: Vec::new() },
        }
    }

    /// Returns the paint of a kind at this width. Kinds that the style does not know take its spare colours in turn;
    /// flows of no kind are grey.
    pub fn paint_kind(&self, kind: Option<&str>, width: f64) -> Paint {
        let known = |name: &str| self.style.kinds.iter().find(|k| k.kind == name);
        let Some(name) = kind else { return Paint { color: GREY, dash: Vec::new() } };
        if let Some(found) = known(name) {
            return Paint { color: found.color, dash: found.dash.iter().map(|d| d * width.max(0.8)).collect() };
        }
        let Message::Kinds(kinds) = &self.message else { return Paint { color: self.style.color, dash: Vec::new() } };
        let mut unknown = kinds.iter().flatten().filter(|k| known(k).is_none());
        let turn = unknown.position(|k| &**k == name).unwrap_or(0);
        // Beside known kinds the colours of no kind would be mistaken for one.
        let plain = [self.style.color, self.style.reverse]
            .into_iter()
            .filter(|_| kinds.iter().flatten().all(|k| known(k).is_none()));
        let colors: Vec<Color> = plain.chain(self.style.spare.iter().copied()).collect();
        if colors.is_empty() {
            return Paint { color: GREY, dash: Vec::new() };
        }
        Paint { color: colors[turn % colors.len()], dash: Vec::new() }
    }

    /// Returns the colours of the flows out of a hub and into it.
    pub fn directions(&self) -> (Color, Color) {
        (self.style.color, self.style.reverse)
    }
}

const BLACK: Color = Color { r: 0, g: 0, b: 0, a: 255 };
const WHITE: Color = Color { r: 255, g: 255, b: 255, a: 255 };
const GREY: Color = Color { r: 128, g: 128, b: 128, a: 255 };

/// Returns the place that every flow starts or ends at, where flows run both ways.
fn two_way_hub(shown: &OdGraph) -> Option<PlaceIndex> {
    let mut ends = shown.links().map(|(o, d, _)| [o, d]);
    let candidates = ends.next()?;
    let hub = candidates.into_iter().find(|c| shown.links().all(|(o, d, _)| o == *c || d == *c))?;
    let out = shown.links().any(|(o, _, _)| o == hub);
    let into = shown.links().any(|(_, d, _)| d == hub);
    (out && into).then_some(hub)
}

/// Returns the one place that every flow starts at, or every flow ends at, of at least three flows.
pub fn hub_of(shown: &OdGraph) -> Option<PlaceIndex> {
    let first = shown.links().next()?;
    if shown.graph.edge_count() < 3 {
        return None;
    }
    [first.0, first.1].into_iter().find(|c| shown.links().all(|(o, d, _)| o == *c || d == *c))
}
