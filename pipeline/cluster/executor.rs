//! An executor: asks the scheduler for tasks and runs them.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use ballista_core::{RuntimeProducer, config::TaskSchedulingPolicy, registry::BallistaFunctionRegistry};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use flowatlas_records::stores;

use crate::{Error, functions::functions};

/// How an executor is to run.
#[derive(Debug, Clone)]
pub struct ExecutorWish {
    /// The scheduler: `HOST:PORT`.
    pub scheduler: String,
    /// Where it gives its results to others.
    pub bind: SocketAddr,
    /// The name that others reach it by, where that is not the address that it is bound to.
    pub advertise: Option<String>,
    /// Tasks at a time; as many as there are cores where this is `None`.
    pub threads: Option<usize>,
    /// Bytes of memory for what tasks group; beyond them it goes to disk.
    pub memory: Option<u64>,
    /// Where results wait to be fetched, and where what memory does not hold goes to.
    pub scratch: PathBuf,
    /// Seconds between two signs of life.
    pub heartbeat: u64,
    /// Whether it may read records and zones over the network.
    pub remote: bool,
}

/// Runs an executor until it is told to stop.
///
/// # Errors
/// Fails where the scheduler cannot be reached or the ports are taken.
pub async fn run_executor(wish: &ExecutorWish) -> Result<(), Error> {
    let (host, port) = host_and_port(&wish.scheduler)?;
    let mut registry = BallistaFunctionRegistry::default();
    registry
        .scalar_functions
        .extend(functions(wish.remote).into_iter().map(|function| (function.name().to_owned(), function)));
    let config = ExecutorProcessConfig {
        scheduler_host: host,
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 10,
        bind_host: wish.bind.ip().to_string(),
        external_host: wish.advertise.clone().or_else(|| Some(wish.bind.ip().to_string())),
        port: wish.bind.port(),
        grpc_port: wish.bind.port().saturating_add(1),
        // As the scheduler has it.
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        vcores: wish.threads.unwrap_or(0),
        memory_pool_size: wish.memory,
        work_dir: Some(wish.scratch.display().to_string()),
        executor_heartbeat_interval_seconds: wish.heartbeat,
        override_function_registry: Some(Arc::new(registry)),
        override_runtime_producer: Some(runtime_in(wish.scratch.clone(), wish.remote)),
        ..ExecutorProcessConfig::default()
    };
    Ok(start_executor_process(Arc::new(config)).await?)
}

/// Returns what gives every session of an executor its scratch folder and its stores.
fn runtime_in(scratch: PathBuf, remote: bool) -> RuntimeProducer {
    Arc::new(move |_| {
        RuntimeEnvBuilder::new().with_temp_file_path(&scratch).with_object_store_registry(stores(remote)).build_arc()
    })
}

fn host_and_port(address: &str) -> Result<(String, u16), Error> {
    let wrong = |reason: &str| Error::Address { address: address.to_owned(), reason: reason.to_owned() };
    let address = address.strip_prefix("df://").unwrap_or(address);
    let (host, port) = address.rsplit_once(':').ok_or_else(|| wrong("expected HOST:PORT"))?;
    let port = port.parse().map_err(|_| wrong("the port is not a number from 1 to 65535"))?;
    Ok((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        assert_eq!(host_and_port("df://a.example:50050").unwrap(), ("a.example".to_owned(), 50050));
        assert!(host_and_port("a.example").unwrap_err().to_string().contains("HOST:PORT"));
        assert!(host_and_port("a.example:x").is_err());
    }
}
