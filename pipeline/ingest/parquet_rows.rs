//! Parquet files, one batch of rows at a time, and GeoParquet's shapes in them.

use std::fs::File;

use flowatlas_model::{Coordinates, Value};
use parquet::{
    basic::{ConvertedType, LogicalType},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::reader::{FileReader, RowGroupReader, SerializedFileReader},
    record::Field,
    schema::types::ColumnDescPtr,
};
use serde_json::Value as Json;

use crate::{
    Error,
    collect::{At, Collect, Fault, Positions, Row},
    shape::{Geometry, Shape},
    wkb,
};

/// Rows that are held at a time.
const BATCH: usize = 8192;

/// Reads a Parquet file; `file` stands for it in errors.
pub(crate) fn read<C: Collect>(file: &str, input: File, collector: &mut C) -> Result<(), Error> {
    let failed = |e: ParquetError| Error::Parquet { file: file.to_owned(), message: message(&e) };
    let reader = SerializedFileReader::new(input).map_err(failed)?;
    let shapes = Shapes::of(&reader, file)?;
    let mut columns = open_columns(&reader, shapes.as_ref(), collector);
    if shapes.as_ref().is_some_and(|shapes| shapes.coordinates == Coordinates::Planar) {
        let fault = Fault::new("no-crs", "no coordinate system", "a layer that names its coordinate system");
        collector.remark(fault.field("crs").hint("the coordinates are taken as planar"));
    }
    collector.open(shapes.map_or(Positions::Columns, |shapes| Positions::Geometry(shapes.coordinates)))?;
    let wants_shapes = collector.wants_shapes();
    columns.retain(|column| wants_shapes || matches!(column.target, Target::Sheet(_)));
    let mut count = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(failed)?;
        read_group(group.as_ref(), &columns, &mut count, collector).map_err(failed)?;
    }
    Ok(())
}

/// What the library says, without the name that it puts before it.
fn message(error: &ParquetError) -> String {
    match error {
        ParquetError::General(text) | ParquetError::NYI(text) | ParquetError::EOF(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The column of shapes that the file's metadata name.
struct Shapes {
    column: String,
    coordinates: Coordinates,
}

impl Shapes {
    /// Returns the primary column of a GeoParquet file; none where the file is a plain table.
    fn of(reader: &SerializedFileReader<File>, file: &str) -> Result<Option<Shapes>, Error> {
        let metadata = reader.metadata().file_metadata().key_value_metadata();
        let geo = metadata.into_iter().flatten().find(|pair| pair.key == "geo").and_then(|pair| pair.value.as_deref());
        let Some(geo) = geo.and_then(|text| serde_json::from_str::<Json>(text).ok()) else { return Ok(None) };
        let Some(column) = geo["primary_column"].as_str() else { return Ok(None) };
        let about = &geo["columns"][column];
        let refused = |found: String, expected: &str| Error::Parquet {
            file: file.to_owned(),
            message: format!("the column {column} has {found}, expected {expected}"),
        };
        if about["encoding"] != "WKB" {
            let found = format!("the encoding {}", about["encoding"]);
            return Err(refused(found, "WKB; write the file again with geometries as WKB"));
        }
        let coordinates = match about.get("crs") {
            None => Coordinates::Geographic,
            Some(Json::Null) => Coordinates::Planar,
            Some(crs) if is_degrees(crs) => Coordinates::Geographic,
            Some(crs) => {
                let name = crs["name"].as_str().unwrap_or("another");
                let found = format!("coordinates in the system {name}");
                return Err(refused(
                    found,
                    "longitude and latitude (OGC:CRS84 or EPSG:4326); transform the file first",
                ));
            }
        };
        Ok(Some(Shapes { column: column.to_owned(), coordinates }))
    }
}

/// True for the coordinate systems of longitude and latitude on WGS84; their axes stand in that order in GeoParquet.
fn is_degrees(crs: &Json) -> bool {
    let code = match &crs["id"]["code"] {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    matches!((crs["id"]["authority"].as_str(), code.as_str()), (Some("OGC"), "CRS84") | (Some("EPSG"), "4326"))
}

/// A column of the file and where its cells go.
struct Column {
    /// Its number in the file.
    number: usize,
    about: ColumnDescPtr,
    target: Target,
}

enum Target {
    Sheet(usize),
    Shape,
}

/// Opens a column of the sheet for every flat column of the file, in its order; nested ones are remarked on.
fn open_columns<C: Collect>(
    reader: &SerializedFileReader<File>,
    shapes: Option<&Shapes>,
    collector: &mut C,
) -> Vec<Column> {
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut columns = Vec::new();
    let mut left_out: Vec<&str> = Vec::new();
    for (number, about) in schema.columns().iter().enumerate() {
        let name = about.path().parts()[0].as_str();
        if about.path().parts().len() > 1 || about.max_rep_level() > 0 {
            left_out.extend((left_out.last() != Some(&name)).then_some(name));
        } else if shapes.is_some_and(|shapes| shapes.column == name) {
            columns.push(Column { number, about: about.clone(), target: Target::Shape });
        } else {
            let target = collector.sheet().column(name).map(Target::Sheet);
            columns.extend(target.map(|target| Column { number, about: about.clone(), target }));
        }
    }
    for name in left_out {
        let fault = Fault::new("nested-column", "a list or a structure", "one value per row").field(name);
        collector.remark(fault.hint("the column is left out"));
    }
    columns
}

fn read_group<C: Collect>(
    group: &dyn RowGroupReader,
    columns: &[Column],
    count: &mut u64,
    collector: &mut C,
) -> Result<(), ParquetError> {
    let mut readers =
        columns.iter().map(|column| group.get_column_reader(column.number)).collect::<Result<Vec<_>, _>>()?;
    let mut left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
    while left > 0 {
        let rows = left.min(BATCH);
        let mut batch = Vec::with_capacity(columns.len());
        for (column, reader) in columns.iter().zip(&mut readers) {
            batch.push(cells(reader, &column.about, rows)?.into_iter());
        }
        for _ in 0..rows {
            let mut shape = None;
            for (column, cells) in columns.iter().zip(&mut batch) {
                match (cells.next().flatten(), &column.target) {
                    (Some(Cell::Bytes(bytes)), Target::Shape) => shape = Some(bytes),
                    (Some(cell), Target::Sheet(at)) => set(collector, *at, cell),
                    _ => {}
                }
            }
            let shape = shape.map_or_else(C::Shape::default, |bytes| C::Shape::keep(|| shape_of(bytes.data())));
            collector.add(Row { at: At::Feature(*count), id: String::new(), shape });
            *count += 1;
        }
        left -= rows;
    }
    Ok(())
}

fn shape_of(bytes: &[u8]) -> Shape {
    wkb::geometry(bytes).map_or_else(|| Shape::Unfit("bytes that are no WKB geometry".to_owned()), Shape::of)
}

/// A cell that is there.
enum Cell {
    Value(Value),
    Bytes(ByteArray),
}

/// Bytes that are text are read as text, whether or not the file says that they are.
fn set<C: Collect>(collector: &mut C, column: usize, cell: Cell) {
    match cell {
        Cell::Value(value) => collector.sheet().set(column, value),
        Cell::Bytes(bytes) => match bytes.as_utf8() {
            Ok(text) => collector.sheet().set_text(column, text),
            Err(_) => collector.sheet().set_text(column, &format!("{} bytes that are no text", bytes.len())),
        },
    }
}

/// Reads the cells of the next rows of a column.
fn cells(reader: &mut ColumnReader, about: &ColumnDescPtr, rows: usize) -> Result<Vec<Option<Cell>>, ParquetError> {
    let levels = about.max_def_level();
    let of = |field: Field| Cell::Value(value(field));
    match reader {
        ColumnReader::BoolColumnReader(r) => batch(r, (rows, levels), |v| of(Field::Bool(v))),
        ColumnReader::Int32ColumnReader(r) => batch(r, (rows, levels), |v| of(Field::convert_int32(about, v))),
        ColumnReader::Int64ColumnReader(r) => {
            let unzoned = matches!(
                about.logical_type_ref(),
                Some(LogicalType::Timestamp(time)) if !time.is_adjusted_to_u_t_c
            );
            batch(r, (rows, levels), |v| match of(Field::convert_int64(about, v)) {
                // A time without a zone is shown as one of Greenwich.
                Cell::Value(Value::Text(time)) if unzoned => {
                    Cell::Value(Value::Text(time.trim_end_matches(" +00:00").into()))
                }
                cell => cell,
            })
        }
        ColumnReader::Int96ColumnReader(r) => batch(r, (rows, levels), |v| of(Field::convert_int96(about, v))),
        ColumnReader::FloatColumnReader(r) => batch(r, (rows, levels), |v| of(Field::Float(v))),
        ColumnReader::DoubleColumnReader(r) => batch(r, (rows, levels), |v| of(Field::Double(v))),
        ColumnReader::ByteArrayColumnReader(r) => batch(r, (rows, levels), |v| of_bytes(about, v)),
        ColumnReader::FixedLenByteArrayColumnReader(r) => batch(r, (rows, levels), |v| of_bytes(about, v.into())),
    }
}

fn batch<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    (rows, level): (usize, i16),
    cell: impl Fn(T::T) -> Cell,
) -> Result<Vec<Option<Cell>>, ParquetError> {
    let (mut levels, mut values, mut read) = (Vec::with_capacity(rows), Vec::with_capacity(rows), 0);
    while read < rows {
        let (records, _, _) = reader.read_records(rows - read, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF(format!("a column ends {} rows too early", rows - read)));
        }
        read += records;
    }
    let mut values = values.into_iter().map(cell);
    Ok(if level == 0 {
        values.map(Some).collect()
    } else {
        levels.iter().map(|l| if *l == level { values.next() } else { None }).collect()
    })
}

/// Decimal numbers may be stored as bytes; all others stay bytes until it is known what they are for.
fn of_bytes(about: &ColumnDescPtr, bytes: ByteArray) -> Cell {
    let decimal = matches!(about.logical_type_ref(), Some(LogicalType::Decimal { .. }))
        || about.converted_type() == ConvertedType::DECIMAL;
    if !decimal {
        return Cell::Bytes(bytes);
    }
    let scale = i32::from(i16::try_from(about.type_scale()).unwrap_or(0));
    let sign = bytes.data().first().map_or(0, |first| if first & 0x80 > 0 { -1 } else { 0 });
    let unscaled = bytes.data().iter().fold(sign, |sum: i128, byte| sum << 8 | i128::from(*byte));
    let text = format!("{unscaled}e{}", -scale);
    Cell::Value(text.parse().map_or(Value::Missing, Value::Real))
}

/// Returns the cell for a number, a flag or a time. What is not finite stays as its word, so that a weight of NaN is seen and refused.
fn value(field: Field) -> Value {
    let real =
        |number: f64| if number.is_finite() { Value::Real(number) } else { Value::Text(number.to_string().into()) };
    match field {
        Field::Bool(flag) => Value::Flag(flag),
        Field::Byte(n) => Value::Integer(n.into()),
        Field::Short(n) => Value::Integer(n.into()),
        Field::Int(n) => Value::Integer(n.into()),
        Field::Long(n) => Value::Integer(n),
        Field::UByte(n) => Value::Integer(n.into()),
        Field::UShort(n) => Value::Integer(n.into()),
        Field::UInt(n) => Value::Integer(n.into()),
        Field::ULong(n) => i64::try_from(n).map_or(Value::Real(n as f64), Value::Integer),
        Field::Float(n) => real(n.into()),
        Field::Double(n) => real(n),
        Field::Decimal(number) => Field::Decimal(number).to_string().parse().map_or(Value::Missing, Value::Real),
        other => Value::Text(other.to_string().into()),
    }
}

#[cfg(test)]
#[path = "parquet_tests.rs"]
mod tests;
