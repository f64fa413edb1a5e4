//! Measures the aggregation of records against its goals and, where they are installed, against peers.
//!
//! `make records-bench` makes 50 million records in Parquet with ids and coordinates (`RECORDS=n` for another
//! number), and zones with rough borders. Each case runs in a process of its own, in turn with its peer; what is told is CPU seconds of
//! all threads (the median of three) and memory at the peak. Peers are run by `peers.py` with `python3`, or with what `PYTHON` names; what
//! is not installed is skipped and said to be. Nothing is asserted.

#![allow(clippy::print_stdout, reason = "a bench is there to print")]

#[path = "../../../tests/bench/times.rs"]
mod times;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use datafusion::{dataframe::DataFrameWriteOptions, prelude::SessionContext};
use flowatlas_records::{Engine, Limits, Wish, Zones, ZonesWish, aggregate};
use geo::{LineString, MultiPolygon, Polygon};

use times::{Times, timed};

const RUNS: usize = 3;
const THREADS: usize = 2;
/// Zones on each side of the field, and pieces of each side of a zone: 3,025 zones of about 100 corners.
const SIDE: usize = 55;
const PIECES: usize = 25;
/// Records of which points are assigned, and the extent of the field in degrees.
const POINTS: usize = 5_000_000;
const FIELD: f64 = 55.0;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(case) = arguments.iter().position(|a| a == "--case") {
        let (case, records) = (&arguments[case + 1], Path::new(&arguments[case + 2]));
        let (rows, _, cpu) = timed(|| run(case, records));
        println!("{}", as_json(cpu, peak(), rows));
        return;
    }
    let count = std::env::var("RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(50_000_000);
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench"));
    let (records, points) = (made(&folder, count), made(&folder, POINTS));
    write_zones(&folder);
    println!("{count} records, {POINTS} points, {THREADS} threads");
    let ids = measured("records with whole numbers as ids to flows", || ours("ids", &records));
    versus(&ids, "DuckDB", || peer(&["duckdb", text(&records), &THREADS.to_string()]));
    let zones = measured("points to zones", || ours("points", &points));
    versus(&zones, "geopandas", || peer(&["geopandas", text(&points), text(&folder.join("zones.geojson"))]));
    let flows = measured("records with coordinates to flows", || ours("coordinates", &points));
    versus(&flows, "geopandas in chunks", || {
        peer(&["geopandas-flows", text(&points), text(&folder.join("zones.geojson"))])
    });
    measured(&format!("the same with {count} records"), || ours("coordinates", &records));
}

/// What a run took.
#[derive(Clone, Copy)]
struct Took {
    cpu: f64,
    peak: f64,
    rows: f64,
}

fn as_json(cpu: f64, peak: f64, rows: usize) -> String {
    format!("{{\"cpu\": {cpu}, \"peak\": {peak}, \"rows\": {rows}}}")
}

fn told(output: &[u8]) -> Option<Took> {
    let text = String::from_utf8_lossy(output);
    let number = |name: &str| -> Option<f64> {
        let rest = text.split(&format!("\"{name}\": ")).nth(1)?;
        rest.split([',', '}']).next()?.trim().parse().ok()
    };
    Some(Took { cpu: number("cpu")?, peak: number("peak")?, rows: number("rows")? })
}

fn ours(case: &str, records: &Path) -> Option<Took> {
    let own = std::env::current_exe().ok()?;
    told(&Command::new(own).args(["--case", case, text(records)]).output().ok()?.stdout)
}

fn peer(arguments: &[&str]) -> Option<Took> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers.py");
    told(&Command::new(python).arg(script).args(arguments).output().ok()?.stdout)
}

fn measured(name: &str, work: impl Fn() -> Option<Took>) -> Option<Took> {
    let runs: Vec<Took> = (0..RUNS).filter_map(|_| work()).collect();
    let Some(last) = runs.last() else {
        println!("{name}: not installed, skipped");
        return None;
    };
    let cpu = Times::of(runs.iter().map(|run| run.cpu).collect());
    let peak = runs.iter().map(|run| run.peak).fold(0.0, f64::max);
    println!("{name}: {:.2} s CPU ({}), {peak:.0} MiB, {} rows", cpu.median(), cpu.spread(), last.rows);
    Some(Took { cpu: cpu.median(), peak, ..*last })
}

fn versus(own: &Option<Took>, name: &str, work: impl Fn() -> Option<Took>) {
    if let (Some(own), Some(peer)) = (own, measured(&format!("  {name}"), work)) {
        println!("  {:.1} times as fast, {:.1} times the memory", peer.cpu / own.cpu, own.peak / peer.peak);
    }
}

/// Does the work of a case and returns the rows of its answer.
fn run(case: &str, records: &Path) -> usize {
    let expr = |text: &str| Some(text.to_owned());
    let wish = Wish { records: vec![text(records).to_owned()], ..Wish::default() };
    let points = |origin: &str| Wish {
        origin: expr(origin),
        dest: expr("dest_lon, dest_lat"),
        zones: Some(zones()),
        ..wish.clone()
    };
    let wish = match case {
        "ids" => Wish { weight: expr("w"), ..wish },
        // Both ends are the same points, which the engine looks up once.
        "points" => Wish { filter: expr("dest_lon is not null"), ..points("dest_lon, dest_lat") },
        _ => points("lon, lat"),
    };
    let limits = Limits { threads: Some(THREADS), ..Limits::default() };
    let zones = wish.zones.as_ref().map(|wish| Arc::clone(&wish.zones));
    let engine = Engine::embedded(&limits, zones).expect("threads can be started");
    aggregate(&engine, &wish, &|_, _| {}).expect("the records can be read").pairs.len()
}

/// Memory of this process at its peak, in MiB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the folder has a plain name")
}

/// Writes records, once: 350,306 pairs of 3,143 places, few of them in most records, and points anywhere in the field.
fn made(folder: &Path, count: usize) -> PathBuf {
    let path = folder.join(format!("records-{count}.parquet"));
    if path.exists() {
        return path;
    }
    fs::create_dir_all(folder).expect("the target folder can be written to");
    // Numbers that look drawn by chance (Knuth's multiplicative hash), from 0 to 1.
    let chance = |a: u64| format!("((k * {a} % 4294967296) / 4294967296.0)");
    let [r, x, y, u, v, w] =
        [2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263, 374_761_393, 1_274_126_177].map(chance);
    let query = format!(
        "select cast(p * 7919 % 3143 as int) as origin, cast(p * 104729 / 3143 % 3143 as int) as dest,
            {x} * {FIELD} as lon, {y} * {FIELD} as lat, {u} * {FIELD} as dest_lon, {v} * {FIELD} as dest_lat,
            cast(exp(4 + 2 * {w}) as float) as w
         from (select k, cast(350306 * {r} * {r} * {r} as bigint) as p
               from (select value as k from generate_series(1, {count})))"
    );
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    runtime.block_on(async {
        let frame = SessionContext::new().sql(&query).await.expect("the query is right");
        let single = DataFrameWriteOptions::new().with_single_file_output(true);
        frame.write_parquet(text(&path), single, None).await.expect("the disk has room");
    });
    path
}

/// A corner of a zone, or a point of a side between two corners, off the straight line.
fn corner(i: f64, j: f64) -> (f64, f64) {
    let shake = |a: f64, b: f64| (((i * a + j * b) * 1000.0) as i64 % 97) as f64 / 97.0 * 0.01;
    (i + shake(37.0, 61.0), j + shake(53.0, 29.0))
}

fn ring(k: usize) -> Vec<(f64, f64)> {
    let (i, j) = ((k / SIDE) as f64, (k % SIDE) as f64);
    let step = |n: usize| n as f64 / PIECES as f64;
    let south = (0..PIECES).map(|n| corner(i + step(n), j));
    let east = (0..PIECES).map(|n| corner(i + 1.0, j + step(n)));
    let north = (0..PIECES).map(|n| corner(i + step(PIECES - n), j + 1.0));
    let west = (0..=PIECES).map(|n| corner(i, j + step(PIECES - n)));
    south.chain(east).chain(north).chain(west).collect()
}

fn zones() -> ZonesWish {
    let area = |k: usize| MultiPolygon::new(vec![Polygon::new(LineString::from(ring(k)), vec![])]);
    let areas: Vec<MultiPolygon<f64>> = (0..SIDE * SIDE).map(area).collect();
    let zones = Zones::new(areas.iter().enumerate().map(|(k, area)| (k.to_string(), area)));
    ZonesWish { layer: "field".to_owned(), id_column: String::new(), zones: Arc::new(zones) }
}

fn write_zones(folder: &Path) {
    let mut out = "{\"type\":\"FeatureCollection\",\"features\":[".to_owned();
    for k in 0..SIDE * SIDE {
        let ring = ring(k).iter().map(|(x, y)| format!("[{x},{y}]")).collect::<Vec<_>>().join(",");
        let comma = if k == 0 { "" } else { "," };
        let feature = format!(
            r#"{{"type":"Feature","properties":{{"id":"{k}"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
        );
        write!(out, "{comma}{feature}").expect("written to memory");
    }
    fs::write(folder.join("zones.geojson"), out + "]}").expect("the target folder can be written to");
}
