"""Waivers: an organisation need not send a ledger for a period, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import psycopg

from zaoxue.contracts import Contract
from zaoxue.periods import bounds, period_of


class WaiverError(ValueError):
    """The waiver names something that is not owed; the message says what would be, in Chinese and English."""


def waive(
    connection: psycopg.Connection,
    contracts: Mapping[str, Contract],
    organisation_code: str,
    feed: str,
    period: str,
    *,
    reason: str,
    waived_by: str,
    waived_at: datetime | None = None,
) -> None:
    """Waive one obligation, already generated or still to come. Idempotent; a new reason replaces the old one.

    `waived_at`: from when on it counts (default: now); nights judged before it do not know it. Raises WaiverError.
    """
    row = connection.execute(
        "select kind from ops.organisation where organisation_code = %s", [organisation_code]
    ).fetchone()
    if row is None:
        raise WaiverError(f"没有代码为 {organisation_code} 的单位。No organisation has the code {organisation_code}.")
    contract = contracts.get(feed)
    if contract is None or contract.frequency is None or contract.submitter != row[0]:
        owed = ", ".join(c.feed for c in contracts.values() if c.frequency and c.submitter == row[0]) or "-"
        raise WaiverError(
            f"{organisation_code} 不报 {feed}；它应报：{owed}。"
            f"{organisation_code} does not owe {feed}; it owes: {owed}."
        )
    try:
        is_period = period_of(bounds(period)[0], contract.frequency) == period
    except ValueError:
        is_period = False
    if not is_period:
        raise WaiverError(
            f"{period} 不是 {feed} 的报送期（{contract.frequency}，如 2026-05、2026Q2、2026）。"
            f"{period} is no period of {feed} ({contract.frequency}; such as 2026-05, 2026Q2, 2026)."
        )
    if not reason.strip():
        raise WaiverError("请写明免报原因。Give the reason.")
    connection.execute(
        """
        insert into ops.waiver (organisation_code, feed, period, reason, waived_by, waived_at)
        values (%s, %s, %s, %s, %s, coalesce(%s, now()))
        on conflict (organisation_code, feed, period) do update
        set reason = excluded.reason, waived_at = least(ops.waiver.waived_at, excluded.waived_at)
        """,
        [organisation_code, feed, period, reason.strip(), waived_by, waived_at],
    )
