"""Cadences, days off, due times of one's own, reminders, escalation and lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from zaoxue.contracts import Contract, ContractError
from zaoxue.submissions.due_rules import due_rule, read_overrides
from zaoxue.submissions.obligations import generate_obligations

BEIJING = ZoneInfo("Asia/Shanghai")
HEADER = "organisation_code,feed,property,value,first_period,last_period,reason\n"


def with_sla(contract: Contract, **sla: Any) -> dict[str, Contract]:
    return {contract.feed: replace(contract, sla={"dueTime": "17:00", "graceWorkingDays": 1} | sla)}


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("sla", "period", "due_at"),
    [
        ({"frequency": "week", "dueDay": 5, "dueIn": "current", "dueTime": "12:00"}, "2026W23", at(2026, 6, 5, 12)),
        # Friday of the Spring Festival week, and of the National Day week: the next day that is worked.
        ({"frequency": "week", "dueDay": 5, "dueIn": "current", "dueTime": "12:00"}, "2026W08", at(2026, 2, 24, 12)),
        ({"frequency": "week", "dueDay": 5, "dueIn": "current", "dueTime": "12:00"}, "2026W40", at(2026, 10, 8, 12)),
        ({"frequency": "week", "dueWorkingDay": 1}, "2026W23", at(2026, 6, 8, 17)),
        ({"frequency": "month", "dueDay": 25, "dueIn": "current"}, "2026-05", at(2026, 5, 25, 17)),
        ({"frequency": "month", "dueDay": 25, "dueIn": "current"}, "2026-04", at(2026, 4, 27, 17)),  # a Saturday
        ({"frequency": "month", "dueDay": 9, "dueIn": "current"}, "2026-05", at(2026, 5, 9, 17)),  # a worked Saturday
        ({"frequency": "month", "dueDay": 31, "dueIn": "current"}, "2026-02", at(2026, 2, 28, 17)),  # a worked Saturday
        ({"frequency": "month", "dueDay": 31}, "2026-01", at(2026, 2, 28, 17)),
        ({"frequency": "quarter", "dueWorkingDay": 3}, "2026Q3", at(2026, 10, 10, 17)),
        ({"frequency": "year", "dueWorkingDay": 10, "dueIn": "current"}, "2026", at(2026, 1, 15, 17)),
        ({"frequency": "year", "dueDay": 90}, "2025", at(2026, 3, 31, 17)),
        ({"frequency": "day", "dueWorkingDay": 1, "dueTime": "08:00"}, "2026-10-01", at(2026, 10, 8, 8)),
        (
            {"frequency": "day", "dueDay": 1, "dueOnDayOff": "same_day", "dueTime": "08:00"},
            "2026-10-01",
            at(2026, 10, 2, 8),
        ),
    ],
)
def test_five_cadences_around_days_off(
    connection: psycopg.Connection,
    registry: int,
    contracts: dict[str, Contract],
    sla: dict[str, Any],
    period: str,
    due_at: datetime,
) -> None:
    connection.execute("update ops.organisation set opened_on = '2025-12-01'")
    generate_obligations(connection, with_sla(contracts["placement"], **sla), date(2026, 12, 31))
    row = connection.execute(
        "select due_at from ops.obligation where organisation_code = '990101001' and period = %s", [period]
    ).fetchone()
    assert row == (due_at,)


def test_reminder_escalation_and_lock_count_working_days(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract]
) -> None:
    more = {"dueWorkingDay": 1, "remindWorkingDays": 2, "escalateWorkingDays": 4, "lockWorkingDays": 7}
    generate_obligations(connection, with_sla(contracts["placement"], frequency="month", **more), date(2026, 9, 30))
    found = "select due_at, grace_until, remind_at, escalate_at, locked_at from ops.obligation where period = '2026-09'"
    assert set(connection.execute(found).fetchall()) == {
        (at(2026, 10, 8, 17), at(2026, 10, 9, 17), at(2026, 9, 29), at(2026, 10, 14, 17), at(2026, 10, 16, 17))
    }, "over the National Day week, with the worked Saturday of 10 October"
    never = {"dueWorkingDay": 1, "remindWorkingDays": 0, "escalateWorkingDays": 0}
    generate_obligations(connection, with_sla(contracts["placement"], frequency="month", **never), date(2026, 9, 30))
    assert {row[2:] for row in connection.execute(found).fetchall()} == {(None, None, None)}


def test_a_due_time_of_ones_own_is_one_line(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract], tmp_path: Path
) -> None:
    (tmp_path / "due_times.csv").write_text(
        HEADER
        + "9901,placement,dueWorkingDay,6,,,prefecture\n"
        + "990101,placement,dueTime,12:00,2026-03,2026-04,district\n"
        + "990101002,*,graceWorkingDays,9,2026-04,,township\n",
        encoding="utf-8",
    )
    generate_obligations(connection, contracts, date(2026, 4, 30), read_overrides(tmp_path))

    def due(organisation: str, feed: str, period: str) -> Any:
        return connection.execute(
            "select due_at, grace_until from ops.obligation where (organisation_code, feed, period) = (%s, %s, %s)",
            [organisation, feed, period],
        ).fetchone()

    assert due("990102001", "placement", "2026-03") == (at(2026, 4, 9, 17), at(2026, 4, 13, 17)), "the prefecture's"
    assert due("990101001", "placement", "2026-03") == (at(2026, 4, 9, 12), at(2026, 4, 13, 12)), "and the district's"
    assert due("990101001", "placement", "2026-02") == (at(2026, 3, 9, 17), at(2026, 3, 11, 17)), "before its line"
    assert due("990101002", "placement", "2026-04") == (at(2026, 5, 12, 12), at(2026, 5, 25, 12)), "and the township's"
    assert due("990101002", "training", "2026-04") == (at(2026, 5, 11, 17), at(2026, 5, 22, 17))
    assert due("990101001", "training", "2026-04") == (at(2026, 5, 11, 17), at(2026, 5, 13, 17)), "the contract's"
    generate_obligations(connection, contracts, date(2026, 4, 30))
    assert due("990101002", "placement", "2026-04") == (at(2026, 5, 11, 17), at(2026, 5, 13, 17)), "without the lines"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("990199,placement,dueDay,8,,,x", "no organisation has the code 990199"),
        ("990101,wages,dueDay,8,,,x", "there is no feed wages"),
        ("990101,placement,colour,8,,,x", "line 2: needs organisation_code"),
        ("990101,placement,dueDay,8,May,,x", "line 2: 'May' is not a period"),
        ("990101,placement,dueDay,42,,,x", "dueDay must be 1 to 31"),
        ("990101,placement,dueTime,noon,,,x", "need dueTime"),
        ("990101,placement,lockWorkingDays,1,,,x", "must not end before"),
    ],
)
def test_a_line_that_says_nothing_sensible_is_refused(
    connection: psycopg.Connection,
    registry: int,
    contracts: dict[str, Contract],
    tmp_path: Path,
    line: str,
    words: str,
) -> None:
    (tmp_path / "due_times.csv").write_text(HEADER + line + "\n", encoding="utf-8")
    with pytest.raises(ContractError, match=words):
        generate_obligations(connection, contracts, date(2026, 4, 30), read_overrides(tmp_path))


def test_a_contract_names_one_way_to_count(contracts: dict[str, Contract]) -> None:
    for sla in ({}, {"dueDay": 3, "dueWorkingDay": 3}):
        with pytest.raises(ContractError, match="either dueWorkingDay or dueDay"):
            due_rule(with_sla(contracts["placement"], frequency="month", **sla)["placement"])
    assert due_rule(with_sla(contracts["placement"], frequency="day", dueDay=1)["placement"]).remind == 0


def test_an_hour_without_news_writes_nothing_and_a_new_line_of_the_registry_does(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract]
) -> None:
    owed = generate_obligations(connection, contracts, date(2026, 4, 30))
    connection.execute("update ops.obligation set due_at = due_at + interval '1 hour'")
    assert generate_obligations(connection, contracts, date(2026, 4, 30)) == owed
    moved = "select count(*) from ops.obligation where due_at = grace_until - interval '1 hour'"
    connection.execute("update ops.organisation set opened_on = opened_on - %s", [timedelta(days=1)])
    generate_obligations(connection, contracts, date(2026, 4, 30))
    assert connection.execute(moved).fetchone() == (0,)
    due = "select distinct (due_at at time zone 'Asia/Shanghai')::time::text from ops.obligation"
    assert connection.execute(due).fetchall() == [("17:00:00",)]
