//! Test problems: net flows between US states, and gravity-like flows between invented places.
#![allow(dead_code, reason = "every test uses its own part")]

use flowatlas_model::planar::{PlanarFlow, PlanarNode, PlanarProblem};
use kurbo::{Point, Rect};

/// A small generator of even numbers between 0 and 1 (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Length and full width of the arrowhead of a flow, thin flows relatively larger ones (Jenny et al. 2017).
pub fn head(width: f64, widest: f64) -> (f64, f64) {
    let base = width + 0.1 * (widest - width);
    (2.0 * base, 1.6 * base)
}

/// Places and (origin, destination, value) at 1000 px across, radius 4.
pub fn problem(places: &[(f64, f64)], flows: &[(usize, usize, f64)], widest: f64) -> PlanarProblem {
    let used: Vec<usize> = (0..places.len()).filter(|&i| flows.iter().any(|f| f.0 == i || f.1 == i)).collect();
    let xs = || used.iter().map(|&i| places[i].0);
    let (left, right) = (xs().fold(f64::INFINITY, f64::min), xs().fold(f64::NEG_INFINITY, f64::max));
    let scale = 1000.0 / (right - left);
    let most = flows.iter().map(|f| f.2).fold(0.0, f64::max);
    let node =
        |&i: &usize| PlanarNode { at: Point::new((places[i].0 - left) * scale, -places[i].1 * scale), radius: 4.0 };
    let at = |i: usize| used.iter().position(|&u| u == i).expect("a used place");
    let flow = |f: &(usize, usize, f64)| {
        let width = f.2 * widest / most;
        let (head_length, head_width) = head(width, widest);
        PlanarFlow {
            origin: at(f.0),
            destination: at(f.1),
            width,
            adds: width,
            head_length,
            head_width,
            guide: Vec::new(),
            control: None,
        }
    };
    let nodes: Vec<PlanarNode> = used.iter().map(node).collect();
    let span = nodes.iter().fold(Rect::new(0.0, nodes[0].at.y, 0.0, nodes[0].at.y), |r, n| r.union_pt(n.at));
    PlanarProblem {
        frame: span.inflate(100.0, 100.0),
        nodes,
        flows: flows.iter().map(flow).collect(),
        cut: Vec::new(),
        obstacles: Vec::new(),
        gap: 1.0,
    }
}

/// A problem by its name: `us_net50`, `net:FLOWS:SEED`, `twoway:FLOWS:SEED`, `star:FLOWS:SEED`, `strewn:FLOWS:SEED`.
pub fn named(name: &str) -> PlanarProblem {
    let parts: Vec<&str> = name.split(':').collect();
    let count: usize = parts.get(1).map_or(0, |s| s.parse().expect("a number"));
    let seed: u64 = parts.get(2).map_or(0, |s| s.parse().expect("a number"));
    match parts[0] {
        "us_net50" => us_net50(),
        "net" => gravity(count, seed, Direction::Net),
        "twoway" => gravity(count, seed, Direction::Both),
        "star" => star(count, seed),
        "strewn" => strewn(count, seed),
        other => panic!("no problem named {other}"),
    }
}

/// The 50 largest net flows between US states (American Community Survey).
pub fn us_net50() -> PlanarProblem {
    let rows = |text: &str| -> Vec<Vec<String>> {
        text.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect()
    };
    let places = rows(include_str!("../fixtures/us_net50_places.csv"));
    let flows = rows(include_str!("../fixtures/us_net50_flows.csv"));
    let at = |id: &str| places.iter().position(|p| p[0] == id).expect("a known place");
    let points: Vec<(f64, f64)> =
        places.iter().map(|p| (p[2].parse().expect("a number"), p[3].parse().expect("a number"))).collect();
    let flows: Vec<_> = flows.iter().map(|f| (at(&f[0]), at(&f[1]), f[2].parse().expect("a number"))).collect();
    problem(&points, &flows, 14.0)
}

#[derive(PartialEq)]
enum Direction {
    Net,
    Both,
}

/// The largest flows of a gravity model between 49 places, denser towards the east as the US states are; more places
/// where more flows are asked for.
fn gravity(count: usize, seed: u64, direction: Direction) -> PlanarProblem {
    let mut random = Random(seed.wrapping_mul(7919).wrapping_add(17));
    let places = scattered(49.max(count / 4), &mut random);
    let mass: Vec<f64> = places.iter().map(|_| normal(&mut random)).map(libm::exp).collect();
    let mut flows = Vec::new();
    for a in 0..places.len() {
        for b in a + 1..places.len() {
            let d = ((places[a].0 - places[b].0).powi(2) + (places[a].1 - places[b].1).powi(2)).sqrt();
            let gross = mass[a] * mass[b] / libm::pow(d + 60.0, 0.9);
            let (ab, ba) = (gross * libm::exp(0.5 * normal(&mut random)), gross * libm::exp(0.5 * normal(&mut random)));
            match direction {
                Direction::Net if ab > ba => flows.push((a, b, ab - ba)),
                Direction::Net => flows.push((b, a, ba - ab)),
                Direction::Both => flows.extend([(a, b, ab), (b, a, ba)]),
            }
        }
    }
    if direction == Direction::Both {
        let pair = |f: &(usize, usize, f64)| (f.0.min(f.1), f.0.max(f.1));
        let mut pairs: Vec<Vec<(usize, usize, f64)>> = flows.chunks(2).map(<[_]>::to_vec).collect();
        pairs.sort_by(|p, q| (q[0].2 + q[1].2).total_cmp(&(p[0].2 + p[1].2)).then(pair(&p[0]).cmp(&pair(&q[0]))));
        flows = pairs.into_iter().take(count / 2).flatten().collect();
    } else {
        flows.sort_by(|p, q| q.2.total_cmp(&p.2));
        flows.truncate(count);
    }
    problem(&places, &flows, if direction == Direction::Both { 10.0 } else { 14.0 })
}

/// One place that sends to all others.
fn star(count: usize, seed: u64) -> PlanarProblem {
    let mut random = Random(seed.wrapping_mul(31).wrapping_add(5));
    let places = scattered(count + 1, &mut random);
    let flows: Vec<_> = (1..=count).map(|i| (0, i, libm::exp(1.2 * normal(&mut random)))).collect();
    problem(&places, &flows, 6.0)
}

/// One place that sends to all others, which lie wherever chance throws them. As on a map, lines have a least width of which trunks
/// take nothing, and all flows together are a tenth of the map wide.
fn strewn(count: usize, seed: u64) -> PlanarProblem {
    let mut random = Random(seed.wrapping_mul(7919).wrapping_add(3));
    let places: Vec<_> = (0..=count).map(|_| (1000.0 * random.next(), 700.0 * random.next())).collect();
    let flows: Vec<_> = (1..=count).map(|i| (0, i, libm::exp(1.2 * normal(&mut random)))).collect();
    let total: f64 = flows.iter().map(|f| f.2).sum();
    let largest = flows.iter().map(|f| f.2).fold(0.0, f64::max);
    let mut problem = problem(&places, &flows, largest * 100.0 / total);
    problem.gap = 2.0;
    problem.nodes.iter_mut().for_each(|node| node.radius = 2.0);
    for flow in &mut problem.flows {
        flow.width = flow.width.max(0.3);
        (flow.head_length, flow.head_width) = (4.0 + 2.0 * flow.width, 2.0 + 1.5 * flow.width);
    }
    problem
}

/// Places that keep apart from each other, closer in the east.
fn scattered(count: usize, random: &mut Random) -> Vec<(f64, f64)> {
    let mut places: Vec<(f64, f64)> = Vec::new();
    let mut room = 220.0 / (count as f64 / 49.0).sqrt();
    while places.len() < count {
        let (u, y) = (random.next(), random.next() * 2600.0 - 1300.0);
        let x = 4600.0 * u.sqrt() - 2300.0;
        let wanted = room * (1.45 - 0.9 * u.sqrt());
        if places.iter().all(|p| (p.0 - x).powi(2) + (p.1 - y).powi(2) > wanted * wanted) {
            places.push((x, y));
        } else {
            room *= 0.9995;
        }
    }
    places
}

/// A number from the standard normal distribution, near enough: the sum of twelve even ones.
fn normal(random: &mut Random) -> f64 {
    (0..12).map(|_| random.next()).sum::<f64>() - 6.0
}
