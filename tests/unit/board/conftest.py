"""A small home with everything a board shows: two prefectures, accepted, rejected and held files, receipts, an alert."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from tests.pipeline.ledgers import placement, write_placements
from tests.warehouse.conftest import new_warehouse

from zaoxue.board import Account, make_board
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.pipeline import load_files
from zaoxue.pipeline.night import bring_obligations_up_to_date, watch_submissions
from zaoxue.pipeline.prepare import prepare
from zaoxue.receipts import make_receipts
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres

AS_OF = date(2026, 6, 30)
ENGINEER = "op"
REGISTRY = """organisation_code,name,kind,parent_code,opened_on,closed_on,alert_urls
99,虚构省,province,,2026-01-01,,
9901,东岭市,prefecture,99,2026-01-01,,
9902,西岭市,prefecture,99,2026-01-01,,
990101,青溪区<b>&,district,9901,2026-01-01,,json://secret.example/token
990101001,柳桥镇,township,990101,2026-01-01,,
990101002,石塘镇,township,990101,2026-01-01,,
990102,白石县,district,9901,2026-01-01,,
990102001,枫林乡,township,990102,2026-01-01,,
990201,云禾县,district,9902,2026-01-01,,
990201001,石门镇,township,990201,2026-01-01,,
B9901,东岭农商行,bank,9901,2026-01-01,,
N9901,青溪新闻网,news_source,9901,2026-01-01,,
"""
TOWN, OTHER_TOWN = "990101_青溪区/990101001_柳桥镇", "990102_白石县/990102001_枫林乡"
# Name the accounts of these tests see as an engineer, an organisation, or nothing.
Browser = Callable[[str | None], TestClient]


def identify_by_header(request: Request) -> Account | None:
    """Stands for Airflow's login, which tests/e2e/test_board.py has."""
    name = request.headers.get("x-account")
    return Account(name, name == ENGINEER) if name else None


def board_for(settings: Settings) -> FastAPI:
    async def identify(request: Request) -> Account | None:
        return identify_by_header(request)

    return make_board(settings, identify, lambda back: f"/auth/login?next={back}")


def browser_for(settings: Settings) -> Browser:
    """A browser of an account, as it comes from the board's own pages."""
    root = FastAPI()
    root.mount("/zaoxue", board_for(settings))

    def open_as(account: str | None) -> TestClient:
        headers = {"sec-fetch-site": "same-origin", "accept-language": "zh-CN"}
        if account:
            headers["x-account"] = account
        return TestClient(root, base_url="http://board.example", headers=headers)

    return open_as


@dataclass(frozen=True)
class Home:
    """The loaded home, and ids of its placement files by (organisation, period)."""

    settings: Settings
    files: dict[tuple[str, str], str]


def make_home(settings: Settings) -> Home:
    settings.inbox.mkdir(parents=True, exist_ok=True)
    (settings.inbox / "organisations.csv").write_text(REGISTRY, encoding="utf-8")
    prepare(settings, AS_OF)
    for month, people, received in ((4, 40, "2026-05-05T09:00"), (5, 10, "2026-06-03T10:00")):
        for town in (TOWN, OTHER_TOWN):
            rows = [placement(n) for n in range(1, people + 1)]
            rows[0]["就业起始日期*"] = "昨天"  # kept out
            write_placements(
                settings.inbox, rows, name=f"就业台账_2026年{month}月.xlsx", title=None, received=received, town=town
            )
        with connect(settings) as connection:
            files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
        load_files(settings, "test", files)
    make_receipts(settings, "test")
    bring_obligations_up_to_date(settings, "test", AS_OF)
    watch_submissions(settings, "test", AS_OF)
    with connect(settings) as connection:
        found = connection.execute("select organisation_code, period, submission_id from ops.submission").fetchall()
    return Home(settings, {(code, period): submission for code, period, submission in found})


@pytest.fixture(scope="session")
def home(postgres_server: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Read it only."""
    return make_home(new_warehouse(postgres_server, template_database, tmp_path_factory.mktemp("board")))


@pytest.fixture
def own_home(settings: Settings) -> Home:
    """One to act on."""
    return make_home(settings)


@pytest.fixture(scope="session")
def browser(home: Home) -> Browser:
    """Opens the board of the home that is read only."""
    return browser_for(home.settings)
