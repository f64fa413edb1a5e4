//! The map in words: who moves where, how many, what stands out. For readers who cannot see the picture.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use flowatlas_model::{Link, PlaceIndex, WeightKind, direction::isolated};

use crate::{
    frame::completeness,
    spec::{Directions, MapInput},
    words::{Language, Words},
};

/// Flows that are named one by one.
const NAMED: usize = 3;

/// Returns a few sentences on what the map shows, in its language: how many flows join which places, the largest of
/// them, where most leave and arrive, the kinds of movement, and how much of everything is shown.
pub fn description(input: &MapInput<'_>) -> String {
    told(&Teller::new(input, ["A map", "Mapa", "Carte"]))
}

/// Returns the same of a matrix.
pub fn described_matrix(input: &MapInput<'_>) -> String {
    told(&Teller::new(input, ["A matrix", "Matriz", "Matrice"]))
}

fn told(teller: &Teller<'_>) -> String {
    let sentences = [
        teller.subject(),
        teller.largest(),
        teller.concentration(),
        teller.hubs(),
        teller.kinds(),
        completeness(teller.input),
    ];
    sentences.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
}

struct Teller<'a> {
    input: &'a MapInput<'a>,
    /// What the picture is, in each language.
    picture: [&'static str; 3],
    words: Words,
    /// The shown flows, the heaviest (or first in rank) first; those without a weight follow. Beyond those that are named, flows of
    /// one weight stand in any order.
    links: Vec<(PlaceIndex, PlaceIndex, &'a Link)>,
    /// The sum of their weights; `None` where they are not summed.
    total: Option<f64>,
    /// What leaves and what arrives at each place that flows do leave or arrive at.
    origins: BTreeMap<PlaceIndex, f64>,
    destinations: BTreeMap<PlaceIndex, f64>,
}

impl<'a> Teller<'a> {
    fn new(input: &'a MapInput<'a>, picture: [&'static str; 3]) -> Self {
        let sign = if input.spec.weights == WeightKind::Ordinal { 1.0 } else { -1.0 };
        let key = |link: &Link| link.weight.map_or(f64::INFINITY, |w| sign * w);
        let mut ranked: Vec<_> = input.shown.links().map(|link| (key(link.2), link)).collect();
        ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        // Only among those that are named, and those as heavy, does it matter which comes first.
        let last = ranked.get(NAMED - 1).map_or(f64::INFINITY, |(key, _)| *key);
        let head = ranked.partition_point(|(key, _)| key.total_cmp(&last).is_le());
        let name = |place: PlaceIndex| input.atlas.place(place).id.as_str();
        let ends = |(from, to, link): &(PlaceIndex, PlaceIndex, &'a Link)| (name(*from), name(*to), &link.kind);
        ranked[..head].sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| ends(&a.1).cmp(&ends(&b.1))));
        let links: Vec<_> = ranked.into_iter().map(|(_, link)| link).collect();
        let total = input.shown.total().filter(|total| *total > 0.0);
        let places = input.atlas.places.len();
        let origins = sums(places, links.iter().map(|(from, _, link)| (*from, *link)));
        let destinations = sums(places, links.iter().map(|(_, to, link)| (*to, *link)));
        Teller { input, picture, words: Words::of(input.spec.language), links, total, origins, destinations }
    }

    fn name(&self, place: PlaceIndex) -> Cow<'_, str> {
        isolated(&self.input.atlas.place(place).name)
    }

    fn say(&self, english: String, spanish: String, french: String) -> String {
        match self.input.spec.language {
            Language::English => english,
            Language::Spanish => spanish,
            Language::French => french,
        }
    }

    fn subject(&self) -> String {
        let flows = self.words.number(self.links.len() as f64);
        let (origins, destinations) = (&self.origins, &self.destinations);
        let count = |places: &BTreeMap<PlaceIndex, f64>| self.words.number(places.len() as f64);
        let [english, spanish, french] = self.picture;
        let many = self.links.len() > 1;
        let one_way = many && !self.both_ways();
        match (origins.len(), destinations.len()) {
            (0, _) => self.say(
                format!("{english} without flows."),
                format!("{spanish} sin flujos."),
                format!("{french} sans flux."),
            ),
            (1, _) if one_way => {
                let (from, n) = (self.name(self.links[0].0), count(destinations));
                self.say(
                    format!("{english} of {flows} flows from {from} to {n} places."),
                    format!("{spanish} de {flows} flujos desde {from} hacia {n} lugares."),
                    format!("{french} de {flows} flux de {from} vers {n} lieux."),
                )
            }
            (_, 1) if one_way => {
                let (to, n) = (self.name(self.links[0].1), count(origins));
                self.say(
                    format!("{english} of {flows} flows from {n} places to {to}."),
                    format!("{spanish} de {flows} flujos desde {n} lugares hacia {to}."),
                    format!("{french} de {flows} flux de {n} lieux vers {to}."),
                )
            }
            _ => {
                let n = self.words.number(self.ends_of_all() as f64);
                self.say(
                    format!("{english} of {flows} {} between {n} places.", if many { "flows" } else { "flow" }),
                    format!("{spanish} de {flows} {} entre {n} lugares.", if many { "flujos" } else { "flujo" }),
                    format!("{french} de {flows} flux entre {n} lieux."),
                )
            }
        }
    }

    fn largest(&self) -> String {
        let weighted = self.links.iter().filter(|l| l.2.weight.is_some()).take(NAMED);
        let named: Vec<String> = weighted.map(|(from, to, link)| self.flow(*from, *to, link)).collect();
        if named.is_empty() {
            return String::new();
        }
        let list = named.join("; ");
        match self.input.spec.weights {
            WeightKind::Measured if self.is_part() => self.say(
                format!("The largest, with their shares of what is shown: {list}."),
                format!("Los mayores, con su parte de lo que se muestra: {list}."),
                format!("Les plus importants, avec leur part de ce qui est représenté : {list}."),
            ),
            WeightKind::Measured => self.say(
                format!("The largest: {list}."),
                format!("Los mayores: {list}."),
                format!("Les plus importants : {list}."),
            ),
            WeightKind::Ordinal => {
                self.say(format!("In order: {list}."), format!("Por orden: {list}."), format!("Dans l’ordre : {list}."))
            }
        }
    }

    fn flow(&self, from: PlaceIndex, to: PlaceIndex, link: &Link) -> String {
        let (from, to) = (self.name(from), self.name(to));
        let way = match self.both_ways() {
            true => self.say(
                format!("between {from} and {to}"),
                format!("entre {from} y {to}"),
                format!("entre {from} et {to}"),
            ),
            false => self.say(format!("{from} to {to}"), format!("{from} a {to}"), format!("{from} vers {to}")),
        };
        match (link.weight, self.total) {
            (Some(weight), Some(total)) => {
                format!("{way}, {} ({})", self.amount(weight), self.words.percent(weight / total))
            }
            (Some(weight), None) => format!("{} {way}", self.words.number(weight)),
            (None, _) => way,
        }
    }

    /// Tells whether shares of what is shown are others than those of all flows.
    fn is_part(&self) -> bool {
        self.total.is_some() && self.total != self.input.all.total()
    }

    /// Tells whether flows are sums of both directions, and so have no origin.
    fn both_ways(&self) -> bool {
        self.input.spec.directions == Directions::Gross
    }

    fn amount(&self, weight: f64) -> String {
        format!("{} {}", self.words.number(weight), self.input.spec.unit).trim_end().to_owned()
    }

    /// Says what the named flows carry together, where there are more.
    fn concentration(&self) -> String {
        let Some(total) = self.total.filter(|_| self.links.len() > NAMED) else { return String::new() };
        let part: f64 = self.links.iter().take(NAMED).filter_map(|l| l.2.weight).sum();
        let percent = self.words.percent(part / total);
        self.say(
            format!("These three carry {percent} of what is shown."),
            format!("Estos tres reúnen {percent} de lo que se muestra."),
            format!("Ces trois portent {percent} de ce qui est représenté."),
        )
    }

    /// Names the places where most arrive and most leave, where there is a choice of both.
    fn hubs(&self) -> String {
        if self.both_ways() {
            return self.hub();
        }
        let (origins, destinations) = (&self.origins, &self.destinations);
        let several = origins.len() > 1 && destinations.len() > 1;
        let (Some(total), true) = (self.total, several) else { return String::new() };
        let named = |sums: &BTreeMap<PlaceIndex, f64>| {
            let (place, part) = greatest(sums)?;
            Some(format!("{} ({})", self.name(place), self.words.percent(part / total)))
        };
        let (Some(from), Some(to)) = (named(origins), named(destinations)) else { return String::new() };
        self.say(
            format!("The largest origin is {from}, the largest destination {to}."),
            format!("El mayor origen es {from}, el mayor destino {to}."),
            format!("La première origine est {from}, la première destination {to}."),
        )
    }

    /// Names the place with the largest sum of flows without a direction, where there is a choice.
    fn hub(&self) -> String {
        let mut sums = self.origins.clone();
        for (place, sum) in &self.destinations {
            *sums.entry(*place).or_default() += sum;
        }
        let (Some(total), Some((place, part)), true) = (self.total, greatest(&sums), self.links.len() > 1) else {
            return String::new();
        };
        let (place, share) = (self.name(place), self.words.percent(part / total));
        self.say(
            format!("The place with the largest sum is {place} ({share})."),
            format!("El lugar con la mayor suma es {place} ({share})."),
            format!("Le lieu dont la somme est la plus grande est {place} ({share})."),
        )
    }

    /// Says how many flows there are of each kind, the most frequent first.
    fn kinds(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in self.links.iter().filter_map(|l| l.2.kind.as_deref()) {
            *counts.entry(kind).or_default() += 1;
        }
        let mut kinds: Vec<(&str, usize)> = counts.into_iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if kinds.len() < 2 {
            return String::new();
        }
        let list: Vec<String> =
            kinds.iter().map(|(kind, n)| format!("{kind} {}", self.words.number(*n as f64))).collect();
        let list = list.join(", ");
        self.say(
            format!("Flows by kind: {list}."),
            format!("Flujos por tipo: {list}."),
            format!("Flux par type : {list}."),
        )
    }

    fn ends_of_all(&self) -> usize {
        self.origins.keys().chain(self.destinations.keys()).collect::<BTreeSet<_>>().len()
    }
}

/// Returns the sums of the weights at the places that links are given for.
fn sums<'a>(places: usize, ends: impl Iterator<Item = (PlaceIndex, &'a Link)>) -> BTreeMap<PlaceIndex, f64> {
    let mut sums: Vec<Option<f64>> = vec![None; places];
    for (place, link) in ends {
        *sums[place.index()].get_or_insert(0.0) += link.weight.unwrap_or(0.0);
    }
    (0..).map(PlaceIndex).zip(sums).filter_map(|(place, sum)| Some((place, sum?))).collect()
}

/// Returns the place with the greatest sum, the first of equals.
fn greatest(sums: &BTreeMap<PlaceIndex, f64>) -> Option<(PlaceIndex, f64)> {
    sums.iter().map(|(p, s)| (*p, *s)).reduce(|best, next| if next.1 > best.1 { next } else { best })
}
