//! What the pixels of a scene promise, without reference pictures.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use flowatlas_draw::{Error, PngOptions, png};
use flowatlas_model::{
    scene::{Font, Item, Scene, Shape, Stroke, Text},
    style::Color,
};
use kurbo::{BezPath, Rect, Shape as _};

#[path = "../../../tests/support/lettering.rs"]
mod lettering;

const WHITE: Color = Color { r: 255, g: 255, b: 255, a: 255 };
const BLACK: Color = Color { r: 0, g: 0, b: 0, a: 255 };

fn page(items: Vec<Item>) -> Scene {
    Scene {
        width: 144.0,
        height: 72.0,
        background: WHITE,
        title: String::new(),
        description: String::new(),
        language: "en".into(),
        fonts: lettering::fonts(),
        items,
    }
}

fn level(y: f64, stroke: Stroke) -> Item {
    let mut path = BezPath::new();
    path.move_to((10.0, y));
    path.line_to((134.0, y));
    Item::Path(Shape { path, fill: None, stroke: Some(stroke) })
}

fn black(width: f64) -> Stroke {
    Stroke { color: BLACK, width, dash: Vec::new(), round: false }
}

/// Grey values of a page that holds no colours.
struct Grey {
    width: usize,
    values: Vec<u8>,
}

impl Grey {
    fn of(scene: &Scene, dpi: f64) -> Self {
        let file = png(scene, &PngOptions { dpi }).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        Grey { width: info.width as usize, values: rgb.chunks_exact(3).map(|p| p[0]).collect() }
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    /// Black ink in pixels.
    fn ink(&self) -> f64 {
        self.values.iter().map(|v| f64::from(255 - v) / 255.0).sum()
    }

    /// Left, top, right and bottom of what is darker than half, in pixels, right and bottom exclusive.
    fn dark_bounds(&self) -> [usize; 4] {
        let dark = || self.values.iter().enumerate().filter(|(_, v)| **v < 128).map(|(k, _)| k);
        let columns = || dark().map(|k| k % self.width);
        let rows = || dark().map(|k| k / self.width);
        [columns().min().unwrap(), rows().min().unwrap(), columns().max().unwrap() + 1, rows().max().unwrap() + 1]
    }
}

/// Asserts that edges lie where they should, to a pixel.
fn assert_edges(found: [usize; 3], expected: [f64; 3]) {
    let near = found.iter().zip(expected).all(|(f, e)| (*f as f64 - e).abs() <= 1.0);
    assert!(near, "{found:?}, expected {expected:?}");
}

#[test]
fn the_file_records_its_size_resolution_and_colour_space_and_no_date() {
    let file = png(&page(Vec::new()), &PngOptions { dpi: 300.0 }).unwrap();
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (600, 300));
    assert_eq!((info.color_type, info.bit_depth), (::png::ColorType::Rgb, ::png::BitDepth::Eight));
    let resolution = info.pixel_dims.unwrap();
    // 300 / 0.0254 = 11811.02 pixels per metre.
    assert_eq!((resolution.xppu, resolution.yppu, resolution.unit), (11_811, 11_811, ::png::Unit::Meter));
    assert_eq!(info.srgb, Some(::png::SrgbRenderingIntent::Perceptual));
    reader.finish().unwrap();
    assert!([b"tIME", b"tEXt", b"iTXt", b"eXIf"].iter().all(|chunk| !file.windows(4).any(|w| w == *chunk)));
}

#[test]
fn the_same_scene_gives_the_same_bytes() {
    let scene = page(vec![level(30.0, black(2.0)), Item::Text(lettering::line("Zacatecas", (10.0, 60.0), 12.0))]);
    assert_eq!(png(&scene, &PngOptions::default()).unwrap(), png(&scene, &PngOptions::default()).unwrap());
}

#[test]
fn an_empty_page_is_paper_all_over() {
    assert!(Grey::of(&page(Vec::new()), 90.0).values.iter().all(|v| *v == 255));
}

#[test]
fn resolution_changes_the_pixels_and_not_the_share_of_ink() {
    let dashed = Stroke { dash: vec![7.0, 3.0], ..black(3.0) };
    let scene = page(vec![level(20.0, dashed), Item::Text(lettering::line("Huancavelica", (10.0, 60.0), 18.0))]);
    let share = |dpi: f64| Grey::of(&scene, dpi).ink() / (dpi / 72.0 * dpi / 72.0);
    // Edges are sampled in quarters of a pixel: at these resolutions the line fits whole pixels, the letters do not.
    assert!((share(288.0) / share(144.0) - 1.0).abs() < 0.02);
    assert!((share(144.0) / share(72.0) - 1.0).abs() < 0.02);
}

#[test]
fn a_line_covers_its_width() {
    // At 720 dpi a line of 2 points is 20 pixels wide and 124 points are 1240 pixels long.
    let ink = Grey::of(&page(vec![level(30.0, black(2.0))]), 720.0).ink();
    assert!((ink - 20.0 * 1240.0).abs() < 1.0, "{ink}");
}

#[test]
fn a_hairline_never_fades_below_half_a_pixel() {
    let grey = Grey::of(&page(vec![level(30.5, black(0.01))]), 72.0);
    assert!((grey.ink() / 124.0 - 0.5).abs() < 0.05, "{}", grey.ink());
}

#[test]
fn dashes_begin_with_a_dash_and_leave_gaps() {
    let dashed = Stroke { dash: vec![20.0, 10.0], ..black(4.0) };
    let grey = Grey::of(&page(vec![level(30.0, dashed)]), 72.0);
    let row = grey.row(30);
    assert!(row[11..29].iter().all(|v| *v == 0) && row[31..39].iter().all(|v| *v == 255));
}

#[test]
fn a_dash_list_of_zeros_is_a_solid_line() {
    let zeros = Stroke { dash: vec![0.0, 0.0], ..black(4.0) };
    assert_eq!(png(&page(vec![level(30.0, zeros)]), &PngOptions::default()).unwrap(), {
        png(&page(vec![level(30.0, black(4.0))]), &PngOptions::default()).unwrap()
    });
}

#[test]
fn later_items_cover_earlier_ones() {
    let square =
        |fill| Item::Path(Shape { path: Rect::new(0., 0., 144., 72.).to_path(0.1), fill: Some(fill), stroke: None });
    assert_eq!(Grey::of(&page(vec![square(BLACK), square(WHITE)]), 72.0).ink(), 0.0);
    assert_eq!(Grey::of(&page(vec![square(WHITE), square(BLACK)]), 72.0).ink(), 144.0 * 72.0);
}

#[test]
fn text_stands_on_its_baseline_at_its_size() {
    // Noto Sans: H is 714 of 1000 units high and begins 98 units after its origin; 40 points are 400 pixels.
    let grey = Grey::of(&page(vec![Item::Text(lettering::line("H", (20.0, 60.0), 40.0))]), 720.0);
    let [left, top, _, bottom] = grey.dark_bounds();
    assert_edges([left, top, bottom], [200.0 + 39.2, 600.0 - 285.6, 600.0]);
}

#[test]
fn a_turn_by_ninety_degrees_runs_downwards() {
    let text = Text { rotation: 90.0, ..lettering::line("H", (20.0, 10.0), 40.0) };
    let [left, top, right, _] = Grey::of(&page(vec![Item::Text(text)]), 720.0).dark_bounds();
    assert_edges([left, top, right], [200.0, 100.0 + 39.2, 200.0 + 285.6]);
}

#[test]
fn a_halo_takes_no_ink_from_the_letters_of_its_own_line() {
    let bare = lettering::line("mmm", (10.0, 60.0), 30.0);
    let haloed = Text { halo: Some((WHITE, 4.0)), ..bare.clone() };
    let [bare, haloed] = [bare, haloed].map(|text| Grey::of(&page(vec![Item::Text(text)]), 150.0));
    assert_eq!(bare.values, haloed.values);
}

#[test]
fn a_halo_reaches_as_far_as_it_says() {
    let text = Text { color: WHITE, halo: Some((BLACK, 3.0)), ..lettering::line("H", (20.0, 60.0), 40.0) };
    let [left, top, _, bottom] = Grey::of(&page(vec![Item::Text(text)]), 720.0).dark_bounds();
    assert_edges([left, top, bottom], [200.0 + 39.2 - 30.0, 600.0 - 285.6 - 30.0, 630.0]);
}

#[test]
fn absurd_resolutions_and_sizes_are_refused_before_memory_is_asked_for() {
    for dpi in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(png(&page(Vec::new()), &PngOptions { dpi }), Err(Error::Resolution { .. })));
    }
    let error = png(&page(Vec::new()), &PngOptions { dpi: 20_000.0 }).unwrap_err().to_string();
    assert!(error.contains("40000 × 20000 pixels") && error.contains("lower the resolution"), "{error}");
    let square = Scene { width: 720.0, height: 720.0, ..page(Vec::new()) };
    assert!(matches!(png(&square, &PngOptions { dpi: 2000.1 }), Err(Error::PixelSize { .. })), "400 million pixels");
}

#[test]
fn numbers_that_cannot_be_drawn_are_named() {
    let error = |scene: Scene| png(&scene, &PngOptions::default()).unwrap_err().to_string();
    assert_eq!(
        error(page(vec![level(f64::NAN, black(1.0))])),
        "path at step 0, group \"\": y is NaN, expected a finite number"
    );
    assert!(
        error(page(vec![level(1.0, black(-1.0))])).contains("stroke width is -1, expected a finite number, at least 0")
    );
    let text = Text { size: 0.0, ..lettering::line("Lima", (0.0, 0.0), 10.0) };
    assert_eq!(error(page(vec![Item::Text(text)])), "text \"Lima\": size is 0, expected a finite number above 0");
    assert!(error(Scene { width: f64::INFINITY, ..page(Vec::new()) }).starts_with("page: width is inf"));
}

#[test]
fn missing_and_broken_fonts_are_named() {
    let text = || vec![Item::Text(lettering::line("Lima", (10.0, 20.0), 10.0))];
    let error = |fonts| png(&Scene { fonts, ..page(text()) }, &PngOptions::default()).unwrap_err().to_string();
    assert_eq!(error(Vec::new()), "text \"Lima\" uses font 0, but the scene has 0 fonts, counted from 0");
    let broken = Font { data: b"not a font".as_slice().into(), ..lettering::fonts().remove(0) };
    assert!(error(vec![broken]).starts_with("font Noto Sans: the file cannot be read"));
}
