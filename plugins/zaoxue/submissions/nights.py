"""What the board remembers of each night: judged by the watch, once, and read by everybody who looks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import psycopg

from zaoxue.periods import end_of_day

FIRST_LOOK_BACK = 31  # nights


def remember_nights(connection: psycopg.Connection, as_of: date, at: datetime | None = None) -> int:
    """Write into `ops.night_board` how every recipient stood at the end of the night of `as_of`, or at an instant of it.

    Nights since the last one remembered that nobody has judged are judged too, at most FIRST_LOOK_BACK with this one. A
    night that has been judged stays as it was known then. Idempotent; returns the rows written.
    """
    row = connection.execute(
        "select max(last_night) from ops.night_board where last_night < %s",
        [as_of],
    ).fetchone()
    first = as_of - timedelta(days=FIRST_LOOK_BACK - 1)
    if row and row[0]:
        first = min(as_of, max(first, row[0]))  # that night once more: it may have been judged before it was over
    return _remember(connection, first, as_of, at or end_of_day(as_of), None)


def remember_recipient(connection: psycopg.Connection, submission_id: str) -> None:
    """Judge the last night again for the recipient of a submission about which a person has just decided."""
    connection.execute(
        "select ops.remember_nights(last_night, last_night, now(), recipient_code) from ("
        " select b.recipient_code, max(b.last_night) as last_night from ops.night_board as b"
        " inner join ops.submission as s on b.recipient_code = coalesce(s.district_code, s.organisation_code)"
        " where s.submission_id = %s group by b.recipient_code)",
        [submission_id],
    )


def _remember(connection: psycopg.Connection, first: date, last: date, until: datetime, recipient: str | None) -> int:
    row = connection.execute("select ops.remember_nights(%s, %s, %s, %s)", [first, last, until, recipient]).fetchone()
    return row[0] if row else 0
