//! Makes figures of several panels: maps, charts and tables on one page.

use flowatlas_export::report::{FigureReport, PanelReport};
use flowatlas_map::{
    self as map, Bars, Block, Grid, Indicators, Look, Panel, Run, Scales, SheetSpec, missing_letters, words::Words,
};
use flowatlas_model::{Scene, scene::Font, units::Mm};
use serde_json::{Value, json};

use crate::{
    Graphed, Picture, charts,
    error::Error,
    figure::{ChartPlan, FigurePlan, MapRef, PanelPlan, RowsOf, Scaling, Shows},
    graph,
    indicators::indicators,
    layers::Layers,
    panels::{self, Drawn, Member, Sharing, Sub},
    ready,
    report::{map_report, missing_letter},
    study::Study,
    styles,
};

/// A figure, drawn.
pub struct Figure<'a> {
    /// The whole page.
    pub scene: Scene,
    /// Its maps, each with the position of its panel.
    pub members: Vec<(usize, Member<'a>)>,
    /// What is to be said about the page, its files not yet named.
    pub report: FigureReport,
}

/// Reads the layers of the other studies that a figure takes maps from.
///
/// # Errors
/// Fails where one cannot be read.
pub fn others(plan: &FigurePlan) -> Result<Vec<Layers>, Error> {
    plan.others.iter().map(Layers::read).collect()
}

/// Makes a figure from the layers of its study and those of the others.
///
/// # Errors
/// Fails where a map cannot be made, and where a chart or table asks for columns that are not there.
pub fn figure<'a>(
    study: &'a Study,
    plan: &'a FigurePlan,
    (layers, others): (&'a Layers, &'a [Layers]),
) -> Result<Figure<'a>, Error> {
    let maker = Maker { study, plan, layers, others, fonts: styles::fonts_after(&plan.fonts) };
    let mut subs = maker.subs()?;
    panels::keep_within(&mut subs)?;
    let mut shown: Vec<Option<Shown>> = plan.panels.iter().map(|panel| maker.shown(panel)).collect::<Result<_, _>>()?;
    let drawn = panels::draw(&mut subs, &maker.sharing(), &|natural| maker.heights(natural, &shown))?;
    let spec = SheetSpec {
        facts: maker.facts(panels::facts(&subs, &drawn.pictures), &shown),
        basis: maker.of_maps(&subs, |sub| sub.ready.spec.basis.clone()),
        period: maker.of_maps(&subs, |sub| sub.ready.spec.period.clone()),
        ..plan.spec.clone()
    };
    let mut report = FigureReport { options: maker.options(), ..blank(&plan.id, &spec, drawn.scales.as_ref()) };
    let Drawn { pictures, legend, .. } = drawn;
    let panels = maker.panels((&subs, &pictures), (&mut shown, legend), &mut report);
    let scene = map::sheet(&spec, maker.look(), panels);
    count_missing(&scene, &mut report);
    let members = subs.into_iter().zip(pictures).map(|(sub, picture)| sub.into_member(picture));
    let members = plan.maps().map(|(panel, _)| panel).zip(members).collect();
    Ok(Figure { scene, members, report })
}

/// Checks the charts, tables and maps of a figure; nothing is laid out or drawn. Returns what is to be said of its maps, a line each.
///
/// # Errors
/// As [`figure`] and [`others`].
pub(crate) fn check(study: &Study, plan: &FigurePlan, layers: &Layers) -> Result<Vec<String>, Error> {
    let others = others(plan)?;
    let maker = Maker { study, plan, layers, others: &others, fonts: styles::fonts_after(&plan.fonts) };
    for panel in &plan.panels {
        maker.shown(panel)?;
    }
    let mut subs = maker.subs()?;
    panels::keep_within(&mut subs)?;
    panels::check(&subs, &format!("figure {}, ", plan.id))
}

/// Returns the report of a figure without panels as yet.
pub(crate) fn blank(id: &str, spec: &SheetSpec, scales: Option<&Scales>) -> FigureReport {
    FigureReport {
        id: id.to_owned(),
        title: spec.title.clone(),
        options: Value::Null,
        scales: scales.map_or(Value::Null, scales_account),
        panels: Vec::new(),
        missing_glyphs: 0,
        missing_letters: Vec::new(),
        outputs: Vec::new(),
    }
}

/// Notes the letters of a finished page that no font has.
pub(crate) fn count_missing(scene: &Scene, report: &mut FigureReport) {
    let missing = missing_letters(&scene.items);
    report.missing_glyphs = missing.values().sum();
    report.missing_letters = missing.iter().map(missing_letter).collect();
}

fn scales_account(scales: &Scales) -> Value {
    json!({
        "points_per_unit": scales.widths.map(|w| w.per_unit),
        "largest_weight": scales.widths.map(|w| w.largest),
        "smallest_weight": scales.widths.map(|w| w.smallest),
        "largest_total": scales.circles.map(|c| c.0),
        "radius_of_largest_total": scales.circles.map(|c| c.1),
    })
}

/// What a panel that is no map shows.
enum Shown {
    Bars(Bars, Block),
    Indicators(Indicators, Block),
}

impl Shown {
    fn block(&self) -> &Block {
        match self {
            Shown::Bars(_, block) | Shown::Indicators(_, block) => block,
        }
    }
}

/// A figure in the making.
struct Maker<'a> {
    study: &'a Study,
    plan: &'a FigurePlan,
    layers: &'a Layers,
    others: &'a [Layers],
    fonts: Vec<Font>,
}

impl<'a> Maker<'a> {
    fn look(&self) -> Look<'_> {
        Look { style: &self.plan.style, fonts: &self.fonts, language: self.plan.spec.language }
    }

    fn grid(&self) -> Grid {
        Grid::of(&self.plan.spec, &self.plan.style)
    }

    fn spans(&self) -> Vec<usize> {
        self.plan.panels.iter().map(|panel| panel.span).collect()
    }

    fn options(&self) -> Value {
        let scales = match self.plan.scaling {
            Scaling::Own => "own",
            Scaling::Locked => "locked",
        };
        let SheetSpec { width, columns, .. } = self.plan.spec;
        json!({ "columns": columns, "scales": scales, "style": self.plan.style_name, "width_mm": width })
    }

    /// Returns what must be said of the maps, and after it how many rows charts show of all.
    fn facts(&self, of_maps: String, shown: &[Option<Shown>]) -> String {
        let colon = Words::of(self.plan.spec.language).colon();
        let titles = self.plan.panels.iter().map(|panel| panel.title.as_str());
        let told = titles.zip(shown).filter_map(|(title, shown)| match (title, shown) {
            (_, Some(Shown::Bars(bars, _))) if bars.completeness.is_empty() => None,
            ("", Some(Shown::Bars(bars, _))) => Some(bars.completeness.clone()),
            (_, Some(Shown::Bars(bars, _))) => Some(format!("{title}{colon}{}", bars.completeness)),
            _ => None,
        });
        let all = [of_maps].into_iter().chain(told).filter(|fact| !fact.is_empty());
        all.collect::<Vec<_>>().join(" ")
    }

    /// Returns what all maps say alike, where everything on the page is of maps.
    fn of_maps(&self, subs: &[Sub<'_>], of: impl Fn(&Sub<'_>) -> String) -> String {
        if self.plan.tables().next().is_some() { String::new() } else { panels::alike(subs, of) }
    }

    fn layers_of(&self, at: MapRef) -> &'a Layers {
        at.study.map_or(self.layers, |other| &self.others[other])
    }

    fn graphed(&self, at: MapRef) -> Result<Graphed<'a>, Error> {
        let plan = self.plan.map(self.study, at);
        graph(plan, &self.layers_of(at).materials(plan))
    }

    /// Returns the maps of the figure, in its style.
    fn subs(&self) -> Result<Vec<Sub<'a>>, Error> {
        self.plan.maps().map(|(panel, at)| self.sub(&self.plan.panels[panel], at)).collect()
    }

    fn sub(&self, panel: &PanelPlan, at: MapRef) -> Result<Sub<'a>, Error> {
        let mut plan = self.plan.map(self.study, at).clone();
        // Sizes that a map fixes are those of its own style.
        let (own, page, spec) = (&plan.style, &self.plan.style, &mut plan.spec);
        let flows = page.flows.width_max_mm / own.flows.width_max_mm;
        let places = page.places.radius_max_mm / own.places.radius_max_mm;
        let words = page.text.legend / own.text.legend;
        spec.sizes.flow_width = spec.sizes.flow_width.map(|width| Mm(width.0 * flows));
        spec.sizes.place_radius = spec.sizes.place_radius.map(|radius| Mm(radius.0 * places));
        if let Some(locator) = &mut spec.locator {
            locator.width = Mm(locator.width.0 * words);
        }
        plan.style_name.clone_from(&self.plan.style_name);
        plan.style.clone_from(&self.plan.style);
        plan.fonts.clone_from(&self.plan.fonts);
        plan.spec.language = self.plan.spec.language;
        let materials = self.layers_of(at).materials(self.plan.map(self.study, at));
        let graphed = graph(&plan, &materials)?;
        let ready = ready(&plan, &materials, &graphed)?.into_owned();
        let (title, width) = (panel.title.clone(), self.grid().width(panel.span));
        Ok(Sub { title, plan, materials, graphed, ready, width })
    }

    /// The legend stands in the free columns beside the last map, where that ends the figure, else in a row below it.
    fn sharing(&self) -> Sharing {
        let grid = self.grid();
        let ends_with_map = self.plan.panels.last().is_some_and(|panel| matches!(panel.shows, Shows::Map(_)));
        let run = match grid.free(&self.spans()) {
            free if free > 0 && ends_with_map => Run::Down,
            _ => Run::Across(grid.width(self.plan.spec.columns) as u32),
        };
        Sharing { scaling: self.plan.scaling, flow_width: self.plan.flow_width, common: None, run }
    }

    /// Returns how tall the maps are: as tall as everything else in their row, where their panel does not say.
    fn heights(&self, natural: &[f64], shown: &[Option<Shown>]) -> Vec<f64> {
        let mut maps = natural.iter();
        let own: Vec<f64> = shown
            .iter()
            .map(|shown| match shown {
                Some(shown) => shown.block().size.height,
                None => *maps.next().expect("every panel that shows nothing else shows a map"),
            })
            .collect();
        let mut heights = Vec::new();
        for row in self.grid().rows(&self.spans()) {
            let fixed = |k: usize| self.plan.panels[k].height.map(Mm::to_pt);
            let tall = row.iter().map(|k| fixed(*k).unwrap_or(own[*k])).fold(0.0, f64::max);
            heights.extend(row.iter().filter(|k| shown[**k].is_none()).map(|k| fixed(*k).unwrap_or(tall)));
        }
        heights
    }

    fn shown(&self, panel: &PanelPlan) -> Result<Option<Shown>, Error> {
        let failed = |message| {
            let (figure, title) = (self.plan.id.clone(), panel.title.clone());
            panel.lines.locate("", Error::Figure { figure, panel: title, message })
        };
        let width = self.grid().width(panel.span);
        let words = Words::of(self.plan.spec.language);
        match &panel.shows {
            Shows::Map(_) => Ok(None),
            Shows::Chart(chart) => {
                let bars = self.bars(chart, words)?.map_err(failed)?;
                let block = bars.block(self.look(), width);
                Ok(Some(Shown::Bars(bars, block)))
            }
            Shows::Indicators(table) => {
                let networks = table.maps.iter().map(|at| self.graphed(*at)).collect::<Result<Vec<_>, _>>()?;
                let found = indicators(table, &networks.iter().collect::<Vec<_>>(), words).map_err(failed)?;
                let block = found.block(self.look(), width);
                Ok(Some(Shown::Indicators(found, block)))
            }
        }
    }

    fn bars(&self, chart: &ChartPlan, words: Words) -> Result<Result<Bars, String>, Error> {
        Ok(match &chart.rows {
            RowsOf::Table(table, columns) => {
                charts::of_table(chart, (&self.study.tables[*table], self.layers.table(*table)), (columns, words))
            }
            RowsOf::Places(at, values) => charts::of_places(chart, &self.graphed(*at)?, (values, words)),
            RowsOf::Flows(at) => charts::of_flows(chart, &self.graphed(*at)?, words),
        })
    }

    /// Returns the panels in order, the legend of maps with locked scales behind the last map, and reports each.
    fn panels(
        &self,
        (subs, pictures): (&[Sub<'_>], &[Picture]),
        (shown, legend): (&mut [Option<Shown>], Block),
        report: &mut FigureReport,
    ) -> Vec<Panel> {
        let last = self.plan.panels.iter().rposition(|panel| matches!(panel.shows, Shows::Map(_)));
        let legend = (!legend.items.is_empty()).then_some(legend);
        let mut maps = subs.iter().zip(pictures);
        let mut legend = legend.map(|block| self.legend_panel(block));
        let mut panels = Vec::new();
        for (k, (panel, shown)) in self.plan.panels.iter().zip(shown).enumerate() {
            let (told, words, content) = match shown.take() {
                Some(shown) => described(shown, self.plan.spec.language),
                None => {
                    let (sub, picture) = maps.next().expect("every panel that shows nothing else shows a map");
                    let account = map_report(&sub.plan, &sub.materials, (&sub.graphed, picture), Vec::new());
                    let scene = picture.composition.scene.clone();
                    let told = PanelReport { shows: "map", map: Some(account), ..PanelReport::default() };
                    (told, scene.description.clone(), map::as_content(scene))
                }
            };
            report.panels.push(PanelReport { title: panel.title.clone(), ..told });
            panels.push(Panel { title: panel.title.clone(), span: panel.span, words, content });
            panels.extend(legend.take_if(|_| last == Some(k)));
        }
        panels
    }

    fn legend_panel(&self, content: Block) -> Panel {
        let span = match self.sharing().run {
            Run::Down => 1,
            Run::Across(_) => self.plan.spec.columns,
        };
        Panel { title: String::new(), span, words: String::new(), content }
    }
}

/// Returns the report of a panel that is no map, its words and what it shows.
fn described(shown: Shown, language: flowatlas_map::Language) -> (PanelReport, String, Block) {
    match shown {
        Shown::Bars(bars, block) => {
            let rows = bars.rows.iter().map(|row| json!({ "label": row.label, "numbers": row.numbers }));
            let table = json!({ "unit": bars.unit, "series": bars.series, "rows": rows.collect::<Vec<_>>() });
            (PanelReport { shows: "bars", table, ..PanelReport::default() }, bars.words(language), block)
        }
        Shown::Indicators(found, block) => {
            let rows = found.rows.iter().map(|row| json!({ "label": row.label, "unit": row.unit, "cells": row.cells }));
            let table = json!({ "columns": found.heads, "rows": rows.collect::<Vec<_>>() });
            (PanelReport { shows: "indicators", table, ..PanelReport::default() }, found.words(), block)
        }
    }
}
