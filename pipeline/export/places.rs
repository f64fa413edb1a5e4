//! Places as a GeoJSON layer: their shape, their metrics, their attributes.

use flowatlas_model::{Atlas, Column, Coordinates, Look, MetricTable, OdGraph, Place};
use serde_json::{Map, Value};

use crate::{
    flows::group,
    geometry, number, properties,
    within::{self, Within, within},
};

/// What a layer of places is made of.
#[derive(Debug, Clone, Copy)]
pub struct PlaceLayer<'a> {
    /// The name of the layer.
    pub name: &'a str,
    /// The places.
    pub atlas: &'a Atlas,
    /// The flows between them, all of the network.
    pub graph: &'a OdGraph,
    /// Their metrics, in atlas order.
    pub metrics: &'a MetricTable,
    /// How the places stand on the map, for the properties that styles of the layer ask for; `None` for none of them.
    pub look: Option<&'a Look>,
}

/// Returns the places as GeoJSON (RFC 7946): `id`, `name`, flows within the place where there are any, one property per metric, then the
/// source's attributes.
///
/// A place with an area is written as its area, any other as its point. Undefined metrics are `null`. A source
/// attribute whose name is taken is left out where it repeats the property, else written as `source_NAME`.
/// A planar atlas keeps its own coordinates and says so in the collection's member `coordinates`.
pub fn places_geojson(layer: &PlaceLayer) -> Vec<u8> {
    let shapes = layer.atlas.places.iter().map(geometry::place);
    let planar = layer.atlas.coordinates == Coordinates::Planar;
    properties::collection(layer.name, planar, shapes.zip(place_properties(*layer)))
}

/// Returns what is said about every place, in atlas order.
pub(crate) fn place_properties(layer: PlaceLayer<'_>) -> impl Iterator<Item = Map<String, Value>> + '_ {
    let drawn = layer.look.map_or(&[][..], |look| match look.symbols.has_halves() {
        true => &["role", "total", "total_out", "total_in"],
        false => &["role", "total"],
    });
    let metrics = layer.metrics.places.iter().map(|m| m.info.id);
    let own_flows = within(layer.graph, layer.atlas.places.len());
    let sums =
        own_flows.iter().flat_map(|own| [Some(within::COUNT.0), own.totals.is_some().then_some(within::TOTAL.0)]);
    let grouped = layer.look.and_then(|look| group(look, None)).map(|_| "group");
    let own = ["id", "name"].into_iter().chain(drawn.iter().copied()).chain(grouped);
    let own: Vec<&str> = own.chain(sums.flatten()).chain(metrics).collect();
    let columns = properties::source_columns(&layer.atlas.attributes, &own, |column| repeats(column, &layer));
    layer.atlas.places.iter().enumerate().map(move |(row, place)| {
        let mut properties = own_properties(&layer, (row, place), own_flows.as_ref());
        properties.extend(columns.iter().map(|c| (c.name.clone(), properties::cell(&c.column.values[row]))));
        properties
    })
}

fn own_properties(layer: &PlaceLayer, (row, place): (usize, &Place), within: Option<&Within>) -> Map<String, Value> {
    let mut own = Map::new();
    own.insert("id".into(), Value::from(place.id.as_str()));
    own.insert("name".into(), Value::from(place.name.as_str()));
    if let Some(look) = layer.look {
        let place = look.places[row];
        own.insert("role".into(), place.map_or(Value::Null, |place| Value::from(place.role.word())));
        own.insert("total".into(), number::json_or_null(place.map(|place| place.total)));
        if look.symbols.has_halves() {
            let halves = place.and_then(|place| place.halves);
            own.insert("total_out".into(), number::json_or_null(halves.map(|[out, _]| out)));
            own.insert("total_in".into(), number::json_or_null(halves.map(|[_, into]| into)));
        }
        own.extend(group(look, place.and_then(|place| place.group)));
    }
    own.extend(within.into_iter().flat_map(|within| own_flows(within, row)));
    for metric in &layer.metrics.places {
        own.insert(metric.info.id.into(), number::json_or_null(metric.values[row]));
    }
    own
}

fn own_flows(within: &Within, row: usize) -> Vec<(String, Value)> {
    let count = (within::COUNT.0.to_owned(), Value::from(within.counts[row]));
    let total = within.totals.as_ref().map(|totals| (within::TOTAL.0.to_owned(), number::json_or_null(totals[row])));
    std::iter::once(count).chain(total).collect()
}

fn repeats(column: &Column, layer: &PlaceLayer) -> bool {
    let mut rows = column.values.iter().zip(&layer.atlas.places);
    match column.name.as_str() {
        "id" => rows.all(|(value, place)| value.reads(&place.id)),
        "name" => rows.all(|(value, place)| value.reads(&place.name)),
        _ => false,
    }
}
