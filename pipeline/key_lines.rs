//! Where the keys of a study stand, for errors that only its data bring to light.

use std::collections::BTreeMap;

use toml::{Spanned, de::DeValue};

use crate::{Error, config::Document};

/// The lines of the keys of one table of a study, by their ways within it, such as `choropleth.value` and `window.1.title`;
/// none where no file says what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyLines {
    file: String,
    lines: BTreeMap<String, usize>,
}

impl KeyLines {
    /// Returns the lines of a table of `document`, which itself goes by no name.
    pub(crate) fn of(document: Document<'_>, table: &Spanned<DeValue<'_>>) -> Self {
        let mut lines = BTreeMap::from([(String::new(), document.line(table.span().start))]);
        note(document, table.get_ref(), "", &mut lines);
        KeyLines { file: document.file.to_owned(), lines }
    }

    /// Tells whether the table has this key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.lines.contains_key(key)
    }

    /// Returns an error with the file and the line of the key that it is about, or of the innermost table in which the key would stand.
    pub(crate) fn locate(&self, key: &str, error: Error) -> Error {
        let mut ways = std::iter::successors(Some(key), |key| outer(key));
        match ways.find_map(|way| self.lines.get(way)) {
            Some(&line) if !matches!(error, Error::At { .. }) => {
                Error::At { file: self.file.clone(), line, source: Box::new(error) }
            }
            _ => error,
        }
    }
}

/// Returns the way of the table in which a key stands; none for that of no name, which is the outermost.
fn outer(key: &str) -> Option<&str> {
    let table = key.rsplit_once('.').map_or("", |(table, _)| table);
    (!key.is_empty()).then_some(table)
}

/// Notes the lines of all keys within a value, and those of the items of its lists.
fn note(document: Document<'_>, value: &DeValue<'_>, way: &str, lines: &mut BTreeMap<String, usize>) {
    let mut add = |name: &str, start: usize, inner: &DeValue<'_>| {
        let way = if way.is_empty() { name.to_owned() } else { format!("{way}.{name}") };
        note(document, inner, &way, lines);
        lines.insert(way, document.line(start));
    };
    match value {
        DeValue::Table(table) => {
            table.iter().for_each(|(key, inner)| add(key.get_ref(), key.span().start, inner.get_ref()));
        }
        DeValue::Array(items) => {
            items.iter().enumerate().for_each(|(k, item)| add(&k.to_string(), item.span().start, item.get_ref()));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_line_of_its_key_or_of_the_table_around_it() {
        let text = "[[map]]\nid = \"a\"\n[[map]]\nid = \"b\"\nfilter = {\n  kind = 1 }\n[[map.window]]\ntitle = \"\"\n[map.x]\ny = 1\n";
        let document = Document { file: "s.toml", text };
        let keys = document.table().unwrap();
        let DeValue::Array(maps) = keys.get_ref().get("map").unwrap().get_ref() else { panic!("no list") };
        let lines = KeyLines::of(document, &maps[1]);
        let told = |key: &str| lines.locate(key, Error::Usage("no".to_owned())).to_string();
        let found =
            ["", "style", "id", "filter.kind", "filter.time", "window.0.title", "window.0.box", "x.z"].map(told);
        let expected = [3, 3, 4, 6, 5, 8, 7, 9].map(|line| format!("s.toml:{line}: no"));
        assert_eq!(found, expected);
        assert_eq!(KeyLines::default().locate("id", Error::Usage("no".to_owned())).to_string(), "no");
    }
}
