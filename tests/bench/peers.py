#!/usr/bin/env python3
"""One metric of one library: peers.py FLOWS.csv LIBRARY-METRIC prints its CPU seconds and one number of the result.

The graph is built before the clock starts, but for `igraph-everything`, which reads and writes files. What is not
installed is said, and the exit code is 3.
"""
import csv
import resource
import sys
import time
from pathlib import Path


def read(path):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        flows = [(int(o[1:]), int(d[1:]), float(w)) for o, d, w in rows]
    with open(Path(path).with_name("places.csv")) as file:
        places = sum(1 for _ in file) - 1
    return places, flows


def igraph_of(path):
    import igraph

    places, flows = read(path)
    graph = igraph.Graph(n=places, edges=[(o, d) for o, d, _ in flows], directed=True)
    weights = [w for *_, w in flows]
    return graph, weights, [1 / w for w in weights]


def arrays(path):
    import numpy as np

    places, flows = read(path)
    s, t, w = (np.array(column) for column in zip(*flows))
    return np, places, s.astype(int), t.astype(int), w


def igraph_betweenness(path):
    graph, _, lengths = igraph_of(path)

    def run():
        values = graph.betweenness(directed=True, weights=lengths)
        Path(path).with_suffix(".igraph-betweenness.txt").write_text("\n".join(map(repr, values)))
        return max(values)

    return run


def igraph_harmonic(path):
    graph, _, lengths = igraph_of(path)
    return lambda: max(graph.harmonic_centrality(mode="out", weights=lengths))


def igraph_leiden(path):
    graph, weights, _ = igraph_of(path)
    return lambda: graph.community_leiden(objective_function="modularity", weights=weights, n_iterations=2).modularity


def networkit_betweenness(path):
    import networkit

    np, places, s, t, w = arrays(path)
    graph = networkit.GraphFromCoo((1 / w, (s.astype(np.uint64), t.astype(np.uint64))), n=places, weighted=True, directed=True)
    return lambda: max(networkit.centrality.Betweenness(graph, normalized=False).run().scores())


def scipy_pagerank(path):
    from scipy.sparse import csr_matrix

    np, places, s, t, w = arrays(path)

    def run():
        sent = np.bincount(s, w, places)
        matrix = csr_matrix((w / sent[s], (t, s)), shape=(places, places))
        rank = np.full(places, 1 / places)
        for _ in range(500):
            moved = 0.85 * (matrix @ rank + rank[sent == 0].sum() / places) + 0.15 / places
            if np.abs(moved - rank).sum() < 1e-10:
                break
            rank = moved
        return rank.max()

    return run


def numpy_disparity(path):
    np, places, s, t, w = arrays(path)

    def run():
        sent, received = np.bincount(s, w, places), np.bincount(t, w, places)
        out, into = np.bincount(s, minlength=places), np.bincount(t, minlength=places)
        at_origin = np.where(out[s] > 1, (1 - w / sent[s]) ** (out[s] - 1), 1.0)
        at_destination = np.where(into[t] > 1, (1 - w / received[t]) ** (into[t] - 1), 1.0)
        return np.minimum(at_origin, at_destination).mean()

    return run


def igraph_everything(path):
    def run():
        graph, weights, lengths = igraph_of(path)
        columns = {
            "in": graph.strength(mode="in", weights=weights),
            "out": graph.strength(mode="out", weights=weights),
            "pagerank": graph.pagerank(weights=weights),
            "betweenness": graph.betweenness(weights=lengths),
            "harmonic_in": graph.harmonic_centrality(mode="in", weights=lengths),
            "harmonic_out": graph.harmonic_centrality(mode="out", weights=lengths),
            "community": graph.community_leiden(objective_function="modularity", weights=weights, n_iterations=2).membership,
        }
        network = [graph.density(), graph.reciprocity(), len(graph.connected_components(mode="strong"))]
        with open(Path(path).with_suffix(".igraph.csv"), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values()))
            writer.writerow(network)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    return run


def main():
    path, name = sys.argv[1:]
    try:
        run = globals()[name.replace("-", "_")](path)
        start = time.process_time()
        value = run()
        print(time.process_time() - start, value)
    except ModuleNotFoundError as missing:
        print(f"{missing.name} is not installed")
        sys.exit(3)


if __name__ == "__main__":
    main()
