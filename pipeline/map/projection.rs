//! From longitude and latitude to the plane and back.
//!
//! `auto` gives an equal-area projection for the extent: Equal Earth for the world, Albers' conic for a region of
//! middle latitude that is wider than high, Lambert's azimuthal for everything else, on the pole where places lie all
//! around it (after Snyder 1987, *Map Projections: A Working Manual*, p. 33–35, and Šavrič, Jenny and Jenny 2016,
//! doi 10.1080/15230406.2015.1014428).

use flowatlas_model::Coordinates;
use geo::{Coord, coord};
use proj4rs::{Proj, transform::transform};

use crate::{
    error::Error,
    spec::ProjectionChoice,
    words::{Language, Words},
};

/// Span of longitude above which a map is one of the world.
const WORLD_SPAN: f64 = 150.0;
/// Span of latitude above which a map is one of the world.
const WORLD_HEIGHT: f64 = 110.0;
/// Latitude on one side of the equator from which on a map of any span of longitude is one of a pole.
const POLAR: f64 = 45.0;

/// Degrees between a meridian and a point just beside it.
const BESIDE: f64 = 1e-3;

/// Degrees covered by a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Western end in degrees; may be below -180 for extents across the antimeridian.
    pub west: f64,
    /// Southern end in degrees.
    pub south: f64,
    /// Eastern end in degrees, not less than `west`.
    pub east: f64,
    /// Northern end in degrees, not less than `south`.
    pub north: f64,
}

impl Span {
    /// Returns the smallest span around these points; it crosses the antimeridian where that is shorter.
    ///
    /// Returns `None` without points.
    pub fn around(points: &[Coord<f64>]) -> Option<Self> {
        let mut longitudes: Vec<f64> = points.iter().map(|p| p.x).collect();
        longitudes.sort_by(f64::total_cmp);
        let (first, last) = (*longitudes.first()?, *longitudes.last()?);
        let (mut west, mut east, mut gap) = (first, last, 360.0 - (last - first));
        for pair in longitudes.windows(2) {
            // The widest empty stretch is left out; inside the list it means going round the back.
            if pair[1] - pair[0] > gap {
                gap = pair[1] - pair[0];
                (west, east) = (pair[1] - 360.0, pair[0]);
            }
        }
        let south = points.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
        let north = points.iter().map(|p| p.y).fold(f64::NEG_INFINITY, f64::max);
        Some(Span { west, south, east, north })
    }

    /// Returns the span of a box given as west, south, east, north; `west > east` crosses the antimeridian.
    pub fn from_box([west, south, east, north]: [f64; 4]) -> Self {
        Span { west: if west > east { west - 360.0 } else { west }, south, east, north }
    }

    /// Returns the middle longitude and latitude.
    pub fn centre(&self) -> Coord<f64> {
        coord! { x: (self.west + self.east) / 2.0, y: (self.south + self.north) / 2.0 }
    }

    fn is_world(&self) -> bool {
        self.pole().is_none() && (self.goes_round() || self.north - self.south > WORLD_HEIGHT)
    }

    fn goes_round(&self) -> bool {
        self.east - self.west > WORLD_SPAN
    }

    /// Returns the latitude of the pole that everything lies around.
    fn pole(&self) -> Option<f64> {
        let one_side = self.south >= POLAR || self.north <= -POLAR;
        (one_side && self.goes_round()).then(|| 90.0_f64.copysign(self.north))
    }

    fn is_wide_and_temperate(&self) -> bool {
        let middle = self.centre().y;
        let width = (self.east - self.west) * libm::cos(middle.to_radians());
        let one_side = self.south * self.north > 0.0;
        one_side && middle.abs() > 15.0 && middle.abs() < 65.0 && width > 1.2 * (self.north - self.south)
    }
}

/// A projection of the sphere, or none for planar data.
pub struct Projection {
    proj: Option<Proj>,
    lonlat: Proj,
    name: String,
    definition: String,
    centre: f64,
    world: bool,
    cut: bool,
}

impl Projection {
    /// Returns the projection for this extent.
    ///
    /// # Errors
    /// [`Error::Projection`] for one that the library does not know, [`Error::PlanarPlaces`] for planar places with
    /// any projection.
    pub fn choose(
        choice: &ProjectionChoice,
        coordinates: Coordinates,
        span: Span,
        language: Language,
    ) -> Result<Self, Error> {
        let words = Words::of(language);
        match (choice, coordinates) {
            (ProjectionChoice::None, _) | (ProjectionChoice::Auto, Coordinates::Planar) => Ok(Self::none()),
            (ProjectionChoice::Given(given), Coordinates::Planar) => Err(Error::PlanarPlaces { given: given.clone() }),
            (ProjectionChoice::Given(given), Coordinates::Geographic) => {
                let centre = parameter(given, "lon_0");
                let middle = centre.unwrap_or(span.centre().x);
                let mut projection = Self::build(given, words.projection_given(given), middle, span.is_world())?;
                if centre.is_none()
                    && let Some(own) = projection.own_centre()
                {
                    (projection.centre, projection.cut) = (own, true);
                }
                Ok(projection)
            }
            (ProjectionChoice::Auto, Coordinates::Geographic) => Self::automatic(span, &words),
        }
    }

    fn none() -> Self {
        Projection {
            proj: None,
            lonlat: longlat(),
            name: String::new(),
            definition: String::new(),
            centre: 0.0,
            world: false,
            cut: false,
        }
    }

    fn automatic(span: Span, words: &Words) -> Result<Self, Error> {
        let Coord { x, y } = span.centre();
        let (x, y) = (x.round(), y.round());
        if span.is_world() {
            let text = format!("+proj=eqearth +lon_0={x} +datum=WGS84");
            return Self::build(&text, words.equal_earth(wrap_longitude(x)), x, true);
        }
        if span.is_wide_and_temperate() {
            // Standard parallels one sixth of the height within the extent (Snyder 1987, p. 99).
            let sixth = (span.north - span.south) / 6.0;
            let (one, two) = ((span.south + sixth).round(), (span.north - sixth).round());
            let text = format!("+proj=aea +lat_1={one} +lat_2={two} +lat_0={y} +lon_0={x} +datum=WGS84");
            return Self::build(&text, words.albers(one, two, wrap_longitude(x)), x, false);
        }
        let y = span.pole().unwrap_or(y);
        let text = format!("+proj=laea +lat_0={y} +lon_0={x} +datum=WGS84");
        Self::build(&text, words.lambert(y, wrap_longitude(x)), x, false)
    }

    fn build(text: &str, name: String, centre: f64, world: bool) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Projection { given: text.to_owned(), reason };
        let proj = Proj::from_user_string(text).map_err(|e| wrong(e.to_string()))?;
        let definition = text.to_owned();
        let mut projection =
            Projection { proj: Some(proj), lonlat: longlat(), name, definition, centre, world, cut: true };
        if projection.forward(coord! { x: centre, y: 1.0 }).is_none() {
            return Err(wrong("it has no value at its own centre".to_owned()));
        }
        // One without a value there cannot be laid round the globe.
        projection.cut = [45.0, -45.0].iter().any(|latitude| projection.is_cut_at(centre, *latitude).unwrap_or(true));
        Ok(projection)
    }

    /// Returns the central longitude of a projection that is cut elsewhere than opposite the middle of the map; a whole number.
    fn own_centre(&self) -> Option<f64> {
        let is_cut = |centre: f64| [45.0, -45.0].iter().any(|latitude| self.is_cut_at(centre, *latitude) == Some(true));
        let mut centres = (0..=180).flat_map(|turn| [f64::from(turn), -f64::from(turn)]);
        if is_cut(self.centre) { None } else { centres.find(|centre| is_cut(*centre) && self.has_midway(*centre)) }
    }

    /// Returns the name as printed on the map; empty for planar coordinates.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the projection as the library was given it, `EPSG:n` or `+proj=…`; empty for planar coordinates.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Returns true where coordinates are longitude and latitude.
    pub fn is_geographic(&self) -> bool {
        self.proj.is_some()
    }

    /// Returns true for a map of the world, whose outline is that of the globe.
    pub fn is_world(&self) -> bool {
        self.world
    }

    /// Returns true where a meridian lies midway between both sides of the one opposite to it. Some projections have values beyond their
    /// bounds that are of no use, and jump there elsewhere.
    fn has_midway(&self, centre: f64) -> bool {
        let at = |turn: f64| self.forward(coord! { x: centre + turn, y: 1.0 });
        let (Some(west), Some(middle), Some(east)) = (at(-180.0 + BESIDE), at(0.0), at(180.0 - BESIDE)) else {
            return false;
        };
        let width = (east.x - west.x).abs();
        ((west.x + east.x) / 2.0 - middle.x).abs() < 0.01 * width && width > 0.0
    }

    /// Says whether two points on either side of the meridian opposite a central one lie far apart at this latitude; `None` where they
    /// have no position.
    fn is_cut_at(&self, centre: f64, latitude: f64) -> Option<bool> {
        let at = |turn: f64| self.forward(coord! { x: centre + turn, y: latitude });
        let (west, east, beside) = (at(-180.0 + BESIDE)?, at(180.0 - BESIDE)?, at(180.0 - 10.0 * BESIDE)?);
        let far = |a: Coord<f64>, b: Coord<f64>| libm::hypot(a.x - b.x, a.y - b.y);
        Some(far(west, east) > far(east, beside))
    }

    /// Returns true where the map is cut at 180 degrees from its central longitude, as maps around a pole are not.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns the longitude in the middle of the map in degrees; where the map is cut, it is so at 180 degrees from it.
    pub fn central_longitude(&self) -> f64 {
        self.centre
    }

    /// Returns the planar position of a point (x right, y up), or `None` where the projection has none.
    ///
    /// Takes degrees; longitudes count from the central one, so -181 and 179 may lie apart at the two edges.
    pub fn forward(&self, at: Coord<f64>) -> Option<Coord<f64>> {
        let Some(proj) = &self.proj else { return Some(at) };
        let mut point = (at.x.to_radians(), at.y.to_radians(), 0.0);
        transform(&self.lonlat, proj, &mut point).ok()?;
        let out = if proj.is_latlong() {
            coord! { x: point.0.to_degrees(), y: point.1.to_degrees() }
        } else {
            coord! { x: point.0, y: point.1 }
        };
        (out.x.is_finite() && out.y.is_finite()).then_some(out)
    }

    /// Returns the longitude and latitude of a planar position in degrees, or `None` outside the globe.
    pub fn inverse(&self, at: Coord<f64>) -> Option<Coord<f64>> {
        let Some(proj) = &self.proj else { return Some(at) };
        let mut point = if proj.is_latlong() { (at.x.to_radians(), at.y.to_radians(), 0.0) } else { (at.x, at.y, 0.0) };
        transform(proj, &self.lonlat, &mut point).ok()?;
        let out = coord! { x: wrap_longitude(point.0.to_degrees()), y: point.1.to_degrees() };
        (out.x.is_finite() && out.y.is_finite() && out.y.abs() <= 90.0).then_some(out)
    }
}

fn longlat() -> Proj {
    Proj::from_proj_string("+proj=longlat +datum=WGS84").expect("the library knows longlat on WGS84")
}

fn parameter(text: &str, key: &str) -> Option<f64> {
    text.split_whitespace().find_map(|part| part.strip_prefix('+')?.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
}

/// Returns the same longitude in [-180, 180].
pub fn wrap_longitude(longitude: f64) -> f64 {
    if (-180.0..=180.0).contains(&longitude) { longitude } else { (longitude + 180.0).rem_euclid(360.0) - 180.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, span: [f64; 4]) -> Projection {
        let choice = ProjectionChoice::Given(text.to_owned());
        Projection::choose(&choice, Coordinates::Geographic, Span::from_box(span), Language::English).unwrap()
    }

    #[test]
    fn a_projection_that_is_given_is_cut_where_it_says_itself() {
        let world = [-100.0, -40.0, 140.0, 60.0];
        for text in ["+proj=robin", "+proj=moll", "+proj=eqearth", "+proj=robin +lon_0=0", "EPSG:3857"] {
            let projection = given(text, world);
            assert_eq!((projection.central_longitude(), projection.is_cut()), (0.0, true), "{text}");
        }
        assert_eq!(given("+proj=robin +lon_0=150", world).central_longitude(), 150.0);
        assert_eq!(given("EPSG:2154", [-5.0, 42.0, 8.0, 51.0]).central_longitude(), 3.0);
    }

    #[test]
    fn one_that_is_cut_nowhere_near_has_the_middle_of_the_map_in_its_middle() {
        for (text, span) in [
            ("EPSG:32718", [-78.0, -16.0, -72.0, -8.0]),
            ("+proj=utm +zone=18 +south", [-78.0, -16.0, -72.0, -8.0]),
            ("+proj=stere +lat_0=90", [-120.0, 60.0, 20.0, 80.0]),
            ("+proj=laea +lat_0=40", [-20.0, 30.0, 40.0, 60.0]),
            ("EPSG:4326", [170.0, -30.0, -160.0, 0.0]),
        ] {
            let middle = Span::from_box(span).centre().x;
            assert_eq!(given(text, span).central_longitude(), middle, "{text}");
        }
    }
}
