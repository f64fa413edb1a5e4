//! How the whole network hangs together, and its flows one by one.

use flowatlas_model::MetricInfo;

use super::paths::{METRIC_BACKBONE, METRIC_BACKBONE_SHARE};

/// Counted without paths.
pub(crate) const STRUCTURE: &[&MetricInfo] = &[
    &DENSITY,
    &RECIPROCITY,
    &WEAK_COMPONENTS,
    &STRONG_COMPONENTS,
    &LARGEST_WEAK,
    &LARGEST_STRONG,
    &WEIGHTED_RECIPROCITY,
];

/// Triangles.
pub(crate) const MEAN_CLUSTERINGS: &[&MetricInfo] = &[&MEAN_CLUSTERING];

/// Who is joined to whom.
pub(crate) const MIXING: &[&MetricInfo] = &[
    &DEGREE_IN_IN,
    &DEGREE_IN_OUT,
    &DEGREE_OUT_IN,
    &DEGREE_OUT_OUT,
    &STRENGTH_IN_IN,
    &STRENGTH_IN_OUT,
    &STRENGTH_OUT_IN,
    &STRENGTH_OUT_OUT,
    &RICH_CLUB,
    &WEIGHTED_RICH_CLUB,
];

/// Communities.
pub(crate) const NETWORK_COMMUNITIES: &[&MetricInfo] = &[&MODULARITY, &COMMUNITIES, &COMMUNITY_AGREEMENT];

/// What sets a flow apart.
pub(crate) const FLOW_BACKBONES: &[&MetricInfo] = &[&METRIC_BACKBONE, &DISPARITY, &NOISE_CORRECTED];

/// Those that follow from shortest paths.
pub(crate) const METRIC_BACKBONES: &[&MetricInfo] = &[&METRIC_BACKBONE, &METRIC_BACKBONE_SHARE];

/// The disparity filter.
pub(crate) const DISPARITIES: &[&MetricInfo] = &[&DISPARITY, &DISPARITY_SHARE, &DISPARITY_WEIGHT];

/// The noise-corrected backbone.
pub(crate) const NOISE_CORRECTEDS: &[&MetricInfo] =
    &[&NOISE_CORRECTED, &NOISE_CORRECTED_SHARE, &NOISE_CORRECTED_WEIGHT];

/// How much of the network is in its backbones.
pub(crate) const NETWORK_BACKBONES: &[&MetricInfo] =
    &[&METRIC_BACKBONE_SHARE, &DISPARITY_SHARE, &DISPARITY_WEIGHT, &NOISE_CORRECTED_SHARE, &NOISE_CORRECTED_WEIGHT];

/// Numbers beside what chance makes of them.
pub(crate) const CHANCE: &[&MetricInfo] = &[
    &WEIGHTED_RECIPROCITY_EXPECTED,
    &WEIGHTED_RECIPROCITY_Z,
    &CONCENTRATION_EXPECTED,
    &CONCENTRATION_Z,
    &MEAN_CLUSTERING_EXPECTED,
    &MEAN_CLUSTERING_Z,
    &WEIGHTED_RICH_CLUB_EXPECTED,
    &WEIGHTED_RICH_CLUB_Z,
];

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

pub(crate) const LARGEST_WEAK: MetricInfo = MetricInfo {
    id: "largest_weak_component",
    title: "Share of the largest weak component",
    unit: "1",
    formula: "Places in the largest weakly connected component / n; empty without places.",
    source: "Wasserman & Faust 1994, Social Network Analysis",
};

pub(crate) const LARGEST_STRONG: MetricInfo = MetricInfo {
    id: "largest_strong_component",
    title: "Share of the largest strong component",
    unit: "1",
    formula: "Places in the largest strongly connected component / n; empty without places.",
    source: "Tarjan 1972, SIAM J. Comput. 1(2)",
};

pub(crate) const WEIGHTED_RECIPROCITY: MetricInfo = MetricInfo {
    id: "weighted_reciprocity",
    title: "Weighted reciprocity",
    unit: "1",
    formula: "Sum over ordered pairs of min(M_ij, M_ji) / M; empty where M is 0.",
    source: "Squartini et al. 2013, Sci. Rep. 3, 2729",
};

pub(crate) const DEGREE_IN_IN: MetricInfo = MetricInfo {
    id: "degree_assortativity_in_in",
    title: "Assortativity by degree, in to in",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the in-degree of the origin with the \
        in-degree of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const DEGREE_IN_OUT: MetricInfo = MetricInfo {
    id: "degree_assortativity_in_out",
    title: "Assortativity by degree, in to out",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the in-degree of the origin with the \
        out-degree of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const DEGREE_OUT_IN: MetricInfo = MetricInfo {
    id: "degree_assortativity_out_in",
    title: "Assortativity by degree, out to in",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the out-degree of the origin with the \
        in-degree of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const DEGREE_OUT_OUT: MetricInfo = MetricInfo {
    id: "degree_assortativity_out_out",
    title: "Assortativity by degree, out to out",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the out-degree of the origin with the \
        out-degree of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const STRENGTH_IN_IN: MetricInfo = MetricInfo {
    id: "strength_assortativity_in_in",
    title: "Assortativity by strength, in to in",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the in-strength of the origin with the \
        in-strength of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const STRENGTH_IN_OUT: MetricInfo = MetricInfo {
    id: "strength_assortativity_in_out",
    title: "Assortativity by strength, in to out",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the in-strength of the origin with the \
        out-strength of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const STRENGTH_OUT_IN: MetricInfo = MetricInfo {
    id: "strength_assortativity_out_in",
    title: "Assortativity by strength, out to in",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the out-strength of the origin with \
        the in-strength of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const STRENGTH_OUT_OUT: MetricInfo = MetricInfo {
    id: "strength_assortativity_out_out",
    title: "Assortativity by strength, out to out",
    unit: "1",
    formula: "Correlation (Pearson) over the ordered pairs with a flow of the out-strength of the origin with \
        the out-strength of the destination; empty where either does not vary.",
    source: "Newman 2003, Phys. Rev. E 67, 026126; Foster et al. 2010, Proc. Natl. Acad. Sci. 107(24)",
};

pub(crate) const MEAN_CLUSTERING: MetricInfo = MetricInfo {
    id: "mean_clustering",
    title: "Mean clustering",
    unit: "1",
    formula: "Mean of clustering over the places where a triangle could be.",
    source: "Fagiolo 2007, Phys. Rev. E 76, 026107",
};

pub(crate) const RICH_CLUB: MetricInfo = MetricInfo {
    id: "rich_club",
    title: "Rich club",
    unit: "1",
    formula: "Share of the ordered pairs of rich places that have a flow; rich is the tenth of the places with \
        flows that have most of them, in and out together, without those that tie with the next; empty \
        below 2 rich places.",
    source: "Zhou & Mondragón 2004, IEEE Commun. Lett. 8(3)",
};

pub(crate) const WEIGHTED_RICH_CLUB: MetricInfo = MetricInfo {
    id: "weighted_rich_club",
    title: "Weighted rich club",
    unit: "1",
    formula: "What flows among the rich / what as many of the largest flows of the network carry; rich is the \
        tenth of the places with flows that have the largest turnover, without those that tie with the \
        next; empty if nothing flows among them.",
    source: "Opsahl et al. 2008, Phys. Rev. Lett. 101, 168702",
};

pub(crate) const MODULARITY: MetricInfo = MetricInfo {
    id: "modularity",
    title: "Modularity",
    unit: "1",
    formula: "1/M sum (M_ij - out_i in_j / M) over the ordered pairs within communities; 0 if they hold no more \
        than chance, below 1; without weights every pair with a flow counts 1.",
    source: "Leicht & Newman 2008, Phys. Rev. Lett. 100, 118703",
};

pub(crate) const COMMUNITIES: MetricInfo = MetricInfo {
    id: "community_count",
    title: "Communities",
    unit: "1",
    formula: "Number of communities with more than one place.",
    source: "Traag, Waltman & van Eck 2019, Sci. Rep. 9, 5233",
};

pub(crate) const COMMUNITY_AGREEMENT: MetricInfo = MetricInfo {
    id: "community_agreement",
    title: "Agreement of searches",
    unit: "1",
    formula: "Mean adjusted Rand index of the communities with those found from other seeds; 1 if all searches \
        agree, 0 as by chance.",
    source: "Hubert & Arabie 1985, J. Classif. 2(1)",
};

pub(crate) const DISPARITY: MetricInfo = MetricInfo {
    id: "disparity",
    title: "Significance (disparity filter)",
    unit: "1",
    formula: "Smaller of (1 - M_ij/out_i)^(k-1) with k destinations of the origin and likewise at the \
        destination, the only flow of an end as 1: how likely so large a share is by chance; kinds \
        together; the backbone is what lies below 0.05 or another level.",
    source: "Serrano, Boguñá & Vespignani 2009, Proc. Natl. Acad. Sci. 106(16)",
};

pub(crate) const NOISE_CORRECTED: MetricInfo = MetricInfo {
    id: "noise_corrected",
    title: "Excess (noise-corrected)",
    unit: "1",
    formula: "(k M_ij - 1)/(k M_ij + 1) with k = M/(out_i in_j), over its standard deviation from the posterior \
        of M_ij/M; kinds together; above 1.64 the flow exceeds what the sizes of its ends let expect with \
        95 % confidence; for counts.",
    source: "Coscia & Neffke 2017, IEEE ICDE",
};

pub(crate) const DISPARITY_SHARE: MetricInfo = MetricInfo {
    id: "disparity_share",
    title: "Share of the disparity backbone",
    unit: "1",
    formula: "Share of the ordered pairs with a flow whose disparity is below 0.05.",
    source: "Serrano, Boguñá & Vespignani 2009, Proc. Natl. Acad. Sci. 106(16)",
};

pub(crate) const DISPARITY_WEIGHT: MetricInfo = MetricInfo {
    id: "disparity_weight",
    title: "Weight of the disparity backbone",
    unit: "1",
    formula: "Share of M that flows between the pairs whose disparity is below 0.05.",
    source: "Serrano, Boguñá & Vespignani 2009, Proc. Natl. Acad. Sci. 106(16)",
};

pub(crate) const NOISE_CORRECTED_SHARE: MetricInfo = MetricInfo {
    id: "noise_corrected_share",
    title: "Share of the noise-corrected backbone",
    unit: "1",
    formula: "Share of the ordered pairs with a flow whose noise_corrected is above 1.64.",
    source: "Coscia & Neffke 2017, IEEE ICDE",
};

pub(crate) const NOISE_CORRECTED_WEIGHT: MetricInfo = MetricInfo {
    id: "noise_corrected_weight",
    title: "Weight of the noise-corrected backbone",
    unit: "1",
    formula: "Share of M that flows between the pairs whose noise_corrected is above 1.64.",
    source: "Coscia & Neffke 2017, IEEE ICDE",
};

pub(crate) const WEIGHTED_RECIPROCITY_EXPECTED: MetricInfo = MetricInfo {
    id: "weighted_reciprocity_expected",
    title: "Weighted reciprocity by chance",
    unit: "1",
    formula: "Mean of weighted_reciprocity over networks in which every place sends and receives what it does and \
        chance says where its flows go; the conventions say how, and how many.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const WEIGHTED_RECIPROCITY_Z: MetricInfo = MetricInfo {
    id: "weighted_reciprocity_z",
    title: "Weighted reciprocity, z-score",
    unit: "1",
    formula: "(weighted_reciprocity - weighted_reciprocity_expected) / standard deviation over the same \
        networks; beyond 2 or -2 more than the totals of the places explain; empty where they do not \
        differ.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const CONCENTRATION_EXPECTED: MetricInfo = MetricInfo {
    id: "concentration_expected",
    title: "Concentration by chance",
    unit: "1",
    formula: "Mean of concentration over networks in which every place sends and receives what it does and \
        chance says where its flows go; the conventions say how, and how many.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const CONCENTRATION_Z: MetricInfo = MetricInfo {
    id: "concentration_z",
    title: "Concentration, z-score",
    unit: "1",
    formula: "(concentration - concentration_expected) / standard deviation over the same networks; beyond 2 or \
        -2 more than the totals of the places explain; empty where they do not differ.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const MEAN_CLUSTERING_EXPECTED: MetricInfo = MetricInfo {
    id: "mean_clustering_expected",
    title: "Mean clustering by chance",
    unit: "1",
    formula: "Mean of mean_clustering over networks in which every place sends and receives what it does and \
        chance says where its flows go; the conventions say how, and how many.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const MEAN_CLUSTERING_Z: MetricInfo = MetricInfo {
    id: "mean_clustering_z",
    title: "Mean clustering, z-score",
    unit: "1",
    formula: "(mean_clustering - mean_clustering_expected) / standard deviation over the same networks; beyond 2 \
        or -2 more than the totals of the places explain; empty where they do not differ.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const WEIGHTED_RICH_CLUB_EXPECTED: MetricInfo = MetricInfo {
    id: "weighted_rich_club_expected",
    title: "Weighted rich club by chance",
    unit: "1",
    formula: "Mean of weighted_rich_club over networks in which every place sends and receives what it does and \
        chance says where its flows go; the conventions say how, and how many.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};

pub(crate) const WEIGHTED_RICH_CLUB_Z: MetricInfo = MetricInfo {
    id: "weighted_rich_club_z",
    title: "Weighted rich club, z-score",
    unit: "1",
    formula: "(weighted_rich_club - weighted_rich_club_expected) / standard deviation over the same networks; \
        beyond 2 or -2 more than the totals of the places explain; empty where they do not differ.",
    source: "Newman 2010, Networks, chapter 13; Maslov & Sneppen 2002, Science 296",
};
