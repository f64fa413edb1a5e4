//! The command line: what can be typed.

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use flowatlas::{
    options::{self, Drawing},
    styles,
};
use flowatlas_map::{
    spec::{Circles, Extent},
    words::Language,
};
use flowatlas_network::{Distance, Measures, View};

use crate::{
    aggregate_args::AggregateArgs,
    compare_args::{CompareArgs, PartName},
};

const EXAMPLES: &str = "\
Examples:
  flowatlas run geodata/huancavelica/study.toml --out out
  flowatlas map places.csv flows.csv -o map.png --title \"Who moves where\" --unit persons
  flowatlas map towns.gpkg|towns flows.geojson -o map.svg --top 50 --projection EPSG:3035
  flowatlas map places.csv flows.csv -o communities.pdf --size-by betweenness --color-by community
  flowatlas metrics places.csv flows.csv -o metrics.csv
  flowatlas metrics places.csv flows.csv -o metrics.csv --metrics default,communities,backbones
  flowatlas metrics places.csv flows.csv -o metrics.parquet --by time
  flowatlas export places.csv flows.csv -o flows.geojson
  flowatlas export places.csv flows.csv -o network.gexf --metrics default,communities
  flowatlas compare places.csv flows.csv --by time -o periods.csv -o periods.png
  flowatlas aggregate 'moves/*.parquet' -o flows.csv --places towns.gpkg --origin lon1,lat1 --dest lon2,lat2

PLACES needs the columns id, name, and lon and lat (or x and y, or a geometry);
FLOWS needs origin, dest and count, or a column for each period (1990, 1995-2000) in
place of count; or it is a matrix, origins down, destinations across; or its features are
lines from place to place.
Columns of other names: --id, --lon, --origin, --dest, --weight.
Exit codes: 0 done, 1 the data could not be used, 2 the command line or the study is wrong.";

/// Publication-quality flow maps, network metrics and GIS layers from places and flows.
#[derive(Debug, Parser)]
#[command(name = "flowatlas", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Threads to use; the outputs are the same at any number [default: all cores]
    #[arg(long, global = true, value_parser = threads, value_name = "N")]
    pub threads: Option<usize>,
    /// Also read from databases (PG:dbname=gis|schema.table), servers and archives (/vsizip/a.zip/b.shp), as GDAL names
    /// them; records also from s3:// and https://
    #[arg(long, global = true)]
    pub allow_remote: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make every map, table and layer of one or more studies
    Run(RunArgs),
    /// Validate studies, with their data and styles, without drawing
    Check {
        /// Study files, or the folders that they lie in
        #[arg(required_unless_present = "style", value_name = "STUDY.toml")]
        studies: Vec<PathBuf>,
        /// Also check this style, by name or .toml file: can its colours be told apart, its words be read? Repeat for more
        #[arg(long, value_name = "STYLE")]
        style: Vec<String>,
    },
    /// Draw one map from two files
    Map(Box<MapArgs>),
    /// Compute the metrics of the places and of the network
    Metrics(Box<MetricsArgs>),
    /// Write places or flows as a GIS layer
    Export(Box<ExportArgs>),
    /// Make flows of records, one line per person, ticket or trace (needs a build with `--features records`)
    Aggregate(Box<AggregateArgs>),
    /// Set networks side by side: metrics, ranks of places, changes and overlap of flows
    Compare(Box<CompareArgs>),
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Study files, or the folders that they lie in
    #[arg(required = true, value_name = "STUDY.toml")]
    pub studies: Vec<PathBuf>,
    /// Folder of the outputs; each study gets a folder of its own in it
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct MapArgs {
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub page: PageArgs,
    /// The picture: FILE.png, FILE.svg, FILE.pdf, or FILE.html, a page to explore; FILE.tif or FILE.cog.tif is the map
    /// frame, placed on the Earth
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,
    /// Draw one map for each period or kind, side by side, with the same scales and one legend
    #[arg(long, value_enum, value_name = "COLUMN", conflicts_with = "layout_report", help_heading = "Map")]
    pub by: Option<PartName>,
    /// Also write what was drawn where, in millimetres on the page
    #[arg(long, value_name = "FILE.json", help_heading = "Output")]
    pub layout_report: Option<PathBuf>,
    /// Pixels per inch of a PNG; changes the number of pixels and nothing else
    #[arg(long, default_value_t = options::DEFAULT_DPI, value_parser = dpi, value_name = "N", help_heading = "Output")]
    pub dpi: f64,
    /// Words in an SVG: live text that names its fonts, or outlines that look the same everywhere
    #[arg(long, value_enum, default_value_t = LetteringName::Live, help_heading = "Output")]
    pub text: LetteringName,
    /// Write a world file and an .aux.xml beside a PNG, which place it on the Earth
    #[arg(long, help_heading = "Output")]
    pub world_files: bool,
    /// Leave out the paper, so that what the picture is laid on shows through
    #[arg(long, help_heading = "Output")]
    pub transparent: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LetteringName {
    Live,
    Outlines,
}

#[derive(Debug, Args)]
pub struct MetricsArgs {
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub measures: MeasureArgs,
    /// Also measure the periods or the kinds one by one and set them side by side: changes, ranks, overlap of flows
    #[arg(long, value_enum, value_name = "COLUMN", help_heading = "Metrics")]
    pub by: Option<PartName>,
    /// The table: FILE.csv or FILE.parquet (the network goes to FILE-network.csv, flows to FILE-flows.csv) or FILE.json; what
    /// each number is goes to FILE-methods.md, periods and kinds to FILE-by-time.csv and the like. FILE.png, FILE.svg or FILE.pdf
    /// is a figure of flows against distance
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,
    /// The title of the figure, and of the note on methods beside tables
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT", help_heading = "Output")]
    pub title: String,
    /// Tell every group of metrics and every metric, with its unit and source; takes no files
    #[arg(long, exclusive = true, help_heading = "Metrics")]
    pub list: bool,
}

/// Which metrics, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Metrics")]
pub struct MeasureArgs {
    /// Metrics or groups of metrics, separated by commas; `default` is what is quick, `all` everything [see --list]
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub metrics: Vec<String>,
    /// The distance along a flow: weight (1/weight), weight^A (1/weight^A), share (-ln of the share of its origin's
    /// flows), km, or steps
    #[arg(long, default_value = "weight", value_parser = options::distance)]
    pub distance: Distance,
    /// Places whose shortest paths estimate betweenness_sampled; more than there are make it exact
    #[arg(long, default_value_t = Measures::default().sources, value_name = "N")]
    pub sources: usize,
    /// Random networks that `chance` compares with
    #[arg(long, default_value_t = Measures::default().random_networks, value_name = "N")]
    pub random_networks: usize,
    /// Seed of what is drawn at random: sources and random networks
    #[arg(long, default_value_t = Measures::default().seed, value_name = "N")]
    pub metrics_seed: u64,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub measures: MeasureArgs,
    /// Everything, styled for QGIS: FILE.gpkg; one layer: FILE.geojson, .fgb, .shp, .kml, .csv or .parquet; FILE.graphml or FILE.gexf, the
    /// network of all places and flows with their metrics
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,
    /// What to write where a file holds one layer: the flows as drawn, the places with their metrics, or, as CSV, the two
    /// sheets that flowmap.blue reads
    #[arg(long, value_enum, default_value_t = LayerName::Flows, help_heading = "Output")]
    pub layer: LayerName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LayerName {
    Flows,
    Places,
    Sheets,
}

/// The two files, their columns, and the rows to use.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// Places: GeoJSON, CSV, Parquet or any GDAL vector file; `FILE|LAYER` picks a layer
    pub places: String,
    /// Flows: GeoJSON, CSV, Parquet or any GDAL vector file; `FILE|LAYER` picks a layer
    pub flows: String,
    /// Keep rows whose column has this value; repeat for more columns or more values
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = column_value, help_heading = "Data")]
    pub filter: Vec<(String, String)>,
    /// What the weights are: counts that may be summed, or ranks
    #[arg(long, value_enum, default_value_t = WeightsName::Measured, help_heading = "Data")]
    pub weights: WeightsName,
    /// What is counted, as the legend says it
    #[arg(long, default_value = "", hide_default_value = true, help_heading = "Data")]
    pub measure: String,
    /// Unit of the weights, plural: persons
    #[arg(long, default_value = "", hide_default_value = true, help_heading = "Data")]
    pub unit: String,
    /// When [default: the times of the flows]
    #[arg(long, default_value = "", hide_default_value = true, help_heading = "Data")]
    pub period: String,
    #[command(flatten)]
    pub columns: ColumnArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum WeightsName {
    Measured,
    Ordinal,
}

/// Names of columns where they are not the standard ones.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Columns")]
pub struct ColumnArgs {
    /// Places: identifier [default: id]
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// Places: name shown on the map [default: name]
    #[arg(long, value_name = "COLUMN")]
    pub name: Option<String>,
    /// Places: longitude in degrees [default: lon]
    #[arg(long, value_name = "COLUMN")]
    pub lon: Option<String>,
    /// Places: latitude in degrees [default: lat]
    #[arg(long, value_name = "COLUMN")]
    pub lat: Option<String>,
    /// Places: planar x [default: x]
    #[arg(long, value_name = "COLUMN")]
    pub x: Option<String>,
    /// Places: planar y, upwards [default: y]
    #[arg(long, value_name = "COLUMN")]
    pub y: Option<String>,
    /// Places: population [default: population]
    #[arg(long, value_name = "COLUMN")]
    pub population: Option<String>,
    /// Flows: id of the place where it starts [default: origin]
    #[arg(long, value_name = "COLUMN")]
    pub origin: Option<String>,
    /// Flows: id of the place where it ends [default: dest or destination]
    #[arg(long, alias = "destination", value_name = "COLUMN")]
    pub dest: Option<String>,
    /// Flows: weight [default: count, weight or value]
    #[arg(long, value_name = "COLUMN")]
    pub weight: Option<String>,
    /// Flows: kind of movement [default: kind]
    #[arg(long, value_name = "COLUMN")]
    pub kind: Option<String>,
    /// Flows: period [default: time]
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// Flows that are lines without columns for their ends: how far these may lie from places, in km or planar units [default: 1 km]
    #[arg(long, value_parser = weight, value_name = "DISTANCE", allow_negative_numbers = true)]
    pub tolerance: Option<f64>,
}

/// What the map shows, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Map")]
pub struct PageArgs {
    /// Title as printed
    #[arg(long, default_value = "", hide_default_value = true)]
    pub title: String,
    /// Subtitle as printed
    #[arg(long, default_value = "", hide_default_value = true)]
    pub subtitle: String,
    /// A sentence at the foot; repeat for more
    #[arg(long)]
    pub note: Vec<String>,
    /// A source named at the foot; repeat for more
    #[arg(long)]
    pub source: Vec<String>,
    /// Language of the words that flowatlas adds: en, es or fr
    #[arg(long, default_value = "en", value_parser = language)]
    pub language: Language,
    /// Layout of the flows: lines, or a matrix of origins by destinations
    #[arg(long, default_value = options::DEFAULT_LAYOUT, value_parser = layout())]
    pub layout: Drawing,
    /// auto (equal-area, by the extent), none (planar x and y as they are), EPSG:n or "+proj=…"
    #[arg(long, default_value = "auto")]
    pub projection: String,
    /// Name of a style, or a .toml file
    #[arg(long, default_value = styles::DEFAULT)]
    pub style: String,
    /// A font of your own (.ttf, .otf, .ttc) to try before the bundled ones; repeat for more
    #[arg(long, value_name = "FILE")]
    pub font: Vec<PathBuf>,
    /// Column of the places with a second name, such as one in another script, to stand under the first
    #[arg(long, value_name = "COLUMN")]
    pub second_name: Option<String>,
    /// What the frame shows: flows, places, or west,south,east,north in degrees or planar units
    #[arg(long, default_value = "flows", value_parser = options::parse_extent, allow_hyphen_values = true)]
    pub extent: Extent,
    /// Base map: auto (countries of the world, and the borders of places that are polygons), none, or polygons with id, name and kind
    /// (country, division, lake) in any vector file; `FILE|LAYER` picks a layer; repeat for more
    #[arg(long, default_value = "auto", value_name = "FILE")]
    pub base: Vec<String>,
    /// Page width in millimetres [default: the style's, 175 for reports]
    #[arg(long, value_parser = page_mm, value_name = "MM")]
    pub width_mm: Option<f64>,
    /// Page height in millimetres [default: what the extent needs]
    #[arg(long, value_parser = page_mm, value_name = "MM")]
    pub height_mm: Option<f64>,
    /// Width of the widest flow in millimetres, exactly [default: the style's, less where flows crowd the map]
    #[arg(long, value_parser = symbol_mm, value_name = "MM")]
    pub flow_width_mm: Option<f64>,
    /// Radius of every place in millimetres, exactly [default: by the total of the place, as the style says]
    #[arg(long, value_parser = symbol_mm, value_name = "MM")]
    pub place_radius_mm: Option<f64>,
    /// Join places that lie close together and move little, until N are left
    #[arg(long, value_parser = clusters, value_name = "N")]
    pub cluster: Option<usize>,
    /// Join places only where this column of the places says the same
    #[arg(long, requires = "cluster", value_name = "COLUMN")]
    pub cluster_within: Option<String>,
    /// What a line stands for: each direction, the difference of both (net), or their sum (gross)
    #[arg(long, default_value = options::DEFAULT_VIEW, value_parser = view())]
    pub view: View,
    /// Show the N largest flows only
    #[arg(long, value_parser = count, value_name = "N", allow_negative_numbers = true)]
    pub top: Option<usize>,
    /// Show the largest flows that carry this share of the total, 0 to 1
    #[arg(long, value_parser = share, value_name = "SHARE")]
    pub share: Option<f64>,
    /// Show flows of at least this weight
    #[arg(long, value_parser = weight, value_name = "WEIGHT", allow_negative_numbers = true)]
    pub threshold: Option<f64>,
    /// Draw flows whose rows have this value as uncertain: hollow, thin ones dashed, or paler among kinds; repeat for more
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = column_value)]
    pub uncertain: Vec<(String, String)>,
    /// What the circles of places show: total (in and out together), or in-out (a half for each)
    #[arg(long, default_value = options::DEFAULT_CIRCLES, value_parser = circles())]
    pub circles: Circles,
    /// Size places by a column of theirs or a metric: betweenness
    #[arg(long, value_name = "NAME", conflicts_with = "place_radius_mm")]
    pub size_by: Option<String>,
    /// Colour places, and the flows within each group of them, by a column of theirs or a metric: community
    #[arg(long, value_name = "NAME")]
    pub color_by: Option<String>,
    /// Write numbers beside the N largest flows
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub values: usize,
    /// Draw flows from a place to itself as rings around it
    #[arg(long)]
    pub rings: bool,
    /// Magnify places that crowd each other in a box of their own, where the map is emptiest
    #[arg(long)]
    pub magnify: bool,
    /// Seed of the layout
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Seconds after which the layout stops with the best so far [default: no limit]
    #[arg(long, value_parser = seconds, value_name = "S")]
    pub layout_seconds: Option<f64>,
}

fn seconds(text: &str) -> Result<f64, String> {
    number_within(text, options::LAYOUT_SECONDS)
}

fn number_within(text: &str, (least, most): (f64, f64)) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| format!("\"{text}\" is not a number"))?;
    match (least..=most).contains(&number) {
        true => Ok(number),
        false if most.total_cmp(&f64::MAX).is_eq() => Err(format!("expected a number of at least {least}")),
        false => Err(format!("expected a number from {least} to {most}")),
    }
}

fn layout() -> impl TypedValueParser<Value = Drawing> {
    let names = options::LAYOUTS.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).try_map(|name| options::layout(&name))
}

fn circles() -> impl TypedValueParser<Value = Circles> {
    let names = options::CIRCLES.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).try_map(|name| options::circles(&name))
}

fn view() -> impl TypedValueParser<Value = View> {
    let names = options::VIEWS.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).try_map(|name| options::view(&name))
}

fn clusters(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(places) if places > 0 => Ok(places),
        _ => Err(format!("expected a whole number from 1, found \"{text}\"")),
    }
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0, found \"{text}\""))
}

/// A system that is asked for far more threads than it has cores never comes to work.
fn threads(text: &str) -> Result<usize, String> {
    const MOST: usize = 1024;
    let threads = count(text)?;
    if threads <= MOST { Ok(threads) } else { Err(format!("expected a whole number from 0 to {MOST}")) }
}

fn dpi(text: &str) -> Result<f64, String> {
    number_within(text, options::DPI)
}

fn page_mm(text: &str) -> Result<f64, String> {
    number_within(text, options::PAGE_MM)
}

fn symbol_mm(text: &str) -> Result<f64, String> {
    number_within(text, options::SYMBOL_MM)
}

fn share(text: &str) -> Result<f64, String> {
    number_within(text, (0.0, 1.0))
}

fn weight(text: &str) -> Result<f64, String> {
    number_within(text, (0.0, f64::MAX))
}

fn language(text: &str) -> Result<Language, String> {
    text.parse()
}

fn column_value(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or_else(|| format!("expected COLUMN=VALUE, found \"{text}\""))?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}
