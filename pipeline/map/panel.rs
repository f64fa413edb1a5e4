//! A panel: a rectangle of the page with the part of the Earth (or plane) that it shows.

use flowatlas_model::{Coordinates, atlas::Place};
use geo::{Coord, coord};
use kurbo::{Point, Rect, Vec2};

use crate::{
    error::Error,
    projection::{Projection, Span, Way, wrap_longitude},
    spec::ProjectionChoice,
    words::Language,
};

/// Steps along each side of a box of degrees when its planar outline is sought.
const EDGE_STEPS: usize = 24;

/// A rectangle of the page with a projection and the similarity that carries projected positions onto it.
pub struct Panel {
    /// Where the panel stands, in points.
    pub rect: Rect,
    projection: Projection,
    /// Points on the page for one unit of the projection.
    scale: f64,
    /// Projected position of the centre of the rectangle.
    centre: Coord<f64>,
}

/// What a panel is made for.
#[derive(Debug, Clone, Copy)]
pub struct PanelWish<'a> {
    /// How coordinates are to be read.
    pub coordinates: Coordinates,
    /// How the Earth is drawn flat.
    pub projection: &'a ProjectionChoice,
    /// Language of the projection's name.
    pub language: Language,
}

/// What a panel shows: a projection and the planar box that must be inside.
pub struct View {
    projection: Projection,
    bounds: Rect,
}

/// Tells whether a box (west, south, east, north) is one of degrees.
pub fn is_on_earth([west, south, east, north]: [f64; 4]) -> bool {
    let degrees = |side: f64, most: f64| (-most..=most).contains(&side);
    degrees(west, 180.0) && degrees(east, 180.0) && degrees(south, 90.0) && degrees(north, 90.0)
}

impl View {
    /// Returns the view around these positions.
    ///
    /// # Errors
    /// [`Error::NothingToShow`] without positions, and what [`Projection::choose`] says.
    pub fn around(positions: &[Coord<f64>], wish: &PanelWish<'_>) -> Result<Self, Error> {
        Self::sparing(&[], positions, wish)
    }

    /// Returns the view around these positions, cut where it spares flows, as [`Span::sparing`] says.
    ///
    /// # Errors
    /// As [`View::around`].
    pub fn sparing(ways: &[Way], positions: &[Coord<f64>], wish: &PanelWish<'_>) -> Result<Self, Error> {
        let span = Span::sparing(ways, positions).ok_or(Error::NothingToShow)?;
        let projection = Projection::choose(wish.projection, wish.coordinates, span, wish.language)?;
        let mut view = View { projection, bounds: Rect::ZERO };
        view.bounds = if view.projection.is_world() && view.projection.is_geographic() {
            view.globe()
        } else {
            view.cover(positions.iter().copied())
        }
        .ok_or(Error::NothingToShow)?;
        Ok(view)
    }

    /// Returns the view of a box (west, south, east, north) of degrees, or of planar coordinates where places have these.
    ///
    /// # Errors
    /// As [`View::around`]; [`Error::Extent`] for what are no degrees.
    pub fn of_box(sides: [f64; 4], wish: &PanelWish<'_>) -> Result<Self, Error> {
        if wish.coordinates == Coordinates::Planar {
            let [west, south, east, north] = sides;
            return Self::around(&[coord! { x: west, y: south }, coord! { x: east, y: north }], wish);
        }
        if !is_on_earth(sides) {
            return Err(Error::Extent { sides });
        }
        let span = Span::from_box(sides);
        let projection = Projection::choose(wish.projection, wish.coordinates, span, wish.language)?;
        let mut view = View { projection, bounds: Rect::ZERO };
        view.bounds = view.cover(outline(span)).ok_or(Error::NothingToShow)?;
        Ok(view)
    }

    /// Returns width divided by height of what must be seen.
    pub fn aspect(&self) -> f64 {
        let (width, height) = (self.bounds.width(), self.bounds.height());
        if width <= 0.0 || height <= 0.0 { 1.5 } else { width / height }
    }

    /// Returns the diagonal of what must be seen, in units of the projection.
    pub fn extent(&self) -> f64 {
        libm::hypot(self.bounds.width(), self.bounds.height())
    }

    /// Returns the box around what this view shows on another panel.
    pub fn seen_on(&self, panel: &Panel) -> Option<Rect> {
        let on_panel = |at: Point| panel.to_page(self.projection.inverse(coord! { x: at.x, y: at.y })?);
        let spots = border(self.bounds).filter_map(on_panel).map(|p| Rect::from_points(p, p));
        spots.reduce(|a, b| a.union(b))
    }

    /// Returns the name of the projection as printed; empty for planar coordinates.
    pub fn projection_name(&self) -> &str {
        self.projection.name()
    }

    fn globe(&self) -> Option<Rect> {
        let centre = self.projection.central_longitude();
        self.cover(outline(Span { west: centre - 179.999, south: -60.0, east: centre + 179.999, north: 84.0 }))
    }

    fn cover(&self, positions: impl Iterator<Item = Coord<f64>>) -> Option<Rect> {
        let planar = positions.filter_map(|p| self.projection.forward(p)).map(|c| Point::new(c.x, c.y));
        planar.map(|p| Rect::from_points(p, p)).reduce(|a, b| a.union(b))
    }

    /// Returns the panel that shows this view in `rect`, as large as it fits, with room kept free around it: a share
    /// of the smaller side.
    pub fn fit(self, rect: Rect, padding: f64) -> Panel {
        let room = rect.inset(-padding * rect.width().min(rect.height()));
        let size = self.bounds.size();
        let by_width = if size.width > 0.0 { room.width() / size.width } else { f64::INFINITY };
        let by_height = if size.height > 0.0 { room.height() / size.height } else { f64::INFINITY };
        let scale = by_width.min(by_height);
        // A single place has no extent: one unit a point for planar data, 1:1,000,000 for the Earth.
        let lone = if self.projection.is_geographic() { 72.0 / 0.0254 / 1e6 } else { 1.0 };
        let centre = self.bounds.center();
        Panel {
            rect,
            projection: self.projection,
            scale: if scale.is_finite() { scale } else { lone },
            centre: coord! { x: centre.x, y: centre.y },
        }
    }
}

fn outline(span: Span) -> impl Iterator<Item = Coord<f64>> {
    let Span { west, south, east, north } = span;
    (0..=EDGE_STEPS).flat_map(move |k| {
        let t = k as f64 / EDGE_STEPS as f64;
        let (x, y) = (west + t * (east - west), south + t * (north - south));
        [coord! { x: x, y: south }, coord! { x: x, y: north }, coord! { x: west, y: y }, coord! { x: east, y: y }]
    })
}

impl Panel {
    /// Returns the projection of the panel.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Returns points on the page for one unit of the projection.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Returns the projected position of the centre of the rectangle.
    pub fn centre(&self) -> Coord<f64> {
        self.centre
    }

    /// Returns the position on the page of a longitude and latitude, or of a planar position.
    pub fn to_page(&self, at: Coord<f64>) -> Option<Point> {
        let planar = self.projection.forward(at)?;
        Some(self.rect.center() + Vec2::new(planar.x - self.centre.x, self.centre.y - planar.y) * self.scale)
    }

    /// Returns the longitude and latitude (or planar position) of a position on the page.
    pub fn unproject(&self, at: Point) -> Option<Coord<f64>> {
        let offset = (at - self.rect.center()) / self.scale;
        self.projection.inverse(coord! { x: self.centre.x + offset.x, y: self.centre.y - offset.y })
    }

    /// Returns true where the place is seen in this panel.
    pub fn shows(&self, place: &Place) -> bool {
        self.to_page(place.at).is_some_and(|p| self.rect.contains(p))
    }

    /// Returns the degrees that the panel covers, with a little room to spare; `None` for planar data.
    ///
    /// The whole globe for maps of the world, and wherever a pole is inside.
    pub fn degrees(&self) -> Option<Span> {
        if !self.projection.is_geographic() {
            return None;
        }
        let centre = self.projection.central_longitude();
        let globe = Span { west: centre - 180.0, south: -90.0, east: centre + 180.0, north: 90.0 };
        let pole = [90.0, -90.0]
            .into_iter()
            .any(|lat| self.to_page(coord! { x: centre, y: lat }).is_some_and(|p| self.rect.inset(20.0).contains(p)));
        if self.projection.is_world() || pole {
            return Some(globe);
        }
        let mut inside: Option<Rect> = None;
        for point in border(self.rect.inset(12.0)) {
            let Some(at) = self.unproject(point) else { return Some(globe) };
            let x = centre + wrap_longitude(at.x - centre);
            let spot = Rect::from_points((x, at.y), (x, at.y));
            inside = Some(inside.map_or(spot, |r| r.union(spot)));
        }
        inside.map(|r| Span { west: r.x0, south: r.y0, east: r.x1, north: r.y1 })
    }
}

/// Returns points along the four sides of a rectangle.
fn border(rect: Rect) -> impl Iterator<Item = Point> {
    (0..=EDGE_STEPS).flat_map(move |k| {
        let t = k as f64 / EDGE_STEPS as f64;
        let (x, y) = (rect.x0 + t * rect.width(), rect.y0 + t * rect.height());
        [Point::new(x, rect.y0), Point::new(x, rect.y1), Point::new(rect.x0, y), Point::new(rect.x1, y)]
    })
}
