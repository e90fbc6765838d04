"""Waivers are refused where nothing is owed, and count from the time they are given."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest

from zaoxue.contracts import Contract, load_contracts
from zaoxue.settings import Settings
from zaoxue.submissions.obligations import generate_obligations
from zaoxue.submissions.waivers import WaiverError, waive

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("organisation", "feed", "period", "words"),
    [
        ("990199", "placement", "2026-05", "No organisation has the code 990199"),
        ("990101", "placement", "2026-05", "it owes: target"),
        ("990101001", "wages", "2026-05", "it owes: follow_up, person, placement, training"),
        ("N9901", "case_report", "2026-05", "it owes: -"),
        ("990101001", "placement", "2026Q2", "no period of placement"),
        ("990101001", "placement", "May", "no period of placement"),
    ],
)
def test_what_is_not_owed_cannot_be_waived(
    connection: psycopg.Connection,
    registry: int,
    contracts: dict[str, Contract],
    organisation: str,
    feed: str,
    period: str,
    words: str,
) -> None:
    with pytest.raises(WaiverError, match=words):
        waive(connection, contracts, organisation, feed, period, reason="洪水", waived_by="t")
    assert connection.execute("select count(*) from ops.waiver").fetchone() == (0,)


def test_waiver_counts_from_its_time_and_a_new_reason_replaces_the_old(
    connection: psycopg.Connection, registry: int, settings: Settings
) -> None:
    contracts = load_contracts(settings.contracts)
    generate_obligations(connection, contracts, date(2026, 6, 30))
    given = datetime(2026, 6, 15, tzinfo=BEIJING)
    for reason in ("洪水", "山洪"):
        waive(connection, contracts, "990101001", "placement", "2026-05", reason=reason, waived_by="t", waived_at=given)
    state = (
        "select state from ops.obligation_state(%s)"
        " where (organisation_code, feed, period) = ('990101001', 'placement', '2026-05')"
    )
    assert connection.execute(state, [datetime(2026, 6, 14, tzinfo=BEIJING)]).fetchone() == ("missing",)
    assert connection.execute(state, [given]).fetchone() == ("waived",)
    assert connection.execute("select reason from ops.waiver").fetchall() == [("山洪",)]
