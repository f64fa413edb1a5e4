//! Places and flows become a weighted graph, and the graph becomes numbers.
//!
//! `filter` takes rows of a flow table, `cluster` joins places, `build` merges the rows into an
//! [`OdGraph`](flowatlas_model::OdGraph), `view` gives its net or gross flows, `select` keeps the flows that a map shows, and
//! `measure` computes the metrics of places and of the network. Nothing here knows files, colours or pages.
//!
//! Every kernel reads the graph frozen into compressed rows (`rows`), works iteratively, and gives the same
//! bits at any number of threads: parallel work is cut into blocks by the number of places alone, and the
//! results of the blocks are added in order.

mod catalog;
mod cluster;
mod communities;
mod components;
mod distance;
mod error;
mod filter;
mod groups;
mod heap;
mod indicators;
mod level;
mod measure;
mod merge;
mod pagerank;
mod paths;
mod positions;
mod rates;
mod rows;
mod search;
mod select;
mod strengths;
mod structure;
mod views;

pub use catalog::{network_metrics, place_metrics};
pub use cluster::{Clustered, Clustering, Grouping, cluster};
pub use communities::{Communities, communities, matrix_order};
pub use distance::Distance;
pub use error::Error;
pub use filter::filter;
pub use measure::{Measures, measure};
pub use merge::build;
pub use select::{Selected, Selection, select};
pub use views::{View, Viewed, turned_to_hubs, view};
