"""The night as a user runs it: through Airflow's own DAGs, on a small damaged province with its bank."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import TOKEN
from tests.e2e.night import Home
from tests.e2e.truth import read

KILLS = 3

pytestmark = pytest.mark.e2e


def test_a_second_night_changes_nothing_and_tells_nobody_again(undisturbed: Home) -> None:
    before = undisturbed.fingerprints()
    alerts = (undisturbed.folder / "alerts.jsonl").read_text(encoding="utf-8")
    assert alerts
    summary = undisturbed.night()
    assert summary["new_files"] == 0
    assert undisturbed.fingerprints() == before
    assert (undisturbed.folder / "alerts.jsonl").read_text(encoding="utf-8") == alerts


def test_no_personal_data_anywhere_but_the_archive(undisturbed: Home, night_province: Path) -> None:
    """ID numbers, names, phones and addresses of every person of the demo, looked for in both databases and all files."""
    text = undisturbed.dump() + undisturbed.files()
    assert len(text) > 1_000_000
    people = read(night_province, "persons")
    borrowers = read(night_province, "loans")
    ids = {row["person_id"] for row in people} | {row["person_id"] for row in borrowers if row["person_id"]}
    phones = {row["phone"] for row in people}
    names = {row["name"] for row in people} | {
        row["borrower_name"] for row in borrowers if row["borrower_kind"] == "person"
    }
    addresses = {row["address"] for row in people}
    plans = read(night_province, "assistance_plans")  # children have numbers of their own, contact persons names
    ids |= {row["member_id"] for row in plans if row["member_id"]}
    names |= {row[column] for row in plans for column in ("member_name", "contact_name") if row[column]}
    assert len(ids) > 1400
    assert ids & set(re.findall(r"(?=(\d{17}[\dXx]))", text)) == set()
    assert phones & set(re.findall(r"(?=(1\d{10}))", text)) == set()
    runs = set(re.findall(r"[\u4e00-\u9fff]+", text))
    pieces = {run[i : i + size] for run in runs for size in (2, 3, 4) for i in range(len(run) - size + 1)}
    assert {name for name in names if len(name) > 1} & pieces == set()
    assert not any(address in text for address in addresses)


def test_killed_at_any_moment_then_run_again_gives_the_same_warehouse(
    undisturbed: Home, night_province: Path, bank: str, tmp_path: Path
) -> None:
    """SIGKILL to the whole process group at random moments; the database server lives on or recovers by itself."""
    moments = random.Random(20260630)
    home = Home(tmp_path / "killed", night_province / "inbox", bank, TOKEN)
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
