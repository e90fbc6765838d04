"""`zaoxue load`: single files by hand, the fallback when a transfer fails. `zaoxue template`: an empty workbook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from zaoxue.contracts import load_contracts
from zaoxue.contracts.template import write_template
from zaoxue.inbox.discover import LEDGER_SUFFIXES, discover
from zaoxue.nightly import start_databases
from zaoxue.pipeline import load_files
from zaoxue.settings import load_settings
from zaoxue.warehouse.database import connect


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("load")(load)
    app.command("template")(template)


def load(
    paths: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Ledgers to load.")],
    organisation: Annotated[str, typer.Option("--organisation", "-o", help="Code of the organisation that sent them.")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Load ledgers by hand: they are put into the sender's folder of the inbox and loaded at once."""
    settings = load_settings()
    start_databases(settings)
    folder = settings.inbox / _folder(organisation)
    folder.mkdir(parents=True, exist_ok=True)
    uris = []
    for path in paths:
        target = folder / path.name
        if target.exists() and target.read_bytes() != path.read_bytes():
            typer.echo(f"{target} is there with other content; give the new file another name 请换一个文件名", err=True)
            raise typer.Exit(1)
        if not target.exists():
            shutil.copyfile(path, target)
        uris.append(target.relative_to(settings.inbox).as_posix())
    with connect(settings) as connection:
        files = [file for file in discover(settings.inbox, LEDGER_SUFFIXES, connection) if file.uri in uris]
    report = load_files(settings, "by hand", files, subject=organisation)
    with connect(settings) as connection:
        lines = connection.execute(
            "select source_uri, feed, period, state, rows_accepted, rows_quarantined, reason_zh, reason_en"
            " from ops.submission where source_uri = any(%s) order by loaded_at, source_uri",
            [uris],
        ).fetchall()
    if as_json:
        names = ("file", "feed", "period", "state", "rows_accepted", "rows_quarantined", "reason_zh", "reason_en")
        typer.echo(json.dumps([dict(zip(names, line, strict=True)) for line in lines], ensure_ascii=False))
    else:
        for file, feed, period, state, accepted, quarantined, zh, en in lines:
            typer.echo(
                f"{file}: {state} · {feed} {period} · {accepted} accepted, {quarantined} quarantined"
                + (f"\n  {zh}\n  {en}" if zh else "")
            )
    raise typer.Exit(1 if report.states["rejected"] else 0)


def template(
    feed: Annotated[str, typer.Argument(help="Feed, for example placement.")],
    out: Annotated[Path | None, typer.Option(help="File to write (default: <ledger>_模板.xlsx here).")] = None,
) -> None:
    """Write an empty workbook for clerks, with drop-downs and the rules as notes."""
    contracts = load_contracts(load_settings().contracts)
    if feed not in contracts:
        typer.echo(f"No feed {feed}. Feeds: {', '.join(contracts)}", err=True)
        raise typer.Exit(2)
    path = out or Path(f"{contracts[feed].title}_模板.xlsx")
    write_template(contracts[feed], path)
    typer.echo(str(path))


def _folder(organisation: str) -> str:
    with connect(load_settings()) as connection:
        row = connection.execute(
            "select name, kind, district_code, (select name from ops.organisation d where d.organisation_code = o.district_code)"
            " from ops.organisation o where organisation_code = %s",
            [organisation],
        ).fetchone()
    if row is None:
        typer.echo(f"No organisation {organisation} in the registry 登记表中没有该单位", err=True)
        raise typer.Exit(2)
    name, kind, district, district_name = row
    own = f"{organisation}_{name}"
    return f"{district}_{district_name}/{own}" if kind == "township" else own
