//! The numbers that areas are shaded by and circles are sized by, and the groups that colour tells apart: a column of the places, or a
//! metric of their flows.

use flowatlas_map::{
    choropleth::AreaNumber,
    spec::{GroupWish, SizeWish},
    words::Language,
};
use flowatlas_model::{Column, Value};
use flowatlas_network::{self as network, Choice, Measures};

use crate::{Graphed, config::suggest, error::Error, metric_titles::metric_title, study::MapPlan};

/// Where the numbers of a map's shaded areas come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShadingPlan {
    /// A column of the places, else a metric.
    pub value: String,
    /// The column of the places that names the region of each; `None` for its id.
    pub region: Option<String>,
}

/// What the symbols of places show: each a column of the places, else a metric, with its words in the legend, empty for those of the
/// column or metric.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SymbolsPlan {
    /// What circles are sized by; `None` for the flows of their places.
    pub size: Option<(String, String)>,
    /// What places are coloured by; `None` for one colour.
    pub color: Option<(String, String)>,
}

/// Returns what circles are sized by.
///
/// # Errors
/// As for [`place_numbers`], and at a negative number, which no area shows.
pub(crate) fn size(
    (value, title): &(String, String),
    (graphed, language): (&Graphed, Language),
) -> Result<SizeWish, String> {
    let numbers = place_numbers(value, graphed)?;
    if let Some(k) = numbers.iter().position(|n| n.is_some_and(|n| n < 0.0)) {
        let (id, number) = (&graphed.atlas.places[k].id, numbers[k].unwrap_or_default());
        return Err(format!("place \"{id}\": \"{value}\" is {number}; the area of a circle shows no negative number"));
    }
    Ok(SizeWish { title: titled(value, title, language), numbers })
}

/// Returns what the plan of a map colours places by; `None` for one colour.
///
/// # Errors
/// Fails where there is no such column or metric, or where the metric is not defined for these flows.
pub(crate) fn groups(plan: &MapPlan, graphed: &Graphed) -> Result<Option<GroupWish>, Error> {
    let groups = plan.symbols.color.as_ref().map(|by| grouped(by, (graphed, plan.spec.language))).transpose();
    groups.map_err(|message| plan.wish("symbols.color", message))
}

fn grouped((value, title): &(String, String), (graphed, language): (&Graphed, Language)) -> Result<GroupWish, String> {
    let groups = match graphed.atlas.attributes.column(value) {
        Some(column) => column.values.iter().map(|cell| Some(cell.to_text()).filter(|text| !text.is_empty())).collect(),
        None => of_metric(value, graphed)?.into_iter().map(|number| Some(number?.to_string())).collect(),
    };
    Ok(GroupWish { title: titled(value, title, language), groups })
}

fn titled(value: &str, title: &str, language: Language) -> String {
    if title.is_empty() { metric_title(value, language).unwrap_or(value).to_owned() } else { title.to_owned() }
}

/// Returns the number of each place of a map, in atlas order, and the region that shows it.
///
/// # Errors
/// Fails where there is no such column or metric, where the metric is not defined for these flows, and where a cell holds something that
/// is no number.
pub(crate) fn numbers(plan: &MapPlan, shading: &ShadingPlan, graphed: &Graphed) -> Result<Vec<AreaNumber>, Error> {
    let numbers = place_numbers(&shading.value, graphed).map_err(|message| plan.wish("choropleth.value", message))?;
    let regions = regions(shading, graphed).map_err(|message| plan.wish("choropleth.region", message))?;
    Ok(regions.into_iter().zip(numbers).map(|(region, number)| AreaNumber { region, number }).collect())
}

fn regions(shading: &ShadingPlan, graphed: &Graphed) -> Result<Vec<String>, String> {
    let Some(name) = &shading.region else {
        return Ok(graphed.atlas.places.iter().map(|place| place.id.clone()).collect());
    };
    let table = &graphed.atlas.attributes;
    let column = table.column(name).ok_or_else(|| {
        let known = suggest(name, table.columns().iter().map(|c| c.name.as_str()));
        format!("\"region\" is \"{name}\", but the places have no such column; {known}")
    })?;
    Ok(column.values.iter().map(Value::to_text).collect())
}

/// Returns a column of the places as numbers, else a metric of theirs, in atlas order.
///
/// # Errors
/// Fails with a message where there is no such column or metric, where the metric is not defined for these flows, and
/// where a cell holds something that is no number.
pub(crate) fn place_numbers(value: &str, graphed: &Graphed) -> Result<Vec<Option<f64>>, String> {
    match graphed.atlas.attributes.column(value) {
        Some(column) => of_column(column, graphed),
        None => of_metric(value, graphed),
    }
}

fn of_column(column: &Column, graphed: &Graphed) -> Result<Vec<Option<f64>>, String> {
    let number = |(row, cell): (usize, &Value)| match (cell, cell.as_number()) {
        (Value::Missing, _) => Ok(None),
        (_, Some(number)) => Ok(Some(number)),
        (other, None) => {
            let id = &graphed.atlas.places[row].id;
            Err(format!("place \"{id}\": the column \"{}\" is \"{}\", expected a number", column.name, other.to_text()))
        }
    };
    column.values.iter().enumerate().map(number).collect()
}

fn of_metric(name: &str, graphed: &Graphed) -> Result<Vec<Option<f64>>, String> {
    if !network::place_metrics().any(|metric| metric.id == name) {
        let columns = graphed.atlas.attributes.columns().iter().map(|column| column.name.as_str());
        let known = suggest(name, columns.chain(network::place_metrics().map(|metric| metric.id)));
        return Err(format!("the places have no column \"{name}\", and there is no such metric of places; {known}"));
    }
    let metrics = Choice::of(&[name.to_owned()]).map_err(|error| error.to_string())?;
    let table = network::measure(&graphed.atlas, &graphed.all, &Measures { metrics, ..Measures::default() });
    let found = table.places.into_iter().find(|metric| metric.info.id == name);
    found.map(|metric| metric.values).ok_or_else(|| {
        format!(
            "the metric \"{name}\" is not defined here; rates need the population of places, and ranks have no sums"
        )
    })
}
