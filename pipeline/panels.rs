//! Draws maps as panels of a figure: first each as it would be alone, to learn what it needs, then with what all share.

use flowatlas_layout::Method;
use flowatlas_map::{self as map, Accord, Block, Common, Framed, LegendAt, MapInput, Part, Run, Scales, words::Words};
use flowatlas_model::{planar::PlanarLayout, units::Mm};
use rayon::prelude::*;

use crate::{
    Graphed, Materials, Picture, Ready, drawn, error::Error, figure::Scaling, laid_out, options::Drawing,
    report::ready_remarks, study::MapPlan,
};

/// A map on its way to being a panel.
pub(crate) struct Sub<'a> {
    /// What stands above it.
    pub(crate) title: String,
    /// The map.
    pub(crate) plan: MapPlan,
    /// What it is made from.
    pub(crate) materials: Materials<'a>,
    /// Its flows.
    pub(crate) graphed: Graphed<'a>,
    /// Its contents.
    pub(crate) ready: Ready<'static>,
    /// Its width in points.
    pub(crate) width: f64,
}

/// A map that was drawn as a panel.
pub struct Member<'a> {
    /// The map, narrowed to what it shows.
    pub plan: MapPlan,
    /// Its flows.
    pub graphed: Graphed<'a>,
    /// The map as a panel.
    pub picture: Picture,
}

impl<'a> Sub<'a> {
    /// Returns the map with its picture.
    pub(crate) fn into_member(self, picture: Picture) -> Member<'a> {
        Member { plan: self.plan, graphed: self.graphed, picture }
    }
}

impl Sub<'_> {
    pub(crate) fn input(&self) -> MapInput<'_> {
        self.ready.input(&self.materials, &self.graphed)
    }

    /// Leaves out the links between places beyond the frame of the map.
    fn keep_within(&mut self) -> Result<(), Error> {
        self.ready.spec.width = Mm::from_pt(self.width);
        self.ready.keep_within(&self.plan, (&self.materials, &self.graphed))
    }

    fn frame(&self) -> Result<Framed, Error> {
        map::frame(&self.input()).map_err(|source| self.plan.unmade(source))
    }

    fn laid_out(&self, framed: &Framed) -> PlanarLayout {
        let method = match self.plan.drawing {
            Drawing::Lines(method) => method,
            Drawing::Matrix => Method::Straight,
        };
        laid_out(&self.plan, method, framed)
    }
}

/// What the maps of a figure share.
#[derive(Debug, Clone)]
pub(crate) struct Sharing {
    /// Whether they share their scales, and one legend.
    pub(crate) scaling: Scaling,
    /// Width of the widest flow; `None` for what the maps have room for.
    pub(crate) flow_width: Option<Mm>,
    /// What maps of one network draw alike.
    pub(crate) common: Option<Common>,
    /// How the parts of the legend follow each other.
    pub(crate) run: Run,
}

/// Leaves out the links between places beyond the frames of their maps, before anything is known that they share.
///
/// # Errors
/// Fails at the first map that shows no place.
pub(crate) fn keep_within(subs: &mut [Sub<'_>]) -> Result<(), Error> {
    subs.par_iter_mut().try_for_each(Sub::keep_within)
}

/// Checks that maps can be framed, and returns what is to be said of them, a line each, which starts with `page`.
///
/// # Errors
/// Fails at the first map that cannot.
pub(crate) fn check(subs: &[Sub<'_>], page: &str) -> Result<Vec<String>, Error> {
    let mut told = Vec::new();
    for sub in subs {
        map::check(&sub.input()).map_err(|source| sub.plan.unmade(source))?;
        let name = format!("{page}map {}", sub.plan.id);
        told.extend(ready_remarks((&sub.plan, &name), (&sub.materials, &sub.graphed), &sub.ready));
    }
    Ok(told)
}

/// Maps drawn as panels.
pub(crate) struct Drawn {
    /// The maps.
    pub(crate) pictures: Vec<Picture>,
    /// Their legend; empty where each has its own.
    pub(crate) legend: Block,
    /// Their scales; `None` where each has its own.
    pub(crate) scales: Option<Scales>,
}

/// Draws the maps. `heights` says how tall they are to be, from how tall they would be of their own accord, in points.
///
/// # Errors
/// Fails at the first map that cannot be made.
pub(crate) fn draw(
    subs: &mut [Sub<'_>],
    sharing: &Sharing,
    heights: &dyn Fn(&[f64]) -> Vec<f64>,
) -> Result<Drawn, Error> {
    let alone = alone(subs, sharing)?;
    let scales = scales(subs, &alone, sharing);
    let natural: Vec<f64> = alone.iter().map(|framed| framed.size().height).collect();
    drop(alone);
    for (sub, height) in subs.iter_mut().zip(heights(&natural)) {
        sub.ready.spec.height = Some(Mm::from_pt(height));
        if let Some(part) = &mut sub.ready.spec.part {
            part.scales.clone_from(&scales);
        }
    }
    let framed: Vec<Framed> = subs.par_iter().map(Sub::frame).collect::<Result<_, _>>()?;
    let layouts: Vec<PlanarLayout> = subs.par_iter().zip(&framed).map(|(sub, framed)| sub.laid_out(framed)).collect();
    let legend = match scales {
        Some(_) => legend(subs, (&framed, &layouts), sharing),
        None => Block::default(),
    };
    let composed = subs.par_iter().zip(framed).zip(layouts);
    let pictures = composed.map(|((sub, framed), layout)| finish(sub, framed, &layout)).collect();
    Ok(Drawn { pictures, legend, scales })
}

/// Returns the maps as they would be of their own accord.
///
/// # Errors
/// Fails at the first map that cannot be made.
pub(crate) fn alone(subs: &mut [Sub<'_>], sharing: &Sharing) -> Result<Vec<Framed>, Error> {
    prepare(subs, sharing);
    subs.par_iter().map(Sub::frame).collect()
}

/// Makes every map a part of the figure, without scales as yet.
fn prepare(subs: &mut [Sub<'_>], sharing: &Sharing) {
    let locked = sharing.scaling == Scaling::Locked;
    let inputs: Vec<MapInput<'_>> = subs.iter().map(Sub::input).collect();
    let accord = if locked { Accord::of(&inputs) } else { Accord::default() };
    let legend = if locked { LegendAt::Figure } else { LegendAt::Map };
    for sub in subs {
        let spec = &mut sub.ready.spec;
        (spec.width, spec.height) = (Mm::from_pt(sub.width), None);
        spec.part = Some(Part { legend, accord: accord.clone(), common: sharing.common.clone(), scales: None });
    }
}

/// Returns the scales that serve all maps; `None` where each has its own.
fn scales(subs: &[Sub<'_>], framed: &[Framed], sharing: &Sharing) -> Option<Scales> {
    let each = subs.iter().zip(framed).map(|(sub, framed)| Scales::of(&sub.input(), framed));
    let all = each.reduce(Scales::and).filter(|_| sharing.scaling == Scaling::Locked)?;
    Some(match sharing.flow_width {
        Some(width) => all.with_widest(width.to_pt()),
        None => all,
    })
}

fn legend(subs: &[Sub<'_>], (framed, layouts): (&[Framed], &[PlanarLayout]), sharing: &Sharing) -> Block {
    let inputs: Vec<MapInput<'_>> = subs.iter().map(Sub::input).collect();
    let maps: Vec<(&MapInput<'_>, &Framed)> = inputs.iter().zip(framed).collect();
    map::figure_legend(&maps, layouts, sharing.run)
}

fn finish(sub: &Sub<'_>, framed: Framed, layout: &PlanarLayout) -> Picture {
    let composition = map::compose(&sub.input(), framed, layout);
    drawn((sub.ready.selected.clone(), sub.ready.omitted), composition, layout.finished)
}

/// Returns what must be said of the maps together: what each leaves out, remarks, and their projections, each of these once.
pub(crate) fn facts(subs: &[Sub<'_>], pictures: &[Picture]) -> String {
    let Some(first) = subs.first() else { return String::new() };
    let words = Words::of(first.ready.spec.language);
    let partial: Vec<&Sub<'_>> = subs.iter().filter(|sub| sub.ready.selected.shown < sub.ready.selected.of).collect();
    let told_of = |sub: &&Sub<'_>| format!("{}{}{}", sub.title, words.colon(), map::completeness(&sub.input()));
    let mut told: Vec<String> = match partial.is_empty() {
        true => vec![words.all_flows_shown().to_owned()],
        false => partial.iter().map(told_of).collect(),
    };
    let titles = || subs.iter().map(|sub| sub.title.as_str());
    told.extend(attributed(titles().zip(subs.iter().map(|sub| sub.ready.spec.layout_remark.as_str())), words));
    told.extend(attributed(titles().zip(pictures.iter().map(|made| made.composition.projection.as_str())), words));
    told.join(" ")
}

/// Returns the sentences that maps of these titles say, each once: alone where all say the same, else after the titles of those that do.
fn attributed<'a>(maps: impl Iterator<Item = (&'a str, &'a str)>, words: Words) -> Vec<String> {
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for (title, sentence) in maps {
        match said.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, titles)) if titles.contains(&title) => {}
            Some((_, titles)) => titles.push(title),
            None => said.push((sentence, vec![title])),
        }
    }
    let alike = said.len() == 1;
    let told = |(sentence, titles): (&str, Vec<&str>)| match alike || titles.contains(&"") {
        true => sentence.to_owned(),
        false => format!("{}{}{sentence}", titles.join(", "), words.colon()),
    };
    said.into_iter().filter(|(sentence, _)| !sentence.is_empty()).map(told).collect()
}

/// Returns what all maps say alike, or nothing where they differ.
pub(crate) fn alike(subs: &[Sub<'_>], of: impl Fn(&Sub<'_>) -> String) -> String {
    let mut told = subs.iter().map(of);
    let first = told.next().unwrap_or_default();
    if told.all(|other| other == first) { first } else { String::new() }
}

#[cfg(test)]
mod tests {
    use flowatlas_map::Language;

    use super::*;

    #[test]
    fn a_sentence_that_not_all_maps_say_names_those_that_do() {
        let said = |maps: &[(&str, &str)]| attributed(maps.iter().copied(), Words::of(Language::French)).join(" ");
        assert_eq!(said(&[("Nord", "Albers."), ("Sud", "Albers.")]), "Albers.");
        assert_eq!(
            said(&[("Nord", "Albers."), ("Est", "Lambert."), ("Sud", "Albers.")]),
            "Nord, Sud\u{a0}: Albers. Est\u{a0}: Lambert."
        );
        assert_eq!(said(&[("Nord", "Albers."), ("Plan", "")]), "Nord\u{a0}: Albers.");
        assert_eq!(said(&[("", "Albers."), ("Est", "Lambert.")]), "Albers. Est\u{a0}: Lambert.");
    }
}
