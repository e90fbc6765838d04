"""Release one held submission after a person has approved it, with a reason.

- **Inputs**: the parameter `submission` (id of a submission in state `received`), `ops.submission`, its original in the archive.
- **Outputs**: the submission loaded into `raw.<feed>` or, where a newer one stands, stale; a row of `ops.submission_act`
  with the reason and who approved; a new receipt.
- **Schedule**: none; triggered by hand when a message says that a file is held. Waits for the answer under Required Actions.
- **Run again**: safe. A submission that is no longer held is left as it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, get_current_context, task

from zaoxue_airflow import DEFAULT_ARGS, START_DATE


@dag(
    dag_id="release_submission",
    schedule=None,
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params={"submission": Param("", type="string", pattern="^[0-9a-f]{16}$", description="Id of the held submission")},
    tags=["tier:2", "load"],
    doc_md=__doc__,
)
def release_submission() -> None:
    @task
    def describe() -> str:
        """What is held and why: sender, ledger, period, counts and the rule; no personal data."""
        from zaoxue.pipeline.release import describe_held
        from zaoxue.settings import load_settings

        return describe_held(load_settings(), get_current_context()["params"]["submission"])

    approve = ApprovalOperator(
        task_id="approve",
        subject="放行报送？ Release submission {{ params.submission }}?",
        body="{{ ti.xcom_pull(task_ids='describe') }}",
        # An answer in the very second of the question can cost the scheduler this try: ask again soon, not in minutes.
        retry_delay=timedelta(seconds=10),
        # Empty at first, or the question itself would not be valid and never be asked.
        params={
            "reason": Param(None, type=["null", "string"], minLength=2, description="理由 Why it may load as it is")
        },
    )

    @task
    def release(answer: dict[str, Any]) -> dict[str, str]:
        """Load it, in the name of whoever approved."""
        from airflow.sdk.exceptions import AirflowFailException

        from zaoxue.pipeline.release import release
        from zaoxue.receipts import make_receipts
        from zaoxue.settings import load_settings

        context, settings = get_current_context(), load_settings()
        who = answer.get("responded_by_user") or {}
        reason = (answer.get("params_input") or {}).get("reason") or ""
        if not reason.strip():
            raise AirflowFailException(
                "没有写明理由，未放行，请重新运行 No reason was given, nothing is released: run it again"
            )
        done = release(settings, context["params"]["submission"], reason, who.get("name") or "airflow")
        make_receipts(settings, context["run_id"])
        return done.became

    described = describe()
    described >> approve
    release(approve.output)


release_submission()
