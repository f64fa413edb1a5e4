//! Pages: whatever the data say stays text, everything is in the table, nothing but the page's own script may run.

use std::collections::BTreeSet;

use super::*;

const HOSTILE: &str = "<script>alert(1)</script> \" ' & ]]> \u{7} <b";

fn place(id: &str, name: &str) -> Place {
    Place { id: id.into(), name: name.into() }
}

fn flow((origin, destination): (&str, &str), weight: Option<f64>) -> FlowRow {
    FlowRow {
        origin: place(origin, origin),
        destination: place(destination, destination),
        kind: None,
        weight,
        printed: weight.map_or_else(String::new, |w| w.to_string()),
        periods: Vec::new(),
    }
}

fn written(page: &MapPage<'_>) -> String {
    String::from_utf8(map_page(page)).unwrap()
}

fn page(flows: Vec<FlowRow>) -> MapPage<'static> {
    MapPage {
        title: "Who moves",
        description: "Some do.",
        language: "en",
        picture: "<svg viewBox=\"0 0 1 1\"></svg>",
        unit: "persons",
        measured: true,
        both_ways: false,
        flows,
        partial: false,
        heaviest: None,
    }
}

#[test]
fn hostile_words_stay_words() {
    let mut hostile = page(vec![FlowRow {
        origin: place(HOSTILE, HOSTILE),
        kind: Some(HOSTILE.into()),
        periods: vec![(HOSTILE.into(), None), ("2".into(), None)],
        ..flow(("a", "b"), Some(1.0))
    }]);
    (hostile.title, hostile.description, hostile.unit) = (HOSTILE, HOSTILE, HOSTILE);
    let text = written(&hostile);
    assert_eq!(text.matches("<script>").count(), 1, "only the page's own");
    assert!(!text.contains('\u{7}') && !text.contains("<b "));
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot; &#39; &amp; ]]&gt;  &lt;b"));
}

#[test]
fn the_script_cannot_end_its_element() {
    let script = include_str!("map.js").to_lowercase();
    assert!(!script.contains("</script") && !script.contains("<!--"), "either would cut the script short");
}

#[test]
fn every_flow_is_in_the_table() {
    let flows = vec![flow(("a", "b"), Some(3.0)), flow(("b", "a"), None)];
    let text = written(&page(flows));
    assert!(text.contains("data-origin=\"a\" data-dest=\"b\"") && text.contains("data-value=\"3\""));
    let without = text.lines().find(|line| line.contains("data-origin=\"b\"")).unwrap();
    assert!(!without.contains("data-value"), "a missing number is no 0: {without}");
    assert!(without.ends_with("<td class=\"number fa-weight\"></td></tr>"));
}

#[test]
fn controls_are_there_only_where_they_choose_something() {
    let one = written(&page(vec![flow(("a", "b"), Some(3.0))]));
    assert!(!one.contains("id=\"fa-period\"") && !one.contains("name=\"fa-kind\"") && !one.contains("id=\"fa-least\""));
    let kinds = ["x", "y"].map(|kind| FlowRow {
        kind: Some(kind.into()),
        periods: vec![(kind.into(), Some(1.0))],
        ..flow(("a", kind), Some(kind.len() as f64 + f64::from(u8::from(kind == "y"))))
    });
    let two = written(&page(kinds.to_vec()));
    assert!(two.contains("id=\"fa-period\"") && two.contains("name=\"fa-kind\"") && two.contains("id=\"fa-least\""));
}

#[test]
fn every_element_that_the_script_asks_for_is_there() {
    let kinds = ["x", "y"].map(|kind| FlowRow {
        kind: Some(kind.into()),
        periods: vec![(kind.into(), Some(1.0))],
        ..flow(("a", kind), Some(if kind == "x" { 1.0 } else { 2.0 }))
    });
    let text = written(&page(kinds.to_vec()));
    let asked: BTreeSet<&str> =
        include_str!("map.js").split("byId(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(asked.len() > 8);
    for id in asked {
        assert!(text.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

#[test]
fn an_atlas_tells_of_every_map_and_links_every_file() {
    let entry = Entry {
        id: "m 1".into(),
        title: "A & B".into(),
        description: "Told.".into(),
        thumbnail: vec![1, 2, 3],
        indicators: vec![Indicator { title: "Density".into(), value: "0.5".into(), ..Indicator::default() }],
        sources: vec!["Census".into()],
        files: vec!["m 1.html".into(), "m 1.csv".into()],
    };
    let chapter = Chapter {
        title: "Study".into(),
        folder: "año".into(),
        language: "es".into(),
        entries: vec![entry],
        files: vec!["report.json".into()],
    };
    let text = String::from_utf8(atlas_page(&Atlas { chapters: vec![chapter], program: "flowatlas".into() })).unwrap();
    assert!(text.contains("A &amp; B") && text.contains("Told.") && text.contains("Fuentes: Census"));
    assert!(text.contains("data:image/png;base64,AQID") && text.contains("Density"));
    for address in ["a%C3%B1o/m%201.html", "a%C3%B1o/m%201.csv", "a%C3%B1o/report.json"] {
        assert!(text.contains(&format!("href=\"{address}\"")), "{address}");
    }
    assert!(text.contains("script-src &#39;none&#39;") && !text.contains("<script"));
}

#[test]
fn where_there_are_more_flows_shares_are_of_what_the_page_shows() {
    let whole = page(vec![flow(("a", "b"), Some(3.0))]);
    let part = MapPage { partial: true, ..whole.clone() };
    assert!(written(&whole).contains("data-leaving=\"{share} of what leaves {place}\""));
    assert!(written(&part).contains("data-leaving=\"{share} of what leaves {place} on this page\""));
    assert!(written(&part).contains("{share} of what this page shows"));
}

#[test]
fn sums_of_both_directions_have_no_origin_and_no_share_of_what_leaves() {
    let sums = MapPage { both_ways: true, ..page(vec![flow(("a", "b"), Some(3.0))]) };
    let text = written(&sums);
    assert!(text.contains(">Between</th>") && text.contains("a ↔ b") && text.contains("data-leaving=\"\""), "{text}");
    assert!(!text.contains(">Origin</th>") && !text.contains("a → b"), "{text}");
}

#[test]
fn places_are_listed_as_readers_expect_them() {
    let text = written(&page(vec![flow(("Suisse", "Égypte"), Some(3.0)), flow(("Zoug", "île"), Some(2.0))]));
    let at = |name: &str| text.find(&format!("value=\"{name}\">")).unwrap();
    assert!(at("Égypte") < at("île") && at("île") < at("Suisse") && at("Suisse") < at("Zoug"));
}
