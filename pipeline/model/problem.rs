//! Bad data, counted and named.

use serde::Serialize;

/// Something in the data that could not be used as it is. A problem never stops a run; it is counted and listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// A stable name to count by, for example `unknown-place`.
    pub code: &'static str,
    /// The file or layer.
    pub file: String,
    /// The feature: its number from 0 in the file, or its line for CSV, or its id.
    pub feature: String,
    /// The field concerned; empty where the whole feature is.
    pub field: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// True where the feature was left out; false where it was kept and only remarked on.
    pub dropped: bool,
}

/// How the features of one layer were spent: `read = kept + dropped`, in number and in weight.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Tally {
    /// The file or layer.
    pub file: String,
    /// Features or records in the file.
    pub read: u64,
    /// Those that went on.
    pub kept: u64,
    /// Those that could not be used.
    pub dropped: u64,
    /// Sum of the readable weights of all features (flow layers of measured weights; else 0).
    pub weight_read: f64,
    /// Sum of the weights that went on.
    pub weight_kept: f64,
    /// Sum of the readable weights among the dropped.
    pub weight_dropped: f64,
}
