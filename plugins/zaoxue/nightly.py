"""The whole night on this machine: set up what is missing, run Airflow's DAGs, say what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from zaoxue.airflow_home import airflow_environment, migrate_airflow
from zaoxue.settings import Settings
from zaoxue.warehouse.database import embedded_server

DAGS = ("township_ledgers", "loan_records", "case_reports", "marts", "submission_watch")
DEMO_AS_OF = date(2026, 6, 30)
DEMO_BANK_TOKEN = "demo"  # noqa: S105 - of a server that runs on this machine for one night, with invented loans

Tell = Callable[[dict[str, Any]], None]


class NightFailedError(RuntimeError):
    """A DAG of the night failed; the message names it and the log."""


@dataclass(frozen=True)
class Night:
    """What a finished night was: its settings, its as-of day, and each DAG's run id and seconds."""

    settings: Settings
    as_of: date
    runs: dict[str, str]
    seconds: dict[str, float]


def start_databases(settings: Settings) -> None:
    """Start the embedded server (unless the database is an external one) and migrate the warehouse."""
    from zaoxue.warehouse.migrate import migrate  # pulls in Alembic: half a second that `zaoxue --help` need not wait

    if settings.database_url is None:
        embedded_server(settings).start()
    migrate(settings)


def run_demo_night(settings: Settings, as_of: date | None, tell: Tell) -> Night:
    """A night on the demo province, made under `settings.home` if it is not there, with its bank running."""
    from zaoxue.demo import make_demo
    from zaoxue.demo.bank_process import running_bank_server

    province = settings.home / "province"
    start_databases(settings)
    with ThreadPoolExecutor(2) as pool:
        migrated = pool.submit(migrate_airflow, settings)
        tell({"event": "started", "dag": "demo"})
        make_demo(province)
        tell({"event": "success", "dag": "demo", "seconds": ""})
        migrated.result()
    with running_bank_server(province / "bank" / "loans.json", token=DEMO_BANK_TOKEN) as url:
        settings = replace(settings, inbox=province / "inbox", bank_api_url=url, bank_api_token=DEMO_BANK_TOKEN)
        return _run(settings, as_of or DEMO_AS_OF, tell)


def run_night(settings: Settings, as_of: date, tell: Tell) -> Night:
    """A night on the inbox of the settings. Raises NightFailedError."""
    if not settings.inbox.is_dir():
        raise NightFailedError(f"the inbox {settings.inbox} is not a folder")
    start_databases(settings)
    migrate_airflow(settings)
    return _run(settings, as_of, tell)


def _run(settings: Settings, as_of: date, tell: Tell) -> Night:
    runs: dict[str, str] = {}
    seconds: dict[str, float] = {}
    log = settings.home / "logs" / "nightly.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    failed = ""
    with _night_process(settings, as_of, log) as events:
        for event in events:
            tell(event)
            if event["event"] == "success":
                runs[event["dag"]], seconds[event["dag"]] = event["run_id"], event["seconds"]
            elif event["event"] != "started":
                failed = f"{event['dag'] or 'reading the DAGs'} {event['event']}: {event.get('error', '')}"
    if failed or set(runs) != set(DAGS):
        raise NightFailedError(f"{failed or 'the night stopped early'}; see {log}")
    return Night(settings, as_of, runs, seconds)


@contextmanager
def _night_process(settings: Settings, as_of: date, log: Path) -> Iterator[Iterator[dict[str, Any]]]:
    """The process that runs the DAGs; yields its events. It ends with this one, however this one ends."""
    reading, writing = os.pipe()
    command = [
        sys.executable,
        "-m",
        "zaoxue_night",
        "--as-of",
        as_of.isoformat(),
        "--dags",
        str(settings.dags),
        "--progress-fd",
        str(writing),
    ]
    with log.open("ab") as out, os.fdopen(reading) as lines:
        process = subprocess.Popen(
            command,
            env=airflow_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=[writing],
        )
        os.close(writing)
        try:
            yield (json.loads(line) for line in lines)
            process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)
