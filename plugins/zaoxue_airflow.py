"""What Airflow needs from Zaoxue: task defaults, the night a run stands for, assets, and the late-night alert.

The only module besides `zaoxue_night`, `zaoxue_board` and the DAG files that knows Airflow.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pendulum
from airflow.sdk import (  # type: ignore[attr-defined]  # the SDK's stub lacks the deadline classes
    Asset,
    AsyncCallback,
    CronTriggerTimetable,
    DeadlineAlert,
    DeadlineReference,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
)

from zaoxue.alerts.channels import ADDRESS_BOOKS

TIMEZONE = pendulum.timezone("Asia/Shanghai")
CONTRACTS = Path(__file__).resolve().parents[1] / "expectations"
START_DATE = pendulum.datetime(2026, 1, 1, tz=TIMEZONE)
# By the names of the contracts, which are not read here: Airflow reads this module with every DAG, again and again.
FEEDS = sorted(path.name.removesuffix(".odcs.yaml") for path in CONTRACTS.glob("*.odcs.yaml"))
LEDGER_FEEDS = [feed for feed in FEEDS if feed not in ("loan", "case_report", "case_story")]
FEED_ASSETS = {feed: Asset(feed) for feed in FEEDS}
AS_OF_PARAMS = {
    "as_of": Param(
        None,
        type=["null", "string"],
        format="date",
        description="Night to stand for (default: the day before the run's date)",
    )
}

# A contract or a table that does not fit stays wrong however often it is tried; all else (a network, a lock) may pass.
RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="zaoxue.errors.NeedsAPersonError",
            action=RetryAction.FAIL,
            reason="A contract, a table or the registry must be mended by a person",
        ),
    ]
)


def task_has_failed(context: Mapping[str, Any]) -> None:
    """Callback of every task that fails for good: one message for each run, however many of its tasks fail."""
    from zaoxue.alerts.engineers import tell_engineers
    from zaoxue.settings import load_settings

    run, task = context["dag_run"], context["task_instance"]
    # Of an error only the class: its text may hold a cell's value.
    error = type(context.get("exception")).__name__
    tell_engineers(
        load_settings(),
        "failed",
        f"failed|{run.dag_id}|{run.run_id}",
        dag=run.dag_id,
        run=run.run_id,
        task=task.task_id,
        error=error,
    )


DEFAULT_ARGS: dict[str, Any] = {
    "owner": "data-engineering",
    "on_failure_callback": task_has_failed,
    "retries": 2,
    "retry_delay": timedelta(minutes=5),
    "retry_policy": RETRY_POLICY,
}

DAG_DEFAULTS: dict[str, Any] = {
    "start_date": START_DATE,
    "catchup": False,
    "max_active_runs": 1,
    "default_args": DEFAULT_ARGS,
    "params": AS_OF_PARAMS,
}
NIGHTLY = CronTriggerTimetable("0 1 * * *", timezone="Asia/Shanghai")


def as_of(context: dict[str, Any]) -> date:
    """The night a run stands for: its parameter, else the day before the run's date in Shanghai (it runs after midnight)."""
    given = given_as_of(context)
    if given:
        return given
    run = context["dag_run"]
    instant: datetime = run.logical_date or run.run_after
    return (pendulum.instance(instant).in_timezone(TIMEZONE) - timedelta(days=1)).date()


def given_as_of(context: dict[str, Any]) -> date | None:
    """The night named by the run's parameter, else by ZAOXUE_AS_OF (the demo's services stand for its last day)."""
    given = context["params"].get("as_of") or os.environ.get("ZAOXUE_AS_OF")
    return date.fromisoformat(given) if given else None


def not_done_by_six(dag_id: str, hours: int = 5) -> DeadlineAlert:
    """Alert the engineers when a night begun at 01:00 (or `hours` before 06:00) is not done by 06:00."""
    return DeadlineAlert(
        name=f"{dag_id} not done by 06:00",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=hours),
        callback=AsyncCallback("zaoxue_airflow.night_is_late", kwargs={"dag_id": dag_id}),
    )


async def night_is_late(dag_id: str, context: dict[str, Any] | None = None, **_: Any) -> None:
    """Deadline callback; runs in the triggerer."""
    from zaoxue.alerts.engineers import tell_engineers
    from zaoxue.settings import load_settings

    run_id = str(((context or {}).get("dag_run") or {}).get("dag_run_id", ""))
    await asyncio.to_thread(tell_engineers, load_settings(), "late", f"late|{dag_id}|{run_id}", dag=dag_id, run=run_id)


def connection_addresses(connection_id: str) -> str | None:
    """Apprise addresses kept in an Airflow connection (`connection:ID` in organisations.csv or a setting), or None.

    Of a connection of type `apprise` the paths of its config (as its provider keeps them), of any other the password.
    """
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = BaseHook.get_connection(connection_id)
    except AirflowNotFoundException:
        return None
    config = found.extra_dejson.get("config") or []
    paths = [entry.get("path", "") for entry in ([config] if isinstance(config, dict) else config)]
    return " ".join(filter(None, paths)) or found.password


ADDRESS_BOOKS["connection"] = connection_addresses
