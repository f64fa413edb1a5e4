//! The second half of a map: the courses of the flows are known, and everything is drawn in paint order.

use std::collections::BTreeMap;

use flowatlas_model::{
    Look, Scene,
    planar::{Drawn, DrawnFlow, DrawnLabel, DrawnNode, PlanarCurve, PlanarLayout},
    scene::{Group, Item, Shape, Stroke},
    units::Mm,
};
use geo::{Coord, LineString, MultiLineString};
use kurbo::{BezPath, ParamCurve as _, Point, QuadBez, Rect, Size, Vec2};
use rayon::prelude::*;

use crate::{
    arrange::{Arrangement, Arranger, Owner, Placed},
    choropleth::Shading,
    density::Density,
    description::description,
    flows::{FlowPainter, flow_facts, place_facts, symbols, trim_at_areas},
    frame::{FlowLine, Framed, Role, courses_off_map, passing_to_come},
    furniture::frame_line,
    labels::Care,
    land::{LandPainter, append, closed, corners},
    locator::misses_map,
    look::look,
    palette::Palette,
    panel::Panel,
    ribbon::Course,
    spec::{Detail, MapInput},
    straight,
    text::{Typesetter, missing_letters},
    track::end_on_edge,
    trunks::{Tree, trees},
    windows::{WindowFault, seen, window_faults},
};

/// Width of the bow of a flow between two panels as a share of its length, and steps along it.
const BOW: f64 = 0.1;
const BOW_STEPS: usize = 32;

/// A finished map.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// The picture.
    pub scene: Scene,
    /// What was drawn, in millimetres; without flows where they are added up, but for [`Detail::Flows`].
    pub drawn: Drawn,
    /// Each shown link as drawn, from place to place: longitude and latitude in degrees, cut at the antimeridian, or
    /// planar coordinates for planar places; empty between places at one position; in link order. None where the picture
    /// alone is wanted and flows are added up.
    pub courses: Vec<MultiLineString<f64>>,
    /// Words that found no room.
    pub dropped_labels: Vec<String>,
    /// True where the map asks for a locator that would hide places wherever it stands, and so has none.
    pub dropped_locator: bool,
    /// True where the locator shows less than all of the map.
    pub locator_misses: bool,
    /// True where the cells of a matrix have numbers that do not all have room, so that none is written.
    pub dropped_numbers: bool,
    /// The windows that the map was given in which a reader would look for something in vain, by their position.
    pub window_faults: Vec<(usize, WindowFault)>,
    /// The courses that the map was given which pass a position off it, and so have no effect, by their position.
    pub courses_off_map: Vec<usize>,
    /// The groups of places that have no colour of their own, because there are more of them than colours.
    pub uncolored_groups: Vec<String>,
    /// The classes of shaded areas, where there are any.
    pub shading: Option<Shading>,
    /// Letters on the page without a glyph in any font, with how often each stands there.
    pub missing_letters: BTreeMap<char, usize>,
    /// The projection as printed; empty for planar coordinates.
    pub projection: String,
    /// How it looks, for programs that draw it again from its layers; of the flows as much as `courses` holds; `None` for a
    /// matrix.
    pub look: Option<Look>,
}

/// Returns the finished map.
///
/// # Panics
/// Panics if the layout has another number of curves than the problem has flows.
pub fn compose(input: &MapInput<'_>, mut framed: Framed, layout: &PlanarLayout) -> Composition {
    let courses = if framed.holds_flows { courses(input, &framed, layout) } else { Vec::new() };
    let trees = trees(&framed, layout);
    let palette = Palette::of(input);
    let (raster, passing) = if input.spec.detail == Detail::Layers {
        (None, passing_to_come(input, &framed))
    } else {
        Density::of(input, &framed, &palette).map(|Density { raster, passing }| (raster, passing)).unzip()
    };
    let palette = match &passing {
        Some(_) => palette,
        None if trees.is_empty() => palette.shaded(&framed.widths),
        None => palette.for_trees(framed.roots()),
    };
    let straight = if framed.adds_up() { straight::courses(input, &framed) } else { Vec::new() };
    let arrangement = Arranger {
        input,
        palette: &palette,
        courses: if framed.adds_up() { &straight } else { &courses },
        trees: &trees,
        passing: passing.as_ref(),
        care: Care::Final,
    }
    .arrange(&mut framed);
    let mut set = std::mem::replace(&mut framed.set, Typesetter::new(&[]));
    let painter = FlowPainter { input, palette: &palette, widths: &framed.widths, nodes: &framed.nodes };
    let [beneath, flows] = match raster {
        Some(raster) => [Vec::new(), vec![Item::Raster(raster)]],
        None if framed.adds_up() => [Vec::new(), Vec::new()],
        None => painter.paint(&framed.lines, (&courses, &trees), (layers(&framed, &trees), &mut set)),
    };
    let mut items = vec![land(input, &mut framed)];
    items.extend((!beneath.is_empty()).then(|| group("flows-beneath", beneath)));
    items.extend(windows(input, &mut framed));
    items.push(group("flows", flows));
    items.push(group("places", symbols(&framed.nodes, input, &palette)));
    let drawn = drawn(input, &framed, &courses, &arrangement);
    let dropped_labels = arrangement.dropped.clone();
    let dropped_locator = !framed.locator.is_empty() && arrangement.locator.is_none();
    let locator_misses = arrangement.locator.is_some() && misses_map(input, framed.main());
    let window_faults = window_faults(input, (&framed.panels, &framed.nodes));
    let courses_off_map = courses_off_map(input, &framed.panels);
    let uncolored_groups = palette.uncolored_groups().to_vec();
    let [legend, scale_bar] = [&arrangement.legend, &arrangement.scale_bar].map(|f| f.as_ref().map(|f| f.bounds));
    items.extend(words(input, &framed, arrangement));
    let projection = framed.main().projection().name().to_owned();
    let on_earth = in_link_order(&framed, |k| on_earth(input, &framed, k, &courses[k]));
    let look = Some(Look { legend, scale_bar, ..look(input, &framed, &palette, (&courses, &trees)) });
    let page = framed.page;
    let shading = framed.shading.take();
    items.push(furniture(input, framed));
    let scene = scene(input, page, items);
    let missing_letters = missing_letters(&scene.items);
    Composition {
        scene,
        drawn,
        courses: on_earth,
        dropped_labels,
        dropped_locator,
        locator_misses,
        dropped_numbers: false,
        window_faults,
        courses_off_map,
        uncolored_groups,
        shading,
        missing_letters,
        projection,
        look,
    }
}

/// Returns the page with these items on it, and what its files say of themselves.
pub fn scene(input: &MapInput<'_>, page: Size, items: Vec<Item>) -> Scene {
    Scene {
        width: page.width,
        height: page.height,
        background: input.style.page.background,
        title: input.spec.title.clone(),
        description: description(input),
        language: input.spec.language.to_string(),
        fonts: input.fonts.to_vec(),
        items,
    }
}

/// Returns a named group.
pub fn group(name: &str, items: Vec<Item>) -> Item {
    Item::Group(Group { name: name.to_owned(), items, ..Group::default() })
}

fn courses(input: &MapInput<'_>, framed: &Framed, layout: &PlanarLayout) -> Vec<Vec<Course>> {
    let problem = framed.problem();
    assert_eq!(layout.curves.len(), problem.flows.len(), "the layout has a curve for every flow");
    assert_eq!(layout.cut.len(), problem.cut.len(), "the layout has the pieces of every flow that is cut");
    let (mut curves, mut cut) = (layout.curves.iter(), layout.cut.iter());
    let mut way_of = |line: &FlowLine| match line.cut {
        None => Laid::Whole(curves.next().expect("the layout has a curve for every flow")),
        Some(_) => Laid::Cut(cut.next().expect("the layout has the pieces of every flow that is cut")),
    };
    let lines: Vec<(&FlowLine, Laid<'_>)> = framed.lines.iter().map(|line| (line, way_of(line))).collect();
    let course = |(line, way): (&FlowLine, Laid<'_>)| match way {
        Laid::Whole(curve) => vec![trim_at_areas(Course::of(&curve.path), line, framed, input)],
        Laid::Cut(pieces) => shortened(pieces, line, framed),
    };
    lines.into_par_iter().map(course).collect()
}

/// The way of a flow as it is laid out.
enum Laid<'a> {
    Whole(&'a PlanarCurve),
    Cut(&'a [Vec<Point>]),
}

/// Returns what `make` gives for every flow line that the map holds, in the order of their links.
pub(crate) fn in_link_order<T: Send>(framed: &Framed, make: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    let held = if framed.holds_flows { framed.lines.len() } else { 0 };
    let mut order: Vec<usize> = (0..held).collect();
    order.sort_unstable_by_key(|k| framed.lines[*k].link);
    order.into_par_iter().map(make).collect()
}

/// Cuts the pieces of a way at the symbols of its places, past whose middles it may run, and at the edge of the map.
fn shortened(pieces: &[Vec<Point>], line: &FlowLine, framed: &Framed) -> Vec<Course> {
    let mut pieces = pieces.to_vec();
    pieces.iter_mut().rev().skip(1).for_each(|piece| end_on_edge(framed.main(), piece));
    for piece in pieces.iter_mut().skip(1) {
        piece.reverse();
        end_on_edge(framed.main(), piece);
        piece.reverse();
    }
    let mut courses: Vec<Course> = pieces.into_iter().map(Course::through).collect();
    let way_out = |node: usize, from: &Point| {
        let (at, radius) = (framed.nodes[node].at, framed.nodes[node].radius + framed.problem().gap);
        (radius * radius - (*from - at).hypot2()).max(0.0).sqrt()
    };
    if let Some(first) = courses.first_mut() {
        let start = first.points().first().map_or(0.0, |from| way_out(line.origin, from));
        *first = first.part(start.min(first.length() / 2.0), first.length());
    }
    if let Some(last) = courses.last_mut() {
        let end = last.points().last().map_or(0.0, |from| way_out(line.destination, from));
        *last = last.part(0.0, (last.length() - end).max(last.length() / 2.0));
    }
    courses
}

/// Returns which flow lines run beneath the windows, and which lie on top: all of a map without windows, else those that start or end in
/// one, and all of a tree of which one does. The ground of a window hides what has nothing to do with it.
fn layers(framed: &Framed, trees: &[Tree]) -> [Vec<bool>; 2] {
    let mut above = match framed.panels.len() {
        1 => vec![true; framed.lines.len()],
        _ => framed.ends_in_windows(),
    };
    for tree in trees {
        if tree.lines.iter().any(|k| above[*k]) {
            tree.lines.iter().for_each(|k| above[*k] = true);
        }
    }
    [above.iter().map(|above| !above).collect(), above]
}

/// Returns land and soft areas of the main map.
fn land(input: &MapInput<'_>, framed: &mut Framed) -> Item {
    let mut base = std::mem::take(&mut framed.lands[0].items);
    base.extend(areas(input, framed, 0));
    group("base", base)
}

/// Returns the windows, where there are any.
fn windows(input: &MapInput<'_>, framed: &mut Framed) -> Option<Item> {
    let items: Vec<Item> = (1..framed.panels.len()).flat_map(|k| window(input, framed, k)).collect();
    (!items.is_empty()).then(|| group("windows", items))
}

fn areas(input: &MapInput<'_>, framed: &Framed, panel: usize) -> Vec<Item> {
    let painter = LandPainter::new(&framed.panels[panel], input.style);
    let nodes = framed.nodes.iter().filter(|n| n.role == Role::Area && n.panel == panel);
    let shapes = nodes.filter_map(|n| input.atlas.place(n.place).area.as_ref());
    shapes.filter_map(|shape| painter.area(shape, input.style.land.area)).collect()
}

/// Returns a magnified part: what it shows marked on the main map, the lines that join the two, and the box itself.
fn window(input: &MapInput<'_>, framed: &mut Framed, k: usize) -> Vec<Item> {
    let panel = &framed.panels[k];
    let style = input.style;
    let mut items = Vec::new();
    if let Some(seen) = seen_on_main(framed.main(), panel) {
        items.extend(tie_lines(seen, panel.rect, input));
        items.extend(frame_line(seen, style));
    }
    let plate = Shape { path: closed(&corners(panel.rect)), fill: Some(style.land.water), stroke: None };
    items.push(Item::Path(plate));
    items.append(&mut framed.lands[k].items);
    items.extend(areas(input, framed, k));
    items.extend(frame_line(panel.rect, style));
    items
}

/// Returns the box on the main map of what a window shows.
fn seen_on_main(main: &Panel, window: &Panel) -> Option<Rect> {
    let seen = seen(main, window)?;
    let inside = seen.intersect(main.rect);
    (inside.area() > 0.0 && seen.intersect(window.rect).area() < 0.5 * seen.area()).then_some(inside)
}

fn tie_lines(seen: Rect, window: Rect, input: &MapInput<'_>) -> Vec<Item> {
    let page = &input.style.page;
    let stroke = Stroke { color: page.frame, width: page.frame_width, dash: vec![2.0, 1.6], round: false };
    let mut path = BezPath::new();
    for (a, b) in outer_tangents(seen, window) {
        append(&mut path, &[a, b]);
    }
    vec![Item::Path(Shape { path, fill: None, stroke: Some(stroke) })]
}

/// Returns the two of the four lines between equal corners that cross neither box.
fn outer_tangents(a: Rect, b: Rect) -> Vec<(Point, Point)> {
    let pairs: Vec<(Point, Point)> = corners(a).into_iter().zip(corners(b)).collect();
    let free = |(p, q): &(Point, Point)| {
        let middle_in = |r: Rect| (1..20).any(|k| r.inset(-0.1).contains(p.lerp(*q, f64::from(k) / 20.0)));
        !middle_in(a) && !middle_in(b)
    };
    pairs.into_iter().filter(free).collect()
}

/// Returns labels, legend, scale bar and locator.
fn words(input: &MapInput<'_>, framed: &Framed, arrangement: Arrangement) -> Vec<Item> {
    let Arrangement { labels, legend, scale_bar, locator, .. } = arrangement;
    let mut items = vec![group("labels", labels.into_iter().map(|l| label(input, framed, l)).collect())];
    items.extend(legend.map(|found| group("legend", found.items)));
    items.extend(scale_bar.map(|found| group("scale-bar", found.items)));
    items.extend(locator.map(|found| group("locator", found.items)));
    items
}

/// Returns a label with the facts on the place or flow that it belongs to.
fn label(input: &MapInput<'_>, framed: &Framed, label: Placed) -> Item {
    let data = match label.owner {
        Owner::Place(node) => place_facts(input, &framed.nodes[node]),
        Owner::Flow(line) => flow_facts(input, &framed.lines[line]),
        Owner::Panel(_) => Vec::new(),
    };
    Item::Group(Group { data, items: label.items, ..Group::default() })
}

fn furniture(input: &MapInput<'_>, framed: Framed) -> Item {
    let Framed { header: (header, above), footer: (footer, below), panels, .. } = framed;
    let mut items = header.place(above);
    items.extend(footer.place(below));
    let fills_frame = panels[0].projection().is_geographic() && !panels[0].projection().is_world();
    if fills_frame {
        items.extend(frame_line(panels[0].rect, input.style));
    }
    group("furniture", items)
}

fn drawn(input: &MapInput<'_>, framed: &Framed, courses: &[Vec<Course>], arrangement: &Arrangement) -> Drawn {
    let mm = |pt: f64| Mm::from_pt(pt).0;
    let id = |node: usize| input.atlas.place(framed.nodes[node].place).id.clone();
    let nodes = framed.nodes.iter().enumerate();
    let nodes = nodes.map(|(k, n)| DrawnNode { id: id(k), x: mm(n.at.x), y: mm(n.at.y), r: mm(n.radius) });
    let flow = |k: usize| {
        let line = &framed.lines[k];
        let (mut points, mut breaks) = (Vec::new(), Vec::new());
        for part in &courses[k] {
            breaks.extend((!points.is_empty()).then_some(points.len()));
            points.extend(part.points().iter().map(|p| [mm(p.x), mm(p.y)]));
        }
        DrawnFlow { origin: id(line.origin), destination: id(line.destination), width: mm(line.width), points, breaks }
    };
    let reported = !framed.adds_up() || input.spec.detail == Detail::Flows;
    let flows = if reported { in_link_order(framed, flow) } else { Vec::new() };
    let labels = arrangement.labels.iter().filter_map(|label| {
        let Owner::Place(node) = label.owner else { return None };
        let Rect { x0, y0, x1, y1 } = label.bounds;
        Some(DrawnLabel { node: id(node), bounds: [mm(x0), mm(y0), mm(x1), mm(y1)] })
    });
    Drawn { nodes: nodes.collect(), flows, labels: labels.collect() }
}

/// Returns a flow as drawn, carried back to the Earth and on to the places that it joins: where one of them lies off the
/// map, the flow runs on to it. A flow between two panels has no way on the Earth of its own: it is a bow between its
/// places, wider with each flow before it that joins the same two.
fn on_earth(input: &MapInput<'_>, framed: &Framed, k: usize, pieces: &[Course]) -> MultiLineString<f64> {
    let line = &framed.lines[k];
    let (from, to) = (&framed.nodes[line.origin], &framed.nodes[line.destination]);
    let (start, end) = (input.atlas.place(from.place).at, input.atlas.place(to.place).at);
    if start == end {
        return MultiLineString(Vec::new());
    }
    let panel = &framed.panels[from.panel];
    let between: Vec<Coord<f64>> = if from.panel == to.panel {
        pieces.iter().flat_map(|c| c.points()).filter_map(|p| panel.unproject(*p)).collect()
    } else {
        let before = framed.lines[..k].iter().filter(|l| (l.origin, l.destination) == (line.origin, line.destination));
        bow(framed.main(), [start, end], BOW * (1.0 + before.count() as f64))
    };
    let way: Vec<Coord<f64>> = std::iter::once(start).chain(between).chain([end]).collect();
    if panel.projection().is_geographic() { cut_at_antimeridian(&way) } else { MultiLineString(vec![way.into()]) }
}

/// Returns positions along a bow, to the left of its way, that is this share of its length wide.
fn bow(panel: &Panel, [start, end]: [Coord<f64>; 2], share: f64) -> Vec<Coord<f64>> {
    let (Some(from), Some(to)) = (panel.to_page(start), panel.to_page(end)) else { return Vec::new() };
    let way = to - from;
    let middle = from.midpoint(to) + Vec2::new(way.y, -way.x) * (2.0 * share);
    let curve = QuadBez::new(from, middle, to);
    (1..BOW_STEPS).filter_map(|k| panel.unproject(curve.eval(k as f64 / BOW_STEPS as f64))).collect()
}

/// Splits a line of degrees where it jumps from one side of the antimeridian to the other (RFC 7946, section 3.1.9).
pub fn cut_at_antimeridian(way: &[Coord<f64>]) -> MultiLineString<f64> {
    let mut lines: Vec<Vec<Coord<f64>>> = vec![Vec::new()];
    for (k, &at) in way.iter().enumerate() {
        if let Some(last) = k.checked_sub(1).map(|j| way[j]).filter(|last| (at.x - last.x).abs() > 180.0) {
            let edge = if last.x > 0.0 { 180.0 } else { -180.0 };
            let run = at.x + 2.0 * edge - last.x;
            let part = if run == 0.0 { 0.0 } else { (edge - last.x) / run };
            let y = last.y + part * (at.y - last.y);
            lines.last_mut().expect("there is always a line").push(Coord { x: edge, y });
            lines.push(vec![Coord { x: -edge, y }]);
        }
        lines.last_mut().expect("there is always a line").push(at);
    }
    MultiLineString(lines.into_iter().map(LineString::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_where_they_cross_the_antimeridian() {
        let way = [Coord { x: 170.0, y: 0.0 }, Coord { x: -170.0, y: 10.0 }];
        let MultiLineString(lines) = cut_at_antimeridian(&way);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].0[1], Coord { x: 180.0, y: 5.0 });
        assert_eq!(lines[1].0[0], Coord { x: -180.0, y: 5.0 });
    }

    #[test]
    fn lines_elsewhere_stay_whole() {
        let way = [Coord { x: 10.0, y: 0.0 }, Coord { x: -10.0, y: 10.0 }];
        assert_eq!(cut_at_antimeridian(&way).0.len(), 1);
    }
}
