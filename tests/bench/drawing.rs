//! Measures how long a small world map and one of very many flows take from the start of the program to their files, beside peers
//! that draw the same places, flows, land and names: `make bench`. Nothing is asserted, and a peer that is not installed is named.

#![allow(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    fmt::Write,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

#[path = "times.rs"]
mod times;

use times::{Times, threads};

/// Runs of each measurement of the small map and of the large one.
const RUNS: usize = 7;
const LARGE_RUNS: usize = 3;

/// Cities with longitude and latitude.
const CITIES: [(&str, f64, f64); 30] = [
    ("Accra", -0.19, 5.6),
    ("Amman", 35.93, 31.95),
    ("Bogotá", -74.07, 4.71),
    ("Brussels", 4.35, 50.85),
    ("Buenos Aires", -58.38, -34.6),
    ("Cape Town", 18.42, -33.92),
    ("Chennai", 80.27, 13.08),
    ("Colombo", 79.86, 6.93),
    ("Dakar", -17.44, 14.69),
    ("Dubai", 55.27, 25.2),
    ("Hanoi", 105.85, 21.03),
    ("Helsinki", 24.94, 60.17),
    ("Karachi", 67.01, 24.86),
    ("Kraków", 19.94, 50.06),
    ("La Paz", -68.15, -16.5),
    ("Lisbon", -9.14, 38.72),
    ("Lomé", 1.22, 6.13),
    ("Medellín", -75.56, 6.25),
    ("Melbourne", 144.96, -37.81),
    ("Milan", 9.19, 45.46),
    ("Montréal", -73.57, 45.5),
    ("Nouakchott", -15.98, 18.08),
    ("Osaka", 135.5, 34.69),
    ("Perth", 115.86, -31.95),
    ("Quito", -78.47, -0.18),
    ("Rabat", -6.84, 34.02),
    ("Tashkent", 69.24, 41.3),
    ("Tunis", 10.17, 36.81),
    ("Vancouver", -123.12, 49.28),
    ("Zürich", 8.54, 47.38),
];

/// Flows between them, and their kinds.
const FLOWS: usize = 60;
const KINDS: [&str; 3] = ["work", "family", "refuge"];

/// Places and flows of the large map.
const LARGE: (usize, usize) = (3_000, 300_000);

/// A page of 1600 by 900 pixels, and one of A4.
const SCREEN: [&str; 6] = ["--width-mm", "254", "--height-mm", "142.875", "--dpi", "160"];
const A4: [&str; 6] = ["--width-mm", "297", "--height-mm", "210", "--dpi", "300"];

fn main() {
    let small = Job::write("drawing", places(), flows());
    println!("30 cities, {FLOWS} flows, whole processes, {} threads, medians of {RUNS}", threads());
    println!("{:<38} {:>9} {:>15} {:>9}", "what", "median", "spread", "goal");
    let screen = small.ours("1600 × 900 pixels, PNG", "screen.png", (&SCREEN, RUNS), 0.3);
    small.ours("A4 at 300 pixels per inch, PNG", "a4.png", (&A4, RUNS), 1.0);
    small.ours("A4, PDF", "a4.pdf", (&A4, RUNS), 0.3);
    small.ours("A4, SVG", "a4.svg", (&A4, RUNS), 0.3);
    for peer in ["cairo", "geopandas"] {
        small.against(peer, RUNS, screen.as_ref());
    }
    let (places, flows) = LARGE;
    println!("{places} places, {flows} flows, medians of {LARGE_RUNS}");
    let large = Job::write("drawing-large", many_places(), many_flows());
    let screen = large.ours("1600 × 900 pixels, PNG", "screen.png", (&SCREEN, LARGE_RUNS), 2.0);
    large.ours("GeoPackage", "all.gpkg", (&[], LARGE_RUNS), 5.0);
    large.against("cairo", LARGE_RUNS, screen.as_ref());
}

fn places() -> String {
    let row = |(k, (name, lon, lat)): (usize, &(&str, f64, f64))| format!("c{k:02},{name},{lon},{lat}\n");
    CITIES.iter().enumerate().map(row).fold("id,name,lon,lat\n".to_owned(), |table, row| table + &row)
}

/// Returns flows whose weights run over three powers of ten, of three kinds, no pair twice.
fn flows() -> String {
    let mut table = "origin,dest,count,kind\n".to_owned();
    for k in 0..FLOWS {
        // Steps that share no factor with the number of cities meet every pair before they repeat one.
        let (origin, step) = ((k * 7) % CITIES.len(), 1 + (k * 11) % (CITIES.len() - 1));
        let destination = (origin + step) % CITIES.len();
        let weight = libm::round(libm::exp10(3.0 + (k * 37 % FLOWS) as f64 * 0.045));
        let kind = KINDS[k % 3];
        writeln!(table, "c{origin:02},c{destination:02},{weight},{kind}").expect("a String takes every row");
    }
    table
}

/// Returns places that crowd around the cities.
fn many_places() -> String {
    let mut table = "id,name,lon,lat\n".to_owned();
    for k in 0..LARGE.0 {
        let (_, lon, lat) = CITIES[k % CITIES.len()];
        // The golden angle and growing radii fill a disc evenly.
        let (sin, cos) = libm::sincos(k as f64 * 2.399_963);
        let radius = 12.0 * (k as f64 / LARGE.0 as f64).sqrt();
        let (lon, lat) = ((lon + radius * cos).clamp(-179.9, 179.9), (lat + 0.7 * radius * sin).clamp(-56.0, 72.0));
        writeln!(table, "p{k:04},Place {k},{lon:.4},{lat:.4}").expect("a String takes every row");
    }
    table
}

/// Returns flows between them, no pair twice, with few heavy ones among many light ones.
fn many_flows() -> String {
    let (places, flows) = LARGE;
    let mut table = "origin,dest,count,kind\n".to_owned();
    for k in 0..flows {
        let (origin, turn) = (k % places, k / places);
        let destination = (origin + 1 + (turn * 29 + origin * 7) % (places - 1)) % places;
        let weight = 1 + 200_000 / (1 + (k * 7919) % flows);
        writeln!(table, "p{origin:04},p{destination:04},{weight},{}", KINDS[k % 3]).expect("a String takes every row");
    }
    table
}

/// A folder with places and flows.
struct Job(PathBuf);

impl Job {
    fn write(name: &str, places: String, flows: String) -> Job {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench").join(name);
        fs::create_dir_all(&folder).expect("target/ can be written to");
        fs::write(folder.join("places.csv"), places).expect("target/ can be written to");
        fs::write(folder.join("flows.csv"), flows).expect("target/ can be written to");
        Job(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    /// Prints how long we take for a file, which may be a picture or layers, and how much memory.
    fn ours(&self, what: &str, file: &str, (page, runs): (&[&str], usize), goal: f64) -> Option<Times> {
        let (places, flows, output) = (self.path("places.csv"), self.path("flows.csv"), self.path(file));
        let command = if file.ends_with(".gpkg") { "export" } else { "map" };
        let style: &[&str] = if command == "map" { &["--style", "screen"] } else { &[] };
        let arguments = [&[command, &places, &flows, "-o", &output], style, page].concat();
        let program = Path::new(env!("CARGO_BIN_EXE_flowatlas"));
        let runs: Option<Vec<(f64, f64)>> = (0..runs).map(|_| run(program, &arguments)).collect();
        let (seconds, peaks): (Vec<f64>, Vec<f64>) = runs?.into_iter().unzip();
        let (times, peak) = (Times::of(seconds), peaks.into_iter().fold(0.0, f64::max));
        println!("{what:<38} {:>7.2} s {:>15} {goal:>7.2} s; {peak:.0} MiB", times.median(), times.spread());
        Some(times)
    }

    /// Prints how long a peer takes for the picture on the screen, as a multiple of our time.
    fn against(&self, peer: &str, runs: usize, ours: Option<&Times>) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = root.join("tests/bench/draw_peers.py").to_string_lossy().into_owned();
        let world = root.join("geodata/base/world-50m.geojson").to_string_lossy().into_owned();
        let (folder, output) = (self.0.to_string_lossy().into_owned(), self.path(&format!("{peer}.png")));
        let arguments = [script.as_str(), peer, &folder, &world, &output];
        let runs: Option<Vec<(f64, f64)>> = (0..runs).map(|_| run(Path::new("python3"), &arguments)).collect();
        match (runs, ours) {
            (Some(runs), Some(ours)) => {
                let theirs = Times::of(runs.into_iter().map(|run| run.0).collect());
                let ratio = theirs.median() / ours.median();
                println!("{peer:<38} {:>7.2} s {:>15} {ratio:>7.1} × ours", theirs.median(), theirs.spread());
            }
            _ => println!("{peer}: skipped"),
        }
    }
}

/// Runs a command to its end and returns the seconds that it took and the MiB at its peak; says what went wrong where it did.
fn run(program: &Path, arguments: &[&str]) -> Option<(f64, f64)> {
    let start = Instant::now();
    let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()?;
    let (mut peak, status) = (0.0, format!("/proc/{}/status", child.id()));
    let ended = loop {
        peak = f64::max(peak, peak_of(&status));
        match child.try_wait().ok()? {
            Some(ended) => break ended,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    if !ended.success() {
        let mut told = String::new();
        child.stderr?.read_to_string(&mut told).ok()?;
        println!("{}", told.lines().last().unwrap_or_default());
        return None;
    }
    Some((seconds, peak))
}

/// The most memory that a process has held, in MiB; 0 where the system does not tell.
fn peak_of(status: &str) -> f64 {
    let told = fs::read_to_string(status).unwrap_or_default();
    let line = told.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
