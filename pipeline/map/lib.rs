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
pub mod words;

mod along;
mod arrange;
mod block;
mod breaks;
mod classes;
mod clip;
mod comparison;
mod compose;
mod crosstab;
mod description;
mod flows;
mod frame;
mod furniture;

mod labels;
mod land;
mod legend;
mod locator;
mod matrix;
mod matrix_key;
mod matrix_page;
mod occupancy;
mod paint_order;
mod palette;
mod panel;
mod placing;
mod projection;
mod ribbon;
mod scale;
mod shade_key;
mod text;
mod track;

pub use classes::class_colors;
pub use comparison::{ComparisonInput, comparison};
pub use compose::{Composition, compose};
pub use error::Error;
pub use frame::{Framed, frame};
pub use matrix::matrix;
pub use spec::{
    Annotation, Bend, Extent, FixedCourse, FixedSizes, LocatorSpec, MapInput, MapSpec, ProjectionChoice, SelfFlows,
    WindowSpec,
};
pub use words::Language;
