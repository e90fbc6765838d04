"""Bring articles in: from a folder, or politely from list pages, RSS and sitemaps. Originals are kept byte for byte."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from zaoxue.news.address import PullRefused
from zaoxue.news.feeds import article_links, kind_of
from zaoxue.news.fetch import AGENT, Answer, Fetcher, Limits

__all__ = ["Limits", "PullRefused", "PullResult", "Seen", "folder_articles", "pull_list", "store", "stored_name"]

SUFFIXES = {".html", ".htm", ".txt"}
_COUNTER = re.compile(r"(?:访问|浏览|点击|阅读|点赞|评论)(?:次?数|量)?[：:（(]?\d+[)）]?次?")
_MAX_SITEMAPS = 10
# A page whose host gives no validator is read again after a week; none is looked at again after two months.
_WEEK, _TWO_MONTHS = timedelta(days=7), timedelta(days=60)


@dataclass(frozen=True)
class Seen:
    """What is known of a page: validators, hash of its main text, when it was first and last had, its versions."""

    etag: str
    last_modified: str
    text_sha256: str
    first_fetched_at: datetime
    fetched_at: datetime
    versions: int = 1


@dataclass
class PullResult:
    """What a run did: files written, of them new versions, addresses unchanged, refused or failed with the reason."""

    written: list[Path] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def folder_articles(folder: Path) -> Iterator[Path]:
    """Article files of a folder and its sub-folders in order of path; files that begin with a dot are drafts."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
            yield path


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


def pull_list(
    list_url: str, folder: Path, limits: Limits | None = None, seen: MutableMapping[str, Seen] | None = None
) -> PullResult:
    """Fetch a list page, feed or sitemap and the articles it names into `folder`.

    `seen` (address -> Seen) is read for conditional requests and brought up to date. A page whose main text is what
    it was stays as it is, whatever its counters show; a changed one overwrites its file, and so becomes a new
    version of its article. A failed page is recorded and the run goes on. Raises PullRefused or httpx.HTTPError if
    the list itself cannot be had.
    """
    import httpx

    limits, seen, result = limits or Limits(), {} if seen is None else seen, PullResult()
    now = datetime.now(UTC)
    with httpx.Client(headers={"User-Agent": AGENT}) as client:
        fetcher = Fetcher(client, limits)
        for link in _links(fetcher, list_url, result)[: limits.max_pages]:
            before = seen.get(link)
            if before and not _ask_again(before, now):
                result.known.append(link)
                continue
            try:
                answer = fetcher.get(link, before.etag if before else "", before.last_modified if before else "")
            except (PullRefused, httpx.HTTPError) as error:
                result.failed[link] = str(error) or type(error).__name__
                continue
            _keep(answer, link, folder, seen, result, now)
    return result


def _links(fetcher: Fetcher, list_url: str, result: PullResult) -> list[str]:
    import httpx

    from zaoxue.news.main_text import decode

    def read(url: str) -> tuple[str, str]:
        answer = fetcher.get(url)
        return answer.url, decode(answer.body or b"")

    address, page = read(list_url)
    if kind_of(page) != "sitemap_index":
        return article_links(page, address)
    links: dict[str, None] = {}
    for part in article_links(page, address)[-_MAX_SITEMAPS:]:
        try:
            links |= dict.fromkeys(article_links(*reversed(read(part))))
        except (PullRefused, httpx.HTTPError) as error:
            result.failed[part] = str(error) or type(error).__name__
    return list(links)


def _ask_again(before: Seen, now: datetime) -> bool:
    if now - before.first_fetched_at > _TWO_MONTHS:
        return False
    return bool(before.etag or before.last_modified) or now - before.fetched_at >= _WEEK


def _keep(
    answer: Answer, link: str, folder: Path, seen: MutableMapping[str, Seen], result: PullResult, now: datetime
) -> None:
    before = seen.get(link)
    if answer.body is None:
        result.known.append(link)
        if before:
            seen[link] = replace(before, fetched_at=now)
        return
    text = text_sha256(answer.body, link)
    if before and before.text_sha256 == text:
        result.known.append(link)
    else:
        target = folder / stored_name(link)
        store(answer.body, target)
        result.written.append(target)
        if before:
            result.changed.append(link)
    versions = (before.versions + (before.text_sha256 != text)) if before else 1
    first = before.first_fetched_at if before else now
    seen[link] = Seen(answer.etag, answer.last_modified, text, first, now, versions)


def text_sha256(content: bytes, uri: str = "") -> str:
    """Hash of a page's main text: the number of visitors on it is no new version. Of the bytes, where it has none."""
    from zaoxue.news.main_text import read_main_text
    from zaoxue.news.verdicts import NoArticle

    try:
        page = read_main_text(content, uri)
    except NoArticle:
        return hashlib.sha256(content).hexdigest()
    text = _COUNTER.sub("", "".join((page.title + page.body).split()))
    return hashlib.sha256(text.encode()).hexdigest()
