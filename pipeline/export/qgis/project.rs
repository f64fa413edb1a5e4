//! A QGIS project: the layers of a map in order and in groups, in the coordinate system of the figure, with a print
//! layout of the same page.

use flowatlas_model::{Coordinates, Layer, Shapes};

use super::{Drawn, VERSION, expression, parts, print_layout, xml::escaped, zip};

/// What a project shows.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    /// The look of the map and its style.
    pub drawn: Drawn<'a>,
    /// The layers, those that lie on top first.
    pub layers: &'a [Layer],
    /// The file name of the GeoPackage that lies beside the project and holds the layers.
    pub file: &'a str,
    /// A word for the map that tells its layers from those of other maps, such as its id.
    pub id: &'a str,
}

/// Says whether a layer stands in a group.
type Holds = fn(&Layer) -> bool;

/// Groups of the layer tree: title, and which layers stand in it.
const GROUPS: [(&str, Holds); 2] = [
    ("Flow map", |layer| matches!(layer.name.as_str(), "places" | "flows" | "areas")),
    ("Base map", |layer| layer.name.starts_with("regions")),
];

/// Returns the bytes of a `.qgz` file.
pub fn project(project: &Project<'_>) -> Vec<u8> {
    zip::archive("project.qgs", document(project).as_bytes())
}

/// Returns the text of the project.
fn document(project: &Project<'_>) -> String {
    let look = project.drawn.look;
    let panel = &look.panels[0];
    let title = escaped(&look.header[0]);
    // Tables have no place on a map; they are found in the file itself.
    let drawn = project.layers.iter().filter(|layer| !matches!(layer.shapes, Shapes::None(_)));
    let maplayers: String = drawn.map(|layer| map_layer(project, layer)).collect();
    let (ground, crs) = (project.drawn.ground(), crs(&panel.crs));
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis projectname=\"{title}\" version=\"{VERSION}-Białowieża\">\n<title>{title}</title>\n\
         <projectCrs>{crs}</projectCrs>\n{tree}\
         <mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\">\n<units>{units}</units>\n{extent}<rotation>0</rotation>\n\
         <destinationsrs>{crs}</destinationsrs>\n<rendermaptile>0</rendermaptile>\n</mapcanvas>\n\
         <projectlayers>\n{maplayers}</projectlayers>\n\
         <properties>\n<Gui>\n<CanvasColorRedPart type=\"int\">{r}</CanvasColorRedPart>\n\
         <CanvasColorGreenPart type=\"int\">{g}</CanvasColorGreenPart>\n\
         <CanvasColorBluePart type=\"int\">{b}</CanvasColorBluePart>\n</Gui>\n\
         <Paths><Absolute type=\"bool\">false</Absolute></Paths>\n\
         <SpatialRefSys><ProjectionsEnabled type=\"int\">{projected}</ProjectionsEnabled></SpatialRefSys>\n\
         </properties>\n<Layouts>\n{layout}</Layouts>\n\
         <ProjectViewSettings UseProjectScales=\"0\">{default}</ProjectViewSettings>\n</qgis>\n",
        tree = tree(project),
        units = if panel.crs.is_empty() { "unknown" } else { "meters" },
        extent = extent("extent", panel.bounds),
        r = ground.r,
        g = ground.g,
        b = ground.b,
        projected = u8::from(!panel.crs.is_empty()),
        layout = print_layout::layout(project),
        default = extent("DefaultViewExtent", panel.bounds).replace(
            "<DefaultViewExtent>",
            &format!(
                "<DefaultViewExtent xmin=\"{}\" ymin=\"{}\" xmax=\"{}\" ymax=\"{}\">",
                panel.bounds[0], panel.bounds[1], panel.bounds[2], panel.bounds[3]
            )
        ),
    )
}

/// Returns the id of a layer: QGIS gives ids of ten letters and fewer up for its own.
pub(crate) fn layer_id(project: &Project<'_>, layer: &Layer) -> String {
    let plain: String = project.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{}_{plain}_flowatlas", layer.name)
}

fn source(project: &Project<'_>, layer: &Layer) -> String {
    format!("./{}|layername={}", project.file, layer.name)
}

fn tree(project: &Project<'_>) -> String {
    let mut out = String::from("<layer-tree-group>\n");
    for (title, holds) in GROUPS {
        let layers: String = project.layers.iter().filter(|l| holds(l)).map(|l| tree_layer(project, l)).collect();
        if !layers.is_empty() {
            let expanded = u8::from(title == GROUPS[0].0);
            out.push_str(&format!(
                "<layer-tree-group name=\"{title}\" checked=\"Qt::Checked\" expanded=\"{expanded}\">\n{layers}\
                 </layer-tree-group>\n"
            ));
        }
    }
    out + "</layer-tree-group>\n"
}

fn tree_layer(project: &Project<'_>, layer: &Layer) -> String {
    format!(
        "<layer-tree-layer id=\"{}\" name=\"{}\" checked=\"Qt::Checked\" expanded=\"0\" source=\"{}\" \
         providerKey=\"ogr\"/>\n",
        layer_id(project, layer),
        escaped(&layer.title),
        escaped(&source(project, layer))
    )
}

fn map_layer(project: &Project<'_>, layer: &Layer) -> String {
    let geometry = match layer.shapes {
        Shapes::None(_) => "No geometry",
        Shapes::Points(_) => "Point",
        Shapes::Lines(_) => "Line",
        Shapes::Areas(_) => "Polygon",
    };
    let parts = parts(project.drawn, layer);
    let labels = u8::from(parts.as_ref().is_some_and(|parts| !parts.labeling.is_empty()));
    let crs = match (&layer.shapes, layer.coordinates) {
        (Shapes::None(_), _) | (_, Coordinates::Planar) => String::new(),
        _ => crs("EPSG:4326"),
    };
    format!(
        "<maplayer type=\"vector\" geometry=\"{geometry}\" labelsEnabled=\"{labels}\" simplifyDrawingHints=\"0\" \
         readOnly=\"0\">\n<id>{}</id>\n<datasource>{}</datasource>\n<layername>{}</layername>\n\
         <abstract>{}</abstract>\n<srs>{crs}</srs>\n<provider encoding=\"UTF-8\">ogr</provider>\n\
         {}{}{}<attributeactions/>\n<previewExpression>{}</previewExpression>\n</maplayer>\n",
        layer_id(project, layer),
        escaped(&source(project, layer)),
        escaped(&layer.title),
        escaped(&layer.description),
        aliases(layer),
        parts.as_ref().map_or("", |parts| &parts.renderer),
        parts.as_ref().map_or("", |parts| &parts.labeling),
        if layer.field("name").is_some() { "&quot;name&quot;" } else { "" },
    )
}

/// Columns keep their names and show their titles.
fn aliases(layer: &Layer) -> String {
    let named = layer.fields.iter().enumerate().filter(|(_, field)| !field.title.is_empty());
    let alias = |(k, field): (usize, &flowatlas_model::Field)| {
        let unit = if field.unit.is_empty() { String::new() } else { format!(" ({})", field.unit) };
        // The key of the table is the first column.
        let (title, name) = (escaped(&format!("{}{unit}", field.title)), escaped(&field.name));
        format!("<alias index=\"{}\" field=\"{name}\" name=\"{title}\"/>\n", k + 1)
    };
    let aliases: String = named.map(alias).collect();
    format!("<aliases>\n{aliases}</aliases>\n")
}

/// Returns a coordinate system as QGIS reads it; an invalid one for planar coordinates.
pub(crate) fn crs(definition: &str) -> String {
    let inside = match definition {
        "" => "<srsid>0</srsid><authid></authid>".to_owned(),
        code if code.to_uppercase().starts_with("EPSG:") => {
            format!("<srsid>1</srsid><authid>{}</authid>", escaped(&code.to_uppercase()))
        }
        proj => format!("<proj4>{}</proj4><srsid>0</srsid><authid></authid>", escaped(proj)),
    };
    format!("<spatialrefsys>{inside}</spatialrefsys>")
}

/// Returns an extent.
fn extent(element: &str, [west, south, east, north]: [f64; 4]) -> String {
    let [west, south, east, north] = [west, south, east, north].map(expression::number);
    format!("<{element}><xmin>{west}</xmin><ymin>{south}</ymin><xmax>{east}</xmax><ymax>{north}</ymax></{element}>\n")
}
