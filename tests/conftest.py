"""Shared fixtures: one real PostgreSQL for the session, a fresh migrated warehouse for each test that asks for one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

# Nothing a test starts may report anywhere; set before any of them is imported.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
os.environ.setdefault("ZAOXUE_PERSON_KEY_SECRET", "test secret")

from zaoxue.settings import Settings, load_settings
from zaoxue.warehouse.embedded import EmbeddedPostgres
from zaoxue.warehouse.migrate import migrate

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of labelled material that does not ship with the product."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the labelled material (../shared/data) is not here")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A real PostgreSQL without durability, stopped at the end of the session."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), fast=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template_database(postgres_server: EmbeddedPostgres) -> str:
    """Name of a migrated, empty warehouse that tests copy."""
    url = postgres_server.database_url("template_zaoxue")
    migrate(replace(load_settings(), database_url=url))
    return "template_zaoxue"


@pytest.fixture
def settings(postgres_server: EmbeddedPostgres, template_database: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a home and an inbox of their own, on a fresh warehouse."""
    name = f"t_{os.urandom(6).hex()}"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template_database))
        )
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    yield replace(
        load_settings(),
        home=tmp_path / "home",
        inbox=inbox,
        alert_urls=(),
        engineer_urls=(),
        quiet_hours=None,
        bank_api_url=None,
        database_url=postgres_server.database_url(name),
    )
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
