//! The session of whoever sends plans.

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::config::{BALLISTA_ADAPTIVE_PLANNER_ENABLED, BALLISTA_CLIENT_IO_RETRY_WAIT_TIME_MS};
use datafusion::{
    execution::{SessionStateBuilder, runtime_env::RuntimeEnvBuilder},
    prelude::{SessionConfig, SessionContext},
};
use flowatlas_records::stores;

use crate::Error;

/// Milliseconds between two attempts to fetch a result.
const RETRY_MS: u64 = 500;

/// Returns a session that sends its plans to the scheduler at `url`, `df://HOST:PORT`, and finds records on disk or, where it may,
/// on the network. Nothing is sent before the first plan.
///
/// # Errors
/// Fails where the address is not one.
pub async fn session(url: &str, config: SessionConfig, remote: bool) -> Result<SessionContext, Error> {
    let wrong = |reason: String| Error::Address { address: url.to_owned(), reason };
    if !url.starts_with("df://") {
        return Err(wrong("expected df://HOST:PORT".to_owned()));
    }
    // Where an executor is lost in the last stage of a plan, the adaptive planner of Ballista 55 waits for ever
    // ("Can't find active stage to update stage outputs"); the plain one gives its work to others.
    let config = config.upgrade_for_ballista().set_bool(BALLISTA_ADAPTIVE_PLANNER_ENABLED, false);
    // Whoever waits for results of an executor that is gone asks thrice; by default three seconds apart.
    let config = config.set_u64(BALLISTA_CLIENT_IO_RETRY_WAIT_TIME_MS, RETRY_MS);
    let runtime = RuntimeEnvBuilder::new().with_object_store_registry(stores(remote)).build_arc();
    let runtime = runtime.map_err(|e| wrong(e.strip_backtrace()))?;
    let state =
        SessionStateBuilder::new().with_default_features().with_config(config).with_runtime_env(runtime).build();
    SessionContext::remote_with_state(url, state).await.map_err(|e| wrong(e.strip_backtrace()))
}
