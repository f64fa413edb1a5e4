//! Flows and place symbols as items of the scene.

use std::collections::BTreeMap;

use flowatlas_model::{
    Style,
    scene::{Group, Item, Shape, Stroke},
    style::{ArrowStyle, Color},
};
use kurbo::{BezPath, Circle, Point, Shape as _};

use crate::{
    frame::{FlowLine, Framed, Node, Role},
    heads::arrows,
    labels::contains,
    land::{LandPainter, append},
    paint_order::paint_order,
    palette::{EDGE, Paint, Palette},
    ribbon::{Course, Girth, Growth, Ribbon, head_size, ribbon},
    scale::WidthScale,
    spec::MapInput,
    text::{Ink, Type, Typesetter},
    trunks::{Tree, Trunk},
    words::Words,
};

/// How far a flow reaches into a soft area, in points.
const INTO_AREA: f64 = 5.0;
/// Share of the outline's colour in the half circle for what comes in.
const LIGHTER: f64 = 0.5;
/// Radius of the disc that carries the number of a rank, as a share of the size of the number.
const DISC: f64 = 0.71875;

/// Cuts a course at the edge of the areas that it joins.
pub fn trim_at_areas(course: Course, line: &FlowLine, framed: &Framed, input: &MapInput<'_>) -> Course {
    let ring = |node: &Node| -> Vec<Vec<Point>> {
        let area = input.atlas.place(node.place).area.as_ref().filter(|_| node.role == Role::Area);
        area.map(|a| LandPainter::new(&framed.panels[node.panel], input.style).rings(a)).unwrap_or_default()
    };
    let inside = |rings: &[Vec<Point>], at: Point| rings.iter().any(|r| contains(r, at));
    let (from, to) = (ring(&framed.nodes[line.origin]), ring(&framed.nodes[line.destination]));
    let length = course.length();
    // A flow between places at one position has no course at all.
    if length <= 0.0 || (from.is_empty() && to.is_empty()) {
        return course;
    }
    let steps = (length / 0.8).ceil().max(1.0) as usize;
    let ways = || (0..=steps).map(|k| length * k as f64 / steps as f64);
    let start = ways().rev().find(|w| inside(&from, course.at(*w))).map_or(0.0, |w| (w - INTO_AREA).max(0.0));
    let end = ways().find(|w| *w > start && inside(&to, course.at(*w))).map_or(length, |w| (w + INTO_AREA).min(length));
    course.part(start, end)
}

/// Paints flows.
pub struct FlowPainter<'a> {
    /// The map.
    pub input: &'a MapInput<'a>,
    /// Colours.
    pub palette: &'a Palette<'a>,
    /// Widths, to know what a width tells.
    pub widths: &'a WidthScale,
    /// The places that flows join.
    pub nodes: &'a [Node],
}

impl FlowPainter<'_> {
    /// Returns the flows of each layer, thick ones first, so that thin ones lie on top, but for thick ones that would vanish beneath.
    /// Trees, which are in a layer as a whole, lie beneath all others.
    pub fn paint<const N: usize>(
        &self,
        lines: &[FlowLine],
        (courses, trees): (&[Vec<Course>], &[Tree]),
        (layers, set): ([Vec<bool>; N], &mut Typesetter),
    ) -> [Vec<Item>; N] {
        let widths: Vec<f64> = lines.iter().map(|line| line.width).collect();
        let style = &self.input.style.flows;
        let arrows = arrows((lines, self.nodes), courses, (&style.arrow, style.casing_width));
        let order = paint_order(&widths, courses, (&arrows, style.casing_width));
        let mut in_tree = vec![false; lines.len()];
        trees.iter().flat_map(|tree| &tree.lines).for_each(|k| in_tree[*k] = true);
        layers.map(|layer| {
            let held = by_width(trees, &widths).filter(|tree| tree.lines.iter().any(|k| layer[*k]));
            let mut items: Vec<Item> = held.flat_map(|tree| self.tree(tree, lines, courses)).collect();
            let order = || order.iter().copied().filter(|k| layer[*k]);
            let single = order().filter(|k| !in_tree[*k]);
            items.extend(single.map(|k| self.flow(&lines[k], &courses[k], &arrows[k])));
            if matches!(self.widths, WidthScale::Classes(_)) {
                items.extend(order().filter_map(|k| self.rank_disc(&lines[k], &courses[k], set)));
            }
            items
        })
    }

    fn flow(&self, line: &FlowLine, pieces: &[Course], arrow: &ArrowStyle) -> Item {
        let paint = self.paint_of(line);
        let mut items = Vec::new();
        for (k, piece) in pieces.iter().enumerate() {
            let arrow = (k + 1 == pieces.len()).then_some(arrow);
            items.extend(self.piece(piece, self.girth(line), &paint, arrow));
        }
        self.told(line, items)
    }

    fn paint_of(&self, line: &FlowLine) -> Paint {
        let link = self.input.shown.link(line.link);
        let (origin, destination, data) = link.expect("every flow line stands for a shown link");
        let paint = self.palette.paint([origin, destination], data, line.width);
        if self.input.spec.doubts(line.link) { self.palette.uncertain(paint, line.width) } else { paint }
    }

    /// Returns what is drawn of a flow with what the flow tells.
    fn told(&self, line: &FlowLine, items: Vec<Item>) -> Item {
        let link = self.input.shown.link(line.link);
        let (origin, destination, data) = link.expect("every flow line stands for a shown link");
        let (from, to) = (self.input.atlas.place(origin), self.input.atlas.place(destination));
        let words = Words::of(self.input.spec.language);
        let told = data
            .weight
            .map(|w| format!("{}{} {}", words.colon(), words.number(w), self.input.spec.unit))
            .unwrap_or_default();
        Item::Group(Group {
            name: String::new(),
            data: flow_facts(self.input, line),
            title: format!("{} – {}{told}", from.name, to.name),
            items,
        })
    }

    /// Returns the flows of a tree as one body: all casings beneath all flows, and opaque, so that flows side by side leave no trace of
    /// where they touch.
    fn tree(&self, tree: &Tree, lines: &[FlowLine], courses: &[Vec<Course>]) -> Vec<Item> {
        let style = &self.input.style.flows;
        let widths: Vec<f64> = lines.iter().map(|line| line.width).collect();
        let trunks = tree.trunks(courses, lines, &style.arrow);
        let mut order = tree.lines.clone();
        order.sort_by(|a, b| widths[*b].total_cmp(&widths[*a]).then(a.cmp(b)));
        let mut heads: BTreeMap<usize, BezPath> = trunks.iter().flat_map(|trunk| self.heads(trunk, lines)).collect();
        let mut casings: Vec<Item> = trunks.iter().filter_map(|trunk| self.casing(&trunk.head())).collect();
        let mut flows = Vec::new();
        for k in order {
            let (line, paint) = (&lines[k], self.paint_of(&lines[k]));
            let color = paint.color.mix(style.casing, 1.0 - style.opacity);
            let trunk = trunks.iter().find(|trunk| trunk.lines.contains(&k));
            let Some(strand) = self.strand((tree, k), &courses[k], (line.width, trunk)) else { continue };
            let mut items = filled(&strand, color, line.width, &paint);
            let joined =
                tree.neighbour(k).filter(|next| paint.dash.is_empty() && self.paint_of(&lines[*next]) == paint);
            let joint = joined.and_then(|next| tree.joint(k, courses[k].last()?, [line.width, widths[next]]));
            items.extend(joint.map(|(points, width)| joint_line(&points, color, width)));
            if let Some(head) = heads.remove(&k) {
                items.push(Item::Path(Shape { path: head, fill: Some(color), stroke: None }));
            }
            casings.extend(self.casing(&strand.outline));
            flows.push(self.told(line, items));
        }
        let casings = Item::Group(Group { items: casings, ..Group::default() });
        std::iter::once(casings).chain(flows).collect()
    }

    /// Returns the parts of an arrowhead that several flows share, one for neighbours of one look, with the first of these.
    fn heads(&self, trunk: &Trunk, lines: &[FlowLine]) -> Vec<(usize, BezPath)> {
        let paints: Vec<Paint> = trunk.lines.iter().map(|k| self.paint_of(&lines[*k])).collect();
        let mut start = 0;
        let part = |alike: &[Paint]| {
            let flows = start..start + alike.len();
            start = flows.end;
            (trunk.lines[flows.start], trunk.part_of_head(flows))
        };
        paints.chunk_by(|a, b| a == b).map(part).collect()
    }

    /// Returns the ink of a flow in a tree: without a head of its own where it shares one.
    fn strand(
        &self,
        (tree, k): (&Tree, usize),
        pieces: &[Course],
        (width, trunk): (f64, Option<&Trunk>),
    ) -> Option<Ribbon> {
        let course = pieces.last()?;
        let arrow = self.input.style.flows.arrow.clone();
        let Some(trunk) = trunk else { return ribbon(course, tree.girth(k, width), &arrow) };
        let bare = ArrowStyle { length_base: 0.0, length_factor: 0.0, ..arrow };
        let girth = tree.girth(k, width).cut_at_end(trunk.length);
        ribbon(&course.part(0.0, course.length() - trunk.length), girth, &bare)
    }

    fn casing(&self, outline: &BezPath) -> Option<Item> {
        let style = &self.input.style.flows;
        let stroke = Stroke { color: style.casing, width: 2.0 * style.casing_width, dash: Vec::new(), round: true };
        (style.casing_width > 0.0)
            .then(|| Item::Path(Shape { path: outline.clone(), fill: None, stroke: Some(stroke) }))
    }

    /// Returns the girth of a flow: a flow wider than its place grows out of the symbol.
    fn girth(&self, line: &FlowLine) -> Girth {
        let symbol = 2.0 * self.nodes[line.origin].inner_radius();
        let grows = symbol > 0.0 && symbol < line.width;
        Girth { width: line.width, growth: if grows { Growth::From(symbol) } else { Growth::Even } }
    }

    fn piece(&self, course: &Course, girth: Girth, paint: &Paint, arrow: Option<&ArrowStyle>) -> Vec<Item> {
        let style = &self.input.style.flows;
        let color = paint.color.with_opacity(style.opacity);
        let width = girth.width;
        let Some(arrow) = arrow else { return stroked(course, color, width, &paint.dash).into_iter().collect() };
        let Some(ink) = ribbon(course, girth, arrow) else { return Vec::new() };
        self.casing(&ink.outline).into_iter().chain(filled(&ink, color, width, paint)).collect()
    }

    /// Returns a small disc with the number of the rank, just behind the head.
    fn rank_disc(&self, line: &FlowLine, pieces: &[Course], set: &mut Typesetter) -> Option<Item> {
        let (origin, destination, link) = self.input.shown.link(line.link)?;
        let rank = link.weight?;
        let ends = [origin, destination];
        let style = self.input.style;
        let at = disc_centre(pieces, line.width, style)?;
        let fill = self.palette.paint(ends, link, line.width).for_words(style.flows.casing);
        let casing = Stroke { color: style.flows.casing, width: 1.2, dash: Vec::new(), round: true };
        let disc =
            Shape { path: Circle::new(at, disc_radius(style)).to_path(0.01), fill: Some(fill), stroke: Some(casing) };
        let number = set.line(&Words::of(self.input.spec.language).number(rank), Type::bold(style.text.note));
        let size = number.size();
        let corner = Point::new(at.x - size.width / 2.0, at.y - 0.357 * style.text.note);
        let items = vec![Item::Path(disc), number.place(corner, Ink::plain(style.flows.casing))];
        Some(Item::Group(Group { data: flow_facts(self.input, line), items, ..Group::default() }))
    }
}

/// Returns the facts that travel with whatever is drawn for a flow.
pub fn flow_facts(input: &MapInput<'_>, line: &FlowLine) -> Vec<(&'static str, String)> {
    let link = input.shown.link(line.link);
    let (origin, destination, data) = link.expect("every flow line stands for a shown link");
    let id = |place| input.atlas.place(place).id.clone();
    let mut facts = vec![("origin", id(origin)), ("dest", id(destination))];
    facts.extend(data.weight.map(|w| ("value", w.to_string())));
    facts.extend(data.kind.as_ref().map(|k| ("kind", k.to_string())));
    facts
}

/// Returns the facts that travel with whatever is drawn for a place.
pub fn place_facts(input: &MapInput<'_>, node: &Node) -> Vec<(&'static str, String)> {
    vec![("place", input.atlas.place(node.place).id.clone())]
}

/// Returns the line around a hollow flow.
pub fn edge(color: Color) -> Stroke {
    Stroke { color, width: EDGE, dash: Vec::new(), round: true }
}

/// Returns the radius in points of the disc that carries the number of a rank.
pub fn disc_radius(style: &Style) -> f64 {
    DISC * style.text.note
}

/// Returns where the number of a rank stands: just behind the head, but not in the first half of the way.
pub fn disc_centre(pieces: &[Course], width: f64, style: &Style) -> Option<Point> {
    let course = pieces.last().filter(|c| c.length() > 0.0)?;
    let (head, _) = head_size(&style.flows.arrow, width, course.length());
    Some(course.at((course.length() - head - disc_radius(style) * 1.9).max(course.length() / 2.0)))
}

/// Returns trees, those with the widest flows together first.
fn by_width<'a>(trees: &'a [Tree], widths: &[f64]) -> impl Iterator<Item = &'a Tree> + use<'a> {
    let total = |tree: &Tree| tree.lines.iter().map(|k| widths[*k]).sum::<f64>();
    let mut order: Vec<&Tree> = trees.iter().collect();
    order.sort_by(|a, b| total(b).total_cmp(&total(a)));
    order.into_iter()
}

/// Returns the ink of a flow in its colour.
fn filled(ink: &Ribbon, color: Color, width: f64, paint: &Paint) -> Vec<Item> {
    let fill = |path: &BezPath, stroke| Item::Path(Shape { path: path.clone(), fill: Some(color), stroke });
    if paint.dash.is_empty() {
        return vec![fill(&ink.outline, paint.edge.map(edge))];
    }
    let head = (!ink.head.is_empty()).then(|| fill(&ink.head, None));
    stroked(&ink.shaft, color, width, &paint.dash).into_iter().chain(head).collect()
}

fn joint_line(points: &[Point], color: Color, width: f64) -> Item {
    let mut path = BezPath::new();
    append(&mut path, points);
    Item::Path(Shape { path, fill: None, stroke: Some(Stroke { color, width, dash: Vec::new(), round: false }) })
}

fn stroked(course: &Course, color: Color, width: f64, dash: &[f64]) -> Option<Item> {
    let mut path = BezPath::new();
    append(&mut path, course.points());
    let stroke = Stroke { color, width, dash: dash.to_vec(), round: false };
    (!path.is_empty()).then_some(Item::Path(Shape { path, fill: None, stroke: Some(stroke) }))
}

/// Returns the symbols of all places, large ones first, with the rings of flows within a place.
pub fn symbols(nodes: &[Node], input: &MapInput<'_>, palette: &Palette<'_>) -> Vec<Item> {
    let mut order: Vec<&Node> = nodes.iter().filter(|node| node.radius > 0.0).collect();
    order.sort_by(|a, b| b.radius.total_cmp(&a.radius));
    let whole = |node: &Node| {
        let fill = palette.place(node.place).unwrap_or(input.style.places.fill);
        let items = ring(node, input.style).into_iter().chain(symbol(node, input.style, fill)).collect();
        Item::Group(Group { data: place_facts(input, node), items, ..Group::default() })
    };
    order.into_iter().map(whole).collect()
}

fn ring(node: &Node, style: &Style) -> Option<Item> {
    let path = Circle::new(node.at, node.radius - node.ring / 2.0).to_path(0.01);
    let color = style.flows.color.with_opacity(style.flows.opacity);
    let stroke = Stroke { color, width: node.ring, dash: Vec::new(), round: true };
    (node.ring > 0.0).then_some(Item::Path(Shape { path, fill: None, stroke: Some(stroke) }))
}

fn symbol(node: &Node, style: &Style, fill: Color) -> Vec<Item> {
    if let Some(halves) = node.halves {
        return half_circles(node.at, halves, style);
    }
    let places = &style.places;
    let radius = node.inner_radius();
    let outline = Stroke { color: places.outline, width: places.outline_width, dash: Vec::new(), round: true };
    let shape = if node.role == Role::Ring {
        let width = 0.34 * radius;
        let path = Circle::new(node.at, radius - width / 2.0).to_path(0.01);
        let stroke = Stroke { color: fill, width, ..outline };
        Shape { path, fill: Some(places.outline), stroke: Some(stroke) }
    } else {
        Shape { path: Circle::new(node.at, radius).to_path(0.01), fill: Some(fill), stroke: Some(outline) }
    };
    vec![Item::Path(shape)]
}

/// Returns the colour of what comes in.
pub fn inbound(style: &Style) -> Color {
    style.places.fill.mix(style.places.outline, LIGHTER)
}

/// Returns a left half for what goes out and a right half, in a lighter tone, for what comes in, of these radii. Their outline lies beneath
/// them, because it would leave nothing of the smallest.
pub fn half_circles(at: Point, [out, into]: [f64; 2], style: &Style) -> Vec<Item> {
    let places = &style.places;
    let halves = [(out, -1.0, places.fill), (into, 1.0, inbound(style))];
    let drawn = || halves.into_iter().filter(|(radius, ..)| *radius > 0.0);
    let color = places.outline;
    let stroke = Stroke { color, width: 2.0 * places.outline_width, dash: Vec::new(), round: true };
    let outlines = drawn().map(|(radius, side, _)| (half_circle(at, radius, side), None, Some(stroke.clone())));
    let fills = drawn().map(|(radius, side, fill)| (half_circle(at, radius, side), Some(fill), None));
    outlines.chain(fills).map(|(path, fill, stroke)| Item::Path(Shape { path, fill, stroke })).collect()
}

/// Returns the left (-1) or right (1) half of a disc, its quarters as cubic curves.
fn half_circle(at: Point, radius: f64, side: f64) -> BezPath {
    /// Length of the handles of a quarter circle as a share of its radius.
    const HANDLE: f64 = 0.552_284_75;
    let point = |x: f64, y: f64| Point::new(at.x + side * radius * x, at.y + radius * y);
    let mut path = BezPath::new();
    path.move_to(point(0.0, -1.0));
    path.curve_to(point(HANDLE, -1.0), point(1.0, -HANDLE), point(1.0, 0.0));
    path.curve_to(point(1.0, HANDLE), point(HANDLE, 1.0), point(0.0, 1.0));
    path.close_path();
    path
}
