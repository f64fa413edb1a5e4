//! The period that the flows of a map are of, as its foot says it.

use std::collections::BTreeSet;

use flowatlas_model::FlowTable;

use crate::study::MapPlan;

/// Most texts that are listed: of more, the first and the last are told.
const LISTED: usize = 3;
/// Digits of a year.
const YEAR_DIGITS: usize = 4;

/// Returns the period of the plan, or else that of the times of its flows.
pub(crate) fn period(plan: &MapPlan, table: &FlowTable) -> String {
    if !plan.spec.period.is_empty() {
        return plan.spec.period.clone();
    }
    told(&table.flows.iter().filter_map(|flow| flow.time.as_deref()).collect())
}

/// Returns the period of these times: from the first year to the last where all are years or intervals of years, else from the first
/// to the last in text order. Texts that are intervals of something else are listed: a dash between them would join their own.
fn told(times: &BTreeSet<&str>) -> String {
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return String::new() };
    if first == last {
        return (*first).to_owned();
    }
    if let Some(years) = times.iter().map(|time| years(time)).collect::<Option<Vec<_>>>() {
        let start = years.iter().map(|[start, _]| start).min();
        let end = years.iter().map(|[_, end]| end).max();
        return start.zip(end).map(|(start, end)| format!("{start}–{end}")).unwrap_or_default();
    }
    let dashed = times.iter().any(|time| time.contains('–'));
    match dashed {
        false => format!("{first}–{last}"),
        true if times.len() <= LISTED => times.iter().copied().collect::<Vec<_>>().join(", "),
        true => format!("{first} … {last}"),
    }
}

/// Returns the first and the last year of an interval of years, or a year twice; `None` for other texts.
fn years(time: &str) -> Option<[&str; 2]> {
    let (start, end) = time.split_once(['–', '-', '/']).unwrap_or((time, time));
    let (start, end) = (start.trim(), end.trim());
    let is_year = |text: &str| text.len() == YEAR_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    (is_year(start) && is_year(end) && start <= end).then_some([start, end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[&str]) -> String {
        told(&times.iter().copied().collect())
    }

    #[test]
    fn intervals_of_years_are_one_from_the_first_year_to_the_last() {
        assert_eq!(of(&["2017–2021", "2014–2016", "2022–2024"]), "2014–2024");
        assert_eq!(of(&["1990", "1995-2000", "1996 – 1998"]), "1990–2000");
        assert_eq!(of(&["2014–2020", "2015"]), "2014–2020", "the last to end is not the last to begin");
        assert_eq!(of(&["1990", "2010"]), "1990–2010");
    }

    #[test]
    fn other_texts_are_told_so_that_no_dash_joins_two_intervals() {
        assert_eq!(of(&[]), "");
        assert_eq!(of(&["2014–2016"]), "2014–2016");
        assert_eq!(of(&["2020-03", "2021-04"]), "2020-03–2021-04");
        assert_eq!(of(&["early", "late"]), "early–late");
        assert_eq!(of(&["2014–2016", "later"]), "2014–2016, later");
        assert_eq!(of(&["1–2 May", "3–4 May", "5–6 May", "7–8 May"]), "1–2 May … 7–8 May");
    }
}
