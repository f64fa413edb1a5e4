//! Which colours of a style a map may show side by side, and whether each pair of them can be told apart.

use std::fmt;

use flowatlas_model::{
    Style,
    style::{Color, FlowStyle, LookStyle},
};

use crate::Vision;

/// Least difference (ΔE₀₀) between colours that tell flows apart, and between flows or places and the ground: thin
/// lines need several times what can just be seen on large patches.
pub const LEAST_DIFFERENCE: f64 = 10.0;

/// Least difference (ΔE₀₀) between neighbouring classes, which are patches.
const LEAST_STEP: f64 = 5.0;

/// Least contrast of words with what they stand on (WCAG 2.2, 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

/// Two dashes are alike where no part of one is this many times as long as in the other.
const DASHES_APART: f64 = 1.5;

/// A colour of a style and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Swatch {
    /// The key, `flows.kinds.seasonal` for the kind of that name.
    pub key: String,
    /// The colour as it is seen on the map.
    pub color: Color,
    /// Dashes and gaps of the line; empty for solid lines and for areas.
    pub dash: Vec<f64>,
}

impl Swatch {
    fn new(key: impl Into<String>, color: Color) -> Self {
        Swatch { key: key.into(), color, dash: Vec::new() }
    }

    /// Returns whether dash parts these two where colour does not: to a photocopier, and between greys.
    fn parted_by_dash(&self, other: &Swatch, vision: Vision) -> bool {
        let grey = |c: Color| c.r == c.g && c.g == c.b;
        let told = |(a, b): (&f64, &f64)| a.max(*b) >= DASHES_APART * a.min(*b);
        let unlike = self.dash.len() != other.dash.len() || self.dash.iter().zip(&other.dash).any(told);
        unlike && (vision == Vision::Grey || (grey(self.color) && grey(other.color)))
    }
}

/// Two colours that may lie side by side.
pub type Pair = (Swatch, Swatch);

/// Pairs of colours that must all differ by as much.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the colours stand for.
    pub what: &'static str,
    /// The least difference.
    pub least: f64,
    /// The pairs.
    pub pairs: Vec<Pair>,
}

/// The least figure of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What was compared.
    pub what: &'static str,
    /// To whom; nothing for contrast, which is of luminance.
    pub vision: Option<Vision>,
    /// The keys of the two colours that are nearest to each other.
    pub keys: [String; 2],
    /// Their difference (ΔE₀₀), or their contrast.
    pub value: f64,
    /// What it has to be at least.
    pub least: f64,
}

impl Verdict {
    /// Returns whether the two can be told apart.
    pub fn passes(&self) -> bool {
        self.value >= self.least
    }
}

/// A verdict that fails, in words.
pub struct Fault<'a>(pub &'a Verdict);

impl fmt::Display for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict { what, vision, keys: [a, b], value, least } = self.0;
        match vision {
            Some(vision) => write!(
                f,
                "{what}: {a} and {b} are too alike to {vision} eyes: difference {value:.1}, at least {least:.1} is needed"
            ),
            None => write!(f, "{what}: {a} is too faint on {b}: contrast {value:.2}, at least {least:.1} is needed"),
        }
    }
}

/// Returns the nearest pair of every comparison of this style to every reader; `classes` are the colours of classes
/// from the lowest to the highest.
pub fn check(style: &Style, classes: &[Color]) -> Vec<Verdict> {
    let comparisons =
        [kinds(&style.flows), directions(&style.flows), ground(style), steps(classes), shades(style), missing(style)];
    let seen = |c: &Comparison, v: &Vision| c.what != WITHOUT_NUMBER || *v != Vision::Grey;
    let differences =
        comparisons.iter().flat_map(|c| Vision::ALL.into_iter().filter(|v| seen(c, v)).filter_map(|v| nearest(c, v)));
    differences.chain(faintest(style)).collect()
}

fn nearest(comparison: &Comparison, vision: Vision) -> Option<Verdict> {
    let Comparison { what, least, pairs } = comparison;
    let told = pairs.iter().filter(|(a, b)| !a.parted_by_dash(b, vision));
    let measured = told.map(|(a, b)| (vision.difference(a.color, b.color), [a, b]));
    let (value, [a, b]) = measured.min_by(|x, y| x.0.total_cmp(&y.0))?;
    Some(Verdict { what, vision: Some(vision), keys: [a.key.clone(), b.key.clone()], value, least: *least })
}

/// Returns the colours of kinds, of kinds that the style does not name, and of no kind.
fn kinds(flows: &FlowStyle) -> Comparison {
    let named = flows.kinds.iter().map(|k| Swatch {
        key: format!("flows.kinds.{}", k.kind),
        color: seen(flows, k.color),
        dash: k.dash.clone(),
    });
    let unsorted = swatch_of("flows.unsorted".to_owned(), &flows.unsorted, flows);
    let all: Vec<Swatch> = named.chain(spare(flows)).chain([unsorted]).collect();
    Comparison { what: "kinds", least: LEAST_DIFFERENCE, pairs: each_two(&all) }
}

/// Returns the colours of two directions, which are also those of the first two kinds where the style names none.
fn directions(flows: &FlowStyle) -> Comparison {
    let both = [
        Swatch::new("flows.color", seen(flows, flows.color)),
        Swatch::new("flows.reverse", seen(flows, flows.reverse)),
    ];
    let all: Vec<Swatch> = both.into_iter().chain(spare(flows)).collect();
    Comparison { what: "directions and other kinds", least: LEAST_DIFFERENCE, pairs: each_two(&all) }
}

fn spare(flows: &FlowStyle) -> impl Iterator<Item = Swatch> {
    flows.spare.iter().enumerate().map(|(k, look)| swatch_of(format!("flows.spare[{k}]"), look, flows))
}

fn swatch_of(key: String, look: &LookStyle, flows: &FlowStyle) -> Swatch {
    Swatch { key, color: seen(flows, look.color), dash: look.dash.clone() }
}

/// Returns every flow, the palest too, and the places, each beside every ground.
fn ground(style: &Style) -> Comparison {
    let flows = &style.flows;
    let marks = || {
        let colors = [("flows.color", flows.color), ("flows.reverse", flows.reverse)];
        let named = flows.kinds.iter().map(|k| Swatch::new(format!("flows.kinds.{}", k.kind), k.color));
        let spare =
            flows.spare.iter().enumerate().map(|(k, look)| Swatch::new(format!("flows.spare[{k}]"), look.color));
        let all = colors.map(|(key, color)| Swatch::new(key, color)).into_iter().chain(named).chain(spare);
        let palest = all.map(|s| Swatch { color: seen(flows, flows.shade(s.color, 0.0)), ..s });
        palest.chain([Swatch::new("places.fill", style.places.fill)])
    };
    let pairs = grounds(style).into_iter().flat_map(|ground| marks().map(move |mark| (mark, ground.clone())));
    // A dash does not part a line from the ground.
    let pairs = pairs.map(|(mark, ground)| (Swatch { dash: Vec::new(), ..mark }, ground)).collect();
    Comparison { what: "flows and places on the ground", least: LEAST_DIFFERENCE, pairs }
}

fn grounds(style: &Style) -> Vec<Swatch> {
    let land = &style.land;
    vec![
        Swatch::new("page.background", style.page.background),
        Swatch::new("land.water", land.water),
        Swatch::new("land.context", land.context),
        Swatch::new("land.subject", land.subject),
        Swatch::new("land.highlight", land.highlight),
        Swatch::new("land.area", land.area),
    ]
}

fn steps(classes: &[Color]) -> Comparison {
    let class = |k: usize| Swatch::new(format!("class {}", k + 1), classes[k]);
    let pairs = (1..classes.len()).map(|k| (class(k - 1), class(k))).collect();
    Comparison { what: "neighbouring classes", least: LEAST_STEP, pairs }
}

/// Shades of areas from end to end on a map of as many classes as can be told apart.
const SHADES: usize = 5;

/// The name of a comparison that greys cannot pass: areas without a number lie between the lightest and the darkest.
const WITHOUT_NUMBER: &str = "areas with and without a number";

/// Returns the shades of areas, the sequential ones and those on either side of a centre.
fn scales(style: &Style) -> [Vec<Swatch>; 2] {
    let [few, many] = style.shades.sequential;
    let [below, middle, above] = style.shades.diverging;
    let part = |k: usize| k as f64 / (SHADES - 1) as f64;
    let swatch = |name: &str, k: usize, color| Swatch::new(format!("shades.{name} {}", k + 1), color);
    let arms = |k: usize| match part(k) * 2.0 {
        share if share <= 1.0 => below.mix(middle, share),
        share => middle.mix(above, share - 1.0),
    };
    [
        (0..SHADES).map(|k| swatch("sequential", k, few.mix(many, part(k)))).collect(),
        (0..SHADES).map(|k| swatch("diverging", k, arms(k))).collect(),
    ]
}

fn shades(style: &Style) -> Comparison {
    let neighbours = scales(style)
        .into_iter()
        .flat_map(|scale| scale.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect::<Vec<_>>());
    Comparison { what: "neighbouring shades", least: LEAST_STEP, pairs: neighbours.collect() }
}

fn missing(style: &Style) -> Comparison {
    let missing = Swatch::new("shades.missing", style.shades.missing);
    let pairs = scales(style).into_iter().flatten().map(|shade| (missing.clone(), shade)).collect();
    Comparison { what: WITHOUT_NUMBER, least: LEAST_STEP, pairs }
}

/// Returns the words that stand out least from a ground that they may stand on.
fn faintest(style: &Style) -> Vec<Verdict> {
    let text = &style.text;
    let words = [("text.color", text.color), ("text.quiet", text.quiet), ("text.region_color", text.region_color)];
    let least = words.into_iter().filter_map(|(key, color)| {
        let on = grounds(style).into_iter().map(|ground| (color.contrast(ground.color), ground.key));
        let (value, ground) = on.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let keys = [key.to_owned(), ground];
        Some(Verdict { what: "words", vision: None, keys, value, least: LEAST_CONTRAST })
    });
    least.collect()
}

/// Returns the colour of a flow as its opacity and casing show it.
fn seen(flows: &FlowStyle, color: Color) -> Color {
    flows.casing.mix(color, flows.opacity)
}

fn each_two(swatches: &[Swatch]) -> Vec<Pair> {
    let from = |k: usize| swatches[k + 1..].iter().map(move |other| (swatches[k].clone(), other.clone()));
    (0..swatches.len()).flat_map(from).collect()
}
