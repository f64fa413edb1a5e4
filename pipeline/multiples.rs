//! Small multiples: one map for each period or kind, with the same places, extent, scales and legend.

use std::borrow::Cow;

use flowatlas_export::report::{FigureReport, PanelReport};
use flowatlas_map::{self as map, Block, Common, Grid, Look, MapSpec, Panel, Run, SheetSpec};
use flowatlas_model::{FlowTable, Scene, Style, units::Mm};
use flowatlas_network::{self as network, Part};
use serde_json::json;

use crate::{
    Graphed, Materials, Picture,
    error::Error,
    figure::Scaling,
    figures::{blank, count_missing},
    options::part_name,
    panels::{self, Drawn, Member, Sharing, Sub},
    period::period,
    ready, shading,
    study::{MapPlan, Multiples},
    styles,
};

/// Maps that together are less tall than this share of the width of the page are a strip: fewer of them side by side are larger.
const STRIP: f64 = 0.25;

/// Small multiples, drawn.
pub struct Multiple<'a> {
    /// The whole page.
    pub scene: Scene,
    /// Its maps, in order.
    pub members: Vec<Member<'a>>,
    /// What is to be said about the page, its files not yet named.
    pub report: FigureReport,
}

/// Draws a map once for each period or kind of its flows.
///
/// # Errors
/// Fails where its flows name no period or kind, or only one, and where a map cannot be made.
pub fn multiples<'a>(
    plan: &MapPlan,
    wish: Multiples,
    (materials, graphed): (&Materials<'a>, &'a Graphed<'_>),
) -> Result<Multiple<'a>, Error> {
    let (mut spec, mut subs) = within(plan, wish, (materials, graphed))?;
    if wish.columns.is_none() && plan.spec.height.is_none() {
        while spec.columns > 1 && is_strip(plan, &spec, &mut subs)? {
            spec.columns -= 1;
        }
    }
    let run = fit(&mut subs, &spec, &plan.style);
    let drawn = draw(plan, &mut subs, run)?;
    let spec = SheetSpec { facts: panels::facts(&subs, &drawn.pictures), ..spec };
    let mut report = report(plan, (&spec, wish.part), (&subs, &drawn));
    let mut panels: Vec<Panel> = subs.iter().zip(&drawn.pictures).map(|(sub, picture)| panel(sub, picture)).collect();
    panels.extend(legend(drawn.legend, (run, spec.columns)));
    let fonts = styles::fonts_after(&plan.fonts);
    let scene = map::sheet(&spec, Look { style: &plan.style, fonts: &fonts, language: spec.language }, panels);
    count_missing(&scene, &mut report);
    let members = subs.into_iter().zip(drawn.pictures).map(|(sub, picture)| sub.into_member(picture)).collect();
    Ok(Multiple { scene, members, report })
}

/// Checks that a map can be drawn once for each period or kind, and returns what is to be said of each, a line each.
///
/// # Errors
/// As [`multiples`], but for pages that are too small for the legend.
pub(crate) fn check(
    plan: &MapPlan,
    wish: Multiples,
    (materials, graphed): (&Materials<'_>, &Graphed<'_>),
) -> Result<Vec<String>, Error> {
    let (_, subs) = within(plan, wish, (materials, graphed))?;
    panels::check(&subs, "")
}

/// Returns the page and its maps, without the flows that lie beyond them.
fn within<'a>(
    plan: &MapPlan,
    wish: Multiples,
    (materials, graphed): (&Materials<'a>, &'a Graphed<'_>),
) -> Result<(SheetSpec, Vec<Sub<'a>>), Error> {
    let parts = parts(plan, wish, graphed)?;
    // Groups are those of the whole network, so that a colour means the same on every map.
    let spec = MapSpec { groups: shading::groups(plan, graphed)?, ..plan.spec.clone() };
    let plan = &MapPlan { spec, ..plan.clone() };
    let spec = sheet_spec(plan, (wish, parts.len()), graphed);
    let mut subs = subs(plan, (parts, wish.part), (materials, graphed))?;
    fit(&mut subs, &spec, &plan.style);
    panels::keep_within(&mut subs)?;
    Ok((spec, subs))
}

/// Returns the flows of each period or kind, with its name.
///
/// # Errors
/// Fails where the flows of the map name none, or only one.
fn parts(plan: &MapPlan, wish: Multiples, graphed: &Graphed<'_>) -> Result<Vec<(String, FlowTable)>, Error> {
    let parts = network::split(&graphed.table, wish.part);
    if parts.len() < 2 {
        let error = Error::Parts { map: plan.id.clone(), found: parts.len(), part: wish.part };
        return Err(plan.lines.locate("multiples", error));
    }
    Ok(parts)
}

/// Makes the maps as wide as their columns and returns how the parts of their legend follow each other.
fn fit(subs: &mut [Sub<'_>], spec: &SheetSpec, style: &Style) -> Run {
    let grid = Grid::of(spec, style);
    subs.iter_mut().for_each(|sub| sub.width = grid.width(1));
    if grid.free(&vec![1; subs.len()]) > 0 { Run::Down } else { Run::Across(grid.width(spec.columns) as u32) }
}

/// Tells whether the maps make a strip across the page.
fn is_strip(plan: &MapPlan, spec: &SheetSpec, subs: &mut [Sub<'_>]) -> Result<bool, Error> {
    let run = fit(subs, spec, &plan.style);
    let sharing = sharing(plan, subs, run);
    let rows = subs.len().div_ceil(spec.columns) as f64;
    // All have the same places and so the same shape.
    let first = panels::alone(&mut subs[..1], &sharing)?;
    Ok(first.iter().any(|framed| rows * framed.size().height < STRIP * spec.width.to_pt()))
}

/// Returns the maps of the parts, as wide as the page.
fn subs<'a>(
    plan: &MapPlan,
    (parts, part): (Vec<(String, FlowTable)>, Part),
    (materials, graphed): (&Materials<'a>, &'a Graphed<'_>),
) -> Result<Vec<Sub<'a>>, Error> {
    let names = file_names(&parts.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>());
    let sub = |((title, rows), name): ((String, FlowTable), String)| {
        let plan = narrowed(plan, (&name, &title), part);
        let graphed = part_of(graphed, rows, &plan);
        let ready = ready(&plan, materials, &graphed)?.into_owned();
        Ok(Sub { title, width: plan.spec.width.to_pt(), plan, materials: *materials, graphed, ready })
    };
    parts.into_iter().zip(names).map(sub).collect()
}

fn sharing(plan: &MapPlan, subs: &[Sub<'_>], run: Run) -> Sharing {
    let common = Common::of(&subs.iter().map(Sub::input).collect::<Vec<_>>());
    Sharing { scaling: Scaling::Locked, flow_width: plan.spec.sizes.flow_width, common: Some(common), run }
}

/// Draws the maps, all of one height.
fn draw(plan: &MapPlan, subs: &mut [Sub<'_>], run: Run) -> Result<Drawn, Error> {
    let sharing = sharing(plan, subs, run);
    let given = plan.spec.height.map(Mm::to_pt);
    let tallest = |natural: &[f64]| natural.iter().copied().fold(0.0, f64::max);
    panels::draw(subs, &sharing, &|natural| vec![given.unwrap_or_else(|| tallest(natural)); natural.len()])
}

fn report(plan: &MapPlan, (spec, part): (&SheetSpec, Part), (subs, drawn): (&[Sub<'_>], &Drawn)) -> FigureReport {
    let panel = |sub: &Sub<'_>| PanelReport { title: sub.title.clone(), shows: "map", ..PanelReport::default() };
    FigureReport {
        options: json!({ "multiples": part_name(part), "columns": spec.columns }),
        panels: subs.iter().map(panel).collect(),
        ..blank(&plan.id, spec, drawn.scales.as_ref())
    }
}

fn sheet_spec(plan: &MapPlan, (wish, parts): (Multiples, usize), graphed: &Graphed<'_>) -> SheetSpec {
    let spec = &plan.spec;
    SheetSpec {
        title: spec.title.clone(),
        subtitle: spec.subtitle.clone(),
        notes: spec.notes.clone(),
        facts: String::new(),
        sources: spec.sources.clone(),
        basis: spec.basis.clone(),
        period: period(plan, &graphed.table),
        language: spec.language,
        width: spec.width,
        columns: wish.columns.unwrap_or(usual_columns(parts)),
    }
}

/// Returns how many of so many maps stand side by side where nobody says, unless they make a strip.
fn usual_columns(parts: usize) -> usize {
    match parts {
        0..=3 => parts.max(1),
        4 => 2,
        _ => 3,
    }
}

/// Returns the plan of one part: its files are named after the map and the part.
fn narrowed(plan: &MapPlan, (name, label): (&str, &str), part: Part) -> MapPlan {
    let mut narrowed = MapPlan { id: format!("{}-{name}", plan.id), multiples: None, ..plan.clone() };
    narrowed.spec.title = format!("{} ({label})", plan.spec.title);
    narrowed.spec.sizes.flow_width = None;
    if part == Part::Time {
        label.clone_into(&mut narrowed.spec.period);
    }
    narrowed
}

/// Returns labels as they can stand in the names of files, with hyphens for dashes and spaces; their positions, from 1, where
/// other signs would be lost or two labels become one.
fn file_names(labels: &[&str]) -> Vec<String> {
    let plain: Vec<String> = labels.iter().map(|label| label.replace(['–', ' '], "-")).collect();
    let fits = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-');
    let apart = (1..plain.len()).all(|k| !plain[..k].contains(&plain[k]));
    match apart && plain.iter().all(fits) {
        true => plain,
        false => (1..=labels.len()).map(|position| position.to_string()).collect(),
    }
}

fn part_of<'a>(graphed: &'a Graphed<'_>, table: FlowTable, plan: &MapPlan) -> Graphed<'a> {
    let all = network::build(&graphed.atlas, &table, plan.spec.weights);
    Graphed {
        atlas: Cow::Borrowed(&graphed.atlas),
        table: Cow::Owned(table),
        all,
        clustering: graphed.clustering.clone(),
    }
}

fn panel(sub: &Sub<'_>, picture: &Picture) -> Panel {
    let scene = picture.composition.scene.clone();
    Panel { title: sub.title.clone(), span: 1, words: scene.description.clone(), content: map::as_content(scene) }
}

fn legend(content: Block, (run, columns): (Run, usize)) -> Option<Panel> {
    let span = if run == Run::Down { 1 } else { columns };
    (!content.items.is_empty()).then(|| Panel { title: String::new(), span, words: String::new(), content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_labels_that_stay_apart_else_by_position() {
        assert_eq!(file_names(&["1990–1995", "2000"]), ["1990-1995", "2000"]);
        assert_eq!(file_names(&["1990–1995", "1990-1995"]), ["1", "2"]);
        assert_eq!(file_names(&["étudiants", "travail saisonnier"]), ["étudiants", "travail-saisonnier"]);
        assert_eq!(file_names(&["retour", "aller/retour"]), ["1", "2"]);
    }
}
