//! Networks side by side: two studies, the periods of one, or its kinds of movement.

use crate::{
    flow::WeightKind,
    metric::{MetricInfo, NetworkMetric},
};

/// What two or more networks have in common, and what changes from each to the next.
///
/// Places are the same where their ids are. Every list of values has one value per network, in the order of `networks`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The networks.
    pub networks: Vec<Compared>,
    /// Every place of any network, in the order in which the networks first name them.
    pub places: Vec<ComparedPlace>,
    /// Metrics of whole networks.
    pub network_metrics: Vec<NetworkSeries>,
    /// Metrics of places.
    pub place_metrics: Vec<PlaceSeries>,
    /// Every pair of places that any network lists, by the positions of its places.
    pub flows: Vec<FlowSeries>,
    /// What each network shares with the one before it; one less than there are networks.
    pub overlaps: Vec<Vec<NetworkMetric>>,
    /// The conventions that hold for all numbers, one sentence each.
    pub conventions: Vec<String>,
}

/// A network among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The name: of the period, the kind or the study; unique in its comparison.
    pub label: String,
    /// Unit of the weights; empty where unknown.
    pub unit: String,
    /// What the weights are.
    pub weights: WeightKind,
}

/// A place of one or more networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedPlace {
    /// The identifier.
    pub id: String,
    /// The name in the first network that has the place.
    pub name: String,
}

/// One metric of every network.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkSeries {
    /// What it is.
    pub info: MetricInfo,
    /// One value per network; `None` where it is undefined or was not computed.
    pub values: Vec<Option<f64>>,
}

/// One metric of every place of every network.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceSeries {
    /// What it is.
    pub info: MetricInfo,
    /// For each network one value per place; `None` where it is undefined or the network has no such place.
    pub values: Vec<Vec<Option<f64>>>,
    /// For each network the rank of each place, 1 for the largest; equal values share the better rank.
    pub ranks: Vec<Vec<Option<f64>>>,
    /// For each network how many ranks each place rose since the network before, counted among the places that have a value in both.
    pub rank_changes: Vec<Vec<Option<f64>>>,
    /// Ranks among the places that have a value in the first and in the last network, which a slope between these two may join.
    pub lasting_ranks: Vec<Vec<Option<f64>>>,
}

/// The flow between one pair of places in every network, kinds together.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowSeries {
    /// Position of the origin among the places.
    pub origin: usize,
    /// Position of the destination.
    pub destination: usize,
    /// One weight per network: 0 where the network has both places but no flow, `None` where it lacks one of them, where
    /// it does not say how much, and for ranks.
    pub weights: Vec<Option<f64>>,
    /// For each network whether it lists the flow, with or without a weight.
    pub listed: Vec<bool>,
}

impl Comparison {
    /// Returns whether amounts of two networks may be subtracted: both are measured in the same unit.
    pub fn same_unit(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.networks[a], &self.networks[b]);
        a.unit == b.unit && a.weights == WeightKind::Measured && b.weights == WeightKind::Measured
    }

    /// Returns how much a metric changes from the network before to this one; `None` for the first network, where either
    /// value is undefined, and for amounts of different units.
    pub fn change(&self, info: &MetricInfo, values: &[Option<f64>], network: usize) -> Option<f64> {
        let before = network.checked_sub(1)?;
        let amounts = info.unit.contains("weight") || info.unit.starts_with("per ");
        if amounts && !self.same_unit(before, network) {
            return None;
        }
        Some(values[network]? - values[before]?)
    }
}
