//! The spatial index of a GeoPackage layer (OGC 12-128r18, annex F.3): SQLite's R*Tree, packed in one go.
//!
//! Boxes that are put in one by one take longer than all the rest of a large file. Here the tree is packed from its leaves up by
//! sorting and tiling (Leutenegger, Lopez and Edgington 1997, STR), and its nodes are written as SQLite keeps them (rtree.c, "Database
//! Format of R-Tree Tables"). Afterwards it is a tree as any other: triggers keep it as features come and go.

use flowatlas_model::{Layer, Shapes};
use geo::{BoundingRect, Coord, Rect};

use crate::geopackage::{digits, quoted};

/// Boxes in a node, as many as SQLite puts there at most.
const FULL: usize = 51;
/// Bytes of a box: a number and four edges.
const CELL: usize = 8 + 4 * 4;
/// The root.
const ROOT: i64 = 1;
/// Rows that one statement writes of a table of numbers, and of one of nodes: a statement has at most a million letters.
const NUMBERS: usize = 50_000;
const NODES: usize = 200;

/// A box with the number of a feature, or of a node further down: west, east, south, north.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    id: i64,
    edges: [f32; 4],
}

/// The nodes of a tree, each with its number and what it holds; the root is the last.
#[derive(Debug, Default)]
struct Tree {
    /// Levels above the leaves.
    depth: u16,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    id: i64,
    is_leaf: bool,
    cells: Vec<Cell>,
}

/// Returns what makes the index of a layer that has been written with this key and geometry column, its features numbered from 1 on.
pub(crate) fn statements(layer: &Layer, key: &str, geometry: &str) -> Vec<String> {
    let index = format!("rtree_{}_{geometry}", layer.name);
    let mut out = vec![
        format!(
            "INSERT INTO gpkg_extensions(table_name, column_name, extension_name, definition, scope) VALUES ({}, {}, \
             'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
            quoted(&layer.name),
            quoted(geometry)
        ),
        format!("CREATE VIRTUAL TABLE {} USING rtree(id, minx, maxx, miny, maxy)", named(&index)),
    ];
    out.extend(contents(&index, &Tree::packed(cells(&layer.shapes))));
    out.extend(triggers([&layer.name, key, geometry], &index));
    out
}

/// Returns the boxes of the features that have a shape.
fn cells(shapes: &Shapes) -> Vec<Cell> {
    let boxes: Vec<Option<Rect<f64>>> = match shapes {
        Shapes::None(_) => Vec::new(),
        Shapes::Points(points) => points.iter().map(|at| Some(Rect::new(*at, *at))).collect(),
        Shapes::Lines(lines) => lines.iter().map(BoundingRect::bounding_rect).collect(),
        Shapes::Areas(areas) => areas.iter().map(BoundingRect::bounding_rect).collect(),
    };
    (1..).zip(boxes).filter_map(|(id, found)| Some(cell(id, found?))).collect()
}

/// Returns a box whose edges have been rounded outwards, so that it holds its feature.
fn cell(id: i64, bounds: Rect<f64>) -> Cell {
    let down = |v: f64| if f64::from(v as f32) > v { (v as f32).next_down() } else { v as f32 };
    let up = |v: f64| if f64::from(v as f32) < v { (v as f32).next_up() } else { v as f32 };
    let (Coord { x: west, y: south }, Coord { x: east, y: north }) = (bounds.min(), bounds.max());
    Cell { id, edges: [down(west), up(east), down(south), up(north)] }
}

impl Tree {
    fn packed(cells: Vec<Cell>) -> Tree {
        let mut tree = Tree::default();
        let (mut level, mut is_leaf) = (cells, true);
        while level.len() > FULL {
            level = tree.level(level, is_leaf);
            (tree.depth, is_leaf) = (tree.depth + 1, false);
        }
        tree.nodes.push(Node { id: ROOT, is_leaf, cells: level });
        tree
    }

    /// Puts boxes into nodes and returns the boxes of these.
    fn level(&mut self, mut cells: Vec<Cell>, is_leaf: bool) -> Vec<Cell> {
        let middle = |cell: &Cell, axis: usize| cell.edges[2 * axis] + cell.edges[2 * axis + 1];
        let by =
            |axis: usize| move |a: &Cell, b: &Cell| middle(a, axis).total_cmp(&middle(b, axis)).then(a.id.cmp(&b.id));
        cells.sort_unstable_by(by(0));
        let nodes = cells.len().div_ceil(FULL);
        let strips = (nodes as f64).sqrt().ceil() as usize;
        let mut above = Vec::with_capacity(nodes);
        for strip in cells.chunks_mut(nodes.div_ceil(strips) * FULL) {
            strip.sort_unstable_by(by(1));
            for held in strip.chunks(FULL) {
                let id = ROOT + 1 + self.nodes.len() as i64;
                above.push(Cell { id, edges: around(held) });
                self.nodes.push(Node { id, is_leaf, cells: held.to_vec() });
            }
        }
        above
    }
}

/// Returns the edges of the box around boxes.
fn around(cells: &[Cell]) -> [f32; 4] {
    let both = |a: [f32; 4], b: [f32; 4]| [a[0].min(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].max(b[3])];
    cells.iter().map(|cell| cell.edges).reduce(both).unwrap_or_default()
}

impl Node {
    /// Returns the node as SQLite keeps it, in hexadecimal digits: the depth of the tree in the root, how many boxes, the boxes.
    fn digits(&self, depth: u16) -> String {
        let mut bytes = Vec::with_capacity(4 + FULL * CELL);
        bytes.extend(if self.id == ROOT { depth } else { 0 }.to_be_bytes());
        bytes.extend((self.cells.len() as u16).to_be_bytes());
        for cell in &self.cells {
            bytes.extend(cell.id.to_be_bytes());
            cell.edges.iter().for_each(|edge| bytes.extend(edge.to_be_bytes()));
        }
        bytes.resize(4 + FULL * CELL, 0);
        digits(&bytes)
    }
}

/// Returns what fills the three tables of an index: nodes, the node of each feature, the parent of each node.
fn contents(index: &str, tree: &Tree) -> Vec<String> {
    let node = |node: &Node| format!("({},x'{}')", node.id, node.digits(tree.depth));
    let nodes: Vec<String> = tree.nodes.iter().map(node).collect();
    let into = format!("REPLACE INTO {} VALUES ", named(&format!("{index}_node")));
    let mut out: Vec<String> = nodes.chunks(NODES).map(|rows| into.clone() + &rows.join(",")).collect();
    out.extend(holders(&format!("{index}_rowid"), &tree.nodes, true));
    out.extend(holders(&format!("{index}_parent"), &tree.nodes, false));
    out
}

/// Returns what fills a table with the node that holds each feature, or each node. SQLite reads long lists of numbers
/// faster as JSON than as rows.
fn holders(table: &str, nodes: &[Node], of_features: bool) -> Vec<String> {
    let mut holders: Vec<Option<i64>> = Vec::new();
    for node in nodes.iter().filter(|node| node.is_leaf == of_features) {
        for cell in &node.cells {
            let id = cell.id as usize;
            holders.resize(holders.len().max(id + 1), None);
            holders[id] = Some(node.id);
        }
    }
    let digits = |holder: &Option<i64>| holder.map_or_else(|| "null".to_owned(), |id| id.to_string());
    let statement = |(k, part): (usize, &[Option<i64>])| {
        let list = part.iter().map(digits).collect::<Vec<_>>().join(",");
        format!(
            "REPLACE INTO {} SELECT key + {}, value FROM json_each('[{list}]') WHERE value IS NOT NULL",
            named(table),
            k * NUMBERS
        )
    };
    holders.chunks(NUMBERS).enumerate().map(statement).collect()
}

/// Returns the triggers of annex F.3 that keep the index.
fn triggers([table, key, geometry]: [&str; 3], index: &str) -> Vec<String> {
    let [on, fid, geom, tree] = [table, key, geometry, index].map(named);
    let there = format!("(NEW.{geom} NOT NULL AND NOT ST_IsEmpty(NEW.{geom}))");
    let gone = format!("(NEW.{geom} ISNULL OR ST_IsEmpty(NEW.{geom}))");
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.{fid}, ST_MinX(NEW.{geom}), ST_MaxX(NEW.{geom}), \
         ST_MinY(NEW.{geom}), ST_MaxY(NEW.{geom}));"
    );
    let (same, other) = (format!("OLD.{fid} = NEW.{fid}"), format!("OLD.{fid} != NEW.{fid}"));
    let remove = format!("DELETE FROM {tree} WHERE id = OLD.{fid};");
    let remove_both = format!("DELETE FROM {tree} WHERE id IN (OLD.{fid}, NEW.{fid});");
    let moved = format!("UPDATE OF {geom} ON {on} WHEN {same}");
    let renumbered = format!("UPDATE ON {on} WHEN {other}");
    let made = |name: &str, when: String, what: &str| {
        format!("CREATE TRIGGER {} AFTER {when} BEGIN {what} END", named(&format!("{index}_{name}")))
    };
    vec![
        made("insert", format!("INSERT ON {on} WHEN {there}"), &put),
        made("update1", format!("{moved} AND {there}"), &put),
        made("update2", format!("{moved} AND {gone}"), &remove),
        made("update3", format!("{renumbered} AND {there}"), &format!("{remove} {put}")),
        made("update4", format!("{renumbered} AND {gone}"), &remove_both),
        made("delete", format!("DELETE ON {on} WHEN OLD.{geom} NOT NULL"), &remove),
    ]
}

/// Returns a name as SQL.
fn named(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
#[path = "spatial_index_tests.rs"]
mod tests;
