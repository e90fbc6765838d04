"""A small registry on a fresh warehouse, and a way to put submissions into it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
import pytest

from zaoxue.contracts import Contract, load_contracts
from zaoxue.settings import Settings
from zaoxue.submissions.registry import load_registry
from zaoxue.warehouse.database import connect

REGISTRY = """organisation_code,name,kind,parent_code,opened_on,closed_on,alert_urls
99,虚构省,province,,2026-01-01,,
9901,甲州,prefecture,99,2026-01-01,,
990101,青溪区,district,9901,2026-01-01,,
990102,白石县,district,9901,2026-01-01,,
990101001,柳桥镇,township,990101,2026-01-01,,
990101002,枫林乡,township,990101,2026-01-01,,
990102001,石门镇,township,990102,2026-01-01,,
B9901,甲州某某银行,bank,9901,2026-01-01,,
N9901,甲州某某新闻网,news_source,9901,2026-01-01,,
"""


FEEDS = ("person", "placement", "training", "follow_up", "target", "loan", "case_report")


@pytest.fixture
def connection(settings: Settings) -> Iterator[psycopg.Connection]:
    with connect(settings) as opened:
        yield opened


@pytest.fixture
def contracts(settings: Settings) -> dict[str, Contract]:
    """Contracts of a few feeds, so that a feed more changes no figure here."""
    return {feed: contract for feed, contract in load_contracts(settings.contracts).items() if feed in FEEDS}


@pytest.fixture
def registry(connection: psycopg.Connection, settings: Settings) -> int:
    (settings.inbox / "organisations.csv").write_text(REGISTRY, encoding="utf-8")
    return load_registry(connection, settings.inbox)


@pytest.fixture
def submit(connection: psycopg.Connection) -> Callable[..., str]:
    """Register a submission: submit("990101001", "placement", "2026-05", instant, state=..., is_nil=...)."""

    def add(
        organisation: str,
        feed: str,
        period: str,
        received_at: datetime,
        *,
        state: str = "accepted",
        is_nil: bool = False,
        version: int | None = None,
    ) -> str:
        submission_id = uuid.uuid4().hex[:16]
        connection.execute(
            "insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed,"
            " organisation_code, district_code, period, version, state, is_nil)"
            " values (%s, 'inbox', 'x', 1, %s, %s, %s, left(%s, 6), %s, %s, %s, %s)",
            [submission_id, received_at, feed, organisation, organisation, period, version, state, is_nil],
        )
        return submission_id

    return add
