//! Land, water and shaded areas.

use flowatlas_model::Layer;

use super::{
    Drawn, expression,
    symbol::{Category, SymbolLayer, categorized, fill, symbol},
    xml::escaped,
};

/// Returns the renderer of the base map, by the role of each region.
pub(crate) fn regions(drawn: Drawn<'_>, layer: &Layer) -> String {
    let land = &drawn.style.land;
    let divisions_are_land = layer.field("role").is_some_and(|f| f.values.iter().any(|v| v.reads("land")));
    let border = (land.border, land.border_width);
    let division = (land.division, land.division_width);
    let looks = [
        ("context", "Other countries", fill(Some(land.context), border.0, border.1)),
        ("subject", "Countries of the map", fill(Some(land.subject), border.0, border.1)),
        ("land", "Land", fill(Some(land.subject), division.0, division.1)),
        ("division", "Divisions", fill(None, division.0, division.1)),
        ("highlight", "Highlighted", fill(Some(land.highlight), division.0, division.1)),
        ("lake", "Lakes", fill(Some(land.water), border.0, land.division_width)),
    ];
    let used = looks.iter().filter(|(value, ..)| *value != "land" || divisions_are_land);
    let categories: Vec<Category> = used
        .enumerate()
        .map(|(k, (value, label, layer))| Category {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            render: "true",
            symbol: symbol(&k.to_string(), "fill", &[layer]),
        })
        .collect();
    categorized("role", &categories)
}

/// Returns the renderer of areas: by the class of their number where the map shades them, else soft areas and borders.
pub(crate) fn areas(drawn: Drawn<'_>) -> String {
    let land = &drawn.style.land;
    let mut rules: Vec<(String, String, SymbolLayer)> = Vec::new();
    let edge = (land.division, land.division_width);
    if let Some(shades) = &drawn.look.shades {
        let bounds: Vec<f64> = [&shades.range[..1], &shades.breaks, &shades.range[1..]].concat();
        for (k, color) in shades.colors.iter().enumerate() {
            rules.push((class(&shades.breaks, k), range(&bounds, k), fill(Some(*color), edge.0, edge.1)));
        }
        // After the classes, over one of which it is painted.
        rules.extend(shades.neutral.map(|neutral| {
            let filter = format!("\"value\" = {}", expression::number(neutral.at));
            (filter, rounded(neutral.at), fill(Some(neutral.color), edge.0, edge.1))
        }));
        let missing = fill(Some(shades.missing), edge.0, edge.1);
        rules.push(("\"shaded\" AND \"value\" IS NULL".to_owned(), shades.missing_label.clone(), missing));
    }
    rules.push(("\"role\" = 'area'".to_owned(), String::new(), fill(Some(land.area), land.area, 0.0)));
    if drawn.look.bordered {
        rules.push(("\"role\" IS NOT 'area'".to_owned(), String::new(), fill(None, edge.0, edge.1)));
    }
    rule_renderer(&rules)
}

fn class(breaks: &[f64], k: usize) -> String {
    let from = k.checked_sub(1).map(|j| format!("\"value\" >= {}", expression::number(breaks[j])));
    let to = breaks.get(k).map(|bound| format!("\"value\" < {}", expression::number(*bound)));
    let parts: Vec<String> = ["\"value\" IS NOT NULL".to_owned()].into_iter().chain(from).chain(to).collect();
    parts.join(" AND ")
}

fn range(bounds: &[f64], k: usize) -> String {
    format!("{} – {}", rounded(bounds[k]), rounded(bounds[k + 1]))
}

fn rounded(value: f64) -> String {
    expression::number((value * 1e4).round() / 1e4).replace('-', "−")
}

fn rule_renderer(rules: &[(String, String, SymbolLayer)]) -> String {
    let list: String = rules
        .iter()
        .enumerate()
        .map(|(k, (filter, label, _))| {
            format!(
                "<rule key=\"flowatlas-{k}\" symbol=\"{k}\" filter=\"{}\" label=\"{}\"/>\n",
                escaped(filter),
                escaped(label)
            )
        })
        .collect();
    let symbols: String =
        rules.iter().enumerate().map(|(k, (.., layer))| symbol(&k.to_string(), "fill", &[layer])).collect();
    format!(
        "<renderer-v2 type=\"RuleRenderer\" symbollevels=\"0\" forceraster=\"0\" enableorderby=\"0\">\n\
         <rules key=\"flowatlas\">\n{list}</rules>\n<symbols>\n{symbols}</symbols>\n</renderer-v2>\n"
    )
}
