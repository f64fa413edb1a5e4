//! The one place where numbers become text.

use std::fmt::Write;

use kurbo::{BezPath, PathEl, Point};

/// Decimals that are kept: 1/100 point is 3.5 micrometres on paper.
const PARTS: f64 = 100.0;

/// Appends a number rounded to 2 decimals, without `-0` and without zeros at the end.
///
/// What is not finite comes out as `NaN` or `inf`, which only a description of a broken scene may hold.
pub(crate) fn push_number(out: &mut String, number: f64) {
    if !number.is_finite() {
        return write!(out, "{number}").expect("writing to a String does not fail");
    }
    let hundredths = (number * PARTS).round() as i64;
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    if hundredths < 0 {
        out.push('-');
    }
    write!(out, "{whole}").expect("writing to a String does not fail");
    match (part / 10, part % 10) {
        (0, 0) => {}
        (tenths, 0) => write!(out, ".{tenths}").expect("writing to a String does not fail"),
        (tenths, rest) => write!(out, ".{tenths}{rest}").expect("writing to a String does not fail"),
    }
}

/// Returns the number rounded to 2 decimals, without `-0`.
pub(crate) fn rounded(number: f64) -> f32 {
    ((number * PARTS).round() / PARTS + 0.0) as f32
}

/// Returns the number as [`push_number`] writes it.
pub(crate) fn number(number: f64) -> String {
    let mut out = String::new();
    push_number(&mut out, number);
    out
}

/// Returns the numbers with a space between each.
pub(crate) fn numbers(list: &[f64]) -> String {
    list.iter().map(|n| number(*n)).collect::<Vec<_>>().join(" ")
}

/// Returns the path as SVG path data with absolute coordinates.
pub(crate) fn path_data(path: &BezPath) -> String {
    let mut out = String::with_capacity(16 * path.elements().len());
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(a) => push_command(&mut out, 'M', &[a]),
            PathEl::LineTo(a) => push_command(&mut out, 'L', &[a]),
            PathEl::QuadTo(a, b) => push_command(&mut out, 'Q', &[a, b]),
            PathEl::CurveTo(a, b, c) => push_command(&mut out, 'C', &[a, b, c]),
            PathEl::ClosePath => out.push('Z'),
        }
    }
    out
}

fn push_command(out: &mut String, letter: char, points: &[Point]) {
    let mut before = letter;
    for p in points {
        out.push(before);
        push_number(out, p.x);
        out.push(' ');
        push_number(out, p.y);
        before = ' ';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_two_decimals_and_no_zeros_at_the_end() {
        for (value, text) in
            [(0.0, "0"), (1.0, "1"), (1.5, "1.5"), (0.05, "0.05"), (-0.25, "-0.25"), (1.239, "1.24"), (100.0, "100")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn there_is_no_minus_zero() {
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(-0.004), "0");
    }

    #[test]
    fn written_numbers_read_back_within_half_a_hundredth() {
        for k in -10_000..10_000 {
            let value = f64::from(k) * 0.0137;
            let back: f64 = number(value).parse().unwrap();
            assert!((back - value).abs() <= 0.005 + 1e-9, "{value} became {back}");
        }
    }

    #[test]
    fn a_path_is_written_with_every_kind_of_segment() {
        let mut path = BezPath::new();
        path.move_to((0.0, 1.0));
        path.line_to((2.5, -3.0));
        path.quad_to((1.0, 1.0), (2.0, 2.0));
        path.curve_to((0.0, 0.0), (1.0, 0.004), (3.0, 3.0));
        path.close_path();
        assert_eq!(path_data(&path), "M0 1L2.5 -3Q1 1 2 2C0 0 1 0 3 3Z");
    }
}
