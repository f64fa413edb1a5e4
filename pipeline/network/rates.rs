//! Indicators per head of population.

use flowatlas_model::Atlas;

use crate::strengths::{Strengths, percent, ratio};

/// The population of each place and of all.
pub struct Population {
    places: Vec<Option<f64>>,
    /// Sum over all places; `None` unless every place has one.
    total: Option<f64>,
}

impl Population {
    /// Returns the populations of an atlas; `None` if no place has one.
    pub fn of(atlas: &Atlas) -> Option<Self> {
        let places: Vec<_> = atlas.places.iter().map(|p| p.population).collect();
        let total = places.iter().copied().sum();
        places.iter().any(Option::is_some).then_some(Population { places, total })
    }

    /// Returns the number of places without a population.
    pub fn unknown(&self) -> usize {
        self.places.iter().filter(|p| p.is_none()).count()
    }

    /// Returns persons per 1000 inhabitants; `None` where either is unknown or nobody lives there.
    pub fn per_thousand(&self, persons: &[Option<f64>]) -> Vec<Option<f64>> {
        let rate = |(flow, people): (&Option<f64>, &Option<f64>)| Some(10.0 * percent((*flow)?, (*people)?)?);
        persons.iter().zip(&self.places).map(rate).collect()
    }

    /// Returns the crude migration intensity: 100 total / population.
    pub fn crude_intensity(&self, strengths: &Strengths) -> Option<f64> {
        percent(strengths.total()?, self.total?)
    }

    /// Returns the aggregate net migration rate: 100 · ½ Σ|net| / population.
    pub fn aggregate_net_rate(&self, strengths: &Strengths) -> Option<f64> {
        strengths.total()?;
        percent(0.5 * strengths.absolute_net_and_turnover().0, self.total?)
    }

    /// Returns Courgeau's k: the crude intensity over ln n² for n places; `None` for a single place.
    pub fn courgeau_k(&self, strengths: &Strengths) -> Option<f64> {
        let log_pairs = 2.0 * libm::log(self.places.len() as f64);
        ratio(self.crude_intensity(strengths)?, log_pairs)
    }

    /// Returns a flow as a share of the total over the share that the populations of its ends would make likely.
    pub fn preference(&self, ends: (usize, usize), flow: f64, total: f64) -> Option<f64> {
        ratio(self.velocity(ends, flow)? * self.total?, total)
    }

    /// Returns a flow per head of the origin over the share of all people who live at the destination.
    pub fn velocity(&self, (from, to): (usize, usize), flow: f64) -> Option<f64> {
        let (origin, destination) = (self.places[from]?, self.places[to]?);
        ratio(ratio(flow, origin)?, ratio(destination, self.total?)?)
    }
}
