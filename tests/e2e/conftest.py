"""Whole provinces, small ones, loaded and built once for the tests that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.night import Home
from tests.warehouse.conftest import new_warehouse
from zaoxue.demo import make_demo
from zaoxue.demo.bank_process import running_bank_server
from zaoxue.pipeline.marts import build_and_record
from zaoxue.pipeline.night import (
    bring_obligations_up_to_date,
    load_case_reports,
    load_ledgers,
    load_loans,
    plan_ledgers,
    watch_submissions,
)
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres

AS_OF = date(2026, 6, 30)
TOKEN = "a token"


@dataclass(frozen=True)
class Province:
    """A demo province and the warehouse it was loaded into."""

    folder: Path
    settings: Settings

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a select."""
        with connect(self.settings) as connection:
            return connection.execute(statement).fetchall()


MakeProvince = Callable[[bool], Province]


@pytest.fixture(scope="session")
def make_province(
    postgres_server: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> MakeProvince:
    """Makes a small province, clean or damaged, and runs every part of its night."""

    def make(damage: bool) -> Province:
        folder = tmp_path_factory.mktemp("province") / "demo"
        make_demo(folder, people=3000, districts=4, townships_per_district=3, damage=damage)
        settings = new_warehouse(postgres_server, template_database, folder.parent / "home")
        settings = replace(settings, inbox=folder / "inbox")
        with running_bank_server(folder / "bank" / "loans.json", token=TOKEN) as url:
            settings = replace(settings, bank_api_url=url, bank_api_token=TOKEN)
            for batch in plan_ledgers(settings, "night", AS_OF):
                load_ledgers(settings, "night", batch)
            load_loans(settings, "night", AS_OF)
        load_case_reports(settings, "night", AS_OF)
        bring_obligations_up_to_date(settings, "night", AS_OF)
        build_and_record(settings, "night", AS_OF)
        watch_submissions(settings, "night", AS_OF)
        return Province(folder, settings)

    return make


@pytest.fixture(scope="session")
def clean(make_province: MakeProvince) -> Province:
    """Every file delivered, on time and without a fault. Read it only."""
    return make_province(False)


@pytest.fixture(scope="session")
def damaged(make_province: MakeProvince) -> Province:
    """The files of real offices: faults, late, missing, corrected. Read it only."""
    return make_province(True)


@pytest.fixture(scope="session")
def night_province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small damaged province for whole nights."""
    folder = tmp_path_factory.mktemp("night") / "demo"
    make_demo(folder, people=1500, districts=3, townships_per_district=2)
    return folder


@pytest.fixture(scope="session")
def bank(night_province: Path) -> Iterator[str]:
    """Address of its bank, which runs as a process."""
    with running_bank_server(night_province / "bank" / "loans.json", token=TOKEN) as url:
        yield url


@pytest.fixture(scope="session")
def undisturbed(night_province: Path, bank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home after one night that nothing disturbed."""
    home = Home(tmp_path_factory.mktemp("undisturbed"), night_province / "inbox", bank, TOKEN)
    summary = home.night()
    assert summary["as_of"] == AS_OF.isoformat()
    assert set(summary["dags"]) == {"township_ledgers", "loan_records", "case_reports", "marts", "submission_watch"}
    assert summary["new_files"] > 80
    assert summary["rows_accepted"] > 5000
    assert summary["rows_quarantined"] > 0
    assert summary["marts"]["fct_placement"] > 500
    assert summary["districts_missing"]
    yield home
    home.server.stop()
