//! Lengths on the page. Pages are given in millimetres, everything drawn on them in points.

use serde::{Deserialize, Serialize};

/// Points (1/72 inch) in one millimetre.
pub const PT_PER_MM: f64 = 72.0 / 25.4;

/// A length on the printed page in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mm(pub f64);

impl Mm {
    /// Returns the same length in points.
    pub fn to_pt(self) -> f64 {
        self.0 * PT_PER_MM
    }

    /// Returns the length of `pt` points in millimetres.
    pub fn from_pt(pt: f64) -> Self {
        Mm(pt / PT_PER_MM)
    }
}
