//! How near the flows that a model expects are to the observed ones.

use crate::strengths::ratio;

/// Measures of fit over a set of pairs of places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goodness {
    /// Common part of commuters 2 Σ min(y, μ) / (Σ y + Σ μ): 0 where nothing is shared, 1 where all is.
    ///
    /// # Source
    /// Lenormand et al. 2012, PLoS ONE 7(10), e45985.
    pub common_part: Option<f64>,
    /// Root mean squared error over the mean observed flow.
    pub error: Option<f64>,
    /// 1 - D / D₀ with the Poisson deviance D = 2 Σ (y ln(y/μ) - y + μ) and D₀ that of the mean flow everywhere; `None`
    /// where a flow is observed that the model says cannot be.
    ///
    /// # Source
    /// Cameron & Windmeijer 1997, J. Econom. 77(2), equation for the Poisson model.
    pub deviance_explained: Option<f64>,
}

impl Goodness {
    /// Compares observed and expected flows, pair by pair.
    pub fn new(observed: impl Iterator<Item = f64> + Clone, expected: &[f64]) -> Self {
        let pairs = || observed.clone().zip(expected.iter().copied());
        let count = expected.len() as f64;
        let (seen, thought) = pairs().fold((0.0, 0.0), |(y, m), pair| (y + pair.0, m + pair.1));
        let shared: f64 = pairs().map(|(y, m)| y.min(m)).sum();
        let mean = seen / count;
        // As parts of the mean, because the squares of very small flows are 0 and those of very large ones infinite.
        let squares: f64 = pairs().map(|(y, m)| (y - m) / mean).map(|off| off * off).sum();
        let left: f64 = pairs().map(|(y, m)| deviance(y, m)).sum();
        let alike: f64 = pairs().map(|(y, _)| deviance(y, mean)).sum();
        Goodness {
            common_part: ratio(2.0 * shared, seen + thought),
            error: Some((squares / count).sqrt()).filter(|_| seen > 0.0),
            deviance_explained: ratio(left, alike).map(|d| 1.0 - d).filter(|r| r.is_finite()),
        }
    }
}

/// Returns y ln(y/μ) - y + μ, infinite where μ is 0 and y is not.
fn deviance(y: f64, m: f64) -> f64 {
    if y > 0.0 { y * libm::log(y / m) - y + m } else { m }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(observed: &[f64], expected: &[f64]) -> Goodness {
        Goodness::new(observed.iter().copied(), expected)
    }

    #[test]
    fn a_perfect_model_explains_all_and_the_mean_explains_nothing() {
        let perfect = of(&[1.0, 3.0, 0.0], &[1.0, 3.0, 0.0]);
        assert_eq!((perfect.common_part, perfect.error, perfect.deviance_explained), (Some(1.0), Some(0.0), Some(1.0)));
        let mean = of(&[1.0, 3.0, 2.0], &[2.0, 2.0, 2.0]);
        assert_eq!(mean.deviance_explained, Some(0.0));
        // 2 (1 + 2 + 2) / 12, and the root of 2/3 over 2.
        assert!((mean.common_part.unwrap() - 10.0 / 12.0).abs() < 1e-15);
        assert!((mean.error.unwrap() - (2.0f64 / 3.0).sqrt() / 2.0).abs() < 1e-15);
    }

    #[test]
    fn the_error_is_the_same_of_flows_of_any_size() {
        let error = of(&[2.0, 1.0], &[1.0, 2.0]).error.unwrap();
        for size in [1e-300, 1e-200, 1e200] {
            let sized = of(&[2.0 * size, size], &[size, 2.0 * size]).error.unwrap();
            assert!((sized - error).abs() < 1e-12, "{size}: {sized}");
        }
    }

    #[test]
    fn what_is_seen_but_thought_impossible_leaves_the_deviance_undefined() {
        assert_eq!(of(&[1.0, 1.0], &[0.0, 2.0]).deviance_explained, None);
        assert_eq!(of(&[], &[]), Goodness { common_part: None, error: None, deviance_explained: None });
    }
}
