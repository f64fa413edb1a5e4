//! Compares scenes with the references in `tests/golden/<name>/`, in three layers: what is on the page in words
//! (`scene.txt`), the vector file (`map.svg`) and small pixels (`map.png`).
//!
//! `BLESS=1` writes the references and fails, so that blessing is never mistaken for passing; without it no reference
//! is written. A failure leaves `expected.png`, `actual.png`, `diff.png`, the actual texts and `report.json` in
//! `target/golden/<name>/`.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use flowatlas_draw::{Lettering, PngOptions, describe, png, svg};
use flowatlas_model::Scene;
use serde_json::json;

use crate::picture::{Difference, Picture};

/// The widest a reference may be, in pixels.
pub const MAX_WIDTH: f64 = 320.0;

/// Small pages are not enlarged beyond this: two pixels to the point.
const MAX_DPI: f64 = 144.0;

/// The heaviest a reference may be, in bytes, so that a hundred of them stay a small checkout.
pub const MAX_BYTES: usize = 20 * 1024;

/// Panics unless the scene matches the references of this name.
pub fn check(name: &str, scene: &Scene) {
    let bless = std::env::var_os("BLESS").is_some_and(|v| v == "1");
    assert!(!(bless && std::env::var_os("CI").is_some()), "references are blessed by people, not by CI");
    let golden = Golden {
        references: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"),
        reports: Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("golden"),
        bless,
    };
    if let Err(faults) = golden.compare(name, scene) {
        let list: Vec<String> = faults.iter().map(Fault::to_string).collect();
        let report = golden.reports.join(name);
        let hint = if report.exists() { format!("; see {}", report.display()) } else { String::new() };
        panic!("golden \"{name}\": {}{hint}", list.join("; "));
    }
}

/// Where references are read and reports are written.
pub struct Golden {
    /// The folder that holds one folder per name.
    pub references: PathBuf,
    /// The folder that takes what a failure leaves.
    pub reports: PathBuf,
    /// True to write the references instead of reading them.
    pub bless: bool,
}

/// One way in which a scene fails its references.
#[derive(Debug, PartialEq)]
pub enum Fault {
    /// There is no such reference.
    Missing(&'static str),
    /// The references were written just now.
    Blessed,
    /// The picture has more bytes than a reference may have.
    Heavy(usize),
    /// A text differs, first in this line, counted from 1.
    Text { file: &'static str, line: usize, expected: String, actual: String },
    /// The pictures have different sizes.
    Size { expected: (u32, u32), actual: (u32, u32) },
    /// Pixels differ by more than the tolerance.
    Pixels(Difference),
}

/// The three layers of one scene.
struct Layers {
    scene: String,
    svg: String,
    png: Vec<u8>,
}

impl Golden {
    /// Compares every layer, so that a report tells all that differs. An earlier report of this name goes first.
    pub fn compare(&self, name: &str, scene: &Scene) -> Result<(), Vec<Fault>> {
        if self.reports.join(name).exists() {
            fs::remove_dir_all(self.reports.join(name)).expect("an earlier report can be removed");
        }
        let actual = layers(scene);
        if actual.png.len() > MAX_BYTES {
            return Err(vec![Fault::Heavy(actual.png.len())]);
        }
        let folder = self.references.join(name);
        if self.bless {
            actual.write(&folder, ["scene.txt", "map.svg", "map.png"]);
            return Err(vec![Fault::Blessed]);
        }
        let expected = read(&folder).map_err(|file| vec![Fault::Missing(file)])?;
        let faults = faults(&expected, &actual);
        if faults.is_empty() {
            return Ok(());
        }
        self.report(name, (&expected, &actual), &faults);
        Err(faults)
    }

    fn report(&self, name: &str, (expected, actual): (&Layers, &Layers), faults: &[Fault]) {
        let folder = self.reports.join(name);
        actual.write(&folder, ["actual.txt", "actual.svg", "actual.png"]);
        write(&folder.join("expected.png"), &expected.png);
        let (before, after) = (Picture::decode(&expected.png), Picture::decode(&actual.png));
        write(&folder.join("diff.png"), &before.marked(&after).encode());
        let list: Vec<_> = faults.iter().map(Fault::to_json).collect();
        write(&folder.join("report.json"), format!("{:#}\n", json!({ "name": name, "faults": list })).as_bytes());
    }
}

impl Layers {
    fn write(&self, folder: &Path, [scene, svg, png]: [&str; 3]) {
        write(&folder.join(scene), self.scene.as_bytes());
        write(&folder.join(svg), self.svg.as_bytes());
        write(&folder.join(png), &self.png);
    }
}

fn layers(scene: &Scene) -> Layers {
    let dpi = (72.0 * MAX_WIDTH / scene.width).min(MAX_DPI);
    let png = png(scene, &PngOptions { dpi }).expect("a golden scene can be drawn");
    let svg = svg(scene, Lettering::Live).expect("a golden scene can be written");
    Layers { scene: describe(scene), svg, png: Picture::decode(&png).encode() }
}

fn read(folder: &Path) -> Result<Layers, &'static str> {
    let text = |file| fs::read_to_string(folder.join(file)).map_err(|_| file);
    let png = fs::read(folder.join("map.png")).map_err(|_| "map.png")?;
    Ok(Layers { scene: text("scene.txt")?, svg: text("map.svg")?, png })
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

fn faults(expected: &Layers, actual: &Layers) -> Vec<Fault> {
    let pictures = (Picture::decode(&expected.png), Picture::decode(&actual.png));
    [
        text_fault("scene.txt", &expected.scene, &actual.scene),
        text_fault("map.svg", &expected.svg, &actual.svg),
        pixel_fault(&pictures.0, &pictures.1),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the first line that differs; texts match only byte for byte.
pub fn text_fault(file: &'static str, expected: &str, actual: &str) -> Option<Fault> {
    if expected == actual {
        return None;
    }
    let (mut before, mut after) = (expected.split('\n'), actual.split('\n'));
    for line in 1.. {
        let (expected, actual) = (before.next(), after.next());
        if expected != actual {
            let shown = |text: Option<&str>| text.unwrap_or("(end)").chars().take(240).collect();
            return Some(Fault::Text { file, line, expected: shown(expected), actual: shown(actual) });
        }
    }
    unreachable!("texts that differ have a line that differs")
}

/// Returns how the pixels differ: in size, or beyond the tolerance.
pub fn pixel_fault(expected: &Picture, actual: &Picture) -> Option<Fault> {
    if expected.size != actual.size {
        return Some(Fault::Size { expected: expected.size, actual: actual.size });
    }
    expected.difference(actual).map(Fault::Pixels)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing(file) => write!(f, "{file} is missing; look at the map, then write it with BLESS=1"),
            Fault::Blessed => write!(f, "blessed; run again without BLESS"),
            Fault::Heavy(bytes) => {
                write!(f, "map.png has {bytes} bytes, expected at most {MAX_BYTES}")
            }
            Fault::Text { file, line, expected, actual } => {
                write!(f, "{file} differs in line {line}\n  expected {expected}\n  actual   {actual}\n")
            }
            Fault::Size { expected, actual } => {
                write!(f, "map.png is {actual:?} pixels, expected {expected:?}")
            }
            Fault::Pixels(d) => write!(f, "{} pixels differ by up to {} within {:?}", d.count, d.max, d.bounds),
        }
    }
}

impl Fault {
    fn to_json(&self) -> serde_json::Value {
        match self {
            Fault::Pixels(d) => {
                json!({ "layer": "map.png", "pixels": d.count, "max": d.max, "bounds": d.bounds })
            }
            other => json!({ "fault": other.to_string() }),
        }
    }
}
