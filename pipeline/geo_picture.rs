//! Pictures with a place on the Earth: the map frame as GeoTIFF, and the files that place a PNG of the whole page.

use flowatlas_draw::{self as draw, PngOptions};
use flowatlas_export::PagePicture;
use flowatlas_map::Composition;

use crate::{
    error::Error,
    study::{MapPlan, OutputPlan},
};

/// Returns the two files that place the PNG file of this name: its world file and what names its coordinate system.
/// None for a matrix.
pub(crate) fn world_files(name: &str, composition: &Composition, output: &OutputPlan) -> Vec<(String, Vec<u8>)> {
    let Some(panel) = composition.look.as_ref().and_then(|look| look.panels.first()) else { return Vec::new() };
    let scene = &composition.scene;
    let [width, height] = draw::pixel_size(scene, &PngOptions { dpi: output.dpi }).unwrap_or([1, 1]);
    let page = PagePicture { panel, size: [width, height], page: [scene.width, scene.height] };
    let stem = name.strip_suffix(".png").unwrap_or(name);
    vec![(format!("{stem}.pgw"), page.world_file()), (format!("{name}.aux.xml"), page.aux_xml())]
}

/// A kind of georeferenced picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tiff {
    Plain,
    CloudOptimised,
}

/// Returns the map frame as a GeoTIFF, in the coordinate system of the map.
///
/// # Errors
/// Fails for a matrix, which shows no part of the Earth, where GDAL fails, and always in a program without GDAL.
#[cfg(feature = "gdal")]
pub(crate) fn tiff(
    plan: &MapPlan,
    composition: &Composition,
    (kind, output): (Tiff, &OutputPlan),
) -> Result<Vec<u8>, Error> {
    use flowatlas_gis::{GeoPicture, TiffKind};
    let Some(panel) = composition.look.as_ref().and_then(|look| look.panels.first()) else {
        return Err(Error::Usage(format!(
            "map \"{}\": a matrix has no place on the Earth; write png, svg, pdf or html",
            plan.id
        )));
    };
    let pixels = draw::pixels(&composition.scene, &PngOptions { dpi: output.dpi }, panel.rect)
        .map_err(|source| Error::Draw { map: plan.id.clone(), source })?;
    let (north_west, south_east) =
        (panel.at(pixels.window.x0, pixels.window.y0), panel.at(pixels.window.x1, pixels.window.y1));
    let bounds = [north_west.x, south_east.y, south_east.x, north_west.y];
    let picture = GeoPicture { size: pixels.size, rgba: &pixels.rgba, crs: &panel.crs, bounds };
    let kind = match kind {
        Tiff::Plain => TiffKind::Plain,
        Tiff::CloudOptimised => TiffKind::CloudOptimised,
    };
    flowatlas_gis::tiff(&picture, kind)
        .map_err(|source| Error::Gis { map: plan.id.clone(), message: source.to_string() })
}

/// As with GDAL.
#[cfg(not(feature = "gdal"))]
pub(crate) fn tiff(plan: &MapPlan, _: &Composition, _: (Tiff, &OutputPlan)) -> Result<Vec<u8>, Error> {
    Err(crate::layer_files::without_gdal(&format!("{}.tif", plan.id)))
}
