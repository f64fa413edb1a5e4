//! Ends of flows that are lines on the map and not ids in a table: the places at the ends of each line.

use std::cell::OnceCell;

use flowatlas_model::{
    Atlas, Coordinates, Place, PlaceIndex,
    positions::{Vector, distance, vector},
};
use geo::{BoundingRect, Contains, Coord, Point};
use rstar::{RTree, primitives::GeomWithData};

use crate::{
    collect::Fault,
    shape::{Shape, in_range},
};

/// Kilometres by which the end of a line may miss its place unless told otherwise.
const NEAR_KM: f64 = 1.0;
/// The same on a plane, as a share of the diagonal of all places.
const NEAR_SHARE: f64 = 1e-3;
/// Distances that differ by less than this share of the tolerance are one.
const SAME: f64 = 1e-6;

/// The places of an atlas by where they lie.
pub(crate) struct Lines<'a> {
    atlas: &'a Atlas,
    /// Made for the first line: most files name the ends of flows in columns.
    tree: OnceCell<RTree<GeomWithData<Vector, usize>>>,
    /// In metres, or in planar units.
    tolerance: f64,
    /// Whether any line was met: then flows are not missing columns, whatever became of their ends.
    pub(crate) met: bool,
    /// Lines of which both ends were found.
    pub(crate) found: u64,
    /// The largest distance of an end from its place.
    farthest: f64,
}

impl<'a> Lines<'a> {
    /// Ends lie within a tolerance of their places, in kilometres or planar units.
    pub(crate) fn new(atlas: &'a Atlas, tolerance: Option<f64>) -> Lines<'a> {
        let tolerance = match atlas.coordinates {
            Coordinates::Geographic => 1e3 * tolerance.unwrap_or(NEAR_KM),
            Coordinates::Planar => tolerance.unwrap_or_else(|| NEAR_SHARE * diagonal(atlas)),
        };
        Lines { atlas, tree: OnceCell::new(), tolerance, met: false, found: 0, farthest: 0.0 }
    }

    fn tree(&self) -> &RTree<GeomWithData<Vector, usize>> {
        let places = || self.atlas.places.iter().enumerate();
        let at = |(k, place): (usize, &Place)| GeomWithData::new(vector(self.atlas.coordinates, place.at), k);
        self.tree.get_or_init(|| RTree::bulk_load(places().map(at).collect()))
    }

    /// Returns the places at both ends of a line in the coordinates of its file.
    pub(crate) fn ends(&mut self, shape: Shape, coordinates: Coordinates) -> Result<[PlaceIndex; 2], Fault> {
        let ends = match shape {
            Shape::Line { ends, .. } => ends,
            other => return Err(no_ends(&other.in_words())),
        };
        self.met = true;
        if coordinates != self.atlas.coordinates {
            return Err(no_ends("a line in other coordinates than those of the places"));
        }
        let [origin, destination] = ends.map(|end| self.place(in_range(end, coordinates)?));
        let ((origin, a), (destination, b)) = (origin?, destination?);
        self.found += 1;
        self.farthest = self.farthest.max(a).max(b);
        Ok([origin, destination])
    }

    /// Returns how the lines were read, in words.
    pub(crate) fn remark(&self) -> Fault {
        let found = format!("no columns for the ends of flows; the places at the ends of {} lines", self.found);
        let farthest = self.in_words(self.farthest);
        Fault::new("ends-of-lines", format!("{found}, at most {farthest} away"), "columns `origin` and `dest`")
            .field("geometry")
    }

    /// The place nearest to an end of a line within the tolerance, or the one whose area holds it, and how far away it is.
    fn place(&self, end: Coord<f64>) -> Result<(PlaceIndex, f64), Fault> {
        let at = vector(self.atlas.coordinates, end);
        let apart = |place: &Vector| distance(self.atlas.coordinates, at, *place);
        let mut nearest = self.tree().nearest_neighbor_iter(&at).map(|near| (near.data, apart(near.geom())));
        let (first, second) = (nearest.next(), nearest.next());
        let within = first.filter(|(_, away)| *away <= self.tolerance);
        if let (Some((k, away)), Some((other, next))) = (within, second)
            && next - away <= SAME * self.tolerance
        {
            let [k, other] = [k, other].map(|k| &self.atlas.places[k].id);
            return Err(fault(end, &format!("`{k}` and `{other}`, as near as each other"), "one place")
                .hint("name the ends of flows in columns `origin` and `dest`"));
        }
        let inside = || self.around(end).map(|k| (k, 0.0));
        let (k, away) = within.or_else(inside).ok_or_else(|| self.nowhere(end, first))?;
        Ok((PlaceIndex(k as u32), away))
    }

    /// The first place whose area holds a point.
    fn around(&self, at: Coord<f64>) -> Option<usize> {
        let holds = |place: &Place| {
            let area = place.area.as_ref()?;
            let within = area.bounding_rect().is_some_and(|rect| rect.contains(&at)) && area.contains(&Point(at));
            within.then_some(())
        };
        self.atlas.places.iter().position(|place| holds(place).is_some())
    }

    fn nowhere(&self, end: Coord<f64>, nearest: Option<(usize, f64)>) -> Fault {
        let nearest = nearest.map_or_else(
            || "no place".to_owned(),
            |(k, away)| format!("`{}` as the nearest place, {} away", self.atlas.places[k].id, self.in_words(away)),
        );
        fault(end, &nearest, &format!("a place within {}", self.in_words(self.tolerance)))
            .hint("allow more with --tolerance DISTANCE or tolerance in the study")
    }

    fn in_words(&self, length: f64) -> String {
        match self.atlas.coordinates {
            Coordinates::Geographic => format!("{:.3} km", length / 1e3),
            Coordinates::Planar => format!("{length:.3}"),
        }
    }
}

fn diagonal(atlas: &Atlas) -> f64 {
    let points: geo::MultiPoint<f64> = atlas.places.iter().map(|place| Point(place.at)).collect();
    points.bounding_rect().map_or(0.0, |rect| libm::hypot(rect.width(), rect.height()))
}

fn fault(end: Coord<f64>, found: &str, expected: &str) -> Fault {
    let found = format!("{found}, at the end {}, {} of a line", end.x, end.y);
    Fault::new("line-without-place", found, expected).field("geometry")
}

fn no_ends(found: &str) -> Fault {
    Fault::new("no-ends", found, "columns `origin` and `dest`, or a line from place to place").field("geometry")
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
