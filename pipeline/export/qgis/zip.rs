//! A ZIP archive of one file (PKWARE APPNOTE 6.3.3), without dates.

use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};

/// 1 January 1980 as MS-DOS counts, the first day that archives know.
const DATE: u16 = 0x21;
/// The version that is needed to extract.
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;
/// Names are UTF-8.
const FLAGS: u16 = 0x0800;

/// Returns an archive that holds `bytes` under `name`.
pub(crate) fn archive(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written to memory");
    let packed = encoder.finish().expect("memory can always be flushed");
    let facts = facts(name, bytes, packed.len());
    let mut out = b"PK\x03\x04".to_vec();
    out.extend(&facts);
    out.extend(name.as_bytes());
    out.extend(&packed);
    let start = out.len() as u32;
    out.extend(b"PK\x01\x02");
    out.extend(VERSION.to_le_bytes());
    out.extend(&facts);
    // No comment, first disk, no attributes, the file begins the archive.
    out.extend([0; 14]);
    out.extend(name.as_bytes());
    let length = out.len() as u32 - start;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// Returns what both headers say of the file, from the version to the length of the extra field.
fn facts(name: &str, bytes: &[u8], packed: usize) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut out: Vec<u8> = [VERSION, FLAGS, DEFLATED, 0, DATE].into_iter().flat_map(u16::to_le_bytes).collect();
    out.extend([crc.sum(), packed as u32, bytes.len() as u32].into_iter().flat_map(u32::to_le_bytes));
    out.extend([name.len() as u16, 0].into_iter().flat_map(u16::to_le_bytes));
    out
}
