"""Time of the board's pages for a country: 3,000 districts, 15 monthly feeds, nights of two months. `make bench-board`."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient
from starlette.requests import Request

from zaoxue.board import Account, make_board
from zaoxue.board.queries.heat_map import Choice, standings
from zaoxue.board.viewers import Viewer
from zaoxue.settings import load_settings
from zaoxue.submissions.nights import remember_nights
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres
from zaoxue.warehouse.migrate import migrate

DISTRICTS = int(os.environ.get("BENCH_DISTRICTS", "3000"))
FEEDS, RUNS = 15, 15
LAST = date(2026, 6, 20)  # 30 nights back lie in two months
ORGANISATIONS = """
insert into ops.organisation (organisation_code, name, kind, district_code, opened_on)
select (100000 + n)::text, '区' || n, 'district', (100000 + n)::text, '2025-01-01' from generate_series(1, %s) as n
"""
OBLIGATIONS = """
insert into ops.obligation (organisation_code, feed, period, period_start, period_end, due_at, grace_until)
select organisation_code, 'feed' || f, to_char(m, 'YYYY-MM'), m::date, (m + interval '1 month - 1 day')::date,
    (m + interval '1 month 5 days 17 hours') at time zone 'Asia/Shanghai',
    (m + interval '1 month 7 days 17 hours') at time zone 'Asia/Shanghai'
from ops.organisation, generate_series(1, %s) as f, generate_series('2026-03-01'::timestamp, '2026-06-01', '1 month') as m
"""
SUBMISSIONS = """
insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed, organisation_code, district_code,
    period, version, state)
select md5(organisation_code || feed || period), 'x', 'x', 1, due_at + (random() * 20 - 17) * interval '1 day', feed,
    organisation_code, organisation_code, period, 1,
    case when random() < 0.02 then 'rejected' when random() < 0.01 then 'received' else 'accepted' end
from ops.obligation where random() < 0.98
"""


def main() -> None:
    """Print the figures of docs/bench.md."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder), fast=True)
        server.start()
        try:
            _measure(server)
        finally:
            server.stop()


def _measure(server: EmbeddedPostgres) -> None:
    settings = replace(load_settings(), home=Path(server.data).parent, database_url=server.database_url("board"))
    migrate(settings)
    with connect(settings) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute(ORGANISATIONS, [DISTRICTS])
        connection.execute(OBLIGATIONS, [FEEDS])
        connection.execute(SUBMISSIONS)
        connection.execute("analyze")
        print(f"{DISTRICTS} districts x {FEEDS} feeds, load average {os.getloadavg()[0]:.1f}")
        _once("the first look back, 31 nights", lambda: remember_nights(connection, LAST))
        _once("a night more", lambda: remember_nights(connection, date(2026, 6, 21)))
        connection.execute("analyze ops.night_board")

    async def engineer(_: Request) -> Account:
        return Account("engineer", True)

    browser = TestClient(make_board(settings, engineer, str))
    with connect(settings) as connection:
        viewer, choice = Viewer("engineer", None), Choice(LAST, 30)
        _many("the statement alone", lambda: standings(connection, viewer, choice))
    for path in ("/", f"/?size={DISTRICTS}", "/?feed=feed3", "/?prefecture=1010", "/district/100020"):
        size = len(browser.get(path).content)
        _many(f"{path} ({size / 1024:,.0f} KiB)", lambda path=path: browser.get(path))  # type: ignore[misc]  # mypy does not type a lambda's default


def _once(what: str, act: Callable[[], object]) -> None:
    started = time.perf_counter()
    act()
    print(f"{what:44} {time.perf_counter() - started:8.1f} s")


def _many(what: str, act: Callable[[], object]) -> None:
    """Milliseconds, the server's included; those of this process's CPU apart, for machines that do other things."""
    wall, cpu = [], []
    act()
    for _ in range(RUNS):
        started, used = time.perf_counter(), time.process_time()
        act()
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - used))
    print(
        f"{what:44} least {min(wall):5.0f} ms  median {statistics.median(wall):5.0f} ms  Python's CPU {statistics.median(cpu):4.0f} ms"
    )


if __name__ == "__main__":
    main()
