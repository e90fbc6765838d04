"""Who has sent and who has not: the figures the terminal shows, all from `ops.obligation_measure`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Timeliness:
    """Counts of obligations of one district (or of an organisation that lies in none), named and counted as in
    `mart_submission_timeliness`.

    expected = actual + missing + awaited: what was met, even before its due time, and what is past its due time
    (awaited: still in grace). actual = on_time + late, nil reports included; nil is a part of actual, rejected of
    missing + awaited. Beside them stand waived, and open: owed, but not past its due time. The rates are shares of
    expected, None where nothing is expected. All of it are sums of `ops.obligation_measure`.
    """

    code: str
    name: str
    expected: int
    actual: int
    on_time: int
    late: int
    nil: int
    awaited: int
    missing: int
    rejected: int
    waived: int
    open: int
    reporting_rate: float | None
    reporting_rate_on_time: float | None
    last_received_at: datetime | None


@dataclass(frozen=True)
class MissingObligation:
    """One obligation that is missing, or still due with only rejected files, or whose file we hold."""

    organisation_code: str
    organisation_name: str
    feed: str
    period: str
    due_at: datetime
    state: str
    reason: str | None


@dataclass(frozen=True)
class RejectedFile:
    """One file that was refused as a whole, with its cause."""

    submission_id: str
    organisation_code: str | None
    feed: str | None
    period: str | None
    received_at: datetime
    reason_zh: str | None
    reason_en: str | None


@dataclass(frozen=True)
class QuarantineCause:
    """How many rows of the submissions that stand one rule keeps out."""

    feed: str
    rule_id: str
    rows: int
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class RuleWarning:
    """What a rule that only warns found in the submissions that stand: rows, in how many files. They are loaded."""

    feed: str
    rule_id: str
    rows: int
    files: int


@dataclass(frozen=True)
class Waived:
    """One obligation that need not be met, and why."""

    organisation_code: str
    feed: str
    period: str
    reason: str
    waived_by: str
    waived_at: datetime


@dataclass(frozen=True)
class Told:
    """One message that was written to a recipient; `sent_at` is None while a channel has not taken it."""

    alert_key: str
    kind: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None


def last_watched_night(connection: psycopg.Connection) -> date | None:
    """The last night the watch has judged, or None before the first."""
    row = connection.execute("select max(as_of) from ops.watch_night").fetchone()
    return row[0] if row else None


def timeliness(
    connection: psycopg.Connection, at: datetime, last: int = 3, feed: str | None = None, under: str | None = None
) -> list[Timeliness]:
    """One row for each district at an instant, over the `last` latest periods of each feed that are owed by then.

    `feed`: of one feed alone; `under`: only recipients that are, or lie below, this organisation.
    """
    with connection.cursor(row_factory=class_row(Timeliness)) as cursor:
        return cursor.execute(
            """
            with recursive below as (
                select organisation_code from ops.organisation where organisation_code = %(under)s::text
                union all
                select g.organisation_code
                from below as b inner join ops.organisation as g on g.parent_code = b.organisation_code
            ),
            rated as (
                select *, dense_rank() over (partition by feed order by period_start desc) as periods_ago
                from ops.reporting_rate(%(at)s)
                where %(feed)s::text is null or feed = %(feed)s
            )
            select
                g.organisation_code as code,
                g.name,
                sum(r.expected)::bigint as expected,
                sum(r.actual)::bigint as actual,
                sum(r.on_time)::bigint as on_time,
                sum(r.late)::bigint as late,
                sum(r.nil)::bigint as nil,
                sum(r.awaited)::bigint as awaited,
                sum(r.missing)::bigint as missing,
                sum(r.rejected)::bigint as rejected,
                sum(r.waived)::bigint as waived,
                sum(r.open)::bigint as open,
                round(sum(r.actual) / nullif(sum(r.expected), 0), 6)::double precision as reporting_rate,
                round(sum(r.on_time) / nullif(sum(r.expected), 0), 6)::double precision as reporting_rate_on_time,
                max(r.last_received_at) as last_received_at
            from rated as r
            inner join ops.organisation as g on g.organisation_code = r.recipient
            where r.periods_ago <= %(last)s
                and (%(under)s::text is null or r.recipient in (select organisation_code from below))
            group by g.organisation_code, g.name
            order by g.organisation_code
            """,
            {"at": at, "last": last, "feed": feed, "under": under},
        ).fetchall()


def find_district(connection: psycopg.Connection, text: str) -> list[tuple[str, str]]:
    """(code, name) of the recipients that a code or a name means: one, or several, or those that come near, or none."""
    rows = connection.execute(
        "select organisation_code, name, organisation_code = %(text)s or name = %(text)s from ops.organisation"
        " where kind in ('district', 'bank', 'news_source')"
        " and (organisation_code like %(start)s or strpos(name, %(text)s) > 0)"
        " order by 3 desc, 1",
        {"text": text, "start": f"{text}%"},
    ).fetchall()
    exact = [(code, name) for code, name, is_exact in rows if is_exact]
    return exact or [(code, name) for code, name, _ in rows]


def missing_obligations(connection: psycopg.Connection, at: datetime, recipient: str) -> list[MissingObligation]:
    """What a district and its townships owe too long, or sent only to have it rejected; the oldest first."""
    with connection.cursor(row_factory=class_row(MissingObligation)) as cursor:
        return cursor.execute(
            "select organisation_code, organisation_name, feed, period, due_at, state, reason"
            " from ops.obligation_measure(%s)"
            " where recipient = %s and (is_missing or reason in ('rejected', 'held'))"
            " order by due_at, feed, organisation_code",
            [at, recipient],
        ).fetchall()


def rejected_files(connection: psycopg.Connection, at: datetime, recipient: str, limit: int = 20) -> list[RejectedFile]:
    """The latest rejected files of a district, whether their organisation and period were recognised or not."""
    with connection.cursor(row_factory=class_row(RejectedFile)) as cursor:
        return cursor.execute(
            "select submission_id, organisation_code, feed, period, received_at, reason_zh, reason_en"
            " from ops.submission where state = 'rejected' and received_at <= %s"
            " and coalesce(district_code, organisation_code) = %s"
            " order by received_at desc, submission_id limit %s",
            [at, recipient, limit],
        ).fetchall()


def quarantine_causes(connection: psycopg.Connection, at: datetime, recipient: str) -> list[QuarantineCause]:
    """Rows kept out of what stands or waits, of a district or of one organisation, by rule, the most frequent first.

    Rules and counts, never values.
    """
    with connection.cursor(row_factory=class_row(QuarantineCause)) as cursor:
        return cursor.execute(
            "select s.feed, q.rule_id, count(distinct (q.submission_id, q.sheet, q.row)) as rows,"
            " min(q.message_zh) as message_zh, min(q.message_en) as message_en"
            " from ops.quarantine as q inner join ops.submission as s using (submission_id)"
            " where s.state in ('accepted_with_rejects', 'rejected', 'received') and s.feed is not null"
            " and s.received_at <= %s and %s in (s.organisation_code, coalesce(s.district_code, s.organisation_code))"
            " group by s.feed, q.rule_id order by rows desc, s.feed, q.rule_id",
            [at, recipient],
        ).fetchall()


def last_received(connection: psycopg.Connection, at: datetime, recipient: str) -> datetime | None:
    """When the latest file of a district came, whatever became of it."""
    row = connection.execute(
        "select max(received_at) from ops.submission"
        " where received_at <= %s and coalesce(district_code, organisation_code) = %s",
        [at, recipient],
    ).fetchone()
    return row[0] if row else None


def warnings(connection: psycopg.Connection, at: datetime, recipient: str) -> list[RuleWarning]:
    """What the warnings of the gate found in what stands for a district, the most frequent first."""
    with connection.cursor(row_factory=class_row(RuleWarning)) as cursor:
        return cursor.execute(
            "select s.feed, r.rule_id, sum(r.failed)::integer as rows, count(*)::integer as files"
            " from ops.gate_result as r inner join ops.submission as s using (submission_id)"
            " where r.severity = 'warning' and r.failed > 0 and s.state in ('accepted', 'accepted_with_rejects')"
            " and s.received_at <= %s and coalesce(s.district_code, s.organisation_code) = %s"
            " group by s.feed, r.rule_id order by rows desc, s.feed, r.rule_id",
            [at, recipient],
        ).fetchall()


def waived_obligations(connection: psycopg.Connection, at: datetime, recipient: str) -> list[Waived]:
    """What a district and its townships need not send, the latest first."""
    with connection.cursor(row_factory=class_row(Waived)) as cursor:
        return cursor.execute(
            "select w.organisation_code, w.feed, w.period, w.reason, w.waived_by, w.waived_at"
            " from ops.waiver as w inner join ops.organisation as g using (organisation_code)"
            " where w.waived_at <= %s and coalesce(g.district_code, g.organisation_code) = %s"
            " order by w.waived_at desc, w.feed, w.organisation_code",
            [at, recipient],
        ).fetchall()


def told(connection: psycopg.Connection, recipient: str, limit: int = 10) -> list[Told]:
    """The latest messages to a recipient."""
    with connection.cursor(row_factory=class_row(Told)) as cursor:
        return cursor.execute(
            "select alert_key, kind, subject, body, created_at, sent_at from ops.alert where recipient = %s"
            " order by alert_id desc limit %s",
            [recipient, limit],
        ).fetchall()


def contact(connection: psycopg.Connection, code: str) -> str:
    """Office and line to call, from the registry; empty where it gives none."""
    row = connection.execute("select contact from ops.organisation where organisation_code = %s", [code]).fetchone()
    return row[0] if row else ""
