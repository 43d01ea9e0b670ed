"""Writes test/references/statistics.json: quantiles, tails, intervals and tests by scipy.

usage: python statistics.py, then npx biome format --write ../references/statistics.json     (scipy 1.17.1, numpy 2.4.6)
"""
import json
import random
import sys
from pathlib import Path

# This file's own name hides the standard library's module, which scipy imports.
sys.path.pop(0)

import numpy as np
from scipy import stats

draw = random.Random(3)
PROBABILITIES = [1e-6, 0.001, 0.025, 0.2, 0.4999, 0.5, 0.6, 0.8, 0.95, 0.975, 0.995, 0.9999]
FREEDOMS = [1, 2, 3, 7, 19, 59, 163, 499, 1318, 12031]
scores = [[draw.choice([0, 0, 1, 1, 1, 0.5]) for _ in range(57)] for _ in range(2)]
samples = [scores[0], [round(draw.gauss(3, 2), 3) for _ in range(20)], [0.25, 1.75]]


def interval(values):
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    return {"values": values, "mean": float(np.mean(values)), "standardError": float(stats.sem(values)), "low": low, "high": high}


def wilson(k, n):
    found = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    return {"successes": k, "trials": n, "low": found.low, "high": found.high}


def mcnemar(b, c):
    n = b + c
    if n < 25:
        return {"onlyFirst": b, "onlySecond": c, "pValue": stats.binomtest(b, n).pvalue if n else 1.0}
    return {"onlyFirst": b, "onlySecond": c, "pValue": stats.chi2.sf(max(0, abs(b - c) - 1) ** 2 / n, 1)}


result = {
    "t": [{"p": p, "freedom": v, "t": stats.t.ppf(p, v)} for p in PROBABILITIES for v in FREEDOMS],
    "tTail": [{"t": t, "freedom": v, "p": stats.t.sf(t, v)} for t in [0, 0.1, 1, 2.5, 6, 15] for v in FREEDOMS],
    "normal": [{"p": p, "x": stats.norm.ppf(p)} for p in PROBABILITIES],
    "normalTail": [{"x": x, "p": stats.norm.sf(x)} for x in [0, 0.01, 0.5, 1.96, 2.82, 2.83, 4, 8, 20]],
    "intervals": [interval(values) for values in samples],
    "wilson": [wilson(k, n) for k, n in [(0, 20), (1, 20), (10, 20), (20, 20), (0, 1), (163, 164), (800, 1319)]],
    "mcnemar": [mcnemar(b, c) for b, c in [(0, 0), (0, 1), (3, 9), (12, 12), (24, 0), (11, 13), (25, 0), (13, 12), (40, 61), (200, 100), (9, 3)]],
    "paired": {
        "first": scores[0],
        "second": scores[1],
        "difference": float(np.mean(np.subtract(scores[1], scores[0]))),
        "standardError": float(stats.sem(np.subtract(scores[1], scores[0]))),
        "correlation": float(np.corrcoef(scores)[0, 1]),
        "bootstrap": list(
            stats.bootstrap((np.subtract(scores[1], scores[0]),), np.mean, n_resamples=20000, method="percentile", rng=1).confidence_interval
        ),
    },
}
path = Path(__file__).resolve().parents[1] / "references" / "statistics.json"
path.write_text(json.dumps(result, default=float))
