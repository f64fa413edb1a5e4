//! Many flows at once: where so many cross that none can be followed, the map shows what passes through each point.
//!
//! The weights of all flows are added up pixel by pixel, each kind apart, in whole numbers, so that the order in which they are
//! added changes nothing. Only the finished sums become tones, all on one scale (as in Cottam, Lumsdaine and Wang 2014, Abstract
//! rendering): the more passes, the denser the colour, and where kinds mix, that of which most passes keeps its colour.

use std::collections::BTreeMap;

use flowatlas_model::{Link, WeightKind, scene::Raster, style::Color};
use geo::{LineString, SimplifyIdx};
use kurbo::{Point, Rect};
use rayon::prelude::*;

use crate::{
    frame::{FlowLine, Framed},
    palette::Palette,
    scale::round_values,
    spec::MapInput,
    straight,
};

/// Flows beyond which a map shows what passes through each point, and not each flow.
pub const MANY: usize = 5_000;

/// Pixels per point: 200 to the inch.
const FINE: f64 = 200.0 / 72.0;
/// How far a line may run beside its way, in pixels.
const UNSEEN: f64 = 0.2;
/// Rows of pixels that are added up together.
const BAND: usize = 12;
/// Parts of a pixel that a line may cover.
const PARTS: u64 = 1 << PART_BITS;
const PART_BITS: u32 = 8;
/// What all flows together add to a pixel that all of them cover, in whole numbers: far below what they can hold.
const WHOLE: f64 = (1_u64 << 52) as f64;
/// Tones that the legend tells, at most.
const KEY: usize = 4;
/// Opacity of the lightest and the densest tone.
const OPACITIES: [f64; 2] = [0.05, 1.0];
/// Shares of the pixels with anything on them beyond the lightest and the densest tone.
const ENDS: [f64; 2] = [0.02, 0.9995];
/// Power of the tones: above 1, the lower ones are lighter, so that what is common lies back.
const POWER: f64 = 1.8;

/// What passes through each point of a map.
#[derive(Debug, Clone)]
pub struct Density {
    /// The picture.
    pub raster: Raster,
    /// What the legend says of it.
    pub passing: Passing,
}

/// What tones mean.
#[derive(Debug, Clone)]
pub struct Passing {
    /// Round numbers of what passes through a point and the opacities that stand for them, the densest first.
    pub key: Vec<(f64, f64)>,
    /// True where flows are counted, because they have no weights that could be added.
    pub counted: bool,
}

impl Passing {
    /// Stands for what is not added up yet, where the legend looks for room: its key has the widest number that it could have.
    pub fn to_come(input: &MapInput<'_>) -> Passing {
        let weights = Weights::of(input);
        let most: f64 = input.shown.links().map(|(_, _, link)| weights.weight(link)).sum();
        Passing { key: vec![(most.round(), 1.0); KEY], counted: weights.counted() }
    }
}

/// What flows add.
enum Weights {
    /// Their weights; those without a number as much as the smallest.
    Measured { least: f64 },
    /// One each: ranks cannot be added.
    Counted,
}

impl Weights {
    fn of(input: &MapInput<'_>) -> Weights {
        let weights = input.shown.links().filter_map(|(_, _, link)| link.weight).filter(|weight| *weight > 0.0);
        match (input.spec.weights, weights.reduce(f64::min)) {
            (WeightKind::Measured, Some(least)) => Weights::Measured { least },
            _ => Weights::Counted,
        }
    }

    fn weight(&self, link: &Link) -> f64 {
        match self {
            Weights::Measured { least } => link.weight.unwrap_or(*least),
            Weights::Counted => 1.0,
        }
    }

    fn counted(&self) -> bool {
        matches!(self, Weights::Counted)
    }
}

/// A flow as a line of one colour, in pixels.
struct Line {
    from: Point,
    to: Point,
    layer: usize,
    /// What it adds to a pixel that it covers.
    weight: u64,
}

impl Density {
    /// Adds up the flows of a map in the colours of their kinds; none where each is drawn, or where nothing passes anywhere.
    pub fn of(input: &MapInput<'_>, framed: &Framed, palette: &Palette<'_>) -> Option<Density> {
        if !framed.adds_up() {
            return None;
        }
        let weights = Weights::of(input);
        let bounds = framed.main().rect;
        let size = [(bounds.width() * FINE).ceil() as usize, (bounds.height() * FINE).ceil() as usize];
        let (colors, lines, unit) = lines(input, framed, (palette, &weights));
        let sums = Sums::of(&lines, colors.len(), size);
        let scale = Tones::of(&sums)?;
        let rgba = sums.pixels(&colors, &scale);
        let passing = Passing { key: scale.key(unit), counted: weights.counted() };
        let bounds = Rect::from_origin_size(bounds.origin(), (size[0] as f64 / FINE, size[1] as f64 / FINE));
        Some(Density { raster: Raster { bounds, size, rgba: rgba.into() }, passing })
    }
}

/// Returns the colours of the flows, each flow as a line, and what a unit of weight adds to a pixel.
fn lines(
    input: &MapInput<'_>,
    framed: &Framed,
    (palette, weights): (&Palette<'_>, &Weights),
) -> (Vec<Color>, Vec<Line>, f64) {
    let links: Vec<_> = input.shown.links().collect();
    let total: f64 = links.iter().map(|(_, _, link)| weights.weight(link)).sum();
    let unit = WHOLE / total.max(f64::MIN_POSITIVE);
    let color = |line: &FlowLine| {
        let (from, to, link) = links[line.link];
        palette.paint([from, to], link, line.width).color
    };
    let each: Vec<Color> = framed.lines.par_iter().map(color).collect();
    let colors: BTreeMap<[u8; 3], Color> = each.iter().map(|color| (channels(color), *color)).collect();
    let layers: BTreeMap<[u8; 3], usize> = colors.keys().copied().zip(0..).collect();
    let origin = framed.main().rect.origin();
    let pixel = |p: Point| ((p - origin) * FINE).to_point();
    let steps = |(line, color): (&FlowLine, &Color)| {
        let layer = layers[&channels(color)];
        let weight = (weights.weight(links[line.link].2) * unit / PARTS as f64).round() as u64;
        let pieces = straight::way(input, framed, line).into_iter();
        let runs = pieces.map(move |piece| without_wiggles(piece.into_iter().map(pixel).collect()));
        let step = move |w: &[Point]| Line { from: w[0], to: w[1], layer, weight };
        runs.flat_map(move |run| run.windows(2).map(step).collect::<Vec<_>>())
    };
    let lines = framed.lines.par_iter().zip(&each).flat_map_iter(steps).collect();
    (colors.into_values().collect(), lines, unit)
}

fn channels(color: &Color) -> [u8; 3] {
    [color.r, color.g, color.b]
}

/// Returns a line in pixels without the points that it does not need to be seen as it is.
fn without_wiggles(line: Vec<Point>) -> Vec<Point> {
    if line.len() <= 2 {
        return line;
    }
    let coords = LineString::from_iter(line.iter().map(|p| (p.x, p.y)));
    coords.simplify_idx(UNSEEN).into_iter().map(|k| line[k]).collect()
}

/// What passes through each pixel, by colour.
struct Sums {
    size: [usize; 2],
    layers: usize,
    /// Row by row, within a row layer by layer.
    cells: Vec<u64>,
}

impl Sums {
    fn of(lines: &[Line], layers: usize, size: [usize; 2]) -> Sums {
        let [width, height] = size;
        let row = width * layers;
        let mut cells = vec![0; row * height];
        let bands = band_lists(lines, height);
        cells.par_chunks_mut(row * BAND).zip(bands).enumerate().for_each(|(band, (cells, of_band))| {
            let mut band = Band { cells, top: band * BAND, width, row };
            of_band.into_iter().for_each(|k| band.add(&lines[k as usize]));
        });
        Sums { size, layers, cells }
    }

    /// What passes of each colour through a pixel.
    fn at(&self, pixel: usize) -> impl Iterator<Item = u64> + '_ {
        let (x, y) = (pixel % self.size[0], pixel / self.size[0]);
        (0..self.layers).map(move |layer| self.cells[(y * self.layers + layer) * self.size[0] + x])
    }

    fn pixels(&self, colors: &[Color], tones: &Tones) -> Vec<u8> {
        let mut rgba = vec![0; 4 * self.size[0] * self.size[1]];
        let paint = |(pixel, rgba): (usize, &mut [u8])| rgba.copy_from_slice(&tones.color(self.at(pixel).zip(colors)));
        rgba.par_chunks_exact_mut(4).enumerate().for_each(paint);
        rgba
    }
}

/// Returns for each band of rows the lines that come near it.
fn band_lists(lines: &[Line], height: usize) -> Vec<Vec<u32>> {
    let mut bands = vec![Vec::new(); height.div_ceil(BAND)];
    for (k, line) in lines.iter().enumerate() {
        let (top, bottom) = (line.from.y.min(line.to.y) - 1.0, line.from.y.max(line.to.y) + 1.0);
        let band = |y: f64| ((y.max(0.0) as usize) / BAND).min(bands.len().saturating_sub(1));
        if bottom >= 0.0 && top < height as f64 {
            let (first, last) = (band(top), band(bottom));
            bands[first..=last].iter_mut().for_each(|list| list.push(k as u32));
        }
    }
    bands
}

/// Some rows of the sums.
struct Band<'a> {
    cells: &'a mut [u64],
    top: usize,
    width: usize,
    /// Cells of a row.
    row: usize,
}

impl Band<'_> {
    /// Adds a line one pixel wide: along its longer side each step is shared between the two pixels that it touches (Wu 1991).
    fn add(&mut self, line: &Line) {
        let (dx, dy) = (line.to.x - line.from.x, line.to.y - line.from.y);
        let (top, bottom) = (self.top as f64 - 1.0, (self.top + BAND) as f64 + 1.0);
        if dx.abs() >= dy.abs() {
            let (a, b) = if dx >= 0.0 { (line.from, line.to) } else { (line.to, line.from) };
            let slope = if dx == 0.0 { 0.0 } else { dy / dx };
            let rows = self.rows();
            let (mut first, mut last) = (a.x.max(0.0), b.x.min(self.width as f64));
            if slope != 0.0 {
                let ends = [(top - a.y) / slope + a.x, (bottom - a.y) / slope + a.x];
                (first, last) = (first.max(ends[0].min(ends[1])), last.min(ends[0].max(ends[1])));
            }
            let steps = steps(first, last);
            let mut across = Fixed::along((a.y, a.x), slope, steps.start);
            for x in steps {
                let column = line.layer * self.width + x;
                for (y, parts) in across.next() {
                    // What lies above the band wraps around, beyond its last row.
                    let row = (y - self.top as i64) as usize;
                    if row < rows {
                        self.cells[row * self.row + column] += line.weight * parts;
                    }
                }
            }
        } else {
            let (a, b) = if dy >= 0.0 { (line.from, line.to) } else { (line.to, line.from) };
            let slope = dx / dy;
            let steps = steps(a.y.max(self.top as f64), b.y.min((self.top + self.rows()) as f64));
            let mut across = Fixed::along((a.x, a.y), slope, steps.start);
            for y in steps {
                let row = (y - self.top) * self.row + line.layer * self.width;
                for (x, parts) in across.next() {
                    if (x as usize) < self.width {
                        self.cells[row + x as usize] += line.weight * parts;
                    }
                }
            }
        }
    }

    fn rows(&self) -> usize {
        self.cells.len() / self.row
    }
}

/// A position across a line, stepped along it in whole numbers of 1/2^24 pixel.
struct Fixed {
    at: i64,
    step: i64,
}

impl Fixed {
    const BITS: u32 = 24;

    /// The position at the middle of a pixel, on a line through `from`, given as across and along.
    fn along((across, along): (f64, f64), slope: f64, pixel: usize) -> Fixed {
        let fixed = |v: f64| (v * f64::from(1_u32 << Fixed::BITS)).round() as i64;
        Fixed { at: fixed(across + (pixel as f64 + 0.5 - along) * slope - 0.5), step: fixed(slope) }
    }

    /// The two pixels on both sides of the position and what the line covers of each, in parts of [`PARTS`]; then steps on.
    fn next(&mut self) -> [(i64, u64); 2] {
        let (near, far) = (self.at >> Fixed::BITS, (self.at >> (Fixed::BITS - PART_BITS)) as u64 & (PARTS - 1));
        self.at += self.step;
        [(near, PARTS - far), (near + 1, far)]
    }
}

/// Returns the pixels whose middle lies from `first` to `last`.
fn steps(first: f64, last: f64) -> std::ops::Range<usize> {
    let pixel = |at: f64| (at - 0.5).ceil().max(0.0) as usize;
    pixel(first)..pixel(last)
}

/// One scale of tones for all sums: evenly by their logarithm.
struct Tones {
    least: f64,
    most: f64,
}

impl Tones {
    /// The tones from nearly the smallest to nearly the largest sum; none where nothing passes anywhere.
    fn of(sums: &Sums) -> Option<Tones> {
        let count = sums.size[0] * sums.size[1];
        let mut totals: Vec<u64> =
            (0..count).into_par_iter().map(|p| sums.at(p).sum::<u64>()).filter(|v| *v > 0).collect();
        let last = totals.len().checked_sub(1)?;
        let [least, most] =
            ENDS.map(|share| *totals.select_nth_unstable((share * last as f64).round() as usize).1 as f64);
        Some(Tones { least, most: most.max(least * 2.0) })
    }

    /// The opacity of a sum.
    fn opacity(&self, sum: f64) -> f64 {
        let share = libm::log(sum / self.least) / libm::log(self.most / self.least);
        OPACITIES[0] + (OPACITIES[1] - OPACITIES[0]) * libm::pow(share.clamp(0.0, 1.0), POWER)
    }

    /// The colour of a pixel from what passes of each colour.
    fn color<'a>(&self, parts: impl Iterator<Item = (u64, &'a Color)>) -> [u8; 4] {
        let (mut total, mut pull, mut mixed) = (0.0, 0.0, [0.0; 3]);
        for (sum, color) in parts {
            let sum = sum as f64;
            let share = sum / self.most;
            // The third power: the strongest keeps its colour.
            let strength = share * share * share;
            (total, pull) = (total + sum, pull + strength);
            for (channel, of_color) in mixed.iter_mut().zip([color.r, color.g, color.b]) {
                *channel += strength * f64::from(of_color);
            }
        }
        if total == 0.0 {
            return [0; 4];
        }
        let [r, g, b] = mixed.map(|channel| (channel / pull).round() as u8);
        [r, g, b, (255.0 * self.opacity(total)).round() as u8]
    }

    /// Round numbers of what passes, in units of weight, with their opacities.
    fn key(&self, unit: f64) -> Vec<(f64, f64)> {
        let values = round_values(self.most / unit, self.least / unit, KEY, 4.0);
        values.into_iter().map(|value| (value, self.opacity(value * unit))).collect()
    }
}

#[cfg(test)]
#[path = "density_tests.rs"]
mod tests;
