//! Where the legend, the scale bar and all words stand, once the courses of the flows are known.

use flowatlas_model::{Coordinates, Link, Region, WeightKind, scene::Item, style::Color};
use kurbo::{Point, Rect, Size, Vec2};

use crate::{
    along::{Bearer, along},
    block::LEADING,
    density::Passing,
    figure_legend::across,
    flows::{disc_centre, disc_radius},
    frame::{Aside, FlowLine, Framed, Node, Role},
    furniture::scale_bar,
    labels::{
        Candidate, Care, HARDLY_OUTSIDE, LABEL_ROOM, LINES_ROOM, MOSTLY_OUTSIDE, Request, Slant, Surroundings,
        around_symbol, beside_line, in_want, inside_area, settle,
    },
    land::LandPainter,
    leaders::{self, Anchor, led},
    legend::{Entries, LegendInput, legend, legend_parts},
    occupancy::Occupancy,
    palette::{Message, Paint, Palette},
    part::LegendAt,
    placing::{
        CLEARANCE, CROWDED, CROWDED_BAR, Found, Ground, LEGEND_GRID, LOCATOR_GRID, beside, crossings, emptiest,
        free_corner, uncovering,
    },
    reading::{Likeness, Rival, Rivals, Way},
    ribbon::{Course, Girth, head_size, ribbon},
    scale::WidthScale,
    spec::MapInput,
    straight,
    text::{Cut, Ink, Line, Type, Typesetter},
    trunks::{Tree, least_in_trunks},
    words::Words,
};

/// Weight of arrowheads against lines of flows when ink is counted.
const HEAD_WEIGHT: f32 = 2.0;
/// Weight of coasts and borders.
const BORDER_WEIGHT: f32 = 0.25;
/// Price of a level number where it could run along its flow.
const LEVEL_PRICE: f64 = 12.0;
/// Width, in widths of a numbered flow, from which another flow might be taken for it.
const RIVAL: f64 = 0.2;
/// The same from which it is as likely to be taken for it.
const ALIKE: f64 = 0.5;
/// Weight of shaded areas, which legends avoid and names do not mind.
const SHADE_WEIGHT: f32 = 0.1;
/// Room in points that a locator leaves at both sides of a symbol for its name, where there is room elsewhere.
const NAME_ROOM: f64 = 30.0;
/// Line length at which words on the map are wrapped, in sizes of the words of legends.
const ANNOTATION_WIDTH: f64 = 15.3;
/// The same of words beside a flow, which take less of the map in a block.
const REMARK_WIDTH: f64 = 10.0;
/// Room between the corner of a window and its title, in points.
const WINDOW_TITLE_INSET: f64 = 4.0;

/// Names on a map whose flows are added up.
const MOST_NAMES: usize = 200;

/// Labels that may look for room at the end of a leader: a map full of leaders is read no better.
const MOST_LEADERS: usize = 40;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A place, by its position among the nodes.
    Place(usize),
    /// A region of the base map, or a window, by the panel that shows it.
    Panel(usize),
    /// A flow, by its position among the flow lines: its number, or words beside it.
    Flow(usize),
}

/// Words that found a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// What they name.
    pub owner: Owner,
    /// Their box.
    pub bounds: Rect,
    /// The line from what they name, where they stand apart from it.
    pub leader: Option<kurbo::Line>,
    /// The lines, ready to draw.
    pub items: Vec<Item>,
}

/// Everything that stands on the map beside flows and places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrangement {
    /// Labels that found room.
    pub labels: Vec<Placed>,
    /// Names of places, regions and remarks that found none.
    pub dropped: Vec<String>,
    /// The legend.
    pub legend: Option<Found>,
    /// The scale bar.
    pub scale_bar: Option<Found>,
    /// The locator; `None` where the map has none or it would hide places wherever it stands.
    pub locator: Option<Found>,
}

impl Arrangement {
    /// Returns the boxes that flows should keep clear of.
    pub fn obstacles(&self) -> Vec<Rect> {
        let names = self.labels.iter().filter(|l| matches!(l.owner, Owner::Place(_))).map(|l| l.bounds);
        let blocks = [&self.legend, &self.scale_bar, &self.locator].into_iter().flatten().map(|found| found.bounds);
        names.chain(blocks).collect()
    }
}

/// Words looking for a place.
struct Wish {
    owner: Owner,
    name: String,
    lines: Vec<Line>,
    leading: f64,
    ink: Ink,
    request: Request,
}

/// Finds places for legend, scale bar and words.
pub struct Arranger<'a> {
    /// The map.
    pub input: &'a MapInput<'a>,
    /// Colours of flows.
    pub palette: &'a Palette<'a>,
    /// The courses of the flow lines, in pieces; where flows are added up, those of some.
    pub courses: &'a [Vec<Course>],
    /// How labels are placed.
    pub care: Care,
    /// The trees that the flow lines form.
    pub trees: &'a [Tree],
    /// What tones mean, where flows are added up.
    pub passing: Option<&'a Passing>,
}

impl Arranger<'_> {
    /// Returns the arrangement for these courses.
    pub fn arrange(&self, framed: &mut Framed) -> Arrangement {
        let mut set = std::mem::replace(&mut framed.set, Typesetter::new(&[]));
        let ink = self.ink(framed);
        let clearance = self.input.style.text.grown(CLEARANCE);
        let mut taken = window_boxes(framed);
        let legend = self.place_legend(framed, &mut set, &ink, &taken);
        taken.extend(legend.iter().map(|found| found.bounds.inset(clearance)));
        let locator = self.place_locator(framed, &ink, &taken);
        taken.extend(locator.iter().map(|found| found.bounds.inset(clearance)));
        let scale_bar = self.place_scale_bar(framed, &mut set, &ink, &taken);
        taken.extend(scale_bar.iter().map(|found| found.bounds.inset(clearance)));
        let (named, unnamed) = self.named(framed);
        let wishes = self.wishes(framed, &named, &mut set);
        framed.set = set;
        let symbols: Vec<(Point, f64)> = framed.nodes.iter().map(|n| (n.at, n.radius)).collect();
        let (discs, blocks) = (self.discs(framed), &taken[window_boxes(framed).len()..]);
        let frame = framed.main().rect.inset(-3.0);
        let around =
            Surroundings { ink: &ink, frame, symbols: &symbols, discs: &discs, taken: blocks, care: self.care };
        let (labels, mut dropped) = self.place_words(wishes, framed, &around);
        dropped.extend(unnamed.into_iter().map(|k| self.input.atlas.place(framed.nodes[k].place).name.clone()));
        let labels = labels.into_iter().map(|label| self.led(label)).collect();
        Arrangement { labels, dropped, legend, scale_bar, locator }
    }

    /// Returns the legend alone, where it would stand without labels.
    pub fn legend_alone(&self, framed: &mut Framed) -> Option<Found> {
        let mut set = std::mem::replace(&mut framed.set, Typesetter::new(&[]));
        let legend = self.place_legend(framed, &mut set, &self.ink(framed), &window_boxes(framed));
        framed.set = set;
        legend
    }

    /// Returns a label with its leader, where it has one, beneath the words.
    fn led(&self, mut label: Placed) -> Placed {
        let drawn = label.leader.map(|line| leaders::drawn(line, &self.input.style.text, self.beneath()));
        label.items.splice(0..0, drawn.into_iter().flatten());
        label
    }

    fn ink(&self, framed: &Framed) -> Occupancy {
        let mut ink = Occupancy::over(framed.main().rect);
        for (line, pieces) in framed.lines.iter().zip(self.courses).step_by(straight::telling(framed)) {
            for piece in pieces {
                for at in piece.samples((line.width / 2.0).max(0.8)) {
                    ink.disc(at, line.width / 2.0, 1.0);
                }
            }
            if let Some(drawn) =
                pieces.last().and_then(|c| ribbon(c, Girth::even(line.width), &self.input.style.flows.arrow))
            {
                ink.path(&drawn.head, HEAD_WEIGHT);
            }
        }
        for border in framed.lands.iter().flat_map(|l| &l.borders) {
            for at in Course::through(border.clone()).samples(1.0) {
                ink.disc(at, 0.0, BORDER_WEIGHT);
            }
        }
        ink.rings(&framed.lands[0].shaded, SHADE_WEIGHT);
        ink.seal();
        ink
    }

    /// Returns the discs of ranks on the flows.
    fn discs(&self, framed: &Framed) -> Vec<(Point, f64)> {
        if !matches!(framed.widths, WidthScale::Classes(_)) || self.passing.is_some() {
            return Vec::new();
        }
        let (lines, style) = (framed.lines.iter().zip(self.courses), self.input.style);
        lines.filter_map(|(l, p)| Some((disc_centre(p, l.width, style)?, disc_radius(style)))).collect()
    }

    /// Returns the width that a flow takes in trunks at least; nothing where there are none. Before they are laid out it is the largest
    /// possible, so that the legend finds the room that it may need.
    fn least_in_trunks(&self, framed: &Framed) -> Option<f64> {
        match self.care {
            Care::Draft => {
                let trunks = self.input.spec.trunks && !framed.problem().stars().is_empty();
                trunks.then(|| framed.widths.width(None))
            }
            Care::Final => least_in_trunks(framed, self.trees),
        }
    }

    fn place_legend(&self, framed: &Framed, set: &mut Typesetter, ink: &Occupancy, taken: &[Rect]) -> Option<Found> {
        let [smallest, largest] = drawn_range(self.input.shown.links().filter_map(|(_, _, link)| link.weight));
        // Where flows are added up, none of them looks otherwise.
        let each = self.passing.is_none();
        let input = LegendInput {
            spec: self.input.spec,
            style: self.input.style,
            atlas: self.input.atlas,
            widths: &framed.widths,
            smallest,
            largest,
            flows: draws_flows(self.input, framed),
            circles: varied_circles(self.input, framed).then(|| (&framed.circles, circle_range([framed]))),
            passing: self.passing,
            uncertain: self.palette.uncertain_looks(uncertain_widths(self.input, framed).filter(|_| each)),
            numberless: numberless(self.input, framed, self.palette).filter(|_| each),
            palette: self.palette,
            trunks: self.least_in_trunks(framed).filter(|_| each),
            rings: framed.nodes.iter().any(|n| n.ring > 0.0),
            shading: framed.shading.as_ref(),
        };
        let block = match framed.aside {
            Some(Aside::Beneath(_, width)) => across(legend_parts(&input, Entries::Stacked, set), width),
            _ => legend(&input, set),
        };
        let text = &self.input.style.text;
        let ground = Ground { framed, ink, courses: self.courses, taken, crowded: CROWDED, text, names: 0.0 };
        let elsewhere = self.input.spec.part.as_ref().is_some_and(|part| part.legend == LegendAt::Figure);
        let explains = !elsewhere && !block.items.is_empty();
        let found = explains.then(|| match framed.aside {
            Some(Aside::Beside(corner) | Aside::Beneath(corner, _)) => beside(block, corner),
            None => emptiest(block, LEGEND_GRID, &ground),
        });
        found.map(|found| self.haloed(found, ink))
    }

    /// Gives halos to those words of a block that stand on borders or flows.
    fn haloed(&self, mut block: Found, ink: &Occupancy) -> Found {
        halo_over(&mut block.items, (self.beneath(), self.input.style.text.halo), ink);
        block
    }

    fn place_scale_bar(&self, framed: &Framed, set: &mut Typesetter, ink: &Occupancy, taken: &[Rect]) -> Option<Found> {
        if self.input.shares_ground() {
            return None;
        }
        let words = Words::of(self.input.spec.language);
        let coordinates = self.input.atlas.coordinates;
        let block = scale_bar(framed.main(), coordinates, self.input.style, set, words)?;
        let text = &self.input.style.text;
        let found = free_corner(
            block,
            &Ground { framed, ink, courses: self.courses, taken, crowded: CROWDED_BAR, text, names: 0.0 },
        );
        found.map(|found| self.haloed(found, ink))
    }

    /// Returns the locator, where it hides no place and nothing that stands already; there may be no such place.
    fn place_locator(&self, framed: &Framed, ink: &Occupancy, taken: &[Rect]) -> Option<Found> {
        let text = &self.input.style.text;
        let names = text.grown(NAME_ROOM);
        let ground = Ground { framed, ink, courses: self.courses, taken, crowded: CROWDED, text, names };
        let sizes = framed.locator.iter();
        let found: Vec<Found> = sizes.filter_map(|block| uncovering(block.clone(), LOCATOR_GRID, &ground)).collect();
        // The largest, unless a smaller one hides fewer flows.
        found.into_iter().min_by_key(|found| crossings(self.courses, found.bounds))
    }

    /// Returns the words that found a place, and the names of those that found none.
    fn place_words(&self, wishes: Vec<Wish>, framed: &Framed, around: &Surroundings<'_>) -> (Vec<Placed>, Vec<String>) {
        let mut requests: Vec<Request> = Vec::with_capacity(wishes.len());
        let mut placed = Vec::new();
        let mut dropped = Vec::new();
        let mut named_regions = Vec::new();
        for wish in &wishes {
            let mut request = wish.request.clone();
            request.candidates.retain(|c| stays_in_its_panel(framed, wish.owner, c.bounds));
            requests.push(request);
        }
        let mut chosen = settle(&requests, around);
        let wanting = match around.care {
            Care::Draft => Vec::new(),
            Care::Final => in_want(&requests, &chosen, around),
        };
        for k in wanting.iter().take(MOST_LEADERS) {
            let led = self.at_leaders(&wishes[*k], framed);
            requests[*k].candidates.extend(led);
        }
        if !wanting.is_empty() {
            chosen = settle(&requests, around);
        }
        for ((wish, request), choice) in wishes.into_iter().zip(requests).zip(chosen) {
            let region = matches!(wish.owner, Owner::Panel(_));
            match choice {
                None => dropped.push((region, wish.name)),
                Some(choice) => {
                    named_regions.extend(region.then(|| wish.name.clone()));
                    placed.push(draw_words(wish, request.candidates[choice], framed));
                }
            }
        }
        // A region that a window shows again has its name on the map.
        dropped.retain(|(region, name)| !(*region && named_regions.contains(name)));
        (placed, dropped.into_iter().map(|(_, name)| name).collect())
    }

    /// Returns the positions of a label at the end of a leader. That of a number crosses no flow that the number could belong to, and
    /// none that is about as wide is nearer to the number than its own.
    fn at_leaders(&self, wish: &Wish, framed: &Framed) -> Vec<Candidate> {
        let Some(anchor) = wish.request.anchor else { return Vec::new() };
        let longer = self.input.style.text.grown(1.0);
        let led = led(anchor, block_size(&wish.lines, wish.leading), longer).into_iter();
        let mut led: Vec<Candidate> = led.filter(|c| stays_in_its_panel(framed, wish.owner, c.bounds)).collect();
        if let Owner::Flow(k) = wish.owner {
            let others = framed.lines.iter().zip(self.courses).enumerate().filter(|(other, _)| *other != k);
            let rivals: Vec<(f64, &Course)> = others
                .flat_map(|(_, (line, pieces))| pieces.iter().map(|piece| (line.width / framed.lines[k].width, piece)))
                .filter(|(likeness, _)| *likeness >= RIVAL)
                .collect();
            let away = |c: &Candidate, course: &Course| {
                let gaps = course.samples(2.0).into_iter().map(|p| (p - c.bounds.center()).hypot());
                gaps.fold(f64::INFINITY, f64::min)
            };
            let crosses = |leader: kurbo::Line, course: &Course| {
                course.points().windows(2).any(|step| leaders::cross(leader, kurbo::Line::new(step[0], step[1])))
            };
            led.retain(|c| {
                let own = self.courses[k].iter().map(|piece| away(c, piece)).fold(f64::INFINITY, f64::min);
                let could_own = |(likeness, rival): &(f64, &Course)| {
                    (*likeness >= ALIKE && away(c, rival) < own) || c.leader.is_some_and(|line| crosses(line, rival))
                };
                !rivals.iter().any(could_own)
            });
        }
        led
    }

    fn wishes(&self, framed: &Framed, named: &[usize], set: &mut Typesetter) -> Vec<Wish> {
        let mut wishes: Vec<Wish> = named.iter().map(|k| self.place_name(framed, *k, set)).collect();
        wishes.extend(self.numbers(framed, set));
        wishes.extend(self.annotations(framed, set));
        wishes.extend(self.window_titles(framed, set));
        wishes.extend(self.region_names(framed, set));
        wishes
    }

    /// Returns the places whose names look for room, and the others: there are some where flows are added up, and the largest are
    /// named. Of the places that a map has from others beside it, those without a flow are neither: one of the others names them.
    fn named(&self, framed: &Framed) -> (Vec<usize>, Vec<usize>) {
        let joined = self.input.shares_ground().then(|| self.input.joined());
        let flows = |node: &Node| joined.as_ref().is_none_or(|joined| joined[node.place.index()] || node.ring > 0.0);
        let own = |k: &usize| flows(&framed.nodes[*k]);
        let mut nodes: Vec<usize> = (0..framed.nodes.len()).filter(own).collect();
        if self.passing.is_none() {
            return (nodes, Vec::new());
        }
        let total = |k: &usize| framed.circles.total(framed.nodes[*k].place);
        nodes.sort_by(|a, b| total(b).total_cmp(&total(a)).then(a.cmp(b)));
        let others = nodes.split_off(MOST_NAMES.min(nodes.len()));
        (nodes, others)
    }

    /// Returns the width above which words on the map stand in several lines.
    fn annotation_width(&self) -> f64 {
        ANNOTATION_WIDTH * self.input.style.text.legend
    }

    /// Returns the titles of windows, for one of their corners.
    fn window_titles(&self, framed: &Framed, set: &mut Typesetter) -> Vec<Wish> {
        let text = &self.input.style.text;
        let windows = self.input.spec.windows.iter().zip(1..).filter(|(w, _)| !w.title.is_empty());
        windows
            .map(|(window, k)| {
                let panel = &framed.panels[k];
                let lines = set.wrap_balanced(&window.title, Type::bold(text.note), self.annotation_width());
                let size = block_size(&lines, text.note * LEADING);
                let inside = panel.rect.inset(-text.grown(WINDOW_TITLE_INSET));
                let free = inside.size() - size;
                let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].into_iter().enumerate();
                let candidates = corners.map(|(rank, (x, y))| {
                    let corner = inside.origin() + (free.width * x, free.height * y);
                    Candidate::level(Rect::from_origin_size(corner, size), 4.0 * rank as f64)
                });
                let request = Request {
                    candidates: candidates.collect(),
                    importance: 0.95,
                    own_symbol: None,
                    room: self.room(&lines, text.note),
                    anchor: None,
                };
                let (name, ink) = (window.title.clone(), self.halo(text.quiet));
                Wish { owner: Owner::Panel(k), name, lines, leading: text.note * LEADING, ink, request }
            })
            .collect()
    }

    /// Returns letters with a halo in the colour of what lies beneath.
    fn halo(&self, color: Color) -> Ink {
        Ink { color, halo: Some((self.beneath(), self.input.style.text.halo)) }
    }

    /// Returns the colour that words stand on: that of the land, or of the paper where there is none.
    fn beneath(&self) -> Color {
        let style = self.input.style;
        let on_land = self.input.atlas.coordinates == Coordinates::Geographic;
        if on_land { style.land.subject } else { style.page.background }
    }

    fn place_name(&self, framed: &Framed, k: usize, set: &mut Typesetter) -> Wish {
        let node = &framed.nodes[k];
        let text = &self.input.style.text;
        let name = self.input.atlas.place(node.place).name.clone();
        let share = match framed.circles.largest() {
            largest if largest > 0.0 => (framed.circles.total(node.place) / largest).sqrt().min(1.0),
            _ => 0.5,
        };
        let importance = if node.role == Role::Circle { share } else { share.max(0.9) };
        let size = text.place[0] + (text.place[1] - text.place[0]) * importance;
        let kind = if node.role == Role::Ring { Type::bold(size) } else { Type::regular(size) };
        let lines = set.wrap_balanced(&self.input.label(node.place), kind, self.annotation_width());
        let bounds = block_size(&lines, size * LEADING);
        let gap = 0.32 * size;
        let candidates = match node.role {
            Role::Area => self.area_candidates(framed, k, bounds),
            _ => around_symbol(node.at, node.radius, bounds, gap),
        };
        let anchor = (node.role != Role::Area).then_some(Anchor { at: node.at, radius: node.radius });
        let room = self.room(&lines, size);
        let request = Request { candidates, importance, own_symbol: Some(k), room, anchor };
        Wish { owner: Owner::Place(k), name, lines, leading: size * LEADING, ink: self.halo(text.color), request }
    }

    /// Returns the room between words in these lines and other labels, in points.
    fn room(&self, lines: &[Line], size: f64) -> f64 {
        let room = self.input.style.text.grown(LABEL_ROOM);
        if lines.len() > 1 { room.max(LINES_ROOM * size) } else { room }
    }

    fn area_candidates(&self, framed: &Framed, k: usize, size: Size) -> Vec<Candidate> {
        let node = &framed.nodes[k];
        let painter = LandPainter::new(&framed.panels[node.panel], self.input.style);
        let area = self.input.atlas.place(node.place).area.as_ref();
        let rings = area.map(|a| painter.rings(a)).unwrap_or_default();
        let mut inside = largest(&rings).map(|ring| inside_area(ring, size, HARDLY_OUTSIDE)).unwrap_or_default();
        inside.extend(
            around_symbol(node.at, 2.0, size, 4.0).into_iter().map(|c| Candidate { price: c.price + 25.0, ..c }),
        );
        inside
    }

    /// Returns the numbers of the largest flows.
    fn numbers(&self, framed: &Framed, set: &mut Typesetter) -> Vec<Wish> {
        let measured = matches!(framed.widths, WidthScale::Proportional { .. });
        let count = if measured && self.passing.is_none() { self.input.spec.values } else { 0 };
        if count == 0 {
            return Vec::new();
        }
        let links: Vec<&Link> = self.input.shown.links().map(|(_, _, l)| l).collect();
        let mut order: Vec<usize> =
            (0..framed.lines.len()).filter(|k| links[framed.lines[*k].link].weight.is_some()).collect();
        let weight = |k: usize| links[framed.lines[k].link].weight.unwrap_or(0.0);
        order.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        let lines = framed.lines.iter().zip(self.courses);
        let ways: Vec<Way> = lines.map(|(line, pieces)| Way::of(pieces, line.width)).collect();
        order.into_iter().take(count).map(|k| self.number((framed, &ways), k, weight(k), set)).collect()
    }

    /// Returns the number of a flow, along it where it fits, else beside it as any words; nowhere that it could be another's.
    fn number(&self, (framed, ways): (&Framed, &[Way]), k: usize, weight: f64, set: &mut Typesetter) -> Wish {
        let words = Words::of(self.input.spec.language).number(weight);
        let mut wish = self.beside(framed, k, &words, set);
        let rivals = self.rivals(framed, ways, k);
        let room = LINES_ROOM * self.input.style.text.legend;
        let (Some(course), [line]) = (self.courses[k].last(), wish.lines.as_slice()) else { return wish };
        let flow = &framed.lines[k];
        let (head, _) = head_size(&self.input.style.flows.arrow, flow.width, course.length());
        let alone = self.alone(k, course);
        let bearer =
            Bearer { course, width: flow.width, alone, head, letters: self.paint(framed, k).for_words_on_it() };
        let others: Vec<(&Course, f64)> = self
            .courses
            .iter()
            .zip(&framed.lines)
            .enumerate()
            .filter(|(other, _)| *other != k)
            .flat_map(|(_, (pieces, line))| pieces.iter().map(|piece| (piece, line.width / 2.0)))
            .collect();
        let is_beside = |c: &Candidate| !self.trees.is_empty() || self.is_beside(k, c.bounds.center());
        let level = wish.request.candidates.into_iter().filter(is_beside);
        let level = level.map(|c| Candidate { price: c.price + LEVEL_PRICE, ..c });
        let all = along(&bearer, line.capitals(), &others).into_iter().chain(level);
        wish.request.candidates = all.filter_map(|c| rivals.leave(c, (&ways[k], room))).collect();
        wish
    }

    /// Returns what a number beside a flow could belong to instead: other flows that are not much narrower, and places that the flow
    /// does not join.
    fn rivals<'w>(&self, framed: &Framed, ways: &'w [Way], k: usize) -> Rivals<'w> {
        let flow = &framed.lines[k];
        let pair = |other: &FlowLine| (other.origin, other.destination) == (flow.destination, flow.origin);
        let likeness = |other: &FlowLine| match other.width / flow.width {
            _ if other.link == flow.link => None,
            _ if pair(other) => Some(Likeness::Opposite),
            share if share >= ALIKE => Some(Likeness::Alike),
            share => (share >= RIVAL).then_some(Likeness::Narrow),
        };
        let rival = |(other, way): (&FlowLine, &'w Way)| Some(Rival { way, likeness: likeness(other)? });
        let flows = framed.lines.iter().zip(ways).filter_map(rival);
        let nodes = framed.nodes.iter().enumerate().filter(|(node, _)| ![flow.origin, flow.destination].contains(node));
        Rivals { flows: flows.collect(), symbols: nodes.map(|(_, node)| (node.at, node.radius)).collect() }
    }

    /// Tells whether no other flow lies between a position and the flow; strands of a trunk always do.
    fn is_beside(&self, k: usize, at: Point) -> bool {
        let distance = |p: &Point| (*p - at).hypot2();
        let points = self.courses[k].iter().flat_map(|piece| piece.points().iter().copied());
        let Some(nearest) = points.min_by(|a, b| distance(a).total_cmp(&distance(b))) else { return false };
        let others = self.courses.iter().enumerate().filter(|(other, _)| *other != k);
        let mut steps = others.flat_map(|(_, pieces)| pieces).flat_map(|piece| piece.points().windows(2));
        let way = kurbo::Line::new(at, nearest);
        !steps.any(|step| leaders::cross(way, kurbo::Line::new(step[0], step[1])))
    }

    /// Returns the ways between which a flow runs alone: all of it but for the trunk of a tree.
    fn alone(&self, k: usize, course: &Course) -> [f64; 2] {
        self.trees.iter().find_map(|tree| tree.alone(k, course)).unwrap_or([0.0, course.length()])
    }

    fn paint(&self, framed: &Framed, k: usize) -> Paint {
        let line = &framed.lines[k];
        let (from, to, link) = self.input.shown.link(line.link).expect("every flow line is a shown link");
        self.palette.paint([from, to], link, line.width)
    }

    fn annotations(&self, framed: &Framed, set: &mut Typesetter) -> Vec<Wish> {
        let id = |place| self.input.atlas.place(place).id.as_str();
        let links: Vec<_> = self.input.shown.links().collect();
        let mut wishes = Vec::new();
        for note in &self.input.spec.annotations {
            let found = framed.lines.iter().position(|line| {
                let (origin, destination, link) = links[line.link];
                id(origin) == note.origin
                    && id(destination) == note.destination
                    && (note.kind.is_none() || note.kind.as_deref() == link.kind.as_deref())
            });
            wishes.extend(found.map(|k| self.beside(framed, k, &note.text, set)));
        }
        wishes
    }

    fn beside(&self, framed: &Framed, k: usize, words: &str, set: &mut Typesetter) -> Wish {
        let line: &FlowLine = &framed.lines[k];
        let color = self.paint(framed, k).for_words(self.beneath());
        let size = self.input.style.text.legend;
        let lines = set.wrap_balanced(words, Type::bold(size), REMARK_WIDTH * size);
        let bounds = block_size(&lines, size * LEADING);
        let (mut spots, mut anchor) = (Vec::new(), None);
        if let Some(course) = self.courses[k].last().filter(|c| c.length() > 0.0) {
            let [from, to] = self.alone(k, course);
            let within = (line.width / 2.0 - leaders::GAP).max(0.0);
            anchor = Some(Anchor { at: course.at(f64::midpoint(from, to)), radius: within });
            for (rank, share) in
                [0.55, 0.65, 0.45, 0.6, 0.5, 0.7, 0.4, 0.75, 0.35, 0.8, 0.3, 0.85, 0.25].into_iter().enumerate()
            {
                let way = from + (to - from) * share;
                spots.push((course.at(way), course.direction(way), 0.5 * rank as f64));
            }
        }
        let candidates = beside_line(&spots, line.width / 2.0, bounds);
        let room = self.room(&lines, size);
        let request = Request { candidates, importance: 0.8, own_symbol: None, room, anchor };
        Wish {
            owner: Owner::Flow(k),
            name: words.to_owned(),
            lines,
            leading: size * LEADING,
            ink: self.halo(color),
            request,
        }
    }

    fn region_names(&self, framed: &Framed, set: &mut Typesetter) -> Vec<Wish> {
        let mut wishes = Vec::new();
        for (k, panel) in framed.panels.iter().enumerate() {
            let ids = self.input.region_labels_of(k);
            let painter = LandPainter::new(panel, self.input.style);
            let base = self.input.base_of(k);
            for region in base.countries.iter().chain(&base.divisions).filter(|r| ids.contains(&r.id)) {
                let rings = painter.rings(&region.shape);
                wishes.extend(largest(&rings).map(|ring| self.region_name(region, ring, (k, panel.rect), set)));
            }
        }
        wishes
    }

    fn region_name(
        &self,
        region: &Region,
        ring: &[Point],
        (panel, inside): (usize, Rect),
        set: &mut Typesetter,
    ) -> Wish {
        let text = &self.input.style.text;
        let name = region.name.as_str();
        let kind = Type { size: text.region, cut: Cut::Regular, spacing: 0.14 * text.region };
        // A name of several words stands in two lines, which fit more countries than one long one.
        let whole = set.line(name, kind).size().width;
        let lines = set.wrap(name, kind, if name.contains(' ') { 0.62 * whole } else { whole + 1.0 });
        let size = block_size(&lines, text.region * LEADING);
        // A region in a colour of its own is named even where its name is wider: the colour tells what is meant.
        let most = if self.input.spec.highlight.contains(&region.id) { MOSTLY_OUTSIDE } else { HARDLY_OUTSIDE };
        let mut candidates = inside_area(ring, size, most);
        candidates.retain(|c| inside.inset(-2.0).contains_rect(c.bounds));
        let ink = Ink { color: text.region_color, halo: None };
        let room = self.room(&lines, text.region);
        let request = Request { candidates, importance: 0.1, own_symbol: None, room, anchor: None };
        Wish { owner: Owner::Panel(panel), name: name.to_owned(), lines, leading: text.region * LEADING, ink, request }
    }
}

/// Returns the smallest and the largest of the weights that are drawn; 0 where none is.
pub fn drawn_range(weights: impl Iterator<Item = f64>) -> [f64; 2] {
    weights.map(|weight| [weight; 2]).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]).unwrap_or_default()
}

/// Tells whether a flow is drawn, be it as a line or as a ring around its place.
pub fn draws_flows(input: &MapInput<'_>, framed: &Framed) -> bool {
    input.shown.graph.edge_count() > 0 || framed.nodes.iter().any(|node| node.ring > 0.0)
}

/// Returns the widths of uncertain flows.
pub fn uncertain_widths(input: &MapInput<'_>, framed: &Framed) -> impl Iterator<Item = f64> {
    framed.lines.iter().filter(|line| input.spec.doubts(line.link)).map(|line| line.width)
}

/// Returns the width of flows without a number where others have one or could, and colour tells no kinds.
pub fn numberless(input: &MapInput<'_>, framed: &Framed, palette: &Palette<'_>) -> Option<f64> {
    let measured = input.shown.weights == WeightKind::Measured;
    let lacks = input.shown.links().any(|(_, _, link)| link.weight.is_none());
    let by_kind = matches!(palette.message(), Message::Kinds(_));
    (measured && lacks && !by_kind).then(|| framed.widths.width(None))
}

/// Returns true where circles differ by what they stand for.
pub fn varied_circles(input: &MapInput<'_>, framed: &Framed) -> bool {
    let by_number = input.hub().is_none() || input.spec.size.is_some();
    framed.circles.largest() > 0.0 && by_number && input.spec.sizes.place_radius.is_none()
}

/// Returns the smallest and the largest value that a circle on these maps, or a half of one, stands for; without any, infinity and 0.
pub fn circle_range<'a>(maps: impl IntoIterator<Item = &'a Framed>) -> [f64; 2] {
    let is_circle = |node: &&Node| node.role == Role::Circle;
    let circles =
        maps.into_iter().flat_map(|framed| framed.nodes.iter().filter(is_circle).map(move |node| (framed, node)));
    circles.fold([f64::INFINITY, 0.0], |[least, most], (Framed { circles, .. }, node)| {
        let smallest = circles.least(node.place).unwrap_or(f64::INFINITY);
        [least.min(smallest), most.max(circles.value(node.place))]
    })
}

fn largest(rings: &[Vec<Point>]) -> Option<&Vec<Point>> {
    let area = |ring: &Vec<Point>| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs()
    };
    rings.iter().max_by(|a, b| area(a).total_cmp(&area(b)))
}

fn block_size(lines: &[Line], leading: f64) -> Size {
    let width = lines.iter().map(|l| l.size().width).fold(0.0, f64::max);
    let last = lines.last().map_or(0.0, |l| l.size().height);
    Size::new(width, last + leading * lines.len().saturating_sub(1) as f64)
}

fn window_boxes(framed: &Framed) -> Vec<Rect> {
    framed.panels.iter().skip(1).map(|p| p.rect).collect()
}

/// Returns whether a box stays wholly inside the window of its place, or wholly off all windows.
fn stays_in_its_panel(framed: &Framed, owner: Owner, bounds: Rect) -> bool {
    let home = match owner {
        Owner::Place(k) if framed.nodes[k].role == Role::Exit => return true,
        Owner::Place(k) => framed.nodes[k].panel,
        Owner::Panel(k) => k,
        Owner::Flow(_) => return true,
    };
    framed.panels.iter().enumerate().skip(1).all(|(k, panel)| {
        if k == home {
            panel.rect.inset(-2.0).contains_rect(bounds)
        } else {
            panel.rect.inset(2.0).intersect(bounds).area() <= 0.0
        }
    })
}

fn draw_words(wish: Wish, chosen: Candidate, framed: &Framed) -> Placed {
    let owner = wish.owner;
    let items = match chosen.slant {
        Some(slant) => draw_aslant(wish.lines, slant, wish.ink),
        None => draw_lines(wish, &chosen, framed),
    };
    Placed { owner, bounds: chosen.bounds, leader: chosen.leader, items }
}

/// Gives a halo to words that ink runs under, and none to others: on bare ground it would be a stain.
fn halo_over(items: &mut [Item], halo: (Color, f64), ink: &Occupancy) {
    for item in items {
        match item {
            Item::Group(group) => halo_over(&mut group.items, halo, ink),
            Item::Text(text) => {
                let corner = Point::new(text.origin.x, text.origin.y - 0.75 * text.size);
                let covered = ink.covered(Rect::from_origin_size(corner, (text.advance, 0.9 * text.size)));
                text.halo = (covered > 0.0).then_some(halo);
            }
            _ => {}
        }
    }
}

fn draw_aslant(lines: Vec<Line>, slant: Slant, ink: Ink) -> Vec<Item> {
    let way = slant.end - slant.start;
    let ink = slant.on_flow.map_or(ink, Ink::plain);
    lines.into_iter().map(|line| line.through(slant.start, way.atan2().to_degrees(), ink)).collect()
}

fn draw_lines(wish: Wish, chosen: &Candidate, framed: &Framed) -> Vec<Item> {
    // Lines lean towards what they name: flush left to its right, flush right to its left, else centred.
    let named = match (chosen.leader, wish.owner) {
        (Some(leader), _) => Some(leader.p1),
        (None, Owner::Place(k)) => Some(framed.nodes[k].at),
        _ => None,
    };
    let lean = match named {
        Some(at) if chosen.bounds.x0 >= at.x => 0.0,
        Some(at) if chosen.bounds.x1 <= at.x => 1.0,
        _ => 0.5,
    };
    let mut items = Vec::with_capacity(wish.lines.len());
    for (k, line) in wish.lines.into_iter().enumerate() {
        let free = chosen.bounds.width() - line.size().width;
        let corner = chosen.bounds.origin() + Vec2::new(free * lean, wish.leading * k as f64);
        items.push(line.place(corner, wish.ink));
    }
    items
}
