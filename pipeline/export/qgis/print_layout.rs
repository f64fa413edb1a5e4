//! The page of the figure as a print layout: title, map, windows, legend, scale bar, notes and sources, each an item
//! that can be moved.

use std::borrow::Cow;

use flowatlas_model::{
    Layer, Look,
    look::{FlowColors, PanelLook},
    style::Color,
    units::Mm,
};
use kurbo::Rect;

use super::{
    expression,
    project::{Project, crs, layer_id},
    xml::escaped,
};

/// Mean width of a letter in ems, to tell how many lines a text takes; a little more than that of Noto Sans, as readers may
/// not have it.
const LETTER: f64 = 0.58;
/// Room for the words of a scale bar in millimetres.
const BAR_WORDS: f64 = 6.0;
/// Height of the ticks of a scale bar and width of its lines in millimetres.
const TICK: f64 = 1.0;
const BAR_LINE: f64 = 0.2;
/// By how much of it a scale bar may be longer than that of the figure.
const NEARLY: f64 = 0.03;
/// Length of a sample of a width in millimetres.
const SAMPLE: f64 = 9.0;
/// Height of a sample of a colour in millimetres.
const SWATCH: f64 = 3.0;
/// Room between a sample and its words in millimetres.
const BESIDE_SAMPLE: f64 = 1.5;
/// Width of the column beside a map whose legend stands elsewhere on its figure, and room around it, in millimetres.
const COLUMN: f64 = 48.0;
const COLUMN_GAP: f64 = 3.0;
/// Room above the notes in millimetres.
const FOOT_GAP: f64 = 2.0;
/// Room between two entries of the legend in millimetres.
const ENTRY_GAP: f64 = 0.8;

/// Flags of a map item by which no name is cut at the edge of the map: QGIS finds it another place.
const WHOLE_LABELS: u32 = 0;

/// Where words stand in their item, as Qt counts alignments.
const TOP: u32 = 32;
const MIDDLE: u32 = 128;

const PAGE: u32 = 65638;
const MAP: u32 = 65639;
const LABEL: u32 = 65641;
const LEGEND: u32 = 65642;
const SHAPE: u32 = 65643;
const SCALE_BAR: u32 = 65646;

/// Items are numbered from the bottom of the page up.
struct Page<'a> {
    project: &'a Project<'a>,
    items: Vec<String>,
}

/// A place on the page in millimetres: left, top, width, height.
#[derive(Clone, Copy)]
struct Spot([f64; 4]);

impl Spot {
    fn of(rect: Rect) -> Self {
        Spot([rect.x0, rect.y0, rect.width(), rect.height()].map(|pt| Mm::from_pt(pt).0))
    }
}

/// Letters of an item.
#[derive(Clone, Copy)]
struct Letters {
    size: f64,
    bold: bool,
    color: Color,
}

impl Letters {
    /// Returns how many of them stand in a line of so many millimetres.
    fn in_a_line(self, room: f64) -> f64 {
        room / (Mm::from_pt(self.size).0 * LETTER)
    }
}

/// How a piece of a flow looks: its colour, the colour and the width in points of its edge, and its width in points.
#[derive(Clone, Copy)]
struct Ink {
    fill: Color,
    edge: (Color, f64),
    width: f64,
}

/// A piece of a flow in the legend.
struct Sample<'a> {
    name: &'a str,
    words: &'a str,
    ink: Ink,
}

/// Returns the layout of the project's page.
pub(crate) fn layout(project: &Project<'_>) -> String {
    let mut page = Page { project, items: Vec::new() };
    let look = project.drawn.look;
    page.title();
    for (k, panel) in look.panels.iter().enumerate() {
        page.map(k, panel);
    }
    let longer = page.legend();
    page.foot(longer);
    page.scale_bar();
    let items = page.items.concat();
    format!(
        "<Layout name=\"Figure\" units=\"mm\" printResolution=\"300\" worldFileMap=\"{}\">\n\
         <Snapper tolerance=\"5\" snapToItems=\"1\" snapToGuides=\"1\" snapToGrid=\"0\"/>\n\
         <Grid resolution=\"10\" resUnits=\"mm\" offsetX=\"0\" offsetY=\"0\" offsetUnits=\"mm\"/>\n\
         <PageCollection>\n{}{}<GuideCollection visible=\"1\"/>\n</PageCollection>\n{items}</Layout>\n",
        uuid("map-0"),
        paper(project.drawn.style.page.background),
        page_item(look, longer),
    )
}

/// True where the legend stands below the map, between it and the notes.
fn legend_is_beneath(look: &Look) -> bool {
    look.legend.is_some_and(|legend| legend.y0 >= look.panels[0].rect.y1)
}

fn uuid(name: &str) -> String {
    format!("{{flowatlas-{name}}}")
}

fn paper(color: Color) -> String {
    let fill = super::symbol::fill(Some(color), color, 0.0);
    super::symbol::symbol("", "fill", &[&fill])
}

/// A map that was a panel of a figure has its legend in a column of its own; the page is as much longer as the legend below its map is.
fn page_item(look: &Look, longer: f64) -> String {
    let [width, height] = look.page.map(|pt| Mm::from_pt(pt).0);
    let height = height + longer;
    let width = if look.legend.is_some() { width } else { width + COLUMN + COLUMN_GAP };
    format!(
        "<LayoutItem type=\"{PAGE}\" uuid=\"{}\" id=\"\" position=\"0,0,mm\" size=\"{width},{height},mm\" zValue=\"0\" \
         referencePoint=\"0\" frame=\"false\" background=\"true\" visibility=\"1\" opacity=\"1\"/>\n",
        uuid("page")
    )
}

impl Page<'_> {
    /// Adds an item; `inside` are its own attributes and what it holds.
    fn item(&mut self, kind: u32, name: &str, spot: Spot, inside: (&str, &str)) {
        let [x, y, width, height] = spot.0.map(|mm| (mm * 1e3).round() / 1e3);
        let z = self.items.len() + 1;
        self.items.push(format!(
            "<LayoutItem type=\"{kind}\" uuid=\"{}\" templateUuid=\"{}\" id=\"{name}\" position=\"{x},{y},mm\" \
             positionOnPage=\"{x},{y},mm\" size=\"{width},{height},mm\" zValue=\"{z}\" referencePoint=\"0\" \
             visibility=\"1\" opacity=\"1\" {}>\n{}</LayoutItem>\n",
            uuid(name),
            uuid(name),
            inside.0,
            inside.1
        ));
    }

    fn label(&mut self, name: &str, text: &str, at: (Spot, Letters)) {
        self.words(name, text, at, TOP);
    }

    fn words(&mut self, name: &str, text: &str, (spot, letters): (Spot, Letters), align: u32) {
        if text.is_empty() {
            return;
        }
        let attributes = format!(
            "labelText=\"{}\" halign=\"1\" valign=\"{align}\" marginX=\"0\" marginY=\"0\" htmlState=\"0\" \
             frame=\"false\" background=\"false\"",
            escaped(&expression::literal(text))
        );
        self.item(LABEL, name, spot, (&attributes, &text_style(letters)));
    }

    /// Adds title and subtitle above the map; nearer to the edge of the page than in the figure where QGIS's taller lines ask for it.
    fn title(&mut self) {
        let (look, style) = (self.project.drawn.look, self.project.drawn.style);
        let map = Spot::of(look.panels[0].rect).0;
        let text = &style.text;
        let width = self.text_width();
        let title = Letters { size: text.title, bold: true, color: text.color };
        let subtitle = Letters { size: text.subtitle, bold: false, color: text.quiet };
        let tall = |words: &str, letters: Letters| lines_of(words, letters.in_a_line(width)) * line(letters.size);
        let heights = [tall(&look.header[0], title), tall(&look.header[1], subtitle)];
        let top = style.page.margin_mm.min((map[1] - ENTRY_GAP - heights[0] - heights[1]).max(0.0));
        let at = |top: f64, height: f64| Spot([map[0], top, width, height]);
        self.label("title", &look.header[0], (at(top, heights[0]), title));
        let below = top + heights[0];
        self.label("subtitle", &look.header[1], (at(below, heights[1].max(map[1] - below)), subtitle));
    }

    /// Adds the notes below the map, or below the legend where that stands there, `longer` millimetres more than in the figure.
    fn foot(&mut self, longer: f64) {
        let (look, text) = (self.project.drawn.look, &self.project.drawn.style.text);
        let map = Spot::of(look.panels[0].rect).0;
        let letters = Letters { size: text.note, bold: false, color: text.quiet };
        let strip = look.legend.filter(|_| legend_is_beneath(look)).map(Spot::of);
        let above = strip.map_or(map[1] + map[3], |Spot([_, y, _, height])| y + height + longer);
        let top = above + FOOT_GAP;
        let paragraphs: Vec<&str> = look.footer.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        let room = (Mm::from_pt(look.page[1]).0 + longer - top).max(line(text.note));
        let spot = Spot([map[0], top, self.text_width(), room]);
        self.label("notes and sources", &paragraphs.join("\n"), (spot, letters));
    }

    /// Width of the title and the notes.
    fn text_width(&self) -> f64 {
        let look = self.project.drawn.look;
        Mm::from_pt(look.page[0]).0 - 2.0 * Spot::of(look.panels[0].rect).0[0]
    }

    fn map(&mut self, k: usize, panel: &PanelLook) {
        let style = self.project.drawn.style;
        let [west, south, east, north] = panel.bounds;
        let framed = style.page.frame_width > 0.0;
        let Color { r, g, b, .. } = self.project.drawn.ground();
        let Color { r: fr, g: fg, b: fb, .. } = style.page.frame;
        let attributes = format!(
            "frame=\"{framed}\" outlineWidthM=\"{},mm\" background=\"true\" keepLayerSet=\"false\" followPreset=\"false\" \
             drawCanvasItems=\"true\" mapRotation=\"0\" labelMargin=\"0,mm\" mapFlags=\"{WHOLE_LABELS}\"",
            expression::mm(style.page.frame_width)
        );
        let held = format!(
            "<FrameColor red=\"{fr}\" green=\"{fg}\" blue=\"{fb}\" alpha=\"255\"/>\n\
             <BackgroundColor red=\"{r}\" green=\"{g}\" blue=\"{b}\" alpha=\"255\"/>\n\
             <Extent xmin=\"{west}\" ymin=\"{south}\" xmax=\"{east}\" ymax=\"{north}\"/>\n\
             <crs>{}</crs>\n<LayerSet/>\n",
            crs(&panel.crs)
        );
        let name = format!("map-{k}");
        self.item(MAP, &name, Spot::of(panel.rect), (&attributes, &held));
        if !panel.title.is_empty() {
            let text = &style.text;
            let letters = Letters { size: text.legend, bold: true, color: text.color };
            let [x, y, width, _] = Spot::of(panel.rect).0;
            let line = Mm::from_pt(text.legend * 1.5).0;
            self.label(
                &format!("title of window {k}"),
                &panel.title,
                (Spot([x + 1.2, y + 1.0, width - 2.0, line]), letters),
            );
        }
    }

    /// Adds samples of widths as bars of the widths of flows, then colours and places as QGIS knows them: below the samples, or beside
    /// them where the legend stands below the map. A legend that would reach beyond the map begins further up. Returns by how many
    /// millimetres the page is longer than in the figure.
    fn legend(&mut self) -> f64 {
        let (look, text) = (self.project.drawn.look, &self.project.drawn.style.text);
        let letters = Letters { size: text.legend, bold: false, color: text.color };
        let map = Spot::of(look.panels[0].rect).0;
        let beside = [Mm::from_pt(look.page[0]).0 + COLUMN_GAP, map[1] + COLUMN_GAP, COLUMN - COLUMN_GAP, map[3]];
        let [x, y, width, height] = look.legend.map_or(beside, |rect| Spot::of(rect).0);
        if !legend_is_beneath(look) {
            let width = width.max(32.0);
            let (items, room) = (self.items.len(), map[1] + map[3] - COLUMN_GAP);
            let end = self.column([x, y, width], letters);
            let up = (end - room).min(y - map[1] - COLUMN_GAP);
            if up > 0.0 {
                self.items.truncate(items);
                self.column([x, y - up, width], letters);
            }
            return 0.0;
        }
        let column = self.samples_width(letters).min(width / 2.0);
        let samples = self.samples([x, y, column], letters) - y;
        let left = if samples > 0.0 { column + COLUMN_GAP } else { 0.0 };
        let classes = self.classes(Spot([x + left, y, width - left, 10.0]), letters);
        (samples.max(classes) - height).max(0.0)
    }

    /// Adds samples and below them colours and shades; returns where they end.
    fn column(&mut self, [x, y, width]: [f64; 3], letters: Letters) -> f64 {
        let below = self.samples([x, y, width], letters) + 0.5;
        below + self.classes(Spot([x, below, width, 10.0]), letters)
    }

    /// Adds what is counted, the samples of widths and what is told of trunks and of flows that look otherwise, from `y` down; returns
    /// where they end.
    fn samples(&mut self, [x, mut y, room]: [f64; 3], letters: Letters) -> f64 {
        let (look, text) = (self.project.drawn.look, &self.project.drawn.style.text);
        y += self.paragraph("measure", &look.measure, ([x, y, room], Letters { bold: true, ..letters }));
        for (k, (words, points)) in look.samples.iter().enumerate() {
            let sample = Sample { name: &format!("sample {}", k + 1), words, ink: self.ink(*points) };
            y += self.entry(sample, ([x, y, room], letters));
        }
        if let Some(words) = &look.trunks {
            let note = Letters { size: text.note, bold: false, color: text.quiet };
            y += self.paragraph("trunks", words, ([x, y, room], note));
        }
        if let Some(doubt) = &look.uncertain {
            let Ink { fill, .. } = self.ink(0.0);
            let pale = fill.mix(self.project.drawn.style.flows.casing, doubt.paler);
            let ink = Ink { fill: pale, edge: (fill, doubt.edge), width: 2.0 * doubt.hollow_from };
            y += self.entry(Sample { name: "uncertain", words: &doubt.label, ink }, ([x, y, room], letters));
        }
        if let Some(numberless) = &look.numberless {
            let ink = Ink { fill: numberless.color, edge: (numberless.color, 0.0), width: numberless.width };
            let sample = Sample { name: "without a number", words: &numberless.label, ink };
            y += self.entry(sample, ([x, y, room], letters));
        }
        y
    }

    /// Adds words over the whole width of the legend; returns how tall they are with the gap below, 0 for no words.
    fn paragraph(&mut self, name: &str, words: &str, ([x, y, room], letters): ([f64; 3], Letters)) -> f64 {
        let lines = lines_of(words, letters.in_a_line(room));
        self.label(name, words, (Spot([x, y, room, lines * line(letters.size)]), letters));
        if words.is_empty() { 0.0 } else { lines * line(letters.size) + ENTRY_GAP }
    }

    /// Adds a sample of a flow with its words beside it; returns how tall it is with the gap below.
    fn entry(&mut self, sample: Sample<'_>, ([x, y, room], letters): ([f64; 3], Letters)) -> f64 {
        let text = &self.project.drawn.style.text;
        let long = text.grown(SAMPLE);
        let left = long + text.grown(BESIDE_SAMPLE);
        let thick = Mm::from_pt(sample.ink.width).0;
        let words = lines_of(sample.words, letters.in_a_line(room - left)) * line(letters.size);
        let tall = thick.max(words);
        self.bar(sample.name, Spot([x, y + (tall - thick) / 2.0, long, thick]), sample.ink);
        let at = Spot([x + left, y + (tall - words) / 2.0, room - left, words]);
        self.words(&format!("{} in words", sample.name), sample.words, (at, letters), MIDDLE);
        tall + ENTRY_GAP
    }

    /// Returns the ink of a flow of this width, where colour tells nothing else.
    fn ink(&self, width: f64) -> Ink {
        let fill = match &self.project.drawn.look.colors {
            FlowColors::One(color) => *color,
            _ => self.project.drawn.style.text.quiet,
        };
        Ink { fill, edge: (fill, 0.0), width }
    }

    /// Width of what is counted and of the samples with their words, each in one line.
    fn samples_width(&self, letters: Letters) -> f64 {
        let (look, text) = (self.project.drawn.look, &self.project.drawn.style.text);
        let wide = |words: &str| words.chars().count() as f64 * LETTER * Mm::from_pt(letters.size).0;
        let doubt = look.uncertain.iter().map(|doubt| &doubt.label);
        let numberless = look.numberless.iter().map(|numberless| &numberless.label);
        let entries = look.samples.iter().map(|(words, _)| words).chain(doubt).chain(numberless);
        let entry = |words: &String| text.grown(SAMPLE) + text.grown(BESIDE_SAMPLE) + wide(words);
        entries.map(entry).fold(wide(&look.measure), f64::max)
    }

    /// Adds a piece of a flow.
    fn bar(&mut self, name: &str, spot: Spot, ink: Ink) {
        let fill = ink.fill.with_opacity(self.project.drawn.style.flows.opacity);
        let fill = super::symbol::fill(Some(fill), ink.edge.0, ink.edge.1);
        let symbol = super::symbol::symbol("", "fill", &[&fill]);
        let attributes = "shapeType=\"1\" frame=\"false\" background=\"false\"";
        self.item(SHAPE, name, spot, (attributes, &symbol));
    }

    /// Adds colours and shades from the top of the spot down; below a map flows and areas stand in columns. Returns about how tall the
    /// taller one is.
    fn classes(&mut self, spot: Spot, letters: Letters) -> f64 {
        let project = self.project;
        let text = &project.drawn.style.text;
        let plain = matches!(project.drawn.look.colors, FlowColors::One(_));
        let told = |name: &str| (name == "flows" && !plain) || (name == "areas" && project.drawn.look.shades.is_some());
        let told: Vec<&Layer> = project.layers.iter().filter(|layer| told(&layer.name)).collect();
        if told.is_empty() {
            return 0.0;
        }
        let layers: String = told.iter().map(|layer| legend_layer(project, layer)).collect();
        let columns = if legend_is_beneath(project.drawn.look) { told.len() } else { 1 };
        let attributes = format!(
            "map_uuid=\"{}\" resizeToContents=\"1\" wmsLegendWidth=\"50\" symbolWidth=\"{}\" symbolHeight=\"{}\" \
             boxSpace=\"0\" columnSpace=\"2\" columnCount=\"{columns}\" wrapChar=\"\" title=\"\" frame=\"false\" \
             background=\"false\" legendFilterByAtlas=\"0\" splitLayer=\"0\"",
            uuid("map-0"),
            text.grown(SAMPLE),
            text.grown(SWATCH)
        );
        let style = |name: &str, bold: bool, [gap, left]: [f64; 2]| {
            format!(
                "<style name=\"{name}\" alignment=\"1\" marginTop=\"{gap}\" marginBottom=\"0\" marginLeft=\"{left}\" \
                 indent=\"0\">\n\
                 <styleFont description=\"{}\" style=\"\"/>\n{}</style>\n",
                font(letters.size, bold),
                text_style(Letters { bold, ..letters })
            )
        };
        let styles: String = [
            style("title", true, [0.0, 0.0]),
            style("group", true, [0.0, 0.0]),
            style("subgroup", true, [1.0, 0.0]),
            style("symbol", false, [ENTRY_GAP, 0.0]),
            style("symbolLabel", false, [ENTRY_GAP, text.grown(BESIDE_SAMPLE)]),
        ]
        .concat();
        let held = format!("<styles>\n{styles}</styles>\n<layer-tree-group>\n{layers}</layer-tree-group>\n");
        self.item(LEGEND, "legend", spot, (&attributes, &held));
        let entry = line(letters.size).max(text.grown(SWATCH)) + ENTRY_GAP;
        let rows = told.iter().map(|layer| entries(project, layer).len() + usize::from(is_titled(project, layer)));
        rows.max().unwrap_or(0) as f64 * entry
    }

    fn scale_bar(&mut self) {
        let look = self.project.drawn.look;
        let (Some(rect), Some(metres)) = (look.scale_bar, look.panels[0].metres_per_point()) else { return };
        let Spot([x, y, width, height]) = Spot::of(rect);
        let long = round_below(rect.width() * metres / 1000.0);
        let (unit, label, length) =
            if long < 1.0 { ("meters", "m", (1000.0 * long).round()) } else { ("km", "km", long) };
        // Words stand about the ends of the bar, and those at the right need room: there the bar stands further left.
        let [left, _, wide, _] = Spot::of(look.panels[0].rect).0;
        let aside = if x - left > left + wide - x - width { BAR_WORDS } else { 0.0 };
        let spot = Spot([x - aside, y, width + BAR_WORDS, height]);
        let text = &self.project.drawn.style.text;
        let attributes = format!(
            "mapUuid=\"{}\" style=\"Line Ticks Up\" unitType=\"{unit}\" unitLabel=\"{label}\" numUnitsPerScaleBarUnit=\"1\" \
             numMapUnitsPerScaleBarUnit=\"1\" numSegments=\"1\" numSegmentsLeft=\"0\" numUnitsPerSegment=\"{length}\" \
             segmentSizeMode=\"0\" height=\"{}\" outlineWidth=\"{}\" boxContentSpace=\"0\" labelBarSpace=\"0.6\" \
             alignment=\"0\" minBarWidth=\"10\" maxBarWidth=\"60\" frame=\"false\" background=\"false\"",
            uuid("map-0"),
            text.grown(TICK),
            text.grown(BAR_LINE)
        );
        let letters = Letters { size: text.note, bold: false, color: text.quiet };
        self.item(SCALE_BAR, "scale bar", spot, (&attributes, &text_style(letters)));
    }
}

/// Height in millimetres of a line of letters of this size: QGIS takes that of the font, which for Noto Sans is 1.362 ems.
fn line(size: f64) -> f64 {
    Mm::from_pt(size * 1.37).0
}

/// Returns the greatest of 1, 2 and 5 times a power of ten that is not above the number.
fn round_below(value: f64) -> f64 {
    let mut power = 1e-3;
    while power * 10.0 <= value {
        power *= 10.0;
    }
    [5.0, 2.0, 1.0].into_iter().map(|head| head * power).find(|round| *round <= value * (1.0 + NEARLY)).unwrap_or(power)
}

fn text_style(letters: Letters) -> String {
    let (weight, name) = if letters.bold { (75, "Bold") } else { (50, "Regular") };
    format!(
        "<text-style fontFamily=\"Noto Sans\" namedStyle=\"{name}\" fontWeight=\"{weight}\" fontSize=\"{}\" \
         fontSizeUnit=\"Point\" textColor=\"{}\" textOpacity=\"1\" multilineHeight=\"1\"/>\n\
         <LabelFont description=\"{}\" style=\"{name}\"/>\n\
         <FontColor red=\"{}\" green=\"{}\" blue=\"{}\" alpha=\"255\"/>\n",
        expression::number(letters.size),
        expression::color(letters.color),
        font(letters.size, letters.bold),
        letters.color.r,
        letters.color.g,
        letters.color.b
    )
}

/// Returns a font as Qt describes it.
fn font(size: f64, bold: bool) -> String {
    format!("Noto Sans,{},-1,5,{},0,0,0,0,0", expression::number(size), if bold { 75 } else { 50 })
}

/// Returns true for a layer that has a title over its entries: areas, and flows whose colours tell groups of places.
fn is_titled(project: &Project<'_>, layer: &Layer) -> bool {
    layer.name == "areas" || project.drawn.look.grouped_by.is_some()
}

/// Returns a layer of the legend: the name of the layer of flows is left out, and so is what stands for whatever a user may add later.
fn legend_layer(project: &Project<'_>, layer: &Layer) -> String {
    let shown: Vec<String> = entries(project, layer).into_iter().map(|k| k.to_string()).collect();
    let (id, title) = (layer_id(project, layer), expression::literal(&legend_title(project, layer)).into_owned());
    let words = legend_words(project, layer);
    let mut properties = vec![
        ("legend/title-style", if is_titled(project, layer) { "subgroup" } else { "hidden" }.to_owned()),
        ("legend/title-label", title.clone()),
        ("legend/node-order", shown.join(",")),
    ];
    properties.extend(words.iter().map(|(name, words)| (name.as_str(), words.clone())));
    let properties = super::xml::options(&properties);
    format!(
        "<layer-tree-layer id=\"{id}\" name=\"{0}\" legend_exp=\"\" checked=\"Qt::Checked\" expanded=\"1\" \
         providerKey=\"ogr\">\n<customproperties>{properties}</customproperties>\n</layer-tree-layer>\n",
        escaped(&title)
    )
}

/// Returns the entries of a layer that the legend shows, from the top: of shades the highest, and missing numbers where there are some.
fn entries(project: &Project<'_>, layer: &Layer) -> Vec<usize> {
    let look = project.drawn.look;
    match (layer.name.as_str(), &look.colors, &look.shades) {
        ("flows", FlowColors::Kinds(kinds) | FlowColors::Groups(kinds), _) => (0..kinds.len()).collect(),
        ("flows", ..) => vec![0, 1],
        (_, _, Some(shades)) => {
            let classes = shades.colors.len();
            let missing = shades.numbers.iter().any(|(_, number)| number.is_none());
            let below = shades.neutral.map_or(0, |neutral| neutral.below);
            let neutral = shades.neutral.map(|_| classes);
            let behind = classes + usize::from(neutral.is_some());
            (below..classes).rev().chain(neutral).chain((0..below).rev()).chain(missing.then_some(behind)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the words of those entries of a layer that QGIS would take for expressions on a layout, though not in its tree of layers.
fn legend_words(project: &Project<'_>, layer: &Layer) -> Vec<(String, String)> {
    let words: Vec<&String> = match (layer.name.as_str(), &project.drawn.look.colors) {
        ("flows", FlowColors::Kinds(kinds) | FlowColors::Groups(kinds)) => {
            kinds.iter().map(|kind| &kind.label).collect()
        }
        ("flows", FlowColors::Ends { from, to, .. }) => vec![&from.0, &to.0],
        _ => Vec::new(),
    };
    let taken = words.into_iter().enumerate().map(|(k, words)| (k, expression::literal(words)));
    let taken = taken.filter(|(_, literal)| matches!(literal, Cow::Owned(_)));
    taken.map(|(k, literal)| (format!("legend/label-{k}"), literal.into_owned())).collect()
}

fn legend_title(project: &Project<'_>, layer: &Layer) -> String {
    let look = project.drawn.look;
    match (layer.name.as_str(), &look.shades, &look.grouped_by) {
        ("areas", Some(shades), _) => [shades.title.as_str(), &shades.unit].join(" ").trim().to_owned(),
        ("flows", _, Some(groups)) => groups.clone(),
        _ => layer.title.clone(),
    }
}

/// Returns how many lines the text takes where so many letters stand in one.
fn lines_of(text: &str, letters: f64) -> f64 {
    let room = letters.max(8.0) as usize;
    let mut lines = 0;
    for paragraph in text.lines() {
        let mut run = 0;
        lines += 1;
        for length in paragraph.split_whitespace().map(|word| word.chars().count()) {
            if run > 0 && run + 1 + length > room {
                lines += 1;
                run = 0;
            }
            run += length + usize::from(run > 0);
        }
    }
    f64::from(lines)
}
