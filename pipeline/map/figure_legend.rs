//! The legend of several maps at once: what their locked scales and common colours mean.

use flowatlas_model::{planar::PlanarLayout, units::Mm};
use kurbo::{Point, Size};

use crate::{
    arrange::{circle_range, drawn_range, draws_flows, numberless, uncertain_widths, varied_circles},
    block::{Block, moved, top_of},
    compose::group,
    frame::Framed,
    furniture::scale_bar,
    legend::{Entries, LegendInput, legend, legend_parts},
    palette::Palette,
    spec::MapInput,
    text::Typesetter,
    words::Words,
};

/// Room between parts of the legend that stand beside one another in points.
const BESIDE: f64 = 22.0;

/// How the parts of a legend follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Below one another, for a column.
    Down,
    /// Beside one another as far as they fit this many whole points, then in a new row.
    Across(u32),
}

/// Returns the legend that serves all of these maps, which share their scales; empty where there is nothing to explain.
///
/// Layouts are those of the maps, in their order. Words are set as on the first map. Circles, rings and shades are explained where any of
/// the maps has them. Maps of one network, which show the same ground, have one scale bar here.
pub fn figure_legend(maps: &[(&MapInput<'_>, &Framed)], layouts: &[PlanarLayout], run: Run) -> Block {
    let Some(&(first, framed)) = maps.first() else { return Block::default() };
    let mut set = Typesetter::new(first.fonts);
    let palette = Palette::of(first).shaded(&framed.widths);
    let circled = maps.iter().find(|(input, framed)| varied_circles(input, framed));
    let shaded = maps.iter().find_map(|(input, framed)| framed.shading.as_ref().map(|shading| (input, shading)));
    let weights = maps.iter().flat_map(|(input, _)| input.shown.links().filter_map(|(_, _, link)| link.weight));
    let [smallest, largest] = drawn_range(weights);
    let range = circle_range(maps.iter().map(|(_, framed)| *framed));
    let uncertain = maps.iter().flat_map(|(input, framed)| uncertain_widths(input, framed));
    let mut spec = shaded.map_or(first.spec, |(input, _)| input.spec).clone();
    if let Run::Across(width) = run {
        spec.width = Mm::from_pt(f64::from(width));
    }
    let input = LegendInput {
        passing: None,
        spec: &spec,
        style: first.style,
        atlas: first.atlas,
        widths: &framed.widths,
        smallest,
        largest,
        flows: maps.iter().any(|(input, framed)| draws_flows(input, framed)),
        circles: circled.map(|(_, framed)| (&framed.circles, range)),
        uncertain: palette.uncertain_looks(uncertain),
        numberless: maps.iter().find_map(|(input, framed)| numberless(input, framed, &palette)),
        palette: &palette,
        trunks: least_in_trunks(maps.iter().map(|(_, framed)| *framed).zip(layouts)),
        rings: maps.iter().any(|(_, framed)| framed.nodes.iter().any(|node| node.ring > 0.0)),
        shading: shaded.map(|(_, shading)| shading),
    };
    let bar = common_scale_bar((first, framed), &mut set);
    match run {
        Run::Down => beneath(flush(legend(&input, &mut set)), bar),
        Run::Across(width) => {
            let width = f64::from(width);
            let laid = [Entries::Stacked, Entries::InRows(width)].map(|entries| {
                let parts = legend_parts(&input, entries, &mut set);
                across(parts.into_iter().chain(bar.clone()).collect(), width)
            });
            lowest(laid)
        }
    }
}

/// Returns the width that a flow takes in the trunks of any map at least; nothing where there are none.
fn least_in_trunks<'a>(maps: impl Iterator<Item = (&'a Framed, &'a PlanarLayout)>) -> Option<f64> {
    let of = |(framed, layout): (&Framed, &PlanarLayout)| {
        let hair = layout.trees.iter().map(|tree| tree.hair).reduce(f64::max);
        hair.map(|hair| framed.least_in_trunks(hair))
    };
    maps.filter_map(of).reduce(f64::max)
}

/// Returns the lower of two legends: what stands in columns of unlike length leaves a hole beside the shorter ones.
fn lowest([stacked, in_rows]: [Block; 2]) -> Block {
    if in_rows.size.height < stacked.size.height { in_rows } else { stacked }
}

/// Returns the scale bar of maps that show the same ground, of which this is the first.
fn common_scale_bar((first, framed): (&MapInput<'_>, &Framed), set: &mut Typesetter) -> Option<Block> {
    let words = Words::of(first.spec.language);
    let bar = first.shares_ground().then(|| scale_bar(framed.main(), first.atlas.coordinates, first.style, set, words));
    let Block { items, size } = bar.flatten()?;
    Some(Block { items: vec![group("scale-bar", items)], size })
}

/// Returns a block with another one below it.
fn beneath(mut block: Block, other: Option<Block>) -> Block {
    let gap = if block.items.is_empty() { 0.0 } else { BESIDE / 2.0 };
    if let Some(other) = other.map(flush) {
        block.push_items(other.items, other.size, gap);
    }
    block
}

/// Returns the block with its topmost ink at its top.
fn flush(block: Block) -> Block {
    let top = top_of(&block.items);
    let size = Size::new(block.size.width, block.size.height - top);
    Block { items: moved(block.items, (0.0, -top).into()), size }
}

/// Returns parts beside one another as far as they fit a width, then in a new row.
pub(crate) fn across(parts: Vec<Block>, width: f64) -> Block {
    let mut all = Block::default();
    let mut at = Point::ZERO;
    for part in parts.into_iter().map(flush) {
        if at.x > 0.0 && at.x + part.size.width > width {
            at = Point::new(0.0, all.size.height + BESIDE / 2.0);
        }
        let size = part.size;
        all.items.extend(part.place(at));
        all.size = Size::new(all.size.width.max(at.x + size.width), all.size.height.max(at.y + size.height));
        at.x += size.width + BESIDE;
    }
    all
}
