//! Programs that listen on this machine while a test runs: schedulers, executors, stores.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::{
    ffi::OsStr,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Variables of the environment that a program starts with.
pub type Variables<'a> = &'a [(&'a str, String)];

/// A process that ends with the test, whatever way that goes.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

pub fn start(program: impl AsRef<OsStr>, arguments: &[&str], variables: Variables) -> Running {
    let mut command = Command::new(program);
    command.args(arguments).envs(variables.iter().cloned()).stdout(Stdio::null()).stderr(Stdio::null());
    Running(command.spawn().unwrap())
}

/// Returns a port that is free along with the next one.
pub fn port() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

/// Waits until something listens at an address.
pub fn await_listener(address: &str) {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(started.elapsed() < Duration::from_secs(30), "nothing listens at {address}");
        sleep(Duration::from_millis(50));
    }
}

/// How long an executor may be silent before its work is given to others.
const TIMEOUT: &str = "4";

/// A scheduler and executors of one thread each.
pub struct Cluster {
    pub scheduler: Running,
    pub executors: Vec<Running>,
    /// What `--cluster` takes.
    pub address: String,
    /// What executors take.
    scheduler_address: String,
}

impl Cluster {
    /// Starts a scheduler of the program `flowatlas-cluster`.
    pub fn new(program: &Path, more: &[&str], variables: Variables) -> Self {
        let address = format!("127.0.0.1:{}", port());
        let arguments = [&["scheduler", "--bind", &address, "--executor-timeout", TIMEOUT], more].concat();
        let scheduler = start(program, &arguments, variables);
        await_listener(&address);
        let executors = Vec::new();
        Cluster { scheduler, executors, address: format!("df://{address}"), scheduler_address: address }
    }

    /// Adds an executor, which `program` starts with the words `first` before its own arguments.
    pub fn add(&mut self, program: impl AsRef<OsStr>, (first, more): (&[&str], &[&str]), variables: Variables) {
        let bind = format!("127.0.0.1:{}", port());
        let own =
            ["executor", "--scheduler", &self.scheduler_address, "--bind", &bind, "--threads", "1", "--heartbeat", "1"];
        self.executors.push(start(program, &[first, &own, more].concat(), variables));
    }
}
