//! Coordinate systems.

use flowatlas_model::Coordinates;
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};

use crate::Error;

/// The plane whose place on the Earth is not known. By this name GDAL gives layers of a GeoPackage the `srs_id` -1; without
/// any system they have 0, which stands for degrees (OGC 12-128r18, requirement 11).
const PLANE: &str = r#"LOCAL_CS["Undefined Cartesian SRS",UNIT["unknown",1],AXIS["x",EAST],AXIS["y",NORTH]]"#;

/// Returns the coordinate system of layers with these coordinates.
pub(crate) fn of_layer(coordinates: Coordinates) -> Result<SpatialRef, Error> {
    of_definition(match coordinates {
        Coordinates::Planar => PLANE,
        Coordinates::Geographic => "EPSG:4326",
    })
}

/// Returns the coordinate system of this definition, `EPSG:n`, `+proj=…` or WKT, with x before y.
pub(crate) fn of_definition(definition: &str) -> Result<SpatialRef, Error> {
    let failed = Error::of(definition, "understand the coordinate system");
    let mut system = SpatialRef::from_definition(definition).map_err(failed)?;
    system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(system)
}
