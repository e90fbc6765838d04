"""Ask one site at a time, politely: robots.txt, a pause between requests, conditional requests, limits.

Safe: each address, that of a redirect too, is resolved, checked, and then connected to by the checked number.
"""

from __future__ import annotations

import time
import zlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass
from urllib.robotparser import RobotFileParser

from zaoxue.news.address import PullRefused, checked_addresses
from zaoxue.news.main_text import MAX_BYTES

if TYPE_CHECKING:
    import httpx

AGENT = "zaoxue-news/0.1"
_LONGEST_PAUSE = 30.0
_NOT_MODIFIED, _SERVER_ERROR = 304, 500


@dataclass(frozen=True)
class Limits:
    """Seconds between requests to one host, seconds and bytes for one answer, pages and redirects in one run.

    `private` allows addresses of private networks: for tests, and for a source inside the office network.
    """

    delay: float = 2.0
    timeout: float = 20.0
    max_bytes: int = MAX_BYTES
    max_pages: int = 200
    max_redirects: int = 3
    private: bool = False


@dataclass(frozen=True)
class Answer:
    """Final address, body (None: not modified) and the validators for the next conditional request."""

    url: str
    body: bytes | None
    etag: str = ""
    last_modified: str = ""


class _Status(PullRefused):
    def __init__(self, code: int) -> None:
        super().__init__(f"状态码 {code} / status {code}")
        self.code = code


class Fetcher:
    """One run's requests: remembers each host's robots.txt and when it was last asked."""

    def __init__(self, client: httpx.Client, limits: Limits) -> None:
        """`client` needs no settings of its own; `limits` hold for every request."""
        self._client, self._limits = client, limits
        self._robots: dict[str, RobotFileParser] = {}
        self._asked: dict[str, float] = {}

    def get(self, url: str, etag: str = "", last_modified: str = "") -> Answer:
        """The page at `url`, if robots.txt allows it; conditional where a validator is given.

        Raises PullRefused for an address, size, status or rule that forbids it, httpx.HTTPError for a failed request.
        """
        headers = {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        for _ in range(self._limits.max_redirects + 1):
            robots = self._robots_of(url)
            if not robots.can_fetch(AGENT, url):
                raise PullRefused("robots.txt 不允许 / forbidden by robots.txt")
            answer = self._once(url, headers, float(robots.crawl_delay(AGENT) or 0))
            if isinstance(answer, Answer):
                return answer
            url = answer
        raise PullRefused("重定向过多 / too many redirects")

    def _robots_of(self, url: str) -> RobotFileParser:
        """Rules of the url's host. No robots.txt: all may be asked; a server in trouble: nothing."""
        site = urljoin(url, "/robots.txt")
        if site not in self._robots:
            robots, target = RobotFileParser(), site
            robots.parse([])
            try:
                for _ in range(self._limits.max_redirects + 1):
                    answer = self._once(target, {}, 0)
                    if isinstance(answer, Answer):
                        robots.parse((answer.body or b"").decode("utf-8", "replace").splitlines())
                        break
                    target = answer
            except _Status as status:
                if status.code >= _SERVER_ERROR:
                    robots.parse(["User-agent: *", "Disallow: /"])
            self._robots[site] = robots
        return self._robots[site]

    def _once(self, url: str, headers: dict[str, str], pause: float) -> Answer | str:
        """One request: the answer, or the address it redirects to."""
        host = urlsplit(url).netloc
        pause = min(max(self._limits.delay, pause), _LONGEST_PAUSE)
        time.sleep(max(0.0, self._asked.get(host, 0.0) + pause - time.monotonic()) if host in self._asked else 0.0)
        addresses = checked_addresses(url, self._limits.private)
        self._asked[host] = time.monotonic()
        with self._open(url, addresses[0], headers) as answer:
            if answer.has_redirect_location:
                return urljoin(url, answer.headers["location"])
            if answer.status_code == _NOT_MODIFIED:
                return Answer(url, None)
            if answer.status_code != 200:
                raise _Status(answer.status_code)
            body = self._body(answer)
            return Answer(url, body, answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))

    def _open(self, url: str, address: str, headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        parts = urlsplit(url)
        headers = {**headers, "User-Agent": AGENT, "Accept-Encoding": "gzip;q=0.5, identity"}
        target, extensions = url, {}
        if not _through_proxy(parts.scheme, parts.hostname or ""):  # a proxy resolves names itself
            number = f"[{address}]" if ":" in address else address
            target = urlunsplit(parts._replace(netloc=f"{number}:{parts.port}" if parts.port else number))
            headers["Host"] = parts.netloc
            extensions = {"sni_hostname": parts.hostname}
        return self._client.stream(
            "GET", target, headers=headers, timeout=self._limits.timeout, follow_redirects=False, extensions=extensions
        )

    def _body(self, answer: httpx.Response) -> bytes:
        started, most = time.monotonic(), self._limits.max_bytes
        coding = answer.headers.get("content-encoding", "identity").lower()
        if coding not in ("identity", "", "gzip"):
            raise PullRefused(f"不支持的压缩 {coding} / encoding {coding} not taken")
        unzip = zlib.decompressobj(wbits=31) if coding == "gzip" else None
        body = bytearray()
        for part in answer.iter_raw():
            # A few kilobytes may unpack to gigabytes: never more than one byte past the limit.
            body += unzip.decompress(part, most - len(body) + 1) if unzip else part
            if len(body) > most:
                raise PullRefused("页面过大 / page too large")
            if time.monotonic() - started > self._limits.timeout:
                raise PullRefused("超时 / took too long")
        return bytes(body)


def _through_proxy(scheme: str, host: str) -> bool:
    return scheme in getproxies() and not proxy_bypass(host)
