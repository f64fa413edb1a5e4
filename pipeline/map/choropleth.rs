//! Areas shaded by a number: which class each one falls into, and its colour.

use std::collections::BTreeMap;

use flowatlas_model::{
    BaseMap, Region,
    style::{Color, ShadeStyle},
};
use geo::MultiPolygon;

use crate::{
    breaks::{jenks, quantiles, round_between},
    error::Error,
    spec::MapInput,
};

/// What the areas beneath the flows are shaded by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choropleth {
    /// What the number is, as the legend says it.
    pub title: String,
    /// Its unit (`per 1,000 inhabitants`); empty for none.
    pub unit: String,
    /// How the numbers are classed.
    pub classing: Classing,
    /// Whether colours run from few to many or to both sides of a centre.
    pub scale: ShadeScale,
    /// The centre of a diverging scale.
    pub centre: f64,
    /// The number of each place, in atlas order. Only the data say it.
    pub numbers: Vec<AreaNumber>,
}

/// The number of one place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AreaNumber {
    /// The id of the base map region that stands for the place where it has no polygon of its own.
    pub region: String,
    /// The number; `None` where it is missing or undefined.
    pub number: Option<f64>,
}

/// How numbers are classed.
#[derive(Debug, Clone, PartialEq)]
pub enum Classing {
    /// Into at most so many classes with the least squared deviations; `None` for the usual number.
    Jenks(Option<usize>),
    /// Into at most so many classes of equally many areas.
    Quantile(Option<usize>),
    /// At these numbers, ascending; each belongs to the class above it.
    Breaks(Vec<f64>),
}

impl Default for Classing {
    fn default() -> Self {
        Classing::Jenks(None)
    }
}

/// What the colours of classes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShadeScale {
    /// Both sides of the centre where numbers lie on both, else few to many.
    #[default]
    Auto,
    /// Few to many.
    Sequential,
    /// Both sides of the centre: numbers as far from it on either side are as strong in colour.
    Diverging,
}

/// Classes of a scale from few to many that asks for no number of them.
const SEQUENTIAL_CLASSES: usize = 5;
/// Classes of a diverging scale that asks for no number of them, three to a side.
const DIVERGING_CLASSES: usize = 6;

/// The classes of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadeClasses {
    /// The numbers between classes, ascending; each belongs to the class above it.
    pub breaks: Vec<f64>,
    /// The smallest and the largest number.
    pub range: [f64; 2],
    /// The centre of a diverging scale; `None` where colours run from few to many.
    pub centre: Option<f64>,
    /// How many classes lie below the numbers that are exactly the centre, where there are such and they would else share the class of
    /// those on one side: they are neither above nor below.
    pub neutral: Option<usize>,
}

impl ShadeClasses {
    /// Returns the classes of these numbers; `None` without any.
    ///
    /// Breaks that are not given are the roundest numbers that leave every value in its class. A diverging scale
    /// classes the distances from the centre, so that its breaks lie as far above as below; an odd number of classes
    /// has one around it.
    pub fn of(numbers: impl Iterator<Item = f64>, wish: &Choropleth) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let range @ [low, high] = [*sorted.first()?, *sorted.last()?];
        let diverging = match wish.scale {
            ShadeScale::Auto => low < wish.centre && wish.centre < high,
            scale => scale == ShadeScale::Diverging,
        };
        let centre = diverging.then_some(wish.centre);
        let mut breaks = match (&wish.classing, centre) {
            (Classing::Breaks(given), _) => given.clone(),
            (classing, None) => breaks(&sorted, classing, classing.count().unwrap_or(SEQUENTIAL_CLASSES)),
            (classing, Some(centre)) => both_sides(&sorted, classing, centre),
        };
        if !matches!(wish.classing, Classing::Breaks(_)) {
            breaks.retain(|b| low < *b && *b <= high);
        }
        let classes = ShadeClasses { breaks, range, centre, neutral: None };
        let at_centre = centre.filter(|centre| sorted.contains(centre));
        Some(ShadeClasses { neutral: at_centre.and_then(|centre| classes.below(centre)), ..classes })
    }

    /// Returns how many classes lie below the centre, where it is an edge of its class; `None` where that class lies around it.
    fn below(&self, centre: f64) -> Option<usize> {
        let class = self.class(centre);
        match self.level(class, centre) {
            0 => None,
            level => Some(class + usize::from(level < 0)),
        }
    }

    /// Tells whether a number is exactly the centre, and of no class.
    pub fn is_neutral(&self, number: f64) -> bool {
        self.neutral.is_some() && self.centre == Some(number)
    }

    /// Returns how many classes there are.
    pub fn count(&self) -> usize {
        self.breaks.len() + 1
    }

    /// Returns the class of a number, from 0.
    pub fn class(&self, number: f64) -> usize {
        self.breaks.partition_point(|b| *b <= number)
    }

    /// Returns the colours of the classes.
    pub fn colors(&self, style: &ShadeStyle) -> Vec<Color> {
        let classes = 0..self.count();
        let Some(centre) = self.centre else {
            let last = (self.count() - 1).max(1) as f64;
            let [few, many] = style.sequential;
            return classes.map(|class| few.mix(many, class as f64 / last)).collect();
        };
        let [below, middle, above] = style.diverging;
        let levels: Vec<i32> = classes.map(|class| self.level(class, centre)).collect();
        let most = levels.iter().map(|level| level.abs()).max().unwrap_or(0).max(1);
        let share = |level: i32| f64::from(level.abs()) / f64::from(most);
        levels.into_iter().map(|level| middle.mix(if level < 0 { below } else { above }, share(level))).collect()
    }

    /// Returns how many classes a class lies above the centre, negative for below, 0 for around it.
    fn level(&self, class: usize, centre: f64) -> i32 {
        let above = |k: usize| self.lower(k) >= centre;
        let below = |k: usize| self.upper(k) <= centre;
        if above(class) && below(class) {
            // Nothing but the centre itself.
            0
        } else if above(class) {
            (0..=class).filter(|k| above(*k)).count() as i32
        } else if below(class) {
            -((class..self.count()).filter(|k| below(*k)).count() as i32)
        } else {
            0
        }
    }

    fn lower(&self, class: usize) -> f64 {
        class.checked_sub(1).map_or(self.range[0].min(self.upper(0)), |k| self.breaks[k])
    }

    fn upper(&self, class: usize) -> f64 {
        self.breaks.get(class).copied().unwrap_or(self.range[1])
    }
}

impl Classing {
    fn count(&self) -> Option<usize> {
        match self {
            Classing::Jenks(count) | Classing::Quantile(count) => *count,
            Classing::Breaks(_) => None,
        }
    }
}

/// Returns round breaks between at most `count` classes of ascending values.
fn breaks(sorted: &[f64], classing: &Classing, count: usize) -> Vec<f64> {
    let cuts = match classing {
        Classing::Quantile(_) => quantiles(sorted, count),
        _ => jenks(sorted, count),
    };
    cuts.into_iter().map(|cut| round_between(sorted[cut - 1], sorted[cut])).collect()
}

/// Returns breaks that lie as far above the centre as below.
fn both_sides(sorted: &[f64], classing: &Classing, centre: f64) -> Vec<f64> {
    let count = classing.count().unwrap_or(DIVERGING_CLASSES);
    let mut distances: Vec<f64> = sorted.iter().map(|v| (v - centre).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let far = breaks(&distances, classing, count.div_ceil(2));
    let middle = count.is_multiple_of(2).then_some(centre);
    let below = far.iter().rev().map(|b| centre - b);
    below.chain(middle).chain(far.iter().map(|b| centre + b)).collect()
}

/// The shaded areas of one map.
#[derive(Debug, Clone, PartialEq)]
pub struct Shading {
    /// The classes.
    pub classes: ShadeClasses,
    /// The colour of each class.
    pub colors: Vec<Color>,
    /// The colour of areas whose number is the centre and of no class.
    pub neutral: Color,
    /// How many areas lie in each class.
    pub counts: Vec<usize>,
    /// How many areas have the centre as their number, and are of no class.
    pub at_centre: usize,
    /// How many areas have no number.
    pub missing: usize,
    /// Names of places with a number but without an area, in atlas order.
    pub without_area: Vec<String>,
}

impl Shading {
    /// Returns the shading of a map; `None` where it asks for none.
    ///
    /// # Errors
    /// [`Error::NothingToShade`] where no place has both a number and an area, [`Error::SharedRegion`] where two
    /// places would shade the same region.
    pub fn of(input: &MapInput<'_>) -> Result<Option<Shading>, Error> {
        let Some(wish) = &input.spec.choropleth else { return Ok(None) };
        check_regions(input, wish)?;
        let regions = by_id(input.base);
        let has_area = |k: usize| area(input, k, &wish.numbers[k], &regions).is_some();
        let (with, without): (Vec<usize>, Vec<usize>) = (0..wish.numbers.len()).partition(|k| has_area(*k));
        let numbers: Vec<f64> = with.iter().filter_map(|k| wish.numbers[*k].number).collect();
        let shared = input.scales().map_or(&[][..], |scales| &scales.shaded);
        let classes = ShadeClasses::of(if shared.is_empty() { &numbers } else { shared }.iter().copied(), wish)
            .ok_or_else(|| Error::NothingToShade { title: wish.title.clone() })?;
        let mut counts = vec![0; classes.count()];
        let (neutral, classed): (Vec<f64>, Vec<f64>) = numbers.iter().partition(|n| classes.is_neutral(**n));
        for number in classed {
            counts[classes.class(number)] += 1;
        }
        let named = without.into_iter().filter(|k| wish.numbers[*k].number.is_some());
        Ok(Some(Shading {
            colors: classes.colors(&input.style.shades),
            neutral: input.style.shades.diverging[1],
            classes,
            counts,
            at_centre: neutral.len(),
            missing: with.len() - numbers.len(),
            without_area: named.map(|k| input.atlas.places[k].name.clone()).collect(),
        }))
    }

    /// Returns the areas to fill on a panel, with their colours: those without a number too, none that the panel's
    /// base map lacks.
    pub fn areas<'a>(&self, input: &MapInput<'a>, panel: usize) -> Vec<(&'a MultiPolygon<f64>, Color)> {
        let Some(wish) = &input.spec.choropleth else { return Vec::new() };
        let regions = by_id(input.base_of(panel));
        let color = |number: Option<f64>| match number {
            Some(number) if self.classes.is_neutral(number) => self.neutral,
            Some(number) => self.colors[self.classes.class(number)],
            None => input.style.shades.missing,
        };
        let numbers = wish.numbers.iter().enumerate();
        numbers.filter_map(|(k, at)| Some((area(input, k, at, &regions)?, color(at.number)))).collect()
    }
}

fn by_id(base: &BaseMap) -> BTreeMap<&str, &Region> {
    base.divisions.iter().chain(&base.countries).map(|region| (region.id.as_str(), region)).collect()
}

/// Returns the area of a place: its own, else that of its region.
fn area<'a>(
    input: &MapInput<'a>,
    place: usize,
    at: &AreaNumber,
    regions: &BTreeMap<&str, &'a Region>,
) -> Option<&'a MultiPolygon<f64>> {
    let own = input.atlas.places[place].area.as_ref();
    own.or_else(|| regions.get(at.region.as_str()).map(|region| &region.shape))
}

/// A region that stands for two places would show the number of one of them.
fn check_regions(input: &MapInput<'_>, wish: &Choropleth) -> Result<(), Error> {
    let regions = by_id(input.base);
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, at) in input.atlas.places.iter().zip(&wish.numbers) {
        if place.area.is_some() || !regions.contains_key(at.region.as_str()) {
            continue;
        }
        if let Some(first) = taken.insert(&at.region, &place.id) {
            let [first, second, region] = [first, &place.id, &at.region].map(str::to_owned);
            return Err(Error::SharedRegion { first, second, region });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes(numbers: &[f64], wish: Choropleth) -> ShadeClasses {
        ShadeClasses::of(numbers.iter().copied(), &wish).unwrap()
    }

    fn style() -> ShadeStyle {
        let color = |hex: &str| Color::try_from(hex.to_owned()).unwrap();
        ShadeStyle {
            sequential: [color("#ffffff"), color("#000000")],
            diverging: [color("#ff0000"), color("#ffffff"), color("#0000ff")],
            missing: color("#cccccc"),
        }
    }

    #[test]
    fn numbers_of_both_signs_part_at_zero_as_far_above_as_below() {
        let made = classes(&[-41.0, -38.0, -9.0, -2.0, 1.0, 3.0, 11.0, 12.0], Choropleth::default());
        assert_eq!((made.centre, made.breaks.clone()), (Some(0.0), vec![-20.0, -5.0, 0.0, 5.0]));
        let strong: Vec<String> = made.colors(&style()).into_iter().map(Color::to_hex).collect();
        assert_eq!(
            strong,
            ["#ff0000", "#ff5555", "#ffaaaa", "#aaaaff", "#5555ff"],
            "11 is as strong as -9, not as -41"
        );
    }

    #[test]
    fn an_odd_number_of_classes_has_one_around_the_centre() {
        let wish = Choropleth { classing: Classing::Jenks(Some(3)), ..Choropleth::default() };
        let made = classes(&[-30.0, -1.0, 0.5, 28.0], wish);
        assert_eq!(made.breaks, [-20.0, 20.0]);
        let colors: Vec<String> = made.colors(&style()).into_iter().map(Color::to_hex).collect();
        assert_eq!(colors, ["#ff0000", "#ffffff", "#0000ff"]);
    }

    #[test]
    fn a_number_at_the_centre_is_neither_above_nor_below() {
        let wish = |scale: ShadeScale, classing: Classing| Choropleth { classing, scale, ..Choropleth::default() };
        let neutral = |numbers: &[f64], wish: Choropleth| classes(numbers, wish).neutral;
        let auto = || wish(ShadeScale::Auto, Classing::Jenks(None));
        let made = classes(&[-41.0, -9.0, 0.0, 3.0, 12.0], auto());
        assert_eq!((made.breaks.clone(), made.neutral), (vec![-20.0, -5.0, 0.0, 5.0], Some(3)));
        assert_eq!([0.0, 3.0, -9.0].map(|n| made.is_neutral(n)), [true, false, false]);
        assert_eq!(neutral(&[-41.0, -9.0, 3.0, 12.0], auto()), None, "nobody is told of what is not there");
        let odd = wish(ShadeScale::Auto, Classing::Jenks(Some(3)));
        assert_eq!(neutral(&[-30.0, 0.0, 28.0], odd), None, "the class around the centre has it");
        let given = |breaks: &[f64]| wish(ShadeScale::Diverging, Classing::Breaks(breaks.to_vec()));
        assert_eq!(neutral(&[-30.0, 0.0, 28.0], given(&[-10.0, 0.0, 10.0])), Some(2));
        assert_eq!(neutral(&[0.0, 4.0, 28.0], given(&[10.0])), Some(0), "all others lie above");
        assert_eq!(neutral(&[-28.0, -4.0, 0.0], given(&[-10.0])), Some(2), "all others lie below");
        let alone = classes(&[0.0, 0.0], given(&[]));
        assert_eq!((alone.neutral, alone.colors(&style())[0].to_hex()), (None, "#ffffff".to_owned()));
        assert_eq!(neutral(&[0.0, 4.0, 28.0], wish(ShadeScale::Sequential, Classing::Jenks(None))), None);
    }

    #[test]
    fn numbers_of_one_sign_run_from_few_to_many() {
        let wish = Choropleth { classing: Classing::Quantile(Some(2)), ..Choropleth::default() };
        let made = classes(&[3.0, 4.0, 9.0, 12.0], wish);
        assert_eq!((made.centre, made.breaks), (None, vec![5.0]));
    }

    #[test]
    fn given_breaks_hold_and_a_scale_may_be_told() {
        let wish = Choropleth {
            classing: Classing::Breaks(vec![90.0, 100.0, 120.0]),
            scale: ShadeScale::Diverging,
            centre: 100.0,
            ..Choropleth::default()
        };
        let made = classes(&[95.0, 100.0, 300.0], wish);
        assert_eq!([95.0, 100.0, 119.0, 300.0].map(|n| made.class(n)), [1, 2, 2, 3]);
        let colors: Vec<String> = made.colors(&style()).into_iter().map(Color::to_hex).collect();
        assert_eq!(colors, ["#ff0000", "#ff8080", "#8080ff", "#0000ff"]);
    }

    #[test]
    fn equal_numbers_are_one_class_and_no_numbers_are_none() {
        let made = classes(&[7.0, 7.0], Choropleth::default());
        assert_eq!((made.count(), made.class(7.0), made.colors(&style()).len()), (1, 0, 1));
        assert_eq!(ShadeClasses::of(std::iter::empty(), &Choropleth::default()), None);
    }

    proptest! {
        // Failures are printed, not kept: the file would stand among the crates.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_number_has_a_class_a_colour_and_round_breaks_move_none(
            numbers in prop::collection::vec(-50i32..50, 1..40), count in 2usize..8, quantile in any::<bool>()
        ) {
            let classing = if quantile { Classing::Quantile(Some(count)) } else { Classing::Jenks(Some(count)) };
            let wish = Choropleth { classing, scale: ShadeScale::Sequential, ..Choropleth::default() };
            let mut numbers: Vec<f64> = numbers.into_iter().map(f64::from).collect();
            let made = classes(&numbers, wish.clone());
            prop_assert!(made.count() <= count && made.colors(&style()).len() == made.count());
            prop_assert!(numbers.iter().all(|n| made.class(*n) < made.count()));
            let counts = |k: usize| numbers.iter().filter(|n| made.class(**n) == k).count();
            prop_assert!((0..made.count()).all(|k| counts(k) > 0), "no class is empty");
            numbers.reverse();
            prop_assert_eq!(classes(&numbers, wish), made);
        }

        #[test]
        fn mirrored_numbers_have_mirrored_classes(
            numbers in prop::collection::vec(-50i32..50, 2..40), count in 2usize..8
        ) {
            let wish = Choropleth {
                classing: Classing::Jenks(Some(count)), scale: ShadeScale::Diverging, ..Choropleth::default()
            };
            let numbers: Vec<f64> = numbers.into_iter().map(|n| f64::from(n) + 0.25).collect();
            let mirrored: Vec<f64> = numbers.iter().map(|n| -n).collect();
            let (made, other) = (classes(&numbers, wish.clone()), classes(&mirrored, wish));
            let turned: Vec<f64> = other.breaks.iter().rev().map(|b| -b).collect();
            prop_assert_eq!(made.breaks, turned);
        }
    }
}
