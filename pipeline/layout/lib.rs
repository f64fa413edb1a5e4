//! Lays out flows on the page, and scores what was drawn.
//!
//! Planar points with radii, flows with widths and boxes to avoid come in; one curve per flow goes out. This
//! crate knows no geography, no style and no text. All lengths are those of the problem: points on the page.
//!
//! # The optimised layout, for cartographers
//!
//! Every flow is one curve with one control point, as in Jenny et al. 2017 (Force-directed layout of origin-destination flow
//! maps, IJGIS 31(8)); flows that join the same two places share one curve and run side by side on it. Where they move control
//! points by forces and repair faults afterwards, we search for the control points of the least cost. The faults are
//! those that readers were found to mind (Jenny et al. 2018, CaGIS 45(1)), each priced in crossings of two flows:
//!
//! | fault | price |
//! |---|---|
//! | a stroke on a place that it does not serve | 80 |
//! | a crossing of flows that share a place | 20 more |
//! | a crossing under 33 degrees | 8 more |
//! | a stroke along another one, within touching distance and 3 px, per 10 px | 1 |
//! | a stroke close to a place (at 24 px nothing, touching it 3.5) | up to 3.5 |
//! | a place whose departures leave one gap closed that even spacing would open | 4 |
//! | an apex a tenth of the chord away from the middle | 0.8 |
//! | a detour of a tenth of the distance | 0.65 |
//! | a stroke over a label, per 10 px | 1.5 |
//! | a second control point, which gives an S or a flatter arc | 4 |
//!
//! Flows of one pair count once for each lane, so that a crossing of two pairs counts as four. Lanes have parted within a fifth of the
//! shorter of two courses that share a place; from there on, courses that come too close for their lanes pay as much as a sibling
//! crossing for every 22 px.
//!
//! One px is a thousandth of the width of the cloud of places. Maps of 75 courses and more, and crowded ones of fewer, whose chords cross
//! more than four others each, multiply all prices but the crossing's by 4 (every other search by 1.6), maps of two-way pairs by 2. No
//! curve is longer than 1.22 times its chord before it is cut at the symbols.
//!
//! The search is simulated annealing from the best of a lattice of shapes; it runs several times, in parallel, oftener where there
//! are few courses. On maps of less than 75 courses the gravest faults cost a fifth at first, so that courses pass through each other
//! and through places to the side where they cross least, and rise to their full price on the way. Up to here courses are looked at
//! in pieces of 24 px. The cheapest of the searches go on in shorter pieces, which see overlaps more exactly, and pay a fifth more
//! for uneven departures. On maps of less than 400 courses every course is then moved by small steps once more, judged by its
//! strokes: each flow on its own lane and cut at the symbols. Here a close place costs less than half, and detours and uneven apexes less
//! too. The result with the best [`score()`] is kept, with up to a point more for wide crossings, 10 times the clearance of
//! places, as far as it reaches 0.963, and half a point less for each per cent of the ink that lies along other flows. Where the time runs
//! out, or one search is left, the cheapest is kept and nothing is scored.
//!
//! It happens in a frame of its own, turned to the main axes of the places, so that a turned,
//! mirrored or shuffled problem has the same layout, and each decision depends on near things only. Two-way pairs are the exception
//! to the mirror: they keep right of each other on every map.
//!
//! At places, lanes part by a third of the free angle at most, and arrowheads that would lie on each other are pulled back, the
//! thinner ones first, by 28 px at most.
//!
//! # Trees
//!
//! Spiral trees (Buchin, Speckmann and Verbeek 2011) for one-to-many and many-to-one maps. Each flow is a strand of its own in
//! its trunk, edge to edge with the strands that leave on the same side, so that trunks are as wide as what they carry and children leave
//! them edge to edge; `PlanarLayout::trees` says which flows read as one body and where they touch. A flow that is drawn wider than what
//! it carries takes no more of a trunk than that, down to 0.08 of the room at symbols (0.16 or 0.3 where closer strands would be scored
//! as crossing), and lies over its neighbours there.
//!
//! A sweep from the outside joins branches where their edges meet and leads them past the places that they do not serve. The tree is then
//! laid on rings around the root, and branches are bent as little as possible: the bending of all strands is a convex function of their
//! angles, minimised ring by ring under the constraint that branches and places keep their order and their room. Strands never change their
//! order on a ring. At last every branch takes its true width, measured across it, wherever the places leave it that room, unless that
//! makes strands cross. Close to the root, trunks leave side by side instead of joining, and narrow in a fan to its symbol. The angle is
//! the one among 15 to 45 degrees with the least squeezing between places, stretch, bending and ink.
//! Where branches are too wide for the gaps between places, they give up the distance to those near the root, then run over them, then
//! give up the distance to any, and at last run over any: first no crossings, then clear places. A place that a trunk runs over, or
//! that it passes on the wrong side, is seated between the strands of the trunk, which parts there, so that no strand has to cross others
//! to reach it. From about a hundred places on, a strand can still cross another where places crowd; then the tree with the least faults
//! is taken, a strand over a place counting a twentieth of a crossing. Several flows to one place, as of several kinds, share its branch
//! and end side by side at it; so do flows both ways. Several roots have one tree each, of the flows that leave and reach them.
//!
//! # Bundles
//!
//! Edge-path bundles on a spanner (Wallinger et al. 2022, 2023) for the structure of many flows. Short flows stay straight; a long flow
//! follows flows of its own direction from its origin to its destination, where they lead there within twice its
//! length, as one smooth curve past the places on the way. It does not stop at these places, and where several flows run
//! together their widths lie on each other: say so on the map.

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
mod ledger;
mod measures;
mod od;
mod packing;
mod polish;
mod random;
mod relax;
mod rings;
mod score;
mod seats;
mod spirals;
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
/// places has an empty path. A flow with a control point of its own is drawn with it. Flows that the edge of the map cuts keep their
/// ways by any method, side by side.
pub fn lay_out(problem: &PlanarProblem, options: &Options) -> PlanarLayout {
    let layout = match options.method {
        Method::Straight => baseline::straight(problem),
        Method::Od => od::od(problem, options),
        Method::Arc => baseline::arcs(problem),
        Method::Tree => tree::trees(problem),
        Method::Bundle => bundle::bundles(problem),
    };
    PlanarLayout { cut: lanes::cut(problem), ..layout }
}
