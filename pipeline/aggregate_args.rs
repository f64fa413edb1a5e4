//! What `flowatlas aggregate` takes, and what it amounts to.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
#[cfg(feature = "records")]
use flowatlas::{
    Error,
    aggregate::{AggregatePlan, SuppressedTotal},
};
#[cfg(feature = "records")]
use flowatlas_ingest::Source;
#[cfg(feature = "records")]
use flowatlas_records::{Limits, Wish};

#[cfg(feature = "records")]
use crate::two_files::{flows_format, keep_inputs, source};

/// The wishes of `flowatlas aggregate`.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "records"), allow(dead_code, reason = "typed in vain where records cannot be read"))]
pub struct AggregateArgs {
    /// Records: Parquet, GeoParquet, CSV (also .gz and .zst), TSV or Arrow files, folders of them, or patterns such as
    /// "moves/2020-*.parquet"; all of one format. With --allow-remote also s3://BUCKET/moves/ and https://HOST/moves.parquet
    #[arg(required = true, value_name = "RECORDS")]
    pub records: Vec<String>,
    /// The table of flows, which the other commands read: FILE.csv, FILE.geojson or FILE.parquet; zones go to FILE-places, what became of
    /// the records to report.json beside
    #[arg(short, long, value_name = "FLOWS", help_heading = "Output")]
    pub output: PathBuf,
    /// A column that the other expressions may use: "cohort=floor(birth_year / 10) * 10"; repeat for more
    #[arg(long = "column", value_name = "NAME=EXPR", value_parser = named_expression, help_heading = "Records")]
    pub columns: Vec<(String, String)>,
    /// Where moves start: a column or SQL expression that gives the id of a place; or two, LON,LAT; or a column of points
    /// [default: origin, or origin_lon,origin_lat]
    #[arg(long, value_name = "EXPR", help_heading = "Records")]
    pub origin: Option<String>,
    /// Where moves end, likewise [default: dest or destination, or dest_lon,dest_lat]
    #[arg(long, value_name = "EXPR", help_heading = "Records")]
    pub dest: Option<String>,
    /// How much a record counts: a column or SQL expression; rounded to a billionth [default: 1]
    #[arg(long, value_name = "EXPR", help_heading = "Records")]
    pub weight: Option<String>,
    /// Flows of each period: year, or "date_trunc('year', moved)"
    #[arg(long, value_name = "EXPR", help_heading = "Records")]
    pub period: Option<String>,
    /// Flows of each kind
    #[arg(long, value_name = "EXPR", help_heading = "Records")]
    pub kind: Option<String>,
    /// Use the records for which this is true: "age >= 15 and reason <> 'visit'"
    #[arg(long, value_name = "EXPR", help_heading = "Records")]
    pub r#where: Option<String>,
    /// Polygons that coordinates are assigned to, and that ids must be known by; `FILE|LAYER` picks a layer
    #[arg(long, value_name = "ZONES", help_heading = "Places")]
    pub places: Option<String>,
    /// Zones: identifier [default: id]
    #[arg(long, value_name = "COLUMN", requires = "places", help_heading = "Places")]
    pub id: Option<String>,
    /// Leave the count of flows of fewer than N records blank
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = "Privacy")]
    pub suppress_below: u64,
    /// Whether the report tells how many records such flows have together
    #[arg(long, value_enum, default_value_t = TotalName::Keep, help_heading = "Privacy")]
    pub suppressed_total: TotalName,
    /// Memory for what is grouped, such as 500M or 4G; the rest goes to disk [default: no limit]
    #[arg(long, value_parser = bytes, value_name = "SIZE", help_heading = "Machines")]
    pub memory: Option<usize>,
    /// Folder that it goes to [default: the system's for temporary files]
    #[arg(long, value_name = "DIR", help_heading = "Machines")]
    pub scratch: Option<PathBuf>,
    /// Room that it may take there, such as 50G [default: what the disk holds]
    #[arg(long, value_parser = bytes, value_name = "SIZE", help_heading = "Machines")]
    pub scratch_size: Option<usize>,
    /// Send the work to a scheduler (flowatlas-cluster): df://HOST:PORT
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["memory", "scratch", "scratch_size"], help_heading = "Machines")]
    pub cluster: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TotalName {
    Keep,
    Hide,
}

/// Returns what the wishes for aggregating records amount to.
///
/// # Errors
/// Fails where the layer of zones is not there or the flows have no format that is written.
#[cfg(feature = "records")]
pub fn plan(args: &AggregateArgs, (threads, remote): (Option<usize>, bool)) -> Result<AggregatePlan, Error> {
    let format = flows_format(&args.output)?;
    keep_inputs(&args.places.iter().collect::<Vec<_>>(), &[&args.output])?;
    let zones = args.places.as_ref().map(|text| source(text)).transpose()?;
    let zones = zones.map(|zones| (Source { remote, ..zones }, args.id.clone()));
    Ok(AggregatePlan {
        wish: Wish {
            records: args.records.clone(),
            columns: args.columns.clone(),
            origin: args.origin.clone(),
            dest: args.dest.clone(),
            weight: args.weight.clone(),
            period: args.period.clone(),
            kind: args.kind.clone(),
            filter: args.r#where.clone(),
            zones: None,
            outputs: Vec::new(),
            suppress_below: args.suppress_below,
        },
        zones,
        suppressed_total: match args.suppressed_total {
            TotalName::Keep => SuppressedTotal::Kept,
            TotalName::Hide => SuppressedTotal::Hidden,
        },
        limits: Limits {
            threads,
            memory: args.memory,
            scratch: args.scratch.clone(),
            scratch_size: args.scratch_size.map(|size| size as u64),
            remote,
        },
        cluster: args.cluster.clone(),
        output: args.output.clone(),
        format,
    })
}

/// Reads the name of a column and the expression behind the first equals sign.
fn named_expression(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').map(|(name, expr)| (name.trim(), expr.trim()));
    match parts {
        Some((name, expr)) if !name.is_empty() && !expr.is_empty() => Ok((name.to_owned(), expr.to_owned())),
        _ => Err(format!("expected NAME=EXPR, found \"{text}\"")),
    }
}

/// Reads a number of bytes with a unit: K, M, G or T, each 1024 of the one before.
fn bytes(text: &str) -> Result<usize, String> {
    let wrong = || format!("expected a size such as 500M or 4G, found \"{text}\"");
    let lower = text.trim().to_uppercase();
    let number = lower.trim_end_matches(['B', 'I']).trim_end_matches(['K', 'M', 'G', 'T']);
    let unit = match lower[number.len()..].chars().next() {
        None | Some('B') => 0,
        Some('K') => 10,
        Some('M') => 20,
        Some('G') => 30,
        _ => 40,
    };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let bytes = number * (1_u64 << unit) as f64;
    if bytes >= 1.0 && bytes.is_finite() { Ok(bytes as usize) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("4096"), Ok(4096));
        assert_eq!(bytes("1.5k"), Ok(1536));
        assert_eq!(bytes("500M"), Ok(500 << 20));
        assert_eq!(bytes("4GiB"), Ok(4 << 30));
        assert!(bytes("much").unwrap_err().contains("500M"));
        assert!(bytes("-1G").is_err() && bytes("0").is_err());
    }
}
