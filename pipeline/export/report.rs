//! What a run did, as `report.json`: what was read, kept, dropped and why, what each map shows, with which options.
//!
//! No clock and no absolute path: the same run writes the same report anywhere.

use std::collections::BTreeMap;

use flowatlas_model::{Problem, Tally};
use serde::Serialize;
use serde_json::Value;

use crate::metrics::pretty;

/// How many problems of one code are listed in full; all of them are counted.
pub const LISTED_PER_CODE: usize = 100;

/// The report of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The program and its version, for example `flowatlas 0.1.0`.
    pub program: String,
    /// The title of the study; empty for a run without one.
    pub study: String,
    /// Every layer that was read, in the order of the study.
    pub layers: Vec<LayerReport>,
    /// Every map that was made, in the order of the study.
    pub maps: Vec<MapReport>,
    /// Every figure of several panels, small multiples first.
    pub figures: Vec<FigureReport>,
    /// What else a person should know, in words.
    pub notes: Vec<String>,
    /// The sources that the maps cite, as the study describes them.
    pub sources: BTreeMap<String, Value>,
}

impl Report {
    /// Returns the report as indented JSON.
    pub fn to_json(&self) -> Vec<u8> {
        pretty(self)
    }
}

/// How one layer was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerReport {
    /// `places`, `flows` or `table`.
    pub role: &'static str,
    /// The name of the layer in the study; empty without one.
    pub name: String,
    /// How its features were spent.
    pub tally: Tally,
    /// True where read = kept + dropped, in features and in weight.
    pub reconciles: bool,
    /// What could not be used as it was, grouped by code in alphabetical order.
    pub problems: Vec<ProblemGroup>,
}

/// All problems of one code in one layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProblemGroup {
    /// The code.
    pub code: &'static str,
    /// How many there are.
    pub count: usize,
    /// How many of them left a feature out.
    pub dropped: usize,
    /// The first of them, [`LISTED_PER_CODE`] at most.
    pub first: Vec<Problem>,
}

impl LayerReport {
    /// Returns the report of one layer from what reading it gave.
    pub fn new(role: &'static str, name: &str, tally: Tally, problems: &[Problem]) -> Self {
        let mut groups: BTreeMap<&'static str, ProblemGroup> = BTreeMap::new();
        for problem in problems {
            let empty = ProblemGroup { code: problem.code, count: 0, dropped: 0, first: Vec::new() };
            let group = groups.entry(problem.code).or_insert(empty);
            group.count += 1;
            group.dropped += usize::from(problem.dropped);
            if group.first.len() < LISTED_PER_CODE {
                group.first.push(problem.clone());
            }
        }
        let reconciles = reconciles(&tally);
        LayerReport { role, name: name.into(), tally, reconciles, problems: groups.into_values().collect() }
    }
}

/// Weights may be summed in another order on the two sides: they agree to this share of the total.
const WEIGHT_TOLERANCE: f64 = 1e-9;

fn reconciles(tally: &Tally) -> bool {
    let spent = tally.weight_kept + tally.weight_dropped;
    tally.read == tally.kept + tally.dropped
        && (tally.weight_read - spent).abs() <= WEIGHT_TOLERANCE * tally.weight_read.abs()
}

/// What one map shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapReport {
    /// The id of the map.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The options that it was made with.
    pub options: BTreeMap<&'static str, Value>,
    /// How places were joined into clusters; `null` where they were not.
    pub clusters: Option<ClusterAccount>,
    /// How the rows of the flow layer became what is shown.
    pub flows: FlowAccount,
    /// The projection as named on the map.
    pub projection: String,
    /// False where the layout's time budget ended its search early.
    pub layout_finished: bool,
    /// The figures of the layout; `null` for a matrix, which has no lines.
    pub score: Value,
    /// Those figures in one readable line; empty for a matrix.
    pub layout: String,
    /// Advice to whoever made the map.
    pub notes: Vec<String>,
    /// The classes of shaded areas; `null` where none are shaded.
    pub shading: Value,
    /// Names that found no room.
    pub dropped_labels: Vec<String>,
    /// How many letters on the map have no glyph in any font.
    pub missing_glyphs: usize,
    /// Each of them.
    pub missing_letters: Vec<MissingLetter>,
    /// The files that were written for this map, beside the report.
    pub outputs: Vec<String>,
}

/// What a figure of several panels shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureReport {
    /// The id of the figure, or of the map that is drawn as small multiples.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The options that it was made with.
    pub options: Value,
    /// The scales that its maps share; `null` where each has its own.
    pub scales: Value,
    /// Its panels, in reading order.
    pub panels: Vec<PanelReport>,
    /// How many letters on the page have no glyph in any font.
    pub missing_glyphs: usize,
    /// Each of them.
    pub missing_letters: Vec<MissingLetter>,
    /// The files that were written for this figure, beside the report.
    pub outputs: Vec<String>,
}

/// What a panel of a figure shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PanelReport {
    /// What stands above it.
    pub title: String,
    /// `map`, `bars` or `indicators`.
    pub shows: &'static str,
    /// The map; `null` for another panel, and for small multiples, whose maps stand among the others.
    pub map: Option<MapReport>,
    /// The rows of a chart or table as they are drawn; `null` for a map.
    pub table: Value,
}

/// A letter that no font has a glyph for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissingLetter {
    /// The letter.
    pub letter: char,
    /// Its place in Unicode, for example `U+4E2D`.
    pub code: String,
    /// How often it stands on the map.
    pub count: usize,
}

/// From rows to what is shown: `rows = filtered_out + merged + links + self_links`, and `links >= viewed >= shown`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowAccount {
    /// Rows of the flow layer that were kept when it was read.
    pub rows: usize,
    /// Rows that the map's filter left out.
    pub filtered_out: usize,
    /// Rows that were added to a link that an earlier row had opened.
    pub merged: usize,
    /// Links between different places.
    pub links: usize,
    /// Links from a place to itself; they are not drawn.
    pub self_links: usize,
    /// Pairs of places that a net map leaves out because their directions balance.
    pub balanced: usize,
    /// Links of weight 0, which no line stands for; a matrix shows them.
    pub zero: usize,
    /// Links between places beyond the frame that the map leaves out.
    pub beyond: usize,
    /// Links of the view, those of weight 0 left out where it is drawn as lines: as many as `links` on other two-way maps, fewer on a net
    /// or gross one.
    pub viewed: usize,
    /// Links that the map shows.
    pub shown: usize,
    /// Sum of the weights of all links of the view; `null` for ordinal weights.
    pub weight_total: Option<f64>,
    /// Sum of the weights of the links that the map shows; `null` for ordinal weights.
    pub weight_shown: Option<f64>,
}

/// Which places stand for others, and what can no longer be seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterAccount {
    /// How many places were asked for.
    pub wanted: usize,
    /// How many there were.
    pub places: usize,
    /// How many are left; more than asked for where regions keep them apart.
    pub left: usize,
    /// Rows between different places of one cluster.
    pub internal_rows: usize,
    /// Their weight; `null` for ordinal weights.
    pub internal_weight: Option<f64>,
    /// The clusters of more than one place, in the order of the places.
    pub joined: Vec<JoinedPlace>,
}

/// A cluster of more than one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JoinedPlace {
    /// Its name on the map.
    pub name: String,
    /// The ids of its members; the first is the heaviest and gives its id to the cluster.
    pub members: Vec<String>,
}
