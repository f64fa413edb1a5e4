//! A GeoJSON feature as it stands in the text, borrowed from it where it can be.

use std::{borrow::Cow, fmt, marker::PhantomData};

use flowatlas_model::Value;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value},
};

/// A feature; members that it does not name are passed over.
pub(crate) struct Feature<'a, S> {
    /// True where its `type` says that it is one.
    pub(crate) is_feature: bool,
    pub(crate) id: Cell<'a>,
    pub(crate) properties: Properties<'a>,
    pub(crate) shape: S,
}

/// The properties of a feature in their order; `null` gives none.
#[derive(Default)]
pub(crate) struct Properties<'a>(pub(crate) Vec<(Cow<'a, str>, Cell<'a>)>);

/// The value of a property. Objects and arrays are kept as their JSON text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell<'a> {
    #[default]
    Missing,
    Flag(bool),
    Integer(i64),
    Real(f64),
    Text(Cow<'a, str>),
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Missing => Value::Missing,
            Cell::Flag(b) => Value::Flag(b),
            Cell::Integer(i) => Value::Integer(i),
            Cell::Real(r) => Value::Real(r),
            Cell::Text(t) => Value::Text(t.into()),
        }
    }
}

/// A text that is borrowed unless it holds escapes.
struct Words<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Words<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordsVisitor;

        impl<'de> Visitor<'de> for WordsVisitor {
            type Value = Words<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Words<'de>, E> {
                Ok(Words(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Words<'de>, E> {
                Ok(Words(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(WordsVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Missing)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Flag(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Integer(v))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Cell<'de>, E> {
        Ok(i64::try_from(v).map_or(Cell::Real(v as f64), Cell::Integer))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Real(v))
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(v)))
    }

    fn visit_str<E>(self, v: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(v.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Cell<'de>, A::Error> {
        let json = serde_json::Value::deserialize(value::SeqAccessDeserializer::new(seq))?;
        Ok(Cell::Text(Cow::Owned(json.to_string())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cell<'de>, A::Error> {
        let json = serde_json::Value::deserialize(value::MapAccessDeserializer::new(map))?;
        Ok(Cell::Text(Cow::Owned(json.to_string())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropertiesVisitor;

        impl<'de> Visitor<'de> for PropertiesVisitor {
            type Value = Properties<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("properties or null")
            }

            fn visit_unit<E>(self) -> Result<Properties<'de>, E> {
                Ok(Properties::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties<'de>, A::Error> {
                let mut properties = Vec::with_capacity(8);
                while let Some((Words(name), cell)) = map.next_entry::<Words<'de>, Cell<'de>>()? {
                    properties.push((name, cell));
                }
                Ok(Properties(properties))
            }
        }

        deserializer.deserialize_any(PropertiesVisitor)
    }
}

impl<'de: 'a, 'a, S: Deserialize<'de> + Default> Deserialize<'de> for Feature<'a, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FeatureVisitor(PhantomData))
    }
}

struct FeatureVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de> + Default> Visitor<'de> for FeatureVisitor<S> {
    type Value = Feature<'de, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut is_feature, mut id) = (false, Cell::Missing);
        let (mut properties, mut shape) = (Properties::default(), S::default());
        while let Some(Words(key)) = map.next_key()? {
            match key.as_ref() {
                "type" => is_feature = map.next_value::<Cell<'de>>()? == Cell::Text(Cow::Borrowed("Feature")),
                "id" => id = map.next_value()?,
                "properties" => properties = map.next_value()?,
                "geometry" => shape = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Feature { is_feature, id, properties, shape })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Unread;

    fn cells(json: &str) -> Vec<(String, Cell<'_>)> {
        let feature: Feature<'_, Unread> = serde_json::from_str(json).unwrap();
        feature.properties.0.into_iter().map(|(name, cell)| (name.into_owned(), cell)).collect()
    }

    #[test]
    fn every_kind_of_value_finds_its_cell() {
        let json = r#"{"properties":{"n":null,"f":true,"i":-3,"u":18446744073709551615,"r":1.5,"t":"a","e":"a\n"}}"#;
        let found: Vec<_> = cells(json).into_iter().map(|(_, cell)| cell).collect();
        let text = |t: &'static str| Cell::Text(t.into());
        let big = Cell::Real(18_446_744_073_709_551_615.0);
        let expected =
            [Cell::Missing, Cell::Flag(true), Cell::Integer(-3), big, Cell::Real(1.5), text("a"), text("a\n")];
        assert_eq!(found, expected);
    }

    #[test]
    fn nested_values_are_kept_as_json_text() {
        let found = cells(r#"{"properties":{"o":{"b": 1,"a":[ ]},"l":[1,"x"]}}"#);
        assert_eq!(found[0].1, Cell::Text(r#"{"b":1,"a":[]}"#.into()));
        assert_eq!(found[1].1, Cell::Text(r#"[1,"x"]"#.into()));
    }

    #[test]
    fn null_properties_are_none_and_an_array_is_no_feature() {
        assert!(cells(r#"{"type":"Feature","properties":null}"#).is_empty());
        assert!(serde_json::from_str::<Feature<'_, Unread>>("[]").is_err());
    }
}
