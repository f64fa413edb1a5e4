//! Which metrics to compute.

use std::collections::BTreeSet;

use flowatlas_model::{MetricInfo, MetricTable};

use crate::{
    catalog::{GROUPS, Group},
    error::{Error, nearest},
};

/// A set of metrics, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    ids: BTreeSet<&'static str>,
    /// Those that were named one by one, not with their group.
    named: BTreeSet<&'static str>,
}

/// The groups that are computed without being asked for.
const DEFAULT: &str = "default";
/// Every group.
const ALL: &str = "all";

impl Default for Choice {
    /// The groups that take no longer than reading the flows.
    fn default() -> Self {
        Choice::groups(|group| group.by_default)
    }
}

impl Choice {
    /// Returns every metric.
    pub fn all() -> Self {
        Choice::groups(|_| true)
    }

    /// Returns the metrics of these names: of metrics, of groups, `default` or `all`. No name at all is `default`.
    ///
    /// # Errors
    /// Fails at a name that is none of these.
    pub fn of(names: &[String]) -> Result<Self, Error> {
        if names.is_empty() {
            return Ok(Choice::default());
        }
        let (mut ids, mut single) = (BTreeSet::new(), BTreeSet::new());
        for name in names {
            let found = named(name)?;
            single.extend(found.iter().filter(|id| **id == name));
            ids.extend(found);
        }
        Ok(Choice { ids, named: single })
    }

    /// Returns whether a metric is among them.
    pub fn wants(&self, metric: &MetricInfo) -> bool {
        self.ids.contains(metric.id)
    }

    /// Returns what is to be said of metrics that were asked for by name and are not in a table; `None` where all are.
    pub fn missed(&self, table: &MetricTable) -> Option<String> {
        let places = table.places.iter().map(|metric| metric.info.id);
        let flows = table.flows.iter().map(|metric| metric.info.id);
        let network = table.network.iter().map(|metric| metric.info.id);
        let found: BTreeSet<&str> = places.chain(flows).chain(network).collect();
        let missed: Vec<&str> = self.named.iter().copied().filter(|id| !found.contains(id)).collect();
        let reason = "rates and models need the population of every place, hop_… goes with --distance steps and other paths with a \
                      distance, weighted metrics with weights that can be summed";
        (!missed.is_empty()).then(|| format!("not computed: {}; {reason}", missed.join(", ")))
    }

    fn groups(wanted: impl Fn(&Group) -> bool) -> Self {
        let groups = GROUPS.iter().filter(|group| wanted(group));
        let ids = groups.flat_map(Group::metrics).map(|metric| metric.id).collect();
        Choice { ids, named: BTreeSet::new() }
    }
}

fn named(name: &str) -> Result<BTreeSet<&'static str>, Error> {
    match name {
        DEFAULT => Ok(Choice::default().ids),
        ALL => Ok(Choice::all().ids),
        _ => {
            let found = Choice::groups(|group| group.name == name).ids;
            let metric = || GROUPS.iter().flat_map(Group::metrics).find(|metric| metric.id == name);
            match found.is_empty() {
                false => Ok(found),
                true => metric().map(|metric| BTreeSet::from([metric.id])).ok_or_else(|| unknown(name)),
            }
        }
    }
}

fn unknown(name: &str) -> Error {
    let groups: Vec<String> =
        [DEFAULT, ALL].into_iter().chain(GROUPS.iter().map(|g| g.name)).map(String::from).collect();
    let metrics = GROUPS.iter().flat_map(Group::metrics).map(|metric| metric.id.to_owned());
    let known: Vec<String> = groups.iter().cloned().chain(metrics).collect();
    Error::UnknownMetric { name: name.to_owned(), nearest: nearest(name, &known), groups }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{flow_metrics, network_metrics, place_metrics};

    fn of(names: &[&str]) -> Result<Choice, Error> {
        Choice::of(&names.iter().map(|n| n.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn every_metric_is_in_one_group_and_every_name_stands_for_one_thing() {
        let mut names: Vec<&str> = GROUPS.iter().flat_map(Group::metrics).map(|m| m.id).collect();
        let count = names.len();
        assert_eq!(count, place_metrics().chain(flow_metrics()).chain(network_metrics()).count());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a metric is in two groups");
        let alone = |group: &&Group| group.metrics().count() > 1 || group.metrics().all(|m| m.id == group.name);
        assert!(GROUPS.iter().filter(|g| names.contains(&g.name)).all(|g| alone(&g)), "a group is named as a metric");
    }

    #[test]
    fn the_page_of_conventions_tells_of_every_indicator() {
        let page = include_str!("README.md");
        let told = ["indicators", "focus", "affinity"];
        let metrics = GROUPS.iter().filter(|g| told.contains(&g.name)).flat_map(Group::metrics);
        for metric in metrics {
            let formula = metric.formula.replace('|', "\\|");
            assert!(
                page.contains(&format!("| `{}` {} | {} | {formula} |", metric.id, metric.title, metric.unit)),
                "{}",
                metric.id
            );
        }
    }

    #[test]
    fn names_of_metrics_and_groups_add_up() {
        let ids = of(&["pagerank", "cores", "hub"]).unwrap().ids;
        assert_eq!(ids, BTreeSet::from(["pagerank", "core", "core_in", "core_out", "strength_core", "hub"]));
        assert_eq!((of(&["default"]).unwrap(), of(&[]).unwrap()), (Choice::default(), Choice::default()));
        assert!(Choice::default().ids.is_subset(&of(&["all"]).unwrap().ids));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_one() {
        let message = of(&["betweeness"]).unwrap_err().to_string();
        assert!(message.contains("no metric `betweeness`; did you mean `betweenness`?"), "{message}");
    }
}
