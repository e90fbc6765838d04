"""Loan records, from the bank's API and from files, to `raw.loan`.

- **Inputs**: the bank's loan API by cursor (ZAOXUE_BANK_API_URL), CSV or XLSX files in the banks' folders of the inbox.
- **Outputs**: `raw.loan`, `ops.submission` and its verdicts; the asset `loan`.
- **Schedule**: nightly at 01:00 Asia/Shanghai; alert when not done by 06:00.
- **Run again**: safe. Pages already stored are not pulled again, files already registered are skipped.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task

from zaoxue_airflow import DAG_DEFAULTS, FEED_ASSETS, NIGHTLY, as_of, not_done_by_six


@dag(
    dag_id="loan_records",
    schedule=NIGHTLY,
    tags=["tier:1", "load"],
    doc_md=__doc__,
    deadline=not_done_by_six("loan_records"),
    **DAG_DEFAULTS,
)
def loan_records() -> None:
    @task(outlets=[FEED_ASSETS["loan"]])
    def pull_and_load() -> dict[str, Any]:
        """Pull what is new from the bank, then gate and load it with the banks' files."""
        from zaoxue.pipeline.night import load_loans
        from zaoxue.settings import load_settings

        context = get_current_context()
        return load_loans(load_settings(), context["run_id"], as_of(context)).as_dict()

    pull_and_load()


loan_records()
