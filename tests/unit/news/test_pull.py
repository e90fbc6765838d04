"""Pulling from a folder and from real servers."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.news.site import Page, Site, serve

from zaoxue.news import address
from zaoxue.news.address import PullRefused, checked_addresses, is_public
from zaoxue.news.pull import Limits, Seen, folder_articles, pull_list, store

LIMITS = Limits(delay=0, private=True, max_bytes=50_000, timeout=5)
FIRST = "<html><body><article><p>今年以来，青溪区柳桥镇共培训困难群众{n}人，帮助他们在家门口找到了工作。</p></article>访问{v}次</body></html>"


def article(n: int, visits: int = 1) -> bytes:
    return FIRST.format(n=n, v=visits).encode()


LIST = Page(
    "<a href='/a/1001.html'>一</a><a href=\"/a/1002.html#top\">二</a><a href='/secret/9.html'>密</a>"
    "<a href='https://other.example/a/1.html'>外</a><a href='/about'>关于</a>".encode("gb18030")
)


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {
        "/robots.txt": Page(b"User-agent: *\nDisallow: /secret/\n"),
        "/list.html": LIST,
        "/a/1001.html": Page(article(30), headers={"ETag": '"1"'}),
        "/a/1002.html": Page("青溪区培训50人。".encode("gb18030"), headers={"ETag": '"x"'}),
    }
    with serve(pages) as running:
        yield running


def test_list_page(site: Site, tmp_path: Path) -> None:
    result = pull_list(f"{site.root}/list.html", tmp_path, LIMITS)
    assert sorted(p.read_bytes() for p in result.written) == sorted(
        [site.pages["/a/1001.html"].body, site.pages["/a/1002.html"].body]
    ), "byte for byte"
    assert {url.rsplit("/", 1)[1]: why.split(" / ")[1] for url, why in result.failed.items()} == {
        "9.html": "forbidden by robots.txt"
    }
    assert site.paths() == ["/robots.txt", "/list.html", "/a/1001.html", "/a/1002.html"]
    assert all("zaoxue" in headers["user-agent"] for _, _, headers in site.asked)


def test_conditional_requests_and_new_versions(site: Site, tmp_path: Path) -> None:
    seen: dict[str, Seen] = {}
    url, first = f"{site.root}/list.html", f"{site.root}/a/1001.html"
    pull_list(url, tmp_path, LIMITS, seen)
    assert seen[first].etag == '"1"'
    again = pull_list(url, tmp_path, LIMITS, seen)
    assert again.written == []
    assert len(again.known) == 2
    assert site.asked[-1][2]["if-none-match"] == '"x"'

    site.pages["/a/1001.html"] = Page(article(30, visits=99), headers={"ETag": '"2"'})
    counter = pull_list(url, tmp_path, LIMITS, seen)
    assert (counter.written, counter.changed) == ([], []), "another number of visits is no new version"
    assert seen[first].etag == '"2"'

    site.pages["/a/1001.html"] = Page(article(31), headers={"ETag": '"3"'})
    changed = pull_list(url, tmp_path, LIMITS, seen)
    assert changed.changed == [first]
    assert [p.read_bytes() for p in changed.written] == [article(31)]
    assert seen[first].versions == 2


def test_a_page_without_validators_is_read_again_after_a_week_and_an_old_one_never(site: Site, tmp_path: Path) -> None:
    site.pages = {"/list.html": Page(b"<a href='/a/1001.html'>1</a>"), "/a/1001.html": Page(article(30))}
    seen: dict[str, Seen] = {}
    url, first = f"{site.root}/list.html", f"{site.root}/a/1001.html"
    for days, times in ((0, 1), (0, 1), (8, 2)):
        if first in seen:
            seen[first] = replace(seen[first], fetched_at=seen[first].fetched_at - timedelta(days=days))
        pull_list(url, tmp_path, LIMITS, seen)
        assert site.paths().count("/a/1001.html") == times
    seen[first] = replace(seen[first], first_fetched_at=seen[first].first_fetched_at - timedelta(days=61))
    pull_list(url, tmp_path, LIMITS, seen)
    assert site.paths().count("/a/1001.html") == 2


RSS = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><link>{0}/</link><item><title>&x;</title><link>{0}/n/a</link></item><item><link>{0}/n/b</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="{0}/self"/><entry><link href="{0}/n/a"/></entry>
<entry><link rel="alternate" href="{0}/n/b"/><link rel="enclosure" href="{0}/n/c.mp4"/></entry></feed>"""
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{0}/n/a</loc></url><url><loc>
{0}/n/b</loc></url></urlset>"""
INDEX = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{0}/map.xml</loc>
</sitemap><sitemap><loc>{0}/gone.xml</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize("feed", [RSS, ATOM, MAP, INDEX])
def test_feeds_and_sitemaps(feed: str, site: Site, tmp_path: Path) -> None:
    site.pages = {
        "/feed": Page(feed.format(site.root).encode()),
        "/map.xml": Page(MAP.format(site.root).encode()),
        "/n/a": Page(article(1)),
        "/n/b": Page(article(2)),
    }
    result = pull_list(f"{site.root}/feed", tmp_path, LIMITS)
    assert sorted(p.read_bytes() for p in result.written) == [article(1), article(2)]
    assert set(result.failed) == ({f"{site.root}/gone.xml"} if feed is INDEX else set())


def test_a_pause_between_requests_and_the_one_that_robots_ask_for(site: Site, tmp_path: Path) -> None:
    pull_list(f"{site.root}/list.html", tmp_path, replace(LIMITS, delay=0.2))
    times = [at for _, at, _ in site.asked]
    assert times[-1] - times[0] >= 3 * 0.2 - 0.1, "four requests, three pauses"
    site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 1\nDisallow: /a/1002.html\n")
    site.asked.clear()
    pull_list(f"{site.root}/list.html", tmp_path, LIMITS)
    assert site.asked[2][1] - site.asked[1][1] >= 0.9


def test_a_server_in_trouble_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Page(b"", 503)
    with pytest.raises(PullRefused, match="robots"):
        pull_list(f"{site.root}/list.html", tmp_path, LIMITS)
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page(b"x" * 60_000), "too large"),
        (Page(b"x" * 40_000_000, packed=True), "too large"),
        (Page(b"x" * 40_000, packed=True), ""),
        (Page(b"x", headers={"Content-Encoding": "br"}), "encoding br"),
        (Page(b"x" * 100, drip=0.1), "too long"),
        (Page(b"", 404), "status 404"),
        (Page(b"", 302, {"Location": "ftp://127.0.0.1/x"}), "only http"),
        (Page(b"", 302, {"Location": "/a/1.html"}), "too many redirects"),
        (Page(b"", 302, {"Location": "http://u:p@127.0.0.1/x"}), "password"),
    ],
)
def test_answers_that_are_not_taken(page: Page, why: str, site: Site, tmp_path: Path) -> None:
    site.pages = {"/list.html": Page(b"<a href='/a/1.html'>1</a><a href='/a/2.html'>2</a>"), "/a/2.html": Page(b"2")}
    site.pages["/a/1.html"] = page
    started = time.monotonic()
    result = pull_list(f"{site.root}/list.html", tmp_path, replace(LIMITS, timeout=1))
    assert time.monotonic() - started < 4
    assert len(result.failed) == (1 if why else 0)
    assert all(why in reason for reason in result.failed.values())
    assert len(result.written) == (1 if why else 2), "the run goes on"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://10.1.2.3/x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[64:ff9b::a01:203]/x",
        "http://[fe80::1]/x",
        "http://[2002:7f00:1::1]/x",
        "http://169.254.169.254/x",
        "http://100.64.0.1/x",
        "http://0.0.0.0/x",
        "http://224.0.0.1/x",
        "http://2130706433/x",
        "http://localhost/x",
        "file:///etc/passwd",
        "http:///x",
        "http://1.2.3.4:99999/x",
    ],
)
def test_private_addresses_are_not_asked(url: str) -> None:
    with pytest.raises(PullRefused):
        checked_addresses(url, private=False)


def test_public_addresses() -> None:
    assert all(map(is_public, ["1.2.3.4", "2400:3200::1", "::ffff:1.2.3.4"]))


def test_a_redirect_to_a_private_address_is_not_followed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 plays the open internet here, 127.0.0.2 the office."""
    monkeypatch.setattr(address, "is_public", lambda ip: ip == "127.0.0.1")
    with serve({"/robots.txt": Page(), "/inside.html": Page(article(1))}, "127.0.0.2") as office:
        site.pages["/a/1001.html"] = Page(b"", 302, {"Location": f"{office.root}/inside.html"})
        result = pull_list(f"{site.root}/list.html", tmp_path, replace(LIMITS, private=False))
        assert office.asked == []
    assert "private network" in result.failed[f"{site.root}/a/1001.html"]


def test_the_checked_address_is_the_one_connected_to(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers with another address at the second look-up gets no second look-up."""
    port = int(site.root.rsplit(":", 1)[1])
    real, asked = socket.getaddrinfo, []

    def resolve(host: str, *args: object, **kwargs: object) -> object:
        if host == "news.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        assert host == "127.0.0.1", "only the number is looked up after the check"
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    result = pull_list(f"http://news.example:{port}/list.html", tmp_path, LIMITS)
    assert len(result.written) == 2
    assert len(asked) == len(site.asked), "each request was checked"
    assert site.asked[0][2]["host"] == f"news.example:{port}"


def test_folder_and_store(tmp_path: Path) -> None:
    store(b"\xff\xfe", tmp_path / "N1" / "a.html")
    store(b"1", tmp_path / "N1" / "b.TXT")
    store(b"2", tmp_path / "N1" / "c.pdf")
    (tmp_path / "N1" / ".draft.html").write_bytes(b"")
    assert [p.name for p in folder_articles(tmp_path)] == ["a.html", "b.TXT"]
