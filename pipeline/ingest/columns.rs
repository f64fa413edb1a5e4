//! Which column of a file holds what, and where to find it by itself.

use crate::{Error, sheet::Sheet, spelling};

/// Names of the columns of a layer of places; `None` stands for the standard name, which is the name of the field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlaceColumns {
    /// The identifier. GeoJSON may also carry it as the `id` of the feature.
    pub id: Option<String>,
    /// The name shown on maps; where it is missing the identifier is shown.
    pub name: Option<String>,
    /// Longitude in degrees WGS84, for files without geometry.
    pub lon: Option<String>,
    /// Latitude in degrees WGS84, for files without geometry.
    pub lat: Option<String>,
    /// Planar x, for files without geometry.
    pub x: Option<String>,
    /// Planar y, upwards, for files without geometry.
    pub y: Option<String>,
    /// People living there.
    pub population: Option<String>,
}

/// Names of the columns of a layer of flows; `None` stands for the standard name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowColumns {
    /// The id of the place where the flow starts; `origin`.
    pub origin: Option<String>,
    /// The id of the place where it ends; `dest` or `destination`.
    pub dest: Option<String>,
    /// The weight; `count`, `weight` or `value`, the first of them that the first feature to have any has.
    pub weight: Option<String>,
    /// The kind of movement; `kind`.
    pub kind: Option<String>,
    /// The period; `time`.
    pub time: Option<String>,
    /// How far the ends of lines may lie from their places where no columns name these, in kilometres or planar units; `None` for
    /// 1 km, or a thousandth of the diagonal of all planar places.
    pub tolerance: Option<f64>,
    /// What becomes of everything else.
    pub attributes: Attributes,
}

/// What becomes of the columns of a file once the product has read from them what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attributes {
    /// They are kept as attributes of the rows.
    #[default]
    Kept,
    /// They are left out, for whoever has no use for them: of large files they are most of the memory.
    Left,
}

/// A field that the product knows, and the column of the file that holds it once that has been seen.
#[derive(Debug)]
pub(crate) struct Role {
    /// What it is called in studies and, after two dashes, on the command line.
    field: &'static str,
    names: Vec<String>,
    given: bool,
    column: Option<usize>,
    searched: usize,
}

impl Role {
    /// Returns the role that the column `given` plays, or the first of the `standard` names that turns up.
    pub(crate) fn new(field: &'static str, given: &Option<String>, standard: &[&str]) -> Self {
        let names = match given {
            Some(name) => vec![name.clone()],
            None => standard.iter().map(|&s| s.to_owned()).collect(),
        };
        Role { field, names, given: given.is_some(), column: None, searched: 0 }
    }

    /// Returns the column, once the sheet has one. Columns of a GeoJSON file turn up as it is read; the choice
    /// among several standard names is made once, so that a weight means the same in every row.
    pub(crate) fn column(&mut self, sheet: &Sheet) -> Option<usize> {
        if self.column.is_none() && self.searched < sheet.names().len() {
            let exact = self.names.iter().find_map(|name| sheet.find(name));
            self.column = exact.or_else(|| self.in_other_case(sheet));
            self.searched = sheet.names().len();
        }
        self.column
    }

    /// Returns the column that has a standard name in capitals or so, if just one has: spreadsheets say `Origin`, and KML `Name`.
    fn in_other_case(&self, sheet: &Sheet) -> Option<usize> {
        let names = if self.given { &[][..] } else { &self.names };
        names.iter().find_map(|name| {
            let like = |c: &usize| sheet.names()[*c].eq_ignore_ascii_case(name);
            let mut found = (0..sheet.names().len()).filter(like);
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// Returns the name as the file spells it, or the first standard name.
    pub(crate) fn name<'a>(&'a self, sheet: &'a Sheet) -> &'a str {
        self.column.map_or(&self.names[0], |c| &sheet.names()[c])
    }

    /// Says whether the configuration named this column.
    pub(crate) fn is_given(&self) -> bool {
        self.given
    }

    /// Fails where the sheet has no column for a field that must be there.
    pub(crate) fn require(&mut self, file: &str, sheet: &Sheet) -> Result<(), Error> {
        match self.column(sheet) {
            Some(_) => Ok(()),
            None => Err(self.missing(file, sheet)),
        }
    }

    /// Fails where the configuration names a column that the sheet has not.
    pub(crate) fn require_if_given(&mut self, file: &str, sheet: &Sheet) -> Result<(), Error> {
        if self.given { self.require(file, sheet) } else { Ok(()) }
    }

    fn missing(&self, file: &str, sheet: &Sheet) -> Error {
        let names = sheet.names();
        let guess = match (self.field, spelling::nearest(&self.names[0], names.iter().map(String::as_str))) {
            ("id", _) if sheet.find("origin").is_some() => "are these flows? places come first; ".to_owned(),
            ("origin", _) if sheet.find("id").is_some() => "are these places? flows come after them; ".to_owned(),
            (_, Some(name)) => format!("did you mean `{name}`? "),
            (_, None) => String::new(),
        };
        let (file, field) = (file.to_owned(), self.field);
        let found = if names.is_empty() { "no columns".to_owned() } else { spelling::list(names, ", ") };
        if self.given {
            return Error::NamedColumn { file, field, name: self.names[0].clone(), hint: guess, found };
        }
        Error::Column {
            file,
            expected: spelling::list(&self.names, " or "),
            found,
            hint: format!("{guess}name the column, with --{0} COLUMN or as {0} in the study", self.field),
        }
    }
}
