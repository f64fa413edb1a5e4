//! How a finished map looks, resolved: what another program needs to draw the same map from its layers.
//!
//! The numbers are those that the figure was drawn with. Lengths are points on the page.

use geo::Coord;
use kurbo::Rect;

use crate::style::{Color, LookStyle};

/// The look of one map of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The title and subtitle as printed; either may be empty.
    pub header: [String; 2],
    /// The paragraphs at the foot: notes, what is shown of how much, sources.
    pub footer: Vec<String>,
    /// What is counted, as the head of the legend says it; may be empty.
    pub measure: String,
    /// The language of the words on the page, as a BCP 47 tag (`en`, `es`, `fr`).
    pub language: String,
    /// Width and height of the page.
    pub page: [f64; 2],
    /// The map frame first, then its windows.
    pub panels: Vec<PanelLook>,
    /// Where the legend and the scale bar stand on the page, where they do.
    pub legend: Option<Rect>,
    /// As `legend`, for the scale bar.
    pub scale_bar: Option<Rect>,
    /// Widths of flows.
    pub widths: Widths,
    /// Words and widths that the legend shows as samples; none where width tells nothing.
    pub samples: Vec<(String, f64)>,
    /// What the legend says of the width of the trunks of trees; `None` where the map has no trees.
    pub trunks: Option<String>,
    /// What colour tells of flows.
    pub colors: FlowColors,
    /// What the groups of places are that colour tells, as the head of their entries in the legend; `None` where it tells none.
    pub grouped_by: Option<String>,
    /// The colour of flows of unknown weight, where it is another one.
    pub unknown: Option<Color>,
    /// The entry of the legend for flows without a number, where these look otherwise than those that have one.
    pub numberless: Option<NumberlessLook>,
    /// How uncertain flows are told from others, where there are any.
    pub uncertain: Option<UncertainLook>,
    /// Sizes of the symbols of places.
    pub symbols: Symbols,
    /// What circles are sized by, where it is not the flows of their places.
    pub sized_by: Option<String>,
    /// How each place stands on the page, in atlas order; `None` for places that no shown flow joins.
    pub places: Vec<Option<PlaceLook>>,
    /// How each shown link lies on the page, in link order.
    pub lines: Vec<LineLook>,
    /// Ids of base map regions that the map is about.
    pub subject: Vec<String>,
    /// Ids of base map regions that are lit.
    pub highlight: Vec<String>,
    /// Flows of at least this weight carry their number; `None` where none do.
    pub numbered: Option<f64>,
    /// Column of the places with a second name to stand under the first.
    pub second_name: Option<String>,
    /// The classes of shaded areas.
    pub shades: Option<Shades>,
    /// Whether the borders of areas that are neither shaded nor soft are drawn.
    pub bordered: bool,
}

/// A rectangle of the page with the part of the Earth or of the plane that it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelLook {
    /// Text in its corner; empty for none.
    pub title: String,
    /// Ids of base map regions whose names are written in it.
    pub region_labels: Vec<String>,
    /// Where it stands on the page, y downwards.
    pub rect: Rect,
    /// Its coordinate system: `EPSG:n` or `+proj=…`; empty for planar coordinates.
    pub crs: String,
    /// West, south, east and north edge in units of the coordinate system.
    pub bounds: [f64; 4],
    /// West, south, east and north of what it shows in degrees, with a little room to spare; west may be below -180.
    /// `None` for planar coordinates.
    pub degrees: Option<[f64; 4]>,
    /// The longitude along which its coordinate system parts neighbours, -180 to 180; `None` where it parts none.
    pub cut: Option<f64>,
}

impl PanelLook {
    /// Returns points on the page for one unit of the coordinate system.
    pub fn scale(&self) -> f64 {
        self.rect.width() / (self.bounds[2] - self.bounds[0])
    }

    /// Returns metres on the ground for one point on the page, as the coordinate system has it, whose units are metres where it is
    /// projected; `None` for degrees and planar coordinates.
    pub fn metres_per_point(&self) -> Option<f64> {
        const MOST_DEGREES: f64 = 360.0;
        (!self.crs.is_empty() && self.bounds[3].abs() > MOST_DEGREES).then(|| 1.0 / self.scale())
    }

    /// Returns the position in the coordinate system of a position on the page.
    pub fn at(&self, x: f64, y: f64) -> Coord<f64> {
        let scale = self.scale();
        Coord { x: self.bounds[0] + (x - self.rect.x0) / scale, y: self.bounds[3] - (y - self.rect.y0) / scale }
    }
}

/// How weights become widths.
#[derive(Debug, Clone, PartialEq)]
pub enum Widths {
    /// `width = weight × per_unit`, but never below `min`; a missing weight is as thin as allowed.
    Proportional {
        /// Points for one unit of weight.
        per_unit: f64,
        /// Width of the thinnest line.
        min: f64,
        /// The largest weight drawn.
        largest: f64,
    },
    /// One width per rank, the first first; later ranks take the last.
    Classes(Vec<f64>),
    /// One width for all.
    Uniform(f64),
}

impl Widths {
    /// Returns the width of the widest line.
    pub fn widest(&self) -> f64 {
        match self {
            Widths::Proportional { per_unit, min, largest } => (per_unit * largest).max(*min),
            Widths::Classes(widths) => widths.first().copied().unwrap_or(1.0),
            Widths::Uniform(width) => *width,
        }
    }
}

/// What colour tells of flows.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowColors {
    /// Nothing: one colour for all.
    One(Color),
    /// The kind of movement, in the order of the legend; `None` is any other kind.
    Kinds(Vec<KindLook>),
    /// The group of places that a flow stays within, or the tree that it is on, by its name as the legend says it; `None` is neither.
    Groups(Vec<KindLook>),
    /// Out of one place, named by its id, and into it.
    Ends {
        /// The id of the place.
        hub: String,
        /// Words and colour of the flows out of it.
        from: (String, Color),
        /// Words and colour of the flows into it.
        to: (String, Color),
    },
}

impl FlowColors {
    /// Returns the name of a group, where colour tells groups.
    pub fn group(&self, group: Option<usize>) -> Option<&str> {
        match self {
            FlowColors::Groups(groups) => groups.get(group?)?.kind.as_deref(),
            _ => None,
        }
    }
}

/// How uncertain flows are told from others: paler where colours and dashes tell kinds; else hollow, and dashed where a flow is too thin
/// to be hollow.
#[derive(Debug, Clone, PartialEq)]
pub struct UncertainLook {
    /// What they are, as the legend says it.
    pub label: String,
    /// Share of the colour of the casing in the pale colour.
    pub paler: f64,
    /// Width in points from which on a flow is hollow.
    pub hollow_from: f64,
    /// Width in points of the line around a hollow flow.
    pub edge: f64,
}

/// How the legend shows flows without a number.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberlessLook {
    /// What they are, as the legend says it.
    pub label: String,
    /// Their width in points.
    pub width: f64,
    /// Their colour.
    pub color: Color,
}

/// How a kind of movement, or a group, looks.
#[derive(Debug, Clone, PartialEq)]
pub struct KindLook {
    /// The kind as the data spell it; `None` for flows of no kind.
    pub kind: Option<String>,
    /// The kind as the legend says it.
    pub label: String,
    /// Its colour and dashes, in multiples of the line width.
    pub look: LookStyle,
}

/// Sizes of the symbols of places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Symbols {
    /// One radius for all.
    Fixed(f64),
    /// The area grows with in and out together: `radius = max × sqrt(total / largest)`, but never below `min`.
    ByTotal {
        /// Radius of the largest total.
        max: f64,
        /// The smallest radius.
        min: f64,
        /// The largest total.
        largest: f64,
        /// The colour of right halves for in: then left ones stand for out, the area of each grows likewise with its sum, `largest` is
        /// the largest sum out or in, and a half of nothing is not drawn. `None` for whole circles.
        halves: Option<Color>,
    },
}

impl Symbols {
    /// Returns true where circles have a half for out and one for in.
    pub fn has_halves(self) -> bool {
        matches!(self, Symbols::ByTotal { halves: Some(_), .. })
    }

    /// Returns the symbols with whole circles of the same area in the place of halves, for programs that draw none.
    #[must_use]
    pub fn whole(self) -> Self {
        match self {
            Symbols::ByTotal { max, min, largest, halves: Some(_) } => {
                Symbols::ByTotal { max, min, largest: 2.0 * largest, halves: None }
            }
            other => other,
        }
    }
}

/// What stands where a flow starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceRole {
    /// A circle.
    Circle,
    /// A ring: the one place that all flows start or end at.
    Hub,
    /// A soft area; flows end at its edge.
    Area,
    /// Nothing: the place lies off the map.
    Exit,
}

impl PlaceRole {
    /// Returns the role as a word.
    pub fn word(self) -> &'static str {
        match self {
            PlaceRole::Circle => "place",
            PlaceRole::Hub => "hub",
            PlaceRole::Area => "area",
            PlaceRole::Exit => "exit",
        }
    }
}

/// A place on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceLook {
    /// What is drawn.
    pub role: PlaceRole,
    /// Radius of its symbol; 0 where it has none.
    pub radius: f64,
    /// In and out together of all flows of the map, 0 where weights are not measured; or the number that circles are sized by.
    pub total: f64,
    /// The sums out and in that halves stand for; `None` for a whole circle.
    pub halves: Option<[f64; 2]>,
    /// Position of its group among those of [`FlowColors::Groups`].
    pub group: Option<usize>,
}

/// A flow on the page. Its line runs from place to place; what is drawn begins and ends short of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineLook {
    /// Full width.
    pub width: f64,
    /// How far from the middle of the origin the flow begins.
    pub start: f64,
    /// How far from the middle of the destination its tip ends.
    pub end: f64,
    /// Length of what is drawn.
    pub length: f64,
    /// Position of its group among those of [`FlowColors::Groups`].
    pub group: Option<usize>,
    /// True where the data say that it is uncertain or estimated.
    pub uncertain: bool,
}

/// The classes of shaded areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Shades {
    /// What the number is, as the legend says it.
    pub title: String,
    /// Its unit; empty for none.
    pub unit: String,
    /// The numbers between classes, ascending; each belongs to the class above it.
    pub breaks: Vec<f64>,
    /// The smallest and the largest number.
    pub range: [f64; 2],
    /// The colour of each class.
    pub colors: Vec<Color>,
    /// The number that is of no class, where there are areas of it.
    pub neutral: Option<NeutralShade>,
    /// The colour of areas without a number.
    pub missing: Color,
    /// What they are, as the legend says it.
    pub missing_label: String,
    /// The number of each place, in atlas order, with the base map region that stands for a place without an area.
    pub numbers: Vec<(String, Option<f64>)>,
}

/// The number that a diverging scale parts at, as a number of areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeutralShade {
    /// The number.
    pub at: f64,
    /// How many classes lie below it.
    pub below: usize,
    /// The colour of these areas.
    pub color: Color,
}
