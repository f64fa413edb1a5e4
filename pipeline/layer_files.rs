//! The layers of one map as files: one GeoPackage with everything, styled, and the QGIS project beside it.

use std::collections::BTreeMap;

use flowatlas_export::{
    FlowLayer, MapLayers, PlaceLayer, WebMap, layer_csv, layer_parquet, map_layers, maplibre, qgis, sld,
};
use flowatlas_model::{BaseMap, Coordinates, Layer, MetricTable};
use serde_json::Value;

use crate::{
    Graphed, Materials, Picture,
    error::Error,
    run::sheet,
    single, statements,
    study::{LayerFormat, MapPlan},
};

/// A map that was made, and what it was made from.
pub(crate) struct Made<'a> {
    pub(crate) plan: &'a MapPlan,
    pub(crate) materials: &'a Materials<'a>,
    pub(crate) graphed: &'a Graphed<'a>,
    pub(crate) metrics: &'a MetricTable,
    pub(crate) picture: &'a Picture,
    /// The sources that it cites, by key.
    pub(crate) sources: &'a BTreeMap<String, Value>,
}

impl Made<'_> {
    /// Returns the layers of the map, those that lie on top first.
    pub(crate) fn layers(&self) -> Vec<Layer> {
        let bases = self.bases();
        map_layers(&MapLayers {
            flows: self.flow_layer("flows"),
            look: self.picture.composition.look.as_ref(),
            sheet: sheet(self.plan, self.graphed, self.metrics),
            bases: &bases,
            sources: self.sources,
        })
    }

    /// Returns the base map, and those of the windows that have one of their own.
    fn bases(&self) -> Vec<&BaseMap> {
        let windows = self.materials.window_bases.iter().flatten();
        std::iter::once(self.materials.base).chain(windows).collect()
    }

    /// Returns the flows as drawn, as a layer of this name.
    pub(crate) fn flow_layer<'b>(&'b self, name: &'b str) -> FlowLayer<'b> {
        FlowLayer {
            name,
            atlas: &self.graphed.atlas,
            table: &self.graphed.table,
            graph: &self.picture.selected.graph,
            courses: &self.picture.composition.courses,
            look: self.picture.composition.look.as_ref(),
        }
    }

    /// Returns the places with their metrics as GeoJSON.
    pub(crate) fn places_geojson(&self, name: &str) -> Vec<u8> {
        let Graphed { atlas, all: graph, .. } = self.graphed;
        let look = self.picture.composition.look.as_ref();
        flowatlas_export::places_geojson(&PlaceLayer { name, atlas, graph, metrics: self.metrics, look })
    }

    /// Returns the styles of all layers for GeoServer, named from `stem` and the layer.
    pub(crate) fn sld(&self, stem: &str) -> Vec<(String, Vec<u8>)> {
        let Some(look) = &self.picture.composition.look else { return Vec::new() };
        let style = statements::style(self.plan);
        let layers = self.layers();
        let named =
            |layer: &Layer| Some((format!("{stem}-{}.sld", layer.name), sld(look, &style, layer)?.into_bytes()));
        layers.iter().filter_map(named).collect()
    }

    /// Returns the style for web maps, `STEM.style.json`; none for planar places, nor for a matrix.
    pub(crate) fn web_style(&self, stem: &str) -> Option<(String, Vec<u8>)> {
        let look = self.picture.composition.look.as_ref()?;
        let (style, layers) = (statements::style(self.plan), self.layers());
        let cited = self.sources.values().filter_map(|source| source.get("cite").and_then(Value::as_str));
        let attribution = cited.collect::<Vec<_>>().join("; ");
        let map = WebMap { look, style: &style, layers: &layers, attribution: &attribution };
        Some((format!("{stem}.style.json"), maplibre(&map)?))
    }

    /// Returns the styles that QGIS applies to GeoJSON files of these names, places first.
    pub(crate) fn sidecars(&self, (places, flows): &(String, String)) -> Vec<(String, Vec<u8>)> {
        let layers = self.layers();
        let wanted = [("places", places), ("flows", flows)].into_iter();
        wanted.filter_map(|(layer, name)| self.sidecar(&layers, (layer, name))).collect()
    }

    /// Returns the style that QGIS applies to the GeoJSON file of a layer, named from `name`. Places that are areas have none: their
    /// style is one of points.
    pub(crate) fn sidecar(&self, layers: &[Layer], (layer, name): (&str, &str)) -> Option<(String, Vec<u8>)> {
        let look = self.picture.composition.look.as_ref()?;
        if layer == "places" && self.graphed.atlas.places.iter().any(|place| place.area.is_some()) {
            return None;
        }
        let style = statements::style(self.plan);
        let layer = layers.iter().find(|found| found.name == layer)?;
        Some((format!("{name}.qml"), qgis::qml(qgis::Drawn { look, style: &style }, layer)?.into_bytes()))
    }
}

/// Returns `STEM.gpkg` and, but for a matrix, the project `STEM.qgz`, which also lies in the GeoPackage.
///
/// # Errors
/// Fails where GDAL cannot write the file, and always in a program that was built without GDAL.
#[cfg(feature = "gdal")]
pub(crate) fn geopackage(made: &Made, stem: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
    use flowatlas_gis::{LayerStyle, Package};
    let layers = made.layers();
    let file = format!("{stem}.gpkg");
    let style = statements::style(made.plan);
    let drawn = made.picture.composition.look.as_ref().map(|look| qgis::Drawn { look, style: &style });
    let project =
        drawn.map(|drawn| qgis::project(&qgis::Project { drawn, layers: &layers, file: &file, id: &made.plan.id }));
    let styled = |layer: &Layer| {
        Some(LayerStyle { layer: layer.name.clone(), qml: qgis::qml(drawn?, layer)?, sld: String::new() })
    };
    let styles: Vec<LayerStyle> = layers.iter().filter_map(styled).collect();
    let package = Package { layers: &layers, styles: &styles, project: project.as_deref().map(|bytes| (stem, bytes)) };
    let bytes = flowatlas_gis::geopackage(&package)
        .map_err(|source| Error::Gis { map: made.plan.id.clone(), message: source.to_string() })?;
    let beside = project.map(|bytes| (format!("{stem}.qgz"), bytes));
    Ok(std::iter::once((file, bytes)).chain(beside).collect())
}

/// As with GDAL.
#[cfg(not(feature = "gdal"))]
pub(crate) fn geopackage(_: &Made, stem: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
    Err(without_gdal(&format!("{stem}.gpkg")))
}

/// Returns what to say of a file that only GDAL could write.
#[cfg(not(feature = "gdal"))]
pub(crate) fn without_gdal(file: &str) -> Error {
    Error::Usage(format!(
        "{file}: this build lacks GDAL, which writes GeoPackage and other GIS formats; write geojson or csv, or build with the feature gdal"
    ))
}

/// Returns the files, named from `stem`, of the places or of the flows in a format of one layer; none in KML, which holds degrees only, for
/// planar places.
///
/// # Errors
/// As for [`geopackage`].
pub(crate) fn one_layer(
    made: &Made,
    (format, layer): (LayerFormat, single::Layer),
    stem: &str,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let wanted = match layer {
        single::Layer::Places => "places",
        _ => "flows",
    };
    let layers = made.layers();
    let layer = layers.iter().find(|layer| layer.name == wanted).expect("every map has places and flows");
    let layer = Layer { name: stem.to_owned(), ..layer.clone() };
    match format {
        LayerFormat::Kml if layer.coordinates == Coordinates::Planar => Ok(Vec::new()),
        LayerFormat::Csv => Ok(vec![(format!("{stem}.csv"), layer_csv(&layer))]),
        LayerFormat::Parquet => Ok(vec![(format!("{stem}.parquet"), layer_parquet(&layer))]),
        other => by_gdal(made, &layer, other),
    }
}

#[cfg(feature = "gdal")]
fn by_gdal(made: &Made, layer: &Layer, format: LayerFormat) -> Result<Vec<(String, Vec<u8>)>, Error> {
    use flowatlas_gis::{VectorFormat, shapefile, vector};
    let failed = |source: flowatlas_gis::Error| Error::Gis { map: made.plan.id.clone(), message: source.to_string() };
    let stem = &layer.name;
    match format {
        LayerFormat::Fgb => Ok(vec![(format!("{stem}.fgb"), vector(layer, VectorFormat::FlatGeobuf).map_err(failed)?)]),
        LayerFormat::Kml => Ok(vec![(format!("{stem}.kml"), vector(layer, VectorFormat::Kml).map_err(failed)?)]),
        _ => {
            let made = shapefile(layer).map_err(failed)?;
            let told = shapefile_remarks(&made);
            let files = made.files.into_iter().map(|(extension, bytes)| (format!("{stem}.{extension}"), bytes));
            Ok(files.chain((!told.is_empty()).then(|| (format!("{stem}.shp.txt"), told.into_bytes()))).collect())
        }
    }
}

/// Returns what did not fit a shapefile, a line each.
#[cfg(feature = "gdal")]
fn shapefile_remarks(made: &flowatlas_gis::Shapefile) -> String {
    let renamed = made.renamed.iter().map(|(long, short)| format!("column {long} is named {short}\n"));
    let cut = made.cut.iter().map(|(column, count)| format!("column {column}: {count} texts are cut at 254 bytes\n"));
    renamed.chain(cut).collect()
}

/// As with GDAL.
#[cfg(not(feature = "gdal"))]
fn by_gdal(_: &Made, layer: &Layer, format: LayerFormat) -> Result<Vec<(String, Vec<u8>)>, Error> {
    Err(without_gdal(&format!("{}.{}", layer.name, format!("{format:?}").to_lowercase())))
}
