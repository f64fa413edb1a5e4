//! Runs the plan, here or elsewhere, and tells how far it is.

use std::{path::PathBuf, sync::Arc, time::Duration};

use datafusion::{
    arrow::record_batch::RecordBatch,
    execution::{
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::FairSpillPool,
        runtime_env::RuntimeEnvBuilder,
    },
    logical_expr::ScalarUDF,
    physical_plan::{ExecutionPlan, execute_stream},
    prelude::{SessionConfig, SessionContext},
};
use futures::StreamExt;

use crate::{
    error::Error,
    flows::{Collector, Flows},
    plan::grouped,
    source::open,
    stores::stores,
    wish::Wish,
    wkb,
    zone_of::ZoneOf,
    zones::Zones,
};

/// How often progress is told.
const TICK: Duration = Duration::from_millis(200);

/// How often a plan is run before its answer is given up.
const ATTEMPTS: usize = 3;

/// Is told how many records were read, and how many there are where the files say so.
pub type Watch<'a> = &'a dyn Fn(u64, Option<u64>);

/// What the engine may use of this machine.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Threads; all cores where this is `None`.
    pub threads: Option<usize>,
    /// Bytes of memory for what is grouped; beyond them it goes to disk. Without a limit nothing does.
    pub memory: Option<usize>,
    /// Where it goes to; the system's temporary folder where this is `None`.
    pub scratch: Option<PathBuf>,
    /// Bytes that may lie there; as much as the disk holds where this is `None`.
    pub scratch_size: Option<u64>,
    /// Whether records may be read over the network.
    pub remote: bool,
}

/// What runs plans.
pub struct Engine {
    runtime: tokio::runtime::Runtime,
    context: SessionContext,
}

impl Engine {
    /// Returns an engine on this machine.
    ///
    /// # Errors
    /// Fails where the scratch folder cannot be used.
    pub fn embedded(limits: &Limits, zones: Option<Arc<Zones>>) -> Result<Self, Error> {
        let runtime = runtime(limits.threads)?;
        let config = match limits.threads {
            Some(threads) => config().with_target_partitions(threads),
            None => config(),
        };
        let mut environment = RuntimeEnvBuilder::new().with_object_store_registry(stores(limits.remote));
        if let Some(memory) = limits.memory {
            environment = environment.with_memory_pool(Arc::new(FairSpillPool::new(memory)));
        }
        let size = limits.scratch_size.unwrap_or(u64::MAX);
        let mut disk = DiskManagerBuilder::default().with_max_temp_directory_size(size);
        if let Some(scratch) = &limits.scratch {
            disk = disk.with_mode(DiskManagerMode::Directories(vec![scratch.clone()]));
        }
        environment = environment.with_disk_manager_builder(disk);
        let environment = environment.build_arc().map_err(|e| Error::engine(&e))?;
        let context = SessionContext::new_with_config_rt(config, environment);
        Ok(Engine { runtime, context }.knowing(zones))
    }

    /// Returns an engine that sends plans over the session that `open` gives, to wherever that leads.
    ///
    /// # Errors
    /// Fails where the session cannot be opened.
    pub fn over<F>(open: impl FnOnce(SessionConfig) -> F, zones: Option<Arc<Zones>>) -> Result<Self, Error>
    where
        F: Future<Output = Result<SessionContext, Error>>,
    {
        let runtime = runtime(None)?;
        let context = runtime.block_on(open(config()))?;
        Ok(Engine { runtime, context }.knowing(zones))
    }

    /// Makes our functions known to the session.
    fn knowing(self, zones: Option<Arc<Zones>>) -> Self {
        self.context.register_udf(ScalarUDF::from(ZoneOf::holding(zones)));
        wkb::functions().into_iter().for_each(|part| self.context.register_udf(part));
        self
    }
}

fn runtime(threads: Option<usize>) -> Result<tokio::runtime::Runtime, Error> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads.max(1));
    }
    builder.enable_all().build().map_err(|e| Error::Setup(format!("threads cannot be started: {e}")))
}

/// Returns how every engine reads what is written: names of columns as they are.
fn config() -> SessionConfig {
    let mut config = SessionConfig::new();
    config.options_mut().sql_parser.enable_ident_normalization = false;
    config
}

/// Aggregates records to flows.
///
/// # Errors
/// Fails where files cannot be found or read, where an expression makes no sense over them, where the engine lacks memory or disk, and
/// where the user interrupts. Nothing is half done then: the flows are returned whole or not at all.
pub fn aggregate(engine: &Engine, wish: &Wish, watch: Watch) -> Result<Flows, Error> {
    engine.runtime.block_on(async {
        tokio::select! {
            flows = run(&engine.context, wish, watch) => flows,
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
        }
    })
}

/// Asks again where machines were lost and what came is not what was sent.
async fn run(context: &SessionContext, wish: &Wish, watch: Watch<'_>) -> Result<Flows, Error> {
    for _ in 1..ATTEMPTS {
        match run_once(context, wish, watch).await {
            Err(Error::Lost { .. } | Error::Twice) => {}
            ended => return ended,
        }
    }
    run_once(context, wish, watch).await
}

async fn run_once(context: &SessionContext, wish: &Wish, watch: Watch<'_>) -> Result<Flows, Error> {
    let records = open(context, &wish.records, &wish.outputs).await?;
    let plan = grouped(&records, wish)?;
    let held = if records.know_their_number() || wish.filter.is_some() {
        Some(records.frame.clone().count().await.map_err(|e| Error::engine(&e))? as u64)
    } else {
        None
    };
    let mut flows = Collector::new(wish, plan.ends);
    let physical = plan.frame.clone().create_physical_plan().await.map_err(|e| Error::engine(&e))?;
    let task = Arc::new(plan.frame.task_ctx());
    let mut batches = execute_stream(Arc::clone(&physical), task).map_err(|e| Error::engine(&e))?;
    let mut tick = tokio::time::interval(TICK);
    loop {
        let batch: Option<datafusion::error::Result<RecordBatch>> = tokio::select! {
            batch = batches.next() => batch,
            _ = tick.tick() => { watch(rows_read(physical.as_ref()), held); continue }
        };
        let Some(batch) = batch else { break };
        batch.and_then(|batch| flows.take(&batch)).map_err(|e| Error::engine(&e))?;
    }
    let mut flows = flows.finish()?;
    flows.tally.held = held;
    let counted = flows.tally.read.records;
    match held {
        Some(held) if wish.filter.is_none() && held != counted => Err(Error::Lost { counted, held }),
        _ => Ok(flows),
    }
}

/// Returns how many rows the leaves of a plan have given so far.
fn rows_read(plan: &dyn ExecutionPlan) -> u64 {
    let children = plan.children();
    if children.is_empty() {
        return plan.metrics().and_then(|metrics| metrics.output_rows()).unwrap_or(0) as u64;
    }
    children.into_iter().map(|child| rows_read(child.as_ref())).sum()
}
