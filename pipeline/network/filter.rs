//! Taking rows of a flow table by what their columns say.

use std::{borrow::Cow, sync::Arc};

use flowatlas_model::{Column, FlowTable, Table, Value};

use crate::error::{Error, nearest};

/// Returns the rows that have one of the wanted values in every column asked for, in their order.
///
/// Numbers are compared as numbers and text letter by letter; a text that reads as a number equals that number, so that
/// `1981` finds `"1981"`. A wanted missing value finds missing cells. `kind` and `time` address these fields of the
/// flows, unless the table has a column of that name.
///
/// # Errors
/// [`Error::UnknownColumn`] if a name is neither a column nor `kind` nor `time`.
pub fn filter<'a>(flows: &'a FlowTable, keep: &[(String, Vec<Value>)]) -> Result<Cow<'a, FlowTable>, Error> {
    if keep.is_empty() {
        return Ok(Cow::Borrowed(flows));
    }
    Ok(Cow::Owned(rows(flows, &matching(flows, keep)?)))
}

/// Returns the numbers of the rows that [`filter`] keeps, ascending.
///
/// # Errors
/// As [`filter`].
pub fn matching(flows: &FlowTable, keep: &[(String, Vec<Value>)]) -> Result<Vec<usize>, Error> {
    let mut kept: Vec<usize> = (0..flows.flows.len()).collect();
    for (name, wanted) in keep {
        let field = Field::find(flows, name)?;
        kept.retain(|&row| {
            let found = field.value(flows, row);
            wanted.iter().any(|w| same(&found, w))
        });
    }
    Ok(kept)
}

/// What a name in a filter addresses.
enum Field<'a> {
    Column(&'a Column),
    Kind,
    Time,
}

impl<'a> Field<'a> {
    fn find(flows: &'a FlowTable, name: &str) -> Result<Self, Error> {
        match (flows.attributes.column(name), name) {
            (Some(column), _) => Ok(Field::Column(column)),
            (None, "kind") => Ok(Field::Kind),
            (None, "time") => Ok(Field::Time),
            (None, _) => Err(unknown(flows, name)),
        }
    }

    fn value(&self, flows: &'a FlowTable, row: usize) -> Cow<'a, Value> {
        let text = |t: &Option<Arc<str>>| Cow::Owned(t.clone().map_or(Value::Missing, Value::Text));
        match self {
            Field::Column(column) => Cow::Borrowed(&column.values[row]),
            Field::Kind => text(&flows.flows[row].kind),
            Field::Time => text(&flows.flows[row].time),
        }
    }
}

fn unknown(flows: &FlowTable, name: &str) -> Error {
    let mut columns: Vec<String> = flows.attributes.columns().iter().map(|c| c.name.clone()).collect();
    for field in ["kind", "time"] {
        if !columns.iter().any(|c| c == field) {
            columns.push(field.to_owned());
        }
    }
    let nearest = nearest(name, &columns);
    Error::UnknownColumn { name: name.to_owned(), nearest, columns }
}

fn same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Missing, _) | (_, Value::Missing) => found == wanted,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Integer(a), Value::Integer(b)) => a == b,
        (Value::Flag(_), _) | (_, Value::Flag(_)) => found.to_text() == wanted.to_text(),
        _ => number(found).is_some_and(|a| number(wanted) == Some(a)),
    }
}

/// Returns the number that a cell holds or spells.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Text(text) => text.trim().parse().ok(),
        _ => value.as_number(),
    }
}

/// Returns some of the rows, in the order given.
pub(crate) fn rows(flows: &FlowTable, kept: &[usize]) -> FlowTable {
    let mut attributes = Table::with_rows(kept.len());
    for column in flows.attributes.columns() {
        let values = kept.iter().map(|&row| column.values[row].clone()).collect();
        attributes.push(Column { name: column.name.clone(), values });
    }
    FlowTable { flows: kept.iter().map(|&row| flows.flows[row].clone()).collect(), attributes }
}
