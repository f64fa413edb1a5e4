//! Networks as GraphML, which NetworkX, igraph, Gephi, yEd and Cytoscape read.

use serde_json::{Map, Value};

use crate::network_file::{Items, NetworkFile, edges, escaped, nodes, text};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"#;

/// Returns the network as GraphML (Brandes et al. 2002): one node per place under its id, one edge per link, every
/// attribute typed. What is unknown or undefined is left out.
pub fn graphml(file: &NetworkFile) -> Vec<u8> {
    let (nodes, edges) = (nodes(file), edges(file));
    let mut xml = format!("{HEAD}<desc>{}</desc>\n", escaped(&file.description()));
    keys(&mut xml, "node", &nodes);
    keys(&mut xml, "edge", &edges);
    xml.push_str("<graph id=\"network\" edgedefault=\"directed\">\n");
    for node in &nodes.rows {
        xml.push_str(&format!("<node id=\"{}\">{}</node>\n", said(node, "id"), data("node", &nodes, node)));
    }
    for edge in &edges.rows {
        let (origin, dest) = (said(edge, "origin"), said(edge, "dest"));
        xml.push_str(&format!("<edge source=\"{origin}\" target=\"{dest}\">{}</edge>\n", data("edge", &edges, edge)));
    }
    xml.push_str("</graph>\n</graphml>\n");
    xml.into_bytes()
}

/// What GraphML says by itself is no attribute.
fn is_built_in(name: &str) -> bool {
    matches!(name, "id" | "origin" | "dest")
}

fn keys(xml: &mut String, what: &str, items: &Items) {
    for (id, attribute) in items.attributes.iter().enumerate().filter(|(_, a)| !is_built_in(&a.name)) {
        let (name, kind) = (escaped(&attribute.name), attribute.kind.name());
        xml.push_str(&format!("<key id=\"{what}{id}\" for=\"{what}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n"));
    }
}

fn data(what: &str, items: &Items, row: &Map<String, Value>) -> String {
    let present = items.present(row).filter(|(_, attribute, _)| !is_built_in(&attribute.name));
    present.map(|(id, _, value)| format!("<data key=\"{what}{id}\">{}</data>", escaped(&value))).collect()
}

fn said(row: &Map<String, Value>, name: &str) -> String {
    row.get(name).map(text).map_or_else(String::new, |text| escaped(&text))
}
