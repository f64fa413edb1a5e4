//! The styles, fonts and default base map that the program carries with it.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use flowatlas_map::fonts;
use flowatlas_model::{Style, scene::Font};

use crate::{
    config,
    error::Error,
    style_file::{Written, resolve},
};

/// The styles that go by a name.
const NAMED: &[(&str, &str)] = &[
    ("report", include_str!("../styles/report.toml")),
    ("screen", include_str!("../styles/screen.toml")),
    ("dark", include_str!("../styles/dark.toml")),
    ("grayscale", include_str!("../styles/grayscale.toml")),
    ("poster", include_str!("../styles/poster.toml")),
];

/// The style of a map that asks for none.
pub const DEFAULT: &str = "report";

/// The base map of a map without a study: the countries of the world, 1:50,000,000.
pub const WORLD: &[u8] = include_bytes!("../geodata/base/world-50m.geojson");

/// Returns the style of this name, or of this path if it ends in `.toml`; a path starts from `folder`.
///
/// # Errors
/// Fails where no style has the name, with the names that there are, and where the file, or one that it extends, is
/// not a style.
pub fn style(name: &str, folder: &Path) -> Result<Style, Error> {
    resolve(open(name, folder)?, open)
}

/// Returns the names of the styles that have one.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMED.iter().map(|(name, _)| *name)
}

fn open(name: &str, folder: &Path) -> Result<Written, Error> {
    if name.ends_with(".toml") {
        let path = folder.join(name);
        let text = Cow::Owned(config::read_text(&path)?);
        // One file may be named in many ways, and must not extend itself by way of them.
        let id = path.canonicalize().unwrap_or_else(|_| path.clone()).display().to_string();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        return Ok(Written { id, file: path.display().to_string(), folder, text });
    }
    match NAMED.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => {
            let file = format!("styles/{name}.toml");
            Ok(Written { id: name.to_owned(), file, folder: PathBuf::new(), text: Cow::Borrowed(text) })
        }
        None => Err(Error::Usage(format!(
            "there is no style \"{name}\"; known are {}, or give the path of a .toml file",
            names().collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// Returns the bundled fonts: the text face first, then those that serve the letters it lacks.
pub fn bundled_fonts() -> &'static [Font] {
    static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
        vec![
            font("Noto Sans", 400, include_bytes!("../styles/fonts/NotoSans-Regular.ttf")),
            font("Noto Sans", 700, include_bytes!("../styles/fonts/NotoSans-Bold.ttf")),
            Font { italic: true, ..font("Noto Sans", 400, include_bytes!("../styles/fonts/NotoSans-Italic.ttf")) },
            font("Noto Sans Arabic", 400, include_bytes!("../styles/fonts/NotoSansArabic-Regular.ttf")),
            font("Noto Sans Arabic", 700, include_bytes!("../styles/fonts/NotoSansArabic-Bold.ttf")),
            font("Noto Sans Tifinagh", 400, include_bytes!("../styles/fonts/NotoSansTifinagh-Regular.ttf")),
        ]
    });
    &FONTS
}

/// Returns the faces of a font file.
///
/// # Errors
/// Fails where the file cannot be read or is no TrueType or OpenType font.
pub fn own_fonts(path: &Path) -> Result<Vec<Font>, Error> {
    let data = std::fs::read(path).map_err(|e| Error::Usage(format!("{}: cannot be read: {e}", path.display())))?;
    let faces = fonts::faces(&Arc::from(data));
    if faces.is_empty() {
        return Err(Error::Usage(format!("{}: is no TrueType or OpenType font (.ttf, .otf, .ttc)", path.display())));
    }
    Ok(faces)
}

/// Returns the fonts of a map that brings some of its own: these first, then the bundled ones.
pub fn fonts_after(own: &[Font]) -> Vec<Font> {
    own.iter().chain(bundled_fonts()).cloned().collect()
}

fn font(family: &str, weight: u16, data: &'static [u8]) -> Font {
    Font { family: family.to_owned(), weight, italic: false, data: Arc::from(data), index: 0, variations: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_style_can_be_read() {
        names().for_each(|name| drop(style(name, Path::new("")).unwrap()));
    }

    #[test]
    fn an_unknown_style_is_answered_with_the_known_ones() {
        let message = style("raport", Path::new("")).unwrap_err().to_string();
        assert!(message.contains("report"), "{message}");
    }
}
