//! Communities: places that exchange more with each other than their totals would let expect.

use std::borrow::Cow;

use flowatlas_model::{Atlas, OdGraph, PlaceIndex};
use rayon::prelude::*;

use crate::{
    agreement::{Agreement, agreement},
    level::Level,
    rows::Frozen,
};

/// Searches that start from different orders of places, at most and at least; the best result is kept.
const STARTS: (usize, usize) = (8, 2);

/// With more links than these there are fewer searches: so many links, times searches, take about half a second.
const LINKS: usize = 2_000_000;

/// A partition of the places.
#[derive(Debug, Clone, PartialEq)]
pub struct Communities {
    /// The community of every place, from 0 by falling total of flows; a place without flows is one of its own.
    pub of: Vec<u32>,
    /// The modularity of the partition, at most 1; 0 where there are no flows.
    pub modularity: f64,
    /// How far the searches agree about the community of every place: the mean over the others of the overlap
    /// (Jaccard) of its community there and here, from 0 to 1.
    pub stability: Vec<f64>,
    /// How far the searches agree about all: the mean over the others of the adjusted Rand index, at most 1, 0 as by chance.
    pub agreement: f64,
}

impl Communities {
    /// Returns the number of communities with more than one place.
    pub fn of_several_places(&self) -> usize {
        let mut sizes = vec![0; self.of.len()];
        self.of.iter().for_each(|community| sizes[*community as usize] += 1);
        sizes.into_iter().filter(|size| *size > 1).count()
    }
}

/// Returns the communities of a weighted directed graph, each of them connected.
///
/// Maximises the directed modularity of Leicht and Newman 2008 (Phys. Rev. Lett. 100, 118703, eq. 2),
/// `Q = 1/m Σ (w_ij − out_i in_j / m)` over the pairs of one community, by the three phases of Leiden (Traag, Waltman
/// and van Eck 2019, Sci. Rep. 9, 5233): moving places, refining within communities, merging; repeated until nothing
/// is gained. It differs from Leiden in that refinement takes the best merger instead of a random one, and in that a community
/// that fell apart is split afterwards. Self-flows are left out. Where no weight is known, as for ranks, every
/// link counts 1. Places are taken by their ids: neither the order of places nor chance has a part in the result.
///
/// Time about O(links) for each of a few searches, two to eight, and a few rounds in each; memory O(places + links).
///
/// # Panics
/// Panics if the graph belongs to another atlas.
pub fn communities(atlas: &Atlas, graph: &OdGraph) -> Communities {
    communities_of(atlas, &Frozen::new(graph))
}

/// Returns the communities of a frozen graph.
pub(crate) fn communities_of(atlas: &Atlas, frozen: &Frozen) -> Communities {
    let order = by_id(atlas);
    let known = in_range(known_or_one(frozen));
    let level = Level::of(&known, &order);
    let starts = (LINKS / known.out.cells().len().max(1)).clamp(STARTS.1, STARTS.0);
    let found = (0..starts as u64).into_par_iter().map(|start| level.search(start));
    let (found, quality): (Vec<Vec<u32>>, Vec<f64>) = found.unzip();
    let best = (0..found.len()).fold(0, |best, next| if quality[next] > quality[best] { next } else { best });
    let others: Vec<&[u32]> = (0..found.len()).filter(|k| *k != best).map(|k| &found[k][..]).collect();
    let Agreement { of_places, of_all } = agreement(&found[best], &others);
    let (mut of, mut stability) = (vec![0; order.len()], vec![0.0; order.len()]);
    for (rank, place) in order.iter().enumerate() {
        of[place.index()] = found[best][rank];
        stability[place.index()] = of_places[rank];
    }
    let of = numbered(&of, &totals(&known), &order);
    Communities { of, modularity: quality[best], stability, agreement: of_all }
}

/// Returns the places that have flows, community by community, as the rows and columns of a matrix: communities by
/// falling total (in and out together, without flows within a place), places within them likewise, ties by id.
///
/// # Panics
/// Panics if the graph belongs to another atlas.
pub fn matrix_order(atlas: &Atlas, graph: &OdGraph) -> Vec<Vec<PlaceIndex>> {
    let frozen = Frozen::new(graph);
    let (of, totals) = (communities_of(atlas, &frozen).of, totals(&known_or_one(&frozen)));
    let mut used = vec![false; atlas.places.len()];
    let ends = graph.links().flat_map(|(o, d, _)| [o, d]);
    ends.chain(graph.self_flows.iter().map(|(p, _)| *p)).for_each(|p| used[p.index()] = true);
    let mut places: Vec<PlaceIndex> = by_id(atlas).into_iter().filter(|p| used[p.index()]).collect();
    let falling = |p: &PlaceIndex| totals[p.index()];
    places.sort_by(|a, b| of[a.index()].cmp(&of[b.index()]).then(falling(b).total_cmp(&falling(a))));
    places.chunk_by(|a, b| of[a.index()] == of[b.index()]).map(<[PlaceIndex]>::to_vec).collect()
}

fn by_id(atlas: &Atlas) -> Vec<PlaceIndex> {
    let mut order: Vec<PlaceIndex> = atlas.indices().collect();
    order.sort_by(|a, b| atlas.place(*a).id.cmp(&atlas.place(*b).id));
    order
}

/// Returns the graph, with weights of 1 where none is known.
fn known_or_one(frozen: &Frozen) -> Cow<'_, Frozen> {
    match frozen.out.cells().iter().any(|c| c.weight > 0.0) {
        true => Cow::Borrowed(frozen),
        false => Cow::Owned(Frozen::of(frozen.out.map(|_, _| 1.0))),
    }
}

/// Weights beyond this, or below its inverse, have products that no number can hold.
const IN_RANGE: f64 = 1e100;

/// Returns the graph with weights whose products can be held: modularity multiplies totals. A power of 2 makes them so without rounding.
fn in_range(frozen: Cow<'_, Frozen>) -> Cow<'_, Frozen> {
    let most = frozen.out.cells().iter().fold(0.0, |most: f64, cell| most.max(cell.weight));
    if most <= 0.0 || (1.0 / IN_RANGE..=IN_RANGE).contains(&most) {
        return frozen;
    }
    let (_, exponent) = libm::frexp(most);
    Cow::Owned(Frozen::of(frozen.out.map(|_, cell| libm::ldexp(cell.weight, -exponent))))
}

/// Returns in and out together of every place; links count 1 where no weight is known.
fn totals(known: &Frozen) -> Vec<f64> {
    let mut totals = vec![0.0; known.places()];
    for (place, row) in known.out.iter().enumerate() {
        for cell in row {
            totals[place] += cell.weight;
            totals[cell.place as usize] += cell.weight;
        }
    }
    totals
}

/// Numbers communities from 0 by falling total; ties go to the one with the first id.
fn numbered(of: &[u32], totals: &[f64], order: &[PlaceIndex]) -> Vec<u32> {
    let mut sums = vec![0.0; of.len()];
    let mut seen: Vec<u32> = Vec::new();
    let mut known = vec![false; of.len()];
    for place in order {
        let community = of[place.index()];
        sums[community as usize] += totals[place.index()];
        if !std::mem::replace(&mut known[community as usize], true) {
            seen.push(community);
        }
    }
    seen.sort_by(|a, b| sums[*b as usize].total_cmp(&sums[*a as usize]));
    let mut number = vec![0; of.len()];
    for (rank, community) in seen.iter().enumerate() {
        number[*community as usize] = rank as u32;
    }
    of.iter().map(|c| number[*c as usize]).collect()
}
