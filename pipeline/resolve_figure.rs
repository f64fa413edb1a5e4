//! `[[figure]]` and `[tables.NAME]` as meant.

use std::ops::Range;

use flowatlas_map::{SheetSpec, Sides};
use flowatlas_model::units::Mm;
use flowatlas_network::{Choice, Part, network_metrics};
use toml::Spanned;

use super::{Site, load_maps};
use crate::{
    config::suggest,
    error::Error,
    figure::{ChartPlan, FigurePlan, Found, IndicatorPlan, IndicatorsPlan, MapRef, PanelPlan, RowsOf, Scaling, Shows},
    figure_file::{DataTable, FigureTable, PanelTable, RowTable, ScalesWord},
    options::{self, DPI, Drawing, PAGE_MM, SYMBOL_MM},
    study::{KeyLines, MapPlan, Study, TableLayer},
    styles,
};

/// Columns of panels that leave each of them a width.
const COLUMNS: (f64, f64) = (1.0, 12.0);

/// What a panel may show.
const ONE_THING: &str = "a panel shows one thing: a \"map\", \"indicators\" of maps, \"flows\" of a map, or \"bars\" or a \
                         \"balance\" of a \"table\" or of the places of a \"map\"";

/// What a panel shows, in words.
const MAP: &str = "a map";
const BARS: &str = "bars";
const SERIES: &str = "two series of bars";
const BALANCE: &str = "a balance";
const FLOWS: &str = "flows";
const INDICATORS: &str = "indicators";

/// The keys that only some panels take, each with these.
const KEYS: [(&str, &[&str]); 7] = [
    ("height_mm", &[MAP]),
    ("names", &[SERIES, INDICATORS]),
    ("unit", &[BARS, SERIES, BALANCE, FLOWS]),
    ("decimals", &[BARS, SERIES, BALANCE, FLOWS]),
    ("top", &[BARS, SERIES, BALANCE]),
    ("highlight", &[BARS, SERIES, BALANCE, FLOWS]),
    ("row", &[INDICATORS]),
];

/// What a figure is resolved against: the study with its maps, its fonts and language.
pub(super) struct FigureSite<'a> {
    pub(super) study: &'a Study,
    pub(super) written: &'a crate::study_file::StudyFile,
    pub(super) language: flowatlas_map::Language,
}

impl Site<'_> {
    pub(super) fn table(&self, name: &str, table: &DataTable) -> Result<TableLayer, Error> {
        let label = table.name.clone().unwrap_or_else(|| "name".to_owned());
        let id = table.id.clone().unwrap_or_else(|| label.clone());
        Ok(TableLayer {
            name: name.to_owned(),
            source: self.source(&table.file)?,
            id,
            label,
            lines: self.lines(&["tables", name]),
        })
    }

    pub(super) fn figure(
        &self,
        (position, figure): (usize, &Spanned<FigureTable>),
        at: &FigureSite<'_>,
    ) -> Result<FigurePlan, Error> {
        let table = figure.get_ref();
        let id = self.map_id(&table.id, at.study)?;
        let (style_name, style) = self.style(table.style.as_ref())?;
        let mut others = Vec::new();
        let mut panels = Vec::new();
        for (k, panel) in table.panel.iter().enumerate() {
            let lines = self.lines(&["figure", &position.to_string(), "panel", &k.to_string()]);
            let plan = PanelPlan { lines, ..self.panel(panel, (at, &mut others))? };
            check_keys(&plan, &id)?;
            panels.push(plan);
        }
        if panels.is_empty() {
            return Err(self.error(figure.span(), "the figure has no panel; add a [[figure.panel]]".into()));
        }
        let cite = cited(table);
        let columns = table.columns.as_ref().map(|columns| self.count("columns", columns)).transpose()?;
        let plan = FigurePlan {
            id,
            spec: SheetSpec {
                title: table.title.clone(),
                subtitle: table.subtitle.clone(),
                notes: table.notes.clone(),
                facts: String::new(),
                sources: self.citations(&cite, &at.study.sources)?,
                basis: String::new(),
                period: String::new(),
                language: at.language,
                width: Mm(self.within_if("width_mm", table.width_mm.as_ref(), PAGE_MM)?.unwrap_or(style.page.width_mm)),
                columns: columns.unwrap_or(2),
            },
            style_name,
            style,
            fonts: self.fonts(&at.written.fonts)?,
            dpi: self.within_if("dpi", table.dpi.as_ref(), DPI)?,
            cite: cite.iter().map(|key| key.get_ref().clone()).collect(),
            scaling: match table.scales {
                ScalesWord::Own => Scaling::Own,
                ScalesWord::Locked => Scaling::Locked,
            },
            flow_width: self.within_if("flow_width_mm", table.flow_width_mm.as_ref(), SYMBOL_MM)?.map(Mm),
            others,
            panels,
        };
        if let (Some(width), Scaling::Own) = (&table.flow_width_mm, plan.scaling) {
            return Err(self.error(width.span(), "\"flow_width_mm\" needs scales = \"locked\"".into()));
        }
        self.check_scales(figure.span(), &plan, at.study)?;
        Ok(plan)
    }

    /// Returns the style of this name, or the usual one, with its name.
    pub(super) fn style(&self, name: Option<&Spanned<String>>) -> Result<(String, flowatlas_model::Style), Error> {
        let style_name = name.map_or(styles::DEFAULT, |name| name.get_ref());
        let style = styles::style(style_name, self.folder).map_err(|e| match name {
            Some(name) if matches!(e, Error::Usage(_)) => self.error(name.span(), e.to_string()),
            _ => e,
        })?;
        Ok((style_name.to_owned(), style))
    }

    pub(super) fn count(&self, key: &str, value: &Spanned<usize>) -> Result<usize, Error> {
        let real = Spanned::new(value.span(), *value.get_ref() as f64);
        self.within(key, &real, COLUMNS).map(|count| count as usize)
    }

    /// Returns how many rows or flows are to be shown: some, for none would be an empty panel.
    fn some(&self, key: &str, value: &Spanned<usize>) -> Result<usize, Error> {
        match *value.get_ref() {
            0 => Err(self.error(value.span(), format!("\"{key}\" is 0, expected a number of at least 1"))),
            count => Ok(count),
        }
    }

    /// Widths can be compared only where they stand for the same thing.
    fn check_scales(&self, span: Range<usize>, plan: &FigurePlan, study: &Study) -> Result<(), Error> {
        let maps: Vec<&MapPlan> = plan
            .panels
            .iter()
            .filter_map(|panel| match &panel.shows {
                Shows::Map(at) => Some(plan.map(study, *at)),
                _ => None,
            })
            .collect();
        let shaded = |map: &MapPlan| map.spec.choropleth.as_ref().map(|c| (c.title.clone(), c.unit.clone()));
        let sized = |map: &MapPlan| (map.spec.circles, map.spec.size.as_ref().map(|size| size.title.clone()));
        for pair in maps.windows(2).filter(|_| plan.scaling == Scaling::Locked) {
            let (a, b) = (pair[0], pair[1]);
            let words = |a: &str, b: &str| format!(" (\"{a}\", \"{b}\")");
            let alike = [
                ("measure", a.spec.measure == b.spec.measure, words(&a.spec.measure, &b.spec.measure)),
                ("unit", a.spec.unit == b.spec.unit, words(&a.spec.unit, &b.spec.unit)),
                ("weights", a.spec.weights == b.spec.weights, String::new()),
                ("view", a.view == b.view, String::new()),
                ("shading", shaded(a) == shaded(b), String::new()),
                ("circles", sized(a) == sized(b), String::new()),
            ];
            let differ: Vec<String> = alike
                .into_iter()
                .filter(|(_, alike, _)| !alike)
                .map(|(what, _, found)| format!("{what}{found}"))
                .collect();
            if !differ.is_empty() {
                let message = "scales = \"locked\" needs maps of one measure, unit, weights, view, shading and circles";
                let differ = differ.join(", ");
                let message = format!("{message}, but \"{}\" and \"{}\" differ in {differ}", a.id, b.id);
                return Err(self.error(span, message));
            }
        }
        Ok(())
    }

    fn panel(
        &self,
        panel: &Spanned<PanelTable>,
        (at, others): (&FigureSite<'_>, &mut Vec<Study>),
    ) -> Result<PanelPlan, Error> {
        let table = panel.get_ref();
        Ok(PanelPlan {
            title: table.title.clone(),
            span: table.span.as_ref().map_or(Ok(1), |span| self.count("span", span))?,
            height: self.within_if("height_mm", table.height_mm.as_ref(), PAGE_MM)?.map(Mm),
            shows: self.shows(panel, (at, others))?,
            lines: KeyLines::default(),
        })
    }

    /// Returns the one thing that a panel shows.
    fn shows(
        &self,
        panel: &Spanned<PanelTable>,
        (at, others): (&FigureSite<'_>, &mut Vec<Study>),
    ) -> Result<Shows, Error> {
        let table = panel.get_ref();
        let mut map = |name: &Spanned<String>| self.map_ref(name, (at, &mut *others));
        let bars = table.bars.is_some() != table.balance.is_some();
        let other = table.bars.is_some() || table.balance.is_some();
        match (&table.map, &table.table, &table.flows, &table.indicators) {
            (Some(name), None, None, None) if !other => {
                let found = map(name)?;
                let plan = &found.study.map_or(at.study, |other| &others[other]).maps[found.map];
                match plan.multiples {
                    Some(wish) => Err(self.error(name.span(), several(name.get_ref(), wish.part))),
                    None => Ok(Shows::Map(found)),
                }
            }
            (Some(name), None, None, None) if bars => {
                Ok(Shows::Chart(self.chart(panel, RowsOf::Places(map(name)?, columns(table)))?))
            }
            (Some(name), None, Some(_), None) if !other => {
                Ok(Shows::Chart(self.chart(panel, RowsOf::Flows(map(name)?))?))
            }
            (None, Some(name), None, None) if bars => {
                let rows = RowsOf::Table(self.known_table(name, at.study)?, columns(table));
                Ok(Shows::Chart(self.chart(panel, rows)?))
            }
            (None, None, None, Some(names)) if !other => {
                let each = names.get_ref().iter().map(|id| map(&Spanned::new(names.span(), id.clone())));
                let maps = each.collect::<Result<Vec<_>, _>>()?;
                Ok(Shows::Indicators(self.indicators(panel, (maps, at))?))
            }
            _ => Err(self.error(panel.span(), ONE_THING.to_owned())),
        }
    }

    fn known_table(&self, name: &Spanned<String>, study: &Study) -> Result<usize, Error> {
        let (word, known) = (name.get_ref(), || study.tables.iter().map(|layer| layer.name.as_str()));
        known()
            .position(|layer| layer == word)
            .ok_or_else(|| self.error(name.span(), format!("there is no [tables.{word}]; {}", suggest(word, known()))))
    }

    fn chart(&self, panel: &Spanned<PanelTable>, rows: RowsOf) -> Result<ChartPlan, Error> {
        let table = panel.get_ref();
        if let Some(bars) = table.bars.as_ref().filter(|bars| !(1..=2).contains(&bars.get_ref().len())) {
            return Err(self.error(bars.span(), "\"bars\" are one or two columns or metrics".into()));
        }
        let series = table.bars.as_ref().map_or(1, |bars| bars.get_ref().len());
        if series > 1 && table.names.len() != series {
            return Err(self.error(panel.span(), "two series of bars need two \"names\" for their key".into()));
        }
        Ok(ChartPlan {
            top: match (&table.flows, &table.top) {
                (Some(flows), _) => Some(self.some("flows", flows)?),
                (None, Some(top)) => Some(self.some("top", top)?),
                (None, None) => None,
            },
            rows,
            names: table.names.clone(),
            unit: table.unit.clone(),
            sides: if table.balance.is_some() { Sides::Balance } else { Sides::Alike },
            decimals: table.decimals,
            highlight: table.highlight.clone(),
        })
    }

    fn indicators(
        &self,
        panel: &Spanned<PanelTable>,
        (maps, at): (Vec<MapRef>, &FigureSite<'_>),
    ) -> Result<IndicatorsPlan, Error> {
        let table = panel.get_ref();
        if table.names.len() != maps.len() || table.row.is_empty() {
            let message =
                "\"indicators\" need a name in \"names\" for each map, and a [[figure.panel.row]] for each row";
            return Err(self.error(panel.span(), message.into()));
        }
        let rows = table.row.iter().map(|row| self.indicator(row, (maps.len(), at))).collect::<Result<_, _>>()?;
        Ok(IndicatorsPlan { maps, heads: table.names.clone(), rows })
    }

    fn indicator(
        &self,
        row: &Spanned<RowTable>,
        (columns, at): (usize, &FigureSite<'_>),
    ) -> Result<IndicatorPlan, Error> {
        let table = row.get_ref();
        self.check_filters(table)?;
        let keep = table.filter.as_ref().map_or(Ok(Vec::new()), |written| self.filter(written.get_ref()))?;
        let found = match (&table.metric, &table.sum, &table.largest, &table.largest_share, &table.values) {
            (Some(name), None, None, None, None) => Found::Metric(self.metric(name)?),
            (None, Some(sum), None, None, None) => match &table.of {
                None => Found::Sum(sum.clone(), keep),
                Some(of) => {
                    let whole =
                        table.of_filter.as_ref().map_or(Ok(keep.clone()), |written| self.filter(written.get_ref()))?;
                    Found::Share([(sum.clone(), keep), (of.clone(), whole)])
                }
            },
            (None, None, Some(count), None, None) => Found::Largest(self.some("largest", count)?, keep),
            (None, None, None, Some(count), None) => Found::LargestShare(self.some("largest_share", count)?, keep),
            (None, None, None, None, Some(values)) if values.len() == columns => {
                let Some(cite) = &table.cite else {
                    let message =
                        "given \"values\" need the source that they are from: \"cite\", a key of sources.toml";
                    return Err(self.error(row.span(), message.into()));
                };
                self.citations(std::slice::from_ref(cite), &at.study.sources)?;
                Found::Given(values.clone())
            }
            _ => {
                let message = "a row has one of \"metric\", \"sum\", \"largest\", \"largest_share\", or \"values\", one for each map";
                return Err(self.error(row.span(), message.into()));
            }
        };
        Ok(IndicatorPlan { label: table.label.clone(), unit: table.unit.clone(), decimals: table.decimals, found })
    }

    /// Filters are refused where they would change nothing.
    fn check_filters(&self, table: &RowTable) -> Result<(), Error> {
        if let (Some(filter), true) = (&table.filter, table.metric.is_some() || table.values.is_some()) {
            let message =
                "\"filter\" keeps rows of flows for a sum or for the largest; a metric is of all flows of a map".into();
            return Err(self.error(filter.span(), message));
        }
        match (&table.of_filter, &table.of) {
            (Some(filter), None) => Err(self.error(filter.span(), "\"of_filter\" needs \"of\"".into())),
            _ => Ok(()),
        }
    }

    fn metric(&self, name: &Spanned<String>) -> Result<String, Error> {
        let word = name.get_ref();
        if !network_metrics().any(|metric| metric.id == word) {
            let hint = suggest(word, network_metrics().map(|metric| metric.id));
            return Err(self.error(name.span(), format!("there is no metric of networks \"{word}\"; {hint}")));
        }
        Choice::of(std::slice::from_ref(word)).map_err(|e| self.error(name.span(), e.to_string()))?;
        Ok(word.clone())
    }

    /// Returns the map of this name: `MAP`, or `STUDY#MAP` for one of another study, beside this file.
    fn map_ref(
        &self,
        name: &Spanned<String>,
        (at, others): (&FigureSite<'_>, &mut Vec<Study>),
    ) -> Result<MapRef, Error> {
        let Some((path, id)) = name.get_ref().split_once('#') else {
            return Ok(MapRef { study: None, map: self.known_map(name, (name.get_ref(), at.study))? });
        };
        let other = load_maps(&self.folder.join(path)).map_err(|e| match e {
            Error::Usage(message) => self.error(name.span(), message),
            other => other,
        })?;
        let map = self.known_map(name, (id, &other))?;
        others.push(Study { maps: vec![other.maps[map].clone()], ..other });
        Ok(MapRef { study: Some(others.len() - 1), map: 0 })
    }

    fn known_map(&self, name: &Spanned<String>, (id, study): (&str, &Study)) -> Result<usize, Error> {
        let known = || study.maps.iter().map(|map| map.id.as_str());
        let found =
            study.maps.iter().position(|map| map.id == id).ok_or_else(|| {
                self.error(name.span(), format!("there is no map \"{id}\"; {}", suggest(id, known())))
            })?;
        match study.maps[found].drawing {
            Drawing::Lines(_) => Ok(found),
            Drawing::Matrix => {
                Err(self.error(name.span(), format!("the map \"{id}\" is a matrix, which stands on a page of its own")))
            }
        }
    }
}

/// Returns why small multiples are no panel, and what is.
fn several(map: &str, part: Part) -> String {
    format!(
        "the map \"{map}\" is small multiples by {}, which stand on a page of their own; for a page with other panels make a map of each of \
         its {}, by a filter, and give each a panel",
        options::part_name(part),
        options::part_names(part),
    )
}

/// Checks that a panel of this figure has no key that changes nothing there.
fn check_keys(panel: &PanelPlan, figure: &str) -> Result<(), Error> {
    let shown = in_words(&panel.shows);
    let in_vain = KEYS.iter().find(|(key, takers)| panel.lines.has(key) && !takers.contains(&shown));
    let Some((key, takers)) = in_vain else { return Ok(()) };
    let message = format!("\"{key}\" changes nothing where a panel shows {shown}; it goes with {}", takers.join(", "));
    let (figure, title) = (figure.to_owned(), panel.title.clone());
    Err(panel.lines.locate(key, Error::Figure { figure, panel: title, message }))
}

fn in_words(shows: &Shows) -> &'static str {
    match shows {
        Shows::Map(_) => MAP,
        Shows::Indicators(_) => INDICATORS,
        Shows::Chart(ChartPlan { sides: Sides::Balance, .. }) => BALANCE,
        Shows::Chart(ChartPlan { rows, .. }) => match rows {
            RowsOf::Flows(_) => FLOWS,
            RowsOf::Table(_, series) | RowsOf::Places(_, series) if series.len() > 1 => SERIES,
            RowsOf::Table(..) | RowsOf::Places(..) => BARS,
        },
    }
}

/// Returns the sources that a figure cites, with those of single rows of its tables behind.
fn cited(table: &FigureTable) -> Vec<Spanned<String>> {
    let mut cite = table.cite.clone();
    for key in table.panel.iter().flat_map(|panel| &panel.get_ref().row).filter_map(|row| row.get_ref().cite.as_ref()) {
        if cite.iter().all(|known| known.get_ref() != key.get_ref()) {
            cite.push(key.clone());
        }
    }
    cite
}

/// Returns the columns or metrics that bars show.
fn columns(table: &PanelTable) -> Vec<String> {
    let bars = table.bars.iter().flat_map(|bars| bars.get_ref().iter());
    bars.chain(table.balance.as_ref().map(Spanned::get_ref)).cloned().collect()
}
