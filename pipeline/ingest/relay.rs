//! Carries rows from the thread that parses a file to the thread that collects them, so that both work at once.

use std::{
    mem, panic,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use flowatlas_model::Value;

use crate::{
    Error,
    collect::{At, Collect, Fault, Row},
    feature::{Cell, Properties},
    sheet::Header,
    spelling::clip,
};

/// Rows that travel together: enough that handing them over costs nothing, few enough to stay in the cache.
const BATCH: usize = 256;

/// Batches that may wait for the collector.
const WAITING: usize = 4;

/// Runs `parse` on a thread of its own and hands what it sends to the collector, in the order in which it was sent.
///
/// # Errors
/// Fails with the error of `parse`; the collector then has what came before it.
pub(crate) fn relay<C: Collect>(
    collector: &mut C,
    parse: impl FnOnce(&mut Sender<C::Shape>) -> Result<(), Error> + Send,
) -> Result<(), Error> {
    thread::scope(|scope| {
        let (outlet, batches) = sync_channel(WAITING);
        let parser = thread::Builder::new().name("parser".to_owned()).spawn_scoped(scope, move || {
            let mut sender = Sender::new(outlet);
            let parsed = parse(&mut sender);
            sender.flush();
            parsed
        });
        let parser = parser.map_err(|e| Error::io("parser thread", e))?;
        batches.iter().for_each(|batch: Batch<C::Shape>| batch.unpack(collector));
        parser.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    })
}

/// The parser's end.
pub(crate) struct Sender<S> {
    header: Header,
    batch: Batch<S>,
    outlet: SyncSender<Batch<S>>,
}

impl<S> Sender<S> {
    fn new(outlet: SyncSender<Batch<S>>) -> Self {
        Sender { header: Header::default(), batch: Batch::default(), outlet }
    }

    /// Sends a row with these cells, or a rejection where it has more columns than a sheet takes.
    pub(crate) fn row(&mut self, row: Row<S>, properties: Properties<'_>) {
        let (at, mut guess) = (row.at, 0);
        let (cells, words) = (self.batch.cells.len(), self.batch.words.len());
        for (name, cell) in properties.0 {
            let known = self.header.names().len();
            let Some(column) = self.header.column(guess, &name) else {
                self.batch.cells.truncate(cells);
                self.batch.words.truncate(words);
                return self.reject(at, Fault::new("too-many-columns", clip(&name), "fewer different property names"));
            };
            if column == known {
                self.batch.events.push(Event::Column(name.into_owned()));
            }
            self.batch.pack(column, cell);
            guess = column + 1;
        }
        let cells = self.batch.cells.len();
        self.send(Event::Row { row, cells });
    }

    /// Sends word of a feature that could not be made a row.
    pub(crate) fn reject(&mut self, at: At, fault: Fault) {
        self.send(Event::Reject(at, fault));
    }

    /// Sends word of something about the layer as a whole.
    pub(crate) fn remark(&mut self, fault: Fault) {
        self.send(Event::Remark(fault));
    }

    fn send(&mut self, event: Event<S>) {
        self.batch.events.push(event);
        if self.batch.events.len() >= BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        // The collector waits until this end is gone: where it is not there any more, its panic is what will be heard.
        drop(self.outlet.send(mem::take(&mut self.batch)));
    }
}

/// What was parsed, in its order. The cells of all rows lie one after the other, and so do their words.
struct Batch<S> {
    events: Vec<Event<S>>,
    cells: Vec<(usize, Packed)>,
    words: String,
}

impl<S> Default for Batch<S> {
    fn default() -> Self {
        Batch { events: Vec::new(), cells: Vec::new(), words: String::new() }
    }
}

enum Event<S> {
    /// The next column of the sheet.
    Column(String),
    /// A row whose cells end at this index.
    Row {
        row: Row<S>,
        cells: usize,
    },
    Reject(At, Fault),
    Remark(Fault),
}

enum Packed {
    /// A text, from the end of the one before it to here.
    Text(usize),
    Value(Value),
}

impl<S> Batch<S> {
    fn pack(&mut self, column: usize, cell: Cell<'_>) {
        let packed = match cell {
            Cell::Text(text) => {
                self.words.push_str(&text);
                Packed::Text(self.words.len())
            }
            other => Packed::Value(Value::from(other)),
        };
        self.cells.push((column, packed));
    }

    fn unpack<C: Collect<Shape = S>>(self, collector: &mut C) {
        let Batch { events, cells, words } = self;
        let (mut cells, mut taken, mut start) = (cells.into_iter(), 0, 0);
        for event in events {
            match event {
                Event::Column(name) => drop(collector.sheet().column(&name)),
                Event::Reject(at, fault) => collector.reject(at, fault),
                Event::Remark(fault) => collector.remark(fault),
                Event::Row { row, cells: end } => {
                    for (column, packed) in cells.by_ref().take(end - taken) {
                        match packed {
                            Packed::Value(value) => collector.sheet().set(column, value),
                            Packed::Text(to) => {
                                collector.sheet().set_text(column, &words[start..to]);
                                start = to;
                            }
                        }
                    }
                    taken = end;
                    collector.add(row);
                }
            }
        }
    }
}
