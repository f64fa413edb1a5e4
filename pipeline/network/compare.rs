//! Networks side by side: their metrics, the ranks of their places, what their flows have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use flowatlas_model::{
    Atlas, Flow, FlowTable, MetricInfo, MetricTable, NetworkMetric, OdGraph, WeightKind,
    comparison::{Compared, ComparedPlace, Comparison, FlowSeries, NetworkSeries, PlaceSeries},
    names::in_order,
};

use crate::{
    catalog::{network_metrics, place_metrics},
    filter, merge,
    overlap::overlap,
    rows::Frozen,
};

/// A network to be compared, with its metrics.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The name; unique among the members.
    pub label: &'a str,
    /// Unit of the weights; empty where unknown.
    pub unit: &'a str,
    /// The places.
    pub atlas: &'a Atlas,
    /// The graph of these places.
    pub graph: &'a OdGraph,
    /// The metrics of that graph.
    pub metrics: &'a MetricTable,
}

/// What the flows of one table are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The period, in the order of [`in_order`].
    Time,
    /// The kind of movement, in the same order.
    Kind,
}

impl Part {
    fn of(self, flow: &Flow) -> Option<&str> {
        match self {
            Part::Time => flow.time.as_deref(),
            Part::Kind => flow.kind.as_deref(),
        }
    }
}

/// Rows that name no period or kind and so are in no part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unnamed {
    /// How many there are.
    pub rows: usize,
    /// Their known weights together; `None` where none is known.
    pub weight: Option<f64>,
}

/// Returns what is in no part; `None` where every row names one.
pub fn unnamed(table: &FlowTable, part: Part) -> Option<Unnamed> {
    let unnamed = || table.flows.iter().filter(|flow| part.of(flow).is_none());
    let known = || unnamed().filter_map(|flow| flow.weight);
    let (rows, weight) = (unnamed().count(), known().next().map(|_| known().sum()));
    (rows > 0).then_some(Unnamed { rows, weight })
}

/// Returns the graph of the flows of each period or kind, by its name. Flows that name none are in no graph.
pub fn parts(atlas: &Atlas, table: &FlowTable, (weights, part): (WeightKind, Part)) -> Vec<(String, OdGraph)> {
    split(table, part).into_iter().map(|(name, rows)| (name, merge::build(atlas, &rows, weights))).collect()
}

/// Returns the rows of each period or kind, in the order of [`parts`]. Rows that name none are in no part.
pub fn split(table: &FlowTable, part: Part) -> Vec<(String, FlowTable)> {
    let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, flow) in table.flows.iter().enumerate() {
        if let Some(name) = part.of(flow) {
            rows.entry(name).or_default().push(row);
        }
    }
    let mut named: Vec<_> = rows.into_iter().collect();
    named.sort_by(|a, b| in_order(a.0, b.0));
    named.iter().map(|(name, kept)| ((*name).to_owned(), filter::rows(table, kept))).collect()
}

/// Compares networks, each with the one before it. Places are matched by id.
pub fn compare(members: &[Member<'_>]) -> Comparison {
    let (places, positions) = all_places(members);
    let flows = all_flows(members, &positions, places.len());
    let series = |info: &MetricInfo| place_series(info, (members, &positions), places.len());
    let place_metrics: Vec<PlaceSeries> = place_metrics().filter_map(series).collect();
    let networks: Vec<Compared> = members.iter().map(compared).collect();
    let mut comparison = Comparison {
        networks,
        places,
        network_metrics: network_metrics().filter_map(|info| network_series(info, members)).collect(),
        place_metrics,
        flows,
        overlaps: Vec::new(),
        conventions: conventions(members),
    };
    comparison.overlaps = (1..members.len()).map(|after| overlaps(&comparison, &positions, after)).collect();
    comparison
}

fn compared(member: &Member<'_>) -> Compared {
    Compared { label: member.label.to_owned(), unit: member.unit.to_owned(), weights: member.graph.weights }
}

/// Returns every place once, and for each network the position of each of its places among them.
fn all_places(members: &[Member<'_>]) -> (Vec<ComparedPlace>, Vec<Vec<usize>>) {
    let mut places: Vec<ComparedPlace> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut positions = Vec::new();
    for member in members {
        let position = |place: &flowatlas_model::Place, places: &mut Vec<ComparedPlace>| {
            places.push(ComparedPlace { id: place.id.clone(), name: place.name.clone() });
            places.len() - 1
        };
        let of = member.atlas.places.iter();
        positions.push(of.map(|p| *known.entry(&p.id).or_insert_with(|| position(p, &mut places))).collect());
    }
    (places, positions)
}

/// Returns every pair that any network lists, with the weight in each, by origin and destination.
fn all_flows(members: &[Member<'_>], positions: &[Vec<usize>], places: usize) -> Vec<FlowSeries> {
    let mut pairs: BTreeMap<(usize, usize), FlowSeries> = BTreeMap::new();
    let frozen: Vec<Frozen> = members.iter().map(|m| Frozen::new(m.graph)).collect();
    for (frozen, at) in frozen.iter().zip(positions) {
        for (from, row) in frozen.out.iter().enumerate() {
            for cell in row {
                let (origin, destination) = (at[from], at[cell.place as usize]);
                let none = || FlowSeries { origin, destination, weights: Vec::new(), listed: Vec::new() };
                pairs.entry((origin, destination)).or_insert_with(none);
            }
        }
    }
    let has = |network: usize| -> Vec<bool> {
        let mut has = vec![false; places];
        positions[network].iter().for_each(|&p| has[p] = true);
        has
    };
    for (network, (frozen, at)) in frozen.iter().zip(positions).enumerate() {
        let (has, measured) = (has(network), members[network].graph.weights == WeightKind::Measured);
        for flow in pairs.values_mut() {
            flow.weights.push((has[flow.origin] && has[flow.destination] && measured).then_some(0.0));
            flow.listed.push(false);
        }
        for (from, row) in frozen.out.iter().enumerate() {
            for cell in row {
                let flow = pairs.get_mut(&(at[from], at[cell.place as usize])).expect("every pair was entered");
                flow.weights[network] = Some(cell.weight).filter(|&w| w > 0.0);
                flow.listed[network] = true;
            }
        }
    }
    pairs.into_values().collect()
}

fn place_series(
    info: &MetricInfo,
    (members, positions): (&[Member<'_>], &[Vec<usize>]),
    places: usize,
) -> Option<PlaceSeries> {
    let of = |(member, at): (&Member<'_>, &Vec<usize>)| {
        let mut values = vec![None; places];
        if let Some(metric) = member.metrics.places.iter().find(|m| m.info.id == info.id) {
            at.iter().zip(&metric.values).for_each(|(&place, value)| values[place] = *value);
        }
        values
    };
    let values: Vec<Vec<Option<f64>>> = members.iter().zip(positions).map(of).collect();
    let known = members.iter().any(|m| m.metrics.places.iter().any(|p| p.info.id == info.id));
    let last = values.len().saturating_sub(1);
    let lasting = |place: usize| values[0][place].is_some() && values[last][place].is_some();
    let lasting_ranks = values.iter().map(|values| ranks_among(values, lasting)).collect();
    let rank_changes = (0..values.len()).map(|network| rank_changes(&values, network)).collect();
    let ranks = values.iter().map(|values| ranks(values)).collect();
    known.then_some(PlaceSeries { info: info.clone(), values, ranks, rank_changes, lasting_ranks })
}

/// Returns how many ranks each place rose since the network before. Places that only one of them has would push the others up or down
/// without anything having changed between these.
fn rank_changes(values: &[Vec<Option<f64>>], network: usize) -> Vec<Option<f64>> {
    let Some(before) = network.checked_sub(1).map(|before| &values[before]) else {
        return vec![None; values[network].len()];
    };
    let now = &values[network];
    let both = |place: usize| before[place].is_some() && now[place].is_some();
    let [before, now] = [before, now].map(|values| ranks_among(values, both));
    before.iter().zip(&now).map(|(before, now)| Some((*before)? - (*now)?)).collect()
}

/// Returns the rank of each value among those of some places.
fn ranks_among(values: &[Option<f64>], among: impl Fn(usize) -> bool) -> Vec<Option<f64>> {
    let kept = values.iter().enumerate().map(|(place, value)| value.filter(|_| among(place)));
    ranks(&kept.collect::<Vec<_>>())
}

fn network_series(info: &MetricInfo, members: &[Member<'_>]) -> Option<NetworkSeries> {
    let of = |member: &Member<'_>| member.metrics.network.iter().find(|m| m.info.id == info.id).map(|m| m.value);
    let found: Vec<Option<Option<f64>>> = members.iter().map(of).collect();
    let known = found.iter().any(Option::is_some);
    known.then(|| NetworkSeries { info: info.clone(), values: found.into_iter().map(Option::flatten).collect() })
}

/// Returns the rank of each value, 1 for the largest; equal values share the better rank.
fn ranks(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known: Vec<f64> = values.iter().flatten().copied().collect();
    known.sort_by(|a, b| b.total_cmp(a));
    let rank = |value: f64| known.partition_point(|&other| other > value) as f64 + 1.0;
    values.iter().map(|value| value.map(rank)).collect()
}

/// Returns what a network shares with the one before it.
fn overlaps(comparison: &Comparison, positions: &[Vec<usize>], after: usize) -> Vec<NetworkMetric> {
    let before: BTreeSet<usize> = positions[after - 1].iter().copied().collect();
    let shared: Vec<usize> = positions[after].iter().copied().filter(|place| before.contains(place)).collect();
    overlap(comparison, &shared, after)
}

/// Returns the conventions that hold for all, once each, and what keeps numbers from being compared.
fn conventions(members: &[Member<'_>]) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for (member, convention) in members.iter().flat_map(|m| m.metrics.conventions.iter().map(move |c| (m, c))) {
        let everywhere = members.iter().all(|m| m.metrics.conventions.contains(convention));
        let sentence = if everywhere { convention.clone() } else { format!("{}: {convention}", member.label) };
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    said.push("A change is the value less that of the network before; places are matched by id.".to_owned());
    said.push("A change of rank compares ranks among the places that have a value in both networks.".to_owned());
    if members.windows(2).any(|m| m[0].unit != m[1].unit) {
        said.push("Amounts of different units are not subtracted.".to_owned());
    }
    said
}
