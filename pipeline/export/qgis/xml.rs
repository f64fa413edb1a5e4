//! Text and options as QGIS writes them in XML.

use std::fmt::Write;

/// Returns text that may stand in an element or, between double quotes, in an attribute. Letters that XML 1.0 does not
/// allow are replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\r' | '\t' => write!(out, "&#{};", u32::from(letter)).expect("written to memory"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// Returns a map of texts.
pub(crate) fn options(options: &[(&str, String)]) -> String {
    let mut out = String::from("<Option type=\"Map\">");
    for (name, value) in options {
        write!(out, "<Option name=\"{name}\" value=\"{}\" type=\"QString\"/>", escaped(value)).expect("to memory");
    }
    out.push_str("</Option>\n");
    out
}

/// Returns the properties that expressions set, within an element of this name; nothing where there are none.
pub(crate) fn expressions(element: &str, expressions: &[(&str, String)]) -> String {
    if expressions.is_empty() {
        return String::new();
    }
    let mut inner = String::new();
    for (name, expression) in expressions {
        write!(
            inner,
            "<Option name=\"{name}\" type=\"Map\"><Option name=\"active\" value=\"true\" type=\"bool\"/>\
             <Option name=\"expression\" value=\"{}\" type=\"QString\"/>\
             <Option name=\"type\" value=\"3\" type=\"int\"/></Option>",
            escaped(expression)
        )
        .expect("written to memory");
    }
    format!(
        "<{element}><Option type=\"Map\"><Option name=\"name\" value=\"\" type=\"QString\"/>\
         <Option name=\"properties\" type=\"Map\">{inner}</Option>\
         <Option name=\"type\" value=\"collection\" type=\"QString\"/></Option></{element}>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escaped("<a href='x'>\"&\"]]>\n\u{1}"),
            "&lt;a href=&apos;x&apos;&gt;&quot;&amp;&quot;]]&gt;&#10;\u{fffd}"
        );
    }
}
