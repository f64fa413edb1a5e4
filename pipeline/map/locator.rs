//! The locator: a small map of a wider region that shows where the map lies.

use flowatlas_model::{
    BaseMap, Coordinates,
    scene::{Item, Shape, Stroke},
};
use kurbo::{BezPath, Point, Rect, Size};

use crate::{
    block::Block,
    clip::{clip_line, densify},
    error::Error,
    furniture::frame_line,
    land::{Areas, LandPainter, Lighting, append, closed, corners},
    panel::{Panel, PanelWish, View},
    spec::{LocatorSpec, MapInput, ProjectionChoice},
};

/// Greatest share of the width of the map's frame: the map may be one of several panels, and small.
const WIDEST: f64 = 1.0 / 3.0;
/// Least side in points of the mark that stands for the map.
const LEAST_MARK: f64 = 4.0;
/// Parts of the frame's width that are straight lines on the locator.
const BEND_STEPS: f64 = 24.0;
/// Width of its line in points.
const MARK_WIDTH: f64 = 0.9;

/// Sizes of the locator as shares of what the map asks for: it is smaller where a larger one would hide something.
const SIZES: [f64; 3] = [1.0, 0.8, 0.6];

/// Returns the locator that the map asks for in each of its sizes, the largest first: the wider region, the regions that the map is
/// about, and the outline of its frame. None for planar maps, which lie nowhere on the Earth.
///
/// # Errors
/// [`Error::NothingToShow`] where its extent has no size.
pub fn locators(input: &MapInput<'_>, main: &Panel, subject: &[String]) -> Result<Vec<Block>, Error> {
    let Some(spec) = input.spec.locator.as_ref().filter(|_| input.atlas.coordinates == Coordinates::Geographic) else {
        return Ok(Vec::new());
    };
    let width = spec.width.to_pt().min(WIDEST * main.rect.width());
    SIZES.into_iter().map(|size| locator(input, (main, subject), (spec, width * size))).collect()
}

/// Returns the locator at this width.
fn locator(
    input: &MapInput<'_>,
    (main, subject): (&Panel, &[String]),
    (spec, width): (&LocatorSpec, f64),
) -> Result<Block, Error> {
    let panel = panel(input, spec, width)?;
    let base: &BaseMap = spec.base.as_ref().unwrap_or(input.base);
    let mut items = LandPainter::new(&panel, input.style)
        .paint(base, Lighting { subject: &[], highlight: subject }, &Areas::default())
        .items;
    items.extend(mark(input, main, &panel));
    items.extend(frame_line(panel.rect, input.style));
    Ok(Block { items, size: panel.rect.size() })
}

fn panel(input: &MapInput<'_>, spec: &LocatorSpec, width: f64) -> Result<Panel, Error> {
    let wish = PanelWish {
        coordinates: Coordinates::Geographic,
        projection: &ProjectionChoice::Auto,
        language: input.spec.language,
    };
    let view = View::of_box(spec.extent, &wish)?;
    let size = Size::new(width, width / view.aspect());
    Ok(view.fit(Rect::from_origin_size(Point::ORIGIN, size), 0.0))
}

/// Returns the outline of the map's frame as far as the locator shows it; one too small to be seen is a square of the least size.
fn mark(input: &MapInput<'_>, main: &Panel, panel: &Panel) -> Option<Item> {
    let ring = outline(main, panel);
    let bounds = bounds(&ring)?;
    let small = bounds.width().max(bounds.height()) < LEAST_MARK;
    let square = Rect::from_center_size(bounds.center(), Size::new(LEAST_MARK, LEAST_MARK));
    let path = match (small, panel.rect.contains_rect(bounds)) {
        (true, _) if panel.rect.contains(bounds.center()) => closed(&corners(square)),
        (false, true) => closed(&ring),
        _ => {
            let mut path = BezPath::new();
            clip_line(&ring, panel.rect).iter().for_each(|piece| append(&mut path, piece));
            path
        }
    };
    let stroke = Stroke { color: input.style.text.color, width: MARK_WIDTH, dash: Vec::new(), round: false };
    (!path.is_empty()).then_some(Item::Path(Shape { path, fill: None, stroke: Some(stroke) }))
}

/// Returns the closed outline of the map's frame, bent as the locator's projection bends it.
fn outline(main: &Panel, panel: &Panel) -> Vec<Point> {
    let around = corners(main.rect).into_iter().chain(corners(main.rect).first().copied()).collect::<Vec<_>>();
    let frame = densify(&around, main.rect.width() / BEND_STEPS);
    frame.into_iter().filter_map(|p| panel.to_page(main.unproject(p)?)).collect()
}

fn bounds(points: &[Point]) -> Option<Rect> {
    points.iter().map(|p| Rect::from_points(*p, *p)).reduce(|a, b| a.union(b))
}

/// Tells whether the locator that a map asks for shows less than all of the map.
pub fn misses_map(input: &MapInput<'_>, main: &Panel) -> bool {
    let panel = input.spec.locator.as_ref().and_then(|spec| panel(input, spec, main.rect.width()).ok());
    panel.is_some_and(|panel| bounds(&outline(main, &panel)).is_none_or(|map| !panel.rect.contains_rect(map)))
}
