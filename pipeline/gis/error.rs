//! What can keep a file from being written.

use gdal::errors::GdalError;
use thiserror::Error;

/// Why GDAL could not write a file.
#[derive(Debug, Error, Clone, PartialEq)]
#[error("{what}: GDAL could not {action}: {message}")]
pub struct Error {
    /// The layer or the format.
    pub what: String,
    /// What was being done.
    pub action: &'static str,
    /// What GDAL said.
    pub message: String,
}

impl Error {
    /// Returns a function that takes what GDAL says about an action that failed.
    pub(crate) fn of(what: &str, action: &'static str) -> impl Fn(GdalError) -> Error + use<> {
        let what = what.to_owned();
        move |error| {
            let message = match &error {
                GdalError::NullPointer { msg, .. } | GdalError::CplError { msg, .. } if !msg.is_empty() => msg.clone(),
                other => other.to_string(),
            };
            Error { what: what.clone(), action, message }
        }
    }
}
