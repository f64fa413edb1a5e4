//! Measures the program against its goals and, where there is one, against a peer in turn: `make bench`.
//!
//! Every figure is the median of five runs with their spread; the spread says how noisy the machine was. Nothing is
//! asserted: a slow machine is no bug. What could not be measured is named.

#![allow(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use flowatlas_ingest::{FlowColumns, PlaceColumns, Source, read_flows, read_places};
use flowatlas_model::WeightKind;

#[path = "times.rs"]
mod times;

use times::{Times, threads};

/// Runs of each measurement.
const RUNS: usize = 5;

/// Features of the large file, one per line, and the size that they come to.
const FEATURES: usize = 750_000;

/// Places that the large file's flows join.
const PLACES: usize = 3_000;

const MIB: f64 = 1024.0 * 1024.0;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|a| a == "read-large") {
        Some(at) => read_large(Path::new(&arguments[at + 1])),
        None => measure_all(),
    }
}

fn measure_all() {
    println!("flowatlas {}, {} threads, medians of {RUNS}", env!("CARGO_PKG_VERSION"), threads());
    println!("{:<44} {:>9} {:>15} {:>9}  peer", "what", "median", "spread", "goal");
    large_geojson();
    one_map();
    all_studies();
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench")
}

/// Prints the times of one thing beside its goal and its peer.
fn show(times: &Times, what: &str, goal: f64, peer: &str) {
    println!("{what:<44} {:>7.2} s {:>15} {goal:>7.2} s  {peer}", times.median(), times.spread());
}

/// Runs a command to its end and returns the seconds that it took.
fn seconds(program: &Path, arguments: &[&str]) -> Option<f64> {
    let start = Instant::now();
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    if !output.status.success() {
        println!("{} failed: {}", program.display(), String::from_utf8_lossy(&output.stderr));
        return None;
    }
    Some(start.elapsed().as_secs_f64())
}

fn large_geojson() {
    let folder = target().join("large");
    write_large(&folder).expect("target/ can be written to");
    let flows = folder.join("flows.geojson");
    let size = fs::metadata(&flows).map_or(0, |m| m.len()) as f64 / 1e6;
    let own = std::env::current_exe().expect("this program has a path");
    let (mut ours, mut theirs, mut overhead) = (Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..RUNS {
        let output = Command::new(&own).args(["read-large", &folder.to_string_lossy()]).output().expect("runs itself");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let [time, beyond] = numbers[..] else { return println!("reading the large file failed: {text}") };
        ours.push(time);
        overhead = overhead.max(beyond);
        theirs.extend(seconds(
            Path::new("python3"),
            &["-c", "import json, sys; json.load(open(sys.argv[1]))", &flows.to_string_lossy()],
        ));
    }
    let ours = Times::of(ours);
    let peer = ratio(&ours, theirs, "Python's json (parsing alone)");
    show(&ours, &format!("read {size:.0} MB GeoJSON, {FEATURES} lines"), 1.2, &peer);
    println!("{:<44} {overhead:>5.0} MiB {:>15} {:>5.0} MiB", "  memory beyond what it becomes, at its peak", "", 60.0);
}

fn ratio(ours: &Times, theirs: Vec<f64>, name: &str) -> String {
    if theirs.is_empty() {
        return format!("skipped: {name} is not installed");
    }
    let theirs = Times::of(theirs);
    format!("{name} {:.2} s, {:.1} × ours", theirs.median(), theirs.median() / ours.median())
}

/// Writes a file of places and the large file of flows, unless they are there.
fn write_large(folder: &Path) -> std::io::Result<()> {
    let path = folder.join("flows.geojson");
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let mut places = String::from("id,name,lon,lat\n");
    for k in 0..PLACES {
        places.push_str(&format!("z{k:05},Zone {k},{},{}\n", (k % 60) as f64 * 0.1, (k / 60) as f64 * 0.1));
    }
    fs::write(folder.join("places.csv"), places)?;
    let mut file = BufWriter::new(File::create(&path)?);
    writeln!(file, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
    for k in 0..FEATURES {
        let (origin, destination) = (k % PLACES, (k * 7 + k / PLACES + 1) % PLACES);
        let end = if k + 1 == FEATURES { "" } else { "," };
        writeln!(
            file,
            "{{\"type\":\"Feature\",\"properties\":{{\"origin\":\"z{origin:05}\",\"dest\":\"z{destination:05}\",\"count\":{},\
             \"kind\":\"work\",\"time\":\"2020\",\"source\":\"census\",\"certainty\":\"sure\",\"share\":{:.6}}},\
             \"geometry\":{{\"type\":\"LineString\",\"coordinates\":[[{:.5},{:.5}],[{:.5},{:.5}]]}}}}{end}",
            1 + k % 977,
            (k % 1000) as f64 / 1000.0,
            (origin % 60) as f64 * 0.1,
            (origin / 60) as f64 * 0.1,
            (destination % 60) as f64 * 0.1,
            (destination / 60) as f64 * 0.1,
        )?;
    }
    write!(file, "]}}")?;
    file.flush()
}

/// In a process of its own: reads the large file, prints the seconds and the MiB at the peak beyond those after it.
fn read_large(folder: &Path) {
    let places = read_places(&Source::parse("places.csv", folder), &PlaceColumns::default()).expect("written above");
    let source = Source::parse("flows.geojson", folder);
    let start = Instant::now();
    let flows =
        read_flows(&source, &FlowColumns::default(), &places.value, WeightKind::Measured).expect("written above");
    let time = start.elapsed().as_secs_f64();
    assert_eq!(flows.value.flows.len(), FEATURES);
    let beyond = (memory("VmHWM") - memory("VmRSS")).max(0.0);
    println!("{time} {}", beyond / MIB);
    drop(flows);
}

/// Bytes of this process from the system's account, 0 where it keeps none.
fn memory(key: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let kib: Option<f64> = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
    kib.unwrap_or(0.0) * 1024.0
}

/// The whole process that draws one shipped map, with the layout and page that it ships with.
fn one_map() {
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("geodata/huancavelica");
    let file = |name: &str| study.join(name).to_string_lossy().into_owned();
    let (places, flows) = (file("places-departments.geojson"), file("flows-departments-1981.geojson"));
    let base = study.with_file_name("base").join("andes.geojson").to_string_lossy().into_owned();
    let output = target().join("one.png").to_string_lossy().into_owned();
    let arguments =
        ["map", &places, &flows, "-o", &output, "--base", &base, "--title", "Departments", "--unit", "persons"];
    match (0..RUNS).map(|_| seconds(program(), &arguments)).collect() {
        Some(runs) => show(&Times::of(runs), "one shipped map as PNG, whole process", 0.5, ""),
        None => println!("one shipped map: skipped"),
    }
}

fn all_studies() {
    let output = target().join("out").to_string_lossy().into_owned();
    let studies = ["geodata/huancavelica", "geodata/morocco-eu", "geodata/zacatecas"];
    let arguments = [&["run"][..], &studies, &["--out", &output]].concat();
    match (0..RUNS).map(|_| seconds(program(), &arguments)).collect() {
        Some(runs) => show(&Times::of(runs), "all shipped studies, every output", 5.0, ""),
        None => println!("all shipped studies: skipped"),
    }
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_flowatlas"))
}
