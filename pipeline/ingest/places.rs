//! Rows become places.

use std::collections::{BTreeMap, HashMap};

use flowatlas_model::{Atlas, Coordinates, Place};
use geo::{Coord, MultiPolygon};

use crate::{
    Error, Intake, PlaceColumns, Source,
    collect::{At, Collect, Fault, Ledger, Positions, Row},
    columns::Role,
    gazetteer::id_text,
    number,
    shape::{Shape, in_range},
    sheet::Sheet,
};

/// Collects places with unique ids.
pub(crate) struct PlaceCollector {
    file: String,
    sheet: Sheet,
    ledger: Ledger,
    places: Vec<Place>,
    known: HashMap<String, At>,
    unusable: BTreeMap<String, String>,
    positions: Positions,
    coordinates: Coordinates,
    roles: Roles,
    outside_id: bool,
}

struct Roles {
    id: Role,
    name: Role,
    population: Role,
    degrees: [Role; 2],
    planar: [Role; 2],
}

impl Roles {
    fn new(columns: &PlaceColumns) -> Self {
        Roles {
            id: Role::new("id", &columns.id, &["id"]),
            name: Role::new("name", &columns.name, &["name"]),
            population: Role::new("population", &columns.population, &["population"]),
            degrees: [
                Role::new("lon", &columns.lon, &["lon", "longitude", "lng"]),
                Role::new("lat", &columns.lat, &["lat", "latitude"]),
            ],
            planar: [Role::new("x", &columns.x, &["x"]), Role::new("y", &columns.y, &["y"])],
        }
    }
}

impl PlaceCollector {
    pub(crate) fn new(source: &Source, columns: &PlaceColumns) -> Self {
        PlaceCollector {
            file: source.shown(),
            sheet: Sheet::default(),
            ledger: Ledger::new(source.label()),
            places: Vec::new(),
            known: HashMap::new(),
            unusable: BTreeMap::new(),
            positions: Positions::Geometry(Coordinates::Geographic),
            coordinates: Coordinates::Geographic,
            roles: Roles::new(columns),
            outside_id: false,
        }
    }

    pub(crate) fn finish(mut self) -> Result<Intake<Atlas>, Error> {
        self.check_columns()?;
        let (tally, problems) = self.ledger.finish();
        let value = Atlas {
            coordinates: self.coordinates,
            places: self.places,
            attributes: self.sheet.finish(),
            unusable: self.unusable,
        };
        Ok(Intake { value, tally, problems })
    }

    /// A file without any feature has no columns to be missing.
    fn check_columns(&mut self) -> Result<(), Error> {
        if self.sheet.names().is_empty() && !self.ledger.is_open() {
            return Ok(());
        }
        if self.roles.id.is_given() || !self.outside_id {
            self.roles.id.require(&self.file, &self.sheet)?;
        }
        self.roles.name.require_if_given(&self.file, &self.sheet)?;
        self.roles.population.require_if_given(&self.file, &self.sheet)
    }

    /// Chooses between degrees and planar columns: the pair that the configuration names, else the one that is there.
    fn choose_columns(&mut self) -> Result<(), Error> {
        let Roles { degrees, planar, .. } = &mut self.roles;
        let there = |pair: &mut [Role; 2]| pair.iter_mut().any(|r| r.column(&self.sheet).is_some());
        let planar_named = planar.iter().any(Role::is_given) && !degrees.iter().any(Role::is_given);
        let planar_found = there(planar) && !there(degrees) && !degrees.iter().any(Role::is_given);
        let (coordinates, pair) = if planar_named || planar_found {
            (Coordinates::Planar, planar)
        } else {
            (Coordinates::Geographic, degrees)
        };
        self.coordinates = coordinates;
        pair.iter_mut().try_for_each(|role| role.require(&self.file, &self.sheet))
    }

    fn place(&mut self, row: Row<Shape>) -> Result<Place, Fault> {
        let id = self.id(row.at, row.id)?;
        let located = match self.positions {
            Positions::Geometry(coordinates) => row.shape.locate(coordinates),
            Positions::Columns => self.position().map(|at| (at, None::<MultiPolygon<f64>>)),
        };
        let (at, area) = located.inspect_err(|_| {
            self.unusable.insert(id.clone(), format!("{}, {}", self.file, row.at));
        })?;
        let name = self.roles.name.column(&self.sheet);
        let name = self.sheet.cell(name).to_text().trim().to_owned();
        let name = if name.is_empty() { id.clone() } else { name };
        let population = self.population(row.at);
        self.known.insert(id.clone(), row.at);
        Ok(Place { id, name, at, area, population })
    }

    /// Returns the id in its column, or else the one that the format has outside the columns.
    fn id(&mut self, at: At, outside: String) -> Result<String, Fault> {
        let column = self.roles.id.column(&self.sheet);
        let mut id = id_text(self.sheet.cell(column));
        if id.is_empty() && !self.roles.id.is_given() && !outside.is_empty() {
            self.outside_id = true;
            id = outside;
        }
        let name = self.roles.id.name(&self.sheet);
        if id.is_empty() {
            return Err(Fault::new("missing-id", "no value", "an id").field(name));
        }
        match self.known.get(&id) {
            None => Ok(id),
            Some(first) => Err(Fault::new("duplicate-id", id, format!("an id other than that of {first}"))
                .field(name)
                .hint(format!("the place at {first} is used, not this at {at}"))),
        }
    }

    fn position(&mut self) -> Result<Coord<f64>, Fault> {
        let pair = match self.coordinates {
            Coordinates::Geographic => &mut self.roles.degrees,
            Coordinates::Planar => &mut self.roles.planar,
        };
        let read = |role: &mut Role| {
            let column = role.column(&self.sheet);
            number::coordinate(self.sheet.cell(column), self.sheet.decimals)
                .map_err(|fault| fault.field(role.name(&self.sheet)))
        };
        let [first, second] = pair;
        in_range(Coord { x: read(first)?, y: read(second)? }, self.coordinates)
    }

    /// Returns the population; one that cannot be read is remarked on and left empty, for the place is still a place.
    fn population(&mut self, at: At) -> Option<f64> {
        let column = self.roles.population.column(&self.sheet);
        let cell = self.sheet.cell(column);
        let read = number::quantity(cell, self.sheet.decimals);
        let doubt = number::doubt(cell, self.sheet.decimals);
        if let Some(fault) = read.as_ref().err().cloned().or(doubt) {
            let name = self.roles.population.name(&self.sheet);
            self.ledger.remark(at, fault.field(name));
        }
        read.ok().flatten()
    }
}

impl Collect for PlaceCollector {
    type Shape = Shape;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn open(&mut self, positions: Positions) -> Result<(), Error> {
        self.positions = positions;
        self.check_columns()?;
        match positions {
            Positions::Columns => self.choose_columns(),
            Positions::Geometry(coordinates) => {
                self.coordinates = coordinates;
                Ok(())
            }
        }
    }

    fn has_position_columns(&mut self) -> bool {
        let Roles { degrees, planar, .. } = &mut self.roles;
        let mut pairs = [degrees, planar];
        let given = pairs.iter().any(|pair| pair.iter().any(Role::is_given));
        given || pairs.iter_mut().any(|pair| pair.iter_mut().all(|role| role.column(&self.sheet).is_some()))
    }

    fn open_plane(&mut self) {
        self.positions = Positions::Geometry(Coordinates::Planar);
        self.coordinates = Coordinates::Planar;
    }

    fn add(&mut self, row: Row<Shape>) {
        let at = row.at;
        match self.place(row) {
            Ok(place) => {
                self.places.push(place);
                self.sheet.keep();
                self.ledger.keep(0.0);
            }
            Err(fault) => self.reject(at, fault),
        }
    }

    fn reject(&mut self, at: At, fault: Fault) {
        self.sheet.discard();
        self.ledger.drop(at, fault, 0.0);
    }

    fn remark(&mut self, fault: Fault) {
        self.ledger.remark(At::Layer, fault);
    }
}

#[cfg(test)]
#[path = "places_tests.rs"]
mod tests;
