//! Gravity models: flows from the size of places and the distance between them.

use flowatlas_model::{Atlas, OdGraph};

use crate::{
    goodness::Goodness,
    poisson::{self, Fitted, Kept, Pair},
    rows::Frozen,
    separation::Separation,
};

/// How flows fall with distance d.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deterrence {
    /// d^-γ.
    Power,
    /// e^(-d/k).
    Exponential,
}

/// A fitted gravity model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gravity {
    /// Exponent of the population of origins, where the model has one.
    pub sending: Option<f64>,
    /// Exponent of the population of destinations, where the model has one.
    pub receiving: Option<f64>,
    /// γ of the power, positive where flows fall with distance; or k of the exponential in units of distance, `None` where
    /// flows do not fall.
    pub decay: Option<f64>,
    /// How near it comes.
    pub fit: Goodness,
}

/// An ordered pair of places at different positions.
#[derive(Debug, Clone, Copy)]
struct Trip {
    origin: u32,
    destination: u32,
    flow: f64,
    distance: f64,
}

/// Ordered pairs of places with what moves between them and how far apart they are.
pub struct Field {
    trips: Vec<Trip>,
    /// Mean distance, which is the unit of distances in the exponential: a fit should not depend on the unit.
    unit: f64,
}

impl Field {
    /// Returns every ordered pair of different places. Those at the same position have no finite power of their distance and are
    /// left out, and so are flows without a weight, which may be of any size.
    pub fn of_all(frozen: &Frozen, separation: &Separation) -> Self {
        let places = frozen.places() as u32;
        let ends = (0..places).flat_map(|o| (0..places).map(move |d| (o, d))).filter(|(o, d)| o != d);
        Field::new(ends.filter_map(|(o, d)| Some((o, d, frozen.flow(o as usize, d)?))), separation)
    }

    /// Returns the pairs of which the table states a weight, 0 included.
    pub fn of_listed(graph: &OdGraph, separation: &Separation) -> Self {
        let mut listed: Vec<_> = graph.links().filter_map(|(o, d, link)| Some((o.0, d.0, link.weight?))).collect();
        listed.sort_by_key(|l| (l.0, l.1));
        let kinds_joined = listed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
        Field::new(kinds_joined.map(|s| (s[0].0, s[0].1, s.iter().map(|l| l.2).sum())), separation)
    }

    fn new(flows: impl Iterator<Item = (u32, u32, f64)>, separation: &Separation) -> Self {
        let trips: Vec<Trip> = flows
            .map(|(origin, destination, flow)| {
                let distance = separation.between(origin as usize, destination as usize);
                Trip { origin, destination, flow, distance }
            })
            .filter(|trip| trip.distance > 0.0)
            .collect();
        let unit = trips.iter().map(|t| t.distance).sum::<f64>() / (trips.len() as f64).max(1.0);
        Field { trips, unit }
    }

    /// Fits K · P_i^α · P_j^β · f(d); `None` where no population is known or nothing can be fitted.
    pub fn free(&self, atlas: &Atlas, deterrence: Deterrence) -> Option<Gravity> {
        let pairs = self.pairs(
            deterrence,
            |t| Some([mass(atlas, t.origin)?, mass(atlas, t.destination)?]),
            |[o, d], f| [o, d, f],
        );
        let fitted = poisson::fit(&pairs, Kept::Total)?;
        let [sending, receiving, fall] = fitted.coefficients;
        Some(self.gravity(&pairs, &fitted, (Some(sending), Some(receiving)), self.decay(fall, deterrence)))
    }

    /// Fits A_i · O_i · P_j^β · f(d), which keeps what leaves every place.
    pub fn origins_kept(&self, atlas: &Atlas, deterrence: Deterrence) -> Option<Gravity> {
        let pairs = self.pairs(deterrence, |t| mass(atlas, t.destination), |d, f| [d, f]);
        let fitted = poisson::fit(&pairs, Kept::Origins)?;
        let [receiving, fall] = fitted.coefficients;
        Some(self.gravity(&pairs, &fitted, (None, Some(receiving)), self.decay(fall, deterrence)))
    }

    /// Fits B_j · D_j · P_i^α · f(d), which keeps what arrives at every place.
    pub fn destinations_kept(&self, atlas: &Atlas, deterrence: Deterrence) -> Option<Gravity> {
        let pairs = self.pairs(deterrence, |t| mass(atlas, t.origin), |o, f| [o, f]);
        let fitted = poisson::fit(&pairs, Kept::Destinations)?;
        let [sending, fall] = fitted.coefficients;
        Some(self.gravity(&pairs, &fitted, (Some(sending), None), self.decay(fall, deterrence)))
    }

    /// Fits A_i · O_i · B_j · D_j · f(d), which keeps both totals of every place and needs no populations.
    pub fn both_kept(&self, deterrence: Deterrence) -> Option<Gravity> {
        let pairs = self.pairs(deterrence, |_| Some(()), |(), f| [f]);
        let fitted = poisson::fit_both(&pairs)?;
        let [fall] = fitted.coefficients;
        Some(self.gravity(&pairs, &fitted, (None, None), self.decay(fall, deterrence)))
    }

    /// Fits A_i · O_i · B_j · D_j · d^-γ and returns γ, the mean distance of what moves (geometric), and for each pair its distance, its
    /// flow, and what would move over that mean distance: what the model expects without its fall with distance.
    pub fn without_distance(&self) -> Option<(f64, f64, Vec<[f64; 3]>)> {
        let pairs = self.pairs(Deterrence::Power, |_| Some(()), |(), f| [f]);
        let fitted = poisson::fit_both(&pairs)?;
        let [fall] = fitted.coefficients;
        let total: f64 = pairs.iter().map(|p| p.flow).sum();
        let middle = pairs.iter().map(|p| p.flow * p.x[0]).sum::<f64>() / total;
        let pair = |(trip, (pair, expected)): (&Trip, (&Pair<1>, &f64))| {
            [trip.distance, trip.flow, expected * libm::exp(fall * (middle - pair.x[0]))]
        };
        let pairs = self.trips.iter().zip(pairs.iter().zip(&fitted.expected)).map(pair).collect();
        Some((-fall, libm::exp(middle), pairs))
    }

    /// Returns the pairs of known masses with their covariates.
    fn pairs<M, const K: usize>(
        &self,
        deterrence: Deterrence,
        masses: impl Fn(&Trip) -> Option<M>,
        covariates: impl Fn(M, f64) -> [f64; K],
    ) -> Vec<Pair<K>> {
        let fall = |t: &Trip| match deterrence {
            Deterrence::Power => libm::log(t.distance),
            Deterrence::Exponential => t.distance / self.unit,
        };
        let pair = |t: &Trip| {
            let x = covariates(masses(t)?, fall(t));
            Some(Pair { origin: t.origin, destination: t.destination, flow: t.flow, x })
        };
        self.trips.iter().filter_map(pair).collect()
    }

    fn decay(&self, fall: f64, deterrence: Deterrence) -> Option<f64> {
        match deterrence {
            Deterrence::Power => Some(-fall),
            Deterrence::Exponential => (fall < 0.0).then(|| -self.unit / fall),
        }
    }

    fn gravity<const K: usize>(
        &self,
        pairs: &[Pair<K>],
        fitted: &Fitted<K>,
        (sending, receiving): (Option<f64>, Option<f64>),
        decay: Option<f64>,
    ) -> Gravity {
        Gravity { sending, receiving, decay, fit: Goodness::new(pairs.iter().map(|p| p.flow), &fitted.expected) }
    }
}

/// Returns the logarithm of the population of a place; `None` where nobody is known to live there.
fn mass(atlas: &Atlas, place: u32) -> Option<f64> {
    atlas.places[place as usize].population.filter(|&p| p > 0.0).map(libm::log)
}
