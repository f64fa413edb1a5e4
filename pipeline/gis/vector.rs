//! Formats of one file with one layer.

use flowatlas_model::Layer;
use gdal::DriverManager;

use crate::{Error, memory::MemoryFolder, table};

/// A format of one file with one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VectorFormat {
    /// FlatGeobuf: binary, with a spatial index; suits web maps and large layers.
    FlatGeobuf,
    /// KML, as earth viewers read it; degrees only.
    Kml,
}

impl VectorFormat {
    fn driver(self) -> (&'static str, &'static str) {
        match self {
            VectorFormat::FlatGeobuf => ("FlatGeobuf", "layer.fgb"),
            VectorFormat::Kml => ("LIBKML", "layer.kml"),
        }
    }
}

/// Returns the bytes of a file with this layer.
///
/// # Errors
/// Fails where GDAL does.
pub fn vector(layer: &Layer, format: VectorFormat) -> Result<Vec<u8>, Error> {
    let (driver, file) = format.driver();
    let failed = |action| Error::of(driver, action);
    let folder = MemoryFolder::new()?;
    let driver = DriverManager::get_driver_by_name(driver).map_err(failed("find its driver"))?;
    let mut dataset = driver.create_vector_only(folder.file(file)).map_err(failed("create the file"))?;
    let names: Vec<String> = layer.fields.iter().map(|field| field.name.clone()).collect();
    table::write(&mut dataset, layer, &names, &[])?;
    dataset.close().map_err(failed("close the file"))?;
    folder.take(file)
}
