//! Flows against distance as a figure: both axes logarithmic, a disc per class of distance, its area what moves there.
//!
//! The totals of places are taken out, so that what is left is distance and whatever goes with it; the power that fits best is a line.

use flowatlas_model::{
    Coordinates, Scene, Style,
    decay::{DistanceClass, DistanceDecay},
    scene::Item,
    style::Color,
};
use kurbo::{Point, Rect};

use crate::{
    chart_page::{ChartPage, disc, rule},
    text::{Ink, Type, Typesetter},
    words::{Language, Words},
};

/// Height of the chart over its width.
const SHAPE: f64 = 0.52;
/// Radius of the disc of the class with the most flows, in points, and of the smallest disc.
const RADII: [f64; 2] = [13.0, 1.8];
/// Room between words and marks in points.
const GAP: f64 = 6.0;
/// Room for the numbers to the left of the chart, and beneath it.
const AXES: [f64; 2] = [34.0, 32.0];
/// Numbers of an axis within a power of ten, all or the first alone where there are many powers.
const TICKS: [f64; 3] = [1.0, 2.0, 5.0];
/// Powers of ten on an axis from which only they have numbers.
const MANY_POWERS: f64 = 3.0;

/// Returns the figure.
pub fn decay(decay: &DistanceDecay, page: &ChartPage<'_>) -> Scene {
    page.scene(("decay", note(decay)), |set, corner, room| {
        let top = corner.y + 3.0 * GAP;
        let area = Rect::new(corner.x + AXES[0], top, corner.x + room, top + SHAPE * room);
        (Chart::new((decay, page.style), area).draw(set), area.y1 + AXES[1] + GAP)
    })
}

fn note(decay: &DistanceDecay) -> String {
    let words = Words::of(Language::English);
    let unit = if decay.coordinates == Coordinates::Geographic { " km" } else { "" };
    let pairs: usize = decay.classes.iter().map(|class| class.pairs).sum();
    let mut note = format!(
        "Flows over what a gravity model that keeps all totals expects at the geometric mean distance, {}{unit}. Discs are classes of distance with {} \
         pairs of places in all, their area what moves. Line: distance to the power of {} (Poisson regression, metric distance_decay).",
        if decay.middle < 100.0 { words.decimal(decay.middle, 1) } else { words.number(decay.middle.round()) },
        words.number(pairs as f64),
        words.decimal(-decay.exponent, 2)
    );
    if decay.classes.iter().any(|class| class.observed <= 0.0) {
        note += " Hollow discs: classes of pairs without flows.";
    }
    note
}

/// A logarithmic axis between two numbers on a line of the page.
struct Axis {
    numbers: [f64; 2],
    ends: [f64; 2],
}

impl Axis {
    /// An axis that holds some positive numbers and ends at ticks.
    fn over(numbers: impl Iterator<Item = f64> + Clone, ends: [f64; 2]) -> Axis {
        let least = numbers.clone().fold(f64::INFINITY, f64::min);
        let most = numbers.fold(0.0, f64::max);
        let all = ticks(least / 10.0, most * 10.0);
        let low = all.iter().copied().rev().find(|tick| *tick < least).unwrap_or(least);
        let high = all.iter().copied().find(|tick| *tick > most).unwrap_or(most);
        Axis { numbers: [low, high], ends }
    }

    fn at(&self, number: f64) -> f64 {
        let share = libm::log(number / self.numbers[0]) / libm::log(self.numbers[1] / self.numbers[0]);
        self.ends[0] + share * (self.ends[1] - self.ends[0])
    }

    /// The numbers that are written along it.
    fn written(&self) -> Vec<f64> {
        let [low, high] = self.numbers;
        let mut ticks = ticks(low, high);
        if libm::log10(high / low) > MANY_POWERS {
            let is_power = |tick: f64| libm::log10(tick).fract().abs() < 1e-9;
            ticks.retain(|tick| is_power(*tick));
        }
        ticks
    }
}

/// Round numbers from one number to another, both included where they are round.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let decades = libm::log10(low).floor() as i32..=libm::log10(high).ceil() as i32;
    let tick = |decade: i32, step: f64| format!("{step}e{decade}").parse::<f64>().expect("a number as it is written");
    let all = decades.flat_map(|decade| TICKS.map(|step| tick(decade, step)));
    all.filter(|tick| (low..=high).contains(tick)).collect()
}

struct Chart<'a> {
    decay: &'a DistanceDecay,
    style: &'a Style,
    area: Rect,
    distances: Axis,
    ratios: Axis,
}

impl<'a> Chart<'a> {
    fn new((decay, style): (&'a DistanceDecay, &'a Style), area: Rect) -> Chart<'a> {
        let classes = &decay.classes;
        let ratios = classes.iter().map(DistanceClass::ratio).filter(|ratio| *ratio > 0.0).chain([1.0]);
        Chart {
            decay,
            style,
            area,
            distances: Axis::over(classes.iter().map(|class| class.distance), [area.x0, area.x1]),
            ratios: Axis::over(ratios, [area.y1, area.y0]),
        }
    }

    fn draw(&self, set: &mut Typesetter) -> Vec<Item> {
        let style = self.style;
        let mut items = self.axes(set);
        items.extend(self.line());
        let most = self.decay.classes.iter().map(|class| class.observed).fold(0.0, f64::max);
        for class in &self.decay.classes {
            let radius = (RADII[0] * (class.observed / most).sqrt()).max(RADII[1]);
            let (x, paper) = (self.distances.at(class.distance), style.page.background);
            items.push(if class.observed > 0.0 {
                disc((Point::new(x, self.ratios.at(class.ratio())), radius), style.flows.color, paper)
            } else {
                disc((Point::new(x, self.area.y1), RADII[1] + 1.0), paper, style.flows.color)
            });
        }
        items
    }

    /// Grid lines with their numbers, the line of what is expected, and what the axes are.
    fn axes(&self, set: &mut Typesetter) -> Vec<Item> {
        let (style, area) = (self.style, self.area);
        let words = Words::of(Language::English);
        let kind = Type::regular(style.text.legend);
        let mut items = Vec::new();
        let mut write = |words: &str, at: Point, lean: f64, color: Color| {
            let line = set.line(words, kind);
            let start = Point::new(at.x - lean * line.size().width, at.y);
            line.through(start, 0.0, Ink::plain(color))
        };
        for tick in self.distances.written() {
            let x = self.distances.at(tick);
            // The last number ends at the edge of the chart, which is that of the page.
            let lean = if x < area.x1 - GAP { 0.5 } else { 1.0 };
            items.push(rule((Point::new(x, area.y0), Point::new(x, area.y1)), style.page.frame, 0.5));
            items.push(write(&words.number(tick), Point::new(x, area.y1 + 1.6 * GAP), lean, style.text.color));
        }
        for tick in self.ratios.written() {
            let y = self.ratios.at(tick);
            let (color, width) = if tick == 1.0 { (style.text.quiet, 1.0) } else { (style.page.frame, 0.5) };
            items.push(rule((Point::new(area.x0, y), Point::new(area.x1, y)), color, width));
            items.push(write(&words.number(tick), Point::new(area.x0 - GAP, y), 1.0, style.text.color));
        }
        let unit = match self.decay.coordinates {
            Coordinates::Geographic => "Distance, kilometres",
            Coordinates::Planar => "Distance, units of the coordinates",
        };
        items.push(write(unit, Point::new(area.x1, area.y1 + 3.8 * GAP), 1.0, style.text.quiet));
        let ratio = "Times as much as over the geometric mean distance";
        items.push(write(ratio, Point::new(area.x0 - AXES[0], area.y0 - 1.8 * GAP), 0.0, style.text.quiet));
        items
    }

    /// The line of the exponent within the chart: 1 at the geometric mean distance.
    fn line(&self) -> Option<Item> {
        let DistanceDecay { exponent, middle, .. } = *self.decay;
        let ratio = |distance: f64| libm::pow(distance / middle, -exponent);
        let distance = |ratio: f64| middle * libm::pow(ratio, -1.0 / exponent);
        let inside = |number: f64, axis: &Axis| (axis.numbers[0]..=axis.numbers[1]).contains(&number);
        let sides = self.distances.numbers.map(|d| (d, ratio(d))).into_iter().filter(|p| inside(p.1, &self.ratios));
        let rims = self.ratios.numbers.map(|r| (distance(r), r)).into_iter().filter(|p| inside(p.0, &self.distances));
        let mut ends = sides.chain(rims).map(|(d, r)| Point::new(self.distances.at(d), self.ratios.at(r)));
        let (from, to) = (ends.next()?, ends.next()?);
        Some(rule((from, to), self.style.flows.reverse, 1.4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_ends_hold_all_numbers() {
        assert_eq!(ticks(0.3, 30.0), [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]);
        let axis = Axis::over([120.0, 900.0].into_iter(), [0.0, 100.0]);
        assert_eq!(axis.numbers, [100.0, 1000.0]);
        assert_eq!((axis.at(100.0), axis.at(1000.0)), (0.0, 100.0));
        let wide = Axis::over([1.5, 40_000.0].into_iter(), [0.0, 1.0]);
        assert_eq!(wide.written(), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        let one = Axis::over([1.0].into_iter(), [0.0, 1.0]);
        assert!((one.at(1.0) - 0.5).abs() < 0.1);
    }
}
