//! Classes of a matrix: round bounds, and colours from light to dark.

use flowatlas_model::{Style, WeightKind, style::Color};

/// Most classes: more shades cannot be told apart.
pub const MOST: usize = 5;
/// The shares of the cells below the second, third, fourth and fifth class: the few large flows are to stand out.
const SHARES: [f64; MOST - 1] = [0.4, 0.7, 0.88, 0.97];
/// How much colour each class has; beyond 1 it is mixed with black, on dark paper with white.
const DEPTHS: [f64; MOST] = [0.14, 0.34, 0.6, 0.95, 1.4];
/// Heads of round numbers, the roundest list first.
const ROUND: [&[f64]; 3] = [
    &[1.0, 2.0, 5.0],
    &[1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0],
    &[
        1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0,
        9.0,
    ],
];

/// How weights are classed.
#[derive(Debug, Clone, PartialEq)]
pub enum Classes {
    /// By amount: the smallest weight, the bounds between the classes, the largest weight. A bound belongs to the
    /// class above it.
    Amounts(Vec<f64>),
    /// By rank, 1 first and darkest; so many classes, the last takes all further ranks.
    Ranks(usize),
    /// All alike: there are no numbers.
    Alike,
}

impl Classes {
    /// Returns the classes of the cells between different places.
    pub fn of(weights: impl Iterator<Item = f64>, kind: WeightKind) -> Classes {
        let mut weights: Vec<f64> = weights.filter(|w| *w > 0.0).collect();
        weights.sort_by(f64::total_cmp);
        match (weights.last(), kind) {
            (None, _) => Classes::Alike,
            (Some(last), WeightKind::Ordinal) => Classes::Ranks((last.max(1.0) as usize).min(MOST)),
            (Some(_), WeightKind::Measured) => Classes::Amounts(amounts(&weights)),
        }
    }

    /// Returns how many classes there are.
    pub fn count(&self) -> usize {
        match self {
            Classes::Amounts(bounds) => bounds.len() - 1,
            Classes::Ranks(count) => *count,
            Classes::Alike => 1,
        }
    }

    /// Returns the class of a positive weight or of a rank, from 0: light to dark, and for ranks the first to the last.
    pub fn class(&self, weight: f64) -> usize {
        match self {
            Classes::Amounts(bounds) => {
                bounds[1..bounds.len() - 1].iter().take_while(|bound| weight >= **bound).count()
            }
            Classes::Ranks(count) => (weight.max(1.0) as usize).min(*count) - 1,
            Classes::Alike => 0,
        }
    }

    /// Returns the colour of a class.
    pub fn color(&self, class: usize, color: Color, paper: Color) -> Color {
        let depth = self.depth(class);
        let (black, white) = (Color { r: 0, g: 0, b: 0, a: 255 }, Color { r: 255, g: 255, b: 255, a: 255 });
        let far = if paper.contrast(black) > paper.contrast(white) { black } else { white };
        if depth > 1.0 { color.mix(far, depth - 1.0) } else { paper.mix(color, depth) }
    }

    /// Returns true where letters on the class must be light.
    pub fn is_dark(&self, class: usize) -> bool {
        self.depth(class) > 0.8
    }

    fn depth(&self, class: usize) -> f64 {
        let (last, top) = (self.count() - 1, MOST - 1);
        match self {
            Classes::Alike => DEPTHS[2],
            Classes::Ranks(_) => DEPTHS[top - class],
            // Fewer classes are spread over the same range.
            Classes::Amounts(_) if last == 0 => DEPTHS[2],
            Classes::Amounts(_) => DEPTHS[(class * top + last / 2) / last],
        }
    }
}

/// Returns the colours of the most classes that a matrix may have, from the smallest weights to the largest.
pub fn class_colors(style: &Style) -> Vec<Color> {
    let classes = Classes::Ranks(MOST);
    (0..MOST).rev().map(|rank| classes.color(rank, style.flows.color, style.page.background)).collect()
}

/// Returns the smallest weight, up to four round bounds, and the largest; `sorted` is ascending and not empty.
fn amounts(sorted: &[f64]) -> Vec<f64> {
    let (first, last) = (sorted[0], sorted[sorted.len() - 1]);
    let whole = sorted.iter().all(|w| w.fract() == 0.0);
    let goals = SHARES.map(|share| sorted[((share * sorted.len() as f64) as usize).min(sorted.len() - 1)]);
    let bounds = |heads: &&[f64]| {
        let round = goals.iter().map(|goal| rounded(*goal, heads));
        let mut bounds: Vec<f64> = round.filter(|b| *b > first && *b < last && (!whole || b.fract() == 0.0)).collect();
        bounds.dedup();
        bounds
    };
    let tried: Vec<Vec<f64>> = ROUND.iter().map(bounds).collect();
    let most = tried.iter().map(Vec::len).max().unwrap_or(0);
    let found = tried.into_iter().find(|bounds| bounds.len() == most).unwrap_or_default();
    [vec![first], found, vec![last]].concat()
}

/// Returns the number with one of these heads that is nearest in proportion.
fn rounded(value: f64, heads: &[f64]) -> f64 {
    let power = libm::exp10(libm::floor(libm::log10(value)));
    let candidates = heads.iter().map(|head| head * power).chain([10.0 * power]);
    let far = |candidate: f64| libm::log(candidate / value).abs();
    candidates.reduce(|best, next| if far(next) < far(best) { next } else { best }).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_round_and_leave_few_cells_in_the_darkest_class() {
        let weights = (1..=1000).map(|k| f64::from(k * k) / 10.0);
        let classes = Classes::of(weights.clone(), WeightKind::Measured);
        assert_eq!(classes, Classes::Amounts(vec![0.1, 16_000.0, 50_000.0, 80_000.0, 90_000.0, 100_000.0]));
    }

    #[test]
    fn a_bound_belongs_to_the_class_above() {
        let classes = Classes::Amounts(vec![1.0, 10.0, 20.0, 25.0]);
        assert_eq!([1.0, 9.9, 10.0, 20.0, 25.0].map(|w| classes.class(w)), [0, 0, 1, 2, 2]);
    }

    #[test]
    fn counts_have_whole_bounds() {
        let classes = Classes::of([1.0, 1.0, 2.0, 2.0, 3.0].into_iter(), WeightKind::Measured);
        assert_eq!(classes, Classes::Amounts(vec![1.0, 2.0, 3.0]));
    }

    #[test]
    fn the_first_rank_is_darkest_and_late_ranks_share_a_class() {
        let classes = Classes::of([1.0, 9.0].into_iter(), WeightKind::Ordinal);
        assert_eq!(classes, Classes::Ranks(5));
        assert!(classes.is_dark(classes.class(1.0)) && !classes.is_dark(classes.class(9.0)));
    }

    #[test]
    fn equal_weights_are_one_class() {
        assert_eq!(Classes::of([7.0; 3].into_iter(), WeightKind::Measured).count(), 1);
    }
}
