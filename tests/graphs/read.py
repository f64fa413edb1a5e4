#!/usr/bin/python3
"""read.py FILE...: reads networks with NetworkX (GraphML and GEXF) and igraph (GraphML), and prints what each saw as JSON, one object
a program and file: the nodes with all attributes, by id, and the edges.

Run with a Python that has both (Debian: python3-networkx, python3-igraph)."""
import json
import sys

import igraph
import networkx

# GEXF has attributes of its own beside ours.
OWN = {"id", "label"}
# The NetworkX of Debian 12 knows GEXF to 1.2, whose elements are the same under another name.
VERSIONS = networkx.readwrite.gexf.GEXF.versions
VERSIONS.setdefault("1.3", VERSIONS["1.2draft"] | {"NS_GEXF": "http://gexf.net/1.3", "NS_VIZ": "http://gexf.net/1.3/viz"})


def by_networkx(file):
    read = networkx.read_graphml if file.endswith(".graphml") else networkx.read_gexf
    graph = read(file)
    nodes = {str(node): dict(facts) for node, facts in graph.nodes(data=True)}
    edges = [[str(o), str(d), {k: v for k, v in facts.items() if k not in OWN}] for o, d, facts in graph.edges(data=True)]
    return {"directed": graph.is_directed(), "nodes": nodes, "edges": edges}


def by_igraph(file):
    graph = igraph.Graph.Read_GraphML(file)
    nodes = {node["id"]: {k: v for k, v in node.attributes().items() if k != "id"} for node in graph.vs}
    ends = [(graph.vs[edge.source]["id"], graph.vs[edge.target]["id"], edge.attributes()) for edge in graph.es]
    return {"directed": graph.is_directed(), "nodes": nodes, "edges": ends}


def plain(value):
    """JSON has no NaN, which igraph puts where a number is missing."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return None if value != value else value


for file in sys.argv[1:]:
    programs = [("networkx", by_networkx)] + [("igraph", by_igraph)] * file.endswith(".graphml")
    for program, read in programs:
        print(json.dumps(plain({"program": program, "file": file, **read(file)})))
