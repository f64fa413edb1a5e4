//! The nearest right spelling.

/// Two spellings are taken for the same word from this Jaro-Winkler similarity upwards. At 0.75 `longitude` is
/// still found for `lon` and `Lima ` for `lima`; below 0.7 short words begin to find each other by chance.
const ALIKE: f64 = 0.75;

/// Returns the candidate most like `word` (the first of equals), if any is like it at all. Case does not count.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best = (ALIKE, None);
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(&word, &candidate.to_lowercase());
        if likeness > best.0 {
            best = (likeness, Some(candidate));
        }
    }
    best.1
}

/// Returns the names in backticks, joined; a long list is cut after 30.
pub(crate) fn list(names: &[String], joint: &str) -> String {
    const SHOWN: usize = 30;
    let mut text = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(joint);
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// Returns at most 60 characters of a text from the data, so that a message stays a line.
pub(crate) fn clip(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_ignores_case_and_forgives_a_slip() {
        let columns = ["id", "Longitude", "latitude"];
        assert_eq!(nearest("lon", columns.into_iter()), Some("Longitude"));
        assert_eq!(nearest("ID", columns.into_iter()), Some("id"));
        assert_eq!(nearest("weight", columns.into_iter()), None);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(clip(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
        assert_eq!(clip("short"), "short");
    }
}
