"""Build the marts: one dbt process, one build at a time, an outcome for each node."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from zaoxue.contracts import load_contracts
from zaoxue.errors import NeedsAPersonError
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.settings import Settings
from zaoxue.warehouse.build_base import record_base, usable_base
from zaoxue.warehouse.database import connect, warehouse_url
from zaoxue.warehouse.locks import hold_for_building

# Where more people than this share of the spells are touched, making every table anew is cheaper than replacing rows.
BY_PERSON_UP_TO = 0.2

_FAILURES = ("error", "fail", "runtime error")


@dataclass(frozen=True)
class ModelOutcome:
    """What became of one node of the build.

    `kind` is model, seed or test; `status` is dbt's own word (success, pass, warn, error, fail, skipped);
    `seconds` is wall time; `rows` what the node wrote (of a test: the rows that fail it), None where dbt does not say.
    """

    unique_id: str
    kind: str
    status: str
    seconds: float
    rows: int | None


class BuildError(RuntimeError):
    """The build failed. `outcomes` holds every node that was reached; the message names those that failed."""

    def __init__(self, message: str, outcomes: list[ModelOutcome]) -> None:
        super().__init__(message)
        self.outcomes = outcomes


class DataTestError(BuildError, NeedsAPersonError):
    """Every model was built, but rows break a rule of theirs: building again gives the same rows."""


def build_marts(settings: Settings, as_of: date, known_at: datetime | None = None) -> list[ModelOutcome]:
    """Build and test every model as of the night of that day; a table of `raw` that no load has made yet is made empty.

    What stands in the marts is brought up to date person by person where it can be (`zaoxue.warehouse.build_base`), and
    made anew otherwise; both give the same rows. `known_at` leaves out what came after that instant (`zaoxue.warehouse.knowledge`); None: all that is known counts.

    A second build of the same warehouse waits for the first one. What dbt writes goes to `settings.home`: its log to
    logs/dbt, compiled models and the kept parse to dbt/target. Raises BuildError naming the nodes that failed,
    DataTestError where they are tests alone.
    """
    with connect(settings) as connection:
        for contract in load_contracts(settings.contracts).values():
            ensure_raw_table(connection, contract)
    with _one_at_a_time(settings), _environment(settings):
        with connect(settings) as connection:
            base = usable_base(connection, settings, as_of, known_at)
        variables = {"known_at": known_at.isoformat(sep=" ")} if known_at else {}
        if base:
            variables |= {"base_as_of": base.isoformat(), "by_person_up_to": str(BY_PERSON_UP_TO)}
        outcomes = _run(
            settings,
            ["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure"],
            as_of,
            variables,
        )
        with connect(settings) as connection:
            record_base(connection, settings, as_of, known_at)
    return outcomes


def write_docs(settings: Settings, as_of: date) -> Path:
    """Write dbt's documentation of the built marts as one page that needs no server; return where it is.

    Raises BuildError.
    """
    with _one_at_a_time(settings), _environment(settings):
        _run(settings, ["docs", "generate", "--static"], as_of)
    return settings.home / "dbt" / "target" / "static_index.html"


def parse_project(settings: Settings) -> Path:
    """Let dbt read the project as it stands, no database asked; where its manifest is. Raises BuildError."""
    with _environment(settings):
        _run(settings, ["parse"], as_of=date(2000, 1, 1))  # no day shows in the manifest
    return settings.home / "dbt" / "target" / "manifest.json"


def _run(
    settings: Settings, command: list[str], as_of: date, variables: Mapping[str, str] | None = None
) -> list[ModelOutcome]:
    from dbt.cli.main import dbtRunner  # 3 CPU seconds: only where a build is run

    finished = dbtRunner().invoke(
        [
            *command,
            "--project-dir",
            str(settings.dbt_project),
            "--profiles-dir",
            str(settings.dbt_project),
            "--target-path",
            str(settings.home / "dbt" / "target"),
            "--log-path",
            str(settings.home / "logs" / "dbt"),
            "--log-level-file",
            "info",
            "--quiet",
            "--no-use-colors",
            "--vars",
            json.dumps({"as_of": as_of.isoformat(), **(variables or {})}),
        ]
    )
    results = getattr(finished.result, "results", None) or []  # `docs generate` gives a catalog, which has none
    all_outcomes = [_outcome(result) for result in results]
    # The hook before the run is told of only where it failed.
    outcomes = [node for node in all_outcomes if node.kind != "operation" or node.status in _FAILURES]
    failed = [outcome for outcome in outcomes if outcome.status in _FAILURES]
    if failed or not finished.success:
        what = ", ".join(outcome.unique_id for outcome in failed) or str(finished.exception or "no node was reached")
        kind = DataTestError if failed and all(outcome.status == "fail" for outcome in failed) else BuildError
        raise kind(f"dbt failed on {what}; see {settings.home / 'logs' / 'dbt' / 'dbt.log'}", outcomes)
    return outcomes


def _outcome(result: Any) -> ModelOutcome:
    kind = str(result.node.resource_type)
    rows = result.failures if kind == "test" else (result.adapter_response or {}).get("rows_affected")
    return ModelOutcome(
        unique_id=result.node.unique_id,
        kind=kind,
        status=str(result.status),
        seconds=float(result.execution_time),
        rows=int(rows) if rows is not None and int(rows) >= 0 else None,
    )


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    # Autocommit: a lock of the session, held without a transaction that would keep old rows alive.
    with psycopg.connect(warehouse_url(settings), autocommit=True, application_name="zaoxue dbt lock") as connection:
        hold_for_building(connection)
        yield


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """The variables that dbt_project/profiles.yml reads, for the time of a build."""
    address = conninfo_to_dict(warehouse_url(settings))
    wanted = {
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_ZAOXUE_HOST": str(address.get("host") or "localhost"),
        "DBT_ZAOXUE_PORT": str(address.get("port") or 5432),
        "DBT_ZAOXUE_USER": str(address.get("user") or "postgres"),
        "DBT_ZAOXUE_PASSWORD": str(address.get("password") or ""),
        "DBT_ZAOXUE_DATABASE": str(address["dbname"]),
        "DBT_ZAOXUE_SSLMODE": str(address.get("sslmode") or "prefer"),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
