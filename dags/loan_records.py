"""Loan records, from the bank's API and from files, to `raw.loan`.

- **Inputs**: the bank's loan API by cursor (ZAOXUE_BANK_API_URL), CSV or XLSX files in the banks' folders of the inbox.
- **Outputs**: `raw.loan`, `ops.submission` and its verdicts; the asset `loan`.
- **Schedule**: nightly at 01:00 Asia/Shanghai; alert when not done by 06:00.
- **Run again**: safe. Pages already stored are not pulled again, files already registered are skipped.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from zaoxue_airflow import AS_OF_PARAMS, DEFAULT_ARGS, FEED_ASSETS, START_DATE, as_of, not_done_by_six


@dag(
    dag_id="loan_records",
    schedule=CronTriggerTimetable("0 1 * * *", timezone="Asia/Shanghai"),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params=AS_OF_PARAMS,
    tags=["tier:1", "load"],
    doc_md=__doc__,
    deadline=not_done_by_six("loan_records"),
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
