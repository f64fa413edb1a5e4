//! Origins by destinations: which place stands in which row and column, and what each cell says.

use std::collections::{BTreeMap, BTreeSet};

use flowatlas_model::{OdGraph, PlaceIndex, WeightKind};

use crate::spec::Directions;

/// Origins and destinations that agree to at least this share of all places stand in the same order on both sides.
const SQUARE: f64 = 0.8;

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Cell {
    /// There is no flow.
    #[default]
    Absent,
    /// There is a flow without a number.
    Unknown,
    /// The weight of all kinds together, or the best rank.
    Weight(f64),
}

impl Cell {
    /// Returns the number, if there is one.
    pub fn weight(self) -> Option<f64> {
        match self {
            Cell::Weight(weight) => Some(weight),
            Cell::Absent | Cell::Unknown => None,
        }
    }

    /// Returns the cell with another flow of the same pair.
    fn with(self, weight: Option<f64>, kind: WeightKind) -> Cell {
        match (self, weight) {
            (Cell::Weight(a), Some(b)) if kind == WeightKind::Ordinal => Cell::Weight(a.min(b)),
            (Cell::Weight(a), Some(b)) => Cell::Weight(a + b),
            (_, Some(b)) => Cell::Weight(b),
            (Cell::Absent, None) => Cell::Unknown,
            (known, None) => known,
        }
    }
}

/// One side of the matrix.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// The places in order.
    pub places: Vec<PlaceIndex>,
    /// Where a community starts, but for the first.
    pub breaks: Vec<usize>,
}

impl Side {
    fn of(order: &[Vec<PlaceIndex>], stands: impl Fn(PlaceIndex) -> bool) -> Side {
        let mut side = Side::default();
        for group in order {
            let before = side.places.len();
            side.places.extend(group.iter().copied().filter(|p| stands(*p)));
            if before > 0 && side.places.len() > before {
                side.breaks.push(before);
            }
        }
        side
    }
}

/// Origins by destinations.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosstab {
    /// The origins, from top to bottom.
    pub rows: Side,
    /// The destinations, from left to right.
    pub columns: Side,
    /// The cells row by row; on the diagonal the flows within a place.
    cells: Vec<Cell>,
    /// True where numbers may be added up.
    summable: bool,
    /// True where flows are sums of both directions, so that the cells of A, B and of B, A are the same.
    both_ways: bool,
}

impl Crosstab {
    /// Returns the table of these flows with the places in this order, community by community. Rows are
    /// the places that flows leave, columns those where they arrive; where these are nearly the same places, both sides
    /// have all of them. Flows that are sums of both directions stand in the cells of both.
    pub fn new(shown: &OdGraph, order: &[Vec<PlaceIndex>], directions: Directions) -> Crosstab {
        let both_ways = directions == Directions::Gross;
        let mut cells: BTreeMap<(PlaceIndex, PlaceIndex), Cell> = BTreeMap::new();
        let within = shown.self_flows.iter().map(|(place, link)| (*place, *place, link));
        for (origin, destination, link) in shown.links().chain(within) {
            let cell = cells.entry((origin, destination)).or_default();
            *cell = cell.with(link.weight, shown.weights);
            if both_ways && origin != destination {
                let mirror = cells.entry((destination, origin)).or_default();
                *mirror = mirror.with(link.weight, shown.weights);
            }
        }
        let (rows, columns) = sides(order, cells.keys().copied());
        let at = |row: &PlaceIndex, column: &PlaceIndex| cells.get(&(*row, *column)).copied().unwrap_or_default();
        let cells = rows.places.iter().flat_map(|row| columns.places.iter().map(move |column| at(row, column)));
        let summable = shown.total().is_some_and(|total| total > 0.0);
        Crosstab { cells: cells.collect(), rows, columns, summable, both_ways }
    }

    /// Returns the cell of a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Cell {
        self.cells[row * self.columns.places.len() + column]
    }

    /// Returns true where row and column are the same place.
    pub fn is_diagonal(&self, row: usize, column: usize) -> bool {
        self.rows.places[row] == self.columns.places[column]
    }

    /// Returns the row and the column of every cell, row by row.
    pub fn positions(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = self.columns.places.len();
        (0..self.rows.places.len()).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// Returns the cells between different places.
    pub fn between(&self) -> impl Iterator<Item = Cell> + '_ {
        self.positions().filter(|(r, c)| !self.is_diagonal(*r, *c)).map(|(r, c)| self.cell(r, c))
    }

    /// Returns the cells within a place.
    pub fn within(&self) -> impl Iterator<Item = Cell> + '_ {
        self.positions().filter(|(r, c)| self.is_diagonal(*r, *c)).map(|(r, c)| self.cell(r, c))
    }

    /// Returns the totals of rows, of columns and of all, without flows within a place; `None` where numbers cannot be
    /// added up.
    pub fn totals(&self) -> Option<(Vec<f64>, Vec<f64>, f64)> {
        let (mut rows, mut columns) = (vec![0.0; self.rows.places.len()], vec![0.0; self.columns.places.len()]);
        for (row, column) in self.positions().filter(|(r, c)| !self.is_diagonal(*r, *c)) {
            let weight = self.cell(row, column).weight().unwrap_or(0.0);
            rows[row] += weight;
            columns[column] += weight;
        }
        let sum: f64 = rows.iter().sum();
        // Each sum of both directions stands in two cells.
        let all = if self.both_ways { sum / 2.0 } else { sum };
        self.summable.then_some((rows, columns, all))
    }
}

fn sides(order: &[Vec<PlaceIndex>], pairs: impl Iterator<Item = (PlaceIndex, PlaceIndex)>) -> (Side, Side) {
    let (sends, receives): (BTreeSet<PlaceIndex>, BTreeSet<PlaceIndex>) = pairs.unzip();
    let (both, any) = (sends.intersection(&receives).count(), sends.union(&receives).count());
    if both as f64 >= SQUARE * any as f64 {
        let side = Side::of(order, |p| sends.contains(&p) || receives.contains(&p));
        return (side.clone(), side);
    }
    (Side::of(order, |p| sends.contains(&p)), Side::of(order, |p| receives.contains(&p)))
}
