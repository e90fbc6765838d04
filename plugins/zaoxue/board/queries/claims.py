"""Claims of the news beside the ledgers' figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg
from psycopg.rows import class_row

VERDICTS = ("above", "below", "contradiction", "agrees", "no_ledger_data", "not_comparable")


@dataclass(frozen=True)
class Claim:
    """One row of `mart_claim_reconciliation`, with its sentence (names masked)."""

    claim_id: str
    published_on: date | None
    source: str
    measure: str
    place_code: str | None
    place_name: str | None
    period_start: date | None
    period_end: date | None
    claimed_value: Decimal | None
    claimed_min: Decimal | None
    claimed_max: Decimal | None
    ledger_value: Decimal | None
    ledger_min: Decimal | None
    ledger_max: Decimal | None
    unit: str | None
    verdict: str
    reason: str | None
    basis: str
    expected_value: Decimal | None
    sentence: str


def verdicts(connection: psycopg.Connection) -> dict[str, int]:
    """How many claims have which verdict, of those the viewer's role sees."""
    return dict(
        connection.execute("select verdict, count(*) from marts.mart_claim_reconciliation group by verdict").fetchall()
    )


def claims(connection: psycopg.Connection, verdict: str | None, limit: int, offset: int) -> list[Claim]:
    """The newest first; those that differ from the ledgers first within an article's day."""
    with connection.cursor(row_factory=class_row(Claim)) as cursor:
        return cursor.execute(
            """
            select r.claim_id, r.published_on, c.source, r.measure, r.place_code, c.place_name, r.period_start,
                r.period_end, trim_scale(r.claimed_value) as claimed_value, trim_scale(r.claimed_min) as claimed_min,
                trim_scale(r.claimed_max) as claimed_max, trim_scale(r.ledger_value) as ledger_value,
                trim_scale(r.ledger_min) as ledger_min, trim_scale(r.ledger_max) as ledger_max, r.unit, r.verdict,
                r.reason, r.basis, trim_scale(r.expected_value) as expected_value, c.sentence
            from marts.mart_claim_reconciliation as r
            inner join marts.fct_case_claim as c using (claim_id)
            where %(verdict)s::text is null or r.verdict = %(verdict)s
            order by r.published_on desc nulls last, array_position(%(order)s, r.verdict), r.claim_id, r.reconciliation_key
            limit %(limit)s offset %(offset)s
            """,
            {"verdict": verdict, "order": list(VERDICTS), "limit": limit, "offset": offset},
        ).fetchall()
