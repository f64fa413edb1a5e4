//! The quality of a drawn layout, from its drawn geometry alone.
//!
//! The figures follow the principles of Jenny et al. 2018 (Design principles for origin-destination flow maps, CaGIS 45(1)).
//! All of them are taken at a size of 1000 px across the places in use, so that they do not depend on the page.

use std::collections::BTreeMap;

use flowatlas_model::planar::{Drawn, DrawnFlow, DrawnNode, PlanarLayout, PlanarNode, PlanarProblem};
use kurbo::{ParamCurve, PathSeg, Point};
use serde::{Deserialize, Serialize};

use crate::measures;
use crate::strokes::{Page, Stroke};

/// Straight pieces that stand for a curve, shared among its segments.
const PIECES: usize = 40;
/// Straight pieces that stand for one of many segments at least.
const LEAST_PIECES: usize = 5;

/// What a layout draws, without labels, in the unit of the problem; `id` names a node of the problem. Flows with an empty
/// path are left out.
pub fn drawn(problem: &PlanarProblem, layout: &PlanarLayout, id: impl Fn(usize) -> String) -> Drawn {
    let node = |(i, node): (usize, &PlanarNode)| DrawnNode { id: id(i), x: node.at.x, y: node.at.y, r: node.radius };
    let flows = problem.flows.iter().zip(&layout.curves).filter(|(_, curve)| !curve.path.is_empty());
    Drawn {
        nodes: problem.nodes.iter().enumerate().map(node).collect(),
        flows: flows
            .map(|(flow, curve)| DrawnFlow {
                origin: id(flow.origin),
                destination: id(flow.destination),
                width: flow.width,
                points: polyline(curve.path.segments()).iter().map(|p| [p.x, p.y]).collect(),
                breaks: Vec::new(),
            })
            .collect(),
        labels: Vec::new(),
    }
}

/// The points of a path, curves in pieces of equal parameter.
pub(crate) fn polyline(segments: impl Iterator<Item = PathSeg> + Clone) -> Vec<Point> {
    let pieces = (PIECES / segments.clone().count().max(1)).max(LEAST_PIECES);
    let mut points = Vec::new();
    for seg in segments {
        if points.is_empty() {
            points.push(seg.start());
        }
        let pieces = if matches!(seg, PathSeg::Line(_)) { 1 } else { pieces };
        points.extend((1..=pieces).map(|k| seg.eval(k as f64 / pieces as f64)));
    }
    points
}

/// The figures of a layout. Read the raw figures first; `fmq` is for watching a change over time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Score {
    /// Flows scored: those between two different places.
    pub flows: usize,
    /// Pairs of centre lines that cross, each crossing counted; none inside a symbol that both share.
    pub crossings: usize,
    /// Crossings of flows that share a place.
    pub sibling_crossings: usize,
    /// Crossings under 30 degrees.
    pub acute_crossings: usize,
    /// Mean angle of the crossings in degrees, at most 90; 0 where there is none.
    pub crossing_angle_mean: f64,
    /// Strokes that touch the symbol of a place that they do not serve, each (flow, place) counted.
    pub flow_on_node: usize,
    /// Share of the length of all flows, in per cent, that runs within touching distance of another flow at under 15
    /// degrees, outside 6 radii of a place that both share.
    pub overlap_pct: f64,
    /// The same share of the ink of all flows, each piece as wide as the narrower of the two: what hides one wide flow behind another.
    #[serde(default)]
    pub overlap_ink_pct: f64,
    /// Mean over the places of their smallest gap between departing flows over the gap of equal spacing; 1 is best.
    pub angular_resolution: f64,
    /// Gaps between departing flows under 5 degrees.
    pub pinched: usize,
    /// Mean of drawn length over straight distance.
    pub stretch_mean: f64,
    /// Largest of drawn length over straight distance.
    pub stretch_max: f64,
    /// Mean distance of the apex of a curve from the middle of its chord, in half chords; 0 where all are symmetric.
    pub skew: f64,
    /// Flows that turn by more than 25 degrees within 6 px.
    pub sharp: usize,
    /// Crossings that straight lines between the centres would have, without those of flows that share a place.
    pub crossings_straight: usize,
    /// A composite of the above, from 0 to 100.
    pub fmq: f64,
    /// The figures about labels, where labels were given.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub labels: Option<LabelScore>,
}

/// The figures about labels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LabelScore {
    /// Labels drawn.
    pub labels: usize,
    /// Pairs of labels that touch.
    pub labels_on_labels: usize,
    /// Labels on symbols of other places, each (label, place) counted.
    pub labels_on_nodes: usize,
    /// Share of the labels' area, in per cent, that strokes cover.
    pub labels_on_flows_pct: f64,
}

impl Score {
    /// The figures in one readable line.
    pub fn summary(&self) -> String {
        let mut line = format!(
            "{} {}: {} crossings ({} as straight lines; {} of siblings, {} acute), {} on places, {:.1} % overlap, \
             angular resolution {:.2}, stretch {:.2} (at most {:.2}), quality {:.1}",
            self.flows,
            if self.flows == 1 { "flow" } else { "flows" },
            self.crossings,
            self.crossings_straight,
            self.sibling_crossings,
            self.acute_crossings,
            self.flow_on_node,
            self.overlap_pct,
            self.angular_resolution,
            self.stretch_mean,
            self.stretch_max,
            self.fmq
        );
        if let Some(labels) = &self.labels {
            line += &format!(
                "; {} labels: {} on labels, {} on places, {:.0} % under flows",
                labels.labels, labels.labels_on_labels, labels.labels_on_nodes, labels.labels_on_flows_pct
            );
        }
        line
    }
}

/// The figures of what was drawn. Self-flows and flows without a line are not scored. The parts of a flow that goes on from another
/// edge of the map are strokes of their own, each with its own straight distance.
///
/// # Panics
/// Where a flow or label names a node that is not among the nodes.
///
/// # Complexity
/// Pairs of flows whose boxes overlap, times the pieces of their lines that come near each other.
pub fn score(drawn: &Drawn) -> Score {
    let page = Page::of(drawn);
    let crossings = measures::crossings(&page);
    let (resolution, pinched) = measures::angular(&page);
    let [overlap_pct, overlap_ink_pct] = measures::overlap_pct(&page);
    let stretch: Vec<f64> = page.strokes.iter().map(Stroke::stretch).collect();
    let skews: Vec<f64> = page.strokes.iter().filter_map(Stroke::skew).collect();
    let mut score = Score {
        flows: page.strokes.iter().filter(|s| s.joins[0]).count(),
        crossings: crossings.len(),
        sibling_crossings: crossings.iter().filter(|c| c.sibling).count(),
        acute_crossings: crossings.iter().filter(|c| c.is_acute()).count(),
        crossing_angle_mean: rounded(mean(crossings.iter().map(|c| c.degrees)), 1),
        flow_on_node: measures::on_nodes(&page),
        overlap_pct: rounded(overlap_pct, 2),
        overlap_ink_pct: rounded(overlap_ink_pct, 2),
        angular_resolution: rounded(mean(resolution.into_iter()), 3),
        pinched,
        stretch_mean: rounded(mean(stretch.iter().copied()), 3),
        stretch_max: rounded(stretch.iter().copied().reduce(f64::max).unwrap_or(1.0), 2),
        skew: rounded(mean(skews.into_iter()), 3),
        sharp: page.strokes.iter().filter(|s| s.is_sharp()).count(),
        crossings_straight: measures::straight_crossings(&page),
        fmq: 0.0,
        labels: measures::labels(&page)
            .map(|l| LabelScore { labels_on_flows_pct: rounded(l.labels_on_flows_pct, 1), ..l }),
    };
    score.fmq = rounded(composite(&score), 1);
    score
}

/// The weighted mean of the figures, each brought to 0..1 by a half-value constant.
fn composite(s: &Score) -> f64 {
    let flows = s.flows.max(1) as f64;
    let fades = |figure: f64, half: f64| 1.0 / (1.0 + figure / half);
    20.0 * fades(s.flow_on_node as f64 / flows, 0.05)
        + 20.0 * fades(s.overlap_pct, 10.0)
        + 15.0 * fades(s.crossings as f64 / s.crossings_straight.max(1) as f64, 1.0)
        + 10.0 * fades(s.sibling_crossings as f64 / flows, 0.1)
        + 10.0 * fades(s.acute_crossings as f64 / flows, 0.25)
        + 10.0 * s.angular_resolution
        + 5.0 * fades(s.stretch_mean - 1.0, 0.15)
        + 5.0 * fades(s.skew, 0.2)
        + 5.0 * fades(s.sharp as f64 / flows, 0.02)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), v| (sum + v, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// The nearest decimal number with so many digits after the point.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().expect("a printed number reads back")
}

/// Index of every node by its id.
pub(crate) fn index(drawn: &Drawn) -> BTreeMap<&str, usize> {
    drawn.nodes.iter().enumerate().map(|(i, node)| (node.id.as_str(), i)).collect()
}
