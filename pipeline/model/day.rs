//! Days of the calendar, as ISO 8601 writes them.

/// Returns the days from 1 January 1970 to a day written `YYYY-MM-DD`; `None` for any other text and for days that there are not.
///
/// # Source
/// Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, `days_from_civil`: years begin in March, so that a leap day ends one.
pub fn epoch_day(text: &str) -> Option<i32> {
    let is_form = |(k, byte): (usize, &u8)| if k == 4 || k == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.as_bytes().iter().enumerate().all(is_form) {
        return None;
    }
    let number = |digits: &str| digits.parse::<i32>().ok();
    let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let before = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    (1..=last).contains(&day).then_some(before + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let days = [("1970-01-01", 0), ("2020-01-01", 18_262), ("2000-02-29", 11_016), ("1969-12-31", -1)];
        for (text, day) in days {
            assert_eq!(epoch_day(text), Some(day), "{text}");
        }
        assert_eq!(epoch_day("0000-03-01"), Some(-719_468));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "1900-02-29",
            "2021-04-31",
            "2021-00-10",
            "2021-13-01",
            "2021-1-1",
            "20210101",
            "2021-01-01T00:00",
            "",
            "año-01-01x",
        ] {
            assert_eq!(epoch_day(text), None, "{text}");
        }
    }
}
