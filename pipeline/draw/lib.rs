//! Writes a finished scene: as PNG pixels, as SVG, as PDF, or as lines of text that a reviewer can read.
//!
//! A [`Scene`] comes in, bytes go out. Nothing about the map is decided here and the disk is not touched:
//! every writer is a short `match` over the steps of one walk through the scene.

use flowatlas_model::scene::Scene;
use kurbo::Rect;

mod check;
mod describe;
mod encode;
mod glyphs;
mod number;
mod pdf;
mod raster;
mod svg;
mod walk;

pub use describe::describe;
pub use pdf::pdf;
pub use raster::{MAX_PIXELS, MAX_SIDE};
pub use svg::{Lettering, svg};

/// Why a scene could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The resolution is not a finite number above 0.
    #[error("the resolution is {dpi} dots per inch, expected a finite number above 0; 300 suits print")]
    Resolution {
        /// The resolution that was asked for.
        dpi: f64,
    },
    /// The picture would have more pixels than any viewer opens.
    #[error(
        "the picture would be {width:.0} × {height:.0} pixels, expected at most {MAX_SIDE} a side and {MAX_PIXELS} in all; \
         lower the resolution or the page size"
    )]
    PixelSize {
        /// Width in pixels.
        width: f64,
        /// Height in pixels.
        height: f64,
    },
    /// A number of the scene cannot be drawn.
    #[error("{item}: {field} is {found}, expected {expected}")]
    Number {
        /// The item of the scene, named by its group and its place in paint order, or by its words.
        item: String,
        /// Which of its numbers.
        field: &'static str,
        /// The number found.
        found: f64,
        /// What the number has to be.
        expected: &'static str,
    },
    /// A text refers to a font that the scene does not carry.
    #[error("text \"{text}\" uses font {font}, but the scene has {count} fonts, counted from 0")]
    NoSuchFont {
        /// The words.
        text: String,
        /// The position asked for.
        font: usize,
        /// How many fonts there are.
        count: usize,
    },
    /// A font file cannot be read, or has no such glyph.
    #[error("font {family}: {reason}")]
    Font {
        /// The family of the font.
        family: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The page could not be written as PDF.
    #[error("the page cannot be written as PDF: {reason}")]
    Pdf {
        /// What the writer of PDF files said.
        reason: String,
    },
    /// The pixels could not be encoded.
    #[error("the pixels could not be encoded as PNG")]
    Encode(#[from] ::png::EncodingError),
}

/// How a scene becomes pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PngOptions {
    /// Pixels per inch on paper; finite and above 0. It changes the number of pixels and nothing else:
    /// the page keeps its size in millimetres, and all lines and letters theirs.
    pub dpi: f64,
}

impl Default for PngOptions {
    /// 300 dots per inch, the usual resolution of print.
    fn default() -> Self {
        PngOptions { dpi: 300.0 }
    }
}

/// A part of a page as pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// Red, green, blue and opacity of each pixel, rows from the top.
    pub rgba: Vec<u8>,
    /// The part of the page, in points: the window that was asked for, at whole pixels.
    pub window: Rect,
}

/// Returns a part of the scene as pixels, without a frame around it.
///
/// # Errors
/// As for [`png()`].
pub fn pixels(scene: &Scene, options: &PngOptions, window: Rect) -> Result<Pixels, Error> {
    Ok(raster::cut(&raster::rasterise(scene, options.dpi)?, options.dpi, window))
}

/// Returns width and height in pixels of the scene.
///
/// # Errors
/// Fails where the resolution or the picture is beyond what [`png()`] takes.
pub fn pixel_size(scene: &Scene, options: &PngOptions) -> Result<[usize; 2], Error> {
    let (width, height) = raster::pixel_size(scene, options.dpi)?;
    Ok([width as usize, height as usize])
}

/// Returns the scene as a PNG file, marked as sRGB and with its resolution: 8-bit RGB, or RGBA where the paper of the
/// scene lets through what the picture is laid on.
///
/// The same scene and options give the same bytes.
///
/// # Errors
/// Fails if the resolution is not finite and positive, if a side would exceed [`MAX_SIDE`] or the picture
/// [`MAX_PIXELS`], if the scene holds a number that cannot be drawn, or if a font is missing or unreadable.
pub fn png(scene: &Scene, options: &PngOptions) -> Result<Vec<u8>, Error> {
    encode::encode(&raster::rasterise(scene, options.dpi)?, options.dpi)
}
