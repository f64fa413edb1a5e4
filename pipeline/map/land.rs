//! Land, water and borders of one panel, cut to it and no more detailed than the page can show.

use flowatlas_model::{
    BaseMap, Region, Style,
    scene::{Item, Shape, Stroke},
    style::Color,
    units::Mm,
};
use geo::{Coord, LineString, MultiPolygon, SimplifyVwIdx, coord};
use kurbo::{BezPath, Point, Rect};
use rayon::prelude::*;

use crate::{
    clip::{clip_line, clip_ring, densify},
    panel::Panel,
    projection::Span,
};

/// Longest step in degrees before a straight line of the data is given points to bend at.
const STEP_DEGREES: f64 = 1.0;
/// Distance kept from the cut at the far side of the globe, in degrees, where a projection has two values.
const CUT_MARGIN: f64 = 1e-6;

/// The base map of one panel, ready to draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Land {
    /// Water, land, lit regions, lakes and borders, from bottom to top.
    pub items: Vec<Item>,
    /// Coasts and borders as lines, for words to keep clear of.
    pub borders: Vec<Vec<Point>>,
    /// The rings of shaded areas, for legends to keep clear of.
    pub shaded: Vec<Vec<Point>>,
}

/// Which regions are lit.
#[derive(Debug, Clone, Copy)]
pub struct Lighting<'a> {
    /// Ids of the regions that the map is about.
    pub subject: &'a [String],
    /// Ids of the regions to light up.
    pub highlight: &'a [String],
}

/// The areas of places beneath the flows.
#[derive(Debug, Clone, Default)]
pub struct Areas<'a> {
    /// Areas with a colour that tells their number.
    pub shaded: Vec<(&'a MultiPolygon<f64>, Color)>,
    /// Areas of which only the borders are drawn, as those of divisions.
    pub bordered: &'a [&'a MultiPolygon<f64>],
}

/// Paints the base map of one panel.
pub struct LandPainter<'a> {
    panel: &'a Panel,
    style: &'a Style,
    window: Option<Span>,
}

impl<'a> LandPainter<'a> {
    /// Returns a painter for this panel.
    pub fn new(panel: &'a Panel, style: &'a Style) -> Self {
        LandPainter { panel, style, window: panel.degrees() }
    }

    /// Returns the base map of the panel with these areas, shades beneath its borders and lakes.
    pub fn paint(&self, base: &BaseMap, lighting: Lighting<'_>, areas: &Areas<'_>) -> Land {
        let land = &self.style.land;
        let about = |country: &&Region| lighting.subject.contains(&country.id);
        let country_color = |country: &&Region| if about(country) { land.subject } else { land.context };
        let mut items = vec![self.water()];
        items.extend(self.fills(&base.countries.iter().collect::<Vec<_>>(), country_color));
        // A detailed base map of divisions alone, as windows have, has its land from them.
        if base.countries.is_empty() {
            items.extend(self.fills(&base.divisions.iter().collect::<Vec<_>>(), |_| land.subject));
        }
        let lit = base.countries.iter().chain(&base.divisions).filter(|r| lighting.highlight.contains(&r.id));
        items.extend(self.fills(&lit.collect::<Vec<_>>(), |_| land.highlight));
        let shades = self.shades(&areas.shaded);
        items.extend(shades.items);
        let mut borders = Vec::new();
        let mut draw_border = |lines: Vec<Vec<Point>>, color, width| {
            let item = line_item(&lines, color, width);
            borders.extend(lines);
            item
        };
        let divisions = base.divisions.iter().map(|d| &d.shape).chain(areas.bordered.iter().copied());
        for lines in self.all_borders(divisions) {
            items.extend(draw_border(lines, land.division, land.division_width));
        }
        for lines in self.all_borders(base.countries.iter().map(|c| &c.shape)) {
            items.extend(draw_border(lines, land.border, land.border_width));
        }
        for lake in &base.lakes {
            items.extend(self.fill(lake, land.water));
            items.extend(draw_border(self.border(&lake.shape), land.border, land.division_width));
        }
        Land { items, borders, shaded: shades.shaded }
    }

    /// Returns the areas on a plane, where there is no base map.
    pub fn paint_plane(&self, areas: &Areas<'_>) -> Land {
        let land = &self.style.land;
        let mut made = self.shades(&areas.shaded);
        for shape in areas.bordered {
            let lines = self.border(shape);
            made.items.extend(line_item(&lines, land.division, land.division_width));
            made.borders.extend(lines);
        }
        made
    }

    /// Returns these areas in their colours, with a hairline around each.
    fn shades(&self, areas: &[(&MultiPolygon<f64>, Color)]) -> Land {
        let land = &self.style.land;
        let mut made = Land::default();
        for (shape, color) in areas {
            let rings = self.rings(shape);
            let path = self.path_of(&rings);
            if path.is_empty() {
                continue;
            }
            made.shaded.extend(rings);
            let stroke = Stroke { color: land.division, width: land.division_width, dash: Vec::new(), round: true };
            made.items.push(Item::Path(Shape { path, fill: Some(*color), stroke: Some(stroke) }));
        }
        made
    }

    /// Returns a soft area that stands for a place.
    pub fn area(&self, shape: &MultiPolygon<f64>, color: Color) -> Option<Item> {
        let path = self.path_of(&self.rings(shape));
        (!path.is_empty()).then_some(Item::Path(Shape { path, fill: Some(color), stroke: None }))
    }

    /// Returns the rings of a shape on the page, cut to the panel; holes are rings too.
    pub fn rings(&self, shape: &MultiPolygon<f64>) -> Vec<Vec<Point>> {
        let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        rings.flat_map(|ring| self.ring_on_page(ring)).collect()
    }

    fn water(&self) -> Item {
        let fill = Some(self.style.land.water);
        let globe = self.panel.projection().is_world() && self.panel.projection().is_geographic();
        let ring = if globe { self.globe_outline() } else { corners(self.panel.rect) };
        Item::Path(Shape { path: closed(&ring), fill, stroke: None })
    }

    fn globe_outline(&self) -> Vec<Point> {
        let centre = self.panel.projection().central_longitude();
        let (west, east) = (centre - 180.0 + CUT_MARGIN, centre + 180.0 - CUT_MARGIN);
        let ring = [(west, -90.0), (east, -90.0), (east, 90.0), (west, 90.0), (west, -90.0)].map(Point::from);
        clip_ring(&self.project(&densify(&ring, STEP_DEGREES)), self.panel.rect)
    }

    fn fill(&self, region: &Region, color: Color) -> Option<Item> {
        let path = self.path_of(&self.rings(&region.shape));
        // A line of its own colour hides the slivers that generalising leaves between neighbours.
        let stroke = Some(Stroke { color, width: 0.3, dash: Vec::new(), round: true });
        (!path.is_empty()).then_some(Item::Path(Shape { path, fill: Some(color), stroke }))
    }

    /// Fills regions side by side: most of the time goes into their many points.
    fn fills(&self, regions: &[&Region], color: impl Fn(&&Region) -> Color + Sync) -> Vec<Item> {
        regions.par_iter().filter_map(|region| self.fill(region, color(region))).collect()
    }

    fn all_borders<'s>(&self, shapes: impl Iterator<Item = &'s MultiPolygon<f64>>) -> Vec<Vec<Vec<Point>>> {
        shapes.collect::<Vec<_>>().into_par_iter().map(|shape| self.border(shape)).collect()
    }

    fn border(&self, shape: &MultiPolygon<f64>) -> Vec<Vec<Point>> {
        let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        rings.flat_map(|ring| self.border_on_page(ring)).map(|line| self.generalise(line)).collect()
    }

    fn path_of(&self, rings: &[Vec<Point>]) -> BezPath {
        let mut path = BezPath::new();
        for ring in rings {
            path.extend(closed(ring));
        }
        path
    }

    fn ring_on_page(&self, ring: &LineString<f64>) -> Vec<Vec<Point>> {
        let mut out = Vec::new();
        for (points, window) in self.copies(ring) {
            let ring = clip_ring(&points, window);
            let Some(&first) = ring.first() else { continue };
            let around: Vec<Point> = ring.into_iter().chain([first]).collect();
            let page = clip_ring(&self.project(&densify(&around, self.step())), self.panel.rect);
            let page = self.generalise(page);
            if page.len() > 2 {
                out.push(page);
            }
        }
        out
    }

    fn border_on_page(&self, ring: &LineString<f64>) -> Vec<Vec<Point>> {
        let mut out = Vec::new();
        for (points, window) in self.copies(ring) {
            let geographic = self.panel.projection().is_geographic();
            for line in if geographic { real_borders(&points) } else { vec![points] } {
                for piece in clip_line(&line, window) {
                    out.extend(clip_line(&self.project(&densify(&piece, self.step())), self.panel.rect));
                }
            }
        }
        out
    }

    /// Returns the ring as often as it shows in the panel's window of degrees: the map may be centred anywhere, so a
    /// ring can stand one turn to the east or west, and at the far side of the globe it shows at both edges.
    fn copies(&self, ring: &LineString<f64>) -> Vec<(Vec<Point>, Rect)> {
        let Some(span) = self.window else {
            return vec![(
                ring.coords().map(|c| Point::new(c.x, c.y)).collect(),
                Rect::new(-1e300, -1e300, 1e300, 1e300),
            )];
        };
        let centre = self.panel.projection().central_longitude();
        let (low, high) = (centre - 180.0 + CUT_MARGIN, centre + 180.0 - CUT_MARGIN);
        let window = Rect::new(span.west.max(low), span.south, span.east.min(high), span.north);
        let (west, east) = ring.coords().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), c| (a.min(c.x), b.max(c.x)));
        let (south, north) =
            ring.coords().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), c| (a.min(c.y), b.max(c.y)));
        if north < window.y0 || south > window.y1 {
            return Vec::new();
        }
        [-360.0, 0.0, 360.0]
            .into_iter()
            .filter(|shift| west + shift <= window.x1 && east + shift >= window.x0)
            .map(|shift| (ring.coords().map(|c| Point::new(c.x + shift, c.y)).collect(), window))
            .collect()
    }

    /// Returns the longest straight step of the data: planar lines stay straight on the page.
    fn step(&self) -> f64 {
        if self.panel.projection().is_geographic() { STEP_DEGREES } else { f64::INFINITY }
    }

    fn project(&self, line: &[Point]) -> Vec<Point> {
        line.iter().filter_map(|p| self.panel.to_page(coord! { x: p.x, y: p.y })).collect()
    }

    /// Removes the points whose triangle with their neighbours is smaller than the style's wiggle
    /// (Visvalingam and Whyatt 1993, doi 10.1179/000870493786962263). The effect is local, so two neighbours keep
    /// the same points of a shared border, but near its ends.
    fn generalise(&self, line: Vec<Point>) -> Vec<Point> {
        let wiggle = Mm(self.style.land.generalise_mm).to_pt();
        if line.len() < 4 || wiggle <= 0.0 {
            return line;
        }
        let coords: Vec<Coord<f64>> = line.iter().map(|p| coord! { x: p.x, y: p.y }).collect();
        LineString::new(coords).simplify_vw_idx(wiggle * wiggle / 2.0).into_iter().map(|k| line[k]).collect()
    }
}

fn line_item(lines: &[Vec<Point>], color: Color, width: f64) -> Option<Item> {
    let mut path = BezPath::new();
    for line in lines {
        append(&mut path, line);
    }
    let stroke = Some(Stroke { color, width, dash: Vec::new(), round: true });
    (!path.is_empty()).then_some(Item::Path(Shape { path, fill: None, stroke }))
}

/// Returns the stretches of a ring that are coasts or borders, not the cuts that data has along the antimeridian
/// or below Antarctica.
fn real_borders(ring: &[Point]) -> Vec<Vec<Point>> {
    let cut = |a: Point, b: Point| {
        let on_meridian = |p: Point| (p.x.rem_euclid(360.0) - 180.0).abs() < 1e-3;
        let at_pole = |p: Point| p.y < -89.9;
        (on_meridian(a) && on_meridian(b)) || (at_pole(a) && at_pole(b))
    };
    let mut stretches: Vec<Vec<Point>> = Vec::new();
    let mut open = false;
    for pair in ring.windows(2) {
        if cut(pair[0], pair[1]) {
            open = false;
            continue;
        }
        match stretches.last_mut() {
            Some(stretch) if open => stretch.push(pair[1]),
            _ => stretches.push(vec![pair[0], pair[1]]),
        }
        open = true;
    }
    stretches
}

/// Returns the four corners of a rectangle as a ring.
pub fn corners(rect: Rect) -> Vec<Point> {
    vec![(rect.x0, rect.y0).into(), (rect.x1, rect.y0).into(), (rect.x1, rect.y1).into(), (rect.x0, rect.y1).into()]
}

/// Returns a ring as a closed path.
pub fn closed(ring: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    append(&mut path, ring);
    if !path.is_empty() {
        path.close_path();
    }
    path
}

/// Appends an open line to a path as a subpath of its own.
pub fn append(path: &mut BezPath, line: &[Point]) {
    let Some((first, rest)) = line.split_first() else { return };
    path.move_to(*first);
    for point in rest {
        path.line_to(*point);
    }
}
