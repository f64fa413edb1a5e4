//! Networks side by side as a figure: who rose and fell among the places, and the indices between 0 and 1.
//!
//! Ranks are joined by lines from network to network (a slope chart; Tufte 1983, The Visual Display of Quantitative
//! Information, p. 158); indices are dots on one axis (Cleveland & McGill 1984, J. Am. Stat. Assoc. 79(387)).

use flowatlas_model::{
    Scene, Style,
    comparison::{Comparison, NetworkSeries, PlaceSeries},
    scene::Item,
    style::Color,
};
use kurbo::Point;

use crate::{
    chart_page::{ChartPage, disc, rule},
    matrix_page::shortened,
    text::{Ink, Type, Typesetter},
    words::{Language, Words},
};

/// Metrics of places that ranks are shown of: the first one that there is, else the first of all that there are.
const RANKED: [&str; 2] = ["turnover", "in_degree"];
/// Metrics that lie between 0 and 1, from top to bottom: the words for them, and what they are divided by to do so.
const INDICES: [(&str, &str, f64); 10] = [
    ("migration_effectiveness", "Effectiveness / 100", 100.0),
    ("inequality", "Inequality", 1.0),
    ("gini", "Gini index, all flows", 1.0),
    ("gini_in_weighted", "Gini index, arrivals", 1.0),
    ("gini_out_weighted", "Gini index, departures", 1.0),
    ("evenness", "Evenness", 1.0),
    ("density", "Density", 1.0),
    ("reciprocity", "Reciprocity of pairs", 1.0),
    ("weighted_reciprocity", "Reciprocity of weights", 1.0),
    ("gravity_both_power_cpc", "Fit of a gravity model", 1.0),
];
/// More places than this make ranks unreadable; the largest are shown.
const MOST_PLACES: usize = 16;
/// Networks up to which the key names each.
const MOST_IN_KEY: usize = 8;
/// Distance of rows in points.
const PITCH: f64 = 15.0;
/// Radius of a dot in points, and of one with a rank in it.
const DOT: f64 = 3.0;
const RANK_DOT: f64 = 5.6;
/// Size of a rank in its dot as a share of the words, and of the dot's width that it takes at most.
const RANK_SIZE: f64 = 0.86;
const RANK_SHARE: f64 = 0.84;
/// Distance in points between dots on one line from which on both are seen.
const SEEN: f64 = 0.75 * DOT;
/// Height in points of a row's dots that would hide each other.
const SPREAD: f64 = 0.62 * PITCH;
/// Room between words and marks in points.
const GAP: f64 = 7.0;
/// Room between the two charts in points.
const BETWEEN: f64 = 26.0;
/// Share of the page that the chart of ranks takes beside that of indices.
const RANKS_SHARE: f64 = 0.52;
/// Most of a chart that names take on each side, unless there is room between the networks.
const NAMES_SHARE: f64 = 0.33;
/// Room in points between two networks that long names leave, and the most that there is: longer lines tell no more.
const STEPS: [f64; 2] = [55.0, 90.0];

/// Returns the figure: ranks of shared places on the left, where there are at least two, and indices on the right, where there are any;
/// nothing where there is neither.
pub fn comparison(comparison: &Comparison, page: &ChartPage<'_>) -> Option<Scene> {
    let (ranked, indices) = (Ranked::of(comparison), indices(comparison));
    if ranked.is_none() && indices.is_empty() {
        return None;
    }
    let scene = page.scene(("comparison", note(ranked.as_ref(), !indices.is_empty())), |set, corner, room| {
        let top = corner.y + GAP;
        let mut chart = Chart { comparison, style: page.style, set, items: Vec::new(), bottom: top };
        let mut left = 0.0;
        if let Some(ranked) = &ranked {
            let width = if indices.is_empty() { room } else { RANKS_SHARE * room - BETWEEN / 2.0 };
            chart.ranks(ranked, (Point::new(corner.x, top), width));
            left = width + BETWEEN;
        }
        if !indices.is_empty() {
            chart.indices(&indices, (Point::new(corner.x + left, top), room - left));
        }
        (chart.items, chart.bottom + 2.0 * GAP)
    });
    Some(scene)
}

/// Returns the metrics that the figure can show, beside those of places: the names of its indices.
pub fn indices_of_comparison() -> [&'static str; INDICES.len()] {
    INDICES.map(|(id, ..)| id)
}

/// Returns titles and values of the indices that every network has.
fn indices(comparison: &Comparison) -> Vec<(&'static str, Vec<f64>)> {
    let index = |&(id, title, most): &(&str, &'static str, f64)| {
        let series: &NetworkSeries = comparison.network_metrics.iter().find(|m| m.info.id == id)?;
        let values: Option<Vec<f64>> = series.values.iter().map(|v| v.map(|v| v / most)).collect();
        Some((title, values?))
    };
    INDICES.iter().filter_map(index).collect()
}

fn note(ranked: Option<&Ranked<'_>>, has_indices: bool) -> String {
    let indices = "Indices from 0 to 1, first and last in numbers; the tables define them.";
    let ranks = ranked.map(|ranked| {
        let (shown, of) = (ranked.places.len(), ranked.of);
        let which = if shown < of { format!("the {shown} largest of {of} places") } else { format!("{of} places") };
        let among = if ranked.has_others() { ", among those that the first and the last network share" } else { "" };
        format!("Ranks of {which} by {}{among}.", ranked.series.info.title.to_lowercase())
    });
    let sentences = ranks.into_iter().chain(has_indices.then(|| indices.to_owned()));
    sentences.collect::<Vec<_>>().join(" ")
}

/// The places whose ranks are shown.
struct Ranked<'a> {
    series: &'a PlaceSeries,
    /// Their positions, by their best rank.
    places: Vec<usize>,
    /// Number of places with a rank in the first and in the last network.
    of: usize,
}

impl<'a> Ranked<'a> {
    fn of(comparison: &'a Comparison) -> Option<Self> {
        let usual = RANKED.iter().find_map(|id| comparison.place_metrics.iter().find(|m| m.info.id == *id));
        let series = usual.or(comparison.place_metrics.first())?;
        let last = series.ranks.len() - 1;
        let moved = |place: usize| series.values.iter().any(|v| v[place].is_some_and(|v| v > 0.0));
        let both = |&place: &usize| series.lasting_ranks[last][place].is_some() && moved(place);
        let mut places: Vec<usize> = (0..comparison.places.len()).filter(both).collect();
        let best = |place: usize| series.lasting_ranks.iter().filter_map(|r| r[place]).fold(f64::INFINITY, f64::min);
        places.sort_by(|&a, &b| best(a).total_cmp(&best(b)).then(a.cmp(&b)));
        let of = places.len();
        places.truncate(MOST_PLACES);
        (of > 1).then_some(Ranked { series, places, of })
    }

    /// Returns whether a network has places that the first or the last one lacks.
    fn has_others(&self) -> bool {
        self.series.ranks != self.series.lasting_ranks
    }

    /// Returns the rank of a place as it is written.
    fn rank(&self, network: usize, place: usize) -> String {
        self.series.lasting_ranks[network][place].map_or(String::new(), |rank| format!("{rank:.0}"))
    }

    /// Returns the shown places of a network from the top down.
    fn order(&self, network: usize) -> Vec<usize> {
        let rank = |place: usize| self.series.lasting_ranks[network][place].unwrap_or(f64::INFINITY);
        let mut order = self.places.clone();
        order.sort_by(|&a, &b| rank(a).total_cmp(&rank(b)).then(a.cmp(&b)));
        order
    }
}

/// The figure as it is drawn.
struct Chart<'a> {
    comparison: &'a Comparison,
    style: &'a Style,
    set: &'a mut Typesetter,
    items: Vec<Item>,
    bottom: f64,
}

impl Chart<'_> {
    fn ranks(&mut self, ranked: &Ranked<'_>, (corner, width): (Point, f64)) {
        let networks = self.comparison.networks.len();
        let ends = [0, networks - 1];
        let steps = (networks - 1) as f64;
        let most = f64::max(NAMES_SHARE * width, (width - steps * STEPS[0]) / 2.0);
        let names = ends.map(|network| self.names_width(ranked, network).min(most));
        let step = ((width - names[0] - names[1]) / steps).min(STEPS[1]);
        let column = |network: usize| corner.x + names[0] + step * network as f64;
        let row = |k: usize| corner.y + PITCH * (k as f64 + 1.7);
        let heights: Vec<Vec<(usize, f64)>> = (0..networks)
            .map(|n| ranked.order(n).into_iter().enumerate().map(|(k, place)| (place, row(k))).collect())
            .collect();
        self.headings(&(0..networks).map(column).collect::<Vec<_>>(), corner.y);
        let mut dots = Vec::new();
        for &place in &ranked.places {
            let ranks = |network: usize| ranked.series.lasting_ranks[network][place];
            let color = self.trend(ranks(0), ranks(networks - 1));
            let known = (0..networks).filter(|&n| ranks(n).is_some());
            let points: Vec<(usize, Point)> = known
                .filter_map(|n| heights[n].iter().find(|h| h.0 == place).map(|h| (n, Point::new(column(n), h.1))))
                .collect();
            points.windows(2).for_each(|p| self.line((p[0].1, p[1].1), color, 1.3));
            dots.extend(points.into_iter().map(|(n, at)| (n, at, ranked.rank(n, place), color)));
        }
        // Lines of other places run beneath the dots.
        let roomy = step > 2.0 * RANK_DOT;
        for (network, at, rank, color) in dots {
            if roomy || ends.contains(&network) { self.ranked_dot(at, &rank, color) } else { self.dot(at, color) }
        }
        let comparison = self.comparison;
        for (side, towards) in [-1.0, 1.0].into_iter().enumerate() {
            let x = column(ends[side]) + towards * (RANK_DOT + GAP);
            for &(place, y) in &heights[ends[side]] {
                let room = names[side] - RANK_DOT - GAP;
                self.words(&comparison.places[place].name, (Point::new(x, y), towards), room);
            }
        }
        let foot = row(ranked.places.len()) + PITCH / 2.0;
        self.trends(ranked, Point::new(column(0), foot));
    }

    /// Returns the room that the names at a network and its own take beside its dots.
    fn names_width(&mut self, ranked: &Ranked<'_>, network: usize) -> f64 {
        let comparison = self.comparison;
        let names = ranked.places.iter().map(|place| self.width(&comparison.places[*place].name));
        let widest = names.fold(0.0, f64::max);
        widest.max(self.width(&comparison.networks[network].label)) + RANK_DOT + GAP
    }

    fn width(&mut self, words: &str) -> f64 {
        self.set.line(words, Type::regular(self.style.text.legend)).size().width
    }

    /// Writes which colours rise, fall and stay, those that occur.
    fn trends(&mut self, ranked: &Ranked<'_>, corner: Point) {
        let last = ranked.series.lasting_ranks.len() - 1;
        let colors: Vec<Color> = ranked
            .places
            .iter()
            .map(|&place| self.trend(ranked.series.lasting_ranks[0][place], ranked.series.lasting_ranks[last][place]))
            .collect();
        let known = [(Some(2.0), Some(1.0), "rose"), (Some(1.0), Some(2.0), "fell"), (None, None, "stayed")];
        let mut at = corner;
        for (first, last, words) in known {
            let color = self.trend(first, last);
            if colors.contains(&color) {
                self.dot(at, color);
                self.words(words, (at + (DOT + GAP, 0.0), 1.0), f64::INFINITY);
                at.y += PITCH;
            }
        }
        self.bottom = self.bottom.max(at.y - PITCH / 2.0);
    }

    fn indices(&mut self, rows: &[(&str, Vec<f64>)], (corner, width): (Point, f64)) {
        let style = self.style;
        let (axis, end) = (corner.x + 0.46 * width, corner.x + 0.80 * width);
        let at = |value: f64| axis + value.clamp(0.0, 1.0) * (end - axis);
        let row = |k: usize| corner.y + PITCH * (k as f64 + 1.7);
        let foot = row(rows.len()) - PITCH / 2.0;
        for tick in [0.0, 0.5, 1.0] {
            let (top, x) = (row(0) - PITCH / 2.0, at(tick));
            self.line((Point::new(x, top), Point::new(x, foot)), style.page.frame, 0.5);
            self.words(&Words::of(Language::English).number(tick), (Point::new(x, corner.y + 0.6 * PITCH), 0.0), width);
        }
        for (k, (title, values)) in rows.iter().enumerate() {
            let y = row(k);
            self.words(title, (Point::new(axis - DOT - GAP, y), -1.0), axis - corner.x - DOT - GAP);
            let (least, most) = values.iter().fold((1.0_f64, 0.0_f64), |(l, m), v| (l.min(*v), m.max(*v)));
            self.line((Point::new(at(least), y), Point::new(at(most), y)), style.text.quiet, 1.0);
            let ways: Vec<f64> = values.iter().map(|value| at(*value)).collect();
            for (network, (x, drop)) in ways.iter().zip(parted(&ways)).enumerate() {
                let color = self.shade(network);
                self.dot(Point::new(*x, y + drop), color);
            }
            let told = format!("{:.2} to {:.2}", values[0], values[values.len() - 1]);
            self.words(&told, (Point::new(end + GAP, y), 1.0), width);
        }
        self.key((Point::new(axis, foot + PITCH), corner.x + width - axis));
    }

    /// Writes which dot belongs to which network; of many only the first, one in the middle and the last, as shades run between them.
    fn key(&mut self, (corner, width): (Point, f64)) {
        let count = self.comparison.networks.len();
        let told = if count <= MOST_IN_KEY { (0..count).collect() } else { vec![0, count / 2, count - 1] };
        for (row, network) in told.into_iter().enumerate() {
            let at = Point::new(corner.x + DOT, corner.y + PITCH * row as f64);
            let color = self.shade(network);
            self.dot(at, color);
            let label = self.comparison.networks[network].label.clone();
            self.words(&label, (at + (DOT + GAP, 0.0), 1.0), width - 2.0 * DOT - GAP);
            self.bottom = self.bottom.max(at.y + PITCH / 2.0);
        }
    }

    /// Writes the names of the networks over their columns: the first ends, the last starts at its column. Those between stand where all
    /// of them have room.
    fn headings(&mut self, columns: &[f64], y: f64) {
        let last = columns.len() - 1;
        let room = if last > 1 { columns[1] - columns[0] } else { f64::INFINITY };
        let comparison = self.comparison;
        let all_fit =
            comparison.networks[1..last.max(1)].iter().all(|network| self.width(&network.label) <= room - GAP);
        for (k, &x) in columns.iter().enumerate().filter(|(k, _)| all_fit || *k == 0 || *k == last) {
            let towards = if k == 0 {
                -1.0
            } else if k == last {
                1.0
            } else {
                0.0
            };
            let label = self.comparison.networks[k].label.clone();
            let room = if towards == 0.0 { room - GAP } else { columns[0] };
            self.words(&label, (Point::new(x + towards * (DOT + GAP), y + 0.6 * PITCH), towards), room);
        }
    }

    /// Returns the colour of a place that rises, falls or stays.
    fn trend(&self, first: Option<f64>, last: Option<f64>) -> Color {
        let (flows, quiet) = (&self.style.flows, self.style.text.quiet);
        match first.zip(last) {
            Some((first, last)) if last < first => flows.color,
            Some((first, last)) if last > first => flows.reverse,
            _ => quiet,
        }
    }

    /// Returns the colour of a network: darker from one to the next.
    fn shade(&self, network: usize) -> Color {
        let last = self.comparison.networks.len() - 1;
        let share = 0.35 + 0.65 * network as f64 / last.max(1) as f64;
        self.style.page.background.mix(self.style.flows.color, share)
    }

    fn line(&mut self, ends: (Point, Point), color: Color, width: f64) {
        self.items.push(rule(ends, color, width));
    }

    /// Draws a dot with a rank in it, which is set smaller where it has more figures than fit.
    fn ranked_dot(&mut self, at: Point, rank: &str, color: Color) {
        let paper = self.style.page.background;
        self.items.push(disc((at, RANK_DOT), color, paper));
        let size = RANK_SIZE * self.style.text.legend;
        let width = self.set.line(rank, Type::bold(size)).size().width;
        let line = self.set.line(rank, Type::bold(size * (2.0 * RANK_SHARE * RANK_DOT / width.max(1.0)).min(1.0)));
        let start = at.x - line.size().width / 2.0;
        self.items.push(line.through(Point::new(start, at.y), 0.0, Ink::plain(paper)));
    }

    fn dot(&mut self, at: Point, color: Color) {
        self.items.push(disc((at, DOT), color, self.style.page.background));
    }

    /// Writes words that start at a point (towards 1), end there (-1) or have their middle there (0).
    fn words(&mut self, words: &str, (at, towards): (Point, f64), room: f64) {
        let line = shortened(words, Type::regular(self.style.text.legend), room, self.set);
        let start = at.x - (1.0 - towards) / 2.0 * line.size().width;
        self.items.push(line.through(Point::new(start, at.y), 0.0, Ink::plain(self.style.text.color)));
    }
}

/// Returns how far below the line each of its dots stands, so that none hides another: those that would are evenly spread over the height
/// of a row, in their order, and all others stand on it.
fn parted(ways: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ways.len()).collect();
    order.sort_by(|&a, &b| ways[a].total_cmp(&ways[b]).then(a.cmp(&b)));
    let mut drops = vec![0.0; ways.len()];
    for heap in order.chunk_by(|&a, &b| ways[b] - ways[a] < SEEN) {
        let mut heap = heap.to_vec();
        heap.sort_unstable();
        let middle = (heap.len() - 1) as f64 / 2.0;
        let step = (1.5 * DOT).min(SPREAD / (2.0 * middle).max(1.0));
        heap.iter().enumerate().for_each(|(k, network)| drops[*network] = (k as f64 - middle) * step);
    }
    drops
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_that_would_hide_each_other_are_parted_in_their_order() {
        assert_eq!(parted(&[0.0, 40.0, 90.0]), [0.0, 0.0, 0.0]);
        let drops = parted(&[40.0, 7.0, 40.0, 40.5]);
        assert_eq!(drops[1], 0.0);
        assert!(drops[0] < 0.0 && drops[2] == 0.0 && drops[3] > 0.0, "{drops:?}");
        let many = parted(&[1.0; 30]);
        assert!(many.iter().all(|drop| drop.abs() <= SPREAD / 2.0 + 1e-9), "{many:?}");
    }
}
