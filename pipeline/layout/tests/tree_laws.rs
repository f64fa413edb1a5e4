//! Laws that trees keep.

#[path = "support/problems.rs"]
mod problems;

use flowatlas_layout::{Method, Options, Score, drawn, lay_out, score};
use flowatlas_model::planar::{PlanarFlow, PlanarLayout, PlanarProblem};
use kurbo::{ParamCurve, ParamCurveNearest, PathSeg, Point};
use problems::named;

/// Room for rounding in points.
const ROUNDING: f64 = 1e-6;
/// Share of their widths, beside a third of a point, by which neighbours in a trunk may lie closer or farther: rings are followed by
/// smooth curves.
const EDGE: f64 = 0.15;

fn tree(problem: &PlanarProblem) -> PlanarLayout {
    lay_out(problem, &Options { method: Method::Tree, ..Options::default() })
}

fn scored(problem: &PlanarProblem) -> Score {
    score(&drawn(problem, &tree(problem), |i| i.to_string()))
}

fn segments(layout: &PlanarLayout, i: usize) -> Vec<PathSeg> {
    layout.curves[i].path.segments().collect()
}

/// The middle of each piece of a flow's curve.
fn middles(layout: &PlanarLayout, i: usize) -> Vec<Point> {
    segments(layout, i).iter().map(|s| s.eval(0.5)).collect()
}

/// A problem without flows so thin that they cannot be told apart.
fn without_hairlines(name: &str) -> PlanarProblem {
    let mut problem = named(name);
    problem.flows.iter_mut().for_each(|f| f.width = f.width.max(0.5));
    as_wide_as_drawn(problem)
}

/// A problem in which all flows add their widths to trunks.
fn as_wide_as_drawn(mut problem: PlanarProblem) -> PlanarProblem {
    problem.flows.iter_mut().for_each(|f| f.adds = f.width);
    problem
}

#[test]
fn every_strand_starts_at_the_root_and_ends_at_its_place() {
    let problem = named("star:40:2");
    let layout = tree(&problem);
    for (i, flow) in problem.flows.iter().enumerate() {
        let segs = segments(&layout, i);
        for (end, node) in [(segs[0].start(), flow.origin), (segs[segs.len() - 1].end(), flow.destination)] {
            let away = (end - problem.nodes[node].at).hypot();
            assert!((away - problem.nodes[node].radius - problem.gap).abs() < ROUNDING, "{away}");
        }
    }
}

#[test]
fn no_strand_of_a_tree_crosses_another_or_touches_a_place_of_another() {
    for name in ["star:5:1", "star:5:2", "star:20:1", "star:20:2", "star:60:1", "star:60:2", "star:60:3", "star:200:4"]
    {
        let score = scored(&named(name));
        assert_eq!((score.crossings, score.flow_on_node), (0, 0), "{name}: {}", score.summary());
    }
}

#[test]
fn strands_of_a_trunk_lie_edge_to_edge_so_that_its_width_is_the_sum_of_its_flows() {
    let problem = without_hairlines("star:30:5");
    let layout = tree(&problem);
    let (mut checked, mut apart_or_over) = (0, 0);
    for seam in layout.trees.iter().flat_map(|t| &t.seams) {
        let [a, b] = seam.flows;
        let sum = (problem.flows[a].width + problem.flows[b].width) / 2.0;
        let root = problem.nodes[problem.flows[a].origin].at;
        for at in seam.line.iter().filter(|p| (**p - root).hypot() > 80.0) {
            let nearest = |i: usize| {
                let near =
                    segments(&layout, i).iter().map(|s| s.nearest(*at, 1e-6).distance_sq).fold(f64::INFINITY, f64::min);
                near.sqrt()
            };
            let apart = nearest(a) + nearest(b);
            apart_or_over += usize::from((apart - sum).abs() > EDGE * sum + 0.3);
            checked += 1;
        }
    }
    // Where branches run at a slant or are squeezed between places they may gape or overlap a little.
    assert!(checked > 100 && 10 * apart_or_over < checked, "{apart_or_over} of {checked}");
}

#[test]
fn flows_drawn_wider_than_what_they_carry_make_no_trunk_wider() {
    let mut problem = without_hairlines("star:30:5");
    problem.flows.iter_mut().for_each(|f| (f.width, f.adds) = (2.0, 0.1));
    let layout = tree(&problem);
    let mut widths = Vec::new();
    for seam in layout.trees.iter().flat_map(|t| &t.seams) {
        let root = problem.nodes[problem.flows[seam.flows[0]].origin].at;
        for at in seam.line.iter().filter(|p| (**p - root).hypot() > 80.0) {
            let nearest = |i: usize| {
                segments(&layout, i).iter().map(|s| s.nearest(*at, 1e-6).distance_sq).fold(f64::INFINITY, f64::min)
            };
            widths.push(seam.flows.map(|i| nearest(i).sqrt()).iter().sum::<f64>());
        }
    }
    let wide = widths.iter().filter(|width| **width > 0.5).count();
    assert!(widths.len() > 100 && 10 * wide < widths.len(), "{wide} of {} neighbours are apart", widths.len());
    let score = score(&drawn(&problem, &layout, |i| i.to_string()));
    assert_eq!((score.crossings, score.flow_on_node), (0, 0), "{}", score.summary());
}

#[test]
fn trees_of_many_seeds_and_shapes_never_cross_themselves() {
    let seeds = |n: usize, count: u64| (1..=count).map(move |seed| named(&format!("star:{n}:{seed}")));
    let crowded = ["star:100:1", "star:100:2", "star:200:2", "star:200:5"].map(named);
    let stars = seeds(5, 12).chain(seeds(20, 12)).chain(seeds(60, 6)).chain(crowded);
    let shapes = [Shape::Clusters, Shape::Line, Shape::OneAngle, Shape::NextToRoot].map(shaped);
    for (k, problem) in stars.chain(shapes).enumerate() {
        let score = scored(&problem);
        assert_eq!(score.crossings, 0, "problem {k}: {}", score.summary());
    }
}

#[test]
fn few_strands_cross_where_trunks_are_wider_than_the_gaps_between_places() {
    for name in ["star:200:7", "star:200:8"] {
        let score = scored(&named(name));
        assert!(score.crossings <= 200 / 5, "{name}: {}", score.summary());
    }
}

#[test]
fn places_strewn_by_chance_are_reached_with_hardly_a_crossing() {
    let scores: Vec<_> = (1..=6).map(|seed| scored(&named(&format!("strewn:200:{seed}")))).collect();
    let crossings: usize = scores.iter().map(|score| score.crossings).sum();
    let covered: usize = scores.iter().map(|score| score.flow_on_node).sum();
    assert!(crossings <= 2 && covered <= 120, "{crossings} crossings, {covered} times over places");
}

/// Where places lie from a root that others crowd, in px, and how wide their flows to it are.
const CROWDED: [(i16, i16, u8); 40] = [
    (66, -57, 8),
    (71, -59, 2),
    (75, -63, 1),
    (80, -59, 2),
    (75, -62, 1),
    (74, -63, 2),
    (3, -57, 1),
    (3, -58, 1),
    (3, -57, 1),
    (4, -57, 1),
    (3, -58, 1),
    (-1, -39, 1),
    (-38, -50, 1),
    (-16, -44, 3),
    (-9, -59, 5),
    (-2, -61, 1),
    (3, -63, 1),
    (63, -70, 1),
    (66, -67, 1),
    (70, -72, 1),
    (71, -64, 1),
    (73, -65, 1),
    (67, -69, 1),
    (2, 12, 1),
    (0, 6, 1),
    (7, 39, 1),
    (18, 41, 3),
    (31, 27, 12),
    (1, -4, 2),
    (-1, -1, 1),
    (0, 1, 1),
    (-1, 0, 1),
    (-132, -52, 1),
    (-122, 40, 1),
    (106, -48, 1),
    (70, -55, 1),
    (70, -56, 1),
    (69, -54, 1),
    (69, -54, 1),
    (70, -54, 7),
];

#[test]
fn trunks_take_no_long_ways_around_a_crowded_root() {
    let mut problem = named(&format!("star:{}:1", CROWDED.len()));
    let root = problem.nodes[0].at;
    for (k, (x, y, width)) in CROWDED.into_iter().enumerate() {
        problem.nodes[k + 1].at = root + kurbo::Vec2::new(f64::from(x), f64::from(y));
        let flow = &mut problem.flows[k];
        let (head_length, head_width) = problems::head(f64::from(width), 14.0);
        *flow = PlanarFlow {
            origin: k + 1,
            destination: 0,
            width: f64::from(width),
            adds: f64::from(width),
            head_length,
            head_width,
            ..flow.clone()
        };
    }
    let score = scored(&problem);
    assert!(score.stretch_max < 1.35, "{}", score.summary());
}

/// How the places around a root lie.
#[derive(Clone, Copy)]
enum Shape {
    Clusters,
    Line,
    OneAngle,
    NextToRoot,
}

/// A root and twenty places.
fn shaped(shape: Shape) -> PlanarProblem {
    let mut problem = named("star:20:1");
    let root = problem.nodes[0].at;
    for k in 1..problem.nodes.len() {
        let t = k as f64;
        problem.nodes[k].at = match shape {
            Shape::Clusters => {
                let (cluster, own) = ((k % 4) as f64, (k / 4) as f64);
                root + kurbo::Vec2::new(300.0 + 25.0 * own, 300.0 * cluster - 450.0 + 17.0 * (own * 2.0 % 5.0))
            }
            Shape::Line => root + kurbo::Vec2::new(150.0 + 0.3 * (t * 7.0 % 5.0), 40.0 * t - 420.0),
            Shape::OneAngle => root + kurbo::Vec2::new(45.0 * t, 20.0 * t),
            Shape::NextToRoot if k == 1 => root + kurbo::Vec2::new(9.0, 2.0),
            Shape::NextToRoot => problem.nodes[k].at,
        };
    }
    problem
}

#[test]
fn a_mirrored_problem_gives_the_mirrored_tree() {
    let problem = named("star:30:3");
    let mut mirrored = problem.clone();
    mirrored.nodes.iter_mut().for_each(|n| n.at.x = -n.at.x);
    let (first, second) = (tree(&problem), tree(&mirrored));
    for i in 0..problem.flows.len() {
        for (p, q) in middles(&first, i).iter().zip(middles(&second, i)) {
            assert!((p.x + q.x).abs() < 1e-3 && (p.y - q.y).abs() < 1e-3, "flow {i}: {p:?} and {q:?}");
        }
    }
}

#[test]
fn the_order_of_flows_changes_nothing() {
    let problem = named("star:40:6");
    let mut shuffled = problem.clone();
    shuffled.flows.reverse();
    let (first, second) = (tree(&problem), tree(&shuffled));
    assert!(first.curves.iter().eq(second.curves.iter().rev()));
}

#[test]
fn many_to_one_is_the_reversed_tree() {
    let mut problem = named("star:30:4");
    problem.flows.iter_mut().for_each(|f| (f.head_length, f.head_width) = (0.0, 0.0));
    let out = tree(&problem);
    problem.flows.iter_mut().for_each(|f| std::mem::swap(&mut f.origin, &mut f.destination));
    let back = tree(&problem);
    for i in 0..problem.flows.len() {
        let (there, here) = (middles(&out, i), middles(&back, i));
        assert!(there.iter().zip(here.iter().rev()).all(|(p, q)| (*p - *q).hypot() < 1e-3), "flow {i}");
    }
}

#[test]
fn flows_of_several_kinds_to_one_place_run_side_by_side_where_one_flow_of_all_would() {
    let mut whole = without_hairlines("star:30:5");
    // Heads of two flows are wider than that of both together.
    whole.flows.iter_mut().for_each(|f| {
        f.width = f.width.max(3.0);
        (f.head_length, f.head_width) = (0.0, 0.0);
    });
    let whole = as_wide_as_drawn(whole);
    let mut halves = whole.clone();
    halves.flows.iter_mut().for_each(|f| f.width /= 2.0);
    let mut halves = as_wide_as_drawn(halves);
    halves.flows.extend(halves.flows.clone());
    let (one, two) = (tree(&whole), tree(&halves));
    let count = whole.flows.len();
    for (i, flow) in whole.flows.iter().enumerate() {
        // At the root and at the place strands are cut where they reach the symbol.
        let inner = |at: &Point| {
            [flow.origin, flow.destination].iter().all(|n| (*at - whole.nodes[*n].at).hypot() > flow.width + 60.0)
        };
        for at in middles(&one, i).iter().filter(|at| inner(at)) {
            for twin in [i, i + count] {
                let off =
                    segments(&two, twin).iter().map(|s| s.nearest(*at, 1e-6).distance_sq).fold(f64::INFINITY, f64::min);
                let apart = (off.sqrt() - flow.width / 4.0).abs();
                assert!(apart < EDGE * flow.width + 0.3, "flow {i}: half of it {} from the middle", off.sqrt());
            }
        }
    }
    let score = scored(&halves);
    assert_eq!((score.crossings, score.flow_on_node), (0, 0), "{}", score.summary());
    let seams: Vec<[usize; 2]> = two.trees[0].seams.iter().map(|seam| seam.flows).collect();
    let joined = |i: usize| seams.contains(&[i, i + count]) || seams.contains(&[i + count, i]);
    assert!((0..count).all(joined), "halves of one flow are neighbours");
}

#[test]
fn every_root_has_a_tree_of_its_own() {
    let mut problem = named("star:20:1");
    let second = problem.flows.iter().map(|f| f.destination).max().expect("there are flows");
    let others: Vec<_> = problem.flows.iter().filter(|f| f.destination != second).cloned().collect();
    problem.flows.extend(others.into_iter().take(8).map(|f| PlanarFlow { origin: second, ..f }));
    let layout = tree(&problem);
    let roots: Vec<usize> = layout.trees.iter().map(|t| problem.flows[t.flows[0]].origin).collect();
    assert_eq!(roots, [problem.flows[0].origin, second]);
    for tree in &layout.trees {
        let root = problem.flows[tree.flows[0]].origin;
        assert!(tree.flows.iter().all(|&i| problem.flows[i].origin == root));
    }
    assert_eq!(layout.trees.iter().map(|t| t.flows.len()).sum::<usize>(), problem.flows.len());
}

#[test]
fn flows_back_run_beside_those_of_their_tree_and_never_on_them() {
    let mut problem = without_hairlines("star:30:5");
    let back = problem.flows.iter().map(|f| PlanarFlow { origin: f.destination, destination: f.origin, ..f.clone() });
    problem.flows.extend(back.collect::<Vec<_>>());
    let (layout, count) = (tree(&problem), problem.flows.len() / 2);
    assert_eq!(layout.trees.len(), 1);
    for (i, flow) in problem.flows[..count].iter().enumerate() {
        let root = problem.nodes[flow.origin].at;
        let outside = |at: &&Point| (**at - root).hypot() > 80.0;
        let (there, home) = (middles(&layout, i), segments(&layout, i + count));
        for at in there.iter().filter(outside) {
            let apart = home.iter().map(|s| s.nearest(*at, 1e-6).distance_sq).fold(f64::INFINITY, f64::min).sqrt();
            assert!(apart > (1.0 - EDGE) * flow.width - 0.3, "flow {i}: {apart} apart, {} wide", flow.width);
        }
    }
    assert_eq!(score(&drawn(&problem, &layout, |i| i.to_string())).crossings, 0);
}
