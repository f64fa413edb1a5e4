//! One map, one table or one layer from two files: what `flowatlas map`, `metrics` and `export` do.
//!
//! Two files are a study of one map; the commands differ from a run only in what they make and where they put it.

use std::path::Path;

use flowatlas_export::{self as export, NetworkFile, Report, report::FigureReport};
use flowatlas_network::{self as network, Watch};

use crate::{
    Graphed, by,
    error::Error,
    graph,
    layers::Layers,
    multiples::multiples,
    outputs::{Output, write_all},
    pages, picture,
    report::{map_report, report},
    run::{self, Outcome, csv_tables, flows_layer, names, parquet_tables, places_layer, sheet},
    study::{ImageFormat, LayerFormat, MapPlan, Study, TableFormat},
};

/// A layer of GIS data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The flows as drawn.
    Flows,
    /// The places with their metrics.
    Places,
    /// Both, as a network for programs for graphs.
    Network,
}

/// Draws the only map of a study to `file`, and what was drawn where to `layout_report`.
///
/// # Errors
/// Fails where a layer cannot be read, the map cannot be made or a file cannot be written.
pub fn map(study: &Study, file: &Path, format: ImageFormat, layout_report: Option<&Path>) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    if let Some(wish) = plan.multiples {
        let made = multiples(plan, wish, (&materials, &graphed))?;
        let bytes = run::scene_image(&plan.id, &made.scene, (format, &study.output))?;
        let reports =
            made.members.iter().map(|m| map_report(&m.plan, &materials, (&m.graphed, &m.picture), Vec::new()));
        let figure = FigureReport { outputs: vec![name_of(file)], ..made.report.clone() };
        let report = report(study, &layers, (reports.collect(), vec![figure]));
        return finish(vec![Output { path: file.to_path_buf(), bytes }], report);
    }
    let narrowed = if format == ImageFormat::Html { pages::narrowed(plan, &graphed)? } else { None };
    let plan = narrowed.as_ref().unwrap_or(plan);
    let made = picture(plan, &materials, &graphed)?;
    let bytes = run::image(plan, (&graphed, &made), format, &study.output)?;
    let mut outputs = vec![Output { path: file.to_path_buf(), bytes }];
    if let Some(path) = layout_report {
        let bytes = serde_json::to_vec(&made.composition.drawn).expect("numbers and texts, written to memory");
        outputs.push(Output { path: path.to_path_buf(), bytes });
    }
    let map = map_report(plan, &materials, (&graphed, &made), vec![name_of(file)]);
    finish(outputs, report(study, &layers, (vec![map], Vec::new())))
}

/// Writes the metrics of the only map of a study to `file`: as JSON, or as CSV or Parquet with the metrics of the network in
/// `…-network.csv`, those of flows, if any are asked for, in `…-flows.csv` beside, and a description of each table. What every
/// number is stands in `…-methods.md`; periods and kinds, where they are asked for, in `…-by-time.csv` and the like. `watch` is
/// told how many of the searches for shortest paths are done.
///
/// # Errors
/// As for [`map`].
pub fn metrics(study: &Study, file: &Path, format: TableFormat, watch: Watch) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    let metrics = network::measure_watched(&graphed.atlas, &graphed.all, &study.output.measures, watch);
    let (sheet, stem) = (sheet(plan, &graphed, &metrics), stem_of(file));
    let mut files = match format {
        TableFormat::Json => vec![(name_of(file), export::metrics_json(&sheet))],
        TableFormat::Csv => csv_tables(&names(&stem, &stem, "csv"), &sheet),
        TableFormat::Parquet => parquet_tables(&names(&stem, &stem, "parquet"), &sheet),
    };
    files.push((format!("{stem}-methods.md"), export::methods_note(&sheet)));
    for part in &study.output.by {
        let parts = by::parts(plan, &graphed, (*part, &study.output.measures));
        if let Some(reason) = by::too_few(&parts, *part) {
            return Err(Error::Usage(reason));
        }
        files.extend(by::tables(&by::side_by_side(&parts), &format!("{stem}-{}", by::suffix(*part)), format));
    }
    let outputs = files.into_iter().map(|(name, bytes)| Output { path: file.with_file_name(name), bytes }).collect();
    finish(outputs, report(study, &layers, Default::default()))
}

/// Writes one layer of the only map of a study to `file` in the first format of its layers.
///
/// # Errors
/// As for [`map`].
pub fn export(study: &Study, file: &Path, layer: Layer) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    let name = stem_of(file);
    let bytes = match layer {
        Layer::Network => network_file(study, plan, &graphed),
        Layer::Flows => flows_layer(&name, &graphed, &picture(plan, &materials, &graphed)?),
        Layer::Places => {
            let metrics = network::measure(&graphed.atlas, &graphed.all, &study.output.measures);
            places_layer(&name, &graphed, &metrics)
        }
    };
    finish(vec![Output { path: file.to_path_buf(), bytes }], report(study, &layers, Default::default()))
}

fn network_file(study: &Study, plan: &MapPlan, graphed: &Graphed) -> Vec<u8> {
    let metrics = network::measure(&graphed.atlas, &graphed.all, &study.output.measures);
    let file = NetworkFile { sheet: sheet(plan, graphed, &metrics), table: &graphed.table };
    match study.output.layers.first() {
        Some(LayerFormat::Gexf) => export::gexf(&file),
        _ => export::graphml(&file),
    }
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
