//! Colour differences and simulated vision against published and independently computed figures.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use flowatlas_model::style::Color;
use flowatlas_vision::{Lab, Vision};

/// L, a, b of two colours and their ΔE₀₀: Sharma, Wu and Dalal 2005, table 1.
const SHARMA: [[f64; 7]; 34] = [
    [50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425],
    [50.0, 3.1571, -77.2803, 50.0, 0.0, -82.7485, 2.8615],
    [50.0, 2.8361, -74.0200, 50.0, 0.0, -82.7485, 3.4412],
    [50.0, -1.3802, -84.2814, 50.0, 0.0, -82.7485, 1.0],
    [50.0, -1.1848, -84.8006, 50.0, 0.0, -82.7485, 1.0],
    [50.0, -0.9009, -85.5211, 50.0, 0.0, -82.7485, 1.0],
    [50.0, 0.0, 0.0, 50.0, -1.0, 2.0, 2.3669],
    [50.0, -1.0, 2.0, 50.0, 0.0, 0.0, 2.3669],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0009, 7.1792],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0010, 7.1792],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0011, 7.2195],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0012, 7.2195],
    [50.0, -0.001, 2.49, 50.0, 0.0009, -2.49, 4.8045],
    [50.0, -0.001, 2.49, 50.0, 0.0010, -2.49, 4.8045],
    [50.0, -0.001, 2.49, 50.0, 0.0011, -2.49, 4.7461],
    [50.0, 2.5, 0.0, 50.0, 0.0, -2.5, 4.3065],
    [50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.1492],
    [50.0, 2.5, 0.0, 61.0, -5.0, 29.0, 22.8977],
    [50.0, 2.5, 0.0, 56.0, -27.0, -3.0, 31.9030],
    [50.0, 2.5, 0.0, 58.0, 24.0, 15.0, 19.4535],
    [50.0, 2.5, 0.0, 50.0, 3.1736, 0.5854, 1.0],
    [50.0, 2.5, 0.0, 50.0, 3.2972, 0.0, 1.0],
    [50.0, 2.5, 0.0, 50.0, 1.8634, 0.5757, 1.0],
    [50.0, 2.5, 0.0, 50.0, 3.2592, 0.3350, 1.0],
    [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
    [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
    [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
    [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
    [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
    [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
    [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
    [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
    [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
    [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
];

/// A colour as protanopes, deuteranopes and tritanopes see it: colorspacious 1.1.2, `sRGB1+CVD` at severity 100,
/// clipped to the gamut and rounded.
const SEEN: [[&str; 4]; 6] = [
    ["#0072b2", "#5375b5", "#3b67b1", "#008289"],
    ["#e69f00", "#b9a200", "#cab411", "#fb8c87"],
    ["#cc79a7", "#808ba9", "#9498a5", "#d6788a"],
    ["#009e73", "#9a9271", "#8a8676", "#009e92"],
    ["#d55e00", "#817100", "#9e8c00", "#eb4050"],
    ["#4b5563", "#505564", "#4e5363", "#455859"],
];

fn color(hex: &str) -> Color {
    Color::try_from(hex.to_owned()).unwrap()
}

#[test]
fn differences_are_those_of_the_published_pairs_both_ways() {
    for [l1, a1, b1, l2, a2, b2, expected] in SHARMA {
        let (a, b) = (Lab { l: l1, a: a1, b: b1 }, Lab { l: l2, a: a2, b: b2 });
        assert!((a.difference(b) - expected).abs() < 1e-4, "{a:?} {b:?}: {} not {expected}", a.difference(b));
        assert!((b.difference(a) - expected).abs() < 1e-4, "{b:?} {a:?}: {} not {expected}", b.difference(a));
    }
}

#[test]
fn colours_are_seen_as_another_implementation_sees_them() {
    for [original, protan, deutan, tritan] in SEEN {
        let seen = [Vision::Protan, Vision::Deutan, Vision::Tritan].map(|v| v.see(color(original)).to_hex());
        assert_eq!(seen, [protan, deutan, tritan], "{original}");
    }
}

#[test]
fn greys_are_grey_to_everyone() {
    for level in [0_u8, 51, 128, 204, 255] {
        let grey = Color { r: level, g: level, b: level, a: 255 };
        for vision in Vision::ALL {
            let Color { r, g, b, .. } = vision.see(grey);
            let off = [r, g, b].map(|part| part.abs_diff(level)).into_iter().max().unwrap();
            assert!(off <= 1, "{vision}: {grey:?} is seen as {r} {g} {b}");
        }
    }
}

#[test]
fn a_colour_does_not_differ_from_itself_and_black_from_white_by_100() {
    let (black, white, green) = (color("#000000"), color("#ffffff"), color("#009e73"));
    for vision in Vision::ALL {
        assert_eq!(vision.difference(green, green), 0.0, "{vision}");
        assert!((vision.difference(black, white) - 100.0).abs() < 1e-3, "{vision}");
    }
}

#[test]
fn red_and_green_of_one_lightness_are_alike_without_red_or_green_cones() {
    let (red, green) = (color("#c0594f"), color("#6f8a2f"));
    assert!(Vision::Normal.difference(red, green) > 40.0);
    assert!(Vision::Deutan.difference(red, green) < 15.0, "{}", Vision::Deutan.difference(red, green));
}
