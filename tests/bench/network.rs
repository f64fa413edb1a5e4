//! Measures the metrics of networks against their goals and, where they are installed, against peers in turn.
//!
//! `cargo bench --bench network` makes a gravity model of 3,143 places and about 440,000 flows, one with twice the flows, and a
//! sparse one of 200,000 places and 2,000,000 flows. Times are CPU seconds of all threads, medians, because ratios of
//! those hold on a busy machine. Peers are run by `peers.py` with `python3`, or with what `PYTHON` names; what is not
//! installed is skipped and said to be. Nothing is asserted.

#![allow(clippy::print_stdout, reason = "a bench is there to print")]

#[path = "times.rs"]
mod times;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use flowatlas_model::{Atlas, Flow, FlowTable, MetricTable, OdGraph, Place, PlaceIndex, Table, WeightKind};
use flowatlas_network::{Choice, Measures, build, measure};

use times::{Times, threads, timed};

const RUNS: usize = 3;
/// Repeats within one run of what takes milliseconds.
const REPEATS: usize = 20;

/// Flows between places: the number of places, and origin, destination and weight of each flow.
struct Network {
    places: usize,
    flows: Vec<(u32, u32, f64)>,
}

/// Numbers that look drawn by chance, from 0 to 1 (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of the standard normal distribution (Box & Muller 1958).
    fn normal(&mut self) -> f64 {
        (-2.0 * libm::log(1.0 - self.next())).sqrt() * libm::cos(std::f64::consts::TAU * self.next())
    }
}

/// Places in clusters of a plane, with populations of all sizes: x, y in kilometres, and persons.
fn sites(places: usize, chance: &mut Chance) -> Vec<[f64; 3]> {
    let centres: Vec<[f64; 2]> =
        (0..places.isqrt()).map(|_| [4000.0 * chance.next(), 4000.0 * chance.next()]).collect();
    (0..places)
        .map(|_| {
            let [x, y] = centres[(chance.next() * centres.len() as f64) as usize];
            let persons = libm::exp(10.2 + 1.45 * chance.normal()).clamp(80.0, 1.2e7);
            [x + 120.0 * chance.normal(), y + 120.0 * chance.normal(), persons]
        })
        .collect()
}

fn attraction(a: [f64; 3], b: [f64; 3]) -> f64 {
    let apart = libm::hypot(a[0] - b[0], a[1] - b[1]) + 15.0;
    libm::pow(a[2], 0.85) * libm::pow(b[2], 0.9) / libm::pow(apart, 1.4)
}

/// All pairs that attract each other by chance enough, about as many as asked for.
fn dense(places: usize, flows: f64) -> Network {
    let mut chance = Chance(1);
    let sites = sites(places, &mut chance);
    let expected = |scale: f64, origins: usize| -> f64 {
        let pairs = (0..places).step_by(origins).flat_map(|o| (0..places).map(move |d| (o, d))).filter(|(o, d)| o != d);
        pairs.map(|(o, d)| (scale * attraction(sites[o], sites[d])).min(1.0)).sum::<f64>() * origins as f64
    };
    let (mut low, mut high) = (1e-20, 1.0);
    for _ in 0..40 {
        let middle = f64::sqrt(low * high);
        if expected(middle, 60) < flows { low = middle } else { high = middle }
    }
    let mut found = Vec::new();
    for o in 0..places {
        for d in (0..places).filter(|d| *d != o) {
            let weight = (low * attraction(sites[o], sites[d]) + chance.next()).floor();
            if weight > 0.0 {
                found.push((o as u32, d as u32, weight));
            }
        }
    }
    Network { places, flows: found }
}

/// Flows between places near in number, and from anywhere to few large ones.
fn sparse(places: usize, flows: usize) -> Network {
    let mut chance = Chance(2);
    let found = (0..flows).map(|k| {
        let o = if k < places { k } else { (chance.next() * places as f64) as usize };
        let near = chance.next() < 0.5;
        let step = if near { 1.0 + 40.0 * chance.next() } else { places as f64 * libm::pow(chance.next(), 4.0) };
        let d = if near { (o + step as usize) % places } else { (step as usize).min(places - 1) };
        (
            o as u32,
            if d == o { (d as u32 + 1) % places as u32 } else { d as u32 },
            libm::exp(3.0 + chance.normal()).ceil(),
        )
    });
    Network { places, flows: found.collect() }
}

fn graph(network: &Network) -> (Atlas, OdGraph) {
    let place = |k: usize| Place {
        id: format!("z{k:06}"),
        name: format!("Zone {k}"),
        at: geo::coord! { x: (k % 600) as f64 * 0.1, y: (k / 600) as f64 * 0.1 },
        area: None,
        population: None,
    };
    let places = (0..network.places).map(place).collect();
    let atlas = Atlas { places, attributes: Table::with_rows(network.places), ..Atlas::default() };
    let flow = |&(o, d, w): &(u32, u32, f64)| Flow {
        origin: PlaceIndex(o),
        destination: PlaceIndex(d),
        weight: Some(w),
        kind: None,
        time: None,
    };
    let table = FlowTable {
        flows: network.flows.iter().map(flow).collect(),
        attributes: Table::with_rows(network.flows.len()),
    };
    let graph = build(&atlas, &table, WeightKind::Measured);
    (atlas, graph)
}

fn measured((atlas, graph): &(Atlas, OdGraph), names: &[&str]) -> MetricTable {
    let metrics = Choice::of(&names.iter().map(|n| n.to_string()).collect::<Vec<_>>()).expect("names of metrics");
    measure(atlas, graph, &Measures { metrics, ..Measures::default() })
}

/// CPU seconds of metrics, with and without what any metric takes.
fn own(graph: &(Atlas, OdGraph), names: &[&str], repeats: usize) -> f64 {
    let repeated = |names: &[&str]| timed(|| (0..repeats).for_each(|_| drop(measured(graph, names)))).2;
    (repeated(names) - repeated(&["in_degree"])).max(0.0) / repeats as f64
}

/// What a peer answers: CPU seconds and one number, or why it does not.
fn peer(flows: &Path, what: &str) -> Result<(f64, f64), String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers.py");
    let ended = Command::new(&python).arg(script).arg(flows).arg(what).output();
    let ended = ended.map_err(|_| format!("{python} is not installed"))?;
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    match numbers[..] {
        [seconds, value] if ended.status.success() => Ok((seconds, value)),
        _ => Err(text.trim().to_owned()),
    }
}

/// Prints our time beside that of a peer, run in turn, and their ratio beside the goal.
fn beside(what: &str, goal: &str, mut ours: impl FnMut() -> f64, peers: &[(&Path, &str)]) {
    let (mut own, mut theirs, mut skipped) = (Vec::new(), Vec::new(), None);
    for _ in 0..RUNS {
        own.push(ours());
        match peers.iter().map(|(flows, what)| peer(flows, what)).collect::<Result<Vec<_>, _>>() {
            Ok(answers) => theirs.push(answers.iter().map(|a| a.0).sum()),
            Err(reason) => {
                skipped = Some(reason);
                break;
            }
        }
    }
    let own = Times::of(own);
    let names = peers.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(" + ");
    let told = match skipped {
        Some(reason) => format!("skipped: {reason}"),
        None => {
            let theirs = Times::of(theirs);
            format!("{names} {:.3} s: {:.1} × ours", theirs.median(), theirs.median() / own.median())
        }
    };
    println!("{what:<52} {:>8.4} s  {:<18} goal {goal:<8} {told}", own.median(), own.spread());
}

/// Writes the flows for the peers and for the program, unless they are there.
fn written(network: &Network, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench/network");
    fs::create_dir_all(&folder).expect("target/ can be written to");
    let mut text = String::from("origin,dest,count\n");
    for (o, d, w) in &network.flows {
        writeln!(text, "z{o:06},z{d:06},{w}").expect("memory can be written to");
    }
    let mut places = String::from("id,name,lon,lat\n");
    for k in 0..network.places {
        writeln!(places, "z{k:06},Zone {k},{},{}", (k % 600) as f64 * 0.1, (k / 600) as f64 * 0.1)
            .expect("memory can be written to");
    }
    fs::write(folder.join("places.csv"), places).expect("target/ can be written to");
    let path = folder.join(format!("{name}.csv"));
    fs::write(&path, text).expect("target/ can be written to");
    path
}

fn main() {
    println!("flowatlas {}, {} threads, CPU seconds, medians of {RUNS}", env!("CARGO_PKG_VERSION"), threads());
    let (one, two) = (dense(3_143, 350_000.0), dense(3_143, 700_000.0));
    println!("{} places, {} and {} flows", one.places, one.flows.len(), two.flows.len());
    let flows = written(&one, "dense");
    against_peers(&graph(&one), &flows);
    when_flows_double(&graph(&one), &graph(&two));
    whole_program(&flows);
    very_large();
}

fn against_peers(graph: &(Atlas, OdGraph), flows: &Path) {
    let flows = |what| (flows, what);
    let betweenness = || own(graph, &["betweenness"], 1);
    beside("betweenness", "8 ×", betweenness, &[flows("networkit-betweenness")]);
    beside("betweenness", "8 ×", betweenness, &[flows("igraph-betweenness")]);
    let together = || own(graph, &["betweenness", "harmonic_out", "metric_backbone"], 1);
    let peers = [flows("networkit-betweenness"), flows("igraph-harmonic")];
    beside("betweenness, harmonic closeness, metric backbone", "12 ×", together, &peers);
    beside("PageRank to 1e-10", "2 ×", || own(graph, &["pagerank"], REPEATS), &[flows("scipy-pagerank")]);
    beside("disparity filter", "3 ×", || own(graph, &["disparity"], REPEATS), &[flows("numpy-disparity")]);
    beside(
        "communities, best of several searches",
        "1 ×",
        || own(graph, &["modularity"], 1),
        &[flows("igraph-leiden")],
    );
    let ours = measured(graph, &["modularity"]).network[0].value.unwrap_or(0.0);
    match peer(flows("").0, "igraph-leiden") {
        Ok((_, theirs)) => println!("  modularity {ours:.4}, igraph {theirs:.4}"),
        Err(reason) => println!("  modularity {ours:.4}; skipped: {reason}"),
    }
    let values = measured(graph, &["betweenness"]).places.remove(0).values;
    agreement(flows("").0, &values);
}

/// Prints by how much our betweenness differs from igraph's, as `peers.py` left it beside the flows.
fn agreement(flows: &Path, ours: &[Option<f64>]) {
    let Ok(text) = fs::read_to_string(flows.with_extension("igraph-betweenness.txt")) else { return };
    let pairs = (ours.len() as f64 - 1.0) * (ours.len() as f64 - 2.0);
    let theirs = text.lines().filter_map(|line| line.parse::<f64>().ok());
    let off = ours.iter().zip(theirs).map(|(a, b)| (a.unwrap_or(0.0) * pairs - b).abs() / b.max(1.0));
    println!("  betweenness differs from igraph's by at most {:.1e} of its size", off.fold(0.0, f64::max));
}

fn when_flows_double(one: &(Atlas, OdGraph), two: &(Atlas, OdGraph)) {
    let times = |graph| Times::of((0..RUNS).map(|_| own(graph, &["betweenness"], 1)).collect()).median();
    let (one, two) = (times(one), times(two));
    println!("{:<52} {:>8.2} ×  {:<18} goal 1.5 ×", "betweenness when flows double", two / one, "");
}

/// The program from files to files beside a script that does the same with igraph, by the clock.
fn whole_program(flows: &Path) {
    let output = flows.with_file_name("metrics.csv");
    let arguments = ["--metrics", "default,communities,backbones", "-o"];
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowatlas"));
        command.arg("metrics").arg(flows.with_file_name("places.csv")).arg(flows).args(arguments).arg(&output);
        timed(|| command.output()).1
    };
    let script = || timed(|| peer(flows, "igraph-everything"));
    let (mut ours, mut theirs, mut memory) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..RUNS {
        ours.push(run());
        match script() {
            (Ok((_, peak)), seconds, _) => {
                theirs.push(seconds);
                memory = peak;
            }
            (Err(reason), ..) => return println!("from CSV to metrics: {:.2} s; skipped: {reason}", ours[0]),
        }
    }
    let (ours, theirs) = (Times::of(ours), Times::of(theirs));
    println!(
        "{:<52} {:>8.2} s  {:<18} goal {:<8} igraph {:.2} s: {:.1} × ours; its peak {memory:.0} MiB",
        "from CSV to must-have metrics, by the clock",
        ours.median(),
        ours.spread(),
        "10 ×",
        theirs.median(),
        theirs.median() / ours.median(),
    );
}

fn very_large() {
    let network = sparse(200_000, 2_000_000);
    let graph = graph(&network);
    let groups = ["pagerank", "structure", "influence", "triangles", "cores", "mixing", "communities", "disparity"];
    println!("{} places, {} flows", network.places, network.flows.len());
    let mut all = 0.0;
    for group in groups {
        let seconds = own(&graph, &[group], 1);
        all += seconds;
        println!("  {group:<50} {seconds:>8.2} s");
    }
    println!("{:<52} {all:>8.2} s  {:<18} goal 10 s", "all of these", "");
}
