//! Publication-quality flow maps, network metrics and GIS layers from places and flows.
//!
//! The stages, in the order in which data passes them:
//!
//! 1. [`study`]: what is wanted, as written by the user, validated.
//! 2. `ingest`: files become an [`Atlas`] and a [`FlowTable`]; what cannot be used is counted and named ([`layers`]).
//! 3. `network`: rows become an [`OdGraph`], and the graph is measured ([`graph`]).
//! 4. `map`, `layout`, `map` again: the places and widths on the page, the curves, the finished picture ([`picture`]).
//! 5. `draw` and `export`: bytes ([`run`], [`single`]), written beside and renamed ([`outputs`]).
//!
//! This crate holds the order and no stage's logic: every function here hands values from one stage to the next.

#[cfg(feature = "records")]
pub mod aggregate;
pub mod compare;
pub mod config;
pub mod error;
pub mod figure;
pub mod figures;
mod geo_picture;
mod layer_files;
pub mod layers;
pub mod multiples;
pub mod options;
pub mod outputs;
pub mod pages;
pub mod report;
pub mod run;
pub mod shading;
pub mod single;
pub mod study;
pub mod style_check;
pub mod styles;

mod by;
mod charts;
mod figure_file;
mod formats;
mod indicators;
mod key_lines;
mod metric_titles;
mod named;
mod panels;
mod period;
mod resolve;
mod statements;
mod study_file;
mod style_file;

use std::{borrow::Cow, collections::BTreeSet};

use flowatlas_layout as layout;
use flowatlas_map::{self as map, Composition, Detail, MapInput, MapSpec};
use flowatlas_model::{Atlas, BaseMap, FlowTable, Link, OdGraph, Style, WeightKind, planar::PlanarLayout, scene::Font};
use flowatlas_network::{self as network, Clustered, Clustering, Selected, View};

pub use error::Error;
use options::Drawing;
use statements::Prepared;
use study::{MapPlace, MapPlan};

/// What one map is made from, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Materials<'a> {
    /// The places.
    pub atlas: &'a Atlas,
    /// The flows of the layer, before the map's filter.
    pub flows: &'a FlowTable,
    /// What lies beneath.
    pub base: &'a BaseMap,
    /// What lies beneath each window, where that is another base map.
    pub window_bases: &'a [Option<BaseMap>],
    /// The countries of the world, for locators.
    pub world: Option<&'a BaseMap>,
}

/// The flows of one map, as rows and as a graph.
#[derive(Debug, Clone)]
pub struct Graphed<'a> {
    /// The places, or the clusters that stand for them.
    pub atlas: Cow<'a, Atlas>,
    /// The rows that the map's filter keeps, between these places.
    pub table: Cow<'a, FlowTable>,
    /// All their links, before the view and the selection.
    pub all: OdGraph,
    /// How places were joined, where they were.
    pub clustering: Option<Clustering>,
}

/// A finished map.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The links of the view that are shown.
    pub selected: Selected,
    /// What of the view has no line.
    pub omitted: Omitted,
    /// The scene, and what was drawn where.
    pub composition: Composition,
    /// The figures of the layout; none for a matrix, and for more than [`map::MANY`] flows, which are not drawn one by one.
    pub score: Option<layout::Score>,
    /// False where the layout's time budget ended its search early.
    pub layout_finished: bool,
}

/// Filters the rows of a map, joins its places where it asks for clusters, and builds its graph.
///
/// # Errors
/// Fails where the filter or the clusters name a column that is not there, and where no flow passes the filter.
pub fn graph<'a>(plan: &MapPlan, materials: &Materials<'a>) -> Result<Graphed<'a>, Error> {
    let table = network::filter(materials.flows, &plan.filter).map_err(|e| plan.unanswered("filter", e))?;
    let rows = materials.flows.flows.len();
    if table.flows.is_empty() && rows > 0 {
        return Err(plan.lines.locate("filter", Error::NothingKept { map: plan.id.clone(), rows }));
    }
    let weights = plan.spec.weights;
    let join = |grouping| {
        let joined = network::cluster(materials.atlas, &table, weights, grouping);
        joined.map_err(|e| plan.unanswered("cluster_within", e))
    };
    let (atlas, table, clustering) = match plan.grouping.as_ref().map(join).transpose()? {
        Some(Clustered { atlas, flows, clustering }) => (Cow::Owned(atlas), Cow::Owned(flows), Some(clustering)),
        None => (Cow::Borrowed(materials.atlas), table, None),
    };
    let all = network::build(&atlas, &table, weights);
    Ok(Graphed { atlas, table, all, clustering })
}

/// Flows that no line stands for, whatever the selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Omitted {
    /// How many pairs a net view leaves out because their directions balance.
    pub balanced: usize,
    /// How many links have the weight 0.
    pub zero: usize,
    /// How many links lead from one place beyond the frame to another.
    pub beyond: usize,
}

/// A map with everything decided but where things stand.
#[derive(Debug, Clone)]
pub struct Ready<'g> {
    /// The links of the view, all of them.
    pub all: Cow<'g, OdGraph>,
    /// Those that are shown.
    pub selected: Selected,
    /// What of the view has no line.
    pub omitted: Omitted,
    /// What it shows and says.
    pub spec: MapSpec,
    /// How it looks.
    pub style: Style,
    /// The fonts.
    pub fonts: Vec<Font>,
}

impl Ready<'_> {
    /// Returns the same map with links of its own.
    pub fn into_owned(self) -> Ready<'static> {
        Ready { all: Cow::Owned(self.all.into_owned()), ..self }
    }

    /// Leaves out the links between places beyond the frame, and says so.
    ///
    /// # Errors
    /// Fails where all places lie beyond it, and as [`map::frame`].
    pub(crate) fn keep_within(
        &mut self,
        plan: &MapPlan,
        (materials, graphed): (&Materials<'_>, &Graphed<'_>),
    ) -> Result<(), Error> {
        let beyond = map::beyond(&self.input(materials, graphed));
        let beyond = beyond.map_err(|e| plan.unmade(e))?;
        if beyond.is_empty() {
            return Ok(());
        }
        self.selected = self.selected.without(&beyond);
        self.omitted.beyond = beyond.len();
        if let Some(uncertain) = &mut self.spec.uncertain {
            uncertain.links = uncertain_links(plan, graphed, &self.selected.graph)?;
        }
        statements::state_beyond(&mut self.spec, beyond.len());
        Ok(())
    }

    /// Returns the map as `map` takes it.
    pub fn input<'a>(&'a self, materials: &Materials<'a>, graphed: &'a Graphed<'_>) -> MapInput<'a> {
        MapInput {
            spec: &self.spec,
            atlas: &graphed.atlas,
            all: &self.all,
            circled: if self.spec.directions == map::Directions::Gross { &graphed.all } else { &self.all },
            shown: &self.selected.graph,
            base: materials.base,
            style: &self.style,
            fonts: &self.fonts,
        }
    }
}

/// Takes a map's view of the flows, selects the links to show, and completes what it says.
///
/// # Errors
/// Fails where ranks would have to be added, where areas cannot be shaded as asked, and where the plan names places or regions that
/// are not in the data.
pub fn ready<'g>(plan: &MapPlan, materials: &Materials, graphed: &'g Graphed) -> Result<Ready<'g>, Error> {
    named::check(plan, materials, graphed)?;
    let viewed = network::view(&graphed.atlas, &graphed.all, plan.view).map_err(|e| plan.unanswered("view", e))?;
    // A matrix tells 0 from no entry; a line for nobody would tell of a flow.
    let (all, zero) = match plan.drawing {
        Drawing::Lines(_) => network::moving(viewed.graph),
        Drawing::Matrix => (viewed.graph, 0),
    };
    let mut selected = network::select(&all, &plan.selection);
    if plan.view == View::Gross {
        selected.graph = network::turned_to_hubs(&selected.graph);
    }
    let mut spec = completed(plan, materials, graphed)?;
    if let Some(uncertain) = &mut spec.uncertain {
        uncertain.links = uncertain_links(plan, graphed, &selected.graph)?;
    }
    let prepared = Prepared { clustering: graphed.clustering.as_ref(), balanced: viewed.balanced };
    statements::state(&mut spec, plan.view, prepared);
    let (style, fonts) = (statements::style(plan), styles::fonts_after(&plan.fonts));
    let omitted = Omitted { balanced: viewed.balanced, zero, beyond: 0 };
    Ok(Ready { all, selected, omitted, spec, style, fonts })
}

/// Makes a map ready and checks that it can be framed; no flow is laid out. Returns what is to be said of it nonetheless, a line each.
///
/// # Errors
/// As [`picture`], but for most pages that are too small.
pub fn check(plan: &MapPlan, materials: &Materials, graphed: &Graphed) -> Result<Vec<String>, Error> {
    if let Some(wish) = plan.multiples {
        return multiples::check(plan, wish, (materials, graphed));
    }
    let mut ready = ready(plan, materials, graphed)?;
    match plan.drawing {
        Drawing::Lines(_) => {
            // A map that figures alone show has the sizes of its panels, and is checked in them.
            if plan.place == MapPlace::Page {
                ready.keep_within(plan, (materials, graphed))?;
            }
            map::check(&ready.input(materials, graphed)).map_err(|e| plan.unmade(e))?;
        }
        // It has no layout, which takes most of the time of a map.
        Drawing::Matrix => drop(matrix(plan, (materials, graphed), &ready)?),
    }
    Ok(report::ready_remarks((plan, &format!("map {}", plan.id)), (materials, graphed), &ready))
}

/// Draws a map: makes it ready, frames the page, lays out the flows, composes the scene, and keeps what is asked for of its flows.
///
/// # Errors
/// As [`ready`]; also where there is nothing to show, and where the projection is not known.
pub fn picture(plan: &MapPlan, (materials, graphed): (&Materials, &Graphed), detail: Detail) -> Result<Picture, Error> {
    let failed = |source| plan.unmade(source);
    let mut ready = ready(plan, materials, graphed)?;
    ready.spec.detail = detail;
    match plan.drawing {
        Drawing::Lines(method) => {
            ready.keep_within(plan, (materials, graphed))?;
            let input = ready.input(materials, graphed);
            let framed = map::frame(&input).map_err(failed)?;
            let layout = laid_out(plan, method, &framed);
            let composition = map::compose(&input, framed, &layout);
            Ok(drawn((ready.selected, ready.omitted), composition, layout.finished))
        }
        Drawing::Matrix => {
            let composition = matrix(plan, (materials, graphed), &ready)?;
            let Ready { selected, omitted, .. } = ready;
            Ok(Picture { selected, omitted, composition, score: None, layout_finished: true })
        }
    }
}

fn matrix(plan: &MapPlan, (materials, graphed): (&Materials, &Graphed), ready: &Ready) -> Result<Composition, Error> {
    let order = network::matrix_order(&graphed.atlas, &ready.selected.graph);
    map::matrix(&ready.input(materials, graphed), &order).map_err(|source| plan.unmade(source))
}

/// Lays out the flows of a framed map.
pub(crate) fn laid_out(plan: &MapPlan, method: layout::Method, framed: &map::Framed) -> PlanarLayout {
    // Searches and trees look at pairs of flows; so many are drawn as straight lines that add up.
    let method = match method {
        layout::Method::Arc => method,
        _ if framed.adds_up() => layout::Method::Straight,
        _ => method,
    };
    let options =
        layout::Options { method, seed: plan.seed, seconds: plan.layout_seconds, ..layout::Options::default() };
    layout::lay_out(framed.problem(), &options)
}

/// Returns a composed map with the figures of its layout.
pub(crate) fn drawn(
    (selected, omitted): (Selected, Omitted),
    composition: Composition,
    layout_finished: bool,
) -> Picture {
    let score = (selected.shown <= map::MANY).then(|| layout::score(&composition.drawn));
    Picture { selected, omitted, composition, score, layout_finished }
}

/// Returns what the map is to show, with what only the data say: its period, the base maps of its windows and locator,
/// and the numbers of its shaded areas.
fn completed(plan: &MapPlan, materials: &Materials, graphed: &Graphed) -> Result<MapSpec, Error> {
    let mut spec = MapSpec {
        period: period::period(plan, &graphed.table),
        layout_remark: layout_remark(plan),
        trunks: plan.drawing == Drawing::Lines(layout::Method::Tree),
        ..plan.spec.clone()
    };
    for (window, base) in spec.windows.iter_mut().zip(materials.window_bases) {
        window.base = base.clone();
    }
    if let Some(locator) = &mut spec.locator {
        locator.base = materials.world.cloned();
    }
    if let (Some(choropleth), Some(shading)) = (&mut spec.choropleth, &plan.shading) {
        choropleth.numbers = shading::numbers(plan, shading, graphed)?;
    }
    let size = plan.symbols.size.as_ref().map(|by| shading::size(by, (graphed, spec.language))).transpose();
    spec.size = size.map_err(|message| plan.wish("symbols.size", message))?;
    if spec.groups.is_none() {
        spec.groups = shading::groups(plan, graphed)?;
    }
    Ok(spec)
}

/// Returns the positions of the shown links that the map calls uncertain: a sum with an uncertain part, and a relation
/// that no sure row tells of.
fn uncertain_links(plan: &MapPlan, graphed: &Graphed, shown: &OdGraph) -> Result<BTreeSet<usize>, Error> {
    let rows = network::matching(&graphed.table, &plan.uncertain).map_err(|e| plan.unanswered("uncertain.rows", e))?;
    let marked = |row: &u32| rows.binary_search(&(*row as usize)).is_ok();
    let uncertain = |link: &Link| match plan.spec.weights {
        WeightKind::Measured => link.rows.iter().any(marked),
        WeightKind::Ordinal => link.rows.iter().all(marked),
    };
    Ok(shown.links().enumerate().filter(|(_, (_, _, link))| uncertain(link)).map(|(k, _)| k).collect())
}

/// Returns what readers must know about the layout of a map; nothing where every width can be read.
fn layout_remark(plan: &MapPlan) -> String {
    match plan.drawing {
        Drawing::Lines(layout::Method::Bundle) => map::words::Words::of(plan.spec.language).bundled().to_owned(),
        _ => String::new(),
    }
}
