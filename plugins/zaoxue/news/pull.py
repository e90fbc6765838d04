"""Bring articles in: from a folder, or politely from the links of a list page. Originals are kept byte for byte.

Polite: only links on the list page's own host, robots.txt obeyed, a pause between requests, limits of size, time and
number. Safe: no address of a private network is asked, also not after a redirect, because a list page is written by
somebody else.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies
from urllib.robotparser import RobotFileParser

from zaoxue.news.main_text import MAX_BYTES

if TYPE_CHECKING:
    import httpx

SUFFIXES = {".html", ".htm", ".txt"}
_AGENT = "zaoxue-news/0.1"
_LINK = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_ARTICLE = re.compile(r"\.s?html?$|\.txt$|/\d{4,}|content|detail|art", re.IGNORECASE)


class PullRefused(ValueError):
    """An address that is not asked, with the reason (Chinese and English)."""


@dataclass(frozen=True)
class Limits:
    """Seconds between requests, seconds and bytes for one answer, pages and redirects in one run.

    `private` allows addresses of private networks: for tests, and for a source inside the office network.
    """

    delay: float = 2.0
    timeout: float = 20.0
    max_bytes: int = MAX_BYTES
    max_pages: int = 200
    max_redirects: int = 3
    private: bool = False


@dataclass
class PullResult:
    """What a run did: files written, addresses already held, addresses refused or failed with the reason."""

    written: list[Path] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def folder_articles(folder: Path) -> Iterator[Path]:
    """Article files of a folder and its sub-folders in order of path; files that begin with a dot are drafts."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
            yield path


def check_address(url: str, limits: Limits) -> None:
    """Raise PullRefused unless `url` is http(s), and every address of its host is public."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PullRefused("只支持 http 和 https / only http and https")
    if limits.private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PullRefused("找不到主机 / host not found") from error
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise PullRefused("内网地址不抓取 / address of a private network")


def fetch(client: httpx.Client, url: str, limits: Limits) -> tuple[str, bytes]:
    """(final address, body) of one page; every redirect is checked like the first address.

    Raises PullRefused for an address, size or status that is not taken; httpx.HTTPError for a failed request.
    """
    started = time.monotonic()
    for _ in range(limits.max_redirects + 1):
        check_address(url, limits)
        with client.stream("GET", url, timeout=limits.timeout, follow_redirects=False) as answer:
            _check_peer(answer, limits)
            if answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                continue
            if answer.status_code != 200:
                raise PullRefused(f"状态码 {answer.status_code} / status {answer.status_code}")
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > limits.max_bytes:
                    raise PullRefused("页面过大 / page too large")
                if time.monotonic() - started > limits.timeout:
                    raise PullRefused("超时 / took too long")
            return url, bytes(body)
    raise PullRefused("重定向过多 / too many redirects")


def _check_peer(answer: httpx.Response, limits: Limits) -> None:
    """The machine that really answered is public too: a host name may change its address between two look-ups."""
    stream = answer.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream else None
    if limits.private or not peer or getproxies():  # behind a proxy the peer is the proxy
        return
    if not ipaddress.ip_address(str(peer[0]).split("%")[0]).is_global:
        raise PullRefused("内网地址不抓取 / address of a private network")


def article_links(page: str, address: str) -> list[str]:
    """Links of a list page that look like articles on the same host, in order, each once."""
    host = urlsplit(address).hostname
    links: dict[str, None] = {}
    for href in _LINK.findall(page):
        link = urljoin(address, href.replace("&amp;", "&")).split("#")[0]
        parts = urlsplit(link)
        if (
            parts.scheme in ("http", "https")
            and parts.hostname == host
            and link != address
            and _ARTICLE.search(parts.path)
        ):
            links[link] = None
    return list(links)


def stored_name(url: str) -> str:
    """File name of a page: readable end of the address, and a hash that keeps two addresses apart."""
    stem = re.sub(r"[^\w-]+", "_", urlsplit(url).path.rsplit(".", 1)[0]).strip("_")[-60:] or "page"
    return f"{stem}_{hashlib.sha256(url.encode()).hexdigest()[:12]}.html"


def store(content: bytes, path: Path) -> None:
    """Write the original bytes so that a reader sees all of them or no file at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    os.replace(draft, path)


def pull_list(list_url: str, folder: Path, limits: Limits | None = None) -> PullResult:
    """Fetch a list page and the articles it links to into `folder`; pages already there are not asked again.

    A failed page is recorded and the run goes on. Raises PullRefused or httpx.HTTPError if the list page itself
    cannot be had.
    """
    import httpx

    limits = limits or Limits()
    result = PullResult()
    with httpx.Client(headers={"User-Agent": _AGENT}) as client:
        robots = _robots(client, list_url, limits)
        if not robots.can_fetch(_AGENT, list_url):
            raise PullRefused("robots.txt 不允许 / forbidden by robots.txt")
        from zaoxue.news.main_text import decode

        address, page = fetch(client, list_url, limits)
        for link in article_links(decode(page), address)[: limits.max_pages]:
            target = folder / stored_name(link)
            if target.exists():
                result.known.append(link)
                continue
            if not robots.can_fetch(_AGENT, link):
                result.failed[link] = "robots.txt 不允许 / forbidden by robots.txt"
                continue
            time.sleep(limits.delay)
            try:
                _, body = fetch(client, link, limits)
            except (PullRefused, httpx.HTTPError) as error:
                result.failed[link] = str(error) or type(error).__name__
                continue
            store(body, target)
            result.written.append(target)
    return result


def _robots(client: httpx.Client, list_url: str, limits: Limits) -> RobotFileParser:
    import httpx

    robots = RobotFileParser()
    try:
        _, body = fetch(client, urljoin(list_url, "/robots.txt"), limits)
    except (PullRefused, httpx.HTTPError):
        robots.parse([])  # no robots.txt: everything may be asked
        return robots
    robots.parse(body.decode("utf-8", "replace").splitlines())
    return robots
