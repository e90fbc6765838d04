"""Rows of `ops.submission` and `raw`, as the loader would leave them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from zaoxue.periods import bounds

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Ledger:
    """One received version of a placement ledger."""

    organisation: str
    period: str
    version: int | None
    state: str
    is_nil: bool
    received_at: datetime

    @property
    def submission_id(self) -> str:
        """The same for the same version, as the loader's."""
        words = f"{self.organisation} {self.period} {self.version} {self.state} {self.received_at}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def cut_off(self) -> date:
        """The day it speaks for."""
        return min(bounds(self.period)[1], self.received_at.astimezone(SHANGHAI).date())


def record_submission(connection: psycopg.Connection, feed: str, ledger: Ledger) -> None:
    """Register a received version under `<feed> <submission_id>`."""
    connection.execute(
        "insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed, organisation_code,"
        " district_code, period, period_end, version, state, is_nil) values (%s, 'test', 'x', 1, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            f"{feed} {ledger.submission_id}",
            ledger.received_at,
            feed,
            ledger.organisation,
            ledger.organisation[:6] if ledger.organisation.isdigit() else None,
            ledger.period,
            bounds(ledger.period)[1],
            ledger.version,
            ledger.state,
            ledger.is_nil,
        ],
    )


def insert_rows(connection: psycopg.Connection, feed: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows of a raw table; system columns that a row does not give are made up."""
    for number, row in enumerate(rows):
        filled = {
            "_period": "2026-05",
            "_row_key": uuid.UUID(int=number),
            "_row_hash": uuid.UUID(int=number),
            "_from_submission": "first",
            "_sheet": "Sheet1",
            "_row": number + 2,
        } | row
        connection.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                sql.Identifier("raw", feed),
                sql.SQL(", ").join(map(sql.Identifier, filled)),
                sql.SQL(", ").join([sql.Placeholder()] * len(filled)),
            ),
            list(filled.values()),
        )
