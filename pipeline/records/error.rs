//! Why records could not be aggregated.

use datafusion::error::DataFusionError;
use thiserror::Error;

/// Why records could not be aggregated. Those of [`Error::is_wish`] are the command's fault, all others the data's or the machine's.
#[derive(Debug, Error)]
pub enum Error {
    /// There is nothing at a path, or it cannot be listed.
    #[error("{path}: {reason}")]
    NoRecords {
        /// The path as it was given.
        path: String,
        /// What is wrong, and a hint.
        reason: String,
    },
    /// A file that is to be written is one of the records.
    #[error("{path} is read and would be written over; choose another name")]
    WrittenOver {
        /// The file.
        path: String,
    },
    /// An expression cannot be understood over these records.
    #[error("{option} \"{text}\": {reason}")]
    Expression {
        /// The option that it was given by.
        option: &'static str,
        /// What was written.
        text: String,
        /// What is wrong.
        reason: String,
    },
    /// The records lack what says where moves start or end.
    #[error("the records have no {wanted}; their columns are {columns}; say which by {option}")]
    NoColumn {
        /// What was sought.
        wanted: &'static str,
        /// The columns that there are.
        columns: String,
        /// The option that names one.
        option: &'static str,
    },
    /// Coordinates without zones.
    #[error("{option} gives coordinates; name the polygons that they are to be assigned to by --places")]
    NoZones {
        /// The option.
        option: &'static str,
    },
    /// The engine cannot be set up as asked.
    #[error("{0}")]
    Setup(String),
    /// The engine stopped: a file that cannot be read, a full disk, too little memory, a machine that is gone.
    #[error("{0}")]
    Engine(String),
    /// The flows do not hold all records that were read.
    #[error(
        "{counted} records were read, but the files hold {held}: nothing was written; run again, and report this if it persists"
    )]
    Lost {
        /// Records in the groups.
        counted: u64,
        /// Records that the files say they hold.
        held: u64,
    },
    /// Groups came more than once: an executor was lost while it gave its results, and another gave them from the start.
    #[error("some flows were told twice, as an executor was lost: nothing was written; run again")]
    Twice,
    /// The user asked to stop.
    #[error("stopped; nothing was written")]
    Interrupted,
}

impl Error {
    /// True where the command asks for something that cannot be meant.
    pub fn is_wish(&self) -> bool {
        matches!(
            self,
            Error::WrittenOver { .. }
                | Error::Expression { .. }
                | Error::NoColumn { .. }
                | Error::NoZones { .. }
                | Error::Setup(_)
        )
    }

    /// Returns the engine's complaint, without what only its makers can use.
    pub(crate) fn engine(error: &DataFusionError) -> Self {
        Error::Engine(plain(error))
    }
}

/// Returns what an error of the engine says, without the layers that it went through and without a backtrace.
pub(crate) fn plain(error: &DataFusionError) -> String {
    // The engine has no name for the records.
    let told = error.find_root().strip_backtrace().replace("\"?table?\".", "");
    let mut rest = told.as_str();
    while let Some(bare) = LAYERS.iter().find_map(|layer| rest.strip_prefix(layer)) {
        rest = bare;
    }
    rest.to_owned()
}

/// What the engine puts before its complaints.
const LAYERS: [&str; 7] = [
    "Execution error: ",
    "Error during planning: ",
    "Schema error: ",
    "Arrow error: ",
    "Csv error: ",
    "External error: ",
    "Resources exhausted: ",
];
