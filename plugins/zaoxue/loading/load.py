"""Load accepted rows of one feed: COPY to a stage table, then close what changed and insert what is new."""

from __future__ import annotations

import io

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.contracts import Contract
from zaoxue.loading.raw_tables import POSTGRES_TYPES

STAGE_COLUMNS = {
    "organisation_code": "text",
    "_period": "text",
    "_submission": "text",
    "_round": "integer",
    "_sheet": "text",
    "_row": "integer",
}
_SCOPES = {
    "cumulative": "organisation_code",
    "period": "organisation_code || '|' || _period",
    "incremental": "null::text",
}


def stage(connection: psycopg.Connection, contract: Contract, rows: pl.DataFrame) -> None:
    """Copy protected rows into the temporary table `stage_<feed>`, with their keys and hashes.

    `rows`: the contract's warehouse columns and those of STAGE_COLUMNS; `_round` is the place of the row's
    submission among those of its organisation in this batch, from 0. The table lives until the transaction ends.
    """
    columns = {
        str(c.warehouse_name): POSTGRES_TYPES[c.logical_type] for c in contract.warehouse_columns
    } | STAGE_COLUMNS
    table = sql.Identifier(f"stage_{contract.feed}")
    listed = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(t)) for n, t in columns.items())
    connection.execute(
        sql.SQL(
            "create temporary table {} ({}, _scope text generated always as ({}) stored,"
            " _row_key uuid generated always as ({}) stored, _row_hash uuid generated always as ({}) stored)"
            " on commit drop"
        ).format(table, listed, sql.SQL(_scope(contract)), _row_key(contract), _row_hash(contract))
    )
    copy_rows(connection, table, rows.select(*columns))
    connection.execute(sql.SQL("create index on {} (_round, _row_key)").format(table))
    connection.execute(sql.SQL("analyze {}").format(table))


def unstage(connection: psycopg.Connection, contract: Contract) -> None:
    """Drop the stage table before the transaction ends, for one that loads more than once."""
    connection.execute(sql.SQL("drop table {}").format(sql.Identifier(f"stage_{contract.feed}")))


def apply_round(connection: psycopg.Connection, contract: Contract, round_number: int) -> tuple[int, int]:
    """Bring one round of staged submissions into `raw`; return (rows closed, rows inserted).

    `stage_submission` (temporary, made by the caller) says which submission stands for which scope in each round.
    A current row of those scopes that the stage does not hold any more, or holds with another hash, is closed by the
    submission (by a partial one only the latter); rows that are not current then are inserted. Running it again
    changes nothing.
    """
    names = [str(c.warehouse_name) for c in contract.warehouse_columns]
    kept = [*names, "organisation_code", "_period", "_scope", "_row_key", "_row_hash", "_sheet", "_row"]
    raw, staged = sql.Identifier("raw", contract.feed), sql.Identifier(f"stage_{contract.feed}")
    parts = {
        "raw": raw,
        "stage": staged,
        "columns": sql.SQL(", ").join(map(sql.Identifier, kept)),
        "staged_columns": sql.SQL(", ").join(sql.Identifier("s", name) for name in kept),
    }
    if contract.scope == "incremental":
        close = (
            "update {raw} r set _to_submission = s._submission from {stage} s where s._round = %(round)s"
            " and r._row_key = s._row_key and r._to_submission is null and r._row_hash <> s._row_hash"
        )
    else:
        close = (
            "update {raw} r set _to_submission = n.submission_id from stage_submission n"
            " where n.round = %(round)s and r._scope = n.scope and r._to_submission is null and not exists ("
            "select from {stage} s where s._round = %(round)s and s._row_key = r._row_key and s._row_hash = r._row_hash)"
            " and (not n.is_partial or exists ("
            "select from {stage} s where s._round = %(round)s and s._row_key = r._row_key))"
        )
    insert = (
        "insert into {raw} ({columns}, _from_submission) select {staged_columns}, s._submission from {stage} s"
        " where s._round = %(round)s and not exists ("
        "select from {raw} r where r._row_key = s._row_key and r._to_submission is null)"
    )
    closed = connection.execute(sql.SQL(close).format(**parts), {"round": round_number}).rowcount
    inserted = connection.execute(sql.SQL(insert).format(**parts), {"round": round_number}).rowcount
    return closed, inserted


def copy_rows(connection: psycopg.Connection, table: sql.Composable, rows: pl.DataFrame) -> None:
    """COPY a frame into the table's columns of the same names."""
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, null_value="\\N", quote_style="necessary")
    columns = sql.SQL(", ").join(map(sql.Identifier, rows.columns))
    statement = sql.SQL("copy {} ({}) from stdin (format csv, null '\\N')").format(table, columns)
    with connection.cursor().copy(statement) as copy:
        copy.write(buffer.getbuffer())


def _scope(contract: Contract) -> str:
    return contract.scope_column if contract.scope == "document" else _SCOPES[contract.scope]  # type: ignore[return-value]


def _row_key(contract: Contract) -> sql.Composed:
    """Hash of scope owner and natural key. Empty parts are written as such, so that (a, null) differs from (null, a)."""
    own = {"cumulative": ["organisation_code"], "period": ["organisation_code", "_period"]}.get(contract.scope, [])
    keys = [str(column.warehouse_name) for column in contract.key_columns]
    parts = sql.SQL(" || ").join(
        sql.SQL("coalesce({}, '') || chr(31)").format(_as_text(name, contract)) for name in [*own, *keys]
    )
    return sql.SQL("md5({})::uuid").format(parts)


def _row_hash(contract: Contract) -> sql.Composed:
    """Hash of the filled business columns as name=value, so that a column added later changes no hash while empty."""
    parts = [
        sql.SQL("coalesce({} || {} || chr(31), '')").format(
            sql.Literal(f"{c.warehouse_name}="), _as_text(str(c.warehouse_name), contract)
        )
        for c in contract.warehouse_columns
    ]
    return sql.SQL("md5({})::uuid").format(sql.SQL(" || ").join(parts))


def _as_text(name: str, contract: Contract) -> sql.Composed:
    """An immutable text form (casting a date to text depends on a session setting, so count its days instead)."""
    kinds = {str(column.warehouse_name): column.logical_type for column in contract.warehouse_columns}
    match kinds.get(name):
        case "date":
            return sql.SQL("({} - date '2000-01-01')::text").format(sql.Identifier(name))
        case "number":
            return sql.SQL("trim_scale({})::text").format(sql.Identifier(name))
        case "integer" | "boolean":
            return sql.SQL("{}::text").format(sql.Identifier(name))
    return sql.Composed([sql.Identifier(name)])
