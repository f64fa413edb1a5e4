//! Geometries as well-known text, as tables hold them: our own, those of PostGIS and of GDAL.

use crate::shape::Shape;

/// Names of columns that hold well-known text where a table has no columns of coordinates, in any case.
pub(crate) const COLUMNS: [&str; 5] = ["wkt", "geometry", "geom", "the_geom", "wkt_geom"];

/// The kinds as well-known text and as GeoJSON spell them.
const KINDS: [(&str, &str); 6] = [
    ("POINT", "Point"),
    ("MULTIPOINT", "MultiPoint"),
    ("LINESTRING", "LineString"),
    ("MULTILINESTRING", "MultiLineString"),
    ("POLYGON", "Polygon"),
    ("MULTIPOLYGON", "MultiPolygon"),
];

/// Returns the shape that a text describes; of more than two dimensions the first two count.
pub(crate) fn shape(text: &str) -> Shape {
    let text = text.trim();
    if text.is_empty() {
        return Shape::Missing;
    }
    geojson(text)
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_else(|| Shape::Unfit("text that is no well-known text (WKT) of degrees".to_owned()))
}

/// Returns the GeoJSON geometry of the same coordinates, which differs in its brackets alone.
fn geojson(text: &str) -> Option<String> {
    let text = text.strip_prefix("SRID=4326;").unwrap_or(text);
    let (words, rest) = text.split_at(text.find('(').unwrap_or(text.len()));
    let mut words = words.split_whitespace();
    let kind = words.next()?.to_ascii_uppercase();
    let (_, name) = KINDS.iter().find(|(known, _)| kind.trim_end_matches(['Z', 'M']) == *known)?;
    if words.any(|word| word.eq_ignore_ascii_case("EMPTY")) {
        return Some("null".to_owned());
    }
    let listed = coordinates(rest)?;
    let coordinates = match *name {
        // The brackets around a position are those of the list of one.
        "Point" => listed.strip_prefix('[')?.strip_suffix(']')?.to_owned(),
        // Each point may have brackets of its own.
        "MultiPoint" => listed.replace("[[[", "[[").replace("]]]", "]]").replace("]],[[", "],["),
        _ => listed,
    };
    Some(format!("{{\"type\":\"{name}\",\"coordinates\":{coordinates}}}"))
}

/// Returns lists of positions, each in brackets: `(1 2, 3 4)` becomes `[[1,2],[3,4]]`.
fn coordinates(text: &str) -> Option<String> {
    let mut json = String::with_capacity(2 * text.len());
    let mut numbers = String::new();
    for c in text.chars() {
        if !matches!(c, '(' | ')' | ',') {
            numbers.push(c);
            continue;
        }
        if !numbers.trim().is_empty() {
            let position: Vec<f64> =
                numbers.split_whitespace().map(|number| number.parse().ok()).collect::<Option<_>>()?;
            json.push_str(&serde_json::to_string(&position).ok()?);
        }
        numbers.clear();
        json.push(match c {
            '(' => '[',
            ')' => ']',
            _ => ',',
        });
    }
    numbers.trim().is_empty().then_some(json)
}

#[cfg(test)]
mod tests {
    use geo::{Area, coord};

    use super::*;

    #[test]
    fn points_and_areas_are_read_in_every_spelling() {
        let at = Shape::Point(coord! { x: -3.5, y: 40.0 });
        for text in [
            "POINT (-3.5 40)",
            "point(-3.5 40)",
            "POINT Z (-3.5 40 7)",
            "POINTZ(-3.5 40 7)",
            "SRID=4326;POINT(-3.5 40)",
            "MULTIPOINT ((-3.5 40))",
            "MULTIPOINT (-3.5 40)",
        ] {
            assert_eq!(shape(text), at, "{text}");
        }
        for text in ["POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)))"] {
            let Shape::Area(area) = shape(text) else { panic!("{text}") };
            assert!((area.unsigned_area() - 4.0).abs() < 1e-9);
        }
        let Shape::Line { ends, .. } = shape("MULTILINESTRING ((0 1, 2 3), (4 5, 6 7))") else { panic!("no line") };
        assert_eq!(ends, [coord! { x: 0.0, y: 1.0 }, coord! { x: 6.0, y: 7.0 }]);
    }

    #[test]
    fn what_is_no_text_of_a_geometry_is_told() {
        assert_eq!([shape(""), shape("POINT EMPTY")], [Shape::Missing, Shape::Missing]);
        for text in ["0101000000", "POINT (a b)", "POINT (1)", "POINT (1 2", "CIRCLE (1 2)", "SRID=25830;POINT (1 2)"] {
            assert!(matches!(shape(text), Shape::Unfit(_)), "{text}");
        }
    }
}
