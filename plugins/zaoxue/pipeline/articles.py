"""News articles of the inbox: each one two submissions, whose rows are its claims and its cases."""

from __future__ import annotations

import time

import polars as pl
import psycopg

from zaoxue.contracts import Contract, load_contracts
from zaoxue.inbox import ReceivedFile, archive_file, discover
from zaoxue.inbox.discover import ARTICLE_SUFFIXES
from zaoxue.outcomes import step, write_outcome
from zaoxue.periods import period_of
from zaoxue.pipeline.batches import BatchReport, load_together
from zaoxue.pipeline.intake import Intake, Refusal, refusal, submission_id
from zaoxue.pipeline.news_pages import join_story, read_pages, write_pages
from zaoxue.pipeline.news_review import queue_news
from zaoxue.pipeline.register import register_refusals
from zaoxue.reading import ROW, SHEET, SheetTable
from zaoxue.receipts import make_receipts
from zaoxue.recognising import OrganisationFinder
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.locks import hold_for_writing
from zaoxue.workbooks import UnreadableFileError

FEED, CASES = "case_report", "case_story"
LIST_PAGES = "list_pages.url"
_SHEET_NAME = "article"


def load_articles(settings: Settings, run_id: str) -> BatchReport:
    """Extract, gate and load claims and cases of every new article; each article ends registered, both or none."""
    pull_articles(settings, run_id)
    started = time.perf_counter()
    contracts = load_contracts(settings.contracts)
    with connect(settings) as connection:
        files = [
            file
            for root in (settings.inbox, settings.pulled_news)
            if root.is_dir()
            for file in discover(root, ARTICLE_SUFFIXES, connection)
        ]
        taken = take_in_articles(settings, connection, contracts, files)
    report = BatchReport(files=len(files))
    intakes = [result for result in taken if isinstance(result, Intake)]
    refusals = [result for result in taken if isinstance(result, Refusal)]
    with connect(settings) as connection:
        hold_for_writing(connection)
        register_refusals(connection, refusals)
        write_outcome(
            connection,
            run_id,
            "extract",
            "case reports",
            "succeeded",
            sum(i.data_rows for i in intakes if i.contract.feed == FEED),
            time.perf_counter() - started,
            f"{len(files)} articles, {len(refusals)} refused",
        )
    report.states["rejected"] += len(refusals)
    if intakes:
        feeds = [(contracts[feed], [i for i in intakes if i.contract.feed == feed]) for feed in (FEED, CASES)]
        load_together(settings, run_id, feeds, "case reports", report)
    with step(settings, run_id, "queue for review", "case reports") as outcome, connect(settings) as connection:
        hold_for_writing(connection)
        outcome.rows = queue_news(connection, settings.contracts)
    make_receipts(settings, run_id, [file.uri for file in files])  # remembers that nobody waits for an answer
    return report


def pull_articles(settings: Settings, run_id: str) -> None:
    """Fetch what is new on the list pages, feeds and sitemaps of each source: `list_pages.url` in its folder of the
    inbox, one address a line.

    A site that cannot be had costs the night nothing but its own articles; the outcome row says so.
    """
    import httpx

    from zaoxue.news.pull import Limits, PullRefused, pull_list

    limits = Limits(private=settings.may_pull_privately)
    for listed in sorted(settings.inbox.rglob(LIST_PAGES)):
        lines = listed.read_text(encoding="utf-8").splitlines()
        source = listed.parent.name
        for url in filter(None, (line.partition("#")[0].strip() for line in lines)):
            with step(settings, run_id, "pull news", url) as outcome:
                with connect(settings) as connection:
                    pages = read_pages(connection, source)
                try:
                    result = pull_list(url, settings.pulled_news / source, limits, pages)
                except (PullRefused, httpx.HTTPError) as error:
                    outcome.skipped, outcome.detail = True, f"{type(error).__name__}: {error}"[:200]
                else:
                    outcome.rows = len(result.written)
                    outcome.detail = f"{len(result.changed)} changed, {len(result.failed)} failed"
                with connect(settings) as connection:
                    write_pages(connection, source, pages)


def take_in_articles(
    settings: Settings, connection: psycopg.Connection, contracts: dict[str, Contract], files: list[ReceivedFile]
) -> list[Intake | Refusal]:
    """Archive articles and read them: an Intake of claims and one of cases each, or a Refusal that says why not."""
    from zaoxue.news import Article, NoArticle, PlaceIndex, cases_frame, claims_frame, read_article

    organisations = OrganisationFinder.from_registry(connection)
    places = PlaceIndex.load(
        connection.execute(
            "select organisation_code, name, parent_code from ops.organisation"
            " where kind in ('province', 'prefecture', 'district', 'township')"
        ).fetchall()
    )
    taken: list[Intake | Refusal] = []
    for file in files:
        sha256, content = archive_file(file.path, settings.archive)
        try:
            source = organisations.find(file.folders, contracts[FEED])
            article: Article = read_article(content, source=source.name, uri=file.uri, places=places)
        except UnreadableFileError as error:
            taken.append(refusal(file, sha256, FEED, None, error))
            continue
        except NoArticle as nothing:
            zh, _, en = str(nothing).partition(" / ")
            taken.append(refusal(file, sha256, FEED, source, UnreadableFileError(zh, en)))
            continue
        told = join_story(connection, article, file.received_at.date()) != article.article_id
        period = period_of(article.published_on or file.received_at.date(), "month")
        for feed, frame in ((FEED, claims_frame([article])), (CASES, cases_frame([article]))):
            # Told already, by another site: counted once.
            table = _table(contracts[feed], frame.clear() if told else frame)
            taken.append(
                Intake(
                    submission_id(file, sha256, feed),
                    file,
                    sha256,
                    contracts[feed],
                    source,
                    period,
                    ((_SHEET_NAME, table),),
                    is_nil=table.rows.is_empty(),
                    document=article.article_id,
                )
            )
    return taken


def _table(contract: Contract, found: pl.DataFrame) -> SheetTable:
    """Claims or cases as the text table that every feed goes through the gate as."""
    sources = [column.name for column in contract.columns if not column.derived_from]
    rows = found.select(pl.col(sources).cast(pl.String), pl.lit(_SHEET_NAME).alias(SHEET), pl.col(ROW).cast(pl.Int32))
    return SheetTable(rows, rows.height, 0)
