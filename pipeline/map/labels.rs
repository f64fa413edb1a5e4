//! Where words go: every label has candidate positions, and the choice keeps them off each other, off symbols and
//! inside the frame, and off flows where it can.
//!
//! After Christensen, Marks and Shieber (1995, doi 10.1145/212332.212334): greedy by importance, then repeated
//! improvement of one label at a time, and for a label without room the eviction of its neighbours to their second
//! best places. Deterministic: ties go to the earlier candidate.

use flowatlas_model::style::Color;
use kurbo::{Line, Point, Rect, Size, Vec2};
use rayon::prelude::*;

use crate::{
    leaders::{self, Anchor},
    occupancy::Occupancy,
};

/// How labels are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Around straight flows, which will make way for names: close to what they name.
    Draft,
    /// Around the flows as they are drawn: off them.
    Final,
}

impl Care {
    /// Returns the price of a box that lies wholly on flows.
    fn flow_price(self) -> f64 {
        match self {
            Care::Draft => 90.0,
            Care::Final => 280.0,
        }
    }

    /// Returns the price of standing nearer to the symbol of another place than to one's own. A draft does without:
    /// where names crowd close to their places the flows have more room (40 flows, eight seeds: quality 68 against 65).
    fn misread_price(self) -> Option<f64> {
        match self {
            Care::Draft => None,
            // More than a long leader.
            Care::Final => Some(60.0),
        }
    }

    /// Returns the price of leaving out the least important label; the most important costs ten times as much.
    fn drop_price(self) -> f64 {
        match self {
            Care::Draft => 60.0,
            Care::Final => 190.0,
        }
    }
}

/// Distance of words from the edge of the flow that they belong to, where there is room.
pub const NEAR: f64 = 1.8;
/// Price of a point of distance beyond that: words far from their flow are read as another's.
const REACH_PRICE: f64 = 2.2;
/// How many times as far the symbols of other places must be from a name as its own is, not to be taken for it.
pub const CLEARLY: f64 = 1.2;
/// Room in points between a name at the end of a leader and the symbol of another place.
const LED_ROOM: f64 = 5.0;
/// Mean ink under words from which on they look for room at the end of a leader.
const CROWDED: f64 = 0.1;
/// Distance in points within which the neighbours of a label without room make way for it.
const NEIGHBOURS: f64 = 45.0;
/// Room between two labels in points, where each is of one line and no style has larger words.
pub const LABEL_ROOM: f64 = 1.0;
/// Room between level words side by side, in heights of their boxes: words on one line with less are read as one name.
const BESIDE_ROOM: f64 = 0.45;
/// Room around words in several lines, in sizes of the words: more than between the lines, or two labels are read as one.
pub const LINES_ROOM: f64 = 0.6;
/// Sweeps of improvement before the search stops in any case.
const SWEEPS: usize = 30;

/// A position for a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The box of the words.
    pub bounds: Rect,
    /// How much worse this position is than the best one for a bare map.
    pub price: f64,
    /// Where one line of words runs aslant, along a flow; `None` for level lines that fill the box.
    pub slant: Option<Slant>,
    /// The thin line from what is named to words that stand apart from it.
    pub leader: Option<Line>,
    /// Room in points between these words and others, where they want more here than elsewhere.
    pub apart: f64,
}

/// A line of words along a flow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slant {
    /// Where the words begin, in the middle of the height of capitals.
    pub start: Point,
    /// Where they end.
    pub end: Point,
    /// Height of capitals in points.
    pub height: f64,
    /// Colour of words that stand on the flow itself, which then is no ink in their way; `None` beside it.
    pub on_flow: Option<Color>,
}

impl Candidate {
    /// Returns level words in this box.
    pub fn level(bounds: Rect, price: f64) -> Self {
        Candidate { bounds, price, slant: None, leader: None, apart: 0.0 }
    }

    /// Returns words along a flow.
    pub fn aslant(slant: Slant, price: f64) -> Self {
        let bounds = Rect::from_points(slant.start, slant.end).inset(slant.height / 2.0);
        Candidate { bounds, price, slant: Some(slant), leader: None, apart: 0.0 }
    }

    /// Returns boxes that together cover the words: the whole, or squares along a slanted line.
    fn parts(&self) -> impl Iterator<Item = Rect> {
        let (line, side) = self.slant.map_or(((Point::ZERO, Point::ZERO), 0.0), |s| ((s.start, s.end), s.height));
        let count = if side > 0.0 { ((line.1 - line.0).hypot() / side).ceil() as usize } else { 0 };
        let squares = (0..=count).map(move |k| {
            Rect::from_center_size(line.0.lerp(line.1, k as f64 / count.max(1) as f64), Size::new(side, side))
        });
        let whole = self.slant.is_none().then_some(self.bounds);
        whole.into_iter().chain(squares.filter(move |_| count > 0))
    }

    fn overlaps(&self, area: Rect) -> bool {
        overlap(self.bounds, area) && self.parts().any(|part| overlap(part, area))
    }

    /// Returns a box that nothing of the label with this room around it reaches out of.
    fn reach(&self, room: f64) -> Rect {
        let words = self.bounds.inset(room);
        self.leader.map_or(words, |line| words.union(Rect::from_points(line.p0, line.p1)))
    }

    /// Returns whether words stand on one line with others, too near to be told apart.
    fn reads_on_in(&self, other: &Candidate) -> bool {
        let height = self.bounds.height().min(other.bounds.height());
        let level = self.slant.is_none() && other.slant.is_none();
        let core = |bounds: Rect, room: f64| bounds.inset((room, -height / 4.0));
        level && overlap(core(self.bounds, BESIDE_ROOM * height), core(other.bounds, 0.0))
    }

    /// Returns whether words or leader would come nearer than `room` to those of another label.
    fn meets(&self, other: &Candidate, room: f64) -> bool {
        let room = room.max(self.apart).max(other.apart);
        // Most labels stand far from each other, and this is asked very often.
        let most = room.max(BESIDE_ROOM * self.bounds.height());
        if !overlap(self.reach(most), other.reach(room)) {
            return false;
        }
        let near =
            overlap(self.bounds.inset(room), other.bounds) && other.parts().any(|part| self.overlaps(part.inset(room)));
        let words = near || self.reads_on_in(other);
        let through = |leader: Option<Line>, words: &Candidate| {
            leader.is_some_and(|line| words.parts().any(|part| leaders::enters(line, part.inset(room))))
        };
        let crossed = self.leader.zip(other.leader).is_some_and(|(a, b)| leaders::cross(a, b));
        words || crossed || through(self.leader, other) || through(other.leader, self)
    }
}

/// A label looking for a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Positions, best first.
    pub candidates: Vec<Candidate>,
    /// Importance in [0, 1].
    pub importance: f64,
    /// Index of the symbol that the label may touch, its own.
    pub own_symbol: Option<usize>,
    /// Room in points between the label and others.
    pub room: f64,
    /// What a leader would start at; `None` for words that need none, such as those inside an area.
    pub anchor: Option<Anchor>,
}

/// What labels must respect.
pub struct Surroundings<'a> {
    /// Ink of flows and arrowheads.
    pub ink: &'a Occupancy,
    /// Labels stay inside.
    pub frame: Rect,
    /// Middle and radius of the symbols of all places.
    pub symbols: &'a [(Point, f64)],
    /// Middle and radius of the discs on flows.
    pub discs: &'a [(Point, f64)],
    /// Boxes that are taken.
    pub taken: &'a [Rect],
    /// How labels are placed.
    pub care: Care,
}

impl Surroundings<'_> {
    fn symbols_but(&self, own: Option<usize>) -> impl Iterator<Item = (Point, f64)> {
        self.symbols.iter().enumerate().filter(move |(k, _)| own != Some(*k)).map(|(_, symbol)| *symbol)
    }
}

/// Returns the chosen candidate of every request, or `None` where there is no room.
pub fn settle(requests: &[Request], around: &Surroundings<'_>) -> Vec<Option<usize>> {
    let mut search = Search::new(requests, around);
    search.start_greedy();
    for _ in 0..SWEEPS {
        if !search.improve() {
            break;
        }
    }
    search.chosen
}

/// Returns the labels with an anchor that would gain by a leader: those without room; of names also their neighbours, those under
/// flows, and those that are read with another symbol; first those without room, then the most important.
pub fn in_want(requests: &[Request], chosen: &[Option<usize>], around: &Surroundings<'_>) -> Vec<usize> {
    let lacks_room = |(request, choice): &(&Request, &Option<usize>)| choice.is_none() && request.own_symbol.is_some();
    let homeless: Vec<Point> =
        requests.iter().zip(chosen).filter(lacks_room).filter_map(|(r, _)| Some(r.anchor?.at)).collect();
    let gains = |k: &usize| {
        let (Some(anchor), Some(choice)) = (requests[*k].anchor, chosen[*k]) else {
            return requests[*k].anchor.is_some();
        };
        if requests[*k].own_symbol.is_none() {
            return false;
        }
        let makes_way = homeless.iter().any(|at| (*at - anchor.at).hypot() < NEIGHBOURS);
        let candidate = &requests[*k].candidates[choice];
        makes_way || covered(candidate, around.ink) > CROWDED || is_misread(candidate, &requests[*k], around)
    };
    let mut wanting: Vec<usize> = (0..requests.len()).filter(gains).collect();
    let rank = |k: usize| (chosen[k].is_some(), requests[k].importance);
    wanting.sort_by(|a, b| {
        let ((placed_a, weight_a), (placed_b, weight_b)) = (rank(*a), rank(*b));
        placed_a.cmp(&placed_b).then(weight_b.total_cmp(&weight_a)).then(a.cmp(b))
    });
    wanting
}

struct Search<'a> {
    requests: &'a [Request],
    /// Price of each candidate on its own; infinite where it may not stand.
    prices: Vec<Vec<f64>>,
    chosen: Vec<Option<usize>>,
    /// Requests from the most to the least important.
    order: Vec<usize>,
    /// Price of leaving out the least important one.
    drop_price: f64,
}

impl<'a> Search<'a> {
    fn new(requests: &'a [Request], around: &Surroundings<'_>) -> Self {
        let prices = requests.par_iter().map(|r| r.candidates.iter().map(|c| price(c, r, around)).collect()).collect();
        let mut order: Vec<usize> = (0..requests.len()).collect();
        order.sort_by(|a, b| requests[*b].importance.total_cmp(&requests[*a].importance).then(a.cmp(b)));
        let drop_price = around.care.drop_price();
        Search { requests, prices, chosen: vec![None; requests.len()], order, drop_price }
    }

    fn start_greedy(&mut self) {
        for k in 0..self.order.len() {
            let label = self.order[k];
            self.chosen[label] = self.best_free(label);
        }
    }

    /// Changes labels one at a time while that makes the whole cheaper; returns whether anything changed.
    fn improve(&mut self) -> bool {
        let mut changed = false;
        for k in 0..self.order.len() {
            let label = self.order[k];
            let best = self.best_free(label);
            if self.cost_of(label, best) + 1e-9 < self.cost_of(label, self.chosen[label]) {
                self.chosen[label] = best;
                changed = true;
            }
            changed |= self.evict_for(label);
        }
        changed
    }

    /// Tries every better candidate of a label with its neighbours sent elsewhere.
    fn evict_for(&mut self, label: usize) -> bool {
        let now = self.cost_of(label, self.chosen[label]);
        for candidate in 0..self.requests[label].candidates.len() {
            let wish = self.cost_of(label, Some(candidate));
            if wish >= now {
                continue;
            }
            let blockers: Vec<usize> = self.blockers(label, candidate).collect();
            let before = self.chosen.clone();
            let old: f64 = now + blockers.iter().map(|b| self.cost_of(*b, self.chosen[*b])).sum::<f64>();
            for b in &blockers {
                self.chosen[*b] = None;
            }
            self.chosen[label] = Some(candidate);
            let mut new = wish;
            for b in &blockers {
                self.chosen[*b] = self.best_free(*b);
                new += self.cost_of(*b, self.chosen[*b]);
            }
            if new + 1e-9 < old {
                return true;
            }
            self.chosen = before;
        }
        false
    }

    fn cost_of(&self, label: usize, choice: Option<usize>) -> f64 {
        match choice {
            Some(k) => self.prices[label][k],
            None => self.drop_price * (1.0 + 9.0 * self.requests[label].importance),
        }
    }

    fn best_free(&self, label: usize) -> Option<usize> {
        let dropped = self.cost_of(label, None);
        let mut best: Option<(f64, usize)> = None;
        for (k, price) in self.prices[label].iter().enumerate() {
            let better = best.is_none_or(|(b, _)| *price < b);
            if better && *price < dropped && self.blockers(label, k).next().is_none() {
                best = Some((*price, k));
            }
        }
        best.map(|(_, k)| k)
    }

    /// Returns the labels in the way of a candidate.
    fn blockers(&self, label: usize, candidate: usize) -> impl Iterator<Item = usize> {
        let own = &self.requests[label];
        let here = &own.candidates[candidate];
        let stands_in = move |(other, choice): (usize, &Option<usize>)| {
            let request = &self.requests[other];
            let there = &request.candidates[(*choice)?];
            (other != label && here.meets(there, own.room.max(request.room))).then_some(other)
        };
        self.chosen.iter().enumerate().filter_map(stands_in)
    }
}

fn price(candidate: &Candidate, request: &Request, around: &Surroundings<'_>) -> f64 {
    let inside = around.frame.contains_rect(candidate.bounds);
    let on_symbol = |(at, radius): (Point, f64)| candidate.parts().any(|part| distance(part, at) < radius + 0.5);
    let in_the_way = || around.symbols_but(request.own_symbol).chain(around.discs.iter().copied());
    let taken = around.taken.iter().any(|t| candidate.overlaps(*t));
    if !inside || taken || in_the_way().any(on_symbol) {
        return f64::INFINITY;
    }
    let leader = candidate.leader.map_or(0.0, |line| leaders::price(line, around.ink, in_the_way(), around.taken));
    let misread = around.care.misread_price().filter(|_| is_misread(candidate, request, around)).unwrap_or(0.0);
    candidate.price + leader + misread + around.care.flow_price() * covered(candidate, around.ink)
}

/// Tells whether words would be read with the symbol of another place: a name does not stand clearly nearer to its own, or words
/// stand close to the other at the end of a leader.
fn is_misread(candidate: &Candidate, request: &Request, around: &Surroundings<'_>) -> bool {
    let gap = |(at, radius): (Point, f64)| distance(candidate.bounds, at) - radius;
    let room = match (request.anchor.filter(|_| request.own_symbol.is_some()), candidate.leader) {
        (_, Some(_)) => LED_ROOM,
        (Some(anchor), None) => CLEARLY * gap((anchor.at, anchor.radius)),
        (None, None) => return false,
    };
    around.symbols_but(request.own_symbol).any(|symbol| gap(symbol) < room)
}

/// Returns the mean ink under words; their own flow is none in their way.
fn covered(candidate: &Candidate, ink: &Occupancy) -> f64 {
    if candidate.slant.is_some_and(|s| s.on_flow.is_some()) {
        return 0.0;
    }
    let (parts, sum) = candidate.parts().fold((0.0, 0.0), |(n, sum), part| (n + 1.0, sum + ink.covered(part)));
    sum / parts
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

/// Returns the distance of a point from a box; 0 within it.
pub fn distance(bounds: Rect, at: Point) -> f64 {
    let nearest = Point::new(at.x.clamp(bounds.x0, bounds.x1), at.y.clamp(bounds.y0, bounds.y1));
    (at - nearest).hypot()
}

/// Returns the candidates around a symbol: eight sides, near, further and furthest.
pub fn around_symbol(at: Point, radius: f64, size: Size, gap: f64) -> Vec<Candidate> {
    // Direction of the label, its price: right before left, above before below, sides before top and bottom.
    const SIDES: [(f64, f64, f64); 8] = [
        (1.0, 0.0, 0.0),
        (0.75, -0.75, 1.0),
        (0.75, 0.75, 2.0),
        (-1.0, 0.0, 2.5),
        (-0.75, -0.75, 3.0),
        (0.0, -1.0, 3.5),
        (-0.75, 0.75, 4.0),
        (0.0, 1.0, 4.0),
    ];
    let mut out = Vec::with_capacity(24);
    for (ring, extra) in [(1.0, 0.0), (2.4, 9.0), (4.2, 18.0)] {
        for (dx, dy, price) in SIDES {
            let way = Vec2::new(dx, dy) * (radius + gap * ring);
            // The box hangs off the end of the way: wholly beside it, or centred above and below.
            let aside: f64 = if dx == 0.0 { 0.0 } else { f64::signum(dx) };
            let centre = at + way + Vec2::new(aside * size.width / 2.0, dy * size.height / 2.0);
            out.push(Candidate::level(Rect::from_center_size(centre, size), price + extra));
        }
    }
    out
}

/// Returns the candidates beside a line at these positions and directions: both sides, near and further.
pub fn beside_line(spots: &[(Point, Vec2, f64)], half_width: f64, size: Size) -> Vec<Candidate> {
    let mut out = Vec::new();
    for (at, direction, price) in spots {
        for (side, reach) in [(1.0, NEAR), (-1.0, NEAR), (1.0, 7.0), (-1.0, 7.0), (1.0, 14.0), (-1.0, 14.0)] {
            let normal = Vec2::new(direction.y, -direction.x) * side;
            // The box touches the line where the normal leaves it, whatever the direction.
            let support = (normal.x.abs() * size.width + normal.y.abs() * size.height) / 2.0;
            let centre = *at + normal * (half_width + reach + support);
            let bounds = Rect::from_center_size(centre, size);
            out.push(Candidate::level(bounds, price + (reach - NEAR) * REACH_PRICE));
        }
    }
    out
}

/// Share of a name that may lie outside the area that it names.
pub const HARDLY_OUTSIDE: f64 = 0.34;
/// The same where all but the middle of the name may.
pub const MOSTLY_OUTSIDE: f64 = 0.86;

/// Returns the candidates inside an area, a grid over it, the middle first: no more than the share `most` of them may
/// lie outside.
pub fn inside_area(ring: &[Point], size: Size, most: f64) -> Vec<Candidate> {
    const GRID: usize = 14;
    let Some(bounds) = ring.iter().map(|p| Rect::from_points(*p, *p)).reduce(|a, b| a.union(b)) else {
        return Vec::new();
    };
    let reach = libm::hypot(bounds.width(), bounds.height()).max(1.0);
    let mut out = Vec::new();
    for row in 1..GRID {
        for column in 1..GRID {
            let at = Point::new(
                bounds.x0 + bounds.width() * column as f64 / GRID as f64,
                bounds.y0 + bounds.height() * row as f64 / GRID as f64,
            );
            let spot = Rect::from_center_size(at, size);
            let outside = share_outside(ring, spot);
            if outside <= most {
                let off_middle = (at - bounds.center()).hypot() / reach;
                out.push(Candidate::level(spot, 20.0 * off_middle + 40.0 * outside));
            }
        }
    }
    out
}

fn share_outside(ring: &[Point], spot: Rect) -> f64 {
    let probes = [
        spot.center(),
        (spot.x0, spot.y0).into(),
        (spot.x1, spot.y0).into(),
        (spot.x0, spot.y1).into(),
        (spot.x1, spot.y1).into(),
        (spot.x0, spot.center().y).into(),
        (spot.x1, spot.center().y).into(),
    ];
    let outside = probes.iter().filter(|p| !contains(ring, **p)).count();
    outside as f64 / probes.len() as f64
}

/// Returns true where the point lies inside the ring (even-odd rule).
pub fn contains(ring: &[Point], at: Point) -> bool {
    let mut inside = false;
    let mut from = match ring.last() {
        Some(p) => *p,
        None => return false,
    };
    for &to in ring {
        if (from.y > at.y) != (to.y > at.y) && at.x < from.x + (at.y - from.y) / (to.y - from.y) * (to.x - from.x) {
            inside = !inside;
        }
        from = to;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Rect = Rect::new(0.0, 0.0, 200.0, 100.0);
    const SIZE: Size = Size::new(40.0, 8.0);

    fn bare() -> Occupancy {
        let mut ink = Occupancy::over(FRAME);
        ink.seal();
        ink
    }

    fn request(at: Point, importance: f64, own: usize) -> Request {
        Request {
            candidates: around_symbol(at, 3.0, SIZE, 2.0),
            importance,
            own_symbol: Some(own),
            room: LABEL_ROOM,
            anchor: None,
        }
    }

    fn settle_places(places: &[Point]) -> (Vec<Request>, Vec<Option<usize>>) {
        let symbols: Vec<(Point, f64)> = places.iter().map(|p| (*p, 3.0)).collect();
        let requests: Vec<Request> =
            places.iter().enumerate().map(|(k, p)| request(*p, 1.0 - k as f64 / 100.0, k)).collect();
        let ink = bare();
        let around =
            Surroundings { ink: &ink, frame: FRAME, symbols: &symbols, discs: &[], taken: &[], care: Care::Final };
        let chosen = settle(&requests, &around);
        (requests, chosen)
    }

    fn boxes(requests: &[Request], chosen: &[Option<usize>]) -> Vec<Rect> {
        requests.iter().zip(chosen).filter_map(|(r, c)| c.map(|k| r.candidates[k].bounds)).collect()
    }

    #[test]
    fn a_lonely_label_stands_to_the_right() {
        let (requests, chosen) = settle_places(&[Point::new(50.0, 50.0)]);
        let bounds = boxes(&requests, &chosen)[0];
        assert!(bounds.x0 > 53.0 && (bounds.center().y - 50.0).abs() < 1e-9, "{bounds:?}");
    }

    #[test]
    fn labels_overlap_neither_each_other_nor_symbols_nor_the_frame() {
        let places: Vec<Point> =
            (0..24).map(|k| Point::new(8.0 + f64::from(k % 6) * 36.0, 8.0 + f64::from(k / 6) * 27.0)).collect();
        let (requests, chosen) = settle_places(&places);
        let placed = boxes(&requests, &chosen);
        assert!(placed.len() > 12, "only {} of 24 placed", placed.len());
        for (k, a) in placed.iter().enumerate() {
            assert!(FRAME.contains_rect(*a));
            assert!(placed.iter().skip(k + 1).all(|b| !overlap(*a, *b)));
        }
        for (label, choice) in chosen.iter().enumerate() {
            let Some(choice) = choice else { continue };
            let bounds = requests[label].candidates[*choice].bounds;
            assert!(places.iter().enumerate().all(|(k, p)| k == label || distance(bounds, *p) >= 3.0));
        }
    }

    #[test]
    fn of_two_places_on_one_spot_the_more_important_takes_the_better_side() {
        let (requests, chosen) = settle_places(&[Point::new(50.0, 50.0), Point::new(50.0, 50.0)]);
        let placed = boxes(&requests, &chosen);
        assert_eq!(placed.len(), 2);
        assert!(placed[0].x0 > 50.0 && (placed[0].center().y - 50.0).abs() < 1e-9, "{placed:?}");
    }

    #[test]
    fn a_name_is_not_read_with_the_symbol_of_another_place() {
        let (own, other) = (Point::new(50.0, 50.0), Point::new(62.0 + SIZE.width, 50.0));
        let anchor = Some(Anchor { at: own, radius: 3.0 });
        let (ink, symbols) = (bare(), [(own, 3.0), (other, 3.0)]);
        let around =
            Surroundings { ink: &ink, frame: FRAME, symbols: &symbols, discs: &[], taken: &[], care: Care::Final };
        let mut request = Request { anchor, ..request(own, 1.0, 0) };
        // To the right, further off, the name ends at the other symbol.
        request.candidates = around_symbol(own, 3.0, SIZE, 2.0).split_off(8);
        let chosen = settle(&[request.clone()], &around);
        let bounds = boxes(&[request.clone()], &chosen)[0];
        assert!(distance(bounds, own) < distance(bounds, other), "{bounds:?}");
        request.candidates.truncate(1);
        assert!(is_misread(&request.candidates[0], &request, &around));
        assert_eq!(in_want(&[request], &[Some(0)], &around), [0], "it would gain by a leader");
    }

    #[test]
    fn words_keep_the_room_that_either_of_them_wants() {
        let (ink, room) = (bare(), 9.0);
        let around = Surroundings { ink: &ink, frame: FRAME, symbols: &[], discs: &[], taken: &[], care: Care::Final };
        let below = |gap: f64| Candidate::level(Rect::from_origin_size((20.0, 28.0 + gap), SIZE), gap);
        let words = |candidates: Vec<Candidate>, importance: f64, room: f64| Request {
            candidates,
            importance,
            own_symbol: None,
            room,
            anchor: None,
        };
        let first = Candidate::level(Rect::from_origin_size((20.0, 20.0), SIZE), 0.0);
        for rooms in [[room, LABEL_ROOM], [LABEL_ROOM, room], [LABEL_ROOM; 2]] {
            let requests = [
                words(vec![first], 1.0, rooms[0]),
                words((1..20).map(|k| below(f64::from(k))).collect(), 0.5, rooms[1]),
            ];
            let placed = boxes(&requests, &settle(&requests, &around));
            let gap = placed[1].y0 - placed[0].y1;
            assert_eq!(gap, rooms[0].max(rooms[1]), "for {rooms:?}");
        }
    }

    #[test]
    fn words_that_want_more_room_where_they_stand_have_it() {
        let first = Candidate { apart: 6.0, ..Candidate::level(Rect::from_origin_size((20.0, 20.0), SIZE), 0.0) };
        let below = |gap: f64| Candidate::level(Rect::from_origin_size((20.0, 28.0 + gap), SIZE), 0.0);
        let meets = |gap: f64| [first.meets(&below(gap), LABEL_ROOM), below(gap).meets(&first, LABEL_ROOM)];
        assert_eq!([meets(5.9), meets(6.1)], [[true; 2], [false; 2]]);
    }

    #[test]
    fn words_on_one_line_stand_apart_and_words_on_two_may_stand_closer() {
        let level = |x: f64, y: f64| Candidate::level(Rect::from_origin_size((x, y), SIZE), 0.0);
        let first = level(20.0, 20.0);
        let gap = BESIDE_ROOM * SIZE.height;
        for (aside, down, meets) in [
            (gap - 0.1, 0.0, true),
            (gap + 0.1, 0.0, false),
            (gap - 0.1, 3.0, true),
            (1.5, 5.0, false),
            (0.5, 5.0, true),
        ] {
            let other = level(20.0 + SIZE.width + aside, 20.0 + down);
            assert_eq!(first.meets(&other, LABEL_ROOM), meets, "{aside} {down}");
            assert_eq!(other.meets(&first, LABEL_ROOM), meets, "{aside} {down}, the other way round");
        }
    }

    #[test]
    fn labels_avoid_flows() {
        let mut ink = Occupancy::over(FRAME);
        ink.path(&kurbo::Shape::to_path(&Rect::new(52.0, 40.0, 120.0, 60.0), 0.1), 1.0);
        ink.seal();
        let requests = [request(Point::new(50.0, 50.0), 1.0, 0)];
        let symbols = [(Point::new(50.0, 50.0), 3.0)];
        let chosen = settle(
            &requests,
            &Surroundings { ink: &ink, frame: FRAME, symbols: &symbols, discs: &[], taken: &[], care: Care::Final },
        );
        let bounds = boxes(&requests, &chosen)[0];
        assert!(bounds.x1 < 50.0, "{bounds:?}");
    }
}
