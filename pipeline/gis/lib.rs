//! Writes layers and pictures through GDAL: GeoPackage with styles and a project inside, FlatGeobuf, Shapefile, KML,
//! GeoTIFF.
//!
//! Values go in, bytes come out: files live in memory until they are whole. Nothing is computed or styled here, and
//! same input gives same bytes: whatever date a format asks for is [`EPOCH`].

mod error;
mod geometry;
mod geopackage;
mod memory;
mod raster;
mod shapefile;
mod spatial_index;
mod system;
mod table;
mod vector;

pub use error::Error;
pub use geopackage::{LayerStyle, Package, geopackage};
pub use raster::{GeoPicture, TiffKind, tiff};
pub use shapefile::{Shapefile, shapefile};
pub use vector::{VectorFormat, vector};

/// The date that formats get which cannot do without one: a file must not tell when it was made.
pub const EPOCH: &str = "1970-01-01T00:00:00.000Z";
