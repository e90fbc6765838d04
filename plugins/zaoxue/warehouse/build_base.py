"""What a build of the marts can stand on: whether the last one may be brought up to date, or all has to be made anew.

dbt itself voids the base before it changes a table (`on-run-start`); it is recorded here once everything has been built
and tested. So whatever is killed, and whoever runs dbt by hand, the next build is a whole one.
"""

from __future__ import annotations

import csv
import hashlib
from datetime import date, datetime
from pathlib import Path

import psycopg

from zaoxue.settings import Settings

_PARAMETERS = "seeds/rule_parameter.csv"
_SOURCES = ("models", "macros", "seeds", "tests")


def usable_base(
    connection: psycopg.Connection, settings: Settings, as_of: date, known_at: datetime | None
) -> date | None:
    """The day as of which the marts stand, if a build as of `as_of` may replace in them only the people touched since.

    None (all is made anew) where no build has been recorded since the last one began; where models, seeds, parameters in
    force or the registry are others; where as_of goes back or into another year (the calendar is made to the end of the
    next one); for what was known at a past instant.
    """
    row = connection.execute("select as_of, fingerprint from ops.mart_build").fetchone()
    if row is None or known_at is not None:
        return None
    day, stood = row
    if not isinstance(day, date) or day > as_of or day.year != as_of.year:
        return None
    return day if stood == fingerprint(connection, settings, as_of) else None


def record_base(connection: psycopg.Connection, settings: Settings, as_of: date, known_at: datetime | None) -> None:
    """Say that the marts stand as of this day; forget who changed before. Needs the lock that builds hold."""
    stands_on = fingerprint(connection, settings, as_of) if known_at is None else None
    connection.execute("select ops.record_mart_build(%s, %s)", [as_of, stands_on])


def fingerprint(connection: psycopg.Connection, settings: Settings, as_of: date) -> str:
    """Hash of what the marts rest on besides rows of `raw` and submissions."""
    digest = hashlib.sha256()
    for path in _files(settings.dbt_project):
        digest.update(path.relative_to(settings.dbt_project).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(repr(_in_force(settings.dbt_project / _PARAMETERS, as_of)).encode())
    (registry,) = connection.execute("select ops.registry_digest()").fetchone() or (None,)
    digest.update(repr(registry).encode())
    return digest.hexdigest()


def _files(project: Path) -> list[Path]:
    found = [path for folder in _SOURCES for path in (project / folder).rglob("*") if path.is_file()]
    return sorted([project / "dbt_project.yml", *found])


def _in_force(parameters: Path, as_of: date) -> list[tuple[str, str]]:
    """Parameters whose dates hold on that day: the others may be written down long before."""
    day = as_of.isoformat()
    with parameters.open(encoding="utf-8", newline="") as file:
        return sorted(
            (row["parameter"], row["value"])
            for row in csv.DictReader(file)
            if (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
        )
