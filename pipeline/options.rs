//! What a map may ask for, wherever it asks: in a study or on the command line.

use flowatlas_layout::Method;
use flowatlas_map::{
    is_on_earth,
    spec::{Circles, Extent, ProjectionChoice},
};
pub use flowatlas_model::style::PAGE_MM;
use flowatlas_model::{Coordinates, units::Mm};
use flowatlas_network::{Distance, Part, View};

use crate::config;

/// Pixels per inch that make sense: below, letters cannot be read; above, no printer follows.
pub const DPI: (f64, f64) = (30.0, 1200.0);

/// Pixels per inch of a picture that asks for none: what printers expect.
pub const DEFAULT_DPI: f64 = 300.0;

/// Widths of flows and radii of places in millimetres that make sense: from a hairline to a hand.
pub const SYMBOL_MM: (f64, f64) = (0.05, 100.0);

/// Widths of a locator in millimetres that make sense.
pub const LOCATOR_MM: (f64, f64) = (8.0, 200.0);

/// The width of a locator that asks for none.
pub const DEFAULT_LOCATOR: Mm = Mm(24.0);

/// Time limits of a layout that make sense, in seconds.
pub const LAYOUT_SECONDS: (f64, f64) = (0.01, 86_400.0);

/// What is drawn of the flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// A line for each flow, laid out by this method.
    Lines(Method),
    /// A table of origins by destinations.
    Matrix,
}

/// The layouts by the names that studies and the command line use.
pub const LAYOUTS: &[(&str, Drawing)] = &[
    ("od", Drawing::Lines(Method::Od)),
    ("straight", Drawing::Lines(Method::Straight)),
    ("arc", Drawing::Lines(Method::Arc)),
    ("tree", Drawing::Lines(Method::Tree)),
    ("bundle", Drawing::Lines(Method::Bundle)),
    ("matrix", Drawing::Matrix),
];

/// The layout of a map that asks for none.
pub const DEFAULT_LAYOUT: &str = "od";

/// The views of a network by the names that studies and the command line use.
pub const VIEWS: &[(&str, View)] = &[("two-way", View::TwoWay), ("net", View::Net), ("gross", View::Gross)];

/// The view of a map that asks for none.
pub const DEFAULT_VIEW: &str = "two-way";

/// What small multiples are made of, by the names that studies and the command line use.
pub const PARTS: &[(&str, Part)] = &[("time", Part::Time), ("kind", Part::Kind)];

/// Returns the name of what small multiples are made of.
pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Time => "time",
        Part::Kind => "kind",
    }
}

/// Returns what small multiples are made of, in words.
pub(crate) fn part_names(part: Part) -> &'static str {
    match part {
        Part::Time => "periods",
        Part::Kind => "kinds",
    }
}

/// Returns what small multiples are made of by this name, or what to write instead.
pub fn part(name: &str) -> Result<Part, String> {
    let found = PARTS.iter().find(|(known, _)| *known == name);
    found.map(|(_, part)| *part).ok_or_else(|| {
        format!(
            "small multiples are by time or kind, not \"{name}\"; {}",
            config::suggest(name, PARTS.iter().map(|(known, _)| *known))
        )
    })
}

/// What is answered where a matrix is to be small multiples.
pub const ONE_MATRIX: &str = "a matrix is not drawn as small multiples; choose another layout";

/// What circles of places show, by the names that studies and the command line use.
pub const CIRCLES: &[(&str, Circles)] = &[("total", Circles::Total), ("in-out", Circles::InOut)];

/// What circles show on a map that says nothing of it.
pub const DEFAULT_CIRCLES: &str = "total";

/// Returns what circles of this name show, or what to write instead.
pub fn circles(name: &str) -> Result<Circles, String> {
    let found = CIRCLES.iter().find(|(known, _)| *known == name);
    found.map(|(_, circles)| *circles).ok_or_else(|| {
        format!("there are no circles \"{name}\"; {}", config::suggest(name, CIRCLES.iter().map(|(known, _)| *known)))
    })
}

/// Returns the layout of this name, or what to write instead.
pub fn layout(name: &str) -> Result<Drawing, String> {
    let names = || LAYOUTS.iter().map(|(known, _)| *known);
    let found = LAYOUTS.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, drawing)| *drawing)
        .ok_or_else(|| format!("there is no layout \"{name}\"; {}", config::suggest(name, names())))
}

/// Returns the view of this name, or what to write instead.
pub fn view(name: &str) -> Result<View, String> {
    let found = VIEWS.iter().find(|(known, _)| *known == name);
    found.map(|(_, view)| *view).ok_or_else(|| {
        format!("there is no view \"{name}\"; {}", config::suggest(name, VIEWS.iter().map(|(known, _)| *known)))
    })
}

/// The distances of path metrics as studies and the command line say them; `weight^A` stands for any exponent above 0.
pub const DISTANCES: &[&str] = &["weight", "weight^A", "share", "km", "steps"];

/// Returns the distance of this name, or what to write instead.
pub fn distance(name: &str) -> Result<Distance, String> {
    match (name, name.strip_prefix("weight^").map(str::parse)) {
        ("weight", _) => Ok(Distance::Inverse),
        ("share", _) => Ok(Distance::Surprise),
        ("km", _) => Ok(Distance::Kilometres),
        ("steps", _) => Ok(Distance::Hops),
        (_, Some(Ok(exponent))) if exponent > 0.0 && exponent <= MOST_EXPONENT => Ok(Distance::Power(exponent)),
        (_, Some(_)) => {
            Err(format!("\"{name}\": expected an exponent above 0, at most {MOST_EXPONENT}, as in weight^0.5"))
        }
        _ => Err(format!("there is no distance \"{name}\"; {}", config::suggest(name, DISTANCES.iter().copied()))),
    }
}

/// Exponents of weights that make sense: beyond, lengths are no numbers any more.
const MOST_EXPONENT: f64 = 10.0;

/// Returns the projection that a word asks for; whether the library knows it shows when the map is framed.
pub fn projection(word: &str) -> ProjectionChoice {
    match word.trim() {
        "auto" => ProjectionChoice::Auto,
        "none" => ProjectionChoice::None,
        given => ProjectionChoice::Given(given.to_owned()),
    }
}

pub(crate) const EXTENT_WORDS: &str =
    "\"extent\" is \"flows\", \"places\", or west, south, east and north, in degrees or as planar places have them";

/// Returns the extent that a text asks for: `flows`, `places` or `west,south,east,north`. Whether places are planar is not known yet.
///
/// # Errors
/// Fails with a message that says what is expected.
pub fn parse_extent(text: &str) -> Result<Extent, String> {
    match text.trim() {
        "flows" => Ok(Extent::Flows),
        "places" => Ok(Extent::Places),
        sides => {
            let numbers: Result<Vec<f64>, _> = sides.split(',').map(|side| side.trim().parse()).collect();
            extent_box(&numbers.map_err(|_| EXTENT_WORDS.to_owned())?, Coordinates::Planar)
        }
    }
}

/// West may be greater than east: such a box lies across the antimeridian.
pub(crate) fn extent_box(sides: &[f64], coordinates: Coordinates) -> Result<Extent, String> {
    let &[west, south, east, north] = sides else {
        return Err(EXTENT_WORDS.to_owned());
    };
    if coordinates == Coordinates::Geographic && !is_on_earth([west, south, east, north]) {
        return Err(format!("{EXTENT_WORDS}; longitudes lie between -180 and 180, latitudes between -90 and 90"));
    }
    if sides.iter().any(|side| !side.is_finite()) || south >= north || west == east {
        return Err(format!("{EXTENT_WORDS}; south must be below north, and west must not be east"));
    }
    Ok(Extent::Box([west, south, east, north]))
}
