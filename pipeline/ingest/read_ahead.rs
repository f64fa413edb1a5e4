//! Reads a file on a thread of its own, so that parsing never waits for the disk.

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;
/// Chunks that may wait for the parser.
const WAITING: usize = 4;

/// The bytes of another reader, read ahead.
pub(crate) struct ReadAhead {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    taken: usize,
}

impl ReadAhead {
    /// Starts to read; the thread ends with the input, with its first error, or when nobody asks any more.
    pub(crate) fn new(mut input: impl Read + Send + 'static) -> Self {
        let (send, chunks) = sync_channel(WAITING);
        thread::spawn(move || {
            loop {
                let mut chunk = Vec::with_capacity(CHUNK);
                let read = input.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
                let goes_on = matches!(read, Ok(count) if count > 0);
                if send.send(read.map(|_| chunk)).is_err() || !goes_on {
                    return;
                }
            }
        });
        ReadAhead { chunks, chunk: Vec::new(), taken: 0 }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.chunk.len() {
            // A closed channel is the end: the thread has told everything it had.
            self.chunk = self.chunks.recv().unwrap_or(Ok(Vec::new()))?;
            self.taken = 0;
        }
        let count = buffer.len().min(self.chunk.len() - self.taken);
        buffer[..count].copy_from_slice(&self.chunk[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_ahead_is_what_was_there() {
        let bytes: Vec<u8> = (0..3 * CHUNK + 7).map(|k| (k % 251) as u8).collect();
        let mut read = Vec::new();
        ReadAhead::new(io::Cursor::new(bytes.clone())).read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }
}
