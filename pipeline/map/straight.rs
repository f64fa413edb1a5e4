//! Straight ways, of flows that are added up: there is no layout, and a way is found when it is needed.

use kurbo::Point;

use crate::{
    frame::{FlowLine, Framed, on_main},
    ribbon::Course,
    spec::MapInput,
    track,
};

/// Flows that tell where a map is full.
const TELLING: usize = 1_000;

/// Returns the way of a flow from place to place, in as many pieces as the edge of the map cuts it into.
pub fn way(input: &MapInput<'_>, framed: &Framed, line: &FlowLine) -> Vec<Vec<Point>> {
    let ends = [line.origin, line.destination].map(|node| &framed.nodes[node]);
    let cut = match &line.cut {
        Some(pieces) => Some(pieces.clone()),
        None => on_main(input, &framed.panels, ends).and_then(|degrees| track::cut(framed.main(), degrees)),
    };
    cut.unwrap_or_else(|| vec![ends.map(|node| node.at).to_vec()])
}

/// Returns the courses of some of the flows, enough to tell where the map is full; the others have none. Where words stand beside
/// flows, all have theirs.
pub fn courses(input: &MapInput<'_>, framed: &Framed) -> Vec<Vec<Course>> {
    let every = if input.spec.annotations.is_empty() { framed.lines.len().div_ceil(TELLING).max(1) } else { 1 };
    let course = |(k, line): (usize, &FlowLine)| match k % every {
        0 => way(input, framed, line).into_iter().map(Course::through).collect(),
        _ => Vec::new(),
    };
    framed.lines.iter().enumerate().map(course).collect()
}
