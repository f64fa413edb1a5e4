//! Pages for the browser, from what was drawn.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use flowatlas_draw::{self as draw, Lettering, PngOptions};
use flowatlas_export::report::FigureReport;
use flowatlas_map::words::{Language, Words};
use flowatlas_model::{
    Atlas, Link, MetricTable, NetworkMetric, PlaceIndex, WeightKind, direction::isolated, scene::Scene,
};
use flowatlas_network::{self as network, Selected, View};
use flowatlas_page::{Chapter, Entry, FlowRow, Indicator, MOST_FLOWS, MapPage, Place, atlas_page, map_page};

use crate::{
    Graphed, Picture,
    error::Error,
    outputs::{Output, write_all},
    report::PROGRAM,
    run::REPORT,
    study::{MapPlan, Study},
};

/// Width of the small pictures of an atlas in pixels.
const THUMBNAIL: f64 = 480.0;

/// Returns the plan of the page of a map where the map itself shows more flows than a page can: the heaviest only.
///
/// # Errors
/// Fails where ranks would have to be added.
pub fn narrowed(plan: &MapPlan, graphed: &Graphed) -> Result<Option<MapPlan>, Error> {
    let viewed = network::view(&graphed.atlas, &graphed.all, plan.view).map_err(|e| plan.unanswered("view", e))?;
    let shown = network::select(&viewed.graph, &plan.selection).graph.links().count();
    let selection = network::Selection { top: Some(MOST_FLOWS), ..plan.selection };
    Ok((shown > MOST_FLOWS).then(|| MapPlan { selection, ..plan.clone() }))
}

/// Returns the page of a map as drawn.
///
/// # Errors
/// Fails where the picture cannot be written.
pub fn page(plan: &MapPlan, graphed: &Graphed, picture: &Picture) -> Result<Vec<u8>, Error> {
    let scene = &picture.composition.scene;
    let svg = draw::svg(scene, Lettering::Outlines).map_err(|source| Error::Draw { map: plan.id.clone(), source })?;
    let words = Words::of(plan.spec.language);
    let Selected { shown, of, .. } = picture.selected;
    let counts = [shown, of].map(|count| words.number(count as f64));
    Ok(map_page(&MapPage {
        title: &plan.spec.title,
        description: &scene.description,
        language: &scene.language,
        picture: &svg,
        unit: &plan.spec.unit,
        measured: plan.spec.weights == WeightKind::Measured,
        both_ways: plan.view == View::Gross,
        flows: rows(plan, graphed, picture),
        partial: shown < of,
        heaviest: (plan.selection.top == Some(MOST_FLOWS) && shown < of).then_some(counts),
    }))
}

/// Returns the flows of a picture, the heaviest (or first in rank) first; those without a weight follow.
fn rows(plan: &MapPlan, graphed: &Graphed, picture: &Picture) -> Vec<FlowRow> {
    let sign = if plan.spec.weights == WeightKind::Ordinal { 1.0 } else { -1.0 };
    let mut links: Vec<(PlaceIndex, PlaceIndex, &Link)> = picture.selected.graph.links().collect();
    let order = |link: &Link| link.weight.map_or(f64::INFINITY, |weight| sign * weight);
    links.sort_by(|a, b| order(a.2).total_cmp(&order(b.2)));
    let words = Words::of(plan.spec.language);
    let row = |(origin, destination, link): (PlaceIndex, PlaceIndex, &Link)| FlowRow {
        origin: place(&graphed.atlas, origin),
        destination: place(&graphed.atlas, destination),
        kind: link.kind.as_ref().map(|kind| kind.to_string()),
        weight: link.weight,
        printed: link.weight.map_or_else(String::new, |weight| words.number(weight)),
        periods: periods(plan, graphed, link),
    };
    links.into_iter().map(row).collect()
}

fn place(atlas: &Atlas, place: PlaceIndex) -> Place {
    let place = atlas.place(place);
    Place { id: place.id.clone(), name: isolated(&place.name).into_owned() }
}

/// Returns the weight of a link in each period: the sum of its rows, or for ranks the best one. The lines of net and gross
/// views are no sums of rows, and have none.
fn periods(plan: &MapPlan, graphed: &Graphed, link: &Link) -> Vec<(String, Option<f64>)> {
    if plan.view != View::TwoWay {
        return Vec::new();
    }
    let mut periods: BTreeMap<&str, Option<f64>> = BTreeMap::new();
    for flow in link.rows.iter().map(|&row| &graphed.table.flows[row as usize]) {
        let Some(time) = flow.time.as_deref() else { continue };
        let known = periods.entry(time).or_default();
        *known = match (*known, flow.weight) {
            (Some(a), Some(b)) if plan.spec.weights == WeightKind::Ordinal => Some(a.min(b)),
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
    }
    periods.into_iter().map(|(time, weight)| (time.to_owned(), weight)).collect()
}

/// Returns the place of a map in the atlas of a run.
///
/// # Errors
/// Fails where the picture cannot be written.
pub fn entry(plan: &MapPlan, (scene, metrics): (&Scene, &MetricTable), files: Vec<String>) -> Result<Entry, Error> {
    Ok(Entry {
        id: plan.id.clone(),
        title: plan.spec.title.clone(),
        description: scene.description.clone(),
        thumbnail: thumbnail(&plan.id, scene)?,
        indicators: indicators(plan, metrics),
        sources: plan.spec.sources.clone(),
        files,
    })
}

/// Returns the place of a figure of several panels in the atlas of a run.
///
/// # Errors
/// Fails where the picture cannot be written.
pub fn figure_entry(report: &FigureReport, scene: &Scene, sources: &[String]) -> Result<Entry, Error> {
    Ok(Entry {
        id: report.id.clone(),
        title: report.title.clone(),
        description: scene.description.clone(),
        thumbnail: thumbnail(&report.id, scene)?,
        indicators: Vec::new(),
        sources: sources.to_vec(),
        files: report.outputs.clone(),
    })
}

fn thumbnail(id: &str, scene: &Scene) -> Result<Vec<u8>, Error> {
    let options = PngOptions { dpi: THUMBNAIL * 72.0 / scene.width };
    draw::png(scene, &options).map_err(|source| Error::Draw { map: id.to_owned(), source })
}

fn indicators(plan: &MapPlan, metrics: &MetricTable) -> Vec<Indicator> {
    let words = Words::of(plan.spec.language);
    let unit = |unit: &str| match unit {
        "1" => String::new(),
        "weight" => plan.spec.unit.clone(),
        other => other.to_owned(),
    };
    let indicator = |metric: &NetworkMetric| Indicator {
        title: metric.info.title.to_owned(),
        value: metric.value.map_or_else(String::new, |value| words.significant(value)),
        unit: unit(metric.info.unit),
        formula: metric.info.formula.to_owned(),
    };
    metrics.network.iter().map(indicator).collect()
}

/// Returns the part of a study in the atlas of a run.
pub fn chapter(study: &Study, entries: Vec<Entry>) -> Chapter {
    let language = study.maps.first().map_or(Language::English, |map| map.spec.language);
    Chapter {
        title: study.title.clone(),
        folder: study.name.clone(),
        language: language.to_string(),
        entries,
        files: vec![REPORT.to_owned()],
    }
}

/// Writes the atlas of a run beside the folders of its studies, and returns where it is.
///
/// # Errors
/// Fails where the file cannot be written.
pub fn write_atlas(chapters: Vec<Chapter>, out: &Path) -> Result<PathBuf, Error> {
    let path = out.join("index.html");
    let bytes = atlas_page(&flowatlas_page::Atlas { chapters, program: PROGRAM.to_owned() });
    write_all(&[Output { path: path.clone(), bytes }])?;
    Ok(path)
}
