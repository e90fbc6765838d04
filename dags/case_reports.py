"""Case reports, from news articles to the claims in `raw.case_report` and the cases in `raw.case_story`.

- **Inputs**: articles (HTML, text) in the inbox's `news/<source>/` folders.
- **Outputs**: `raw.case_report` (claims with their sentence, names of private persons masked), `raw.case_story`; what a person
  must review waits in `ops.news_review`; the assets `case_report` and `case_story`.
- **Schedule**: nightly at 01:00 Asia/Shanghai; alert when not done by 06:00.
- **Run again**: safe. An article already registered is skipped; a changed page replaces its own claims.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task

from zaoxue_airflow import DAG_DEFAULTS, FEED_ASSETS, NIGHTLY, as_of, not_done_by_six


@dag(
    dag_id="case_reports",
    schedule=NIGHTLY,
    tags=["tier:2", "load"],
    doc_md=__doc__,
    deadline=not_done_by_six("case_reports"),
    **DAG_DEFAULTS,
)
def case_reports() -> None:
    @task(outlets=[FEED_ASSETS["case_report"], FEED_ASSETS["case_story"]])
    def extract_and_load() -> dict[str, Any]:
        """Mend the text, extract claims, gate and load them."""
        from zaoxue.pipeline.night import load_case_reports
        from zaoxue.settings import load_settings

        context = get_current_context()
        return load_case_reports(load_settings(), context["run_id"], as_of(context)).as_dict()

    extract_and_load()


case_reports()
