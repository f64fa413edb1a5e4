//! Straight ways, of flows that have no layout yet, or none at all where they are added up: a way is found when it is needed.

use kurbo::Point;

use crate::{
    density::MANY,
    frame::{FlowLine, Framed, on_main},
    ribbon::Course,
    spec::MapInput,
    track,
};

/// Flows that tell where a map of very many is full.
const TELLING: usize = 1_000;

/// Returns the step from one flow that tells where the map is full to the next: 1 where not so many flows are drawn.
pub fn telling(framed: &Framed) -> usize {
    let flows = framed.lines.len();
    if flows > MANY { flows.div_ceil(TELLING) } else { 1 }
}

/// Returns the way of a flow from place to place, in as many pieces as the edge of the map cuts it into.
pub fn way(input: &MapInput<'_>, framed: &Framed, line: &FlowLine) -> Vec<Vec<Point>> {
    let ends = [line.origin, line.destination].map(|node| &framed.nodes[node]);
    let cut = match &line.cut {
        Some(pieces) => Some(pieces.clone()),
        None => on_main(input, &framed.panels, ends).and_then(|degrees| track::cut(framed.main(), degrees)),
    };
    cut.unwrap_or_else(|| vec![ends.map(|node| node.at).to_vec()])
}

/// Returns the courses of the flows that tell where the map is full; the others have none. Where words stand beside flows, all have
/// theirs.
pub fn courses(input: &MapInput<'_>, framed: &Framed) -> Vec<Vec<Course>> {
    let every = if input.spec.annotations.is_empty() { telling(framed) } else { 1 };
    let course = |(k, line): (usize, &FlowLine)| match k % every {
        0 => way(input, framed, line).into_iter().map(Course::through).collect(),
        _ => Vec::new(),
    };
    framed.lines.iter().enumerate().map(course).collect()
}
