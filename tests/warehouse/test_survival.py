"""Kaplan-Meier of the mart against SciPy, and against lifelines where it is there, to 1e-9."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from tests.warehouse.conftest import Built

PRECISION = 1e-9
LIFELINES = """
import json, sys
from lifelines import KaplanMeierFitter
cohorts = json.load(sys.stdin)
print(json.dumps([[float(KaplanMeierFitter().fit(days, ended).predict(horizon - 1)) for horizon in horizons]
                  for days, ended, horizons in cohorts]))
"""


def observed(built: Built) -> list[tuple[list[int], list[int], dict[int, float]]]:
    """Days and ends of each cohort with the rates the mart gives it, by horizon."""
    times: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for district, month, days, is_open in built.query(
        "select district_code, started_month_no, observed_days, is_open from intermediate.int_placement_continuity"
    ):
        times[district, month][0].append(days)
        times[district, month][1].append(0 if is_open else 1)
    rates: dict[tuple[str, int], dict[int, float]] = defaultdict(dict)
    for district, month, horizon, rate in built.query(
        "select district_code, cohort_month_no, horizon_days, km_rate from marts.mart_retention_cohort where km_rate is not null"
    ):
        rates[district, month][horizon] = float(rate)
    assert sum(map(len, rates.values())) > 60
    return [(*times[key], found) for key, found in sorted(rates.items())]


def test_rates_equal_scipy(built: Built) -> None:
    worst = 0.0
    for days, ended, rates in observed(built):
        flags = np.array(ended, dtype=bool)
        curve = ecdf(CensoredData(uncensored=np.array(days)[flags], right=np.array(days)[~flags])).sf
        for horizon, rate in rates.items():
            # Who ends on the day of the horizon has reached it, so the curve is read just before.
            worst = max(worst, abs(float(curve.evaluate(horizon - 0.5)) - rate))
    assert worst < PRECISION


def test_rates_equal_lifelines(built: Built) -> None:
    """lifelines asks for an older pandas than ours: ZAOXUE_LIFELINES_PYTHON names a Python that has it."""
    python = os.environ.get("ZAOXUE_LIFELINES_PYTHON")
    if not python:
        pytest.skip("ZAOXUE_LIFELINES_PYTHON names no Python with lifelines")
    cohorts = observed(built)
    done = subprocess.run(
        [python, "-c", LIFELINES],
        input=json.dumps([(days, ended, list(rates)) for days, ended, rates in cohorts]),
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    worst = max(
        abs(a - b)
        for row, (*_, rates) in zip(found, cohorts, strict=True)
        for a, b in zip(row, rates.values(), strict=True)
    )
    assert worst < PRECISION, worst
