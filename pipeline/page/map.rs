//! One map to explore: the picture as printed, what each flow is, controls, and all numbers as a table.

use std::collections::BTreeMap;

use flowatlas_model::names::in_order;

use crate::{
    html::{Document, attribute, escaped},
    words::Words,
};

const STYLE: &str = concat!(include_str!("page.css"), include_str!("map.css"));
const SCRIPT: &str = include_str!("map.js");

/// A map for the browser.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPage<'a> {
    /// The title of the map.
    pub title: &'a str,
    /// What it shows, in words.
    pub description: &'a str,
    /// The language of its words, as a BCP 47 tag (`en`, `es`, `fr`).
    pub language: &'a str,
    /// The picture as an SVG document whose flows, places and labels carry `data-origin`, `data-dest`, `data-kind` and `data-place`.
    pub picture: &'a str,
    /// The unit of the weights; may be empty.
    pub unit: &'a str,
    /// True where weights may be summed, false where they are ranks.
    pub measured: bool,
    /// True where flows are sums of both directions, and so have no origin.
    pub both_ways: bool,
    /// The flows on the picture, the heaviest first.
    pub flows: Vec<FlowRow>,
    /// True where there are more flows than these, so that shares are of what is shown.
    pub partial: bool,
    /// How many flows there are where the page has only the heaviest, as printed: shown, and of how many.
    pub heaviest: Option<[String; 2]>,
}

/// A place at an end of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its id, as in the picture.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A flow of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRow {
    /// Where it starts.
    pub origin: Place,
    /// Where it ends.
    pub destination: Place,
    /// The kind of movement.
    pub kind: Option<String>,
    /// Its weight or rank; `None` where it is unknown.
    pub weight: Option<f64>,
    /// The same as printed; empty where it is unknown.
    pub printed: String,
    /// Its weight in each period that it has rows of, in the order of the periods.
    pub periods: Vec<(String, Option<f64>)>,
}

/// Returns the page of a map.
pub fn map_page(page: &MapPage<'_>) -> Vec<u8> {
    let words = Words::of(page.language);
    let body = format!(
        "<a class=\"aside skip\" href=\"#fa-table\">{}</a>\n<main>\n<h1 class=\"aside\">{}</h1>\n<figure id=\"fa-picture\">\n{}</figure>\n\
         <div id=\"fa-side\">\n{}<section><h2>{}</h2><p>{}</p></section>\n</div>\n{}</main>\n\
         <div id=\"fa-tip\" aria-hidden=\"true\" hidden></div>\n",
        escaped(words.skip),
        escaped(page.title),
        page.picture,
        controls(page, words),
        escaped(words.described),
        escaped(page.description),
        data(page, words),
    );
    let document = Document {
        language: page.language,
        title: page.title,
        description: page.description,
        style: STYLE,
        script: SCRIPT,
        attributes: spoken(page, words),
        body,
    };
    document.write()
}

/// Returns the words that the script says, as attributes of the body.
fn spoken(page: &MapPage<'_>, words: &Words) -> String {
    let measured = if page.measured { "yes" } else { "no" };
    let [part, leaving, arriving] = match page.partial {
        true => [words.part_of_shown, words.leaving_here, words.arriving_here],
        false => [words.part, words.leaving, words.arriving],
    };
    // Sums of both directions are no shares of what leaves or arrives.
    let [leaving, arriving] = if page.both_ways { [""; 2] } else { [leaving, arriving] };
    let pairs = [
        ("class", "map"),
        ("data-unit", page.unit),
        ("data-measured", measured),
        ("data-flows", words.flows),
        ("data-shown", words.shown),
        ("data-part", part),
        ("data-leaving", leaving),
        ("data-arriving", arriving),
        ("data-unknown", words.unknown),
        ("data-rank", words.rank),
        ("data-all", words.all),
        ("data-auto", words.auto),
        ("data-light", words.light),
        ("data-dark", words.dark),
    ];
    pairs.into_iter().map(|(name, value)| attribute(name, value)).collect()
}

/// Returns the controls; the script shows them, since without it they would do nothing.
fn controls(page: &MapPage<'_>, words: &Words) -> String {
    let buttons = [
        ("fa-in", words.zoom_in),
        ("fa-out", words.zoom_out),
        ("fa-whole", words.whole),
        ("fa-reset", words.reset),
        ("fa-print", words.print),
        ("fa-theme", words.auto),
    ];
    let button = |(id, text): (&str, &str)| format!("<button type=\"button\" id=\"{id}\">{}</button>\n", escaped(text));
    format!(
        "<section id=\"fa-controls\" aria-label=\"{}\" hidden>\n<p id=\"fa-status\" role=\"status\"></p>\n{}{}{}{}\
         <p id=\"fa-widths\" hidden>{}</p>\n<div>{}</div>\n<p class=\"quiet\">{}</p>\n</section>\n",
        escaped(words.explore),
        places(page, words),
        periods(page, words),
        kinds(page, words),
        least(page, words),
        escaped(words.widths),
        buttons.into_iter().map(button).collect::<String>(),
        escaped(words.hint),
    )
}

fn places(page: &MapPage<'_>, words: &Words) -> String {
    let ends = page.flows.iter().flat_map(|flow| [&flow.origin, &flow.destination]);
    let named: BTreeMap<&str, &str> = ends.map(|place| (place.id.as_str(), place.name.as_str())).collect();
    let mut options: Vec<(&str, &str)> = named.into_iter().collect();
    options.sort_by(|a, b| in_order(a.1, b.1));
    select("fa-place", words.place, std::iter::once(("", words.all_places)).chain(options))
}

fn periods(page: &MapPage<'_>, words: &Words) -> String {
    let named: BTreeMap<&str, ()> =
        page.flows.iter().flat_map(|flow| &flow.periods).map(|(period, _)| (period.as_str(), ())).collect();
    if named.len() < 2 {
        return String::new();
    }
    let options = named.keys().map(|period| (*period, *period));
    select("fa-period", words.period, std::iter::once(("", words.all_periods)).chain(options))
}

fn select<'a>(id: &str, label: &str, options: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let option =
        |(value, text): (&str, &str)| format!("<option{}>{}</option>\n", attribute("value", value), escaped(text));
    format!(
        "<label for=\"{id}\">{}</label>\n<select id=\"{id}\">\n{}</select>\n",
        escaped(label),
        options.map(option).collect::<String>()
    )
}

fn kinds(page: &MapPage<'_>, words: &Words) -> String {
    let mut named: Vec<&str> = Vec::new();
    for flow in &page.flows {
        let kind = flow.kind.as_deref().unwrap_or_default();
        if !named.contains(&kind) {
            named.push(kind);
        }
    }
    if named.len() < 2 {
        return String::new();
    }
    let choice = |kind: &&str| {
        let text = if kind.is_empty() { "–" } else { kind };
        format!(
            "<label><input type=\"checkbox\" name=\"fa-kind\"{} checked> {}</label>\n",
            attribute("value", kind),
            escaped(text)
        )
    };
    let choices: String = named.iter().map(choice).collect();
    format!("<fieldset>\n<legend>{}</legend>\n{choices}</fieldset>\n", escaped(words.kind))
}

/// Returns the slider of the least weight; ranks have none, and neither have weights that are all equal.
fn least(page: &MapPage<'_>, words: &Words) -> String {
    let weights = || page.flows.iter().filter_map(|flow| flow.weight);
    let differ = weights().any(|weight| Some(weight) != weights().next());
    if !page.measured || !differ {
        return String::new();
    }
    format!(
        "<label for=\"fa-least\">{} <output id=\"fa-least-told\" for=\"fa-least\">{}</output></label>\n\
         <input type=\"range\" id=\"fa-least\" min=\"0\" max=\"1\" value=\"0\" step=\"1\">\n",
        escaped(words.least),
        escaped(words.all)
    )
}

fn data(page: &MapPage<'_>, words: &Words) -> String {
    let with_kind = page.flows.iter().any(|flow| flow.kind.is_some());
    let unit = if page.unit.is_empty() { words.weight } else { page.unit };
    let ends = if page.both_ways { words.between } else { [words.origin, words.destination] };
    let head: String = ends
        .into_iter()
        .chain(with_kind.then_some(words.kind))
        .map(|text| format!("<th scope=\"col\">{}</th>", escaped(text)))
        .collect();
    let heaviest = page.heaviest.as_ref().map_or_else(String::new, |[shown, of]| {
        format!("<p>{}</p>\n", escaped(&words.heaviest.replace("{shown}", shown).replace("{of}", of)))
    });
    format!(
        "<section id=\"fa-data\">\n{heaviest}<details>\n<summary>{}</summary>\n<table id=\"fa-table\">\n<caption>{}</caption>\n\
         <thead><tr>{head}<th scope=\"col\" class=\"number\">{}</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</details>\n</section>\n",
        escaped(words.table),
        escaped(page.title),
        escaped(unit),
        page.flows.iter().map(|flow| row(flow, page.both_ways, with_kind)).collect::<String>(),
    )
}

fn row(flow: &FlowRow, both_ways: bool, with_kind: bool) -> String {
    let arrow = if both_ways { '↔' } else { '→' };
    let way = format!("{} {arrow} {}", flow.origin.name, flow.destination.name);
    let facts = [
        ("data-origin", flow.origin.id.clone()),
        ("data-dest", flow.destination.id.clone()),
        ("data-from", flow.origin.name.clone()),
        ("data-to", flow.destination.name.clone()),
        ("data-way", way),
        ("data-periods", json_pairs(&flow.periods)),
    ];
    let optional = [("data-kind", flow.kind.clone()), ("data-value", flow.weight.map(|w| w.to_string()))];
    let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let facts: String = facts.into_iter().chain(optional).map(|(name, value)| attribute(name, &value)).collect();
    let kind = flow.kind.as_deref().unwrap_or_default();
    let kind = if with_kind { format!("<td>{}</td>", escaped(kind)) } else { String::new() };
    format!(
        "<tr{facts}><th scope=\"row\">{}</th><td>{}</td>{kind}<td class=\"number fa-weight\">{}</td></tr>\n",
        escaped(&flow.origin.name),
        escaped(&flow.destination.name),
        escaped(&flow.printed)
    )
}

/// Returns periods and weights as JSON, `[["2010",3],["2015",null]]`.
fn json_pairs(periods: &[(String, Option<f64>)]) -> String {
    serde_json::to_string(periods).expect("texts and finite numbers, written to memory")
}
