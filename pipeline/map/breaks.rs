//! Where classes of numbers part: optimal or of equal size, at round numbers between the values.
//!
//! A cut is a position in the ascending values: what stands before it lies in the class below. A break is the number
//! that the legend prints for a cut.

/// Numbers of a round break: steps of 1, 5 and 2 times a power of ten.
const HEADS: [f64; 3] = [1.0, 5.0, 2.0];
/// Powers of ten below the width of a gap at which a round number is looked for; floats resolve no more.
const POWERS: i32 = 17;

/// Returns the cuts into at most `classes` classes with the least sum of squared deviations from the class means
/// (Fisher 1958, doi 10.1080/01621459.1958.10501479; named for Jenks 1967), exactly, by dynamic programming with
/// monotone splits (Wang and Song 2011, doi 10.32614/RJ-2011-015; Song and Zhong 2020, doi
/// 10.1093/bioinformatics/btaa613).
///
/// `sorted` is ascending and finite. Equal values are never parted, so there are at most as many classes as different
/// values; of equally good cuts the lowest are taken. Time O(classes · n log n), space O(classes · n).
pub fn jenks(sorted: &[f64], classes: usize) -> Vec<usize> {
    let distinct = Distinct::of(sorted);
    let count = distinct.starts.len();
    let classes = classes.min(count);
    if classes < 2 {
        return Vec::new();
    }
    let mut costs: Vec<f64> = (0..count).map(|last| distinct.deviation(0, last)).collect();
    let mut splits: Vec<Vec<usize>> = Vec::with_capacity(classes - 1);
    for below in 1..classes {
        let (next, split) = with_one_more_class(&distinct, &costs, below);
        costs = next;
        splits.push(split);
    }
    let mut last = count - 1;
    let mut cuts: Vec<usize> = Vec::with_capacity(classes - 1);
    for split in splits.iter().rev() {
        let first = split[last];
        cuts.push(distinct.starts[first]);
        last = first - 1;
    }
    cuts.reverse();
    cuts
}

/// Returns the cuts at the quantiles k/`classes` (definition 7 of Hyndman and Fan 1996, doi 10.2307/2684934); a value
/// equal to a quantile lies below it. Equal values are never parted, so some classes may be missing. `sorted` is
/// ascending.
pub fn quantiles(sorted: &[f64], classes: usize) -> Vec<usize> {
    let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
    let cut = |k: usize| {
        let value = sorted[last * k / classes];
        sorted.partition_point(|v| *v <= value)
    };
    let mut cuts: Vec<usize> = (1..classes).map(cut).filter(|cut| *cut < sorted.len()).collect();
    cuts.dedup();
    cuts
}

/// Returns the roundest number above `low` and below `high`, and of equally round ones the nearest to the middle.
/// `high` itself where no number lies between. Takes `low` < `high`, both finite.
pub fn round_between(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    let top = libm::floor(libm::log10(high - low)) as i32 + 1;
    let steps = (top - POWERS..=top)
        .rev()
        .flat_map(|power| HEADS.map(|head| (head, if head > 1.0 { power - 1 } else { power })));
    let round = |(head, power): (f64, i32)| {
        let ten = libm::exp10(f64::from(power.abs()));
        let step = if power < 0 { head / ten } else { head * ten };
        let whole = (middle / step).round() * head;
        // Dividing gives the nearest float to the decimal, where multiplying by a tenth would not.
        if power < 0 { whole / ten } else { whole * ten }
    };
    let inside = |value: &f64| low < *value && *value < high;
    steps.map(round).find(inside).unwrap_or(if inside(&middle) { middle } else { high })
}

/// The different values of a list, as running sums.
struct Distinct {
    /// Where each value first stands in the list.
    starts: Vec<usize>,
    /// How many values, their sum and the sum of their squares, before each different value and after the last. Values
    /// are taken from their median, which keeps the digits of numbers far from 0.
    sums: Vec<[f64; 3]>,
}

impl Distinct {
    fn of(sorted: &[f64]) -> Self {
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
        let (mut starts, mut sums) = (Vec::new(), Vec::new());
        let mut sum = [0.0; 3];
        for (k, value) in sorted.iter().enumerate() {
            if k == 0 || sorted[k - 1] < *value {
                starts.push(k);
                sums.push(sum);
            }
            let from = value - median;
            sum = [sum[0] + 1.0, sum[1] + from, sum[2] + from * from];
        }
        sums.push(sum);
        Distinct { starts, sums }
    }

    /// Returns the sum of squared deviations from the mean of the different values `first` to `last`.
    fn deviation(&self, first: usize, last: usize) -> f64 {
        let [from, to] = [self.sums[first], self.sums[last + 1]];
        let [count, sum, squares] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        if first == last { 0.0 } else { (squares - sum * sum / count).max(0.0) }
    }
}

/// Returns, for the values up to each one, the least cost with one more class than the `below` that `costs` are of,
/// and where the last class then starts.
///
/// The best start never falls from one value to the next, so the middle of a stretch of values bounds those on both
/// sides.
fn with_one_more_class(distinct: &Distinct, costs: &[f64], below: usize) -> (Vec<f64>, Vec<usize>) {
    let mut best = (vec![f64::INFINITY; costs.len()], vec![0; costs.len()]);
    let mut open = vec![(below, costs.len(), below, costs.len() - 1)];
    while let Some((from, to, least, most)) = open.pop() {
        if from >= to {
            continue;
        }
        let last = from + (to - from) / 2;
        let cost = |first: usize| costs[first - 1] + distinct.deviation(first, last);
        let start = (least..=most.min(last)).reduce(|a, b| if cost(b) < cost(a) { b } else { a }).unwrap_or(least);
        (best.0[last], best.1[last]) = (cost(start), start);
        open.push((from, last, least, start));
        open.push((last + 1, to, start, most));
    }
    best
}

#[cfg(test)]
#[path = "breaks_tests.rs"]
mod tests;
