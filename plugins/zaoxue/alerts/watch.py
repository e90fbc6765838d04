"""The submission watch: obligations, their states, the outbox, and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg

from zaoxue.alerts.digest import untold_digests
from zaoxue.alerts.engineers import notice_to_engineers
from zaoxue.alerts.load_size import load_size
from zaoxue.alerts.outbox import send_outbox, write_alerts
from zaoxue.alerts.wording import Wording
from zaoxue.contracts import load_contracts
from zaoxue.periods import end_of_day
from zaoxue.settings import Settings
from zaoxue.submissions.calendar import plain_week_years
from zaoxue.submissions.due_rules import read_overrides
from zaoxue.submissions.obligations import generate_obligations
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.locks import hold_for_writing


@dataclass(frozen=True)
class WatchReport:
    """What one watch saw and did.

    `states`: number of obligations by state. `districts_missing`: codes of the districts in which something is
    missing. `alerts_written`: new messages; `alerts_sent`: messages that reached every channel in this run (those left
    by a killed run too); `alerts_pending`: messages a channel has not taken yet. `is_replay`: a later night was watched
    before, so nothing was told. `plain_week_years`: years whose due times were reckoned without a holiday table.
    """

    as_of: date
    obligations: int
    states: dict[str, int]
    districts_missing: tuple[str, ...]
    alerts_written: int
    alerts_sent: int
    alerts_pending: int
    is_replay: bool
    plain_week_years: tuple[int, ...]


def watch(settings: Settings, as_of: date, *, at: datetime | None = None) -> WatchReport:
    """Judge every obligation on the night of `as_of` and send what has changed since it was last told.

    `at`: judge at this instant instead of the end of that day (the hourly watch by day). Idempotent, and safe to kill
    at any point and to run beside another. A night before the last one watched is judged but told to nobody: what was
    missing then may long be mended. Raises ContractError, psycopg.Error.
    """
    contracts = load_contracts(settings.contracts)
    instant = at or end_of_day(as_of)
    with connect(settings) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('zaoxue watch'))")
        hold_for_writing(connection)
        obligations = generate_obligations(connection, contracts, as_of, read_overrides(settings.contracts))
        is_replay = not _remember_night(connection, as_of)
        wording = Wording({feed: contract.title for feed, contract in contracts.items()}, settings.alert_contact)
        years = plain_week_years(connection)
        written = 0
        if not is_replay:
            written = write_alerts(connection, untold_digests(connection, instant), wording, instant)
            # By day the last whole day is the one before; the night itself stands for a whole day.
            written += _write_notices(connection, as_of - timedelta(days=1) if at else as_of, years)
        states, districts = _summary(connection, instant)
        sending = send_outbox(connection, settings, at)  # commits first
    return WatchReport(as_of, obligations, states, districts, written, sending.sent, sending.pending, is_replay, years)


def _write_notices(connection: psycopg.Connection, day: date, plain_week_years: tuple[int, ...]) -> int:
    """What the engineers must know of a whole day and of the calendar, each once; returns how many are new."""
    written = sum(
        notice_to_engineers(connection, "holiday_table", f"holiday table|{year}", year=year)
        for year in plain_week_years
    )
    size = load_size(connection, day)
    if size is not None and size.is_far_less:
        words = {
            "day": size.day,
            "working_day": size.working_day,
            "files": size.files,
            "rows": size.rows,
            "usual_files": round(size.usual_files),
            "usual_rows": round(size.usual_rows),
        }
        written += notice_to_engineers(connection, "small_load", f"small load|{day}", **words)
    return written


def _remember_night(connection: psycopg.Connection, as_of: date) -> bool:
    """Note the night as watched; False where a later one was watched already."""
    row = connection.execute("select max(as_of) from ops.watch_night").fetchone()
    connection.execute("insert into ops.watch_night (as_of) values (%s) on conflict (as_of) do nothing", [as_of])
    return row is None or row[0] is None or row[0] <= as_of


def _summary(connection: psycopg.Connection, instant: datetime) -> tuple[dict[str, int], tuple[str, ...]]:
    rows = connection.execute(
        "select state, count(*), array_agg(distinct district_code) filter (where state = 'missing')"
        " from ops.obligation_state(%s) group by state order by state",
        [instant],
    ).fetchall()
    districts = [code for _, _, codes in rows for code in codes or [] if code is not None]
    return {state: count for state, count, _ in rows}, tuple(districts)
