//! Whether what a map names is in its data: regions, places, a column of the places.

use flowatlas_model::{Atlas, BaseMap};

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
    Known::columns(&graphed.atlas).check(plan, "second_name", &spec.second_name)
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
