//! How numbers are written: the shortest text that reads back as the same number, whole numbers without a point.

use std::fmt::Write;

use serde_json::{Number, Value};

/// The largest whole number below which every whole number is exact in 64-bit floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the number as JSON: whole numbers without a decimal point, `-0` as `0`, `null` for NaN and infinities.
pub(crate) fn json(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < EXACT {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Returns the number as JSON, or `null` where it is undefined.
pub(crate) fn json_or_null(value: Option<f64>) -> Value {
    value.map_or(Value::Null, json)
}

/// Returns the number as a table cell, or an empty text where it is undefined.
pub(crate) fn cell(value: Option<f64>) -> String {
    let mut text = String::new();
    append_cell(&mut text, value);
    text
}

/// Appends to `text` what [`cell`] returns: a table of millions of cells asks for no memory for each of them.
pub(crate) fn append_cell(text: &mut String, value: Option<f64>) {
    match json_or_null(value) {
        Value::Null => Ok(()),
        number => write!(text, "{number}"),
    }
    .expect("text takes everything");
}
