"""The marts: dbt from staging to marts, with their tests as the marts' gate.

- **Inputs**: `raw.*`, `ops.*`.
- **Outputs**: the schemas `staging`, `intermediate`, `marts`; a row of `ops.step_outcome` for each model and test.
- **Schedule**: when every feed of the night has been loaded, or at 04:00 Asia/Shanghai, whichever comes first; alert when
  not done two hours after it was queued (06:00 for the later of the two).
- **Run again**: safe. The same raw rows and the same night give the same marts.
"""

from __future__ import annotations

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task

from zaoxue_airflow import DAG_DEFAULTS, FEED_ASSETS, as_of, not_done_by_six


@dag(
    dag_id="marts",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 4 * * *", timezone="Asia/Shanghai"), assets=list(FEED_ASSETS.values())
    ),
    tags=["tier:1", "build"],
    doc_md=__doc__,
    deadline=not_done_by_six("marts", hours=2),
    **DAG_DEFAULTS,
)
def marts() -> None:
    @task
    def obligations() -> int:
        """Bring up to date what is owed; the timeliness mart reads it."""
        from zaoxue.pipeline.night import bring_obligations_up_to_date
        from zaoxue.settings import load_settings

        context = get_current_context()
        return bring_obligations_up_to_date(load_settings(), context["run_id"], as_of(context))

    @task
    def dbt_build() -> dict[str, int]:
        """One dbt process; the state of each model and test goes to ops.step_outcome."""
        from zaoxue.pipeline.marts import build_and_record
        from zaoxue.settings import load_settings

        context = get_current_context()
        return build_and_record(load_settings(), context["run_id"], as_of(context))

    obligations() >> dbt_build()


marts()
