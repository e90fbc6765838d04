"""Township and district ledgers, from the inbox to the raw tables.

- **Inputs**: new files in the inbox (CSV, XLSX), the contracts in `expectations/`, the registry of organisations.
- **Outputs**: `raw.person`, `raw.training`, `raw.placement`, `raw.follow_up`, `raw.target`; `ops.submission`,
  `ops.gate_result`, `ops.quarantine`; originals in the archive; one asset for each feed.
- **Schedule**: nightly at 01:00 Asia/Shanghai; alert when not done by 06:00.
- **Run again**: safe. Files already registered are skipped; a run that was killed goes on where it stopped.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task

from zaoxue_airflow import DAG_DEFAULTS, FEED_ASSETS, LEDGER_FEEDS, NIGHTLY, as_of, not_done_by_six


@dag(
    dag_id="township_ledgers",
    schedule=NIGHTLY,
    tags=["tier:1", "load"],
    doc_md=__doc__,
    deadline=not_done_by_six("township_ledgers"),
    **DAG_DEFAULTS,
)
def township_ledgers() -> None:
    @task
    def plan() -> list[list[str]]:
        """Get ready and share the delivered folders out in batches."""
        from zaoxue.pipeline.night import plan_ledgers
        from zaoxue.settings import load_settings

        context = get_current_context()
        return plan_ledgers(load_settings(), context["run_id"], as_of(context))

    @task(map_index_template="{{ task.op_kwargs['folders'] | length }} folders from {{ task.op_kwargs['folders'][0] }}")
    def load(folders: list[str]) -> dict[str, Any]:
        """Archive, recognise, read, normalise, gate, protect and load one batch."""
        from zaoxue.pipeline.night import load_ledgers
        from zaoxue.settings import load_settings

        return load_ledgers(load_settings(), get_current_context()["run_id"], folders).as_dict()

    @task(outlets=[FEED_ASSETS[feed] for feed in LEDGER_FEEDS], trigger_rule="none_failed")
    def roll_up(reports: list[dict[str, Any]]) -> dict[str, int]:
        """Decide the run's fate: it succeeds only if every batch did. A bad file is no failure, it is a verdict."""
        from zaoxue.pipeline.night import note_ledgers_read
        from zaoxue.settings import load_settings

        note_ledgers_read(load_settings(), get_current_context()["run_id"])
        loaded = list(reports)  # one pass: each pass over mapped results asks the API server for all of them
        return {
            name: sum(int(report[name]) for report in loaded)
            for name in ("files", "rows_accepted", "rows_quarantined", "rows_inserted", "rows_closed")
        }

    roll_up(load.expand(folders=plan()))


township_ledgers()
