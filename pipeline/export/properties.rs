//! The properties of a feature: the product's own first, then those of the source.
//!
//! The product's names are fixed. A source column that says the same in every row is left out, and one of the same
//! name that does not is written as `source_NAME`, so that no word of the source is lost and none stands twice.

use flowatlas_model::{Column, Table, table};
use serde_json::{Map, Value};

use crate::number;

/// What stands before the name of a source column whose name the product uses for something else.
pub(crate) const PREFIX: &str = "source_";

/// A column of the source with the name it is written under.
pub(crate) struct SourceColumn<'a> {
    pub(crate) name: String,
    pub(crate) column: &'a Column,
}

/// Returns the columns of `table` that are to be written beside the `own` names, in order.
///
/// `is_repeated` tells whether a column says what a property of the product says.
pub(crate) fn source_columns<'a>(
    table: &'a Table,
    own: &[&str],
    is_repeated: impl Fn(&Column) -> bool,
) -> Vec<SourceColumn<'a>> {
    let mut taken: Vec<String> = own.iter().map(|n| n.to_string()).collect();
    taken.extend(table.columns().iter().map(|c| c.name.clone()));
    let mut kept = Vec::new();
    for column in table.columns().iter().filter(|c| !is_repeated(c)) {
        let clashes = own.contains(&column.name.as_str());
        let name = if clashes { free_name(&column.name, &taken) } else { column.name.clone() };
        taken.push(name.clone());
        kept.push(SourceColumn { name, column });
    }
    kept
}

pub(crate) fn free_name(name: &str, taken: &[String]) -> String {
    let mut free = format!("{PREFIX}{name}");
    while taken.contains(&free) {
        free.insert_str(0, PREFIX);
    }
    free
}

/// Returns one cell as JSON.
pub(crate) fn cell(value: &table::Value) -> Value {
    match value {
        table::Value::Missing => Value::Null,
        table::Value::Flag(flag) => Value::Bool(*flag),
        table::Value::Integer(whole) => Value::from(*whole),
        table::Value::Real(real) => number::json(*real),
        table::Value::Text(text) => Value::from(text.as_ref()),
    }
}

/// Returns a feature collection with one feature per line, so that a diff shows what changed.
///
/// `name` is the layer's name as GDAL and QGIS read it. `planar` marks coordinates that are not degrees, for readers of text and, as in
/// GeoJSON of 2008, by a coordinate system that is null. GDAL 3.6 takes them for degrees all the same.
pub(crate) fn collection(
    name: &str,
    planar: bool,
    features: impl Iterator<Item = (Value, Map<String, Value>)>,
) -> Vec<u8> {
    let mut text = format!("{{\"type\":\"FeatureCollection\",\"name\":{},", Value::from(name));
    if planar {
        text.push_str("\"coordinates\":\"planar\",\"crs\":null,");
    }
    text.push_str("\"features\":[");
    for (k, (geometry, properties)) in features.enumerate() {
        text.push_str(if k == 0 { "\n" } else { ",\n" });
        text.push_str("{\"type\":\"Feature\",\"properties\":");
        text.push_str(&Value::Object(properties).to_string());
        text.push_str(",\"geometry\":");
        text.push_str(&geometry.to_string());
        text.push('}');
    }
    text.push_str("\n]}\n");
    text.into_bytes()
}
