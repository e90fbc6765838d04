"""`zaoxue nightly` and `zaoxue demo`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from zaoxue.night_summary import NightSummary, summarise
from zaoxue.nightly import DAGS, NightFailedError, Tell, run_demo_night, run_night
from zaoxue.settings import DEMO_HOME, OWN_HOME, load_settings, remember_home

_STATES_SHOWN = 12
_BEIJING = ZoneInfo("Asia/Shanghai")


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("nightly")(nightly)
    app.command("demo")(demo)


def nightly(
    inbox: Annotated[Path | None, typer.Option(help="Folder the districts deliver to (default: the demo's).")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="Night to stand for, as things were known then (default: today; the demo's last day).",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run the whole night here: databases, inbox, Airflow's DAGs, marts, alerts."""
    is_demo = inbox is None and "ZAOXUE_INBOX" not in os.environ
    home = Path(os.environ["ZAOXUE_HOME"]) if "ZAOXUE_HOME" in os.environ else DEMO_HOME if is_demo else OWN_HOME
    settings = replace(load_settings(), home=home.resolve())
    if inbox is not None:
        settings = replace(settings, inbox=inbox.resolve())
    day = as_of.date() if as_of else None
    try:
        with _progress(is_demo) as tell:
            night = (
                run_demo_night(settings, day, tell)
                if is_demo
                else run_night(settings, day or datetime.now(_BEIJING).date(), tell)
            )
    except NightFailedError as error:
        Console(stderr=True).print(f"[bold red]The night failed.[/] {error}")
        raise typer.Exit(1) from error
    remember_home(settings.home)
    summary = summarise(night)
    if as_json:
        print(json.dumps(summary.as_dict() | {"dags": night.seconds}, ensure_ascii=False))
    else:
        _print_summary(summary, night.seconds)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to write inbox/, truth/ and bank/.")],
    seed: Annotated[int, typer.Option(help="Same seed, same province.")] = 7,
    people: Annotated[int, typer.Option(help="How many people.")] = 20_000,
    damage: Annotated[bool, typer.Option(help="Write the messy files of real offices.")] = True,
) -> None:
    """Make an inbox of a fictional province, with its truth beside it."""
    from zaoxue.demo import make_demo

    report = make_demo(folder, seed=seed, people=people, damage=damage)
    Console().print(f"{report.files} files of {report.townships} townships for {report.people} people in {folder}")


class _progress:
    """Shows the DAGs as they run; plain lines where the output is no terminal."""

    def __init__(self, is_demo: bool) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=console,
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._bar.add_task("databases", total=len(DAGS) + is_demo)
        self._plain = not sys.stderr.isatty()

    def __enter__(self) -> Tell:
        self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, event: dict[str, Any]) -> None:
        if event["event"] == "started":
            self._bar.update(self._task, description=event["dag"])
        elif event["event"] == "success":
            self._bar.advance(self._task)
        if self._plain and event["event"] != "started":
            print(f"{event['dag']}: {event['event']} {event.get('seconds', '')}", file=sys.stderr)


def _print_summary(summary: NightSummary, seconds: dict[str, float]) -> None:
    console = Console()
    figures = Table(title=f"造血 Zaoxue · night of {summary.as_of}", show_header=False, title_justify="left")
    figures.add_row("new files 新文件", f"{summary.new_files:,}")
    figures.add_row("rows accepted 入库行", f"{summary.rows_accepted:,}")
    figures.add_row("rows quarantined 隔离行", f"{summary.rows_quarantined:,}")
    figures.add_row("submissions 报送", ", ".join(f"{n:,} {state}" for state, n in summary.submissions.items()))
    console.print(figures)
    marts = Table(title="marts 数据集市", title_justify="left")
    marts.add_column("mart")
    marts.add_column("rows", justify="right")
    for name, rows in summary.marts.items():
        marts.add_row(name, f"{rows:,}")
    console.print(marts)
    if summary.districts_missing:
        missing = Table(title="districts with something missing 有缺报的区县", title_justify="left")
        missing.add_column("district")
        missing.add_column("missing", justify="right")
        for code, name, count in summary.districts_missing[:_STATES_SHOWN]:
            missing.add_row(f"{code} {name}", str(count))
        console.print(missing)
    steps = Table(title="seconds 用时", title_justify="left")
    steps.add_column("step")
    steps.add_column("seconds", justify="right")
    for name, spent in [*summary.steps, *((f"dag {dag}", total) for dag, total in seconds.items())]:
        steps.add_row(name, f"{spent:.1f}")
    console.print(steps)
    worst = summary.districts_missing[0][0] if summary.districts_missing else None
    console.print(
        "next 下一步: "
        + (
            f"[bold].venv/bin/zaoxue why {worst}[/]  (why is it red? 为什么缺报？)"
            if worst
            else "[bold].venv/bin/zaoxue status[/]"
        ),
        soft_wrap=True,
    )
    console.print(
        "            [bold].venv/bin/zaoxue db psql[/]  then  select * from marts.mart_retention_cohort limit 10;",
        soft_wrap=True,
    )
