//! One map, one table or one layer from two files: what `flowatlas map`, `metrics` and `export` do.
//!
//! Two files are a study of one map; the commands differ from a run only in what they make and where they put it.

use std::path::Path;

use flowatlas_export::Report;
use flowatlas_network::{self as network, Watch};

use crate::{
    error::Error,
    graph,
    layers::Layers,
    outputs::{Output, write_all},
    pages, picture,
    report::{map_report, report},
    run::{self, Outcome, csv_tables, flows_layer, places_layer, sheet},
    study::{ImageFormat, MapPlan, Study, TableFormat},
};

/// A layer of GIS data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The flows as drawn.
    Flows,
    /// The places with their metrics.
    Places,
}

/// Draws the only map of a study to `file`, and what was drawn where to `layout_report`.
///
/// # Errors
/// Fails where a layer cannot be read, the map cannot be made or a file cannot be written.
pub fn map(study: &Study, file: &Path, format: ImageFormat, layout_report: Option<&Path>) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    let narrowed = if format == ImageFormat::Html { pages::narrowed(plan, &graphed)? } else { None };
    let plan = narrowed.as_ref().unwrap_or(plan);
    let made = picture(plan, &materials, &graphed)?;
    let bytes = run::image(plan, (&graphed, &made), format, &study.output)?;
    let mut outputs = vec![Output { path: file.to_path_buf(), bytes }];
    if let Some(path) = layout_report {
        let bytes = serde_json::to_vec(&made.composition.drawn).expect("numbers and texts, written to memory");
        outputs.push(Output { path: path.to_path_buf(), bytes });
    }
    let names = vec![name_of(file)];
    let map = map_report(plan, &materials, (&graphed, &made), names);
    finish(outputs, report(study, &layers, vec![map]))
}

/// Writes the metrics of the only map of a study to `file`: as JSON, or as CSV with the metrics of the network in
/// `…-network.csv`, those of flows, if any are asked for, in `…-flows.csv` beside, and a description of each table. `watch` is
/// told how many of the searches for shortest paths are done.
///
/// # Errors
/// As for [`map`].
pub fn metrics(study: &Study, file: &Path, format: TableFormat, watch: Watch) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    let metrics = network::measure_watched(&graphed.atlas, &graphed.all, &study.output.measures, watch);
    let sheet = sheet(plan, &graphed, &metrics);
    let files = match format {
        TableFormat::Json => vec![(name_of(file), flowatlas_export::metrics_json(&sheet))],
        TableFormat::Csv => {
            let stem = stem_of(file);
            csv_tables([&name_of(file), &format!("{stem}-network.csv"), &format!("{stem}-flows.csv")], &sheet)
        }
    };
    let outputs = files.into_iter().map(|(name, bytes)| Output { path: file.with_file_name(name), bytes }).collect();
    finish(outputs, report(study, &layers, Vec::new()))
}

/// Writes one layer of the only map of a study to `file` as GeoJSON.
///
/// # Errors
/// As for [`map`].
pub fn export(study: &Study, file: &Path, layer: Layer) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    let name = stem_of(file);
    let bytes = match layer {
        Layer::Flows => flows_layer(&name, &graphed, &picture(plan, &materials, &graphed)?),
        Layer::Places => {
            let metrics = network::measure(&graphed.atlas, &graphed.all, &study.output.measures);
            places_layer(&name, &graphed, &metrics)
        }
    };
    finish(vec![Output { path: file.to_path_buf(), bytes }], report(study, &layers, Vec::new()))
}

fn open(study: &Study) -> Result<(&MapPlan, Layers), Error> {
    let plan = study.maps.first().expect("two files are a study of one map");
    Ok((plan, Layers::read(study)?))
}

fn finish(outputs: Vec<Output>, report: Report) -> Result<Outcome, Error> {
    write_all(&outputs)?;
    Ok(Outcome { files: outputs.into_iter().map(|output| output.path).collect(), report, entries: Vec::new() })
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn stem_of(file: &Path) -> String {
    file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
