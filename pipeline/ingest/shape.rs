//! Geometries as far as a place or a region needs them.

use flowatlas_model::Coordinates;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{collect::Fault, inside::point_inside};

/// Degrees by which a coordinate may pass the end of its range: reprojection leaves such dust on the antimeridian
/// and the poles. It is brushed off.
const DUST: f64 = 1e-6;

/// Planar coordinates beyond this are no lengths: a metre at 10¹² is finer than doubles can draw.
const PLANAR_LIMIT: f64 = 1e12;

/// What a collector makes of a geometry.
pub(crate) trait Geometry: DeserializeOwned + Default + Send {
    /// Returns what is kept of a shape that is made only if it is wanted.
    fn keep(make: impl FnOnce() -> Shape) -> Self;
}

/// A geometry that is passed over unread.
#[derive(Debug, Default)]
pub(crate) struct Unread;

impl Geometry for Unread {
    fn keep(_: impl FnOnce() -> Shape) -> Self {
        Unread
    }
}

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Unread)
    }
}

/// A geometry that is read only when its shape is asked for, so that one that nobody needs costs little and may be broken.
#[derive(Debug)]
pub(crate) enum Later {
    Json(Box<RawValue>),
    Made(Shape),
}

impl Later {
    pub(crate) fn shape(self) -> Shape {
        match self {
            Later::Made(shape) => shape,
            Later::Json(text) => serde_json::from_str(text.get())
                .unwrap_or_else(|error| Shape::Unfit(format!("a geometry that cannot be read: {error}"))),
        }
    }
}

impl Default for Later {
    fn default() -> Later {
        Later::Made(Shape::Missing)
    }
}

impl Geometry for Later {
    fn keep(make: impl FnOnce() -> Shape) -> Self {
        Later::Made(make())
    }
}

impl<'de> Deserialize<'de> for Later {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Later::Json)
    }
}

/// A geometry that can be a place, or the words for what it is instead.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Shape {
    /// None, `null`, or empty.
    #[default]
    Missing,
    Point(Coord<f64>),
    Area(MultiPolygon<f64>),
    /// A line, or several one after the other, from the first position to the last.
    Line {
        kind: String,
        ends: [Coord<f64>; 2],
    },
    /// Something that is no place, in words.
    Unfit(String),
}

impl Geometry for Shape {
    fn keep(make: impl FnOnce() -> Shape) -> Self {
        make()
    }
}

impl Shape {
    /// Returns the point of a place, and its area if it has one, checked against the range of the coordinates.
    pub(crate) fn locate(self, coordinates: Coordinates) -> Result<(Coord<f64>, Option<MultiPolygon<f64>>), Fault> {
        match self {
            Shape::Point(at) => Ok((in_range(at, coordinates)?, None)),
            Shape::Area(area) => {
                let area = area_in_range(area, coordinates)?;
                let at = point_inside(&area).ok_or_else(|| unfit("an empty polygon"))?;
                Ok((at, Some(area)))
            }
            Shape::Missing => Err(Fault::new("no-position", "no geometry", "a point or a polygon").field("geometry")),
            other => Err(unfit(&other.in_words())),
        }
    }

    /// Returns what the shape is, in words.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Shape::Missing => "no geometry".to_owned(),
            Shape::Point(_) => "a Point".to_owned(),
            Shape::Area(_) => "a Polygon".to_owned(),
            Shape::Line { kind, .. } => format!("a {kind}"),
            Shape::Unfit(what) => what.clone(),
        }
    }
}

fn unfit(what: &str) -> Fault {
    Fault::new("unfit-geometry", what, "a point or a polygon").field("geometry")
}

/// Brings every vertex into range, or names the first that is out of it.
fn area_in_range(mut area: MultiPolygon<f64>, coordinates: Coordinates) -> Result<MultiPolygon<f64>, Fault> {
    let mut fault = None;
    let mut check = |ring: &mut LineString<f64>| {
        for vertex in &mut ring.0 {
            match in_range(*vertex, coordinates) {
                Ok(at) => *vertex = at,
                Err(f) => fault = fault.take().or(Some(f)),
            }
        }
    };
    for polygon in &mut area.0 {
        polygon.exterior_mut(&mut check);
        polygon.interiors_mut(|rings| rings.iter_mut().for_each(&mut check));
    }
    fault.map_or(Ok(area), Err)
}

/// Returns the position, freed of dust, or a fault where it is out of range.
pub(crate) fn in_range(at: Coord<f64>, coordinates: Coordinates) -> Result<Coord<f64>, Fault> {
    match coordinates {
        Coordinates::Geographic => on_earth(at),
        Coordinates::Planar if at.x.abs() <= PLANAR_LIMIT && at.y.abs() <= PLANAR_LIMIT => Ok(at),
        Coordinates::Planar => Err(out_of_range(at, "planar coordinates within ±1e12")),
    }
}

/// Degrees with a slip are smaller than this, coordinates in metres larger.
const METRES: f64 = 1000.0;

fn on_earth(at: Coord<f64>) -> Result<Coord<f64>, Fault> {
    let within = |value: f64, limit: f64| value.abs() <= limit + DUST;
    if within(at.x, 180.0) && within(at.y, 90.0) {
        return Ok(Coord { x: at.x.clamp(-180.0, 180.0), y: at.y.clamp(-90.0, 90.0) });
    }
    let fault = out_of_range(at, "longitude within ±180 and latitude within ±90 degrees");
    Err(if within(at.y, 180.0) && within(at.x, 90.0) {
        fault.hint("longitude and latitude look swapped: longitude comes first")
    } else if within(at.x, 360.0) && within(at.y, 90.0) {
        fault.hint("longitudes run from -180 to 180: subtract 360")
    } else if at.x.abs().max(at.y.abs()) < METRES {
        fault.hint("mend the number that is too large")
    } else {
        fault.hint(
            "these look like metres: reproject the file to WGS84 degrees; for planar places name the CSV columns x and y, or write \
             \"crs\": null ahead of the features of GeoJSON",
        )
    })
}

fn out_of_range(at: Coord<f64>, expected: &str) -> Fault {
    Fault::new("out-of-range", format!("{}, {}", at.x, at.y), expected).field("coordinates")
}

/// The `coordinates` of a GeoJSON geometry of any type.
enum Nested {
    Position(Coord<f64>),
    List(Vec<Nested>),
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(NestedVisitor)
    }
}

struct NestedVisitor;

impl<'de> Visitor<'de> for NestedVisitor {
    type Value = Nested;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a position or a list of positions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Nested, A::Error> {
        let x = match seq.next_element::<Element>()? {
            None => return Ok(Nested::List(Vec::new())),
            Some(Element::Number(x)) => x,
            Some(Element::Inner(first)) => {
                let mut list = vec![first];
                while let Some(next) = seq.next_element()? {
                    list.push(next);
                }
                return Ok(Nested::List(list));
            }
        };
        let y = seq.next_element()?.ok_or_else(|| serde::de::Error::custom("a position has fewer than two numbers"))?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Nested::Position(Coord { x, y }))
    }
}

/// One element of a coordinate array: a number of a position, or an array further in.
enum Element {
    Number(f64),
    Inner(Nested),
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementVisitor;

        impl<'de> Visitor<'de> for ElementVisitor {
            type Value = Element;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or a list of positions")
            }

            fn visit_f64<E>(self, v: f64) -> Result<Element, E> {
                Ok(Element::Number(v))
            }

            fn visit_i64<E>(self, v: i64) -> Result<Element, E> {
                Ok(Element::Number(v as f64))
            }

            fn visit_u64<E>(self, v: u64) -> Result<Element, E> {
                Ok(Element::Number(v as f64))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Element, A::Error> {
                NestedVisitor.visit_seq(seq).map(Element::Inner)
            }
        }

        deserializer.deserialize_any(ElementVisitor)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShapeVisitor;

        impl<'de> Visitor<'de> for ShapeVisitor {
            type Value = Shape;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a geometry or null")
            }

            fn visit_unit<E>(self) -> Result<Shape, E> {
                Ok(Shape::Missing)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let (mut kind, mut coordinates) = (String::new(), None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "type" => kind = map.next_value()?,
                        "coordinates" => coordinates = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(shape(&kind, coordinates.unwrap_or(Nested::List(Vec::new()))))
            }
        }

        deserializer.deserialize_any(ShapeVisitor)
    }
}

/// Returns the shape that a GeoJSON geometry type and its coordinates make.
fn shape(kind: &str, coordinates: Nested) -> Shape {
    match (kind, coordinates) {
        ("Point", Nested::Position(at)) => Shape::Point(at),
        ("MultiPoint", Nested::List(points)) => single_point(points),
        ("Polygon", Nested::List(rings)) => area(vec![Nested::List(rings)]),
        ("MultiPolygon", Nested::List(polygons)) => area(polygons),
        ("Point", Nested::List(list)) if list.is_empty() => Shape::Missing,
        ("Point" | "MultiPoint" | "Polygon" | "MultiPolygon", _) => {
            Shape::Unfit(format!("a {kind} whose coordinates are nested otherwise"))
        }
        ("LineString" | "MultiLineString", Nested::List(list)) if list.is_empty() => Shape::Missing,
        ("LineString" | "MultiLineString", coordinates) => {
            match [false, true].map(|last| outermost(&coordinates, last)) {
                [Some(first), Some(last)] => Shape::Line { kind: kind.to_owned(), ends: [first, last] },
                _ => Shape::Unfit(format!("a {kind} without positions")),
            }
        }
        ("GeometryCollection", _) => Shape::Unfit(format!("a {kind}")),
        _ => Shape::Unfit("a geometry of no known type".to_owned()),
    }
}

/// The first or the last position.
fn outermost(coordinates: &Nested, last: bool) -> Option<Coord<f64>> {
    match coordinates {
        Nested::Position(at) => Some(*at),
        Nested::List(list) => outermost(if last { list.last()? } else { list.first()? }, last),
    }
}

fn single_point(points: Vec<Nested>) -> Shape {
    match points.as_slice() {
        [] => Shape::Missing,
        [Nested::Position(at)] => Shape::Point(*at),
        _ => Shape::Unfit(format!("a MultiPoint of {} points", points.len())),
    }
}

fn area(polygons: Vec<Nested>) -> Shape {
    let polygons = polygons.into_iter().map(polygon).collect::<Option<Vec<_>>>();
    match polygons {
        None => Shape::Unfit("a polygon with a ring of fewer than four positions".to_owned()),
        Some(polygons) => Shape::from_area(MultiPolygon(polygons)),
    }
}

impl Shape {
    /// Returns the geometry as a shape; an empty one is missing.
    pub(crate) fn of(geometry: geo::Geometry<f64>) -> Self {
        use geo::Geometry;
        let line = |kind: &str, ends: Option<(&Coord<f64>, &Coord<f64>)>| {
            ends.map_or(Shape::Missing, |(a, b)| Shape::Line { kind: kind.to_owned(), ends: [*a, *b] })
        };
        match geometry {
            Geometry::Point(p) if p.x().is_finite() && p.y().is_finite() => Shape::Point(p.0),
            Geometry::Point(p) if p.x().is_nan() && p.y().is_nan() => Shape::Missing,
            Geometry::MultiPoint(points) if points.0.len() <= 1 => {
                points.0.first().map_or(Shape::Missing, |p| Shape::of((*p).into()))
            }
            Geometry::Polygon(polygon) => Shape::from_area(MultiPolygon(vec![polygon])),
            Geometry::MultiPolygon(area) => Shape::from_area(area),
            Geometry::LineString(way) => line("LineString", way.0.first().zip(way.0.last())),
            Geometry::MultiLineString(ways) => {
                let ends = ways.0.first().and_then(|l| l.0.first()).zip(ways.0.last().and_then(|l| l.0.last()));
                line("MultiLineString", ends)
            }
            Geometry::Point(_) => Shape::Unfit("a Point that is not finite".to_owned()),
            Geometry::MultiPoint(_) => Shape::Unfit("a MultiPoint".to_owned()),
            _ => Shape::Unfit("a GeometryCollection".to_owned()),
        }
    }

    /// Returns the area as a shape; an area without any vertex is missing.
    pub(crate) fn from_area(mut area: MultiPolygon<f64>) -> Self {
        area.0.retain(|p| !p.exterior().0.is_empty());
        if area.0.is_empty() { Shape::Missing } else { Shape::Area(area) }
    }
}

/// Returns the polygon, its rings closed if need be; `None` where it is nested otherwise or a ring is too short.
fn polygon(rings: Nested) -> Option<Polygon<f64>> {
    let Nested::List(rings) = rings else { return None };
    let mut rings = rings.into_iter().map(ring).collect::<Option<Vec<_>>>()?.into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Some(Polygon::new(exterior, rings.collect()))
}

fn ring(positions: Nested) -> Option<LineString<f64>> {
    let Nested::List(positions) = positions else { return None };
    let position = |nested| match nested {
        Nested::Position(at) => Some(at),
        Nested::List(_) => None,
    };
    let mut ring = LineString::new(positions.into_iter().map(position).collect::<Option<Vec<_>>>()?);
    ring.close();
    (ring.0.len() >= 4).then_some(ring)
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
