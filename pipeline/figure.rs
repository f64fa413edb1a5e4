//! Figures of several panels as a study means them.

use flowatlas_map::{SheetSpec, Sides};
use flowatlas_model::{Style, scene::Font, table::Value, units::Mm};

use crate::study::{KeyLines, MapPlan, Study};

/// A page of panels to be made.
#[derive(Debug, Clone)]
pub struct FigurePlan {
    /// The file name of its outputs.
    pub id: String,
    /// What it says and how wide it is.
    pub spec: SheetSpec,
    /// The name of its style, which its maps take too.
    pub style_name: String,
    /// Its style.
    pub style: Style,
    /// Fonts of the user's own, which come before the bundled ones.
    pub fonts: Vec<Font>,
    /// Pixels per inch of its PNG file; `None` for those of the study.
    pub dpi: Option<f64>,
    /// The keys of the sources that it cites.
    pub cite: Vec<String>,
    /// Whether its maps share their scales.
    pub scaling: Scaling,
    /// Width of the widest flow on any of its maps, where they share their scales; `None` for what the maps have room for.
    pub flow_width: Option<Mm>,
    /// Other studies that it takes maps from, with these maps alone.
    pub others: Vec<Study>,
    /// Its panels, in reading order.
    pub panels: Vec<PanelPlan>,
}

impl FigurePlan {
    /// Returns the map that a panel refers to; `study` is the one that the figure belongs to.
    pub fn map<'a>(&'a self, study: &'a Study, at: MapRef) -> &'a MapPlan {
        &at.study.map_or(study, |other| &self.others[other]).maps[at.map]
    }

    /// Returns its maps, each with the position of its panel.
    pub fn maps(&self) -> impl Iterator<Item = (usize, MapRef)> {
        self.panels.iter().enumerate().filter_map(|(panel, plan)| match plan.shows {
            Shows::Map(at) => Some((panel, at)),
            _ => None,
        })
    }

    /// Returns the positions of the maps of its own study that it shows.
    pub fn own_maps(&self) -> impl Iterator<Item = usize> {
        self.maps().filter(|(_, at)| at.study.is_none()).map(|(_, at)| at.map)
    }

    /// Returns the positions of the tables that its charts are made from.
    pub fn tables(&self) -> impl Iterator<Item = usize> {
        self.panels.iter().filter_map(|panel| match &panel.shows {
            Shows::Chart(ChartPlan { rows: RowsOf::Table(table, _), .. }) => Some(*table),
            _ => None,
        })
    }
}

/// Whether the maps of a figure share their scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scaling {
    /// Each map has its own.
    #[default]
    Own,
    /// Widths, circles and classes mean the same on every map, and one legend explains them.
    Locked,
}

/// A panel of a figure.
#[derive(Debug, Clone)]
pub struct PanelPlan {
    /// What stands above it; empty for nothing.
    pub title: String,
    /// How many columns it takes.
    pub span: usize,
    /// Its height, where it is a map; `None` for what its extent and its row need.
    pub height: Option<Mm>,
    /// What it shows.
    pub shows: Shows,
    /// Where its keys stand in the study.
    pub lines: KeyLines,
}

/// What a panel shows.
#[derive(Debug, Clone)]
pub enum Shows {
    /// A map.
    Map(MapRef),
    /// Bars.
    Chart(ChartPlan),
    /// A table of indicators.
    Indicators(IndicatorsPlan),
}

/// A map of this study or of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapRef {
    /// Position among the other studies of the figure; `None` for this one.
    pub study: Option<usize>,
    /// Position among the maps of that study.
    pub map: usize,
}

/// Bars to be drawn.
#[derive(Debug, Clone)]
pub struct ChartPlan {
    /// Where the rows come from.
    pub rows: RowsOf,
    /// Names of the series for the key.
    pub names: Vec<String>,
    /// Unit as printed; empty for none.
    pub unit: String,
    /// The first so many rows only.
    pub top: Option<usize>,
    /// Whether colour tells loss from gain.
    pub sides: Sides,
    /// Decimals of the numbers; `None` for as many as they need.
    pub decimals: Option<usize>,
    /// Ids of the rows that the chart is about.
    pub highlight: Vec<String>,
}

/// Where the rows of a chart come from.
#[derive(Debug, Clone)]
pub enum RowsOf {
    /// Columns of a table, by its position in the study.
    Table(usize, Vec<String>),
    /// Columns or metrics of the places of a map.
    Places(MapRef, Vec<String>),
    /// The flows of a map, by weight.
    Flows(MapRef),
}

/// A table of indicators of maps.
#[derive(Debug, Clone)]
pub struct IndicatorsPlan {
    /// The map of each column.
    pub maps: Vec<MapRef>,
    /// The head of each column.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<IndicatorPlan>,
}

/// A row of indicators.
#[derive(Debug, Clone)]
pub struct IndicatorPlan {
    /// What it is.
    pub label: String,
    /// Its unit; empty for none.
    pub unit: String,
    /// Decimals of its numbers; `None` for as many as each needs.
    pub decimals: Option<usize>,
    /// How it is found.
    pub found: Found,
}

/// Rows to keep: each column must have one of the values.
pub type Keep = Vec<(String, Vec<Value>)>;

/// How an indicator is found.
#[derive(Debug, Clone)]
pub enum Found {
    /// A metric of the network.
    Metric(String),
    /// The sum of a column of the rows that are kept; `count` stands for their weights.
    Sum(String, Keep),
    /// A hundred times one sum divided by another.
    Share([(String, Keep); 2]),
    /// The largest flows among the rows that are kept, with their shares.
    Largest(usize, Keep),
    /// What so many of the largest flows among the rows that are kept carry, per cent of them.
    LargestShare(usize, Keep),
    /// Given numbers, one for each column, from a source that is cited.
    Given(Vec<f64>),
}
