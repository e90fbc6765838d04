"""What is measured: each function does one job in a process of its own (`python -m tests.bench.contestants NAME ...`).

What a contestant imports it imports before its clock of work starts, so that start-up can be told apart.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.data import CODED, COLUMNS, DATES, NUMBERS, REQUIRED, placement_contract
from tests.bench.measure import peak_mib

Job = Callable[[], dict[str, Any]]


def zaoxue(url: str, inbox: str, home: str) -> Job:
    """The product: recognise, read, normalise, gate, protect, load, a batch after another as its tasks do."""
    import dataclasses
    import os

    import fastexcel
    import great_expectations
    import pandas
    import polars

    from zaoxue.inbox import discover
    from zaoxue.inbox.discover import LEDGER_SUFFIXES
    from zaoxue.pipeline import load_files, plan_batches
    from zaoxue.settings import load_settings
    from zaoxue.warehouse.database import connect

    assert all((fastexcel, great_expectations, pandas, polars))
    os.environ["ZAOXUE_PERSON_KEY_SECRET"] = "bench"
    settings = dataclasses.replace(load_settings(), home=Path(home), inbox=Path(inbox), database_url=url)

    def job() -> dict[str, Any]:
        with connect(settings) as connection:
            files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
        reports = [
            load_files(settings, "bench", [file for file in files if file.folders[0] in folders])
            for folders in map(set, plan_batches(files, settings.batch_bytes))
        ]
        counted = ("files", "rows_accepted", "rows_quarantined", "rows_closed", "rows_inserted")
        return {"batches": len(reports)} | {name: sum(r.as_dict()[name] for r in reports) for name in counted}

    return job


def dlt_default(url: str, inbox: str, home: str) -> Job:
    """dlt as its guide has it: a resource that yields rows, the default loader."""
    import dlt

    contract = placement_contract()
    names = {contract.by_name[name].label: name for name in COLUMNS}

    def rows() -> Iterator[list[dict[str, str]]]:
        for path in _files(inbox):
            records = csv.DictReader(io.StringIO(_text(path)))
            yield [{names[header]: value for header, value in record.items()} for record in records]

    def job() -> dict[str, Any]:
        pipeline = dlt.pipeline("bench", pipelines_dir=home, dataset_name="bench", destination=_postgres(url))
        pipeline.run(dlt.resource(rows, name="placement"), write_disposition="append")
        return {"rows_inserted": _count(url, "bench.placement")}

    return job


def dlt_arrow(url: str, inbox: str, home: str) -> Job:
    """dlt at its fastest: Arrow tables, loaded by COPY from CSV."""
    import dlt
    import pyarrow
    from pyarrow import csv as arrow_csv

    contract = placement_contract()
    text = arrow_csv.ConvertOptions(
        column_types={contract.by_name[name].label: pyarrow.string() for name in COLUMNS}, strings_can_be_null=True
    )

    def tables() -> Iterator[pyarrow.Table]:
        for path in _files(inbox):
            read = arrow_csv.read_csv(io.BytesIO(_text(path).encode()), convert_options=text)
            yield read.rename_columns(COLUMNS)

    def job() -> dict[str, Any]:
        pipeline = dlt.pipeline("bench", pipelines_dir=home, dataset_name="bench", destination=_postgres(url))
        pipeline.run(dlt.resource(tables, name="placement"), write_disposition="append", loader_file_format="csv")
        return {"rows_inserted": _count(url, "bench.placement")}

    return job


def pandas_gx(url: str, inbox: str, home: str) -> Job:
    """pandas read_csv, a Great Expectations suite for each file, the good rows by to_sql."""
    return _pandas_job(url, inbox, gate=True)


def openpyxl_pandas(url: str, inbox: str, home: str) -> Job:
    """pandas read_excel (openpyxl), checked and typed by hand, loaded by to_sql; no gate."""
    return _pandas_job(url, inbox, gate=False)


def openpyxl_read(url: str, inbox: str, home: str) -> Job:
    """pandas read_excel (openpyxl) and nothing else."""
    import openpyxl
    import pandas as pd

    assert openpyxl

    def job() -> dict[str, Any]:
        return {"rows_read": sum(len(pd.read_excel(path, dtype=str)) for path in _files(inbox))}

    return job


def _pandas_job(url: str, inbox: str, *, gate: bool) -> Job:
    import great_expectations
    import openpyxl
    import pandas as pd
    import sqlalchemy

    assert openpyxl
    contract = placement_contract()
    names = {contract.by_name[name].label: name for name in COLUMNS}
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))

    def batch_definition() -> Any:
        context = great_expectations.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        return (
            context.data_sources.add_pandas("bench")
            .add_dataframe_asset("file")
            .add_batch_definition_whole_dataframe("f")
        )

    def job() -> dict[str, Any]:
        expectations = [
            *({"type": "expect_column_values_to_not_be_null", "kwargs": {"column": c}} for c in REQUIRED),
            *(
                {
                    "type": "expect_column_values_to_be_in_set",
                    "kwargs": {"column": c, "value_set": list(contract.by_name[c].codes)},
                }
                for c in CODED
            ),
            {
                "type": "expect_column_values_to_match_regex",
                "kwargs": {"column": "person_id", "regex": r"^\d{17}[\dX]$"},
            },
            {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "phone", "regex": r"^1[3-9]\d{9}$"}},
            *(
                {
                    "type": "expect_column_values_to_be_between",
                    "kwargs": {"column": c, "min_value": 0, "max_value": high},
                }
                for c, high in zip(NUMBERS, (30000, 600, 60000, 20000, 5000), strict=True)
            ),
            {
                "type": "expect_column_pair_values_a_to_be_greater_than_b",
                "kwargs": {
                    "column_A": "ended_on",
                    "column_B": "started_on",
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                },
            },
            {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["person_id", "started_on"]}},
        ]
        suite = great_expectations.ExpectationSuite(name="placement", expectations=expectations)
        definition = batch_definition() if gate else None
        for path in _files(inbox):
            frame = (
                pd.read_excel(path, dtype=str)
                if path.suffix == ".xlsx"
                else pd.read_csv(path, dtype=str, encoding=_encoding(path.read_bytes()))
            ).rename(columns=names)
            for name in DATES:
                ascii_date = frame[name].str.replace("[年月./]", "-", regex=True).str.replace("日", "")
                frame[name] = pd.to_datetime(ascii_date, errors="coerce", format="%Y-%m-%d")
            for name in NUMBERS:
                frame[name] = pd.to_numeric(frame[name], errors="coerce")
            bad = set(frame.index[frame["started_on"].isna()])
            if definition is not None:
                result = definition.get_batch({"dataframe": frame}).validate(suite, result_format="COMPLETE")
                for outcome in result.results:
                    bad.update(outcome.result.get("unexpected_index_list") or [])
            else:
                bad.update(frame.index[~frame["person_id"].str.fullmatch(r"\d{17}[\dX]")])
            frame.drop(index=list(bad)).to_sql("placement", engine, if_exists="append", index=False)
        engine.dispose()
        return {"rows_inserted": _count(url, "placement")}

    return job


def _files(inbox: str) -> list[Path]:
    return sorted(path for path in Path(inbox).rglob("*/*/*") if path.suffix in (".csv", ".xlsx"))


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _text(path: Path) -> str:
    content = path.read_bytes()
    return content.decode(_encoding(content))


def _postgres(url: str) -> Any:
    import dlt

    return dlt.destinations.postgres(credentials=_tcp_like(url))


def _tcp_like(url: str) -> Any:
    """dlt wants a host in its address; a socket folder stands in the query, which libpq reads."""
    from urllib.parse import parse_qs, urlsplit

    from dlt.destinations.impl.postgres.configuration import PostgresCredentials

    parts = urlsplit(url)
    query = parse_qs(parts.query)
    credentials = PostgresCredentials()
    credentials.parse_native_representation(
        f"postgresql://postgres:none@localhost:{query['port'][0]}{parts.path}?host={query['host'][0]}"
    )
    return credentials


def _count(url: str, table: str) -> int:
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


CONTESTANTS = {f.__name__: f for f in (zaoxue, dlt_default, dlt_arrow, pandas_gx, openpyxl_pandas, openpyxl_read)}


def main(name: str, url: str, inbox: str, home: str) -> None:
    """Run one contestant and print what it saw as JSON, in the last line."""
    job = CONTESTANTS[name](url, inbox, home)
    startup = time.process_time()
    seen = job()
    print(json.dumps(seen | {"startup_cpu": startup, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
