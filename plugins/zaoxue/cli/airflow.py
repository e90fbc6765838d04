"""`zaoxue up` and `zaoxue down`: Airflow with its pages on this machine."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from zaoxue.settings import DEMO_HOME, load_settings, remember_home


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("up")(up)
    app.command("down")(down)


def up(
    host: Annotated[str, typer.Option(help="Address to listen at (0.0.0.0: every one of this machine).")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of Airflow's pages.")] = 8080,
    district: Annotated[
        list[str] | None, typer.Option(help="Organisation code that gets an account of its own (repeat for more).")
    ] = None,
    unpause: Annotated[bool, typer.Option(help="Let the schedules run; or leave the DAGs as they are.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print address, accounts and DAGs as JSON.")] = False,
) -> None:
    """Start Airflow here, with the board: scheduler, DAG processor, triggerer, API server. The demo's, if there is no other home."""
    from zaoxue.airflow_home import AirflowSetupError
    from zaoxue.airflow_services import AirflowServicesError
    from zaoxue.airflow_up import bring_up

    settings = load_settings()
    if "ZAOXUE_HOME" not in os.environ and "ZAOXUE_INBOX" not in os.environ and not settings.home.is_dir():
        settings = replace(settings, home=DEMO_HOME)
    is_demo = settings.home == DEMO_HOME.resolve() and "ZAOXUE_INBOX" not in os.environ
    try:
        with Console(stderr=True).status("Airflow 正在启动，约半分钟 starting, half a minute"):
            running = bring_up(
                settings, is_demo=is_demo, host=host, port=port, districts=district or [], unpause=unpause
            )
    except (AirflowServicesError, AirflowSetupError) as error:
        Console(stderr=True).print(f"[bold red]Airflow 未能启动 did not start.[/] {error}", soft_wrap=True)
        raise typer.Exit(1) from error
    remember_home(settings.home)
    if as_json:
        print(json.dumps(vars(running), ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold green]Airflow[/] {running.url}", soft_wrap=True)
    for name, password in running.accounts.items():
        console.print(
            f"  登录 login: [bold]{name}[/]  密码 password: [bold]{password}[/]", soft_wrap=True, highlight=False
        )
    if not running.accounts:
        console.print("  登录用贵处自己的账户 log in with an account of your own auth manager")
    console.print(f"  看板 board: {running.url}/zaoxue/", soft_wrap=True)
    console.print(f"  日志 logs: {settings.home / 'logs'}", soft_wrap=True)
    console.print("停止 stop: [bold].venv/bin/zaoxue down[/]")


def down() -> None:
    """Stop what `zaoxue up` has started, and the embedded database."""
    from zaoxue.airflow_up import take_down

    stopped = take_down(load_settings())
    print(f"已停止 stopped: {', '.join(stopped) or '无 nothing was running'}")
