//! The periods or kinds of one network, measured one by one and set side by side.

use std::collections::HashMap;

use flowatlas_export as export;
use flowatlas_model::{Atlas, FlowTable, MetricTable, OdGraph, WeightKind, comparison::Comparison};
use flowatlas_network::{self as network, Measures, Member, Part, Unnamed};

use crate::{
    Graphed,
    study::{MapPlan, TableFormat},
};

/// A network with everything that is compared of it.
pub(crate) struct Measured {
    label: String,
    unit: String,
    atlas: Atlas,
    graph: OdGraph,
    metrics: MetricTable,
}

impl Measured {
    /// Measures a network, which its label and its unit go with.
    pub(crate) fn new((label, unit): (&str, &str), (atlas, graph): (Atlas, OdGraph), measures: &Measures) -> Self {
        let metrics = network::measure(&atlas, &graph, measures);
        Measured { label: label.to_owned(), unit: unit.to_owned(), atlas, graph, metrics }
    }

    fn member(&self) -> Member<'_> {
        let Measured { label, unit, atlas, graph, metrics } = self;
        Member { label, unit, atlas, graph, metrics }
    }
}

/// Returns networks side by side, each with the one before it; what is said of rows in none of them is among the conventions.
pub(crate) fn side_by_side(networks: &[Measured], in_no_part: Option<&str>) -> Comparison {
    let mut comparison = network::compare(&networks.iter().map(Measured::member).collect::<Vec<_>>());
    comparison.conventions.extend(in_no_part.map(|rows| format!("{rows}.")));
    comparison
}

/// Returns what is to be said of places that have one id and several names in these networks; `None` where there are none.
pub(crate) fn other_names(networks: &[Measured]) -> Option<String> {
    let mut known: HashMap<&str, (&str, &str)> = HashMap::new();
    let mut others = Vec::new();
    for Measured { label, atlas, .. } in networks {
        for place in &atlas.places {
            let first = *known.entry(&place.id).or_insert((&place.name, label));
            if first.0 != place.name {
                others.push((&place.id, first, (&place.name, label)));
            }
        }
    }
    let (id, (name, before), (other, after)) = others.first()?;
    let count = others.len();
    Some(format!(
        "{count} × one id and another name: {id} is {name} in {before} and {other} in {after}; networks are compared by the ids of places"
    ))
}

/// Measures every period or kind of a map. What names none is in no part.
pub(crate) fn parts(plan: &MapPlan, graphed: &Graphed, (part, measures): (Part, &Measures)) -> Vec<Measured> {
    let parts = network::parts(&graphed.atlas, &graphed.table, (plan.spec.weights, part));
    let measured = |(label, graph): (String, OdGraph)| {
        Measured::new((&label, &plan.spec.unit), (graphed.atlas.clone().into_owned(), graph), measures)
    };
    parts.into_iter().map(measured).collect()
}

/// Returns what is to be said of the rows that name no period or kind and so are in no part; `None` where all name one.
pub(crate) fn in_no_part(plan: &MapPlan, table: &FlowTable, part: Part) -> Option<String> {
    let Unnamed { rows, weight } = network::unnamed(table, part)?;
    let (what, _) = words(part);
    let (count, are) = if rows == 1 { ("1 row".to_owned(), "is") } else { (format!("{rows} rows"), "are") };
    let amount = match (weight, plan.spec.weights, plan.spec.unit.as_str()) {
        (Some(weight), WeightKind::Measured, "") => format!(", weight {weight} together,"),
        (Some(weight), WeightKind::Measured, unit) => format!(", {weight} {unit},"),
        _ => String::new(),
    };
    Some(format!("{count} without a {what}{amount} {are} in no part"))
}

/// Returns the word for a period or kind, and the option that names its column.
fn words(part: Part) -> (&'static str, &'static str) {
    match part {
        Part::Time => ("period", "--time"),
        Part::Kind => ("kind", "--kind"),
    }
}

/// Returns why periods or kinds cannot be set side by side; nothing where there are two or more.
pub(crate) fn too_few(parts: &[Measured], part: Part) -> Option<String> {
    let (what, column) = words(part);
    match parts {
        [] => Some(format!("the flows name no {what}; say in which column they do with {column}")),
        [one] => {
            Some(format!("the flows name one {what} only, \"{}\"; there is nothing to compare it with", one.label))
        }
        _ => None,
    }
}

/// Returns the files of a comparison in one format, by name: the tables of networks, places, flows and overlap with what each
/// column means, or everything in one.
pub(crate) fn tables(comparison: &Comparison, stem: &str, format: TableFormat) -> Vec<(String, Vec<u8>)> {
    let tables = || export::comparison_tables(comparison);
    match format {
        TableFormat::Json => vec![(format!("{stem}.json"), export::comparison_json(comparison))],
        TableFormat::Parquet => {
            tables().iter().map(|table| (format!("{}.parquet", table.file_stem(stem)), table.parquet())).collect()
        }
        TableFormat::Csv => {
            let described = |table: &export::ComparisonTable| {
                let name = format!("{}.csv", table.file_stem(stem));
                let description = export::comparison_csvw(comparison, table, &name);
                [(format!("{name}-metadata.json"), description), (name, table.csv())]
            };
            tables().iter().flat_map(described).collect()
        }
    }
}

/// Returns what stands between the name of a map and the tables of its parts: `by-time` or `by-kind`.
pub(crate) fn suffix(part: Part) -> &'static str {
    match part {
        Part::Time => "by-time",
        Part::Kind => "by-kind",
    }
}
