//! Positions and structure, put into the table.

use super::Sheet;
use crate::{catalog::*, components, distance::Distance, pagerank::pagerank, paths::all_paths, rows::Rows, structure};

impl Sheet<'_> {
    /// Fills in everything that needs no weights but perhaps distances.
    pub(super) fn centralities(&mut self, distance: Distance) {
        self.degrees();
        self.paths(distance);
        self.structure();
    }

    /// Fills in what follows the weights themselves.
    pub(super) fn weighted_centralities(&mut self) {
        self.place(PAGERANK, pagerank(&self.frozen).into_iter().map(Some));
        self.network(WEIGHTED_RECIPROCITY, structure::weighted_reciprocity(&self.frozen));
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

    fn structure(&mut self) {
        self.network(DENSITY, structure::density(&self.frozen));
        self.network(RECIPROCITY, structure::reciprocity(&self.frozen));
        self.network(WEAK_COMPONENTS, Some(components::weak(&self.frozen.out) as f64));
        self.network(STRONG_COMPONENTS, Some(components::strong(&self.frozen.out) as f64));
    }
}

fn divided(values: Vec<f64>, by: f64) -> impl Iterator<Item = Option<f64>> {
    values.into_iter().map(move |v| (by > 0.0).then(|| v / by))
}
