"""What dbt needs to know of the feeds, derived from the contracts: the source file of `raw`, code lists, dated parameters.

`python -m zaoxue.contracts.dbt_sources` writes the files again after a contract has changed; a test compares them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import yaml

from zaoxue.contracts.model import Column, Contract, load_contracts
from zaoxue.loading.raw_tables import SYSTEM_COLUMN_DESCRIPTIONS, SYSTEM_COLUMNS
from zaoxue.normalising.parameters import PARAMETERS_FILE
from zaoxue.settings import load_settings

SOURCES_FILE = "models/staging/_sources.yml"
CODES_FILE = "seeds/code_list.csv"
DATED_PARAMETERS_FILE = "seeds/dated_parameter.csv"  # the gate's own, byte for byte
_GENERATED = "# Generated from expectations/*.odcs.yaml by `python -m zaoxue.contracts.dbt_sources`: do not edit.\n"


def render_dbt_sources(contracts: Mapping[str, Contract]) -> str:
    """The dbt source file of schema `raw`: one table for each contract, with its columns as they are stored."""
    source = {
        "name": "raw",
        "schema": "raw",
        "description": "One table for each feed, system-versioned by submission. 每类台账一张表，按报送批次保留历史。",
        "tables": [_table(contract) for _, contract in sorted(contracts.items())],
    }
    document = {"version": 2, "sources": [source]}
    return _GENERATED + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def render_code_list(contracts: Mapping[str, Contract]) -> str:
    """The code lists as CSV: feed, column_name, code, label_zh (the first label of a code), position."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["feed", "column_name", "code", "label_zh", "position"])
    for feed, contract in sorted(contracts.items()):
        for column in contract.warehouse_columns:
            for position, (code, labels) in enumerate(labels_of_codes(column).items(), start=1):
                writer.writerow([feed, column.warehouse_name, code, labels[0], position])
    return out.getvalue()


def labels_of_codes(column: Column) -> dict[str, list[str]]:
    """Code -> its labels, both in the order of the contract; several labels may stand for one code."""
    labels: dict[str, list[str]] = {}
    for label, code in column.codes.items():
        labels.setdefault(code, []).append(label)
    return labels


def _table(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.feed,
        "description": f"{contract.title}: {contract.purpose}",
        "config": {"meta": {"contract_version": contract.version, "scope": contract.scope}},
        "columns": [_column(column) for column in contract.warehouse_columns]
        + [{"name": name, "description": SYSTEM_COLUMN_DESCRIPTIONS[name]} for name in SYSTEM_COLUMNS],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.warehouse_name,
        "description": f"{column.label}: {column.description}" if column.headers else column.description,
        "config": {"meta": {"classification": column.classification}},
    }


def main() -> None:
    """Write the files into the dbt project."""
    settings = load_settings()
    contracts = load_contracts(settings.contracts)
    for name, text in ((SOURCES_FILE, render_dbt_sources(contracts)), (CODES_FILE, render_code_list(contracts))):
        (settings.dbt_project / name).write_text(text, encoding="utf-8")
    (settings.dbt_project / DATED_PARAMETERS_FILE).write_bytes((settings.contracts / PARAMETERS_FILE).read_bytes())


if __name__ == "__main__":
    main()
