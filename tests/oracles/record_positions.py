#!/usr/bin/env python3
"""Records what other programs say about positions, structure and backbones, on the networks of record.py.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python record_positions.py

The flows are read from the records of record.py, so both tell about the same networks. Values of places and flows are lists, in
the order of places and of flows without self-flows; `null` is what the product leaves empty.
"""
import json
from pathlib import Path

import igraph
import leidenalg
import networkx as nx
import numpy as np
import scipy
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from record import HERE, compact

# As the product has them.
KATZ_ATTENUATION, POWER, SHORTEST, LEVEL, DEVIATIONS = 0.85, 0.5, 1e-6, 0.05, 1.64
# Places stand on the equator, one degree after the other, where the tests put them.
DEGREE_KM = 6371.0087714 * np.pi / 180


def by_igraph(places, links):
    graph = igraph.Graph(n=places, edges=[(o, d) for o, d, _ in links], directed=True)
    weights = [w for *_, w in links]
    return {
        "hub": graph.hub_score(weights=weights, scale=True),
        "authority": graph.authority_score(weights=weights, scale=True),
        "eigenvector": eigenvector(graph, weights),
        "core": graph.coreness(mode="all"),
        "core_in": graph.coreness(mode="in"),
        "core_out": graph.coreness(mode="out"),
        "degree_assortativity_out_in": graph.assortativity_degree(directed=True),
        "flow_betweenness": pairs(graph.edge_betweenness(directed=True, weights=[1 / w for w in weights]), places),
        "hop_flow_betweenness": pairs(graph.edge_betweenness(directed=True), places),
        **{f"{name}.{id}": values for name, lengths in transforms(places, links).items()
           for id, values in paths(graph, lengths).items()},
    }


def pairs(values, places):
    return [v / (places * (places - 1)) for v in values]


def eigenvector(graph, weights):
    graph = graph.copy()
    graph.es["weight"] = weights
    largest = max(graph.connected_components(mode="strong"), key=len)
    within = graph.induced_subgraph(largest)
    scores = within.eigenvector_centrality(directed=True, weights="weight", scale=True)
    by_place = dict(zip(sorted(largest), scores))
    return [by_place.get(place) for place in range(graph.vcount())]


def transforms(places, links):
    sent = np.zeros(places)
    for origin, _, weight in links:
        sent[origin] += weight
    apart = [abs(o - d) * DEGREE_KM for o, d, _ in links]
    return {
        "power": [w**-POWER for *_, w in links],
        "surprise": [max(-np.log(w / sent[o]), SHORTEST) for o, _, w in links],
        "kilometres": apart,
    }


def paths(graph, lengths):
    n = graph.vcount()
    return {
        "betweenness": [b / ((n - 1) * (n - 2)) for b in graph.betweenness(directed=True, weights=lengths)],
        "harmonic_in": graph.harmonic_centrality(mode="in", weights=lengths, normalized=True),
        "harmonic_out": graph.harmonic_centrality(mode="out", weights=lengths, normalized=True),
    }


def by_networkx(places, links):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(places))
    for origin, destination, weight in links:
        graph.add_edge(origin, destination, weight=weight, length=1 / weight)
    listed = lambda values: [float(values[p]) for p in range(places)]
    matrix = nx.to_numpy_array(graph, weight="weight")
    alpha = KATZ_ATTENUATION / max(abs(np.linalg.eigvals(matrix)))
    degrees = [graph.in_degree(p) + graph.out_degree(p) for p in graph]
    possible = [d * (d - 1) - 2 * len(set(graph.successors(p)) & set(graph.predecessors(p))) for p, d in zip(graph, degrees)]
    clustering = [c if k > 0 else None for c, k in zip(listed(nx.clustering(graph, weight="weight")), possible)]
    lengths = [length for source in graph for target, length in
               nx.single_source_dijkstra_path_length(graph, source, weight="length").items() if source != target]
    steps = [length for source in graph for target, length in
             nx.single_source_shortest_path_length(graph, source).items() if source != target]
    n = places
    answers = {
        "katz": listed(nx.katz_centrality_numpy(graph, alpha=alpha, beta=1, normalized=False, weight="weight")),
        "clustering": clustering,
        "mean_clustering": float(np.mean([c for c in clustering if c is not None])),
        "closeness_in": listed(nx.closeness_centrality(graph, distance="length")),
        "closeness_out": listed(nx.closeness_centrality(graph.reverse(), distance="length")),
        "hop_closeness_in": listed(nx.closeness_centrality(graph)),
        "hop_closeness_out": listed(nx.closeness_centrality(graph.reverse())),
        "efficiency": sum(1 / x for x in lengths) / (n * (n - 1)),
        "mean_distance": float(np.mean(lengths)),
        "diameter": max(lengths),
        "reachable_pairs": len(lengths) / (n * (n - 1)),
        "hop_efficiency": sum(1 / x for x in steps) / (n * (n - 1)),
        "hop_mean_distance": float(np.mean(steps)),
        "hop_diameter": max(steps),
        "largest_weak_component": max(map(len, nx.weakly_connected_components(graph))) / n,
        "largest_strong_component": max(map(len, nx.strongly_connected_components(graph))) / n,
    }
    for x in ("in", "out"):
        for y in ("in", "out"):
            for kind, weight in (("degree", None), ("strength", "weight")):
                value = nx.degree_pearson_correlation_coefficient(graph, x=x, y=y, weight=weight)
                answers[f"{kind}_assortativity_{x}_{y}"] = None if np.isnan(value) else float(value)
    return answers


def by_numpy(places, links):
    """Formulas of the papers, written down once more, and distances of scipy."""
    s, t, w = (np.array(column) for column in zip(*links))
    s, t = s.astype(int), t.astype(int)
    sent, received = np.bincount(s, w, places), np.bincount(t, w, places)
    out, into = np.bincount(s, minlength=places), np.bincount(t, minlength=places)
    chance = lambda total, count, at: np.where(count[at] > 1, (1 - w / total[at]) ** (count[at] - 1), 1.0)
    disparity = np.minimum(chance(sent, out, s), chance(received, into, t))
    excess = noise_corrected(w, sent[s], received[t], w.sum())
    distance = dijkstra(csr_matrix((1 / w, (s, t)), shape=(places, places)))
    backbone = (1 / w <= distance[s, t] * (1 + 1e-10)).astype(float)
    carried = lambda kept: (float(kept.mean()), float(w[kept].sum() / w.sum()))
    significant, exceeding = carried(disparity < LEVEL), carried(excess > DEVIATIONS)
    return {
        "disparity": disparity.tolist(),
        "noise_corrected": excess.tolist(),
        "metric_backbone": backbone.tolist(),
        "metric_backbone_share": float(backbone.mean()),
        "disparity_share": significant[0],
        "disparity_weight": significant[1],
        "noise_corrected_share": exceeding[0],
        "noise_corrected_weight": exceeding[1],
        "rich_club": rich_club(places, s, t),
        "weighted_rich_club": weighted_rich_club(sent + received, (s, t, w)),
        "strength_core": strength_core(places, s, t, w),
    }


def noise_corrected(nij, ni, nj, n):
    """The steps of Coscia's backboning.py, noise_corrected: score / sdev_cij."""
    mean_prior = (ni * nj / n) * (1 / n)
    kappa = n / (ni * nj)
    score = (kappa * nij - 1) / (kappa * nij + 1)
    var_prior = (1 / n**2) * (ni * nj * (n - ni) * (n - nj)) / (n**2 * (n - 1))
    alpha_prior = (mean_prior**2 / var_prior) * (1 - mean_prior) - mean_prior
    beta_prior = (mean_prior / var_prior) * (1 - mean_prior**2) - (1 - mean_prior)
    alpha_post, beta_post = alpha_prior + nij, n - nij + beta_prior
    expected = alpha_post / (alpha_post + beta_post)
    variance_nij = expected * (1 - expected) * n
    d = 1 / (ni * nj) - n * ((ni + nj) / (ni * nj) ** 2)
    variance_cij = variance_nij * ((2 * (kappa + nij * d)) / (kappa * nij + 1) ** 2) ** 2
    return score / np.sqrt(variance_cij)


def rich(wealth):
    falling = np.sort(wealth[wealth > 0])[::-1]
    return wealth > falling[int(0.1 * len(falling))]


def rich_club(places, s, t):
    members = rich((np.bincount(s, minlength=places) + np.bincount(t, minlength=places)).astype(float))
    k = members.sum()
    return float((members[s] & members[t]).sum() / (k * (k - 1))) if k > 1 else None


def weighted_rich_club(turnover, flows):
    s, t, w = flows
    members = rich(turnover)
    among = members[s] & members[t]
    return float(w[among].sum() / np.sort(w)[::-1][: among.sum()].sum()) if among.any() else None


def strength_core(places, s, t, w):
    """Peels off whoever has least, one place after another."""
    core, threshold, left = np.zeros(places), 0.0, np.ones(places, dtype=bool)
    while left.any():
        stays = left[s] & left[t]
        strength = np.bincount(s[stays], w[stays], places) + np.bincount(t[stays], w[stays], places)
        poorest = np.flatnonzero(left)[np.argmin(strength[left])]
        threshold = max(threshold, strength[poorest])
        core[poorest], left[poorest] = threshold, False
    return core.tolist()


def best_modularity(places, links):
    """The best directed modularity of ten runs of leidenalg."""
    graph = igraph.Graph(n=places, edges=[(o, d) for o, d, _ in links], directed=True)
    weights = [w for *_, w in links]
    runs = (leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, weights=weights, n_iterations=-1, seed=seed)
            for seed in range(10))
    return max(run.modularity for run in runs)


def main():
    for name in ["ties", "gravity", "scattered", "even"]:
        source = json.loads((HERE / f"{name}.json").read_text())
        places, links = source["places"], [row for row in source["flows"] if row[0] != row[1]]
        versions = {m.__name__: m.__version__ for m in (igraph, leidenalg, nx, np, scipy)}
        record = {
            "name": name,
            "versions": versions,
            "leiden_modularity": best_modularity(places, links),
            "answers": {
                "igraph": by_igraph(places, links),
                "networkx": by_networkx(places, links),
                "numpy": by_numpy(places, links),
            },
        }
        Path(HERE / "positions" / f"{name}.json").write_text(compact(json.dumps(record, indent=1)) + "\n")
        print(name, record["leiden_modularity"])


if __name__ == "__main__":
    (HERE / "positions").mkdir(exist_ok=True)
    main()
