//! What drawn strokes cost, measured as the score measures them, while single ones change.

use crate::cost::{MAX_STRETCH, NEAR_NODE, nearness};
use crate::measures::{Crossing, departures, evenness, from_piece, gaps, length_along, pair_crossings, pieces_along};
use crate::strokes::{Page, Stroke, apart, extent_at};
use crate::weights::Weights;

/// The strokes on a page and what they cost each other.
pub(crate) struct Ledger {
    page: Page,
    weights: Weights,
    /// Per piece of each stroke, how many others run along it.
    covers: Vec<Vec<u16>>,
    /// At each place the strokes that leave it, and their directions.
    departures: Vec<Vec<(usize, f64)>>,
    /// Strokes that are taken out.
    out: Vec<bool>,
}

impl Ledger {
    /// A ledger of all strokes of a page.
    pub(crate) fn of(page: Page, weights: Weights) -> Ledger {
        let (places, count) = (page.centres.len(), page.strokes.len());
        let (covers, departures) = (vec![Vec::new(); count], vec![Vec::new(); places]);
        let mut ledger = Ledger { page, weights, covers, departures, out: vec![true; count] };
        (0..count).for_each(|k| ledger.put_back(k));
        ledger
    }

    /// Takes a stroke out.
    pub(crate) fn take(&mut self, k: usize) {
        self.out[k] = true;
        for (j, pieces) in self.overlaid_by(&self.page.strokes[k]) {
            pieces.into_iter().for_each(|p| self.covers[j][p] -= 1);
        }
        for node in [self.page.strokes[k].origin, self.page.strokes[k].destination] {
            self.departures[node].retain(|d| d.0 != k);
        }
    }

    /// Puts a stroke in where one was taken out.
    pub(crate) fn put(&mut self, k: usize, stroke: Stroke) {
        for (j, pieces) in self.overlaid_by(&stroke) {
            pieces.into_iter().for_each(|p| self.covers[j][p] += 1);
        }
        let [out, back] = departures(&self.page, &stroke);
        self.departures[stroke.origin].push((k, out));
        self.departures[stroke.destination].push((k, back));
        let mut covers = vec![0; stroke.line.len() - 1];
        for (_, other) in self.near(&stroke) {
            pieces_along(&self.page, &stroke, other).for_each(|p| covers[p] += 1);
        }
        self.covers[k] = covers;
        self.page.strokes[k] = stroke;
        self.out[k] = false;
    }

    /// True where a stroke is drawn along the same points.
    pub(crate) fn holds(&self, k: usize, stroke: &Stroke) -> bool {
        self.page.strokes[k].line == stroke.line
    }

    /// Puts back the stroke that was taken out.
    pub(crate) fn put_back(&mut self, k: usize) {
        self.put(k, self.page.strokes[k].clone());
    }

    /// Replaces strokes one after the other. Returns by how much that changes the cost of all, and the strokes before.
    pub(crate) fn replace(&mut self, strokes: Vec<(usize, Stroke)>) -> (f64, Vec<(usize, Stroke)>) {
        let (mut change, mut before) = (0.0, Vec::new());
        for (k, stroke) in strokes {
            self.take(k);
            let old = self.page.strokes[k].clone();
            change += self.cost(&stroke, f64::INFINITY) - self.cost(&old, f64::INFINITY);
            self.put(k, stroke);
            before.push((k, old));
        }
        before.reverse();
        (change, before)
    }

    /// What a stroke would add to the cost of all that are in, or anything above `limit` once it is known to exceed it.
    pub(crate) fn cost(&self, stroke: &Stroke, limit: f64) -> f64 {
        let mut cost = self.own_cost(stroke) + self.spacing_cost(stroke);
        if cost < limit {
            cost += self.places_cost(stroke);
        }
        for (j, other) in self.near(stroke) {
            if cost > limit {
                return cost;
            }
            cost += self.crossings_cost(stroke, other);
            let newly = |p: &usize| self.covers[j][*p] == 0;
            cost += self.weights.overlap
                * pieces_along(&self.page, other, stroke).filter(newly).map(|p| other.piece(p)).sum::<f64>();
        }
        let near = self.near(stroke).map(|(_, other)| other);
        cost + self.weights.overlap * length_along(&self.page, stroke, near)
    }

    /// What a stroke costs whatever lies around it.
    fn own_cost(&self, stroke: &Stroke) -> f64 {
        let stretch = stroke.stretch();
        if stretch > MAX_STRETCH {
            return f64::INFINITY;
        }
        let sharp = if stroke.is_sharp() { self.weights.sharp } else { 0.0 };
        let skew = self.weights.skew * stroke.skew().unwrap_or(0.0);
        self.weights.stretch * (stretch - 1.0) + skew + sharp
    }

    /// Costs of the places that a stroke runs over or comes near to.
    fn places_cost(&self, stroke: &Stroke) -> f64 {
        let (mut cost, mut nearest) = (0.0, NEAR_NODE);
        let others = self.page.used.iter().filter(|&&n| n != stroke.origin && n != stroke.destination);
        for &n in others {
            let (at, radius) = (extent_at(self.page.centres[n]), self.page.radii[n]);
            let reach = radius + NEAR_NODE;
            if apart(&stroke.extent, &at, reach) {
                continue;
            }
            let pieces = stroke.near(&at, reach).map(|(a, b)| from_piece(self.page.centres[n], a, b));
            let gap = pieces.fold(f64::INFINITY, f64::min) - radius;
            let depth = stroke.width / 2.0 - gap;
            if depth > 0.0 {
                cost += self.weights.on_node * (1.0 + 0.1 * depth);
            }
            nearest = nearest.min(gap.max(0.0));
        }
        cost + self.weights.near_node * nearness(nearest)
    }

    /// What uneven departures at both places of a stroke cost.
    fn spacing_cost(&self, stroke: &Stroke) -> f64 {
        let [out, back] = departures(&self.page, stroke);
        let cost = |(node, bearing): (usize, f64)| {
            let all: Vec<f64> = self.departures[node].iter().map(|d| d.1).chain([bearing]).collect();
            if all.len() > 1 { self.weights.spacing * (1.0 - evenness(&gaps(all))) } else { 0.0 }
        };
        cost((stroke.origin, out)) + cost((stroke.destination, back))
    }

    fn crossings_cost(&self, stroke: &Stroke, other: &Stroke) -> f64 {
        let price = |c: Crossing| {
            let sibling = if c.sibling { self.weights.sibling } else { 0.0 };
            let acute = if c.is_acute() { self.weights.acute } else { 0.0 };
            self.weights.crossing + self.weights.slant * (1.0 - c.degrees / 90.0) + sibling + acute
        };
        pair_crossings(&self.page, stroke, other).into_iter().map(price).sum()
    }

    /// Strokes that are in and come near another one.
    fn near<'a>(&'a self, stroke: &'a Stroke) -> impl Iterator<Item = (usize, &'a Stroke)> {
        let strokes = self.page.strokes.iter().enumerate().filter(|(j, _)| !self.out[*j]);
        strokes.filter(|(_, other)| !apart(&stroke.extent, &other.extent, (stroke.width + other.width) / 2.0))
    }

    /// The pieces of strokes that run along another one.
    fn overlaid_by(&self, stroke: &Stroke) -> Vec<(usize, Vec<usize>)> {
        self.near(stroke).map(|(j, other)| (j, pieces_along(&self.page, other, stroke).collect())).collect()
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
