"""The night as a user runs it: through Airflow's own DAGs, on a small damaged province with its bank."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.night import AS_OF, Home
from tests.e2e.truth import read
from zaoxue.demo import make_demo
from zaoxue.demo.bank_process import running_bank_server

KILLS = 3
TOKEN = "a token"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night") / "demo"
    make_demo(folder, people=1500, districts=3, townships_per_district=2)
    return folder


@pytest.fixture(scope="module")
def bank(province: Path) -> Iterator[str]:
    with running_bank_server(province / "bank" / "loans.json", token=TOKEN) as url:
        yield url


@pytest.fixture(scope="module")
def undisturbed(province: Path, bank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("undisturbed"), province / "inbox", bank, TOKEN)
    summary = home.night()
    assert summary["as_of"] == AS_OF
    assert set(summary["dags"]) == {"township_ledgers", "loan_records", "case_reports", "marts", "submission_watch"}
    assert summary["new_files"] > 80
    assert summary["rows_accepted"] > 5000
    assert summary["rows_quarantined"] > 0
    assert summary["marts"]["fct_placement"] > 500
    assert summary["districts_missing"]
    yield home
    home.server.stop()


def test_a_second_night_changes_nothing_and_tells_nobody_again(undisturbed: Home) -> None:
    before = undisturbed.fingerprints()
    alerts = (undisturbed.folder / "alerts.jsonl").read_text(encoding="utf-8")
    assert alerts
    summary = undisturbed.night()
    assert summary["new_files"] == 0
    assert undisturbed.fingerprints() == before
    assert (undisturbed.folder / "alerts.jsonl").read_text(encoding="utf-8") == alerts


def test_no_personal_data_anywhere_but_the_archive(undisturbed: Home, province: Path) -> None:
    """ID numbers, names, phones and addresses of every person of the demo, looked for in both databases and all files."""
    text = undisturbed.dump() + undisturbed.files()
    assert len(text) > 1_000_000
    people = read(province, "persons")
    borrowers = read(province, "loans")
    ids = {row["person_id"] for row in people} | {row["person_id"] for row in borrowers if row["person_id"]}
    phones = {row["phone"] for row in people}
    names = {row["name"] for row in people} | {
        row["borrower_name"] for row in borrowers if row["borrower_kind"] == "person"
    }
    addresses = {row["address"] for row in people}
    assert len(ids) > 1400
    assert ids & set(re.findall(r"(?=(\d{17}[\dXx]))", text)) == set()
    assert phones & set(re.findall(r"(?=(1\d{10}))", text)) == set()
    runs = set(re.findall(r"[\u4e00-\u9fff]+", text))
    pieces = {run[i : i + size] for run in runs for size in (2, 3, 4) for i in range(len(run) - size + 1)}
    assert {name for name in names if len(name) > 1} & pieces == set()
    assert not any(address in text for address in addresses)


def test_killed_at_any_moment_then_run_again_gives_the_same_warehouse(
    undisturbed: Home, province: Path, bank: str, tmp_path: Path
) -> None:
    """SIGKILL to the whole process group at random moments; the database server lives on or recovers by itself."""
    moments = random.Random(20260630)
    home = Home(tmp_path / "killed", province / "inbox", bank, TOKEN)
    started = time.monotonic()
    for _ in range(KILLS):
        night = subprocess.Popen(
            home.command,
            env=home.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            night.wait(timeout=moments.uniform(2, 25))
        except subprocess.TimeoutExpired:
            os.killpg(night.pid, signal.SIGKILL)
            night.wait()
    assert time.monotonic() - started > KILLS
    try:
        home.night()
        assert home.fingerprints() == undisturbed.fingerprints()
    finally:
        home.server.stop()
