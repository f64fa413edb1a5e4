//! CSV files, one record at a time.

use std::io::{BufRead, BufReader, Read};

use flowatlas_model::Coordinates;

use crate::{
    Error,
    collect::{At, Collect, Fault, Positions, Row},
    number::Decimals,
    shape::Geometry,
    spelling::clip,
    wkt,
};

/// Separators that a header is tried with, the most usual first.
const DELIMITERS: [(u8, &str); 4] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

/// Bytes read at a time; the header must fit in for its separator to be found.
const BUFFER: usize = 1 << 16;

/// A row put behind the last one of every file: it stands alone, or within the quotes that were never closed.
const END: &str = "\u{1e}end of file\u{1e}";

/// Reads a CSV file whose fields are separated by `delimiter`, or by what its header uses instead; the layer is then
/// remarked on. `file` stands for it in errors.
pub(crate) fn read<C: Collect>(file: &str, input: impl Read, delimiter: u8, collector: &mut C) -> Result<(), Error> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let Start { delimiter: found, line_end } = sniff(file, &mut input, delimiter)?;
    if found == b';' {
        collector.sheet().decimals = Decimals::PointOrComma;
    }
    if found != delimiter {
        let hint = match found {
            b';' => "the file was read so, and 12,5 in it as 12.5",
            _ => "the file was read so",
        };
        let fault = Fault::new("other-delimiter", name_of(found), name_of(delimiter)).field("header");
        collector.remark(fault.hint(hint));
    }
    let input = input.chain(b"\n".as_slice()).chain(END.as_bytes());
    let reader = csv::ReaderBuilder::new().delimiter(found).has_headers(false).flexible(true).from_reader(input);
    Records { file, reader, columns: Vec::new(), shapes: None, line_end }.read(collector)
}

/// What the first line of a file tells.
struct Start {
    /// What separates its fields.
    delimiter: u8,
    line_end: LineEnd,
}

#[derive(Clone, Copy, PartialEq)]
enum LineEnd {
    Lf,
    CrLf,
}

fn name_of(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(d, _)| *d == delimiter).map_or("another mark", |(_, name)| name)
}

/// Passes over a byte order mark and returns how the header is written.
fn sniff(file: &str, input: &mut impl BufRead, expected: u8) -> Result<Start, Error> {
    let start = input.fill_buf().map_err(|e| Error::io(file, e))?;
    if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
        return Err(Error::Encoding { file: file.to_owned(), line: 1, found: "UTF-16".to_owned() });
    }
    let mark = if start.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let header = &start[mark..];
    if header.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty { file: file.to_owned(), expected: "a header and records" });
    }
    let start = start_of(header, expected);
    input.consume(mark);
    Ok(start)
}

/// Returns the separator that the first line has most of outside quotes, the expected one where none is ahead of it, and how the line
/// ends.
fn start_of(text: &[u8], expected: u8) -> Start {
    let (mut counts, mut quoted) = ([0usize; 256], false);
    for &byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => counts[usize::from(byte)] += 1,
            _ => {}
        }
    }
    let line_end = if counts[usize::from(b'\r')] > 0 { LineEnd::CrLf } else { LineEnd::Lf };
    let mut best = expected;
    for (delimiter, _) in DELIMITERS {
        if counts[usize::from(delimiter)] > counts[usize::from(best)] {
            best = delimiter;
        }
    }
    Start { delimiter: best, line_end }
}

struct Records<'f, R> {
    file: &'f str,
    reader: csv::Reader<R>,
    /// The column of the sheet for every field of the file, as far as the sheet has room.
    columns: Vec<Option<usize>>,
    /// The field that holds geometries, where positions come from them.
    shapes: Option<usize>,
    line_end: LineEnd,
}

impl<R: Read> Records<'_, R> {
    fn read<C: Collect>(mut self, collector: &mut C) -> Result<(), Error> {
        let mut record = csv::StringRecord::new();
        self.next(&mut record)?;
        self.header(&record, collector);
        collector.open(match self.shapes {
            Some(_) => Positions::Geometry(Coordinates::Geographic),
            None => Positions::Columns,
        })?;
        while self.next(&mut record)? {
            self.row(&record, collector);
        }
        collector.sheet().infer_numbers();
        Ok(())
    }

    fn next(&mut self, record: &mut csv::StringRecord) -> Result<bool, Error> {
        let more = self.reader.read_record(record).map_err(|e| self.error(e))?;
        match record.iter().next_back().and_then(|field| field.strip_suffix(END)) {
            Some("") if record.len() == 1 => Ok(false),
            Some(_) => {
                let before = record.iter().take(record.len() - 1).map(line_breaks).sum::<u64>();
                Err(Error::OpenQuote { file: self.file.to_owned(), line: self.line(record.position()) + before })
            }
            None => Ok(more),
        }
    }

    fn error(&self, e: csv::Error) -> Error {
        let line = self.line(e.position());
        match e.into_kind() {
            csv::ErrorKind::Io(source) => Error::io(self.file, source),
            csv::ErrorKind::Utf8 { err, .. } => {
                let found = format!("a byte that is not UTF-8 in field {}", err.field() + 1);
                Error::Encoding { file: self.file.to_owned(), line, found }
            }
            other => Error::io(self.file, std::io::Error::other(format!("{other:?}"))),
        }
    }

    /// Returns the line at which a record starts. The reader takes the second half of a CRLF for the start of the next record.
    fn line(&self, at: Option<&csv::Position>) -> u64 {
        let behind = |at: &csv::Position| self.line_end == LineEnd::CrLf && at.record() > 0;
        at.map_or(1, |at| at.line() + u64::from(behind(at)))
    }

    /// Opens one column per field. A column without a name, or with a name that is taken, goes by its number.
    fn header<C: Collect>(&mut self, record: &csv::StringRecord, collector: &mut C) {
        for (k, field) in record.iter().enumerate() {
            let name = field.trim();
            let number = format!("column {}", k + 1);
            let usable = !name.is_empty() && collector.sheet().find(name).is_none();
            if !usable {
                let expected = "a name of its own for every column";
                let found = if name.is_empty() { "no name".to_owned() } else { format!("`{}` again", clip(name)) };
                let fault = Fault::new("column-name", found, expected).field(number.clone());
                collector.remark(fault.hint(format!("it goes by the name `{number}`")));
            }
            let column = collector.sheet().column(if usable { name } else { &number });
            self.columns.push(column);
        }
        self.shapes = if collector.has_position_columns() { None } else { shapes_of(record) };
    }

    fn row<C: Collect>(&self, record: &csv::StringRecord, collector: &mut C) {
        let first = self.line(record.position());
        let at = match line_breaks(record.as_slice()) {
            0 => At::Line(first),
            breaks => At::Lines(first, first + breaks),
        };
        let width = self.columns.len();
        let superfluous = record.iter().skip(width).any(|field| !field.is_empty());
        if record.len() < width || superfluous {
            let fault = Fault::new("ragged-row", format!("{} fields", record.len()), format!("{width} fields"));
            return collector.reject(at, fault.hint("a text that holds the separator needs quotes around it"));
        }
        let sheet = collector.sheet();
        for (field, column) in record.iter().zip(&self.columns) {
            if let (Some(column), false) = (column, field.is_empty()) {
                sheet.set_text(*column, field);
            }
        }
        let shape = self.shapes.and_then(|field| record.get(field)).unwrap_or_default();
        collector.add(Row { at, id: String::new(), shape: Geometry::keep(|| wkt::shape(shape)) });
    }
}

fn line_breaks(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

/// Returns the first field that has the name of one of geometries.
fn shapes_of(header: &csv::StringRecord) -> Option<usize> {
    let has = |name: &&str| header.iter().position(|field| field.trim().eq_ignore_ascii_case(name));
    wkt::COLUMNS.iter().find_map(has)
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
