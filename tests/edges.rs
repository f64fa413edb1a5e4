//! Nothing is cut off: whatever the layout, the width of the page, the style and the length of the names, the edge of the page stays
//! bare.
//!
//! The pictures stay in `target/tmp/edges/NETWORK/out/NETWORK`, to be looked at.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/picture.rs"]
#[allow(dead_code, reason = "only reading is of use here")]
mod picture;
#[path = "support/program.rs"]
mod program;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use picture::Picture;
use program::run_in;

/// Widths of pages in millimetres, from a column of text to a landscape page, and the styles that they are drawn in.
const PAGES: [(u32, &str); 5] = [(80, "report"), (95, "dark"), (120, "report"), (175, "poster"), (297, "report")];
const LAYOUTS: [&str; 4] = ["od", "tree", "matrix", "bundle"];
/// Pixels along each edge of the page that stay bare.
const BARE: usize = 3;

/// Rows of places and of flows.
struct Network {
    name: &'static str,
    places: String,
    flows: String,
}

/// Places scattered over a page, the same on every run.
fn places(count: usize, name: impl Fn(usize) -> String) -> String {
    let rows = (0..count).map(|k| format!("p{k},{},{},{}\n", name(k), k * 617 % 1000, k * 379 % 700));
    rows.collect()
}

fn star() -> Network {
    let flows = (1..25).map(|k| format!("p0,p{k},{},\n", 37 * k * k));
    Network { name: "star", places: places(25, |k| format!("Place {k}")), flows: flows.collect() }
}

/// Flows of several kinds from several places, all with names that fill a line.
fn wordy() -> Network {
    let kinds = ["seasonal work in agriculture", "permanent settlement", "return after retirement"];
    let flow = |k: usize| format!("p{},p{},{},{}\n", k % 3, 3 + k % 8, 90 + 700 * (k % 7), kinds[k % 3]);
    Network {
        name: "wordy",
        places: places(11, |k| format!("San Bartolomé de los Llanos número {k}")),
        flows: (0..24).map(flow).collect(),
    }
}

/// Trees of several roots, told apart by names that fill a line.
fn roots() -> Network {
    let flow = |k: usize| format!("p{},p{},{},\n", k % 4, 4 + k % 9, 60 + 500 * (k % 5));
    Network {
        name: "roots",
        places: places(13, |k| format!("San Bartolomé de los Llanos número {k}")),
        flows: (0..36).map(flow).collect(),
    }
}

impl Network {
    /// Draws the network in every layout, width and style, and returns the folder of the pictures.
    fn drawn(&self) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edges").join(self.name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("places.csv"), format!("id,name,x,y\n{}", self.places)).unwrap();
        fs::write(folder.join("flows.csv"), format!("origin,dest,count,kind\n{}", self.flows)).unwrap();
        let mut study = String::from(
            "title = \"Edges\"\n[output]\nmetrics = []\nimages = [\"png\"]\nlayers = []\ndpi = 80\n[places.p]\n\
             file = \"places.csv\"\n[flows.f]\nfile = \"flows.csv\"\nmeasure = \"people who moved\"\n\
             unit = \"persons\"\nbasis = \"invented\"\n",
        );
        for layout in LAYOUTS {
            for (width, style) in PAGES {
                let keys = format!("layout = \"{layout}\"\nstyle = \"{style}\"\nwidth_mm = {width}\ncite = []");
                writeln!(study, "[[map]]\nid = \"{layout}-{width}\"\ntitle = \"Flows of many kinds\"\n{keys}").unwrap();
            }
        }
        fs::write(folder.join("study.toml"), study).unwrap();
        run_in(&folder, &["run", "study.toml", "--out", "out"]).expect(0);
        folder.join("out").join(self.name)
    }

    fn keeps_the_edge_bare(&self) {
        let folder = self.drawn();
        let pictures: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        let pictures: Vec<&PathBuf> = pictures.iter().filter(|p| p.extension().is_some_and(|e| e == "png")).collect();
        assert_eq!(pictures.len(), LAYOUTS.len() * PAGES.len());
        let inked: Vec<_> = pictures.into_iter().filter(|p| !edge_is_bare(&fs::read(p).unwrap())).collect();
        assert!(inked.is_empty(), "ink at the edge of {inked:?}");
    }
}

fn edge_is_bare(file: &[u8]) -> bool {
    let Picture { size: (width, height), rgb } = Picture::decode(file);
    let (width, height) = (width as usize, height as usize);
    let at = |x: usize, y: usize| &rgb[3 * (y * width + x)..][..3];
    let is_edge = |x: usize, y: usize| x.min(width - 1 - x) < BARE || y.min(height - 1 - y) < BARE;
    (0..height).all(|y| (0..width).all(|x| !is_edge(x, y) || at(x, y) == at(0, 0)))
}

#[test]
fn a_star_is_not_cut_off() {
    star().keeps_the_edge_bare();
}

#[test]
fn long_kinds_and_names_are_not_cut_off() {
    wordy().keeps_the_edge_bare();
}

#[test]
fn trees_of_many_roots_are_not_cut_off() {
    roots().keeps_the_edge_bare();
}
