//! GeoJSON feature collections (RFC 7946), one feature at a time.
//!
//! The document is walked by hand down to the features; each feature is parsed from the window at hand, and once more
//! from its start where the window ends within it. Memory stays at the size of the window whatever the file.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use flowatlas_model::Value;
use serde::{Deserialize, de::IgnoredAny};

use crate::{
    Error,
    collect::{At, Collect, Fault, Row},
    feature::Feature,
    gazetteer,
    relay::{Sender, relay},
    shape::Geometry,
    spelling::clip,
    window::Window,
};

/// Reads a feature collection; `file` stands for it in errors.
pub(crate) fn read<C: Collect>(file: &str, input: impl Read + Send, collector: &mut C) -> Result<(), Error> {
    relay(collector, |rows| {
        let mut document = Document { file, window: Window::new(input), within: "root".to_owned(), rows };
        document.enter()?;
        document.collection()
    })
}

/// The coordinates of a file, by the member `crs` of GeoJSON of 2008.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// WGS84, as nothing else is said.
    Degrees,
    /// Another system on the Earth.
    Other,
    /// `null`: none on the Earth.
    Plane,
}

/// Returns the coordinate system that a file has ahead of its features, where GDAL and QGIS write it that know GeoJSON of 2008, or behind
/// them, where programs write it that add it to a collection.
pub(crate) fn system_of(path: &Path) -> System {
    // A file that cannot be read is answered for by whoever reads it.
    let Ok(mut file) = File::open(path) else { return System::Degrees };
    let head = part(&mut file, SeekFrom::Start(0));
    let ahead = head.split("\"features\"").next().unwrap_or_default().split_once("\"crs\"");
    let system = ahead.and_then(|(_, value)| first_value(value)).or_else(|| {
        let length = file.metadata().map_or(0, |about| about.len());
        system_behind(&part(&mut file, SeekFrom::Start(length.saturating_sub(HEAD))))
    });
    match system {
        Some(serde_json::Value::Null) => System::Plane,
        Some(crs) if other_system(&crs).is_some_and(|name| name.contains("EPSG")) => System::Other,
        _ => System::Degrees,
    }
}

/// Returns a part of a file as text; empty where it cannot be read.
fn part(file: &mut File, from: SeekFrom) -> String {
    let mut bytes = Vec::new();
    let _ = file.seek(from).and_then(|_| file.take(HEAD).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the value of a member from the text behind its name.
fn first_value(text: &str) -> Option<serde_json::Value> {
    let value = text.trim_start().strip_prefix(':')?;
    serde_json::Deserializer::from_str(value).into_iter().next()?.ok()
}

/// Returns the member `crs` of the root from the end of a file: what follows it ends the root and nothing else, as what follows a property
/// of that name does not.
fn system_behind(tail: &str) -> Option<serde_json::Value> {
    let (_, rest) = tail.rsplit_once("\"crs\"")?;
    let root: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&format!("{{\"crs\"{rest}")).ok()?;
    root.get("crs").cloned()
}

/// Returns the name of a coordinate system other than WGS84.
fn other_system(crs: &serde_json::Value) -> Option<&str> {
    let name = crs.pointer("/properties/name")?.as_str()?;
    (!name.is_empty() && !name.contains("CRS84") && !name.ends_with(":4326")).then_some(name)
}

/// Bytes in which a coordinate system is looked for.
const HEAD: u64 = 1 << 14;

const HINT_WRAP: &str = "write {\"type\": \"FeatureCollection\", \"features\": […]}";

/// What came of parsing a value from the bytes at hand.
enum Attempt<T> {
    /// The value, and how many bytes it took.
    Done(T, usize),
    /// The bytes end before the value does.
    Short,
    /// The bytes are no such value.
    Bad(serde_json::Error),
}

fn attempt<'b, T: Deserialize<'b>>(bytes: &'b [u8], last: bool) -> Attempt<T> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<T>();
    match values.next() {
        // A value that ends where the bytes end may go on: `12` may be the start of `123`.
        Some(Ok(value)) if last || values.byte_offset() < bytes.len() => Attempt::Done(value, values.byte_offset()),
        // The parser calls a number cut after its sign or point invalid: whatever is wrong at the very end may be
        // right once more bytes are at hand.
        Some(Err(e)) if last || offset_of(bytes, &e) < bytes.len() => Attempt::Bad(e),
        None if last => nothing(),
        _ => Attempt::Short,
    }
}

/// Returns what the parser says of a file that ends where a value should begin.
fn nothing<'b, T: Deserialize<'b>>() -> Attempt<T> {
    match serde_json::from_slice(b"") {
        Ok(value) => Attempt::Done(value, 0),
        Err(e) => Attempt::Bad(e),
    }
}

struct Document<'a, R, S> {
    file: &'a str,
    window: Window<R>,
    within: String,
    rows: &'a mut Sender<S>,
}

impl<R: Read, S: Geometry> Document<'_, R, S> {
    /// Passes over a byte order mark and the opening brace, or says what the file is instead.
    fn enter(&mut self) -> Result<(), Error> {
        while self.window.bytes().len() < 3 && !self.window.is_last() {
            self.window.fill(self.file)?;
        }
        if self.window.bytes().starts_with(b"\xEF\xBB\xBF") {
            self.window.consume(3);
        }
        match self.peek()? {
            Some(b'{') => self.window.consume(1),
            Some(first) => return Err(self.not_an_object(first)),
            None => return Err(Error::Empty { file: self.file.to_owned(), expected: "a GeoJSON FeatureCollection" }),
        }
        Ok(())
    }

    fn not_an_object(&self, first: u8) -> Error {
        let bytes = self.window.bytes();
        match first {
            b'[' => self.not_geojson("a JSON array", HINT_WRAP),
            b'<' => self.not_geojson("XML or HTML", "was an error page saved in its place?"),
            0xFF | 0xFE => Error::Encoding { file: self.file.to_owned(), line: 1, found: "UTF-16".to_owned() },
            _ => {
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(24)]);
                let found = format!("no JSON object but a file that begins with {:?}", clip(&start));
                self.not_geojson(&found, "is the extension right?")
            }
        }
    }

    fn not_geojson(&self, found: &str, hint: &'static str) -> Error {
        Error::NotGeoJson { file: self.file.to_owned(), found: found.to_owned(), hint }
    }

    /// Returns the next byte that is not white space, without passing over it.
    fn peek(&mut self) -> Result<Option<u8>, Error> {
        loop {
            let bytes = self.window.bytes();
            let blank = bytes.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).count();
            let next = bytes.get(blank).copied();
            self.window.consume(blank);
            if next.is_some() || self.window.is_last() {
                return Ok(next);
            }
            self.window.fill(self.file)?;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        match self.peek()? {
            Some(found) if found == byte => {
                self.window.consume(1);
                Ok(())
            }
            _ => Err(self.unexpected(&format!("`{}`", byte as char))),
        }
    }

    /// Says whether the object just entered has a member.
    fn first_member(&mut self) -> Result<bool, Error> {
        let closed = self.peek()? == Some(b'}');
        if closed {
            self.window.consume(1);
        }
        Ok(!closed)
    }

    /// Passes over a comma and returns true, or over the `close` bracket and returns false.
    fn next_member(&mut self, close: u8) -> Result<bool, Error> {
        match self.peek()? {
            Some(b',') => self.window.consume(1),
            Some(found) if found == close => {
                self.window.consume(1);
                return Ok(false);
            }
            _ => return Err(self.unexpected(&format!("`,` or `{}`", close as char))),
        }
        Ok(true)
    }

    /// Makes sure that nothing follows the document.
    fn end(&mut self) -> Result<(), Error> {
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the file")),
        }
    }

    /// Parses a value that owns what it holds.
    fn value<T: for<'b> Deserialize<'b>>(&mut self) -> Result<T, Error> {
        loop {
            match attempt(self.window.bytes(), self.window.is_last()) {
                Attempt::Done(value, length) => {
                    self.window.consume(length);
                    return Ok(value);
                }
                Attempt::Short => self.window.fill(self.file)?,
                Attempt::Bad(e) => return Err(self.syntax(&e)),
            }
        }
    }

    /// Reads the members of the root, which may stand in any order.
    fn collection(&mut self) -> Result<(), Error> {
        let (mut is_collection, mut has_features) = (false, false);
        let mut count = 0;
        let mut next = self.first_member()?;
        while next {
            let key: String = self.value()?;
            self.expect(b':')?;
            match key.as_str() {
                "type" => is_collection = self.collection_type()?,
                "features" => {
                    has_features = true;
                    self.features(&mut count)?;
                }
                "crs" => self.coordinate_system()?,
                _ => drop(self.value::<IgnoredAny>()?),
            }
            next = self.next_member(b'}')?;
        }
        self.end()?;
        match (is_collection, has_features) {
            (true, true) => Ok(()),
            (true, false) => Err(self.not_geojson("a FeatureCollection without `features`", HINT_WRAP)),
            (false, _) => Err(self.not_geojson("a JSON object without `type`", HINT_WRAP)),
        }
    }

    /// Checks the `type` of the root.
    fn collection_type(&mut self) -> Result<bool, Error> {
        let kind: serde_json::Value = self.value()?;
        match kind.as_str() {
            Some("FeatureCollection") => Ok(true),
            Some("Topology") => {
                Err(self.not_geojson("a TopoJSON Topology", "name the file .topojson to read it through GDAL"))
            }
            Some(other) => Err(self.not_geojson(&format!("a {}", clip(other)), HINT_WRAP)),
            None => Err(self.not_geojson("a `type` that is not text", HINT_WRAP)),
        }
    }

    /// Notes a coordinate system other than WGS84, which GeoJSON no longer has.
    fn coordinate_system(&mut self) -> Result<(), Error> {
        let crs: serde_json::Value = self.value()?;
        if let Some(name) = other_system(&crs) {
            let fault = Fault::new("crs-ignored", clip(name), "WGS84 degrees (RFC 7946)").field("crs");
            self.rows.remark(fault.hint("reproject the file, or store it in a format that carries its system"));
        }
        Ok(())
    }

    fn features(&mut self, count: &mut u64) -> Result<(), Error> {
        self.expect(b'[')?;
        if self.peek()? == Some(b']') {
            self.window.consume(1);
            return Ok(());
        }
        loop {
            self.feature(At::Feature(*count))?;
            *count += 1;
            if !self.next_member(b']')? {
                return Ok(());
            }
        }
    }

    fn feature(&mut self, at: At) -> Result<(), Error> {
        loop {
            let length = match attempt(self.window.bytes(), self.window.is_last()) {
                Attempt::Done(feature, length) => {
                    enter(at, feature, self.rows);
                    Some(length)
                }
                Attempt::Short => None,
                Attempt::Bad(e) => {
                    self.within = at.to_string();
                    return self.pass_over(at, &e);
                }
            };
            match length {
                Some(length) => {
                    self.window.consume(length);
                    return Ok(());
                }
                None => self.window.fill(self.file)?,
            }
        }
    }

    /// Passes over something that is JSON but no feature, for example one with the number 1e999; fails where it is
    /// not even JSON.
    fn pass_over(&mut self, at: At, why: &serde_json::Error) -> Result<(), Error> {
        let length = loop {
            match attempt::<IgnoredAny>(self.window.bytes(), self.window.is_last()) {
                Attempt::Done(_, length) => break length,
                Attempt::Short => self.window.fill(self.file)?,
                Attempt::Bad(e) => return Err(self.syntax(&e)),
            }
        };
        if let Err(e) = std::str::from_utf8(&self.window.bytes()[..length]) {
            return Err(self.encoding(e.valid_up_to()));
        }
        self.rows.reject(at, Fault::new("unreadable-feature", reason(why), "a GeoJSON feature"));
        self.window.consume(length);
        Ok(())
    }

    fn encoding(&self, ahead: usize) -> Error {
        let found = format!("the byte 0x{:02X}", self.window.bytes()[ahead]);
        Error::Encoding { file: self.file.to_owned(), line: self.window.position(ahead).0, found }
    }

    fn unexpected(&mut self, expected: &str) -> Error {
        let found = match self.window.bytes().first() {
            None => "the file ends too early".to_owned(),
            Some(byte) => format!("found `{}`, expected {expected}", byte.escape_ascii()),
        };
        self.broken(0, found)
    }

    /// Turns an error of the parser, which counts from the bytes at hand, into one that counts from the file.
    fn syntax(&self, e: &serde_json::Error) -> Error {
        let ahead = offset_of(self.window.bytes(), e);
        if e.is_eof() {
            return self.broken(ahead, "the file ends in the middle of a value".to_owned());
        }
        self.broken(ahead, reason(e))
    }

    fn broken(&self, ahead: usize, found: String) -> Error {
        let bytes = self.window.bytes();
        let around = &bytes[ahead.saturating_sub(2).min(bytes.len())..(ahead + 9).min(bytes.len())];
        let holds = |word: &[u8]| around.windows(word.len()).any(|w| w == word);
        let hint = if holds(b"NaN") || holds(b"Inf") {
            "JSON has no NaN and no Infinity: write null for a missing number"
        } else if found.starts_with("the file ends") {
            "was it copied or downloaded whole?"
        } else {
            "the file is not valid JSON from here on"
        };
        let (line, byte) = self.window.position(ahead);
        Error::Syntax { file: self.file.to_owned(), line, byte, within: self.within.clone(), found, hint }
    }
}

/// Sends a feature on as a row.
fn enter<S>(at: At, feature: Feature<'_, S>, rows: &mut Sender<S>) {
    if !feature.is_feature {
        return rows.reject(at, Fault::new("unreadable-feature", "an object of another type", "a GeoJSON feature"));
    }
    let id = gazetteer::id_text(&Value::from(feature.id));
    rows.row(Row { at, id, shape: feature.shape }, feature.properties);
}

/// Returns the words of a parser error without its position, which counts from the bytes at hand.
fn reason(e: &serde_json::Error) -> String {
    let text = e.to_string();
    clip(text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words))
}

/// Returns where in the bytes a parser error stands.
fn offset_of(bytes: &[u8], e: &serde_json::Error) -> usize {
    let before: usize = bytes.split_inclusive(|&b| b == b'\n').take(e.line().saturating_sub(1)).map(<[u8]>::len).sum();
    (before + e.column()).min(bytes.len())
}

#[cfg(test)]
#[path = "geojson_tests.rs"]
mod tests;
