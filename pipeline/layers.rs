//! Reads the layers of a study: each file once, whatever the number of maps that use it.

use std::collections::{BTreeMap, btree_map::Entry};

use flowatlas_ingest::{self as ingest, Intake};
use flowatlas_model::{Atlas, BaseMap, Coordinates, FlowTable, Problem, Table, Tally};

use crate::{
    Materials,
    error::Error,
    figure::FigurePlan,
    report::in_words,
    study::{Base, FlowsLayer, KeyLines, MapPlan, PlacesLayer, Study},
    styles,
};

/// Everything that a study reads.
#[derive(Debug)]
pub struct Layers {
    /// Layers of places, in the order of the study; `None` for one that no map uses.
    places: Vec<Option<Intake<Atlas>>>,
    /// Layers of flows, by the position of the flows and of the places that they join.
    flows: BTreeMap<(usize, usize), Intake<FlowTable>>,
    /// Tables, in the order of the study; `None` for one that no figure uses.
    tables: Vec<Option<Intake<Table>>>,
    /// The base map.
    base: BaseMap,
    /// The base maps of the windows of each map, by the id of the map.
    window_bases: BTreeMap<String, Vec<Option<BaseMap>>>,
    /// The countries of the world, where a map has a locator.
    world: Option<BaseMap>,
}

/// How a layer was read.
#[derive(Debug, Clone, Copy)]
pub struct LayerAccount<'a> {
    /// `places`, `flows` or `table`.
    pub role: &'static str,
    /// Its name in the study.
    pub name: &'a str,
    /// How its features were spent.
    pub tally: &'a Tally,
    /// What could not be used as it was.
    pub problems: &'a [Problem],
}

impl Layers {
    /// Reads the layers that the maps of the study use, and the base map.
    ///
    /// # Errors
    /// Fails where a file cannot be read or lacks a column, and where none of the flows of a layer could be used.
    pub fn read(study: &Study) -> Result<Layers, Error> {
        let mut places: Vec<Option<Intake<Atlas>>> = study.places.iter().map(|_| None).collect();
        let mut flows = BTreeMap::new();
        for map in &study.maps {
            if places[map.places].is_none() {
                let layer = &study.places[map.places];
                places[map.places] = Some(read_places(layer)?);
            }
            let intake = places[map.places].as_ref().expect("read above");
            if let Entry::Vacant(entry) = flows.entry((map.flows, map.places)) {
                entry.insert(read_flows(&study.flows[map.flows], intake)?);
            }
        }
        let mut tables: Vec<Option<Intake<Table>>> = study.tables.iter().map(|_| None).collect();
        for table in study.figures.iter().flat_map(FigurePlan::tables) {
            if tables[table].is_none() {
                tables[table] = Some(ingest::read_table(&study.tables[table].source)?);
            }
        }
        let base = read_base(&study.base, places.iter().flatten())?;
        let window_bases = study.maps.iter().map(|map| Ok((map.id.clone(), read_window_bases(map)?)));
        let window_bases = window_bases.collect::<Result<_, Error>>()?;
        let located = study.maps.iter().any(|map| map.spec.locator.is_some());
        let world = located.then(read_world).transpose()?;
        Ok(Layers { places, flows, tables, base, window_bases, world })
    }

    /// Returns a table of the study.
    ///
    /// # Panics
    /// Panics if no figure of the study uses it.
    pub fn table(&self, position: usize) -> &Table {
        &self.tables[position].as_ref().expect("the tables of every figure were read").value
    }

    /// Returns what a map of the study is made from.
    ///
    /// # Panics
    /// Panics if the plan belongs to another study.
    pub fn materials(&self, plan: &MapPlan) -> Materials<'_> {
        let atlas = self.places[plan.places].as_ref().expect("the layers of every map were read");
        Materials {
            atlas: &atlas.value,
            flows: &self.flows[&(plan.flows, plan.places)].value,
            base: &self.base,
            window_bases: &self.window_bases[&plan.id],
            world: self.world.as_ref(),
        }
    }

    /// Returns how each layer was read, places first.
    pub fn accounts<'a>(&'a self, study: &'a Study) -> Vec<LayerAccount<'a>> {
        let places = self.places.iter().zip(&study.places).filter_map(|(intake, layer)| {
            let intake = intake.as_ref()?;
            Some(LayerAccount { role: "places", name: &layer.name, tally: &intake.tally, problems: &intake.problems })
        });
        let flows = self.flows.iter().map(|(&(flows, _), intake)| LayerAccount {
            role: "flows",
            name: &study.flows[flows].name,
            tally: &intake.tally,
            problems: &intake.problems,
        });
        let tables = self.tables.iter().zip(&study.tables).filter_map(|(intake, layer)| {
            let intake = intake.as_ref()?;
            Some(LayerAccount { role: "table", name: &layer.name, tally: &intake.tally, problems: &intake.problems })
        });
        places.chain(flows).chain(tables).collect()
    }
}

fn read_places(layer: &PlacesLayer) -> Result<Intake<Atlas>, Error> {
    ingest::read_places(&layer.source, &layer.columns).map_err(|e| unread(&layer.lines, e))
}

/// Returns why a layer could not be read: where it lacks a column that the study names, with the line that does.
fn unread(lines: &KeyLines, error: ingest::Error) -> Error {
    match error {
        ingest::Error::NamedColumn { field, .. } => lines.locate(field, error.into()),
        other => other.into(),
    }
}

fn read_flows(layer: &FlowsLayer, places: &Intake<Atlas>) -> Result<Intake<FlowTable>, Error> {
    let intake = ingest::read_flows(&layer.source, &layer.columns, &places.value, layer.weights);
    let intake = intake.map_err(|e| unread(&layer.lines, e))?;
    match intake.problems.iter().find(|p| p.dropped) {
        Some(problem) if intake.tally.kept == 0 => {
            let (file, first) = (layer.source.place(), in_words(problem));
            let without = match places.problems.iter().find(|p| p.dropped) {
                Some(problem) => format!(
                    ". {} of {} places were left out; {}",
                    places.tally.dropped,
                    places.tally.read,
                    in_words(problem)
                ),
                None if places.tally.read == 0 => format!(". There are no places in {}", places.tally.file),
                None => String::new(),
            };
            Err(Error::NoFlows { file, read: intake.tally.read, first: first + &without })
        }
        _ => Ok(intake),
    }
}

fn read_base<'a>(base: &Base, mut atlases: impl Iterator<Item = &'a Intake<Atlas>>) -> Result<BaseMap, Error> {
    match base {
        Base::Files(files) => Ok(ingest::read_base(files)?),
        Base::Auto if atlases.any(|a| a.value.coordinates == Coordinates::Geographic) => read_world(),
        Base::Auto => Ok(BaseMap::default()),
    }
}

fn read_world() -> Result<BaseMap, Error> {
    Ok(ingest::read_base_bytes("world-50m.geojson", styles::WORLD)?)
}

fn read_window_bases(map: &MapPlan) -> Result<Vec<Option<BaseMap>>, Error> {
    let read = |files: &Vec<_>| if files.is_empty() { Ok(None) } else { Ok(Some(ingest::read_base(files)?)) };
    map.window_bases.iter().map(read).collect()
}
