//! What can keep a map from being made.

use thiserror::Error;

/// Why a map could not be composed.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum Error {
    /// The projection is not one that the library knows.
    #[error(
        "projection \"{given}\" is not known ({reason}); expected auto, none, EPSG:n or a PROJ string such as \"+proj=laea +lat_0=-12 +lon_0=-75\""
    )]
    Projection {
        /// What was asked for.
        given: String,
        /// What the library said.
        reason: String,
    },
    /// The coordinates and the projection do not go together.
    #[error("places have planar coordinates, which the projection \"{given}\" cannot draw; use --projection none")]
    PlanarPlaces {
        /// What was asked for.
        given: String,
    },
    /// There is no place that could be shown.
    #[error(
        "there is no place to draw: the layer of places is empty, or none lies in the extent; check the extent and the filter"
    )]
    NothingToShow,
    /// There is no flow for a matrix, which shows nothing else.
    #[error(
        "there is no flow to draw, and a matrix shows nothing else; check the flows and which of them are selected"
    )]
    NoFlowToShow,
    /// The extent of places in degrees is no box of degrees.
    #[error(
        "the extent {sides:?} is not on the Earth; expected west, south, east and north in degrees, longitudes between -180 and 180, latitudes between -90 and 90"
    )]
    Extent {
        /// West, south, east and north as given.
        sides: [f64; 4],
    },
    /// No area can be shaded.
    #[error(
        "no place has both a number for \"{title}\" and an area; give the places polygons, or name regions of the base map by \"region\" in [map.choropleth]"
    )]
    NothingToShade {
        /// What the areas were to be shaded by.
        title: String,
    },
    /// Two places would shade one region.
    #[error(
        "places \"{first}\" and \"{second}\" both stand for the region \"{region}\", which can show one number only"
    )]
    SharedRegion {
        /// The id of one place.
        first: String,
        /// The id of the other.
        second: String,
        /// The id of the region.
        region: String,
    },
    /// The page has no room left for the map.
    #[error(
        "a page of {width:.0} × {height:.0} mm leaves no room for the map beside its margins, title, legend and notes; make it larger or say less"
    )]
    PageTooSmall {
        /// Page width in millimetres.
        width: f64,
        /// Page height in millimetres.
        height: f64,
    },
}
