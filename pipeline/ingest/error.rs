//! What stops the reading of a file.

use std::io;

/// Why a file could not be read. Every message names the file, what was found, what was expected and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// There is nothing in the file.
    #[error("{file}: the file is empty, expected {expected}")]
    Empty {
        /// The file.
        file: String,
        /// What should be there.
        expected: &'static str,
    },
    /// The file is JSON or looks like it, but not a feature collection.
    #[error("{file}: found {found}, expected a GeoJSON FeatureCollection; {hint}")]
    NotGeoJson {
        /// The file.
        file: String,
        /// What it is.
        found: String,
        /// What to do.
        hint: &'static str,
    },
    /// The file breaks the grammar of JSON, or ends too early.
    #[error("{file}: line {line}, byte {byte}, {within}: {found}; {hint}")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The offset from the start of the file in bytes, from 0.
        byte: u64,
        /// Where in the document, for example `feature 12`.
        within: String,
        /// What is wrong.
        found: String,
        /// What to do.
        hint: &'static str,
    },
    /// The file ends within quotes: everything behind the first is one text.
    #[error(
        "{file}: line {line}: found a quote that nothing closes, expected a second one; everything after it was read as one text"
    )]
    OpenQuote {
        /// The file.
        file: String,
        /// The line on which it opens, from 1.
        line: u64,
    },
    /// The text is not UTF-8.
    #[error("{file}: line {line}: found {found}, expected text in UTF-8; save the file as UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The bytes in question.
        found: String,
    },
    /// A column without which the file is of no use is not there.
    #[error("{file}: expected a column {expected}, found {found}; {hint}")]
    Column {
        /// The file.
        file: String,
        /// The names it may have.
        expected: String,
        /// The columns of the file.
        found: String,
        /// The nearest of them.
        hint: String,
    },
    /// A column that was named is not there.
    #[error("{file}: there is no column `{name}` for {field}; {hint}its columns are {found}")]
    NamedColumn {
        /// The file.
        file: String,
        /// What it was named for: a key of studies, an option of the command line.
        field: &'static str,
        /// The name.
        name: String,
        /// The nearest of its columns; may be empty.
        hint: String,
        /// The columns of the file.
        found: String,
    },
    /// The weights of all flows together are no number any more.
    #[error(
        "{file}: the weights add up to more than the largest number, found infinity, expected a finite total; count in larger units"
    )]
    Overflow {
        /// The file.
        file: String,
    },
    /// The layer asked for is not there, or several are and none was asked for.
    #[error("{file}: found {found}, expected {expected}; write file|layer")]
    Layer {
        /// The file.
        file: String,
        /// The layers of the file.
        found: String,
        /// The layer asked for.
        expected: String,
    },
    /// A layer was asked for in a format without layers.
    #[error("{file}: found layer `{layer}` asked for, but GeoJSON, CSV and Parquet have no layers; leave out |{layer}")]
    NoLayers {
        /// The file.
        file: String,
        /// The layer asked for.
        layer: String,
    },
    /// The path leads into an archive or a network, or the driver does.
    #[error(
        "{file}: found a network or archive path, expected a file on disk; allow it with --allow-remote, or download or unpack it first"
    )]
    NotAFile {
        /// The path.
        file: String,
    },
    /// GDAL cannot read the file.
    #[error("{file}: GDAL cannot {action}: {message}")]
    Gdal {
        /// The file.
        file: String,
        /// What was tried.
        action: &'static str,
        /// What GDAL says.
        message: String,
    },
    /// The file is no Parquet, is cut, or holds shapes that are not read.
    #[error("{file}: cannot be read as Parquet: {message}")]
    Parquet {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The format needs GDAL, and this build has none.
    #[error(
        "{file}: this build lacks GDAL and reads GeoJSON (.geojson, .json), CSV (.csv, .tsv, .txt) and Parquet alone; \
         convert the file or build with the feature `gdal`"
    )]
    WithoutGdal {
        /// The file.
        file: String,
    },
    /// A feature of a base map cannot be used.
    #[error("{file}: {feature}, {field}: found {found}, expected {expected}")]
    Base {
        /// The file.
        file: String,
        /// Which feature.
        feature: String,
        /// The field concerned.
        field: String,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
    },
}

impl Error {
    pub(crate) fn io(file: &str, source: io::Error) -> Self {
        Error::Io { file: file.to_owned(), source }
    }
}
