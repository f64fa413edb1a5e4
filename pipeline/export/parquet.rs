//! Apache Parquet: a table of typed columns to bytes, and nothing about what the columns mean.
//!
//! Written by the low-level writer of the `parquet` crate, so that no arrow comes with it; compressed by Snappy, which
//! every reader knows. Every table that goes to Parquet is written here: the metrics, and layers whose geometry is a
//! column of [`Cells::Bytes`] described in the file's metadata (GeoParquet).

use std::{borrow::Cow, sync::Arc};

use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterPropertiesPtr},
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::{Type, TypePtr},
};

/// The most rows of a row group: readers load one at a time.
const GROUP: usize = 1 << 20;

/// The cells of one column, one per row; `None` is a missing cell, which is never 0 and never an empty text.
#[derive(Debug, Clone)]
pub enum Cells<'a> {
    /// Words, marked as UTF-8.
    Text(Vec<Option<Cow<'a, str>>>),
    /// Numbers of 64 bits.
    Real(Cow<'a, [Option<f64>]>),
    /// Whole numbers of 64 bits.
    Whole(Vec<Option<i64>>),
    /// Days from 1 January 1970.
    Day(Vec<Option<i32>>),
    /// True or false.
    Flag(Vec<Option<bool>>),
    /// Bytes without a meaning of their own, such as a geometry in WKB.
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Cells<'_> {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Cells::Text(cells) => cells.len(),
            Cells::Real(cells) => cells.len(),
            Cells::Whole(cells) => cells.len(),
            Cells::Day(cells) => cells.len(),
            Cells::Flag(cells) => cells.len(),
            Cells::Bytes(cells) => cells.len(),
        }
    }

    /// Says whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn physical(&self) -> Physical {
        match self {
            Cells::Text(_) | Cells::Bytes(_) => Physical::BYTE_ARRAY,
            Cells::Real(_) => Physical::DOUBLE,
            Cells::Whole(_) => Physical::INT64,
            Cells::Day(_) => Physical::INT32,
            Cells::Flag(_) => Physical::BOOLEAN,
        }
    }
}

/// A named column.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// Its name, unlike that of any other column of the table.
    pub name: &'a str,
    /// Its cells.
    pub cells: Cells<'a>,
}

/// Returns the columns as a Parquet file; every column may have missing cells.
///
/// `metadata` are names and texts that stand at the foot of the file, such as GeoParquet's `geo`.
///
/// # Panics
/// Panics if columns differ in length, or if two have the same name.
pub fn bytes(columns: &[Column], metadata: &[(&str, String)]) -> Vec<u8> {
    let rows = columns.first().map_or(0, |c| c.cells.len());
    assert!(columns.iter().all(|c| c.cells.len() == rows), "columns of equal length");
    written(columns, rows, properties(metadata)).expect("columns of the schema's types, written to memory")
}

fn properties(metadata: &[(&str, String)]) -> WriterPropertiesPtr {
    let pairs = metadata.iter().map(|(key, text)| KeyValue::new((*key).to_owned(), text.clone()));
    let builder = WriterProperties::builder().set_compression(Compression::SNAPPY);
    Arc::new(builder.set_key_value_metadata(Some(pairs.collect())).build())
}

fn written(columns: &[Column], rows: usize, properties: WriterPropertiesPtr) -> Result<Vec<u8>, ParquetError> {
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema(columns)?, properties)?;
    for start in (0..rows).step_by(GROUP) {
        let mut group = file.next_row_group()?;
        for column in columns {
            let mut writer = group.next_column()?.expect("as many columns as the schema has");
            write(&mut writer, &column.cells, start..rows.min(start + GROUP))?;
            writer.close()?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(bytes)
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let meaning = match column.cells {
            Cells::Text(_) => Some(LogicalType::String),
            Cells::Day(_) => Some(LogicalType::Date),
            _ => None,
        };
        let field = Type::primitive_type_builder(column.name, column.cells.physical());
        field.with_repetition(Repetition::OPTIONAL).with_logical_type(meaning).build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder("schema").with_fields(fields).build().map(Arc::new)
}

fn write(
    writer: &mut SerializedColumnWriter,
    cells: &Cells,
    rows: std::ops::Range<usize>,
) -> Result<usize, ParquetError> {
    match cells {
        Cells::Text(cells) => {
            fill::<ByteArrayType, _>(writer, &cells[rows], |text| ByteArray::from(text.as_bytes().to_vec()))
        }
        // -0 becomes 0, as in every other table.
        Cells::Real(cells) => fill::<DoubleType, _>(writer, &cells[rows], |number| *number + 0.0),
        Cells::Whole(cells) => fill::<Int64Type, _>(writer, &cells[rows], |number| *number),
        Cells::Day(cells) => fill::<Int32Type, _>(writer, &cells[rows], |day| *day),
        Cells::Flag(cells) => fill::<BoolType, _>(writer, &cells[rows], |flag| *flag),
        Cells::Bytes(cells) => fill::<ByteArrayType, _>(writer, &cells[rows], |bytes| ByteArray::from(bytes.clone())),
    }
}

/// Writes what is there, and by a level of 0 or 1 per row where it is.
fn fill<T: DataType, V>(
    writer: &mut SerializedColumnWriter,
    cells: &[Option<V>],
    stored: impl Fn(&V) -> T::T,
) -> Result<usize, ParquetError> {
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.iter().flatten().map(stored).collect();
    writer.typed::<T>().write_batch(&values, Some(&levels), None)
}

#[cfg(test)]
mod tests {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::{Field, Row},
    };
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: Vec<u8>) -> Vec<Row> {
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        reader.get_row_iter(None).unwrap().map(Result::unwrap).collect()
    }

    fn field(row: &Row, column: usize) -> Field {
        row.get_column_iter().nth(column).unwrap().1.clone()
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_written_is_read_back(reals: Vec<Option<f64>>, word in ".*", whole: i64, flag: bool) {
            let rows = reals.len();
            let every_other = |k: usize| k.is_multiple_of(2);
            let columns = [
                Column { name: "real", cells: Cells::Real(Cow::Borrowed(&reals)) },
                Column { name: "text", cells: Cells::Text((0..rows).map(|k| every_other(k).then(|| word.as_str().into())).collect()) },
                Column { name: "whole", cells: Cells::Whole((0..rows).map(|k| every_other(k).then_some(whole)).collect()) },
                Column { name: "flag", cells: Cells::Flag((0..rows).map(|k| every_other(k).then_some(flag)).collect()) },
                Column { name: "bytes", cells: Cells::Bytes((0..rows).map(|k| every_other(k).then(|| word.clone().into_bytes())).collect()) },
            ];
            let back = read(bytes(&columns, &[]));
            prop_assert_eq!(back.len(), rows);
            for (k, row) in back.iter().enumerate() {
                let there = |found: Field| if every_other(k) { found } else { Field::Null };
                prop_assert_eq!(field(row, 0), reals[k].map_or(Field::Null, Field::Double));
                prop_assert_eq!(field(row, 1), there(Field::Str(word.clone())));
                prop_assert_eq!(field(row, 2), there(Field::Long(whole)));
                prop_assert_eq!(field(row, 3), there(Field::Bool(flag)));
                prop_assert_eq!(field(row, 4), there(Field::Bytes(ByteArray::from(word.clone().into_bytes()))));
            }
        }
    }

    #[test]
    fn words_at_the_foot_are_found_by_name() {
        let columns = [Column { name: "id", cells: Cells::Text(vec![Some("a".into())]) }];
        let file = bytes(&columns, &[("geo", "{}".to_owned())]);
        let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert_eq!(pairs, &vec![KeyValue::new("geo".to_owned(), "{}".to_owned())]);
    }

    #[test]
    fn more_rows_than_a_group_holds_stay_in_order() {
        let cells: Vec<Option<i64>> = (0..GROUP as i64 + 7).map(Some).collect();
        let back = read(bytes(&[Column { name: "n", cells: Cells::Whole(cells) }], &[]));
        let last = back.last().map(|row| field(row, 0));
        assert_eq!((back.len(), last), (GROUP + 7, Some(Field::Long(GROUP as i64 + 6))));
    }
}
