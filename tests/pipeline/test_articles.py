"""Articles from a folder and from a list page on a real server, through the gate and into raw."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import deliver
from tests.pipeline.test_load import query
from zaoxue.pipeline.articles import load_articles
from zaoxue.settings import Settings

PAGE = """<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>2026-05-20</p>
<p>今年以来，青溪区石塘镇组织技能培训{trained}人，帮扶就业{placed}人。{more}</p>
<p>镇里把岗位信息送进各个村子，工作人员按月回访，把台账记清楚，把服务做到家门口，群众说这样的办法好。</p></article></body></html>"""


def page(title: str, trained: int, placed: int, more: str = "") -> str:
    return PAGE.format(title=title, trained=trained, placed=placed, more=more)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A news site of two articles and a list page."""
    folder = tmp_path / "site"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "content_1001.html").write_text(page("石塘镇就业帮扶见实效", 120, 86), encoding="utf-8")
    (folder / "2026" / "content_1002.html").write_text(page("家门口的课堂", 35, 21), encoding="utf-8")
    (folder / "list.html").write_text(
        '<a href="/2026/content_1001.html">石塘镇就业帮扶见实效</a>'
        '<a href="/2026/content_1002.html">家门口的课堂开了又开</a>',
        encoding="utf-8",
    )
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/list.html"
        server.shutdown()


def source_folder(settings: Settings) -> Path:
    folder = settings.inbox / "news" / "N9901_青溪新闻网"
    folder.mkdir(parents=True)
    return folder


def test_articles_of_a_folder_become_claims_with_their_sentence(settings: Settings, night: Night) -> None:
    path = source_folder(settings) / "a.html"
    path.write_text(page("石塘镇就业帮扶见实效", 120, 86, "村民王小花告诉记者，她每月能挣3200元。"), encoding="utf-8")
    deliver(path, "2026-05-21T08:00")
    report = load_articles(settings, "test")
    assert report.states["accepted"] + report.states["accepted_with_rejects"] == 2  # its claims and its cases
    claims = {
        row[0]: row[1:]
        for row in query(
            settings, "select measure, value, place_code, sentence from raw.case_report where kind = 'actual'"
        )
    }
    assert float(claims["persons_trained"][0]) == 120
    assert float(claims["persons_placed"][0]) == 86
    assert claims["persons_placed"][1] == "990101002"
    assert "帮扶就业86人" in claims["persons_placed"][2]
    assert not query(settings, "select 1 from raw.case_report where sentence like '%%王小花%%'")
    before = query(settings, "select claim_id, _from_submission from raw.case_report order by 1")
    assert load_articles(settings, "test").files == 0
    path.write_text(page("石塘镇就业帮扶见实效", 120, 88), encoding="utf-8")  # a corrected page replaces its own claims
    deliver(path, "2026-05-22T08:00")
    load_articles(settings, "test")
    assert {
        float(v)
        for (v,) in query(
            settings, "select value from raw.case_report where _to_submission is null and measure = 'persons_placed'"
        )
    } == {88}
    assert len(query(settings, "select 1 from raw.case_report")) > len(before) - 1
    assert query(settings, "select feed, state from ops.submission order by received_at, feed") == [
        ("case_report", "superseded"),
        ("case_story", "superseded"),
        ("case_report", "accepted"),
        ("case_story", "accepted"),
    ]


def test_articles_of_a_list_page_are_pulled_once(settings: Settings, night: Night, site: tuple[Path, str]) -> None:
    _, url = site
    (source_folder(settings) / "list_pages.url").write_text(f"{url}  # the district's site\n", encoding="utf-8")
    assert load_articles(replace(settings, may_pull_privately=True), "test").files == 2
    assert query(settings, "select count(distinct article_id) from raw.case_report") == [(2,)]
    again = load_articles(replace(settings, may_pull_privately=True), "test")
    assert again.files == 0


def test_a_private_address_is_refused_and_the_night_goes_on(
    settings: Settings, night: Night, site: tuple[Path, str]
) -> None:
    (source_folder(settings) / "list_pages.url").write_text(site[1], encoding="utf-8")
    assert load_articles(settings, "test").files == 0
    ((outcome, detail),) = query(settings, "select outcome, detail from ops.step_outcome where step = 'pull news'")
    assert outcome == "skipped"
    assert "PullRefused" in detail


def test_a_page_without_text_is_registered_with_the_reason(settings: Settings, night: Night) -> None:
    path = source_folder(settings) / "login.html"
    path.write_text("<html><body><form>用户名<input></form></body></html>", encoding="utf-8")
    assert load_articles(settings, "test").states["rejected"] == 1
    ((zh, en),) = query(settings, "select reason_zh, reason_en from ops.submission")
    assert "正文" in zh
    assert "text" in en


def test_a_story_on_two_sites_is_counted_once(settings: Settings, night: Night) -> None:
    first = source_folder(settings) / "a.html"
    first.write_text(page("石塘镇就业帮扶见实效", 120, 86), encoding="utf-8")
    deliver(first, "2026-05-21T08:00")
    other = settings.inbox / "news" / "N9902_东岭日报网"
    other.mkdir()
    reprint = other / "b.html"
    reprint.write_text(page("【转载】石塘镇就业帮扶见实效", 120, 86), encoding="utf-8")
    deliver(reprint, "2026-05-22T08:00")
    load_articles(settings, "test")
    assert query(
        settings,
        "select count(distinct article_id), count(*) filter (where measure = 'persons_placed')"
        " from raw.case_report where _to_submission is null",
    ) == [(1, 1)]
    assert query(settings, "select count(*), count(distinct story_id) from ops.news_story") == [(2, 1)]
    # The next month's report shares the words and not the figures.
    later = other / "c.html"
    later.write_text(page("石塘镇就业帮扶见实效", 155, 102).replace("2026-05-20", "2026-06-18"), encoding="utf-8")
    deliver(later, "2026-06-20T08:00")
    load_articles(settings, "test")
    assert query(settings, "select count(distinct article_id) from raw.case_report where _to_submission is null") == [
        (2,)
    ]


def test_a_changed_page_is_a_new_version_and_an_unchanged_one_is_not_asked_for(
    settings: Settings, night: Night, site: tuple[Path, str]
) -> None:
    folder, url = site
    (source_folder(settings) / "list_pages.url").write_text(url, encoding="utf-8")
    mine = replace(settings, may_pull_privately=True)
    assert load_articles(mine, "test").files == 2
    (folder / "2026" / "content_1001.html").write_text(page("石塘镇就业帮扶见实效", 120, 91), encoding="utf-8")
    os.utime(folder / "2026" / "content_1001.html", (time.time() + 5, time.time() + 5))
    assert load_articles(mine, "test").files == 1
    assert {
        float(v)
        for (v,) in query(
            settings, "select value from raw.case_report where _to_submission is null and measure = 'persons_placed'"
        )
    } == {91, 21}
    assert query(settings, "select max(versions), count(*) from ops.news_page") == [(2, 2)]
    assert query(
        settings, "select detail from ops.step_outcome where step = 'pull news' order by detail desc limit 1"
    ) == [("1 changed, 0 failed",)]
