//! Positions of places in the network, and how the network hangs together.

use flowatlas_model::MetricInfo;

/// Those of a place, in the order of the tables.
pub(super) const PLACE_CENTRALITIES: &[&MetricInfo] = &[
    &IN_DEGREE,
    &OUT_DEGREE,
    &BETWEENNESS,
    &HARMONIC_IN,
    &HARMONIC_OUT,
    &HOP_BETWEENNESS,
    &HOP_HARMONIC_IN,
    &HOP_HARMONIC_OUT,
    &PAGERANK,
];

/// Those of a whole network, in the order of the tables.
pub(super) const STRUCTURE: &[&MetricInfo] =
    &[&DENSITY, &RECIPROCITY, &WEAK_COMPONENTS, &STRONG_COMPONENTS, &WEIGHTED_RECIPROCITY];

pub(crate) const IN_DEGREE: MetricInfo = MetricInfo {
    id: "in_degree",
    title: "Origins",
    unit: "1",
    formula: "Number of different places that flows arrive from; flows of weight 0 do not count, flows \
        without a weight do.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const OUT_DEGREE: MetricInfo = MetricInfo {
    id: "out_degree",
    title: "Destinations",
    unit: "1",
    formula: "Number of different places that flows leave for; flows of weight 0 do not count, flows \
        without a weight do.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const PAGERANK: MetricInfo = MetricInfo {
    id: "pagerank",
    title: "PageRank",
    unit: "1",
    formula: "Share of visits of a walk that follows flows in proportion to their weights with \
        probability 0.85 and else, or where no weighted flow leaves, goes to any place; sums to \
        1.",
    source: "Brin & Page 1998, Comput. Netw. ISDN Syst. 30(1-7)",
};

pub(crate) const BETWEENNESS: MetricInfo = MetricInfo {
    id: "betweenness",
    title: "Betweenness",
    unit: "1",
    formula: "Share of the (n-1)(n-2) ordered pairs of other places whose shortest path leads through \
        the place, equally short paths in equal parts, unreachable pairs as 0; distance \
        1/weight; empty below 3 places.",
    source: "Freeman 1977, Sociometry 40(1); Brandes 2001, J. Math. Sociol. 25(2)",
};

pub(crate) const HARMONIC_IN: MetricInfo = MetricInfo {
    id: "harmonic_in",
    title: "Harmonic closeness, in",
    unit: "weight",
    formula: "Mean over all other places of 1/distance to the place, unreachable ones as 0; distance \
        1/weight; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const HARMONIC_OUT: MetricInfo = MetricInfo {
    id: "harmonic_out",
    title: "Harmonic closeness, out",
    unit: "weight",
    formula: "Mean over all other places of 1/distance from the place, unreachable ones as 0; distance \
        1/weight; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const HOP_BETWEENNESS: MetricInfo = MetricInfo {
    id: "hop_betweenness",
    title: "Betweenness by steps",
    unit: "1",
    formula: "Share of the (n-1)(n-2) ordered pairs of other places whose path of fewest flows leads \
        through the place, equally short paths in equal parts, unreachable pairs as 0; empty \
        below 3 places.",
    source: "Freeman 1977, Sociometry 40(1); Brandes 2001, J. Math. Sociol. 25(2)",
};

pub(crate) const HOP_HARMONIC_IN: MetricInfo = MetricInfo {
    id: "hop_harmonic_in",
    title: "Harmonic closeness by steps, in",
    unit: "1",
    formula: "Mean over all other places of 1/(number of flows on the shortest path to the place), \
        unreachable ones as 0; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const HOP_HARMONIC_OUT: MetricInfo = MetricInfo {
    id: "hop_harmonic_out",
    title: "Harmonic closeness by steps, out",
    unit: "1",
    formula: "Mean over all other places of 1/(number of flows on the shortest path from the place), \
        unreachable ones as 0; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const DENSITY: MetricInfo = MetricInfo {
    id: "density",
    title: "Density",
    unit: "1",
    formula: "Ordered pairs of places with a flow / n(n-1); empty below 2 places.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const RECIPROCITY: MetricInfo = MetricInfo {
    id: "reciprocity",
    title: "Reciprocity",
    unit: "1",
    formula: "Share of the ordered pairs with a flow whose opposite pair has one too; empty without \
        flows.",
    source: "Newman, Forrest & Balthrop 2002, Phys. Rev. E 66, 035101",
};

pub(crate) const WEIGHTED_RECIPROCITY: MetricInfo = MetricInfo {
    id: "weighted_reciprocity",
    title: "Weighted reciprocity",
    unit: "1",
    formula: "Sum over ordered pairs of min(M_ij, M_ji) / M; empty where M is 0.",
    source: "Squartini et al. 2013, Sci. Rep. 3, 2729",
};

pub(crate) const WEAK_COMPONENTS: MetricInfo = MetricInfo {
    id: "weak_components",
    title: "Weakly connected components",
    unit: "1",
    formula: "Number of parts that no flow joins, isolated places included.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const STRONG_COMPONENTS: MetricInfo = MetricInfo {
    id: "strong_components",
    title: "Strongly connected components",
    unit: "1",
    formula: "Number of largest parts within which flows lead from each place to each other, single \
        places included.",
    source: "Tarjan 1972, SIAM J. Comput. 1(2)",
};
