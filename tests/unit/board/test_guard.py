"""Nobody without an account, an organisation or the right to it gets anything: on every route, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.routing import BaseRoute, Mount
from tests.unit.board.conftest import ENGINEER, Browser, Home, board_for

from zaoxue.warehouse.database import connect

FOREIGN = ("/district/990102", "/district/990102001", "/district/990201", "/district/9901", "/district/B9901")


def addresses(routes: list[BaseRoute], home: Home) -> Iterator[tuple[str, str]]:
    """(method, address) of every route, with values in place of its parameters."""
    values = {
        "code": "990101",
        "submission_id": home.files["990101001", "2026-04"],
        "item_id": "0123456789abcdef",
        "path:path": "board.css",
    }
    for route in routes:
        path = str(getattr(route, "path", "")) + ("/{path:path}" if isinstance(route, Mount) else "")
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"give {path} its values"
        for method in getattr(route, "methods", None) or {"GET"}:
            yield method, path


def test_every_route_refuses_whom_it_does_not_know(home: Home, browser: Browser) -> None:
    routes = [
        *addresses(board_for(home.settings).routes, home),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/x"),
    ]
    assert len(routes) > 12
    assert {("GET", "/"), ("GET", "/static/board.css"), ("POST", f"/submission/{home.files['990101001', '2026-04']}/release")} < set(routes)  # fmt: skip
    for method, path in routes:
        refused = browser(None).request(method, f"/zaoxue{path}", data={"reason": "试一试"})
        assert refused.status_code == 401, (method, path)
        assert "/auth/login?next=/zaoxue" in refused.text
        assert "Log in to Airflow" in refused.text
        assert "登录" in refused.text
        refused = browser("stranger").request(method, f"/zaoxue{path}", data={"reason": "试一试"})
        assert refused.status_code == 403, (method, path)
        assert "ops.account_organisation" in refused.text
        assert "青溪" not in refused.text


@pytest.mark.parametrize("account", ["990101", "990101001"])
def test_an_organisation_sees_itself_and_what_lies_below(home: Home, browser: Browser, account: str) -> None:
    own = browser(account)
    for path in ("/", f"/district/{account}", "/district/990101001", "/outcomes", "/claims"):
        assert own.get(f"/zaoxue{path}").status_code in (200, 503), path  # 503: there are no marts in this home
    for path in FOREIGN:
        assert own.get(f"/zaoxue{path}").status_code == 403, path
    foreign = home.files["990102001", "2026-04"]
    for path in (f"/submission/{foreign}", f"/submission/{foreign}/receipt", "/submission/0123456789abcdef", "/review"):
        assert own.get(f"/zaoxue{path}").status_code == 403, path
    overview = own.get("/zaoxue/").text
    assert "白石县" not in overview
    assert "东岭农商行" not in overview
    assert ("/zaoxue/district/990101" in overview) is (account == "990101")
    assert own.get("/zaoxue/district/990101").status_code == (200 if account == "990101" else 403)


def test_an_office_above_sees_what_lies_below_but_no_rows_about_people(home: Home, browser: Browser) -> None:
    city, sent = browser("9901"), home.files["990101001", "2026-04"]
    overview = city.get("/zaoxue/").text
    assert "白石县" in overview
    assert "东岭农商行" in overview
    assert "云禾县" not in overview
    assert city.get("/zaoxue/district/990201").status_code == 403
    assert city.get(f"/zaoxue/submission/{sent}").status_code == 200
    assert city.get(f"/zaoxue/submission/{sent}/receipt").status_code == 403
    assert "/receipt" not in city.get("/zaoxue/district/990101").text


def test_one_row_of_data_gives_an_account_an_organisation(own_home: Home) -> None:
    from tests.unit.board.conftest import browser_for

    open_as = browser_for(own_home.settings)
    assert open_as("li.na").get("/zaoxue/").status_code == 403
    with connect(own_home.settings) as connection:
        connection.execute(
            "insert into ops.account_organisation (account, organisation_code) values ('li.na', '990102')"
        )
    assert "白石县" in open_as("li.na").get("/zaoxue/").text
    assert open_as("li.na").get("/zaoxue/district/990101").status_code == 403


def test_only_engineers_decide_and_only_from_these_pages(home: Home, browser: Browser) -> None:
    held = home.files["990101001", "2026-05"]
    acts = [f"/zaoxue/submission/{held}/{act}" for act in ("release", "withdraw")] + ["/zaoxue/review/0123456789abcdef"]
    for path in acts:
        assert browser("990101").post(path, data={"reason": "电话核实"}).status_code == 403
        engineer = browser(ENGINEER)
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
        ):
            refused = engineer.post(path, data={"reason": "电话核实"}, headers=headers)
            assert refused.status_code == 403
            assert "another site" in refused.text
        del engineer.headers["sec-fetch-site"]
        assert engineer.post(path, data={"reason": "电话核实"}).status_code == 403
        assert (
            engineer.post(path, data={"reason": "电话核实"}, headers={"origin": "http://evil.example"}).status_code
            == 403
        )
    assert engineer.post(acts[0], data={"reason": ""}, headers={"origin": "http://board.example"}).status_code == 400
    with connect(home.settings) as connection:
        assert connection.execute("select count(*) from ops.submission_act").fetchone() == (0,)


def test_headers_let_nothing_in_from_elsewhere(browser: Browser) -> None:
    for path in ("/", "/static/board.css", "/nothing"):
        answer = browser(ENGINEER).get(f"/zaoxue{path}")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    page = browser(ENGINEER).get("/zaoxue/").text
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
