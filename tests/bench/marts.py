"""`make bench-marts`: what a build of the marts costs, and what a question to them costs.

The night after the full build is that of the next day, so besides those who changed there are those for whom something comes
due; its rows are compared with those of another full build. Sizes by the environment: BENCH_PLACEMENTS (rows of
raw.placement, default 5000000), BENCH_CHANGED (one person in so many changes in the night, default 100), BENCH_MARTS_RUNS (of
a query, default 3). Results: .zaoxue/bench/marts-<time>.json and a
table on the console. CPU is that of client and server together, in seconds.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.bench import retention_query
from tests.bench.marts_data import AS_OF, change, fill
from tests.bench.measure import Run, machine, peak_mib, run_client
from tests.bench.report import Goal
from zaoxue.inbox.discover import SHANGHAI
from zaoxue.settings import OWN_HOME, PROJECT_ROOT, Settings, load_settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres

ROWS = int(os.environ.get("BENCH_PLACEMENTS", "5000000"))
SHARE = int(os.environ.get("BENCH_CHANGED", "100"))
RUNS = int(os.environ.get("BENCH_MARTS_RUNS", "3"))


def build(home: str, url: str, as_of: str) -> None:
    """The client of one build: says what its start cost, whether it made all anew, and which nodes took longest."""
    from dbt.cli.main import dbtRunner  # noqa: F401 (so that its import counts as start-up)

    from zaoxue.warehouse.dbt_build import build_marts

    startup = time.process_time()
    settings = _settings(Path(home), url)
    outcomes = build_marts(settings, date.fromisoformat(as_of))
    slowest = sorted(outcomes, key=lambda outcome: -outcome.seconds)[:12]
    seen: dict[str, Any] = {"nodes": len(outcomes), "slowest": [[o.unique_id, o.seconds, o.rows] for o in slowest]}
    with connect(settings) as connection:
        row = connection.execute("select is_whole, touched_people from intermediate.int_build_scope").fetchone()
    seen |= {"is_whole": row[0], "touched_people": row[1]} if row else {}
    print(json.dumps(seen | {"startup_cpu": startup, "peak_mib": peak_mib()}))


def _settings(home: Path, url: str) -> Settings:
    return replace(load_settings(), home=home, inbox=home / "inbox", database_url=url)


def _cookbook(settings: Settings) -> dict[str, float]:
    """Wall seconds of each recipe, the median of some runs."""
    text = (PROJECT_ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    found = {}
    with connect(settings) as connection:
        for number, statement in re.findall(r"^## (\d+)\..*?```sql\n(.*?)```", text, flags=re.MULTILINE | re.DOTALL):
            seconds = []
            for _ in range(RUNS):
                started = time.perf_counter()
                connection.execute(statement.encode()).fetchall()
                seconds.append(time.perf_counter() - started)
            found[number] = statistics.median(seconds)
    return found


def _digests(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """Rows of every mart, and a sum of their hashes: the order of rows does not count."""
    with connect(settings) as connection:
        names = connection.execute(
            "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'r' order by 1"
        ).fetchall()
        return {
            name: connection.execute(
                sql.SQL("select count(*), sum(hashtextextended(t::text, 0)) from {} as t").format(
                    sql.Identifier("marts", name)
                )
            ).fetchone()
            or ()
            for (name,) in names
        }


def _retention(folder: Path, server: EmbeddedPostgres, url: str, home: Path) -> dict[str, list[Run]]:
    """The same statement on the same rows, in PostgreSQL and in DuckDB; raises where their answers differ."""
    statement = folder / "retention.sql"
    statement.write_text(retention_query.statement(home), encoding="utf-8")
    store = folder / "retention.duckdb"
    retention_query.copy_to_duckdb(url, store, folder)
    runs: dict[str, list[Run]] = {}
    for engine, place in (("postgresql", url), ("duckdb", str(store))):
        command = [sys.executable, "-m", "tests.bench.retention_query", engine, place, str(statement)]
        runs[engine] = [run_client(server, command, ROWS) for _ in range(RUNS)]
    answers = {run.seen["answer"] for found in runs.values() for run in found}
    if len(answers) != 1:
        raise RuntimeError("PostgreSQL and DuckDB answer differently")
    return runs


def main() -> None:
    """Fill, build, change, build again, ask; print and write what it cost."""
    found = machine()
    with tempfile.TemporaryDirectory(prefix="zaoxue-bench-") as temporary:
        folder = Path(temporary)
        server = EmbeddedPostgres(folder / "postgres")
        server.start()
        try:
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(
                    "alter system set autovacuum = off"
                )  # it would do its work in whatever run comes next
                connection.execute("select pg_reload_conf()")
                connection.execute(sql.SQL("create database bench_marts"))
            url, home = server.database_url("bench_marts"), folder / "home"
            settings = _settings(home, url)
            from zaoxue.warehouse.migrate import migrate

            migrate(settings)
            print(f"Writing {ROWS} placements ...", flush=True)
            with connect(settings) as connection:
                fill(connection, settings, ROWS)
            command = [sys.executable, "-m", "tests.bench.marts", str(home), url]
            builds: dict[str, Run] = {}

            def measure(label: str, as_of: date) -> None:
                builds[label] = run_client(server, [*command, as_of.isoformat()], ROWS)
                print(_line(label, builds[label]), flush=True)

            measure("full build", AS_OF)
            retention = _retention(folder, server, url, home)
            with connect(settings) as connection:
                changed = change(connection, SHARE)
            measure("build after a night", AS_OF + timedelta(days=1))
            if builds["build after a night"].seen["is_whole"]:
                raise RuntimeError("the build after a night made all anew")
            recipes = _cookbook(settings)
            found_rows = _digests(settings)
            with connect(settings) as connection:
                connection.execute("delete from ops.mart_build")
            measure("full build of that night", AS_OF + timedelta(days=1))
            differing = [name for name, digest in _digests(settings).items() if found_rows[name] != digest]
        finally:
            server.stop()
    cpu = {engine: statistics.median(run.cpu - run.startup_cpu for run in runs) for engine, runs in retention.items()}
    night = builds["build after a night"].cpu / builds["full build of that night"].cpu
    slow = max(recipes, key=lambda number: recipes[number])
    goals = [
        Goal(
            f"build after 1 person in {SHARE} changed ({changed} rows), over full", night, "at most 0.1", night <= 0.1
        ),
        Goal(f"marts that differ from the full build's {differing}", len(differing), "none", not differing),
        Goal(
            "retention query, CPU over DuckDB's",
            cpu["postgresql"] / cpu["duckdb"],
            "at most 2",
            cpu["postgresql"] <= 2 * cpu["duckdb"],
        ),
        Goal(f"slowest recipe of the cookbook ({slow}), seconds", recipes[slow], "at most 1", recipes[slow] <= 1),
    ]
    for label, runs in retention.items():
        print(_line(f"retention, {label}", sorted(runs, key=lambda run: run.cpu)[len(runs) // 2]))
    print("\nslowest nodes of the full build, wall seconds")
    for name, seconds, rows in builds["full build"].seen["slowest"]:
        print(f"{seconds:8.1f}  {name}  {rows}")
    print("\n" + "\n".join(str(goal) for goal in goals))
    print("recipes over 1 s: " + (", ".join(f"{n} ({s:.1f} s)" for n, s in recipes.items() if s > 1) or "none"))
    out = OWN_HOME / "bench" / f"marts-{datetime.now(SHANGHAI):%Y%m%dT%H%M%S}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(
        json.dumps(
            {
                "machine": found,
                "placements": ROWS,
                "changed_rows": changed,
                "builds": {label: asdict(run) for label, run in builds.items()},
                "retention": {label: [asdict(run) for run in runs] for label, runs in retention.items()},
                "recipes_seconds": recipes,
                "goals": [asdict(goal) for goal in goals],
            },
            indent=1,
        )
    )
    print(f"\n{out}")


def _line(label: str, run: Run) -> str:
    return (
        f"{label:24} CPU {run.cpu:8.2f}  client {run.client_cpu:7.2f} (start {run.startup_cpu:5.2f})"
        f"  server {run.server_cpu:8.2f}  wall {run.wall:8.1f}  peak MiB {run.peak_mib:6.0f}"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build(*sys.argv[1:])
    else:
        main()
