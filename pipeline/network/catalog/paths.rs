//! Shortest paths: who lies on them, how long they are. By steps they have names of their own.

use flowatlas_model::MetricInfo;

/// Those of a place, in the order of the tables.
pub(crate) const PLACE_PATHS: &[&MetricInfo] = &[
    &BETWEENNESS,
    &HARMONIC_IN,
    &HARMONIC_OUT,
    &CLOSENESS_IN,
    &CLOSENESS_OUT,
    &HOP_BETWEENNESS,
    &HOP_HARMONIC_IN,
    &HOP_HARMONIC_OUT,
    &HOP_CLOSENESS_IN,
    &HOP_CLOSENESS_OUT,
];

/// Betweenness by sample, for very large networks.
pub(crate) const SAMPLED_PATHS: &[&MetricInfo] = &[&SAMPLED, &SAMPLED_ERROR];

/// Those of a flow.
pub(crate) const FLOW_PATHS: &[&MetricInfo] = &[&FLOW_BETWEENNESS, &HOP_FLOW_BETWEENNESS];

/// Those of a whole network, in the order of the tables.
pub(crate) const NETWORK_PATHS: &[&MetricInfo] =
    &[&EFFICIENCY, &MEAN_DISTANCE, &DIAMETER, &HOP_EFFICIENCY, &HOP_MEAN_DISTANCE, &HOP_DIAMETER, &REACHABLE];

pub(crate) const BETWEENNESS: MetricInfo = MetricInfo {
    id: "betweenness",
    title: "Betweenness",
    unit: "1",
    formula: "Share of the (n-1)(n-2) ordered pairs of other places whose shortest path leads through the place, \
        equally short paths in equal parts, unreachable pairs as 0; distance as the conventions say, \
        1/weight unless another one is chosen; empty below 3 places.",
    source: "Freeman 1977, Sociometry 40(1); Brandes 2001, J. Math. Sociol. 25(2)",
};

pub(crate) const HARMONIC_IN: MetricInfo = MetricInfo {
    id: "harmonic_in",
    title: "Harmonic closeness, in",
    unit: "weight",
    formula: "Mean over all other places of 1/distance to the place, unreachable ones as 0; distance as the \
        conventions say, 1/weight unless another one is chosen; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const HARMONIC_OUT: MetricInfo = MetricInfo {
    id: "harmonic_out",
    title: "Harmonic closeness, out",
    unit: "weight",
    formula: "Mean over all other places of 1/distance from the place, unreachable ones as 0; distance as the \
        conventions say, 1/weight unless another one is chosen; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const CLOSENESS_IN: MetricInfo = MetricInfo {
    id: "closeness_in",
    title: "Closeness, in",
    unit: "weight",
    formula: "1/(mean distance to the place from the r places that reach it), times r/(n-1), so that a place in \
        a small part is not central; distance as the conventions say, 1/weight unless another one is \
        chosen; 0 where none reaches it, empty for a single place.",
    source: "Wasserman & Faust 1994, Social Network Analysis, p. 201",
};

pub(crate) const CLOSENESS_OUT: MetricInfo = MetricInfo {
    id: "closeness_out",
    title: "Closeness, out",
    unit: "weight",
    formula: "1/(mean distance from the place to the r places that it reaches), times r/(n-1), so that a place \
        in a small part is not central; distance as the conventions say, 1/weight unless another one is \
        chosen; 0 where it reaches none, empty for a single place.",
    source: "Wasserman & Faust 1994, Social Network Analysis, p. 201",
};

pub(crate) const HOP_BETWEENNESS: MetricInfo = MetricInfo {
    id: "hop_betweenness",
    title: "Betweenness by steps",
    unit: "1",
    formula: "Share of the (n-1)(n-2) ordered pairs of other places whose path of fewest flows leads through the \
        place, equally short paths in equal parts, unreachable pairs as 0; empty below 3 places.",
    source: "Freeman 1977, Sociometry 40(1); Brandes 2001, J. Math. Sociol. 25(2)",
};

pub(crate) const HOP_HARMONIC_IN: MetricInfo = MetricInfo {
    id: "hop_harmonic_in",
    title: "Harmonic closeness by steps, in",
    unit: "1",
    formula: "Mean over all other places of 1/(number of flows on the shortest path to the place), unreachable \
        ones as 0; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const HOP_HARMONIC_OUT: MetricInfo = MetricInfo {
    id: "hop_harmonic_out",
    title: "Harmonic closeness by steps, out",
    unit: "1",
    formula: "Mean over all other places of 1/(number of flows on the shortest path from the place), unreachable \
        ones as 0; empty for a single place.",
    source: "Marchiori & Latora 2000, Physica A 285(3-4); Rochat 2009, ASNA",
};

pub(crate) const HOP_CLOSENESS_IN: MetricInfo = MetricInfo {
    id: "hop_closeness_in",
    title: "Closeness by steps, in",
    unit: "1",
    formula: "1/(mean number of flows on the shortest paths to the place from the r places that reach it), times \
        r/(n-1); 0 where none reaches it, empty for a single place.",
    source: "Wasserman & Faust 1994, Social Network Analysis, p. 201",
};

pub(crate) const HOP_CLOSENESS_OUT: MetricInfo = MetricInfo {
    id: "hop_closeness_out",
    title: "Closeness by steps, out",
    unit: "1",
    formula: "1/(mean number of flows on the shortest paths from the place to the r places that it reaches), \
        times r/(n-1); 0 where it reaches none, empty for a single place.",
    source: "Wasserman & Faust 1994, Social Network Analysis, p. 201",
};

pub(crate) const EFFICIENCY: MetricInfo = MetricInfo {
    id: "efficiency",
    title: "Efficiency",
    unit: "weight",
    formula: "Mean over all ordered pairs of places of 1/distance, unreachable pairs as 0; distance as the \
        conventions say, 1/weight unless another one is chosen; empty below 2 places.",
    source: "Latora & Marchiori 2001, Phys. Rev. Lett. 87, 198701",
};

pub(crate) const MEAN_DISTANCE: MetricInfo = MetricInfo {
    id: "mean_distance",
    title: "Mean distance",
    unit: "1/weight",
    formula: "Mean length of the shortest paths over the ordered pairs of places that have one; distance as the \
        conventions say, 1/weight unless another one is chosen; empty without flows.",
    source: "Watts & Strogatz 1998, Nature 393",
};

pub(crate) const DIAMETER: MetricInfo = MetricInfo {
    id: "diameter",
    title: "Diameter",
    unit: "1/weight",
    formula: "Length of the longest shortest path; distance as the conventions say, 1/weight unless another one \
        is chosen; empty without flows.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const HOP_EFFICIENCY: MetricInfo = MetricInfo {
    id: "hop_efficiency",
    title: "Efficiency by steps",
    unit: "1",
    formula: "Mean over all ordered pairs of places of 1/(number of flows on the shortest path), unreachable \
        pairs as 0; empty below 2 places.",
    source: "Latora & Marchiori 2001, Phys. Rev. Lett. 87, 198701",
};

pub(crate) const HOP_MEAN_DISTANCE: MetricInfo = MetricInfo {
    id: "hop_mean_distance",
    title: "Mean number of steps",
    unit: "1",
    formula: "Mean number of flows on the shortest paths over the ordered pairs of places that have one; empty \
        without flows.",
    source: "Watts & Strogatz 1998, Nature 393",
};

pub(crate) const HOP_DIAMETER: MetricInfo = MetricInfo {
    id: "hop_diameter",
    title: "Diameter by steps",
    unit: "1",
    formula: "Number of flows on the longest shortest path; empty without flows.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const FLOW_BETWEENNESS: MetricInfo = MetricInfo {
    id: "flow_betweenness",
    title: "Betweenness of the flow",
    unit: "1",
    formula: "Share of the n(n-1) ordered pairs of places whose shortest path leads along the flow, equally \
        short paths in equal parts, unreachable pairs as 0; kinds together; distance as the conventions \
        say, 1/weight unless another one is chosen.",
    source: "Girvan & Newman 2002, Proc. Natl. Acad. Sci. 99(12); Brandes 2008, Soc. Networks 30(2)",
};

pub(crate) const HOP_FLOW_BETWEENNESS: MetricInfo = MetricInfo {
    id: "hop_flow_betweenness",
    title: "Betweenness of the flow by steps",
    unit: "1",
    formula: "Share of the n(n-1) ordered pairs of places whose path of fewest flows leads along the flow, \
        equally short paths in equal parts, unreachable pairs as 0; kinds together.",
    source: "Girvan & Newman 2002, Proc. Natl. Acad. Sci. 99(12); Brandes 2008, Soc. Networks 30(2)",
};

pub(crate) const REACHABLE: MetricInfo = MetricInfo {
    id: "reachable_pairs",
    title: "Pairs with a path",
    unit: "1",
    formula: "Share of the n(n-1) ordered pairs of places that a path of flows with a length joins; distance as the conventions \
        say, 1/weight unless another one is chosen, so that flows of unknown weight join none; empty below 2 places.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const METRIC_BACKBONE_SHARE: MetricInfo = MetricInfo {
    id: "metric_backbone_share",
    title: "Share of the metric backbone",
    unit: "1",
    formula: "Share of the ordered pairs with a flow for which the flow is itself a shortest path; the others \
        could go without changing any distance; distance as the conventions say, 1/weight unless another \
        one is chosen; empty without flows.",
    source: "Simas, Correia & Rocha 2021, J. Complex Netw. 9(6)",
};

pub(crate) const METRIC_BACKBONE: MetricInfo = MetricInfo {
    id: "metric_backbone",
    title: "Metric backbone",
    unit: "1",
    formula: "1 where the flow is itself a shortest path between its ends, else 0; distance as the conventions \
        say, 1/weight unless another one is chosen; empty where it has no length.",
    source: "Simas, Correia & Rocha 2021, J. Complex Netw. 9(6)",
};

pub(crate) const SAMPLED: MetricInfo = MetricInfo {
    id: "betweenness_sampled",
    title: "Betweenness, estimated",
    unit: "1",
    formula: "Betweenness from the shortest paths of places drawn at random, as many as the conventions say; \
        unbiased; empty below 3 places.",
    source: "Brandes & Pich 2007, Int. J. Bifurcat. Chaos 17(7)",
};

pub(crate) const SAMPLED_ERROR: MetricInfo = MetricInfo {
    id: "betweenness_error",
    title: "Bound of the error",
    unit: "1",
    formula: "Half the width of an interval around betweenness_sampled that holds the exact value with a \
        probability of 0.95, place by place: the smaller of the Hoeffding-Serfling and the empirical \
        Bernstein-Serfling bound.",
    source: "Bardenet & Maillard 2015, Bernoulli 21(3)",
};
