//! The rows of charts: from a table, from the places of a map, or from its flows.

use std::collections::BTreeMap;

use flowatlas_map::{
    BarRow, Bars, Sides,
    words::{Rows, Words, three_digits},
};
use flowatlas_model::{Atlas, Column, FlowTable, PlaceIndex, Table, Value};

use crate::{Graphed, config::suggest, figure::ChartPlan, shading::place_numbers, study::TableLayer};

/// Distance from a whole number, as a share of it, that is rounding.
const WHOLE: f64 = 1e-9;

/// A row before it is known whether the chart shows it.
struct Candidate {
    id: String,
    row: BarRow,
}

/// Returns the bars of columns of a table.
///
/// # Errors
/// Fails with a message at a column that is not there and at a cell that is no number.
pub(crate) fn of_table(
    plan: &ChartPlan,
    (layer, table): (&TableLayer, &Table),
    (columns, words): (&[String], Words),
) -> Result<Bars, String> {
    let texts = |name: &str| column(table, name).map(|c| c.values.iter().map(Value::to_text).collect::<Vec<_>>());
    let (ids, labels) = (texts(&layer.id)?, texts(&layer.label)?);
    let series = columns.iter().map(|name| numeric(column(table, name)?, &ids)).collect::<Result<Vec<_>, _>>()?;
    bars(plan, candidates(ids, labels, &series), (Rows::Others, words))
}

/// Returns the bars of columns or metrics of the places of a map; those without flows too.
///
/// # Errors
/// As [`of_table`]; also where a metric is not defined for these flows.
pub(crate) fn of_places(
    plan: &ChartPlan,
    graphed: &Graphed<'_>,
    (values, words): (&[String], Words),
) -> Result<Bars, String> {
    let series: Vec<Vec<Option<f64>>> =
        values.iter().map(|value| place_numbers(value, graphed)).collect::<Result<_, String>>()?;
    let places = &graphed.atlas.places;
    let (ids, labels) = places.iter().map(|place| (place.id.clone(), place.name.clone())).unzip();
    bars(plan, candidates(ids, labels, &series), (Rows::Places, words))
}

/// Returns the flows of a map by weight, the largest first, each with its share of all; kinds together.
///
/// # Errors
/// Fails with a message where a highlighted place is not among those of the flows.
pub(crate) fn of_flows(plan: &ChartPlan, graphed: &Graphed<'_>, words: Words) -> Result<Bars, String> {
    let ranked = Ranked::of(&graphed.atlas, &graphed.table, words);
    let total = ranked.total();
    let candidate = |flow: &RankedFlow| Candidate {
        id: flow.other.clone(),
        row: BarRow {
            label: flow.name.clone(),
            numbers: vec![Some(flow.weight)],
            remark: if total > 0.0 { format!("({})", words.percent(flow.weight / total)) } else { String::new() },
            lit: false,
        },
    };
    bars(plan, ranked.flows.iter().map(candidate).collect(), (Rows::Flows, words))
}

fn candidates(ids: Vec<String>, labels: Vec<String>, series: &[Vec<Option<f64>>]) -> Vec<Candidate> {
    let row = |(k, (id, label)): (usize, (String, String))| {
        let numbers = series.iter().map(|values| values[k]).collect();
        Candidate { id, row: BarRow { label, numbers, ..BarRow::default() } }
    };
    ids.into_iter().zip(labels).enumerate().map(row).collect()
}

/// Returns the chart of these rows: the largest first (of losses alone: the greatest loss), missing numbers last, equal ones
/// by name.
fn bars(plan: &ChartPlan, mut rows: Vec<Candidate>, (what, words): (Rows, Words)) -> Result<Bars, String> {
    let number = |row: &Candidate| row.row.numbers.first().copied().flatten();
    let sign = if rows.iter().filter_map(number).all(|n| n <= 0.0) { -1.0 } else { 1.0 };
    let first = |row: &Candidate| number(row).map_or(f64::NEG_INFINITY, |n| sign * n);
    rows.sort_by(|a, b| first(b).total_cmp(&first(a)).then_with(|| a.row.label.cmp(&b.row.label)));
    if let Some(id) = plan.highlight.iter().find(|id| rows.iter().all(|row| row.id != **id)) {
        let known = suggest(id, rows.iter().map(|row| row.id.as_str()));
        return Err(format!("\"highlight\" names \"{id}\", which is no row of the chart; {known}"));
    }
    rows.iter_mut().for_each(|row| row.row.lit = plan.highlight.contains(&row.id));
    let of = rows.len();
    rows.truncate(plan.top.unwrap_or(usize::MAX));
    let decimals = plan.decimals.unwrap_or_else(|| {
        let numbers = rows.iter().flat_map(|row| &row.row.numbers);
        decimals_for(&numbers.copied().flatten().collect::<Vec<_>>())
    });
    Ok(Bars {
        series: if plan.names.len() > 1 && plan.sides == Sides::Alike { plan.names.clone() } else { Vec::new() },
        unit: plan.unit.clone(),
        completeness: if rows.len() < of { words.rows_shown(what, rows.len(), of) } else { String::new() },
        rows: rows.into_iter().map(|candidate| candidate.row).collect(),
        sides: plan.sides,
        decimals,
    })
}

/// Returns the decimals by which the largest of the numbers has three digits that count, or fewer where all numbers have fewer.
fn decimals_for(numbers: &[f64]) -> usize {
    let largest = numbers.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let most = three_digits(largest);
    let is_whole = |number: f64| (number - number.round()).abs() <= WHOLE * number.abs();
    let suffice = |d: &usize| numbers.iter().all(|number| is_whole(number * 10_f64.powi(*d as i32)));
    (0..most).find(suffice).unwrap_or(most)
}

fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, String> {
    table.column(name).ok_or_else(|| {
        let known = suggest(name, table.columns().iter().map(|c| c.name.as_str()));
        format!("the table has no column \"{name}\"; {known}")
    })
}

fn numeric(column: &Column, ids: &[String]) -> Result<Vec<Option<f64>>, String> {
    let number = |(cell, id): (&Value, &String)| match (cell, cell.as_number()) {
        (Value::Missing, _) => Ok(None),
        (_, Some(number)) => Ok(Some(number)),
        (other, None) => {
            let (name, found) = (&column.name, other.to_text());
            Err(format!("row \"{id}\": the column \"{name}\" is \"{found}\", expected a number"))
        }
    };
    column.values.iter().zip(ids).map(number).collect()
}

/// Flows between different places by weight, kinds together.
pub(crate) struct Ranked {
    /// The flows, the largest first, equal ones by name.
    pub(crate) flows: Vec<RankedFlow>,
}

/// A flow in its rank.
pub(crate) struct RankedFlow {
    /// Its ends, or the only one that differs between the flows.
    pub(crate) name: String,
    /// The id of the end that the name tells, the destination where both do.
    other: String,
    /// Its weight.
    pub(crate) weight: f64,
}

impl Ranked {
    /// Returns the flows that have a weight, named in a language.
    pub(crate) fn of(atlas: &Atlas, table: &FlowTable, words: Words) -> Self {
        let mut sums = BTreeMap::new();
        for flow in table.flows.iter().filter(|flow| flow.origin != flow.destination) {
            if let Some(weight) = flow.weight {
                *sums.entry((flow.origin, flow.destination)).or_insert(0.0) += weight;
            }
        }
        let alike = |end: fn(&(PlaceIndex, PlaceIndex)) -> PlaceIndex| {
            let mut ends = sums.keys().map(end);
            let first = ends.next();
            ends.all(|other| Some(other) == first)
        };
        let (one_origin, one_destination) = (alike(|pair| pair.0), alike(|pair| pair.1));
        let flow = |(&(origin, destination), &weight): (&(_, _), &f64)| {
            let (from, to) = (atlas.place(origin), atlas.place(destination));
            let (name, other) = match (one_origin, one_destination) {
                (true, _) => (to.name.clone(), &to.id),
                (false, true) => (from.name.clone(), &from.id),
                (false, false) => (words.way(&from.name, &to.name), &to.id),
            };
            RankedFlow { name, other: other.clone(), weight }
        };
        let mut flows: Vec<RankedFlow> = sums.iter().map(flow).collect();
        flows.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.name.cmp(&b.name)));
        Ranked { flows }
    }

    /// Returns the sum of their weights.
    pub(crate) fn total(&self) -> f64 {
        self.flows.iter().map(|flow| flow.weight).sum()
    }

    /// Returns what the first so many carry.
    pub(crate) fn largest(&self, count: usize) -> f64 {
        self.flows.iter().take(count).map(|flow| flow.weight).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_decimals_that_they_need_and_the_largest_no_more_than_three_digits() {
        assert_eq!(decimals_for(&[383_766.0, -86_804.0]), 0);
        assert_eq!(decimals_for(&[5.7, -7.4, 0.3]), 1, "no bar of a length is 0");
        assert_eq!(decimals_for(&[5.731_42, -7.4]), 2);
        assert_eq!(decimals_for(&[127.3, 54.5]), 0);
        assert_eq!(decimals_for(&[0.25, 0.5]), 2);
        assert_eq!(decimals_for(&[1.0 / 3.0]), 3);
        assert_eq!(decimals_for(&[1e-9]), 6);
        assert_eq!((decimals_for(&[0.0]), decimals_for(&[])), (0, 0));
    }
}
