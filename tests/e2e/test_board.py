"""The board as people use it: Chromium, Airflow's own login and navigation, a home after a whole night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.board_browser import PATIENCE, Board, chromium, log_in, running_board
from tests.e2e.night import Home
from tests.unit.board.conftest import board_for
from zaoxue.receipts.write import receipts_folder
from zaoxue.warehouse.database import connect

pytestmark = pytest.mark.e2e
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def board(browser: Browser, undisturbed: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with running_board(undisturbed, tmp_path_factory.mktemp("board") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def engineer(browser: Browser, board: Board) -> Page:
    return log_in(browser, board.url, "admin", board.passwords["admin"])


def test_an_engineer_goes_from_airflows_navigation_to_a_receipt(board: Board, engineer: Page) -> None:
    engineer.goto(f"{board.url}/")
    engineer.get_by_role("link", name="造血看板").click()
    inside = engineer.frame_locator("iframe[title='造血看板']")
    expect(inside.get_by_role("heading", level=1)).to_have_text("报送情况")
    rows = inside.locator("table.heat tbody tr")
    everybody = rows.count()
    assert everybody > 3
    inside.get_by_label("台账").select_option("placement")
    inside.get_by_label("市州").select_option(index=1)
    inside.get_by_role("button", name="显示").click()
    expect(inside.get_by_label("台账")).to_have_value("placement")
    expect(rows).not_to_have_count(everybody)
    district = inside.locator("table.heat tbody th a").first
    name = district.inner_text()
    district.click()
    expect(inside.get_by_role("heading", level=1)).to_contain_text(name)
    with engineer.expect_download() as waiting:
        inside.get_by_role("link", name="下载").first.click()
    content = Path(waiting.value.path()).read_bytes()
    made = {path.read_bytes() for path in receipts_folder(board.settings).rglob(waiting.value.suggested_filename)}
    assert content in made


def test_an_engineer_releases_a_file_that_is_held(board: Board, engineer: Page) -> None:
    district, _ = board.districts
    engineer.goto(f"{board.url}/zaoxue/?feed=placement&order=code")
    row = engineer.locator("table.heat tbody tr", has_text=district)
    engineer.goto(f"{board.url}/zaoxue/district/{district}")
    form = engineer.locator(f"form[action$='/submission/{board.held}/release']")
    form.get_by_role("button", name="放行").click()  # the browser asks for the reason first
    expect(form).to_be_visible()
    form.get_by_label("理由").fill("电话核实，人员返乡")
    form.get_by_role("button", name="放行").click()
    expect(engineer.get_by_role("status")).to_contain_text("已放行并记录")
    expect(engineer.locator("table", has_text="经办")).to_contain_text("电话核实，人员返乡")
    assert row is not None
    with connect(board.settings) as connection:
        acts = connection.execute("select submission_id, act, reason, acted_by from ops.submission_act").fetchall()
        state = connection.execute("select state from ops.submission where submission_id = %s", [board.held]).fetchone()
    assert acts == [(board.held, "release", "电话核实，人员返乡", "admin")]
    assert state in (("accepted",), ("accepted_with_rejects",))


def test_a_district_sees_itself_and_is_refused_elsewhere(board: Board, browser: Browser) -> None:
    own, other = board.districts
    page = log_in(browser, board.url, own, board.passwords[own])
    page.goto(f"{board.url}/zaoxue/")
    expect(page.locator("table.heat tbody tr")).to_have_count(1)
    page.locator("table.heat tbody th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(own)
    expect(page.locator("form.act")).to_have_count(0)
    for path in (f"/district/{other}", "/review"):
        answer = page.goto(f"{board.url}/zaoxue{path}")
        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_role("main")).to_contain_text("not within what this account may see")
    for path in ("/outcomes", "/claims"):
        answer = page.goto(f"{board.url}/zaoxue{path}")
        assert answer is not None
        assert answer.status == 200
    assert page.request.post(
        f"{board.url}/zaoxue/submission/{board.held}/withdraw",
        form={"reason": "不是我的事"},
        headers={"sec-fetch-site": "same-origin"},
    ).status == 403  # fmt: skip


def test_whoever_has_no_organisation_is_told_so(board: Board, browser: Browser) -> None:
    page = log_in(browser, board.url, "stranger", board.passwords["stranger"])
    answer = page.goto(f"{board.url}/zaoxue/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("main")).to_contain_text("ops.account_organisation")


def test_nobody_gets_anything_without_a_login(board: Board) -> None:
    from tests.unit.board.conftest import Home as LoadedHome
    from tests.unit.board.test_guard import addresses

    home = LoadedHome(board.settings, {("990101001", "2026-04"): board.held})
    routes = list(addresses(board_for(board.settings).routes, home))
    assert len(routes) > 10
    with httpx.Client(base_url=f"{board.url}/zaoxue", timeout=PATIENCE / 1000) as nobody:
        for method, path in [*routes, ("GET", "/docs"), ("GET", "/openapi.json")]:
            assert nobody.request(method, path, data={"reason": "试一试"}).status_code == 401, (method, path)
            forged = nobody.request(method, path, data={"reason": "试一试"}, headers={"Authorization": "Bearer x.y.z"})
            assert forged.status_code == 401, (method, path)


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en-GB")])
def test_no_page_has_a_serious_finding_of_axe(board: Board, browser: Browser, width: int, language: str) -> None:
    page = log_in(browser, board.url, "admin", board.passwords["admin"], width=width, language=language)
    for path in ("/", "/?size=2", f"/district/{board.districts[0]}", f"/submission/{board.held}", "/outcomes",
                 "/claims", "/review", "/review?everything=true", "/district/nothing"):  # fmt: skip
        page.goto(f"{board.url}/zaoxue{path}")
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if language == "zh-CN" else "en")
        found = Axe().run(page).response["violations"]
        serious = [
            (v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (
            path
        )  # tables scroll inside


def test_it_works_by_keyboard_and_without_scripts(board: Board, browser: Browser, engineer: Page) -> None:
    engineer.goto(f"{board.url}/zaoxue/")
    engineer.keyboard.press("Tab")
    expect(engineer.locator(":focus")).to_have_text("跳到正文")
    context = browser.new_context(java_script_enabled=False, storage_state=engineer.context.storage_state())
    page = context.new_page()
    page.goto(f"{board.url}/zaoxue/")
    page.get_by_label("Order").or_(page.get_by_label("排序")).select_option("code")
    page.locator("form.filters button").click()
    assert "order=code" in page.url
    assert page.locator("table.heat tbody tr").count() > 3
    context.close()
