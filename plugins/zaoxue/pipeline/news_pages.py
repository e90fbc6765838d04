"""What `ops` remembers of news: pages for conditional requests, and which articles tell one story."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

from zaoxue.news.article import Article
from zaoxue.news.pull import Seen
from zaoxue.news.same_story import same_story, sketch

# A reprint follows within days; a month covers the monthly digest. An article without a date is compared by arrival.
_WINDOW = timedelta(days=31)


def read_pages(connection: psycopg.Connection, source: str) -> dict[str, Seen]:
    """address -> Seen of the pages of one source's folder."""
    rows = connection.execute(
        "select address, etag, last_modified, text_sha256, first_fetched_at, fetched_at, versions"
        " from ops.news_page where source = %s",
        [source],
    ).fetchall()
    return {address: Seen(*rest) for address, *rest in rows}


def write_pages(connection: psycopg.Connection, source: str, pages: dict[str, Seen]) -> None:
    """Bring `ops.news_page` up to what a run has seen."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.news_page (address, source, etag, last_modified, text_sha256, first_fetched_at, fetched_at,"
            " versions) values (%s, %s, %s, %s, %s, %s, %s, %s)"
            " on conflict (address) do update set etag = excluded.etag, last_modified = excluded.last_modified,"
            " text_sha256 = excluded.text_sha256, fetched_at = excluded.fetched_at, versions = excluded.versions",
            [
                (address, source, s.etag, s.last_modified, s.text_sha256, s.first_fetched_at, s.fetched_at, s.versions)
                for address, s in pages.items()
            ],
        )


def join_story(connection: psycopg.Connection, article: Article, received_on: date) -> str:
    """Remember the article; returns the id of its story: its own, or that of the article that told it first.

    An article that gave a story its name keeps it when its page changes, so nothing that was joined to it is orphaned.
    """
    day = article.published_on or received_on
    mine = sketch(article.text)
    told = connection.execute(
        "select story_id, sketch from ops.news_story where article_id = story_id and article_id <> %s"
        " and published_on between %s and %s order by taken_at, article_id",
        [article.article_id, day - _WINDOW, day + _WINDOW],
    ).fetchall()
    names = connection.execute(
        "select 1 from ops.news_story where story_id = %s and article_id <> %s limit 1",
        [article.article_id, article.article_id],
    ).fetchone()
    same = None if names else next((story for story, other in told if same_story(mine, other)), None)
    story = str(same or article.article_id)
    connection.execute(
        "insert into ops.news_story (article_id, story_id, source_uri, published_on, sketch) values (%s, %s, %s, %s, %s)"
        " on conflict (article_id) do update set story_id = excluded.story_id, published_on = excluded.published_on,"
        " sketch = excluded.sketch",
        [article.article_id, story, article.uri, day, mine],
    )
    return story
