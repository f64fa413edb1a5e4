//! One map, one table or one layer from two files: what `flowatlas map`, `metrics` and `export` do.
//!
//! Two files are a study of one map; the commands differ from a run only in what they make and where they put it.

use std::path::Path;

use flowatlas_export::{self as export, MetricsSheet, NetworkFile, Report, report::FigureReport};
use flowatlas_map::{ChartPage, Detail};
use flowatlas_model::{Coordinates, comparison::Comparison, units::Mm};
use flowatlas_network::{self as network, Part, Watch};

use crate::{
    Graphed, by,
    error::Error,
    geo_picture::world_files,
    graph,
    layer_files::{Made, geopackage, one_layer},
    layers::Layers,
    multiples::multiples,
    outputs::{Output, keep_inputs, stem_of, write_all},
    pages, picture,
    report::{map_report, map_sources, nobodys, report},
    run::{self, Outcome, csv_tables, measured_and_drawn, names, parquet_tables, sheet},
    study::{ImageFormat, LayerFormat, MapPlan, Placement, Study, TableFormat},
    styles,
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
    /// Two tables, `…-locations.csv` and `…-flows.csv`, that flowmap.blue reads.
    Sheets,
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
        let in_no_part = by::in_no_part(plan, &graphed.table, wish.part);
        let figure = FigureReport { outputs: vec![name_of(file)], ..made.report.clone() };
        let mut report = report(study, &layers, (reports.collect(), vec![figure]));
        report.notes.extend(in_no_part);
        return finish(study, vec![Output { path: file.to_path_buf(), bytes }], report);
    }
    let narrowed = if format == ImageFormat::Html { pages::narrowed(plan, &graphed)? } else { None };
    let plan = narrowed.as_ref().unwrap_or(plan);
    let detail = if layout_report.is_some() { Detail::Flows } else { Detail::Picture };
    let made = picture(plan, (&materials, &graphed), detail)?;
    let bytes = run::image(plan, (&graphed, &made), format, &study.output)?;
    let mut outputs = vec![Output { path: file.to_path_buf(), bytes }];
    let placed = study.output.placement == Placement::WorldFiles;
    let beside = if placed && format == ImageFormat::Png {
        world_files(&name_of(file), &made.composition, &study.output)
    } else {
        Vec::new()
    };
    let unplaced = placed && beside.is_empty();
    outputs.extend(beside.into_iter().map(|(name, bytes)| Output { path: file.with_file_name(name), bytes }));
    if let Some(path) = layout_report {
        let bytes = serde_json::to_vec(&made.composition.drawn).expect("numbers and texts, written to memory");
        outputs.push(Output { path: path.to_path_buf(), bytes });
    }
    let map = map_report(plan, &materials, (&graphed, &made), vec![name_of(file)]);
    let mut report = report(study, &layers, (vec![map], Vec::new()));
    report.notes.extend(unplaced.then(|| "no world file: only a PNG of a map can have one".to_owned()));
    finish(study, outputs, report)
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
    let compared = compared(study, plan, &graphed)?;
    let mut report = report(study, &layers, Default::default());
    let in_no_part = study.output.by.iter().filter_map(|part| by::in_no_part(plan, &graphed.table, *part));
    report.notes.extend(in_no_part);
    let (atlas, graph) = (graphed.atlas.into_owned(), graphed.all);
    // The table is as large as the graph, and measuring needs room.
    drop(graphed.table);
    drop(layers);
    let mut metrics = network::measure_watched(&atlas, &graph, &study.output.measures, watch);
    // Up to here the notes are of rows in no part.
    metrics.conventions.extend(report.notes.iter().map(|rows| format!("{rows} that is measured by itself.")));
    report.notes.extend(study.output.measures.metrics.missed(&metrics));
    let (title, unit) = (&plan.spec.title, &plan.spec.unit);
    let (sheet, stem) = (MetricsSheet { title, unit, atlas: &atlas, graph: &graph, metrics: &metrics }, stem_of(file));
    // As typed: `a.CSV` is not `a.csv`.
    let extension = file.extension().map_or_else(String::new, |typed| typed.to_string_lossy().into_owned());
    let mut files = match format {
        TableFormat::Json => vec![(name_of(file), export::metrics_json(&sheet))],
        TableFormat::Csv => csv_tables(&names(&stem, &stem, &extension), &sheet),
        TableFormat::Parquet => parquet_tables(&names(&stem, &stem, &extension), &sheet),
    };
    files.push((format!("{stem}-methods.md"), export::methods_note(&sheet)));
    for (suffix, comparison) in compared {
        files.extend(by::tables(&comparison, &format!("{stem}-{suffix}"), format));
    }
    let outputs = files.into_iter().map(|(name, bytes)| Output { path: file.with_file_name(name), bytes }).collect();
    finish(study, outputs, report)
}

/// Draws what moves between the places of the only map of a study against how far apart they are.
///
/// # Errors
/// As for [`map`]; also where nothing moves between different positions.
pub fn decay(study: &Study, file: &Path, format: ImageFormat) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let graphed = graph(plan, &layers.materials(plan))?;
    let found = network::distance_decay(&graphed.atlas, &graphed.all);
    let decay = found.ok_or_else(|| Error::NoDistances { flows: graphed.table.flows.len() })?;
    let (style, fonts) = (&plan.style, styles::fonts_after(&plan.fonts));
    let width = Mm(style.page.width_mm);
    let page = ChartPage { title: &plan.spec.title, style, fonts: &fonts, width };
    let bytes = run::scene_image(&plan.id, &flowatlas_map::decay(&decay, &page), (format, &study.output))?;
    finish(study, vec![Output { path: file.to_path_buf(), bytes }], report(study, &layers, Default::default()))
}

/// Returns the periods and kinds that are asked for side by side, each with what its files are named after.
fn compared(study: &Study, plan: &MapPlan, graphed: &Graphed) -> Result<Vec<(&'static str, Comparison)>, Error> {
    let of = |part: &Part| {
        let parts = by::parts(plan, graphed, (*part, &study.output.measures));
        match by::too_few(&parts, *part) {
            Some(reason) => Err(Error::Usage(reason)),
            None => {
                let in_no_part = by::in_no_part(plan, &graphed.table, *part);
                Ok((by::suffix(*part), by::side_by_side(&parts, in_no_part.as_deref())))
            }
        }
    };
    study.output.by.iter().map(of).collect()
}

/// Writes the only map of a study to `file`: one layer of it, or, where the format holds several, all of them.
///
/// # Errors
/// As for [`map`].
pub fn export(study: &Study, file: &Path, (format, layer): (LayerFormat, Layer)) -> Result<Outcome, Error> {
    let (plan, layers) = open(study)?;
    let materials = layers.materials(plan);
    let graphed = graph(plan, &materials)?;
    let stem = stem_of(file);
    if layer == Layer::Sheets {
        if graphed.atlas.coordinates == Coordinates::Planar {
            let refused = "flowmap.blue takes degrees, and these places are planar; write geojson or gpkg";
            return Err(Error::Usage(format!("{}: {refused}", file.display())));
        }
        let sheets = export::flowmap_sheets(&graphed.atlas, &graphed.all);
        let names = ["locations", "flows"].map(|sheet| file.with_file_name(format!("{stem}-{sheet}.csv")));
        let outputs = names.into_iter().zip(sheets).map(|(path, bytes)| Output { path, bytes }).collect::<Vec<_>>();
        return finish(study, outputs, export_report((study, &layers), &graphed, layer));
    }
    if layer == Layer::Network {
        let outputs = vec![Output { path: file.to_path_buf(), bytes: network_file(study, plan, &graphed) }];
        let mut report = export_report((study, &layers), &graphed, layer);
        report.notes.extend(run::taken_as_one(study, &graphed.all));
        return finish(study, outputs, report);
    }
    let (metrics, picture) = measured_and_drawn(study, plan, (&materials, &graphed), Detail::Layers)?;
    let sources = map_sources(study, plan, &materials);
    let made = Made {
        plan,
        materials: &materials,
        graphed: &graphed,
        metrics: &metrics,
        picture: &picture,
        sources: &sources,
    };
    let files = match (format, layer) {
        (LayerFormat::Gpkg, _) => geopackage(&made, &stem)?,
        (LayerFormat::Sld, _) => made.sld(&stem),
        (LayerFormat::Maplibre, _) => {
            let stem = stem.strip_suffix(".style").unwrap_or(&stem);
            made.web_style(stem).into_iter().collect()
        }
        (LayerFormat::Geojson, layer) => {
            let (name, bytes) = match layer {
                Layer::Places => ("places", made.places_geojson(&stem)),
                _ => ("flows", export::flows_geojson(&made.flow_layer(&stem))),
            };
            std::iter::once((name_of(file), bytes)).chain(made.sidecar(&made.layers(), (name, &stem))).collect()
        }
        (format, layer) => one_layer(&made, (format, layer), &stem)?,
    };
    if files.is_empty() {
        return Err(Error::Usage(format!(
            "{}: a matrix has no style, and planar places have neither a web map nor KML; write geojson or gpkg",
            file.display()
        )));
    }
    let outputs = files.into_iter().map(|(name, bytes)| Output { path: file.with_file_name(name), bytes }).collect();
    let mut report = export_report((study, &layers), &graphed, layer);
    report.notes.extend(if layer == Layer::Flows { nobodys(picture.omitted) } else { None });
    finish(study, outputs, report)
}

/// Returns the report of an export, with what its flows lack.
fn export_report((study, layers): (&Study, &Layers), graphed: &Graphed, layer: Layer) -> Report {
    let mut made = report(study, layers, Default::default());
    let count = graphed.all.self_flows.len();
    let where_they_are = match layer {
        Layer::Sheets => "the sheets leave them out",
        Layer::Flows => {
            "places have them as self_flows and self_total; in formats of one layer --layer places writes these"
        }
        Layer::Places | Layer::Network => "the places have them as self_flows and self_total",
    };
    let flows = if count == 1 {
        "1 flow within a place is no line".to_owned()
    } else {
        format!("{count} flows within a place are no lines")
    };
    made.notes.extend((count > 0).then(|| format!("{flows}: {where_they_are}")));
    made
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

/// Writes what was made of a study. The names of most files come from that of one, so that only here all of them are known.
fn finish(study: &Study, outputs: Vec<Output>, report: Report) -> Result<Outcome, Error> {
    keep_inputs(&study.inputs(), outputs.iter().map(|output| output.path.as_path()))?;
    write_all(&outputs)?;
    Ok(Outcome { files: outputs.into_iter().map(|output| output.path).collect(), report, entries: Vec::new() })
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
