//! Configuration as TOML, with errors that name the file, the line and the nearest right spelling.

use std::{ops::Range, path::Path};

use serde::de::DeserializeOwned;
use toml::{Spanned, de::DeTable};

use crate::error::Error;

/// Two spellings are taken for the same word from this Jaro-Winkler similarity upwards; below 0.7 short words begin
/// to find each other by chance.
const ALIKE: f64 = 0.75;

/// Values that a key may have, of every type that a required key takes.
const PLACEHOLDERS: [&str; 3] = ["\"\"", "[]", "0"];

/// A TOML text with the name it goes by in errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> Document<'a> {
    /// Returns the text as `T`.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        toml::from_str(self.text).map_err(|e| match missing_key(&e) {
            Some(first) => self.all_missing::<T>(first, &e.span().unwrap_or(0..0)),
            None => self.explained(&e),
        })
    }

    /// Returns the error of a table that lacks the key `first`, with the others that it lacks: the library stops at
    /// the first one, so it is asked again with that one given.
    fn all_missing<T: DeserializeOwned>(&self, first: &str, span: &Range<usize>) -> Error {
        let is_header = self.text[span.start..].starts_with('[');
        // below the header of the table, or above everything
        let at = if is_header { self.text[span.start..].find('\n').map(|end| span.start + end + 1) } else { Some(0) };
        let (before, after) = self.text.split_at(at.unwrap_or(self.text.len()));
        let mut given = if before.ends_with('\n') || before.is_empty() { String::new() } else { "\n".to_owned() };
        let mut names = vec![first.to_owned()];
        while let Some((more, next)) = PLACEHOLDERS.iter().find_map(|value| {
            let more = format!("{given}{} = {value}\n", names[names.len() - 1]);
            let error = toml::from_str::<T>(&format!("{before}{more}{after}")).err()?;
            let next = missing_key(&error).filter(|_| error.span().is_some_and(|found| found.start == span.start))?;
            // One that is told again will be so for ever.
            (!names.iter().any(|name| name == next)).then(|| (more, next.to_owned()))
        }) {
            given = more;
            names.push(next);
        }
        self.error(span, lacks(&names, &self.table_at(span.end)))
    }

    /// Returns the keys of the text, each with its place.
    pub(crate) fn table(&self) -> Result<Spanned<DeTable<'a>>, Error> {
        DeTable::parse(self.text).map_err(|e| self.explained(&e))
    }

    /// Returns keys, some of them perhaps from elsewhere, as `T`; errors are taken to be in this text.
    pub(crate) fn parse_table<T: DeserializeOwned>(&self, table: Spanned<DeTable<'_>>) -> Result<T, Error> {
        T::deserialize(toml::Deserializer::from(table)).map_err(|e| self.explained(&e))
    }

    fn explained(&self, error: &toml::de::Error) -> Error {
        let span = error.span().unwrap_or(0..0);
        let message = self.explain(error.message(), &span);
        self.error(&span, message)
    }

    /// Returns an error that points to the line where `span` starts.
    pub(crate) fn error(&self, span: &Range<usize>, message: String) -> Error {
        Error::Config { file: self.file.to_owned(), line: self.line(span.start), message }
    }

    /// Returns the line of a byte, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|&b| b == b'\n').count()
    }

    /// Returns the words of the TOML library in ours: which key of which table, and what may have been meant.
    fn explain(&self, message: &str, span: &Range<usize>) -> String {
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let table = self.table_at(span.end);
        match quoted.as_slice() {
            [found, known @ ..] if message.starts_with("unknown field") => {
                format!("unknown key \"{found}\"{table}; {}", suggest(found, known.iter().copied()))
            }
            [found, known @ ..] if message.starts_with("unknown variant") => {
                format!("unknown value \"{found}\"{table}; {}", suggest(found, known.iter().copied()))
            }
            [name] if message.starts_with("missing field") => lacks(&[(*name).to_owned()], &table),
            _ => match self.wrong_header(message, span.start).or_else(|| in_our_words(message)) {
                Some(told) if told.starts_with("the header") => told,
                Some(told) if told.ends_with("expected a table") && table.ends_with(']') => {
                    let named = table.trim_start_matches(" in ").replace(']', ".NAME]");
                    format!("{}{told}{table}; did you mean the table {named}?", self.key_at(span.start))
                }
                Some(told) => format!("{}{told}{table}", self.key_at(span.start)),
                None => format!("{}{table}", message.replace('\n', " ")),
            },
        }
    }

    /// Returns what is wrong with the header of a table that starts at `offset`, where it makes a list of what is none, or none of what is
    /// one.
    fn wrong_header(&self, message: &str, offset: usize) -> Option<String> {
        let starts_line = self.text[..offset].ends_with('\n') || offset == 0;
        let header = self.text[offset..].lines().next().filter(|line| starts_line && line.starts_with('['))?;
        let header = header.split('#').next().unwrap_or(header).trim();
        let name = header.trim_matches(['[', ']']);
        let found_table = message.starts_with("invalid type: map");
        if header.starts_with("[[") {
            // A list is taken for the values of a table in their order, so that what is told may be about the first of them.
            let wrong = found_table || message.starts_with("invalid type: sequence");
            let told =
                format!("the header {header} starts an item of a list, expected a table: [{name}] or [{name}.NAME]");
            return wrong.then_some(told);
        }
        let wants_list = found_table && message.ends_with("a sequence");
        wants_list.then(|| format!("the header {header} starts a single table, expected an item of a list: [[{name}]]"))
    }

    /// Returns the key whose value starts at `offset`, as `"key": `; nothing where the line has none.
    fn key_at(&self, offset: usize) -> String {
        let line = self.text[..offset].lines().last().unwrap_or_default();
        let inner = line.trim_end().strip_suffix('=').and_then(|before| before.rsplit(['{', ',']).next());
        let outer = || line.split_once('=').map(|(key, _)| key);
        let key = inner.or_else(outer).map(str::trim).filter(|key| !key.is_empty());
        key.map_or(String::new(), |key| format!("\"{}\": ", key.trim_matches('"')))
    }

    /// Returns ` in [table]` for the last table header up to `offset`, or nothing at the top of the file.
    fn table_at(&self, offset: usize) -> String {
        let whole_lines = self.text[offset..].find('\n').map_or(self.text.len(), |end| offset + end);
        let header = self.text[..whole_lines].lines().rev().map(str::trim).find(|line| line.starts_with('['));
        header.map_or(String::new(), |line| format!(" in {}", line.split('#').next().unwrap_or(line).trim()))
    }
}

/// Returns the key that an error says is not there, if that is what it says.
fn missing_key(error: &toml::de::Error) -> Option<&str> {
    error.message().strip_prefix("missing field `")?.split('`').next()
}

/// Returns that `names`, one at least, are missing in a table.
fn lacks(names: &[String], table: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.as_slice() {
        [many @ .., before, last] => {
            let many: String = many.iter().map(|name| format!("{name}, ")).collect();
            format!("the keys {many}{before} and {last} are missing{table}")
        }
        one => format!("the key {} is missing{table}", one.concat()),
    }
}

/// Returns what serde says of a value of the wrong type without its words for types; `None` for anything else.
fn in_our_words(message: &str) -> Option<String> {
    if let Some((found, expected)) =
        message.strip_prefix("invalid length ").and_then(|told| told.split_once(", expected "))
    {
        let expected = expected.strip_prefix("an array of length ").unwrap_or(expected);
        return Some(format!("found a list of {found}, expected a list of {expected}"));
    }
    let told = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = told.split_once(", expected ")?;
    let found = match found {
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        // string "three": with its quotes, which tell the text "3" from the number
        text if text.starts_with("string \"") => text["string ".len()..].to_owned(),
        // integer `3`, boolean `true`, floating point `3.5`
        other => other.split_once('`').map_or(other, |(_, value)| value.trim_end_matches('`')).to_owned(),
    };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number of at least 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "a borrowed string" => "text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list in brackets",
        array if array.starts_with("an array of length ") => "a list in brackets",
        other if other.starts_with("struct ") || other == "a map" => "a table",
        other => other,
    };
    Some(format!("found {found}, expected {expected}"))
}

/// Reads a configuration file.
///
/// # Errors
/// Fails where the file cannot be read or is not UTF-8, with line 1.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|e| Error::Config {
        file: path.display().to_string(),
        line: 1,
        message: format!("the file cannot be read: {e}"),
    })
}

/// Returns `did you mean "…"?`, or the list of what is known where nothing is like `found`.
pub(crate) fn suggest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match nearest(found, known.iter().copied()) {
        Some(word) => format!("did you mean \"{word}\"?"),
        None if known.is_empty() => "nothing is known here".to_owned(),
        None => format!("known are {}", known.join(", ")),
    }
}

/// Returns the candidate most like `word` (the first of equals), if any is like it at all.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = (ALIKE, None);
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase());
        if likeness > best.0 {
            best = (likeness, Some(candidate));
        }
    }
    best.1
}

/// Returns ` ; did you mean "…"?` for the file in the same folder whose name is nearest to a path that is not there.
pub fn nearest_file(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    match nearest(&name, names.iter().map(String::as_str)) {
        Some(found) => format!("; did you mean \"{found}\"?"),
        None if names.is_empty() => format!("; there is no folder {}", folder.display()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Book {
        title: String,
        #[serde(default)]
        size: [f64; 2],
        #[serde(default)]
        chapter: Vec<Chapter>,
        author: Option<Author>,
        #[serde(default)]
        part: std::collections::BTreeMap<String, Chapter>,
    }

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Author {
        name: String,
        born: u32,
        works: Vec<String>,
    }

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Chapter {
        pages: u32,
    }

    fn message(text: &str) -> String {
        Document { file: "book.toml", text }.parse::<Book>().unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_table_and_nearest_spelling() {
        let found = message("title = \"T\"\n\n[[chapter]]\npags = 3\n");
        assert_eq!(found, "book.toml:4: unknown key \"pags\" in [[chapter]]; did you mean \"pages\"?");
    }

    #[test]
    fn an_unknown_key_like_no_other_is_answered_with_the_list() {
        assert_eq!(
            message("zzz = 1\n"),
            "book.toml:1: unknown key \"zzz\"; known are title, size, chapter, author, part"
        );
    }

    #[test]
    fn a_wrong_type_says_what_was_found_and_expected() {
        let found = message("title = \"T\"\n[[chapter]]\npages = \"three\"\n");
        assert_eq!(
            found,
            "book.toml:3: \"pages\": found \"three\", expected a whole number of at least 0 in [[chapter]]"
        );
        let words = |line: &str| message(&format!("{line}\n"));
        assert_eq!(words("title = 3.5"), "book.toml:1: \"title\": found 3.5, expected text in quotes");
        assert_eq!(words("title = [\"T\"]"), "book.toml:1: \"title\": found a list, expected text in quotes");
        assert_eq!(
            words("title = \"T\"\nchapter = 1"),
            "book.toml:2: \"chapter\": found 1, expected a list in brackets"
        );
        assert_eq!(words("title = \"T\"\nsize = 7"), "book.toml:2: \"size\": found 7, expected a list in brackets");
        assert_eq!(
            words("title = \"T\"\nsize = [7]"),
            "book.toml:2: \"size\": found a list of 1, expected a list of 2"
        );
        let inline = words("title = \"T\"\nchapter = [{ pages = \"three\" }]");
        assert!(inline.starts_with("book.toml:2: \"pages\": found \"three\""), "{inline}");
        assert!(
            words("title = \"T\"\n[[chapter]]\npages = -1").contains("found -1, expected a whole number of at least 0")
        );
    }

    #[test]
    fn headers_with_too_many_or_too_few_brackets_are_told() {
        assert_eq!(
            message("title = \"T\"\n[[author]] # first\nborn = 1900\n"),
            "book.toml:2: the header [[author]] starts an item of a list, expected a table: [author] or [author.NAME]"
        );
        assert_eq!(
            message("title = \"T\"\n[chapter]\npages = 3\n"),
            "book.toml:2: the header [chapter] starts a single table, expected an item of a list: [[chapter]]"
        );
        assert_eq!(
            message("title = \"T\"\n[part]\nfile = \"a.csv\"\n"),
            "book.toml:3: \"file\": found \"a.csv\", expected a table in [part]; did you mean the table [part.NAME]?"
        );
    }

    #[test]
    fn every_missing_key_of_a_table_is_told_at_once() {
        let found = message("title = \"T\"\n[author]\n");
        assert_eq!(found, "book.toml:2: the keys \"name\", \"born\" and \"works\" are missing in [author]");
        let found = message("title = \"T\"\n[author]\nborn = 1900\n[[chapter]]\npages = 1");
        assert_eq!(found, "book.toml:2: the keys \"name\" and \"works\" are missing in [author]");
        let found = message("title = \"T\"\n[author]\nname = \"N\"\nworks = []\nborn = \"x\"");
        assert_eq!(found, "book.toml:5: \"born\": found \"x\", expected a whole number of at least 0 in [author]");
    }

    #[test]
    fn a_missing_key_points_to_its_table() {
        let found = message("title = \"T\"\n[[chapter]]\n");
        assert_eq!(found, "book.toml:2: the key \"pages\" is missing in [[chapter]]");
    }
}
