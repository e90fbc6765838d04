"""Take a submission out of a feed's history, as though it had never been accepted."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.contracts import Contract
from zaoxue.loading.load import copy_rows, read_rows
from zaoxue.loading.row_keys import ROW_HASH, ROW_KEY


@dataclass(frozen=True)
class Change:
    """Rows of `raw`: `removed` were said by the submission alone, `reopened` had been closed by it."""

    removed: int
    reopened: int


def take_out(connection: psycopg.Connection, contract: Contract, submission: str, successor: str | None) -> Change:
    """Remove one version from a scope where each version lists all its rows (cumulative, period, document).

    `successor` is the next version of the same scope that still counts, None where the submission is the newest. What
    the submission closed is open again, up to the successor if that does not say it either; what it brought goes, or
    is the successor's from now on where that says it too. So every other version lists what it listed before.
    Running it again changes nothing.
    """
    names = {"raw": sql.Identifier("raw", contract.feed)}
    values = {"gone": submission, "next": successor}

    def run(text: sql.SQL) -> int:
        return connection.execute(text.format(**names), values).rowcount

    removed = run(
        sql.SQL("delete from {raw} where _from_submission = %(gone)s and _to_submission is not distinct from %(next)s")
    )
    run(sql.SQL("update {raw} set _from_submission = %(next)s where _from_submission = %(gone)s"))
    reopened = run(sql.SQL("update {raw} set _to_submission = %(next)s where _to_submission = %(gone)s"))
    if successor is not None:
        # Said before the submission and after it, but not by it: one row again, that of whoever said it first.
        merged = run(
            sql.SQL(
                "update {raw} n set _from_submission = p._from_submission, _period = p._period, _sheet = p._sheet,"
                " _row = p._row from {raw} p where n._from_submission = %(next)s and p._to_submission = %(next)s"
                " and n._row_key = p._row_key and n._row_hash = p._row_hash"
            )
        )
        run(
            sql.SQL(
                "delete from {raw} p using {raw} n where p._to_submission = %(next)s and n.ctid <> p.ctid"
                " and n._from_submission = p._from_submission"
                " and n._row_key = p._row_key and n._row_hash = p._row_hash"
            )
        )
        reopened -= merged
    return Change(removed, reopened)


def number_again(connection: psycopg.Connection, contract: Contract, submission: str, rows: pl.DataFrame) -> None:
    """Give the rows a submission now brings their period, sheet and row in it: `rows` are all that it says."""
    connection.execute(
        "create temporary table said_row (_row_key uuid, _row_hash uuid, _period text, _sheet text, _row integer)"
        " on commit drop"
    )
    copy_rows(connection, sql.Identifier("said_row"), rows.select(ROW_KEY, ROW_HASH, "_period", "_sheet", "_row"))
    connection.execute(
        sql.SQL(
            "update {} as r set _period = s._period, _sheet = s._sheet, _row = s._row from said_row as s"
            " where r._from_submission = %s and r._row_key = s._row_key and r._row_hash = s._row_hash"
        ).format(sql.Identifier("raw", contract.feed)),
        [submission],
    )
    connection.execute("drop table said_row")


def keep_touched_keys(connection: psycopg.Connection, contract: Contract, submission: str) -> int:
    """Add the keys of the rows that a submission brought or closed to the temporary table `touched`; return how many."""
    connection.execute("create temporary table if not exists touched (_row_key uuid primary key) on commit drop")
    return connection.execute(
        sql.SQL(
            "insert into touched select _row_key from {raw} where _from_submission = %(s)s"
            " union select _row_key from {raw} where _to_submission = %(s)s on conflict do nothing"
        ).format(raw=sql.Identifier("raw", contract.feed)),
        {"s": submission},
    ).rowcount


def add_touched_keys(connection: psycopg.Connection, rows: pl.DataFrame) -> None:
    """Add the keys of rows to `touched`: also of rows that only repeat what stands."""
    connection.execute("create temporary table said_key (_row_key uuid) on commit drop")
    copy_rows(connection, sql.Identifier("said_key"), rows.select(pl.col(ROW_KEY).unique()))
    connection.execute("insert into touched select _row_key from said_key on conflict do nothing")
    connection.execute("drop table said_key")


def touched_keys(connection: psycopg.Connection) -> pl.DataFrame:
    """The keys in `touched`: one column, `_row_key`."""
    query = sql.SQL("select encode(uuid_send(_row_key), 'hex') from touched")
    return read_rows(connection, query, {ROW_KEY: pl.String})


def forget_touched(connection: psycopg.Connection, contract: Contract, submission: str) -> tuple[Change, list[str]]:
    """Remove every row of the keys in `touched`, for a replay.

    Returns what of that was said or closed by the submission, and all submissions that had said or closed any.
    """
    gone = connection.execute(
        sql.SQL(
            "with gone as (delete from {raw} r using touched t where r._row_key = t._row_key"
            " returning _from_submission, _to_submission)"
            " select _from_submission, _to_submission, count(*) from gone group by 1, 2"
        ).format(raw=sql.Identifier("raw", contract.feed))
    ).fetchall()
    change = Change(
        sum(n for brought, _, n in gone if brought == submission), sum(n for _, to, n in gone if to == submission)
    )
    return change, sorted({name for brought, to, _ in gone for name in (brought, to) if name})
