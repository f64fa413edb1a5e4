//! GeoPackage (OGC 12-128r18): layers with spatial index, descriptions of their columns, styles that QGIS applies by
//! itself, and a QGIS project inside.

use std::thread;

use flowatlas_model::{Field, Layer, Shapes};
use gdal::{Dataset, DriverManager, vector::sql::Dialect};

use crate::{EPOCH, Error, memory::MemoryFolder, spatial_index, table};

/// The name of the file in memory.
const FILE: &str = "map.gpkg";
/// What stands before a table's key and geometry columns where a column of the data has their name.
const TAKEN: &str = "_";

/// The table that tells what a file has beyond the plain format (OGC 12-128r18, table 31).
const EXTENSIONS: &str = "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, \
     definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))";

/// The styles of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerStyle {
    /// The name of the layer.
    pub layer: String,
    /// The style as QGIS reads it.
    pub qml: String,
    /// The style as other programs read it (OGC SLD 1.1); may be empty.
    pub sld: String,
}

/// What a GeoPackage holds.
#[derive(Debug, Clone, Copy)]
pub struct Package<'a> {
    /// The layers, in order; names differ by more than the case of their letters.
    pub layers: &'a [Layer],
    /// The styles of some of them.
    pub styles: &'a [LayerStyle],
    /// The name of a QGIS project and the bytes of its `.qgz` file.
    pub project: Option<(&'a str, &'a [u8])>,
}

/// Returns the bytes of a GeoPackage. Layers have the key `fid` and the geometry `geom`, unless a column of theirs has
/// that name: then another `_` stands before it.
///
/// # Errors
/// Fails where GDAL does, for example at a column name that SQLite does not take.
pub fn geopackage(package: &Package<'_>) -> Result<Vec<u8>, Error> {
    let failed = |action| Error::of("GeoPackage", action);
    let folder = MemoryFolder::new()?;
    let driver = DriverManager::get_driver_by_name("GPKG").map_err(failed("find its driver"))?;
    let mut dataset = driver.create_vector_only(folder.file(FILE)).map_err(failed("create the file"))?;
    let mut transaction = dataset.start_transaction().map_err(failed("start a transaction"))?;
    // Indexes of large layers take their time, as rows do.
    let statements = thread::scope(|scope| {
        let statements = scope.spawn(|| statements(package));
        package.layers.iter().try_for_each(|layer| write(&mut transaction, layer))?;
        Ok::<_, Error>(statements.join().expect("statements are only texts"))
    })?;
    transaction.commit().map_err(failed("write the layers"))?;
    let transaction = dataset.start_transaction().map_err(failed("start a transaction"))?;
    for statement in statements {
        transaction.execute_sql(&statement, None, Dialect::DEFAULT).map_err(failed("write a table of its own"))?;
    }
    transaction.commit().map_err(failed("write tables of its own"))?;
    dataset.close().map_err(failed("close the file"))?;
    folder.take(FILE)
}

/// Returns the name of the geometry column of a layer.
pub(crate) fn geometry_column(layer: &Layer) -> String {
    free(layer, "geom")
}

fn key_column(layer: &Layer) -> String {
    free(layer, "fid")
}

fn spatial_index(layer: &Layer) -> Vec<String> {
    match layer.shapes {
        Shapes::None(_) => Vec::new(),
        _ => spatial_index::statements(layer, &key_column(layer), &geometry_column(layer)),
    }
}

fn free(layer: &Layer, name: &str) -> String {
    let mut free = name.to_owned();
    while layer.fields.iter().any(|field| field.name.eq_ignore_ascii_case(&free)) {
        free.insert_str(0, TAKEN);
    }
    free
}

fn write(dataset: &mut Dataset, layer: &Layer) -> Result<(), Error> {
    let names: Vec<String> = layer.fields.iter().map(|field| field.name.clone()).collect();
    let options = [
        format!("FID={}", key_column(layer)),
        format!("GEOMETRY_NAME={}", geometry_column(layer)),
        format!("IDENTIFIER={}", layer.title),
        format!("DESCRIPTION={}", layer.description),
        "SPATIAL_INDEX=NO".to_owned(),
    ];
    table::write(dataset, layer, &names, &options.each_ref().map(String::as_str))
}

fn statements(package: &Package<'_>) -> Vec<String> {
    let mut out = vec![EXTENSIONS.to_owned()];
    out.extend(package.layers.iter().flat_map(spatial_index));
    out.extend(data_columns(package.layers));
    out.extend(styles(package));
    out.extend(package.project.iter().flat_map(|(name, bytes)| project(name, bytes)));
    out
}

/// The schema extension: names, units and descriptions of columns (OGC 12-128r18, annex F.9).
fn data_columns(layers: &[Layer]) -> Vec<String> {
    let registered = |table: &str| {
        format!(
            "INSERT INTO gpkg_extensions(table_name, column_name, extension_name, definition, scope) VALUES \
             ('{table}', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write')"
        )
    };
    let mut out = vec![
        "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, \
         description TEXT, mime_type TEXT, constraint_name TEXT, \
         CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))"
            .to_owned(),
        "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, \
         value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, \
         CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
            .to_owned(),
        registered("gpkg_data_columns"),
        registered("gpkg_data_column_constraints"),
    ];
    for layer in layers {
        let described = layer.fields.iter().filter(|f| !(f.title.is_empty() && f.description.is_empty()));
        out.extend(described.map(|field| data_column(layer, field)));
    }
    out
}

fn data_column(layer: &Layer, field: &Field) -> String {
    let title = if field.title.is_empty() { &field.name } else { &field.title };
    let unit = if field.unit.is_empty() { String::new() } else { format!(" Unit: {}.", field.unit) };
    let [table, column, title, description] =
        [&layer.name, &field.name, title, &format!("{}{unit}", field.description)].map(|text| quoted(text));
    format!(
        "INSERT INTO gpkg_data_columns(table_name, column_name, name, title, description) \
         VALUES ({table}, {column}, {column}, {title}, {description})"
    )
}

/// The table of styles as QGIS makes it; it applies the default one to a layer that it opens.
fn styles(package: &Package<'_>) -> Vec<String> {
    if package.styles.is_empty() {
        return Vec::new();
    }
    let mut out = vec![
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), \
         f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), \
         styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), \
         update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
            .to_owned(),
        format!(
            "INSERT INTO gpkg_contents(table_name, data_type, identifier, description, last_change, srs_id) \
             VALUES ('layer_styles', 'attributes', 'layer_styles', '', '{EPOCH}', 0)"
        ),
    ];
    out.extend(package.styles.iter().filter_map(|style| {
        let layer = package.layers.iter().find(|layer| layer.name == style.layer)?;
        Some(layer_style(layer, style))
    }));
    out
}

fn layer_style(layer: &Layer, style: &LayerStyle) -> String {
    let geometry = if matches!(layer.shapes, Shapes::None(_)) { String::new() } else { geometry_column(layer) };
    let [table, geometry, qml, sld] = [&layer.name, &geometry, &style.qml, &style.sld].map(|text| quoted(text));
    format!(
        "INSERT INTO layer_styles(f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, \
         styleSLD, useAsDefault, description, owner, update_time) \
         VALUES ('', '', {table}, {geometry}, 'flowatlas', {qml}, {sld}, 1, 'as drawn', '', '{EPOCH}')"
    )
}

/// QGIS keeps projects in a table of its own, as the digits of a `.qgz` file.
fn project(name: &str, bytes: &[u8]) -> Vec<String> {
    let digits = digits(bytes);
    vec![
        "CREATE TABLE qgis_projects(name TEXT PRIMARY KEY, metadata BLOB, content BLOB)".to_owned(),
        format!("INSERT INTO qgis_projects(name, metadata, content) VALUES ({}, '{{}}', '{digits}')", quoted(name)),
    ]
}

/// Returns bytes as hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Returns text as SQL.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\0', "\u{fffd}").replace('\'', "''"))
}
