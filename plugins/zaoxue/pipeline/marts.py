"""Build the marts and keep an outcome row for each model and test."""

from __future__ import annotations

from collections import Counter
from datetime import date

from zaoxue.outcomes import step, write_outcome
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.dbt_build import build_marts

_OUTCOMES = {"success": "succeeded", "pass": "succeeded", "warn": "succeeded", "skipped": "skipped"}


def build_and_record(settings: Settings, run_id: str, as_of: date) -> dict[str, int]:
    """dbt build as of a night; returns how many nodes ended in which status. Raises what `build_marts` raises."""
    with step(settings, run_id, "dbt build", as_of.isoformat()) as outcome:
        built = build_marts(settings, as_of)
        outcome.rows = len(built)
        with connect(settings) as connection:
            for node in built:
                write_outcome(
                    connection,
                    run_id,
                    f"dbt {node.kind}",
                    node.unique_id,
                    _OUTCOMES.get(node.status, "failed"),
                    node.rows,
                    node.seconds,
                    node.status,
                )
    return dict(Counter(f"{node.kind} {node.status}" for node in built))
