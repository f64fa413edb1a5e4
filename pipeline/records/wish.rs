//! What is asked for.

use std::{path::PathBuf, sync::Arc};

use crate::zones::Zones;

/// Which records, and what to make of them. Expressions are SQL over the columns of the records; names are taken as they are written.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Files, folders or patterns (`moves/*.parquet`), all of one format.
    pub records: Vec<String>,
    /// Files that are to be written: none of them may be among the records.
    pub outputs: Vec<PathBuf>,
    /// Names of columns that the other expressions may use, and what each is derived from.
    pub columns: Vec<(String, String)>,
    /// Where a move starts: an id, a point (well-known binary), or `longitude, latitude`. By default the column `origin`, or
    /// `origin_lon` and `origin_lat`.
    pub origin: Option<String>,
    /// Where it ends, likewise. By default `dest` or `destination`, or `dest_lon` and `dest_lat`.
    pub dest: Option<String>,
    /// How much a record counts; 1 where this is `None`. Not negative.
    pub weight: Option<String>,
    /// What tells periods apart.
    pub period: Option<String>,
    /// What tells kinds of moves apart.
    pub kind: Option<String>,
    /// Which records to use: those for which this is true.
    pub filter: Option<String>,
    /// The zones that coordinates are assigned to, and that ids are to be known by.
    pub zones: Option<ZonesWish>,
    /// Flows of fewer records are not told; 0 tells all.
    pub suppress_below: u64,
}

/// Zones, and where every machine that takes part finds them.
#[derive(Debug, Clone)]
pub struct ZonesWish {
    /// The layer as it was named: `FILE` or `FILE|LAYER`.
    pub layer: String,
    /// Its column of identifiers; empty for the usual one.
    pub id_column: String,
    /// The zones in it.
    pub zones: Arc<Zones>,
}
