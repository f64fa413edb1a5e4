//! `flowatlas-cluster`: arguments, then the scheduler or an executor.

use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use flowatlas_cluster::{ExecutorWish, SchedulerWish, run_executor, run_scheduler};

const EXAMPLES: &str = "\
Three terminals on one machine:
  flowatlas-cluster scheduler
  flowatlas-cluster executor --scheduler 127.0.0.1:50050
  flowatlas aggregate moves/ -o flows.csv --cluster df://127.0.0.1:50050

Nothing is encrypted and nobody is asked who he is: keep the ports within a private network.
Records and zones must lie under the same path on every machine, or in a store that every machine reaches (--allow-remote).";

/// The scheduler and the executors that `flowatlas aggregate --cluster` sends its work to.
#[derive(Debug, Parser)]
#[command(name = "flowatlas-cluster", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// What to tell on stderr: error, warn, info or debug
    #[arg(long, global = true, default_value = "error", value_name = "LEVEL", value_parser = level)]
    log: log::LevelFilter,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take plans and hand their parts to executors
    Scheduler(SchedulerArgs),
    /// Run parts of plans
    Executor(ExecutorArgs),
}

#[derive(Debug, Args)]
struct SchedulerArgs {
    /// Where to listen; 0.0.0.0:50050 listens to every machine that reaches this one
    #[arg(long, default_value = "127.0.0.1:50050", value_name = "ADDRESS:PORT")]
    bind: SocketAddr,
    /// Seconds without a sign of life after which an executor's work is given to others
    #[arg(long, default_value_t = 20, value_name = "S", value_parser = clap::value_parser!(u64).range(2..))]
    executor_timeout: u64,
    /// Also look up records on the network: s3://, https://
    #[arg(long)]
    allow_remote: bool,
}

#[derive(Debug, Args)]
struct ExecutorArgs {
    /// The scheduler
    #[arg(long, default_value = "127.0.0.1:50050", value_name = "HOST:PORT")]
    scheduler: String,
    /// Where other executors fetch results from; the next port is used too
    #[arg(long, default_value = "127.0.0.1:50051", value_name = "ADDRESS:PORT")]
    bind: SocketAddr,
    /// The name that others reach this machine by [default: the address of --bind]
    #[arg(long, value_name = "HOST")]
    advertise: Option<String>,
    /// Tasks at a time [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Bytes of memory for what is grouped; beyond them it goes to disk [default: 70 % of the machine's]
    #[arg(long, value_name = "BYTES")]
    memory: Option<u64>,
    /// Folder for results that wait to be fetched [default: a new one among the temporary files]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Seconds between two signs of life
    #[arg(long, default_value_t = 5, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    heartbeat: u64,
    /// Also read records on the network (s3://, https://) and zones in databases and on servers
    #[arg(long)]
    allow_remote: bool,
}

fn level(text: &str) -> Result<log::LevelFilter, String> {
    text.parse().map_err(|_| format!("expected error, warn, info or debug, found \"{text}\""))
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    log::set_max_level(cli.log);
    log::set_logger(&Stderr).expect("no other logger is set");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(execute(cli.command)),
        Err(error) => Err(format!("threads cannot be started: {error}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Tells what the libraries log.
struct Stderr;

impl log::Log for Stderr {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            say(&format!("{} {}: {}", record.level(), record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

/// Writes a message where nobody may be reading any more: a scheduler goes on without its log.
fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

async fn execute(command: Command) -> Result<(), String> {
    match command {
        Command::Scheduler(args) => {
            say(&format!("scheduler at {}; stop it with Ctrl-C", args.bind));
            let wish =
                SchedulerWish { bind: args.bind, executor_timeout: args.executor_timeout, remote: args.allow_remote };
            tokio::select! {
                ended = run_scheduler(&wish) => ended.map_err(|e| e.to_string()),
                _ = tokio::signal::ctrl_c() => Ok(()),
            }
        }
        Command::Executor(args) => {
            let scratch = match args.scratch {
                Some(scratch) => Scratch::Given(scratch),
                None => {
                    Scratch::Own(tempfile::tempdir().map_err(|e| format!("a temporary folder cannot be made: {e}"))?)
                }
            };
            say(&format!("executor at {} for the scheduler at {}; stop it with Ctrl-C", args.bind, args.scheduler));
            let wish = ExecutorWish {
                scheduler: args.scheduler,
                bind: args.bind,
                advertise: args.advertise,
                threads: args.threads,
                memory: args.memory,
                scratch: scratch.path(),
                heartbeat: args.heartbeat,
                remote: args.allow_remote,
            };
            run_executor(&wish).await.map_err(|e| e.to_string())
        }
    }
}

/// A folder that goes when the executor does, or one that stays.
enum Scratch {
    Given(PathBuf),
    Own(tempfile::TempDir),
}

impl Scratch {
    fn path(&self) -> PathBuf {
        match self {
            Scratch::Given(path) => path.clone(),
            Scratch::Own(folder) => folder.path().to_path_buf(),
        }
    }
}
