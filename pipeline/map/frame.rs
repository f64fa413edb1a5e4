//! The first half of a map: where the frame, its panels and the places stand, how wide the flows are, and so the
//! planar problem that the layout solves.

use std::collections::{BTreeMap, BTreeSet};

use flowatlas_model::{
    Link, OdGraph, PlaceIndex, Region, WeightKind,
    planar::{PlanarCut, PlanarFlow, PlanarNode, PlanarProblem},
    units::Mm,
};
use geo::{BoundingRect, Contains, Coord, MultiPolygon, Point as GeoPoint};
use kurbo::{Point, Rect, Size, Vec2};
use rayon::prelude::*;

use crate::{
    arrange::Arranger,
    block::Block,
    choropleth::Shading,
    density::{MANY, Passing},
    error::Error,
    extent::main_view,
    furniture::{footer, header, margin, source_line},
    labels::Care,
    land::{Areas, Land, LandPainter, Lighting},
    locator::locators,
    look::{HUB_RADIUS, SPOKE_RADIUS},
    palette::Palette,
    panel::{Panel, PanelWish, View},
    placing::Found,
    ribbon::{Course, head_size},
    scale::{CircleScale, Way, WidthScale},
    spec::{Bend, Detail, Extent, FixedCourse, MapInput, SelfFlows},
    straight,
    text::Typesetter,
    track::{cut, whole},
    windows::panels,
    words::Words,
};

/// Room around the places of an automatic extent, as a share of the frame's smaller side.
const PADDING: f64 = 0.09;
/// Least and greatest height of an automatic frame as a share of its width.
const HEIGHTS: [f64; 2] = [0.5, 1.3];
/// Room between title, frame and notes in points.
pub const BLOCK_GAP: f64 = 7.0;
/// Least height of a frame in points.
pub const LEAST_FRAME: f64 = 60.0;
/// Room between the map and a legend beside it in points.
const ASIDE_GAP: f64 = 10.0;
/// How many times as large a map has to be on its page above its legend for that not to stand beside it.
const LARGER: f64 = 1.1;
/// Least height of a map above its legend, as a share of its width: a flatter one has no room for what else stands on it.
const FLATTEST: f64 = 0.5;
/// As [`FLATTEST`], for maps of the world, which are half as high as wide and leave room around the globe.
const FLATTEST_GLOBE: f64 = 0.3;
/// Greatest width of a legend beside the map as a share of the map's width.
const MOST_ASIDE: f64 = 0.5;
/// Room between a symbol and the ring around it in points.
const RING_GAP: f64 = 1.0;
/// Thin lines of another look in trunks up to which a legend need not tell how wide they make these.
const FEW_BESIDE: usize = 2;

/// What stands where a flow starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A circle.
    Circle,
    /// A ring: the one place that all flows start or end at.
    Ring,
    /// A soft area; flows end at its edge.
    Area,
    /// Nothing: the place lies off the map.
    Exit,
}

/// A place on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The place.
    pub place: PlaceIndex,
    /// The panel that shows it: 0 is the main one, windows follow.
    pub panel: usize,
    /// Its centre.
    pub at: Point,
    /// The radius of its symbol with the ring around it; 0 for areas and exits.
    pub radius: f64,
    /// Width of the ring that stands for flows within the place; 0 for none.
    pub ring: f64,
    /// Radii of the halves for out and in; `None` for a whole circle.
    pub halves: Option<[f64; 2]>,
    /// What is drawn.
    pub role: Role,
}

impl Node {
    /// Returns the radius of the symbol without the ring around it.
    pub fn inner_radius(&self) -> f64 {
        if self.ring > 0.0 { self.radius - self.ring - RING_GAP } else { self.radius }
    }
}

/// A flow on the page, before it has a course.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLine {
    /// Position of the link among the shown links.
    pub link: usize,
    /// Position of the origin among the nodes.
    pub origin: usize,
    /// Position of the destination among the nodes.
    pub destination: usize,
    /// Full width.
    pub width: f64,
    /// Width that it adds to a trunk: less than its own where it is drawn wider than what it carries.
    pub adds: f64,
    /// Pieces of its way where it leaves the map on one side and returns on the other; then it is not laid out.
    pub cut: Option<Vec<Vec<Point>>>,
}

/// Where a legend stands outside the map: its upper left corner.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aside {
    /// At the right, its parts below one another.
    Beside(Point),
    /// At the foot, its parts beside one another within a width.
    Beneath(Point, f64),
}

/// Room kept free for a legend at the right and at the foot of the map, in points.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    column: f64,
    strip: f64,
    /// Least height of the map on a page of no given height.
    least: f64,
}

/// A map before its flows have courses.
pub struct Framed {
    pub(crate) page: Size,
    pub(crate) header: (Block, Point),
    pub(crate) footer: (Block, Point),
    /// Where the legend stands if it found no empty place on the map.
    pub(crate) aside: Option<Aside>,
    pub(crate) panels: Vec<Panel>,
    pub(crate) lands: Vec<Land>,
    /// The locator in each of its sizes, the largest first; none where the map has none.
    pub(crate) locator: Vec<Block>,
    pub(crate) shading: Option<Shading>,
    /// Ids of the base map regions that the map is about.
    pub(crate) subject: Vec<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) lines: Vec<FlowLine>,
    pub(crate) widths: WidthScale,
    pub(crate) circles: CircleScale,
    pub(crate) set: Typesetter,
    /// Whether every flow has a course.
    pub(crate) holds_flows: bool,
    problem: PlanarProblem,
    adds_up: bool,
}

impl Framed {
    /// Returns the planar problem: the flows that have no fixed course, in order; none where the map holds no flow.
    pub fn problem(&self) -> &PlanarProblem {
        &self.problem
    }

    /// Returns the places whose flows are on one tree, and whether flows leave them: twice where flows leave and reach one.
    pub fn roots(&self) -> Vec<(PlaceIndex, bool)> {
        self.problem.roots().into_iter().map(|(root, out)| (self.nodes[root].place, out)).collect()
    }

    /// Returns the width in points that a flow takes in trunks at least, where a layout gives all at least `hair`: that of the thinnest
    /// line where flows lie beside the others of their trunk, but for a few.
    pub fn least_in_trunks(&self, hair: f64) -> f64 {
        let beside = self.lines.iter().filter(|line| self.widths.is_thinnest(line.width) && line.adds == line.width);
        if beside.count() > FEW_BESIDE { self.widths.width(None) } else { hair }
    }

    /// Returns width and height of the page in points.
    pub fn size(&self) -> Size {
        self.page
    }

    /// Tells whether the map adds up its flows, and draws none by itself.
    pub fn adds_up(&self) -> bool {
        self.adds_up
    }

    /// Finds the ways of all flows: what the layout works on, and, of flows that are added up, what files list nonetheless.
    fn hold_flows(&mut self, input: &MapInput<'_>) {
        if self.holds_flows {
            return;
        }
        let (panels, nodes) = (&self.panels, &self.nodes);
        self.lines.par_iter_mut().for_each(|line| line.cut = cut_of(input, (panels, nodes), line));
        self.problem.flows = planar_flows(input, (panels, nodes), (&self.lines, self.adds_up));
        self.problem.cut = planar_cuts(input, nodes, &self.lines);
        self.holds_flows = true;
    }

    /// Paints the base maps of all panels.
    fn paint_lands(&mut self, input: &MapInput<'_>) {
        let lighting = Lighting { subject: &self.subject, highlight: &input.spec.highlight };
        let own = input.atlas.places.iter().filter(|place| !input.spec.areas.contains(&place.id));
        let bordered: Vec<&MultiPolygon<f64>> = match input.has_borders() {
            true => own.filter_map(|place| place.area.as_ref()).collect(),
            false => Vec::new(),
        };
        let paint = |(k, panel): (usize, &Panel)| {
            let shaded = self.shading.as_ref().map_or_else(Vec::new, |shading| shading.areas(input, k));
            let areas = Areas { shaded, bordered: &bordered };
            let painter = LandPainter::new(panel, input.style);
            match panel.projection().is_geographic() {
                true => painter.paint(input.base_of(k), lighting, &areas),
                false => painter.paint_plane(&areas),
            }
        };
        self.lands = self.panels.iter().enumerate().map(paint).collect();
    }

    /// Tells of each flow line whether it starts or ends in a window.
    pub(crate) fn ends_in_windows(&self) -> Vec<bool> {
        let in_window =
            |node: usize| self.panels.iter().skip(1).any(|window| window.rect.contains(self.nodes[node].at));
        self.lines.iter().map(|line| in_window(line.origin) || in_window(line.destination)).collect()
    }

    /// Returns the main panel.
    pub(crate) fn main(&self) -> &Panel {
        &self.panels[0]
    }
}

/// Returns the map up to the planar problem.
///
/// # Errors
/// [`Error::NothingToShow`] without a place to draw, [`Error::PageTooSmall`] and [`Error::Projection`].
pub fn frame(input: &MapInput<'_>) -> Result<Framed, Error> {
    let mut framed = framed(input)?;
    if input.spec.detail != Detail::Picture {
        framed.hold_flows(input);
    }
    Ok(framed)
}

/// Checks, without laying out anything, what of the data may keep a map from being framed.
///
/// # Errors
/// [`Error::NothingToShow`] without a place to draw, [`Error::Projection`], and [`Error::NothingToShade`] or [`Error::SharedRegion`]
/// where areas cannot be shaded.
pub fn check(input: &MapInput<'_>) -> Result<(), Error> {
    main_view(input)?;
    Shading::of(input)?;
    Ok(())
}

/// Returns the positions of the links between places that lie off the map, beyond its frame or by its wish: lines along the edge or
/// across it would tell nothing of them.
///
/// # Errors
/// As [`frame`]; [`Error::NothingToShow`] where all places lie beyond.
pub fn beyond(input: &MapInput<'_>) -> Result<BTreeSet<usize>, Error> {
    if !matches!(input.spec.extent, Extent::Box(_)) && input.spec.exits.is_empty() {
        return Ok(BTreeSet::new());
    }
    let (_, _, _, nodes) = standing(input, &mut Typesetter::new(input.fonts), Kept::default())?;
    if nodes.iter().all(|node| node.role == Role::Exit) {
        return Err(Error::NothingToShow);
    }
    let exits = nodes.iter().filter(|node| node.role == Role::Exit);
    let off: BTreeSet<PlaceIndex> = exits.map(|node| node.place).collect();
    let links = input.shown.links().enumerate();
    Ok(links.filter(|(_, (from, to, _))| off.contains(from) && off.contains(to)).map(|(k, _)| k).collect())
}

/// Returns the map with room for its legend. Flows that are added up have no ways yet.
fn framed(input: &MapInput<'_>) -> Result<Framed, Error> {
    let mut framed = frame_within(input, Kept::default())?;
    framed.paint_lands(input);
    let Some(legend) = furnish(input, &mut framed).filter(|legend| legend.crowded) else { return Ok(framed) };
    let room = framed.main().rect.size() - legend.bounds.size();
    let must = room.width < 0.0 || room.height < 0.0;
    let beside = frame_beside_legend(input, &framed, (legend.bounds.size(), must))?;
    let beneath = frame_above_legend(input, &mut framed, must)?;
    // On pages of no given height the larger map takes the larger page.
    let largeness = |framed: &Framed| framed.main().scale() / framed.page.area().sqrt();
    let larger = match (beside, beneath) {
        (Some(beside), Some(beneath)) if largeness(&beneath) < LARGER * largeness(&beside) => Some(beside),
        (beside, beneath) => beneath.or(beside),
    };
    match larger {
        Some(mut larger) => {
            larger.paint_lands(input);
            furnish(input, &mut larger);
            Ok(larger)
        }
        None if must => {
            Err(Error::PageTooSmall { width: input.spec.width.0, height: Mm::from_pt(framed.page.height).0 })
        }
        None => Ok(framed),
    }
}

/// Returns the map with its legend at its right, where the legend is not too wide or too tall for that; one that `must` stand there may
/// leave the map smaller. On a page of no given height the map grows with it.
fn frame_beside_legend(
    input: &MapInput<'_>,
    framed: &Framed,
    (legend, must): (Size, bool),
) -> Result<Option<Framed>, Error> {
    let rect = framed.main().rect;
    let column = legend.width + input.style.text.grown(ASIDE_GAP);
    let tallest = if input.spec.height.is_some() { rect.height() } else { HEIGHTS[1] * (rect.width() - column) };
    let narrow = if must { rect.width() - column > LEAST_FRAME } else { legend.width < MOST_ASIDE * rect.width() };
    let fits = narrow && legend.height <= tallest;
    let kept = Kept { column, least: legend.height, ..Kept::default() };
    fits.then(|| frame_within(input, kept)).transpose()
}

/// Returns the map with its legend at its foot, where a given height leaves it tall enough, or tall at all where the legend `must` stand
/// there; without a given height the page grows.
fn frame_above_legend(input: &MapInput<'_>, framed: &mut Framed, must: bool) -> Result<Option<Framed>, Error> {
    let rect = framed.main().rect;
    let flattest = if framed.main().projection().is_world() { FLATTEST_GLOBE } else { FLATTEST };
    let least = if must { LEAST_FRAME } else { flattest * rect.width() };
    framed.aside = Some(Aside::Beneath(rect.origin(), rect.width()));
    // Outside the map neither courses nor labels matter to it, and what flows keep clear of stays as it is.
    let (palette, passing) = (palette_to_come(input, framed), passing_to_come(input, framed));
    let strip = draft(input, (&palette, &[]), passing.as_ref())
        .legend_alone(framed)
        .map(|legend| legend.bounds.height() + input.style.text.grown(ASIDE_GAP));
    framed.aside = None;
    let tall = |strip: &f64| input.spec.height.is_none() || rect.height() - strip >= least;
    let kept = strip.filter(tall).map(|strip| Kept { strip, ..Kept::default() });
    kept.map(|kept| frame_within(input, kept)).transpose()
}

type Standing = (PageLayout, Vec<Panel>, CircleScale, Vec<Node>);

/// Returns the page with its panels, and the places on them.
fn standing(input: &MapInput<'_>, set: &mut Typesetter, kept: Kept) -> Result<Standing, Error> {
    let view = main_view(input)?;
    let page = lay_page(input, &view, set, kept)?;
    let circles = CircleScale::for_places(input.atlas, input.circled, input.style, input.spec)
        .shared(input.scales().and_then(|scales| scales.circles));
    let padding = if matches!(input.spec.extent, Extent::Box(_)) { 0.0 } else { PADDING };
    let panels = panels(input, view.fit(page.3, padding), &circles)?;
    let nodes = nodes(input, &panels, &circles);
    Ok((page, panels, circles, nodes))
}

/// Returns the map with room kept free for the legend, without what stands on it and without land.
fn frame_within(input: &MapInput<'_>, kept: Kept) -> Result<Framed, Error> {
    let mut set = Typesetter::new(input.fonts);
    let ((page, header, footer, rect), panels, circles, mut nodes) = standing(input, &mut set, kept)?;
    let aside_gap = input.style.text.grown(ASIDE_GAP);
    let beside = (kept.column > 0.0).then(|| Aside::Beside(Point::new(rect.x1 + aside_gap, rect.y0)));
    let beneath = Aside::Beneath(Point::new(rect.x0, rect.y1 + aside_gap), rect.width());
    let aside = beside.or((kept.strip > 0.0).then_some(beneath));
    let (widths, lines) = lines(input, (&panels, &nodes));
    ring_places(input, &widths, &mut nodes);
    let subject = subject(input, &nodes);
    let shading = Shading::of(input)?;
    let locator = locators(input, &panels[0], &subject)?;
    let problem = PlanarProblem {
        flows: Vec::new(),
        cut: Vec::new(),
        nodes: nodes.iter().map(|n| PlanarNode { at: n.at, radius: n.radius }).collect(),
        obstacles: Vec::new(),
        frame: panels[0].rect,
        gap: input.style.flows.gap,
    };
    let mut framed = Framed {
        page,
        header,
        footer,
        aside,
        panels,
        lands: Vec::new(),
        locator,
        shading,
        subject,
        nodes,
        lines,
        widths,
        circles,
        set,
        holds_flows: false,
        problem,
        adds_up: adds_up(input),
    };
    if !framed.adds_up {
        framed.hold_flows(input);
    }
    Ok(framed)
}

/// Returns what every panel of the map is made for.
pub fn wish<'a>(input: &MapInput<'a>) -> PanelWish<'a> {
    let MapInput { spec, atlas, .. } = input;
    PanelWish { coordinates: atlas.coordinates, projection: &spec.projection, language: spec.language }
}

/// Returns the places that the shown flows join, or all where there are no flows, by their ids: the order of rows in
/// a file must not move anything on the page.
pub fn used_places(input: &MapInput<'_>) -> Vec<PlaceIndex> {
    let mut joined = input.joined();
    input.more_places().iter().for_each(|place| joined[place.index()] = true);
    let none = !joined.contains(&true);
    let mut used: Vec<PlaceIndex> = input.atlas.indices().filter(|place| none || joined[place.index()]).collect();
    used.sort_by(|a, b| input.atlas.place(*a).id.cmp(&input.atlas.place(*b).id));
    used
}

type PageLayout = (Size, (Block, Point), (Block, Point), Rect);

/// Returns the page, the blocks above and below with their corners, and the rectangle of the map between them.
fn lay_page(input: &MapInput<'_>, view: &View, set: &mut Typesetter, kept: Kept) -> Result<PageLayout, Error> {
    let MapInput { spec, style, .. } = input;
    let edge = if spec.part.is_some() { 0.0 } else { margin(style) };
    let width = spec.width.to_pt();
    // At least a point, so that a page that is too small can be told how high it would be.
    let room = (width - 2.0 * edge).max(1.0);
    let (header, footer) = match spec.part {
        Some(_) => (Block::default(), Block::default()),
        None => {
            (header(spec, style, set, room), footer(&foot_paragraphs(input, view.projection_name()), style, set, room))
        }
    };
    let block_gap = style.text.grown(BLOCK_GAP);
    let gap = |block: &Block| if block.items.is_empty() { 0.0 } else { block.size.height + block_gap };
    let (above, below) = (gap(&header), gap(&footer));
    let wide = (room - kept.column).max(1.0);
    let natural = (wide / view.aspect()).clamp(HEIGHTS[0] * wide, HEIGHTS[1] * wide).max(kept.least);
    let height = spec.height.map_or(above + natural + kept.strip + below + 2.0 * edge, Mm::to_pt);
    let rect = Rect::new(edge, edge + above, width - edge - kept.column, height - edge - below - kept.strip);
    if room < LEAST_FRAME || rect.height() < LEAST_FRAME {
        return Err(Error::PageTooSmall { width: spec.width.0, height: Mm::from_pt(height).0 });
    }
    let foot_at = Point::new(edge, rect.y1 + kept.strip + block_gap);
    Ok((Size::new(width, height), (header, Point::new(edge, edge)), (footer, foot_at), rect))
}

/// Returns notes, completeness, source and projection, a paragraph each.
pub(crate) fn foot_paragraphs(input: &MapInput<'_>, projection: &str) -> Vec<String> {
    let spec = input.spec;
    let words = Words::of(spec.language);
    let mut out = vec![spec.notes.join(" ")];
    let mut facts = vec![spec.layout_remark.clone(), completeness(input)];
    let self_links = spec.self_links.unwrap_or(input.all.self_flows.len());
    if self_links > 0 && spec.self_flows == SelfFlows::Count {
        facts.push(words.self_flows(self_links));
    }
    let unweighted = input.shown.links().filter(|(_, _, l)| l.weight.is_none()).count();
    if spec.weights == WeightKind::Measured && unweighted > 0 && unweighted < input.shown.graph.edge_count() {
        facts.push(words.without_weight(unweighted));
    }
    facts.push(projection.to_owned());
    out.push(facts.into_iter().filter(|f| !f.is_empty()).collect::<Vec<_>>().join(" "));
    out.push(source_line(spec, words));
    out
}

/// Returns the statement of how many of all flows are shown, and what share of the total; flows of 0 are of nobody and none of them.
pub fn completeness(input: &MapInput<'_>) -> String {
    let words = Words::of(input.spec.language);
    let [shown, of] = [input.shown, input.all].map(|graph| graph.graph.edge_count() - flows_of_zero(graph));
    match (input.shown.total(), input.all.total()) {
        (Some(part), Some(total)) if total > 0.0 => {
            let told = format!("{} {}", words.number(total), input.spec.unit);
            words.completeness(shown, of, part / total, told.trim())
        }
        _ => words.completeness_unweighted(shown, of),
    }
}

/// Returns how many flows between two places have the weight 0.
pub fn flows_of_zero(graph: &OdGraph) -> usize {
    graph.links().filter(|(_, _, link)| link.weight.is_some_and(|weight| weight <= 0.0)).count()
}

/// Returns the places of the map on these panels; one that no window shows is on the main one.
pub fn nodes(input: &MapInput<'_>, panels: &[Panel], circles: &CircleScale) -> Vec<Node> {
    let hub = input.hub();
    let used = used_places(input);
    // Without flows all places count as used, and none beyond the frame has an arrow towards it.
    let flowless = input.shown.graph.edge_count() == 0;
    let mut nodes: Vec<Node> = Vec::with_capacity(used.len());
    for place in used {
        let data = input.atlas.place(place);
        let panel = (1..panels.len()).find(|k| panels[*k].shows(data)).unwrap_or(0);
        let inside = panels[panel].shows(data);
        if !inside && flowless && !input.spec.exits.contains(&data.id) {
            continue;
        }
        let role = match data {
            p if input.spec.exits.contains(&p.id) || !inside => Role::Exit,
            p if input.spec.areas.contains(&p.id) && p.area.is_some() => Role::Area,
            _ if hub == Some(place) => Role::Ring,
            _ => Role::Circle,
        };
        let radius = match (role, input.spec.sizes.place_radius) {
            (Role::Area | Role::Exit, _) => 0.0,
            (_, Some(radius)) => radius.to_pt(),
            (Role::Ring, None) => HUB_RADIUS * input.style.places.radius_min,
            (Role::Circle, None) if hub.is_some() && input.spec.size.is_none() => {
                SPOKE_RADIUS * input.style.places.radius_min
            }
            (Role::Circle, None) => circles.radius(place),
        };
        let at = panels[panel].to_page(data.at).unwrap_or(panels[0].rect.center());
        let by_total = (hub.is_none() || input.spec.size.is_some())
            && role == Role::Circle
            && input.spec.sizes.place_radius.is_none();
        let halves = circles.halves(place).filter(|_| by_total);
        nodes.push(Node { place, panel, at, radius, ring: 0.0, halves, role });
    }
    bring_exits_in(input, panels[0].rect, &mut nodes);
    nodes
}

/// Moves places off the map onto its frame, to where the line from the other end of their largest flow with a place on it leaves it: a
/// flow that ends there is seen to go on, and nobody takes a position inside the map for theirs.
fn bring_exits_in(input: &MapInput<'_>, frame: Rect, nodes: &mut [Node]) {
    let edge = frame.inset(-input.style.page.frame_width / 2.0);
    for k in 0..nodes.len() {
        if nodes[k].role != Role::Exit {
            continue;
        }
        let from = other_end(input, nodes, k).unwrap_or(frame.center());
        nodes[k].at = way_out(edge, from, nodes[k].at);
    }
}

/// Returns where the line from a point, or from the point of the box nearest to it, through another leaves a box.
fn way_out(edge: Rect, from: Point, through: Point) -> Point {
    let from = Point::new(from.x.clamp(edge.x0, edge.x1), from.y.clamp(edge.y0, edge.y1));
    let way = through - from;
    let part = |d: f64, low: f64, high: f64| match d {
        d if d > 0.0 => high / d,
        d if d < 0.0 => low / d,
        _ => f64::INFINITY,
    };
    let share = part(way.x, edge.x0 - from.x, edge.x1 - from.x).min(part(way.y, edge.y0 - from.y, edge.y1 - from.y));
    if share.is_finite() { from + way * share } else { from }
}

/// Returns where the largest flow between a place off the map and one on it has its other end.
fn other_end(input: &MapInput<'_>, nodes: &[Node], k: usize) -> Option<Point> {
    let place = nodes[k].place;
    let weight = |l: &Link| l.weight.unwrap_or(0.0);
    let flows = input.shown.links().filter(|(o, d, _)| *o == place || *d == place);
    let ends = flows.filter_map(|(o, d, link)| {
        let other = if o == place { d } else { o };
        let on_map = nodes.iter().find(|node| node.place == other && node.role != Role::Exit)?;
        Some((weight(link), on_map.at))
    });
    ends.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
}

/// Returns the widths and the flow lines, by origin, destination and kind; none is cut as yet.
fn lines(input: &MapInput<'_>, (panels, nodes): (&[Panel], &[Node])) -> (WidthScale, Vec<FlowLine>) {
    let position: BTreeMap<PlaceIndex, usize> = nodes.iter().enumerate().map(|(k, n)| (n.place, k)).collect();
    let mut links: Vec<(usize, usize, usize, &Link)> =
        input.shown.links().enumerate().map(|(k, (o, d, link))| (position[&o], position[&d], k, link)).collect();
    links.par_sort_unstable_by(|a, b| (a.0, a.1, &a.3.kind, a.2).cmp(&(b.0, b.1, &b.3.kind, b.2)));
    let way = |(o, d, _, link): &(usize, usize, usize, &Link)| {
        let (from, to) = (&nodes[*o], &nodes[*d]);
        let length = (from.at - to.at).hypot();
        Way { ends: [*o.min(d), *o.max(d)], weight: link.weight, length, free: length - from.radius - to.radius }
    };
    let alike = alike_in_trunks(input, nodes, &links);
    let lines = |scale: &WidthScale| {
        let line = |(&(origin, destination, link, data), alike): (&(usize, usize, usize, &Link), &bool)| {
            let width = scale.width(data.weight);
            let adds = if *alike { scale.carried(data.weight) } else { width };
            FlowLine { link, origin, destination, width, adds, cut: None }
        };
        links.iter().zip(&alike).map(line).collect::<Vec<_>>()
    };
    let scale = WidthScale::for_flows(input.shown, input.style, input.spec);
    let scale = match (input.scales(), input.spec.sizes.flow_width) {
        (Some(shared), _) => scale.shared(shared.widths),
        (None, Some(_)) => scale,
        (None, None) => {
            let area = panels[0].rect.area();
            let scale = scale.within_budget(&links.iter().map(way).collect::<Vec<_>>(), area, input.spec);
            let trunk = if input.spec.trunks { widest_trunk(&lines(&scale)) } else { 0.0 };
            scale.within_trunk(trunk, (area, nodes.len()))
        }
    };
    let lines = lines(&scale);
    (scale, lines)
}

/// Tells of each flow whether it adds no more than what it carries to the trunk of its tree, however wide it is drawn alone: those that
/// look alike lie on each other there. Flows of another look lie beside them, as wide as they are alone, and so do all of a tree in which
/// flows run both ways.
fn alike_in_trunks(input: &MapInput<'_>, nodes: &[Node], links: &[(usize, usize, usize, &Link)]) -> Vec<bool> {
    let mut alike = vec![false; links.len()];
    if !input.spec.trunks || input.spec.groups.is_some() {
        return alike;
    }
    let flow = |&(origin, destination, ..): &(usize, usize, usize, &Link)| PlanarFlow::bare(origin, destination);
    let node = |node: &Node| PlanarNode { at: node.at, radius: node.radius };
    let problem = PlanarProblem {
        nodes: nodes.iter().map(node).collect(),
        flows: links.iter().map(flow).collect(),
        ..PlanarProblem::default()
    };
    for star in problem.stars() {
        let out = star.flows.iter().filter(|k| problem.leaves(&star, **k)).count();
        if out > 0 && out < star.flows.len() {
            continue;
        }
        let look = |k: usize| (&links[k].3.kind, input.spec.doubts(links[k].2));
        let mut counts = BTreeMap::new();
        star.flows.iter().for_each(|k| *counts.entry(look(*k)).or_insert(0_usize) += 1);
        let most = counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(look, _)| look);
        star.flows.iter().for_each(|k| alike[*k] = Some(look(*k)) == most);
    }
    alike
}

/// Returns the pieces of a flow's way where the edge of the map cuts it.
fn cut_of(input: &MapInput<'_>, (panels, nodes): (&[Panel], &[Node]), line: &FlowLine) -> Option<Vec<Vec<Point>>> {
    let ends = on_main(input, panels, [&nodes[line.origin], &nodes[line.destination]])?;
    cut(&panels[0], ends)
}

/// Returns the width of the flows that leave or reach one place together, where that is most.
fn widest_trunk(lines: &[FlowLine]) -> f64 {
    let mut sums: BTreeMap<(usize, bool), f64> = BTreeMap::new();
    for line in lines {
        for end in [(line.origin, true), (line.destination, false)] {
            *sums.entry(end).or_default() += line.adds;
        }
    }
    sums.into_values().fold(0.0, f64::max)
}

/// Puts a ring around every place that has flows within it, where the map asks for that.
fn ring_places(input: &MapInput<'_>, widths: &WidthScale, nodes: &mut [Node]) {
    if input.spec.self_flows == SelfFlows::Count {
        return;
    }
    for node in nodes.iter_mut().filter(|n| matches!(n.role, Role::Circle | Role::Ring)) {
        let within = input.shown.self_flows.iter().filter(|(place, _)| *place == node.place);
        let weights: Vec<f64> = within.filter_map(|(_, link)| link.weight).collect();
        if !weights.is_empty() {
            node.ring = widths.width(Some(weights.iter().sum()));
            node.radius += RING_GAP + node.ring;
        }
    }
}

/// Returns the control point of a flow whose course is fixed: a quadratic curve that runs as the cartographer wishes, unless that leads off
/// the map.
fn fixed_control(input: &MapInput<'_>, panels: &[Panel], line: &FlowLine, ends: (&Node, &Node)) -> Option<Point> {
    let (from, to) = ends;
    let id = |node: &Node| input.atlas.place(node.place).id.as_str();
    let is_kind =
        |wished: &str| input.shown.link(line.link).is_some_and(|(_, _, link)| link.kind.as_deref() == Some(wished));
    let wish = input
        .spec
        .courses
        .iter()
        .find(|c| c.origin == id(from) && c.destination == id(to) && c.kind.as_deref().is_none_or(is_kind))?;
    let middle = from.at.midpoint(to.at);
    let top = match wish.bend {
        Bend::Bow(share) => {
            let way = to.at - from.at;
            middle + Vec2::new(way.y, -way.x) * share
        }
        Bend::Through(at) => on_panel(&panels[from.panel], at)?,
    };
    // A quadratic curve passes half way between the middle of its ends and its control point.
    Some(middle + (top - middle) * 2.0)
}

/// Returns where a panel shows a position; nothing where it lies off it.
fn on_panel(panel: &Panel, [x, y]: [f64; 2]) -> Option<Point> {
    panel.to_page(Coord { x, y }).filter(|at| panel.rect.contains(*at))
}

/// Returns which of the courses that the map was given pass a position off the map, and so have no effect.
pub fn courses_off_map(input: &MapInput<'_>, panels: &[Panel]) -> Vec<usize> {
    let is_off = |course: &FixedCourse| match course.bend {
        Bend::Through(at) => panels.iter().all(|panel| on_panel(panel, at).is_none()),
        Bend::Bow(_) => false,
    };
    let courses = input.spec.courses.iter().enumerate();
    courses.filter(|(_, course)| is_off(course)).map(|(k, _)| k).collect()
}

/// Returns the positions in degrees of two places that the main panel shows.
pub(crate) fn on_main(input: &MapInput<'_>, panels: &[Panel], ends: [&Node; 2]) -> Option<[Coord<f64>; 2]> {
    let both = ends.iter().all(|n| n.panel == 0 && n.role != Role::Exit);
    (both && panels[0].projection().is_geographic()).then(|| ends.map(|n| input.atlas.place(n.place).at))
}

/// Tells whether flows are added up, being too many to be drawn one by one. On a page of several maps they never are: its one legend
/// tells of widths.
fn adds_up(input: &MapInput<'_>) -> bool {
    input.shown.graph.edge_count() > MANY && input.spec.part.is_none()
}

/// Returns the flows to be laid out. Where they are added up, none is led along the great circle: all are straight.
fn planar_flows(
    input: &MapInput<'_>,
    (panels, nodes): (&[Panel], &[Node]),
    (lines, adds_up): (&[FlowLine], bool),
) -> Vec<PlanarFlow> {
    let flow = |line: &FlowLine| {
        let (from, to) = (&nodes[line.origin], &nodes[line.destination]);
        let ends = on_main(input, panels, [from, to]).filter(|_| !adds_up);
        let guide = ends.map(|ends| whole(&panels[0], ends, [from.at, to.at])).unwrap_or_default();
        PlanarFlow { guide, control: fixed_control(input, panels, line, (from, to)), ..planar(input, nodes, line) }
    };
    lines.par_iter().filter(|line| line.cut.is_none()).map(flow).collect()
}

/// Returns the flows that the edge of the map cuts.
fn planar_cuts(input: &MapInput<'_>, nodes: &[Node], lines: &[FlowLine]) -> Vec<PlanarCut> {
    let cut = |line: &FlowLine| Some(PlanarCut { flow: planar(input, nodes, line), pieces: line.cut.clone()? });
    lines.par_iter().filter_map(cut).collect()
}

/// Returns a flow that may run anywhere.
fn planar(input: &MapInput<'_>, nodes: &[Node], line: &FlowLine) -> PlanarFlow {
    let length = (nodes[line.origin].at - nodes[line.destination].at).hypot();
    let (head_length, head_width) = head_size(&input.style.flows.arrow, line.width, length);
    PlanarFlow {
        origin: line.origin,
        destination: line.destination,
        width: line.width,
        adds: line.adds,
        head_length,
        head_width,
        guide: Vec::new(),
        control: None,
    }
}

/// Returns the regions that the map is about: those it names, else the countries in which its places lie.
fn subject(input: &MapInput<'_>, nodes: &[Node]) -> Vec<String> {
    if !input.spec.subject.is_empty() {
        return input.spec.subject.clone();
    }
    let places = nodes.iter().filter(|n| n.role != Role::Exit).map(|n| input.atlas.place(n.place).at);
    let points: Vec<GeoPoint> = places.map(GeoPoint::from).collect();
    let holds = |region: &&Region| {
        let bounds = region.shape.bounding_rect();
        bounds.is_some_and(|b| points.iter().any(|p| b.contains(p) && region.shape.contains(p)))
    };
    input.base.countries.iter().filter(holds).map(|c| c.id.clone()).collect()
}

/// Returns the colours that the map will have once it is laid out, so that its legend finds the room that it will need.
fn palette_to_come<'a>(input: &MapInput<'a>, framed: &Framed) -> Palette<'a> {
    let roots = if input.spec.trunks { framed.roots() } else { Vec::new() };
    Palette::of(input).for_trees(roots)
}

/// Places names, legend and furniture around straight flows, and makes them and the windows obstacles of the layout; returns the legend.
/// Where flows are added up there is no layout, and the legend alone is placed.
fn furnish(input: &MapInput<'_>, framed: &mut Framed) -> Option<Found> {
    let (straight, palette) = (straight::courses(input, framed), palette_to_come(input, framed));
    let passing = passing_to_come(input, framed);
    let draft = draft(input, (&palette, &straight), passing.as_ref());
    if framed.adds_up() {
        return draft.legend_alone(framed);
    }
    let arrangement = draft.arrange(framed);
    framed.problem.obstacles = arrangement.obstacles();
    framed.problem.obstacles.extend(framed.panels.iter().skip(1).map(|window| window.rect));
    arrangement.legend
}

/// Returns what tones will mean, where flows are added up.
pub(crate) fn passing_to_come(input: &MapInput<'_>, framed: &Framed) -> Option<Passing> {
    framed.adds_up().then(|| Passing::to_come(input))
}

/// Returns what arranges things before flows have courses.
fn draft<'a>(
    input: &'a MapInput<'a>,
    (palette, courses): (&'a Palette<'a>, &'a [Vec<Course>]),
    passing: Option<&'a Passing>,
) -> Arranger<'a> {
    Arranger { input, palette, courses, trees: &[], passing, care: Care::Draft }
}
