"""The submission watch: obligations, their states, the outbox, and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import psycopg

from zaoxue.alerts.digest import untold_digests
from zaoxue.alerts.outbox import send_outbox, write_alerts
from zaoxue.alerts.wording import Wording
from zaoxue.contracts import load_contracts
from zaoxue.periods import end_of_day
from zaoxue.settings import Settings
from zaoxue.submissions.calendar import plain_week_years
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
        obligations = generate_obligations(connection, contracts, as_of)
        is_replay = not _remember_night(connection, as_of)
        wording = Wording({feed: contract.title for feed, contract in contracts.items()})
        written = 0 if is_replay else write_alerts(connection, untold_digests(connection, instant), wording, instant)
        states, districts = _summary(connection, instant)
        years = plain_week_years(connection)
        sending = send_outbox(connection, settings)  # commits first
    return WatchReport(as_of, obligations, states, districts, written, sending.sent, sending.pending, is_replay, years)


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
