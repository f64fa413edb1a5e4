//! Which picture formats can show a page of a study: not every one shows everything.

use crate::{
    error::Error,
    options::Drawing,
    study::{ImageFormat, MapPlace, MapPlan, Placement, Study},
};

/// The picture formats by their names in a study.
const NAMES: [(&str, ImageFormat); 6] = [
    ("png", ImageFormat::Png),
    ("svg", ImageFormat::Svg),
    ("pdf", ImageFormat::Pdf),
    ("html", ImageFormat::Html),
    ("tif", ImageFormat::Tif),
    ("cog", ImageFormat::Cog),
];

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// One map.
    Map,
    /// One matrix.
    Matrix,
    /// Several panels.
    Panels,
}

impl Shown {
    /// Returns what the page of a map shows.
    pub(crate) fn of(plan: &MapPlan) -> Shown {
        match (plan.multiples, plan.drawing) {
            (Some(_), _) => Shown::Panels,
            (None, Drawing::Matrix) => Shown::Matrix,
            (None, Drawing::Lines(_)) => Shown::Map,
        }
    }

    /// Tells whether a picture in this format can show it.
    pub(crate) fn fits(self, format: ImageFormat) -> bool {
        match format {
            ImageFormat::Png | ImageFormat::Svg | ImageFormat::Pdf => true,
            ImageFormat::Html => self != Shown::Panels,
            ImageFormat::Tif | ImageFormat::Cog => self == Shown::Map,
        }
    }

    /// Returns what that is, and why not every format fits it.
    fn in_words(self) -> &'static str {
        match self {
            Shown::Map => "a map",
            Shown::Matrix => "a matrix, which has no place on the Earth",
            Shown::Panels => "a page of several panels, which html, tif and cog cannot show",
        }
    }
}

/// Returns the pages of a study: what they are and their ids, and what they show.
fn pages(study: &Study) -> impl Iterator<Item = ((&'static str, &str), Shown)> {
    let maps = study.maps.iter().filter(|plan| plan.place == MapPlace::Page);
    let maps = maps.map(|plan| (("map", plan.id.as_str()), Shown::of(plan)));
    maps.chain(study.figures.iter().map(|plan| (("figure", plan.id.as_str()), Shown::Panels)))
}

/// Checks that pictures of every page can be written in one of the formats that the study asks for, if it asks for any.
///
/// # Errors
/// Fails at the first page that has no picture, with the formats that it could have.
pub(crate) fn check(study: &Study) -> Result<(), Error> {
    let images = &study.output.images;
    let lacking = pages(study).find(|(_, shown)| !images.iter().any(|format| shown.fits(*format)));
    let Some(((what, id), shown)) = lacking.filter(|_| !images.is_empty()) else { return Ok(()) };
    let message = format!(
        "{what} \"{id}\" is {}; \"images\" has no format of it, expected one of {}",
        shown.in_words(),
        named(|format| shown.fits(format)),
    );
    Err(study.output.lines.locate("images", Error::Usage(message)))
}

/// Returns which formats that the study names, and which world files, are not written of which of its pages, one line each.
pub(crate) fn remarks(study: &Study) -> Vec<String> {
    let images = &study.output.images;
    let told = |((what, id), shown): ((&str, &str), Shown)| {
        let lacking = named(|format| images.contains(&format) && !shown.fits(format));
        (!lacking.is_empty()).then(|| format!("{what} {id}: not written as {lacking}, for it is {}", shown.in_words()))
    };
    // Where none are named, a page for the browser is only meant where there can be one.
    let named = pages(study).filter(|_| study.output.lines.has("images")).filter_map(told);
    let placed = study.output.placement == Placement::WorldFiles && images.contains(&ImageFormat::Png);
    // A page of panels is no map, and nobody looks for its place.
    let unplaced = pages(study)
        .filter(|(_, shown)| placed && *shown == Shown::Matrix)
        .map(|((what, id), shown)| format!("{what} {id}: no world file beside it, for it is {}", shown.in_words()));
    named.chain(unplaced).collect()
}

/// Returns the names of the formats that are wanted.
fn named(wanted: impl Fn(ImageFormat) -> bool) -> String {
    let names = NAMES.iter().filter(|(_, format)| wanted(*format)).map(|(name, _)| *name);
    names.collect::<Vec<_>>().join(", ")
}
