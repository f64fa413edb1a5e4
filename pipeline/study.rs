//! A study, validated: whatever `study.toml` says is resolved, so that nothing about it can fail later but the data.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use flowatlas_draw::Lettering;
use flowatlas_ingest::{FlowColumns, PlaceColumns, Source};
use flowatlas_map::spec::MapSpec;
use flowatlas_model::{Style, WeightKind, scene::Font, table::Value};
use flowatlas_network::{Grouping, Measures, Part, Selection, View};

use crate::{
    config::{self, Document},
    error::Error,
    figure::FigurePlan,
    formats,
    options::Drawing,
    resolve::{self, Depth},
    shading::{ShadingPlan, SymbolsPlan},
};

pub use crate::key_lines::KeyLines;
pub use crate::study_file::{CitedSource, ImageFormat, LayerFormat, TableFormat};

/// The formats of numbers of which there is a figure too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureFormat {
    /// Tables.
    Table(TableFormat),
    /// The figure, as pixels or vectors.
    Picture(ImageFormat),
}

/// A study ready to run.
#[derive(Debug, Clone)]
pub struct Study {
    /// The name of its folder, which names the folder of its outputs.
    pub name: String,
    /// The title.
    pub title: String,
    /// What lies under its flows.
    pub base: Base,
    /// The layers of places, by name.
    pub places: Vec<PlacesLayer>,
    /// The layers of flows, by name.
    pub flows: Vec<FlowsLayer>,
    /// The tables that charts are made from, by name.
    pub tables: Vec<TableLayer>,
    /// The maps, in the order in which they are written.
    pub maps: Vec<MapPlan>,
    /// The figures of several panels, in the order in which they are written.
    pub figures: Vec<FigurePlan>,
    /// What to write.
    pub output: OutputPlan,
    /// The sources, by key.
    pub sources: BTreeMap<String, CitedSource>,
}

/// What lies under the flows.
#[derive(Debug, Clone, PartialEq)]
pub enum Base {
    /// The bundled countries of the world where places are on the Earth, nothing where they are planar.
    Auto,
    /// These layers; nothing where there are none.
    Files(Vec<Source>),
}

/// A layer of places and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacesLayer {
    /// Its name in the study.
    pub name: String,
    /// Where it is.
    pub source: Source,
    /// Which column holds what.
    pub columns: PlaceColumns,
    /// Where its keys stand in the study.
    pub lines: KeyLines,
}

/// A layer of flows and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowsLayer {
    /// Its name in the study.
    pub name: String,
    /// Where it is.
    pub source: Source,
    /// Which column holds what.
    pub columns: FlowColumns,
    /// What the weights are.
    pub weights: WeightKind,
    /// Where its keys stand in the study.
    pub lines: KeyLines,
}

/// A table for charts and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct TableLayer {
    /// Its name in the study.
    pub name: String,
    /// Where it is.
    pub source: Source,
    /// The column with the identifiers of its rows.
    pub id: String,
    /// The column with their names.
    pub label: String,
    /// Where its keys stand in the study.
    pub lines: KeyLines,
}

/// Where a map is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapPlace {
    /// On a page of its own, and in the figures that name it.
    #[default]
    Page,
    /// In the figures that name it.
    Figures,
}

/// One map for each period or kind, side by side in one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Multiples {
    /// What the maps are of.
    pub part: Part,
    /// How many stand side by side; `None` for what their number asks for.
    pub columns: Option<usize>,
}

/// A map to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPlan {
    /// The file name of its outputs.
    pub id: String,
    /// Position of its places in the study.
    pub places: usize,
    /// Position of its flows in the study.
    pub flows: usize,
    /// Rows to keep: each column must have one of the values.
    pub filter: Vec<(String, Vec<Value>)>,
    /// How its places are joined into clusters; `None` where they are not.
    pub grouping: Option<Grouping>,
    /// What a line between two places stands for.
    pub view: View,
    /// Links to show.
    pub selection: Selection,
    /// The name of its style.
    pub style_name: String,
    /// Its style.
    pub style: Style,
    /// Fonts of the user's own, which come before the bundled ones.
    pub fonts: Vec<Font>,
    /// How flows are laid out.
    pub drawing: Drawing,
    /// Seed of the layout.
    pub seed: u64,
    /// Seconds after which the layout stops with the best so far; `None` for no limit.
    pub layout_seconds: Option<f64>,
    /// The keys of the sources that it cites.
    pub cite: Vec<String>,
    /// The base map files of each window; none for a window that shows the base map of the study.
    pub window_bases: Vec<Vec<Source>>,
    /// Where it is drawn.
    pub place: MapPlace,
    /// How it is drawn as several maps; `None` for one.
    pub multiples: Option<Multiples>,
    /// Rows whose flows are uncertain: each column has one of the values; none where the map does not tell.
    pub uncertain: Vec<(String, Vec<Value>)>,
    /// Where the numbers of its shaded areas come from; `None` where none are shaded.
    pub shading: Option<ShadingPlan>,
    /// What the symbols of its places show.
    pub symbols: SymbolsPlan,
    /// What it shows and says. Where `period` is empty the times of the flows take its place.
    pub spec: MapSpec,
    /// Where its keys stand in the study.
    pub lines: KeyLines,
}

impl MapPlan {
    /// Returns that a key of the map asks for what its data do not have.
    pub(crate) fn wish(&self, key: &str, message: String) -> Error {
        self.lines.locate(key, Error::Wish { map: self.id.clone(), message })
    }

    /// Returns that a key of the map asks for what its network cannot answer.
    pub(crate) fn unanswered(&self, key: &str, source: flowatlas_network::Error) -> Error {
        self.lines.locate(key, Error::Network { map: self.id.clone(), source })
    }

    /// Returns that the map cannot be composed.
    pub(crate) fn unmade(&self, source: flowatlas_map::Error) -> Error {
        use flowatlas_map::Error as MapError;
        let key = match &source {
            MapError::Projection { .. } | MapError::PlanarPlaces { .. } => "projection",
            MapError::NothingToShow | MapError::Extent { .. } => "extent",
            MapError::NoFlowToShow => "layout",
            MapError::NothingToShade { .. } => "choropleth",
            MapError::SharedRegion { .. } => "choropleth.region",
            MapError::PageTooSmall { .. } => "height_mm",
        };
        self.lines.locate(key, Error::Map { map: self.id.clone(), source })
    }
}

/// What a study writes for each map.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputPlan {
    /// Picture formats.
    pub images: Vec<ImageFormat>,
    /// Table formats.
    pub metrics: Vec<TableFormat>,
    /// Layer formats.
    pub layers: Vec<LayerFormat>,
    /// Pixels per inch of PNG files.
    pub dpi: f64,
    /// Which metrics to compute, and how.
    pub measures: Measures,
    /// What to set side by side, besides the whole: periods, kinds.
    pub by: Vec<Part>,
    /// What words are in SVG files.
    pub lettering: Lettering,
    /// What lies under the map.
    pub paper: Paper,
    /// What lies beside PNG files.
    pub placement: Placement,
    /// Where its keys stand in the study.
    pub lines: KeyLines,
}

/// What lies beside PNG files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Placement {
    /// Nothing.
    #[default]
    None,
    /// A world file and an `.aux.xml`, which place the picture on the Earth.
    WorldFiles,
}

/// What lies under a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// The paper of the style.
    #[default]
    Style,
    /// Nothing: what the picture is laid on shows through.
    Clear,
}

impl OutputPlan {
    /// Returns the plan that writes nothing of its own accord, for a command that names its file.
    pub fn at_dpi(dpi: f64) -> Self {
        OutputPlan {
            images: Vec::new(),
            metrics: Vec::new(),
            layers: Vec::new(),
            dpi,
            measures: Measures::default(),
            by: Vec::new(),
            lettering: Lettering::Live,
            paper: Paper::Style,
            placement: Placement::None,
            lines: KeyLines::default(),
        }
    }
}

impl Study {
    /// Returns the files that it reads, without databases and servers.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let base: &[Source] = match &self.base {
            Base::Auto => &[],
            Base::Files(files) => files,
        };
        let layers = self.places.iter().map(|layer| &layer.source).chain(self.flows.iter().map(|layer| &layer.source));
        let sources = layers.chain(self.tables.iter().map(|layer| &layer.source)).chain(base);
        sources.filter(|source| !source.is_address()).map(|source| source.path.clone()).collect()
    }

    /// Reads and checks a study file, its sources, its styles, and that every file it names is there.
    /// A folder stands for the `study.toml` in it. Data files are not opened.
    ///
    /// # Errors
    /// Fails at the first thing that cannot be meant, with file, line and the nearest right spelling.
    pub fn load(path: &Path) -> Result<Study, Error> {
        load(path, Depth::Whole)
    }

    /// Returns what a person should know of the study before it is run, one line each: maps that nothing draws, which may be meant
    /// for figures of other studies, and formats of pictures that a page cannot have.
    pub fn remarks(&self) -> Vec<String> {
        let shown = |position| self.figures.iter().flat_map(FigurePlan::own_maps).any(|map| map == position);
        let maps = self.maps.iter().enumerate();
        let drawn_by_none = maps.filter(|(position, map)| map.place == MapPlace::Figures && !shown(*position));
        let told = |map: &MapPlan| {
            format!("map {}: it has page = false, and no figure of this study shows it: nothing draws it", map.id)
        };
        drawn_by_none.map(|(_, map)| told(map)).chain(formats::remarks(self)).collect()
    }

    /// Lets the layers of the study be read from databases, servers and archives where their files are addresses of such.
    #[must_use]
    pub fn allowing_remote(mut self, allowed: bool) -> Study {
        let places = self.places.iter_mut().map(|layer| &mut layer.source);
        let flows = self.flows.iter_mut().map(|layer| &mut layer.source);
        let tables = self.tables.iter_mut().map(|layer| &mut layer.source);
        let base = if let Base::Files(layers) = &mut self.base { layers.as_mut_slice() } else { &mut [] };
        let windows = self.maps.iter_mut().flat_map(|map| map.window_bases.iter_mut().flatten());
        places.chain(flows).chain(tables).chain(base).chain(windows).for_each(|source| source.remote = allowed);
        self
    }
}

/// Reads and checks a study, or its maps alone.
pub(crate) fn load(path: &Path, depth: Depth) -> Result<Study, Error> {
    let path = if path.is_dir() { path.join("study.toml") } else { path.to_path_buf() };
    if !path.is_file() {
        let hint = config::nearest_file(&path);
        return Err(Error::Usage(format!("there is no study {}{hint}", path.display())));
    }
    let text = config::read_text(&path)?;
    let file = path.display().to_string();
    resolve::study(&path, Document { file: &file, text: &text }, depth)
}
