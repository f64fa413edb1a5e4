//! Geometries in well-known binary, as GeoParquet holds them: ISO 13249-3, and the extended form of PostGIS, in two to four
//! dimensions, of which the first two are read.
//!
//! Our own, as the bytes come from anywhere: nothing is reserved for a count that the bytes do not bear out, and
//! nesting has an end.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// Collections within collections that are followed.
const DEEPEST: usize = 8;

/// Returns the geometry that some bytes hold, with the name of its kind; none where they are cut or are no geometry.
pub(crate) fn geometry(bytes: &[u8]) -> Option<Geometry<f64>> {
    Bytes { rest: bytes, little: true, dimensions: 2 }.geometry(DEEPEST)
}

struct Bytes<'b> {
    rest: &'b [u8],
    little: bool,
    dimensions: usize,
}

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    fn whole(&mut self) -> Option<u32> {
        let bytes = self.take()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn real(&mut self) -> Option<f64> {
        let bytes = self.take()?;
        Some(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// Reads as many things as a count says that stands before them.
    fn several<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.whole()?;
        (0..count).map(|_| each(self)).collect()
    }

    fn coord(&mut self) -> Option<Coord<f64>> {
        let at = Coord { x: self.real()?, y: self.real()? };
        for _ in 2..self.dimensions {
            self.real()?;
        }
        Some(at)
    }

    fn line(&mut self) -> Option<LineString<f64>> {
        self.several(Bytes::coord).map(LineString)
    }

    fn polygon(&mut self) -> Option<Polygon<f64>> {
        let mut rings = self.several(Bytes::line)?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Some(Polygon::new(exterior, rings.collect()))
    }

    /// Reads the parts of a collection, each with a head of its own.
    fn parts<T>(&mut self, deeper: usize, part: impl Fn(Geometry<f64>) -> Option<T>) -> Option<Vec<T>> {
        let deeper = deeper.checked_sub(1)?;
        self.several(|bytes| part(bytes.geometry(deeper)?))
    }

    fn geometry(&mut self, deeper: usize) -> Option<Geometry<f64>> {
        let [order] = self.take()?;
        self.little = order == 1;
        let head = self.whole()?;
        let (extended, kind) = (head >> 29, head & 0x1FFF_FFFF);
        if extended & 1 > 0 {
            self.whole()?;
        }
        self.dimensions = match (extended >> 1, kind / 1000) {
            (0b11, _) | (_, 3) => 4,
            (0b01 | 0b10, _) | (_, 1 | 2) => 3,
            _ => 2,
        };
        Some(match kind % 1000 {
            1 => Geometry::Point(Point(self.coord()?)),
            2 => Geometry::LineString(self.line()?),
            3 => Geometry::Polygon(self.polygon()?),
            4 => Geometry::MultiPoint(MultiPoint(self.parts(deeper, |g| Point::try_from(g).ok())?)),
            5 => Geometry::MultiLineString(MultiLineString(self.parts(deeper, |g| LineString::try_from(g).ok())?)),
            6 => Geometry::MultiPolygon(MultiPolygon(self.parts(deeper, |g| Polygon::try_from(g).ok())?)),
            7 => Geometry::GeometryCollection(self.parts(deeper, Some)?.into()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A geometry of a kind, of reals behind the counts, in one byte order.
    fn bytes(little: bool, kind: u32, parts: &[&[u8]]) -> Vec<u8> {
        let mut all = vec![u8::from(little)];
        all.extend(if little { kind.to_le_bytes() } else { kind.to_be_bytes() });
        parts.iter().for_each(|part| all.extend_from_slice(part));
        all
    }

    fn reals(little: bool, numbers: &[f64]) -> Vec<u8> {
        numbers.iter().flat_map(|n| if little { n.to_le_bytes() } else { n.to_be_bytes() }).collect()
    }

    #[test]
    fn a_point_is_read_in_both_orders_and_all_dimensions() {
        let expected = Some(Geometry::Point(Point::new(-74.0, -12.5)));
        for little in [true, false] {
            assert_eq!(geometry(&bytes(little, 1, &[&reals(little, &[-74.0, -12.5])])), expected);
            for (kind, count) in [(1001, 3), (2001, 3), (3001, 4), (0x8000_0001, 3), (0x4000_0001, 3), (0xC000_0001, 4)]
            {
                let numbers = [-74.0, -12.5, 1.0, 2.0];
                assert_eq!(geometry(&bytes(little, kind, &[&reals(little, &numbers[..count])])), expected, "{kind:x}");
            }
        }
        let with_system = bytes(true, 0x2000_0001, &[&4326_u32.to_le_bytes(), &reals(true, &[-74.0, -12.5])]);
        assert_eq!(geometry(&with_system), expected);
    }

    #[test]
    fn parts_are_read_in_their_own_order_and_what_is_cut_is_nothing() {
        let count = |n: u32| n.to_le_bytes();
        let ring = reals(true, &[0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
        let polygon = bytes(true, 3, &[&count(1), &count(4), &ring]);
        let area = bytes(true, 6, &[&count(1), &polygon]);
        let read = MultiPolygon::try_from(geometry(&area).unwrap()).unwrap();
        assert_eq!(read.0[0].exterior().0.len(), 4);
        let points = bytes(true, 4, &[&count(1), &bytes(false, 1, &[&reals(false, &[3.0, 4.0])])]);
        assert_eq!(geometry(&points), Some(Geometry::MultiPoint(MultiPoint(vec![Point::new(3.0, 4.0)]))));
        for end in 0..area.len() {
            assert_eq!(geometry(&area[..end]), None, "{end} bytes");
        }
        assert_eq!(geometry(&bytes(true, 2, &[&count(u32::MAX)])), None);
        assert_eq!(geometry(&bytes(true, 6, &[&count(1), &points])), None, "a multipolygon of points");
        assert_eq!(geometry(&bytes(true, 17, &[])), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_a_geometry_or_nothing(bytes: Vec<u8>, kind in 0_u8..8) {
            geometry(&bytes);
            geometry(&[vec![1, kind, 0, 0, 0], bytes].concat());
        }
    }
}
