"""Pulling from a folder and from a list page of a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from zaoxue.news.pull import Limits, PullRefused, check_address, folder_articles, pull_list, store

PAGES = {
    "/robots.txt": b"User-agent: *\nDisallow: /secret/\n",
    "/list.html": "<a href='/a/1001.html'>一</a><a href=\"/a/1002.html#top\">二</a><a href='/secret/9.html'>密</a>"
    "<a href='https://other.example/a/1.html'>外</a><a href='/big.html'>大</a><a href='/gone.html'>无</a>"
    "<a href='/away.html'>转</a>".encode("gb18030"),
    "/a/1001.html": "柳桥镇培训30人。".encode("gb18030"),
    "/a/1002.html": "青溪区培训50人。".encode(),
    "/big.html": b"x" * 100_000,
}
asked: list[str] = []


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append(self.path)
        if self.path == "/away.html":
            self.send_response(302)
            self.send_header("Location", "ftp://127.0.0.1/x")
            self.end_headers()
            return
        self.send_response(200 if self.path in PAGES else 404)
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, b""))

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def site() -> Iterator[str]:
    asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


LIMITS = Limits(delay=0, private=True, max_bytes=50_000, timeout=10)


def test_list_page(site: str, tmp_path: Path) -> None:
    result = pull_list(f"{site}/list.html", tmp_path, LIMITS)
    assert sorted(p.read_bytes() for p in result.written) == sorted([PAGES["/a/1001.html"], PAGES["/a/1002.html"]])
    assert {url.rsplit("/", 1)[1]: why.split(" / ")[1] for url, why in result.failed.items()} == {
        "9.html": "forbidden by robots.txt",
        "big.html": "page too large",
        "gone.html": "status 404",
        "away.html": "only http and https",
    }
    assert "/secret/9.html" not in asked
    again = pull_list(f"{site}/list.html", tmp_path, LIMITS)
    assert again.written == []
    assert len(again.known) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://10.1.2.3/x",
        "http://[::1]/x",
        "http://169.254.169.254/x",
        "file:///etc/passwd",
        "http:///x",
    ],
)
def test_private_addresses_are_not_asked(url: str) -> None:
    with pytest.raises(PullRefused):
        check_address(url, Limits())


def test_folder_and_store(tmp_path: Path) -> None:
    store(b"\xff\xfe", tmp_path / "N1" / "a.html")
    store(b"1", tmp_path / "N1" / "b.TXT")
    store(b"2", tmp_path / "N1" / "c.pdf")
    (tmp_path / "N1" / ".draft.html").write_bytes(b"")
    assert [p.name for p in folder_articles(tmp_path)] == ["a.html", "b.TXT"]
