//! Several machines for `flowatlas aggregate`: Ballista's own scheduler and executors, which know our functions, and a session that
//! sends plans to them.
//!
//! Nothing of the distribution is ours: what is to be done is the plan of `flowatlas-records`, who does which part of it, and again where
//! a machine is lost, is Ballista's matter. There is no authentication and no encryption: whoever reaches the ports can read what the
//! executors can read. They are bound to this machine unless told otherwise, and belong in a private network.

mod executor;
mod functions;
mod scheduler;
mod session;

pub use executor::{ExecutorWish, run_executor};
pub use scheduler::{SchedulerWish, run_scheduler};
pub use session::session;

use thiserror::Error;

/// Why a part of the cluster does not run.
#[derive(Debug, Error)]
pub enum Error {
    /// An address is not one.
    #[error("{address}: {reason}")]
    Address {
        /// As it was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Ballista could not start, or stopped.
    #[error("{0}")]
    Ballista(String),
}

impl From<ballista_core::error::BallistaError> for Error {
    fn from(error: ballista_core::error::BallistaError) -> Self {
        Error::Ballista(error.to_string())
    }
}
