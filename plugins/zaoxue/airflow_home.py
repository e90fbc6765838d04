"""Airflow's environment for this installation, and its metadata database. Imports no Airflow: only starts it."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
from importlib.metadata import version

import psycopg

from zaoxue.settings import PROJECT_ROOT, Settings, written_once
from zaoxue.warehouse.database import airflow_url, create_database, sqlalchemy_url


class AirflowSetupError(RuntimeError):
    """Airflow's metadata database could not be migrated; the message says where the log is."""


def airflow_environment(settings: Settings) -> dict[str, str]:
    """Environment variables for any Airflow process of this installation, on top of the present ones."""
    keys = _keys(settings)
    ours = {
        "AIRFLOW_HOME": str(settings.home / "airflow"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": sqlalchemy_url(airflow_url(settings), "psycopg2"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        # A deployment brings its own; every service must have the same.
        "AIRFLOW__CORE__FERNET_KEY": os.environ.get("AIRFLOW__CORE__FERNET_KEY", keys["fernet"]),
        "AIRFLOW__API__SECRET_KEY": os.environ.get("AIRFLOW__API__SECRET_KEY", keys["api"]),
        "AIRFLOW__API_AUTH__JWT_SECRET": os.environ.get("AIRFLOW__API_AUTH__JWT_SECRET", keys["jwt"]),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GX_ANALYTICS_ENABLED": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "ZAOXUE_HOME": str(settings.home),
        "ZAOXUE_INBOX": str(settings.inbox),
        "ZAOXUE_BANK_API_URL": settings.bank_api_url or "",
        "ZAOXUE_BANK_API_TOKEN": settings.bank_api_token,
        "ZAOXUE_BANK_CODE": settings.bank_code or "",
        "ZAOXUE_ALERT_URLS": " ".join(settings.alert_urls),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT_ROOT / "plugins"), os.environ.get("PYTHONPATH")])),
    }
    return os.environ | ours


def migrate_airflow(settings: Settings) -> bool:
    """Create and migrate Airflow's metadata database unless this version of Airflow has done so; True if it did.

    Raises AirflowSetupError.
    """
    url = airflow_url(settings)
    create_database(url)
    marker = settings.home / "airflow" / "migrated"
    wanted = version("apache-airflow-core")
    if marker.is_file() and marker.read_text() == wanted and _is_migrated(url):
        return False
    _clear_if_half_made(url)
    log = settings.home / "logs" / "airflow-migrate.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=airflow_environment(settings),
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode:
        raise AirflowSetupError(f"airflow db migrate failed; see {log}")
    marker.write_text(wanted)
    return True


def _is_migrated(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return _has(connection, "alembic_version")


def _clear_if_half_made(url: str) -> None:
    """Empty a metadata database whose first migration was killed: Airflow stamps it before its last rows are in.

    Such a database has tables, no log template and no run; one that was ever used has both.
    """
    with psycopg.connect(url) as connection:
        if not _has(connection, "alembic_version"):
            half_made = connection.execute(
                "select count(*) > 0 from pg_tables where schemaname = 'public'"
            ).fetchone() == (True,)
        else:
            half_made = not any(
                _has(connection, table) and connection.execute(f"select 1 from {table} limit 1").fetchone()  # noqa: S608 - our own table names
                for table in ("log_template", "dag_run")
            )
        if half_made:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")


def _has(connection: psycopg.Connection, table: str) -> bool:
    return connection.execute("select to_regclass(%s) is not null", [f"public.{table}"]).fetchone() == (True,)


def _keys(settings: Settings) -> dict[str, str]:
    """Airflow's secrets, made once for the installation (mode 0600)."""
    fresh = {
        "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "api": secrets.token_hex(32),
        "jwt": secrets.token_hex(32),
    }
    keys: dict[str, str] = json.loads(written_once(settings.home / "airflow" / "keys.json", json.dumps(fresh)))
    return keys
