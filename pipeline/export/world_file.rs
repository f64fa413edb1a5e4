//! Files that tell GIS programs where on the Earth a picture lies.

use flowatlas_model::look::PanelLook;

use crate::number;

/// A picture of a whole page.
#[derive(Debug, Clone, Copy)]
pub struct PagePicture<'a> {
    /// The part of the page that shows the map; what lies around it goes on in its coordinate system.
    pub panel: &'a PanelLook,
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// Width and height of the page in points.
    pub page: [f64; 2],
}

impl PagePicture<'_> {
    /// Returns the six lines of a world file: size of a pixel, and the middle of the one at the top left.
    pub fn world_file(&self) -> Vec<u8> {
        let [west, north, x, y] = self.placement();
        let lines = [x, 0.0, 0.0, -y, west + x / 2.0, north - y / 2.0].map(|v| number::cell(Some(v)) + "\n");
        lines.concat().into_bytes()
    }

    /// Returns what GDAL and QGIS read beside a picture: its coordinate system and its place.
    pub fn aux_xml(&self) -> Vec<u8> {
        let [west, north, x, y] = self.placement();
        let numbers = [west, x, 0.0, north, 0.0, -y].map(|v| number::cell(Some(v))).join(", ");
        let crs = crate::qgis::escaped(&self.panel.crs);
        let geographic = crs.contains("longlat") || crs.to_uppercase() == "EPSG:4326";
        let axes = if geographic { "2,1" } else { "1,2" };
        let system = match crs.as_str() {
            "" => String::new(),
            crs => format!("  <SRS dataAxisToSRSAxisMapping=\"{axes}\">{crs}</SRS>\n"),
        };
        format!("<PAMDataset>\n{system}  <GeoTransform>{numbers}</GeoTransform>\n</PAMDataset>\n").into_bytes()
    }

    /// Returns the west and north edge of the page and the width and height of a pixel.
    fn placement(&self) -> [f64; 4] {
        let corner = self.panel.at(0.0, 0.0);
        let scale = self.panel.scale();
        let side = |k: usize| self.page[k] / self.size[k] as f64 / scale;
        [corner.x, corner.y, side(0), side(1)]
    }
}
