//! What shortest paths tell, put into the table.

use flowatlas_model::MetricInfo;

use super::Sheet;
use crate::{
    catalog::*,
    distance::{Distance, Ruler},
    paths::{Count, Near, PathMetrics, all_paths},
    random::scattered,
    sampled::sampled,
};

/// The metrics of paths under the names that they have for one distance.
struct Names {
    betweenness: MetricInfo,
    harmonic: [MetricInfo; 2],
    closeness: [MetricInfo; 2],
    flow_betweenness: MetricInfo,
    efficiency: MetricInfo,
    mean_distance: MetricInfo,
    diameter: MetricInfo,
}

impl Names {
    fn of(distance: Distance) -> Names {
        if distance == Distance::Hops {
            return Names {
                betweenness: HOP_BETWEENNESS,
                harmonic: [HOP_HARMONIC_IN, HOP_HARMONIC_OUT],
                closeness: [HOP_CLOSENESS_IN, HOP_CLOSENESS_OUT],
                flow_betweenness: HOP_FLOW_BETWEENNESS,
                efficiency: HOP_EFFICIENCY,
                mean_distance: HOP_MEAN_DISTANCE,
                diameter: HOP_DIAMETER,
            };
        }
        let near = |info| MetricInfo { unit: distance.closeness_unit(), ..info };
        let far = |info| MetricInfo { unit: distance.unit(), ..info };
        Names {
            betweenness: BETWEENNESS,
            harmonic: [HARMONIC_IN, HARMONIC_OUT].map(near),
            closeness: [CLOSENESS_IN, CLOSENESS_OUT].map(near),
            flow_betweenness: FLOW_BETWEENNESS,
            efficiency: near(EFFICIENCY),
            mean_distance: far(MEAN_DISTANCE),
            diameter: far(DIAMETER),
        }
    }
}

impl Sheet<'_> {
    /// Fills in what follows from the shortest paths between all places, unless there are too many of them.
    pub(super) fn paths(&mut self, distance: Distance) {
        let flows = self.wants(FLOW_PATHS);
        if !flows && !self.wants(PLACE_PATHS) && !self.wants(NETWORK_PATHS) && !self.wants(METRIC_BACKBONES) {
            return;
        }
        let (places, limit) = (self.frozen.places(), self.options.paths_up_to);
        if places > limit {
            self.say(&format!(
                "Path metrics are left out: {places} places are more than the limit of {limit}; `sampled` estimates \
                 betweenness."
            ));
            return;
        }
        self.say(&distance.convention());
        let count = if flows { Count::PlacesAndFlows } else { Count::Places };
        let ruler = self.ruler(distance);
        if let Some((raised, least)) = ruler.raised(&self.frozen) {
            self.say(&format!(
                "Flows between places at the same position or nearly so ({raised}) count as {least:.3e} long, where 1/distance is so \
                 large that efficiency, harmonic closeness and closeness say little else; give such places positions of their own."
            ));
        }
        let paths = all_paths(&self.frozen, &ruler, count, self.watch);
        self.paths_of_places(&Names::of(distance), &paths);
        self.paths_of_network(&Names::of(distance), &paths);
        self.paths_of_flows(&Names::of(distance), &paths);
        let has_length = |weight: f64| !distance.needs_weights() || weight > 0.0;
        let cells = self.frozen.out.cells().iter().zip(paths.backbone);
        self.backbone = Some(cells.map(|(cell, kept)| has_length(cell.weight).then_some(kept)).collect());
    }

    fn ruler(&self, distance: Distance) -> Ruler {
        distance.ruler(self.atlas, &self.frozen)
    }

    fn paths_of_places(&mut self, names: &Names, paths: &PathMetrics) {
        let others = self.frozen.places() as f64 - 1.0;
        let pairs = others * (others - 1.0);
        let each = |near: &[Near], of: fn(&Near, f64) -> f64| -> Vec<Option<f64>> {
            near.iter().map(|n| (others > 0.0).then(|| of(n, others))).collect()
        };
        let [harmonic_in, harmonic_out] =
            [&paths.into, &paths.out].map(|near| each(near, |n, others| n.inverse / others));
        let [closeness_in, closeness_out] = [&paths.into, &paths.out].map(|near| each(near, closeness));
        self.place(names.betweenness.clone(), paths.betweenness.iter().map(|b| (pairs > 0.0).then(|| b / pairs)));
        self.place(names.harmonic[0].clone(), harmonic_in);
        self.place(names.harmonic[1].clone(), harmonic_out);
        self.place(names.closeness[0].clone(), closeness_in);
        self.place(names.closeness[1].clone(), closeness_out);
    }

    fn paths_of_network(&mut self, names: &Names, paths: &PathMetrics) {
        let pairs = self.frozen.possible_cells();
        let sum = |of: fn(&Near) -> f64| paths.out.iter().map(of).sum::<f64>();
        let reached = sum(|n| f64::from(n.reached));
        let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
        self.network(names.efficiency.clone(), share(sum(|n| n.inverse), pairs));
        self.network(names.mean_distance.clone(), share(sum(|n| n.distance), reached));
        self.network(names.diameter.clone(), (reached > 0.0).then_some(paths.longest));
        self.network(REACHABLE, share(reached, pairs));
    }

    fn paths_of_flows(&mut self, names: &Names, paths: &PathMetrics) {
        if !paths.flow_betweenness.is_empty() {
            let pairs = self.frozen.possible_cells();
            let values = self.by_link(|cell| Some(paths.flow_betweenness[cell] / pairs));
            self.flow(names.flow_betweenness.clone(), values);
        }
    }

    /// Fills in betweenness as estimated from some sources.
    pub(super) fn sampled_paths(&mut self, distance: Distance) {
        let places = self.frozen.places();
        if !self.wants(SAMPLED_PATHS) {
            return;
        }
        let sources = self.drawn(self.options.sources.min(places));
        self.say(&format!(
            "betweenness_sampled rests on the shortest paths from {} places drawn at random (seed {}). {}",
            sources.len(),
            self.options.seed,
            distance.convention()
        ));
        if places < 3 || sources.is_empty() {
            self.place(SAMPLED, vec![None; places]);
            self.place(SAMPLED_ERROR, vec![None; places]);
            return;
        }
        let found = sampled(&self.frozen, &self.ruler(distance), &sources, self.watch);
        self.place(SAMPLED, found.betweenness.into_iter().map(Some));
        self.place(SAMPLED_ERROR, found.error.into_iter().map(Some));
    }

    /// Returns places drawn at random without repetition: by their ids, so that the order of places has no part in it.
    fn drawn(&self, count: usize) -> Vec<u32> {
        let places = &self.atlas.places;
        let mut by_id: Vec<u32> = (0..places.len() as u32).collect();
        by_id.sort_by(|a, b| places[*a as usize].id.cmp(&places[*b as usize].id));
        let mut drawn: Vec<(u64, u32)> = by_id
            .into_iter()
            .enumerate()
            .map(|(rank, place)| (scattered(rank as u64, self.options.seed), place))
            .collect();
        drawn.sort_unstable();
        drawn.truncate(count);
        drawn.into_iter().map(|(_, place)| place).collect()
    }
}

/// Returns the closeness of Wasserman & Faust: r/(n − 1) over the mean distance to the r places that a path joins.
fn closeness(near: &Near, others: f64) -> f64 {
    let reached = f64::from(near.reached);
    if near.reached == 0 { 0.0 } else { reached / near.distance * (reached / others) }
}
