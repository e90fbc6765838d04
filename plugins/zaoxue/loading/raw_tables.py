"""Tables of `raw`, made from the contracts: additive changes by themselves, all others refused."""

from __future__ import annotations

import psycopg
from psycopg import sql

from zaoxue.contracts import Contract
from zaoxue.errors import NeedsAPersonError

POSTGRES_TYPES = {
    "string": "text",
    "array": "text",
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
}
SYSTEM_COLUMNS = {
    "organisation_code": "text not null",
    "_period": "text not null",
    "_scope": "text",
    "_row_key": "uuid not null",
    "_row_hash": "uuid not null",
    "_from_submission": "text not null",
    "_to_submission": "text",
    "_sheet": "text not null",
    "_row": "integer not null",
}
SYSTEM_COLUMN_DESCRIPTIONS = {
    "organisation_code": "Organisation that sent the row",
    "_period": "Period of the submission that brought the row",
    "_scope": "What a later file replaces as a whole; null where each row stands for itself",
    "_row_key": "Hash of the natural key within its scope",
    "_row_hash": "Hash of the business columns",
    "_from_submission": "First submission that says so",
    "_to_submission": "Submission that no longer says so; null = current",
    "_sheet": "Sheet the row came from",
    "_row": "Row number as Excel shows it, in the submission that brought it",
}


class RawTableConflictError(NeedsAPersonError):
    """A contract changed in a way that stored rows cannot follow; needs a migration by hand."""


def ensure_raw_table(connection: psycopg.Connection, contract: Contract) -> None:
    """Create the feed's table, or add the columns its contract has gained.

    Raises RawTableConflictError where a column changed its type, or was dropped from the contract.
    """
    wanted = {str(c.warehouse_name): POSTGRES_TYPES[c.logical_type] for c in contract.warehouse_columns}
    present = _present_columns(connection, contract.feed)
    table = sql.Identifier("raw", contract.feed)
    if not present:
        _create(connection, contract, wanted)
        return
    for name, kind in wanted.items():
        if name not in present:
            connection.execute(
                sql.SQL("alter table {} add column {} {}").format(table, sql.Identifier(name), sql.SQL(kind))
            )
        elif present[name] != kind:
            raise RawTableConflictError(
                f"raw.{contract.feed}.{name} is {present[name]}, its contract now says {kind}: write a migration"
            )
    gone = set(present) - set(wanted) - set(SYSTEM_COLUMNS)
    if gone:
        raise RawTableConflictError(
            f"raw.{contract.feed} holds {', '.join(sorted(gone))}, which its contract no longer has: write a migration"
        )


def _present_columns(connection: psycopg.Connection, feed: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns where table_schema = 'raw' and table_name = %s",
            [feed],
        ).fetchall()
    )


def _create(connection: psycopg.Connection, contract: Contract, wanted: dict[str, str]) -> None:
    table = sql.Identifier("raw", contract.feed)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in (wanted | SYSTEM_COLUMNS).items()
    )
    connection.execute(sql.SQL("create table {} ({})").format(table, columns))
    # One index finds a scope's rows and keeps their keys apart; rows of no scope are kept apart as one scope.
    connection.execute(
        sql.SQL(
            "create unique index {} on {} (_scope, _row_key) nulls not distinct where _to_submission is null"
        ).format(sql.Identifier(f"{contract.feed}_current_row"), table)
    )
    connection.execute(sql.SQL("comment on table {} is {}").format(table, sql.Literal(contract.purpose)))
    described = {str(c.warehouse_name): c.description for c in contract.warehouse_columns} | SYSTEM_COLUMN_DESCRIPTIONS
    for name, text in described.items():
        connection.execute(
            sql.SQL("comment on column {}.{} is {}").format(table, sql.Identifier(name), sql.Literal(text))
        )
    if "person_key" in wanted:
        connection.execute("select ops.watch_people(%s)", [contract.feed])
