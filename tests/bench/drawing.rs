//! Measures how long a small world map takes from the start of the program to its file, beside peers that draw the
//! same places, flows, land and names: `make bench`. Nothing is asserted, and a peer that is not installed is named.

#![allow(clippy::print_stdout, reason = "a bench is there to print")]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

#[path = "times.rs"]
mod times;

use times::{Times, threads};

/// Runs of each measurement.
const RUNS: usize = 7;

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

/// Flows between them.
const FLOWS: usize = 60;

/// A page of 1600 by 900 pixels, and one of A4.
const SCREEN: [&str; 6] = ["--width-mm", "254", "--height-mm", "142.875", "--dpi", "160"];
const A4: [&str; 6] = ["--width-mm", "297", "--height-mm", "210", "--dpi", "300"];

fn main() {
    let folder = target();
    fs::create_dir_all(&folder).expect("target/ can be written to");
    fs::write(folder.join("places.csv"), places()).expect("target/ can be written to");
    fs::write(folder.join("flows.csv"), flows()).expect("target/ can be written to");
    println!("30 cities, {FLOWS} flows, whole processes, {} threads, medians of {RUNS}", threads());
    println!("{:<38} {:>9} {:>15} {:>9}", "what", "median", "spread", "goal");
    let screen = ours("1600 × 900 pixels, PNG", "screen.png", &SCREEN, 0.3);
    ours("A4 at 300 pixels per inch, PNG", "a4.png", &A4, 1.0);
    ours("A4, PDF", "a4.pdf", &A4, 0.3);
    ours("A4, SVG", "a4.svg", &A4, 0.3);
    for peer in ["cairo", "geopandas"] {
        against(peer, screen.as_ref());
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench/drawing")
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
        let kind = ["work", "family", "refuge"][k % 3];
        writeln!(table, "c{origin:02},c{destination:02},{weight},{kind}").expect("a String takes every row");
    }
    table
}

fn ours(what: &str, file: &str, page: &[&str], goal: f64) -> Option<Times> {
    let path = |name: &str| target().join(name).to_string_lossy().into_owned();
    let (places, flows, output) = (path("places.csv"), path("flows.csv"), path(file));
    let arguments = [&["map", &places, &flows, "-o", &output, "--style", "screen"][..], page].concat();
    let runs: Option<Vec<f64>> =
        (0..RUNS).map(|_| seconds(Path::new(env!("CARGO_BIN_EXE_flowatlas")), &arguments)).collect();
    let times = Times::of(runs?);
    println!("{what:<38} {:>7.2} s {:>15} {goal:>7.2} s", times.median(), times.spread());
    Some(times)
}

/// Prints how long a peer takes for the first picture, as a multiple of our time.
fn against(peer: &str, ours: Option<&Times>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = root.join("tests/bench/draw_peers.py").to_string_lossy().into_owned();
    let world = root.join("geodata/base/world-50m.geojson").to_string_lossy().into_owned();
    let output = target().join(format!("{peer}.png")).to_string_lossy().into_owned();
    let folder = target().to_string_lossy().into_owned();
    let arguments = [script.as_str(), peer, &folder, &world, &output];
    let runs: Option<Vec<f64>> = (0..RUNS).map(|_| seconds(Path::new("python3"), &arguments)).collect();
    match (runs.map(Times::of), ours) {
        (Some(theirs), Some(ours)) => {
            let ratio = theirs.median() / ours.median();
            println!("{peer:<38} {:>7.2} s {:>15} {ratio:>7.1} × ours", theirs.median(), theirs.spread());
        }
        _ => println!("{peer}: skipped"),
    }
}

/// Runs a command to its end and returns the seconds that it took; says what went wrong where it did.
fn seconds(program: &Path, arguments: &[&str]) -> Option<f64> {
    let start = Instant::now();
    let output = Command::new(program).args(arguments).output().ok()?;
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default());
        return None;
    }
    Some(start.elapsed().as_secs_f64())
}
