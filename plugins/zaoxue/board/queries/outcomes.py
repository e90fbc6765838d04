"""Retention, placements and training as the marts have them; what is too small to be published is null."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.rows import class_row

EVERYWHERE = "000000"
DEFAULT_SMALL_CELL = 5
MONTHS = 12


@dataclass(frozen=True)
class Retention:
    """One published area, quarter and horizon: counts and shares from 0 to 1; null with a `reason`."""

    area_code: str
    due: int | None
    retained: int | None
    lost: int | None
    unknown: int | None
    rate_known: float | None
    rate_lower: float | None
    rate_upper: float | None
    reason: str | None


@dataclass(frozen=True)
class Month:
    """Placements that began in a month in all townships the viewer sees. `silent`: townships that say nothing of it."""

    month: date
    placements: int | None
    public_posts: int | None
    townships: int
    silent: int


@dataclass(frozen=True)
class Funnel:
    """Trainings that began in the last MONTHS months. `due`: certified long enough ago for `placed` to be judged."""

    first: date | None
    last: date | None
    enrolled: int
    completed: int
    certified: int
    due: int
    placed: int
    silent: int


def periods(connection: psycopg.Connection) -> tuple[list[date], list[int]]:
    """Quarters with a published row, the latest first, and horizons in days."""
    quarters = connection.execute(
        "select distinct cohort_quarter from marts.mart_retention_published order by 1 desc"
    ).fetchall()
    horizons = connection.execute(
        "select distinct horizon_days from marts.mart_retention_published order by 1"
    ).fetchall()
    return [quarter for (quarter,) in quarters], [days for (days,) in horizons]


def latest_told(connection: psycopg.Connection, horizon: int) -> date | None:
    """The latest quarter that has a published rate of all areas together at a horizon."""
    row = connection.execute(
        "select max(cohort_quarter) from marts.mart_retention_published where horizon_days = %s and area_code = %s"
        " and rate_lower is not null",
        [horizon, EVERYWHERE],
    ).fetchone()
    return row[0] if row else None


def retention(connection: psycopg.Connection, quarter: date, horizon: int, prefecture: str) -> list[Retention]:
    """The published rows of a quarter and horizon, all areas together first, then the districts of a prefecture ("": all)."""
    with connection.cursor(row_factory=class_row(Retention)) as cursor:
        return cursor.execute(
            "select area_code, due, retained, lost, unknown, rate_known::float8, rate_lower::float8, rate_upper::float8,"
            " reason from marts.mart_retention_published where cohort_quarter = %s and horizon_days = %s"
            " and (area_code = %s or starts_with(area_code, %s)) order by area_code",
            [quarter, horizon, EVERYWHERE, prefecture],
        ).fetchall()


def small_cell(connection: psycopg.Connection) -> int:
    """The smallest count that may be shown, as the published mart was made by."""
    row = connection.execute(
        "select max(substring(rule from 'small_cell=([0-9]+)')::integer) from marts.mart_retention_published"
    ).fetchone()
    return row[0] if row and row[0] else DEFAULT_SMALL_CELL


def placements(connection: psycopg.Connection, prefecture: str) -> list[Month]:
    """The last MONTHS months, the earliest first."""
    with connection.cursor(row_factory=class_row(Month)) as cursor:
        return cursor.execute(
            """
            select month, sum(placements)::integer as placements, sum(public_posts)::integer as public_posts,
                count(*)::integer as townships, count(*) filter (where placements is null)::integer as silent
            from marts.mart_placement_monthly
            where starts_with(district_code, %(prefecture)s)
                and month_no > (select max(month_no) from marts.mart_placement_monthly) - %(months)s
            group by month order by month
            """,
            {"prefecture": prefecture, "months": MONTHS},
        ).fetchall()


def funnel(connection: psycopg.Connection, prefecture: str) -> Funnel | None:
    """The last MONTHS months in one row."""
    with connection.cursor(row_factory=class_row(Funnel)) as cursor:
        return cursor.execute(
            """
            select min(month) as first, max(month) as last,
                coalesce(sum(enrolled), 0)::integer as enrolled, coalesce(sum(completed), 0)::integer as completed,
                coalesce(sum(certified), 0)::integer as certified, coalesce(sum(certified_due), 0)::integer as due,
                coalesce(sum(placed), 0)::integer as placed,
                count(distinct (district_code, month)) filter (where enrolled is null)::integer as silent
            from marts.mart_training_funnel
            where starts_with(district_code, %(prefecture)s)
                and month_no > (select max(month_no) from marts.mart_training_funnel) - %(months)s
            """,
            {"prefecture": prefecture, "months": MONTHS},
        ).fetchone()
