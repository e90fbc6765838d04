"""Working days: known holiday weeks, make-up workdays, and years without a table."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from zaoxue.submissions.calendar import fill_calendar, working_day


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 2, 13), True),  # Friday before the Spring Festival
        (date(2026, 2, 14), True),  # make-up Saturday
        (date(2026, 2, 15), False),
        (date(2026, 2, 16), False),  # Monday, New Year's Eve
        (date(2026, 2, 23), False),  # Monday, last day of the holiday
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # make-up Saturday
        (date(2026, 3, 1), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # make-up Saturday after the National Day week
    ],
)
def test_known_holiday_weeks(day: date, is_worked: bool) -> None:
    assert working_day(day) == (is_worked, "holiday_table")


def test_year_without_a_table_falls_back_and_says_so(connection: psycopg.Connection) -> None:
    assert working_day(date(2040, 1, 2)) == (True, "plain_week")
    assert working_day(date(2040, 1, 7)) == (False, "plain_week")
    assert fill_calendar(connection, 2026, 2026) == ()
    assert fill_calendar(connection, 2025, 2040)[-1] == 2040


def test_a_table_that_has_come_replaces_the_plain_week(connection: psycopg.Connection) -> None:
    fill_calendar(connection, 2026, 2026)
    connection.execute("update ops.calendar_day set is_workday = extract(isodow from day) < 6, basis = 'plain_week'")
    fill_calendar(connection, 2026, 2026)
    row = connection.execute(
        "select count(*), bool_and(basis = 'holiday_table'),"
        " bool_or(is_workday) filter (where day = '2026-02-14') from ops.calendar_day"
    ).fetchone()
    assert row == (365, True, True)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 2, 1), 10, date(2026, 2, 13)),
        (date(2026, 2, 1), 11, date(2026, 2, 14)),  # the make-up Saturday counts
        (date(2026, 2, 1), 12, date(2026, 2, 24)),  # the holiday week does not
        (date(2026, 5, 1), 5, date(2026, 5, 11)),
        (date(2026, 1, 1), 1, date(2026, 1, 4)),  # a worked Sunday
        (date(2026, 1, 5), 1, date(2026, 1, 5)),
    ],
)
def test_nth_working_day(connection: psycopg.Connection, start: date, n: int, expected: date) -> None:
    fill_calendar(connection, 2026, 2026)
    assert connection.execute("select ops.nth_working_day(%s, %s)", [start, n]).fetchone() == (expected,)
    assert connection.execute("select ops.add_working_days(%s::date - 1, %s)", [start, n]).fetchone() == (expected,)
    assert connection.execute("select ops.add_working_days(%s, 0)", [start]).fetchone() == (start,)
