//! Places that lie close together become one.

use std::collections::{BTreeMap, BTreeSet};

use flowatlas_model::{Atlas, Column, Flow, FlowTable, Place, PlaceIndex, Table, Value, WeightKind, positions};
use geo::{MultiPolygon, algorithm::unary_union};

use crate::{
    error::{Error, nearest},
    groups::{Group, Particle, agglomerate},
};

/// How places are to be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// How many places should be left; more are where regions keep them apart.
    pub places: usize,
    /// The column of the places that names the region of each: places of different regions are never joined, and one
    /// without a region stays alone. `None` where any may be joined.
    pub within: Option<String>,
}

/// Places and flows in which clusters stand for their members.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustered {
    /// One place for each cluster, in the order of their heaviest members.
    pub atlas: Atlas,
    /// The rows as they were, between clusters: those inside one are self-flows.
    pub flows: FlowTable,
    /// What became what.
    pub clustering: Clustering,
}

/// Which places each cluster stands for, and what can no longer be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// How many places were asked for.
    pub wanted: usize,
    /// The members of each cluster, in the order of the new places; heaviest first, equals by id.
    pub members: Vec<Vec<PlaceIndex>>,
    /// Rows between different places of one cluster.
    pub internal_rows: usize,
    /// Their weight; `None` for ordinal weights.
    pub internal_weight: Option<f64>,
    /// How many links led from a place to itself before places were joined.
    pub self_links: usize,
}

/// Joins places until as many are left as asked for, those first that are near each other and move little.
///
/// The weight of a place is what arrives and leaves, without self-flows; of ordinal flows each counts as one. Joining two
/// places costs distance × √(w₁ w₂ / (w₁ + w₂)), the distance along the great circle or on the plane; the cheapest pair is
/// joined first, equal ones by distance, then by id. The result depends neither on the order of the places nor on that
/// of the rows.
///
/// A cluster takes the id of its heaviest member (equals by id), the name of that member with the number of the others
/// (`Lima + 3`), and the mean position of all, by weight. Its area is that of all members together, without the borders
/// between them, and its population their sum, each where all members have one; its attributes are those on which all
/// members agree. A place that was not joined stays as it is.
///
/// Takes about places² steps.
///
/// # Errors
/// [`Error::UnknownRegions`] where the places have no column of the name asked for.
///
/// # Panics
/// Panics if a flow names a place that is not in the atlas.
pub fn cluster(atlas: &Atlas, flows: &FlowTable, weights: WeightKind, grouping: &Grouping) -> Result<Clustered, Error> {
    let ids = by_id(atlas);
    let turnover = turnover(atlas, flows, weights);
    let regions = regions(atlas, grouping.within.as_deref())?;
    let particle = |&place: &usize| Particle {
        at: positions::vector(atlas.coordinates, atlas.places[place].at),
        weight: turnover[place],
        region: regions[place],
    };
    let particles: Vec<Particle> = ids.iter().map(particle).collect();
    let mut groups = agglomerate(&particles, atlas.coordinates, grouping.places);
    groups.sort_by_key(|group| ids[group.head]);
    for group in &mut groups {
        group.members.sort_by(|&a, &b| particles[b].weight.total_cmp(&particles[a].weight).then(a.cmp(&b)));
    }
    let place = |number: &usize| PlaceIndex(ids[*number] as u32);
    let members: Vec<Vec<PlaceIndex>> = groups.iter().map(|g| g.members.iter().map(place).collect()).collect();
    let joined = joined_flows(flows, &cluster_of(&members, ids.len()));
    let inside = inside(flows, &joined);
    let internal_weight = (weights == WeightKind::Measured).then(|| sum(inside.iter().filter_map(|f| f.weight)));
    let internal_rows = inside.len();
    Ok(Clustered {
        atlas: joined_atlas(atlas, &groups, &members),
        flows: joined,
        clustering: Clustering {
            wanted: grouping.places,
            members,
            internal_rows,
            internal_weight,
            self_links: self_links(flows),
        },
    })
}

/// Returns the places in the order of their ids.
fn by_id(atlas: &Atlas) -> Vec<usize> {
    let mut places: Vec<usize> = (0..atlas.places.len()).collect();
    places.sort_by(|&a, &b| atlas.places[a].id.cmp(&atlas.places[b].id));
    places
}

/// Returns what moves in and out of each place.
fn turnover(atlas: &Atlas, flows: &FlowTable, weights: WeightKind) -> Vec<f64> {
    let mut ends: Vec<Vec<f64>> = vec![Vec::new(); atlas.places.len()];
    for flow in flows.flows.iter().filter(|flow| flow.origin != flow.destination) {
        let weight = if weights == WeightKind::Ordinal { 1.0 } else { flow.weight.unwrap_or(0.0) };
        ends[flow.origin.index()].push(weight);
        ends[flow.destination.index()].push(weight);
    }
    ends.into_iter().map(|weights| sum(weights.into_iter())).collect()
}

/// Returns the sum, the smallest first: the same bits in any order of the rows.
fn sum(weights: impl Iterator<Item = f64>) -> f64 {
    let mut weights: Vec<f64> = weights.collect();
    weights.sort_unstable_by(f64::total_cmp);
    // An empty sum of floats is -0.
    weights.into_iter().fold(0.0, |sum, weight| sum + weight)
}

/// Returns the number of each place's region, in the order of their names; one region where none are asked for.
fn regions(atlas: &Atlas, column: Option<&str>) -> Result<Vec<Option<u32>>, Error> {
    let Some(name) = column else {
        return Ok(vec![Some(0); atlas.places.len()]);
    };
    let column = atlas.attributes.column(name).ok_or_else(|| unknown(atlas, name))?;
    let named = |value: &Value| Some(value.to_text()).filter(|text| !text.is_empty());
    let names: BTreeSet<String> = column.values.iter().filter_map(named).collect();
    let numbers: BTreeMap<String, u32> = names.into_iter().zip(0..).collect();
    Ok(column.values.iter().map(|value| named(value).map(|name| numbers[&name])).collect())
}

fn unknown(atlas: &Atlas, name: &str) -> Error {
    let columns: Vec<String> = atlas.attributes.columns().iter().map(|c| c.name.clone()).collect();
    Error::UnknownRegions { name: name.to_owned(), nearest: nearest(name, &columns), columns }
}

/// Returns the new place of each old one.
fn cluster_of(members: &[Vec<PlaceIndex>], places: usize) -> Vec<PlaceIndex> {
    let mut clusters = vec![PlaceIndex(0); places];
    for (cluster, members) in (0..).zip(members) {
        for member in members {
            clusters[member.index()] = PlaceIndex(cluster);
        }
    }
    clusters
}

fn joined_flows(flows: &FlowTable, cluster_of: &[PlaceIndex]) -> FlowTable {
    let joined = |flow: &Flow| Flow {
        origin: cluster_of[flow.origin.index()],
        destination: cluster_of[flow.destination.index()],
        ..flow.clone()
    };
    FlowTable { flows: flows.flows.iter().map(joined).collect(), attributes: flows.attributes.clone() }
}

/// Returns the flows between different places that have become self-flows.
fn inside<'a>(flows: &'a FlowTable, joined: &FlowTable) -> Vec<&'a Flow> {
    let pairs = flows.flows.iter().zip(&joined.flows);
    let inside = pairs.filter(|(old, new)| old.origin != old.destination && new.origin == new.destination);
    inside.map(|(old, _)| old).collect()
}

/// Returns how many links, one for each place and kind, the self-flows of these rows are.
fn self_links(flows: &FlowTable) -> usize {
    let own = flows.flows.iter().filter(|flow| flow.origin == flow.destination);
    own.map(|flow| (flow.origin, &flow.kind)).collect::<BTreeSet<_>>().len()
}

fn joined_atlas(atlas: &Atlas, groups: &[Group], members: &[Vec<PlaceIndex>]) -> Atlas {
    let places = groups.iter().zip(members).map(|(group, members)| joined_place(atlas, group, members)).collect();
    let mut attributes = Table::with_rows(groups.len());
    for column in atlas.attributes.columns() {
        let values = members.iter().map(|members| agreed(column, members)).collect();
        attributes.push(Column { name: column.name.clone(), values });
    }
    Atlas { coordinates: atlas.coordinates, places, attributes, ..Atlas::default() }
}

fn joined_place(atlas: &Atlas, group: &Group, members: &[PlaceIndex]) -> Place {
    let head = atlas.place(members[0]);
    if members.len() == 1 {
        return head.clone();
    }
    Place {
        id: head.id.clone(),
        name: format!("{} + {}", head.name, members.len() - 1),
        at: positions::position(atlas.coordinates, group.at),
        area: joined_area(atlas, members),
        population: members.iter().map(|&member| atlas.place(member).population).sum(),
    }
}

/// Returns the areas of all members as one, if each has one.
fn joined_area(atlas: &Atlas, members: &[PlaceIndex]) -> Option<MultiPolygon<f64>> {
    let areas: Vec<&MultiPolygon<f64>> =
        members.iter().map(|&member| atlas.place(member).area.as_ref()).collect::<Option<_>>()?;
    Some(unary_union(areas))
}

/// Returns the value that all members share, or a missing one where they differ.
fn agreed(column: &Column, members: &[PlaceIndex]) -> Value {
    let mut values = members.iter().map(|member| &column.values[member.index()]);
    let first = values.next().unwrap_or(&Value::Missing);
    if values.all(|value| value == first) { first.clone() } else { Value::Missing }
}
