//! The plan: which records, what of each, and the sums of those that go together.
//!
//! One pass gives everything. Records whose ends are missing or lie outside of all zones fall into groups of their own, so that the same
//! sums say how many there are and how much they weigh.

use datafusion::{
    arrow::datatypes::DataType,
    functions_aggregate::expr_fn::{count, sum},
    logical_expr::{Expr, ExprSchemable, ScalarUDF, try_cast},
    prelude::{DataFrame, coalesce, lit, when},
};

use crate::{
    error::{Error, plain},
    source::{OtherNames, Records, words},
    wish::Wish,
    wkb::{POINT_X, POINT_Y},
    zone_of::ZONE_OF,
};

/// Digits after the point of a weight: it is rounded to a billionth.
pub(crate) const DIGITS: i8 = 9;
/// Decimal numbers of 128 bits.
const PRECISION: u8 = 38;

/// Names of the columns of the plan.
pub(crate) mod names {
    pub const ORIGIN: &str = "origin";
    pub const DEST: &str = "dest";
    pub const TIME: &str = "time";
    pub const KIND: &str = "kind";
    /// All records of the group.
    pub const RECORDS: &str = "records";
    /// Those whose weight can be read.
    pub const WEIGHED: &str = "weighed";
    /// The sum of their weights, in units of 10^-[`super::DIGITS`].
    pub const WEIGHT: &str = "weight";
}

/// Records, grouped.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// One row for each group: both ends, time and kind where asked for, and the sums.
    pub frame: DataFrame,
    /// What the ends are.
    pub ends: Ends,
}

/// What stands in the columns of both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Identifiers.
    Ids,
    /// Positions of zones, or -1.
    Zones,
}

/// One end of a move as it was asked for.
#[derive(Debug, Clone)]
enum End {
    Id(Expr),
    Point(Expr, Expr),
}

/// Returns the plan.
pub(crate) fn grouped(records: &Records, wish: &Wish) -> Result<Grouped, Error> {
    // Expressions are read where only the columns are that people know of.
    let (known, names) = with_columns(records.typed()?, wish)?;
    let (mut frame, _) = with_columns(records.typed_and_written()?, wish)?;
    let as_written = |expr| records.as_written(expr, &names);
    let origin = end(&known, ORIGIN, wish.origin.as_deref())?.map(as_written)?;
    let dest = end(&known, DEST, wish.dest.as_deref())?.map(as_written)?;
    if let Some(filter) = &wish.filter {
        let option = "--where";
        frame = frame.filter(parse(&known, option, filter)?).map_err(|e| wrong(option, filter, &e))?;
    }
    let (origin, ends) = column(&frame, origin, (ORIGIN.option, wish))?;
    let (dest, others) = column(&frame, dest, (DEST.option, wish))?;
    if ends != others {
        let reason = "one end of the moves is an id, the other a point; give both the same way";
        return Err(Error::Setup(reason.to_owned()));
    }
    let mut columns = vec![origin.alias(names::ORIGIN), dest.alias(names::DEST)];
    let mut keys = vec![names::ORIGIN, names::DEST];
    for (name, option, text) in [(names::TIME, "--period", &wish.period), (names::KIND, "--kind", &wish.kind)] {
        if let Some(text) = text {
            let group = parse(&known, option, text)?;
            // A code is as it is written; an expression may reckon with numbers.
            let group = if matches!(group, Expr::Column(_)) { as_written(group)? } else { group };
            columns.push(words(group).alias(name));
            keys.push(name);
        }
    }
    let mut sums = vec![count(lit(1)).alias(names::RECORDS)];
    if let Some(text) = &wish.weight {
        columns.push(weight(&frame, parse(&known, "--weight", text)?)?.alias(names::WEIGHT));
        let column = || Expr::Column(names::WEIGHT.into());
        sums.extend([count(column()).alias(names::WEIGHED), sum(column()).alias(names::WEIGHT)]);
    }
    let selected = frame.select(columns).map_err(|e| Error::engine(&e))?;
    let keys = keys.into_iter().map(|name| Expr::Column(name.into())).collect();
    let frame = selected.aggregate(keys, sums).map_err(|e| Error::engine(&e))?;
    Ok(Grouped { frame, ends })
}

/// Returns the table with the columns that are derived from others, each of which may use those before it, and those of them that are
/// but other names.
fn with_columns(frame: DataFrame, wish: &Wish) -> Result<(DataFrame, OtherNames), Error> {
    let option = "--column";
    wish.columns.iter().try_fold((frame, OtherNames::new()), |(frame, mut names), (name, text)| {
        if frame.schema().has_column_with_unqualified_name(name) {
            let reason = format!("the records have a column {name} already");
            return Err(Error::Expression { option, text: format!("{name}={text}"), reason });
        }
        let expr = parse(&frame, option, text)?;
        if let Expr::Column(column) = &expr {
            let own = names.get(&column.name).unwrap_or(&column.name).clone();
            names.insert(name.clone(), own);
        }
        Ok((frame.with_column(name, expr).map_err(|e| wrong(option, text, &e))?, names))
    })
}

/// What an end is called, and where it is sought unasked.
struct EndNames {
    wanted: &'static str,
    option: &'static str,
    ids: &'static [&'static str],
    points: &'static [(&'static str, &'static str)],
}

const ORIGIN: EndNames = EndNames {
    wanted: "origin (a column origin, or origin_lon and origin_lat)",
    option: "--origin",
    ids: &["origin"],
    points: &[("origin_lon", "origin_lat"), ("origin_x", "origin_y")],
};
const DEST: EndNames = EndNames {
    wanted: "destination (a column dest or destination, or dest_lon and dest_lat)",
    option: "--dest",
    ids: &["dest", "destination"],
    points: &[("dest_lon", "dest_lat"), ("dest_x", "dest_y"), ("destination_lon", "destination_lat")],
};

fn end(frame: &DataFrame, names: EndNames, text: Option<&str>) -> Result<End, Error> {
    if let Some(text) = text {
        return Ok(match coordinates(text) {
            Some((x, y)) => End::Point(parse(frame, names.option, x)?, parse(frame, names.option, y)?),
            None => End::Id(parse(frame, names.option, text)?),
        });
    }
    let has = |name: &str| frame.schema().has_column_with_unqualified_name(name);
    let column = |name: &str| Expr::Column(datafusion::common::Column::from_name(name));
    if let Some(name) = names.ids.iter().find(|name| has(name)) {
        return Ok(End::Id(column(name)));
    }
    if let Some((x, y)) = names.points.iter().find(|(x, y)| has(x) && has(y)) {
        return Ok(End::Point(column(x), column(y)));
    }
    let columns = frame.schema().fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
    Err(Error::NoColumn { wanted: names.wanted, columns, option: names.option })
}

/// Parts `longitude, latitude` at the only comma outside of brackets and quotes.
fn coordinates(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quote, mut commas) = (0, None, Vec::new());
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => commas.push(at),
            _ => {}
        }
    }
    match commas[..] {
        [at] => Some((text[..at].trim(), text[at + 1..].trim())),
        _ => None,
    }
}

impl End {
    fn map(self, change: impl Fn(Expr) -> Result<Expr, Error>) -> Result<Self, Error> {
        Ok(match self {
            End::Id(id) => End::Id(change(id)?),
            End::Point(x, y) => End::Point(change(x)?, change(y)?),
        })
    }
}

/// Returns the column of an end, and what stands in it.
fn column(frame: &DataFrame, end: End, (option, wish): (&'static str, &Wish)) -> Result<(Expr, Ends), Error> {
    let (x, y) = match end {
        End::Point(x, y) => (x, y),
        End::Id(id) => {
            let kind = id.get_type(frame.schema()).map_err(|e| Error::engine(&e))?;
            if !matches!(kind, DataType::Binary | DataType::LargeBinary | DataType::BinaryView) {
                // Whole numbers are grouped much faster than their digits.
                return Ok((if kind.is_integer() { id } else { words(id) }, Ends::Ids));
            }
            let part = |name| function(frame, name).map(|part| part.call(vec![id.clone()]));
            (part(POINT_X)?, part(POINT_Y)?)
        }
    };
    Ok((zone(frame, (x, y), (option, wish))?, Ends::Zones))
}

fn zone(frame: &DataFrame, (x, y): (Expr, Expr), (option, wish): (&'static str, &Wish)) -> Result<Expr, Error> {
    let zones = wish.zones.as_ref().ok_or(Error::NoZones { option })?;
    let real = |expr| try_cast(expr, DataType::Float64);
    let texts = [&zones.layer, &zones.id_column, zones.zones.digest()].map(lit);
    let arguments = texts.into_iter().chain([real(x), real(y)]).collect();
    Ok(function(frame, ZONE_OF)?.call(arguments))
}

fn function(frame: &DataFrame, name: &str) -> Result<std::sync::Arc<ScalarUDF>, Error> {
    frame.registry().udf(name).map_err(|e| Error::engine(&e))
}

/// Returns the weight as a decimal number; one that is negative or no number is missing.
fn weight(frame: &DataFrame, expr: Expr) -> Result<Expr, Error> {
    let decimal_of = |expr| try_cast(expr, DataType::Decimal128(PRECISION, DIGITS));
    let kind = expr.get_type(frame.schema()).map_err(|e| Error::engine(&e))?;
    let decimal = if kind.is_string() {
        // Digits are taken as they are, and only what is no plain number, such as 1e-3, by way of a binary one.
        coalesce(vec![decimal_of(expr.clone()), decimal_of(try_cast(expr, DataType::Float64))])
    } else {
        decimal_of(expr)
    };
    let zero = lit(datafusion::common::ScalarValue::Decimal128(Some(0), PRECISION, DIGITS));
    when(decimal.clone().gt_eq(zero), decimal).end().map_err(|e| Error::engine(&e))
}

fn parse(frame: &DataFrame, option: &'static str, text: &str) -> Result<Expr, Error> {
    let expr = frame.parse_sql_expr(text).map_err(|e| wrong(option, text, &e))?;
    // A column that is not there is told here, under the option that names it.
    expr.get_type(frame.schema()).map_err(|e| wrong(option, text, &e))?;
    Ok(expr)
}

fn wrong(option: &'static str, text: &str, error: &datafusion::error::DataFusionError) -> Error {
    Error::Expression { option, text: text.to_owned(), reason: plain(error) }
}
