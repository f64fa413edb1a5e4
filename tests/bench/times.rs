//! Times of repeated runs, and what the system knows of this process.

#![allow(dead_code, reason = "every bench uses its own part")]

use std::{fs, time::Instant};

/// Threads that this machine runs at once.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Seconds of each run, in order of size.
pub struct Times(Vec<f64>);

impl Times {
    /// Takes the seconds of at least one run.
    pub fn of(mut runs: Vec<f64>) -> Self {
        runs.sort_by(f64::total_cmp);
        Times(runs)
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    /// The fastest and the slowest, to be read.
    pub fn spread(&self) -> String {
        format!("{:.2}–{:.2} s", self.0[0], self.0[self.0.len() - 1])
    }

    /// How much longer the slowest run took than the fastest, as a share of the median.
    pub fn noise(&self) -> f64 {
        (self.0[self.0.len() - 1] - self.0[0]) / self.median().max(1e-9)
    }
}

/// Does something and returns its result, the seconds by the clock, and the seconds of all threads together.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64, f64) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let done = work();
    (done, start.elapsed().as_secs_f64(), cpu_seconds() - cpu)
}

/// Seconds that all threads of this process have run, to a hundredth; 0 where the system keeps no account.
fn cpu_seconds() -> f64 {
    let account = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets: the state is the first field, user and system time are the 12th and the 13th, in ticks.
    let fields = account.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
