//! The program: arguments, then the library, then messages and an exit code. The only file that prints.

mod aggregate_args;
mod args;
mod compare_args;
mod two_files;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use flowatlas::{
    Error,
    options::DEFAULT_DPI,
    pages,
    report::{layouts, remarks},
    run::{self, Outcome},
    single::{self, Layer},
    study::{Base, FigureFormat, LayerFormat, MapPlace, OutputPlan, Paper, Placement, Study},
    style_check::check_style,
    styles,
};
use flowatlas_draw::Lettering;
use flowatlas_ingest::Attributes;
use flowatlas_model::Style;
use flowatlas_network::{GROUPS, Part};
use indicatif::{ProgressBar, ProgressStyle};

use aggregate_args::AggregateArgs;
use args::{Cli, Command, ExportArgs, LayerName, LetteringName, MapArgs, MetricsArgs, RunArgs};
use compare_args::CompareArgs;

fn main() -> ExitCode {
    // The list needs neither of the files that metrics cannot do without.
    if std::env::args().skip(1).eq(["metrics", "--list"]) {
        // Whoever stops reading, as `head` does, has seen enough: not an error.
        let _ = list_metrics(&mut std::io::stdout().lock());
        return ExitCode::SUCCESS;
    }
    let cli = Cli::parse();
    match set_threads(cli.threads).and_then(|()| execute(&cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// The one place that tells: messages go to stderr. That nobody reads on there is no reason to stop the work.
fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

fn set_threads(threads: Option<usize>) -> Result<(), Error> {
    let Some(threads) = threads else {
        return Ok(());
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    pool.map_err(|e| Error::Usage(format!("--threads {threads}: {e}")))
}

fn execute(cli: &Cli) -> Result<(), Error> {
    let remote = cli.allow_remote;
    match &cli.command {
        Command::Run(args) => run_studies(args, remote),
        Command::Check { studies, style } => check((studies, style), remote),
        Command::Map(args) => map(args, remote),
        Command::Metrics(args) => metrics(args, remote),
        Command::Export(args) => export(args, remote),
        Command::Aggregate(args) => aggregate(args, (cli.threads, remote)),
        Command::Compare(args) => compare(args, remote),
    }
}

/// Every study is checked before the first one runs: a mistake in the last one shows at once.
fn run_studies(args: &RunArgs, remote: bool) -> Result<(), Error> {
    let load = |path: &PathBuf| Ok(Study::load(path)?.allowing_remote(remote));
    let studies: Vec<Study> = args.studies.iter().map(load).collect::<Result<_, Error>>()?;
    for (k, study) in studies.iter().enumerate() {
        if studies[..k].iter().any(|other| other.name == study.name) {
            let name = &study.name;
            return Err(Error::Usage(format!(
                "two studies lie in folders named \"{name}\" and would share their outputs; run them with different --out"
            )));
        }
    }
    let mut chapters = Vec::new();
    for study in &studies {
        let folder = args.out.join(&study.name);
        let bar = progress(study);
        let outcome = run::run(study, &folder, &|_| bar.inc(1));
        bar.finish_and_clear();
        let outcome = outcome?;
        tell(&outcome, &format!("{}: {}", study.name, contents(study)), &folder);
        chapters.push(pages::chapter(study, outcome.entries));
    }
    let index = pages::write_atlas(chapters, &args.out)?;
    say(&format!("atlas: {}", index.display()));
    Ok(())
}

/// Returns how many maps and figures a study has.
fn contents(study: &Study) -> String {
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let maps = counted(study.maps.len(), "map");
    match study.figures.len() {
        0 => maps,
        figures => format!("{maps}, {}", counted(figures, "figure")),
    }
}

/// Returns how many pages a run of the study makes.
fn steps(study: &Study) -> usize {
    study.maps.iter().filter(|map| map.place == MapPlace::Page).count() + study.figures.len()
}

/// A bar on a terminal, nothing elsewhere.
fn progress(study: &Study) -> ProgressBar {
    let bar = ProgressBar::new(steps(study) as u64);
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} maps and figures, {elapsed}");
    bar.set_style(style.expect("the template is right"));
    bar.set_prefix(study.name.clone());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn tell(outcome: &Outcome, what: &str, folder: &Path) {
    tell_report(outcome);
    say(&format!("{what}, {} files in {}", outcome.files.len(), folder.display()));
}

/// Tells how the flows of each map lie, and what else a person should know.
fn tell_report(outcome: &Outcome) {
    layouts(&outcome.report).iter().for_each(|line| say(line));
    for remark in remarks(&outcome.report) {
        say(&format!("note: {remark}"));
    }
}

/// Checks studies with their data, and once each the styles of their maps and those that are named.
fn check((paths, named): (&[PathBuf], &[String]), remote: bool) -> Result<(), Error> {
    let load = |path: &PathBuf| Ok(Study::load(path)?.allowing_remote(remote));
    let studies: Vec<Study> = paths.iter().map(load).collect::<Result<_, Error>>()?;
    for (path, study) in paths.iter().zip(&studies) {
        run::check(study)?.iter().for_each(|remark| say(&format!("note: {remark}")));
        say(&format!(
            "{}: {}, nothing to mend; the data were read, nothing was drawn",
            path.display(),
            contents(study)
        ));
    }
    let mut styles: Vec<(&str, Style)> = Vec::new();
    for name in named {
        styles.push((name, styles::style(name, Path::new(""))?));
    }
    styles.extend(studies.iter().flat_map(|s| &s.maps).map(|map| (map.style_name.as_str(), map.style.clone())));
    styles.extend(studies.iter().flat_map(|s| &s.figures).map(|f| (f.style_name.as_str(), f.style.clone())));
    for (k, (name, style)) in styles.iter().enumerate() {
        if !styles[..k].iter().any(|(_, other)| other == style) {
            check_style(name, style)?.iter().for_each(|line| say(line));
        }
    }
    Ok(())
}

fn map(args: &MapArgs, remote: bool) -> Result<(), Error> {
    let format = two_files::image_format(&args.output)?;
    let outputs: Vec<&Path> = std::iter::once(&args.output).chain(&args.layout_report).map(|p| p.as_path()).collect();
    two_files::keep_inputs(&[&args.data.places, &args.data.flows], &outputs)?;
    let mut study = two_files::study(&args.data, &args.page, output_plan(args))?.allowing_remote(remote);
    if let Some(by) = args.by {
        two_files::draw_by(&mut study, by.into())?;
    }
    tell_single(&single::map(&study, &args.output, format, args.layout_report.as_deref())?);
    Ok(())
}

fn output_plan(args: &MapArgs) -> OutputPlan {
    OutputPlan {
        lettering: match args.text {
            LetteringName::Live => Lettering::Live,
            LetteringName::Outlines => Lettering::Outlines,
        },
        paper: if args.transparent { Paper::Clear } else { Paper::Style },
        placement: if args.world_files { Placement::WorldFiles } else { Placement::None },
        ..OutputPlan::at_dpi(args.dpi)
    }
}

fn metrics(args: &MetricsArgs, remote: bool) -> Result<(), Error> {
    let format =
        two_files::figure_format(&args.output, "csv, json or parquet, or png, svg or pdf for flows against distance")?;
    two_files::keep_inputs(&[&args.data.places, &args.data.flows], &[&args.output])?;
    if matches!((&format, args.by), (FigureFormat::Picture(_), Some(_))) {
        let message =
            "--by makes tables; ranks over periods or kinds as a figure: flowatlas compare PLACES FLOWS --by time";
        return Err(Error::Usage(message.to_owned()));
    }
    let output = OutputPlan::at_dpi(DEFAULT_DPI);
    let mut study = two_files::study(&args.data, &two_files::default_page(), output)?.allowing_remote(remote);
    study.output.measures = two_files::measures(&args.measures)?;
    study.output.by.extend(args.by.map(Part::from));
    study.base = Base::Files(Vec::new());
    if args.data.filter.is_empty() {
        study.flows.iter_mut().for_each(|flows| flows.columns.attributes = Attributes::Left);
    }
    study.maps.iter_mut().for_each(|map| map.spec.title.clone_from(&args.title));
    let format = match format {
        FigureFormat::Table(format) => format,
        FigureFormat::Picture(format) => {
            tell_single(&single::decay(&study, &args.output, format)?);
            return Ok(());
        }
    };
    let bar = searches();
    let outcome = single::metrics(&study, &args.output, format, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    tell_single(&outcome?);
    Ok(())
}

/// A bar of the searches for shortest paths on a terminal, nothing elsewhere.
fn searches() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("shortest paths {bar:30} {pos}/{len} places, {elapsed}, {eta} left");
    bar.set_style(style.expect("the template is right"));
    bar
}

/// Tells every metric by group: what to ask for, what it is and where it comes from.
fn list_metrics(out: &mut impl Write) -> std::io::Result<()> {
    for group in GROUPS {
        let when = if group.by_default { "default" } else { "on request" };
        writeln!(out, "{} ({when}): {}", group.name, group.about)?;
        for metric in group.metrics() {
            writeln!(out, "  {} [{}]: {} {}.", metric.id, metric.unit, metric.formula, metric.source)?;
        }
    }
    Ok(())
}

fn export(args: &ExportArgs, remote: bool) -> Result<(), Error> {
    let format = two_files::layer_format(&args.output)?;
    two_files::keep_inputs(&[&args.data.places, &args.data.flows], &[&args.output])?;
    let (measures, layers) = (two_files::measures(&args.measures)?, vec![format]);
    let output = OutputPlan { measures, layers, ..OutputPlan::at_dpi(DEFAULT_DPI) };
    let study = two_files::study(&args.data, &args.page, output)?.allowing_remote(remote);
    let layer = match (format, args.layer) {
        (LayerFormat::Graphml | LayerFormat::Gexf, _) => Layer::Network,
        (LayerFormat::Csv, LayerName::Sheets) => Layer::Sheets,
        (_, LayerName::Flows) => Layer::Flows,
        (_, LayerName::Places) => Layer::Places,
        (_, LayerName::Sheets) => return Err(Error::Usage("--layer sheets are tables: name a .csv file".to_owned())),
    };
    tell_single(&single::export(&study, &args.output, (format, layer))?);
    Ok(())
}

fn compare(args: &CompareArgs, remote: bool) -> Result<(), Error> {
    let wishes = compare_args::wishes(args)?;
    let (outcomes, remark) = flowatlas::compare::compare(&compare_args::sought(args, remote)?, &wishes)?;
    outcomes.iter().for_each(tell_single);
    if let Some(remark) = remark {
        say(&format!("note: {remark}"));
    }
    Ok(())
}

#[cfg(feature = "records")]
fn aggregate(args: &AggregateArgs, (threads, remote): (Option<usize>, bool)) -> Result<(), Error> {
    let plan = aggregate_args::plan(args, (threads, remote))?;
    let bar = ProgressBar::no_length();
    let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} records, {elapsed}, {eta} left");
    bar.set_style(style.expect("the template is right"));
    let done = flowatlas::aggregate::aggregate(&plan, &|read, held| {
        held.into_iter().for_each(|held| bar.set_length(held));
        bar.set_position(read);
    });
    bar.finish_and_clear();
    let done = done?;
    done.lines.iter().for_each(|line| say(line));
    done.files.iter().for_each(|file| say(&format!("wrote {}", file.display())));
    Ok(())
}

#[cfg(not(feature = "records"))]
fn aggregate(_: &AggregateArgs, _: (Option<usize>, bool)) -> Result<(), Error> {
    let lacking =
        "this build reads no records; build with `cargo build --release --features records`, or `make records`";
    Err(Error::Usage(lacking.to_owned()))
}

fn tell_single(outcome: &Outcome) {
    tell_report(outcome);
    for file in &outcome.files {
        say(&format!("wrote {}", file.display()));
    }
}
