"""The review queue of the news: what waits for a person, and what a person decides. Terminal and board call these.

A claim or case whose confidence is under the threshold of the day it was received waits; it reaches no mart until it
is accepted or corrected. A decision holds for the row as it was read: a changed article is reviewed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row

from zaoxue.contracts import load_contracts
from zaoxue.news.doubts import table as doubt_table
from zaoxue.normalising.parameters import load_parameters
from zaoxue.warehouse.locks import hold_for_writing

PARAMETER = "claim_confidence_min"
FEEDS = {"claim": ("case_report", "claim_id"), "case": ("case_story", "case_id")}
DECISIONS = ("accept", "correct", "reject")
CORRECTABLE = (
    "measure",
    "kind",
    "value",
    "value_min",
    "value_max",
    "unit",
    "scope",
    "place_code",
    "period_start",
    "period_end",
)
_CLOSED = ("measure", "kind", "scope")
_RECONCILED = ("actual", "target", "rate")


class ReviewError(ValueError):
    """Why a decision cannot be taken, in Chinese and English. Nothing has changed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True)
class Waiting:
    """One claim or case that waits. `doubts`: code, points it costs, reason in Chinese and English.

    `reads`: what was read, by column; `sentence`: the evidence, names masked.
    """

    what: str
    item_id: str
    article_id: str
    source: str
    published_on: date | None
    confidence: float
    threshold: float
    queued_at: datetime
    sentence: str
    reads: dict[str, Any]
    doubts: list[tuple[str, float, str, str]]


def queue_news(connection: psycopg.Connection, contracts: Path) -> int:
    """Give every claim and case that stands in `raw` its place in `ops.news_review`; how many need a person.

    Set-based and repeatable: only rows without a place are added, with the threshold of `parameters.csv` that holds on
    the day the row's submission was received.
    """
    waiting = 0
    for what, (feed, key) in FEEDS.items():
        if not _is_made(connection, feed):
            continue
        days = connection.execute(
            sql.SQL(
                "select distinct (s.received_at at time zone 'Asia/Shanghai')::date from raw.{feed} r"
                " join ops.submission s on s.submission_id = r._from_submission where not exists ("
                "select from ops.news_review q where q.item_id = r.{key} and q.row_hash = r._row_hash)"
            ).format(feed=sql.Identifier(feed), key=sql.Identifier(key))
        ).fetchall()
        for day, threshold in _thresholds(contracts, what, [row[0] for row in days]).items():
            waiting += _queue(connection, what, feed, key, day, threshold)
    return waiting


def _queue(connection: psycopg.Connection, what: str, feed: str, key: str, day: date, threshold: float) -> int:
    queued = connection.execute(
        sql.SQL(
            "insert into ops.news_review (item_id, row_hash, what, article_id, confidence, threshold)"
            " select distinct on (r.{key}, r._row_hash) r.{key}, r._row_hash, %s, r.article_id, r.confidence, %s"
            " from raw.{feed} r join ops.submission s on s.submission_id = r._from_submission"
            " where (s.received_at at time zone 'Asia/Shanghai')::date = %s"
            " on conflict do nothing returning needs_review"
        ).format(feed=sql.Identifier(feed), key=sql.Identifier(key)),
        [what, threshold, day],
    ).fetchall()
    return sum(needs for (needs,) in queued)


def _thresholds(contracts: Path, what: str, days: list[date]) -> dict[date, float]:
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date})
    value = load_parameters(contracts).value(PARAMETER, pl.col("day"), pl.lit(""), pl.lit(what))
    found = frame.with_columns(value.alias("threshold"))
    # A day before the first threshold: nothing was let through without a person then.
    return {day: 1.01 if threshold is None else threshold for day, threshold in found.rows()}


def waiting(connection: psycopg.Connection, *, everything: bool = False, limit: int | None = None) -> list[Waiting]:
    """What waits now: figures that would be held against the ledgers, then cases; the newest article first.

    `everything` adds claims of other kinds (background, single persons' figures), which no ledger is asked about.
    """
    found: list[Waiting] = []
    for what, (feed, key) in FEEDS.items():
        if _is_made(connection, feed):
            found += _waiting(connection, what, feed, key, everything)
    return found if limit is None else found[:limit]


def _waiting(connection: psycopg.Connection, what: str, feed: str, key: str, everything: bool) -> list[Waiting]:
    statement = sql.SQL(
        "select r.*, q.threshold, q.queued_at from raw.{feed} r"
        " join ops.news_review q on q.item_id = r.{key} and q.row_hash = r._row_hash"
        " where r._to_submission is null and q.needs_review and not exists ("
        "select from ops.news_decision d where d.item_id = q.item_id and d.row_hash = q.row_hash)"
        " and ({everything} or {wanted}) order by r.published_on desc nulls last, r.article_id, r.sentence_start, r.{key}"
    ).format(
        feed=sql.Identifier(feed),
        key=sql.Identifier(key),
        everything=sql.Literal(everything),
        wanted=sql.SQL("r.kind = any({})").format(sql.Literal(list(_RECONCILED)))
        if what == "claim"
        else sql.SQL("true"),
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement).fetchall()
    costs = doubt_table()[what]
    shown = (*CORRECTABLE, "value_text", "place_name", "subject") if what == "claim" else (
        "age_band", "hardship_categories", "actions", "outcome", "monthly_wage", "place_code")  # fmt: skip
    return [
        Waiting(
            what=what,
            item_id=row[key],
            article_id=row["article_id"],
            source=row["source"],
            published_on=row["published_on"],
            confidence=float(row["confidence"]),
            threshold=float(row["threshold"]),
            queued_at=row["queued_at"],
            sentence=row["sentence" if what == "claim" else "evidence"],
            reads={name: row[name] for name in shown},
            doubts=[
                (code, float(costs[code]["less"]), str(costs[code]["zh"]), str(costs[code]["en"]))
                for code in (row["doubts"] or "").strip("|").split("|")
                if code in costs
            ],
        )
        for row in rows
    ]


def decide(
    connection: psycopg.Connection,
    contracts: Path,
    item_id: str,
    decision: str,
    *,
    reason: str,
    decided_by: str,
    corrected: Mapping[str, str | None] | None = None,
) -> None:
    """Accept, correct or reject the claim or case as it stands now; a later decision about it counts instead.

    `item_id` may be shortened to as many first digits as name one alone. `corrected`: column of CORRECTABLE -> its right
    value as text, None where the article does not say; the other columns stay as read. Counts from the next build of
    the marts. Raises ReviewError.
    """
    if decision not in DECISIONS:
        raise ReviewError(f"没有“{decision}”这种处理", f"There is no decision {decision}")
    if not reason.strip() or not decided_by.strip():
        raise ReviewError("请写明原因和复核人", "Give the reason and who decides")
    if bool(corrected) is not (decision == "correct"):
        raise ReviewError(
            "更正须给出要改的字段，其他处理不得改动字段", "A correction names what it changes, and nothing else does"
        )
    hold_for_writing(connection)
    standing = _find(connection, item_id)
    full: dict[str, Any] = {}
    if corrected:
        if standing.what != "claim":
            raise ReviewError("个案只能通过或剔除", "A case can be accepted or rejected, not corrected")
        full = _corrected(connection, contracts, standing, corrected)
    columns = ["item_id", "row_hash", "decision", "reason", "decided_by", *full]
    connection.execute(
        sql.SQL("insert into ops.news_decision ({}) values ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([sql.Placeholder()] * len(columns))
        ),
        [standing.item_id, standing.row_hash, decision, reason.strip(), decided_by.strip(), *full.values()],
    )


@dataclass(frozen=True)
class _Standing:
    what: str
    item_id: str
    row_hash: Any


def _find(connection: psycopg.Connection, item_id: str) -> _Standing:
    found: list[_Standing] = []
    for what, (feed, key) in FEEDS.items():
        if not _is_made(connection, feed) or not item_id.isalnum():
            continue
        statement = sql.SQL(
            "select distinct q.what, q.item_id, q.row_hash from raw.{feed} r"
            " join ops.news_review q on q.item_id = r.{key} and q.row_hash = r._row_hash and q.what = {what}"
            " where r._to_submission is null and r.{key} like {start}"
        ).format(
            feed=sql.Identifier(feed), key=sql.Identifier(key), what=sql.Literal(what), start=sql.Literal(f"{item_id}%")
        )
        with connection.cursor(row_factory=class_row(_Standing)) as cursor:
            found += cursor.execute(statement).fetchall()
    if len(found) == 1:
        return found[0]
    if found:
        raise ReviewError(f"{item_id} 不止对应一条", f"{item_id} names more than one")
    raise ReviewError(
        f"没有编号为 {item_id} 的现行表述或个案", f"No claim or case that stands has the number {item_id}"
    )


def _corrected(
    connection: psycopg.Connection, contracts: Path, standing: _Standing, corrected: Mapping[str, str | None]
) -> dict[str, Any]:
    contract = load_contracts(contracts)["case_report"]
    unknown = sorted(set(corrected) - set(CORRECTABLE))
    if unknown:
        raise ReviewError(f"不能更正：{'、'.join(unknown)}", f"Not to be corrected: {', '.join(unknown)}")
    for name in _CLOSED:
        if name in corrected and corrected[name] not in contract.by_name[name].codes.values():
            raise ReviewError(f"{name} 没有代码 {corrected[name]}", f"{name} has no code {corrected[name]}")
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(
            sql.SQL(
                "select {} from raw.case_report where claim_id = %s and _row_hash = %s and _to_submission is null"
            ).format(sql.SQL(", ").join(map(sql.Identifier, CORRECTABLE))),
            [standing.item_id, standing.row_hash],
        ).fetchone()
    full: dict[str, Any] = {**(row or {}), **{name: value or None for name, value in corrected.items()}}
    if "value" in corrected and not {"value_min", "value_max"} & set(corrected):
        full["value_min"] = full["value_max"] = full["value"]
    try:
        for name in ("value", "value_min", "value_max"):
            full[name] = None if full[name] is None else float(full[name])
        for name in ("period_start", "period_end"):
            full[name] = date.fromisoformat(full[name]) if isinstance(full[name], str) else full[name]
    except ValueError as error:
        raise ReviewError(f"数值或日期写法不对：{error}", f"Not a number or a date: {error}") from error
    low, high, first, last = full["value_min"], full["value_max"], full["period_start"], full["period_end"]
    if (low is not None and high is not None and low > high) or (first and last and first > last):
        raise ReviewError("区间或期间的起点大于终点", "Bounds or period are the wrong way round")
    return full


def _is_made(connection: psycopg.Connection, feed: str) -> bool:
    row = connection.execute("select to_regclass(%s)", [f"raw.{feed}"]).fetchone()
    return row is not None and row[0] is not None
