//! A map that is a part of a figure: it has no title, notes or margins, and its scales may be those of other maps.

use std::{collections::BTreeSet, sync::Arc};

use flowatlas_model::{
    OdGraph, Place, PlaceIndex,
    planar::{PlanarFlow, PlanarNode, PlanarProblem},
};
use kurbo::Point;

use crate::{
    frame::{Framed, used_places},
    palette::{FEWEST, Message, hub_of, hues, told_kinds, two_way_hub},
    place_groups::PlaceGroups,
    scale::WidthScale,
    spec::{Circles, MapInput},
};

/// What a map takes from the figure that it is a part of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Where its legend stands.
    pub legend: LegendAt,
    /// What the maps of the figure agree on; nothing where each has its own legend.
    pub accord: Accord,
    /// What the maps of one network draw alike; `None` where each goes by its own flows.
    pub common: Option<Common>,
    /// The scales of all maps of the figure; `None` where each has its own.
    pub scales: Option<Scales>,
}

/// Where the legend of a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegendAt {
    /// On the map.
    #[default]
    Map,
    /// On the figure, once for all of its maps.
    Figure,
}

/// What maps must agree on to have one legend, whatever networks they show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Accord {
    /// The kinds of movement on any of them; empty where no flow has a kind.
    pub kinds: Vec<Option<Arc<str>>>,
    /// True where colours cannot tell the two directions of a place, since not all maps have flows both ways at one and the same.
    pub undirected: bool,
    /// True where circles tell sizes on one of them, and therefore on all, also around a hub.
    pub sized: bool,
}

impl Accord {
    /// Returns what these maps agree on.
    pub fn of(inputs: &[MapInput<'_>]) -> Self {
        let links = || inputs.iter().flat_map(|input| input.shown.links());
        let mut kinds: Vec<Option<Arc<str>>> = links().map(|(_, _, link)| link.kind.clone()).collect();
        kinds.sort();
        kinds.dedup();
        if kinds.iter().all(Option::is_none) {
            kinds.clear();
        }
        let two_way = |input: &MapInput<'_>| two_way_hub(input.shown).map(|hub| input.atlas.place(hub).id.clone());
        let hubs: BTreeSet<Option<String>> = inputs.iter().map(two_way).collect();
        let sized = |input: &MapInput<'_>| input.shown.graph.edge_count() >= FEWEST && hub_of(input.shown).is_none();
        Accord { kinds, undirected: hubs.len() != 1, sized: inputs.iter().any(sized) }
    }
}

/// What maps of one network draw alike, whichever of its flows they show.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    places: Vec<PlaceIndex>,
    hub: Option<PlaceIndex>,
    message: Message,
}

impl Common {
    /// Returns what these maps of one network draw alike: the places of all, the one that the flows of all join, and
    /// what colours mean.
    pub fn of(inputs: &[MapInput<'_>]) -> Self {
        let mut places: Vec<PlaceIndex> = inputs.iter().flat_map(used_places).collect();
        places.sort();
        places.dedup();
        let mut hubs: Vec<PlaceIndex> = inputs.iter().filter_map(|input| hub_of(input.shown)).collect();
        hubs.dedup();
        let hub = <[PlaceIndex; 1]>::try_from(hubs).ok().map(|[hub]| hub).filter(|hub| all_join(inputs, *hub));
        Common { places, hub, message: message(inputs) }
    }
}

/// Tells whether every flow of these maps starts or ends at a place.
fn all_join(inputs: &[MapInput<'_>], hub: PlaceIndex) -> bool {
    inputs.iter().flat_map(|input| input.shown.links()).all(|(from, to, _)| from == hub || to == hub)
}

/// Returns what colours mean on all of these maps: groups of places where they are asked for, the kinds of all maps where there are several
/// or a known one, directions where all flows start or end at one place, else the roots of trees.
fn message(inputs: &[MapInput<'_>]) -> Message {
    if let Some((first, wish)) = inputs.first().and_then(|first| Some((first, first.spec.groups.as_ref()?))) {
        let shown: Vec<&OdGraph> = inputs.iter().map(|input| input.shown).collect();
        return Message::Groups(PlaceGroups::new(wish, first.atlas, &shown, hues(&first.style.flows).len()));
    }
    if let Some(kinds) = told_kinds(inputs) {
        return kinds;
    }
    let hubs: BTreeSet<PlaceIndex> = inputs.iter().filter_map(|input| two_way_hub(input.shown)).collect();
    match Vec::from_iter(hubs).as_slice() {
        [hub] if all_join(inputs, *hub) => Message::Directions(*hub),
        _ if inputs.iter().any(|input| input.spec.trunks) => roots(inputs),
        _ => Message::None,
    }
}

/// Returns the roots that trees have where the flows of all maps are on one; no message where there is but one.
fn roots(inputs: &[MapInput<'_>]) -> Message {
    let joined = inputs.iter().flat_map(|input| input.shown.links().map(|(from, to, _)| (from, to)));
    let pairs: BTreeSet<(PlaceIndex, PlaceIndex)> = joined.filter(|(from, to)| from != to).collect();
    let flow = |(from, to): (PlaceIndex, PlaceIndex)| PlanarFlow::bare(from.index(), to.index());
    let places = inputs.first().map_or(&[][..], |first| &first.atlas.places);
    let node = |place: &Place| PlanarNode { at: Point::new(place.at.x, place.at.y), radius: 0.0 };
    let problem = PlanarProblem {
        nodes: places.iter().map(node).collect(),
        flows: pairs.into_iter().map(flow).collect(),
        ..PlanarProblem::default()
    };
    let roots: Vec<_> = problem.roots().into_iter().map(|(root, out)| (PlaceIndex(root as u32), out)).collect();
    if roots.len() > 1 { Message::Roots(roots) } else { Message::None }
}

/// Scales that hold on several maps at once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scales {
    /// Widths of flows; `None` where they are not proportional to weights.
    pub widths: Option<Widths>,
    /// The largest total of a place, and the radius in points that stands for it; `None` where circles are all alike.
    pub circles: Option<(f64, f64)>,
    /// The numbers of shaded areas on all maps together, which are classed as one.
    pub shaded: Vec<f64>,
}

/// A scale of widths and the weights that it serves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Widths {
    /// Points for one unit of weight.
    pub per_unit: f64,
    /// The largest weight drawn.
    pub largest: f64,
    /// The smallest weight drawn.
    pub smallest: f64,
}

impl Scales {
    /// Returns the scales that a map has of its own accord.
    pub fn of(input: &MapInput<'_>, framed: &Framed) -> Self {
        let weights = input.shown.links().filter_map(|(_, _, link)| link.weight);
        let widths = match framed.widths {
            WidthScale::Proportional { per_unit, largest, .. } => {
                Some(Widths { per_unit, largest, smallest: weights.fold(largest, f64::min) })
            }
            _ => None,
        };
        let circles = (framed.circles.largest() > 0.0).then(|| framed.circles.ends());
        let choropleth = input.spec.choropleth.iter();
        let shaded = choropleth.flat_map(|wish| wish.numbers.iter().filter_map(|at| at.number)).collect();
        Scales { widths, circles, shaded }
    }

    /// Returns the scales that serve two maps: the narrower widths, the smaller circles, the numbers of both.
    pub fn and(self, other: Scales) -> Self {
        Scales {
            widths: both(self.widths, other.widths, Widths::and),
            circles: both(self.circles, other.circles, |a, b| {
                let largest = a.0.max(b.0);
                // Areas grow with totals, so what a total of 1 would take is compared.
                let unit = (a.1 / a.0.sqrt()).min(b.1 / b.0.sqrt());
                (largest, unit * largest.sqrt())
            }),
            shaded: [self.shaded, other.shaded].concat(),
        }
    }

    /// Returns the scales with the widest flow this wide, in points.
    pub fn with_widest(self, width: f64) -> Self {
        let widths = self.widths.map(|w| Widths { per_unit: width / w.largest, ..w });
        Scales { widths, ..self }
    }
}

impl Widths {
    fn and(self, other: Widths) -> Widths {
        Widths {
            per_unit: self.per_unit.min(other.per_unit),
            largest: self.largest.max(other.largest),
            smallest: self.smallest.min(other.smallest),
        }
    }
}

fn both<T>(a: Option<T>, b: Option<T>, join: impl Fn(T, T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(join(a, b)),
        (a, b) => a.or(b),
    }
}

impl MapInput<'_> {
    /// Returns the place that every flow of the map, or of the network that it is a part of, joins on one side. Its symbol and those
    /// around it say nothing beyond the flows; there is none where circles are to tell both directions all the same.
    pub(crate) fn hub(&self) -> Option<PlaceIndex> {
        if self.spec.circles == Circles::InOut || self.spec.part.as_ref().is_some_and(|part| part.accord.sized) {
            return None;
        }
        self.common().map_or_else(|| hub_of(self.shown), |common| common.hub)
    }

    /// Returns what colours mean where that is decided for several maps.
    pub(crate) fn message(&self) -> Option<&Message> {
        self.common().map(|common| &common.message)
    }

    /// Tells whether this is one of several maps of one network, which show the same ground.
    pub(crate) fn shares_ground(&self) -> bool {
        self.common().is_some()
    }

    /// Returns the places to be drawn beside those of the flows.
    pub(crate) fn more_places(&self) -> &[PlaceIndex] {
        self.common().map_or(&[], |common| &common.places)
    }

    /// Returns the scales that hold on several maps.
    pub(crate) fn scales(&self) -> Option<&Scales> {
        self.spec.part.as_ref()?.scales.as_ref()
    }

    fn common(&self) -> Option<&Common> {
        self.spec.part.as_ref()?.common.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scales(per_unit: f64, largest: f64, circles: (f64, f64)) -> Scales {
        Scales { widths: Some(Widths { per_unit, largest, smallest: 1.0 }), circles: Some(circles), shaded: Vec::new() }
    }

    #[test]
    fn two_maps_take_the_narrower_widths_and_the_smaller_circles() {
        let both = scales(0.1, 100.0, (400.0, 10.0)).and(scales(0.02, 900.0, (100.0, 10.0)));
        assert_eq!(both.widths, Some(Widths { per_unit: 0.02, largest: 900.0, smallest: 1.0 }));
        assert_eq!(both.circles, Some((400.0, 10.0)));
        let widest = both.with_widest(9.0).widths.unwrap();
        assert_eq!(widest.per_unit * widest.largest, 9.0);
    }

    #[test]
    fn the_order_of_the_maps_does_not_matter() {
        let (a, b) = (scales(0.1, 100.0, (400.0, 10.0)), scales(0.02, 900.0, (100.0, 7.0)));
        assert_eq!(a.clone().and(b.clone()), b.and(a));
    }
}
