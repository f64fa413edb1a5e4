//! Coordinate systems.

use flowatlas_model::Coordinates;
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};

use crate::Error;

/// Returns the coordinate system of layers with these coordinates; `None` for planar ones.
pub(crate) fn of_layer(coordinates: Coordinates) -> Result<Option<SpatialRef>, Error> {
    match coordinates {
        Coordinates::Planar => Ok(None),
        Coordinates::Geographic => of_definition("EPSG:4326").map(Some),
    }
}

/// Returns the coordinate system of this definition, `EPSG:n` or `+proj=…`, with x before y.
pub(crate) fn of_definition(definition: &str) -> Result<SpatialRef, Error> {
    let failed = Error::of(definition, "understand the coordinate system");
    let mut system = SpatialRef::from_definition(definition).map_err(failed)?;
    system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(system)
}
