//! Names beside places, numbers along flows, names within regions.

use flowatlas_model::{
    Layer,
    look::{PanelLook, Symbols},
    style::Color,
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

const AROUND: &str = "placement=\"6\" predefinedPositionOrder=\"TR,R,BR,TL,L,BL,TSR,BSR\" offsetType=\"1\" \
                      priority=\"8\" maxCurvedCharAngleIn=\"25\" maxCurvedCharAngleOut=\"-25\"";
const ALONG: &str = "placement=\"3\" placementFlags=\"10\" priority=\"6\" \
                     maxCurvedCharAngleIn=\"25\" maxCurvedCharAngleOut=\"-25\"";
const WITHIN: &str = "placement=\"4\" priority=\"3\"";
/// Room between words and what they name in millimetres.
const BESIDE: f64 = 0.6;

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

/// Returns the numbers of the largest flows; nothing where the figure shows none.
pub(crate) fn flows(drawn: Drawn<'_>) -> String {
    let Some(least) = drawn.look.numbered else { return String::new() };
    let text = &drawn.style.text;
    let words = format!(
        "CASE WHEN \"weight\" >= {} THEN format_number(\"weight\", if(\"weight\" % 1 = 0, 0, 1), {}) END",
        expression::number(least),
        expression::text(&drawn.look.language)
    );
    labeling(
        drawn,
        &Labeling {
            words,
            size: text.legend,
            color: text.color,
            halo: text.halo,
            letters: "fontWeight=\"75\" namedStyle=\"Bold\"",
            placement: ALONG,
            expressions: Vec::new(),
        },
    )
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
