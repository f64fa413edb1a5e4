#!/usr/bin/env python3
"""Records what netbone says about the noise-corrected backbone of one small network, for the tests of the network stage.

netbone knows undirected networks only. In this one the first places only send and the others only receive, so that its strength of
a place is what leaves or what arrives, and each of its edges is one flow.
"""
import json
from importlib.metadata import version
from pathlib import Path

import netbone
import networkx as nx
import numpy as np

SENDERS, RECEIVERS, SEED = 12, 17, 1


def flows():
    rng = np.random.default_rng(SEED)
    chosen = np.argwhere(rng.random((SENDERS, RECEIVERS)) < 0.7)
    sizes = rng.lognormal(0, 1, SENDERS)[:, None] * rng.lognormal(0, 1, RECEIVERS)
    counts = 1 + rng.poisson(40 * sizes)
    return [[int(o), SENDERS + int(d), int(counts[o, d])] for o, d in rng.permutation(chosen)]


def main():
    rows = flows()
    graph = nx.Graph()
    graph.add_weighted_edges_from(rows)
    found = netbone.noise_corrected(graph, approximation=False).graph
    answers = [found[o][d]["score"] / found[o][d]["nc_sdev"] for o, d, _ in rows]
    record = {
        "seed": SEED,
        "versions": {"netbone": version("netbone"), "networkx": nx.__version__, "numpy": np.__version__},
        "places": SENDERS + RECEIVERS,
        "flows": rows,
        "noise_corrected": [float(answer) for answer in answers],
    }
    Path(__file__).with_name("senders.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
