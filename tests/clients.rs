//! The three pictures of a map look the same in programs that are not ours, and PDF gives its words back.
//!
//! SVG is drawn by librsvg, PDF by Poppler; `make viewers` installs both. PNG is our own drawing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use flowatlas_draw::{Lettering, PngOptions, pdf, png, svg};
use flowatlas_model::{
    scene::{Group, Item, Scene, Shape, Stroke, Text},
    style::Color,
};
use kurbo::{BezPath, Circle, Rect, Shape as _};
use picture::Picture;
use program::Bench;
use tempfile::TempDir;

#[path = "support/lettering.rs"]
mod lettering;
#[allow(dead_code, reason = "this file compares blocks, not pixels")]
#[path = "support/picture.rs"]
mod picture;
#[path = "support/program.rs"]
mod program;

/// Resolution at which pictures are compared.
const DPI: f64 = 144.0;
/// Side of the squares whose mean colours are compared, in pixels: edges are smoothed differently by every program,
/// but as much ink lies in each square.
const BLOCK: usize = 8;
/// The most that the mean colour of a square may differ, of 255: the edge of a line may fall on one side of a pixel.
const WORST: f64 = 24.0;
/// The most that squares may differ on average: nothing is missing, no colour is off.
const MEAN: f64 = 0.5;
/// The same where hairlines of coasts and borders fill the page.
const MEAN_OF_COASTS: f64 = 0.8;

const PAPER: Color = Color { r: 0xfa, g: 0xf8, b: 0xf2, a: 255 };
const BLUE: Color = Color { r: 0x2f, g: 0x5d, b: 0x8a, a: 255 };

/// Returns what maps are made of: areas, clear flows with casings, dashes, circles, turned and spaced words with halos.
fn scene() -> Scene {
    let stroke = |color, width| Stroke { color, width, dash: Vec::new(), round: false };
    let path = |path: BezPath, fill, stroke| Item::Path(Shape { path, fill, stroke });
    let mut flow = BezPath::new();
    flow.move_to((20.0, 120.0));
    flow.quad_to((120.0, 10.0), (220.0, 110.0));
    let mut across = BezPath::new();
    across.move_to((30.0, 60.0));
    across.line_to((230.0, 60.0));
    let dashed = Stroke { dash: vec![9.0, 4.0], ..stroke(BLUE, 3.0) };
    let land = Rect::new(10.0, 10.0, 190.0, 130.0).to_path(0.1);
    let circle = Circle::new((220.0, 110.0), 9.0).to_path(0.01);
    let words = |text: Text, rotation| Item::Text(Text { rotation, halo: Some((PAPER, 1.5)), ..text });
    let flows = vec![
        path(flow.clone(), None, Some(stroke(PAPER, 12.0))),
        path(flow.clone(), None, Some(stroke(BLUE.with_opacity(0.6), 9.0))),
        path(across, None, Some(dashed)),
    ];
    Scene {
        width: 250.0,
        height: 150.0,
        background: PAPER,
        title: "A page of everything".into(),
        description: "One flow over land".into(),
        language: "en".into(),
        fonts: lettering::fonts(),
        items: vec![
            path(land, Some(Color { r: 0xe8, g: 0xe2, b: 0xd0, a: 255 }), Some(stroke(BLUE, 0.5))),
            Item::Group(Group { name: "flows".into(), items: flows, ..Group::default() }),
            path(circle, Some(BLUE), Some(stroke(PAPER, 1.0))),
            words(lettering::line("Huancavelica", (40.0, 50.0), 14.0), 0.0),
            words(lettering::line("Áncash, Junín", (150.0, 140.0), 11.0), -35.0),
        ],
    }
}

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs a program of Debian's in the folder and returns what it prints.
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("styles/fonts");
        let config = format!("<fontconfig><dir>{}</dir></fontconfig>", fonts.display());
        let config = self.put("fonts.conf", config);
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).env("FONTCONFIG_FILE", config);
        let output = command.output().unwrap_or_else(|e| panic!("{program}: {e}; install it with `make deps`"));
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns an SVG file as librsvg draws it, with the bundled fonts and no others.
    fn draw_svg(&self, file: &str) -> Picture {
        let path = self.put("page.svg", file);
        let dpi = DPI.to_string();
        self.run("rsvg-convert", &["-d", &dpi, "-p", &dpi, "-b", "white", "-o", "svg.png", path.to_str().unwrap()]);
        opaque(&fs::read(self.folder.path().join("svg.png")).unwrap())
    }

    /// Returns a PDF file as Poppler draws it.
    fn draw_pdf(&self, file: &[u8]) -> Picture {
        let path = self.put("page.pdf", file);
        self.run("pdftoppm", &["-r", &DPI.to_string(), "-png", "-singlefile", path.to_str().unwrap(), "pdf"]);
        opaque(&fs::read(self.folder.path().join("pdf.png")).unwrap())
    }
}

/// Reads a PNG file whose pixels are all opaque, with or without a channel that says so.
fn opaque(file: &[u8]) -> Picture {
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(::png::Transformations::normalize_to_color8() | ::png::Transformations::ALPHA);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let rgb = pixels.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    Picture { size: (info.width, info.height), rgb }
}

/// Returns the mean and the largest difference between the mean colours of all squares.
fn block_difference(a: &Picture, b: &Picture) -> (f64, f64) {
    assert!(a.size.0.abs_diff(b.size.0) <= 1 && a.size.1.abs_diff(b.size.1) <= 1, "{:?} and {:?}", a.size, b.size);
    let columns = a.size.0.min(b.size.0) as usize / BLOCK;
    let rows = a.size.1.min(b.size.1) as usize / BLOCK;
    let differences: Vec<f64> = (0..columns * rows)
        .map(|k| (k % columns, k / columns))
        .flat_map(|(x, y)| (0..3).map(move |channel| (x, y, channel)))
        .map(|at| (block_mean(a, at) - block_mean(b, at)).abs())
        .collect();
    let sum: f64 = differences.iter().sum();
    (sum / differences.len() as f64, differences.into_iter().fold(0.0, f64::max))
}

fn block_mean(picture: &Picture, (x, y, channel): (usize, usize, usize)) -> f64 {
    let at = |k: usize| (y * BLOCK + k / BLOCK) * picture.size.0 as usize + x * BLOCK + k % BLOCK;
    let sum: f64 = (0..BLOCK * BLOCK).map(|k| f64::from(picture.rgb[3 * at(k) + channel])).sum();
    sum / (BLOCK * BLOCK) as f64
}

#[track_caller]
fn assert_alike(what: &str, expected: &Picture, actual: &Picture) {
    assert_alike_to(MEAN, what, expected, actual);
}

#[track_caller]
fn assert_alike_to(most: f64, what: &str, expected: &Picture, actual: &Picture) {
    let (mean, worst) = block_difference(expected, actual);
    assert!(mean <= most && worst <= WORST, "{what}: squares differ by {mean:.3} on average, {worst:.1} at most");
}

#[test]
fn svg_and_pdf_look_like_the_png_in_other_programs() {
    let (desk, scene) = (Desk::new(), scene());
    let ours = opaque(&png(&scene, &PngOptions { dpi: DPI }).unwrap());
    assert_alike("PDF", &ours, &desk.draw_pdf(&pdf(&scene).unwrap()));
    assert_alike("SVG with outlines", &ours, &desk.draw_svg(&svg(&scene, Lettering::Outlines).unwrap()));
    assert_alike("SVG with live text", &ours, &desk.draw_svg(&svg(&scene, Lettering::Live).unwrap()));
}

#[test]
fn the_comparison_sees_a_missing_word_and_a_colour_that_is_off() {
    let desk = Desk::new();
    let ours = opaque(&png(&scene(), &PngOptions { dpi: DPI }).unwrap());
    let mut wordless = scene();
    wordless.items.pop();
    let (_, worst) = block_difference(&ours, &desk.draw_pdf(&pdf(&wordless).unwrap()));
    let tinted = Scene { background: Color { b: 0xe8, ..PAPER }, ..scene() };
    let (mean, _) = block_difference(&ours, &desk.draw_svg(&svg(&tinted, Lettering::Outlines).unwrap()));
    assert!(worst > WORST && mean > MEAN, "{worst:.1} for the word, {mean:.3} for the colour");
}

/// Places of Morocco in three scripts.
const PLACES: &str = "\
id,name,ar,lon,lat
cas,Casablanca,الدار البيضاء,-7.59,33.57
rab,Rabat,الرباط,-6.84,34.02
aga,Agadir ⴰⴳⴰⴷⵉⵔ,أكادير,-9.59,30.42
";

const FLOWS: &str = "origin,dest,count\naga,cas,5200\ncas,rab,4100\nrab,cas,3400\n";

fn morocco() -> Bench {
    let bench = Bench::new();
    bench.write("places.csv", PLACES);
    bench.write("flows.csv", FLOWS);
    bench
}

#[test]
fn the_words_of_a_pdf_can_be_found_in_every_script() {
    let (bench, desk) = (morocco(), Desk::new());
    let map = "map places.csv flows.csv --second-name ar --layout straight --title Ville --values 1 -o map.pdf";
    bench.run(map).expect(0);
    let file = bench.path("map.pdf");
    let text = desk.run("pdftotext", &[file.to_str().unwrap(), "-"]);
    for word in ["Ville", "Casablanca", "الرباط", "أكادير", "ⴰⴳⴰⴷⵉⵔ", "5,200"] {
        assert!(text.contains(word), "\"{word}\" is not in:\n{text}");
    }
    for word in ["5,200", "ⴰⴳⴰⴷⵉⵔ"] {
        assert!(text.split_whitespace().any(|found| found == word), "\"{word}\" runs into others:\n{text}");
    }
    let fonts = desk.run("pdffonts", &[file.to_str().unwrap()]);
    for font in ["NotoSans-Regular", "NotoSans-Bold", "NotoSansArabic-Regular", "NotoSansTifinagh-Regular"] {
        assert!(fonts.contains(&format!("+{font}")), "{font} is not in:\n{fonts}");
    }
    let embedded = fonts.matches(" yes yes yes ").count();
    assert_eq!(embedded, fonts.matches("Noto").count(), "embedded, a subset, with Unicode:\n{fonts}");
    let info = desk.run("pdfinfo", &[file.to_str().unwrap()]);
    for line in ["Title:           Ville", "Tagged:          yes", "Pages:           1"] {
        assert!(info.contains(line), "\"{line}\" is not in:\n{info}");
    }
}

/// Shipped layers: places, flows, base map, and what else the command says.
const SHIPPED: [[&str; 4]; 3] = [
    [
        "huancavelica/places-departments",
        "huancavelica/flows-departments-1981",
        "andes",
        "--uncertain certainty=derived",
    ],
    ["morocco-eu/places-eu", "morocco-eu/flows-2015-2020", "mediterranean", "--top 20 --values 4"],
    ["zacatecas/places-states", "zacatecas/flows-mexico-us-2021", "north-america", "--top 20 --circles in-out"],
];

#[test]
fn shipped_maps_look_alike_in_other_programs() {
    let (bench, desk) = (Bench::new(), Desk::new());
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("geodata");
    let layer = |name: &str| data.join(name).with_extension("geojson").display().to_string();
    for [places, flows, base, more] in SHIPPED {
        let (places, flows_file, base) = (layer(places), layer(flows), layer(&format!("base/{base}")));
        for file in ["map.png", "map.svg", "map.pdf"] {
            let wishes = format!("--base {base} --dpi {DPI} --text outlines --layout arc {more}");
            bench.run(&format!("map {places} {flows_file} -o {file} {wishes}")).expect(0);
        }
        let read = |file: &str| fs::read(bench.path(file)).unwrap();
        let ours = opaque(&read("map.png"));
        assert_alike_to(MEAN_OF_COASTS, &format!("{flows} as PDF"), &ours, &desk.draw_pdf(&read("map.pdf")));
        let svg = String::from_utf8(read("map.svg")).unwrap();
        assert_alike_to(MEAN_OF_COASTS, &format!("{flows} as SVG"), &ours, &desk.draw_svg(&svg));
    }
}

/// Returns where Poppler finds the upper left corner of a word on the page, in points.
fn corner_of(word: &str, boxes: &str) -> kurbo::Point {
    let line = boxes.lines().find(|line| line.contains(&format!(">{word}")));
    let line = line.unwrap_or_else(|| panic!("\"{word}\" is not in:\n{boxes}"));
    let side = |name: &str| -> f64 {
        line.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().parse().unwrap()
    };
    kurbo::Point::new(side("xMin"), side("yMin"))
}

#[test]
fn turned_and_spaced_words_of_a_pdf_are_found_where_they_stand() {
    let desk = Desk::new();
    let mut scene = scene();
    scene.items.push(Item::Text(Text { letter_spacing: 2.0, ..lettering::line("costa", (150.0, 30.0), 9.0) }));
    scene.items.push(Item::Text(Text { rotation: 62.0, ..lettering::line("152,309", (40.0, 80.0), 8.0) }));
    let file = desk.put("page.pdf", pdf(&scene).unwrap());
    let boxes = desk.run("pdftotext", &["-bbox", file.to_str().unwrap(), "-"]);
    for (word, stands) in [("costa", (150.0, 30.0)), ("152,309", (40.0, 80.0)), ("Áncash", (150.0, 140.0))] {
        let (found, stands) = (corner_of(word, &boxes), kurbo::Point::from(stands));
        assert!((found - stands).hypot() < 9.0, "{word}: found at {found:?}, starts at {stands:?}");
    }
}

/// Returns a collection of these font files: a table of contents, then the files with their offsets moved.
fn collection(files: &[&[u8]]) -> Vec<u8> {
    let head = 12 + 4 * files.len();
    let mut out = [b"ttcf".as_slice(), &[0, 1, 0, 0], &(files.len() as u32).to_be_bytes()].concat();
    let mut at = head;
    for file in files {
        out.extend((at as u32).to_be_bytes());
        at += file.len().next_multiple_of(4);
    }
    for file in files {
        let base = out.len() as u32;
        let mut moved = file.to_vec();
        let tables = u16::from_be_bytes([file[4], file[5]]) as usize;
        for offset in (0..tables).map(|k| 12 + 16 * k + 8) {
            let old = u32::from_be_bytes(file[offset..offset + 4].try_into().unwrap());
            moved[offset..offset + 4].copy_from_slice(&(old + base).to_be_bytes());
        }
        moved.resize(file.len().next_multiple_of(4), 0);
        out.extend(moved);
    }
    out
}

/// Returns a font file with an axis of weight from 100 to 900, along which its outlines stay as they are.
fn with_axis(file: &[u8]) -> Vec<u8> {
    let axis = [b"wght".as_slice(), &be(100), &be(400), &be(900), &[0, 0, 1, 0]].concat();
    let fvar = [&[0, 1, 0, 0, 0, 16, 0, 2, 0, 1, 0, 20, 0, 0, 0, 8], axis.as_slice()].concat();
    let tables = u16::from_be_bytes([file[4], file[5]]) as usize;
    let (contents, body) = file[12..].split_at(16 * tables);
    let mut records: Vec<Vec<u8>> = contents.chunks(16).map(<[u8]>::to_vec).collect();
    for record in &mut records {
        let old = u32::from_be_bytes(record[8..12].try_into().unwrap());
        record[8..12].copy_from_slice(&(old + 16).to_be_bytes());
    }
    let place = (file.len() + 16).next_multiple_of(4);
    let length = (fvar.len() as u32).to_be_bytes();
    records.push([b"fvar".as_slice(), &[0; 4], &(place as u32).to_be_bytes(), &length].concat());
    records.sort();
    let count = (tables as u16 + 1).to_be_bytes();
    let mut out = [&file[..4], &count, &file[6..12], &records.concat(), body].concat();
    out.resize(place, 0);
    [out, fvar].concat()
}

/// Returns a whole number as a fixed-point number of a font file.
fn be(number: u16) -> [u8; 4] {
    (u32::from(number) << 16).to_be_bytes()
}

#[test]
fn collections_and_variable_fonts_set_words_in_every_format() {
    let (bench, desk) = (morocco(), Desk::new());
    let font = |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("styles/fonts").join(name)).unwrap();
    let (arabic, tifinagh) = (font("NotoSansArabic-Regular.ttf"), font("NotoSansTifinagh-Regular.ttf"));
    fs::write(bench.path("both.ttc"), collection(&[&tifinagh, &arabic])).unwrap();
    fs::write(bench.path("axis.ttf"), with_axis(&font("NotoSans-Regular.ttf"))).unwrap();
    for own in ["both.ttc", "axis.ttf"] {
        for file in ["map.png", "map.svg", "map.pdf"] {
            let map = format!(
                "map places.csv flows.csv --second-name ar --layout straight --font {own} --dpi {DPI} --text outlines -o {file}"
            );
            bench.run(&map).expect(0);
        }
        let text = desk.run("pdftotext", &[bench.path("map.pdf").to_str().unwrap(), "-"]);
        for word in ["Casablanca", "الرباط", "ⴰⴳⴰⴷⵉⵔ"] {
            assert!(text.contains(word), "{own}: \"{word}\" is not in:\n{text}");
        }
        let svg = fs::read_to_string(bench.path("map.svg")).unwrap();
        assert_alike(own, &opaque(&fs::read(bench.path("map.png")).unwrap()), &desk.draw_svg(&svg));
    }
}

#[test]
fn letters_without_a_glyph_are_counted_and_named_and_a_font_brings_them() {
    let bench = morocco();
    bench.write("places.csv", PLACES.replace("Rabat", "Rabat 拉巴特"));
    bench.run("map places.csv flows.csv --layout straight -o map.pdf").expect(0).says(&["3 letters", "巴 (U+5DF4)"]);
    let arabic = concat!(env!("CARGO_MANIFEST_DIR"), "/styles/fonts/NotoSansArabic-Regular.ttf");
    bench.run(&format!("map places.csv flows.csv --layout straight -o map.svg --font {arabic}")).expect(0);
    bench.run("map places.csv flows.csv -o map.svg --font places.csv").expect(2).says(&["is no TrueType"]);
    bench.run("map places.csv flows.csv -o map.svg --second-name arr").expect(2).says(&["arr", "is not in the data"]);
}
