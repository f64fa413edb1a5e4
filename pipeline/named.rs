//! Whether what a map names is in its data: regions, places, positions, a column of the places, kinds.

use std::collections::BTreeSet;

use flowatlas_map::{Bend, is_on_earth};
use flowatlas_model::{Atlas, BaseMap, Coordinates, FlowTable};

use crate::{Graphed, Materials, config::nearest, error::Error, study::MapPlan};

/// What can be named.
struct Known<'a> {
    /// What one of them is called.
    one: &'static str,
    /// The id of each, by which it is named, and its name in words.
    names: Vec<[&'a str; 2]>,
    /// What to do where nothing is like what was named.
    otherwise: &'static str,
}

/// Checks every name that a map takes from its data.
///
/// # Errors
/// Fails at the first that is not there, with the nearest one that is.
pub(crate) fn check(plan: &MapPlan, materials: &Materials, graphed: &Graphed) -> Result<(), Error> {
    let (spec, regions) = (&plan.spec, Known::regions(materials.base));
    for (key, ids) in
        [("highlight", &spec.highlight), ("subject", &spec.subject), ("region_labels", &spec.region_labels)]
    {
        regions.check(plan, key, ids)?;
    }
    let places = Known::places(&graphed.atlas);
    places.check(plan, "areas", &spec.areas)?;
    places.check(plan, "exits", &spec.exits)?;
    Known::columns(&graphed.atlas).check(plan, "second_name", &spec.second_name)?;
    // Of the whole layer: a map, or one of small multiples, may well lack a kind that others have.
    Known::kinds(materials.flows).check(plan, "kinds", &spec.kinds)?;
    check_windows(plan, materials)?;
    check_ends(plan, [materials.atlas, &graphed.atlas])?;
    check_positions(plan, graphed.atlas.coordinates)
}

fn check_windows(plan: &MapPlan, materials: &Materials) -> Result<(), Error> {
    for (k, window) in plan.spec.windows.iter().enumerate() {
        let own = materials.window_bases.get(k).and_then(Option::as_ref);
        let regions = Known::regions(own.unwrap_or(materials.base));
        regions.check(plan, &format!("window.{k}.region_labels"), &window.region_labels)?;
    }
    Ok(())
}

/// Checks the ends of the flows that words or courses belong to. They may be places that were joined with others.
fn check_ends(plan: &MapPlan, atlases: [&Atlas; 2]) -> Result<(), Error> {
    let [mut places, joined] = atlases.map(Known::places);
    places.names.extend(joined.names);
    let words = plan.spec.annotations.iter().map(|a| [&a.origin, &a.destination]).enumerate();
    let courses = plan.spec.courses.iter().map(|c| [&c.origin, &c.destination]).enumerate();
    let words = words.map(|(k, ends)| (format!("annotation.{k}"), ends));
    for (table, [origin, dest]) in words.chain(courses.map(|(k, ends)| (format!("course.{k}"), ends))) {
        places.check(plan, &format!("{table}.origin"), [origin])?;
        places.check(plan, &format!("{table}.dest"), [dest])?;
    }
    Ok(())
}

fn check_positions(plan: &MapPlan, coordinates: Coordinates) -> Result<(), Error> {
    for (k, course) in plan.spec.courses.iter().enumerate() {
        let Bend::Through(at @ [x, y]) = course.bend else { continue };
        let expected = match coordinates {
            Coordinates::Geographic if !is_on_earth([x, y, x, y]) => {
                "a longitude from -180 to 180 and a latitude from -90 to 90"
            }
            _ if !(x.is_finite() && y.is_finite()) => "two numbers",
            _ => continue,
        };
        return Err(plan.wish(&format!("course.{k}.through"), format!("\"through\" is {at:?}, expected {expected}")));
    }
    Ok(())
}

impl<'a> Known<'a> {
    fn regions(base: &'a BaseMap) -> Self {
        let regions = base.countries.iter().chain(&base.divisions);
        Known {
            one: "region",
            names: regions.map(|region| [region.id.as_str(), region.name.as_str()]).collect(),
            otherwise: "name a region of the base map by its id, or add the file that has it to base",
        }
    }

    fn places(atlas: &'a Atlas) -> Self {
        Known {
            one: "place",
            names: atlas.places.iter().map(|place| [place.id.as_str(), place.name.as_str()]).collect(),
            otherwise: "name a place of this map's layer by its id",
        }
    }

    fn kinds(flows: &'a FlowTable) -> Self {
        let kinds: BTreeSet<&str> = flows.flows.iter().filter_map(|flow| flow.kind.as_deref()).collect();
        Known {
            one: "kind",
            names: kinds.into_iter().map(|kind| [kind; 2]).collect(),
            otherwise: "name a kind of this map's layer of flows",
        }
    }

    fn columns(atlas: &'a Atlas) -> Self {
        Known {
            one: "column",
            names: atlas.attributes.columns().iter().map(|column| [column.name.as_str(); 2]).collect(),
            otherwise: "name a column of this map's layer of places",
        }
    }

    fn check<'b>(&self, plan: &MapPlan, key: &str, ids: impl IntoIterator<Item = &'b String>) -> Result<(), Error> {
        let is_known = |id: &String| self.names.iter().any(|[known, _]| known == id);
        let Some(id) = ids.into_iter().find(|id| !is_known(id)) else { return Ok(()) };
        // Of `window.1.region_labels`, what a reader looks for is the last.
        let name = key.rsplit('.').next().unwrap_or(key);
        let message =
            format!("\"{name}\" names the {} \"{id}\", which is not in the data; {}", self.one, self.hint(id));
        Err(plan.wish(key, message))
    }

    /// Returns the id that may have been meant, which may have been named in words, or what to do.
    fn hint(&self, id: &str) -> String {
        let near = |side: usize| {
            let word = nearest(id, self.names.iter().map(|names| names[side]))?;
            self.names.iter().find(|names| names[side] == word).map(|[id, _]| *id)
        };
        let same = self.names.iter().find(|[_, name]| name.to_lowercase() == id.to_lowercase()).map(|[id, _]| *id);
        let found = same.or_else(|| near(0)).or_else(|| near(1));
        found.map_or(self.otherwise.to_owned(), |id| format!("did you mean \"{id}\"?"))
    }
}
