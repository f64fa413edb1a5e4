//! Magnified parts: which places crowd each other so much that they need a box of their own, and where on the map the
//! boxes stand that nobody placed by hand.

use std::collections::BTreeMap;

use flowatlas_model::PlaceIndex;
use geo::Coord;
use kurbo::{Line, Point, Rect, Size, Vec2};

use crate::{
    error::Error,
    frame::{Node, Role, nodes, wish},
    labels::distance,
    land::corners,
    leaders::cross,
    occupancy::Occupancy,
    panel::{Panel, View},
    scale::CircleScale,
    spec::MapInput,
};

/// Distance in points between places within which neither their names nor the ends of their flows have room.
const CROWDED: f64 = 9.0;
/// Distance in points between symbols within which no flow between them has room for its arrowhead, however far their middles are.
const TOUCHING: f64 = 4.0;
/// Fewest places that crowd each other for a box of their own.
const FEWEST: usize = 3;
/// Most boxes that a map finds by itself.
const MOST: usize = 3;
/// Least times that such a box magnifies: less is not worth the room that it takes.
const LEAST_MAGNIFIED: f64 = 3.0;
/// Longer side of a box as a share of the shorter side of the frame.
const SIZES: [f64; 6] = [0.6, 0.5, 0.42, 0.36, 0.3, 0.24];
/// Such a share that a larger one is only for crowds of many places.
const LARGE: f64 = 0.42;
/// Fewest places for a large box.
const MANY: usize = 7;
/// Most of the frame that a box takes, as a share of its area: only long frames have room for large ones.
const MOST_AREA: f64 = 0.18;
/// Least and greatest width of a box in heights.
const ASPECTS: [f64; 2] = [0.7, 1.5];
/// Room around the places in a box that the map finds by itself, for their names: a share of its smaller side.
const PADDING: f64 = 0.2;
/// The same in a window that the map was given: next to none, for places on the very edge of its extent to be in it.
const EDGE: f64 = 1e-3;
/// Distance of boxes from the frame and from each other in points.
const CORNER: f64 = 7.0;
/// Room between a box and the places outside in points: their symbols and a part of their names.
const CLEARANCE: f64 = 10.0;
/// Steps of the grid on which a box looks for room.
const GRID: usize = 16;
/// Price of a box that lies wholly on flows.
const ON_FLOWS: f64 = 100.0;
/// Price of a box whose edge is as far from what it shows as the frame is long.
const FAR: f64 = 60.0;
/// Price of a box in the middle of the map, which one in a corner does not have.
const OFF_EDGE: f64 = 12.0;
/// Price of a box without size, which one of the shorter side of the frame does not have.
const SMALL: f64 = 40.0;
/// Price of a crossing of straight flows that the box brings about.
const CROSSED: f64 = 3.0;
/// Price of a flow between the box and a place at its edge.
const SHORT: f64 = 20.0;
/// Distance in points between a box and a place from which on a flow between them has room.
const LEAST_WAY: f64 = 60.0;
/// Most flows that matter to where boxes stand.
const MOST_FLOWS: usize = 150;
/// Least extent in points of places that crowd each other: those on one spot no box can part.
const LEAST_SPREAD: f64 = 0.1;

/// Returns the panels of the map: the main one, the windows in their order, and where the map asks for it those that it
/// finds by itself, the one with the most places first.
///
/// # Errors
/// [`Error::Projection`] where the part that a window shows has none.
pub fn panels(input: &MapInput<'_>, main: Panel, circles: &CircleScale) -> Result<Vec<Panel>, Error> {
    let by_hand = input.spec.windows.iter().all(|window| window.place.is_some());
    let on_main = match by_hand && !input.spec.magnify {
        true => Vec::new(),
        false => nodes(input, std::slice::from_ref(&main), circles),
    };
    let subjects = subjects(input, &main, &on_main)?;
    if subjects.is_empty() {
        return Ok(vec![main]);
    }
    let spots = Ground::of(input, main.rect, (&on_main, &subjects)).place(&subjects);
    let fitting = subjects.into_iter().zip(spots).filter(|(subject, spot)| !subject.is_found() || spot.faults == 0);
    let windows = fitting.map(|(subject, Spot { rect, .. })| {
        let padding = if subject.is_found() { PADDING } else { EDGE };
        subject.view.fit(rect, padding)
    });
    Ok(std::iter::once(main).chain(windows).collect())
}

/// What a reader would look for in vain in a window that the map was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowFault {
    /// A place: the map shows none there.
    Empty,
    /// Where it belongs: what it shows lies off the main map, which marks it nowhere.
    Off,
    /// Both.
    EmptyAndOff,
}

/// Returns the windows that the map was given and that show no place or lie off the main map, by their position.
pub fn window_faults(input: &MapInput<'_>, (panels, nodes): (&[Panel], &[Node])) -> Vec<(usize, WindowFault)> {
    let fault = |k: usize| {
        let empty = !nodes.iter().any(|node| node.panel == k && node.role != Role::Exit);
        let off = seen(&panels[0], &panels[k]).is_none_or(|seen| seen.intersect(panels[0].rect).area() <= 0.0);
        match (empty, off) {
            (true, true) => Some(WindowFault::EmptyAndOff),
            (true, false) => Some(WindowFault::Empty),
            (false, true) => Some(WindowFault::Off),
            (false, false) => None,
        }
    };
    (0..input.spec.windows.len()).filter_map(|k| Some((k, fault(k + 1)?))).collect()
}

/// Returns the box around what a window shows, where that is on the main map.
pub fn seen(main: &Panel, window: &Panel) -> Option<Rect> {
    let corners = corners(window.rect).into_iter().filter_map(|p| main.to_page(window.unproject(p)?));
    corners.map(|p| Rect::from_points(p, p)).reduce(|a, b| a.union(b))
}

/// What a window shows, before it has a box.
struct Subject {
    view: View,
    /// That on the main map.
    seen: Rect,
    /// Left, top, width and height of its box as shares of the frame, where it was placed by hand.
    by_hand: Option<[f64; 4]>,
    /// How many places the map found there by itself; 0 for a window that it was given.
    found: usize,
}

impl Subject {
    fn is_found(&self) -> bool {
        self.found > 0
    }

    /// Tells whether a box of this size magnifies enough.
    fn fits(&self, size: Size) -> bool {
        let inner = size.width.min(size.height) * (1.0 - 2.0 * PADDING);
        !self.is_found() || inner >= LEAST_MAGNIFIED * self.seen.width().max(self.seen.height())
    }

    /// Returns the shares of the shorter side of the frame that the longer side of its box may have.
    fn shares(&self) -> impl Iterator<Item = f64> {
        let many = self.found >= MANY;
        SIZES.into_iter().filter(move |share| many || *share <= LARGE)
    }
}

/// Returns what the windows show that the map is given, and those that it finds.
fn subjects(input: &MapInput<'_>, main: &Panel, on_main: &[Node]) -> Result<Vec<Subject>, Error> {
    let mut subjects = Vec::new();
    for window in &input.spec.windows {
        let view = View::of_box(window.extent, &wish(input))?;
        let seen = view.seen_on(main).unwrap_or(main.rect);
        subjects.push(Subject { view, seen, by_hand: window.place, found: 0 });
    }
    if input.spec.magnify {
        let given: Vec<Rect> = subjects.iter().map(|subject| subject.seen).collect();
        for crowd in crowds(on_main, &given, main.rect) {
            let positions: Vec<Coord<f64>> = crowd.iter().map(|k| input.atlas.place(on_main[*k].place).at).collect();
            let view = View::around(&positions, &wish(input))?;
            subjects.push(Subject { view, seen: bounds(&crowd, on_main), by_hand: None, found: crowd.len() });
        }
    }
    Ok(subjects)
}

/// Returns a part of the frame: left, top, width and height as shares of it.
fn part_of(frame: Rect, [left, top, width, height]: [f64; 4]) -> Rect {
    let corner = frame.origin() + Vec2::new(left * frame.width(), top * frame.height());
    Rect::from_origin_size(corner, (width * frame.width(), height * frame.height()))
}

/// Returns the positions among the nodes of places that crowd each other, the largest crowd first; those beyond the
/// frame, soft areas and what a window shows already are none.
fn crowds(nodes: &[Node], shown: &[Rect], frame: Rect) -> Vec<Vec<usize>> {
    let counts = |node: &Node| {
        matches!(node.role, Role::Circle | Role::Ring)
            && frame.contains(node.at)
            && !shown.iter().any(|area| area.contains(node.at))
    };
    let mut by_x: Vec<usize> = (0..nodes.len()).filter(|k| counts(&nodes[*k])).collect();
    let widest = by_x.iter().map(|k| nodes[*k].radius).fold(0.0, f64::max);
    by_x.sort_by(|a, b| nodes[*a].at.x.total_cmp(&nodes[*b].at.x).then(a.cmp(b)));
    let mut crowds: Vec<Vec<usize>> = Vec::new();
    let mut met = vec![false; by_x.len()];
    for first in 0..by_x.len() {
        let mut crowd = Vec::new();
        let mut to_visit = vec![first];
        while let Some(k) = to_visit.pop() {
            if std::mem::replace(&mut met[k], true) {
                continue;
            }
            crowd.push(by_x[k]);
            let here = &nodes[by_x[k]];
            let there = |other: &usize| &nodes[by_x[*other]];
            let farthest = CROWDED.max(here.radius + widest + TOUCHING);
            let reaches = |other: &usize| (there(other).at.x - here.at.x).abs() <= farthest;
            let (before, after) = ((0..k).rev().take_while(reaches), (k + 1..by_x.len()).take_while(reaches));
            to_visit.extend(before.chain(after).filter(|other| crowd_each_other(here, there(other))));
        }
        let spread = bounds(&crowd, nodes);
        if crowd.len() >= FEWEST && spread.width().max(spread.height()) >= LEAST_SPREAD {
            crowd.sort_unstable();
            crowds.push(crowd);
        }
    }
    crowds.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    crowds.truncate(MOST);
    crowds
}

/// Tells whether two places are too near to each other for names and flows, or their symbols nearly touch.
fn crowd_each_other(a: &Node, b: &Node) -> bool {
    (a.at - b.at).hypot() <= CROWDED.max(a.radius + b.radius + TOUCHING)
}

/// Returns the box around the places of a crowd.
fn bounds(crowd: &[usize], nodes: &[Node]) -> Rect {
    let spots = crowd.iter().map(|k| Rect::from_points(nodes[*k].at, nodes[*k].at));
    spots.reduce(|a, b| a.union(b)).unwrap_or(Rect::ZERO)
}

/// The main map, with what boxes must not cover.
struct Ground {
    frame: Rect,
    /// Room between boxes, and between them and the frame.
    corner: f64,
    /// Straight flows between the places that stay on the main map.
    ink: Occupancy,
    /// Those places.
    places: Vec<Point>,
    /// The ends of flows.
    links: Vec<[End; 2]>,
    /// Boxes that stand, by window.
    spots: Vec<Option<Spot>>,
}

/// Where a flow ends.
#[derive(Clone, Copy)]
enum End {
    /// On the main map.
    At(Point),
    /// In this window.
    In(usize),
}

/// Where a box may stand.
struct Spot {
    rect: Rect,
    /// Places, other boxes and the magnified places that it would cover, and 1 where it is too small, 1 where too large.
    faults: usize,
    price: f64,
}

impl Ground {
    fn of(input: &MapInput<'_>, frame: Rect, (nodes, subjects): (&[Node], &[Subject])) -> Self {
        let end = |node: &Node| {
            let window = subjects.iter().position(|subject| subject.seen.inset(0.1).contains(node.at));
            window.map_or(End::At(node.at), End::In)
        };
        let ends: BTreeMap<PlaceIndex, End> = nodes.iter().map(|node| (node.place, end(node))).collect();
        let links = links(input, &ends);
        let mut ink = Occupancy::over(frame);
        for link in &links {
            if let [End::At(from), End::At(to)] = *link {
                let steps = (to - from).hypot().ceil().max(1.0);
                (0..=steps as usize).for_each(|k| ink.disc(from.lerp(to, k as f64 / steps), 1.0, 1.0));
            }
        }
        ink.seal();
        let on_map = |end: &End| if let End::At(at) = end { Some(*at) } else { None };
        let (corner, places) = (input.style.text.grown(CORNER), ends.values().filter_map(on_map).collect());
        Ground { frame, corner, ink, places, links, spots: Vec::new() }
    }

    /// Returns where each window stands. Those that were not placed by hand are placed one after the other, twice: the
    /// first round does not know where the flows between them run.
    fn place(mut self, subjects: &[Subject]) -> Vec<Spot> {
        let frame = self.frame;
        let by_hand = |subject: &Subject| Some(Spot { rect: part_of(frame, subject.by_hand?), faults: 0, price: 0.0 });
        self.spots = subjects.iter().map(by_hand).collect();
        let free: Vec<usize> = (0..subjects.len()).filter(|k| self.spots[*k].is_none()).collect();
        for k in free.iter().chain(&free) {
            self.spots[*k] = None;
            self.spots[*k] = Some(self.best(*k, &subjects[*k]));
        }
        self.spots.into_iter().flatten().collect()
    }

    /// Returns the best spot for a window.
    fn best(&self, window: usize, subject: &Subject) -> Spot {
        let room = self.frame.inset(-self.corner);
        let (own, others) = self.ways(window);
        let shorter = self.frame.width().min(self.frame.height());
        let spots = subject.shares().flat_map(|share| {
            let aspect = subject.view.aspect().clamp(ASPECTS[0], ASPECTS[1]);
            let size = Size::new(aspect.min(1.0), 1.0 / aspect.max(1.0)) * (share * shorter);
            let free = room.size() - size;
            let unfit = usize::from(!subject.fits(size)) + usize::from(size.area() > MOST_AREA * self.frame.area());
            let part = |k: usize| k as f64 / GRID as f64;
            let grid = (0..=GRID).flat_map(move |row| (0..=GRID).map(move |column| (part(column), part(row))));
            let (own, others) = (&own, &others);
            grid.map(move |(x, y)| {
                let rect = Rect::from_origin_size(room.origin() + Vec2::new(free.width * x, free.height * y), size);
                let off_edge = OFF_EDGE * (x.min(1.0 - x) + y.min(1.0 - y));
                let price = self.price(rect, subject.seen) + flows_price(rect, own, others);
                let faults = self.covers(rect, subject.seen) + unfit;
                Spot { rect, faults, price: price + off_edge + SMALL * (1.0 - share) }
            })
        });
        let best = spots.min_by(|a, b| a.faults.cmp(&b.faults).then(a.price.total_cmp(&b.price)));
        best.unwrap_or(Spot { rect: room, faults: 1, price: 0.0 })
    }

    /// Returns where the flows of a window lead, and the other flows, as far as their ends stand.
    fn ways(&self, window: usize) -> (Vec<Point>, Vec<Line>) {
        let is_own = |end: &End| matches!(end, End::In(k) if *k == window);
        let spot = |end: &End| match end {
            End::At(at) => Some(*at),
            End::In(k) => self.spots[*k].as_ref().map(|spot| spot.rect.center()),
        };
        let (own, others): (Vec<&[End; 2]>, Vec<_>) = self.links.iter().partition(|link| link.iter().any(is_own));
        let leads = own.into_iter().flatten().filter(|end| !is_own(end)).filter_map(spot);
        let lines = others.into_iter().filter_map(|[from, to]| Some(Line::new(spot(from)?, spot(to)?)));
        (leads.collect(), lines.collect())
    }

    /// Returns how many places, other boxes and magnified places a box would cover.
    fn covers(&self, rect: Rect, seen: Rect) -> usize {
        let meets = |other: &Rect| rect.inset(self.corner).intersect(*other).area() > 0.0;
        let places = self.places.iter().filter(|at| rect.inset(CLEARANCE).contains(**at)).count();
        let boxes = self.spots.iter().flatten().filter(|spot| meets(&spot.rect)).count();
        places + boxes + usize::from(meets(&seen.inset(CLEARANCE)))
    }

    fn price(&self, rect: Rect, seen: Rect) -> f64 {
        let far = distance(rect, seen.center()) / self.frame.size().to_vec2().hypot();
        ON_FLOWS * self.ink.covered(rect) + FAR * far
    }
}

/// Returns the ends of the heaviest flows. None for the maps of small multiples and of a comparison: they differ in flows
/// and shall not in their windows.
fn links(input: &MapInput<'_>, ends: &BTreeMap<PlaceIndex, End>) -> Vec<[End; 2]> {
    if input.spec.part.is_some() {
        return Vec::new();
    }
    let known = input.shown.links().filter_map(|(from, to, link)| {
        // Ties go by ids: the order of rows in a file must not move anything on the page.
        let ids = [from, to].map(|place| &input.atlas.place(place).id);
        Some((link.weight.unwrap_or(0.0), ids, [*ends.get(&from)?, *ends.get(&to)?]))
    });
    let mut links: Vec<_> = known.collect();
    links.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    links.into_iter().map(|(_, _, ends)| ends).take(MOST_FLOWS).collect()
}

/// Returns the price of the flows of a window that stands here: they cross others, and short ones have no room.
fn flows_price(rect: Rect, to: &[Point], others: &[Line]) -> f64 {
    let crossings = |to: Point| others.iter().filter(|other| cross(Line::new(rect.center(), to), **other)).count();
    let short = |to: Point| f64::max(1.0 - distance(rect, to) / LEAST_WAY, 0.0);
    to.iter().map(|to| CROSSED * crossings(*to) as f64 + SHORT * short(*to)).sum()
}
