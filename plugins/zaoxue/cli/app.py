"""All verbs of the command line, gathered."""

from __future__ import annotations

import typer

from zaoxue.cli import airflow, database, ledgers, night, submissions
from zaoxue.cli.news import app as news_app

app = typer.Typer(
    name="zaoxue",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="造血 Zaoxue: from a folder of township ledgers to placement and retention marts.",
)
night.register(app)
airflow.register(app)
submissions.register(app)
ledgers.register(app)
app.add_typer(news_app, name="news", help="News articles: claims and repairs.")
app.add_typer(database.app, name="db", help="The warehouse's database server.")


def main() -> None:
    """Entry point of the console script."""
    app()
