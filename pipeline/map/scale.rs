//! How weights become widths and totals become circles: the promises that the legend repeats.

use std::collections::BTreeMap;

use flowatlas_model::{Atlas, Link, OdGraph, PlaceIndex, Style, WeightKind, units::Mm};

use crate::{
    part::Widths,
    spec::{Circles, MapSpec, SelfFlows},
};

/// Page at which the style's largest width and radius hold, in millimetres: A4 landscape.
const REFERENCE_MM: [f64; 2] = [297.0, 210.0];

/// Greatest share of the map that flows may cover together.
const INK_SHARE: f64 = 0.07;
/// Least factor by which a crowded map narrows its flows, unless those of a width that tells something are so much alike that they
/// would still cover more than the second share of the map.
const LEAST_SHRINK: f64 = 0.4;
const MOST_INK: f64 = 0.2;
/// Greatest width of all flows between two places in lengths of their way between the symbols.
const STOUTEST: f64 = 0.4;
/// Least factor by which flows are narrowed for the sake of short ones.
const LEAST_STOUT: f64 = 0.6;
/// Greatest width of a trunk as a share of the side of a square as large as the map: a wider one hides the places around its root.
const TRUNK_SHARE: f64 = 0.2;
/// The same in sides of squares of which each place has one: where there are more places than about seventy, trunks find no way between
/// them.
const TRUNK_ROOM: f64 = 1.7;
/// Least width in points of the thinnest line where many of them fill a trunk.
const FINEST: f64 = 0.2;
/// How many widths a legend shows, and by what ratio their weights fall.
const TOLD: usize = 3;
const TOLD_RATIO: f64 = 4.0;
/// The same where the weights are so much alike that only one would be told.
const CLOSE_RATIO: f64 = 2.0;
/// How many times the limit of the thinnest lines, or of the smallest circles, another weight is that a legend tells beside it.
const CLEAR_RATIO: f64 = 1.25;
/// Places up to which circles are as large as the style says; where there are more, they shrink with the room that each has.
const ROOMY: f64 = 300.0;
/// Least factor by which they shrink.
const LEAST_CIRCLES: f64 = 0.35;

/// Returns the factor by which a page of this size shrinks or enlarges what the style gives for A4.
fn page_factor(spec: &MapSpec) -> f64 {
    (spec.width.0 * flatness(spec) / REFERENCE_MM[0]).sqrt()
}

/// Returns the share of a page's width that a page of A4's proportions and of the given height would have; 1 for those that are not
/// flatter, and where the map finds its own height.
fn flatness(spec: &MapSpec) -> f64 {
    let [width, height] = REFERENCE_MM;
    let share = |given: Mm| (given.0 / height * width / spec.width.0).min(1.0);
    spec.height.filter(|_| spec.part.is_none()).map_or(1.0, share)
}

/// The way of a flow, in points.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Numbers of its places, the smaller first.
    pub ends: [usize; 2],
    /// Weight of the flow.
    pub weight: Option<f64>,
    /// Distance between its places.
    pub length: f64,
    /// What of it lies between their symbols; 0 or less where these touch.
    pub free: f64,
}

/// Widths of flows.
#[derive(Debug, Clone, PartialEq)]
pub enum WidthScale {
    /// `width = weight × per_unit`, but never below `min`.
    Proportional {
        /// Points for one unit of weight.
        per_unit: f64,
        /// Width of the thinnest line in points.
        min: f64,
        /// The largest weight drawn.
        largest: f64,
    },
    /// One width per rank; ranks beyond the last take the last.
    Classes(Vec<f64>),
    /// One width for all: the flows carry no number.
    Uniform(f64),
}

impl WidthScale {
    /// Returns the scale for the flows that are drawn, the rings of flows within places among them.
    pub fn for_flows(shown: &OdGraph, style: &Style, spec: &MapSpec) -> Self {
        let rings = if spec.self_flows == SelfFlows::Rings { largest_within(shown) } else { 0.0 };
        let largest = shown.links().filter_map(|(_, _, l)| l.weight).fold(rings, f64::max);
        let factor = page_factor(spec);
        let fixed = spec.sizes.flow_width.map(Mm::to_pt);
        let (thickest, thinnest) = ends(&style.flows.ordinal_widths);
        match spec.weights {
            _ if largest <= 0.0 => WidthScale::Uniform(fixed.unwrap_or(thinnest)),
            WeightKind::Ordinal => {
                let factor = fixed.map_or(factor, |width| width / thickest);
                WidthScale::Classes(style.flows.ordinal_widths.iter().map(|w| (w * factor).max(0.8)).collect())
            }
            WeightKind::Measured => WidthScale::Proportional {
                per_unit: fixed.unwrap_or(Mm(style.flows.width_max_mm * factor).to_pt()) / largest,
                min: style.flows.width_min,
                largest,
            },
        }
    }

    /// Returns the scale, made narrower where the flows together would cover too much of the map, or where those between two places
    /// would be too short for their width to look like arrows side by side.
    ///
    /// Takes the area of the map. At most [`INK_SHARE`] of it is ink, and the flows between two places are together no wider than
    /// [`STOUTEST`] of the way between their symbols, but widths shrink to no less than [`LEAST_SHRINK`] of what the style says, and for
    /// short flows alone to no less than [`LEAST_STOUT`].
    /// Many flows that are nearly as wide as the widest shrink further, until all that are not as thin as allowed are [`MOST_INK`].
    /// On a flat page they may shrink as those of a smaller print would.
    pub fn within_budget(self, ways: &[Way], area: f64, spec: &MapSpec) -> Self {
        let WidthScale::Proportional { per_unit, min, largest } = self else { return self };
        let ink: f64 = ways.iter().map(|way| way.length * self.width(way.weight)).sum();
        let least = LEAST_SHRINK * flatness(spec).sqrt();
        let telling =
            ways.iter().map(|way| (way.length, self.width(way.weight))).filter(|(_, width)| width * least > min);
        let wide: f64 = telling.map(|(length, width)| length * width).sum();
        let least = least.min(MOST_INK * area / wide.max(1e-9));
        let sparing = (INK_SHARE * area / ink.max(1e-9)).clamp(least, 1.0);
        let mut abreast: BTreeMap<[usize; 2], f64> = BTreeMap::new();
        for way in ways.iter().filter(|way| way.free > 0.0) {
            *abreast.entry(way.ends).or_default() += self.width(way.weight) / way.free;
        }
        let stoutest = abreast.into_values().fold(0.0, f64::max);
        let slim = (STOUTEST / stoutest.max(1e-9)).clamp(LEAST_STOUT, 1.0);
        WidthScale::Proportional { per_unit: per_unit * sparing.min(slim), min, largest }
    }

    /// Returns the scale, made narrower where a trunk as wide as this would fill more than [`TRUNK_SHARE`] of a map of this area, or
    /// [`TRUNK_ROOM`] of what each of so many places has. The thinnest lines shrink with the others, to no less than [`FINEST`].
    pub fn within_trunk(self, widest: f64, (area, places): (f64, usize)) -> Self {
        let WidthScale::Proportional { per_unit, min, largest } = self else { return self };
        let share = TRUNK_SHARE.min(TRUNK_ROOM / (places.max(1) as f64).sqrt());
        let slim = (share * area.sqrt() / widest.max(1e-9)).min(1.0);
        WidthScale::Proportional { per_unit: per_unit * slim, min: (min * slim).max(FINEST.min(min)), largest }
    }

    /// Returns the scale with the widths that several maps share; as it is where they share none.
    pub fn shared(self, widths: Option<Widths>) -> Self {
        match (self, widths) {
            (WidthScale::Proportional { min, .. }, Some(Widths { per_unit, largest, .. })) => {
                WidthScale::Proportional { per_unit, min, largest }
            }
            (scale, _) => scale,
        }
    }

    /// Returns the width in points of a flow of this weight; a missing weight is drawn as thin as allowed.
    pub fn width(&self, weight: Option<f64>) -> f64 {
        match (self, weight) {
            (WidthScale::Proportional { per_unit, min, .. }, Some(w)) => (w * per_unit).max(*min),
            (WidthScale::Proportional { min, .. }, None) => *min,
            (WidthScale::Classes(widths), Some(rank)) => {
                let last = widths.len().saturating_sub(1);
                widths[(rank.max(1.0) as usize - 1).min(last)]
            }
            (WidthScale::Classes(widths), None) => widths.last().copied().unwrap_or(1.0),
            (WidthScale::Uniform(width), _) => *width,
        }
    }

    /// Returns true for the width of the thinnest line, which may stand for less.
    pub fn is_thinnest(&self, width: f64) -> bool {
        matches!(self, WidthScale::Proportional { min, .. } if width <= *min)
    }

    /// Returns the width that a flow of this weight adds to a trunk, where widths tell weights: without the least width that a line of its
    /// own has.
    pub fn carried(&self, weight: Option<f64>) -> f64 {
        let width = self.width(weight);
        match (self, weight) {
            (WidthScale::Proportional { per_unit, .. }, Some(w)) => (w * per_unit).clamp(0.0, width),
            _ => width,
        }
    }

    /// Returns the width of the largest weight or of the first rank; `None` where width tells nothing.
    pub fn widest(&self) -> Option<f64> {
        match self {
            WidthScale::Proportional { largest, .. } => Some(self.width(Some(*largest))),
            WidthScale::Classes(widths) => widths.first().copied(),
            WidthScale::Uniform(_) => None,
        }
    }

    /// Returns the largest weight that the minimum width stands for; `None` where width is not proportional.
    pub fn clamped_below(&self) -> Option<f64> {
        match self {
            WidthScale::Proportional { per_unit, min, .. } => Some(min / per_unit),
            _ => None,
        }
    }

    /// Returns the weights that a legend shows the widths of, falling: round ones among those of flows of at least `smallest`, or, where
    /// none of these is round, the next below. None where width is not proportional.
    pub fn told(&self, smallest: f64) -> Vec<f64> {
        let WidthScale::Proportional { largest, .. } = self else { return Vec::new() };
        let clamp = self.clamped_below().unwrap_or(0.0);
        let thinnest = self.thinnest(smallest);
        let among = |ratio: f64| clear_of(thinnest, round_values(*largest, clamp.max(smallest), TOLD, ratio));
        let apart = among(TOLD_RATIO);
        // Of one width alone nobody tells the others.
        let close = (apart.len() == 1 && thinnest.is_none()).then(|| among(CLOSE_RATIO));
        let values = close.unwrap_or(apart);
        if values.is_empty() && smallest >= clamp { round_values(*largest, 0.0, 1, TOLD_RATIO) } else { values }
    }

    /// Returns the weight, in two digits, up to which all flows have the minimum width, where flows as small as `smallest` have it.
    pub fn thinnest(&self, smallest: f64) -> Option<f64> {
        let WidthScale::Proportional { min, .. } = self else { return None };
        self.up_to(*min, smallest)
    }

    /// Returns the weight, in two digits, up to which flows would be no wider than `width`, where one is as small as `smallest`.
    pub fn up_to(&self, width: f64, smallest: f64) -> Option<f64> {
        let WidthScale::Proportional { per_unit, largest, .. } = self else { return None };
        let limit = width / per_unit;
        (smallest < limit).then(|| told_limit(limit, smallest, smallest.fract() == 0.0 && largest.fract() == 0.0))
    }
}

/// Returns the largest weight of the flows within one place.
fn largest_within(shown: &OdGraph) -> f64 {
    let mut sums: BTreeMap<PlaceIndex, f64> = BTreeMap::new();
    for (place, link) in &shown.self_flows {
        *sums.entry(*place).or_default() += link.weight.unwrap_or(0.0);
    }
    sums.into_values().fold(0.0, f64::max)
}

/// Returns the first and the last of the widths of ranks.
fn ends(widths: &[f64]) -> (f64, f64) {
    (widths.first().copied().unwrap_or(1.0), widths.last().copied().unwrap_or(1.0))
}

/// Radii of place circles: the area grows with in and out together.
#[derive(Debug, Clone, PartialEq)]
pub struct CircleScale {
    /// Out and in by place; or the number that circles show in their place, and 0.
    sums: Vec<[f64; 2]>,
    shows: Circles,
    /// The largest total of a place.
    largest: f64,
    /// The largest value of a circle, or of a half.
    reference: f64,
    max: f64,
    min: f64,
}

impl CircleScale {
    /// Returns the scale for the totals of all flows, shown or not, so that a selection does not shrink a place; or for the number that
    /// circles show in their place.
    pub fn for_places(atlas: &Atlas, all: &OdGraph, style: &Style, spec: &MapSpec) -> Self {
        let mut sums = vec![[0.0; 2]; atlas.places.len()];
        if let Some(size) = &spec.size {
            sums = size.numbers.iter().map(|number| [number.unwrap_or(0.0), 0.0]).collect();
        } else if spec.weights == WeightKind::Measured {
            for (origin, destination, Link { weight, .. }) in all.links() {
                let weight = weight.unwrap_or(0.0);
                sums[origin.index()][0] += weight;
                sums[destination.index()][1] += weight;
            }
        }
        let largest = sums.iter().map(|[out, into]| out + into).fold(0.0, f64::max);
        let shows = if spec.size.is_some() { Circles::Total } else { spec.circles };
        let reference = match shows {
            Circles::Total => largest,
            Circles::InOut => sums.iter().flatten().copied().fold(0.0, f64::max),
        };
        let drawn = sums.iter().filter(|[out, into]| out + into > 0.0).count();
        let crowded = (ROOMY / drawn.max(1) as f64).sqrt().clamp(LEAST_CIRCLES, 1.0);
        let max = crowded * Mm(style.places.radius_max_mm * page_factor(spec)).to_pt();
        // The smallest half is as large as the smallest circle.
        let share = if shows == Circles::InOut { std::f64::consts::SQRT_2 } else { 1.0 };
        CircleScale { sums, shows, largest, reference, max, min: crowded * share * style.places.radius_min }
    }

    /// Returns the scale with the largest value and its radius that several maps share; as it is where they share none.
    pub fn shared(self, ends: Option<(f64, f64)>) -> Self {
        match ends {
            Some((reference, max)) => CircleScale { largest: reference, reference, max, ..self },
            None => self,
        }
    }

    /// Returns the largest value of a circle, or of a half, and its radius in points.
    pub fn ends(&self) -> (f64, f64) {
        (self.reference, self.max)
    }

    /// Returns the radius in points of the circle of a place.
    pub fn radius(&self, place: PlaceIndex) -> f64 {
        self.radius_of(self.value(place))
    }

    /// Returns the radii of the halves for out and in, where the circles have halves; 0 for a half of nothing.
    pub fn halves(&self, place: PlaceIndex) -> Option<[f64; 2]> {
        let radius = |value: f64| if value > 0.0 { self.radius_of(value) } else { 0.0 };
        (self.shows == Circles::InOut).then(|| self.sums[place.index()].map(radius))
    }

    /// Returns the sums out and in of a place.
    pub fn sums(&self, place: PlaceIndex) -> [f64; 2] {
        self.sums[place.index()]
    }

    /// Returns the smallest radius in points.
    pub fn min(&self) -> f64 {
        self.min
    }

    /// Returns what the circles show.
    pub fn shows(&self) -> Circles {
        self.shows
    }

    /// Returns what the circle of a place, or its larger half, stands for.
    pub fn value(&self, place: PlaceIndex) -> f64 {
        let [out, into] = self.sums[place.index()];
        if self.shows == Circles::InOut { out.max(into) } else { out + into }
    }

    /// Returns the least value that a legend shows the circle of: smaller ones have the smallest circle too, or are no counts.
    pub fn least_told(&self) -> f64 {
        self.clamped_below().max(if self.counts() { 1.0 } else { 0.0 })
    }

    /// Returns the value, in two digits, up to which all circles are the smallest, where those of values as small as `smallest` are.
    pub fn smallest_told(&self, smallest: f64) -> Option<f64> {
        let clamp = Some(self.clamped_below()).filter(|clamp| smallest < *clamp)?;
        Some(told_limit(clamp, smallest, self.counts()))
    }

    /// Returns the smallest value of the circle of a place, or of one of its halves; `None` where it has none.
    pub fn least(&self, place: PlaceIndex) -> Option<f64> {
        let [out, into] = self.sums[place.index()];
        let values = if self.shows == Circles::InOut { [out, into] } else { [out + into; 2] };
        values.into_iter().filter(|value| *value > 0.0).reduce(f64::min)
    }

    fn counts(&self) -> bool {
        self.sums.iter().flatten().all(|sum| sum.fract() == 0.0)
    }

    /// Returns the largest value that the smallest circle stands for.
    pub fn clamped_below(&self) -> f64 {
        self.reference * (self.min / self.max).min(1.0).powi(2)
    }

    /// Returns the radius in points for a total.
    pub fn radius_of(&self, total: f64) -> f64 {
        if self.reference <= 0.0 { self.min } else { (self.max * (total / self.reference).sqrt()).max(self.min) }
    }

    /// Returns in and out together of a place; 0 where weights are not measured.
    pub fn total(&self, place: PlaceIndex) -> f64 {
        self.sums[place.index()].iter().sum()
    }

    /// Returns the largest total; 0 where weights are not measured.
    pub fn largest(&self) -> f64 {
        self.largest
    }
}

/// Returns up to `count` round values (1, 2 or 5 times a power of ten), the first not above `largest`, falling by
/// about `ratio`, none below `smallest`.
pub fn round_values(largest: f64, smallest: f64, count: usize, ratio: f64) -> Vec<f64> {
    let mut values: Vec<f64> = Vec::new();
    let mut goal = largest;
    while values.len() < count && goal > 0.0 {
        let value = round_down(goal);
        if value < smallest || value <= 0.0 {
            break;
        }
        values.push(value);
        goal = value / ratio;
    }
    values
}

/// Returns those of falling values that are above a limit which is told too, and all but the first clearly above it.
pub fn clear_of(limit: Option<f64>, values: Vec<f64>) -> Vec<f64> {
    let least = |k: usize| limit.map_or(0.0, |limit| limit * if k == 0 { 1.0 + 1e-9 } else { CLEAR_RATIO });
    values.into_iter().enumerate().filter(|(k, value)| *value > least(*k)).map(|(_, value)| value).collect()
}

/// Returns a limit in two digits that count, of counts below ten in whole ones: the next, or the next above where that would be less
/// than `smallest`, which lies below the limit.
fn told_limit(limit: f64, smallest: f64, counts: bool) -> f64 {
    if counts && limit < 10.0 {
        return (limit + 1e-9).floor();
    }
    let unit = libm::exp10(libm::floor(libm::log10(limit)) - 1.0);
    let near = (limit / unit).round();
    let units = if near * unit < smallest { near + 1.0 } else { near };
    // Tenths and less have no exact unit; whole ones do, and shall have no digits behind them.
    if unit >= 1.0 { (units * unit).round() } else { units * unit }
}

fn round_down(value: f64) -> f64 {
    let power = libm::exp10(libm::floor(libm::log10(value)));
    let head = value / power;
    let step = [5.0, 2.0, 1.0].into_iter().find(|s| head >= s * (1.0 - 1e-9)).unwrap_or(1.0);
    step * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::Part;

    #[test]
    fn a_legend_shows_a_width_even_where_no_round_weight_is_among_the_flows() {
        let scale = |min: f64| WidthScale::Proportional { per_unit: 1e-5, largest: 1_635_815.0, min };
        assert_eq!(scale(0.5).told(1_403_344.0), vec![1_000_000.0]);
        assert_eq!(scale(0.5).told(90_000.0), vec![1_000_000.0, 200_000.0]);
        assert_eq!((scale(15.0).told(10.0), scale(15.0).thinnest(10.0)), (Vec::new(), Some(1_500_000.0)));
        assert_eq!(scale(0.5).told(450_000.0), vec![1_000_000.0, 500_000.0]);
        assert_eq!(scale(0.5).thinnest(90_000.0), None);
        assert_eq!((scale(2.0).told(10.0), scale(2.0).thinnest(10.0)), (vec![1_000_000.0], Some(200_000.0)));
    }

    #[test]
    fn the_limit_of_the_thinnest_flows_is_told_in_two_digits() {
        let thinnest = |clamp: f64, smallest: f64, largest: f64| {
            WidthScale::Proportional { per_unit: 1.0, min: clamp, largest }.thinnest(smallest)
        };
        assert_eq!(thinnest(8_974.0, 5_841.0, 90_000.0), Some(9_000.0));
        assert_eq!(thinnest(9_240.0, 5_841.0, 90_000.0), Some(9_200.0));
        assert_eq!(thinnest(9_240.0, 9_230.0, 90_000.0), Some(9_300.0), "some flow is as thin");
        assert_eq!(thinnest(3.7, 1.0, 100.0), Some(3.0), "of counts those up to three");
        assert_eq!(thinnest(3.72, 0.4, 100.0), Some(3.7));
        assert_eq!(thinnest(8_974.0, 8_974.0, 90_000.0), None);
        assert_eq!(clear_of(Some(180.0), vec![5_000.0, 1_000.0, 200.0]), [5_000.0, 1_000.0], "200 looks like 180");
        assert_eq!(clear_of(Some(180.0), vec![200.0, 50.0]), [200.0], "of one width alone nobody tells the others");
    }

    #[test]
    fn the_limit_of_the_smallest_circles_is_told_where_some_are_as_small() {
        let circles = CircleScale {
            sums: vec![[40_000.0, 0.0], [100.0, 20.0]],
            shows: Circles::InOut,
            largest: 40_000.0,
            reference: 40_000.0,
            max: 10.0,
            min: 1.0,
        };
        assert_eq!(circles.smallest_told(20.0), Some(400.0));
        assert_eq!(circles.smallest_told(401.0), None);
        let least = [0, 1].map(|place| circles.least(PlaceIndex(place)));
        assert_eq!(least, [Some(40_000.0), Some(20.0)], "a half of nothing has no circle");
        assert_eq!(CircleScale { shows: Circles::Total, ..circles }.least(PlaceIndex(1)), Some(120.0));
    }

    #[test]
    fn legend_values_are_round_fall_and_stay_in_the_range() {
        assert_eq!(round_values(71_251.0, 100.0, 4, 4.0), vec![50_000.0, 10_000.0, 2_000.0, 500.0]);
        assert_eq!(round_values(7.0, 1.0, 4, 4.0), vec![5.0, 1.0]);
        assert!(round_values(0.0, 0.0, 4, 4.0).is_empty());
        assert_eq!(round_values(1000.0, 0.0, 1, 4.0), vec![1000.0]);
    }

    #[test]
    fn a_page_flatter_than_a4_has_the_widths_of_a_smaller_one() {
        let spec =
            |width, height: Option<f64>| MapSpec { width: Mm(width), height: height.map(Mm), ..MapSpec::default() };
        let factor = |width, height| page_factor(&spec(width, height));
        assert_eq!([None, Some(210.0), Some(400.0)].map(|height| factor(297.0, height)), [1.0; 3]);
        assert!((factor(297.0, Some(105.0)) - factor(148.5, None)).abs() < 1e-12);
        let part = MapSpec { part: Some(Part::default()), ..spec(297.0, Some(105.0)) };
        assert_eq!(page_factor(&part), 1.0, "the figure says how tall its maps are");
        let (scale, crowd) = (
            WidthScale::Proportional { per_unit: 1.0, min: 0.1, largest: 10.0 },
            [Way { ends: [0, 1], weight: Some(10.0), length: 1e6, free: 1e6 }],
        );
        let shrunk = |height| scale.clone().within_budget(&crowd, 2.5e7, &spec(297.0, height)).width(Some(10.0));
        assert!((shrunk(None) - 10.0 * LEAST_SHRINK).abs() < 1e-12);
        assert!((shrunk(Some(52.5)) - 5.0 * LEAST_SHRINK).abs() < 1e-12);
    }

    #[test]
    fn many_flows_as_wide_as_the_widest_cover_a_fifth_of_the_map_however_many() {
        let shrunk = |thin: f64| {
            let scale = WidthScale::Proportional { per_unit: 1.0, min: 0.1, largest: 10.0 };
            let crowd: Vec<Way> = (0..100)
                .map(|k| Way {
                    ends: [k, 200],
                    weight: Some(if k < 80 { 10.0 } else { thin }),
                    length: 50.0,
                    free: 50.0,
                })
                .collect();
            scale.within_budget(&crowd, 20_000.0, &MapSpec::default()).width(Some(10.0))
        };
        // 80 flows of 50 points: a point of width covers a fifth of 20,000 square points.
        assert!((shrunk(0.0) - 1.0).abs() < 1e-12, "those as thin as allowed do not count");
        assert!((shrunk(10.0) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn flows_are_narrowed_for_the_sake_of_short_ones_but_not_for_symbols_that_touch() {
        let narrowed = |free: f64| {
            let scale = WidthScale::Proportional { per_unit: 1.0, min: 0.1, largest: 10.0 };
            let way =
                |to: usize, weight: f64, free: f64| Way { ends: [0, to], weight: Some(weight), length: 50.0, free };
            let ways = [way(1, 10.0, free), way(2, 1.0, 50.0)];
            scale.within_budget(&ways, 1e6, &MapSpec::default()).width(Some(10.0))
        };
        assert_eq!(narrowed(40.0), 10.0);
        assert!((narrowed(20.0) - 8.0).abs() < 1e-12, "two fifths of its way");
        assert_eq!(narrowed(1.0), 6.0, "no less than that");
        assert_eq!(narrowed(-3.0), 10.0);
        let abreast = |others: [usize; 2]| {
            let scale = WidthScale::Proportional { per_unit: 1.0, min: 0.1, largest: 10.0 };
            let ways = [[0, 1], others].map(|ends| Way { ends, weight: Some(10.0), length: 50.0, free: 40.0 });
            scale.within_budget(&ways, 1e6, &MapSpec::default()).width(Some(10.0))
        };
        assert_eq!(abreast([0, 2]), 10.0);
        assert!((abreast([0, 1]) - 8.0).abs() < 1e-12, "two flows of one pair are two fifths of their way together");
    }

    #[test]
    fn a_trunk_too_wide_for_the_map_narrows_all_of_it_but_the_finest_lines() {
        let scale = WidthScale::Proportional { per_unit: 0.1, min: 0.5, largest: 100.0 };
        assert_eq!(scale.clone().within_trunk(20.0, (10_000.0, 72)), scale, "a fifth of 100 points");
        let WidthScale::Proportional { per_unit, min, .. } = scale.clone().within_trunk(25.0, (10_000.0, 1)) else {
            panic!()
        };
        assert!((per_unit - 0.08).abs() < 1e-12 && (min - 0.4).abs() < 1e-12);
        let WidthScale::Proportional { per_unit, min, .. } = scale.clone().within_trunk(100.0, (10_000.0, 1)) else {
            panic!()
        };
        assert!((per_unit - 0.02).abs() < 1e-12 && (min - FINEST).abs() < 1e-12);
        let WidthScale::Proportional { per_unit, .. } = scale.within_trunk(20.0, (10_000.0, 289)) else { panic!() };
        assert!((per_unit - 0.05).abs() < 1e-12, "a tenth of 100 points: each place has a square of 100/17");
    }
}
