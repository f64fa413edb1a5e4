use std::path::PathBuf;

use flowatlas_model::Coordinates;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags, vector::LayerAccess, vector::sql::Dialect, vsi};
use geo::MultiLineString;

use super::*;
use crate::geopackage::{Package, geopackage};

/// A GeoPackage in memory, open for changes, whose one layer has so many lines, every 20th without a shape.
struct Opened {
    dataset: Dataset,
    path: PathBuf,
}

impl Opened {
    fn with(count: usize) -> Opened {
        let layer = Layer {
            name: "l \"1\"".to_owned(),
            title: String::new(),
            description: String::new(),
            coordinates: Coordinates::Geographic,
            shapes: Shapes::Lines((0..count).map(line).collect()),
            fields: Vec::new(),
        };
        let bytes = geopackage(&Package { layers: &[layer], styles: &[], project: None }).unwrap();
        let path = PathBuf::from(format!("/vsimem/index-{count}.gpkg"));
        vsi::create_mem_file(&path, bytes).unwrap();
        let update = DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_UPDATE, ..Default::default() };
        Opened { dataset: Dataset::open_ex(&path, update).unwrap(), path }
    }

    /// The first cell of what a query finds, as text.
    fn told(&self, query: &str) -> String {
        let mut found = self.dataset.execute_sql(query, None, Dialect::DEFAULT).unwrap().unwrap();
        let first = found.features().next().unwrap();
        first.field_as_string(0).unwrap().unwrap_or_default()
    }

    fn change(&self, statement: &str) {
        self.dataset.execute_sql(statement, None, Dialect::DEFAULT).unwrap();
    }

    /// SQLite's own judgement on the tree.
    fn is_sound(&self) -> bool {
        self.told("SELECT rtreecheck('rtree_l \"1\"_geom')") == "ok"
    }

    /// How many features a box meets, by the index and by the shapes themselves.
    fn met(&self, [west, east, south, north]: [f64; 4]) -> [String; 2] {
        let within = format!("maxx >= {west} AND minx <= {east} AND maxy >= {south} AND miny <= {north}");
        let shapes = within.replace("minx", "ST_MinX(geom)").replace("maxx", "ST_MaxX(geom)");
        let shapes = shapes.replace("miny", "ST_MinY(geom)").replace("maxy", "ST_MaxY(geom)");
        [
            self.told(&format!("SELECT count(*) FROM \"rtree_l \"\"1\"\"_geom\" WHERE {within}")),
            self.told(&format!("SELECT count(*) FROM \"l \"\"1\"\"\" WHERE geom NOT NULL AND {shapes}")),
        ]
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        vsi::unlink_mem_file(&self.path).unwrap();
    }
}

/// A short line somewhere, at positions that single precision rounds both ways.
fn line(k: usize) -> MultiLineString<f64> {
    if k % 20 == 19 {
        return MultiLineString(Vec::new());
    }
    let at =
        |step: usize| Coord { x: (k * step % 3_593) as f64 / 10.0 - 179.3, y: (k * step % 1_709) as f64 / 10.0 - 85.7 };
    MultiLineString(vec![vec![at(37), Coord { x: at(37).x + 0.7, y: at(53).y }].into()])
}

/// None has an edge that features have too, which rounding could put on either side.
const BOXES: [[f64; 4]; 3] =
    [[-180.0, 180.0, -90.0, 90.0], [10.03, 30.04, -20.02, 20.06], [-100.03, -98.97, 5.02, 60.07]];

#[test]
fn trees_of_any_size_are_sound_and_find_what_a_box_meets() {
    for count in [0, 1, 50, 60, 2_700, 2_900, 9_000] {
        let opened = Opened::with(count);
        assert!(opened.is_sound(), "{count} features");
        for bounds in BOXES {
            let [by_index, by_shapes] = opened.met(bounds);
            assert_eq!(by_index, by_shapes, "{count} features, {bounds:?}");
        }
    }
}

#[test]
fn the_tree_follows_what_is_put_in_changed_and_taken_out() {
    let opened = Opened::with(3_000);
    let layer = "\"l \"\"1\"\"\"";
    opened.change(&format!("DELETE FROM {layer} WHERE fid % 3 = 0"));
    opened.change(&format!(
        "UPDATE {layer} SET geom = (SELECT geom FROM {layer} WHERE fid = 1) WHERE fid BETWEEN 100 AND 400"
    ));
    opened.change(&format!("UPDATE {layer} SET geom = NULL WHERE fid BETWEEN 401 AND 500"));
    opened.change(&format!("UPDATE {layer} SET fid = fid + 10000 WHERE fid > 2500"));
    opened.change(&format!("INSERT INTO {layer}(geom) SELECT geom FROM {layer} WHERE fid < 900"));
    assert!(opened.is_sound());
    for bounds in BOXES {
        let [by_index, by_shapes] = opened.met(bounds);
        assert_eq!(by_index, by_shapes, "{bounds:?}");
    }
}

#[test]
fn boxes_hold_their_features_in_single_precision() {
    let bounds = Rect::new(Coord { x: 0.1, y: -0.1 }, Coord { x: 0.7, y: 16_777_217.0 });
    let [west, east, south, north] = cell(1, bounds).edges.map(f64::from);
    assert!(west <= 0.1 && east >= 0.7 && south <= -0.1 && north >= 16_777_217.0);
    assert!(east - west < 0.6 + 1e-6 && north - 16_777_217.0 < 2.0);
}
