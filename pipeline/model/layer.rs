//! A layer of GIS data as every writer takes it: features with a shape each, and described columns of cells.

use geo::{Coord, MultiLineString, MultiPolygon};

use crate::{
    atlas::Coordinates,
    day::epoch_day,
    table::{Column, Value},
};

/// A layer ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The name of its table.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What it holds, in a sentence.
    pub description: String,
    /// How the coordinates of its shapes are to be read.
    pub coordinates: Coordinates,
    /// The shape of each feature.
    pub shapes: Shapes,
    /// The columns, one cell per feature. Names differ by more than the case of their letters.
    pub fields: Vec<Field>,
}

/// The shapes of the features of one layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Shapes {
    /// A plain table of so many rows.
    None(usize),
    /// Positions.
    Points(Vec<Coord<f64>>),
    /// Lines; a feature without a line in it has no shape.
    Lines(Vec<MultiLineString<f64>>),
    /// Areas; a feature without a polygon in it has no shape.
    Areas(Vec<MultiPolygon<f64>>),
}

/// A described column of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name of the column.
    pub name: String,
    /// A title for people; empty for none.
    pub title: String,
    /// The unit; empty for none.
    pub unit: String,
    /// What it says, in a sentence; empty for none.
    pub description: String,
    /// What its cells hold.
    pub kind: FieldKind,
    /// One cell per feature.
    pub values: Vec<Value>,
}

/// What the cells of a column hold, missing ones aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// True or false.
    Flag,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
    /// Days as text, each of which [`epoch_day()`] knows.
    Day,
    /// Text; whatever else stands in the column is written as text.
    Text,
}

impl Layer {
    /// Returns how many features there are.
    pub fn rows(&self) -> usize {
        match &self.shapes {
            Shapes::None(rows) => *rows,
            Shapes::Points(shapes) => shapes.len(),
            Shapes::Lines(shapes) => shapes.len(),
            Shapes::Areas(shapes) => shapes.len(),
        }
    }

    /// Returns the column of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// Returns a column of these cells, of the narrowest kind that holds them all, without a description.
    pub fn new(name: impl Into<String>, values: Vec<Value>) -> Self {
        let kind = FieldKind::of(&values);
        Field { name: name.into(), title: String::new(), unit: String::new(), description: String::new(), kind, values }
    }

    /// Returns the column of a source under this name.
    pub fn of_column(name: impl Into<String>, column: &Column, rows: impl Iterator<Item = usize>) -> Self {
        Field::new(name, rows.map(|row| column.values[row].clone()).collect())
    }

    /// Returns the column, described.
    pub fn described(self, title: impl Into<String>, unit: impl Into<String>, description: impl Into<String>) -> Self {
        Field { title: title.into(), unit: unit.into(), description: description.into(), ..self }
    }

    /// Returns the column with its numbers taken for real ones: a column that is whole by chance keeps its kind when
    /// the data change.
    pub fn real(self) -> Self {
        let kind = if self.kind == FieldKind::Integer || self.is_empty() { FieldKind::Real } else { self.kind };
        Field { kind, ..self }
    }

    fn is_empty(&self) -> bool {
        self.values.iter().all(|value| *value == Value::Missing)
    }
}

impl FieldKind {
    fn of(values: &[Value]) -> Self {
        let mut kinds = values.iter().filter_map(|value| match value {
            Value::Missing => None,
            Value::Flag(_) => Some(FieldKind::Flag),
            Value::Integer(_) => Some(FieldKind::Integer),
            Value::Real(_) => Some(FieldKind::Real),
            Value::Text(text) => Some(epoch_day(text).map_or(FieldKind::Text, |_| FieldKind::Day)),
        });
        let first = kinds.next().unwrap_or(FieldKind::Text);
        kinds.fold(first, |all, one| match (all, one) {
            (a, b) if a == b => a,
            (FieldKind::Integer, FieldKind::Real) | (FieldKind::Real, FieldKind::Integer) => FieldKind::Real,
            _ => FieldKind::Text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_of_the_narrowest_kind_that_holds_its_cells() {
        let text = || Value::Text("a".into());
        let kind = |values: Vec<Value>| Field::new("x", values).kind;
        assert_eq!(kind(vec![Value::Integer(1), Value::Missing]), FieldKind::Integer);
        assert_eq!(kind(vec![Value::Integer(1), Value::Real(0.5)]), FieldKind::Real);
        assert_eq!(kind(vec![Value::Real(0.5), Value::Flag(true)]), FieldKind::Text);
        assert_eq!(kind(vec![Value::Missing, text()]), FieldKind::Text);
        assert_eq!(kind(vec![Value::Missing, Value::Text("2021-03-04".into())]), FieldKind::Day);
        assert_eq!(kind(vec![Value::Text("2021-03-04".into()), text()]), FieldKind::Text);
        assert_eq!(kind(vec![Value::Missing]), FieldKind::Text);
    }

    #[test]
    fn numbers_that_are_whole_by_chance_can_be_kept_real() {
        assert_eq!(Field::new("x", vec![Value::Integer(1)]).real().kind, FieldKind::Real);
        assert_eq!(Field::new("x", vec![Value::Missing]).real().kind, FieldKind::Real);
        assert_eq!(Field::new("x", vec![Value::Text("a".into())]).real().kind, FieldKind::Text);
    }
}
