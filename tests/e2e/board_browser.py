"""The board of a whole night in a real browser: a copy of the home to act on, Airflow's API server, Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.night import Home
from tests.pipeline.ledgers import placement, write_placements
from zaoxue.airflow_services import AirflowServices, free_port
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.pipeline import load_files
from zaoxue.settings import Settings, load_settings
from zaoxue.submissions.nights import remember_recipient
from zaoxue.warehouse.database import connect

PATIENCE = 240_000  # milliseconds, for each step on a busy machine


@dataclass(frozen=True)
class Board:
    """A running board, passwords by account, and the file that waits to be released: (submission, its district)."""

    settings: Settings
    url: str
    passwords: dict[str, str]
    districts: tuple[str, str]
    held: str


@contextmanager
def running_board(source: Home, folder: Path) -> Iterator[Board]:
    """The board on a copy of a home: two districts, of which the first has a file that is held."""
    source.server.start()
    with psycopg.connect(source.server.database_url("postgres"), autocommit=True) as connection:
        connection.execute("drop database if exists board with (force)")
        connection.execute("create database board template zaoxue")
    for part in ("archive", "receipts"):
        shutil.copytree(source.folder / part, folder / part)
    settings = replace(
        load_settings(),
        home=folder,
        inbox=folder / "inbox",
        database_url=source.server.database_url("board"),
        bank_api_url=None,
    )
    held, district, other = _hold_a_file(settings)
    environment = {
        "ZAOXUE_DATABASE_URL": str(settings.database_url),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"admin:admin,{district}:viewer,{other}:user,stranger:viewer",
    }
    services = AirflowServices(settings)
    try:
        url = services.start("127.0.0.1", free_port(), environment, ("api-server",))
        services.wait_until_healthy(url, ("api-server",))
        yield Board(settings, url, services.accounts(), (district, other), held)
    finally:
        services.stop()
        with psycopg.connect(source.server.database_url("postgres"), autocommit=True) as connection:
            connection.execute("drop database board with (force)")


def _hold_a_file(settings: Settings) -> tuple[str, str, str]:
    """A ledger of under half the rows its town had: (submission, its district, another district)."""
    with connect(settings) as connection:
        town, district, folders = connection.execute(
            "select organisation_code, min(district_code), min(regexp_replace(source_uri, '/[^/]*$', ''))"
            " from ops.submission where feed = 'placement' and state = 'accepted' and rows_accepted >= 12"
            " and source_uri like '%%/%%/%%' group by organisation_code order by 1 limit 1"
        ).fetchone() or ("", "", "")
        other = connection.execute(
            "select max(organisation_code) from ops.organisation where kind = 'district' and organisation_code <> %s",
            [district],
        ).fetchone()
    write_placements(
        settings.inbox,
        [placement(n) for n in range(1, 4)],
        name="就业台账_2026年6月.xlsx",
        title=None,
        received="2026-06-29T10:00",
        town=folders,
    )
    with connect(settings) as connection:
        files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
    load_files(settings, "board", files)
    with connect(settings) as connection:
        row = connection.execute(
            "select submission_id from ops.submission where state = 'received' and organisation_code = %s", [town]
        ).fetchone()
        assert row is not None
        remember_recipient(connection, row[0])
    return row[0], district, other[0] if other else ""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Without one the test is skipped, but not where continuous integration must have it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed (apt-get install chromium fonts-noto-cjk)")
        pytest.skip("no Chromium here: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def log_in(
    browser: Browser, url: str, account: str, password: str, *, width: int = 1280, language: str = "zh-CN"
) -> Page:
    """A page of a browser of its own, logged in to Airflow by its own form."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{url}/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/auth/" not in address)
    return page
