"""Who has not sent: obligations to states to alerts.

- **Inputs**: the registry, the contracts' due times and `due_times.csv`, `ops.submission`, `ops.waiver`.
- **Outputs**: `ops.obligation`, `ops.alert`; messages to the JSON-lines file and the Apprise addresses.
- **Schedule**: hourly from 08:00 to 20:00 Asia/Shanghai; what falls due within an hour is judged at its end.
- **Run again**: safe. A change of state is told once.
"""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from zaoxue_airflow import DAG_DEFAULTS, given_as_of


@dag(
    dag_id="submission_watch",
    schedule=CronTriggerTimetable("0 8-20 * * *", timezone="Asia/Shanghai"),
    tags=["tier:1", "alert"],
    doc_md=__doc__,
    **DAG_DEFAULTS,
)
def submission_watch() -> None:
    @task
    def watch() -> dict[str, int]:
        """Judge every obligation and tell what has changed."""
        from zaoxue.pipeline.night import watch_submissions
        from zaoxue.settings import load_settings

        context = get_current_context()
        return watch_submissions(load_settings(), context["run_id"], given_as_of(context)).states

    watch()


submission_watch()
