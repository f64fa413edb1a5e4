//! Which zone a point lies in: exact, and quick by a grid.
//!
//! **The rule on borders.** A point is inside a zone where a ray to the east crosses the zone's rings an odd number of times (even-odd:
//! holes and several polygons need nothing of their own). A point on a border belongs to the zone east of it, on a border that runs
//! due east to the zone north of it; so a border that two zones share gives every one of its points to exactly one of them. Where no
//! zone lies on that side, as along the outer border of a country, the point belongs to the zone whose border it is on. Where zones
//! overlap, it belongs to the first in the order of the layer. On which side of a border a point lies is found by Shewchuk's
//! exact predicate (1997, crate `robust`), without rounding.
//!
//! **The grid.** Most points lie in cells that no border crosses and are answered by one look. In the others only those edges are
//! asked that pass through the row of the cell. A query of a point costs O(1 + edges of the zones at hand in one row).

use flowatlas_model::Atlas;
use geo::{BoundingRect, Coord, LineString, MultiPolygon, Rect};
use robust::{Coord as Exact, orient2d};
use sha2::{Digest, Sha256};

/// The most columns and rows of the grid: four million cells of four bytes.
const MOST: f64 = 2048.0;
/// Cells per edge, roughly: finer grids cost more to make than they save.
const CELLS_PER_EDGE: f64 = 8.0;
/// How far beyond its cells an edge is noted, in cells: a hundred million times what rounding could misplace.
const MARGIN: f64 = 1e-6;

/// Polygons that are asked which of them a point lies in.
#[derive(Debug)]
pub struct Zones {
    ids: Vec<String>,
    shapes: Vec<Bands>,
    grid: Grid,
    digest: String,
}

/// Covers the extent of all zones.
#[derive(Debug)]
struct Grid {
    extent: Rect<f64>,
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
    /// The zones of each cell that has several or a part of one, in their order.
    candidates: Vec<Candidate>,
}

/// What is known of a cell, as small as it can be: most of the time goes into fetching them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell(u32);

impl Cell {
    /// No zone has anything of it.
    const EMPTY: Cell = Cell(u32::MAX);
    /// Set where there are candidates.
    const MIXED: u32 = 1 << 31;

    /// One zone holds the whole of it.
    fn whole(zone: u32) -> Self {
        Cell(zone)
    }

    /// Its candidates are those from `first` on.
    fn mixed(first: usize) -> Self {
        Cell(first as u32 | Self::MIXED)
    }
}

/// A zone that has something of a cell.
#[derive(Debug, Clone, Copy)]
struct Candidate(u32);

impl Candidate {
    /// Set where the zone holds the whole cell, so that no edge needs to be asked.
    const WHOLE: u32 = 1 << 31;
    /// Set on the last of a cell.
    const LAST: u32 = 1 << 30;

    fn zone(self) -> u32 {
        self.0 & !(Self::WHOLE | Self::LAST)
    }

    fn is_whole(self) -> bool {
        self.0 & Self::WHOLE != 0
    }

    fn is_last(self) -> bool {
        self.0 & Self::LAST != 0
    }
}

/// What a cell has.
enum Found<C> {
    Nothing,
    Whole(u32),
    Mixed(C),
}

/// The edges of a zone by the rows of the grid that they touch.
#[derive(Debug)]
struct Bands {
    first_row: usize,
    /// Where the edges of each row start; one more than there are rows.
    starts: Vec<u32>,
    edges: Vec<Edge>,
}

/// A straight piece of border, from its southern end to its northern one.
#[derive(Debug, Clone, Copy)]
struct Edge {
    south: Coord<f64>,
    north: Coord<f64>,
}

impl Zones {
    /// Returns the index of the places of `atlas`, in their order. A place without an area holds no point.
    pub fn of_places(atlas: &Atlas) -> Self {
        let none = MultiPolygon::new(Vec::new());
        Zones::new(atlas.places.iter().map(|place| (place.id.clone(), place.area.as_ref().unwrap_or(&none))))
    }

    /// Returns the index of areas, each with its identifier, in this order.
    pub fn new<'a>(zones: impl IntoIterator<Item = (String, &'a MultiPolygon<f64>)>) -> Self {
        let (ids, areas): (Vec<String>, Vec<&MultiPolygon<f64>>) = zones.into_iter().unzip();
        let edges: Vec<Vec<Edge>> = areas.iter().map(|area| edges(area)).collect();
        let grid = Grid::empty(extent(&areas), edges.iter().map(Vec::len).sum());
        let shapes: Vec<Bands> = edges.iter().map(|edges| Bands::new(edges, &grid)).collect();
        let digest = digest(&ids, &areas);
        Zones { grid: grid.filled(&shapes, &edges), ids, shapes, digest }
    }

    /// Returns the identifiers of the zones, at their positions.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Returns a text that two indices share exactly where their zones have the same identifiers and coordinates, bit by bit.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns the position of the zone that a point lies in, or `None` outside of all. Coordinates that are not finite lie in none.
    pub fn find(&self, x: f64, y: f64) -> Option<u32> {
        let point = Coord { x, y };
        let (column, row) = self.grid.cell_of(point)?;
        let shape = |c: Candidate| &self.shapes[c.zone() as usize];
        match self.grid.at(column, row) {
            Found::Nothing => None,
            Found::Whole(zone) => Some(zone),
            Found::Mixed(candidates) => {
                let holds = |c: &Candidate| c.is_whole() || shape(*c).hold(point, row);
                let touches = |c: &Candidate| shape(*c).touch(point, row);
                candidates.clone().find(holds).or_else(|| candidates.clone().find(touches)).map(Candidate::zone)
            }
        }
    }
}

/// Names the zones by what decides where a point lies.
fn digest(ids: &[String], areas: &[&MultiPolygon<f64>]) -> String {
    let mut hash = Sha256::new();
    for (id, area) in ids.iter().zip(areas) {
        hash.update((id.len() as u64).to_le_bytes());
        hash.update(id);
        for ring in rings(area) {
            hash.update((ring.0.len() as u64).to_le_bytes());
            ring.0.iter().flat_map(|c| [c.x, c.y]).for_each(|v| hash.update(v.to_le_bytes()));
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn rings(area: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    area.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

fn edges(area: &MultiPolygon<f64>) -> Vec<Edge> {
    let of_ring = |ring: &LineString<f64>| ring.lines().collect::<Vec<_>>();
    rings(area).flat_map(of_ring).map(|line| Edge::new(line.start, line.end)).collect()
}

fn extent(areas: &[&MultiPolygon<f64>]) -> Option<Rect<f64>> {
    let boxes = areas.iter().filter_map(|area| area.bounding_rect());
    boxes.reduce(|a, b| {
        let least = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
        Rect::new(least, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
    })
}

impl Grid {
    fn empty(extent: Option<Rect<f64>>, edges: usize) -> Self {
        let side = (edges as f64 * CELLS_PER_EDGE).sqrt().ceil().clamp(1.0, MOST) as usize;
        // Without zones there is no cell, and no point in one.
        let (extent, side) = match extent {
            Some(extent) => (extent, side),
            None => (Rect::new(Coord::zero(), Coord::zero()), 0),
        };
        Grid { extent, columns: side, rows: side, cells: vec![Cell::EMPTY; side * side], candidates: Vec::new() }
    }

    /// Returns where a point lies, in cells from the south-western corner; never falls where a coordinate rises.
    fn place(&self, point: Coord<f64>) -> (f64, f64) {
        let along = |value: f64, from: f64, to: f64, cells: usize| {
            if to > from { (value - from) / (to - from) * cells as f64 } else { 0.0 }
        };
        let (least, most) = (self.extent.min(), self.extent.max());
        (along(point.x, least.x, most.x, self.columns), along(point.y, least.y, most.y, self.rows))
    }

    /// Returns the column and row of a point, or `None` beyond the extent.
    fn cell_of(&self, point: Coord<f64>) -> Option<(usize, usize)> {
        let (least, most) = (self.extent.min(), self.extent.max());
        let within = (least.x..=most.x).contains(&point.x) && (least.y..=most.y).contains(&point.y);
        if !within || self.columns == 0 {
            return None;
        }
        let (x, y) = self.place(point);
        Some(((x as usize).min(self.columns - 1), (y as usize).min(self.rows - 1)))
    }

    /// Returns what is known of a cell.
    fn at(&self, column: usize, row: usize) -> Found<impl Iterator<Item = Candidate> + Clone + '_> {
        match self.cells[row * self.columns + column] {
            Cell::EMPTY => Found::Nothing,
            Cell(mixed) if mixed & Cell::MIXED != 0 => {
                let candidates = &self.candidates[(mixed & !Cell::MIXED) as usize..];
                let count = candidates.iter().position(|c| c.is_last()).map_or(0, |last| last + 1);
                Found::Mixed(candidates[..count].iter().copied())
            }
            Cell(zone) => Found::Whole(zone),
        }
    }

    /// Returns the rows that an edge may have points in.
    fn rows_of(&self, edge: &Edge) -> std::ops::RangeInclusive<usize> {
        let (south, north) = (self.place(edge.south).1, self.place(edge.north).1);
        let row = |y: f64| (y.max(0.0) as usize).min(self.rows - 1);
        row(south - MARGIN)..=row(north + MARGIN)
    }

    /// Returns the columns that an edge may have points in within a row.
    fn columns_of(&self, edge: &Edge, row: usize) -> std::ops::RangeInclusive<usize> {
        let ((x0, y0), (x1, y1)) = (self.place(edge.south), self.place(edge.north));
        let at = |y: f64| {
            let share = if y1 > y0 { ((y - y0) / (y1 - y0)).clamp(0.0, 1.0) } else { 0.0 };
            x0 + share * (x1 - x0)
        };
        let (a, b) = match y1 - y0 > MARGIN {
            true => (at(row as f64 - MARGIN), at(row as f64 + 1.0 + MARGIN)),
            false => (x0, x1),
        };
        let column = |x: f64| (x.max(0.0) as usize).min(self.columns - 1);
        column(a.min(b) - MARGIN)..=column(a.max(b) + MARGIN)
    }

    fn centre(&self, column: usize, row: usize) -> Coord<f64> {
        let (least, size) = (self.extent.min(), (self.extent.width(), self.extent.height()));
        let at = |k: usize, cells: usize| (k as f64 + 0.5) / cells as f64;
        Coord { x: least.x + at(column, self.columns) * size.0, y: least.y + at(row, self.rows) * size.1 }
    }

    /// Notes in every cell which zones have something of it.
    fn filled(mut self, shapes: &[Bands], edges: &[Vec<Edge>]) -> Self {
        let mut found: Vec<(u32, Candidate)> = Vec::new();
        for (zone, (bands, edges)) in shapes.iter().zip(edges).enumerate() {
            let candidate = |whole: bool| Candidate(zone as u32 | if whole { Candidate::WHOLE } else { 0 });
            found.extend(self.cells_of(bands, edges).into_iter().map(|(cell, whole)| (cell as u32, candidate(whole))));
        }
        // Those of a cell stay in the order of the zones.
        found.sort_by_key(|(cell, _)| *cell);
        for list in found.chunk_by(|a, b| a.0 == b.0) {
            self.cells[list[0].0 as usize] = match list[0].1 {
                first if first.is_whole() => Cell::whole(first.zone()),
                _ => {
                    let first = self.candidates.len();
                    self.candidates.extend(list.iter().map(|(_, candidate)| *candidate));
                    self.candidates.last_mut().expect("a cell has candidates").0 |= Candidate::LAST;
                    Cell::mixed(first)
                }
            };
        }
        self
    }

    /// Returns the cells that a zone has something of, each with whether it has all.
    fn cells_of(&self, bands: &Bands, edges: &[Edge]) -> Vec<(usize, bool)> {
        let mut crossed: Vec<Vec<(usize, usize)>> = vec![Vec::new(); bands.starts.len().saturating_sub(1)];
        for edge in edges {
            for row in self.rows_of(edge) {
                let columns = self.columns_of(edge, row);
                crossed[row - bands.first_row].push((*columns.start(), *columns.end()));
            }
        }
        let mut cells = Vec::new();
        for (k, mut spans) in crossed.into_iter().enumerate() {
            spans.sort_unstable();
            let row = bands.first_row + k;
            let mut next = spans.first().map_or(0, |span| span.0);
            for (from, to) in spans {
                // No edge passes between two spans: one cell there tells of all.
                if from > next && bands.hold(self.centre(next, row), row) {
                    cells.extend((next..from).map(|column| (row * self.columns + column, true)));
                }
                cells.extend((next.max(from)..=to).map(|column| (row * self.columns + column, false)));
                next = next.max(to + 1);
            }
        }
        cells
    }
}

impl Bands {
    fn new(edges: &[Edge], grid: &Grid) -> Self {
        let Some(first_row) = edges.iter().map(|edge| *grid.rows_of(edge).start()).min() else {
            return Bands { first_row: 0, starts: Vec::new(), edges: Vec::new() };
        };
        let last_row = edges.iter().map(|edge| *grid.rows_of(edge).end()).max().unwrap_or(first_row);
        let mut rows: Vec<Vec<Edge>> = vec![Vec::new(); last_row - first_row + 1];
        for edge in edges {
            grid.rows_of(edge).for_each(|row| rows[row - first_row].push(*edge));
        }
        let lengths = rows.iter().map(|row| row.len() as u32);
        let starts = lengths.scan(0, |sum, length| Some(std::mem::replace(sum, *sum + length)));
        let mut starts: Vec<u32> = starts.collect();
        starts.push(rows.iter().map(|row| row.len() as u32).sum());
        Bands { first_row, starts, edges: rows.into_iter().flatten().collect() }
    }

    fn row(&self, row: usize) -> &[Edge] {
        let at = |k: usize| self.starts.get(k).map(|start| *start as usize);
        match row.checked_sub(self.first_row).and_then(|k| at(k).zip(at(k + 1))) {
            Some((from, to)) => &self.edges[from..to],
            None => &[],
        }
    }

    /// Says whether a ray to the east crosses the rings an odd number of times.
    fn hold(&self, point: Coord<f64>, row: usize) -> bool {
        self.row(row).iter().filter(|edge| edge.is_east_of(point)).count() % 2 == 1
    }

    /// Says whether a point lies on the border itself.
    fn touch(&self, point: Coord<f64>, row: usize) -> bool {
        self.row(row).iter().any(|edge| edge.passes_through(point))
    }
}

impl Edge {
    fn new(a: Coord<f64>, b: Coord<f64>) -> Self {
        if a.y <= b.y { Edge { south: a, north: b } } else { Edge { south: b, north: a } }
    }

    /// Says whether a ray from `point` to the east crosses the edge. Its southern end belongs to it, its northern one does not, and so
    /// a ray through a corner crosses one of the edges that meet there, or both, or none, as it should.
    fn is_east_of(&self, point: Coord<f64>) -> bool {
        if point.y < self.south.y || point.y >= self.north.y {
            return false;
        }
        if point.x < self.south.x.min(self.north.x) {
            return true;
        }
        point.x < self.south.x.max(self.north.x) && self.side(point) > 0.0
    }

    fn passes_through(&self, point: Coord<f64>) -> bool {
        let (west, east) = (self.south.x.min(self.north.x), self.south.x.max(self.north.x));
        let beside = (west..=east).contains(&point.x) && (self.south.y..=self.north.y).contains(&point.y);
        beside && self.side(point) == 0.0
    }

    /// Returns a number that is positive where `point` lies west of the edge, 0 on its line, negative east of it: only the sign is exact.
    fn side(&self, point: Coord<f64>) -> f64 {
        let exact = |c: Coord<f64>| Exact { x: c.x, y: c.y };
        orient2d(exact(self.south), exact(self.north), exact(point))
    }
}

#[cfg(test)]
#[path = "zones_tests.rs"]
mod tests;
