//! How the network hangs together, and what sets its flows apart, put into the table.

use flowatlas_model::MetricInfo;
use rayon::prelude::*;

use super::Sheet;
use crate::{
    backbones::{disparity, noise_corrected},
    catalog::*,
    clustering::{clustering, mean},
    components,
    mixing::{assortativity, rich_club, weighted_rich_club},
    null::{by_chance, compare, seed_of_sample},
    rows::{Frozen, Rows},
    spread::Spread,
    strengths::ratio,
    structure,
};

/// Flows whose disparity is below this level are its backbone.
const LEVEL: f64 = 0.05;
/// Flows that exceed what is expected by more standard deviations than this are the noise-corrected backbone.
const DEVIATIONS: f64 = 1.64;

impl Sheet<'_> {
    /// Fills in what needs no weights.
    pub(super) fn structure(&mut self) {
        if !self.wants(STRUCTURE) {
            return;
        }
        let (weak, strong) = (components::weak(&self.frozen.out), components::strong(&self.frozen.out));
        self.network(DENSITY, structure::density(&self.frozen));
        self.network(RECIPROCITY, structure::reciprocity(&self.frozen));
        self.network(WEAK_COMPONENTS, Some(weak.count() as f64));
        self.network(STRONG_COMPONENTS, Some(strong.count() as f64));
        self.network(LARGEST_WEAK, weak.largest_share());
        self.network(LARGEST_STRONG, strong.largest_share());
    }

    /// Fills in what needs weights.
    pub(super) fn weighted_structure(&mut self) {
        if self.wants(STRUCTURE) {
            self.network(WEIGHTED_RECIPROCITY, structure::weighted_reciprocity(&self.frozen));
        }
    }

    /// Fills in who is joined to whom by the number of flows.
    pub(super) fn mixing(&mut self) {
        if self.wants(MIXING) {
            let [out, into] = [&self.frozen.out, &self.frozen.into].map(degrees);
            self.assortativities([DEGREE_IN_IN, DEGREE_IN_OUT, DEGREE_OUT_IN, DEGREE_OUT_OUT], (&out, &into));
        }
    }

    /// Fills in who is joined to whom by the weight of flows.
    pub(super) fn weighted_mixing(&mut self) {
        if self.wants(MIXING) {
            let (out, into) = (self.frozen.out.sums(), self.frozen.into.sums());
            self.assortativities([STRENGTH_IN_IN, STRENGTH_IN_OUT, STRENGTH_OUT_IN, STRENGTH_OUT_OUT], (&out, &into));
        }
    }

    fn assortativities(&mut self, infos: [MetricInfo; 4], (out, into): (&[f64], &[f64])) {
        let pairs = [(into, into), (into, out), (out, into), (out, out)];
        for (info, (origin, destination)) in infos.into_iter().zip(pairs) {
            let value = assortativity(&self.frozen.out, origin, destination);
            self.network(info, value);
        }
    }

    /// Fills in the rich club by the number of flows.
    pub(super) fn rich_club(&mut self) {
        if self.wants(MIXING) {
            self.network(RICH_CLUB, rich_club(&self.frozen.out, &self.frozen.into));
        }
    }

    /// Fills in the rich club by the weight of flows.
    pub(super) fn weighted_rich_club(&mut self) {
        if self.wants(MIXING) {
            self.network(WEIGHTED_RICH_CLUB, weighted_rich_club(&self.frozen.out, &self.frozen.into));
        }
    }

    /// Fills in the metric backbone that the paths left, if there were any.
    pub(super) fn metric_backbone(&mut self) {
        let Some(backbone) = self.backbone.take() else { return };
        let values = self.by_link(|cell| backbone[cell].map(|kept| f64::from(u8::from(kept))));
        self.flow(METRIC_BACKBONE, values);
        let kept = backbone.iter().filter(|kept| **kept == Some(true)).count() as f64;
        self.network(METRIC_BACKBONE_SHARE, ratio(kept, backbone.len() as f64));
    }

    /// Fills in the backbones that need weights.
    pub(super) fn weighted_backbones(&mut self) {
        let Frozen { out, into, .. } = &self.frozen;
        let chances = self.wants(DISPARITIES).then(|| disparity(out, into));
        let excess = self.wants(NOISE_CORRECTEDS).then(|| noise_corrected(out, into));
        if let Some(chances) = chances {
            let cells = self.frozen.out.cells();
            let known = |cell: usize| (cells[cell].weight > 0.0).then(|| chances[cell]);
            let values = self.by_link(known);
            let carried = carried(&self.frozen.out, |cell| known(cell).is_some_and(|chance| chance < LEVEL));
            self.backbone_of(DISPARITY, [DISPARITY_SHARE, DISPARITY_WEIGHT], (values, carried));
        }
        if let Some(excess) = excess {
            let values = self.by_link(|cell| excess[cell]);
            let carried = carried(&self.frozen.out, |cell| excess[cell].is_some_and(|z| z > DEVIATIONS));
            self.backbone_of(NOISE_CORRECTED, [NOISE_CORRECTED_SHARE, NOISE_CORRECTED_WEIGHT], (values, carried));
        }
    }

    /// Fills in numbers of flows, and how many flows of what weight pass as backbone.
    fn backbone_of(
        &mut self,
        info: MetricInfo,
        shares: [MetricInfo; 2],
        (values, carried): (Vec<Option<f64>>, [Option<f64>; 2]),
    ) {
        self.flow(info, values);
        for (info, share) in shares.into_iter().zip(carried) {
            self.network(info, share);
        }
    }

    /// Fills in what chance makes of the network, and how far the network is from that.
    pub(super) fn chance(&mut self) {
        if !self.wants(CHANCE) {
            return;
        }
        let (samples, seed) = (self.options.random_networks, self.options.seed);
        self.say(&format!(
            "What is by chance rests on {samples} random networks (seed {seed}): flows arrive at their places in the sizes that they have, \
             in a random order, and are cut where what leaves an origin ends. So chance deals whole flows, not single persons, which \
             would spread more evenly. A network in which a number is undefined is left out of its mean; where that is every second \
             one, the mean is empty."
        ));
        let known = self.frozen.known();
        let sent = known.out.sums();
        let of_chance = |k: usize| match by_chance(&known.into, &sent, seed_of_sample(seed, k)) {
            Some(out) => compared(&Frozen::of(out)),
            None => [None; 4],
        };
        // Few at a time, because each is as large as the network; in order, so that threads change nothing.
        let found: Vec<[Option<f64>; 4]> = (0..samples).into_par_iter().map(of_chance).collect();
        let own = compared(&known);
        drop(known);
        let infos = [
            (WEIGHTED_RECIPROCITY_EXPECTED, WEIGHTED_RECIPROCITY_Z),
            (CONCENTRATION_EXPECTED, CONCENTRATION_Z),
            (MEAN_CLUSTERING_EXPECTED, MEAN_CLUSTERING_Z),
            (WEIGHTED_RICH_CLUB_EXPECTED, WEIGHTED_RICH_CLUB_Z),
        ];
        for (k, (expected, z)) in infos.into_iter().enumerate() {
            let samples: Vec<_> = found.iter().map(|sample| sample[k]).collect();
            let result = compare(own[k], &samples);
            self.network(expected, result.map(|r| r.expected));
            self.network(z, result.and_then(|r| r.z));
        }
    }
}

fn degrees(rows: &Rows) -> Vec<f64> {
    rows.iter().map(|row| row.len() as f64).collect()
}

/// Returns the share of the cells that are kept, and the share of the weight that they carry.
fn carried(out: &Rows, is_kept: impl Fn(usize) -> bool) -> [Option<f64>; 2] {
    let (mut all, mut count, mut weight) = (0.0, 0.0, 0.0);
    for (index, cell) in out.cells().iter().enumerate() {
        let kept = f64::from(u8::from(is_kept(index)));
        all += cell.weight;
        count += kept;
        weight += kept * cell.weight;
    }
    [ratio(count, out.cells().len() as f64), ratio(weight, all)]
}

/// Returns the numbers that are compared with chance.
fn compared(frozen: &Frozen) -> [Option<f64>; 4] {
    [
        structure::weighted_reciprocity(frozen),
        Spread::new(frozen.out.cells(), frozen.possible_cells()).map(|s| s.concentration()),
        mean(&clustering(&frozen.out, &frozen.into).all),
        weighted_rich_club(&frozen.out, &frozen.into),
    ]
}
