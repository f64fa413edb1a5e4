//! What a reader hands over and what a collector keeps books on.

use std::fmt;

use flowatlas_model::{Coordinates, Problem, Tally};

use crate::{Error, shape::Geometry, sheet::Sheet};

/// A receiver of rows. A reader fills the cells of the sheet, then hands over the row; the collector keeps or
/// discards it.
pub(crate) trait Collect {
    /// What the collector needs of a geometry.
    type Shape: Geometry;

    /// Returns the sheet that takes the cells of the row at hand.
    fn sheet(&mut self) -> &mut Sheet;

    /// Hears where positions come from, when all columns are known and before the first row. GeoJSON has no
    /// header, and says nothing where its positions are degrees.
    ///
    /// # Errors
    /// Fails where a column is lacking.
    fn open(&mut self, positions: Positions) -> Result<(), Error>;

    /// Hears before the first row of GeoJSON that its positions are planar. Those that need no positions do not mind.
    fn open_plane(&mut self) {}

    /// Tells, when all columns are known, whether positions are to be found in columns of their own.
    fn has_position_columns(&mut self) -> bool {
        false
    }

    /// Tells, once it is open, whether geometries are of any use; where they are not, readers for which they cost leave them out.
    fn wants_shapes(&self) -> bool {
        true
    }

    /// Takes a row whose cells are in the sheet.
    fn add(&mut self, row: Row<Self::Shape>);

    /// Counts a feature that could not be made a row.
    fn reject(&mut self, at: At, fault: Fault);

    /// Notes something about the layer as a whole.
    fn remark(&mut self, fault: Fault);
}

/// Where the positions of a layer come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Positions {
    /// From its geometries, in these coordinates.
    Geometry(Coordinates),
    /// From its columns.
    Columns,
}

/// A row beside its cells.
#[derive(Debug)]
pub(crate) struct Row<S> {
    pub(crate) at: At,
    /// The identifier that the format has outside the columns; empty for none.
    pub(crate) id: String,
    pub(crate) shape: S,
}

/// Where in a file a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The number of the feature, from 0.
    Feature(u64),
    /// The line, from 1.
    Line(u64),
    /// The first and the last line of a row that holds line breaks.
    Lines(u64, u64),
    /// The file as a whole.
    Layer,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Feature(number) => write!(f, "feature {number}"),
            At::Line(line) => write!(f, "line {line}"),
            At::Lines(first, last) => write!(f, "lines {first} to {last}"),
            At::Layer => write!(f, "layer"),
        }
    }
}

/// A flaw before it is known where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) field: String,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) hint: String,
}

impl Fault {
    pub(crate) fn new(code: &'static str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Fault { code, field: String::new(), found: found.into(), expected: expected.into(), hint: String::new() }
    }

    pub(crate) fn field(self, field: impl Into<String>) -> Self {
        Fault { field: field.into(), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Fault { hint: hint.into(), ..self }
    }
}

/// The books of one layer: every row is kept or dropped, and every drop has its problem.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    tally: Tally,
    problems: Vec<Problem>,
}

impl Ledger {
    pub(crate) fn new(file: String) -> Self {
        Ledger { tally: Tally { file, ..Tally::default() }, problems: Vec::new() }
    }

    /// Says whether a row has been counted.
    pub(crate) fn is_open(&self) -> bool {
        self.tally.read > 0
    }

    /// Counts a row that goes on; `weight` is 0 where weights are not summed.
    pub(crate) fn keep(&mut self, weight: f64) {
        self.tally.read += 1;
        self.tally.kept += 1;
        self.tally.weight_kept += weight;
    }

    /// Counts a row that is left out; `weight` is 0 where it is unreadable or weights are not summed.
    pub(crate) fn drop(&mut self, at: At, fault: Fault, weight: f64) {
        self.tally.read += 1;
        self.tally.dropped += 1;
        self.tally.weight_dropped += weight;
        let mut problem = self.problem(at, fault);
        if matches!(at, At::Lines(..)) {
            // Likelier than a text of several lines in a row that is of no use.
            problem.hint = format!("{at} were read as one row: is a quote missing?");
        }
        self.problems.push(Problem { dropped: true, ..problem });
    }

    /// Notes a flaw that leaves nothing out.
    pub(crate) fn remark(&mut self, at: At, fault: Fault) {
        let problem = self.problem(at, fault);
        self.problems.push(problem);
    }

    fn problem(&self, at: At, fault: Fault) -> Problem {
        let Fault { code, field, found, expected, hint } = fault;
        let (file, found) = (self.tally.file.clone(), found.replace("\r\n", "⏎").replace('\n', "⏎"));
        Problem { code, file, feature: at.to_string(), field, found, expected, hint, dropped: false }
    }

    /// Closes the books. The weight read is what was kept and what was dropped, so that the sum holds to the last
    /// digit.
    pub(crate) fn finish(mut self) -> (Tally, Vec<Problem>) {
        self.tally.weight_read = self.tally.weight_kept + self.tally.weight_dropped;
        (self.tally, self.problems)
    }
}
