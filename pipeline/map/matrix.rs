//! The flows as a table: origins from top to bottom, destinations from left to right, weights as shades.
//!
//! A matrix shows what lines cannot once they cover each other: every pair has a cell of its own. Places that
//! exchange most stand together, so that blocks along the diagonal show which of them belong together (Bertin 1967, La
//! graphique et le traitement graphique de l'information; Ghoniem, Fekete and Castagliola 2005, Information
//! Visualization 4(2), on when a matrix reads better than a node-link picture).

use flowatlas_model::{
    Coordinates, PlaceIndex,
    planar::Drawn,
    scene::{Group, Item, Scene, Shape, Stroke},
    style::Color,
    units::Mm,
};
use geo::{LineString, MultiLineString};
use kurbo::{BezPath, Circle, Point, Rect, Shape as _, Size, Vec2};

use crate::{
    block::Block,
    classes::Classes,
    compose::{Composition, cut_at_antimeridian, group, scene},
    crosstab::{Cell, Crosstab},
    description::described_matrix,
    error::Error,
    frame::{BLOCK_GAP, completeness, flows_of_zero},
    furniture::{footer, header, margin, source_line},
    land::{append, closed, corners},
    matrix_key::Key,
    matrix_page::{Contents, GAP, LEAST_TYPE, POINTER_ROOM, Plan, Room, shortened},
    spec::{Directions, MapInput},
    text::{Ink, Line, Type, Typesetter, missing_letters},
    words::Words,
};

/// Room between two cells in points.
const SEAM: f64 = 0.4;
/// Distance of the lines of a hatching in points.
const HATCH: f64 = 2.6;
/// Radius of the dot that stands for 0, in points.
const DOT: f64 = 0.7;
/// Room around a number, both sides together, in points.
const ASIDE: f64 = 0.9;

/// Returns the matrix of the shown flows with the places in this order, community by community.
///
/// Rows are the places that flows leave, columns those where they arrive; flows within a place stand outlined on the
/// diagonal and are in no total. Parallel flows of several kinds share a cell. `drawn` is empty: there are no lines to score.
/// Names that find no room at 5.5 points are left out, those of small places first, and reported.
///
/// # Errors
/// [`Error::NoFlowToShow`] without flows between the places in `order`, [`Error::PageTooSmall`] where cells would be
/// too small to be seen.
pub fn matrix(input: &MapInput<'_>, order: &[Vec<PlaceIndex>]) -> Result<Composition, Error> {
    let table = Crosstab::new(input.shown, order, input.spec.directions);
    if table.rows.places.is_empty() || table.columns.places.is_empty() {
        return Err(Error::NoFlowToShow);
    }
    let classes = Classes::of(table.between().filter_map(Cell::weight), input.shown.weights);
    let mut set = Typesetter::new(input.fonts);
    let sheet = Sheet::lay(input, (&table, &classes), &mut set)?;
    let mut painter = Painter { input, table: &table, classes: &classes, plan: &sheet.plan, set: &mut set };
    let numbers = painter.number_size();
    let mut items = vec![group("cells", painter.cells(numbers))];
    let (heads, dropped_labels) = painter.heads(&sheet.heads, sheet.room);
    items.push(group("labels", heads));
    items.push(group("totals", painter.totals(&sheet.heads)));
    items.push(group("legend", sheet.key.0.place(sheet.key.1)));
    let mut around = sheet.header.0.place(sheet.header.1);
    around.extend(sheet.footer.0.place(sheet.footer.1));
    items.push(group("furniture", around));
    let scene = Scene { description: described_matrix(input), ..scene(input, sheet.page, items) };
    let missing_letters = missing_letters(&scene.items);
    Ok(Composition {
        look: None,
        scene,
        drawn: Drawn::default(),
        courses: courses(input),
        shading: None,
        dropped_labels,
        dropped_locator: false,
        locator_misses: false,
        dropped_numbers: numbers.is_none() && table.positions().any(|(r, c)| table.cell(r, c).weight().is_some()),
        window_faults: Vec::new(),
        courses_off_map: Vec::new(),
        uncolored_groups: Vec::new(),
        missing_letters,
        projection: String::new(),
    })
}

/// Returns the line between the places of each shown link.
fn courses(input: &MapInput<'_>) -> Vec<MultiLineString<f64>> {
    let way = |from: PlaceIndex, to: PlaceIndex| vec![input.atlas.place(from).at, input.atlas.place(to).at];
    let course = |way: Vec<_>| match input.atlas.coordinates {
        Coordinates::Geographic => cut_at_antimeridian(&way),
        Coordinates::Planar => MultiLineString(vec![LineString::new(way)]),
    };
    input.shown.links().map(|(from, to, _)| course(way(from, to))).collect()
}

/// The words of the heads and totals.
struct Heads {
    names: [Vec<String>; 2],
    /// Totals of rows and columns; empty where numbers cannot be added up.
    totals: [Vec<String>; 2],
    all: String,
    /// What decides which names stay: totals, or the number of cells.
    importance: [Vec<f64>; 2],
}

impl Heads {
    fn of(input: &MapInput<'_>, table: &Crosstab, words: Words) -> Heads {
        let name = |p: &PlaceIndex| input.atlas.place(*p).name.clone();
        let names = [&table.rows, &table.columns].map(|side| side.places.iter().map(name).collect::<Vec<_>>());
        let told = |totals: &[f64]| totals.iter().map(|t| words.number(*t)).collect::<Vec<_>>();
        match table.totals() {
            Some((rows, columns, all)) => Heads {
                names,
                totals: [told(&rows), told(&columns)],
                all: words.number(all),
                importance: [rows, columns],
            },
            None => {
                let importance = [vec![0.0; names[0].len()], vec![0.0; names[1].len()]];
                Heads { names, totals: [Vec::new(), Vec::new()], all: String::new(), importance }
            }
        }
    }
}

/// The page of a matrix.
struct Sheet {
    page: Size,
    header: (Block, Point),
    footer: (Block, Point),
    key: (Block, Point),
    heads: Heads,
    room: Room,
    plan: Plan,
}

impl Sheet {
    fn lay(
        input: &MapInput<'_>,
        (table, classes): (&Crosstab, &Classes),
        set: &mut Typesetter,
    ) -> Result<Sheet, Error> {
        let MapInput { spec, style, .. } = input;
        let (edge, page_width) = (margin(style), spec.width.to_pt());
        let width = page_width - 2.0 * edge;
        let words = Words::of(spec.language);
        let header = header(spec, style, set, width);
        let footer = footer(&foot_paragraphs(input, table, words), style, set, width);
        let key = Key { input, table, classes }.block(set, width);
        let block_gap = style.text.grown(BLOCK_GAP);
        let gap = |block: &Block| if block.items.is_empty() { 0.0 } else { block.size.height + block_gap };
        let taken = gap(&header) + gap(&key) + gap(&footer) + 2.0 * edge;
        let height = spec.height.map(|height| height.to_pt() - taken);
        let room = Room { left: edge, top: edge + gap(&header), width, height, taken, page: spec.width };
        let heads = Heads::of(input, table, words);
        let contents = Contents {
            names: [&heads.names[0], &heads.names[1]],
            totals: [&heads.totals[0], &heads.totals[1]],
            total: [words.total(), &heads.all],
            sides: sides(input, words),
            type_size: style.text.place[0],
        };
        let too_small = || {
            let height = spec.height.map_or(spec.width, |height| height);
            Error::PageTooSmall { width: spec.width.0, height: height.0 }
        };
        let plan = Plan::of(&contents, room, set).ok_or_else(too_small)?;
        let key_top = plan.bottom + block_gap;
        let natural = key_top + gap(&key) + gap(&footer) - block_gap + edge;
        let page = Size::new(page_width, spec.height.map_or(natural, Mm::to_pt));
        let footer_top = page.height - edge - footer.size.height;
        Ok(Sheet {
            page,
            header: (header, Point::new(edge, edge)),
            footer: (footer, Point::new(edge, footer_top)),
            key: (key, Point::new(edge, key_top)),
            heads,
            room,
            plan,
        })
    }
}

/// Returns notes, completeness, what totals and order mean, and the source, a paragraph each.
fn foot_paragraphs(input: &MapInput<'_>, table: &Crosstab, words: Words) -> Vec<String> {
    let spec = input.spec;
    let partial = input.shown.graph.edge_count() < input.all.graph.edge_count();
    let apart = table.within().any(|cell| cell != Cell::Absent);
    let mut facts = vec![completeness(input)];
    let zero = flows_of_zero(input.shown);
    facts.extend((zero > 0).then(|| words.flows_of_zero(zero)));
    if (partial || apart) && table.totals().is_some() {
        facts.push(words.totals_of_cells().to_owned());
    }
    if !(table.rows.breaks.is_empty() && table.columns.breaks.is_empty()) {
        facts.push(words.ordered_by_community().to_owned());
    }
    vec![spec.notes.join(" "), facts.join(" "), source_line(spec, words)]
}

struct Painter<'a> {
    input: &'a MapInput<'a>,
    table: &'a Crosstab,
    classes: &'a Classes,
    plan: &'a Plan,
    set: &'a mut Typesetter,
}

impl Painter<'_> {
    fn words(&self) -> Words {
        Words::of(self.input.spec.language)
    }

    /// Returns the lines of the table, the cells with their numbers of this size, if any, and the rules between communities.
    fn cells(&mut self, numbers: Option<f64>) -> Vec<Item> {
        let mut items = vec![self.grid()];
        for (row, column) in self.table.positions() {
            items.extend(self.cell(row, column, numbers));
        }
        items.extend(self.rules());
        items
    }

    fn grid(&self) -> Item {
        let (cells, cell) = (self.plan.cells, self.plan.cell);
        let mut path = BezPath::new();
        for row in 0..=self.table.rows.places.len() {
            let y = cells.y0 + row as f64 * cell.height;
            append(&mut path, &[Point::new(cells.x0, y), Point::new(cells.x1, y)]);
        }
        for column in 0..=self.table.columns.places.len() {
            let x = cells.x0 + column as f64 * cell.width;
            append(&mut path, &[Point::new(x, cells.y0), Point::new(x, cells.y1)]);
        }
        let style = &self.input.style.page;
        stroked(path, style.background.mix(style.frame, 0.5), 0.25)
    }

    fn rules(&self) -> Option<Item> {
        let (cells, cell) = (self.plan.cells, self.plan.cell);
        let mut path = BezPath::new();
        for row in &self.table.rows.breaks {
            let y = cells.y0 + *row as f64 * cell.height;
            append(&mut path, &[Point::new(cells.x0 - GAP, y), Point::new(cells.x1, y)]);
        }
        for column in &self.table.columns.breaks {
            let x = cells.x0 + *column as f64 * cell.width;
            append(&mut path, &[Point::new(x, cells.y0 - GAP), Point::new(x, cells.y1)]);
        }
        (!path.is_empty()).then(|| stroked(path, self.input.style.text.quiet, 0.6))
    }

    fn cell(&mut self, row: usize, column: usize, numbers: Option<f64>) -> Option<Item> {
        let cell = self.table.cell(row, column);
        let seam = if self.plan.cell.min_side() < 4.0 { 0.0 } else { SEAM / 2.0 };
        let rect = self.plan.rect(row, column).inset(-seam);
        let diagonal = self.table.is_diagonal(row, column);
        let mut items = match diagonal {
            true => within_place(rect, cell, self.input),
            false => between_places(rect, cell, (self.classes, self.input)),
        };
        if let Some(weight) = cell.weight().filter(|weight| diagonal || *weight > 0.0) {
            let ink = if diagonal { self.input.style.text.quiet } else { self.ink_on(weight) };
            let line = numbers.map(|size| self.number(weight, size));
            items.extend(line.map(|line| centred(line, rect.center(), Ink::plain(ink))));
        }
        (!items.is_empty()).then(|| self.told(row, column, items))
    }

    /// Returns the items with what they show.
    fn told(&self, row: usize, column: usize, items: Vec<Item>) -> Item {
        let place = |p: PlaceIndex| self.input.atlas.place(p);
        let (from, to) = (place(self.table.rows.places[row]), place(self.table.columns.places[column]));
        let weight = self.table.cell(row, column).weight();
        let told =
            weight.map(|w| format!("{}{} {}", self.words().colon(), self.words().number(w), self.input.spec.unit));
        let mut data = vec![("origin", from.id.clone()), ("dest", to.id.clone())];
        data.extend(weight.map(|w| ("value", w.to_string())));
        let title = format!("{} – {}{}", from.name, to.name, told.unwrap_or_default());
        Item::Group(Group { name: String::new(), data, title, items })
    }

    fn ink_on(&self, weight: f64) -> Color {
        let dark = self.classes.is_dark(self.classes.class(weight));
        if dark { self.input.style.page.background } else { self.input.style.text.color }
    }

    /// Returns a number in this size.
    fn number(&mut self, weight: f64, size: f64) -> Line {
        self.set.line(&self.words().number(weight), Type::regular(size))
    }

    /// Returns the one size of all numbers, or `None` where one of them would not fit: the blank cells would be those of the largest.
    fn number_size(&mut self) -> Option<f64> {
        let (cell, words) = (self.plan.cell, self.words());
        let numbers = self.table.positions().filter_map(|(r, c)| self.table.cell(r, c).weight());
        let widths = numbers.map(|n| self.set.line(&words.number(n), Type::regular(1.0)).size().width);
        let widest = widths.reduce(f64::max)?;
        let most = self.input.style.text.place[0].min((cell.height - ASIDE) / 0.75);
        let size = most.min((cell.width - ASIDE) / widest);
        (size >= LEAST_TYPE).then_some(size)
    }

    /// Returns the names, the words that say which side is which, and the names that found no room.
    fn heads(&mut self, heads: &Heads, room: Room) -> (Vec<Item>, Vec<String>) {
        let (plan, ink) = (self.plan, Ink::plain(self.input.style.text.color));
        let [row_room, column_room] = plan.name_room(room);
        let mut items = self.sides();
        let mut dropped = Vec::new();
        for (k, named) in plan.named_rows(&heads.importance[0]).into_iter().enumerate() {
            if !named {
                dropped.push(heads.names[0][k].clone());
                continue;
            }
            let line = shortened(&heads.names[0][k], Type::regular(plan.sizes[0]), row_room, self.set);
            let at = Point::new(plan.cells.x0 - GAP - line.size().width, plan.middle(k, 0).y);
            items.push(line.through(at, 0.0, ink));
        }
        for (k, named) in plan.named_columns(&heads.importance[1]).into_iter().enumerate() {
            if !named {
                dropped.push(heads.names[1][k].clone());
                continue;
            }
            let line = shortened(&heads.names[1][k], Type::regular(plan.sizes[1]), column_room, self.set);
            items.push(self.column_head(line, plan.middle(0, k).x, ink));
        }
        dropped.sort();
        dropped.dedup();
        (items, dropped)
    }

    /// Returns a name over the column whose middle is at `x`.
    fn column_head(&self, line: Line, x: f64, ink: Ink) -> Item {
        let (turn, size) = (self.plan.turn, self.plan.sizes[1]);
        let back = if turn > -1.0 { line.size().width / 2.0 } else { 0.0 };
        let up = 0.357 * size * libm::cos(turn.to_radians());
        line.through(Point::new(x - back, self.plan.cells.y0 - GAP - up), turn, ink)
    }

    /// Returns the words for rows and columns in the corner, each with a mark that points along its side.
    fn sides(&mut self) -> Vec<Item> {
        let (size, color) = (self.plan.sizes[0], self.input.style.text.quiet);
        let corner = self.plan.cells.origin();
        let mut items = Vec::new();
        let [row, column] = sides(self.input, self.words());
        for (words, up, way) in [(row, 0.5, (0.0, 1.0)), (column, 1.75, (1.0, 0.0))] {
            let line = self.set.line(words, Type::bold(size));
            let middle = Point::new(corner.x - GAP - 0.3 * size, corner.y - GAP - up * size);
            let at = Point::new(corner.x - GAP - POINTER_ROOM * size - line.size().width, middle.y);
            items.push(line.through(at, 0.0, Ink::plain(color)));
            items.push(pointer(middle, way.into(), 0.3 * size, color));
        }
        items
    }

    fn totals(&mut self, heads: &Heads) -> Vec<Item> {
        if heads.totals[0].is_empty() {
            return Vec::new();
        }
        let (plan, ink) = (self.plan, Ink::plain(self.input.style.text.color));
        let rows = heads.totals[0].iter().zip(plan.named_rows(&heads.importance[0]));
        let lines: Vec<Option<Line>> =
            rows.map(|(total, named)| named.then(|| self.set.line(total, Type::regular(plan.sizes[0])))).collect();
        let all = self.set.line(&heads.all, Type::bold(plan.sizes[0]));
        let wide = lines.iter().flatten().chain([&all]).map(|l| l.size().width).fold(0.0, f64::max);
        let right = plan.cells.x1 + GAP + wide;
        let mut items = Vec::new();
        for (k, line) in lines.into_iter().enumerate() {
            items.extend(line.map(|l| right_aligned(l, Point::new(right, plan.middle(k, 0).y), ink)));
        }
        let foot = plan.cells.y1 + GAP;
        let base = foot + 0.5 * plan.sizes[0];
        items.push(right_aligned(all, Point::new(right, base), ink));
        let head = self.set.line(self.words().total(), Type::bold(plan.sizes[0]));
        items.push(right_aligned(head, Point::new(right, plan.cells.y0 - GAP - 0.357 * plan.sizes[0]), ink));
        let side = self.set.line(self.words().total(), Type::bold(plan.sizes[0]));
        items.push(right_aligned(side, Point::new(plan.cells.x0 - GAP, base), ink));
        for (k, _) in plan.named_columns(&heads.importance[1]).into_iter().enumerate().filter(|(_, named)| *named) {
            let line = self.set.line(&heads.totals[1][k], Type::regular(plan.sizes[1]));
            let (x, width) = (plan.middle(0, k).x, line.size().width);
            items.push(match plan.totals_turned {
                true => line.through(Point::new(x, foot + width), -90.0, ink),
                false => line.through(Point::new(x - width / 2.0, base), 0.0, ink),
            });
        }
        items
    }
}

/// Returns the words for rows and columns.
fn sides(input: &MapInput<'_>, words: Words) -> [&'static str; 2] {
    match input.spec.directions {
        Directions::Gross => words.between_heads(),
        Directions::Apart | Directions::Net => [words.from_head(), words.to_head()],
    }
}

fn stroked(path: BezPath, color: Color, width: f64) -> Item {
    let stroke = Stroke { color, width, dash: Vec::new(), round: false };
    Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
}

fn filled(path: BezPath, color: Color) -> Item {
    Item::Path(Shape { path, fill: Some(color), stroke: None })
}

fn centred(line: Line, at: Point, ink: Ink) -> Item {
    let start = Point::new(at.x - line.size().width / 2.0, at.y);
    line.through(start, 0.0, ink)
}

fn right_aligned(line: Line, at: Point, ink: Ink) -> Item {
    let start = Point::new(at.x - line.size().width, at.y);
    line.through(start, 0.0, ink)
}

fn dot(at: Point, color: Color) -> Item {
    filled(Circle::new(at, DOT).to_path(0.01), color)
}

/// Returns a small triangle about `at` that points in a direction.
fn pointer(at: Point, way: Vec2, size: f64, color: Color) -> Item {
    let side = Vec2::new(-way.y, way.x) * size;
    filled(closed(&[at + way * size, at - way * size * 0.7 + side, at - way * size * 0.7 - side]), color)
}

/// Returns what stands for a flow between two places.
pub fn between_places(rect: Rect, cell: Cell, (classes, input): (&Classes, &MapInput<'_>)) -> Vec<Item> {
    let (color, paper) = (input.style.flows.color, input.style.page.background);
    let shade = |class: usize| filled(closed(&corners(rect)), classes.color(class, color, paper));
    match cell {
        Cell::Absent => Vec::new(),
        Cell::Unknown if *classes == Classes::Alike => vec![shade(0)],
        Cell::Unknown => vec![hatching(rect, color)],
        Cell::Weight(0.0) => vec![dot(rect.center(), input.style.text.quiet)],
        Cell::Weight(weight) => vec![shade(classes.class(weight))],
    }
}

/// Returns what stands for a flow within a place: an outline, never a shade; a stroke where there is none.
pub fn within_place(rect: Rect, cell: Cell, input: &MapInput<'_>) -> Vec<Item> {
    let quiet = input.style.text.quiet;
    if cell == Cell::Absent {
        let mut path = BezPath::new();
        append(&mut path, &[rect.origin(), Point::new(rect.x1, rect.y1)]);
        return vec![stroked(path, input.style.page.background.mix(quiet, 0.45), 0.35)];
    }
    let mut items = vec![stroked(closed(&corners(rect.inset(-0.4))), quiet, 0.6)];
    items.extend((cell == Cell::Unknown).then(|| hatching(rect.inset(-0.7), quiet)));
    items
}

/// Returns slanted lines across a rectangle.
fn hatching(rect: Rect, color: Color) -> Item {
    let (width, height) = (rect.width(), rect.height());
    let lines = ((width + height) / HATCH).ceil() as usize;
    let mut path = BezPath::new();
    for k in 0..lines {
        // The line x + y = reach, from its end at the lower left to that at the upper right.
        let reach = (k as f64 + 0.5) * HATCH;
        let (low, high) = ((reach - height).max(0.0), reach.min(width));
        if high > low {
            append(&mut path, &[rect.origin() + (low, reach - low), rect.origin() + (high, reach - high)]);
        }
    }
    stroked(path, color, 0.5)
}
