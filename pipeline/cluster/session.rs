//! The session of whoever sends plans.

use ballista::prelude::SessionContextExt;
use datafusion::{
    execution::SessionStateBuilder,
    prelude::{SessionConfig, SessionContext},
};

use crate::Error;

/// Returns a session that sends its plans to the scheduler at `url`, `df://HOST:PORT`. Nothing is sent before the first plan.
///
/// # Errors
/// Fails where the address is not one.
pub async fn session(url: &str, config: SessionConfig) -> Result<SessionContext, Error> {
    let wrong = |reason: String| Error::Address { address: url.to_owned(), reason };
    if !url.starts_with("df://") {
        return Err(wrong("expected df://HOST:PORT".to_owned()));
    }
    let state = SessionStateBuilder::new().with_default_features().with_config(config).build();
    SessionContext::remote_with_state(url, state).await.map_err(|e| wrong(e.strip_backtrace()))
}
