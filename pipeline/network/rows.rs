//! The graph frozen into compressed rows, which is what every kernel reads.

use std::borrow::Cow;

use flowatlas_model::{OdGraph, WeightKind};

/// The flow between a row's place and another one, all kinds together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The place at the other end.
    pub place: u32,
    /// The summed known weights; 0 where none is known, because a flow that is known to be 0 has no cell.
    pub weight: f64,
}

/// The cells of every place in one direction, each row ascending by the place at the other end.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    offsets: Vec<usize>,
    cells: Vec<Cell>,
}

impl Rows {
    /// Returns the number of places.
    pub fn places(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns the cells of one place.
    pub fn row(&self, place: usize) -> &[Cell] {
        &self.cells[self.offsets[place]..self.offsets[place + 1]]
    }

    /// Returns the rows in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = &[Cell]> {
        (0..self.places()).map(|place| self.row(place))
    }

    /// Returns all cells, row by row.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Returns the weight towards a place; `None` where there is no cell.
    pub fn weight(&self, from: usize, to: u32) -> Option<f64> {
        let row = self.row(from);
        row.binary_search_by_key(&to, |c| c.place).ok().map(|at| row[at].weight)
    }

    /// Returns the sum of the weights of every row.
    pub fn sums(&self) -> Vec<f64> {
        self.iter().map(|row| row.iter().map(|c| c.weight).sum()).collect()
    }

    /// Returns the same shape with other weights, made from the place of the row and the cell.
    pub fn map(&self, weight: impl Fn(usize, Cell) -> f64) -> Rows {
        let cells = (0..self.places())
            .flat_map(|p| self.row(p).iter().map(move |&c| (p, c)))
            .map(|(p, c)| Cell { place: c.place, weight: weight(p, c) })
            .collect();
        Rows { offsets: self.offsets.clone(), cells }
    }

    /// Returns the cells between some of the places, which are renumbered: `number` gives the new number of a place that
    /// stays. New numbers must rise with the old ones.
    pub fn within(&self, places: &[u32], number: impl Fn(u32) -> Option<u32>) -> Rows {
        let mut offsets = vec![0];
        let mut cells = Vec::new();
        for place in places {
            let stays = |c: &Cell| number(c.place).map(|place| Cell { place, weight: c.weight });
            cells.extend(self.row(*place as usize).iter().filter_map(stays));
            offsets.push(cells.len());
        }
        Rows { offsets, cells }
    }

    /// Returns where the row of each place starts among [`Rows::cells`], and where the last one ends.
    pub fn starts(&self) -> &[usize] {
        &self.offsets
    }

    /// Returns the cells of known weight.
    pub fn known(&self) -> Rows {
        let mut offsets = vec![0];
        let mut cells = Vec::with_capacity(self.cells.len());
        for row in self.iter() {
            cells.extend(row.iter().filter(|c| c.weight > 0.0));
            offsets.push(cells.len());
        }
        Rows { offsets, cells }
    }

    /// Merges links, sorted by their ends, into rows.
    pub fn from_sorted(places: usize, links: impl ExactSizeIterator<Item = (u32, u32, f64)>) -> Rows {
        let mut offsets = vec![0; places + 1];
        let mut cells: Vec<Cell> = Vec::with_capacity(links.len());
        let mut before = None;
        for (from, place, weight) in links {
            match cells.last_mut() {
                Some(cell) if before == Some((from, place)) => cell.weight += weight,
                _ => {
                    cells.push(Cell { place, weight });
                    offsets[from as usize + 1] += 1;
                }
            }
            before = Some((from, place));
        }
        accumulate(&mut offsets);
        Rows { offsets, cells }
    }

    /// Returns the rows of the opposite direction.
    pub fn transposed(&self) -> Rows {
        let mut offsets = vec![0; self.places() + 1];
        for cell in &self.cells {
            offsets[cell.place as usize + 1] += 1;
        }
        accumulate(&mut offsets);
        let mut next = offsets.clone();
        let mut cells = vec![Cell { place: 0, weight: 0.0 }; self.cells.len()];
        for (place, row) in self.iter().enumerate() {
            for cell in row {
                let slot = &mut next[cell.place as usize];
                cells[*slot] = Cell { place: place as u32, weight: cell.weight };
                *slot += 1;
            }
        }
        Rows { offsets, cells }
    }
}

/// What two places exchange, seen from one of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The other one.
    pub place: u32,
    /// What goes there; 0 where there is no flow.
    pub to: f64,
    /// What comes from there; 0 where there is no flow.
    pub from: f64,
}

/// Returns the places that a place has flows with in either direction, ascending.
pub fn partners<'a>(out: &'a Rows, into: &'a Rows, place: usize) -> impl Iterator<Item = Pair> + 'a {
    let (mut sent, mut received) = (out.row(place).iter().peekable(), into.row(place).iter().peekable());
    std::iter::from_fn(move || {
        let next = [sent.peek(), received.peek()].into_iter().flatten().map(|c| c.place).min()?;
        let to = sent.next_if(|c| c.place == next).map_or(0.0, |c| c.weight);
        let from = received.next_if(|c| c.place == next).map_or(0.0, |c| c.weight);
        Some(Pair { place: next, to, from })
    })
}

fn accumulate(counts: &mut [usize]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
    }
}

/// A graph that no longer changes: the same cells by origin and by destination.
///
/// Rows are sorted by place, so nothing computed from them depends on the order of the flow table.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// Cells of each origin, by destination.
    pub out: Rows,
    /// Cells of each destination, by origin.
    pub into: Rows,
    /// For each link of the graph its cell among those of `out`; `None` where it states a weight of 0. Empty for a graph
    /// that was not frozen from links.
    pub cell_of_link: Vec<Option<u32>>,
    /// Links that state a weight of 0; they have no cell.
    pub zero_links: usize,
    /// Links without a weight; they have a cell but add nothing to its weight.
    pub unknown_links: usize,
}

impl Frozen {
    /// Freezes a graph in O(links log links). Ranks are no weights: cells of ordinal graphs weigh 0.
    pub fn new(graph: &OdGraph) -> Frozen {
        let stated = |w: Option<f64>| w.filter(|_| graph.weights == WeightKind::Measured);
        let mut links = Vec::with_capacity(graph.graph.edge_count());
        let (mut zero_links, mut unknown_links) = (0, 0);
        for (index, (origin, destination, link)) in (0u32..).zip(graph.links()) {
            match stated(link.weight) {
                Some(w) if w > 0.0 => links.push((origin.0, destination.0, w, index)),
                Some(_) => zero_links += 1,
                None => {
                    unknown_links += 1;
                    links.push((origin.0, destination.0, 0.0, index));
                }
            }
        }
        links.sort_unstable_by_key(|l| (l.0, l.1, l.3));
        let mut cell_of_link = vec![None; graph.graph.edge_count()];
        for (cell, same) in (0u32..).zip(links.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))) {
            same.iter().for_each(|link| cell_of_link[link.3 as usize] = Some(cell));
        }
        let sorted = links.iter().map(|&(origin, destination, w, _)| (origin, destination, w));
        let out = Rows::from_sorted(graph.graph.node_count(), sorted);
        drop(links);
        Frozen { into: out.transposed(), out, cell_of_link, zero_links, unknown_links }
    }

    /// Returns a graph from its cells by origin.
    pub fn of(out: Rows) -> Frozen {
        Frozen { into: out.transposed(), out, cell_of_link: Vec::new(), zero_links: 0, unknown_links: 0 }
    }

    /// Returns what is known to move between two places: 0 where there is no flow, `None` where there is one without a weight.
    pub fn flow(&self, from: usize, to: u32) -> Option<f64> {
        match self.out.weight(from, to) {
            Some(weight) => Some(weight).filter(|&w| w > 0.0),
            None => Some(0.0),
        }
    }

    /// Returns the graph of the cells of known weight.
    pub fn known(&self) -> Cow<'_, Frozen> {
        match self.unknown_links {
            0 => Cow::Borrowed(self),
            _ => Cow::Owned(Frozen::of(self.out.known())),
        }
    }

    /// Returns the number of places.
    pub fn places(&self) -> usize {
        self.out.places()
    }

    /// Returns the sum over all cells of what is made of their ends and weight; `None` where that is undefined for one.
    pub fn sum(&self, of: impl Fn(usize, usize, f64) -> Option<f64>) -> Option<f64> {
        let rows = self.out.iter().enumerate();
        rows.flat_map(|(from, row)| row.iter().map(move |c| (from, c)))
            .map(|(from, c)| of(from, c.place as usize, c.weight))
            .sum()
    }

    /// Returns the number of ordered pairs of different places, which is the number of cells there could be.
    pub fn possible_cells(&self) -> f64 {
        let n = self.places() as f64;
        n * (n - 1.0)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use flowatlas_model::{Link, PlaceIndex};
    use petgraph::graph::{DiGraph, NodeIndex};

    /// Returns the frozen graph of these flows between `places` places.
    pub fn frozen(places: usize, flows: &[(u32, u32, f64)]) -> Frozen {
        let mut graph = DiGraph::new();
        for place in 0..places as u32 {
            graph.add_node(PlaceIndex(place));
        }
        for &(origin, destination, weight) in flows {
            let link = Link { weight: Some(weight), kind: None, rows: vec![0].into() };
            graph.add_edge(NodeIndex::new(origin as usize), NodeIndex::new(destination as usize), link);
        }
        let (weights, self_flows) = (WeightKind::Measured, Vec::new());
        Frozen::new(&OdGraph { graph, self_flows, weights, merged_rows: 0 })
    }

    #[test]
    fn parallel_links_share_a_cell_and_rows_are_sorted() {
        let f = frozen(4, &[(2, 3, 1.0), (2, 0, 5.0), (2, 3, 2.0), (0, 3, 4.0), (1, 0, 0.0)]);
        let cell = |place, weight| Cell { place, weight };
        assert_eq!(f.out.row(2), [cell(0, 5.0), cell(3, 3.0)]);
        assert_eq!(f.into.row(3), [cell(0, 4.0), cell(2, 3.0)]);
        assert_eq!((f.out.weight(2, 3), f.out.weight(3, 2), f.zero_links), (Some(3.0), None, 1));
    }
}
