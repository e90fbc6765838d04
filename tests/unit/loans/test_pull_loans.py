"""Pulling loans from the demo's bank, a real process: by cursor, through its failures, and after a kill."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from zaoxue.demo import make_demo, running_bank_server
from zaoxue.demo.bank_process import BankServerError
from zaoxue.loans import BankApiError, pull_loans
from zaoxue.loans.pages import store_page, stored_cursor

TOKEN = "a token for tests"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A bank's book of 23 loans."""
    path = tmp_path / "loans.json"
    write_book(path, 23)
    return path


def write_book(path: Path, count: int) -> None:
    path.write_text(json.dumps({"items": [{"receipt_no": f"JJ{number:04d}"} for number in range(count)]}))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def receipts(files: list[Path]) -> list[str]:
    return [item["receipt_no"] for file in files for item in json.loads(file.read_bytes())["items"]]


def stored(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"), key=lambda path: json.loads(path.read_bytes())["items"][0]["receipt_no"])


def test_the_bank_answers_in_pages_and_only_to_its_friends(book: Path) -> None:
    with running_bank_server(book, token=TOKEN) as url:
        assert httpx.get(f"{url}/loans").status_code == 401
        assert httpx.get(f"{url}/loans", headers={"Authorization": "Bearer wrong"}).status_code == 401
        friend = {"Authorization": f"Bearer {TOKEN}"}
        page = httpx.get(f"{url}/loans", params={"limit": "10"}, headers=friend).json()
        assert ([item["receipt_no"] for item in page["items"]][:2], page["next_cursor"]) == (["JJ0000", "JJ0001"], "10")
        assert httpx.get(f"{url}/loans", params={"cursor": "23"}, headers=friend).json() == {
            "items": [],
            "next_cursor": None,
        }
        assert httpx.get(f"{url}/loans", params={"cursor": "x"}, headers=friend).status_code == 400
        port = int(url.rsplit(":", 1)[1])
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/loans")


def test_the_bank_goes_when_its_starter_is_killed(book: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from zaoxue.demo import running_bank_server\n"
        "with running_bank_server(Path(sys.argv[1]), token='t') as url: print(url, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(book)], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        assert httpx.get(f"{url}/loans").status_code == 401
        starter.kill()
    port = int(url.rsplit(":", 1)[1])
    deadline = time.monotonic() + 10
    while _listens(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _listens(port)


def test_every_page_is_stored_once_as_it_came(book: Path, tmp_path: Path) -> None:
    received = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)
    with running_bank_server(book, token=TOKEN) as url:
        files = pull_loans(url, TOKEN, "B9901", tmp_path / "into", limit=10, received_at=received)
        assert [file.name for file in files] == ["loans_start_10.json", "loans_10_20.json", "loans_20_23.json"]
        assert receipts(files) == [f"JJ{number:04d}" for number in range(23)]
        assert {file.stat().st_mtime for file in files} == {received.timestamp()}
        assert pull_loans(url, TOKEN, "B9901", tmp_path / "into", limit=10) == []
        write_book(book, 25)
        more = pull_loans(url, TOKEN, "B9901", tmp_path / "into", limit=10)
        assert (receipts(more), [file.name for file in more]) == (["JJ0023", "JJ0024"], ["loans_23_25.json"])
        assert len(pull_loans(url, TOKEN, "B9902", tmp_path / "into", limit=100)) == 1  # each bank has its own cursor


def test_failures_that_pass_are_waited_out(book: Path, tmp_path: Path) -> None:
    with running_bank_server(book, token=TOKEN, flaky=2) as url:
        assert len(receipts(pull_loans(url, TOKEN, "B9901", tmp_path / "into", limit=5))) == 23


def test_failures_that_stay_are_told_without_a_value(book: Path, tmp_path: Path) -> None:
    with running_bank_server(book, token=TOKEN, flaky=1) as url:
        start = time.monotonic()
        with pytest.raises(BankApiError, match="HTTP 503"):
            pull_loans(url, TOKEN, "B9901", tmp_path / "into")
        assert 2 < time.monotonic() - start < 20
    with running_bank_server(book, token=TOKEN) as url:
        start = time.monotonic()
        with pytest.raises(BankApiError, match="HTTP 401"):
            pull_loans(url, "wrong", "B9901", tmp_path / "into")
        assert time.monotonic() - start < 2  # a refusal is not tried again
    with pytest.raises(BankApiError, match="ConnectError"):
        pull_loans(url, TOKEN, "B9901", tmp_path / "into")
    assert not (tmp_path / "into").exists()


def test_a_bank_that_cannot_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(BankServerError, match="code 2"), running_bank_server(tmp_path / "none.json", token=TOKEN):
        pytest.fail("it did start")


def test_a_pull_goes_on_where_it_was_killed(book: Path, tmp_path: Path) -> None:
    write_book(book, 400)
    script = (
        "import sys; from pathlib import Path; from zaoxue.loans import pull_loans;"
        "pull_loans(sys.argv[1], sys.argv[2], 'B9901', Path(sys.argv[3]), limit=2)"
    )
    into = tmp_path / "into"
    with running_bank_server(book, token=TOKEN) as url:
        process = subprocess.Popen([sys.executable, "-c", script, url, TOKEN, str(into)])
        while len(list((into / "B9901").glob("loans_*.json"))) < 20:
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = {path: path.stat().st_mtime_ns for path in (into / "B9901").glob("loans_*.json")}
        assert 20 <= len(before) < 200
        new = pull_loans(url, TOKEN, "B9901", into, limit=7)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert receipts(stored(into / "B9901")) == [f"JJ{number:04d}" for number in range(400)]
    assert len(stored(into / "B9901")) == len(before) + len(new)


def test_pages_of_a_bank_that_ends_without_a_cursor(tmp_path: Path) -> None:
    first = store_page(tmp_path, None, "a_b/c", b"1", None)
    assert first is not None
    assert first.name == "loans_start_a%5Fb%2Fc.json"
    assert stored_cursor(tmp_path) == "a_b/c"
    last = store_page(tmp_path, "a_b/c", None, b"2", None)
    assert last is not None
    assert stored_cursor(tmp_path) == "a_b/c"  # asked for again, it may have grown
    assert store_page(tmp_path, "a_b/c", None, b"2", None) is None
    assert store_page(tmp_path, "a_b/c", None, b"23", None) not in (None, last)
    store_page(tmp_path, "a_b/c", "start", b"3", None)
    assert stored_cursor(tmp_path) == "start"
    assert stored_cursor(tmp_path / "empty") is None


def test_the_demo_has_a_book_of_loans(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo", people=300, districts=1, townships_per_district=2)
    with running_bank_server(demo.folder / "bank" / "loans.json", token=TOKEN) as url:
        (page,) = pull_loans(url, TOKEN, "B9901", tmp_path / "into")
    items = json.loads(page.read_bytes())["items"]
    assert {"receipt_no", "person_id", "borrower_name", "principal", "issued_on", "due_on"} <= set(items[0])
    assert all(item["issued_on"] <= "2026-06-30" for item in items)
