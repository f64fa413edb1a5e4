//! Positions of places beyond paths, put into the table.

use super::Sheet;
use crate::{
    catalog::*,
    clustering::{clustering, mean},
    communities::communities_of,
    cores::{Ends, cores, strength_cores},
    influence::{Influence, influence},
    pagerank::pagerank,
    rows::Rows,
};

impl Sheet<'_> {
    /// Fills in the numbers of partners.
    pub(super) fn degrees(&mut self) {
        let degrees = |rows: &Rows| -> Vec<_> { rows.iter().map(|row| Some(row.len() as f64)).collect() };
        self.place(IN_DEGREE, degrees(&self.frozen.into));
        self.place(OUT_DEGREE, degrees(&self.frozen.out));
    }

    /// Fills in what follows the weights of the flows.
    pub(super) fn weighted_centralities(&mut self) {
        if self.wants(WALKS) {
            self.place(PAGERANK, pagerank(&self.frozen).into_iter().map(Some));
        }
        self.influence();
        self.triangles();
    }

    fn influence(&mut self) {
        if !self.wants(INFLUENCE) {
            return;
        }
        let Influence { eigenvector, hubs, authorities, katz } = influence(&self.frozen.known());
        self.place(EIGENVECTOR, eigenvector);
        self.place(HUB, hubs);
        self.place(AUTHORITY, authorities);
        self.place(KATZ, katz);
    }

    fn triangles(&mut self) {
        if !self.wants(CLUSTERINGS) && !self.wants(MEAN_CLUSTERINGS) {
            return;
        }
        let known = self.frozen.known();
        let found = clustering(&known.out, &known.into);
        drop(known);
        self.network(MEAN_CLUSTERING, mean(&found.all));
        self.place(CLUSTERING, found.all);
        self.place(CLUSTERING_CYCLE, found.cycle);
        self.place(CLUSTERING_MIDDLEMAN, found.middleman);
        self.place(CLUSTERING_IN, found.inward);
        self.place(CLUSTERING_OUT, found.outward);
    }

    /// Fills in cores by the number of flows.
    pub(super) fn cores(&mut self) {
        if !self.wants(CORES) {
            return;
        }
        for (info, ends) in [(CORE_IN, Ends::In), (CORE_OUT, Ends::Out), (CORE, Ends::Both)] {
            let found = cores(&self.frozen.out, &self.frozen.into, ends);
            self.place(info, found.into_iter().map(|k| Some(f64::from(k))));
        }
    }

    /// Fills in cores by the weight of flows.
    pub(super) fn strength_cores(&mut self) {
        if self.wants(CORES) {
            let found = strength_cores(&self.frozen.out, &self.frozen.into);
            self.place(STRENGTH_CORE, found.into_iter().map(Some));
        }
    }

    /// Fills in communities.
    pub(super) fn communities(&mut self) {
        if !self.wants(PLACE_COMMUNITIES) && !self.wants(NETWORK_COMMUNITIES) {
            return;
        }
        let found = communities_of(self.atlas, &self.frozen);
        let flows = !self.frozen.out.cells().is_empty();
        self.place(COMMUNITY, found.of.iter().map(|c| Some(f64::from(*c) + 1.0)));
        self.place(COMMUNITY_STABILITY, found.stability.iter().copied().map(Some));
        self.network(MODULARITY, flows.then_some(found.modularity));
        self.network(COMMUNITIES, Some(found.of_several_places() as f64));
        self.network(COMMUNITY_AGREEMENT, flows.then_some(found.agreement));
    }
}
