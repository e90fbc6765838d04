"""Builds that replace the rows of touched people alone hold, night after night, the rows of a build that makes all anew."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.warehouse.conftest import new_warehouse
from tests.warehouse.nights import change_rows, everything, send_ledgers
from tests.warehouse.side_feeds import TOWNSHIPS
from tests.warehouse.world import make_world
from zaoxue.periods import end_of_day
from zaoxue.settings import Settings
from zaoxue.warehouse import dbt_build
from zaoxue.warehouse.build_base import usable_base
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres

FIRST, NEXT, MONTH_ON = date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 6)


def _scope(settings: Settings) -> tuple[bool, int]:
    with connect(settings) as connection:
        row = connection.execute("select is_whole, touched_people from intermediate.int_build_scope").fetchone()
    assert row
    return row[0], row[1]


def _base(settings: Settings, as_of: date) -> date | None:
    with connect(settings) as connection:
        return usable_base(connection, settings, as_of, None)


def _differences(server: EmbeddedPostgres, settings: Settings, as_of: date, home: Path) -> dict[str, object]:
    """Tables that a build of everything anew, on a copy of the same warehouse, fills with other rows."""
    built = everything(settings)
    with psycopg.connect(settings.database_url or "") as connection:
        name = connection.info.dbname
    copy = f"{name}_{as_of:%m%d}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(sql.Identifier(copy), sql.Identifier(name)))
    anew = replace(settings, home=home, database_url=server.database_url(copy))
    with connect(anew) as connection:
        connection.execute("delete from ops.mart_build")
    dbt_build.build_marts(anew, as_of)
    assert _scope(anew)[0]
    wanted = everything(anew)
    assert built.keys() == wanted.keys()
    return {name: (built[name] - rows, rows - built[name]) for name, rows in wanted.items() if built[name] != rows}


@pytest.mark.timeout(1200)
def test_nights_of_changes_hold_the_rows_of_a_whole_build(
    postgres_server: EmbeddedPostgres, template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = new_warehouse(postgres_server, template_database, tmp_path / "home")
    rng = random.Random(7)
    with connect(settings) as connection:
        make_world(connection, settings, 7, MONTH_ON)
    dbt_build.build_marts(settings, FIRST)
    _what_cannot_be_built_upon(settings)

    # A day on: some people changed, others come due.
    with connect(settings) as connection:
        change_rows(connection, rng, NEXT, people=30)
    dbt_build.build_marts(settings, NEXT)
    is_whole, touched = _scope(settings)
    assert not is_whole
    assert 30 <= touched < 150
    assert _differences(postgres_server, settings, NEXT, tmp_path / "anew_1") == {}

    # A month on, with ledgers of two townships that list the same people still: most are touched, by request not all anew.
    with connect(settings) as connection:
        change_rows(connection, rng, MONTH_ON, people=60)
        send_ledgers(connection, TOWNSHIPS[-2:], "2026-06", MONTH_ON)
    monkeypatch.setattr(dbt_build, "BY_PERSON_UP_TO", 1)
    dbt_build.build_marts(settings, MONTH_ON)
    assert not _scope(settings)[0]
    assert _scope(settings)[1] > touched
    assert _differences(postgres_server, settings, MONTH_ON, tmp_path / "anew_2") == {}

    with connect(settings) as connection:
        change_rows(connection, rng, MONTH_ON, people=20)
    _a_killed_build_is_nothing_to_build_upon(settings)
    _a_build_that_breaks_off_is_nothing_to_build_upon(settings)


def _a_killed_build_is_nothing_to_build_upon(settings: Settings) -> None:
    """Killed when rows have been replaced in some tables and not in those that are counted from them."""

    def when_replaced() -> object:
        with connect(settings) as connection:
            return connection.execute(
                "select to_regclass('intermediate.int_retention_outcomes__replaced')::oid"
            ).fetchone()

    before = when_replaced()
    code = (
        "from zaoxue.settings import load_settings; from zaoxue.warehouse.dbt_build import build_marts;"
        f"from datetime import date; build_marts(load_settings(), date.fromisoformat('{MONTH_ON}'))"
    )
    environment = {"ZAOXUE_HOME": str(settings.home), "ZAOXUE_DATABASE_URL": settings.database_url or ""}
    build = subprocess.Popen([sys.executable, "-c", code], env=os.environ | environment, stdout=subprocess.DEVNULL)
    while when_replaced() == before:
        assert build.poll() is None, "ended before it could be killed"
        time.sleep(0.02)
    build.kill()
    build.wait()
    assert _base(settings, MONTH_ON) is None
    dbt_build.build_marts(settings, MONTH_ON)
    assert _scope(settings)[0], "made anew"
    assert _base(settings, MONTH_ON) == MONTH_ON


def _a_build_that_breaks_off_is_nothing_to_build_upon(settings: Settings) -> None:
    with connect(settings) as connection:
        connection.execute(
            "update raw.placement set ended_on = started_on - 1 where ctid in (select min(ctid) from raw.placement"
            " where _to_submission is null)"
        )
    with pytest.raises(dbt_build.DataTestError):
        dbt_build.build_marts(settings, MONTH_ON)
    assert _scope(settings) == (False, 1), "broke off while rows were being replaced"
    assert _base(settings, MONTH_ON) is None


def _what_cannot_be_built_upon(settings: Settings) -> None:
    assert _base(settings, NEXT) == FIRST
    assert _base(settings, date(2026, 5, 30)) is None, "as_of goes back"
    assert _base(settings, date(2027, 1, 1)) is None, "another calendar"
    with connect(settings) as connection:
        assert usable_base(connection, settings, NEXT, end_of_day(NEXT)) is None, "what was known at a past instant"
        connection.execute("update ops.organisation set closed_on = '2026-06-30' where organisation_code = '990101001'")
        assert usable_base(connection, settings, NEXT, None) is None, "another registry"
        connection.rollback()
        connection.execute("truncate raw.subsidy")
        assert usable_base(connection, settings, NEXT, None) is None, "rows went that no journal names"
        connection.rollback()
        connection.execute("update raw.subsidy set _sheet = 'x' where false")
    with connect(settings) as connection:
        assert connection.execute("select count(*) from ops.changed_person").fetchone() == (0,)
    assert _base(settings, NEXT) == FIRST
