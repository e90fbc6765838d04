"""The one module that knows Great Expectations.

GX results hold raw values (personal data) and cut their lists of rows for SQL assets, so it runs on a pandas frame,
and of its results only row numbers and counts leave this module.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaoxue.contracts import Rule

ROW_ID = "_row_id"
# What Great Expectations imports for statistics and charts that no rule here asks for: half of its start-up.
_UNUSED = ("scipy.stats", "altair")


@dataclass(frozen=True)
class Finding:
    """What one rule found: the `_row_id` of each failing row."""

    rule: Rule
    failed: npt.NDArray[np.int64]


def validate(frame: pd.DataFrame, rules: list[Rule]) -> list[Finding]:
    """Run the rules on a frame with an int64 column `_row_id`; one Finding for each rule, in order.

    One validation for the whole batch; a second one, of the rules that failed, lists their rows (listing costs
    more than judging). Raises RuntimeError where a rule could not be run: a broken rule never counts as passed.
    """
    frame = _with_numpy_numbers(frame)
    first = _run(frame, rules, {"result_format": "BOOLEAN_ONLY"})
    failing = [rule for rule, result in zip(rules, first, strict=True) if not result["success"]]
    listed = (
        _run(
            frame,
            failing,
            {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW_ID], "partial_unexpected_count": 0},
        )
        if failing
        else []
    )
    rows = {rule.rule_id: _row_ids(result) for rule, result in zip(failing, listed, strict=True)}
    nobody = np.empty(0, dtype=np.int64)
    return [Finding(rule, rows.get(rule.rule_id, nobody)) for rule in rules]


def _with_numpy_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """GX compares numbers of numpy's types in one go, but Arrow's one by one in Python; a null becomes NaN."""
    numbers = [name for name in frame.columns if name != ROW_ID and pd.api.types.is_numeric_dtype(frame[name])]
    numbers = [name for name in numbers if not pd.api.types.is_bool_dtype(frame[name])]
    return frame.assign(**{name: frame[name].to_numpy(dtype="float64", na_value=np.nan) for name in numbers})


def _run(frame: pd.DataFrame, rules: list[Rule], result_format: dict[str, Any]) -> list[dict[str, Any]]:
    great = _great_expectations()
    suite = great.ExpectationSuite(
        name="gate",
        expectations=[
            {
                "type": rule.expectation,
                "kwargs": rule.arguments,
                "meta": {"rule_id": rule.rule_id},
                "severity": rule.severity,
            }
            for rule in rules
        ],
    )
    result = _batch_definition().get_batch({"dataframe": frame}).validate(suite, result_format=result_format)
    by_rule: dict[str, dict[str, Any]] = {}
    for outcome in result.results:
        if _has_raised(outcome.exception_info):
            raise RuntimeError(f"rule {outcome.expectation_config.meta['rule_id']} could not be run")
        by_rule[outcome.expectation_config.meta["rule_id"]] = {"success": outcome.success, **outcome.result}
    return [by_rule[rule.rule_id] for rule in rules]


def _has_raised(info: dict[str, Any] | None) -> bool:
    """GX gives one record, or one for each metric."""
    records = [info, *info.values()] if info else []
    return any(isinstance(record, dict) and record.get("raised_exception") for record in records)


def _row_ids(result: dict[str, Any]) -> npt.NDArray[np.int64]:
    listed = np.fromiter((row[ROW_ID] for row in result["unexpected_index_list"]), dtype=np.int64)
    if len(listed) != result["unexpected_count"]:
        raise RuntimeError("Great Expectations listed fewer rows than it counted")
    return listed


@cache
def _great_expectations() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # before the import: it logs 600 lines
    for name in _UNUSED:
        _import_when_used(name)
    import great_expectations

    return great_expectations


def _import_when_used(name: str) -> None:
    """Put a module in its place that is executed at the first use of anything in it."""
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


@cache
def _batch_definition() -> Any:
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("gate").add_dataframe_asset("batch")
    return asset.add_batch_definition_whole_dataframe("whole")
