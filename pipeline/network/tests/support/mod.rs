//! Atlases and flow tables for tests.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use flowatlas_model::{Atlas, Flow, FlowTable, MetricTable, Place, PlaceIndex, Table};

/// A flow as tests write it: origin, destination, weight.
pub type Row = (u32, u32, Option<f64>);

/// Returns an atlas of places `p0`, `p1`, … with the populations 1000, 1100, ….
pub fn atlas(places: usize) -> Atlas {
    let place = |i: usize| Place {
        id: format!("p{i}"),
        name: format!("Place {i}"),
        at: geo::coord! { x: i as f64, y: 0.0 },
        area: None,
        population: Some(1000.0 + 100.0 * i as f64),
    };
    Atlas { places: (0..places).map(place).collect(), attributes: Table::with_rows(places), ..Atlas::default() }
}

/// Returns one flow.
pub fn flow(row: Row, kind: Option<&str>) -> Flow {
    let kind = kind.map(Arc::from);
    Flow { origin: PlaceIndex(row.0), destination: PlaceIndex(row.1), weight: row.2, kind, time: None }
}

/// Returns a table of flows without kinds.
pub fn table(rows: &[Row]) -> FlowTable {
    let flows = rows.iter().map(|&row| flow(row, None)).collect();
    FlowTable { flows, attributes: Table::with_rows(rows.len()) }
}

/// Returns the values of a metric of places.
///
/// # Panics
/// Panics if the table has none of that name.
pub fn values<'a>(table: &'a MetricTable, id: &str) -> &'a [Option<f64>] {
    let found = table.places.iter().find(|m| m.info.id == id);
    &found.unwrap_or_else(|| panic!("no metric {id} of places")).values
}

/// Returns the value of a metric of the network.
///
/// # Panics
/// Panics if the table has none of that name.
pub fn value(table: &MetricTable, id: &str) -> Option<f64> {
    let found = table.network.iter().find(|m| m.info.id == id);
    found.unwrap_or_else(|| panic!("no metric {id} of the network")).value
}
