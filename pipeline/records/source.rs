//! Opens the files of the records as one table of the engine.
//!
//! CSV is read as text throughout; what a column holds is taken from its first rows, and a cell that is something else is empty, not an
//! end to the job. Columns of ids and codes stay text: `05` is not 5.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::{
    arrow::datatypes::{DataType, Field, Schema, SchemaRef},
    common::{
        Column,
        tree_node::{Transformed, TreeNode as _},
    },
    datasource::{
        file_format::{
            FileFormat, arrow::ArrowFormat, csv::CsvFormat, file_compression_type::FileCompressionType,
            parquet::ParquetFormat,
        },
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    error::DataFusionError,
    logical_expr::{Expr, cast, try_cast},
    object_store::{ObjectMeta, path::Path as Location},
    prelude::{DataFrame, SessionContext},
};
use glob::Pattern;
use url::Url;

use crate::{
    error::{Error, plain},
    stores::refusal,
};

/// How many rows of a CSV file tell what its columns hold.
const SAMPLE: usize = 1000;

/// What makes a pattern of a path.
const PATTERN: [char; 3] = ['*', '?', '['];

/// The formats, by how the names of their files end.
const FORMATS: &[(&str, Kind)] = &[
    (".parquet", Kind::Parquet),
    (".geoparquet", Kind::Parquet),
    (".csv", Kind::Text { delimiter: b',', packed: FileCompressionType::UNCOMPRESSED }),
    (".csv.gz", Kind::Text { delimiter: b',', packed: FileCompressionType::GZIP }),
    (".csv.zst", Kind::Text { delimiter: b',', packed: FileCompressionType::ZSTD }),
    (".tsv", Kind::Text { delimiter: b'\t', packed: FileCompressionType::UNCOMPRESSED }),
    (".tsv.gz", Kind::Text { delimiter: b'\t', packed: FileCompressionType::GZIP }),
    (".arrow", Kind::Arrow),
    (".feather", Kind::Arrow),
    (".ipc", Kind::Arrow),
];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Parquet,
    Text { delimiter: u8, packed: FileCompressionType },
    Arrow,
}

/// Names that were given to columns of the files, and the names that these have there.
pub(crate) type OtherNames = HashMap<String, String>;

/// The records as a table.
#[derive(Debug)]
pub(crate) struct Records {
    /// Every column as it is in the files; text throughout where the files are.
    pub frame: DataFrame,
    /// What each column of text files holds, by its first rows; `None` where files say so themselves.
    types: Option<SchemaRef>,
}

impl Records {
    /// True where the files hold the number of their records, so that it costs nothing to ask.
    pub fn know_their_number(&self) -> bool {
        self.types.is_none()
    }

    /// Returns the table with a type for each column.
    pub fn typed(&self) -> Result<DataFrame, Error> {
        self.select(&[])
    }

    /// Returns that table with each column of text files that has a type beside it as it is written.
    pub fn typed_and_written(&self) -> Result<DataFrame, Error> {
        let fields = self.types.iter().flat_map(|types| types.fields()).map(|field| field.name().as_str());
        let read: Vec<&str> = fields.filter(|name| self.is_read(name)).collect();
        self.select(&read)
    }

    fn select(&self, as_written: &[&str]) -> Result<DataFrame, Error> {
        let Some(types) = &self.types else { return Ok(self.frame.clone()) };
        let column = |name: &str| Expr::Column(Column::from_name(name));
        let typed = types.fields().iter().map(|field| match field.data_type() {
            DataType::Utf8 => column(field.name()),
            other => try_cast(column(field.name()), other.clone()).alias(field.name()),
        });
        let written = as_written.iter().map(|name| column(name).alias(written(name)));
        self.frame.clone().select(typed.chain(written)).map_err(|e| Error::engine(&e))
    }

    /// Returns an expression over the typed table that takes its columns as they are written, by whichever of their `names`: 007 is
    /// not 7.
    pub fn as_written(&self, expr: Expr, names: &OtherNames) -> Result<Expr, Error> {
        let text = |expr: Expr| match &expr {
            Expr::Column(column) => {
                let own = names.get(&column.name).unwrap_or(&column.name);
                let text = self.is_read(own).then(|| Expr::Column(Column::from_name(written(own))));
                Ok(text.map_or(Transformed::no(expr), Transformed::yes))
            }
            _ => Ok(Transformed::no(expr)),
        };
        Ok(expr.transform(text).map_err(|e| Error::engine(&e))?.data)
    }

    /// True where a column is read as something else than the text that it is.
    fn is_read(&self, name: &str) -> bool {
        let field = self.types.as_ref().and_then(|types| types.field_with_name(name).ok());
        field.is_some_and(|field| *field.data_type() != DataType::Utf8)
    }
}

/// The name of a column as it is written; no file has one of that name.
fn written(name: &str) -> String {
    format!("{name}\u{1}written")
}

/// The files of one path.
struct Found {
    url: ListingTableUrl,
    files: Vec<ObjectMeta>,
    ending: &'static str,
    kind: Kind,
}

/// Opens the records at `paths`, none of which may be one of the `outputs`.
pub(crate) async fn open(context: &SessionContext, paths: &[String], outputs: &[PathBuf]) -> Result<Records, Error> {
    let mut found: Vec<Found> = Vec::new();
    for path in paths {
        let one = locate(context, path).await?;
        if let Some(other) = found.first().filter(|other| other.ending != one.ending) {
            let (ending, other) = (one.ending, other.ending);
            let reason = format!("these are *{ending} files and others are *{other}; aggregate each format by itself");
            return Err(Error::NoRecords { path: path.clone(), reason });
        }
        // The engine asks one store for all files of a table.
        if let Some(other) = found.first().filter(|other| other.url.object_store() != one.url.object_store()) {
            let reason = format!("other records are in {}; aggregate each store by itself", other.url.object_store());
            return Err(Error::NoRecords { path: path.clone(), reason });
        }
        found.push(one);
    }
    if found.is_empty() {
        return Err(Error::Setup("name the files of the records".to_owned()));
    }
    keep(&found, outputs)?;
    let whole = |error: DataFusionError| Error::NoRecords { path: paths.join(", "), reason: plain(&error) };
    let (options, is_text) = options(&found[0]);
    let state = context.state();
    let partitions = options.infer_partitions(&state, &found[0].url).await.map_err(whole)?;
    let partitions = partitions.into_iter().map(|name| (name, DataType::Utf8)).collect();
    let options = options.with_table_partition_cols(partitions);
    let types = schema(context, &found, &options).await?;
    let schema = if is_text { as_text(&types) } else { Arc::clone(&types) };
    let urls = found.into_iter().map(|one| one.url).collect();
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
    let table = ListingTable::try_new(config).map_err(whole)?;
    let frame = context.read_table(Arc::new(table)).map_err(whole)?;
    let types = is_text.then(|| {
        let beside = frame.schema().fields().iter().skip(types.fields().len()).cloned();
        Arc::new(Schema::new(types.fields().iter().cloned().chain(beside).collect::<Vec<_>>()))
    });
    Ok(Records { frame, types })
}

/// Fails where a file that is read is to be written over, under whatever name it goes.
fn keep(found: &[Found], outputs: &[PathBuf]) -> Result<(), Error> {
    let local = || found.iter().filter(|one| one.url.scheme() == "file").flat_map(|one| &one.files);
    let read = |location: &Location| local().any(|file| file.location == *location);
    for output in outputs {
        let names = [std::path::absolute(output).ok(), output.canonicalize().ok()];
        let mut locations = names.into_iter().flatten().filter_map(|name| Location::from_absolute_path(name).ok());
        if locations.any(|location| read(&location)) {
            return Err(Error::WrittenOver { path: output.display().to_string() });
        }
    }
    Ok(())
}

/// Returns how the files of a format are read, and whether they are text.
fn options(found: &Found) -> (ListingOptions, bool) {
    let (format, is_text): (Arc<dyn FileFormat>, bool) = match found.kind {
        Kind::Parquet => (Arc::new(ParquetFormat::default()), false),
        Kind::Arrow => (Arc::new(ArrowFormat), false),
        Kind::Text { delimiter, packed } => {
            let format = CsvFormat::default().with_has_header(true).with_delimiter(delimiter);
            // A quoted cell may hold line ends, so a file is never cut in the middle for two threads.
            let format = format.with_newlines_in_values(true).with_file_compression_type(packed);
            (Arc::new(format.with_schema_infer_max_rec(SAMPLE)), true)
        }
    };
    (ListingOptions::new(format).with_file_extension(found.ending), is_text)
}

/// Returns the columns of all files. Text files must have the same columns in the same order, because the engine takes them by position;
/// where their first rows disagree on what a column holds, it is text.
async fn schema(context: &SessionContext, found: &[Found], options: &ListingOptions) -> Result<SchemaRef, Error> {
    let state = context.state();
    let mut whole: Option<(SchemaRef, String)> = None;
    for one in found {
        let wrong = |error: DataFusionError| Error::NoRecords { path: one.url.to_string(), reason: plain(&error) };
        let store = state.runtime_env().object_store(&one.url).map_err(wrong)?;
        // Empty files have no columns to be missing.
        for file in one.files.iter().filter(|file| file.size > 0) {
            let root = if one.url.scheme() == "file" { "/".to_owned() } else { one.url.object_store().to_string() };
            let path = format!("{root}{}", file.location);
            let wrong = |error: DataFusionError| Error::NoRecords { path: path.clone(), reason: plain(&error) };
            let own = options.format.infer_schema(&state, &store, std::slice::from_ref(file)).await.map_err(wrong)?;
            whole = Some(match whole {
                None => (own, path),
                Some((known, first)) => match one.kind {
                    // By name, as the engine reads them.
                    Kind::Parquet | Kind::Arrow => {
                        let merged = Schema::try_merge([known.as_ref().clone(), own.as_ref().clone()]);
                        (Arc::new(merged.map_err(|e| wrong(e.into()))?), first)
                    }
                    Kind::Text { .. } => {
                        let reason =
                            format!("its columns are {}, those of {first} are {}", listed(&own), listed(&known));
                        let joined = joined(&known, &own).ok_or(Error::NoRecords { path, reason })?;
                        (Arc::new(joined), first)
                    }
                },
            });
        }
    }
    let empty = || Error::NoRecords { path: found[0].url.to_string(), reason: "every file is empty".to_owned() };
    Ok(whole.ok_or_else(empty)?.0)
}

fn listed(schema: &Schema) -> String {
    schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ")
}

/// Returns the columns that hold what both say; `None` where their names differ.
fn joined(a: &Schema, b: &Schema) -> Option<Schema> {
    let alike =
        a.fields().len() == b.fields().len() && a.fields().iter().zip(b.fields()).all(|(a, b)| a.name() == b.name());
    let both = |(a, b): (&Arc<Field>, &Arc<Field>)| {
        let kind = match (a.data_type(), b.data_type()) {
            (a, b) if a == b => a.clone(),
            (DataType::Null, other) | (other, DataType::Null) => other.clone(),
            (DataType::Int64, DataType::Float64) | (DataType::Float64, DataType::Int64) => DataType::Float64,
            _ => return None,
        };
        Some(Field::new(a.name(), kind, true))
    };
    let text = |field: &Arc<Field>| Field::new(field.name(), DataType::Utf8, true);
    let fields = a.fields().iter().zip(b.fields()).map(|pair| both(pair).unwrap_or_else(|| text(pair.0)));
    alike.then(|| Schema::new(fields.collect::<Vec<_>>()))
}

fn as_text(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| Field::new(field.name(), DataType::Utf8, true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Finds the files of one path.
async fn locate(context: &SessionContext, path: &str) -> Result<Found, Error> {
    use futures::TryStreamExt;
    let wrong = |reason: String| Error::NoRecords { path: path.to_owned(), reason };
    let url = if path.contains("://") { in_store(path) } else { on_disk(path) }.map_err(wrong)?;
    let state = context.state();
    let store = state.runtime_env().object_store(&url).map_err(|e| wrong(plain(&e)))?;
    let files = url.list_all_files(&state, store.as_ref(), "").await.map_err(|e| wrong(refusal(&e)))?;
    let files: Vec<ObjectMeta> = files.try_collect().await.map_err(|e| wrong(refusal(&e)))?;
    let is_record = |file: &ObjectMeta| file.location.filename().is_some_and(|name| ending(name).is_some());
    let mut files: Vec<ObjectMeta> = files.into_iter().filter(is_record).collect();
    // Whatever order the file system lists them in.
    files.sort_by(|a, b| a.location.cmp(&b.location));
    let names = files.iter().filter_map(|file| file.location.filename());
    let endings: BTreeSet<&str> = names.filter_map(|name| ending(name).map(|(ending, _)| ending)).collect();
    let known = || FORMATS.iter().map(|(ending, _)| *ending).collect::<Vec<_>>().join(", ");
    match endings.len() {
        0 => Err(wrong(format!("no file of records is there; their names end in {}", known()))),
        1 => {
            let (ending, kind) = endings.first().and_then(|found| ending(found)).expect("it was found by its ending");
            Ok(Found { url, files, ending, kind })
        }
        _ => {
            let endings: Vec<&str> = endings.into_iter().collect();
            let reason = format!(
                "files of several formats are there ({}); name one by a pattern such as \"{}/*{}\"",
                endings.join(", "),
                path.trim_end_matches('/'),
                endings[0]
            );
            Err(wrong(reason))
        }
    }
}

/// Returns where the files of a path on this machine are.
fn on_disk(path: &str) -> Result<ListingTableUrl, String> {
    let local = Path::new(path);
    if !path.contains(PATTERN) && !local.exists() {
        return Err("there is no such file or folder".to_owned());
    }
    // A folder is told from a file by the slash at its end.
    let text = if local.is_dir() { format!("{}/", path.trim_end_matches('/')) } else { path.to_owned() };
    ListingTableUrl::parse(text).map_err(|e| plain(&e))
}

/// Returns where the files of an address are, which may end in a pattern where files can be listed.
fn in_store(text: &str) -> Result<ListingTableUrl, String> {
    let on_the_web = text.starts_with("http");
    let pattern = text.find(PATTERN).filter(|_| !on_the_web);
    let (folder, pattern) = match pattern.and_then(|at| text[..at].rfind('/')) {
        Some(slash) => (&text[..=slash], Some(&text[slash + 1..])),
        None => (text, None),
    };
    let pattern = pattern.map(Pattern::new).transpose().map_err(|e| e.to_string())?;
    let url = Url::parse(folder).map_err(|e| e.to_string())?;
    if on_the_web && (url.path().ends_with('/') || url.query().is_some()) {
        return Err("on the web neither folders nor queries can be read; name each file".to_owned());
    }
    ListingTableUrl::try_new(url, pattern).map_err(|e| plain(&e))
}

/// Returns the longest known ending of a file name.
fn ending(name: &str) -> Option<(&'static str, Kind)> {
    let name = name.to_lowercase();
    let fitting = FORMATS.iter().filter(|(ending, _)| name.ends_with(ending));
    fitting.max_by_key(|(ending, _)| ending.len()).copied()
}

/// Returns a column or expression as text, without blanks around it; empty text is missing.
pub(crate) fn words(expr: Expr) -> Expr {
    use datafusion::prelude::{btrim, lit, nullif};
    nullif(btrim(vec![cast(expr, DataType::Utf8)]), lit(""))
}
