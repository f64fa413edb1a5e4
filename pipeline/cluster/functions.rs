//! Our functions, for those who run plans that call them.

use std::{path::Path, sync::Arc};

use datafusion::logical_expr::ScalarUDF;
use flowatlas_ingest::{PlaceColumns, Source, read_places};
use flowatlas_records::{ZoneOf, ZoneReader, Zones, point_functions};

/// Returns every function that a plan may call, with zones read from where their layer lies: on disk or,
/// where `remote` sources may be read, elsewhere.
pub fn functions(remote: bool) -> Vec<Arc<ScalarUDF>> {
    let reader: ZoneReader = Arc::new(move |layer, id_column| read_zones(layer, id_column, remote));
    let zone_of = ScalarUDF::from(ZoneOf::new(reader));
    std::iter::once(zone_of).chain(point_functions()).map(Arc::new).collect()
}

fn read_zones(layer: &str, id_column: &str, remote: bool) -> Result<Zones, String> {
    let mut columns = PlaceColumns::default();
    if !id_column.is_empty() {
        columns.id = Some(id_column.to_owned());
    }
    let places =
        read_places(&Source { remote, ..Source::parse(layer, Path::new("")) }, &columns).map_err(|e| e.to_string())?;
    Ok(Zones::of_places(&places.value))
}
