//! Lays out flows on the page, and scores what was drawn.
//!
//! Planar points with radii, flows with widths and boxes to avoid come in; one curve per flow goes out. This
//! crate knows no geography, no style and no text. All lengths are those of the problem: points on the page.

mod baseline;
mod bundle;
mod canon;
mod cost;
mod course;
mod curve;
mod draw;
mod ends;
mod flare;
mod grid;
mod lanes;
mod measures;
mod od;
mod random;
mod score;
mod strands;
mod strokes;
mod tree;
mod weights;

use flowatlas_model::planar::{PlanarLayout, PlanarProblem};

pub use score::{LabelScore, Score, drawn, score};

/// How flows are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// One optimised curve per flow.
    #[default]
    Od,
    /// Spiral trees: one tree per place that only sends or only receives.
    Tree,
    /// Edge-path bundles (Wallinger et al. 2022, 2023): long flows run along short ones of their direction. They show structure; the
    /// width of a single flow cannot be read where several run together.
    Bundle,
    /// Straight lines.
    Straight,
    /// Arcs of one fixed bow, or along each flow's guide.
    Arc,
}

/// What to lay out with.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// The method; `Od` by default.
    pub method: Method,
    /// Seed of the search; the same seed gives the same layout at any thread count.
    pub seed: u64,
    /// Seconds after which the search stops with the best so far; none for no limit.
    pub seconds: Option<f64>,
    /// Told the share of the work that is done, from 0 to 1, now and then and from any thread.
    pub progress: Option<&'a (dyn Fn(f64) + Sync)>,
}

/// One curve per flow, in the order of the flows, by the method that the options name.
///
/// Every curve runs from the edge of its origin's symbol plus the problem's gap to the edge of its
/// destination's, where the arrow tip is. Where two symbols lie so close that less than a third of their distance would
/// stay visible, the curve reaches into both symbols far enough to keep that third. A flow between coincident
/// places has an empty path. A flow with a control point of its own is drawn with it.
pub fn lay_out(problem: &PlanarProblem, options: &Options) -> PlanarLayout {
    match options.method {
        Method::Straight => baseline::straight(problem),
        Method::Od => od::od(problem, options),
        Method::Arc => baseline::arcs(problem),
        Method::Tree => strands::trees(problem),
        Method::Bundle => bundle::bundles(problem),
    }
}
