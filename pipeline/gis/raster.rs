//! Pictures with a place on the Earth.

use gdal::{
    DriverManager,
    raster::{Buffer, ColorInterpretation, RasterCreationOptions},
};

use crate::{Error, memory::MemoryFolder, system};

/// A picture of a rectangle of a coordinate system.
#[derive(Debug, Clone, Copy)]
pub struct GeoPicture<'a> {
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// Red, green, blue and opacity of each pixel, rows from the top.
    pub rgba: &'a [u8],
    /// The coordinate system, `EPSG:n` or `+proj=…`; empty for planar coordinates.
    pub crs: &'a str,
    /// West, south, east and north edge in its units.
    pub bounds: [f64; 4],
}

/// A kind of TIFF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiffKind {
    /// GeoTIFF 1.1, compressed without loss.
    Plain,
    /// Cloud-optimised: in tiles and with overviews, so that parts can be read over a network.
    CloudOptimised,
}

/// Returns the bytes of a GeoTIFF.
///
/// # Errors
/// Fails where GDAL does, for example at a coordinate system that it does not know.
pub fn tiff(picture: &GeoPicture<'_>, kind: TiffKind) -> Result<Vec<u8>, Error> {
    let failed = |action| Error::of("GeoTIFF", action);
    let folder = MemoryFolder::new()?;
    let bands = DriverManager::get_driver_by_name("MEM").map_err(failed("find memory"))?;
    let [width, height] = picture.size;
    let mut image = bands.create_with_band_type::<u8, _>("", width, height, 4).map_err(failed("hold the picture"))?;
    let [west, south, east, north] = picture.bounds;
    let step = [(east - west) / width as f64, (north - south) / height as f64];
    image.set_geo_transform(&[west, step[0], 0.0, north, 0.0, -step[1]]).map_err(failed("place the picture"))?;
    if !picture.crs.is_empty() {
        image.set_spatial_ref(&system::of_definition(picture.crs)?).map_err(failed("name the coordinate system"))?;
    }
    let kinds = [
        ColorInterpretation::RedBand,
        ColorInterpretation::GreenBand,
        ColorInterpretation::BlueBand,
        ColorInterpretation::AlphaBand,
    ];
    for (k, kind) in kinds.into_iter().enumerate() {
        let values: Vec<u8> = picture.rgba.iter().skip(k).step_by(4).copied().collect();
        let mut band = image.rasterband(k + 1).map_err(failed("open a band"))?;
        let mut buffer = Buffer::new((width, height), values);
        band.write((0, 0), (width, height), &mut buffer).map_err(failed("fill a band"))?;
        band.set_color_interpretation(kind).map_err(failed("name a band"))?;
    }
    let (driver, options): (&str, &[&str]) = match kind {
        TiffKind::Plain => ("GTiff", &["COMPRESS=DEFLATE", "PREDICTOR=2", "TILED=YES"]),
        TiffKind::CloudOptimised => ("COG", &["COMPRESS=DEFLATE", "PREDICTOR=YES"]),
    };
    let driver = DriverManager::get_driver_by_name(driver).map_err(failed("find its driver"))?;
    let options: RasterCreationOptions = options.iter().copied().collect();
    let copy = image.create_copy(&driver, folder.file("map.tif"), &options).map_err(failed("write the file"))?;
    copy.close().map_err(failed("close the file"))?;
    folder.take("map.tif")
}
