//! Tables that hold several flows in a row: matrices of origins by destinations, and pairs with a column for each period.

use std::sync::Arc;

use flowatlas_model::{PlaceIndex, Value};

use crate::{collect::Fault, gazetteer::Gazetteer, sheet::Sheet};

/// How the columns of a table hold flows.
#[derive(Debug, PartialEq)]
pub(crate) enum Wide {
    /// The first column holds the origin; every other one is headed by a destination.
    Matrix(Vec<(usize, PlaceIndex)>),
    /// A pair in each row, and columns headed by periods.
    Periods(Vec<(usize, Arc<str>)>),
}

impl Wide {
    /// Recognises a matrix: beside the first column, and that of the kind, more are headed by ids of places than by anything else. Also
    /// returns what is to be said of the others.
    pub(crate) fn matrix(
        sheet: &Sheet,
        gazetteer: &mut Gazetteer<'_>,
        kind: Option<usize>,
    ) -> Option<(Wide, Vec<Fault>)> {
        let (mut places, mut faults) = (Vec::new(), Vec::new());
        for (column, name) in sheet.names().iter().enumerate().skip(1).filter(|(column, _)| Some(*column) != kind) {
            match gazetteer.find(&Value::Text(name.as_str().into())) {
                Ok(place) => places.push((column, place)),
                Err(fault) => faults.push(fault.field(name.clone()).hint("this column is left out")),
            }
        }
        (places.len() > 1 && places.len() > faults.len()).then_some((Wide::Matrix(places), faults))
    }

    /// Recognises columns headed by periods, two or more.
    pub(crate) fn periods(sheet: &Sheet) -> Option<Wide> {
        let headed = sheet.names().iter().enumerate().filter(|(_, name)| is_period(name));
        let columns: Vec<(usize, Arc<str>)> = headed.map(|(column, name)| (column, name.as_str().into())).collect();
        (columns.len() > 1).then_some(Wide::Periods(columns))
    }

    /// Tells whether a cell holds a flow. Zero is none, and so is an empty cell of a matrix; that of a period is one of unknown weight, as
    /// in a row of its own.
    pub(crate) fn is_flow(&self, weight: Option<f64>) -> bool {
        match self {
            Wide::Matrix(_) => weight.is_some_and(|weight| weight != 0.0),
            Wide::Periods(_) => weight != Some(0.0),
        }
    }

    /// The columns that hold weights.
    pub(crate) fn columns(&self) -> Vec<usize> {
        match self {
            Wide::Matrix(columns) => columns.iter().map(|c| c.0).collect(),
            Wide::Periods(columns) => columns.iter().map(|c| c.0).collect(),
        }
    }
}

/// Tells whether a column is headed by a year, or by two with a dash or a stroke between them.
fn is_period(name: &str) -> bool {
    let year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    match name.split_once(['-', '–', '/']) {
        None => year(name),
        Some((from, to)) => year(from) && (year(to) || (to.len() == 2 && to.bytes().all(|b| b.is_ascii_digit()))),
    }
}
