//! Laws that every layout keeps.

#[path = "support/problems.rs"]
mod problems;

use flowatlas_layout::{Method, Options, drawn, lay_out, score};
use flowatlas_model::planar::{DrawnLabel, PlanarCut, PlanarFlow, PlanarLayout, PlanarNode, PlanarProblem};
use kurbo::{ParamCurve, Point, Rect};
use problems::{named, us_net50};

const METHODS: [Method; 4] = [Method::Od, Method::Tree, Method::Straight, Method::Arc];
/// Room for rounding in points.
const ROUNDING: f64 = 1e-6;

fn laid(problem: &PlanarProblem, method: Method) -> PlanarLayout {
    lay_out(problem, &Options { method, ..Options::default() })
}

fn flow(origin: usize, destination: usize, width: f64) -> PlanarFlow {
    let (head_length, head_width) = problems::head(width, 10.0);
    PlanarFlow { origin, destination, width, adds: width, head_length, head_width, guide: Vec::new(), control: None }
}

fn of(places: &[(f64, f64)], flows: &[(usize, usize, f64)]) -> PlanarProblem {
    PlanarProblem {
        nodes: places.iter().map(|&(x, y)| PlanarNode { at: Point::new(x, y), radius: 4.0 }).collect(),
        flows: flows.iter().map(|&(o, d, w)| flow(o, d, w)).collect(),
        cut: Vec::new(),
        obstacles: Vec::new(),
        frame: Rect::ZERO,
        gap: 1.0,
    }
}

fn ends(layout: &PlanarLayout, i: usize) -> (Point, Point) {
    let segs: Vec<_> = layout.curves[i].path.segments().collect();
    (segs[0].start(), segs[segs.len() - 1].end())
}

fn fmq(problem: &PlanarProblem) -> f64 {
    score(&drawn(problem, &laid(problem, Method::Od), |i| i.to_string())).fmq
}

/// The problem with every point moved by a map of the plane.
fn mapped(problem: &PlanarProblem, map: impl Fn(Point) -> Point) -> PlanarProblem {
    let mut moved = problem.clone();
    for node in &mut moved.nodes {
        node.at = map(node.at);
    }
    moved.frame = Rect::ZERO;
    moved
}

#[test]
fn every_flow_starts_and_ends_at_its_places() {
    let problem = named("net:40:1");
    for method in METHODS {
        let layout = laid(&problem, method);
        assert_eq!(layout.curves.len(), problem.flows.len());
        for (i, flow) in problem.flows.iter().enumerate() {
            let (start, end) = ends(&layout, i);
            assert!((start - problem.nodes[flow.origin].at).hypot() < 40.0, "{method:?} start of {i}");
            assert!((end - problem.nodes[flow.destination].at).hypot() < 40.0, "{method:?} end of {i}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_layout_at_any_thread_count() {
    let problem = us_net50();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let four = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    for method in METHODS {
        assert!(alone.install(|| laid(&problem, method)) == four.install(|| laid(&problem, method)), "{method:?}");
    }
}

#[test]
fn the_order_of_flows_changes_nothing() {
    let problem = named("net:40:2");
    let mut shuffled = problem.clone();
    shuffled.flows.reverse();
    let (first, second) = (laid(&problem, Method::Od), laid(&shuffled, Method::Od));
    assert!(first.curves.iter().eq(second.curves.iter().rev()));
}

#[test]
fn a_mirrored_problem_gives_the_mirrored_layout() {
    let problem = mapped(&us_net50(), |p| p);
    let mirrored = mapped(&problem, |p| Point::new(-p.x, p.y));
    let (first, second) = (laid(&problem, Method::Od), laid(&mirrored, Method::Od));
    for (a, b) in first.curves.iter().zip(&second.curves) {
        for (p, q) in a.path.segments().zip(b.path.segments()) {
            let (p, q) = (p.eval(0.5), q.eval(0.5));
            assert!((p.x + q.x).abs() < ROUNDING && (p.y - q.y).abs() < ROUNDING, "{p:?} and {q:?}");
        }
    }
}

#[test]
fn a_turned_problem_scores_the_same_within_two_per_cent() {
    let problem = mapped(&us_net50(), |p| p);
    let turned = mapped(&problem, |p| Point::new(-p.y, p.x));
    let back = |layout: PlanarLayout| {
        let mut drawn = drawn(&turned, &layout, |i| i.to_string());
        for node in &mut drawn.nodes {
            (node.x, node.y) = (node.y, -node.x);
        }
        for p in drawn.flows.iter_mut().flat_map(|f| &mut f.points) {
            *p = [p[1], -p[0]];
        }
        score(&drawn).fmq
    };
    let (first, second) = (fmq(&problem), back(laid(&turned, Method::Od)));
    assert!((first - second).abs() <= 0.02 * first, "{first} and {second}");
}

#[test]
fn removing_a_far_away_flow_moves_no_other() {
    let mut problem = us_net50();
    let far = problem.nodes.len();
    for x in [1500.0, 1600.0] {
        problem.nodes.push(PlanarNode { at: Point::new(x, -900.0), radius: 4.0 });
    }
    problem.frame = Rect::ZERO;
    problem.flows.push(flow(far, far + 1, 2.0));
    let with = laid(&problem, Method::Od);
    problem.flows.pop();
    let without = laid(&problem, Method::Od);
    assert!(with.curves[..50] == without.curves[..]);
}

#[test]
fn a_flow_with_a_control_point_is_drawn_with_it() {
    let mut problem = us_net50();
    let (a, b) = (problem.nodes[problem.flows[0].origin].at, problem.nodes[problem.flows[0].destination].at);
    let control = a.midpoint(b) + kurbo::Vec2::new(200.0, 150.0);
    problem.flows[0].control = Some(control);
    let middle = kurbo::QuadBez::new(a, control, b).eval(0.5);
    for method in METHODS {
        let layout = laid(&problem, method);
        let nearest =
            layout.curves[0].path.segments().map(|s| kurbo::ParamCurveNearest::nearest(&s, middle, 1e-9).distance_sq);
        assert!(nearest.fold(f64::INFINITY, f64::min) < ROUNDING, "{method:?}");
    }
}

#[test]
fn no_flow_is_stretched_beyond_a_quarter() {
    let drawn_score = |name: &str| {
        let problem = named(name);
        score(&drawn(&problem, &laid(&problem, Method::Od), |i| i.to_string()))
    };
    for name in ["us_net50", "net:80:2", "twoway:120:1"] {
        assert!(drawn_score(name).stretch_max <= 1.25, "{name}");
    }
}

#[test]
fn a_shuffled_problem_scores_the_same_within_two_per_cent() {
    let problem = named("net:40:3");
    let count = problem.nodes.len();
    let moved = |n: usize| (7 * n + 3) % count;
    assert!(!count.is_multiple_of(7), "the step visits every place");
    let mut shuffled = problem.clone();
    for (n, node) in problem.nodes.iter().enumerate() {
        shuffled.nodes[moved(n)] = node.clone();
    }
    for flow in &mut shuffled.flows {
        (flow.origin, flow.destination) = (moved(flow.origin), moved(flow.destination));
    }
    shuffled.flows.rotate_left(11);
    let (first, second) = (fmq(&problem), fmq(&shuffled));
    assert!((first - second).abs() <= 0.02 * first, "{first} and {second}");
}

#[test]
fn no_flow_leaves_the_frame_where_it_can_stay_inside() {
    let mut problem = us_net50();
    let places =
        problem.nodes.iter().fold(Rect::from_points(problem.nodes[0].at, problem.nodes[0].at), |r, n| r.union_pt(n.at));
    problem.frame = places.inflate(15.0, 15.0);
    for (i, curve) in laid(&problem, Method::Od).curves.iter().enumerate() {
        for point in curve.path.segments().flat_map(|s| (0..=20).map(move |k| s.eval(f64::from(k) / 20.0))) {
            assert!(problem.frame.contains(point), "flow {i} at {point:?}");
        }
    }
}

#[test]
fn flows_to_a_place_at_the_frame_fan_out_as_anywhere() {
    let spokes = [(400.0, 30.0), (420.0, 110.0), (400.0, 180.0), (380.0, 250.0), (330.0, 320.0), (250.0, 390.0)];
    let places: Vec<(f64, f64)> = std::iter::once((1.0, 200.0)).chain(spokes).collect();
    let flows: Vec<_> = (1..places.len()).flat_map(|k| [(k, 0, 3.0), (0, k, 2.0)]).collect();
    let mut problem = of(&places, &flows);
    problem.nodes[0].radius = 0.0;
    problem.frame = Rect::new(-200.0, -200.0, 700.0, 700.0);
    let free = fmq(&problem);
    problem.frame = Rect::new(0.0, 0.0, 500.0, 420.0);
    let framed = fmq(&problem);
    assert!(framed > free - 1.0, "{framed} at the frame, {free} away from it");
}

#[test]
fn flows_keep_clear_of_labels() {
    let mut problem = us_net50();
    let free = laid(&problem, Method::Od);
    let label = |n: &PlanarNode| Rect::new(n.at.x + 6.0, n.at.y - 7.0, n.at.x + 46.0, n.at.y + 7.0);
    problem.obstacles = problem.nodes.iter().map(label).collect();
    let aware = laid(&problem, Method::Od);
    let covered = |layout: &PlanarLayout| {
        let mut drawn = drawn(&problem, layout, |i| i.to_string());
        let boxes = problem.obstacles.iter().enumerate();
        drawn.labels =
            boxes.map(|(i, b)| DrawnLabel { node: i.to_string(), bounds: [b.x0, b.y0, b.x1, b.y1] }).collect();
        score(&drawn).labels.unwrap().labels_on_flows_pct
    };
    let (free, aware) = (covered(&free), covered(&aware));
    assert!(aware < 0.75 * free, "{aware} % of the labels' area under flows, {free} % where labels are no obstacles");
}

#[test]
fn siblings_of_two_way_flows_cross_seldom() {
    let problem = named("twoway:120:1");
    let score = score(&drawn(&problem, &laid(&problem, Method::Od), |i| i.to_string()));
    assert!(score.sibling_crossings <= 2 && score.flow_on_node == 0, "{}", score.summary());
}

#[test]
fn the_search_tells_its_progress_up_to_the_end() {
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |share: f64| told.lock().unwrap().push(share);
    lay_out(&named("net:40:1"), &Options { progress: Some(&tell), ..Options::default() });
    let told = told.into_inner().unwrap();
    assert!(told.len() > 10 && told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&1.0));
}

#[test]
fn the_optimised_layout_of_us_net50_stays_as_good_as_it_was() {
    let problem = us_net50();
    let score = score(&drawn(&problem, &laid(&problem, Method::Od), |i| i.to_string()));
    assert_eq!((score.sibling_crossings, score.acute_crossings, score.flow_on_node), (0, 0, 0));
    assert!(score.fmq >= 86.3 && score.crossings <= 34, "{}", score.summary());
}

#[test]
fn the_two_directions_of_a_pair_do_not_touch() {
    let problem = of(&[(0.0, 0.0), (300.0, 50.0)], &[(0, 1, 8.0), (1, 0, 5.0)]);
    for method in [Method::Od, Method::Straight, Method::Arc] {
        let layout = laid(&problem, method);
        let [p, q] = [0, 1].map(|i| {
            let points: Vec<Point> = layout.curves[i].path.segments().map(|s| s.eval(0.5)).collect();
            points[points.len() / 2]
        });
        assert!((p - q).hypot() > 6.5, "{method:?}: {p:?} and {q:?}");
    }
}

#[test]
fn the_two_directions_of_a_pair_that_the_edge_cuts_do_not_touch() {
    let pieces: Vec<Vec<Point>> =
        [[(20.0, 0.0), (0.0, 8.0)], [(400.0, 8.0), (380.0, 16.0)]].map(|piece| piece.map(Point::from).to_vec()).into();
    let back = pieces.iter().rev().map(|piece| piece.iter().rev().copied().collect()).collect();
    let mut problem = of(&[(20.0, 0.0), (380.0, 16.0)], &[]);
    problem.cut = vec![
        PlanarCut { flow: flow(0, 1, 8.0), pieces: pieces.clone() },
        PlanarCut { flow: flow(1, 0, 5.0), pieces: back },
    ];
    for method in METHODS {
        let layout = laid(&problem, method);
        assert!(layout.curves.is_empty());
        for (k, piece) in pieces.iter().enumerate() {
            let (there, back) = (&layout.cut[0][k], &layout.cut[1][1 - k]);
            let middle = piece[0].midpoint(piece[1]);
            let [p, q] = [there, back].map(|line| line[0].midpoint(line[1]) - middle);
            assert!((p - q).hypot() > 6.5 && p.dot(q) < 0.0, "{method:?}: {p:?} and {q:?}");
        }
    }
}

#[test]
fn degenerate_problems_are_laid_out_without_panic() {
    let none = of(&[(0.0, 0.0)], &[]);
    let coincident =
        of(&[(5.0, 5.0), (5.0, 5.0), (50.0, 5.0)], &[(0, 1, 2.0), (0, 2, 2.0), (1, 2, 3.0), (2, 0, 1.0), (1, 1, 1.0)]);
    let crowded = of(&[(0.0, 0.0), (2.0, 1.0), (3.0, -1.0)], &[(0, 1, 9.0), (1, 2, 5.0), (2, 0, 1.0), (0, 2, 1.0)]);
    let one = of(&[(0.0, 0.0), (100.0, 0.0)], &[(0, 1, 4.0)]);
    for problem in [PlanarProblem::default(), none, coincident, crowded, one] {
        for method in METHODS {
            let layout = laid(&problem, method);
            assert_eq!(layout.curves.len(), problem.flows.len(), "{method:?}");
            for (flow, curve) in problem.flows.iter().zip(&layout.curves) {
                let apart = problem.nodes[flow.origin].at != problem.nodes[flow.destination].at;
                assert_eq!(curve.path.is_empty(), !apart, "{method:?}");
                assert!(curve.path.segments().all(|s| s.eval(0.5).is_finite()), "{method:?}");
            }
        }
    }
}

#[test]
fn a_giant_among_hundreds_of_small_flows_is_laid_out() {
    let mut problem = named("net:300:3");
    problem.flows[0].width = 60.0;
    for method in METHODS {
        assert!(laid(&problem, method).curves.iter().all(|c| !c.path.is_empty()), "{method:?}");
    }
}

#[test]
fn a_spent_budget_gives_a_whole_layout_and_says_so() {
    let problem = named("net:200:1");
    let layout = lay_out(&problem, &Options { seconds: Some(0.0), ..Options::default() });
    assert!(!layout.finished);
    assert!(layout.curves.iter().all(|c| !c.path.is_empty()));
}
