"""Contracts: what they must hold, what they give, and how a table follows one that changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from zaoxue.contracts import Contract, ContractError, load_contract, load_contracts
from zaoxue.loading.raw_tables import SYSTEM_COLUMNS, RawTableConflictError, ensure_raw_table
from zaoxue.loading.row_keys import with_row_keys
from zaoxue.settings import Settings, load_settings
from zaoxue.warehouse.database import connect

FOLDER = load_settings().contracts
CONTRACTS = load_contracts(FOLDER)


def edited(tmp_path: Path, feed: str, change: Callable[[str], str]) -> Contract:
    path = tmp_path / f"{feed}.odcs.yaml"
    text = change((FOLDER / path.name).read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    return load_contract(path)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.odcs.yaml")), ids=lambda path: path.name)
def test_every_contract_is_odcs_and_named_as_its_file(path: Path) -> None:
    document = OpenDataContractStandard.from_file(str(path))
    assert document.apiVersion == "v3.2.0"
    assert path.name == f"{document.id}.odcs.yaml"


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_personal_columns_never_reach_the_warehouse(contract: Contract) -> None:
    for column in contract.columns:
        if re.search(r"name$|phone|address|note", column.name) and column.name not in (
            "employer_name",
            "area_name",
            "place_name",
            "course_name",
            "site_name",
        ):
            assert column.warehouse_name is None or column.classification == "public", column.name
        if column.is_resident_id:
            assert column.warehouse_name != column.name
    assert not {"name", "phone", "address", "person_id"} & {c.warehouse_name for c in contract.columns}


def test_what_a_contract_may_not_say(tmp_path: Path) -> None:
    for change in (
        lambda text: text.replace("value: cumulative", "value: sometimes"),
        lambda text: text.replace("classification: personal", "classification: secret", 1),
        lambda text: text.replace("businessName: 就业渠道", "businessName: 就业地域", 1),
        lambda text: text.replace("id: PLC-02", "id: PLC-01", 1),
        lambda text: text.replace("kind: DataContract", "kind: DataContract\nunheard_of: 1", 1),
        lambda text: text.replace("primaryKey: true", "primaryKey: false"),
    ):
        with pytest.raises(ContractError, match="placement"):
            edited(tmp_path, "placement", change)


def columns_of(settings: Settings, feed: str) -> dict[str, str]:
    with connect(settings) as connection:
        return dict(
            connection.execute(
                "select column_name, data_type from information_schema.columns where table_schema = 'raw' and table_name = %s",
                [feed],
            ).fetchall()
        )


def test_a_column_more_is_added_and_any_other_change_refused(settings: Settings, tmp_path: Path) -> None:
    contract = CONTRACTS["target"]
    with connect(settings) as connection:
        ensure_raw_table(connection, contract)
    assert set(columns_of(settings, "target")) == {c.warehouse_name for c in contract.warehouse_columns} | set(
        SYSTEM_COLUMNS
    )
    more = edited(
        tmp_path,
        "target",
        lambda text: text.replace(
            "    quality:\n",
            "      - {name: households_target, businessName: 帮扶户数任务, logicalType: integer, classification: public}\n    quality:\n",
        ),
    )
    with connect(settings) as connection:
        ensure_raw_table(connection, more)
    assert columns_of(settings, "target")["households_target"] == "bigint"
    with connect(settings) as connection, pytest.raises(RawTableConflictError, match="households_target"):
        ensure_raw_table(connection, contract)
    retyped = replace(
        more, columns=tuple(replace(c, logical_type="date") if c.name == "year" else c for c in more.columns)
    )
    with connect(settings) as connection, pytest.raises(RawTableConflictError, match="year"):
        ensure_raw_table(connection, retyped)


def test_a_row_key_and_hash_are_the_same_for_ever() -> None:
    """With another text form, or another hash, every row of every warehouse would be taken for changed."""
    contract = CONTRACTS["placement"]
    row = dict.fromkeys(str(c.warehouse_name) for c in contract.warehouse_columns) | {
        "person_key": "ab" * 32,
        "channel": "own",
        "employer_name": "某某公司",
        "started_on": date(2026, 5, 31),
        "monthly_wage": 4500.5,
        "contract_months": 12,
        "organisation_code": "990101001",
        "_period": "2026-05",
    }
    (found,) = with_row_keys(pl.DataFrame([row]), contract).select("_scope", "_row_key", "_row_hash").rows()
    assert found == ("990101001", "ce835f8af3c0f8b12f5f351f43082acf", "e6db2005ce5802e1d29d6f015e41582a")


def test_a_column_added_later_changes_no_hash_while_it_is_empty(settings: Settings, tmp_path: Path) -> None:
    def hashes(contract: Contract) -> list[tuple[object, ...]]:
        names = [str(c.warehouse_name) for c in contract.warehouse_columns]
        row = dict.fromkeys(names) | {
            "area_code": "990101001",
            "year": 2026,
            "placements_target": 50,
            "organisation_code": "990101",
            "_period": "2026",
        }
        return with_row_keys(pl.DataFrame([row]), contract).select("_row_key", "_row_hash").rows()

    more = edited(
        tmp_path,
        "target",
        lambda text: text.replace(
            "    quality:\n",
            "      - {name: households_target, businessName: 帮扶户数任务, logicalType: integer, classification: public}\n    quality:\n",
        ),
    )
    assert hashes(CONTRACTS["target"]) == hashes(more)
