//! Poisson regression of flows: what a model of totals and distances expects between each two places.
//!
//! y is an observed flow, μ the expected one, x the covariates of a pair. A model that reproduces totals has one
//! free factor for each of them; these factors are never estimated one by one but follow from the totals, so that
//! only the coefficients of the covariates are searched for. The estimates are those of maximum likelihood.
//!
//! # Source
//! Flowerdew & Aitkin 1982, J. Reg. Sci. 22(2), 191–202; Wilson 1971, Environ. Plan. 3(1), 1–32 for the family of
//! models by the totals that they keep.

/// An ordered pair of places: what was observed between them, and what the model may know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair<const K: usize> {
    /// Index of the origin.
    pub origin: u32,
    /// Index of the destination.
    pub destination: u32,
    /// The observed flow, not negative.
    pub flow: f64,
    /// The covariates.
    pub x: [f64; K],
}

/// Which totals the expected flows share with the observed ones, where factors along one side suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The total of the system.
    Total,
    /// What leaves each origin.
    Origins,
    /// What arrives at each destination.
    Destinations,
}

/// Coefficients, and the flows they make expected, in the order of the pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted<const K: usize> {
    /// One coefficient per covariate.
    pub coefficients: [f64; K],
    /// The expected flow of each pair.
    pub expected: Vec<f64>,
}

/// Newton steps before a fit counts as undefined. A likelihood with a maximum needs fewer than 20.
const STEPS: usize = 60;
/// A fit is done when no coefficient moves by more than this part of itself, or of 1.
const SETTLED: f64 = 1e-10;
/// A covariate of which the totals leave less than this part of its variance says nothing of its own.
const INFORMATION: f64 = 1e-10;
/// Rounds of balancing before totals count as impossible to keep, at least; few flows may take as many as go over all of them so often.
/// Where they hardly hang together, each round brings the totals but little nearer.
const ROUNDS: usize = 1_000;
const VISITS: usize = 20_000_000;
/// Totals are kept when the worst of them is off by no more than this part of itself.
const BALANCED: f64 = 1e-12;

/// Fits ln μ = factor of the group + β · x, where groups are the whole, the origins or the destinations.
///
/// Returns `None` where there are no flows, where a covariate does not vary within groups, and where the likelihood
/// has no maximum (as if only nearest places exchanged flows). Time O(steps · pairs).
pub fn fit<const K: usize>(pairs: &[Pair<K>], kept: Kept) -> Option<Fitted<K>> {
    let groups = Groups::new(pairs, kept);
    if groups.totals.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let mut coefficients = [0.0; K];
    let mut state = groups.at(pairs, &coefficients);
    for _ in 0..STEPS {
        let step = solve(&state)?;
        let (next, moved) = groups.climb(pairs, &coefficients, (&step, state.likelihood))?;
        let settled = (0..K).all(|k| (next[k] - coefficients[k]).abs() <= SETTLED * next[k].abs().max(1.0));
        (coefficients, state) = (next, moved);
        if settled {
            return Some(Fitted { coefficients, expected: state.expected });
        }
    }
    None
}

/// The group of every pair and the observed total of every group.
struct Groups {
    of: Vec<usize>,
    totals: Vec<f64>,
}

/// A model at some coefficients.
struct State<const K: usize> {
    expected: Vec<f64>,
    likelihood: f64,
    score: [f64; K],
    information: [[f64; K]; K],
    /// Σ μ x², what the information would be if the groups took nothing of it.
    spread: [f64; K],
}

impl Groups {
    fn new<const K: usize>(pairs: &[Pair<K>], kept: Kept) -> Self {
        let of: Vec<usize> = pairs
            .iter()
            .map(|p| match kept {
                Kept::Total => 0,
                Kept::Origins => p.origin as usize,
                Kept::Destinations => p.destination as usize,
            })
            .collect();
        let mut totals = vec![0.0; of.iter().max().map_or(0, |&last| last + 1)];
        of.iter().zip(pairs).for_each(|(&group, pair)| totals[group] += pair.flow);
        Groups { of, totals }
    }

    /// Returns the model at some coefficients. Likelihoods are known up to a constant.
    fn at<const K: usize>(&self, pairs: &[Pair<K>], coefficients: &[f64; K]) -> State<K> {
        let linear: Vec<f64> = pairs.iter().map(|p| dot(coefficients, &p.x)).collect();
        let mut top = vec![f64::NEG_INFINITY; self.totals.len()];
        self.of.iter().zip(&linear).for_each(|(&group, &l)| top[group] = top[group].max(l));
        let mut expected: Vec<f64> =
            self.of.iter().zip(&linear).map(|(&group, &l)| libm::exp(l - top[group])).collect();
        let mut sums = vec![0.0; self.totals.len()];
        self.of.iter().zip(&expected).for_each(|(&group, e)| sums[group] += e);
        let observed: f64 = pairs.iter().zip(&linear).map(|(p, l)| p.flow * l).sum();
        let normal = |(group, total): (usize, &f64)| total * (top[group] + libm::log(sums[group]));
        let present = self.totals.iter().enumerate().filter(|(_, total)| **total > 0.0);
        let likelihood = observed - present.map(normal).sum::<f64>();
        for (&group, e) in self.of.iter().zip(&mut expected) {
            *e *= self.totals[group] / sums[group];
        }
        let mut state = State { expected, likelihood, score: [0.0; K], information: [[0.0; K]; K], spread: [0.0; K] };
        self.slopes(pairs, &mut state);
        state
    }

    /// Fills in the score Σ (y - μ) x and the information Σ μ (x - x̄)(x - x̄)ᵀ, x̄ the mean of the group weighted by μ.
    fn slopes<const K: usize>(&self, pairs: &[Pair<K>], state: &mut State<K>) {
        let mut means = vec![[0.0; K]; self.totals.len()];
        for ((&group, pair), e) in self.of.iter().zip(pairs).zip(&state.expected) {
            (0..K).for_each(|k| means[group][k] += e * pair.x[k]);
        }
        for (mean, total) in means.iter_mut().zip(&self.totals).filter(|(_, total)| **total > 0.0) {
            mean.iter_mut().for_each(|m| *m /= total);
        }
        for ((&group, pair), e) in self.of.iter().zip(pairs).zip(&state.expected) {
            let from_mean: [f64; K] = std::array::from_fn(|k| pair.x[k] - means[group][k]);
            for k in 0..K {
                state.score[k] += (pair.flow - e) * from_mean[k];
                state.spread[k] += e * pair.x[k] * pair.x[k];
                (0..K).for_each(|l| state.information[k][l] += e * from_mean[k] * from_mean[l]);
            }
        }
    }

    /// Takes a step, halved until the likelihood does not fall; `None` where no part of it will do.
    fn climb<const K: usize>(
        &self,
        pairs: &[Pair<K>],
        from: &[f64; K],
        (step, likelihood): (&[f64; K], f64),
    ) -> Option<([f64; K], State<K>)> {
        let slack = likelihood.abs() * f64::EPSILON * pairs.len() as f64;
        (0..STEPS as i32).map(|halvings| libm::ldexp(1.0, -halvings)).find_map(|part| {
            let next: [f64; K] = std::array::from_fn(|k| from[k] + part * step[k]);
            let state = self.at(pairs, &next);
            (state.likelihood >= likelihood - slack).then_some((next, state))
        })
    }
}

fn dot<const K: usize>(a: &[f64; K], b: &[f64; K]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Returns the Newton step, by elimination; `None` where a covariate follows from the groups and the other covariates.
fn solve<const K: usize>(state: &State<K>) -> Option<[f64; K]> {
    let (mut matrix, mut right) = (state.information, state.score);
    for pivot in 0..K {
        if lacks(matrix[pivot][pivot], state.spread[pivot]) {
            return None;
        }
        for row in pivot + 1..K {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            (pivot..K).for_each(|k| matrix[row][k] -= factor * matrix[pivot][k]);
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..K).rev() {
        let known: f64 = (row + 1..K).map(|k| matrix[row][k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

/// Returns whether hardly anything is left of the variation of a covariate.
fn lacks(information: f64, spread: f64) -> bool {
    information.is_nan() || information <= INFORMATION * spread
}

/// Fits ln μ = factor of the origin + factor of the destination + β x, so that both totals of every place are kept.
///
/// `None` as for [`fit`], and where the totals cannot be balanced over the pairs. Time O(steps · rounds · pairs); the
/// rounds are those of iterative proportional fitting, some tens unless the flows hardly hang together.
pub fn fit_both(pairs: &[Pair<1>]) -> Option<Fitted<1>> {
    let sides = Sides::new(pairs)?;
    let centre = pairs.iter().map(|p| p.flow * p.x[0]).sum::<f64>() / sides.total;
    let centred: Vec<f64> = pairs.iter().map(|p| p.x[0] - centre).collect();
    let (mut coefficient, mut factors) = (0.0, vec![1.0; sides.incoming.len()]);
    for _ in 0..STEPS {
        let shape: Vec<f64> = centred.iter().map(|x| libm::exp(coefficient * x)).collect();
        let expected = sides.balanced(pairs, &shape, &mut factors)?;
        let spread: f64 = expected.iter().zip(&centred).map(|(e, x)| e * x * x).sum();
        let own = sides.without_totals(pairs, &expected, &centred)?;
        let information: f64 = expected.iter().zip(&own).map(|(e, x)| e * x * x).sum();
        if lacks(information, spread) {
            return None;
        }
        let score: f64 = pairs.iter().zip(&expected).zip(&own).map(|((p, e), x)| (p.flow - e) * x).sum();
        let step = (score / information).clamp(-MOST_STEP, MOST_STEP);
        if step.abs() <= SETTLED * coefficient.abs().max(1.0) {
            return Some(Fitted { coefficients: [coefficient], expected });
        }
        coefficient += step;
    }
    None
}

/// A longer Newton step than this is cut: far from the maximum the curvature says little.
const MOST_STEP: f64 = 2.0;

/// The observed totals of every origin and destination.
struct Sides {
    outgoing: Vec<f64>,
    incoming: Vec<f64>,
    total: f64,
}

impl Sides {
    fn new(pairs: &[Pair<1>]) -> Option<Self> {
        let places = pairs.iter().map(|p| p.origin.max(p.destination) as usize + 1).max()?;
        let (mut outgoing, mut incoming) = (vec![0.0; places], vec![0.0; places]);
        for pair in pairs {
            outgoing[pair.origin as usize] += pair.flow;
            incoming[pair.destination as usize] += pair.flow;
        }
        let total = outgoing.iter().sum();
        (total > 0.0).then_some(Sides { outgoing, incoming, total })
    }

    /// Scales a shape until it has the observed totals; `factors` are those of the destinations, kept between calls.
    fn balanced(&self, pairs: &[Pair<1>], shape: &[f64], factors: &mut [f64]) -> Option<Vec<f64>> {
        for _ in 0..rounds(pairs.len()) {
            let sent = self.sums(pairs, |k, p| (p.origin, shape[k] * factors[p.destination as usize]));
            let senders: Vec<f64> = self.outgoing.iter().zip(&sent).map(|(o, s)| scale(*o, *s)).collect();
            let arrived = self.sums(pairs, |k, p| (p.destination, shape[k] * senders[p.origin as usize]));
            let off = |((d, a), f): ((&f64, &f64), &f64)| if *d > 0.0 { (a * f / d - 1.0).abs() } else { 0.0 };
            let worst = self.incoming.iter().zip(&arrived).zip(&*factors).map(off).fold(0.0, f64::max);
            for ((factor, d), a) in factors.iter_mut().zip(&self.incoming).zip(&arrived) {
                *factor = scale(*d, *a);
            }
            if worst <= BALANCED {
                let expected =
                    |(p, s): (&Pair<1>, &f64)| s * senders[p.origin as usize] * factors[p.destination as usize];
                return Some(pairs.iter().zip(shape).map(expected).collect());
            }
        }
        None
    }

    /// Returns what is left of x when weighted means of origins and destinations are taken out, by turns.
    fn without_totals(&self, pairs: &[Pair<1>], expected: &[f64], x: &[f64]) -> Option<Vec<f64>> {
        let mut left = x.to_vec();
        let size = x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        for _ in 0..rounds(pairs.len()) {
            let by_origin = self.sums(pairs, |k, p| (p.origin, expected[k] * left[k]));
            let taken =
                self.take(pairs, &mut left, |p| scale(by_origin[p.origin as usize], self.outgoing[p.origin as usize]));
            let by_destination = self.sums(pairs, |k, p| (p.destination, expected[k] * left[k]));
            let mean =
                |p: &Pair<1>| scale(by_destination[p.destination as usize], self.incoming[p.destination as usize]);
            if taken.max(self.take(pairs, &mut left, mean)) <= SETTLED * size {
                return Some(left);
            }
        }
        None
    }

    /// Subtracts a mean from every value and returns the largest one that was subtracted.
    fn take(&self, pairs: &[Pair<1>], left: &mut [f64], mean: impl Fn(&Pair<1>) -> f64) -> f64 {
        pairs.iter().zip(left).fold(0.0, |most, (pair, value)| {
            let mean = mean(pair);
            *value -= mean;
            most.max(mean.abs())
        })
    }

    fn sums(&self, pairs: &[Pair<1>], term: impl Fn(usize, &Pair<1>) -> (u32, f64)) -> Vec<f64> {
        let mut sums = vec![0.0; self.outgoing.len()];
        for (k, pair) in pairs.iter().enumerate() {
            let (place, value) = term(k, pair);
            sums[place as usize] += value;
        }
        sums
    }
}

/// Returns how many rounds so many pairs may take.
fn rounds(pairs: usize) -> usize {
    ROUNDS.max(VISITS / pairs.max(1))
}

/// Returns `wanted / found`, or 0 where nothing is found.
fn scale(wanted: f64, found: f64) -> f64 {
    if found > 0.0 { wanted / found } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair<const K: usize>(origin: u32, destination: u32, flow: f64, x: [f64; K]) -> Pair<K> {
        Pair { origin, destination, flow, x }
    }

    /// Flows a_i b_j e^(-0.7 x) between 6 places with covariates that follow from nothing else.
    fn exact() -> Vec<Pair<1>> {
        let ends = (0..6u32).flat_map(|i| (0..6u32).map(move |j| (i, j))).filter(|(i, j)| i != j);
        let x = |i: u32, j: u32| f64::from((i * 7 + j * 11 + i * j * 5) % 13) / 3.0;
        let factor = |i: u32, j: u32| f64::from((i + 1) * (2 * j + 3));
        ends.map(|(i, j)| pair(i, j, factor(i, j) * libm::exp(-0.7 * x(i, j)), [x(i, j)])).collect()
    }

    #[test]
    fn flows_made_by_a_model_with_both_totals_give_it_back() {
        let pairs = exact();
        let fitted = fit_both(&pairs).unwrap();
        assert!((fitted.coefficients[0] + 0.7).abs() < 1e-9, "{:?}", fitted.coefficients);
        assert!(fitted.expected.iter().zip(&pairs).all(|(e, p)| (e - p.flow).abs() < 1e-8 * p.flow));
    }

    /// Places in a row, each joined to the next two: totals are passed on from one end to the other.
    #[test]
    fn flows_that_hardly_hang_together_are_fitted_as_well() {
        let places = 40;
        let ends = (0..places).flat_map(|i| [(i, i), (i, i + 1)]).filter(|(_, j)| *j < places);
        let ends = ends.chain([(places - 1, 0)]);
        let flow = |i: u32, j: u32| f64::from(50 + (i * 37 + j * 101) % 97);
        let pairs: Vec<_> =
            ends.map(|(i, j)| pair(i, j, flow(i, j), [f64::from((i * i * 7 + j * 3) % 11) / 5.0])).collect();
        let fitted = fit_both(&pairs).unwrap();
        let total = |values: &[f64], i: u32| -> f64 {
            pairs.iter().zip(values).filter(|(p, _)| p.origin == i).map(|(_, value)| value).sum()
        };
        let observed: Vec<f64> = pairs.iter().map(|p| p.flow).collect();
        assert!((0..places).all(|i| (total(&fitted.expected, i) / total(&observed, i) - 1.0).abs() < 1e-9));
        let slope = |p: &Pair<1>, e: f64| (p.flow - e) * p.x[0];
        let score: f64 = pairs.iter().zip(&fitted.expected).map(|(p, e)| slope(p, *e)).sum();
        assert!(score.abs() < 1e-6 * observed.iter().sum::<f64>(), "{score}");
    }

    #[test]
    fn a_model_keeps_the_totals_it_is_to_keep() {
        let pairs: Vec<Pair<1>> = exact().iter().map(|p| Pair { flow: p.flow.round(), ..*p }).collect();
        let sum = |of: &dyn Fn(&Pair<1>) -> u32, place: u32, values: &[f64]| -> f64 {
            pairs.iter().zip(values).filter(|(p, _)| of(p) == place).map(|(_, v)| v).sum()
        };
        let observed: Vec<f64> = pairs.iter().map(|p| p.flow).collect();
        let origins = fit(&pairs, Kept::Origins).unwrap().expected;
        let destinations = fit(&pairs, Kept::Destinations).unwrap().expected;
        let both = fit_both(&pairs).unwrap().expected;
        for place in 0..6 {
            let out = sum(&|p| p.origin, place, &observed);
            let into = sum(&|p| p.destination, place, &observed);
            assert!((sum(&|p| p.origin, place, &origins) - out).abs() < 1e-8 * out);
            assert!((sum(&|p| p.destination, place, &destinations) - into).abs() < 1e-8 * into);
            assert!((sum(&|p| p.origin, place, &both) - out).abs() < 1e-8 * out);
            assert!((sum(&|p| p.destination, place, &both) - into).abs() < 1e-8 * into);
        }
        let total = |values: &[f64]| values.iter().sum::<f64>();
        assert!(
            (total(&fit(&pairs, Kept::Total).unwrap().expected) - total(&observed)).abs() < 1e-8 * total(&observed)
        );
    }

    #[test]
    fn a_covariate_that_follows_from_the_totals_cannot_be_fitted() {
        let alike: Vec<_> = exact().iter().map(|p| Pair { x: [f64::from(p.origin)], ..*p }).collect();
        assert!(fit(&alike, Kept::Origins).is_none());
        assert!(fit_both(&alike).is_none());
        let twice: Vec<_> =
            exact().iter().map(|p| pair(p.origin, p.destination, p.flow, [p.x[0], 2.0 * p.x[0]])).collect();
        assert!(fit(&twice, Kept::Total).is_none());
    }

    #[test]
    fn flows_over_the_shortest_step_alone_have_no_decay() {
        let pairs: Vec<_> =
            exact().iter().map(|p| Pair { flow: if p.x[0] == 0.0 { 1.0 } else { 0.0 }, ..*p }).collect();
        assert!(pairs.iter().any(|p| p.flow > 0.0) && fit(&pairs, Kept::Total).is_none());
        assert!(fit(&pairs[..0], Kept::Total).is_none() && fit_both(&pairs[..0]).is_none());
    }
}
