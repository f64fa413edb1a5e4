use flowatlas_model::planar::{Drawn, DrawnFlow, DrawnNode};

use super::*;
use crate::score;

/// Room for the digits that the score rounds away.
const ROUNDED: f64 = 0.005;

/// A star of crossing, slanted and overlapping lines between places on two sides of a page of 1000 px.
fn page() -> Drawn {
    let places = (0..14).map(|i| (if i < 7 { 0.0 } else { 1000.0 }, 90.0 * f64::from(i % 7)));
    let nodes: Vec<DrawnNode> =
        places.enumerate().map(|(i, (x, y))| DrawnNode { id: i.to_string(), x, y, r: 4.0 }).collect();
    let flow = |(k, (o, d)): (usize, (usize, usize))| {
        let bow = 40.0 * ((k * 7 % 5) as f64 - 2.0);
        let (a, b) = (&nodes[o], &nodes[d]);
        let at = |t: f64| [a.x + t * (b.x - a.x), a.y + t * (b.y - a.y) + bow * 4.0 * t * (1.0 - t)];
        let points = (0..=30).map(|s| at(f64::from(s) / 30.0)).collect();
        DrawnFlow {
            origin: o.to_string(),
            destination: d.to_string(),
            width: 3.0 + (k % 4) as f64,
            points,
            breaks: Vec::new(),
        }
    };
    let pairs = (0..7).flat_map(|o| [(o, 7 + (o * 3 + 1) % 7), (o, 7 + o), (o, 7 + (o + 1) % 7)]);
    let flows = pairs.enumerate().map(flow).collect();
    Drawn { nodes, flows, labels: Vec::new() }
}

/// What the strokes add one after the other, where only some faults have a price.
fn total(price: impl Fn(&mut Weights)) -> f64 {
    let mut weights = Weights { slant: 0.0, ..Weights::stern(0.0) };
    weights.crossing = 0.0;
    price(&mut weights);
    let strokes = Page::of(&page()).strokes;
    let mut ledger = Ledger::of(Page::of(&page()), weights);
    (0..strokes.len()).for_each(|k| ledger.take(k));
    let add = |(k, stroke): (usize, Stroke)| {
        let cost = ledger.cost(&stroke, f64::INFINITY);
        ledger.put(k, stroke);
        cost
    };
    strokes.into_iter().enumerate().map(add).sum()
}

#[test]
fn strokes_cost_together_what_the_score_counts() {
    let score = score(&page());
    assert!(
        score.crossings > 50 && score.acute_crossings > 5 && score.sibling_crossings > 0 && score.overlap_pct > 1.0
    );
    assert_eq!(total(|w| w.crossing = 1.0), score.crossings as f64);
    assert_eq!(total(|w| w.acute = 1.0), score.acute_crossings as f64);
    assert_eq!(total(|w| w.sibling = 1.0), score.sibling_crossings as f64);
    let length: f64 = Page::of(&page()).strokes.iter().flat_map(|s| (0..s.line.len() - 1).map(|p| s.piece(p))).sum();
    assert!((100.0 * total(|w| w.overlap = 1.0) / length - score.overlap_pct).abs() < ROUNDED);
    assert!((total(|w| w.stretch = 1.0) / score.flows as f64 - (score.stretch_mean - 1.0)).abs() < ROUNDED);
}

#[test]
fn a_stroke_replaced_and_put_back_costs_nothing() {
    let mut ledger = Ledger::of(Page::of(&page()), Weights::stern(1.0));
    let strokes = Page::of(&page()).strokes;
    let straight =
        Stroke::along((strokes[3].origin, strokes[3].destination), 5.0, &[strokes[3].line[0], strokes[3].line[1]]);
    let (change, before) = ledger.replace(vec![(3, straight)]);
    let (back, _) = ledger.replace(before);
    assert!(change != 0.0 && (change + back).abs() < 1e-9, "{change} and {back}");
    assert!((0..strokes.len()).all(|k| ledger.holds(k, &strokes[k])));
}

#[test]
fn crossings_are_counted_up_to_a_limit() {
    let page = Page::of(&page());
    let all = crate::measures::crossings(&page).len();
    assert!(all > 10, "{all}");
    let counted = [0, all - 1, all, usize::MAX].map(|most| crate::measures::count_crossings(&page, most));
    assert_eq!(counted, [None, None, Some(all), Some(all)]);
}
