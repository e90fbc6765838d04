"""Bring the warehouse's schemas up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from zaoxue.settings import Settings
from zaoxue.warehouse.database import create_database, sqlalchemy_url, warehouse_url

_MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(settings: Settings) -> None:
    """Create the warehouse database if need be and run every outstanding migration (idempotent, one at a time)."""
    create_database(warehouse_url(settings))
    engine = create_engine(sqlalchemy_url(warehouse_url(settings), "psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('zaoxue migrate'))"))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_MIGRATIONS))
        command.upgrade(config, "head")
    engine.dispose()
