use std::{fs::File, path::Path, sync::Arc};

use flowatlas_model::{Value, WeightKind};
use parquet::{
    basic::{Compression, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type},
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};

use super::*;
use crate::{FlowColumns, PlaceColumns, Source, read_flows, read_places, read_table};

type Group<'a> = SerializedRowGroupWriter<'a, File>;

/// Writes a file of some columns, a group of rows per closure.
fn written(path: &Path, schema: &str, metadata: &[(&str, &str)], groups: &[&dyn Fn(&mut Group<'_>)]) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let pairs = metadata.iter().map(|(key, text)| KeyValue::new((*key).to_owned(), (*text).to_owned())).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut file = SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    for fill in groups {
        let mut group = file.next_row_group().unwrap();
        fill(&mut group);
        group.close().unwrap();
    }
    file.close().unwrap();
}

fn column<T: DataType>(group: &mut Group<'_>, values: &[T::T], levels: Option<&[i16]>) {
    let mut writer = group.next_column().unwrap().unwrap();
    writer.typed::<T>().write_batch(values, levels, None).unwrap();
    writer.close().unwrap();
}

fn texts(words: &[&str]) -> Vec<ByteArray> {
    words.iter().map(|word| ByteArray::from(word.as_bytes().to_vec())).collect()
}

fn source(path: &Path) -> Source {
    Source::parse(path.to_str().unwrap(), Path::new(""))
}

/// A little-endian point.
fn point(x: f64, y: f64) -> ByteArray {
    ByteArray::from([&[1, 1, 0, 0, 0][..], &x.to_le_bytes(), &y.to_le_bytes()].concat())
}

const DEGREES: &str = r#"{"version":"1.1.0","primary_column":"geom","columns":{"geom":{"encoding":"WKB"}}}"#;

#[test]
fn cells_keep_their_types_and_gaps_stay_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("types.parquet");
    let schema = "message m {
        required boolean flag;
        optional int32 whole;
        required int64 money (DECIMAL(10, 2));
        required binary large (DECIMAL(20, 1));
        required int32 day (DATE);
        required int64 moment (TIMESTAMP(MILLIS, true));
        required int64 local (TIMESTAMP(MILLIS, false));
        required int64 unsigned (INTEGER(64, false));
        required double share;
        required binary name (UTF8);
        required binary plain;
    }";
    written(
        &path,
        schema,
        &[],
        &[&|group| {
            column::<BoolType>(group, &[true, false], None);
            column::<Int32Type>(group, &[-7], Some(&[1, 0]));
            column::<Int64Type>(group, &[12_345, -5], None);
            column::<ByteArrayType>(
                group,
                &[ByteArray::from(vec![0xFF, 0x38]), ByteArray::from(vec![0x01, 0x00])],
                None,
            );
            column::<Int32Type>(group, &[0, 18_262], None);
            column::<Int64Type>(group, &[0, 1_577_836_800_000], None);
            column::<Int64Type>(group, &[0, 1_577_836_800_000], None);
            column::<Int64Type>(group, &[-1, 3], None);
            column::<DoubleType>(group, &[0.5, f64::NAN], None);
            column::<ByteArrayType>(group, &texts(&["Jerez", "Ñuñoa"]), None);
            column::<ByteArrayType>(group, &texts(&["a", "b"]), None);
        }],
    );
    let table = read_table(&source(&path)).unwrap().value;
    let of = |name: &str| table.column(name).unwrap().values.clone();
    let text = |name: &str| of(name).iter().map(Value::to_text).collect::<Vec<_>>();
    assert_eq!(of("flag"), [Value::Flag(true), Value::Flag(false)]);
    assert_eq!(of("whole"), [Value::Integer(-7), Value::Missing]);
    assert_eq!(of("money"), [Value::Real(123.45), Value::Real(-0.05)]);
    assert_eq!(of("large"), [Value::Real(-20.0), Value::Real(25.6)]);
    assert_eq!(text("day"), ["1970-01-01", "2020-01-01"]);
    assert_eq!(text("moment")[1], "2020-01-01 00:00:00.000 +00:00");
    assert_eq!(text("local")[1], "2020-01-01 00:00:00.000", "no zone");
    assert_eq!(of("unsigned"), [Value::Real(u64::MAX as f64), Value::Integer(3)]);
    assert_eq!((of("share")[0].clone(), text("share")[1].as_str()), (Value::Real(0.5), "NaN"));
    assert_eq!(text("name"), ["Jerez", "Ñuñoa"]);
    assert_eq!(text("plain"), ["a", "b"]);
}

#[test]
fn flows_of_several_groups_keep_their_sum_and_order() {
    let folder = tempfile::tempdir().unwrap();
    let (places, flows) = (folder.path().join("places.parquet"), folder.path().join("flows.parquet"));
    let schema = "message m { required binary id (UTF8); required double lon; required double lat; }";
    written(
        &places,
        schema,
        &[],
        &[&|group| {
            column::<ByteArrayType>(group, &texts(&["a", "b", "c"]), None);
            column::<DoubleType>(group, &[0.0, 1.0, 2.0], None);
            column::<DoubleType>(group, &[10.0, 11.0, 12.0], None);
        }],
    );
    let atlas = read_places(&source(&places), &PlaceColumns::default()).unwrap().value;
    let rows = 2 * BATCH + 17;
    let half = |group: &mut Group<'_>| {
        let ids = |shift: usize| texts(&(0..rows).map(|k| ["a", "b", "c"][(k + shift) % 3]).collect::<Vec<_>>());
        column::<ByteArrayType>(group, &ids(0), None);
        column::<ByteArrayType>(group, &ids(1), None);
        column::<Int64Type>(group, &(0..rows as i64).collect::<Vec<_>>(), None);
    };
    let schema = "message m { required binary origin (UTF8); required binary dest (UTF8); required int64 count; }";
    written(&flows, schema, &[], &[&half, &half]);
    let intake = read_flows(&source(&flows), &FlowColumns::default(), &atlas, WeightKind::Measured).unwrap();
    assert_eq!((intake.tally.read, intake.tally.kept), (2 * rows as u64, 2 * rows as u64));
    assert_eq!(intake.tally.weight_kept, (rows * (rows - 1)) as f64);
    let flow = &intake.value.flows[rows + 4];
    assert_eq!((flow.origin.index(), flow.destination.index(), flow.weight), (1, 2, Some(4.0)));
}

#[test]
fn shapes_of_geoparquet_are_places_in_their_coordinates() {
    let folder = tempfile::tempdir().unwrap();
    let read = |geo: &str| {
        let path = folder.path().join("places.parquet");
        let schema = "message m { required binary id (UTF8); optional binary geom; }";
        written(
            &path,
            schema,
            &[("geo", geo)],
            &[&|group| {
                column::<ByteArrayType>(group, &texts(&["a", "b", "c"]), None);
                column::<ByteArrayType>(group, &[point(-74.0, -12.5), ByteArray::from(vec![1, 2])], Some(&[1, 0, 1]));
            }],
        );
        read_places(&source(&path), &PlaceColumns::default())
    };
    let intake = read(DEGREES).unwrap();
    assert_eq!((intake.value.places.len(), intake.value.coordinates), (1, Coordinates::Geographic));
    assert_eq!(intake.value.places[0].at, geo::Coord { x: -74.0, y: -12.5 });
    let found: Vec<_> = intake.problems.iter().map(|p| (p.feature.as_str(), p.code)).collect();
    assert_eq!(found, [("feature 1", "no-position"), ("feature 2", "unfit-geometry")]);
    let with = |crs: &str| DEGREES.replace("\"WKB\"", &format!("\"WKB\",\"crs\":{crs}"));
    assert_eq!(read(&with("null")).unwrap().value.coordinates, Coordinates::Planar);
    let named = r#"{"name":"WGS 84","id":{"authority":"EPSG","code":4326}}"#;
    assert_eq!(read(&with(named)).unwrap().value.coordinates, Coordinates::Geographic);
    let far = r#"{"name":"WGS 84 / Pseudo-Mercator","id":{"authority":"EPSG","code":3857}}"#;
    let error = read(&with(far)).unwrap_err().to_string();
    assert!(error.contains("Pseudo-Mercator") && error.contains("OGC:CRS84"), "{error}");
    let error = read(&DEGREES.replace("WKB", "point")).unwrap_err().to_string();
    assert!(error.contains("\"point\"") && error.contains("WKB"), "{error}");
}

#[test]
fn nested_columns_are_told_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nested.parquet");
    let schema =
        "message m { required binary id (UTF8); required group bbox { required double xmin; required double xmax; } }";
    written(
        &path,
        schema,
        &[],
        &[&|group| {
            column::<ByteArrayType>(group, &texts(&["a"]), None);
            column::<DoubleType>(group, &[1.0], None);
            column::<DoubleType>(group, &[2.0], None);
        }],
    );
    let intake = read_table(&source(&path)).unwrap();
    assert_eq!(intake.value.columns().len(), 1);
    let told: Vec<_> = intake.problems.iter().map(|p| (p.code, p.field.as_str(), p.dropped)).collect();
    assert_eq!(told, [("nested-column", "bbox", false)]);
}

#[test]
fn a_file_that_is_cut_or_no_parquet_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.parquet");
    written(
        &path,
        "message m { required binary id (UTF8); }",
        &[],
        &[&|group| {
            column::<ByteArrayType>(group, &texts(&["a"; 1000]), None);
        }],
    );
    let whole = std::fs::read(&path).unwrap();
    for bytes in [&whole[..whole.len() / 2], b"origin,dest,count\n", b""] {
        std::fs::write(&path, bytes).unwrap();
        let error = read_table(&source(&path)).unwrap_err().to_string();
        assert!(error.contains("cut.parquet") && error.contains("Parquet"), "{error}");
    }
}
