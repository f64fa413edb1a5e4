//! How a map looks: the style file, key by key. Lengths are points unless a name says millimetres.
//!
//! `styles/README.md` documents every key for cartographers; a style file must give them all. Each number has its bounds.

use serde::{Deserialize, Serialize};

use crate::bounds;

/// An sRGB colour with opacity, written `#rrggbb` or `#rrggbbaa`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// Opacity, 0 clear to 255 solid.
    pub a: u8,
}

impl Color {
    /// Returns the same colour with opacity `alpha` in [0, 1].
    pub fn with_opacity(self, alpha: f64) -> Self {
        Color { a: (alpha.clamp(0.0, 1.0) * 255.0).round() as u8, ..self }
    }

    /// Returns the colour that lies at `share` in [0, 1] of the way from this one to `other`, in sRGB.
    pub fn mix(self, other: Color, share: f64) -> Self {
        let part = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Color { r: part(self.r, other.r), g: part(self.g, other.g), b: part(self.b, other.b), a: part(self.a, other.a) }
    }

    /// Returns the contrast with another colour, opacity aside: 1 for none to 21 for black and white (WCAG 2.2).
    pub fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Returns red, green and blue in [0, 1], proportional to light (IEC 61966-2-1).
    pub fn linear(self) -> [f64; 3] {
        [self.r, self.g, self.b].map(|part| match f64::from(part) / 255.0 {
            low if low <= 0.04045 => low / 12.92,
            high => libm::pow((high + 0.055) / 1.055, 2.4),
        })
    }

    /// Returns the relative luminance in [0, 1] (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Returns `#rrggbb`, without the opacity.
    pub fn to_hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }

    /// Returns the opacity in [0, 1].
    pub fn opacity(self) -> f64 {
        f64::from(self.a) / 255.0
    }
}

impl TryFrom<String> for Color {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong = || format!("\"{text}\" is not a colour; write it as \"#rrggbb\" or \"#rrggbbaa\"");
        let hex = text.strip_prefix('#').ok_or_else(wrong)?;
        if !matches!(hex.len(), 6 | 8) || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let part = |k: usize| u8::from_str_radix(&hex[k..k + 2], 16).map_err(|_| wrong());
        let a = if hex.len() == 8 { part(6)? } else { 255 };
        Ok(Color { r: part(0)?, g: part(2)?, b: part(4)?, a })
    }
}

impl From<Color> for String {
    fn from(c: Color) -> String {
        if c.a == 255 { c.to_hex() } else { format!("{}{:02x}", c.to_hex(), c.a) }
    }
}

/// A whole style.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// One line that says what the style is for.
    pub description: String,
    /// Paper and margins.
    pub page: PageStyle,
    /// Sizes and colours of words.
    pub text: TextStyle,
    /// Land, water and borders.
    pub land: LandStyle,
    /// Flows and their arrowheads.
    pub flows: FlowStyle,
    /// Place symbols.
    pub places: PlaceStyle,
    /// Areas shaded by a number.
    pub shades: ShadeStyle,
}

/// Page sides in millimetres that make sense: from a stamp to a wall.
pub const PAGE_MM: (f64, f64) = (20.0, 5000.0);

/// Paper and margins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageStyle {
    /// Width of a page that is given none, in millimetres.
    #[serde(deserialize_with = "bounds::page")]
    pub width_mm: f64,
    /// Colour of the paper.
    pub background: Color,
    /// Margin on all four sides in millimetres.
    #[serde(deserialize_with = "bounds::millimetres")]
    pub margin_mm: f64,
    /// Colour of the line around the map frame and around windows.
    pub frame: Color,
    /// Width of that line; 0 for none.
    #[serde(deserialize_with = "bounds::points")]
    pub frame_width: f64,
}

/// Size of the words of legends up to which gaps are those of reports, in points.
const LARGEST_OF_REPORTS: f64 = 8.0;

/// Sizes and colours of words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextStyle {
    /// Colour of titles and place names.
    pub color: Color,
    /// Colour of notes and sources.
    pub quiet: Color,
    /// Size of the title.
    #[serde(deserialize_with = "bounds::letters")]
    pub title: f64,
    /// Size of the subtitle.
    #[serde(deserialize_with = "bounds::letters")]
    pub subtitle: f64,
    /// Colour of names of countries and divisions, which have no halo.
    pub region_color: Color,
    /// Sizes of place names, from the least to the most important.
    #[serde(deserialize_with = "bounds::two_letters")]
    pub place: [f64; 2],
    /// Size of names of countries and divisions; letterspaced.
    #[serde(deserialize_with = "bounds::letters")]
    pub region: f64,
    /// Size of the legend.
    #[serde(deserialize_with = "bounds::letters")]
    pub legend: f64,
    /// Size of notes, sources and completeness.
    #[serde(deserialize_with = "bounds::letters")]
    pub note: f64,
    /// Reach of the halo beyond the letters.
    #[serde(deserialize_with = "bounds::points")]
    pub halo: f64,
}

impl TextStyle {
    /// Returns a length in points that suits the words of reports, in proportion to these words where they are larger.
    pub fn grown(&self, length: f64) -> f64 {
        length * (self.legend / LARGEST_OF_REPORTS).max(1.0)
    }
}

/// Land, water and borders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandStyle {
    /// Colour of seas and lakes.
    pub water: Color,
    /// Colour of land that the map is not about.
    pub context: Color,
    /// Colour of countries or divisions that flows join.
    pub subject: Color,
    /// Colour of the regions a map highlights.
    pub highlight: Color,
    /// Colour of soft areas that stand for a place, such as a coast.
    pub area: Color,
    /// Colour of coasts and borders of countries.
    pub border: Color,
    /// Width of coasts and borders of countries.
    #[serde(deserialize_with = "bounds::points")]
    pub border_width: f64,
    /// Colour of borders of divisions.
    pub division: Color,
    /// Width of borders of divisions.
    #[serde(deserialize_with = "bounds::points")]
    pub division_width: f64,
    /// Wiggles of coasts and borders smaller than this are smoothed away, in millimetres.
    #[serde(deserialize_with = "bounds::millimetres")]
    pub generalise_mm: f64,
}

/// Flows and their arrowheads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowStyle {
    /// Colour of flows from the lower-sorted end of a pair, and of all flows where kind and direction are no message.
    pub color: Color,
    /// Colour of the opposite direction of a two-way pair.
    pub reverse: Color,
    /// Opacity of flows in [0, 1].
    #[serde(deserialize_with = "bounds::share")]
    pub opacity: f64,
    /// Width of the largest flow on a page 297 mm wide, in millimetres; smaller pages scale it by the square root.
    #[serde(deserialize_with = "bounds::millimetres")]
    pub width_max_mm: f64,
    /// No flow is drawn thinner than this.
    #[serde(deserialize_with = "bounds::points")]
    pub width_min: f64,
    /// How far the lightest flow fades towards the casing, in [0, 1]: 0 for flows of one shade, more for a second
    /// sign of the weight beside the width.
    #[serde(deserialize_with = "bounds::share")]
    pub fade: f64,
    /// Widths of ordinal classes from the first to the last, in points; ranks beyond the last take the last.
    #[serde(deserialize_with = "bounds::some_points")]
    pub ordinal_widths: Vec<f64>,
    /// Colour of the casing where flows cross; the colour of the land is a good choice.
    pub casing: Color,
    /// Reach of the casing on each side.
    #[serde(deserialize_with = "bounds::points")]
    pub casing_width: f64,
    /// Room between the edge of a symbol and the end of a flow.
    #[serde(deserialize_with = "bounds::points")]
    pub gap: f64,
    /// Appearance by kind of movement, in the order of the legend.
    pub kinds: Vec<KindStyle>,
    /// Looks of kinds that `kinds` does not name, after `color` and `reverse`, in turn.
    pub spare: Vec<LookStyle>,
    /// Look of flows of no kind on a map of kinds.
    pub unsorted: LookStyle,
    /// Arrowheads.
    pub arrow: ArrowStyle,
}

impl FlowStyle {
    /// Returns the shade of a colour for a flow whose width is this share, in [0, 1], of that of the widest: the
    /// wider, the nearer to the colour itself. The fading is that of the square root, as thin flows are many.
    pub fn shade(&self, color: Color, share: f64) -> Color {
        color.mix(self.casing, self.fade * (1.0 - share.clamp(0.0, 1.0).sqrt()))
    }
}

/// How a line looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookStyle {
    /// Its colour.
    pub color: Color,
    /// Dashes and gaps in multiples of the line width; empty for solid.
    #[serde(deserialize_with = "bounds::dashes")]
    pub dash: Vec<f64>,
}

/// How one kind of movement looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindStyle {
    /// The kind, as the data spells it.
    pub kind: String,
    /// Its colour.
    pub color: Color,
    /// Dashes and gaps in multiples of the line width; empty for solid.
    #[serde(deserialize_with = "bounds::dashes")]
    pub dash: Vec<f64>,
}

/// Arrowheads: `length = length_base + length_factor × width`, likewise the half-width that reaches beyond the line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrowStyle {
    /// Length of the head of a line without width.
    #[serde(deserialize_with = "bounds::points")]
    pub length_base: f64,
    /// Growth of the length with the line width.
    #[serde(deserialize_with = "bounds::factor")]
    pub length_factor: f64,
    /// How far the head reaches beyond a line without width, on each side.
    #[serde(deserialize_with = "bounds::points")]
    pub barb_base: f64,
    /// Growth of that reach with the line width.
    #[serde(deserialize_with = "bounds::factor")]
    pub barb_factor: f64,
    /// No head is longer than this share of the visible flow.
    #[serde(deserialize_with = "bounds::share")]
    pub max_share: f64,
}

/// Place symbols: circles whose area grows with the total of the place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceStyle {
    /// Colour inside.
    pub fill: Color,
    /// Colour of the outline.
    pub outline: Color,
    /// Width of the outline.
    #[serde(deserialize_with = "bounds::points")]
    pub outline_width: f64,
    /// Radius of the place with the largest total on a page 297 mm wide, in millimetres.
    #[serde(deserialize_with = "bounds::millimetres")]
    pub radius_max_mm: f64,
    /// No radius is smaller than this.
    #[serde(deserialize_with = "bounds::points")]
    pub radius_min: f64,
}

/// Areas shaded by a number; classes between two colours take mixtures of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShadeStyle {
    /// Few and many.
    pub sequential: [Color; 2],
    /// Far below a centre, at it, far above it.
    pub diverging: [Color; 3],
    /// Areas without a number.
    pub missing: Color,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let color = |hex: &str| Color::try_from(hex.to_owned()).unwrap();
        assert!((color("#000000").contrast(color("#ffffff")) - 21.0).abs() < 1e-9);
        assert_eq!(color("#123456").contrast(color("#123456")), 1.0);
        // The lightest grey that passes 4.5 : 1 on white.
        assert!(color("#767676").contrast(color("#ffffff")) > 4.5);
        assert!(color("#777777").contrast(color("#ffffff")) < 4.5);
    }
}
