//! Whether readers can tell what a style shows apart, in words.

use flowatlas_map::class_colors;
use flowatlas_model::Style;
use flowatlas_vision::{Fault, Verdict, check};

use crate::error::Error;

/// Returns how near the nearest colours of a style are to each other to every reader, and how faint its faintest words
/// are: a line for each thing that was compared.
///
/// # Errors
/// [`Error::Style`] where two colours are too alike or words too faint, with their keys.
pub fn check_style(name: &str, style: &Style) -> Result<Vec<String>, Error> {
    let verdicts = check(style, &class_colors(style));
    let faults: Vec<String> = verdicts.iter().filter(|v| !v.passes()).map(|v| Fault(v).to_string()).collect();
    if !faults.is_empty() {
        return Err(Error::Style { style: name.to_owned(), faults: faults.join("\n  ") });
    }
    let same = |a: &Verdict, b: &Verdict| a.what == b.what;
    Ok(verdicts.chunk_by(same).map(|group| format!("style {name}, {}", in_words(group))).collect())
}

/// Returns the verdicts on one thing: what, to whom, how much, and what is needed.
fn in_words(group: &[Verdict]) -> String {
    let figures: Vec<String> = group.iter().map(figure).collect();
    let [Verdict { what, least, .. }, ..] = group else { return String::new() };
    format!("{what}: {} (least {least})", figures.join(", "))
}

fn figure(Verdict { vision, keys: [a, b], value, .. }: &Verdict) -> String {
    match vision {
        Some(vision) => format!("{vision} {value:.1}"),
        None => format!("{a} {value:.2} on {b}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use flowatlas_model::style::Color;

    use super::*;
    use crate::styles;

    fn style(name: &str) -> Style {
        styles::style(name, Path::new("")).unwrap()
    }

    fn color(hex: &str) -> Color {
        Color::try_from(hex.to_owned()).unwrap()
    }

    fn faults(change: impl FnOnce(&mut Style)) -> String {
        let mut style = style("report");
        change(&mut style);
        check_style("mine", &style).unwrap_err().to_string()
    }

    #[test]
    fn every_shipped_style_passes() {
        for name in styles::names() {
            if let Err(error) = check_style(name, &style(name)) {
                panic!("{error}");
            }
        }
    }

    #[test]
    fn red_and_green_kinds_are_named_with_the_eyes_that_confuse_them() {
        let said = faults(|s| {
            s.flows.kinds.truncate(2);
            (s.flows.kinds[0].color, s.flows.kinds[1].color) = (color("#c0504d"), color("#7a7a2a"));
        });
        assert!(
            said.contains("flows.kinds.permanent and flows.kinds.seasonal are too alike to protan eyes")
                || said.contains("flows.kinds.permanent and flows.kinds.seasonal are too alike to deutan eyes"),
            "{said}"
        );
    }

    #[test]
    fn solid_kinds_of_one_lightness_are_told_from_those_that_dashes_part() {
        let said = faults(|s| s.flows.kinds[3].color = color("#a0522d"));
        assert!(said.contains("flows.kinds.permanent and flows.kinds.return are too alike to grey eyes"), "{said}");
    }

    #[test]
    fn faint_words_are_named_with_their_ground() {
        let said = faults(|s| s.text.quiet = color("#9a9a9a"));
        assert!(said.contains("words: text.quiet is too faint on land."), "{said}");
    }

    #[test]
    fn flows_that_fade_into_the_land_are_named() {
        let said = faults(|s| s.flows.fade = 0.95);
        assert!(said.contains("flows and places on the ground: flows."), "{said}");
    }
}
