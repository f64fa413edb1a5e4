//! Lays out a test problem, prints its time and score, and writes what was drawn as JSON for other judges.
//!
//! `trial METHOD PROBLEM [OUT.json]` with a method of straight, arc, od, tree, bundle and a problem of `us_net50`, `net:FLOWS:SEED`,
//! `twoway:FLOWS:SEED`, `star:FLOWS:SEED` or `strewn:FLOWS:SEED`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who runs it")]

#[path = "../tests/support/problems.rs"]
mod problems;

use std::time::Instant;

use flowatlas_layout::{Method, Options, drawn, lay_out, score};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let method = match args[1].as_str() {
        "straight" => Method::Straight,
        "arc" => Method::Arc,
        "tree" => Method::Tree,
        "bundle" => Method::Bundle,
        _ => Method::Od,
    };
    let problem = problems::named(&args[2]);
    let seed = std::env::var("SEED").map_or(0, |s| s.parse().expect("a number"));
    let start = Instant::now();
    let layout = lay_out(&problem, &Options { method, seed, ..Options::default() });
    let seconds = start.elapsed().as_secs_f64();
    let drawn = drawn(&problem, &layout, |i| format!("n{i}"));
    println!("{:8.3} s  {}", seconds, score(&drawn).summary());
    if let Some(path) = args.get(3) {
        std::fs::write(path, serde_json::to_string(&drawn).expect("plain numbers")).expect("a writable path");
    }
}
