//! What the main panel of a map shows: a given box, or the places with the areas that are drawn of them.

use flowatlas_model::{Link, Place, PlaceIndex};
use geo::{Area, Contains, Coord, CoordsIter, MultiPolygon, Point, Polygon};
use kurbo::{Rect, Size};

use crate::{
    error::Error,
    frame::{used_places, wish},
    panel::View,
    projection,
    spec::{Extent, MapInput},
};

/// Times that a map of two places may shrink to show their areas whole; of n places, by the root of n - 1 less.
const ROOM_FOR_PLACES: f64 = 8.0;
/// Times that any map may shrink to show the areas of its places whole.
const LEAST_SHRINKING: f64 = 1.5;

/// Returns the view of the main panel: a given box, or what shows the places that flows join, or all.
///
/// # Errors
/// As [`View::sparing`] and [`View::of_box`].
pub(crate) fn main_view(input: &MapInput<'_>) -> Result<View, Error> {
    match input.spec.extent {
        Extent::Box(sides) => View::of_box(sides, &wish(input)),
        Extent::Places => {
            let mut places: Vec<&Place> = input.atlas.places.iter().collect();
            places.sort_by(|a, b| a.id.cmp(&b.id));
            view_of(input, &[], &places)
        }
        _ => {
            let used = used_places(input);
            let places = used.iter().map(|p| input.atlas.place(*p));
            let on_map: Vec<&Place> = places.filter(|p| !input.spec.exits.contains(&p.id)).collect();
            view_of(input, &ways(input), &on_map)
        }
    }
}

/// Returns the view of places, with their areas where these are drawn and do not push the places together.
fn view_of(input: &MapInput<'_>, ways: &[projection::Way], places: &[&Place]) -> Result<View, Error> {
    let mut positions: Vec<Coord<f64>> = places.iter().flat_map(|p| spanned(input, p)).collect();
    if !matches!(input.spec.extent, Extent::Places) {
        positions.extend(subject_outlines(input));
    }
    let mut areas: Vec<Vec<Coord<f64>>> = match input.draws_areas() {
        true => places.iter().filter_map(|p| own_part(p)).map(outline).collect(),
        false => Vec::new(),
    };
    areas.sort_by(|a, b| across(a).total_cmp(&across(b)));
    let with_smallest = |count: usize| {
        let shown = positions.iter().chain(areas[..count].iter().flatten());
        View::sparing(ways, &shown.copied().collect::<Vec<_>>(), &wish(input))
    };
    if areas.is_empty() {
        return with_smallest(0);
    }
    let shrinking = (ROOM_FOR_PLACES / (places.len() as f64 - 1.0).max(1.0).sqrt()).max(LEAST_SHRINKING);
    let most = shrinking * with_smallest(0)?.extent();
    let fits = |view: &View| places.len() == 1 || view.extent() <= most;
    let all = with_smallest(areas.len())?;
    if fits(&all) {
        return Ok(all);
    }
    // The edge cuts those that take most room, as Russia among the countries of Central Asia.
    let counts: Vec<usize> = (1..areas.len()).collect();
    with_smallest(counts.partition_point(|count| with_smallest(*count).is_ok_and(|view| fits(&view))))
}

/// Returns the diagonal of the box around positions.
fn across(positions: &[Coord<f64>]) -> f64 {
    let boxed = positions.iter().map(|c| Rect::from_origin_size((c.x, c.y), Size::ZERO)).reduce(|a, b| a.union(b));
    boxed.map_or(0.0, |b| libm::hypot(b.width(), b.height()))
}

/// Returns the flows that the edge of a map should not cut. The maps of one figure go by places alone, to be cut alike.
fn ways(input: &MapInput<'_>) -> Vec<projection::Way> {
    if input.spec.part.is_some() {
        return Vec::new();
    }
    let longitude = |place: PlaceIndex| input.atlas.place(place).at.x;
    let way = |(from, to, link): (PlaceIndex, PlaceIndex, &Link)| projection::Way {
        ends: [longitude(from), longitude(to)],
        weight: link.weight.unwrap_or(1.0),
    };
    input.shown.links().map(way).collect()
}

/// Returns the main parts of the regions that the map names as its subject, which an automatic extent must show.
fn subject_outlines<'a>(input: &MapInput<'a>) -> impl Iterator<Item = Coord<f64>> {
    let regions = input.base.countries.iter().chain(&input.base.divisions);
    regions
        .filter(|region| input.spec.subject.contains(&region.id))
        .filter_map(|region| main_part(&region.shape))
        .flat_map(outline)
}

/// Returns the positions that show a place: its point, or its outline where it stands for its area.
fn spanned(input: &MapInput<'_>, place: &Place) -> Vec<Coord<f64>> {
    match &place.area {
        Some(area) if input.spec.areas.contains(&place.id) => area.exterior_coords_iter().collect(),
        _ => vec![place.at],
    }
}

/// Returns the part of its area that a place stands in, or the largest: islands far out would make maps small.
fn own_part(place: &Place) -> Option<&Polygon<f64>> {
    let area = place.area.as_ref()?;
    let at = Point::from(place.at);
    area.iter().find(|part| part.contains(&at)).or_else(|| main_part(area))
}

/// Returns the largest part of an area.
fn main_part(area: &MultiPolygon<f64>) -> Option<&Polygon<f64>> {
    area.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
}

fn outline(part: &Polygon<f64>) -> Vec<Coord<f64>> {
    part.exterior().coords().copied().collect()
}

#[cfg(test)]
mod tests {
    use geo::coord;

    use super::*;

    #[test]
    fn the_part_of_a_place_is_the_one_that_it_stands_in_and_else_the_largest() {
        let square = |left: f64, side: f64| geo::Rect::new((left, 0.0), (left + side, side)).to_polygon();
        let (small, large) = (square(0.0, 1.0), square(5.0, 3.0));
        let part = |x: f64| {
            let area = Some(MultiPolygon::new(vec![small.clone(), large.clone()]));
            let place = Place { id: "a".into(), name: "A".into(), at: coord! { x: x, y: 0.5 }, area, population: None };
            own_part(&place).cloned()
        };
        assert_eq!(part(0.5), Some(small.clone()));
        assert_eq!([part(6.0), part(3.0)], [Some(large.clone()), Some(large.clone())]);
    }
}
