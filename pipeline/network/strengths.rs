//! What comes in and goes out at each place.

use crate::rows::{Cell, Frozen};

/// The known weights that arrive at and leave each place.
///
/// A place without flows in a direction has 0 there; one that has only flows of unknown weight has `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// Sum of the flows that arrive.
    pub incoming: Vec<Option<f64>>,
    /// Sum of the flows that leave.
    pub outgoing: Vec<Option<f64>>,
}

impl Strengths {
    /// Sums the cells of every place.
    pub fn new(frozen: &Frozen) -> Self {
        Strengths {
            incoming: frozen.into.iter().map(known_sum).collect(),
            outgoing: frozen.out.iter().map(known_sum).collect(),
        }
    }

    /// Returns the sum of all known weights; `None` where there are flows but none of known weight.
    pub fn total(&self) -> Option<f64> {
        let known = self.outgoing.iter().flatten();
        match self.outgoing.iter().any(Option::is_none) && known.clone().all(|&w| w == 0.0) {
            true => None,
            false => Some(known.sum()),
        }
    }

    /// Returns arrivals minus departures.
    pub fn net(&self) -> Vec<Option<f64>> {
        self.both(|arrived, left| Some(arrived - left))
    }

    /// Returns arrivals plus departures.
    pub fn turnover(&self) -> Vec<Option<f64>> {
        self.both(|arrived, left| Some(arrived + left))
    }

    /// Returns 100 net / turnover; `None` where nobody moves.
    pub fn effectiveness(&self) -> Vec<Option<f64>> {
        self.both(|arrived, left| percent(arrived - left, arrived + left))
    }

    /// Returns the sum over places of the absolute net flow, and of the turnover.
    pub fn absolute_net_and_turnover(&self) -> (f64, f64) {
        let known = |w: Option<f64>| w.unwrap_or(0.0);
        self.incoming.iter().zip(&self.outgoing).fold((0.0, 0.0), |(net, turnover), (i, o)| {
            (net + (known(*i) - known(*o)).abs(), turnover + known(*i) + known(*o))
        })
    }

    fn both(&self, of: impl Fn(f64, f64) -> Option<f64>) -> Vec<Option<f64>> {
        self.incoming.iter().zip(&self.outgoing).map(|(i, o)| of((*i)?, (*o)?)).collect()
    }
}

/// Returns `100 part / whole`; `None` where the whole is 0.
pub fn percent(part: f64, whole: f64) -> Option<f64> {
    ratio(100.0 * part, whole)
}

/// Returns `part / whole`; `None` where the whole is 0.
pub fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole != 0.0).then(|| part / whole)
}

fn known_sum(row: &[Cell]) -> Option<f64> {
    let unknown = !row.is_empty() && row.iter().all(|c| c.weight == 0.0);
    // The sum of nothing is -0, which GIS programs show.
    (!unknown).then(|| row.iter().map(|c| c.weight).sum::<f64>() + 0.0)
}
