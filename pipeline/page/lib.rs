//! Pages for the browser: one map to explore, and the atlas of a run.
//!
//! Pictures, names and numbers come in as values, finished HTML goes out. A page is one file: no network, no library,
//! and a content security policy that lets nothing run but the script that it carries. Every word from outside is escaped; the
//! script writes text only. Without the script the picture and the table of its numbers are still there.

mod atlas;
mod html;
mod map;
mod policy;
#[cfg(test)]
mod tests;
mod words;

pub use atlas::{Atlas, Chapter, Entry, Indicator, atlas_page};
pub use map::{FlowRow, MapPage, Place, map_page};

/// Most flows that stay fluid in a page: a map with more shows the heaviest of them and says so.
pub const MOST_FLOWS: usize = 3000;
