//! The features of a layer, written to any dataset that takes them.

use flowatlas_model::{Field, FieldKind, Layer, Value};
use gdal::{
    Dataset,
    vector::{Feature, FieldDefn, LayerAccess, LayerOptions, OGRFieldType},
};

use crate::{Error, geometry, system};

/// Writes a layer, with its columns under these names, and these options of the driver.
pub(crate) fn write(dataset: &mut Dataset, layer: &Layer, names: &[String], options: &[&str]) -> Result<(), Error> {
    let failed = |action| Error::of(&layer.name, action);
    let srs = system::of_layer(layer.coordinates)?;
    let ty = geometry::kind(&layer.shapes);
    let srs = (ty != gdal::vector::OGRwkbGeometryType::wkbNone).then_some(&srs);
    let wish = LayerOptions { name: &layer.name, srs, ty, options: Some(options) };
    let has_days = dataset.driver().short_name() == "GPKG";
    let table = dataset.create_layer(wish).map_err(failed("create the layer"))?;
    for (field, name) in layer.fields.iter().zip(names) {
        let kind = if has_days && field.kind == FieldKind::Day { OGRFieldType::OFTDate } else { kind(field) };
        let column = FieldDefn::new(name, kind).map_err(failed("describe a column"))?;
        column.add_to_layer(&table).map_err(failed("add a column"))?;
    }
    for row in 0..layer.rows() {
        let mut feature = Feature::new(table.defn()).map_err(failed("make a feature"))?;
        fill(&mut feature, layer, row).map_err(failed("fill a feature"))?;
        feature.create(&table).map_err(failed("write a feature"))?;
    }
    Ok(())
}

fn kind(field: &Field) -> OGRFieldType::Type {
    match field.kind {
        FieldKind::Flag => OGRFieldType::OFTInteger,
        FieldKind::Integer => OGRFieldType::OFTInteger64,
        FieldKind::Real => OGRFieldType::OFTReal,
        FieldKind::Text | FieldKind::Day => OGRFieldType::OFTString,
    }
}

fn fill(feature: &mut Feature, layer: &Layer, row: usize) -> gdal::errors::Result<()> {
    for (k, field) in layer.fields.iter().enumerate() {
        cell(feature, k, field.kind, &field.values[row])?;
    }
    match geometry::shape(&layer.shapes, row) {
        Some(shape) => feature.set_geometry(shape?),
        None => Ok(()),
    }
}

fn cell(feature: &mut Feature, k: usize, kind: FieldKind, value: &Value) -> gdal::errors::Result<()> {
    match (kind, value) {
        (_, Value::Missing) => feature.set_field_null(k),
        (FieldKind::Text | FieldKind::Day, Value::Text(text)) => feature.set_field_string(k, &without_nul(text)),
        (FieldKind::Text, other) => feature.set_field_string(k, &other.to_text()),
        (FieldKind::Flag, Value::Flag(flag)) => feature.set_field_integer(k, i32::from(*flag)),
        (FieldKind::Integer, Value::Integer(whole)) => feature.set_field_integer64(k, *whole),
        (_, other) => match other.as_number() {
            Some(number) => feature.set_field_double(k, number),
            None => feature.set_field_null(k),
        },
    }
}

/// GDAL takes text up to the first NUL, and would lose the rest.
fn without_nul(text: &str) -> std::borrow::Cow<'_, str> {
    match text.contains('\0') {
        true => text.replace('\0', "\u{fffd}").into(),
        false => text.into(),
    }
}
