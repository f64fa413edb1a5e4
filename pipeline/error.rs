//! What can go wrong between the command line and the files, and which exit code says so.

use std::path::PathBuf;

use thiserror::Error;

/// Why a command did not do what it was asked for.
#[derive(Debug, Error)]
pub enum Error {
    /// A study, source or style file says something that cannot be meant.
    #[error("{file}:{line}: {message}")]
    Config {
        /// The file as it was named.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, what was expected, and a hint.
        message: String,
    },
    /// What a study says at this line cannot be done with its data.
    #[error("{file}:{line}: {source}")]
    At {
        /// The file as it was named.
        file: String,
        /// The line, from 1.
        line: usize,
        /// Why.
        source: Box<Error>,
    },
    /// Readers cannot tell what a style shows apart.
    #[error("style {style}:\n  {faults}")]
    Style {
        /// The style as it was named.
        style: String,
        /// Which colours are too alike to whom, and which words too faint; a line each.
        faults: String,
    },
    /// The command line asks for something that cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// A layer could not be read.
    #[error(transparent)]
    Ingest(#[from] flowatlas_ingest::Error),
    /// The network cannot be made as asked: a column is not there, or ranks would have to be added.
    #[error("map \"{map}\": {source}")]
    Network {
        /// The id of the map.
        map: String,
        /// Why.
        source: flowatlas_network::Error,
    },
    /// A map asks for what its data do not have.
    #[error("map \"{map}\": {message}")]
    Wish {
        /// The id of the map.
        map: String,
        /// What is wrong, what was expected, and a hint.
        message: String,
    },
    /// A filter keeps nothing.
    #[error(
        "map \"{map}\": none of the {rows} flows passes the filter; check its values, which are compared letter by letter"
    )]
    NothingKept {
        /// The id of the map.
        map: String,
        /// How many flows there were.
        rows: usize,
    },
    /// Every flow of a layer had to be left out.
    #[error("{file}: none of its {read} flows could be used; {first}")]
    NoFlows {
        /// The file.
        file: String,
        /// How many flows it holds.
        read: u64,
        /// The first problem, in words, and that of the places if some of them are missing.
        first: String,
    },
    /// The totals of the places leave no fall of flows with distance.
    #[error(
        "flows against distance need flows between places at different positions, of several origins and destinations that share some; the \
         totals of these {flows} flows do not tell how they fall with distance"
    )]
    NoDistances {
        /// How many flows there are.
        flows: usize,
    },
    /// A chart or table of a figure cannot be made as asked.
    #[error("figure \"{figure}\", panel \"{panel}\": {message}")]
    Figure {
        /// The id of the figure.
        figure: String,
        /// The title of the panel.
        panel: String,
        /// What is wrong, what was expected, and a hint.
        message: String,
    },
    /// Flows that name no period or kind, or only one, are not drawn as small multiples.
    #[error(
        "map \"{map}\": small multiples need flows of at least two {}, found {found}; say which column tells them apart by \"{}\"",
        crate::options::part_names(*part), crate::options::part_name(*part)
    )]
    Parts {
        /// The id of the map.
        map: String,
        /// How many there are.
        found: usize,
        /// What the maps were to be of.
        part: flowatlas_network::Part,
    },
    /// A map could not be composed.
    #[error("map \"{map}\": {source}")]
    Map {
        /// The id of the map.
        map: String,
        /// Why.
        source: flowatlas_map::error::Error,
    },
    /// A picture could not be written.
    #[error("map \"{map}\": {source}")]
    Draw {
        /// The id of the map.
        map: String,
        /// Why.
        source: flowatlas_draw::Error,
    },
    /// Layers could not be written in a GIS format.
    #[error("map \"{map}\": {message}")]
    Gis {
        /// The id of the map.
        map: String,
        /// What the library said.
        message: String,
    },
    /// Records could not be made into flows.
    #[cfg(feature = "records")]
    #[error(transparent)]
    Records(#[from] flowatlas_records::Error),
    /// A file could not be written.
    #[error("{path}: cannot be written: {source}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// Returns the exit code of a program that ends with this error: 2 where the command line or the study file is
    /// wrong, 130 where the user interrupted it, as shells have it, 1 where the data could not be used or the disk did not serve.
    pub fn exit_code(&self) -> u8 {
        use flowatlas_map::error::Error as MapError;
        match self {
            Error::At { source, .. } => source.exit_code(),
            Error::Config { .. }
            | Error::Usage(_)
            | Error::Network { .. }
            | Error::Wish { .. }
            | Error::Style { .. }
            | Error::Figure { .. }
            | Error::Parts { .. }
            | Error::NothingKept { .. } => 2,
            #[cfg(feature = "records")]
            Error::Records(flowatlas_records::Error::Interrupted) => 130,
            #[cfg(feature = "records")]
            Error::Records(error) if error.is_wish() => 2,
            #[cfg(feature = "records")]
            Error::Records(_) => 1,
            Error::Map { source: MapError::NothingToShow | MapError::NoFlowToShow, .. } => 1,
            Error::Map { .. } | Error::Draw { source: flowatlas_draw::Error::PixelSize { .. }, .. } => 2,
            Error::Ingest(flowatlas_ingest::Error::NamedColumn { .. }) => 2,
            Error::Ingest(_)
            | Error::NoFlows { .. }
            | Error::NoDistances { .. }
            | Error::Draw { .. }
            | Error::Gis { .. }
            | Error::Write { .. } => 1,
        }
    }
}
