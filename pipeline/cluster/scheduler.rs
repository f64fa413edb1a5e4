//! The scheduler: takes plans, cuts them into tasks and hands these to executors.

use std::{net::SocketAddr, sync::Arc};

use ballista_core::{config::TaskSchedulingPolicy, utils::default_session_builder};
use ballista_scheduler::{cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server};
use datafusion::{
    execution::{SessionStateBuilder, runtime_env::RuntimeEnvBuilder},
    prelude::SessionConfig,
};
use flowatlas_records::stores;

use crate::{Error, functions::functions};

/// How a scheduler is to run.
#[derive(Debug, Clone)]
pub struct SchedulerWish {
    /// Where it listens: `127.0.0.1:50050`.
    pub bind: SocketAddr,
    /// Seconds without a sign of life after which an executor's work is given to others.
    pub executor_timeout: u64,
    /// Whether it may look up records over the network.
    pub remote: bool,
}

/// Runs a scheduler until it fails.
///
/// # Errors
/// Fails where it cannot listen.
pub async fn run_scheduler(wish: &SchedulerWish) -> Result<(), Error> {
    let remote = wish.remote;
    let config = SchedulerConfig {
        bind_host: wish.bind.ip().to_string(),
        bind_port: wish.bind.port(),
        external_host: wish.bind.ip().to_string(),
        // Executors ask for tasks when they are idle. Where tasks are pushed, Ballista 55 does not notice that an executor is idle
        // again whose task it took back because another executor was lost, and waits for ever.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: wish.executor_timeout,
        no_executors_grace_period_seconds: wish.executor_timeout,
        expire_dead_executor_interval_seconds: (wish.executor_timeout / 4).max(1),
        override_session_builder: Some(Arc::new(move |config: SessionConfig| {
            let state = default_session_builder(config)?;
            let known = state.scalar_functions().values().cloned().chain(functions(remote)).collect();
            let runtime = RuntimeEnvBuilder::new().with_object_store_registry(stores(remote)).build_arc()?;
            let state = SessionStateBuilder::new_from_existing(state).with_runtime_env(runtime);
            Ok(state.with_scalar_functions(known).build())
        })),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    Ok(start_server(cluster, wish.bind, Arc::new(config)).await?)
}
