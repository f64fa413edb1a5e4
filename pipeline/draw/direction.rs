//! Which way words run.

/// Tells whether the first letter belongs to a script that runs from right to left.
pub(crate) fn reads_right_to_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left)
}

/// Tells whether a letter belongs to a script that runs from right to left: Hebrew, Arabic and their neighbours in
/// Unicode, with their presentation forms.
pub(crate) fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}
