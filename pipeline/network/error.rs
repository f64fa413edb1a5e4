//! Requests that the data cannot answer.

/// Why a network cannot be made as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A filter names a column that the flows do not have.
    #[error("no column `{name}` in the flows; {}", known(nearest, columns))]
    UnknownColumn {
        /// The name as asked for.
        name: String,
        /// The column whose name comes nearest, if any comes near.
        nearest: Option<String>,
        /// Every name that could be asked for, in table order.
        columns: Vec<String>,
    },
    /// Clusters are to stay within the regions of a column that the places do not have.
    #[error("cluster within: no column `{name}` in the places; {}", known(nearest, columns))]
    UnknownRegions {
        /// The name as asked for.
        name: String,
        /// The column whose name comes nearest, if any comes near.
        nearest: Option<String>,
        /// The columns of the places, in table order.
        columns: Vec<String>,
    },
    /// A metric is asked for that there is not.
    #[error("no metric `{name}`; {}", groups_of(nearest, groups))]
    UnknownMetric {
        /// The name as asked for.
        name: String,
        /// The metric or group whose name comes nearest, if any comes near.
        nearest: Option<String>,
        /// The names of all groups.
        groups: Vec<String>,
    },
    /// Ranks can be neither subtracted nor added.
    #[error(
        "the {view} view adds and subtracts weights, found ordinal weights, which are ranks; use the two-way view, or \
         measured weights"
    )]
    OrdinalView {
        /// The view as asked for.
        view: &'static str,
    },
}

/// Names that are as unlike as this (Jaro-Winkler, 0 to 1) are no misspellings of each other.
const LIKENESS: f64 = 0.75;

/// Returns the candidate whose name comes nearest, if any comes near.
pub(crate) fn nearest(name: &str, candidates: &[String]) -> Option<String> {
    let likeness = |c: &&String| strsim::jaro_winkler(&c.to_lowercase(), &name.to_lowercase());
    let near = candidates.iter().filter(|c| likeness(c) >= LIKENESS);
    near.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).cloned()
}

fn known(nearest: &Option<String>, columns: &[String]) -> String {
    format!("{}the columns are {}", hint(nearest), listed(columns))
}

fn groups_of(nearest: &Option<String>, groups: &[String]) -> String {
    format!("{}the groups are {}", hint(nearest), listed(groups))
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or(String::new(), |n| format!("did you mean `{n}`? "))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
