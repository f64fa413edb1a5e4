//! Counts, amounts and the indicators of the migration literature.

use flowatlas_model::MetricInfo;

/// Those of a place, in the order of the tables.
pub(super) const PLACE_INDICATORS: &[&MetricInfo] =
    &[&IN_STRENGTH, &OUT_STRENGTH, &NET, &TURNOVER, &EFFECTIVENESS, &IN_RATE, &OUT_RATE, &NET_RATE];

/// Those of a whole network, in the order of the tables.
pub(super) const NETWORK_INDICATORS: &[&MetricInfo] = &[
    &PLACES,
    &ISOLATED,
    &FLOWS,
    &SELF_FLOWS,
    &TOTAL,
    &SELF_TOTAL,
    &MIGRATION_EFFECTIVENESS,
    &CONNECTIVITY,
    &INEQUALITY,
    &CONCENTRATION,
    &GINI,
    &CRUDE_INTENSITY,
    &AGGREGATE_NET_RATE,
];

pub(crate) const IN_STRENGTH: MetricInfo = MetricInfo {
    id: "in_strength",
    title: "In",
    unit: "weight",
    formula: "Sum of the weights of all flows that arrive; 0 without flows, empty if all of them lack \
        a weight.",
    source: "Barrat et al. 2004, Proc. Natl. Acad. Sci. 101(11)",
};

pub(crate) const OUT_STRENGTH: MetricInfo = MetricInfo {
    id: "out_strength",
    title: "Out",
    unit: "weight",
    formula: "Sum of the weights of all flows that leave; 0 without flows, empty if all of them lack a \
        weight.",
    source: "Barrat et al. 2004, Proc. Natl. Acad. Sci. 101(11)",
};

pub(crate) const NET: MetricInfo = MetricInfo {
    id: "net",
    title: "Net",
    unit: "weight",
    formula: "in_strength - out_strength; positive where more arrive than leave.",
    source: "Shryock, Siegel et al. 1975, The Methods and Materials of Demography",
};

pub(crate) const TURNOVER: MetricInfo = MetricInfo {
    id: "turnover",
    title: "Turnover",
    unit: "weight",
    formula: "in_strength + out_strength.",
    source: "Shryock, Siegel et al. 1975, The Methods and Materials of Demography",
};

pub(crate) const EFFECTIVENESS: MetricInfo = MetricInfo {
    id: "effectiveness",
    title: "Effectiveness",
    unit: "%",
    formula: "100 net / turnover, from -100 to 100; empty where the turnover is 0.",
    source: "Shryock, Siegel et al. 1975, The Methods and Materials of Demography",
};

pub(crate) const IN_RATE: MetricInfo = MetricInfo {
    id: "in_rate",
    title: "In-rate",
    unit: "per 1000",
    formula: "1000 in_strength / population; empty where the population is unknown or 0.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const OUT_RATE: MetricInfo = MetricInfo {
    id: "out_rate",
    title: "Out-rate",
    unit: "per 1000",
    formula: "1000 out_strength / population; empty where the population is unknown or 0.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const NET_RATE: MetricInfo = MetricInfo {
    id: "net_rate",
    title: "Net rate",
    unit: "per 1000",
    formula: "1000 net / population; empty where the population is unknown or 0.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const PLACES: MetricInfo = MetricInfo {
    id: "places",
    title: "Places",
    unit: "1",
    formula: "Number of places n, those without flows included.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const ISOLATED: MetricInfo = MetricInfo {
    id: "isolated_places",
    title: "Places without flows",
    unit: "1",
    formula: "Number of places with neither origins nor destinations.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const FLOWS: MetricInfo = MetricInfo {
    id: "flows",
    title: "Flows",
    unit: "1",
    formula: "Number of flows between different places, parallel kinds apart; flows of weight 0 do not \
        count, flows without a weight do.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const SELF_FLOWS: MetricInfo = MetricInfo {
    id: "self_flows",
    title: "Self-flows",
    unit: "1",
    formula: "Number of flows from a place to itself; no other metric but self_total contains them.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const TOTAL: MetricInfo = MetricInfo {
    id: "total",
    title: "Total",
    unit: "weight",
    formula: "Sum M of the weights between different places; empty if there are flows but none has a \
        weight.",
    source: "Rees et al. 2000, Int. J. Popul. Geogr. 6(3)",
};

pub(crate) const SELF_TOTAL: MetricInfo = MetricInfo {
    id: "self_total",
    title: "Total of self-flows",
    unit: "weight",
    formula: "Sum of the weights of self-flows; empty if there are some but none has a weight.",
    source: "Rees et al. 2000, Int. J. Popul. Geogr. 6(3)",
};

pub(crate) const MIGRATION_EFFECTIVENESS: MetricInfo = MetricInfo {
    id: "migration_effectiveness",
    title: "Migration effectiveness (CMEI)",
    unit: "%",
    formula: "100 sum |in_i - out_i| / sum (in_i + out_i), from 0 (all flows are balanced) to 100; \
        empty where M is 0.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const CONNECTIVITY: MetricInfo = MetricInfo {
    id: "connectivity",
    title: "Migration connectivity",
    unit: "1",
    formula: "Ordered pairs of places with a known weight above 0 / n(n-1); empty below 2 places.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const INEQUALITY: MetricInfo = MetricInfo {
    id: "inequality",
    title: "Migration inequality",
    unit: "1",
    formula: "0.5 sum |M_ij/M - 1/(n(n-1))| over all ordered pairs, those without a flow included; 0 \
        if all flows are equal, near 1 if one pair has everything; empty where M is 0.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const CONCENTRATION: MetricInfo = MetricInfo {
    id: "concentration",
    title: "Concentration (HHI)",
    unit: "1",
    formula: "Sum over ordered pairs of (M_ij/M)^2, kinds together; 1 if one pair has everything; \
        empty where M is 0.",
    source: "Herfindahl 1950; Hirschman 1964, Am. Econ. Rev. 54(5)",
};

pub(crate) const GINI: MetricInfo = MetricInfo {
    id: "gini",
    title: "Gini index of flows",
    unit: "1",
    formula: "Sum |x_a - x_b| over all ordered pairs of the K = n(n-1) cells, those without a flow as \
        0, / (2 (K-1) M): the corrected form; empty where M is 0.",
    source: "Plane & Mulligan 1997, Demography 34(2); Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};

pub(crate) const CRUDE_INTENSITY: MetricInfo = MetricInfo {
    id: "crude_intensity",
    title: "Crude migration intensity (CMI)",
    unit: "%",
    formula: "100 M / sum of populations; empty unless every place has a population.",
    source: "Rees et al. 2000, Int. J. Popul. Geogr. 6(3); Bell et al. 2002, J. R. Stat. Soc. A \
        165(3)",
};

pub(crate) const AGGREGATE_NET_RATE: MetricInfo = MetricInfo {
    id: "aggregate_net_rate",
    title: "Aggregate net migration rate (ANMR)",
    unit: "%",
    formula: "100 x 0.5 sum |in_i - out_i| / sum of populations, which is CMI x CMEI / 100; empty \
        unless every place has a population.",
    source: "Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
};
