"""What was known on the night of a day: a past night is rebuilt from that, and from nothing that came later."""

from __future__ import annotations

from datetime import date, datetime

import psycopg

from zaoxue.periods import end_of_day


def knowledge_of(connection: psycopg.Connection, as_of: date) -> datetime | None:
    """The instant whose knowledge a build as of that night uses: midnight after it, Asia/Shanghai.

    None where no submission has come since: then all that is known counts (the last night is open to decisions of
    the review until the next file comes), and the build need not ask of each row.
    """
    midnight = end_of_day(as_of)
    newer = connection.execute(
        "select exists (select from ops.submission where received_at > %s)", [midnight]
    ).fetchone()
    return midnight if newer and newer[0] else None
