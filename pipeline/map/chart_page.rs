//! A page with one chart: the title above, a note beneath.

use flowatlas_model::{
    Scene, Style,
    scene::{Font, Item, Shape, Stroke},
    style::Color,
    units::Mm,
};
use kurbo::{Circle, Line, Point, Shape as _};

use crate::{
    compose::group,
    furniture::{footer, header, margin},
    spec::MapSpec,
    text::Typesetter,
    words::Language,
};

/// What every chart on a page of its own is made with.
#[derive(Debug, Clone, Copy)]
pub struct ChartPage<'a> {
    /// The title as printed; may be empty.
    pub title: &'a str,
    /// Colours and sizes.
    pub style: &'a Style,
    /// The fonts.
    pub fonts: &'a [Font],
    /// Width of the page.
    pub width: Mm,
}

impl ChartPage<'_> {
    /// Returns the page of a chart that is called `name` in files. `draw` is given the corner at which it starts and its width, and returns
    /// its items and where it ends.
    pub(crate) fn scene(
        &self,
        (name, note): (&str, String),
        draw: impl FnOnce(&mut Typesetter, Point, f64) -> (Vec<Item>, f64),
    ) -> Scene {
        let (edge, width) = (margin(self.style), self.width.to_pt());
        let room = width - 2.0 * edge;
        let mut set = Typesetter::new(self.fonts);
        let spec = MapSpec { title: self.title.to_owned(), ..MapSpec::default() };
        let head = header(&spec, self.style, &mut set, room);
        let (items, bottom) = draw(&mut set, Point::new(edge, edge + head.size.height), room);
        let foot = footer(std::slice::from_ref(&note), self.style, &mut set, room);
        let height = bottom + foot.size.height + edge;
        let mut around = head.place(Point::new(edge, edge));
        around.extend(foot.place(Point::new(edge, bottom)));
        Scene {
            width,
            height,
            background: self.style.page.background,
            title: self.title.to_owned(),
            description: note,
            language: Language::English.to_string(),
            fonts: self.fonts.to_vec(),
            items: vec![group(name, items), group("furniture", around)],
        }
    }
}

/// A straight line.
pub(crate) fn rule((from, to): (Point, Point), color: Color, width: f64) -> Item {
    let stroke = Stroke { color, width, dash: Vec::new(), round: true };
    Item::Path(Shape { path: Line::new(from, to).to_path(0.1), fill: None, stroke: Some(stroke) })
}

/// A disc with a thin edge.
pub(crate) fn disc((at, radius): (Point, f64), fill: Color, edge: Color) -> Item {
    let stroke = Stroke { color: edge, width: 0.8, dash: Vec::new(), round: false };
    Item::Path(Shape { path: Circle::new(at, radius).to_path(0.01), fill: Some(fill), stroke: Some(stroke) })
}
