"""One built warehouse for the tests that only read it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.warehouse.world import World, make_world
from zaoxue.settings import Settings, load_settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.dbt_build import ModelOutcome, build_marts
from zaoxue.warehouse.embedded import EmbeddedPostgres

AS_OF = date(2026, 5, 31)


@dataclass(frozen=True)
class Built:
    """A warehouse with its marts, and what was put into it."""

    settings: Settings
    as_of: date
    world: World
    outcomes: list[ModelOutcome]

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a select."""
        with connect(self.settings) as connection:
            return connection.execute(statement.encode(), values or None).fetchall()


def new_warehouse(server: EmbeddedPostgres, template: str, home: Path) -> Settings:
    """Settings on a copy of the migrated template."""
    name = f"t_{os.urandom(6).hex()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return replace(
        load_settings(),
        home=home,
        inbox=home / "inbox",
        alert_urls=(),
        bank_api_url=None,
        database_url=server.database_url(name),
    )


def build_world(settings: Settings, seed: int, as_of: date) -> Built:
    """Fill a fresh warehouse and build its marts."""
    with connect(settings) as connection:
        world = make_world(connection, settings, seed, as_of)
    return Built(settings, as_of, world, build_marts(settings, as_of))


@pytest.fixture(scope="session")
def built(postgres_server: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The random world of seed 1, built as of the last day of a month. Read it only."""
    return build_world(new_warehouse(postgres_server, template_database, tmp_path_factory.mktemp("built")), 1, AS_OF)
