//! From a study as written to a study as meant: names become positions, paths become files, numbers are in range.

#[path = "resolve_choropleth.rs"]
mod choropleth;
#[path = "resolve_figure.rs"]
mod figure;

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use flowatlas_draw::Lettering;
use flowatlas_ingest::{Attributes, FlowColumns, PlaceColumns, Source};
use flowatlas_map::{
    spec::{
        Annotation, Bend, Circles, Detail, Directions, Extent, FixedCourse, FixedSizes, LocatorSpec, MapSpec,
        ProjectionChoice, SelfFlows, Uncertain, WindowSpec,
    },
    words::Language,
};
use flowatlas_model::{Coordinates, Style, WeightKind, scene::Font, table, units::Mm};
use flowatlas_network::{Choice, Grouping, Measures, Part, Selection, View};
use toml::{Spanned, Value, de::DeValue};

use figure::FigureSite;

use crate::{
    config::{self, Document, suggest},
    error::Error,
    formats,
    options::{self, DEFAULT_LOCATOR, DPI, EXTENT_WORDS, LOCATOR_MM, PAGE_MM, extent_box, parse_extent, projection},
    shading::SymbolsPlan,
    study::{
        Base, FlowsLayer, KeyLines, MapPlace, MapPlan, Multiples, OutputPlan, Paper, Placement, PlacesLayer, Study,
    },
    study_file::{
        AnnotationTable, CitedSource, CourseTable, FlowsTable, LetteringWord, LocatorTable, MapTable, OutputTable,
        PlacesTable, SelfFlowsWord, StudyFile, SymbolsTable, UncertainTable, Weights, WindowTable,
    },
    styles,
};

/// Greatest bow of a fixed course, as a share of its length.
const MOST_BOW: f64 = 2.0;
/// What is no loss: 0 and above.
const AMOUNT: (f64, f64) = (0.0, f64::MAX);

/// Where a study stands while it is resolved.
struct Site<'a> {
    document: Document<'a>,
    folder: &'a Path,
    keys: Spanned<DeValue<'a>>,
}

/// Returns the study that `document`, which stands at `path`, describes.
pub(crate) fn study(path: &Path, document: Document, depth: Depth) -> Result<Study, Error> {
    let written: StudyFile = document.parse()?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let keys = document.table()?;
    let keys = Spanned::new(keys.span(), DeValue::Table(keys.into_inner()));
    let site = Site { document, folder, keys };
    let language = site.language(written.language.as_ref())?;
    let sources = site.sources(written.sources.as_ref())?;
    let base = match &written.base {
        Some(files) => Base::Files(site.layers(files)?),
        None => Base::Auto,
    };
    let places = written.places.iter().map(|(name, t)| site.places(name, t)).collect::<Result<_, _>>()?;
    let flows = written.flows.iter().map(|(name, t)| site.flows(name, t)).collect::<Result<_, _>>()?;
    let output = site.output(&written.output)?;
    let tables = written.tables.iter().map(|(name, t)| site.table(name, t)).collect::<Result<_, _>>()?;
    let (maps, figures) = (vec![], vec![]);
    let title = written.title.clone();
    let mut study = Study { name: name_of(path), title, base, places, flows, tables, maps, figures, output, sources };
    for (position, map) in written.map.iter().enumerate() {
        let plan = site.map((position, map), &MapSite { written: &written, study: &study, language })?;
        study.maps.push(plan);
    }
    for figure in written.figure.iter().enumerate().filter(|_| depth == Depth::Whole) {
        let plan = site.figure(figure, &FigureSite { study: &study, written: &written, language })?;
        study.figures.push(plan);
    }
    if study.maps.is_empty() && written.figure.is_empty() {
        return Err(document.error(&(0..0), "the study has no map; add a [[map]]".into()));
    }
    if depth == Depth::Whole {
        formats::check(&study)?;
    }
    Ok(study)
}

/// How much of a study is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Its maps, for a figure of another study.
    Maps,
    /// All of it.
    Whole,
}

/// Reads a study for the sake of its maps. Its figures are left alone, so that studies may take maps from each other.
fn load_maps(path: &Path) -> Result<Study, Error> {
    crate::study::load(path, Depth::Maps)
}

/// Returns the name of the folder in which the study lies, or of the file where it lies in none.
fn name_of(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = whole.parent().and_then(Path::file_name).or(path.file_stem());
    folder.map_or_else(|| "study".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// What a map is resolved against.
struct MapSite<'a> {
    written: &'a StudyFile,
    study: &'a Study,
    language: Language,
}

impl Site<'_> {
    fn error(&self, span: Range<usize>, message: String) -> Error {
        self.document.error(&span, message)
    }

    /// Returns where the keys of a table of the study stand.
    fn lines(&self, way: &[&str]) -> KeyLines {
        let table = way.iter().try_fold(&self.keys, |at, step| match at.get_ref() {
            DeValue::Table(table) => table.get(*step),
            DeValue::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        });
        table.map_or_else(KeyLines::default, |table| KeyLines::of(self.document, table))
    }

    fn language(&self, tag: Option<&Spanned<String>>) -> Result<Language, Error> {
        let Some(tag) = tag else {
            return Ok(Language::default());
        };
        tag.get_ref().parse().map_err(|message| self.error(tag.span(), message))
    }

    /// Returns the path of a file that the study names, which must be there.
    fn file(&self, name: &Spanned<String>) -> Result<PathBuf, Error> {
        let path = self.folder.join(name.get_ref());
        self.must_exist(&path, name)?;
        Ok(path)
    }

    fn layers(&self, names: &[Spanned<String>]) -> Result<Vec<Source>, Error> {
        names.iter().map(|name| self.source(name)).collect()
    }

    fn fonts(&self, names: &[Spanned<String>]) -> Result<Vec<Font>, Error> {
        let faces = |name: &Spanned<String>| {
            styles::own_fonts(&self.file(name)?).map_err(|e| self.error(name.span(), e.to_string()))
        };
        Ok(names.iter().map(faces).collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn source(&self, name: &Spanned<String>) -> Result<Source, Error> {
        let source = Source::parse(name.get_ref(), self.folder);
        if !source.is_address() {
            self.must_exist(&source.path, name)?;
        }
        Ok(source)
    }

    fn must_exist(&self, path: &Path, name: &Spanned<String>) -> Result<(), Error> {
        if path.exists() {
            return Ok(());
        }
        let hint = config::nearest_file(path);
        Err(self.error(name.span(), format!("there is no file \"{}\"{hint}", name.get_ref())))
    }

    /// Reads the sources; a study that names no file may do without one.
    fn sources(&self, name: Option<&Spanned<String>>) -> Result<BTreeMap<String, CitedSource>, Error> {
        let path = match name {
            Some(name) => self.file(name)?,
            None => self.folder.join("sources.toml"),
        };
        if !path.exists() {
            return Ok(BTreeMap::new());
        }
        let text = config::read_text(&path)?;
        Document { file: &path.display().to_string(), text: &text }.parse()
    }

    fn places(&self, name: &str, table: &PlacesTable) -> Result<PlacesLayer, Error> {
        let columns = PlaceColumns {
            id: table.id.clone(),
            name: table.name.clone(),
            lon: table.lon.clone(),
            lat: table.lat.clone(),
            x: table.x.clone(),
            y: table.y.clone(),
            population: table.population.clone(),
        };
        Ok(PlacesLayer {
            name: name.to_owned(),
            source: self.source(&table.file)?,
            columns,
            lines: self.lines(&["places", name]),
        })
    }

    fn flows(&self, name: &str, table: &FlowsTable) -> Result<FlowsLayer, Error> {
        let columns = FlowColumns {
            origin: table.origin.clone(),
            dest: table.dest.clone(),
            weight: table.weight.clone(),
            kind: table.kind.clone(),
            time: table.time.clone(),
            tolerance: self.within_if("tolerance", table.tolerance.as_ref(), AMOUNT)?,
            attributes: Attributes::Kept,
        };
        let weights = weight_kind(table.weights);
        if let (WeightKind::Measured, Some(classes)) = (weights, &table.classes) {
            let message = "\"classes\" are words for ranks; they need weights = \"ordinal\"".into();
            return Err(self.error(classes.span(), message));
        }
        Ok(FlowsLayer {
            name: name.to_owned(),
            source: self.source(&table.file)?,
            columns,
            weights,
            lines: self.lines(&["flows", name]),
        })
    }

    fn output(&self, table: &OutputTable) -> Result<OutputPlan, Error> {
        Ok(OutputPlan {
            images: table.images.clone(),
            metrics: table.metrics.clone(),
            layers: table.layers.clone(),
            dpi: self.within("dpi", &table.dpi, DPI)?,
            lettering: match table.text {
                LetteringWord::Live => Lettering::Live,
                LetteringWord::Outlines => Lettering::Outlines,
            },
            paper: if table.transparent { Paper::Clear } else { Paper::Style },
            placement: if table.world_files { Placement::WorldFiles } else { Placement::None },
            measures: self.measures(table)?,
            by: table.by.iter().map(|word| Part::from(*word)).collect(),
            lines: self.lines(&["output"]),
        })
    }

    fn measures(&self, table: &OutputTable) -> Result<Measures, Error> {
        let mut measures = Measures::default();
        if let Some(names) = &table.measures {
            measures.metrics = Choice::of(names.get_ref()).map_err(|e| self.error(names.span(), e.to_string()))?;
        }
        if let Some(name) = &table.distance {
            measures.distance = options::distance(name.get_ref()).map_err(|e| self.error(name.span(), e))?;
        }
        Ok(measures)
    }

    fn within(&self, key: &str, value: &Spanned<f64>, (least, most): (f64, f64)) -> Result<f64, Error> {
        let number = *value.get_ref();
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        let expected =
            if most == f64::MAX { format!("of at least {least}") } else { format!("from {least} to {most}") };
        Err(self.error(value.span(), format!("\"{key}\" is {number}, expected a number {expected}")))
    }

    fn within_if(&self, key: &str, value: Option<&Spanned<f64>>, range: (f64, f64)) -> Result<Option<f64>, Error> {
        value.map(|v| self.within(key, v, range)).transpose()
    }

    fn map(&self, (position, map): (usize, &Spanned<MapTable>), at: &MapSite) -> Result<MapPlan, Error> {
        let table = map.get_ref();
        let id = self.map_id(&table.id, at.study)?;
        let places =
            self.layer("places", table.places.as_ref(), &map.span(), at.study.places.iter().map(|l| &l.name))?;
        let flows = self.layer("flows", table.flows.as_ref(), &map.span(), at.study.flows.iter().map(|l| &l.name))?;
        let (style_name, style) = self.style(table.style.as_ref())?;
        let spec = self.spec(table, at, (&at.study.flows[flows].name, &style))?;
        Ok(MapPlan {
            id,
            places,
            flows,
            filter: self.filter(&table.filter)?,
            grouping: self.grouping(table)?,
            view: self.view(table.view.as_ref(), at.study.flows[flows].weights)?,
            selection: self.selection(table)?,
            style_name,
            style,
            fonts: self.fonts(&at.written.fonts)?,
            drawing: self.layout(table.layout.as_ref())?,
            seed: table.seed.unwrap_or(1),
            layout_seconds: self.within_if("layout_seconds", table.layout_seconds.as_ref(), options::LAYOUT_SECONDS)?,
            cite: table.cite.iter().map(|key| key.get_ref().clone()).collect(),
            window_bases: table.window.iter().map(|w| self.layers(&w.base)).collect::<Result<_, _>>()?,
            place: if table.page { MapPlace::Page } else { MapPlace::Figures },
            multiples: self.multiples(table)?,
            uncertain: table.uncertain.as_ref().map_or(Ok(Vec::new()), |u| self.filter(&u.rows))?,
            shading: table.choropleth.as_ref().map(|t| choropleth::plan(t.get_ref())),
            symbols: symbols(&table.symbols),
            spec,
            lines: self.lines(&["map", &position.to_string()]),
        })
    }

    fn map_id(&self, id: &Spanned<String>, study: &Study) -> Result<String, Error> {
        let name = id.get_ref();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            let message = format!("the id \"{name}\" names files; use letters without accents, digits and \"-\"");
            return Err(self.error(id.span(), message));
        }
        let taken = study.maps.iter().map(|m| &m.id).chain(study.figures.iter().map(|f| &f.id));
        if taken.into_iter().any(|known| known == name) {
            return Err(
                self.error(id.span(), format!("there are two maps \"{name}\"; every map needs an id of its own"))
            );
        }
        Ok(name.clone())
    }

    /// Returns the position of the layer that a map names, or of the only one.
    fn layer<'a>(
        &self,
        key: &str,
        name: Option<&Spanned<String>>,
        map: &Range<usize>,
        known: impl Iterator<Item = &'a String>,
    ) -> Result<usize, Error> {
        let known: Vec<&str> = known.map(String::as_str).collect();
        match (name, known.as_slice()) {
            (Some(name), _) => known.iter().position(|k| k == name.get_ref()).ok_or_else(|| {
                let hint = suggest(name.get_ref(), known.iter().copied());
                self.error(name.span(), format!("there is no [{key}.{}]; {hint}", name.get_ref()))
            }),
            (None, [_]) => Ok(0),
            (None, []) => Err(self.error(map.clone(), format!("the study has no layer of {key}; add a [{key}.NAME]"))),
            (None, _) => Err(self.error(map.clone(), format!("say which {key} the map shows: {}", known.join(", ")))),
        }
    }

    fn filter(&self, written: &BTreeMap<String, Spanned<Value>>) -> Result<Vec<(String, Vec<table::Value>)>, Error> {
        let mut filter = Vec::new();
        for (column, wanted) in written {
            let values = match wanted.get_ref() {
                Value::Array(many) => many.iter().map(|v| self.cell(v, wanted.span())).collect::<Result<_, _>>()?,
                one => vec![self.cell(one, wanted.span())?],
            };
            filter.push((column.clone(), values));
        }
        Ok(filter)
    }

    fn cell(&self, value: &Value, span: Range<usize>) -> Result<table::Value, Error> {
        match value {
            Value::String(text) => Ok(table::Value::Text(Arc::from(text.as_str()))),
            Value::Integer(whole) => Ok(table::Value::Integer(*whole)),
            Value::Float(real) if real.is_finite() => Ok(table::Value::Real(*real)),
            Value::Boolean(flag) => Ok(table::Value::Flag(*flag)),
            other => {
                let message =
                    format!("a filter keeps rows by text, number or true and false, found {}", other.type_str());
                Err(self.error(span, message))
            }
        }
    }

    fn selection(&self, table: &MapTable) -> Result<Selection, Error> {
        Ok(Selection {
            top: table.top,
            share: self.within_if("share", table.share.as_ref(), (0.0, 1.0))?,
            threshold: self.within_if("threshold", table.threshold.as_ref(), AMOUNT)?,
        })
    }

    fn grouping(&self, table: &MapTable) -> Result<Option<Grouping>, Error> {
        let (Some(places), within) = (&table.cluster, &table.cluster_within) else {
            return match &table.cluster_within {
                Some(within) => Err(self.error(within.span(), "\"cluster_within\" needs \"cluster\"".into())),
                None => Ok(None),
            };
        };
        if *places.get_ref() == 0 {
            return Err(self.error(places.span(), "\"cluster\" is 0, expected at least 1 place".into()));
        }
        Ok(Some(Grouping { places: *places.get_ref(), within: within.as_ref().map(|w| w.get_ref().clone()) }))
    }

    fn view(&self, name: Option<&Spanned<String>>, weights: WeightKind) -> Result<View, Error> {
        let Some(name) = name else {
            return options::view(options::DEFAULT_VIEW).map_err(Error::Usage);
        };
        let view = options::view(name.get_ref()).map_err(|message| self.error(name.span(), message))?;
        if weights == WeightKind::Ordinal && view != View::TwoWay {
            let message = format!("\"view\" is \"{}\", but ranks are neither added nor subtracted", name.get_ref());
            return Err(self.error(name.span(), format!("{message}; ordinal flows have the view \"two-way\" only")));
        }
        Ok(view)
    }

    fn circles(&self, name: Option<&Spanned<String>>) -> Result<Circles, Error> {
        let named = options::circles(name.map_or(options::DEFAULT_CIRCLES, |n| n.get_ref()));
        named.map_err(|message| self.error(name.map_or(0..0, Spanned::span), message))
    }

    fn layout(&self, name: Option<&Spanned<String>>) -> Result<options::Drawing, Error> {
        let named = options::layout(name.map_or(options::DEFAULT_LAYOUT, |n| n.get_ref()));
        named.map_err(|message| self.error(name.map_or(0..0, Spanned::span), message))
    }

    fn multiples(&self, table: &MapTable) -> Result<Option<Multiples>, Error> {
        let columns = table.columns.as_ref().map(|columns| self.count("columns", columns)).transpose()?;
        match (table.multiples.as_ref(), &table.columns) {
            (Some(by), _) if self.layout(table.layout.as_ref())? == options::Drawing::Matrix => {
                Err(self.error(by.span(), options::ONE_MATRIX.into()))
            }
            (Some(by), _) => {
                let part = options::part(by.get_ref()).map_err(|message| self.error(by.span(), message))?;
                Ok(Some(Multiples { part, columns }))
            }
            (None, Some(columns)) => Err(self.error(columns.span(), "\"columns\" needs \"multiples\"".into())),
            (None, None) => Ok(None),
        }
    }

    fn spec(&self, table: &MapTable, at: &MapSite, (flows, style): (&str, &Style)) -> Result<MapSpec, Error> {
        let layer = &at.written.flows[flows];
        let projection = projection(table.projection.as_deref().unwrap_or("auto"));
        let coordinates = match projection {
            ProjectionChoice::None => Coordinates::Planar,
            _ => Coordinates::Geographic,
        };
        Ok(MapSpec {
            title: table.title.clone(),
            subtitle: table.subtitle.clone(),
            notes: table.notes.clone(),
            sources: self.citations(&table.cite, &at.study.sources)?,
            measure: layer.measure.clone(),
            unit: layer.unit.clone(),
            second_name: table.second_name.clone(),
            basis: layer.basis.clone(),
            period: layer.period.clone().unwrap_or_default(),
            weights: weight_kind(layer.weights),
            directions: Directions::Apart,
            classes: layer.classes.as_ref().map_or_else(Vec::new, |c| c.get_ref().clone()),
            language: at.language,
            width: Mm(self.within_if("width_mm", table.width_mm.as_ref(), PAGE_MM)?.unwrap_or(style.page.width_mm)),
            height: self.within_if("height_mm", table.height_mm.as_ref(), PAGE_MM)?.map(Mm),
            sizes: self.sizes(table)?,
            extent: self.extent(table.extent.as_ref(), coordinates)?,
            projection,
            windows: table.window.iter().map(|w| self.window(w, coordinates)).collect::<Result<_, _>>()?,
            magnify: table.magnify,
            place_borders: at.study.base == Base::Auto,
            locator: table.locator.as_ref().map(|l| self.locator(l)).transpose()?,
            choropleth: table
                .choropleth
                .as_ref()
                .map(|t| self.choropleth(t, self.layout(table.layout.as_ref())?))
                .transpose()?,
            highlight: table.highlight.clone(),
            subject: table.subject.clone(),
            region_labels: table.region_labels.clone(),
            areas: table.areas.clone(),
            exits: table.exits.clone(),
            kinds: table.kinds.clone(),
            uncertain: table.uncertain.as_ref().map(uncertain),
            circles: self.circles(table.circles.as_ref())?,
            size: None,
            groups: None,
            values: table.values,
            annotations: table.annotation.iter().map(|a| self.annotation(a)).collect::<Result<_, _>>()?,
            courses: table.course.iter().map(|c| self.course(c)).collect::<Result<_, _>>()?,
            self_flows: self_flows(table.self_flows),
            self_links: None,
            layout_remark: String::new(),
            trunks: false,
            part: None,
            detail: Detail::Flows,
        })
    }

    fn citations(
        &self,
        keys: &[Spanned<String>],
        sources: &BTreeMap<String, CitedSource>,
    ) -> Result<Vec<String>, Error> {
        let cite = |key: &Spanned<String>| match sources.get(key.get_ref()) {
            Some(source) => Ok(source.cite.clone()),
            None => {
                let hint = suggest(key.get_ref(), sources.keys().map(String::as_str));
                Err(self.error(key.span(), format!("there is no source \"{}\"; {hint}", key.get_ref())))
            }
        };
        keys.iter().map(cite).collect()
    }

    fn sizes(&self, table: &MapTable) -> Result<FixedSizes, Error> {
        let size = |key, value: &Option<Spanned<f64>>| {
            self.within_if(key, value.as_ref(), options::SYMBOL_MM).map(|size| size.map(Mm))
        };
        Ok(FixedSizes {
            flow_width: size("flow_width_mm", &table.flow_width_mm)?,
            place_radius: size("place_radius_mm", &table.place_radius_mm)?,
        })
    }

    fn extent(&self, written: Option<&Spanned<Value>>, coordinates: Coordinates) -> Result<Extent, Error> {
        let Some(written) = written else {
            return Ok(Extent::Flows);
        };
        let parsed = match written.get_ref() {
            Value::String(word) => parse_extent(word),
            Value::Array(sides) => {
                let numbers: Vec<f64> =
                    sides.iter().filter_map(|v| v.as_float().or(v.as_integer().map(|i| i as f64))).collect();
                if numbers.len() == sides.len() {
                    extent_box(&numbers, coordinates)
                } else {
                    Err(EXTENT_WORDS.to_owned())
                }
            }
            _ => Err(EXTENT_WORDS.to_owned()),
        };
        parsed.map_err(|message| self.error(written.span(), message))
    }

    fn course(&self, table: &CourseTable) -> Result<FixedCourse, Error> {
        let bend = match (table.bow, table.through) {
            (Some(bow), None) if bow.abs() <= MOST_BOW => Bend::Bow(bow),
            (None, Some(at)) => Bend::Through(at),
            _ => {
                let message = format!(
                    "a [[map.course]] has either \"bow\", from -{MOST_BOW} to {MOST_BOW}, or \"through\", a position"
                );
                return Err(self.error(table.dest.span(), message));
            }
        };
        let (origin, destination) = (table.origin.clone(), table.dest.get_ref().clone());
        Ok(FixedCourse { origin, destination, kind: table.kind.clone(), bend })
    }

    fn annotation(&self, table: &AnnotationTable) -> Result<Annotation, Error> {
        if table.text.get_ref().trim().is_empty() {
            let message = "\"text\" is empty, expected the words of the [[map.annotation]]".into();
            return Err(self.error(table.text.span(), message));
        }
        let (origin, destination) = (table.origin.clone(), table.dest.clone());
        Ok(Annotation { origin, destination, kind: table.kind.clone(), text: table.text.get_ref().clone() })
    }

    fn locator(&self, table: &LocatorTable) -> Result<LocatorSpec, Error> {
        let extent = *table.extent.get_ref();
        extent_box(&extent, Coordinates::Geographic).map_err(|message| self.error(table.extent.span(), message))?;
        let width = self.within_if("width_mm", table.width_mm.as_ref(), LOCATOR_MM)?.map_or(DEFAULT_LOCATOR, Mm);
        Ok(LocatorSpec { extent, width, base: None })
    }

    fn window(&self, table: &WindowTable, coordinates: Coordinates) -> Result<WindowSpec, Error> {
        let extent = *table.extent.get_ref();
        extent_box(&extent, coordinates).map_err(|message| self.error(table.extent.span(), message))?;
        let inside = |[left, top, width, height]: [f64; 4]| {
            left >= 0.0 && top >= 0.0 && width > 0.0 && height > 0.0 && left + width <= 1.0 && top + height <= 1.0
        };
        if let Some(place) = table.place.as_ref().filter(|place| !inside(*place.get_ref())) {
            let message =
                "\"box\" is left, top, width and height as shares of the frame, and must lie inside it".into();
            return Err(self.error(place.span(), message));
        }
        Ok(WindowSpec {
            title: table.title.clone(),
            extent,
            place: table.place.as_ref().map(|place| *place.get_ref()),
            region_labels: table.region_labels.clone(),
            base: None,
        })
    }
}

fn weight_kind(written: Weights) -> WeightKind {
    match written {
        Weights::Measured => WeightKind::Measured,
        Weights::Ordinal => WeightKind::Ordinal,
    }
}

fn self_flows(written: SelfFlowsWord) -> SelfFlows {
    match written {
        SelfFlowsWord::Count => SelfFlows::Count,
        SelfFlowsWord::Rings => SelfFlows::Rings,
    }
}

/// What symbols show; their numbers and groups come with the data.
fn symbols(table: &SymbolsTable) -> SymbolsPlan {
    let titled = |by: &Option<String>, title: &String| by.clone().map(|by| (by, title.clone()));
    SymbolsPlan { size: titled(&table.size, &table.size_title), color: titled(&table.color, &table.color_title) }
}

fn uncertain(table: &UncertainTable) -> Uncertain {
    Uncertain { label: table.label.clone(), ..Uncertain::default() }
}
