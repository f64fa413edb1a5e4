//! Runs a study: every map as pictures, metrics and layers, and the report, in one folder.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use flowatlas_draw::{self as draw, PngOptions};
use flowatlas_export::{
    self as export, MetricsSheet, NetworkFile, Report,
    report::{FigureReport, MapReport},
};
use flowatlas_map::Detail;
use flowatlas_model::{MetricTable, OdGraph, Scene};
use flowatlas_network::{self as network, Part};
use flowatlas_page::Entry;
use rayon::prelude::*;

use crate::{
    Graphed, Materials, Picture, by,
    error::Error,
    figure::FigurePlan,
    figures::{self, Figure, figure, others},
    formats::Shown,
    geo_picture::{Tiff, tiff, world_files},
    graph,
    layer_files::{Made, geopackage, one_layer},
    layers::Layers,
    multiples::{Multiple, multiples},
    outputs::{Output, keep_inputs, write_all},
    pages,
    panels::Member,
    picture,
    report::{map_report, map_sources, remarks, report},
    single::Layer,
    study::{ImageFormat, LayerFormat, MapPlace, MapPlan, Multiples, OutputPlan, Paper, Placement, Study, TableFormat},
};

/// The name of the file that accounts for a run of a study.
pub(crate) const REPORT: &str = "report.json";

/// What a run did.
#[derive(Debug)]
pub struct Outcome {
    /// The files that were written, in the order of the study.
    pub files: Vec<PathBuf>,
    /// What was read, kept, dropped and shown.
    pub report: Report,
    /// What it adds to the atlas of a run.
    pub entries: Vec<Entry>,
}

/// The bytes of files, by file name, and what is to be said about them.
#[derive(Default)]
struct Rendered {
    files: Vec<(String, Vec<u8>)>,
    maps: Vec<MapReport>,
    figures: Vec<FigureReport>,
    entries: Vec<Entry>,
    notes: Vec<String>,
}

impl Rendered {
    fn and(mut self, other: Rendered) -> Rendered {
        self.files.extend(other.files);
        self.maps.extend(other.maps);
        self.figures.extend(other.figures);
        self.entries.extend(other.entries);
        self.notes.extend(other.notes);
        self
    }
}

/// Makes everything that a study asks for and writes it to `folder`.
///
/// Maps and figures are made in parallel and come out the same at any number of threads. Files are written when all of them are
/// made: a run that fails leaves the folder as it was. `made` is called with the id of each map and figure that is done.
///
/// # Errors
/// Fails where a layer cannot be read, a map or figure cannot be made or a file cannot be written.
pub fn run(study: &Study, folder: &Path, made: &(dyn Fn(&str) + Sync)) -> Result<Outcome, Error> {
    let layers = Layers::read(study)?;
    let done = |id: &str, rendered: Result<Rendered, Error>| {
        made(id);
        rendered
    };
    let pages: Vec<&MapPlan> = study.maps.iter().filter(|plan| plan.place == MapPlace::Page).collect();
    let maps = || pages.par_iter().map(|plan| done(&plan.id, render(study, plan, &layers.materials(plan))));
    let figures = || study.figures.par_iter().map(|plan| done(&plan.id, render_figure(study, plan, &layers)));
    let (maps, figures): (Vec<_>, Vec<_>) = rayon::join(|| maps().collect(), || figures().collect());
    let all =
        maps.into_iter().chain(figures).try_fold(Rendered::default(), |all, one| Ok::<_, Error>(all.and(one?)))?;
    let entries = all.entries;
    let mut report = report(study, &layers, (all.maps, all.figures));
    report.notes.extend(all.notes);
    let files = all.files.into_iter().chain([(REPORT.to_owned(), report.to_json())]);
    let outputs: Vec<Output> = files.map(|(name, bytes)| Output { path: folder.join(name), bytes }).collect();
    keep_inputs(&study.inputs(), outputs.iter().map(|output| output.path.as_path()))?;
    write_all(&outputs)?;
    Ok(Outcome { files: outputs.into_iter().map(|output| output.path).collect(), report, entries })
}

/// Reads the layers of a study and checks that its maps and figures can be made of them; nothing is drawn or written. Returns in words
/// what of the layers could not be used, and what else a run would say that shows before anything is drawn.
///
/// # Errors
/// Fails where a layer cannot be read, and at the first key that asks for what the data do not have.
pub fn check(study: &Study) -> Result<Vec<String>, Error> {
    let layers = Layers::read(study)?;
    let mut told = Vec::new();
    for plan in &study.maps {
        let materials = layers.materials(plan);
        let graphed = graph(plan, &materials)?;
        let foreseen = crate::check(plan, &materials, &graphed)?;
        // What is to be said of a map that figures alone show is said of their panels.
        if plan.place == MapPlace::Page {
            told.extend(foreseen);
            told.extend(unparted(study, plan, &graphed).into_iter().map(|note| format!("map {}: {note}", plan.id)));
        }
    }
    for plan in &study.figures {
        told.extend(figures::check(study, plan, &layers)?);
    }
    let mut report = report(study, &layers, (Vec::new(), Vec::new()));
    report.notes.splice(0..0, told);
    Ok(remarks(&report))
}

fn render(study: &Study, plan: &MapPlan, materials: &Materials) -> Result<Rendered, Error> {
    let graphed = graph(plan, materials)?;
    if let Some(wish) = plan.multiples {
        return render_multiples(study, plan, (wish, materials, &graphed));
    }
    let detail = if study.output.layers.is_empty() { Detail::Picture } else { Detail::Flows };
    let (metrics, picture) = measured_and_drawn(study, plan, (materials, &graphed), detail)?;
    let mut files = images(study, plan, materials, (&graphed, &picture))?;
    let sources = map_sources(study, plan, materials);
    let made = Made { plan, materials, graphed: &graphed, metrics: &metrics, picture: &picture, sources: &sources };
    files.extend(data(study, &made)?);
    files.extend(side_by_side(study, plan, &graphed));
    let names = names_of(&files);
    let entry = pages::entry(plan, (&picture.composition.scene, &metrics), names.clone())?;
    let mut report = map_report(plan, materials, (&graphed, &picture), names);
    report.notes.extend(unparted(study, plan, &graphed));
    report.notes.extend(taken_as_one(study, &graphed.all));
    Ok(Rendered { files, maps: vec![report], entries: vec![entry], ..Rendered::default() })
}

/// Returns how many edges of a GEXF file programs take as 1 because their weight is unknown; `None` where that holds of none.
pub(crate) fn taken_as_one(study: &Study, graph: &OdGraph) -> Option<String> {
    let count = export::unknown_weights(graph);
    let asked = study.output.layers.contains(&LayerFormat::Gexf);
    (asked && count > 0).then(|| {
        format!("{count} edges of the GEXF file have no weight, which programs take as 1; their attribute weight_known is false")
    })
}

/// Measures the network of a map while it is drawn.
pub(crate) fn measured_and_drawn(
    study: &Study,
    plan: &MapPlan,
    (materials, graphed): (&Materials, &Graphed),
    detail: Detail,
) -> Result<(MetricTable, Picture), Error> {
    let (metrics, picture) = rayon::join(
        || network::measure(&graphed.atlas, &graphed.all, &study.output.measures),
        || picture(plan, (materials, graphed), detail),
    );
    Ok((metrics, picture?))
}

/// Small multiples are one picture; tables and layers are those of each map, as numbers of several periods are not to be added.
fn render_multiples(
    study: &Study,
    plan: &MapPlan,
    (wish, materials, graphed): (Multiples, &Materials, &Graphed),
) -> Result<Rendered, Error> {
    let Multiple { scene, members, report } = multiples(plan, wish, (materials, graphed))?;
    let mut rendered = rendered_figure(&study.output, (&scene, report), &plan.spec.sources)?;
    for member in &members {
        let files = member_files(study, materials, member)?;
        let Member { plan, graphed, picture } = member;
        rendered.maps.push(map_report(plan, materials, (graphed, picture), names_of(&files)));
        rendered.entries[0].files.extend(names_of(&files));
        rendered.files.extend(files);
    }
    rendered.notes.extend(unparted(study, plan, graphed).into_iter().map(|note| format!("map {}: {note}", plan.id)));
    let compared = side_by_side(study, plan, graphed);
    rendered.entries[0].files.extend(names_of(&compared));
    rendered.files.extend(compared);
    Ok(rendered)
}

/// Returns the tables that set the periods or kinds of a map side by side.
fn side_by_side(study: &Study, plan: &MapPlan, graphed: &Graphed) -> Vec<(String, Vec<u8>)> {
    study.output.by.iter().filter_map(|part| tables_by(study, plan, (graphed, *part))).flatten().collect()
}

/// Returns what the periods and kinds that a map is to be parted into leave out, and which there are fewer than two of.
fn unparted(study: &Study, plan: &MapPlan, graphed: &Graphed) -> Vec<String> {
    let drawn = plan.multiples.map(|wish| wish.part);
    let tabled = study.output.by.iter().copied().filter(|part| drawn != Some(*part));
    let parts = drawn.into_iter().chain(tabled);
    let told = |part| match network::split(&graphed.table, part).len() {
        0 | 1 => Some(format!("no table {}: the flows name fewer than two", by::suffix(part))),
        _ => by::in_no_part(plan, &graphed.table, part),
    };
    parts.filter_map(told).collect()
}

/// Tables and layers of a map that only figures show are those of the first panel that shows it.
fn render_figure(study: &Study, plan: &FigurePlan, layers: &Layers) -> Result<Rendered, Error> {
    let others = others(plan)?;
    let Figure { scene, members, mut report } = figure(study, plan, (layers, &others))?;
    let (mut files, own) = (Vec::new(), own_maps(study, plan));
    for (panel, member) in members.iter().filter(|(panel, _)| own.contains(panel)) {
        let materials = layers.materials(&member.plan);
        let made = member_files(study, &materials, member)?;
        if let Some(map) = &mut report.panels[*panel].map {
            map.outputs = names_of(&made);
        }
        files.extend(made);
    }
    let output = OutputPlan { dpi: plan.dpi.unwrap_or(study.output.dpi), ..study.output.clone() };
    let mut rendered = rendered_figure(&output, (&scene, report), &plan.spec.sources)?;
    rendered.entries[0].files.extend(names_of(&files));
    rendered.files.extend(files);
    Ok(rendered)
}

/// Returns the panels of a figure that are the first to show a map without a page of its own.
fn own_maps(study: &Study, plan: &FigurePlan) -> Vec<usize> {
    let panels = study.figures.iter().flat_map(|figure| figure.maps().map(move |(panel, at)| (figure, panel, at)));
    let mut seen = BTreeSet::new();
    let first = panels.filter(|(_, _, at)| {
        at.study.is_none() && study.maps[at.map].place == MapPlace::Figures && seen.insert(at.map)
    });
    first.filter(|(figure, ..)| figure.id == plan.id).map(|(_, panel, _)| panel).collect()
}

/// Returns the tables and layers of a map that was drawn as a panel.
fn member_files(study: &Study, materials: &Materials, member: &Member) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let Member { plan, graphed, picture } = member;
    let metrics = network::measure(&graphed.atlas, &graphed.all, &study.output.measures);
    let sources = map_sources(study, plan, materials);
    data(study, &Made { plan, materials, graphed, metrics: &metrics, picture, sources: &sources })
}

/// Returns the pictures of a figure of several panels, its report and its place in the atlas.
fn rendered_figure(
    output: &OutputPlan,
    (scene, report): (&Scene, FigureReport),
    sources: &[String],
) -> Result<Rendered, Error> {
    let files = scene_images(output, &report.id, scene)?;
    let report = FigureReport { outputs: names_of(&files), ..report };
    let entry = pages::figure_entry(&report, scene, sources)?;
    Ok(Rendered { files, figures: vec![report], entries: vec![entry], ..Rendered::default() })
}

fn names_of(files: &[(String, Vec<u8>)]) -> Vec<String> {
    files.iter().map(|(name, _)| name.clone()).collect()
}

/// Returns the tables and layers of one map.
fn data(study: &Study, made: &Made) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut files = tables(study, made.plan, &sheet(made.plan, made.graphed, made.metrics));
    files.extend(layers(study, made)?);
    Ok(files)
}

/// Returns a map as drawn in one format.
///
/// # Errors
/// Fails where the picture would have too many pixels.
pub fn image(
    plan: &MapPlan,
    (graphed, picture): (&Graphed, &Picture),
    format: ImageFormat,
    output: &OutputPlan,
) -> Result<Vec<u8>, Error> {
    match format {
        ImageFormat::Html => pages::page(plan, graphed, picture),
        ImageFormat::Tif => tiff(plan, &picture.composition, (Tiff::Plain, output)),
        ImageFormat::Cog => tiff(plan, &picture.composition, (Tiff::CloudOptimised, output)),
        _ => scene_image(&plan.id, &picture.composition.scene, (format, output)),
    }
}

/// Returns a finished picture of this id in one format.
///
/// # Errors
/// Fails where the picture would have too many pixels, and for a page for the browser, which is of one map.
pub fn scene_image(id: &str, scene: &Scene, (format, output): (ImageFormat, &OutputPlan)) -> Result<Vec<u8>, Error> {
    let scene = &match output.paper {
        Paper::Style => Cow::Borrowed(scene),
        Paper::Clear => Cow::Owned(Scene { background: scene.background.with_opacity(0.0), ..scene.clone() }),
    };
    let bytes = match format {
        ImageFormat::Png => draw::png(scene, &PngOptions { dpi: output.dpi }),
        ImageFormat::Svg => draw::svg(scene, output.lettering).map(String::into_bytes),
        ImageFormat::Pdf => draw::pdf(scene),
        ImageFormat::Html | ImageFormat::Tif | ImageFormat::Cog => {
            let message = format!("\"{id}\" is several maps in one picture, which a page or a GeoTIFF cannot show");
            return Err(Error::Usage(format!("{message}; use png, svg or pdf")));
        }
    };
    bytes.map_err(|source| Error::Draw { map: id.to_owned(), source })
}

/// Returns the picture in every format asked for that can show it, and beside it what it shows in words.
fn images(
    study: &Study,
    plan: &MapPlan,
    materials: &Materials,
    (graphed, drawn): (&Graphed, &Picture),
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let one = |&format: &ImageFormat| {
        let extension = extension(format);
        let narrowed = if format == ImageFormat::Html { pages::narrowed(plan, graphed)? } else { None };
        let bytes = match narrowed {
            Some(plan) => {
                let drawn = picture(&plan, (materials, graphed), Detail::Flows)?;
                image(&plan, (graphed, &drawn), format, &study.output)?
            }
            None => image(plan, (graphed, drawn), format, &study.output)?,
        };
        Ok((format!("{}.{extension}", plan.id), bytes))
    };
    let shown = Shown::of(plan);
    let formats = study.output.images.iter().filter(|format| shown.fits(**format));
    let mut files: Vec<_> = formats.map(one).collect::<Result<_, Error>>()?;
    if study.output.placement == Placement::WorldFiles && study.output.images.contains(&ImageFormat::Png) {
        files.extend(world_files(&format!("{}.png", plan.id), &drawn.composition, &study.output));
    }
    if !files.is_empty() {
        let description = &drawn.composition.scene.description;
        files.push((format!("{}.txt", plan.id), format!("{description}\n").into_bytes()));
    }
    Ok(files)
}

fn extension(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "png",
        ImageFormat::Svg => "svg",
        ImageFormat::Pdf => "pdf",
        ImageFormat::Html => "html",
        ImageFormat::Tif => "tif",
        ImageFormat::Cog => "cog.tif",
    }
}

/// Returns a figure in every format asked for that can show it, and beside it what it shows in words.
fn scene_images(output: &OutputPlan, id: &str, scene: &Scene) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let one =
        |&format: &ImageFormat| Ok((format!("{id}.{}", extension(format)), scene_image(id, scene, (format, output))?));
    let formats = output.images.iter().filter(|format| Shown::Panels.fits(**format));
    let mut files: Vec<_> = formats.map(one).collect::<Result<_, Error>>()?;
    if !files.is_empty() {
        files.push((format!("{id}.txt"), format!("{}\n", scene.description).into_bytes()));
    }
    Ok(files)
}

/// Returns the metrics of a map with what is needed to understand them.
pub fn sheet<'a>(plan: &'a MapPlan, graphed: &'a Graphed, metrics: &'a MetricTable) -> MetricsSheet<'a> {
    MetricsSheet { title: &plan.spec.title, unit: &plan.spec.unit, atlas: &graphed.atlas, graph: &graphed.all, metrics }
}

/// Returns the metrics in every format asked for, and beside them the note that says what each number is.
fn tables(study: &Study, plan: &MapPlan, sheet: &MetricsSheet) -> Vec<(String, Vec<u8>)> {
    let stem = format!("{}-metrics", plan.id);
    let formats = study.output.metrics.iter();
    let mut files: Vec<_> = formats.flat_map(|&format| table(&stem, format, sheet)).collect();
    if !files.is_empty() {
        files.push((format!("{}-methods.md", plan.id), export::methods_note(sheet)));
    }
    files
}

/// Returns the tables of the periods or kinds of a map; nothing where the flows name fewer than two.
fn tables_by(study: &Study, plan: &MapPlan, (graphed, part): (&Graphed, Part)) -> Option<Vec<(String, Vec<u8>)>> {
    let parts = by::parts(plan, graphed, (part, &study.output.measures));
    if by::too_few(&parts, part).is_some() {
        return None;
    }
    let in_no_part = by::in_no_part(plan, &graphed.table, part);
    let comparison = by::side_by_side(&parts, in_no_part.as_deref());
    let stem = format!("{}-{}", plan.id, by::suffix(part));
    Some(study.output.metrics.iter().flat_map(|format| by::tables(&comparison, &stem, *format)).collect())
}

/// Returns the files of one table format, named from `stem`.
fn table(stem: &str, format: TableFormat, sheet: &MetricsSheet) -> Vec<(String, Vec<u8>)> {
    match format {
        TableFormat::Json => vec![(format!("{stem}.json"), export::metrics_json(sheet))],
        TableFormat::Csv => csv_tables(&names(&format!("{stem}-places"), stem, "csv"), sheet),
        TableFormat::Parquet => parquet_tables(&names(&format!("{stem}-places"), stem, "parquet"), sheet),
    }
}

/// Returns the names of the tables of places, of the network and of flows.
pub(crate) fn names(places: &str, stem: &str, extension: &str) -> [String; 3] {
    [format!("{places}.{extension}"), format!("{stem}-network.{extension}"), format!("{stem}-flows.{extension}")]
}

/// Returns the tables of places, of the network and, where flows were measured, of flows, with their descriptions.
pub(crate) fn csv_tables([places, network, flows]: &[String; 3], sheet: &MetricsSheet) -> Vec<(String, Vec<u8>)> {
    let described = |name: &str| format!("{name}-metadata.json");
    let mut tables = vec![
        (places.clone(), export::places_csv(sheet)),
        (described(places), export::places_csvw(sheet, places)),
        (network.clone(), export::network_csv(sheet)),
        (described(network), export::network_csvw(sheet, network)),
    ];
    if !sheet.metrics.flows.is_empty() {
        tables.push((flows.clone(), export::flow_metrics_csv(sheet)));
        tables.push((described(flows), export::flow_metrics_csvw(sheet, flows)));
    }
    tables
}

/// Returns the same tables as Parquet, each with its description inside.
pub(crate) fn parquet_tables([places, network, flows]: &[String; 3], sheet: &MetricsSheet) -> Vec<(String, Vec<u8>)> {
    let mut tables =
        vec![(places.clone(), export::places_parquet(sheet)), (network.clone(), export::network_parquet(sheet))];
    if !sheet.metrics.flows.is_empty() {
        tables.push((flows.clone(), export::flow_metrics_parquet(sheet)));
    }
    tables
}

fn layers(study: &Study, made: &Made) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let id = &made.plan.id;
    let names = (format!("{id}-places"), format!("{id}-flows"));
    let sheet = sheet(made.plan, made.graphed, made.metrics);
    let network = NetworkFile { sheet, table: &made.graphed.table };
    let files = |&format: &LayerFormat| match format {
        LayerFormat::Geojson => Ok(vec![
            (format!("{}.geojson", names.0), made.places_geojson(&names.0)),
            (format!("{}.geojson", names.1), export::flows_geojson(&made.flow_layer(&names.1))),
        ]
        .into_iter()
        .chain(made.sidecars(&names))
        .collect()),
        LayerFormat::Gpkg => geopackage(made, id),
        LayerFormat::Sld => Ok(made.sld(id)),
        LayerFormat::Maplibre => Ok(made.web_style(id).into_iter().collect()),
        LayerFormat::Graphml => Ok(vec![(format!("{id}-network.graphml"), export::graphml(&network))]),
        LayerFormat::Gexf => Ok(vec![(format!("{id}-network.gexf"), export::gexf(&network))]),
        other => {
            Ok([one_layer(made, (other, Layer::Places), &names.0)?, one_layer(made, (other, Layer::Flows), &names.1)?]
                .concat())
        }
    };
    let all: Vec<_> = study.output.layers.iter().map(files).collect::<Result<_, Error>>()?;
    Ok(all.concat())
}
