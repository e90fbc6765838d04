"""Load accepted rows of one feed: find what changed against the current rows of their scopes, write only that."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.contracts import Contract
from zaoxue.loading.row_keys import ROW_HASH, ROW_KEY, SCOPE

SUBMISSION = "_submission"
ROUND = "_round"
FROM = "_from_submission"
TO = "_to_submission"
_CURRENT = {ROW_KEY: pl.String, ROW_HASH: pl.String, SCOPE: pl.String}
_PLACE = "_place"
_ENDED = {SCOPE: pl.String, ROW_KEY: pl.String, _PLACE: pl.UInt32, TO: pl.String}


@dataclass(frozen=True)
class Loaded:
    """Rows of `raw` that a load closed and inserted; one that it did both to counts in both."""

    closed: int
    inserted: int


def load_rounds(connection: psycopg.Connection, contract: Contract, rows: pl.DataFrame, scopes: pl.DataFrame) -> Loaded:
    """Bring staged submissions into `raw`, a round after another, as though each had come alone.

    `rows`: the contract's warehouse columns, organisation_code, `_period`, `_sheet`, `_row`, `_submission`, `_round` (the
    place of the row's submission among those of its scope in this batch, from 0) and the columns of `with_row_keys`.
    `scopes`: `_round`, `_scope`, `_submission`, `is_partial` of the submissions that replace a whole scope, or of it only
    the rows they hold (partial).

    A current row of such a scope that its submission does not hold any more, or holds with another hash, is closed by it;
    where rows stand for themselves (no scope) a row closes the one of its key. Then rows that are not current are
    inserted. Only the keys and hashes of current rows are read, only what changed is written; again is a no-op.
    Needs the feed's lock.
    """
    current = _current(connection, contract, rows, scopes)
    live = current.with_columns(pl.lit(None, dtype=pl.UInt32).alias(_PLACE))  # null: stands in the table
    rows = rows.with_row_index(_PLACE)
    closed: list[pl.DataFrame] = []
    inserted: list[pl.DataFrame] = []
    for number in sorted({*rows[ROUND].unique(), *scopes[ROUND].unique()}):
        staged = rows.lazy().filter(pl.col(ROUND) == number).select(*_CURRENT, _PLACE, SUBMISSION).collect()
        ended = _ended(live, staged, scopes.filter(pl.col(ROUND) == number))
        live = live.join(ended, on=ROW_KEY, how="anti")
        new = staged.join(live, on=ROW_KEY, how="anti").unique(ROW_KEY, keep="first", maintain_order=True)
        live = pl.concat([live, new.select(live.columns)])
        closed.append(ended)
        inserted.append(new.select(_PLACE))
    all_closed = pl.concat([pl.DataFrame(schema=_ENDED), *closed])
    places = pl.concat([pl.DataFrame(schema={_PLACE: pl.UInt32}), *inserted])
    _close(connection, contract, all_closed.filter(pl.col(_PLACE).is_null()))
    brief = all_closed.filter(pl.col(_PLACE).is_not_null()).select(_PLACE, TO)
    _insert(connection, contract, rows, places, brief)
    return Loaded(all_closed.height, places.height)


def _ended(live: pl.DataFrame, staged: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Live rows that this round ends, and by which submission."""
    other = live.join(scopes.select(SCOPE, "is_partial", pl.col(SUBMISSION).alias(TO)), on=SCOPE).join(
        staged, on=[ROW_KEY, ROW_HASH], how="anti"
    )
    whole = other.filter(~pl.col("is_partial"))
    partial = other.filter("is_partial").join(staged, on=ROW_KEY, how="semi")
    replaced = pl.concat([whole, partial]).select(*_ENDED)
    of_no_scope = live.filter(pl.col(SCOPE).is_null())
    overtaken = of_no_scope.join(
        staged.filter(pl.col(SCOPE).is_null()).select(
            ROW_KEY, pl.col(ROW_HASH).alias("says"), pl.col(SUBMISSION).alias(TO)
        ),
        on=ROW_KEY,
    ).filter(pl.col("says") != pl.col(ROW_HASH))
    return pl.concat([replaced, overtaken.select(*_ENDED).unique(ROW_KEY, keep="first", maintain_order=True)])


def _current(
    connection: psycopg.Connection, contract: Contract, rows: pl.DataFrame, scopes: pl.DataFrame
) -> pl.DataFrame:
    """Keys, hashes and scopes of the current rows that the batch may touch."""
    raw = sql.Identifier("raw", contract.feed)
    if contract.scope == "incremental":
        connection.execute("create temporary table wanted_key (_row_key uuid) on commit drop")
        copy_rows(connection, sql.Identifier("wanted_key"), rows.select(pl.col(ROW_KEY).unique()))
        found = "{raw} join (table wanted_key) as w using (_row_key) where _scope is null"
    else:
        found = "{raw} where _scope = any({scopes})"
    query = sql.SQL(
        "select encode(uuid_send(_row_key), 'hex'), encode(uuid_send(_row_hash), 'hex'), _scope from "  # noqa: S608 - our own text
        f"{found} and _to_submission is null"
    ).format(raw=raw, scopes=sql.Literal(scopes[SCOPE].unique().to_list()))
    current = read_rows(connection, query, _CURRENT)
    if contract.scope == "incremental":
        connection.execute("drop table wanted_key")
    return current


def _close(connection: psycopg.Connection, contract: Contract, ended: pl.DataFrame) -> None:
    if ended.is_empty():
        return
    connection.execute(
        "create temporary table ended_row (_scope text, _row_key uuid, _to_submission text) on commit drop"
    )
    copy_rows(connection, sql.Identifier("ended_row"), ended.select(SCOPE, ROW_KEY, TO))
    same_scope = "r._scope is null" if contract.scope == "incremental" else "r._scope = e._scope"
    connection.execute(
        sql.SQL(
            "update {} as r set _to_submission = e._to_submission from ended_row as e"  # noqa: S608 - our own text
            f" where {same_scope} and r._row_key = e._row_key and r._to_submission is null"
        ).format(sql.Identifier("raw", contract.feed))
    )
    connection.execute("drop table ended_row")


def _insert(
    connection: psycopg.Connection, contract: Contract, rows: pl.DataFrame, places: pl.DataFrame, brief: pl.DataFrame
) -> None:
    """`brief`: rows that a later round of the same batch has closed already."""
    if places.is_empty():
        return
    if places.height < rows.height:
        rows = rows.join(places, on=_PLACE, how="semi", maintain_order="left")
    names = [str(c.warehouse_name) for c in contract.warehouse_columns]
    kept = [*names, "organisation_code", "_period", SCOPE, ROW_KEY, ROW_HASH, "_sheet", "_row"]
    new = rows.lazy()
    to = pl.lit(None, dtype=pl.String)
    if brief.height:
        new, to = new.join(brief.lazy(), on=_PLACE, how="left", maintain_order="left"), pl.col(TO)
    # In the order of the index, so that its pages are filled one after another.
    written = new.sort(SCOPE, ROW_KEY).select(*kept, pl.col(SUBMISSION).alias(FROM), to.alias(TO)).collect()
    copy_rows(connection, sql.Identifier("raw", contract.feed), written)


def copy_rows(connection: psycopg.Connection, table: sql.Composable, rows: pl.DataFrame) -> None:
    """COPY a frame into the table's columns of the same names."""
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, null_value="\\N", quote_style="necessary")
    columns = sql.SQL(", ").join(map(sql.Identifier, rows.columns))
    statement = sql.SQL("copy {} ({}) from stdin (format csv, null '\\N')").format(table, columns)
    with connection.cursor().copy(statement) as copy:
        copy.write(buffer.getbuffer())


def read_rows(connection: psycopg.Connection, query: sql.Composable, schema: Mapping[str, Any]) -> pl.DataFrame:
    """COPY a query's rows into a frame with these columns."""
    buffer = io.BytesIO()
    with connection.cursor().copy(sql.SQL("copy ({}) to stdout (format csv)").format(query)) as copy:
        for block in copy:
            buffer.write(block)
    if not buffer.tell():
        return pl.DataFrame(schema=schema)
    buffer.seek(0)
    return pl.read_csv(buffer, has_header=False, schema=schema)
