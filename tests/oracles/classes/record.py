#!/usr/bin/env python3
"""Records what mapclassify says about classes of numbers, for the tests of shaded areas.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python record.py

Values are made by a generator with a fixed seed and stored beside the answers, so the tests need no Python.
"""
import json
from pathlib import Path

import mapclassify
import numpy as np

HERE = Path(__file__).parent


def lists(rng):
    """Values of several shapes: even, skewed, of both signs, with ties, far from zero."""
    yield "even", rng.random(40) * 100
    yield "skewed", np.exp(rng.normal(3, 1.4, 80))
    yield "both signs", rng.normal(-2, 9, 60)
    yield "ties", rng.integers(0, 12, 70).astype(float)
    yield "far from zero", 1e6 + rng.random(50)
    yield "few", rng.normal(0, 1, 9)


def answer(name, values, classes):
    values = np.round(values, 6)
    # Optimal classes do not depend on where 0 is, but mapclassify loses digits far from it: of 50 values just above a million it
    # gives two classes with a deviation of 1.81, where 0.75 can be had.
    near = values - np.round(values.mean())
    optimal = mapclassify.FisherJenks(near, k=classes)
    groups = [near[optimal.yb == k] for k in range(classes)]
    deviation = sum(float(((g - g.mean()) ** 2).sum()) for g in groups if len(g))
    counts = mapclassify.Quantiles(values, k=classes).counts
    return {
        "name": f"{name}, {classes} classes",
        "values": values.tolist(),
        "classes": classes,
        "fisher_jenks": deviation,
        "quantiles": [int(c) for c in counts if c],
    }


def main():
    answers = [answer(name, values, k) for name, values in lists(np.random.default_rng(7)) for k in (2, 4, 5, 7)]
    text = ",\n".join(json.dumps(a) for a in answers)
    (HERE / "classes.json").write_text(f"[\n{text}\n]\n")


main()
