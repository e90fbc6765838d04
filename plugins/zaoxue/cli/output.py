"""What the commands about submissions share: the warehouse, the night, and how answers are printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from zaoxue.settings import load_settings
from zaoxue.submissions import board
from zaoxue.warehouse.database import connect, embedded_server

BEIJING = ZoneInfo("Asia/Shanghai")
UNKNOWN = 2  # exit code: what was named does not exist
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Night to judge (default: the last one watched, else today)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


@contextmanager
def warehouse() -> Iterator[psycopg.Connection]:
    """A connection to the warehouse; says what to do, and exits with 1, where there is none."""
    settings = load_settings()
    if settings.database_url is None:
        server = embedded_server(settings)
        if not server.data.exists():
            refuse("还没有数据库，请先运行 zaoxue nightly。There is no database yet; run: zaoxue nightly", code=1)
        server.start()
    try:
        with connect(settings) as connection:
            yield connection
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction) as error:
        refuse(
            "数据库连不上或尚未建好，请先运行 zaoxue nightly。"
            "The database cannot be reached or has not been set up; run: zaoxue nightly "
            f"({type(error).__name__})",
            code=1,
        )


def night_of(connection: psycopg.Connection, as_of: datetime | None) -> date:
    """The night that was named, else the last one watched, else today."""
    if as_of is not None:
        return as_of.date()
    return board.last_watched_night(connection) or datetime.now(BEIJING).date()


def console() -> Console:
    """Where text goes."""
    return Console(markup=False, highlight=False)  # a name in square brackets is a name, not a style


def refuse(message: str, code: int = UNKNOWN) -> NoReturn:
    """Say why not on standard error, and exit."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def print_json(document: object) -> None:
    """One JSON document; days and instants in ISO 8601."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    raise TypeError(type(value).__name__)


def print_table(out: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table, where it has rows."""
    if rows:
        table = Table(*headings, title=title)
        for row in rows:
            table.add_row(*row)
        out.print(table)


def when(instant: datetime | None) -> str:
    """Beijing time to the minute."""
    return instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if instant else "从未 never"


def listed(years: Sequence[int]) -> str:
    """Years in a row."""
    return ", ".join(map(str, years))
