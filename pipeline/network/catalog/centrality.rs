//! Positions of places in the network.

use flowatlas_model::MetricInfo;

/// How many partners a place has.
pub(crate) const DEGREES: &[&MetricInfo] = &[&IN_DEGREE, &OUT_DEGREE];

/// Where a walk along the flows comes past.
pub(crate) const WALKS: &[&MetricInfo] = &[&PAGERANK];

/// Centralities that follow from those of the neighbours.
pub(crate) const INFLUENCE: &[&MetricInfo] = &[&EIGENVECTOR, &HUB, &AUTHORITY, &KATZ];

/// Triangles.
pub(crate) const CLUSTERINGS: &[&MetricInfo] =
    &[&CLUSTERING, &CLUSTERING_CYCLE, &CLUSTERING_MIDDLEMAN, &CLUSTERING_IN, &CLUSTERING_OUT];

/// Cores.
pub(crate) const CORES: &[&MetricInfo] = &[&CORE_IN, &CORE_OUT, &CORE, &STRENGTH_CORE];

/// Communities.
pub(crate) const PLACE_COMMUNITIES: &[&MetricInfo] = &[&COMMUNITY, &COMMUNITY_STABILITY];

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

pub(crate) const EIGENVECTOR: MetricInfo = MetricInfo {
    id: "eigenvector",
    title: "Eigenvector centrality",
    unit: "1",
    formula: "Central is who receives from central places: x_j = 1/lambda sum_i M_ij x_i within the largest \
        strongly connected component, the most central place 1; empty elsewhere, and where the vector is not found, as on one long \
        ring of places.",
    source: "Bonacich 1972, J. Math. Sociol. 2(1)",
};

pub(crate) const HUB: MetricInfo = MetricInfo {
    id: "hub",
    title: "Hub score (HITS)",
    unit: "1",
    formula: "A hub sends to authorities, an authority receives from hubs: h_i = sum_j M_ij a_j, a_j = sum_i \
        M_ij h_i up to a factor; the largest is 1; empty without weighted flows.",
    source: "Kleinberg 1999, J. ACM 46(5)",
};

pub(crate) const AUTHORITY: MetricInfo = MetricInfo {
    id: "authority",
    title: "Authority score (HITS)",
    unit: "1",
    formula: "See hub; the largest is 1; empty without weighted flows.",
    source: "Kleinberg 1999, J. ACM 46(5)",
};

pub(crate) const KATZ: MetricInfo = MetricInfo {
    id: "katz",
    title: "Katz centrality",
    unit: "1",
    formula: "x_j = 1 + alpha sum_i M_ij x_i with alpha = 0.85 / the largest eigenvalue of M: all paths that end \
        at the place, longer ones counting less; 1 where nothing arrives; empty for all if no flows lead \
        back or the eigenvalue is not found.",
    source: "Katz 1953, Psychometrika 18(1)",
};

pub(crate) const CLUSTERING: MetricInfo = MetricInfo {
    id: "clustering",
    title: "Clustering",
    unit: "1",
    formula: "Triangles of flows at the place in all directions, each as the geometric mean of its three weights \
        as parts of the largest weight, / the d(d-1) - 2b triangles that could be, with d_in its origins, \
        d_out its destinations, d both together and b the places that are both, all counted over flows of known weight; \
        empty where none could be.",
    source: "Fagiolo 2007, Phys. Rev. E 76, 026107",
};

pub(crate) const CLUSTERING_CYCLE: MetricInfo = MetricInfo {
    id: "clustering_cycle",
    title: "Clustering, cycles",
    unit: "1",
    formula: "Like clustering, for triangles that lead round; / (d_in d_out - b).",
    source: "Fagiolo 2007, Phys. Rev. E 76, 026107",
};

pub(crate) const CLUSTERING_MIDDLEMAN: MetricInfo = MetricInfo {
    id: "clustering_middleman",
    title: "Clustering, middleman",
    unit: "1",
    formula: "Like clustering, for triangles in which the place passes on what also goes directly; / (d_in d_out - b).",
    source: "Fagiolo 2007, Phys. Rev. E 76, 026107",
};

pub(crate) const CLUSTERING_IN: MetricInfo = MetricInfo {
    id: "clustering_in",
    title: "Clustering, in",
    unit: "1",
    formula: "Like clustering, for triangles in which both others send to the place; / d_in (d_in - 1).",
    source: "Fagiolo 2007, Phys. Rev. E 76, 026107",
};

pub(crate) const CLUSTERING_OUT: MetricInfo = MetricInfo {
    id: "clustering_out",
    title: "Clustering, out",
    unit: "1",
    formula: "Like clustering, for triangles in which the place sends to both others; / d_out (d_out - 1).",
    source: "Fagiolo 2007, Phys. Rev. E 76, 026107",
};

pub(crate) const CORE_IN: MetricInfo = MetricInfo {
    id: "core_in",
    title: "Core, in",
    unit: "1",
    formula: "Largest k such that the place belongs to a group in which flows from at least k others of the \
        group arrive at every place.",
    source: "Seidman 1983, Soc. Networks 5(3); Giatsidis et al. 2011, ICDM",
};

pub(crate) const CORE_OUT: MetricInfo = MetricInfo {
    id: "core_out",
    title: "Core, out",
    unit: "1",
    formula: "Largest k such that the place belongs to a group in which flows to at least k others of the group \
        leave every place.",
    source: "Seidman 1983, Soc. Networks 5(3); Giatsidis et al. 2011, ICDM",
};

pub(crate) const CORE: MetricInfo = MetricInfo {
    id: "core",
    title: "Core",
    unit: "1",
    formula: "Largest k such that the place belongs to a group in which every place has at least k flows with \
        the others, in and out together.",
    source: "Seidman 1983, Soc. Networks 5(3)",
};

pub(crate) const STRENGTH_CORE: MetricInfo = MetricInfo {
    id: "strength_core",
    title: "Core by strength",
    unit: "weight",
    formula: "Largest s such that the place belongs to a group in which every place exchanges at least s with \
        the others, in and out together.",
    source: "Eidsæter & Almaas 2013, Phys. Rev. E 88, 062819",
};

pub(crate) const COMMUNITY: MetricInfo = MetricInfo {
    id: "community",
    title: "Community",
    unit: "1",
    formula: "Number of the community that the place belongs to, from 1 by falling total of flows; communities \
        are connected and maximise modularity; a place without flows is one of its own.",
    source: "Traag, Waltman & van Eck 2019, Sci. Rep. 9, 5233; Leicht & Newman 2008, Phys. Rev. Lett. 100, 118703",
};

pub(crate) const COMMUNITY_STABILITY: MetricInfo = MetricInfo {
    id: "community_stability",
    title: "Stability of the community",
    unit: "1",
    formula: "Mean over searches from other seeds of the overlap (Jaccard) of the community of the place there \
        and here; 1 if all searches agree about it.",
    source: "Jaccard 1901; Fortunato 2010, Phys. Rep. 486(3-5)",
};
