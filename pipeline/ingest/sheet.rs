//! The attribute table while it grows: cells of the row at hand, then columns of the rows that were kept.

use std::{mem, sync::Arc};

use flowatlas_model::{Column, Table, Value};
use foldhash::{HashMap, HashSet};

use crate::{
    columns::Attributes,
    number::{self, Decimals},
};

/// A layer with more columns than this is refused row by row: such a file has data for keys, and a dense table of it
/// would fill the memory.
const MAX_COLUMNS: usize = 4096;

/// Texts beyond this many different ones are no longer shared: they are mostly unique (names of features), and
/// looking for them costs more than it saves.
const MAX_SHARED: usize = 1 << 16;

/// The names of the columns, in the order in which they turned up.
#[derive(Debug, Default)]
pub(crate) struct Header {
    names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Header {
    /// Returns the names of the columns so far.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the column of this name, added if need be; `None` where the header is full. Rows mostly name their
    /// columns in one order, so `guess` is looked at first.
    pub(crate) fn column(&mut self, guess: usize, name: &str) -> Option<usize> {
        if self.names.get(guess).is_some_and(|n| n == name) {
            return Some(guess);
        }
        self.find(name).or_else(|| self.add(name))
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    fn add(&mut self, name: &str) -> Option<usize> {
        let column = self.names.len();
        if column == MAX_COLUMNS {
            return None;
        }
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), column);
        Some(column)
    }
}

/// A table that takes its columns and rows as they come.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    header: Header,
    columns: Vec<Vec<Value>>,
    row: Vec<Value>,
    rows: usize,
    shared: HashSet<Arc<str>>,
    attributes: Attributes,
    /// How the texts of the file write numbers.
    pub(crate) decimals: Decimals,
}

impl Sheet {
    /// Returns an empty sheet.
    pub(crate) fn new(attributes: Attributes) -> Self {
        Sheet { attributes, ..Sheet::default() }
    }

    /// Keeps no cell of the rows to come, only their number.
    pub(crate) fn leave_attributes(&mut self) {
        self.attributes = Attributes::Left;
    }

    /// Returns the names of the columns so far.
    pub(crate) fn names(&self) -> &[String] {
        self.header.names()
    }

    /// Returns the column of this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.header.find(name)
    }

    /// Returns the column of this name, opened if need be; `None` where the sheet is full.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        let column = self.header.column(self.columns.len(), name)?;
        if column == self.columns.len() {
            let rows = if self.attributes == Attributes::Kept { self.rows } else { 0 };
            self.columns.push(vec![Value::Missing; rows]);
            self.row.push(Value::Missing);
        }
        Some(column)
    }

    /// Sets a cell of the row at hand.
    pub(crate) fn set(&mut self, column: usize, value: Value) {
        self.row[column] = value;
    }

    /// Sets a cell of the row at hand to a text. Many columns say the same in row after row, so the row before is
    /// looked at first.
    pub(crate) fn set_text(&mut self, column: usize, text: &str) {
        self.row[column] = match self.columns[column].last() {
            Some(Value::Text(before)) if **before == *text => Value::Text(before.clone()),
            _ => Value::Text(self.share(text)),
        };
    }

    /// Returns a cell of the row at hand; missing where there is no such column.
    pub(crate) fn cell(&self, column: Option<usize>) -> &Value {
        column.map_or(&Value::Missing, |c| &self.row[c])
    }

    /// Returns the words of a cell of the row at hand, shared; `None` where it is missing or blank.
    pub(crate) fn words(&mut self, column: Option<usize>) -> Option<Arc<str>> {
        match self.cell(column) {
            Value::Missing => None,
            Value::Text(text) if text.trim().is_empty() => None,
            Value::Text(text) => Some(text.clone()),
            other => {
                let text = other.to_text();
                Some(self.share(&text))
            }
        }
    }

    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.shared.get(text) {
            return known.clone();
        }
        let text: Arc<str> = text.into();
        if self.shared.len() < MAX_SHARED {
            self.shared.insert(text.clone());
        }
        text
    }

    /// Moves the row at hand into the table.
    pub(crate) fn keep(&mut self) {
        self.rows += 1;
        if self.attributes == Attributes::Left {
            return self.discard();
        }
        for (column, cell) in self.columns.iter_mut().zip(&mut self.row) {
            column.push(mem::take(cell));
        }
    }

    /// Moves into the table once more what the row kept last holds.
    pub(crate) fn repeat(&mut self) {
        self.rows += 1;
        if self.attributes == Attributes::Kept {
            for column in &mut self.columns {
                column.extend(column.last().cloned());
            }
        }
    }

    /// Forgets the row at hand.
    pub(crate) fn discard(&mut self) {
        self.row.fill(Value::Missing);
    }

    /// Gives numbers to the columns of a file that knows only text: a column is of numbers where each of its cells
    /// is one. `06055` is a code, so its column stays text.
    pub(crate) fn infer_numbers(&mut self) {
        for column in &mut self.columns {
            if let Some(kind) = numeric_kind(column, self.decimals) {
                column.iter_mut().for_each(|cell| *cell = kind.value(mem::take(cell), self.decimals));
            }
        }
    }

    /// Returns the table of the rows that were kept.
    pub(crate) fn finish(self) -> Table {
        let mut table = Table::with_rows(self.rows);
        if self.attributes == Attributes::Left {
            return table;
        }
        for (name, mut values) in self.header.names.into_iter().zip(self.columns) {
            values.shrink_to_fit();
            table.push(Column { name, values });
        }
        table
    }
}

/// What all cells of a column can be read as.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Integer,
    Real,
}

impl Kind {
    fn value(self, cell: Value, decimals: Decimals) -> Value {
        let Value::Text(text) = &cell else { return cell };
        let integer = if self == Kind::Integer { number::integer(text).map(Value::Integer) } else { None };
        integer.or_else(|| decimals.real(text).map(Value::Real)).unwrap_or(cell)
    }
}

fn numeric_kind(column: &[Value], decimals: Decimals) -> Option<Kind> {
    let mut kind = None;
    for cell in column {
        match cell {
            Value::Text(text) if number::integer(text).is_some() => kind = kind.or(Some(Kind::Integer)),
            Value::Text(text) if decimals.real(text).is_some() => kind = Some(Kind::Real),
            Value::Missing => {}
            _ => return None,
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_of(texts: &[&str]) -> Vec<Value> {
        let mut sheet = Sheet::default();
        let column = sheet.column("c").unwrap();
        for text in texts {
            if !text.is_empty() {
                sheet.set_text(column, text);
            }
            sheet.keep();
        }
        sheet.infer_numbers();
        sheet.finish().column("c").unwrap().values.clone()
    }

    #[test]
    fn a_column_is_of_numbers_only_where_every_cell_is_one() {
        assert_eq!(column_of(&["1", "", "-2"]), [Value::Integer(1), Value::Missing, Value::Integer(-2)]);
        assert_eq!(column_of(&["1", "2.50"]), [Value::Real(1.0), Value::Real(2.5)]);
        assert_eq!(column_of(&["1", "one"]), [Value::Text("1".into()), Value::Text("one".into())]);
    }

    #[test]
    fn codes_with_leading_zeros_stay_text() {
        assert_eq!(column_of(&["12001", "06055"])[0], Value::Text("12001".into()));
    }

    #[test]
    fn a_column_that_turns_up_late_is_missing_in_earlier_rows() {
        let mut sheet = Sheet::default();
        sheet.keep();
        let late = sheet.column("late").unwrap();
        sheet.set(late, Value::Flag(true));
        sheet.keep();
        assert_eq!(sheet.finish().column("late").unwrap().values, [Value::Missing, Value::Flag(true)]);
    }

    #[test]
    fn a_discarded_row_leaves_nothing_behind() {
        let mut sheet = Sheet::default();
        let column = sheet.column("c").unwrap();
        sheet.set_text(column, "gone");
        sheet.discard();
        sheet.keep();
        assert_eq!(sheet.finish().column("c").unwrap().values, [Value::Missing]);
    }

    #[test]
    fn equal_texts_are_held_once() {
        let mut sheet = Sheet::default();
        assert!(Arc::ptr_eq(&sheet.share("a"), &sheet.share("a")));
    }

    #[test]
    fn a_sheet_opens_no_more_columns_than_its_limit() {
        let mut sheet = Sheet::default();
        for k in 0..MAX_COLUMNS {
            assert_eq!(sheet.column(&k.to_string()), Some(k));
        }
        assert_eq!(sheet.column("one more"), None);
    }
}
