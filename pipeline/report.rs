//! Fills the report of a run from what the stages gave.

use std::collections::{BTreeMap, BTreeSet};

use flowatlas_export::report::{FlowAccount, LayerReport, MapReport, Report};
use flowatlas_map::spec::ProjectionChoice;
use flowatlas_model::{FlowTable, Problem, WeightKind};
use serde_json::{Map, Value, json};

use crate::{
    Graphed, Materials, Picture,
    layers::Layers,
    options::METHODS,
    study::{MapPlan, Study},
};

/// The program as reports name it.
const PROGRAM: &str = concat!("flowatlas ", env!("CARGO_PKG_VERSION"));

/// Returns the report of a study whose maps were made.
pub fn report(study: &Study, layers: &Layers, maps: Vec<MapReport>) -> Report {
    let layer_reports = layers.accounts(study).into_iter();
    Report {
        program: PROGRAM.to_owned(),
        study: study.title.clone(),
        layers: layer_reports.map(|l| LayerReport::new(l.role, l.name, l.tally.clone(), l.problems)).collect(),
        maps,
        sources: sources(study, layers),
    }
}

/// Returns the sources that a map cites or that a row of its flows names in the column `source`.
fn sources(study: &Study, layers: &Layers) -> BTreeMap<String, Value> {
    let mut used: BTreeSet<String> = study.maps.iter().flat_map(|m| m.cite.iter().cloned()).collect();
    for map in &study.maps {
        used.extend(named_sources(layers.materials(map).flows));
    }
    let known = study.sources.iter().filter(|(key, _)| used.contains(*key));
    known.map(|(key, source)| (key.clone(), json!(source))).collect()
}

fn named_sources(flows: &FlowTable) -> impl Iterator<Item = String> {
    let column = flows.attributes.column("source");
    column.into_iter().flat_map(|c| c.values.iter().map(|v| v.to_text()))
}

/// Returns the report of one map; `outputs` are the names of its files.
pub fn map_report(
    plan: &MapPlan,
    materials: &Materials,
    made: (&Graphed, &Picture),
    outputs: Vec<String>,
) -> MapReport {
    let (graphed, picture) = made;
    let composition = &picture.composition;
    MapReport {
        id: plan.id.clone(),
        title: plan.spec.title.clone(),
        options: options(plan),
        flows: flow_account(materials, graphed, picture),
        projection: composition.projection.clone(),
        layout_finished: picture.layout_finished,
        score: json!(picture.score),
        dropped_labels: composition.dropped_labels.clone(),
        missing_glyphs: composition.missing_glyphs,
        outputs,
    }
}

fn flow_account(materials: &Materials, graphed: &Graphed, picture: &Picture) -> FlowAccount {
    let measured = graphed.all.weights == WeightKind::Measured;
    FlowAccount {
        rows: materials.flows.flows.len(),
        filtered_out: materials.flows.flows.len() - graphed.table.flows.len(),
        merged: graphed.all.merged_rows,
        links: graphed.all.graph.edge_count(),
        self_links: graphed.all.self_flows.len(),
        shown: picture.selected.shown,
        weight_total: measured.then_some(picture.selected.weight_total),
        weight_shown: measured.then_some(picture.selected.weight_shown),
    }
}

fn options(plan: &MapPlan) -> BTreeMap<&'static str, Value> {
    let layout = METHODS.iter().find(|(_, method)| *method == plan.method).map(|(name, _)| *name);
    let filter: Map<String, Value> =
        plan.filter.iter().map(|(column, values)| (column.clone(), json!(values))).collect();
    BTreeMap::from([
        ("filter", Value::Object(filter)),
        ("height_mm", json!(plan.spec.height)),
        ("layout", json!(layout)),
        ("projection", json!(projection(&plan.spec.projection))),
        ("seed", json!(plan.seed)),
        ("share", json!(plan.selection.share)),
        ("style", json!(plan.style_name)),
        ("threshold", json!(plan.selection.threshold)),
        ("top", json!(plan.selection.top)),
        ("width_mm", json!(plan.spec.width)),
    ])
}

fn projection(choice: &ProjectionChoice) -> &str {
    match choice {
        ProjectionChoice::Auto => "auto",
        ProjectionChoice::None => "none",
        ProjectionChoice::Given(given) => given,
    }
}

/// Returns a problem as one line: where, what was found, what was expected, what to do.
pub fn in_words(problem: &Problem) -> String {
    let field = if problem.field.is_empty() { String::new() } else { format!(", {}", problem.field) };
    let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
    format!(
        "{}, feature {}{field}: found {}, expected {}{hint}",
        problem.file, problem.feature, problem.found, problem.expected
    )
}

/// Returns what a person should know about a run without opening its report, one line each.
pub fn remarks(report: &Report) -> Vec<String> {
    let mut remarks = Vec::new();
    for layer in &report.layers {
        for group in &layer.problems {
            let first = group.first.first().map_or_else(String::new, in_words);
            let fate = if group.dropped > 0 { format!(", {} left out", group.dropped) } else { String::new() };
            remarks.push(format!("{}: {} × {}{fate}; {first}", layer.tally.file, group.count, group.code));
        }
    }
    for map in &report.maps {
        if !map.dropped_labels.is_empty() {
            remarks.push(format!("map {}: no room for the names {}", map.id, map.dropped_labels.join(", ")));
        }
        if map.missing_glyphs > 0 {
            remarks.push(format!("map {}: {} letters are in no bundled font", map.id, map.missing_glyphs));
        }
    }
    remarks
}
