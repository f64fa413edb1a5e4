#!/usr/bin/env python3
"""Records what igraph, NetworKit and NetworkX say about small networks, for the tests of the network stage.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python record.py

Every network is made by a generator with a fixed seed and stored beside its answers, so the tests need no Python.
"""
import json
import re
from pathlib import Path

import igraph
import networkit as nk
import networkx as nx
import numpy as np

HERE = Path(__file__).parent
# Divisible by 1 to 8, so that 840/k is a whole weight whose inverse k/840 ties with sums of others.
TIES = 840


def flows(places, pairs, weights):
    return places, [[int(o), int(d), float(w)] for (o, d), w in zip(pairs, weights)]


def pairs(rng, places, share):
    """Ordered pairs in random order, self-flows among them."""
    chosen = np.argwhere(rng.random((places, places)) < share)
    return rng.permutation(chosen)


def ties(rng):
    chosen = pairs(rng, 60, 0.12)
    return flows(60, chosen, TIES // rng.integers(1, 9, len(chosen)))


def gravity(rng):
    """Dense, with weights over several orders of magnitude, as between the regions of a country."""
    places = 110
    at, people = rng.uniform(0, 1000, (places, 2)), rng.lognormal(10, 1.4, places)
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1)) + 10
    counts = rng.poisson(np.outer(people**0.85, people**0.9) / apart**1.4 * 2e-5)
    chosen = rng.permutation(np.argwhere(counts > 0))
    return flows(places, chosen, counts[chosen[:, 0], chosen[:, 1]])


def scattered(rng):
    """Sparse: isolated places, several components, places that only send or only receive."""
    chosen = pairs(rng, 90, 0.012)
    return flows(90, chosen, rng.integers(1, 500, len(chosen)))


def even(rng):
    """Equal weights: every path of equal length ties."""
    chosen = pairs(rng, 45, 0.2)
    return flows(45, chosen, np.full(len(chosen), 7))


def uneven(rng):
    """Weights of which no two sums of inverses are equal."""
    chosen = pairs(rng, 70, 0.25)
    return flows(70, chosen, rng.lognormal(3, 1.2, len(chosen)))


def by_igraph(places, links):
    graph = igraph.Graph(n=places, edges=[(o, d) for o, d, _ in links], directed=True)
    weights = [w for *_, w in links]
    lengths = [1 / w for w in weights]
    return {
        "in_strength": graph.strength(mode="in", weights=weights),
        "out_strength": graph.strength(mode="out", weights=weights),
        "in_degree": graph.indegree(),
        "out_degree": graph.outdegree(),
        "pagerank": graph.pagerank(damping=0.85, weights=weights),
        "betweenness": graph.betweenness(directed=True, weights=lengths),
        "harmonic_in": graph.harmonic_centrality(mode="in", weights=lengths, normalized=True),
        "harmonic_out": graph.harmonic_centrality(mode="out", weights=lengths, normalized=True),
        "hop_betweenness": graph.betweenness(directed=True),
        "hop_harmonic_in": graph.harmonic_centrality(mode="in", normalized=True),
        "hop_harmonic_out": graph.harmonic_centrality(mode="out", normalized=True),
        "density": graph.density(loops=False),
        "reciprocity": graph.reciprocity(),
        "weak_components": len(graph.connected_components(mode="weak")),
        "strong_components": len(graph.connected_components(mode="strong")),
    }


def by_networkx(places, links):
    """Betweenness and closeness by exact comparison of lengths, so only on whole lengths TIES/weight."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(places))
    for origin, destination, weight in links:
        graph.add_edge(origin, destination, weight=weight, length=round(TIES / weight))
    answers = {
        "pagerank": nx.pagerank(graph, alpha=0.85, weight="weight", tol=1e-14, max_iter=1000),
        "hop_betweenness": nx.betweenness_centrality(graph, normalized=False),
    }
    if all(TIES % weight == 0 for *_, weight in links):
        closeness = lambda g: {p: v * TIES / (places - 1) for p, v in nx.harmonic_centrality(g, distance="length").items()}
        answers["betweenness"] = nx.betweenness_centrality(graph, weight="length", normalized=False)
        answers["harmonic_in"] = closeness(graph)
        answers["harmonic_out"] = closeness(graph.reverse())
    answers = {name: [float(values[p]) for p in range(places)] for name, values in answers.items()}
    answers["reciprocity"] = nx.overall_reciprocity(graph)
    answers["density"] = nx.density(graph)
    answers["weak_components"] = nx.number_weakly_connected_components(graph)
    answers["strong_components"] = nx.number_strongly_connected_components(graph)
    return answers


def by_networkit(places, links):
    """Betweenness where lengths do not tie: NetworKit compares them exactly, and misses pairs whose paths tie."""
    graph = nk.Graph(places, weighted=True, directed=True)
    for origin, destination, weight in links:
        graph.addEdge(origin, destination, 1 / weight)
    return {"betweenness": nk.centrality.Betweenness(graph).run().scores()}


def best_modularity(places, links):
    """The best directed modularity of ten Louvain runs."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(places))
    graph.add_weighted_edges_from(links)
    runs = [nx.community.louvain_communities(graph, seed=seed) for seed in range(10)]
    return max(nx.community.modularity(graph, found) for found in runs)


def main():
    for seed, make in enumerate([ties, gravity, scattered, even, uneven], start=1):
        places, rows = make(np.random.default_rng(seed))
        links = [row for row in rows if row[0] != row[1]]
        record = {
            "name": make.__name__,
            "seed": seed,
            "versions": {
                "igraph": igraph.__version__,
                "networkit": nk.__version__,
                "networkx": nx.__version__,
                "numpy": np.__version__,
            },
            "places": places,
            "flows": rows,
            "louvain_modularity": best_modularity(places, links),
            "answers": {"igraph": by_igraph(places, links), "networkx": by_networkx(places, links)},
        }
        if make is uneven:
            record["answers"]["networkit"] = by_networkit(places, links)
        text = json.dumps(record, indent=1)
        (HERE / f"{make.__name__}.json").write_text(compact(text) + "\n")
        print(make.__name__, places, "places", len(links), "flows")


def compact(text):
    """Puts innermost lists on one line."""
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text)


if __name__ == "__main__":
    main()
