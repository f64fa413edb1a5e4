//! What two networks share. All but the number of shared places is empty below two of them.

use flowatlas_model::MetricInfo;

use super::metric;

const LENORMAND: &str = "Lenormand et al. 2012, PLoS ONE 7(10), e45985";

pub(crate) const SHARED_PLACES: MetricInfo = metric(
    ["shared_places", "Shared places", "1"],
    "Number of places that both networks have, by id.",
    "Jaccard 1901, Bull. Soc. Vaud. Sci. Nat. 37",
);

pub(crate) const PAIRS_BEFORE: MetricInfo = metric(
    ["pairs_only_before", "Pairs of places that no longer have a flow", "1"],
    "Number of ordered pairs of different places with a flow in the network before only.",
    "Jaccard 1901, Bull. Soc. Vaud. Sci. Nat. 37",
);

pub(crate) const PAIRS_BOTH: MetricInfo = metric(
    ["pairs_in_both", "Pairs of places with a flow in both", "1"],
    "Number of ordered pairs of different places with a flow in both networks.",
    "Jaccard 1901, Bull. Soc. Vaud. Sci. Nat. 37",
);

pub(crate) const PAIRS_AFTER: MetricInfo = metric(
    ["pairs_only_after", "Pairs of places with a new flow", "1"],
    "Number of ordered pairs of different places with a flow in this network only.",
    "Jaccard 1901, Bull. Soc. Vaud. Sci. Nat. 37",
);

pub(crate) const JACCARD: MetricInfo = metric(
    ["jaccard", "Overlap of pairs (Jaccard)", "1"],
    "pairs_in_both / (pairs_only_before + pairs_in_both + pairs_only_after), 0 to 1; empty without flows.",
    "Jaccard 1901, Bull. Soc. Vaud. Sci. Nat. 37",
);

pub(crate) const COMMON_PART: MetricInfo = metric(
    ["common_part", "Common part of flows", "1"],
    "2 sum min(A_ij, B_ij) / (sum A_ij + sum B_ij) over the pairs that neither network lists without a weight, 0 to 1; empty for ranks, different units and without flows.",
    LENORMAND,
);

pub(crate) const COMMON_PART_OF_SHARES: MetricInfo = metric(
    ["common_part_of_shares", "Common part of shares", "1"],
    "Sum of min(A_ij / A, B_ij / B) with the totals A and B, over the pairs that neither network lists without a weight: what both distribute alike, whatever their sizes; 0 to 1; \
     empty for ranks and without flows.",
    LENORMAND,
);

pub(crate) const FLOW_CORRELATION: MetricInfo = metric(
    ["flow_correlation", "Correlation of flows", "1"],
    "Pearson's correlation of the weights over the pairs with a flow in either that neither network lists without a weight; empty for ranks, below 2 pairs and where \
     one side does not vary.",
    "Pearson 1895, Proc. R. Soc. Lond. 58",
);

pub(crate) const RANK_CORRELATION: MetricInfo = metric(
    ["rank_correlation", "Correlation of ranks by turnover", "1"],
    "Spearman's correlation of the turnovers of shared places, equal ones with their mean rank; empty for ranks, below 2 \
     shared places and where one side does not vary.",
    "Spearman 1904, Am. J. Psychol. 15(1)",
);
