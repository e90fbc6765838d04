"""The same night under Airflow's real scheduler: its assets start the marts, and the warehouse comes out the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.e2e.airflow_processes import running_airflow
from tests.e2e.night import Home
from zaoxue.airflow_home import migrate_airflow
from zaoxue.nightly import start_databases
from zaoxue.settings import Settings, load_settings

LOADERS = ("township_ledgers", "loan_records", "case_reports")
PATIENCE = 240  # seconds until the night under the scheduler must be over

pytestmark = pytest.mark.e2e


@pytest.fixture
def settings_of_scheduler(
    night_province: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZAOXUE_PERSON_KEY_SECRET", "one secret for all homes")
    home = Home(tmp_path / "scheduled", night_province / "inbox")
    settings = replace(load_settings(), home=home.folder, inbox=home.inbox, database_url=None, bank_api_url=None)
    start_databases(settings)
    migrate_airflow(settings)
    yield settings
    home.server.stop()


def airflow(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "airflow", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]


def wait_for(home: Home, query: str, until: float) -> None:
    with psycopg.connect(home.server.database_url("airflow"), autocommit=True) as connection:
        while True:
            row = connection.execute(query).fetchone()
            if row and row[0]:
                return
            states = connection.execute("select dag_id, run_type, state from dag_run order by 1").fetchall()
            assert time.monotonic() < until, f"not in time: {query}; {states}"
            assert not any(state == "failed" for _, _, state in states), states
            time.sleep(1)


def test_the_scheduler_runs_the_night_and_assets_start_the_marts(
    settings_of_scheduler: Settings, undisturbed: Home
) -> None:
    settings = settings_of_scheduler
    home = Home(settings.home, settings.inbox)
    with running_airflow(settings) as environment:
        until = time.monotonic() + PATIENCE
        wait_for(home, f"select count(*) = 4 from dag where dag_id in {('marts', *LOADERS)}", until)
        # Unpausing starts the run of last night. The marts begin when every feed's asset is there; that they are also
        # built at once, by their own clock and in the middle of the loads, must do no harm.
        for dag_id in ("marts", *LOADERS):
            airflow(environment, "dags", "unpause", dag_id, "--yes")
        wait_for(home, f"select count(*) = 3 from dag_run where state = 'success' and dag_id in {LOADERS}", until)
        wait_for(
            home,
            "select count(*) >= 1 from dag_run where dag_id = 'marts' and run_type = 'asset_triggered'"
            " and state = 'success'",
            until,
        )
    theirs, ours = home.fingerprints(), undisturbed.fingerprints()
    # What the bank's API told is not there, and the marts stand for yesterday: the same facts, other due days.
    same = [
        "raw.person",
        "raw.placement",
        "raw.training",
        "raw.follow_up",
        "raw.target",
        "raw.case_report",
        "marts.fct_follow_up",
        "marts.fct_training",
        "marts.bridge_person_hardship",
        "marts.dim_person",
    ]
    assert {table: theirs[table] for table in same} == {table: ours[table] for table in same}
