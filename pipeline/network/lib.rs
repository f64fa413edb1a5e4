//! Places and flows become a weighted graph, and the graph becomes numbers.
//!
//! `filter` takes rows of a flow table, `cluster` joins places, `build` merges the rows into an
//! [`OdGraph`](flowatlas_model::OdGraph), `view` gives its net or gross flows, `select` keeps the flows that a map shows, and
//! `measure` computes the metrics of places and of the network. Nothing here knows files, colours or pages.
//!
//! Every kernel reads the graph frozen into compressed rows (`rows`), works iteratively, and gives the same
//! bits at any number of threads: parallel work is cut into blocks by the number of places alone, and the
//! results of the blocks are added in order.

mod agreement;
mod approach;
mod backbones;
mod catalog;
mod choice;
mod cluster;
mod clustering;
mod communities;
mod compare;
mod components;
mod cores;
mod decay;
mod distance;
mod dominant;
mod error;
mod filter;
mod gini;
mod goodness;
mod gravity;
mod groups;
mod heap;
mod independence;
mod indicators;
mod influence;
mod level;
mod matrix;
mod measure;
mod merge;
mod mixing;
mod null;
mod overlap;
mod pagerank;
mod paths;
mod poisson;
mod radiation;
mod random;
mod rates;
mod rows;
mod sampled;
mod search;
mod select;
mod separation;
mod spread;
mod strengths;
mod structure;
mod views;

pub use catalog::{GROUPS, Group, flow_metrics, network_metrics, place_metrics};
pub use choice::Choice;
pub use cluster::{Clustered, Clustering, Grouping, cluster};
pub use communities::{Communities, communities, matrix_order};
pub use compare::{Member, Part, Unnamed, compare, parts, split, unnamed};
pub use decay::distance_decay;
pub use distance::Distance;
pub use error::Error;
pub use filter::{filter, matching};
pub use measure::{Measures, measure, measure_watched};
pub use merge::build;
pub use paths::Watch;
pub use select::{Selected, Selection, moving, select};
pub use views::{View, Viewed, turned_to_hubs, view};
