//! The indicators of the migration literature, put into the table.

use flowatlas_model::Atlas;

use super::Sheet;
use crate::{catalog::*, indicators, rates::Population, rows::Frozen, strengths::Strengths};

impl Sheet<'_> {
    /// Fills in everything that needs weights and no path.
    pub(super) fn indicators(&mut self, atlas: &Atlas) {
        let strengths = Strengths::new(&self.frozen);
        self.strengths(&strengths);
        self.totals(&strengths);
        self.inequalities(&strengths);
        if let Some(population) = Population::of(atlas) {
            self.rates(&strengths, &population);
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
    }

    fn inequalities(&mut self, strengths: &Strengths) {
        self.network(MIGRATION_EFFECTIVENESS, indicators::migration_effectiveness(strengths));
        self.network(CONNECTIVITY, indicators::connectivity(&self.frozen));
        self.network(INEQUALITY, indicators::inequality(&self.frozen));
        self.network(CONCENTRATION, indicators::concentration(&self.frozen));
        self.network(GINI, indicators::gini(&self.frozen));
    }
}
