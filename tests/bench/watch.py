"""What the submission watch costs for a country: `python -m tests.bench.watch [DISTRICTS] [FEEDS] [PERIODS]`.

Every district owes every feed each month; 97 % came. Times are wall seconds on the embedded PostgreSQL with durability on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg

from zaoxue.alerts.digest import untold_digests
from zaoxue.alerts.outbox import send_outbox, write_alerts
from zaoxue.alerts.wording import Wording
from zaoxue.contracts import load_contracts
from zaoxue.periods import end_of_day
from zaoxue.settings import load_settings
from zaoxue.submissions import board
from zaoxue.submissions.obligations import generate_obligations
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres
from zaoxue.warehouse.migrate import migrate

_SUBMIT = """
insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed, organisation_code,
    district_code, period, version, state)
select md5(concat(organisation_code, feed, period)), concat_ws('/', organisation_code, feed, period), 'x', 1,
    due_at - interval '1 hour' * (hashtext(organisation_code || period) % 50), feed, organisation_code, organisation_code,
    period, 1, 'accepted'
from ops.obligation
where abs(hashtext(concat(organisation_code, feed, period))) % 100 >= 3
"""


def measure(connection: psycopg.Connection, folder: Path, districts: int, feeds: int, periods: int) -> None:
    """Print one line for each thing the watch does."""

    def timed(words: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        result = work()
        print(f"{time.perf_counter() - started:8.2f} s  {words}: {result}", flush=True)

    settings = replace(load_settings(), home=folder, alert_urls=(), engineer_urls=())
    model = load_contracts(settings.contracts)["placement"]
    owing = {f"feed_{n:02d}": replace(model, feed=f"feed_{n:02d}", submitter="district") for n in range(feeds)}
    connection.execute(
        "insert into ops.organisation (organisation_code, name, kind, opened_on) values ('99', '某省', 'province', %(day)s)",
        {"day": date(2026, 6, 30) - timedelta(days=30 * periods)},
    )
    connection.execute(
        "insert into ops.organisation (organisation_code, name, kind, parent_code, district_code, opened_on)"
        " select code, code, 'district', '99', code, %(day)s from (select (100000 + i)::text as code"
        " from generate_series(1, %(districts)s) as i) as t",
        {"districts": districts, "day": date(2026, 6, 30) - timedelta(days=30 * periods)},
    )
    night = date(2026, 6, 30)
    at = end_of_day(date(2026, 7, 9))
    timed("obligations written, the first time", lambda: generate_obligations(connection, owing, night))
    connection.execute(_SUBMIT)
    connection.commit()
    connection.execute("analyze")
    timed("the same, an hour without news", lambda: generate_obligations(connection, owing, night))
    one = "select count(*), count(*) filter (where is_missing) from ops.obligation_measure(%s) where period = '2026-06'"
    timed("states of one night (owed, missing)", lambda: connection.execute(one, [at]).fetchone())
    everything = "select count(*), count(*) filter (where is_missing) from ops.obligation_measure(%s)"
    timed("states of all periods (owed, missing)", lambda: connection.execute(everything, [at]).fetchone())
    timed("rates for the terminal, districts", lambda: len(board.timeliness(connection, at)))
    wording = Wording(dict.fromkeys(owing, model.title))
    timed("messages found and written", lambda: write_alerts(connection, untold_digests(connection, at), wording, at))
    connection.commit()
    timed("messages sent to the file", lambda: send_outbox(connection, settings))
    timed(
        "the next hour, nothing to tell", lambda: write_alerts(connection, untold_digests(connection, at), wording, at)
    )


def main() -> None:
    """Sizes from the command line; 3,000 districts, 15 feeds and 12 months by default."""
    sizes = [int(text) for text in sys.argv[1:]] + [3000, 15, 12][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            settings = replace(load_settings(), database_url=server.database_url("bench"))
            migrate(settings)
            print(f"{sizes[0]:,} districts x {sizes[1]} feeds x {sizes[2]} months")
            with connect(settings) as connection:
                measure(connection, Path(folder) / "home", *sizes)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
