"""`zaoxue db`: the warehouse's server."""

from __future__ import annotations

import os

import typer

from zaoxue.airflow_home import migrate_airflow
from zaoxue.nightly import start_databases
from zaoxue.settings import load_settings
from zaoxue.warehouse.access import grant_access
from zaoxue.warehouse.database import connect, embedded_server, warehouse_url
from zaoxue.warehouse.embedded import binary

app = typer.Typer(no_args_is_help=True)


@app.command()
def start() -> None:
    """Start the embedded server and bring the warehouse's schemas up to date."""
    start_databases(load_settings())
    typer.echo(warehouse_url(load_settings()))


@app.command()
def setup() -> None:
    """Bring the warehouse and Airflow's metadata database up to date (a deployment's first step)."""
    settings = load_settings()
    start_databases(settings)
    with connect(settings) as connection:
        advice = grant_access(connection).advice
    if advice:
        typer.echo(advice, err=True)
    migrate_airflow(settings)


@app.command()
def access() -> None:
    """Make the roles of the warehouse, give them their rights, and say what is wrong (exit code 1 if anything is)."""
    settings = load_settings()
    start_databases(settings)
    with connect(settings) as connection:
        advice = grant_access(connection).advice
    if advice:
        typer.echo(advice, err=True)
        raise typer.Exit(1)


@app.command()
def stop() -> None:
    """Stop the embedded server."""
    settings = load_settings()
    if settings.database_url:
        typer.echo("ZAOXUE_DATABASE_URL names an external server; it is not ours to stop.", err=True)
        raise typer.Exit(1)
    embedded_server(settings).stop()


@app.command()
def url() -> None:
    """Print the warehouse's address."""
    typer.echo(warehouse_url(load_settings()))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the warehouse; further words go to psql."""
    settings = load_settings()
    start_databases(settings)
    program = str(binary("psql"))
    os.execv(program, [program, warehouse_url(settings), *context.args])  # noqa: S606 - replaces this process
