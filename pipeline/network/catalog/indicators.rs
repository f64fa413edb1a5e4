//! Counts, amounts and the indicators of the migration literature.

use flowatlas_model::MetricInfo;

use super::metric;

/// Those of a place, in the order of the tables.
pub(super) const PLACE_INDICATORS: &[&MetricInfo] =
    &[&IN_STRENGTH, &OUT_STRENGTH, &NET, &TURNOVER, &EFFECTIVENESS, &IN_RATE, &OUT_RATE, &NET_RATE];

/// Those of a flow, in the order of the tables.
pub(crate) const FLOW_INDICATORS: &[&MetricInfo] =
    &[&FLOW_DISTANCE, &ORIGIN_SHARE, &DESTINATION_SHARE, &RELATIVE_INTENSITY, &PREFERENCE, &VELOCITY];

/// Those of a whole network, in the order of the tables.
pub(super) const NETWORK_INDICATORS: &[&MetricInfo] = &[
    &PLACES,
    &ISOLATED,
    &FLOWS,
    &SELF_FLOWS,
    &TOTAL,
    &SELF_TOTAL,
    &MIGRATION_EFFECTIVENESS,
    &CRUDE_INTENSITY,
    &AGGREGATE_NET_RATE,
    &COURGEAU_K,
    &PREFERENCE_SUM,
    &VELOCITY_SUM,
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

pub(crate) const COURGEAU_K: MetricInfo = metric(
    ["courgeau_k", "Courgeau's k", "%"],
    "crude_intensity / ln(n^2), the intensity freed of how finely the country is divided; empty below 2 places and unless \
     every place has a population.",
    "Courgeau 1973, Population 28(3); Bell et al. 2015, Popul. Dev. Rev. 41(1)",
);

pub(crate) const ORIGIN_SHARE: MetricInfo = metric(
    ["origin_share", "Share of the origin's flows", "1"],
    "M_ij / O_i, kinds together; empty for pairs without a weight or of weight 0.",
    BELL,
);

pub(crate) const DESTINATION_SHARE: MetricInfo = metric(
    ["destination_share", "Share of the destination's flows", "1"],
    "M_ij / D_j, kinds together; empty for pairs without a weight or of weight 0.",
    BELL,
);

pub(crate) const RELATIVE_INTENSITY: MetricInfo = metric(
    ["relative_intensity", "Relative intensity", "1"],
    "(M_ij - E_ij) / E_ij with E_ij = O_i D_j / (M - D_i): what the origin sends beyond what all places, by their \
     arrivals, would get of it; -1 to infinity, 0 as expected; kinds together; empty for pairs without a weight or of \
     weight 0.",
    "Bachi 1961, Proc. Int. Popul. Conf. New York; Bell et al. 2002, J. R. Stat. Soc. A 165(3)",
);

pub(crate) const PREFERENCE: MetricInfo = metric(
    ["preference", "Preference index", "1"],
    "(M_ij / M) / (P_i P_j / P^2): 1 where the flow is as large as the populations make likely; the normaliser is 1, not \
     1 - sum (P_i / P)^2; kinds together; empty unless every place has a population, and for pairs without a weight or of weight 0.",
    "Bachi 1957, Bull. Inst. Int. Stat. 36; United Nations 1983, Manual VI",
);

pub(crate) const VELOCITY: MetricInfo = metric(
    ["velocity", "Velocity index", "weight per person"],
    "M_ij P / (P_i P_j): movers per head of the origin, against the share of people who live at the destination; empty \
     unless every place has a population, and for pairs without a weight or of weight 0.",
    "Bogue, Shryock & Hoermann 1957, Subregional Migration in the United States 1935-40",
);

pub(crate) const PREFERENCE_SUM: MetricInfo = metric(
    ["preference_sum", "Sum of the preference index", "1"],
    "Sum of preference over all pairs of different places, those without a flow as 0; empty unless every place has a \
     population.",
    "Bachi 1957, Bull. Inst. Int. Stat. 36; as index_impact of the R package migest",
);

pub(crate) const VELOCITY_SUM: MetricInfo = metric(
    ["velocity_sum", "Sum of the velocity index", "weight per person"],
    "Sum of velocity over all pairs of different places, those without a flow as 0; empty unless every place has a \
     population, and where no weight is known.",
    "Bogue, Shryock & Hoermann 1957; as index_impact of the R package migest",
);

pub(crate) const FLOW_DISTANCE: MetricInfo = metric(
    ["distance", "Distance", "km"],
    "Great-circle distance between origin and destination on a sphere of radius 6371.0088 km; planar units where places are planar.",
    "Moritz 2000, J. Geod. 74(1), for the radius",
);

/// Where most indicators are compared and their conventions settled.
pub(super) const BELL: &str = "Bell et al. 2002, J. R. Stat. Soc. A 165(3)";
