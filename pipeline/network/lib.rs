//! Places and flows become a weighted graph, and the graph becomes numbers.
//!
//! `filter` takes rows of a flow table, `build` merges them into an [`OdGraph`](flowatlas_model::OdGraph), `select` keeps the
//! flows that a map shows, and `measure` computes the metrics of places and of the network. Nothing here
//! knows files, colours or pages.
//!
//! Every kernel reads the graph frozen into compressed rows (`rows`), works iteratively, and gives the same
//! bits at any number of threads: parallel work is cut into blocks by the number of places alone, and the
//! results of the blocks are added in order.

mod catalog;
mod communities;
mod components;
mod distance;
mod filter;
mod heap;
mod indicators;
mod level;
mod measure;
mod merge;
mod pagerank;
mod paths;
mod rates;
mod rows;
mod search;
mod select;
mod strengths;

pub use catalog::{NETWORK_METRICS, PLACE_METRICS};
pub use communities::{Communities, communities, matrix_order};
pub use distance::Distance;
pub use filter::{Error, filter};
pub use measure::{Measures, measure};
pub use merge::build;
pub use select::{Selected, Selection, select};
