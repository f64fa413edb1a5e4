//! The text of a shapefile that does not say how it is written.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

/// Bytes of the header of a dBASE table that tell its shape.
const HEAD: usize = 32;
/// Where the header names the code page; 0 for none.
const CODE_PAGE: usize = 29;

/// Returns how many records of the table beside a shapefile are not UTF-8, where neither the table nor a `.cpg` file names an
/// encoding and these are more than the ones that are. A table of mostly UTF-8 may have texts that were cut within a letter.
pub(crate) fn records_in_unsaid_encoding(path: &Path) -> Option<u64> {
    let is_shapefile = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("shp") || e.eq_ignore_ascii_case("dbf"));
    let beside =
        |extensions: [&str; 2]| extensions.map(|e| path.with_extension(e)).into_iter().find(|path| path.exists());
    if !is_shapefile || beside(["cpg", "CPG"]).is_some() {
        return None;
    }
    let [other, utf8] = count(BufReader::new(File::open(beside(["dbf", "DBF"])?).ok()?))?;
    (other > utf8).then_some(other)
}

/// Counts the records that are not UTF-8 and those that are without being ASCII; nothing for a table that names its code page.
fn count(mut table: impl Read) -> Option<[u64; 2]> {
    let mut head = [0; HEAD];
    table.read_exact(&mut head).ok()?;
    let [start, length] = [8, 10].map(|at| usize::from(u16::from_le_bytes([head[at], head[at + 1]])));
    if head[CODE_PAGE] != 0 || length == 0 {
        return None;
    }
    std::io::copy(&mut table.by_ref().take(start.checked_sub(HEAD)? as u64), &mut std::io::sink()).ok()?;
    let (mut record, mut counts) = (vec![0; length], [0, 0]);
    while table.read_exact(&mut record).is_ok() {
        let is_utf8 = std::str::from_utf8(&record).is_ok();
        counts[usize::from(is_utf8)] += u64::from(!record.is_ascii());
    }
    Some(counts)
}
