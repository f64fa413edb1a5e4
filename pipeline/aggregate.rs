//! From records to the files that every other command reads: what `flowatlas aggregate` does.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use flowatlas_export::{self as export, report::LayerReport};
use flowatlas_ingest::{PlaceColumns, Source, read_places};
use flowatlas_model::{Atlas, Coordinates, Field, FieldKind, Layer, Place, Shapes, Value};
use flowatlas_records::{Engine, Flows, Limits, Pair, Share, Tally, Text, Watch, Wish, Zones, ZonesWish};
use geo::{Coord, LineString, MultiLineString, MultiPolygon};
use serde_json::json;

use crate::{
    error::Error,
    outputs::{Output, stem_of, write_all},
    report::layer_remarks,
};

/// What a table of flows is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table.
    Csv,
    /// A table of typed columns.
    Parquet,
    /// Features: lines between the insides of zones; without zones, features without a shape.
    Geojson,
}

/// Whether what was suppressed is told in sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressedTotal {
    /// The report says how many records were suppressed, and their weight.
    Kept,
    /// It does not, nor anything that tells it by subtraction.
    Hidden,
}

/// What is asked for.
#[derive(Debug)]
pub struct AggregatePlan {
    /// Which records, and how they are grouped; without the zones, which are read here.
    pub wish: Wish,
    /// The polygons that coordinates are assigned to, and their column of identifiers where it is not the usual one.
    pub zones: Option<(Source, Option<String>)>,
    /// Whether what was suppressed is told in sum.
    pub suppressed_total: SuppressedTotal,
    /// What this machine gives.
    pub limits: Limits,
    /// The scheduler of the machines that do the work, `df://HOST:PORT`; `None` for this one.
    pub cluster: Option<String>,
    /// The table of flows.
    pub output: PathBuf,
    /// Its format.
    pub format: Format,
}

/// What was done.
#[derive(Debug)]
pub struct Aggregated {
    /// The files, in the order in which they are told.
    pub files: Vec<PathBuf>,
    /// What became of the records, a sentence each.
    pub lines: Vec<String>,
}

/// Aggregates records and writes the flows, the places where they are zones (`…-places`), and `report.json` beside.
///
/// # Errors
/// Fails where records or zones cannot be read, an expression makes no sense, the engine stops, or a file cannot be written; no file is
/// changed then.
pub fn aggregate(plan: &AggregatePlan, watch: Watch) -> Result<Aggregated, Error> {
    let read = plan.zones.as_ref().map(|(source, id)| read_zones(source, id.as_ref())).transpose()?;
    let (atlas, layer) = read.unzip();
    let zones = atlas.as_ref().map(|atlas| Arc::new(Zones::of_places(atlas)));
    let names = OutputNames::of(plan);
    let wish = Wish {
        zones: plan.zones.as_ref().zip(zones.clone()).map(zones_wish),
        outputs: names.all(),
        ..plan.wish.clone()
    };
    let engine = match &plan.cluster {
        None => Engine::embedded(&plan.limits, zones)?,
        Some(url) => over_cluster(url, zones, plan.limits.remote)?,
    };
    let flows = flowatlas_records::aggregate(&engine, &wish, watch)?;
    // Tables have no column for shapes.
    let drawn = atlas.as_ref().filter(|_| plan.format == Format::Geojson);
    let mut outputs = vec![Output { path: names.flows, bytes: bytes(&flow_layer(&flows, &wish, drawn), plan.format) }];
    if let Some((path, atlas)) = names.places.zip(atlas.as_ref()) {
        outputs.push(Output { path, bytes: bytes(&place_layer(atlas, plan.format), plan.format) });
    }
    let report =
        serde_json::to_vec_pretty(&report(plan, &flows, layer.as_ref())).expect("numbers and texts, written to memory");
    outputs.push(Output { path: names.report, bytes: report });
    write_all(&outputs)?;
    let of_zones = layer.iter().flat_map(layer_remarks).map(|remark| format!("note: {remark}"));
    let lines = lines(plan, &flows).into_iter().chain(of_zones).chain(atlas.as_ref().and_then(without_area)).collect();
    Ok(Aggregated { files: outputs.into_iter().map(|o| o.path).collect(), lines })
}

/// The files that are written.
struct OutputNames {
    flows: PathBuf,
    places: Option<PathBuf>,
    report: PathBuf,
}

impl OutputNames {
    fn of(plan: &AggregatePlan) -> Self {
        let flows = plan.output.clone();
        let ending = flows.extension().map_or_else(String::new, |e| e.to_string_lossy().into_owned());
        let places = flows.with_file_name(format!("{}-places.{ending}", stem_of(&flows)));
        let report = flows.with_file_name("report.json");
        OutputNames { places: plan.zones.is_some().then_some(places), flows, report }
    }

    fn all(&self) -> Vec<PathBuf> {
        [Some(&self.flows), self.places.as_ref(), Some(&self.report)].into_iter().flatten().cloned().collect()
    }
}

#[cfg(feature = "cluster")]
fn over_cluster(url: &str, zones: Option<Arc<Zones>>, remote: bool) -> Result<Engine, Error> {
    let session = async |config| {
        flowatlas_cluster::session(url, config, remote)
            .await
            .map_err(|e| flowatlas_records::Error::Setup(e.to_string()))
    };
    Ok(Engine::over(session, zones)?)
}

#[cfg(not(feature = "cluster"))]
fn over_cluster(_: &str, _: Option<Arc<Zones>>, _: bool) -> Result<Engine, Error> {
    let lacking = "this build does not send work to other machines; build with --features cluster (make records)";
    Err(Error::Usage(lacking.to_owned()))
}

/// Returns the zones, and how their layer was read.
fn read_zones(source: &Source, id: Option<&String>) -> Result<(Atlas, LayerReport), Error> {
    let columns = PlaceColumns { id: id.cloned(), ..PlaceColumns::default() };
    let intake = read_places(source, &columns)?;
    Ok((intake.value, LayerReport::new("places", "", intake.tally, &intake.problems)))
}

/// Tells how many places are points, in which no coordinate lies.
fn without_area(atlas: &Atlas) -> Option<String> {
    let points = atlas.places.iter().filter(|place| place.area.is_none()).count();
    let of = atlas.places.len();
    (points > 0).then(|| format!("note: {points} of the {of} places are no polygons, and no coordinate lies in them"))
}

/// Zones go by their whole path: other machines start elsewhere.
fn zones_wish(((source, id), zones): (&(Source, Option<String>), Arc<Zones>)) -> ZonesWish {
    let path = source.path.canonicalize().unwrap_or_else(|_| source.path.clone());
    let layer = source.layer.as_ref().map_or_else(String::new, |layer| format!("|{layer}"));
    ZonesWish { layer: format!("{}{layer}", path.display()), id_column: id.clone().unwrap_or_default(), zones }
}

fn bytes(layer: &Layer, format: Format) -> Vec<u8> {
    match format {
        Format::Csv => export::layer_csv(layer),
        Format::Parquet => export::layer_parquet(layer),
        Format::Geojson => export::layer_geojson(layer),
    }
}

/// Returns the flows as a layer with the columns that every command knows.
fn flow_layer(flows: &Flows, wish: &Wish, atlas: Option<&Atlas>) -> Layer {
    let texts: Vec<Arc<str>> = flows.texts.iter().map(|text| Arc::from(text.as_str())).collect();
    let column = |cell: &dyn Fn(&Pair) -> Value| flows.pairs.iter().map(cell).collect::<Vec<Value>>();
    let text = |text: Text| Value::Text(Arc::clone(&texts[text.position()]));
    let optional = |name: Option<Text>| name.map_or(Value::Missing, text);
    let field = |name: &str, kind, values| Field { kind, ..Field::new(name, values) };
    let whole = wish.weight.is_none() || flows.pairs.iter().filter_map(|p| p.sum).all(|s| s.whole_weight().is_some());
    let weight = |share: &Share| match share.whole_weight().filter(|_| whole) {
        Some(weight) => Value::Integer(weight),
        None => Value::Real(share.weight()),
    };
    let of_sum = |cell: &dyn Fn(&Share) -> Value| column(&|p| p.sum.as_ref().map_or(Value::Missing, cell));
    let weight_kind = if whole { FieldKind::Integer } else { FieldKind::Real };
    let mut fields = vec![
        field("origin", FieldKind::Text, column(&|p| text(p.origin))),
        field("dest", FieldKind::Text, column(&|p| text(p.dest))),
        field("count", weight_kind, of_sum(&weight)),
    ];
    if wish.weight.is_some() {
        fields.push(field("records", FieldKind::Integer, of_sum(&|s| Value::Integer(s.records as i64))));
    }
    if wish.period.is_some() {
        fields.push(field("time", FieldKind::Text, column(&|p| optional(p.time))));
    }
    if wish.kind.is_some() {
        fields.push(field("kind", FieldKind::Text, column(&|p| optional(p.kind))));
    }
    let coordinates = atlas.map_or(Coordinates::Geographic, |atlas| atlas.coordinates);
    let shapes = atlas.map_or(Shapes::None(flows.pairs.len()), |atlas| lines_between(flows, atlas));
    layer("flows", coordinates, (shapes, fields))
}

fn layer(name: &str, coordinates: Coordinates, (shapes, fields): (Shapes, Vec<Field>)) -> Layer {
    Layer { name: name.to_owned(), title: String::new(), description: String::new(), coordinates, shapes, fields }
}

/// Returns a straight line from zone to zone for each flow; none where a flow stays, or where an end is no zone.
fn lines_between(flows: &Flows, atlas: &Atlas) -> Shapes {
    let at: HashMap<&str, Coord<f64>> = atlas.places.iter().map(|place| (place.id.as_str(), place.at)).collect();
    let line = |pair: &Pair| {
        let ends = [pair.origin, pair.dest].map(|end| at.get(flows.text(end)).copied());
        match ends {
            [Some(a), Some(b)] if a != b => MultiLineString::new(vec![LineString::new(vec![a, b])]),
            _ => MultiLineString::new(Vec::new()),
        }
    };
    Shapes::Lines(flows.pairs.iter().map(line).collect())
}

/// Returns the zones: areas in GeoJSON, in tables a point inside each.
fn place_layer(atlas: &Atlas, format: Format) -> Layer {
    let none = MultiPolygon::new(Vec::new());
    let shapes = match format {
        Format::Geojson => {
            Shapes::Areas(atlas.places.iter().map(|p| p.area.as_ref().unwrap_or(&none).clone()).collect())
        }
        Format::Csv | Format::Parquet => Shapes::Points(atlas.places.iter().map(|place| place.at).collect()),
    };
    let text = |text: &str| Value::Text(Arc::from(text));
    let column = |name: &str, cell: &dyn Fn(&Place) -> Value| Field {
        kind: FieldKind::Text,
        ..Field::new(name, atlas.places.iter().map(cell).collect())
    };
    let fields = vec![column("id", &|place| text(&place.id)), column("name", &|place| text(&place.name))];
    layer("places", atlas.coordinates, (shapes, fields))
}

/// Returns what a report says of records: how many in each part, what they weigh, and whether the parts are the whole.
fn report(plan: &AggregatePlan, flows: &Flows, zones: Option<&LayerReport>) -> serde_json::Value {
    let (tally, wish) = (&flows.tally, &plan.wish);
    let hidden = hides(plan, tally);
    let parts = parts(tally);
    let told = |name: &str| !(hidden && ["read", "suppressed"].contains(&name));
    let of = |number: &dyn Fn(&Share) -> serde_json::Value| {
        let parts = parts.iter().filter(|(name, _)| told(name));
        parts.map(|(name, share)| ((*name).to_owned(), number(share))).collect::<serde_json::Map<_, _>>()
    };
    let mut records = of(&|share| json!(share.records));
    if let Some(held) = tally.held.filter(|_| !hidden) {
        records.insert("held".to_owned(), json!(held));
        records.insert("left_out_by_where".to_owned(), json!(held - tally.read.records));
    }
    let column = |(name, expression): &(String, String)| json!({ "name": name, "expression": expression });
    let columns: Vec<_> = wish.columns.iter().map(column).collect();
    json!({
        "program": concat!("flowatlas ", env!("CARGO_PKG_VERSION")),
        "records_read_from": wish.records,
        "zones": zones,
        "wish": {
            "columns": columns,
            "origin": wish.origin, "dest": wish.dest, "weight": wish.weight, "period": wish.period, "kind": wish.kind,
            "where": wish.filter, "suppress_below": wish.suppress_below,
        },
        "flows": flows.pairs.len() as u64,
        "suppressed_flows": tally.suppressed_flows,
        "records": records,
        "weight": of(&|share| json!(share.weight())),
        "reconciles": tally.reconciles(),
        "without_time": tally.without_time,
        "without_kind": tally.without_kind,
    })
}

/// Says whether there is a sum that must not be told.
fn hides(plan: &AggregatePlan, tally: &Tally) -> bool {
    plan.suppressed_total == SuppressedTotal::Hidden && tally.suppressed_flows > 0
}

/// Returns the parts that records were spent on, by the names that a report gives them; the first is their sum.
fn parts(tally: &Tally) -> [(&'static str, Share); 7] {
    [
        ("read", tally.read),
        ("assigned", tally.assigned),
        ("suppressed", tally.suppressed),
        ("outside_zones", tally.outside),
        ("unknown_place", tally.unknown),
        ("without_end", tally.without_end),
        ("unreadable_weight", tally.without_weight),
    ]
}

/// Returns what became of the records in words, a line for what there is of each.
fn lines(plan: &AggregatePlan, flows: &Flows) -> Vec<String> {
    let (tally, told) = (&flows.tally, flows.pairs.len() as u64 - flows.tally.suppressed_flows);
    let hidden = hides(plan, tally);
    let of = if hidden { "the".to_owned() } else { tally.read.records.to_string() };
    let mut lines = vec![format!("{} of {of} records make {told} flows", tally.assigned.records)];
    let mut note = |records: u64, what: &str| {
        if records > 0 {
            lines.push(format!("note: {records} records {what}"));
        }
    };
    if let Some(held) = tally.held.filter(|_| !hidden) {
        note(held - tally.read.records, "were left out by --where");
    }
    note(tally.outside.records, "have an end outside of all zones");
    note(tally.unknown.records, "have an end that is no zone's id");
    note(tally.without_end.records, "lack an origin or a destination, or their coordinates cannot be read");
    note(tally.without_weight.records, "have a weight that is missing, negative or no number");
    note(tally.without_time, "of the flows name no period");
    note(tally.without_kind, "of the flows name no kind");
    if tally.suppressed_flows > 0 {
        let least = plan.wish.suppress_below;
        let records = if hidden { String::new() } else { format!(", {} in all", tally.suppressed.records) };
        lines.push(format!(
            "note: {} flows of fewer than {least} records are not told{records}",
            tally.suppressed_flows
        ));
    }
    lines
}
