"""`make bench`: Zaoxue's ledger intake beside a plain COPY and beside what one would use instead.

Sizes by the environment: BENCH_FILES (CSV files of 1,000 rows, default 1000), BENCH_WORKBOOKS (default 200),
BENCH_SLOW_SHARE (the slow contestants get one file in so many, default 10), BENCH_RUNS (default 3),
BENCH_FULL=1 (10^7 rows too). Results: .zaoxue/bench/<time>.json and a table on the console.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import statistics
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from tests.bench.data import COLUMNS, DATES, NUMBERS, ROWS, write_province
from tests.bench.measure import Run, machine, run_client
from tests.bench.report import Results, goals, table
from zaoxue.inbox.discover import SHANGHAI
from zaoxue.pipeline import prepare
from zaoxue.settings import OWN_HOME, load_settings
from zaoxue.warehouse.embedded import EmbeddedPostgres, binary

FILES = int(os.environ.get("BENCH_FILES", "1000"))
WORKBOOKS = int(os.environ.get("BENCH_WORKBOOKS", "200"))
SLOW_SHARE = int(os.environ.get("BENCH_SLOW_SHARE", "10"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
FULL = os.environ.get("BENCH_FULL") == "1"


class Bench:
    """One server, one temporary folder, and the results so far."""

    def __init__(self, folder: Path, server: EmbeddedPostgres) -> None:
        self.folder = folder
        self.server = server
        self.results: Results = {}
        self._databases = 0

    def floor(self, province: str, files: int, runs: int) -> None:
        """psql \\copy of the clean rows into a plain table."""
        kinds = dict.fromkeys(DATES, "date") | dict.fromkeys(NUMBERS, "numeric")
        columns = ", ".join(f"{name} {kinds.get(name, 'text')}" for name in COLUMNS)
        for _ in range(runs):
            url = self._database()
            with psycopg.connect(url) as connection:
                connection.execute(f"create table placement ({columns})")
            copy = f"\\copy placement from '{self.folder / province / 'clean.csv'}' (format csv)"
            command = [str(binary("psql")), "-X", "-q", "-d", url, "-v", "ON_ERROR_STOP=1", "-c", copy]
            self._record(f"copy {province}", run_client(self.server, command, files * ROWS))
            self._drop(url)

    def zaoxue(self, province: str, files: int, runs: int, *, resent: bool = False) -> None:
        """Zaoxue on an empty warehouse that knows the towns; then the ledgers of the month after, if asked."""
        for _ in range(runs):
            url, home = self._database(), self._new_folder("home")
            inbox = self.folder / province / "inbox"
            prepare(dataclasses.replace(load_settings(), home=home, inbox=inbox, database_url=url), date(2026, 6, 30))
            self._contestant("zaoxue", province, files, url, inbox, home)
            if resent:
                again = self.folder / province / "resent"
                self._contestant("zaoxue", f"{province} resent", files, url, again, home)
            self._drop(url, home)

    def other(self, name: str, province: str, files: int, runs: int) -> None:
        """Another way on an empty database."""
        for _ in range(runs):
            url, home = self._database(), self._new_folder("home")
            self._contestant(name, province, files, url, self.folder / province / "inbox", home)
            self._drop(url, home)

    def _contestant(self, name: str, label: str, files: int, url: str, inbox: Path, home: Path) -> None:
        command = [sys.executable, "-m", "tests.bench.contestants", name, url, str(inbox), str(home)]
        self._record(f"{name} {label}", run_client(self.server, command, files * ROWS))

    def _record(self, label: str, run: Run) -> None:
        self.results.setdefault(label, []).append(run)
        print(
            f"{label:32} {run.rows:>9} rows  cpu {run.client_cpu:7.2f} + {run.server_cpu:6.2f} s"
            f"  (start-up {run.startup_cpu:4.1f})  wall {run.wall:6.1f} s  peak {run.peak_mib:6.0f} MiB  {run.seen or ''}",
            flush=True,
        )

    def _database(self) -> str:
        self._databases += 1
        name = f"bench_{self._databases}"
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        return self.server.database_url(name)

    def _drop(self, url: str, home: Path | None = None) -> None:
        name = f"bench_{self._databases}"
        assert f"/{name}?" in url
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        if home is not None:
            shutil.rmtree(home)

    def _new_folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))


def main() -> None:
    """Make the data, run everything, print the table, write the JSON."""
    found = machine()
    slow = max(FILES // SLOW_SHARE, 1)
    few = max(WORKBOOKS // 5, 1)
    with tempfile.TemporaryDirectory(prefix="zaoxue-bench-") as temporary:
        folder = Path(temporary)
        print(
            f"Writing {FILES} CSV files and {WORKBOOKS} workbooks of {ROWS} rows x {len(COLUMNS)} columns ...",
            flush=True,
        )
        write_province(folder / "csv", FILES, resent=True)
        write_province(folder / "tenth", slow)
        write_province(folder / "xlsx", WORKBOOKS, suffix=".xlsx")
        write_province(folder / "few_xlsx", few, suffix=".xlsx")
        server = EmbeddedPostgres(folder / "postgres")
        server.start()
        try:
            # Autovacuum would do its work in whatever run comes next.
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("alter system set autovacuum = off")
                connection.execute("select pg_reload_conf()")
            bench = Bench(folder, server)
            bench.floor("csv", FILES, RUNS)
            bench.zaoxue("csv", FILES, RUNS, resent=True)
            bench.zaoxue("tenth", slow, RUNS)
            bench.other("dlt_arrow", "csv", FILES, 1)
            bench.other("dlt_default", "tenth", slow, 1)
            bench.other("pandas_gx", "tenth", slow, 1)
            bench.zaoxue("xlsx", WORKBOOKS, RUNS)
            bench.other("openpyxl_read", "few_xlsx", few, 1)
            bench.other("openpyxl_pandas", "few_xlsx", few, 1)
            if FULL:
                write_province(folder / "ten_million", 10 * FILES)
                bench.zaoxue("ten_million", 10 * FILES, 1)
        finally:
            server.stop()
    reached = goals(bench.results)
    print("\n" + table(bench.results) + "\n\n" + "\n".join(str(goal) for goal in reached))
    out = OWN_HOME / "bench" / f"{datetime.now(SHANGHAI):%Y%m%dT%H%M%S}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(
        json.dumps(
            {
                "machine": found,
                "runs": {label: [dataclasses.asdict(run) for run in runs] for label, runs in bench.results.items()},
                "median_cpu": {label: statistics.median(r.cpu for r in runs) for label, runs in bench.results.items()},
                "goals": [dataclasses.asdict(goal) for goal in reached],
            },
            indent=1,
        )
    )
    print(f"\n{out}")


if __name__ == "__main__":
    main()
