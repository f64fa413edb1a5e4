//! From longitude and latitude to the plane and back.
//!
//! `auto` gives an equal-area projection for the extent: Equal Earth for the world, Albers' conic for a region of
//! middle latitude that is wider than high, Lambert's azimuthal for everything else: on the pole where places lie all
//! around it, and for lands of high latitude that reach far round the globe, as Russia does (after Snyder 1987, *Map
//! Projections: A Working Manual*, p. 33–35, and Šavrič, Jenny and Jenny 2016, doi 10.1080/15230406.2015.1014428).

use flowatlas_model::{
    Coordinates,
    positions::{distance, vector},
};
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
/// The same where something lies poleward of [`NEAR_POLE`]: a map of the world has it at its very edge.
const POLAR_WITH_POLE: f64 = 30.0;
const NEAR_POLE: f64 = 75.0;

/// Distance in metres from the middle of a map within which one that reaches far round the globe is no map of the world.
const REGION: f64 = 6.1e6;

/// Degrees between a meridian and a point just beside it.
const BESIDE: f64 = 1e-3;

/// Degrees of longitude without a place that a map of the world may be cut in to spare flows: names stand beside places.
const ROOM_TO_CUT: f64 = 5.0;
/// Share of the weight of all flows from which on it pays to spare them.
const SPARED: f64 = 0.05;

/// A flow as a cut sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Longitudes of its places in degrees, -180 to 180.
    pub ends: [f64; 2],
    /// What it weighs beside others; not negative.
    pub weight: f64,
}

/// A stretch of longitude without points.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// Degrees.
    width: f64,
    /// Ends of all else; the western one may be below -180.
    west: f64,
    east: f64,
    /// Index of the longitude west of it.
    after: usize,
}

/// Returns the longitudes of points from west to east.
fn longitudes(points: &[Coord<f64>]) -> Vec<f64> {
    let mut longitudes: Vec<f64> = points.iter().map(|p| p.x).collect();
    longitudes.sort_by(f64::total_cmp);
    longitudes.dedup();
    longitudes
}

/// Returns the gaps between longitudes, the widest first; of equal ones that across the antimeridian, then the western.
fn gaps(longitudes: &[f64]) -> Vec<Gap> {
    let (Some(&first), Some(&last)) = (longitudes.first(), longitudes.last()) else { return Vec::new() };
    let across = Gap { width: 360.0 - (last - first), west: first, east: last, after: longitudes.len() - 1 };
    let inner = longitudes.windows(2).enumerate().map(|(after, pair)| Gap {
        width: pair[1] - pair[0],
        west: pair[1] - 360.0,
        east: pair[0],
        after,
    });
    let mut gaps: Vec<Gap> = std::iter::once(across).chain(inner).collect();
    gaps.sort_by(|a, b| b.width.total_cmp(&a.width));
    gaps
}

/// Returns the sum over the flows that cross the gap after each longitude on the shorter way round the globe.
fn crossed(ways: &[Way], longitudes: &[f64], of: impl Fn(&Way) -> f64) -> Vec<f64> {
    // What each gap has more than the one before it.
    let mut steps = vec![0.0; longitudes.len() + 1];
    for way in ways {
        let (west, east) = (way.ends[0].min(way.ends[1]), way.ends[0].max(way.ends[1]));
        let [from, to] = [west, east].map(|end| longitudes.partition_point(|known| *known < end));
        let (within, round) = if east - west > 180.0 { (0.0, of(way)) } else { (of(way), 0.0) };
        steps[0] += round;
        steps[from] += within - round;
        steps[to] += round - within;
    }
    steps.pop();
    for k in 1..steps.len() {
        steps[k] += steps[k - 1];
    }
    steps
}

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
        let longitudes = longitudes(points);
        Some(Span::but(*gaps(&longitudes).first()?, points))
    }

    /// Returns the span around these points that an automatic map of the world shows: it leaves out the widest empty stretch, as
    /// [`Span::around`] does, unless flows of much less weight, and no more of them, cross another. Other maps cut no flow.
    ///
    /// Returns `None` without points.
    pub fn sparing(ways: &[Way], points: &[Coord<f64>]) -> Option<Self> {
        let span = Span::around(points)?;
        if !span.is_automatic_world() {
            return Some(span);
        }
        let longitudes = longitudes(points);
        let weights = crossed(ways, &longitudes, |way| way.weight);
        let counts = crossed(ways, &longitudes, |_| 1.0);
        let total: f64 = ways.iter().map(|way| way.weight).sum();
        // Sums of the same weights in another order may differ in their last digits. Without weight no share is a number, and
        // nothing is spared.
        let share = |gap: &Gap| (weights[gap.after] / total * 1e9).round() / 1e9;
        let gaps = gaps(&longitudes);
        let widest = gaps[0];
        let spares = |gap: &Gap| gap.width >= ROOM_TO_CUT && counts[gap.after] <= counts[widest.after];
        let best =
            gaps.into_iter().filter(spares).reduce(|a, b| if share(&b) < share(&a) { b } else { a }).unwrap_or(widest);
        let gap = if share(&widest) - share(&best) > SPARED { best } else { widest };
        Some(Span::but(gap, points))
    }

    /// Returns the span around points that leaves out a gap.
    fn but(gap: Gap, points: &[Coord<f64>]) -> Self {
        let south = points.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
        let north = points.iter().map(|p| p.y).fold(f64::NEG_INFINITY, f64::max);
        Span { west: gap.west, south, east: gap.east, north }
    }

    /// Returns the span of a box given as west, south, east, north; `west > east` crosses the antimeridian.
    pub fn from_box([west, south, east, north]: [f64; 4]) -> Self {
        Span { west: if west > east { west - 360.0 } else { west }, south, east, north }
    }

    /// Returns the middle longitude and latitude.
    pub fn centre(&self) -> Coord<f64> {
        coord! { x: (self.west + self.east) / 2.0, y: (self.south + self.north) / 2.0 }
    }

    /// Returns true for a span on both sides of the antimeridian.
    fn crosses(&self) -> bool {
        self.west < -180.0 || self.east > 180.0
    }

    fn is_world(&self) -> bool {
        self.pole().is_none() && (self.goes_round() || self.north - self.south > WORLD_HEIGHT)
    }

    fn is_automatic_world(&self) -> bool {
        self.is_world() && self.high_middle().is_none()
    }

    fn goes_round(&self) -> bool {
        self.east - self.west > WORLD_SPAN
    }

    /// Returns the latitude of the pole that everything lies around.
    fn pole(&self) -> Option<f64> {
        self.around_pole(|[least, _]| least >= POLAR)
    }

    /// Returns the latitude of the pole where this goes round it and its least and greatest distance from the equator are such.
    fn around_pole(&self, such: impl Fn([f64; 2]) -> bool) -> Option<f64> {
        let latitudes = if self.south > 0.0 { [self.south, self.north] } else { [-self.north, -self.south] };
        (self.goes_round() && such(latitudes)).then(|| 90.0_f64.copysign(self.north))
    }

    /// Returns the latitude of the middle of a map that goes round the globe without being one of the world.
    fn high_middle(&self) -> Option<f64> {
        let with_pole = || self.around_pole(|[least, most]| least >= POLAR_WITH_POLE && most >= NEAR_POLE);
        self.pole().or_else(|| self.region_far_round()).or_else(with_pole)
    }

    /// Returns the latitude on the middle meridian from which what reaches far round the globe lies nearest, where it is near enough to be
    /// a region.
    fn region_far_round(&self) -> Option<f64> {
        let earth = Coordinates::Geographic;
        let at = |x: f64, y: f64| vector(earth, coord! { x: x, y: y });
        let (middle, east) = (self.centre().x, self.east);
        let ends = [(middle, self.south), (middle, self.north), (east, self.south), (east, self.north)];
        let reach =
            |y: f64| ends.iter().map(|end| distance(earth, at(middle, y), at(end.0, end.1))).fold(0.0, f64::max);
        let reaches = (-90..=90).map(f64::from).map(|y| (reach(y), y));
        let (least, y) = reaches.reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        (self.goes_round() && least <= REGION).then_some(y)
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
                let (name, world) = (words.projection_given(given), span.is_world());
                let mut projection = Self::build(given, name.clone(), middle, world)?;
                if projection.proj.as_ref().is_some_and(Proj::is_latlong) && (centre.is_some() || span.crosses()) {
                    // Degrees are counted from Greenwich, by GIS programs too; drawn flat they are a plate carrée, whose middle may be
                    // anywhere.
                    return Self::build(&format!("+proj=eqc +lon_0={middle} +datum=WGS84"), name, middle, world);
                }
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
        if span.is_automatic_world() {
            let text = format!("+proj=eqearth +lon_0={x} +datum=WGS84");
            return Self::build(&text, words.equal_earth(wrap_longitude(x)), x, true);
        }
        let high = span.high_middle();
        if high.is_none() && span.is_wide_and_temperate() {
            // Standard parallels one sixth of the height within the extent (Snyder 1987, p. 99).
            let sixth = (span.north - span.south) / 6.0;
            let (one, two) = ((span.south + sixth).round(), (span.north - sixth).round());
            let text = format!("+proj=aea +lat_1={one} +lat_2={two} +lat_0={y} +lon_0={x} +datum=WGS84");
            return Self::build(&text, words.albers(one, two, wrap_longitude(x)), x, false);
        }
        let y = high.unwrap_or(y);
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

    /// Returns the longitude along which the map is cut, -180 to 180.
    pub fn cut(&self) -> Option<f64> {
        (self.is_geographic() && self.cut).then(|| wrap_longitude(self.centre + 180.0))
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
    fn degrees_across_the_antimeridian_are_a_plate_carree_around_their_middle() {
        let projection = |text: &str, span| {
            let choice = ProjectionChoice::Given(text.to_owned());
            Projection::choose(&choice, Coordinates::Geographic, Span::from_box(span), Language::English).unwrap()
        };
        let pacific = [149.0, -40.0, -149.0, 21.0];
        let found = projection("EPSG:4326", pacific);
        let [west, east] = [149.0, -149.0].map(|x| found.forward(coord! { x: x, y: 0.0 }).unwrap().x);
        assert!(((east - west) / 111_319.49 - 62.0).abs() < 1e-6, "62 degrees lie between {west} and {east}");
        assert_eq!(found.name(), projection("EPSG:4326", [0.0, 40.0, 20.0, 50.0]).name());
        assert_eq!(projection("EPSG:4326", [0.0, 40.0, 20.0, 50.0]).definition(), "EPSG:4326");
        assert_eq!(projection("+proj=longlat +lon_0=180", pacific).central_longitude(), 180.0);
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
    fn what_reaches_far_round_the_globe_is_a_region_where_it_is_near_a_point() {
        let automatic = |span| {
            let choice = ProjectionChoice::Auto;
            Projection::choose(&choice, Coordinates::Geographic, Span::from_box(span), Language::English).unwrap()
        };
        for (span, definition) in [
            ([30.0, 42.0, -172.0, 70.0], "+proj=laea +lat_0=78 +lon_0=-251 +datum=WGS84"),
            ([-172.0, 42.0, -14.0, 82.0], "+proj=laea +lat_0=78 +lon_0=-93 +datum=WGS84"),
        ] {
            let projection = automatic(span);
            assert_eq!((projection.definition(), projection.is_world()), (definition, false));
        }
        for (span, definition) in [
            ([-70.0, -90.0, 173.0, -33.9], "+proj=laea +lat_0=-90 +lon_0=52 +datum=WGS84"),
            ([-150.0, 46.0, 150.0, 60.0], "+proj=laea +lat_0=90 +lon_0=0 +datum=WGS84"),
        ] {
            assert_eq!((automatic(span).definition(), automatic(span).is_world()), (definition, false));
        }
        for span in [
            [-150.0, 34.0, 150.0, 70.0],
            [-150.0, -78.0, 150.0, -20.0],
            [-100.0, 20.0, 60.0, 50.0],
            [-70.0, -35.0, 100.0, 55.0],
            [120.0, -45.0, -70.0, 60.0],
        ] {
            assert!(automatic(span).is_world(), "{span:?}");
        }
    }

    #[test]
    fn a_map_of_the_world_is_cut_where_few_flows_cross() {
        let points = [-70.0, -10.0, 50.0, 110.0, 170.0].map(|x| coord! { x: x, y: 10.0 });
        let way = |from: f64, to: f64, weight: f64| Way { ends: [from, to], weight };
        let span = |ways: &[Way]| Span::sparing(ways, &points).map(|span| (span.west, span.east)).unwrap();
        assert_eq!(span(&[]), (-70.0, 170.0), "the widest gap");
        assert_eq!(span(&[way(-70.0, 170.0, 9.0), way(170.0, 110.0, 1.0), way(-70.0, -10.0, 5.0)]), (-310.0, -10.0));
        assert_eq!(span(&[way(-70.0, 170.0, 1.0), way(110.0, 50.0, 40.0)]), (-70.0, 170.0), "little is spared");
        let many = points.windows(2).flat_map(|pair| [way(pair[0].x, pair[1].x, 0.1); 2]);
        let many: Vec<Way> = many.chain([way(-70.0, 170.0, 9.0)]).collect();
        assert_eq!(span(&many), (-70.0, 170.0), "any other cut would cross more flows");
        let close = [way(-70.0, 170.0, 3.0), way(-10.0, 110.0, 2.0), way(110.0, 170.0, 1.0), way(-70.0, -10.0, 2.0)];
        assert_eq!(span(&close), (-190.0, 110.0), "the flow from 110 to 170 is the least");
    }

    #[test]
    fn the_weight_across_a_gap_is_that_of_the_ways_over_its_middle() {
        let mut next = 7_u64;
        let mut random = || {
            next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((next >> 33) % 3600) as f64 / 10.0 - 180.0
        };
        let points: Vec<Coord<f64>> = (0..30).map(|_| coord! { x: random(), y: 0.0 }).collect();
        let end = |k: f64| points[(k + 180.0) as usize % points.len()].x;
        let ways: Vec<Way> =
            (0..80).map(|_| Way { ends: [end(random()), end(random())], weight: (random() + 181.0).floor() }).collect();
        let longitudes = longitudes(&points);
        let crossed = crossed(&ways, &longitudes, |way| way.weight);
        for gap in gaps(&longitudes) {
            let middle = gap.east + gap.width / 2.0;
            let over = |way: &&Way| {
                let run = wrap_longitude(way.ends[1] - way.ends[0]);
                let (start, length) = if run < 0.0 { (way.ends[1], -run) } else { (way.ends[0], run) };
                (middle - start).rem_euclid(360.0) < length
            };
            assert_eq!(crossed[gap.after], ways.iter().filter(over).map(|way| way.weight).sum::<f64>());
        }
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
