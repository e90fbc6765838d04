"""What is remembered of each night, against a plain loop over obligations and submissions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from tests.unit.submissions.test_obligations import BEIJING, at

from zaoxue.board.queries.heat_map import Choice, standings
from zaoxue.board.viewers import Viewer
from zaoxue.contracts import Contract
from zaoxue.periods import end_of_day
from zaoxue.submissions.nights import FIRST_LOOK_BACK, remember_nights, remember_recipient
from zaoxue.submissions.obligations import generate_obligations

STATES = ("missing", "rejected", "held", "overdue", "late", "met")
SEVERITY = ("missing", "rejected", "held", "overdue", "late", "met")  # the worst first
FIRST, LAST = date(2026, 4, 28), date(2026, 6, 12)
REFUSED = ("rejected", "received")


def remembered(connection: psycopg.Connection) -> dict[tuple[str, str, date], set[str]]:
    """(recipient, feed, night) -> states."""
    found: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    rows = connection.execute(
        f"select recipient_code, feed, month, {', '.join(STATES)} from ops.night_board"
    ).fetchall()
    for recipient, feed, month, *masks in rows:
        for state, mask in zip(STATES, masks, strict=True):
            for bit in range(31):
                if mask >> bit & 1:
                    found[recipient, feed, month + timedelta(days=bit)].add(state)
    return dict(found)


def oracle(
    obligations: list[tuple[Any, ...]], sent: dict[Any, list[tuple[datetime, str]]], waived: dict[Any, datetime]
) -> dict[tuple[str, str, date], set[str]]:
    found: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    night = FIRST
    while night <= LAST:
        end = datetime(night.year, night.month, night.day, tzinfo=BEIJING) + timedelta(days=1)
        latest: dict[tuple[str, str], tuple[date, str | None, str]] = {}
        for code, recipient, feed, period, start, due, grace in obligations:
            known = [(when, state) for when, state in sent.get((code, feed, period), []) if when <= end]
            accepted = [when for when, state in known if state not in REFUSED]
            here = found[recipient, feed, night]
            settled: str | None = None
            if waived.get((code, feed, period), end + timedelta(days=1)) <= end:
                settled = "met"
            elif accepted:
                settled = "met" if min(accepted) <= due else "late"
            elif any(state == "received" for _, state in known):
                here.add("held")
            elif end > grace:
                here.add("rejected" if known else "missing")
            elif end >= due:
                here.add("rejected" if known else "overdue")
            if due <= end and start >= latest.get((code, feed), (start, None, ""))[0]:
                latest[code, feed] = (start, settled, recipient)
        for (_, feed), (_, settled, recipient) in latest.items():
            if settled:
                found[recipient, feed, night].add(settled)
        night += timedelta(days=1)
    return {key: states for key, states in found.items() if states}


def test_every_night_of_every_recipient_equals_the_oracle(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract], submit: Callable[..., str]
) -> None:
    rng = random.Random(5)
    generate_obligations(connection, contracts, LAST + timedelta(days=60))
    obligations = connection.execute(
        "select o.organisation_code, coalesce(g.district_code, o.organisation_code), o.feed, o.period, o.period_start,"
        " o.due_at, o.grace_until from ops.obligation as o join ops.organisation as g using (organisation_code)"
    ).fetchall()
    sent: dict[Any, list[tuple[datetime, str]]] = defaultdict(list)
    waived: dict[Any, datetime] = {}
    for code, _, feed, period, _, due, _ in obligations:
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            # Some to the second of the due time, or of midnight.
            when = rng.choice([due, end_of_day(due.date()), due + timedelta(hours=rng.uniform(-300, 200))])
            state = rng.choice(["accepted", "accepted", "accepted_with_rejects", "stale", "rejected", "received"])
            sent[code, feed, period].append((when, state))
            submit(code, feed, period, when, state=state, is_nil=rng.random() < 0.1)
        if rng.random() < 0.08:
            waived[code, feed, period] = due + timedelta(hours=rng.uniform(-100, 300))
            connection.execute(
                "insert into ops.waiver (organisation_code, feed, period, reason, waived_by, waived_at)"
                " values (%s, %s, %s, 'flood', 'test', %s)",
                [code, feed, period, waived[code, feed, period]],
            )
    night = FIRST + timedelta(days=FIRST_LOOK_BACK - 1)
    while True:  # the first look back, then nights that were watched, and some that were not
        remember_nights(connection, night)
        if night == LAST:
            break
        night = min(LAST, night + timedelta(days=rng.choice([1, 1, 2, 4])))
    found = remembered(connection)
    wanted = oracle(obligations, sent, waived)
    assert {state for states in wanted.values() for state in states} == set(STATES)
    assert found == wanted
    assert remember_nights(connection, LAST) > 0
    assert remembered(connection) == wanted
    outstanding = connection.execute(
        "select recipient_code, feed, outstanding from ops.night_board where month = %s", [LAST.replace(day=1)]
    ).fetchall()
    missing = connection.execute(
        "select coalesce(district_code, organisation_code), feed, count(*) from ops.obligation_state(%s)"
        " where state = 'missing' group by 1, 2",
        [end_of_day(LAST)],
    ).fetchall()
    assert sorted(row for row in outstanding if row[2]) == sorted(missing)

    worst: dict[str, dict[date, int]] = defaultdict(dict)
    for (recipient, _, night), states in wanted.items():
        worst[recipient][night] = min(worst[recipient].get(night, 9), *(SEVERITY.index(state) for state in states))
    for choice in (Choice(LAST, 46), Choice(LAST, 30), Choice(date(2026, 5, 31), 31), Choice(date(2026, 6, 5), 2)):
        shown = {row.code: row for row in standings(connection, Viewer("engineer", None), choice)}
        assert set(shown) == set(worst)
        for code, row in shown.items():
            states = [state for state, nights in row.runs(choice.nights) for _ in range(nights)]
            days = [choice.first_night + timedelta(days=n) for n in range(choice.nights)]
            assert states == [SEVERITY[worst[code][day]] if day in worst[code] else None for day in days], code


def test_a_night_stays_as_it_was_known_and_the_last_one_follows_a_decision(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract], submit: Callable[..., str]
) -> None:
    generate_obligations(connection, contracts, date(2026, 5, 31))
    key = ("990101", "placement")
    for night in (date(2026, 5, 14), date(2026, 5, 15)):
        remember_nights(connection, night)
    assert remembered(connection)[*key, date(2026, 5, 14)] == {"missing"}
    held = submit(
        "990101001", "placement", "2026-04", at(2026, 5, 4, 9), state="received"
    )  # in time, and known only now
    submit("990101002", "placement", "2026-04", at(2026, 5, 4, 9))
    remember_nights(connection, date(2026, 5, 16))
    told = remembered(connection)
    assert told[*key, date(2026, 5, 13)] == {"missing"}
    assert told[*key, date(2026, 5, 16)] == {"missing", "held", "met"}  # March is missing still
    other = told["990102", "placement", date(2026, 5, 16)]
    connection.execute("update ops.submission set state = 'accepted' where submission_id = %s", [held])
    remember_recipient(connection, held)
    told = remembered(connection)
    assert told[*key, date(2026, 5, 16)] == {"missing", "met"}
    assert told[*key, date(2026, 5, 14)] == {"missing"}
    assert told["990102", "placement", date(2026, 5, 16)] == other


def test_by_day_a_night_is_judged_as_of_now_and_again_when_it_is_over(
    connection: psycopg.Connection, registry: int, contracts: dict[str, Contract]
) -> None:
    generate_obligations(connection, contracts, date(2026, 5, 31))
    connection.execute("delete from ops.obligation where period <> '2026-04'")
    key = ("990101", "placement", date(2026, 5, 13))  # in grace until 17:00
    remember_nights(connection, date(2026, 5, 13), at(2026, 5, 13, 10))
    assert remembered(connection)[key] == {"overdue"}
    remember_nights(connection, date(2026, 5, 14), at(2026, 5, 14, 10))
    assert remembered(connection)[key] == {"missing"}
