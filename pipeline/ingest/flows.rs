//! Rows become flows.

use flowatlas_model::{Atlas, Flow, FlowTable, PlaceIndex, WeightKind};

use crate::{
    Error, FlowColumns, Intake, Source,
    collect::{At, Collect, Fault, Ledger, Positions, Row},
    columns::Role,
    gazetteer::Gazetteer,
    number,
    shape::Unread,
    sheet::Sheet,
    spelling,
};

/// Collects flows between known places.
pub(crate) struct FlowCollector<'a> {
    file: String,
    sheet: Sheet,
    ledger: Ledger,
    flows: Vec<Flow>,
    gazetteer: Gazetteer<'a>,
    weights: WeightKind,
    roles: Roles,
}

struct Roles {
    origin: Role,
    dest: Role,
    weight: Role,
    kind: Role,
    time: Role,
}

impl<'a> FlowCollector<'a> {
    pub(crate) fn new(source: &Source, columns: &FlowColumns, atlas: &'a Atlas, weights: WeightKind) -> Self {
        let roles = Roles {
            origin: Role::new(&columns.origin, &["origin"]),
            dest: Role::new(&columns.dest, &["dest", "destination"]),
            weight: Role::new(&columns.weight, &["count", "weight", "value"]),
            kind: Role::new(&columns.kind, &["kind"]),
            time: Role::new(&columns.time, &["time"]),
        };
        FlowCollector {
            file: source.shown(),
            sheet: Sheet::new(columns.attributes),
            ledger: Ledger::new(source.label()),
            flows: Vec::new(),
            gazetteer: Gazetteer::new(atlas),
            weights,
            roles,
        }
    }

    pub(crate) fn finish(mut self) -> Result<Intake<FlowTable>, Error> {
        self.check_columns()?;
        self.remark_on_weights();
        let (tally, problems) = self.ledger.finish();
        self.flows.shrink_to_fit();
        let value = FlowTable { flows: self.flows, attributes: self.sheet.finish() };
        Ok(Intake { value, tally, problems })
    }

    /// A file without any feature has no columns to be missing.
    fn check_columns(&mut self) -> Result<(), Error> {
        if self.sheet.names().is_empty() && !self.ledger.is_open() {
            return Ok(());
        }
        let Roles { origin, dest, weight, kind, time } = &mut self.roles;
        origin.require(&self.file, &self.sheet)?;
        dest.require(&self.file, &self.sheet)?;
        [weight, kind, time].into_iter().try_for_each(|role| role.require_if_given(&self.file, &self.sheet))
    }

    /// Flows without weights are allowed, but never by a slip in the name of the column.
    fn remark_on_weights(&mut self) {
        if self.flows.is_empty() || self.roles.weight.column(&self.sheet).is_some() {
            return;
        }
        let found = spelling::list(self.sheet.names(), ", ");
        let fault = Fault::new("no-weights", format!("columns {found}"), "a column `count`, `weight` or `value`");
        self.remark(fault.field("weight").hint("name the column of the weights in the study"));
    }

    fn weight(&mut self) -> Result<Option<f64>, Fault> {
        let column = self.roles.weight.column(&self.sheet);
        number::quantity(self.sheet.cell(column)).map_err(|fault| fault.field(self.roles.weight.name(&self.sheet)))
    }

    fn flow(&mut self, weight: Result<Option<f64>, Fault>) -> Result<Flow, Fault> {
        let Roles { origin, dest, kind, time, .. } = &mut self.roles;
        let origin = end(origin, &self.sheet, &mut self.gazetteer)?;
        let destination = end(dest, &self.sheet, &mut self.gazetteer)?;
        let (kind, time) = (kind.column(&self.sheet), time.column(&self.sheet));
        let (kind, time) = (self.sheet.words(kind), self.sheet.words(time));
        Ok(Flow { origin, destination, weight: weight?, kind, time })
    }

    /// Returns what a weight adds to the sums of the layer: ranks add nothing.
    fn summed(&self, weight: Option<f64>) -> f64 {
        match self.weights {
            WeightKind::Measured => weight.unwrap_or(0.0),
            WeightKind::Ordinal => 0.0,
        }
    }
}

/// Returns the place at one end of the flow at hand.
fn end(role: &mut Role, sheet: &Sheet, gazetteer: &mut Gazetteer<'_>) -> Result<PlaceIndex, Fault> {
    let column = role.column(sheet);
    gazetteer.find(sheet.cell(column)).map_err(|fault| fault.field(role.name(sheet)))
}

impl Collect for FlowCollector<'_> {
    type Shape = Unread;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn open(&mut self, _: Positions) -> Result<(), Error> {
        self.check_columns()
    }

    fn add(&mut self, row: Row<Unread>) {
        let weight = self.weight();
        let summed = self.summed(weight.as_ref().ok().copied().flatten());
        match self.flow(weight) {
            Ok(flow) => {
                self.flows.push(flow);
                self.sheet.keep();
                self.ledger.keep(summed);
            }
            Err(fault) => {
                self.sheet.discard();
                self.ledger.drop(row.at, fault, summed);
            }
        }
    }

    fn reject(&mut self, at: At, fault: Fault) {
        self.sheet.discard();
        self.ledger.drop(at, fault, 0.0);
    }

    fn remark(&mut self, fault: Fault) {
        self.ledger.remark(At::Layer, fault);
    }
}

#[cfg(test)]
#[path = "flows_tests.rs"]
mod tests;
