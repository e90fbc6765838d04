"""Months lived night by night, then each night told again from what the warehouse holds at the end: the same marts."""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from zaoxue.demo import make_demo
from zaoxue.periods import end_of_day
from zaoxue.pipeline.marts import build_and_record
from zaoxue.pipeline.night import (
    bring_obligations_up_to_date,
    load_case_reports,
    load_ledgers,
    load_loans,
    plan_ledgers,
)
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.knowledge import knowledge_of

# Months apart, some days before and after the ledgers of a month come; ZAOXUE_NIGHTS names others (days, separated by spaces).
NIGHTS = [date.fromisoformat(day) for day in os.environ.get("ZAOXUE_NIGHTS", "").split()] or [
    date(2026, 3, 31),
    date(2026, 4, 9),
    date(2026, 5, 8),
    date(2026, 6, 12),
]


def deliver(province: Path, inbox: Path, night: date) -> int:
    """What has been sent by the end of the night, and no earlier night has delivered, with its time."""
    new = 0
    for file in sorted(path for path in province.rglob("*") if path.is_file()):
        target = inbox / file.relative_to(province)
        is_registry = file.parent == province
        if target.exists() or (file.stat().st_mtime > end_of_day(night).timestamp() and not is_registry):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
        new += 1
    return new


def live(settings: Settings, night: date) -> None:
    run = f"night {night}"
    for folders in plan_ledgers(settings, run, night):
        load_ledgers(settings, run, folders)
    load_loans(settings, run, night)
    load_case_reports(settings, run, night)


def marts(settings: Settings) -> dict[str, tuple[int, str]]:
    """Rows and hash of every mart."""
    with connect(settings) as connection:
        names = connection.execute(
            "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'r' order by 1"
        ).fetchall()
        found = {}
        for (name,) in names:
            row = connection.execute(
                f"select count(*), md5(coalesce(string_agg(t::text, '~' order by t::text), '')) from marts.{name} as t".encode()
            ).fetchone()
            assert row
            found[name] = (row[0], row[1])
    return found


@pytest.mark.timeout(300 * len(NIGHTS))
def test_each_night_told_again_is_the_night_as_it_was(settings: Settings, tmp_path: Path) -> None:
    make_demo(tmp_path / "demo", people=250, districts=1, townships_per_district=2, seed=11)
    then = {}
    for night in NIGHTS:
        deliver(tmp_path / "demo" / "inbox", settings.inbox, night)
        live(settings, night)
        bring_obligations_up_to_date(settings, "obligations", night)
        with connect(settings) as connection:
            assert knowledge_of(connection, night) is None, "nothing of a later night is here yet"
        build_and_record(settings, "then", night)
        then[night] = marts(settings)
    assert then[NIGHTS[0]]["fct_placement"][0] > 50
    for earlier, later in pairwise(NIGHTS):
        assert then[earlier] != then[later]
    with connect(settings) as connection:
        states = {state for (state,) in connection.execute("select distinct state from ops.submission").fetchall()}
        assert states >= {"accepted", "superseded", "rejected"}, states
        (last_receipt,) = connection.execute("select max(received_at) from ops.submission").fetchone() or (None,)
    assert last_receipt > end_of_day(NIGHTS[0])
    for night in NIGHTS:
        with connect(settings) as connection:
            assert knowledge_of(connection, night) == (end_of_day(night) if last_receipt > end_of_day(night) else None)
        build_and_record(settings, "again", night)
        again = marts(settings)
        differing = {
            name: (then[night].get(name), again.get(name)) for name in again if again[name] != then[night].get(name)
        }
        assert not differing, f"{night}: {differing}"


def test_midnight_itself_belongs_to_the_night(settings: Settings) -> None:
    at = end_of_day(date(2026, 3, 31))
    assert at == datetime.fromisoformat("2026-04-01 00:00:00+08:00")
    with connect(settings) as connection:
        for moment in (at, "2026-04-01 00:00:01+08:00"):
            connection.execute(
                "insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, state)"
                " values (%s, 'x', 'y', 1, %s, 'rejected')",
                [str(moment), moment],
            )
            assert knowledge_of(connection, date(2026, 3, 31)) == (None if moment == at else at)
