//! Which file, which layer of it, and which reader.

use std::path::{Path, PathBuf};

use crate::Error;

/// A file, or one layer of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// The layer within it; `None` for the only one.
    pub layer: Option<String>,
}

/// The reader that a file asks for by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    GeoJson,
    Csv {
        /// What separates the fields where the file follows its extension.
        delimiter: u8,
    },
    Other,
}

impl Source {
    /// Returns the source that `text` names: `file`, `file|layer`, or `file|layername=layer` as QGIS writes it.
    /// A relative file starts from `base`.
    pub fn parse(text: &str, base: &Path) -> Self {
        let (file, layer) = text.split_once('|').unwrap_or((text, ""));
        let layer = layer.trim();
        let layer = layer.strip_prefix("layername=").unwrap_or(layer);
        let layer = (!layer.is_empty()).then(|| layer.to_owned());
        Source { path: base.join(file.trim()), layer }
    }

    /// Returns the name that stands for this source in problems and tallies: the file without its folders, so that
    /// a report reads the same wherever the study lies, and the layer.
    pub fn label(&self) -> String {
        let name = self.path.file_name().map_or_else(|| self.path.to_string_lossy(), |n| n.to_string_lossy());
        self.with_layer(&name)
    }

    /// Returns the whole path and the layer, for errors.
    pub(crate) fn shown(&self) -> String {
        self.with_layer(&self.path.to_string_lossy())
    }

    fn with_layer(&self, file: &str) -> String {
        match &self.layer {
            Some(layer) => format!("{file}|{layer}"),
            None => file.to_owned(),
        }
    }

    pub(crate) fn format(&self) -> Format {
        let extension = self.path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("geojson" | "json") => Format::GeoJson,
            Some("csv" | "txt") => Format::Csv { delimiter: b',' },
            Some("tsv" | "tab") => Format::Csv { delimiter: b'\t' },
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Source {
        Source::parse(text, Path::new("study"))
    }

    #[test]
    fn a_bar_separates_the_layer_from_the_file() {
        let source = parse("a.gpkg|towns");
        assert_eq!(source, Source { path: "study/a.gpkg".into(), layer: Some("towns".into()) });
        assert_eq!(source.label(), "a.gpkg|towns");
        assert_eq!(parse("a.gpkg|layername=towns"), source);
        assert_eq!(parse("a.gpkg|").layer, None);
    }

    #[test]
    fn an_absolute_path_stays_as_it_is() {
        assert_eq!(parse("/data/a.csv").path, Path::new("/data/a.csv"));
    }

    #[test]
    fn the_extension_chooses_the_reader_in_any_case() {
        assert_eq!(parse("a.GeoJSON").format(), Format::GeoJson);
        assert_eq!(parse("a.CSV").format(), Format::Csv { delimiter: b',' });
        assert_eq!(parse("a.tsv").format(), Format::Csv { delimiter: b'\t' });
        assert_eq!(parse("a.shp").format(), Format::Other);
    }
}
