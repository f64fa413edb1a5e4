//! Whether the colours of a style can be told apart, by readers of every colour vision and on a photocopy.
//!
//! [`Vision`] shows a colour as such a reader sees it, and [`Vision::difference`] says how far two colours then are
//! from each other. [`check`] applies that to every pair of colours of a style that a map may show side by side.

mod difference;
mod rules;
mod vision;

pub use difference::Lab;
pub use rules::{Comparison, Fault, LEAST_CONTRAST, LEAST_DIFFERENCE, Pair, Swatch, Verdict, check};
pub use vision::Vision;
