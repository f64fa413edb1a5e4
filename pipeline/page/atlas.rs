//! The atlas of a run: every map with its picture, what it shows, its indicators, its sources and its files.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    html::{Document, attribute, escaped},
    words::Words,
};

const STYLE: &str = concat!(include_str!("page.css"), include_str!("atlas.css"));

/// Everything that a run made.
#[derive(Debug, Clone, PartialEq)]
pub struct Atlas {
    /// The studies, in the order of the run.
    pub chapters: Vec<Chapter>,
    /// The program and its version.
    pub program: String,
}

/// What one study made.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// The folder of its files, relative to the page.
    pub folder: String,
    /// The language of its words, as a BCP 47 tag.
    pub language: String,
    /// Its maps.
    pub entries: Vec<Entry>,
    /// Files that belong to the study as a whole, by name in its folder.
    pub files: Vec<String>,
}

/// A map of the atlas.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id, and the stem of the names of its files.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it shows, in words.
    pub description: String,
    /// A small picture of it, as PNG.
    pub thumbnail: Vec<u8>,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
    /// Its sources, as they are cited.
    pub sources: Vec<String>,
    /// Its files, by name in the folder of the study.
    pub files: Vec<String>,
}

/// A number that says something of the whole network.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Indicator {
    /// What it is.
    pub title: String,
    /// The number as printed; empty where it is undefined.
    pub value: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// How it is computed, in a sentence.
    pub formula: String,
}

/// Returns the page of a run. Its words are in the language of its first study.
pub fn atlas_page(atlas: &Atlas) -> Vec<u8> {
    let language = atlas.chapters.first().map_or("en", |chapter| chapter.language.as_str());
    let words = Words::of(language);
    let title = match atlas.chapters.as_slice() {
        [only] if !only.title.is_empty() => only.title.as_str(),
        _ => words.atlas,
    };
    let chapters: String = atlas.chapters.iter().map(chapter).collect();
    let body = format!(
        "<header>\n<h1>{}</h1>\n{}</header>\n<main>\n{chapters}</main>\n<footer>{}</footer>\n",
        escaped(title),
        contents(atlas, words),
        escaped(&atlas.program),
    );
    let description: Vec<&str> = atlas.chapters.iter().map(|chapter| chapter.title.as_str()).collect();
    let document = Document {
        language,
        title,
        description: &description.join("; "),
        style: STYLE,
        script: "",
        attributes: attribute("class", "atlas"),
        body,
    };
    document.write()
}

fn contents(atlas: &Atlas, words: &Words) -> String {
    let item = |chapter: &Chapter| {
        format!("<li><a{}>{}</a></li>\n", attribute("href", &format!("#{}", anchor(chapter))), escaped(&chapter.title))
    };
    match atlas.chapters.as_slice() {
        [] | [_] => String::new(),
        many => format!(
            "<nav{}>\n<ul>\n{}</ul>\n</nav>\n",
            attribute("aria-label", words.contents),
            many.iter().map(item).collect::<String>()
        ),
    }
}

/// Returns the name of a chapter in addresses: spaces may not stand in it.
fn anchor(chapter: &Chapter) -> String {
    format!("study-{}", chapter.folder.replace(char::is_whitespace, "-"))
}

fn chapter(chapter: &Chapter) -> String {
    let words = Words::of(&chapter.language);
    let entries: String = chapter.entries.iter().map(|e| entry(chapter, e, words)).collect();
    let whole = files(chapter, &chapter.files, words);
    format!(
        "<section{}{}>\n<h2>{}</h2>\n{entries}{whole}</section>\n",
        attribute("id", &anchor(chapter)),
        attribute("lang", &chapter.language),
        escaped(&chapter.title)
    )
}

fn entry(chapter: &Chapter, entry: &Entry, words: &Words) -> String {
    let page = format!("{}.html", entry.id);
    let page = entry.files.contains(&page).then(|| address(chapter, &page));
    let picture = picture(entry);
    let (picture, open) = match page {
        Some(href) => {
            let href = attribute("href", &href);
            let open = format!("<p><a{href}>{}</a></p>\n", escaped(words.open));
            (format!("<a{href} tabindex=\"-1\" aria-hidden=\"true\">{picture}</a>"), open)
        }
        None => (picture, String::new()),
    };
    format!(
        "<article>\n<div>{picture}</div>\n<div>\n<h3>{}</h3>\n<p>{}</p>\n{open}{}{}{}</div>\n</article>\n",
        escaped(&entry.title),
        escaped(&entry.description),
        indicators(&entry.indicators, words),
        sources(&entry.sources, words),
        files(chapter, &entry.files, words),
    )
}

fn picture(entry: &Entry) -> String {
    let source = format!("data:image/png;base64,{}", STANDARD.encode(&entry.thumbnail));
    format!("<img{}{} loading=\"lazy\">", attribute("alt", &entry.title), attribute("src", &source))
}

fn indicators(indicators: &[Indicator], words: &Words) -> String {
    if indicators.is_empty() {
        return String::new();
    }
    let row = |i: &Indicator| {
        format!(
            "<tr{}><th scope=\"row\">{}</th><td class=\"number\">{}</td><td>{}</td></tr>\n",
            attribute("title", &i.formula),
            escaped(&i.title),
            escaped(if i.value.is_empty() { "–" } else { &i.value }),
            escaped(&i.unit)
        )
    };
    format!(
        "<details>\n<summary>{}</summary>\n<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"number\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</details>\n",
        escaped(words.indicators),
        escaped(words.indicator),
        escaped(words.value),
        escaped(words.unit),
        indicators.iter().map(row).collect::<String>()
    )
}

fn sources(sources: &[String], words: &Words) -> String {
    if sources.is_empty() {
        return String::new();
    }
    format!("<p>{}: {}</p>\n", escaped(words.sources), escaped(&sources.join("; ")))
}

fn files(chapter: &Chapter, files: &[String], words: &Words) -> String {
    if files.is_empty() {
        return String::new();
    }
    let item =
        |file: &String| format!("<li><a{}>{}</a></li>\n", attribute("href", &address(chapter, file)), escaped(file));
    format!(
        "<details>\n<summary>{}</summary>\n<ul class=\"downloads\">\n{}</ul>\n</details>\n",
        escaped(words.downloads),
        files.iter().map(item).collect::<String>()
    )
}

/// Returns the address of a file beside the page: every byte that is not plain stands as `%XX` (RFC 3986).
fn address(chapter: &Chapter, file: &str) -> String {
    let mut out = String::new();
    for byte in format!("{}/{file}", chapter.folder).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
