//! Laws that trees keep.

#[path = "support/problems.rs"]
mod problems;

use flowatlas_layout::{Method, Options, lay_out};
use flowatlas_model::planar::{PlanarLayout, PlanarProblem};
use kurbo::{ParamCurve, Point};
use problems::named;

fn tree(problem: &PlanarProblem) -> PlanarLayout {
    lay_out(problem, &Options { method: Method::Tree, ..Options::default() })
}

/// The middle of each piece of a flow's curve.
fn middles(layout: &PlanarLayout, i: usize) -> Vec<Point> {
    layout.curves[i].path.segments().map(|s| s.eval(0.5)).collect()
}

#[test]
fn every_strand_starts_at_the_root_and_ends_at_its_place() {
    let problem = named("star:40:2");
    let layout = tree(&problem);
    for (flow, curve) in problem.flows.iter().zip(&layout.curves) {
        let ends: Vec<Point> = curve.path.segments().flat_map(|s| [s.eval(0.0), s.eval(1.0)]).collect();
        for (end, node) in [(ends[0], flow.origin), (ends[ends.len() - 1], flow.destination)] {
            let away = (end - problem.nodes[node].at).hypot();
            assert!((away - problem.nodes[node].radius - problem.gap).abs() < 1e-6, "{away}");
        }
    }
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
