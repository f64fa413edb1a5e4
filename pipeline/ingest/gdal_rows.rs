//! Every vector format that GDAL reads, from files on disk and, where that is allowed, from databases, servers and archives; brought
//! to WGS84 degrees.

use std::sync::Once;

use flowatlas_model::{Coordinates, Value};
use gdal::{
    Dataset, DatasetOptions, DriverManager, GdalOpenFlags,
    errors::GdalError,
    spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef},
    vector::{Feature, FieldValue, Layer, LayerAccess},
};

use crate::{
    Error, Source,
    collect::{At, Collect, Fault, Positions, Row},
    dbase::records_in_unsaid_encoding,
    shape::{Geometry, Shape},
    spelling,
};

/// Drivers that reach beyond the file they are given: to servers, databases or other files.
const FAR_DRIVERS: [&str; 22] = [
    "VRT",
    "OGR_VRT",
    "HTTP",
    "WFS",
    "WFS3",
    "OAPIF",
    "CSW",
    "PostgreSQL",
    "MySQL",
    "MSSQLSpatial",
    "OCI",
    "ODBC",
    "PGeo",
    "CAD",
    "Elasticsearch",
    "Carto",
    "AmigoCloud",
    "PLScenes",
    "NGW",
    "MongoDBv3",
    "HANA",
    "GMLAS",
];

/// The table in which QGIS keeps styles inside a GeoPackage; never a layer of data.
const STYLES: &str = "layer_styles";

/// Reads the layer of a file.
pub(crate) fn read<C: Collect>(source: &Source, collector: &mut C) -> Result<(), Error> {
    let file = source.place();
    let dataset = open(source, &file, collector)?;
    let name = choose_layer(&dataset, source, &file)?;
    let mut layer = dataset.layer_by_name(&name).map_err(|e| failed(&file, "open the layer", &e))?;
    let frame = Frame::of(&layer, &file, collector)?;
    let columns = open_columns(&layer, collector);
    collector.open(frame.positions)?;
    let expected = layer.try_feature_count();
    let mut count = 0;
    for feature in layer.features() {
        add(At::Feature(count), &feature, &columns, &frame, collector);
        count += 1;
    }
    whole(&file, count, expected)
}

/// GDAL ends a broken layer as if it were at its end, so the features are counted.
fn whole(file: &str, count: u64, expected: Option<u64>) -> Result<(), Error> {
    match expected {
        Some(expected) if count < expected => Err(Error::Gdal {
            file: file.to_owned(),
            action: "read the layer to its end",
            message: format!("found {count} of {expected} features"),
        }),
        _ => Ok(()),
    }
}

fn failed(file: &str, action: &'static str, error: &GdalError) -> Error {
    let message = match error {
        GdalError::NullPointer { msg, .. } | GdalError::CplError { msg, .. } if !msg.is_empty() => msg.clone(),
        other => other.to_string(),
    };
    Error::Gdal { file: file.to_owned(), action, message }
}

fn open<C: Collect>(source: &Source, file: &str, collector: &mut C) -> Result<Dataset, Error> {
    if source.is_address() {
        return if source.remote { open_address(source, file) } else { Err(Error::NotAFile { file: file.to_owned() }) };
    }
    let size = std::fs::metadata(&source.path).map_err(|e| Error::io(file, e))?;
    if size.is_file() && size.len() == 0 {
        return Err(Error::Empty { file: file.to_owned(), expected: "a vector file" });
    }
    quieten();
    let drivers = near_drivers();
    let drivers: Vec<&str> = drivers.iter().map(String::as_str).collect();
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY;
    let encoding = encoding(source, collector);
    let options = DatasetOptions {
        open_flags,
        allowed_drivers: Some(&drivers),
        open_options: encoding.as_ref().map(|option| &option[..]),
        ..DatasetOptions::default()
    };
    Dataset::open_ex(&source.path, options).map_err(|e| match &e {
        // Without a word of its own, no driver has taken the file.
        GdalError::NullPointer { msg, .. } if msg.is_empty() => unknown(source, file),
        other => failed(file, "open the file", other),
    })
}

/// Returns the option by which a shapefile that names no encoding, and is not UTF-8, is read as programs of its time wrote it.
fn encoding<C: Collect>(source: &Source, collector: &mut C) -> Option<[&'static str; 1]> {
    let count = records_in_unsaid_encoding(&source.path)?;
    let found = format!("{count} records that are not UTF-8");
    let fault = Fault::new("no-encoding", found, "a .cpg file beside it that names the encoding").field("encoding");
    collector.remark(
        fault.hint("the text is read as Windows-1252; for another one write its number, such as 1250, to a .cpg file"),
    );
    Some(["ENCODING=CP1252"])
}

/// Returns that no driver knows a file, and what to try.
fn unknown(source: &Source, file: &str) -> Error {
    let extension = source.path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let message = match extension.as_deref() {
        Some("zip") => format!("an archive is read as /vsizip/{file}/NAME with --allow-remote; or unpack it"),
        Some("gz" | "bz2" | "xz" | "zst" | "7z" | "tar" | "tgz" | "rar") => {
            "the file is packed; unpack it first".to_owned()
        }
        _ => "none of its drivers for files knows this format; convert it, to GeoPackage for instance".to_owned(),
    };
    Error::Gdal { file: file.to_owned(), action: "open the file", message }
}

/// Opens a database, a server or an archive, with every driver that there is.
fn open_address(source: &Source, file: &str) -> Result<Dataset, Error> {
    quieten();
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY;
    let options = DatasetOptions { open_flags, ..DatasetOptions::default() };
    Dataset::open_ex(&source.path, options).map_err(|e| failed(file, "open the address", &e))
}

/// Keeps GDAL from writing to standard error: what it has to say comes back with its errors.
fn quieten() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gdal::config::set_error_handler(|_, _, _| ()));
}

fn near_drivers() -> Vec<String> {
    let all = (0..DriverManager::count()).filter_map(|k| DriverManager::get_driver(k).ok());
    all.map(|d| d.short_name()).filter(|name| !FAR_DRIVERS.contains(&name.as_str())).collect()
}

/// Returns the name of the layer asked for, or of the only one.
fn choose_layer(dataset: &Dataset, source: &Source, file: &str) -> Result<String, Error> {
    let layers: Vec<String> = dataset.layers().map(|l| l.name()).filter(|name| name != STYLES).collect();
    let expected = match (&source.layer, layers.as_slice()) {
        (None, [only]) => return Ok(only.clone()),
        (None, _) => "the name of one".to_owned(),
        (Some(name), _) if layers.contains(name) => return Ok(name.clone()),
        // Databases list the tables that have a geometry, and open every other one by its name.
        (Some(name), _) if source.is_address() && dataset.layer_by_name(name).is_ok() => return Ok(name.clone()),
        (Some(name), _) => format!("`{name}`"),
    };
    let found =
        if layers.is_empty() { "no layers".to_owned() } else { format!("layers {}", spelling::list(&layers, ", ")) };
    Err(Error::Layer { file: file.to_owned(), found, expected })
}

/// How the positions of a layer are brought to those of the atlas.
struct Frame {
    positions: Positions,
    to_degrees: Option<CoordTransform>,
}

impl Frame {
    fn of<C: Collect>(layer: &Layer<'_>, file: &str, collector: &mut C) -> Result<Self, Error> {
        if layer.defn().geom_fields().next().is_none() {
            return Ok(Frame { positions: Positions::Columns, to_degrees: None });
        }
        let at = |coordinates, to_degrees| Frame { positions: Positions::Geometry(coordinates), to_degrees };
        match layer.spatial_ref().filter(is_known) {
            Some(system) if system.is_local() => Ok(at(Coordinates::Planar, None)),
            Some(system) => {
                let to_degrees = transform(system).map_err(|e| failed(file, "transform to WGS84", &e))?;
                Ok(at(Coordinates::Geographic, Some(to_degrees)))
            }
            None => Ok(at(assume(layer, collector), None)),
        }
    }
}

/// Says whether a layer tells its coordinate system: GDAL and QGIS write one that has none to a GeoPackage under this name,
/// whatever its coordinates.
fn is_known(system: &SpatialRef) -> bool {
    system.name().is_none_or(|name| name != "Undefined geographic SRS")
}

fn transform(mut from: SpatialRef) -> Result<CoordTransform, GdalError> {
    let mut to = SpatialRef::from_epsg(4326)?;
    from.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    to.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    CoordTransform::new(&from, &to)
}

/// Takes the coordinates of a layer without a coordinate system for degrees where all of them could be.
fn assume<C: Collect>(layer: &Layer<'_>, collector: &mut C) -> Coordinates {
    let degrees =
        layer.get_extent().is_ok_and(|e| e.MinX >= -180.0 && e.MaxX <= 180.0 && e.MinY >= -90.0 && e.MaxY <= 90.0);
    let (coordinates, taken) =
        if degrees { (Coordinates::Geographic, "WGS84 degrees") } else { (Coordinates::Planar, "planar") };
    let fault = Fault::new("no-crs", "no coordinate system", "a layer that names its coordinate system").field("crs");
    collector.remark(fault.hint(format!("the coordinates are taken as {taken}")));
    coordinates
}

/// Opens a column for every field of the layer, in its order; `None` where the sheet is full.
fn open_columns<C: Collect>(layer: &Layer<'_>, collector: &mut C) -> Vec<Option<usize>> {
    let names = layer.defn().fields().map(|field| field.name()).collect::<Vec<_>>();
    names.iter().map(|name| collector.sheet().column(name)).collect()
}

fn add<C: Collect>(at: At, feature: &Feature<'_>, columns: &[Option<usize>], frame: &Frame, collector: &mut C) {
    for (field, column) in columns.iter().enumerate() {
        let (Some(column), Ok(Some(value))) = (*column, feature.field(field)) else { continue };
        match value {
            FieldValue::StringValue(text) => collector.sheet().set_text(column, &text),
            other => {
                let zoned = || feature.field_as_string(field).ok().flatten().is_some_and(|text| has_zone(&text));
                collector.sheet().set(column, cell(other, zoned));
            }
        }
    }
    let shape = if collector.wants_shapes() { C::Shape::keep(|| shape(feature, frame)) } else { C::Shape::default() };
    collector.add(Row { at, id: String::new(), shape });
}

/// Says whether GDAL's text of a date with a time of day, `2020/01/31 12:00:00+00`, ends with its zone.
fn has_zone(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(_, time)| time.contains(['+', '-']))
}

/// Returns the cell for a field. What is not finite stays as its word, so that a weight of NaN is seen and refused.
/// `zoned` says of a date with a time of day whether it has a zone: GDAL hands out those without one as if they were of Greenwich.
fn cell(value: FieldValue, zoned: impl FnOnce() -> bool) -> Value {
    match value {
        FieldValue::IntegerValue(i) => Value::Integer(i.into()),
        FieldValue::Integer64Value(i) => Value::Integer(i),
        FieldValue::RealValue(r) if r.is_finite() => Value::Real(r),
        FieldValue::RealValue(r) => Value::Text(r.to_string().into()),
        FieldValue::StringValue(text) => Value::Text(text.into()),
        FieldValue::DateValue(date) => Value::Text(date.to_string().into()),
        FieldValue::DateTimeValue(time) if zoned() => Value::Text(format!("{time:?}").into()),
        FieldValue::DateTimeValue(time) => Value::Text(format!("{:?}", time.naive_local()).into()),
        FieldValue::IntegerListValue(list) => Value::Text(serde_json::json!(list).to_string().into()),
        FieldValue::Integer64ListValue(list) => Value::Text(serde_json::json!(list).to_string().into()),
        FieldValue::RealListValue(list) => Value::Text(serde_json::json!(list).to_string().into()),
        FieldValue::StringListValue(list) => Value::Text(serde_json::json!(list).to_string().into()),
    }
}

fn shape(feature: &Feature<'_>, frame: &Frame) -> Shape {
    let Some(geometry) = feature.geometry_by_index(0).ok().filter(|g| !g.is_empty()) else {
        return Shape::Missing;
    };
    let kind = geometry.geometry_name();
    let mut geometry = geometry.clone();
    geometry.flatten_to_2d();
    if frame.to_degrees.as_ref().is_some_and(|to| geometry.transform_inplace(to).is_err()) {
        return Shape::Unfit(format!("a {kind} outside the range of its coordinate system"));
    }
    geo::Geometry::try_from(&geometry).map_or_else(|_| Shape::Unfit(format!("a {kind}")), Shape::of)
}

#[cfg(test)]
#[path = "gdal_tests.rs"]
mod tests;
