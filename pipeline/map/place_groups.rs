//! Groups of places that colour tells apart, such as communities: each has a colour, and so have the flows within it.

use flowatlas_model::{Atlas, OdGraph, PlaceIndex, names::in_order};

use crate::spec::GroupWish;

/// Names of places that stand for a group that has only a number.
const NAMED: usize = 3;

/// The groups of one map, in the order of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceGroups {
    /// What the groups are, as the legend says it.
    pub title: String,
    /// What the legend calls each.
    pub names: Vec<String>,
    /// Whether a shown flow leads from one of them to another, or to a place of none.
    pub crossed: bool,
    /// What the groups of least flow are called for which there are no colours: their places are of none.
    pub rest: Vec<String>,
    of: Vec<Option<usize>>,
}

impl PlaceGroups {
    /// Returns the groups that the flows of one map or of several join, or all where there are no flows: those of numbers by number and
    /// named by their places of most flow, others by name; where there are more than `colors`, those of most flow alone.
    pub fn new(wish: &GroupWish, atlas: &Atlas, shown: &[&OdGraph], colors: usize) -> PlaceGroups {
        let mut totals = vec![0.0; atlas.places.len()];
        let mut used = vec![false; atlas.places.len()];
        for (origin, destination, link) in shown.iter().flat_map(|graph| graph.links()) {
            for end in [origin, destination] {
                totals[end.index()] += link.weight.unwrap_or(0.0);
                used[end.index()] = true;
            }
        }
        // Without flows a map shows all of its places.
        if !used.contains(&true) {
            used.fill(true);
        }
        let group = |k: usize| wish.groups[k].as_deref().filter(|_| used[k]);
        let mut found: Vec<&str> = (0..totals.len()).filter_map(group).collect();
        found.sort_by(|a, b| in_order(a, b));
        found.dedup();
        let number = |name: &str| found.iter().position(|f| *f == name);
        let of: Vec<Option<usize>> = (0..totals.len()).map(|k| group(k).and_then(number)).collect();
        let names = names(&found, atlas, (&of, &totals));

        let mut flow = vec![0.0; found.len()];
        of.iter().zip(&totals).filter_map(|(of, total)| Some(((*of)?, total))).for_each(|(k, total)| flow[k] += total);
        let mut largest: Vec<usize> = (0..found.len()).collect();
        largest.sort_by(|a, b| f64::total_cmp(&flow[*b], &flow[*a]).then(a.cmp(b)));
        let has_color = |k: &usize| largest[..colors.min(largest.len())].contains(k);
        let (own, rest): (Vec<usize>, Vec<usize>) = (0..found.len()).partition(has_color);
        let of = of.iter().map(|of| own.iter().position(|k| Some(*k) == *of)).collect();
        let called = |groups: &[usize]| groups.iter().map(|k| names[*k].clone()).collect();
        let (title, names, rest) = (wish.title.clone(), called(&own), called(&rest));
        let mut groups = PlaceGroups { title, names, crossed: false, rest, of };
        let mut links = shown.iter().flat_map(|graph| graph.links());
        groups.crossed = links.any(|(origin, destination, _)| groups.within([origin, destination]).is_none());
        groups
    }

    /// Returns the number of the group of a place.
    pub fn of(&self, place: PlaceIndex) -> Option<usize> {
        self.of[place.index()]
    }

    /// Returns the number of the group that a flow stays within.
    pub fn within(&self, [origin, destination]: [PlaceIndex; 2]) -> Option<usize> {
        self.of(origin).filter(|group| self.of(destination) == Some(*group))
    }
}

/// Returns what the legend calls groups of which each place has one, by number: those of a number alone by their places of most flow.
fn names(found: &[&str], atlas: &Atlas, (of, totals): (&[Option<usize>], &[f64])) -> Vec<String> {
    let name = |(number, name): (usize, &&str)| {
        if name.parse::<f64>().is_err() {
            return (*name).to_owned();
        }
        let mut members: Vec<usize> = (0..of.len()).filter(|k| of[*k] == Some(number)).collect();
        members.sort_by(|a, b| totals[*b].total_cmp(&totals[*a]).then(a.cmp(b)));
        let names = members.iter().take(NAMED).map(|k| atlas.places[*k].name.as_str());
        let more = if members.len() > NAMED { " …" } else { "" };
        format!("{}{more}", names.collect::<Vec<_>>().join(", "))
    };
    let mut names: Vec<String> = found.iter().enumerate().map(name).collect();
    // Places may share names; groups do not.
    for k in 1..names.len() {
        if names[..k].contains(&names[k]) {
            names[k] = format!("{} ({})", names[k], k + 1);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use flowatlas_model::{Flow, FlowTable, Place, Table, WeightKind};

    use super::*;

    fn groups(of: &[Option<&str>], flows: &[(u32, u32, f64)]) -> PlaceGroups {
        let place = |k: usize| Place {
            id: k.to_string(),
            name: ["Ape", "Bee", "Cow", "Dog", "Eel"][k].to_owned(),
            at: Default::default(),
            area: None,
            population: None,
        };
        let atlas = Atlas { places: (0..of.len()).map(place).collect(), ..Atlas::default() };
        let flow = |(origin, destination, weight): &(u32, u32, f64)| Flow {
            origin: PlaceIndex(*origin),
            destination: PlaceIndex(*destination),
            weight: Some(*weight),
            kind: None,
            time: None,
        };
        let table = FlowTable { flows: flows.iter().map(flow).collect(), attributes: Table::with_rows(flows.len()) };
        let graph = flowatlas_network::build(&atlas, &table, WeightKind::Measured);
        let groups = of.iter().map(|g| g.map(str::to_owned)).collect();
        PlaceGroups::new(&GroupWish { title: "group".into(), groups }, &atlas, &[&graph], 2)
    }

    #[test]
    fn numbered_groups_stand_in_order_and_are_named_by_their_places_of_most_flow() {
        let of = [Some("10"), Some("10"), Some("2"), Some("10"), Some("10")];
        let found = groups(&of, &[(0, 1, 5.0), (1, 3, 9.0), (4, 2, 1.0)]);
        assert_eq!(found.names, ["Cow", "Bee, Dog, Ape …"]);
        assert_eq!([0, 2].map(|k| found.of(PlaceIndex(k))), [Some(1), Some(0)]);
        assert!(found.crossed);
        assert_eq!(found.within([PlaceIndex(0), PlaceIndex(1)]), Some(1));
        assert_eq!(found.within([PlaceIndex(4), PlaceIndex(2)]), None);
    }

    #[test]
    fn of_more_groups_than_colours_those_of_most_flow_have_one() {
        let of = [Some("Asia"), Some("Africa"), Some("Europe"), Some("Europe")];
        let found = groups(&of, &[(0, 1, 1.0), (2, 0, 6.0), (3, 2, 4.0)]);
        assert_eq!((found.names, found.rest), (vec!["Asia".into(), "Europe".into()], vec!["Africa".to_owned()]));
        assert_eq!([0, 1, 2].map(|k| found.of[k]), [Some(0), None, Some(1)]);
        assert!(found.crossed);
    }

    #[test]
    fn groups_without_a_shown_flow_are_not_told() {
        let found = groups(&[Some("north"), Some("north"), Some("south"), None], &[(0, 1, 5.0)]);
        assert_eq!((found.names, found.crossed), (vec!["north".to_owned()], false));
        assert_eq!(groups(&[Some("north"), Some("north"), Some("south"), None], &[]).names, ["north", "south"]);
    }
}
