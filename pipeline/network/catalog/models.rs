//! Spatial interaction models and how near they come.

use flowatlas_model::MetricInfo;

use super::metric;

const WILSON: &str = "Wilson 1971, Environ. Plan. 3(1); fitted as Flowerdew & Aitkin 1982, J. Reg. Sci. 22(2)";

/// What is reported of a gravity model.
pub(crate) struct GravityMetrics {
    pub(crate) sending: MetricInfo,
    pub(crate) receiving: MetricInfo,
    pub(crate) decay: MetricInfo,
    pub(crate) fit: FitMetrics,
}

/// What is reported of the fit of any model.
pub(crate) struct FitMetrics {
    pub(crate) common_part: MetricInfo,
    pub(crate) error: MetricInfo,
    pub(crate) deviance: MetricInfo,
}

/// The pairs that a gravity model is fitted over, as a literal.
macro_rules! pairs {
    () => {
        "ordered pairs of different places at different positions, without a flow as 0, those listed without a weight left out"
    };
}

macro_rules! fit {
    ($id:literal, $title:literal, $model:literal) => {
        FitMetrics {
            common_part: metric(
                [concat!($id, "_cpc"), concat!($title, ", common part"), "1"],
                concat!("2 sum min(M_ij, E_ij) / (sum M_ij + sum E_ij) over the pairs of the model, E_ij = ", $model, "; from 0 to 1."),
                "Lenormand et al. 2012, PLoS ONE 7(10), e45985",
            ),
            error: metric(
                [concat!($id, "_srmse"), concat!($title, ", standardised error"), "1"],
                concat!("Root of the mean of (M_ij - E_ij)^2 / mean of M_ij over the pairs of the model, E_ij = ", $model, "."),
                "Knudsen & Fotheringham 1986, Int. Reg. Sci. Rev. 10(2)",
            ),
            deviance: metric(
                [concat!($id, "_r2"), concat!($title, ", deviance explained"), "1"],
                "1 - D / D0 with the Poisson deviance D over the pairs of the model and D0 that of their mean flow; at most \
                 1; empty where a flow is expected to be impossible.",
                "Cameron & Windmeijer 1997, J. Econom. 77(2)",
            ),
        }
    };
}

macro_rules! gravity {
    ($id:literal, $title:literal, $model:literal, $decay:literal, $unit:literal) => {
        GravityMetrics {
            sending: metric(
                [concat!($id, "_alpha"), concat!($title, ", exponent of origins"), "1"],
                concat!("alpha of E_ij = ", $model, "; over ", pairs!(), ", with known populations."),
                WILSON,
            ),
            receiving: metric(
                [concat!($id, "_beta"), concat!($title, ", exponent of destinations"), "1"],
                concat!("beta of E_ij = ", $model, "; over ", pairs!(), ", with known populations."),
                WILSON,
            ),
            decay: metric(
                [concat!($id, "_decay"), concat!($title, ", decay"), $unit],
                concat!(
                    $decay,
                    " of E_ij = ",
                    $model,
                    ", by Poisson maximum likelihood over ",
                    pairs!(),
                    "; empty where there is none."
                ),
                WILSON,
            ),
            fit: fit!($id, $title, $model),
        }
    };
}

/// Those of a whole network, in the order of the tables.
pub(crate) const MODELS: &[&MetricInfo] = &[
    &DISTANCE_DECAY,
    &GRAVITY_FREE_POWER.sending,
    &GRAVITY_FREE_POWER.receiving,
    &GRAVITY_FREE_POWER.decay,
    &GRAVITY_FREE_POWER.fit.common_part,
    &GRAVITY_FREE_POWER.fit.error,
    &GRAVITY_FREE_POWER.fit.deviance,
    &GRAVITY_ORIGINS_POWER.receiving,
    &GRAVITY_ORIGINS_POWER.decay,
    &GRAVITY_ORIGINS_POWER.fit.common_part,
    &GRAVITY_ORIGINS_POWER.fit.error,
    &GRAVITY_ORIGINS_POWER.fit.deviance,
    &GRAVITY_DESTINATIONS_POWER.sending,
    &GRAVITY_DESTINATIONS_POWER.decay,
    &GRAVITY_DESTINATIONS_POWER.fit.common_part,
    &GRAVITY_DESTINATIONS_POWER.fit.error,
    &GRAVITY_DESTINATIONS_POWER.fit.deviance,
    &GRAVITY_BOTH_POWER.decay,
    &GRAVITY_BOTH_POWER.fit.common_part,
    &GRAVITY_BOTH_POWER.fit.error,
    &GRAVITY_BOTH_POWER.fit.deviance,
    &GRAVITY_FREE_EXPONENTIAL.sending,
    &GRAVITY_FREE_EXPONENTIAL.receiving,
    &GRAVITY_FREE_EXPONENTIAL.decay,
    &GRAVITY_FREE_EXPONENTIAL.fit.common_part,
    &GRAVITY_FREE_EXPONENTIAL.fit.error,
    &GRAVITY_FREE_EXPONENTIAL.fit.deviance,
    &GRAVITY_ORIGINS_EXPONENTIAL.receiving,
    &GRAVITY_ORIGINS_EXPONENTIAL.decay,
    &GRAVITY_ORIGINS_EXPONENTIAL.fit.common_part,
    &GRAVITY_ORIGINS_EXPONENTIAL.fit.error,
    &GRAVITY_ORIGINS_EXPONENTIAL.fit.deviance,
    &GRAVITY_DESTINATIONS_EXPONENTIAL.sending,
    &GRAVITY_DESTINATIONS_EXPONENTIAL.decay,
    &GRAVITY_DESTINATIONS_EXPONENTIAL.fit.common_part,
    &GRAVITY_DESTINATIONS_EXPONENTIAL.fit.error,
    &GRAVITY_DESTINATIONS_EXPONENTIAL.fit.deviance,
    &GRAVITY_BOTH_EXPONENTIAL.decay,
    &GRAVITY_BOTH_EXPONENTIAL.fit.common_part,
    &GRAVITY_BOTH_EXPONENTIAL.fit.error,
    &GRAVITY_BOTH_EXPONENTIAL.fit.deviance,
    &RADIATION.common_part,
    &RADIATION.error,
    &RADIATION.deviance,
];

pub(crate) const GRAVITY_FREE_POWER: GravityMetrics = gravity!(
    "gravity_free_power",
    "Gravity model, unconstrained, power",
    "K P_i^alpha P_j^beta d_ij^-gamma",
    "gamma",
    "1"
);

pub(crate) const GRAVITY_ORIGINS_POWER: GravityMetrics = gravity!(
    "gravity_origins_power",
    "Gravity model, origins kept, power",
    "A_i O_i P_j^beta d_ij^-gamma",
    "gamma",
    "1"
);

pub(crate) const GRAVITY_DESTINATIONS_POWER: GravityMetrics = gravity!(
    "gravity_destinations_power",
    "Gravity model, destinations kept, power",
    "B_j D_j P_i^alpha d_ij^-gamma",
    "gamma",
    "1"
);

pub(crate) const GRAVITY_BOTH_POWER: GravityMetrics =
    gravity!("gravity_both_power", "Gravity model, both kept, power", "A_i O_i B_j D_j d_ij^-gamma", "gamma", "1");

pub(crate) const GRAVITY_FREE_EXPONENTIAL: GravityMetrics = gravity!(
    "gravity_free_exponential",
    "Gravity model, unconstrained, exponential",
    "K P_i^alpha P_j^beta exp(-d_ij / k)",
    "k, empty where flows do not fall,",
    "km"
);

pub(crate) const GRAVITY_ORIGINS_EXPONENTIAL: GravityMetrics = gravity!(
    "gravity_origins_exponential",
    "Gravity model, origins kept, exponential",
    "A_i O_i P_j^beta exp(-d_ij / k)",
    "k, empty where flows do not fall,",
    "km"
);

pub(crate) const GRAVITY_DESTINATIONS_EXPONENTIAL: GravityMetrics = gravity!(
    "gravity_destinations_exponential",
    "Gravity model, destinations kept, exponential",
    "B_j D_j P_i^alpha exp(-d_ij / k)",
    "k, empty where flows do not fall,",
    "km"
);

pub(crate) const GRAVITY_BOTH_EXPONENTIAL: GravityMetrics = gravity!(
    "gravity_both_exponential",
    "Gravity model, both kept, exponential",
    "A_i O_i B_j D_j exp(-d_ij / k)",
    "k, empty where flows do not fall,",
    "km"
);

pub(crate) const DISTANCE_DECAY: MetricInfo = metric(
    ["distance_decay", "Distance decay", "1"],
    "-b of the Poisson regression ln E_ij = a_i + c_j + b ln d_ij over the pairs that the table lists, weight 0 included, unknown weights and places at the same position not: b is the change in percent of a flow that is 1 % longer; empty where totals leave b undetermined.",
    "Flowerdew & Aitkin 1982, J. Reg. Sci. 22(2); as index_distance of the R package migest",
);

/// The radiation model: E_ij = O_i P_i P_j / ((P_i + s_ij) (P_i + P_j + s_ij)), Simini et al. 2012, Nature 484, with
/// s_ij the population of the other places no farther from i than j.
pub(crate) const RADIATION: FitMetrics = fit!(
    "radiation",
    "Radiation model",
    "O_i P_i P_j / ((P_i + s_ij) (P_i + P_j + s_ij)) with s_ij the people of other places no farther from i than j is (Simini et al. 2012, Nature 484), over all pairs but those listed without a weight; where i has such flows, O_i is what is known to leave it over the part that the model expects of the known pairs"
);
