//! Which file or address, which layer of it, and which reader.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use crate::Error;

/// How the addresses begin that GDAL opens without a file: databases and services.
const SERVICES: [&str; 12] =
    ["PG:", "MYSQL:", "MSSQL:", "OCI:", "HANA:", "MongoDBv3:", "ES:", "WFS:", "WFS3:", "OAPIF:", "CSW:", "CARTO:"];

/// Words of an address that tell who reads, not what.
const SECRETS: [&str; 4] = ["user=", "password=", "passfile=", "sslkey="];

/// A file, or one layer of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file, or the address of a database, a server or an archive as GDAL writes it.
    pub path: PathBuf,
    /// The layer within it; `None` for the only one.
    pub layer: Option<String>,
    /// True where an address may be read. An address is refused otherwise: a study from elsewhere reaches nothing by itself.
    pub remote: bool,
}

/// The reader that a file asks for by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    GeoJson,
    Csv {
        /// What separates the fields where the file follows its extension.
        delimiter: u8,
    },
    Parquet,
    Other,
}

impl Source {
    /// Returns the source that `text` names: `file`, `file|layer`, or `file|layername=layer` as QGIS writes it.
    /// A relative file starts from `base`; an address (`PG:dbname=gis|schema.table`, `/vsizip/a.zip/b.shp`, `https://…`) from nothing.
    pub fn parse(text: &str, base: &Path) -> Self {
        let (file, layer) = text.split_once('|').unwrap_or((text, ""));
        let layer = layer.trim();
        let layer = layer.strip_prefix("layername=").unwrap_or(layer);
        let layer = (!layer.is_empty()).then(|| layer.to_owned());
        let path = if is_address(file.trim()) { PathBuf::from(file.trim()) } else { base.join(file.trim()) };
        Source { path, layer, remote: false }
    }

    /// True for a database, a server or an archive in place of a file on disk.
    pub fn is_address(&self) -> bool {
        is_address(&self.path.to_string_lossy())
    }

    /// Returns the name that stands for this source in problems and tallies: the file without its folders, so that
    /// a report reads the same wherever the study lies, and the layer.
    pub fn label(&self) -> String {
        match self.path.file_name() {
            Some(name) if !self.is_address() => self.with_layer(&name.to_string_lossy()),
            _ => self.shown(),
        }
    }

    /// Returns the whole path and the layer, for errors.
    pub(crate) fn shown(&self) -> String {
        self.with_layer(&self.place())
    }

    /// Returns the whole path; of an address without users, passwords and keys.
    pub fn place(&self) -> String {
        let path = self.path.to_string_lossy();
        if self.is_address() { without_secrets(&path) } else { path.into_owned() }
    }

    fn with_layer(&self, file: &str) -> String {
        match &self.layer {
            Some(layer) => format!("{file}|{layer}"),
            None => file.to_owned(),
        }
    }

    pub(crate) fn format(&self) -> Format {
        if self.is_address() {
            return Format::Other;
        }
        let extension = self.path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("geojson" | "json") => Format::GeoJson,
            Some("csv" | "txt") => Format::Csv { delimiter: b',' },
            Some("tab") if is_mapinfo(&self.path) => Format::Other,
            Some("tsv" | "tab") => Format::Csv { delimiter: b'\t' },
            Some("parquet" | "geoparquet") => Format::Parquet,
            _ => Format::Other,
        }
    }

    /// Opens a file of a format that has no layers, and refuses one that is named all the same.
    pub(crate) fn without_layer<T>(&self, open: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        match &self.layer {
            Some(layer) => Err(Error::NoLayers { file: self.path.display().to_string(), layer: layer.clone() }),
            None => open(),
        }
    }
}

/// Tells a table of MapInfo from one whose fields are separated by tabs: both are called `.tab`.
fn is_mapinfo(path: &Path) -> bool {
    const START: &[u8] = b"!table";
    let mut start = [0; START.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start.eq_ignore_ascii_case(START)
}

fn is_address(path: &str) -> bool {
    path.starts_with("/vsi") || path.contains("://") || SERVICES.iter().any(|service| path.starts_with(service))
}

/// Leaves out of a connection string who connects, and of a web address the user before the host and the query, in which keys
/// are written.
fn without_secrets(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        let kept = address.split_whitespace().filter(|word| {
            let word = word.split_once(':').map_or(*word, |(_, after)| after);
            !SECRETS.iter().any(|secret| word.to_lowercase().starts_with(secret))
        });
        let kept = kept.collect::<Vec<_>>().join(" ");
        return if kept.is_empty() { "a database".to_owned() } else { kept };
    };
    let rest = rest.split('?').next().unwrap_or(rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Source {
        Source::parse(text, Path::new("study"))
    }

    #[test]
    fn a_bar_separates_the_layer_from_the_file() {
        let source = parse("a.gpkg|towns");
        assert_eq!(source, Source { path: "study/a.gpkg".into(), layer: Some("towns".into()), remote: false });
        assert_eq!(source.label(), "a.gpkg|towns");
        assert_eq!(parse("a.gpkg|layername=towns"), source);
        assert_eq!(parse("a.gpkg|").layer, None);
    }

    #[test]
    fn a_tab_file_is_a_table_of_mapinfo_where_it_begins_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let format = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
            Source::parse(name, folder.path()).format()
        };
        assert_eq!(format("a.tab", "!table\n!version 300\n"), Format::Other);
        assert_eq!(format("b.TAB", "!Table\n"), Format::Other);
        for (name, text) in [("c.tab", "id\tname\n"), ("d.tab", ""), ("e.tsv", "!table\n")] {
            assert_eq!(format(name, text), Format::Csv { delimiter: b'\t' }, "{name}");
        }
    }

    #[test]
    fn an_absolute_path_stays_as_it_is() {
        assert_eq!(parse("/data/a.csv").path, Path::new("/data/a.csv"));
    }

    #[test]
    fn an_address_is_no_file_and_is_shown_without_its_secrets() {
        let table = parse("PG:host=db user=me password=secret dbname=gis|public.towns");
        assert_eq!(table.path, Path::new("PG:host=db user=me password=secret dbname=gis"));
        assert!(table.is_address() && table.format() == Format::Other);
        assert_eq!(table.label(), "PG:host=db dbname=gis|public.towns");
        assert_eq!(parse("PG:user=me").label(), "a database");
        let web = parse("/vsicurl/https://me:secret@example.org/a/towns.csv?key=secret");
        assert!(web.is_address() && web.format() == Format::Other);
        assert_eq!(web.label(), "/vsicurl/https://example.org/a/towns.csv");
        assert!(!parse("PG.csv").is_address());
    }

    #[test]
    fn the_extension_chooses_the_reader_in_any_case() {
        assert_eq!(parse("a.GeoJSON").format(), Format::GeoJson);
        assert_eq!(parse("a.CSV").format(), Format::Csv { delimiter: b',' });
        assert_eq!(parse("a.tsv").format(), Format::Csv { delimiter: b'\t' });
        assert_eq!(parse("a.Parquet").format(), Format::Parquet);
        assert_eq!(parse("a.shp").format(), Format::Other);
    }
}
