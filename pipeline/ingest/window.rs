//! A window that slides over a file: the bytes at hand, and where in the file they stand.

use std::io::{ErrorKind, Read};

use crate::Error;

/// Bytes of the window to start with: large enough that little is parsed twice at its end, small enough to stay in
/// the processor's cache.
const SIZE: usize = 1 << 18;

/// A buffer of bytes that grows only where one value is longer than half of it.
pub(crate) struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the file of the first byte of the buffer.
    offset: u64,
    /// Line breaks in the file before the buffer.
    lines: u64,
    ended: bool,
}

impl<R: Read> Window<R> {
    pub(crate) fn new(input: R) -> Self {
        Window { input, buffer: vec![0; SIZE], start: 0, end: 0, offset: 0, lines: 0, ended: false }
    }

    /// Returns the bytes that are read and not yet consumed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Says whether the bytes at hand are the last of the file.
    pub(crate) fn is_last(&self) -> bool {
        self.ended
    }

    /// Passes over the next `count` bytes, which must be at hand.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Adds at least one byte to those at hand, or finds that the file has ended.
    pub(crate) fn fill(&mut self, file: &str) -> Result<(), Error> {
        self.make_room();
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    self.ended = count == 0;
                    return Ok(());
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(Error::io(file, e)),
            }
        }
    }

    fn make_room(&mut self) {
        self.lines += line_breaks(&self.buffer[..self.start]);
        self.offset += self.start as u64;
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end > self.buffer.len() / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
    }

    /// Returns the line (from 1) and the offset (from 0) of the byte `ahead` of the next one.
    pub(crate) fn position(&self, ahead: usize) -> (u64, u64) {
        let at = (self.start + ahead).min(self.end);
        (self.lines + line_breaks(&self.buffer[..at]) + 1, self.offset + at as u64)
    }
}

/// Counts line breaks. The counts of short pieces fit a byte, which lets the compiler compare 16 bytes and more at
/// once: the position of an error then costs nothing that could be measured.
fn line_breaks(bytes: &[u8]) -> u64 {
    let in_piece = |piece: &[u8]| piece.iter().map(|&b| u8::from(b == b'\n')).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|piece| u64::from(in_piece(piece))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_the_start_of_the_file_however_often_the_window_slides() {
        let text = "ab\n".repeat(SIZE);
        let mut window = Window::new(text.as_bytes());
        let mut passed = 0;
        while passed < text.len() - 7 {
            window.fill("f").unwrap();
            let step = window.bytes().len().min(text.len() - 7 - passed);
            window.consume(step);
            passed += step;
        }
        let at = passed as u64 + 2;
        assert_eq!(window.position(2), (at / 3 + 1, at));
    }

    #[test]
    fn line_breaks_are_counted_like_one_by_one() {
        for length in [0, 1, 254, 255, 256, 1000] {
            for every in [1, 2, 7] {
                let text: Vec<u8> = (0..length).map(|k| if k % every == 0 { b'\n' } else { b'x' }).collect();
                let slow = text.iter().filter(|&&b| b == b'\n').count() as u64;
                assert_eq!(line_breaks(&text), slow);
            }
        }
    }

    #[test]
    fn the_window_grows_to_hold_what_is_not_consumed() {
        let mut window = Window::new(std::io::repeat(b' ').take(5 * SIZE as u64));
        while !window.is_last() {
            window.fill("f").unwrap();
        }
        assert_eq!(window.bytes().len(), 5 * SIZE);
    }
}
