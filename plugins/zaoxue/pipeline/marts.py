"""Build the marts and keep an outcome row for each model and test."""

from __future__ import annotations

from collections import Counter
from datetime import date

from zaoxue.outcomes import step, write_outcome
from zaoxue.pipeline.news_review import queue_news
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.dbt_build import BuildError, ModelOutcome, build_marts
from zaoxue.warehouse.knowledge import knowledge_of
from zaoxue.warehouse.locks import hold_for_writing

_OUTCOMES = {"success": "succeeded", "pass": "succeeded", "warn": "succeeded", "skipped": "skipped"}


def build_and_record(settings: Settings, run_id: str, as_of: date) -> dict[str, int]:
    """dbt build as of a night, as things were known then; returns how many nodes ended in which status.

    Raises what `build_marts` raises.
    """
    with connect(settings) as connection:  # what came by hand (resend, release) has not been queued yet
        hold_for_writing(connection)
        queue_news(connection, settings.contracts)
        known_at = knowledge_of(connection, as_of)
    with step(settings, run_id, "dbt build", as_of.isoformat()) as outcome:
        try:
            built = build_marts(settings, as_of, known_at)
        except BuildError as failed:
            _record(settings, run_id, failed.outcomes)
            raise
        _record(settings, run_id, built)
        outcome.rows = len(built)
    return dict(Counter(f"{node.kind} {node.status}" for node in built))


def _record(settings: Settings, run_id: str, nodes: list[ModelOutcome]) -> None:
    with connect(settings) as connection:
        for node in nodes:
            outcome = _OUTCOMES.get(node.status, "failed")
            write_outcome(
                connection, run_id, f"dbt {node.kind}", node.unique_id, outcome, node.rows, node.seconds, node.status
            )
