//! The numbers that a style may give: each of a kind that has a least and a most, beyond which nothing can be drawn.

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected},
};

use crate::style::PAGE_MM;

/// The least and the most of a kind of number, and what it is called in messages.
struct Bounds {
    least: f64,
    most: f64,
    unit: &'static str,
}

const PAGE: Bounds = Bounds { least: PAGE_MM.0, most: PAGE_MM.1, unit: " mm" };
const MILLIMETRES: Bounds = Bounds { least: 0.0, most: 500.0, unit: " mm" };
const LETTERS: Bounds = Bounds { least: 1.0, most: 500.0, unit: " points" };
const POINTS: Bounds = Bounds { least: 0.0, most: 100.0, unit: " points" };
const FACTOR: Bounds = Bounds { least: 0.0, most: 20.0, unit: "" };
const SHARE: Bounds = Bounds { least: 0.0, most: 1.0, unit: "" };

impl Bounds {
    fn check<E: Error>(&self, number: f64) -> Result<f64, E> {
        let Bounds { least, most, unit } = self;
        match (*least..=*most).contains(&number) {
            true => Ok(number),
            false => Err(E::invalid_value(
                Unexpected::Other(&format!("`{number}`")),
                &format!("a number from {least} to {most}{unit}").as_str(),
            )),
        }
    }

    fn number<'de, D: Deserializer<'de>>(&self, from: D) -> Result<f64, D::Error> {
        self.check(f64::deserialize(from)?)
    }

    fn numbers<'de, D: Deserializer<'de>>(&self, from: D) -> Result<Vec<f64>, D::Error> {
        Vec::deserialize(from)?.into_iter().map(|number| self.check(number)).collect()
    }
}

/// Reads the width of a page in millimetres.
pub(crate) fn page<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    PAGE.number(from)
}

/// Reads a length in millimetres.
pub(crate) fn millimetres<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    MILLIMETRES.number(from)
}

/// Reads a size of letters in points.
pub(crate) fn letters<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    LETTERS.number(from)
}

/// Reads two sizes of letters in points.
pub(crate) fn two_letters<'de, D: Deserializer<'de>>(from: D) -> Result<[f64; 2], D::Error> {
    let [small, large] = <[f64; 2]>::deserialize(from)?;
    Ok([LETTERS.check(small)?, LETTERS.check(large)?])
}

/// Reads a length in points.
pub(crate) fn points<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    POINTS.number(from)
}

/// Reads lengths in points, at least one.
pub(crate) fn some_points<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    let lengths = POINTS.numbers(from)?;
    if lengths.is_empty() {
        return Err(D::Error::invalid_value(Unexpected::Other("an empty list"), &"at least one number"));
    }
    Ok(lengths)
}

/// Reads dashes and gaps in multiples of a width: none, or with some length.
pub(crate) fn dashes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    let dashes = FACTOR.numbers(from)?;
    if !dashes.is_empty() && dashes.iter().sum::<f64>() <= 0.0 {
        return Err(D::Error::invalid_value(Unexpected::Other("no length"), &"dashes and gaps, or [] for none"));
    }
    Ok(dashes)
}

/// Reads a factor.
pub(crate) fn factor<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    FACTOR.number(from)
}

/// Reads a share from 0 to 1.
pub(crate) fn share<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    SHARE.number(from)
}
