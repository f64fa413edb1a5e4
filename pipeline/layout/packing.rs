//! Lays branches side by side on a ring, as near as possible to where they are wanted.

use std::f64::consts::TAU;

/// Largest share of a whole ring that branches may fill.
const FULLEST: f64 = 0.9;
/// Share of the gap between two places that branches fill where they are squeezed into it.
const SQUEEZED: f64 = 0.98;

/// A branch on a ring.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Branch {
    /// The cell that it comes from.
    pub cell: usize,
    /// Its middle: where it is wanted, then where it lies.
    pub at: f64,
    /// Half its width, with the room that it should have.
    pub half: f64,
    /// Half its width alone.
    pub least: f64,
    /// How much it costs to move it.
    pub weight: f64,
}

/// A place that stays where it is: its angle and half its width.
pub(crate) type Post = (f64, f64);

/// Lays branches into the gap between two posts so that none overlaps the next, with the least sum of weighted squared moves. Where
/// there is not enough room, posts give way, then branches give up the room around them, and at last they are made narrower.
pub(crate) fn pack_between(branches: &mut [Branch], from: Post, to: Post) {
    let gap = to.0 - from.0;
    let (needed, least) = (total(branches), 2.0 * branches.iter().map(|b| b.least).sum::<f64>());
    let halves = (from.1 + to.1).max(1e-12);
    let yielded = ((gap - needed) / halves).clamp(0.0, 1.0);
    let kept = if needed > gap { ((gap - least) / (needed - least).max(1e-12)).clamp(0.0, 1.0) } else { 1.0 };
    branches.iter_mut().for_each(|b| b.half = b.least + kept * (b.half - b.least));
    let squeeze = (SQUEEZED * gap.max(0.0) / least.max(1e-12)).min(1.0);
    branches.iter_mut().for_each(|b| b.half *= squeeze);
    let low = from.0 + yielded * from.1;
    let high = (to.0 - yielded * to.1 - total(branches)).max(low);
    pool(branches, |start| start.clamp(low, high));
}

/// Lays branches around a whole ring without posts; they come in order, over less than a turn.
pub(crate) fn pack_around(branches: &mut [Branch]) {
    let squeeze = (FULLEST * TAU / total(branches).max(1e-12)).min(1.0);
    branches.iter_mut().for_each(|b| b.half *= squeeze);
    let count = branches.len();
    let room = |b: &[Branch], k: usize| {
        let (next, turn) = if k + 1 < count { (k + 1, 0.0) } else { (0, TAU) };
        b[next].at + turn - b[k].at - b[next].half - b[k].half
    };
    // One cut ring is a line; where a line closes up over its own ends, it is cut elsewhere.
    for _ in 0..4 {
        let widest = (0..count).reduce(|a, b| if room(branches, b) > room(branches, a) { b } else { a });
        let cut = widest.map_or(0, |k| (k + 1) % count);
        branches[..cut].iter_mut().for_each(|b| b.at += TAU);
        branches.rotate_left(cut);
        pool(branches, |start| start);
        branches.rotate_right(cut);
        branches[..cut].iter_mut().for_each(|b| b.at -= TAU);
        if (0..count).all(|k| room(branches, k) > -1e-9) {
            return;
        }
    }
}

fn total(branches: &[Branch]) -> f64 {
    branches.iter().map(|b| 2.0 * b.half).sum()
}

/// Branches that touch: where the first of all branches would begin if all between lay edge to edge, the sum of the weights, and how
/// many there are.
struct Pool {
    start: f64,
    weight: f64,
    count: usize,
}

/// Weighted isotonic regression by pooling adjacent violators (Barlow et al. 1972), with bounds.
fn pool(branches: &mut [Branch], bound: impl Fn(f64) -> f64) {
    let mut pools: Vec<Pool> = Vec::new();
    let mut behind = 0.0;
    for b in branches.iter() {
        let mut pool = Pool { start: b.at - behind - b.half, weight: b.weight, count: 1 };
        behind += 2.0 * b.half;
        while let Some(last) = pools.pop_if(|last| last.start > pool.start) {
            let weight = last.weight + pool.weight;
            let start = (last.start * last.weight + pool.start * pool.weight) / weight;
            pool = Pool { start, weight, count: last.count + pool.count };
        }
        pools.push(pool);
    }
    let starts = pools.iter().flat_map(|pool| std::iter::repeat_n(bound(pool.start), pool.count));
    let mut behind = 0.0;
    for (b, start) in branches.iter_mut().zip(starts) {
        b.at = start + behind + b.half;
        behind += 2.0 * b.half;
    }
}
