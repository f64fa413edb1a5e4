//! Numbers written as text, and what is not one.

use flowatlas_model::Value;

use crate::{collect::Fault, spelling};

/// Returns the whole number that `text` writes in its plain form: `7`, not `07`, `+7` or ` 7`.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let canonical = match text.as_bytes() {
        [b'0'] => true,
        [b'-', first, ..] | [first, ..] => (b'1'..=b'9').contains(first),
        [] => false,
    };
    if canonical { text.parse().ok() } else { None }
}

/// Returns the finite real number that `text` writes in digits, point and exponent, without a leading zero or `+`.
pub(crate) fn real(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let leading_zero = matches!(digits, [b'0', b'0'..=b'9', ..]);
    if leading_zero || !digits.first()?.is_ascii_digit() {
        return None;
    }
    text.parse().ok().filter(|r: &f64| r.is_finite())
}

/// What stands before the decimals of numbers in a file that knows only text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Decimals {
    /// A point alone.
    #[default]
    Point,
    /// A point or a comma, as where semicolons separate the fields.
    PointOrComma,
}

impl Decimals {
    /// Returns the number with a point for its decimal comma; `None` where it has none.
    fn pointed(self, text: &str) -> Option<String> {
        if self == Decimals::Point {
            return None;
        }
        let (whole, decimals) = text.split_once(',')?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let numeric = digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(decimals);
        numeric.then(|| format!("{whole}.{decimals}"))
    }

    /// As `pointed`; `None` too where the comma might as well part thousands.
    fn surely_pointed(self, text: &str) -> Option<String> {
        self.pointed(text).filter(|_| !parts_thousands(text, ','))
    }

    /// As `real`; a comma that might as well part thousands makes no number.
    pub(crate) fn real(self, text: &str) -> Option<f64> {
        real(text).or_else(|| real(&self.surely_pointed(text)?))
    }
}

/// Tells whether the comma or point of a number may be a mark for thousands: `1,234`, not `0,234` or `12,5`.
fn parts_thousands(text: &str, mark: char) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let digit = |b: u8| b.is_ascii_digit();
    digits.split_once(mark).is_some_and(|(whole, rest)| {
        let lengths = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
        lengths && whole.bytes().chain(rest.bytes()).all(digit)
    })
}

/// Returns the doubt about a quantity that was read: where a comma may stand before decimals, the point of `1.234` may part thousands.
pub(crate) fn doubt(cell: &Value, decimals: Decimals) -> Option<Fault> {
    let Value::Text(text) = cell else { return None };
    let text = text.trim();
    if decimals == Decimals::Point || !parts_thousands(text, '.') {
        return None;
    }
    let hint =
        format!("read as {text} with decimals; where the point parts thousands, write {}", text.replace('.', ""));
    Some(Fault::new("point-in-doubt", spelling::clip(text), "a number that reads in one way").hint(hint))
}

/// Reads a weight or another quantity: finite, not negative, `None` where the cell is missing or blank.
/// Negative zero becomes zero. Of `1,234` nobody knows what it is.
pub(crate) fn quantity(cell: &Value, decimals: Decimals) -> Result<Option<f64>, Fault> {
    let number = match cell {
        Value::Missing => return Ok(None),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        Value::Text(text) => parsed(text, |text| decimals.surely_pointed(text))?,
        other => other.as_number().ok_or_else(|| not_a_number(&other.to_text()))?,
    };
    check(number, cell).map(Some)
}

fn check(number: f64, cell: &Value) -> Result<f64, Fault> {
    if !number.is_finite() {
        let hint = "leave the cell empty where the number is missing";
        return Err(Fault::new("not-finite", cell.to_text(), "a finite number").hint(hint));
    }
    if number < 0.0 {
        let hint = "leave the cell empty where the number is missing";
        return Err(Fault::new("negative", cell.to_text(), "a number of at least 0").hint(hint));
    }
    Ok(number + 0.0)
}

/// What parts thousands in the tables of one country or another, beside point and comma.
const MARKS: [char; 6] = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];

fn not_a_number(text: &str) -> Fault {
    let in_groups = text.contains(MARKS) && text.chars().all(|c| c.is_ascii_digit() || c == '.' || MARKS.contains(&c));
    let hint = if text.contains(',') || in_groups {
        "write decimals with a point, and thousands without a mark"
    } else {
        "leave the cell empty where the number is missing"
    };
    Fault::new("not-a-number", spelling::clip(text), "a number such as 12.5").hint(hint)
}

/// Reads a number as it stands, or else with a point for its comma.
fn parsed(text: &str, pointed: impl FnOnce(&str) -> Option<String>) -> Result<f64, Fault> {
    let trimmed = text.trim();
    let plain = trimmed.parse().ok();
    plain.or_else(|| pointed(trimmed)?.parse().ok()).ok_or_else(|| not_a_number(text))
}

/// Reads a coordinate: any finite number. Thousands in it have no mark.
pub(crate) fn coordinate(cell: &Value, decimals: Decimals) -> Result<f64, Fault> {
    let number = match cell {
        Value::Missing => return Err(Fault::new("no-position", "no value", "a coordinate")),
        Value::Text(text) if text.trim().is_empty() => {
            return Err(Fault::new("no-position", "no value", "a coordinate"));
        }
        Value::Text(text) => parsed(text, |text| decimals.pointed(text))?,
        other => other.as_number().ok_or_else(|| not_a_number(&other.to_text()))?,
    };
    if number.is_finite() { Ok(number) } else { Err(Fault::new("not-finite", cell.to_text(), "a finite number")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Value {
        Value::Text(t.into())
    }

    #[test]
    fn whole_numbers_are_read_in_their_plain_form_only() {
        assert_eq!(integer("-12"), Some(-12));
        assert_eq!(integer("0"), Some(0));
        for other in ["", "-", "007", "+7", " 7", "-0", "7.0", "9223372036854775808"] {
            assert_eq!(integer(other), None, "{other}");
        }
    }

    #[test]
    fn real_numbers_are_finite_and_have_no_leading_zero() {
        assert_eq!(real("2.50"), Some(2.5));
        assert_eq!(real("-0.5"), Some(-0.5));
        for other in ["", "-", "1e999", "NaN", "inf", "00.5", "+1.5", "1,5", ".5"] {
            assert_eq!(real(other), None, "{other}");
        }
    }

    #[test]
    fn a_missing_or_blank_quantity_is_none_and_not_zero() {
        assert_eq!(quantity(&Value::Missing, Decimals::Point), Ok(None));
        assert_eq!(quantity(&text("  "), Decimals::Point), Ok(None));
        assert_eq!(quantity(&Value::Integer(0), Decimals::Point), Ok(Some(0.0)));
    }

    #[test]
    fn numbers_in_quotes_are_numbers() {
        assert_eq!(quantity(&text(" 12.5 "), Decimals::Point), Ok(Some(12.5)));
    }

    #[test]
    fn nan_infinity_and_huge_numbers_are_not_finite() {
        for cell in ["NaN", "nan", "inf", "-Infinity", "1e999"] {
            assert_eq!(quantity(&text(cell), Decimals::Point).unwrap_err().code, "not-finite", "{cell}");
            assert_eq!(coordinate(&text(cell), Decimals::Point).unwrap_err().code, "not-finite", "{cell}");
        }
    }

    #[test]
    fn a_negative_quantity_is_refused_and_negative_zero_is_zero() {
        assert_eq!(quantity(&Value::Integer(-1), Decimals::Point).unwrap_err().code, "negative");
        assert!(quantity(&Value::Real(-0.0), Decimals::Point).unwrap().unwrap().is_sign_positive());
    }

    #[test]
    fn a_decimal_comma_is_read_where_it_can_be_nothing_else() {
        let [quantity, coordinate] = [
            |t: &str| quantity(&text(t), Decimals::PointOrComma),
            |t: &str| coordinate(&text(t), Decimals::PointOrComma).map(Some),
        ];
        assert_eq!(quantity("12,5"), Ok(Some(12.5)));
        assert_eq!(quantity("0,125"), Ok(Some(0.125)));
        assert_eq!(quantity("1234,567"), Ok(Some(1234.567)));
        assert_eq!(coordinate("-77,035"), Ok(Some(-77.035)));
        for other in ["1,234", "1.234,5", "1,234,567", ",5", "5,", "a,b"] {
            assert_eq!(quantity(other).unwrap_err().code, "not-a-number", "{other}");
        }
        assert_eq!(Decimals::PointOrComma.real("-12,5"), Some(-12.5));
        assert_eq!(Decimals::PointOrComma.real("1,234"), None);
    }

    #[test]
    fn a_point_that_may_part_thousands_is_doubted_where_commas_are_decimal() {
        let doubted = |t: &str| doubt(&text(t), Decimals::PointOrComma).is_some();
        assert!(["1.234", " 12.000 ", "123.456"].iter().all(|t| doubted(t)));
        assert!(["0.234", "1.5", "1.2345", "1234.567", "1,234", "1.2e4", ".125", ""].iter().all(|t| !doubted(t)));
        assert_eq!(doubt(&text("1.234"), Decimals::Point), None);
        assert_eq!(doubt(&Value::Real(1.234), Decimals::PointOrComma), None);
    }

    #[test]
    fn a_decimal_comma_is_named_as_such() {
        let fault = quantity(&text("12,5"), Decimals::Point).unwrap_err();
        assert_eq!((fault.code, fault.found.as_str()), ("not-a-number", "12,5"));
        assert_eq!(fault.hint, "write decimals with a point, and thousands without a mark");
    }

    #[test]
    fn marks_between_thousands_are_named_as_such() {
        let hint = |t: &str| quantity(&text(t), Decimals::Point).unwrap_err().hint;
        assert!(["1 234", "1\u{202f}234.5", "1'234"].iter().all(|t| hint(t).contains("thousands")));
        assert!(["n/a", "12 people", "-"].iter().all(|t| hint(t).contains("empty")));
    }
}
