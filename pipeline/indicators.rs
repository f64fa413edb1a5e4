//! Indicators of maps: metrics of their networks, sums and shares of their rows, their largest flows.

use flowatlas_map::{IndicatorRow, Indicators, words::Words};
use flowatlas_model::Value;
use flowatlas_network::{self as network, Choice, Measures};

use crate::{
    Graphed,
    charts::Ranked,
    config::suggest,
    figure::{Found, IndicatorPlan, IndicatorsPlan, Keep},
};

/// What stands where there is no number.
const NOTHING: &str = "–";
/// The word for the weights of flows among their columns.
const WEIGHTS: &str = "count";

/// Returns the table, one column for each of the networks.
///
/// # Errors
/// Fails with a message at a column that is not there and at a cell that is no number.
pub(crate) fn indicators(plan: &IndicatorsPlan, networks: &[&Graphed<'_>], words: Words) -> Result<Indicators, String> {
    let row = |row: &IndicatorPlan| {
        let cell = |(k, graphed): (usize, &&Graphed<'_>)| Finder { graphed, words, column: k }.cell(row);
        let cells = networks.iter().enumerate().map(cell).collect::<Result<_, _>>()?;
        Ok(IndicatorRow { label: row.label.clone(), unit: row.unit.clone(), cells })
    };
    Ok(Indicators { heads: plan.heads.clone(), rows: plan.rows.iter().map(row).collect::<Result<_, String>>()? })
}

/// Finds the indicators of one network.
struct Finder<'a> {
    graphed: &'a Graphed<'a>,
    words: Words,
    column: usize,
}

impl Finder<'_> {
    fn cell(&self, row: &IndicatorPlan) -> Result<String, String> {
        let number = match &row.found {
            Found::Metric(name) => self.metric(name)?,
            Found::Sum(column, keep) => self.sum(column, keep)?,
            Found::Share([part, whole]) => {
                let whole = self.sum(&whole.0, &whole.1)?.filter(|whole| *whole > 0.0);
                self.sum(&part.0, &part.1)?.zip(whole).map(|(part, whole)| 100.0 * part / whole)
            }
            Found::Largest(count, keep) => return self.largest(*count, keep),
            Found::LargestShare(count, keep) => {
                let ranked = self.ranked(keep)?;
                (ranked.total() > 0.0).then(|| 100.0 * ranked.largest(*count) / ranked.total())
            }
            Found::Given(values) => values.get(self.column).copied(),
        };
        let told = |number: f64| match row.decimals {
            Some(decimals) => self.words.decimal(number, decimals),
            None => self.words.significant(number),
        };
        Ok(number.map_or_else(|| NOTHING.to_owned(), told))
    }

    fn metric(&self, name: &str) -> Result<Option<f64>, String> {
        let metrics = Choice::of(&[name.to_owned()]).map_err(|error| error.to_string())?;
        let measures = Measures { metrics, ..Measures::default() };
        let table = network::measure(&self.graphed.atlas, &self.graphed.all, &measures);
        Ok(table.network.into_iter().find(|metric| metric.info.id == name).and_then(|metric| metric.value))
    }

    /// Returns the sum of a column over the rows kept; `None` where any of its cells is missing, or no row is kept.
    fn sum(&self, column: &str, keep: &Keep) -> Result<Option<f64>, String> {
        let rows = network::filter(&self.graphed.table, keep).map_err(|error| error.to_string())?;
        if rows.flows.is_empty() {
            return Ok(None);
        }
        match rows.attributes.column(column) {
            None if column == WEIGHTS => Ok(rows.flows.iter().map(|flow| flow.weight).sum()),
            None => {
                let columns = rows.attributes.columns().iter().map(|c| c.name.as_str());
                let known = columns.filter(|name| *name != WEIGHTS).chain([WEIGHTS]);
                Err(format!("the flows have no column \"{column}\"; {}", suggest(column, known)))
            }
            Some(found) => {
                let cells = found.values.iter().map(|cell| number(cell, column)).collect::<Result<Vec<_>, _>>()?;
                Ok(cells.into_iter().sum())
            }
        }
    }

    fn ranked(&self, keep: &Keep) -> Result<Ranked, String> {
        let rows = network::filter(&self.graphed.table, keep).map_err(|error| error.to_string())?;
        Ok(Ranked::of(&self.graphed.atlas, &rows, self.words))
    }

    /// Returns the largest flows, a line each.
    fn largest(&self, count: usize, keep: &Keep) -> Result<String, String> {
        let ranked = self.ranked(keep)?;
        let total = ranked.total();
        let line = |flow: &crate::charts::RankedFlow| {
            let share = self.words.percent(flow.weight / total);
            format!("{} {} ({share})", flow.name, self.words.number(flow.weight))
        };
        let lines: Vec<String> = ranked.flows.iter().take(count).map(line).collect();
        Ok(if lines.is_empty() { NOTHING.to_owned() } else { lines.join("\n") })
    }
}

fn number(cell: &Value, column: &str) -> Result<Option<f64>, String> {
    match (cell, cell.as_number()) {
        (Value::Missing, _) => Ok(None),
        (_, Some(number)) => Ok(Some(number)),
        (other, None) => Err(format!("the column \"{column}\" has \"{}\", expected a number", other.to_text())),
    }
}
