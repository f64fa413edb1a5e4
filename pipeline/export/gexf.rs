//! Networks as GEXF, which Gephi reads best: names as labels, places where they are.

use serde_json::{Map, Value};

use crate::network_file::{Items, NetworkFile, edges, escaped, nodes, text};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
"#;

/// Returns the network as GEXF 1.3: one node per place under its id, one edge per link, every attribute typed. What is unknown
/// or undefined is left out; readers take an edge without a weight as 1, and only `weight_known` tells it from one of that weight.
pub fn gexf(file: &NetworkFile) -> Vec<u8> {
    let (nodes, edges) = (nodes(file), edges(file));
    let mut xml = format!(
        "{HEAD}<meta><creator>flowatlas</creator><description>{}</description></meta>\n\
         <graph mode=\"static\" defaultedgetype=\"directed\">\n",
        escaped(&file.description())
    );
    attributes(&mut xml, "node", &nodes);
    attributes(&mut xml, "edge", &edges);
    xml.push_str("<nodes>\n");
    nodes.rows.iter().for_each(|row| xml.push_str(&node(&nodes, row)));
    xml.push_str("</nodes>\n<edges>\n");
    edges.rows.iter().enumerate().for_each(|(id, row)| xml.push_str(&edge(id, &edges, row)));
    xml.push_str("</edges>\n</graph>\n</gexf>\n");
    xml.into_bytes()
}

/// What GEXF says by itself is no attribute: the weight of an edge is one of its own.
fn is_built_in(name: &str) -> bool {
    matches!(name, "id" | "origin" | "dest" | "weight")
}

fn attributes(xml: &mut String, class: &str, items: &Items) {
    xml.push_str(&format!("<attributes class=\"{class}\">\n"));
    for (id, attribute) in items.attributes.iter().enumerate().filter(|(_, a)| !is_built_in(&a.name)) {
        let (title, kind) = (escaped(&attribute.name), attribute.kind.name());
        xml.push_str(&format!("<attribute id=\"{class}{id}\" title=\"{title}\" type=\"{kind}\"/>\n"));
    }
    xml.push_str("</attributes>\n");
}

fn node(items: &Items, row: &Map<String, Value>) -> String {
    let [id, name] = ["id", "name"].map(|key| said(row, key).unwrap_or_default());
    let position = |of: [&str; 2]| Some((said(row, of[0])?, said(row, of[1])?));
    let (x, y) = position(["lon", "lat"]).or_else(|| position(["x", "y"])).unwrap_or_default();
    let values = values("node", items, row);
    format!("<node id=\"{id}\" label=\"{name}\">{values}<viz:position x=\"{x}\" y=\"{y}\" z=\"0\"/></node>\n")
}

fn edge(id: usize, items: &Items, row: &Map<String, Value>) -> String {
    let [origin, dest] = ["origin", "dest"].map(|key| said(row, key).unwrap_or_default());
    // Gephi joins parallel edges of one kind.
    let own: String =
        ["weight", "kind"].iter().filter_map(|key| Some(format!(" {key}=\"{}\"", said(row, key)?))).collect();
    let values = values("edge", items, row);
    format!("<edge id=\"{id}\" source=\"{origin}\" target=\"{dest}\"{own}>{values}</edge>\n")
}

fn values(class: &str, items: &Items, row: &Map<String, Value>) -> String {
    let present = items.present(row).filter(|(_, attribute, _)| !is_built_in(&attribute.name));
    let value =
        |(id, _, value): (usize, _, String)| format!("<attvalue for=\"{class}{id}\" value=\"{}\"/>", escaped(&value));
    format!("<attvalues>{}</attvalues>", present.map(value).collect::<String>())
}

fn said(row: &Map<String, Value>, name: &str) -> Option<String> {
    row.get(name).filter(|value| !value.is_null()).map(|value| escaped(&text(value)))
}
