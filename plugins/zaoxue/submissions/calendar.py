"""Working days of China: worked weekends and free weekdays, by the State Council's yearly notices."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import psycopg

HOLIDAY_TABLE = "holiday_table"
PLAIN_WEEK = "plain_week"


def working_day(day: date) -> tuple[bool, str]:
    """Whether a day is worked, and what says so.

    `holiday_table`: the yearly notice of the State Council, make-up workdays included. `plain_week`: no table for that
    year yet (next year's is published in November), so Monday to Friday.
    """
    try:
        return bool(chinese_calendar.is_workday(day)), HOLIDAY_TABLE
    except NotImplementedError:
        return day.weekday() < 5, PLAIN_WEEK


@lru_cache(maxsize=64)
def working_days(year: int) -> tuple[tuple[date, bool, str], ...]:
    """Every day of a year with `working_day`: the table comes with the package, and stays while the process runs."""
    start = date(year, 1, 1)
    days = [start + timedelta(days=n) for n in range((date(year + 1, 1, 1) - start).days)]
    return tuple((day, *working_day(day)) for day in days)


def fill_calendar(connection: psycopg.Connection, first_year: int, last_year: int) -> tuple[int, ...]:
    """Bring `ops.calendar_day` up to date for whole years, ends included; returns the years judged by the plain week.

    Idempotent; a year whose holiday table has come since replaces its plain week.
    """
    days = [judged for year in range(first_year, last_year + 1) for judged in working_days(year)]
    connection.execute(
        """
        insert into ops.calendar_day as present (day, is_workday, basis)
        select * from unnest(%s::date[], %s::boolean[], %s::text[])
        on conflict (day) do update set is_workday = excluded.is_workday, basis = excluded.basis
        where (present.is_workday, present.basis) is distinct from (excluded.is_workday, excluded.basis)
        """,
        [list(column) for column in zip(*days, strict=True)],
    )
    return tuple(sorted({day.year for day, _, basis in days if basis == PLAIN_WEEK}))


def plain_week_years(connection: psycopg.Connection) -> tuple[int, ...]:
    """Years in which something falls due that had to be reckoned by the plain week: its due times may move yet."""
    rows = connection.execute(
        """
        select distinct date_part('year', day)::integer
        from ops.calendar_day
        where basis = %s
            and day <= (select max(grace_until at time zone 'Asia/Shanghai')::date from ops.obligation)
            and day >= (select min(due_at at time zone 'Asia/Shanghai')::date from ops.obligation)
        order by 1
        """,
        [PLAIN_WEEK],
    ).fetchall()
    return tuple(year for (year,) in rows)
