//! Rows become regions of the base map.

use flowatlas_model::{BaseMap, Coordinates, Region};

use crate::{
    Error,
    collect::{At, Collect, Fault, Positions, Row},
    gazetteer::id_text,
    shape::Shape,
    sheet::Sheet,
    spelling,
};

const KINDS: [&str; 3] = ["country", "division", "lake"];

/// Adds the regions of one file to a base map; the first feature that is no region ends it.
pub(crate) struct BaseCollector<'a> {
    file: String,
    base: &'a mut BaseMap,
    sheet: Sheet,
    fault: Option<(At, Fault)>,
}

impl<'a> BaseCollector<'a> {
    pub(crate) fn new(file: &str, base: &'a mut BaseMap) -> Self {
        BaseCollector { file: file.to_owned(), base, sheet: Sheet::default(), fault: None }
    }

    /// Fails with the first flaw of the file.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Some((at, fault)) = self.fault else { return Ok(()) };
        let Fault { field, found, expected, .. } = fault;
        Err(Error::Base { file: self.file, feature: at.to_string(), field, found, expected })
    }

    fn region(&mut self, row: Row<Shape>) -> Result<(), Fault> {
        let (_, area) = row.shape.locate(Coordinates::Geographic)?;
        let shape = area.ok_or_else(|| Fault::new("unfit-geometry", "a point", "a polygon").field("geometry"))?;
        let text = |name| id_text(self.sheet.cell(self.sheet.find(name)));
        let region = Region { id: text("id"), name: text("name"), shape };
        if region.id.is_empty() {
            return Err(Fault::new("missing-id", "no value", "an id").field("id"));
        }
        match text("kind").as_str() {
            "country" => self.base.countries.push(region),
            "division" => self.base.divisions.push(region),
            "lake" => self.base.lakes.push(region),
            other => return Err(unknown_kind(other)),
        }
        Ok(())
    }
}

fn unknown_kind(found: &str) -> Fault {
    let expected = match spelling::nearest(found, KINDS.into_iter()) {
        Some(near) => format!("`country`, `division` or `lake`; did you mean `{near}`?"),
        None => "`country`, `division` or `lake`".to_owned(),
    };
    Fault::new("unknown-kind", format!("`{}`", spelling::clip(found)), expected).field("kind")
}

impl Collect for BaseCollector<'_> {
    type Shape = Shape;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn open(&mut self, positions: Positions) -> Result<(), Error> {
        if positions != Positions::Geometry(Coordinates::Geographic) {
            self.open_plane();
        }
        Ok(())
    }

    fn open_plane(&mut self) {
        let fault = Fault::new("not-geographic", "no degrees", "polygons in WGS84 degrees").field("geometry");
        self.fault = Some((At::Layer, fault));
    }

    fn add(&mut self, row: Row<Shape>) {
        let at = row.at;
        if let Err(fault) = self.region(row) {
            self.reject(at, fault);
        }
        self.sheet.discard();
    }

    fn reject(&mut self, at: At, fault: Fault) {
        self.sheet.discard();
        self.fault.get_or_insert((at, fault));
    }

    fn remark(&mut self, fault: Fault) {
        self.reject(At::Layer, fault);
    }
}

#[cfg(test)]
mod tests {
    use crate::read_base_bytes;

    fn feature(properties: &str) -> String {
        let geometry = r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}"#;
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{properties},"geometry":{geometry}}}]}}"#
        )
    }

    #[test]
    fn regions_go_where_their_kind_says() {
        let base = read_base_bytes("b", feature(r#"{"id":"PE","name":"Peru","kind":"country"}"#).as_bytes()).unwrap();
        assert_eq!((base.countries.len(), base.divisions.len(), base.lakes.len()), (1, 0, 0));
        assert_eq!(base.countries[0].name, "Peru");
    }

    #[test]
    fn an_unknown_kind_is_an_error_with_the_nearest_one() {
        let error = read_base_bytes("b", feature(r#"{"id":"PE","kind":"contry"}"#).as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "b: feature 0, kind: found `contry`, expected `country`, `division` or `lake`; did you mean `country`?"
        );
    }

    #[test]
    fn a_base_map_without_polygons_is_an_error() {
        let text =
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":1},"geometry":null}]}"#;
        let error = read_base_bytes("b", text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "b: feature 0, geometry: found no geometry, expected a point or a polygon");
    }
}
