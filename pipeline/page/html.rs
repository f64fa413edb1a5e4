//! Text that is safe in HTML, and the frame of every page.

use crate::policy::policy;

/// Returns text that means itself in elements and in quoted attributes. Control characters but line ends and tabs, which HTML
/// forbids, are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns ` name="value"`, escaped.
pub(crate) fn attribute(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", escaped(value))
}

/// What every page is made of.
pub(crate) struct Document<'a> {
    /// The language of the words, as a BCP 47 tag.
    pub language: &'a str,
    /// The title in the bar of the browser.
    pub title: &'a str,
    /// What the page shows, for those who find it.
    pub description: &'a str,
    /// The style sheet; part of the program, not of the data.
    pub style: &'a str,
    /// The script, likewise; empty for none.
    pub script: &'a str,
    /// Attributes of the body, escaped.
    pub attributes: String,
    /// What stands in the body, escaped.
    pub body: String,
}

impl Document<'_> {
    /// Returns the page.
    pub(crate) fn write(&self) -> Vec<u8> {
        let Document { language, title, description, style, script, attributes, body } = self;
        let script_element = if script.is_empty() { String::new() } else { format!("<script>{script}</script>\n") };
        format!(
            "<!doctype html>\n<html{}>\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\"{}>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{}</title>\n<meta name=\"description\"{}>\n<style>{style}</style>\n</head>\n\
             <body{attributes}>\n{body}{script_element}</body>\n</html>\n",
            attribute("lang", language),
            attribute("content", &policy(style, script)),
            escaped(title),
            attribute("content", description),
        )
        .into_bytes()
    }
}
