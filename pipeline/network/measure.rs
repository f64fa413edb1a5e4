//! All metrics of one graph, put together in a fixed order.

use flowatlas_model::{Atlas, MetricInfo, MetricTable, NetworkMetric, OdGraph, PlaceMetric, WeightKind};

use crate::{
    catalog::*,
    components,
    distance::Distance,
    indicators,
    pagerank::pagerank,
    paths::all_paths,
    rates::Population,
    rows::{Frozen, Rows},
    strengths::Strengths,
};

/// What to compute, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// The length of a step in path metrics. Ordinal graphs always count hops.
    pub distance: Distance,
    /// Path metrics are exact and take a search from every place: with more places than this they are left out,
    /// and the conventions say so.
    pub paths_up_to: usize,
}

impl Default for Measures {
    /// Distance 1/weight; paths up to 20,000 places.
    fn default() -> Self {
        Measures { distance: Distance::Inverse, paths_up_to: 20_000 }
    }
}

/// Returns the metrics of every place and of the whole network, with the conventions that hold for them.
///
/// Self-flows are left out, parallel kinds are merged into one flow first, flows of weight 0 count as none. Undefined
/// values are `None`. Ordinal graphs get the metrics that need no weights; rates need populations in the atlas.
/// The result is the same at any number of threads and, but for the last bits of sums of fractions, for any order of
/// the rows.
///
/// # Panics
/// Panics if the graph was built on another atlas and has another number of places.
pub fn measure(atlas: &Atlas, graph: &OdGraph, options: &Measures) -> MetricTable {
    assert_eq!(atlas.places.len(), graph.graph.node_count(), "the graph belongs to another atlas");
    let mut sheet = Sheet::new(graph, options);
    match graph.weights {
        WeightKind::Measured => sheet.measured(atlas),
        WeightKind::Ordinal => sheet.ordinal(),
    }
    sheet.table
}

/// The table as it is filled in, metric by metric.
struct Sheet<'a> {
    graph: &'a OdGraph,
    options: &'a Measures,
    frozen: Frozen,
    table: MetricTable,
}

impl<'a> Sheet<'a> {
    fn new(graph: &'a OdGraph, options: &'a Measures) -> Self {
        Sheet { graph, options, frozen: Frozen::new(graph), table: MetricTable::default() }
    }

    fn measured(&mut self, atlas: &Atlas) {
        let strengths = Strengths::new(&self.frozen);
        let population = Population::of(atlas);
        self.say_what_was_counted();
        self.say_what_was_unknown();
        self.strengths(&strengths);
        self.degrees();
        self.place(PAGERANK, pagerank(&self.frozen).into_iter().map(Some));
        self.paths(self.options.distance);
        self.counts();
        self.totals(&strengths);
        self.structure();
        self.inequalities(&strengths);
        if let Some(population) = population {
            self.rates(&strengths, &population);
        }
    }

    fn ordinal(&mut self) {
        self.say_what_was_counted();
        self.say("The weights are ranks: they are neither summed nor used as strengths or distances.");
        self.degrees();
        self.paths(Distance::Hops);
        self.counts();
        self.structure();
    }

    fn strengths(&mut self, strengths: &Strengths) {
        self.place(IN_STRENGTH, strengths.incoming.iter().copied());
        self.place(OUT_STRENGTH, strengths.outgoing.iter().copied());
        self.place(NET, strengths.net());
        self.place(TURNOVER, strengths.turnover());
        self.place(EFFECTIVENESS, strengths.effectiveness());
    }

    fn degrees(&mut self) {
        let degrees = |rows: &Rows| -> Vec<_> { rows.iter().map(|row| Some(row.len() as f64)).collect() };
        self.place(IN_DEGREE, degrees(&self.frozen.into));
        self.place(OUT_DEGREE, degrees(&self.frozen.out));
    }

    fn paths(&mut self, distance: Distance) {
        let places = self.frozen.places();
        if places > self.options.paths_up_to {
            let limit = self.options.paths_up_to;
            self.say(&format!("Path metrics are left out: {places} places are more than the limit of {limit}."));
            return;
        }
        self.say(distance.convention());
        let [betweenness, harmonic_in, harmonic_out] = match distance {
            Distance::Inverse => [BETWEENNESS, HARMONIC_IN, HARMONIC_OUT],
            Distance::Hops => [HOP_BETWEENNESS, HOP_HARMONIC_IN, HOP_HARMONIC_OUT],
        };
        let paths = all_paths(&self.frozen, distance);
        let others = places as f64 - 1.0;
        self.place(betweenness, divided(paths.betweenness, others * (others - 1.0)));
        self.place(harmonic_in, divided(paths.harmonic_in, others));
        self.place(harmonic_out, divided(paths.harmonic_out, others));
    }

    fn rates(&mut self, strengths: &Strengths, population: &Population) {
        self.place(IN_RATE, population.per_thousand(&strengths.incoming));
        self.place(OUT_RATE, population.per_thousand(&strengths.outgoing));
        self.place(NET_RATE, population.per_thousand(&strengths.net()));
        self.network(CRUDE_INTENSITY, population.crude_intensity(strengths));
        self.network(AGGREGATE_NET_RATE, population.aggregate_net_rate(strengths));
        if population.unknown() > 0 {
            self.say(&format!("Places without a population ({}) have no rates.", population.unknown()));
        }
    }

    fn counts(&mut self) {
        let Frozen { out, into, zero_links, .. } = &self.frozen;
        let isolated = out.iter().zip(into.iter()).filter(|(o, i)| o.is_empty() && i.is_empty()).count();
        let flows = self.graph.graph.edge_count() - zero_links;
        self.network(PLACES, Some(self.frozen.places() as f64));
        self.network(ISOLATED, Some(isolated as f64));
        self.network(FLOWS, Some(flows as f64));
        self.network(SELF_FLOWS, Some(self.graph.self_flows.len() as f64));
    }

    fn totals(&mut self, strengths: &Strengths) {
        let own = || self.graph.self_flows.iter().map(|(_, link)| link.weight);
        let unknown = own().count() > 0 && own().all(|w| w.is_none());
        let self_total = (!unknown).then(|| own().flatten().fold(0.0, |sum, w| sum + w));
        self.network(TOTAL, strengths.total());
        self.network(SELF_TOTAL, self_total);
    }

    fn structure(&mut self) {
        self.network(DENSITY, indicators::density(&self.frozen));
        self.network(RECIPROCITY, indicators::reciprocity(&self.frozen));
        self.network(WEAK_COMPONENTS, Some(components::weak(&self.frozen.out) as f64));
        self.network(STRONG_COMPONENTS, Some(components::strong(&self.frozen.out) as f64));
    }

    fn inequalities(&mut self, strengths: &Strengths) {
        self.network(WEIGHTED_RECIPROCITY, indicators::weighted_reciprocity(&self.frozen));
        self.network(MIGRATION_EFFECTIVENESS, indicators::migration_effectiveness(strengths));
        self.network(CONNECTIVITY, indicators::connectivity(&self.frozen));
        self.network(INEQUALITY, indicators::inequality(&self.frozen));
        self.network(CONCENTRATION, indicators::concentration(&self.frozen));
        self.network(GINI, indicators::gini(&self.frozen));
    }

    fn say_what_was_counted(&mut self) {
        let own = self.graph.self_flows.len();
        let zero = self.frozen.zero_links;
        self.say(&format!("Self-flows ({own}) are left out of every metric but self_flows and self_total."));
        self.say("Flows of different kinds between the same two places count as one flow, except in `flows`.");
        if zero > 0 {
            self.say(&format!("Flows of weight 0 ({zero}) count as no flow."));
        }
    }

    fn say_what_was_unknown(&mut self) {
        let unknown = self.frozen.unknown_links;
        if unknown > 0 {
            self.say(&format!(
                "Flows without a weight ({unknown}) count in degrees, density, reciprocity and components, \
                 and add nothing to strengths, totals and distances."
            ));
        }
    }

    fn say(&mut self, convention: &str) {
        self.table.conventions.push(convention.to_owned());
    }

    fn place(&mut self, info: MetricInfo, values: impl IntoIterator<Item = Option<f64>>) {
        let values = values.into_iter().map(finite).collect();
        self.table.places.push(PlaceMetric { info, values });
    }

    fn network(&mut self, info: MetricInfo, value: Option<f64>) {
        self.table.network.push(NetworkMetric { info, value: finite(value) });
    }
}

/// Sums of numbers near the largest that can be written are undefined, not infinite.
fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

fn divided(values: Vec<f64>, by: f64) -> impl Iterator<Item = Option<f64>> {
    values.into_iter().map(move |v| (by > 0.0).then(|| v / by))
}
