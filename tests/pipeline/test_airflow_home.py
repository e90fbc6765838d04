"""Airflow's metadata database, killed while it is made."""

from __future__ import annotations

import os
from dataclasses import replace

import psycopg
import pytest

from zaoxue.airflow_home import migrate_airflow
from zaoxue.settings import Settings
from zaoxue.warehouse.database import airflow_url, create_database
from zaoxue.warehouse.embedded import EmbeddedPostgres


@pytest.fixture
def own(settings: Settings, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A server of its own, for the database is always called airflow."""
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
        monkeypatch.delenv(name)
    return replace(settings, home=tmp_path_factory.mktemp("airflow"), database_url=None)


def test_a_half_made_metadata_database_is_made_anew_and_a_used_one_is_kept(own: Settings) -> None:
    server = EmbeddedPostgres(own.home / "postgres", fast=True)
    server.start()
    try:
        create_database(airflow_url(own))
        with psycopg.connect(airflow_url(own)) as connection:  # as a kill leaves it: stamped, and its last rows missing
            connection.execute(
                "create table alembic_version (version_num text); insert into alembic_version values ('killed')"
            )
            connection.execute("create table log_template (id int)")
        assert migrate_airflow(own) is True
        with psycopg.connect(airflow_url(own)) as connection:
            assert connection.execute("select count(*) > 0 from log_template").fetchone() == (True,)
            connection.execute("create table kept (id int)")
        (own.home / "airflow" / "migrated").unlink()  # killed before it could say so
        assert migrate_airflow(own) is True
        with psycopg.connect(airflow_url(own)) as connection:
            assert connection.execute("select to_regclass('public.kept') is not null").fetchone() == (True,)
        assert migrate_airflow(own) is False
    finally:
        server.stop()
