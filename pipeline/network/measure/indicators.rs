//! The indicators of the migration literature, put into the table.

use flowatlas_model::{Link, MetricInfo, PlaceIndex};

use super::Sheet;
use crate::{
    catalog::*,
    gini,
    independence::QuasiIndependence,
    indicators,
    rates::Population,
    rows::{Cell, Frozen, Rows},
    separation::{Moves, Separation},
    spread::{Spread, aggregate_variation},
    strengths::{Strengths, ratio},
};

impl Sheet<'_> {
    /// Fills in everything that needs weights and no path.
    pub(super) fn indicators(&mut self) {
        let strengths = Strengths::new(&self.frozen);
        let population = Population::of(self.atlas);
        self.strengths(&strengths);
        self.totals(&strengths);
        self.flow_distances();
        self.shares(&strengths);
        if let Some(population) = &population {
            self.rates(&strengths, population);
            self.affinities(&strengths, population);
        }
        if self.wants(PLACE_FOCUS) || self.wants(NETWORK_FOCUS) {
            self.inequalities(&strengths);
            self.ginis();
            self.spreads();
            self.distances();
        }
    }

    fn strengths(&mut self, strengths: &Strengths) {
        self.place(IN_STRENGTH, strengths.incoming.iter().copied());
        self.place(OUT_STRENGTH, strengths.outgoing.iter().copied());
        self.place(NET, strengths.net());
        self.place(TURNOVER, strengths.turnover());
        self.place(EFFECTIVENESS, strengths.effectiveness());
    }

    fn rates(&mut self, strengths: &Strengths, population: &Population) {
        self.place(IN_RATE, population.per_thousand(&strengths.incoming));
        self.place(OUT_RATE, population.per_thousand(&strengths.outgoing));
        self.place(NET_RATE, population.per_thousand(&strengths.net()));
        self.network(CRUDE_INTENSITY, population.crude_intensity(strengths));
        self.network(AGGREGATE_NET_RATE, population.aggregate_net_rate(strengths));
        self.network(COURGEAU_K, population.courgeau_k(strengths));
        if population.unknown() > 0 {
            self.say(&format!("Places without a population ({}) have no rates.", population.unknown()));
        }
    }

    /// Fills in what can be counted without weights.
    pub(super) fn counts(&mut self) {
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
        self.network(MIGRATION_EFFECTIVENESS, indicators::migration_effectiveness(strengths));
    }

    fn inequalities(&mut self, strengths: &Strengths) {
        self.network(CONNECTIVITY, indicators::connectivity(&self.frozen));
        let expectation = QuasiIndependence::new(strengths);
        self.network(INEQUALITY, indicators::inequality(&self.frozen));
        self.network(INEQUALITY_EXPECTED, expectation.map(|e| e.inequality(&self.frozen)));
    }

    fn shares(&mut self, strengths: &Strengths) {
        self.weighed(ORIGIN_SHARE, |from, _, weight| ratio(weight, strengths.outgoing[from]?));
        self.weighed(DESTINATION_SHARE, |_, to, weight| ratio(weight, strengths.incoming[to]?));
        let total = strengths.total();
        self.weighed(RELATIVE_INTENSITY, |from, to, weight| {
            let arrivals = strengths.incoming[from].unwrap_or(0.0);
            let expected = ratio(strengths.outgoing[from]? * strengths.incoming[to]?, total? - arrivals)?;
            ratio(weight - expected, expected)
        });
    }

    fn affinities(&mut self, strengths: &Strengths, population: &Population) {
        let total = self.frozen.out.cells().iter().map(|c| c.weight).sum();
        let preference = |from, to, weight| population.preference((from, to), weight, total);
        let velocity = |from, to, weight| population.velocity((from, to), weight);
        self.network(PREFERENCE_SUM, self.frozen.sum(preference));
        self.network(VELOCITY_SUM, strengths.total().and_then(|_| self.frozen.sum(velocity)));
        self.weighed(PREFERENCE, preference);
        self.weighed(VELOCITY, velocity);
    }

    fn ginis(&mut self) {
        let system = gini::System::new(&self.frozen);
        let (into, out) = (gini::fields(&self.frozen.into), gini::fields(&self.frozen.out));
        self.network(GINI, system.corrected);
        self.network(GINI_UNCORRECTED, system.total);
        self.network(GINI_ROWS, system.rows);
        self.network(GINI_COLUMNS, system.columns);
        self.network(GINI_EXCHANGE, system.exchange);
        self.network(GINI_ROWS_STANDARDISED, system.standardised(system.rows));
        self.network(GINI_COLUMNS_STANDARDISED, system.standardised(system.columns));
        self.network(GINI_EXCHANGE_STANDARDISED, system.standardised(system.exchange));
        self.network(GINI_IN_WEIGHTED, gini::weighted_mean(&self.frozen.into, &into));
        self.network(GINI_OUT_WEIGHTED, gini::weighted_mean(&self.frozen.out, &out));
        self.place(GINI_IN, into);
        self.place(GINI_OUT, out);
    }

    fn spreads(&mut self) {
        let [into, out] = [&self.frozen.into, &self.frozen.out].map(Spread::of_rows);
        let each = |of: fn(&Spread) -> Option<f64>, rows: &[Option<Spread>]| -> Vec<_> {
            rows.iter().map(|s| s.as_ref().and_then(of)).collect()
        };
        self.place(VARIATION_IN, each(|s| Some(s.variation()), &into));
        self.place(VARIATION_OUT, each(|s| Some(s.variation()), &out));
        self.place(CONCENTRATION_IN, each(|s| Some(s.concentration()), &into));
        self.place(CONCENTRATION_OUT, each(|s| Some(s.concentration()), &out));
        self.place(EVENNESS_IN, each(Spread::evenness, &into));
        self.place(EVENNESS_OUT, each(Spread::evenness, &out));
        let (acv_in, acv_out) = (aggregate_variation(&into), aggregate_variation(&out));
        self.network(AGGREGATE_VARIATION_IN, acv_in);
        self.network(AGGREGATE_VARIATION_OUT, acv_out);
        self.network(AGGREGATE_VARIATION, acv_in.zip(acv_out).map(|(i, o)| i + o));
        let system = Spread::new(self.frozen.out.cells(), self.frozen.possible_cells());
        self.network(CONCENTRATION, system.map(|s| s.concentration()));
        self.network(ENTROPY, system.map(|s| s.entropy()));
        self.network(EVENNESS, system.and_then(|s| s.evenness()));
        self.network(THEIL, system.map(|s| s.theil()));
    }

    fn distances(&mut self) {
        let separation = Separation::new(self.atlas);
        let mean = |rows: &Rows| -> Vec<_> {
            let moves = |(place, row): (usize, &[Cell])| {
                let far = |c: &Cell| c.weight * separation.between(place, c.place as usize);
                ratio(row.iter().map(far).sum(), row.iter().map(|c| c.weight).sum())
            };
            rows.iter().enumerate().map(moves).collect()
        };
        self.place(MEAN_MOVED_IN, mean(&self.frozen.into));
        self.place(MEAN_MOVED_OUT, mean(&self.frozen.out));
        let distances = separation.of_cells(&self.frozen);
        let moves = Moves::new(distances.into_iter().zip(self.frozen.out.cells().iter().map(|c| c.weight)).collect());
        self.network(MEAN_MOVED, moves.mean());
        self.network(MEDIAN_MOVED, moves.median());
        self.network(INTERPOLATED_MEDIAN_MOVED, moves.interpolated_median());
    }

    /// Fills in how far every flow goes, which needs no weight.
    pub(super) fn flow_distances(&mut self) {
        if self.wants(&[&FLOW_DISTANCE]) {
            let separation = Separation::new(self.atlas);
            let distance = |(from, to, _): (PlaceIndex, PlaceIndex, _)| separation.between(from.index(), to.index());
            let distances = self.graph.links().map(|link| Some(distance(link))).collect();
            self.flow(FLOW_DISTANCE, distances);
        }
    }

    /// Adds a metric of flows made from the origin, the destination and the weight of all kinds together; flows that
    /// weigh nothing or nobody knows what have none.
    fn weighed(&mut self, info: MetricInfo, value: impl Fn(usize, usize, f64) -> Option<f64>) {
        let of = |(from, to, _): (PlaceIndex, PlaceIndex, &Link)| {
            let weight = self.frozen.out.weight(from.index(), to.0).filter(|&w| w > 0.0)?;
            value(from.index(), to.index(), weight)
        };
        if self.wants(&[&info]) {
            let values = self.graph.links().map(of).collect();
            self.flow(info, values);
        }
    }
}
