//! Spatial interaction models, put into the table.

use flowatlas_model::MetricInfo;

use super::Sheet;
use crate::{
    catalog::*,
    goodness::Goodness,
    gravity::{Deterrence, Field, Gravity},
    radiation::radiation,
    separation::Separation,
};

/// Models look at every pair of places, most of them many times: with more places than this they are left out.
const MODEL_PLACES: usize = 1000;

const POWER: [GravityMetrics; 4] =
    [GRAVITY_FREE_POWER, GRAVITY_ORIGINS_POWER, GRAVITY_DESTINATIONS_POWER, GRAVITY_BOTH_POWER];
const EXPONENTIAL: [GravityMetrics; 4] =
    [GRAVITY_FREE_EXPONENTIAL, GRAVITY_ORIGINS_EXPONENTIAL, GRAVITY_DESTINATIONS_EXPONENTIAL, GRAVITY_BOTH_EXPONENTIAL];

impl Sheet<'_> {
    /// Fits the models; without populations those that need them are absent.
    pub(super) fn models(&mut self) {
        if !self.wants(MODELS) {
            return;
        }
        let atlas = self.atlas;
        let separation = Separation::new(atlas);
        let decay = Field::of_listed(self.graph, &separation).both_kept(Deterrence::Power);
        self.network(DISTANCE_DECAY, decay.and_then(|d| d.decay));
        let places = self.frozen.places();
        if places > MODEL_PLACES {
            self.say(&format!(
                "Gravity and radiation models are left out: {places} places are more than the limit of {MODEL_PLACES}."
            ));
            return;
        }
        if self.frozen.unknown_links > 0 {
            self.say(
                "Gravity and radiation models leave out flows without a weight; pairs without a flow are in them as 0.",
            );
        }
        let field = Field::of_all(&self.frozen, &separation);
        let populated = atlas.places.iter().any(|place| place.population.is_some());
        for (deterrence, [free, origins, destinations, both]) in
            [(Deterrence::Power, POWER), (Deterrence::Exponential, EXPONENTIAL)]
        {
            if populated {
                let model = field.free(atlas, deterrence);
                self.network(free.sending, model.and_then(|m| m.sending));
                self.network(free.receiving, model.and_then(|m| m.receiving));
                self.gravity((free.decay, free.fit), model);
                let model = field.origins_kept(atlas, deterrence);
                self.network(origins.receiving, model.and_then(|m| m.receiving));
                self.gravity((origins.decay, origins.fit), model);
                let model = field.destinations_kept(atlas, deterrence);
                self.network(destinations.sending, model.and_then(|m| m.sending));
                self.gravity((destinations.decay, destinations.fit), model);
            }
            self.gravity((both.decay, both.fit), field.both_kept(deterrence));
        }
        if populated {
            self.fit(RADIATION, radiation(atlas, &self.frozen, &separation));
        }
    }

    /// Writes what every gravity model has.
    fn gravity(&mut self, (decay, fit): (MetricInfo, FitMetrics), model: Option<Gravity>) {
        self.network(decay, model.and_then(|m| m.decay));
        self.fit(fit, model.map(|m| m.fit));
    }

    fn fit(&mut self, metrics: FitMetrics, fit: Option<Goodness>) {
        self.network(metrics.common_part, fit.and_then(|f| f.common_part));
        self.network(metrics.error, fit.and_then(|f| f.error));
        self.network(metrics.deviance, fit.and_then(|f| f.deviance_explained));
    }
}
