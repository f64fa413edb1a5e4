//! Networks side by side: what `flowatlas compare` does.

use std::path::{Path, PathBuf};

use flowatlas_map::{self as map, ChartPage};
use flowatlas_model::{comparison::Comparison, units::Mm};
use flowatlas_network::{Choice, Measures, Part};

use crate::{
    by::{self, Measured, other_names, side_by_side},
    error::Error,
    graph,
    layers::Layers,
    options::DEFAULT_DPI,
    outputs::{Output, keep_inputs, stem_of, write_all},
    report::report,
    run::{Outcome, scene_image},
    study::{Base, FigureFormat, MapPlan, OutputPlan, Study, TableFormat},
    styles,
};

/// A network to be compared: the only map of a study, with its name in the comparison.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The name.
    pub label: String,
    /// A study of one map.
    pub study: Study,
}

/// What is compared with what.
#[derive(Debug, Clone)]
pub enum Sought {
    /// Two or more networks, each with the one before it.
    Networks(Vec<Chosen>),
    /// The periods or kinds of one network.
    Parts(Box<Chosen>, Part),
}

/// How a comparison is made.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// The title of the figure; empty for the names of the networks.
    pub title: String,
    /// Which metrics to compute.
    pub metrics: Choice,
    /// The files to write.
    pub files: Vec<(PathBuf, FigureFormat)>,
}

impl Chosen {
    /// Returns one map of a study as a network of its own. Base maps are left out: nothing is drawn on them.
    pub fn new(label: String, study: &Study, map: &MapPlan) -> Self {
        let plan = MapPlan { window_bases: Vec::new(), ..map.clone() };
        Chosen {
            label,
            study: Study { maps: vec![plan], figures: Vec::new(), base: Base::Files(Vec::new()), ..study.clone() },
        }
    }

    fn plan(&self) -> &MapPlan {
        self.study.maps.first().expect("a chosen network is a study of one map")
    }
}

/// Compares networks and writes what was found. Returns what was read of each, the last one with the files, and what is to be said of all
/// together.
///
/// # Errors
/// Fails where a layer cannot be read, where there is only one network, and where a file cannot be written.
pub fn compare(sought: &Sought, wishes: &Wishes) -> Result<(Vec<Outcome>, Option<String>), Error> {
    let Gathered { members, mut outcomes, in_no_part } = match sought {
        Sought::Networks(chosen) => networks(chosen, &wishes.metrics)?,
        Sought::Parts(chosen, part) => parts(chosen, *part, &wishes.metrics)?,
    };
    let comparison = side_by_side(&members, in_no_part.as_deref());
    let mut outputs = Vec::new();
    for (file, format) in &wishes.files {
        outputs.extend(written(&comparison, &wishes.title, (file, *format))?);
    }
    let read: Vec<PathBuf> = match sought {
        Sought::Networks(chosen) => chosen.iter().flat_map(|one| one.study.inputs()).collect(),
        Sought::Parts(chosen, _) => chosen.study.inputs(),
    };
    keep_inputs(&read, outputs.iter().map(|output| output.path.as_path()))?;
    write_all(&outputs)?;
    let files = outputs.into_iter().map(|output| output.path).collect();
    outcomes.last_mut().expect("there is a network").files = files;
    Ok((outcomes, other_names(&members)))
}

/// Networks that were measured, and what was read of them.
struct Gathered {
    members: Vec<Measured>,
    outcomes: Vec<Outcome>,
    /// What is to be said of rows that are in none of them.
    in_no_part: Option<String>,
}

fn networks(chosen: &[Chosen], choice: &Choice) -> Result<Gathered, Error> {
    let (mut members, mut outcomes) = (Vec::new(), Vec::new());
    for one in chosen {
        let layers = Layers::read(&one.study)?;
        let graphed = graph(one.plan(), &layers.materials(one.plan()))?;
        let network = (graphed.atlas.into_owned(), graphed.all);
        members.push(Measured::new((&one.label, &one.plan().spec.unit), network, &measures(choice)));
        outcomes.push(Outcome {
            files: Vec::new(),
            report: report(&one.study, &layers, Default::default()),
            entries: Vec::new(),
        });
    }
    Ok(Gathered { members, outcomes, in_no_part: None })
}

fn parts(chosen: &Chosen, part: Part, choice: &Choice) -> Result<Gathered, Error> {
    let layers = Layers::read(&chosen.study)?;
    let graphed = graph(chosen.plan(), &layers.materials(chosen.plan()))?;
    let members = by::parts(chosen.plan(), &graphed, (part, &measures(choice)));
    if let Some(reason) = by::too_few(&members, part) {
        return Err(Error::Usage(reason));
    }
    let in_no_part = by::in_no_part(chosen.plan(), &graphed.table, part);
    let mut report = report(&chosen.study, &layers, Default::default());
    report.notes.extend(in_no_part.clone());
    let outcomes = vec![Outcome { files: Vec::new(), report, entries: Vec::new() }];
    Ok(Gathered { members, outcomes, in_no_part })
}

fn measures(choice: &Choice) -> Measures {
    Measures { metrics: choice.clone(), ..Measures::default() }
}

fn written(comparison: &Comparison, title: &str, (file, format): (&Path, FigureFormat)) -> Result<Vec<Output>, Error> {
    match format {
        FigureFormat::Table(format) => Ok(tables(comparison, file, format)),
        FigureFormat::Picture(format) => {
            let (scene, output) = (figure(comparison, title)?, OutputPlan::at_dpi(DEFAULT_DPI));
            let bytes = scene_image("comparison", &scene, (format, &output))?;
            Ok(vec![Output { path: file.to_path_buf(), bytes }])
        }
    }
}

fn figure(comparison: &Comparison, title: &str) -> Result<flowatlas_model::Scene, Error> {
    let style = styles::style(styles::DEFAULT, Path::new(""))?;
    let width = Mm(style.page.width_mm);
    let page = ChartPage { title, style: &style, fonts: styles::bundled_fonts(), width };
    map::comparison(comparison, &page).ok_or_else(|| {
        let drawn = map::indices_of_comparison().join(", ");
        Error::Usage(format!(
            "none of these metrics can be drawn: the figure shows ranks of places by a metric of places that two of them have, \
             and of the metrics of the network {drawn}; write csv or json for all, or choose others with --metrics"
        ))
    })
}

/// Returns the tables and their descriptions: that of networks under the name given, the others with theirs added.
fn tables(comparison: &Comparison, file: &Path, format: TableFormat) -> Vec<Output> {
    let files = by::tables(comparison, &stem_of(file), format).into_iter();
    files.map(|(name, bytes)| Output { path: file.with_file_name(name), bytes }).collect()
}
