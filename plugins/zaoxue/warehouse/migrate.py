"""Bring the warehouse's schemas up to date."""

from __future__ import annotations

from pathlib import Path

import psycopg

from zaoxue.settings import Settings
from zaoxue.warehouse.database import create_database, sqlalchemy_url, warehouse_url

_MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(settings: Settings) -> None:
    """Create the warehouse database if need be and run every outstanding migration (idempotent, one at a time).

    Alembic and SQLAlchemy, a second to import, are left alone where nothing is outstanding.
    """
    url = warehouse_url(settings)
    create_database(url)
    if _revision_of(url) == newest_revision():
        return
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    engine = create_engine(sqlalchemy_url(url, "psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('zaoxue migrate'))"))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_MIGRATIONS))
        command.upgrade(config, "head")
    engine.dispose()


def newest_revision() -> str:
    """Number of the last migration, by which its file is named."""
    return max(path.name for path in (_MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def _revision_of(url: str) -> str | None:
    with psycopg.connect(url) as connection:
        try:
            row = connection.execute("select version_num from public.schema_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return row[0] if row else None
