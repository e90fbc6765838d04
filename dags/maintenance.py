"""Weekly care: the archive checked against its hashes, statistics for the planner, the documentation of the marts.

- **Inputs**: the archive, `ops.submission`, the dbt project.
- **Outputs**: rows of `ops.step_outcome`; dbt's documentation under the installation's home. Fails if an original is lost.
- **Schedule**: Sundays at 12:00 Asia/Shanghai.
- **Run again**: safe. It changes no data.
"""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from zaoxue_airflow import DAG_DEFAULTS, as_of


@dag(
    dag_id="maintenance",
    schedule=CronTriggerTimetable("0 12 * * 0", timezone="Asia/Shanghai"),
    tags=["tier:3", "care"],
    doc_md=__doc__,
    **DAG_DEFAULTS,
)
def maintenance() -> None:
    @task
    def check_archive() -> int:
        """Every registered original is there and unchanged."""
        from zaoxue.pipeline.maintenance import check_archive
        from zaoxue.settings import load_settings

        return check_archive(load_settings(), get_current_context()["run_id"])

    @task
    def analyze() -> None:
        """Fresh statistics for the planner."""
        from zaoxue.pipeline.maintenance import analyze
        from zaoxue.settings import load_settings

        analyze(load_settings(), get_current_context()["run_id"])

    @task
    def document() -> str:
        """dbt's documentation site."""
        from zaoxue.pipeline.maintenance import document_marts
        from zaoxue.settings import load_settings

        context = get_current_context()
        return document_marts(load_settings(), context["run_id"], as_of(context))

    check_archive() >> analyze() >> document()


maintenance()
