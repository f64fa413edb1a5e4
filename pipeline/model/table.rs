//! Attributes as columns: what a file says about its features beyond the fields the product knows.

use std::sync::Arc;

use serde::Serialize;

/// One cell of an attribute table. A missing cell stays missing: it is never 0 or an empty text.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// The source has no value here (JSON `null`, absent key, empty CSV field).
    #[default]
    Missing,
    /// True or false.
    Flag(bool),
    /// A whole number that fits 64 bits.
    Integer(i64),
    /// A finite real number.
    Real(f64),
    /// Text, shared between cells that hold the same words.
    Text(Arc<str>),
}

impl Value {
    /// Returns the number in this cell, or `None` for anything that is not one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Integer(i) => Some(*i as f64),
            Value::Real(r) => Some(*r),
            _ => None,
        }
    }

    /// Returns the cell as a reader would write it; a missing cell gives an empty text.
    pub fn to_text(&self) -> String {
        match self {
            Value::Missing => String::new(),
            Value::Flag(b) => b.to_string(),
            Value::Integer(i) => i.to_string(),
            Value::Real(r) => r.to_string(),
            Value::Text(t) => t.to_string(),
        }
    }

    /// Tells whether a reader would write the cell like this.
    pub fn reads(&self, text: &str) -> bool {
        match self {
            Value::Text(own) => **own == *text,
            other => other.to_text() == text,
        }
    }
}

/// A named column, one value per row.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name as the source spells it.
    pub name: String,
    /// One value per row, in the order of the rows.
    pub values: Vec<Value>,
}

/// Columns of equal length, in the order in which the source first named them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
}

impl Table {
    /// Returns a table of `rows` rows and no columns.
    pub fn with_rows(rows: usize) -> Self {
        Table { columns: Vec::new(), rows }
    }

    /// Adds a column.
    ///
    /// # Panics
    /// Panics if the column has another length than the table.
    pub fn push(&mut self, column: Column) {
        assert_eq!(column.values.len(), self.rows, "column {} has another length than its table", column.name);
        self.columns.push(column);
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Returns the cell at `row` in the column of this name; missing where there is no such column.
    pub fn get(&self, name: &str, row: usize) -> &Value {
        self.column(name).map_or(&Value::Missing, |c| &c.values[row])
    }
}
