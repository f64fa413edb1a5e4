//! The flows of a pair of places as they are, their difference, or their sum.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use flowatlas_model::{Atlas, Link, OdGraph, PlaceIndex, WeightKind};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::error::Error;

/// What a line between two places stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Each direction on its own.
    #[default]
    TwoWay,
    /// The difference of both directions, in the direction of the larger; pairs in balance have no line.
    Net,
    /// The sum of both directions. It has none; its link leads from the place whose id sorts first to the other.
    Gross,
}

/// A graph as viewed.
#[derive(Debug, Clone)]
pub struct Viewed<'a> {
    /// The links of the view, in the order in which the pairs have their first link in the full graph. Self-flows
    /// have no direction and stay as they are.
    pub graph: Cow<'a, OdGraph>,
    /// How many pairs of places (for each kind) a net view leaves out because their directions balance.
    pub balanced: usize,
}

/// Directions balance when they differ by no more than this share of their sum, which is more than rounding takes from
/// sums of millions of weights and less than anybody reads.
const BALANCE_TOLERANCE: f64 = 1e-12;

/// Returns a view of a graph. Kinds are kept apart.
///
/// In a sum a link without a weight adds nothing, as where rows are merged. A difference is unknown where one side of it is: pairs of
/// which a link has no weight have neither difference nor direction, and in the net view their links stay, without weights. Other
/// viewed links name the rows of both directions.
/// Time O(links).
///
/// # Errors
/// [`Error::OrdinalView`] where ranks would have to be added or subtracted.
///
/// # Panics
/// Panics if the graph was built on another atlas.
pub fn view<'a>(atlas: &Atlas, graph: &'a OdGraph, view: View) -> Result<Viewed<'a>, Error> {
    let name = match view {
        View::TwoWay => return Ok(Viewed { graph: Cow::Borrowed(graph), balanced: 0 }),
        View::Net => "net",
        View::Gross => "gross",
    };
    if graph.weights == WeightKind::Ordinal {
        return Err(Error::OrdinalView { view: name });
    }
    let pairs = pairs(graph);
    let viewed: Vec<Vec<Placed>> = pairs
        .iter()
        .map(|pair| match view {
            View::Gross => vec![pair.gross(atlas)],
            _ => pair.net(),
        })
        .collect();
    let balanced = viewed.iter().filter(|links| links.is_empty()).count();
    Ok(Viewed { graph: Cow::Owned(with_links(graph, viewed.into_iter().flatten())), balanced })
}

/// Returns a gross graph whose links lead to the end that has more of them; where both have as many, as they do.
///
/// All links of a star lead to its centre then, so that nothing that tells its departures from its arrivals tells them
/// apart where there are neither. Time O(links).
pub fn turned_to_hubs(gross: &OdGraph) -> OdGraph {
    let mut links_at = vec![0_usize; gross.graph.node_count()];
    for (origin, destination, _) in gross.links() {
        links_at[origin.index()] += 1;
        links_at[destination.index()] += 1;
    }
    let turned = gross.links().map(|(origin, destination, link)| {
        let away = links_at[origin.index()] > links_at[destination.index()];
        let (from, to) = if away { (destination, origin) } else { (origin, destination) };
        (from, to, link.clone())
    });
    with_links(gross, turned)
}

/// A link with the places that it joins.
type Placed = (PlaceIndex, PlaceIndex, Link);

/// The links of one kind between two places.
struct Pair<'a> {
    /// Where the first of the links starts and ends.
    ends: [PlaceIndex; 2],
    /// The link that came first.
    there: &'a Link,
    /// The link in the opposite direction.
    back: Option<&'a Link>,
}

/// Returns the pairs in the order of their first links.
fn pairs(graph: &OdGraph) -> Vec<Pair<'_>> {
    let mut pairs: Vec<Pair> = Vec::with_capacity(graph.graph.edge_count());
    let mut places: HashMap<([PlaceIndex; 2], Option<Arc<str>>), usize> = HashMap::new();
    for (origin, destination, link) in graph.links() {
        let key = ([origin.min(destination), origin.max(destination)], link.kind.clone());
        match places.get(&key) {
            Some(&known) => pairs[known].back = Some(link),
            None => {
                places.insert(key, pairs.len());
                pairs.push(Pair { ends: [origin, destination], there: link, back: None });
            }
        }
    }
    pairs
}

impl Pair<'_> {
    /// Returns the weights there and back, where no link counts nothing; `None` where a link has no weight.
    fn weights(&self) -> Option<[f64; 2]> {
        Some([self.there.weight?, self.back.map_or(Some(0.0), |link| link.weight)?])
    }

    /// Returns the sum of the weights that are known; `None` without any.
    fn sum(&self) -> Option<f64> {
        [self.there.weight, self.back.and_then(|link| link.weight)]
            .into_iter()
            .flatten()
            .reduce(|there, back| there + back)
    }

    fn net(&self) -> Vec<Placed> {
        let [origin, destination] = self.ends;
        let Some([there, back]) = self.weights() else {
            let unknown = |link: &Link| Link { weight: None, ..link.clone() };
            let back = self.back.map(|link| (destination, origin, unknown(link)));
            return std::iter::once((origin, destination, unknown(self.there))).chain(back).collect();
        };
        let difference = there - back;
        if difference.abs() <= BALANCE_TOLERANCE * (there + back) {
            return Vec::new();
        }
        let link = self.joined(Some(difference.abs()));
        vec![if difference > 0.0 { (origin, destination, link) } else { (destination, origin, link) }]
    }

    fn gross(&self, atlas: &Atlas) -> Placed {
        let [mut first, mut second] = self.ends;
        if atlas.place(second).id < atlas.place(first).id {
            (first, second) = (second, first);
        }
        (first, second, self.joined(self.sum()))
    }

    fn joined(&self, weight: Option<f64>) -> Link {
        let mut rows = self.there.rows.to_vec();
        rows.extend(self.back.iter().flat_map(|link| link.rows.iter()));
        rows.sort_unstable();
        Link { weight, kind: self.there.kind.clone(), rows: rows.into() }
    }
}

fn with_links(full: &OdGraph, links: impl Iterator<Item = Placed>) -> OdGraph {
    let mut graph = DiGraph::with_capacity(full.graph.node_count(), full.graph.edge_count());
    for &place in full.graph.node_weights() {
        graph.add_node(place);
    }
    let mut merged_rows = full.self_flows.iter().map(|(_, link)| link.rows.len() - 1).sum();
    for (origin, destination, link) in links {
        merged_rows += link.rows.len() - 1;
        graph.add_edge(NodeIndex::new(origin.index()), NodeIndex::new(destination.index()), link);
    }
    OdGraph { graph, self_flows: full.self_flows.clone(), weights: full.weights, merged_rows }
}
