//! Places, regions and the base map.

use std::collections::BTreeMap;

use geo::{Coord, MultiPolygon};

use crate::table::Table;

/// How the coordinates of an atlas are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coordinates {
    /// Longitude and latitude in degrees, WGS84; longitude in [-180, 180], latitude in [-90, 90].
    #[default]
    Geographic,
    /// Planar x and y in one unit of length, y upwards, drawn as they are.
    Planar,
}

/// The position of a place in its atlas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceIndex(pub u32);

impl PlaceIndex {
    /// Returns the index as it is used to address vectors that are parallel to `Atlas::places`.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A place that flows start from or end at.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The identifier that flows use; unique in its atlas.
    pub id: String,
    /// The name shown on maps.
    pub name: String,
    /// Where the place is: its point, or a point inside its polygon. Always finite.
    pub at: Coord<f64>,
    /// The area of the place, where the source gives one.
    pub area: Option<MultiPolygon<f64>>,
    /// People living there, where the source says so; finite and not negative.
    pub population: Option<f64>,
}

/// All places of one layer, with what the source says about them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Atlas {
    /// How the coordinates are to be read.
    pub coordinates: Coordinates,
    /// The places, in the order of the source.
    pub places: Vec<Place>,
    /// Every attribute of the source, one row per place.
    pub attributes: Table,
    /// Where the rows of places stand that have an id and nothing else to be used, by that id.
    pub unusable: BTreeMap<String, String>,
}

impl Atlas {
    /// Returns the place at this index.
    ///
    /// # Panics
    /// Panics if the index belongs to another atlas and is out of range here.
    pub fn place(&self, index: PlaceIndex) -> &Place {
        &self.places[index.index()]
    }

    /// Returns every index of the atlas in order.
    pub fn indices(&self) -> impl Iterator<Item = PlaceIndex> + use<> {
        (0..self.places.len() as u32).map(PlaceIndex)
    }
}

/// A named area of the base map.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The identifier in its source, for example an ISO code.
    pub id: String,
    /// The name shown on maps; may be empty.
    pub name: String,
    /// The area, in WGS84 degrees.
    pub shape: MultiPolygon<f64>,
}

/// What lies under the flows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BaseMap {
    /// Countries: land and its outer borders.
    pub countries: Vec<Region>,
    /// First-level divisions.
    pub divisions: Vec<Region>,
    /// Lakes.
    pub lakes: Vec<Region>,
}
