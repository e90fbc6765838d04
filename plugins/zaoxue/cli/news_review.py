"""`zaoxue news review`: what waits for a person among the claims and cases of the news, and what the person decides."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import psycopg

    from zaoxue.pipeline.news_review import Waiting

app = typer.Typer(help="人工复核 / review: claims and cases that wait for a person.", no_args_is_help=True)

Item = Annotated[str, typer.Argument(help="编号或其开头 / its number, or the first digits of it.")]
Reason = Annotated[str, typer.Option(help="原因 / why.")]
By = Annotated[str | None, typer.Option("--by", help="复核人 / who decides (default: the login name).")]


@app.command("list")
def show(
    everything: Annotated[
        bool, typer.Option("--all", help="连同背景、个案数字 / background and single persons' figures too.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many to print.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """What waits, with its sentence, what was read in it and why it is in doubt."""
    from zaoxue.pipeline.news_review import waiting

    with _warehouse() as connection:
        found = waiting(connection, everything=everything)
    if as_json:
        shown = [asdict(item) for item in found[:limit]]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1, default=_plain))
        return
    for item in found[:limit]:
        typer.echo(_as_text(item))
    typer.echo(f"待复核 Waiting: {len(found)}")


@app.command()
def accept(item: Item, reason: Reason, by: By = None) -> None:
    """Let a claim or a case pass as it was read."""
    _decide(item, "accept", reason, by)


@app.command()
def reject(item: Item, reason: Reason, by: By = None) -> None:
    """Keep a claim or a case out for good (until its article changes)."""
    _decide(item, "reject", reason, by)


@app.command()
def correct(
    item: Item,
    reason: Reason,
    fields: Annotated[
        list[str],
        typer.Option("--set", help="字段=正确值，留空表示文中未写 / column=value; nothing after = for not stated."),
    ],
    by: By = None,
) -> None:
    """Let a claim pass with some columns put right: --set value=630 --set period_start=2026-01-01."""
    corrected: dict[str, str | None] = {}
    for text in fields:
        name, sign, value = text.partition("=")
        if not sign:
            _refuse(f"请写成 字段=值：{text}。Write column=value: {text}")
        corrected[name.strip()] = value.strip() or None
    _decide(item, "correct", reason, by, corrected)


def _decide(
    item: str, decision: str, reason: str, by: str | None, corrected: dict[str, str | None] | None = None
) -> None:
    from zaoxue.pipeline.news_review import ReviewError, decide
    from zaoxue.settings import load_settings

    with _warehouse() as connection:
        try:
            decide(
                connection,
                load_settings().contracts,
                item,
                decision,
                reason=reason,
                decided_by=by or getpass.getuser(),
                corrected=corrected,
            )
        except ReviewError as error:
            _refuse(str(error))
    typer.echo("已记录，下次生成数据集市时生效。Recorded; it counts from the next build of the marts.")


def _as_text(item: Waiting) -> str:
    reads = "  ".join(f"{name}={value}" for name, value in item.reads.items() if value is not None)
    doubts = "；".join(f"{zh}（−{less:g}）" for _, less, zh, _ in item.doubts)
    return (
        f"{item.item_id[:12]}  {item.what}  {item.published_on or ''}  {item.source}  "
        f"{item.confidence:g} < {item.threshold:g}\n  {item.sentence}\n  {reads}\n  {doubts}\n"
    )


@contextmanager
def _warehouse() -> Iterator[psycopg.Connection]:
    import psycopg

    from zaoxue.settings import load_settings
    from zaoxue.warehouse.database import connect, embedded_server

    settings = load_settings()
    if settings.database_url is None:
        server = embedded_server(settings)
        if not server.data.exists():
            _refuse("还没有数据库，请先运行 zaoxue nightly。There is no database yet; run: zaoxue nightly")
        server.start()
    try:
        with connect(settings) as connection:
            yield connection
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable) as error:
        _refuse(
            "数据库连不上或尚未建好，请先运行 zaoxue nightly。The database cannot be reached or has not been set up;"
            f" run: zaoxue nightly ({type(error).__name__})"
        )


def _refuse(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    return float(value)
