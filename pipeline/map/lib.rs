//! Composes the map, in two halves with the layout of the flows between them.
//!
//! [`frame()`] chooses the projection, lays out the page and gives the planar problem: where places stand, how wide
//! flows are, what they must keep clear of. [`compose()`] takes the courses that the layout found and gives the
//! finished scene with everything resolved: land, flows with their heads, symbols, words, legend and furniture.
//! [`matrix()`] gives the same flows as a table of shaded cells, for networks that no lines can show.
//! Nothing here reads or writes files, and nothing after here decides anything about the map.

pub mod choropleth;
pub mod error;
pub mod fonts;
pub mod spec;
mod windows;
pub mod words;

mod along;
mod arrange;
mod block;
mod breaks;
mod chart;
mod chart_page;
mod circle_key;
mod classes;
mod clip;
mod comparison;
mod compose;
mod crosstab;
mod decay;
mod density;
mod description;
mod extent;
mod figure_legend;
mod flows;
mod frame;
mod furniture;
mod heads;
mod labels;
mod land;
mod leaders;
mod legend;
mod locator;
mod look;
mod matrix;
mod matrix_key;
mod matrix_page;
mod occupancy;
mod paint_order;
mod palette;
mod panel;
mod part;
mod place_groups;
mod placing;
mod projection;
mod reading;
mod ribbon;
mod scale;
mod shade_key;
mod sheet;
mod straight;
mod table;
mod text;
mod track;
mod trunks;

pub use block::Block;
pub use chart::{BarRow, Bars, Sides};
pub use chart_page::ChartPage;
pub use classes::class_colors;
pub use comparison::{comparison, indices_of_comparison};
pub use compose::{Composition, compose};
pub use decay::decay;
pub use density::MANY;
pub use error::Error;
pub use figure_legend::{Run, figure_legend};
pub use frame::{Framed, beyond, check, completeness, frame};
pub use matrix::matrix;
pub use palette::Message;
pub use panel::is_on_earth;
pub use part::{Accord, Common, LegendAt, Part, Scales, Widths};
pub use sheet::{Grid, Look, Panel, SheetSpec, as_content, sheet};
pub use spec::{
    Annotation, Bend, Circles, Detail, Directions, Extent, FixedCourse, FixedSizes, GroupWish, LocatorSpec, MapInput,
    MapSpec, ProjectionChoice, SelfFlows, SizeWish, Uncertain, WindowSpec,
};
pub use table::{IndicatorRow, Indicators};
pub use text::missing_letters;
pub use windows::WindowFault;
pub use words::Language;
