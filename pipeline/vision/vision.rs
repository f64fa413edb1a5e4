//! Colours as readers see them, and how far they are from each other.

use std::fmt;

use flowatlas_model::style::Color;

use crate::difference::Lab;

/// How a reader sees colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vision {
    /// With three kinds of cones, as most people.
    Normal,
    /// Without cones for long waves (protanopia): about 1 % of men.
    Protan,
    /// Without cones for middle waves (deuteranopia): about 1 % of men; weakened in another 5 %.
    Deutan,
    /// Without cones for short waves (tritanopia): rare.
    Tritan,
    /// By luminance alone, as on a photocopy.
    Grey,
}

/// A matrix on linear sRGB, by rows.
type Matrix = [[f64; 3]; 3];

const NORMAL: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const PROTAN: Matrix =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTAN: Matrix =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
const TRITAN: Matrix =
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];
/// Relative luminance of sRGB (IEC 61966-2-1) in every channel.
const GREY: Matrix = [[0.2126, 0.7152, 0.0722]; 3];

impl Vision {
    /// All of them, in the order of reports.
    pub const ALL: [Vision; 5] = [Vision::Normal, Vision::Protan, Vision::Deutan, Vision::Tritan, Vision::Grey];

    /// Returns the colour that looks to a reader of normal vision as `color` looks to this one; opacity aside.
    pub fn see(self, color: Color) -> Color {
        let [r, g, b] = self.linear(color).map(coded);
        Color { r, g, b, ..color }
    }

    /// Returns how different two colours look to this reader, opacity aside: ΔE₀₀ ([`Lab::difference`]). 1 to 2 can
    /// just be seen side by side.
    pub fn difference(self, a: Color, b: Color) -> f64 {
        Lab::of_linear(self.linear(a)).difference(Lab::of_linear(self.linear(b)))
    }

    /// Returns the parts of linear sRGB as this reader sees them, in [0, 1].
    fn linear(self, color: Color) -> [f64; 3] {
        let [red, green, blue] = color.linear();
        self.matrix().map(|[r, g, b]| (r * red + g * green + b * blue).clamp(0.0, 1.0))
    }

    /// Returns the matrix at full severity (Machado, Oliveira and Fernandes 2009, supplementary table).
    fn matrix(self) -> Matrix {
        match self {
            Vision::Normal => NORMAL,
            Vision::Protan => PROTAN,
            Vision::Deutan => DEUTAN,
            Vision::Tritan => TRITAN,
            Vision::Grey => GREY,
        }
    }
}

/// Returns a part of linear sRGB as it is coded, 0 to 255 (IEC 61966-2-1).
fn coded(linear: f64) -> u8 {
    let part = if linear <= 0.0031308 { 12.92 * linear } else { 1.055 * libm::pow(linear, 1.0 / 2.4) - 0.055 };
    (255.0 * part).round() as u8
}

impl fmt::Display for Vision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Vision::Normal => "normal",
            Vision::Protan => "protan",
            Vision::Deutan => "deutan",
            Vision::Tritan => "tritan",
            Vision::Grey => "grey",
        })
    }
}
