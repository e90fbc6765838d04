"""Who may change what the marts are built from, and when.

dbt reads `raw` and `ops` in many statements. A load that commits between two of them would give marts that disagree with
each other, so every writer holds the lock shared until it commits, and a build holds it alone.
"""

from __future__ import annotations

import psycopg

_LOCK = "zaoxue sources of the marts"


def hold_for_writing(connection: psycopg.Connection) -> None:
    """Until the transaction ends: waits for a build that runs, and lets none begin. Writers do not hinder each other."""
    connection.execute("select pg_advisory_xact_lock_shared(hashtext(%s))", [_LOCK])


def hold_for_building(connection: psycopg.Connection) -> None:
    """Until the connection is closed: waits for every writer and for a build that runs, and lets none begin."""
    connection.execute("select pg_advisory_lock(hashtext(%s))", [_LOCK])
