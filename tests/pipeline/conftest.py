"""A warehouse with two towns in its registry, and a night on whatever lies in the inbox."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pipeline.ledgers import TOWN
from zaoxue.contracts import load_contracts
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.pipeline import BatchReport, load_files
from zaoxue.receipts import make_receipts
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

Night = Callable[[], BatchReport]

REGISTRY = [
    ("9901", "东岭市", "prefecture", None, None),
    ("990101", "青溪区", "district", "9901", "990101"),
    ("990101001", "柳桥镇", "township", "990101", "990101"),
    ("990101002", "石塘镇", "township", "990101", "990101"),
    ("B9901", "青溪农商行", "bank", None, None),
    ("N9901", "青溪新闻网", "news_source", None, None),
    ("N9902", "东岭日报网", "news_source", None, None),
]


@pytest.fixture
def night(settings: Settings) -> Night:
    """Loads every new file of the inbox, as one batch."""
    with connect(settings) as connection:
        for contract in load_contracts(settings.contracts).values():
            ensure_raw_table(connection, contract)
        connection.cursor().executemany(
            "insert into ops.organisation (organisation_code, name, kind, parent_code, district_code, opened_on)"
            " values (%s, %s, %s, %s, %s, '2026-01-01')",
            REGISTRY,
        )
    (settings.inbox / TOWN).mkdir(parents=True)

    def run() -> BatchReport:
        with connect(settings) as connection:
            files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
        report = load_files(settings, "test", files)
        make_receipts(settings, "test", [file.uri for file in files])
        return report

    return run
