//! A style as it is written: the style that it extends, and the keys that differ.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use flowatlas_model::Style;
use serde::{Deserialize, de::IgnoredAny};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{config::Document, error::Error};

/// The text of a style file and where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// What tells it from all other files.
    pub(crate) id: String,
    /// The file as errors name it.
    pub(crate) file: String,
    /// Where the paths of what it extends start from.
    pub(crate) folder: PathBuf,
    /// The text.
    pub(crate) text: Cow<'static, str>,
}

/// What may stand at the top of a style file. Only `extends` is read here; the tables are known so that a misspelt
/// `extends` is told from them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the tables are read once the whole style is known")]
struct Head {
    extends: Option<Spanned<String>>,
    description: Option<IgnoredAny>,
    page: Option<IgnoredAny>,
    text: Option<IgnoredAny>,
    land: Option<IgnoredAny>,
    flows: Option<IgnoredAny>,
    places: Option<IgnoredAny>,
    shades: Option<IgnoredAny>,
}

impl Written {
    fn document(&self) -> Document<'_> {
        Document { file: &self.file, text: &self.text }
    }

    /// Returns what the file extends.
    fn base(&self) -> Result<Option<Spanned<String>>, Error> {
        let head: Head = self.document().parse()?;
        Ok(head.extends)
    }

    /// Returns the keys that the file gives, without `extends`.
    fn keys(&self) -> Result<Spanned<DeTable<'_>>, Error> {
        let mut table = self.document().table()?;
        table.get_mut().remove("extends");
        Ok(table)
    }
}

/// Returns the style of a file; `open` finds what a file of a folder extends.
///
/// # Errors
/// Fails where a file cannot be found, says what a style cannot say, or extends itself by way of others.
pub(crate) fn resolve(first: Written, open: impl Fn(&str, &Path) -> Result<Written, Error>) -> Result<Style, Error> {
    let chain = chain(first, open)?;
    let mut written = chain.iter().rev();
    let root = written.next().expect("a chain has its first file");
    let mut merged = root.keys()?;
    let mut style: Style = root.document().parse_table(merged.clone())?;
    // Every base is whole and right before the next file is laid over it, so that an error belongs to the file on top.
    for file in written {
        overlay(merged.get_mut(), file.keys()?.into_inner());
        style = file.document().parse_table(merged.clone())?;
    }
    Ok(style)
}

/// Returns a file, what it extends, and so on to the one that extends nothing.
fn chain(first: Written, open: impl Fn(&str, &Path) -> Result<Written, Error>) -> Result<Vec<Written>, Error> {
    let mut chain = vec![first];
    while let Some(last) = chain.last()
        && let Some(base) = last.base()?
    {
        let refused = |message: String| last.document().error(&base.span(), message);
        let next = open(base.get_ref(), &last.folder).map_err(|e| refused(e.to_string()))?;
        if let Some(start) = chain.iter().position(|seen| seen.id == next.id) {
            let files: Vec<&str> = chain[start..].iter().chain([&next]).map(|w| w.file.as_str()).collect();
            return Err(refused(format!("a style cannot extend itself: {}", files.join(" → "))));
        }
        chain.push(next);
    }
    Ok(chain)
}

/// Lays the keys of `top` over those of `base`, table by table; lists are replaced whole. Goes no deeper than the
/// base, which is a style.
fn overlay<'a>(base: &mut DeTable<'a>, top: DeTable<'a>) {
    for (key, value) in top {
        let span = value.span();
        match (base.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), value.into_inner()) {
            (Some(DeValue::Table(below)), DeValue::Table(above)) => overlay(below, above),
            (_, value) => {
                base.insert(key, Spanned::new(span, value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = include_str!("../styles/report.toml");

    fn written(file: &str, text: &str) -> Written {
        Written {
            id: file.to_owned(),
            file: file.to_owned(),
            folder: PathBuf::new(),
            text: Cow::Owned(text.to_owned()),
        }
    }

    /// Returns the style of the first of these files; the others are what it may extend.
    fn of(files: &[(&str, &str)]) -> Result<Style, Error> {
        let find = |name: &str, _: &Path| {
            let found = files.iter().find(|(file, _)| *file == name).map(|(file, text)| written(file, text));
            found.ok_or_else(|| Error::Usage(format!("there is no style \"{name}\"")))
        };
        resolve(written(files[0].0, files[0].1), find)
    }

    fn message(files: &[(&str, &str)]) -> String {
        of(files).unwrap_err().to_string()
    }

    #[test]
    fn a_style_that_changes_nothing_is_its_base() {
        let base = of(&[("report", REPORT)]).unwrap();
        assert_eq!(of(&[("mine", "extends = \"report\"\n"), ("report", REPORT)]).unwrap(), base);
    }

    #[test]
    fn keys_that_differ_take_effect_through_two_steps_and_no_others() {
        let top = "extends = \"middle\"\n[text]\ntitle = 20\n";
        let middle = "extends = \"report\"\n[text]\ntitle = 18\nnote = 9\n[flows.arrow]\nmax_share = 0.2\n";
        let found = of(&[("top", top), ("middle", middle), ("report", REPORT)]).unwrap();
        let mut expected = of(&[("report", REPORT)]).unwrap();
        (expected.text.title, expected.text.note, expected.flows.arrow.max_share) = (20.0, 9.0, 0.2);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_wrong_key_is_named_with_its_line_and_the_key_that_was_meant() {
        let found = message(&[("mine", "extends = \"report\"\n[land]\nwatre = \"#ffffff\"\n"), ("report", REPORT)]);
        assert_eq!(found, "mine:3: unknown key \"watre\" in [land]; did you mean \"water\"?");
    }

    #[test]
    fn a_misspelt_extends_is_told_from_the_tables() {
        assert_eq!(
            message(&[("mine", "extend = \"report\"\n")]),
            "mine:1: unknown key \"extend\"; did you mean \"extends\"?"
        );
    }

    #[test]
    fn a_wrong_value_points_to_its_line() {
        let found = message(&[("mine", "extends = \"report\"\n\n[land]\nwater = \"blue\"\n"), ("report", REPORT)]);
        assert!(found.starts_with("mine:4: \"blue\" is not a colour"), "{found}");
    }

    #[test]
    fn numbers_beyond_what_can_be_drawn_are_told_with_their_bounds() {
        for (table, line, found, expected) in [
            ("page", "margin_mm = -5", "-5", "a number from 0 to 500 mm"),
            ("text", "note = nan", "NaN", "a number from 1 to 500 points"),
            ("text", "place = [0, 9]", "0", "a number from 1 to 500 points"),
            ("flows", "opacity = 1.5", "1.5", "a number from 0 to 1"),
            ("flows", "ordinal_widths = []", "an empty list", "at least one number"),
            ("flows.arrow", "barb_factor = inf", "inf", "a number from 0 to 20"),
            ("flows.unsorted", "dash = [0, 0]", "no length", "dashes and gaps, or [] for none"),
        ] {
            let key = line.split(' ').next().unwrap();
            let top = format!("extends = \"report\"\n[{table}]\n{line}\n");
            let told = message(&[("mine", &top), ("report", REPORT)]);
            assert!(told.starts_with(&format!("mine:3: \"{key}\": found {found}, expected {expected} in [")), "{told}");
        }
    }

    #[test]
    fn a_circle_is_named() {
        let files = [("a", "extends = \"b\"\n"), ("b", "\nextends = \"a\"\n")];
        assert_eq!(message(&files), "b:2: a style cannot extend itself: a → b → a");
    }

    #[test]
    fn a_missing_base_is_named_where_it_is_asked_for() {
        assert_eq!(message(&[("a", "extends = \"b\"\n")]), "a:1: there is no style \"b\"");
    }

    #[test]
    fn a_style_without_a_base_must_be_whole() {
        assert_eq!(message(&[("a", "description = \"d\"\n")]), "a:1: the key \"page\" is missing");
    }
}
