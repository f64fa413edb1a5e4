//! The door of the product: files go in, an [`Atlas`] and a [`FlowTable`] come out, with every flaw of the data
//! counted and named.
//!
//! Four readers, one each for GeoJSON, CSV and Parquet and one for whatever GDAL knows, bring every file into the same
//! form, a row of cells with a geometry, and hand the rows one by one to a collector of places, of flows or of
//! base map regions. Files are streamed: what a layer holds in memory is what it becomes, not what it was.
//!
//! What passes the door is normal: coordinates are finite and within range, place ids are unique and known,
//! weights are finite and not negative, a missing weight is `None`. A row that cannot be made so is left out and
//! becomes a [`Problem`]; a file that cannot be read at all is an [`Error`]. Each row that is left out has exactly
//! one problem with `dropped` set, and the [`Tally`] says how the rows were spent.
//!
//! Nothing is computed or drawn here.

mod base;
mod collect;
mod columns;
mod csv_rows;
#[cfg(feature = "gdal")]
mod dbase;
mod error;
mod feature;
mod flows;
mod gazetteer;
#[cfg(feature = "gdal")]
mod gdal_rows;
mod geojson_rows;
mod inside;
mod lines;
mod number;
mod parquet_rows;
mod places;
mod records;
mod relay;
mod shape;
mod sheet;
mod source;
mod spelling;
mod wide;
mod window;
mod wkb;
mod wkt;

use std::fs::File;

use flowatlas_model::{Atlas, BaseMap, FlowTable, Problem, Table, Tally, WeightKind};

pub use columns::{Attributes, FlowColumns, PlaceColumns};
pub use error::Error;
pub use source::Source;

use base::BaseCollector;
use collect::Collect;
use flows::FlowCollector;
use geojson_rows::System;
use places::PlaceCollector;
use records::RecordCollector;
use source::Format;

/// What a file became, and what became of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake<T> {
    /// What was read.
    pub value: T,
    /// How the features were spent.
    pub tally: Tally,
    /// Every flaw, in the order of the file. Those with `dropped` set are as many as `tally.dropped`.
    pub problems: Vec<Problem>,
}

/// Reads a layer of places.
///
/// Places are points, or polygons of which a point inside is taken. GeoJSON is in degrees (RFC 7946); CSV is in
/// degrees where it has columns for longitude and latitude, else planar; other files are brought to degrees from
/// the coordinate system that they name. A place without a name goes by its id.
///
/// # Errors
/// Fails where the file cannot be read, is not what its name says, or lacks a column without which there are no
/// places. Flaws of single features are problems.
pub fn read_places(source: &Source, columns: &PlaceColumns) -> Result<Intake<Atlas>, Error> {
    let mut places = PlaceCollector::new(source, columns);
    read(source, &mut places)?;
    places.finish()
}

/// Reads a table: every column as it is, geometry passed over.
///
/// # Errors
/// Fails where the file cannot be read or is not what its name says. Flaws of single rows are problems.
pub fn read_table(source: &Source) -> Result<Intake<Table>, Error> {
    let mut records = RecordCollector::new(source);
    read(source, &mut records)?;
    Ok(records.finish())
}

/// Reads a layer of flows between the places of `atlas`.
///
/// The ends of a flow are named by its columns; where a file has none of them, they are the places at the ends of its lines, within the
/// tolerance. A flow whose weight is missing is kept
/// without one. Weights are summed in the tally where they are measured.
///
/// # Errors
/// As for [`read_places`].
pub fn read_flows(
    source: &Source,
    columns: &FlowColumns,
    atlas: &Atlas,
    weights: WeightKind,
) -> Result<Intake<FlowTable>, Error> {
    let mut flows = FlowCollector::new(source, columns, atlas, weights);
    read(source, &mut flows)?;
    flows.finish()
}

/// Reads base map files, each feature with the properties `id`, `name` and `kind` (`country`, `division`, `lake`).
///
/// # Errors
/// Fails where a file cannot be read and at the first feature that is not a polygon or has another kind: a base
/// map is part of the configuration, and a hole in it would pass unseen.
pub fn read_base(sources: &[Source]) -> Result<BaseMap, Error> {
    let mut base = BaseMap::default();
    for source in sources {
        let mut regions = BaseCollector::new(&source.label(), &mut base);
        read(source, &mut regions)?;
        regions.finish()?;
    }
    Ok(base)
}

/// Reads a base map from the bytes of a GeoJSON file; `name` stands for the file in errors.
///
/// # Errors
/// As for [`read_base`].
pub fn read_base_bytes(name: &str, bytes: &[u8]) -> Result<BaseMap, Error> {
    let mut base = BaseMap::default();
    let mut regions = BaseCollector::new(name, &mut base);
    geojson_rows::read(name, bytes, &mut regions)?;
    regions.finish()?;
    Ok(base)
}

/// Streams the rows of a file to a collector, with the reader that its name asks for.
fn read<C: Collect>(source: &Source, collector: &mut C) -> Result<(), Error> {
    let file = source.shown();
    let open = || File::open(&source.path).map_err(|e| Error::io(&file, e));
    match source.format() {
        Format::GeoJson => {
            let input = source.without_layer(open)?;
            match geojson_rows::system_of(&source.path) {
                System::Other if cfg!(feature = "gdal") => return read_other(source, collector),
                System::Plane => collector.open_plane(),
                _ => {}
            }
            geojson_rows::read(&file, input, collector)
        }
        Format::Csv { delimiter } => csv_rows::read(&file, source.without_layer(open)?, delimiter, collector),
        Format::Parquet => parquet_rows::read(&file, source.without_layer(open)?, collector),
        Format::Other => read_other(source, collector),
    }
}

#[cfg(feature = "gdal")]
fn read_other<C: Collect>(source: &Source, collector: &mut C) -> Result<(), Error> {
    gdal_rows::read(source, collector)
}

#[cfg(not(feature = "gdal"))]
fn read_other<C: Collect>(source: &Source, _: &mut C) -> Result<(), Error> {
    Err(Error::WithoutGdal { file: source.shown() })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_an_error_that_names_it() {
        let source = Source::parse("nowhere.geojson", Path::new("study"));
        let message = read_places(&source, &PlaceColumns::default()).unwrap_err().to_string();
        assert!(message.starts_with("study/nowhere.geojson: cannot be read: "), "{message}");
    }

    #[test]
    fn a_layer_of_a_format_without_layers_is_refused() {
        let source = Source::parse("p.csv|towns", Path::new(""));
        let message = read_places(&source, &PlaceColumns::default()).unwrap_err().to_string();
        assert_eq!(
            message,
            "p.csv: found layer `towns` asked for, but GeoJSON, CSV and Parquet have no layers; leave out |towns"
        );
    }

    #[test]
    fn what_is_read_from_a_file_joins_places_and_flows() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.csv"), "id,x,y\n1,0,0\n2,3,4\n").unwrap();
        let flow = r#"{"type":"Feature","geometry":null,"properties":{"origin":1,"dest":2.0,"value":5}}"#;
        let flows = format!(r#"{{"type":"FeatureCollection","features":[{flow}]}}"#);
        std::fs::write(folder.path().join("f.json"), flows).unwrap();
        let atlas = read_places(&Source::parse("p.csv", folder.path()), &PlaceColumns::default()).unwrap().value;
        let source = Source::parse("f.json", folder.path());
        let intake = read_flows(&source, &FlowColumns::default(), &atlas, WeightKind::Measured).unwrap();
        assert_eq!((intake.tally.kept, intake.tally.weight_kept), (1, 5.0));
    }

    #[cfg(not(feature = "gdal"))]
    #[test]
    fn without_gdal_the_formats_that_can_be_read_are_named() {
        let message =
            read_places(&Source::parse("p.gpkg", Path::new("")), &PlaceColumns::default()).unwrap_err().to_string();
        assert!(message.starts_with("p.gpkg: this build lacks GDAL and reads GeoJSON (.geojson, .json), CSV"));
    }
}
