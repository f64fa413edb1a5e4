//! What `flowatlas compare` was given, as networks.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use flowatlas::{
    Error,
    compare::{Chosen, Sought, Wishes},
    options::DEFAULT_DPI,
    outputs,
    study::{FigureFormat, OutputPlan, Study},
};
use flowatlas_network::{Choice, Part};

use crate::{
    args::{ColumnArgs, DataArgs, WeightsName},
    two_files,
};

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Studies, STUDY.toml or its folder, with #MAP for one of several maps; or files: PLACES FLOWS PLACES FLOWS …
    #[arg(required = true, value_name = "NETWORK")]
    pub networks: Vec<String>,
    /// Compare the periods or the kinds of one network
    #[arg(long, value_enum, value_name = "COLUMN", help_heading = "Data")]
    pub by: Option<PartName>,
    /// Name of a network, in the order of the networks; repeat for each [default: names of studies and files]
    #[arg(long, help_heading = "Data")]
    pub label: Vec<String>,
    /// What the weights of the files are: counts that may be summed, or ranks
    #[arg(long, value_enum, default_value_t = WeightsName::Measured, help_heading = "Data")]
    pub weights: WeightsName,
    /// Unit of the weights of the files, plural: persons
    #[arg(long, default_value = "", hide_default_value = true, help_heading = "Data")]
    pub unit: String,
    #[command(flatten)]
    pub columns: ColumnArgs,
    /// Metrics, or groups of them, to compare; separated by commas
    #[arg(long, value_delimiter = ',', value_name = "NAME", help_heading = "Output")]
    pub metrics: Vec<String>,
    /// Title of the figure
    #[arg(long, default_value = "", hide_default_value = true, help_heading = "Output")]
    pub title: String,
    /// FILE.csv or .parquet (places, flows and overlap go to FILE-places.csv and so on), FILE.json, FILE.png, .svg or .pdf; repeat for more
    #[arg(short, long, required = true, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PartName {
    Time,
    Kind,
}

impl From<PartName> for Part {
    fn from(name: PartName) -> Part {
        match name {
            PartName::Time => Part::Time,
            PartName::Kind => Part::Kind,
        }
    }
}

/// Returns what is to be compared.
///
/// # Errors
/// Fails where a study or file is not there, where a study has several maps and none is named, and where there is only one
/// network and nothing to tell its flows apart by.
pub fn sought(args: &CompareArgs, remote: bool) -> Result<Sought, Error> {
    let chosen = labelled(chosen(args, remote)?, &args.label)?;
    let part = args.by.map(Part::from);
    match (part, <[Chosen; 1]>::try_from(chosen)) {
        (Some(part), Ok([one])) => Ok(Sought::Parts(Box::new(one), part)),
        (None, Err(several)) => Ok(Sought::Networks(several)),
        (Some(_), Err(_)) => Err(Error::Usage("--by tells the flows of one network apart; name only one".into())),
        (None, Ok(_)) => {
            Err(Error::Usage("there is one network only; name another one, or add --by time or --by kind".into()))
        }
    }
}

/// Returns what is to be done with it.
///
/// # Errors
/// Fails at a metric that there is not, and at a file that is not written or would be written over an input.
pub fn wishes(args: &CompareArgs) -> Result<Wishes, Error> {
    let metrics = Choice::of(&args.metrics).map_err(|e| Error::Usage(e.to_string()))?;
    let outputs: Vec<&Path> = args.output.iter().map(PathBuf::as_path).collect();
    if !args.networks.iter().any(|network| is_study(network)) {
        for pair in args.networks.chunks_exact(2) {
            two_files::keep_inputs(&[&pair[0], &pair[1]], &outputs)?;
        }
    }
    let format =
        |file: &PathBuf| Ok((file.clone(), two_files::figure_format(file, "csv, json, parquet, png, svg or pdf")?));
    let files: Vec<(PathBuf, FigureFormat)> = args.output.iter().map(format).collect::<Result<_, Error>>()?;
    Ok(Wishes { title: args.title.clone(), metrics, files })
}

fn is_study(network: &str) -> bool {
    let path = Path::new(network.split('#').next().unwrap_or(network));
    path.is_dir() || path.extension().is_some_and(|e| e == "toml")
}

fn chosen(args: &CompareArgs, remote: bool) -> Result<Vec<Chosen>, Error> {
    let studies = args.networks.iter().filter(|network| is_study(network)).count();
    match (studies, args.networks.len()) {
        (studies, all) if studies == all => args.networks.iter().map(|network| of_study(network, remote)).collect(),
        (0, files) if files % 2 == 0 => {
            args.networks.chunks_exact(2).map(|pair| of_files(args, pair, remote)).collect()
        }
        (0, _) => Err(Error::Usage("files come in pairs, PLACES FLOWS for each network; one file stands alone".into())),
        _ => Err(Error::Usage("name studies only, or pairs of files only".into())),
    }
}

fn of_study(network: &str, remote: bool) -> Result<Chosen, Error> {
    let (path, map) = network.split_once('#').map_or((network, None), |(path, map)| (path, Some(map)));
    let study = Study::load(Path::new(path))?.allowing_remote(remote);
    let known = || study.maps.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", ");
    let found = match (map, study.maps.as_slice()) {
        (Some(id), maps) => maps.iter().find(|m| m.id == id),
        (None, [one]) => Some(one),
        (None, _) => None,
    };
    match found {
        Some(plan) => Ok(Chosen::new(plan.id.clone(), &study, plan)),
        None => Err(Error::Usage(format!("{path}: say which map after a \"#\": {}", known()))),
    }
}

fn of_files(args: &CompareArgs, pair: &[String], remote: bool) -> Result<Chosen, Error> {
    let output = OutputPlan::at_dpi(DEFAULT_DPI);
    let study = two_files::study(&data(args, pair), &two_files::default_page(), output)?.allowing_remote(remote);
    let stem = outputs::stem_of(Path::new(&pair[1]));
    Ok(Chosen::new(stem, &study, &study.maps[0]))
}

fn data(args: &CompareArgs, pair: &[String]) -> DataArgs {
    DataArgs {
        places: pair[0].clone(),
        flows: pair[1].clone(),
        filter: Vec::new(),
        weights: args.weights,
        measure: String::new(),
        unit: args.unit.clone(),
        period: String::new(),
        columns: args.columns.clone(),
    }
}

/// Gives networks the names asked for; names that are taken get a number, so that rows of tables can be told apart.
fn labelled(mut chosen: Vec<Chosen>, labels: &[String]) -> Result<Vec<Chosen>, Error> {
    if labels.len() > chosen.len() {
        return Err(Error::Usage(format!("there are {} labels for {} networks", labels.len(), chosen.len())));
    }
    chosen.iter_mut().zip(labels).for_each(|(one, label)| one.label.clone_from(label));
    for k in 1..chosen.len() {
        let name = chosen[k].label.clone();
        let taken = |chosen: &[Chosen], label: &str| chosen[..k].iter().any(|other| other.label == label);
        let numbered = (2..).map(|n| format!("{name} ({n})")).find(|label| !taken(&chosen, label));
        if taken(&chosen, &name) {
            chosen[k].label = numbered.expect("some number is free");
        }
    }
    Ok(chosen)
}
