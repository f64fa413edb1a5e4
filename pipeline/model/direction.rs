//! Which way words run.

use std::borrow::Cow;

/// Returns true where the first letter belongs to a script that runs from right to left.
pub fn reads_right_to_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left)
}

/// Returns true where a letter belongs to a script that runs from right to left: Hebrew, Arabic and their neighbours in
/// Unicode, with their presentation forms.
pub fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// Returns a name for a sentence: one that runs from right to left is set apart, so that it takes no numbers around it along (Unicode
/// Standard Annex 9, first strong isolate).
pub fn isolated(name: &str) -> Cow<'_, str> {
    if name.chars().any(is_right_to_left) { format!("\u{2068}{name}\u{2069}").into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_run_from_right_to_left_are_set_apart() {
        assert_eq!(isolated("Rabat"), "Rabat");
        assert_eq!(isolated("تل أبيب"), "\u{2068}تل أبيب\u{2069}");
    }
}
