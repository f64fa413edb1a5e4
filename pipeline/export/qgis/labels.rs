//! Names beside places, numbers along flows, names within regions.

use flowatlas_model::{
    Layer,
    look::{FlowColors, PanelLook, Symbols},
    style::Color,
    units::Mm,
};

use super::{
    Drawn, expression,
    xml::{escaped, expressions},
};

/// What stands where, and in which letters.
struct Labeling {
    /// The expression that gives the words; none where it gives nothing.
    words: String,
    size: f64,
    color: Color,
    /// Reach of the halo in points; 0 for none.
    halo: f64,
    /// Attributes of the element `text-style` beside the usual ones.
    letters: &'static str,
    /// Attributes of the element `placement`.
    placement: &'static str,
    expressions: Vec<(&'static str, String)>,
}

const AROUND: &str = "placement=\"6\" predefinedPositionOrder=\"TR,R,BR,TL,L,BL,TSR,BSR,T,B,TSL,BSL\" offsetType=\"1\" \
                      priority=\"8\" maxCurvedCharAngleIn=\"25\" maxCurvedCharAngleOut=\"-25\"";
const ALONG: &str = "placement=\"2\" placementFlags=\"14\" priority=\"6\"";
const WITHIN: &str = "placement=\"4\" priority=\"3\"";
/// Room between words and what they name in millimetres.
const BESIDE: f64 = 0.6;
/// Width of a digit, and least width of a flow that a number stands on, as shares of the size of its letters.
const DIGIT: f64 = 0.6;
const ON_FLOW: f64 = 1.0;
/// Least contrast of a number with the flow that it stands on (WCAG 2.2, level AA).
const READABLE: f64 = 4.5;
const WHITE: Color = Color { r: 255, g: 255, b: 255, a: 255 };
const BLACK: Color = Color { r: 0, g: 0, b: 0, a: 255 };

/// Returns the labels of the places that flows join; the more moves, the larger.
pub(crate) fn places(drawn: Drawn<'_>, layer: &Layer) -> String {
    let text = &drawn.style.text;
    let [small, large] = text.place;
    let total = match drawn.look.symbols.whole() {
        Symbols::ByTotal { largest, .. } => {
            format!("sqrt(coalesce(\"total\", 0) / {})", expression::number(largest))
        }
        Symbols::Fixed(_) => "0.5".to_owned(),
    };
    let size = format!(
        "{small} + {} * if(\"role\" = 'place', {total}, 0.9)",
        expression::number(((large - small) * 1e3).round() / 1e3)
    );
    labeling(
        drawn,
        &Labeling {
            words: format!("CASE WHEN \"role\" IS NOT NULL THEN {} END", name(drawn, layer)),
            size: large,
            color: text.color,
            halo: text.halo,
            letters: "fontWeight=\"50\"",
            placement: AROUND,
            expressions: vec![
                ("Size", size),
                ("Bold", "\"role\" = 'hub'".to_owned()),
                ("Priority", format!("3 + 7 * {total}")),
            ],
        },
    )
}

fn name(drawn: Drawn<'_>, layer: &Layer) -> String {
    match &drawn.look.second_name {
        Some(second) if layer.field(second).is_some() => {
            let second = expression::column(second);
            format!("concat(\"name\", if({second} IS NULL OR {second} = \"name\", '', concat('\\n', {second})))")
        }
        _ => "\"name\"".to_owned(),
    }
}

/// Returns the numbers of the largest flows, on those that have room for them and beside others; nothing where the figure shows none.
pub(crate) fn flows(drawn: Drawn<'_>) -> String {
    let Some(least) = drawn.look.numbered else { return String::new() };
    let text = &drawn.style.text;
    let number =
        format!("format_number(\"weight\", if(\"weight\" % 1 = 0, 0, 1), {})", expression::text(&drawn.look.language));
    let words = format!("CASE WHEN \"weight\" >= {} THEN {number} END", expression::number(least));
    let width = expression::width(&drawn.look.widths);
    let beside = format!("{} + ({width}) / 2", expression::number(text.grown(BESIDE)));
    let expressions = match on_flows(drawn) {
        None => vec![("LabelDistance", beside)],
        Some(ink) => {
            let (size, (head, _)) =
                (Mm::from_pt(text.legend).0, expression::head(&drawn.style.flows, &format!("({width})")));
            let rounded = |length: f64| expression::number((length * 1e3).round() / 1e3);
            // Uncertain flows are paler; where none is, the layer has no such column.
            let full = if drawn.look.uncertain.is_some() { " AND NOT coalesce(\"uncertain\", false)" } else { "" };
            let fits = format!(
                "({width}) >= {} AND coalesce(\"length_mm\", 0) - {head} >= {} * length({number}){full}",
                rounded(ON_FLOW * size),
                rounded(DIGIT * size)
            );
            let (ink, plain) = (expression::color(ink), expression::color(text.color));
            vec![
                ("Color", format!("if({fits}, '{ink}', '{plain}')")),
                ("BufferDraw", format!("NOT ({fits})")),
                ("LinePlacementFlags", format!("if({fits}, 'OL', 'AL,BL')")),
                ("LabelDistance", format!("if({fits}, 0, {beside})")),
            ]
        }
    };
    labeling(
        drawn,
        &Labeling {
            words,
            size: text.legend,
            color: text.color,
            halo: text.halo,
            letters: "fontWeight=\"75\" namedStyle=\"Bold\"",
            placement: ALONG,
            expressions,
        },
    )
}

/// Returns white or black, whichever can be read on flows of every colour of the map; none where neither can.
fn on_flows(drawn: Drawn<'_>) -> Option<Color> {
    let colors: Vec<Color> = match &drawn.look.colors {
        FlowColors::One(color) => vec![*color],
        FlowColors::Ends { from, to, .. } => vec![from.1, to.1],
        FlowColors::Kinds(kinds) | FlowColors::Groups(kinds) => kinds.iter().map(|kind| kind.look.color).collect(),
    };
    let reads = |ink: &Color| colors.iter().all(|color| color.contrast(*ink) >= READABLE);
    [WHITE, BLACK].into_iter().find(reads)
}

/// Returns the names of the regions that the figure names; nothing where it names none.
pub(crate) fn regions(drawn: Drawn<'_>, layer: &Layer) -> String {
    let window = layer.name.rsplit('_').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let Some(PanelLook { region_labels: named, .. }) = drawn.look.panels.get(window) else { return String::new() };
    let has = |id: &String| layer.field("id").is_some_and(|ids| ids.values.iter().any(|v| v.reads(id)));
    let ids: Vec<String> = named.iter().filter(|id| has(id)).map(|id| expression::text(id)).collect();
    if ids.is_empty() {
        return String::new();
    }
    let text = &drawn.style.text;
    labeling(
        drawn,
        &Labeling {
            words: format!("CASE WHEN \"id\" IN ({}) THEN \"name\" END", ids.join(", ")),
            size: text.region,
            color: text.region_color,
            halo: 0.0,
            letters: "fontWeight=\"50\" fontLetterSpacing=\"1.2\"",
            placement: WITHIN,
            expressions: Vec::new(),
        },
    )
}

fn labeling(drawn: Drawn<'_>, label: &Labeling) -> String {
    let color = expression::color;
    let (halo, ground) = (u8::from(label.halo > 0.0), drawn.style.land.subject);
    format!(
        "<labeling type=\"simple\"><settings calloutType=\"simple\">\n\
         <text-style fieldName=\"{}\" isExpression=\"1\" fontFamily=\"Noto Sans\" fontSize=\"{}\" fontSizeUnit=\"Point\" \
         textColor=\"{}\" textOpacity=\"1\" multilineHeight=\"0.9\" {}>\n\
         <text-buffer bufferDraw=\"{halo}\" bufferSize=\"{}\" bufferSizeUnits=\"MM\" bufferColor=\"{}\" \
         bufferOpacity=\"1\" bufferNoFill=\"1\" bufferJoinStyle=\"128\"/>\n</text-style>\n\
         <text-format multilineAlign=\"3\" autoWrapLength=\"0\"/>\n\
         <placement {} dist=\"{}\" distUnits=\"MM\"/>\n\
         <rendering obstacle=\"1\" drawLabels=\"1\" scaleVisibility=\"0\" obstacleFactor=\"1\"/>\n{}\
         </settings></labeling>\n",
        escaped(&label.words),
        expression::number(label.size),
        color(label.color),
        label.letters,
        expression::mm(label.halo),
        color(ground),
        label.placement,
        drawn.style.text.grown(BESIDE),
        expressions("dd_properties", &label.expressions),
    )
}
