"""Obligations and their states, against an independent oracle in Python."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import psycopg
import pytest

from zaoxue.contracts import Contract
from zaoxue.submissions.calendar import plain_week_years
from zaoxue.submissions.obligations import generate_obligations

BEIJING = ZoneInfo("Asia/Shanghai")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("organisation", "feed", "period", "due_at", "grace_until"),
    [
        ("990101001", "placement", "2026-01", at(2026, 2, 6, 17), at(2026, 2, 10, 17)),
        (
            "990101001",
            "placement",
            "2026-04",
            at(2026, 5, 11, 17),
            at(2026, 5, 13, 17),
        ),  # Labour Day, a worked Saturday
        ("990101001", "person", "2026Q1", at(2026, 4, 3, 17), at(2026, 4, 8, 17)),  # grace over the Qingming holiday
        ("990101", "target", "2026", at(2026, 1, 15, 17), at(2026, 1, 22, 17)),  # due in its own period
        ("B9901", "loan", "2026-09", at(2026, 10, 13, 17), at(2026, 10, 15, 17)),  # National Day week
        ("990101001", "placement", "2026-12", at(2027, 1, 7, 17), at(2027, 1, 11, 17)),  # no table: plain week
    ],
)
def test_due_times(
    connection: psycopg.Connection,
    registry: int,
    contracts: dict[str, Contract],
    organisation: str,
    feed: str,
    period: str,
    due_at: datetime,
    grace_until: datetime,
) -> None:
    generate_obligations(connection, contracts, date(2026, 12, 31))
    row = connection.execute(
        "select due_at, grace_until from ops.obligation where (organisation_code, feed, period) = (%s, %s, %s)",
        [organisation, feed, period],
    ).fetchone()
    assert row == (due_at, grace_until)
    assert plain_week_years(connection) == (2027,)


def test_each_kind_owes_its_feeds_and_a_second_run_writes_nothing(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract]
) -> None:
    owed = generate_obligations(connection, contracts, date(2026, 5, 31))
    # 3 townships: 3 monthly feeds x 5 + 2 quarters; 2 districts: 1 year; 1 bank: 5 months; news owes nothing.
    assert owed == 3 * (3 * 5 + 2) + 2 + 5
    rows = "select count(*), sum(xmin::text::bigint) from ops.obligation"
    connection.commit()
    before = connection.execute(rows).fetchone()
    assert before is not None
    assert before[0] == owed
    assert generate_obligations(connection, contracts, date(2026, 5, 31)) == owed
    assert connection.execute(rows).fetchone() == before


def test_opening_and_closing_and_a_changed_contract(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract]
) -> None:
    connection.execute(
        "update ops.organisation set opened_on = '2026-03-31', closed_on = '2026-06-05'"
        " where organisation_code = '990101001'"
    )
    generate_obligations(connection, contracts, date(2026, 7, 31))
    periods = (
        "select array_agg(period order by period) from ops.obligation_state('2026-08-01')"
        " where organisation_code = '990101001' and feed = 'placement'"
    )
    assert connection.execute(periods).fetchone() == (["2026-03", "2026-04", "2026-05"],), (
        "May's is due on the last day"
    )
    connection.execute("update ops.organisation set closed_on = '2026-05-11' where organisation_code = '990101001'")
    assert connection.execute(periods).fetchone() == (["2026-03", "2026-04"],), "closing counts at once"
    connection.execute("update ops.organisation set closed_on = '2026-05-10' where organisation_code = '990101001'")
    assert connection.execute(periods).fetchone() == (["2026-03"],), "April's falls due when nobody is there"
    placement = contracts["placement"]
    sooner = replace(placement, sla=placement.sla | {"dueWorkingDay": 1, "graceWorkingDays": 0})
    generate_obligations(connection, contracts | {"placement": sooner}, date(2026, 7, 31))
    row = connection.execute(
        "select due_at, grace_until from ops.obligation where organisation_code = '990101002'"
        " and feed = 'placement' and period = '2026-03'"
    ).fetchone()
    assert row == (at(2026, 4, 1, 17), at(2026, 4, 1, 17))


def test_who_opens_during_the_year_does_not_owe_what_fell_due_before(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract]
) -> None:
    connection.execute("update ops.organisation set opened_on = '2026-05-20' where organisation_code = '990101'")
    connection.execute("update ops.organisation set opened_on = '2026-01-15' where organisation_code = '990102'")
    generate_obligations(connection, contracts, date(2026, 7, 31))
    owed = connection.execute("select organisation_code from ops.obligation_state('2026-08-01') where feed = 'target'")
    assert owed.fetchall() == [("990102",)], "the task of the year is due on 15 January"


def test_nobody_registered_owes_nothing(connection: psycopg.Connection, contracts: dict[str, Contract]) -> None:
    assert generate_obligations(connection, contracts, date(2026, 5, 31)) == 0


STATES = ("received", "accepted", "accepted_with_rejects", "rejected", "stale", "duplicate", "superseded", "withdrawn")
Obligation = tuple[str, str, str]


def _oracle_due(period: str, feed: str, contracts: dict[str, Contract]) -> tuple[date, date, datetime, datetime]:
    """First and last day, due time and end of grace, counted day by day."""
    if "Q" in period:
        year, first_month, months = int(period[:4]), 3 * int(period[-1]) - 2, 3
    elif "-" in period:
        year, first_month, months = int(period[:4]), int(period[5:]), 1
    else:
        year, first_month, months = int(period), 1, 12
    start = date(year, first_month, 1)
    end = start
    while (end + timedelta(days=1)).year == year and (end + timedelta(days=1)).month < first_month + months:
        end += timedelta(days=1)
    sla = contracts[feed].sla
    day = (start if sla.get("dueIn") == "current" else end + timedelta(days=1)) - timedelta(days=1)

    def count(day: date, n: int) -> date:
        while n:
            day += timedelta(days=1)
            worked = day.weekday() < 5 if day.year > 2026 else chinese_calendar.is_workday(day)
            n -= 1 if worked else 0
        return day

    due = count(day, int(sla["dueWorkingDay"]))
    grace = count(due, int(sla["graceWorkingDays"]))
    clock = datetime.strptime(sla["dueTime"], "%H:%M").time()  # noqa: DTZ007 - a time of day
    return start, end, datetime.combine(due, clock, BEIJING), datetime.combine(grace, clock, BEIJING)


def _oracle_state(
    period: str,
    feed: str,
    contracts: dict[str, Contract],
    sent: list[tuple[datetime, str, bool, str]],
    waived_at: datetime | None,
    now: datetime,
) -> tuple[str, str | None, str | None]:
    _, end, due, grace = _oracle_due(period, feed, contracts)
    known = sorted(item for item in sent if item[0] <= now)
    accepted = [item for item in known if item[1] in ("accepted", "accepted_with_rejects", "superseded", "stale")]
    first = accepted[0][3] if accepted else None
    if waived_at is not None and waived_at <= now:
        return "waived", None, first
    if accepted:
        if accepted[-1][2]:
            return "nil", None, first
        return ("on_time" if accepted[0][0] <= due else "late"), None, first
    was_rejected = any(item[1] == "rejected" for item in known)
    if any(item[1] == "received" for item in known):
        return "due", "held", None
    if now > grace:
        return "missing", "rejected" if was_rejected else "nothing received", None
    over = datetime.combine(end, datetime.min.time(), BEIJING) + timedelta(days=1)
    is_open = now >= over or contracts[feed].sla.get("dueIn") == "current"
    return ("due" if is_open else "not_due"), "rejected" if was_rejected else None, None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_states_of_a_random_year_equal_the_oracle(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract], submit: Callable[..., str], seed: int
) -> None:
    chance = random.Random(seed)
    generate_obligations(connection, contracts, date(2026, 12, 31))
    obligations: list[Obligation] = connection.execute(
        "select organisation_code, feed, period from ops.obligation order by 1, 2, 3"
    ).fetchall()
    sent: dict[Obligation, list[tuple[datetime, str, bool, str]]] = {}
    waived: dict[Obligation, datetime] = {}
    instants = []
    for obligation in obligations:
        start, _, due, grace = _oracle_due(obligation[2], obligation[1], contracts)
        assert connection.execute(
            "select due_at, grace_until from ops.obligation where (organisation_code, feed, period) = (%s, %s, %s)",
            obligation,
        ).fetchone() == (due, grace)
        opening = datetime.combine(start, datetime.min.time(), BEIJING)
        moments = [
            due,
            due + timedelta(seconds=1),
            grace,
            grace + timedelta(seconds=1),
            opening + chance.random() * (grace + timedelta(days=20) - opening),
        ]
        for version, received_at in enumerate(chance.sample(moments, chance.choice([0, 1, 1, 2, 3])), start=1):
            state, is_nil = chance.choice(STATES), chance.random() < 0.3
            submission_id = submit(*obligation, received_at, state=state, is_nil=is_nil, version=version)
            sent.setdefault(obligation, []).append((received_at, state, is_nil, submission_id))
        if chance.random() < 0.1:
            waived[obligation] = chance.choice(moments)
            connection.execute(
                "insert into ops.waiver values (%s, %s, %s, 'flood', 'test', %s)", [*obligation, waived[obligation]]
            )
        instants += chance.sample(moments, 1)
    seen = set()
    ends = [at(2026, 1, 1), at(2026, 1, 1, 0, 0, 1), at(2026, 1, 10), at(2027, 3, 1)]
    for now in [*ends, *chance.sample(instants, 25)]:
        rows = connection.execute(
            "select organisation_code, feed, period, state, reason, submission_id, period_start"
            " from ops.obligation_state(%s)",
            [now],
        ).fetchall()
        begun = {
            o
            for o in obligations
            if datetime.combine(_oracle_due(o[2], o[1], contracts)[0], datetime.min.time(), BEIJING) < now
        }
        assert {row[:3] for row in rows} == begun
        for *key, state, reason, submission_id, _ in rows:
            obligation = (key[0], key[1], key[2])
            expected = _oracle_state(
                obligation[2], obligation[1], contracts, sent.get(obligation, []), waived.get(obligation), now
            )
            assert (state, reason, submission_id) == expected, (obligation, now)
            seen.add((state, reason))
    # Every state and reason must have come up; a rejected file before the end of its period is too rare to ask for.
    assert seen >= {
        ("not_due", None),
        ("due", None),
        ("due", "rejected"),
        ("due", "held"),
        ("on_time", None),
        ("late", None),
        ("missing", "rejected"),
        ("missing", "nothing received"),
        ("nil", None),
        ("waived", None),
    }


def test_three_thousand_districts_and_fifteen_feeds(
    connection: psycopg.Connection, contracts: dict[str, Contract]
) -> None:
    connection.execute(
        "insert into ops.organisation select code, code, 'district', null, code, '2026-05-01', null, ''"
        " from (select (100000 + i)::text from generate_series(1, 3000) as i) as t (code)"
    )
    feeds = {f"feed_{n}": replace(contracts["placement"], feed=f"feed_{n}", submitter="district") for n in range(15)}
    assert generate_obligations(connection, feeds, date(2026, 5, 31)) == 45_000
    row = connection.execute(
        "select count(*) from ops.obligation_state('2026-07-01') where state = 'missing'"
    ).fetchone()
    assert row == (45_000,)
