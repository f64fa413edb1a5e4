//! The words and numbers that the product adds to a figure, in the language of the figure.

use std::{fmt, str::FromStr};

/// The language of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// French.
    French,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        match tag {
            "en" => Ok(Language::English),
            "es" => Ok(Language::Spanish),
            "fr" => Ok(Language::French),
            other => Err(format!("language \"{other}\" is not known; expected en, es or fr")),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Language::English => "en",
            Language::Spanish => "es",
            Language::French => "fr",
        })
    }
}
