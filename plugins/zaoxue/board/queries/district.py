"""What one district (or any organisation) owes, has sent, and was told. Its townships' part is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

# Organisation by organisation, so that a look at one district does not weigh the obligations of three thousand: the
# fence keeps each subquery apart, and the organisation reaches the indexes inside the function.
_OWN = """
    (select organisation_code from ops.organisation
        where %(code)s in (organisation_code, coalesce(district_code, organisation_code))) as own
    cross join lateral (
        select * from ops.obligation_measure(%(at)s) as m where m.organisation_code = own.organisation_code offset 0
    ) as measured
"""


@dataclass(frozen=True)
class Organisation:
    """One organisation. `channels`: the kinds of channel its alerts go to; the addresses themselves are secrets."""

    code: str
    name: str
    kind: str
    parent_code: str | None
    parent_name: str | None
    contact: str
    channels: list[str]


@dataclass(frozen=True)
class Owed:
    """One obligation that is not settled: missing, rejected, held, or past its due time."""

    organisation_code: str
    organisation_name: str
    feed: str
    period: str
    due_at: datetime
    state: str


@dataclass(frozen=True)
class Rate:
    """The reporting rate of a feed and period (DHIS2): expected = actual + awaited + missing, actual = on_time + late."""

    feed: str
    period: str
    expected: int
    actual: int
    on_time: int
    late: int
    awaited: int
    missing: int
    rejected: int
    nil: int
    waived: int


@dataclass(frozen=True)
class SentFile:
    """One submission, as far as a list shows it."""

    submission_id: str
    file_name: str
    organisation_code: str | None
    organisation_name: str | None
    district_code: str | None
    feed: str | None
    period: str | None
    version: int | None
    state: str
    received_at: datetime
    rows_accepted: int
    rows_quarantined: int
    has_receipt: bool


def organisation(connection: psycopg.Connection, code: str) -> Organisation | None:
    """The organisation of that code."""
    with connection.cursor(row_factory=class_row(Organisation)) as cursor:
        return cursor.execute(
            "select g.organisation_code as code, g.name, g.kind, p.organisation_code as parent_code,"
            " p.name as parent_name, g.contact,"
            " array(select distinct split_part(url, ':', 1) from unnest(string_to_array(g.alert_urls, ' ')) as url"
            "  where url <> '' order by 1) as channels"
            " from ops.organisation as g left join ops.organisation as p"
            " on p.organisation_code = coalesce(g.parent_code, g.district_code) and p.organisation_code <> g.organisation_code"
            " where g.organisation_code = %s",
            [code],
        ).fetchone()


def unsettled(connection: psycopg.Connection, code: str, at: datetime) -> list[Owed]:
    """What is past its due time and not met, or held, the worst and oldest first."""
    with connection.cursor(row_factory=class_row(Owed)) as cursor:
        return cursor.execute(
            f"""
            select measured.organisation_code, organisation_name, feed, period, due_at,
                case when reason in ('rejected', 'held') then reason when state = 'due' then 'overdue' else state end as state
            from {_OWN}
            where is_missing or is_awaited or reason = 'held'
            order by is_missing desc, due_at, feed, measured.organisation_code
            """,  # noqa: S608 - no value in it
            {"code": code, "at": at},
        ).fetchall()


def rates(connection: psycopg.Connection, code: str, at: datetime, last: int) -> list[Rate]:
    """By feed, over its `last` latest periods that anything was expected of, the latest first."""
    with connection.cursor(row_factory=class_row(Rate)) as cursor:
        return cursor.execute(
            f"""
            with ranked as (
                select measured.*, dense_rank() over (partition by feed order by period_start desc) as periods_ago
                from {_OWN}
                where is_expected or is_waived
            )
            select
                feed,
                period,
                count(*) filter (where is_expected) as expected,
                count(*) filter (where is_actual) as actual,
                count(*) filter (where is_on_time) as on_time,
                count(*) filter (where is_late) as late,
                count(*) filter (where is_awaited) as awaited,
                count(*) filter (where is_missing) as missing,
                count(*) filter (where is_rejected) as rejected,
                count(*) filter (where is_nil) as nil,
                count(*) filter (where is_waived) as waived
            from ranked
            where periods_ago <= %(last)s
            group by feed, period, period_start
            order by feed, period_start desc
            """,  # noqa: S608 - no value in it
            {"code": code, "at": at, "last": last},
        ).fetchall()


def files(
    connection: psycopg.Connection,
    code: str,
    limit: int,
    *,
    offset: int = 0,
    feed: str | None = None,
    state: str | None = None,
) -> list[SentFile]:
    """What was received, the latest first."""
    with connection.cursor(row_factory=class_row(SentFile)) as cursor:
        return cursor.execute(
            """
            select s.submission_id, regexp_replace(s.source_uri, '^.*/', '') as file_name, s.organisation_code,
                g.name as organisation_name, s.district_code, s.feed, s.period, s.version, s.state, s.received_at, s.rows_accepted,
                s.rows_quarantined, r.path is not null as has_receipt
            from ops.submission as s
            left join ops.organisation as g using (organisation_code)
            left join ops.receipt as r using (submission_id)
            where %(code)s in (s.organisation_code, coalesce(s.district_code, s.organisation_code))
                and (%(feed)s::text is null or s.feed = %(feed)s) and (%(state)s::text is null or s.state = %(state)s)
            order by s.received_at desc, s.submission_id limit %(limit)s offset %(offset)s
            """,
            {"code": code, "feed": feed, "state": state, "limit": limit, "offset": offset},
        ).fetchall()
