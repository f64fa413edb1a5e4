//! How unequal, how concentrated and how far the flows are.

use flowatlas_model::MetricInfo;

use super::{BELL, metric};

/// Those of a place, in the order of the tables.
pub(crate) const PLACE_FOCUS: &[&MetricInfo] = &[
    &GINI_IN,
    &GINI_OUT,
    &VARIATION_IN,
    &VARIATION_OUT,
    &CONCENTRATION_IN,
    &CONCENTRATION_OUT,
    &EVENNESS_IN,
    &EVENNESS_OUT,
    &MEAN_MOVED_IN,
    &MEAN_MOVED_OUT,
];

/// Those of a whole network, in the order of the tables.
pub(crate) const NETWORK_FOCUS: &[&MetricInfo] = &[
    &CONNECTIVITY,
    &INEQUALITY,
    &INEQUALITY_EXPECTED,
    &GINI,
    &GINI_UNCORRECTED,
    &GINI_ROWS,
    &GINI_COLUMNS,
    &GINI_EXCHANGE,
    &GINI_ROWS_STANDARDISED,
    &GINI_COLUMNS_STANDARDISED,
    &GINI_EXCHANGE_STANDARDISED,
    &GINI_IN_WEIGHTED,
    &GINI_OUT_WEIGHTED,
    &AGGREGATE_VARIATION_IN,
    &AGGREGATE_VARIATION_OUT,
    &AGGREGATE_VARIATION,
    &CONCENTRATION,
    &ENTROPY,
    &EVENNESS,
    &THEIL,
    &MEAN_MOVED,
    &MEDIAN_MOVED,
    &INTERPOLATED_MEDIAN_MOVED,
];

const PLANE_AND_MULLIGAN: &str = "Plane & Mulligan 1997, Demography 34(2)";
const CORRECTED: &str =
    "Plane & Mulligan 1997, Demography 34(2), as corrected by Bell et al. 2002, J. R. Stat. Soc. A 165(3)";
const ROGERS_AND_SWEENEY: &str = "Rogers & Sweeney 1998, Prof. Geogr. 50(2)";
const HERFINDAHL: &str = "Herfindahl 1950; Hirschman 1964, Am. Econ. Rev. 54(5)";
const SHANNON: &str = "Shannon 1948, Bell Syst. Tech. J. 27(3)";

pub(crate) const GINI_IN: MetricInfo = metric(
    ["gini_in", "Gini index of flows, in", "1"],
    "Sum |x_a - x_b| over all ordered pairs of the flows x that arrive from the other places, those without a flow as 0, / (2 (n-2) D_j); 0 if all are equal, 1 if one has everything; empty where D_j is 0 and below 3 places.",
    CORRECTED,
);

pub(crate) const GINI_OUT: MetricInfo = metric(
    ["gini_out", "Gini index of flows, out", "1"],
    "Sum |x_a - x_b| over all ordered pairs of the flows x that leave for the other places, those without a flow as 0, / (2 (n-2) O_i); 0 if all are equal, 1 if one has everything; empty where O_i is 0 and below 3 places.",
    CORRECTED,
);

pub(crate) const VARIATION_IN: MetricInfo = metric(
    ["cv_in", "Coefficient of variation, in", "1"],
    "Standard deviation (with the divisor n-1, the number of cells) / mean of the flows that arrive from the other places, those without a flow as 0; 0 to the root of n-2; empty where D_j is 0.",
    ROGERS_AND_SWEENEY,
);

pub(crate) const VARIATION_OUT: MetricInfo = metric(
    ["cv_out", "Coefficient of variation, out", "1"],
    "Standard deviation (with the divisor n-1, the number of cells) / mean of the flows that leave for the other places, those without a flow as 0; 0 to the root of n-2; empty where O_i is 0.",
    ROGERS_AND_SWEENEY,
);

pub(crate) const CONCENTRATION_IN: MetricInfo = metric(
    ["concentration_in", "Concentration (HHI), in", "1"],
    "Sum of the squared shares in D_j of the flows that arrive from the other places; 1 / (n-1) to 1; empty where D_j is 0.",
    HERFINDAHL,
);

pub(crate) const CONCENTRATION_OUT: MetricInfo = metric(
    ["concentration_out", "Concentration (HHI), out", "1"],
    "Sum of the squared shares in O_i of the flows that leave for the other places; 1 / (n-1) to 1; empty where O_i is 0.",
    HERFINDAHL,
);

pub(crate) const EVENNESS_IN: MetricInfo = metric(
    ["evenness_in", "Evenness, in", "1"],
    "-sum p ln p / ln(n-1) with p the shares in D_j of the flows that arrive from the other places: 0 if one has everything, 1 if all are equal; empty where D_j is 0 and below 3 places.",
    SHANNON,
);

pub(crate) const EVENNESS_OUT: MetricInfo = metric(
    ["evenness_out", "Evenness, out", "1"],
    "-sum p ln p / ln(n-1) with p the shares in O_i of the flows that leave for the other places: 0 if one has everything, 1 if all are equal; empty where O_i is 0 and below 3 places.",
    SHANNON,
);

pub(crate) const MEAN_MOVED_IN: MetricInfo = metric(
    ["distance_mean_in", "Mean distance moved, in", "km"],
    "Mean great-circle distance of the flows that arrive from the other places, weighted by persons; planar units where places are planar; empty where D_j is 0.",
    BELL,
);

pub(crate) const MEAN_MOVED_OUT: MetricInfo = metric(
    ["distance_mean_out", "Mean distance moved, out", "km"],
    "Mean great-circle distance of the flows that leave for the other places, weighted by persons; planar units where places are planar; empty where O_i is 0.",
    BELL,
);

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

pub(crate) const INEQUALITY_EXPECTED: MetricInfo = metric(
    ["inequality_expected", "Migration inequality against expectation", "1"],
    "0.5 sum |M_ij - E_ij| / M over all pairs of different places, with E_ij = a_i b_j such that both totals of every place are kept (Poisson regression on origin and destination, zeros included); 0 if destinations do not depend on origins; empty where M is 0 or the totals of one place leave no room for others.",
    "Bell et al. 2002, J. R. Stat. Soc. A 165(3); as index_connectivity of the R package migest",
);

pub(crate) const GINI_UNCORRECTED: MetricInfo = metric(
    ["gini_uncorrected", "Gini index of flows, uncorrected", "1"],
    "As gini with the denominator 2 K M; the whole that the parts below are parts of; empty where M is 0.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_ROWS: MetricInfo = metric(
    ["gini_rows", "Rows Gini index", "1"],
    "Sum of the absolute differences over all ordered pairs of cells with the same origin, those without a flow as 0, / (2 K M); empty where M is 0.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_COLUMNS: MetricInfo = metric(
    ["gini_columns", "Columns Gini index", "1"],
    "Sum of the absolute differences over all ordered pairs of cells with the same destination, those without a flow as 0, / (2 K M); empty where M is 0.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_EXCHANGE: MetricInfo = metric(
    ["gini_exchange", "Exchange Gini index", "1"],
    "Sum of the absolute differences over all ordered pairs M_ij and M_ji, those without a flow as 0, / (2 K M); empty where M is 0.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_ROWS_STANDARDISED: MetricInfo = metric(
    ["gini_rows_standardised", "Rows Gini index, standardised", "%"],
    "100 gini_rows / gini_uncorrected; empty where all flows are equal.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_COLUMNS_STANDARDISED: MetricInfo = metric(
    ["gini_columns_standardised", "Columns Gini index, standardised", "%"],
    "100 gini_columns / gini_uncorrected; empty where all flows are equal.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_EXCHANGE_STANDARDISED: MetricInfo = metric(
    ["gini_exchange_standardised", "Exchange Gini index, standardised", "%"],
    "100 gini_exchange / gini_uncorrected; empty where all flows are equal.",
    PLANE_AND_MULLIGAN,
);

pub(crate) const GINI_IN_WEIGHTED: MetricInfo = metric(
    ["gini_in_weighted", "Migration-weighted Gini index, in", "1"],
    "Sum over j of gini_in D_j / M; empty where M is 0 and below 3 places.",
    BELL,
);

pub(crate) const GINI_OUT_WEIGHTED: MetricInfo = metric(
    ["gini_out_weighted", "Migration-weighted Gini index, out", "1"],
    "Sum over i of gini_out O_i / M; empty where M is 0 and below 3 places.",
    BELL,
);

pub(crate) const AGGREGATE_VARIATION_IN: MetricInfo = metric(
    ["acv_in", "Aggregate coefficient of variation, in", "1"],
    "Sum of cv_in D_j / M; empty where M is 0.",
    ROGERS_AND_SWEENEY,
);

pub(crate) const AGGREGATE_VARIATION_OUT: MetricInfo = metric(
    ["acv_out", "Aggregate coefficient of variation, out", "1"],
    "Sum of cv_out O_i / M; empty where M is 0.",
    ROGERS_AND_SWEENEY,
);

pub(crate) const AGGREGATE_VARIATION: MetricInfo = metric(
    ["acv", "Aggregate coefficient of variation", "1"],
    "acv_in + acv_out; empty where M is 0.",
    ROGERS_AND_SWEENEY,
);

pub(crate) const ENTROPY: MetricInfo = metric(
    ["entropy", "Entropy of flows", "nat"],
    "-sum p ln p over ordered pairs with p = M_ij / M and 0 ln 0 = 0; 0 if one pair has everything, ln K if all are equal; empty where M is 0.",
    SHANNON,
);

pub(crate) const EVENNESS: MetricInfo = metric(
    ["evenness", "Evenness of flows", "1"],
    "entropy / ln K with K = n(n-1), from 0 to 1; empty where M is 0 and below 2 places.",
    SHANNON,
);

pub(crate) const THEIL: MetricInfo = metric(
    ["theil", "Theil index of flows", "nat"],
    "ln K - entropy: 0 if all flows are equal, ln K if one pair has everything; empty where M is 0.",
    "Theil 1967, Economics and Information Theory",
);

pub(crate) const MEAN_MOVED: MetricInfo = metric(
    ["distance_mean", "Mean distance moved", "km"],
    "Sum of M_ij d_ij / M with great-circle distances d; planar units where places are planar; empty where M is 0.",
    BELL,
);

pub(crate) const MEDIAN_MOVED: MetricInfo = metric(
    ["distance_median", "Median distance moved", "km"],
    "The least distance within which at least half of M stays; planar units where places are planar; empty where M is 0.",
    BELL,
);

pub(crate) const INTERPOLATED_MEDIAN_MOVED: MetricInfo = metric(
    ["distance_median_interpolated", "Median distance moved, interpolated", "km"],
    "The median with each distance at the middle of its weight and straight lines between, equal distances joined; planar units where places are planar; empty where M is 0.",
    "weightedMedian of the R package matrixStats, as index_distance of migest",
);
