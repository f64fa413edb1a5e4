//! Rows stay rows: a table of columns without places or flows.

use flowatlas_model::{Problem, Table, Tally};

use crate::{
    Error, Intake, Source,
    collect::{At, Collect, Fault, Ledger, Positions, Row},
    shape::Unread,
    sheet::Sheet,
};

/// Collects rows as they are.
pub(crate) struct RecordCollector {
    sheet: Sheet,
    ledger: Ledger,
}

impl RecordCollector {
    pub(crate) fn new(source: &Source) -> Self {
        RecordCollector { sheet: Sheet::default(), ledger: Ledger::new(source.label()) }
    }

    pub(crate) fn finish(self) -> Intake<Table> {
        let (tally, problems): (Tally, Vec<Problem>) = self.ledger.finish();
        Intake { value: self.sheet.finish(), tally, problems }
    }
}

impl Collect for RecordCollector {
    type Shape = Unread;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn open(&mut self, _: Positions) -> Result<(), Error> {
        Ok(())
    }

    fn add(&mut self, _: Row<Unread>) {
        self.sheet.keep();
        self.ledger.keep(0.0);
    }

    fn reject(&mut self, at: At, fault: Fault) {
        self.sheet.discard();
        self.ledger.drop(at, fault, 0.0);
    }

    fn remark(&mut self, fault: Fault) {
        self.ledger.remark(At::Layer, fault);
    }
}
