//! The map as QGIS draws it: styles of its layers, and a project with a print layout that a cartographer goes on from.
//!
//! Everything follows from the [`Look`] of the figure: the same scales, colours and sizes, in
//! millimetres on the page. Nothing here asks for more than QGIS 3.22 has.

mod expression;
mod flow_style;
mod labels;
mod land_style;
mod place_style;
mod print_layout;
mod project;
mod symbol;
mod xml;
mod zip;

pub use project::{Project, project};
pub(crate) use xml::escaped;

use flowatlas_model::{Layer, Look, Style, style::Color};

/// A finished map, for the styles of its layers.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// How the figure looks.
    pub look: &'a Look,
    /// The style that it was drawn in.
    pub style: &'a Style,
}

impl Drawn<'_> {
    /// Returns the ground behind all layers: water, or the paper where nothing lies on the Earth.
    fn ground(&self) -> Color {
        let planar = self.look.panels[0].crs.is_empty();
        if planar { self.style.page.background } else { self.style.land.water }
    }
}

/// Returns the style of a layer of [`crate::map_layers()`] as a QML document; `None` for plain tables.
pub fn qml(drawn: Drawn<'_>, layer: &Layer) -> Option<String> {
    let parts = parts(drawn, layer)?;
    let enabled = u8::from(!parts.labeling.is_empty());
    Some(format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"{VERSION}\" styleCategories=\"Symbology|Labeling\" labelsEnabled=\"{enabled}\">\n{}{}</qgis>\n",
        parts.renderer, parts.labeling
    ))
}

/// The QGIS that files are written for.
const VERSION: &str = "3.22.0";

/// What a style is made of.
struct Parts {
    renderer: String,
    /// Empty for a layer without labels.
    labeling: String,
}

fn parts(drawn: Drawn<'_>, layer: &Layer) -> Option<Parts> {
    let (renderer, labeling) = match layer.name.as_str() {
        "flows" => (flow_style::renderer(drawn), labels::flows(drawn)),
        "places" => (place_style::renderer(drawn), labels::places(drawn, layer)),
        "areas" => (land_style::areas(drawn), String::new()),
        name if name.starts_with("regions") => (land_style::regions(drawn, layer), labels::regions(drawn, layer)),
        _ => return None,
    };
    Some(Parts { renderer, labeling })
}
