//! What was typed, as a study of two files and one map.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Parser;
#[cfg(feature = "records")]
use flowatlas::aggregate;
use flowatlas::{
    Error, config,
    options::{self, Drawing},
    outputs,
    shading::SymbolsPlan,
    study::{
        Base, FigureFormat, FlowsLayer, ImageFormat, KeyLines, LayerFormat, MapPlace, MapPlan, Multiples, OutputPlan,
        PlacesLayer, Study, TableFormat,
    },
    styles,
};
use flowatlas_ingest::{Attributes, FlowColumns, PlaceColumns, Source};
use flowatlas_map::spec::{FixedSizes, MapSpec, SelfFlows, Uncertain};
use flowatlas_model::{WeightKind, table::Value, units::Mm};
use flowatlas_network::{Choice, Grouping, Measures, Part, Selection};

use crate::args::{ColumnArgs, DataArgs, MeasureArgs, PageArgs, WeightsName};

/// The id of the only map, as messages name it.
const MAP_ID: &str = "map";

/// Returns the study that two files and the wishes for a page amount to.
///
/// # Errors
/// Fails where a file, a style or a base map is not there.
pub fn study(data: &DataArgs, page: &PageArgs, output: OutputPlan) -> Result<Study, Error> {
    let columns = &data.columns;
    let places = PlacesLayer {
        name: String::new(),
        source: source(&data.places)?,
        columns: place_columns(columns),
        lines: KeyLines::default(),
    };
    let flows = FlowsLayer {
        name: String::new(),
        source: source(&data.flows)?,
        columns: flow_columns(columns),
        weights: weight_kind(data.weights),
        lines: KeyLines::default(),
    };
    Ok(Study {
        name: String::new(),
        title: page.title.clone(),
        base: base(&page.base)?,
        places: vec![places],
        flows: vec![flows],
        tables: Vec::new(),
        maps: vec![plan(data, page)?],
        figures: Vec::new(),
        output,
        sources: BTreeMap::new(),
    })
}

/// Draws the only map of a study once for each period or kind.
///
/// # Errors
/// Fails for a matrix, which is one.
pub fn draw_by(study: &mut Study, part: Part) -> Result<(), Error> {
    for map in &mut study.maps {
        if map.drawing == Drawing::Matrix {
            return Err(Error::Usage(format!("--by: {}", options::ONE_MATRIX)));
        }
        map.multiples = Some(Multiples { part, columns: None });
    }
    Ok(())
}

/// Returns what the wishes for metrics amount to.
///
/// # Errors
/// Fails at the name of a metric that there is not.
pub fn measures(wishes: &MeasureArgs) -> Result<Measures, Error> {
    let metrics = Choice::of(&wishes.metrics).map_err(|e| Error::Usage(format!("--metrics: {e}")))?;
    let MeasureArgs { distance, sources, random_networks, metrics_seed, .. } = *wishes;
    Ok(Measures { metrics, distance, sources, random_networks, seed: metrics_seed, ..Measures::default() })
}

/// Returns the page of a command that draws none: every wish at its default.
pub fn default_page() -> PageArgs {
    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        page: PageArgs,
    }
    Defaults::parse_from([MAP_ID]).page
}

/// Fails where a command would write over one of the layers that it reads, named as they were typed.
pub fn keep_inputs(layers: &[&String], outputs: &[&Path]) -> Result<(), Error> {
    let inputs: Vec<PathBuf> = layers.iter().map(|text| Source::parse(text, Path::new("")).path).collect();
    outputs::keep_inputs(&inputs, outputs.iter().copied())?;
    for output in outputs {
        if output.is_dir() {
            return Err(Error::Usage(format!("{} is a folder; name a file in it", output.display())));
        }
    }
    Ok(())
}

/// Returns the format that the name of a picture asks for.
pub fn image_format(file: &Path) -> Result<ImageFormat, Error> {
    match extension(file).as_str() {
        "png" => Ok(ImageFormat::Png),
        "svg" => Ok(ImageFormat::Svg),
        "pdf" => Ok(ImageFormat::Pdf),
        "html" => Ok(ImageFormat::Html),
        "tif" | "tiff" if file.with_extension("").extension().is_some_and(|e| e == "cog") => Ok(ImageFormat::Cog),
        "tif" | "tiff" => Ok(ImageFormat::Tif),
        _ => Err(unwritten(file, "png, svg, pdf, html or tif")),
    }
}

/// Returns the format that the name of a file of tables or of their figure asks for; `written` tells which there are.
pub fn figure_format(file: &Path, written: &str) -> Result<FigureFormat, Error> {
    match extension(file).as_str() {
        "csv" => Ok(FigureFormat::Table(TableFormat::Csv)),
        "json" => Ok(FigureFormat::Table(TableFormat::Json)),
        "parquet" => Ok(FigureFormat::Table(TableFormat::Parquet)),
        "png" | "svg" | "pdf" => image_format(file).map(FigureFormat::Picture),
        _ => Err(unwritten(file, written)),
    }
}

/// Returns the format that the name of a layer asks for.
pub fn layer_format(file: &Path) -> Result<LayerFormat, Error> {
    match extension(file).as_str() {
        "geojson" => Ok(LayerFormat::Geojson),
        "gpkg" => Ok(LayerFormat::Gpkg),
        "fgb" => Ok(LayerFormat::Fgb),
        "shp" => Ok(LayerFormat::Shp),
        "kml" => Ok(LayerFormat::Kml),
        "csv" => Ok(LayerFormat::Csv),
        "parquet" => Ok(LayerFormat::Parquet),
        "graphml" => Ok(LayerFormat::Graphml),
        "gexf" => Ok(LayerFormat::Gexf),
        "sld" => Ok(LayerFormat::Sld),
        "json" if file.with_extension("").extension().is_some_and(|e| e == "style") => Ok(LayerFormat::Maplibre),
        _ => Err(unwritten(file, "geojson, gpkg, fgb, shp, kml, csv, parquet, graphml, gexf, sld or style.json")),
    }
}

/// Returns the format that the name of a table of flows asks for.
#[cfg(feature = "records")]
pub fn flows_format(file: &Path) -> Result<aggregate::Format, Error> {
    match extension(file).as_str() {
        "csv" => Ok(aggregate::Format::Csv),
        "parquet" => Ok(aggregate::Format::Parquet),
        "geojson" => Ok(aggregate::Format::Geojson),
        _ => Err(unwritten(file, "csv, parquet or geojson")),
    }
}

fn extension(file: &Path) -> String {
    file.extension().map_or_else(String::new, |e| e.to_string_lossy().to_lowercase())
}

fn unwritten(file: &Path, written: &str) -> Error {
    let what = match extension(file).as_str() {
        "" => "a file without an extension".to_owned(),
        extension => extension.to_owned(),
    };
    Error::Usage(format!("{}: {what} is not written by this version; use {written}", file.display()))
}

/// Returns the file that was named.
///
/// # Errors
/// Fails where there is none.
pub fn source(text: &str) -> Result<Source, Error> {
    let source = Source::parse(text, Path::new(""));
    if source.is_address() || source.path.exists() {
        return Ok(source);
    }
    let hint = config::nearest_file(&source.path);
    Err(Error::Usage(format!("there is no file {}{hint}", source.path.display())))
}

fn base(words: &[String]) -> Result<Base, Error> {
    match words {
        words if is_auto(words) => Ok(Base::Auto),
        [word] if word == "none" => Ok(Base::Files(Vec::new())),
        files => files.iter().map(|file| source(file)).collect::<Result<Vec<Source>, Error>>().map(Base::Files),
    }
}

fn is_auto(base: &[String]) -> bool {
    base == ["auto"]
}

fn place_columns(columns: &ColumnArgs) -> PlaceColumns {
    PlaceColumns {
        id: columns.id.clone(),
        name: columns.name.clone(),
        lon: columns.lon.clone(),
        lat: columns.lat.clone(),
        x: columns.x.clone(),
        y: columns.y.clone(),
        population: columns.population.clone(),
    }
}

fn flow_columns(columns: &ColumnArgs) -> FlowColumns {
    FlowColumns {
        origin: columns.origin.clone(),
        dest: columns.dest.clone(),
        weight: columns.weight.clone(),
        kind: columns.kind.clone(),
        time: columns.time.clone(),
        tolerance: columns.tolerance,
        attributes: Attributes::Kept,
    }
}

fn weight_kind(weights: WeightsName) -> WeightKind {
    match weights {
        WeightsName::Measured => WeightKind::Measured,
        WeightsName::Ordinal => WeightKind::Ordinal,
    }
}

fn plan(data: &DataArgs, page: &PageArgs) -> Result<MapPlan, Error> {
    let style = styles::style(&page.style, Path::new(""))?;
    let mut spec = spec(data, page);
    spec.width = Mm(page.width_mm.unwrap_or(style.page.width_mm));
    Ok(MapPlan {
        id: MAP_ID.to_owned(),
        places: 0,
        flows: 0,
        filter: filter(&data.filter),
        grouping: page.cluster.map(|places| Grouping { places, within: page.cluster_within.clone() }),
        view: page.view,
        selection: Selection { top: page.top, share: page.share, threshold: page.threshold },
        style_name: page.style.clone(),
        style,
        fonts: page.font.iter().map(|path| styles::own_fonts(path)).collect::<Result<Vec<_>, _>>()?.concat(),
        drawing: page.layout,
        seed: page.seed,
        layout_seconds: page.layout_seconds,
        cite: Vec::new(),
        window_bases: Vec::new(),
        place: MapPlace::Page,
        multiples: None,
        uncertain: filter(&page.uncertain),
        shading: None,
        symbols: SymbolsPlan {
            size: page.size_by.clone().map(|by| (by, String::new())),
            color: page.color_by.clone().map(|by| (by, String::new())),
        },
        spec,
        lines: KeyLines::default(),
    })
}

/// Values of one column that was given more than once are alternatives. They are texts; a filter finds numbers by them.
fn filter(pairs: &[(String, String)]) -> Vec<(String, Vec<Value>)> {
    let mut filter: Vec<(String, Vec<Value>)> = Vec::new();
    for (column, wanted) in pairs {
        let value = Value::Text(Arc::from(wanted.as_str()));
        match filter.iter_mut().find(|(known, _)| known == column) {
            Some((_, values)) => values.push(value),
            None => filter.push((column.clone(), vec![value])),
        }
    }
    filter
}

fn spec(data: &DataArgs, page: &PageArgs) -> MapSpec {
    MapSpec {
        title: page.title.clone(),
        subtitle: page.subtitle.clone(),
        notes: page.note.clone(),
        sources: page.source.clone(),
        measure: data.measure.clone(),
        unit: data.unit.clone(),
        second_name: page.second_name.clone(),
        period: data.period.clone(),
        weights: weight_kind(data.weights),
        language: page.language,
        height: page.height_mm.map(Mm),
        sizes: FixedSizes { flow_width: page.flow_width_mm.map(Mm), place_radius: page.place_radius_mm.map(Mm) },
        extent: page.extent,
        projection: options::projection(&page.projection),
        uncertain: (!page.uncertain.is_empty()).then(Uncertain::default),
        circles: page.circles,
        values: page.values,
        self_flows: if page.rings { SelfFlows::Rings } else { SelfFlows::Count },
        magnify: page.magnify,
        place_borders: is_auto(&page.base),
        ..MapSpec::default()
    }
}
