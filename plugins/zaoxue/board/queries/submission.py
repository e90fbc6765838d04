"""One submission: what became of it at every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Submission:
    """One row of `ops.submission`, with what the receipt and the sheets add."""

    submission_id: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    loaded_at: datetime
    feed: str | None
    organisation_code: str | None
    organisation_name: str | None
    district_code: str | None
    period: str | None
    version: int | None
    state: str
    is_nil: bool
    rows_in_file: int
    rows_accepted: int
    rows_quarantined: int
    rows_not_data: int
    rows_refused: int
    reason_zh: str | None
    reason_en: str | None
    contract_version: str | None
    sheets: int
    receipt_made_at: datetime | None
    has_receipt: bool

    @property
    def place(self) -> str | None:
        """The organisation it belongs to, or the district where no organisation was recognised."""
        return self.organisation_code or self.district_code

    @property
    def may_be_released(self) -> bool:
        """Whether it waits for a person."""
        return self.state == "received"

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it has a say that can be taken back."""
        return self.feed is not None and self.state in (
            "received",
            "accepted",
            "accepted_with_rejects",
            "superseded",
            "stale",
        )


@dataclass(frozen=True)
class GateResult:
    """One rule of the gate on the submission, in rows."""

    rule_id: str
    severity: str
    evaluated: int
    failed: int


@dataclass(frozen=True)
class KeptOut:
    """One line of the quarantine; the value is masked as in the receipt."""

    sheet: str
    row: int
    column_name: str
    header: str | None
    rule_id: str
    masked_value: str | None
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class Act:
    """What a person decided about it."""

    act: str
    reason: str
    acted_by: str
    acted_at: datetime
    outcome: str


def submission(connection: psycopg.Connection, submission_id: str) -> Submission | None:
    """The submission of that id."""
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            """
            select s.submission_id, regexp_replace(s.source_uri, '^.*/', '') as file_name, s.sha256, s.size_bytes,
                s.received_at, s.loaded_at, s.feed, s.organisation_code, g.name as organisation_name, s.district_code,
                s.period, s.version, s.state, s.is_nil, s.rows_in_file, s.rows_accepted, s.rows_quarantined,
                s.rows_not_data, s.rows_refused, s.reason_zh, s.reason_en, s.contract_version,
                (select count(*) from ops.sheet_account as a where a.submission_id = s.submission_id) as sheets,
                r.made_at as receipt_made_at, r.path is not null as has_receipt
            from ops.submission as s
            left join ops.organisation as g using (organisation_code)
            left join ops.receipt as r using (submission_id)
            where s.submission_id = %s
            """,
            [submission_id],
        ).fetchone()


def gate_results(connection: psycopg.Connection, submission_id: str) -> list[GateResult]:
    """Every rule that was asked, those that failed first."""
    with connection.cursor(row_factory=class_row(GateResult)) as cursor:
        return cursor.execute(
            "select rule_id, severity, evaluated, failed from ops.gate_result where submission_id = %s"
            " order by failed = 0, severity <> 'critical', failed desc, rule_id",
            [submission_id],
        ).fetchall()


def kept_out(connection: psycopg.Connection, submission_id: str, limit: int) -> list[KeptOut]:
    """The first lines of its quarantine, as they lie in the file."""
    with connection.cursor(row_factory=class_row(KeptOut)) as cursor:
        return cursor.execute(
            "select sheet, row, column_name, header, rule_id, masked_value, message_zh, message_en from ops.quarantine"
            " where submission_id = %s order by sheet, row, rule_id, column_name limit %s",
            [submission_id, limit],
        ).fetchall()


def kept_out_by_rule(connection: psycopg.Connection, submission_id: str) -> list[tuple[str, int, str, str]]:
    """(rule, rows, message in Chinese, in English), the most frequent first."""
    rows: list[tuple[str, int, str, str]] = connection.execute(
        "select rule_id, count(distinct (sheet, row)), min(message_zh), min(message_en) from ops.quarantine"
        " where submission_id = %s group by rule_id order by 2 desc, 1",
        [submission_id],
    ).fetchall()
    return rows


def acts(connection: psycopg.Connection, submission_id: str) -> list[Act]:
    """What was decided about it, the latest first."""
    with connection.cursor(row_factory=class_row(Act)) as cursor:
        return cursor.execute(
            "select act, reason, acted_by, acted_at, outcome from ops.submission_act where submission_id = %s"
            " order by act_id desc",
            [submission_id],
        ).fetchall()
