//! What a map must say about what happened to its flows before they were drawn, in the language of the map.

use flowatlas_map::{
    spec::{Directions, MapSpec},
    words::{Language, Words},
};
use flowatlas_model::Style;
use flowatlas_network::{Clustering, View};

use crate::study::MapPlan;

/// What happened to the flows of a map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prepared<'a> {
    /// How places were joined, where they were.
    pub(crate) clustering: Option<&'a Clustering>,
    /// How many pairs a net view leaves out.
    pub(crate) balanced: usize,
}

/// Adds to a map what its readers must know about clusters and the view: sentences at its foot, and a unit that says
/// what the numbers are.
pub(crate) fn state(spec: &mut MapSpec, view: View, prepared: Prepared) {
    spec.directions = match view {
        View::TwoWay => Directions::Apart,
        View::Net => Directions::Net,
        View::Gross => Directions::Gross,
    };
    // Moves inside clusters are told of with them.
    spec.self_links = prepared.clustering.map(|clustering| clustering.self_links);
    let clusters = prepared.clustering.map(|clustering| clusters(spec, clustering));
    let view_remark = view_remark(spec.language, view, prepared.balanced);
    let remarks = [Some(std::mem::take(&mut spec.layout_remark)), clusters, view_remark];
    let said: Vec<String> = remarks.into_iter().flatten().filter(|remark| !remark.is_empty()).collect();
    spec.layout_remark = said.join(" ");
    if let Some(qualifier) = qualifier(spec.language, view) {
        let parts = [spec.unit.as_str(), qualifier];
        spec.unit = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    }
}

/// Adds to a map that flows between places beyond its frame are not drawn.
pub(crate) fn state_beyond(spec: &mut MapSpec, links: usize) {
    let remark = Words::of(spec.language).beyond(links);
    if !spec.layout_remark.is_empty() {
        spec.layout_remark.push(' ');
    }
    spec.layout_remark.push_str(&remark);
}

/// Returns the style of a map: sums of both directions have no direction, and no arrowheads.
pub(crate) fn style(plan: &MapPlan) -> Style {
    let mut style = plan.style.clone();
    if plan.view == View::Gross {
        let arrow = &mut style.flows.arrow;
        (arrow.length_base, arrow.length_factor) = (0.0, 0.0);
        (arrow.barb_base, arrow.barb_factor) = (0.0, 0.0);
    }
    style
}

/// Returns what is added to the unit of the weights, so that every number says what it is.
fn qualifier(language: Language, view: View) -> Option<&'static str> {
    match (view, language) {
        (View::TwoWay, _) => None,
        (View::Net, Language::English | Language::French) => Some("net"),
        (View::Net, Language::Spanish) => Some("neto"),
        (View::Gross, Language::English) => Some("both ways"),
        (View::Gross, Language::Spanish) => Some("en ambos sentidos"),
        (View::Gross, Language::French) => Some("dans les deux sens"),
    }
}

fn view_remark(language: Language, view: View, balanced: usize) -> Option<String> {
    let gross = match language {
        Language::English => "Each line adds up both directions and has no arrowhead.",
        Language::Spanish => "Cada línea suma ambos sentidos y no lleva flecha.",
        Language::French => "Chaque ligne additionne les deux sens et n’a pas de flèche.",
    };
    let net = match language {
        Language::English => "Each line is the net flow: the difference of both directions.",
        Language::Spanish => "Cada línea es el flujo neto: la diferencia de ambos sentidos.",
        Language::French => "Chaque ligne est le flux net : la différence des deux sens.",
    };
    match view {
        View::TwoWay => None,
        View::Gross => Some(gross.to_owned()),
        View::Net if balanced == 0 => Some(net.to_owned()),
        View::Net => Some(format!("{net} {}", in_balance(language, balanced))),
    }
}

fn in_balance(language: Language, pairs: usize) -> String {
    let pairs = Words::of(language).number(pairs as f64);
    match language {
        Language::English => format!("Pairs in balance have no line ({pairs})."),
        Language::Spanish => format!("Los pares en equilibrio no tienen línea ({pairs})."),
        Language::French => format!("Les paires en équilibre n’ont pas de ligne ({pairs})."),
    }
}

fn clusters(spec: &MapSpec, clustering: &Clustering) -> String {
    let words = Words::of(spec.language);
    let places = words.number(clustering.members.iter().map(Vec::len).sum::<usize>() as f64);
    let clusters = words.number(clustering.members.len() as f64);
    let flows = match spec.language {
        Language::English => "flows",
        Language::Spanish => "flujos",
        Language::French => "flux",
    };
    let inside = match clustering.internal_weight {
        Some(weight) => format!("{} {}", words.number(weight), spec.unit),
        None => format!("{} {flows}", words.number(clustering.internal_rows as f64)),
    };
    let inside = inside.trim();
    match spec.language {
        Language::English => format!("{places} places are shown as {clusters}; moves inside clusters: {inside}."),
        Language::Spanish => {
            format!("{places} lugares se muestran como {clusters}; movimientos dentro de los grupos: {inside}.")
        }
        Language::French => {
            format!("{places} lieux sont représentés par {clusters} ; mouvements internes aux groupes : {inside}.")
        }
    }
}
