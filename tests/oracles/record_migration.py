#!/usr/bin/env python3
"""Records what statsmodels, SciPy and plain NumPy say about the indicators of migration and about spatial interaction models.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python record_migration.py

Every number comes from a library or from the formula as its paper writes it, over full matrices and with all loops. Places lie
on a plane, so distances need no model of the Earth.
"""
import itertools
import json
import re
from pathlib import Path

import numpy as np
import scipy
import scipy.stats
import statsmodels
import statsmodels.api as sm

HERE = Path(__file__).parent


def system(rng):
    """Twenty places with flows that follow populations and distances, and some zeros among the small ones."""
    n = 20
    at = rng.uniform(0, 500, (n, 2))
    people = np.round(rng.lognormal(11, 1.1, n))
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    off = ~np.eye(n, dtype=bool)
    mean = np.outer(people**0.7, people**0.8)
    mean[off] = mean[off] / apart[off] ** 1.3
    mean *= 6000 / mean[off].sum()
    flows = np.where(off, rng.poisson(mean), 0)
    return at, people, apart, flows.astype(float)


def absolute(a, b):
    return np.abs(np.subtract.outer(a, b)).sum()


def indicators(people, flows):
    n = len(people)
    off = ~np.eye(n, dtype=bool)
    cells, total, out, into = flows[off], flows.sum(), flows.sum(1), flows.sum(0)
    rows = [flows[i, off[i]] for i in range(n)]
    columns = [flows[off[:, j], j] for j in range(n)]
    share = cells / total
    gini = absolute(cells, cells) / (2 * len(cells) * total)
    gini_out = np.array([absolute(r, r) / (2 * (n - 2) * r.sum()) for r in rows])
    gini_in = np.array([absolute(c, c) / (2 * (n - 2) * c.sum()) for c in columns])
    cv_out, cv_in = ([scipy.stats.variation(x) for x in side] for side in (rows, columns))
    intensity = 100 * total / people.sum()
    preference = (flows / total) / (np.outer(people, people) / people.sum() ** 2)
    return {
        "crude_intensity": intensity,
        "courgeau_k": intensity / np.log(n**2),
        "migration_effectiveness": 100 * np.abs(into - out).sum() / (into + out).sum(),
        "aggregate_net_rate": 100 * 0.5 * np.abs(into - out).sum() / people.sum(),
        "connectivity": np.count_nonzero(cells) / len(cells),
        "inequality": 0.5 * np.abs(share - 1 / len(cells)).sum(),
        "inequality_expected": 0.5 * np.abs(cells - glm(flows, None, True, True)[1]).sum() / total,
        "gini": absolute(cells, cells) / (2 * (len(cells) - 1) * total),
        "gini_uncorrected": gini,
        "gini_rows": sum(absolute(r, r) for r in rows) / (2 * len(cells) * total),
        "gini_columns": sum(absolute(c, c) for c in columns) / (2 * len(cells) * total),
        "gini_exchange": np.abs(flows - flows.T).sum() / (2 * len(cells) * total),
        "gini_exchange_standardised": 100 * np.abs(flows - flows.T).sum() / (2 * len(cells) * total) / gini,
        "gini_out_weighted": (gini_out * out).sum() / total,
        "gini_in_weighted": (gini_in * into).sum() / total,
        "gini_out": gini_out,
        "gini_in": gini_in,
        "cv_out": cv_out,
        "cv_in": cv_in,
        "acv": (np.array(cv_out) * out).sum() / total + (np.array(cv_in) * into).sum() / total,
        "concentration": (share**2).sum(),
        "entropy": scipy.stats.entropy(cells),
        "evenness": scipy.stats.entropy(cells) / np.log(len(cells)),
        "theil": np.log(len(cells)) - scipy.stats.entropy(cells),
        "evenness_out": [scipy.stats.entropy(r) / np.log(n - 1) for r in rows],
        "in_rate": 1000 * into / people,
        "net_rate": 1000 * (into - out) / people,
        "preference_sum": preference.sum(),
        "velocity_sum": (flows * people.sum() / np.outer(people, people)).sum(),
    }


def glm(flows, covariates, by_origin, by_destination, listed=None):
    """Poisson regression with dummies for the totals that are kept; coefficients of the covariates, and expected flows."""
    n = len(flows)
    kept = ~np.eye(n, dtype=bool) if listed is None else listed
    origin, destination = (x[kept] for x in np.indices((n, n)))
    design = [np.ones((kept.sum(), 1))] if not (by_origin or by_destination) else []
    if by_origin:
        design.append(np.eye(n)[origin])
    if by_destination:
        design.append(np.eye(n)[destination][:, 1 if by_origin else 0 :])
    if covariates is not None:
        design.insert(0, np.column_stack([c[kept] for c in covariates]))
    matrix = np.hstack(design)
    fit = sm.GLM(flows[kept], matrix, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=500)
    k = 0 if covariates is None else len(covariates)
    return fit.params[:k], fit.fittedvalues


def fit_of(observed, expected):
    terms = scipy.special.xlogy(observed, observed / expected) - observed + expected
    mean = observed.mean()
    alike = scipy.special.xlogy(observed, observed / mean) - observed + mean
    return {
        "cpc": 2 * np.minimum(observed, expected).sum() / (observed.sum() + expected.sum()),
        "srmse": np.sqrt(((observed - expected) ** 2).mean()) / mean,
        "r2": 1 - terms.sum() / alike.sum(),
    }


def models(people, apart, flows):
    n = len(people)
    off = ~np.eye(n, dtype=bool)
    origin, destination = np.log(people)[:, None] * np.ones(n), np.log(people)[None, :] * np.ones((n, 1))
    power = np.where(off, np.log(np.where(off, apart, 1)), 0)
    answers = {"distance_decay": -glm(flows, [power], True, True, off & (flows > 0))[0][0]}
    for name, fall in [("power", power), ("exponential", apart / 100)]:
        for kind, masses, keeps in [
            ("free", {"alpha": origin, "beta": destination}, (False, False)),
            ("origins", {"beta": destination}, (True, False)),
            ("destinations", {"alpha": origin}, (False, True)),
            ("both", {}, (True, True)),
        ]:
            coefficients, expected = glm(flows, [*masses.values(), fall], *keeps)
            model = f"gravity_{kind}_{name}"
            answers |= {f"{model}_{mass}": c for mass, c in zip(masses, coefficients)}
            answers[f"{model}_decay"] = -coefficients[-1] if name == "power" else -100 / coefficients[-1]
            answers |= {f"{model}_{measure}": v for measure, v in fit_of(flows[off], expected).items()}
    expected = np.zeros((n, n))
    for i, j in itertools.permutations(range(n), 2):
        between = sum(people[k] for k in range(n) if k not in (i, j) and apart[i, k] <= apart[i, j])
        expected[i, j] = flows[i].sum() * people[i] * people[j] / ((people[i] + between) * (people[i] + people[j] + between))
    return answers | {f"radiation_{measure}": v for measure, v in fit_of(flows[off], expected[off]).items()}


def distances(apart, flows):
    off = ~np.eye(len(flows), dtype=bool)
    order = np.argsort(apart[off], kind="stable")
    far, moved = apart[off][order], flows[off][order]
    return {
        "distance_mean": np.average(far, weights=moved),
        "distance_median": far[np.searchsorted(moved.cumsum(), moved.sum() / 2)],
    }


def main():
    at, people, apart, flows = system(np.random.default_rng(11))
    # A place that only sends and one that only receives would have no finite factor in a regression.
    assert flows.sum(0).all() and flows.sum(1).all()
    answers = indicators(people, flows) | models(people, apart, flows) | distances(apart, flows)
    plain = lambda v: [float(x) for x in v] if np.ndim(v) else float(v)
    record = {
        "versions": {m.__name__: m.__version__ for m in (np, scipy, statsmodels)},
        "at": at.tolist(),
        "people": people.tolist(),
        "flows": [[int(i), int(j), float(flows[i, j])] for i, j in zip(*np.nonzero(flows))],
        "answers": {name: plain(value) for name, value in answers.items()},
    }
    # Innermost lists stand on one line.
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", json.dumps(record, indent=1))
    (HERE / "migration.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
