//! What each fault of a layout costs, in crossings.

/// Prices of faults; one crossing of two single flows costs 1.
///
/// The larger ones follow the score: each is the slope of the composite with respect to its figure near a good layout
/// of 50 flows, over the slope with respect to crossings, so that the search gives up a crossing for a fault about where
/// the score does. They do not depend on the problem: a flow taken away must not change how the others are weighed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights {
    /// A crossing of two single flows.
    pub crossing: f64,
    /// A crossing of flows that share a place, beyond that.
    pub sibling: f64,
    /// A crossing under 30 degrees, beyond that.
    pub acute: f64,
    /// A crossing at 0 degrees, beyond that, falling evenly to 0 at a right angle.
    pub slant: f64,
    /// A stroke on a place that it does not serve.
    pub on_node: f64,
    /// A stroke whose nearest place touches it, falling with the third power of the gap to 0 (as node-edge occlusion is measured by
    /// geg-metrics).
    pub near_node: f64,
    /// A px of length along another flow.
    pub overlap: f64,
    /// A px of length through an arrowhead.
    pub head: f64,
    /// A px of length through an obstacle.
    pub obstacle: f64,
    /// A place whose smallest gap is 0, falling to 0 at equal spacing.
    pub spacing: f64,
    /// Two departures in one direction, falling with their angle.
    pub pinch: f64,
    /// A flow whose apex lies a whole chord along from the middle.
    pub skew: f64,
    /// A flow twice as long as its chord.
    pub stretch: f64,
    /// A flow that turns sharply.
    pub sharp: f64,
    /// A second control point.
    pub double: f64,
    /// A px of length outside the frame: more than anything else, so that flows leave it only where they must.
    pub outside: f64,
}

impl Weights {
    /// The prices with all faults but crossings, heads and obstacles `stern` times as dear. 1 suits some fifty flows; where
    /// crossings are many, each matters less, and 4 suits hundreds.
    pub(crate) fn stern(stern: f64) -> Weights {
        Weights {
            crossing: 1.0,
            sibling: 20.0 * stern,
            acute: 8.0 * stern,
            slant: 0.6,
            on_node: 80.0 * stern,
            near_node: 3.5 * stern,
            overlap: 0.1 * stern,
            head: 0.03,
            obstacle: 0.15 * stern,
            spacing: 4.0 * stern,
            pinch: 0.3,
            skew: 8.0 * stern,
            stretch: 6.5 * stern,
            sharp: 40.0 * stern,
            double: 4.0 * stern,
            outside: 10.0 * stern,
        }
    }

    /// The prices with those of the gravest faults at a share, so that a hot search may pass through them.
    pub(crate) fn eased(self, share: f64) -> Weights {
        Weights {
            sibling: self.sibling * share,
            acute: self.acute * share,
            on_node: self.on_node * share,
            near_node: self.near_node * share,
            overlap: self.overlap * share,
            ..self
        }
    }

    /// The prices for the last touches, at which sides are no longer taken: nearer to the slopes of the composite, and an apex is
    /// measured as the score does, in half chords.
    pub(crate) fn last(self) -> Weights {
        Weights {
            near_node: 0.45 * self.near_node,
            stretch: 0.7 * self.stretch,
            skew: 0.5 * self.skew,
            spacing: 1.1 * self.spacing,
            ..self
        }
    }

    /// The prices of what the score leaves out.
    pub(crate) fn unscored(self) -> Weights {
        Weights { crossing: 0.0, slant: 0.0, stretch: 0.0, skew: 0.0, spacing: 0.0, ..self.eased(0.0) }
    }
}
