//! What a map is to show: the part of a study that this stage needs, resolved and validated.

use std::collections::BTreeSet;

use flowatlas_model::{Atlas, BaseMap, OdGraph, PlaceIndex, Style, flow::WeightKind, scene::Font, units::Mm};

use crate::{
    choropleth::Choropleth,
    part::Part,
    words::{Language, Words},
};

/// Everything a map is made of.
#[derive(Debug, Clone, Copy)]
pub struct MapInput<'a> {
    /// What to show and to say.
    pub spec: &'a MapSpec,
    /// The places.
    pub atlas: &'a Atlas,
    /// All flows of the map before selection: completeness comes from here.
    pub all: &'a OdGraph,
    /// The flows that circles stand for: all of them, each direction apart where lines are sums of both.
    pub circled: &'a OdGraph,
    /// The flows to draw.
    pub shown: &'a OdGraph,
    /// What lies beneath.
    pub base: &'a BaseMap,
    /// How it looks.
    pub style: &'a Style,
    /// The fonts: the family of the first is the text face, others serve the letters and the weights that it lacks.
    pub fonts: &'a [Font],
}

impl<'a> MapInput<'a> {
    /// Returns the base map of a panel: 0 is the main one, windows follow.
    pub fn base_of(&self, panel: usize) -> &'a BaseMap {
        self.window(panel).and_then(|w| w.base.as_ref()).unwrap_or(self.base)
    }

    /// Tells whether the borders of the places' own areas are drawn: where shades do not show them already.
    pub fn has_borders(&self) -> bool {
        self.spec.place_borders && self.spec.choropleth.is_none()
    }

    /// Tells whether the places' own areas are to be seen, by borders or by shades.
    pub fn draws_areas(&self) -> bool {
        self.spec.place_borders || self.spec.choropleth.is_some()
    }

    /// Tells of each place, by its index, whether a shown flow starts or ends there.
    pub fn joined(&self) -> Vec<bool> {
        let mut joined = vec![false; self.atlas.places.len()];
        let ends = self.shown.links().flat_map(|(origin, destination, _)| [origin, destination]);
        ends.for_each(|place| joined[place.index()] = true);
        joined
    }

    /// Returns the ids of the regions whose names are written on a panel.
    pub fn region_labels_of(&self, panel: usize) -> &'a [String] {
        match panel {
            0 => &self.spec.region_labels,
            window => self.window(window).map_or(&[], |w| &w.region_labels),
        }
    }

    /// Returns the text in the corner of a panel; empty for none.
    pub fn title_of(&self, panel: usize) -> &'a str {
        self.window(panel).map_or("", |w| &w.title)
    }

    /// Returns the window that a panel was made for; `None` for the main one and those that the map found by itself.
    fn window(&self, panel: usize) -> Option<&'a WindowSpec> {
        self.spec.windows.get(panel.checked_sub(1)?)
    }

    /// Returns the name of a place as it is written on the map: its second name, where it has another one, stands in a
    /// line of its own.
    pub fn label(&self, place: PlaceIndex) -> String {
        let name = &self.atlas.place(place).name;
        let column = self.spec.second_name.as_deref().and_then(|column| self.atlas.attributes.column(column));
        let second = column.map_or_else(String::new, |c| c.values[place.index()].to_text());
        match second.trim() {
            "" => name.clone(),
            same if same == name => name.clone(),
            second => format!("{name}\n{second}"),
        }
    }
}

/// What one map shows and says.
#[derive(Debug, Clone, PartialEq)]
pub struct MapSpec {
    /// The title as printed; empty for none.
    pub title: String,
    /// The subtitle as printed; empty for none.
    pub subtitle: String,
    /// Sentences at the foot.
    pub notes: Vec<String>,
    /// The source line: short citations, in order.
    pub sources: Vec<String>,
    /// What is counted, as the legend says it; empty for none.
    pub measure: String,
    /// Unit of the weights, plural (`persons`); empty for none.
    pub unit: String,
    /// The column of the places with a second name, such as one in another script; `None` for one name only.
    pub second_name: Option<String>,
    /// How the numbers came about (`census count`); empty where unknown.
    pub basis: String,
    /// When; empty where unknown.
    pub period: String,
    /// What the weights are.
    pub weights: WeightKind,
    /// What of the two directions between places the flows are.
    pub directions: Directions,
    /// Words for ranks 1, 2, 3 …; ordinal maps only.
    pub classes: Vec<String>,
    /// Language of the words that the product adds.
    pub language: Language,
    /// Page width.
    pub width: Mm,
    /// Page height; `None` for what the extent needs.
    pub height: Option<Mm>,
    /// Sizes of symbols that hold exactly.
    pub sizes: FixedSizes,
    /// What the frame shows.
    pub extent: Extent,
    /// How the Earth is drawn flat.
    pub projection: ProjectionChoice,
    /// Magnified parts, drawn as boxes on the map frame.
    pub windows: Vec<WindowSpec>,
    /// Whether places that crowd each other get windows of their own.
    pub magnify: bool,
    /// The small map that shows where this one lies.
    pub locator: Option<LocatorSpec>,
    /// What areas beneath the flows are shaded by.
    pub choropleth: Option<Choropleth>,
    /// Ids of base map regions to light up.
    pub highlight: Vec<String>,
    /// Ids of base map regions that the map is about; empty for those that contain a place with flows.
    pub subject: Vec<String>,
    /// Ids of base map regions whose names are written.
    pub region_labels: Vec<String>,
    /// Ids of places drawn as soft areas.
    pub areas: Vec<String>,
    /// Whether the borders of places that have areas are drawn, as those of divisions: where the base map may lack them.
    pub place_borders: bool,
    /// Ids of places that lie off the map.
    pub exits: Vec<String>,
    /// Kinds of movement in the order of the legend; kinds that it leaves out follow.
    pub kinds: Vec<String>,
    /// Which flows are uncertain; `None` where the map does not tell.
    pub uncertain: Option<Uncertain>,
    /// What the circles of places show.
    pub circles: Circles,
    /// The number that circles show in its place.
    pub size: Option<SizeWish>,
    /// What groups of places have colours of their own, and the flows within them.
    pub groups: Option<GroupWish>,
    /// How many of the largest flows carry their number.
    pub values: usize,
    /// Words beside flows.
    pub annotations: Vec<Annotation>,
    /// Courses that the cartographer has fixed; the layout arranges everything else around them.
    pub courses: Vec<FixedCourse>,
    /// What becomes of flows from a place to itself.
    pub self_flows: SelfFlows,
    /// How many of these there were before places were joined; `None` where none were, and all count.
    pub self_links: Option<usize>,
    /// A remark on what the layout can and cannot show, printed with the notes; empty for none.
    pub layout_remark: String,
    /// Whether flows will be laid out as trees, so that the legend has room to say how trunks add up.
    pub trunks: bool,
    /// What the map takes from the figure that it is a part of; `None` for a map on a page of its own.
    pub part: Option<Part>,
    /// What a finished map holds of its flows.
    pub detail: Detail,
}

impl Default for MapSpec {
    /// A map two columns of a report wide, with no words of its own.
    fn default() -> Self {
        MapSpec {
            title: String::new(),
            subtitle: String::new(),
            notes: Vec::new(),
            sources: Vec::new(),
            measure: String::new(),
            unit: String::new(),
            second_name: None,
            basis: String::new(),
            period: String::new(),
            weights: WeightKind::Measured,
            directions: Directions::Apart,
            classes: Vec::new(),
            language: Language::English,
            width: Mm(175.0),
            height: None,
            sizes: FixedSizes::default(),
            extent: Extent::Flows,
            projection: ProjectionChoice::Auto,
            windows: Vec::new(),
            magnify: false,
            locator: None,
            choropleth: None,
            highlight: Vec::new(),
            subject: Vec::new(),
            region_labels: Vec::new(),
            areas: Vec::new(),
            place_borders: false,
            exits: Vec::new(),
            kinds: Vec::new(),
            uncertain: None,
            circles: Circles::Total,
            size: None,
            groups: None,
            values: 0,
            annotations: Vec::new(),
            courses: Vec::new(),
            self_flows: SelfFlows::Count,
            self_links: None,
            layout_remark: String::new(),
            trunks: false,
            part: None,
            detail: Detail::Flows,
        }
    }
}

/// What a finished map holds of its flows where they are added up; any other map holds each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Each with its course and its look, for files that list flows, beside the picture.
    #[default]
    Flows,
    /// The same without what the flows add up to: the picture is not wanted.
    Layers,
    /// None of them: the picture alone is wanted.
    Picture,
}

/// Flows whose numbers, or whose ways, are less sure than the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uncertain {
    /// Their positions among the shown links.
    pub links: BTreeSet<usize>,
    /// What the legend says of them; empty for the words of the product.
    pub label: String,
}

impl Uncertain {
    /// Returns what the legend says of them, in the language of the map where they have no words of their own.
    pub(crate) fn told(&self, words: Words) -> &str {
        if self.label.is_empty() { words.uncertain() } else { &self.label }
    }
}

impl MapSpec {
    /// Says whether the shown link at this position is uncertain.
    pub(crate) fn doubts(&self, link: usize) -> bool {
        self.uncertain.as_ref().is_some_and(|uncertain| uncertain.links.contains(&link))
    }
}

/// What the area of a place's circle grows with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Circles {
    /// In and out together.
    #[default]
    Total,
    /// Out in the left half, in in the right half.
    InOut,
}

/// What the area of a place's circle grows with, in place of its flows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SizeWish {
    /// What it is, as the legend says it.
    pub title: String,
    /// The number of each place, in atlas order; not negative.
    pub numbers: Vec<Option<f64>>,
}

/// What tells places apart by colour.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupWish {
    /// What the groups are, as the legend says it.
    pub title: String,
    /// The group of each place, in atlas order; a group whose name is a number is named by its places.
    pub groups: Vec<Option<String>>,
}

/// Sizes of symbols that hold exactly, whatever the style and the page say; `None` leaves them to the style.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FixedSizes {
    /// Width of the widest flow.
    pub flow_width: Option<Mm>,
    /// Radius of every place.
    pub place_radius: Option<Mm>,
}

/// What of the two directions between places the flows of a map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Directions {
    /// Each direction is a flow of its own.
    #[default]
    Apart,
    /// Flows are the differences of both.
    Net,
    /// Flows are the sums of both.
    Gross,
}

/// What a frame shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// The places that the shown flows join, and the base map regions named as subject.
    Flows,
    /// All places.
    Places,
    /// West, south, east, north in degrees, where west may be greater than east across the antimeridian; of planar places in their
    /// coordinates.
    Box([f64; 4]),
}

/// How the Earth is drawn flat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectionChoice {
    /// Equal-area, chosen from the extent; for planar places none.
    Auto,
    /// Planar coordinates as they are.
    None,
    /// A PROJ string (`+proj=…`) or an `EPSG:n` code that the projection library knows.
    Given(String),
}

/// A magnified part of the map.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowSpec {
    /// Text in its corner; empty for none.
    pub title: String,
    /// West, south, east, north, as [`Extent::Box`] has them. Places inside are drawn here and not on the main map.
    pub extent: [f64; 4],
    /// Left, top, width, height as shares of the map frame, 0 to 1; `None` for where the map is emptiest.
    pub place: Option<[f64; 4]>,
    /// Ids of base map regions whose names are written.
    pub region_labels: Vec<String>,
    /// A base map of its own, more detailed than that of the main map.
    pub base: Option<BaseMap>,
}

/// A small map of a wider region, placed where the map is emptiest.
#[derive(Debug, Clone, PartialEq)]
pub struct LocatorSpec {
    /// West, south, east, north in degrees.
    pub extent: [f64; 4],
    /// Its width.
    pub width: Mm,
    /// A base map of its own; that of the map where there is none.
    pub base: Option<BaseMap>,
}

/// A course that the cartographer has fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedCourse {
    /// Id of the flow's origin.
    pub origin: String,
    /// Id of its destination.
    pub destination: String,
    /// Its kind; `None` for any.
    pub kind: Option<String>,
    /// How it runs.
    pub bend: Bend,
}

/// How a fixed course runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bend {
    /// Its greatest distance from the straight line as a share of the line's length: positive to the left of the way,
    /// negative to the right, 0 straight.
    Bow(f64),
    /// Through this position: longitude and latitude in degrees, or planar coordinates.
    Through([f64; 2]),
}

/// What becomes of flows from a place to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SelfFlows {
    /// They are counted in a note.
    #[default]
    Count,
    /// They are rings around their places, as wide as flows of their weight.
    Rings,
}

/// Words beside a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// Id of the flow's origin.
    pub origin: String,
    /// Id of its destination.
    pub destination: String,
    /// Its kind; `None` for any.
    pub kind: Option<String>,
    /// What to write.
    pub text: String,
}
