"""The models from spells to the counts behind the retention rates as one statement, asked of PostgreSQL and of DuckDB.

The statement is what dbt compiled, so both engines run the product's own rule; what the models read is copied to DuckDB.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from pathlib import Path

import psycopg

from tests.bench.measure import peak_mib

_CHAIN = (
    "int_spell_islands",
    "int_merged_spells",
    "int_placement_continuity",
    "int_retention_outcomes",
    "int_cohort_outcomes",
)
# In what order a model's rows are stored is no part of the answer.
_STORED_ORDER = re.compile(r"\norder by [^()]*\Z")
_READ = ("int_employment_spells", "int_follow_ups", "int_horizons", "int_rule_parameters")


def statement(home: Path) -> str:
    """Counts of each district, month and horizon by outcome, from the models of the build in `home`."""
    nodes = json.loads((home / "dbt" / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    compiled = {name: nodes[f"model.zaoxue.{name}"] for name in (*_CHAIN, *_READ)}
    parts = []
    for name in _CHAIN:
        text = re.sub(_STORED_ORDER, "", compiled[name]["compiled_code"])
        for other, node in compiled.items():
            text = text.replace(node["relation_name"], other if other in _CHAIN else f"intermediate.{other}")
        parts.append(f"{name} as (\n{text}\n)")
    return (
        f"with {', '.join(parts)}\n"
        "select district_code, started_month_no, horizon_days, cast(placements as bigint), cast(due as bigint),"
        " cast(retained as bigint), cast(lost as bigint), cast(unknown as bigint), cast(followed_up as bigint)\n"
        "from int_cohort_outcomes order by 1, 2, 3"
    )


def copy_to_duckdb(url: str, store: Path, folder: Path) -> None:
    """The tables that the statement reads, in a DuckDB file."""
    import duckdb

    with psycopg.connect(url) as source, duckdb.connect(str(store)) as target:
        target.execute("create schema intermediate")
        for name in _READ:
            path = folder / f"{name}.csv"
            with (
                path.open("wb") as file,
                source.cursor().copy(
                    f"copy (select * from intermediate.{name}) to stdout (format csv, header)".encode()
                ) as rows,
            ):
                for block in rows:
                    file.write(block)
            described = source.execute(
                "select column_name, data_type from information_schema.columns"
                " where table_schema = 'intermediate' and table_name = %s order by ordinal_position",
                [name],
            ).fetchall()
            types = ", ".join(f"'{column}': '{_duckdb_type(kind)}'" for column, kind in described)
            target.execute(
                f"create table intermediate.{name} as select * from"
                f" read_csv('{path}', header = true, columns = {{{types}}})"
            )
            path.unlink()


def _duckdb_type(kind: str) -> str:
    return {"text": "varchar", "numeric": "decimal(18, 2)"}.get(kind, kind)


def main(engine: str, place: str, path: str) -> None:
    """Ask once; the answer as a digest, so that both can be told equal."""
    text = Path(path).read_text(encoding="utf-8")
    if engine == "duckdb":
        import duckdb

        startup = time.process_time()
        with duckdb.connect(place, read_only=True) as store:
            rows = store.execute(text).fetchall()
    else:
        startup = time.process_time()
        with psycopg.connect(place) as connection:
            rows = connection.execute(text.encode()).fetchall()
    digest = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    print(json.dumps({"startup_cpu": startup, "peak_mib": peak_mib(), "answer": digest, "groups": len(rows)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
