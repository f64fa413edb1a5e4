//! CIELAB and the colour difference CIEDE2000.

/// A colour of CIELAB under D65: lightness 0 to 100, and the axes green to red and blue to yellow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lab {
    /// Lightness, 0 black to 100 white.
    pub l: f64,
    /// Green below zero, red above.
    pub a: f64,
    /// Blue below zero, yellow above.
    pub b: f64,
}

/// XYZ of the linear sRGB primaries over that of D65 white (IEC 61966-2-1), by rows.
const XYZ_OVER_WHITE: [[f64; 3]; 3] = [
    [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883],
];

impl Lab {
    /// Returns the colour with these parts of linear sRGB, each in [0, 1] (CIE 15:2004, 8.2.1).
    pub fn of_linear([red, green, blue]: [f64; 3]) -> Self {
        let root = |t: f64| if t > 216.0 / 24389.0 { libm::cbrt(t) } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
        let [x, y, z] = XYZ_OVER_WHITE.map(|[r, g, b]| root(r * red + g * green + b * blue));
        Lab { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }

    /// Returns the difference ΔE₀₀ from another colour (CIE 142-2001, with the steps of Sharma, Wu and Dalal 2005,
    /// equations 2 to 22, and all parametric factors 1): 0 is none, 100 is black and white.
    pub fn difference(self, other: Lab) -> f64 {
        let chroma = (libm::hypot(self.a, self.b) + libm::hypot(other.a, other.b)) / 2.0;
        let stretch = 1.0 + 0.5 * (1.0 - chroma_share(chroma));
        let ((c1, h1), (c2, h2)) = (self.chroma_and_hue(stretch), other.chroma_and_hue(stretch));
        let turn = if c1 * c2 == 0.0 { 0.0 } else { shortest(h2 - h1) };
        let (l, c, h) = ((self.l + other.l) / 2.0, (c1 + c2) / 2.0, mean_hue(h1, h2, c1 * c2 == 0.0));
        let (dl, dc, dh) = (other.l - self.l, c2 - c1, 2.0 * (c1 * c2).sqrt() * sin(turn / 2.0));
        let off = (l - 50.0) * (l - 50.0);
        let by_l = dl / (1.0 + 0.015 * off / (20.0 + off).sqrt());
        let by_c = dc / (1.0 + 0.045 * c);
        let by_h = dh / (1.0 + 0.015 * c * hue_weight(h));
        (by_l * by_l + by_c * by_c + by_h * by_h + rotation(c, h) * by_c * by_h).sqrt()
    }

    /// Returns chroma and hue in degrees, 0 to 360, with the red-green axis stretched.
    fn chroma_and_hue(self, stretch: f64) -> (f64, f64) {
        let a = stretch * self.a;
        let hue = libm::atan2(self.b, a).to_degrees();
        (libm::hypot(a, self.b), if hue < 0.0 { hue + 360.0 } else { hue })
    }
}

/// Returns the share, below 1, that grows with chroma and is one half near 25.
fn chroma_share(chroma: f64) -> f64 {
    let power = chroma.powi(7);
    (power / (power + 25.0_f64.powi(7))).sqrt()
}

/// Returns a turn in degrees as one of at most half a circle.
fn shortest(turn: f64) -> f64 {
    match turn {
        t if t > 180.0 => t - 360.0,
        t if t < -180.0 => t + 360.0,
        t => t,
    }
}

/// Returns the hue in the middle of the shorter way between two; the only one there is where one colour is grey.
fn mean_hue(h1: f64, h2: f64, one_is_grey: bool) -> f64 {
    let sum = h1 + h2;
    match (h1 - h2).abs() {
        _ if one_is_grey => sum,
        apart if apart <= 180.0 => sum / 2.0,
        _ if sum < 360.0 => (sum + 360.0) / 2.0,
        _ => (sum - 360.0) / 2.0,
    }
}

/// Returns T of equation 15.
fn hue_weight(hue: f64) -> f64 {
    1.0 - 0.17 * cos(hue - 30.0) + 0.24 * cos(2.0 * hue) + 0.32 * cos(3.0 * hue + 6.0) - 0.20 * cos(4.0 * hue - 63.0)
}

/// Returns the interaction of chroma and hue in the blues, R_T of equation 21.
fn rotation(chroma: f64, hue: f64) -> f64 {
    let from_blue = (hue - 275.0) / 25.0;
    let angle = 30.0 * libm::exp(-from_blue * from_blue);
    -sin(2.0 * angle) * 2.0 * chroma_share(chroma)
}

fn sin(degrees: f64) -> f64 {
    libm::sin(degrees.to_radians())
}

fn cos(degrees: f64) -> f64 {
    libm::cos(degrees.to_radians())
}
