//! The order of names that people give: periods, kinds of movement, groups of places.

use std::{cmp::Ordering, iter::Peekable, str::Chars};

use icu_normalizer::DecomposingNormalizer;

/// Accents of letters, once these are taken apart.
const ACCENTS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// Compares two names as readers expect them in a list: by the number that they start with, names without one behind, then letter by
/// letter with whole numbers by their size, capitals and accents apart: `group 2` comes before `group 10`, `études` before `famille`.
pub fn in_order(a: &str, b: &str) -> Ordering {
    leading(a).total_cmp(&leading(b)).then_with(|| by_runs(&plain(a), &plain(b))).then_with(|| a.cmp(b))
}

/// Returns a name in small letters without accents.
fn plain(name: &str) -> String {
    let letters = DecomposingNormalizer::new_nfd().normalize_iter(name.chars());
    letters.filter(|letter| !ACCENTS.contains(letter)).flat_map(char::to_lowercase).collect()
}

/// Returns the number that a name starts with, as years do; infinite where it starts with none.
fn leading(name: &str) -> f64 {
    let digits = name.trim().split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or("");
    digits.parse().unwrap_or(f64::INFINITY)
}

fn by_runs(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let order = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => whole(&mut a, &mut b),
            (None, None) => return Ordering::Equal,
            _ => a.next().cmp(&b.next()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Compares the whole numbers that come next, of any length.
fn whole(a: &mut Peekable<Chars<'_>>, b: &mut Peekable<Chars<'_>>) -> Ordering {
    let (a, b) = (digits(a), digits(b));
    a.len().cmp(&b.len()).then(a.cmp(&b))
}

/// Takes the digits that come next, without zeros at their head.
fn digits(letters: &mut Peekable<Chars<'_>>) -> String {
    let digits: String = std::iter::from_fn(|| letters.next_if(char::is_ascii_digit)).collect();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_by_their_size_wherever_they_stand() {
        let names = [
            "0.25",
            "0.5",
            "9",
            "10",
            "1990",
            "1990–1995",
            "2000",
            "Asile",
            "étape",
            "études",
            "group 2",
            "group 02b",
            "group 10",
            "group 10 a",
            "work",
            "Zone",
        ];
        let mut mixed = names;
        mixed.reverse();
        mixed.sort_by(|a, b| in_order(a, b));
        assert_eq!(mixed, names);
        assert_eq!(in_order("a1", "a1"), Ordering::Equal);
        assert_ne!(in_order("a1", "a01"), Ordering::Equal, "different names are never the same");
        assert_eq!(in_order("x99999999999999999999999", "x100000000000000000000000"), Ordering::Less);
    }
}
