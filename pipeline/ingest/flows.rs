//! Rows become flows.

use std::sync::Arc;

use flowatlas_model::{Atlas, Coordinates, Flow, FlowTable, PlaceIndex, WeightKind};

use crate::{
    Error, FlowColumns, Intake, Source,
    collect::{At, Collect, Fault, Ledger, Positions, Row},
    columns::Role,
    gazetteer::Gazetteer,
    lines::Lines,
    number,
    shape::Later,
    sheet::Sheet,
    spelling,
    wide::Wide,
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
    /// Where the ends of flows are sought if no columns name them.
    positions: Positions,
    lines: Lines<'a>,
    /// Where each row holds several flows.
    wide: Option<Wide>,
}

/// Origin, destination and period of a cell of a wide table.
type WideEnds = (PlaceIndex, PlaceIndex, Option<Arc<str>>);

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
            origin: Role::new("origin", &columns.origin, &["origin"]),
            dest: Role::new("dest", &columns.dest, &["dest", "destination"]),
            weight: Role::new("weight", &columns.weight, &["count", "weight", "value"]),
            kind: Role::new("kind", &columns.kind, &["kind"]),
            time: Role::new("time", &columns.time, &["time"]),
        };
        FlowCollector {
            file: source.shown(),
            sheet: Sheet::new(columns.attributes),
            ledger: Ledger::new(source.label()),
            flows: Vec::new(),
            gazetteer: Gazetteer::new(atlas),
            weights,
            roles,
            // GeoJSON says nothing of them: they are always there, in degrees.
            positions: Positions::Geometry(Coordinates::Geographic),
            lines: Lines::new(atlas, columns.tolerance),
            wide: None,
        }
    }

    pub(crate) fn finish(mut self) -> Result<Intake<FlowTable>, Error> {
        if self.lines.found > 0 {
            let remark = self.lines.remark();
            self.remark(remark);
        } else if !self.lines.met {
            self.check_columns()?;
        }
        self.remark_on_weights();
        let (tally, problems) = self.ledger.finish();
        if !tally.weight_kept.is_finite() {
            return Err(Error::Overflow { file: self.file });
        }
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
        if self.wide.is_some() {
            return kind.require_if_given(&self.file, &self.sheet);
        }
        origin.require(&self.file, &self.sheet)?;
        dest.require(&self.file, &self.sheet)?;
        [weight, kind, time].into_iter().try_for_each(|role| role.require_if_given(&self.file, &self.sheet))
    }

    /// Flows without weights are allowed, but never by a slip in the name of the column.
    fn remark_on_weights(&mut self) {
        if self.flows.is_empty() || self.wide.is_some() || self.roles.weight.column(&self.sheet).is_some() {
            return;
        }
        let found = spelling::list(self.sheet.names(), ", ");
        let fault = Fault::new("no-weights", format!("columns {found}"), "a column `count`, `weight` or `value`");
        self.remark(
            fault
                .field("weight")
                .hint("name the column of the weights, with --weight COLUMN or as weight in the study"),
        );
    }

    /// Finds out whether rows hold several flows, where no column is named for what is not there. A matrix has no attributes: its cells
    /// are the flows.
    fn recognise_wide(&mut self) {
        let Roles { origin, dest, weight, time, kind } = &mut self.roles;
        if [&*origin, dest, weight, time].into_iter().any(Role::is_given) {
            return;
        }
        let ends = [origin.column(&self.sheet), dest.column(&self.sheet)];
        let one_flow = weight.column(&self.sheet).or(time.column(&self.sheet)).is_some();
        match ends {
            [None | Some(0), None] => {
                let Some((wide, faults)) = Wide::matrix(&self.sheet, &mut self.gazetteer, kind.column(&self.sheet))
                else {
                    return;
                };
                faults.into_iter().for_each(|fault| self.remark(fault));
                self.sheet.leave_attributes();
                self.wide = Some(wide);
            }
            [Some(_), Some(_)] if !one_flow => self.wide = Wide::periods(&self.sheet),
            _ => {}
        }
    }

    /// Takes the flows of a row. A row without known ends is left out as one; a cell that is no number alone.
    fn add_wide(&mut self, at: At, wide: &Wide) {
        let cell = |c: usize| self.quantity(Some(c)).map_err(|fault| fault.field(self.sheet.names()[c].clone()));
        let cells: Vec<Result<Option<f64>, Fault>> = wide.columns().into_iter().map(cell).collect();
        let doubts: Vec<Fault> = wide.columns().into_iter().filter_map(|c| self.doubt(Some(c))).collect();
        doubts.into_iter().for_each(|doubt| self.ledger.remark(at, doubt));
        match self.wide_ends(wide) {
            Ok(ends) => self.add_cells(at, wide, ends.into_iter().zip(cells)),
            Err(fault) => {
                let weight = cells.iter().flatten().map(|weight| self.summed(*weight)).sum();
                self.ledger.drop(at, fault, weight);
            }
        }
        self.sheet.discard();
    }

    fn add_cells(&mut self, at: At, wide: &Wide, cells: impl Iterator<Item = (WideEnds, Result<Option<f64>, Fault>)>) {
        let kind = self.roles.kind.column(&self.sheet);
        let kind = self.sheet.words(kind);
        let before = self.flows.len();
        for ((origin, destination, time), weight) in cells {
            match weight {
                Ok(weight) if !wide.is_flow(weight) => {}
                Ok(weight) => {
                    if self.flows.len() == before {
                        self.sheet.keep()
                    } else {
                        self.sheet.repeat()
                    }
                    self.flows.push(Flow { origin, destination, weight, kind: kind.clone(), time });
                    self.ledger.keep(self.summed(weight));
                }
                Err(fault) => self.ledger.drop(at, fault, 0.0),
            }
        }
    }

    /// Returns origin, destination and period of each cell of the row at hand that holds a weight.
    fn wide_ends(&mut self, wide: &Wide) -> Result<Vec<WideEnds>, Fault> {
        match wide {
            Wide::Matrix(columns) => {
                let name = self.sheet.names()[0].clone();
                let origin = self.gazetteer.find(self.sheet.cell(Some(0))).map_err(|fault| fault.field(name))?;
                Ok(columns.iter().map(|(_, destination)| (origin, *destination, None)).collect())
            }
            Wide::Periods(columns) => {
                let Roles { origin, dest, .. } = &mut self.roles;
                let origin = end(origin, &self.sheet, &mut self.gazetteer)?;
                let destination = end(dest, &self.sheet, &mut self.gazetteer)?;
                Ok(columns.iter().map(|(_, period)| (origin, destination, Some(period.clone()))).collect())
            }
        }
    }

    fn weight(&mut self) -> Result<Option<f64>, Fault> {
        let column = self.roles.weight.column(&self.sheet);
        self.quantity(column).map_err(|fault| fault.field(self.roles.weight.name(&self.sheet)))
    }

    /// Reads the weight or the rank in a column of the row at hand.
    fn quantity(&self, column: Option<usize>) -> Result<Option<f64>, Fault> {
        let cell = self.sheet.cell(column);
        match (self.weights, number::quantity(cell, self.sheet.decimals)) {
            (WeightKind::Measured, Err(fault)) if fault.code == "negative" => {
                Err(fault.hint("turn the flow around where the sign means a direction"))
            }
            (WeightKind::Ordinal, Ok(Some(rank))) if rank < 1.0 || rank.fract() > 0.0 => {
                let hint = "1 is the strongest; leave the cell empty where the rank is missing";
                Err(Fault::new("not-a-rank", cell.to_text(), "a rank: 1, 2, 3 …").hint(hint))
            }
            (_, read) => read,
        }
    }

    /// Returns the doubt about the weight in a column of the row at hand.
    fn doubt(&self, column: Option<usize>) -> Option<Fault> {
        let doubt = number::doubt(self.sheet.cell(column), self.sheet.decimals)?;
        Some(doubt.field(self.sheet.names()[column?].clone()))
    }

    fn flow(&mut self, weight: Result<Option<f64>, Fault>, shape: Later) -> Result<Flow, Fault> {
        let Roles { origin, dest, kind, time, .. } = &mut self.roles;
        let [origin, destination] = match self.positions {
            Positions::Geometry(coordinates) if !named(origin, dest, &self.sheet) => {
                self.lines.ends(shape.shape(), coordinates)?
            }
            _ => {
                let origin = end(origin, &self.sheet, &mut self.gazetteer)?;
                [origin, end(dest, &self.sheet, &mut self.gazetteer)?]
            }
        };
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

/// Tells whether columns name the ends of flows.
fn named(origin: &mut Role, dest: &mut Role, sheet: &Sheet) -> bool {
    origin.is_given() || dest.is_given() || origin.column(sheet).or(dest.column(sheet)).is_some()
}

/// Returns the place at one end of the flow at hand.
fn end(role: &mut Role, sheet: &Sheet, gazetteer: &mut Gazetteer<'_>) -> Result<PlaceIndex, Fault> {
    let column = role.column(sheet);
    gazetteer.find(sheet.cell(column)).map_err(|fault| fault.field(role.name(sheet)))
}

impl Collect for FlowCollector<'_> {
    type Shape = Later;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn open(&mut self, positions: Positions) -> Result<(), Error> {
        self.positions = positions;
        self.recognise_wide();
        // Whether a layer of geometries without such columns holds lines shows when it has been read.
        if positions != Positions::Columns && !named(&mut self.roles.origin, &mut self.roles.dest, &self.sheet) {
            return Ok(());
        }
        self.positions = Positions::Columns;
        self.check_columns()
    }

    fn open_plane(&mut self) {
        self.positions = Positions::Geometry(Coordinates::Planar);
    }

    fn wants_shapes(&self) -> bool {
        self.positions != Positions::Columns
    }

    fn add(&mut self, row: Row<Later>) {
        if let Some(wide) = self.wide.take() {
            self.add_wide(row.at, &wide);
            self.wide = Some(wide);
            return;
        }
        let weight = self.weight();
        let column = self.roles.weight.column(&self.sheet);
        if let Some(doubt) = self.doubt(column) {
            self.ledger.remark(row.at, doubt);
        }
        let summed = self.summed(weight.as_ref().ok().copied().flatten());
        match self.flow(weight, row.shape) {
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
