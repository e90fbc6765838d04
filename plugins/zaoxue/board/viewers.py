"""Who looks at the board, and what of the warehouse each may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from starlette.exceptions import HTTPException
from starlette.requests import Request

from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect


@dataclass(frozen=True)
class Account:
    """Somebody who has logged in: the name, and whether this is an engineer, who sees everything and may decide."""

    name: str
    is_engineer: bool


@dataclass(frozen=True)
class Viewer:
    """An account and the organisations at the top of what it sees (None: all)."""

    name: str
    tops: tuple[str, ...] | None

    @property
    def is_engineer(self) -> bool:
        """Whether this account sees everything and may decide."""
        return self.tops is None

    @property
    def parameters(self) -> dict[str, object]:
        """What the condition of `within` needs."""
        return {"tops": None if self.tops is None else list(self.tops)}


def viewer_of(settings: Settings, account: Account) -> Viewer | None:
    """What an account sees; None if nothing: neither an engineer, nor named as an organisation or mapped to one."""
    if account.is_engineer:
        return Viewer(account.name, None)
    with connect(settings) as connection:
        rows = connection.execute(
            "select organisation_code from ops.organisation where organisation_code = %(name)s"
            " union select organisation_code from ops.account_organisation where account = %(name)s order by 1",
            {"name": account.name},
        ).fetchall()
    return Viewer(account.name, tuple(code for (code,) in rows)) if rows else None


@contextmanager
def marts_for(settings: Settings, viewer: Viewer) -> Iterator[psycopg.Connection]:
    """A connection to read marts on: for anybody but an engineer in the role that row-level security binds.

    Read only. Raises psycopg.errors.InsufficientPrivilege or InvalidParameterValue where that role could not be made
    (docs/access.md): then such an account sees nothing.
    """
    with connect(settings) as connection:
        connection.execute("set transaction read only")
        if viewer.tops is not None:
            connection.execute("select set_config('zaoxue.organisations', %s, true)", [",".join(viewer.tops)])
            connection.execute("set local role zaoxue_board")
        yield connection


def sees(connection: psycopg.Connection, viewer: Viewer, organisation: str | None) -> bool:
    """Whether an organisation lies within what a viewer sees (what belongs to none, an engineer alone sees)."""
    if viewer.tops is None:
        return True
    row = connection.execute(
        "select %(code)s in (select ops.organisations_within(%(tops)s))", {"code": organisation, **viewer.parameters}
    ).fetchone()
    return row is not None and row[0] is True


def may_download(viewer: Viewer, organisation: str | None, district: str | None) -> bool:
    """Whether a viewer may have receipts, which hold rows about people: engineers, and the sender's own office alone.

    An office above sees figures and causes, not rows about people.
    """
    return viewer.tops is None or bool({organisation, district} & set(viewer.tops))


def within(column: LiteralString) -> sql.Composable:
    """Condition of a query that an organisation lies within what a viewer sees; its parameters are `Viewer.parameters`.

    `column`: name of this program's own of the column that holds the code.
    """
    return sql.SQL("(%(tops)s::text[] is null or {column} in (select ops.organisations_within(%(tops)s)))").format(
        column=sql.SQL(column)
    )


def engineers_only(request: Request) -> None:
    """Refuses with 403 whoever is no engineer."""
    if not request.state.viewer.is_engineer:
        raise HTTPException(403)
