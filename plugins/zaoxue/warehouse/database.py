"""Which database, and connections to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from zaoxue.settings import Settings
from zaoxue.warehouse.embedded import EmbeddedPostgres

WAREHOUSE = "zaoxue"
AIRFLOW = "airflow"


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """The embedded server of this installation (not started)."""
    return EmbeddedPostgres(settings.home / "postgres")


def warehouse_url(settings: Settings) -> str:
    """Address of the warehouse as libpq reads it: the external one, or the embedded one's `zaoxue`."""
    return settings.database_url or embedded_server(settings).database_url(WAREHOUSE)


def airflow_url(settings: Settings) -> str:
    """Address of Airflow's metadata database: `airflow`, on the same server as the warehouse."""
    if settings.database_url is None:
        return embedded_server(settings).database_url(AIRFLOW)
    parts = urlsplit(settings.database_url)
    return urlunsplit(parts._replace(path=f"/{AIRFLOW}"))


def sqlalchemy_url(url: str, driver: str) -> str:
    """The same address for SQLAlchemy, which reads a bare scheme as a driver of its own choice."""
    return url.replace("postgresql://", f"postgresql+{driver}://", 1)


def create_database(url: str) -> None:
    """Create the database that `url` names unless it exists (safe when two commands do it at once)."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('zaoxue create database'))")
        exists = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not exists:
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
            )


@contextmanager
def connect(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection to the warehouse: one transaction, committed at the end, rolled back on an error."""
    with psycopg.connect(warehouse_url(settings), application_name="zaoxue") as connection:
        connection.execute("set timezone to 'Asia/Shanghai'")
        yield connection
