//! From records of single moves, one line per person, ticket or trace, to flows between places.
//!
//! A record says where a move starts and ends, by the ids of places or by coordinates, and may have a weight, a time and a kind.
//! [`aggregate`] reads files of any number and size on DataFusion, an SQL engine, sums the records of each pair of places, and accounts
//! for every record that went into no flow. The plan is the same wherever it runs: [`Engine::embedded`] on this machine, or a session
//! that sends plans elsewhere, in [`Engine::over`].
//!
//! **Sums do not depend on order.** Weights are rounded to a billionth and added as decimal numbers of 38 digits, exactly; so files in
//! another order, more threads or more machines give the same digits.
//!
//! **Coordinates** are assigned to zones where the data is, by the function `zone_of`, which the plan calls; see [`Zones`] for the rule
//! on borders.

mod engine;
mod error;
mod flows;
mod plan;
mod source;
mod stores;
mod wish;
mod wkb;
mod zone_of;
mod zones;

pub use engine::{Engine, Limits, Watch, aggregate};
pub use error::Error;
pub use flows::{Flows, Pair, Share, Tally, Text};
pub use stores::stores;
pub use wish::{Wish, ZonesWish};
pub use wkb::functions as point_functions;
pub use zone_of::{ZoneOf, ZoneReader};
pub use zones::Zones;
