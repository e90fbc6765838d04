"""An outcome row for every step, whether it succeeded or not: never only a log line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

INBOX_READ = "inbox read"  # no step: from when to when a run has read all that was delivered (ops.inbox_read_until)


@dataclass
class Outcome:
    """What a step fills in about itself while it runs. `detail` holds no personal data."""

    rows: int | None = None
    detail: str | None = None
    skipped: bool = False


@contextmanager
def step(settings: Settings, run_id: str, name: str, subject: str = "") -> Iterator[Outcome]:
    """Time a step and write its row in `ops.step_outcome`, in a transaction of its own; an error is written and passes on.

    Of an error only the class is kept: its text may hold a cell's value.
    """
    outcome = Outcome()
    started = time.perf_counter()
    state, detail = "failed", None
    try:
        yield outcome
        state = "skipped" if outcome.skipped else "succeeded"
    except BaseException as error:
        detail = type(error).__name__
        raise
    finally:
        with connect(settings) as connection:
            write_outcome(
                connection,
                run_id,
                name,
                subject,
                state,
                outcome.rows,
                time.perf_counter() - started,
                outcome.detail or detail,
            )


def write_outcome(
    connection: psycopg.Connection,
    run_id: str,
    name: str,
    subject: str,
    state: str,
    rows: int | None,
    seconds: float,
    detail: str | None,
) -> None:
    """Write one row of `ops.step_outcome` (state: succeeded, failed or skipped)."""
    connection.execute(
        "insert into ops.step_outcome (run_id, step, subject, outcome, rows, seconds, detail)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [run_id, name, subject, state, rows, seconds, detail],
    )
