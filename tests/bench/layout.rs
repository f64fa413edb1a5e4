//! Measures layouts: what they are worth, what they cost, and how the cost grows with the flows.
//!
//! `cargo bench --bench layout [-- PLACES FLOWS]...` prints, for problems of 1000 px across and for each pair of files
//! with planar places, the figures of the optimised layout or of the tree, and beneath them those of straight lines from
//! the same run. Times are medians; the spread of their repeats says how noisy the machine was. Nothing is asserted.

#![allow(clippy::print_stdout, reason = "a bench is there to print")]

#[path = "../../pipeline/layout/tests/support/problems.rs"]
mod problems;
#[path = "times.rs"]
mod times;

use std::path::Path;

use flowatlas_ingest::{FlowColumns, PlaceColumns, Source, read_flows, read_places};
use flowatlas_layout::{Method, Options, Score, drawn, lay_out, score};
use flowatlas_model::{WeightKind, planar::PlanarProblem};

use times::{Times, threads, timed};

/// Most runs of each measurement, and the seconds after which no further run is started.
const RUNS: usize = 5;
const PATIENCE: f64 = 8.0;

/// Width of the widest flow of problems from files, in thousandths of their width.
const WIDEST: f64 = 14.0;

/// Problems for the optimised layout and for trees, as `problems::named` knows them.
const OPTIMISED: [&str; 14] = [
    "us_net50",
    "net:40:1",
    "net:40:2",
    "net:40:3",
    "net:80:1",
    "net:80:2",
    "net:80:3",
    "twoway:120:1",
    "twoway:120:2",
    "twoway:120:3",
    "net:50:1",
    "net:100:1",
    "net:200:1",
    "net:1000:1",
];
const TREES: [&str; 1] = ["star:200:1"];

/// Flows of the problems that show how time grows.
const CURVE: [usize; 5] = [100, 200, 500, 1000, 2000];

fn main() {
    println!("flowatlas {}, {} threads, medians of up to {RUNS} runs", env!("CARGO_PKG_VERSION"), threads());
    let files: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    figures(&files);
    curve();
}

fn figures(files: &[String]) {
    println!();
    println!(
        "{:<24} {:<8} {:>9} {:>7} {:>6} {:>8} {:>8} {:>6} {:>9} {:>6}  {:>8} {:>8}  spread",
        "problem",
        "layout",
        "crossings",
        "sibling",
        "acute",
        "on place",
        "overlap",
        "resol.",
        "stretch",
        "fmq",
        "wall",
        "CPU"
    );
    for pair in files.chunks_exact(2) {
        compare(&pair[1], &read(&pair[0], &pair[1]), Method::Od);
    }
    for name in OPTIMISED {
        compare(name, &problems::named(name), Method::Od);
    }
    for name in TREES {
        compare(name, &problems::named(name), Method::Tree);
    }
}

/// Returns the problem of two files: all flows of known places, at 1000 px across.
fn read(places: &str, flows: &str) -> PlanarProblem {
    let source = |file: &str| Source::parse(file, Path::new(""));
    let atlas = read_places(&source(places), &PlaceColumns::default()).expect("a file of places").value;
    let table = read_flows(&source(flows), &FlowColumns::default(), &atlas, WeightKind::Measured);
    let table = table.expect("a file of flows").value;
    let at: Vec<(f64, f64)> = atlas.places.iter().map(|place| (place.at.x, place.at.y)).collect();
    let flow = |f: &flowatlas_model::Flow| (f.origin.index(), f.destination.index(), f.weight.unwrap_or(0.0));
    let flows: Vec<_> = table.flows.iter().map(flow).filter(|f| f.0 != f.1 && f.2 > 0.0).collect();
    problems::problem(&at, &flows, WIDEST)
}

/// Prints a layout and beneath it straight lines.
fn compare(name: &str, problem: &PlanarProblem, method: Method) {
    let name = Path::new(name).file_name().map_or_else(|| name.into(), |n| n.to_string_lossy());
    for (name, method) in [(name.as_ref(), method), ("", Method::Straight)] {
        let trial = Trial::of(problem, method);
        trial.show(name, method);
    }
}

/// A layout as drawn, and what it took.
struct Trial {
    score: Score,
    wall: Times,
    cpu: Times,
}

impl Trial {
    fn of(problem: &PlanarProblem, method: Method) -> Trial {
        let (mut walls, mut cpus, mut layout) = (Vec::new(), Vec::new(), None);
        while walls.len() < RUNS && (walls.is_empty() || walls.iter().sum::<f64>() < PATIENCE) {
            let (laid, wall, cpu) = timed(|| lay_out(problem, &Options { method, ..Options::default() }));
            walls.push(wall);
            cpus.push(cpu);
            layout = Some(laid);
        }
        let layout = layout.expect("there was a first run");
        let score = score(&drawn(problem, &layout, |i| format!("n{i}")));
        Trial { score, wall: Times::of(walls), cpu: Times::of(cpus) }
    }

    fn show(&self, name: &str, method: Method) {
        let s = &self.score;
        let method = format!("{method:?}").to_lowercase();
        println!(
            "{name:<24} {method:<8} {:>9} {:>7} {:>6} {:>8} {:>6.1} % {:>6.2} {:>4.2}/{:<4.2} {:>6.1} {:>7.2} s {:>6.2} s  {}",
            s.crossings,
            s.sibling_crossings,
            s.acute_crossings,
            s.flow_on_node,
            s.overlap_pct,
            s.angular_resolution,
            s.stretch_mean,
            s.stretch_max,
            s.fmq,
            self.wall.median(),
            self.cpu.median(),
            self.wall.spread(),
        );
    }
}

/// Prints the time of the optimised layout against the flows, and the exponent of the growth.
fn curve() {
    println!("\n{:<24} {:>8} {:>8} {:>8} {:>17}  grows as", "optimised layout", "wall", "CPU", "noise", "spread");
    let mut points: Vec<(f64, f64)> = Vec::new();
    for flows in CURVE {
        let trial = Trial::of(&problems::named(&format!("net:{flows}:1")), Method::Od);
        points.push((flows as f64, trial.cpu.median().max(1e-3)));
        let grows = points.windows(2).last().map(|pair| format!("flows ^ {:.2}", exponent(pair))).unwrap_or_default();
        println!(
            "{flows:>18} flows {:>6.2} s {:>6.2} s {:>6.0} % {:>17}  {grows}",
            trial.wall.median(),
            trial.cpu.median(),
            100.0 * trial.wall.noise(),
            trial.wall.spread(),
        );
    }
    println!("CPU time over all grows as flows ^ {:.2}", exponent(&points));
}

/// The exponent of the power that fits (flows, seconds) best: the slope of their logarithms by least squares.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|p| (libm::log(p.0), libm::log(p.1))).collect();
    let count = logs.len() as f64;
    let middle = logs.iter().fold((0.0, 0.0), |m, p| (m.0 + p.0 / count, m.1 + p.1 / count));
    let (rise, run) = logs.iter().fold((0.0, 0.0), |(rise, run), p| {
        (rise + (p.0 - middle.0) * (p.1 - middle.1), run + (p.0 - middle.0) * (p.0 - middle.0))
    });
    rise / run
}
